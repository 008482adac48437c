/** What a failing expectation is told to change: taken, it holds. */
import { describe, expect, it } from "vitest";
import { type HostFile, hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { PfTestFile } from "../pftest/file.ts";
import type { Fix } from "../text/diagnostic.ts";
import { render } from "../text/message.ts";
import { bridged, type Files, guest, lan, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { runPolicyTests } from "./policy-tests.ts";

const TEST = "/etc/policy.pftest";

function run(files: ReadonlyMap<string, HostFile>, lines: readonly string[]) {
	const facts = pfFacts(files);
	const host = hostBuilder()({ name: "hv1", files, ...(facts && { pf: facts }) });
	return runPolicyTests(host, PfTestFile.parse(`${lines.join("\n")}\n`, { path: TEST }));
}

function taken(files: ReadonlyMap<string, HostFile>, { edits }: Fix): ReadonlyMap<string, HostFile> {
	const after = new Map(files);
	for (const { file = TEST, span, text } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
		const before = after.get(file)?.text ?? "";
		after.set(file, { text: before.slice(0, span.start) + text + before.slice(span.end) });
	}
	return after;
}

/** The titles of fixes, one after the other, until the expectation holds or none is offered; and what it comes to. */
function course(host: Files, line: string, ...more: readonly string[]): readonly string[] {
	let files: ReadonlyMap<string, HostFile> = sourcesOf(host);
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
			"none where the block is in an anchor",
			{ ...routed(), ...em0, ...pf('anchor "a" {', "block quick", "}") },
			"outside host tcp 22 pass",
			["failed"],
		],
		["none where a block is expected", { ...routed(), ...em0, ...pf("pass") }, "outside host tcp 22 block", ["failed"]],
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
	])("%s", (_, host, line, steps, more = []) => {
		expect(course(host, line, ...more)).toEqual(steps);
	});
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
		["nothing", { ...routed(), ...em0, ...pf("pass") }, undefined],
	])("%s", (_, files, advice) => {
		const [result] = run(sourcesOf(files), ["outside db01 tcp 80 pass"]);
		const told = result?.failures[0]?.remedy.advice;
		expect(told && render(told)).toBe(advice);
	});
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
