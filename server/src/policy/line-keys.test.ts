/** Lines of two versions that are the same although their texts are not, and those that are not although they are. */
import { describe, expect, it, test } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { treatmentDifference } from "./difference.ts";
import { block, end, INTERFACES, number, pass, pool } from "./fixture.ts";
import { Contents, criteriaOf, lineKey, poolsOf } from "./line-keys.ts";
import { interfacesOf, loadedTablesOf } from "./network.ts";
import { programOf } from "./program.ts";

const system = systemOf({});
type Known = typeof INTERFACES | undefined;
const versionOf = (text: string, interfaces: Known = INTERFACES) => ({
	ruleset: readRuleset({ fileName: "pf.conf", text, system }).ruleset,
	interfaces,
});
const changes = (before: ReturnType<typeof versionOf>, after: ReturnType<typeof versionOf>) => treatmentDifference(before, after).changes;

test("a label changes nothing", () => {
	expect(changes(versionOf('block all\npass in label "a"\n'), versionOf('block all\npass in label "b"\n'))).toEqual([]);
});

test("what a table holds is part of the rule, not what it is called", () => {
	const text = (name: string, address: string) => `table <${name}> const { ${address} }\nblock all\npass in from <${name}>\n`;
	expect(changes(versionOf(text("a", "192.0.2.0/24")), versionOf(text("a", "192.0.2.0/24")))).toEqual([]);
	expect(changes(versionOf(text("a", "192.0.2.0/24")), versionOf(text("a", "198.51.100.0/24")))).not.toEqual([]);
});

test("an interface whose addresses are others changes the rule that asks for them", () => {
	const text = "block all\npass in to (em0)\n";
	const others = INTERFACES.map((one) => ({ ...one, addresses: [] }));
	expect(changes(versionOf(text), versionOf(text))).toEqual([]);
	expect(changes(versionOf(text), versionOf(text, others))).not.toEqual([]);
});

describe("the last lines of two rulesets", () => {
	const names = ["lo0", "em0", "em1", "tap3"];
	const contents = new Contents();
	const keyOf = (text: string, interfaces: Known, isCompared: boolean): string => {
		const { ruleset } = versionOf(text);
		const line = programOf(ruleset).lines.at(-1);
		if (line === undefined) throw new Error("no line");
		const around = { interfaces: interfacesOf(interfaces), tables: loadedTablesOf(ruleset, new Set()), contents };
		return lineKey(line, around, isCompared ? names : undefined);
	};
	const isSame = (one: string, other: string, own: Known = INTERFACES, theirs: Known = own) =>
		keyOf(one, own, own !== theirs) === keyOf(other, theirs, own !== theirs);
	const inTable = (entries: string, rule = "pass in from <t>") => `table <t> const { ${entries} }\n${rule}\n`;
	const [FEW, MORE] = ["10.0.0.1 10.0.0.2", "10.0.0.1 10.0.0.2 10.0.0.3"];
	it.each<[what: string, one: string, other: string, same: boolean]>([
		["with other labels", 'pass in label "a"\n', 'pass in label "b $nr"\n', true],
		["one with a label", 'pass in label "a"\n', "pass in\n", true],
		["with other tags", "pass in tag A\n", "pass in tag B\n", false],
		["one of them quick", "pass in\n", "pass in quick\n", false],
		["in blocks without a name, of other numbers", "anchor {\n pass\n}\nanchor {\n block\n}\n", "anchor {\n block\n}\n", true],
		["in blocks without a name, of longer numbers", "anchor {\n block\n}\n".repeat(12), "anchor {\n block\n}\n", true],
		["in one, and in none", "anchor {\n block\n}\n", "block\n", false],
		["in anchors of other names", 'anchor "a" {\n block\n}\n', 'anchor "b" {\n block\n}\n', false],
		["in one whose name looks like a number", 'anchor "x_1" {\n block\n}\n', 'anchor "x_2" {\n block\n}\n', false],
		["in a block of a named one", 'anchor "a" {\n anchor {\n block\n }\n}\n', "anchor {\n block\n}\n", false],
		["in calls of which one is quick", 'anchor "a" {\n block\n}\n', 'anchor "a" quick {\n block\n}\n', false],
		["from entries of which one is negated", inTable("10.0.0.0/8 10.1.0.0/16"), inTable("10.0.0.0/8 !10.1.0.0/16"), false],
		["to other entries", inTable(FEW, "pass to <t>"), inTable(MORE, "pass to <t>"), false],
		["with other addresses for NAT", inTable(FEW, "pass out inet nat-to <t>"), inTable(MORE, "pass out inet nat-to <t>"), false],
		["with others to redirect to", inTable(FEW, "pass in inet rdr-to <t>"), inTable(MORE, "pass in inet rdr-to <t>"), false],
		["with other gateways", inTable(FEW, "pass in inet route-to <t>"), inTable(MORE, "pass in inet route-to <t>"), false],
		["from a table, and from one that may hold more", inTable(""), "table <t> {}\npass in from <t>\n", false],
		["from one that holds what the other's other table does", inTable(FEW), `table <u> { ${MORE} }\n${inTable(FEW)}`, true],
	])("%s", (_, one, other, same) => {
		expect(isSame(one, other)).toBe(same);
		expect(isSame(other, one)).toBe(same);
	});

	const without = (name: string) => INTERFACES.map((one) => (one.name === name ? { ...one, addresses: [], groups: [] } : one));
	it.each<[rule: string, others: Known, same: boolean]>([
		["pass in to (em1)", without("em1"), false],
		["pass in to (em1)", without("tap3"), true],
		["pass in to em1", without("em1"), false],
		["pass in to em1:network", without("em1"), false],
		["pass in from em1", without("tap3"), true],
		["pass in to www.example.org", without("em1"), true],
		["pass in to 10.0.0.1", without("em1"), true],
		["pass on web", without("tap3"), false],
		["pass on em1", without("em1"), true],
		["pass out received-on web", without("tap3"), false],
		["pass out received-on web", without("em1"), true],
		["pass on web", undefined, false],
		// Of interfaces that are not known each may be in a group, also in one that has none of those that are.
		["pass on nobody", undefined, false],
		["pass on em1", undefined, true],
		["pass", undefined, true],
	])("%s, where interfaces became others", (rule, others, same) => {
		const text = `${rule}\n`;
		const key = (interfaces: Known) => keyOf(text, interfaces, true);
		expect(key(INTERFACES) === key(others)).toBe(same);
	});
});

describe("what a rule asks for", () => {
	const asked: readonly Partial<Rule>[] = [
		{ direction: "in" },
		{ interface: "em0" },
		{ interface: "em0", interfaceNegated: true },
		{ rdomain: 1 },
		{ family: "inet" },
		{ protocol: 17 },
		{ source: end("10.0.0.1") },
		{ protocol: 6, os: "OpenBSD" },
		{ destination: end("10.0.0.1") },
		{ receivedOn: "em0" },
		{ receivedOn: "em0", receivedOnNegated: true },
		{ protocol: 17, user: number("1") },
		{ protocol: 17, group: number("1") },
		{ protocol: 6, flags: 2, flagSet: 2 },
		{ family: "inet", protocol: 1, icmpType: 8 },
		{ family: "inet", protocol: 1, icmpType: 8, icmpCode: 0 },
		{ tos: 4 },
		{ prio: 3 },
		{ maxPacketRate: { limit: 1, seconds: 1 } },
		{ probability: 1000 },
		{ fragment: true },
		{ once: true },
		{ tagged: "A" },
		{ tagged: "A", taggedNegated: true },
	];
	it("tells rules apart that ask for other packets", () => {
		expect(new Set([block(), ...asked.map((more) => block(more))].map(criteriaOf)).size).toBe(asked.length + 1);
	});
	it.each<Partial<Rule>>([{ action: "pass" }, { quick: true }, { tag: "A" }, { label: "a" }, { nat: pool("10.0.0.1") }, { state: "keep" }])(
		"and none that do others: %j",
		(more) => expect(criteriaOf(pass({ flags: 0, flagSet: 0, ...more }))).toBe(criteriaOf(block())),
	);
});

describe("the addresses that rules translate and route to", () => {
	const contents = new Contents();
	/** Of all rules, the last one first. */
	const poolsIn = (text: string, interfaces: Known = INTERFACES) => {
		const { ruleset } = versionOf(text);
		const rules = programOf(ruleset).lines.filter(({ kind }) => kind === "rule");
		return poolsOf(rules.toReversed(), { interfaces: interfacesOf(interfaces), tables: loadedTablesOf(ruleset, new Set()), contents });
	};
	const moved = INTERFACES.map((one) =>
		one.name === "em1" ? { ...one, addresses: [{ family: "inet" as const, address: "10.0.0.2", netmask: "255.255.255.0" }] } : one,
	);
	const table = (entries: string, rule: string) => `table <t> const { ${entries} }\n${rule}\n`;

	test("are none of rules without pools, and of those whose pools say them", () => {
		expect(poolsIn("pass\n")).toBe(";;");
		expect(poolsIn("pass out inet nat-to 192.0.2.9\npass in inet rdr-to 10.0.0.20\npass in inet route-to 10.0.0.30\n")).toBe(";;");
	});

	it.each([
		["nat-to", "pass out inet nat-to (em1)\n"],
		["rdr-to", "pass in inet rdr-to (em1)\n"],
		["route-to", "pass in inet route-to (em1:peer)\n"],
	])("are those of the interface, by %s", (what, text) => {
		const has = INTERFACES.map((one) =>
			one.name === "em1" ? { ...one, flags: 0x53, addresses: [{ family: "inet" as const, address: "10.0.0.1", peer: "10.0.0.8" }] } : one,
		);
		const other = INTERFACES.map((one) =>
			one.name === "em1" ? { ...one, flags: 0x53, addresses: [{ family: "inet" as const, address: "10.0.0.2", peer: "10.0.0.9" }] } : one,
		);
		expect(poolsIn(text, has)).not.toBe(poolsIn(text, other));
		expect(poolsIn(text, has)).toBe(poolsIn(text, [...has]));
		expect(
			poolsIn(text, has)
				.split(";")
				.findIndex((one) => one !== ""),
		).toBe(["nat-to", "rdr-to", "route-to"].indexOf(what));
	});

	test("are those of a table", () => {
		const nat = "pass out inet nat-to <t>";
		expect(poolsIn(table("192.0.2.9", nat))).toBe(poolsIn(table("192.0.2.9", nat)));
		expect(poolsIn(table("192.0.2.9", nat))).not.toBe(poolsIn(table("192.0.2.8", nat)));
	});

	test("are those of the last rule of each kind", () => {
		const last = "pass out inet nat-to 192.0.2.9\n";
		expect(poolsIn(`pass out inet nat-to (em1)\n${last}`, moved)).toBe(poolsIn(last));
		expect(poolsIn(`pass out inet nat-to (em1)\npass in inet rdr-to 10.0.0.20\n`, moved)).not.toBe(
			poolsIn("pass out inet nat-to (em1)\npass in inet rdr-to 10.0.0.20\n"),
		);
	});

	test("are those of a name that pfctl looks up", () => {
		const { ruleset } = versionOf("pass\n");
		const around = (interfaces: Known) => ({ interfaces: interfacesOf(interfaces), tables: loadedTablesOf(ruleset, new Set()), contents });
		const named = (name: string) => [{ rule: pass({ nat: { ...pool("any"), address: { kind: "unresolved" as const, name } } }), path: "" }];
		expect(poolsOf(named("em1"), around(INTERFACES))).not.toBe(poolsOf(named("em1"), around(moved)));
		expect(poolsOf(named("www.example.org"), around(INTERFACES))).toBe(";;");
	});
});
