/** Macros and comments that mean something else than they seem to. */
import type { SyntaxToken } from "../text/language.ts";
import { msg } from "../text/message.ts";
import type { Placed } from "../text/place.ts";
import { type Span, shifted, span } from "../text/span.ts";
import { unusedMacro } from "./check.ts";
import { type LintContext, searchBroken } from "./lint-context.ts";
import type { Part } from "./statement.ts";

export function lintText({ file, report }: LintContext): void {
	const used = new Set<string>();
	const defined = new Map<string, Placed<string>>();
	const { path } = file.context;
	for (const [i, { statement, uses, included }] of file.parts.entries()) {
		const start = file.starts[i] ?? 0;
		for (const name of uses.keys()) used.add(name);
		for (const part of included?.parts ?? []) for (const name of part.uses.keys()) used.add(name);
		if (statement.kind === "macro") {
			const { name } = statement;
			defined.set(name.text, { file: path, span: shifted(name.span, start), value: name.text });
		}
	}
	if (file.config.complete && !/\.d\/[^/]*$/.test(path)) {
		const isInBroken = searchBroken(file);
		for (const [name, at] of defined) {
			if (!used.has(name) && !isInBroken(`$${name}`, at.span)) report("vm/unused-macro", at, unusedMacro(name), { tags: ["unnecessary"] });
		}
	}
	for (const [i, part] of file.parts.entries()) {
		const start = file.starts[i] ?? 0;
		for (const { span: relative, macro } of wordFaults(part, file.text, start)) {
			const place = { file: path, span: shifted(relative, start) };
			if (macro === undefined)
				report("vm/joined-comment", place, msg("This line is part of the comment above: a backslash joins the two."));
			else {
				report("vm/macro-in-quotes", place, msg("{0} is not expanded inside quotes", macro), {
					advice: msg("Write the macro outside of them, as in {0}.", `${macro} "..."`),
				});
			}
		}
	}
}

interface WordFault {
	/** Relative to the part. */
	readonly span: Span;
	/** `$name` inside quotes; absent for a line that a comment swallows. */
	readonly macro?: string;
}

const wordFaultCache = new WeakMap<Part["tokens"], readonly WordFault[]>();
const NO_FAULTS: readonly WordFault[] = [];

/** The words of a part that mean something else than they seem to: looked for once for each version of it. */
function wordFaults({ tokens, length }: Part, text: string, start: number): readonly WordFault[] {
	const known = wordFaultCache.get(tokens);
	if (known !== undefined) return known;
	const own = text.slice(start, start + length);
	const found = /[$\\]/.test(own) ? tokens.flatMap((token) => wordFault(token, own)) : NO_FAULTS;
	wordFaultCache.set(tokens, found);
	return found;
}

function wordFault({ span: at, kind }: SyntaxToken, text: string): readonly WordFault[] {
	const word = text.slice(at.start, at.end);
	if (kind === "comment") {
		const newline = word.indexOf("\n");
		return newline < 0 ? NO_FAULTS : [{ span: span(at.start + newline + 1, at.end) }];
	}
	if (kind !== "string" && kind !== "name") return NO_FAULTS;
	const dollar = /\$[A-Za-z0-9_]+/.exec(word);
	// A name's token leaves its quotes out.
	const quoted = [text[at.start], text[at.start - 1]].some((character) => character === '"' || character === "'");
	if (dollar === null || !quoted) return NO_FAULTS;
	const start = at.start + dollar.index;
	return [{ span: span(start, start + dollar[0].length), macro: dollar[0] }];
}
