/** `openbsd-vnet host`: the program that deploys on a host, and what it keeps there. */

import {
	askLiveState,
	type Connection,
	type InstalledProgram,
	installedProgram,
	installProgram,
	programName,
	programPath,
	programVersion,
	pruneDeployments,
	run,
	uninstallProgram,
	withConnection,
} from "@openbsd-vnet/remote";
import type { DeployCall, Done } from "./deploy.ts";
import { exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { listedHost, reached } from "./remote-host.ts";
import { plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

export interface HostCall extends DeployCall {
	readonly action: "check" | "install" | "version" | "prune" | "uninstall";
	/** How many deployments prune leaves. */
	readonly keep: number;
}

/** Status 1 where the version is asked for and is not ours. */
export async function runHost({ host, json, action, keep }: HostCall): Promise<Done> {
	return await reached(async () => {
		const { reach } = await listedHost(host);
		return await withConnection(reach, async (connection): Promise<Done> => {
			const done = (text: string, data: Outputs["host"]): Done => ({
				output: json ? jsonOf("host", data) : `${plain(host)}: ${text}\n`,
				status: exitStatus.done,
			});
			switch (action) {
				case "check":
					return await check(host, json, connection);
				case "version": {
					const program = await installedProgram(connection);
					return {
						output: json ? jsonOf("host", { host, action, ours: programVersion, ...program }) : programText(host, program),
						status: program.kind === "current" ? exitStatus.done : exitStatus.found,
					};
				}
				case "install":
					await installProgram(connection);
					return done(tell("{0} is version {1}", programPath, programVersion), { host, action, version: programVersion });
				case "prune":
					await pruneDeployments(connection, keep);
					return done(tell("of this user's deployments the last {0} are kept; of all, where it is root", keep), { host, action, keep });
				case "uninstall":
					await uninstallProgram(connection);
					return done(tell("the program and all that it kept are gone"), { host, action });
			}
		});
	});
}

/** What answers, and over what. */
async function check(host: string, json: boolean, connection: Connection): Promise<Done> {
	const { target, transport } = connection;
	const { system } = await askLiveState((command, options) => run(connection, command, options));
	const release = system?.release ?? null;
	const why = transport.kind === "system" ? translated(transport.why) : undefined;
	const data = {
		host,
		action: "check",
		user: target.user,
		release,
		client: transport.kind,
		...(why === undefined ? {} : { why }),
	} as const;
	const name = plain(host);
	const lines = [
		release === null
			? tell("{0}: answers as {1}, and does not say which release of OpenBSD it runs", name, plain(target.user))
			: tell("{0}: OpenBSD {1}, as {2}", name, plain(release), plain(target.user)),
		why === undefined ? tell("over the built-in client") : tell("over the system's ssh, for {0}", plain(why)),
		...(transport.kind === "system" && !transport.shared ? [tell("with a connection for each command")] : []),
	];
	return { output: json ? jsonOf("host", data) : `${lines.join("\n\t")}\n`, status: exitStatus.done };
}

/** Which program a host has, in words. */
export function programText(host: string, { kind, version }: InstalledProgram): string {
	const name = plain(host);
	switch (kind) {
		case "none":
			return `${tell("{0}: {1} is not installed there; a user who is root needs none", name, programName)}\n`;
		case "current":
			return `${tell("{0}: {1} {2}, as here", name, programName, version)}\n`;
		case "older":
			return `${tell("{0}: {1} {2} is there, and {3} here: 'openbsd-vnet host install {0}' brings it up", name, programName, plain(version), programVersion)}\n`;
		case "newer":
			return `${tell("{0}: {1} {2} is there, newer than {3} here: bring openbsd-vnet up to it", name, programName, plain(version), programVersion)}\n`;
	}
}
