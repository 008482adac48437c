import type { Diagnostic } from "../text/diagnostic.ts";
import { edited } from "../text/edited-text.ts";
import {
	type Expected,
	type FileContext,
	isSameContext,
	type OutlineNode,
	type ParsedFile,
	type SymbolFacts,
	type SyntaxToken,
	type TextChange,
} from "../text/language.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { overlaps, type Span, shifted, span } from "../text/span.ts";
import { difference, editOf, firstTouched, type Rereading, reread, StatementArray, touching } from "../text/statements.ts";
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
	readonly #statements: StatementArray<StatementNode>;
	#config: VmConfig | undefined;
	#diagnostics: readonly Diagnostic[] | undefined;

	private constructor(text: string, context: FileContext, statements: StatementArray<StatementNode>) {
		this.text = text;
		this.context = context;
		this.#statements = statements;
	}

	static parse(text: string, context: FileContext): VmFile {
		return new VmFile(text, context, new StatementArray(readNodes(text, emptyEnvironment, context), text.length));
	}

	get nodes(): readonly StatementNode[] {
		return this.#statements.nodes;
	}

	/** Where each node starts. */
	get starts(): Int32Array {
		return this.#statements.starts;
	}

	/** What the file says, as plain data with its places. */
	get config(): VmConfig {
		this.#config ??= vmConfig(this);
		return this.#config;
	}

	edit(changes: readonly TextChange[], context: FileContext = this.context): VmFile {
		if (!isSameContext(context, this.context)) return VmFile.parse(edited(this.text, changes), context);
		return changes.reduce<VmFile>((file, change) => file.#change(change), this);
	}

	/** Reads again what the change touches, and what uses a macro that it changes. */
	#change(change: TextChange): VmFile {
		const { context } = this;
		const statements = this.#statements;
		const text = edited(this.text, [change]);
		const edit = editOf(change, this.text.length);
		const first = firstTouched(statements, edit.from);
		const replacement = reread(statements, first, edit, new VmRereading(text, context, statements.node(first - 1)?.after));
		return new VmFile(text, context, statements.replaced(replacement, text.length));
	}

	/** The index of the node in which an offset stands: at a border, the later one; behind a last line without an end, that one. */
	nodeAt(offset: number): number {
		const index = this.#statements.indexAt(offset);
		return index < this.nodes.length || this.text.endsWith("\n") ? index : Math.max(0, index - 1);
	}

	diagnostics(): readonly Diagnostic[] {
		this.#diagnostics ??= diagnose(this);
		return this.#diagnostics;
	}

	tokens(within: Span = span(0, this.text.length)): readonly SyntaxToken[] {
		const tokens: SyntaxToken[] = [];
		for (const [node, start] of touching(this.#statements, within)) {
			for (const token of node.tokens) {
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
		const [ours, theirs] = [this.#statements, earlier.#statements];
		return difference(
			theirs,
			ours,
			ours.commonEnds(theirs, (one, other) => one?.tokens === other?.tokens),
		);
	}

	symbolFacts(kind: SymbolKind, name: string, at = this.text.length): SymbolFacts | undefined {
		const { config } = this;
		switch (kind) {
			case "macro": {
				const index = this.nodeAt(at);
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

/** Reads statements again behind an edit, with the macros that they hand on. */
class VmRereading implements Rereading<StatementNode> {
	readonly #text: string;
	readonly #context: FileContext;
	#environment: Environment;

	constructor(text: string, context: FileContext, environment: Environment = emptyEnvironment) {
		this.#text = text;
		this.#context = context;
		this.#environment = environment;
	}

	isSettled({ before }: StatementNode): boolean {
		return sameEnvironment(this.#environment, before);
	}

	keep(node: StatementNode): StatementNode | undefined {
		const kept = moved(node, this.#environment, this.#context);
		if (kept !== undefined) this.#environment = kept.after;
		return kept;
	}

	read(at: number): StatementNode | undefined {
		if (at >= this.#text.length) return undefined;
		const node = readNode(this.#text, at, this.#environment, this.#context);
		this.#environment = node.after;
		return node;
	}
}

function sameEnvironment(a: Environment, b: Environment): boolean {
	return a === b || (a.open === b.open && a.macros.equals(b.macros));
}

/** A node after a change of macros that it does not use; undefined where it uses one of them. */
function moved(node: StatementNode, before: Environment, context: FileContext): StatementNode | undefined {
	for (const [name, value] of node.uses) {
		const known = before.macros.get(name);
		if (known !== value || (known === undefined && before.open !== node.before.open)) return undefined;
	}
	const { included: _, ...rest } = node;
	return { ...rest, before, ...effect(node.statement, before, context) };
}
