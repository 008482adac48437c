/** At every word of the files that OpenBSD's programs accept, completion offers the word that stands there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { CompletionItemKind } from "vscode-languageserver-types";
import { shareOf } from "../../../test/share.ts";
import { check } from "../hostname/programs.ts";
import { Documents } from "../project/documents.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { LanguageId, SyntaxToken } from "../text/language.ts";
import { memoryWorkspace } from "../workspace.ts";
import { completion } from "./completion.ts";
import type { Session } from "./session.ts";
import { ableClient } from "./testing.ts";

const shared = resolve(import.meta.dirname, "../../../../shared/conformance");

interface Sample {
	readonly language: LanguageId;
	readonly path: string;
	readonly text: string;
}

function lines<T>(name: string): readonly T[] {
	return readFileSync(resolve(shared, name), "utf8")
		.split("\n")
		.filter(Boolean)
		.map((line) => JSON.parse(line) as T);
}

/** Longer ones have nothing that shorter ones have not. */
const MAX_LENGTH = 3000;

const samples: Readonly<Record<string, () => readonly Sample[]>> = {
	"pf.conf": () =>
		readdirSync(resolve(shared, "pf-regress"))
			.filter((name) => /^pf\d+\.in$/.test(name))
			.map((name) => ({
				language: "openbsd-pf" as const,
				path: "/etc/pf.conf",
				text: readFileSync(resolve(shared, "pf-regress", name), "utf8"),
			})),
	"vm.conf": () =>
		[
			...readdirSync(resolve(shared, "vm-regress"))
				.filter((name) => /^vmd-pass.*\.conf$/.test(name))
				.map((name) => readFileSync(resolve(shared, "vm-regress", name), "utf8")),
			...lines<{ input: string; accept: boolean }>("vm-cases.jsonl").flatMap(({ input, accept }) => (accept ? [input] : [])),
		].map((text) => ({ language: "openbsd-vm" as const, path: "/etc/vm.conf", text })),
	"hostname.if": () =>
		[
			...lines<{ interface: string; input: string; accept: boolean }>("hostname-verdicts.jsonl").filter(({ accept }) => accept),
			...lines<{ interface: string; input: string }>("hostname-cases.jsonl").filter((one) => check(one.interface, one.input).accepted),
		].map((one) => ({ language: "openbsd-hostname" as const, path: `/etc/hostname.${one.interface}`, text: one.input })),
};

function opened({ language, path, text }: Sample): { session: Session; file: SourceFile } {
	const documents = new Documents(memoryWorkspace({}, []));
	const uri = `file:///host${path}`;
	documents.open(uri, language, 1, text);
	const file = documents.file(uri);
	if (file === undefined) throw new Error(path);
	return { session: { files: documents, settings: {}, client: { ...ableClient, snippets: false } }, file };
}

/** Whether the word of a token is offered where it starts: by itself, or as one of what nobody can list. */
function isOffered(session: Session, file: SourceFile, token: SyntaxToken): boolean {
	const word = file.text.slice(token.span.start, token.span.end);
	const { expectations } = file.parsed.expected(token.span.start);
	const { symbol } = token;
	const listed = token.entry !== undefined || (symbol?.use === "refer" && isDefined(file, symbol));
	if (!listed) {
		const open = expectations.some((one) => one.kind === "value" || one.kind === "symbol");
		if (token.kind === "punctuation" || token.kind === "operator") {
			return expectations.some((one) => (one.kind === "punctuation" ? one.text === word : open && (word === "-" || word === "/")));
		}
		if (open) return true;
	}
	const names = new Set([word, word.replace(/^(["'])(.*)\1$/, "$2"), `<${word}>`]);
	return completion(session, file, token.span.start).items.some(({ label }) => names.has(label));
}

function isDefined(file: SourceFile, { kind, name }: NonNullable<SyntaxToken["symbol"]>): boolean {
	return file.parsed.definitions?.(kind).some(({ symbol }) => symbol?.name === name) === true;
}

/** Whether the program stumbles over the word that ends a text, of which `start` is the start. */
function isOutOfPlace(sample: Sample, text: string, start: number): boolean {
	// vmd names the end of a line of which more is missing: there, the parser must have come behind the word.
	if (sample.language === "openbsd-vm") {
		const { file } = opened({ ...sample, text: `${text} ` });
		return file.parsed.expected(text.length + 1).expectations.length === 0;
	}
	const codes = /^(pf\/syntax|hostname\/(unknown-word|family|columns|removed-word))$/;
	const found = opened({ ...sample, text: `${text}\n` }).file.parsed.diagnostics();
	return found.some(({ code, span }) => codes.test(code) && span.start >= start && span.start < text.length);
}

/** A small generator of numbers, the same in every run (Lehmer's, with Park and Miller's multiplier). */
function numbers(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 48271) % 0x7fffffff;
		return state % Math.max(1, below);
	};
}

describe.skipIf(!existsSync(shared))("completion is complete (skipped where ../shared is absent)", () => {
	test.each(Object.entries(samples))("%s: the word that follows is among those that are offered", { timeout: 120_000 }, (name, list) => {
		let all = 0;
		const missing: string[] = [];
		for (const sample of list()) {
			if (sample.text.length > MAX_LENGTH) continue;
			const { session, file } = opened(sample);
			for (const mark of file.parsed.tokens()) {
				// What follows `!` is the shell's.
				if (mark.kind === "comment" || mark.kind === "error" || mark.value === "command") continue;
				all++;
				if (isOffered(session, file, mark)) continue;
				const line = file.text.slice(file.text.lastIndexOf("\n", mark.span.start - 1) + 1, mark.span.start);
				missing.push(`${sample.path}: ${line}‸${file.text.slice(mark.span.start, mark.span.end)}`);
			}
		}
		expect(all).toBeGreaterThan(400);
		// ifconfig takes a few lines that mean nothing, such as `inet description autoconf`.
		expect(missing.length / all, missing.slice(0, 20).join("\n")).toBeLessThanOrEqual(name === "hostname.if" ? 0.01 : 0.005);
	});

	test.each(Object.entries(samples))("%s: no word that is offered is out of place", { timeout: 120_000 }, (_, list) => {
		const generators = shareOf([11, 13, 17, 19], 4).map(numbers);
		const fitting = list().filter(({ text }) => text.length < MAX_LENGTH);
		const refused: string[] = [];
		let tried = 0;
		while (tried < 500 * generators.length) {
			const next = generators[Math.floor(tried / 500)] ?? numbers(1);
			const sample = fitting[next(fitting.length)];
			if (sample === undefined) break;
			const { session, file } = opened(sample);
			const tokens = file.parsed.tokens();
			const at = tokens[next(tokens.length)]?.span.start ?? 0;
			const words = completion(session, file, at).items.filter(({ kind }) => kind === CompletionItemKind.Keyword);
			const edit = words[next(words.length)]?.textEdit;
			if (edit === undefined || !("range" in edit)) continue;
			tried++;
			const { start } = file.lines.span(edit.range);
			const before = file.text.slice(0, start) + edit.newText;
			if (isOutOfPlace(sample, before, start)) refused.push(before.slice(before.lastIndexOf("\n") + 1));
		}
		expect(refused.length / tried, refused.slice(0, 20).join("\n")).toBeLessThanOrEqual(0.01);
	});
});
