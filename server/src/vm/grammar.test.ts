import { describe, expect, test } from "vitest";
import { dryRun } from "./dryrun.ts";
import { VmFile } from "./file.ts";
import type { expect as expectation } from "./grammar.ts";
import { isReserved, vmVocabulary } from "./vocabulary.ts";

const guest = (line: string): string => `vm "a" {\n\tdisk "/a"\n\t${line}\n}\n`;
const bridged = (line: string): string => `switch "a" {\n\tinterface veb0\n\t${line}\n}\n`;

interface Place {
	readonly around: (words: string) => string;
	/** Each word that may stand here, with its arguments. */
	readonly words: Readonly<Record<string, string>>;
	/** Whether a word that vmd does not reserve is a string here. */
	readonly strings?: true;
}

/** Where a word of the language may stand, and which. */
const places: Readonly<Record<string, Place>> = {
	section: {
		around: (words) => `${words}\n`,
		words: {
			vm: 'vm "a" {\n\tdisk "/a"\n}',
			switch: 'switch "a" {\n\tinterface veb0\n}',
			include: 'include "/a"',
			local: "local inet6",
			socket: "socket owner root",
			staggered: "staggered start parallel 1 delay 1",
			agentx: "agentx",
		},
	},
	"behind the name of a guest": {
		around: (words) => `vm "a" ${words}{\n\tdisk "/a"\n}\n`,
		words: { instance: 'instance "b" ' },
		strings: true,
	},
	"behind local": { around: (words) => `local ${words}\n`, words: { inet6: "inet6", prefix: "prefix 10.0.0.0/16" } },
	"behind local inet6": { around: (words) => `local inet6 ${words}\n`, words: { prefix: "prefix fd00::/64" } },
	"behind socket": { around: (words) => `socket ${words}\n`, words: { owner: "owner root" } },
	"behind staggered": { around: (words) => `staggered ${words} delay 1\n`, words: { start: "start parallel 1" } },
	"behind start": { around: (words) => `staggered start ${words}\n`, words: { parallel: "parallel 1 delay 1" } },
	"behind parallel": { around: (words) => `staggered start parallel 1 ${words}\n`, words: { delay: "delay 1" } },
	"behind agentx": { around: (words) => `agentx ${words}\n`, words: { context: "context a", path: "path /a" } },
	"switch option": {
		around: bridged,
		words: {
			interface: "interface veb1",
			rdomain: "rdomain 1",
			group: "group a",
			locked: "locked lladdr",
			enable: "enable",
			disable: "disable",
			up: "up",
			down: "down",
		},
	},
	"behind locked": { around: (words) => bridged(`locked ${words}`), words: { lladdr: "lladdr" } },
	"guest option": {
		around: guest,
		words: {
			disk: 'disk "/b"',
			memory: "memory 1G",
			interface: "interface",
			interfaces: "interfaces 1",
			local: "local interface",
			boot: 'boot "/b"',
			cdrom: 'cdrom "/b"',
			owner: "owner root",
			enable: "enable",
			disable: "disable",
			allow: "allow instance boot",
			sev: "sev",
			seves: "seves",
		},
	},
	"behind the path of a disk": { around: (words) => guest(`disk "/b" ${words}`), words: { format: "format raw" }, strings: true },
	"behind format": { around: (words) => guest(`disk "/b" format ${words}`), words: { raw: "raw", qcow2: "qcow2" } },
	"behind boot": { around: (words) => guest(`boot ${words}`), words: { device: "device disk" }, strings: true },
	"behind boot device": { around: (words) => guest(`boot device ${words}`), words: { disk: "disk", cdrom: "cdrom", net: "net" } },
	"behind local in a guest": { around: (words) => guest(`local ${words}`), words: { interface: "interface" } },
	"behind allow": { around: (words) => guest(`allow ${words}`), words: { instance: "instance boot" } },
	"behind allow instance": {
		around: (words) => guest(`allow instance ${words}`),
		words: {
			boot: "boot",
			memory: "memory",
			interface: "interface",
			disk: "disk",
			cdrom: "cdrom",
			instance: "instance",
			owner: "owner root",
		},
	},
	"interface option": {
		around: (words) => guest(`interface { ${words} }`),
		words: {
			switch: "switch a",
			group: "group a",
			lladdr: "lladdr 2:0:0:0:0:1",
			locked: "locked lladdr",
			rdomain: "rdomain 1",
			up: "up",
			down: "down",
		},
	},
	"behind locked in an interface": { around: (words) => guest(`interface { locked ${words} }`), words: { lladdr: "lladdr" } },
};

/** Every way in which a word is written anywhere. */
const written = new Map<string, Set<string>>();
for (const { words } of Object.values(places)) {
	for (const [name, form] of Object.entries(words)) written.set(name, (written.get(name) ?? new Set()).add(form));
}

test("each word of the newest vmd has its place", () => {
	const names = vmVocabulary.flatMap(({ name, until }) => (until === undefined ? [name] : []));
	expect([...written.keys()].sort()).toEqual([...new Set(names)].sort());
});

describe.each(Object.entries(places))("%s", (_, { around, words, strings }) => {
	test("takes its words", () => {
		for (const form of Object.values(words)) expect(dryRun(around(form)), form).toEqual({ accepted: true, stderr: [] });
	});

	test("takes no other", () => {
		for (const [name, forms] of written) {
			if (Object.hasOwn(words, name) || (strings && !isReserved(name, "7.7"))) continue;
			for (const form of forms) expect(dryRun(around(form)).accepted, form).toBe(false);
		}
	});

	test("offers its words and no other", () => {
		const text = around("|");
		const file = VmFile.parse(text.replace("|", ""), { path: "/etc/vm.conf" });
		const offered = file.expected(text.indexOf("|")).expectations.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : []));
		expect(offered.sort()).toEqual(Object.keys(words).sort());
	});
});

/** For each thing that the grammar may expect what it accepts in its place, and what it refuses there. */
const expectations: Readonly<
	Record<keyof typeof expectation, { readonly accepted: readonly string[]; readonly refused: readonly string[] }>
> = {
	section: {
		accepted: ["", "\n", "\n\n# a\n\ninclude a\n", "include a", 'a = "b"\n'],
		refused: ["{\n", "}\n", "memory 1G\n", "1\n", ",\n", "=\n", "(\n"],
	},
	newline: {
		accepted: ["include a\ninclude b\n", "include a # b\n", "include \\\na\n", guest("enable\n\n\tdisable"), bridged("up\n\n\tdown")],
		refused: ["include a include b\n", "include a }\n", guest("enable disable"), bridged("up down"), guest("memory 1G disk a")],
	},
	open: {
		accepted: ["vm a {\n\tdisk a\n}\n", "vm a {disk a\n}\n", "switch a {\n\n\tinterface veb0\n}\n"],
		refused: [
			"vm a\n{\n\tdisk a\n}\n",
			"vm a disk a\n",
			"vm a {{\n\tdisk a\n}\n",
			"switch a\n{\n\tinterface veb0\n}\n",
			"vm {\n\tdisk a\n}\n",
		],
	},
	close: {
		accepted: ["vm a {\n\tdisk a\n}\n", "vm a { disk a }\n", "vm a { disk a\n\tmemory 1G\n\t}\n", guest("interface { up\n\tdown\n\t}")],
		refused: [
			"vm a {\n\tdisk a\n",
			"vm a {\n}\n",
			"vm a { disk a\n\tmemory 1G }\n",
			guest("interface { }"),
			guest("interface { up"),
			"switch a {\n}\n",
		],
	},
	comma: {
		accepted: [
			guest("allow instance { boot, disk }"),
			guest("allow instance { boot,\n\tdisk }"),
			guest("allow instance { boot\n\tdisk }"),
			guest("allow instance {\n\tboot\n\t}"),
			guest("interface up down, up"),
		],
		refused: [
			guest("allow instance { boot disk }"),
			guest("allow instance { boot,, disk }"),
			guest("allow instance boot, disk"),
			guest("interface { up, down }"),
			guest("interface up, down"),
			guest("disk /b, /c"),
		],
	},
	equals: {
		accepted: ['a = "b"\n', "a=b\n", "vmm = b\n"],
		refused: ["a b\n", "a =\n", "= b\n", "vm = b\n", "a = 1\n", "a = vm\n", "a == b\n"],
	},
	more: {
		accepted: ['include "a" "b"\n', "vm a b {\n\tdisk a b c\n}\n", 'd = "/d/"\nvm a {\n\tdisk $d "a"\n}\n'],
		refused: ["include a 1\n", "include a vm\n", "agentx context a b\n", 'a = "b" "c"\n', "local prefix 10.0.0.0/16 a\n"],
	},
	instance: {
		accepted: ["vm a instance b {\n\tdisk b\n}\n"],
		refused: ["vm a instance\n", "vm instance b {\n\tdisk b\n}\n", "vm a instance b instance c {\n\tdisk b\n}\n"],
	},
	switchOption: { accepted: [bridged("up")], refused: [bridged("memory 1G"), bridged("a"), bridged('"up"'), bridged("1")] },
	guestOption: { accepted: [guest("enable")], refused: [guest("up"), guest("a"), guest('"enable"'), guest("1"), guest("ENABLE")] },
	interfaceOption: {
		accepted: [
			guest("interface up"),
			guest("interface tap0 up down"),
			guest("interface {\n\tup\n\tdown }"),
			guest("interface { up down }"),
			guest("local interface { up }"),
		],
		refused: [guest("interface enable"), guest("interface { tap0 up }"), guest("interface 1"), guest("local up")],
	},
	permission: {
		accepted: [guest("allow instance boot"), guest("allow instance owner root"), guest("allow instance { owner root, boot }")],
		refused: [
			guest("allow instance"),
			guest("allow instance up"),
			guest("allow instance owner"),
			guest("allow instance { }"),
			guest("allow instance a"),
		],
	},
	bootDevice: {
		accepted: [guest("boot device net")],
		refused: [guest("boot device"), guest("boot device tape"), guest("boot device net cdrom")],
	},
	format: {
		accepted: [guest("disk b format raw")],
		refused: [guest("disk b format"), guest("disk format raw"), guest("cdrom b format raw")],
	},
	diskFormat: { accepted: [guest("disk b format QCOW2")], refused: [guest("disk b format 2"), guest("disk b format vmdk")] },
	local: {
		accepted: ["local inet6\n", "local prefix 10.0.0.0/16\n"],
		refused: ["local\n", "local inet\n", "local prefix\n", "local prefix 10\n", "local inet6 inet6\n"],
	},
	agentx: {
		accepted: ["agentx\n", "agentx path /a\n", "agentx path /a context b path /c\n"],
		refused: ["agentx a\n", "agentx context\n", "agentx path 1\n"],
	},
	number: {
		accepted: ["staggered start parallel 0 delay 00\n", bridged("rdomain 255"), guest("interfaces 4")],
		refused: [
			"staggered start parallel a delay 1\n",
			bridged("rdomain"),
			bridged('rdomain "1"'),
			guest("interfaces 1G"),
			guest("interfaces -"),
		],
	},
};

describe.each(Object.entries(expectations))("where the grammar expects %s", (_, { accepted, refused }) => {
	test.each(accepted)("%j is accepted", (text) => {
		expect(dryRun(text)).toMatchObject({ accepted: true });
	});

	test.each(refused)("%j is refused", (text) => {
		expect(dryRun(text).stderr.join()).toMatch(/: syntax error|unrecognized disk format/);
		const errors = VmFile.parse(text, { path: "/etc/vm.conf" })
			.diagnostics()
			.filter(({ severity, code }) => severity === "error" || code === "vm/removed-word");
		expect(errors).not.toEqual([]);
	});
});
