/**
 * Files that lie elsewhere for the time being, so that the host's programs read them before they are its files: copies name
 * each other by where they lie, and what the programs say is told with the files' own paths.
 */

/** A file of the host, and where it lies for the time being. */
export interface Staged {
	readonly path: string;
	readonly place: string;
}

/** A text in which the paths of staged files are their places, wherever one stands as a word. Lines stay where they are. */
export function withStagedPaths(text: string, files: readonly Staged[]): string {
	const places = new Map(files.map(({ path, place }) => [path, place]));
	return text.replace(/(?<![A-Za-z0-9_./-])\/[A-Za-z0-9_./:@+-]+/g, (word) => places.get(word) ?? word);
}

/** What a program said, with the files' own paths in place of their places. */
export function withOwnPaths(said: string, files: readonly Staged[]): string {
	return files.reduce((text, { path, place }) => text.replaceAll(new RegExp(`${escaped(place)}(?![A-Za-z0-9_])`, "g"), () => path), said);
}

function escaped(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
