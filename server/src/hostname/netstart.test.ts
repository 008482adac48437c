import { expect, test } from "vitest";
import { dryRun, type LineFate, readAsNetstart } from "./netstart.ts";

test.each([
	["inet 10.0.0.1 255.255.255.0 10.0.0.255", ["ifconfig em0 inet 10.0.0.1 netmask 255.255.255.0 broadcast 10.0.0.255"]],
	["inet alias 10.0.0.1 0xffffffff NONE", ["ifconfig em0 inet alias 10.0.0.1 netmask 0xffffffff "]],
	["inet 10.0.0.1 netmask 255.255.255.0", ["ifconfig em0 inet 10.0.0.1 netmask netmask broadcast 255.255.255.0"]],
	["inet6 alias fd00::1 64 anycast", ["ifconfig em0 inet6 alias fd00::1 prefixlen 64 anycast"]],
	["inet6 autoconf temporary", ["ifconfig em0 inet6 autoconf temporary"]],
	["inet", []],
	["dhcp NONE NONE", ["ifconfig em0 inet autoconf"]],
	["up\ndest 10.0.0.2", ["ifconfig em0 up  10.0.0.2"]],
	["dest 10.0.0.2", []],
	["inet alias\ndest 10.0.0.2", ["ifconfig em0 inet alias  10.0.0.2"]],
	[
		"inet alias 10.0.0.1 0xff000000 NONE up\ndest 10.0.0.2\ndest 10.0.0.3",
		["ifconfig em0 inet alias 10.0.0.1 10.0.0.3 10.0.0.2 netmask 0xff000000 up"],
	],
	["!true\ndest 10.0.0.2", ["true  10.0.0.2"]],
	["!\ndest 10.0.0.2", [" 10.0.0.2"]],
	["!echo $if \\$if $iface", ["echo em0 em0 em0ace"]],
	["!echo a\\\\nb", ["echo a\nb"]],
	["!echo a\\\\tb\\\\0101\\\\cd", ["echo a\tbA"]],
	["mtu 1500\\\n up", ["ifconfig em0 mtu 1500 up"]],
	["# a \\\nup\nup", ["ifconfig em0 up"]],
	['description  "a   b"', ['ifconfig em0 description "a b"']],
	["\t up \t", ["ifconfig em0 up"]],
])("netstart makes of %j", (text, commands) => {
	expect(dryRun("em0", `${text}\n`)).toEqual(commands);
});

test("a last line without newline is dropped", () => {
	expect(dryRun("em0", "up\ndown")).toEqual(["ifconfig em0 up"]);
});

test.each(["", "em", "0", "em0.orig", "em0~", "em-0", "00:11:22:33:44"])("hostname.%s is not read", (name) => {
	expect(dryRun(name, "up\n")).toEqual([]);
});

/** For each fate a line that has it, between `up` and `down`, and the commands that netstart makes of all three. */
const fates: Readonly<Record<LineFate["kind"], readonly [line: string, ...commands: string[]]>> = {
	command: ["mtu 1400", "ifconfig em0 up", "ifconfig em0 mtu 1400", "ifconfig em0 down"],
	destination: ["dest 10.0.0.2", "ifconfig em0 up  10.0.0.2", "ifconfig em0 down"],
	ignored: ["inet", "ifconfig em0 up", "ifconfig em0 down"],
	blank: ["\t# mtu 1400", "ifconfig em0 up", "ifconfig em0 down"],
	dropped: ["mtu 1400", "ifconfig em0 up"],
};

test.each(Object.entries(fates))("a line that is %s", (kind, [line, ...commands]) => {
	const text = kind === "dropped" ? `up\n${line}` : `up\n${line}\ndown\n`;
	expect(readAsNetstart("em0", text).lines[1]?.fate.kind).toBe(kind);
	expect(dryRun("em0", text)).toEqual(commands);
});

test("each character of a command knows its place", () => {
	const text = "inet 10.0.0.1 255.0.0.0\ndest 10.0.0.2\n!echo $if \\x\n";
	for (const command of readAsNetstart("em0", text).commands) {
		expect(command.at).toHaveLength(command.text.length);
		for (const [i, offset] of command.at.entries()) {
			if (offset >= 0 && text[offset] !== "$") expect(text[offset]).toBe(command.text[i]);
		}
	}
});
