/** A syntax error as its causes look at it: the words at fault with the text around them. */
import type { Fix } from "../../text/diagnostic.ts";
import type { Expectation } from "../../text/language.ts";
import type { Message } from "../../text/message.ts";
import { nearest } from "../../text/nearest.ts";
import { span } from "../../text/span.ts";
import type { Release } from "../../text/vocabulary.ts";
import { pfWord, pfWords } from "../words/vocabulary.ts";

/** An error of syntax with the text around it. */
export interface Around {
	/** From before the statement to behind the words at fault; all places are in it. */
	readonly text: string;
	/** Where the statement begins, and the words at fault. */
	readonly begin: number;
	readonly start: number;
	readonly end: number;
	readonly expected: readonly Expectation[];
	/** Whose pfctl reads it. */
	readonly release: Release;
}

/** What is said instead; the fixes have their places in the same text. */
export interface Clear {
	readonly message: Message;
	/** Undefined where that of the diagnostic stays. */
	readonly advice?: Message;
	readonly fixes?: readonly Fix[];
}

/** An error, read once for all that may be its cause. */
export class Fault {
	readonly around: Around;
	/** The words at fault as they are written; empty at the end of the file. */
	readonly found: string;
	/** The statement up to them, and the last line of that. */
	readonly before: string;
	readonly line: string;
	/** From the words at fault to the end of their line. */
	readonly rest: string;

	constructor(around: Around) {
		const { text, begin, start, end } = around;
		this.around = around;
		const rest = /^[^\n]*/.exec(text.slice(start))?.[0] ?? "";
		this.found = text[start] === "\n" ? "\n" : end > start ? text.slice(start, end) : (/^\S+/.exec(rest)?.[0] ?? "");
		this.before = text.slice(begin, start);
		this.line = this.before.slice(this.before.lastIndexOf("\n") + 1);
		this.rest = rest;
	}

	/** The first word of the statement, and the last one before the fault. */
	get first(): string {
		return /^\s*(?:#[^\n]*\n\s*)*([^\s"={}]+)/.exec(this.before)?.[1] ?? "";
	}

	get last(): string {
		return /(\S+)\s*$/.exec(this.before)?.[1] ?? "";
	}

	get isLineEnd(): boolean {
		return this.found === "\n" || this.found === "";
	}

	/** The word that may stand here and that the one at fault is nearly written like. */
	get meant(): string | undefined {
		const words = this.around.expected.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : []));
		return this.found.length < 3 ? undefined : nearest(this.found, words);
	}

	takes(word: string): boolean {
		return this.around.expected.some((one) =>
			one.kind === "keyword" ? one.entry.name === word : one.kind === "punctuation" && one.text === word,
		);
	}

	/** A fix whose edits replace text behind the start of the fault, each at an offset from there. */
	fix(title: Message, ...edits: readonly (readonly [from: number, to: number, text: string])[]): readonly Fix[] {
		const { start } = this.around;
		return [{ title, edits: edits.map(([from, to, text]) => ({ span: span(start + from, start + to), text })), preferred: true }];
	}
}

export type Cause = (fault: Fault) => Clear | undefined;

export const STATEMENTS: ReadonlySet<string> = new Set(pfWords("statement").map(({ name }) => name));
/** Of these, a rule has one in the same place. */
const INSTEAD_OF: ReadonlyMap<string, string> = new Map([
	["out", "in"],
	["inet6", "inet"],
	["all", "from"],
]);
/** Directions and parts stand in the vocabulary as in a rule; what is behind the addresses belongs to them, or has no order. */
const PARTS = [...pfWords("direction"), ...pfWords("rule part")].map(({ name }) => name);
const ORDERED = PARTS.slice(0, PARTS.indexOf("to") + 1);

/** The parts of a rule in the order in which they stand; what is not among them stands behind. */
export const ORDER = ORDERED.filter((name) => name !== "all");
export const RANK: ReadonlyMap<string, number> = new Map(ORDERED.map((name) => [name, ORDERED.indexOf(INSTEAD_OF.get(name) ?? name)]));

/** Braces that are open behind a text, without those in quotes and comments. */
export function openBraces(text: string): number {
	let open = 0;
	for (const [part] of text.matchAll(/"[^"]*"|'[^']*'|#[^\n]*|[{}]/g))
		if (part === "{") open++;
		else if (part === "}") open--;
	return open;
}

/** Whether a word is one of those that rules are made of, and no name or value. */
export function isWordOfRules(word: string): boolean {
	return (
		RANK.has(word) ||
		STATEMENTS.has(word) ||
		pfWord("rule part", word) !== undefined ||
		pfWord("filter option", word) !== undefined ||
		pfWord("address option", word) !== undefined
	);
}
