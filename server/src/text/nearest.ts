/**
 * The name most like another one, where it is like it at all.
 * @param most how many letters may differ; without, it depends on how many there are
 */
export function nearest(
	name: string,
	candidates: Iterable<string>,
	most = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)),
): string | undefined {
	let best: string | undefined;
	let least = most + 1;
	for (const candidate of candidates) {
		const distance = editDistance(name, candidate, least);
		if (distance < least) {
			least = distance;
			best = candidate;
		}
	}
	return best;
}

/** How many letters to change, add, drop or swap with their neighbour; `limit` where there are at least as many. */
function editDistance(a: string, b: string, limit: number): number {
	if (Math.abs(a.length - b.length) >= limit) return limit;
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	let before: readonly number[] = [];
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? limit) + 1 : limit;
			next.push(Math.min(change, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		before = row;
		row = next;
	}
	return row[b.length] ?? limit;
}
