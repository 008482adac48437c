/**
 * A file of rules, read and expanded: each statement that the parser yields is expanded before the parser reads on, as pfctl does
 * it. Where a rule is refused, what follows is read in another way, and messages come in the order of both.
 */
import { byteLength } from "../../text/bytes.ts";
import type { Span } from "../../text/span.ts";
import { RuleExpander } from "../expand/expand.ts";
import type { Expansion } from "../expand/expansion.ts";
import { type AnchorNode, anchorNode, type Environment } from "../grammar/environment.ts";
import { MAX_RULES, MAX_RULES_OF_STATEMENT } from "../grammar/limits.ts";
import type { OpenOutput, Output } from "../grammar/output.ts";
import { Parser, type StatementExtent } from "../grammar/parser.ts";
import { FATAL, type ParserInput, PROBLEM } from "../grammar/parser-base.ts";
import type { System } from "../names/system.ts";
import type { Rule, Table } from "../rules.ts";
import type { RuleSpec, StateItem, WrittenStatement } from "../syntax.ts";
import type { MessageArguments, PfMessage, Saying } from "../words/messages.ts";

/** A statement that is read and expanded. */
export interface ReadStatement extends StatementExtent {
	readonly output: Output;
	/** How many rules it asks for that one statement may make, and how many of them there was room for. */
	readonly wanted: number;
	readonly made: number;
}

const NO_WORDS: Span = { start: 0, end: 0 };

/** Reads one file with all that it includes. */
export class RulesReader implements Expansion {
	/** True where the run ended at once. */
	fatal = false;
	/** How many rules may still be made. */
	room = MAX_RULES;
	/** How many of those that may be made the statement at hand asks for, with what it includes. */
	#wanted = 0;
	/** The words of the statement at hand. */
	words = NO_WORDS;
	readonly system: System;
	readonly output: OpenOutput;
	readonly #resume: boolean;
	readonly #environment: Environment;
	readonly #parser: Parser;
	readonly #expander: RuleExpander;

	constructor(input: ParserInput) {
		this.system = input.system;
		this.#resume = input.resume === true;
		this.#environment = input.environment;
		this.#parser = new Parser(input);
		this.output = this.#parser.output;
		this.#expander = new RuleExpander(this);
	}

	/** How many errors pfctl would have counted; the ruleset is refused with any. */
	get errors(): number {
		return this.#parser.errors;
	}

	/** Reads all of the file. */
	run(): void {
		const parser = this.#parser;
		try {
			for (let written = parser.read(); written !== undefined; written = parser.read(this.#refuses(written)));
		} catch (problem) {
			if (problem !== FATAL) throw problem;
			this.fatal = true;
		}
	}

	/**
	 * Reads the next statement, with all that it includes, or the next empty line; undefined at the end of the text.
	 * @param statement the number of the statement
	 * @param room how many rules it may make
	 */
	next(statement: number, room: number): ReadStatement | undefined {
		this.room = room;
		this.#wanted = 0;
		const parser = this.#parser;
		if (!parser.nextStretch(statement)) return undefined;
		for (let written = parser.readStretch(); written !== undefined; written = parser.readStretch(this.#refuses(written)));
		const { end, words, open } = parser.extent;
		return { end, words, open, output: this.output.take(), wanted: this.#wanted, made: room - this.room };
	}

	/** Makes the rules of a statement. True where it is refused before any is made. */
	#refuses(written: WrittenStatement): boolean {
		this.words = written.words;
		try {
			switch (written.kind) {
				case "rule":
					return !this.#expander.rule(written.spec);
				case "anchor":
					return !this.#call(written.spec, written.name);
				case "antispoof":
					for (const each of written.interfaces) this.#expander.antispoof(each, written.spec);
					return false;
			}
		} catch (problem) {
			if (problem !== PROBLEM) throw problem;
			return true;
		}
	}

	// ---- anchors --------------------------------------------------------------------------------------------------

	/** anchorrule, behind the block. False where it is refused. */
	#call(spec: RuleSpec, name: string | undefined): boolean {
		const { anchors } = this.#parser;
		let node: AnchorNode | undefined;
		if (anchors.hasBlock) {
			if (name?.includes("/")) return this.#misnamed("anchor paths containing '/' cannot be used for inline anchors.");
			const holder = anchors.last;
			if (holder === undefined) return false;
			node = this.#inlineNode(name ?? holder.name);
			if (node !== holder) {
				if (node.match > 0) return this.#misnamed("inline anchor '{0}' already exists", node.name);
				node.match += holder.rules.length;
				for (const rule of holder.rules.splice(0)) node.rules.push(rule);
				node.tables.push(...holder.tables.splice(0));
				holder.match = 0;
				anchors.last = node;
			}
		} else if (name === undefined) return this.#misnamed("anchors without explicit rules must specify a name");
		else if (name.endsWith("/")) return this.#misnamed("anchorrule: bad anchor name {0}", name);
		// PF_ANCHOR_NAME_SIZE, for the last part with its slash.
		else if (byteLength(name.slice(Math.max(0, name.lastIndexOf("/")))) >= 64) this.abort("pfctl: anchorrule: strlcpy");
		const call = {
			name: node === undefined ? (name ?? "") : node.match > 0 ? node.name : node.path,
			path: "",
			wildcard: false,
			block: node,
			relative: name ?? "",
		};
		if (!this.#expander.call(spec, call)) return false;
		anchors.called();
		return true;
	}

	#misnamed<M extends PfMessage>(message: M, ...args: MessageArguments<M>): false {
		this.#parser.error(message, ...args);
		return false;
	}

	/** pf_anchor_setup(): the anchor of a block by its name, below the anchor that it stands in. */
	#inlineNode(name: string): AnchorNode {
		const { holder, last } = this.#parser.anchors;
		const path = holder !== undefined && holder.path !== "" ? `${holder.path}/${name}` : name;
		if (path === last?.path) return last;
		const known = this.#environment.get("anchor", path);
		// An empty block of the same name is the same anchor. An editor keeps them apart, for each can be read again alone.
		if (known !== undefined && (known.match > 0 || !this.#resume)) return known;
		const node = anchorNode(name, path);
		this.#environment.set("anchor", node, path);
		return node;
	}

	// ---- what expansions report to and take from ------------------------------------------------------------------

	get statement(): number {
		return this.#parser.statement;
	}

	get defaultIfBound(): boolean {
		return this.#environment.get("state-policy") === "if-bound";
	}

	get stateDefaults(): readonly StateItem[] | undefined {
		return this.#environment.get("state-defaults");
	}

	refuse<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.#parser.errorOfStatement(message, ...args);
	}

	warn<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.#parser.warn(message, ...args);
	}

	complain(said: Saying): void {
		this.#parser.complain(said);
	}

	abort<M extends PfMessage>(message: M, ...args: MessageArguments<M>): never {
		return this.#parser.abort(message, ...args);
	}

	nextTable(): number {
		return this.#environment.next("tables");
	}

	makesRoom(rules: number): boolean {
		if (rules > MAX_RULES_OF_STATEMENT) {
			this.output.leftOut.push({ rules, words: this.words });
			return false;
		}
		this.#wanted += rules;
		if (rules > this.room) {
			this.output.full = true;
			return false;
		}
		this.room -= rules;
		return true;
	}

	automaticTable(table: Table): void {
		this.output.definitions.push({ kind: "table", table });
		this.#parser.anchors.current.tables.push(table);
	}

	add(rule: Rule): void {
		const { anchors } = this.#parser;
		anchors.current.rules.push(rule);
		const { holder } = anchors;
		if (holder !== undefined) holder.match++;
	}
}
