/** Who reaches whom by which service: as a matrix, and as the difference between two versions of a host. */

import type { Host } from "../host/model.ts";
import { compareIp } from "../pf/names/address.ts";
import type { AddressMatch, Family, Rule, Ruleset } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { type AddressEnd, type End, endText } from "./endpoints.ts";
import {
	atomsOf,
	atomText,
	distinctionsOf,
	flowText,
	namedServices,
	type ServiceAtom,
	type ServiceClass,
	serviceClasses,
} from "./services.ts";
import { createTracer, decidingStep, type FlowAnswer, ruleAt, type Trace, type Tracer, type TraceStep } from "./trace.ts";

/** A field of the matrix. */
export interface Cell {
	readonly answer: FlowAnswer;
	/** The rule that decides; undefined where none does. */
	readonly rule: Rule | undefined;
}

export interface Matrix {
	readonly ends: readonly End[];
	/** Without any that were asked for they are all there are: those that rules name, and the others of each protocol. */
	readonly services: readonly ServiceClass[];
	/** By the number of the end that a connection comes from, that of the end that it goes to, and that of the service. */
	readonly cells: readonly (readonly (readonly Cell[])[])[];
}

/** How many services a matrix names where none are asked for. */
const MOST_SERVICES = 20;
/** How many packets of services that rules do not name are looked at in one matrix. */
const MOST_OTHERS = 400_000;

/**
 * Outside, host and guests against each other.
 *
 * @param services all there are, those by name that rules name most, without
 */
export function reachability(host: Host, services?: readonly ServiceClass[], tracer: Tracer = createTracer(host)): Matrix {
	const ends: readonly End[] = [{ kind: "outside" }, { kind: "host" }, ...tracer.ends.guests.map((name): End => ({ kind: "guest", name }))];
	const most = Math.ceil(MOST_OTHERS / ends.length ** 2);
	const asked = services ?? (host.pf === undefined ? [] : allServices(host.pf.ruleset, most));
	const cells = ends.map((from, row) =>
		ends.map((to, column): readonly Cell[] => {
			if (row === column) return [];
			return asked.map(({ atoms, isWhole }) => {
				const answers = atoms.map((service): Cell => {
					const found = tracer.trace({ from, to, service });
					return { answer: found.answer, rule: ruleAt(decidingStep(found)) };
				});
				return together(answers, isWhole);
			});
		}),
	);
	return { ends, services: asked, cells };
}

function allServices(ruleset: Ruleset, most: number): readonly ServiceClass[] {
	return serviceClasses(namedServices(ruleset, MOST_SERVICES), distinctionsOf([ruleset]), most);
}

/** The answer for packets that are answered one by one: what differs among them, or was not looked at, is no certain answer. */
function together(answers: readonly Cell[], isWhole: boolean): Cell {
	const first = answers[0] as Cell;
	const answer = isWhole && answers.every((one) => one.answer === first.answer) ? first.answer : "depends";
	return { answer, rule: answers.every(({ rule }) => rule === first.rule) ? first.rule : undefined };
}

/** Connections that two versions of a host treat differently. */
export interface Change {
	/** `opens`: possible only after; `closes`: only before; `uncertain`: one of the two depends on what is not known. */
	readonly kind: "opens" | "closes" | "uncertain";
	readonly from: End;
	readonly to: End;
	/** With all ports that change alike. */
	readonly service: ServiceAtom;
	/** Of this family alone; the answer of the other one has hidden it. Both without. */
	readonly family?: Family;
	readonly before: FlowAnswer;
	readonly after: FlowAnswer;
	/** Where the packet of the example is decided, in either version. */
	readonly decidedBefore: TraceStep | undefined;
	readonly decidedAfter: TraceStep | undefined;
}

/** A packet whose fate changes, where it is decided: `in em0 tcp 198.51.100.9 port 49160 → 203.0.113.5 port 22`. */
function exampleOf({ decidedBefore, decidedAfter }: Change): string {
	const step = decidedAfter ?? decidedBefore;
	return step === undefined ? "" : `${step.direction} ${step.interface} ${flowText(step.packet)}`;
}

/** Networks that rules name are ends of their own, up to this number. */
const MOST_NETWORKS = 32;

/** A change in the words of people. */
export interface ChangeInWords extends Pick<Change, "kind"> {
	readonly from: string;
	readonly to: string;
	readonly service: string;
	/** A packet of it, where it is decided. */
	readonly example: string;
	/** The rule that decides afterwards; empty where none does. */
	readonly rule: string;
}

export function inWords(change: Change): ChangeInWords {
	const { kind, from, to, service, family, decidedAfter } = change;
	const rule = ruleAt(decidedAfter);
	return {
		kind,
		from: endText(from),
		to: endText(to),
		service: family === undefined ? atomText(service) : `${family} ${atomText(service)}`,
		example: exampleOf(change),
		rule: rule === undefined ? "" : printRule(rule),
	};
}

/**
 * Connections that become possible, and those that stop. The ends are outside, host, guests, and an address of each network
 * that rules name as a source; the services are all that the rules of either version tell apart.
 */
export function reachabilityDifference(before: Host, after: Host): readonly Change[] {
	const rulesets = [before, after].flatMap(({ pf }) => (pf === undefined ? [] : [pf.ruleset]));
	const distinctions = distinctionsOf(rulesets);
	const tracers = [createTracer(before), createTracer(after)] as const;
	const guests = [...new Set(tracers.flatMap(({ ends }) => ends.guests))].map((name): End => ({ kind: "guest", name }));
	const sides: readonly End[] = [{ kind: "outside" }, { kind: "host" }, ...guests];
	const strangers = namedSources([before, after]).filter((end) =>
		tracers.every(({ ends }) => ends.of(end).every(({ endpoint }) => endpoint.kind === "outside")),
	);
	const sources = [...sides, ...strangers];
	const services = atomsOf({ protocol: "any", ports: [] }, distinctions, true);
	const changes: Change[] = [];
	for (const from of sources) {
		for (const to of sides) {
			if (from === to || (from.kind === "address" && to.kind === "outside")) continue;
			changes.push(...merged(services.flatMap((service) => changeOf(tracers, { from, to, service }))));
		}
	}
	return changes;
}

function changeOf(
	[old, now]: readonly [Tracer, Tracer],
	flow: { readonly from: End; readonly to: End; readonly service: ServiceAtom },
): readonly Change[] {
	const changed = (family?: Family): readonly Change[] | undefined => {
		const own = family === undefined ? flow : { ...flow, family };
		const was = old.trace(own);
		const is = now.trace(own);
		if (was.answer === is.answer) return was.answer === "no" ? [] : undefined;
		const kind = kindOf(was, is);
		return [{ ...own, kind, before: was.answer, after: is.answer, decidedBefore: decidingStep(was), decidedAfter: decidingStep(is) }];
	};
	// What one family is let do hides what becomes of the other.
	return changed() ?? (["inet", "inet6"] as const).flatMap((family) => changed(family) ?? []);
}

function kindOf({ answer: was }: Trace, { answer: is }: Trace): Change["kind"] {
	if (was === "depends" || is === "depends") return "uncertain";
	if (is === "yes") return "opens";
	if (was === "yes") return "closes";
	return is === "one way" ? "opens" : "closes";
}

/** Joins neighbouring ports that change alike. */
function merged(changes: readonly Change[]): readonly Change[] {
	const found: Change[] = [];
	for (const change of changes) {
		const last = found.at(-1);
		const joins =
			last !== undefined &&
			last.family === change.family &&
			last.before === change.before &&
			last.after === change.after &&
			last.service.protocol === change.service.protocol &&
			last.service.sourcePort === change.service.sourcePort &&
			last.service.high + 1 === change.service.low;
		if (joins) found[found.length - 1] = { ...last, service: { ...last.service, high: change.service.high } };
		// A source port of its own says nothing new where all source ports change alike.
		else if (change.service.sourcePort === undefined || !found.some((one) => covers(one, change))) found.push(change);
	}
	return found;
}

function covers({ kind, service, family }: Change, { kind: other, service: own, family: only }: Change): boolean {
	return (
		kind === other &&
		family === only &&
		service.sourcePort === undefined &&
		service.protocol === own.protocol &&
		service.low <= own.low &&
		service.high >= own.high
	);
}

/** An address of each network that rules name as a source, the wider ones first. */
export function namedSources(hosts: readonly Host[]): readonly AddressEnd[] {
	const networks = new Map<string, { readonly end: AddressEnd; readonly bits: number }>();
	const add = (match: AddressMatch, family: Family | undefined): void => {
		if (match.kind !== "network" || match.bits === 0 || family === undefined) return;
		const width = family === "inet" ? 32 : 128;
		const { a, b, c, d } = match.address;
		const address = match.bits === width ? match.address : family === "inet" ? { a: a | 7, b, c, d } : { a, b, c, d: d | 7 };
		const end: AddressEnd = { kind: "address", address, family };
		networks.set(endText(end), { end, bits: match.bits });
	};
	for (const { pf } of hosts) {
		for (const { rules, tables } of pf === undefined ? [] : [pf.ruleset.main, ...pf.ruleset.anchors.values()]) {
			for (const { source, family } of rules) add(source.address, family);
			for (const { entries } of tables) for (const { address, bits, family } of entries) add({ kind: "network", address, bits }, family);
		}
	}
	return [...networks.values()]
		.sort((x, y) => x.bits - y.bits || compareIp(x.end.address, y.end.address))
		.slice(0, MOST_NETWORKS)
		.map(({ end }) => end);
}
