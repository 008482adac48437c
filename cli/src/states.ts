/** `openbsd-vnet states`: the connections that a host's pf lets through, whose they are, and what a change of the rules means for them. */
import {
	askStateRows,
	endStates,
	type RunOnHost,
	run,
	type StateAnswer,
	type StateOrder,
	type StateRow,
	withConnection,
} from "@openbsd-vnet/remote";
import { endOfState, filesOfHost, msg, parseIp, printRule, type StateVerdict } from "@openbsd-vnet/server";
import { UsageError } from "./arguments.ts";
import type { Done } from "./deploy.ts";
import { disk } from "./disk.ts";
import { exitStatus } from "./exit-status.ts";
import { hostFolder } from "./host-folder.ts";
import { namedHost } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { confirm } from "./prompts.ts";
import { connectTo, reached } from "./remote-host.ts";
import { rulePlace } from "./rule-place.ts";
import { statesTable } from "./states-table.ts";
import { plain, stderr } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

export interface StatesCall {
	readonly host: string;
	readonly json: boolean;
	readonly config?: string | undefined;
	readonly guest?: string | undefined;
	readonly address?: string | undefined;
	/** `FILE:LINE`. */
	readonly rule?: string | undefined;
	readonly sort?: StateOrder | undefined;
	readonly rates: boolean;
	/** The folder of the host whose ruleset the states are held against. */
	readonly against?: string | undefined;
	/** Ends those that would no longer be made. */
	readonly end: boolean;
	/** Without asking. */
	readonly yes: boolean;
}

/** How long apart the two readings are that make rates. */
const RATE_SECONDS = 2;

/** Asks a host for its states. Status 1 where some would no longer be made with the files that they are held against. */
export async function runStates(call: StatesCall): Promise<Done> {
	const { host, json, config, guest, address, sort, rates, against } = call;
	if (address !== undefined && parseIp(address) === undefined) throw new UsageError(tell("{0}: not an address", address));
	if (sort === "rate" && !rates) throw new UsageError(tell("{0} is for {1}", "--sort rate", "--rates"));
	if (call.end && against === undefined) throw new UsageError(tell("{0} is for {1}", "--end", "--against"));
	if (call.yes && !call.end) throw new UsageError(tell("{0} is for {1}", "--yes", "--end"));
	if (call.end && !call.yes && (json || process.stdin.isTTY !== true))
		throw new UsageError(tell("--end asks before it ends them: without a terminal, or with --json, say --yes"));
	const listed = await namedHost(host, guest !== undefined || call.rule !== undefined);
	const rule = call.rule === undefined || listed === undefined ? undefined : rulePlace(call.rule, listed);
	const files = listed && (await filesOfHost(disk, listed));
	const wanted = against === undefined ? undefined : await filesOfHost(disk, await hostFolder({ folder: against }));
	return await reached(() =>
		withConnection(
			() => connectTo(listed?.ssh ?? host, { config, name: host }),
			async (connection) => {
				const ask: RunOnHost = (command, options) => run(connection, command, options);
				const { user } = connection.target;
				const asked = await askStateRows(ask, user, {
					name: host,
					...(files === undefined ? {} : { files }),
					...(wanted === undefined ? {} : { against: wanted }),
					...(guest === undefined ? {} : { guest }),
					...(address === undefined ? {} : { address }),
					...(rule === undefined ? {} : { rule }),
					...(rates ? { rateSeconds: RATE_SECONDS } : {}),
					...(sort === undefined ? {} : { order: sort }),
				});
				if (asked.kind !== "answered") throw unread(host, asked);
				const answer = asked.value;
				if (!answer.isRuleLoaded)
					throw new PathError(tell("{0}: no rule of this line is loaded on {1} as it is written", call.rule ?? "", host));
				const refused = answer.rows.filter(({ verdict }) => verdict?.kind === "refused");
				let ended: number | undefined;
				if (call.end && refused.length > 0) {
					if (!call.yes) {
						stderr.write(statesTable(refused));
						const question = tell("End these {0} states on {1}? The connections of both sides break. (y/n)", refused.length, plain(host));
						if (!(await confirm(`${question} `))) return { output: "", status: exitStatus.found };
					}
					const done = await endStates(
						ask,
						refused.map(({ state }) => state.id),
						user,
					);
					if (done.kind !== "answered") throw unread(host, done);
					ended = done.value;
				}
				return {
					output: json ? jsonOf("states", asData(host, answer, ended)) : asText(host, answer, ended),
					status: refused.length > 0 && ended === undefined ? exitStatus.found : exitStatus.done,
				};
			},
		),
	);
}

function unread(
	host: string,
	answer: { readonly kind: "refused"; readonly allow: string } | { readonly kind: "failed"; readonly message: string },
): Error {
	return new UnreachedError(
		answer.kind === "refused"
			? tell("{0} lets nobody but root read its states. Allow it at the end of /etc/doas.conf: {1}", host, answer.allow)
			: tell("{0}: {1}", host, answer.message),
	);
}

/** The answer for programs: names that stay the same from version to version. */
function asData(host: string, { rows, total, loaded, live, isRuleLoaded: _ }: StateAnswer, ended: number | undefined): Outputs["states"] {
	return {
		host,
		simulated: live.system?.simulated === true,
		total,
		leftOut: loaded.leftOut,
		unread: loaded.unread,
		states: rows.map(({ state, guests, rule, rate, verdict }) => ({
			id: state.id,
			interface: state.interface === "all" ? null : state.interface,
			direction: state.direction,
			protocol: state.protocol,
			from: endOfState(state.source, state.family),
			to: endOfState(state.destination, state.family),
			...(state.translated === undefined
				? {}
				: {
						translated: {
							from: endOfState(state.translated.source, state.translated.family),
							to: endOfState(state.translated.destination, state.translated.family),
						},
					}),
			progress: state.progress,
			age: state.age,
			expires: state.expires,
			packets: state.packets,
			bytes: state.bytes,
			flags: state.flags,
			guests,
			rule: rule === undefined ? null : { anchor: rule.anchor, number: rule.number, text: rule.text },
			...(rate === undefined ? {} : { rate }),
			...(verdict === undefined ? {} : { against: verdictData(verdict) }),
		})),
		...(ended === undefined ? {} : { ended }),
	};
}

function verdictData({ kind, rule, why }: StateVerdict): NonNullable<Outputs["states"]["states"][number]["against"]> {
	return { verdict: kind, ...(rule === undefined ? {} : { rule: printRule(rule) }), ...(why === undefined ? {} : { why }) };
}

function asText(host: string, { rows, total, loaded, live }: StateAnswer, ended: number | undefined): string {
	const count = (kind: StateVerdict["kind"]): number => rows.filter(({ verdict }) => verdict?.kind === kind).length;
	const isHeld = rows.some(({ verdict }) => verdict !== undefined);
	const byGuest = new Map<string, number>();
	for (const { guests, verdict } of rows)
		if (verdict?.kind === "refused") for (const guest of guests) byGuest.set(guest, (byGuest.get(guest) ?? 0) + 1);
	const named = live.system?.simulated === true ? `${host} (${tell("simulated host")})` : host;
	const notes = [
		tell("{0}: {1} of {2} states", plain(named), rows.length, total),
		...(isHeld
			? [tell("with these files {0} would still be made, {1} no longer, {2} unknown", count("made"), count("refused"), count("unknown"))]
			: []),
		...(byGuest.size === 0
			? []
			: [tell("no longer, by guest: {0}", plain([...byGuest].map(([guest, many]) => `${guest} ${many}`).join(", ")))]),
		...whyUnknown(rows),
		...(ended === undefined ? [] : [tell("{0} were ended", ended)]),
		...(loaded.leftOut > 0 ? [tell("{0} more states were not read", loaded.leftOut)] : []),
		...(loaded.unread > 0 ? [tell("{0} lines were not understood", loaded.unread)] : []),
		...(loaded.refused?.kind === "refused"
			? [tell("which rule made them is not known; allow in /etc/doas.conf: {0}", plain(loaded.refused.allow))]
			: []),
		...(loaded.rules === undefined && loaded.refused === undefined
			? [tell("which rule made them is not known: other rules were loaded just then")]
			: []),
	];
	return (rows.length === 0 ? "" : statesTable(rows)) + notes.map((note) => `# ${note}\n`).join("");
}

const reasons = {
	interface: msg("where their first packets came is not known, and interfaces differ"),
	rule: msg("a rule asks for something that a state does not tell"),
	rules: msg("the ruleset is not whole, or the interfaces are not known"),
} as const;

function whyUnknown(rows: readonly StateRow[]): readonly string[] {
	return (["interface", "rule", "rules"] as const).flatMap((why) => {
		const many = rows.filter(({ verdict }) => verdict?.why === why).length;
		return many === 0 ? [] : [tell("unknown, {0}: {1}", many, translated(reasons[why]))];
	});
}
