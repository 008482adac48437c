/** Whether guests that ask for an address are given one. */

import { servedNetwork } from "../host/dhcpd.ts";
import { fixedAddress } from "../host/filter.ts";
import { addressesIn, type Host, type Plug, type Segment } from "../host/model.ts";
import { sees, seesAt } from "../host/segments.ts";
import { inNetwork } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";
import { fixTitle, quickFix, type Report, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { cutOff } from "./checks-reach.ts";
import { tapName } from "./interfaces.ts";
import { single } from "./intervals.ts";
import { FIRST_WORD, LAST_WORD } from "./ipv4-numbers.ts";
import { UDP } from "./packet.ts";
import {
	activePlugs,
	besideBlock,
	information,
	nameForRules,
	type PacketCheck,
	type PacketHost,
	spotText,
	warning,
} from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";

const SERVER = 67;
const CLIENT = 68;

const REQUEST: Traffic = {
	family: "inet",
	protocol: UDP,
	source: single(FIRST_WORD),
	destination: single(LAST_WORD),
	sourcePort: single(CLIENT),
	destinationPort: single(SERVER),
};
const ANSWER: Traffic = { family: "inet", protocol: UDP, sourcePort: single(SERVER), destinationPort: single(CLIENT) };

export const dhcpChecks = {
	"host/dhcp-blocked": warning(
		[
			"Guests' DHCP is blocked on its way to dhcpd",
			"A request is a broadcast: pf tests it in on the guest's tap, and on a veb also as a flood out on the veb. dhcpd's answer goes out on the tap of a veb.",
			"Pass UDP between the ports 68 and 67 on each of those places.",
		],
		(around, report) => blockedDhcp(around, report, "here"),
	),

	"host/bridged-dhcp-blocked": information(
		[
			"DHCP of guests on a network outside is blocked",
			"A guest on the network outside gets its address from a server there: its broadcast must get in on its tap and out to the network, and the answer the other way. It matters where the guest has no fixed address of its own.",
			"Pass UDP between the ports 68 and 67 on the tap and on the port to the network, and on a veb what it floods.",
		],
		(around, report) => blockedDhcp(around, report, "outside"),
	),
} satisfies Readonly<Record<string, PacketCheck>>;

/** What one packet of DHCP passes: at one of the places at least, where there are several. */
interface Leg {
	readonly traffic: Traffic;
	readonly spots: readonly [Spot, ...Spot[]];
}

/** One finding for each switch: its guests are blocked alike. */
function* blockedDhcp(around: PacketHost, report: Report<Place>, server: "here" | "outside"): Generator<undefined, void, void> {
	const { host, filter, passages } = around;
	for (const segment of host.segments) {
		const { uplinks } = segment;
		if (!sees(segment) || isServedHere(segment, host) !== (server === "here") || (server === "outside" && uplinks.length === 0)) continue;
		for (const plug of activePlugs(segment)) {
			yield;
			if (!seesAt(segment, plug.nic.tap?.value)) continue;
			if (server === "outside" && hasOwnAddress(host, segment, plug)) continue;
			const legs = legsOf(segment, plug, server);
			const blocked = legs.filter(({ traffic, spots }) => !spots.some((spot) => passages.admits(spot, traffic)));
			const [first] = blocked;
			if (first === undefined || cutOff(around, plug, segment) !== undefined) continue;
			const [at] = first.spots;
			const block = passages.decider(at, first.traffic);
			if (block === undefined) continue;
			// What passes only for some addresses may not pass for the one that is given.
			const narrow = legs.filter(({ traffic, spots }) => spots.every((spot) => passages.blocks(spot, traffic)));
			const rules = narrow.map((leg) => ruleFor(leg, plug));
			report(
				filter.pf.place(block),
				first.traffic === REQUEST
					? msg('"{0}" gets no DHCP lease: pf blocks its requests `{1}`', plug.guest.name.value, spotText(at))
					: msg('"{0}" gets no DHCP lease: pf blocks the answers `{1}`', plug.guest.name.value, spotText(at)),
				{
					...(rules.length === 0 ? {} : { advice: msg("Add `{0}`.", rules.join("`, `")) }),
					...quickFix(rules.length === 1 ? fixTitle.add(rules.join()) : msg("Pass the guests' DHCP"), besideBlock(around, block, rules)),
					related: [related(plug.nic.switch ?? plug.guest.name, msg("The guest's interface"))],
				},
			);
			break;
		}
	}
}

/** The packets of a lease, by the places that each has to pass. */
function legsOf(segment: Segment, plug: Plug, server: "here" | "outside"): readonly Leg[] {
	const { kind, link, uplinks } = segment;
	const spot = (name: string, direction: Spot["direction"]): Spot => ({ interface: name, direction });
	const tap = tapName(plug);
	const flood = spot(link.name, "out");
	const request: Leg[] = [{ traffic: REQUEST, spots: [spot(tap, "in")] }];
	const seen = uplinks.filter(({ name }) => seesAt(segment, name));
	if (kind === "veb") request.push({ traffic: REQUEST, spots: [flood] });
	if (server === "here") return kind === "bridge" ? request : [...request, { traffic: ANSWER, spots: [spot(tap, "out"), flood] }];
	// A server outside is behind an uplink.
	const outside = (direction: Spot["direction"]) => uplinks.map(({ name }) => spot(name, direction)) as [Spot, ...Spot[]];
	if (kind === "bridge") request.push({ traffic: REQUEST, spots: outside("out") });
	// An answer that comes with a tag and is flooded passes no place where pf filters.
	if (seen.length < uplinks.length) return request;
	return [
		...request,
		{ traffic: ANSWER, spots: outside("in") },
		{ traffic: ANSWER, spots: [spot(tap, "out"), ...(kind === "veb" ? [flood] : [])] },
	];
}

function ruleFor({ traffic, spots: [spot] }: Leg, plug: Plug): string {
	const name = spot.interface === tapName(plug) ? (nameForRules(plug) ?? "tap") : spot.interface;
	const ports = traffic === REQUEST ? "from any port 68 to any port 67" : "from any port 67 to any port 68";
	return `pass ${spot.direction} quick on ${name} inet proto udp ${ports} no state`;
}

/** Whether dhcpd.conf has a subnet for the host's address among the guests. */
function isServedHere({ gateways }: Segment, host: Host): boolean {
	return gateways.flatMap(addressesIn).some(({ ip, family }) => family === "inet" && ip !== undefined && isServed(host, ip));
}

function isServed({ dhcpd }: Host, ip: Ip): boolean {
	return (dhcpd.value?.subnets ?? []).some((subnet) => {
		const network = servedNetwork(subnet);
		return network !== undefined && inNetwork(ip, network.ip, network.bits);
	});
}

/** Whether the files bind the guest's port to an address. */
function hasOwnAddress(host: Host, { link }: Segment, plug: Plug): boolean {
	if (fixedAddress(host, plug) !== undefined) return true;
	return (link.config?.bindings ?? []).some(({ port, address }) => port.value === plug.nic.tap?.value && address !== undefined);
}
