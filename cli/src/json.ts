/** What commands print for programs. */
import type { Outputs } from "./output-schemas.ts";

/** @param _command the one whose schema it keeps */
export function jsonOf<Name extends keyof Outputs>(_command: Name, value: Outputs[Name]): string {
	return `${JSON.stringify(value, undefined, "\t")}\n`;
}

/** The same on one line, of commands that print as they go. */
export function jsonLine<Name extends keyof Outputs>(_command: Name, value: Outputs[Name]): string {
	return `${JSON.stringify(value)}\n`;
}
