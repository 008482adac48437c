/** From a rule as written to the rules that pfctl loads: expand_rule() of parse.y and what it calls. */

import type { Span } from "../text/span.ts";
import { formatIp } from "./address.ts";
import { byteLength } from "./bytes.ts";
import type { PfErrorCode } from "./check.ts";
import { ExpandedRule, type SharedPart } from "./expanded-rule.ts";
import type { Fingerprints } from "./fingerprints.ts";
import { type Host, type HostNames, LOOPBACK } from "./hosts.ts";
import type { Protocols } from "./protocols.ts";
import { IPPROTO } from "./protocols.ts";
import {
	type AddressMatch,
	ANY_ADDRESS,
	ANY_END,
	type AnchorCall,
	type BlockReturn,
	type Divert,
	type EndMatch,
	type Family,
	isAny,
	type Log,
	NAT_PORTS,
	NO_STATE_OPTIONS,
	type NumberMatch,
	type Pool,
	type Rule,
	type Scrub,
	type SetActions,
	type StateOptions,
	type Table,
	type TableEntry,
	type TableItem,
	type TimeoutName,
} from "./rules.ts";
import type { EndSpec, FilterOptions, IcmpItem, InterfaceItem, PoolSpec, RuleSpec, StateItem } from "./syntax.ts";

const LABEL_SIZE = 64;
const THRESHOLD_MAX = 4294967;

/** What an expansion reports to and takes from. */
export interface Expansion {
	readonly names: HostNames;
	readonly protocols: Protocols;
	readonly fingerprints: Fingerprints;
	readonly statement: number;
	readonly words: Span;
	readonly defaultIfBound: boolean;
	readonly stateDefaults: readonly StateItem[] | undefined;
	error(code: PfErrorCode, message: string): void;
	/** What pfctl prints without a position. */
	complain(line: string): void;
	/** The next number of an automatic table. */
	nextTable(): number;
	table(table: Table): void;
	add(rule: Rule): void;
	/** The same value for parts that are alike. */
	shared(part: SharedPart): SharedPart;
	/** Ends the run, as errx(3) does. */
	fatal(line: string): never;
}

/** A rule with what all its combinations share, as they are worked out (struct pf_rule). */
export interface Draft {
	action: RuleSpec["action"];
	anchor: AnchorCall | undefined;
	blockReturn: BlockReturn;
	direction: "in" | "out" | undefined;
	log: Log | undefined;
	quick: boolean;
	family: Family | undefined;
	/** The family of af-to. */
	target: Family | undefined;
	flags: number;
	flagSet: number;
	state: Rule["state"];
	stateOptions: StateOptions;
	label: string;
	tag: string;
	tagged: string;
	divert: Divert | undefined;
	options: FilterOptions;
	set: SetActions | undefined;
	scrub: Scrub | undefined;
}

const ANY_HOST: Host = { family: undefined, match: ANY_ADDRESS, negated: false, index: 0, weight: 0 };
const ANY_INTERFACE: InterfaceItem = { name: "", negated: false, rdomain: -1, flags: 0, dynamic: false, span: { start: 0, end: 0 } };
const NO_KEY = [0, 0, 0, 0] as const;

/** decide_address_family() */
export function commonFamily(hosts: readonly Host[], family: Family | undefined): Family | undefined {
	const [first] = hosts;
	if (family !== undefined || first === undefined) return family;
	return hosts.every((host) => host.family === first.family) ? first.family : undefined;
}

/** filteropts_to_rule() and pfrule's action; undefined where an error was reported. */
export function draftOf(spec: RuleSpec, anchor: AnchorCall | undefined, around: Expansion): Draft | undefined {
	const { options } = spec;
	if (options.once && (spec.action === "match" || anchor !== undefined))
		return refused(around, "pf/combination", "'once' only applies to pass/block rules");
	if (options.tag !== undefined && byteLength(options.tag) >= LABEL_SIZE)
		return refused(around, "pf/too-long", "tag too long, max 63 chars");
	if (options.tagged !== undefined && byteLength(options.tagged.name) >= LABEL_SIZE)
		return refused(around, "pf/too-long", "tag too long, max 63 chars");
	if (options.label !== undefined && byteLength(options.label) >= LABEL_SIZE)
		return refused(around, "pf/too-long", "rule label too long (max 63 chars)");
	if (options.afTo && spec.direction !== "in") return refused(around, "pf/combination", "af-to can only be used with direction in");
	if (options.afTo && options.route !== undefined)
		return refused(around, "pf/combination", "af-to cannot be used together with route-to, reply-to, dup-to");
	const flags = options.flags?.flags ?? 0;
	const flagSet = options.flags?.set ?? 0;
	if ((flags & flagSet) !== flags) return refused(around, "pf/combination", "flags always false");
	for (const name of options.queue ?? []) {
		if (name !== undefined && byteLength(name) >= LABEL_SIZE) return refused(around, "pf/too-long", "rule qname too long (max 63 chars)");
	}
	return {
		action: spec.action,
		anchor,
		blockReturn: spec.blockReturn,
		direction: spec.direction,
		log: spec.log,
		quick: spec.quick,
		family: spec.family,
		target: undefined,
		flags,
		flagSet,
		state: "none",
		stateOptions: NO_STATE_OPTIONS,
		label: options.label ?? "",
		tag: options.tag ?? "",
		tagged: options.tagged?.name ?? "",
		divert: undefined,
		options,
		set: setActions(options),
		scrub: scrubOf(options),
	};
}

function refused(around: Expansion, code: PfErrorCode, message: string): undefined {
	around.error(code, message);
	return undefined;
}

function setActions(options: FilterOptions): SetActions | undefined {
	if (options.setPrio === undefined && options.queue === undefined && options.setTos === undefined && options.setDelay === undefined)
		return undefined;
	return { prio: options.setPrio, queue: options.queue, tos: options.setTos, delay: options.setDelay };
}

function scrubOf({ noDf, randomId, minTtl, reassembleTcp, maxMss }: FilterOptions): Scrub | undefined {
	if (!noDf && !randomId && !minTtl && !reassembleTcp && !maxMss) return undefined;
	return { noDf, randomId, minTtl: minTtl ?? 0, reassembleTcp, maxMss: maxMss ?? 0 };
}

/** `flags` and `os` need tcp among the protocols, where any are named. */
export function tcpMissing(spec: RuleSpec, around: Expansion, verb: "apply" | "applies"): boolean {
	const { options, os, protocols } = spec;
	const flags = options.flags !== undefined && (options.flags.flags !== 0 || options.flags.set !== 0);
	if ((!flags && os.length === 0) || protocols.length === 0 || protocols.includes(IPPROTO.tcp)) return false;
	if (flags) around.error("pf/combination", "flags only apply to tcp");
	if (os.length > 0) around.error("pf/combination", `OS fingerprinting only ${verb} to tcp`);
	return true;
}

/** The rest of pfrule's action: state options, defaults, divert; false where an error was reported. */
export function completeRule(draft: Draft, spec: RuleSpec, around: Expansion): boolean {
	const { options } = spec;
	draft.state = options.keep?.kind ?? "none";
	let items = options.keep?.options ?? [];
	if (draft.state === "none" && spec.action === "pass" && options.keep === undefined) {
		draft.state = "keep";
		items = around.stateDefaults ?? [];
	}
	if (items.length === 0) {
		if (draft.state !== "none" && around.defaultIfBound) draft.stateOptions = IF_BOUND;
	} else if (!stateOptions(draft, items, around)) return false;
	if (
		spec.action === "pass" &&
		draft.flags === 0 &&
		draft.flagSet === 0 &&
		!options.fragment &&
		options.flags === undefined &&
		draft.state !== "none"
	) {
		draft.flags = 2;
		draft.flagSet = 18;
	}
	draft.family = commonFamily(spec.source.hosts, draft.family);
	draft.family = commonFamily(spec.destination.hosts, draft.family);
	if (options.route !== undefined && options.route.kind !== "dup-to" && draft.direction === undefined) {
		around.error("pf/combination", "direction must be explicit with rules that specify routing");
		return false;
	}
	return divertOf(draft, around);
}

function divertOf(draft: Draft, around: Expansion): boolean {
	const { divert } = draft.options;
	if (divert === undefined) return true;
	switch (divert.kind) {
		case "to": {
			if (draft.direction === "out") return unfit(around, "divert-to used with outgoing rule");
			const host =
				draft.family === undefined
					? divert.hosts[0]
					: divert.hosts.find((one) => one.family === draft.family || one.match.kind === "unresolved");
			if (host === undefined) return unfit(around, "divert-to address family mismatch");
			draft.family ??= host.family;
			draft.divert = {
				kind: "to",
				address: host.match.kind === "network" ? host.match.address : { a: 0, b: 0, c: 0, d: 0 },
				port: divert.port,
			};
			return true;
		}
		case "reply":
			if (draft.direction === "in") return unfit(around, "divert-reply used with incoming rule");
			draft.divert = { kind: "reply" };
			return true;
		case "packet":
			draft.divert = { kind: "packet", port: divert.port };
			return true;
	}
}

function unfit(around: Expansion, message: string): false {
	around.error("pf/combination", message);
	return false;
}

const IF_BOUND: StateOptions = { ...NO_STATE_OPTIONS, ifBound: true };

function stateOptions(draft: Draft, items: readonly StateItem[], around: Expansion): boolean {
	const result: { -readonly [K in keyof StateOptions]: StateOptions[K] } = { ...NO_STATE_OPTIONS };
	const timeouts: Partial<Record<TimeoutName, number>> = {};
	let track: "plain" | "global" | "rule" | undefined;
	let tracked = false;
	let perRule = false;
	let locked = false;
	let adaptive = false;
	const twice = (message: string): boolean => {
		around.error("pf/redefined", message);
		return false;
	};
	const low = (message: string): boolean => {
		around.error("pf/range", message);
		return false;
	};
	for (const item of items) {
		switch (item.kind) {
			case "max":
				if (result.max) return twice("state option 'max' multiple definitions");
				result.max = item.value;
				break;
			case "no-sync":
				if (result.noSync) return twice("state option 'sync' multiple definitions");
				result.noSync = true;
				break;
			case "source-track":
				if (track !== undefined) return twice("state option 'source-track' multiple definitions");
				track = item.value;
				tracked = true;
				break;
			case "max-src-states":
				if (result.maxSrcStates) return twice("state option 'max-src-states' multiple definitions");
				if (item.value === 0) return low("'max-src-states' must be > 0");
				result.maxSrcStates = item.value;
				tracked = true;
				break;
			case "overload":
				if (result.overload !== undefined) return twice("multiple 'overload' table definitions");
				result.overload = item;
				break;
			case "max-src-conn":
				if (result.maxSrcConn) return twice("state option 'max-src-conn' multiple definitions");
				if (item.value === 0) return low("'max-src-conn' must be > 0");
				result.maxSrcConn = item.value;
				tracked = perRule = true;
				break;
			case "max-src-conn-rate":
				if (result.maxSrcConnRate !== undefined) return twice("state option 'max-src-conn-rate' multiple definitions");
				if (item.rate.limit === 0 || item.rate.seconds === 0) return low("'max-src-conn-rate' values must be > 0");
				if (item.rate.limit > THRESHOLD_MAX) return low(`'max-src-conn-rate' maximum rate must be < ${THRESHOLD_MAX}`);
				result.maxSrcConnRate = item.rate;
				tracked = perRule = true;
				break;
			case "max-src-nodes":
				if (result.maxSrcNodes) return twice("state option 'max-src-nodes' multiple definitions");
				if (item.value === 0) return low("'max-src-nodes' must be > 0");
				result.maxSrcNodes = item.value;
				tracked = perRule = true;
				break;
			case "state-lock":
				if (locked) return twice("state locking option: multiple definitions");
				locked = true;
				if (item.ifBound) result.ifBound = true;
				break;
			case "sloppy":
				if (result.sloppy) return twice("state sloppy option: multiple definitions");
				result.sloppy = true;
				break;
			case "pflow":
				if (result.pflow) return twice("state pflow option: multiple definitions");
				result.pflow = true;
				break;
			case "timeout":
				if (item.name === "adaptive.start" || item.name === "adaptive.end") adaptive = true;
				if (timeouts[item.name]) return twice(`state timeout ${item.name} multiple definitions`);
				timeouts[item.name] = item.seconds;
		}
	}
	if (!adaptive && result.max) {
		timeouts["adaptive.start"] = Math.floor(result.max / 10) * 6;
		timeouts["adaptive.end"] = Math.floor(result.max / 10) * 12;
	}
	if (tracked) {
		const clash = (option: string): boolean => {
			around.error("pf/combination", `'${option}' is incompatible with 'source-track global'`);
			return false;
		};
		if (track === "global" && result.maxSrcNodes) return clash("max-src-nodes");
		if (track === "global" && result.maxSrcConn) return clash("max-src-conn");
		if (track === "global" && result.maxSrcConnRate?.seconds) return clash("max-src-conn-rate");
		const seconds = result.maxSrcConnRate?.seconds ?? 0;
		if ((timeouts["src.track"] ?? 0) < seconds) timeouts["src.track"] = seconds;
		result.sourceTrack = perRule || track === "rule" ? "rule" : "global";
	}
	if (draft.state !== "none" && !locked && around.defaultIfBound) result.ifBound = true;
	result.timeouts = timeouts;
	draft.stateOptions = result;
	return true;
}

/** DYNIF_MULTIADDR of parse.y. */
function isMulti(match: AddressMatch): boolean {
	return match.kind === "dynamic" && !(match.noAlias && /\d$/.test(match.interface));
}

interface Combination {
	readonly interface: InterfaceItem;
	readonly protocol: number;
	readonly icmp: IcmpItem | undefined;
	readonly source: Host;
	readonly destination: Host;
	readonly sourcePort: NumberMatch | undefined;
	readonly destinationPort: NumberMatch | undefined;
	readonly os: string;
	readonly user: NumberMatch | undefined;
	readonly group: NumberMatch | undefined;
}

/** The lists of a rule. */
export interface Lists {
	readonly interfaces: readonly InterfaceItem[];
	readonly protocols: readonly number[];
	readonly icmp: readonly IcmpItem[];
	readonly source: EndSpec;
	readonly destination: EndSpec;
	readonly os: readonly string[];
	readonly users: readonly NumberMatch[];
	readonly groups: readonly NumberMatch[];
}

export interface Translations {
	readonly nat: PoolSpec | undefined;
	readonly rdr: PoolSpec | undefined;
}

/** What stands for a list that is empty. */
const UNDEFINED = [undefined];
const ANY_INTERFACES = [ANY_INTERFACE];
const ANY_HOSTS = [ANY_HOST];
const ANY_PROTOCOL = [0];
const ANY_OS = [""];

const orElse = <T, E>(list: readonly T[], otherwise: readonly E[]): readonly (T | E)[] => (list.length === 0 ? otherwise : list);

/** Visits every combination in pfctl's order: interfaces change slowest, groups fastest. */
function combine(lists: Lists, visit: (each: Combination) => void): void {
	const protocols = orElse(lists.protocols, ANY_PROTOCOL);
	const icmps = orElse(lists.icmp, UNDEFINED);
	const sources = orElse(lists.source.hosts, ANY_HOSTS);
	const destinations = orElse(lists.destination.hosts, ANY_HOSTS);
	const sourcePorts = orElse(lists.source.ports, UNDEFINED);
	const destinationPorts = orElse(lists.destination.ports, UNDEFINED);
	const systems = orElse(lists.os, ANY_OS);
	const users = orElse(lists.users, UNDEFINED);
	const groups = orElse(lists.groups, UNDEFINED);
	for (const one of orElse(lists.interfaces, ANY_INTERFACES))
		for (const protocol of protocols)
			for (const icmp of icmps)
				for (const source of sources)
					for (const destination of destinations)
						for (const sourcePort of sourcePorts)
							for (const destinationPort of destinationPorts)
								for (const os of systems)
									for (const user of users)
										for (const group of groups)
											visit({ interface: one, protocol, icmp, source, destination, sourcePort, destinationPort, os, user, group });
}

/** expand_rule(): adds a rule for each combination that can be, and complains where there is none. */
export function expandRule(draft: Draft, lists: Lists, { nat, rdr }: Translations, around: Expansion): void {
	const family = draft.family;
	const { direction } = draft;
	const { route } = draft.options;
	const { statement, words } = around;
	const shared = around.shared(sharedPart(draft));
	let added = 0;
	let errors = 0;
	combine(lists, (each) => {
		draft.family = family;
		const rdrResult = poolOf(rdr, draft, false, around);
		if (rdrResult.failed) errors++;
		const natResult = poolOf(nat, draft, false, around);
		if (natResult.failed) errors++;
		const routeResult = poolOf(route?.pool, draft, true, around);
		if (routeResult.failed) errors++;
		const { source, destination } = each;
		const af = draft.family;
		if (
			(af && source.family && af !== source.family) ||
			(af && destination.family && af !== destination.family) ||
			(source.family && destination.family && source.family !== destination.family) ||
			(source.index && destination.index && source.index !== destination.index) ||
			(source.index && each.interface.name && source.index !== around.names.index(each.interface.name)) ||
			(destination.index && each.interface.name && destination.index !== around.names.index(each.interface.name))
		)
			return;
		draft.family ??= source.family ?? destination.family;
		const name = each.interface.name || (around.names.nameOf(source.index) ?? around.names.nameOf(destination.index) ?? "");
		const label = expandText(draft.label, draft, each, name, around);
		const tag = expandText(draft.tag, draft, each, name, around);
		const tagged = expandText(draft.tagged, draft, each, name, around);
		const sourceMatch = fixedDynamic(source, draft.family);
		const destinationMatch = fixedDynamic(destination, draft.family);
		if (badMask(sourceMatch, draft.family, around)) errors++;
		if (badMask(destinationMatch, draft.family, around)) errors++;
		const onlyTcp = each.protocol !== 0 && each.protocol !== IPPROTO.tcp;
		const state = (draft.state === "modulate" || draft.state === "synproxy") && onlyTcp ? "keep" : draft.state;
		if (each.icmp !== undefined && each.protocol !== each.icmp.protocol) {
			around.error("pf/combination", "icmp-type mismatch");
			errors++;
		}
		if (nat?.binat) {
			errors += binatErrors(draft, family, source, sourceMatch, natResult.match, around);
			draft.direction = "out";
		}
		const natFinal = finishPool(natResult.match, nat, false, each.destinationPort, around);
		if (natFinal.failed) errors++;
		const rdrFinal = finishPool(rdrResult.match, rdr, true, each.destinationPort, around);
		if (rdrFinal.failed) errors++;
		const routeFinal = finishPool(routeResult.match, route?.pool, true, each.destinationPort, around);
		if (routeFinal.failed) errors++;
		const rule = new ExpandedRule(shared, {
			statement,
			words,
			direction: draft.direction,
			interface: name,
			interfaceNegated: each.interface.negated,
			rdomain: each.interface.rdomain,
			family: draft.family,
			protocol: each.protocol,
			source: endOf(sourceMatch, source.negated, each.sourcePort),
			os: each.os === "" ? "" : around.fingerprints.printed(each.os),
			destination: endOf(destinationMatch, destination.negated, each.destinationPort),
			user: each.user,
			group: each.group,
			flags: onlyTcp ? 0 : draft.flags,
			flagSet: onlyTcp ? 0 : draft.flagSet,
			icmpType: each.icmp?.type ?? -1,
			icmpCode: each.icmp?.code ?? -1,
			state,
			label,
			tag,
			tagged,
			nat: natFinal.pool,
			rdr: rdrFinal.pool,
			afTo: draft.options.afTo ? draft.target : undefined,
			route: route && routeFinal.pool && { kind: route.kind, pool: routeFinal.pool },
		});
		if (inconsistent(rule, each.os !== "", draft, around) || errors > 0) around.error("pf/combination", "skipping rule due to errors");
		else {
			around.add(rule);
			added++;
		}
		draft.direction = direction;
		if (errors === 0 && nat?.binat && natResult.match !== undefined) added += inboundOf(draft, each, nat, natResult.match, rule, around);
	});
	draft.direction = direction;
	if (added === 0) around.error("pf/no-rule", "rule expands to no valid combination");
}

function sharedPart({ action, anchor, blockReturn, log, quick, options, set, stateOptions, scrub, divert }: Draft): SharedPart {
	return {
		action,
		anchor,
		blockReturn,
		log,
		quick,
		receivedOn: options.receivedOn?.name ?? "",
		receivedOnNegated: options.receivedOn?.negated ?? false,
		tos: options.tos ?? 0,
		prio: options.prio,
		maxPacketRate: options.rate,
		set,
		stateOptions,
		probability: options.probability,
		fragment: options.fragment,
		scrub,
		allowOptions: options.allowOptions,
		once: options.once,
		taggedNegated: options.tagged?.negated ?? false,
		rtable: options.rtable,
		divert,
	};
}

/** The rdr rule that goes with a binat-to rule. */
function inboundOf(draft: Draft, each: Combination, nat: PoolSpec, outside: AddressMatch, outbound: Rule, around: Expansion): number {
	let added = 0;
	const inbound: Draft = {
		...draft,
		direction: "in",
		family: outbound.family,
		label: outbound.label,
		tag: outbound.tag,
		tagged: outbound.tagged,
		flags: outbound.flags,
		flagSet: outbound.flagSet,
		state: outbound.state,
	};
	const target: Host = { family: undefined, match: outside, negated: false, index: 0, weight: 0 };
	const inner: PoolSpec = {
		...nat,
		hosts: [{ ...each.source, match: outbound.source.address, index: 0 }],
		staticPort: false,
		binat: false,
	};
	expandRule(
		inbound,
		{
			interfaces: [each.interface],
			protocols: each.protocol === 0 ? [] : [each.protocol],
			icmp: each.icmp === undefined ? [] : [each.icmp],
			source: { hosts: [each.destination], ports: each.destinationPort === undefined ? [] : [each.destinationPort] },
			destination: { hosts: [target], ports: each.sourcePort === undefined ? [] : [each.sourcePort] },
			os: each.os === "" ? [] : [each.os],
			users: each.user === undefined ? [] : [each.user],
			groups: each.group === undefined ? [] : [each.group],
		},
		{ nat: undefined, rdr: inner },
		{
			...around,
			add: (rule) => {
				added++;
				around.add(rule);
			},
		},
	);
	return added;
}

function endOf(address: AddressMatch, negated: boolean, port: NumberMatch | undefined): EndMatch {
	return address === ANY_ADDRESS && !negated && port === undefined ? ANY_END : { address, negated, port };
}

/** gen_dynnode(): `(em0)` has the bits of its family. */
function fixedDynamic({ match }: Host, family: Family | undefined): AddressMatch {
	return match.kind === "dynamic" && family === "inet" && match.bits > 32 ? { ...match, bits: 32 } : match;
}

/** check_netmask() */
function badMask(match: AddressMatch, family: Family | undefined, around: Expansion): boolean {
	if (family !== "inet") return false;
	if ((match.kind === "network" || match.kind === "dynamic") && match.bits > 32) {
		around.complain(`netmask ${match.bits} invalid for IPv4 address`);
		return true;
	}
	return false;
}

interface PoolResult {
	readonly match: AddressMatch | undefined;
	readonly failed: boolean;
}

const NO_POOL: PoolResult = { match: undefined, failed: false };
const FAILED_POOL: PoolResult = { match: undefined, failed: true };

/** collapse_redirspec(): several addresses become a table, and the rule takes the family of its translation. */
function poolOf(spec: PoolSpec | undefined, draft: Draft, routing: boolean, around: Expansion): PoolResult {
	if (spec === undefined || spec.hosts.length === 0) return NO_POOL;
	const what = routing ? "routing" : "translation";
	const fail = (message: string): PoolResult => {
		around.error("pf/pool", message);
		return FAILED_POOL;
	};
	if (draft.options.afTo) draft.target = spec.family;
	let family: Family | undefined;
	const chosen: Host[] = [];
	for (const host of spec.hosts) {
		if (routing && host.match.kind === "dynamic" && !(host.match.part === "peer" && !host.match.noAlias))
			return fail("route spec requires :peer with dynamic interface addresses");
		if (spec.family !== undefined && draft.family === undefined && family === undefined)
			family = draft.target === "inet6" ? "inet" : draft.target === "inet" ? "inet6" : spec.family;
		if (host.family !== undefined && draft.target === undefined) {
			if (draft.family !== undefined && draft.family !== host.family) continue;
			if (draft.family === undefined && family !== undefined && family !== host.family)
				return fail(`${what} spec contains addresses with different address families`);
		} else if (host.family !== undefined && spec.family !== undefined && spec.family !== host.family)
			return fail(`${what} spec contains addresses that don't match target address family`);
		if (draft.family === undefined && family === undefined) family = host.family;
		const [first] = chosen;
		if (first !== undefined) {
			if (
				spec.kind !== "none" &&
				spec.kind !== "round-robin" &&
				spec.kind !== "random" &&
				spec.kind !== "least-states" &&
				spec.kind !== "source-hash"
			)
				return fail("pool type is not valid for multiple translation or routing addresses");
			if (chosen.length === 1 && first.match.kind !== "network" && host.match.kind !== "network")
				return fail("multiple tables or dynamic interfaces not supported for translation or routing");
			if (chosen.length === 1 && !inTable(first, around)) return FAILED_POOL;
			if (!inTable(host, around)) return FAILED_POOL;
		}
		chosen.push(host);
	}
	draft.family ??= family;
	const [first] = chosen;
	if (first === undefined) return fail(`af mismatch in ${what} spec`);
	if (chosen.length === 1) return { match: first.match, failed: false };
	const name = `__automatic_${around.nextTable()}`;
	around.table(automaticTable(name, chosen));
	return { match: { kind: "table", name }, failed: false };
}

/** append_addr_host(): only addresses fit into a table. */
function inTable(host: Host, around: Expansion): boolean {
	if (host.match.kind === "unresolved") return true;
	if (host.family !== undefined && host.match.kind === "network" && host.match.bits <= (host.family === "inet" ? 32 : 128)) return true;
	around.complain("pfctl: failed to add host: Invalid argument");
	return false;
}

function automaticTable(name: string, hosts: readonly Host[]): Table {
	const entries: TableEntry[] = [];
	const items: TableItem[] = [];
	for (const host of hosts) {
		items.push({ match: host.match, family: host.family, negated: false });
		if (host.match.kind === "network" && host.family !== undefined)
			entries.push({ family: host.family, address: host.match.address, bits: host.match.bits, negated: false, weight: host.weight });
	}
	return {
		name,
		anchor: "",
		statement: -1,
		words: { start: 0, end: 0 },
		constant: true,
		persist: false,
		counters: false,
		initialised: true,
		sources: [{ kind: "addresses", items }],
		entries,
		incomplete: hosts.some((host) => host.match.kind === "unresolved"),
	};
}

interface FinishedPool {
	readonly pool: Pool | undefined;
	readonly failed: boolean;
}

const UNPOOLED: FinishedPool = { pool: undefined, failed: false };

/** apply_redirspec(): ports and the kind of the pool. */
function finishPool(
	match: AddressMatch | undefined,
	spec: PoolSpec | undefined,
	redirects: boolean,
	port: NumberMatch | undefined,
	around: Expansion,
): FinishedPool {
	if (spec === undefined) return UNPOOLED;
	let ports: [number, number] = [spec.ports.low, spec.ports.high];
	if (redirects) {
		if (spec.ports.kind === "star") ports[1] = (ports[0] + (port === undefined ? 0 : port.high - port.low)) & 0xffff;
		else if (spec.ports.kind === "range" && ports[0] > ports[1]) return poolFailed(around, "invalid rdr-to port range");
	} else if (ports[0] === 0 && ports[1] === 0) ports = [...NAT_PORTS];
	else if (ports[1] === 0) ports[1] = ports[0];
	let { kind } = spec;
	if (kind === "none" && match !== undefined && (match.kind === "table" || isMulti(match))) kind = "round-robin";
	if (kind === "none" || kind === "bitmask") {
		if (spec.hosts.some((host) => host.match.kind === "table")) return poolFailed(around, "tables are not supported by pool type");
		const alias = spec.hosts.find((host) => isMulti(host.match));
		if (alias?.match.kind === "dynamic") return poolFailed(around, `interface (${alias.match.interface}) is not supported by pool type`);
	}
	if (spec.staticPort) {
		if (redirects) return poolFailed(around, "the 'static-port' option is only valid with nat rules");
		if (ports[0] !== NAT_PORTS[0] && ports[1] !== NAT_PORTS[1])
			return poolFailed(around, "the 'static-port' option can't be used when specifying a port range");
		ports = [0, 0];
	}
	if (match === undefined) return UNPOOLED;
	return { pool: { address: match, kind, sticky: spec.sticky, key: spec.key ?? NO_KEY, ports }, failed: false };
}

function poolFailed(around: Expansion, message: string): FinishedPool {
	around.error("pf/pool", message);
	return { pool: undefined, failed: true };
}

function binatErrors(
	draft: Draft,
	written: Family | undefined,
	source: Host,
	sourceMatch: AddressMatch,
	target: AddressMatch | undefined,
	around: Expansion,
): number {
	let errors = 0;
	const report = (message: string): void => {
		around.error("pf/pool", message);
		errors++;
	};
	const addressed = (match: AddressMatch | undefined): boolean =>
		match === undefined || match.kind === "network" || match.kind === "dynamic" || match.kind === "unresolved";
	if (source.match.kind === "table") report(`invalid use of table <${source.match.name}> as the source address of a binat-to rule`);
	else if (source.match.kind === "dynamic" && isMulti(source.match))
		report(`invalid use of interface (${source.match.interface}) as the source address of a binat-to rule`);
	else if (!addressed(sourceMatch) || !addressed(target)) report("binat-to requires a specified source and redirect address");
	if (isMulti(sourceMatch) || (target !== undefined && isMulti(target)))
		report("dynamic interfaces must be used with :0 in a binat-to rule");
	// A pool that could not be used counts as an address without a mask, and so does a table of a short name (struct pf_addr_wrap).
	const noMask = (match: AddressMatch | undefined): boolean => {
		switch (match?.kind) {
			case "network":
			case "dynamic":
				return match.bits === 0;
			case "table":
				return match.name.length <= 16;
			case "range":
			case "unresolved":
				return false;
			default:
				return true;
		}
	};
	if (written !== undefined && (noMask(sourceMatch) || noMask(target)))
		report("source and redir addresess must have a matching network mask in binat-rule");
	if (target?.kind === "table") report("tables cannot be used as the redirect address of a binat-to rule");
	if (draft.direction !== undefined) report("binat-to cannot be specified with a direction");
	return errors;
}

/** expand_label(): `$if` and its like; `$nr` is filled in when all rules are known. @param name the rule's interface */
function expandText(text: string, draft: Draft, each: Combination, name: string, around: Expansion): string {
	return text.includes("$") ? withVariables(text, draft, each, name, around) : text;
}

function withVariables(text: string, draft: Draft, each: Combination, name: string, around: Expansion): string {
	let result = text;
	const replace = (variable: string, value: () => string): void => {
		if (!result.includes(variable)) return;
		result = result.replaceAll(variable, () => value());
		if (byteLength(result) >= LABEL_SIZE) around.fatal("pfctl: expand_label: label too long");
	};
	replace("$if", () => name || "any");
	replace("$srcaddr", () => labelAddress(each.source, draft.family));
	replace("$dstaddr", () => labelAddress(each.destination, draft.family));
	replace("$srcport", () => labelPort(each.sourcePort));
	replace("$dstport", () => labelPort(each.destinationPort));
	replace("$proto", () => around.protocols.name(each.protocol) ?? String(each.protocol));
	return result;
}

function labelAddress({ match, negated }: Host, family: Family | undefined): string {
	let text = "?";
	switch (match.kind) {
		case "dynamic":
			text = `(${match.interface})`;
			break;
		case "table":
			text = `<${match.name}>`;
			break;
		case "no-route":
		case "urpf-failed":
			text = match.kind;
			break;
		case "unresolved":
			text = match.name;
			break;
		case "network":
			if (family === undefined || isAny(match)) text = "any";
			else text = formatIp(match.address, family) + (match.bits < (family === "inet" ? 32 : 128) ? `/${match.bits}` : "");
	}
	return negated ? `! ${text}` : text;
}

function labelPort(port: NumberMatch | undefined): string {
	if (port === undefined) return "";
	switch (port.op) {
		case "><":
		case "<>":
			return `${port.low}${port.op}${port.high}`;
		case "=":
			return String(port.low);
		case ":":
			return "";
		default:
			return `${port.op}${port.low}`;
	}
}

/** rule_consistent() */
function inconsistent(rule: Rule, os: boolean, draft: Draft, around: Expansion): boolean {
	let problems = 0;
	const problem = (message: string): void => {
		around.error("pf/combination", message);
		problems++;
	};
	const { protocol } = rule;
	const ported = protocol === IPPROTO.tcp || protocol === IPPROTO.udp;
	const icmp = protocol === IPPROTO.icmp || protocol === IPPROTO.icmp6;
	const typed = rule.icmpType >= 0 || rule.icmpCode >= 0;
	const translated = rule.nat !== undefined || rule.rdr !== undefined;
	const routed = draft.options.route !== undefined && draft.anchor === undefined;
	if (protocol !== IPPROTO.tcp && os) problem("os only applies to tcp");
	if (!ported && (rule.source.port || rule.destination.port)) problem("port only applies to tcp/udp");
	if (!ported && rule.user) problem("user only applies to tcp/udp");
	if (!ported && rule.group) problem("group only applies to tcp/udp");
	if (!icmp && typed) problem("icmp-type/code only applies to icmp");
	if (!rule.family && typed) problem("must indicate address family with icmp-type/code");
	if (draft.options.afTo && rule.family === draft.target) problem("must indicate different address family with af-to");
	if (rule.stateOptions.overload && !rule.stateOptions.maxSrcConn && !rule.stateOptions.maxSrcConnRate?.seconds)
		problem("'overload' requires 'max-src-conn' or 'max-src-conn-rate'");
	if ((protocol === IPPROTO.icmp && rule.family === "inet6") || (protocol === IPPROTO.icmp6 && rule.family === "inet"))
		problem(`proto ${protocol === IPPROTO.icmp ? "icmp" : "icmp6"} doesn't match address family ${rule.family}`);
	if (rule.allowOptions && rule.action !== "pass") problem("allow-opts can only be specified for pass rules");
	if (rule.fragment && (rule.source.port || rule.destination.port || rule.flagSet || typed))
		problem("fragments can be filtered only on IP header fields");
	if (rule.action === "block" && rule.blockReturn.kind === "rst" && protocol !== IPPROTO.tcp)
		problem("return-rst can only be applied to TCP rules");
	if (rule.stateOptions.maxSrcNodes && rule.stateOptions.sourceTrack !== "rule") problem("max-src-nodes requires 'source-track rule'");
	if (rule.action !== "pass" && rule.state !== "none") problem("keep state is great, but only for pass rules");
	if (routed && rule.state === "none") problem("route-to, reply-to and dup-to require keep state");
	if (rule.stateOptions.sloppy && (rule.state === "modulate" || rule.state === "synproxy"))
		problem("sloppy state matching cannot be used with synproxy state or modulate state");
	if (rule.state === "synproxy" && rule.direction !== "in")
		around.complain("@warning: synproxy used for inbound rules only, ignored for outbound");
	if (translated && rule.action !== "match" && rule.state === "none") problem("nat-to and rdr-to require keep state");
	if (rule.direction === undefined && translated) problem("nat-to and rdr-to require a direction");
	if (rule.family === "inet6" && (rule.scrub?.noDf || rule.scrub?.randomId))
		problem("address family inet6 does not support scrub options no-df, random-id");
	if (rule.action === "match") {
		if (rule.divert) problem("divert is not supported on match rules");
		if (routed) problem("route-to, reply-to and dup-to are not supported on match rules");
		if (draft.options.afTo) problem("af-to is not supported on match rules");
	} else if (rule.action === "block" && routed) problem("route-to, reply-to and dup-to are not supported on block rules");
	return problems > 0;
}

/** The two rules for each interface of an antispoof statement. */
export function expandAntispoof(
	item: InterfaceItem,
	spec: {
		readonly log: Log | undefined;
		readonly quick: boolean;
		readonly family: Family | undefined;
		readonly label: string;
		readonly rtable: number;
	},
	options: FilterOptions,
	around: Expansion,
): void {
	const draft = (): Draft => ({
		action: "block",
		anchor: undefined,
		blockReturn: { kind: "drop" },
		direction: "in",
		log: spec.log,
		quick: spec.quick,
		family: spec.family,
		target: undefined,
		flags: 0,
		flagSet: 0,
		state: "none",
		stateOptions: NO_STATE_OPTIONS,
		label: spec.label,
		tag: "",
		tagged: "",
		divert: undefined,
		options: { ...options, rtable: spec.rtable },
		set: undefined,
		scrub: undefined,
	});
	const lists = (interfaces: readonly InterfaceItem[], hosts: readonly Host[]): Lists => ({
		interfaces,
		protocols: [],
		icmp: [],
		source: { hosts, ports: [] },
		destination: { hosts: [], ports: [] },
		os: [],
		users: [],
		groups: [],
	});
	const none = { nat: undefined, rdr: undefined };
	const dynamic = (part: "address" | "network"): readonly Host[] => [
		{
			family: undefined,
			match: { kind: "dynamic", interface: item.name, part, noAlias: false, bits: 128 },
			negated: false,
			index: 0,
			weight: 0,
		},
	];
	const networks = item.dynamic ? dynamic("network") : around.names.lookup(item.name, { part: "network", noAlias: false });
	if (networks.length > 0) expandRule(draft(), lists([{ ...ANY_INTERFACE, name: item.name, negated: true }], networks), none, around);
	if ((item.flags & LOOPBACK) !== 0) return;
	const addresses = item.dynamic ? dynamic("address") : around.names.lookup(item.name, { part: "address", noAlias: false });
	if (addresses.length > 0) expandRule(draft(), lists([], addresses), none, around);
}
