import type { Mark, OutlineNode } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";

const KINDS: Readonly<Record<string, OutlineNode["kind"]>> = {
	table: "table",
	anchor: "anchor",
	load: "anchor",
	set: "option",
	queue: "queue",
};

/** The outline of a file: its statements by their names, rules by their text. */
export function outline(text: string, statements: readonly Span[], marks: Iterable<Mark>): readonly OutlineNode[] {
	const rest = marks[Symbol.iterator]();
	let mark = rest.next().value as Mark | undefined;
	return statements.map((statement) => {
		let first: Mark | undefined;
		let named: Mark | undefined;
		for (; mark !== undefined && mark.span.start < statement.end; mark = rest.next().value as Mark | undefined) {
			if (mark.span.start < statement.start) continue;
			first ??= mark;
			if (named === undefined && isName(mark)) named = mark;
		}
		const word = first === undefined ? "" : text.slice(first.span.start, first.span.end);
		const kind = named?.symbol?.kind === "macro" ? "macro" : (KINDS[word] ?? "rule");
		const [line = ""] = text.slice(statement.start, Math.min(statement.end, statement.start + 200)).split("\n", 1);
		const ofName = kind === "rule" || kind === "option" ? undefined : named;
		return {
			name: ofName?.symbol?.name ?? (line.trim() || word),
			...(ofName && { detail: line.trim() }),
			kind,
			span: statement,
			nameSpan: ofName?.span ?? span(statement.start, Math.min(statement.end, statement.start + line.length)),
			children: [],
		};
	});
}

function isName({ symbol }: Mark): boolean {
	if (symbol === undefined || (symbol.kind === "macro" && symbol.use === "refer")) return false;
	return symbol.kind === "macro" || symbol.kind === "table" || symbol.kind === "anchor" || symbol.kind === "queue";
}
