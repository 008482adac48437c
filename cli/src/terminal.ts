/**
 * What is printed. Files, their names and hosts' answers are data: nothing in them may move a cursor, colour, ring, turn the direction of
 * writing or begin a line of its own. All that the command prints goes through here (`terminal.test.ts` looks for what does not).
 */

/** A stream of the process, or of a test. */
export interface Stream {
	write(text: string): unknown;
	readonly isTTY?: boolean | undefined;
}

/** Where a command prints. */
export interface Printer {
	/** Prints lines; what a terminal would act on in them is escaped. */
	write(text: string): void;
	/**
	 * Prints a text that programs read, such as a ruleset for pfctl: as it is, but on a terminal escaped as any other. A ruleset may hold
	 * such characters in its quoted strings, and without them it would be another.
	 */
	writeExact(text: string): void;
}

/** Control characters, those that format or turn the direction of writing, and the separators of lines; not tabs and newlines. */
const ACTIVE = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** As JSON writes them: what is escaped in a quoted string of JSON means the same. */
function escaped(sign: string): string {
	let units = "";
	for (let i = 0; i < sign.length; i++) units += `\\u${sign.charCodeAt(i).toString(16).padStart(4, "0")}`;
	return units;
}

/** Lines that do nothing to a terminal. */
export function inert(text: string): string {
	return text.replace(ACTIVE, escaped);
}

/** A text of a file, a name or a host as a part of a line: it does nothing to a terminal, and begins no line. */
export function plain(text: string): string {
	return inert(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** The only way to a stream. */
export function printer(stream: Stream): Printer {
	return {
		write(text) {
			stream.write(inert(text));
		},
		writeExact(text) {
			stream.write(stream.isTTY === true ? inert(text) : text);
		},
	};
}

/** Standard error of this process: for what is told while a command runs, and for questions. */
export const stderr: Printer = printer(process.stderr);
