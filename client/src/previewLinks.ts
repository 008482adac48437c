/** A preview follows no link to a file but from the first folder of the workspace, as `/PATH`: others are shown without one. */
export function withPreviewLinks(text: string, folder: string | undefined): string {
	return text.replace(/\[((?:[^\]\\]|\\.)*)\]\(<([a-z][a-z0-9+.-]*:[^>]*)>\)/g, (link, words: string, target: string) => {
		if (/^https?:/.test(target)) return link;
		return folder !== undefined && target.startsWith(`${folder}/`) ? `[${words}](<${target.slice(folder.length)}>)` : words;
	});
}
