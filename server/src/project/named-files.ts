/** The files that a file names whose text it takes: those that it includes, and those that it loads into anchors. */
import type { ParsedFile } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { SourceFile } from "./source-file.ts";
import { definitionsIn } from "./tokens.ts";

const included = new WeakMap<ParsedFile, ReadonlySet<string>>();
const named = new WeakMap<ParsedFile, readonly string[]>();

/** The paths that a file includes. `load anchor` is no include: it reads a ruleset of its own. */
export function includedPaths({ parsed }: SourceFile): ReadonlySet<string> {
	if (parsed.includes !== undefined) return parsed.includes();
	const known = included.get(parsed);
	if (known !== undefined) return known;
	const paths = new Set<string>();
	for (let at = parsed.text.indexOf("include"); at >= 0; at = parsed.text.indexOf("include", at + 1)) {
		const [statement] = parsed.statements(span(at, at + 1));
		if (statement === undefined) continue;
		const [keyword, ...others] = parsed.tokens(statement);
		if (keyword?.entry?.name !== "include") continue;
		for (const { symbol } of others) if (symbol?.kind === "file") paths.add(symbol.name);
	}
	included.set(parsed, paths);
	return paths;
}

/** The files whose text a file takes as statements: those that it includes, and those that it loads into anchors. */
export function rulesetPaths(file: SourceFile): readonly string[] {
	const known = named.get(file.parsed);
	if (known !== undefined) return known;
	const loaded = definitionsIn(file, "anchor").flatMap(({ span: at, symbol }) =>
		symbol?.use === "set" ? (loadedPath(file, at) ?? []) : [],
	);
	const paths = [...includedPaths(file), ...loaded];
	named.set(file.parsed, paths);
	return paths;
}

/** The path of the file that a `load anchor` names. */
export function loadedPath({ parsed }: SourceFile, at: Span): string | undefined {
	const [statement] = parsed.statements(at);
	const token = statement && parsed.tokens(statement).find(({ symbol, span: own }) => symbol?.kind === "file" && own.start >= at.end);
	return token?.symbol?.name;
}
