// The snippets as the files that VS Code's "Insert Snippet" reads. They have no prefix, so that VS Code offers them nowhere
// by itself: where one can stand is known to the language server, which offers it there.
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./repository.mjs";

const languages = ["pf", "vm", "hostname"];

/**
 * Reads the snippets from the server's sources.
 * @returns {Promise<Map<string, string>>} the JSON by language
 */
export async function snippetFiles() {
	const modules = await snippetModules();
	return new Map(
		languages.map((name) => {
			/** @type {{ title: { template: string }, detail: { template: string }, body: string[] }[]} */
			const snippets = modules[`${name}Snippets`];
			const entries = snippets.map(({ title, detail, body }) => [title.template, { description: detail.template, body }]);
			return [name, `${JSON.stringify(Object.fromEntries(entries), null, "\t")}\n`];
		}),
	);
}

/**
 * What a snippet inserts when every placeholder keeps its default.
 * @returns {Promise<(language: string, prefix: string) => string>}
 */
export async function snippetTexts() {
	const modules = await snippetModules();
	return (language, prefix) => {
		/** @type {{ prefixes: string[], body: string[] }[]} */
		const snippets = modules[`${language}Snippets`];
		const found = snippets.find(({ prefixes }) => prefixes.includes(prefix));
		if (found === undefined) throw new Error(`${language}: no snippet ${prefix}`);
		return modules.insertedText(found.body.join("\n"));
	};
}

async function snippetModules() {
	const lines = [
		...languages.map((name) => `export { ${name}Snippets } from "./server/src/${name}/snippets.ts";`),
		'export { insertedText } from "./server/src/text/snippet.ts";',
	];
	const { outputFiles } = await build({
		stdin: { contents: lines.join("\n"), resolveDir: root },
		absWorkingDir: root,
		bundle: true,
		format: "esm",
		write: false,
	});
	const code = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
	return await import(`data:text/javascript;base64,${code}`);
}

/** Where the file of a language lies in the extension. @param {string} language */
export function snippetPath(language) {
	return join(root, "dist", "snippets", `openbsd-${language}.json`);
}
