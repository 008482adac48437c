/** Fixes of misspelt words: one of the words that the parser expects in their place, where the fault is gone with it. */

import type { SourceFile } from "../project/source-file.ts";
import type { Diagnostic, Fix } from "../text/diagnostic.ts";
import type { Expectation } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import { type Span, span } from "../text/span.ts";
import { namesOf, valuesOf } from "./candidates.ts";
import type { Session } from "./session.ts";

/** Told of names that may be misspelt, whatever else may be done about them. */
const NAMES: ReadonlySet<string> = new Set(["pf/tag-never-set", "pf/undefined-table", "pf/unknown-name", "pf/unlisted-port"]);

/** The fixes of a diagnostic, a correct spelling first. */
export function fixesOf(session: Session, file: SourceFile, diagnostic: Diagnostic): readonly Fix[] {
	const { fixes = [], severity, code } = diagnostic;
	const asked = NAMES.has(code) || (severity === "error" && fixes.length === 0);
	const [spelling] = asked ? spellingFixes(session, file, diagnostic) : [];
	return spelling === undefined ? fixes : [spelling, ...fixes.map((fix) => ({ ...fix, preferred: false }))];
}

function spellingFixes(session: Session, file: SourceFile, diagnostic: Diagnostic): readonly Fix[] {
	const { text } = file;
	const at = diagnostic.span.start;
	// A parser may notice a wrong word only at the one behind it.
	const before = /([\p{L}\p{N}._-]+)[ \t]*$/u.exec(text.slice(Math.max(0, at - 80), at));
	const earlier = (before === null ? [] : [wordAt(text, at - before[0].length)]).filter((word) => !isUnderstood(file, word));
	for (const word of [wordAt(text, at), ...earlier]) {
		const written = text.slice(word.start, word.end);
		if (written.length < 2 || written.length > 64) continue;
		const names = expectedNames(session, file, word.start, written);
		const wanted = names.find((name) => name.toLowerCase() === written.toLowerCase()) ?? nearest(written, names);
		if (wanted === undefined || wanted === written) continue;
		const edit = { span: word, text: wanted };
		if (mends(file, diagnostic, edit)) return [{ title: msg("Change it to `{0}`", wanted), edits: [edit], preferred: true }];
	}
	return [];
}

/** Whether a word is one of the language in its place. */
function isUnderstood({ parsed }: SourceFile, word: Span): boolean {
	return parsed.tokens(word).some(({ entry }) => entry !== undefined);
}

/** The word around an offset, without signs before and behind it. */
function wordAt(text: string, offset: number): Span {
	const part = /[\p{L}\p{N}._/-]/u;
	let start = Math.max(0, offset);
	while (start < text.length && /[$<"'!({]/.test(text[start] ?? "")) start++;
	let end = start;
	while (start > 0 && part.test(text[start - 1] ?? "")) start--;
	while (end < text.length && part.test(text[end] ?? "")) end++;
	return span(start, end);
}

function expectedNames(session: Session, file: SourceFile, offset: number, written: string): readonly string[] {
	const names = file.parsed.expected(offset).expectations.flatMap((expectation) => namesFor(session, file, expectation));
	// At the start of a statement a name may be a macro's, which no list of names helps with; behind `$` it is one.
	const macros = file.text[offset - 1] === "$" ? namesOf(session, file, "macro").map(({ name }) => name) : [];
	return [...new Set([...macros, ...names])].filter((name) => name !== written && /^[\w.-]+$/.test(name));
}

function namesFor(session: Session, file: SourceFile, expectation: Expectation): readonly string[] {
	switch (expectation.kind) {
		case "keyword":
			return [expectation.entry.name];
		case "symbol":
			return namesOf(session, file, expectation.of).map(({ name }) => name);
		case "value":
			return expectation.choices ?? valuesOf(session, file, expectation.type).map(({ name }) => name);
		case "punctuation":
			return [];
	}
}

/**
 * Whether a fault of the kind is gone after the edit, and none has come for it; or the parser goes on behind the word, and finds a
 * further one there.
 */
function mends({ parsed }: SourceFile, { code }: Diagnostic, edit: { readonly span: Span; readonly text: string }): boolean {
	const [before, after] = [parsed, parsed.edit([edit])].map((file) => {
		const found = file.diagnostics();
		const same = found.filter((one) => one.code === code);
		const next = same.find(({ span: at }) => at.end >= edit.span.start);
		return { same: same.length, next, errors: found.filter(({ severity }) => severity === "error").length };
	});
	if (before === undefined || after === undefined || after.errors > before.errors) return false;
	if (after.same < before.same) return true;
	const grown = edit.text.length - (edit.span.end - edit.span.start);
	return (
		after.same === before.same &&
		after.next !== undefined &&
		before.next !== undefined &&
		after.next.span.start > edit.span.start + edit.text.length &&
		after.next.span.start > before.next.span.start + grown
	);
}
