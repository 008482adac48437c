/** The name most like another one, where it is like it at all. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
	let best: string | undefined;
	let least = (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3))) + 1;
	for (const candidate of candidates) {
		const distance = editDistance(name, candidate, least);
		if (distance < least) {
			least = distance;
			best = candidate;
		}
	}
	return best;
}

/** How many letters to change, add or drop; `limit` where there are at least as many. */
function editDistance(a: string, b: string, limit: number): number {
	if (Math.abs(a.length - b.length) >= limit) return limit;
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? limit;
}
