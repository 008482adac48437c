/** Patterns on the handbook's own host, as its page prints it: what they promise holds there, or they say what stands against it. */
import { describe, expect, it } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { render } from "../text/message.ts";
import type { Answers } from "./pattern.ts";
import { applyPattern, hostFor, nextQuestion, type PatternName, patterns } from "./patterns.ts";
import { type Files, sourceOf } from "./testing.ts";

/** A host of the examples with more files, or others. */
function page(name: "handbook" | "handbook-microsegmentation", more: Readonly<Record<string, string>> = {}): Files {
	const files = new Map([...readHost(name)].map(([path, text]) => [path, { text }]));
	// The variant for one VLAN is another host than that of the page's first section.
	files.delete("/etc/hostname.vlan10");
	for (const [path, text] of Object.entries(more)) files.set(path, { text });
	return files;
}

const uplinks = { "/etc/hostname.em0": "inet autoconf\n", "/etc/hostname.em1": "up\n", "/etc/rc.conf.local": "vmd_flags=\n" };

function run(files: Files, name: PatternName, answers: Answers) {
	const applied = applyPattern(sourceOf(files), name, answers);
	const after: Files = new Map([...files, ...[...applied.files].map(([path, text]) => [path, { text }] as const)]);
	return {
		after,
		text: (path: string) => after.get(path)?.text ?? "",
		problems: applied.problems.map(({ message }) => render(message)),
		unmet: applied.unmet.map(({ test, message }) => `${test}: ${render(message)}`),
	};
}

const policies = "web01: 80 443; web01: 22 from 10.10.0.0/24; db01: 3306 from 10.10.0.20";
const addresses = "web01=10.10.0.20,db01=10.50.0.30";
/** Both guests in the routed segment, as the page's rule for db01 has it, and the management LAN on em1. */
const routedTogether = {
	...uplinks,
	"/etc/hostname.em1": "inet 10.10.0.1/24\n",
	"/etc/hostname.bridge0": "up\n",
	"/etc/vm.conf":
		'switch "isolated" {\n\tinterface bridge1\n}\nvm "web01" {\n\tdisk "/var/vm/web01.img"\n\tinterface { switch "isolated" }\n}\nvm "db01" {\n\tdisk "/var/vm/db01.img"\n\tinterface { switch "isolated" }\n}\n',
};

describe("one VLAN, where the page's bridge has the trunk", () => {
	const { text, problems, unmet } = run(page("handbook", uplinks), "vlan", { switch: "lan", parent: "em1", vlan: "10", guests: "web01" });

	it("takes the trunk out of the bridge: guests see that VLAN and nothing else", () => {
		expect(problems).toEqual([]);
		expect(text("/etc/hostname.bridge0")).toMatch(/^add vlan10$/m);
		expect(text("/etc/hostname.bridge0")).not.toMatch(/^add em1$/m);
	});

	it("holds what it promises", () => expect(unmet).toEqual([]));
});

describe("routed guests, where the page's rules are", () => {
	const answers = { switch: "isolated", guests: "db01", dhcp: "no" };
	const { after, text, problems, unmet } = run(page("handbook", uplinks), "routed", answers);
	const rules = (hostFor(sourceOf(after)).pf?.ruleset.main.rules ?? []).map((rule) => printRule(rule));

	it("adds no second translation, and no rule twice", () => {
		expect(problems).toEqual([]);
		expect(rules.filter((rule) => rule.includes("nat-to")).length).toBe(1);
		expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
	});

	it("lets the administrator in again", () =>
		expect(text("/etc/pf.conf")).toMatch(/pass in on egress inet proto tcp to \(egress\) port ssh/));

	it("holds what it promises", () => expect(unmet).toEqual([]));
});

describe("routed guests, where the page's anchors stand before the block", () => {
	const { text, problems } = run(page("handbook-microsegmentation", uplinks), "routed", { switch: "isolated", guests: "db01", dhcp: "no" });

	it("writes no rule above the block, which would take it back", () => {
		expect(problems).toEqual([]);
		const rules = text("/etc/pf.conf");
		expect(rules.indexOf("pass in on vether0")).toBeGreaterThan(rules.indexOf("block all"));
	});
});

describe("an uplink without a file", () => {
	const answers = { switch: "isolated", uplink: "em0", guests: "db01", dhcp: "no" };

	it("gets one, by DHCP or with its address, so that the outside is known", () => {
		const { text, unmet } = run(page("handbook", { "/etc/hostname.em1": "up\n" }), "routed", answers);
		expect(text("/etc/hostname.em0")).toContain("inet autoconf\n");
		expect(unmet).toEqual([]);
		expect(run(page("handbook"), "routed", { ...answers, address: "203.0.113.10/24" }).text("/etc/hostname.em0")).toContain(
			"inet 203.0.113.10/24\n",
		);
	});

	it("stays without where its file is kept elsewhere, and what cannot be told is said", () => {
		const { after, unmet } = run(page("handbook"), "routed", { ...answers, address: "elsewhere" });
		expect(after.has("/etc/hostname.em0")).toBe(false);
		expect(unmet.length).toBeGreaterThan(0);
	});

	it("keeps the one that it has, whatever is answered", () => {
		const { problems, text } = run(page("handbook", uplinks), "routed", { ...answers, address: "203.0.113.10/24" });
		expect(problems).toEqual([]);
		expect(text("/etc/hostname.em0")).toBe("inet autoconf\n");
		expect(
			nextQuestion(hostFor(sourceOf(page("handbook", uplinks))), "routed", { switch: "isolated", flavour: "bridge", uplink: "em0" })?.id,
		).not.toBe("address");
	});
});

describe("a policy for each guest", () => {
	it("with the page's two switches: web01 on the LAN, db01 behind the host", () => {
		const { problems, unmet } = run(page("handbook", uplinks), "microsegment", { addresses, allow: policies });
		expect(problems).toEqual([]);
		// No interface of the host is on the LAN: how web01 gets to it from there, no file tells.
		expect(unmet).toEqual(["10.10.0.20 db01 tcp 3306 pass: There is no way from 10.10.0.20 to db01"]);
	});

	it("with both guests behind the host, and SSH from a LAN of the host's", () => {
		const allow = "web01: 80 443; web01: 22 from 10.10.0.0/24; db01: 3306 from web01";
		const { problems, unmet, text } = run(page("handbook", routedTogether), "microsegment", {
			addresses: "web01=10.50.0.20,db01=10.50.0.30",
			allow,
		});
		expect(problems).toEqual([]);
		expect(text("/etc/pf.conf")).toContain("pass in on em1 inet proto tcp from 10.10.0.0/24 to 10.50.0.20 port 22\n");
		expect(unmet).toEqual([]);
	});

	it("where the page's anchors stand before the block, and are loaded by a pattern of names", () => {
		const { problems, unmet, text } = run(page("handbook-microsegmentation", uplinks), "microsegment", { addresses, allow: policies });
		expect(problems).toEqual([]);
		expect(text("/etc/pf.conf")).not.toContain("*.conf");
		expect(unmet).toEqual(["10.10.0.20 db01 tcp 3306 pass: There is no way from 10.10.0.20 to db01"]);
	});
});

describe("the examples of the questions are answers that are taken", () => {
	const hosts: Readonly<Record<string, Files>> = {
		"the page's host": page("handbook", uplinks),
		"a host of one file": new Map([["/etc/hostname.em0", { text: "inet autoconf\n" }]]),
	};
	const names = Object.keys(patterns) as readonly PatternName[];
	// A policy of its own is for a guest that is there.
	const all = Object.keys(hosts).flatMap((host) => names.map((name) => [host, name] as const));
	it.each(all.filter(([host, name]) => name !== "microsegment" || host === "the page's host"))("%s: %s", (host, name) => {
		const source = sourceOf(hosts[host] ?? new Map());
		const [answers, refused]: [Record<string, string>, string[]] = [{}, []];
		for (;;) {
			const question = nextQuestion(hostFor(source), name, answers);
			if (question === undefined) break;
			const { id, example, standard = "", check } = question;
			const said = example === undefined ? undefined : check(example);
			if (said !== undefined) refused.push(`${id}: ${render(said)}`);
			answers[id] = example ?? standard;
		}
		expect(refused).toEqual([]);
	});
});
