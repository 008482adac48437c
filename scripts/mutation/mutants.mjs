// The mutants of files: Stryker's instrumenter puts all of them into the code, each behind a switch.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const quiet = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };

const key = ({ fileName, location, mutatorName, replacement }) =>
	JSON.stringify([fileName, location.start, location.end, mutatorName, replacement]);

async function instrument(folder, files) {
	return new Instrumenter(quiet).instrument(
		files.map(({ name, mutate }) => ({ name, mutate, content: readFileSync(join(folder, name), "utf8") })),
		options,
	);
}

/**
 * A seeded choice of the mutants of some files, and those files with just the chosen ones in them (and what shares their
 * places): code slows down by every mutant that is in it.
 */
export async function chooseMutants(folder, names, count, seed) {
	const { mutants: all } = await instrument(
		folder,
		names.map((name) => ({ name, mutate: true })),
	);
	const chosen = count >= all.length ? all : sample(all, count, seed);
	const wanted = new Set(chosen.map(key));
	const places = groupBy(chosen, ({ fileName }) => fileName);
	const { files, mutants } = await instrument(
		folder,
		[...places].map(([name, of]) => ({ name, mutate: of.map(({ location }) => location) })),
	);
	const texts = new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8").split("\n")]));
	return {
		total: all.length,
		files,
		mutants: mutants
			.filter((mutant) => wanted.has(key(mutant)))
			.map(({ id, fileName, location, mutatorName, replacement }) => ({
				id,
				file: fileName,
				line: location.start.line + 1,
				column: location.start.column + 1,
				name: mutatorName,
				original: textAt(texts.get(fileName) ?? [], location),
				replacement,
			})),
	};
}

function textAt(lines, { start, end }) {
	if (start.line === end.line) return lines[start.line].slice(start.column, end.column);
	return [lines[start.line].slice(start.column), ...lines.slice(start.line + 1, end.line), lines[end.line].slice(0, end.column)].join("\n");
}

function groupBy(values, by) {
	const groups = new Map();
	for (const value of values) groups.set(by(value), [...(groups.get(by(value)) ?? []), value]);
	return groups;
}

/** So many of the values, the same ones for the same seed (mulberry32). */
function sample(values, count, seed) {
	let state = seed >>> 0;
	const random = () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	return values
		.map((value) => [random(), value])
		.sort(([a], [b]) => a - b)
		.slice(0, count)
		.map(([, value]) => value);
}
