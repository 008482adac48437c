/**
 * The tokens of pf.conf's lexer (parse.y, lookup()). A character that is a token of its own has its code as its number.
 */
export const T = {
	end: 0,
	string: 257,
	number: 258,
	/** `<>` or `><`. */
	binaryOperator: 259,
	notEqual: 260,
	lessOrEqual: 261,
	greaterOrEqual: 262,
	/** What the lexer returns after an error of its own: no statement takes it. */
	error: 263,
	/** The end of a text that is read up to a cursor. */
	cursor: 264,
	"af-to": 300,
	all: 301,
	"allow-opts": 302,
	anchor: 303,
	antispoof: 304,
	any: 305,
	bandwidth: 306,
	"binat-to": 307,
	bitmask: 308,
	block: 309,
	"block-policy": 310,
	burst: 311,
	code: 312,
	debug: 313,
	default: 314,
	delay: 315,
	"divert-packet": 316,
	"divert-reply": 317,
	"divert-to": 318,
	drop: 319,
	"dup-to": 320,
	file: 321,
	fingerprints: 322,
	flags: 323,
	floating: 324,
	flows: 325,
	flush: 326,
	for: 327,
	fragment: 328,
	from: 329,
	global: 330,
	group: 331,
	hostid: 332,
	"icmp-type": 333,
	"icmp6-type": 334,
	"if-bound": 335,
	in: 336,
	include: 337,
	inet: 338,
	inet6: 339,
	keep: 340,
	label: 341,
	"least-states": 342,
	limit: 343,
	load: 344,
	log: 345,
	loginterface: 346,
	match: 347,
	matches: 348,
	max: 349,
	"max-mss": 350,
	"max-pkt-rate": 351,
	"max-src-conn": 352,
	"max-src-conn-rate": 353,
	"max-src-nodes": 354,
	"max-src-states": 355,
	min: 356,
	"min-ttl": 357,
	modulate: 358,
	"nat-to": 359,
	no: 360,
	"no-df": 361,
	"no-route": 362,
	"no-sync": 363,
	on: 364,
	once: 365,
	optimization: 366,
	os: 367,
	out: 368,
	overload: 369,
	parent: 370,
	pass: 371,
	pflow: 372,
	port: 373,
	prio: 374,
	probability: 375,
	proto: 376,
	qlimit: 377,
	quantum: 378,
	queue: 379,
	quick: 380,
	random: 381,
	"random-id": 382,
	rdomain: 383,
	"rdr-to": 384,
	reassemble: 385,
	"received-on": 386,
	"reply-to": 387,
	return: 388,
	"return-icmp": 389,
	"return-icmp6": 390,
	"return-rst": 391,
	"round-robin": 392,
	route: 393,
	"route-to": 394,
	rtable: 395,
	rule: 396,
	"ruleset-optimization": 397,
	scrub: 398,
	set: 399,
	skip: 400,
	sloppy: 401,
	"source-hash": 402,
	"source-track": 403,
	state: 404,
	"state-defaults": 405,
	"state-policy": 406,
	"static-port": 407,
	"sticky-address": 408,
	syncookies: 409,
	synproxy: 410,
	table: 411,
	tag: 412,
	tagged: 413,
	timeout: 414,
	to: 415,
	tos: 416,
	ttl: 417,
	"urpf-failed": 418,
	user: 419,
	weight: 420,
	above: 421,
	below: 422,
	entries: 423,
	id: 424,
	limiter: 425,
	mask: 426,
	"no-match": 427,
	rate: 428,
	source: 429,
} as const;

/** The number of a token: one of `T`, or the code of a character. */
export type Token = number;

/** Tokens of which each can be found at once. */
export class TokenSet {
	readonly tokens: readonly Token[];
	/** The bits of its keywords, as `tokenBit` answers them. */
	readonly bits: number;
	readonly #has = new Uint8Array(512);

	constructor(...parts: readonly (readonly Token[] | TokenSet)[]) {
		this.tokens = parts.flatMap((part) => (part instanceof TokenSet ? part.tokens : part));
		for (const token of this.tokens) this.#has[token] = 1;
		this.bits = this.tokens.reduce((bits, token) => bits | tokenBit(token), 0);
	}

	has(token: Token): boolean {
		return this.#has[token] === 1;
	}
}

const FIRST_KEYWORD = 300;

/** The words that a release reserves, with their tokens: those of all releases. */
export const KEYWORDS: ReadonlyMap<string, Token> = new Map(Object.entries(T).filter(([, token]) => token >= FIRST_KEYWORD));

const SLOTS = 1024;
interface Slot {
	readonly word: string;
	readonly token: Token;
	readonly hash: number;
	readonly next: Slot | undefined;
}
/** Takes the next character of a word into the hash of those before it; 0 to begin with. */
export function wordHash(hash: number, code: number): number {
	return (Math.imul(hash, 31) + code) | 0;
}

/** The reserved words of a release. They cannot be names of macros, nor unquoted strings. */
export class Keywords {
	readonly words: ReadonlySet<string>;
	/** By the sum that `wordHash` makes of their characters: as many slots as a power of two, each with few of them. */
	readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

	constructor(words: Iterable<string>) {
		this.words = new Set(words);
		for (const word of this.words) {
			const token = KEYWORDS.get(word) ?? T.string;
			let hash = 0;
			for (let i = 0; i < word.length; i++) hash = wordHash(hash, word.charCodeAt(i));
			this.#slots[hash & (SLOTS - 1)] = { word, token, hash, next: this.#slots[hash & (SLOTS - 1)] };
		}
	}

	/** The token of the word from `start` to `end` in a text, which is not cut out for it: most words of a file are keywords. */
	tokenOf(text: string, start: number, end: number, hash: number): Token {
		for (let slot = this.#slots[hash & (SLOTS - 1)]; slot !== undefined; slot = slot.next)
			if (slot.hash === hash && slot.word.length === end - start && text.startsWith(slot.word, start)) return slot.token;
		return T.string;
	}

	/** The token of a word. */
	get(word: string): Token {
		return this.words.has(word) ? (KEYWORDS.get(word) ?? T.string) : T.string;
	}
}

/**
 * One of 32 bits for each keyword: where it is not among those of some words, the keyword is none of them. The factor keeps the
 * words that most rules have apart from those that are asked for.
 */
export function tokenBit(token: Token): number {
	return isKeyword(token) ? 1 << (((token * 11) >> 2) & 31) : 0;
}

const WORDS: ReadonlyMap<Token, string> = new Map([...KEYWORDS].map(([word, token]) => [token, word]));

export function isKeyword(token: Token): boolean {
	return token >= FIRST_KEYWORD;
}

/** The word of a keyword's token. */
export function keywordOf(token: Token): string | undefined {
	return WORDS.get(token);
}

export const NEWLINE = 10;
export const LEFT_BRACE = 123;
export const RIGHT_BRACE = 125;
export const LEFT_PAREN = 40;
export const RIGHT_PAREN = 41;
export const COMMA = 44;
export const SLASH = 47;
export const MINUS = 45;
export const EQUALS = 61;
export const BANG = 33;
export const LESS = 60;
export const GREATER = 62;
