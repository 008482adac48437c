/** Macros and comments that mean something else than they seem to. */
import type { SyntaxToken } from "../text/language.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { type Span, shifted, span } from "../text/span.ts";
import { unusedMacro } from "./check.ts";
import type { VmFile } from "./file.ts";
import { searchBroken, type VmCheck, warning } from "./lint-context.ts";
import { isFragment, type StatementNode } from "./statement.ts";

export const vmTextChecks = {
	"vm/unused-macro": warning(["A macro that is not used", "vmd warns of it.", "Use it or delete it."], ({ file }, report) => {
		if (!file.config.complete || isFragment(file.context.path)) return;
		const used = new Set<string>();
		const defined = new Map<string, Span>();
		for (const [i, { statement, uses, included }] of file.nodes.entries()) {
			for (const name of uses.keys()) used.add(name);
			for (const node of included?.nodes ?? []) for (const name of node.uses.keys()) used.add(name);
			if (statement.kind === "macro") defined.set(statement.name.text, shifted(statement.name.span, file.starts[i] ?? 0));
		}
		const isInBroken = searchBroken(file);
		for (const [name, at] of defined) {
			if (used.has(name) || isInBroken(`$${name}`, at)) continue;
			report({ file: file.context.path, span: at }, unusedMacro(name), { tags: ["unnecessary"] });
		}
	}),

	"vm/macro-in-quotes": warning(
		[
			"A macro's name inside quotes",
			"Macros are not expanded there: the dollar sign stays.",
			'Write it outside of the quotes: `$name "rest"`.',
		],
		({ file }, report) => {
			for (const { at, macro } of wordFaults(file)) {
				if (macro === undefined) continue;
				report(at, msg("{0} is not expanded inside quotes", macro), {
					advice: msg("Write the macro outside of them, as in {0}.", `${macro} "..."`),
				});
			}
		},
	),

	"vm/joined-comment": warning(
		[
			"A comment that swallows the next line",
			"A backslash at the end of a line joins the next one, in comments too.",
			"Remove the backslash.",
		],
		({ file }, report) => {
			for (const { at, macro } of wordFaults(file))
				if (macro === undefined) report(at, msg("This line is part of the comment above: a backslash joins the two."));
		},
	),
} as const satisfies Record<string, VmCheck>;

interface WordFault {
	/** Relative to the node. */
	readonly span: Span;
	/** `$name` inside quotes; absent for a line that a comment swallows. */
	readonly macro?: string;
}

const wordFaultCache = new WeakMap<StatementNode["tokens"], readonly WordFault[]>();
const NO_FAULTS: readonly WordFault[] = [];

/** The words of a file that mean something else than they seem to. */
function wordFaults({ nodes, starts, text, context: { path } }: VmFile): readonly { readonly at: Place; readonly macro?: string }[] {
	return nodes.flatMap((node, i) => {
		const start = starts[i] ?? 0;
		return faultsOf(node, text, start).map(({ span: own, ...fault }) => ({ at: { file: path, span: shifted(own, start) }, ...fault }));
	});
}

/** Those of one node: looked for once for each version of it. */
function faultsOf({ tokens, length }: StatementNode, text: string, start: number): readonly WordFault[] {
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
