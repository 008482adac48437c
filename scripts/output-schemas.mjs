// Writes schemas/output/: what each command prints as JSON, from cli/src/output-schemas.ts as built (`npx tsc -b`).
//
//	node scripts/output-schemas.mjs
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputSchemaFiles } from "../cli/dist/output-schema-files.js";
import { root } from "./lib/repository.mjs";

const folder = join(root, "schemas", "output");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of outputSchemaFiles()) writeFileSync(join(folder, name), text);
