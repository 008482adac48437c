/** Guests in VLANs of one veb, as OpenBSD 7.9 knows them: stations of a trunk's networks, or routed by the host. */
import type { Host, Segment } from "../host/model.ts";
import { vlanRanges } from "../host/veb-vlans.ts";
import { inNetwork } from "../pf/names/address.ts";
import { hasChange, newestRelease } from "../releases/releases.ts";
import { type Message, msg } from "../text/message.ts";
import { stationRules } from "./bridged.ts";
import type { Draft } from "./draft.ts";
import { ensureFile, ensureLines, ensureUp, ensureUplink } from "./hostname.ts";
import type { Answers, Pattern, Question } from "./pattern.ts";
import { ensureFoundation, ensureMatch, ensureRules } from "./pf-conf.ts";
import { reachesOutside } from "./promises.ts";
import {
	bridgeOf,
	bridgeQuestion,
	closed,
	memoryQuestion,
	portQuestion,
	resolverQuestion,
	segmentOf,
	servicesQuestion,
	switchQuestion,
	uplinkAddressQuestion,
	uplinkQuestion,
	yesNo,
} from "./questions.ts";
import { dhcpRules, gatewayOf, groupFor, serveAddresses } from "./routed.ts";
import { ensureDhcpd, ensureForwarding, ensureSubnet, ensureVmd } from "./services.ts";
import {
	type AnsweredNetwork,
	freeName,
	isMessage,
	type NamedGuest,
	namedAddresses,
	networkOf,
	parseNetwork,
	parsePorts,
	parseVlans,
	portList,
	type VlanGuests,
} from "./values.ts";
import { ensureGuest, ensurePlug, ensureSwitch, ensureTap, freeLladdr, plugIn } from "./vm-conf.ts";

function refuses({ link, kind, vlan, gateways, uplinks }: Segment): Message | undefined {
	if (kind !== "veb") return msg("{0} is a {1}, which does not know VLANs", link.name, kind);
	return vlan === undefined && gateways.length + uplinks.length > 0
		? msg("{0} is one network for all its ports: take another switch", link.name)
		: undefined;
}

/** The switch; asked of a release whose veb does not know VLANs, no answer is right. */
function vlanSwitchQuestion(host: Host): Question {
	const question = switchQuestion(host, "vlans", refuses);
	const release = host.source.release ?? newestRelease;
	if (hasChange(release, "hostname/vlans-of-veb")) return question;
	return { ...question, choices: [], check: () => msg("The veb of OpenBSD {0} does not know VLANs: that came with 7.9", release) };
}

function vlansOf({ vlans = "" }: Answers): readonly VlanGuests[] {
	const parsed = parseVlans(vlans);
	return isMessage(parsed) ? [] : parsed;
}

function guestsOf(answers: Answers): readonly NamedGuest[] {
	return vlansOf(answers).flatMap(({ guests }) => guests);
}

/** The segment of a VLAN of the switch, where it is there already. */
function vlanSegment(host: Host, { switch: name = "" }: Answers, vlan: number): Segment | undefined {
	const veb = segmentOf(host, name)?.link;
	return host.segments.find((segment) => segment.link === veb && segment.vlan === vlan);
}

/** The network of each VLAN: what the host has, what the answer says, or the next free one. */
function networksOf(host: Host, answers: Answers): ReadonlyMap<number, AnsweredNetwork> | Message {
	const given = new Map<number, AnsweredNetwork>();
	for (const part of (answers.networks ?? "").split(";").map((one) => one.trim())) {
		if (part === "") continue;
		const [, vlan = "", text = ""] = /^(\d+)\s*:\s*(\S+)$/.exec(part) ?? [];
		const network = text === "" ? msg('"{0}" is not of the form `VLAN: NETWORK`', part) : parseNetwork(text);
		if (isMessage(network)) return network;
		given.set(Number(vlan), network);
	}
	const theirs = host.configs.flatMap(({ addresses, name }) =>
		addresses.flatMap(({ ip, bits, family }) => (family === "inet" && ip !== undefined && bits !== undefined ? [{ ip, bits, name }] : [])),
	);
	const found = new Map<number, AnsweredNetwork>();
	const overlap = (network: AnsweredNetwork): string | undefined =>
		theirs.find(({ ip, bits }) => inNetwork(ip, network.base, Math.min(bits, network.bits)))?.name ??
		[...found].find(([, { base, bits }]) => inNetwork(base, network.base, Math.min(bits, network.bits)))?.[0].toString();
	for (const { vlan } of vlansOf(answers)) {
		const already = gatewayOf(vlanSegment(host, answers, vlan))?.network;
		const wanted = given.get(vlan);
		const other = already === undefined && wanted !== undefined ? overlap(wanted) : undefined;
		if (wanted !== undefined && other !== undefined) return msg("{0} overlaps the network of {1}", wanted.text, other);
		const network = already ?? wanted ?? freeNetwork(vlan, overlap);
		if (network === undefined) return msg("Which network has VLAN {0}?", vlan);
		found.set(vlan, network);
	}
	return found;
}

/** `10.50.VLAN.0/24`, or the next one that is free. */
function freeNetwork(vlan: number, overlap: (network: AnsweredNetwork) => string | undefined): AnsweredNetwork | undefined {
	for (let second = 50; second < 256; second++) {
		const network = networkOf({ a: (10 << 24) | (second << 16) | ((vlan & 255) << 8), b: 0, c: 0, d: 0 }, 24);
		if (overlap(network) === undefined) return network;
	}
	return undefined;
}

function networksQuestion(host: Host, answers: Answers): Question {
	const usual = networksOf(host, { ...answers, networks: "" });
	const standard = isMessage(usual) ? "" : [...usual].map(([vlan, { text }]) => `${vlan}: ${text}`).join("; ");
	return {
		id: "networks",
		title: msg("Which network has each VLAN? The host has its first address"),
		example: "10: 10.50.10.0/24; 20: 10.50.20.0/24",
		choices: [{ value: standard }],
		open: true,
		standard,
		check(networks) {
			const read = networksOf(host, { ...answers, networks });
			return isMessage(read) ? read : undefined;
		},
	};
}

function vlansQuestion(host: Host, answers: Answers): Question {
	return {
		id: "vlans",
		title: msg("Which guests are in which VLAN?"),
		hint: msg("VLAN: GUESTS, with semicolons between; a new name is a new guest"),
		example: "10: web01 web02; 20: db01",
		choices: [],
		open: true,
		check(vlans) {
			const parsed = parseVlans(vlans);
			if (isMessage(parsed)) return parsed;
			if (parsed.length === 0) return msg("A switch needs a guest");
			for (const { vlan, guests } of parsed) {
				for (const { name, address } of guests) {
					const elsewhere = plugIn(host, name, answers.switch ?? "");
					const segment = elsewhere && host.segmentOfNic.get(elsewhere);
					if (segment?.vlan !== undefined && segment.vlan !== vlan && elsewhere?.tap !== undefined)
						return msg('"{0}" is in VLAN {1} already', name, segment.vlan);
					if (address !== undefined && answers.way === "bridged")
						return msg("A bridged guest gets its address from its network: leave it out here");
				}
			}
			return undefined;
		},
	};
}

/** The port that carries the VLANs to other machines; none where guests are routed and alone. */
function trunkQuestion(host: Host, { way }: Answers): Question {
	const question = portQuestion(host, msg("Which interface is the trunk?"));
	if (way !== "routed") return { ...question, id: "trunk" };
	return {
		...question,
		id: "trunk",
		title: msg("Which interface is a trunk that other machines of the VLANs are behind?"),
		choices: [{ value: "none", detail: msg("the guests are alone in them") }, ...question.choices],
		standard: "none",
		check: (name) => (name === "none" ? undefined : question.check(name)),
	};
}

const ways = [
	{ value: "routed", detail: msg("the host is their router, by a vport in each VLAN") },
	{ value: "bridged", detail: msg("they are stations of the networks behind a trunk") },
];

export const vlans: Pattern = {
	title: msg("Guests in VLANs of one veb"),
	detail: msg("Several networks on one veb (OpenBSD 7.9), behind a trunk or routed, with or without NAT"),
	questions(host, answers) {
		const { way, nat, dhcp } = answers;
		const routed = way === "routed";
		return [
			vlanSwitchQuestion(host),
			bridgeQuestion(host, { ...answers, flavour: "veb" }),
			closed("way", msg("How do the guests get out?"), ways, "routed"),
			vlansQuestion(host, answers),
			trunkQuestion(host, answers),
			...(routed
				? [
						uplinkQuestion(host),
						uplinkAddressQuestion(host, answers.uplink ?? ""),
						networksQuestion(host, answers),
						closed("nat", msg("Translate the guests' addresses to the host's (NAT)?"), yesNo, "yes"),
						closed("dhcp", msg("Serve the guests' addresses with dhcpd?"), yesNo, "yes"),
						...(dhcp === "no" ? [] : [resolverQuestion]),
					]
				: []),
			memoryQuestion(
				host,
				guestsOf(answers).map(({ name }) => name),
			),
			...(!routed || nat === "no" ? [servicesQuestion(msg("Which TCP ports of the guests are open to the outside?"))] : []),
		];
	},
	write(draft, answers) {
		const bridge = bridgeOf(draft.host, answers);
		const networks = answers.way === "routed" ? networksOf(draft.host, answers) : new Map<number, AnsweredNetwork>();
		if (isMessage(networks)) return;
		ensureVeb(draft, bridge, answers);
		if (answers.way === "routed") ensureUplink(draft, answers.uplink ?? "", answers.address ?? "elsewhere");
		for (const [vlan, network] of networks) ensureGateway(draft, answers, vlan, network);
		for (const { vlan, guests } of vlansOf(answers)) {
			const named = namedAddresses(guests);
			for (const guest of guests) {
				ensureStation(draft, answers, vlan, guest.name);
				const network = networks.get(vlan);
				if (network !== undefined && answers.dhcp === "yes")
					serveAddresses(draft, network, answers.resolver ?? "", guest.name, answers.switch ?? "", guest.address ?? named);
			}
		}
		ensureVmd(draft);
		ensureFoundation(draft);
		if (answers.way === "routed") route(draft, bridge, answers, networks);
		else ensureRules(draft, stationRules(draft, answers.switch ?? "", bridge, answers.services ?? ""));
	},
	promises(_, answers) {
		const guests = guestsOf(answers);
		const routed = answers.way === "routed";
		const ports = parsePorts(answers.services ?? "");
		const closed = isMessage(ports) || ports.length === 0 || (routed && answers.nat === "yes");
		const reached = closed ? (routed ? "any block" : "tcp block") : `tcp ${ports.join(" ")} pass`;
		return [
			...(routed && answers.dhcp !== "yes"
				? guests.flatMap(({ name, address }) => (address === undefined ? [] : [`address ${name} ${address}`]))
				: []),
			...guests.flatMap(({ name }) => [
				...reachesOutside(name),
				...(routed ? [`${name} host any block`] : []),
				`outside ${name} ${reached}`,
			]),
			...(routed
				? guests.flatMap(({ name }) => guests.flatMap((other) => (other.name === name ? [] : [`${name} ${other.name} any block`])))
				: []),
		];
	},
};

/** The veb with the trunk in it, which carries the VLANs with their tags and nothing else. */
function ensureVeb(draft: Draft, bridge: string, answers: Answers): void {
	const { switch: name = "", trunk = "none" } = answers;
	if (trunk !== "none") ensureUp(draft, trunk, "the trunk: up, and without an address");
	const known = draft.host.links.get(bridge)?.config;
	const port = known?.veb?.ports.get(trunk);
	const carried = vlansOf(answers).flatMap(({ vlan }) => (port?.tagged.has(vlan) === true ? [] : [vlan]));
	ensureLines(draft, bridge, `switch "${name}": its VLANs are kept apart`, [
		"# link1: pf filters what crosses the ports without a tag",
		"link1",
		...(trunk === "none" ? [] : ["# the trunk carries tags alone", `add ${trunk}`, ...(port === undefined ? [`-untagged ${trunk}`] : [])]),
		...(trunk === "none" || carried.length === 0 ? [] : [`tagged ${trunk} ${vlanRanges(carried)}`]),
		...(trunk === "none" ? [] : protectedFrom(trunk, answers)),
		"up",
	]);
	ensureSwitch(draft, name, bridge, groupFor(draft, name));
}

/** The host's own port in a VLAN: the gateway of its guests. */
function ensureGateway(draft: Draft, answers: Answers, vlan: number, network: AnsweredNetwork): void {
	if (gatewayOf(vlanSegment(draft.host, answers, vlan)) !== undefined) return;
	const bridge = bridgeOf(draft.host, answers);
	const wanted = `vport${vlan}`;
	const gateway = draft.host.links.has(wanted) ? freeName("vport", draft.host.links.keys()) : wanted;
	ensureLines(draft, gateway, `the host in VLAN ${vlan} of ${bridge}: gateway of its guests`, [
		`lladdr ${freeLladdr(draft.host, 0xfe)}`,
		`inet ${network.gateway} ${network.mask}`,
		"up",
	]);
	ensureLines(draft, bridge, `switch "${answers.switch ?? ""}"`, [
		`# VLAN ${vlan}: the host`,
		`add ${gateway}`,
		`untagged ${gateway} ${vlan}`,
	]);
}

/** A guest with a tap that stays, for the veb knows VLANs by the names of its ports. */
function ensureStation(draft: Draft, answers: Answers, vlan: number, guest: string): void {
	const { switch: name = "", memory = "" } = answers;
	const bridge = bridgeOf(draft.host, answers);
	ensureGuest(draft, guest, { memory, disk: `/var/vm/${guest}.img` });
	ensurePlug(draft, guest, name, freeLladdr(draft.host));
	const nic = plugIn(draft.host, guest, name);
	if (nic === undefined) return;
	const tap = nic.tap?.value ?? freeName("tap", draft.host.links.keys());
	ensureTap(draft, nic, tap);
	ensureFile(draft, tap, `${guest} in VLAN ${vlan} of ${bridge} (vm.conf pins it)`);
	ensureLines(draft, bridge, `switch "${name}"`, [
		`# VLAN ${vlan}: ${guest}`,
		`add ${tap}`,
		`untagged ${tap} ${vlan}`,
		...protectedFrom(tap, answers),
	]);
}

/** Ports of one protected domain reach the host's ports alone: routed guests not each other, nor the trunk past the router. */
function protectedFrom(port: string, { way }: Answers): readonly string[] {
	return way === "routed" ? [`protected ${port} 1`] : [];
}

/** Forwarding, dhcpd and the rules of guests that the host routes: they reach what is beyond it, not it and not each other. */
function route(draft: Draft, bridge: string, answers: Answers, networks: ReadonlyMap<number, AnsweredNetwork>): void {
	const { switch: name = "", uplink = "", nat, dhcp, resolver = "", services = "" } = answers;
	const group = groupFor(draft, name);
	const ports = parsePorts(services);
	ensureForwarding(draft);
	const all = [...vebNetworks(draft.host, bridge), ...networks.values()].map(({ text }) => text);
	const others = (own: string): readonly string[] => [...new Set(all)].filter((text) => text !== own);
	for (const [vlan, network] of networks) {
		const gateway = gatewayOf(vlanSegment(draft.host, answers, vlan))?.name ?? `vport${vlan}`;
		const { text } = network;
		if (dhcp === "yes") {
			ensureSubnet(draft, network, resolver);
			ensureDhcpd(draft, gateway);
		}
		if (nat === "yes")
			ensureMatch(draft, `NAT of VLAN ${vlan} of switch "${name}"`, `match out on ${uplink} inet from ${text} to any nat-to (${uplink})`);
		ensureRules(draft, [
			...(dhcp === "yes" ? dhcpRules(draft, name, bridge, network) : []),
			`# VLAN ${vlan}: its guests reach what is beyond ${gateway}, not the host and not each other`,
			`block in log quick on ${group} inet to ${text}`,
			`block in log quick on ${gateway} inet from ${text} to { (self) ${[text, ...others(text)].join(" ")} }`,
			...(others(text).length === 0 ? [] : [`block out log quick on ${gateway} inet from ${addressList(others(text))}`]),
			`pass in on ${gateway} inet from ${text}`,
			`pass out on ${gateway} inet to ${text}`,
			`pass in on ${group} inet from ${text}`,
			`pass out on ${group} inet from ! ${text} to ${text}`,
			...(nat === "yes" || isMessage(ports) || ports.length === 0
				? []
				: [`pass in on ${uplink} inet proto tcp to ${text} port ${portList(ports)}`]),
		]);
	}
}

const addressList = (networks: readonly string[]): string => (networks.length === 1 ? (networks[0] ?? "") : `{ ${networks.join(" ")} }`);

/** The networks of all VLANs of a veb that the host has a port in. */
function vebNetworks(host: Host, bridge: string): readonly AnsweredNetwork[] {
	return host.segments.flatMap((segment) => (segment.link.name === bridge ? (gatewayOf(segment)?.network ?? []) : []));
}
