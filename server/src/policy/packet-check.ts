/** The checks that ask what pf does to packets on their ways through a host: how one is written, and how all are run. */

import { Findings } from "../host/check.ts";
import { type Filter, filterOf, isGroup } from "../host/filter.ts";
import { lineAbove, lineBelow } from "../host/fixes.ts";
import type { Host, Plug, Segment } from "../host/model.ts";
import { lans, outsides, type PathStep } from "../host/paths.ts";
import { isTap } from "../hostname/names.ts";
import type { Rule } from "../pf/rules.ts";
import { checksOf, type Report } from "../text/check.ts";
import type { Diagnostic, DiagnosticRule, TextEdit } from "../text/diagnostic.ts";
import type { Place } from "../text/place.ts";
import { egressOf, nameOf, networkOf } from "./interfaces.ts";
import type { Intervals } from "./intervals.ts";
import { FIRST_WORD, LAST_WORD } from "./ipv4-numbers.ts";
import { isSame } from "./lists.ts";
import { type Interfaces, interfacesOf, type KnownInterface } from "./network.ts";
import { ICMP, ICMP6, TCP, UDP } from "./packet.ts";
import { type Passages, passagesOf, type Spot, type Traffic } from "./passage.ts";

/** A host with its rules, prepared for questions about packets. */
export interface PacketHost {
	readonly host: Host;
	readonly filter: Filter;
	/** None where no file tells of any. */
	readonly interfaces: readonly KnownInterface[];
	/** What rules name among them. */
	readonly network: Interfaces;
	readonly passages: Passages;
	/** The interfaces with the default route. */
	readonly egress: readonly string[];
	/** The interfaces by which packets from outside come into the host's stack. */
	readonly entries: readonly string[];
}

/** One check with its description. It pauses behind every question that may take long. */
export interface PacketCheck extends DiagnosticRule {
	/** Whether the rules alone tell it, where no file tells of interfaces. */
	readonly alone?: boolean;
	readonly run: (around: PacketHost, report: Report<Place>) => Generator<undefined, void, void>;
}

export const { error, warning, information } = checksOf<PacketCheck["run"]>();

type ByFile = ReadonlyMap<string, readonly Diagnostic[]>;

/** What was found, and what the next search goes on from. */
export interface PacketFindings {
	readonly found: ByFile;
	readonly passages: Passages | undefined;
	/** What the ways of packets depend on: with another one, nothing is taken from before. */
	readonly network?: readonly unknown[];
}

/**
 * Runs checks in portions, each of which gives how much work it was, in pieces and lines of rules.
 *
 * @param earlier what was found before an edit
 */
export function* packetFindings(
	host: Host,
	checks: Readonly<Record<string, PacketCheck>>,
	earlier?: PacketFindings,
): Generator<number, PacketFindings, void> {
	const filter = filterOf(host);
	// What a file that is missing would pass or block is not known.
	const asked = Object.entries(checks).filter(([, { alone }]) => host.interfacesKnown || alone === true);
	if (filter === undefined || filter.pf.incomplete === true || asked.length === 0) return { found: new Map(), passages: undefined };
	const interfaces = host.interfacesKnown ? networkOf(host).interfaces : undefined;
	const named = [...new Set(filter.rules.map(({ rule }) => rule.interface).filter((name) => !isGroup(name) && !isTap(name)))].sort();
	const network = [host.vm, ...host.configs];
	const before = earlier?.network !== undefined && isSame(earlier.network, network) ? earlier.passages : undefined;
	const passages = passagesOf(filter.pf.ruleset, interfaces, named, before);
	yield filter.rules.length;
	const entries = new Set([...outsides(host).map(({ name }) => name), ...lans(host).map(({ gateway }) => gateway.name)]);
	const around: PacketHost = {
		host,
		filter,
		interfaces: interfaces ?? [],
		network: interfacesOf(interfaces),
		passages,
		egress: [...egressOf(host)].map(({ name }) => name),
		entries: host.interfacesKnown ? [...entries] : named,
	};
	const findings = new Findings();
	for (const [code, check] of asked) {
		for (const _ of check.run(around, findings.reporter(code, check))) {
			yield passages.work.pieces;
			passages.work.pieces = 0;
		}
	}
	return { found: findings.sorted(), passages, network };
}

/** The place of a step where pf filters; undefined where it does not. */
export function spotOf(step: PathStep): Spot | undefined {
	return step.tested ? { interface: nameOf(step), direction: step.direction } : undefined;
}

/** The place in the words of pf.conf: what a tap that nobody pinned will be called is not known. */
export function spotText({ interface: name, direction }: Spot): string {
	return `${direction} on ${name.startsWith("tap(") ? "tap" : name}`;
}

/** Packets of all kinds that open something, but those that give an address or find a neighbour. */
export function anything(more: { readonly [End in "source" | "destination"]?: Intervals | undefined } = {}): readonly Traffic[] {
	const ip4 = (protocol: Traffic["protocol"]): Traffic => ({
		family: "inet",
		protocol,
		source: more.source ?? [FIRST_WORD + 1, LAST_WORD - 1],
		destination: more.destination ?? [FIRST_WORD, LAST_WORD - 1],
	});
	const noDhcp: Traffic["destinationPort"] = [0, 66, 69, 545, 548, 65535];
	return [
		ip4(TCP),
		{ ...ip4(UDP), destinationPort: noDhcp },
		ip4(ICMP),
		ip4("other"),
		{ family: "inet6", protocol: TCP },
		{ family: "inet6", protocol: UDP, destinationPort: noDhcp },
		{ family: "inet6", protocol: ICMP6, icmp: [1, 129, 144, 255] },
		{ family: "inet6", protocol: "other" },
	];
}

/**
 * Rules that make good what a block denies: below it, or above one that is quick. None where the block stands in an anchor,
 * which is not asked about every packet.
 */
export function besideBlock(
	{ host, filter }: Pick<PacketHost, "host" | "filter">,
	block: Rule | undefined,
	lines: readonly string[],
): TextEdit | undefined {
	const own = filter.pf.ruleset.main.rules.find((rule) => rule === block);
	if (own === undefined || lines.length === 0) return undefined;
	const place = filter.pf.place(own);
	if (place.span.end === 0) return undefined;
	const text = lines.join("\n");
	return own.quick ? lineAbove(host, place, text) : lineBelow(host, place, text);
}

/** What rules may call a guest's interface, so that they hold at every start; undefined for one in no group but that of all taps. */
export function nameForRules({ nic }: Plug): string | undefined {
	return nic.tap?.value ?? nic.group?.value;
}

/** The same, or the group of all taps where pf sees no taps but those of some guests: all others are behind the host on a bridge. */
export function nameAmong(host: Host, plug: Plug, guests: readonly Plug[]): string | undefined {
	const own = new Set(guests.map(({ nic }) => nic));
	const alone = host.segments.every(
		(segment) =>
			(segment.kind === "bridge" && segment.uplinks.length === 0 && segment.gateways.length > 0) ||
			activePlugs(segment).every(({ nic }) => own.has(nic)),
	);
	return nameForRules(plug) ?? (alone ? "tap" : undefined);
}

/** Guests' interfaces that take part in the network: those of guests that start. */
export function activePlugs({ plugs }: Pick<Segment, "plugs">): readonly Plug[] {
	return plugs.filter(({ guest }) => guest.disabled === undefined);
}
