import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosticCatalog } from "../../server/src/features/catalogs.ts";
import type { DiagnosticCatalog } from "../../server/src/index.ts";
import { root } from "./textmate.ts";

test("docs/diagnostics.md is what the catalogues say (else: npx tsc -b && node scripts/diagnostics-docs.mjs)", async () => {
	const { diagnosticsPage }: { diagnosticsPage: (catalog: DiagnosticCatalog) => string } = await import(
		new URL("scripts/lib/diagnostics-page.mjs", root).href
	);
	expect(readFileSync(new URL("docs/diagnostics.md", root), "utf8")).toBe(diagnosticsPage(diagnosticCatalog));
});
