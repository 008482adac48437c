/** textDocument/references: every place where a name stands, in all files of the host that share it. */
import type { Location } from "vscode-languageserver";
import { toLocation } from "./definition.ts";
import type { SourceFile } from "./files.ts";
import type { Session } from "./session.ts";
import { occurrences, symbolAt } from "./symbols.ts";

export function references(session: Session, file: SourceFile, offset: number, includeDeclaration: boolean): Location[] {
	const mark = symbolAt(file, offset);
	if (mark === undefined) return [];
	const { kind, name } = mark.symbol;
	const found: Location[] = [];
	for (const occurrence of occurrences(session.files, file, kind, name)) {
		if (includeDeclaration || occurrence.use !== "define") found.push(toLocation(occurrence));
	}
	return found;
}
