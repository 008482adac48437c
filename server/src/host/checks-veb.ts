/** The VLANs that a veb tells apart: ports that are in none, VLANs that lead nowhere, and where pf does not filter. */

import type { VebPort, VebState } from "../hostname/veb.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import type { Plug } from "../vm/model.ts";
import { type HostCheck, information, warning } from "./check.ts";
import { eachName } from "./checked-rules.ts";
import { start } from "./checks-interfaces.ts";
import { filterOf } from "./filter.ts";
import { lineBelow } from "./fixes.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import { type Host, isSetElsewhere, type Segment } from "./model.ts";
import { sees } from "./segments.ts";
import { partsIn, primaryOf, tellsVlansApart } from "./veb-vlans.ts";

/** A veb that tells VLANs apart, and whose ports are known. */
interface KnownVeb {
	readonly config: InterfaceConfig;
	readonly veb: VebState;
	readonly segments: readonly Segment[];
	/** Guests' interfaces that vmd adds. */
	readonly plugs: readonly Plug[];
}

function* knownVebs(host: Host): Generator<KnownVeb> {
	for (const config of host.configs) {
		const { veb } = config;
		if (config.family !== "veb" || veb === undefined || !tellsVlansApart(veb) || veb.open || isSetElsewhere(host, config.name)) continue;
		const segments = host.segments.filter(({ link }) => link.name === config.name);
		const switches = new Set(host.links.get(config.name)?.switches.map(({ name }) => name.value));
		const plugs = host.vm.guests.flatMap((guest) =>
			guest.interfaces.filter(({ switch: plugged }) => switches.has(plugged?.value ?? "")).map((nic) => ({ guest, nic })),
		);
		yield { config, veb, segments, plugs };
	}
}

/** Where a port is put into VLANs, or where it is added. */
function placeOfPort({ vlanWords, members }: InterfaceConfig, port: string): Place | undefined {
	return vlanWords.get(port) ?? members.find(({ value }) => value === port);
}

/** So many VLANs are written one by one; of more, some are carried in advance. */
const WRITTEN_SINGLY = 8;

function* portsOf({ config, veb }: KnownVeb): Generator<{ readonly name: string; readonly port: VebPort; readonly at: Place }> {
	for (const [name, port] of veb.ports) {
		const at = placeOfPort(config, name);
		if (at !== undefined) yield { name, port, at };
	}
}

/** Whether a port is the only one in a VLAN. What vmd adds without a name is in that of the veb. */
function isAlone({ veb, plugs }: KnownVeb, name: string, vlan: number): boolean {
	const primary = primaryOf(veb, vlan);
	const others = [...veb.ports.keys()].filter((other) => other !== name);
	const unnamed = plugs.filter(({ nic }) => nic.tap === undefined || !veb.ports.has(nic.tap.value));
	return (
		others.every((other) => partsIn(veb, other, primary).length === 0) &&
		!unnamed.some(({ nic }) => nic.tap?.value !== name && partsIn(veb, nic.tap?.value, primary).length > 0)
	);
}

export const vebChecks = {
	"host/port-without-vlan": warning(
		[
			"A port that is in no VLAN",
			"A veb drops what comes without a tag into a port with no untagged VLAN, and what comes with one that the port's `tagged` does not have. Nothing gets through such a port.",
			"Write `untagged PORT VLAN`, or `tagged PORT VLANS`.",
		],
		(host, report) => {
			for (const known of knownVebs(host)) {
				const { config, veb } = known;
				for (const { name, port, at } of portsOf(known)) {
					// What passes through untagged is left to the host.
					if (port.untagged !== "none" || port.tagged.size > 0) continue;
					report(at, msg("{0} is in no VLAN of {1}: all that it sends is dropped", name, config.name), {
						advice: msg("Write `untagged {0} VLAN`, or `tagged {0} VLANS`.", name),
					});
				}
				for (const { guest, nic } of known.plugs) {
					if (guest.disabled !== undefined || veb.untagged !== "none" || veb.ports.has(nic.tap?.value ?? "")) continue;
					report(
						nic.switch ?? guest.name,
						msg('"{0}" is in no VLAN of {1}: vmd adds its tap, and -vnetid gives it none', guest.name.value, config.name),
						{
							related: [related(start(config), msg("The veb"))],
						},
					);
				}
			}
		},
	),

	"host/vlan-of-one-port": information(
		[
			"A VLAN that no other port of the veb is in",
			"The port is in a VLAN, or carries its tag, and no other port is: what it sends there gets to nobody.",
			"Put another port into the VLAN, or take it out of this one.",
		],
		(host, report) => {
			for (const known of knownVebs(host)) {
				const taps = new Set(known.plugs.map(({ nic }) => nic.tap?.value));
				for (const { name, port, at } of portsOf(known)) {
					// A guest alone in its VLAN is told of by the switch.
					if (taps.has(name)) continue;
					// A trunk is mostly left in VLAN 1, which nobody meant.
					const untagged = typeof port.untagged === "number" && (port.untagged !== 1 || port.tagged.size === 0) ? [port.untagged] : [];
					const tagged = port.tagged.size > WRITTEN_SINGLY ? [] : [...port.tagged];
					const alone = [...untagged, ...tagged].filter((vlan) => isAlone(known, name, vlan));
					if (alone.length === 0) continue;
					const [vlan] = alone;
					report(
						at,
						alone.length === 1
							? msg("{0} is alone in VLAN {1} of {2}", name, vlan ?? 0, known.config.name)
							: msg("{0} is alone in the VLANs {1} of {2}", name, alone.join(", "), known.config.name),
					);
				}
			}
		},
	),

	"host/vlan-without-interface": information(
		[
			"A tag of a vport that no vlan(4) takes",
			"Frames with the tag come to the host by this port, and nothing on it takes them.",
			"Make a vlan(4) with this port as its parent, or give the host a vport of its own with `untagged`.",
		],
		(host, report) => {
			for (const known of knownVebs(host)) {
				for (const { name, port, at } of portsOf(known)) {
					const link = host.links.get(name);
					if (link?.family !== "vport" || port.tagged.size > WRITTEN_SINGLY || isSetElsewhere(host, name)) continue;
					const taken = new Set(link.children.map(({ vnetid }) => Number(vnetid?.value ?? Number.NaN)));
					for (const vlan of port.tagged) {
						if (taken.has(vlan)) continue;
						report(at, msg("Nothing on {0} takes the frames of VLAN {1}", name, vlan), {
							advice: msg("Create a vlan interface with `vnetid {0}` and `parent {1}`.", vlan, name),
						});
					}
				}
			}
		},
	),

	"host/locked-out": warning(
		[
			"A guest on a locked port without its address",
			"A locked port takes frames from no address but those that `static` has for it, in the port's VLAN: all that this guest sends is dropped.",
			"Write `static PORT ADDRESS` for the guest.",
		],
		(host, report) => {
			for (const { config, veb, plugs } of knownVebs(host)) {
				for (const { guest, nic } of plugs) {
					const { tap, lladdr } = nic;
					const port = veb.ports.get(tap?.value ?? "");
					const at = placeOfPort(config, tap?.value ?? "");
					if (tap === undefined || lladdr === undefined || port?.locked !== true || at === undefined) continue;
					const own = lladdr.value.toLowerCase();
					if (
						config.bindings.some(({ word, port: of, ethernet }) => word === "static" && of.value === tap.value && ethernet?.value === own)
					)
						continue;
					const line = `static ${tap.value} ${own}`;
					report(at, msg('{0} is locked, and has no static address for "{1}"', tap.value, guest.name.value), {
						advice: msg("Add `{0}` to {1}.", line, config.path),
						related: [related(lladdr, msg("The guest's address"))],
						...quickFix(fixTitle.write(line), lineBelow(host, at, line)),
					});
				}
			}
		},
	),

	"host/rule-on-tagged-port": warning(
		[
			"A rule on a port whose frames all carry a tag",
			"With link1, pf filters a port's packets only where they come or leave without a tag: a rule on a trunk never matches. What passes it is seen on the ports where it has no tag, such as guests' taps.",
			"Write the rule for the taps, or for the host's own ports.",
		],
		eachName(({ host, links, segmentsOf }, name, report) => {
			const [link, ...others] = links(name);
			if (link === undefined || others.length > 0 || link.family === "vport") return;
			const veb = link.memberOf.map(({ of }) => of).find(({ family, veb: state }) => family === "veb" && state !== undefined);
			const port = veb?.veb?.ports.get(name);
			if (veb === undefined || port === undefined || port.untagged !== "none" || port.tagged.size === 0 || host.pf === undefined) return;
			if (!segmentsOf(name).every(sees)) return;
			report(msg("pf filters no packet on {0}: everything that passes it is tagged", name), {
				advice: msg("Write the rule for the guests' taps, where their frames have no tag, or for a vport."),
				related: [related(placeOfPort(veb, name) ?? start(veb), msg("Here the port gets its VLANs"))],
			});
		}),
	),

	"host/guest-tags-past-pf": warning(
		[
			"Tagged frames of a guest that pf does not see",
			"The guest's port carries VLANs with their tag. pf filters what passes a port without a tag: what the guest sends with one is filtered nowhere, unless it leaves by another port without it.",
			"Give the guest an interface for each VLAN, each with `untagged`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			for (const { config, veb, segments, plugs } of knownVebs(host)) {
				if (!filter.rules.some(({ rule }) => filter.segmentsOf(rule.interface).some((segment) => segments.includes(segment)))) continue;
				for (const { guest, nic } of plugs) {
					const port = veb.ports.get(nic.tap?.value ?? "");
					const at = placeOfPort(config, nic.tap?.value ?? "");
					if (port === undefined || port.tagged.size === 0 || at === undefined) continue;
					report(at, msg('What "{0}" sends with a tag passes {1} past pf', guest.name.value, nic.tap?.value ?? ""));
				}
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;
