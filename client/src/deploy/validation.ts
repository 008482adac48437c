/** "Validate on Host": what the host's own programs say of its files, beside what we say. */

import { type HostComplaint, runHostProgram, validate, withConnection } from "@openbsd-vnet/remote";
import { PF_CONF, render } from "@openbsd-vnet/server";
import { commands, Diagnostic, type DiagnosticCollection, DiagnosticSeverity, l10n, Range, type Uri, workspace } from "vscode";
import { inBackground } from "../background.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showInformation, showWarning } from "../notices.ts";
import { uriOf, wantedFiles } from "./hostFiles.ts";
import type { ReachHost } from "./reach.ts";

const severities: Readonly<Record<HostComplaint["severity"], DiagnosticSeverity>> = {
	error: DiagnosticSeverity.Error,
	warning: DiagnosticSeverity.Warning,
	information: DiagnosticSeverity.Information,
};

/**
 * Lets the host check its files.
 * @param found takes the complaints, instead of those of the last time
 * @returns how many there are
 */
export async function validateOnHost(
	host: KnownHost,
	etc: string,
	reach: ReachHost,
	found: DiagnosticCollection,
	signal: AbortSignal,
): Promise<number> {
	const files = await wantedFiles(host);
	return await withConnection(
		() => reach(host, signal),
		async (connection) => {
			const stop = () => connection.close();
			signal.addEventListener("abort", stop);
			const complaints = await validate(connection, runHostProgram, files).finally(() => signal.removeEventListener("abort", stop));
			await showComplaints(host, etc, found, complaints);
			return complaints.length;
		},
	);
}

/** Shows complaints at their places; those of no file stand at the first file of the host. */
export async function showComplaints(
	{ name }: KnownHost,
	etc: string,
	found: DiagnosticCollection,
	complaints: readonly HostComplaint[],
): Promise<void> {
	const byFile = new Map<string, { readonly uri: Uri; readonly diagnostics: Diagnostic[] }>();
	for (const complaint of complaints) {
		const uri = uriOf(etc, complaint.path ?? PF_CONF);
		const known = byFile.get(uri.toString()) ?? { uri, diagnostics: [] };
		byFile.set(uri.toString(), known);
		known.diagnostics.push(await diagnosticOf(name, uri, complaint));
	}
	forget(etc, found);
	for (const { uri, diagnostics } of byFile.values()) found.set(uri, diagnostics);
}

/** Forgets what was said of the files of a host. */
function forget(etc: string, found: DiagnosticCollection): void {
	const folder = `${uriOf(etc, "/etc/").toString().replace(/\/$/, "")}/`;
	const old: Uri[] = [];
	found.forEach((uri) => {
		if (uri.toString().startsWith(folder)) old.push(uri);
	});
	for (const uri of old) found.delete(uri);
}

async function diagnosticOf(host: string, uri: Uri, complaint: HostComplaint): Promise<Diagnostic> {
	const { line, columns, text, advice, program, severity } = complaint;
	const message = [text, ...(advice === undefined ? [] : [advice])].map((each) => render(each, l10n.bundle)).join("\n");
	const diagnostic = new Diagnostic(await rangeOf(uri, line, columns), message, severities[severity]);
	diagnostic.source = host;
	diagnostic.code = program;
	return diagnostic;
}

async function rangeOf(uri: Uri, line: number | undefined, columns: HostComplaint["columns"]): Promise<Range> {
	const row = (line ?? 1) - 1;
	if (columns !== undefined) return new Range(row, columns.start - 1, row, columns.end - 1);
	try {
		const at = (await workspace.openTextDocument(uri)).lineAt(row);
		return new Range(row, at.firstNonWhitespaceCharacterIndex, row, at.text.length);
	} catch {
		// Not here any more, or shorter than when it was checked.
		return new Range(row, 0, row, 0);
	}
}

/** Says how it went. */
export function tellValidation({ name }: KnownHost, complaints: number): void {
	if (complaints === 0) {
		inBackground(showInformation(l10n.t("{0} accepts all files.", name)));
		return;
	}
	const show = l10n.t("Show Problems");
	inBackground(
		showWarning(l10n.t("{0} reports {1} messages.", name, complaints), show).then((choice) => {
			if (choice === show) inBackground(commands.executeCommand("workbench.actions.view.problems"));
		}),
	);
}
