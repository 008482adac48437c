// TypeScript of the repository for scripts, which Node takes only as JavaScript.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { out, root } from "./repository.mjs";

/**
 * Bundles modules into one, and imports it. It lies as deep below the root as tests do, which find the repository's files by that.
 * @param {string} name of the bundle
 * @param {readonly string[]} lines its exports: `export { one } from "./server/src/one.ts";`
 */
export async function importSources(name, lines) {
	const outfile = join(out, "sources", `${name}.mjs`);
	await build({
		stdin: { contents: lines.join("\n"), resolveDir: root },
		absWorkingDir: root,
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		packages: "external",
		logLevel: "error",
	});
	return await import(pathToFileURL(outfile).href);
}
