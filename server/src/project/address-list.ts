/** Files that are named as rules are, and hold the addresses of a table: long ones would take long to be read as rules. */
import { PF_CONF } from "../text/host-paths.ts";
import { ownLanguageOf } from "./host-files.ts";

/** Whether a file that would be read as rules, by its name alone, holds addresses. */
export function isAddressFile(path: string, text: string): boolean {
	return path !== PF_CONF && ownLanguageOf(path) === "openbsd-pf" && isAddressList(text);
}

/** Whether each line that is more than a comment is an address or a network alone. */
export function isAddressList(text: string): boolean {
	let found = false;
	for (const [line] of text.matchAll(/^[^\n]+$/gm)) {
		const word = line.replace(/#.*/, "").trim();
		if (word === "") continue;
		if (!/^!? *(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i.test(word)) return false;
		found = true;
	}
	return found;
}
