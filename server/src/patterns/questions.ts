/** Questions that several patterns ask. */

import { type Host, hasAddress, isCloned, type Segment } from "../host/model.ts";
import { outsides } from "../host/paths.ts";
import { driverOf } from "../hostname/names.ts";
import { parseIp4 } from "../pf/names/address.ts";
import { type Message, msg } from "../text/message.ts";
import { limits, memorySize } from "../vm/check.ts";
import type { Answers, Choice, Question } from "./pattern.ts";
import { freeName, isInterfaceName, isMessage, parseGuests, parsePorts } from "./values.ts";
import { guestNamed, plugIn, switchNamed } from "./vm-conf.ts";

/** A question whose answer is one of a few words. */
export function closed(id: string, title: Message, choices: readonly Choice[], standard: string | undefined): Question {
	return {
		id,
		title,
		choices,
		open: false,
		...(standard === undefined ? {} : { standard }),
		check: (answer) =>
			choices.some(({ value }) => value === answer)
				? undefined
				: msg("{0} is {1}, not '{2}'", id, choices.map(({ value }) => value).join(", "), answer),
	};
}

export const yesNo: readonly Choice[] = [{ value: "yes" }, { value: "no" }];

export const resolverQuestion: Question = {
	id: "resolver",
	title: msg("Which DNS resolver do guests use?"),
	example: "9.9.9.9",
	choices: [{ value: "9.9.9.9" }],
	open: true,
	standard: "9.9.9.9",
	check: (answer) => (parseIp4(answer) === undefined ? msg("{0} is not an IPv4 address", answer) : undefined),
};

/** Why the switch of a VLAN does not fit where one network is meant. */
export function apartAlready({ link }: Segment): Message {
	return msg("{0} keeps VLANs apart: the pattern for VLANs puts guests into them", link.name);
}

/** The segment that a switch of vm.conf stands on, where it is there already. */
export function segmentOf(host: Host, switchName: string | undefined): Segment | undefined {
	return host.segmentOfSwitch.get(switchName ?? "");
}

const SWITCH_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,29}$/;

/**
 * The name of the switch.
 * @param refuses why a switch that is there does not fit
 */
export function switchQuestion(host: Host, standard: string, refuses: (segment: Segment) => Message | undefined): Question {
	const fitting = host.segments.filter((segment) => segment.link.switches.length > 0 && refuses(segment) === undefined);
	const links = [...new Set(fitting.map(({ link }) => link))];
	const names = links.flatMap(({ name: on, switches }) => switches.map(({ name }) => ({ value: name.value, detail: msg("on {0}", on) })));
	return {
		id: "switch",
		title: msg("Which switch are the guests plugged into?"),
		hint: msg("A switch of vm.conf, or a name for a new one"),
		choices: names.some(({ value }) => value === standard) ? names : [...names, { value: standard, detail: msg("a new switch") }],
		open: true,
		standard: names[0]?.value ?? standard,
		check(name) {
			if (!SWITCH_NAME.test(name)) return msg("'{0}' is not a name for a switch: letters, digits, `_` and `-`", name);
			const known = switchNamed(host, name);
			const segment = segmentOf(host, name);
			if (known !== undefined && segment === undefined) return msg('switch "{0}" stands on nothing: give it an interface first', name);
			return segment === undefined ? undefined : refuses(segment);
		},
	};
}

const flavours: readonly Choice[] = [
	{ value: "veb", detail: msg("veb(4): pf sees every packet of a guest on its tap") },
	{ value: "bridge", detail: msg("bridge(4), as in the handbook: pf sees less") },
];

export function flavourQuestion(host: Host, { switch: name }: Answers): Question {
	const link = segmentOf(host, name)?.link;
	const kept = link === undefined ? undefined : driverOf(link.name);
	const choices = kept === undefined ? flavours : flavours.filter(({ value }) => value === kept);
	const question = closed("flavour", msg("veb or bridge?"), choices, choices[0]?.value);
	return {
		...question,
		check(answer) {
			if (link === undefined || answer === kept || !flavours.some(({ value }) => value === answer)) return question.check(answer);
			return msg('switch "{0}" stands on {1}: choose {2}, or another switch', name ?? "", link.name, kept ?? "");
		},
	};
}

/** A question that the host's files have answered. */
export function fixed(id: string, title: Message, answer: string): Question {
	const check = (given: string) => (given === answer ? undefined : msg("{0} is {1} already, not '{2}'", id, answer, given));
	return { id, title, choices: [{ value: answer }], open: false, fixed: answer, check };
}

/** The bridge or veb of a switch. */
export function bridgeQuestion(host: Host, { switch: name, flavour = "veb" }: Answers, member?: string): Question {
	const title = msg("Which interface is the switch?");
	const segment = segmentOf(host, name);
	if (segment !== undefined) return fixed("bridge", title, segment.link.name);
	const unused = host.segments.filter(({ link, kind }) => kind === flavour && link.switches.length === 0 && link.config !== undefined);
	const already = unused.find(({ ports }) => ports.some(({ value }) => value === member))?.link.name;
	const free = freeName(flavour, host.links.keys());
	return {
		id: "bridge",
		title,
		hint: msg("{0} and a number", flavour),
		choices: [
			...(already === undefined ? [] : [{ value: already, detail: msg("has {0} already", member ?? "") }]),
			{ value: free, detail: msg("new") },
		],
		open: true,
		standard: already ?? free,
		check(answer) {
			if (!isInterfaceName(answer) || driverOf(answer) !== flavour) return msg("{0} is not a name such as {1}", answer, free);
			const link = host.links.get(answer);
			if (link !== undefined && link.switches.length > 0)
				return msg('{0} is the switch "{1}" already', answer, link.switches[0]?.name.value ?? "");
			const elsewhere = member === undefined ? undefined : host.links.get(member)?.memberOf.find(({ of }) => of.name !== answer);
			return elsewhere && msg("{0} is in {1} already", member ?? "", elsewhere.of.name);
		},
	};
}

/** The bridge that a pattern works on, once its questions are answered. */
export function bridgeOf(host: Host, { switch: name, bridge = "" }: Answers): string {
	return segmentOf(host, name)?.link.name ?? bridge;
}

/** An interface that is there by itself: the machine's, or a trunk of them. */
function mayLeadOut(name: string): boolean {
	return isInterfaceName(name) && (!isCloned(name) || ["trunk", "aggr", "vlan"].includes(driverOf(name)));
}

function leadingOut(host: Host): readonly Choice[] {
	return [...host.links.values()].filter(({ name }) => mayLeadOut(name)).map(({ name }) => ({ value: name }));
}

/** An interface by which guests get to the outside, routed by the host. */
export function uplinkQuestion(host: Host): Question {
	const choices = outsides(host).map(({ name, config }) => {
		const address = config?.addresses[0];
		return { value: name, detail: address === undefined ? msg("address from outside") : msg("{0}", address.text) };
	});
	return {
		id: "uplink",
		title: msg("Which interface leads to the outside?"),
		example: "em0",
		choices,
		open: true,
		...(choices[0] === undefined ? {} : { standard: choices[0].value }),
		check: (name) => (mayLeadOut(name) ? undefined : msg("{0} is not an interface that leads out of the host, such as em0", name)),
	};
}

/** How an uplink gets its address, where the files do not say: without it, nothing can be told of the outside. */
export function uplinkAddressQuestion(host: Host, uplink: string): Question {
	return {
		id: "address",
		// A second run finds the file that the first one has written.
		...(uplink === "" || host.links.get(uplink)?.config !== undefined ? { fixed: "elsewhere" } : {}),
		title: msg("How does {0} get its address? There is no /etc/hostname.{0} here", uplink),
		hint: msg("autoconf, an address with its prefix length, or elsewhere"),
		example: "203.0.113.10/24",
		choices: [
			{ value: "autoconf", detail: msg("by DHCP") },
			{ value: "elsewhere", detail: msg("its file is kept elsewhere: none is written") },
		],
		open: true,
		standard: "autoconf",
		check(answer) {
			const [address = "", bits = ""] = answer.split("/");
			const right = parseIp4(address) !== undefined && /^\d+$/.test(bits) && Number(bits) >= 1 && Number(bits) <= 31;
			return answer === "autoconf" || answer === "elsewhere" || right
				? undefined
				: msg("{0} is not an address with its prefix length, such as 203.0.113.10/24", answer);
		},
	};
}

/** An interface that guests share with a network outside. */
export function portQuestion(host: Host, title: Message): Question {
	const choices = leadingOut(host).filter(({ value }) => !hasAddress(host.links.get(value)?.config));
	return {
		id: "uplink",
		title,
		example: "em1",
		choices,
		open: true,
		...(choices[0] === undefined ? {} : { standard: choices[0].value }),
		check(name) {
			if (!mayLeadOut(name)) return msg("{0} is not an interface that leads out of the host, such as em0", name);
			if (hasAddress(host.links.get(name)?.config)) {
				return msg("{0} has an address, which the host would lose: a port of a switch belongs to the switch alone", name);
			}
			return undefined;
		},
	};
}

/**
 * The guests that are plugged in; a new name is a new guest.
 * @param example an answer that such guests could have: not all of them have addresses of the host
 */
export function guestsQuestion(
	host: Host,
	{ switch: name = "" }: Answers,
	example: string,
	refuses: (address: string) => Message | undefined,
): Question {
	const plugged = segmentOf(host, name)?.plugs ?? [];
	const unplugged = [...host.vm.guests].filter(({ interfaces }) => interfaces.length === 0).map((guest) => guest.name.value);
	return {
		id: "guests",
		title: msg("Which guests? Names with commas between; a new name is a new guest"),
		example,
		choices: unplugged.length === 0 ? [] : [{ value: unplugged.join(","), detail: msg("plugged into nothing so far") }],
		open: true,
		...(plugged.length > 0 ? { standard: "" } : unplugged.length > 0 ? { standard: unplugged.join(",") } : {}),
		check(answer) {
			const guests = parseGuests(answer);
			if (isMessage(guests)) return guests;
			if (guests.length === 0 && plugged.length === 0) return msg("A switch needs a guest");
			for (const guest of guests) {
				const known = guestNamed(host, guest.name);
				if (plugIn(host, guest.name, name) === undefined && (known?.interfaceCount ?? 0) >= limits.nics)
					return msg('"{0}" has {1} interfaces, and vmd takes no more', guest.name, limits.nics);
				const refused = guest.address === undefined ? undefined : refuses(guest.address);
				if (refused !== undefined) return refused;
			}
			return undefined;
		},
	};
}

/** Memory of guests that are new; those that are there keep theirs. */
export function memoryQuestion(host: Host, names: readonly string[]): Question {
	return {
		id: "memory",
		title: msg("How much memory has a new guest?"),
		...(names.every((name) => guestNamed(host, name) !== undefined) ? { fixed: "1G" } : {}),
		example: "1G",
		choices: ["512M", "1G", "2G", "4G"].map((value) => ({ value })),
		open: true,
		standard: "1G",
		check(answer) {
			const size = memorySize(answer);
			return "complaint" in size ? size.complaint : undefined;
		},
	};
}

export function servicesQuestion(title: Message): Question {
	return {
		id: "services",
		title,
		hint: msg("TCP ports such as 22,80; empty for none"),
		choices: [
			{ value: "", detail: msg("none") },
			{ value: "22", detail: msg("SSH") },
			{ value: "80,443", detail: msg("HTTP and HTTPS") },
		],
		open: true,
		standard: "",
		check: (answer) => {
			const ports = parsePorts(answer);
			return isMessage(ports) ? ports : undefined;
		},
	};
}

/** The names in the answer to `guests`. */
export function guestNames({ guests = "" }: Answers): readonly string[] {
	const parsed = parseGuests(guests);
	return isMessage(parsed) ? [] : parsed.map(({ name }) => name);
}
