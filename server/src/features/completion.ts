/** textDocument/completion: what the parser would accept at the cursor, the most used first. */
import {
	type CompletionItem,
	CompletionItemKind,
	CompletionItemTag,
	type CompletionList,
	InsertTextFormat,
	type MarkupContent,
	MarkupKind,
	type Range,
} from "vscode-languageserver-types";
import { driverOf, interfaceOfPath } from "../hostname/names.ts";
import { freeLladdr } from "../patterns/vm-conf.ts";
import { isLanguageId, languages, nameKinds } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { Expectation, NameKind } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { insertedText, type Snippet } from "../text/snippet.ts";
import type { Argument, Release, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { type NameCandidate, namesOf, shapeOf, type ValueShape, valuesOf } from "./candidates.ts";
import { entryMarkdown, goneSince, sinceRelease } from "./entry-text.ts";
import { localize, type Session, translated } from "./session.ts";
import { fittedBody } from "./snippet-fits.ts";

/** Kept in an item, so that its documentation is made when it is looked at: of a word by its group, of a snippet without. */
interface ItemData {
	readonly language: string;
	readonly group?: string;
	readonly name: string;
	/** The one that the file is read for, where that is told. */
	readonly release?: Release;
}

const icons: Readonly<Record<NameKind["icon"], CompletionItemKind>> = {
	constant: CompletionItemKind.Constant,
	struct: CompletionItemKind.Struct,
	module: CompletionItemKind.Module,
	class: CompletionItemKind.Class,
	member: CompletionItemKind.EnumMember,
	text: CompletionItemKind.Text,
	interface: CompletionItemKind.Interface,
	reference: CompletionItemKind.Reference,
	value: CompletionItemKind.Value,
	file: CompletionItemKind.File,
};

/** Names of the file come before words of the language, and those before long lists. */
const rank = { name: 0, keyword: 1, value: 2, list: 3 } as const;

export function completion(session: Session, file: SourceFile, offset: number): CompletionList {
	const { replace, expectations } = file.parsed.expected(offset);
	const place: Place = { session, file, offset, range: file.lines.range(replace), start: replace.start, wants: wantsOf(expectations) };
	const insert = file.lines.range({ start: replace.start, end: offset });
	const items = new Map<string, CompletionItem>();
	for (const expectation of expectations) {
		for (const item of itemsFor(place, expectation)) if (!items.has(item.label)) items.set(item.label, item);
	}
	const all = [...items.values(), ...snippetItems(place, expectations)];
	const twoWays = session.client.insertReplace === true && offset < replace.end;
	return { isIncomplete: false, items: twoWays ? all.map((item) => inTwoWays(item, insert)) : all };
}

/** Snippets stand alone on their lines, where a statement of their kind can begin. */
function snippetItems({ session, file, range, start }: Place, expectations: readonly Expectation[]): readonly CompletionItem[] {
	const { line } = file.lines.position(start);
	const before = file.text.slice(file.lines.offset({ line, character: 0 }), start);
	if (!session.client.snippets || before.trim() !== "") return [];
	const words = new Set(expectations.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : [])));
	return (languages.get(file.parsed.language)?.snippets ?? []).flatMap((snippet): readonly CompletionItem[] => {
		const { prefixes, title, needs } = snippet;
		if (!words.has(needs)) return [];
		const data: ItemData = { language: file.parsed.language, name: prefixes[0] };
		return [
			{
				label: prefixes[0],
				kind: CompletionItemKind.Snippet,
				detail: localize(session, title),
				// A blank in it would keep the list open behind a word that is typed to its end, and Enter would take from it.
				filterText: prefixes.join("/"),
				sortText: sortText(rank.list, 0),
				insertTextFormat: InsertTextFormat.Snippet,
				textEdit: { range, newText: fittedBody(snippet, session.files.hostModel(file), file.path) },
				data,
			},
		];
	});
}

/** In the middle of a word, the editor's user says whether the rest of it stays. */
function inTwoWays(item: CompletionItem, insert: Range): CompletionItem {
	const edit = item.textEdit;
	if (edit === undefined || !("range" in edit)) return item;
	return { ...item, textEdit: { newText: edit.newText, insert, replace: edit.range } };
}

/** The documentation of an item, made when somebody looks at it. */
export function resolveCompletion(session: Session, item: CompletionItem): CompletionItem {
	const data = item.data as Partial<ItemData> | undefined;
	if (data?.language === undefined || !isLanguageId(data.language)) return item;
	const language = languages.get(data.language);
	if (data.group === undefined) {
		const snippet = language?.snippets?.find(({ prefixes }) => prefixes[0] === data.name);
		return snippet === undefined ? item : { ...item, documentation: preview(session, data.language, snippet, item) };
	}
	const entry = language?.vocabulary.find(({ name, group }) => name === data.name && group === data.group);
	if (entry === undefined) return item;
	if (session.client.markdown) {
		return { ...item, documentation: { kind: MarkupKind.Markdown, value: entryMarkdown(session, data.language, entry, data.release) } };
	}
	return { ...item, documentation: translated(session, entry.summary) };
}

/** What a snippet inserts, with the defaults of its places. */
function preview(session: Session, language: string, { detail, body }: Snippet, { textEdit }: CompletionItem): MarkupContent | string {
	const text = insertedText(textEdit?.newText ?? body.join("\n"));
	if (!session.client.markdown) return `${localize(session, detail)}\n\n${text}`;
	return { kind: MarkupKind.Markdown, value: `${localize(session, detail)}\n\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\`` };
}

interface Place {
	readonly session: Session;
	readonly file: SourceFile;
	readonly offset: number;
	readonly range: Range;
	/** Where the replaced part starts. */
	readonly start: number;
	/** What a macro's value is asked to be. */
	readonly wants: ReadonlySet<ValueShape>;
}

function wantsOf(expectations: readonly Expectation[]): ReadonlySet<ValueShape> {
	const shapes = expectations.flatMap((one): ValueShape[] => {
		if (one.kind === "value" && (one.type === "port" || one.type === "address")) return [one.type];
		return one.kind === "symbol" && one.of === "interface" ? ["interface"] : [];
	});
	return new Set(shapes);
}

function itemsFor(place: Place, expectation: Expectation): readonly CompletionItem[] {
	switch (expectation.kind) {
		case "keyword":
			return [keywordItem(place, expectation.entry)];
		case "symbol":
			return symbolsOf(place, expectation).map((candidate) => nameItem(place, ranked(place, candidate)));
		case "value":
			if (expectation.choices !== undefined)
				return expectation.choices.map((name) => {
					const [since, until] = [expectation.choicesSince?.[name], expectation.choicesUntil?.[name]];
					const dates = [...(since ? [sinceRelease(since)] : []), ...(until ? [goneSince(until)] : [])];
					const detail = dates.map((date) => localize(place.session, date)).join(" ");
					return nameItem(place, { name, kind: "value", ...(detail !== "" && { detail }) });
				});
			return [
				...valuesOf(place.session, place.file, expectation.type).map((candidate) => nameItem(place, candidate)),
				...stableAddress(place, expectation.type),
			];
		case "punctuation":
			return punctuationItems(place, expectation.text);
	}
}

/** An address for a guest that stays the same: nothing else is worth writing behind `lladdr`. */
function stableAddress(place: Place, type: ValueType): readonly CompletionItem[] {
	const { session, file } = place;
	if (type !== "lladdr" || languages.get(file.parsed.language)?.choosesLladdr !== true) return [];
	const detail = localize(session, msg("a stable address that is free"));
	const item = nameItem(place, { name: freeLladdr(session.files.hostModel(file)), kind: "value", detail });
	return [{ ...item, sortText: sortText(rank.name, 0) }];
}

/** What fits comes first: not the interface behind `port`, nor in a policy test the end that the line begins with. */
function ranked({ file, offset, wants }: Place, candidate: NameCandidate): NameCandidate {
	const { kind, name } = candidate;
	if (kind === languages.get(file.parsed.language)?.onceInLine) {
		const { line } = file.lines.position(offset);
		const [first] = file.lines.lineText(line).trim().split(/\s+/);
		return first === name ? { ...candidate, common: true } : candidate;
	}
	const value = kind === "macro" ? file.parsed.symbolFacts?.("macro", name)?.value : undefined;
	const shape = value === undefined ? undefined : shapeOf(value);
	if (shape === undefined || wants.size === 0) return candidate;
	if (!wants.has(shape)) return { ...candidate, common: true };
	// An interface stands for its addresses, in brackets mostly.
	return { ...candidate, weight: shape === "interface" && wants.has("address") ? 25 : 50 };
}

function symbolsOf({ session, file }: Place, { of: kind, families }: Expectation & { kind: "symbol" }): readonly NameCandidate[] {
	const names = namesOf(session, file, kind);
	if (families === undefined && kind === "interface" && names.length === 0) return membersToCome(file);
	if (families === undefined) return names;
	// The devices that OpenBSD is installed with (etc/MAKEDEV): those can be written down before there is a file for them.
	const devices = families.includes("tap") ? ["tap0", "tap1", "tap2", "tap3"] : [];
	const known = names.filter(({ name }) => families.includes(driverOf(name)));
	return [
		...known,
		...devices.filter((name) => !known.some((one) => one.name === name)).map((name) => ({ name, kind, common: true as const })),
	];
}

/** The host's own port of a bridge or veb, where the host has no other files yet. Which others it gets nobody knows, and Enter would take a guess. */
function membersToCome({ path }: SourceFile): readonly NameCandidate[] {
	const driver = driverOf(interfaceOfPath(path) ?? "");
	const name = driver === "veb" ? "vport0" : driver === "bridge" ? "vether0" : undefined;
	return name === undefined ? [] : [{ name, kind: "interface", common: true }];
}

function keywordItem({ session, file, range, offset }: Place, entry: VocabularyEntry): CompletionItem {
	const { name, group, weight = 0, deprecated } = entry;
	const { release } = file.parsed.context;
	const data: ItemData = { language: file.parsed.language, group, name, ...(release === undefined ? {} : { release }) };
	// A word that is there already has its arguments behind it.
	const inside = file.lines.offset(range.end) > offset;
	const snippet = session.client.snippets && !inside ? snippetOf(entry) : undefined;
	return {
		label: name,
		kind: CompletionItemKind.Keyword,
		detail: translated(session, group),
		sortText: sortText(deprecated === undefined ? rank.keyword : rank.list, 100 - weight),
		textEdit: { range, newText: snippet ?? name },
		...(snippet === undefined ? {} : { insertTextFormat: InsertTextFormat.Snippet }),
		...(deprecated === undefined ? {} : { tags: [CompletionItemTag.Deprecated] }),
		data,
	};
}

/** The word with its arguments as placeholders; undefined for a word without, or whose form is not told. */
function snippetOf({ name, args, form }: VocabularyEntry): string | undefined {
	const required = args.filter(({ optional }) => optional !== true);
	if (form !== undefined) {
		const parts = form.split(/\{([^{}]+)\}/);
		return parts
			.map((part, i) =>
				i % 2 === 0
					? escaped(part)
					: placeholder(
							args.find((argument) => argument.name === part),
							part,
							(i + 1) / 2,
						),
			)
			.join("");
	}
	const [only] = required;
	// How several arguments are joined differs from word to word: without a form, the parser tells them one by one.
	if (only === undefined || required.length > 1) return undefined;
	return `${escaped(name)} ${placeholder(only, only.name, 1)}`;
}

function placeholder(argument: Argument | undefined, name: string, index: number): string {
	// Of a number, the choices are the words that may stand for one.
	if (argument?.choices !== undefined && argument.type === "word")
		return `\${${index}|${argument.choices.map((choice) => choice.replace(/[\\,|]/g, "\\$&")).join(",")}|}`;
	return `\${${index}:${escaped(argument?.default ?? name)}}`;
}

function escaped(text: string): string {
	return text.replace(/[\\$}]/g, "\\$&");
}

function nameItem({ file, range, start }: Place, { name, written, detail, kind, common, weight = 0 }: NameCandidate): CompletionItem {
	const before = file.text[start - 1];
	const inserted = written !== undefined && before !== '"' && before !== "'" ? written : name;
	const text = kind === "macro" && before !== "$" ? `$${name}` : kind === "table" && before !== "<" ? `<${name}>` : inserted;
	const closing = kind === "table" && before === "<" && file.text[file.lines.offset(range.end)] !== ">" ? ">" : "";
	const own = kind !== "service" && kind !== "value" && kind !== "user" && kind !== "group";
	return {
		label: kind === "macro" ? `$${name}` : kind === "table" ? `<${name}>` : name,
		kind: kind === "value" ? CompletionItemKind.EnumMember : icons[nameKinds[kind].icon],
		...(detail === undefined ? {} : { detail }),
		filterText: before === "$" || before === "<" ? name : text,
		sortText: sortText(kind === "service" || common ? rank.list : own ? rank.name : rank.value, 100 - weight),
		textEdit: { range, newText: text + closing },
	};
}

/** Only blocks and lists are worth a line in the list; commas and closing signs are typed faster. */
function punctuationItems({ session, range }: Place, text: string): readonly CompletionItem[] {
	if (text !== "{") return [];
	return [
		{
			label: "{ }",
			kind: CompletionItemKind.Operator,
			sortText: sortText(rank.list, 0),
			// A brace that is typed closes the list: Enter behind it makes a line.
			filterText: "block",
			textEdit: { range, newText: session.client.snippets ? "{ $0 \\}" : "{ }" },
			...(session.client.snippets ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
		},
	];
}

function sortText(group: number, within: number): string {
	return `${group}${String(Math.max(0, Math.min(999, within))).padStart(3, "0")}`;
}
