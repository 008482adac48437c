/** The words of a hostname file as tokens: what they are, what they name. */
import type { SyntaxToken, TokenKind } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { SymbolKind, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { bridgeWordRole, type RulePart } from "./bridge-rule.ts";
import type { CheckedCommand } from "./check.ts";
import type { Understood } from "./ifconfig.ts";
import { placeOf } from "./lexer.ts";
import type { Run } from "./netstart.ts";
import { lineWords, wordOf } from "./vocabulary.ts";

const roles: Partial<Record<ValueType, TokenKind>> = {
	number: "number",
	seconds: "number",
	milliseconds: "number",
	"prefix-length": "number",
	address: "address",
	network: "address",
	netmask: "address",
	lladdr: "address",
	port: "port",
	interface: "name",
	"interface-group": "name",
	string: "string",
	file: "string",
};

/** The words that say what kind of line it is. */
const LINES = new Set(["inet", "inet6", "dhcp", "dest"]);

function roleOf(entry: VocabularyEntry): TokenKind {
	return LINES.has(entry.name) ? "keyword" : "option";
}

/** The tokens in the order of the text; none overlaps another. */
export function tokensOf({ lines }: Run, checked: readonly CheckedCommand[]): readonly SyntaxToken[] {
	const tokens: SyntaxToken[] = [];
	for (const { words, span: at, fate } of lines) {
		const [first] = words;
		const place = first === undefined ? undefined : placeOf(first);
		if (first === undefined || place === undefined) continue;
		if (first.text.startsWith("#")) tokens.push({ span: span(place.start, at.end), kind: "comment" });
		else if (first.text.startsWith("!")) {
			const entry = lineWords.find(({ name }) => name === "!");
			tokens.push({ span: span(place.start, place.start + 1), kind: "keyword", ...(entry === undefined ? {} : { entry }) });
			if (place.start + 1 < at.end) tokens.push({ span: span(place.start + 1, at.end), kind: "string", value: "command" });
		} else {
			const entry = lineWords.find(({ name }) => name === first.text) ?? (fate.kind === "command" ? undefined : wordOf(first.text));
			if (entry !== undefined) tokens.push({ span: place, kind: roleOf(entry), entry });
		}
	}
	for (const { command, shell, understood } of checked) {
		if (command.shell) continue;
		for (const word of understood) tokens.push(...tokenOf(word));
		if (shell.comment !== undefined) tokens.push({ span: shell.comment, kind: "comment" });
	}
	return apart(tokens);
}

function tokenOf(known: Understood): readonly SyntaxToken[] {
	const at = known.word.span;
	if (at === undefined) return [];
	switch (known.kind) {
		case "option":
			return [{ span: at, kind: roleOf(known.entry), entry: known.entry }];
		case "address":
			return [{ span: at, kind: "address", value: "address" }];
		case "rule":
			return [ruleMark(at, known.word.text, known.part)];
		case "argument": {
			const described = known.entry.args[known.index];
			if (described === undefined) return [];
			const { type } = described;
			const constant = described.choices?.includes(known.word.text) === true;
			const symbol = named(type, known.word.text, known.entry.name);
			return [
				{
					span: at,
					kind: constant ? "constant" : (roles[type] ?? "string"),
					value: type,
					...(symbol === undefined ? {} : { symbol }),
				},
			];
		}
	}
}

function ruleMark(at: Span, text: string, part: RulePart): SyntaxToken {
	switch (part) {
		case "word":
			return { span: at, kind: bridgeWordRole(text) };
		case "interface":
			return { span: at, kind: "name", value: part, symbol: { kind: part, name: text, use: "refer" } };
		case "tag":
			return { span: at, kind: "name", value: part, symbol: { kind: part, name: text, use: "set" } };
		case "lladdr":
		case "address":
			return { span: at, kind: "address", value: part };
	}
}

function named(type: ValueType, name: string, option: string): SyntaxToken["symbol"] {
	if (type !== "interface" && type !== "interface-group") return undefined;
	const kind: SymbolKind = type;
	return { kind, name, use: option === "group" ? "set" : "refer" };
}

/** In order, and the first of those that overlap. */
function apart(tokens: SyntaxToken[]): readonly SyntaxToken[] {
	let end = -1;
	return tokens
		.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
		.filter(({ span: at }: { span: Span }) => {
			if (at.start < end || at.end <= at.start) return false;
			end = at.end;
			return true;
		});
}
