/** Interfaces against each other: members, parents, ports and networks. */

import { familyOf } from "../hostname/families.ts";
import { driverOf, hostnamePath } from "../hostname/names.ts";
import { inStartOrder } from "../hostname/netstart.ts";
import { compareIp, formatIp, inNetwork, networkText, parseIp4 } from "../pf/names/address.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { VM_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { error, type HostCheck, warning } from "./check.ts";
import { lineAtEnd, textOf } from "./fixes.ts";
import type { ConfiguredAddress, InterfaceConfig } from "./interfaces.ts";
import { comesUp, type Host, hasAddress, isCloned, isSetElsewhere, mayExist, type Segment } from "./model.ts";
import { rcVariable, servedInterfaces } from "./rc-conf.ts";

const bridges: ReadonlySet<string> = new Set(["bridge", "veb", "tpmr"]);
/** Families made by software that carry frames of others, and only when they are up. */
const CARRIERS: ReadonlySet<string> = new Set([
	"aggr",
	"bpe",
	"egre",
	"eoip",
	"etherip",
	"nvgre",
	"pair",
	"svlan",
	"trunk",
	"vlan",
	"vxlan",
]);
export const start = ({ path }: InterfaceConfig): Place => ({ file: path, span: span(0, 0) });

/** Members of bridges with the file of the member, where it has one. */
export function* membersOf({ configs, links }: Host) {
	for (const bridge of configs) {
		if (!bridges.has(bridge.family)) continue;
		for (const member of bridge.members) yield { bridge, member, config: links.get(member.value)?.config };
	}
}

/** Whether two interfaces are ports of the same bridge: then they are on one network, and meant to be. */
function inOneBridge({ links }: Host, one: string, other: string): boolean {
	const bridgesOf = (name: string) => (links.get(name)?.memberOf ?? []).filter(({ of }) => of.family === "bridge").map(({ of }) => of.name);
	const theirs = bridgesOf(other);
	return bridgesOf(one).some((name) => theirs.includes(name));
}

/** Whether guests' frames pass an interface: it is their bridge or veb, or a port of it. */
function carriesGuests({ segments }: Host, name: string): boolean {
	return segments.some(({ link, uplinks, plugs }) => plugs.length > 0 && [link, ...uplinks].some((one) => one.name === name));
}

/** Whether an interface has a network to speak to, or no address yet, and not addresses of its own alone. */
const carriesNetwork = ({ addresses }: InterfaceConfig): boolean =>
	addresses.length === 0 || addresses.some(({ family, bits = 0 }) => bits < (family === "inet" ? 31 : 127));

/** Whether the host has a port of its own in a bridge or veb: then it can speak to what is there. */
const hasOwnPort = ({ ports, gateways }: Segment): boolean =>
	gateways.length > 0 || ports.some(({ value }) => driverOf(value) === "vether" || driverOf(value) === "vport");

/** Interfaces that need others to be up: members, ports of a trunk, and parents. */
function* lowersOf(host: Host) {
	for (const { member, bridge } of membersOf(host)) yield { lower: member, upper: bridge };
	for (const config of host.configs) {
		for (const port of config.trunkports) yield { lower: port, upper: config };
		if (config.parent !== undefined && ["vlan", "svlan", "pppoe", "carp"].includes(config.family))
			yield { lower: config.parent, upper: config };
	}
}

/** Whether the folder has the file of a device. One without any may have been left without others too. */
export const devicesKnown = ({ configs }: Host): boolean => configs.some((config) => !isCloned(config.name));

/** Those among them that no file creates, in a folder that seems to have all. */
export function* missingLowers(host: Host) {
	if (!devicesKnown(host)) return;
	for (const one of lowersOf(host)) if (driverOf(one.lower.value) !== "tap" && !mayExist(host, one.lower.value)) yield one;
}

/** Whether an interface joins a wireless network: its file has the key, which is kept out of what others see. */
const isWireless = (name: string): boolean => familyOf(name).key === "iwm";

/** Whether the host runs guests of a vm.conf that is not in this folder: the bridge that joins them may be left out as well. */
function hasGuestsElsewhere({ rc, source }: Host): boolean {
	const vmd = rcVariable(rc.value ?? [], "vmd_flags");
	return vmd !== undefined && vmd.value !== "NO" && !source.files.has(VM_CONF);
}

/** Whether a command may make a routing domain: one that names its number, or that runs what is not known here. */
function mayMakeDomain(command: string, domain: number): boolean {
	return !/^(?:\/sbin\/)?(?:route|ifconfig)\s/.test(command.trim()) || new RegExp(`\\b${domain}\\b`).test(command);
}

export const interfaceChecks = {
	"host/missing-member": error(
		[
			"A member or parent that no file creates",
			"netstart creates the interfaces that have a hostname file; ifconfig refuses one that does not exist.",
			"Create its hostname file, or correct the name.",
		],
		(host, report) => {
			for (const { lower, upper } of missingLowers(host)) {
				const file = hostnamePath(lower.value);
				report(lower, msg("{0} does not exist: no {1}", lower.value, file), {
					advice: msg("{0} cannot be set up without it.", upper.name),
					fixes: [{ title: msg("Create {0}", file), edits: [{ file, span: span(0, 0), text: "up\n" }] }],
				});
			}
		},
	),

	"host/wireless-member": warning(
		[
			"A wireless interface in a bridge",
			"Towards its access point, a wireless interface speaks for itself alone: frames with the MAC address of a guest, or of anybody else behind the bridge, are dropped there.",
			"Route or translate what is behind it: give the guests a network of their own on a vether or vport.",
		],
		(host, report) => {
			for (const { member, bridge } of membersOf(host)) {
				const config = host.links.get(member.value)?.config;
				if (config === undefined || !isWireless(member.value)) continue;
				// An access point passes them on.
				const text = textOf(host, config.path);
				if (/\bhostap\b/.test(text)) continue;
				report(member, msg("{0} is wireless: its access point drops what others send through {1}", member.value, bridge.name), {
					advice: msg("Give the guests a network of their own, and translate it."),
				});
			}
		},
	),

	"host/lower-down": warning(
		[
			"A member or parent that stays down",
			"Adding an interface to a bridge, or putting a vlan on it, does not bring it up: no frame passes.",
			"Create its hostname file with `up` in it.",
		],
		(host, report) => {
			const told = new Set<string>();
			const known = devicesKnown(host);
			for (const { lower, upper } of lowersOf(host)) {
				const name = lower.value;
				const family = driverOf(name);
				const own = family === "vport" || family === "vether";
				if ((isCloned(name) && !CARRIERS.has(family) && !(own && upper.parent === lower)) || told.has(name)) continue;
				const config = host.links.get(name)?.config;
				if (config === undefined && (isCloned(name) || isWireless(name))) continue;
				// Its file may be left out of the folder, unless guests depend on it.
				if (config === undefined && !known && !carriesGuests(host, upper.name)) continue;
				// One that has an address is told of by itself.
				if ((config !== undefined && (comesUp(config) || hasAddress(config))) || isSetElsewhere(host, name)) continue;
				told.add(name);
				const file = hostnamePath(name);
				const edits = [lineAtEnd(host, file, "up")];
				report(
					lower,
					config === undefined ? msg("{0} stays down: no {1}", name, file) : msg("{0} stays down: {1} has no `up`", name, file),
					{
						advice: msg("Nothing passes between {0} and {1} before it is up.", upper.name, name),
						fixes: [{ title: msg("Write `up` into {0}", file), edits, preferred: true }],
						...(config === undefined ? {} : { related: [related(start(config), msg("Its hostname file"))] }),
					},
				);
			}
		},
	),

	"host/address-without-up": warning(
		[
			"An address on an interface that stays down",
			"Most drivers go up when they get an address; vport, aggr, vxlan, egre, eoip, nvgre and mgre do not.",
			"Add `up`.",
		],
		(host, report) => {
			for (const config of host.configs) {
				const [address] = config.addresses;
				if (address === undefined || comesUp(config) || config.down !== undefined || isSetElsewhere(host, config.name)) continue;
				report(address, msg("{0} stays down: an address does not bring it up", config.name), {
					advice: msg("Nothing passes {0} before it is up.", config.name),
					...quickFix(fixTitle.write("up"), lineAtEnd(host, config.path, "up")),
				});
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
					report(at, msg("{0} is already in {1}", name, first.of.name), { related: [related(first.at, msg("The first adding"))] });
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
					report(at, msg("{0} is a port of {1}, so {2} cannot have it", name, trunk.of.name, of.name), {
						related: [related(trunk.at, msg("The trunk"))],
						fixes: [
							{
								title: msg("Add {0} instead", trunk.of.name),
								edits: [{ file: at.file, span: at.span, text: trunk.of.name }],
								preferred: true,
							},
						],
					});
				}
			}
		},
	),

	"host/trunk-port-address": warning(
		[
			"An address on a port of a trunk",
			"A trunk or aggr takes all frames that come in on its ports: what is sent to an address there is not answered for, and where both ask for one by DHCP, both get the same.",
			"Move the address to the trunk; a port needs `up` alone.",
		],
		(host, report) => {
			for (const { name, config, trunkOf } of host.links.values()) {
				const [trunk] = trunkOf;
				if (trunk === undefined || config === undefined || !hasAddress(config)) continue;
				const at = config.addresses[0] ?? config.autoconf.inet ?? config.autoconf.inet6 ?? start(config);
				report(at, msg("{0} loses its address inside {1}", name, trunk.of.name), {
					advice: msg("Give the address to {0}; its ports need `up` alone.", trunk.of.name),
					related: [related(trunk.at, msg("The trunk"))],
				});
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
				report(at, msg("{0} loses its address inside {1}", config.name, bridge.name), {
					advice: msg("Give the address to a vport(4), and add that to {0}.", bridge.name),
					related: [related(member, msg("Added here"))],
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
				if (bridge.family !== "veb" || driverOf(member.value) !== "vether") continue;
				report(member, msg("The host cannot use {0} inside {1}", member.value, bridge.name), {
					advice: msg("A veb is joined with vport(4), a bridge with vether(4)."),
				});
			}
		},
	),

	"host/vport-in-bridge": error(
		["A vport in a bridge", "vport(4) works as a port of a veb only.", "Use a vether, or a veb instead of the bridge."],
		(host, report) => {
			for (const { bridge, member } of membersOf(host)) {
				if (bridge.family !== "bridge" || driverOf(member.value) !== "vport") continue;
				report(member, msg("{0} does not work inside {1}", member.value, bridge.name), {
					advice: msg("A bridge is joined with vether(4), a veb with vport(4)."),
				});
			}
		},
	),

	"host/port-without-bridge": warning(
		[
			"A vether or vport that is attached to nothing",
			"Its frames go nowhere: dhcpd or a VLAN on it reaches nobody, and the bridge that has no port of the host's own goes without. One that only carries addresses of the host's own services needs no bridge.",
			"Add it to a bridge (vether) or a veb (vport).",
		],
		(host, report) => {
			const served = new Set(servedInterfaces(host.rc.value ?? []).map(({ name }) => name));
			for (const { name, family, config, memberOf, children } of host.links.values()) {
				if (config === undefined || (family !== "vether" && family !== "vport") || memberOf.length > 0 || isSetElsewhere(host, name))
					continue;
				const kind = family === "vport" ? "veb" : "bridge";
				const lonely = carriesNetwork(config) ? host.segments.filter((segment) => segment.kind === kind && !hasOwnPort(segment)) : [];
				const [bridge, ...others] = lonely;
				if (bridge === undefined && children.length === 0 && (!served.has(name) || hasGuestsElsewhere(host))) continue;
				const path = bridge?.link.config?.path;
				report(start(config), msg("{0} is attached to nothing", name), {
					advice: msg("Write `add {0}` into the hostname file of a {1}.", name, kind),
					...(path === undefined || others.length > 0
						? {}
						: quickFix(msg("Write `{0}` into {1}", `add ${name}`, path), lineAtEnd(host, path, `add ${name}`))),
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
			const told = new Set<string>();
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
							!inOneBridge(host, theirs.name, config.name) &&
							inNetwork(ip, base, Math.min(bits, length)),
					);
					known.push(one);
					if (other === undefined) continue;
					const network = networkText(ip, bits, family);
					const pair = `${config.name} ${other.config.name} ${network}`;
					// One address twice is told as such, and a network once for two interfaces.
					if (told.has(pair) || compareIp(ip, other.address.ip) === 0) continue;
					told.add(pair);
					report(address, msg("{0} is on {1} too", network, other.config.name), {
						related: [related(other.address, msg("The other interface"))],
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
						report(at, msg("{0} is the address of {1} too", at.text, other.config.name), {
							related: [related(other.at, msg("The other interface"))],
						});
				}
			}
		},
	),

	"host/tunnel-domain": warning(
		[
			"A tunnel in a routing domain that is not there",
			"ifconfig refuses the routing domain of a tunnel's packets where no interface, started before the tunnel, has made it. It is information where no file here makes it: one that is not here may.",
			"Put an interface into the routing domain: `rdomain` in its hostname file.",
		],
		(host, report) => {
			const { configs, mygate } = host;
			const commands = [
				...configs.flatMap((config) => config.commands.map(({ value }) => value)),
				...(mygate.value ?? []).flatMap((line) => (line.kind === "command" ? [line.command] : [])),
			];
			for (const { name, tunnelDomain } of configs) {
				const domain = tunnelDomain?.value ?? 0;
				// A command may make it, by `route -T` or by anything that it runs.
				if (tunnelDomain === undefined || domain === 0 || commands.some((command) => mayMakeDomain(command, domain))) continue;
				const makers = configs.filter(({ rdomain }) => rdomain?.value === domain);
				if (makers.some((config) => inStartOrder(config.name, name) <= 0)) continue;
				const [later] = makers;
				if (later?.rdomain !== undefined)
					report(tunnelDomain, msg("{0} is refused: {1} makes routing domain {2} later", name, later.name, domain), {
						related: [related(later.rdomain, msg("Made here"))],
					});
				else if (devicesKnown(host))
					report(tunnelDomain, msg("No file here puts an interface into routing domain {0}", domain), {
						severity: "information",
						advice: msg("Without one, ifconfig refuses this word, and {0} sends its packets in routing domain 0.", name),
					});
			}
		},
	),

	"host/mygate-ignored": warning(
		[
			"A gateway that netstart ignores",
			"Where an interface gets its address from outside, netstart leaves mygate's gateway of that family out; of several gateways of a family, it takes the first.",
			"Remove one.",
		],
		(host, report) => {
			const first = new Map<string, Place>();
			for (const line of host.mygate.value ?? []) {
				if (line.kind !== "gateway") continue;
				const place = { file: host.mygate.path, span: line.span };
				const before = first.get(line.family);
				if (before !== undefined)
					report(place, msg("{0} is ignored: netstart takes the first gateway of a family", line.address), {
						related: [related(before, msg("The first one"))],
					});
				first.set(line.family, before ?? place);
				if (before !== undefined) continue;
				const config = host.configs.find(({ autoconf }) => autoconf[line.family] !== undefined);
				const at = config?.autoconf[line.family];
				if (config === undefined || at === undefined) continue;
				report(place, msg("{0} is ignored: {1} gets its address from outside", line.address, config.name), {
					related: [related(at, msg("Asked for here"))],
				});
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
				report({ file: host.mygate.path, span: line.span }, msg("{0} is in no network of this host", line.address));
			}
		},
	),

	"host/self-parent": error(
		["An interface on top of itself", "An interface cannot be its own parent or member.", "Name another interface."],
		(host, report) => {
			for (const config of host.configs) {
				for (const lower of [config.parent, ...config.members, ...config.trunkports]) {
					if (lower?.value === config.name) report(lower, msg("{0} cannot stand on itself", config.name));
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
				if (peer === undefined) report(patch, msg("{0} does not exist: no /etc/hostname.{0}", patch.value));
				else if (peer.patch !== undefined && peer.patch.value !== config.name) {
					report(patch, msg("{0} is linked with {1}", patch.value, peer.patch.value), { related: [related(peer.patch, msg("Its link"))] });
				}
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** An address that means something on its own link only: any interface may have it. */
function isLinkLocal({ family, ip }: ConfiguredAddress): boolean {
	return family === "inet6" && ip !== undefined && ip.a >>> 22 === 0x3fa;
}
