/** `openbsd-vnet check`: the editor's diagnostics, for people and for machines. */

import { text as textOf } from "node:stream/consumers";
import { memoryWorkspace, PF_CONF, type Release, VM_CONF, type Workspace } from "@openbsd-vnet/server";
import { filesByHost } from "@openbsd-vnet/server/features";
import { type CommandOutput, didYouMean, listed, UsageError } from "./arguments.ts";
import { type FileReport, type Level, levels, numberOf } from "./check-report.ts";
import { checkInShares } from "./check-shares.ts";
import { type Found, findFiles, textAt } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { formats } from "./formats.ts";
import { diskWithHosts, placesToCheck } from "./hosts.ts";
import { PathError } from "./path-error.ts";
import { Progress } from "./progress.ts";
import { releaseOf } from "./release.ts";
import { ownService } from "./service.ts";
import { plain } from "./terminal.ts";
import { ownTranslations, tell } from "./translations.ts";

interface CheckOptions {
	readonly format?: keyof typeof formats | undefined;
	readonly "fail-on"?: Level | "none" | undefined;
	readonly "max-warnings"?: string | undefined;
	readonly quiet?: boolean | undefined;
	readonly json?: boolean | undefined;
	readonly as?: string | undefined;
	readonly release?: string | undefined;
	readonly fix?: boolean | undefined;
	readonly "dry-run"?: boolean | undefined;
	readonly watch?: boolean | undefined;
}

/** What the kinds of `--as` are on a host. */
const KINDS: Readonly<Record<string, string>> = { pf: PF_CONF, vm: VM_CONF, pftest: "/etc/policy.pftest" };

/**
 * Runs the command.
 * @throws PathError where a path cannot be read
 */
export async function runCheck(options: CheckOptions, paths: readonly string[], output: CommandOutput): Promise<ExitStatus> {
	const { watch = false, as } = options;
	const fixes = options.fix === true || options["dry-run"] === true;
	if (as !== undefined && (fixes || watch))
		throw new UsageError(tell("--{0} is for files in their place, not for --as", watch ? "watch" : "fix"));
	if (!watch) return await checkOnce(options, paths, output);
	if (fixes) throw new UsageError(tell("--watch changes nothing: leave out --fix"));
	const { stdout, stderr } = output;
	const ended = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.abort());
	stdout.closed.addEventListener("abort", () => ended.abort());
	const { whileWatching } = await import("./watch.ts");
	await whileWatching(await placesToCheck(paths), ended.signal, async () => {
		stdout.clear();
		try {
			await checkOnce(options, paths, output);
		} catch (error) {
			// A file that is just being replaced is there again in a moment.
			if (!(error instanceof PathError)) throw error;
			for (const line of error.lines) stderr.write(`openbsd-vnet: ${plain(line)}\n`);
		}
		stderr.write([{ text: tell("Waiting for changes; Ctrl-C ends."), style: "faint" }, "\n"]);
	});
	return exitStatus.done;
}

async function checkOnce(
	{
		json = false,
		format = json ? "json" : "text",
		"fail-on": failOn = "error",
		"max-warnings": most,
		quiet = false,
		as,
		release,
		"dry-run": dryRun = false,
		fix = dryRun,
	}: CheckOptions,
	paths: readonly string[],
	output: CommandOutput,
): Promise<ExitStatus> {
	const { stdout, stderr } = output;
	const mostWarnings = most === undefined ? Number.POSITIVE_INFINITY : wholeNumber(most);
	const { found, workspace } = as === undefined ? await onDisk(paths, releaseOf(release)) : await byItself(as, paths, releaseOf(release));
	if (fix) {
		const { fixOnDisk } = await import("./fix.ts");
		const fixed = await fixOnDisk(workspace, found, dryRun, output);
		if (dryRun) return fixed > 0 ? exitStatus.found : exitStatus.done;
	}
	const uris = found.map(({ uri }) => uri);
	const progress = new Progress(stderr, [...filesByHost(uris)].length, (done, total) => tell("{0} of {1} hosts checked", done, total));
	const checked = await (as === undefined
		? checkInShares(workspace, uris, ownTranslations(), progress.step)
		: ownService(workspace).checkFiles(uris, progress.step));
	progress.end();
	const reports: FileReport[] = [];
	for (const { path, uri } of found) {
		const diagnostics = (checked.get(uri) ?? []).filter(({ severity }) => !quiet || severity === "error");
		if (diagnostics.length > 0) reports.push({ file: path, diagnostics, text: (await workspace.read(uri)) ?? "" });
	}
	stdout.write(formats[format]({ files: found.length, reports, quiet }));
	if (found.length === 0) stderr.write(`openbsd-vnet: ${tell("no pf.conf, vm.conf or hostname.if files there")}\n`);
	const limit = failOn === "none" ? -1 : levels.indexOf(failOn);
	const failed = levels.slice(0, limit + 1).some((level) => numberOf(reports, level) > 0);
	return failed || numberOf(reports, "warning") > mostWarnings ? exitStatus.found : exitStatus.done;
}

interface ToCheck {
	readonly found: readonly Found[];
	readonly workspace: Workspace;
}

async function onDisk(paths: readonly string[], release: Release | undefined): Promise<ToCheck> {
	const places = await placesToCheck(paths);
	return { found: await findFiles(places), workspace: await diskWithHosts(places, release) };
}

/** One text, as if it were that file of a host of which nothing else is known. */
async function byItself(kind: string, [path, ...more]: readonly string[], release: Release | undefined): Promise<ToCheck> {
	if (path === undefined || more.length > 0) throw new UsageError(tell("--as is for one file, or - for standard input"));
	const place = Object.hasOwn(KINDS, kind) ? KINDS[kind] : /^hostname:[a-z]+\d+$/.test(kind) ? `/etc/${kind.replace(":", ".")}` : undefined;
	if (place === undefined) {
		throw new UsageError(
			`${tell("--as is {0}, not '{1}'", listed([...Object.keys(KINDS), "hostname:em0"]), kind)}${didYouMean(kind, Object.keys(KINDS))}`,
		);
	}
	const uri = `file://${place}`;
	const text = path === "-" ? await textOf(process.stdin) : await textAt(path);
	return {
		found: [{ path: path === "-" ? tell("standard input") : path, uri }],
		workspace: { ...memoryWorkspace({ [uri]: text }), ...(release === undefined ? {} : { release }) },
	};
}

function wholeNumber(given: string): number {
	if (!/^\d{1,9}$/.test(given)) throw new UsageError(tell("--max-warnings is a number, not '{0}'", given));
	return Number(given);
}
