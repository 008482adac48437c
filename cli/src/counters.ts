/** `openbsd-vnet counters`: what a host's pf counts for its rules, and what earlier readings show of it. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import {
	askBoot,
	askRuleCounters,
	type CountedWhen,
	type CounterReading,
	type CounterStart,
	daysWithout,
	type RuleWithPast,
	type RunOnHost,
	rememberReading,
	run,
	withConnection,
} from "@openbsd-vnet/remote";
import { filesOfHost, loadedRulesOf, pfFacts } from "@openbsd-vnet/server";
import type { Done } from "./deploy.ts";
import { disk } from "./disk.ts";
import { exitStatus } from "./exit-status.ts";
import { namedHost } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { connectTo, reached } from "./remote-host.ts";
import { columns, plain } from "./terminal.ts";
import { tell } from "./translations.ts";

export interface CountersCall {
	readonly host: string;
	readonly json: boolean;
	readonly config?: string | undefined;
	/** Only rules that have counted no packet for so many days. */
	readonly days?: number | undefined;
}

interface Place {
	readonly file: string;
	readonly line: number;
}

/** Reads a host's counters. Status 1 where some have counted nothing for the days that are asked for. */
export async function runCounters({ host, json, config, days }: CountersCall): Promise<Done> {
	const listed = await namedHost(host);
	const files = listed && (await filesOfHost(disk, listed));
	return await reached(() =>
		withConnection(
			() => connectTo(listed?.ssh ?? host, { config, name: host }),
			async (connection) => {
				const ask: RunOnHost = (command, options) => run(connection, command, options);
				const asked = await askRuleCounters(ask, connection.target.user);
				if (asked.kind !== "answered")
					throw new UnreachedError(
						asked.kind === "refused"
							? tell("{0} lets nobody but root do this. Allow it at the end of /etc/doas.conf: {1}", host, asked.allow)
							: tell("{0}: {1}", host, asked.message),
					);
				const boot = await askBoot(ask);
				const at = Date.now();
				const reading = { at, rules: asked.value.rules, ...(boot === undefined ? {} : { boot }) };
				const rules = await remembered(listed?.ssh ?? host, reading);
				const places = placesOf(files, rules);
				const shown = days === undefined ? rules : rules.filter((rule) => (daysWithout(rule, at) ?? -1) >= days);
				return {
					output: json ? jsonOf("counters", asData(host, shown, places, at)) : asText(host, shown, places, days),
					status: days !== undefined && shown.length > 0 ? exitStatus.found : exitStatus.done,
				};
			},
		),
	);
}

async function remembered(address: string, reading: CounterReading): Promise<readonly RuleWithPast[]> {
	const folder = join(stateFolder(process.env), "openbsd-vnet", "counters");
	try {
		return await rememberReading(folder, address, reading);
	} catch (error) {
		throw new PathError(tell("{0}: {1}", folder, error instanceof Error ? error.message : String(error)));
	}
}

/** Where programs keep what they remember (XDG Base Directory Specification); a path that is not absolute is not obeyed, as it says. */
function stateFolder(environment: Readonly<Record<string, string | undefined>>): string {
	const given = process.platform === "win32" ? environment.LOCALAPPDATA : environment.XDG_STATE_HOME;
	return given !== undefined && isAbsolute(given) ? given : join(homedir(), ".local", "state");
}

function placesOf(
	files: Awaited<ReturnType<typeof filesOfHost>> | undefined,
	rules: readonly RuleWithPast[],
): ReadonlyMap<RuleWithPast, Place> {
	const pf = files && pfFacts(files);
	if (files === undefined || pf === undefined) return new Map();
	return new Map(
		loadedRulesOf(pf, rules).flatMap(([rule, loaded]) => {
			const { file, span } = pf.place(rule);
			const line = (files.get(file)?.text.slice(0, span.start) ?? "").split("\n").length;
			return [[loaded, { file, line }] as const];
		}),
	);
}

function isoWhen({ after, by }: CountedWhen): { after?: string; by: string } {
	const iso = (time: number): string => new Date(time).toISOString();
	return { by: iso(by), ...(after === undefined ? {} : { after: iso(after) }) };
}

/** The answer for programs: names that stay the same from version to version. */
function asData(host: string, rules: readonly RuleWithPast[], places: ReadonlyMap<RuleWithPast, Place>, at: number): Outputs["counters"] {
	return {
		host,
		rules: rules.map((rule) => {
			const { anchor, text, evaluations, packets, bytes, states, since, start, readings, last } = rule;
			const place = places.get(rule);
			const days = daysWithout(rule, at);
			return {
				anchor,
				rule: text,
				...(place === undefined ? {} : { place }),
				evaluations,
				packets,
				bytes,
				states,
				since: isoWhen(since),
				start,
				readings,
				...(last === undefined ? {} : { last: isoWhen(last) }),
				...(days === undefined ? {} : { daysWithout: days }),
			};
		}),
	};
}

const begun: Readonly<Record<CounterStart, () => string>> = {
	first: () => tell("first reading"),
	boot: () => tell("boot"),
	loaded: () => tell("loaded"),
	cleared: () => tell("cleared"),
};

function asText(host: string, rules: readonly RuleWithPast[], places: ReadonlyMap<RuleWithPast, Place>, days: number | undefined): string {
	const minute = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace("T", " ")}Z`;
	const head = [
		tell("PACKETS"),
		tell("BYTES"),
		tell("EVALUATED"),
		tell("SINCE"),
		tell("BY"),
		tell("LAST COUNTED"),
		tell("PLACE"),
		tell("RULE"),
	];
	const cells = rows();
	const note =
		days === undefined
			? tell("{0}: {1} rules; each has counted at least since the time that is told", plain(host), rules.length)
			: tell("{0}: rules that are known to have counted no packet for {1} or more days: {2}", plain(host), days, rules.length);
	return `${rules.length === 0 ? "" : columns([head, ...cells])}# ${note}\n`;

	function rows(): readonly (readonly string[])[] {
		return rules.map((rule) => {
			const { anchor, text, packets, bytes, evaluations, since, start, last } = rule;
			const place = places.get(rule);
			return [
				String(packets),
				String(bytes),
				String(evaluations),
				minute(since.by),
				begun[start](),
				last === undefined ? "-" : minute(last.by),
				place === undefined ? "-" : `${place.file}:${place.line}`,
				`${anchor === "" ? "" : `${anchor}: `}${text}`,
			];
		});
	}
}
