/** Which of its meanings a word of pf.conf has: what the words before it in the statement make of it. */
import { COMMA, KEYWORDS, keywordOf, LEFT_BRACE, LEFT_PAREN, NEWLINE, RIGHT_BRACE, RIGHT_PAREN, T, type Token } from "../grammar/tokens.ts";
import { type PfEntry, type PfGroup, pfWord } from "../words/vocabulary.ts";

/** Groups in which a keyword is looked for, the likelier first, by what the statement starts with. */
const RULE_GROUPS: readonly PfGroup[] = [
	"rule part",
	"filter option",
	"direction",
	"block answer",
	"address",
	"address option",
	"interface",
	"pool option",
	"state option",
	"set field",
	"scrub option",
	"log option",
	"icmp option",
	"source-track",
	"overload option",
	"joint",
	"limiter part",
	"statement",
];
const SET_GROUPS: readonly PfGroup[] = [
	"set option",
	"block-policy",
	"state-policy",
	"reassemble",
	"syncookies",
	"optimization",
	"ruleset-optimization",
	"debug",
	"limit",
	"timeout",
	"syncookies option",
	"state option",
	"interface",
	"joint",
	"rule part",
];
const OTHER_GROUPS: Readonly<Record<string, readonly PfGroup[]>> = {
	set: SET_GROUPS,
	queue: ["queue option", "rule part", "joint"],
	table: ["table option", "address", "address option", "joint"],
	antispoof: ["antispoof option", "rule part", "log option", "joint"],
	load: ["joint", "rule part"],
	state: ["limiter option", "limiter part"],
	source: ["limiter option", "limiter part"],
};

/** Groups that go before the others behind a keyword. */
const BEHIND: Readonly<Record<string, readonly PfGroup[]>> = {
	"source-track": ["source-track"],
	overload: ["overload option"],
	flush: ["overload option"],
	keep: ["joint"],
	modulate: ["joint"],
	synproxy: ["joint"],
	no: ["joint"],
	flags: ["tcp flag"],
	on: ["interface"],
	for: ["interface"],
	"received-on": ["interface"],
};

/** Groups in parentheses, by the keyword before them. */
const INSIDE: Readonly<Record<string, readonly PfGroup[]>> = {
	log: ["log option"],
	state: ["state option"],
	scrub: ["scrub option", "joint"],
	set: ["set field"],
	limiter: ["limiter action"],
	id: ["limiter action"],
};

const TRANSLATIONS: ReadonlySet<Token> = new Set([T["nat-to"], T["rdr-to"], T["binat-to"], T["af-to"]]);

/** What a brace that opens a list stands behind; any other brace of an anchor opens its rules. */
const LISTS: ReadonlySet<Token> = new Set([
	LEFT_BRACE,
	COMMA,
	NEWLINE,
	T.on,
	T.proto,
	T.from,
	T.to,
	T.port,
	T.os,
	T.user,
	T.group,
	T["icmp-type"],
	T["icmp6-type"],
	T["nat-to"],
	T["rdr-to"],
	T["binat-to"],
	T["route-to"],
	T["reply-to"],
	T["dup-to"],
]);

/** A place between words; it goes on with each. */
export class WordPlace {
	/** The keyword that the statement starts with; empty for any other word. */
	first: string | undefined;
	/** The keyword before. */
	last = "";
	#token: Token = NEWLINE;
	/** The keywords before the brackets that are open; a brace for a list. */
	#open: string[] = [];
	#translates = false;

	/** Whether the next word starts a statement. */
	get fresh(): boolean {
		return this.first === undefined;
	}

	/** Whether the place is in a list in braces. */
	get listed(): boolean {
		return this.#open.includes("{");
	}

	/** The keyword before the parentheses around the place. */
	get inside(): string | undefined {
		return this.#open.at(-1);
	}

	/** Goes on behind a token. */
	take(token: Token): void {
		const word = keywordOf(token);
		if (token === NEWLINE) {
			if (!this.#open.includes("{")) this.#restart();
		} else if (token === LEFT_BRACE) {
			if (this.first === "anchor" && !this.#open.includes("{") && !LISTS.has(this.#token)) this.#restart();
			else this.#open.push("{");
		} else if (token === RIGHT_BRACE) {
			if (this.#open.includes("{")) this.#open.length = this.#open.lastIndexOf("{");
			else this.first = "";
		} else if (token === LEFT_PAREN) this.#open.push(this.last);
		else if (token === RIGHT_PAREN) {
			if (this.#open.at(-1) !== "{") this.#open.pop();
		} else this.first ??= word ?? "";
		if (word !== undefined) this.last = word;
		if (TRANSLATIONS.has(token)) this.#translates = true;
		this.#token = token;
	}

	#restart(): void {
		this.first = undefined;
		this.last = "";
		this.#open = [];
		this.#translates = false;
	}

	/** The entry of a word at this place. */
	entry(word: string): PfEntry | undefined {
		for (const group of this.#groups(word)) {
			const entry = pfWord(group, word);
			if (entry !== undefined) return entry;
		}
		return undefined;
	}

	*#groups(word: string): Generator<PfGroup> {
		const { first, last, inside } = this;
		if (first === undefined) {
			yield "statement";
			return;
		}
		if (first === "set") {
			// The words of an option's value are under the option's name.
			if (KEYWORDS.has(last) && last !== "set") yield last as PfGroup;
		} else {
			yield* BEHIND[last] ?? [];
			if (last === "set") yield "set field";
			if (word === "port" && this.#translates && !last.startsWith("divert-")) yield "pool option";
		}
		yield* INSIDE[inside ?? ""] ?? [];
		yield* OTHER_GROUPS[first] ?? RULE_GROUPS;
	}
}
