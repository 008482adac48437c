/** Limiters (statelim and sourcelim of parse.y): their statements, and how rules name them. */

import { byteLength } from "../../text/bytes.ts";
import { internRecent } from "../intern-recent.ts";
import { UINT_MAX } from "../names/numbers.ts";
import { LIMITER_KINDS, type Limiter, type LimiterUse, type Rate } from "../rules.ts";
import type { MessageArguments, PfMessage } from "../words/messages.ts";
import { PoolParser } from "./parse-pools.ts";
import type { PartReader } from "./parser-base.ts";
import { LEFT_PAREN, NEWLINE, RIGHT_PAREN, SLASH, T, type Token } from "./tokens.ts";

type Kind = Limiter["kind"];

const MAX_ID = 255;
const MAX_STATES = 2 ** 24;
/** PF_STATELIM_NAME_LEN: so many bytes a name has with the NUL behind it. */
const NAME_SIZE = 16;

const STATE_OPTIONS: readonly Token[] = [T.id, T.limit, T.rate];
const SOURCE_OPTIONS: readonly Token[] = [...STATE_OPTIONS, T.entries, T.inet, T.inet6, T.table];

const OPTIONS: Readonly<Record<Kind, readonly Token[]>> = { state: STATE_OPTIONS, source: SOURCE_OPTIONS };

/** The kind of limiter whose statement, and whose option of a rule, a token begins. */
export function limiterOf(token: Token): Kind | undefined {
	return LIMITER_KINDS.find((kind) => T[kind] === token);
}

/** A limiter as far as it is read. */
type Draft = { -readonly [K in Exclude<keyof Limiter, "kind" | "name">]?: Limiter[K] };

export abstract class LimiterParser extends PoolParser {
	/** Rules most often name the same limiter as the one before. */
	readonly #use = internRecent(
		(use: LimiterUse, asked: LimiterUse) =>
			use.kind === asked.kind && use.name === asked.name && use.id === asked.id && use.action === asked.action,
		(asked: LimiterUse) => asked,
	);
	readonly #uses = internRecent(
		(uses: readonly LimiterUse[], asked: readonly LimiterUse[]) => uses.length === asked.length && uses.every((use, i) => use === asked[i]),
		(asked: readonly LimiterUse[]) => asked,
	);

	/** statelim, sourcelim */
	protected limiter(kind: Kind): void {
		this.take("statement");
		this.expect(T.limiter, "limiter part");
		this.joins(0);
		const name = this.string(`${kind}-limiter-definition`);
		if (name === "") this.fail(`${kind} limiter name is too short`);
		if (byteLength(name) >= NAME_SIZE) this.fail(`${kind} limiter name is too long`);
		const draft: Draft = {};
		while (this.peek() !== NEWLINE) {
			this.closeArguments();
			const token = this.startOf(OPTIONS[kind], "limiter option");
			if (token === T.cursor) return;
			this.#limiterOption(kind, draft, token);
		}
		const { id, limit, entries = 0, rate, inetMask = 32, inet6Mask = 128, table } = draft;
		if (id === undefined) return this.fail("id not specified");
		if (kind === "source" && draft.entries === undefined) return this.fail("entries not specified");
		if (limit === undefined) return this.fail(kind === "state" ? "limit not specified" : "state limit not specified");
		const taken = this.environment.get(`${kind} limiter`, name) ?? this.environment.get(`${kind} limiter id`, String(id));
		if (taken !== undefined) return this.fail(`${kind} limiter {0} id {1} already exists`, name, id);
		const limiter: Limiter = { kind, name, id, limit, rate, entries, inetMask, inet6Mask, table };
		this.environment.set(`${kind} limiter`, limiter, name);
		this.environment.set(`${kind} limiter id`, limiter, String(id));
		this.output.definitions.push({ kind: "limiter", limiter });
	}

	/** A word of a limiter's statement behind a mistake. */
	protected limiterPart(kind: Kind): PartReader {
		return (token) => {
			if (!OPTIONS[kind].includes(token)) return false;
			this.#limiterOption(kind, {}, token);
			return true;
		};
	}

	/** statelim_opt, sourcelim_opt */
	#limiterOption(kind: Kind, draft: Draft, token: Token): void {
		const once = <M extends PfMessage>(known: unknown, message: M, ...args: MessageArguments<M>): void => {
			if (known !== undefined) this.fail(message, ...args);
		};
		switch (token) {
			case T.id: {
				this.take("limiter option");
				const id = this.number();
				once(draft.id, "id cannot be respecified");
				if (id < 1 || id > MAX_ID) this.fail(`${kind} limiter id {0}: invalid identifier`, this.digits);
				draft.id = id;
				return;
			}
			case T.limit: {
				this.take("limiter option");
				const limit = this.number();
				once(draft.limit, "limit cannot be respecified");
				if (limit < 1 || limit > (kind === "state" ? MAX_STATES : UINT_MAX)) this.fail(`invalid ${kind} limiter limit`);
				draft.limit = limit;
				return;
			}
			case T.rate: {
				this.take("limiter option");
				once(draft.rate, "rate cannot be respecified");
				draft.rate = this.#rate(kind);
				return;
			}
			default:
				if (kind === "state") return this.syntaxError();
				return this.#sourceOption(draft, token, once);
		}
	}

	#sourceOption(
		draft: Draft,
		token: Token,
		once: <M extends PfMessage>(known: unknown, message: M, ...args: MessageArguments<M>) => void,
	): void {
		switch (token) {
			case T.entries: {
				this.take("limiter option");
				const entries = this.number();
				once(draft.entries, "entries cannot be respecified");
				if (entries < 1 || entries > UINT_MAX) this.fail("invalid source limiter entries");
				draft.entries = entries;
				return;
			}
			case T.inet:
				this.take("limiter option");
				draft.inetMask = this.#mask("inet", 32, draft.inetMask);
				return;
			case T.inet6:
				this.take("limiter option");
				draft.inet6Mask = this.#mask("inet6", 128, draft.inet6Mask);
				return;
			case T.table: {
				this.take("limiter option");
				const name = this.tableName();
				once(draft.table, "table cannot be respecified");
				if (byteLength(name) >= 32) this.fail("table name '{0}' too long", name);
				this.expect(T.above, "limiter part");
				const above = this.number();
				const below = this.accept(T.below, "limiter part") ? this.number() : 0;
				if (below > above) this.fail("below limit higher than above limit");
				draft.table = { name, above, below };
				return;
			}
			default:
				return this.syntaxError();
		}
	}

	/** Only of states pfctl looks at the numbers; those of sources the kernel judges. */
	#rate(kind: Kind): Rate {
		const limit = this.number();
		const { digits } = this;
		this.expect(SLASH);
		const seconds = this.number();
		if (kind === "state" && limit < 1) this.fail("invalid rate limit {0}", digits);
		if (kind === "state" && seconds < 1) this.fail("invalid rate seconds {0}", this.digits);
		return { limit, seconds };
	}

	#mask(family: "inet" | "inet6", most: number, known: number | undefined): number {
		this.expect(T.mask, "limiter part");
		this.joins(0);
		const bits = this.number();
		if (known !== undefined) this.fail(`${family} mask cannot be respecified`);
		if (bits < 1 || bits > most) this.fail(`${family} mask length out of range`);
		return bits;
	}

	/** The limiters of a rule, with one that a token begins; undefined where it begins none. @param known those that the rule has already */
	protected limiterOption(token: Token, known: readonly LimiterUse[]): readonly LimiterUse[] | undefined {
		const kind = this.follow.optionStarts.has(token) ? limiterOf(token) : undefined;
		if (kind === undefined) return undefined;
		const use = this.#limiterUse(kind, known);
		if (use === undefined) return known;
		return this.#uses([...known, use].sort((a, b) => LIMITER_KINDS.indexOf(a.kind) - LIMITER_KINDS.indexOf(b.kind)));
	}

	#limiterUse(kind: Kind, known: readonly LimiterUse[]): LimiterUse | undefined {
		this.take("filter option");
		this.expect(T.limiter, "limiter part");
		this.joins(0);
		const id = this.accept(T.id, "limiter part") ? this.number() : undefined;
		const name = id === undefined ? this.string(`${kind}-limiter`) : "";
		let action: LimiterUse["action"] = "block";
		if (this.accept(LEFT_PAREN)) {
			if (this.accept(T["no-match"], "limiter action")) action = "no-match";
			else this.expect(T.block, "limiter action");
			this.expect(RIGHT_PAREN);
		} else this.lookahead(this.follow.afterOption);
		const limiter =
			id === undefined ? this.environment.get(`${kind} limiter`, name) : this.environment.get(`${kind} limiter id`, String(id));
		if (limiter === undefined && this.isKnownInRun()) this.fail(`${kind} limiter not found`);
		if (known.some((one) => one.kind === kind)) this.fail(`${kind} limiter already specified`);
		return limiter && this.#use({ kind, name: limiter.name, id: limiter.id, action });
	}
}
