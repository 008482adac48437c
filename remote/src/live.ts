/** Asks a host for its live state, over whatever runs commands there. */
import { randomBytes } from "node:crypto";
import type { CountedLimiter, CountedRule } from "@openbsd-vnet/server";
import { type LiveRoute, routeCommands, routesIn } from "./live-routes.ts";
import {
	anchorsCommand,
	type CommandAsRoot,
	type CommandResult,
	limiterCommands,
	loadedRulesCommand,
	namesLimiter,
	type RootAnswer,
	readAnchors,
	readLimiters,
	readRootAnswer,
	readRuleCounters,
	ruleCountersCommand,
} from "./live-rules.ts";
import { liveAnswerLimit, liveCommands, liveScript, markedScript } from "./live-script.ts";
import { type LiveState, readLiveState } from "./live-state.ts";
import type { RunOptions } from "./run.ts";
import { type ShellCommand, sh } from "./shell-words.ts";

/** Runs a command of sh(1) on a host; rejects where it cannot be run at all, with a message for people. */
export type RunOnHost = (command: ShellCommand, options: RunOptions) => Promise<CommandResult>;

/** The live state of a host, in one round trip. */
export async function askLiveState(run: RunOnHost, signal?: AbortSignal): Promise<LiveState> {
	const marker = randomBytes(16).toString("hex");
	const { stdout } = await run(liveScript(marker), options(45_000, signal));
	return readLiveState(stdout, marker);
}

/** The live state of a host with its routes, which are undefined where it did not show them; in one round trip. */
export async function askNetwork(
	run: RunOnHost,
	signal?: AbortSignal,
): Promise<{ readonly live: LiveState; readonly routes: readonly LiveRoute[] | undefined }> {
	const marker = randomBytes(16).toString("hex");
	const { stdout } = await run(markedScript(marker, { ...liveCommands, ...routeCommands }), options(45_000, signal));
	return { live: readLiveState(stdout, marker), routes: routesIn(stdout, marker) };
}

/** What a question that needs root was answered with. */
export type Asked<T> = { readonly kind: "answered"; readonly value: T } | Exclude<RootAnswer, { readonly kind: "answered" }>;

/** The rules that are loaded, as pfctl prints them. */
export async function askLoadedRules(run: RunOnHost, user: string, signal?: AbortSignal): Promise<Asked<string>> {
	return await ask(run, loadedRulesCommand, user, (text) => text, signal);
}

/** The rules that are loaded, with what the host counts for them; and their limiters, where a rule names one. */
export async function askRuleCounters(run: RunOnHost, user: string, signal?: AbortSignal): Promise<Asked<LoadedCounters>> {
	const rules = await ask(run, ruleCountersCommand, user, readRuleCounters, signal);
	if (rules.kind !== "answered") return rules;
	const limiters: CountedLimiter[] = [];
	const without: LoadedCounters = { rules: rules.value, limiters };
	if (!rules.value.some(namesLimiter)) return { kind: "answered", value: without };
	for (const kind of ["state", "source"] as const) {
		const asked = await ask(run, limiterCommands[kind], user, (text) => readLimiters(kind, text), signal);
		if (asked.kind === "refused") return { kind: "answered", value: { ...without, refused: asked } };
		if (asked.kind === "answered") limiters.push(...asked.value);
	}
	return { kind: "answered", value: without };
}

/** When the host was booted, in its own words; undefined where it does not say. */
export async function askBoot(run: RunOnHost, signal?: AbortSignal): Promise<string | undefined> {
	const { status, stdout } = await run(
		sh`PATH="$PATH:/sbin:/usr/sbin"; LC_ALL=C; export PATH LC_ALL; sysctl -n kern.boottime`,
		options(10_000, signal),
	);
	const said = stdout.trim();
	return status === 0 && /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(said) ? said : undefined;
}

/** What a host counts. */
export interface LoadedCounters {
	readonly rules: readonly CountedRule[];
	readonly limiters: readonly CountedLimiter[];
	/** Why the limiters could not be read. */
	readonly refused?: Extract<RootAnswer, { readonly kind: "refused" }>;
}

/** The paths of the anchors that are loaded. */
export async function askAnchors(run: RunOnHost, user: string, signal?: AbortSignal): Promise<Asked<readonly string[]>> {
	return await ask(run, anchorsCommand, user, readAnchors, signal);
}

async function ask<T>(
	run: RunOnHost,
	command: CommandAsRoot,
	user: string,
	read: (text: string) => T,
	signal: AbortSignal | undefined,
): Promise<Asked<T>> {
	const answer = readRootAnswer(await run(command.command, options(30_000, signal)), user, command.words);
	return answer.kind === "answered" ? { kind: "answered", value: read(answer.text) } : answer;
}

function options(milliseconds: number, signal: AbortSignal | undefined): RunOptions {
	return { limit: liveAnswerLimit, milliseconds, ...(signal === undefined ? {} : { signal }) };
}
