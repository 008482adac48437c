/** Reads the lines of a policy test file: `FROM TO SERVICE [PORT...] pass|block` with numbers, ranges and names of services(5) for ports, and `address GUEST ADDRESS...`. */
import { compareIp, masked, parseIp } from "../pf/names/address.ts";
import { openbsdServices } from "../pf/names/services.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { Expectation, SyntaxToken, TokenKind } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import { type Span, span } from "../text/span.ts";
import type { SymbolKind, VocabularyEntry } from "../text/vocabulary.ts";
import { pfTestDiagnostics } from "./diagnostics.ts";
import { END_WORDS, EXPECT_WORDS, GUEST_WORD, LINE_WORDS, SERVICE_WORDS } from "./vocabulary.ts";

type Address = Pick<NonNullable<ReturnType<typeof parseIp>>, "address" | "family">;
type Ip = Address["address"];

/** One end of an expectation. */
export type TestEnd =
	| { readonly kind: "outside" | "host" | "any guest"; readonly span: Span }
	| { readonly kind: "guest"; readonly name: string; readonly span: Span }
	| ({ readonly kind: "address"; readonly span: Span } & Address)
	/** Each address from one to another, both included, but those of the host itself. */
	| { readonly kind: "network"; readonly family: Address["family"]; readonly low: Ip; readonly high: Ip; readonly span: Span };

export interface TestLine {
	readonly kind: "test";
	readonly span: Span;
	readonly from: TestEnd;
	readonly to: TestEnd;
	readonly protocol: "tcp" | "udp" | "icmp" | "any";
	/** Both ends included; every port where empty. */
	readonly ports: readonly (readonly [low: number, high: number])[];
	readonly expect: "pass" | "block";
}

export interface AddressLine {
	readonly kind: "address";
	readonly span: Span;
	readonly guest: { readonly name: string; readonly span: Span };
	readonly addresses: readonly Address[];
}

export interface ParsedLine {
	/** From the first word to the last one, without a comment. */
	readonly span: Span;
	/** Undefined where it is not understood. */
	readonly value: TestLine | AddressLine | undefined;
	readonly tokens: readonly SyntaxToken[];
	readonly diagnostics: readonly Diagnostic[];
	/** What could follow its last word. */
	readonly next: readonly Expectation[];
	/** The option whose argument follows. */
	readonly argument: { readonly entry: VocabularyEntry; readonly index: number } | undefined;
}

interface Word {
	readonly text: string;
	readonly span: Span;
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i;
/** `192.0.2.0/24`, or `192.0.2.10-192.0.2.19`. */
const NETWORK = /^([0-9a-f.:]*[.:][0-9a-f.:]*)(?:\/(\d{1,3})|-([0-9a-f.:]+))$/i;
const PORT = /^(\d{1,5})(?::(\d{1,5}))?$/;

const keywords = (entries: readonly VocabularyEntry[]): readonly Expectation[] => entries.map((entry) => ({ kind: "keyword", entry }));
const ends: readonly Expectation[] = [...keywords(END_WORDS), { kind: "symbol", of: "guest" }, { kind: "value", type: "address" }];
const ports: readonly Expectation[] = [{ kind: "value", type: "port" }];

/** Reads one line; undefined for one that is blank. A comment alone is a line without a value. */
export function parseLine(text: string, start: number): ParsedLine | undefined {
	const hash = text.indexOf("#");
	const code = hash < 0 ? text : text.slice(0, hash);
	const words = [...code.matchAll(/\S+/g)].map(
		(match): Word => ({ text: match[0], span: span(start + match.index, start + match.index + match[0].length) }),
	);
	const comment: SyntaxToken[] = hash < 0 ? [] : [{ span: span(start + hash, start + text.length), kind: "comment" }];
	const first = words[0];
	const last = words.at(-1);
	if (first === undefined || last === undefined) {
		return comment.length === 0
			? undefined
			: { span: span(start, start), value: undefined, tokens: comment, diagnostics: [], next: [], argument: undefined };
	}
	const line = new LineParser(words, span(first.span.start, last.span.end));
	const value = line.run();
	return {
		span: line.span,
		value,
		tokens: [...line.tokens, ...comment],
		diagnostics: line.diagnostics,
		next: line.next,
		argument: line.argument,
	};
}

/** The last address of a network of so many bits. */
function lastOf(network: Ip, bits: number, width: number): Ip {
	const rest = (word: number): number => {
		const own = Math.min(Math.max(bits - word * 32, 0), 32);
		return own === 32 ? 0 : 0xffffffff >>> own;
	};
	const { a, b, c, d } = network;
	return width === 32
		? { a: a | rest(0) | 0, b, c, d }
		: { a: a | rest(0) | 0, b: b | rest(1) | 0, c: c | rest(2) | 0, d: d | rest(3) | 0 };
}

function isExpectation({ text }: Word): boolean {
	return EXPECT_WORDS.some(({ name }) => name === text);
}

/** What can stand at the start of a line. */
export const lineStart: readonly Expectation[] = [...ends, ...keywords(LINE_WORDS)];

class LineParser {
	readonly span: Span;
	readonly tokens: SyntaxToken[] = [];
	readonly diagnostics: Diagnostic[] = [];
	next: readonly Expectation[] = [];
	argument: { readonly entry: VocabularyEntry; readonly index: number } | undefined;
	readonly #words: readonly Word[];
	#at = 0;

	constructor(words: readonly Word[], whole: Span) {
		this.#words = words;
		this.span = whole;
	}

	run(): ParsedLine["value"] {
		const [entry] = LINE_WORDS;
		if (entry !== undefined && this.#peek()?.text === entry.name) return this.#address(entry);
		const from = this.#end(
			lineStart,
			msg("Write who the connection is from: outside, host, any guest, a guest's name, an address or a network."),
		);
		if (from === undefined) return undefined;
		const to = this.#end(ends, msg("Write who the connection is to: outside, host, any guest, a guest's name, an address or a network."));
		if (to === undefined) return undefined;
		const protocol = this.#service();
		if (protocol === undefined) return undefined;
		const read = this.#ports(protocol);
		const verdict = this.#expectation();
		if (verdict === undefined || read === undefined) return undefined;
		const extra = this.#peek();
		if (extra !== undefined) return this.#wrong(extra, msg("Nothing follows the expectation."));
		this.next = [];
		return { kind: "test", span: this.span, from, to, protocol, ports: read, expect: verdict };
	}

	#peek(): Word | undefined {
		return this.#words[this.#at];
	}

	#wrong(word: Word | undefined, message: Message): undefined {
		const at = word?.span ?? span(this.span.end, this.span.end);
		if (word !== undefined) this.tokens.push({ span: word.span, kind: "error" });
		this.diagnostics.push({ code: "pftest/syntax", severity: pfTestDiagnostics["pftest/syntax"].severity, span: at, message });
		this.#at = this.#words.length;
		return undefined;
	}

	#keyword(word: Word, entry: VocabularyEntry, role: TokenKind = "keyword"): void {
		this.tokens.push({ span: word.span, kind: role, entry });
		this.#at++;
	}

	#name(word: Word, kind: SymbolKind): void {
		this.tokens.push({ span: word.span, kind: "name", value: kind, symbol: { kind, name: word.text, use: "refer" } });
		this.#at++;
	}

	#end(next: readonly Expectation[], message: Message): TestEnd | undefined {
		this.next = next;
		const word = this.#peek();
		if (word === undefined) return this.#wrong(undefined, message);
		const entry = END_WORDS.find(({ name }) => name === word.text);
		if (entry?.name === "any") {
			this.#keyword(word, entry);
			this.next = keywords([GUEST_WORD]);
			const guest = this.#peek();
			if (guest?.text !== GUEST_WORD.name) return this.#wrong(guest, msg("After `any` stands `guest`."));
			this.#keyword(guest, GUEST_WORD);
			return { kind: "any guest", span: span(word.span.start, guest.span.end) };
		}
		if (entry !== undefined) {
			this.#keyword(word, entry);
			return { kind: entry.name === "host" ? "host" : "outside", span: word.span };
		}
		if (ADDRESS.test(word.text)) {
			const read = this.#read(word);
			return read && { kind: "address", ...read, span: word.span };
		}
		if (NETWORK.test(word.text)) return this.#network(word);
		if (!/^[A-Za-z0-9][\w.-]*$/.test(word.text) || SERVICE_WORDS.some(({ name }) => name === word.text)) return this.#wrong(word, message);
		this.#name(word, "guest");
		return { kind: "guest", name: word.text, span: word.span };
	}

	#network(word: Word): TestEnd | undefined {
		const [, first = "", length, last] = NETWORK.exec(word.text) ?? [];
		const low = parseIp(first);
		const width = low?.family === "inet" ? 32 : 128;
		const high = last === undefined ? undefined : parseIp(last);
		if (low === undefined || (length !== undefined && Number(length) > width) || (last !== undefined && high?.family !== low.family))
			return this.#wrong(word, msg("Write a network such as 192.0.2.0/24, or a range such as 192.0.2.10-192.0.2.19."));
		const { family } = low;
		const begin = length === undefined ? low.address : masked(low.address, Number(length));
		const end = high?.address ?? lastOf(begin, Number(length), width);
		if (compareIp(begin, end) > 0) return this.#wrong(word, msg("A range begins with its lowest address."));
		this.tokens.push({ span: word.span, kind: "address", value: "address" });
		this.#at++;
		return { kind: "network", family, low: begin, high: end, span: word.span };
	}

	/** Of what looks like an address too: another octet or word than there can be makes it none. */
	#read(word: Word): Address | undefined {
		const read = ADDRESS.test(word.text) ? parseIp(word.text) : undefined;
		if (read === undefined) return this.#wrong(word, msg("Write an address, of IPv4 or IPv6."));
		this.tokens.push({ span: word.span, kind: "address", value: "address" });
		this.#at++;
		return { address: read.address, family: read.family };
	}

	#service(): TestLine["protocol"] | undefined {
		this.next = keywords(SERVICE_WORDS);
		const word = this.#peek();
		const entry = SERVICE_WORDS.find(({ name }) => name === word?.text);
		if (word === undefined || entry === undefined) return this.#wrong(word, msg("Write the service: tcp or udp with ports, icmp, or any."));
		this.#keyword(word, entry, "option");
		const { name } = entry;
		if (name === "tcp" || name === "udp") this.argument = { entry, index: 0 };
		return name === "tcp" || name === "udp" || name === "icmp" ? name : "any";
	}

	#ports(protocol: TestLine["protocol"]): TestLine["ports"] | undefined {
		const found: (readonly [number, number])[] = [];
		const wanted = protocol === "tcp" || protocol === "udp";
		this.next = [...(wanted ? ports : []), ...keywords(EXPECT_WORDS)];
		for (let word = this.#peek(); wanted && word !== undefined && !isExpectation(word); word = this.#peek()) {
			const service = /^[A-Za-z]/.test(word.text) ? openbsdServices().port(word.text) : undefined;
			if (service !== undefined) {
				this.#name(word, "service");
				found.push([service, service]);
				continue;
			}
			if (/^[A-Za-z]/.test(word.text)) return this.#wrong(word, msg("{0} is not a service, nor pass or block.", word.text));
			if (!/^\d/.test(word.text)) break;
			const [, low = "", high = low] = PORT.exec(word.text) ?? [];
			const range = [Number(low), Number(high)] as const;
			if (low === "" || range[0] < 1 || range[1] > 65535 || range[0] > range[1]) {
				return this.#wrong(word, msg("A port is a number from 1 to 65535, a range such as 1024:2048, or the name of a service."));
			}
			this.tokens.push({ span: word.span, kind: "port", value: "port" });
			found.push(range);
			this.#at++;
		}
		return found;
	}

	#expectation(): TestLine["expect"] | undefined {
		const word = this.#peek();
		if (this.diagnostics.length > 0) return undefined;
		const entry = EXPECT_WORDS.find(({ name }) => name === word?.text);
		if (word === undefined || entry === undefined) return this.#wrong(word, msg("Write what is expected: pass or block."));
		this.argument = undefined;
		this.#keyword(word, entry, "action");
		return entry.name === "pass" ? "pass" : "block";
	}

	#address(entry: VocabularyEntry): AddressLine | undefined {
		const word = this.#peek();
		if (word !== undefined) this.#keyword(word, entry);
		this.next = [{ kind: "symbol", of: "guest" }];
		this.argument = { entry, index: 0 };
		const guest = this.#peek();
		if (guest === undefined) return this.#wrong(guest, msg("Write the guest's name, and its addresses."));
		this.#name(guest, "guest");
		this.next = [{ kind: "value", type: "address" }];
		this.argument = { entry, index: 1 };
		const addresses: Address[] = [];
		for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
			const read = this.#read(next);
			if (read === undefined) return undefined;
			addresses.push(read);
		}
		if (addresses.length === 0) return this.#wrong(undefined, msg("Write the guest's addresses."));
		return { kind: "address", span: this.span, guest: { name: guest.text, span: guest.span }, addresses };
	}
}
