// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how placeholders of snippets are written

import { describe, expect, test } from "vitest";
import { hostnameSnippets } from "../../server/src/hostname/snippets.ts";
import { pfSnippets } from "../../server/src/pf/snippets.ts";
import { render } from "../../server/src/text/message.ts";
import { insertedChoices, insertedText, type Snippet } from "../../server/src/text/snippet.ts";
import { vmSnippets } from "../../server/src/vm/snippets.ts";
import { complaints } from "./programs.ts";

const snippets = { pf: pfSnippets, vm: vmSnippets, hostname: hostnameSnippets } as const;

function snippetsOf(language: keyof typeof snippets): readonly (readonly [name: string, snippet: Snippet])[] {
	return snippets[language].map((snippet) => [render(snippet.title), snippet]);
}

function bodyOf({ body }: Snippet): string {
	return body.join("\n");
}

test.each([
	["${1:a} $1", "a a"],
	["$1 ${1:a}", "a a"],
	["\\$wan ${1:{ tap1 \\}}", "$wan { tap1 }"],
	["${1:x} ${2:($1)}", "x (x)"],
	["${1|a,b|}${1}", "aa"],
	["a$0", "a"],
])("a snippet is inserted as VS Code does: %s", (body, text) => {
	expect(insertedText(body)).toBe(text);
});

const languages = ["pf", "vm", "hostname"] as const;

/** Drivers that are named at the start of a snippet's prefix, and prefixes that mean one. */
const drivers = new Set(["aggr", "bridge", "carp", "gif", "pppoe", "trunk", "veb", "vlan", "vxlan", "wg"]);
const meant: Readonly<Record<string, string>> = { protected: "veb", wifi: "iwm" };

/** A file that a snippet is for. */
function pathFor(language: (typeof languages)[number], prefixes: readonly string[]): string {
	if (language !== "hostname") return `/etc/${language}.conf`;
	const words = prefixes.map((one) => one.replace(/-.*/, ""));
	const driver = words.flatMap((word) => meant[word] ?? (drivers.has(word) ? word : [])).at(0) ?? "em";
	return `/etc/hostname.${driver}0`;
}

test("there are enough of them, and each is found by its own words", () => {
	expect(languages.flatMap(snippetsOf).length).toBeGreaterThanOrEqual(40);
	for (const language of languages) {
		const prefixes = snippetsOf(language).flatMap(([, snippet]) => snippet.prefixes);
		expect(new Set(prefixes).size).toBe(prefixes.length);
	}
});

describe.each(languages)("%s", (language) => {
	test.each(snippetsOf(language))("%s", (_, snippet) => {
		expect(render(snippet.detail)).toMatch(/^[A-Za-z].*[^.]$/);
		const body = bodyOf(snippet);
		const numbers = [...body.matchAll(/(?<!\\)\$\{?(\d+)/g)].map(([, number]) => Number(number)).filter((number) => number > 0);
		const used = [...new Set(numbers)].sort((a, b) => a - b);
		expect(used).toEqual(used.map((_, index) => index + 1));
		expect(insertedChoices(body).every(({ text }) => !/\$\{|\|\}/.test(text))).toBe(true);
	});
});

describe.each(languages.filter((language) => complaints[`openbsd-${language}`] !== undefined))(
	"%s: what is inserted is accepted",
	(language) => {
		test.each(snippetsOf(language))("%s", (_, snippet) => {
			const body = bodyOf(snippet);
			for (const text of [insertedText(body), ...insertedChoices(body).map((choice) => choice.text)]) {
				expect(
					complaints[`openbsd-${language}`]?.(pathFor(language, snippet.prefixes), `${text}\n`, () => ""),
					text,
				).toEqual([]);
			}
		});
	},
);
