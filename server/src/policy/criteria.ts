/** A rule as a list of questions to a packet, in the order in which the kernel asks them (sys/net/pf.c, pf_match_rule). */
import { compareIp, formatIp, inNetwork } from "../pf/names/address.ts";
import {
	type AddressMatch,
	type EndpointMatch,
	type Family,
	type Ip,
	isAny,
	type LimiterUse,
	type NumberMatch,
	type Rule,
	UNKNOWN_ID,
} from "../pf/rules.ts";
import { printAddress } from "../pf/ruleset/print.ts";
import { addressSet, dynamicOf, type Interfaces, type TableLookup } from "./network.ts";
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
	| "prio"
	| "rate"
	/** A limit of states, or of the states of a source, is not reached. */
	| "limiter";

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
	/** What is not known where the answer is "unknown": equal texts have equal answers. */
	readonly unknown: (candidate: Candidate) => string;
	/** What is supposed first of that where it is not known. */
	readonly usual: boolean;
	/** The answer is yes where that is not so. */
	readonly negated: boolean;
	/** A packet that meets all else is blocked at once where the answer is no, in place of passing the rule over. */
	readonly blocks: boolean;
	/** The answer depends on the packet's interface, direction, family and protocol alone. */
	readonly fixed: boolean;
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

/** How much of a question differs from most. */
type QuestionDetails = Partial<Pick<Question, "unknown" | "usual" | "negated" | "blocks" | "fixed">>;

const KNOWN = (): string => "";

function question(
	criterion: Criterion,
	ask: Question["ask"],
	{ unknown = KNOWN, usual = false, negated = false, blocks = false, fixed = false }: QuestionDetails = {},
): Question {
	return { criterion, ask, unknown, usual, negated, blocks, fixed };
}

/** IFQ_DEFPRIO of sys/net/if_var.h: the priority of packets that nothing has set another one for. */
const DEFAULT_PRIO = 3;

/** The questions of a rule; one that every packet passes is not among them. */
export function questionsOf(rule: Rule, around: Surroundings): readonly Question[] {
	const questions: Question[] = [];
	const add = (criterion: Criterion, ask: Question["ask"], details?: QuestionDetails): void => {
		questions.push(question(criterion, ask, details));
	};
	const { interfaces } = around;
	if (rule.interface !== "") {
		add("interface", ({ packet }) => turned(interfaces.matches(rule.interface, packet.interface), rule.interfaceNegated), {
			fixed: true,
			unknown: ({ packet }) => `${packet.interface} in ${rule.interface}`,
			negated: rule.interfaceNegated,
		});
	}
	if (rule.direction !== undefined) add("direction", ({ packet }) => yesNo(packet.direction === rule.direction), { fixed: true });
	// The routing domain of an interface is not among what is known; all are in domain 0 unless set.
	if (rule.rdomain >= 0) {
		add("rdomain", () => "unknown", {
			unknown: ({ packet }) => `${packet.interface} in rdomain ${rule.rdomain}`,
			usual: rule.rdomain === 0,
			negated: rule.interfaceNegated,
		});
	}
	if (rule.family !== undefined) add("family", ({ packet }) => yesNo(packet.family === rule.family), { fixed: true });
	if (rule.protocol !== 0) add("protocol", ({ packet }) => yesNo(packet.protocol === rule.protocol), { fixed: true });
	addAddress(questions, "source", rule.source, rule, around);
	addAddress(questions, "destination", rule.destination, rule, around);
	if (rule.flagSet !== 0) {
		add("flags", ({ packet }) => yesNo(packet.protocol !== TCP || (packet.tcpFlags & rule.flagSet) === rule.flags));
	}
	if (rule.os !== "") add("os", ({ packet }) => (packet.protocol === TCP ? "unknown" : "yes"), { unknown: () => rule.os });
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
	// A packet here is never a fragment: fragments make no connection.
	if (rule.fragment) add("fragment", () => "no");
	if (rule.tos !== 0) add("tos", () => "unknown", { unknown: () => String(rule.tos) });
	if (rule.probability !== 0) add("probability", () => "unknown", { unknown: () => idOf(rule) });
	if (rule.tagged !== "") add("tag", ({ tag }) => yesNo((tag === rule.tagged) !== rule.taggedNegated));
	if (rule.receivedOn !== "") {
		add(
			"received-on",
			({ packet }) =>
				turned(packet.receivedOn === "" ? false : interfaces.matches(rule.receivedOn, packet.receivedOn), rule.receivedOnNegated),
			{
				unknown: ({ packet }) => `${packet.receivedOn} in ${rule.receivedOn}`,
				negated: rule.receivedOnNegated,
			},
		);
	}
	if (rule.prio >= 0) add("prio", () => "unknown", { unknown: () => String(rule.prio), usual: rule.prio === DEFAULT_PRIO });
	if (rule.maxPacketRate !== undefined) add("rate", () => "unknown", { unknown: () => idOf(rule), usual: true });
	// Last: a limit that is reached blocks only what meets all else.
	for (const use of rule.limiters) addLimiter(questions, use);
	return questions;
}

function addLimiter(questions: Question[], { kind, name, action }: LimiterUse): void {
	const details = { unknown: () => `${kind} ${name}`, usual: true, blocks: action === "block" };
	questions.push(question("limiter", () => "unknown", details));
}

const ids = new WeakMap<Rule, string>();
let lastId = 0;

/** A name for what is decided for each rule by itself. */
function idOf(rule: Rule): string {
	const known = ids.get(rule);
	if (known !== undefined) return known;
	lastId++;
	const id = `rule ${lastId}`;
	ids.set(rule, id);
	return id;
}

function isIcmp({ protocol }: Packet): boolean {
	return protocol === ICMP || protocol === ICMP6;
}

function addAddress(questions: Question[], which: "source" | "destination", end: EndpointMatch, rule: Rule, around: Surroundings): void {
	if (isAny(end.address) && !end.negated) return;
	const matches = addressTest(end.address, rule, around);
	// af-to is for rules that decide: what rules are asked is in the packet's own family.
	const ask: Question["ask"] = (candidate) => turned(matches(candidate[which], candidate.packet.family), end.negated);
	const unknown = (candidate: Candidate): string =>
		`${formatIp(candidate[which], candidate.packet.family)} ${printAddress(end.address, rule.family)}`;
	questions.push(question(which, ask, { unknown, negated: end.negated }));
}

type AddressTest = (ip: Ip, family: Family) => boolean | undefined;

function addressTest(address: AddressMatch, rule: Rule, { interfaces, tables, path }: Surroundings): AddressTest {
	switch (address.kind) {
		case "network":
			return (ip, family) => (rule.family === undefined || family === rule.family) && inNetwork(ip, address.address, address.bits);
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
		case "unresolved": {
			const dynamic = dynamicOf(address.name);
			return dynamic === undefined ? () => undefined : addressTest(dynamic, rule, { interfaces, tables, path });
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
	const ask = (candidate: Candidate): Answer => {
		const { protocol } = candidate.packet;
		if (protocol !== TCP && protocol !== UDP) return "yes";
		const actual = value(candidate);
		return actual < 0 ? "unknown" : yesNo(numberMatches(port, actual));
	};
	questions.push(question(criterion, ask, { unknown: () => describe(port) }));
}

function addOwner(questions: Question[], criterion: "user" | "group", owner: NumberMatch | undefined): void {
	if (owner === undefined) return;
	const ask = ({ packet }: Candidate): Answer => {
		if (packet.protocol !== TCP && packet.protocol !== UDP) return "yes";
		// A forwarded packet has no socket here: its owner is unknown, which only = and != compare (pf_match_uid).
		const forwarded = packet.direction === "out" && packet.receivedOn !== "";
		if (!forwarded) return "unknown";
		return yesNo((owner.op === "=" || owner.op === "!=") && numberMatches(owner, UNKNOWN_ID));
	};
	questions.push(question(criterion, ask, { unknown: () => describe(owner) }));
}

function describe({ op, low, high }: NumberMatch): string {
	return `${op} ${low} ${high}`;
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
