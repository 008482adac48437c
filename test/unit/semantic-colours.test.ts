import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { semanticTokens, tokenTypes } from "../../server/src/features/semantic-tokens.ts";
import { open } from "../../server/src/features/testing.ts";
import { hostNames, languageOf, readHost } from "./hosts.ts";
import { grammarOf, root, tokenize } from "./textmate.ts";

interface Contributions {
	readonly semanticTokenTypes: readonly { readonly id: string; readonly superType: string }[];
	readonly semanticTokenScopes: readonly { readonly language: string; readonly scopes: Readonly<Record<string, readonly string[]>> }[];
}

const { contributes }: { contributes: Contributions } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

/** Types that VS Code knows by itself. */
const known = ["comment", "keyword", "macro", "string", "number", "operator", "interface", "label"];

test("the manifest names every type of the server's own", () => {
	expect(contributes.semanticTokenTypes.map(({ id }) => id).sort()).toEqual(tokenTypes.filter((type) => !known.includes(type)).sort());
});

const grammars = contributes.semanticTokenScopes.map(({ language }) =>
	readFileSync(new URL(`syntaxes/${language}.tmLanguage.json`, root), "utf8"),
);

describe.each(contributes.semanticTokenScopes)("$language", ({ language, scopes }) => {
	test("every type has the colour of the grammar, so nothing changes when the server starts", () => {
		// VS Code's own scopes for these are the grammar's.
		const own = ["comment", "string", "number", "operator"];
		expect(Object.keys(scopes).sort()).toEqual(tokenTypes.filter((type) => !own.includes(type)).sort());
	});

	test("no scope is misspelt: each is one of a grammar", () => {
		const names = Object.values(scopes).map(([scope = ""]) => scope.replace(`.${language}`, ""));
		expect(names.filter((scope) => !grammars.some((grammar) => grammar.includes(`"${scope}.`)))).toEqual([]);
	});
});

/** What the themes of VS Code tell apart. */
const coloured = [
	"comment",
	"constant.character.escape",
	"constant.language",
	"constant.numeric",
	"constant.other",
	"entity.name.function",
	"entity.name.label",
	"entity.name.namespace",
	"entity.name.type",
	"invalid",
	"keyword.control",
	"keyword.operator",
	"keyword.other",
	"keyword.other.unit",
	"storage",
	"string",
	"support.function",
	"support.type",
	"variable",
	"variable.other.constant",
];

/** What a theme makes of a word: its innermost scope that the theme knows decides. */
function colour(scopes: readonly string[]): string | undefined {
	const known = (scope: string) => coloured.filter((prefix) => scope === prefix || scope.startsWith(`${prefix}.`)).pop();
	const family = scopes.findLast((scope) => known(scope) !== undefined);
	const found = family === undefined ? undefined : known(family);
	// These share a colour in the themes that we know.
	return found === "entity.name.namespace" ? "entity.name.type" : found === "keyword.other.unit" ? "constant.numeric" : found;
}

/** Scopes of the types that VS Code knows by itself. */
const ownScopes: Readonly<Record<string, string>> = {
	comment: "comment",
	number: "constant.numeric",
	operator: "keyword.operator",
};

const files = hostNames.flatMap((host) =>
	[...readHost(host)].flatMap(([path, text]) => {
		const language = languageOf(path);
		return language === undefined ? [] : [{ name: `${host}${path}`, path, language, text }];
	}),
);

const hard = [
	["/etc/pf.conf", "match out on em0 inet6 proto tcp from (self) to ! <bad> port { ssh 6000:6010 } nat-to (em0:0) static-port\n"],
	["/etc/pf.conf", "pass in quick log (all, to pflog1) on em0 proto tcp to 10/8 port = www flags S/SA keep state (max 10, tcp.first 5)\n"],
	[
		"/etc/pf.conf",
		"set limit { states 10000, frags 5000 }\nset timeout { tcp.first 5, interval 3 }\nset debug err\nset block-policy return\n",
	],
	["/etc/pf.conf", "pass in on $unknown proto tcp\npass out on em0 inet proto udp\nblock\n"],
	["/etc/pf.conf", 'anchor "vm/*" in on egress\nload anchor "vm/a" from "/etc/pf.vm/a.conf"\nantispoof quick for { lo0 em0 }\n'],
	[
		"/etc/pf.conf",
		"table <bad> persist const { 10.0.0.0/8 !10.1.2.3 }\nqueue a on em0 bandwidth 10M default\npass set (prio 5, queue a)\n",
	],
	[
		"/etc/pf.conf",
		"block return-icmp (13) inet proto icmp icmp-type 8 code 0 tag A\npass inet proto icmp icmp-type { echoreq 3 } tagged A\n",
	],
	["/etc/pf.conf", 'nets = "{ 10.0.0.0/8, em0 }"\npass from $nets label "a:$dstport" scrub (no-df max-mss 1400) rtable 1\n'],
	["/etc/pf.conf", "pass in from urpf-failed to no-route route-to 10.0.0.1 divert-to 127.0.0.1 port 8021\n"],
	["/etc/vm.conf", 'vm "a" instance "b" {\n\tdisable\n\tlocal interface tap0\n\tboot device cdrom\n\tallow instance { boot, memory }\n}\n'],
	["/etc/hostname.em0", "inet alias 10.0.0.1 255.255.255.0\ninet6 autoconf -temporary\n!route add 10/8 $if\ngroup a description b\nup\n"],
].map(([path = "", text = ""]) => ({
	name: text.slice(0, 30).replaceAll("\n", " "),
	path,
	language: languageOf(path) ?? "openbsd-pf",
	text,
}));

test.each([...files, ...hard])("no word changes its colour when the server has read the file: $name", async ({ path, language, text }) => {
	const { file } = await open(text, { path });
	const data = semanticTokens(file, undefined, { grammars: true });
	const lines = tokenize(await grammarOf(language), text);
	const scopes = contributes.semanticTokenScopes.find((one) => one.language === language)?.scopes ?? {};
	const changed: string[] = [];
	let line = 0;
	let character = 0;
	for (let at = 0; at < data.length; at += 5) {
		const [down = 0, right = 0, length = 0, number = 0] = data.subarray(at, at + 5);
		line += down;
		character = down === 0 ? character + right : right;
		const type = tokenTypes[number] ?? "";
		const after = colour([scopes[type]?.[0] ?? ownScopes[type] ?? ""]);
		let start = 0;
		for (const token of lines[line] ?? []) {
			const end = start + token.text.length;
			const within = start < character + length && end > character && token.text.trim() !== "";
			if (within && type !== "comment" && colour(token.scopes) !== after)
				changed.push(`${line + 1}: ${token.text}: ${token.scopes.at(-1)}, then ${type}`);
			start = end;
		}
	}
	expect(changed).toEqual([]);
});
