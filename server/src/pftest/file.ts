/** A policy test file as the editor has it. */
import type { Diagnostic } from "../text/diagnostic.ts";
import { edited } from "../text/edited-text.ts";
import type { Expected, FileContext, Language, OutlineNode, ParsedFile, SyntaxToken, TextChange } from "../text/language.ts";
import { overlaps, type Span, span } from "../text/span.ts";
import { pfTestDiagnostics } from "./diagnostics.ts";
import { lineStart, type ParsedLine, parseLine } from "./parser.ts";
import { pfTestVocabulary } from "./vocabulary.ts";

/** An immutable value. These files are short, so each is read as a whole. */
export class PfTestFile implements ParsedFile {
	readonly language = "openbsd-pftest";
	readonly context: FileContext;
	readonly text: string;
	readonly #lines: readonly ParsedLine[];

	private constructor(text: string, context: FileContext) {
		this.text = text;
		this.context = context;
		const lines: ParsedLine[] = [];
		for (let start = 0; start <= text.length; ) {
			const newline = text.indexOf("\n", start);
			const end = newline < 0 ? text.length : newline;
			const line = parseLine(text.slice(start, end).replace(/\r$/, ""), start);
			if (line !== undefined) lines.push(line);
			start = end + 1;
		}
		this.#lines = lines;
	}

	static parse(text: string, context: FileContext): PfTestFile {
		return new PfTestFile(text, context);
	}

	edit(changes: readonly TextChange[], context: FileContext = this.context): PfTestFile {
		return new PfTestFile(edited(this.text, changes), context);
	}

	/** The lines that are understood, in order. */
	get lines(): readonly NonNullable<ParsedLine["value"]>[] {
		return this.#lines.flatMap(({ value }) => value ?? []);
	}

	diagnostics(): readonly Diagnostic[] {
		return this.#lines.flatMap(({ diagnostics }) => diagnostics);
	}

	tokens(within: Span = span(0, this.text.length)): readonly SyntaxToken[] {
		return this.#lines.flatMap(({ tokens }) => tokens.filter((token) => overlaps(token.span, within)));
	}

	expected(offset: number): Expected {
		const at = Math.max(0, Math.min(offset, this.text.length));
		const start = this.text.lastIndexOf("\n", at - 1) + 1;
		const before = this.text.slice(start, at);
		const replace = span(at - (/\S*$/.exec(before)?.[0].length ?? 0), at);
		if (before.includes("#")) return { replace: span(at, at), expectations: [] };
		const line = parseLine(before.slice(0, replace.start - start), start);
		if (line === undefined) return { replace, expectations: lineStart };
		return { replace, expectations: line.next, ...(line.argument === undefined ? {} : { argument: line.argument }) };
	}

	cells(): readonly (readonly Span[])[] {
		return this.lines.flatMap((line) => {
			if (line.kind !== "test") return [];
			const { from, to, span: whole } = line;
			const rest = this.text.slice(to.span.end, whole.end);
			const service = to.span.end + rest.length - rest.trimStart().length;
			const expectation = whole.start + this.text.slice(whole.start, whole.end).search(/\S+$/);
			return [
				[from.span, to.span, span(service, service + this.text.slice(service, expectation).trimEnd().length), span(expectation, whole.end)],
			];
		});
	}

	outline(): readonly OutlineNode[] {
		return this.lines.map((line) => {
			const name = line.kind === "address" ? line.guest : { ...line.from, name: this.text.slice(line.from.span.start, line.to.span.end) };
			return {
				name: name.name.replace(/\s+/g, " "),
				detail: this.text.slice(name.span.end, line.span.end).trim().replace(/\s+/g, " "),
				kind: "rule" as const,
				span: line.span,
				nameSpan: name.span,
				children: [],
			};
		});
	}

	statements(within?: Span): readonly Span[] {
		const spans = this.#lines.flatMap((line) => (line.span.end > line.span.start ? [line.span] : []));
		return within === undefined ? spans : spans.filter((each) => each.start <= within.end && within.start <= each.end);
	}
}

/** Policy tests: who may reach whom, beside the ruleset. */
export const pfTestLanguage: Language = {
	id: "openbsd-pftest",
	parse: (text, context) => PfTestFile.parse(text, context),
	isNamed: (path) => path.endsWith(".pftest"),
	vocabulary: pfTestVocabulary,
	diagnostics: pfTestDiagnostics,
	holdsTests: true,
	onceInLine: "guest",
};
