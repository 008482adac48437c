/** Every text for people in the sources, found so that none can be forgotten. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commands } from "../../cli/src/commands.ts";
import { completionTexts } from "../../cli/src/completion.ts";
import { exitTexts } from "../../cli/src/exit-status.ts";
import { usageTexts } from "../../cli/src/usage.ts";

/** A text and where it was found first. */
export type Texts = Map<string, string>;

export interface Collected {
	readonly texts: Texts;
	/** Calls of `msg` and `l10n.t` whose template is no literal, so that no translation can be looked up. */
	readonly unreadable: readonly string[];
}

const packages = ["server", "remote", "client", "cli"];

function sources(root: URL): readonly string[] {
	return packages.flatMap((name) =>
		readdirSync(new URL(`${name}/src/`, root), { recursive: true, encoding: "utf8" })
			.map((path) => `${name}/src/${path.replaceAll("\\", "/")}`)
			.filter((path) => path.endsWith(".ts") && !/(\.test|testing)\.ts$/.test(path) && !path.endsWith(".d.ts")),
	);
}

/** The value of a literal, or of literals joined by `+`, at the start of `code`. */
function literal(code: string): string | undefined {
	const part = /^\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`)\s*/;
	const unescaped = (text: string) =>
		text.replace(/\\(u[0-9a-f]{4}|.)/gis, (_, escaped: string) => {
			if (escaped[0] === "u") return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
			return { n: "\n", t: "\t", r: "\r" }[escaped] ?? escaped;
		});
	let value: string | undefined;
	for (let rest = code; ; ) {
		const match = part.exec(rest);
		if (match === null) return undefined;
		value = (value ?? "") + unescaped(match[1] ?? match[2] ?? match[3] ?? "");
		rest = rest.slice(match[0].length);
		if (!rest.startsWith("+")) return /^[,)]/.test(rest) ? value : undefined;
		rest = rest.slice(1);
	}
}

/** The templates of messages: the first argument of each `msg(...)`, `l10n.t(...)` and, in the command, `tell(...)`. */
function templates(root: URL): Collected {
	const texts: Texts = new Map();
	const unreadable: string[] = [];
	for (const path of sources(root)) {
		const code = readFileSync(new URL(path, root), "utf8");
		const calls = path.startsWith("cli/") ? /(?<![\w.])(?<!function )(?:msg|tell)\(/g : /(?<![\w.])(?<!function )(?:msg|l10n\.t)\(/g;
		for (const call of code.matchAll(calls)) {
			const line = code.slice(0, call.index).split("\n").length;
			if (/^\s*(?:\/\/|\*|\/\*)/.test(code.split("\n")[line - 1] ?? "")) continue;
			const template = literal(code.slice(call.index + call[0].length));
			if (template === undefined) unreadable.push(`${path}:${line}`);
			else if (!texts.has(template)) texts.set(template, `${path}:${line}`);
		}
	}
	return { texts, unreadable };
}

/** Keys of objects whose values are texts for people: the vocabularies' and the catalogues'. */
function described(value: unknown): readonly string[] {
	if (typeof value !== "object" || value === null) return [];
	const has = (...keys: string[]) => keys.every((key) => typeof Reflect.get(value, key) === "string");
	if (has("title", "why", "remedy", "severity")) return ["title", "why", "remedy"];
	if (has("name", "group", "summary", "manual")) return ["group", "summary"];
	if (has("name", "meaning")) return ["meaning"];
	return [];
}

/** The texts of the vocabularies and catalogues that the modules of the server export. */
async function tables(root: URL): Promise<Texts> {
	const texts: Texts = new Map();
	const seen = new Set<unknown>();
	const walk = (value: unknown, where: string) => {
		if (typeof value !== "object" || value === null || seen.has(value)) return;
		seen.add(value);
		for (const key of described(value)) {
			const text = String(Reflect.get(value, key));
			if (!texts.has(text)) texts.set(text, where);
		}
		for (const child of value instanceof Map ? value.values() : Object.values(value)) walk(child, where);
	};
	for (const path of sources(root)) {
		// The rooms only: a module beside them may be the server's wiring, which starts when it is loaded.
		if (!/^server\/src\/\w+\//.test(path)) continue;
		walk(await import(fileURLToPath(new URL(path, root))), path);
	}
	return texts;
}

/** What docs/diagnostics.md says beside the catalogues. */
async function page(root: URL): Promise<Texts> {
	const where = "scripts/lib/diagnostics-page.mjs";
	const { pageTexts }: { pageTexts: Record<string, string> } = await import(fileURLToPath(new URL(where, root)));
	return new Map(Object.values(pageTexts).map((text) => [text, where]));
}

/** What the command's table of commands says for people: the usage, the help and the shells' completions are made of it. */
function command(): Texts {
	const texts: Texts = new Map();
	const add = (where: string, ...found: readonly string[]): void => {
		for (const text of found) texts.set(text, where);
	};
	for (const { summary, about, options, examples, exit = [] } of Object.values(commands)) {
		const [calls, statuses, helps] = [examples.map(([, what]) => what), exit.map(([, when]) => when), Object.values(options)];
		add("cli/src/commands.ts", summary, ...about, ...helps.map((option) => option.help), ...calls, ...statuses);
	}
	add("cli/src/exit-status.ts", ...Object.values(exitTexts));
	add("cli/src/usage.ts", ...Object.values(usageTexts));
	add("cli/src/completion.ts", ...Object.values(completionTexts));
	return texts;
}

export async function collect(root: URL): Promise<Collected> {
	const { texts, unreadable } = templates(root);
	for (const [text, where] of [...(await tables(root)), ...(await page(root)), ...command()]) if (!texts.has(text)) texts.set(text, where);
	return { texts, unreadable };
}
