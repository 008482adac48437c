import type { Diagnostic } from "../text/diagnostic.ts";
import type { Expected, FileContext, OutlineNode, ParsedFile, SymbolFacts, SyntaxToken, TextChange } from "../text/language.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { overlaps, type Span, shifted, span } from "../text/span.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { diagnose } from "./diagnose.ts";
import { expected } from "./expected.ts";
import { type VmConfig, type VmGuest, type VmSwitch, vmConfig } from "./model.ts";
import { outline } from "./outline.ts";
import { formatScaled } from "./size.ts";
import { type Environment, effect, emptyEnvironment, readNode, readNodes, type StatementNode } from "./statement.ts";

/** A vm.conf as the editor has it: an immutable value. */
export class VmFile implements ParsedFile {
	readonly language = "openbsd-vm";
	readonly context: FileContext;
	readonly text: string;
	readonly nodes: readonly StatementNode[];
	#starts: readonly number[] | undefined;
	#config: VmConfig | undefined;
	#diagnostics: readonly Diagnostic[] | undefined;

	private constructor(text: string, context: FileContext, parts: readonly StatementNode[]) {
		this.text = text;
		this.context = context;
		this.nodes = parts;
	}

	static parse(text: string, context: FileContext): VmFile {
		return new VmFile(text, context, readNodes(text, emptyEnvironment, context));
	}

	/** Where each part starts. */
	get starts(): readonly number[] {
		if (this.#starts === undefined) {
			let at = 0;
			this.#starts = this.nodes.map(({ length }) => {
				const start = at;
				at += length;
				return start;
			});
		}
		return this.#starts;
	}

	/** What the file says, as plain data with its places. */
	get config(): VmConfig {
		this.#config ??= vmConfig(this);
		return this.#config;
	}

	edit(changes: readonly TextChange[], context: FileContext = this.context): VmFile {
		const same =
			context.path === this.context.path &&
			context.release === this.context.release &&
			context.host === this.context.host &&
			context.readFile === this.context.readFile;
		let file: VmFile = this;
		for (const change of changes) file = same ? file.#change(change) : new VmFile(replaced(file.text, change), context, []);
		return same ? file : VmFile.parse(file.text, context);
	}

	/** Re-reads what the change touches, and what uses a macro that it changes. */
	#change(change: TextChange): VmFile {
		const { nodes, starts } = this;
		const text = replaced(this.text, change);
		const at = Math.min(change.span.start, this.text.length);
		const touchedEnd = Math.min(Math.max(change.span.end, at), this.text.length);
		const delta = text.length - this.text.length;
		let first = Math.min(this.partAt(at), nodes.length);
		const open = nodes.findIndex(({ openQuote }) => openQuote);
		if (open >= 0) first = Math.min(first, open);
		while (first > 0 && nodes[first - 1]?.settled === false) first--;
		const kept = nodes.slice(0, first);
		let environment: Environment = kept.at(-1)?.after ?? emptyEnvironment;
		let position = first < nodes.length ? (starts[first] ?? 0) : this.text.length;
		if (first === nodes.length) position = kept.reduce((sum, { length }) => sum + length, 0);
		let old = first;
		while (position < text.length) {
			while (old < nodes.length && (starts[old] ?? 0) + delta < position) old++;
			const candidate = nodes[old];
			const start = starts[old] ?? 0;
			if (candidate === undefined || start + delta !== position || start < touchedEnd) {
				const node = readNode(text, position, environment, this.context);
				kept.push(node);
				environment = node.after;
				position += node.length;
				continue;
			}
			if (sameEnvironment(environment, candidate.before)) return new VmFile(text, this.context, kept.concat(nodes.slice(old)));
			const part = moved(candidate, environment, this.context) ?? readNode(text, position, environment, this.context);
			kept.push(part);
			environment = part.after;
			position += part.length;
		}
		return new VmFile(text, this.context, kept);
	}

	/** The index of the part in which an offset stands: at a border, the later one; behind a last line without an end, that one. */
	partAt(offset: number): number {
		const { starts } = this;
		let low = 0;
		let high = starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((starts[middle] ?? 0) <= offset) low = middle + 1;
			else high = middle;
		}
		return offset >= this.text.length && this.text.endsWith("\n") ? starts.length : Math.max(0, low - 1);
	}

	diagnostics(): readonly Diagnostic[] {
		this.#diagnostics ??= diagnose(this);
		return this.#diagnostics;
	}

	tokens(within: Span = span(0, this.text.length)): readonly SyntaxToken[] {
		const { starts, nodes } = this;
		const tokens: SyntaxToken[] = [];
		for (let i = Math.min(this.partAt(within.start), nodes.length - 1); i >= 0 && i < nodes.length; i++) {
			const start = starts[i] ?? 0;
			if (start > within.end) break;
			for (const token of nodes[i]?.tokens ?? []) {
				const at = shifted(token.span, start);
				if (overlaps(at, within)) tokens.push({ ...token, span: at });
			}
		}
		return tokens;
	}

	expected(offset: number): Expected {
		return expected(this, Math.max(0, Math.min(offset, this.text.length)));
	}

	outline(): readonly OutlineNode[] {
		return outline(this);
	}

	definitions(kind?: SymbolKind): readonly SyntaxToken[] {
		const all: SyntaxToken[] = [];
		for (const [i, node] of this.nodes.entries()) {
			for (const token of definitionsOf(node)) {
				if (kind !== undefined && token.symbol?.kind !== kind) continue;
				all.push({ ...token, span: shifted(token.span, this.starts[i] ?? 0) });
			}
		}
		return all;
	}

	difference(earlier: ParsedFile): { readonly before: Span; readonly after: Span } | undefined {
		if (!(earlier instanceof VmFile)) return undefined;
		const theirs = earlier.nodes;
		const ours = this.nodes;
		const most = Math.min(ours.length, theirs.length);
		let head = 0;
		while (head < most && ours[head]?.tokens === theirs[head]?.tokens) head++;
		let tail = 0;
		while (tail < most - head && ours.at(-1 - tail)?.tokens === theirs.at(-1 - tail)?.tokens) tail++;
		if (head === 0 && tail === 0) return undefined;
		const range = (file: VmFile): Span =>
			span(file.starts[head] ?? file.text.length, file.starts[file.nodes.length - tail] ?? file.text.length);
		return { before: range(earlier), after: range(this) };
	}

	symbolFacts(kind: SymbolKind, name: string, at = this.text.length): SymbolFacts | undefined {
		const { config } = this;
		switch (kind) {
			case "macro": {
				const index = this.partAt(at);
				const environment = this.nodes[index]?.after ?? this.nodes.at(-1)?.after ?? emptyEnvironment;
				const value = environment.macros.get(name);
				return value === undefined ? undefined : { value };
			}
			case "switch": {
				const found = config.switches.find((one) => one.name.value === name);
				return found === undefined ? undefined : { value: this.#source(found), notes: switchNotes(found, config) };
			}
			case "guest": {
				const found = config.guests.find((one) => one.name.value === name);
				return found === undefined ? undefined : { value: this.#source(found), notes: guestNotes(found) };
			}
			default:
				return undefined;
		}
	}

	/** The text of a block; empty where it stands in an included file. */
	#source(at: Place): string {
		return at.file === this.context.path ? this.text.slice(at.span.start, at.span.end) : "";
	}

	statements(within: Span = span(0, this.text.length)): readonly Span[] {
		return this.nodes.flatMap(({ statement }, i) => {
			const at = shifted(statement.span, this.starts[i] ?? 0);
			return statement.kind === "blank" || !(overlaps(at, within) || at.start === within.start) ? [] : [at];
		});
	}
}

const definitionCache = new WeakMap<StatementNode, readonly SyntaxToken[]>();

function definitionsOf(node: StatementNode): readonly SyntaxToken[] {
	let found = definitionCache.get(node);
	if (found === undefined) {
		found = node.tokens.filter(({ symbol }) => symbol !== undefined && symbol.use !== "refer");
		definitionCache.set(node, found);
	}
	return found;
}

function switchNotes({ name, interface: bridge, disabled }: VmSwitch, { guests }: VmConfig): NonNullable<SymbolFacts["notes"]> {
	const users = guests.filter(({ interfaces }) => interfaces.some((nic) => nic.switch?.value === name.value));
	return [
		...(bridge === undefined ? [] : [bridge.value]),
		...(disabled === undefined ? [] : [msg("disabled")]),
		...users.map((guest) => guest.name.value),
	];
}

function guestNotes({ parent, memory, disabled }: VmGuest): NonNullable<SymbolFacts["notes"]> {
	return [
		...(parent === undefined ? [] : [msg("instance of {0}", `\`${parent.value}\``)]),
		...(memory === undefined ? [] : [formatScaled(memory.value)]),
		...(disabled === undefined ? [] : [msg("disabled")]),
	];
}

function replaced(text: string, { span: at, text: inserted }: TextChange): string {
	return text.slice(0, at.start) + inserted + text.slice(Math.max(at.start, at.end));
}

function sameEnvironment(a: Environment, b: Environment): boolean {
	return a === b || (a.open === b.open && a.macros.equals(b.macros));
}

/** The part after a change of macros that it does not use; undefined where it uses one of them. */
function moved(node: StatementNode, before: Environment, context: FileContext): StatementNode | undefined {
	for (const [name, value] of node.uses) {
		const known = before.macros.get(name);
		if (known !== value || (known === undefined && before.open !== node.before.open)) return undefined;
	}
	const { included: _, ...rest } = node;
	return { ...rest, before, ...effect(node.statement, before, context) };
}
