import { expect, test } from "vitest";
import { linesOf } from "../text/line-diff.ts";
import { maximumFileSize } from "../workspace.ts";
import { isAddressList } from "./address-list.ts";

test.each<[what: string, text: string, isList: boolean]>([
	["addresses and networks, with comments", "# bad ones\n192.0.2.1\n\n! 198.51.100.0/24 # but not these\n2001:db8::/32", true],
	["a rule among them", "192.0.2.1\npass in\n", false],
	["names", "example.org\n", false],
	["nothing but comments", "# none yet\n\n", false],
	["nothing", "", false],
])("%s", (_, text, isList) => expect(isAddressList(text)).toBe(isList));

test.each(["\0", "1", "#", " "])("a line of %j, as long as a file may be, is looked at like any other", (letter) => {
	const text = letter.repeat(maximumFileSize);
	expect(isAddressList(text)).toBe(false);
	expect(isAddressList(`192.0.2.1\n${letter === "#" || letter === " " ? text : ""}`)).toBe(true);
	expect(linesOf(`${text}\na`).map(({ length }) => length)).toEqual([maximumFileSize + 1, 1]);
});
