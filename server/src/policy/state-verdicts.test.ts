/** What a new ruleset means for states that are there. */
import { describe, expect, test } from "vitest";
import { filesOf, hostOf } from "../host/fixture.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { parseIp } from "../pf/names/address.ts";
import { ZERO_IP } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { judgeOfStates, madeOnOf } from "./state-verdicts.ts";
import type { PfState } from "./states.ts";

const facts = {
	interfaces: [
		{ name: "lo0", flags: 8, groups: ["lo"], addresses: [{ family: "inet", address: "127.0.0.1", prefixLength: 8 }] },
		{ name: "em0", flags: 2, groups: ["egress"], addresses: [{ family: "inet", address: "203.0.113.10", prefixLength: 24 }] },
		{ name: "vport0", flags: 2, groups: ["vport"], addresses: [{ family: "inet", address: "10.9.0.1", prefixLength: 24 }] },
		{ name: "tap0", flags: 2, groups: ["tap", "guests"], addresses: [] },
		{ name: "tap1", flags: 2, groups: ["tap", "guests"], addresses: [] },
		{ name: "veb0", flags: 2, groups: ["veb"], addresses: [] },
	],
} as const;

/** `in tcp 192.0.2.1:5000 203.0.113.10:22`, on an interface, or on any. */
function state(words: string, on = "all"): PfState {
	const [direction, protocol = "", from = "", to = ""] = words.split(" ");
	const end = (text: string) => {
		const [, host = "", port = "0"] = /^(.*?)(?:[:#](\d+))?$/.exec(text) ?? [];
		return { address: parseIp(host)?.address ?? ZERO_IP, port: Number(port), rdomain: 0 };
	};
	return {
		interface: on,
		direction: direction === "out" ? "out" : "in",
		family: "inet",
		protocol: { tcp: 6, udp: 17, icmp: 1 }[protocol] ?? 0,
		source: end(from),
		destination: end(to),
		progress: "0:0",
		age: 0,
		expires: 0,
		packets: [0, 0],
		bytes: [0, 0],
		flags: [],
		id: "",
	};
}

function judged(rules: string, words: string, { on = "all", madeBy = "" } = {}): string {
	const text = `//- /etc/pf.conf\n${rules}`;
	const pf = pfFacts(filesOf(text));
	const host = hostOf(text, { facts: facts as never, ...(pf === undefined ? {} : { pf }) });
	const { kind, rule, why } = judgeOfStates(host)(state(words, on), madeOnOf(madeBy));
	return [kind, ...(rule === undefined ? [] : [printRule(rule)]), ...(why === undefined ? [] : [why])].join(": ");
}

const ssh = "in tcp 192.0.2.1:5000 203.0.113.10:22";

describe("a state under a new ruleset", () => {
	test.each([
		[
			"is made still, wherever it came",
			"block\npass in proto tcp to port 22\n",
			ssh,
			{},
			"made: pass in proto tcp from any to any port = 22 flags S/SA",
		],
		["is made no more", "block\npass in proto tcp to port 80\n", ssh, {}, "refused: block drop all"],
		["depends on an interface that is not known", "block\npass in on em0 proto tcp to port 22\n", ssh, {}, "unknown: interface"],
		[
			"is bound to an interface",
			"block\npass in on em0 proto tcp to port 22\n",
			ssh,
			{ on: "em0" },
			"made: pass in on em0 proto tcp from any to any port = 22 flags S/SA",
		],
		["is bound to another", "block\npass in on em0 proto tcp to port 22\n", ssh, { on: "tap0" }, "refused: block drop all"],
		[
			"was made by a rule of that interface",
			"block\npass in on egress proto tcp to port 22\n",
			ssh,
			{ madeBy: "pass in quick on em0 proto tcp from any to any port = 22 flags S/SA" },
			"made: pass in on egress proto tcp from any to any port = 22 flags S/SA",
		],
		[
			"was made by a rule of a group, whose interfaces disagree",
			"block\npass in on tap0\n",
			ssh,
			{ madeBy: "pass in on guests all flags S/SA" },
			"unknown: interface",
		],
		[
			"was made by a rule of a group, whose interfaces agree",
			"pass\nblock in on guests\n",
			ssh,
			{ madeBy: "pass in on guests all flags S/SA" },
			"refused: block drop in on guests all",
		],
		["was made on any but one", "block\npass in on em0\n", ssh, { madeBy: "pass in on ! em0 all flags S/SA" }, "refused: block drop all"],
		["what is skipped on the loopback says nothing of others", "set skip on lo\nblock\n", ssh, {}, "refused: block drop all"],
		["but of the host's own", "set skip on lo\nblock\n", "in tcp 10.9.0.1:5000 203.0.113.10:22", {}, "unknown: rule"],
		["packets that pass without a state", "block\npass in proto tcp no state\n", ssh, {}, "unknown: rule"],
		["no rule at all", "pass out\n", ssh, {}, "unknown: rule"],
		["a table that anybody may fill", "table <bad> persist\npass\nblock from <bad>\n", ssh, {}, "unknown: rule"],
		[
			"a table of the file",
			"table <bad> const { 192.0.2.0/24 }\npass\nblock from <bad>\n",
			ssh,
			{},
			"refused: block drop from <bad> to any",
		],
		[
			"a tag that an earlier passage may have given",
			"block\npass in on tap0 tag ok\npass out tagged ok\n",
			"out tcp 10.9.0.5:5000 192.0.2.1:80",
			{},
			"unknown: rule",
		],
		[
			"an echo request",
			"block\npass in inet proto icmp icmp-type echoreq\n",
			"in icmp 192.0.2.1:77 203.0.113.10:8",
			{},
			"made: pass in inet proto icmp all icmp-type echoreq",
		],
		["a user that is not known", "block\npass in proto tcp user root\n", ssh, {}, "unknown: rule"],
		[
			"what redirects it stands before",
			"block\npass in proto tcp to 203.0.113.10 port 8080 rdr-to 10.9.0.5 port 80\n",
			"in tcp 192.0.2.1:5000 203.0.113.10:8080",
			{},
			"made: pass in inet proto tcp from any to 203.0.113.10 port = 8080 flags S/SA rdr-to 10.9.0.5 port 80",
		],
		["a file that cannot be read", "block\nfrobnicate\n", ssh, {}, "unknown: rules"],
	])("%s", (_, rules, words, more, expected) => {
		expect(judged(rules, words, more)).toBe(expected);
	});

	test("those that no rule tells apart are judged once, and others are not taken for them", () => {
		const text =
			"//- /etc/pf.conf\nblock\npass in proto tcp to 10.9.0.0/24 port 80:90\npass in proto tcp from 10.9.0.7 to any port > 1023\n";
		const pf = pfFacts(filesOf(text));
		const judge = judgeOfStates(hostOf(text, { facts: facts as never, ...(pf === undefined ? {} : { pf }) }));
		const kinds = (words: string) => judge(state(words)).kind;
		const one = judge(state("in tcp 192.0.2.1:5000 10.9.0.5:82"));
		expect(judge(state("in tcp 192.0.2.2:6000 10.9.0.6:83"))).toBe(one);
		expect(["80", "90", "79", "91"].map((port) => kinds(`in tcp 192.0.2.1:5000 10.9.0.5:${port}`))).toEqual([
			"made",
			"made",
			"refused",
			"refused",
		]);
		expect(["10.9.0.255", "10.9.1.0", "10.8.255.255"].map((to) => kinds(`in tcp 192.0.2.1:5000 ${to}:80`))).toEqual([
			"made",
			"refused",
			"refused",
		]);
		expect(["10.9.0.6", "10.9.0.7", "10.9.0.8"].map((from) => kinds(`in tcp ${from}:5000 192.0.2.1:1024`))).toEqual([
			"refused",
			"made",
			"refused",
		]);
		expect(kinds("in tcp 10.9.0.7:5000 192.0.2.1:1023")).toBe("refused");
	});
});

test.each([
	["pass in quick on tap0 proto tcp all", { interface: "tap0", negated: false }],
	["pass out log (all, to pflog1) quick on ! egress all", { interface: "egress", negated: true }],
	["pass all flags S/SA", { interface: "", negated: false }],
	["pass on rdomain 1 all", { interface: "", negated: false }],
	['pass in proto tcp all label "x on em0"', { interface: "", negated: false }],
])("%s", (text, expected) => {
	expect(madeOnOf(text)).toEqual(expected);
});
