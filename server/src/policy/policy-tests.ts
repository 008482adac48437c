/** Policy tests: each expectation of a .pftest file, asked of the host that the file stands in. */

import type { Host } from "../host/model.ts";
import { isTap } from "../hostname/names.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { pfTestDiagnostics } from "../pftest/diagnostics.ts";
import { PfTestFile } from "../pftest/file.ts";
import type { TestEnd, TestLine } from "../pftest/parser.ts";
import type { Diagnostic, Related } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import type { Span } from "../text/span.ts";
import { type Atom, addressAtoms } from "./address-atoms.ts";
import { type End, endText, type GivenAddresses } from "./endpoints.ts";
import { lettingThrough, makingWay, type Remedy } from "./missing-rules.ts";
import { atomsOf, atomText, type Distinctions, distinctionsOf, type ServiceAtom } from "./services.ts";
import { createTracer, decidingStep, ruleAt, type Trace, type Tracer } from "./trace.ts";
import { answerText } from "./trace-text.ts";

/** A connection that is not as expected. */
export interface PolicyFailure {
	readonly trace: Trace;
	readonly service: ServiceAtom;
	/** What happens instead. */
	readonly message: Message;
	/** The rule that decides, as pfctl prints it, and where its statement stands. */
	readonly rule: string | undefined;
	readonly place: Place | undefined;
	/** What would make it as expected, where that is one change. */
	readonly remedy: Remedy;
}

export interface PolicyTestResult {
	readonly span: Span;
	/** The line with single blanks. */
	readonly name: string;
	/** `undecided`: it depends on what the files do not tell. */
	readonly result: "passed" | "failed" | "undecided";
	/** The first few of each test. */
	readonly failures: readonly PolicyFailure[];
}

/** Failures that are told of one test. */
const MOST_FAILURES = 3;

const PROTOCOLS = { tcp: 6, udp: 17, icmp: 1, any: "any" } as const;

/** Runs all expectations of a file, in its order. A line that is not understood is no test: the file's diagnostics tell of it. */
export function runPolicyTests(host: Host, file: PfTestFile): readonly PolicyTestResult[] {
	const tracer = createTracer(host, givenAddresses(file));
	const distinctions = distinctionsOf(host.pf === undefined ? [] : [host.pf.ruleset]);
	let made: AtomsOf | undefined;
	const atoms: AtomsOf = (range) => {
		made ??= addressAtoms(
			host,
			tracer.ends.guests.flatMap((name) => tracer.ends.of({ kind: "guest", name })),
		);
		return made(range);
	};
	return file.lines.flatMap((line) => (line.kind === "test" ? [runTest(host, tracer, distinctions, atoms, file, line)] : []));
}

type AtomsOf = ReturnType<typeof addressAtoms>;

export function givenAddresses(file: PfTestFile): GivenAddresses {
	const given = new Map<string, NonNullable<ReturnType<GivenAddresses["get"]>>>();
	for (const line of file.lines) {
		if (line.kind !== "address") continue;
		given.set(line.guest.name, [...(given.get(line.guest.name) ?? []), ...line.addresses]);
	}
	return given;
}

/** @returns undefined where an end has too many addresses that are told apart */
function endsOf(end: TestEnd, guests: readonly string[], atoms: AtomsOf): readonly (End | Atom)[] | undefined {
	switch (end.kind) {
		case "any guest":
			return guests.map((name) => ({ kind: "guest", name }));
		case "guest":
			return [{ kind: "guest", name: end.name }];
		case "address":
			return [{ kind: "address", address: end.address, family: end.family }];
		case "network":
			return atoms(end);
		default:
			return [{ kind: end.kind }];
	}
}

/** The ends of a connection between two pieces, or within one; undefined where both are the same end alone. */
function betweenOf(from: End | Atom, to: End | Atom): readonly [from: End, to: End] | undefined {
	if (endText(from) !== endText(to)) return [from, to];
	if ("second" in to && to.second !== undefined) return [from, to.second];
	return "second" in from && from.second !== undefined ? [from.second, to] : undefined;
}

/** So many connections are followed for one test: of one that needs more nothing is said. */
const MOST_TRACED = 20_000;

function runTest(
	host: Host,
	tracer: Tracer,
	distinctions: Distinctions,
	addresses: AtomsOf,
	file: PfTestFile,
	line: TestLine,
): PolicyTestResult {
	const { guests } = tracer.ends;
	const name = file.text.slice(line.span.start, line.span.end).replace(/\s+/g, " ");
	// Of a guest that no file here defines, nothing is known: another file may.
	if ([line.from, line.to].some((end) => end.kind === "guest" && !guests.includes(end.name)))
		return { span: line.span, name, result: "undecided", failures: [] };
	const atoms = atomsOf({ protocol: PROTOCOLS[line.protocol], ports: line.ports }, distinctions, line.expect === "block");
	const [froms, tos] = [endsOf(line.from, guests, addresses), endsOf(line.to, guests, addresses)];
	if (froms === undefined || tos === undefined || froms.length * tos.length * atoms.length > MOST_TRACED)
		return { span: line.span, name, result: "undecided", failures: [] };
	const remedyOf = (trace: Trace, service: ServiceAtom): Remedy =>
		line.expect === "pass" ? lettingThrough(host, tracer.ends, trace, service) : trace.ways.length === 0 ? makingWay(host, trace) : {};
	const failed: PolicyFailure[] = [];
	const open: PolicyFailure[] = [];
	for (const one of froms) {
		for (const other of tos) {
			const between = betweenOf(one, other);
			if (between === undefined) continue;
			const [from, to] = between;
			for (const service of atoms) {
				const told = tracer.trace({ from, to, service });
				const traced = line.expect === "block" ? withoutWay(host, told) : told;
				const right = line.expect === "pass" ? traced.answer === "yes" : traced.answer === "no";
				if (right) continue;
				const found = traced.answer === "depends" ? open : failed;
				if (found.length < MOST_FAILURES) found.push(failureOf(host, traced, service, remedyOf(traced, service)));
			}
		}
	}
	if (failed.length > 0) return { span: line.span, name, result: "failed", failures: failed };
	return { span: line.span, name, result: open.length > 0 ? "undecided" : "passed", failures: open };
}

/** What nothing gets to because the files show no way is not known to be blocked, but between guests that lead nowhere else. */
function withoutWay(host: Host, found: Trace): Trace {
	const { flow, ways } = found;
	if (ways.length > 0) return found;
	const alone = [flow.from, flow.to].some((end) => end.kind === "guest" && isAlone(host, end.name));
	const guests = [flow.from, flow.to].every((end) => end.kind === "guest");
	return alone && guests ? found : { ...found, answer: "depends" };
}

/** Whether a guest is plugged into switches alone that have no port but those of guests. */
function isAlone(host: Host, name: string): boolean {
	const nics = host.vm.guests.find((guest) => guest.name.value === name)?.interfaces ?? [];
	return nics.every((nic) => {
		const segment = host.segmentOfNic.get(nic);
		return nic.local === undefined && segment?.link.config?.commands.length === 0 && segment.ports.every(({ value }) => isTap(value));
	});
}

function failureOf({ pf }: Host, trace: Trace, service: ServiceAtom, remedy: Remedy): PolicyFailure {
	const rule = trace.answer === "depends" ? trace.conditions[0]?.rule : ruleAt(decidingStep(trace));
	return {
		trace,
		service,
		message: answerText(trace, atomText(service)),
		rule: rule && printRule(rule),
		place: rule && pf?.place(rule),
		remedy,
	};
}

/** What the host makes of a file of tests: guests that it does not have, and expectations that do not hold. */
export function policyTestDiagnostics(host: Host, file: PfTestFile): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	const guests = new Set(host.vm.guests.map(({ name }) => name.value));
	const unknown = new Set<number>();
	// Without a vm.conf nothing is known of guests.
	if (host.vmFile !== undefined && host.vm.complete) {
		for (const line of file.lines) {
			const named = line.kind === "address" ? [line.guest] : [line.from, line.to].flatMap((end) => (end.kind === "guest" ? [end] : []));
			for (const { name, span } of named) {
				if (guests.has(name)) continue;
				unknown.add(line.span.start);
				const message = msg("vm.conf has no guest {0}", name);
				found.push({ code: "pftest/unknown-guest", severity: pfTestDiagnostics["pftest/unknown-guest"].severity, span, message });
			}
		}
	}
	if (host.pf === undefined) return found;
	for (const { span, result, failures } of runPolicyTests(host, file)) {
		const [first] = failures;
		if (first === undefined || unknown.has(span.start)) continue;
		const code = result === "failed" ? "pftest/fails" : "pftest/depends";
		const distinct = failures.filter(({ rule }, index) => failures.findIndex((other) => other.rule === rule) === index);
		const related = distinct.flatMap(({ place, rule }): Related[] =>
			place === undefined ? [] : [{ file: place.file, span: place.span, message: msg("Decides: {0}", rule ?? "") }],
		);
		found.push({ code, severity: pfTestDiagnostics[code].severity, span, message: first.message, related, ...first.remedy });
	}
	return found;
}

/** Whether a file of the host is one of tests. */
export function isPolicyTests(parsed: unknown): parsed is PfTestFile {
	return parsed instanceof PfTestFile;
}
