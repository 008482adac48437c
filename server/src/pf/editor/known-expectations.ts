/** What could stand at the syntax errors of a file: asked once while the word at fault is written on, or another statement is. */
import type { Expectation } from "../../text/language.ts";

/** So many are kept: more than are explained of one file. */
const MOST = 400;

/** Those of texts whose statements all stand behind the same environment. */
export class KnownExpectations {
	readonly #known = new Map<string, readonly Expectation[]>();

	/**
	 * @param before the statement up to the error
	 * @param find answers them where they are not known; it calls `elsewhere` where they depend on other statements than those that
	 * write into the environment, and is then asked each time
	 */
	behind(before: string, find: (elsewhere: () => void) => readonly Expectation[]): readonly Expectation[] {
		const known = this.#known.get(before);
		if (known !== undefined) return known;
		let alone = true;
		const found = find(() => {
			alone = false;
		});
		if (this.#known.size >= MOST) this.#known.clear();
		if (alone) this.#known.set(before, found);
		return found;
	}
}
