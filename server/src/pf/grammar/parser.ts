/**
 * pf.conf's grammar as parse.y has it: recursive descent, a function for each of its rules. This file has the statements,
 * anchors and rules; what they are made of is in the readers that it stands on.
 */

import { byteLength } from "../../text/bytes.ts";
import { type Span, span } from "../../text/span.ts";
import type { ResolvedHost } from "../names/hosts.ts";
import { icmpCode } from "../names/icmp.ts";
import { atoul } from "../names/numbers.ts";
import { type BlockReturn, DROP, type Family, type LogOption } from "../rules.ts";
import { blankSpec, type InterfaceItem, type RuleSpec, type WrittenStatement } from "../syntax.ts";
import type { PfGroup } from "../words/entry.ts";
import { saying } from "../words/messages.ts";
import type { WordRole } from "../words/roles.ts";
import type { AnchorNode } from "./environment.ts";
import { AT_END } from "./follow.ts";
import { MAX_FILES } from "./limits.ts";
import { DefinitionParser } from "./parse-definitions.ts";
import { limiterOf } from "./parse-limiters.ts";
import type { PartReader } from "./parser-base.ts";
import { EQUALS, LEFT_BRACE, LEFT_PAREN, LESS, NEWLINE, RIGHT_BRACE, RIGHT_PAREN, T, type Token } from "./tokens.ts";

const UNREACHABLE_PORT = (3 << 8) | 3;
const UNREACHABLE_PORT6 = (1 << 8) | 4;
/** So many files pfctl can have open at once: openfiles-cur of root's class in login.conf(5). */
const MAX_OPEN_FILES = 128;

const LOG_OPTIONS: readonly Token[] = [T.all, T.matches, T.user, T.to];
const BLOCK_ANSWERS: readonly Token[] = [T.drop, T.return, T["return-rst"], T["return-icmp"], T["return-icmp6"]];

/** A statement with the blank before it, or an empty line: what lies between two places at which reading can begin. */
export interface StatementExtent {
	/** How far it goes in the text. */
	readonly end: number;
	/** From its first word to the end of its last line, in the text behind where it begins; undefined for an empty line. */
	readonly words: Span | undefined;
	/** Whether the end of the file decided where it ends. */
	readonly open: boolean;
}

/** A block that is read line by line: the call of its anchor, and what a mistake in a line leaves as it is. */
interface Block {
	readonly name: string | undefined;
	readonly spec: RuleSpec;
	/** Where the statement of the call starts. */
	readonly begin: number;
	readonly depth: number;
	readonly anchor: AnchorNode;
}

function isUrpf({ match }: ResolvedHost): boolean {
	return match.kind === "urpf-failed";
}

/** Reads one file with all that it includes. */
export class Parser extends DefinitionParser {
	// ---- the file -----------------------------------------------------------------------------------------------

	/** Whether any of the file was looked at. */
	#started = false;
	/** Whether a line is read but for its end: it is for the reader of the rules to say whether they stand. */
	#pending = false;
	/** False where the file, or the cursor, has ended a statement. */
	#going = true;
	/** The blocks that the line at hand stands in, the outermost first. */
	readonly #blocks: Block[] = [];

	/**
	 * ruleset: reads the file up to the next statement that makes rules; undefined where there is no other.
	 * @param refused whether the one before is: pfctl gives up its line, and the blocks that it stands in
	 */
	read(refused = false): WrittenStatement | undefined {
		if (!this.#started) this.#start();
		if (this.#pending) {
			const written = this.#goOn(refused);
			if (written !== undefined) return written;
			this.statement++;
		}
		while (this.#going && this.peek() !== T.end) {
			if (this.peek() === NEWLINE) {
				this.take();
				continue;
			}
			const written = this.#statement();
			if (written !== undefined) return written;
			this.statement++;
		}
		return undefined;
	}

	/** A file cannot start with a brace: the rule of the grammar for it has no end. */
	#start(): void {
		this.#started = true;
		try {
			if (this.peek() !== LEFT_BRACE) return;
			this.take();
			this.peek();
			this.syntaxError();
		} catch (problem) {
			this.recovers(problem);
		}
	}

	/** The words of the stretch at hand, as far as it is read. */
	#stretch: Span | undefined;

	/**
	 * Begins the next stretch: a statement, with all that it includes, or an empty line. All places that it tells of are behind
	 * where it begins. False at the end of the text.
	 * @param statement the number of the statement
	 */
	nextStretch(statement: number): boolean {
		const { lexer } = this;
		if (lexer.at >= lexer.length || (this.ahead && lexer.token === T.end)) return false;
		lexer.origin = lexer.at;
		this.statement = statement;
		this.#stretch = undefined;
		return true;
	}

	/** Reads the stretch up to the next statement that makes rules, as `read` does the file; undefined where it ends. */
	readStretch(refused = false): WrittenStatement | undefined {
		const { lexer } = this;
		if (this.#pending) {
			const written = this.#goOn(refused);
			if (written !== undefined) return written;
			this.#join();
			if (!this.#going || lexer.settled) return undefined;
		}
		do {
			this.anchors.leaveAll();
			const token = this.peek();
			if (token === T.end) break;
			if (token === NEWLINE) {
				this.take();
				continue;
			}
			const written = this.#statement();
			if (written !== undefined) return written;
			this.#join();
			if (!this.#going) break;
		} while (!lexer.settled);
		return undefined;
	}

	/** The words of the statement just read are of the stretch. */
	#join(): void {
		const { words } = this;
		this.#stretch = this.#stretch === undefined ? words : span(this.#stretch.start, words.end);
	}

	/** How far the stretch goes, once it is read. */
	get extent(): StatementExtent {
		const { lexer } = this;
		// A NUL ends what pfctl reads, wherever it stands.
		const ended = this.ahead && lexer.token === T.end;
		return { end: ended ? lexer.length : lexer.at, words: this.#stretch, open: ended || lexer.ended };
	}

	#statement(): WrittenStatement | undefined {
		this.begin = this.lexer.start;
		return this.#goOn(false);
	}

	/** Reads the statement at hand up to where it makes rules; undefined where it ends. @param refused whether those before are */
	#goOn(refused: boolean): WrittenStatement | undefined {
		let givesUp = refused;
		for (;;) {
			try {
				if (!this.#pending) {
					const written = this.#line();
					if (written !== undefined) {
						this.#pending = true;
						return written;
					}
				} else if (givesUp) {
					givesUp = false;
					this.giveUp();
				}
				this.expect(NEWLINE);
				this.#pending = false;
				if (this.#blocks.length === 0) return undefined;
				this.closeArguments();
			} catch (problem) {
				this.#pending = false;
				this.#going = this.recovers(problem);
				if (!this.#staysInBlock()) return undefined;
			}
		}
	}

	/** Whether the block at hand goes on behind a mistake in one of its lines. pfctl gives up all of it. */
	#staysInBlock(): boolean {
		const [outermost] = this.#blocks;
		const block = this.#blocks.at(-1);
		if (outermost === undefined || block === undefined) return false;
		if (this.#going && this.input.resume === true) {
			this.anchors.leave(block.depth, block.anchor);
			return true;
		}
		this.begin = outermost.begin;
		this.#blocks.length = 0;
		return false;
	}

	/** A statement, or a line of a block, but for its end. */
	#line(): WrittenStatement | undefined {
		const block = this.#blocks.at(-1);
		const { statements, blockLines } = this.grammar;
		if (block === undefined) {
			this.#begin();
			return this.#production(this.startOf(statements.tokens, "statement"));
		}
		if (this.accept(RIGHT_BRACE, "block")) return this.#closeBlock(block);
		if (this.peek() === NEWLINE) return undefined;
		this.begin = this.lexer.start;
		this.#begin();
		const token = this.startOf(blockLines.tokens, "statement");
		return blockLines.has(token) ? this.#production(token) : this.syntaxError();
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

	/** What it makes rules of, if any. */
	#production(token: Token): WrittenStatement | undefined {
		switch (token) {
			case T.include:
				this.#include();
				break;
			case T.set:
				this.option();
				break;
			case T.pass:
			case T.block:
			case T.match:
				return this.#pfrule();
			case T.anchor:
				return this.#anchorrule();
			case T.load:
				this.#loadrule();
				break;
			case T.queue:
				this.queuespec();
				break;
			case T.antispoof:
				return this.#antispoof();
			case T.table:
				this.tabledef();
				break;
			default: {
				if (this.is(T.string, "macro-definition")) {
					this.#varset();
					break;
				}
				// `state` is a word of rules in every release.
				const limiter = this.grammar.statements.has(token) ? limiterOf(token) : undefined;
				if (limiter === undefined) this.syntaxError();
				this.limiter(limiter);
			}
		}
		return undefined;
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
	#antispoof(): WrittenStatement {
		this.take("statement");
		const spec = blankSpec();
		this.#logquick(spec, "antispoof option");
		this.expect(T.for, "antispoof option");
		const interfaces = this.items((): InterfaceItem => {
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
		if (label !== undefined && byteLength(label) >= 64) this.fail("rule label too long (max 63 chars)");
		const { words } = this;
		return { kind: "antispoof", words, spec: { log: spec.log, quick: spec.quick, family, label: label ?? "", rtable }, interfaces };
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
			name: this.anchors.current.name === "" ? name : `${this.anchors.current.path}/${name}`,
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
		if (byteLength(this.anchors.current.path) + 1 + byteLength(name) >= 1024) this.fail("anchor name is longer than 1023");
		if (name.startsWith("_") || name.includes("/_")) this.fail("anchor names beginning with '_' are reserved for internal use");
		return name;
	}

	// ---- rules --------------------------------------------------------------------------------------------------

	/** pfrule */
	#pfrule(): WrittenStatement {
		const spec = blankSpec();
		this.#action(spec);
		spec.direction = this.#dir();
		this.#logquick(spec);
		this.#ruleBody(spec);
		const token = this.peek();
		if (token !== NEWLINE && !(token === LEFT_BRACE && this.hadOptions)) this.syntaxError();
		return { kind: "rule", words: this.words, spec };
	}

	/** anchorrule */
	#anchorrule(): WrittenStatement | undefined {
		this.take("statement");
		const name = this.is(T.string, "anchor") ? this.#anchorName("anchor") : undefined;
		const spec = blankSpec();
		spec.direction = this.#dir();
		spec.quick = this.accept(T.quick, "rule part");
		this.#ruleBody(spec);
		if (this.peek() !== NEWLINE && !this.is(LEFT_BRACE)) this.syntaxError();
		if (this.accept(LEFT_BRACE, "block")) return this.#openBlock(name, spec);
		return { kind: "anchor", words: this.words, spec, name };
	}

	/** pfa_anchor, behind its opening brace. The lines of the block follow; behind it, the call is yielded. */
	#openBlock(name: string | undefined, spec: RuleSpec): undefined {
		const { anchors, begin } = this;
		this.closeArguments();
		if (anchors.depth + 1 >= 64) this.abort("pfctl: pfa_anchor: anchors too deep");
		anchors.open(this.environment.next("blocks") + 1);
		if (!this.is(NEWLINE)) this.syntaxError();
		this.#blocks.push({ name, spec, begin, depth: anchors.depth, anchor: anchors.current });
	}

	/** pfa_anchor, behind its closing brace. */
	#closeBlock({ name, spec, begin }: Block): WrittenStatement {
		this.#blocks.pop();
		this.anchors.close();
		this.begin = begin;
		this.closeArguments();
		this.parts = this.rulePart;
		return { kind: "anchor", words: this.words, spec, name };
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
