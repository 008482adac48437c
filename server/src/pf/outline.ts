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
export function outline(text: string, statements: readonly Span[], marks: readonly Mark[]): readonly OutlineNode[] {
	let at = 0;
	return statements.map((statement) => {
		while (at < marks.length && (marks[at]?.span.start ?? 0) < statement.start) at++;
		const first = marks[at];
		let named: Mark | undefined;
		for (let i = at; i < marks.length && (marks[i]?.span.start ?? 0) < statement.end; i++) {
			const { symbol } = marks[i] as Mark;
			if (symbol === undefined || !["macro", "table", "anchor", "queue"].includes(symbol.kind)) continue;
			if (symbol.kind === "macro" && symbol.use === "refer") continue;
			named = marks[i];
			break;
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
