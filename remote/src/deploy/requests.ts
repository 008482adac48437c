/** What the host program is asked for by a deployment, step by step. */

import { pathsOfRulesets } from "@openbsd-vnet/server";
import type { Activation } from "./activation.ts";
import { digest, roleOf } from "./files.ts";
import { inputOf, type NamedText } from "./input.ts";
import { filesAfter, type Plan } from "./plan.ts";
import type { RootRequest } from "./root.ts";
import { withStagedPaths } from "./staged-paths.ts";

const base = "/var/backups/openbsd-vnet";

/** Names of deployments: the time, and a word that makes it the only one. */
export function isDeploymentId(id: string): boolean {
	return /^[0-9]{8}T[0-9]{6}-[0-9a-f]{8}$/.test(id);
}

/** The requests of one deployment. */
export interface DeployRequests {
	readonly lock: RootRequest;
	readonly stage: RootRequest;
	readonly backup: RootRequest;
	readonly write: RootRequest;
	readonly arm: RootRequest;
	readonly verifyArmed: RootRequest;
	/** @param n the number of the activation in the plan */
	activate(n: number): RootRequest;
	/** Puts the files into their places, for good. */
	readonly keep: RootRequest;
	/** Ends it now, all as before where something was changed. Prints how it ended: an outcome, or nothing where nothing had begun. */
	readonly undo: RootRequest;
	/** Prints how it ended; nothing where it has not. */
	readonly outcome: RootRequest;
	/** Gives the watchdog another time to wait, from now. */
	extend(seconds: number): RootRequest;
}

/** How long a host waits for what comes before the first change, in seconds: a slow one takes a minute to check and to back up. */
const PREPARATION = 120;

/**
 * @param seconds how long the watchdog waits for the confirmation
 * @throws TypeError where the name is none of a deployment
 */
export function deployRequests(id: string, plan: Plan, seconds: number): DeployRequests {
	if (!isDeploymentId(id)) throw new TypeError("not the name of a deployment");
	const of = (verb: string, ...args: readonly number[]): RootRequest => ({ verb, args: [id, ...args] });
	return {
		lock: of("lock", Math.max(seconds, PREPARATION)),
		stage: { ...of("stage"), input: planInput(id, plan) },
		backup: of("backup"),
		write: of("write"),
		arm: of("arm", seconds),
		verifyArmed: of("verify-armed"),
		activate: (n) => of("activate", n),
		keep: of("keep"),
		undo: of("undo"),
		outcome: of("outcome"),
		extend: (more) => of("extend", more),
	};
}

/**
 * A plan in lines, with its texts:
 *
 *	change N file|absent DIGEST|- put|remove MODE DIGEST|- PATH     what is found, and what is left
 *	run N KIND ...                                                  a command, by its kind
 *	same DIGEST PATH                                                a file that is as it is to be
 *	anchor before|after NAME                                        an anchor that files are loaded into
 */
function planInput(id: string, { changes, activations, anchors, unchanged, ...plan }: Plan): string {
	const lines = [
		...changes.map(({ path, before, text, mode }, i) =>
			[
				"change",
				i,
				before.kind,
				before.kind === "file" ? digest(before.text) : "-",
				text === undefined ? "remove" : "put",
				mode.toString(8).padStart(3, "0"),
				text === undefined ? "-" : digest(text),
				path,
			].join(" "),
		),
		...activations.map((activation, n) => `run ${n} ${activation.kind} ${subjectOf(activation)}`.trimEnd()),
		...unchanged.flatMap((path) => {
			const text = plan.before.get(path);
			return text === undefined ? [] : [`same ${digest(text)} ${path}`];
		}),
		...anchors.before.map((name) => `anchor before ${name}`),
		...anchors.after.map((name) => `anchor after ${name}`),
	];
	const texts = changes.flatMap(({ text }, i): readonly NamedText[] => (text === undefined ? [] : [{ name: `new/${i}`, text }]));
	const rulesets = activations.some(({ kind }) => kind === "rules") ? stagedRulesets(id, filesAfter({ ...plan, changes })) : [];
	const partial = activations.flatMap(({ lines: of = [] }) =>
		of.map(({ name, lines: text }): NamedText => ({ name: `lines/${name}`, text })),
	);
	return inputOf(lines, [...texts, ...rulesets, ...partial]);
}

function subjectOf({ kind, subject, words }: Activation): string {
	switch (kind) {
		case "sysctl":
			return words[1] ?? "";
		case "rules":
			return "";
		case "service":
			return `${words[1] ?? ""} ${subject}`;
		default:
			return subject;
	}
}

/** Rulesets that name each other where they lie before they are confirmed. */
function stagedRulesets(id: string, files: ReadonlyMap<string, string>): readonly NamedText[] {
	const run = `${base}/${id}/run`;
	const named = pathsOfRulesets(files);
	const rulesets = [...files].filter(([path]) => roleOf(path) === "pf" || named.has(path));
	const staged = rulesets.map(([path]) => ({ path, place: `${run}${path}` }));
	return rulesets.map(([path, text]) => ({ name: `run${path}`, text: withStagedPaths(text, staged) }));
}

/** Where a confirmed deployment keeps a file as it was before, and as it was deployed. */
export function keptFiles(id: string, number: number): { readonly before: string; readonly after: string } {
	return { before: `${base}/${id}/old/${number}`, after: `${base}/${id}/new/${number}` };
}
