import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileContext, HostInterface } from "../text/language.ts";
import { render } from "../text/message.ts";
import { span } from "../text/span.ts";
import type { Release } from "../text/vocabulary.ts";
import { HostnameFile } from "./file.ts";
import { hostnameVocabulary } from "./vocabulary.ts";

const file = (name: string, text: string, more: Partial<FileContext> = {}) =>
	HostnameFile.parse(text, { path: `/etc/hostname.${name}`, ...more });
const interfaces = (...names: string[]): HostInterface[] => names.map((name) => ({ name, groups: [], addresses: [] }));

/** The text after the preferred fix of the first diagnostic. */
function fixed(name: string, text: string, more: Partial<FileContext> = {}): string | undefined {
	const fixes = file(name, text, more)
		.diagnostics()
		.flatMap((one) => one.fixes ?? []);
	const edits = [...(fixes.find(({ preferred }) => preferred)?.edits ?? [])].sort((x, y) => y.span.start - x.span.start);
	const after = edits.reduce((rest, { span: at, text: own }) => rest.slice(0, at.start) + own + rest.slice(at.end), text);
	return edits.length === 0 ? undefined : after;
}

describe("diagnostics", () => {
	test.each([
		["em0", "descripton lan\n", "hostname/unknown-word", "descripton", "description lan\n"],
		["em0", "inet 10.0.0.1 netmask 255.0.0.0\n", "hostname/columns", "netmask", "inet 10.0.0.1 255.0.0.0\n"],
		["em0", "inet 10.0.0.1/24 # lan\n", "hostname/columns", "# lan", "inet 10.0.0.1/24\n"],
		["em0", "inet 10.0.0.1/24 mtu 1400\n", "hostname/columns", "mtu", "inet 10.0.0.1/24\nmtu 1400\n"],
		["em0", "up", "hostname/missing-newline", "up", "up\n"],
		[
			"em0",
			"inet 10.0.0.1/24\ninet 10.1.0.1/24\n",
			"hostname/address-replaced",
			"10.1.0.1/24",
			"inet 10.0.0.1/24\ninet alias 10.1.0.1/24\n",
		],
		["vlan10", "vlan 10 parent em1\n", "hostname/deprecated", "vlan", "vnetid 10 parent em1\n"],
		["vlan10", "vnetid 10 vlandev em1\n", "hostname/deprecated", "vlandev", "vnetid 10 parent em1\n"],
		["em0", "inet 10.0.0.1 255.255.255.0 10.0.1.255\n", "hostname/broadcast", "10.0.1.255", "inet 10.0.0.1 255.255.255.0 10.0.0.255\n"],
		["em0", "mtu abc\n", "hostname/value", "abc", undefined],
		["trunk0", "trunkproto lcap\n", "hostname/value", "lcap", "trunkproto lacp\n"],
		["em0", "mtu\n", "hostname/missing-argument", "mtu", undefined],
		["em0", "add em1\n", "hostname/family", "add", undefined],
		["em0", "rtsol\n", "hostname/removed-word", "rtsol", "inet6 autoconf\n"],
		["em0", "inet\n", "hostname/ignored", "inet", ""],
		["em0", "description it's\n", "hostname/unclosed-quote", "'s", 'description "it\'s"\n'],
		["em0", "inet 10.0.0.1/24\nrdomain 1\n", "hostname/rdomain-after-address", "rdomain", "rdomain 1\ninet 10.0.0.1/24\n"],
		["em0", "description a & b\n", "hostname/shell", "&", 'description "a & b"\n'],
		["em0", "up; group x\n", "hostname/shell", "group", "up\ngroup x\n"],
		["em0", "pppoedev em1\n", "hostname/silent", "pppoedev", ""],
		["em0", "-group lan\n", "hostname/no-effect", "lan", ""],
		["em0.old", "up\n", "hostname/file-name", "up", undefined],
		["00:1B:21:AB:CD:EF", "up\n", "hostname/file-name", "up", undefined],
		["veb0", "rule block in em1\n", "hostname/rule", "em1", undefined],
		["pair0", "patch pair0\n", "hostname/interface", "pair0", undefined],
	])("hostname.%s: %j shows %s", (name, text, code, words, after) => {
		const [first, ...rest] = file(name, text).diagnostics();
		expect([first?.code, text.slice(first?.span.start, first?.span.end)]).toEqual([code, words]);
		expect(rest).toEqual([]);
		expect(fixed(name, text)).toBe(after);
	});

	test.each([
		["pppoe0", []],
		["wg0", ["hostname/order"]],
	])("eui64 alone on a line of %s", (name, codes) => {
		expect(
			file(name, "inet6 eui64\n")
				.diagnostics()
				.map(({ code }) => code),
		).toEqual(codes);
	});

	test("delete on a bridge becomes del", () => {
		expect(fixed("bridge0", "delete em1\n")).toBe("del em1\n");
	});

	test("an interface of a known host is named, with the nearest one that it has", () => {
		const host = { interfaces: interfaces("em0", "em1", "vether0") };
		expect(fixed("bridge0", "add vther0\n", { host })).toBe("add vether0\n");
		expect(file("bridge0", "add em1\n", { host }).diagnostics()).toEqual([]);
		expect(file("bridge0", "add em9\n").diagnostics()).toEqual([]);
	});

	test("a host name counts where hosts(5) has it or the DNS may", () => {
		const readFile = (path: string) => (path === "/etc/hosts" ? "10.0.0.1 gate\n" : undefined);
		expect(file("em0", "inet gate 255.0.0.0\n", { readFile }).diagnostics()).toEqual([]);
		expect(file("em0", "inet gate.example.org 255.0.0.0\n").diagnostics()).toEqual([]);
		expect(file("em0", "inet gate 255.0.0.0\n").diagnostics()).toHaveLength(1);
	});

	test("a driver that is not known is not judged", () => {
		expect(file("quux0", "nwid home\n").diagnostics()).toEqual([]);
	});
});

describe("what may stand at a place", () => {
	const words = (name: string, text: string) =>
		file(name, text)
			.expected(text.length)
			.expectations.map((one) =>
				one.kind === "keyword" ? one.entry.name : one.kind === "symbol" ? one.of : one.kind === "value" ? one.type : one.text,
			);

	test("a line starts with what the family has", () => {
		expect(words("bridge0", "")).toEqual(expect.arrayContaining(["add", "up", "!"]));
		expect(words("bridge0", "")).not.toContain("nwid");
		expect(words("em0", "")).not.toContain("add");
	});

	test.each([
		["bridge0", "add ", ["interface"]],
		["em0", "group ", ["interface-group"]],
		["em0", "inet 10.0.0.1 ", ["netmask"]],
		["em0", "inet6 fd00::1 ", ["prefix-length"]],
		["em0", "mtu ", ["number"]],
		["em0", "# ", []],
		["em0", "!", []],
	])("hostname.%s: behind %j", (name, text, expected) => {
		expect(words(name, text)).toEqual(expected);
	});

	test("the word at the cursor is replaced", () => {
		expect(file("em0", "descr lan\n").expected(3).replace).toEqual(span(0, 5));
		expect(file("wg0", "wgpeer a wgendpoint 192.0.2.1 ").expected(30).argument).toMatchObject({ index: 1 });
	});
});

test("marks, outline, statements and commands", () => {
	const text = '# lan\ninet 10.0.0.1 255.255.255.0\nadd em1 description "a b"\n!echo $if\n';
	const parsed = file("bridge0", text);
	expect(parsed.tokens().map(({ span: at, kind }) => `${kind} ${text.slice(at.start, at.end)}`)).toEqual([
		"comment # lan",
		"keyword inet",
		"address 10.0.0.1",
		"address 255.255.255.0",
		"option add",
		"name em1",
		"option description",
		'string "a b"',
		"keyword !",
		"string echo $if",
	]);
	expect(parsed.outline().map(({ name }) => name)).toEqual(["inet", "add", "!echo"]);
	expect(parsed.statements()).toHaveLength(3);
	expect(parsed.expanded().map((one) => one.text)).toEqual([
		"ifconfig bridge0 inet 10.0.0.1 netmask 255.255.255.0",
		'ifconfig bridge0 add em1 description "a b"',
		"echo bridge0",
	]);
	expect(parsed.expanded()[1]?.source?.span).toEqual(span(34, 59));
	expect(parsed.expanded(span(40, 41)).map((one) => one.text)).toEqual(['ifconfig bridge0 add em1 description "a b"']);
	expect(parsed.statements(span(40, 41)).map(({ start, end }) => text.slice(start, end))).toEqual(['add em1 description "a b"']);
	expect(parsed.tokens(span(38, 41)).map(({ span: at }) => text.slice(at.start, at.end))).toEqual(["em1"]);
	expect(parsed.outline()).toEqual([
		{
			name: "inet",
			details: ["10.0.0.1 255.255.255.0"],
			kind: "option",
			span: span(6, 33),
			nameSpan: span(6, 10),
			children: [],
		},
		{ name: "add", details: ['em1 description "a b"'], kind: "option", span: span(34, 59), nameSpan: span(34, 37), children: [] },
		{ name: "!echo", details: ["$if"], kind: "command", span: span(60, 69), nameSpan: span(60, 65), children: [] },
	]);
	expect(file("em0", "up\n").outline()[0]).not.toHaveProperty("details");
	expect(file("em0.old", "up\n").expanded()).toEqual([]);
});

const piece = fc.oneof(
	{ weight: 4, arbitrary: fc.constantFrom(...hostnameVocabulary.map(({ name }) => name)) },
	{
		weight: 3,
		arbitrary: fc.constantFrom(
			" ",
			"\n",
			"\t",
			"\\",
			"\\\n",
			"'",
			'"',
			"$if",
			"$(",
			"`",
			"#",
			";",
			"!",
			"dest",
			"em1",
			"10.0.0.1",
			"10.0.0.0/8",
			"fd00::1",
			"0x",
			"any",
			"-1",
			"1:2",
			"\0",
			"\r",
		),
	},
	{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3 }) },
);
const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(" "));
const names = fc.constantFrom(
	"em0",
	"bridge0",
	"veb1",
	"vlan10",
	"wg0",
	"iwm0",
	"carp1",
	"pppoe0",
	"quux0",
	"00:11:22:33:44:55",
	"bad.name",
	"",
);

describe("words of other releases are warnings", () => {
	const found = (name: string, text: string, release: Release) =>
		file(name, text, { release })
			.diagnostics()
			.map(({ code, severity }) => `${severity} ${code}`);

	test.each([
		["vxlan0", "endpoint 192.0.2.1 fe:e1:ba:d0:00:01\n", "7.4", ["error hostname/newer-word"]],
		["vxlan0", "tunneladdr 192.0.2.9\nendpoint 192.0.2.1 fe:e1:ba:d0:00:01\n", "7.5", []],
		["rport0", "up\n", "7.5", ["warning hostname/newer-interface"]],
		["rport0", "up\n", "7.6", []],
		["em0", "tcprecvoffload\n", "7.7", ["warning hostname/removed-word"]],
		["em0", "addm em1\n", "7.7", ["error hostname/unknown-word"]],
	] as const)("%s: %j of %s", (name, text, release, expected) => {
		expect(found(name, text, release)).toEqual(expected);
	});

	test("they are not offered", () => {
		const offered = (release: Release) =>
			file("vxlan0", "\n", { release })
				.expected(0)
				.expectations.flatMap((each) => (each.kind === "keyword" ? [each.entry.name] : []));
		expect(offered("7.4")).not.toContain("endpoint");
		expect(offered("7.5")).toContain("endpoint");
	});
});

test("nothing throws, places are inside the text, and messages can be shown", () => {
	fc.assert(
		fc.property(names, texts, fc.nat(), (name, text, at) => {
			const parsed = file(name, text);
			for (const { span: place, message, advice } of parsed.diagnostics()) {
				expect(place.start).toBeGreaterThanOrEqual(0);
				expect(place.end).toBeLessThanOrEqual(text.length);
				expect(place.start).toBeLessThanOrEqual(place.end);
				expect(render(message) + (advice === undefined ? "" : render(advice))).not.toMatch(/\{\d\}/);
			}
			let end = 0;
			for (const { span: place } of parsed.tokens()) {
				expect(place.start).toBeGreaterThanOrEqual(end);
				end = place.end;
			}
			parsed.expected(at % (text.length + 1));
			parsed.outline();
			parsed.expanded();
		}),
	);
});

test("an edited file is what is parsed afresh", () => {
	fc.assert(
		fc.property(names, texts, texts, fc.nat(), fc.nat(), (name, text, added, a, b) => {
			const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
			const edited = file(name, text).edit([{ span: span(start, end), text: added }]);
			const fresh = file(name, text.slice(0, start) + added + text.slice(end));
			expect(edited.text).toBe(fresh.text);
			expect(edited.diagnostics()).toEqual(fresh.diagnostics());
			expect(edited.tokens()).toEqual(fresh.tokens());
		}),
	);
});

test("each word of a bridge's rule has its role, words that every object knows too", () => {
	const text = "rule pass in on em1 arp constructor\n";
	const roles = file("bridge0", text)
		.tokens()
		.map(({ span: at, kind }) => `${text.slice(at.start, at.end)} ${kind}`);
	expect(roles).toEqual(["rule option", "pass keyword", "in direction", "on option", "em1 name", "arp constant", "constructor option"]);
});
