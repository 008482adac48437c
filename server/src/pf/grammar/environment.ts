/**
 * The environment of a statement: macros, queues, names that are taken, and the settings that rules depend on. Each is a fact
 * with a key. What a statement reads and writes can be tracked: an edit re-reads only those that took a fact which has changed.
 */

import { internRecent } from "../intern-recent.ts";
import { LIMITER_KINDS, type Limiter, type Rule, type Table } from "../rules.ts";
import type { StateItem } from "../syntax.ts";

export interface Macro {
	readonly value: string;
	/** From the command line: a definition in the file does not replace it. */
	readonly persist: boolean;
	/** The statement that defines it, and where its name stands there. */
	readonly statement: number;
	readonly start: number;
	readonly end: number;
}

/** An anchor as it is built: `Anchor` and what pfctl keeps beside it. */
export interface AnchorNode {
	path: string;
	readonly name: string;
	readonly rules: Rule[];
	readonly tables: Table[];
	/** How many rules it has, as pfctl counts them. */
	match: number;
}

export function anchorNode(name: string, path: string): AnchorNode {
	return { name, path, rules: [], tables: [], match: 0 };
}

/** Limiters by their names, and by their numbers. */
type LimiterFact = `${Limiter["kind"]} limiter` | `${Limiter["kind"]} limiter id`;

/** The kinds of facts, with the values that they have. */
interface Facts extends Record<LimiterFact, Limiter> {
	macro: Macro;
	/** A queue that rules can assign packets to. */
	queue: true;
	/** An interface that has a root queue. */
	"root queue": true;
	/** An anchor with a block, by its path. */
	anchor: AnchorNode;
	/** A table in a block, by the anchor's path and its name. */
	"inner table": true;
	"state-policy": "if-bound" | "floating";
	"state-defaults": readonly StateItem[];
	"block-policy": "drop" | "return";
	reassemble: boolean;
	/** A file was included of which nothing is known: names may be defined there. */
	"unknown include": true;
	/** Another file, which is not known, may have been read before: its queues and limiters are known here. */
	"unknown before": true;
}

/** What is numbered: automatic tables, blocks of anchors, files that are included. */
type Counter = "tables" | "blocks" | "includes";

/** These outlast a file: what the anchors' files that pfctl loads after the main ruleset still see. */
const OF_THE_RUN: ReadonlySet<string> = new Set<keyof Facts>([
	"queue",
	"root queue",
	"state-policy",
	"state-defaults",
	...LIMITER_KINDS.flatMap((kind): LimiterFact[] => [`${kind} limiter`, `${kind} limiter id`]),
]);

/** How the keys of these begin that have a name. */
const NAMED_OF_THE_RUN: readonly string[] = Array.from(OF_THE_RUN, (kind) => `${kind} `);

type Fact = Facts[keyof Facts];

/** A fact that a statement has set; of a counter, by how much it counted on. */
export type Write = readonly [key: string, value: Fact | number];

/** What a statement has read and written, each key once for reads. */
export interface Dependencies {
	readonly reads: readonly string[];
	readonly writes: readonly Write[];
}

const NOTHING: Dependencies = { reads: [], writes: [] };

function sameReads({ reads }: Dependencies, others: readonly string[]): boolean {
	if (reads.length !== others.length) return false;
	for (let i = 0; i < reads.length; i++) if (reads[i] !== others[i]) return false;
	return true;
}

function logOf(reads: readonly string[]): Dependencies {
	return { reads: reads.slice(), writes: NOTHING.writes };
}

export class Environment {
	readonly #run = new Map<string, Fact>();
	#file = new Map<string, Fact>();
	readonly #counts = new Map<string, number>();
	#noting = false;
	#reads: string[] = [];
	#writes: Write[] = [];
	readonly #keys = new Map<keyof Facts, Map<string, string>>();
	readonly #shared = internRecent(sameReads, logOf);

	/** @param commandLine the macros of `-D` */
	constructor(commandLine: ReadonlyMap<string, string> = new Map()) {
		this.#commandLine = commandLine;
		this.enterFile();
	}
	readonly #commandLine: ReadonlyMap<string, string>;

	/** Notes from now on what is read and written. */
	beginTracking(): void {
		this.#noting = true;
	}

	/** What was read and written since `note`. */
	endTracking(): Dependencies {
		this.#noting = false;
		const reads = this.#reads;
		const writes = this.#writes;
		if (reads.length + writes.length === 0) return NOTHING;
		if (writes.length > 0) {
			this.#reads = [];
			this.#writes = [];
			return { reads, writes };
		}
		const log = this.#shared(reads);
		// A list that is emptied at once has lost its room.
		while (reads.length > 0) reads.pop();
		return log;
	}

	/** The key of a fact, made once for each. */
	#key(kind: keyof Facts, name: string): string {
		if (name === "") return kind;
		let keys = this.#keys.get(kind);
		if (keys === undefined) {
			keys = new Map();
			this.#keys.set(kind, keys);
		}
		let key = keys.get(name);
		if (key === undefined) {
			key = `${kind} ${name}`;
			keys.set(name, key);
		}
		return key;
	}

	#read(key: string): void {
		if (this.#noting && !this.#reads.includes(key)) this.#reads.push(key);
	}

	/** Forgets what ends with a file. */
	enterFile(): void {
		this.#file = new Map();
		this.#counts.delete("blocks");
		this.#counts.delete("includes");
		for (const [name, value] of this.#commandLine) this.set("macro", { value, persist: true, statement: -1, start: 0, end: 0 }, name);
	}

	get<K extends keyof Facts>(kind: K, name = ""): Facts[K] | undefined {
		const key = this.#key(kind, name);
		this.#read(key);
		// A key starts with its kind, so its value has the type of that kind.
		return (OF_THE_RUN.has(kind) ? this.#run : this.#file).get(key) as Facts[K] | undefined;
	}

	set<K extends keyof Facts>(kind: K, value: Facts[K], name = ""): void {
		const key = this.#key(kind, name);
		if (this.#noting) this.#writes.push([key, value]);
		(OF_THE_RUN.has(kind) ? this.#run : this.#file).set(key, value);
	}

	/** The next number of a counter, from 0. */
	next(counter: Counter): number {
		const count = this.#counts.get(counter) ?? 0;
		this.#read(counter);
		if (this.#noting) this.#writes.push([counter, 1]);
		this.#counts.set(counter, count + 1);
		return count;
	}

	/** Takes over what a statement wrote, without reading it again. */
	apply(writes: readonly Write[]): void {
		for (const [key, value] of writes) {
			if (typeof value === "number") this.#counts.set(key, (this.#counts.get(key) ?? 0) + value);
			else this.#mapOf(key).set(key, value);
		}
	}

	/** What files that are loaded after this one still see. */
	ofTheRun(): readonly Write[] {
		return [...this.#run];
	}

	/** The names of a kind that are known, with their values. */
	*all<K extends keyof Facts>(kind: K): Generator<readonly [name: string, value: Facts[K]]> {
		const start = `${kind} `;
		for (const [key, value] of OF_THE_RUN.has(kind) ? this.#run : this.#file)
			if (key.startsWith(start)) yield [key.slice(start.length), value as Facts[K]];
	}

	#mapOf(key: string): Map<string, Fact> {
		if (OF_THE_RUN.has(key)) return this.#run;
		for (const start of NAMED_OF_THE_RUN) if (key.startsWith(start)) return this.#run;
		return this.#file;
	}
}

/** The keys whose values two lists of writes leave different, behind the same state. */
export function differences(before: readonly Write[], after: readonly Write[]): Set<string> {
	const left = outcome(before);
	const right = outcome(after);
	const changed = new Set<string>();
	for (const key of new Set([...left.keys(), ...right.keys()])) if (!sameFact(left.get(key), right.get(key))) changed.add(key);
	return changed;
}

function outcome(writes: readonly Write[]): Map<string, Fact | number> {
	const last = new Map<string, Fact | number>();
	for (const [key, value] of writes) {
		const known = last.get(key);
		last.set(key, typeof value === "number" && typeof known === "number" ? known + value : value);
	}
	return last;
}

/** Whether no statement could tell the two apart. */
function sameFact(a: Fact | number | undefined, b: Fact | number | undefined): boolean {
	if (a === b) return true;
	if (typeof a !== "object" || typeof b !== "object") return false;
	if ("value" in a && "value" in b) return a.value === b.value && a.persist === b.persist;
	if ("match" in a && "match" in b) return a.match > 0 === b.match > 0;
	return Array.isArray(a) === Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b);
}
