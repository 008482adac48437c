/** What searches keep for the next one, bounded over all hosts. */

/** So many hosts keep what the next search goes on from: it is far more than their rules are. */
const KEPT = 4;

/** Which hosts' searches ended last. */
export class RecentSearches {
	readonly #recent: { clear(): void }[] = [];

	/** The search has ended; the one that ended longest ago is cleared. */
	add(search: { clear(): void }): void {
		const index = this.#recent.indexOf(search);
		if (index >= 0) this.#recent.splice(index, 1);
		this.#recent.push(search);
		if (this.#recent.length > KEPT) this.#recent.shift()?.clear();
	}
}
