/**
 * What the counters of a host's rules have been, from reading to reading: since when each counts, when it counted last, and which of
 * them have begun again from zero. pf keeps no times, and forgets all of it when its rules are loaded; so this is what readings show.
 *
 * A rule is known by its anchor and its text, for its number changes with every rule that is added before it. pfctl tells which process
 * has loaded it (`Inserted: uid 0 pid 51234`): another process has loaded the rules again. Within one load, counters that shrink were
 * cleared (`pfctl -z` clears a whole ruleset). Cleared counters that have grown beyond what they were before the next reading look as if
 * nothing had been: the more readings, the surer.
 */
import type { CountedRule } from "@openbsd-vnet/server";

/** One look at a host's counters. */
export interface CounterReading {
	/** When it was taken, by this machine's clock, in milliseconds since 1970. */
	readonly at: number;
	/** When the host says that it was booted, in its own words (`sysctl -n kern.boottime`). */
	readonly boot?: string;
	readonly rules: readonly CountedRule[];
}

/** Why the counters of a rule began from zero: not known of the first reading, a boot, the rules were loaded, or the counters were cleared. */
export type CounterStart = (typeof starts)[number];
const starts = ["first", "boot", "loaded", "cleared"] as const;

/** Between two readings; without `after` at any time before `by`. In milliseconds since 1970. */
export interface CountedWhen {
	readonly after?: number;
	readonly by: number;
}

/** What is known of a rule's counters. */
export interface CounterPast {
	/** When they began: the rule has counted without a break since `by`. */
	readonly since: CountedWhen;
	readonly start: CounterStart;
	/** Readings since then, this one included. */
	readonly readings: number;
	/** When a reading last found packets that the one before had not. */
	readonly last?: CountedWhen;
}

/** A rule as it was when it was last seen. */
export interface RememberedRule extends CountedRule, CounterPast {
	/** Which of the rules of its anchor that read the same, from 0. */
	readonly same: number;
	/** The reading that saw it last. */
	readonly seen: number;
}

/** What is remembered of a host. */
export interface CounterMemory {
	/** When it was read last. */
	readonly read: number;
	readonly boot?: string;
	readonly rules: readonly RememberedRule[];
}

/** A rule that is loaded, with its past. */
export type RuleWithPast = CountedRule & CounterPast;

/** More rules of a host are not remembered. */
export const MOST_REMEMBERED = 20_000;
/** A rule that is loaded no more is forgotten after so long: a rule that is taken out for a while keeps when it counted last. */
const KEPT_MILLISECONDS = 90 * 24 * 3600 * 1000;
const LONGEST_TEXT = 4096;
/** A host whose clock is set has a boot time that moves by as much. */
const BOOT_SLACK_MILLISECONDS = 5 * 60 * 1000;

/**
 * Adds a reading to what is remembered.
 * @param before absent for the first; ignored where it is of a later time, for then this machine's clock was set back
 * @returns the rules of the reading, in their order, and what to remember
 */
export function rememberCounters(
	before: CounterMemory | undefined,
	{ at, boot, rules }: CounterReading,
): { readonly rules: readonly RuleWithPast[]; readonly memory: CounterMemory } {
	const known = before !== undefined && before.read <= at ? before : undefined;
	const old = new Map((known?.rules ?? []).map((rule) => [keyOf(rule, rule.same), rule]));
	const booted = known !== undefined && isOtherBoot(known.boot, boot);
	const same = new Map<string, number>();
	const keyed = rules.map((rule) => {
		const text = keyOf(rule, 0);
		const number = same.get(text) ?? 0;
		same.set(text, number + 1);
		const key = keyOf(rule, number);
		return { rule, number, key, past: old.get(key) };
	});
	// What is cleared is a whole ruleset.
	const cleared = new Set(
		keyed.flatMap(({ rule, past }) =>
			past !== undefined && past.seen === known?.read && isOneLoad(rule, past) && hasShrunk(rule, past) ? [rule.anchor] : [],
		),
	);
	const found = keyed.map(({ rule, number, key, past }) => {
		const start = startOf(rule, past);
		old.delete(key);
		return { ...rule, ...pastOf(rule, past, start), same: number, seen: at };
	});
	const gone = [...old.values()].filter(({ seen }) => at - seen < KEPT_MILLISECONDS).toSorted((one, other) => other.seen - one.seen);
	return {
		rules: found.map(({ same: _, seen: __, ...rule }) => rule),
		memory: {
			read: at,
			...(boot === undefined ? {} : { boot }),
			rules: [...found, ...gone].filter(({ text }) => text.length <= LONGEST_TEXT).slice(0, MOST_REMEMBERED),
		},
	};

	/** Why it began again since the last reading; undefined where it did not. */
	function startOf(rule: CountedRule, past: RememberedRule | undefined): CounterStart | undefined {
		if (known === undefined) return "first";
		if (booted) return "boot";
		if (past === undefined || past.seen !== known.read || !isOneLoad(rule, past)) return "loaded";
		return cleared.has(rule.anchor) ? "cleared" : undefined;
	}

	function pastOf(rule: CountedRule, past: RememberedRule | undefined, start: CounterStart | undefined): CounterPast {
		const between: CountedWhen = known === undefined ? { by: at } : { after: known.read, by: at };
		const counted = rule.packets > (start === undefined ? (past?.packets ?? 0) : 0);
		const last = counted ? between : past?.last;
		const goesOn = start === undefined && past !== undefined;
		return {
			since: goesOn ? past.since : between,
			start: goesOn ? past.start : (start ?? "first"),
			readings: goesOn ? past.readings + 1 : 1,
			...(last === undefined ? {} : { last }),
		};
	}
}

/** For how many whole days a rule has not counted, as far as readings show; undefined where it has counted since it began. */
export function daysWithout({ packets, since }: RuleWithPast, at: number): number | undefined {
	return packets === 0 ? Math.floor((at - since.by) / (24 * 3600 * 1000)) : undefined;
}

function keyOf({ anchor, text }: CountedRule, same: number): string {
	return `${same}\n${anchor}\n${text}`;
}

function isOneLoad(rule: CountedRule, past: RememberedRule): boolean {
	return rule.inserted === past.inserted;
}

function hasShrunk(rule: CountedRule, past: CountedRule): boolean {
	return rule.evaluations < past.evaluations || rule.packets < past.packets || rule.bytes < past.bytes;
}

/** Whether a host was booted between two readings. Its words are ctime(3)'s: `Mon Nov 30 05:20:10 2026`, in its own time zone. */
function isOtherBoot(one: string | undefined, other: string | undefined): boolean {
	if (one === undefined || other === undefined || one === other) return false;
	const [before, after] = [Date.parse(`${one} UTC`), Date.parse(`${other} UTC`)];
	return !(Math.abs(before - after) <= BOOT_SLACK_MILLISECONDS);
}

/** What is written into a file. */
export function memoryText(memory: CounterMemory): string {
	return JSON.stringify({ version: 1, ...memory });
}

/** Reads what was written; undefined where it is something else, so that a damaged file is no more than a first reading. */
export function readMemory(text: string): CounterMemory | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isObject(value) || value.version !== 1 || !isTime(value.read) || !Array.isArray(value.rules)) return undefined;
	const { read, boot } = value;
	const rules = value.rules.slice(0, MOST_REMEMBERED).map(readRule);
	if (!rules.every((rule) => rule !== undefined)) return undefined;
	return { read, rules, ...(typeof boot === "string" ? { boot } : {}) };
}

function readRule(value: unknown): RememberedRule | undefined {
	if (!isObject(value)) return undefined;
	const { anchor, text, inserted, start } = value;
	const [evaluations, packets, bytes, states, same, seen, readings] = [
		"evaluations",
		"packets",
		"bytes",
		"states",
		"same",
		"seen",
		"readings",
	].map((name) => value[name]);
	const since = readWhen(value.since);
	const last = readWhen(value.last);
	const began = starts.find((each) => each === start);
	if (typeof anchor !== "string" || typeof text !== "string" || since === undefined || began === undefined) return undefined;
	if (!isTime(evaluations) || !isTime(packets) || !isTime(bytes) || !isTime(states)) return undefined;
	if (!isTime(same) || !isTime(seen) || !isTime(readings)) return undefined;
	return {
		anchor,
		text,
		evaluations,
		packets,
		bytes,
		states,
		...(typeof inserted === "string" ? { inserted } : {}),
		since,
		start: began,
		readings,
		...(last === undefined ? {} : { last }),
		same,
		seen,
	};
}

function readWhen(value: unknown): CountedWhen | undefined {
	if (!isObject(value)) return undefined;
	const { after, by } = value;
	return isTime(by) ? { by, ...(isTime(after) ? { after } : {}) } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is number {
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
