/** Whether two lists hold the same things in the same order. */
export function isSame(x: readonly unknown[], y: readonly unknown[]): boolean {
	return x.length === y.length && x.every((value, index) => value === y[index]);
}
