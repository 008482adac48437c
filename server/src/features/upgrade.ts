/** What becomes of a host's files with another release: the same host read for both. */

import { checkHost } from "../host/checks.ts";
import { filesOfHost } from "../host/discover.ts";
import { etcOf, type HostFolder, uriOnHost } from "../host/folder.ts";
import type { Host } from "../host/model.ts";
import { placesOfChange, upgradeFiles } from "../host/release-changes.ts";
import type { Documents } from "../project/documents.ts";
import { languageOf } from "../project/languages.ts";
import { Lines } from "../project/lines.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { UpgradeEffect, UpgradeFinding, UpgradeView } from "../protocol.ts";
import { changesUntil, RELEASES } from "../releases/releases.ts";
import { isBeyondKnown, newestKnownRelease } from "../releases/running.ts";
import type { Diagnostic, Fix } from "../text/diagnostic.ts";
import { PF_CONF } from "../text/host-paths.ts";
import { unifiedDiff } from "../text/line-diff.ts";
import { type Message, msg, type Translations } from "../text/message.ts";
import { olderThan } from "../text/release.ts";
import type { Release } from "../text/vocabulary.ts";
import type { Workspace } from "../workspace.ts";
import { documentsOf, plainSession } from "./check.ts";
import { diagnosticText } from "./diagnostics.ts";
import { expanded } from "./expanded.ts";
import { connectionsChanged } from "./policy-view.ts";
import { localize, type Session } from "./session.ts";

/** The host as the files of one release make it. */
interface Reading {
	readonly documents: Documents;
	readonly model: Host;
	/** By their paths. */
	readonly found: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** The release that a host is taken to run where nothing tells: the one before. */
function releaseBefore(release: Release): Release {
	return RELEASES.findLast(({ name }) => olderThan(name, release))?.name ?? release;
}

/**
 * Reads a host for two releases.
 * @param from undefined where openbsd-vnet.json is to tell, or else the release before `to` is meant
 * @returns null where there are no files of a host
 */
export async function upgradeOf(
	workspace: Workspace,
	host: HostFolder,
	{ from, to }: { readonly from: Release | undefined; readonly to: Release },
	translations?: Translations,
): Promise<UpgradeView | null> {
	const files = await filesOfHost(workspace, host);
	const uris = [...files.keys()].flatMap((path) => uriOnHost(host, path) ?? []).filter((uri) => languageOf(uri) !== undefined);
	const [first] = uris;
	if (first === undefined) return null;
	const old = from ?? host.release ?? releaseBefore(to);
	const before = await readFor({ ...workspace, release: old }, uris);
	const after = await readFor({ ...workspace, release: to }, uris);
	if (before === undefined || after === undefined) return null;
	const texts = new Map<string, string>();
	for (const path of upgradeFiles) {
		const uri = uriOnHost(host, path);
		const text = uri === undefined ? undefined : await workspace.read(uri);
		if (text !== undefined) texts.set(path, text);
	}
	const session = plainSession(after.documents, translations);
	const textOf = (path: string): string => texts.get(path) ?? after.model.source.files.get(path)?.text ?? "";
	const finding = (
		path: string,
		at: Diagnostic["span"],
		rest: Omit<UpgradeFinding, "path" | "uri" | "range" | "fixes">,
		fixes: readonly Fix[],
	) => {
		const lines = new Lines(textOf(path));
		const uri = uriOnHost(host, path) ?? `${etcOf(host)}/${path}`;
		return { ...rest, path, uri, range: lines.range(at), fixes: fixes.map((fix) => fixOf(session, host, path, fix, textOf)) };
	};
	const findings = [
		...newDiagnostics(before, after).map(({ path, diagnostic }) =>
			finding(
				path,
				diagnostic.span,
				{ effect: effectOf(diagnostic), release: null, code: diagnostic.code, message: diagnosticText(session, diagnostic) },
				diagnostic.fixes ?? [],
			),
		),
		...changesBetween(old, to).flatMap(({ release, name, effect, summary }) =>
			placesOfChange(name, { host: after.model, texts }).map(({ at, advice, fixes = [] }) =>
				finding(at.file, at.span, { effect, release, code: name, message: sentences(session, summary, advice) }, fixes),
			),
		),
	];
	const rules = after.documents.file(uriOnHost(host, PF_CONF) ?? "");
	return {
		host: host.name,
		from: old,
		to,
		note: isBeyondKnown(to)
			? localize(session, msg("OpenBSD {0} is unknown to us, who know releases up to {1}.", to, newestKnownRelease))
			: "",
		findings: findings.sort(byWeight),
		ruleset: rules === undefined ? "" : rulesetDiff(before, after, rules),
		connections: rules === undefined ? [] : connectionsChanged(session, rules, before.model),
	};
}

async function readFor(workspace: Workspace, uris: readonly string[]): Promise<Reading | undefined> {
	const documents = await documentsOf(workspace, uris);
	const [first] = uris;
	if (first === undefined) return undefined;
	await documents.whenSettled(first);
	const opened = uris.flatMap((uri) => documents.file(uri) ?? []);
	const [any] = opened;
	if (any === undefined) return undefined;
	const model = documents.hostModel(any);
	const found = new Map<string, readonly Diagnostic[]>(checkHost(model));
	for (const { path, parsed } of opened) found.set(path, [...(found.get(path) ?? []), ...parsed.diagnostics()]);
	return { documents, model, found };
}

/** What is wrong for the later release alone. */
function newDiagnostics(before: Reading, after: Reading): readonly { readonly path: string; readonly diagnostic: Diagnostic }[] {
	const keyOf = ({ code, span, message }: Diagnostic): string => [code, span.start, message.template, ...message.args].join("\n");
	return [...after.found].flatMap(([path, all]) => {
		const known = new Set((before.found.get(path) ?? []).map(keyOf));
		return all.flatMap((diagnostic) => (known.has(keyOf(diagnostic)) || diagnostic.severity === "hint" ? [] : [{ path, diagnostic }]));
	});
}

/** What a program refuses is refused; what follows for the host, or is made into something else, means something else. */
function effectOf({ severity, code }: Diagnostic): UpgradeEffect {
	const byProgram = severity === "error" && /^(?:pf|vm|hostname)\//.test(code);
	return byProgram || code === "host/sysctl-name" ? "refused" : "meaning";
}

interface Brought {
	readonly release: Release;
	readonly name: string;
	readonly effect: UpgradeEffect;
	readonly summary: Message;
}

/** What the releases after one, up to another, have brought that the other still has. */
function changesBetween(from: Release, to: Release): readonly Brought[] {
	const lasting = new Set(changesUntil(to).map(({ name }) => name));
	return RELEASES.filter(({ name }) => olderThan(from, name) && !olderThan(to, name)).flatMap(({ name: release, changes }) =>
		changes.flatMap(({ name, effect, summary }) =>
			lasting.has(name) && effect !== "accepted" ? [{ release, name, effect, summary }] : [],
		),
	);
}

function sentences(session: Session, summary: Message, advice: Message | undefined): string {
	return diagnosticText(session, { message: summary, ...(advice === undefined ? {} : { advice }) });
}

function fixOf(session: Session, host: HostFolder, own: string, { title, edits }: Fix, textOf: (path: string) => string) {
	const byUri = new Map<string, { range: UpgradeFinding["range"]; newText: string }[]>();
	for (const { file = own, span, text } of edits) {
		const uri = uriOnHost(host, file);
		if (uri === undefined) continue;
		byUri.set(uri, [...(byUri.get(uri) ?? []), { range: new Lines(textOf(file)).range(span), newText: text }]);
	}
	return { title: localize(session, title), edits: [...byUri].map(([uri, list]) => ({ uri, edits: list })) };
}

const WEIGHTS: readonly UpgradeEffect[] = ["refused", "meaning", "printed", "needless"];

function byWeight(a: UpgradeFinding, b: UpgradeFinding): number {
	const place = ({ range: { start } }: UpgradeFinding): number => start.line * 1_000_000 + start.character;
	return WEIGHTS.indexOf(a.effect) - WEIGHTS.indexOf(b.effect) || (a.path < b.path ? -1 : a.path > b.path ? 1 : place(a) - place(b));
}

/** The rules that pfctl prints for either release. */
function rulesetDiff(before: Reading, after: Reading, { uri }: SourceFile): string {
	const textOf = ({ documents }: Reading): string => {
		const file = documents.file(uri);
		return file === undefined ? "" : (expanded(plainSession(documents), file)?.text ?? "");
	};
	return unifiedDiff(textOf(before), textOf(after));
}
