import { driverOf, hostnamePath } from "../hostname/names.ts";
import type { EndpointMatch, Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { VM_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import type { Plug } from "../vm/model.ts";
import { error, type HostCheck, information, warning } from "./check.ts";
import { eachName, eachNameOfFile, eachRule, isBroadcast, near, plugSegment, withAddress } from "./checked-rules.ts";
import { devicesKnown, missingLowers } from "./checks-interfaces.ts";
import { candidatesFor, type Filter, filterOf, fixedAddress, isGroup, isKernelGroup, singleHost, statementOf } from "./filter.ts";
import { lineOfPfConf, macrosOf, renamedIn, replacedIn, withoutLine, wordsAt } from "./fixes.ts";
import { type Host, hasAddress, isCloned, isSetElsewhere, type Link, type Segment } from "./model.ts";
import { missingUplink } from "./uplink.ts";

const startOf = (file: string): Place => ({ file, span: span(0, 0) });

/** Families whose addresses hostname files give, and no peer or program: devices of the machine, and the host's own ports. */
const ADDRESSED = /^(?!(?:pppoe|ppp|tun|tap|umb|wg|gif|gre|enc|lo|sec|vxlan)$)[a-z]+$/;

/** Whether an end is the interface's own address, found at run time. */
function isOwn({ address }: EndpointMatch, name: string): boolean {
	return address.kind === "dynamic" && address.interface === name;
}

export const filterChecks = {
	"host/rule-on-bridge": error(
		[
			"A rule on a bridge",
			"pf tests packets on the members of a bridge(4); on bridgeN itself it sees none.",
			"Write the members: taps, physical interfaces, or vether for what the host routes.",
		],
		eachRule((filter, { rule }, report) => {
			const isBridge = (name: string) => driverOf(name) === "bridge" && !isGroup(name);
			if (!isBridge(rule.interface)) return;
			// In a list, the others are where it works, the bridge's members among them.
			if ([...(namesByStatement(filter).get(statementOf(filter, rule)) ?? [])].some((name) => !isBridge(name))) return;
			report(msg("pf sees no packet on {0}", rule.interface), { advice: msg("Write the bridge's members, or the host's vether.") });
		}),
	),

	"host/rule-in-on-veb": warning(
		[
			"A rule for packets in on a veb",
			"On vebN pf tests what is flooded, on its way out, and nothing else.",
			"Write the ports: taps, vport, physical interfaces.",
		],
		eachRule((_, { rule }, report) => {
			if (driverOf(rule.interface) !== "veb" || isGroup(rule.interface) || rule.direction !== "in") return;
			report(msg("Nothing comes in on {0}", rule.interface), { advice: msg("Write its ports: what a guest sends comes in on its tap.") });
		}),
	),

	"host/veb-without-link1": error(
		[
			"Rules on ports of a veb without link1",
			"A veb runs pf on its ports only where link1 is set: these rules never match.",
			"Add `link1` to the veb's hostname file.",
		],
		(host, report) => {
			const filter = filterOf(host);
			for (const segment of host.segments) {
				const { config } = segment.link;
				if (segment.kind !== "veb" || config === undefined || config.links.has("link1")) continue;
				const first = filter?.rules.find(({ rule }) => isIdleOn(filter, segment, rule));
				if (filter === undefined || first === undefined) continue;
				report(filter.pf.place(first.rule), msg("pf does not filter the ports of {0}: it has no link1", config.name), {
					advice: msg("No rule on its taps matches anything. Add `link1` to {0}.", config.path),
					related: [related(startOf(config.path), msg("The veb"))],
					fixes: [
						{
							title: msg("Add link1 to {0}", config.path),
							edits: [{ file: config.path, span: span(0, 0), text: "link1\n" }],
							preferred: true,
						},
					],
				});
			}
		},
	),

	"host/rule-on-unpinned-tap": error(
		[
			"A rule on a tap that no guest pins",
			"Taps are given in the order in which guests start: the rule may filter any guest, or none.",
			"Pin the tap in vm.conf, or use a group.",
		],
		eachNameOfFile((filter, { rule, anchor }, report) => {
			const { host, plugs } = filter;
			const { interface: name } = rule;
			if (driverOf(name) !== "tap" || isGroup(name) || host.vmFile === undefined || !host.vm.complete || plugs(name).length > 0) return;
			if (hasAddress(host.links.get(name)?.config) || namesAllTaps(filter, rule)) return;
			report(msg("{0} may be any guest's: vm.conf pins it nowhere", name), {
				advice: msg("Write `interface {0}` into the guest's block, or give the interface a group and use that here.", name),
				related: [related(startOf(VM_CONF), msg("The guests"))],
				...pinned(host, anchor, name),
			});
		}),
	),

	"host/tap-address": error(
		[
			"The address of a tap that has none",
			"A tap in a bridge or veb has no address: `(tapN)` is empty, and the rule never matches.",
			"Write the guest's address, or a table.",
		],
		eachRule((filter, { rule, anchor }, report) => {
			const { host, plugs, segmentsOf } = filter;
			for (const { address } of [rule.source, rule.destination]) {
				if (address.kind !== "dynamic" || hasAddress(host.links.get(address.interface)?.config)) continue;
				const pinned = plugs(address.interface);
				const guests = pinned.length > 0 ? pinned : candidatesFor(filter, address.interface, anchor);
				const inSegment =
					pinned.length > 0 ? segmentsOf(address.interface).length > 0 : guests.every((plug) => plugSegment(filter, plug) !== undefined);
				if (guests.length === 0 || !inSegment) continue;
				report(msg("({0}) has no address, so this never matches", address.interface), {
					advice: msg("Write the guest's own address."),
					...withGuest(host, rule, guests, address.interface),
					related: guests.slice(0, 1).map(({ guest, nic }) => related(nic.tap ?? nic.group ?? guest.name, msg("The guest's interface"))),
				});
			}
		}),
	),

	"host/interface-without-address": warning(
		[
			"The address of an interface that has none",
			"The parentheses stand for the addresses that the interface has: without one, the rule never matches, and `nat-to` drops its packets.",
			"Give the interface an address, or write the interface that has it.",
		],
		eachRule(({ host, plugs }, { rule }, report) => {
			for (const address of [rule.source.address, rule.destination.address, rule.nat?.address, rule.rdr?.address]) {
				if (address?.kind !== "dynamic" || isGroup(address.interface) || plugs(address.interface).length > 0) continue;
				const link = host.links.get(address.interface);
				const { config } = link ?? {};
				// Programs give addresses to some: pppoe and tunnels get them from their peers.
				if (config === undefined || hasAddress(config) || !ADDRESSED.test(config.family) || isSetElsewhere(host, config.name)) continue;
				report(msg("{0} has no address: ({0}) is empty", address.interface), {
					advice: msg("Add an `inet` line to {0}, or write the interface that has the address.", config.path),
					related: [related(startOf(config.path), msg("Its hostname file"))],
				});
			}
		}),
	),

	"host/reversed-direction": error(
		[
			"The direction of a guest's rule is reversed",
			"What reaches a guest goes out on its tap; what it sends comes in there.",
			"Swap `in` and `out`.",
		],
		eachRule((filter, { rule, anchor }, report) => {
			const { host, plugs } = filter;
			const { interface: name, direction, source, destination } = rule;
			if (direction === undefined || isGroup(name)) return;
			const end = direction === "in" ? destination : source;
			// Whichever guest a tap is of that nobody pinned: the direction is the same.
			for (const plug of plugs(name).length > 0 ? plugs(name) : candidatesFor(filter, name, anchor).slice(0, 1)) {
				const fixed = fixedAddress(host, plug);
				const theirs = singleHost(end);
				const own = isOwn(end, name) || (fixed !== undefined && theirs !== undefined && theirs.a === fixed.ip.a);
				if (!own) continue;
				const message =
					direction === "in"
						? msg("What reaches {0} goes out on {1}, not in", plug.guest.name.value, name)
						: msg("What {0} sends comes in on {1}, not out", plug.guest.name.value, name);
				const place = host.pf?.place(rule);
				const other = direction === "in" ? "out" : "in";
				report(message, {
					related: [related(plug.nic.tap ?? plug.guest.name, msg("The guest's tap"))],
					...(place && quickFix(fixTitle.write(other), replacedIn(host, place, new RegExp(`\\b${direction}\\b`), other))),
				});
			}
		}),
	),

	"host/routed-past-tap": error(
		[
			"A rule on a bridge's tap for packets that do not pass it",
			"What the host routes to or from a guest on a bridge(4) is tested on its vether alone, never on the tap.",
			"Write the rule on the vether, or use a veb with link1 and a vport.",
		],
		eachRule((filter, { rule }, report) => {
			const { interface: name, direction, source, destination } = rule;
			if (direction === undefined) return;
			const other = direction === "in" ? destination : source;
			if (other.negated || other.address.kind !== "network" || other.address.bits === 0 || rule.family === "inet6") return;
			const { address, bits } = other.address;
			for (const plug of filter.plugs(name)) {
				const segment = plugSegment(filter, plug);
				if (segment?.kind !== "bridge" || segment.uplinks.length > 0 || segment.gateways.length === 0) continue;
				if (isBroadcast(address) || segment.gateways.some(({ config }) => config?.addresses.some((one) => near(address, bits, one))))
					continue;
				const [gateway] = segment.gateways;
				report(msg("Packets between {0} and other networks pass {1}, not {2}", plug.guest.name.value, gateway?.name ?? "", name), {
					...(gateway?.config === undefined ? {} : { related: [related(startOf(gateway.config.path), msg("Where pf sees them"))] }),
				});
			}
		}),
	),

	"host/skip-on-guest": error(
		[
			"pf is switched off for a guest's interface that has rules",
			"`set skip` lets everything pass there before any rule.",
			"Take the name off the list.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			for (const name of filter.pf.skipped) {
				const gateway = filter.links(name.value).some(({ family }) => family === "vether" || family === "vport");
				if ((filter.segmentsOf(name.value).length === 0 && !gateway) || !hasRules(filter, name.value)) continue;
				const word = { file: name.file, span: span(name.span.start - 1, name.span.end) };
				report(name, msg("pf lets everything pass on {0}", name.value), {
					advice: msg("No rule for the guests there takes effect."),
					...quickFix(
						msg("Remove `{0}`", name.value),
						withoutLine(host, name, /^set\s+skip\s+on\s+(\S+|\{\s*\S+\s*\})$/) ?? replacedIn(host, word, /[ \t]\S+/, ""),
					),
				});
			}
		},
	),

	"host/floating-states": error(
		[
			"Floating states on a veb with a vport",
			"A routed packet passes the vport and the tap in the same direction. A floating state made on the vport satisfies the tap, so the guest's own rules are not asked.",
			"Write `set state-policy if-bound`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined || filter.pf.ruleset.options.statePolicy === "if-bound") return;
			const stateful = filter.rules.some(
				({ rule }) =>
					rule.action === "pass" && rule.state !== "none" && !rule.stateOptions.ifBound && ["", "vport"].includes(driverOf(rule.interface)),
			);
			if (!stateful) return;
			for (const { rule } of filter.rules) {
				const segment = filter
					.segmentsOf(rule.interface)
					.find(({ kind, gateways, link }) => kind === "veb" && gateways.length > 0 && link.config?.links.has("link1"));
				if (segment === undefined || filter.plugs(rule.interface).length === 0) continue;
				const [gateway] = segment.gateways;
				report(filter.pf.place(rule), msg("A state made on {0} lets packets past the rules on {1}", gateway?.name ?? "", rule.interface), {
					advice: msg("Write `set state-policy if-bound` at the top of pf.conf."),
					...quickFix(
						fixTitle.add("set state-policy if-bound"),
						lineOfPfConf(host, /^[ \t]*(set|block|pass|match|anchor|antispoof|queue|load)\b/m, "set state-policy if-bound"),
					),
				});
				return;
			}
		},
	),

	"host/urpf-on-port": warning(
		[
			"urpf-failed on a port of a bridge or veb",
			"The route back to the source goes over vether or vport, so every packet on the port fails the test.",
			"Name the sources.",
		],
		eachRule(({ segmentsOf }, { rule }, report) => {
			if (rule.source.address.kind !== "urpf-failed" || driverOf(rule.interface) === "vport" || segmentsOf(rule.interface).length === 0)
				return;
			report(msg("Every packet on {0} fails this test", rule.interface));
		}),
	),

	"host/translation-on-port": warning(
		[
			"Translation on a port of a bridge or veb",
			"The Ethernet header stays as it was, so the frame still goes to the old MAC address.",
			"Translate on vport, vether, or the interface to the outside.",
		],
		eachRule((filter, { rule }, report) => {
			const { segmentsOf, links } = filter;
			if ((rule.nat === undefined && rule.rdr === undefined) || segmentsOf(rule.interface).length === 0) return;
			// In a list, the host's own port is where it works, a bridge's member with an address among them; the others in it are idle.
			const names = namesByStatement(filter).get(statementOf(filter, rule)) ?? [];
			if ([...names].some((name) => links(name).some(isOwnPort))) return;
			report(msg("Translation on {0} does not work: the frame keeps its MAC addresses", rule.interface));
		}),
	),

	"host/synproxy-on-bridge": warning(
		[
			"`synproxy state` on a port of a bridge",
			"pf answers the handshake in the place of the server, which it cannot where it filters what a bridge(4) hands on: no connection is made.",
			"Write `keep state`, or proxy where the host routes.",
		],
		eachRule((filter, { rule }, report) => {
			if (rule.state !== "synproxy" || rule.direction === "out") return;
			const segments = filter.segmentsOf(rule.interface);
			if (segments.length === 0 || !segments.every(({ kind }) => kind === "bridge") || filter.links(rule.interface).some(isOwnPort)) return;
			report(msg("No connection is made by way of {0}: pf proxies none for a bridge", rule.interface), {
				advice: msg("Write `keep state`."),
				...quickFix(fixTitle.write("keep"), renamedIn(filter.host, filter.pf.place(rule), "synproxy", "keep")),
			});
		}),
	),

	"host/empty-group": warning(
		[
			"A group that nothing is in",
			"No vm.conf and no hostname file puts an interface into the group: the rule never matches.",
			"Correct the name, or add `group` to a guest or an interface.",
		],
		eachName(({ host, links, plugs }, name, report) => {
			if (name === "" || !isGroup(name) || isKernelGroup(name) || !host.interfacesKnown || !host.vm.complete) return;
			if (links(name).length > 0 || plugs(name).length > 0 || isCloned(`${name}0`)) return;
			if (host.source.facts?.interfaces?.some(({ groups }) => groups.includes(name))) return;
			report(msg("No interface is in group {0}", name));
		}),
	),

	"host/rule-on-missing-interface": warning(
		[
			"A rule on an interface that no file creates",
			"The rule never matches.",
			"Create the interface's hostname file, or correct the name.",
		],
		eachName(({ host, links }, name, report) => {
			const family = driverOf(name);
			if (isGroup(name) || !devicesKnown(host) || ["tap", "lo", "pppoe", "wg", "tun", "enc", "pflog"].includes(family) || !isCloned(name))
				return;
			if (links(name).some(({ config }) => config !== undefined) || host.source.facts?.interfaces?.some((one) => one.name === name)) return;
			// Where an interface that needs it is told to go without, that is the cause.
			for (const { lower } of missingLowers(host)) if (lower.value === name) return;
			report(msg("{0} does not exist: no {1}", name, hostnamePath(name)));
		}),
	),

	"host/rule-without-hostname-file": information(
		[
			"A rule on an interface without a hostname file",
			"Other interfaces of the same driver have hostname files, and this one has none: no file brings it up, so no packet passes it. It depends on whether the folder has all files of the host.",
			"Correct the number, or create its hostname file.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined || !host.interfacesKnown) return;
			const first = new Map<string, Rule>();
			for (const { rule } of filter.rules) for (const name of namesIn(rule)) if (!first.has(name)) first.set(name, rule);
			const told = new Set<string>();
			for (const skipped of filter.pf.skipped) {
				const beside = isGroup(skipped.value) ? [] : siblings(host, skipped.value);
				if (beside.length === 0) continue;
				told.add(skipped.value);
				report(skipped, noFile(skipped.value, beside));
			}
			for (const [name, rule] of first) {
				const beside = told.has(name) ? [] : siblings(host, name);
				if (beside.length === 0) continue;
				const place = filter.pf.place(rule);
				const meant = beside.find((other) => !first.has(other) && hasDigitTwice(name, other));
				const edit = renamedIn(host, place, name, meant ?? name);
				report({ file: place.file, span: edit?.span ?? place.span }, noFile(name, beside), {
					advice: msg("No file brings {0} up, so no packet passes there.", name),
					...(meant === undefined ? {} : quickFix(fixTitle.write(meant), edit)),
				});
			}
		},
	),

	"host/block-return-on-port": warning(
		[
			"block return on a port of a bridge",
			"On bridges pf can answer with a TCP reset for IPv4 alone; all else is dropped.",
			"Write `block drop`.",
		],
		eachRule(({ host, segmentsOf }, { rule }, report) => {
			const place = host.pf?.place(rule);
			if (rule.action !== "block" || rule.blockReturn.kind === "drop" || rule.blockReturn.kind === "rst") return;
			if (segmentsOf(rule.interface).some(({ kind }) => kind === "bridge"))
				report(
					msg("On {0}, a port of a bridge, pf can answer TCP over IPv4 alone", rule.interface),
					place &&
						quickFix(fixTitle.write("block drop"), replacedIn(host, place, /\bblock(\s+return(-\w+)?(\s*\([^)]*\))?)?/, "block drop")),
				);
		}),
	),

	"host/tags-past-pf": warning(
		[
			"Tagged frames that pf does not see",
			"pf filters frames without a VLAN tag: what guests send with a tag passes unfiltered.",
			"Bridge the vlan(4) interface; on a veb, drop `link0`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			for (const { link, plugs, uplinks, ports, kind } of host.segments) {
				if (plugs.length === 0 || (kind === "veb" && !link.config?.links.has("link0"))) continue;
				if (!filter.rules.some(({ rule }) => filter.segmentsOf(rule.interface).some((segment) => segment.link === link))) continue;
				for (const uplink of uplinks) {
					const port = ports.find(({ value }) => value === uplink.name);
					if (port === undefined || isCloned(uplink.name) || (kind === "bridge" && uplink.children.length === 0)) continue;
					report(port, msg("Frames with a VLAN tag pass {0} past pf", link.name), {
						advice: msg("Bridge the vlan(4) interface that the guests shall be in, instead of {0}.", uplink.name),
					});
				}
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** The guest's address in place of its tap's; on the tap itself, what goes out is for the guest and what comes in is from it. */
function withGuest(host: Host, rule: Rule, guests: readonly Plug[], tap: string) {
	const addressed = withAddress(host, rule, guests, tap);
	const end = rule.direction === "out" ? rule.destination : rule.direction === "in" ? rule.source : undefined;
	const place = host.pf?.place(rule);
	if ("fixes" in addressed || place === undefined || rule.interface !== tap || end === undefined || !isOwn(end, tap)) return addressed;
	const names = [tap, ...macrosOf(host, place.file, tap).map((name) => `\\$${name}`)];
	return quickFix(fixTitle.write("any"), replacedIn(host, place, new RegExp(`\\((?:${names.join("|")})\\)`), "any"));
}

/** The interfaces that a rule names, as the place of a packet or for an address. */
function namesIn({ interface: name, receivedOn, source, destination, nat, rdr }: Rule): readonly string[] {
	const names: string[] = [];
	const add = (one: string): void => {
		if (one !== "" && !isGroup(one)) names.push(one);
	};
	add(name);
	add(receivedOn);
	for (const end of [source, destination, nat, rdr]) if (end?.address?.kind === "dynamic") add(end.address.interface);
	return names;
}

const noFile = (name: string, beside: readonly string[]) =>
	msg("There is no {0}; hostname files are there for {1}", hostnamePath(name), beside.join(", "));

/** The interfaces of a device's driver that have hostname files, where it has none itself and nothing else tells of it. */
function siblings(host: Host, name: string): readonly string[] {
	const link = host.links.get(name);
	const stands = link !== undefined && [link.memberOf, link.trunkOf, link.children].some(({ length }) => length > 0);
	if (isCloned(name) || link?.config !== undefined || stands || isSetElsewhere(host, name) || missingUplink(host)?.name === name) return [];
	if (host.source.facts?.interfaces?.some((known) => known.name === name)) return [];
	return host.configs.filter(({ family }) => family === driverOf(name)).map((config) => config.name);
}

/** Whether a name is another with one of its digits typed twice. */
function hasDigitTwice(name: string, other: string): boolean {
	return [...other].some((digit, at) => /\d/.test(digit) && `${other.slice(0, at)}${digit}${other.slice(at)}` === name);
}

/** Whether the host itself speaks by a port: what is for its address comes in there (bridge_process in if_bridge.c). */
const isOwnPort = ({ family, memberOf, config }: Link): boolean =>
	family === "vport" || family === "vether" || (hasAddress(config) && memberOf.every(({ of }) => of.family === "bridge"));

/** Whether a rule is about ports of a segment where pf does not filter, and counts nowhere else. */
function isIdleOn(filter: Filter, segment: Segment, rule: Rule): boolean {
	const { links, plugs } = filter;
	const isPort = ({ family, memberOf }: Link): boolean => family !== "vport" && memberOf.some(({ of }) => of.name === segment.link.name);
	const own = links(rule.interface);
	if (own.some((link) => !isPort(link) && link.pinnedBy.length === 0)) return false;
	if (plugs(rule.interface).some((plug) => plugSegment(filter, plug) === segment)) return true;
	if (own.length === 0) return false;
	// In a list, the host's own port is where it counts; a port to the outside beside it is idle.
	const names = namesByStatement(filter).get(statementOf(filter, rule)) ?? [];
	return [...names].every((name) => links(name).every(isPort));
}

const statements = new WeakMap<Filter, ReadonlyMap<string, ReadonlySet<string>>>();

/** The interfaces of each statement's rules. */
function namesByStatement(filter: Filter): ReadonlyMap<string, ReadonlySet<string>> {
	const known = statements.get(filter);
	if (known !== undefined) return known;
	const found = new Map<string, Set<string>>();
	for (const { rule } of filter.rules) {
		const key = statementOf(filter, rule);
		found.set(key, (found.get(key) ?? new Set()).add(rule.interface));
	}
	statements.set(filter, found);
	return found;
}

/** Whether the statement of a rule has one for each tap that guests can have, which vmd takes from the lowest on: it is for all guests. */
function namesAllTaps(filter: Filter, rule: Rule): boolean {
	const named = namesByStatement(filter).get(statementOf(filter, rule));
	const nics = filter.host.vm.guests.flatMap(({ interfaces }) => interfaces);
	const taken = new Set(nics.flatMap(({ tap }) => tap?.value ?? []));
	return nics.every((_, number) => named?.has(`tap${number}`) === true || taken.has(`tap${number}`));
}

/** Pins a tap to the guest that the rule's anchor is called after, where that has one interface without one. */
function pinned(host: Host, anchor: string, tap: string) {
	const guest = host.vm.guests.find(({ name }) => name.value === anchor.split("/").at(-1));
	const [nic, ...others] = (guest?.interfaces ?? []).filter((one) => one.tap === undefined);
	if (guest === undefined || nic === undefined || others.length > 0) return {};
	const text = wordsAt(host, nic);
	const word = /^(?:local\s+)?interface(\s+tap)?\b/.exec(text)?.[0];
	if (word === undefined) return {};
	const at = { file: nic.file, span: span(nic.span.start, nic.span.start + word.length) };
	return quickFix(msg('Pin {0} to "{1}" in vm.conf', tap, guest.name.value), {
		...at,
		text: `${word.replace(/\s+tap$/, "")} ${tap}`,
	});
}

/** Whether rules name an interface, its group, or a guest's interface that is both: where none does, pf is not meant to look there. */
function hasRules({ rules, links, plugs }: Filter, name: string): boolean {
	const own = new Set<unknown>([...links(name), ...plugs(name)]);
	return rules.some(({ rule: { interface: other, interfaceNegated } }) => {
		if (interfaceNegated) return false;
		return other === name || [...links(other), ...plugs(other)].some((one) => own.has(one));
	});
}
