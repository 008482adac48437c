/** What the checks of a host need of its packet filter: pf.conf with the anchors that it loads, each rule with its place. */
import { PfFile } from "../pf/file.ts";
import type { Anchor, Rule, Ruleset } from "../pf/rules.ts";
import { anchorsBelow } from "../pf/ruleset.ts";
import type { Place } from "../text/place.ts";
import type { PfFacts } from "./filter.ts";
import type { SourceFile } from "./model.ts";

const PF_CONF = "/etc/pf.conf";

/** Reads a host's rules, and answers the same value for as long as none of the files with rules has changed. */
export function pfFactsReader(): (files: ReadonlyMap<string, SourceFile>) => PfFacts | undefined {
	let read: readonly (PfFile | undefined)[] = [];
	let facts: PfFacts | undefined;
	return (files) => {
		const main = parsedFile(files, PF_CONF);
		const paths = (main?.loads ?? []).flatMap((load) => (isGlob(load.file) ? [...matching(files, load.file).keys()] : [load.file]));
		const now = [main, ...paths.map((path) => parsedFile(files, path))];
		if (now.length !== read.length || now.some((file, index) => file !== read[index])) {
			read = now;
			facts = pfFacts(files);
		}
		return facts;
	};
}

/** Undefined where the host's files have no pf.conf. */
export function pfFacts(files: ReadonlyMap<string, SourceFile>): PfFacts | undefined {
	const main = parsedFile(files, PF_CONF);
	if (main === undefined) return undefined;
	let incomplete = hasErrors(main);
	const places = new Map<Rule, Place>();
	const placeRules = (file: PfFile, anchors: Iterable<Anchor>): void => {
		for (const { rules } of anchors) {
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
	for (const load of main.loads) {
		loads.push({
			anchor: { file: PF_CONF, span: load.nameSpan, value: load.name },
			path: { file: PF_CONF, span: load.fileSpan, value: load.file },
		});
		for (const [path, name] of isGlob(load.file) ? matching(files, load.file) : []) {
			const file = parsedFile(files, path)?.loadedBy(main);
			if (file === undefined) continue;
			const below = anchorsBelow(file.ruleset, load.name.replace(/^\/+/, "").replace("*", name));
			for (const [anchor, rules] of below) meant.set(anchor, rules);
			placeRules(file, below.values());
		}
		const file = parsedFile(files, load.file)?.loadedBy(main);
		incomplete ||= file === undefined || hasErrors(file);
		if (file === undefined) continue;
		const loaded = anchorsBelow(file.ruleset, load.name.replace(/^\/+/, ""));
		for (const [path, anchor] of loaded) anchors.set(path, anchor);
		placeRules(file, loaded.values());
	}
	const ruleset: Ruleset = { ...main.ruleset, anchors };
	const start = { file: PF_CONF, span: { start: 0, end: 0 } };
	return {
		ruleset,
		place: (rule) => places.get(rule) ?? start,
		loads,
		meant,
		incomplete,
		skipped: main.skipped.map(({ name, span }) => ({ file: PF_CONF, span, value: name })),
	};
}

/** Whether a path is written as if pfctl looked for files that match it, which it does not. */
export function isGlob(path: string): boolean {
	return /[*?[]/.test(path);
}

/** The files that a path with `*` for their names is meant for, with what the `*` stands for. */
function matching(files: ReadonlyMap<string, SourceFile>, glob: string): ReadonlyMap<string, string> {
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

function hasErrors(file: PfFile): boolean {
	return file.diagnostics().some(({ severity }) => severity === "error");
}

function parsedFile(files: ReadonlyMap<string, SourceFile>, path: string): PfFile | undefined {
	const file = files.get(path);
	if (file === undefined) return undefined;
	if (file.parsed instanceof PfFile) return file.parsed;
	return PfFile.parse(file.text, { path, readFile: (other) => files.get(other)?.text });
}
