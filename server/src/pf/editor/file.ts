/** A file of rules as the editor has it. */
import { sortByPlace } from "../../text/check.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { EditedText } from "../../text/edited-text.ts";
import {
	type ExpandedLine,
	type Expectation,
	type Expected,
	type FileContext,
	isSameContext,
	movedToken,
	type OutlineNode,
	type ParsedFile,
	type SymbolFacts,
	type SyntaxToken,
	type TextChange,
	type TokenVisitor,
} from "../../text/language.ts";
import { type Message, msg } from "../../text/message.ts";
import type { Place } from "../../text/place.ts";
import { overlaps, type Span, shifted, span } from "../../text/span.ts";
import { difference, type Edit, editOf, firstTouched, type Replacement, reread, touching } from "../../text/statements.ts";
import type { SymbolKind } from "../../text/vocabulary.ts";
import { Environment, type Macro, type Write } from "../grammar/environment.ts";
import { MAX_RULES } from "../grammar/limits.ts";
import type { LoadAnchor } from "../grammar/output.ts";
import { FactCounts } from "../lint/fact-counts.ts";
import { linter } from "../lint/lint.ts";
import type { System } from "../names/system.ts";
import { type Definition, LIMITER_KINDS, type Rule, type Ruleset } from "../rules.ts";
import { systemOf } from "../ruleset/dryrun.ts";
import { printLimiter, printTable, rulesetLines } from "../ruleset/print.ts";
import { queueTree } from "../ruleset/queues.ts";
import { assemble, queueComplaint } from "../ruleset/ruleset.ts";
import { PF_ERRORS } from "../words/check.ts";
import { clearName } from "./clear-names.ts";
import { clearWords } from "./clear-words.ts";
import { oddValue, withoutConsequences } from "./consequences.ts";
import { errorOf, type StatementDiagnostic } from "./errors.ts";
import { expectedAt, type Surroundings } from "./expected.ts";
import { KnownExpectations } from "./known-expectations.ts";
import { NodeList } from "./node-list.ts";
import { outline, type StatementTokens } from "./outline.ts";
import { PfRereading } from "./rereading.ts";
import { type StatementNode, StatementReader } from "./statement-node.ts";
import { keepTokens } from "./token-cache.ts";

/**
 * What the versions of a file hand on. What has read is kept although nobody uses it again: V8 drops optimised code with the last
 * object of its shape, and the next keystroke would be read three times as slowly.
 */
interface EditSession {
	readonly system: System;
	readonly reader: StatementReader;
	readonly rereading: PfRereading | undefined;
	/** A number that no node has yet. */
	readonly next: number;
	/** What all versions of the file have in common, and no other file. */
	readonly fileId: object;
}

/** Of a table with more entries than this, only the start is shown, as it is written. */
const MANY = 200;

/** So much of the text before a statement and behind a syntax error is looked at for its cause. */
const BEFORE = 400;
const BEHIND = 1000;
/** So many faults of a file are explained. */
const MOST_EXPLAINED = 200;

/** The ruleset that pfctl reads first; any other file is read behind one. */
const MAIN = /(?:^|\/)pf\.conf$/;
const UNKNOWN_BEFORE: readonly Write[] = [["unknown before", true]];

/** A pf.conf or an anchor's file: an immutable value. */
export class PfFile implements ParsedFile {
	readonly language = "openbsd-pf";
	readonly context: FileContext;
	readonly #text: EditedText;
	readonly #tools: EditSession;
	readonly #nodes: NodeList;
	readonly #before: readonly Write[];
	#loaded: { readonly key: string; readonly file: PfFile } | undefined;
	#factCounts: FactCounts | undefined;
	#environment: Environment | undefined;
	/** What could stand at its syntax errors. */
	#knownExpectations = new KnownExpectations();
	#ruleset: Ruleset | undefined;
	#diagnostics: readonly Diagnostic[] | undefined;
	#made: number | undefined;
	#valueFiles: ReadonlySet<string> | undefined;

	private constructor(text: EditedText, context: FileContext, tools: EditSession, nodes: NodeList, before: readonly Write[]) {
		this.#text = text;
		this.context = context;
		this.#tools = tools;
		this.#nodes = nodes;
		this.#before = before;
	}

	/** @param before what a file that was read before has left, where pfctl loads this one after it */
	static parse(text: string, context: FileContext, before: readonly Write[] = []): PfFile {
		const behind = before.length === 0 && !MAIN.test(context.path) ? UNKNOWN_BEFORE : before;
		const system: System = {
			...systemOf({ ...context.host, ...(context.release && { release: context.release }) }),
			// What is not among the host's files here may well be on the host.
			file: (path) => {
				const found = context.readFile?.(path);
				return found === undefined ? "unknown" : { text: found };
			},
		};
		const list: StatementNode[] = [];
		const environment = new Environment();
		environment.apply(behind);
		const reader = new StatementReader(context.path, text, system, environment, 0, text.length >> 2);
		let room = MAX_RULES;
		for (let node = reader.next(room); node !== undefined; node = reader.next(room)) {
			list.push(node);
			room -= node.made;
		}
		const tools: EditSession = { system, reader, rereading: undefined, next: list.length, fileId: {} };
		return new PfFile(EditedText.of(text), context, tools, NodeList.of(list, text.length), behind);
	}

	/** The file as pfctl reads it after a ruleset that loads it into an anchor: state policy, state defaults and queues last. */
	loadedBy(main: PfFile): PfFile {
		const before = main.#last.ofTheRun();
		if (before.length === 0) return this;
		const key = JSON.stringify(before);
		if (this.#loaded?.key !== key) this.#loaded = { key, file: PfFile.parse(this.text, this.context, before) };
		return this.#loaded.file;
	}

	get text(): string {
		return this.#text.toString();
	}

	edit(changes: readonly TextChange[], context: FileContext = this.context): PfFile {
		if (isSameContext(context, this.context)) return changes.reduce<PfFile>((file, change) => file.#change(change), this);
		return PfFile.parse(changes.reduce((text, change) => text.edited(change), this.#text).toString(), context, this.#before);
	}

	/** Reads again what the change touches, and what takes something from there that has changed. */
	#change(change: TextChange): PfFile {
		const text = this.#text.edited(change);
		const edit = editOf(change, this.#text.length);
		if (edit.from === 0 && edit.to === this.#text.length) return PfFile.parse(change.text, this.context, this.#before);
		const [replacement, rereading] = this.#reread(text, edit);
		const { first, old, fresh } = replacement;
		const gone = this.#nodes.slice(first, old);
		const nodes = this.#nodes.replaced(replacement, text.length);
		const crowded = Math.max(nodes.wanted, this.#nodes.wanted) > MAX_RULES;
		// How many rules there is room for behind the change depends on how many are made in it.
		if (crowded && (this.#nodes.wanted <= MAX_RULES || !takesSameRoom(fresh, gone)))
			return PfFile.parse(text.toString(), this.context, this.#before);
		const next = fresh.reduce((most, { statement }) => Math.max(most, statement + 1), this.#tools.next);
		const tools = { ...this.#tools, reader: rereading.last ?? this.#tools.reader, rereading, next };
		const file = new PfFile(text, this.context, tools, nodes, this.#before);
		// What nothing writes of, an edit leaves as it was.
		if (!writes(gone) && !writes(fresh)) {
			file.#environment = this.#environment;
			file.#knownExpectations = this.#knownExpectations;
		}
		file.#factCounts = this.#factCounts?.edited(...withoutCommon(gone, fresh, this.#tools.next));
		file.#loaded = this.#loaded && { key: this.#loaded.key, file: this.#loaded.file.#change(change) };
		return file;
	}

	/** The nodes of the text after an edit that this file does not have, and what has read them. */
	#reread(text: EditedText, edit: Edit): readonly [Replacement<StatementNode>, PfRereading] {
		const nodes = this.#nodes;
		const { path } = this.context;
		const { system, next: statement } = this.#tools;
		const first = firstTouched(nodes, edit.from);
		const room = nodes.wanted <= MAX_RULES ? MAX_RULES : MAX_RULES - sum(nodes.slice(0, first), madeBy);
		for (let times = 0; ; times++) {
			const environment = this.#environmentBehind(first);
			const rereading = new PfRereading({ path, system, text, edit, environment, statement, room }, times);
			const replacement = reread(nodes, first, edit, rereading);
			if (!rereading.cut) return [replacement, rereading];
		}
	}

	/** The environment behind the first `count` nodes. */
	#environmentBehind(count: number): Environment {
		const environment = new Environment();
		environment.apply(this.#before);
		for (const [{ dependencies }, , index] of this.#nodes.marked("writes")) {
			if (index >= count) break;
			environment.apply(dependencies.writes);
		}
		return environment;
	}

	/** What the file leaves behind its last statement. */
	get #last(): Environment {
		this.#environment ??= this.#environmentBehind(this.#nodes.count);
		return this.#environment;
	}

	/** The rules that this file makes, those of files that it includes among them, those of files that it loads not. */
	get ruleset(): Ruleset {
		this.#ruleset ??= assemble(
			Array.from(this.#nodes, ({ output }) => output),
			this.#last,
		);
		return this.#ruleset;
	}

	/** How many rules its statements make, as far as there is room for them. */
	get made(): number {
		this.#made ??= sum(this.#nodes, madeBy);
		return this.#made;
	}

	/** Where the words stand that a rule, a table or a queue came from; undefined for tables that pfctl makes itself. */
	place({ statement, words }: Pick<Rule, "statement" | "words">): Place | undefined {
		const at = this.#startOf(statement);
		return at === undefined ? undefined : { file: this.context.path, span: shifted(words, at) };
	}

	/** Where the node of a number starts. */
	#startOf(statement: number): number | undefined {
		const index = this.#nodes.indexOf(statement);
		return index === undefined ? undefined : this.#nodes.start(index);
	}

	/** What `load anchor` names, in order. */
	get loads(): readonly LoadAnchor[] {
		return this.#gathered(({ output: { loads } }, at) =>
			loads.map((load) => ({ ...load, nameSpan: shifted(load.nameSpan, at), fileSpan: shifted(load.fileSpan, at) })),
		);
	}

	/** The names after `set skip on`. */
	get skipped(): readonly { readonly name: string; readonly span: Span }[] {
		return this.#gathered(({ output: { skip } }, at) => skip.map(({ name, span: own }) => ({ name, span: shifted(own, at) })));
	}

	/** What the nodes have of something that is no rule. */
	#gathered<T>(of: (node: StatementNode, at: number) => readonly T[]): T[] {
		const all: T[] = [];
		for (const [node, at] of this.#nodes.marked("makes")) for (const one of of(node, at)) all.push(one);
		return all;
	}

	diagnostics(): readonly Diagnostic[] {
		if (this.#diagnostics === undefined) {
			const found: Diagnostic[] = [];
			for (const [{ diagnostics }, at] of this.#nodes.marked("faulty"))
				for (const own of diagnostics) found.push(this.#inClearWords(this.#placed(own, at), at, found.length));
			this.#factCounts ??= FactCounts.of(this.#nodes);
			const { path } = this.context;
			for (const own of linter.file({ path, factCounts: this.#factCounts, nodes: this.#nodes, text: this.#text })) found.push(own);
			found.push(...this.#queueTrouble(), ...this.#includesElsewhere());
			const told = withoutConsequences(found, this.#text);
			sortByPlace(told);
			this.#diagnostics = told;
		}
		return this.#diagnostics;
	}

	/** A syntax error with what was found there and what could stand there; of very many, those are told that are read. */
	#inClearWords(diagnostic: Diagnostic, begin: number, before: number): Diagnostic {
		if (before >= MOST_EXPLAINED) return diagnostic;
		const { code, span: at, message, advice, fixes = [], severity } = diagnostic;
		if (severity !== "error") return diagnostic;
		const said = message.args.join(" ");
		// A backslash in the line above may be the cause.
		const from = Math.max(0, begin - BEFORE);
		const around = {
			text: this.#text.slice(from, Math.min(this.#text.length, at.end + BEHIND)),
			begin: begin - from,
			start: at.start - from,
			end: at.end - from,
			release: this.#tools.system.release,
		};
		const isSyntax = code === "pf/syntax" && said === "syntax error";
		const clear = isSyntax
			? clearWords({ ...around, expected: this.#expectedBehind(at.start) })
			: clearName(code, said, { ...around, expected: [] });
		if (clear === undefined) return diagnostic;
		const own = (clear.fixes ?? []).map((fix) => ({
			...fix,
			edits: fix.edits.map((edit) => ({ ...edit, span: shifted(edit.span, from) })),
		}));
		const more = clear.advice ?? advice;
		return { ...diagnostic, message: clear.message, ...(more && { advice: more }), fixes: fixes.length > 0 ? fixes : own };
	}

	/** A node's diagnostic at its place in the file. */
	#placed({ macro, ...diagnostic }: StatementDiagnostic, at: number): Diagnostic {
		const moved: Diagnostic = {
			...diagnostic,
			span: shifted(diagnostic.span, at),
			...(diagnostic.related && { related: diagnostic.related.map((one) => ({ ...one, span: shifted(one.span, at) })) }),
			...(diagnostic.fixes && {
				fixes: diagnostic.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: shifted(edit.span, at) })) })),
			}),
		};
		const defined = macro === undefined ? undefined : this.#last.get("macro", macro);
		const start = defined && this.#startOf(defined.statement);
		if (macro === undefined || defined === undefined) return moved;
		const told = moved.code === "pf/syntax" ? { ...moved, ...oddValue(defined.value) } : moved;
		if (start === undefined) return told;
		const message = msg("The macro {0} is defined here.", macro);
		return { ...told, related: [{ span: shifted(span(defined.start, defined.end), start), message }] };
	}

	/** Files that are included and not here. Where nothing is known of any file, nothing is said of one. */
	#includesElsewhere(): readonly Diagnostic[] {
		const { readFile } = this.context;
		if (readFile === undefined || this.includes().size === 0) return [];
		const code = "pf/include-elsewhere";
		return this.#nodes.marked("includes").flatMap(([{ tokens }, start]) =>
			tokens.flatMap(({ symbol, span: at }): Diagnostic[] => {
				if (symbol?.kind !== "file" || readFile(symbol.name) !== undefined) return [];
				const message = msg("{0} is not in this folder: names that it may define are not looked at", symbol.name);
				return [{ code, severity: PF_ERRORS[code]?.severity ?? "information", span: shifted(at, start), message }];
			}),
		);
	}

	/** What pfctl says of the queues once all of them are read. */
	#queueTrouble(): readonly Diagnostic[] {
		// pfctl looks at the tree of queues where all statements are right.
		if (this.#factCounts?.count("queue statement") === 0 || (this.#factCounts?.count("broken") ?? 0) > 0) return [];
		const queues = this.#gathered(({ output }) => output.queues);
		const assigned = [...(this.#factCounts?.names("fills") ?? [])].map(([name]) => [name]);
		const { trouble, notes } = queueTree(queues, assigned);
		const said = trouble ?? notes[0];
		const last = queues.at(-1);
		const place = last && this.place(last);
		if (said === undefined || place === undefined) return [];
		return [errorOf(queueComplaint(said, place.span), undefined)];
	}

	tokens(within: Span = span(0, this.#text.length)): readonly SyntaxToken[] {
		const tokens: SyntaxToken[] = [];
		if (within.end - within.start >= this.#text.length) keepTokens(this.#tools.fileId, this.#nodes);
		for (const [node, at] of touching(this.#nodes, within)) {
			for (const token of node.tokens) {
				const own = shifted(token.span, at);
				if (overlaps(own, within)) tokens.push(movedToken(token, own));
			}
		}
		return tokens;
	}

	eachToken(visit: TokenVisitor, end: number = this.#text.length): void {
		keepTokens(this.#tools.fileId, this.#nodes);
		this.#nodes.each((node, at) => {
			if (at > end) return false;
			for (const token of node.tokens) visit(token, at + token.span.start, at + token.span.end);
			return true;
		});
	}

	definitions(kind?: SymbolKind): readonly SyntaxToken[] {
		const found: SyntaxToken[] = [];
		for (const [{ definitions }, at] of this.#nodes.marked("defines")) {
			for (const token of definitions)
				if (kind === undefined || token.symbol?.kind === kind) found.push(movedToken(token, shifted(token.span, at)));
		}
		return found;
	}

	includes(): ReadonlySet<string> {
		const tokens = this.#nodes.marked("includes").flatMap(([node]) => node.tokens);
		return new Set(tokens.flatMap(({ symbol }) => (symbol?.kind === "file" ? [symbol.name] : [])));
	}

	valueFiles(): ReadonlySet<string> {
		this.#valueFiles ??= new Set(this.#gathered(({ output }) => output.definitions.flatMap(filesOfTable)));
		return this.#valueFiles;
	}

	difference(earlier: ParsedFile): { readonly before: Span; readonly after: Span } | undefined {
		if (!(earlier instanceof PfFile)) return undefined;
		return difference(earlier.#nodes, this.#nodes, this.#nodes.commonEnds(earlier.#nodes));
	}

	expected(offset: number): Expected {
		return expectedAt(this.#surroundings(), Math.max(0, Math.min(offset, this.#text.length)));
	}

	/** What could stand behind the words before an offset, where none of them is being written. */
	#expectedBehind(offset: number): readonly Expectation[] {
		const before = this.#text.slice(this.#beginAt(offset), offset);
		return this.#knownExpectations.behind(before, (noteUse) => {
			const around = this.#surroundings();
			const slice = (start: number, end: number): string => `${around.slice(start, end)}${end === offset ? " " : ""}`;
			const useOf = (macro: string): Span | undefined => {
				noteUse();
				return around.useOf(macro);
			};
			return expectedAt({ ...around, slice, useOf }, offset).expectations;
		});
	}

	/** Where the node at an offset starts. */
	#beginAt(offset: number): number {
		const nodes = this.#nodes;
		return nodes.count === 0 ? 0 : nodes.start(Math.min(nodes.indexAt(offset), nodes.count - 1));
	}

	#surroundings(): Surroundings {
		const nodes = this.#nodes;
		return {
			length: this.#text.length,
			system: this.#tools.system,
			environment: this.#environmentBehind(nodes.count),
			slice: (start, end) => this.#text.slice(start, end),
			startOf: (at) => this.#beginAt(at),
			useOf: (macro) => this.#useOf(macro),
		};
	}

	/** The first place where a macro is used. */
	#useOf(macro: string): Span | undefined {
		const { text } = this;
		const use = `$${macro}`;
		for (let at = text.indexOf(use); at >= 0; at = text.indexOf(use, at + use.length)) {
			const found = this.tokens(span(at, at + use.length)).find(({ symbol }) => symbol?.kind === "macro" && symbol.name === macro);
			if (found?.symbol?.use === "refer") return found.span;
		}
		return undefined;
	}

	outline(): readonly OutlineNode[] {
		return outline(this.text, this.#statementTokens());
	}

	*#statementTokens(): Generator<StatementTokens> {
		keepTokens(this.#tools.fileId, this.#nodes);
		for (const [{ span: words, tokens }, at] of this.#nodes.from(0))
			if (words !== undefined) yield { words: shifted(words, at), tokens, at };
	}

	statements(within: Span = span(0, this.#text.length)): readonly Span[] {
		const found: Span[] = [];
		for (const [{ span: words }, at] of touching(this.#nodes, within)) {
			if (words === undefined) continue;
			const own = shifted(words, at);
			if (own.start <= within.end && within.start <= own.end) found.push(own);
		}
		return found;
	}

	symbolFacts(kind: SymbolKind, name: string, at?: number): SymbolFacts | undefined {
		if (kind === "macro") {
			const behind =
				at === undefined ? undefined : this.#environmentBehind(Math.min(this.#nodes.indexAt(at) + 1, this.#nodes.count)).get("macro", name);
			const macro = behind ?? this.#last.get("macro", name);
			if (macro === undefined) return undefined;
			const { value } = macro;
			const written = this.#written(macro);
			return written?.includes("$") === true ? { value: written, expansion: value } : { value };
		}
		const limits = LIMITER_KINDS.find((one) => kind === `${one}-limiter`);
		if (limits !== undefined) {
			const limiter = this.#last.get(`${limits} limiter`, name);
			return limiter && { value: printLimiter(limiter).replace(/^\S+ limiter \S+ /, "") };
		}
		if (kind === "table") {
			for (const [{ output }] of this.#nodes.marked("makes")) {
				const table = output.tables.find((one) => one.name === name);
				if (table === undefined) continue;
				const { length } = table.entries;
				const notes = length > 1 ? { notes: [msg("{0} entries", String(length))] } : {};
				const place = length > MANY ? this.place(table)?.span : undefined;
				const whole = place === undefined ? printTable(table) : this.#text.slice(place.start, Math.min(place.end, place.start + 20 * MANY));
				return { value: whole.replace(/^table\s*<[^>]*>\s*/, ""), ...notes };
			}
		}
		return undefined;
	}

	/** The value of a macro as its definition writes it. */
	#written({ statement, end }: Macro): string | undefined {
		const start = this.#startOf(statement);
		if (start === undefined) return undefined;
		const [whole] = this.statements(span(start + end, start + end));
		return whole && this.#text.slice(start + end, whole.end).replace(/^\s*=\s*/, "");
	}

	cutOff(): Message | undefined {
		return this.ruleset.cutOff === true ? msg("The ruleset is cut off: its lists make more rules than are looked at") : undefined;
	}

	expanded(within?: Span): readonly ExpandedLine[] {
		const ruleset = within === undefined ? this.ruleset : this.#rulesetOf(within);
		// To ask where any node starts costs more than a few nodes do.
		const starts = within && new Map(Array.from(touching(this.#nodes, within), ([node, at]) => [node.statement, at]));
		return rulesetLines(ruleset, this.#tools.system).flatMap(({ text, origin }) => {
			const start = starts === undefined ? origin && this.#startOf(origin.statement) : starts.get(origin?.statement ?? -1);
			const place = origin && start !== undefined ? { file: this.context.path, span: shifted(origin.words, start) } : undefined;
			if (within !== undefined && (place === undefined || !overlaps(place.span, within))) return [];
			return [place === undefined ? { text } : { text, source: place }];
		});
	}

	/** The ruleset of the nodes that a span touches, each rule with its number in the whole. */
	#rulesetOf(within: Span): Ruleset {
		const touched = [...touching(this.#nodes, within)].map(([{ output }]) => output);
		const first = Math.min(this.#nodes.indexAt(within.start), this.#nodes.count - 1);
		const before = sum(this.#nodes.slice(0, first), ({ output }) => output.rules.length);
		return assemble(touched, this.#last, before);
	}
}

function filesOfTable(definition: Definition): readonly string[] {
	if (definition.kind !== "table") return [];
	return definition.table.sources.flatMap((source) => (source.kind === "file" ? [source.path] : []));
}

function writes(nodes: readonly StatementNode[]): boolean {
	return nodes.some(({ dependencies }) => dependencies.writes.length > 0);
}

function madeBy({ made }: StatementNode): number {
	return made;
}

function sum(nodes: Iterable<StatementNode>, of: (node: StatementNode) => number): number {
	let total = 0;
	for (const node of nodes) total += of(node);
	return total;
}

/** Nodes and what became of them, without those that stayed: whose numbers are below those of the new ones. */
function withoutCommon(
	gone: readonly StatementNode[],
	fresh: readonly StatementNode[],
	next: number,
): readonly [gone: readonly StatementNode[], fresh: readonly StatementNode[]] {
	const stayed = new Set(fresh.filter(({ statement }) => statement < next));
	return stayed.size === 0 ? [gone, fresh] : [gone.filter((node) => !stayed.has(node)), fresh.filter((node) => !stayed.has(node))];
}

/** Whether each statement behind some has as much room behind others. */
function takesSameRoom(some: readonly StatementNode[], others: readonly StatementNode[]): boolean {
	const asking = others.filter(({ wanted }) => wanted > 0);
	const same = some.filter(({ wanted }) => wanted > 0);
	return same.length === asking.length && same.every(({ made }, index) => made === asking[index]?.made);
}
