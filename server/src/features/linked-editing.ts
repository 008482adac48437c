/** textDocument/linkedEditingRange: the definition of a macro or table is typed over in all places of the file at once. */
import type { Range } from "vscode-languageserver-types";
import { nameKinds } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { linkedSpans } from "./rename.ts";
import type { Session } from "./session.ts";
import { occurrences, symbolAt } from "./symbols.ts";

/** The ranges that are typed over together, and what may be typed. */
export interface LinkedRanges {
	readonly ranges: Range[];
	readonly wordPattern: string;
}

/** Only from the definition of a name, and only where no other file uses it: other files would be left behind. */
export function linkedEditing(session: Session, file: SourceFile, offset: number): LinkedRanges | null {
	const token = symbolAt(session.files, file, offset);
	if (token === undefined || token.symbol.use !== "define") return null;
	const { kind, name } = token.symbol;
	const pattern = nameKinds[kind].rule?.typed;
	if (pattern === undefined) return null;
	const found = [...occurrences(session.files, file, kind, name)];
	if (found.some((occurrence) => occurrence.file !== file)) return null;
	const spans = linkedSpans(file, kind, name, found);
	return spans.length < 2 ? null : { ranges: spans.map((at) => file.lines.range(at)), wordPattern: pattern };
}
