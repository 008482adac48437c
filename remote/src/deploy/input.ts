/** What the host program reads: lines that say what is to be done, and texts of files (host-program/10-input.sh). */

/** A text by the name that the program knows it by. */
export interface NamedText {
	readonly name: string;
	readonly text: string;
}

/**
 * The input of a verb that takes texts.
 * @param lines what is to be done; none is `--`, and none begins with `text `
 * @throws TypeError where one of the lines is more than one
 */
export function inputOf(lines: readonly string[], texts: readonly NamedText[]): string {
	for (const line of lines) if (line.includes("\n")) throw new TypeError(`more than one line: ${line}`);
	const bodies = texts.map(({ name, text }) => {
		// No file of a host has one, and sh(1) cannot hold it.
		const clean = text.replaceAll("\0", "\u{fffd}");
		const parts = clean.split("\n");
		const rest = parts.pop() ?? "";
		return {
			head: `text ${parts.length} ${rest === "" ? 0 : 1} ${name}`,
			body: clean === "" || rest === "" ? clean : `${clean}\n`,
		};
	});
	return `${[...bodies.map(({ head }) => head), ...lines, "--"].join("\n")}\n${bodies.map(({ body }) => body).join("")}end\n`;
}
