/** From a rule as written to what its combinations share: what pfrule's action of parse.y does before expand_rule(). */

import { byteLength } from "../../text/bytes.ts";
import { LOOPBACK, type ResolvedHost } from "../names/hosts.ts";
import { IPPROTO } from "../names/protocols.ts";
import { type AnchorCall, DROP, type Family, NO_STATE_OPTIONS, type Scrub, type SetActions } from "../rules.ts";
import {
	type AntispoofSpec,
	blankSpec,
	type FilterOptions,
	type InterfaceItem,
	NO_OPTIONS,
	type RuleSpec,
	type StateItem,
} from "../syntax.ts";
import type { MessageArguments, PfMessage } from "../words/messages.ts";
import type { Draft, Lists } from "./draft.ts";
import { LABEL_SIZE } from "./expand-labels.ts";
import { IF_BOUND, stateOptions } from "./expand-state.ts";
import { ANY_INTERFACE, Expander, NOT_TRANSLATED } from "./expander.ts";
import type { Expansion } from "./expansion.ts";

/**
 * Expands the statements of one file, as they are written; false where one was refused before any rule was made. What it works
 * with it makes once: a large file has very many of them.
 */
export class RuleExpander {
	readonly #around: Expansion;
	readonly #expander: Expander;
	/** The rule at hand; set for each by itself. */
	readonly #draft = blankDraft();

	constructor(around: Expansion) {
		this.#around = around;
		this.#expander = new Expander(around);
	}

	rule(spec: RuleSpec): boolean {
		const draft = this.#draft;
		const around = this.#around;
		if (!startDraft(draft, spec, undefined, around) || tcpMissing(spec, around, "apply")) return false;
		if (!completeRule(draft, spec, around)) return false;
		this.#expander.expand(draft, spec, spec.options);
		return true;
	}

	/** The rules that call an anchor. */
	call(spec: RuleSpec, call: AnchorCall): boolean {
		const draft = this.#draft;
		const around = this.#around;
		const { keep, route } = spec.options;
		if (!startDraft(draft, spec, call, around) || tcpMissing(spec, around, "applies")) return false;
		if (keep !== undefined && keep.kind !== "none") return refused(around, "cannot specify state handling on anchors");
		if (route !== undefined) return refused(around, "cannot specify route handling on anchors");
		draft.family = commonFamily(spec.source.hosts, draft.family);
		draft.family = commonFamily(spec.destination.hosts, draft.family);
		this.#expander.expand(draft, spec, NOT_TRANSLATED);
		return true;
	}

	/** The rules that `antispoof` makes for one of its interfaces. */
	antispoof(item: InterfaceItem, spec: AntispoofSpec): void {
		expandAntispoof(item, spec, this.#around, this.#expander);
	}
}

/** decide_address_family() */
function commonFamily(hosts: readonly ResolvedHost[], family: Family | undefined): Family | undefined {
	const first = hosts[0];
	if (family !== undefined || first === undefined) return family;
	for (const host of hosts) if (host.family !== first.family) return undefined;
	return first.family;
}

/** A draft to begin with. */
function blankDraft(): Draft {
	return {
		action: "pass",
		anchor: undefined,
		blockReturn: DROP,
		direction: undefined,
		log: undefined,
		quick: false,
		family: undefined,
		target: undefined,
		flags: 0,
		flagSet: 0,
		state: "none",
		stateOptions: NO_STATE_OPTIONS,
		label: "",
		tag: "",
		tagged: "",
		divert: undefined,
		options: NO_OPTIONS,
		set: undefined,
		scrub: undefined,
	};
}

/** filteropts_to_rule() and pfrule's action: sets all of a draft again; false where an error was reported. */
function startDraft(draft: Draft, spec: RuleSpec, anchor: AnchorCall | undefined, around: Expansion): boolean {
	const { options } = spec;
	if (options.once && (spec.action === "match" || anchor !== undefined)) return refused(around, "'once' only applies to pass/block rules");
	if (options.tag !== undefined && byteLength(options.tag) >= LABEL_SIZE) return refused(around, "tag too long, max 63 chars");
	if (options.tagged !== undefined && byteLength(options.tagged.name) >= LABEL_SIZE) return refused(around, "tag too long, max 63 chars");
	if (options.label !== undefined && byteLength(options.label) >= LABEL_SIZE) return refused(around, "rule label too long (max 63 chars)");
	if (options.afTo && spec.direction !== "in") return refused(around, "af-to can only be used with direction in");
	if (options.afTo && options.route !== undefined) return refused(around, "af-to cannot be used together with route-to, reply-to, dup-to");
	const [limiter] = options.limiters;
	if (spec.action !== "pass" && limiter !== undefined) return refused(around, `${limiter.kind} limiter only applies to pass rules`);
	const flags = options.flags?.flags ?? 0;
	const flagSet = options.flags?.set ?? 0;
	if ((flags & flagSet) !== flags) return refused(around, "flags always false");
	draft.action = spec.action;
	draft.anchor = anchor;
	draft.blockReturn = spec.blockReturn;
	draft.direction = spec.direction;
	draft.log = spec.log;
	draft.quick = spec.quick;
	draft.family = spec.family;
	draft.target = undefined;
	draft.flags = flags;
	draft.flagSet = flagSet;
	draft.state = "none";
	draft.stateOptions = NO_STATE_OPTIONS;
	draft.label = options.label ?? "";
	draft.tag = options.tag ?? "";
	draft.tagged = options.tagged?.name ?? "";
	draft.divert = undefined;
	draft.options = options;
	draft.set = setActions(options);
	draft.scrub = scrubOf(options);
	return true;
}

function refused<M extends PfMessage>(around: Expansion, message: M, ...args: MessageArguments<M>): false {
	around.refuse(message, ...args);
	return false;
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
function tcpMissing(spec: RuleSpec, around: Expansion, verb: "apply" | "applies"): boolean {
	const { options, os, protocols } = spec;
	const flags = options.flags !== undefined && (options.flags.flags !== 0 || options.flags.set !== 0);
	if ((!flags && os.length === 0) || protocols.length === 0 || protocols.includes(IPPROTO.tcp)) return false;
	if (flags) around.refuse("flags only apply to tcp");
	if (os.length > 0) around.refuse(`OS fingerprinting only ${verb} to tcp`);
	return true;
}

const NO_ITEMS: readonly StateItem[] = [];

/** The rest of pfrule's action: state options, defaults, divert; false where an error was reported. */
function completeRule(draft: Draft, spec: RuleSpec, around: Expansion): boolean {
	const { options } = spec;
	draft.state = options.keep?.kind ?? "none";
	let items = options.keep?.options ?? NO_ITEMS;
	if (draft.state === "none" && spec.action === "pass" && options.keep === undefined) {
		draft.state = "keep";
		items = around.stateDefaults ?? NO_ITEMS;
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
		around.refuse("direction must be explicit with rules that specify routing");
		return false;
	}
	return divertOf(draft, around);
}

function divertOf(draft: Draft, around: Expansion): boolean {
	const { divert } = draft.options;
	if (divert === undefined) return true;
	switch (divert.kind) {
		case "to": {
			if (draft.direction === "out") return refused(around, "divert-to used with outgoing rule");
			const host =
				draft.family === undefined
					? divert.hosts[0]
					: divert.hosts.find((one) => one.family === draft.family || one.match.kind === "unresolved");
			if (host === undefined) return refused(around, "divert-to address family mismatch");
			draft.family ??= host.family;
			draft.divert = {
				kind: "to",
				address: host.match.kind === "network" ? host.match.address : { a: 0, b: 0, c: 0, d: 0 },
				port: divert.port,
			};
			return true;
		}
		case "reply":
			if (draft.direction === "in") return refused(around, "divert-reply used with incoming rule");
			draft.divert = { kind: "reply" };
			return true;
		case "packet":
			draft.divert = { kind: "packet", port: divert.port };
			return true;
	}
}

/** The two rules for each interface of an antispoof statement. */
function expandAntispoof(item: InterfaceItem, spec: AntispoofSpec, around: Expansion, expander: Expander): void {
	const { log, quick, family, label, rtable } = spec;
	const draft = (): Draft => ({
		...blankDraft(),
		action: "block",
		direction: "in",
		log,
		quick,
		family,
		label,
		options: { ...NO_OPTIONS, rtable },
	});
	const lists = (interfaces: readonly InterfaceItem[], hosts: readonly ResolvedHost[]): Lists => ({
		...blankSpec(),
		interfaces,
		source: { hosts, ports: [] },
	});
	const dynamic = (part: "address" | "network"): readonly ResolvedHost[] => [
		{
			family: undefined,
			match: { kind: "dynamic", interface: item.name, part, noAlias: false, bits: 128 },
			negated: false,
			index: 0,
			weight: 0,
		},
	];
	const networks = item.dynamic ? dynamic("network") : around.system.names.lookup(item.name, { part: "network", noAlias: false });
	if (networks.length > 0)
		expander.expand(draft(), lists([{ ...ANY_INTERFACE, name: item.name, negated: true }], networks), NOT_TRANSLATED);
	if ((item.flags & LOOPBACK) !== 0) return;
	const addresses = item.dynamic ? dynamic("address") : around.system.names.lookup(item.name, { part: "address", noAlias: false });
	if (addresses.length > 0) expander.expand(draft(), lists([], addresses), NOT_TRANSLATED);
}
