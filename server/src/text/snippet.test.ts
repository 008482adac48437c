/** What VS Code inserts for a snippet, by its own rules. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how placeholders of snippets are written
import { describe, expect, it } from "vitest";
import { insertedChoices, insertedText } from "./snippet.ts";

describe("the text that is inserted", () => {
	it.each([
		["plain", "plain"],
		["a $1 b", "a  b"],
		["a ${1:x} b $1 ${1}", "a x b x x"],
		// The number is used before the place that gives it a default.
		["$1 then ${1:x}", "x then x"],
		["${1|one,two|} $1", "one one"],
		["${1:outer ${2:inner}} $2", "outer inner inner"],
		["\\$1 \\} \\\\ \\n", "$1 } \\ \\n"],
		["${1:a\\}b}", "a}b"],
		["${2}${1:x}$0", "x"],
		["}", "}"],
	])("of %j is %j", (body, text) => {
		expect(insertedText(body)).toBe(text);
	});

	it("is none where a dollar sign begins no placeholder", () => {
		expect(() => insertedText("set $ext")).toThrow("not a placeholder: $ext");
	});
});

describe("the choices of a snippet", () => {
	it("are each of its words, with the whole text that each gives", () => {
		expect(insertedChoices("${1|a,b|} ${2|c,d|} $1")).toEqual([
			{ choice: "a", text: "a c a" },
			{ choice: "b", text: "b c b" },
			{ choice: "c", text: "a c a" },
			{ choice: "d", text: "a d a" },
		]);
		expect(insertedChoices("${1:a}")).toEqual([]);
	});
});
