/** What a ruleset means for states that are there already: whether the packet that makes one would be let through. */
import type { Host } from "../host/model.ts";
import { formatIp, masked, parseIp, sameIp } from "../pf/names/address.ts";
import type { AddressMatch, Family, Ip, NumberMatch, Rule, Ruleset } from "../pf/rules.ts";
import { createEvaluator, type Evaluator, type Outcome } from "./evaluate.ts";
import { networkOf } from "./interfaces.ts";
import { type Interfaces, interfacesOf, type KnownInterface, lastingTablesOf } from "./network.ts";
import { ICMP, ICMP6, type Packet, TCP, UDP } from "./packet.ts";
import type { PfState } from "./states.ts";

/** What becomes of a state under a ruleset. */
export interface StateVerdict {
	/**
	 * `made`: the packet that makes it would still be let through, and make it. `refused`: it would not, wherever it came.
	 * `unknown`: that depends on something that nobody here knows.
	 */
	readonly kind: "made" | "refused" | "unknown";
	/** The rule that decides, where it is one and the same. */
	readonly rule?: Rule;
	/** Why it is not known. */
	readonly why?: "interface" | "rule" | "rules";
}

/** On which interface a loaded rule made a state, as it is written; empty for any. */
export interface MadeOn {
	readonly interface: string;
	readonly negated: boolean;
}

export type StateJudge = (state: PfState, madeOn?: MadeOn) => StateVerdict;

const SYN = 0x2;
const ANYWHERE: MadeOn = { interface: "", negated: false };
const UNKNOWN_RULES: StateVerdict = { kind: "unknown", why: "rules" };

/**
 * Prepares the judgement of many states. A floating state does not tell where its first packet came: it is judged at every interface
 * where that may have been, and the answer is certain where all of them agree.
 *
 * @param host with the files of the new ruleset; what its `source.facts` tells of interfaces goes before the files
 * @param unseen interfaces at which pf never sees a packet
 */
export function judgeOfStates(host: Host, unseen: ReadonlySet<string> = new Set()): StateJudge {
	const { pf } = host;
	const known = host.interfacesKnown || host.source.facts?.interfaces !== undefined;
	if (pf === undefined || pf.incomplete === true || pf.ruleset.cutOff === true || !known) return () => UNKNOWN_RULES;
	const { interfaces } = networkOf(host);
	// A host that tells its interfaces tells the taps of all guests.
	const all = host.source.facts?.interfaces === undefined ? interfaces : interfaces.filter(({ unnamed }) => unnamed === undefined);
	return new Judge(pf.ruleset, all, unseen).judge;
}

/** Interfaces at which all rules say the same. */
interface Kind {
	readonly name: string;
	/** All of them. */
	readonly members: readonly KnownInterface[];
}

class Judge {
	readonly #evaluator: Evaluator;
	readonly #network: Interfaces;
	readonly #interfaces: readonly KnownInterface[];
	readonly #kinds: readonly Kind[];
	/** By the interface's name. */
	readonly #kindOf: ReadonlyMap<string, Kind>;
	/** Those that a rule for one of these addresses names stand first: disagreement is found soon. */
	readonly #kindsByAddress: ReadonlyMap<string, ReadonlySet<Kind>>;
	readonly #cuts: Cuts;
	readonly #own: readonly { readonly family: Family; readonly address: Ip }[];
	readonly #tags: readonly string[];
	readonly #asksReceivedOn: boolean;
	readonly #verdicts = new Map<string, StateVerdict>();
	readonly #candidates = new Map<string, readonly Kind[]>();

	constructor(ruleset: Ruleset, interfaces: readonly KnownInterface[], unseen: ReadonlySet<string>) {
		const rules = [ruleset.main, ...ruleset.anchors.values()].flatMap((anchor) => anchor.rules);
		const overloaded = new Set(rules.flatMap(({ stateOptions }) => stateOptions.overload?.table ?? []));
		const cuts = new Cuts(ruleset, rules, interfaces);
		this.#cuts = cuts;
		this.#evaluator = createEvaluator(ruleset, interfaces, {
			tables: lastingTablesOf(ruleset, overloaded),
			destinationOf: ({ destination, family }) => cuts.pieceOf(destination, family),
		});
		this.#network = interfacesOf(interfaces);
		this.#interfaces = interfaces.filter(({ name }) => !unseen.has(name) && !/^(bridge|veb|tpmr|pflog|pfsync)\d+$/.test(name));
		this.#own = interfaces.flatMap(({ addresses }) =>
			addresses.flatMap(({ family, address }) => {
				const read = parseIp(address.replace(/%.*/, ""));
				return read === undefined ? [] : [{ family, address: read.address }];
			}),
		);
		this.#kinds = this.#kindsOf(this.#interfaces, [
			...new Set([...rules.flatMap((rule) => [rule.interface, rule.receivedOn]), ...ruleset.options.skip]),
		]);
		this.#kindOf = new Map(this.#kinds.flatMap((kind) => kind.members.map(({ name }) => [name, kind] as const)));
		this.#kindsByAddress = this.#byAddress(rules);
		this.#tags = [...new Set(rules.map(({ tag }) => tag)).add("")];
		this.#asksReceivedOn = rules.some(({ receivedOn }) => receivedOn !== "");
	}

	readonly judge: StateJudge = (state, madeOn = ANYWHERE) => {
		const { source, destination, family, protocol, direction } = state;
		const isLocal = this.#isOwn(source.address, family) && this.#isOwn(destination.address, family);
		const where = state.interface === "all" ? `${madeOn.negated ? "!" : ""}${madeOn.interface}` : `=${state.interface}`;
		const key = `${direction} ${where} ${protocol} ${family} ${this.#cuts.keyOf(state)}`;
		const known = this.#verdicts.get(key);
		if (known !== undefined) return known;
		const made = this.#judge(state, this.#kindsFor(state, where, isLocal, madeOn));
		this.#verdicts.set(key, made);
		return made;
	};

	#judge(state: PfState, kinds: readonly Kind[]): StateVerdict {
		let all: StateVerdict | undefined;
		for (const { name } of kinds) {
			const one = this.#at(state, name);
			if (one.kind === "unknown") return one;
			if (all !== undefined && all.kind !== one.kind) return { kind: "unknown", why: "interface" };
			all = all === undefined || all.rule === one.rule ? one : { kind: one.kind };
		}
		return all ?? { kind: "unknown", why: "interface" };
	}

	/** What all worlds say at one interface. */
	#at(state: PfState, name: string): StateVerdict {
		let all: StateVerdict | undefined;
		for (const packet of this.#packetsOf(state, name)) {
			for (const outcome of this.#evaluator.evaluate(packet)) {
				const one = verdictOf(outcome);
				if (all !== undefined && all.kind !== one.kind) return { kind: "unknown", why: "rule" };
				all = all === undefined || all.rule === one.rule ? one : { kind: one.kind };
			}
		}
		// Each packet has an outcome, and there is one at least.
		return all as StateVerdict;
	}

	/** The packet that makes the state; one for each tag that it may have, and each interface that may have received it. */
	*#packetsOf({ direction, family, protocol, source, destination }: PfState, name: string): Generator<Packet> {
		const isIcmp = protocol === ICMP || protocol === ICMP6;
		const received = direction === "in" ? [name] : this.#asksReceivedOn ? ["", ...this.#interfaces.map((one) => one.name)] : [""];
		for (const tag of this.#tags) {
			for (const receivedOn of received) {
				yield {
					direction,
					interface: name,
					family,
					protocol,
					source: source.address,
					destination: destination.address,
					sourcePort: isIcmp ? 0 : source.port,
					destinationPort: isIcmp ? 0 : destination.port,
					tcpFlags: protocol === TCP ? SYN : 0,
					icmpType: isIcmp ? destination.port : 0,
					icmpCode: 0,
					tag,
					receivedOn,
				};
			}
		}
	}

	/** Where the first packet of a state may have been. */
	#kindsFor({ interface: bound, source, destination, family }: PfState, where: string, isLocal: boolean, madeOn: MadeOn): readonly Kind[] {
		if (bound !== "all") return [{ name: bound, members: [] }];
		const cacheKey = `${where} ${isLocal ? "lo" : ""}`;
		const kinds = this.#candidates.get(cacheKey) ?? this.#possible(madeOn, isLocal);
		this.#candidates.set(cacheKey, kinds);
		const first = [source, destination].flatMap(({ address }) => [
			...(this.#kindsByAddress.get(`${family} ${formatIp(address, family)}`) ?? []),
		]);
		return [...new Set([...first.filter((kind) => kinds.includes(kind)), ...kinds])];
	}

	#possible({ interface: name, negated }: MadeOn, isLocal: boolean): readonly Kind[] {
		const isPossible = (one: KnownInterface): boolean => {
			// What is on the loopback interface is between addresses of the host.
			if (!isLocal && one.groups.includes("lo")) return false;
			return name === "" || this.#network.matches(name, one.name) !== negated;
		};
		return this.#kinds.filter(({ members }) => members.some(isPossible));
	}

	/** One of each kind stands for all of it. */
	#kindsOf(interfaces: readonly KnownInterface[], names: readonly string[]): readonly Kind[] {
		const kinds = new Map<string, KnownInterface[]>();
		for (const one of interfaces) {
			const key = JSON.stringify(names.map((name) => this.#network.matches(name, one.name)));
			const kind = kinds.get(key);
			if (kind === undefined) kinds.set(key, [one]);
			else kind.push(one);
		}
		return [...kinds.values()].map((members) => ({ name: (members[0] as KnownInterface).name, members }));
	}

	#byAddress(rules: readonly Rule[]): ReadonlyMap<string, ReadonlySet<Kind>> {
		const found = new Map<string, Set<Kind>>();
		for (const { source, destination, family, interface: name } of rules) {
			const kind = this.#kindOf.get(name);
			for (const { address } of [source, destination]) {
				if (kind === undefined || address.kind !== "network") continue;
				const key = `${family} ${formatIp(address.address, family as Family)}`;
				found.set(key, (found.get(key) ?? new Set()).add(kind));
			}
		}
		return found;
	}

	#isOwn(address: Ip, family: Family): boolean {
		return this.#own.some((one) => one.family === family && sameIp(one.address, address));
	}
}

/** What an outcome means for a state. */
function verdictOf({ verdict, reason, rule, conditions }: Outcome): StateVerdict {
	if (rule === undefined || reason !== "rule") return { kind: "unknown", why: "rule" };
	// What an address that nobody can tell becomes, rules after the translation may ask for.
	if (conditions.some((one) => one.criterion === "translation" && one.rule !== rule)) return { kind: "unknown", why: "rule" };
	if (verdict === "block") return { kind: "refused", rule };
	// Packets that make no state do not need one either.
	return rule.state === "none" ? { kind: "unknown", why: "rule" } : { kind: "made", rule };
}

/**
 * Where rules begin to say something else about addresses and ports. Connections between the same cuts are treated alike, so one of
 * them is judged for all: of a hundred thousand states there are few that no other is like.
 */
class Cuts {
	/** Of IPv4: the first address of each piece. */
	readonly #addresses: Float64Array;
	/** Of ports. */
	readonly #ports: Uint32Array;
	/** Whether all that rules ask of addresses is known as pieces. */
	readonly #isExact: boolean;

	constructor({ main, anchors }: Ruleset, rules: readonly Rule[], interfaces: readonly KnownInterface[]) {
		const addresses = new Set<number>([0]);
		const ports = new Set<number>([0]);
		const add = (first: number, last: number): void => {
			addresses.add(first);
			addresses.add(last + 1);
		};
		const network = (address: Ip, bits: number): void => {
			const first = masked(address, bits).a >>> 0;
			add(first, first + 2 ** (32 - Math.min(bits, 32)) - 1);
		};
		let isExact = true;
		const match = (address: AddressMatch): void => {
			if (address.kind === "network") network(address.address, address.bits);
			else if (address.kind === "range") add(address.first.a >>> 0, address.last.a >>> 0);
		};
		for (const { source, destination, nat, rdr } of rules) {
			for (const end of [source, destination]) {
				match(end.address);
				portCuts(end.port, ports);
			}
			// What these keep of an address, later rules may ask for.
			if (nat?.kind === "bitmask" || rdr?.kind === "bitmask") isExact = false;
			// The port that a range is redirected to follows from the port that was asked for.
			if (rdr !== undefined && rdr.ports[0] !== rdr.ports[1] && rdr.ports[1] !== 0) isExact = false;
		}
		for (const { tables } of [main, ...anchors.values()])
			for (const { entries } of tables) for (const { family, address, bits } of entries) if (family === "inet") network(address, bits);
		for (const { addresses: own } of interfaces) {
			for (const { family, address, prefixLength = 32, broadcast, peer } of own) {
				if (family !== "inet") continue;
				for (const text of [address, broadcast, peer]) {
					const read = parseIp(text ?? "");
					if (read === undefined) continue;
					network(read.address, 32);
					network(read.address, prefixLength);
				}
			}
		}
		this.#isExact = isExact;
		this.#addresses = Float64Array.from(addresses).sort();
		this.#ports = Uint32Array.from(ports).sort();
	}

	/** Equal for connections that no rule tells apart. */
	keyOf({ source, destination, family, protocol }: PfState): string {
		// Of ICMP, the one is a type, which rules name, and the other an identifier, which none does.
		const hasPorts = protocol === TCP || protocol === UDP;
		const from = !this.#isExact ? source.port : hasPorts ? pieceOf(this.#ports, source.port) : 0;
		const to = !this.#isExact || !hasPorts ? destination.port : pieceOf(this.#ports, destination.port);
		return `${this.pieceOf(source.address, family)} ${from} ${this.pieceOf(destination.address, family)} ${to}`;
	}

	pieceOf(ip: Ip, family: Family): string | number {
		return !this.#isExact || family !== "inet" ? formatIp(ip, family) : pieceOf(this.#addresses, ip.a >>> 0);
	}
}

function portCuts(match: NumberMatch | undefined, into: Set<number>): void {
	if (match === undefined) return;
	for (const value of [match.low, match.high]) {
		into.add(value);
		into.add(value + 1);
	}
}

/** The number of the last piece that does not begin behind a value. */
function pieceOf(starts: Float64Array | Uint32Array, value: number): number {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((starts[middle] ?? 0) <= value) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** The interface that a loaded rule is about, from the words of pfctl. */
export function madeOnOf(text: string): MadeOn {
	const [, not, name] =
		/^(?:pass|match|block)(?: (?:drop|return)(?:-[a-z0-9]+(?:\([^)]*\))?)*)?(?: in| out)?(?: log(?: \([^)]*\))?)?(?: quick)? on (! )?([A-Za-z0-9_]+)/.exec(
			text,
		) ?? [];
	return name === undefined || name === "rdomain" ? ANYWHERE : { interface: name, negated: not !== undefined };
}
