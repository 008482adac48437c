/**
 * What is printed. Files, their names and hosts' answers are data: nothing in them may move a cursor, colour, ring, turn the direction of
 * writing or begin a line of its own. All that the command prints goes through here (`terminal.test.ts` looks for what does not).
 */

/** A stream of the process, or of a test. */
export interface Stream {
	write(text: string): unknown;
	readonly isTTY?: boolean | undefined;
	on?(event: "error", listener: (error: Error & { readonly code?: string }) => void): unknown;
}

export type Style = "error" | "warning" | "information" | "hint" | "strong" | "faint";

/** A part of what is printed, in a colour, or with a page to go to. */
export interface Styled {
	readonly text: string;
	readonly style: Style;
	/** An address of the web. */
	readonly link?: string;
}

export type Piece = string | Styled;

/** The attributes of ECMA-48 (SGR) that set and end a style. */
const ATTRIBUTES: Readonly<Record<Style, readonly [set: string, end: string]>> = {
	error: ["1;31", "0"],
	warning: ["33", "0"],
	information: ["36", "0"],
	hint: ["36", "0"],
	strong: ["1", "0"],
	faint: ["2", "0"],
};

/** Where a command prints. */
export interface Printer {
	/** Prints lines; what a terminal would act on in them is escaped. Colours and links are left out where the reader cannot have them. */
	write(text: string | readonly Piece[]): void;
	/**
	 * Prints a text that programs read, such as a ruleset for pfctl: as it is, but on a terminal escaped as any other. A ruleset may hold
	 * such characters in its quoted strings, and without them it would be another.
	 */
	writeExact(text: string): void;
	/** Shows a line in place of the one that it has shown before, on a terminal alone; an empty one takes it away. */
	writeOver(line: string): void;
	/** Clears a terminal's screen. */
	clear(): void;
	/** Aborted where nobody reads any more, as behind `| head`: what goes on for ever ends then, and what changes a host is done first. */
	readonly closed: AbortSignal;
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

/** Signs that terminals draw two columns wide: those of East Asian scripts, with their punctuation. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
	return text.length + (text.match(WIDE)?.length ?? 0);
}

/** A text with blanks behind it, so that it takes so many columns. */
export function padded(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Rows of a table below each other, each column as wide as its widest cell. What comes of files and hosts does nothing. */
export function columns(rows: readonly (readonly string[])[]): string {
	const shown = rows.map((row) => row.map(plain));
	const widths = (shown[0] ?? []).map((_, column) => shown.reduce((most, row) => Math.max(most, columnsOf(row[column] ?? "")), 0));
	const lineOf = (row: readonly string[]): string => row.map((cell, column) => padded(cell, widths[column] ?? 0)).join("  ");
	return shown.map((row) => `${lineOf(row).trimEnd()}\n`).join("");
}

/**
 * The only way to a stream.
 * @param environment decides with the stream whether there are colours: NO_COLOR and FORCE_COLOR as no-color.org and Node have them
 */
export function printer(stream: Stream, environment: Readonly<Record<string, string | undefined>> = process.env): Printer {
	const coloured = hasColours(stream, environment);
	const shown = (piece: Piece): string => {
		if (typeof piece === "string") return inert(piece);
		const text = inert(piece.text);
		if (!coloured) return text;
		const [set, end] = ATTRIBUTES[piece.style];
		const styled = `\u001b[${set}m${text}\u001b[${end}m`;
		return piece.link === undefined ? styled : `\u001b]8;;${inert(piece.link)}\u001b\\${styled}\u001b]8;;\u001b\\`;
	};
	return {
		write(text) {
			stream.write(typeof text === "string" ? inert(text) : text.map(shown).join(""));
		},
		writeExact(text) {
			stream.write(stream.isTTY === true ? inert(text) : text);
		},
		writeOver(line) {
			if (stream.isTTY === true) stream.write(`\r\u001b[K${plain(line)}`);
		},
		clear() {
			if (stream.isTTY === true) stream.write("\u001b[2J\u001b[3J\u001b[H");
		},
		closed: closedOf(stream),
	};
}

/** By stream: each is listened to once. */
const closedStreams = new WeakMap<Stream, AbortSignal>();

function closedOf(stream: Stream): AbortSignal {
	const known = closedStreams.get(stream);
	if (known !== undefined) return known;
	const closed = new AbortController();
	closedStreams.set(stream, closed.signal);
	stream.on?.("error", (error) => {
		if (error.code !== "EPIPE") throw error;
		closed.abort();
	});
	return closed.signal;
}

function hasColours({ isTTY }: Stream, { NO_COLOR, FORCE_COLOR, TERM }: Readonly<Record<string, string | undefined>>): boolean {
	if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
	return isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

/** Standard error of this process: for what is told while a command runs, and for questions. */
export const stderr: Printer = printer(process.stderr);
