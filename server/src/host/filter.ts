/** pf's rules as the checks of a host look at them: which interfaces and guests a rule is about. */

import { isTap } from "../hostname/names.ts";
import { parseIp4 } from "../pf/names/address.ts";
import type { Anchor, EndpointMatch, Ip, Rule, Ruleset, Table } from "../pf/rules.ts";
import { anchorsDirectlyBelow } from "../pf/ruleset/anchor-tree.ts";
import type { Place, Placed } from "../text/place.ts";
import type { Release } from "../text/vocabulary.ts";
import type { Plug } from "../vm/model.ts";
import type { Host, Link, Segment } from "./model.ts";

/** What the checks need of pf.conf with all that it includes and loads. */
export interface PfFacts {
	readonly ruleset: Ruleset;
	/** The release whose pfctl reads and prints it; the newest that is known where absent. */
	readonly release?: Release;
	/** Where the statement stands that a rule came from. */
	readonly place: (rule: Rule) => Place;
	/** The same of a table. */
	readonly placeOfTable: (table: Table) => Place | undefined;
	/** `load anchor NAME from PATH` in pf.conf and in the files that are loaded, in the order in which pfctl reads them. */
	readonly loads: readonly AnchorLoad[];
	/** Those that lead back to a file that is being loaded. */
	readonly endless?: readonly AnchorLoad[];
	/** Rules may be missing: a file has errors, is loaded and not known, or is one of too many. */
	readonly incomplete?: boolean;
	/** pf.conf itself may have rules that are not known: it has errors, or includes a file that is not known. */
	readonly openMain?: boolean;
	/**
	 * The anchors that a `load anchor` with a `*` is meant to load, by path. pfctl loads none of them; the checks read them
	 * all the same, since they stay when each file gets a line of its own.
	 */
	readonly meant?: ReadonlyMap<string, Anchor>;
	/** The names after `set skip on`. */
	readonly skipped: readonly Placed<string>[];
}

/** @property anchor its whole path */
export interface AnchorLoad {
	readonly anchor: Placed<string>;
	readonly path: Placed<string>;
}

/** A rule, and the anchor that it is in; the main ruleset is "". */
export interface Located {
	readonly rule: Rule;
	readonly anchor: string;
}

/** A host with its rules. */
export interface Filter {
	readonly host: Host;
	readonly pf: PfFacts;
	/** All rules, those of an anchor in the place of each of its calls: the order in which pf evaluates them. */
	readonly rules: readonly Located[];
	/** Links that a name stands for: the interface itself, or the members of the group; none for "", as in what follows. */
	readonly links: (name: string) => readonly Link[];
	/** Guests' interfaces that a name stands for: a pinned tap, or a group. */
	readonly plugs: (name: string) => readonly Plug[];
	/** The segments whose ports a name stands for, with rules that pf tests there. */
	readonly segmentsOf: (name: string) => readonly Segment[];
}

/** Groups that the kernel itself makes: every interface is in that of its family, every wireless one in wlan (net80211/ieee80211.c). */
const kernelGroups: ReadonlySet<string> = new Set(["all", "any", "egress", "self", "wlan"]);

const cache = new WeakMap<Host, Filter>();

/** The filter of a host; undefined where pf.conf is not known. */
export function filterOf(host: Host): Filter | undefined {
	const { pf } = host;
	if (pf === undefined) return undefined;
	const known = cache.get(host);
	if (known !== undefined) return known;
	const made = makeFilter(host, pf);
	cache.set(host, made);
	return made;
}

function makeFilter(host: Host, loaded: PfFacts): Filter {
	const { ruleset, meant = new Map() } = loaded;
	const pf = meant.size === 0 ? loaded : { ...loaded, ruleset: { ...ruleset, anchors: new Map([...meant, ...ruleset.anchors]) } };
	const groups = new Map<string, Link[]>();
	const plugGroups = new Map<string, Plug[]>();
	const put = <T>(map: Map<string, T[]>, key: string, value: T): void => {
		const list = map.get(key);
		if (list === undefined) map.set(key, [value]);
		else if (!list.includes(value)) list.push(value);
	};
	for (const link of host.links.values()) {
		put(groups, link.family, link);
		for (const { value } of link.config?.groups ?? []) put(groups, value, link);
	}
	const switchGroups = new Map(host.vm.switches.map(({ name, group }) => [name.value, group?.value]));
	for (const guest of host.vm.guests) {
		for (const nic of guest.interfaces) {
			const plug = { guest, nic };
			const tap = host.links.get(nic.tap?.value ?? "");
			put(plugGroups, "tap", plug);
			for (const group of [nic.group?.value, switchGroups.get(nic.switch?.value ?? "")]) {
				if (group === undefined) continue;
				put(plugGroups, group, plug);
				if (tap !== undefined) put(groups, group, tap);
			}
		}
	}
	const links = (name: string): readonly Link[] => {
		const own = host.links.get(name);
		return own === undefined ? (groups.get(name) ?? []) : [own];
	};
	const plugs = (name: string): readonly Plug[] => plugGroups.get(name) ?? host.links.get(name)?.pinnedBy ?? [];
	// Checks ask it of every rule, and rules are on few interfaces.
	const known = new Map<string, readonly Segment[]>();
	const segmentsOf = (name: string): readonly Segment[] => {
		const own = known.get(name) ?? [...segmentsAt(name)];
		known.set(name, own);
		return own;
	};
	const segmentsAt = (name: string): ReadonlySet<Segment> => {
		const found = new Set<Segment>();
		for (const { nic } of plugs(name)) {
			const segment = host.segmentOfNic.get(nic);
			if (segment !== undefined) found.add(segment);
		}
		for (const { name: port, memberOf } of links(name)) {
			if (memberOf.length === 0) continue;
			for (const segment of host.segments) if (segment.ports.some(({ value }) => value === port)) found.add(segment);
		}
		return found;
	};
	const rules = inOrder(pf.ruleset);
	return { host, pf: rules === undefined ? { ...pf, incomplete: true } : pf, rules: rules ?? [], links, plugs, segmentsOf };
}

/** So many rules are put in order before calls of anchors are followed no further. */
const MAX_ORDERED = 300_000;

/** The rules in the order of evaluation; an anchor that calls itself is entered once. Undefined where anchors call others without end. */
function inOrder(ruleset: Ruleset): readonly Located[] | undefined {
	const found: Located[] = [];
	const walk = (anchor: Anchor, entered: readonly string[]): boolean => {
		for (const rule of anchor.rules) {
			found.push({ rule, anchor: anchor.path });
			if (rule.anchor === undefined) continue;
			if (found.length > MAX_ORDERED) return false;
			for (const inner of anchorsCalled(ruleset, rule))
				if (!entered.includes(inner.path) && !walk(inner, [...entered, inner.path])) return false;
		}
		return true;
	};
	return walk(ruleset.main, []) ? found : undefined;
}

/** What the rules of one statement have in common: where it begins. */
export function statementOf({ pf }: Filter, rule: Rule): string {
	const { file, span } = pf.place(rule);
	return `${span.start} ${file}`;
}

/** The anchors that a rule calls, in pf's order: those of a wildcard by name. */
export function anchorsCalled(ruleset: Ruleset, { anchor }: Rule): readonly Anchor[] {
	if (anchor === undefined) return [];
	if (anchor.block !== undefined) return [anchor.block];
	if (!anchor.wildcard) {
		const found = ruleset.anchors.get(anchor.path);
		return found === undefined ? [] : [found];
	}
	return anchorsDirectlyBelow(ruleset.anchors, anchor.path);
}

/**
 * The guests' interfaces that a tap may be of which vm.conf pins to none: those without a tap of their own, and in an anchor that
 * is called after a guest, that one's alone. None where the files do not tell all guests, or the tap is configured itself.
 */
export function candidatesFor({ host, plugs }: Filter, name: string, anchor: string): readonly Plug[] {
	if (!isTap(name) || host.vmFile === undefined || !host.vm.complete || host.links.get(name)?.config !== undefined) return [];
	if (plugs(name).length > 0) return [];
	const open = host.vm.guests.flatMap((guest) => guest.interfaces.filter(({ tap }) => tap === undefined).map((nic) => ({ guest, nic })));
	const own = open.filter(({ guest }) => guest.name.value === anchor.split("/").at(-1));
	return own.length > 0 ? own : open;
}

/** Whether a name in a rule is a group: an interface's name ends in a digit. */
export function isGroup(name: string): boolean {
	const last = name.charCodeAt(name.length - 1);
	return !(last >= 48 && last <= 57);
}

/** Whether a group may have members that no file tells of. */
export function isKernelGroup(name: string): boolean {
	return kernelGroups.has(name);
}

/** Whether a statement is one of `antispoof`. */
export function isAntispoof({ source }: Host, { file, span }: Place): boolean {
	return source.files.get(file)?.text.startsWith("antispoof", span.start) === true;
}

/** The one address that an end asks for; undefined where it is none, or more than one. */
export function singleHost({ address, negated }: EndpointMatch): Ip | undefined {
	return !negated && address.kind === "network" && address.bits === 32 ? address.address : undefined;
}

/** The fixed address of a guest's interface, where dhcpd.conf gives one to its MAC address. */
export function fixedAddress(host: Host, { nic }: Plug): { readonly ip: Ip; readonly text: string; readonly at: Place } | undefined {
	const ethernet = nic.lladdr?.value;
	if (ethernet === undefined) return undefined;
	for (const { ethernet: theirs, addresses } of host.dhcpd.value?.hosts ?? []) {
		const [address] = addresses;
		if (address === undefined || theirs?.text.toLowerCase() !== ethernet) continue;
		const ip = parseIp4(address.text);
		if (ip !== undefined) return { ip, text: address.text, at: { file: host.dhcpd.path, span: address.span } };
	}
	return undefined;
}
