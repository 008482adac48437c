/** The words of policy test files. They are ours; the manual pages are those of what they stand for. */
import type { VocabularyEntry } from "../text/vocabulary.ts";

type Details = Partial<Pick<VocabularyEntry, "args" | "example" | "weight">>;

interface Word<Group extends string, Name extends string> extends VocabularyEntry {
	readonly group: Group;
	readonly name: Name;
}

const word = <Name extends string, Group extends string>(
	name: Name,
	group: Group,
	summary: string,
	manual: string,
	details: Details = {},
): Word<Group, Name> => ({
	name,
	group,
	args: [],
	summary,
	manual,
	...details,
});

/** Who a connection is from, or to. */
export const END_WORDS = [
	word(
		"outside",
		"end",
		"Machines beyond the host's interfaces: by the default route, or on a network that guests are bridged to.",
		"pf.conf.5",
		{
			example: "outside web01 tcp 443 pass",
			weight: 90,
		},
	),
	word("host", "end", "The host itself, by each of its addresses.", "pf.conf.5", { example: "any guest host tcp 22 block", weight: 70 }),
	word("any", "end", "Followed by `guest`: each guest of vm.conf, one after the other.", "vm.conf.5", {
		example: "any guest db01 tcp 22 block",
		weight: 60,
	}),
] as const;

export const GUEST_WORD = word("guest", "end", "After `any`: each guest of vm.conf but the one at the other end.", "vm.conf.5");

const portsArgument = { name: "port", type: "port", optional: true } as const;

/** With which packets. */
export const SERVICE_WORDS = [
	word(
		"tcp",
		"service",
		"Connections to the ports that follow, each of them: numbers, ranges such as `1024:65535`, or names of services such as `https`. Every port without.",
		"pf.conf.5#proto",
		{
			args: [portsArgument],
			example: "outside web01 tcp 80 443 pass",
			weight: 90,
		},
	),
	word("udp", "service", "Packets to the ports that follow, each of them. Every port without.", "pf.conf.5#proto", {
		args: [portsArgument],
		example: "any guest outside udp 53 pass",
		weight: 80,
	}),
	word("icmp", "service", "Echo requests, of ICMP for IPv4 and for IPv6: ping(8).", "pf.conf.5#proto", {
		example: "outside host icmp pass",
		weight: 60,
	}),
	word("any", "service", "Every protocol with every port that the rules can tell apart.", "pf.conf.5#proto", {
		example: "db01 outside any block",
		weight: 50,
	}),
] as const;

export const EXPECT_WORDS = [
	word("pass", "expectation", "Each of the connections is made: its first packet arrives, and the answer comes back.", "pf.conf.5#pass", {
		weight: 90,
	}),
	word("block", "expectation", "None of the connections is made: no first packet arrives, on any way.", "pf.conf.5#block", { weight: 85 }),
] as const;

export const LINE_WORDS = [
	word("address", "line", "The addresses of a guest, where neither dhcpd.conf nor the rules on its tap tell them.", "vm.conf.5", {
		args: [
			{ name: "guest", type: "guest" },
			{ name: "address", type: "address" },
		],
		example: "address web01 10.50.0.20 10.10.0.20",
		weight: 30,
	}),
] as const;

const words = [...LINE_WORDS, ...END_WORDS, GUEST_WORD, ...SERVICE_WORDS, ...EXPECT_WORDS] as const;

type KeywordOf<W> = W extends Word<infer Group, infer Name> ? `${Group}: ${Name}` : never;
/** Every word with its group: what is to be said of each is a table of these. */
export type PfTestKeyword = KeywordOf<(typeof words)[number]>;

export const pfTestVocabulary: readonly VocabularyEntry[] = words;
