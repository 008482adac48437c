/** What work that pauses now and then has come to, once it is done in one go. */
export function finished<T>(work: Generator<unknown, T, void>): T {
	for (;;) {
		const { done, value } = work.next();
		if (done === true) return value;
	}
}
