/**
 * The keys of hosts that the user knows: the known_hosts files of OpenSSH (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), with hashed
 * names, ports, patterns and the marks `@revoked` and `@cert-authority`.
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { matchesPatterns } from "./host-patterns.ts";
import type { LocalSide, SshTarget } from "./ssh-config.ts";

/** A line of a known_hosts file. */
export interface HostKeyEntry {
	readonly file: string;
	/** Counted from 1. */
	readonly line: number;
	readonly mark?: "revoked" | "cert-authority";
	/** As written: patterns with commas between, or one hash. */
	readonly hosts: string;
	/** `ssh-ed25519`. */
	readonly type: string;
	/** As the protocol has it. */
	readonly key: Buffer;
}

/** What the files say of a host's key. */
export type HostKeyVerdict =
	| { readonly kind: "known"; readonly entry: HostKeyEntry }
	/** No line names the host; `authority` where one names a certificate authority for it, whose certificates we cannot read. */
	| { readonly kind: "unknown"; readonly authority?: HostKeyEntry }
	/** The host is known, with these other keys. */
	| { readonly kind: "changed"; readonly entries: readonly HostKeyEntry[] }
	| { readonly kind: "revoked"; readonly entry: HostKeyEntry };

/** Reads a file. Lines that ssh(1) would not understand are left out, as it does. */
export function readKnownHosts(text: string, file: string): readonly HostKeyEntry[] {
	return text.split("\n").flatMap((raw, index): readonly HostKeyEntry[] => {
		const words = raw.trim().split(/[ \t]+/);
		if (words[0] === "" || words[0]?.startsWith("#") === true) return [];
		const mark = words[0]?.startsWith("@") === true ? words.shift()?.slice(1) : undefined;
		if (mark !== undefined && mark !== "revoked" && mark !== "cert-authority") return [];
		const [hosts, type, base64] = words;
		if (hosts === undefined || type === undefined || base64 === undefined) return [];
		const key = Buffer.from(base64, "base64");
		if (keyType(key) !== type) return [];
		return [{ file, line: index + 1, hosts, type, key, ...(mark === undefined ? {} : { mark }) }];
	});
}

/** The name that a host has in the files: with its port where that is not 22. */
function knownName(host: string, port: number): string {
	return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** What a host is known by, and at which port: ssh(1) looks an alias up without the port. */
export function knownAs({ host, port, hostKeyAlias }: SshTarget): [name: string, port: number] {
	return hostKeyAlias === undefined ? [host, port] : [hostKeyAlias, 22];
}

/** The keys of all hosts that are known on this machine, to a connection. */
export function knownHostKeys({ knownHostsFiles }: SshTarget, local: LocalSide): readonly HostKeyEntry[] {
	return knownHostsFiles.flatMap((file) => readKnownHosts(local.read(file) ?? "", file));
}

/** The lines that name a host. */
export function entriesOf(known: readonly HostKeyEntry[], host: string, port: number): readonly HostKeyEntry[] {
	const name = knownName(host, port);
	return known.filter(({ hosts }) => (hosts.startsWith("|") ? isHashOf(hosts, name) : matchesPatterns(hosts.split(","), name)));
}

/**
 * What is to be thought of the key that a host shows. A key of a type that no line has, of a host which lines do name, counts as
 * changed: who stands between us and the host could offer just that.
 */
export function judgeHostKey(known: readonly HostKeyEntry[], host: string, port: number, key: Buffer): HostKeyVerdict {
	const entries = entriesOf(known, host, port);
	const same = entries.filter((entry) => entry.key.equals(key));
	const revoked = same.find(({ mark }) => mark === "revoked");
	if (revoked !== undefined) return { kind: "revoked", entry: revoked };
	const plain = entries.filter(({ mark }) => mark === undefined);
	const entry = plain.find((each) => each.key.equals(key));
	if (entry !== undefined) return { kind: "known", entry };
	if (plain.length > 0) return { kind: "changed", entries: plain };
	const authority = entries.find(({ mark }) => mark === "cert-authority");
	return authority === undefined ? { kind: "unknown" } : { kind: "unknown", authority };
}

/** Whether a file of revoked keys, one on a line, names a key; undefined where it is no such text: ssh-keygen(1) writes them in another form, too. */
export function isRevoked(text: string, key: Buffer): boolean | undefined {
	if (text.startsWith("SSHKRL\n")) return undefined;
	const words = text.split("\n").flatMap((line) => (line.trim().startsWith("#") ? [] : line.trim().split(/[ \t]+/)));
	return words.some((word) => Buffer.from(word, "base64").equals(key));
}

/** The type that a key says itself to be, `ssh-ed25519`; empty where it is no key. */
export function keyType(key: Buffer): string {
	if (key.length < 4) return "";
	const length = key.readUInt32BE(0);
	return length > 64 || length + 4 > key.length ? "" : key.toString("latin1", 4, 4 + length);
}

/** How many bits an RSA key has; undefined of one of another type. */
export function rsaBits(key: Buffer): number | undefined {
	if (keyType(key) !== "ssh-rsa") return undefined;
	let at = 0;
	const field = () => {
		const length = at + 4 <= key.length ? key.readUInt32BE(at) : 0;
		at += 4 + length;
		return key.subarray(at - length, at);
	};
	field();
	field();
	const modulus = field();
	const first = modulus.findIndex((byte) => byte !== 0);
	return first === -1 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
}

/** A key's fingerprint as ssh(1) shows it: `SHA256:...`. */
export function fingerprint(key: Buffer): string {
	return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/**
 * The line that makes a host known.
 * @param hashed whether its name is to be unreadable in the file (ssh_config(5), HashKnownHosts)
 */
export function knownHostsLine(host: string, port: number, key: Buffer, hashed: boolean): string {
	const name = knownName(host, port);
	return `${hashed ? hashedName(name, randomBytes(20)) : name} ${keyType(key)} ${key.toString("base64")}\n`;
}

/** A file's text with a line more, on a line of its own. */
export function withLine(text: string, line: string): string {
	return text === "" || text.endsWith("\n") ? text + line : `${text}\n${line}`;
}

function hashedName(name: string, salt: Buffer): string {
	return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

function isHashOf(hosts: string, name: string): boolean {
	const [, version, salt] = hosts.split("|");
	return version === "1" && salt !== undefined && hashedName(name, Buffer.from(salt, "base64")) === hosts;
}
