/** Whether an administrator still comes in. */

import { isGroup } from "../host/filter.ts";
import { textOf } from "../host/fixes.ts";
import { addressesIn, type Host, hasAddress } from "../host/model.ts";
import { entryOf, pathsBetween } from "../host/paths.ts";
import { rcVariable } from "../host/rc-conf.ts";
import { sysctlSetting } from "../host/sysctl.ts";
import { driverOf } from "../hostname/names.ts";
import { parseIp, sameIp } from "../pf/names/address.ts";
import type { Rule } from "../pf/rules.ts";
import { fixTitle, quickFix } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { difference, type Intervals, single, unionOf } from "./intervals.ts";
import { EVERY_WORD, networkSet, wordOf } from "./ipv4-numbers.ts";
import { type Packet, TCP } from "./packet.ts";
import { besideBlock, error, type PacketCheck, type PacketHost, spotOf } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";

const SSH = 22;

/** Ports that other services are known by: sshd may listen on any but those. */
const OTHER_SERVICES = [21, 25, 53, 80, 110, 143, 179, 389, 443, 465, 587, 636, 853, 873, 993, 995, 8080, 8443];
const MAYBE_SSH: Intervals = difference([1, 65535], unionOf(OTHER_SERVICES.map((port) => [port, port] as const)));

export const sshChecks = {
	"host/ssh-locked-out": error(
		[
			"No way in by SSH",
			"No packet from outside gets to sshd, from whatever address, on whatever port, or through a redirection: after loading, no new session reaches the host.",
			"Add `pass in on egress inet proto tcp to (egress) port ssh`, or with the interface that you come in by.",
		],
		function* (around, report) {
			if (!isLookedAfterBySsh(around.host) || callsOpenAnchors(around.filter.pf.ruleset)) return;
			const inward = pathsBetween(around.host, { kind: "outside" }, { kind: "host" });
			const stated = statedEntries(around);
			if (stated === "unknown") return;
			const ways = [...inward.map(({ steps }) => steps.flatMap((step) => spotOf(step) ?? [])), ...stated.map((spot) => [spot])];
			for (const spots of ways) {
				yield;
				if (spots.every((spot) => reachesHost(around, spot))) return;
			}
			const names = inward.flatMap((path) => entryOf(path) ?? []);
			const name = names.find((one) => around.egress.includes(one)) ?? names[0];
			if (name === undefined) return;
			const [ssh] = trafficTo(around, single(SSH));
			const block = ssh && around.passages.decider({ interface: name, direction: "in" }, ssh);
			if (block === undefined) return;
			const where = around.egress.includes(name) ? "egress" : name;
			const rule = `pass in${block.quick ? " quick" : ""} on ${where} inet proto tcp to (${where}) port ssh`;
			report(around.filter.pf.place(block), msg("Nobody comes in by SSH: no rule passes it in on {0}", name), {
				advice: msg("After loading, no new session reaches the host from any address."),
				...quickFix(fixTitle.add(rule), besideBlock(around, block, [rule])),
			});
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

/**
 * Whether somebody far away looks after the host by SSH. Of a machine without guests that forwards nothing, or one on a
 * wireless network, that cannot be told: a person may sit before it.
 */
function isLookedAfterBySsh(host: Host): boolean {
	const { rc, vm, sysctl, configs } = host;
	if (rcVariable(rc.value ?? [], "sshd_flags")?.value === "NO") return false;
	const forwards = sysctlSetting(sysctl.value ?? [], "net.inet.ip.forwarding")?.value === "1";
	const wireless = configs.some(({ path }) => {
		const text = textOf(host, path);
		return /^[ \t]*(?:join|nwid)\b/m.test(text) && !/\bhostap\b/.test(text);
	});
	return !wireless && (vm.guests.length > 0 || forwards);
}

/** Other interfaces on which rules pass something in; unknown where a group may have any. */
function statedEntries({ filter, entries, interfaces, host }: PacketHost): readonly Spot[] | "unknown" {
	const found = new Set<string>();
	for (const { rule } of filter.rules) {
		const { interface: name } = rule;
		if (rule.action !== "pass" || rule.direction === "out" || name === "") continue;
		if (rule.protocol !== 0 && rule.protocol !== TCP) continue;
		if (!isGroup(name)) {
			if (!entries.includes(name) && !isAmongGuests(host, name) && !["tap", "lo"].includes(driverOf(name))) found.add(name);
		} else if (!interfaces.some(({ groups }) => groups.includes(name))) return "unknown";
	}
	return [...found].map((name) => ({ interface: name, direction: "in" }));
}

/** Whether an interface is the host's own among guests, or only carries the frames of a bridge or veb. */
function isAmongGuests(host: Host, name: string): boolean {
	const link = host.links.get(name);
	if (link === undefined) return false;
	if (link.memberOf.length > 0 && link.config !== undefined && !hasAddress(link.config)) return true;
	return host.segments.some(({ plugs, gateways }) => plugs.length > 0 && gateways.includes(link));
}

/** Connections to addresses that the host has or may have. */
function trafficTo({ host, interfaces }: PacketHost, ports: Intervals): readonly Traffic[] {
	const own = interfaces.flatMap(({ addresses }) =>
		addresses.flatMap(({ family, address }) => (family === "inet" ? (parseIp(address)?.address ?? []) : [])),
	);
	const ownSet = unionOf(own.map((ip) => [wordOf(ip), wordOf(ip)] as const));
	const given = host.configs.some(
		({ autoconf, commands, addresses }) =>
			autoconf.inet !== undefined || commands.length > 0 || addresses.some(({ ip }) => ip === undefined),
	);
	const guests = unionOf(
		host.segments
			.filter(({ uplinks }) => uplinks.length === 0)
			.flatMap(({ gateways }) => gateways.flatMap(addressesIn))
			.flatMap(({ ip, bits, family }) => {
				if (ip === undefined || bits === undefined || family !== "inet") return [];
				return [networkSet(ip, bits)];
			}),
	);
	const destination = given ? difference(EVERY_WORD, difference(guests, ownSet)) : ownSet;
	return [
		{ family: "inet", protocol: TCP, destination, destinationPort: ports },
		{ family: "inet6", protocol: TCP, destinationPort: ports },
	];
}

/** Whether a connection that may be for sshd gets past pf at a place. */
function reachesHost(around: PacketHost, spot: Spot): boolean {
	for (const traffic of trafficTo(around, MAYBE_SSH)) {
		for (const { certain, packet, rule } of around.passages.passing(spot, traffic)) {
			if (!certain || packet === undefined || !isRedirectedAway(around, packet, rule)) return true;
		}
	}
	return false;
}

/** Whether a packet goes on to another machine. */
function isRedirectedAway({ passages, interfaces }: PacketHost, packet: Packet, rule: Rule | undefined): boolean {
	const outcome = passages.evaluator.evaluate(packet).find((one) => one.rule === rule);
	if (outcome === undefined) return false;
	const { destination, family } = outcome.packet;
	if (family !== packet.family || destination === packet.destination) return false;
	return !interfaces.some(({ addresses }) =>
		addresses.some(({ address }) => {
			const own = parseIp(address);
			return own !== undefined && sameIp(own.address, destination);
		}),
	);
}
