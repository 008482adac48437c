/** What the commands of deployments print: for people, and as JSON. */
import {
	type DeployEnd,
	type DeployResult,
	filesAfter,
	type HostComplaint,
	type Plan,
	type Verified,
	type WayBack,
} from "@openbsd-vnet/remote";
import { type ChangeInWords, difference, hostBuilder, inWords, isCutOff, pfFacts, render } from "@openbsd-vnet/server";
import type { Outputs } from "./output-schemas.ts";
import { plain } from "./terminal.ts";

/** Which connections the plan makes possible, and which it stops; undefined where rules are too many to tell. */
function connectionsOf({ host, before, changes }: Plan): readonly ChangeInWords[] | undefined {
	const model = (texts: ReadonlyMap<string, string>) => {
		const files = new Map([...texts].map(([path, text]) => [path, { text }]));
		const pf = pfFacts(files);
		return hostBuilder()({ name: host, files, ...(pf && { pf }) });
	};
	const hosts = [model(before), model(filesAfter({ before, changes }))] as const;
	return hosts.some(isCutOff) ? undefined : difference(...hosts).map(inWords);
}

export function planText(plan: Plan): string {
	const { host, changes, others, drifted, activations, interrupts, refused, notes, survival } = plan;
	if (changes.length === 0) return `${plain(host)}: nothing to do\n`;
	const octal = (mode: number) => mode.toString(8).padStart(4, "0");
	const permissions = changes.map(({ path, before, mode, differs }) => {
		const modes =
			before.kind === "file" && differs.includes("mode") ? `${plain(path)}: mode ${octal(before.mode)} becomes ${octal(mode)}\n` : "";
		const owner =
			before.kind === "file" && differs.includes("owner") ? `${plain(path)}: owner ${before.owner}:${before.group} becomes 0:0\n` : "";
		return modes + owner;
	});
	const commands = activations.map(({ words, why, disturbs, beside = [] }) => {
		const more = beside.map((command) => `    with ${plain(command)}\n`).join("");
		return `  ${plain(words.join(" "))}\n    because ${plain(render(why))}\n    ${plain(render(disturbs))}\n${more}`;
	});
	return [
		...(plan.live.system?.simulated === true
			? [`${plain(host)} is a simulated host: what it says is our stand-in's, not OpenBSD's\n`]
			: []),
		...changes.map(({ diff }) => plainLines(diff)),
		...drifted.map((path) => `Changed on ${plain(host)} since it was deployed: ${plain(path)}\n`),
		...(others.length > 0 ? [`On ${plain(host)} and not here, left as they are: ${others.map(plain).join(", ")}\n`] : []),
		...connectionLines(connectionsOf(plan)),
		...(commands.length > 0 ? ["Commands, in this order:\n", ...commands] : []),
		...interrupts.map(({ what }) => `Interrupts, and is only done with --interrupt: ${plain(render(what))}\n`),
		...refused.map((each) => `Not deployed: ${complaintLine(host, each)}`),
		...notes.map((note) => `Note: ${plain(render(note))}\n`),
		...permissions,
		survivalText(survival),
	].join("");
}

function connectionLines(connections: readonly ChangeInWords[] | undefined): readonly string[] {
	if (connections === undefined) return ["Which connections change is not known: rules are left out, because they are too many\n"];
	const words = { opens: "becomes possible", closes: "stops", uncertain: "depends on what is not known" };
	const lines = connections.map(
		({ kind, from, to, service, example, rule }) =>
			`  ${from} -> ${to}, ${service}: ${words[kind]}${rule === "" ? "" : `, by: ${plain(rule)}`}\n${example === "" ? "" : `    such as ${example}\n`}`,
	);
	return lines.length === 0 ? [] : ["Connections:\n", ...lines];
}

function survivalText(survival: Plan["survival"]): string {
	switch (survival.kind) {
		case "unaffected":
			return "";
		case "survives":
			return `A new SSH connection is let in by: ${plain(survival.rule)}\n`;
		case "blocked":
			return `WARNING: a new SSH connection would be blocked by: ${plain(survival.rule)}\n`;
		case "lost":
			return `WARNING: a new SSH connection would not come through: ${plain(render(survival.why))}\n`;
		case "unknown":
			return `Whether a new SSH connection is let in is not known: ${render(survival.why)}\n`;
	}
}

export function planObject(plan: Plan): Outputs["plan"] {
	const { host, changes, unchanged, others, drifted, activations, interrupts, refused, notes, survival } = plan;
	return {
		host,
		simulated: plan.live.system?.simulated === true,
		changes: changes.map(({ path, mode, differs, diff, text }) => ({
			path,
			differs,
			mode: mode.toString(8),
			removed: text === undefined,
			diff,
		})),
		unchanged,
		others,
		drifted,
		connections: connectionsOf(plan) ?? ("unknown: rules are left out, because they are too many" as const),
		commands: activations.map(({ words, why, disturbs, beside = [] }) => ({
			words,
			why: render(why),
			disturbs: render(disturbs),
			...(beside.length === 0 ? {} : { with: beside }),
		})),
		interrupts: interrupts.map(({ name, what }) => ({ interface: name, what: render(what) })),
		refused: refused.map(complaintObject),
		notes: notes.map((note) => render(note)),
		survival: "why" in survival ? { kind: survival.kind, why: render(survival.why) } : survival,
	};
}

export function resultText(host: string, result: DeployResult): string {
	switch (result.kind) {
		case "unchanged":
			return `${plain(host)}: nothing to do\n`;
		case "deployed":
			return `${plain(host)}: deployed as ${result.id}\n${differencesText(host, result.differs)}`;
		case "drifted":
			return `${plain(host)}: nothing was changed, because these files were changed there since: ${result.paths.map(plain).join(", ")}. 'openbsd-vnet pull ${plain(host)}' brings them together with the files here; --over-drift overwrites them\n`;
		case "rejected":
			return `${result.complaints.map((each) => complaintLine(host, each)).join("")}${plain(host)}: nothing was changed\n`;
		case "failed": {
			const ends: Readonly<Record<DeployEnd, string>> = {
				untouched: "nothing was changed",
				restored: "all is as before",
				incomplete: `the host rolled back, but this differs from before (- was, + is), see /var/backups/openbsd-vnet/${result.id}/log there:\n${plainLines(result.differs.join("\n"))}`,
				trying: `a command of the way back fails, and the host tries it again for five minutes at most: see /var/backups/openbsd-vnet/${result.id}/log there`,
				watchdog: `the host rolls back by itself within ${result.seconds} s`,
				undecided: `the line was lost while the change was being kept: the host has it, or rolls back within ${result.seconds} s`,
			};
			if (result.declined) return `${plain(host)}: not kept; ${ends[result.end]}\n`;
			return `${plain(host)}: failed to ${render(result.step.what)}: ${plain(render(result.message))}; ${ends[result.end]}\n`;
		}
	}
}

/** Whether the way back was tried on a host. */
export function wayBackText(host: string, wayBack: WayBack | undefined): string {
	if (wayBack === undefined) return `${plain(host)}: the way back was never rehearsed\n`;
	const { result, date, user, reason, isCurrent } = wayBack;
	const ends = {
		works: "the way back works",
		fails: "the way back does not work",
		declined: `a rehearsal was declined (${plain(reason)})`,
	};
	return `${plain(host)}: ${ends[result]}, as of ${plain(date)} by ${plain(user)}${isCurrent ? "" : ", before its release or our program there changed"}\n`;
}

/** What is not as it would be if the host had started with these files. */
function differencesText(host: string, differs: readonly Verified[] | undefined): string {
	if (differs === undefined)
		return `${plain(host)}: whether all runs as after a start was not looked at: 'openbsd-vnet verify ${plain(host)}' does\n`;
	if (differs.length === 0) return `${plain(host)}: all runs as after a start with these files\n`;
	const lines = differs.map(
		({ subject, expected, found }) => `  ${plain(subject)}: ${plain(render(expected))} is wanted, and there is: ${plain(render(found))}\n`,
	);
	return `${plain(host)}: not as after a start with these files:\n${lines.join("")}`;
}

export function resultObject(host: string, simulated: boolean, result: DeployResult): Outputs["rollback"] {
	const about = { host, simulated };
	switch (result.kind) {
		case "unchanged":
			return { ...about, result: result.kind };
		case "deployed": {
			const { kind, id, differs } = result;
			const told = differs?.map(({ area, subject, expected, found }) => ({
				area,
				subject,
				expected: render(expected),
				found: render(found),
			}));
			return { ...about, result: kind, id, ...(told === undefined ? {} : { differs: told }) };
		}
		case "drifted":
			return { ...about, result: result.kind, paths: result.paths };
		case "rejected":
			return { ...about, result: result.kind, complaints: result.complaints.map(complaintObject) };
		case "failed": {
			const { declined, kind, id, step, message, end, differs, seconds } = result;
			return {
				...about,
				result: declined ? "declined" : kind,
				id,
				step: step.id,
				message: render(message),
				end,
				...(differs.length > 0 ? { differs } : {}),
				seconds,
			};
		}
	}
}

/** As compilers write it, after the host's name. */
export function complaintLine(host: string, { path, line, columns, text, advice, program, severity }: HostComplaint): string {
	const place = [path, line, columns?.start].filter((part) => part !== undefined).join(":");
	return `${plain(host)}:${place === "" ? "" : ` ${place}:`} ${severity}: ${plain(render(text))} (${program})\n${advice === undefined ? "" : `    ${plain(render(advice))}\n`}`;
}

export function complaintObject({ text, advice, ...rest }: HostComplaint) {
	return { ...rest, text: render(text), ...(advice === undefined ? {} : { advice: render(advice) }) };
}

/** A file of the host may hold what would steer the terminal. */
export function plainLines(text: string): string {
	return text
		.split("\n")
		.map((line) => line.split("\t").map(plain).join("\t"))
		.join("\n");
}
