// The host program (remote/host-program/*.sh) for what esbuild bundles: its text goes into the bundle, as no file lies beside it.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** In place of the module that reads the program's files. @type {import("esbuild").Plugin} */
export const hostProgramText = {
	name: "host-program-text",
	setup(plugins) {
		plugins.onLoad({ filter: /[\\/]remote[\\/]src[\\/]deploy[\\/]program[\\/]text\.ts$/ }, async ({ path }) => {
			const folder = join(dirname(path), "../../../host-program");
			const names = (await readdir(folder)).filter((name) => name.endsWith(".sh")).sort();
			const parts = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })));
			return { loader: "js", contents: `export const hostProgramParts = ${JSON.stringify(parts)};` };
		});
	},
};
