/** Assertions that run in both extension hosts: the web has no node:assert. */

export function ok(value: unknown, message = "Expected a true value"): asserts value {
	if (!value) throw new Error(message);
}

export function strictEqual<T>(actual: T, expected: T): void {
	if (actual !== expected) throw new Error(`Expected ${String(expected)}, got ${String(actual)}`);
}

export function notStrictEqual<T>(actual: T, unwanted: T): void {
	if (actual === unwanted) throw new Error(`Did not expect ${String(unwanted)}`);
}

/** Plain data is equal where its JSON is. */
export function deepStrictEqual(actual: unknown, expected: unknown): void {
	const [one, other] = [JSON.stringify(actual, undefined, 1), JSON.stringify(expected, undefined, 1)];
	if (one !== other) throw new Error(`Expected ${other}, got ${one}`);
}
