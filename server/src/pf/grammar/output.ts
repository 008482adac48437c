/** What statements say, as they are read and expanded. */
import type { ProgramMessage } from "../../text/program-message.ts";
import type { Span } from "../../text/span.ts";
import type { Definition, Queue, Rule, Table } from "../rules.ts";
import type { PfMessage } from "../words/messages.ts";
import { type AnchorNode, anchorNode } from "./environment.ts";

/** Something that pfctl prints on standard error. */
export interface PfctlComplaint extends ProgramMessage<PfMessage> {
	/** Undefined for lines without a position. */
	readonly line: number | undefined;
	readonly file: string;
	readonly warning: boolean;
	readonly span: Span;
	/** The macro that its words come from. */
	readonly macro: string | undefined;
	/** What the author meant to write in place of the words, where that is certain. */
	readonly meant?: string;
}

/** Whether the host alone knows: its services(5) may have what OpenBSD's own has not. */
export function isForHostToSay({ message, warning }: PfctlComplaint): boolean {
	return warning && message.template === "unknown port {0}";
}

export interface LoadAnchor {
	readonly name: string;
	readonly file: string;
	readonly nameSpan: Span;
	readonly fileSpan: Span;
}

export interface SkippedInterface {
	readonly name: string;
	readonly span: Span;
}

/** A statement whose rules are left out, because its lists make too many. */
export interface LeftOut {
	/** How many rules and entries of tables they would be; undefined for a file that is not read. */
	readonly rules: number | undefined;
	/** Its words. */
	readonly words: Span;
}

/** What the statements say: of a whole file, or of one statement. */
export interface Output {
	/** Everything that pfctl prints on standard error while it reads, in order. */
	readonly complaints: readonly PfctlComplaint[];
	readonly definitions: readonly Definition[];
	readonly loads: readonly LoadAnchor[];
	/** The names after `set skip on`. */
	readonly skip: readonly SkippedInterface[];
	readonly queues: readonly Queue[];
	/** Of the main list; those of blocks are behind the calls of their anchors. */
	readonly rules: readonly Rule[];
	readonly tables: readonly Table[];
	/** Statements that make more rules than one may. */
	readonly leftOut: readonly LeftOut[];
	/** Whether rules are left out because the ruleset has as many as it may without them. */
	readonly full: boolean;
}

const NONE: readonly never[] = [];
const NOTHING: Output = {
	complaints: NONE,
	definitions: NONE,
	loads: NONE,
	skip: NONE,
	queues: NONE,
	rules: NONE,
	tables: NONE,
	leftOut: NONE,
	full: false,
};
const FULL: Output = { ...NOTHING, full: true };

/** A large file has very many statements, and most of them make rules and nothing else. */
class OnlyRules implements Output {
	readonly rules: readonly Rule[];

	constructor(rules: readonly Rule[]) {
		this.rules = rules;
	}

	get complaints(): readonly PfctlComplaint[] {
		return NONE;
	}

	get definitions(): readonly Definition[] {
		return NONE;
	}

	get loads(): readonly LoadAnchor[] {
		return NONE;
	}

	get skip(): readonly SkippedInterface[] {
		return NONE;
	}

	get queues(): readonly Queue[] {
		return NONE;
	}

	get tables(): readonly Table[] {
		return NONE;
	}

	get leftOut(): readonly LeftOut[] {
		return NONE;
	}

	get full(): boolean {
		return false;
	}
}

/** The output while it is made. */
export class OpenOutput implements Output {
	readonly complaints: PfctlComplaint[] = [];
	readonly definitions: Definition[] = [];
	readonly loads: LoadAnchor[] = [];
	readonly skip: SkippedInterface[] = [];
	readonly queues: Queue[] = [];
	readonly leftOut: LeftOut[] = [];
	full = false;
	readonly main: AnchorNode;

	/** @param anchor the anchor that the rules are loaded into; empty for the main ruleset */
	constructor(anchor: string) {
		const name = anchor.includes("/") ? anchor.slice(anchor.lastIndexOf("/")) : anchor;
		this.main = anchorNode(name, anchor);
	}

	get rules(): Rule[] {
		return this.main.rules;
	}

	get tables(): Table[] {
		return this.main.tables;
	}

	/** What came since the last call. */
	take(): Output {
		const { complaints, definitions, loads, skip, queues, rules, tables, leftOut, full } = this;
		this.main.match = 0;
		this.full = false;
		const others = complaints.length + definitions.length + loads.length + skip.length + queues.length + tables.length;
		if (others + leftOut.length > 0 || (full && rules.length > 0)) {
			return {
				complaints: complaints.splice(0),
				definitions: definitions.splice(0),
				loads: loads.splice(0),
				skip: skip.splice(0),
				queues: queues.splice(0),
				rules: rules.splice(0),
				tables: tables.splice(0),
				leftOut: leftOut.splice(0),
				full,
			};
		}
		if (rules.length === 0) return full ? FULL : NOTHING;
		// The list itself goes on to be used, and the copy has no room to grow. One that is emptied at once has lost its own.
		const only = new OnlyRules(rules.slice());
		while (rules.length > 0) rules.pop();
		return only;
	}
}
