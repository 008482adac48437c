/** What an upgrade brings, in words. */
import type { ChangedConnection, UpgradeEffect, UpgradeView } from "../protocol.ts";
import { type Message, msg, render, type Translations } from "../text/message.ts";

export const upgradeTitles: Readonly<Record<UpgradeEffect, Message>> = {
	refused: msg("Will be refused"),
	meaning: msg("Will mean something else"),
	printed: msg("Is printed otherwise"),
	needless: msg("Has become needless"),
};

export const upgradeChanges: Readonly<Record<ChangedConnection["kind"], Message>> = {
	opens: msg("becomes possible"),
	closes: msg("is no longer possible"),
	uncertain: msg("is no longer certain"),
};

/** What is said where an upgrade brings nothing. */
export const noUpgradeChanges: Message = msg("Nothing in these files changes.");

/** The heading of a host's upgrade. */
export function upgradeHeading({ host, from, to }: Pick<UpgradeView, "host" | "from" | "to">): Message {
	return msg("{0}: from OpenBSD {1} to {2}", host, from, to);
}

/** For a comment on a pull request. */
export function upgradeMarkdown(view: UpgradeView, translations?: Translations): string {
	const { note, findings, ruleset, connections } = view;
	const told = (message: Message): string => render(message, translations);
	const cell = (given: string): string => given.replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");
	const rows = findings.map(
		({ effect, path, range, message, fixes }) =>
			`| ${told(upgradeTitles[effect]).toLowerCase()} | ${cell(path)}:${range.start.line + 1} | ${cell(message)} | ${fixes.map(({ title }) => cell(title)).join("; ")} |\n`,
	);
	const head = [msg("where"), msg("what"), msg("fix")].map(told).join(" | ");
	const table = rows.length === 0 ? "" : `| | ${head} |\n|---|---|---|---|\n${rows.join("")}\n`;
	const changed = connections.map(
		({ kind, from: source, to: target, service }) =>
			`- ${told(msg("{0}: {1}", told(upgradeChanges[kind]), `${cell(source)} → ${cell(target)}, ${cell(service)}`))}\n`,
	);
	const rules = ruleset === "" ? "" : `\`\`\`diff\n${ruleset}\`\`\`\n\n`;
	const nothing = rows.length + connections.length === 0 && ruleset === "" ? `${told(noUpgradeChanges)}\n` : "";
	return `### ${cell(told(upgradeHeading(view)))}\n\n${note === "" ? "" : `${cell(note)}\n\n`}${table}${rules}${changed.join("")}${nothing}`;
}
