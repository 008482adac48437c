// Sorts the translations, so that two people who add some do not meet at the end of the file.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../l10n/bundle.l10n.zh-cn.json", import.meta.url);
const bundle = JSON.parse(readFileSync(path, "utf8"));
const sorted = Object.fromEntries(
	Object.keys(bundle)
		.sort()
		.map((text) => [text, bundle[text]]),
);
writeFileSync(path, `${JSON.stringify(sorted, null, "\t")}\n`);
