/** Lists of addresses that cannot come or be meant (martians, private networks), and that hold some that the host needs. */

import { servedNetwork } from "../host/dhcpd.ts";
import { statementOf } from "../host/filter.ts";
import { wordsAt } from "../host/fixes.ts";
import type { ConfiguredAddress } from "../host/interfaces.ts";
import { addressesIn, type Link } from "../host/model.ts";
import { outsides } from "../host/paths.ts";
import { formatIp, inNetwork, networkText, parseIp4 } from "../pf/names/address.ts";
import type { EndpointMatch, Ip, Rule, Ruleset, Table } from "../pf/rules.ts";
import { quickFix, related } from "../text/check.ts";
import type { Fix } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { cutOff } from "./checks-reach.ts";
import { difference, type Intervals, single } from "./intervals.ts";
import { networkSet, wordOf } from "./ipv4-numbers.ts";
import { UDP } from "./packet.ts";
import { activePlugs, anything, information, type PacketCheck, type PacketHost, warning } from "./packet-check.ts";
import { passagesOf, type Spot, type Traffic } from "./passage.ts";

/** Addresses that no neighbour has: a list with one of them is of what cannot be. */
const IMPOSSIBLE = ["0.0.0.1", "127.0.0.1", "224.0.0.1", "240.0.0.1"].flatMap((text) => parseIp4(text) ?? []);

/** Interfaces whose networks are no neighbours of the host, or that pf sees under another name. */
const WITHOUT_NETWORK: ReadonlySet<string> = new Set("carp enc lo pflog pflow pfsync tap".split(" "));

const REMEDY =
	"Except what is needed: `!10.50.0.0/24` in a table is the closer match and counts. A list in a rule cannot except: write the networks that are left, or pass what is needed above it.";

export const martianChecks = {
	"host/martians-hold-network": warning(
		[
			"A list of foreign addresses that holds a network of the host's own",
			"A block of martians or of private networks also holds the network of one of the host's interfaces there. pf blocks all that its neighbours send, or all that is sent to them, and rules that would pass it never decide.",
			REMEDY,
		],
		function* (around, report) {
			for (const own of ownNetworks(around)) {
				if (own.isUplink) continue;
				yield;
				for (const direction of ["in", "out"] as const) {
					const held = heldBy(around, { interface: own.link.name, direction }, neighbourEnd[direction], own, trafficOf(own, direction));
					if (held === undefined || isCutOff(around, own.link)) continue;
					const { name } = own.link;
					const message =
						direction === "in"
							? msg("Nothing comes in on {0} from its own network {1}: {2} holds it", name, textOf(own), held.what)
							: msg("Nothing goes out on {0} to its own network {1}: {2} holds it", name, textOf(own), held.what);
					report(held.place, message, { ...excepted(around, held, textOf(own)), related: [related(own.address, msg("The network"))] });
					break;
				}
			}
		},
	),

	"host/martians-hold-nameserver": warning(
		[
			"A list of foreign addresses that holds a name server",
			"A block of martians or of private networks also holds the server that the host, or its guests by dhcpd.conf, ask for names: nothing resolves.",
			REMEDY,
		],
		function* (around, report) {
			for (const { server, at, spots, guests } of nameservers(around)) {
				yield;
				for (const { spot, traffic } of spots) {
					const held = heldBy(around, spot, "destination", { ip: server, bits: 32 }, [traffic]);
					if (held === undefined) continue;
					const text = formatIp(server, "inet");
					const message =
						guests === undefined
							? msg("The host resolves no names: {0} holds its name server {1}", held.what, text)
							: msg("Guests behind {0} resolve no names: {1} holds their name server {2}", guests, held.what, text);
					report(held.place, message, { ...excepted(around, held, text), related: [related(at, msg("The name server"))] });
					break;
				}
			}
		},
	),

	"host/martians-hold-uplink": information(
		[
			"Martians that hold the uplink's own network",
			"The uplink has a private address, and the list of addresses that cannot come there holds its network: its neighbours open no connection to the host, by SSH neither. It depends on whether any of them shall.",
			REMEDY,
		],
		function* (around, report) {
			for (const own of ownNetworks(around)) {
				if (!own.isUplink) continue;
				yield;
				const held = heldBy(around, { interface: own.link.name, direction: "in" }, neighbourEnd.in, own, trafficOf(own, "in"));
				if (held === undefined || !held.isOfMartians) continue;
				report(
					held.place,
					msg("Neighbours on {0} open no connection to the host: {1} holds their network {2}", own.link.name, held.what, textOf(own)),
					{ ...excepted(around, held, textOf(own)), related: [related(own.address, msg("The network"))] },
				);
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

interface Network {
	readonly ip: Ip;
	readonly bits: number;
}

interface OwnNetwork extends Network {
	readonly link: Link;
	readonly address: ConfiguredAddress;
	/** Whether its neighbours are between the host and the Internet. */
	readonly isUplink: boolean;
}

/** The networks of the host's interfaces, of which the files tell the addresses. */
function ownNetworks({ host, egress }: PacketHost): readonly OwnNetwork[] {
	const outer = new Set(outsides(host));
	return [...host.links.values()].flatMap((link) =>
		WITHOUT_NETWORK.has(link.family)
			? []
			: addressesIn(link).flatMap((address) => {
					const { ip, bits = 32, family } = address;
					if (family !== "inet" || ip === undefined || bits > 30 || bits < 8) return [];
					return [{ link, address, ip, bits, isUplink: outer.has(link) && (egress.length === 0 || egress.includes(link.name)) }];
				}),
	);
}

function textOf({ ip, bits }: Network): string {
	return networkText(ip, bits, "inet");
}

/** All IPv4 of a network's neighbours that comes in, or goes out to them. */
function trafficOf({ ip, bits }: Network, direction: Spot["direction"]): readonly Traffic[] {
	const neighbours: Intervals = difference([...networkSet(ip, bits)], single(wordOf(ip)));
	return anything(direction === "in" ? { source: neighbours } : { destination: neighbours }).filter(({ family }) => family === "inet");
}

/** Guests that nothing gets to or from are told as such, with the rule. */
function isCutOff(around: PacketHost, link: Link): boolean {
	return around.host.segments.some(
		(segment) => segment.gateways.includes(link) && activePlugs(segment).some((plug) => cutOff(around, plug, segment) !== undefined),
	);
}

/** A name server by IPv4, and where what asks it passes pf. */
interface Nameserver {
	readonly server: Ip;
	readonly at: Place;
	readonly spots: readonly { readonly spot: Spot; readonly traffic: Traffic }[];
	/** The gateway of those that ask; undefined for the host itself. */
	readonly guests?: string;
}

function nameservers(around: PacketHost): readonly Nameserver[] {
	const { host } = around;
	const own = ownNetworks(around);
	const questions = (server: Ip): Traffic => ({
		family: "inet",
		protocol: UDP,
		destination: single(wordOf(server)),
		destinationPort: single(53),
	});
	const outward = (server: Ip): Nameserver["spots"] => {
		const near = own.find(({ ip, bits }) => inNetwork(server, ip, bits));
		const [uplink, ...others] = around.egress;
		const name = near?.link.name ?? (others.length === 0 ? uplink : undefined);
		return name === undefined ? [] : [{ spot: { interface: name, direction: "out" }, traffic: questions(server) }];
	};
	const isOwn = (server: Ip): boolean => own.some(({ ip }) => ip.a === server.a);
	const found: Nameserver[] = [];
	for (const { text, span: at } of host.resolvConf.value ?? []) {
		const server = parseIp4(text);
		if (server === undefined || isOwn(server) || server.a >>> 24 === 127) continue;
		found.push({ server, at: { file: host.resolvConf.path, span: at }, spots: outward(server) });
	}
	for (const subnet of host.dhcpd.value?.subnets ?? []) {
		const served = servedNetwork(subnet);
		const gateway = served && own.find(({ ip, isUplink }) => !isUplink && inNetwork(ip, served.ip, served.bits));
		if (gateway === undefined) continue;
		const { name } = gateway.link;
		for (const { text, span: at } of subnet.nameservers) {
			const server = parseIp4(text);
			if (server === undefined || (inNetwork(server, gateway.ip, gateway.bits) && !isOwn(server))) continue;
			const source = [...networkSet(gateway.ip, gateway.bits)];
			const inward = { spot: { interface: name, direction: "in" } as const, traffic: { ...questions(server), source } };
			found.push({
				server,
				at: { file: host.dhcpd.path, span: at },
				spots: [inward, ...(isOwn(server) ? [] : outward(server))],
				guests: name,
			});
		}
	}
	return found;
}

type End = "source" | "destination";

/** The end of a packet that a neighbour is, where it comes in or goes out to it. */
const neighbourEnd = { in: "source", out: "destination" } as const satisfies Readonly<Record<Spot["direction"], End>>;

/** Addresses that a rule names: a table, or a network. */
interface List {
	/** In the words of pf.conf. */
	readonly what: string;
	readonly table?: Table;
}

/** A block whose list holds what nobody meant to block. */
interface Held extends List {
	readonly place: Place;
	/** Whether the list also has addresses that nobody has. */
	readonly isOfMartians: boolean;
}

/**
 * The rule that blocks all of some traffic, where its list holds a network without naming it, and where something would get past
 * without such rules.
 */
function heldBy(
	{ filter, passages, interfaces }: PacketHost,
	spot: Spot,
	end: End,
	needed: Network,
	traffic: readonly Traffic[],
): Held | undefined {
	const [first] = traffic;
	const { ruleset } = filter.pf;
	const holding = (one: Rule, network: Network): List | undefined =>
		one.action === "block" && one.family !== "inet6" ? listHolding(ruleset, one[end], network) : undefined;
	const all = [ruleset.main, ...ruleset.anchors.values()];
	// Most hosts have no such list, and what becomes of packets is costly to tell.
	if (!all.some(({ rules }) => rules.some((one) => holding(one, needed) !== undefined))) return undefined;
	if (first === undefined || passages.admits(spot, ...traffic)) return undefined;
	const rule = passages.decider(spot, first);
	if (rule === undefined) return undefined;
	const list = holding(rule, needed);
	if (list === undefined) return undefined;
	const place = filter.pf.place(rule);
	const others = passagesOf(
		withoutRules(ruleset, (one) => holding(one, needed) !== undefined),
		interfaces,
	);
	if (!others.admits(spot, ...traffic)) return undefined;
	const statement = statementOf(filter, rule);
	const alike = all.flatMap(({ rules }) => rules.filter((one) => statementOf(filter, one) === statement));
	return { ...list, place, isOfMartians: alike.some((one) => IMPOSSIBLE.some((ip) => holding(one, { ip, bits: 32 }) !== undefined)) };
}

/** The addresses of one end of a rule, where they hold a network as part of a larger one. */
function listHolding(ruleset: Ruleset, { address, negated }: EndpointMatch, needed: Network): List | undefined {
	if (negated) return undefined;
	if (address.kind === "network") {
		const isHeld = address.bits > 0 && holds({ ip: address.address, bits: address.bits }, needed);
		return isHeld ? { what: `${formatIp(address.address, "inet")}/${address.bits}` } : undefined;
	}
	const table = address.kind === "table" ? tableOf(ruleset, address.name) : undefined;
	if (table === undefined) return undefined;
	const entries = table.entries
		.filter(({ family }) => family === "inet")
		.map(({ address: ip, bits, negated: isExcepted }) => ({ ip, bits, isExcepted }));
	if (entries.some(({ ip, bits }) => bits >= needed.bits && inNetwork(ip, needed.ip, needed.bits))) return undefined;
	return entries.some((one) => !one.isExcepted && holds(one, needed)) ? { what: `<${table.name}>`, table } : undefined;
}

/** Whether a network holds another that is smaller. */
function holds({ ip, bits }: Network, inner: Network): boolean {
	return bits < inner.bits && inNetwork(inner.ip, ip, bits);
}

function tableOf({ main, anchors }: Ruleset, name: string): Table | undefined {
	return [main, ...anchors.values()].flatMap(({ tables }) => tables).find((table) => table.name === name);
}

function withoutRules(ruleset: Ruleset, leave: (rule: Rule) => boolean): Ruleset {
	const rest = <T extends { readonly rules: readonly Rule[] }>(anchor: T): T => ({
		...anchor,
		rules: anchor.rules.filter((rule) => !leave(rule)),
	});
	return { ...ruleset, main: rest(ruleset.main), anchors: new Map([...ruleset.anchors].map(([path, anchor]) => [path, rest(anchor)])) };
}

/** The exception in the table, where its addresses are written there. */
function excepted(
	{ host, filter }: PacketHost,
	{ table, what }: Held,
	network: string,
): { readonly advice: Message; readonly fixes?: readonly Fix[] } {
	if (table === undefined) return { advice: msg("Write the networks that are left, or pass what is needed above it.") };
	const advice = msg("Except it: `!{0}` in {1}.", network, what);
	const place = filter.pf.placeOfTable(table);
	const text = place === undefined ? "" : wordsAt(host, place);
	const end = text.lastIndexOf("}");
	if (place === undefined || end < 0) return { advice };
	const at = place.span.start + text.slice(0, end).trimEnd().length;
	return { advice, ...quickFix(msg("Except {0} in {1}", network, what), { file: place.file, span: span(at, at), text: ` !${network}` }) };
}
