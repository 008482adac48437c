import { expect, test } from "vitest";
import type { Expectation } from "../text/language.ts";
import { VmFile } from "./file.ts";

function shown(one: Expectation): string {
	switch (one.kind) {
		case "keyword":
			return one.entry.name;
		case "symbol":
			return [`<${one.of}>`, ...(one.families ?? [])].join(" ");
		case "value":
			return [`<${one.type}>`, ...(one.choices ?? [])].join(" ");
		case "punctuation":
			return JSON.stringify(one.text);
	}
}

/** `|` is the cursor; `replaced` what a completion takes the place of, `argument` the word and the number of its argument. */
test.each([
	["|", 'vm, switch, include, local, socket, staggered, agentx, "\\n", <word>', "", ""],
	["s|", 'vm, switch, include, local, socket, staggered, agentx, "\\n", <word>, "="', "s", ""],
	["vm |", "<guest>, <macro>", "", "vm 0"],
	['vm "|', "<guest>", "", "vm 0"],
	['vm "a" |', '<string>, <macro>, instance, "{"', "", ""],
	['vm "a" {|', '"\\n", disk, memory, interface, interfaces, local, boot, cdrom, owner, enable, disable, allow, sev', "", ""],
	[
		'vm "a" {\n\tmem|\n}\n',
		'"\\n", disk, memory, interface, interfaces, local, boot, cdrom, owner, enable, disable, allow, sev',
		"mem",
		"",
	],
	['vm "a" {\n\tmemory |\n}\n', "<size>, <macro>", "", "memory 0"],
	['vm "a" {\n\tmemory 1|G\n}\n', "<size>, <macro>", "1G", "memory 0"],
	['vm "a" {\n\tdisk |\n', "<path>, <macro>", "", "disk 0"],
	[
		'vm "a" {\n\tdisk "/a" |\n}\n',
		'<string>, <macro>, format, "\\n", disk, memory, interface, interfaces, local, boot, cdrom, owner, enable, disable, allow, sev, "}"',
		"",
		"",
	],
	['vm "a" {\n\tdisk "/a" format q|\n}\n', 'qcow2, raw, <macro>, "\\n", "}"', "q", "format 0"],
	[
		'vm "a" {\n\tinterface |\n',
		'<interface> tap, <macro>, "{", switch, group, lladdr, locked, rdomain, up, down, "\\n", disk, memory, interface, interfaces, local, boot, cdrom, owner, enable, disable, allow, sev, "}"',
		"",
		"interface 0",
	],
	[
		'vm "a" {\n\tinterface tap0 |\n',
		'"{", switch, group, lladdr, locked, rdomain, up, down, "\\n", disk, memory, interface, interfaces, local, boot, cdrom, owner, enable, disable, allow, sev, "}"',
		"",
		"",
	],
	['vm "a" {\n\tinterface { switch "l|an" }\n}\n', "<switch>", "lan", "switch 0"],
	['vm "a" {\n\tinterface { switch |\n', "<switch>, <macro>", "", "switch 0"],
	['vm "a" {\n\tinterface {|\n}\n', '"\\n", switch, group, lladdr, locked, rdomain, up, down', "", ""],
	[
		'vm "a" {\n\tinterface { lladdr |\n}\n',
		'<lladdr>, <macro>, "\\n", switch, group, lladdr, locked, rdomain, up, down, "}"',
		"",
		"lladdr 0",
	],
	['vm "a" {\n\tboot |\n', "device, <path>, <macro>", "", "boot 0"],
	['vm "a" {\n\tboot device |\n}\n', "disk, cdrom, net", "", "device 0"],
	['vm "a" {\n\tallow |\n', "instance", "", ""],
	['vm "a" {\n\tallow instance |\n', '"{", boot, memory, interface, disk, cdrom, instance, owner', "", "allow 0"],
	['vm "a" {\n\tallow instance { boot, |\n', '"\\n", boot, memory, interface, disk, cdrom, instance, owner', "", "allow 0"],
	['vm "a" {\n\towner |\n', "<user>, <macro>", "", "owner 0"],
	["local |", "inet6, prefix", "", ""],
	["local inet6 |", 'prefix, "\\n"', "", ""],
	["local prefix |", "<network>, <macro>", "", "prefix 0"],
	["socket |", "owner", "", ""],
	["socket owner |", "<user>, <macro>", "", "owner 0"],
	["staggered |", "start", "", ""],
	["staggered start parallel |", "<number>, <macro>", "", "parallel 0"],
	["staggered start parallel 2 delay |", "<seconds>, <macro>", "", "delay 0"],
	["agentx |", 'context, path, "\\n"', "", ""],
	["agentx path |", "<path>, <macro>", "", "path 0"],
	['switch "a" {\n\t|\n', '"\\n", interface, rdomain, group, locked, enable, disable, up, down', "", ""],
	['switch "a" {\n\tinterface |\n', "<interface> bridge veb, <macro>", "", "interface 0"],
	['switch "a" {\n\tlocked |\n', "lladdr", "", ""],
	['switch "a" {\n\trdomain |\n', "<number>, <macro>", "", "rdomain 0"],
	["include |", "<file>, <macro>", "", "include 0"],
	["x = |", "<string>, <macro>", "", ""],
	['x = "|"\nvm "a" {\n\tmemory $x\n}\n', "<string>, <size>", "", ""],
	['x = |\nvm "a" {\n\tinterface { switch $x }\n}\n', "<string>, <macro>, <switch>", "", ""],
	[
		'vm "a" {\n\tfooo 1\n\t|\n}\n',
		'"\\n", disk, memory, interface, interfaces, local, boot, cdrom, owner, enable, disable, allow, sev, "}"',
		"",
		"",
	],
	["# vm |x\n", "", "", ""],
	["vm a # |\n", "", "", ""],
	["x |", '"="', "", ""],
	["vm a instance |", "<string>, <macro>", "", "instance 0"],
	["vm a instance b |", '<string>, <macro>, "{"', "", ""],
])("behind %j", (marked, list, replaced, argument) => {
	const file = VmFile.parse(marked.replace("|", ""), { path: "/etc/vm.conf", release: "7.7" });
	const found = file.expected(marked.indexOf("|"));
	expect(found.expectations.map(shown).join(", ")).toBe(list);
	expect(file.text.slice(found.replace.start, found.replace.end)).toBe(replaced);
	expect(found.argument === undefined ? "" : `${found.argument.entry.name} ${found.argument.index}`).toBe(argument);
});
