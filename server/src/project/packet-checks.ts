/** What pf does to packets on a host's ways, looked into in portions so that no keystroke waits for it. */
import type { Host } from "../host/model.ts";
import { searchPackets } from "../policy/checks.ts";
import type { PacketFindings } from "../policy/packet-check.ts";
import { RecentSearches } from "./recent-searches.ts";

/** Work that is done when somebody asks: enough for a thousand rules. */
const AT_ONCE = 25_000;
/** Work that is done between two requests: some 10 ms. */
const PORTION = 10_000;

export class PacketChecks {
	readonly #recent: RecentSearches;
	#host: Host | undefined;
	#search: ReturnType<typeof searchPackets> | undefined;
	#found: PacketFindings = { found: new Map(), passages: undefined };

	/** @param recent of all hosts */
	constructor(recent = new RecentSearches()) {
		this.#recent = recent;
	}

	/** Forgets all but what is told. */
	clear(): void {
		this.#found = { found: this.#found.found, passages: undefined };
	}

	/** Takes the host as it is now; true where the search goes on, by `advance`. */
	take(host: Host): boolean {
		if (host !== this.#host) {
			this.#host = host;
			this.#search = searchPackets(host, this.#found);
			this.advance(AT_ONCE);
		}
		return this.#search !== undefined;
	}

	/** Does a portion of the search; true where there is more to do. */
	advance(work = PORTION): boolean {
		for (let left = work; left > 0 && this.#search !== undefined; ) {
			const { done, value } = this.#search.next();
			if (done === true) {
				this.#found = value;
				this.#search = undefined;
				this.#recent.add(this);
			} else left -= value;
		}
		return this.#search !== undefined;
	}

	/** What was found last, by file. */
	get found(): PacketFindings["found"] {
		return this.#found.found;
	}
}
