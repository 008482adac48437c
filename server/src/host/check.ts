/** The checks that need more than one file of a host: how one is written, and how all are run. */
import { type Check, checksOf, type Report, sortByPlace } from "../text/check.ts";
import type { Diagnostic, DiagnosticRule } from "../text/diagnostic.ts";
import type { Place } from "../text/place.ts";
import { finished } from "../text/portions.ts";
import type { Host } from "./model.ts";

/** One check of a host: reports each fault. Anything that the files do not show is taken to be right. */
export type HostCheck = Check<(host: Host, report: Report<Place>) => void>;

export const { error, warning, information } = checksOf<HostCheck["run"]>();

/** What checks have found, by the path of the file that it stands in. */
export class Findings {
	readonly #found = new Map<string, Diagnostic[]>();

	/** What a check reports by. A rule that is expanded to several shows the same fault in each: it is told once. */
	reporter(code: string, { severity }: DiagnosticRule): Report<Place> {
		const told = new Set<string>();
		return (at, message, details) => {
			const key = [at.file, at.span.start, at.span.end, message.template, ...message.args].join("\n");
			if (told.has(key)) return;
			told.add(key);
			const one: Diagnostic = { code, severity, span: at.span, message, ...details };
			const list = this.#found.get(at.file);
			if (list === undefined) this.#found.set(at.file, [one]);
			else list.push(one);
		};
	}

	/** All of it, in the order of each text. */
	sorted(): ReadonlyMap<string, readonly Diagnostic[]> {
		for (const list of this.#found.values()) sortByPlace(list);
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
