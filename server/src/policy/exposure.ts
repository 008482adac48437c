/**
 * What the outside may reach: all packets that pf lets past where it first meets them. They are the difference between the host's
 * rules and the same rules behind one that blocks all of them, so each is told, with a packet of it.
 */
import type { Host } from "../host/model.ts";
import { type Endpoint, entryOf, type Path, pathsBetween } from "../host/paths.ts";
import { formatIp } from "../pf/names/address.ts";
import { BLANK_RULE, type Rule, type Ruleset } from "../pf/rules.ts";
import { searchDifference, type TreatmentChange, type TreatmentDifference, type Version } from "./difference.ts";
import type { AddressEnd, End } from "./endpoints.ts";
import { egressOf, nameOf, networkOf } from "./interfaces.ts";
import { holds } from "./intervals.ts";
import { interfacesOf } from "./network.ts";
import { type Packet, TCP, UDP } from "./packet.ts";
import type { Spot } from "./passage.ts";
import { namedSources } from "./reachability.ts";
import { replaced, witnessOf } from "./regions.ts";
import { atomText, namedServices, type ServiceAtom } from "./services.ts";
import { DIM, type Region, type Space } from "./space.ts";
import { createTracer, type FlowAnswer, type Tracer, type Way } from "./trace.ts";

/** So many services that rules name are looked for in what is let in. */
const MOST_SERVICES = 20;
/** So many packets are followed through the host. */
const MOST_TRACED = 20_000;

/** Packets from outside that pf lets past by one rule. */
export interface Opening {
	/** They are blocked in the version before, as all that comes from outside. */
	readonly change: TreatmentChange;
	/**
	 * The ends that some of them get to, past all other rules. What is tried are the services and the sources that rules name, and one of
	 * each region beside them; undefined where that is too much.
	 */
	readonly reached: readonly Reached[] | undefined;
}

export interface Reached {
	readonly end: End;
	readonly answer: Exclude<FlowAnswer, "no">;
	/** As rules write them: `tcp 443`. */
	readonly services: readonly string[];
}

export interface Exposure extends Pick<TreatmentDifference, "space" | "isWhole"> {
	/** Where pf first meets what comes from outside. */
	readonly places: readonly Spot[];
	readonly openings: readonly Opening[];
	/** What packets from outside reach without pf. */
	readonly unfiltered: readonly End[];
}

/**
 * What the outside may reach on a host, in portions between which others have their turn.
 *
 * @param ruleset that of the host
 * @param most so many packets are followed through the host: for openings that have more, what they reach is not told
 */
export function* searchExposure(host: Host, ruleset: Ruleset, most = MOST_TRACED): Generator<number, Exposure, void> {
	const { interfaces } = networkOf(host);
	const version: Version = { ruleset, interfaces: host.interfacesKnown ? interfaces : undefined };
	const { places, unfiltered } = boundaryOf(host, ruleset);
	const { main } = ruleset;
	const closed = { ...ruleset, main: { ...main, rules: [...places.map(blockAt), ...main.rules] } };
	const { changes, isWhole, space } = yield* searchDifference({ ...version, ruleset: closed }, version, true);
	const tracer = createTracer(host);
	const services = namedServices(ruleset, MOST_SERVICES);
	const sources = namedSources([host]);
	const openings: Opening[] = [];
	let traced = 0;
	for (const change of changes.flatMap((one) => withoutTags(one, space) ?? [])) {
		if (change.after.verdict !== "pass") continue;
		const samples = samplesOf(change, space, services, sources);
		traced += samples.length * (tracer.ends.guests.length + 1);
		openings.push({ change, reached: traced > most ? undefined : reachedBy(tracer, change, samples) });
		yield samples.length;
	}
	// Files that show no way from outside do not say that there is none.
	return { places, openings, unfiltered, isWhole: isWhole && places.length + unfiltered.length > 0, space };
}

function blockAt({ interface: name, direction }: Spot): Rule {
	return { ...BLANK_RULE, action: "block", quick: true, interface: name, direction };
}

function endsOf(host: Host): readonly (End & Endpoint)[] {
	return [{ kind: "host" }, ...host.vm.guests.map(({ name }) => ({ kind: "guest" as const, name: name.value }))];
}

/** Where pf first meets packets from outside, and what they reach without meeting it. */
function boundaryOf(host: Host, ruleset: Ruleset): Pick<Exposure, "places" | "unfiltered"> {
	const egress = new Set<string | undefined>([...egressOf(host)].map(({ name }) => name));
	const isWayIn = (path: Path): boolean => path.kind === "bridged" || egress.size === 0 || egress.has(entryOf(path));
	const network = interfacesOf(networkOf(host).interfaces);
	const isSkipped = (name: string): boolean => ruleset.options.skip.some((skip) => network.matches(skip, name) === true);
	const places = new Map<string, Spot>();
	const unfiltered: End[] = [];
	for (const end of endsOf(host)) {
		for (const { steps } of pathsBetween(host, { kind: "outside" }, end).filter(isWayIn)) {
			const first = steps.find((step) => step.tested && !isSkipped(nameOf(step)));
			if (first === undefined) {
				if (!unfiltered.includes(end)) unfiltered.push(end);
			} else places.set(`${first.direction} ${nameOf(first)}`, { interface: nameOf(first), direction: first.direction });
		}
	}
	return { places: [...places.values()], unfiltered };
}

/** What of a change packets without a tag are in, as all are that come from outside. */
function withoutTags(change: TreatmentChange, space: Space): TreatmentChange | undefined {
	const none = space.tag("");
	const packets = change.packets
		.map(({ packetClass, regions }) => ({
			packetClass,
			regions: regions
				.filter((region) => holds(region[DIM.tag], none))
				.map((region) => replaced(region, DIM.tag, space.whole(packetClass)[DIM.tag])),
		}))
		.filter(({ regions }) => regions.length > 0);
	const [first] = packets;
	if (first === undefined) return undefined;
	return { ...change, packets, witness: { ...witnessOf(space, first.regions[0] as Region, first.packetClass), tag: "" } };
}

/** Packets of a change: one of each region, and those in it with a service or a source that rules name. */
function samplesOf(
	{ packets }: TreatmentChange,
	space: Space,
	services: readonly ServiceAtom[],
	sources: readonly AddressEnd[],
): readonly Packet[] {
	const samples = new Map<string, Packet>();
	for (const { packetClass, regions } of packets)
		for (const region of regions) {
			const { family, protocol: own } = packetClass;
			const witness = witnessOf(space, region, packetClass);
			const from = sources.filter((one) => one.family === family && holds(region[DIM.source], space.place(one.address, family)));
			const ports = services.filter(({ protocol, low }) => protocol === own && holds(region[DIM.destinationPort], low));
			for (const source of [witness.source, ...from.map(({ address }) => address)])
				for (const destinationPort of [witness.destinationPort, ...ports.map(({ low }) => low)]) {
					const packet = { ...witness, source, destinationPort };
					samples.set(`${formatIp(source, family)} ${serviceText(packet)}`, packet);
				}
		}
	return [...samples.values()];
}

function serviceText({ protocol, destinationPort }: Packet): string {
	return atomText({ protocol, low: isPorted(protocol) ? destinationPort : 0, high: isPorted(protocol) ? destinationPort : 0 });
}

function isPorted(protocol: number): boolean {
	return protocol === TCP || protocol === UDP;
}

/** The ends that samples get to by the rule that decides on them. */
function reachedBy(tracer: Tracer, change: TreatmentChange, samples: readonly Packet[]): readonly Reached[] {
	const ends: readonly End[] = [{ kind: "host" }, ...tracer.ends.guests.map((name): End => ({ kind: "guest", name }))];
	return ends.flatMap((end) => {
		const found = new Map<Reached["answer"], Set<string>>();
		for (const sample of samples) {
			const { family, protocol, source, sourcePort, destinationPort, icmpType } = sample;
			const service = { protocol, port: isPorted(protocol) ? destinationPort : icmpType, sourcePort };
			const { answer, ways } = tracer.trace({ from: { kind: "address", address: source, family }, to: end, service, family });
			if (answer === "no" || !ways.some((way) => isBy(way, change))) continue;
			const services = found.get(answer) ?? new Set();
			found.set(answer, services.add(serviceText(sample)));
		}
		return [...found].map(([answer, services]) => ({ end, answer, services: [...services] }));
	});
}

/** Whether a packet arrives on a way, and the rule of a change has let it in. */
function isBy({ result, steps }: Way, { witness, after }: TreatmentChange): boolean {
	if (result !== "passes" && result !== "no answer") return false;
	return steps.some(
		({ interface: name, direction, outcome }) =>
			name === witness.interface && direction === witness.direction && outcome?.rule === after.rule,
	);
}
