import { readFileSync } from "node:fs";

/** The product's version, of the package.json two folders above: the repository's, or the installed package's. */
export const version: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
