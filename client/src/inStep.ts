/** Which lines of a file and of the document that the server makes of it belong together. */

interface Lines {
	readonly start: { readonly line: number };
	readonly end: { readonly line: number };
}

interface Link {
	/** A line of the made document. */
	readonly line: number;
	readonly target: { readonly uri: string; readonly range: Lines };
}

/** The made lines that come from lines of a file. @param isFile tells whether a link's target is in it */
export function madeFrom(links: readonly Link[], isFile: (uri: string) => boolean, { start, end }: Lines): readonly number[] {
	const isAmong = ({ range }: Link["target"]) => range.start.line <= end.line && range.end.line >= start.line;
	return links.filter(({ target }) => isAmong(target) && isFile(target.uri)).map(({ line }) => line);
}

/** The places that made lines come from, each once. */
export function originsOf<L extends Link>(links: readonly L[], { start, end }: Lines): readonly L["target"][] {
	const targets = links.filter(({ line }) => start.line <= line && line <= end.line).map(({ target }) => target);
	return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()];
}
