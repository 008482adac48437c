/** The word that somebody is in the middle of: what is wrong about it is no news before its end. */

interface Position {
	readonly line: number;
	readonly character: number;
}

interface Range {
	readonly start: Position;
	readonly end: Position;
}

/** The word at a cursor, with the blanks between: behind `add ` one is still about to say what. */
export function typedWord(line: string, cursor: Position): Range {
	const before = /\S*\s*$/.exec(line.slice(0, cursor.character))?.[0] ?? "";
	const after = /^\S*/.exec(line.slice(cursor.character))?.[0] ?? "";
	return {
		start: { line: cursor.line, character: cursor.character - before.length },
		end: { line: cursor.line, character: cursor.character + after.length },
	};
}

/** True for what stands in the word's line and touches the word; what spans lines is about more than it. */
export function isAbout(word: Range, found: Range): boolean {
	const { start, end } = found;
	return (
		start.line === word.start.line &&
		end.line === word.start.line &&
		start.character <= word.end.character &&
		end.character >= word.start.character
	);
}

/** Where the cursor is after a keystroke; undefined for a change that is none, such as a paste, a line's end, or an undone edit. */
export function afterKeystroke(changes: readonly { readonly range: Range; readonly text: string }[]): Position | undefined {
	const [change, ...others] = changes;
	if (change === undefined || others.length > 0) return undefined;
	const { range, text } = change;
	const { start, end } = range;
	// A quotation mark and a brace come with the one that closes them.
	const isSmall = text.length <= 2 && end.line === start.line && end.character - start.character <= 1;
	if (!isSmall || text.includes("\n")) return undefined;
	return { line: start.line, character: start.character + Math.min(1, text.length) };
}
