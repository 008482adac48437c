/**
 * Follow sets. yacc's parser looks one token ahead before it acts: any other token is a syntax error first, before something is
 * said of what came before.
 */
import {
	BANG,
	COMMA,
	EQUALS,
	GREATER,
	LEFT_BRACE,
	LEFT_PAREN,
	LESS,
	NEWLINE,
	RIGHT_BRACE,
	RIGHT_PAREN,
	T,
	type Token,
	TokenSet,
} from "./tokens.ts";

/** The tokens that every release takes behind the addresses of a rule. */
const OPTION_STARTS: readonly Token[] = [
	T.scrub,
	T.flags,
	T["icmp-type"],
	T["icmp6-type"],
	T.keep,
	T.modulate,
	T["binat-to"],
	T["allow-opts"],
	T["route-to"],
	T["dup-to"],
	T["reply-to"],
	T.no,
	T.label,
	T.fragment,
	T.user,
	T.group,
	T.tos,
	T.set,
	T.synproxy,
	T.probability,
	T.queue,
	T.rtable,
	T.prio,
	T.once,
	T["max-pkt-rate"],
	T.tagged,
	T.tag,
	T["divert-to"],
	T["divert-reply"],
	T["divert-packet"],
	T["nat-to"],
	T["af-to"],
	T["rdr-to"],
	T["received-on"],
	BANG,
];
export const POOL_OPTIONS: readonly Token[] = [
	T.bitmask,
	T.random,
	T["source-hash"],
	T["round-robin"],
	T["least-states"],
	T["static-port"],
	T["sticky-address"],
];

/** What can follow in a release: its rules may have options that others do not. */
export class Follow {
	/** The tokens that can follow the addresses of a rule: its options, and what ends it. */
	readonly optionStarts: TokenSet;
	readonly afterOption: TokenSet;
	readonly afterEnds: TokenSet;
	readonly afterPool: TokenSet;
	readonly afterHost: TokenSet;
	readonly afterWeight: TokenSet;
	readonly afterPort: TokenSet;
	readonly afterIcmp: TokenSet;
	readonly afterRedirection: TokenSet;
	readonly afterString: TokenSet;

	/** @param options the tokens of the options that the release has beside those that all have */
	constructor(options: readonly Token[]) {
		this.optionStarts = new TokenSet(OPTION_STARTS, options);
		this.afterOption = new TokenSet(this.optionStarts, [NEWLINE, LEFT_BRACE]);
		this.afterEnds = new TokenSet(this.afterOption, [T.os, T.to]);
		this.afterPool = new TokenSet(this.afterOption, [T.to]);
		this.afterHost = new TokenSet(this.afterEnds, POOL_OPTIONS, [
			T.any,
			T.port,
			T["no-route"],
			T["urpf-failed"],
			T.weight,
			T.route,
			T.string,
			T.number,
			RIGHT_BRACE,
			LEFT_PAREN,
			LESS,
			COMMA,
		]);
		this.afterWeight = new TokenSet(this.afterPool, POOL_OPTIONS, [
			T.port,
			T["no-route"],
			T["urpf-failed"],
			T.route,
			T.string,
			T.number,
			RIGHT_BRACE,
			LEFT_PAREN,
			LESS,
			COMMA,
		]);
		this.afterPort = new TokenSet(this.afterEnds, [
			T.notEqual,
			T.lessOrEqual,
			T.greaterOrEqual,
			T.string,
			T.number,
			RIGHT_BRACE,
			EQUALS,
			LESS,
			GREATER,
			COMMA,
		]);
		this.afterIcmp = new TokenSet(this.afterOption, [T.string, T.number, RIGHT_BRACE, COMMA]);
		this.afterRedirection = new TokenSet(this.afterPool, POOL_OPTIONS);
		this.afterString = new TokenSet(this.afterPool, POOL_OPTIONS, [T.all, T.matches, RIGHT_PAREN, COMMA]);
	}
}

export const AFTER_BANDWIDTH = new TokenSet([T.max, T.bandwidth, T.flows, T.quantum, T.qlimit, T.min, T.parent, T.default, NEWLINE, COMMA]);
export const AFTER_CURVES = new TokenSet([T.bandwidth, T.flows, T.quantum, T.qlimit, T.parent, T.default, NEWLINE]);
export const AFTER_CURVES_OR_ON = new TokenSet([T.bandwidth, T.flows, T.quantum, T.qlimit, T.parent, T.default]);
export const AT_END = new TokenSet([NEWLINE]);
