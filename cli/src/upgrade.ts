/** `openbsd-vnet upgrade`: what another release makes of a host's files. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type HostFolder, newestRelease, render, type UpgradeEffect, type UpgradeView } from "@openbsd-vnet/server";
import { noUpgradeChanges, upgradeChanges, upgradeHeading, upgradeMarkdown, upgradeTitles } from "@openbsd-vnet/server/features";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { disk } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { hostFolder } from "./host-folder.ts";
import { hostListAbove } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { releaseOf } from "./release.ts";
import { physical, sarifLog } from "./sarif.ts";
import { ownService } from "./service.ts";
import { type Piece, plain, type Style } from "./terminal.ts";
import { ownTranslations, tell, translated } from "./translations.ts";

interface UpgradeOptions {
	readonly from?: string | undefined;
	readonly to?: string | undefined;
	readonly host?: string | undefined;
	readonly format?: keyof typeof formats | undefined;
	readonly json?: boolean | undefined;
}

/** Runs the command. @throws PathError where there are no files of a host */
export async function runUpgrade(
	{ from, to, host, json = false, format = json ? "json" : "text" }: UpgradeOptions,
	[path, ...more]: readonly string[],
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "upgrade"));
	const releases = { from: releaseOf(from), to: to === undefined ? newestRelease : releaseOf(to) };
	const hosts = await hostsOf(path, host);
	const views: UpgradeView[] = [];
	for (const one of hosts) {
		const view = await ownService(disk).upgrade(one, releases);
		if (view === null) throw new PathError(tell("{0}: no pf.conf, vm.conf or hostname.if files there", fileURLToPath(one.root)));
		views.push(view);
	}
	stdout.write(formats[format](views));
	return views.every(isHarmless) ? exitStatus.done : exitStatus.found;
}

async function hostsOf(path: string | undefined, host: string | undefined): Promise<readonly HostFolder[]> {
	const all = path === undefined && host === undefined ? (await hostListAbove("."))?.hosts : undefined;
	return all ?? [await hostFolder({ folder: path, host })];
}

function isHarmless({ findings, connections }: UpgradeView): boolean {
	return connections.length === 0 && findings.every(({ effect }) => effect === "printed" || effect === "needless");
}

const STYLES: Readonly<Record<UpgradeEffect, Style>> = { refused: "error", meaning: "warning", printed: "hint", needless: "hint" };
const EFFECTS = Object.keys(upgradeTitles) as readonly UpgradeEffect[];

/** What is not looked at. */
const lookedAt = (): string =>
	tell(
		"Covers the files of /etc that are here; what packages and other daemons make of a release is in its upgrade guide: {0}",
		"https://www.openbsd.org/faq/",
	);

const SIGNS: Readonly<Record<UpgradeView["connections"][number]["kind"], string>> = { opens: "+", closes: "-", uncertain: "?" };

const formats: Readonly<Record<"text" | "json" | "sarif" | "markdown", (views: readonly UpgradeView[]) => string | readonly Piece[]>> = {
	text: (views) => [...views.flatMap(text), { text: lookedAt(), style: "faint" }, "\n"],
	json: (views) => jsonOf("upgrade", views),
	sarif,
	markdown: (views) => `${views.map((view) => plainLines(upgradeMarkdown(view, ownTranslations()))).join("\n")}\n${lookedAt()}\n`,
};

function text(view: UpgradeView): readonly Piece[] {
	const { note, findings, ruleset, connections } = view;
	const pieces: Piece[] = [{ text: plain(translated(upgradeHeading(view))), style: "strong" }, "\n"];
	if (note !== "") pieces.push(`${plain(note)}\n`);
	for (const effect of EFFECTS) {
		const own = findings.filter((finding) => finding.effect === effect);
		if (own.length > 0) pieces.push("\n", { text: tell("{0}:", translated(upgradeTitles[effect])), style: STYLES[effect] }, "\n");
		for (const { path, range, message, code, fixes } of own) {
			pieces.push(
				{ text: `  ${plain(path)}:${range.start.line + 1}:`, style: "strong" },
				` ${plain(message)} `,
				{ text: `[${code}]`, style: "faint" },
				"\n",
			);
			for (const { title } of fixes) pieces.push(`      ${tell("fix: {0}", plain(title))}\n`);
		}
	}
	if (ruleset !== "")
		pieces.push(
			`\n${tell("The rules that pfctl loads:")}\n`,
			...ruleset.split("\n").flatMap((line) => (line === "" ? [] : [`  ${plain(line)}\n`])),
		);
	if (connections.length > 0) pieces.push(`\n${tell("Connections:")}\n`);
	for (const { kind, from: source, to: target, service } of connections) {
		pieces.push(
			`  ${SIGNS[kind]} ${tell("{0}: {1}", translated(upgradeChanges[kind]), `${plain(source)} → ${plain(target)}, ${plain(service)}`)}\n`,
		);
	}
	if (findings.length === 0 && ruleset === "" && connections.length === 0) pieces.push(`${translated(noUpgradeChanges)}\n`);
	return [...pieces, "\n"];
}

function sarif(views: readonly UpgradeView[]): string {
	const findings = views.flatMap((view) => view.findings);
	const codes = [...new Set(findings.map(({ code }) => code))].sort();
	const levels: Readonly<Record<UpgradeEffect, string>> = { refused: "error", meaning: "warning", printed: "note", needless: "note" };
	const results = findings.map(({ code, effect, message, uri, range }) => ({
		ruleId: code,
		ruleIndex: codes.indexOf(code),
		level: levels[effect],
		message: { text: `${render(upgradeTitles[effect])}: ${message}` },
		locations: [physical(relative(".", fileURLToPath(uri)), range)],
	}));
	return sarifLog(
		codes.map((id) => ({ id })),
		results,
	);
}

/** Each line as a terminal may be shown it. */
function plainLines(given: string): string {
	return given.split("\n").map(plain).join("\n");
}
