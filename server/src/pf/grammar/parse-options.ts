/** The options behind the addresses of a rule (filter_opts of parse.y). */

import { icmpCode, icmpType } from "../names/icmp.ts";
import { general, strtod, UINT_MAX } from "../names/numbers.ts";
import { IPPROTO } from "../names/protocols.ts";
import { type Family, TCP_FLAGS } from "../rules.ts";
import { type DivertSpec, type FilterOptions, type IcmpItem, NO_OPTIONS, noFilterOptions, type StateItem } from "../syntax.ts";
import type { MessageArguments, PfMessage } from "../words/messages.ts";
import { pfWord } from "../words/vocabulary.ts";
import { POOL_OPTIONS } from "./follow.ts";
import { LimiterParser } from "./parse-limiters.ts";
import { STATE_OPTIONS } from "./parse-pools.ts";
import { BANG, LEFT_BRACE, LEFT_PAREN, NEWLINE, RIGHT_PAREN, SLASH, T, type Token } from "./tokens.ts";

const SET_FIELDS: readonly Token[] = [T.prio, T.queue, T.tos, T.delay];
const SCRUB_OPTIONS: readonly Token[] = [T["no-df"], T["min-ttl"], T["max-mss"], T.reassemble, T["random-id"]];

/** What `scrub` says so far. */
interface Scrubbing {
	noDf?: boolean;
	minTtl?: number;
	maxMss?: number;
	tcp?: boolean;
	randomId?: boolean;
}

const NO_STATE_ITEMS: readonly StateItem[] = [];

export abstract class OptionParser extends LimiterParser {
	/** Whether the rule at hand has any options. */
	protected hadOptions = false;

	/** filter_opts */
	protected filterOptions(): FilterOptions {
		let options: FilterOptions | undefined;
		for (;;) {
			this.closeArguments();
			const token = this.startOf(this.follow.optionStarts.tokens, "filter option");
			if (token === NEWLINE || token === LEFT_BRACE || token === T.cursor) {
				this.hadOptions = options !== undefined;
				return options ?? NO_OPTIONS;
			}
			options ??= noFilterOptions();
			this.filterOption(options, token);
		}
	}

	/** An option of a rule behind a mistake. */
	protected optionPart(token: Token): boolean {
		if (this.follow.optionStarts.has(token)) this.filterOption(noFilterOptions(), token);
		else if (STATE_OPTIONS.includes(token)) this.stateItem();
		else if (SCRUB_OPTIONS.includes(token)) this.scrubItem({});
		else if (POOL_OPTIONS.includes(token)) this.poolOptions([], { low: 0, high: 0, kind: "single" }, false, 0);
		else return false;
		return true;
	}

	/** filter_opt. Here are those that say which packets a rule is for; `actionOption` has the others. */
	protected filterOption(options: FilterOptions, token: Token): void {
		const twice = <M extends PfMessage>(given: boolean, message: M, ...args: MessageArguments<M>): void => {
			if (given) this.fail(message, ...args);
		};
		switch (token) {
			case T.user:
				this.take("filter option");
				options.user = [...this.owners("user"), ...options.user];
				return;
			case T.group:
				this.take("filter option");
				options.group = [...this.owners("group"), ...options.group];
				return;
			case T.flags: {
				this.take("filter option");
				const flags = this.flags();
				twice(options.flags !== undefined, "flags cannot be redefined");
				options.flags = flags;
				return;
			}
			case T["icmp-type"]:
			case T["icmp6-type"]: {
				this.take("filter option");
				const list = this.items(() => this.icmpItem(token === T["icmp-type"] ? "inet" : "inet6"));
				twice(options.icmp !== undefined, "icmp-type cannot be redefined");
				options.icmp = list;
				return;
			}
			case T.prio: {
				this.take("filter option");
				const value = this.number();
				twice(options.prio >= 0, "prio cannot be redefined");
				this.prioRange(value);
				options.prio = value;
				return;
			}
			case T.tos: {
				this.take("filter option");
				const value = this.tos();
				twice(options.tos !== undefined, "tos cannot be redefined");
				options.tos = value;
				return;
			}
			case T.fragment:
				this.take("filter option");
				options.fragment = true;
				return;
			case T["allow-opts"]:
				this.take("filter option");
				options.allowOptions = true;
				return;
			case T.once:
				this.take("filter option");
				options.once = true;
				return;
			case BANG:
			case T.tagged:
			case T["received-on"]: {
				const negated = this.accept(BANG);
				if (this.accept(T.tagged, "filter option")) {
					options.tagged = { name: this.text("tag"), negated };
					return;
				}
				this.expect(T["received-on"], "filter option");
				const item = this.ifItem(negated);
				twice(options.receivedOn !== undefined, "cannot respecify received-on");
				options.receivedOn = item;
				return;
			}
			case T.probability:
				this.take("filter option");
				options.probability = this.probability();
				return;
			case T["max-pkt-rate"]: {
				this.take("filter option");
				const limit = this.number();
				this.expect(SLASH);
				const seconds = this.number();
				if (limit < 0 || limit > UINT_MAX || seconds < 0 || seconds > UINT_MAX) this.fail("only positive values permitted");
				twice((options.rate?.limit ?? 0) !== 0, "cannot respecify max-pkt-rate");
				options.rate = limit === 0 ? undefined : { limit, seconds };
				return;
			}
			default:
				this.actionOption(options, token);
		}
	}

	/** filter_opt, where it says what is done with packets. */
	protected actionOption(options: FilterOptions, token: Token): void {
		const twice = <M extends PfMessage>(given: boolean, message: M, ...args: MessageArguments<M>): void => {
			if (given) this.fail(message, ...args);
		};
		switch (token) {
			case T.no:
			case T.keep:
			case T.modulate:
			case T.synproxy: {
				const keep = this.#keep(token);
				twice(options.keep !== undefined, "modulate or keep cannot be redefined");
				options.keep = keep;
				return;
			}
			case T.label: {
				this.take("filter option");
				const label = this.string("label");
				twice(options.label !== undefined, "label cannot be redefined");
				options.label = label;
				return;
			}
			case T.queue:
				this.take("filter option");
				return this.assignQueue(options);
			case T.tag:
				this.take("filter option");
				options.tag = this.text("tag-set");
				return;
			case T.rtable:
				this.take("filter option");
				options.rtable = this.rtable();
				return;
			case T["divert-to"]:
			case T["divert-reply"]:
			case T["divert-packet"]:
				this.take("filter option");
				options.divert = this.divert(token, options);
				return;
			case T.scrub:
				this.take("filter option");
				return this.scrub(options);
			case T["nat-to"]:
			case T["binat-to"]: {
				this.take("filter option");
				const pool = this.pool(token === T["binat-to"]);
				twice(options.nat !== undefined, "cannot respecify nat-to/binat-to");
				options.nat = pool;
				return;
			}
			case T["rdr-to"]: {
				this.take("filter option");
				const pool = this.pool(false);
				twice(options.rdr !== undefined, "cannot respecify rdr-to");
				options.rdr = pool;
				return;
			}
			case T["af-to"]:
				this.take("filter option");
				return this.afTo(options);
			case T["route-to"]:
			case T["reply-to"]:
			case T["dup-to"]: {
				this.take("filter option");
				this.list = this.poolPart;
				const hosts = this.redirspec();
				const pool = this.poolOptions(hosts, { low: 0, high: 0, kind: "single" }, false, 1);
				twice(options.route !== undefined, "cannot respecify route-to/reply-to/dup-to");
				options.route = { kind: token === T["route-to"] ? "route-to" : token === T["reply-to"] ? "reply-to" : "dup-to", pool };
				return;
			}
			case T.set:
				return this.#set(options);
			default: {
				const limiters = this.limiterOption(token, options.limiters);
				if (limiters === undefined) return this.syntaxError();
				options.limiters = limiters;
			}
		}
	}

	/** `keep state` and its like, from the first word on. */
	#keep(token: Token): NonNullable<FilterOptions["keep"]> {
		this.take("filter option");
		this.expect(T.state, "joint");
		if (token === T.no) return { kind: "none", options: NO_STATE_ITEMS };
		const kind = token === T.keep ? "keep" : token === T.modulate ? "modulate" : "synproxy";
		if (!this.accept(LEFT_PAREN)) {
			this.lookahead(this.follow.afterOption);
			return { kind, options: NO_STATE_ITEMS };
		}
		this.list = this.statePart;
		const options = this.stateOptions();
		this.expect(RIGHT_PAREN);
		this.list = undefined;
		return { kind, options };
	}

	/** `set` with its fields. */
	#set(options: FilterOptions): void {
		this.take("filter option");
		if (!this.accept(LEFT_PAREN)) return this.filterSet(options);
		this.list = this.setPart;
		this.filterSet(options);
		while (!this.accept(RIGHT_PAREN)) {
			this.comma();
			this.filterSet(options);
		}
		this.list = undefined;
	}

	protected prioRange(...values: readonly number[]): void {
		if (values.some((value) => value < 0 || value > 7)) this.fail("prio must be 0 - 7");
	}

	/** filter_set */
	protected filterSet(options: FilterOptions): void {
		this.closeArguments();
		switch (this.startOf(SET_FIELDS, "set field")) {
			case T.prio: {
				this.take("set field");
				let low: number;
				let high: number;
				if (this.accept(LEFT_PAREN)) {
					low = this.number();
					this.comma();
					high = this.number();
					this.expect(RIGHT_PAREN);
				} else low = high = this.number();
				this.prioRange(low, high);
				if (options.setPrio !== undefined) this.fail("prio cannot be redefined");
				options.setPrio = [low, high];
				return;
			}
			case T.queue:
				this.take("set field");
				return this.assignQueue(options);
			case T.tos: {
				this.take("set field");
				const value = this.tos();
				if (options.setTos !== undefined) this.fail("tos cannot be respecified");
				options.setTos = value;
				return;
			}
			case T.delay: {
				this.take("set field");
				const value = this.number();
				if (options.setDelay) this.fail("delay cannot be respecified");
				if (value < 0 || value > 0xffff) this.fail("illegal delay value {0} (0-65535)", this.digits);
				options.setDelay = value;
				return;
			}
			default:
				return this.syntaxError();
		}
	}

	/** A word in the parentheses of `set` behind a mistake there. */
	protected setPart(token: Token): boolean {
		if (!SET_FIELDS.includes(token)) return false;
		this.filterSet(noFilterOptions());
		return true;
	}

	/** qname */
	protected assignQueue(options: FilterOptions): void {
		let first: string;
		let second: string | undefined;
		if (this.accept(LEFT_PAREN)) {
			first = this.string("queue");
			if (!this.accept(RIGHT_PAREN)) {
				this.comma();
				second = this.string("queue");
				this.expect(RIGHT_PAREN);
			}
		} else first = this.string("queue");
		for (const name of [first, second]) {
			if (name !== undefined && this.environment.get("queue", name) === undefined && this.isKnownInRun())
				this.fail("queue {0} is not defined", name);
		}
		if (options.queue !== undefined) this.fail("queue cannot be redefined");
		options.queue = [first, second];
	}

	/** flags, behind its word. */
	protected flags(): { readonly flags: number; readonly set: number } {
		if (this.accept(T.any, "tcp flag")) return { flags: 0, set: 0 };
		if (this.accept(SLASH)) return { flags: 0, set: this.flag("flag-mask") };
		const flags = this.flag("flags");
		this.expect(SLASH);
		return { flags, set: this.flag("flag-mask") };
	}

	/** flag */
	protected flag(role: "flags" | "flag-mask"): number {
		const word = this.string(role);
		let bits = 0;
		for (const letter of word) {
			const bit = TCP_FLAGS.indexOf(letter);
			if (bit < 0) this.fail("bad flags {0}", word);
			else bits |= 1 << bit;
		}
		return bits === 0 ? 255 : bits;
	}

	/** icmp_item, icmp6_item */
	protected icmpItem(family: Family): IcmpItem {
		const name = family === "inet" ? "icmp" : "icmp6";
		const protocol = family === "inet" ? IPPROTO.icmp : IPPROTO.icmp6;
		let type: number;
		if (this.is(T.number, family === "inet" ? "icmp-type" : "icmp6-type")) {
			type = this.number();
			if (type < 0 || type > 255) this.fail(`illegal ${name}-type {0}`, this.digits);
		} else {
			const word = this.string(family === "inet" ? "icmp-type" : "icmp6-type");
			const known = icmpType(word, family);
			if (known === undefined) this.fail(`unknown ${name}-type {0}`, word);
			type = known ?? 0;
		}
		const { argument } = this;
		if (!this.accept(T.code, "icmp option")) {
			this.lookahead(this.follow.afterIcmp);
			return { protocol, type, code: -1 };
		}
		if (this.is(T.number, "icmp-code")) {
			const code = this.number();
			this.joins(argument);
			if (code < 0 || code > 255) this.fail("illegal icmp-code {0}", this.digits);
			return { protocol, type, code };
		}
		const word = this.string("icmp-code");
		this.joins(argument);
		const code = icmpCode(type, word, family);
		if (code === undefined) this.fail(`unknown ${name}-code {0}`, word);
		return { protocol, type, code: code ?? 0 };
	}

	/** tos */
	protected tos(): number {
		if (this.is(T.number, "tos")) {
			const value = this.number();
			if (value < 0 || value > 255) this.fail("illegal tos value {0}", this.digits);
			return value;
		}
		const word = this.word("tos");
		const named = pfWord("tos", word.toLowerCase())?.value;
		const value = named ?? (/^0x[0-9a-fA-F]+$/.test(word) ? Number(word) : 256);
		if (value > 255) this.fail("illegal tos value {0}", word);
		return value;
	}

	protected probability(): number {
		let value: number;
		if (this.is(T.number, "number")) value = this.number();
		else {
			const word = this.string("number");
			const parsed = strtod(word);
			value = parsed.value;
			let { rest } = parsed;
			if (rest.startsWith("%")) {
				value *= 0.01;
				rest = rest.slice(1);
			}
			if (rest !== "") this.fail("invalid probability: {0}", word);
		}
		const units = Math.floor(value * UINT_MAX + 0.5);
		if (!(units >= 0 && units <= UINT_MAX)) this.fail("invalid probability: {0}%", general(value * 100));
		return units === 0 ? 1 : units;
	}

	protected divert(token: Token, options: FilterOptions): DivertSpec | undefined {
		const more = (): void => {
			if (options.divert !== undefined) this.fail("more than one divert option");
		};
		const port = (): number => {
			const { argument } = this;
			this.expect(T.port, "rule part");
			this.joins(argument);
			return this.parsePort(this.numberstring("port"), "plain").low;
		};
		if (token === T["divert-reply"]) {
			more();
			return { kind: "reply", hosts: [], port: 0 };
		}
		if (token === T["divert-packet"]) {
			const value = port();
			more();
			if (this.environment.get("reassemble") !== false) options.reassembleTcp = true;
			if (value === 0) this.fail("invalid divert port: 0");
			return { kind: "packet", hosts: [], port: value };
		}
		const word = this.string("address-value");
		const value = port();
		more();
		const result = this.system.names.host(word);
		if ("complaints" in result) {
			for (const said of result.complaints) this.complain(said);
			this.fail("could not parse divert address: {0}", word);
			return undefined;
		}
		if (value === 0) this.fail("invalid divert port: 0");
		return { kind: "to", hosts: result, port: value };
	}

	/** scrub_opts */
	protected scrub(options: FilterOptions): void {
		this.expect(LEFT_PAREN);
		const seen: Scrubbing = {};
		this.scrubItem(seen);
		while (!this.accept(RIGHT_PAREN)) {
			this.comma();
			this.scrubItem(seen);
		}
		options.noDf = seen.noDf ?? false;
		options.minTtl = seen.minTtl;
		options.randomId = seen.randomId ?? false;
		options.maxMss = seen.maxMss;
		if (seen.tcp) options.reassembleTcp = true;
	}

	/** scrub_opt */
	protected scrubItem(seen: Scrubbing): void {
		const twice = (given: boolean, what: "no-df" | "min-ttl" | "max-mss" | "reassemble tcp" | "random-id"): void => {
			if (given) this.fail(`${what} cannot be respecified`);
		};
		this.closeArguments();
		switch (this.startOf(SCRUB_OPTIONS, "scrub option")) {
			case T["no-df"]:
				this.take("scrub option");
				twice(seen.noDf === true, "no-df");
				seen.noDf = true;
				return;
			case T["min-ttl"]: {
				this.take("scrub option");
				const value = this.number();
				twice(seen.minTtl !== undefined, "min-ttl");
				if (value < 0 || value > 255) this.fail("illegal min-ttl value {0}", this.digits);
				seen.minTtl = value;
				return;
			}
			case T["max-mss"]: {
				this.take("scrub option");
				const value = this.number();
				twice(seen.maxMss !== undefined, "max-mss");
				if (value < 0 || value > 65535) this.fail("illegal max-mss value {0}", this.digits);
				seen.maxMss = value;
				return;
			}
			case T.reassemble: {
				this.take("scrub option");
				const word = this.word("joint");
				if (word.toLowerCase() !== "tcp") this.fail("scrub reassemble supports only tcp, not '{0}'", word);
				twice(seen.tcp === true, "reassemble tcp");
				seen.tcp = true;
				return;
			}
			case T["random-id"]:
				this.take("scrub option");
				twice(seen.randomId === true, "random-id");
				seen.randomId = true;
				return;
			default:
				this.syntaxError();
		}
	}

	protected rtable(): number {
		const value = this.number();
		if (value < 0 || value > 255) this.fail("invalid rtable id");
		return value;
	}
}
