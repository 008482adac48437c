/** textDocument/references: every place where a name stands, in all files of the host that share it. */
import type { Location } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { SymbolUse } from "../text/language.ts";
import { type AnchorPlace, anchorPaths, anchorPlaces, calls, nodeAt } from "./anchors.ts";
import { toLocation } from "./definition.ts";
import type { Session } from "./session.ts";
import { occurrences, symbolAt } from "./symbols.ts";

export function references(session: Session, file: SourceFile, offset: number, includeDeclaration: boolean): Location[] {
	const token = symbolAt(session.files, file, offset);
	return token === undefined ? [] : referencesTo(session, file, token.symbol, includeDeclaration);
}

export function referencesTo(
	session: Session,
	file: SourceFile,
	{ kind, name }: Pick<SymbolUse, "kind" | "name">,
	includeDeclaration: boolean,
): Location[] {
	const found: Location[] = [];
	if (kind === "anchor") {
		const paths = anchorPaths(session.files, file, name);
		for (const place of anchorPlaces(session.files, file)) {
			const meant = paths.some((path) => place.path === path || calls(place.path, path) || calls(path, place.path));
			if (meant && (includeDeclaration || isCall(place))) found.push(toLocation(place));
		}
		return found;
	}
	for (const occurrence of occurrences(session.files, file, kind, name)) {
		if (includeDeclaration || occurrence.use !== "define") found.push(toLocation(occurrence));
	}
	return found;
}

/** A call is a reference; a block and a load are what it refers to. */
function isCall({ file, span: at, use }: AnchorPlace): boolean {
	return use !== "set" && (nodeAt(file.parsed.outline(), at)?.children.length ?? 0) === 0;
}
