/** What a failing expectation is told to change: taken, it holds. */
import { describe, expect, it } from "vitest";
import { hostBuilder, type ModelFile } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { PfTestFile } from "../pftest/file.ts";
import type { Fix } from "../text/diagnostic.ts";
import { render } from "../text/message.ts";
import { bridged, type Files, guest, lan, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { runPolicyTests } from "./policy-tests.ts";

const TEST = "/etc/policy.pftest";

function run(files: ReadonlyMap<string, ModelFile>, lines: readonly string[]) {
	const facts = pfFacts(files);
	const host = hostBuilder()({ name: "hv1", files, ...(facts && { pf: facts }) });
	return runPolicyTests(host, PfTestFile.parse(`${lines.join("\n")}\n`, { path: TEST }));
}

function taken(files: ReadonlyMap<string, ModelFile>, { edits }: Fix): ReadonlyMap<string, ModelFile> {
	const after = new Map(files);
	for (const { file = TEST, span, text } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
		const before = after.get(file)?.text ?? "";
		after.set(file, { text: before.slice(0, span.start) + text + before.slice(span.end) });
	}
	return after;
}

/** The titles of fixes, one after the other, until the expectation holds or none is offered; and what it comes to. */
function course(host: Files, line: string, ...more: readonly string[]): readonly string[] {
	let files: ReadonlyMap<string, ModelFile> = sourcesOf(host);
	const steps: string[] = [];
	for (let left = 6; left > 0; left--) {
		const [result] = run(files, [...more, line]);
		const [fix] = result?.failures[0]?.remedy.fixes ?? [];
		if (fix === undefined) return [...steps, result?.result ?? "none"];
		steps.push(render(fix.title));
		files = taken(files, fix);
	}
	return steps;
}

const em0: Files = { "hostname.em0": ["inet 203.0.113.5/24"] };
const two: Files = {
	"vm.conf": [...lan("bridge0"), 'switch "other" {', "\tinterface bridge1", "}", ...guest("a", plug), ...guest("b", '{ switch "other" }')],
	"hostname.bridge1": ["add em1", "up"],
	"hostname.em1": ["up"],
};

describe("the rule that is missing", () => {
	it.each<[why: string, host: Files, line: string, steps: readonly string[], more?: readonly string[]]>([
		["nothing is", { ...routed(), ...em0, ...pf("pass") }, "outside host tcp 22 pass", ["passed"]],
		[
			"to the host",
			{ ...routed(), ...em0, ...pf("block") },
			"outside host tcp 22 pass",
			["Add `pass in on em0 inet proto tcp from any to (self) port 22`", "passed"],
		],
		[
			"from an address, above a quick block",
			{ ...routed(), ...em0, ...pf("block quick") },
			"198.51.100.9 host udp 53 pass",
			["Add `pass in quick on em0 inet proto udp from 198.51.100.9 to (self) port 53`", "passed"],
		],
		[
			"to a routed guest, on both places",
			{ ...routed(), ...em0, ...pf("block") },
			"outside db01 tcp 80 pass",
			[
				"Add `pass in on em0 inet proto tcp from any to 10.50.0.20 port 80`",
				"Add `pass out on vether0 inet proto tcp from any to 10.50.0.20 port 80`",
				"passed",
			],
			["address db01 10.50.0.20"],
		],
		[
			"from a bridged guest, on its tap and out of the port",
			{ ...bridged(), ...pf("block") },
			"web01 outside icmp pass",
			["Add `pass in on tap inet proto icmp from any to ! (self)`", "Add `pass out on em1 inet proto icmp from any to ! (self)`", "passed"],
		],
		[
			"of all protocols",
			{ ...routed(), ...em0, ...pf("block") },
			"outside host any pass",
			[
				...["inet proto tcp", "inet proto udp", "inet proto icmp", "inet"].map((of) => `Add \`pass in on em0 ${of} from any to (self)\``),
				"passed",
			],
		],
		[
			"of a protocol that rules name, by itself",
			{ ...routed(), ...em0, ...pf("block", "pass out on em0 proto 89") },
			"outside host any pass",
			[
				...["tcp", "udp", "icmp", "89"].map((of) => `Add \`pass in on em0 inet proto ${of} from any to (self)\``),
				"Add `pass in on em0 inet from any to (self)`",
				"passed",
			],
		],
		[
			"of all ports",
			{ ...routed(), ...em0, ...pf("block") },
			"outside host tcp pass",
			["Add `pass in on em0 inet proto tcp from any to (self)`", "passed"],
		],
		[
			"of some",
			{ ...routed(), ...em0, ...pf("block") },
			"outside host tcp 80:90 pass",
			["Add `pass in on em0 inet proto tcp from any to (self) port 80:90`", "passed"],
		],
		[
			"of the first",
			{ ...routed(), ...em0, ...pf("block") },
			"outside host tcp 1:90 pass",
			["Add `pass in on em0 inet proto tcp from any to (self) port 1:90`", "passed"],
		],
		[
			"from the host, whose addresses may change",
			{ ...routed(), ...em0, ...pf("block") },
			"host 198.51.100.9 tcp 80 pass",
			["Add `pass out on em0 inet proto tcp from any to 198.51.100.9 port 80`", "passed"],
		],
		[
			"of the last",
			{ ...routed(), ...em0, ...pf("block") },
			"outside host udp 60000:65535 pass",
			["Add `pass in on em0 inet proto udp from any to (self) port 60000:65535`", "passed"],
		],
		[
			"of IPv6",
			{ ...routed(), "hostname.em0": ["inet6 2001:db8::5 64"], ...pf("block") },
			"2001:db8:7::7 host icmp pass",
			["Add `pass in on em0 inet6 proto icmp6 from 2001:db8:7::7 to (self)`", "passed"],
		],
		[
			"of one guest of two, which its tap does not tell apart",
			{ ...bridged(), "vm.conf": [...lan("bridge0"), ...guest("web01", plug), ...guest("db01", plug)], ...pf("block") },
			"web01 outside tcp 80 pass",
			[
				"Add `pass in on tap inet proto tcp from 10.10.0.20 to ! (self) port 80`",
				"Add `pass out on em1 inet proto tcp from 10.10.0.20 to ! (self) port 80`",
				"passed",
			],
			["address web01 10.10.0.20"],
		],
		[
			"none where nothing does",
			{ ...bridged(), "vm.conf": [...lan("bridge0"), ...guest("web01", plug), ...guest("db01", plug)], ...pf("block") },
			"web01 outside tcp 80 pass",
			["failed"],
		],
		[
			"none where only the answer is blocked",
			{ ...routed(), ...em0, ...pf("block", "pass in on em0 proto tcp to port 22 no state") },
			"outside host tcp 22 pass",
			["failed"],
		],
		[
			"none where the host does not forward",
			{ ...routed(), ...em0, "sysctl.conf": [], ...pf("pass") },
			"outside db01 tcp 80 pass",
			["failed"],
			["address db01 10.50.0.20"],
		],
		[
			"none where the block is in an anchor",
			{ ...routed(), ...em0, ...pf('anchor "a" {', "block quick", "}") },
			"outside host tcp 22 pass",
			["failed"],
		],
		["none where a block is expected", { ...routed(), ...em0, ...pf("pass") }, "outside host tcp 22 block", ["failed"]],
		["nor where another way outside is there", { ...two, "hostname.bridge0": ["up"], ...pf("pass") }, "outside b tcp 22 block", ["failed"]],
		[
			"but a way outside, where none is there of which a block could be told",
			{ ...two, "hostname.bridge0": ["up"], ...pf("pass") },
			"outside a tcp 22 block",
			["Create /etc/hostname.em0, with an address from outside", "undecided"],
		],
		[
			"a switch that both are plugged into",
			{ ...routed(), ...em0, ...two, ...pf("pass") },
			"a b tcp 80 pass",
			['Plug "a" into switch "other" as well', "passed"],
		],
		[
			"the uplink's file",
			{ ...routed(), "hostname.em0": undefined, "hostname.em1": ["up"], ...pf("pass") },
			"db01 outside tcp 80 pass",
			["Create /etc/hostname.em0, with an address from outside", "passed"],
		],
		[
			"the uplink's file, for who comes from outside",
			{ ...routed(), "hostname.em0": undefined, "hostname.em1": ["up"], ...pf("pass in on em0") },
			"outside db01 tcp 80 pass",
			["Create /etc/hostname.em0, with an address from outside", "passed"],
			["address db01 10.50.0.20"],
		],
		[
			"the switch, where guests need no uplink",
			{
				...routed(),
				...two,
				"hostname.em0": undefined,
				"hostname.em1": undefined,
				"hostname.bridge1": ["up"],
				...pf("pass", "pass out on em0"),
			},
			"a b tcp 80 pass",
			['Plug "a" into switch "other" as well', "passed"],
		],
	])("%s", (_, host, line, steps, more = []) => {
		expect(course(host, line, ...more)).toEqual(steps);
	});
});

describe("two guests without a way between them", () => {
	const SWITCHES = [...lan("bridge0"), 'switch "other" {', "\tinterface bridge1", "}"];
	const guests = (...lines: readonly string[]): Files => ({
		...routed(),
		...em0,
		"hostname.bridge1": ["up"],
		"vm.conf": [...SWITCHES, ...lines],
		...pf("pass"),
	});
	const OTHER = 'interface { switch "other" }';
	const remedyOf = (files: Files) => run(sourcesOf(files), ["a b tcp 80 pass"])[0]?.failures[0]?.remedy;

	it("get another interface below the last one of the first, written alike", () => {
		const files = guests(
			'vm "a" {',
			`    interface ${plug}`,
			'    interface { switch "lan" }',
			'    disk "/a"',
			"}",
			...guest("b", '{ switch "other" }'),
		);
		const { advice, fixes: [fix] = [] } = remedyOf(files) ?? {};
		expect(advice && render(advice)).toBe("They share no switch, and no file tells of a router between them.");
		expect(fix?.preferred).toBe(true);
		expect(fix && taken(sourcesOf(files), fix).get("/etc/vm.conf")?.text).toContain(
			'    interface { switch "lan" }\n    interface { switch "other" }\n    disk "/a"\n',
		);
	});

	it("whichever guests stand before them, and whatever interfaces of the other are in no switch", () => {
		const files = guests(
			...guest("c", '{ switch "other" }'),
			...guest("a", plug),
			'vm "b" {',
			'\tdisk "/b"',
			'\tinterface "tap5"',
			`\t${OTHER}`,
			"}",
		);
		expect((remedyOf(files)?.fixes ?? []).map(({ title }) => render(title))).toEqual(['Plug "a" into switch "other" as well']);
	});

	it.each<[why: string, files: Files]>([
		[
			"the first is made after another one",
			guests(...guest("t", plug), 'vm "a" instance "t" {', `\tinterface ${plug}`, "}", ...guest("b", '{ switch "other" }')),
		],
		[
			"a protected domain keeps them apart on their switch",
			{
				...guests(),
				"vm.conf": [
					'switch "lan" {',
					"\tinterface veb0",
					"}",
					...guest("a", "tap9").toSpliced(3, 0, '\tinterface tap1 { switch "lan" }'),
					...guest("b", 'tap2 { switch "lan" }'),
				],
				"hostname.veb0": ["protected tap1 1", "protected tap2 1", "up"],
			},
		],
		["the other has no switch", guests(...guest("a", plug), ...guest("b", '"tap5"'))],
		[
			"the other is in two",
			guests(...guest("a", '{ switch "none" }'), 'vm "b" {', '\tdisk "/b"', `\tinterface ${plug}`, '\tinterface { switch "other" }', "}"),
		],
		["the first has no interface that it could stand below", guests('vm "a" {', '\tdisk "/a"', "}", ...guest("b", '{ switch "other" }'))],
		[
			"the first is made after another one, which has the interface",
			guests(...guest("t", plug), 'vm "a" instance "t" {', "}", ...guest("b", '{ switch "other" }')),
		],
		["the other's switch is none that vmd has", guests(...guest("a", plug), ...guest("b", '{ switch "none" }'))],
	])("get none where %s", (_, files) => expect(remedyOf(files)?.fixes ?? []).toEqual([]));
});

it("what is to be added is told as advice", () => {
	const [result] = run(sourcesOf({ ...routed(), ...em0, ...pf("block") }), ["outside host tcp 22 pass"]);
	const { advice } = result?.failures[0]?.remedy ?? {};
	expect(advice && render(advice)).toBe("Add `pass in on em0 inet proto tcp from any to (self) port 22`.");
});

it("without the uplink's file, that is told", () => {
	const files: Files = { ...routed(), "hostname.em0": undefined, "hostname.em1": ["up"], ...pf("pass") };
	const { advice } = run(sourcesOf(files), ["db01 outside tcp 80 pass"])[0]?.failures[0]?.remedy ?? {};
	expect(advice && render(advice)).toBe("No hostname file leads outside: /etc/hostname.em0 is missing.");
});

describe("what stands in the way of a guest", () => {
	const host = (...ports: readonly string[]): Files => ({
		...routed(),
		...em0,
		"hostname.bridge0": [...ports, "up"],
		"hostname.vether0": ["up"],
		...pf("pass"),
	});
	it.each<[why: string, host: Files, advice: string | undefined]>([
		["its bridge has no port of the host", host(), "bridge0 has no port but those of guests: add a vether with an address."],
		["the host's port has no address", host("add vether0"), "vether0 has no address: /etc/hostname.vether0 needs an `inet` line."],
		[
			"its veb has no port of the host",
			{ ...routed("veb0"), ...em0, "hostname.veb0": ["up"], ...pf("pass") },
			"veb0 has no port but those of guests: add a vport with an address.",
		],
		[
			"the veb's port has no address",
			{ ...routed("veb0"), ...em0, "hostname.vport0": ["up"], ...pf("pass") },
			"vport0 has no address: /etc/hostname.vport0 needs an `inet` line.",
		],
		["nothing", { ...routed(), ...em0, ...pf("pass") }, undefined],
		[
			"another guest's",
			{
				...host(),
				"vm.conf": [
					...lan("bridge0"),
					'switch "other" {',
					"\tinterface bridge1",
					"}",
					...guest("a", '{ switch "other" }'),
					...guest("db01", plug),
				],
				"hostname.bridge1": ["add em1", "up"],
				"hostname.em1": ["up"],
			},
			"bridge0 has no port but those of guests: add a vether with an address.",
		],
	])("%s", (_, files, advice) => {
		const [result] = run(sourcesOf(files), ["outside db01 tcp 80 pass"]);
		const told = result?.failures[0]?.remedy.advice;
		expect(told && render(told)).toBe(advice);
	});
});

it("nothing stands in the way of guests that each have a network of their own", () => {
	const files: Files = {
		...routed(),
		...em0,
		"vm.conf": [
			...lan("bridge0"),
			...["other", "third"].flatMap((name, index) => [`switch "${name}" {`, `\tinterface bridge${index + 1}`, "}"]),
			...guest("a", plug),
			'vm "b" {',
			'\tdisk "/b"',
			'\tinterface { switch "third" }',
			'\tinterface { switch "other" }',
			"}",
		],
		"hostname.bridge0": ["add em2", "up"],
		"hostname.bridge1": ["add em1", "up"],
		"hostname.bridge2": ["up"],
		"hostname.em1": ["up"],
		"hostname.em2": ["up"],
		...pf("pass"),
	};
	expect(run(sourcesOf(files), ["a b tcp 80 pass"])[0]?.failures[0]?.remedy).toEqual({});
});

describe("a block that holds because no way is known", () => {
	const lonely = (more: Files): Files => ({
		...routed(),
		...em0,
		"vm.conf": [
			...lan("bridge8"),
			'switch "other" {',
			"\tinterface bridge9",
			"}",
			...guest("a", plug),
			...guest("b", '{ switch "other" }'),
		],
		"hostname.bridge8": ["up"],
		"hostname.bridge9": ["up"],
		...more,
		...pf("pass"),
	});
	it.each<[why: string, host: Files, line: string, result: string]>([
		["guests on switches that lead nowhere", lonely({}), "a b any block", "passed"],
		[
			"taps alone are ports of their switches",
			lonely({ "hostname.bridge8": ["add tap1", "up"], "hostname.bridge9": ["add tap2", "up"] }),
			"a b any block",
			"passed",
		],
		[
			"each has another interface, on a switch that leads outside",
			lonely({
				"vm.conf": [
					...[6, 7, 8, 9].flatMap((number) => [`switch "s${number}" {`, `\tinterface bridge${number}`, "}"]),
					...["a", "b"].flatMap((name, at) => [
						`vm "${name}" {`,
						`\tdisk "/${name}"`,
						`\tinterface { switch "s${8 + at}" }`,
						`\tinterface { switch "s${6 + at}" }`,
						"}",
					]),
				],
				"hostname.bridge6": ["add em1", "up"],
				"hostname.bridge7": ["add em2", "up"],
				"hostname.em1": ["up"],
				"hostname.em2": ["up"],
			}),
			"a b any block",
			"undecided",
		],
		["one of them leads outside", lonely({ "hostname.bridge9": ["add em1", "up"], "hostname.em1": ["up"] }), "a b any block", "passed"],
		[
			"both lead outside",
			{ ...routed(), ...em0, ...two, "hostname.bridge0": ["add em2", "up"], ...pf("pass") },
			"a b any block",
			"undecided",
		],
		["the guest has no gateway", lonely({}), "outside a tcp 80 block", "undecided"],
		["the rules block on the way", { ...routed(), ...em0, ...pf("block") }, "outside db01 any block", "passed"],
	])("%s: %s", (_, host, line, result) => {
		expect(run(sourcesOf(host), [line]).map((one) => one.result)).toEqual([result]);
	});
});
