/**
 * The program that all stand-ins are: `main.cjs ROOT PROGRAM [ARGUMENT ...]`. The small shell scripts that install.ts writes
 * into the host's bin/ start it.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ifconfig, netstart, sysctl } from "./network.ts";
import { pfctl } from "./pf.ts";
import { fail, type Machine, ok, type Program, type Result } from "./program.ts";
import { dhcpd, id, rcctl, sha256, uname } from "./services.ts";
import type { SimulatedState } from "./state.ts";
import { readState, writeState } from "./store.ts";
import { vmctl, vmd } from "./vmd.ts";

const programs: Readonly<Record<string, Program>> = { dhcpd, id, ifconfig, netstart, pfctl, rcctl, sha256, sysctl, uname, vmctl, vmd };

function run(root: string, name: string, args: readonly string[]): Result {
	const state = readState(root);
	const fault = state.faults[name];
	if (fault !== undefined) {
		if (fault.seconds !== undefined) wait(fault.seconds);
		return { status: fault.status, stderr: fault.stderr ?? "" };
	}
	if (name === "vmctl" && state.vmd === "hangs") wait(3600);
	const uid = process.env.OPENBSD_HOST_UID === "0" ? 0 : state.user.uid;
	if (name === "doas") return doas(state, uid, args);
	const program = programs[name];
	if (program === undefined) return fail(`${name}: no such program on this simulated host`, 127);
	// Inside of the host's own mounts (install.ts, enter), /etc is its /etc; outside, it is below the root.
	const at = (path: string): string => (process.env.OPENBSD_HOST_ISOLATED === "1" || path.startsWith("/dev/") ? path : join(root, path));
	const machine: Machine = {
		state,
		uid,
		hostnameFiles: process.env.HOSTNAME_FILES ?? "/etc/hostname.",
		readFile: (path) => attempt(() => readFileSync(at(path), "utf8")),
		list: (path) => attempt(() => readdirSync(at(path))) ?? [],
	};
	const before = JSON.stringify(state);
	const result = program(machine, args);
	if (JSON.stringify(state) !== before) writeState(root, state);
	return result;
}

/** doas(1): a command that its configuration permits runs as root. `-n` refuses to ask for a password, as we always do. */
function doas({ doas: permitted, user }: SimulatedState, uid: number, args: readonly string[]): Result {
	const words = [...args];
	while (words[0]?.startsWith("-") === true) if (/^-[uC]$/.test(words.shift() ?? "")) words.shift();
	const [command, ...rest] = words;
	if (command === undefined) return fail("usage: doas [-Lns] [-a style] [-C config] [-u user] command [arg ...]");
	const allowed = uid === 0 || permitted.includes("*") || permitted.includes(command.replace(/^.*\//, ""));
	if (!allowed) return fail("doas: Operation not permitted");
	const { status } = spawnSync(command, rest, { stdio: "inherit", env: { ...process.env, OPENBSD_HOST_UID: "0", DOAS_USER: user.name } });
	return status === null ? fail(`doas: ${command}: command not found`) : { status };
}

function wait(seconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

const [root = "", name = "", ...args] = process.argv.slice(2);
const { status, stdout = "", stderr = "" } = root === "" ? ok() : run(root, name, args);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
