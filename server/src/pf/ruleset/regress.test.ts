/** OpenBSD's own regress suite for pfctl, byte for byte (regress/sbin/pfctl). */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dryRun } from "./dryrun.ts";
import { REGRESS, REGRESS_MACHINE, regressFile } from "./regress-testing.ts";

/** The rulesets of these are loaded into the kernel and printed by it. */
const LOADED = new Set(["pf112", "pf113"]);

const files = new Set(REGRESS === undefined ? [] : readdirSync(REGRESS));
const names = (beginning: string): readonly string[] =>
	[...files]
		.filter((file) => file.endsWith(".in") && files.has(file.replace(/in$/, "ok")))
		.map((file) => file.slice(0, -3))
		.filter((name) => name.startsWith(beginning) && /^\d+$/.test(name.slice(beginning.length)) && !LOADED.has(name));

/** The options of a command line that change what a ruleset means. */
function optionsOf(line: string): { readonly anchor?: string; readonly macros?: Readonly<Record<string, string>> } {
	const [, anchor] = /-a\s+(\S+)/.exec(line) ?? [];
	const macros = Object.fromEntries([...line.matchAll(/-D(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]));
	return { macros, ...(anchor !== undefined && { anchor }) };
}

describe.skipIf(REGRESS === undefined)("OpenBSD's regress suite (skipped where `npm run fetch:regress` has not brought it)", () => {
	test("it is whole", () => {
		expect(names("pf").length).toBeGreaterThan(95);
		expect(names("pfail").length).toBeGreaterThan(45);
		expect(names("pfopt").length).toBeGreaterThan(2);
	});

	test.each(names("pf"))("%s is printed as pfctl prints it", (name) => {
		expect(dryRun(regressFile(`${name}.in`), REGRESS_MACHINE).stdout).toBe(regressFile(`${name}.ok`));
	});

	test.each(names("pf"))("%s is printed the same when it is read again", (name) => {
		expect(dryRun(regressFile(`${name}.ok`), REGRESS_MACHINE).stdout).toBe(regressFile(`${name}.ok`));
	});

	test.each(names("pfail"))("%s is spoken of in pfctl's words", (name) => {
		const { stderr, stdout } = dryRun(regressFile(`${name}.in`), REGRESS_MACHINE);
		expect([...stderr, stdout].join("\n")).toBe(regressFile(`${name}.ok`));
	});

	test.each(names("pfopt"))("%s with its options", (name) => {
		const options = optionsOf(regressFile(`${name}.opts`));
		expect(dryRun(regressFile(`${name}.in`), { ...REGRESS_MACHINE, ...options }).stdout).toBe(regressFile(`${name}.ok`));
	});
});
