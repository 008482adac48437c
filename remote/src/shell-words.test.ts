import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quoted, sh } from "./shell-words.ts";

const hostile = [
	"",
	" ",
	"$(reboot)",
	"`reboot`",
	"a;reboot",
	"it's",
	'say "hi"',
	"two\nlines",
	"-rf",
	"--",
	"*",
	"~",
	"\\",
	"a\\'b",
	"$HOME",
	"é",
	"\t",
];

function printed(words: readonly string[]): string {
	return spawnSync("sh", ["-c", sh`printf '%s\\0' ${words}`.text], { encoding: "utf8", env: {} }).stdout;
}

test("a shell reads each word back as it was", () => {
	expect(printed(hostile)).toBe(hostile.map((word) => `${word}\0`).join(""));
});

test("whatever the words are", () => {
	const word = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", ""));
	fc.assert(
		fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
			expect(printed(words)).toBe(words.map((each) => `${Buffer.from(each).toString("utf8")}\0`).join(""));
		}),
		{ numRuns: 50 },
	);
});

test("what needs no quotes has none, so that a log is easy to read", () => {
	expect(sh`vmctl stop -- ${"web01"}`.text).toBe("vmctl stop -- web01");
	expect(sh`cat ${["/etc/pf.conf", "a b"]}`.text).toBe("cat /etc/pf.conf 'a b'");
});

test("no argument holds a NUL", () => expect(quoted("a\0b")).toBe("'a\u{fffd}b'"));

test("a command in a command stays one", () => {
	expect(sh`doas -n ${sh`cat ${"x y"}`}`.text).toBe("doas -n cat 'x y'");
});
