/** Where a simulated host lies on this machine's disk: its state, its files, and what it has been asked. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ifconfigList, systemLine, vmctlStatus } from "./print.ts";
import type { SimulatedState } from "./state.ts";

/** The folder of a host's state, below its root. */
export const stateFolder = "simulated";

/** The file that programs are noted in, a line for each with its arguments. */
export const callsFile = (root: string): string => join(root, stateFolder, "calls");

export function readState(root: string): SimulatedState {
	return JSON.parse(readFileSync(join(root, stateFolder, "state.json"), "utf8"));
}

/**
 * Saves a state, and the answers that are asked for most, so that a shell can give them without starting Node: as a host
 * of 500 guests does.
 */
export function writeState(root: string, state: SimulatedState): void {
	const folder = join(root, stateFolder);
	mkdirSync(folder, { recursive: true });
	const put = (name: string, text: string | undefined): void => {
		const path = join(folder, name);
		if (text === undefined) {
			rmSync(path, { force: true });
			return;
		}
		// Renamed into place: a program that reads meanwhile sees the old state or the new one.
		writeFileSync(`${path}.${process.pid}`, text);
		renameSync(`${path}.${process.pid}`, path);
	};
	put("state.json", JSON.stringify(state, undefined, "\t"));
	const status = vmctlStatus(state);
	const quick = (program: string, applies: boolean, text: string): void =>
		put(`quick.${program}`, applies && state.faults[program] === undefined ? text : undefined);
	quick("vmctl", state.vmd === "running" && status.status === 0, status.text);
	quick("uname", true, systemLine(state));
	quick("ifconfig", true, ifconfigList(state, { all: true }) ?? "");
}
