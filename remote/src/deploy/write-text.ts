/** Texts into files of the host, whatever they hold and however long they are. */
import { randomBytes } from "node:crypto";
import { fixed, type ShellCommand, sh } from "../shell-words.ts";

/** A word in a text that stands for something that the shell knows. */
export interface Variable {
	readonly word: string;
	/** Its value: a variable such as `$stage`. */
	readonly value: string;
}

/**
 * Writes a text to a file, as a here-document: OpenBSD's printf(1) is no part of its sh, and what a program can be given as
 * arguments is limited.
 * @param file one word for sh(1)
 * @param variable where the text has its word, the file gets the variable's value
 */
export function writeText(file: ShellCommand, text: string, variable?: Variable): ShellCommand {
	// A here-document ends every line: netstart(8) drops a last line that has no end, so that must stay as it is.
	const end = text.lastIndexOf("\n") + 1;
	const [lines, rest] = [text.slice(0, end), text.slice(end)];
	const delimiter = `END-${randomBytes(12).toString("hex")}`;
	const literal = (part: string) => part.replaceAll("\0", "\u{fffd}").replace(/[\\$`]/g, "\\$&");
	const body = variable === undefined ? literal(lines) : lines.split(variable.word).map(literal).join(variable.value);
	const last = variable === undefined ? sh`${rest}` : joined(rest.split(variable.word), variable.value);
	const whole = sh`cat >${file} <<${fixed(delimiter)}\n${fixed(body + delimiter)}\n`;
	return rest === "" ? sh`${whole}:` : sh`${whole}printf '%s' ${last} >>${file}`;
}

/** Parts with a variable between them, as one word. */
function joined(parts: readonly string[], value: string): ShellCommand {
	return fixed(parts.map((part) => sh`${part}`.text).join(`"${value}"`));
}
