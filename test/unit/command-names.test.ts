/** Documentation and the scripts that use the editor as a person name commands as its palette does. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "./textmate.ts";

const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** The titles of commands, without the dots of those that ask something. */
function titles(manifest: string): readonly string[] {
	const texts: Readonly<Record<string, string>> = JSON.parse(read(manifest));
	return Object.entries(texts).flatMap(([key, title]) => (key.startsWith("command.") ? [title] : []));
}

function filesIn(folder: string, extension: string): readonly string[] {
	return readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(extension))
		.map((name) => `${folder}/${name}`);
}

const pages = [...filesIn("docs", ".md"), "README.md"];

test.each([
	["pages", "package.nls.json", pages.filter((path) => !path.includes("zh-cn")), /\*\*OpenBSD: ([^*]+?)(?:\.\.\.)?\*\*/g],
	["Chinese pages", "package.nls.zh-cn.json", pages.filter((path) => path.includes("zh-cn")), /\*\*OpenBSD: ([^*]+?)(?:\.\.\.)?\*\*/g],
	["scripts", "package.nls.json", filesIn("scripts", ".mjs"), /"OpenBSD: ([^"]+?)(?:\.\.\.)?"/g],
])("%s", (_, manifest, paths, named) => {
	const known = titles(manifest);
	const found = paths.flatMap((path) => [...read(path).matchAll(named)].map(([, name = ""]) => ({ path, name })));
	expect(found.length).toBeGreaterThan(0);
	expect(found.filter(({ name }) => !known.some((title) => title.startsWith(name)))).toEqual([]);
});
