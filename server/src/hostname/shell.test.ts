import { expect, test } from "vitest";
import { readShell } from "./shell.ts";

/** The commands of a text; a word whose value is not known is written `?`. */
function read(text: string): readonly string[] {
	const { commands } = readShell({ text, at: [...text].map((_, at) => at) }, { _if: "em0" });
	return commands.map((words) => words.map(({ text: word, open }) => (open ? "?" : `[${word}]`)).join(" "));
}

test.each([
	["ifconfig em0 up", ["[ifconfig] [em0] [up]"]],
	["  a \t b  ", ["[a] [b]"]],
	["a 'b c' \"d e\"", ["[a] [b c] [d e]"]],
	["a 'it'\"'\"'s'", ["[a] [it's]"]],
	["a \"\" ''", ["[a] [] []"]],
	["a b\\ c \\'", ["[a] [b c] [']"]],
	['a "\\$x \\` \\" \\\\ \\n"', ['[a] [$x ` " \\ \\n]']],
	['a "b\\\nc"', ["[a] [bc]"]],
	["a '$x `y`'", ["[a] [$x `y`]"]],
	[`a $_if \${_if}x`, ["[a] [em0] [em0x]"]],
	["a $other b", ["[a] ? [b]"]],
	['a "$_if" b', ["[a] ? [b]"]],
	['a "`date`" b', ["[a] ? [b]"]],
	["a $(date (x)) b", ["[a] ? [b]"]],
	["a $(date $(x)) b", ["[a] ? [b]"]],
	[`a \${x:-y z} b`, ["[a] ? [b]"]],
	["a `date x` b", ["[a] ? [b]"]],
	["a $1 $? $ b$", ["[a] ? ? [$] [b$]"]],
	["a $(open", ["[a] ?"]],
	["a `open", ["[a] ?"]],
	["a; b && c | d", ["[a]", "[b]", "[c]", "[d]"]],
	["a <b c >d 2>&1 e", ["[a] [c] [e]"]],
	["a <<b >>c >|d <>e 10", ["[a] [10]"]],
	["a b2>c", ["[a] [b2]"]],
	["<a b; >c", ["[b]"]],
	["a 2 >b 3<c", ["[a] [2]"]],
	["a\nb", ["[a]", "[b]"]],
	["a # b", ["[a]"]],
	["a#b", ["[a#b]"]],
	["a # b\nc", ["[a]", "[c]"]],
	["", []],
] as const)("ksh reads %j", (text, commands) => {
	expect(read(text)).toEqual(commands);
});

test.each([
	["a 'b", 2],
	['a "b\\"', 2],
	["a \"b' c", 2],
])("ksh finds no end of the quote in %j", (text, start) => {
	expect(readShell({ text, at: [...text].map((_, at) => at) }).unclosed).toEqual({ start, end: text.length });
});

test("the first operator and the comment have their places", () => {
	const text = "a; b & c # d";
	const { operator, comment } = readShell({ text, at: [...text].map((_, at) => at) });
	expect([operator, comment]).toEqual([
		{ start: 1, end: 2 },
		{ start: 9, end: 12 },
	]);
});

test.each([
	["a <b> c", 2, 4],
	["a >b", 2, 4],
	["a 2>> 'b c' <d", 3, 11],
	["a 7", undefined, undefined],
])("ksh takes a word of %j for the name of a file", (text, start, end) => {
	const { redirection } = readShell({ text, at: [...text].map((_, at) => at) });
	expect(redirection).toEqual(start === undefined ? undefined : { start, end });
});

test.each([
	["a <b>", "newline", 4],
	["a >", "newline", 2],
	["a > # b", "newline", 2],
	["a >;b", ";", 2],
	["a < >b", ">", 2],
	["a <\nb", "newline", 2],
	["a <& | b", "|", 2],
])("ksh gives up where no name of a file follows in %j", (text, token, start) => {
	const { unexpected } = readShell({ text, at: [...text].map((_, at) => at) });
	expect(unexpected).toEqual({ token, span: { start, end: start + 1 } });
});
