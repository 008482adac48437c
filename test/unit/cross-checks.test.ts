import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnosticCatalog } from "../../server/src/features/catalogs.ts";

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const codesIn = (text: string): readonly string[] =>
	[...text.matchAll(/`((?:vm|host|hostname|pf|policy)\/[a-z0-9-]+)`/g)].map(([, code = ""]) => code);

it("docs/ways-to-fail.md names codes that there are", () => {
	const named = codesIn(read("ways-to-fail.md"));
	expect(named.length).toBeGreaterThan(100);
	expect(named.filter((code) => !Object.hasOwn(diagnosticCatalog, code))).toEqual([]);
});

describe("docs/cross-checks.md", () => {
	const named = codesIn(read("cross-checks.md"));

	it("names codes that there are", () => {
		expect(named.filter((code) => !Object.hasOwn(diagnosticCatalog, code))).toEqual([]);
	});

	it("names most of what needs more than one file", () => {
		const across = Object.keys(diagnosticCatalog).filter((code) => code.startsWith("host/"));
		expect(named.length).toBeGreaterThan(100);
		expect(across.filter((code) => !named.includes(code)).length).toBeLessThan(15);
	});
});
