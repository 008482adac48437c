/** Files that are named as rules are, and hold the addresses of a table: long ones would take long to be read as rules. */
import { PF_CONF } from "../text/host-paths.ts";
import { ownLanguageOf } from "./host-files.ts";

/** Whether a file that would be read as rules, by its name alone, holds addresses. */
export function isAddressFile(path: string, text: string): boolean {
	return path !== PF_CONF && ownLanguageOf(path) === "openbsd-pf" && isAddressList(text);
}

/** The longest way to write an address with its length, and room to spare. */
const LONGEST = 64;

/** Whether each line that is more than a comment is an address or a network alone. */
export function isAddressList(text: string): boolean {
	let found = false;
	// Expressions would have to go back over a line, for which one of 16 MB leaves no room.
	for (let start = 0; start < text.length; ) {
		const newline = text.indexOf("\n", start);
		const end = newline === -1 ? text.length : newline;
		const line = text.slice(start, end);
		start = end + 1;
		const comment = line.indexOf("#");
		const word = (comment === -1 ? line : line.slice(0, comment)).trim();
		if (word === "") continue;
		if (word.length > LONGEST) return false;
		if (!/^!? *(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i.test(word)) return false;
		found = true;
	}
	return found;
}
