/** The rows of a table below each other in a document, each column as wide as its widest cell. What comes of hosts does nothing. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
	const table = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}|\p{Cf}/gu, "?")));
	const widths = (table[0] ?? []).map((_, column) => table.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
	const lineOf = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
	return table.map((row) => lineOf(row).trimEnd());
}
