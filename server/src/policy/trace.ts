/**
 * A flow through a host: on which ways its first packet goes, what pf does to it at each place, and whether the answer
 * comes back. Where pf filters is told by host/paths.ts, what it does there by evaluate.ts.
 */

import type { Host } from "../host/model.ts";
import { entryOf, exitOf, lans, outsides, type Path, type PathStep, pathsBetween } from "../host/paths.ts";
import { sysctlSetting } from "../host/sysctl.ts";
import { formatIp, sameIp } from "../pf/names/address.ts";
import type { Family, Rule } from "../pf/rules.ts";
import type { Criterion } from "./criteria.ts";
import { type End, type Ends, endsOf, frameTag, type GivenAddresses, type Location } from "./endpoints.ts";
import { type Condition, createEvaluator, type Encounter, type Evaluator, type Outcome } from "./evaluate.ts";
import { egressOf, nameOf, networkOf, type Placeholder } from "./interfaces.ts";
import { ICMP, ICMP6, type Packet, type Placeless, packetAt, TCP, UDP } from "./packet.ts";

/** What is asked: from where to where, and with which packets. */
export interface Flow {
	readonly from: End;
	readonly to: End;
	readonly service: Service;
	/** Both families that the ends have, without. */
	readonly family?: Family;
}

/** The first packet of a connection, but for its ends. */
export interface Service {
	/** Of protocols(5). 1 stands for ICMP of either family. */
	readonly protocol: number;
	/** The destination's port; the type of ICMP, an echo request without. */
	readonly port?: number;
	readonly sourcePort?: number;
}

/** A place where pf filters the packet, or passes it by. */
export interface TraceStep {
	readonly interface: string;
	readonly direction: "in" | "out";
	/** As it comes to the place. */
	readonly packet: Packet;
	/** `rules`: pf asks them; `state`: an earlier place has left a state that lets it pass; `untested`: pf does not filter here. */
	readonly by: "rules" | "state" | "untested";
	/** With `rules`: what they say. */
	readonly outcome?: Outcome;
	/** With `state`: the step of the way that made it. */
	readonly stateOf?: number;
}

export type WayResult = "passes" | "blocked" | "no answer" | "not forwarded";

/** One way of the packet, followed to where it ends. */
export interface Way {
	readonly path: Path;
	readonly steps: readonly TraceStep[];
	/** The way of the answer; empty where the packet does not arrive. */
	readonly answer: readonly TraceStep[];
	readonly result: WayResult;
	/** What must be so for this result; empty where it is certain. */
	readonly conditions: readonly Condition[];
}

/** `one way`: the packet arrives and its answer does not come back. */
export type FlowAnswer = "yes" | "no" | "one way" | "depends";

export interface Trace {
	readonly flow: Flow;
	readonly answer: FlowAnswer;
	/** The usual one of each way first; with open questions, the others after it. */
	readonly ways: readonly Way[];
	/** With `depends`: what on; empty where the files show no way to the outside, or with `cutOff`. */
	readonly conditions: readonly Condition[];
	/** Rules are left out, because they are too many: nothing is followed. */
	readonly cutOff?: boolean;
}

/** What the rules said at one place, for people. */
export interface Explanation {
	/** Rules that matched, in the order of evaluation. */
	readonly matched: readonly Encounter[];
	/** Rules that would have matched but for one thing. */
	readonly missed: readonly (Encounter & { readonly failed: readonly [Criterion] })[];
}

/** Prepared for many questions about one host. */
export interface Tracer {
	readonly ends: Ends;
	/** Addresses that stand for those that interfaces are given from outside. */
	readonly placeholders: readonly Placeholder[];
	trace(flow: Flow): Trace;
	/** What every rule said to the packet at one place. */
	explain(step: TraceStep): Explanation;
}

/** Ways that open questions lead to are followed up to this number. */
const MAX_WORLDS = 32;

/** The first of the ephemeral ports (net.inet.ip.portfirst is below it): one that rules do not name. */
const SOURCE_PORT = 49_160;

/**
 * Prepares a host for tracing.
 *
 * @param given addresses of guests that the files do not tell
 */
export function createTracer(host: Host, given?: GivenAddresses): Tracer {
	const { pf } = host;
	const { interfaces, placeholders } = networkOf(host);
	const ruleset = pf?.ruleset;
	const evaluator = ruleset === undefined || isCutOff(host) ? undefined : createEvaluator(ruleset, interfaces);
	const ends = endsOf(host, ruleset ?? { main: { path: "", rules: [], tables: [] }, anchors: new Map() }, interfaces, given);
	const network = {
		host,
		ends,
		evaluator,
		egress: new Set([...egressOf(host)].map(({ name }) => name)),
		last: { attempts: [] },
	};
	return {
		ends,
		placeholders,
		trace: (flow) => traceFlow(network, flow),
		explain: (step) => {
			const encounters = evaluator?.explain(step.packet) ?? [];
			return {
				matched: encounters.filter(({ failed }) => failed.length === 0),
				missed: encounters.flatMap((encounter) => {
					const [only, ...others] = encounter.failed;
					return only === undefined || others.length > 0 ? [] : [{ ...encounter, failed: [only] as const }];
				}),
			};
		},
	};
}

/** Whether rules of the host are left out, because they are too many: then nothing is known of what pf does. */
export function isCutOff({ pf }: Host): boolean {
	return pf?.ruleset.cutOff === true;
}

/** Follows one flow through a host. For more than one, `createTracer` prepares the host once. */
export function trace(host: Host, flow: Flow, given?: GivenAddresses): Trace {
	return createTracer(host, given).trace(flow);
}

/** The interfaces with the default route. */
type Egress = ReadonlySet<string | undefined>;

interface Network {
	readonly host: Host;
	readonly ends: Ends;
	readonly evaluator: Evaluator | undefined;
	readonly egress: Egress;
	/** The attempts of the flow before: they are the same for every service between two ends. */
	readonly last: { from?: End; to?: End; family?: Family | undefined; attempts: readonly Attempt[] };
}

function traceFlow(network: Network, flow: Flow): Trace {
	if (isCutOff(network.host)) return { flow, ways: [], answer: "depends", conditions: [], cutOff: true };
	const ways: Way[] = [];
	const { last } = network;
	if (last.from !== flow.from || last.to !== flow.to || last.family !== flow.family) {
		Object.assign(last, { from: flow.from, to: flow.to, family: flow.family, attempts: [...attempts(network, flow)] });
	}
	for (const { path, source, destination, tag } of last.attempts) {
		const packet = packetOf(flow.service, source, destination, tag);
		const arrives = (final: Heading): boolean => isAt(network, path, flow.to, final);
		ways.push(...follow(network, path, packet, arrives));
	}
	// Without an interface to the outside in the files, nothing is known of what is there.
	const outward = flow.from.kind === "outside" || flow.to.kind === "outside";
	if (ways.length === 0 && outward && outsides(network.host).length === 0 && lans(network.host).length === 0)
		return { flow, ways, answer: "depends", conditions: [] };
	return { flow, ways, ...answerOf(ways) };
}

/**
 * The place that an answer is told by: where the way that passes is let through last, or where the one that comes
 * furthest is stopped. Undefined where pf filters no place of it.
 */
export function decidingStep({ ways }: Pick<Trace, "ways">): TraceStep | undefined {
	const passing = ways.find(({ result }) => result === "passes");
	if (passing !== undefined) return passing.steps.findLast(({ by }) => by === "rules");
	const unanswered = ways.find(({ result }) => result === "no answer");
	if (unanswered !== undefined) return unanswered.answer.at(-1);
	const furthest = ways.reduce<Way | undefined>(
		(best, way) => (best === undefined || way.steps.length > best.steps.length ? way : best),
		undefined,
	);
	return furthest?.steps.findLast(({ by }) => by === "rules");
}

/** The rule that decides at a place; undefined where none does. */
export function ruleAt(step: TraceStep | undefined): Rule | undefined {
	return step?.outcome?.rule;
}

/** What all ways come to together. */
function answerOf(ways: readonly Way[]): Pick<Trace, "answer" | "conditions"> {
	const passing = ways.filter(({ result }) => result === "passes");
	if (passing.some(({ conditions }) => conditions.length === 0)) return { answer: "yes", conditions: [] };
	if (passing.length > 0) {
		// Every way that open questions lead to may pass: then nothing depends on them.
		if (passing.length === ways.length) return { answer: "yes", conditions: [] };
		return { answer: "depends", conditions: passing.flatMap(({ conditions }) => conditions) };
	}
	return { answer: ways.some(({ result }) => result === "no answer") ? "one way" : "no", conditions: [] };
}

interface Attempt {
	readonly path: Path;
	readonly source: Location;
	readonly destination: Location;
	/** That of the frame. */
	readonly tag: string;
}

/** The paths between two ends, each with the addresses that a packet on it can have. */
function* attempts({ host, ends, egress }: Network, { from, to, family }: Flow): Generator<Attempt> {
	const seen = new Set<string>();
	for (const source of ends.of(from)) {
		const tag = source.plug === undefined ? "" : frameTag(host, source.plug);
		for (const target of ends.of(to)) {
			if (source.family !== target.family || (family !== undefined && source.family !== family)) continue;
			if (source.plug !== undefined && source.plug.nic === target.plug?.nic) continue;
			for (const path of pathsBetween(host, source.endpoint, target.endpoint)) {
				const first = path.steps[0] as PathStep;
				if (!startsAt(source, path, egress) || !endsAt(target, path, egress)) continue;
				for (const destination of destinations(ends, path, target)) {
					const key = `${names(path)} ${formatIp(source.address, source.family)} ${formatIp(destination.address, destination.family)}`;
					if (seen.has(key)) continue;
					seen.add(key);
					if (source.endpoint.kind === "host" && !leavesBy(source, first)) continue;
					yield { path, source, destination, tag };
				}
			}
		}
	}
}

function names({ steps }: Path): string {
	return steps.map((step) => `${step.direction} ${nameOf(step)}`).join(" ");
}

/** A machine outside that is on a network of the host comes in there; any other by the default route or a bridge. */
function startsAt({ endpoint, behind }: Location, path: Path, egress: Egress): boolean {
	return endpoint.kind !== "outside" || path.kind === "bridged" || isBehind(behind, entryOf(path), egress);
}

function endsAt({ endpoint, behind }: Location, path: Path, egress: Egress): boolean {
	return endpoint.kind !== "outside" || path.kind === "bridged" || isBehind(behind, exitOf(path), egress);
}

function isBehind(behind: string | undefined, name: string | undefined, egress: Egress): boolean {
	return behind === undefined ? egress.size === 0 || egress.has(name) : behind === name;
}

/** The host takes the address of the interface that a packet leaves by. */
function leavesBy({ behind }: Location, first: PathStep): boolean {
	return behind === first.interface;
}

/** A guest behind the host is spoken to by its own address, or by one of the host that some rule redirects. */
function destinations({ own }: Ends, path: Path, target: Location): readonly Location[] {
	if (!path.forwarded || target.endpoint.kind !== "guest") return [target];
	const entry = entryOf(path);
	return [target, ...own.filter(({ behind, family }) => behind === entry && family === target.family)];
}

/** Where a packet goes. */
type Heading = Pick<Packet, "family" | "destination">;

/** Whether the packet, as translations have left it, is for the end that was asked about. */
function isAt({ ends }: Network, { steps }: Path, to: End, packet: Heading): boolean {
	const here = ends.own.some(({ address, family }) => family === packet.family && sameIp(address, packet.destination));
	if (to.kind === "host") return here;
	if (here) return to.kind === "address" && sameIp(to.address, packet.destination);
	if (to.kind === "outside") return true;
	const { plug } = steps.at(-1) as PathStep;
	return ends
		.of(to)
		.some(
			({ address, family, plug: own }) =>
				family === packet.family && sameIp(address, packet.destination) && (plug === undefined || own?.nic === plug.nic),
		);
}

function packetOf(
	{ protocol, port = 0, sourcePort = SOURCE_PORT }: Service,
	source: Location,
	destination: Location,
	tag: string,
): Placeless {
	const { family } = source;
	const icmp = protocol === ICMP || protocol === ICMP6;
	const own = icmp ? (family === "inet" ? ICMP : ICMP6) : protocol;
	const ports = own === TCP || own === UDP;
	return {
		family,
		protocol: own,
		source: source.address,
		destination: destination.address,
		sourcePort: ports ? sourcePort : 0,
		destinationPort: ports ? port : 0,
		tcpFlags: own === TCP ? SYN : 0,
		icmpType: icmp ? (port === 0 ? (family === "inet" ? 8 : 128) : port) : 0,
		icmpCode: 0,
		tag,
	};
}

const SYN = 0x02;
const SYN_ACK = 0x12;

/** What a rule left for the packets after the first: they pass where it was made, and anywhere if it floats. */
interface State {
	readonly interface: string;
	readonly direction: "in" | "out";
	readonly floating: boolean;
	/** As the packet came, and as it went on. */
	readonly before: Packet;
	readonly after: Packet;
	readonly step: number;
}

/** A packet under way. */
interface World {
	readonly packet: Placeless;
	readonly receivedOn: string;
	readonly steps: readonly TraceStep[];
	readonly states: readonly State[];
	readonly conditions: readonly Condition[];
}

/** Follows a packet along a path; one way for each answer to what is not known. Ways to another end than the one asked about are left out. */
function follow(network: Network, path: Path, packet: World["packet"], arrives: (packet: Heading) => boolean): readonly Way[] {
	const ways: Way[] = [];
	const open: World[] = [{ packet, receivedOn: "", steps: [], states: [], conditions: [] }];
	for (let world = open.pop(); world !== undefined; world = open.pop()) {
		const step = path.steps[world.steps.length];
		const before = path.steps[world.steps.length - 1];
		if (path.kind === "routed" && before?.direction === "in" && step?.direction !== "in") {
			// Here the host's stack decides where the packet goes.
			if (!arrives(world.packet)) continue;
			if (step !== undefined && !forwards(network, world.packet)) {
				ways.push({ path, steps: world.steps, answer: [], result: "not forwarded", conditions: world.conditions });
				continue;
			}
		}
		if (step === undefined) {
			ways.push(...returned(network, path, world));
			continue;
		}
		const name = nameOf(step);
		const here = packetAt(world.packet, step.direction, name, step.direction === "in" ? name : world.receivedOn);
		const next = passed(network, world, here, step.tested);
		for (let i = next.length - 1; i >= 0; i--) {
			const { blocked, world: after } = next[i] as Passage;
			if (blocked) {
				// A packet to the host that no rule redirects is none to the guest that was asked about.
				const { packet: left, steps, conditions } = after;
				if (path.kind === "routed" && !arrives(left)) continue;
				ways.push({ path, steps, answer: [], result: "blocked", conditions });
			} else if (open.length + ways.length < MAX_WORLDS) open.push(after);
		}
	}
	return ways;
}

/** A packet behind a place, or stopped there. */
interface Passage {
	readonly blocked: boolean;
	readonly world: World;
}

/** What pf does at one place: the packet goes on, or is blocked, in each way that it can be. */
function passed(network: Network, world: World, here: Packet, tested: boolean): readonly Passage[] {
	const receivedOn = here.direction === "in" ? here.interface : world.receivedOn;
	const { interface: name, direction } = here;
	const { evaluator } = network;
	const on = (step: TraceStep): readonly Passage[] => {
		const { packet, states, conditions, steps } = world;
		return [{ blocked: false, world: { packet, receivedOn, steps: [...steps, step], states, conditions } }];
	};
	if (!tested || evaluator === undefined) return on({ interface: name, direction, packet: here, by: "untested" });
	const state = world.states.find(
		(one) =>
			one.direction === here.direction &&
			(one.floating || one.interface === here.interface) &&
			sameFlow(one.before, here) &&
			sameFlow(one.after, here),
	);
	if (state !== undefined) return on({ interface: name, direction, packet: here, by: "state", stateOf: state.step });
	return evaluator.evaluate(here).map((outcome) => {
		const { packet, rule, verdict, conditions } = outcome;
		const keeps = rule !== undefined && rule.state !== "none";
		const next: World = {
			packet,
			receivedOn,
			steps: [...world.steps, { interface: name, direction, packet: here, by: "rules", outcome }],
			states: keeps ? [...world.states, stateOf(rule, here, packet, world.steps.length)] : world.states,
			conditions: [...world.conditions, ...conditions],
		};
		return { blocked: verdict === "block", world: next };
	});
}

function stateOf(rule: Rule, before: Packet, after: Packet, step: number): State {
	return {
		interface: before.interface,
		direction: before.direction,
		floating: !rule.stateOptions.ifBound,
		before,
		after,
		step,
	};
}

function sameFlow(x: Packet, y: Packet): boolean {
	return (
		x.family === y.family &&
		sameIp(x.source, y.source) &&
		sameIp(x.destination, y.destination) &&
		x.sourcePort === y.sourcePort &&
		x.destinationPort === y.destinationPort
	);
}

/** The host forwards where sysctl.conf says so. Without that file nothing is known, and nothing held against it. */
function forwards({ host }: Network, { family }: Pick<Packet, "family">): boolean {
	const settings = host.sysctl.value;
	if (settings === undefined) return true;
	const value = sysctlSetting(settings, family === "inet" ? "net.inet.ip.forwarding" : "net.inet6.ip6.forwarding")?.value;
	return value === "1";
}

/**
 * The way of the answer, back over the same places: by the states that the packet has left, or by the rules. Where what is not
 * known may stop it, that is a way of its own.
 */
function returned(network: Network, path: Path, world: World): readonly Way[] {
	const { evaluator } = network;
	const stopped: Way[] = [];
	const answer: TraceStep[] = [];
	let packet = reversed(world.packet);
	let conditions = world.conditions;
	let receivedOn = "";
	for (const step of [...path.steps].reverse()) {
		const name = nameOf(step);
		const direction = step.direction === "in" ? "out" : "in";
		if (direction === "in") receivedOn = name;
		const here = packetAt(packet, direction, name, receivedOn);
		const at = { interface: name, direction, packet: here } as const;
		const state = world.states.find(
			(one) => (one.floating || one.interface === name) && one.direction !== direction && sameFlow(reversed(one.after), here),
		);
		if (!step.tested || evaluator === undefined) answer.push({ ...at, by: "untested" });
		else if (state !== undefined) {
			answer.push({ ...at, by: "state", stateOf: state.step });
			packet = {
				...packet,
				source: state.before.destination,
				sourcePort: state.before.destinationPort,
				destination: state.before.source,
				destinationPort: state.before.sourcePort,
				family: state.before.family,
			};
		} else {
			const outcomes = evaluator.evaluate(here);
			const passing = outcomes.find(({ verdict }) => verdict === "pass");
			const blocking = outcomes.find(({ verdict }) => verdict === "block");
			const open = passing !== undefined && blocking !== undefined;
			if (blocking !== undefined)
				stopped.push({
					path,
					steps: world.steps,
					answer: [...answer, { ...at, by: "rules", outcome: blocking }],
					result: "no answer",
					conditions: open ? [...conditions, ...blocking.conditions] : conditions,
				});
			if (passing === undefined) return stopped;
			answer.push({ ...at, by: "rules", outcome: passing });
			if (open) conditions = [...conditions, ...passing.conditions];
			packet = passing.packet;
		}
	}
	return [{ path, steps: world.steps, answer, result: "passes", conditions }, ...stopped];
}

/** The answer to a packet: the ends change places. */
function reversed<T extends World["packet"]>(packet: T): T {
	const { source, destination, sourcePort, destinationPort, protocol, icmpType } = packet;
	return {
		...packet,
		source: destination,
		destination: source,
		sourcePort: destinationPort,
		destinationPort: sourcePort,
		tcpFlags: protocol === TCP ? SYN_ACK : 0,
		icmpType: protocol === ICMP ? (ICMP_ANSWERS.get(icmpType) ?? icmpType) : protocol === ICMP6 ? icmpType + 1 : 0,
		tag: "",
	};
}

/** Echo, timestamp, information and mask requests, with their answers (sys/netinet/ip_icmp.h). */
const ICMP_ANSWERS: ReadonlyMap<number, number> = new Map([
	[8, 0],
	[13, 14],
	[15, 16],
	[17, 18],
]);
