import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { fixed } from "../shell-words.ts";
import { writeText } from "./write-text.ts";

const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** OpenBSD's sh is a ksh; what other systems have must do as well. */
const shells = ["sh", "mksh"].filter((shell) => spawnSync(shell, ["-c", "true"]).status === 0);

describe.each(shells)("%s writes", (shell) => {
	const run = (text: string, variable?: { word: string; value: string }): string => {
		const script = `{\nstage=/tmp/x\n${writeText(fixed('"$PWD/file"'), text, variable).text} || exit 1\n} </dev/null\n`;
		expect(spawnSync(shell, ["-s"], { cwd: folder, input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
		return readFileSync(join(folder, "file"), "utf8");
	};

	test.each([
		["nothing", ""],
		["lines", "a\nb\n"],
		["a last line without an end", "a\nb"],
		["only an empty line", "\n"],
		["what a shell would read", "$(date) `date` $HOME \\ \\\\ \\n 'a' \"b\" \x24{x}\n\\\nEOF\n* ~ !\n\t x \n"],
		["the same in the last line", "$(date) `date` $HOME \\ 'a' \"b\" -n \\"],
		["a file that is longer than arguments may be", `${"0123456789".repeat(20)}\n`.repeat(5000)],
	])("%s", (_, text) => {
		expect(run(text)).toBe(text);
	});

	test("a variable's value, in lines and in the last one", () => {
		expect(run("a @here@/1 $stage\nb @here@/2", { word: "@here@", value: "$stage" })).toBe("a /tmp/x/1 $stage\nb /tmp/x/2");
	});

	test("any text as it is", () => {
		const texts = fc.string({ unit: fc.constantFrom(..."ab \t\n\\$`'\"(){}<>&|;#!*~%é\u{1f600}") });
		fc.assert(
			fc.property(texts, (text) => {
				expect(run(text)).toBe(text);
			}),
			{ numRuns: 100 },
		);
	});
});
