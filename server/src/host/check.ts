/** The checks that need more than one file of a host: how one is written, and how all are run. */
import type { Diagnostic, DiagnosticRule, Fix, Related } from "../text/diagnostic.ts";
import type { Message } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { finished } from "../text/portions.ts";
import type { Host } from "./model.ts";

export interface More {
	readonly advice?: Message;
	readonly related?: readonly Related[];
	readonly fixes?: readonly Fix[];
}

export type Report = (at: Place, message: Message, more?: More) => void;

/** One check with its description: severity and documentation come from here. */
export interface HostCheck extends DiagnosticRule {
	/** Reports each fault of the host. Anything that the files do not show is taken to be right. */
	readonly run: (host: Host, report: Report) => void;
}

export type Described = readonly [title: string, why: string, remedy: string];

/** How a kind of checks is written at a severity: its description, and what runs it. */
export const described =
	<Run>(severity: DiagnosticRule["severity"]) =>
	([title, why, remedy]: Described, run: Run): DiagnosticRule & { readonly run: Run } => ({ severity, title, why, remedy, run });

export const error = described<HostCheck["run"]>("error");
export const warning = described<HostCheck["run"]>("warning");
export const information = described<HostCheck["run"]>("information");

/** Another place that explains a diagnostic. */
export function related(at: Place, message: Message): Related {
	return { file: at.file, span: at.span, message };
}

/** What checks have found, by the path of the file that it stands in. */
export class Findings {
	readonly #found = new Map<string, Diagnostic[]>();

	/** What a check reports by. A rule that is expanded to several shows the same fault in each: it is told once. */
	reporter(code: string, { severity }: DiagnosticRule): Report {
		const told = new Set<string>();
		return (at, message, more = {}) => {
			const key = [at.file, at.span.start, at.span.end, message.template, ...message.args].join("\n");
			if (told.has(key)) return;
			told.add(key);
			const one: Diagnostic = { code, severity, span: at.span, message, ...more };
			const list = this.#found.get(at.file);
			if (list === undefined) this.#found.set(at.file, [one]);
			else list.push(one);
		};
	}

	/** All of it, in the order of each text. */
	sorted(): ReadonlyMap<string, readonly Diagnostic[]> {
		for (const list of this.#found.values()) list.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
		return this.#found;
	}
}

/** Runs checks on a host. Answers the diagnostics by the path of the file that they stand in, in the order of its text. */
export function runChecks(host: Host, checks: Readonly<Record<string, HostCheck>>): ReadonlyMap<string, readonly Diagnostic[]> {
	return finished(checksInTurn(host, checks));
}

/** The same, for callers that have other things to do behind each check. */
export function* checksInTurn(
	host: Host,
	checks: Readonly<Record<string, HostCheck>>,
): Generator<undefined, ReadonlyMap<string, readonly Diagnostic[]>, void> {
	const findings = new Findings();
	for (const [code, check] of Object.entries(checks)) {
		check.run(host, findings.reporter(code, check));
		yield;
	}
	return findings.sorted();
}
