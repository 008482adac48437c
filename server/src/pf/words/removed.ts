/** Words of older releases, which pfctl no longer accepts: for the message that says what to write instead. */
import type { Release } from "../../text/vocabulary.ts";

export interface RemovedWord {
	/** The first words of the statement or option. */
	readonly name: string;
	/** Where it stood: at the start of a statement, or in a rule. */
	readonly place: "statement" | "rule" | "queue";
	/** The first release without it. */
	readonly until: Release;
	/** What to write instead, as code. */
	readonly instead: string;
}

export const REMOVED_WORDS: readonly RemovedWord[] = [
	{ name: "nat", place: "statement", until: "4.7", instead: "match out on egress inet from 10.0.0.0/8 nat-to (egress)" },
	{ name: "no nat", place: "statement", until: "4.7", instead: "pass out quick on egress inet from 10.0.0.1" },
	{ name: "rdr", place: "statement", until: "4.7", instead: "pass in on egress inet proto tcp to port 80 rdr-to 10.0.0.1" },
	{ name: "no rdr", place: "statement", until: "4.7", instead: "pass in quick on egress inet proto tcp to port 80" },
	{ name: "binat", place: "statement", until: "4.7", instead: "match on egress inet from 10.0.0.1 binat-to 203.0.113.1" },
	{ name: "no binat", place: "statement", until: "4.7", instead: "pass quick on egress inet from 10.0.0.1" },
	{ name: "nat-anchor", place: "statement", until: "4.7", instead: 'anchor "name"' },
	{ name: "rdr-anchor", place: "statement", until: "4.7", instead: 'anchor "name"' },
	{ name: "binat-anchor", place: "statement", until: "4.7", instead: 'anchor "name"' },
	{ name: "scrub", place: "statement", until: "4.6", instead: "match in all scrub (no-df random-id)" },
	{ name: "no scrub", place: "statement", until: "4.6", instead: "match in all scrub (no-df random-id)" },
	{ name: "altq", place: "statement", until: "5.6", instead: "queue main on em0 bandwidth 100M" },
	{ name: "oldqueue", place: "statement", until: "5.6", instead: "queue std parent main bandwidth 80M default" },
	{ name: "cbq", place: "queue", until: "5.6", instead: "bandwidth 80M" },
	{ name: "priq", place: "queue", until: "5.6", instead: "set prio 6" },
	{ name: "hfsc", place: "queue", until: "5.6", instead: "bandwidth 80M, min 10M" },
	{ name: "priority", place: "queue", until: "5.6", instead: "match proto tcp to port ssh set prio 6" },
	{ name: "tbrsize", place: "queue", until: "5.6", instead: "bandwidth 80M, max 80M" },
];
