/** Throws why one has failed, once all have ended. */
export function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
	for (const result of results) if (result.status === "rejected") throw result.reason;
}
