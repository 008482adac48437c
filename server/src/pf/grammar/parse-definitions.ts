/** The statements that define: `set`, `table`, `queue`. */
import { byteLength } from "../../text/bytes.ts";
import type { ResolvedHost } from "../names/hosts.ts";
import { strtod, UINT_MAX } from "../names/numbers.ts";
import { type Bandwidth, type Queue, type ServiceCurve, type SetOption, TIMEOUTS } from "../rules.ts";
import type { InterfaceItem } from "../syntax.ts";
import { type MessageArguments, type PfMessage, type Saying, saying, worded } from "../words/messages.ts";
import { OpenAnchors } from "./anchors.ts";
import { AFTER_BANDWIDTH, AFTER_CURVES, AFTER_CURVES_OR_ON, AT_END } from "./follow.ts";
import { OptionParser } from "./parse-options.ts";
import { STATE_OPTIONS } from "./parse-pools.ts";
import { readTable } from "./table.ts";
import { BANG, COMMA, GREATER, LEFT_BRACE, LEFT_PAREN, LESS, NEWLINE, RIGHT_BRACE, RIGHT_PAREN, T, type Token } from "./tokens.ts";

/** Names of syslog(3) levels that pf.conf(5) does not list and pfctl takes all the same. */
const OTHER_DEBUG_LEVELS = new Set(["error", "panic", "warn"]);

const SET_OPTIONS: readonly Token[] = [
	T.reassemble,
	T.optimization,
	T["ruleset-optimization"],
	T.timeout,
	T.limit,
	T.loginterface,
	T.hostid,
	T["block-policy"],
	T.fingerprints,
	T["state-policy"],
	T.debug,
	T.skip,
	T["state-defaults"],
	T.syncookies,
];
const QUEUE_OPTIONS: readonly Token[] = [T.bandwidth, T.parent, T.default, T.qlimit, T.flows, T.quantum];

/** What a queue may send. */
type QueueCurves = Pick<Queue, "bandwidth" | "min" | "max">;

const NO_RATE = { absolute: 0, percent: 0 };
const NO_CURVE: ServiceCurve = { rate: NO_RATE, burst: NO_RATE, time: 0 };
const NO_CURVES: QueueCurves = { bandwidth: NO_CURVE, min: NO_CURVE, max: NO_CURVE };

export abstract class DefinitionParser extends OptionParser {
	readonly anchors = new OpenAnchors(this.output.main);

	// ---- set ----------------------------------------------------------------------------------------------------

	protected blockPolicy(value: "drop" | "return"): void {
		this.environment.set("block-policy", value);
		this.echo({ kind: "block-policy", value });
	}

	protected statePolicy(value: "if-bound" | "floating"): void {
		this.environment.set("state-policy", value);
		this.echo({ kind: "state-policy", value });
	}

	protected echo(option: SetOption): void {
		this.output.definitions.push({ kind: "option", option });
	}

	/** option */
	protected option(): void {
		this.take("statement");
		const token = this.startOf(SET_OPTIONS, "set option");
		switch (token) {
			case T.reassemble: {
				this.take("set option");
				const on = this.yesno();
				const noDf = this.accept(T["no-df"], "reassemble");
				if (!noDf) this.lookahead(AT_END);
				this.environment.set("reassemble", on);
				return this.echo({ kind: "reassemble", on, noDf });
			}
			case T.optimization: {
				this.take("set option");
				const value = this.word("optimization");
				if (this.grammar.vocabulary.word("optimization", value.toLowerCase()) === undefined) {
					this.complain(saying("pfctl: invalid state timeouts optimization"));
					return this.fail("unknown optimization {0}", value);
				}
				return this.echo({ kind: "optimization", value });
			}
			case T["ruleset-optimization"]: {
				this.take("set option");
				const value = this.text("ruleset-optimization");
				if (this.grammar.vocabulary.word("ruleset-optimization", value) === undefined) this.fail("unknown ruleset-optimization {0}", value);
				return;
			}
			case T.timeout:
				this.take("set option");
				this.items(this.timeout);
				return;
			case T.limit:
				this.take("set option");
				this.items(this.limit);
				return;
			case T.loginterface: {
				this.take("set option");
				const name = this.accept(T.all, "rule part") ? "all" : this.string("interface-name");
				return this.echo({ kind: "loginterface", interface: name });
			}
			case T.hostid: {
				this.take("set option");
				const value = this.atoul();
				if (value === undefined) return;
				if (value === 0n || value > BigInt(UINT_MAX)) return this.fail("hostid must be non-zero");
				return this.echo({ kind: "hostid", value: Number(value) });
			}
			case T["block-policy"]:
				this.take("set option");
				if (this.accept(T.drop, "block-policy")) return this.blockPolicy("drop");
				if (this.accept(T.return, "block-policy")) return this.blockPolicy("return");
				return this.syntaxError();
			case T.fingerprints: {
				this.take("set option");
				const path = this.string("file");
				this.echo({ kind: "fingerprints", path });
				if (this.anchors.current.name === "" && this.system.file(path) === "missing") {
					this.complain(saying("pfctl: {0}: No such file or directory", path));
					this.fail("error loading fingerprints {0}", path);
				}
				return;
			}
			case T["state-policy"]: {
				this.take("set option");
				if (this.accept(T["if-bound"], "state-policy")) return this.statePolicy("if-bound");
				if (this.accept(T.floating, "state-policy")) return this.statePolicy("floating");
				return this.syntaxError();
			}
			case T.debug: {
				this.take("set option");
				const level = this.accept(T.debug, "debug") ? "debug" : this.word("debug");
				const known = /^\d/.test(level)
					? /^[0-7]$/.test(level) || /^0+[0-7]$/.test(level)
					: this.grammar.vocabulary.word("debug", level.toLowerCase()) !== undefined || OTHER_DEBUG_LEVELS.has(level.toLowerCase());
				if (!known) {
					this.complain(saying('pfctl: unknown debug level "{0}"', level));
					return this.fail("error setting debuglevel {0}", level);
				}
				return this.echo({ kind: "debug", level });
			}
			case T.skip:
				this.take("set option");
				return this.skipInterfaces(this.interface(AT_END));
			case T["state-defaults"]: {
				this.take("set option");
				const items = this.stateOptions(AT_END);
				if (this.environment.get("state-defaults") !== undefined) return this.fail("cannot redefine state-defaults");
				return this.environment.set("state-defaults", items);
			}
			case T.syncookies:
				this.take("set option");
				return this.syncookies();
			default:
				return this.syntaxError();
		}
	}

	/** A word of `set` behind a mistake. */
	protected setOptionPart(token: Token): boolean {
		if (token === T.on) this.interface();
		else if (STATE_OPTIONS.includes(token)) this.stateItem();
		else if (SET_OPTIONS.includes(token)) this.take("set option");
		else if (token === T.drop || token === T.return) this.take("block-policy");
		else if (token === T.no || token === T["no-df"]) this.take("reassemble");
		else return false;
		return true;
	}

	/** yesno */
	protected yesno(): boolean {
		if (this.accept(T.no, "reassemble")) {
			this.joins(1);
			return false;
		}
		const value = this.word("reassemble");
		this.joins(1);
		if (value !== "yes") this.fail("invalid value '{0}', expected 'yes' or 'no'", value);
		return true;
	}

	/** timeout_spec */
	protected timeout(): void {
		const name = this.word("timeout");
		const seconds = this.number();
		this.closeArguments();
		if (seconds < 0 || seconds > UINT_MAX) return this.fail("only positive values permitted");
		if (!TIMEOUTS.some((one) => one === name.toLowerCase())) {
			this.complain(saying("pfctl: Bad timeout name."));
			return this.fail("unknown timeout {0}", name);
		}
		this.echo({ kind: "timeout", name, seconds });
	}

	/** limit_spec */
	protected limit(): void {
		const name = this.word("limit");
		const value = this.number();
		this.closeArguments();
		if (value < 0 || value > UINT_MAX) return this.fail("only positive values permitted");
		if (this.grammar.vocabulary.word("limit", name.toLowerCase()) === undefined) {
			this.complain(saying("pfctl: Bad pool name."));
			return this.fail("unable to set limit {0} {1}", name, this.digits);
		}
		this.echo({ kind: "limit", name, value });
	}

	/** expand_skip_interface() */
	protected skipInterfaces(items: readonly InterfaceItem[]): void {
		const [first] = items;
		if (first === undefined || (items.length === 1 && !first.negated && first.name === "none")) {
			return this.echo({ kind: "skip", interfaces: [] });
		}
		let errors = 0;
		for (const item of items) {
			if (item.negated) this.error("skip on ! <interface> is not supported");
			else if (item.rdomain >= 0) this.error("skip on rdomain <num> is not supported");
			else {
				this.output.skip.push({ name: item.name, span: item.span });
				continue;
			}
			errors++;
		}
		this.echo({ kind: "skip", interfaces: items.map((item) => item.name) });
		if (errors > 0) this.fail("error setting skip interface(s)");
	}

	protected syncookies(): void {
		const word = this.word("syncookies");
		if (word !== "never" && word !== "adaptive" && word !== "always") return this.fail("illegal value for syncookies");
		let start = 0;
		let end = 0;
		let given = false;
		if (this.accept(LEFT_PAREN)) {
			do {
				if (given) this.comma();
				given = true;
				const name = this.word("syncookies option");
				const { value, rest } = strtod(this.string("number"));
				if (rest !== "%") this.giveUp();
				if (!(value > 0 && value <= 100)) this.fail("illegal percentage value");
				if (name === "start") start = Math.trunc(value);
				else if (name === "end") end = Math.trunc(value);
				else this.fail("illegal syncookie option");
			} while (!this.accept(RIGHT_PAREN));
		} else this.lookahead(AT_END);
		const fail = <M extends PfMessage>(message: M, ...args: MessageArguments<M>): void => {
			this.complain(saying(message, ...args));
			this.fail("error setting syncookies");
		};
		if (word !== "adaptive" && given) return fail("pfctl: syncookies start/end only apply to adaptive");
		if (given) {
			start ||= 25;
			end ||= Math.trunc(start / 2);
			if (end >= start) return fail("pfctl: start must be higher than end");
		}
		this.echo({ kind: "syncookies", mode: word, marks: given ? { start, end } : undefined });
	}

	// ---- tables -------------------------------------------------------------------------------------------------

	/** tabledef */
	protected tabledef(): void {
		this.take("statement");
		this.expect(LESS);
		const name = this.string("table-definition");
		this.expect(GREATER);
		const table = readTable.start(name);
		while (this.peek() !== NEWLINE) {
			this.closeArguments();
			if (this.is(T.string, "table option")) {
				const word = this.word("table option");
				if (word === "const") table.constant = true;
				else if (word === "persist") table.persist = true;
				else if (word === "counters") table.counters = true;
				else this.fail("invalid table option '{0}'", word);
			} else if (this.accept(T.file, "table option")) {
				table.sources.push({ kind: "file", path: this.string("file") });
				table.initialised = true;
			} else if (this.accept(LEFT_BRACE)) {
				this.newlines();
				table.initialised = true;
				if (this.accept(RIGHT_BRACE)) continue;
				const hosts: ResolvedHost[] = [];
				this.tableHosts(hosts);
				this.tableItems(hosts);
				table.sources.push({ kind: "hosts", hosts });
			} else this.syntaxError();
		}
		if (byteLength(name) >= 32) return this.fail("table name too long, max 31 chars");
		const result = readTable.finish(table, this.system, {
			anchor: this.anchors.current.path,
			statement: this.statement,
			words: this.words,
			complain: (said) => this.complain(said),
		});
		if ("refused" in result) return this.failAs(result.refused);
		this.output.definitions.push({ kind: "table", table: result });
		if (this.anchors.depth > 0) {
			// A second table of the name in a block ends the statement without a word.
			const key = `${this.anchors.current.path}\n${name}`;
			if (this.environment.get("inner table", key)) return this.giveUp();
			this.environment.set("inner table", true, key);
		}
		this.anchors.current.tables.push(result);
	}

	/** A word of `table` behind a mistake. */
	protected tablePart(token: Token): boolean {
		if (token === T.file) {
			this.take("table option");
			this.string("file");
		} else if (token === T.string || token === T.number || token === BANG || token === LEFT_PAREN || token === LESS) this.xhost(true);
		else return false;
		return true;
	}

	/** table_host_list, behind the opening brace. */
	protected tableHosts(hosts: ResolvedHost[]): void {
		this.braced(() => {
			if (this.accept(LEFT_BRACE)) this.tableHosts(hosts);
			else hosts.push(...this.weighted(this.xhost(true)));
		});
	}

	protected tableItems(hosts: readonly ResolvedHost[]): void {
		for (const { match } of hosts) {
			switch (match.kind) {
				case "range":
					return this.fail("address ranges are not permitted inside tables");
				case "dynamic":
					return this.fail("dynamic addresses are not permitted inside tables");
				case "table":
					return this.fail("tables cannot contain tables");
				case "no-route":
					return this.fail('"no-route" is not permitted inside tables');
				case "urpf-failed":
					return this.fail('"urpf-failed" is not permitted inside tables');
				case "route-label":
					return this.fail("unknown address type 4");
			}
		}
	}

	// ---- queues -------------------------------------------------------------------------------------------------

	/** queuespec */
	protected queuespec(): void {
		this.take("statement");
		const name = this.string("queue-definition");
		const items = this.interface(AFTER_CURVES_OR_ON, "queue option");
		let curves: QueueCurves | undefined;
		let parent: string | undefined;
		let isDefault = false;
		let limit: number | undefined;
		let flows: number | undefined;
		let quantum: number | undefined;
		const twice = (given: boolean, what: "bandwidth" | "parent" | "default" | "qlimit" | "number of flows" | "quantum"): void => {
			if (given) this.fail(`${what} cannot be respecified`);
		};
		do {
			this.closeArguments();
			switch (this.startOf(QUEUE_OPTIONS, "queue option")) {
				case T.bandwidth: {
					this.take("queue option");
					const given = this.#bandspec();
					twice(curves !== undefined, "bandwidth");
					curves = given;
					break;
				}
				case T.parent: {
					this.take("queue option");
					const word = this.string("parent-queue");
					twice(parent !== undefined, "parent");
					parent = word;
					break;
				}
				case T.default:
					this.take("queue option");
					twice(isDefault, "default");
					isDefault = true;
					break;
				case T.qlimit: {
					this.take("queue option");
					const value = this.number();
					twice(limit !== undefined, "qlimit");
					if (value < 0 || value > 65535) this.fail("qlimit out of range: max 65535");
					limit = value;
					break;
				}
				case T.flows: {
					this.take("queue option");
					const value = this.number();
					twice(flows !== undefined, "number of flows");
					if (value < 1 || value > 32767) this.fail("number of flows out of range: max 32767");
					flows = value;
					break;
				}
				case T.quantum: {
					this.take("queue option");
					const value = this.number();
					twice(quantum !== undefined, "quantum");
					if (value < 1 || value > 65535) this.fail("quantum out of range: max 65535");
					quantum = value;
					break;
				}
				default:
					this.syntaxError();
			}
		} while (this.peek() !== NEWLINE);
		const [first] = items;
		if (first === undefined && parent === undefined) return this.fail("root queue without interface");
		if (first !== undefined && this.system.names.isInterface(first.name) === false) return this.fail("not an interface");
		const flow =
			flows === undefined && quantum === undefined ? undefined : { flows: flows ?? 0, quantum: quantum ?? 0, interval: 0, target: 0 };
		const { bandwidth, min, max } = curves ?? NO_CURVES;
		for (const item of items.length === 0 ? [undefined] : items) {
			if (curves === undefined && flows === undefined) return this.errorOfStatement("no bandwidth or flow specification");
			if (byteLength(name) >= 64) return this.errorOfStatement("queuename too long");
			if (parent !== undefined && byteLength(parent) >= 64) return this.errorOfStatement("parent too long");
			const root = item?.name ?? "";
			const place = { name, parent: parent ?? "", interface: root };
			const isAdded = this.#addQueue({ ...place, flow, bandwidth, min, max, default: isDefault, limit: limit ?? 0 }, parent === undefined);
			if (!isAdded) return;
		}
	}

	/** The bandwidth of a queue, behind its word. */
	#bandspec(): QueueCurves {
		const bandwidth = this.curve();
		const given: Partial<Record<Token, ServiceCurve>> = {};
		if (this.peek() === COMMA || this.is(T.min, "queue option") || this.is(T.max, "queue option")) {
			this.comma();
			const first = this.startOf([T.min, T.max], "queue option");
			if (first !== T.min && first !== T.max) this.syntaxError();
			this.take("queue option");
			given[first] = this.curve();
			const second = first === T.min ? T.max : T.min;
			if (this.peek() === COMMA || this.is(second, "queue option")) {
				this.comma();
				this.expect(second, "queue option");
				given[second] = this.curve();
			} else this.lookahead(AFTER_CURVES);
		} else this.lookahead(AFTER_CURVES);
		return { bandwidth, min: given[T.min] ?? NO_CURVE, max: given[T.max] ?? NO_CURVE };
	}

	/** expand_queue(), for one interface. False where it is refused. */
	#addQueue(queue: Omit<Queue, "statement" | "words">, isRoot: boolean): boolean {
		const refuse = (said: Saying): false => {
			this.output.definitions.push({ kind: "note", text: worded(said) });
			this.errorOfStatement("cannot add queue");
			return false;
		};
		if (this.anchors.current.name !== "") return refuse(saying("must not have queue definitions in an anchor"));
		if (isRoot) {
			if (this.environment.get("root queue", queue.interface))
				return refuse(saying("A root queue is already defined on {0}", queue.interface));
			this.environment.set("root queue", true, queue.interface);
		} else this.environment.set("queue", true, queue.name);
		this.output.queues.push({ statement: this.statement, words: this.words, ...queue });
		return true;
	}

	/** A word of `queue` behind a mistake. */
	protected queuePart(token: Token): boolean {
		switch (token) {
			case T.on:
				this.interface(undefined, "queue option");
				return true;
			case T.bandwidth:
			case T.min:
			case T.max:
				this.take("queue option");
				this.curve();
				return true;
			case T.parent:
				this.take("queue option");
				this.string("parent-queue");
				return true;
			case T.qlimit:
			case T.flows:
			case T.quantum:
				this.take("queue option");
				this.number();
				return true;
			case T.burst:
			case T.for:
			case T.default:
				this.take("queue option");
				return true;
			default:
				return false;
		}
	}

	/** scspec */
	protected curve(): ServiceCurve {
		const rate = this.bandwidth();
		const inPercent = (): void => this.fail("no bandwidth in % yet");
		if (!this.accept(T.burst, "queue option")) {
			this.lookahead(AFTER_BANDWIDTH);
			if (rate.percent) inPercent();
			return { rate, burst: { absolute: 0, percent: 0 }, time: 0 };
		}
		const burst = this.bandwidth();
		this.expect(T.for, "queue option");
		const word = this.string("number");
		const [, digits, unit] = /^[ \t\n\v\f\r]*([+-]?\d+)?(.*)$/s.exec(word) ?? [];
		if ((digits === undefined ? word : unit) !== "ms") this.fail("time in scspec must be in ms");
		if (rate.percent || burst.percent) inPercent();
		return { rate, burst, time: Number(BigInt.asUintN(32, BigInt(digits ?? 0))) };
	}

	/** bandwidth */
	protected bandwidth(): Bandwidth {
		if (this.is(T.number, "bandwidth")) {
			const value = this.number();
			if (value < 0) this.fail("bandwidth number too big");
			return { absolute: value, percent: 0 };
		}
		const word = this.string("bandwidth");
		let { value, rest } = strtod(word);
		if (rest.length > 1 && ["Bit", "B", "bit", "b"].includes(rest.slice(1))) rest = rest.slice(0, 1);
		switch (rest) {
			case "b":
				break;
			case "K":
				value *= 1e3;
				break;
			case "M":
				value *= 1e6;
				break;
			case "G":
				value *= 1e9;
				break;
			case "%":
				if (value < 0 || value > 100) this.fail("bandwidth spec out of range");
				return { absolute: 0, percent: Math.trunc(value) };
			default:
				this.fail('unknown unit "{0}"', rest);
		}
		if (value < 0 || value > 2 ** 63) this.fail("bandwidth number too big");
		return { absolute: Math.trunc(value), percent: 0 };
	}
}
