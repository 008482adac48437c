/** What the functions that expand rules share: what they report to, and the rule as it is worked out. */
import type { Span } from "../../text/span.ts";
import type { Host } from "../names/hosts.ts";
import type { Machine } from "../names/machine.ts";
import type { AnchorCall, BlockReturn, Divert, Family, Log, NumberMatch, Rule, Scrub, SetActions, StateOptions, Table } from "../rules.ts";
import type { FilterOptions, IcmpItem, InterfaceItem, PoolSpec, RuleSpec, StateItem } from "../syntax.ts";
import type { Arguments, PfMessage, Saying } from "../words/messages.ts";

/** What an expansion reports to and takes from. */
export interface Expansion {
	readonly machine: Machine;
	/** The number of the statement at hand, and its words. */
	readonly statement: number;
	readonly words: Span;
	/** Whether `set state-policy if-bound` stands before it, and what `set state-defaults` says. */
	readonly defaultIfBound: boolean;
	readonly stateDefaults: readonly StateItem[] | undefined;
	/** Tells of a mistake in the statement, in pfctl's words. */
	refuse<M extends PfMessage>(message: M, ...args: Arguments<M>): void;
	/** Tells of what the statement is loaded in spite of. */
	warn<M extends PfMessage>(message: M, ...args: Arguments<M>): void;
	/** What pfctl prints without a position. */
	complain(said: Saying): void;
	/** The next number of an automatic table. */
	nextTable(): number;
	automaticTable(table: Table): void;
	add(rule: Rule): void;
	/** Whether there is room for so many rules and entries of tables; where there is none, they are left out, and the output says so. */
	makesRoom(rules: number): boolean;
	/** Ends the run, as errx(3) does. */
	abort<M extends PfMessage>(message: M, ...args: Arguments<M>): never;
}

/** A rule with what all its combinations share, as they are worked out (struct pf_rule). */
export interface Draft {
	action: RuleSpec["action"];
	anchor: AnchorCall | undefined;
	blockReturn: BlockReturn;
	direction: "in" | "out" | undefined;
	log: Log | undefined;
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
	source: Host;
	destination: Host;
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

export interface Translations {
	readonly nat: PoolSpec | undefined;
	readonly rdr: PoolSpec | undefined;
}
