// The snippets as the files that VS Code's "Insert Snippet" reads. They have no prefix, so that VS Code offers them nowhere
// by itself: where one can stand is known to the language server, which offers it there.
import { join } from "node:path";
import { root } from "./repository.mjs";
import { importSources } from "./sources.mjs";

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

async function snippetModules() {
	return await importSources(
		"snippets",
		languages.map((name) => `export { ${name}Snippets } from "./server/src/${name}/snippets.ts";`),
	);
}

/** Where the file of a language lies in the extension. @param {string} language */
export function snippetPath(language) {
	return join(root, "dist", "snippets", `openbsd-${language}.json`);
}
