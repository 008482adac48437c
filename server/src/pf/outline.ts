import type { Mark, OutlineNode } from "../text/language.ts";
import { type Span, shifted, span } from "../text/span.ts";

const KINDS: Readonly<Record<string, OutlineNode["kind"]>> = {
	table: "table",
	anchor: "anchor",
	load: "anchor",
	set: "option",
	queue: "queue",
};

/** A statement, with its marks, whose places are counted from `at`. */
export interface StatementMarks {
	readonly words: Span;
	readonly marks: readonly Mark[];
	readonly at: number;
}

/** The outline of a file: its statements by their names, rules by their text. */
export function outline(text: string, statements: Iterable<StatementMarks>): readonly OutlineNode[] {
	return Array.from(statements, ({ words: statement, marks, at }) => {
		const own = marks.filter(({ span: { start } }) => at + start >= statement.start && at + start < statement.end);
		const [first] = own;
		const named = own.find(isName);
		const word = first === undefined ? "" : text.slice(at + first.span.start, at + first.span.end);
		const kind = named?.symbol?.kind === "macro" ? "macro" : (KINDS[word] ?? "rule");
		const [line = ""] = text.slice(statement.start, Math.min(statement.end, statement.start + 200)).split("\n", 1);
		const ofName = kind === "rule" || kind === "option" ? undefined : named;
		return {
			name: ofName?.symbol?.name ?? (line.trim() || word),
			...(ofName && { detail: kind === "macro" ? line.slice(line.indexOf("=") + 1).trim() : line.trim() }),
			kind,
			span: statement,
			nameSpan:
				ofName === undefined ? span(statement.start, Math.min(statement.end, statement.start + line.length)) : shifted(ofName.span, at),
			children: [],
		};
	});
}

function isName({ symbol }: Mark): boolean {
	if (symbol === undefined || (symbol.kind === "macro" && symbol.use === "refer")) return false;
	return symbol.kind === "macro" || symbol.kind === "table" || symbol.kind === "anchor" || symbol.kind === "queue";
}
