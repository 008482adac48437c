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
		{
			name: "em0",
			flags: 2,
			groups: ["egress"],
			addresses: [
				{ family: "inet", address: "203.0.113.10", prefixLength: 24 },
				{ family: "inet6", address: "fe80::1%em0", prefixLength: 64 },
			],
		},
		{ name: "vport0", flags: 2, groups: ["vport"], addresses: [{ family: "inet", address: "10.9.0.1", prefixLength: 24 }] },
		{ name: "tap0", flags: 2, groups: ["tap", "guests"], addresses: [] },
		{ name: "tap1", flags: 2, groups: ["tap", "guests"], addresses: [] },
		{ name: "veb0", flags: 2, groups: ["veb"], addresses: [] },
		// What cannot be read is no address.
		{ name: "veb12", flags: 2, groups: ["veb"], addresses: [{ family: "inet", address: "?", prefixLength: 24 }] },
	],
} as const;

/** `in tcp 192.0.2.1:5000 203.0.113.10:22`, `in icmp6 2001:db8::1#7 2001:db8::2#128`, on an interface, or on any. */
function state(words: string, on = "all"): PfState {
	const [direction, protocol = "", from = "", to = ""] = words.split(" ");
	const end = (text: string) => {
		const [, host = "", port = "0"] = /^(.*?)(?:[:#](\d+))?$/.exec(text) ?? [];
		return { address: parseIp(host)?.address ?? ZERO_IP, port: Number(port), rdomain: 0 };
	};
	return {
		interface: on,
		direction: direction === "out" ? "out" : "in",
		family: from.includes("::") ? "inet6" : "inet",
		protocol: { tcp: 6, udp: 17, icmp: 1, icmp6: 58 }[protocol] ?? 0,
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

interface Around {
	/** Other files of the host. */
	readonly files?: string;
	readonly seen?: typeof facts | null;
	readonly unseen?: readonly string[];
	readonly cutOff?: boolean;
}

/** What is said of states by one judge: of the words of each, on an interface, by a loaded rule. */
function judgeOf(rules: string | undefined, { files = "", seen = facts, unseen = [], cutOff = false }: Around = {}) {
	const text = `${rules === undefined ? "" : `//- /etc/pf.conf\n${rules}`}${files}`;
	const pf = pfFacts(filesOf(text));
	const own = pf && { ...pf, ruleset: { ...pf.ruleset, ...(cutOff && { cutOff }) } };
	const host = hostOf(text, { ...(seen && { facts: seen as never }), ...(own && { pf: own }) });
	const judge = judgeOfStates(host, new Set(unseen));
	return (words: string, { on = "all", madeBy = "" } = {}): string => {
		const { kind, rule, why } = judge(state(words, on), madeOnOf(madeBy));
		return [kind, ...(rule === undefined ? [] : [printRule(rule)]), ...(why === undefined ? [] : [why])].join(": ");
	};
}

const judged = (rules: string, words: string, more: { readonly on?: string; readonly madeBy?: string } = {}): string =>
	judgeOf(rules)(words, more);

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
		["nor of addresses with the same bits in IPv6", "set skip on lo\nblock\n", "in tcp a09:1:: cb00:710a::", {}, "refused: block drop all"],
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
		["is made everywhere by one rule", "pass\nblock out on em0\n", ssh, {}, "made: pass all flags S/SA"],
		["is refused by one rule, whoever owns the socket", "pass in proto tcp user root\nblock\n", ssh, {}, "refused: block drop all"],
		["is bound to an interface that is gone", "block\npass in on vio9\n", ssh, { on: "vio9" }, "made: pass in on vio9 all flags S/SA"],
		[
			"was made on one of several that are alike",
			"block\npass in on guests\n",
			ssh,
			{ madeBy: "pass in on tap0 all flags S/SA" },
			"made: pass in on guests all flags S/SA",
		],
		[
			"was made on another interface than a rule for its address names",
			"block\npass in on em0\nblock in on tap0 inet from 192.0.2.1\n",
			ssh,
			{ madeBy: "pass in on em0 all flags S/SA" },
			"made: pass in on em0 all flags S/SA",
		],
		["has no translation any more", "block\npass in on em0 inet nat-to (tap0)\n", ssh, { on: "em0" }, "unknown: rule"],
		[
			"an echo request of IPv6",
			"block\npass in inet6 proto icmp6 icmp6-type echoreq\n",
			"in icmp6 2001:db8::1#77 2001:db8::2#128",
			{},
			"made: pass in inet6 proto ipv6-icmp all icmp6-type echoreq",
		],
		["of the host's own of IPv6", "set skip on lo\nblock\n", "in tcp fe80::1#5000 fe80::1#22", {}, "unknown: rule"],
		["is refused everywhere, by several rules", "block\nblock in on em0\n", ssh, {}, "refused"],
		["is refused by one of two rules, whoever owns the socket", "block\nblock in proto tcp user root\n", ssh, {}, "refused"],
		["was made on an interface that is gone", "block\n", ssh, { madeBy: "pass in on vio9 all flags S/SA" }, "unknown: interface"],
		["is on no port of a switch, where pf sees no packet", "block\npass in on { veb0 veb12 }\n", ssh, {}, "refused: block drop all"],
		["goes out", "block\npass out proto tcp\n", "out tcp 10.9.0.5:5000 192.0.2.1:80", {}, "made: pass out proto tcp all flags S/SA"],
		[
			"came in by an interface that the rule asks for",
			"block\npass in on em0 received-on em0\n",
			ssh,
			{ on: "em0" },
			"made: pass in on em0 all received-on em0 flags S/SA",
		],
		[
			"goes out, by a rule that asks where it came in",
			"block\npass out on em0 received-on tap0\n",
			"out tcp 10.9.0.5:5000 192.0.2.1:80",
			{ on: "em0" },
			"unknown: rule",
		],
		[
			"goes out, by a rule that asks whether it is the host's own",
			"block\npass out on em0 received-on any\n",
			"out tcp 10.9.0.5:5000 192.0.2.1:80",
			{ on: "em0" },
			"unknown: rule",
		],
		[
			"goes out, where all rules for where it came in agree",
			"block\npass out on em0 received-on any\npass out on em0 ! received-on any\n",
			"out tcp 10.9.0.5:5000 192.0.2.1:80",
			{ on: "em0" },
			"made",
		],
		[
			"becomes an address that nobody can tell, before a rule that may ask for it",
			"block\nmatch out on em0 inet nat-to 198.51.100.0/28 random\npass out inet from 10.9.0.0/24\npass out inet from 198.51.100.0/28\n",
			"out tcp 10.9.0.5:5000 192.0.2.1:80",
			{ on: "em0" },
			"unknown: rule",
		],
		[
			"becomes one by the rule that decides",
			"block\npass out on em0 inet nat-to 198.51.100.0/28 random\n",
			"out tcp 10.9.0.5:5000 192.0.2.1:80",
			{ on: "em0" },
			"made: pass out on em0 inet all flags S/SA nat-to 198.51.100.0/28 random",
		],
		[
			"a table that an overload fills",
			"table <bad> { 192.0.2.0/24 }\npass\nblock from <bad>\npass in on tap0 proto tcp to port 2222 keep state (max-src-conn 5, overload <bad>)\n",
			"in tcp 198.51.100.1:5000 203.0.113.10:22",
			{},
			"unknown: rule",
		],
		[
			"a table that none fills",
			"table <bad> { 192.0.2.0/24 }\npass\nblock from <bad>\n",
			"in tcp 198.51.100.1:5000 203.0.113.10:22",
			{},
			"made: pass all flags S/SA",
		],
	])("%s", (_, rules, words, more, expected) => {
		expect(judged(rules, words, more)).toBe(expected);
	});

	describe("is not known", () => {
		const guest =
			'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "lan" }\n}\n//- /etc/hostname.veb0\nup\n//- /etc/hostname.em0\ninet 203.0.113.10/24\n';
		const taps = "block\npass in on { lo0 em0 vport0 tap0 tap1 }\n";
		test.each<[why: string, rules: string | undefined, around: Around, expected: string]>([
			["without rules", undefined, {}, "unknown: rules"],
			["where rules are left out", "block\n", { cutOff: true }, "unknown: rules"],
			["where no interface is known", "block\n", { seen: null }, "unknown: rules"],
			["on the tap of a guest that may be any, where the host was not asked", taps, { seen: null, files: guest }, "unknown: rule"],
			["on the tap of a guest that no file names", "pass\nblock in on tap\n", { seen: null, files: guest }, "unknown: interface"],
			["but where it was, there are no other taps", taps, { files: guest }, "made"],
			["nor where pf does not see its packets", "pass\nblock in on em0\n", { unseen: ["em0"] }, "made: pass all flags S/SA"],
		])("%s", (_, rules, around, expected) => expect(judgeOf(rules, around)(ssh)).toBe(expected));
	});

	describe("is not taken for another of the same judge", () => {
		const kinds = (rules: string, ...states: readonly (readonly [words: string, more?: object])[]) => {
			const judge = judgeOf(rules);
			return states.map(([words, more]) => judge(words, more).split(":", 1)[0]);
		};
		const on = (name: string) => [ssh, { on: name }] as const;
		const madeBy = (words: string) => [ssh, { madeBy: `pass in on ${words} all flags S/SA` }] as const;
		const to = (address: string, port = 80) => [`in tcp 192.0.2.1:5000 ${address}:${port}`] as const;
		const from = (address: string) => [`in tcp ${address}:5000 203.0.113.10:22`] as const;
		test.each<[what: string, rules: string, states: Parameters<typeof kinds>[1][], expected: readonly string[]]>([
			["on other interfaces", "block\npass in on em0\n", [[ssh], on("em0"), on("tap0"), [ssh]], ["unknown", "made", "refused", "unknown"]],
			["by other rules", "block\npass in on em0\n", [madeBy("em0"), madeBy("! em0"), madeBy("em0")], ["made", "refused", "made"]],
			[
				"of the host itself",
				"set skip on lo\nblock\n",
				[["in tcp 10.9.0.1:5000 203.0.113.10:22"], [ssh], ["in tcp 10.9.0.1:5000 203.0.113.10:22"]],
				["unknown", "refused", "unknown"],
			],
			[
				"from the lowest address of a rule",
				"pass in from 10.9.0.0/24 to 203.0.113.0/24\n",
				[from("1.2.3.4"), from("10.9.0.0")],
				["unknown", "made"],
			],
			[
				"to the lowest port of a rule",
				"block\npass in proto tcp to port 80:90\n",
				[to("10.9.0.5", 22), to("10.9.0.5")],
				["refused", "made"],
			],
			[
				"to ports that rules name in any order",
				"block\npass in proto tcp to port 443\npass in proto tcp to port 80:90\n",
				[to("10.9.0.5", 22), to("10.9.0.5", 443), to("10.9.0.5"), to("10.9.0.5", 100)],
				["refused", "made", "made", "refused"],
			],
			[
				"from a range",
				"block\npass in from 10.9.0.3 - 10.9.0.5\n",
				[from("10.9.0.2"), from("10.9.0.3"), from("10.9.0.5"), from("10.9.0.6")],
				["refused", "made", "made", "refused"],
			],
			[
				"of IPv6",
				"block\npass in inet6 from 2001:db8::1\n",
				[["in tcp 2001:db8::1#5 2001:db8::2#22"], ["in tcp 2001:db8::3#5 2001:db8::2#22"]],
				["made", "refused"],
			],
			[
				"of another type of ICMP",
				"block\npass in inet proto icmp icmp-type echoreq\n",
				[["in icmp 192.0.2.1:5 10.9.0.5:8"], ["in icmp 192.0.2.1:5 10.9.0.5:13"]],
				["made", "refused"],
			],
			[
				"from a table",
				"table <t> const { 192.0.2.0/24 }\npass\nblock from <t>\n",
				[from("192.0.2.1"), from("192.0.3.1")],
				["refused", "made"],
			],
			["to an address of an interface", "block\npass to (em0)\n", [to("203.0.113.10"), to("203.0.113.11")], ["made", "refused"]],
			[
				"to its network",
				"block\npass to (em0:network)\n",
				[to("203.0.113.10"), to("203.0.113.11"), to("203.0.114.1")],
				["made", "made", "refused"],
			],
			[
				"to a redirection that keeps a part of the address",
				"block\nmatch in inet to 10.9.0.0/24 rdr-to 10.8.0.0/24 bitmask\npass in inet to 10.8.0.5\n",
				[to("10.9.0.5"), to("10.9.0.6")],
				["made", "refused"],
			],
			[
				"from what is translated and keeps a part of it",
				"block\nmatch in inet from 10.9.0.0/24 nat-to 10.8.0.0/24 bitmask\npass in inet from 10.8.0.5\n",
				[from("10.9.0.5"), from("10.9.0.6")],
				["made", "refused"],
			],
			[
				"to a port that follows from another",
				"block\nmatch in inet proto tcp to port 80:90 rdr-to 10.9.0.5 port 7000:*\npass in inet proto tcp to port 7005\n",
				[to("10.9.0.5", 85), to("10.9.0.5", 86)],
				["made", "refused"],
			],
		])("%s", (_, rules, states, expected) => expect(kinds(rules, ...states)).toEqual(expected));
	});

	test("the interfaces that rules for its addresses name are asked first", () => {
		const taps = Array.from({ length: 20 }, (_, index) => ({ name: `tap${index}`, flags: 2, groups: [], addresses: [] }));
		const lines = taps.map(({ name }, index) => `pass in on ${name} inet from 10.9.0.${index} to 10.8.0.${index}`);
		const text = `//- /etc/pf.conf\nblock\n${lines.join("\n")}\n`;
		const pf = pfFacts(filesOf(text));
		const [all, ...others] = pf?.ruleset.main.rules ?? [];
		if (pf === undefined || all === undefined) throw new Error("no rules");
		let asked = 0;
		// Each packet comes to the first rule, which looks for its tag then.
		const first: typeof all = Object.create(all, {
			tag: {
				get: () => {
					asked++;
					return "";
				},
			},
		});
		const main = { ...pf.ruleset.main, rules: [first, ...others] };
		const host = hostOf(text, { facts: { interfaces: taps } as never, pf: { ...pf, ruleset: { ...pf.ruleset, main } } });
		const judge = judgeOfStates(host);
		for (const [from, to] of [
			["10.9.0.19", "192.0.2.1"],
			["192.0.2.1", "10.8.0.19"],
		]) {
			asked = 0;
			expect(judge(state(`in tcp ${from}:5000 ${to}:80`)).kind).toBe("refused");
			expect(asked).toBe(20);
		}
		asked = 0;
		expect(judge(state("in tcp 10.9.0.19:5000 10.8.0.19:80"))).toEqual({ kind: "unknown", why: "interface" });
		expect(asked).toBe(2);
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

	test("what one source port of UDP is let do, others are not", () => {
		const judge = judgeOf("block\npass in proto udp from any port 53\n");
		const kinds = [53, 54, 53].map((port) => judge(`in udp 192.0.2.1:${port} 203.0.113.10:4000`).split(":")[0]);
		expect(kinds).toEqual(["made", "refused", "made"]);
	});
});

test.each([
	["pass in quick on tap0 proto tcp all", { interface: "tap0", negated: false }],
	["pass out log (all, to pflog1) quick on ! egress all", { interface: "egress", negated: true }],
	["pass all flags S/SA", { interface: "", negated: false }],
	["pass on rdomain 1 all", { interface: "", negated: false }],
	['pass in proto tcp all label "x on em0"', { interface: "", negated: false }],
	['anchor "block on em0" all', { interface: "", negated: false }],
	["block drop in on em0 all", { interface: "em0", negated: false }],
	["block return-icmp(port-unr, port-unr6) out log quick on tap1 all", { interface: "tap1", negated: false }],
	["block return-rst in on em0 all", { interface: "em0", negated: false }],
	["match on tap2 all", { interface: "tap2", negated: false }],
])("%s", (text, expected) => {
	expect(madeOnOf(text)).toEqual(expected);
});
