/**
 * The rules that a host has loaded, and what it counts for them. pfctl needs root for that, so the commands go through
 * doas(1), which never asks for a password here.
 */

import type { CountedLimiter, CountedRule, PfState } from "@openbsd-vnet/server";
import type { LoggedPacket } from "./log-reader.ts";
import { doasRule } from "./run.ts";
import { type ShellCommand, sh } from "./shell-words.ts";

/** What came of a command that needs root. */
export type RootAnswer =
	| { readonly kind: "answered"; readonly text: string }
	/** doas refused it. `allow` is the line for /etc/doas.conf that would permit it. */
	| { readonly kind: "refused"; readonly allow: string }
	| { readonly kind: "failed"; readonly message: string };

export interface CommandResult {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** A command that runs as root, and its words as doas.conf(5) permits them: pfctl(8) whole would give away the rules. */
export interface CommandAsRoot {
	readonly command: ShellCommand;
	readonly words: readonly [string, ...string[]];
}

/** Rules of all anchors, each below its call. */
export const loadedRulesCommand = asRoot("pfctl", "-a", "*", "-s", "rules");

/** The same with counters. One `v` only: a second would add numbers to the rules and the sizes of tables to their names. */
export const ruleCountersCommand = asRoot("pfctl", "-a", "*", "-v", "-s", "rules");

/** All states, with the rule that made each and what identifies it. */
export const statesCommand = asRoot("pfctl", "-vv", "-s", "states");

/** The limiters of states and of sources with what is counted for them (since OpenBSD 7.9). */
export const limiterCommands = { state: asRoot("pfctl", "-s", "Stlimiters"), source: asRoot("pfctl", "-s", "Srclimiters") } as const;

/**
 * What pf logs from now on, as it comes, with numbers for names and who has loaded each rule. It sees that nobody listens any more at the
 * next packet that it would tell of; timeout(1) ends it where none comes, in the foreground: its setpgid() is refused to what leads a session,
 * as what sshd starts does.
 */
export const packetLogCommand = asRoot("timeout", "-f", "300", "tcpdump", "-l", "-n", "-e", "-v", "-ttt", "-i", "pflog0");

/** What pf has counted since it was enabled, what it dropped for which reason among it. */
export const pfInfoCommand = asRoot("pfctl", "-s", "info");

/** The names of all anchors, a line each. */
export const anchorsCommand = asRoot("pfctl", "-s", "Anchors");

/** A command for sh(1) that runs as root: as it is where we are root, which doas.conf need not permit. */
export function asRoot(...words: readonly [string, ...string[]]): CommandAsRoot {
	const command = sh`PATH="$PATH:/usr/bin:/bin:/usr/sbin:/sbin"; export PATH; if [ "$(id -u)" -eq 0 ]; then exec ${words}; fi; exec doas -n ${words}`;
	return { command, words };
}

/**
 * Reads what came of one of these commands.
 * @param user who we are on the host, for the line of doas.conf
 */
export function readRootAnswer({ status, stdout, stderr }: CommandResult, user: string, words: CommandAsRoot["words"]): RootAnswer {
	if (status === 0) return { kind: "answered", text: stdout };
	const message = stderr.trim();
	if (/^doas: /m.test(message) && !/command not found/.test(message)) {
		// Only a name that is one word of doas.conf(5) is written there.
		const name = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(user) ? user : "USER";
		return { kind: "refused", allow: doasRule(name, words) };
	}
	return { kind: "failed", message: message === "" ? `${words[0]} exited with ${status ?? "a signal"}` : message };
}

/** Reads the names of anchors. */
export function readAnchors(text: string): readonly string[] {
	return text.split("\n").flatMap((line) => (line.startsWith("  ") && line.trim() !== "" ? [line.trim()] : []));
}

/**
 * Reads how many packets pf has dropped for each reason beside its rules, from what `pfctl -s info` prints (pf_print_state.c,
 * print_status()): limits, states that do not fit, packets that are none. `match` counts what rules were asked for.
 */
export function readDropCounts(text: string): ReadonlyMap<string, number> {
	const [, counters = ""] = /^Counters\n((?: {2}.*(?:\n|$))*)/m.exec(text) ?? [];
	const counts = new Map<string, number>();
	for (const [, reason = "", count] of counters.matchAll(/^ {2}([a-z][a-z-]{0,30}) +(\d{1,20}) +[\d.]+\/s *$/gm))
		if (reason !== "match") counts.set(reason, Number(count));
	return counts;
}

/** Whether a loaded rule logs the packets that it matches itself. */
export function logs({ text }: CountedRule): boolean {
	return LOGS.test(text);
}

/** Whether a loaded rule has pf log what rules behind it match too, whatever they say. */
export function logsOthers({ text }: CountedRule): boolean {
	return LOGS.test(text) && /^[^"]*? log \([^)]*\bmatches\b/.test(text);
}

/** As pfctl prints a rule: what stands before `log` has no words of the user's. */
const LOGS = /^(?:pass|match|block(?: drop| return(?:-rst|-icmp6?)?(?: ?\([^)]*\))?)?)(?: in| out)? log\b/;

/** Whether a loaded rule names a limiter. */
export function namesLimiter({ text }: CountedRule): boolean {
	return / (?:state|source) limiter /.test(text);
}

/**
 * Reads a table of limiters by the names of its columns, which stand in its first line; what is none of their rows is left out.
 * `ID USE/LIMIT RATE/SECS ADMIT HARDLIM RATELIM` for states, `ID USE/ADDRS LIMIT RATE/SECS ADMIT ADDRLIM HARDLIM RATELIM` for sources.
 */
export function readLimiters(kind: CountedLimiter["kind"], text: string): readonly CountedLimiter[] {
	const [columns = [], ...rows] = text.split("\n").map((line) => line.trim().split(/[\s/]+/));
	const number = (row: readonly string[], name: string): number => {
		const value = row[columns.indexOf(name)];
		return value !== undefined && /^\d+$/.test(value) ? Number(value) : Number.NaN;
	};
	return rows.flatMap((row) => {
		if (row.length !== columns.length) return [];
		const limiter: CountedLimiter = {
			kind,
			id: number(row, "ID"),
			inUse: number(row, "USE"),
			most: number(row, kind === "state" ? "LIMIT" : "ADDRS"),
			admitted: number(row, "ADMIT"),
			overLimit: number(row, "HARDLIM"),
			overRate: number(row, "RATELIM"),
			overSources: kind === "state" ? 0 : number(row, "ADDRLIM"),
		};
		return Object.values(limiter).some(Number.isNaN) ? [] : [limiter];
	});
}

interface Level {
	readonly path: string;
	/** Whether the anchors below it stand here, each in a block of its own. */
	readonly wildcard: boolean;
}

/** A loaded rule with its number, by which states know it. */
export interface NumberedRule extends CountedRule {
	/** In its ruleset, from 0. */
	readonly number: number;
	/** The anchor that it calls; with `wildcard` those directly below it. */
	readonly calls?: { readonly path: string; readonly wildcard: boolean };
}

/** Reads rules with their counters, as `ruleCountersCommand` prints them. Lines that are neither are left out. */
export function readRuleCounters(text: string): readonly CountedRule[] {
	return readNumberedRules(text).map(({ number: _, calls: __, ...counted }) => counted);
}

/** The same with their numbers. */
export function readNumberedRules(text: string): readonly NumberedRule[] {
	const rules: NumberedRule[] = [];
	const levels: Level[] = [{ path: "", wildcard: false }];
	const counts = new Map<string, number>();
	const lines = text.split("\n");
	let unnamed = 0;
	for (const [index, line] of lines.entries()) {
		const level = levels.at(-1) ?? { path: "", wildcard: false };
		if (line === "" || line.startsWith("  [ ")) continue;
		if (line === "}") {
			if (levels.length > 1) levels.pop();
			continue;
		}
		const counters = /^ {2}\[ Evaluations: (\d+) +Packets: (\d+) +Bytes: (\d+) +States: (\d+) +\]$/.exec(lines[index + 1] ?? "");
		const opens = line.endsWith(" {");
		const name = /^anchor "([^"]*)"/.exec(line)?.[1];
		const isCall = opens || name !== undefined;
		const calls = isCall ? called(level.path, name ?? `_${++unnamed}`) : undefined;
		if (counters !== null) {
			const [, evaluations, packets, bytes, states] = counters.map(Number);
			if (evaluations === undefined || packets === undefined || bytes === undefined || states === undefined) continue;
			const number = counts.get(level.path) ?? 0;
			counts.set(level.path, number + 1);
			const text = opens ? line.slice(0, -2) : line;
			const { path } = level;
			const inserted = /^ {2}\[ Inserted: (uid \d{1,10} pid \d{1,10}) /.exec(lines[index + 2] ?? "")?.[1];
			const counted = { anchor: path, text, evaluations, packets, bytes, states, ...(inserted === undefined ? {} : { inserted }) };
			rules.push({ ...counted, number, ...(calls === undefined ? {} : { calls }) });
		}
		if (!opens || calls === undefined) continue;
		// A block without counters is one of the anchors that a wildcard calls.
		if (counters === null && level.wildcard && name !== undefined) levels.push({ path: joined(level.path, name), wildcard: false });
		else levels.push(calls);
	}
	return rules;
}

/**
 * The rules that may have made a state: one where that is certain, none where its rule is no longer loaded. A state knows the number of
 * its rule and that of the call of the anchor around it, and not in which ruleset the call stands.
 */
export function ruleFinder(rules: readonly NumberedRule[]): (state: Pick<PfState, "rule" | "anchor">) => readonly NumberedRule[] {
	const byNumber = new Map<string, NumberedRule>();
	const callers = new Map<number, NumberedRule[]>();
	const paths = new Set<string>();
	for (const rule of rules) {
		byNumber.set(`${rule.anchor}\n${rule.number}`, rule);
		paths.add(rule.anchor);
		if (rule.calls === undefined) continue;
		const known = callers.get(rule.number);
		if (known === undefined) callers.set(rule.number, [rule]);
		else known.push(rule);
	}
	const found = new Map<string, readonly NumberedRule[]>();
	const find = (rule: number, anchor: number | undefined): readonly NumberedRule[] => {
		const within =
			anchor === undefined
				? [""]
				: (callers.get(anchor) ?? []).flatMap(({ calls }) =>
						calls === undefined ? [] : calls.wildcard ? [...paths].filter((path) => isDirectlyBelow(path, calls.path)) : [calls.path],
					);
		return [...new Set(within)].flatMap((path) => byNumber.get(`${path}\n${rule}`) ?? []);
	};
	return ({ rule, anchor }) => {
		if (rule === undefined) return [];
		const key = `${rule} ${anchor ?? ""}`;
		const known = found.get(key) ?? find(rule, anchor);
		found.set(key, known);
		return known;
	};
}

/**
 * The rules that may have logged a packet: one where that is certain, none where its rule is no longer loaded. A packet knows the number
 * of its rule, or that of the outermost call and the last name of the anchor that the rule is in (pflog_packet() in sys/net/if_pflog.c).
 */
export function loggedRuleFinder(
	rules: readonly NumberedRule[],
): (packet: Pick<LoggedPacket, "rule" | "anchor" | "inserted">) => readonly NumberedRule[] {
	const main = new Map<number, NumberedRule>();
	const inAnchors = new Map<string, NumberedRule[]>();
	for (const rule of rules) {
		if (rule.anchor === "") main.set(rule.number, rule);
		const key = `${rule.anchor.slice(rule.anchor.lastIndexOf("/") + 1).slice(0, KEPT_OF_NAME)}\n${rule.number}`;
		const known = inAnchors.get(key);
		if (known === undefined) inAnchors.set(key, [rule]);
		else known.push(rule);
	}
	const found = new Map<string, readonly NumberedRule[]>();
	const find = (number: number, anchor: LoggedPacket["anchor"]): readonly NumberedRule[] => {
		const own = main.get(number);
		if (anchor === undefined) return own === undefined ? [] : [own];
		const base = own?.calls?.path;
		if (base === undefined || anchor.rule === undefined) return [];
		const named = inAnchors.get(`${anchor.name}\n${anchor.rule}`) ?? [];
		return named.filter(({ anchor: path }) => base === "" || path === base || path.startsWith(`${base}/`));
	};
	return ({ rule, anchor, inserted }) => {
		if (rule === undefined) return [];
		const key = `${rule} ${anchor?.rule ?? ""} ${anchor?.name ?? ""} ${inserted ?? ""}`;
		const known = found.get(key) ?? find(rule, anchor).filter((one) => inserted === undefined || one.inserted === inserted);
		if (found.size < MOST_KEPT) found.set(key, known);
		return known;
	};
}

/** So many characters of an anchor's last name are in the log (PFLOG_RULESET_NAME_SIZE, with an end). */
const KEPT_OF_NAME = 15;
/** A host that lies has no end of names. */
const MOST_KEPT = 100_000;

function isDirectlyBelow(path: string, parent: string): boolean {
	const start = parent === "" ? "" : `${parent}/`;
	return path.startsWith(start) && path.length > start.length && !path.slice(start.length).includes("/");
}

function called(from: string, name: string): Level {
	const wildcard = name === "*" || name.endsWith("/*");
	const bare = name.replace(/\/?\*$/, "");
	return { wildcard, path: bare.startsWith("/") ? bare.replace(/^\/+/, "") : joined(from, bare) };
}

function joined(path: string, name: string): string {
	return path === "" ? name : name === "" ? path : `${path}/${name}`;
}
