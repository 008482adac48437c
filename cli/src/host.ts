/** `openbsd-vnet host`: the program that deploys on a host, and what it keeps there. */

import {
	type InstalledProgram,
	installedProgram,
	installProgram,
	programName,
	programPath,
	programVersion,
	pruneDeployments,
	uninstallProgram,
	withConnection,
} from "@openbsd-vnet/remote";
import type { DeployCall, Done } from "./deploy.ts";
import { exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { listedHost, reached } from "./remote-host.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

export interface HostCall extends DeployCall {
	readonly action: "install" | "version" | "prune" | "uninstall";
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
