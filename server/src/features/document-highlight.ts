/** textDocument/documentHighlight: the same name elsewhere in the file. */
import { type DocumentHighlight, DocumentHighlightKind } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { Session } from "./session.ts";
import { occurrencesIn, symbolAt } from "./symbols.ts";

export function documentHighlight(session: Session, file: SourceFile, offset: number): DocumentHighlight[] {
	const token = symbolAt(session.files, file, offset);
	if (token === undefined) return [];
	const found = [...occurrencesIn(file, token.symbol.kind, token.symbol.name)].filter(({ span }) => span.end > span.start);
	return found.map(({ span, use }) => ({
		range: file.lines.range(span),
		kind: use === "refer" ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
	}));
}
