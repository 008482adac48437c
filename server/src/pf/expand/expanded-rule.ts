/**
 * Rules that share what they have alike: three parts, which many rules refer to. A rule has only its addresses of its own, so that
 * large rulesets stay small.
 */

import { internRecent } from "../intern-recent.ts";
import type { Rule } from "../rules.ts";
import type { Draft } from "./draft.ts";

type StatementField =
	| "action"
	| "anchor"
	| "blockReturn"
	| "log"
	| "quick"
	| "set"
	| "stateOptions"
	| "scrub"
	| "divert"
	| "receivedOn"
	| "receivedOnNegated"
	| "tos"
	| "prio"
	| "maxPacketRate"
	| "limiters"
	| "probability"
	| "fragment"
	| "allowOptions"
	| "once"
	| "taggedNegated"
	| "rtable";

type TrafficField = "interface" | "protocol" | "direction" | "family" | "state" | "flags" | "flagSet" | "interfaceNegated" | "rdomain";

type ExtraField = "label" | "nat" | "rdr" | "icmpType" | "icmpCode" | "os" | "user" | "group" | "tag" | "tagged" | "afTo" | "route";

/** What the rules of a statement have alike. */
type StatementPart = Pick<Rule, StatementField>;
/** Which packets a rule is for but for their addresses, and what it does with their state. */
type TrafficPart = Pick<Rule, TrafficField>;
/** What few rules ask for. */
type ExtraPart = Pick<Rule, ExtraField>;

/** A combination of a statement's lists as it is worked out. */
export type Worked = { -readonly [K in TrafficField | ExtraField]: Rule[K] };

export function blankWorked(): Worked {
	return {
		interface: "",
		protocol: 0,
		direction: undefined,
		family: undefined,
		state: "none",
		flags: 0,
		flagSet: 0,
		interfaceNegated: false,
		rdomain: -1,
		label: "",
		nat: undefined,
		rdr: undefined,
		icmpType: -1,
		icmpCode: -1,
		os: "",
		user: undefined,
		group: undefined,
		tag: "",
		tagged: "",
		afTo: undefined,
		route: undefined,
	};
}

/** Each answers the same part for what is alike, as far as it was asked for it of late. */
export interface SharedParts {
	readonly common: (draft: Draft) => StatementPart;
	readonly traffic: (worked: Worked) => TrafficPart;
	readonly extra: (worked: Worked) => ExtraPart;
}

export function sharedParts(): SharedParts {
	return { common: internRecent(isCommon, commonOf), traffic: internRecent(isTraffic, trafficOf), extra: internRecent(isExtra, extraOf) };
}

function isCommon(part: StatementPart, draft: Draft): boolean {
	const { options } = draft;
	return (
		part.action === draft.action &&
		part.anchor === draft.anchor &&
		part.blockReturn === draft.blockReturn &&
		part.log === draft.log &&
		part.quick === draft.quick &&
		part.set === draft.set &&
		part.stateOptions === draft.stateOptions &&
		part.scrub === draft.scrub &&
		part.divert === draft.divert &&
		part.receivedOn === (options.receivedOn?.name ?? "") &&
		part.receivedOnNegated === (options.receivedOn?.negated ?? false) &&
		part.tos === (options.tos ?? 0) &&
		part.prio === options.prio &&
		part.maxPacketRate === options.rate &&
		part.limiters === options.limiters &&
		part.probability === options.probability &&
		part.fragment === options.fragment &&
		part.allowOptions === options.allowOptions &&
		part.once === options.once &&
		part.taggedNegated === (options.tagged?.negated ?? false) &&
		part.rtable === options.rtable
	);
}

function commonOf(draft: Draft): StatementPart {
	const { options } = draft;
	return {
		action: draft.action,
		anchor: draft.anchor,
		blockReturn: draft.blockReturn,
		log: draft.log,
		quick: draft.quick,
		set: draft.set,
		stateOptions: draft.stateOptions,
		scrub: draft.scrub,
		divert: draft.divert,
		receivedOn: options.receivedOn?.name ?? "",
		receivedOnNegated: options.receivedOn?.negated ?? false,
		tos: options.tos ?? 0,
		prio: options.prio,
		maxPacketRate: options.rate,
		limiters: options.limiters,
		probability: options.probability,
		fragment: options.fragment,
		allowOptions: options.allowOptions,
		once: options.once,
		taggedNegated: options.tagged?.negated ?? false,
		rtable: options.rtable,
	};
}

function isTraffic(part: TrafficPart, worked: Worked): boolean {
	return (
		part.interface === worked.interface &&
		part.protocol === worked.protocol &&
		part.direction === worked.direction &&
		part.family === worked.family &&
		part.state === worked.state &&
		part.flags === worked.flags &&
		part.flagSet === worked.flagSet &&
		part.interfaceNegated === worked.interfaceNegated &&
		part.rdomain === worked.rdomain
	);
}

function trafficOf(worked: Worked): TrafficPart {
	return {
		interface: worked.interface,
		protocol: worked.protocol,
		direction: worked.direction,
		family: worked.family,
		state: worked.state,
		flags: worked.flags,
		flagSet: worked.flagSet,
		interfaceNegated: worked.interfaceNegated,
		rdomain: worked.rdomain,
	};
}

function isExtra(part: ExtraPart, worked: Worked): boolean {
	return (
		part.label === worked.label &&
		part.nat === worked.nat &&
		part.rdr === worked.rdr &&
		part.icmpType === worked.icmpType &&
		part.icmpCode === worked.icmpCode &&
		part.os === worked.os &&
		part.user === worked.user &&
		part.group === worked.group &&
		part.tag === worked.tag &&
		part.tagged === worked.tagged &&
		part.afTo === worked.afTo &&
		part.route === worked.route
	);
}

function extraOf(worked: Worked): ExtraPart {
	return {
		label: worked.label,
		nat: worked.nat,
		rdr: worked.rdr,
		icmpType: worked.icmpType,
		icmpCode: worked.icmpCode,
		os: worked.os,
		user: worked.user,
		group: worked.group,
		tag: worked.tag,
		tagged: worked.tagged,
		afTo: worked.afTo,
		route: worked.route,
	};
}

/** A rule with other values in some of its fields. A spread would lose those that it shares. */
export function changed(rule: Rule, change: Partial<Rule>): Rule {
	if (!(rule instanceof ExpandedRule)) return { ...rule, ...change };
	const of = <P extends object>(part: P): P => {
		const fields = Object.entries(change).filter(([field]) => Object.hasOwn(part, field));
		return fields.length === 0 ? part : { ...part, ...Object.fromEntries(fields) };
	};
	const { statement, words, source, destination } = { ...rule, ...change };
	return new ExpandedRule(of(rule.common), of(rule.traffic), of(rule.extra), statement, words, source, destination);
}

/** A rule of a statement. */
export class ExpandedRule implements Rule {
	readonly common: StatementPart;
	readonly traffic: TrafficPart;
	readonly extra: ExtraPart;
	readonly statement: Rule["statement"];
	readonly words: Rule["words"];
	readonly source: Rule["source"];
	readonly destination: Rule["destination"];

	constructor(
		common: StatementPart,
		traffic: TrafficPart,
		extra: ExtraPart,
		statement: Rule["statement"],
		words: Rule["words"],
		source: Rule["source"],
		destination: Rule["destination"],
	) {
		this.common = common;
		this.traffic = traffic;
		this.extra = extra;
		this.statement = statement;
		this.words = words;
		this.source = source;
		this.destination = destination;
	}

	get action(): Rule["action"] {
		return this.common.action;
	}

	get anchor(): Rule["anchor"] {
		return this.common.anchor;
	}

	get blockReturn(): Rule["blockReturn"] {
		return this.common.blockReturn;
	}

	get log(): Rule["log"] {
		return this.common.log;
	}

	get quick(): Rule["quick"] {
		return this.common.quick;
	}

	get set(): Rule["set"] {
		return this.common.set;
	}

	get stateOptions(): Rule["stateOptions"] {
		return this.common.stateOptions;
	}

	get scrub(): Rule["scrub"] {
		return this.common.scrub;
	}

	get divert(): Rule["divert"] {
		return this.common.divert;
	}

	get receivedOn(): Rule["receivedOn"] {
		return this.common.receivedOn;
	}

	get receivedOnNegated(): Rule["receivedOnNegated"] {
		return this.common.receivedOnNegated;
	}

	get tos(): Rule["tos"] {
		return this.common.tos;
	}

	get prio(): Rule["prio"] {
		return this.common.prio;
	}

	get maxPacketRate(): Rule["maxPacketRate"] {
		return this.common.maxPacketRate;
	}

	get limiters(): Rule["limiters"] {
		return this.common.limiters;
	}

	get probability(): Rule["probability"] {
		return this.common.probability;
	}

	get fragment(): Rule["fragment"] {
		return this.common.fragment;
	}

	get allowOptions(): Rule["allowOptions"] {
		return this.common.allowOptions;
	}

	get once(): Rule["once"] {
		return this.common.once;
	}

	get taggedNegated(): Rule["taggedNegated"] {
		return this.common.taggedNegated;
	}

	get rtable(): Rule["rtable"] {
		return this.common.rtable;
	}

	get interface(): Rule["interface"] {
		return this.traffic.interface;
	}

	get protocol(): Rule["protocol"] {
		return this.traffic.protocol;
	}

	get direction(): Rule["direction"] {
		return this.traffic.direction;
	}

	get family(): Rule["family"] {
		return this.traffic.family;
	}

	get state(): Rule["state"] {
		return this.traffic.state;
	}

	get flags(): Rule["flags"] {
		return this.traffic.flags;
	}

	get flagSet(): Rule["flagSet"] {
		return this.traffic.flagSet;
	}

	get interfaceNegated(): Rule["interfaceNegated"] {
		return this.traffic.interfaceNegated;
	}

	get rdomain(): Rule["rdomain"] {
		return this.traffic.rdomain;
	}

	get label(): Rule["label"] {
		return this.extra.label;
	}

	get nat(): Rule["nat"] {
		return this.extra.nat;
	}

	get rdr(): Rule["rdr"] {
		return this.extra.rdr;
	}

	get icmpType(): Rule["icmpType"] {
		return this.extra.icmpType;
	}

	get icmpCode(): Rule["icmpCode"] {
		return this.extra.icmpCode;
	}

	get os(): Rule["os"] {
		return this.extra.os;
	}

	get user(): Rule["user"] {
		return this.extra.user;
	}

	get group(): Rule["group"] {
		return this.extra.group;
	}

	get tag(): Rule["tag"] {
		return this.extra.tag;
	}

	get tagged(): Rule["tagged"] {
		return this.extra.tagged;
	}

	get afTo(): Rule["afTo"] {
		return this.extra.afTo;
	}

	get route(): Rule["route"] {
		return this.extra.route;
	}
}
