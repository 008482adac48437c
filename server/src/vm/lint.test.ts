import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../text/diagnostic.ts";
import { exampleText } from "../text/example.testing.ts";
import type { FileContext } from "../text/language.ts";
import { render } from "../text/message.ts";
import { VmFile } from "./file.ts";
import { vmExamples } from "./lint.testing.ts";
import { type VmCode, vmDiagnostics } from "./lint.ts";

const path = "/etc/vm.conf";
const find = (text: string, context: Partial<FileContext> = {}): readonly Diagnostic[] =>
	VmFile.parse(text, { path, ...context }).diagnostics();
const codes = (text: string, context: Partial<FileContext> = {}): readonly string[] => find(text, context).map(({ code }) => code);

/** The text after a fix. */
function mended(text: string, { fixes }: Diagnostic, index = 0): string {
	const edits = [...(fixes?.[index]?.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
	return edits.reduce((now, { span, text: inserted }) => now.slice(0, span.start) + inserted + now.slice(span.end), text);
}

const lan = 'switch "lan" {\n\tinterface veb0\n}\n';
const guest = (name: string, ...lines: string[]): string =>
	`vm "${name}" {\n\tdisk "/${name}"\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
const instance = (parent: string, name: string, ...lines: string[]): string =>
	guest(name, ...lines).replace(`vm "${name}"`, `vm "${parent}" instance "${name}"`);
const pair = (line: string, other = line): string => guest("a", line) + guest("b", other);

/** The words at fault in the catalogue's example, and the same configuration without the fault. */
const table: Partial<Record<VmCode, readonly [words: string, without: string]>> = {
	"vm/no-disk": ['"a"', guest("a", "memory 1G")],
	"vm/no-device": ['"a"', guest("a", "disable")],
	"vm/guest-name": ['"a b"', guest("a-b")],
	"vm/unknown-template": ['"base"', guest("base") + instance("base", "a")],
	"vm/instance": ['"b"', guest("a") + instance("a", "b")],
	"vm/removed-word": ["kernel", guest("a", 'boot "/bsd.rd"')],
	"vm/unknown-switch": ['"lam"', lan + guest("a", 'interface { switch "lan" }')],
	"vm/disabled-switch": ['"lan"', lan + guest("a", 'interface { switch "lan" }')],
	"vm/duplicate-guest": ['"a"', guest("a") + guest("b")],
	"vm/duplicate-switch": ['"a"', `${lan}switch "a" {\n\tinterface veb1\n}\n`],
	"vm/shared-bridge": ["veb0", `${lan}switch "a" {\n\tinterface veb1\n}\n`],
	"vm/unused-switch": ['"a"', lan + guest("a", 'interface { switch "lan" }')],
	"vm/numeric-name": ['"42"', guest("a42")],
	"vm/memory-rounded": ["1048577", guest("a", "memory 1048576")],
	"vm/shared-tap": ["tap0", pair("interface tap0", "interface tap1")],
	"vm/tap-without-device": ["tap7", guest("a", "interface tap3")],
	"vm/tap-taken": ["tap0", pair("interface tap1", "interface tap0")],
	"vm/leading-zero": ["tap01", guest("a", "interface tap1")],
	"vm/shared-lladdr": [
		"02:00:00:00:00:01",
		lan + pair("interface { switch lan lladdr 02:00:00:00:00:01 }", "interface { switch lan lladdr 02:00:00:00:00:02 }"),
	],
	"vm/multicast-lladdr": ["01:00:00:00:00:01", guest("a", "interface { lladdr 02:00:00:00:00:01 }")],
	"vm/instance-lladdr": ['"b"', lan + guest("a", "interface { switch lan }") + instance("a", "b", "interface { switch lan }")],
	"vm/rdomain-differs": ["2", `${guest("a", "interface { switch lan rdomain 2 }")}switch "lan" {\n\tinterface veb0\n\trdomain 2\n}\n`],
	"vm/relative-path": ['"a.img"', guest("a")],
	"vm/format-differs": ["raw", 'vm "a" {\n\tdisk "/a.qcow2" format qcow2\n}\n'],
	"vm/shared-disk": ['"/x"', guest("a") + guest("b")],
	"vm/allow-without-owner": ["allow instance { memory }", guest("a", "allow instance { memory, owner root }")],
	"vm/not-permitted": ["1G", guest("a", "allow instance { disk, memory, owner root }") + instance("a", "b", "memory 1G")],
	"vm/boot-device": ["boot device cdrom", guest("a", 'cdrom "/c"', "boot device cdrom")],
	"vm/local-and-switch": ["local", lan + guest("a", "local interface", "interface { switch lan }")],
	"vm/no-parallel": ["0", "staggered start parallel 1 delay 30\n"],
	"vm/unused-macro": ["a", `a = "/a"\nvm "a" {\n\tdisk $a\n}\n`],
	"vm/macro-in-quotes": ["$dir", 'dir = "/var/vm"\nvm "a" {\n\tdisk $dir "/a.img"\n}\n'],
	"vm/long-description": [`"${"a".repeat(57)}"`, guest("a".repeat(40), "interface")],
	"vm/disabled-template": ['"a"', guest("a", "disable")],
	"vm/joined-comment": ['x = "1"', "# see\n"],
};

describe("each code", () => {
	it.each(Object.entries(table))("%s: at the words at fault, and not without the fault", (code, [words, without]) => {
		const example = exampleText(vmExamples[code as VmCode]);
		const found = find(example).filter((one) => one.code === code);
		expect(found.map(({ span }) => example.slice(span.start, span.end))).toEqual([words]);
		expect(found.map(({ severity }) => severity)).toEqual([vmDiagnostics[code as VmCode].severity]);
		expect(codes(without)).not.toContain(code);
	});

	it("of what vmd accepts and refuses has a row here", () => {
		const checked = ["vm/newer-word", "vm/host-memory"];
		const wanted = Object.keys(vmDiagnostics).slice(Object.keys(vmDiagnostics).indexOf("vm/no-disk"));
		expect(wanted.filter((code) => !checked.includes(code)).sort()).toEqual(Object.keys(table).sort());
	});
});

describe("fixes", () => {
	it.each([
		[lan + guest("a", 'interface { switch "lam" }'), "vm/unknown-switch", 0],
		[lan + guest("a", 'interface { switch "other" }'), "vm/unknown-switch", 0],
		['vm "a" {\n\tmemory 1G\n}\n', "vm/no-disk", 0],
		[guest("a b"), "vm/guest-name", 0],
		[guest("base") + instance("bose", "a"), "vm/unknown-template", 0],
		[guest("a", 'kernel "/bsd"'), "vm/removed-word", 0],
		[guest("a", "interface tap01"), "vm/leading-zero", 0],
		[guest("a", "memory 1048577"), "vm/memory-rounded", 0],
		["staggered start parallel 0 delay 1\n", "vm/no-parallel", 0],
		['vm "a" {\n\tdisk "/a"\n\tmemory 1G enable\n}\n', "vm/syntax-error", 0],
		['vm "a" {\n\tdisk "/a"\n\tmemroy 1G\n}\n', "vm/syntax-error", 0],
		['vm "a" {\n\tdisk "/a"\n\tinterface { swicth "a" }\n}\nswitch "a" {\n\tinterface veb0\n}\n', "vm/syntax-error", 0],
		["switch net {\n\tinterface veb0\n}\n", "vm/syntax-error", 0],
	] as const)("%j without %s", (text, code, index) => {
		const found = find(text).find((one) => one.code === code);
		expect(found?.fixes?.length).toBeGreaterThan(index);
		expect(found && codes(mended(text, found, index))).not.toContain(code);
	});

	/** What a person has to decide: another name, value, image or place. */
	const undecided: readonly VmCode[] = [
		"vm/syntax-error",
		"vm/unknown-macro",
		"vm/switch-interface",
		"vm/rdomain",
		"vm/lladdr",
		"vm/path",
		"vm/disk-format",
		"vm/local-prefix",
		"vm/agentx",
		"vm/unknown-template",
		"vm/instance",
		"vm/duplicate-guest",
		"vm/duplicate-switch",
		"vm/shared-bridge",
		"vm/tap-without-device",
		"vm/tap-taken",
		"vm/instance-lladdr",
		"vm/relative-path",
		"vm/shared-disk",
		"vm/allow-without-owner",
		"vm/long-description",
		"vm/disabled-template",
		"vm/string-too-long",
		"vm/invalid-number",
		"vm/include",
		"vm/included-faults",
		"vm/name-too-long",
		"vm/unknown-user",
		"vm/unknown-group",
		"vm/newer-word",
		"vm/host-memory",
	];

	it.each(Object.entries(vmExamples).filter(([code]) => !undecided.includes(code as VmCode)))(
		"%s is gone after each of its fixes",
		(code, { fault }) => {
			const example = exampleText({ fault });
			const found = find(example).find((one) => one.code === code);
			expect(found?.fixes?.length).toBeGreaterThan(0);
			for (const index of found?.fixes?.keys() ?? []) expect(found && codes(mended(example, found, index))).not.toContain(code);
		},
	);

	it("an unknown switch is offered the nearest name first", () => {
		const [found] = find(lan + guest("a", 'interface { switch "lam" }')).filter(({ code }) => code === "vm/unknown-switch");
		expect(found?.fixes?.map(({ title }) => render(title))).toEqual(["Change it to `lan`", "Define the switch `lam`"]);
	});
});

describe("what is not said while a statement has an error", () => {
	it.each([`${lan}vm "a" {\n\tdisk "/a"\n\tinterfac { switch "lan" }\n}\n`, 'ram = "1G"\nvm "a" {\n\tdisk "/a"\n\tmemry 1G $ram\n}\n'])(
		"that a name in it is not used: %j",
		(text) => {
			expect(codes(text).filter((code) => code.startsWith("vm/unused"))).toEqual([]);
		},
	);
});

describe("what depends on more than the text", () => {
	it("memory of all guests that start, where the host's is known", () => {
		const text = guest("a", "memory 3G") + guest("b", "memory 2G") + guest("c", "memory 8G", "disable");
		expect(codes(text)).not.toContain("vm/host-memory");
		expect(codes(text, { host: { memory: 8 * 1024 ** 3 } })).not.toContain("vm/host-memory");
		const found = find(text, { host: { memory: 4 * 1024 ** 3 } }).filter(({ code }) => code === "vm/host-memory");
		expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(["2G"]);
	});

	it("related information is at the other place", () => {
		const text = pair("interface tap0");
		const [found] = find(text).filter(({ code }) => code === "vm/shared-tap");
		expect(found?.related?.map(({ span }) => span.start)).toEqual([text.indexOf("tap0")]);
	});

	it("a fragment's switches and macros may be defined in the file that includes it", () => {
		const text = 'vm "a" {\n\tdisk $dir "a.img"\n\tinterface { switch "lan" }\n}\n';
		expect(codes(text, { path: "/etc/vm.d/a.conf" })).toEqual([]);
		expect(codes(text)).toEqual(["vm/unknown-macro", "vm/unknown-switch"]);
	});
});
