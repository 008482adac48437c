/** A text in parts, and the same as Markdown. What comes of files does nothing in it. */

/** Words, words of a file, or words that lead to a URI. */
export type Words = string | { readonly code: string } | { readonly text: string; readonly link: string };

export interface Table {
	readonly kind: "table";
	readonly head: readonly string[];
	/** The lines of a cell stand below each other. */
	readonly rows: readonly (readonly (readonly Words[])[])[];
}

export type Block =
	| { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly text: string }
	| { readonly kind: "paragraph"; readonly text: string }
	| Table
	| { readonly kind: "picture"; readonly svg: string; readonly title: string };

/** Text that means nothing in Markdown. */
export function markdownText(text: string): string {
	return text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");
}

/** Words of a file in a cell of a table. */
export function markdownCode(words: string): string {
	return `\`${words.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/**
 * A picture is left out: Markdown has no place for one.
 *
 * @param shown what is shown of words, all of it in one line
 */
export function markdown(blocks: readonly Block[], shown: (words: string) => string = oneLine): string {
	const written = blocks.filter(({ kind }) => kind !== "picture").map((block) => markdownOf(block, shown));
	return `${written.join("\n\n")}\n`;
}

function oneLine(words: string): string {
	return words.replace(/\s/g, " ");
}

function markdownOf(block: Block, shown: (words: string) => string): string {
	const text = (words: string): string => markdownText(shown(words));
	const words = (one: Words): string => {
		if (typeof one === "string") return text(one);
		return "code" in one ? markdownCode(shown(one.code)) : `[${text(one.text)}](<${one.link.replace(/[<>\s]/g, encodeURIComponent)}>)`;
	};
	const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
	switch (block.kind) {
		case "heading":
			return `${"#".repeat(block.level)} ${text(block.text)}`;
		case "paragraph":
			return text(block.text);
		case "table": {
			const rows = block.rows.map((cells) => row(cells.map((lines) => lines.map(words).join("<br>"))));
			return [row(block.head.map(text)), `|${"---|".repeat(block.head.length)}`, ...rows].join("\n");
		}
		case "picture":
			return "";
	}
}
