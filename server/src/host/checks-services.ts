/** rc.conf.local, sysctl.conf, dhcpd.conf and the modes of files against the rest of the host. */

import { driverOf, hostnameOf, hostnamePath, interfaceOfPath, isHostnamePath, isLladdrPath } from "../hostname/names.ts";
import { PfFile } from "../pf/editor/file.ts";
import { compareIp, formatIp, inNetwork, networkText, parseIp4 } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";
import { newestRelease } from "../releases/releases.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { PF_CONF, VM_CONF } from "../text/host-paths.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { isKnownTo } from "../text/release.ts";
import { span } from "../text/span.ts";
import { VmFile } from "../vm/file.ts";
import { notReadMessage } from "../workspace.ts";
import { error, type HostCheck, information, warning } from "./check.ts";
import { type DhcpdSubnet, servedNetwork } from "./dhcpd.ts";
import { fixedAddress } from "./filter.ts";
import { lineAtEnd, textOf, withoutLine, withSetting, wordsBefore } from "./fixes.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import { type Host, hasAddress, type Segment } from "./model.ts";
import { rcVariable, servedInterfaces } from "./rc-conf.ts";
import { readSysctlFile, sysctlSetting, wordsOfSysctl } from "./sysctl.ts";
import { sysctlNames } from "./sysctl-names.ts";

/** The interfaces that dhcpd(8) is told to serve, with their places in rc.conf.local. */
function dhcpdInterfaces({ rc }: Host): readonly (Place & { readonly name: string })[] {
	return servedInterfaces(rc.value ?? []).map((served) => ({ file: rc.path, ...served }));
}

interface Subnet {
	readonly declaration: DhcpdSubnet;
	readonly network: Ip;
	readonly bits: number;
	readonly at: Place;
}

function subnetsOf({ dhcpd }: Host): readonly Subnet[] {
	return (dhcpd.value?.subnets ?? []).flatMap((declaration) => {
		const served = servedNetwork(declaration);
		if (served === undefined) return [];
		return [{ declaration, network: served.ip, bits: served.bits, at: { file: dhcpd.path, span: declaration.network.span } }];
	});
}

/** Networks of guest segments: the addresses of the host's own ports there. */
function* guestNetworks({ segments }: Host) {
	for (const segment of segments) {
		if (segment.plugs.length === 0) continue;
		for (const { config } of segment.gateways) for (const address of config?.addresses ?? []) yield { segment, config, address };
	}
}

const at = (file: string, from: { readonly span: Place["span"] }): Place => ({ file, span: from.span });
/** Whether guests reach the outside through the host alone, given that it has a port among them. */
const isRouted = ({ uplinks }: Segment): boolean => uplinks.length === 0;

/** What OpenBSD has for variables of others that enable no daemon. */
const ELSEWHERE: ReadonlyMap<string, Message> = new Map<string, Message>([
	["pf_enable", msg("OpenBSD starts pf unless `pf=NO` stands there.")],
	["gateway_enable", msg("The host forwards by `{0}=1` in /etc/sysctl.conf.", "net.inet.ip.forwarding")],
	["ipv6_gateway_enable", msg("The host forwards by `{0}=1` in /etc/sysctl.conf.", "net.inet6.ip6.forwarding")],
]);

export const serviceChecks = {
	"host/file-not-read": warning(
		[
			"A file that is not read",
			"Folders, devices, pipes and files of more than 16 MB are not configuration: what is in them is not known here.",
			"Put a plain file there.",
		],
		({ source: { files, notRead = new Map() } }, report) => {
			for (const [path, reason] of notRead) {
				// One that is open in an editor is read there.
				if (files.has(path)) continue;
				const named = [...files].flatMap(([file, { parsed }]) => {
					const tokens = parsed instanceof PfFile || parsed instanceof VmFile ? parsed.tokens() : [];
					const token = tokens.find(({ symbol }) => symbol?.kind === "file" && symbol.name === path);
					return token === undefined ? [] : [{ file, span: token.span }];
				});
				const own = { file: path, span: span(0, 0) };
				const [place] = named;
				// A link to a folder is one, as long as nothing takes it for a file.
				if (place === undefined && reason === "folder") continue;
				if (place === undefined) report(own, notReadMessage(path, reason));
				else report(place, notReadMessage(path, reason), { related: [related(own, msg("In {0}", path))] });
			}
		},
	),

	"host/vmd-off": warning(
		[
			"vm.conf, and vmd is not enabled",
			"vmd is off unless rc.conf.local sets vmd_flags.",
			"Run `rcctl enable vmd` on the host, which writes `vmd_flags=`.",
		],
		(host, report) => {
			// Whoever starts guests by hand starts vmd so as well.
			if (host.rc.value === undefined || host.vm.guests.every(({ disabled }) => disabled !== undefined)) return;
			const flags = rcVariable(host.rc.value, "vmd_flags");
			if (flags !== undefined && flags.value !== "NO") return;
			const place = flags === undefined ? { file: host.rc.path, span: span(0, 0) } : at(host.rc.path, flags);
			const edit =
				flags === undefined ? lineAtEnd(host, host.rc.path, "vmd_flags=") : { file: host.rc.path, span: flags.span, text: "vmd_flags=" };
			report(place, msg("vmd is not enabled, so no guest of vm.conf starts"), {
				fixes: [{ title: msg("Enable vmd"), edits: [edit], preferred: true }],
			});
		},
	),

	"host/rc-conf-elsewhere": warning(
		[
			"A variable of another system in rc.conf.local",
			"FreeBSD and NetBSD enable what starts by `NAME_enable` or `NAME=YES`; OpenBSD's rc(8) reads `NAME_flags`, so nothing is started or stopped by it.",
			"Write `NAME_flags=`, as `rcctl enable NAME` does.",
		],
		(host, report) => {
			const [first, ...others] = (host.rc.value ?? []).filter(({ name }) => name.endsWith("_enable"));
			if (first === undefined) return;
			report(at(host.rc.path, first), msg("rc(8) does not read {0}: it is a variable of another system", first.name), {
				advice: ELSEWHERE.get(first.name) ?? msg("OpenBSD enables a daemon by `NAME_flags=`, as `rcctl enable NAME` writes it."),
				related: others.map((one) => related(at(host.rc.path, one), msg("The same here"))),
			});
		},
	),

	"host/dhcpd-on-bridge": error(
		["dhcpd on a bridge or veb", "They have no address, so dhcpd cannot listen there.", "Name the vether or vport of the segment."],
		(host, report) => {
			for (const place of dhcpdInterfaces(host)) {
				const family = driverOf(place.name);
				if (family !== "bridge" && family !== "veb") continue;
				const [gateway] = host.segments.find(({ link }) => link.name === place.name)?.gateways ?? [];
				report(place, msg("Can't listen on {0} - it has no IP address.", place.name), {
					advice: msg("Name the host's own port of that segment: a vport in a veb, a vether in a bridge."),
					...(gateway === undefined
						? {}
						: {
								fixes: [
									{
										title: msg("Name {0}", gateway.name),
										edits: [{ file: place.file, span: place.span, text: gateway.name }],
										preferred: true,
									},
								],
							}),
				});
			}
		},
	),

	"host/dhcpd-without-address": error(
		[
			"dhcpd on an interface without an address",
			"dhcpd exits where an interface of its list has no address.",
			"Give the interface an address, or take it off the list.",
		],
		(host, report) => {
			if (!host.interfacesKnown) return;
			for (const place of dhcpdInterfaces(host)) {
				const config = host.links.get(place.name)?.config;
				const family = driverOf(place.name);
				if (family === "bridge" || family === "veb" || (config !== undefined && hasAddress(config))) continue;
				if (
					config === undefined &&
					host.source.facts?.interfaces?.some(({ name, addresses }) => name === place.name && addresses.length > 0)
				)
					continue;
				report(place, msg("Can't listen on {0} - it has no IP address.", place.name), {
					related: [related({ file: hostnamePath(place.name), span: span(0, 0) }, msg("Where its address would be"))],
				});
			}
		},
	),

	"host/dhcpd-without-subnet": error(
		[
			"No subnet for an interface of dhcpd",
			"dhcpd exits where dhcpd.conf has no subnet for the address of an interface that it serves.",
			"Declare the subnet.",
		],
		(host, report) => {
			if (host.dhcpd.value === undefined) return;
			const subnets = subnetsOf(host);
			for (const place of dhcpdInterfaces(host)) {
				for (const address of host.links.get(place.name)?.config?.addresses ?? []) {
					const { ip, family } = address;
					if (family !== "inet" || ip === undefined || address.alias || subnets.some(({ network, bits }) => inNetwork(ip, network, bits)))
						continue;
					report(place, msg("{0} has no subnet declaration for {1} ({2})", host.dhcpd.path, place.name, address.text), {
						related: [related(address, msg("The address"))],
					});
				}
			}
		},
	),

	"host/dhcpd-two-networks": warning(
		[
			"Two subnets for one interface, not declared as shared",
			"dhcpd takes the first network that an interface has an address of, and passes over the others with a warning in the log: it gives out no address of theirs there.",
			"Put the subnets of one interface into a `shared-network`.",
		],
		(host, report) => {
			const subnets = subnetsOf(host);
			for (const place of dhcpdInterfaces(host)) {
				let first: Subnet | undefined;
				for (const { ip, family } of host.links.get(place.name)?.config?.addresses ?? []) {
					const own = family === "inet" && ip !== undefined ? subnets.find(({ network, bits }) => inNetwork(ip, network, bits)) : undefined;
					if (own === undefined || own === first) continue;
					if (first === undefined) first = own;
					else if (own.declaration.shared === undefined || own.declaration.shared !== first.declaration.shared) {
						report(own.at, msg("dhcpd gives out nothing of this on {0}: it takes the first network of an interface alone", place.name), {
							advice: msg("Put both subnets into a `shared-network`."),
							related: [related(first.at, msg("The first one"))],
						});
					}
				}
			}
		},
	),

	"host/dhcpd-rdomains": error(
		[
			"dhcpd for interfaces of several routing domains",
			"One dhcpd runs in one routing domain, that of the interface which the kernel lists first; it exits where another one is elsewhere.",
			"Leave the others out, and start a dhcpd of their own for them, with another file of leases.",
		],
		(host, report) => {
			const domainOf = (name: string): number | undefined => {
				const config = host.links.get(name)?.config;
				return config === undefined ? undefined : (config.rdomain?.value ?? 0);
			};
			const [first, ...others] = dhcpdInterfaces(host);
			const domain = first && domainOf(first.name);
			if (first === undefined || domain === undefined) return;
			for (const place of others) {
				const other = domainOf(place.name);
				if (other === undefined || other === domain) continue;
				report(place, msg("Interface {0} is not in rdomain {1}", place.name, domain), {
					advice: msg("dhcpd exits here: it serves one routing domain."),
					related: [related(first, msg("The first interface"))],
				});
				return;
			}
		},
	),

	"host/local-without-rad": information(
		[
			"IPv6 on local interfaces, and nothing that tells guests of it",
			"vmd gives the host's end an IPv6 address and says nothing of it to the guest: it answers neither DHCPv6 nor router solicitations. It depends on whether guests set their address themselves.",
			"Enable rad(8), with `interface tap` in rad.conf.",
		],
		(host, report) => {
			const { localInet6, guests } = host.vm;
			if (localInet6 === undefined || host.rc.value === undefined) return;
			if (!guests.some(({ disabled, interfaces }) => disabled === undefined && interfaces.some(({ local }) => local !== undefined))) return;
			const flags = rcVariable(host.rc.value, "rad_flags");
			if (flags !== undefined && flags.value !== "NO") return;
			report(localInet6, msg("Guests are not told of their IPv6 network: rad is not enabled"), {
				advice: msg("Run `rcctl enable rad` on the host, and write `interface tap` into rad.conf."),
			});
		},
	),

	"host/dhcpd-off": warning(
		[
			"Guests behind the host, and no DHCP",
			"dhcpd serves only the interfaces of dhcpd_flags; guests that ask for an address get none.",
			"Set `dhcpd_flags` to the segment's vether or vport, or give the guests fixed addresses.",
		],
		(host, report) => {
			if (host.dhcpd.value === undefined || host.rc.value === undefined) return;
			const served = new Set(dhcpdInterfaces(host).map(({ name }) => name));
			for (const { segment, config, address } of guestNetworks(host)) {
				const { ip } = address;
				if (config === undefined || ip === undefined || served.has(config.name) || !isRouted(segment)) continue;
				const subnet = subnetsOf(host).find(({ network, bits }) => address.family === "inet" && inNetwork(ip, network, bits));
				if (subnet === undefined) continue;
				report(subnet.at, msg("dhcpd does not serve {0}, so this subnet is never used", config.name), {
					advice: msg("Set dhcpd_flags={0} in {1}.", config.name, host.rc.path),
					related: [related(address, msg("The segment's address"))],
				});
			}
		},
	),

	"host/dhcp-range": error(
		[
			"A range or fixed address outside of its network",
			"dhcpd refuses the file, or hands out an address that does not work.",
			"Choose addresses of the subnet.",
		],
		(host, report) => {
			const subnets = subnetsOf(host);
			for (const { declaration, network, bits } of subnets) {
				for (const { from, to } of declaration.ranges) {
					for (const end of from === to ? [from] : [from, to]) {
						const ip = parseIp4(end.text);
						if (ip === undefined || inNetwork(ip, network, bits)) continue;
						report(at(host.dhcpd.path, end), msg("{0} is not in {1}", end.text, `${declaration.network.text}/${bits}`), {
							related: [related(at(host.dhcpd.path, declaration.network), msg("The subnet"))],
						});
					}
				}
			}
			for (const { addresses } of host.dhcpd.value?.hosts ?? []) {
				for (const address of addresses) {
					const ip = parseIp4(address.text);
					if (ip === undefined || subnets.length === 0 || subnets.some(({ network, bits }) => inNetwork(ip, network, bits))) continue;
					report(at(host.dhcpd.path, address), msg("{0} is in no subnet of this file", address.text));
				}
			}
		},
	),

	"host/dhcp-fixed-in-range": warning(
		["A fixed address inside a range", "dhcpd may give it to another guest first.", "Choose one outside of the ranges."],
		(host, report) => {
			const ranges = (host.dhcpd.value?.subnets ?? []).flatMap(({ ranges: list }) => list);
			for (const { addresses } of host.dhcpd.value?.hosts ?? []) {
				for (const address of addresses) {
					const ip = parseIp4(address.text);
					if (ip === undefined) continue;
					for (const range of ranges) {
						const from = parseIp4(range.from.text);
						const to = parseIp4(range.to.text);
						if (from === undefined || to === undefined || compareIp(ip, from) < 0 || compareIp(ip, to) > 0) continue;
						report(at(host.dhcpd.path, address), msg("{0} is in a range that dhcpd gives out", address.text), {
							related: [related(at(host.dhcpd.path, range), msg("The range"))],
						});
					}
				}
			}
		},
	),

	"host/dhcp-overlapping-ranges": error(["Ranges that overlap", "dhcpd refuses the second.", "Make them apart."], (host, report) => {
		const ranges = (host.dhcpd.value?.subnets ?? [])
			.flatMap(({ ranges: list }) => list)
			.flatMap((range) => {
				const from = parseIp4(range.from.text);
				const to = parseIp4(range.to.text);
				return from === undefined || to === undefined ? [] : [{ range, from, to }];
			})
			.sort((a, b) => compareIp(a.from, b.from));
		for (const [i, { range, from }] of ranges.entries()) {
			const before = ranges[i - 1];
			if (before === undefined || compareIp(from, before.to) > 0) continue;
			report(at(host.dhcpd.path, range), msg("This range overlaps with {0}", before.range.from.text), {
				related: [related(at(host.dhcpd.path, before.range), msg("The other range"))],
			});
		}
	}),

	"host/dhcp-gateway-in-range": error(
		["The host's own address in a range", "dhcpd may give the gateway's address to a guest.", "Take it out of the range."],
		(host, report) => {
			for (const { declaration } of subnetsOf(host)) {
				for (const range of declaration.ranges) {
					const from = parseIp4(range.from.text);
					const to = parseIp4(range.to.text);
					for (const { address, config } of guestNetworks(host)) {
						const { ip } = address;
						if (ip === undefined || address.family !== "inet" || from === undefined || to === undefined) continue;
						if (compareIp(ip, from) < 0 || compareIp(ip, to) > 0) continue;
						report(at(host.dhcpd.path, range), msg("{0}, the address of {1}, is in this range", formatIp(ip, "inet"), config?.name ?? ""), {
							related: [related(address, msg("The host's address"))],
						});
					}
				}
			}
		},
	),

	"host/dhcp-routers": warning(
		[
			"A router that is not the host",
			"Guests get a gateway that is not there, or that none of them can reach because it lies in another network.",
			"Name the address of the segment's vether or vport.",
		],
		(host, report) => {
			const subnets = subnetsOf(host);
			const told = new Set<number>();
			for (const { segment, address, config } of guestNetworks(host)) {
				const { ip } = address;
				if (ip === undefined || address.family !== "inet" || !isRouted(segment)) continue;
				for (const { declaration, network, bits } of subnets) {
					if (!inNetwork(ip, network, bits)) continue;
					for (const router of declaration.routers) {
						const named = parseIp4(router.text);
						if (named === undefined || compareIp(named, ip) === 0) continue;
						told.add(router.span.start);
						report(
							at(host.dhcpd.path, router),
							msg("{0} has {1}, so guests get a gateway that is not there", config?.name ?? "", address.text),
							{
								related: [related(address, msg("The host's address"))],
								fixes: [
									{
										title: msg("Write {0}", address.text),
										edits: [{ file: host.dhcpd.path, span: router.span, text: address.text }],
										preferred: true,
									},
								],
							},
						);
					}
				}
			}
			for (const { declaration, network, bits } of subnets) {
				for (const router of declaration.routers) {
					const named = parseIp4(router.text);
					// Networks of one interface may share their router, and all of them one that encloses them names.
					if (named === undefined || told.has(router.span.start) || subnets.some((one) => inNetwork(named, one.network, one.bits)))
						continue;
					told.add(router.span.start);
					report(
						at(host.dhcpd.path, router),
						msg("{0} is not in {1}: nobody there reaches it", router.text, networkText(network, bits, "inet")),
					);
				}
			}
		},
	),

	"host/dhcp-no-router": warning(
		[
			"Guests that get no gateway from dhcpd",
			"The host forwards, and who takes an address of dhcpd in this network hears of no router: nothing beyond the network can be asked by its guests.",
			"Name the host's address there by `option routers`.",
		],
		(host, report) => {
			const forwarding = sysctlSetting(host.sysctl.value ?? [], "net.inet.ip.forwarding");
			const text = textOf(host, host.dhcpd.path);
			// A route may be told by another option, for one station alone, or by a file that is included.
			if (forwarding?.value !== "1" || /\brouters\b|\bstatic-routes\b|\binclude\b|\boption-\d|\boption\s+option-/.test(text)) return;
			for (const { segment, address, config } of guestNetworks(host)) {
				const { ip } = address;
				if (ip === undefined || address.family !== "inet" || !isRouted(segment)) continue;
				const subnet = subnetsOf(host).find(({ network, bits }) => inNetwork(ip, network, bits));
				if (subnet === undefined || subnet.declaration.ranges.length === 0) continue;
				const option = `option routers ${address.text};`;
				const [range] = subnet.declaration.ranges;
				report(subnet.at, msg("Guests behind {0} hear of no gateway", config?.name ?? ""), {
					advice: msg("Add `{0}`.", option),
					related: [related(address, msg("The host's address"))],
					...quickFix(fixTitle.add(option), range && wordsBefore(host, at(host.dhcpd.path, range), option)),
				});
			}
		},
	),

	"host/dhcp-unknown-ethernet": warning(
		[
			"A reservation for a MAC address that no guest has",
			"A guest without `lladdr` in vm.conf gets a random address at every start: a reservation never matches.",
			"Set the guest's lladdr.",
		],
		(host, report) => {
			if (host.vmFile === undefined || !host.vm.complete) return;
			const known = new Set(
				host.vm.guests.flatMap(({ interfaces }) => interfaces.flatMap(({ lladdr }) => (lladdr === undefined ? [] : [lladdr.value]))),
			);
			for (const { name, ethernet } of host.dhcpd.value?.hosts ?? []) {
				const guest = host.vm.guests.find((one) => one.name.value === name.text);
				// Other machines have reservations too: only one that is called like a guest, or has vmd's prefix, is surely meant for a guest.
				if (
					ethernet === undefined ||
					known.has(normal(ethernet.text)) ||
					(guest === undefined && !normal(ethernet.text).startsWith("fe:e1:b"))
				)
					continue;
				report(at(host.dhcpd.path, ethernet), msg("No guest of vm.conf has the address {0}", ethernet.text), {
					...(guest === undefined ? {} : { related: [related(guest.name, msg("The guest of that name"))] }),
				});
			}
		},
	),

	"host/forwarding-off": error(
		[
			"Guests behind the host, and no forwarding",
			"The kernel forwards packets between interfaces only with net.inet.ip.forwarding=1 (2 is for IPsec alone).",
			"Write `net.inet.ip.forwarding=1` into sysctl.conf.",
		],
		(host, report) => forwarding(host, report, "inet", "net.inet.ip.forwarding"),
	),

	"host/forwarding6-off": warning(
		[
			"Guests with IPv6 behind the host, and no forwarding",
			"The kernel forwards IPv6 only with net.inet6.ip6.forwarding=1.",
			"Write `net.inet6.ip6.forwarding=1` into sysctl.conf.",
		],
		(host, report) => forwarding(host, report, "inet6", "net.inet6.ip6.forwarding"),
	),

	"host/sysctl-words": warning(
		[
			"A setting of sysctl.conf with blanks around the equals sign",
			"The line is split at blanks, and nothing is set.",
			"Write `name=value`.",
		],
		(host, report) => {
			const settings = wordsOfSysctl(textOf(host, host.sysctl.path));
			for (const [i, { name, value, span: place }] of settings.entries()) {
				const next = settings[i + 1];
				if (value !== undefined || !name.includes(".") || next?.name !== "") continue;
				report({ file: host.sysctl.path, span: place }, msg("This sets nothing: no blanks may stand around the equals sign"), {
					fixes: [fixOfWords(host.sysctl.path, settings, i)],
				});
			}
		},
	),

	"host/sysctl-line": warning(
		[
			"A setting of sysctl.conf that is not read",
			"Since OpenBSD 7.7, `sysctl -f` reads the first word of each line, and takes a line with a blank in front for empty.",
			"Write each setting at the start of a line of its own.",
		],
		(host, report) => {
			const { path: file } = host.sysctl;
			const text = textOf(host, file);
			const { emptied, unread } = readSysctlFile(text, host.source.release);
			for (const { text: line, span: at } of emptied) {
				if (!line.includes("=")) continue;
				const start = text.lastIndexOf("\n", at.start - 1) + 1;
				report({ file, span: at }, msg("sysctl takes this line for empty: it has a blank in front"), {
					fixes: [{ title: msg("Delete the blanks in front"), edits: [{ file, span: span(start, at.start), text: "" }], preferred: true }],
				});
			}
			for (const { text: word, span: at } of unread) {
				if (!/^[a-z]\w*\.\S+=\S/.test(word)) continue;
				const before = text.slice(0, at.start).trimEnd().length;
				report({ file, span: at }, msg("sysctl does not read this: only the first word of a line"), {
					fixes: [
						{ title: msg("Put it on a line of its own"), edits: [{ file, span: span(before, at.start), text: "\n" }], preferred: true },
					],
				});
			}
		},
	),

	"host/sysctl-name": warning(
		[
			"A name in sysctl.conf that the host does not have",
			"sysctl(8) does not know such a name in this release, and the setting is not made.",
			"Correct the name, or delete the line.",
		],
		(host, report) => {
			const known = ["net.inet.ip.forwarding", "net.inet6.ip6.forwarding", "net.inet.ip.mforwarding", "net.inet6.ip6.mforwarding"];
			const { release = newestRelease } = host.source;
			for (const { name, span: place } of host.sysctl.value ?? []) {
				if (known.includes(name)) continue;
				const other = sysctlNames.find((one) => one.name === name);
				if (other !== undefined && !isKnownTo(release, other)) {
					const at: Place = { file: host.sysctl.path, span: span(place.start, place.start + name.length) };
					const { until = "", since = "", instead } = other;
					const gone = until !== "" && !isKnownTo(release, { until });
					const message = gone
						? msg("{0} is gone since OpenBSD {1}", name, until)
						: msg("{0} came with OpenBSD {1}; {2} does not have it", name, since, release);
					report(
						at,
						message,
						instead === undefined
							? quickFix(msg("Remove this line"), withoutLine(host, at))
							: quickFix(msg("Write {0}", instead), { file: at.file, span: at.span, text: instead }),
					);
				}
				// Others of the many names there are told by the host alone.
				const meant = known.slice(0, 2).find((one) => differsLittle(name, one));
				if (meant === undefined) continue;
				const at: Place = { file: host.sysctl.path, span: span(place.start, place.start + name.length) };
				report(at, msg("{0} is not a setting of the kernel", name), {
					fixes: [{ title: msg("Write {0}", meant), edits: [{ file: at.file, span: at.span, text: meant }], preferred: true }],
				});
			}
		},
	),

	"host/dhcp-wrong-segment": warning(
		[
			"A fixed address of another segment",
			"The guest's interface is in a segment with another network than its fixed address: dhcpd does not give it out there.",
			"Plug the guest into the right switch, or correct the address.",
		],
		(host, report) => {
			for (const segment of host.segments) {
				const networks = segment.gateways.flatMap(({ config }) => config?.addresses ?? []).filter(({ family }) => family === "inet");
				if (networks.length === 0 || segment.uplinks.length > 0 || networks.some(({ ip, bits }) => ip === undefined || bits === undefined))
					continue;
				for (const plug of segment.plugs) {
					const fixed = fixedAddress(host, plug);
					if (
						fixed === undefined ||
						networks.some(({ ip, bits }) => ip !== undefined && bits !== undefined && inNetwork(fixed.ip, ip, bits))
					)
						continue;
					report(
						fixed.at,
						msg(
							"{0} is not in the network of {1}, where {2} is plugged in",
							formatIp(fixed.ip, "inet"),
							segment.link.name,
							plug.guest.name.value,
						),
						{
							related: [related(plug.nic.switch ?? plug.guest.name, msg("The guest's switch"))],
						},
					);
				}
			}
		},
	),

	"host/pf-off": warning(
		["pf is switched off", "With pf=NO, rc(8) never loads pf.conf: nothing is filtered and nothing translated.", "Remove the line."],
		(host, report) => {
			const variable = host.rc.value === undefined ? undefined : rcVariable(host.rc.value, "pf");
			if (variable === undefined || variable.value.toUpperCase() !== "NO" || !host.source.files.has(PF_CONF)) return;
			report(at(host.rc.path, variable), msg("pf.conf is never loaded: pf is switched off"), {
				related: [related({ file: PF_CONF, span: span(0, 0) }, msg("The rules"))],
			});
		},
	),

	"host/file-mode": warning(
		[
			"A file with more rights than OpenBSD expects",
			"security(8) reports pf.conf that others can read; netstart repairs hostname files that others can read, with a warning.",
			"Run chmod and chown on the host.",
		],
		(host, report) => {
			for (const [path, { mode, uid, gid }] of host.source.files) {
				if (mode === undefined) continue;
				const most = isHostnamePath(path) ? 0o640 : path === PF_CONF ? 0o600 : path === VM_CONF ? 0o644 : undefined;
				if (most === undefined) continue;
				const bits = mode & 0o777;
				const owned = (uid ?? 0) === 0 && (gid ?? 0) === 0;
				if ((bits & ~most) === 0 && owned) continue;
				report({ file: path, span: span(0, 0) }, msg("mode {0} is more than {1}", octal(bits), octal(most)), {
					advice: msg("On the host: chown root:wheel {0} && chmod {1} {0}", path, octal(most)),
				});
			}
		},
	),

	"host/readable-secret": warning(
		[
			"A key or password in a file that everybody can read",
			"Every user of the host, and everybody who breaks into one of its services, has it then.",
			"Take the rights of others away, and change the key: it may be known already.",
		],
		(host, report) => {
			for (const { path, secrets } of host.configs) {
				const { mode = 0 } = host.source.files.get(path) ?? {};
				if ((mode & 0o004) === 0) continue;
				for (const { value, ...at } of secrets) {
					report(at, msg("Every user of the host can read what follows {0}", value), {
						advice: msg("On the host: chmod 0640 {0}, and change the key.", path),
					});
				}
			}
		},
	),

	"host/shadowed-hostname": information(
		[
			"A hostname file that netstart does not read",
			"A name is letters and digits, or a MAC address in lower case; all others are passed over.",
			"Rename the file, or move it away.",
		],
		(host, report) => {
			for (const path of host.source.files.keys()) {
				const name = hostnameOf(path);
				if (name === undefined || name === "if" || !isHostnamePath(path)) continue;
				if (interfaceOfPath(path) !== undefined || isLladdrPath(path)) continue;
				report({ file: path, span: span(0, 0) }, msg("netstart does not read {0}", path));
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** Whether two names differ by one letter more, less, other or swapped. */
function differsLittle(a: string, b: string): boolean {
	if (a === b || Math.abs(a.length - b.length) > 1) return false;
	let head = 0;
	while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
	const [restA, restB] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
	return (restA.length <= 1 && restB.length <= 1) || (restA.length === 2 && restA === [...restB].reverse().join(""));
}

function normal(ethernet: string): string {
	return ethernet
		.toLowerCase()
		.split(":")
		.map((octet) => octet.padStart(2, "0"))
		.join(":");
}

function octal(mode: number): string {
	return `0${mode.toString(8)}`;
}

function fixOfWords(
	file: string,
	settings: readonly { readonly name: string; readonly value: string | undefined; readonly span: Place["span"] }[],
	index: number,
) {
	const [first, equals, value] = settings.slice(index, index + 3);
	const joined = equals?.value === "" ? value : equals;
	const text = `${first?.name ?? ""}=${joined?.value ?? joined?.name ?? ""}`;
	const edits = [{ file, span: span(first?.span.start ?? 0, joined?.span.end ?? first?.span.end ?? 0), text }];
	return { title: msg("Write `{0}`", text), edits, preferred: true };
}

/** Segments whose guests reach the outside through the host alone. */
function forwarding(host: Host, report: Parameters<HostCheck["run"]>[1], family: "inet" | "inet6", name: string): void {
	const settings = host.sysctl.value;
	if (settings === undefined || !hasWayOut(host)) return;
	const setting = sysctlSetting(settings, name);
	if (setting?.value === "1") return;
	const told = new Set<Segment>();
	for (const { segment, config, address } of guestNetworks(host)) {
		if (address.family !== family || !isRouted(segment) || told.has(segment)) continue;
		told.add(segment);
		const place = setting === undefined ? span(0, 0) : setting.span;
		report({ file: host.sysctl.path, span: place }, msg("Guests behind {0} reach the host alone: {1} is not 1", config?.name ?? "", name), {
			related: [related(address, msg("The guests' gateway"))],
			...quickFix(fixTitle.write(`${name}=1`), withSetting(host, name, "1")),
		});
	}
}

/** Whether the host has an interface beside those of its guests, to forward to. */
function hasWayOut({ configs, segments }: Host): boolean {
	const inside = new Set<InterfaceConfig | undefined>(segments.flatMap(({ gateways }) => gateways.map(({ config }) => config)));
	return configs.some((config) => !inside.has(config) && hasAddress(config));
}
