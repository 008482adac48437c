import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loginLine, quoted, sh } from "./shell-words.ts";

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

/** Shells that users may log in to; those that a machine has not are left out. */
const loginShells = ["sh", "bash", "mksh", "zsh", "csh", "tcsh", "fish"].filter((each) => spawnSync(each, ["-c", "true"]).status === 0);

describe.each(loginShells)("%s reads the line of a command", (shell) => {
	const read = (words: readonly string[]) =>
		spawnSync(shell, ["-c", loginLine(sh`printf '%s\\0' ${words}\nexit 3`)], {
			encoding: "utf8",
			env: { PATH: process.env.PATH, HOME: "/nonexistent" },
		});

	test("as it was, with its status", () => {
		const { stdout, stderr, status } = read([...hostile, "wake up!", "!!", "\\\\\n!\\'", "%s %b"]);
		expect({ stdout, stderr, status }).toEqual({
			stdout: [...hostile, "wake up!", "!!", "\\\\\n!\\'", "%s %b"].map((word) => `${word}\0`).join(""),
			stderr: "",
			status: 3,
		});
	});

	test("also where it is as long as a program", () => {
		const program = "echo 'not so long' >/dev/null # \\ !\n".repeat(1500);
		expect(read([program]).stdout).toBe(`${program}\0`);
	});

	test("and what it reads is left to it", () => {
		const line = loginLine(sh`cat`);
		expect(spawnSync(shell, ["-c", line], { input: "a\nb", encoding: "utf8" }).stdout).toBe("a\nb");
	});
});

test("no shell has a reason to take a line of a command otherwise than another", () => {
	const line = loginLine(sh`printf '%s\\0' ${hostile}\n`);
	expect(line).toMatch(/^exec \/bin\/sh -c 'eval "\$\(printf %b "\$@"\)"' sh( '([ -[\]-~]|\\0[0-3][0-7][0-7])*')+$/);
	expect(line).not.toMatch(/!|[^ ]{1024}/);
});
