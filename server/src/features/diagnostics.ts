/** textDocument/diagnostic and publishDiagnostics: what is wrong in a file, as the settings and its comments ask for it. */

import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as ProtocolDiagnostic } from "vscode-languageserver-types";
import { folderOf, uriOnHost } from "../host/folder.ts";
import { isAddressList } from "../project/address-list.ts";
import { isPart } from "../project/languages.ts";
import { Lines } from "../project/lines.ts";
import { rulesetPaths } from "../project/named-files.ts";
import type { SourceFile } from "../project/source-file.ts";
import { isBeyondKnown, newestKnownRelease } from "../releases/running.ts";
import type { Diagnostic, Severity } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { bounded } from "./bounded-diagnostics.ts";
import { diagnosticCatalog } from "./catalogs.ts";
import { lineEnds } from "./line-ends.ts";
import { localize, type Session } from "./session.ts";
import { suppressions } from "./suppressions.ts";

/** Shown as the diagnostic's origin. */
export const diagnosticSource = "openbsd-vnet";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
	error: DiagnosticSeverity.Error,
	warning: DiagnosticSeverity.Warning,
	information: DiagnosticSeverity.Information,
	hint: DiagnosticSeverity.Hint,
};

/** What a file shows, with the severities of the settings, without what its comments suppress. */
export function reportedDiagnostics(session: Session, file: SourceFile): readonly Diagnostic[] {
	const asked = session.settings.lint?.severities ?? {};
	const suppressed = suppressions(file);
	const reported: Diagnostic[] = [];
	const across = session.files.hostDiagnostics(file);
	const ends = lineEnds(file);
	const parsed = holdsValues(session, file) ? [] : file.parsed.diagnostics();
	const own = ends === undefined ? parsed : [ends, ...parsed];
	const all = across.length === 0 ? own : [...own, ...across].sort((a, b) => a.span.start - b.span.start);
	const { release } = file.parsed.context;
	for (const diagnostic of release !== undefined && isBeyondKnown(release) ? all.map(ofUnknownRelease) : all) {
		const severity = asked[diagnostic.code] ?? (diagnosticCatalog[diagnostic.code]?.optional === true ? "off" : diagnostic.severity);
		if (severity === "off" || suppressed(diagnostic.code, diagnostic.span.start)) {
			continue;
		}
		reported.push(severity === diagnostic.severity ? diagnostic : { ...diagnostic, severity });
	}
	return reported;
}

/** Nobody here knows what a release that is newer than all known ones takes: its own programs decide. */
function ofUnknownRelease(diagnostic: Diagnostic): Diagnostic {
	if (diagnostic.severity !== "error") return diagnostic;
	const advice = msg("This is unknown to us, who know releases up to OpenBSD {0}.", newestKnownRelease);
	return { ...diagnostic, severity: "information", advice };
}

/**
 * Whether it holds values and no rules: by its name, an editor takes `/etc/pf.bad` for rules, which may be a table's
 * addresses. Another file reads it so; or it is a list of addresses that none reads as rules, for `pfctl -t` say.
 */
function holdsValues({ files }: Session, file: SourceFile): boolean {
	if (!isPart(file)) return false;
	const others = files.hostOf(file).filter((other) => other !== file);
	if (others.some(({ parsed }) => parsed.valueFiles?.().has(file.path) === true)) return true;
	return isAddressList(file.text) && !others.some((other) => rulesetPaths(other).includes(file.path));
}

export function diagnostics(session: Session, file: SourceFile): ProtocolDiagnostic[] {
	const { shown, more } = bounded(reportedDiagnostics(session, file));
	return (more === undefined ? shown : [...shown, more]).map((diagnostic) => toProtocol(session, file, diagnostic));
}

/** The message and what to do about it, in the reader's language. */
export function diagnosticText(session: Session, { message, advice }: Pick<Diagnostic, "message" | "advice">): string {
	const first = localize(session, message);
	if (advice === undefined) return first;
	const second = localize(session, advice);
	return localize(session, /[.!?。！？]$/.test(first) ? msg("{0} {1}", first, second) : msg("{0}. {1}", first, second));
}

/** So many places that explain a diagnostic are shown. */
const MOST_RELATED = 50;

export function toProtocol(session: Session, file: SourceFile, diagnostic: Diagnostic): ProtocolDiagnostic {
	const { code, severity, related = [], tags = [] } = diagnostic;
	const page =
		session.documentation === undefined
			? undefined
			: `${session.documentation}/${localize(session, msg("diagnostics.md"))}#${anchorOf(code)}`;
	const information = related.slice(0, MOST_RELATED).flatMap(({ file: path, span: at, message }) => {
		const place = path === undefined || path === file.path ? file : session.files.onSameHost(file, path);
		const uri = place?.uri ?? (path === undefined ? undefined : uriOnHost(folderOf(file.identity.host), path));
		if (uri === undefined) return [];
		const lines = place?.lines ?? new Lines((path === undefined ? undefined : session.files.hostText(file, path)) ?? "");
		const range = lines.range(at);
		return [{ location: { uri, range }, message: localize(session, message) }];
	});
	return {
		range: file.lines.range(diagnostic.span),
		severity: severities[severity],
		code,
		...(page === undefined ? {} : { codeDescription: { href: page } }),
		source: diagnosticSource,
		message: diagnosticText(session, diagnostic),
		...(tags.length === 0
			? {}
			: { tags: tags.map((tag) => (tag === "deprecated" ? DiagnosticTag.Deprecated : DiagnosticTag.Unnecessary)) }),
		...(information.length === 0 ? {} : { relatedInformation: information }),
	};
}

/** The anchor of a code's heading in docs/diagnostics.md, as Markdown viewers make it. */
export function anchorOf(code: string): string {
	return code.toLowerCase().replace(/[^a-z0-9 _-]/g, "");
}

/** Title of the action that adds such a comment. */
export function suppressTitle(session: Session, code: string): string {
	return localize(session, msg("Ignore '{0}' here", code));
}
