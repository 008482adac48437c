/** Interfaces that do not take what their files say while another has them as its ports, and what leaves whom for that. */
import { type Message, msg, netstart } from "@openbsd-vnet/server";
import type { LiveAddress, LiveInterface } from "../live-interfaces.ts";
import { detailsOf } from "./running.ts";
import type { Transition } from "./transition.ts";

/** A port that leaves its holder for a moment, by a word of ifconfig; the holder takes it in again. */
export interface Leaving {
	readonly holder: LiveInterface;
	readonly port: string;
	readonly word: "del" | "delspan" | "-trunkport";
}

/** Ports of one holder that leave it, and what is told of that. */
export interface Held {
	readonly leaving: readonly Leaving[];
	readonly what: Message;
}

/**
 * A port of a veb or a tpmr takes no address (sys/net/if_veb.c and if_tpmr.c, SIOCSIFADDR: EBUSY; of IPv6 the kernel asks for the
 * first alone, sys/netinet6/in6.c, in6_ifinit()), one of a trunk or an aggr no other MTU (if_trunk.c and if_aggr.c, SIOCSIFMTU). What starts before its holder has its own by then.
 */
export function heldBack(name: string, { lines, takeAway }: Transition, live: readonly LiveInterface[]): Held | undefined {
	// Of what goes, an MTU is set as well: the driver's own.
	const mtu = takeAway.filter(([word]) => word === "mtu").map((words) => `${words.join(" ")}\n`);
	const settings = netstart.allSettings(name, [lines, ...mtu].join(""));
	const hasInet6 = keepsInet6(live.find((other) => other.name === name)?.addresses ?? [], takeAway);
	const holder = live.find((other) => isPortOf(name, other) && settings.some((each) => isRefused(each, name, other, hasInet6)));
	if (holder === undefined) return undefined;
	const { trunkPorts } = detailsOf(holder);
	if (trunkPorts.length > 0)
		return {
			// All of them have the MTU of the first.
			leaving: trunkPorts.map((port) => ({ holder, port: port.name, word: "-trunkport" })),
			what: msg("all ports of {0} leave it for a moment: {1} takes no other MTU while it is one of them", holder.name, name),
		};
	// A tpmr shows each of its ports so.
	const isSpan =
		holder.name.startsWith("veb") && holder.members.some(({ interface: port, flags }) => port === name && flags.includes("SPAN"));
	return {
		leaving: [{ holder, port: name, word: isSpan ? "delspan" : "del" }],
		what: msg("{0} leaves {1} for a moment: it takes no address while it is a port of it", name, holder.name),
	};
}

function isPortOf(name: string, holder: LiveInterface): boolean {
	return holder.members.some((member) => member.interface === name) || detailsOf(holder).trunkPorts.some((port) => port.name === name);
}

/** Whether an interface still has an IPv6 address when its lines are told to it. */
function keepsInet6(addresses: readonly LiveAddress[], takeAway: Transition["takeAway"]): boolean {
	const isTaken = (address: string) => takeAway.some(([first, which]) => first === "-inet6" || (first === "inet6" && which === address));
	return addresses.some(({ family, address }) => family === "inet6" && !isTaken(address));
}

function isRefused(setting: netstart.Setting, name: string, holder: LiveInterface, hasInet6: boolean): boolean {
	switch (netstart.familyOf(holder.name).key) {
		case "veb":
		case "tpmr":
			// A vport is made to have addresses.
			if (name.startsWith("vport")) return false;
			// One that starts after its holder (vio1 after veb0) has none after a start either: the kernel says so.
			if (netstart.startOrder(holder.name, name) < 0) return false;
			// The first IPv6 of an interface gives it a link-local address.
			if (setting.kind === "address") return setting.family === "inet" || !hasInet6;
			return setting.kind === "word" && setting.word === "autoconf" && setting.family === "inet6" && !hasInet6;
		case "trunk":
		case "aggr":
			return setting.kind === "word" && setting.word === "mtu";
		default:
			return false;
	}
}

/** An interface without ports that have gone, and what was said of them. */
export function withoutPorts(live: LiveInterface, gone: ReadonlySet<string>): LiveInterface {
	const isOfOne = (line: string): boolean => {
		const ruled = /^(?:block|pass) (?:in|out|in\/out) on (\S+)/.exec(line)?.[1];
		return gone.has(ruled ?? /^([a-z]+\d+) port\b/.exec(line)?.[1] ?? "");
	};
	return {
		...live,
		members: live.members.filter((member) => !gone.has(member.interface)),
		other: live.other.filter((line) => !isOfOne(line)),
	};
}
