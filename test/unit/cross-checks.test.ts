import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnosticCatalog } from "../../server/src/features/catalogs.ts";

const page = readFileSync(new URL("../../docs/cross-checks.md", import.meta.url), "utf8");

describe("docs/cross-checks.md", () => {
	const named = [...page.matchAll(/`((?:vm|host|pf|policy)\/[a-z0-9-]+)`/g)].map(([, code = ""]) => code);

	it("names codes that there are", () => {
		expect(named.filter((code) => !Object.hasOwn(diagnosticCatalog, code))).toEqual([]);
	});

	it("names most of what needs more than one file", () => {
		const across = Object.keys(diagnosticCatalog).filter((code) => code.startsWith("host/"));
		expect(named.length).toBeGreaterThan(100);
		expect(across.filter((code) => !named.includes(code)).length).toBeLessThan(15);
	});
});
