/** A rule as it is worked out, before its lists are multiplied and while they are. */

import type { ResolvedHost } from "../names/hosts.ts";
import type { AnchorCall, BlockReturn, Divert, Family, LogOption, NumberMatch, Rule, Scrub, SetActions, StateOptions } from "../rules.ts";
import type { FilterOptions, IcmpItem, InterfaceItem, PoolSpec, RuleSpec } from "../syntax.ts";

/** A rule with what all its combinations share, as they are worked out (struct pf_rule). */
export interface Draft {
	action: RuleSpec["action"];
	anchor: AnchorCall | undefined;
	blockReturn: BlockReturn;
	direction: "in" | "out" | undefined;
	log: LogOption | undefined;
	quick: boolean;
	family: Family | undefined;
	/** The family of af-to. */
	target: Family | undefined;
	flags: number;
	flagSet: number;
	state: Rule["state"];
	stateOptions: StateOptions;
	label: string;
	tag: string;
	tagged: string;
	divert: Divert | undefined;
	options: FilterOptions;
	set: SetActions | undefined;
	scrub: Scrub | undefined;
}

/** One of each list. */
export interface Combination {
	interface: InterfaceItem;
	protocol: number;
	icmp: IcmpItem | undefined;
	source: ResolvedHost;
	destination: ResolvedHost;
	sourcePort: NumberMatch | undefined;
	destinationPort: NumberMatch | undefined;
	os: string;
	user: NumberMatch | undefined;
	group: NumberMatch | undefined;
}

/** The lists of a rule. */
export type Lists = Pick<RuleSpec, "interfaces" | "protocols" | "source" | "destination" | "os"> & {
	readonly options: Pick<FilterOptions, "icmp" | "user" | "group">;
};

export interface RuleTranslations {
	readonly nat: PoolSpec | undefined;
	readonly rdr: PoolSpec | undefined;
}
