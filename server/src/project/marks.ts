/** The words of a file with what they are, for those who look through all of them. */
import type { Mark, MarkVisitor } from "../text/language.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import type { SourceFile } from "./source-file.ts";

/** Visits all marks of a file in order; where an end is given, at least those before it. */
export function eachMark({ parsed }: SourceFile, visit: MarkVisitor, end?: number): void {
	if (parsed.eachMark !== undefined) parsed.eachMark(visit, end);
	else for (const mark of parsed.marks()) visit(mark, mark.span.start, mark.span.end);
}

/** The marks of a file that define or set a name, of one kind or of all. */
export function definitionsIn({ parsed }: SourceFile, kind?: SymbolKind): readonly Mark[] {
	if (parsed.definitions !== undefined) return parsed.definitions(kind);
	return parsed.marks().filter(({ symbol }) => symbol !== undefined && symbol.use !== "refer" && (kind ?? symbol.kind) === symbol.kind);
}
