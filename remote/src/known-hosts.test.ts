import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entriesOf, fingerprint, isRevoked, judgeHostKey, knownHostsLine, readKnownHosts, rsaBits, withLine } from "./known-hosts.ts";

/** A key of a type, told apart by a letter; only its first field matters here. */
function key(type: string, letter: string): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(type.length);
	return Buffer.concat([length, Buffer.from(type), Buffer.from(letter.repeat(36))]);
}

const ed = "ssh-ed25519";
const own = key(ed, "A");
const other = key(ed, "B");
const rsa = key("ssh-rsa", "R");
const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join("");
const line = (hosts: string, of: Buffer) => `${hosts} ${of.toString("latin1", 4, 4 + of.readUInt32BE(0))} ${of.toString("base64")}`;

describe("what the lines say of the key that hv1 shows", () => {
	test.each<[what: string, lines: string[], verdict: string, port?: number]>([
		["no line", [], "unknown"],
		["its own", [line("hv1", own)], "known"],
		["in a list, in capitals", [line("10.0.0.1,HV1", own)], "known"],
		["a pattern", [line("hv*", own)], "known"],
		["a pattern that excludes it", [line("hv*,!hv1", own)], "unknown"],
		["another key", [line("hv1", other)], "changed"],
		["another type's only", [line("hv1", rsa)], "changed"],
		["several, its own among them", [line("hv1", rsa), line("hv1", other), line("hv1", own)], "known"],
		["another host's", [line("hv2", own)], "unknown"],
		["on another port", [line("[hv1]:2222", own)], "unknown"],
		["on its port", [line("[hv1]:2222", own)], "known", 2222],
		["without the port", [line("hv1", own)], "unknown", 2222],
		["revoked for all", [line("hv1", own), `@revoked ${line("*", own)}`], "revoked"],
		["another key revoked", [line("hv1", own), `@revoked ${line("*", other)}`], "known"],
		["an authority only", [`@cert-authority ${line("*", other)}`], "unknown"],
		["its key as an authority's is not its key", [`@cert-authority ${line("hv1", own)}`], "unknown"],
		["a mark that nobody knows", [`@trusted ${line("hv1", own)}`], "unknown"],
		["a comment and an empty line", ["# hv1", "", `  ${line("hv1", own)} root@hv1`], "known"],
		["a type that the key is not of", [line("hv1", own).replace(ed, "ssh-rsa")], "unknown"],
		["half a line", ["hv1 ssh-ed25519"], "unknown"],
	])("%s", (_, lines, verdict, port = 22) => {
		expect(judgeHostKey(readKnownHosts(text(...lines), "kh"), "hv1", port, own).kind).toBe(verdict);
	});
});

test("a changed key is told with the lines that disagree", () => {
	const known = readKnownHosts(text("# mine", line("hv1", other)), "/home/me/.ssh/known_hosts");
	expect(judgeHostKey(known, "hv1", 22, own)).toMatchObject({ entries: [{ file: "/home/me/.ssh/known_hosts", line: 2 }] });
});

test.each<[what: string, text: string, revoked: boolean | undefined]>([
	["none", "", false],
	["others", `# old\n${ed} ${other.toString("base64")} root@hv1\n`, false],
	["it, with a comment", `${ed} ${other.toString("base64")}\n${ed} ${own.toString("base64")} root@hv1\n`, true],
	["it, in a comment", `# ${ed} ${own.toString("base64")}\n`, false],
	["it, by its key alone", own.toString("base64"), true],
	["what ssh-keygen -k writes", "SSHKRL\n\0\u{fffd}", undefined],
])("revoked keys: a file with %s", (_, lines, revoked) => expect(isRevoked(lines, own)).toBe(revoked));

describe("a line of our own", () => {
	test.each([
		["hv1", 22, false],
		["hv1", 2222, true],
		["fe80::1", 22, true],
	])("%s on %i, hashed %s", (host, port, hashed) => {
		const known = readKnownHosts(knownHostsLine(host, port, own, hashed), "kh");
		expect(judgeHostKey(known, host, port, own).kind).toBe("known");
		expect(entriesOf(known, `${host}0`, port)).toEqual([]);
	});

	test("stands on a line of its own", () => {
		expect(withLine("a", "b\n")).toBe("a\nb\n");
		expect(withLine("a\n", "b\n")).toBe("a\nb\n");
		expect(withLine("", "b\n")).toBe("b\n");
	});
});

test("no text makes it fail", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (noise) => {
			judgeHostKey(readKnownHosts(`${noise}\n|1|${noise}|x ssh-rsa AAAA\n`, "kh"), noise, 22, own);
		}),
	);
});

describe.skipIf(spawnSync("ssh-keygen", ["-?"]).error !== undefined)("ssh-keygen (needs OpenSSH's client)", () => {
	test("finds what we hash, we find what it hashes, and both name a key alike", () => {
		const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-kh-"));
		try {
			const at = (name: string) => join(folder, name);
			execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at("id")]);
			const [, base64 = ""] = readFileSync(at("id.pub"), "utf8").split(" ");
			const real = Buffer.from(base64, "base64");
			expect(execFileSync("ssh-keygen", ["-lf", at("id.pub")], { encoding: "utf8" })).toContain(` ${fingerprint(real)} `);
			writeFileSync(at("ours"), knownHostsLine("hv1", 2222, real, true));
			expect(execFileSync("ssh-keygen", ["-F", "[hv1]:2222", "-f", at("ours")], { encoding: "utf8" })).toContain("found: line 1");
			writeFileSync(at("theirs"), `hv1 ${ed} ${base64}\n[hv1]:2222 ${ed} ${base64}\n`);
			execFileSync("ssh-keygen", ["-q", "-H", "-f", at("theirs")], { stdio: "ignore" });
			const known = readKnownHosts(readFileSync(at("theirs"), "utf8"), "kh");
			expect(judgeHostKey(known, "hv1", 22, real)).toMatchObject({ kind: "known", entry: { line: 1 } });
			expect(judgeHostKey(known, "hv1", 2222, real)).toMatchObject({ kind: "known", entry: { line: 2 } });
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe("the bits of an RSA key", () => {
	const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
	const rsaKey = (modulus: Buffer) => Buffer.concat([Buffer.from("ssh-rsa"), Buffer.from([1, 0, 1]), modulus].map(field));
	test.each<[bits: number | undefined, key: Buffer]>([
		[1024, rsaKey(Buffer.concat([Buffer.from([0, 0x80]), Buffer.alloc(127)]))],
		[1023, rsaKey(Buffer.concat([Buffer.from([0x40]), Buffer.alloc(127)]))],
		[2048, rsaKey(Buffer.alloc(256, 0xff))],
		[0, rsaKey(Buffer.alloc(0))],
		[0, rsa.subarray(0, 11)],
		[undefined, own],
	])("%s", (bits, of) => expect(rsaBits(of)).toBe(bits));

	test("no bytes make it fail", () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				expect(rsaBits(Buffer.concat([rsa.subarray(0, 11), bytes]))).toBeTypeOf("number");
			}),
		);
	});
});
