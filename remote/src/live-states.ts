/** Asks a host for its states, with the rules that made them; and ends some of them. */
import type { PfState } from "@openbsd-vnet/server";
import type { Asked, RunOnHost } from "./live.ts";
import { type NumberedRule, type RootAnswer, readNumberedRules, readRootAnswer, ruleCountersCommand, statesCommand } from "./live-rules.ts";
import { sh } from "./shell-words.ts";
import { type ReadStates, StateReader } from "./state-reader.ts";

/** The most that the states may take, in bytes: some 300 for each. */
const STATES_LIMIT = 128 * 1024 * 1024;
const RULES_LIMIT = 32 * 1024 * 1024;

/** The states of a host. */
export interface LoadedStates extends ReadStates {
	/** The rules that were loaded meanwhile; undefined where they could not be read, or others were loaded just then. */
	readonly rules: readonly NumberedRule[] | undefined;
	/** Why the rules could not be read. */
	readonly refused?: Exclude<RootAnswer, { readonly kind: "answered" }>;
}

/**
 * All states of a host.
 * @param user who we are on the host, for the line of doas.conf
 * @param withRules also asks for the rules, before and after: a number of a rule says something of the ruleset of that moment alone
 */
export async function askStates(run: RunOnHost, user: string, withRules: boolean, signal?: AbortSignal): Promise<Asked<LoadedStates>> {
	const options = { milliseconds: 120_000, ...(signal === undefined ? {} : { signal }) };
	const askRules = async (): Promise<RootAnswer | undefined> => {
		if (!withRules) return undefined;
		return readRootAnswer(await run(ruleCountersCommand.command, { ...options, limit: RULES_LIMIT }), user, ruleCountersCommand.words);
	};
	const before = await askRules();
	let reader = new StateReader();
	const outputTo = (): ((chunk: Buffer) => void) => {
		reader = new StateReader();
		return (chunk) => reader.take(chunk);
	};
	const answer = readRootAnswer(await run(statesCommand.command, { ...options, limit: STATES_LIMIT, outputTo }), user, statesCommand.words);
	if (answer.kind !== "answered") return answer;
	const after = before?.kind === "answered" ? await askRules() : undefined;
	const [refused] = [before, after].flatMap((one) => (one === undefined || one.kind === "answered" ? [] : [one]));
	const rules =
		before?.kind === "answered" && after?.kind === "answered"
			? sameRules(readNumberedRules(before.text), readNumberedRules(after.text))
			: undefined;
	return {
		kind: "answered",
		value: { ...reader.end(), rules, ...(refused === undefined ? {} : { refused }) },
	};
}

/** The rules, where they were the same all the time. */
function sameRules(before: readonly NumberedRule[], after: readonly NumberedRule[]): readonly NumberedRule[] | undefined {
	const isSame =
		before.length === after.length && before.every(({ anchor, text }, i) => after[i]?.anchor === anchor && after[i].text === text);
	return isSame ? after : undefined;
}

/** What passed through a state in a second. */
export interface StateRate {
	readonly packets: number;
	readonly bytes: number;
}

/**
 * The rates of states that were read twice, by their ids; both ways together. A state that is new has none.
 * @param seconds between the two
 */
export function ratesOf(before: readonly PfState[], after: readonly PfState[], seconds: number): ReadonlyMap<string, StateRate> {
	const sum = ([there, back]: readonly [number, number]): number => there + back;
	const known = new Map(before.map((state) => [state.id, state]));
	const rates = new Map<string, StateRate>();
	for (const state of after) {
		const earlier = known.get(state.id);
		if (earlier === undefined || !(seconds > 0)) continue;
		const packets = sum(state.packets) - sum(earlier.packets);
		const bytes = sum(state.bytes) - sum(earlier.bytes);
		if (packets >= 0 && bytes >= 0) rates.set(state.id, { packets: packets / seconds, bytes: bytes / seconds });
	}
	return rates;
}

/** So many states are ended by one command. */
const AT_ONCE = 200;

/**
 * Ends states, and no others: by what identifies each. Answers how many there still were. doas.conf(5) cannot name what changes with
 * every call: pfctl whole has to be permitted.
 */
export async function endStates(run: RunOnHost, ids: readonly string[], user: string, signal?: AbortSignal): Promise<Asked<number>> {
	const own = ids.filter((id) => /^[0-9a-f]{16}\/[0-9a-f]{8}$/.test(id));
	let ended = 0;
	for (let at = 0; at < own.length; at += AT_ONCE) {
		const some = own.slice(at, at + AT_ONCE);
		const command = sh`PATH="$PATH:/usr/bin:/bin:/usr/sbin:/sbin"; export PATH; become="doas -n"; [ "$(id -u)" -ne 0 ] || become=
for id in ${some}; do $become pfctl -k id -k "$id" || exit; done`;
		const result = await run(command, { milliseconds: 120_000, ...(signal === undefined ? {} : { signal }) });
		const answer = readRootAnswer(result, user, ["pfctl"]);
		if (answer.kind !== "answered") return answer;
		// What it did it tells on standard error (sbin/pfctl/pfctl.c, pfctl_id_kill_states()).
		ended += [...result.stderr.matchAll(/^killed (\d+) states$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
	}
	return { kind: "answered", value: ended };
}
