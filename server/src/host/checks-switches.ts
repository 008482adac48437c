/** Switches and guests of vm.conf against the interfaces of the host. */

import { hostnamePath } from "../hostname/names.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { VM_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import type { Plug, VmSwitch } from "../vm/model.ts";
import { error, type HostCheck, information, warning } from "./check.ts";
import { lineAtEnd, replaced, replacedIn, withAddress, withoutLine, withSetting } from "./fixes.ts";
import { type Host, mayExist, type Segment } from "./model.ts";
import { sysctlSetting } from "./sysctl.ts";

/** Switches that vmd sets up, each with the interface behind it. */
function* switchesOf({ vm }: Host) {
	for (const one of vm.switches) {
		const { interface: bridge } = one;
		if (bridge !== undefined && one.disabled === undefined && bridge.known !== false) yield { one, bridge };
	}
}

function active({ guest }: Plug): boolean {
	return guest.disabled === undefined;
}

/** Guests' interfaces that are plugged into a switch, with the segment that it stands on. */
function* pluggedIn({ segments }: Host): Generator<{ readonly segment: Segment; readonly plug: Plug }> {
	for (const segment of segments) for (const plug of segment.plugs) yield { segment, plug };
}

/** So many MAC addresses on one port are usual limits of managed network switches at the most. */
const USUAL_PORT_LIMIT = 64;

/** The switches whose guests show their addresses on a physical port, once for each guest: VLANs of one trunk share it. */
function pluggedBehind({ segments, links }: Host): ReadonlyMap<string, readonly VmSwitch[]> {
	const found = new Map<string, VmSwitch[]>();
	for (const { link, plugs, uplinks } of segments) {
		const [one] = link.switches;
		const [uplink] = uplinks;
		if (one === undefined || uplink === undefined) continue;
		const parent = uplink.config?.parent?.value;
		const port = parent === undefined ? uplink.name : (links.get(parent)?.name ?? parent);
		const known = found.get(port) ?? [];
		found.set(port, [...known, ...plugs.map(() => one)]);
	}
	return found;
}

export const switchChecks = {
	"host/switch-without-file": error(
		[
			"A switch whose interface no hostname file creates",
			"vmd does not create the bridge or veb of a switch; it exits where that is missing.",
			"Create the hostname file, with `up` in it.",
		],
		(host, report) => {
			if (!host.interfacesKnown) return;
			for (const { one, bridge } of switchesOf(host)) {
				if (mayExist(host, bridge.value)) continue;
				const file = hostnamePath(bridge.value);
				report(bridge, msg('"{0}" does not exist: no {1}', bridge.value, file), {
					advice: msg('vmd exits at start, because it cannot set up switch "{0}".', one.name.value),
					fixes: [{ title: msg("Create {0}", file), edits: [{ file, span: span(0, 0), text: "up\n" }], preferred: true }],
				});
			}
		},
	),

	"host/switch-rdomain": error(
		[
			"A routing domain that vmd resets",
			"vmd sets the routing domain of a switch's interface to that of vm.conf, which is its own where none is written.",
			"Write `rdomain` into the switch of vm.conf.",
		],
		(host, report) => {
			for (const { one, bridge } of switchesOf(host)) {
				const theirs = host.links.get(bridge.value)?.config?.rdomain;
				const ours = one.rdomain?.value ?? 0;
				if (theirs === undefined || theirs.value === ours) continue;
				report(theirs, msg("vmd sets {0} to rdomain {1}", bridge.value, ours), {
					advice: msg('Write `rdomain {0}` into switch "{1}" of vm.conf.', theirs.value, one.name.value),
					related: [related(one.rdomain ?? one.name, msg("The switch"))],
					...quickFix(
						fixTitle.write(`rdomain ${theirs.value}`),
						one.rdomain === undefined
							? replacedIn(host, { file: one.file, span: one.span }, /\{/, `{\n\trdomain ${theirs.value}`)
							: replaced(one.rdomain, String(theirs.value)),
					),
				});
			}
		},
	),

	"host/switch-down": warning(
		["A switch that is down", "vmd takes the interface down at start, whatever its hostname file says.", "Remove `down` from the switch."],
		(host, report) => {
			for (const { one, bridge } of switchesOf(host)) {
				const up = host.links.get(bridge.value)?.config?.up;
				if (one.up || up === undefined) continue;
				report(one.name, msg('switch "{0}" is down, so {1} forwards nothing', one.name.value, bridge.value), {
					related: [related(up, msg("Brought up here, and taken down by vmd"))],
					...quickFix(msg("Remove `{0}`", "down"), replacedIn(host, { file: one.file, span: one.span }, /[ \t]*\bdown\b[ \t]*\n?/, "")),
				});
			}
		},
	),

	"host/guest-lladdr": warning(
		[
			"A guest with the MAC address of a host's interface",
			"A bridge drops frames that come from the address of one of its own members.",
			"Give the guest another address.",
		],
		(host, report) => {
			for (const { segment, plug } of pluggedIn(host)) {
				const { lladdr } = plug.nic;
				if (lladdr === undefined) continue;
				for (const { value: port } of segment.ports) {
					const theirs = host.links.get(port)?.config?.lladdr;
					if (theirs?.value !== lladdr.value) continue;
					report(lladdr, msg("{0} is the address of {1}, a member of {2}", lladdr.value, port, segment.link.name), {
						related: [related(theirs, msg("Set here"))],
					});
				}
			}
		},
	),

	"host/description-replaced": warning(
		[
			"A description that vmd replaces",
			"vmd writes its own description on the interfaces of switches and guests.",
			"Leave the description out.",
		],
		(host, report) => {
			for (const { name, config, switches, pinnedBy } of host.links.values()) {
				if (config?.description === undefined || switches.length + pinnedBy.length === 0) continue;
				report(
					config.description,
					msg("vmd replaces the description of {0}", name),
					quickFix(msg("Remove this line"), withoutLine(host, config.description, /^descr(iption)?\s/)),
				);
			}
		},
	),

	"host/tap-added-early": warning(
		[
			"A tap that is added before it exists",
			"A pinned tap appears when its guest starts. At boot, netstart cannot add it to the bridge, and stops at that line.",
			"Create a hostname file for the tap (a comment in it is enough), or leave the adding to vmd.",
		],
		(host, report) => {
			for (const link of host.links.values()) {
				if (link.family !== "tap" || link.config !== undefined) continue;
				for (const { of, at } of link.memberOf) {
					const file = hostnamePath(link.name);
					const [pin] = link.pinnedBy;
					report(at, msg("{0} does not exist when netstart sets up {1}", link.name, of.name), {
						advice: msg("Create {0}, be it with a comment alone, or leave the line out: vmd adds the tap itself.", file),
						fixes: [
							{
								title: msg("Create {0}", file),
								edits: [{ file, span: span(0, 0), text: `# a guest's tap, for ${of.name}\n` }],
								preferred: true,
							},
						],
						...(pin === undefined ? {} : { related: [related(pin.nic.tap ?? pin.guest.name, msg("The guest that opens it"))] }),
					});
				}
			}
		},
	),

	"host/tap-without-guest": warning(
		[
			"A hostname file for a tap that no guest pins",
			"Any guest without a pinned tap may open it.",
			"Pin the tap in vm.conf, or delete the file.",
		],
		(host, report) => {
			if (host.vmFile === undefined || !host.vm.complete) return;
			for (const { name, family, config, pinnedBy } of host.links.values()) {
				if (family !== "tap" || config === undefined || pinnedBy.length > 0 || config.addresses.length > 0) continue;
				report({ file: config.path, span: span(0, 0) }, msg("{0} belongs to no guest: vm.conf pins it nowhere", name), {
					related: [related({ file: VM_CONF, span: span(0, 0) }, msg("The guests"))],
				});
			}
		},
	),

	"host/tap-in-other-segment": error(
		[
			"A tap in another bridge than its guest's switch",
			"netstart adds the tap to one bridge and vmd to another: the second adding fails.",
			"Use the switch's interface in both.",
		],
		(host, report) => {
			for (const { segment, plug } of pluggedIn(host)) {
				const { tap } = plug.nic;
				if (tap === undefined) continue;
				for (const { of, at } of host.links.get(tap.value)?.memberOf ?? []) {
					if (of.name === segment.link.name) continue;
					report(at, msg('{0} of "{1}" is in {2} by vm.conf', tap.value, plug.guest.name.value, segment.link.name), {
						...quickFix(msg("Remove this line"), withoutLine(host, at, /^add\s+\S+$/)),
						related: [related(plug.nic.switch ?? tap, msg("Plugged in here"))],
					});
				}
			}
		},
	),

	"host/isolated-segment": warning(
		[
			"Guests on a switch that leads nowhere",
			"The bridge, or the VLAN of a veb, has no physical or vlan member and no vether or vport of the host: guests get no DHCP and reach no one else.",
			"Add a member, or a vether (bridge) or vport (veb) with an address.",
		],
		(host, report) => {
			for (const { link, plugs, gateways, uplinks, ports, vlan } of host.segments) {
				const [switchOf] = link.switches;
				if (link.config === undefined || switchOf === undefined || !plugs.some(active)) continue;
				if (
					gateways.length > 0 ||
					uplinks.length > 0 ||
					ports.some(({ value }) => !["tap", "vether", "vport"].includes(host.links.get(value)?.family ?? ""))
				)
					continue;
				const guest = plugs.find(active);
				if (vlan !== undefined && guest !== undefined) {
					const { config } = link;
					if (config.veb?.open === true) continue;
					report(
						config.vlanWords.get(guest.nic.tap?.value ?? "") ?? guest.nic.switch ?? guest.guest.name,
						msg("VLAN {0} of {1} leads nowhere: it has no port but those of guests", vlan, link.name),
						{ advice: msg("Put a trunk into it by `tagged`, or a vport with an address by `untagged`.") },
					);
					continue;
				}
				report(switchOf.name, msg('switch "{0}" leads nowhere: {1} has no port but guests', switchOf.name.value, link.name), {
					advice: msg(
						"Add an interface of the host to {0}: a physical one, or a {1} with an address.",
						link.name,
						link.family === "veb" ? "vport" : "vether",
					),
					related: [related({ file: link.config.path, span: span(0, 0) }, msg("The ports of {0}", link.name))],
				});
			}
		},
	),

	"host/gateway-without-address": warning(
		[
			"A vether or vport of a guest segment without an address",
			"Guests have no gateway where the host's own port has no address.",
			"Add an `inet` line to the port's hostname file.",
		],
		(host, report) => {
			for (const { link, ports, plugs, gateways, uplinks } of host.segments) {
				if (gateways.length > 0 || uplinks.length > 0 || !plugs.some(active)) continue;
				for (const port of ports) {
					const config = host.links.get(port.value)?.config;
					if (config === undefined || (config.family !== "vether" && config.family !== "vport")) continue;
					report(
						{ file: config.path, span: span(0, 0) },
						msg("{0} has no address, so the guests on {1} have no gateway", config.name, link.name),
						{
							related: [related(port, msg("The segment"))],
							// What address it is, the person says that takes the fix.
							fixes: [{ title: msg("Give {0} an address", config.name), edits: [withAddress(host, config.path)] }],
						},
					);
				}
			}
		},
	),

	"host/local-without-forwarding": warning(
		[
			"A local interface on a host that does not forward",
			"Guests with a `local interface` reach what is beyond the host through it alone.",
			"Set `net.inet.ip.forwarding=1` in sysctl.conf.",
		],
		(host, report) => {
			const settings = host.sysctl.value;
			const forwarding = settings && sysctlSetting(settings, "net.inet.ip.forwarding");
			if (settings === undefined || forwarding?.value === "1") return;
			for (const { interfaces } of host.vm.guests) {
				for (const { local, file } of interfaces) {
					if (local === undefined) continue;
					report({ file, span: local }, msg("The host does not forward, so this guest reaches the host alone"), {
						advice: msg("Set net.inet.ip.forwarding=1 in {0}.", host.sysctl.path),
						related: [related({ file: host.sysctl.path, span: forwarding?.span ?? span(0, 0) }, msg("The kernel's settings"))],
						...quickFix(fixTitle.write("net.inet.ip.forwarding=1"), withSetting(host, "net.inet.ip.forwarding", "1")),
					});
				}
			}
		},
	),

	"host/unpinned-tap-in-file": warning(
		[
			"A tap of a hostname file that an automatic interface may take",
			"A guest's interface without a pinned tap takes the lowest free one: it may be one that hostname files prepare for another guest.",
			"Pin the taps of all guests.",
		],
		(host, report) => {
			const prepared = host.configs.filter(({ family }) => family === "tap");
			if (prepared.length === 0) return;
			for (const { interfaces, disabled } of host.vm.guests) {
				for (const nic of interfaces) {
					if (nic.tap !== undefined || disabled !== undefined) continue;
					const [first] = prepared;
					report(
						nic.name ?? { file: nic.file, span: span(nic.span.start, nic.span.start + "interface".length) },
						msg("This interface may take {0}, which is prepared for another guest", first?.name ?? ""),
						{
							advice: msg("Pin a tap here as well: `interface tapN`."),
							related: prepared.map((config) => related({ file: config.path, span: span(0, 0) }, msg("{0} is prepared here", config.name))),
						},
					);
				}
			}
		},
	),

	"host/locked-random-lladdr": warning(
		[
			"A guest that is known by a MAC address that changes",
			"Without `lladdr`, vmd makes up an address at every start. `locked lladdr` then protects an address that nothing else can name.",
			"Set `lladdr` to a fixed address.",
		],
		(host, report) => {
			const named = new Set((host.dhcpd.value?.hosts ?? []).map(({ name }) => name.text));
			for (const { guest, nic } of host.segments.flatMap(({ plugs }) => plugs)) {
				const one = host.vm.switches.find(({ name }) => name.value === nic.switch?.value);
				const locked = nic.locked ?? one?.locked;
				if (nic.lladdr !== undefined || locked === undefined || guest.disabled !== undefined || !named.has(guest.name.value)) continue;
				report(nic.switch ?? guest.name, msg('"{0}" gets another MAC address at every start', guest.name.value), {
					advice: msg("dhcpd.conf knows the guest by its address: set `lladdr`."),
				});
			}
		},
	),

	"host/include-missing": error(
		["An included file that is not there", "vmd rejects the whole configuration without it.", "Create the file, or correct the path."],
		(host, report) => {
			const files = [...host.source.files.keys()];
			for (const include of host.vm.includes) {
				// A file that is being read already is refused as well, and is there.
				if (include.read || files.includes(include.value)) continue;
				const folder = include.value.slice(0, include.value.lastIndexOf("/") + 1);
				if (folder === "" || !files.some((file) => file !== include.file && file.startsWith(folder) && file !== VM_CONF)) continue;
				report(include, msg("failed to include file {0}", include.value), { advice: msg("It is not among the files of this host.") });
			}
		},
	),

	"host/file-not-included": warning(
		[
			"A file for vm.conf that nothing includes",
			"vmd reads vm.conf and what that includes; there is no pattern for a folder.",
			"Add an `include` line, or delete the file.",
		],
		(host, report) => {
			if (host.vmFile === undefined || !host.vm.complete) return;
			const included = new Set(host.vm.includes.map(({ value }) => value));
			const folders = new Set([...included].map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
			for (const path of host.source.files.keys()) {
				const folder = path.slice(0, path.lastIndexOf("/") + 1);
				if (
					included.has(path) ||
					!path.endsWith(".conf") ||
					!(folders.has(folder) || /^\/etc\/vm[^/]*\.d\/$/.test(folder)) ||
					folder === "/etc/"
				)
					continue;
				report({ file: path, span: span(0, 0) }, msg("vm.conf does not include {0}", path), {
					related: [related({ file: VM_CONF, span: span(0, 0) }, msg("What vmd reads"))],
					...quickFix(fixTitle.add(`include "${path}"`), lineAtEnd(host, VM_CONF, `include "${path}"`)),
				});
			}
		},
	),

	"host/many-guests": information(
		[
			"Many guests behind one physical port",
			"Each bridged guest shows its MAC address on the port, and many networks cut off what goes beyond a number of them. Broadcasts reach every guest of such a network, too.",
			'Ask for a higher limit, or route the guests instead of bridging them. `"portMacLimit"` of the host in openbsd-vnet.json says what the network allows; without it, more than 64 are reported.',
		],
		(host, report) => {
			const limit = host.source.portMacLimit ?? USUAL_PORT_LIMIT;
			for (const [port, plugged] of pluggedBehind(host)) {
				const [first] = plugged;
				const addresses = plugged.length + 1;
				if (first === undefined || addresses <= limit) continue;
				const message =
					host.source.portMacLimit === undefined
						? msg("{0} guests show {1} MAC addresses on {2}: many networks allow fewer on one port", plugged.length, addresses, port)
						: msg("{0} guests show {1} MAC addresses on {2}, where {3} are allowed", plugged.length, addresses, port, limit);
				report(first.name, message);
			}
		},
	),

	"host/switch-interface-is-port": error(
		[
			"A switch's interface that is a port itself",
			"A bridge or veb cannot be a member of another.",
			"Use one bridge for all, or link two with pair(4).",
		],
		(host, report) => {
			for (const { config, memberOf, family, name } of host.links.values()) {
				if (config === undefined || (family !== "bridge" && family !== "veb")) continue;
				for (const { of, at } of memberOf) {
					report(at, msg("{0} cannot be a member of {1}", name, of.name), {
						advice: msg("To link two of them, add one end of a pair(4) to each."),
						...quickFix(msg("Remove this line"), withoutLine(host, at, /^add\s+\S+$/)),
					});
				}
			}
		},
	),

	"host/tap-with-address": warning(
		[
			"An address on the tap of a switched guest",
			"A tap in a bridge or veb has no address of its own; the host speaks through vether or vport.",
			"Move the address there.",
		],
		(host, report) => {
			for (const { segment, plug } of pluggedIn(host)) {
				const config = host.links.get(plug.nic.tap?.value ?? "")?.config;
				const [address] = config?.addresses ?? [];
				if (config === undefined || address === undefined || !mayExist(host, config.name)) continue;
				report(address, msg("{0} is a port of {1}: its address serves no one", config.name, segment.link.name), {
					related: [related(plug.nic.switch ?? plug.guest.name, msg("Plugged in here"))],
					...quickFix(msg("Remove this line"), withoutLine(host, address, /^inet6?\s/)),
				});
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;
