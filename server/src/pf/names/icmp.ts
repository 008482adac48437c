/** Names of icmp and icmp6 types and codes, as pfctl reads and prints them (pfctl_parser.c). */

import type { Family, Rule } from "../rules.ts";
import { IPPROTO } from "./protocols.ts";

/** An icmp type or code with what it says, for completion and hover. */
export interface IcmpName {
	readonly name: string;
	readonly type: number;
	/** Of codes only. */
	readonly code?: number;
	readonly meaning: string;
}

const types = (...list: readonly (readonly [string, number, string])[]): readonly IcmpName[] =>
	list.map(([name, type, meaning]) => ({ name, type, meaning }));

const codes = (...list: readonly (readonly [string, number, number, string])[]): readonly IcmpName[] =>
	list.map(([name, type, code, meaning]) => ({ name, type, code, meaning }));

export const ICMP_TYPES = types(
	["echoreq", 8, "echo request: ping"],
	["echorep", 0, "echo reply: the answer to a ping"],
	["unreach", 3, "destination unreachable"],
	["squench", 4, "source quench, obsolete"],
	["redir", 5, "redirect to a better route"],
	["althost", 6, "alternate host address, obsolete"],
	["routeradv", 9, "router advertisement"],
	["routersol", 10, "router solicitation"],
	["timex", 11, "time exceeded: the TTL ran out, or fragments did not arrive in time"],
	["paramprob", 12, "bad IP header"],
	["timereq", 13, "timestamp request"],
	["timerep", 14, "timestamp reply"],
	["inforeq", 15, "information request, obsolete"],
	["inforep", 16, "information reply, obsolete"],
	["maskreq", 17, "address mask request"],
	["maskrep", 18, "address mask reply"],
	["trace", 30, "traceroute, obsolete"],
	["dataconv", 31, "data conversion problem, obsolete"],
	["mobredir", 32, "mobile host redirect"],
	["ipv6-where", 33, "IPv6 where are you, obsolete"],
	["ipv6-here", 34, "IPv6 I am here, obsolete"],
	["mobregreq", 35, "mobile registration request"],
	["mobregrep", 36, "mobile registration reply"],
	["skip", 39, "SKIP algorithm discovery, obsolete"],
	["photuris", 40, "Photuris security failure"],
);

export const ICMP6_TYPES = types(
	["unreach", 1, "destination unreachable"],
	["toobig", 2, "packet too big: path MTU discovery depends on it"],
	["timex", 3, "time exceeded: the hop limit ran out, or fragments did not arrive in time"],
	["paramprob", 4, "bad IPv6 header"],
	["echoreq", 128, "echo request: ping"],
	["echorep", 129, "echo reply: the answer to a ping"],
	["groupqry", 130, "multicast group membership query"],
	["listqry", 130, "multicast listener query"],
	["grouprep", 131, "multicast group membership report"],
	["listenrep", 131, "multicast listener report"],
	["groupterm", 132, "multicast group membership termination"],
	["listendone", 132, "multicast listener done"],
	["routersol", 133, "router solicitation"],
	["routeradv", 134, "router advertisement: address autoconfiguration depends on it"],
	["neighbrsol", 135, "neighbour solicitation: the question for a link-layer address"],
	["neighbradv", 136, "neighbour advertisement: its answer"],
	["redir", 137, "redirect to a better route"],
	["routrrenum", 138, "router renumbering"],
	["wrureq", 139, "who-are-you request"],
	["wrurep", 140, "who-are-you reply"],
	["fqdnreq", 139, "host name query"],
	["fqdnrep", 140, "host name reply"],
	["niqry", 139, "node information query"],
	["nirep", 140, "node information reply"],
	["mtraceresp", 200, "multicast traceroute response"],
	["mtrace", 201, "multicast traceroute"],
	["listenrepv2", 143, "multicast listener report, version 2"],
);

export const ICMP_CODES = codes(
	["net-unr", 3, 0, "network unreachable"],
	["host-unr", 3, 1, "host unreachable"],
	["proto-unr", 3, 2, "protocol unreachable"],
	["port-unr", 3, 3, "port unreachable"],
	["needfrag", 3, 4, "too large and not to be fragmented: path MTU discovery depends on it"],
	["srcfail", 3, 5, "source route failed"],
	["net-unk", 3, 6, "network unknown"],
	["host-unk", 3, 7, "host unknown"],
	["isolate", 3, 8, "source host isolated"],
	["net-prohib", 3, 9, "network prohibited by the administrator"],
	["host-prohib", 3, 10, "host prohibited by the administrator"],
	["net-tos", 3, 11, "network unreachable for this type of service"],
	["host-tos", 3, 12, "host unreachable for this type of service"],
	["filter-prohib", 3, 13, "prohibited by a filter"],
	["host-preced", 3, 14, "host precedence violation"],
	["cutoff-preced", 3, 15, "below the precedence cutoff"],
	["redir-net", 5, 0, "redirect for the network"],
	["redir-host", 5, 1, "redirect for the host"],
	["redir-tos-net", 5, 2, "redirect for the type of service and the network"],
	["redir-tos-host", 5, 3, "redirect for the type of service and the host"],
	["normal-adv", 9, 0, "ordinary advertisement"],
	["common-adv", 9, 16, "advertisement of a router that carries no common traffic"],
	["transit", 11, 0, "the TTL ran out on the way"],
	["reassemb", 11, 1, "fragments did not arrive in time"],
	["badhead", 12, 0, "an error at the byte pointed to"],
	["optmiss", 12, 1, "a required option is missing"],
	["badlen", 12, 2, "bad length"],
	["unknown-ind", 40, 1, "unknown security parameters index"],
	["auth-fail", 40, 2, "authentication failed"],
	["decrypt-fail", 40, 3, "decryption failed"],
);

export const ICMP6_CODES = codes(
	["admin-unr", 1, 1, "prohibited by the administrator"],
	["noroute-unr", 1, 0, "no route"],
	["beyond-unr", 1, 2, "beyond the scope of the source address"],
	["addr-unr", 1, 3, "address unreachable"],
	["port-unr", 1, 4, "port unreachable"],
	["transit", 3, 0, "the hop limit ran out on the way"],
	["reassemb", 3, 1, "fragments did not arrive in time"],
	["badhead", 4, 0, "a bad header field"],
	["nxthdr", 4, 1, "an unknown next header"],
	["redironlink", 137, 0, "the destination is on the same link"],
	["redirrouter", 137, 1, "a better router"],
);

const typesOf = (family: Family | undefined) => (family === "inet6" ? ICMP6_TYPES : ICMP_TYPES);
const codesOf = (family: Family | undefined) => (family === "inet6" ? ICMP6_CODES : ICMP_CODES);

/** The number of a type's name; of icmp unless the family is inet6. */
export function icmpType(name: string, family: Family | undefined): number | undefined {
	return typesOf(family).find((entry) => entry.name === name)?.type;
}

/** The number of a code's name; the same name can differ by type. */
export function icmpCode(type: number, name: string, family: Family | undefined): number | undefined {
	return codesOf(family).find((entry) => entry.type === type && entry.name === name)?.code;
}

/** The name of a type, the first where it has several. */
export function icmpTypeName(type: number, family: Family | undefined): string | undefined {
	return typesOf(family).find((entry) => entry.type === type)?.name;
}

export function icmpCodeName(type: number, code: number, family: Family | undefined): string | undefined {
	return codesOf(family).find((entry) => entry.type === type && entry.code === code)?.name;
}

/** Answers to icmp and icmp6 queries, as pf files them (sys/net/pf.c, pf_icmp_mapping). */
export const ICMP_ANSWERS = { [IPPROTO.icmp]: [0, 9, 14, 16, 18, 34, 36], [IPPROTO.icmp6]: [129, 140, 200] } as const;

/** Whether a rule asks for answers to a query. */
export function isAnswer({ protocol, icmpType }: Rule): boolean {
	const types: readonly number[] = protocol === IPPROTO.icmp || protocol === IPPROTO.icmp6 ? ICMP_ANSWERS[protocol] : [];
	return types.includes(icmpType);
}
