/** The option whose arguments are being written, and which of them is next: for signature help. */
import {
	COMMA,
	keywordOf,
	LEFT_BRACE,
	LEFT_PAREN,
	MINUS,
	NEWLINE,
	RIGHT_BRACE,
	RIGHT_PAREN,
	SLASH,
	T,
	type Token,
} from "../grammar/tokens.ts";
import type { PfEntry } from "../words/vocabulary.ts";
import type { WordPlace } from "./word-place.ts";

export class OptionAtCursor {
	#entry: PfEntry | undefined;
	/** How many arguments are complete. */
	#given = 0;
	/** How deep the place is in lists that are one argument. */
	#lists = 0;
	#token: Token = NEWLINE;

	/** @param entry the meaning of a keyword */
	take(token: Token, entry: PfEntry | undefined, place: WordPlace): void {
		const before = this.#token;
		this.#token = token;
		const keyword = keywordOf(token);
		if (keyword !== undefined) return this.#keyword(keyword, entry);
		switch (token) {
			case NEWLINE:
				if (this.#lists === 0) this.#entry = undefined;
				return;
			case LEFT_BRACE:
				this.#lists++;
				return;
			case RIGHT_BRACE:
				if (this.#lists > 0) this.#lists--;
				if (this.#lists === 0) this.#given++;
				return;
			case COMMA:
				// The next item of a list of options, unless the list is the argument.
				if (this.#lists === 0 && place.inside !== undefined && place.inside !== this.#entry?.name) this.#entry = undefined;
				return;
			case LEFT_PAREN:
				if (place.last === "state" || place.last === "scrub") this.#entry = undefined;
				return;
			case RIGHT_PAREN:
				return;
			case T.string:
			case T.number: {
				// The rest of an address or a range, unless the sign parts two arguments.
				const joined = (before === SLASH && this.#entry?.form?.includes("}/{") !== true) || before === MINUS;
				if (this.#lists === 0 && !joined) this.#given++;
			}
		}
	}

	#keyword(keyword: string, entry: PfEntry | undefined): void {
		const current = this.#entry;
		if (current !== undefined) {
			// A word that is an argument, or that joins the arguments of the option.
			const chosen = current.args.findIndex(({ choices }, index) => index >= this.#given && choices?.includes(keyword));
			if (chosen >= 0) {
				this.#given = chosen + 1;
				return;
			}
			if (current.form?.includes(`} ${keyword} {`) === true) return;
			if (entry?.args.length === 0 && ["any", "self", "no-route", "urpf-failed", "all"].includes(keyword)) {
				if (this.#lists === 0) this.#given++;
				return;
			}
		}
		this.start(entry);
	}

	/** The words that follow are the arguments of this one. */
	start(entry: PfEntry | undefined): void {
		this.#lists = 0;
		this.#given = 0;
		this.#entry = entry;
	}

	get argument(): { readonly entry: PfEntry; readonly index: number } | undefined {
		const entry = this.#entry;
		if (entry === undefined || this.#given >= entry.args.length) return undefined;
		return { entry, index: this.#given };
	}
}
