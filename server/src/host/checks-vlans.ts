/** VLANs on interfaces that a bridge or veb has as ports. */

import { driverOf } from "../hostname/names.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { error, type HostCheck, information, warning } from "./check.ts";
import { membersOf, start } from "./checks-interfaces.ts";
import { lineBelow } from "./fixes.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import { type Host, hasAddress, isCloned, isSetElsewhere } from "./model.ts";
import { takesTag, tellsVlansApart, untaggedOf } from "./veb-vlans.ts";

/** Members of bridges with each vlan on top of them. */
function* vlansOnMembers(host: Host) {
	for (const { bridge, member } of membersOf(host)) {
		for (const child of host.links.get(member.value)?.children ?? [])
			if (child.family === "vlan" || child.family === "svlan") yield { bridge, member, child };
	}
}

/** Whether the frames that a vlan is for would get from its parent into the bridge. */
const carriesTag = (bridge: InterfaceConfig, port: string, child: InterfaceConfig): boolean =>
	takesTag(bridge, port, Number(child.vnetid?.value ?? Number.NaN));

/** Whether two ports are in one network, as far as the VLANs of a veb go. */
const inOneNetwork = ({ veb }: InterfaceConfig, one: string, other: string): boolean =>
	veb === undefined || (untaggedOf(veb, one) !== undefined && untaggedOf(veb, one) === untaggedOf(veb, other));

/** A line in the file of a bridge: one about a port stands below the port's `add`, one about the bridge at the start. */
const lineOf = (host: Host, { veb, path }: InterfaceConfig, member: Place, line: string) =>
	veb === undefined ? { file: path, span: span(0, 0), text: `${line}\n` } : lineBelow(host, member, line);

export const vlanChecks = {
	"host/same-vlan": error(
		["One VLAN twice on one parent", "The second vlan(4) with the tag cannot be set up.", "Change the tag or the parent of one."],
		(host, report) => {
			const taken = new Map<string, InterfaceConfig>();
			for (const config of host.configs) {
				const { vnetid, parent, family } = config;
				if ((family !== "vlan" && family !== "svlan") || vnetid === undefined || parent === undefined) continue;
				const key = `${family} ${parent.value} ${Number(vnetid.value)}`;
				const other = taken.get(key);
				if (other === undefined) taken.set(key, config);
				else {
					report(vnetid, msg("Tag {0} of {1} is already that of {2}", vnetid.value, parent.value, other.name), {
						related: [related(other.vnetid ?? start(other), msg("The first one"))],
					});
				}
			}
		},
	),

	"host/vlan-and-parent": warning(
		[
			"A parent in a bridge, beside its vlan or below one that serves nobody",
			"Of both in one bridge, what comes with the tag and what comes without are joined into one network. A vlan that has no address and is not a member takes the frames with its tag before the bridge sees them, for nobody.",
			"Bridge the vlan interface, or the parent, but not both.",
		],
		(host, report) => {
			for (const { bridge, member, child } of vlansOnMembers(host)) {
				const isMember = bridge.members.some(({ value }) => value === child.name);
				const beside = isMember && inOneNetwork(bridge, member.value, child.name);
				if (!beside && (isMember || isCloned(member.value) || !carriesTag(bridge, member.value, child) || isOfUse(host, child))) continue;
				const message = beside
					? msg("{0} and its {1} are both in {2}", member.value, child.name, bridge.name)
					: msg("Tag {0} never reaches {1}: {2} takes it", child.vnetid?.value ?? "", bridge.name, child.name);
				report(member, message, {
					related: [related(child.parent ?? start(child), msg("The vlan interface"))],
					...(beside ? {} : quickFix(msg("Add {0} instead", child.name), { ...member, text: child.name })),
				});
			}
		},
	),

	"host/tag-taken": information(
		[
			"A tag that the guests of a bridge never get",
			"A vlan on a bridge's port takes the frames with its tag before the bridge sees them (ether_input). It matters where a guest tags its own frames.",
			"Bridge the vlan interface for guests of that VLAN.",
		],
		(host, report) => {
			for (const { bridge, member, child } of vlansOnMembers(host)) {
				const hasGuests = host.segments.some(({ link, plugs }) => link.name === bridge.name && plugs.length > 0);
				// What the host itself sends with a tag goes on by its own port.
				if (isCloned(member.value) || !hasGuests || !carriesTag(bridge, member.value, child)) continue;
				if (bridge.members.some(({ value }) => value === child.name) || !isOfUse(host, child)) continue;
				report(member, msg("Tag {0} never reaches {1}: {2} takes it", child.vnetid?.value ?? "", bridge.name, child.name), {
					related: [related(child.parent ?? start(child), msg("The vlan interface"))],
				});
			}
		},
	),

	"host/veb-drops-tags": warning(
		[
			"A VLAN of the host on a veb that drops its frames",
			"A veb drops frames with a VLAN tag: from OpenBSD 7.9 on unless the port's `tagged` has the VLAN, before unless link0 is set. What the host sends by a vlan on its own port goes nowhere.",
			"Write `tagged PORT VLAN` into the veb's file, or before 7.9 `link0`.",
		],
		(host, report) => {
			for (const { bridge, member, child } of vlansOnMembers(host)) {
				// A vlan on a device of the machine sends and takes its frames past the veb.
				if (bridge.family !== "veb" || carriesTag(bridge, member.value, child) || driverOf(member.value) !== "vport") continue;
				const { veb } = bridge;
				const line = veb === undefined ? "link0" : `tagged ${member.value} ${child.vnetid?.value ?? ""}`;
				if (veb !== undefined && (child.vnetid === undefined || veb.open)) continue;
				// Where the release is not known, neither word is certain to help.
				const either = veb !== undefined && host.source.release === undefined && !tellsVlansApart(veb);
				report(member, msg("{0} drops the tagged frames of {1}", bridge.name, member.value), {
					advice: either
						? msg("Add `{0}` to {1}; before OpenBSD {2}, `link0`.", line, bridge.path, "7.9")
						: msg("Add `{0}` to {1}.", line, bridge.path),
					related: [related(child.parent ?? start(child), msg("A VLAN on this interface"))],
					...quickFix(fixTitle.add(line), either ? undefined : lineOf(host, bridge, member, line)),
				});
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** Whether a vlan gives its frames to anybody: by an address, as a member of another interface, or as the parent of one. */
function isOfUse(host: Host, config: InterfaceConfig): boolean {
	const { memberOf = [], trunkOf = [], children = [] } = host.links.get(config.name) ?? {};
	return hasAddress(config) || isSetElsewhere(host, config.name) || [memberOf, trunkOf, children].some(({ length }) => length > 0);
}
