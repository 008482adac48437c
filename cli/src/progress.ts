/** How far long work has come, on a terminal's standard error. */
import type { Printer } from "./terminal.ts";

/** Short work is done before anybody reads how far it is. */
const FIRST = 500;
const EACH = 100;

export class Progress {
	readonly #stderr: Printer;
	readonly #total: number;
	readonly #text: (done: number, total: number) => string;
	#next = performance.now() + FIRST;
	#done = 0;
	#shown = false;

	/** @param text what is shown, such as `3 of 10 hosts checked` */
	constructor(stderr: Printer, total: number, text: (done: number, total: number) => string) {
		this.#stderr = stderr;
		this.#total = total;
		this.#text = text;
	}

	/** One more is done. */
	readonly step = (): void => {
		this.#done++;
		const now = performance.now();
		if (now < this.#next || this.#done >= this.#total) return;
		this.#next = now + EACH;
		this.#shown = true;
		this.#stderr.writeOver(this.#text(this.#done, this.#total));
	};

	/** Takes the line away, before anything else is printed. */
	end(): void {
		if (this.#shown) this.#stderr.writeOver("");
		this.#shown = false;
	}
}
