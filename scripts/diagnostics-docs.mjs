// Writes docs/diagnostics.md and docs/diagnostics.zh-cn.md from the diagnostic catalogues of the built library, and the examples that
// tests show them by.
//
//	node scripts/diagnostics-docs.mjs [--check]
//
// --check  writes nothing; the exit status is 1 where a file is not what it would write
import { readFile, writeFile } from "node:fs/promises";
import { diagnosticCatalog } from "../server/dist/features/index.js";
import { diagnosticsPage, shownExamples } from "./lib/diagnostics-page.mjs";

const shown = await shownExamples();
const chinese = JSON.parse(await readFile(new URL("../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8"));

for (const [name, translations] of Object.entries({ "diagnostics.md": {}, "diagnostics.zh-cn.md": chinese })) {
	const target = new URL(`../docs/${name}`, import.meta.url);
	const page = diagnosticsPage(diagnosticCatalog, shown, translations);
	if (!process.argv.includes("--check")) await writeFile(target, page);
	else if ((await readFile(target, "utf8").catch(() => "")) !== page) {
		console.error(`docs/${name} is out of date: run node scripts/diagnostics-docs.mjs`);
		process.exitCode = 1;
	}
}
