/** Lines that end in CR LF, as editors on Windows write them: told once, of the whole file. */

import { languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { describe } from "../text/check.ts";
import type { Diagnostic, DiagnosticCatalog } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";

export const LINE_ENDS = "file/line-ends";

export const lineEndDiagnostics = {
	[LINE_ENDS]: describe.error(
		"Lines that end in CR LF",
		"On OpenBSD a line ends in LF; the CR before it belongs to the line, where pfctl and vmd find a syntax error and ifconfig a value that it does not know.",
		"Save the file with LF: in VS Code by `CRLF` in the status bar.",
	),
} satisfies DiagnosticCatalog;

/** The diagnostic of a file whose language is read by a program of OpenBSD; undefined where no line ends so. */
export function lineEnds(file: SourceFile): Diagnostic | undefined {
	if (!file.hasCrLf || languages.get(file.parsed.language)?.manual === undefined) return undefined;
	const { text } = file;
	const end = text.indexOf("\r\n");
	return {
		code: LINE_ENDS,
		severity: "error",
		span: span(text.lastIndexOf("\n", end) + 1, end),
		message: msg("The lines end in CR LF"),
		advice: msg("OpenBSD's programs take the CR for a part of the line: save the file with LF."),
		fixes: [{ title: msg("Write LF"), edits: [{ span: span(0, text.length), text: text.replace(/\r\n/g, "\n") }], preferred: true }],
	};
}
