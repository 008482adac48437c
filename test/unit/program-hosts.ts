/** A simulated host with the host program, asked by itself. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NamedText } from "../../remote/src/deploy/input.ts";
import { hostProgram, programInterface, programName } from "../../remote/src/deploy/program/program.ts";
import { builtOnce } from "../built.ts";
import { type Answering, startAnswering } from "../openbsd-host/answering.ts";
import { buildMain, installHost, type SimulatedHost } from "../openbsd-host/install.ts";
import { endProcessesOf, killOnHost } from "../openbsd-host/processes.ts";
import { freshState } from "../openbsd-host/state.ts";

export const id = "20260101T000000-0123abcd";
export const digest = (text: string) => createHash("sha256").update(text).digest("hex");

export const oldFiles: Readonly<Record<string, string>> = {
	"/etc/pf.conf": 'block all\nanchor "vm/*"\nload anchor "vm/old" from "/etc/pf.vm/old.conf"\n',
	"/etc/pf.vm/old.conf": "pass out on em1\n",
	"/etc/hostname.em1": "up\n",
	"/etc/hostname.veb9": "up\n",
	"/etc/hostname.vether8": "inet 10.8.0.1/24\ngroup lan\n",
	"/etc/sysctl.conf": "net.inet.ip.forwarding=0\n",
	"/etc/vm.conf": 'vm "web01" {\n\tdisable\n\tmemory 512M\n\tdisk "/var/web01.img"\n}\n',
};
export const newFiles: Readonly<Record<string, string>> = {
	"/etc/pf.conf": 'block log all\nanchor "vm/*"\nload anchor "vm/new" from "/etc/pf.d/guests/new.conf"\n',
	"/etc/pf.d/guests/new.conf": "pass out on em0\n",
	"/etc/pf.vm/old.conf": "pass out on em1\n",
	"/etc/hostname.em1": "up\n",
	"/etc/hostname.veb0": "add em1\nup\n",
	"/etc/hostname.vether8": "inet 10.8.0.1/24\ninet alias 10.8.0.9/32\n",
	"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
	"/etc/vm.conf": 'vm "web01" {\n\tdisable\n\tmemory 1G\n\tdisk "/var/web01.img"\n}\n',
};
export const everyPath = [...new Set([...Object.keys(oldFiles), ...Object.keys(newFiles)])];
export const backups = "var/backups/openbsd-vnet";

/** A plan as the host program takes it: its lines, and the texts of its files. */
export interface HostPlan {
	readonly lines: readonly string[];
	readonly texts: readonly NamedText[];
}

export function planOf(
	changes: readonly { readonly path: string; readonly before?: string; readonly after?: string }[],
	more: readonly string[],
): HostPlan {
	const lines = changes.map(({ path, before, after }, i) =>
		[
			"change",
			i,
			before === undefined ? "absent -" : `file ${digest(before)}`,
			after === undefined ? "remove 644 -" : `put 644 ${digest(after)}`,
			path,
		].join(" "),
	);
	const texts = changes.flatMap(({ after }, i): readonly NamedText[] => (after === undefined ? [] : [{ name: `new/${i}`, text: after }]));
	return { lines: [...lines, ...more], texts };
}

export interface Asking {
	readonly user?: string;
	readonly input?: string;
}

export interface ProgramHosts {
	/** @param release that its programs answer as */
	make(files?: Readonly<Record<string, string>>, release?: string): Promise<SimulatedHost>;
	/** Runs a program of this machine to its end. @returns its status */
	start(command: string, ...args: readonly string[]): Promise<number | null>;
	/** Ends all, with what runs on the hosts, and removes them. */
	end(): Promise<void>;
}

/** @param lookEvery how often a watchdog looks whether it has something to do, in seconds */
export async function openProgramHosts(lookEvery = 0.1): Promise<ProgramHosts> {
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-program-"));
	const main = await builtOnce("main.cjs", buildMain);
	const answering: Answering = await startAnswering(main, join(folder, "answers"));
	const made: SimulatedHost[] = [];
	let count = 0;
	return {
		make: async (files = oldFiles, release = "7.6") => {
			const state = { ...freshState(), release };
			const host = await installHost({ root: join(folder, `hv${count++}`), state, files, main, answering });
			made.push(host);
			writeFileSync(
				join(host.bin, programName),
				hostProgram.replace(/^look_every=1$/m, `look_every=${lookEvery}`).replace(/^try_every=5$/m, "try_every=0.2"),
				{ mode: 0o755 },
			);
			for (const path of Object.keys(files)) chmodSync(join(host.root, path), path.includes("/hostname.") ? 0o640 : 0o644);
			host.write("/var/web01.img", "");
			await host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart; pfctl -f /etc/pf.conf; vmctl reload; sysctl net.inet.ip.forwarding=0");
			return host;
		},
		start: async (command, ...args) => (await answering.starter.run(command, args)).status,
		end: async () => {
			await endProcessesOf(made.map(({ root }) => root));
			await answering.end();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Ends the watchdogs of a host, as a loss of power does. */
export function endWatchdogs({ root }: SimulatedHost): void {
	const at = join(root, backups);
	for (const name of existsSync(at) ? readdirSync(at) : []) {
		const pid = join(at, name, "pid");
		const number = Number(name !== "lock" && existsSync(pid) ? readFileSync(pid, "utf8").trim() : "");
		// With what it runs, where it leads a session.
		if (number > 0) killOnHost(root, number);
	}
}

/** Asks it as doas would for a user, or as root. */
export function ask(host: SimulatedHost, words: string, { user, input = "" }: Asking = {}): ReturnType<SimulatedHost["run"]> {
	writeFileSync(join(host.root, "root/input"), input);
	const as = user === undefined ? "" : `DOAS_USER=${user} `;
	return host.run(`OPENBSD_HOST_UID=0 ${as}${programName} ${programInterface} ${words} </root/input`);
}
