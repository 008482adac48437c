/** Changes of a host's files that take away what a check reports. */

import type { TextEdit } from "../text/diagnostic.ts";
import { PF_CONF } from "../text/host-paths.ts";
import type { Place } from "../text/place.ts";
import { insertedText } from "../text/snippet.ts";
import { span } from "../text/span.ts";
import type { Host } from "./model.ts";
import { sysctlSetting } from "./sysctl.ts";

/** The text of a file; empty where it isn't there. */
export function textOf({ source }: Pick<Host, "source">, file: string): string {
	return source.files.get(file)?.text ?? "";
}

/** The words of a place. */
export function wordsAt(host: Pick<Host, "source">, { file, span: at }: Place): string {
	return textOf(host, file).slice(at.start, at.end);
}

export function replaced({ file, span: at }: Place, text: string): TextEdit {
	return { file, span: at, text };
}

/** Without the line of a place, where all of its words are among those that `words` takes. */
export function withoutLine(host: Host, { file, span: at }: Place, words = /^.*$/): TextEdit | undefined {
	const text = textOf(host, file);
	const start = text.lastIndexOf("\n", at.start - 1) + 1;
	const newline = text.indexOf("\n", at.start);
	const end = newline < 0 ? text.length : newline;
	if (!words.test(text.slice(start, end).trim())) return undefined;
	return { file, span: span(start, newline < 0 ? end : end + 1), text: "" };
}

/** A line at the end of a file. */
export function lineAtEnd(host: Host, file: string, line: string): TextEdit {
	const text = textOf(host, file);
	return { file, span: span(text.length, text.length), text: `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n` };
}

/** An address at the end of a hostname file, which a person is to fill in. */
export function withAddress(host: Host, file: string): TextEdit {
	// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how placeholders of snippets are written
	const line = "inet ${1:192.0.2.1} ${2:255.255.255.0}";
	const edit = lineAtEnd(host, file, insertedText(line));
	return { ...edit, snippet: edit.text.replace(insertedText(line), line) };
}

/** A line above the one of a place. */
export function lineAbove(host: Host, { file, span: at }: Place, line: string): TextEdit {
	const start = textOf(host, file).lastIndexOf("\n", at.start - 1) + 1;
	return { file, span: span(start, start), text: `${line}\n` };
}

/** Words before those of a place, on a line of their own where those are. */
export function wordsBefore(host: Host, { file, span: at }: Place, words: string): TextEdit {
	const text = textOf(host, file);
	const lead = text.slice(text.lastIndexOf("\n", at.start - 1) + 1, at.start);
	return { file, span: span(at.start, at.start), text: `${words}${lead.trim() === "" ? `\n${lead}` : " "}` };
}

/** A line below the last one of a place; none where the file ends in it without a newline. */
export function lineBelow(host: Host, { file, span: at }: Place, line: string): TextEdit | undefined {
	const newline = textOf(host, file).indexOf("\n", at.end);
	return newline < 0 ? undefined : { file, span: span(newline + 1, newline + 1), text: `${line}\n` };
}

/** The same, as far in as the place. */
export function lineAlikeBelow(host: Host, place: Place, line: string): TextEdit | undefined {
	const lead = /[ \t]*$/.exec(textOf(host, place.file).slice(0, place.span.start));
	return lineBelow(host, place, `${lead?.[0]}${line}`);
}

/** Replaces the first words of a place that match; `$1` in the text is what the first group took. */
export function replacedIn(host: Host, { file, span: at }: Place, words: RegExp, text: string): TextEdit | undefined {
	const found = words.exec(textOf(host, file).slice(at.start, at.end));
	if (found === null) return undefined;
	const start = at.start + found.index;
	return { file, span: span(start, start + found[0].length), text: text.replace("$1", found[1] ?? "") };
}

/** A name as a word of its own. */
const wordOf = (name: string): RegExp => new RegExp(`(?<![\\w.])${quoted(name)}(?![\\w./])`);

const quoted = (name: string): string => name.replace(/[^A-Za-z0-9]/g, "\\$&");

/** Where a name stands in a place; undefined where a macro or a list of another file stands for it. */
export function nameIn(host: Host, { file, span: at }: Place, name: string): Place | undefined {
	const index = textOf(host, file).slice(at.start, at.end).search(wordOf(name));
	return index < 0 ? undefined : { file, span: span(at.start + index, at.start + index + name.length) };
}

/** Replaces a name in a rule: where it stands there, or in the one macro of the rule's file that stands for it or has it in a list. */
export function renamedIn(host: Host, place: Place, name: string, text: string): TextEdit | undefined {
	const own = replacedIn(host, place, wordOf(name), text);
	if (own !== undefined) return own;
	const { file } = place;
	const source = textOf(host, file);
	const value = `"?(?:\\{?[ \\t]*|[^"\\n]*[ \\t,{])${quoted(name)}(?:[ \\t,][^"\\n]*|[ \\t]*\\}?)"?`;
	const [only, ...others] = [...source.matchAll(new RegExp(`^([A-Za-z_]\\w*[ \\t]*=[ \\t]*)${value}[ \\t]*(?:#.*)?$`, "gm"))];
	if (only === undefined || others.length > 0) return undefined;
	const [line, head = ""] = only;
	const start = only.index + head.length + line.slice(head.length).search(new RegExp(`(?<![\\w.])${quoted(name)}(?![\\w./:])`));
	return { file, span: span(start, start + name.length), text };
}

/** The macros of a file that stand for a name and nothing else. */
export function macrosOf(host: Host, file: string, name: string): readonly string[] {
	const lines = textOf(host, file).matchAll(/^([A-Za-z_]\w*)[ \t]*=[ \t]*"?([\w.:]+)"?[ \t]*(?:#.*)?$/gm);
	return [...lines].flatMap(([, macro = "", value]) => (value === name ? [macro] : []));
}

/** Moves the line of one place below that of another of the same file. */
export function movedBelow(host: Host, place: Place, other: Place): readonly (TextEdit | undefined)[] {
	if (place.file !== other.file) return [undefined];
	const gone = withoutLine(host, place);
	const line = gone && textOf(host, place.file).slice(gone.span.start, gone.span.end).replace(/\n$/, "");
	const whole = gone !== undefined && place.span.end <= gone.span.end;
	return [gone, whole && line !== undefined ? lineBelow(host, other, line) : undefined];
}

/** A setting of sysctl.conf. */
export function withSetting(host: Host, name: string, value: string): TextEdit {
	const { path, value: settings = [] } = host.sysctl;
	const setting = sysctlSetting(settings, name);
	return setting === undefined ? lineAtEnd(host, path, `${name}=${value}`) : { file: path, span: setting.span, text: `${name}=${value}` };
}

/** A line of pf.conf before those that match: the options before the first option or rule, translation before the first rule. */
export function lineOfPfConf(host: Host, before: RegExp, line: string): TextEdit {
	const file = PF_CONF;
	const found = before.exec(textOf(host, file));
	const at = found?.index ?? textOf(host, file).length;
	return { file, span: span(at, at), text: `${line}\n` };
}
