// Where things are in this repository.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, an absolute path. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What is downloaded once and kept: not part of a checkout, safe to delete. */
export const cache = join(root, ".cache");

/** What tests leave behind for people: screenshots, reports. */
export const out = join(root, "out");

/** The extension's manifest. */
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The packaged extension. */
export const vsix = join(out, `${manifest.name}-${manifest.version}.vsix`);

/** What `npm test` writes below it of its two runs of unit tests: of those that wait for hosts, and of the others. */
export const unitReports = ["waiting-tests.json", "unit-tests.json"];
