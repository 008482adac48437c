/** Guests that pf cuts off, and guests that reach all of the host. */

import { replacedIn } from "../host/fixes.ts";
import { addressesIn, type Link, type Plug, type Segment } from "../host/model.ts";
import { type Path, pathsBetween } from "../host/paths.ts";
import { networkText } from "../pf/names/address.ts";
import type { Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { difference, type Intervals, single, unionOf } from "./intervals.ts";
import { networkSet, wordOf } from "./ipv4-numbers.ts";
import { TCP } from "./packet.ts";
import {
	activePlugs,
	anything,
	besideBlock,
	information,
	nameAmong,
	type PacketCheck,
	type PacketHost,
	spotOf,
	spotText,
	warning,
} from "./packet-check.ts";
import type { Spot } from "./passage.ts";

/** A guest that nothing gets to or from, and where the first of its packets is stopped. */
interface CutOff {
	readonly plug: Plug;
	readonly at: Spot;
	readonly block: Rule | undefined;
}

export const reachPacketChecks = {
	"host/guest-cut-off": warning(
		[
			"A guest that nothing gets to or from",
			"On each of its ways to the host, the outside and other guests, and back, pf blocks every packet at some place: on a bridge or veb, that is the guest's tap or the port to the network outside.",
			"Pass what the guest is for on each of those places, in both directions.",
		],
		function* (around, report) {
			const { host, filter } = around;
			for (const segment of host.segments) {
				const found = new Map<Rule | undefined, { readonly first: CutOff; readonly others: Set<Plug["guest"]>; readonly plugs: Plug[] }>();
				for (const plug of activePlugs(segment)) {
					yield;
					const cut = cutOff(around, plug, segment);
					if (cut === undefined || isMeantAlone(around, plug)) continue;
					const same = found.get(cut.block) ?? { first: cut, others: new Set(), plugs: [] };
					same.plugs.push(plug);
					if (plug.guest !== same.first.plug.guest) same.others.add(plug.guest);
					found.set(cut.block, same);
				}
				for (const [block, { first, others, plugs }] of found) {
					const { guest, nic } = first.plug;
					const name = guest.name.value;
					report(
						nic.switch ?? guest.name,
						others.size === 0
							? msg('Nothing gets to or from "{0}" here: pf blocks it `{1}`', name, spotText(first.at))
							: msg('Nothing gets to or from "{0}" and {1} more here: pf blocks it `{2}`', name, others.size, spotText(first.at)),
						{
							advice: msg("Pass what the guest is for there, and on its way back."),
							...outwardFix(around, plugs, segment, block),
							...(block === undefined ? {} : { related: [related(filter.pf.place(block), msg("The rule that blocks it"))] }),
						},
					);
				}
			}
		},
	),

	"host/guests-reach-host": information(
		[
			"Guests that reach every port of the host",
			"A rule that lets guests out to anywhere also lets them reach the host's own services: whoever breaks into one comes before the host's SSH. Only you know whether that is meant.",
			"Write `to ! (self)` in the rule, and pass what guests need of the host, such as DNS, by rules of their own.",
		],
		function* (around, report) {
			for (const segment of around.host.segments) {
				const [plug] = activePlugs(segment);
				const [gateway] = segment.gateways;
				if (plug === undefined || gateway === undefined) continue;
				yield;
				const rule = opensHost(around, plug, segment, gateway);
				if (rule === undefined) continue;
				const place = around.filter.pf.place(rule);
				report(place, msg("Guests behind {0} reach every port of the host", gateway.name), {
					advice: msg("Write `to ! (self)`, and pass what they need of the host by rules of their own."),
					...quickFix(fixTitle.write("to ! (self)"), replacedIn(around.host, place, /\bto any\b(?! port)/, "to ! (self)")),
					related: gatewayPlaces(segment).map((at) => related(at, msg("The host's address there"))),
				});
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

function gatewayPlaces({ gateways }: Segment): readonly Place[] {
	return gateways.flatMap((gateway) => addressesIn(gateway).slice(0, 1));
}

/** Lets guests open connections to the outside, and not to the host: the rules that are missing on their way, each at its place. */
function outwardFix(around: PacketHost, plugs: readonly Plug[], segment: Segment, block: Rule | undefined) {
	const { host, passages } = around;
	const lines = new Set<string>();
	for (const plug of plugs) {
		const own = { kind: "guest", name: plug.guest.name.value, index: plug.nic.index } as const;
		const [path] = pathsBetween(host, own, { kind: "outside" });
		if (path === undefined) return {};
		const source = path.kind === "routed" ? guestsNetworkText(segment) : undefined;
		for (const step of path.steps) {
			const spot = spotOf(step);
			if (spot === undefined || passages.admits(spot, ...anything())) continue;
			const name = step.plug === undefined ? spot.interface : nameAmong(host, step.plug, plugs);
			if (name === undefined) return {};
			const from = spot.direction === "in" && source !== undefined ? ` from ${source}` : "";
			lines.add(`pass ${spot.direction}${block?.quick === true ? " quick" : ""} on ${name} inet${from} to ! (self)`);
		}
	}
	const rules = [...lines];
	const title = rules.length === 1 ? fixTitle.add(rules.join()) : msg("Let the guests here open connections to the outside");
	return quickFix(title, besideBlock(around, block, rules));
}

/** The network of a segment's first gateway. */
function guestsNetworkText({ gateways }: Segment): string | undefined {
	const [address] = gateways.flatMap(addressesIn).filter(({ family }) => family === "inet");
	const { ip, bits } = address ?? {};
	return ip === undefined || bits === undefined ? undefined : networkText(ip, bits, "inet");
}

/** Whether the guest has an anchor of its own that passes nothing: a policy, not a fault. */
function isMeantAlone({ filter }: PacketHost, { guest }: Plug): boolean {
	const own = [...filter.pf.ruleset.anchors.values()].filter(({ path }) => path.split("/").at(-1) === guest.name.value);
	return own.length > 0 && own.every(({ rules }) => rules.every(({ action }) => action !== "pass"));
}

/** Undefined where some packet may get from or to the guest. */
export function cutOff(around: PacketHost, plug: Plug, segment: Segment): CutOff | undefined {
	const { host } = around;
	const { name } = plug.guest;
	const own = { kind: "guest", name: name.value, index: plug.nic.index } as const;
	const others = host.vm.guests
		.filter(({ name: other, disabled }) => other.value !== name.value && disabled === undefined)
		.map(({ name: other }) => ({ kind: "guest", name: other.value }) as const);
	let first: Spot | undefined;
	for (const end of [{ kind: "outside" } as const, { kind: "host" } as const, ...others]) {
		for (const path of [...pathsBetween(host, own, end), ...pathsBetween(host, end, own)]) {
			const stop = stoppedAt(around, path, segment);
			if (stop === undefined) return undefined;
			first ??= stop;
		}
	}
	if (first === undefined) return undefined;
	const [tcp] = anything();
	return { plug, at: first, block: tcp && around.passages.decider(first, tcp) };
}

/** The first place of a way that no packet gets past; undefined where there is none. */
function stoppedAt({ passages }: PacketHost, { steps }: Path, segment: Segment): Spot | undefined {
	const network = networkOfGuests(segment);
	for (const step of steps) {
		const spot = spotOf(step);
		if (spot === undefined) continue;
		const inner = segment.gateways.some(({ name }) => name === step.interface);
		const more = !inner ? {} : step.direction === "in" ? { source: network } : { destination: network };
		if (!passages.admits(spot, ...anything(more))) return spot;
	}
	return undefined;
}

/** The addresses of guests that the host routes for; undefined where they are not known. */
export function networkOfGuests({ gateways, uplinks }: Segment): Intervals | undefined {
	const addresses = gateways.flatMap(addressesIn).filter(({ family }) => family === "inet");
	const known = addresses.flatMap(({ ip, bits }) => (ip === undefined || bits === undefined ? [] : [networkSet(ip, bits)]));
	return uplinks.length > 0 || known.length === 0 || known.length < addresses.length ? undefined : unionOf(known);
}

/** The rule that lets a guest reach every TCP port of the host; undefined where something of it is blocked, or may be. */
function opensHost({ host, passages, egress }: PacketHost, plug: Plug, segment: Segment, gateway: Link): Rule | undefined {
	const network = networkOfGuests(segment);
	const address = addressesIn(gateway).find(({ family }) => family === "inet");
	if (network === undefined || address?.ip === undefined) return undefined;
	// Nobody but the host has its own address: antispoof blocks that one.
	const source = difference(network, single(wordOf(address.ip)));
	const traffic = { family: "inet", protocol: TCP, source, destination: single(wordOf(address.ip)) } as const;
	// Where everything is open to everybody, other checks tell of it.
	const [uplink] = egress;
	if (uplink !== undefined && !passages.blocks({ interface: uplink, direction: "in" }, { family: "inet", protocol: TCP })) return undefined;
	const guest = { kind: "guest", name: plug.guest.name.value, index: plug.nic.index } as const;
	for (const { steps } of pathsBetween(host, guest, { kind: "host" })) {
		const spots = steps.flatMap((step) => spotOf(step) ?? []);
		const last = spots.at(-1);
		if (last === undefined || spots.some((spot) => passages.blocks(spot, traffic))) continue;
		const [passing] = passages.passing(last, traffic);
		if (passing?.certain === true) return passing.rule;
	}
	return undefined;
}
