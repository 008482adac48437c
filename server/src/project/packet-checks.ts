/** What pf does to packets on a host's ways, looked into in portions so that no keystroke waits for it. */
import type { Host } from "../host/model.ts";
import { searchPackets } from "../policy/checks.ts";
import type { PacketFindings } from "../policy/packet-check.ts";
import { PortionedSearch } from "./portioned-search.ts";
import { RecentSearches } from "./recent-searches.ts";

export class PacketChecks {
	readonly #search: PortionedSearch<PacketFindings>;
	#host: Host | undefined;
	#found: PacketFindings = { found: new Map(), passages: undefined };

	/** @param recent of all hosts */
	constructor(recent = new RecentSearches()) {
		this.#search = new PortionedSearch((found) => {
			this.#found = found;
			recent.add(this);
		});
	}

	/** Forgets all but what is told. */
	clear(): void {
		this.#found = { found: this.#found.found, passages: undefined };
	}

	/** Takes the host as it is now; true where the search goes on, by `advance`. */
	take(host: Host): boolean {
		if (host !== this.#host) {
			this.#host = host;
			this.#search.start(searchPackets(host, this.#found));
		}
		return this.#search.goesOn;
	}

	/** Does a portion of the search; true where there is more to do. */
	advance(): boolean {
		return this.#search.advance();
	}

	/** What was found last, by file. */
	get found(): PacketFindings["found"] {
		return this.#found.found;
	}
}
