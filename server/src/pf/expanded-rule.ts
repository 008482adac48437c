/** Most rules say alike what they say at all: they refer to it, so that large rulesets stay small. */
import { recent } from "./recent.ts";
import type { Rule } from "./rules.ts";

type SharedField =
	| "action"
	| "anchor"
	| "blockReturn"
	| "log"
	| "quick"
	| "receivedOn"
	| "receivedOnNegated"
	| "tos"
	| "prio"
	| "maxPacketRate"
	| "set"
	| "stateOptions"
	| "probability"
	| "fragment"
	| "scrub"
	| "allowOptions"
	| "once"
	| "taggedNegated"
	| "rtable"
	| "divert";

/** What the rules of a statement have alike, and those of many others. */
export type SharedPart = Pick<Rule, SharedField>;
/** What each has of its own. */
export type OwnPart = Omit<Rule, SharedField>;

/** Answers the same value for parts that are the same, as far as it was asked for it of late. */
export function sharedParts(): (part: SharedPart) => SharedPart {
	return recent(sameParts);
}

function sameParts(a: SharedPart, b: SharedPart): boolean {
	return (
		a.action === b.action &&
		a.anchor === b.anchor &&
		a.blockReturn === b.blockReturn &&
		a.log === b.log &&
		a.quick === b.quick &&
		a.receivedOn === b.receivedOn &&
		a.receivedOnNegated === b.receivedOnNegated &&
		a.tos === b.tos &&
		a.prio === b.prio &&
		a.maxPacketRate === b.maxPacketRate &&
		a.set === b.set &&
		a.stateOptions === b.stateOptions &&
		a.probability === b.probability &&
		a.fragment === b.fragment &&
		a.scrub === b.scrub &&
		a.allowOptions === b.allowOptions &&
		a.once === b.once &&
		a.taggedNegated === b.taggedNegated &&
		a.rtable === b.rtable &&
		a.divert === b.divert
	);
}

/** A rule with other values in some of its fields. A spread would lose those that it shares. */
export function changed(rule: Rule, own: Partial<OwnPart>, shared: Partial<SharedPart> = {}): Rule {
	if (!(rule instanceof ExpandedRule)) return { ...rule, ...own, ...shared };
	return new ExpandedRule({ ...rule.shared, ...shared }, { ...rule, ...own });
}

/** A rule of a statement. */
export class ExpandedRule implements Rule {
	readonly shared: SharedPart;
	readonly statement: Rule["statement"];
	readonly words: Rule["words"];
	readonly direction: Rule["direction"];
	readonly interface: Rule["interface"];
	readonly interfaceNegated: Rule["interfaceNegated"];
	readonly rdomain: Rule["rdomain"];
	readonly family: Rule["family"];
	readonly protocol: Rule["protocol"];
	readonly source: Rule["source"];
	readonly os: Rule["os"];
	readonly destination: Rule["destination"];
	readonly user: Rule["user"];
	readonly group: Rule["group"];
	readonly flags: Rule["flags"];
	readonly flagSet: Rule["flagSet"];
	readonly icmpType: Rule["icmpType"];
	readonly icmpCode: Rule["icmpCode"];
	readonly state: Rule["state"];
	readonly label: Rule["label"];
	readonly tag: Rule["tag"];
	readonly tagged: Rule["tagged"];
	readonly nat: Rule["nat"];
	readonly rdr: Rule["rdr"];
	readonly afTo: Rule["afTo"];
	readonly route: Rule["route"];

	constructor(shared: SharedPart, own: OwnPart) {
		this.shared = shared;
		this.statement = own.statement;
		this.words = own.words;
		this.direction = own.direction;
		this.interface = own.interface;
		this.interfaceNegated = own.interfaceNegated;
		this.rdomain = own.rdomain;
		this.family = own.family;
		this.protocol = own.protocol;
		this.source = own.source;
		this.os = own.os;
		this.destination = own.destination;
		this.user = own.user;
		this.group = own.group;
		this.flags = own.flags;
		this.flagSet = own.flagSet;
		this.icmpType = own.icmpType;
		this.icmpCode = own.icmpCode;
		this.state = own.state;
		this.label = own.label;
		this.tag = own.tag;
		this.tagged = own.tagged;
		this.nat = own.nat;
		this.rdr = own.rdr;
		this.afTo = own.afTo;
		this.route = own.route;
	}

	get action(): Rule["action"] {
		return this.shared.action;
	}

	get anchor(): Rule["anchor"] {
		return this.shared.anchor;
	}

	get blockReturn(): Rule["blockReturn"] {
		return this.shared.blockReturn;
	}

	get log(): Rule["log"] {
		return this.shared.log;
	}

	get quick(): Rule["quick"] {
		return this.shared.quick;
	}

	get receivedOn(): Rule["receivedOn"] {
		return this.shared.receivedOn;
	}

	get receivedOnNegated(): Rule["receivedOnNegated"] {
		return this.shared.receivedOnNegated;
	}

	get tos(): Rule["tos"] {
		return this.shared.tos;
	}

	get prio(): Rule["prio"] {
		return this.shared.prio;
	}

	get maxPacketRate(): Rule["maxPacketRate"] {
		return this.shared.maxPacketRate;
	}

	get set(): Rule["set"] {
		return this.shared.set;
	}

	get stateOptions(): Rule["stateOptions"] {
		return this.shared.stateOptions;
	}

	get probability(): Rule["probability"] {
		return this.shared.probability;
	}

	get fragment(): Rule["fragment"] {
		return this.shared.fragment;
	}

	get scrub(): Rule["scrub"] {
		return this.shared.scrub;
	}

	get allowOptions(): Rule["allowOptions"] {
		return this.shared.allowOptions;
	}

	get once(): Rule["once"] {
		return this.shared.once;
	}

	get taggedNegated(): Rule["taggedNegated"] {
		return this.shared.taggedNegated;
	}

	get rtable(): Rule["rtable"] {
		return this.shared.rtable;
	}

	get divert(): Rule["divert"] {
		return this.shared.divert;
	}
}
