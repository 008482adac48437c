/** What became of policy tests, in words: for the command line and the Test Explorer. */

import { isPolicyTests, type PolicyFailure, type PolicyTestResult, runPolicyTests } from "../policy/policy-tests.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { Place } from "../text/place.ts";
import { diagnosticText } from "./diagnostics.ts";
import { localize, type Session } from "./session.ts";

/** An expectation with what became of it; a line that is not understood has failed. */
export interface TestedExpectation {
	readonly name: string;
	readonly result: PolicyTestResult["result"];
	/** From 0. */
	readonly line: number;
	/** What is wrong, in one sentence each, with the rule that decides. */
	readonly reasons: readonly string[];
}

/** The expectations of a file in the order of its lines; those that cannot be tested, with the reason, among them. */
export function testedExpectations(session: Session, file: SourceFile): readonly TestedExpectation[] {
	const { parsed } = file;
	if (!isPolicyTests(parsed)) return [];
	const host = session.files.hostModel(file);
	const wrong = [...parsed.diagnostics(), ...session.files.hostDiagnostics(file).filter(({ code }) => code === "pftest/unknown-guest")];
	const lines = new Set(wrong.map(({ span }) => file.lines.lineAt(span.start)));
	const tested = runPolicyTests(host, parsed).flatMap(({ span, name, result, failures }): TestedExpectation[] => {
		const line = file.lines.lineAt(span.start);
		return lines.has(line) ? [] : [{ name, result, line, reasons: failures.map((failure) => failureText(session, file, failure)) }];
	});
	const untested = wrong.map((diagnostic): TestedExpectation => {
		const line = file.lines.lineAt(diagnostic.span.start);
		const name = file.lines.lineText(line).trim().replace(/\s+/g, " ");
		return { name, result: "failed", line, reasons: [diagnosticText(session, diagnostic)] };
	});
	return [...tested, ...untested].sort((a, b) => a.line - b.line);
}

/** `outside reaches web01 by tcp 22: pass in on em0 ... (/etc/pf.conf:12)`. */
export function failureText(session: Session, file: SourceFile, { message, rule, place }: PolicyFailure): string {
	const text = localize(session, message);
	if (rule === undefined) return text;
	const where = place === undefined ? "" : ` (${place.file}${lineOf(session, file, place)})`;
	return `${text}: ${rule}${where}`;
}

function lineOf({ files }: Session, file: SourceFile, { file: path, span }: Place): string {
	const lines = files.onSameHost(file, path)?.lines;
	return lines === undefined ? "" : `:${lines.lineAt(span.start) + 1}`;
}
