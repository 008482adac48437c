/** A scratch machine with OpenBSD, reached by the system's own ssh as root. It is named by the environment. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { newestRelease, RELEASES } from "../../server/src/releases/releases.ts";
import type { HostFacts, HostInterface, InterfaceAddress } from "../../server/src/text/language.ts";
import type { Release } from "../../server/src/text/vocabulary.ts";

const { OPENBSD_HOST: name, OPENBSD_SSH_CONFIG: config, OPENBSD_INTERFACES: spare = "" } = process.env;

/** Two interfaces that nobody needs. */
export const [first = "", second = ""] = spare.split(",");

/** Whether there is a machine. */
export const isThere = name !== undefined && second !== "";

/** What a program of the machine printed, and how it ended. */
export interface Said {
	readonly stdout: string;
	readonly stderr: string;
	readonly status: number;
}

/** Has sh(1) read a script from standard input, whatever the login shell is. */
const bySh = `exec /bin/sh -c 'eval "$(cat)" </dev/null'`;

/** Runs a script there, or a command that reads what is given. */
export function onHost(script: string, input?: Buffer): Said {
	const options = [...(config === undefined ? [] : ["-F", config]), "-o", "BatchMode=yes"];
	const command = input === undefined ? bySh : script;
	const { stdout, stderr, status } = spawnSync("ssh", [...options, name ?? "", command], { input: input ?? script, maxBuffer: 1 << 28 });
	return { stdout: stdout.toString(), stderr: stderr.toString(), status: status ?? -1 };
}

function must(command: string, input?: Buffer): string {
	const { stdout, stderr, status } = onHost(command, input);
	if (status !== 0) throw new Error(`${command}: status ${status}: ${stderr}`);
	return stdout;
}

/** Its release. */
export function release(): Release {
	known ??= RELEASES.map((each) => each.name).find((each) => each === (process.env.OPENBSD_RELEASE ?? must("uname -r").trim()));
	return known ?? newestRelease;
}
let known: Release | undefined;

/** A folder of the machine; it goes with `undo`. */
export const folder = "/tmp/openbsd-vnet-cases";

/** Puts files into the folder. @param files by their paths below it */
export function put(files: ReadonlyMap<string, string>): void {
	const here = mkdtempSync(join(tmpdir(), "openbsd-vnet-cases-"));
	try {
		for (const [path, text] of files) {
			mkdirSync(dirname(join(here, path)), { recursive: true });
			writeFileSync(join(here, path), text);
		}
		const { stdout } = spawnSync("tar", ["cf", "-", "-C", here, "."], { maxBuffer: 1 << 28 });
		must(`mkdir -p ${folder} && cd ${folder} && tar xf - && chown -R 0:0 .`, stdout);
	} finally {
		rmSync(here, { recursive: true, force: true });
	}
}

const touched = new Set<string>();

/** Makes empty files where there are none; they go with `undo`. */
export function touch(paths: readonly string[]): void {
	const plain = [...new Set(paths)].filter((path) => /^[\w./-]+$/.test(path));
	const missing = must(`for each in ${plain.join(" ")}; do [ -e "$each" ] || echo "$each"; done`)
		.split("\n")
		.filter((path) => path !== "");
	for (const path of missing) touched.add(path);
	if (missing.length > 0) must(`for each in ${missing.join(" ")}; do mkdir -p "$(dirname $each)"; : >$each; done`);
}

/** Runs a command in each of so many folders `0`, `1`, ...: `$n` is its number. */
export function inEach(count: number, command: string): readonly Said[] {
	const mark = "openbsd-vnet-case";
	const script = `cd ${folder}; n=0; while [ $n -lt ${count} ]; do ( cd $n && { ${command}; } ) >out 2>err; status=$?; cat out; echo; echo "${mark} err"; cat err; echo; echo "${mark} $status"; n=$((n + 1)); done`;
	const parts = must(script).split(new RegExp(`\\n${mark} (\\d+)\\n`));
	return Array.from({ length: count }, (_, i) => {
		const [stdout = "", stderr = ""] = (parts[i * 2] ?? "").split(`\n${mark} err\n`);
		return { stdout, stderr, status: Number(parts[i * 2 + 1] ?? -1) };
	});
}

/** What a machine answers whose names nobody is asked for, and whose spare interfaces have addresses. */
export function prepare(): HostFacts {
	must("[ -f /etc/resolv.conf.cases ] || cp /etc/resolv.conf /etc/resolv.conf.cases 2>/dev/null || : >/etc/resolv.conf.cases");
	must("printf 'lookup file\\n' >/etc/resolv.conf");
	must(`ifconfig ${first} inet 198.51.100.2/24; ifconfig ${first} inet alias 198.51.100.3/32; ifconfig ${first} inet6 2001:db8::2/64`);
	must(`ifconfig ${second} inet 10.99.0.1/24; ifconfig ${first} up; ifconfig ${second} up; ifconfig tun0 create 2>/dev/null; sleep 3`);
	must("ifconfig tun0 inet 10.98.0.1 10.98.0.2");
	const file = (path: string) => must(`cat ${path}`);
	return {
		interfaces: interfacesIn(must("ifconfig -A")),
		services: file("/etc/services"),
		protocols: file("/etc/protocols"),
		fingerprints: file("/etc/pf.os"),
		users: numbersIn(file("/etc/passwd")),
		groups: numbersIn(file("/etc/group")),
	};
}

/** Takes away what `prepare` and the cases have left. */
export function undo(): void {
	onHost(`rm -rf ${folder}; rm -f ${[...touched].join(" ")}; mv -f /etc/resolv.conf.cases /etc/resolv.conf; ifconfig tun0 destroy`);
	for (const each of [first, second]) onHost(`ifconfig ${each} -inet; ifconfig ${each} -inet6; ifconfig ${each} down`);
}

function numbersIn(text: string): Readonly<Record<string, number>> {
	return Object.fromEntries(text.split("\n").flatMap((line) => (line === "" ? [] : [[line.split(":")[0], Number(line.split(":")[2])]])));
}

function interfacesIn(text: string): readonly HostInterface[] {
	return text.split(/\n(?=\S)/).map((part) => {
		const [, interfaceName = "", flags = ""] = /^(\w+): flags=([0-9a-f]+)/.exec(part) ?? [];
		return {
			name: interfaceName,
			flags: Number.parseInt(flags, 16),
			index: Number(/\tindex (\d+)/.exec(part)?.[1]),
			groups: /\tgroups: (.*)/.exec(part)?.[1]?.trim().split(" ") ?? [],
			addresses: [...part.matchAll(/\t(inet6?) (.*)/g)].map(([, family, words = ""]) => addressIn(family === "inet6", words)),
		};
	});
}

function addressIn(isV6: boolean, words: string): InterfaceAddress {
	const after = (word: string) => new RegExp(`${word} (\\S+)`).exec(words)?.[1];
	const [address = ""] = words.split(/[ %]/, 1);
	if (isV6)
		return { family: "inet6", address, prefixLength: Number(after("prefixlen")), scopeId: Number.parseInt(after("scopeid") ?? "0", 16) };
	const mask = Number.parseInt(after("netmask") ?? "0xffffffff", 16);
	const netmask = [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join(".");
	return { family: "inet", address, netmask, broadcast: after("broadcast") ?? null, peer: after("-->") ?? null };
}
