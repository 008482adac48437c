/** From a rule as written to the rules that pfctl loads: expand_rule() of parse.y and what it calls. */
import { byteLength } from "./bytes.ts";
import type { PfErrorCode } from "./check.ts";
import { inconsistent } from "./consistency.ts";
import { expandText, LABEL_SIZE } from "./expand-labels.ts";
import { binatErrors, finishPool, poolOf } from "./expand-pools.ts";
import { IF_BOUND, stateOptions } from "./expand-state.ts";
import { ExpandedRule, type SharedPart } from "./expanded-rule.ts";
import type { Combination, Draft, Expansion, Lists, Translations } from "./expansion.ts";
import { type Host, LOOPBACK } from "./hosts.ts";
import { IPPROTO } from "./protocols.ts";
import {
	type AddressMatch,
	ANY_ADDRESS,
	ANY_END,
	type AnchorCall,
	type EndMatch,
	type Family,
	type Log,
	NO_STATE_OPTIONS,
	type NumberMatch,
	type Rule,
	type Scrub,
	type SetActions,
} from "./rules.ts";
import type { FilterOptions, InterfaceItem, PoolSpec, RuleSpec } from "./syntax.ts";

const ANY_HOST: Host = { family: undefined, match: ANY_ADDRESS, negated: false, index: 0, weight: 0 };
const ANY_INTERFACE: InterfaceItem = { name: "", negated: false, rdomain: -1, flags: 0, dynamic: false, span: { start: 0, end: 0 } };

/** decide_address_family() */
export function commonFamily(hosts: readonly Host[], family: Family | undefined): Family | undefined {
	const first = hosts[0];
	if (family !== undefined || first === undefined) return family;
	for (const host of hosts) if (host.family !== first.family) return undefined;
	return first.family;
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
