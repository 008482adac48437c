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
import { type ChangeInWords, hostBuilder, inWords, isCutOff, pfFacts, reachabilityDifference, render } from "@openbsd-vnet/server";
import type { Outputs } from "./output-schemas.ts";
import { severityLabel } from "./severity.ts";
import { plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

/** Which connections the plan makes possible, and which it stops; undefined where rules are too many to tell. */
function connectionsOf({ host, before, changes }: Plan): readonly ChangeInWords[] | undefined {
	const model = (texts: ReadonlyMap<string, string>) => {
		const files = new Map([...texts].map(([path, text]) => [path, { text }]));
		const pf = pfFacts(files);
		return hostBuilder()({ name: host, files, ...(pf && { pf }) });
	};
	const hosts = [model(before), model(filesAfter({ before, changes }))] as const;
	return hosts.some(isCutOff) ? undefined : reachabilityDifference(...hosts).map(inWords);
}

export function planText(plan: Plan): string {
	const { host, changes, others, drifted, activations, interrupts, refused, notes, survival } = plan;
	if (changes.length === 0) return `${tell("{0}: nothing to do", plain(host))}\n`;
	const octal = (mode: number) => mode.toString(8).padStart(4, "0");
	const permissions = changes.map(({ path, before, mode, differs }) => {
		const modes =
			before.kind === "file" && differs.includes("mode")
				? `${tell("{0}: mode {1} becomes {2}", plain(path), octal(before.mode), octal(mode))}\n`
				: "";
		const owner =
			before.kind === "file" && differs.includes("owner")
				? `${tell("{0}: owner {1} becomes {2}", plain(path), `${before.owner}:${before.group}`, "0:0")}\n`
				: "";
		return modes + owner;
	});
	const commands = activations.map(({ words, why, disturbs, beside = [] }) => {
		const more = beside.map((command) => `    ${tell("with {0}", plain(command))}\n`).join("");
		return `  ${plain(words.join(" "))}\n    ${tell("because {0}", plain(translated(why)))}\n    ${plain(translated(disturbs))}\n${more}`;
	});
	return [
		...(plan.live.system?.simulated === true
			? [`${tell("{0} is a simulated host: our stand-in answers, not OpenBSD", plain(host))}\n`]
			: []),
		...changes.map(({ diff }) => plainLines(diff)),
		...drifted.map((path) => `${tell("Changed on {0} since it was deployed: {1}", plain(host), plain(path))}\n`),
		...(others.length > 0 ? [`${tell("On {0} and not here, left as they are: {1}", plain(host), others.map(plain).join(", "))}\n`] : []),
		...connectionLines(connectionsOf(plan)),
		...(commands.length > 0 ? [`${tell("Commands, in this order:")}\n`, ...commands] : []),
		...interrupts.map(({ what }) => `${tell("Interrupts, and is only done with --interrupt: {0}", plain(translated(what)))}\n`),
		...refused.map((each) => `${tell("Not deployed:")} ${complaintLine(host, each)}`),
		...notes.map((note) => `${tell("Note: {0}", plain(translated(note)))}\n`),
		...permissions,
		survivalText(survival),
	].join("");
}

function connectionLines(connections: readonly ChangeInWords[] | undefined): readonly string[] {
	if (connections === undefined)
		return [`${tell("Which connections change is not known: rules are left out, because they are too many")}\n`];
	const words = { opens: tell("becomes possible"), closes: tell("stops"), uncertain: tell("depends on what is not known") };
	const lines = connections.map(
		({ kind, from, to, service, example, rule }) =>
			`  ${tell("{0}: {1}", `${from} -> ${to}, ${service}`, rule === "" ? words[kind] : tell("{0}, by: {1}", words[kind], plain(rule)))}\n${example === "" ? "" : `    ${tell("such as {0}", example)}\n`}`,
	);
	return lines.length === 0 ? [] : [`${tell("Connections:")}\n`, ...lines];
}

function survivalText(survival: Plan["survival"]): string {
	switch (survival.kind) {
		case "unaffected":
			return "";
		case "survives":
			return `${tell("A new SSH connection is let in by: {0}", plain(survival.rule))}\n`;
		case "blocked":
			return `${tell("WARNING: a new SSH connection would be blocked by: {0}", plain(survival.rule))}\n`;
		case "lost":
			return `${tell("WARNING: a new SSH connection would not come through: {0}", plain(translated(survival.why)))}\n`;
		case "unknown":
			return `${tell("Whether a new SSH connection is let in is not known: {0}", plain(translated(survival.why)))}\n`;
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
			return `${tell("{0}: nothing to do", plain(host))}\n`;
		case "deployed":
			return `${tell("{0}: deployed as {1}", plain(host), result.id)}\n${differencesText(host, result.differs)}`;
		case "drifted":
			return `${tell("{0}: nothing was changed, because these files were changed there since: {1}. 'openbsd-vnet pull {0}' brings them together with the files here; --over-drift overwrites them", plain(host), result.paths.map(plain).join(", "))}\n`;
		case "rejected":
			return `${result.complaints.map((each) => complaintLine(host, each)).join("")}${tell("{0}: nothing was changed", plain(host))}\n`;
		case "failed": {
			const log = `/var/backups/openbsd-vnet/${result.id}/log`;
			const ends: Readonly<Record<DeployEnd, string>> = {
				untouched: tell("nothing was changed"),
				restored: tell("all is as before"),
				incomplete: `${tell("the host rolled back, but this differs from before (- was, + is), see {0} there:", log)}\n${plainLines(result.differs.join("\n"))}`,
				trying: tell("a command of the way back fails, and the host tries it again for five minutes at most: see {0} there", log),
				watchdog: tell("the host rolls back by itself within {0} s", result.seconds),
				undecided: tell("the line was lost while the change was being kept: the host has it, or rolls back within {0} s", result.seconds),
			};
			if (result.declined) return `${tell("{0}: not kept; {1}", plain(host), ends[result.end])}\n`;
			return `${tell("{0}: failed to {1}: {2}; {3}", plain(host), translated(result.step.what), plain(translated(result.message)), ends[result.end])}\n`;
		}
	}
}

/** Whether the way back was tried on a host. */
export function wayBackText(host: string, wayBack: WayBack | undefined): string {
	if (wayBack === undefined) return `${tell("{0}: the way back was never rehearsed", plain(host))}\n`;
	const { result, date, user, reason, isCurrent } = wayBack;
	const ends = {
		works: tell("the way back works"),
		fails: tell("the way back does not work"),
		declined: tell("a rehearsal was declined ({0})", plain(reason)),
	};
	const told = [plain(host), ends[result], plain(date), plain(user)];
	return isCurrent
		? `${tell("{0}: {1}, as of {2} by {3}", ...told)}\n`
		: `${tell("{0}: {1}, as of {2} by {3}, before its release or our program there changed", ...told)}\n`;
}

/** What is not as it would be if the host had started with these files. */
function differencesText(host: string, differs: readonly Verified[] | undefined): string {
	if (differs === undefined)
		return `${tell("{0}: whether all runs as after a start was not looked at: 'openbsd-vnet verify {0}' does", plain(host))}\n`;
	if (differs.length === 0) return `${tell("{0}: all runs as after a start with these files", plain(host))}\n`;
	const lines = differs.map(
		({ subject, expected, found }) =>
			`  ${tell("{0}: {1} is wanted, and there is: {2}", plain(subject), plain(translated(expected)), plain(translated(found)))}\n`,
	);
	return `${tell("{0}: not as after a start with these files:", plain(host))}\n${lines.join("")}`;
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
	return `${plain(host)}:${place === "" ? "" : ` ${place}:`} ${severityLabel(severity).join("")}${plain(translated(text))} (${program})\n${advice === undefined ? "" : `    ${plain(translated(advice))}\n`}`;
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
