/** The words of a file with what they are, for those who look through all of them. */
import type { SyntaxToken, TokenVisitor } from "../text/language.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import type { SourceFile } from "./source-file.ts";

/** Visits all tokens of a file in order; where an end is given, at least those before it. */
export function eachToken({ parsed }: SourceFile, visit: TokenVisitor, end?: number): void {
	if (parsed.eachToken !== undefined) parsed.eachToken(visit, end);
	else for (const token of parsed.tokens()) visit(token, token.span.start, token.span.end);
}

/** The tokens of a file that define or set a name, of one kind or of all. */
export function definitionsIn({ parsed }: SourceFile, kind?: SymbolKind): readonly SyntaxToken[] {
	if (parsed.definitions !== undefined) return parsed.definitions(kind);
	return parsed.tokens().filter(({ symbol }) => symbol !== undefined && symbol.use !== "refer" && (kind ?? symbol.kind) === symbol.kind);
}
