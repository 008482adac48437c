/**
 * The nodes of a file of rules: a statement with the blank before it, or an empty line. Each remembers what it took from those
 * before it, and is kept as long as neither its text nor that changes.
 */
import type { SyntaxToken } from "../../text/language.ts";
import type { Span } from "../../text/span.ts";
import type { Dependencies, Environment } from "../grammar/environment.ts";
import type { Output } from "../grammar/output.ts";
import { type Fact, factsOf, rulesOf } from "../lint/facts.ts";
import { linter } from "../lint/lint.ts";
import type { System } from "../names/system.ts";
import type { Rule } from "../rules.ts";
import { type ReadStatement, RulesReader } from "../ruleset/rules-reader.ts";
import { errorsOf, type StatementDiagnostic } from "./errors.ts";
import { TokenRecorder, type WordRecord } from "./tokens.ts";

const NO_DIAGNOSTICS: readonly StatementDiagnostic[] = [];

/** One of them; all places in it are behind its start. */
export class StatementNode {
	/** The number that its rules have: no other node of the file, nor of the versions that it comes from, has it. */
	readonly statement: number;
	readonly length: number;
	/** From its first word to the end of its last line; undefined for an empty line. */
	readonly span: Span | undefined;
	/** Whether the end of the file decided where it ends. */
	readonly open: boolean;
	readonly output: Output;
	/** How many rules it asks for that one statement may make, and how many of them there was room for. */
	readonly wanted: number;
	readonly made: number;
	/** What it took of the state before it, and what it set. */
	readonly dependencies: Dependencies;
	/** What its words are. */
	readonly record: WordRecord;
	/** What it shows by itself. */
	readonly diagnostics: readonly StatementDiagnostic[];
	/** What it adds to the facts that checks of the whole file count. */
	readonly facts: readonly Fact[];
	#tokens: readonly SyntaxToken[] | undefined;
	#definitions: readonly SyntaxToken[] | undefined;

	/** @param text what it was read from @param start where it starts there */
	constructor(statement: number, read: ReadStatement, log: Dependencies, record: WordRecord, text: string, start: number) {
		this.statement = statement;
		this.length = read.end - start;
		this.span = read.words;
		this.open = read.open;
		this.output = read.output;
		this.wanted = read.wanted;
		this.made = read.made;
		this.dependencies = log;
		this.record = record;
		// Right behind the parser, which has just had all of it in its hands: a large file seen a second time costs as much as the checks.
		const rules = rulesOf(this.output);
		this.facts = factsOf(this.record, this.output, rules);
		this.diagnostics = this.span === undefined && !isJoined(text, start, read.end) ? NO_DIAGNOSTICS : this.#found(text, start, rules);
	}

	get tokens(): readonly SyntaxToken[] {
		this.#tokens ??= inOrder(this.record.tokens());
		return this.#tokens;
	}

	/** Makes them again when they are next asked for. */
	forgetTokens(): void {
		this.#tokens = undefined;
	}

	/** The tokens that define or set a name. */
	get definitions(): readonly SyntaxToken[] {
		this.#definitions ??= this.tokens.filter(({ symbol }) => symbol !== undefined && symbol.use !== "refer");
		return this.#definitions;
	}

	#found(text: string, start: number, rules: readonly Rule[]): readonly StatementDiagnostic[] {
		const found = linter.node(this, text, start, rules);
		if (this.output.complaints.length === 0) return found;
		return [...errorsOf(this, text.slice(start, start + this.length)), ...found];
	}
}

/** Reads the nodes of a text in turn. */
export class StatementReader {
	readonly #rules: RulesReader;
	readonly #environment: Environment;
	readonly #recorder: TokenRecorder;
	readonly #text: string;
	#at = 0;
	#statement: number;

	/**
	 * @param environment what the nodes before the text leave; it is carried on @param statement the number of the first node
	 * @param words about how many words will be read
	 */
	constructor(path: string, text: string, system: System, environment: Environment, statement: number, words?: number) {
		this.#recorder = new TokenRecorder(words);
		this.#rules = new RulesReader({ fileName: path, text, system, environment, anchor: "", recorder: this.#recorder, resume: true });
		this.#text = text;
		this.#environment = environment;
		this.#statement = statement;
	}

	/** The next node; undefined at the end of the text. @param room how many rules it may make */
	next(room: number): StatementNode | undefined {
		this.#environment.beginTracking();
		const read = this.#rules.next(this.#statement, room);
		const log = this.#environment.endTracking();
		if (read === undefined) {
			this.#recorder.close();
			return undefined;
		}
		const node = new StatementNode(this.#statement++, read, log, this.#recorder.take(), this.#text, this.#at);
		this.#at = read.end;
		return node;
	}
}

/** Whether a comment takes more than its own line. */
function isJoined(text: string, start: number, end: number): boolean {
	return text.lastIndexOf("\n", end - 2) > start;
}

/** Tokens in the order of the text; a word that was seen twice counts once. */
function inOrder(tokens: readonly SyntaxToken[]): readonly SyntaxToken[] {
	let end = -1;
	let plain = true;
	for (const { span: at } of tokens) {
		if (at.start < end) plain = false;
		end = at.end;
	}
	if (plain) return tokens;
	const sorted = [...tokens].sort((x, y) => x.span.start - y.span.start || y.span.end - x.span.end);
	end = -1;
	return sorted.filter((token) => {
		if (token.span.start < end) return false;
		end = token.span.end;
		return true;
	});
}
