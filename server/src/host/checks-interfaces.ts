/** Interfaces against each other: members, parents, ports and networks. */
import { formatIp, inNetwork, masked, parseIp4 } from "../pf/address.ts";
import { say } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { error, type HostCheck, seen, warning } from "./check.ts";
import { type ConfiguredAddress, familyOf, type InterfaceConfig } from "./interface-config.ts";
import { type Host, hasAddress, isCloned, isSetElsewhere, mayExist } from "./model.ts";

const bridges: ReadonlySet<string> = new Set(["bridge", "veb", "tpmr"]);
const start = ({ path }: InterfaceConfig): Place => ({ file: path, span: span(0, 0) });

/** Members of bridges with the file of the member, where it has one. */
function* membersOf({ configs, links }: Host) {
	for (const bridge of configs) {
		if (!bridges.has(bridge.family)) continue;
		for (const member of bridge.members) yield { bridge, member, config: links.get(member.value)?.config };
	}
}

/** Interfaces that need others to be up: members, ports of a trunk, and parents. */
function* lowersOf(host: Host) {
	for (const { member, bridge } of membersOf(host)) yield { lower: member, upper: bridge };
	for (const config of host.configs) {
		for (const port of config.trunkports) yield { lower: port, upper: config };
		if (config.parent !== undefined && ["vlan", "svlan", "pppoe", "carp"].includes(config.family))
			yield { lower: config.parent, upper: config };
	}
}

export const interfaceChecks = {
	"host/missing-member": error(
		[
			"A member or parent that no file creates",
			"netstart creates the interfaces that have a hostname file; ifconfig refuses one that does not exist.",
			"Create its hostname file, or correct the name.",
		],
		(host, report) => {
			for (const { lower, upper } of lowersOf(host)) {
				if (familyOf(lower.value) === "tap" || mayExist(host, lower.value)) continue;
				const file = `/etc/hostname.${lower.value}`;
				report(lower, say("{0} does not exist: no {1}", lower.value, file), {
					advice: say("{0} cannot be set up without it.", upper.name),
					fixes: [{ title: say("Create {0}", file), edits: [{ file, span: span(0, 0), text: "up\n" }] }],
				});
			}
		},
	),

	"host/lower-down": error(
		[
			"A member or parent that stays down",
			"Adding an interface to a bridge, or putting a vlan on it, does not bring it up: no frame passes.",
			"Create its hostname file with `up` in it.",
		],
		(host, report) => {
			const told = new Set<string>();
			for (const { lower, upper } of lowersOf(host)) {
				const name = lower.value;
				const family = familyOf(name);
				if ((isCloned(name) && !["vlan", "svlan", "trunk", "aggr"].includes(family)) || told.has(name)) continue;
				const config = host.links.get(name)?.config;
				if (config === undefined && isCloned(name)) continue;
				if (config?.up !== undefined || hasAddress(config) || isSetElsewhere(host, name)) continue;
				told.add(name);
				const file = `/etc/hostname.${name}`;
				const edits =
					config === undefined
						? [{ file, span: span(0, 0), text: "up\n" }]
						: [{ file, span: endOf(host, file), text: upAtEnd(host, file) }];
				report(
					lower,
					config === undefined ? say("{0} stays down: no {1}", name, file) : say("{0} stays down: {1} has no `up`", name, file),
					{
						advice: say("Nothing passes between {0} and {1} before it is up.", upper.name, name),
						fixes: [{ title: say("Write `up` into {0}", file), edits, preferred: true }],
						...(config === undefined ? {} : { related: [seen(start(config), say("Its hostname file"))] }),
					},
				);
			}
		},
	),

	"host/two-bridges": error(
		["An interface in two bridges", "An interface is a member of one bridge or veb; adding it to a second fails.", "Remove it from one."],
		(host, report) => {
			for (const { name, memberOf } of host.links.values()) {
				const [first, ...others] = memberOf.filter(({ of }) => bridges.has(of.family));
				for (const { of, at } of others) {
					if (first === undefined || of.name === first.of.name) continue;
					report(at, say("{0} is already in {1}", name, first.of.name), { related: [seen(first.at, say("The first adding"))] });
				}
			}
		},
	),

	"host/trunk-and-bridge": error(
		[
			"A port of a trunk in a bridge",
			"A port belongs to its trunk or aggr: no other interface may have it.",
			"Add the trunk to the bridge instead.",
		],
		(host, report) => {
			for (const { name, memberOf, trunkOf } of host.links.values()) {
				const [trunk] = trunkOf;
				if (trunk === undefined) continue;
				for (const { of, at } of memberOf) {
					report(at, say("{0} is a port of {1}, so {2} cannot have it", name, trunk.of.name, of.name), {
						related: [seen(trunk.at, say("The trunk"))],
						fixes: [
							{
								title: say("Add {0} instead", trunk.of.name),
								edits: [{ file: at.file, span: at.span, text: trunk.of.name }],
								preferred: true,
							},
						],
					});
				}
			}
		},
	),

	"host/veb-port-address": error(
		[
			"An address on a port of a veb",
			"A veb takes its ports away from the host: an address there serves no one, and a way in over that interface is lost.",
			"Move the address to a vport.",
		],
		(host, report) => {
			for (const { bridge, member, config } of membersOf(host)) {
				if (bridge.family !== "veb" || config === undefined || config.family === "vport" || !hasAddress(config)) continue;
				const at = config.addresses[0] ?? config.autoconf.inet ?? config.autoconf.inet6 ?? start(config);
				report(at, say("{0} loses its address inside {1}", config.name, bridge.name), {
					advice: say("Give the address to a vport(4), and add that to {0}.", bridge.name),
					related: [seen(member, say("Added here"))],
				});
			}
		},
	),

	"host/vether-in-veb": error(
		[
			"A vether in a veb",
			"A veb takes its ports away from the host, vether included: the host cannot use it. vport(4) is made for this.",
			"Use a vport.",
		],
		(host, report) => {
			for (const { bridge, member } of membersOf(host)) {
				if (bridge.family !== "veb" || familyOf(member.value) !== "vether") continue;
				report(member, say("The host cannot use {0} inside {1}", member.value, bridge.name), {
					advice: say("A veb is joined with vport(4), a bridge with vether(4)."),
				});
			}
		},
	),

	"host/vport-in-bridge": error(
		["A vport in a bridge", "vport(4) works as a port of a veb only.", "Use a vether, or a veb instead of the bridge."],
		(host, report) => {
			for (const { bridge, member } of membersOf(host)) {
				if (bridge.family !== "bridge" || familyOf(member.value) !== "vport") continue;
				report(member, say("{0} does not work inside {1}", member.value, bridge.name), {
					advice: say("A bridge is joined with vether(4), a veb with vport(4)."),
				});
			}
		},
	),

	"host/port-without-bridge": warning(
		["A vether or vport that is attached to nothing", "Its frames go nowhere.", "Add it to a bridge (vether) or a veb (vport)."],
		(host, report) => {
			for (const { name, family, config, memberOf } of host.links.values()) {
				if (config === undefined || (family !== "vether" && family !== "vport") || memberOf.length > 0) continue;
				report(start(config), say("{0} is attached to nothing", name), {
					advice: say("Write `add {0}` into the hostname file of a {1}.", name, family === "vport" ? "veb" : "bridge"),
				});
			}
		},
	),

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
					report(vnetid, say("Tag {0} of {1} is already that of {2}", vnetid.value, parent.value, other.name), {
						related: [seen(other.vnetid ?? start(other), say("The first one"))],
					});
				}
			}
		},
	),

	"host/vlan-and-parent": warning(
		[
			"A parent in a bridge, with a vlan on it",
			"Frames with the vlan's tag go to the vlan interface before the bridge sees them; guests on the bridge never get them.",
			"Bridge the vlan interface, or the parent, but not with a vlan on it.",
		],
		(host, report) => {
			for (const { bridge, member } of membersOf(host)) {
				for (const child of host.links.get(member.value)?.children ?? []) {
					if (child.family !== "vlan" && child.family !== "svlan") continue;
					const beside = bridge.members.some(({ value }) => value === child.name);
					const message = beside
						? say("{0} and its {1} are both in {2}", member.value, child.name, bridge.name)
						: say("Tag {0} never reaches {1}: {2} takes it", child.vnetid?.value ?? "", bridge.name, child.name);
					report(member, message, { related: [seen(child.parent ?? start(child), say("The vlan interface"))] });
				}
			}
		},
	),

	"host/veb-drops-tags": warning(
		[
			"A trunk port in a veb without link0",
			"A veb drops frames with a VLAN tag unless link0 is set. A physical interface that carries tags shows them to no guest.",
			"Add `link0`, or bridge a vlan interface.",
		],
		(host, report) => {
			for (const { bridge, member } of membersOf(host)) {
				if (bridge.family !== "veb" || bridge.links.has("link0")) continue;
				const tagged = host.links.get(member.value)?.children.filter(({ family }) => family === "vlan" || family === "svlan") ?? [];
				const [child] = tagged;
				if (child === undefined || bridge.members.some(({ value }) => value === child.name)) continue;
				report(member, say("{0} drops the tagged frames of {1}", bridge.name, member.value), {
					advice: say("Add `link0` to {0}, or the vlan interface in place of {1}.", bridge.path, member.value),
					related: [seen(child.parent ?? start(child), say("A VLAN on this interface"))],
				});
			}
		},
	),

	"host/overlapping-networks": warning(
		[
			"One network on two interfaces",
			"Two connected routes compete: replies leave by the wrong interface.",
			"Give each interface a network of its own, or an rdomain.",
		],
		(host, report) => {
			type Known = ConfiguredAddress & { readonly ip: NonNullable<ConfiguredAddress["ip"]>; readonly bits: number };
			const known: { readonly config: InterfaceConfig; readonly address: Known }[] = [];
			for (const config of host.configs) {
				for (const address of config.addresses) {
					const { ip, bits, family } = address;
					if (ip === undefined || bits === undefined || bits >= (family === "inet" ? 31 : 127) || isLinkLocal(address)) continue;
					const one = { config, address: { ...address, ip, bits } };
					const other = known.find(
						({ config: theirs, address: { ip: base, bits: length, family: kind } }) =>
							theirs.name !== config.name &&
							// An address that hosts share is in the network of the interface that carp(4) works on.
							theirs.family !== "carp" &&
							config.family !== "carp" &&
							kind === family &&
							(theirs.rdomain?.value ?? 0) === (config.rdomain?.value ?? 0) &&
							inNetwork(ip, base, Math.min(bits, length)),
					);
					known.push(one);
					if (other === undefined) continue;
					const network = `${formatIp(masked(ip, bits), family)}/${bits}`;
					report(address, say("{0} is on {1} too", network, other.config.name), {
						related: [seen(other.address, say("The other interface"))],
					});
				}
			}
		},
	),

	"host/same-address": error(
		["One address on two interfaces", "The host answers for it on one of them only.", "Change one."],
		(host, report) => {
			const taken = new Map<string, { readonly config: InterfaceConfig; readonly at: ConfiguredAddress }>();
			for (const config of host.configs) {
				for (const at of config.addresses) {
					if (at.ip === undefined || config.family === "carp" || isLinkLocal(at)) continue;
					const key = `${config.rdomain?.value ?? 0} ${at.family} ${formatIp(at.ip, at.family)}`;
					const other = taken.get(key);
					if (other === undefined) taken.set(key, { config, at });
					else if (other.config !== config)
						report(at, say("{0} is the address of {1} too", at.text, other.config.name), {
							related: [seen(other.at, say("The other interface"))],
						});
				}
			}
		},
	),

	"host/mygate-ignored": warning(
		[
			"A gateway that netstart ignores",
			"Where an interface gets its address from outside, netstart leaves mygate's gateway of that family out.",
			"Remove one.",
		],
		(host, report) => {
			for (const line of host.mygate.value ?? []) {
				if (line.kind !== "gateway") continue;
				const config = host.configs.find(({ autoconf }) => autoconf[line.family] !== undefined);
				const at = config?.autoconf[line.family];
				if (config === undefined || at === undefined) continue;
				report(
					{ file: host.mygate.path, span: line.span },
					say("{0} is ignored: {1} gets its address from outside", line.address, config.name),
					{
						related: [seen(at, say("Asked for here"))],
					},
				);
			}
		},
	),

	"host/mygate-unreachable": warning(
		[
			"A gateway in no network of the host",
			"The route cannot be added: the host has no interface in the gateway's network.",
			"Correct the address.",
		],
		(host, report) => {
			const addresses = host.configs.flatMap((config) => config.addresses);
			if (addresses.some(({ ip, bits }) => ip === undefined || bits === undefined)) return;
			for (const line of host.mygate.value ?? []) {
				if (line.kind !== "gateway" || line.family !== "inet" || addresses.length === 0) continue;
				const gateway = parseIp4(line.address);
				if (gateway === undefined || host.configs.some(({ autoconf }) => autoconf.inet !== undefined)) continue;
				if (
					addresses.some(
						({ family, ip, bits }) => family === "inet" && ip !== undefined && bits !== undefined && inNetwork(gateway, ip, bits),
					)
				)
					continue;
				report({ file: host.mygate.path, span: line.span }, say("{0} is in no network of this host", line.address));
			}
		},
	),

	"host/self-parent": error(
		["An interface on top of itself", "An interface cannot be its own parent or member.", "Name another interface."],
		(host, report) => {
			for (const config of host.configs) {
				for (const lower of [config.parent, ...config.members, ...config.trunkports]) {
					if (lower?.value === config.name) report(lower, say("{0} cannot stand on itself", config.name));
				}
			}
		},
	),

	"host/patch-without-peer": warning(
		[
			"A pair that is linked to nothing",
			"Each end of a pair(4) names the other with `patch`.",
			"Create the other end, with `patch` back to this one.",
		],
		(host, report) => {
			for (const config of host.configs) {
				const { patch } = config;
				if (patch === undefined) continue;
				const peer = host.links.get(patch.value)?.config;
				if (peer === undefined) report(patch, say("{0} does not exist: no /etc/hostname.{0}", patch.value));
				else if (peer.patch !== undefined && peer.patch.value !== config.name) {
					report(patch, say("{0} is linked with {1}", patch.value, peer.patch.value), { related: [seen(peer.patch, say("Its link"))] });
				}
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

function endOf(host: Host, file: string) {
	const { length } = host.source.files.get(file)?.text ?? "";
	return span(length, length);
}

function upAtEnd(host: Host, file: string): string {
	const text = host.source.files.get(file)?.text ?? "";
	return text === "" || text.endsWith("\n") ? "up\n" : "\nup\n";
}

/** An address that means something on its own link only: any interface may have it. */
function isLinkLocal({ family, ip }: ConfiguredAddress): boolean {
	return family === "inet6" && ip !== undefined && ip.a >>> 22 === 0x3fa;
}
