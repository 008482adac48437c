/** What an upgrade brings, in words. */
import type { ChangedConnection, UpgradeEffect, UpgradeView } from "../protocol.ts";

export const upgradeTitles: Readonly<Record<UpgradeEffect, string>> = {
	refused: "Will be refused",
	meaning: "Will mean something else",
	printed: "Is printed otherwise",
	needless: "Has become needless",
};

export const upgradeSigns: Readonly<Record<ChangedConnection["kind"], string>> = {
	opens: "+ becomes possible:",
	closes: "- is no longer possible:",
	uncertain: "? is no longer certain:",
};

/** For a comment on a pull request. */
export function upgradeMarkdown({ host, from, to, note, findings, ruleset, connections }: UpgradeView): string {
	const cell = (given: string): string => given.replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");
	const rows = findings.map(
		({ effect, path, range, message, fixes }) =>
			`| ${upgradeTitles[effect].toLowerCase()} | ${cell(path)}:${range.start.line + 1} | ${cell(message)} | ${fixes.map(({ title }) => cell(title)).join("; ")} |\n`,
	);
	const table = rows.length === 0 ? "" : `| | where | what | fix |\n|---|---|---|---|\n${rows.join("")}\n`;
	const changed = connections.map(
		({ kind, from: source, to: target, service }) =>
			`- ${upgradeSigns[kind].slice(2)} ${cell(source)} → ${cell(target)}, ${cell(service)}\n`,
	);
	const rules = ruleset === "" ? "" : `\`\`\`diff\n${ruleset}\`\`\`\n\n`;
	const nothing = rows.length + connections.length === 0 && ruleset === "" ? "Nothing in these files changes.\n" : "";
	return `### ${cell(host)}: from OpenBSD ${cell(from)} to ${cell(to)}\n\n${note === "" ? "" : `${cell(note)}\n\n`}${table}${rules}${changed.join("")}${nothing}`;
}
