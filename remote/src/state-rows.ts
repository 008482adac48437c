/** The states of a host with what else is known of each: whose it is, which rule made it, its rate, and what a ruleset means for it. */
import { setTimeout as wait } from "node:timers/promises";
import {
	guestsOfStates,
	type Host,
	type HostInterface,
	hostBuilder,
	judgeOfStates,
	loadedRulesOf,
	type ModelFile,
	madeOnOf,
	type PfState,
	parseIp,
	pfFacts,
	type Rule,
	type StateVerdict,
	sameIp,
} from "@openbsd-vnet/server";
import { type Asked, askLiveState, type RunOnHost } from "./live.ts";
import { type NumberedRule, ruleFinder } from "./live-rules.ts";
import type { LiveState } from "./live-state.ts";
import { askStates, type LoadedStates, ratesOf, type StateRate } from "./live-states.ts";

export interface StateRow {
	readonly state: PfState;
	/** The guests that have one of its addresses, or its tap. */
	readonly guests: readonly string[];
	/** The loaded rule that made it, where that is certain. */
	readonly rule?: NumberedRule;
	readonly rate?: StateRate;
	/** What the ruleset that is asked about means for it. */
	readonly verdict?: StateVerdict;
}

export type StateOrder = "age" | "bytes" | "packets" | "rate";

/** A host's files by their paths there. */
export type Files = ReadonlyMap<string, ModelFile>;

export interface StateQuestion {
	/** What the host is called. */
	readonly name: string;
	/** Its files, as far as they are here. */
	readonly files?: Files;
	/** The files whose ruleset each state is held against. */
	readonly against?: Files;
	/** Only those of this guest. */
	readonly guest?: string;
	/** Only those with this address at either end, before or after translation. */
	readonly address?: string;
	/** Only those that a rule of the files made, by the place of its statement: the path on the host, and the line, from 0. */
	readonly rule?: { readonly path: string; readonly line: number };
	/** Reads them twice, so many seconds apart. */
	readonly rateSeconds?: number;
	/** Most first; as the host has them where not given. */
	readonly order?: StateOrder;
}

export interface StateAnswer {
	readonly rows: readonly StateRow[];
	/** How many states the host has. */
	readonly total: number;
	readonly loaded: LoadedStates;
	readonly live: LiveState;
	/** False where nothing on the line that was asked about is loaded as it is written. */
	readonly isRuleLoaded: boolean;
}

/** @param user who we are on the host, for the line of doas.conf */
export async function askStateRows(
	run: RunOnHost,
	user: string,
	question: StateQuestion,
	signal?: AbortSignal,
): Promise<Asked<StateAnswer>> {
	const { name, files, against, rateSeconds } = question;
	const live = await askLiveState(run, signal);
	const first = await askStates(run, user, rateSeconds === undefined, signal);
	if (first.kind !== "answered") return first;
	const begin = performance.now();
	if (rateSeconds !== undefined) await wait(rateSeconds * 1000, undefined, signal === undefined ? {} : { signal });
	const second = rateSeconds === undefined ? first : await askStates(run, user, true, signal);
	if (second.kind !== "answered") return second;
	const loaded = second.value;
	const rates = second === first ? undefined : ratesOf(first.value.states, loaded.states, (performance.now() - begin) / 1000);

	const host = files && modelOf(name, files, live);
	const guestsOf = guestsOfStates(host, placesOf(live));
	const find = ruleFinder(loaded.rules ?? []);
	const judge = against && judgeOfStates(modelOf(name, against, live), unseenOn(live));
	const asked = question.rule && host && loadedOn(host, loaded.rules ?? [], question.rule);
	const address = question.address === undefined ? undefined : parseIp(question.address);
	const rows: StateRow[] = [];
	for (const state of loaded.states) {
		if (address !== undefined && !hasAddress(state, address)) continue;
		const guests = guestsOf(state);
		if (question.guest !== undefined && !guests.includes(question.guest)) continue;
		const [rule, ...more] = find(state);
		const isCertain = rule !== undefined && more.length === 0;
		if (asked !== undefined && !(isCertain && asked.has(rule))) continue;
		const rate = rates?.get(state.id);
		rows.push({
			state,
			guests,
			...(isCertain ? { rule } : {}),
			...(rate === undefined ? {} : { rate }),
			...(judge === undefined ? {} : { verdict: judge(state, isCertain ? madeOnOf(rule.text) : undefined) }),
		});
	}
	const { order } = question;
	if (order !== undefined) rows.sort((a, b) => measures[order](b) - measures[order](a));
	return {
		kind: "answered",
		value: { rows, total: loaded.states.length, loaded, live, isRuleLoaded: asked === undefined || asked.size > 0 },
	};
}

const sum = ([there, back]: readonly [number, number]): number => there + back;
const measures: Readonly<Record<StateOrder, (row: StateRow) => number>> = {
	age: ({ state }) => state.age,
	bytes: ({ state }) => sum(state.bytes),
	packets: ({ state }) => sum(state.packets),
	rate: ({ rate }) => rate?.bytes ?? -1,
};

/** The files with what the host tells of its interfaces, which goes before them. */
export function modelOf(name: string, files: Files, live: LiveState): Host {
	const pf = pfFacts(files);
	const release = live.system?.reads;
	return hostBuilder()({
		name,
		files,
		...(pf === undefined ? {} : { pf }),
		...(release === undefined ? {} : { release }),
		...(live.complete ? { facts: { interfaces: live.interfaces.map(interfaceOf) } } : {}),
	});
}

/** Flags by their bits (sys/net/if.h), as far as pf asks for them. */
const FLAGS: Readonly<Record<string, number>> = { UP: 0x1, BROADCAST: 0x2, LOOPBACK: 0x8, POINTOPOINT: 0x10 };

function interfaceOf({ name, flags, groups, addresses }: LiveState["interfaces"][number]): HostInterface {
	return {
		name,
		flags: flags.reduce((bits, flag) => bits | (FLAGS[flag] ?? 0), 0),
		groups,
		addresses: addresses.map(({ family, address, prefix }) => ({
			family,
			address,
			...(prefix === undefined ? {} : { prefixLength: prefix }),
		})),
	};
}

/** The taps of running guests, with the addresses that their guests have. */
export function placesOf({ taps }: LiveState): readonly { readonly guest: string; readonly tap: string; readonly address?: string }[] {
	return taps.flatMap(({ name, use, guestAddress }) =>
		use.kind === "guest" ? [{ guest: use.name, tap: name, ...(guestAddress === undefined ? {} : { address: guestAddress }) }] : [],
	);
}

/** The ports of vebs without link1, whose frames pf does not see (sys/net/if_veb.c); vport is the host's own end. */
function unseenOn({ bridges }: LiveState): ReadonlySet<string> {
	const ports = bridges
		.filter(({ kind, flags }) => kind === "veb" && !flags.includes("LINK1"))
		.flatMap(({ members }) => members.map((member) => member.interface));
	return new Set(ports.filter((port) => !port.startsWith("vport")));
}

/** The loaded rules that a line of the files has made. */
function loadedOn(
	{ pf, source }: Host,
	rules: readonly NumberedRule[],
	at: { readonly path: string; readonly line: number },
): ReadonlySet<NumberedRule> {
	if (pf === undefined) return new Set();
	const lines = new Map<number, number>();
	const lineOf = (start: number): number => {
		const known = lines.get(start) ?? (source.files.get(at.path)?.text.slice(0, start).split("\n").length ?? 1) - 1;
		lines.set(start, known);
		return known;
	};
	const isThere = (rule: Rule): boolean => {
		const { file, span } = pf.place(rule);
		return file === at.path && at.line >= lineOf(span.start) && at.line <= lineOf(span.end);
	};
	return new Set(loadedRulesOf(pf, rules).flatMap(([rule, loaded]) => (isThere(rule) ? [loaded] : [])));
}

function hasAddress({ source, destination, family, translated }: PfState, wanted: NonNullable<ReturnType<typeof parseIp>>): boolean {
	if (family === wanted.family && (sameIp(source.address, wanted.address) || sameIp(destination.address, wanted.address))) return true;
	if (translated?.family !== wanted.family) return false;
	return sameIp(translated.source.address, wanted.address) || sameIp(translated.destination.address, wanted.address);
}
