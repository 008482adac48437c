import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosticCatalog } from "../../server/src/features/catalogs.ts";
import { examples, type ShownExample, shownExample } from "../../server/src/features/examples.testing.ts";
import type { DiagnosticCatalog, Translations } from "../../server/src/index.ts";
import { root } from "./textmate.ts";

const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const shown = new Map<string, ShownExample>();

/** No editor tells these: what isn't in the folder may be on the host. */
const untold = ["pf/file"];

test("every code has an example", () => {
	expect([...Object.keys(examples), ...untold].sort()).toEqual(Object.keys(diagnosticCatalog).sort());
});

test.each(Object.entries(examples))("%s is reported of its example, and not after the fix", async (code, example) => {
	const one = await shownExample(code, example);
	expect(one.found.length).toBeGreaterThan(0);
	expect(one.left).toBe(0);
	expect(one.after?.size).not.toBe(0);
	shown.set(code, one);
});

test.each([
	["docs/diagnostics.md", {}],
	["docs/diagnostics.zh-cn.md", JSON.parse(read("l10n/bundle.l10n.zh-cn.json"))],
])("%s is what the catalogues say (else: npx tsc -b && node scripts/diagnostics-docs.mjs)", async (path, translations: Translations) => {
	type Page = (catalog: DiagnosticCatalog, shown: ReadonlyMap<string, ShownExample>, translations: Translations) => string;
	const { diagnosticsPage }: { diagnosticsPage: Page } = await import(new URL("scripts/lib/diagnostics-page.mjs", root).href);
	expect(read(path)).toBe(diagnosticsPage(diagnosticCatalog, shown, translations));
});
