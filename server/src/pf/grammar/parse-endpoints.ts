/** Interfaces, families, protocols, addresses, ports and owners of a rule (the parts of parse.y from interface to gid_item). */

import { byteLength } from "../../text/bytes.ts";
import { SERVICES_FILE } from "../../text/host-paths.ts";
import { nearest } from "../../text/nearest.ts";
import { span } from "../../text/span.ts";
import { type ResolvedHost, withBits } from "../names/hosts.ts";
import { atoul, plainNumber } from "../names/numbers.ts";
import { parseServices } from "../names/services.ts";
import { type Family, type NumberMatch, type NumberOperator, UNKNOWN_ID } from "../rules.ts";
import type { EndSpec, InterfaceItem, PortRange } from "../syntax.ts";
import type { PfGroup } from "../words/entry.ts";
import { saying } from "../words/messages.ts";
import { ParserBase } from "./parser-base.ts";
import {
	BANG,
	EQUALS,
	GREATER,
	LEFT_BRACE,
	LEFT_PAREN,
	LESS,
	MINUS,
	RIGHT_BRACE,
	RIGHT_PAREN,
	SLASH,
	T,
	type Token,
	type TokenSet,
} from "./tokens.ts";

const HOST_STARTS: readonly Token[] = [LEFT_PAREN, LESS, T.route];
const TABLE_HOST_STARTS: readonly Token[] = [LEFT_PAREN, LESS];

/** A list that is not written. */
const NONE: readonly never[] = [];

function special(kind: "no-route" | "urpf-failed", negated: boolean): readonly ResolvedHost[] {
	return [{ family: undefined, match: { kind }, negated, index: 0, weight: 0 }];
}

export abstract class EndpointParser extends ParserBase {
	/** interface; `after` is what may follow where there is none. @param group of `on` */
	protected interface(after?: TokenSet, group: PfGroup = "rule part"): readonly InterfaceItem[] {
		if (!this.accept(T.on, group)) {
			if (after !== undefined) this.lookahead(after);
			return NONE;
		}
		return this.items(this.negatableIfItem);
	}

	/** if_item_not */
	protected negatableIfItem(): InterfaceItem {
		return this.ifItem(this.accept(BANG));
	}

	/** if_item */
	protected ifItem(negated: boolean): InterfaceItem {
		this.peek();
		const at = span(this.lexer.start, this.lexer.end);
		const { argument } = this;
		if (this.accept(T.any, "interface")) {
			this.joins(argument + this.step);
			return { name: "any", negated, rdomain: -1, flags: 0, dynamic: false, span: at };
		}
		if (this.accept(T.rdomain, "interface")) {
			const rdomain = this.number();
			this.joins(argument + this.step);
			if (rdomain < 0 || rdomain > 255) this.error("rdomain {0} outside range", this.digits);
			return { name: "", negated, rdomain: rdomain | 0, flags: 0, dynamic: false, span: at };
		}
		const name = this.string("interface-name");
		if (byteLength(name) >= 16) this.fail("interface name too long");
		return { name, negated, rdomain: -1, flags: this.system.names.flags(name), dynamic: false, span: at };
	}

	/** af */
	protected af(): Family | undefined {
		if (this.accept(T.inet, "rule part")) return "inet";
		return this.accept(T.inet6, "rule part") ? "inet6" : undefined;
	}

	/** proto */
	protected proto(): readonly number[] {
		if (!this.accept(T.proto, "rule part")) return NONE;
		return this.items(this.protoItem);
	}

	/** proto_item */
	protected protoItem(): number {
		let value: number;
		if (this.is(T.number, "protocol")) {
			value = this.number();
			this.role("protocol");
			if (value < 0 || value > 255) this.fail("protocol outside range");
		} else {
			const word = this.string("protocol");
			const known = this.system.protocols.number(word);
			if (known === undefined) this.fail("unknown protocol {0}", word);
			value = known ?? 0;
		}
		value &= 255;
		if (value === 0) this.fail("proto 0 cannot be used");
		return value;
	}

	/** os, behind its word. */
	protected os(): readonly string[] {
		return this.items(this.osItem);
	}

	/** os_l */
	protected osItem(): string {
		return this.string("os");
	}

	/** ipportspec */
	protected ipportspec(): EndSpec {
		if (this.accept(T.port, "rule part")) return { hosts: NONE, ports: this.portspec() };
		const hosts = this.ipspec() ?? NONE;
		if (this.accept(T.port, "rule part")) return { hosts, ports: this.portspec() };
		this.lookahead(this.follow.afterEnds);
		return { hosts, ports: NONE };
	}

	/** ipspec; undefined is `any`, which swallows a list. */
	protected ipspec(): readonly ResolvedHost[] | undefined {
		const { argument, step } = this;
		if (this.accept(T.any, "address")) {
			this.joins(argument + step);
			return undefined;
		}
		if (!this.accept(LEFT_BRACE)) return this.xhost();
		this.step = 0;
		this.nesting++;
		if (this.nesting > 1000) this.syntaxError();
		const list: ResolvedHost[] = [];
		let any = false;
		this.newlines();
		let first = true;
		do {
			if (!first) this.comma();
			const more = this.ipspec();
			if (more === undefined) any = true;
			else for (const host of more) list.push(host);
			first = false;
			this.newlines();
		} while (!this.accept(RIGHT_BRACE));
		this.step = step;
		this.argument = argument + step;
		this.nesting--;
		return any ? undefined : list;
	}

	/** xhost. @param inTable where pfctl's grammar has words that it refuses: at a cursor they are not expected */
	protected xhost(inTable = false): readonly ResolvedHost[] {
		const { argument } = this;
		const negated = this.accept(BANG);
		const use = inTable ? undefined : "address";
		const no = this.is(T["no-route"], use);
		if (no || this.is(T["urpf-failed"], use)) {
			this.take("address");
			this.joins(argument + this.step);
			return special(no ? "no-route" : "urpf-failed", negated);
		}
		const hosts = this.host(inTable);
		return negated ? hosts.map((host) => ({ ...host, negated })) : hosts;
	}

	/** optweight */
	protected weighted(hosts: readonly ResolvedHost[]): readonly ResolvedHost[] {
		const { argument } = this;
		if (!this.accept(T.weight, "address option")) {
			this.lookahead(this.follow.afterWeight);
			return hosts;
		}
		const weight = this.number();
		this.joins(argument);
		if (weight < 1 || weight > 65535) this.fail("weight out of range");
		return hosts.map((host) => ({ ...host, weight }));
	}

	/** host */
	protected host(inTable = false): readonly ResolvedHost[] {
		const next = this.argument + this.step;
		switch (inTable ? this.startOf(TABLE_HOST_STARTS, undefined) : this.startOf(HOST_STARTS, "address")) {
			case LEFT_PAREN: {
				const hosts = this.dynaddr();
				this.argument = next;
				if (!this.accept(SLASH)) {
					this.lookahead(this.follow.afterHost);
					return hosts;
				}
				const bits = this.number();
				this.argument = next;
				if (bits < 0 || bits > 128) this.fail("bit number too big");
				return hosts.map((host) => withBits(host, bits));
			}
			case LESS: {
				const name = this.tableName();
				if (byteLength(name) >= 32) this.fail("table name '{0}' too long", name);
				return [{ family: undefined, match: { kind: "table", name }, negated: false, index: 0, weight: 0 }];
			}
			case T.route: {
				this.take("address");
				const label = this.string("label");
				this.joins(next);
				if (byteLength(label) >= 32) this.fail("route label too long, max 31 chars");
				return [{ family: undefined, match: { kind: "route-label", label }, negated: false, index: 0, weight: 0 }];
			}
		}
		if (this.is(T.number, "address-value")) {
			this.number();
			this.role("address-value");
			const first = this.digits;
			this.expect(SLASH);
			this.number();
			this.role("address-value");
			this.argument = next;
			return this.resolve(`${first}/${this.digits}`);
		}
		const word = this.string("address-value");
		if (this.accept(SLASH)) {
			this.number();
			this.role("address-value");
			this.argument = next;
			return this.resolve(`${word}/${this.digits}`);
		}
		if (this.accept(MINUS)) {
			const last = this.string("address-value");
			this.argument = next;
			return this.range(word, last);
		}
		this.lookahead(this.follow.afterHost);
		return this.resolve(word);
	}

	/** `<name>`; behind a mistake, `port < www` names no table. */
	protected tableName(): string {
		this.expect(LESS);
		if (!this.is(T.string, "table")) this.syntaxError();
		const { text } = this.lexer;
		this.take();
		if (!this.behind || this.peek() === GREATER) this.role("table", text);
		this.expect(GREATER);
		this.argument += this.step;
		return text;
	}

	protected resolve(word: string): readonly ResolvedHost[] {
		const result = this.system.names.host(word);
		if (!("complaints" in result)) return result;
		for (const said of result.complaints) this.complain(said);
		this.fail("could not parse host specification");
		return [];
	}

	protected range(from: string, to: string): readonly ResolvedHost[] {
		const [first, ...more] = this.resolve(from);
		const [last, ...others] = this.resolve(to);
		const whole = (host: ResolvedHost | undefined): boolean =>
			host?.match.kind === "network" && host.match.bits === (host.family === "inet" ? 32 : 128);
		if (
			first === undefined ||
			last === undefined ||
			first.family !== last.family ||
			more.length > 0 ||
			others.length > 0 ||
			!whole(first) ||
			!whole(last) ||
			first.match.kind !== "network" ||
			last.match.kind !== "network"
		) {
			if (first?.match.kind === "unresolved" || last?.match.kind === "unresolved") return first === undefined ? [] : [first];
			this.fail("invalid address range");
			return [];
		}
		return [{ ...first, match: { kind: "range", first: first.match.address, last: last.match.address } }];
	}

	/** dynaddr */
	protected dynaddr(): readonly ResolvedHost[] {
		this.take();
		const word = this.string("interface-name");
		this.expect(RIGHT_PAREN);
		if (!/^[A-Za-z]/.test(word)) {
			this.fail("invalid interface name '{0}'", word);
			return [];
		}
		let name = word;
		let noAlias = false;
		let several = false;
		let part: "network" | "broadcast" | "peer" | "address" = "address";
		for (let colon = name.lastIndexOf(":"); colon >= 0; colon = name.lastIndexOf(":")) {
			const modifier = name.slice(colon + 1);
			if (modifier === "network" || modifier === "broadcast" || modifier === "peer") {
				if (part !== "address" && part !== modifier) several = true;
				part = modifier;
			} else if (modifier === "0") noAlias = true;
			else this.fail("interface {0} has bad modifier", name);
			name = name.slice(0, colon);
		}
		if (several) this.fail("illegal combination of interface modifiers");
		if (byteLength(name) >= 16) this.fail("interface name too long");
		return [
			{
				family: undefined,
				match: { kind: "dynamic", interface: name, part, noAlias, bits: 128 },
				negated: false,
				index: 0,
				weight: 0,
			},
		];
	}

	// ---- ports, users -------------------------------------------------------------------------------------------

	/** portspec */
	protected portspec(): readonly NumberMatch[] {
		return this.items(this.portItem);
	}

	/** port_item */
	protected portItem(): NumberMatch {
		const mixed = (): void => this.fail("':' cannot be used with an other port operator");
		const invalid = (op: NumberOperator, low: number, high: number): boolean => (op === "><" ? low >= high : low > high);
		const op = this.unaryop();
		if (op !== undefined) {
			const range = this.portrange(false);
			if (range.kind !== "single") mixed();
			return { op, low: range.low, high: range.high };
		}
		const range = this.portrange(false);
		if (this.is(T.binaryOperator)) {
			const binary = this.lexer.text === "<>" ? "<>" : "><";
			this.take();
			this.argument -= this.step;
			const other = this.portrange(false);
			if (range.kind !== "single" || other.kind !== "single") mixed();
			if (invalid(binary, range.low, other.low)) this.fail("invalid port range");
			return { op: binary, low: range.low, high: other.low };
		}
		this.lookahead(this.follow.afterPort);
		if (range.kind === "range") {
			if (range.low > range.high) this.fail("invalid port range");
			return { op: ":", low: range.low, high: range.high };
		}
		return { op: "=", low: range.low, high: 0 };
	}

	/** unaryop */
	protected unaryop(): NumberOperator | undefined {
		// Most have none.
		const token = this.peek();
		if (token === T.number || token === T.string) return undefined;
		if (this.accept(EQUALS)) return "=";
		if (this.accept(T.notEqual)) return "!=";
		if (this.accept(T.lessOrEqual)) return "<=";
		if (this.accept(LESS)) return "<";
		if (this.accept(T.greaterOrEqual)) return ">=";
		return this.accept(GREATER) ? ">" : undefined;
	}

	/** portrange, and portstar with `star` */
	protected portrange(star: boolean): PortRange {
		const word = this.numberstring("port");
		return this.parsePort(word, star ? "star" : "range");
	}

	/** parseport() */
	protected parsePort(word: string, allowed: "plain" | "range" | "star"): PortRange {
		const colon = word.indexOf(":");
		if (colon < 0) return { low: this.service(word), high: 0, kind: "single" };
		if (allowed === "star" && word.slice(colon + 1) === "*") return { low: this.service(word.slice(0, colon)), high: 0, kind: "star" };
		if (allowed !== "plain") {
			const low = this.service(word.slice(0, colon));
			const high = this.service(word.slice(colon + 1));
			return low === high ? { low, high: 0, kind: "single" } : { low, high, kind: "range" };
		}
		this.fail("port is invalid: {0}", word);
		return { low: 0, high: 0, kind: "single" };
	}

	/** getservice() */
	protected service(word: string): number {
		const plain = plainNumber(word);
		if (plain >= 0 && plain <= 65535) return plain;
		const value = atoul(word);
		if (value !== undefined) {
			if (value > 65535n) this.fail("illegal port value {0}", value);
			return Number(BigInt.asUintN(16, value));
		}
		const port = this.system.services.port(word);
		if (port !== undefined) return port;
		return this.system.strictServices ? this.unknownPort(word) : (this.#hostsOwnPort(word) ?? this.unknownPort(word));
	}

	/** The port of a name that OpenBSD's list does not have, where the host's own does. */
	#hostsOwnPort(word: string): number | undefined {
		const own = this.system.file(SERVICES_FILE);
		return typeof own === "string" ? undefined : parseServices(own.text).port(word);
	}

	protected unknownPort(word: string): number {
		const said = saying("unknown port {0}", word);
		// The host's services(5) may have it, but not what looks like a slip.
		const isSlip = nearest(word, this.system.services.names.keys(), 1) !== undefined && !/\d$/.test(word);
		if (this.system.strictServices || isSlip || !/^[A-Za-z]/.test(word)) this.failAs(said);
		else if (this.environment.get("macro", word) !== undefined) this.failAs(said, `$${word}`);
		else this.report(said, this.lexer.line, false, true);
		return 0;
	}

	/** uids, gids */
	protected owners(what: "user" | "group"): NumberMatch[] {
		return this.items(() => this.owner(what));
	}

	/** uid_item, gid_item */
	protected owner(what: "user" | "group"): NumberMatch {
		const op = this.unaryop();
		const low = this.ownerId(what);
		const unknown = (): void => this.fail(`${what} unknown requires operator = or !=`);
		if (op !== undefined) {
			if (low === UNKNOWN_ID && op !== "=" && op !== "!=") unknown();
			return { op, low, high: low };
		}
		if (!this.is(T.binaryOperator)) return { op: "=", low, high: low };
		const binary = this.lexer.text === "<>" ? "<>" : "><";
		this.take();
		this.argument -= this.step;
		const high = this.ownerId(what);
		if (low === UNKNOWN_ID || high === UNKNOWN_ID) unknown();
		return { op: binary, low, high };
	}

	/** uid, gid */
	protected ownerId(what: "user" | "group"): number {
		if (this.is(T.number, what)) {
			const value = this.number();
			if (value < 0 || value >= UNKNOWN_ID) this.fail(what === "user" ? "illegal uid value {0}" : "illegal gid value {0}", this.digits);
			return value;
		}
		const word = this.string(what);
		if (word === "unknown") return UNKNOWN_ID;
		const known = what === "user" ? this.system.users : this.system.groups;
		if (known === undefined) return 0;
		const id = Object.hasOwn(known, word) ? known[word] : undefined;
		if (id === undefined) this.fail(`unknown ${what} {0}`, word);
		return id ?? 0;
	}
}
