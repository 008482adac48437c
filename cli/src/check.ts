/** `openbsd-vnet check`: the editor's diagnostics, for people and for machines. */

import { text as textOf } from "node:stream/consumers";
import { memoryWorkspace, type Workspace } from "@openbsd-vnet/server";
import { checkFiles } from "@openbsd-vnet/server/features";
import { didYouMean, type Output, UsageError } from "./arguments.ts";
import { checkInShares } from "./check-shares.ts";
import { type Found, findFiles, textAt } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { formats } from "./formats.ts";
import { diskWithHosts, placesToCheck } from "./hosts.ts";
import { type FileReport, type Level, levels, numberOf } from "./report.ts";
import { ownTranslations } from "./translations.ts";

interface CheckOptions {
	readonly format?: keyof typeof formats | undefined;
	readonly "fail-on"?: Level | "none" | undefined;
	readonly "max-warnings"?: string | undefined;
	readonly quiet?: boolean | undefined;
	readonly json?: boolean | undefined;
	readonly as?: string | undefined;
}

/** What the kinds of `--as` are on a host. */
const KINDS: Readonly<Record<string, string>> = { pf: "/etc/pf.conf", vm: "/etc/vm.conf", pftest: "/etc/policy.pftest" };

/**
 * Runs the command.
 * @throws PathError where a path cannot be read
 */
export async function runCheck(
	{ json = false, format = json ? "json" : "text", "fail-on": failOn = "error", "max-warnings": most, quiet = false, as }: CheckOptions,
	paths: readonly string[],
	{ stdout, stderr }: Output,
): Promise<ExitStatus> {
	const mostWarnings = most === undefined ? Number.POSITIVE_INFINITY : wholeNumber(most);
	const { found, workspace } = as === undefined ? await onDisk(paths) : await byItself(as, paths);
	const uris = found.map(({ uri }) => uri);
	const checked = await (as === undefined ? checkInShares : checkFiles)(workspace, uris, ownTranslations());
	const reports: FileReport[] = [];
	for (const { path, uri } of found) {
		const diagnostics = (checked.get(uri) ?? []).filter(({ severity }) => !quiet || severity === "error");
		if (diagnostics.length > 0) reports.push({ file: path, diagnostics, text: (await workspace.read(uri)) ?? "" });
	}
	stdout.write(formats[format]({ files: found.length, reports, quiet }));
	if (found.length === 0) stderr.write("openbsd-vnet: no pf.conf, vm.conf or hostname.if files there\n");
	const limit = failOn === "none" ? -1 : levels.indexOf(failOn);
	const failed = levels.slice(0, limit + 1).some((level) => numberOf(reports, level) > 0);
	return failed || numberOf(reports, "warning") > mostWarnings ? exitStatus.found : exitStatus.done;
}

interface ToCheck {
	readonly found: readonly Found[];
	readonly workspace: Workspace;
}

async function onDisk(paths: readonly string[]): Promise<ToCheck> {
	const places = await placesToCheck(paths);
	return { found: await findFiles(places), workspace: await diskWithHosts(places) };
}

/** One text, as if it were that file of a host of which nothing else is known. */
async function byItself(kind: string, [path, ...more]: readonly string[]): Promise<ToCheck> {
	if (path === undefined || more.length > 0) throw new UsageError("--as is for one file, or - for standard input");
	const place = Object.hasOwn(KINDS, kind) ? KINDS[kind] : /^hostname:[a-z]+\d+$/.test(kind) ? `/etc/${kind.replace(":", ".")}` : undefined;
	if (place === undefined) {
		throw new UsageError(`--as is ${Object.keys(KINDS).join(", ")} or hostname:em0, not '${kind}'${didYouMean(kind, Object.keys(KINDS))}`);
	}
	const uri = `file://${place}`;
	const text = path === "-" ? await textOf(process.stdin) : await textAt(path);
	return { found: [{ path: path === "-" ? "standard input" : path, uri }], workspace: memoryWorkspace({ [uri]: text }) };
}

function wholeNumber(given: string): number {
	if (!/^\d{1,9}$/.test(given)) throw new UsageError(`--max-warnings is a number, not '${given}'`);
	return Number(given);
}
