/** What a deployment would change, run and disturb: worked out before anything happens. */
import { filesOfRulesets, type Message, msg, PF_CONF, pf, RC_CONF_LOCAL, unifiedDiff } from "@openbsd-vnet/server";
import { carpRoles } from "../carp.ts";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { askNetwork } from "../live.ts";
import type { LiveInterface } from "../live-interfaces.ts";
import type { LiveState } from "../live-state.ts";
import { run } from "../run.ts";
import { sh } from "../shell-words.ts";
import { type Activation, activationsOf, type GuestsBy, isOfRules, networkOf, notesOf } from "./activation.ts";
import type { HostComplaint } from "./complaint.ts";
import { textsThere } from "./fetch.ts";
import { digest, type FileRole, type HostFile, isEtcPath, modeOf, roleOf, type WantedFile } from "./files.ts";
import { lostWay } from "./own-way.ts";
import { refusedChanges } from "./refused.ts";
import { type RootRunner, runHostProgram } from "./root.ts";
import { hideSecrets } from "./secrets.ts";

export interface FileChange {
	readonly path: string;
	readonly role: FileRole;
	readonly before: Exclude<HostFile, { readonly kind: "other" }>;
	/** Undefined where the file is taken away. */
	readonly text: string | undefined;
	readonly mode: number;
	readonly owner: number;
	readonly group: number;
	readonly differs: readonly ("content" | "mode" | "owner")[];
	/** As `diff -u` prints it, with secrets hidden; empty where the content stays. */
	readonly diff: string;
}

/** What the new ruleset does to the SSH connection that we come by. */
export type Survival =
	| { readonly kind: "unaffected" }
	| { readonly kind: "survives"; readonly rule: string }
	| { readonly kind: "blocked"; readonly rule: string }
	/** The address that we came to goes, or what the host answers finds no way to us. */
	| { readonly kind: "lost"; readonly why: Message }
	| { readonly kind: "unknown"; readonly why: Message };

export interface Plan {
	/** The name that the user gave the host. */
	readonly host: string;
	readonly changes: readonly FileChange[];
	/** Paths that are as they should be. */
	readonly unchanged: readonly string[];
	/** On the host and not among the wanted files: they stay. */
	readonly others: readonly string[];
	/** Changed on the host since they were deployed last, by somebody else. */
	readonly drifted: readonly string[];
	/** The texts of all files that the host has now, by their paths. */
	readonly before: ReadonlyMap<string, string>;
	/** Anchors whose rules come from files: before, and with the changed files. */
	readonly anchors: { readonly before: readonly string[]; readonly after: readonly string[] };
	readonly activations: readonly Activation[];
	/** What is interrupted on the way, by the interface: only done where that was agreed to. */
	readonly interrupts: readonly { readonly name: string; readonly what: Message }[];
	/** What a deployment does not do: with any of it, nothing is changed. */
	readonly refused: readonly HostComplaint[];
	/** What it leaves to be done by hand. */
	readonly notes: readonly Message[];
	readonly survival: Survival;
	readonly live: LiveState;
}

export interface PlanOptions {
	readonly root?: RootRunner;
	/** `reload`. */
	readonly guestsBy?: GuestsBy;
	/** Whether what interrupts the network may be done; else the interfaces concerned stay as they are until the host starts. */
	readonly interrupt?: boolean;
}

/**
 * Compares the wanted files with the host's.
 * @throws ConnectionError where the host cannot be asked, or where a file is none that may be deployed
 */
export async function makePlan(
	connection: Connection,
	wanted: readonly WantedFile[],
	{ root = runHostProgram, guestsBy = "reload", interrupt = false }: PlanOptions = {},
): Promise<Plan> {
	const { name } = connection.target;
	for (const { path, listed } of wanted)
		if (roleOf(path) === undefined && !(listed === true && isEtcPath(path)))
			throw new ConnectionError("unsupported", msg("{0} is not a file that is deployed", path));
	const { fetched, texts: before } = await textsThere(connection, new Map(wanted.map(({ path, text }) => [path, text])), root);
	const { live, routes } = await askNetwork((command, options) => run(connection, command, options));
	const changes: FileChange[] = [];
	for (const { path, text } of wanted) {
		const before = fetched.files.get(path) ?? { kind: "absent" };
		if (before.kind === "other") throw new ConnectionError("unsupported", notTouched(before.what, path, name));
		const change = changeOf(path, text, before);
		if (change !== undefined) changes.push(change);
	}
	const changed = new Set(changes.map(({ path }) => path));
	const drifted = changes.filter(({ path, before }) => {
		const deployed = fetched.deployed.get(path);
		return deployed !== undefined && deployed !== (before.kind === "file" ? digest(before.text) : "");
	});
	const after = filesAfter({ before, changes });
	const anchors = { before: [...anchorsOf(before)], after: [...anchorsOf(after)] };
	const rc = { before: before.get(RC_CONF_LOCAL) ?? "", after: after.get(RC_CONF_LOCAL) ?? "" };
	const circumstances = { live, anchors, guestsBy, rc, files: { before, after }, routes, interrupt };
	const { interrupts, differs } = networkOf(changes, circumstances);
	const connectionEnds = await run(connection, sh`printf '%s\\n' "$SSH_CONNECTION"`);
	return {
		host: name,
		changes,
		unchanged: wanted.map(({ path }) => path).filter((path) => !changed.has(path)),
		others: fetched.others,
		drifted: drifted.map(({ path }) => path),
		before,
		anchors,
		activations: activationsOf(changes, circumstances),
		interrupts,
		refused: refusedChanges(changes, live),
		notes: [...leadsNow(name, changes, live), ...differs, ...notesOf(changes, { live, rc })],
		survival: survivalOf(changes, before, after, connectionEnds.stdout.trim(), live.interfaces),
		live,
	};
}

/** Where hosts share addresses, the one that has them comes last: the others have to be able to take over. */
function leadsNow(name: string, changes: readonly FileChange[], { interfaces }: LiveState): readonly Message[] {
	const { leads } = carpRoles(interfaces);
	if (leads.length === 0 || changes.length === 0) return [];
	return [msg("{0} has the addresses of {1} now: where another host stands in for it, deploy to that one first", name, leads.join(", "))];
}

/** The texts of all files that the host is to have, by their paths. */
export function filesAfter({ before, changes }: Pick<Plan, "before" | "changes">): ReadonlyMap<string, string> {
	const after = new Map(before);
	for (const { path, text } of changes) {
		if (text === undefined) after.delete(path);
		else after.set(path, text);
	}
	return after;
}

/** The anchors that files are loaded into. */
function anchorsOf(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
	return new Set([...filesOfRulesets(texts).anchors.values()].flatMap((names) => [...names]));
}

function notTouched(what: "link" | "loose" | "special", path: string, host: string): Message {
	switch (what) {
		case "link":
			return msg("{0} on {1} is reached by a symbolic link: it is not touched", path, host);
		case "loose":
			return msg("{0} on {1} is in a folder that others than root may write: it is not touched", path, host);
		case "special":
			return msg("{0} on {1} is not a plain file: it is not touched", path, host);
	}
}

function changeOf(path: string, text: string | undefined, before: FileChange["before"]): FileChange | undefined {
	const role = roleOf(path) ?? "other";
	const old = before.kind === "file" ? before.text : undefined;
	// netstart insists on files that others may not read; other files keep the permissions that the host gave them.
	const kept = before.kind === "file" ? before.mode : modeOf(path);
	const mode = role === "hostname" ? kept & ~0o007 : kept;
	const differs: FileChange["differs"][number][] = [];
	if (old !== text) differs.push("content");
	if (text !== undefined && before.kind === "file" && before.mode !== mode) differs.push("mode");
	if (text !== undefined && before.kind === "file" && (before.owner !== 0 || before.group !== 0)) differs.push("owner");
	if (differs.length === 0) return undefined;
	return { path, role, before, text, mode, owner: 0, group: 0, differs, diff: fileDiff(path, old, text) };
}

/** As `diff -u` prints it; empty where both are the same. A text that is undefined is that of no file. */
export function fileDiff(path: string, before: string | undefined, after: string | undefined): string {
	if (before === after) return "";
	const [old = "", now = ""] = hideSecrets([before ?? "", after ?? ""]);
	const head = `--- ${before === undefined ? "/dev/null" : `a${path}`}\n+++ ${after === undefined ? "/dev/null" : `b${path}`}\n`;
	return head + unifiedDiff(old, now);
}

/**
 * Whether a new connection like ours would be let in.
 * @param before the texts of the files that the host has
 * @param files those of the files that it is to have
 * @param ends `$SSH_CONNECTION` of ssh(1): our address and port, the host's address and port
 */
function survivalOf(
	changes: readonly FileChange[],
	before: ReadonlyMap<string, string>,
	files: ReadonlyMap<string, string>,
	ends: string,
	interfaces: readonly LiveInterface[],
): Survival {
	const changed = changes.filter(({ differs }) => differs.includes("content"));
	const [, from, fromPort, to, port] = /^(\S+) (\d+) (\S+) (\d+)$/.exec(ends) ?? [];
	const paths = changed.map(({ path }) => path);
	const lost = from === undefined || to === undefined ? undefined : lostWay({ from, to }, interfaces, paths, files);
	if (lost !== undefined) return { kind: "lost", why: lost };
	if (!changed.some(isOfRules({ files: { before, after: files } }))) return { kind: "unaffected" };
	const text = files.get(PF_CONF);
	if (text === undefined) return { kind: "unknown", why: msg("the host has no {0}", PF_CONF) };
	if (from === undefined || fromPort === undefined || to === undefined || port === undefined)
		return { kind: "unknown", why: msg("the host does not tell by which address we came") };
	const on = interfaces.find(({ addresses }) => addresses.some(({ address }) => address === to));
	if (on === undefined) return { kind: "unknown", why: msg("no interface of the host has the address {0} that we came to", to) };
	const [answer] = pf.evaluate(text, [`in ${on.name} tcp ${from} ${fromPort} ${to} ${port} S - -`], {
		fileName: PF_CONF,
		readFile: (path) => files.get(path),
		interfaces: interfaces.map(({ name, groups, addresses }) => ({
			name,
			groups,
			addresses: addresses.map(({ family, address, prefix }) => ({
				family,
				address,
				prefixLength: prefix ?? (family === "inet" ? 32 : 128),
			})),
		})),
	});
	if (answer === undefined || answer.rule === "(unreadable)")
		return { kind: "unknown", why: msg("the packet of our connection could not be made") };
	const [doubt] = answer.dependsOn;
	if (doubt !== undefined) return { kind: "unknown", why: msg("it depends on {0}", doubt) };
	return { kind: answer.verdict === "pass" ? "survives" : "blocked", rule: answer.rule };
}
