/** What an expansion reports to and takes from. */
import type { Span } from "../../text/span.ts";
import type { System } from "../names/system.ts";
import type { Rule, Table } from "../rules.ts";
import type { StateItem } from "../syntax.ts";
import type { MessageArguments, PfMessage, Saying } from "../words/messages.ts";

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
