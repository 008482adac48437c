/** The words that values in pf.conf may be, of lists that pfctl has built in; rulesets are written with few of them. */
import type { ValueWord } from "../../text/language.ts";
import type { ValueType } from "../../text/vocabulary.ts";
import { KEYWORDS } from "../grammar/tokens.ts";
import { ICMP_TYPES, ICMP6_TYPES } from "../names/icmp.ts";
import { openbsdProtocols } from "../names/protocols.ts";

/** The most used first. */
const PROTOCOLS = "tcp udp icmp icmp6 esp gre carp pfsync ospf igmp ah ipencap ipv6 ipv6-icmp sctp".split(" ");
const ICMP =
	"echoreq unreach timex paramprob echorep toobig neighbrsol neighbradv routersol routeradv redir listqry listenrep listendone listenrepv2".split(
		" ",
	);

export function pfValues(type: ValueType): readonly ValueWord[] {
	switch (type) {
		case "protocol":
			// pf knows neither protocol 0 nor a name that is a word of the language.
			return [...openbsdProtocols().names].flatMap(([name, number]) =>
				number === 0 || KEYWORDS.has(name) ? [] : [{ name, detail: String(number), ...weightIn(PROTOCOLS, name) }],
			);
		case "icmp-type":
		case "icmp6-type":
			return (type === "icmp-type" ? ICMP_TYPES : ICMP6_TYPES).map(({ name, type: number, meaning }) => ({
				name,
				detail: String(number),
				meaning,
				...weightIn(ICMP, name),
			}));
		default:
			return [];
	}
}

function weightIn(list: readonly string[], name: string): { readonly weight?: number } {
	const at = list.indexOf(name);
	return at < 0 ? {} : { weight: 100 - at };
}
