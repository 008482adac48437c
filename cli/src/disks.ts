/** `openbsd-vnet disks`: the disks of a host's guests that are not there yet. */

import { diskLine, disksOf, isDiskSize, type MadeDisk, makeDisks, missingDisks, run, withConnection } from "@openbsd-vnet/remote";
import { UsageError } from "./arguments.ts";
import type { DeployCall, Done } from "./deploy.ts";
import { exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { listedHost, reached } from "./remote-host.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

export interface DisksCall extends DeployCall {
	/** The size of those that are made; without, none is. */
	readonly create: string | undefined;
}

/**
 * Lists the disks that are missing, or makes them. Status 1 where some are missing afterwards.
 * @param option the one that gives the size, for what is said of it
 */
export async function runDisks({ host, json, create }: DisksCall, option = "--create"): Promise<Done> {
	if (create !== undefined && !isDiskSize(create)) throw new UsageError(tell("{0} takes a size such as 20G, not '{1}'", option, create));
	return await reached(async () => {
		const { reach, files } = await listedHost(host);
		const wanted = (await files()).flatMap(({ path, text }) => (text === undefined ? [] : [[path, { text }] as const]));
		const disks = disksOf(new Map(wanted));
		return await withConnection(reach, async (connection) => {
			const ask: Parameters<typeof missingDisks>[0] = (command, options) => run(connection, command, options);
			if (create !== undefined) return told(host, json, await makeDisks(ask, disks, create));
			const missing = await missingDisks(ask, disks);
			const commands = missing.map((disk) => ({ path: disk.path, command: diskLine(disk).text }));
			const text = commands.map(({ path, command }) => `${tell("{0} is not there: {1}", plain(path), plain(command))}\n`).join("");
			return {
				output: json ? jsonOf("disks", { host, missing: commands }) : text,
				status: missing.length === 0 ? exitStatus.done : exitStatus.found,
			};
		});
	});
}

function told(host: string, json: boolean, made: readonly MadeDisk[]): Done {
	const words = { made: tell("made"), there: tell("there already"), failed: tell("not made") };
	const lines = made.map(({ path, result, message }) => `${plain(path)}: ${words[result]}${message === "" ? "" : `: ${plain(message)}`}\n`);
	return {
		output: json ? jsonOf("disks", { host, disks: made }) : lines.join(""),
		status: made.some(({ result }) => result === "failed") ? exitStatus.found : exitStatus.done,
	};
}

/** Makes the disks that a deployment needs. @throws PathError where the host refuses one */
export async function makeMissingDisks(host: string, size: string, option: string): Promise<void> {
	const { output, status } = await runDisks({ host, json: false, create: size }, option);
	if (status !== exitStatus.done) throw new PathError(output.trimEnd());
}
