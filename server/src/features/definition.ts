/** textDocument/definition: where a name comes from. */
import type { Location } from "vscode-languageserver-types";
import { folderOf, uriOnHost } from "../host/folder.ts";
import type { SourceFile } from "../project/source-file.ts";
import { span } from "../text/span.ts";
import { anchorBodies, anchorPaths, anchorPlaces, calls } from "./anchors.ts";
import type { Session } from "./session.ts";
import { definitionsOf, type Occurrence, symbolAt } from "./symbols.ts";

export function definition(session: Session, file: SourceFile, offset: number): Location[] {
	const token = symbolAt(session.files, file, offset);
	if (token === undefined) return [];
	const { kind, name } = token.symbol;
	if (kind === "file") return fileLocation(session, file, name);
	if (kind === "anchor") return anchorLocations(session, file, name, token.span.start);
	const found = definitionsOf(session.files, file, kind, name);
	// A second definition of the same name is one of them: from there, the others are of interest.
	const others = found.filter((one) => one.file !== file || one.span.start !== token.span.start);
	return (others.length > 0 ? others : found).map(toLocation);
}

export function toLocation({ file, span: at }: Pick<Occurrence, "file" | "span">): Location {
	return { uri: file.uri, range: file.lines.range(at) };
}

/** An anchor is what is loaded into it, and its block; from there, who calls it. */
function anchorLocations(session: Session, file: SourceFile, name: string, start: number): Location[] {
	const here = (one: Pick<Occurrence, "file" | "span">): boolean => one.file === file && one.span.start === start;
	const paths = anchorPaths(session.files, file, name);
	const places = anchorPlaces(session.files, file).filter((place) => !here(place));
	const bodies = paths.flatMap((path) => anchorBodies(session.files, file, path)).filter(({ place, loaded }) => loaded || !here(place));
	const loads = places.filter(({ path, use }) => use === "set" && paths.some((one) => calls(one, path)));
	const found = [...loads, ...bodies.map((body) => (body.loaded ? { file: body.file, span: span(0, 0) } : body.place))];
	const callers = places.filter(({ path, use }) => use === "define" && paths.some((one) => calls(path, one)));
	const known = new Set<string>();
	const itself = anchorPlaces(session.files, file).filter(here);
	return (found.length > 0 ? found : callers.length > 0 ? callers : itself).map(toLocation).filter(({ uri, range }) => {
		const key = `${uri} ${range.start.line} ${range.start.character}`;
		return !known.has(key) && known.add(key);
	});
}

function fileLocation(session: Session, file: SourceFile, path: string): Location[] {
	const known = session.files.onSameHost(file, path);
	if (known !== undefined) return [toLocation({ file: known, span: span(0, 0) })];
	const uri = session.files.hostText(file, path) === undefined ? undefined : uriOnHost(folderOf(file.identity.host), path);
	return uri === undefined ? [] : [{ uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }];
}
