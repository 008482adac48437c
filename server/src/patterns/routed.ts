/** Guests on a network of their own, which the host routes. */

import type { Host, Segment } from "../host/model.ts";
import { driverOf } from "../hostname/names.ts";
import { formatIp, inNetwork, parseIp4 } from "../pf/names/address.ts";
import { type Message, msg } from "../text/message.ts";
import type { Draft } from "./draft.ts";
import { ensureLines, ensureUplink } from "./hostname.ts";
import type { Answers, Pattern, Question } from "./pattern.ts";
import { ensureFoundation, ensureMatch, ensureRules } from "./pf-conf.ts";
import { reachesOutside } from "./promises.ts";
import {
	apartAlready,
	bridgeOf,
	bridgeQuestion,
	closed,
	fixed,
	flavourQuestion,
	guestNames,
	guestsQuestion,
	memoryQuestion,
	resolverQuestion,
	segmentOf,
	servicesQuestion,
	switchQuestion,
	uplinkAddressQuestion,
	uplinkQuestion,
	yesNo,
} from "./questions.ts";
import { ensureDhcpd, ensureForwarding, ensureLease, ensureSubnet, ensureVmd, freeAddress } from "./services.ts";
import {
	type AnsweredNetwork,
	freeName,
	isFamily,
	isInterfaceName,
	isMessage,
	namedAddresses,
	networkOf,
	parseGuests,
	parseNetwork,
	parsePorts,
	portList,
} from "./values.ts";
import { ensureGuest, ensurePlug, ensureSwitch, freeLladdr, groupNamed, plugIn, switchNamed } from "./vm-conf.ts";

function refuses(segment: Segment): Message | undefined {
	const [uplink] = segment.uplinks;
	if (segment.vlan !== undefined) return apartAlready(segment);
	return uplink && msg("{0} leads out of {1}: its guests are bridged", uplink.name, segment.link.name);
}

/** The host's own port of a segment, with the network that it is the gateway of. */
export function gatewayOf(segment: Segment | undefined): { readonly name: string; readonly network: AnsweredNetwork } | undefined {
	for (const { name, config } of segment?.gateways ?? []) {
		for (const { family, ip, bits } of config?.addresses ?? [])
			if (family === "inet" && ip !== undefined && bits !== undefined) return { name, network: networkOf(ip, bits) };
	}
	return undefined;
}

function networkQuestion(host: Host, { switch: name = "" }: Answers): Question {
	const title = msg("Which network is for the guests? The host has its first address");
	const already = gatewayOf(segmentOf(host, name));
	if (already !== undefined) return fixed("network", title, already.network.text);
	const theirs = host.configs.flatMap(({ addresses, name: owner }) =>
		addresses.flatMap(({ ip, bits, family }) => (family === "inet" && ip !== undefined && bits !== undefined ? [{ ip, bits, owner }] : [])),
	);
	const overlap = (network: AnsweredNetwork) => theirs.find(({ ip, bits }) => inNetwork(ip, network.base, Math.min(bits, network.bits)));
	let standard: string | undefined;
	for (let second = 50; second < 256 && standard === undefined; second++) {
		const network = parseNetwork(`10.${second}.0.0/24`);
		if (!isMessage(network) && overlap(network) === undefined) standard = network.text;
	}
	return {
		id: "network",
		title,
		example: standard ?? "10.50.0.0/24",
		choices: standard === undefined ? [] : [{ value: standard, detail: msg("free") }],
		open: true,
		...(standard === undefined ? {} : { standard }),
		check(answer) {
			const network = parseNetwork(answer);
			if (isMessage(network)) return network;
			const other = overlap(network);
			return other && msg("{0} overlaps the network of {1}, {2}", network.text, other.owner, `${formatIp(other.ip, "inet")}/${other.bits}`);
		},
	};
}

function gatewayQuestion(host: Host, { switch: name = "", flavour = "veb" }: Answers): Question {
	const title = msg("Which interface is the host's own port?");
	const already = gatewayOf(segmentOf(host, name));
	if (already !== undefined) return fixed("gateway", title, already.name);
	const family = flavour === "veb" ? "vport" : "vether";
	const free = freeName(family, host.links.keys());
	return {
		id: "gateway",
		title,
		hint: msg("{0} and a number", family),
		choices: [{ value: free, detail: msg("new") }],
		open: true,
		standard: free,
		check(answer) {
			if (!isInterfaceName(answer) || !isFamily(answer, family)) return msg("{0} is not a name such as {1}", answer, free);
			return host.links.has(answer) ? msg("{0} is there already", answer) : undefined;
		},
	};
}

/** The network that the answers name, or that the switch has. */
function networkFor(host: Host, { switch: name = "", network = "" }: Answers): AnsweredNetwork | undefined {
	const parsed = parseNetwork(network);
	return gatewayOf(segmentOf(host, name))?.network ?? (isMessage(parsed) ? undefined : parsed);
}

export const routed: Pattern = {
	title: msg("Routed guests"),
	detail: msg("Guests have a network of their own; the host is their router, with or without NAT"),
	questions(host, answers) {
		const { nat, dhcp } = answers;
		const network = networkFor(host, answers);
		const outside = (address: string): Message | undefined => {
			if (network === undefined) return undefined;
			const word = parseIp4(address)?.a ?? 0;
			const last = parseIp4(network.range.last)?.a ?? 0;
			const first = parseIp4(network.range.first)?.a ?? 0;
			if (!network.has(address) || address === network.gateway || address === formatIp(network.base, "inet"))
				return msg("{0} is not an address for a guest in {1}", address, network.text);
			if (word === (network.base.a | (2 ** (32 - network.bits) - 1)))
				return msg("{0} is not an address for a guest in {1}", address, network.text);
			return word >= first && word <= last ? msg("dhcpd gives {0} to {1} to others", network.range.first, network.range.last) : undefined;
		};
		return [
			switchQuestion(host, "isolated", refuses),
			flavourQuestion(host, answers),
			uplinkQuestion(host),
			uplinkAddressQuestion(host, answers.uplink ?? ""),
			bridgeQuestion(host, answers),
			networkQuestion(host, answers),
			gatewayQuestion(host, answers),
			closed("nat", msg("Translate the guests' addresses to the host's (NAT)?"), yesNo, "yes"),
			closed("dhcp", msg("Serve the guests' addresses with dhcpd?"), yesNo, "yes"),
			dhcp === "no" ? undefined : resolverQuestion,
			guestsQuestion(host, answers, `web01, db01=${network?.guestAddresses().next().value ?? "10.50.0.30"}`, outside),
			memoryQuestion(host, guestNames(answers)),
			// From outside, guests behind NAT have no address of their own: a policy for each guest forwards ports.
			nat === "no" ? servicesQuestion(msg("Which TCP ports of the guests are open to the outside?")) : undefined,
		].filter((question): question is Question => question !== undefined);
	},
	write(draft, answers) {
		const { switch: name = "", uplink = "", nat, dhcp, resolver = "", memory = "", services = "" } = answers;
		const network = networkFor(draft.host, answers);
		if (network === undefined) return;
		const bridge = bridgeOf(draft.host, answers);
		const gateway = gatewayOf(segmentOf(draft.host, name))?.name ?? answers.gateway ?? "";
		ensureUplink(draft, uplink, answers.address ?? "elsewhere");
		layer2(draft, name, bridge, gateway, network);
		const guests = namedGuests(answers);
		const named = namedAddresses(guests);
		for (const { name: guest, address } of guests) {
			ensureGuest(draft, guest, { memory, disk: `/var/vm/${guest}.img` });
			ensurePlug(draft, guest, name, freeLladdr(draft.host));
			if (dhcp === "yes") serveAddresses(draft, network, resolver, guest, name, address ?? named);
		}
		if (dhcp === "yes") {
			ensureSubnet(draft, network, resolver);
			ensureDhcpd(draft, gateway);
		}
		ensureForwarding(draft);
		ensureVmd(draft);
		const ports = parsePorts(services);
		ensureFoundation(draft);
		if (nat === "yes")
			ensureMatch(
				draft,
				`NAT of the guests of switch "${name}"`,
				`match out on ${uplink} inet from ${network.text} to any nat-to (${uplink})`,
			);
		ensureRules(draft, [
			...rules(draft, name, bridge, gateway, network),
			...(nat === "yes" || isMessage(ports) || ports.length === 0
				? []
				: [`pass in on ${uplink} inet proto tcp to ${network.text} port ${portList(ports)}`]),
			...(dhcp === "yes" ? dhcpRules(draft, name, bridge, network) : []),
		]);
	},
	promises(_, answers) {
		const guests = namedGuests(answers);
		const ports = parsePorts(answers.services ?? "");
		const reached = isMessage(ports) || ports.length === 0 || answers.nat === "yes" ? "any block" : `tcp ${ports.join(" ")} pass`;
		return [
			...(answers.dhcp === "yes"
				? []
				: guests.flatMap(({ name, address }) => (address === undefined ? [] : [`address ${name} ${address}`]))),
			...guests.flatMap(({ name }) => [...reachesOutside(name), `${name} host any block`, `outside ${name} ${reached}`]),
			...guests.flatMap(({ name }) => guests.flatMap((other) => (other.name === name ? [] : [`${name} ${other.name} any block`]))),
		];
	},
};

function namedGuests({ guests = "" }: Answers) {
	const parsed = parseGuests(guests);
	return isMessage(parsed) ? [] : parsed;
}

/** The switch with the host's port in it. */
function layer2(draft: Draft, name: string, bridge: string, gateway: string, network: AnsweredNetwork): void {
	if (gatewayOf(segmentOf(draft.host, name)) === undefined) {
		const lladdr = `lladdr ${freeLladdr(draft.host, 0xfe)}`;
		ensureLines(draft, gateway, `the host's port on ${bridge}: gateway of the guests`, [
			lladdr,
			`inet ${network.gateway} ${network.mask}`,
			"up",
		]);
	}
	const flags = driverOf(bridge) === "veb" ? ["# link1: pf filters what crosses the ports", "link1"] : [];
	ensureLines(draft, bridge, `switch "${name}", with the host on ${gateway}`, [...flags, `add ${gateway}`, "up"]);
	ensureSwitch(draft, name, bridge, groupFor(draft, name));
}

/** The group of the taps of a switch. */
export function groupFor(draft: Draft, name: string): string {
	return switchNamed(draft.host, name)?.group?.value ?? groupNamed(name);
}

/** A lease for a guest's interface. @param address the one that was asked for, or those that the next free one may not be */
export function serveAddresses(
	draft: Draft,
	network: AnsweredNetwork,
	resolver: string,
	guest: string,
	name: string,
	address: string | ReadonlySet<string>,
): void {
	ensureSubnet(draft, network, resolver);
	const lladdr = plugIn(draft.host, guest, name)?.lladdr?.value.toLowerCase();
	const given = typeof address === "string" ? address : freeAddress(draft, network, address);
	if (lladdr !== undefined && given !== undefined) ensureLease(draft, network, guest, lladdr, given);
}

/** Guests reach what is beyond their gateway: not the host, and not each other. */
function rules(draft: Draft, name: string, bridge: string, gateway: string, network: AnsweredNetwork): readonly string[] {
	const group = groupFor(draft, name);
	return [
		`# Switch "${name}": guests reach what is beyond ${gateway}, not the host and not each other`,
		`block in log quick on ${gateway} inet from ${network.text} to { (self) ${network.text} }`,
		`pass in on ${gateway} inet from ${network.text}`,
		`pass out on ${gateway} inet to ${network.text}`,
		...(driverOf(bridge) === "veb"
			? [`pass in on ${group} inet from ${network.text} to ! ${network.text}`, `pass out on ${group} inet to ${network.text}`]
			: []),
	];
}

/** What guests and dhcpd say to each other; broadcasts on a veb are tested on the veb itself. */
export function dhcpRules(draft: Draft, name: string, bridge: string, network: AnsweredNetwork): readonly string[] {
	const group = groupFor(draft, name);
	return [
		// To the server alone: anybody else would be reached by that port.
		`pass in quick on ${group} inet proto udp from any port 68 to { 255.255.255.255 ${network.gateway} } port 67 no state`,
		...(driverOf(bridge) === "veb"
			? [
					`pass out quick on ${group} inet proto udp from ${network.gateway} port 67 to any port 68 no state`,
					`pass out quick on ${bridge} inet proto udp from any port { 67 68 } to 255.255.255.255 port { 67 68 } no state`,
				]
			: []),
	];
}
