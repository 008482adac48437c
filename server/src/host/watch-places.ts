/** Where on a host its packets can be watched with tcpdump(8): every place of their way, and what pf logs. */
import { type Message, msg } from "../text/message.ts";
import type { Host } from "./model.ts";
import { outsides } from "./paths.ts";
import { isUntagged } from "./segments.ts";

/** A place, and what is seen there. */
export interface WatchPlace {
	readonly interface: string;
	/** What tcpdump is to show of it; everything without. */
	readonly filter?: string;
	readonly shows: Message;
}

/**
 * The places of a host, those that tell most first.
 * @param taps those of running guests, by the guest's name, where a host has told them; else those that vm.conf pins
 */
export function watchPlaces(
	host: Host,
	taps: readonly { readonly name: string; readonly guest: string }[] = pinnedTaps(host),
): readonly WatchPlace[] {
	const places: WatchPlace[] = [{ interface: "pflog0", shows: msg("what is blocked and passed by rules that log, with their numbers") }];
	const add = (name: string, shows: Message, filter?: string): void => {
		if (places.some((place) => place.interface === name && place.filter === filter)) return;
		places.push({ interface: name, shows, ...(filter === undefined ? {} : { filter }) });
	};
	for (const { name, guest } of taps) add(name, msg("what {0} sends (in) and gets (out)", guest));
	for (const { gateways, link } of host.segments)
		for (const { name } of gateways) add(name, msg("what the guests of {0} and the host send each other", link.name));
	for (const { name, parent, vnetid, family } of host.configs) {
		if (parent === undefined || vnetid === undefined || (family !== "vlan" && family !== "svlan")) continue;
		add(name, msg("VLAN {0}, without its tags", vnetid.value));
		add(parent.value, msg("VLAN {0} on its parent, with its tags", vnetid.value), `vlan ${vnetid.value}`);
	}
	for (const segment of host.segments) {
		const { uplinks, link, vlan } = segment;
		for (const { name } of uplinks) {
			if (vlan === undefined || isUntagged(segment, name)) add(name, msg("what {0} has with the network outside", link.name));
			else add(name, msg("VLAN {0} of {1}, with its tags", vlan, link.name), `vlan ${vlan}`);
		}
	}
	for (const { name } of outsides(host)) add(name, msg("what the host has with the network outside"));
	return places;
}

function pinnedTaps({ vm }: Host): readonly { readonly name: string; readonly guest: string }[] {
	return vm.guests.flatMap(({ name, interfaces }) =>
		interfaces.flatMap(({ tap }) => (tap === undefined ? [] : [{ name: tap.value, guest: name.value }])),
	);
}

/** The arguments of tcpdump for a place: numbers for names, and the link's header where pf's log has its own. */
export function tcpdumpArguments({ interface: name, filter }: WatchPlace): readonly string[] {
	return [...(name === "pflog0" ? ["-n", "-e", "-ttt"] : ["-n"]), "-i", name, ...(filter?.split(" ") ?? [])];
}
