/** What the checks of a host need of its packet filter: pf.conf with the anchors that it loads, each rule with its place. */

import { PfFile } from "../pf/editor/file.ts";
import { MAX_LOADS, MAX_RULES } from "../pf/grammar/limits.ts";
import type { Anchor, Rule, Ruleset, Table } from "../pf/rules.ts";
import { anchorsBelow } from "../pf/ruleset/ruleset.ts";
import { PF_CONF } from "../text/host-paths.ts";
import type { Place } from "../text/place.ts";
import type { PfFacts } from "./filter.ts";
import type { ModelFile } from "./model.ts";

/** Reads a host's rules, and answers the same value for as long as none of the files with rules has changed. */
export function pfFactsReader(): (files: ReadonlyMap<string, ModelFile>) => PfFacts | undefined {
	let read: readonly (PfFile | undefined)[] = [];
	let facts: PfFacts | undefined;
	return (files) => {
		const main = parsedFile(files, PF_CONF);
		const now = main === undefined ? [main] : [main, ...loadedFiles(files, main)];
		if (now.length !== read.length || now.some((file, index) => file !== read[index])) {
			read = now;
			facts = pfFacts(files);
		}
		return facts;
	};
}

/** The files that are loaded into anchors, also by each other; undefined in the place of one that is not known. */
function loadedFiles(files: ReadonlyMap<string, ModelFile>, main: PfFile): readonly (PfFile | undefined)[] {
	const found = new Map<string, PfFile | undefined>();
	const open = [main];
	for (let file = open.shift(); file !== undefined; file = open.shift()) {
		for (const load of file.loads) {
			for (const path of isGlob(load.file) ? matching(files, load.file).keys() : [load.file]) {
				if (found.has(path)) continue;
				const loaded = path === PF_CONF ? main : parsedFile(files, path);
				found.set(path, loaded);
				if (loaded !== undefined) open.push(loaded);
			}
		}
	}
	return [...found.values()];
}

/** Undefined where the host's files have no pf.conf. */
export function pfFacts(files: ReadonlyMap<string, ModelFile>): PfFacts | undefined {
	const main = parsedFile(files, PF_CONF);
	if (main === undefined) return undefined;
	const isHere = (file: PfFile): boolean => [...file.includes()].every((path) => files.has(path));
	const openMain = hasErrors(main) || !isHere(main);
	let incomplete = openMain;
	let rules = main.made;
	let cutOff = main.ruleset.cutOff === true;
	/** A file that is loaded; undefined where it is not known, or its rules and anchors are too many beside those before it. */
	const loadedFile = (path: string): PfFile | undefined => {
		if (rules > MAX_RULES) return undefined;
		const file = parsedFile(files, path)?.loadedBy(main);
		if (file === undefined) return undefined;
		rules += file.made + file.ruleset.anchors.size + 1;
		cutOff ||= rules > MAX_RULES || file.ruleset.cutOff === true;
		return rules > MAX_RULES ? undefined : file;
	};
	const places = new Map<Rule, Place>();
	const tables = new Map<Table, Place>();
	const placeRules = (file: PfFile, anchors: Iterable<Anchor>): void => {
		for (const { rules, tables: own } of anchors) {
			for (const table of own) {
				const place = table.statement < 0 ? undefined : file.place(table);
				if (place !== undefined) tables.set(table, place);
			}
			for (const rule of rules) {
				const place = file.place(rule);
				if (place !== undefined) places.set(rule, place);
			}
		}
	};
	const anchors = new Map(main.ruleset.anchors);
	placeRules(main, [main.ruleset.main, ...anchors.values()]);
	const loads: PfFacts["loads"][number][] = [];
	const meant = new Map<string, Anchor>();
	const endless: PfFacts["loads"][number][] = [];
	// pfctl reads all files that are named so far, and then those that they name.
	const open = main.loads.map((load) => ({ load, base: "", chain: [PF_CONF] }));
	let left = MAX_LOADS;
	for (const { load, base, chain } of open) {
		const by = chain.at(-1) ?? PF_CONF;
		const name = base === "" ? load.name : `${base}/${load.name}`;
		const known = { anchor: { file: by, span: load.nameSpan, value: name }, path: { file: by, span: load.fileSpan, value: load.file } };
		loads.push(known);
		const anchor = name.replace(/^\/+/, "");
		if (isGlob(load.file)) {
			const named = matching(files, load.file);
			incomplete ||= named.size === 0;
			for (const [path, base] of named) {
				const file = loadedFile(path);
				incomplete ||= file === undefined || hasErrors(file) || !isHere(file);
				if (file === undefined) continue;
				const below = anchorsBelow(file.ruleset, anchor.replace("*", base));
				for (const [inner, rules] of below) meant.set(inner, rules);
				placeRules(file, below.values());
			}
			continue;
		}
		if (chain.includes(load.file)) {
			endless.push(known);
			incomplete = true;
			// pfctl loads nothing: what else there is counts for nothing.
			left = 0;
			continue;
		}
		const file = loadedFile(load.file);
		incomplete ||= file === undefined || hasErrors(file) || !isHere(file);
		if (file === undefined) continue;
		const loaded = anchorsBelow(file.ruleset, anchor);
		for (const [path, rules] of loaded) anchors.set(path, rules);
		placeRules(file, loaded.values());
		for (const inner of file.loads.slice(0, left)) open.push({ load: inner, base: anchor, chain: [...chain, load.file] });
		incomplete ||= file.loads.length > left;
		left = Math.max(0, left - file.loads.length);
	}
	const ruleset: Ruleset = { ...main.ruleset, anchors, ...(cutOff && { cutOff }) };
	const start = { file: PF_CONF, span: { start: 0, end: 0 } };
	return {
		ruleset,
		place: (rule) => places.get(rule) ?? start,
		placeOfTable: (table) => tables.get(table),
		loads,
		endless,
		meant,
		incomplete: incomplete || cutOff,
		...(openMain && { openMain }),
		...(main.context.release !== undefined && { release: main.context.release }),
		skipped: main.skipped.map(({ name, span }) => ({ file: PF_CONF, span, value: name })),
	};
}

/** Whether a path is written as if pfctl looked for files that match it, which it does not. */
export function isGlob(path: string): boolean {
	return /[*?[]/.test(path);
}

/** The files that a path with `*` for their names is meant for, with what the `*` stands for. */
function matching(files: ReadonlyMap<string, ModelFile>, glob: string): ReadonlyMap<string, string> {
	const [before = "", after = "", ...more] = glob.split("*");
	if (more.length > 0 || /[?[]/.test(glob)) return new Map();
	const found = new Map<string, string>();
	for (const path of files.keys()) {
		const name = path.slice(before.length, path.length - after.length);
		if (path.startsWith(before) && path.endsWith(after) && path.length > before.length + after.length && !name.includes("/"))
			found.set(path, name);
	}
	return found;
}

/** Whether some of its rules are not known. */
function hasErrors(file: PfFile): boolean {
	return file.diagnostics().some(({ severity }) => severity === "error");
}

/** The files of a host that are read as rules. */
export function rulesetFiles(files: ReadonlyMap<string, ModelFile>): readonly (readonly [path: string, file: PfFile])[] {
	return [...files].flatMap(([path, { parsed }]) => {
		const file = parsed instanceof PfFile ? parsed : path === PF_CONF ? parsedFile(files, path) : undefined;
		return file === undefined ? [] : [[path, file] as const];
	});
}

function parsedFile(files: ReadonlyMap<string, ModelFile>, path: string): PfFile | undefined {
	const file = files.get(path);
	if (file === undefined) return undefined;
	if (file.parsed instanceof PfFile) return file.parsed;
	return PfFile.parse(file.text, { path, readFile: (other) => files.get(other)?.text });
}
