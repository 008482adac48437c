import { describe, expect, test, vi } from "vitest";
import { PfFile } from "../editor/file.ts";
import { dryRun } from "../ruleset/dryrun.ts";

// The real ones are a thousand times as large, and the tests would take as much longer.
vi.mock("./limits.ts", () => ({ MAX_FILES: 1000, MAX_LOADS: 1000, MAX_RULES: 200, MAX_RULES_OF_STATEMENT: 50 }));

const PF_CONF = "/etc/pf.conf";
const TEN = 'p = "{ 1 2 3 4 5 6 7 8 9 10 }"\n';
/** Ten rules for each of the addresses. */
const rule = (addresses: number): string =>
	`pass proto tcp from any port $p to { ${Array.from({ length: addresses }, (_, i) => `10.0.0.${i}`).join(" ")} } \n`;
const parsed = (text: string, files: Readonly<Record<string, string>> = {}): PfFile =>
	PfFile.parse(text, { path: PF_CONF, readFile: (path) => files[path] });
const summary = (file: PfFile) => ({
	codes: file.diagnostics().map(({ code, span }) => `${code} ${span.start}`),
	rules: file.ruleset.main.rules.length,
	cutOff: file.ruleset.cutOff === true,
});

describe("rules are left out, and the ruleset says so", () => {
	const billion = `pass from { ${"10.0.0.1 ".repeat(1000)} } to { ${"10.0.0.1 ".repeat(1000)} } port { ${"80 ".repeat(1000)} }\n`;
	const cases: readonly (readonly [name: string, text: string, rules: number, cutOff: boolean])[] = [
		["a statement as large as one may be", `${TEN}${rule(5)}`, 50, false],
		["a larger one, and none of another", `${TEN}${rule(6)}pass in\n`, 1, true],
		["a billion", billion, 0, true],
		["in a block, of which the call is left", `anchor "a" {\n${billion}pass out\n}\n`, 1, true],
		["a ruleset as large as one may be", `${TEN}${rule(5).repeat(4)}`, 200, false],
		["a larger one: what there is room for is made", `${TEN}${rule(5).repeat(3)}${rule(4)}${rule(2)}${rule(1)}pass in\n`, 200, true],
		["tables that each rule has of its own", `match out from { ${"10.0.0.1 ".repeat(8)} } nat-to { ${"10.9.0.1 ".repeat(7)} }\n`, 0, true],
	];

	test.each(cases)("%s", (_, text, rules, cutOff) => {
		expect(summary(parsed(text))).toMatchObject({ rules, cutOff });
		const whole = dryRun(text);
		expect({ accepted: whole.accepted, stderr: whole.stderr, cutOff: whole.cutOff }).toEqual({ accepted: true, stderr: [], cutOff });
	});

	test("of files that a ruleset includes and loads, with its own", () => {
		const files = new Map([
			["/etc/a", `${TEN}${rule(5).repeat(4)}`],
			["/etc/b", "pass in\n"],
		]);
		const readFile = (path: string) => files.get(path);
		expect(dryRun('include "/etc/a"\n', { readFile }).cutOff).toBe(false);
		expect(dryRun('include "/etc/a"\ninclude "/etc/b"\n', { readFile }).cutOff).toBe(true);
		expect(dryRun('anchor a\nload anchor a from "/etc/a"\n', { readFile }).cutOff).toBe(true);
		expect(dryRun('anchor a\nload anchor a from "/etc/b"\n', { readFile }).cutOff).toBe(false);
	});
});

test("one mistake of many rules is one message in an editor, and pfctl's many in a dry run", () => {
	const text = `pass from { ${"10.0.0.1 ".repeat(7)} } to { ${"10.0.0.1 ".repeat(7)} } port 80\n`;
	expect(
		parsed(text)
			.diagnostics()
			.map(({ message }) => message.args[0] ?? message.template),
	).toHaveLength(1);
	expect(dryRun(text).stderr).toHaveLength(2 * 49 + 1);
});

describe("after edits, a file has what one that is read afresh has", () => {
	const full = `${TEN}${rule(5).repeat(3)}pass in\n${rule(4)}pass out\n${rule(2)}block\nmatch in\n`;
	const cases: readonly (readonly [name: string, text: string, from: string, to: string])[] = [
		["a word of a small statement", full, "pass out", "pass out quick"],
		["a statement more where there is no room", full, "block\n", "block\nblock in\n"],
		["a statement less, so that there is room for another", full, "pass in\n", ""],
		["a large one becomes small", full, rule(4), rule(1)],
		["a small one becomes too large", `${TEN}${rule(5).repeat(3)}${rule(1)}pass\n`, rule(1), rule(6)],
		["the ruleset comes to its end", `${TEN}${rule(5).repeat(3)}${rule(1)}pass\n`, rule(1), rule(5)],
		["the ruleset is whole again", full, rule(2), "pass\n"],
		["a macro that all take", full, "9 10 }", "9 10 11 }"],
		["one that is left out changes its place with one that is made", full, `pass out\n${rule(2)}block\n`, `${rule(2)}block\npass out\n`],
	];

	test.each(cases)("%s", (_, text, from, to) => {
		const start = text.indexOf(from);
		const before = parsed(text);
		before.diagnostics();
		const after = before.edit([{ span: { start, end: start + from.length }, text: to }]);
		expect(summary(after)).toEqual(summary(parsed(text.replace(from, to))));
	});
});

test("what may be in rules that are left out is not missed", () => {
	const text = `t = 10.0.0.1\nu = 10.0.0.2\ntable <a> { 10.0.0.3 }\n${TEN}${rule(6).replace("10.0.0.0", "$t <a>")}pass in on em0\n`;
	expect(
		parsed(text)
			.diagnostics()
			.map(({ code, span }) => `${code} ${text.slice(span.start, span.end).slice(0, 4)}`),
	).toEqual(["pf/unused-macro u", "pf/statement-too-large pass"]);
});
