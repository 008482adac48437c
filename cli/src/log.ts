/** `openbsd-vnet log`: what pf logs on a running host, as it comes. */
import { followLog, type LogBegin, type LogRow, loggedEndText, run, withConnection } from "@openbsd-vnet/remote";
import { filesOfHost, parseIp } from "@openbsd-vnet/server";
import { UsageError } from "./arguments.ts";
import { disk } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { namedHost } from "./hosts.ts";
import { jsonLine } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { connectTo, reached } from "./remote-host.ts";
import { rulePlace } from "./rule-place.ts";
import { type Printer, padded, plain, stderr } from "./terminal.ts";
import { tell } from "./translations.ts";

export interface LogCall {
	readonly host: string;
	readonly json: boolean;
	readonly config?: string | undefined;
	readonly guest?: string | undefined;
	readonly address?: string | undefined;
	readonly interface?: string | undefined;
	readonly action?: string | undefined;
	/** `FILE:LINE`. */
	readonly rule?: string | undefined;
	/** Ends after so many packets. */
	readonly count?: number | undefined;
}

/** Follows the log until it is ended (Ctrl-C), nobody reads it any more, or so many packets are shown. */
export async function runLog(call: LogCall, stdout: Printer): Promise<ExitStatus> {
	const { host, json, config, guest, address, count } = call;
	const action = call.action === "any" ? undefined : call.action;
	if (address !== undefined && parseIp(address) === undefined) throw new UsageError(tell("{0}: not an address", address));
	const listed = await namedHost(host, guest !== undefined || call.rule !== undefined);
	const files = listed && (await filesOfHost(disk, listed));
	const rule = call.rule === undefined || listed === undefined ? undefined : rulePlace(call.rule, listed);
	const question = {
		name: host,
		...(files && { files }),
		...(guest === undefined ? {} : { guest }),
		...(address === undefined ? {} : { address }),
		...(call.interface === undefined ? {} : { interface: call.interface }),
		...(action === undefined ? {} : { action }),
		...(rule && { rule }),
	};
	const ended = new AbortController();
	const end = (): void => ended.abort();
	stdout.closed.addEventListener("abort", end);
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
	let shown = 0;
	/** Of the rule that is asked about. */
	let asked: LogBegin["asked"];
	try {
		const answer = await reached(() =>
			withConnection(
				() => connectTo(listed?.ssh ?? host, { config, name: host }),
				(connection) =>
					followLog(
						(command, options) => run(connection, command, options),
						connection.target.user,
						question,
						{
							begin: (begin) => {
								asked = begin.asked;
								// Nothing would ever come.
								if (asked === "absent" || asked === "silent") end();
								else for (const note of notesOf(host, begin)) stderr.write(`# ${note}\n`);
							},
							drops: (counts) => {
								const reasons = [...counts].map(([reason, count]) => `${reason} ${count}`);
								stderr.write(`# ${tell("dropped beside the rules, in the log or not: {0}", reasons.join(", "))}\n`);
							},
							rows: (rows, _, { leftOut, skipped, unread }) => {
								const room = count === undefined ? rows.length : count - shown;
								for (const row of rows.slice(0, room)) stdout.write(json ? jsonLine("log", dataOf(row)) : `${lineOf(row)}\n`);
								shown += Math.min(room, rows.length);
								const note = (text: string): unknown => stderr.write(`# ${text}\n`);
								if (leftOut > 0) note(tell("packets that were too many to be shown: {0}", leftOut));
								if (skipped > 0) note(tell("lines that were too many to be read: {0}", skipped));
								if (unread > 0) note(tell("lines that were not understood: {0}", unread));
								if (shown === count) end();
							},
						},
						ended.signal,
					),
			),
		);
		if (asked === "absent") throw new PathError(tell("{0}: no rule of this line is loaded on {1} as it is written", call.rule ?? "", host));
		if (asked === "silent") throw new PathError(tell("{0}: the rule of this line logs nothing: it has no `log`", call.rule ?? ""));
		if (answer.kind === "answered") return exitStatus.done;
		throw new UnreachedError(
			answer.kind === "refused"
				? tell("{0} lets nobody but root read what it logs. Allow it at the end of /etc/doas.conf: {1}", host, answer.allow)
				: tell("{0}: {1}", host, answer.message),
		);
	} finally {
		for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
	}
}

function notesOf(host: string, { live, refused, silent, dropsAllow }: LogBegin): readonly string[] {
	const named = live.system?.simulated === true ? `${host} (${tell("simulated host")})` : host;
	return [
		tell("{0}: what pf logs from now on; Ctrl-C ends", plain(named)),
		...(refused?.kind === "refused" ? [tell("which rules log is not known; allow in /etc/doas.conf: {0}", plain(refused.allow))] : []),
		...(refused?.kind === "failed" ? [tell("which rules log is not known: {0}", plain(refused.message))] : []),
		...(dropsAllow === undefined
			? []
			: [tell("what is dropped beside the rules is not known; allow in /etc/doas.conf: {0}", plain(dropsAllow))]),
		...(silent.length === 0 ? [] : [tell("not in the log: what rules block without `log`, of which {0} are loaded", silent.length)]),
	];
}

function lineOf({ packet, guests, rule, place }: LogRow): string {
	const { time, action, direction, protocol = "-", source, destination, reason, text } = packet;
	const ways = source === undefined || destination === undefined ? text : `${loggedEndText(source)} > ${loggedEndText(destination)}`;
	const by = rule === undefined ? `rule ${numberOf(packet)}` : rule.text;
	const at = place === undefined ? (rule?.anchor ?? "") : `${place.path}:${place.line + 1}`;
	const words = [
		time,
		padded(action, 5),
		padded(direction, 3),
		padded(packet.interface, 7),
		padded(protocol, 5),
		ways,
		...(guests.length === 0 ? [] : [`(${guests.join(", ")})`]),
		...(reason === "match" ? [] : [`[${reason}]`]),
		...(at === "" ? [] : [at]),
		by,
	];
	return words.map(plain).join(" ");
}

/** As tcpdump has it: `3`, `5.web01.0`, `def`. */
function numberOf({ rule, anchor }: LogRow["packet"]): string {
	if (rule === undefined) return "def";
	return anchor === undefined ? `${rule}` : `${rule}.${anchor.name}.${anchor.rule ?? "def"}`;
}

function dataOf({ packet, guests, rule, place }: LogRow): Outputs["log"] {
	const { time, action, reason, direction, protocol, source, destination, text } = packet;
	return {
		time,
		action,
		reason,
		direction,
		interface: packet.interface,
		...(protocol === undefined ? {} : { protocol }),
		...(source === undefined ? {} : { from: loggedEndText(source) }),
		...(destination === undefined ? {} : { to: loggedEndText(destination) }),
		number: numberOf(packet),
		guests,
		rule: rule === undefined ? null : { anchor: rule.anchor, number: rule.number, text: rule.text },
		...(place === undefined ? {} : { place: { file: place.path, line: place.line + 1 } }),
		packet: text,
	};
}
