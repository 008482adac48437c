/** What the commands print as JSON is what the shipped schemas say, and nothing else. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";
import { main } from "./main.ts";
import { outputSchemaFiles } from "./output-schema-files.ts";
import { outputSchemas } from "./output-schemas.ts";

const folder = fileURLToPath(new URL("../../schemas/output/", import.meta.url));
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

test("schemas/output is what `npx tsc -b && node scripts/output-schemas.mjs` writes", () => {
	const files = outputSchemaFiles();
	expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
	for (const [name, text] of files) expect(readFileSync(`${folder}${name}`, "utf8"), name).toBe(text);
});

test("each command that prints JSON has a schema, and no other", () => {
	const printing = Object.entries(commands).filter(([, { options }]) => options.json !== undefined);
	expect(printing.map(([name]) => name).sort()).toEqual(Object.keys(outputSchemas).sort());
});

// Those that ask a host are held against theirs wherever a test runs them (`test/unit/command.ts`).
describe("the output of", () => {
	test.each<readonly [command: keyof typeof outputSchemas, args: readonly string[]]>([
		["check", [example("handbook"), example("handbook-microsegmentation")]],
		["check", [example("corrected")]],
		["test", [example("corrected"), example("handbook")]],
		["expand", [example("corrected/etc/pf.conf")]],
		["expand", [example("upgrade/etc/pf.conf"), "--release", "7.9"]],
		["netstart", [example("handbook/etc/hostname.vether0")]],
		["pattern", []],
		["pattern", ["routed", "--help", example("handbook")]],
		["pattern", ["routed", example("handbook")]],
		["upgrade", [example("upgrade")]],
		["trace", ["outside", "web01", "tcp", "22", "--folder", example("corrected")]],
		["reach", [example("corrected")]],
		["exposure", [example("corrected")]],
		["report", [example("corrected")]],
		["diff", [example("handbook"), example("corrected")]],
		["topology", [example("handbook-microsegmentation")]],
		["explain", ["pf/syntax"]],
		["fmt", ["--check", example("handbook")]],
	])("%s %s", async (command, args) => {
		let said = "";
		const stdout = { write: (text: string) => (said += text) };
		expect(await main([command, "--json", ...args], { stdout, stderr: { write: () => true } })).toBeLessThan(2);
		expect(said).not.toBe("");
		expect(() => outputSchemas[command].parse(JSON.parse(said))).not.toThrow();
	});
});
