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

/** csh(1) takes no word of 1024 characters. */
const longestWord = 900;

/** What not every shell reads as itself. */
const special = /[^ -~]|['\\!]/g;
/** A byte as printf(1) takes it by its number. */
const numbered = (byte: string) => `\\0${byte.charCodeAt(0).toString(8).padStart(3, "0")}`;
const longestNumber = 5;

/**
 * A line that lets sh(1) run a command, whatever shell reads it: the login shell of a user may be csh or fish. They take an end of a
 * line, `!`, backslashes and quotes within quotes otherwise than sh(1) does, so printf(1) is told these by their numbers.
 */
export function loginLine(command: ShellCommand): string {
	return `exec /bin/sh -c '${evaluation}' sh ${numberedWords(command)}`;
}

/**
 * Such a line that tells on its standard error how the command ended: a line with a mark and its status, after an end of a line.
 * @param mark letters and digits that nothing else prints
 */
export function loginLineTelling(mark: string, command: ShellCommand): string {
	return `exec /bin/sh -c '/bin/sh -c "$@"; set -- $?; echo >&2; echo ${mark} $1 >&2' sh '${evaluation}' sh ${numberedWords(command)}`;
}

const evaluation = 'eval "$(printf %b "$@")"';

function numberedWords({ text }: ShellCommand): string {
	const all = Buffer.from(text).toString("latin1").replace(special, numbered);
	const words: string[] = [];
	for (let begin = 0; begin < all.length || begin === 0; ) {
		const most = begin + longestWord;
		// A number is not cut in two.
		const cut = all.slice(most - longestNumber + 1, most).lastIndexOf("\\");
		const end = cut < 0 ? most : most - longestNumber + 1 + cut;
		words.push(`'${all.slice(begin, end)}'`);
		begin = end;
	}
	return words.join(" ");
}

function shellText(value: ShellValue): string {
	if (typeof value === "string") return quoted(value);
	if (typeof value === "number") return quoted(String(value));
	return "text" in value ? value.text : value.map(quoted).join(" ");
}
