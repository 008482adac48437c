import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosticCatalog } from "../../server/src/features/catalogs.ts";
import type { DiagnosticCatalog, Translations } from "../../server/src/index.ts";
import { root } from "./textmate.ts";

const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test.each([
	["docs/diagnostics.md", {}],
	["docs/diagnostics.zh-cn.md", JSON.parse(read("l10n/bundle.l10n.zh-cn.json"))],
])("%s is what the catalogues say (else: npx tsc -b && node scripts/diagnostics-docs.mjs)", async (path, translations: Translations) => {
	const { diagnosticsPage }: { diagnosticsPage: (catalog: DiagnosticCatalog, translations: Translations) => string } = await import(
		new URL("scripts/lib/diagnostics-page.mjs", root).href
	);
	expect(read(path)).toBe(diagnosticsPage(diagnosticCatalog, translations));
});
