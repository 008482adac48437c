/** How the parser has rules made of what it reads, which it leaves to what it is given. */
import type { Span } from "../../text/span.ts";
import type { System } from "../names/system.ts";
import type { AnchorCall, Rule, Table } from "../rules.ts";
import type { AntispoofSpec, InterfaceItem, RuleSpec, StateItem } from "../syntax.ts";
import type { MessageArguments, PfMessage, Saying } from "../words/messages.ts";

/** What an expansion reports to and takes from. */
export interface Expansion {
	readonly system: System;
	/** The number of the statement at hand, and its words. */
	readonly statement: number;
	readonly words: Span;
	/** Whether `set state-policy if-bound` stands before it, and what `set state-defaults` says. */
	readonly defaultIfBound: boolean;
	readonly stateDefaults: readonly StateItem[] | undefined;
	/** Tells of a mistake in the statement, in pfctl's words. */
	refuse<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void;
	/** Tells of what the statement is loaded in spite of. */
	warn<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void;
	/** What pfctl prints without a position. */
	complain(said: Saying): void;
	/** The next number of an automatic table. */
	nextTable(): number;
	automaticTable(table: Table): void;
	add(rule: Rule): void;
	/** Whether there is room for so many rules and entries of tables; where there is none, they are left out, and the output says so. */
	makesRoom(rules: number): boolean;
	/** Ends the run, as errx(3) does. */
	abort<M extends PfMessage>(message: M, ...args: MessageArguments<M>): never;
}

/** Makes the rules of statements as they are written; false where one was refused before any was made. */
export interface StatementExpander {
	rule(spec: RuleSpec): boolean;
	/** The rules that call an anchor. */
	call(spec: RuleSpec, call: AnchorCall): boolean;
	antispoof(item: InterfaceItem, spec: AntispoofSpec): void;
}

/** Makes an expander for a run of the parser. */
export type MakeExpander = (around: Expansion) => StatementExpander;
