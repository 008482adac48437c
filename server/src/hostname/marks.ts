/** The words of a hostname file as marks: what they are, what they name. */
import type { Mark, MarkRole } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";
import type { SymbolKind, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { bridgeWordRole, type RulePart } from "./bridge-rule.ts";
import type { Checked } from "./check.ts";
import type { Understood } from "./ifconfig.ts";
import { placeOf } from "./lexer.ts";
import type { Run } from "./netstart.ts";
import { lineWords, wordOf } from "./vocabulary.ts";

const roles: Partial<Record<ValueType, MarkRole>> = {
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

function roleOf(entry: VocabularyEntry): MarkRole {
	return LINES.has(entry.name) ? "keyword" : "option";
}

/** The marks in the order of the text; none overlaps another. */
export function marksOf({ lines }: Run, checked: readonly Checked[]): readonly Mark[] {
	const marks: Mark[] = [];
	for (const { words, span: at, fate } of lines) {
		const [first] = words;
		const place = first === undefined ? undefined : placeOf(first);
		if (first === undefined || place === undefined) continue;
		if (first.text.startsWith("#")) marks.push({ span: span(place.start, at.end), role: "comment" });
		else if (first.text.startsWith("!")) {
			const entry = lineWords.find(({ name }) => name === "!");
			marks.push({ span: span(place.start, place.start + 1), role: "keyword", ...(entry === undefined ? {} : { entry }) });
			if (place.start + 1 < at.end) marks.push({ span: span(place.start + 1, at.end), role: "string", value: "command" });
		} else {
			const entry = lineWords.find(({ name }) => name === first.text) ?? (fate.kind === "command" ? undefined : wordOf(first.text));
			if (entry !== undefined) marks.push({ span: place, role: roleOf(entry), entry });
		}
	}
	for (const { command, shell, understood } of checked) {
		if (command.shell) continue;
		for (const word of understood) marks.push(...markOf(word));
		if (shell.comment !== undefined) marks.push({ span: shell.comment, role: "comment" });
	}
	return apart(marks);
}

function markOf(known: Understood): readonly Mark[] {
	const at = known.word.span;
	if (at === undefined) return [];
	switch (known.kind) {
		case "option":
			return [{ span: at, role: roleOf(known.entry), entry: known.entry }];
		case "address":
			return [{ span: at, role: "address", value: "address" }];
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
					role: constant ? "constant" : (roles[type] ?? "string"),
					value: type,
					...(symbol === undefined ? {} : { symbol }),
				},
			];
		}
	}
}

function ruleMark(at: Span, text: string, part: RulePart): Mark {
	switch (part) {
		case "word":
			return { span: at, role: bridgeWordRole(text) };
		case "interface":
			return { span: at, role: "name", value: part, symbol: { kind: part, name: text, use: "refer" } };
		case "tag":
			return { span: at, role: "name", value: part, symbol: { kind: part, name: text, use: "set" } };
		case "lladdr":
		case "address":
			return { span: at, role: "address", value: part };
	}
}

function named(type: ValueType, name: string, option: string): Mark["symbol"] {
	if (type !== "interface" && type !== "interface-group") return undefined;
	const kind: SymbolKind = type;
	return { kind, name, use: option === "group" ? "set" : "refer" };
}

/** In order, and the first of those that overlap. */
function apart(marks: Mark[]): readonly Mark[] {
	let end = -1;
	return marks
		.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
		.filter(({ span: at }: { span: Span }) => {
			if (at.start < end || at.end <= at.start) return false;
			end = at.end;
			return true;
		});
}
