/** textDocument/definition: where a name comes from. */
import type { Location } from "vscode-languageserver";
import { folderOf, uriOnHost } from "../host/folder.ts";
import { span } from "../text/span.ts";
import type { SourceFile } from "./files.ts";
import type { Session } from "./session.ts";
import { definitionsOf, type Occurrence, symbolAt } from "./symbols.ts";

export function definition(session: Session, file: SourceFile, offset: number): Location[] {
	const mark = symbolAt(file, offset);
	if (mark === undefined) return [];
	const { kind, name } = mark.symbol;
	if (kind === "file") return fileLocation(session, file, name);
	const found = definitionsOf(session.files, file, kind, name);
	// A second definition of the same name is one of them: from there, the others are of interest.
	const others = found.filter((one) => one.file !== file || one.span.start !== mark.span.start);
	return (others.length > 0 ? others : found).map(toLocation);
}

export function toLocation({ file, span: at }: Pick<Occurrence, "file" | "span">): Location {
	return { uri: file.uri, range: file.lines.range(at) };
}

function fileLocation(session: Session, file: SourceFile, path: string): Location[] {
	const known = session.files.onSameHost(file, path);
	if (known !== undefined) return [toLocation({ file: known, span: span(0, 0) })];
	const uri = session.files.hostText(file, path) === undefined ? undefined : uriOnHost(folderOf(file.identity.host), path);
	return uri === undefined ? [] : [{ uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }];
}
