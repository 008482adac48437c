/**
 * Command texts for sh(1) on the host. A text can only be made by {@link sh}, whose template is fixed in our sources and which
 * quotes every argument: a name from a file or from the host reaches a program as one word, whatever it holds.
 *
 * Quoting does not keep a program from reading `-f` as an option: templates write `--` before such an argument, or a path
 * before a name.
 */

declare const made: unique symbol;

/** A text for a shell in which nothing but our own templates is code. */
export interface ShellCommand {
	readonly text: string;
	readonly [made]: true;
}

/** A value in a template: a word, a list of words, or a command that was made before. */
export type ShellValue = string | number | readonly string[] | ShellCommand;

/**
 * Makes a command: sh`vmctl stop -- ${name}`.
 * A NUL, which no argument can hold, becomes U+FFFD: no such name exists, and what is asked of it fails as that.
 */
export function sh(template: TemplateStringsArray, ...values: readonly ShellValue[]): ShellCommand {
	const text = template.reduce((done, part, i) => {
		const value = values[i - 1];
		return done + (value === undefined ? "" : shellText(value)) + part;
	}, "");
	return { text } as ShellCommand;
}

/** One word for sh(1). */
export function quoted(word: string): string {
	const clean = word.replaceAll("\0", "\u{fffd}");
	return /^[A-Za-z0-9_@%+:,./-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`;
}

function shellText(value: ShellValue): string {
	if (typeof value === "string") return quoted(value);
	if (typeof value === "number") return quoted(String(value));
	return "text" in value ? value.text : value.map(quoted).join(" ");
}
