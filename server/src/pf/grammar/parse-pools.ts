/** Translation and routing pools, and the options of states. */
import { byteLength } from "../../text/bytes.ts";
import type { ResolvedHost } from "../names/hosts.ts";
import { md5Words } from "../names/md5.ts";
import { UINT_MAX } from "../names/numbers.ts";
import { TIMEOUTS, type TimeoutName } from "../rules.ts";
import type { FilterOptions, PoolSpec, PortRange, StateItem } from "../syntax.ts";
import { POOL_OPTIONS } from "./follow.ts";
import { EndpointParser } from "./parse-endpoints.ts";
import { LEFT_BRACE, RIGHT_PAREN, SLASH, T, type Token, type TokenSet } from "./tokens.ts";

export const STATE_OPTIONS: readonly Token[] = [
	T.max,
	T["no-sync"],
	T["max-src-states"],
	T["max-src-conn"],
	T["max-src-conn-rate"],
	T.overload,
	T["max-src-nodes"],
	T["source-track"],
	T["if-bound"],
	T.floating,
	T.sloppy,
	T.pflow,
];

export abstract class PoolParser extends EndpointParser {
	/** `af-to` */
	protected afTo(options: FilterOptions): void {
		const family = this.af();
		if (family !== undefined) this.joins(1);
		this.expect(T.from, "rule part");
		this.joins(1);
		const pool = this.pool(false);
		if (!this.accept(T.to, "rule part")) {
			this.lookahead(this.follow.afterOption);
			if (options.nat !== undefined) this.fail("cannot respecify af-to");
			if (family === undefined) this.fail("no target address family specified");
			options.nat = { ...pool, family };
			options.rdr = {
				...pool,
				hosts: [],
				ports: { low: 0, high: 0, kind: "single" },
				kind: "none",
				sticky: false,
				staticPort: false,
				key: undefined,
				family: undefined,
			};
			options.afTo = true;
			return;
		}
		const target = this.pool(false);
		if (options.nat !== undefined) this.fail("cannot respecify af-to");
		if (family === undefined) this.fail("no address family specified");
		const other = (spec: PoolSpec): boolean => spec.hosts[0]?.family !== undefined && spec.hosts[0].family !== family;
		if (other(pool) || other(target)) this.fail("af-to addresses must be in the target address family");
		// parse.y stores the second pool's options in the first.
		options.nat = { ...target, hosts: pool.hosts, ports: pool.ports, family };
		options.rdr = { ...target, kind: "none", sticky: false, staticPort: false, key: undefined, family };
		options.afTo = true;
	}

	/** redirpool pool_opts */
	protected pool(binat: boolean): PoolSpec {
		this.list = this.poolPart;
		const hosts = this.redirspec();
		let ports: PortRange = { low: 0, high: 0, kind: "single" };
		if (this.accept(T.port, "pool option")) ports = this.portrange(true);
		else this.lookahead(this.follow.afterRedirection);
		return this.poolOptions(hosts, ports, binat, 2);
	}

	/** redirspec */
	protected redirspec(): readonly ResolvedHost[] {
		if (!this.accept(LEFT_BRACE)) return this.weighted(this.host());
		const hosts: ResolvedHost[] = [];
		let first = true;
		this.braced(() => {
			const own = this.weighted(this.host());
			if (first) {
				this.newlines();
				if (own[0] !== undefined && own[0].match.kind !== "network" && own[0].match.kind !== "unresolved")
					this.fail("only addresses can be listed for redirection pools ");
			}
			first = false;
			hosts.push(...own);
		});
		return hosts;
	}

	/** pool_opts. @param method which argument of the option the way of choosing an address is */
	protected poolOptions(hosts: readonly ResolvedHost[], ports: PortRange, binat: boolean, method: number): PoolSpec {
		let kind: PoolSpec["kind"] = "none";
		let key: PoolSpec["key"];
		let sticky = false;
		let staticPort = false;
		const choose = (value: PoolSpec["kind"]): void => {
			this.joins(method + 1);
			if (kind !== "none") this.fail("pool type cannot be redefined");
			kind = value;
		};
		for (;;) {
			switch (this.startOf(POOL_OPTIONS, "pool option")) {
				case T.bitmask:
					this.take("pool option");
					choose("bitmask");
					break;
				case T.random:
					this.take("pool option");
					choose("random");
					break;
				case T["source-hash"]: {
					this.take("pool option");
					const own = this.hashKey();
					choose("source-hash");
					key = own;
					break;
				}
				case T["round-robin"]:
					this.take("pool option");
					choose("round-robin");
					break;
				case T["least-states"]:
					this.take("pool option");
					choose("least-states");
					break;
				case T["static-port"]:
					this.take("pool option");
					this.joins(method + 3);
					if (staticPort) this.fail("static-port cannot be redefined");
					staticPort = true;
					break;
				case T["sticky-address"]:
					this.take("pool option");
					this.joins(method + 2);
					if (sticky) this.fail("sticky-address cannot be redefined");
					sticky = true;
					break;
				default:
					this.lookahead(this.follow.afterPool);
					this.list = undefined;
					return { hosts, ports, kind, sticky, staticPort: staticPort || binat, key, family: undefined, binat };
			}
		}
	}

	/** A word of a pool behind a mistake in one. */
	protected poolPart(token: Token): boolean {
		if (token !== T.port) return false;
		this.take("pool option");
		this.portrange(true);
		return true;
	}

	/** hashkey */
	protected hashKey(): PoolSpec["key"] {
		if (!this.is(T.string, "value")) {
			this.lookahead(this.follow.afterRedirection);
			return undefined;
		}
		const word = this.text("value");
		if (!word.startsWith("0x")) return md5Words(word);
		if (byteLength(word) !== 34) this.fail("hex key must be 128 bits (32 hex digits) long");
		const words = [0, 8, 16, 24].map((at) => Number.parseInt(word.slice(2 + at, 10 + at), 16));
		if (!/^0x[0-9a-fA-F]{32}$/.test(word)) this.fail("invalid hex key");
		const [a = 0, b = 0, c = 0, d = 0] = words;
		return [a, b, c, d];
	}

	// ---- state options ------------------------------------------------------------------------------------------

	/** state_opt_list; ends at a parenthesis, or at one of `after`. */
	protected stateOptions(after?: TokenSet): readonly StateItem[] {
		const items = [this.stateItem()];
		for (;;) {
			const token = this.peek();
			if (after === undefined ? token === RIGHT_PAREN || this.is(RIGHT_PAREN) : after.has(token)) return items;
			this.comma();
			this.closeArguments();
			items.push(this.stateItem());
		}
	}

	/** A word in the parentheses of a state behind a mistake there. */
	protected statePart(token: Token): boolean {
		if (token !== T.string && !STATE_OPTIONS.includes(token)) return false;
		this.stateItem();
		return true;
	}

	/** state_opt_item */
	protected stateItem(): StateItem {
		const positive = (...values: readonly number[]): void => {
			if (values.some((value) => value < 0 || value > UINT_MAX)) this.fail("only positive values permitted");
		};
		const token = this.startOf(STATE_OPTIONS, "state option");
		switch (token) {
			case T.max:
			case T["max-src-states"]:
			case T["max-src-conn"]:
			case T["max-src-nodes"]: {
				this.take("state option");
				const value = this.number();
				positive(value);
				const kind =
					token === T.max
						? "max"
						: token === T["max-src-states"]
							? "max-src-states"
							: token === T["max-src-conn"]
								? "max-src-conn"
								: "max-src-nodes";
				return { kind, value };
			}
			case T["max-src-conn-rate"]: {
				this.take("state option");
				const limit = this.number();
				this.expect(SLASH);
				const seconds = this.number();
				positive(limit, seconds);
				return { kind: "max-src-conn-rate", rate: { limit, seconds } };
			}
			case T.overload: {
				this.take("state option");
				const table = this.tableName();
				let flush: "none" | "rule" | "global" = "none";
				if (this.accept(T.flush, "overload option")) flush = this.accept(T.global, "overload option") ? "global" : "rule";
				if (byteLength(table) >= 32) this.fail("table name '{0}' too long", table);
				return { kind: "overload", table, flush };
			}
			case T["source-track"]:
				this.take("state option");
				if (this.accept(T.global, "source-track")) return { kind: "source-track", value: "global" };
				return { kind: "source-track", value: this.accept(T.rule, "source-track") ? "rule" : "plain" };
			case T["if-bound"]:
			case T.floating:
				this.take("state option");
				return { kind: "state-lock", ifBound: token === T["if-bound"] };
			case T["no-sync"]:
			case T.sloppy:
			case T.pflow:
				this.take("state option");
				return { kind: token === T["no-sync"] ? "no-sync" : token === T.sloppy ? "sloppy" : "pflow" };
		}
		const name = this.word("state option");
		const seconds = this.number();
		positive(seconds);
		const known = TIMEOUTS.find((one) => one === name);
		if (known === undefined) this.fail("illegal timeout name {0}", name);
		else if (!name.includes(".")) this.fail("illegal state timeout {0}", name);
		return { kind: "timeout", name: known ?? (TIMEOUTS[0] as TimeoutName), seconds };
	}
}
