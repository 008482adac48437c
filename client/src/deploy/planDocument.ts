/** A plan as a document: what differs, what runs, what is disturbed, and whether we are still let in. */
import { type DeployedChange, type FileChange, fileDiff, type Plan } from "@openbsd-vnet/remote";
import { type Message, packetChangesMarkdown, render } from "@openbsd-vnet/server";
import type { ChangedConnection, PacketChanges } from "@openbsd-vnet/server/protocol";
import { l10n } from "vscode";

const text = (message: Message): string => render(message, l10n.bundle);
const octal = (mode: number): string => mode.toString(8).padStart(4, "0");

export interface PlanContext {
	/** Connections that become possible, or stop. */
	readonly connections?: readonly ChangedConnection[];
	/** What pf does otherwise with packets. */
	readonly packets?: PacketChanges;
	/** Policy tests of the host that do not pass. */
	readonly failing?: readonly string[];
	/** What a deployment changed before which this rolls back. */
	readonly deployed?: readonly DeployedChange[];
	/** How the commands of that deployment ended. */
	readonly log?: string;
}

/** Markdown, with a fenced diff for each file. */
export function planDocument(
	plan: Plan,
	title: string,
	{ connections = [], packets, failing = [], deployed = [], log = "" }: PlanContext = {},
): string {
	const { changes, activations, interrupts, refused, notes, drifted, others, unchanged } = plan;
	const list = (paths: readonly string[]) => paths.map((path) => `- ${path}`).join("\n");
	return [
		`# ${title}`,
		...(plan.live.system?.simulated === true ? [`**${l10n.t("This is a simulated host: a stand-in answers, not OpenBSD.")}**`] : []),
		survivalText(plan),
		...(failing.length === 0 ? [] : [`## ${l10n.t("Policy tests that fail")}`, list(failing)]),
		...(drifted.length === 0
			? []
			: [`## ${l10n.t("Changed on the host since the last deployment")}`, list(drifted), l10n.t("These changes would be overwritten.")]),
		...connectionsText(connections),
		// Nothing where pf is not concerned.
		...(packets === undefined ? [] : [`## ${l10n.t("Packets that pf treats differently")}`, packetChangesMarkdown(packets, text)]),
		`## ${l10n.t("Commands, in this order")}`,
		activations.length === 0
			? l10n.t("None: nothing that runs depends on what changes.")
			: activations
					.map(
						({ words, why, disturbs, beside = [] }, i) =>
							`${i + 1}. \`${words.join(" ")}\`\n   - ${l10n.t("Why: {0}", text(why))}\n   - ${l10n.t("Disturbs: {0}", text(disturbs))}${beside.map((command) => `\n   - ${l10n.t("With: {0}", `\`${command}\``)}`).join("")}`,
					)
					.join("\n"),
		...(interrupts.length === 0 ? [] : [`**${l10n.t("This interrupts the network:")}**`, list(interrupts.map(({ what }) => text(what)))]),
		...(refused.length === 0
			? []
			: [
					`**${l10n.t("This is not deployed:")}**`,
					list(refused.map((each) => [each.path, text(each.text), ...(each.advice === undefined ? [] : [text(each.advice)])].join(" - "))),
				]),
		...(notes.length === 0 ? [] : [notes.map((note) => `- ${l10n.t("Note: {0}", text(note))}`).join("\n")]),
		`## ${l10n.t("Files that change")}`,
		...(changes.length === 0 ? [l10n.t("None: the host has these files already.")] : []),
		...changes.filter(({ diff }) => diff !== "").map(fileText),
		...permissionsText(changes.filter(({ diff }) => diff === "")),
		...(others.length === 0 ? [] : [`## ${l10n.t("On the host and not here: left as they are")}`, list(others)]),
		...(unchanged.length === 0 ? [] : [`## ${l10n.t("Unchanged")}`, list(unchanged)]),
		...(deployed.length === 0 ? [] : [`## ${l10n.t("What this deployment changed")}`]),
		...(log === "" ? [] : [fenced(log, "text")]),
		...deployed.map(({ path, before, after }) => `### ${path}\n\n${fenced(withoutHead(fileDiff(path, before, after)))}`),
		"",
	].join("\n\n");
}

function fileText(change: FileChange): string {
	const { path, before, mode, diff, text: wanted } = change;
	const said =
		wanted === undefined
			? [l10n.t("It is removed.")]
			: before.kind === "absent"
				? [l10n.t("It is new, with mode {0}.", octal(mode))]
				: permissionsOf(change);
	return [`### ${path}`, ...said, fenced(withoutHead(diff))].join("\n\n");
}

/** A diff below a heading that names its file; its first two lines would say so again, and dark high contrast shows nothing of them. */
function withoutHead(diff: string): string {
	return diff.replace(/^--- .*\n\+\+\+ .*\n/, "");
}

/** Files that keep their text. */
function permissionsText(changes: readonly FileChange[]): readonly string[] {
	return changes.length === 0 ? [] : [changes.map((change) => `- ${change.path}: ${permissionsOf(change).join(" ")}`).join("\n")];
}

function permissionsOf({ before, mode, differs }: FileChange): readonly string[] {
	if (before.kind === "absent") return [];
	return [
		...(differs.includes("mode") ? [l10n.t("Mode {0} becomes {1}.", octal(before.mode), octal(mode))] : []),
		...(differs.includes("owner") ? [l10n.t("Owner {0} becomes {1}.", `${before.owner}:${before.group}`, "0:0")] : []),
	];
}

/** In a fence that no line of the text ends. */
function fenced(body: string, language = "diff"): string {
	const longest = Math.max(2, ...[...body.matchAll(/`{3,}/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${body.replace(/\n$/, "")}\n${fence}`;
}

function connectionsText(connections: readonly ChangedConnection[]): readonly string[] {
	const titles = {
		opens: l10n.t("Becomes possible"),
		closes: l10n.t("Stops"),
		uncertain: l10n.t("Depends on what is not known"),
	};
	const lines = connections.map(
		({ kind, from, to, service, example, rule, reason = "" }) =>
			`- ${titles[kind]}: ${from} → ${to}, ${service}${reason === "" ? "" : ` (${reason})`}${rule === "" ? "" : ` (\`${rule}\`)`}${example === "" ? "" : `; ${l10n.t("such as {0}", `\`${example}\``)}`}`,
	);
	return lines.length === 0 ? [] : [`## ${l10n.t("Connections that change")}`, lines.join("\n")];
}

function survivalText({ survival }: Plan): string {
	switch (survival.kind) {
		case "unaffected":
			return l10n.t("The rules do not change: SSH is not affected.");
		case "survives":
			return `${l10n.t("A new SSH connection like this one is let in by:")} \`${survival.rule}\``;
		case "blocked":
			return `**${l10n.t("WARNING: a new SSH connection like this one would be blocked by:")}** \`${survival.rule}\``;
		case "lost":
			return `**${l10n.t("WARNING: a new SSH connection like this one would not come through: {0}", text(survival.why))}**`;
		case "unknown":
			return l10n.t("Whether a new SSH connection is let in is not known: {0}", text(survival.why));
	}
}
