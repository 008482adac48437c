/** What a stand-in answers to a call: from the host's state and files, whoever runs it. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ifconfig } from "./ifconfig.ts";
import { netstart, sysctl } from "./network.ts";
import { pfctl } from "./pf.ts";
import { fail, type Machine, type Program, type Result } from "./program.ts";
import { netstat, ps } from "./rates.ts";
import { route } from "./routes.ts";
import { dhcpd, id, rcctl, sha256, uname } from "./services.ts";
import type { SimulatedState } from "./state.ts";
import { readState, writeState } from "./store.ts";
import { vmctl, vmd } from "./vmd.ts";

const programs: Readonly<Record<string, Program>> = {
	dhcpd,
	id,
	ifconfig,
	netstart,
	netstat,
	pfctl,
	ps,
	rcctl,
	route,
	sha256,
	sysctl,
	uname,
	vmctl,
	vmd,
};

/** One call of a program of a host. */
export interface Call {
	/** The host's folder. */
	readonly root: string;
	readonly name: string;
	readonly args: readonly string[];
	/** The folder in which it is called. */
	readonly cwd: string;
	/** Whether it is called as root, as doas does. */
	readonly asRoot: boolean;
	/** What the paths of hostname files begin with, if not /etc/hostname. */
	readonly hostnameFiles?: string | undefined;
	/** Whether it is called within the host's own mounts, in which /etc is its /etc. */
	readonly isolated: boolean;
	/** The process that calls; undefined where it is this one. */
	readonly caller?: string;
}

export interface Answer extends Result {
	/** How long it takes, in seconds. */
	readonly after?: number;
}

/** How a call ends: with an answer, as its last words run by root, or only in a process of its own. */
export type Outcome =
	| { readonly answer: Answer }
	| { readonly runAsRoot: readonly string[]; readonly user: string; readonly skipped: number }
	| "own process";

export function answerTo(call: Call): Outcome {
	const { root, name, args, asRoot, hostnameFiles = "/etc/hostname." } = call;
	const state = readState(root);
	const fault = state.faults[name];
	if (fault !== undefined) return { answer: { status: fault.status, stderr: fault.stderr ?? "", after: fault.seconds ?? 0 } };
	if (name === "vmctl" && state.vmd === "hangs") return { answer: { status: 1, after: 3600 } };
	const uid = asRoot ? 0 : state.user.uid;
	if (name === "doas") return doas(state, uid, args);
	const program = programs[name];
	if (program === undefined) return { answer: fail(`${name}: no such program on this simulated host`, 127) };
	let unreachable = false;
	const at = <T>(path: string, read: (place: string) => T): T | undefined => {
		const place = placeOf(path, call);
		unreachable ||= place === undefined;
		return place === undefined ? undefined : attempt(() => read(place));
	};
	const machine: Machine = {
		state,
		uid,
		hostnameFiles,
		readFile: (path) => at(path, (place) => readFileSync(place, "utf8")),
		list: (path) => at(path, (place) => readdirSync(place)) ?? [],
	};
	const before = JSON.stringify(state);
	const answer = program(machine, args);
	if (unreachable) return "own process";
	if (JSON.stringify(state) !== before) writeState(root, state);
	return { answer };
}

/** Where a file of the caller is for us; undefined for its standard input, and for a file behind a symbolic link. */
function placeOf(path: string, { root, cwd, isolated, caller }: Call): string | undefined {
	const full = resolve(cwd, path);
	if (full.startsWith("/dev/") || (isolated && caller === undefined)) return caller === undefined ? full : undefined;
	if (caller === undefined || !isolated) return join(root, full);
	let place = `/proc/${caller}/root`;
	for (const name of full.split("/").filter((part) => part !== "")) {
		place = `${place}/${name}`;
		// A link to an absolute path would lead out of the caller's mounts.
		if (attempt(() => lstatSync(place).isSymbolicLink()) === true) return undefined;
	}
	return place;
}

/** doas(1): a command that its configuration permits runs as root, by the word that was typed. `-n` refuses to ask for a password, as we always do. */
function doas({ doas: permitted, user }: SimulatedState, uid: number, args: readonly string[]): Outcome {
	const words = [...args];
	while (words[0]?.startsWith("-") === true) if (/^-[uC]$/.test(words.shift() ?? "")) words.shift();
	const [command] = words;
	if (command === undefined) return { answer: fail("usage: doas [-Lns] [-a style] [-C config] [-u user] command [arg ...]") };
	const allowed = uid === 0 || permitted.includes("*") || permitted.includes(command);
	return allowed
		? { runAsRoot: words, user: user.name, skipped: args.length - words.length }
		: { answer: fail("doas: Operation not permitted") };
}

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
