import { newestRelease } from "../releases/releases.ts";
import type { Expectation, Expected } from "../text/language.ts";
import { isKnownTo } from "../text/release.ts";
import { span } from "../text/span.ts";
import type { VocabularyEntry } from "../text/vocabulary.ts";
import type { VmFile } from "./file.ts";
import type { Token } from "./lexer.ts";
import { acceptable, emptyEnvironment, tokenAt } from "./statement.ts";
import { guestOptions, switchOptions } from "./vocabulary.ts";

/** What the macros of a macro stand for is looked for so many steps away. */
const MAX_STEPS = 3;

/** What the grammar accepts at an offset: the parser's own decisions, recorded on the text before it. */
export function expected(file: VmFile, offset: number, steps = 0): Expected {
	const { text, context, nodes, starts } = file;
	let index = file.nodeAt(offset);
	// The end of a node that another statement cut short is still open: that is where a line is being added.
	if (index > 0 && (index >= nodes.length || starts[index] === offset) && nodes[index - 1]?.settled === false) index--;
	const start = index < nodes.length ? (starts[index] ?? 0) : text.length;
	const before = index < nodes.length ? (nodes[index]?.before ?? emptyEnvironment) : (nodes.at(-1)?.after ?? emptyEnvironment);
	const inComment = nodes[index]?.tokens.some(
		({ kind, span: at }) => kind === "comment" && at.start + start < offset && offset <= at.end + start,
	);
	if (inComment) return { replace: span(offset, offset), expectations: [] };
	const token = tokenAt(text, start, offset, before, context);
	// Right behind a string nothing can stand without a blank.
	if (token !== undefined && isClosed(token, text) && offset === token.end) return { replace: span(offset, offset), expectations: [] };
	const replace = wordAt(token, text, offset);
	const { tried, argument } = acceptable(text, start, replace.from, before, context);
	// Punctuation may follow the word without a blank.
	const after = replace.from < offset && replace.end === offset ? acceptable(text, start, offset, before, context).tried.flat() : [];
	const quoted = replace.start > replace.from;
	const families = familiesOf(argument?.entry);
	const found = distinct([...tried.flat(), ...after.filter(({ kind }) => kind === "punctuation")])
		.filter((expectation) => expectation.kind !== "keyword" || isKnownTo(context.release ?? newestRelease, expectation.entry))
		.map((one) => (families !== undefined && one.kind === "symbol" && one.of === "interface" ? { ...one, families } : one));
	return {
		replace: span(replace.start, replace.end),
		// Between quotes, `$` is a sign like any other.
		expectations: [...(quoted ? found.filter((one) => !isMacro(one)) : found), ...inValue(file, start, replace.from, steps)],
		...(argument === undefined ? {} : { argument }),
	};
}

/** The interfaces that vmd takes as an argument. */
function familiesOf(entry: VocabularyEntry | undefined): readonly string[] | undefined {
	if (entry === switchOptions.interface) return ["bridge", "veb"];
	return entry === guestOptions.interface ? ["tap"] : undefined;
}

function isMacro(one: Expectation): boolean {
	return one.kind === "symbol" && one.of === "macro";
}

/** In the value of a macro, what is taken where the macro is used. */
function inValue(file: VmFile, start: number, offset: number, steps: number): readonly Expectation[] {
	const name = /^\s*([A-Za-z_]\w*)[ \t]*=[ \t]*$/.exec(file.text.slice(file.text.lastIndexOf("\n", offset - 1) + 1, offset))?.[1];
	if (name === undefined || offset < start || steps >= MAX_STEPS) return [];
	for (let at = file.text.indexOf(`$${name}`); at >= 0; at = file.text.indexOf(`$${name}`, at + 1)) {
		const use = file.tokens(span(at, at + 1)).find(({ symbol }) => symbol?.kind === "macro" && symbol.name === name);
		if (use !== undefined)
			return expected(file, use.span.start, steps + 1).expectations.filter((one) => one.kind !== "punctuation" && !isMacro(one));
	}
	return [];
}

/** What a completion replaces, and where the text before it ends: a quoted word is replaced between its quotes. */
function wordAt(token: Token | undefined, text: string, offset: number): { from: number; start: number; end: number } {
	const between = { from: offset, start: offset, end: offset };
	if (token === undefined || !/[A-Za-z0-9_$:/"'-]/.test(text[token.start] ?? "")) return between;
	if (!token.quoted || token.expanded) return { from: token.start, start: token.start, end: token.end };
	return { from: token.start, start: token.start + 1, end: Math.max(token.start + 1, token.end - (isClosed(token, text) ? 1 : 0)) };
}

/** Whether a token is a string with its closing quote. */
function isClosed({ quoted, expanded, start, end }: Token, text: string): boolean {
	return quoted && !expanded && end > start + 1 && text[end - 1] === text[start];
}

function distinct(expectations: readonly Expectation[]): readonly Expectation[] {
	const seen = new Map<string, Expectation>();
	for (const expectation of expectations) {
		const key =
			expectation.kind === "keyword"
				? `k ${expectation.entry.group} ${expectation.entry.name}`
				: expectation.kind === "symbol"
					? `s ${expectation.of}`
					: expectation.kind === "value"
						? `v ${expectation.type}`
						: `p ${expectation.text}`;
		if (!seen.has(key)) seen.set(key, expectation);
	}
	return [...seen.values()];
}
