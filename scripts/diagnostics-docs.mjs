// Writes docs/diagnostics.md from the diagnostic catalogues of the built library.
//
//	node scripts/diagnostics-docs.mjs [--check]
//
// --check  writes nothing; the exit status is 1 where the file is not what it would write
import { readFile, writeFile } from "node:fs/promises";
import { diagnosticCatalog } from "../server/dist/features/index.js";
import { diagnosticsPage } from "./lib/diagnostics-page.mjs";

const target = new URL("../docs/diagnostics.md", import.meta.url);

const page = diagnosticsPage(diagnosticCatalog);
if (!process.argv.includes("--check")) await writeFile(target, page);
else if ((await readFile(target, "utf8").catch(() => "")) !== page) {
	console.error("docs/diagnostics.md is out of date: run node scripts/diagnostics-docs.mjs");
	process.exitCode = 1;
}
