/** Guests as stations of a network outside of the host: a LAN, a trunk, or one VLAN of a trunk. */

import type { Host, Segment } from "../host/model.ts";
import { driverOf } from "../hostname/names.ts";
import { hasChange, newestRelease } from "../releases/releases.ts";
import { type Message, msg } from "../text/message.ts";
import type { Draft } from "./draft.ts";
import { ensureLines, ensureUp, removeMember } from "./hostname.ts";
import type { Answers, Pattern, Question } from "./pattern.ts";
import { ensureFoundation, ensureRules } from "./pf-conf.ts";
import { reachesOutside } from "./promises.ts";
import {
	apartAlready,
	bridgeOf,
	bridgeQuestion,
	closed,
	flavourQuestion,
	guestNames,
	guestsQuestion,
	memoryQuestion,
	portQuestion,
	servicesQuestion,
	switchQuestion,
} from "./questions.ts";
import { groupFor } from "./routed.ts";
import { ensureVmd } from "./services.ts";
import { freeName, isMessage, parsePorts, portList, vlanRefusal } from "./values.ts";
import { ensureGuest, ensurePlug, ensureSwitch, freeLladdr } from "./vm-conf.ts";

function refuses(segment: Segment): Message | undefined {
	const [gateway] = segment.gateways;
	if (segment.vlan !== undefined) return apartAlready(segment);
	return gateway && msg("{0} is the gateway of {1}: its guests are routed", gateway.name, segment.link.name);
}

const noAddress = (): Message => msg("A bridged guest gets its address from its network: leave it out here");

/** Ports by which the network outside reaches guests. */
const services = servicesQuestion(msg("Which TCP ports of the guests are open to their network?"));

export const bridged: Pattern = {
	title: msg("Guests on the LAN or on a trunk"),
	detail: msg("Bridged to the network behind a physical interface, where guests get their addresses"),
	questions(host, answers) {
		const { uplink, frames, flavour = "veb" } = answers;
		const tagsPass = flavour !== "veb" || !hasChange(host.source.release ?? newestRelease, "hostname/vlans-of-veb");
		return [
			switchQuestion(host, "lan", refuses),
			flavourQuestion(host, answers),
			portQuestion(host, msg("Which interface leads to the LAN?")),
			bridgeQuestion(host, answers, uplink),
			closed(
				"frames",
				msg("Frames without a VLAN tag, or those of a trunk?"),
				[
					{ value: "untagged", detail: msg("pf filters what guests send and receive") },
					// With link0, a veb lets tags through that it knows nothing of; one that tells VLANs apart is told of each.
					...(tagsPass ? [{ value: "tagged", detail: msg("guests are on all VLANs of the trunk; pf sees none of it") }] : []),
				],
				"untagged",
			),
			guestsQuestion(host, answers, "web01, db01", noAddress),
			memoryQuestion(host, guestNames(answers)),
			frames === "tagged" ? undefined : services,
		].filter((question): question is Question => question !== undefined);
	},
	write(draft, answers) {
		const { uplink = "", frames = "" } = answers;
		ensureUp(draft, uplink, "the port to the LAN: up, and without an address");
		attach(draft, answers, uplink, frames === "tagged");
	},
	promises: lanPromises,
};

/** The vlan(4) interface of a tag on a parent, where the host has one. */
function vlanOn(host: Host, parent: string, tag: string): string | undefined {
	return host.links.get(parent)?.children.find(({ vnetid, family }) => family === "vlan" && vnetid?.value === tag)?.name;
}

export const vlan: Pattern = {
	title: msg("Guests on one VLAN"),
	detail: msg("Bridged to one VLAN of a trunk, and to nothing else of it"),
	questions(host, answers) {
		const { parent = "", vlan: tag = "" } = answers;
		const trunk = portQuestion(host, msg("Which interface is the trunk?"));
		const used = host.configs.flatMap(({ vnetid, family }) => (family === "vlan" && vnetid !== undefined ? [vnetid.value] : []));
		return [
			switchQuestion(host, "lan", refuses),
			flavourQuestion(host, answers),
			{ ...trunk, id: "parent" },
			{
				id: "vlan",
				title: msg("Which VLAN?"),
				hint: msg("A tag from 1 to 4094"),
				choices: used.map((value) => ({ value })),
				open: true,
				...(used[0] === undefined ? {} : { standard: used[0] }),
				check: vlanRefusal,
			},
			bridgeQuestion(host, answers, vlanOn(host, parent, tag)),
			guestsQuestion(host, answers, "web01, db01", noAddress),
			memoryQuestion(host, guestNames(answers)),
			services,
		].filter((question): question is Question => question !== undefined);
	},
	write(draft, answers) {
		const { parent = "", vlan: tag = "" } = answers;
		ensureUp(draft, parent, "the trunk: up, or its VLANs stay silent");
		const wanted = draft.host.links.has(`vlan${tag}`) ? freeName("vlan", draft.host.links.keys()) : `vlan${tag}`;
		const name = vlanOn(draft.host, parent, tag) ?? wanted;
		ensureLines(draft, name, "the one VLAN that guests may see", [`vnetid ${tag}`, `parent ${parent}`, "up"]);
		// Beside its VLAN, the trunk itself would bring all others to the guests.
		removeMember(draft, bridgeOf(draft.host, answers), parent);
		attach(draft, answers, name, false);
	},
	promises: lanPromises,
};

/** Guests reach all of their network; it reaches their services. pf sees nothing of tagged frames, so nothing is said of those. */
function lanPromises(_: Draft, answers: Answers): readonly string[] {
	if (answers.frames === "tagged") return [];
	const open = parsePorts(answers.services ?? "");
	const reached = isMessage(open) || open.length === 0 ? "tcp block" : `tcp ${open.join(" ")} pass`;
	return guestNames(answers).flatMap((guest) => [...reachesOutside(guest), `outside ${guest} ${reached}`]);
}

/** Puts guests and an interface to the outside on one switch. */
function attach(draft: Draft, answers: Answers, uplink: string, tagged: boolean): void {
	const { switch: name = "", memory = "", services: ports = "" } = answers;
	const bridge = bridgeOf(draft.host, answers);
	const veb = driverOf(bridge) === "veb";
	const flags = !veb
		? []
		: tagged
			? ["# link0: frames keep their VLAN tags", "link0"]
			: ["# link1: pf filters what crosses the ports", "link1"];
	ensureLines(draft, bridge, `switch "${name}"`, [...flags, `add ${uplink}`, "up"]);
	ensureSwitch(draft, name, bridge, groupFor(draft, name));
	for (const guest of guestNames(answers)) {
		ensureGuest(draft, guest, { memory, disk: `/var/vm/${guest}.img` });
		ensurePlug(draft, guest, name, freeLladdr(draft.host));
	}
	ensureVmd(draft);
	if (tagged) return;
	ensureFoundation(draft);
	ensureRules(draft, stationRules(draft, name, bridge, ports, [`pass on ${uplink} inet`]));
}

/**
 * The rules of guests that are stations of a network outside: their own are those of their taps.
 * @param before rules that come first, for a port to the outside whose frames have no tag
 */
export function stationRules(draft: Draft, name: string, bridge: string, ports: string, before: readonly string[] = []): readonly string[] {
	const group = groupFor(draft, name);
	const open = parsePorts(ports);
	return [
		`# Switch "${name}": what is for guests is decided on their taps, which vmd puts in the group ${group}`,
		...before,
		`pass in on ${group} inet`,
		...(isMessage(open) || open.length === 0 ? [] : [`pass out on ${group} inet proto tcp to any port ${portList(open)}`]),
		"# DHCP with the server of their network; no guest is one",
		`block in log quick on ${group} inet proto udp from any port 67 to any port 68`,
		`pass in quick on ${group} inet proto udp from any port 68 to any port 67 no state`,
		`pass out quick on ${group} inet proto udp from any port 67 to any port 68 no state`,
		...(driverOf(bridge) === "veb"
			? [`pass out quick on ${bridge} inet proto udp from any port { 67 68 } to any port { 67 68 } no state`]
			: []),
	];
}
