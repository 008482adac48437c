/** A rule as a list of questions to a packet, in the order in which the kernel asks them (sys/net/pf.c, pf_match_rule). */
import { compareIp, inNetwork } from "../pf/address.ts";
import { type AddressMatch, type EndMatch, type Family, type Ip, isAny, type NumberMatch, type Rule, UNKNOWN_ID } from "../pf/rules.ts";
import { addressSet, type Interfaces, type TableLookup } from "./network.ts";
import { ICMP, ICMP6, type IcmpRole, type Packet, TCP, UDP } from "./packet.ts";

/** What a rule can ask for, and what an answer can depend on. */
export type Criterion =
	| "interface"
	| "direction"
	| "rdomain"
	| "family"
	| "protocol"
	| "source"
	| "destination"
	| "flags"
	| "os"
	| "source port"
	| "destination port"
	| "user"
	| "group"
	| "icmp type"
	| "icmp code"
	| "state"
	| "fragment"
	| "tos"
	| "probability"
	| "tag"
	| "received-on"
	| "prio";

/** A packet on its way through the ruleset: what the rules so far have made of it. */
export interface Candidate {
	readonly packet: Packet;
	readonly icmp: IcmpRole | undefined;
	source: Ip;
	destination: Ip;
	/** -1 where the kernel picks it. */
	sourcePort: number;
	destinationPort: number;
	/** The family after af-to. */
	family: Family;
	tag: string;
}

export type Answer = "yes" | "no" | "unknown";

export interface Question {
	readonly criterion: Criterion;
	readonly ask: (candidate: Candidate) => Answer;
}

/** What the questions of all rules need to know. */
export interface Surroundings {
	readonly interfaces: Interfaces;
	readonly tables: TableLookup;
	/** The anchor's path of the rules. */
	readonly path: string;
}

const yesNo = (yes: boolean): Answer => (yes ? "yes" : "no");

/** The opposite where `negated`. */
function turned(answer: boolean | undefined, negated: boolean): Answer {
	return answer === undefined ? "unknown" : yesNo(answer !== negated);
}

/** The questions of a rule; one that every packet passes is not among them. */
export function questionsOf(rule: Rule, around: Surroundings): readonly Question[] {
	const questions: Question[] = [];
	const add = (criterion: Criterion, ask: Question["ask"]): void => {
		questions.push({ criterion, ask });
	};
	const { interfaces } = around;
	if (rule.interface !== "")
		add("interface", ({ packet }) => turned(interfaces.matches(rule.interface, packet.interface), rule.interfaceNegated));
	if (rule.direction !== undefined) add("direction", ({ packet }) => yesNo(packet.direction === rule.direction));
	// The routing domain of an interface is not among what is known; all are in domain 0 unless set.
	if (rule.rdomain >= 0) add("rdomain", () => "unknown");
	if (rule.family !== undefined) add("family", ({ packet }) => yesNo(packet.family === rule.family));
	if (rule.protocol !== 0) add("protocol", ({ packet }) => yesNo(packet.protocol === rule.protocol));
	addAddress(questions, "source", rule.source, rule, around);
	addAddress(questions, "destination", rule.destination, rule, around);
	if (rule.flagSet !== 0) {
		add("flags", ({ packet }) => yesNo(packet.protocol !== TCP || (packet.tcpFlags & rule.flagSet) === rule.flags));
	}
	if (rule.os !== "") add("os", ({ packet }) => (packet.protocol === TCP ? "unknown" : "yes"));
	addPort(questions, "source port", rule.source.port);
	addPort(questions, "destination port", rule.destination.port);
	addOwner(questions, "user", rule.user);
	addOwner(questions, "group", rule.group);
	if (rule.icmpType >= 0) add("icmp type", ({ packet }) => yesNo(!isIcmp(packet) || packet.icmpType === rule.icmpType));
	if (rule.icmpCode >= 0) add("icmp code", ({ packet }) => yesNo(!isIcmp(packet) || packet.icmpCode === rule.icmpCode));
	if (rule.state !== "none" && !rule.stateOptions.sloppy) {
		// No state is made for an answer: such a rule is passed over by it.
		add("state", ({ icmp }) => yesNo(icmp === undefined || icmp.ofAnotherState || !icmp.answer));
	}
	if (rule.fragment) add("fragment", () => "no");
	if (rule.tos !== 0) add("tos", () => "unknown");
	if (rule.probability !== 0) add("probability", () => "unknown");
	if (rule.tagged !== "") add("tag", ({ tag }) => yesNo((tag === rule.tagged) !== rule.taggedNegated));
	if (rule.receivedOn !== "") {
		add("received-on", ({ packet }) =>
			turned(packet.receivedOn === "" ? false : interfaces.matches(rule.receivedOn, packet.receivedOn), rule.receivedOnNegated),
		);
	}
	if (rule.prio >= 0) add("prio", () => "unknown");
	return questions;
}

function isIcmp({ protocol }: Packet): boolean {
	return protocol === ICMP || protocol === ICMP6;
}

function addAddress(questions: Question[], which: "source" | "destination", end: EndMatch, rule: Rule, around: Surroundings): void {
	if (isAny(end.address) && !end.negated) return;
	const matches = addressTest(end.address, rule, around);
	// The source is compared in the family that af-to has made it, the destination in the packet's own.
	questions.push({
		criterion: which,
		ask:
			which === "source"
				? (candidate) => turned(matches(candidate.source, candidate.family), end.negated)
				: (candidate) => turned(matches(candidate.destination, candidate.packet.family), end.negated),
	});
}

type AddressTest = (ip: Ip, family: Family) => boolean | undefined;

function addressTest(address: AddressMatch, rule: Rule, { interfaces, tables, path }: Surroundings): AddressTest {
	switch (address.kind) {
		case "network":
			return (ip, family) =>
				address.bits === 0 || ((rule.family === undefined || family === rule.family) && inNetwork(ip, address.address, address.bits));
		case "range":
			return (ip) => compareIp(address.first, ip) <= 0 && compareIp(ip, address.last) <= 0;
		case "table": {
			const table = tables(path, address.name);
			if (table === undefined) return () => false;
			return (ip, family) => table.set.has(ip, family) || (table.incomplete ? undefined : false);
		}
		case "dynamic": {
			const networks = interfaces.addresses(address);
			if (networks === undefined) return () => undefined;
			const set = addressSet(networks);
			return (ip, family) => set.has(ip, family);
		}
		case "no-route":
		case "urpf-failed":
		case "route-label":
			return () => undefined;
	}
}

function addPort(questions: Question[], criterion: "source port" | "destination port", port: NumberMatch | undefined): void {
	if (port === undefined) return;
	const value =
		criterion === "source port" ? (candidate: Candidate) => candidate.sourcePort : (candidate: Candidate) => candidate.destinationPort;
	questions.push({
		criterion,
		ask: (candidate) => {
			const { protocol } = candidate.packet;
			if (protocol !== TCP && protocol !== UDP) return "yes";
			const actual = value(candidate);
			return actual < 0 ? "unknown" : yesNo(numberMatches(port, actual));
		},
	});
}

function addOwner(questions: Question[], criterion: "user" | "group", owner: NumberMatch | undefined): void {
	if (owner === undefined) return;
	questions.push({
		criterion,
		ask: ({ packet }) => {
			if (packet.protocol !== TCP && packet.protocol !== UDP) return "yes";
			// A forwarded packet has no socket here: its owner is unknown, which only = and != compare (pf_match_uid).
			const forwarded = packet.direction === "out" && packet.receivedOn !== "";
			if (!forwarded) return "unknown";
			return yesNo((owner.op === "=" || owner.op === "!=") && numberMatches(owner, UNKNOWN_ID));
		},
	});
}

/** sys/net/pf.c, pf_match. */
export function numberMatches({ op, low, high }: NumberMatch, value: number): boolean {
	switch (op) {
		case "><":
			return value > low && value < high;
		case "<>":
			return value < low || value > high;
		case ":":
			return value >= low && value <= high;
		case "=":
			return value === low;
		case "!=":
			return value !== low;
		case "<":
			return value < low;
		case "<=":
			return value <= low;
		case ">":
			return value > low;
		case ">=":
			return value >= low;
	}
}
