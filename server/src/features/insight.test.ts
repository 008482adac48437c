import { describe, expect, test } from "vitest";
import { toyLanguage } from "../../../test/toy-language.ts";
import { codeLenses, resolveCodeLens } from "./code-lens.ts";
import { expanded, expandedDocument } from "./expanded.ts";
import { hover } from "./hover.ts";
import { inlayHints } from "./inlay-hints.ts";
import { semanticTokens, semanticTokensIn, tokenTypes } from "./semantic-tokens.ts";
import { signatureHelp } from "./signature-help.ts";
import { open } from "./testing.ts";

const RULES = 'web = "80"\npass to port $web\npass to port 443\npass from { 192.0.2.1 192.0.2.2 }\n';

describe("inlay hints", () => {
	async function hints(settings = {}): Promise<readonly string[]> {
		const { session, file } = await open(RULES, { language: toyLanguage, settings: { inlayHints: settings } });
		return inlayHints(session, file, { start: 0, end: file.text.length }).map(
			({ position, label }) =>
				`${position.line}:${position.character}${typeof label === "string" ? label : label.map(({ value }) => value).join("")}`,
		);
	}

	test("values, services, counts", async () => expect(await hints()).toEqual(["1:17 = 80", "2:16 https", "3:33→ 2 rules"]));
	test("each can be switched off", async () => {
		expect(await hints({ macroValues: false })).toEqual(["2:16 https", "3:33→ 2 rules"]);
		expect(await hints({ serviceNames: false, ruleCounts: false })).toEqual(["1:17 = 80"]);
	});
	test("none breaks the columns of policy tests", async () => {
		const { session, file } = await open("//- /etc/policy.pftest\noutside  host  tcp 22  pass\n");
		expect(inlayHints(session, file, { start: 0, end: file.text.length })).toEqual([]);
	});
	test("only in the range that is shown", async () => {
		const { session, file } = await open(RULES, { language: toyLanguage });
		expect(inlayHints(session, file, file.lines.span({ start: { line: 2, character: 0 }, end: { line: 2, character: 16 } }))).toHaveLength(
			1,
		);
	});
});

describe("code lenses", () => {
	const opened = async (text: string) => {
		const { session, file } = await open(text);
		return [session, file] as const;
	};

	test("none for the block of an anchor that nothing else names", async () => {
		const { session, file } = await open('//- /etc/pf.conf\nanchor "a" {\n\tpass\n}\n');
		expect(codeLenses(session, file)).toEqual([]);
	});

	test("none for a macro that has no value yet: a word that is being typed is pushed away by no lens", async () => {
		const shown = async (text: string) => codeLenses(...(await opened(text))).length;
		expect(await Promise.all(['w = "em0"\n', "w\n", "w =\n"].map(shown))).toEqual([1, 0, 0]);
	});

	test("references of names, and counts of rules for who wants them as lenses too", async () => {
		const { session, file } = await open(RULES, { language: toyLanguage, settings: { codeLens: { expanded: true } } });
		expect(codeLenses({ ...session, settings: {} }, file)).toHaveLength(1);
		const lenses = codeLenses(session, file).map((lens) => resolveCodeLens(session, lens));
		expect(lenses.map(({ command }) => command?.title)).toEqual(["1 reference", "2 rules"]);
		expect(lenses[0]?.command?.arguments?.[2]).toHaveLength(1);
	});

	test("a call of all anchors below a name says how many there are", async () => {
		const { session, file } = await open(
			'anchor "vm/*"\nanchor "x/*"\nload anchor "vm/a" from "/etc/pf.vm/a.conf"\nload anchor "vm/b" from "/etc/pf.vm/b.conf"\n',
		);
		const lenses = codeLenses(session, file).map((lens) => resolveCodeLens(session, lens));
		expect(lenses.slice(0, 2).map(({ command }) => command?.title)).toEqual(["2 anchors", "0 anchors"]);
	});

	test("an anchor file that nothing loads says so", async () => {
		const host = (rule: string) => `//- /etc/pf.vm/web.conf\n|pass\n//- /etc/pf.conf\n${rule}\n`;
		const titles = async (rule: string) => {
			const { session, file } = await open(host(rule), { language: toyLanguage });
			return codeLenses(session, file).map(({ command }) => command?.title);
		};
		expect(await titles("pass")).toEqual(["Not loaded by any pf.conf of this host"]);
		expect(await titles('load anchor "web" file "/etc/pf.vm/web.conf"')).toEqual([]);
	});
});

describe("signature help", () => {
	const cases: readonly (readonly [text: string, active: string])[] = [
		["pass max-src-conn-rate |", "number"],
		["pass max-src-conn-rate 10/|", "seconds"],
		["pass to port |", "port"],
	];
	for (const [text, active] of cases) {
		test(text, async () => {
			const { session, file, offset } = await open(text, { language: toyLanguage });
			const help = signatureHelp(session, file, offset);
			const [signature] = help?.signatures ?? [];
			const label = signature?.parameters?.[help?.activeParameter ?? 0]?.label;
			expect(Array.isArray(label) ? signature?.label.slice(...label) : label).toBe(active);
		});
	}

	test("none where no argument stands", async () => {
		const { session, file, offset } = await open("pass |", { language: toyLanguage });
		expect(signatureHelp(session, file, offset)).toBeNull();
	});
});

test("the expanded document links each line to its statement", async () => {
	const { session, file } = await open(RULES, { language: toyLanguage });
	const made = expanded(session, file);
	expect(made?.text).toBe("pass to port $web\npass to port 443\npass from 192.0.2.1\npass from 192.0.2.2\n");
	expect(made?.links.map(({ line, target }) => [line, target.range.start.line])).toEqual([
		[0, 1],
		[1, 2],
		[2, 3],
		[3, 3],
	]);
	const vm = await open("//- /etc/vm.conf\n\n");
	expect(expanded(vm.session, vm.file)).toBeNull();
});

describe("hover on values and rules", () => {
	const cases: readonly (readonly [name: string, text: string, ...says: string[]])[] = [
		["a network", "pass from 192.0.2.|0/24\n", "`192.0.2.0` to `192.0.2.255`: 256 addresses", "Netmask `255.255.255.0`"],
		["an IPv6 network", "pass from 2001:db8:|:/32\n", "2^96 addresses"],
		[
			"an address of this host",
			"//- /etc/pf.conf\npass from 10.0.0.|0/8\n//- /etc/hostname.vport0\ninet 10.50.0.1 255.255.255.0\n",
			"On this host:",
			"`vport0`: `10.50.0.1`",
		],
		["one address", "pass from 192.0.2.|7\n", "One IPv4 address"],
		["a port", "pass to port 44|3\n", "Port 443: https"],
		["a rule", "pa|ss from { 192.0.2.1 192.0.2.2 }\n", "Loaded as 2 rules:", "pass from 192.0.2.2"],
		["a macro", 'a = "80"\npass to port $|a\n', "Macro `a`", "80"],
	];
	for (const [name, text, ...says] of cases) {
		test(name, async () => {
			const { session, file, offset } = await open(text, { language: toyLanguage });
			const shown = JSON.stringify(hover(session, file, offset));
			for (const part of says) expect(shown).toContain(part);
		});
	}
});

describe("semantic tokens", () => {
	/** Line, character, length and type of each token. */
	function unpacked(data: Uint32Array): readonly string[] {
		const tokens: string[] = [];
		let line = 0;
		let character = 0;
		for (let i = 0; i < data.length; i += 5) {
			const [down = 0, right = 0, length, type = 0, modifiers] = data.subarray(i, i + 5);
			line += down;
			character = down === 0 ? character + right : right;
			tokens.push(`${line}:${character} ${length} ${tokenTypes[type]}${modifiers === 0 ? "" : ` ${modifiers}`}`);
		}
		return tokens;
	}

	test("roles, names, definitions and obsolete words", async () => {
		const { file } = await open('a = "1"\npass rdr $a # c\n', { language: toyLanguage });
		expect(unpacked(semanticTokens(file))).toEqual([
			"0:0 1 macro 1",
			"0:2 1 operator",
			"0:4 3 string",
			"1:0 4 action",
			"1:5 3 keyword 2",
			"1:9 2 macro",
			"1:12 3 comment",
		]);
	});

	test("texts are left to an editor with grammars", async () => {
		const { file } = await open('a = "1"\npass rdr $a # c\n', { language: toyLanguage });
		const types = unpacked(semanticTokens(file, undefined, { grammars: true })).map((token) => token.split(" ")[2]);
		expect(types).toEqual(["macro", "operator", "action", "keyword", "macro", "comment"]);
	});

	test("of a range: whole lines", async () => {
		const { file } = await open("pass\nblock\npass\n", { language: toyLanguage });
		expect(unpacked(semanticTokensIn(file, { start: 6, end: 7 }))).toEqual(["1:0 5 action"]);
	});
});

test("the document of a pf.conf has the rules of the anchors that it loads behind its own", async () => {
	const { session, file } = await open(
		'//- /etc/pf.conf\n|block\nanchor "a"\nload anchor "a" from "/etc/pf.vm/a.conf"\nload anchor "b" from "/etc/gone.conf"\n//- /etc/pf.vm/a.conf\n\npass out on tap1\n',
	);
	const made = expandedDocument(session, file);
	const lines = made?.text.split("\n") ?? [];
	expect(lines.slice(2)).toEqual(["", "# Loading anchor a from /etc/pf.vm/a.conf", "pass out on tap1 all flags S/SA", ""]);
	expect(made?.links.map(({ line, target }) => [line, target.uri.replace(/^.*\//, ""), target.range.start.line])).toEqual([
		[0, "pf.conf", 0],
		[1, "pf.conf", 1],
		[4, "a.conf", 1],
	]);
	// What is piped to pfctl has them in their anchors.
	expect(expanded(session, file)?.text).not.toContain("tap1");
});
