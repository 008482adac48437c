/** Work that is done when somebody asks: enough for a thousand rules. */
const AT_ONCE = 25_000;
/** Work that is done between two requests: some 10 ms. */
const PORTION = 10_000;

/** A search that is done in portions, so that no keystroke waits for it. It gives how much work each step was. */
export class PortionedSearch<Result> {
	readonly #ended: (result: Result) => void;
	#steps: Generator<number, Result, void> | undefined;

	/** @param ended takes what a search has found that came to its end */
	constructor(ended: (result: Result) => void) {
		this.#ended = ended;
	}

	get goesOn(): boolean {
		return this.#steps !== undefined;
	}

	/** Takes the place of a search that goes on; without steps there is none. */
	start(steps: Generator<number, Result, void> | undefined): void {
		this.#steps = steps;
		this.advance(AT_ONCE);
	}

	/** Does a portion; true where there is more to do. */
	advance(work = PORTION): boolean {
		for (let left = work; left > 0 && this.#steps !== undefined; ) {
			const { done, value } = this.#steps.next();
			if (done === true) {
				this.#steps = undefined;
				this.#ended(value);
			} else left -= value;
		}
		return this.goesOn;
	}
}
