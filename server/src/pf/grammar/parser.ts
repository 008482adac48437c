/**
 * pf.conf's grammar as parse.y has it: recursive descent, a function for each of its rules. This file has the statements,
 * anchors and rules; what they are made of is in the readers that it stands on.
 */

import { byteLength } from "../../text/bytes.ts";
import { type Span, span } from "../../text/span.ts";
import type { ResolvedHost } from "../names/hosts.ts";
import { icmpCode } from "../names/icmp.ts";
import { atoul } from "../names/numbers.ts";
import { type BlockReturn, DROP, type Family, type LogOption, type Rule, type Table } from "../rules.ts";
import { blankSpec, type InterfaceItem, type RuleSpec, type StateItem } from "../syntax.ts";
import type { PfGroup } from "../words/entry.ts";
import { type MessageArguments, type PfMessage, saying } from "../words/messages.ts";
import type { WordRole } from "../words/roles.ts";
import { type AnchorNode, anchorNode } from "./environment.ts";
import type { Expansion, StatementExpander } from "./expansion.ts";
import { AT_END } from "./follow.ts";
import { MAX_FILES, MAX_RULES, MAX_RULES_OF_STATEMENT } from "./limits.ts";
import type { Output } from "./output.ts";
import { DefinitionParser } from "./parse-definitions.ts";
import { limiterOf } from "./parse-limiters.ts";
import { FATAL, type PartReader, PROBLEM } from "./parser-base.ts";
import { EQUALS, LEFT_BRACE, LEFT_PAREN, LESS, NEWLINE, RIGHT_BRACE, RIGHT_PAREN, T, type Token } from "./tokens.ts";

const UNREACHABLE_PORT = (3 << 8) | 3;
const UNREACHABLE_PORT6 = (1 << 8) | 4;
/** So many files pfctl can have open at once: openfiles-cur of root's class in login.conf(5). */
const MAX_OPEN_FILES = 128;

const LOG_OPTIONS: readonly Token[] = [T.all, T.matches, T.user, T.to];
const BLOCK_ANSWERS: readonly Token[] = [T.drop, T.return, T["return-rst"], T["return-icmp"], T["return-icmp6"]];

/** A statement with the blank before it, or an empty line: what lies between two places at which reading can begin. */
export interface ReadStatement {
	/** How far it goes in the text. */
	readonly end: number;
	/** From its first word to the end of its last line, in the text behind where it begins; undefined for an empty line. */
	readonly words: Span | undefined;
	/** Whether the end of the file decided where it ends. */
	readonly open: boolean;
	readonly output: Output;
	/** How many rules it asks for that one statement may make, and how many of them there was room for. */
	readonly wanted: number;
	readonly made: number;
}

function isUrpf({ match }: ResolvedHost): boolean {
	return match.kind === "urpf-failed";
}

/** Reads one file with all that it includes. */
export class Parser extends DefinitionParser implements Expansion {
	/** True where the run ended at once. */
	fatal = false;
	/** How many rules may still be made. */
	room = MAX_RULES;
	/** How many of those that may be made the statement at hand asks for, with what it includes. */
	#wanted = 0;

	/** The stack of anchors (pf->astack, pf->asd). */
	#stack: (AnchorNode | undefined)[] = [this.output.main];
	/** The block that was read last. */
	#last: AnchorNode | undefined;
	readonly #expander: StatementExpander = this.input.expand(this);

	// ---- what expansions report to and take from ------------------------------------------------------------------

	get defaultIfBound(): boolean {
		return this.environment.get("state-policy") === "if-bound";
	}

	get stateDefaults(): readonly StateItem[] | undefined {
		return this.environment.get("state-defaults");
	}

	refuse<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.errorOfStatement(message, ...args);
	}

	warn<M extends PfMessage>(message: M, ...args: MessageArguments<M>): void {
		this.report(saying(message, ...args), this.lexer.line, true, true);
	}

	nextTable(): number {
		return this.environment.next("tables");
	}

	makesRoom(rules: number): boolean {
		if (rules > MAX_RULES_OF_STATEMENT) {
			this.output.leftOut.push({ rules, words: this.words });
			return false;
		}
		this.#wanted += rules;
		if (rules > this.room) {
			this.output.full = true;
			return false;
		}
		this.room -= rules;
		return true;
	}

	automaticTable(table: Table): void {
		this.output.definitions.push({ kind: "table", table });
		this.current.tables.push(table);
	}

	add(rule: Rule): void {
		this.current.rules.push(rule);
		const holder = this.#stack[this.depth];
		if (holder !== undefined) holder.match++;
	}

	// ---- the file -----------------------------------------------------------------------------------------------

	/** ruleset: reads all of the file. */
	run(): void {
		try {
			this.#ruleset();
		} catch (problem) {
			if (problem !== FATAL) throw problem;
			this.fatal = true;
		}
	}

	#ruleset(): void {
		if (this.peek() === LEFT_BRACE) this.guarded(this.#fakeAnchor);
		while (this.peek() !== T.end) {
			if (this.peek() === NEWLINE) {
				this.take();
				continue;
			}
			if (!this.#next()) return;
			this.statement++;
		}
	}

	/** Reads one statement. False where the file, or the cursor, ends it. */
	#next(): boolean {
		this.begin = this.lexer.start;
		return this.guarded(this.#statementLine);
	}

	/**
	 * Reads the next statement, with all that it includes, or the next empty line; undefined at the end of the text. All places
	 * that it tells of are behind where it began.
	 * @param statement the number of the statement
	 * @param room how many rules it may make
	 */
	next(statement: number, room: number): ReadStatement | undefined {
		const { lexer } = this;
		if (lexer.at >= lexer.length || (this.ahead && lexer.token === T.end)) return undefined;
		const from = lexer.at;
		lexer.origin = from;
		this.statement = statement;
		this.room = room;
		this.#wanted = 0;
		let words: Span | undefined;
		do {
			this.#reset();
			const token = this.peek();
			if (token === T.end) break;
			if (token === NEWLINE) {
				this.take();
				continue;
			}
			const going = this.#next();
			words = words === undefined ? this.words : span(words.start, this.words.end);
			if (!going) break;
		} while (!lexer.settled);
		// A NUL ends what pfctl reads, wherever it stands.
		const ended = this.ahead && lexer.token === T.end;
		const made = room - this.room;
		return {
			end: ended ? lexer.length : lexer.at,
			words,
			open: ended || lexer.ended,
			output: this.output.take(),
			wanted: this.#wanted,
			made,
		};
	}

	/** Leaves the blocks that a mistake has left open. */
	#reset(): void {
		this.depth = 0;
		this.current = this.output.main;
		this.#stack = [this.current];
		this.#last = undefined;
	}

	/** A file cannot start with a brace: the rule of the grammar for it has no end. */
	#fakeAnchor(): void {
		this.take();
		this.peek();
		this.syntaxError();
	}

	#statementLine(): void {
		this.#begin();
		this.#production();
		this.expect(NEWLINE);
	}

	/** A statement begins, or a line of a block. */
	#begin(): void {
		this.parts = this.partsOf(this.peek());
		this.step = 1;
		this.closeArguments();
	}

	protected partsOf(token: Token): PartReader {
		switch (token) {
			case T.pass:
			case T.block:
			case T.match:
				return this.rulePart;
			case T.set:
				return this.setOptionPart;
			case T.table:
				return this.tablePart;
			case T.queue:
				return this.queuePart;
			case T.antispoof:
				return this.antispoofPart;
			case T.load:
				return this.loadPart;
			default: {
				const limiter = limiterOf(token);
				return limiter === undefined ? this.rulePart : this.limiterPart(limiter);
			}
		}
	}

	#production(): void {
		const token = this.startOf(this.grammar.statements.tokens, "statement");
		switch (token) {
			case T.include:
				return this.#include();
			case T.set:
				return this.option();
			case T.pass:
			case T.block:
			case T.match:
				return this.#pfrule();
			case T.anchor:
				return this.#anchorrule();
			case T.load:
				return this.#loadrule();
			case T.queue:
				return this.queuespec();
			case T.antispoof:
				return this.#antispoof();
			case T.table:
				return this.tabledef();
			default: {
				if (this.is(T.string, "macro-definition")) return this.#varset();
				// `state` is a word of rules in every release.
				const limiter = this.grammar.statements.has(token) ? limiterOf(token) : undefined;
				return limiter === undefined ? this.syntaxError() : this.limiter(limiter);
			}
		}
	}

	/** include */
	#include(): void {
		this.take("statement");
		if (!this.is(T.string, "file")) this.syntaxError();
		const { text: path, start, end } = this.lexer;
		this.take();
		this.role("file", path);
		const { lexer } = this;
		// pfctl opens a file that includes itself again and again, until it has no more files to open.
		const endless = lexer.reads(path);
		const file = endless ? undefined : this.system.file(path);
		if (file === "unknown") return this.environment.set("unknown include", true);
		if (file === undefined || file === "missing" || lexer.depth >= MAX_OPEN_FILES) {
			const missing = file === "missing";
			this.complain(
				missing
					? saying("pfctl: pushfile: {0}: No such file or directory", path)
					: saying("pfctl: pushfile: {0}: Too many open files", path),
			);
			return this.fail("failed to include file {0}", path);
		}
		if (this.environment.next("includes") < MAX_FILES) lexer.include(path, file.text, start, end);
		else this.output.leftOut.push({ rules: undefined, words: span(start, end) });
	}

	/** varset */
	#varset(): void {
		const { start, end } = this.lexer;
		const name = this.string("macro-definition");
		this.expect(EQUALS);
		const words = [this.numberstring("value")];
		while (this.is(T.string, "value") || this.is(T.number, "number")) words.push(this.numberstring("value"));
		this.lookahead(AT_END);
		const value = words.join(" ");
		this.output.definitions.push({ kind: "macro", name, value });
		if (/[ \t\n\v\f\r]/.test(name.slice(1))) return this.fail("macro name cannot contain whitespace");
		if (this.environment.get("macro", name)?.persist === true) return;
		this.environment.set("macro", { value, persist: false, statement: this.statement, start, end }, name);
	}

	// ---- antispoof, load anchor ---------------------------------------------------------------------------------

	/** antispoof */
	#antispoof(): void {
		this.take("statement");
		const spec = blankSpec();
		this.#logquick(spec, "antispoof option");
		this.expect(T.for, "antispoof option");
		const items = this.items((): InterfaceItem => {
			const dynamic = this.accept(LEFT_PAREN);
			const item = { ...this.ifItem(false), dynamic };
			if (dynamic) this.expect(RIGHT_PAREN);
			return item;
		});
		const family = this.af();
		let label: string | undefined;
		let rtable = -1;
		while (this.peek() !== NEWLINE) {
			this.closeArguments();
			if (this.accept(T.label, "antispoof option")) {
				const word = this.string("label");
				if (label !== undefined) this.fail("label cannot be redefined");
				label = word;
			} else if (this.accept(T.rtable, "antispoof option")) rtable = this.rtable();
			else this.syntaxError();
		}
		for (const each of items) {
			if (label !== undefined && byteLength(label) >= 64) return this.fail("rule label too long (max 63 chars)");
			this.#expander.antispoof(each, { log: spec.log, quick: spec.quick, family, label: label ?? "", rtable });
		}
	}

	/** A word of `antispoof` behind a mistake. */
	protected antispoofPart(token: Token): boolean {
		switch (token) {
			case T.label:
				this.take("antispoof option");
				this.string("label");
				return true;
			case T.rtable:
				this.take("antispoof option");
				this.number();
				return true;
			case T.for:
				this.take("antispoof option");
				this.items(this.negatableIfItem);
				return true;
			case T.inet:
			case T.inet6:
				this.af();
				return true;
			case T.log:
			case T.quick:
				this.#logquick({ log: undefined, quick: false }, "antispoof option");
				return true;
			default:
				return false;
		}
	}

	/** loadrule */
	#loadrule(): void {
		this.take("statement");
		this.expect(T.anchor, "joint");
		const named = this.is(T.string, "anchor-load");
		const nameSpan = span(this.lexer.start, this.lexer.end);
		const name = named ? this.#anchorName("anchor-load") : undefined;
		this.expect(T.from, "joint");
		this.peek();
		const fileSpan = span(this.lexer.start, this.lexer.end);
		const file = this.text("file");
		if (name === undefined) return this.fail("anchor name is missing");
		this.output.loads.push({
			name: this.current.name === "" ? name : `${this.current.path}/${name}`,
			file,
			nameSpan,
			fileSpan,
		});
	}

	/** A word of `load` behind a mistake. */
	protected loadPart(token: Token): boolean {
		if (token !== T.from) return false;
		this.take("joint");
		this.text("file");
		return true;
	}

	/** anchorname */
	#anchorName(role: WordRole): string {
		const name = this.string(role);
		if (name === "") this.fail("anchor name must not be empty");
		if (byteLength(this.current.path) + 1 + byteLength(name) >= 1024) this.fail("anchor name is longer than 1023");
		if (name.startsWith("_") || name.includes("/_")) this.fail("anchor names beginning with '_' are reserved for internal use");
		return name;
	}

	// ---- rules --------------------------------------------------------------------------------------------------

	/** pfrule */
	#pfrule(): void {
		const spec = blankSpec();
		this.#action(spec);
		spec.direction = this.#dir();
		this.#logquick(spec);
		this.#ruleBody(spec);
		const token = this.peek();
		if (token !== NEWLINE && !(token === LEFT_BRACE && this.hadOptions)) this.syntaxError();
		if (!this.#expander.rule(spec)) this.giveUp();
	}

	/** anchorrule */
	#anchorrule(): void {
		this.take("statement");
		const name = this.is(T.string, "anchor") ? this.#anchorName("anchor") : undefined;
		const spec = blankSpec();
		spec.direction = this.#dir();
		spec.quick = this.accept(T.quick, "rule part");
		this.#ruleBody(spec);
		if (this.peek() !== NEWLINE && !this.is(LEFT_BRACE)) this.syntaxError();
		if (this.accept(LEFT_BRACE, "block")) {
			this.closeArguments();
			this.#block();
			this.closeArguments();
			this.parts = this.rulePart;
		}
		let node: AnchorNode | undefined;
		const inline = this.#stack[this.depth + 1] !== undefined;
		if (inline) {
			if (name?.includes("/")) return this.fail("anchor paths containing '/' cannot be used for inline anchors.");
			const holder = this.#last;
			if (holder === undefined) return this.giveUp();
			node = this.#inlineNode(name ?? holder.name);
			if (node !== holder) {
				if (node.match > 0) return this.fail("inline anchor '{0}' already exists", node.name);
				node.match += holder.rules.length;
				for (const rule of holder.rules.splice(0)) node.rules.push(rule);
				node.tables.push(...holder.tables.splice(0));
				holder.match = 0;
				this.#last = node;
			}
		} else if (name === undefined) return this.fail("anchors without explicit rules must specify a name");
		else if (name.endsWith("/")) return this.fail("anchorrule: bad anchor name {0}", name);
		// PF_ANCHOR_NAME_SIZE, for the last part with its slash.
		else if (byteLength(name.slice(Math.max(0, name.lastIndexOf("/")))) >= 64) this.abort("pfctl: anchorrule: strlcpy");
		const call = {
			name: node === undefined ? (name ?? "") : node.match > 0 ? node.name : node.path,
			path: "",
			wildcard: false,
			block: node,
			relative: name ?? "",
		};
		if (!this.#expander.call(spec, call)) return this.giveUp();
		this.#stack[this.depth + 1] = undefined;
	}

	/** pf_anchor_setup(): the anchor of a block by its name, below the anchor that it stands in. */
	#inlineNode(name: string): AnchorNode {
		const parent = this.#stack[this.depth];
		const path = parent !== undefined && parent.path !== "" ? `${parent.path}/${name}` : name;
		if (path === this.#last?.path) return this.#last;
		const known = this.environment.get("anchor", path);
		// An empty block of the same name is the same anchor. An editor keeps them apart, for each can be read again alone.
		if (known !== undefined && (known.match > 0 || this.input.resume !== true)) return known;
		const node = anchorNode(name, path);
		this.environment.set("anchor", node, path);
		return node;
	}

	/** pfa_anchor, behind its opening brace. */
	#block(): void {
		this.depth++;
		if (this.depth >= 64) this.abort("pfctl: pfa_anchor: anchors too deep");
		const name = `_${this.environment.next("blocks") + 1}`;
		const holder = anchorNode(name, name);
		this.#stack[this.depth] = holder;
		this.current = holder;
		this.expect(NEWLINE);
		while (!this.accept(RIGHT_BRACE, "block")) {
			if (this.peek() === NEWLINE) this.take();
			else if (this.input.resume !== true) this.#blockLine();
			else this.#guardedLine();
		}
		this.#last = this.current;
		this.depth--;
		this.current = this.#stack[this.depth] ?? this.output.main;
	}

	/** A line of a block that leaves the block as it is, whatever is wrong with it. */
	#guardedLine(): void {
		const { depth, current, begin } = this;
		const going = this.guarded(this.#blockLine);
		this.begin = begin;
		this.depth = depth;
		this.current = current;
		this.#stack.length = depth + 1;
		if (!going) throw PROBLEM;
	}

	#blockLine(): void {
		const { begin } = this;
		this.begin = this.lexer.start;
		this.#begin();
		switch (this.startOf(this.grammar.blockLines.tokens, "statement")) {
			case T.table:
				this.tabledef();
				break;
			case T.pass:
			case T.block:
			case T.match:
				this.#pfrule();
				break;
			case T.anchor:
				this.#anchorrule();
				break;
			case T.include:
				this.#include();
				break;
			default:
				this.syntaxError();
		}
		this.expect(NEWLINE);
		this.closeArguments();
		this.begin = begin;
	}

	/** interface af proto fromto filter_opts */
	#ruleBody(spec: RuleSpec): void {
		spec.interfaces = this.interface();
		spec.family = this.af();
		spec.protocols = this.proto();
		if (!this.accept(T.all, "rule part")) {
			if (this.accept(T.from, "rule part")) spec.source = this.ipportspec();
			if (this.accept(T.os, "rule part")) spec.os = this.os();
			if (this.accept(T.to, "rule part")) {
				spec.destination = this.ipportspec();
				if (spec.destination.hosts.some(isUrpf)) this.fail('"urpf-failed" is not permitted in a destination address');
			}
		}
		spec.options = this.filterOptions();
	}

	/** A word of a rule behind a mistake. */
	protected rulePart(token: Token): boolean {
		switch (token) {
			case T.in:
			case T.out:
				this.#dir();
				return true;
			case T.log:
			case T.quick:
				this.#logquick(blankSpec());
				return true;
			case T.on:
				this.interface();
				return true;
			case T.inet:
			case T.inet6:
				this.af();
				return true;
			case T.proto:
				this.proto();
				return true;
			case T.all:
				this.take("rule part");
				return true;
			case T.from:
			case T.to:
				this.take("rule part");
				this.ipportspec();
				return true;
			case T.port:
				this.take("rule part");
				this.portspec();
				return true;
			case T.os:
				this.take("rule part");
				this.os();
				return true;
			case T.any:
			case T["no-route"]:
			case T["urpf-failed"]:
			case T.route:
			case LEFT_PAREN:
			case LESS:
				this.ipspec();
				return true;
			case T.weight:
				this.weighted([]);
				return true;
			default:
				return BLOCK_ANSWERS.includes(token) ? this.#blockspec() !== undefined : this.optionPart(token);
		}
	}

	/** action */
	#action(spec: RuleSpec): void {
		if (this.accept(T.pass, "statement")) return;
		if (this.accept(T.match, "statement")) spec.action = "match";
		else {
			this.expect(T.block, "statement");
			spec.action = "block";
			spec.blockReturn = this.#blockspec();
		}
	}

	/** blockspec */
	#blockspec(): BlockReturn {
		const unreachable = { kind: "icmp" as const, icmp: UNREACHABLE_PORT, icmp6: UNREACHABLE_PORT6 };
		switch (this.startOf(BLOCK_ANSWERS, "block answer")) {
			case T.drop:
				this.take("block answer");
				return DROP;
			case T.return:
				this.take("block answer");
				return { kind: "return" };
			case T["return-rst"]: {
				this.take("block answer");
				if (!this.accept(LEFT_PAREN)) return { kind: "rst", ttl: 0 };
				this.expect(T.ttl, "joint");
				const ttl = this.number();
				this.expect(RIGHT_PAREN);
				if (ttl < 0 || ttl > 255) this.fail("illegal ttl value {0}", this.digits);
				return { kind: "rst", ttl };
			}
			case T["return-icmp"]: {
				this.take("block answer");
				if (!this.accept(LEFT_PAREN)) return unreachable;
				const icmp = this.#returnCode("inet");
				if (this.accept(RIGHT_PAREN)) return { kind: "icmp", icmp, icmp6: UNREACHABLE_PORT };
				this.comma();
				const icmp6 = this.#returnCode("inet6");
				this.expect(RIGHT_PAREN);
				return { kind: "icmp", icmp, icmp6 };
			}
			case T["return-icmp6"]: {
				this.take("block answer");
				if (!this.accept(LEFT_PAREN)) return unreachable;
				const icmp6 = this.#returnCode("inet6");
				this.expect(RIGHT_PAREN);
				return { kind: "icmp", icmp: UNREACHABLE_PORT, icmp6 };
			}
			default:
				return this.environment.get("block-policy") === "return" ? { kind: "return" } : DROP;
		}
	}

	/** reticmpspec, reticmp6spec */
	#returnCode(family: Family): number {
		const type = family === "inet" ? 3 : 1;
		const role = family === "inet" ? "unreachable-code" : "unreachable6-code";
		if (this.is(T.number, role)) {
			const code = this.number();
			if (code < 0 || code > 255) this.fail("invalid icmp code {0}", this.digits);
			return (type << 8) | code;
		}
		const word = this.string(role);
		const value = atoul(word);
		if (value !== undefined) {
			if (value > 255n) this.fail("invalid icmp code {0}", value);
			return (type << 8) | Number(BigInt.asUintN(8, value));
		}
		const code = icmpCode(type, word, family);
		if (code === undefined) this.fail("unknown icmp code {0}", word);
		return (type << 8) | (code ?? 0);
	}

	/** dir */
	#dir(): "in" | "out" | undefined {
		if (this.accept(T.in, "direction")) return "in";
		return this.accept(T.out, "direction") ? "out" : undefined;
	}

	/** logquick */
	#logquick(spec: Pick<RuleSpec, "log" | "quick">, group: PfGroup = "rule part"): void {
		spec.quick = this.accept(T.quick, group);
		if (this.accept(T.log, group)) spec.log = this.#log();
		if (!spec.quick) spec.quick = this.accept(T.quick, group);
	}

	/** log, behind its word. */
	#log(): LogOption {
		const log = { all: false, matches: false, user: false, interface: 0 };
		if (this.accept(LEFT_PAREN)) {
			this.list = this.logPart;
			this.#logOption(log);
			while (!this.accept(RIGHT_PAREN)) {
				this.comma();
				this.#logOption(log);
			}
			this.list = undefined;
		}
		return log;
	}

	/** logopt */
	#logOption(log: { -readonly [K in keyof LogOption]: LogOption[K] }): void {
		this.closeArguments();
		if (this.accept(T.all, "log option")) log.all = true;
		else if (this.accept(T.matches, "log option")) log.matches = true;
		else if (this.accept(T.user, "log option")) log.user = true;
		else {
			this.expect(T.to, "log option");
			log.interface = this.#pflog() || log.interface;
		}
	}

	/** A word in the parentheses of `log` behind a mistake there. */
	protected logPart(token: Token): boolean {
		if (!LOG_OPTIONS.includes(token)) return false;
		this.#logOption({ all: false, matches: false, user: false, interface: 0 });
		return true;
	}

	/** The number of the pflog interface behind `to`. */
	#pflog(): number {
		const name = this.text("log-interface");
		if (!name.startsWith("pflog")) this.fail("{0}: should be a pflog interface", name);
		const digits = name.slice(5);
		const value = /^\s*[+-]?\d+$/.test(digits) ? Number(digits) : Number.NaN;
		const trouble = Number.isNaN(value) ? "invalid" : value < 0 ? "too small" : value > 255 ? "too large" : undefined;
		if (trouble !== undefined) this.fail(`{0}: ${trouble}`, name);
		return value;
	}
}
