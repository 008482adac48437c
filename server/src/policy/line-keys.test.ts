/** Lines of two versions that are the same although their texts are not, and those that are not although they are. */
import { expect, test } from "vitest";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { treatmentDifference } from "./difference.ts";
import { INTERFACES } from "./fixture.ts";

const system = systemOf({});
const versionOf = (text: string, interfaces: typeof INTERFACES = INTERFACES) => ({
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
