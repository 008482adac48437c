/** @param {readonly number[]} times @param {number} part of 1; as the nearest rank */
export function percentile(times, part) {
	const sorted = [...times].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
