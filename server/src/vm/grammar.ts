/** What the grammar of vm.conf expects in each place, and the sets of tokens that decide how yacc's automaton goes on. */
import type { Expectation, SymbolUse, TokenKind } from "../text/language.ts";
import type { SymbolKind, ValueType } from "../text/vocabulary.ts";
import {
	bootDevices,
	diskFormats,
	globals,
	guestOptions,
	interfaceOptions,
	permissions,
	sections,
	switchOptions,
	type VmWord,
} from "./vocabulary.ts";

/** The argument of a word, counted from 0. */
export interface Argument {
	readonly entry: VmWord;
	readonly index: number;
}

export const keyword = (...entries: VmWord[]): readonly Expectation[] => entries.map((entry) => ({ kind: "keyword", entry }));
const token = (text: string): readonly Expectation[] => [{ kind: "punctuation", text }];
const macroName: Expectation = { kind: "symbol", of: "macro" };
export const symbol = (of: SymbolKind): readonly Expectation[] => [{ kind: "symbol", of }, macroName];
export const value = (type: ValueType, choices?: readonly string[]): readonly Expectation[] => [
	{ kind: "value", type, ...(choices === undefined ? {} : { choices }) },
	macroName,
];

export const expect = {
	section: [
		...keyword(sections.vm, sections.switch, sections.include, sections.local, sections.socket, sections.staggered, sections.agentx),
		...token("\n"),
		{ kind: "value", type: "word" } as const,
	],
	newline: token("\n"),
	open: token("{"),
	close: token("}"),
	comma: token(","),
	equals: token("="),
	more: value("string"),
	instance: keyword(sections.instance),
	switchOption: keyword(...Object.values(switchOptions).filter(({ until, name }) => until === undefined && name !== "lladdr")),
	guestOption: keyword(
		...Object.values(guestOptions).filter(({ until, name }) => until === undefined && !["format", "device", "instance"].includes(name)),
	),
	interfaceOption: keyword(...Object.values(interfaceOptions)),
	permission: keyword(...Object.values(permissions)),
	bootDevice: keyword(...Object.values(bootDevices)),
	format: keyword(guestOptions.format),
	diskFormat: [...keyword(...Object.values(diskFormats)), macroName],
	local: keyword(globals.inet6, globals.prefix),
	agentx: keyword(globals.context, globals.path),
	number: value("number"),
} as const;

const unreservedOrGone = ({ until, unreserved }: VmWord): boolean => until !== undefined || unreserved === true;
const startsOf = (options: Readonly<Record<string, VmWord>>, ...except: string[]): readonly string[] =>
	Object.values(options).flatMap((entry) => (unreservedOrGone(entry) || except.includes(entry.name) ? [] : [entry.name]));
const guestOptionStarts = startsOf(guestOptions, "format", "device", "instance");
const switchOptionStarts = startsOf(switchOptions, "lladdr");
export const interfaceOptionStart: ReadonlySet<string> = new Set(startsOf(interfaceOptions));

/**
 * The tokens on which yacc reduces at the end of an option of a guest. Its states are shared by the first option,
 * which another may follow on the same line, and all later ones: for those a wrong word is noticed only after the
 * option's action has run.
 */
export const optionEnd: ReadonlySet<string> = new Set(["NEWLINE", "}", "CURSOR", ...guestOptionStarts]);
/** The same after `string: STRING`, whose state is shared by all uses of `string`. */
export const afterString: ReadonlySet<string> = new Set([
	...optionEnd,
	...switchOptionStarts,
	...interfaceOptionStart,
	...["{", ",", "instance", "format"],
]);
export const afterBareInterface: ReadonlySet<string> = new Set(["{", ...optionEnd, ...interfaceOptionStart]);
/** Words that start a statement and no option of a block: at the start of a line they show that a `}` is missing. */
export const sectionStart: ReadonlySet<string> = new Set(["vm", "include", "socket", "staggered", "agentx"]);
/** Words that start an option of a guest but none of an interface. */
export const onlyGuestOptionStart: ReadonlySet<string> = new Set(guestOptionStarts);

/** How a string is expected, and what it is where it is found. */
export interface StringUse {
	readonly expected: readonly Expectation[];
	readonly role: TokenKind;
	readonly type: ValueType;
	readonly argument?: Argument;
	readonly symbol?: (name: string) => SymbolUse;
}

export const argument = (entry: VmWord, index = 0): Argument => ({ entry, index });
export const named = (kind: SymbolKind, use: SymbolUse["use"], entry: VmWord): StringUse => ({
	expected: use === "define" ? value("string") : symbol(kind),
	role: "name",
	type: kind,
	argument: argument(entry),
	symbol: (name) => ({ kind, name, use }),
});
export const path = (entry: VmWord): StringUse => ({ expected: value("path"), role: "string", type: "path", argument: argument(entry) });

/** Whether a quoted word would be accepted as a name or another text. */
export function takesString(expectation: Expectation): boolean {
	if (expectation.kind === "symbol") return expectation.of !== "macro";
	return expectation.kind === "value" && expectation.type !== "number" && expectation.type !== "word";
}

/** How an expectation is named in a sentence. */
export function describe(expectation: Expectation): string[] {
	switch (expectation.kind) {
		case "keyword":
			return [`\`${expectation.entry.name}\``];
		case "punctuation":
			return [expectation.text === "\n" ? "end of line" : `\`${expectation.text}\``];
		case "value":
			return [expectation.type];
		case "symbol":
			return expectation.of === "macro" ? [] : [expectation.of];
	}
}
