/** A file of rules as the editor has it. */
import type { Diagnostic, Related } from "../text/diagnostic.ts";
import type { ExpandedLine, Expected, FileContext, Mark, OutlineNode, ParsedFile, SymbolFacts, TextChange } from "../text/language.ts";
import { type Message, say } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { overlaps, type Span, span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { PF_ADVICE } from "./check.ts";
import { machineOf } from "./dryrun.ts";
import { type LintFile, lint } from "./lint.ts";
import { ExpectationRecorder, MarkRecorder } from "./marks.ts";
import { outline } from "./outline.ts";
import { type Complaint, type Machine, Parser, type StatementSpan } from "./parser.ts";
import { printTable, rulesetLines } from "./print.ts";
import type { Ruleset } from "./rules.ts";
import { newSession, type Reading, readRuleset } from "./ruleset.ts";
import { removedWord } from "./vocabulary.ts";

/** Consequences of an error that is reported already. */
const CONSEQUENCES = new Set(["skipping rule due to errors", "could not parse host specification"]);

/** A pf.conf or an anchor's file: an immutable value. */
export class PfFile implements ParsedFile {
	readonly language = "openbsd-pf";
	readonly context: FileContext;
	readonly text: string;
	readonly #machine: Machine;
	readonly #reading: Reading;
	readonly #recorder = new MarkRecorder();
	#marks: readonly Mark[] | undefined;
	#diagnostics: readonly Diagnostic[] | undefined;

	private constructor(text: string, context: FileContext) {
		this.text = text;
		this.context = context;
		this.#machine = {
			...machineOf({ ...context.host }),
			// What is not among the host's files here may well be on the host.
			file: (path) => {
				const found = context.readFile?.(path);
				return found === undefined ? "unknown" : { text: found };
			},
		};
		this.#reading = readRuleset(
			{ fileName: context.path, text, machine: this.#machine, session: newSession(), anchor: "", recorder: this.#recorder },
			false,
		);
	}

	static parse(text: string, context: FileContext): PfFile {
		return new PfFile(text, context);
	}

	edit(changes: readonly TextChange[], context: FileContext = this.context): PfFile {
		let { text } = this;
		for (const change of changes) text = text.slice(0, change.span.start) + change.text + text.slice(change.span.end);
		return new PfFile(text, context);
	}

	/** The rules that this file makes, those of files that it includes among them, those of files that it loads not. */
	get ruleset(): Ruleset {
		return this.#reading.ruleset;
	}

	/** Where the statement stands that a rule or table came from. */
	place({ statement }: { readonly statement: number }): Place | undefined {
		const found = this.#reading.parser.statements[statement];
		return found === undefined ? undefined : { file: this.context.path, span: span(found.start, found.end) };
	}

	/** What `load anchor` names, in order. */
	get loads(): Reading["parser"]["loads"] {
		return this.#reading.parser.loads;
	}

	/** The names after `set skip on`. */
	get skipped(): Reading["parser"]["skip"] {
		return this.#reading.parser.skip;
	}

	#lintFile(): LintFile {
		return {
			path: this.context.path,
			text: this.text,
			ruleset: this.ruleset,
			place: (origin) => this.place(origin),
			marks: (within) => this.marks(within),
		};
	}

	diagnostics(): readonly Diagnostic[] {
		this.#diagnostics ??= [...errorsOf(this.#reading, this.text), ...lint(this.#lintFile())].sort((x, y) => x.span.start - y.span.start);
		return this.#diagnostics;
	}

	marks(within?: Span): readonly Mark[] {
		this.#marks ??= inOrder(this.#recorder.marks);
		return within === undefined ? this.#marks : this.#marks.filter((mark) => overlaps(mark.span, within));
	}

	definitions(): readonly Mark[] {
		return this.marks().filter(({ symbol }) => symbol !== undefined && symbol.use !== "refer");
	}

	expected(offset: number): Expected {
		const at = Math.max(0, Math.min(offset, this.text.length));
		const word = /[\w:.$*-]*$/.exec(this.text.slice(Math.max(0, at - 200), at))?.[0] ?? "";
		const start = at - word.length;
		const replace = span(start, at);
		const { parser } = this.#reading;
		const from = this.#statementStart(start);
		const recorder = new ExpectationRecorder();
		const session = {
			...newSession(),
			childQueues: new Set(this.ruleset.queues.map(({ name }) => name)),
		};
		const text = this.text.slice(from, start);
		new Parser({ fileName: "", text, machine: this.#machine, session, anchor: "", recorder, cursor: true, macros: parser.macros }).run();
		return { replace, expectations: recorder.expectations };
	}

	/** Where the statement starts that an offset is in. */
	#statementStart(offset: number): number {
		const { statements } = this.#reading.parser;
		let low = 0;
		let high = statements.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((statements[middle] as StatementSpan).start <= offset) low = middle + 1;
			else high = middle;
		}
		const found = statements[low - 1];
		if (found !== undefined && offset <= found.end) return found.start;
		return this.text.lastIndexOf("\n", offset - 1) + 1;
	}

	outline(): readonly OutlineNode[] {
		return outline(this.text, this.statements(), this.marks());
	}

	statements(within?: Span): readonly Span[] {
		const { statements } = this.#reading.parser;
		const spans = statements.map(({ start, end }) => span(start, end));
		return within === undefined ? spans : spans.filter((each) => each.start <= within.end && within.start <= each.end);
	}

	symbolFacts(kind: SymbolKind, name: string): SymbolFacts | undefined {
		if (kind === "macro") {
			const macro = this.#reading.parser.macros.get(name);
			return macro && { value: macro.value };
		}
		if (kind === "table") {
			const table = this.#reading.ruleset.main.tables.find((one) => one.name === name);
			return table && { value: printTable(table).replace(/^table <[^>]*> ?/, "") };
		}
		return undefined;
	}

	expanded(within?: Span): readonly ExpandedLine[] {
		return rulesetLines(this.ruleset, this.#machine.protocols).flatMap(({ text, statement }) => {
			const place = this.place({ statement });
			if (within !== undefined && (place === undefined || !overlaps(place.span, within))) return [];
			return [place === undefined ? { text } : { text, source: place }];
		});
	}
}

/** Marks in the order of the text; a word that was seen twice counts once. */
function inOrder(marks: readonly Mark[]): readonly Mark[] {
	const sorted = [...marks].sort((x, y) => x.span.start - y.span.start || y.span.end - x.span.end);
	let end = -1;
	return sorted.filter((mark) => {
		if (mark.span.start < end) return false;
		end = mark.span.end;
		return true;
	});
}

function errorsOf({ complaints, parser }: Reading, source: string): readonly Diagnostic[] {
	const seen = new Set<string>();
	const failed = new Set<number>();
	const diagnostics: Diagnostic[] = [];
	for (const complaint of complaints) {
		const { text, code, statement, start, end, warning } = complaint;
		if (CONSEQUENCES.has(text) || (code === "pf/no-rule" && failed.has(statement)) || /^(Loading|pfctl: pushfile)/.test(text)) continue;
		if (code === "pf/syntax" && diagnostics.at(-1)?.code === "pf/unknown-macro" && failed.has(statement)) continue;
		failed.add(statement);
		const key = `${start} ${end} ${text}`;
		if (seen.has(key)) continue;
		seen.add(key);
		const related = relatedOf(complaint, parser);
		diagnostics.push({
			code,
			severity: warning ? "warning" : "error",
			span: span(start, Math.max(end, start)),
			message: say("{0}", text.replace(/^pfctl: /, "")),
			advice: (code === "pf/syntax" ? adviceOnRemoved(complaint, parser, source) : undefined) ?? PF_ADVICE[code],
			...(related && { related: [related] }),
		});
	}
	return diagnostics;
}

/** What to write instead of a word of an older release: the word at fault, or those that the statement starts with. */
function adviceOnRemoved({ statement, start, end }: Complaint, parser: Parser, source: string): Message | undefined {
	const from = parser.statements[statement]?.start ?? start;
	const [first = "", second = ""] = source.slice(from, from + 40).split(/\s+/, 2);
	const known = removedWord(source.slice(start, end)) ?? removedWord(`${first} ${second}`) ?? removedWord(first);
	return known && say("OpenBSD {0} removed {1}. Write it as in: {2}", known.removed, known.name, known.instead);
}

/** The definition of the macro in whose value the mistake is. */
function relatedOf({ macro }: Complaint, parser: Parser): Related | undefined {
	const definition = macro === undefined ? undefined : parser.macros.get(macro);
	if (macro === undefined || definition === undefined) return undefined;
	return { span: span(definition.start, definition.end), message: say("The macro {0} is defined here.", macro) };
}
