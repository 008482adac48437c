/** Changes of vm.conf that take away what is reported, for faults whose place and message tell enough for it. */
import type { Diagnostic, Fix, TextEdit } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import { type Span, span } from "../text/span.ts";
import type { VmFile } from "./file.ts";
import type { VmCode } from "./lint.ts";

type Mend = (file: VmFile, diagnostic: Diagnostic, words: string) => Fix | undefined;

/** The diagnostic with its fix, where it has none of its own and there is one. */
export function withFix(file: VmFile, diagnostic: Diagnostic): Diagnostic {
	if (diagnostic.fixes !== undefined) return diagnostic;
	const { start, end } = diagnostic.span;
	const fix = mends[diagnostic.code as VmCode]?.(file, diagnostic, file.text.slice(start, end));
	return fix === undefined ? diagnostic : { ...diagnostic, fixes: [fix] };
}

function fix(title: Message, edits: readonly (TextEdit | undefined)[], preferred = true): Fix | undefined {
	const possible = edits.filter((edit) => edit !== undefined);
	if (possible.length < edits.length) return undefined;
	return preferred ? { title, edits: possible, preferred } : { title, edits: possible };
}

const write = (text: string): Message => msg("Write `{0}`", text);
const remove = (text: string): Message => msg("Remove `{0}`", text);
const at = (start: number, end: number, text = ""): TextEdit => ({ span: span(start, end), text });

/** The lines of a span, with the newline behind them. */
function lines({ text }: VmFile, { start, end }: Span): TextEdit {
	const newline = text.indexOf("\n", Math.max(start, end - 1));
	return at(text.lastIndexOf("\n", start - 1) + 1, newline < 0 ? text.length : newline + 1);
}

/** The line of a word where nothing but `words` stands in it, otherwise the words alone with a blank. */
function words(file: VmFile, where: Span): TextEdit {
	const { text } = file;
	const whole = lines(file, where);
	const written = text.slice(where.start, where.end);
	if (text.slice(whole.span.start, whole.span.end).trim() === written.trim()) return whole;
	return at(where.start, where.end + (text[where.end] === " " ? 1 : 0));
}

/** The lowest unit of a family that the file does not name. */
function free({ text }: VmFile, family: string): string {
	const taken = new Set([...text.matchAll(new RegExp(`\\b${family}(\\d+)\\b`, "g"))].map(([, unit]) => Number(unit)));
	let unit = 0;
	while (taken.has(unit)) unit++;
	return `${family}${unit}`;
}

const removeLine: Mend = (file, { span: where }, written) => fix(remove(written), [words(file, where)]);

const mends: Partial<Readonly<Record<VmCode, Mend>>> = {
	"vm/unused-macro": (file, { span: where }) => fix(msg("Remove this macro"), [lines(file, where)]),

	"vm/unused-switch"(file, { span: where }) {
		const found = file.config.switches.find(({ name }) => name.span.start === where.start);
		return found && fix(msg("Remove this switch"), [lines(file, found.span)], false);
	},

	"vm/given-twice": (file, { span: where }) => fix(msg("Remove this line"), [lines(file, where)]),

	"vm/memory"(_, { span: where }, written) {
		const [, number, unit] = /^"?(\d+)\s*([kmg])i?b"?$/i.exec(written) ?? [];
		const text = `${number}${unit?.toUpperCase()}`;
		return unit === undefined ? undefined : fix(write(text), [at(where.start, where.end, text)]);
	},

	"vm/macro-name"(_, { span: where }, written) {
		const name = written.replace(/^["']|["']$/g, "").replace(/\s+/g, "_");
		return fix(write(name), [at(where.start, where.end, name)]);
	},

	"vm/missing-interface"(file, { span: where }) {
		const brace = file.text.indexOf("{", where.end);
		const text = `interface ${free(file, "veb")}`;
		return brace < 0 ? undefined : fix(msg("Add `{0}`", text), [at(brace + 1, brace + 1, `\n\t${text}`)]);
	},

	"vm/interface-name": (_, { span: where }) => fix(write("tap"), [at(where.start, where.end, "tap")]),

	"vm/group-name"(_, { span: where }, written) {
		const name = written.replace(/["']/g, "").slice(0, 15).replace(/\d+$/, "");
		return name === "" ? undefined : fix(write(name), [at(where.start, where.end, name)]);
	},

	"vm/too-many": (_, { span: where }, written) => (/^\d+$/.test(written) ? fix(write("4"), [at(where.start, where.end, "4")]) : undefined),

	"vm/unterminated-string"({ text }, { span: where }) {
		const name = /^"[^"\n{]*?(?=\s*(?:[{\n]|$))/.exec(text.slice(where.start))?.[0];
		const end = where.start + (name?.length ?? 0);
		return name === undefined || name.length < 2 ? undefined : fix(msg("Close the quote"), [at(end, end, '"')]);
	},

	"vm/format-differs"({ text }, { span: where }, written) {
		const before = /\s+format\s+$/.exec(text.slice(0, where.start))?.index;
		return before === undefined ? undefined : fix(remove(`format ${written}`), [at(before, where.end)]);
	},

	"vm/disabled-switch"(file, _, written) {
		const name = written.replace(/["']/g, "");
		const found = file.config.switches.find((one) => one.name.value === name && one.file === file.context.path);
		return found?.disabled === undefined ? undefined : fix(msg('Enable the switch "{0}"', name), [words(file, found.disabled)]);
	},

	"vm/macro-in-quotes"({ text }, { span: { start, end } }, written) {
		const close = text.indexOf('"', end);
		if (text[start - 1] !== '"' || close < 0 || text.slice(end, close).includes("\n")) return undefined;
		const rest = text.slice(end, close);
		const apart = rest === "" ? written : `${written} "${rest}"`;
		return fix(write(apart), [at(start - 1, close + 1, apart)]);
	},

	"vm/not-permitted"(file, { related = [], message }) {
		const [allow] = related;
		if (allow === undefined || (allow.file ?? file.context.path) !== file.context.path) return undefined;
		const brace = file.text.indexOf("{", allow.span.start);
		const word = String(message.args[1]);
		return brace < 0 || brace > allow.span.end ? undefined : fix(msg("Allow `{0}`", word), [at(brace + 1, brace + 1, ` ${word},`)]);
	},

	"vm/boot-device": removeLine,
	"vm/local-and-switch": removeLine,

	"vm/joined-comment"({ text }, { span: { start } }) {
		const backslash = text.lastIndexOf("\\", start - 1);
		return backslash < 0 ? undefined : fix(msg("Remove the backslash"), [at(backslash, backslash + 1)]);
	},

	"vm/multicast-lladdr"(_, { span: where }, written) {
		const first = Number.parseInt(written, 16);
		const address = written.replace(/^[0-9a-f]+/i, ((first & 0xfe) | 2).toString(16).padStart(2, "0"));
		return fix(write(address), [at(where.start, where.end, address)]);
	},

	"vm/shared-lladdr"({ text }, { span: where }, written) {
		const last = Number.parseInt(written.slice(-2), 16);
		for (let next = 1; next < 256; next++) {
			const address = written.slice(0, -2) + ((last + next) & 255).toString(16).padStart(2, "0");
			if (!text.toLowerCase().includes(address.toLowerCase())) return fix(write(address), [at(where.start, where.end, address)], false);
		}
		return undefined;
	},

	"vm/shared-tap"(file, { span: where }) {
		const tap = free(file, "tap");
		// Not preferred, as several of them at once would take the same one.
		return fix(write(tap), [at(where.start, where.end, tap)], false);
	},

	"vm/rdomain-differs"(_, { span: where, message }) {
		const number = String(message.args[2]);
		return fix(write(`rdomain ${number}`), [at(where.start, where.end, number)]);
	},

	"vm/numeric-name"({ config, context }, _, written) {
		const name = written.replace(/["']/g, "");
		const named = config.guests.flatMap((guest) => [guest.name, ...(guest.parent === undefined ? [] : [guest.parent])]);
		const own = named.filter(({ file, value }) => file === context.path && value === name);
		const edits = own.map(({ span: where }) => at(where.start, where.end, `"vm${name}"`));
		return fix(msg("Rename it to `{0}`", `vm${name}`), edits);
	},
};
