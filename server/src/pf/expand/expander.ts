/** The combinations of a rule's lists: expand_rule() of parse.y. */

import type { ResolvedHost } from "../names/hosts.ts";
import { IPPROTO } from "../names/protocols.ts";
import { type AddressMatch, ANY_ADDRESS, ANY_END, type EndpointMatch, type Family, type NumberMatch, type Rule } from "../rules.ts";
import type { InterfaceItem, PoolSpec } from "../syntax.ts";
import { saying } from "../words/messages.ts";
import { inconsistent } from "./consistency.ts";
import type { Combination, Draft, Lists, RuleTranslations } from "./draft.ts";
import { expandText } from "./expand-labels.ts";
import { binatErrors, finishPool, poolOf } from "./expand-pools.ts";
import { blankWorked, ExpandedRule, sharedParts } from "./expanded-rule.ts";
import type { Expansion } from "./expansion.ts";

/** Of rules that cannot translate: calls of anchors, antispoof. */
export const NOT_TRANSLATED: RuleTranslations = { nat: undefined, rdr: undefined };

/** What rules have that name no address, or no interface. */
const ANY_HOST: ResolvedHost = { family: undefined, match: ANY_ADDRESS, negated: false, index: 0, weight: 0 };
export const ANY_INTERFACE: InterfaceItem = { name: "", negated: false, rdomain: -1, flags: 0, dynamic: false, span: { start: 0, end: 0 } };

const NOTHING: readonly never[] = [];
/** What stands for a list that is empty. */
const UNDEFINED = [undefined];
const ANY_INTERFACES = [ANY_INTERFACE];
const ANY_HOSTS = [ANY_HOST];
const ANY_PROTOCOL = [0];
const ANY_OS = [""];

const orElse = <T, E>(list: readonly T[], otherwise: readonly E[]): readonly (T | E)[] => (list.length === 0 ? otherwise : list);

/** Expands the rules of a file. What it works with it makes once: a large file has very many of them. */
export class Expander {
	readonly #around: Expansion;
	readonly #shared = sharedParts();
	/** The combination at hand, and what is worked out of it; all of it is set for each by itself. */
	readonly #each: Combination = {
		interface: ANY_INTERFACE,
		protocol: 0,
		icmp: undefined,
		source: ANY_HOST,
		destination: ANY_HOST,
		sourcePort: undefined,
		destinationPort: undefined,
		os: "",
		user: undefined,
		group: undefined,
	};
	readonly #worked = blankWorked();
	/** The ends of the combination before: most often the next one has one of them in common. */
	#source = ANY_END;
	#destination = ANY_END;
	#added = 0;
	#errors = 0;

	constructor(around: Expansion) {
		this.#around = around;
	}

	/** Adds a rule for each combination that can be, and complains where there is none; none where they are too many. */
	expand(draft: Draft, lists: Lists, translations: RuleTranslations): void {
		const combinations = combinationsOf(lists);
		if (!this.#around.makesRoom(combinations * poolsOf(draft, translations))) return;
		if (combinations > 1) this.#combine(draft, lists, translations);
		else this.#single(draft, lists, translations);
	}

	/** A rule without lists, as most are: to go through ten lists of one takes longer than all else that is done for it. */
	#single(draft: Draft, { interfaces, protocols, source, destination, os, options }: Lists, translations: RuleTranslations): void {
		const each = this.#each;
		const { direction } = draft;
		this.#begin();
		each.interface = interfaces[0] ?? ANY_INTERFACE;
		each.protocol = protocols[0] ?? 0;
		each.icmp = options.icmp?.[0];
		each.source = source.hosts[0] ?? ANY_HOST;
		each.destination = destination.hosts[0] ?? ANY_HOST;
		each.sourcePort = source.ports[0];
		each.destinationPort = destination.ports[0];
		each.os = os[0] ?? "";
		each.user = options.user[0];
		each.group = options.group[0];
		this.#one(draft, this.#shared.common(draft), translations);
		draft.direction = direction;
		if (this.#added === 0) this.#around.refuse("rule expands to no valid combination");
	}

	#begin(): void {
		this.#source = ANY_END;
		this.#destination = ANY_END;
		this.#added = 0;
		this.#errors = 0;
	}

	/** Returns how many rules it has added. */
	#combine(draft: Draft, { interfaces, protocols, source, destination, os, options }: Lists, translations: RuleTranslations): number {
		const each = this.#each;
		const { family, direction } = draft;
		const common = this.#shared.common(draft);
		this.#begin();
		// In pfctl's order: interfaces change slowest, groups fastest.
		for (each.interface of orElse(interfaces, ANY_INTERFACES))
			for (each.protocol of orElse(protocols, ANY_PROTOCOL))
				for (each.icmp of orElse(options.icmp ?? NOTHING, UNDEFINED))
					for (each.source of orElse(source.hosts, ANY_HOSTS))
						for (each.destination of orElse(destination.hosts, ANY_HOSTS))
							for (each.sourcePort of orElse(source.ports, UNDEFINED))
								for (each.destinationPort of orElse(destination.ports, UNDEFINED))
									for (each.os of orElse(os, ANY_OS))
										for (each.user of orElse(options.user, UNDEFINED))
											for (each.group of orElse(options.group, UNDEFINED)) {
												draft.family = family;
												this.#one(draft, common, translations);
												draft.direction = direction;
											}
		if (this.#added === 0) this.#around.refuse("rule expands to no valid combination");
		return this.#added;
	}

	/** The rule of the combination at hand. */
	#one(draft: Draft, common: ExpandedRule["common"], { nat, rdr }: RuleTranslations): void {
		const around = this.#around;
		const each = this.#each;
		const worked = this.#worked;
		const written = draft.family;
		const { route } = draft.options;
		const rdrAddress = this.#address(rdr, draft, false);
		const natAddress = this.#address(nat, draft, false);
		const routeAddress = this.#address(route?.pool, draft, true);
		if (mismatched(each, draft.family, around)) return;
		draft.family ??= each.source.family ?? each.destination.family;
		const name =
			each.interface.name || (around.system.names.nameOf(each.source.index) ?? around.system.names.nameOf(each.destination.index) ?? "");
		worked.interface = name;
		worked.label = expandText(draft.label, draft, each, name, around);
		worked.tag = expandText(draft.tag, draft, each, name, around);
		worked.tagged = expandText(draft.tagged, draft, each, name, around);
		const sourceMatch = fixedDynamic(each.source, draft.family);
		const destinationMatch = fixedDynamic(each.destination, draft.family);
		if (badMask(sourceMatch, draft.family, around)) this.#errors++;
		if (badMask(destinationMatch, draft.family, around)) this.#errors++;
		const otherThanTcp = each.protocol !== 0 && each.protocol !== IPPROTO.tcp;
		worked.state = (draft.state === "modulate" || draft.state === "synproxy") && otherThanTcp ? "keep" : draft.state;
		if (each.icmp !== undefined && each.protocol !== each.icmp.protocol) {
			around.refuse("icmp-type mismatch");
			this.#errors++;
		}
		if (nat?.binat) {
			this.#errors += binatErrors(draft, written, each.source, sourceMatch, natAddress, around);
			draft.direction = "out";
		}
		worked.nat = this.#pool(natAddress, nat, false);
		worked.rdr = this.#pool(rdrAddress, rdr, true);
		const routePool = this.#pool(routeAddress, route?.pool, true);
		worked.route = route && routePool && { kind: route.kind, pool: routePool };
		worked.direction = draft.direction;
		worked.interfaceNegated = each.interface.negated;
		worked.rdomain = each.interface.rdomain;
		worked.family = draft.family;
		worked.protocol = each.protocol;
		worked.flags = otherThanTcp ? 0 : draft.flags;
		worked.flagSet = otherThanTcp ? 0 : draft.flagSet;
		worked.os = each.os === "" ? "" : around.system.fingerprints.printed(each.os);
		worked.user = each.user;
		worked.group = each.group;
		worked.icmpType = each.icmp?.type ?? -1;
		worked.icmpCode = each.icmp?.code ?? -1;
		worked.afTo = draft.options.afTo ? draft.target : undefined;
		const source = endOf(sourceMatch, each.source.negated, each.sourcePort, this.#source);
		const destination = endOf(destinationMatch, each.destination.negated, each.destinationPort, this.#destination);
		this.#source = source;
		this.#destination = destination;
		const { traffic, extra } = this.#shared;
		const rule = new ExpandedRule(common, traffic(worked), extra(worked), around.statement, around.words, source, destination);
		if (inconsistent(rule, each.os !== "", draft, around) || this.#errors > 0) around.refuse("skipping rule due to errors");
		else {
			around.add(rule);
			this.#added++;
		}
		if (this.#errors === 0 && nat?.binat && natAddress !== undefined) this.#inbound(draft, nat, natAddress, rule);
	}

	/** Where a rule translates or routes to. */
	#address(spec: PoolSpec | undefined, draft: Draft, routing: boolean): AddressMatch | undefined {
		if (spec === undefined) return undefined;
		const { match, failed } = poolOf(spec, draft, routing, this.#around);
		if (failed) this.#errors++;
		return match;
	}

	#pool(match: AddressMatch | undefined, spec: PoolSpec | undefined, redirects: boolean): Rule["nat"] {
		if (spec === undefined) return undefined;
		const { pool, failed } = finishPool(match, spec, redirects, this.#each.destinationPort, this.#around);
		if (failed) this.#errors++;
		return pool;
	}

	/** The rdr rule that goes with a binat-to rule. */
	#inbound(draft: Draft, nat: PoolSpec, outside: AddressMatch, outbound: Rule): void {
		const { interface: one, protocol, icmp, source, destination, sourcePort, destinationPort, os, user, group } = this.#each;
		const { family, label, tag, tagged, flags, flagSet, state } = outbound;
		const target: ResolvedHost = { family: undefined, match: outside, negated: false, index: 0, weight: 0 };
		const inner: PoolSpec = {
			...nat,
			hosts: [{ ...source, match: outbound.source.address, index: 0 }],
			staticPort: false,
			binat: false,
		};
		this.#added += new Expander(this.#around).#combine(
			{ ...draft, direction: "in", family, label, tag, tagged, flags, flagSet, state },
			{
				interfaces: [one],
				protocols: protocol === 0 ? [] : [protocol],
				source: { hosts: [destination], ports: destinationPort === undefined ? [] : [destinationPort] },
				destination: { hosts: [target], ports: sourcePort === undefined ? [] : [sourcePort] },
				os: os === "" ? [] : [os],
				options: {
					icmp: icmp && [icmp],
					user: user === undefined ? [] : [user],
					group: group === undefined ? [] : [group],
				},
			},
			{ nat: undefined, rdr: inner },
		);
	}
}

/** How many combinations lists have. */
function combinationsOf({ interfaces, protocols, source, destination, os, options }: Lists): number {
	const ends = (source.hosts.length || 1) * (destination.hosts.length || 1) * (source.ports.length || 1) * (destination.ports.length || 1);
	const owners = (options.user.length || 1) * (options.group.length || 1) * (os.length || 1);
	return ends * owners * (interfaces.length || 1) * (protocols.length || 1) * (options.icmp?.length || 1);
}

/** How many rules and entries of tables a combination makes: each has tables of its own where it translates or routes to several addresses. */
function poolsOf(draft: Draft, { nat, rdr }: RuleTranslations): number {
	return (nat?.hosts.length || 1) + (rdr?.hosts.length || 1) + (draft.options.route?.pool.hosts.length || 1) - 2;
}

/** Whether a combination is none: of two families, or of addresses of another interface. */
function mismatched(
	{ source, destination, interface: one }: Combination,
	af: Family | undefined,
	{ system: { names } }: Expansion,
): boolean {
	return (
		(af !== undefined && source.family !== undefined && af !== source.family) ||
		(af !== undefined && destination.family !== undefined && af !== destination.family) ||
		(source.family !== undefined && destination.family !== undefined && source.family !== destination.family) ||
		(source.index !== 0 && destination.index !== 0 && source.index !== destination.index) ||
		(source.index !== 0 && one.name !== "" && source.index !== names.index(one.name)) ||
		(destination.index !== 0 && one.name !== "" && destination.index !== names.index(one.name))
	);
}

/** @param last that of the combination before, which it most often is */
function endOf(address: AddressMatch, negated: boolean, port: NumberMatch | undefined, last: EndpointMatch): EndpointMatch {
	if (address === ANY_ADDRESS && !negated && port === undefined) return ANY_END;
	return last.address === address && last.negated === negated && last.port === port ? last : { address, negated, port };
}

/** gen_dynnode(): `(em0)` has the bits of its family. */
function fixedDynamic({ match }: ResolvedHost, family: Family | undefined): AddressMatch {
	return match.kind === "dynamic" && family === "inet" && match.bits > 32 ? { ...match, bits: 32 } : match;
}

/** check_netmask() */
function badMask(match: AddressMatch, family: Family | undefined, around: Expansion): boolean {
	if (family !== "inet") return false;
	if ((match.kind === "network" || match.kind === "dynamic") && match.bits > 32) {
		around.complain(saying("netmask {0} invalid for IPv4 address", match.bits));
		return true;
	}
	return false;
}
