import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { collect } from "./l10n.ts";
import { root } from "./textmate.ts";

function table(path: string): Record<string, string> {
	return JSON.parse(readFileSync(new URL(path, root), "utf8"));
}

const chinese = table("l10n/bundle.l10n.zh-cn.json");

const sources = await collect(root);

test("the bundle is sorted: npm run l10n:sort", () => {
	expect(Object.keys(chinese)).toEqual(Object.keys(chinese).sort());
});

test("messages are made of literal templates, so that their translations can be found", () => {
	expect(sources.unreadable).toEqual([]);
});

/** What a translation may not lose: the places of arguments, and the words of files that stand in backquotes. */
function kept(text: string): readonly string[] {
	return [...new Set(text.match(/\{\d+\}|`[^`]+`/g))].sort();
}

test("a translation keeps the places of arguments and the words of files", () => {
	const broken = Object.entries(chinese).filter(([english, text]) => text === "" || kept(english).join() !== kept(text).join());
	expect(broken).toEqual([]);
});

/** What docs/localisation.md says is not written, as a search in texts. */
function unwanted(): readonly (readonly [words: string, search: RegExp])[] {
	const page = readFileSync(new URL("docs/localisation.md", root), "utf8");
	const rows = page.slice(page.indexOf("## Words that are not used")).matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm);
	return [...rows]
		.slice(1)
		.flatMap(([, cell = ""]) =>
			cell
				.split("; ")
				.map((words) => [words, new RegExp(/^\w/.test(words) ? `(?<!there )\\b${words}\\b(?! longer)` : words, "i")] as const),
		);
}

test("the words that docs/localisation.md rules out are in no text, in neither language", () => {
	const searches = unwanted();
	expect(searches.length).toBeGreaterThan(12);
	const texts = [
		...[...sources.texts].map(([text, where]) => [text, where] as const),
		...Object.entries(chinese).map(([, text]) => [text, "l10n/bundle.l10n.zh-cn.json"] as const),
		...["package.nls.json", "package.nls.zh-cn.json"].flatMap((path) => Object.values(table(path)).map((text) => [text, path] as const)),
	];
	const pages = ["README.md", "README.zh-cn.md", "CHANGELOG.md", ...readdirSync(new URL("docs/", root)).map((page) => `docs/${page}`)];
	// The table of these words has them, and code is not prose.
	for (const page of pages.filter((path) => path.endsWith(".md") && path !== "docs/localisation.md")) {
		for (const line of readFileSync(new URL(page, root), "utf8").split("\n")) texts.push([line.replaceAll(/`[^`]*`/g, ""), page]);
	}
	const found = texts.flatMap(([text, where]) =>
		searches.filter(([, search]) => search.test(text)).map(([words]) => `${where}: "${words}" in: ${text}`),
	);
	expect(found).toEqual([]);
});

test("Chinese keeps to the glossary, to its own punctuation, and to a blank between Chinese and Latin letters", () => {
	const manifest = table("package.nls.json");
	const texts = [
		...Object.entries(chinese),
		...Object.entries(table("package.nls.zh-cn.json")).map(([key, text]) => [manifest[key] ?? "", text] as const),
	];
	/** Where the English has the first, the Chinese has not the second. */
	const terms: readonly (readonly [english: RegExp, chinese: RegExp])[] = [
		[/\bguests?\b/i, /虚拟机/],
		[/\bblock(?:s|ed)?\b/i, /阻止|拦截/],
		[/\bpackets?\b/i, /报文/],
		[/\bload(?:s|ed)?\b/i, /载入/],
		[/\banchors?\b/i, /锚(?!点)/],
		// Of commands and of what is typed, the sign is a part.
		[/^(?!VLAN: )/, /(?<!OpenBSD)[,;:](?=[一-鿿])|(?<=[一-鿿])[,;]/],
		[/^/, /[一-鿿][A-Za-z]|[A-Za-z][一-鿿]/],
	];
	const found = texts.flatMap(([english, text]) =>
		terms.some(([has, hasNot]) => has.test(english) && hasNot.test(text.replaceAll(/`[^`]*`|\(command:[^)]*\)/g, ""))) ? [text] : [],
	);
	expect(found).toEqual([]);
});

test("the manifest says the same in both languages", () => {
	if (!["package.nls.json", "package.nls.zh-cn.json"].every((path) => existsSync(new URL(path, root)))) return;
	const english = table("package.nls.json");
	const translated = table("package.nls.zh-cn.json");
	expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
	const links = (text = "") => text.match(/\(command:[^)]*\)|`[^`]+`|#[\w.]+#/g) ?? [];
	for (const [key, text] of Object.entries(english)) expect(links(translated[key]).toSorted(), key).toEqual(links(text).toSorted());
});

test("the docs call commands as the editor does", () => {
	const short = (title: string) => title.replace(/( \(.*\))?(\.\.\.)?$/, "");
	const commands = Object.entries(table("package.nls.json")).filter(([key]) => key.startsWith("command."));
	const titles = new Set(commands.map(([, title]) => short(title)));
	const docs = readdirSync(new URL("docs/", root)).filter((page) => /^[^.]+\.md$/.test(page));
	const named = docs.flatMap((page) =>
		[...readFileSync(new URL(`docs/${page}`, root), "utf8").matchAll(/(?:\*\*|")OpenBSD: ([^*"]+)/g)].map(([, title = ""]) => short(title)),
	);
	expect(named.length).toBeGreaterThan(10);
	expect(named.filter((title) => !titles.has(title))).toEqual([]);
});

test("the README says the same in both languages: its pictures, its commands, its sections", () => {
	const shape = (path: string) => {
		const text = readFileSync(new URL(path, root), "utf8").replaceAll(".zh-cn.md", ".md");
		const parts = text.match(/\(docs\/[^)]*\)|\(examples\/[^)]*\)|^```\w*$|^#+ |`[^`\n]*`/gm) ?? [];
		return parts.map((part) => part.trim()).sort();
	};
	expect(shape("README.zh-cn.md")).toEqual(shape("README.md"));
});
