/** What the rules of a host must let through for its guests, and for those who look after it. */

import { hostnamePath } from "../hostname/names.ts";
import { inNetwork, networkText, parseIp4 } from "../pf/names/address.ts";
import type { EndpointMatch, Ip } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import { error, type HostCheck, information, warning } from "./check.ts";
import { filterOf } from "./filter.ts";
import { lineOfPfConf, renamedIn, withSetting } from "./fixes.ts";
import { sysctlSetting } from "./sysctl.ts";
import { missingUplink, uplinkFile } from "./uplink.ts";

/** The networks of local interfaces are in it where vm.conf does not say another (usr.sbin/vmd/vmd.h, VMD_DHCP_PREFIX). */
const LOCAL_PREFIX = "100.64.0.0/10";

/** Where the first rule of pf.conf begins. */
const FIRST_RULE = /^[ \t]*(block|pass|match|anchor|antispoof)\b/m;

export const reachChecks = {
	"host/nat-without-forwarding": error(
		[
			"Translation on a host that does not forward",
			"Packets are not forwarded without net.inet.ip.forwarding=1, so there is nothing to translate.",
			"Write it into sysctl.conf.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const settings = host.sysctl.value;
			if (filter === undefined || settings === undefined) return;
			const setting = sysctlSetting(settings, "net.inet.ip.forwarding");
			const translation = filter.rules.find(({ rule }) => rule.nat !== undefined && rule.afTo === undefined);
			if (setting?.value === "1" || translation === undefined) return;
			report(filter.pf.place(translation.rule), msg("The host does not forward: net.inet.ip.forwarding is not 1"), {
				related: [related({ file: host.sysctl.path, span: setting?.span ?? span(0, 0) }, msg("The kernel's settings"))],
				...quickFix(fixTitle.write("net.inet.ip.forwarding=1"), withSetting(host, "net.inet.ip.forwarding", "1")),
			});
		},
	),

	"host/no-uplink": information(
		[
			"No hostname file leads outside",
			"Rules speak of the way outside, and no hostname file gives an interface to it an address: `egress` is not an interface, and what passes there cannot be told. An interface that translation or a rule for packets out names is taken for it. It depends on whether the folder has all files of the host.",
			"Add the uplink's hostname file.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const missing = missingUplink(host);
			if (filter === undefined || missing === undefined) return;
			const { name } = missing;
			const file = hostnamePath(name);
			if (missing.rule !== undefined) {
				const place = filter.pf.place(missing.rule);
				const { span: at } = renamedIn(host, place, name, name) ?? place;
				report({ file: place.file, span: at }, msg("{0} is taken for the way outside: there is no {1}", name, file), {
					advice: msg("It is taken to get its address from there."),
					fixes: [uplinkFile(name)],
				});
				return;
			}
			const outward = filter.rules.find(({ rule }) => rule.interface === "egress" || rule.nat !== undefined);
			if (outward === undefined) return;
			report(filter.pf.place(outward.rule), msg("No hostname file leads outside: egress is not an interface"), {
				advice: msg("Add the uplink's hostname file; {0} is the next of this machine's devices.", name),
				fixes: [uplinkFile(name)],
			});
		},
	),

	"host/no-nat": warning(
		[
			"A private guest network without translation",
			"Replies to private addresses never come back from the outside.",
			"Add `match out on egress inet from NETWORK nat-to (egress)`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined || filter.pf.incomplete === true) return;
			// A rule may translate some addresses of a network and leave the others to the host.
			const isTranslated = (ip: Ip, bits: number): boolean =>
				filter.rules.some(
					({ rule: { nat, family, source } }) => nat !== undefined && family !== "inet6" && (source.negated || meets(source, ip, bits)),
				);
			const translating = (ip: Ip, bits: number) =>
				quickFix(
					msg("Translate what comes from {0}", networkText(ip, bits, "inet")),
					lineOfPfConf(host, FIRST_RULE, `match out on egress inet from ${networkText(ip, bits, "inet")} nat-to (egress)`),
				);
			for (const segment of host.segments) {
				if (segment.uplinks.length > 0 || segment.plugs.length === 0) continue;
				for (const { config } of segment.gateways) {
					for (const address of config?.addresses ?? []) {
						const { ip, bits, family } = address;
						if (ip === undefined || bits === undefined || family !== "inet" || !isPrivate(ip) || isTranslated(ip, bits)) continue;
						report(address, msg("No rule translates what comes from {0}", `${address.text}/${bits}`), {
							advice: msg("The guests behind {0} reach the host and what knows a route back, but not the Internet.", config?.name ?? ""),
							...translating(ip, bits),
						});
					}
				}
			}
			const nic = host.vm.guests.flatMap(({ interfaces }) => interfaces).find(({ local }) => local !== undefined);
			const [, network = "", length = ""] = /^([\d.]+)\/(\d+)$/.exec(host.vm.localPrefix?.value ?? LOCAL_PREFIX) ?? [];
			const ip = parseIp4(network);
			if (nic?.local === undefined || ip === undefined || !isPrivate(ip) || missingUplink(host) !== undefined) return;
			const bits = Number(length);
			if (isTranslated(ip, bits)) return;
			report({ file: nic.file, span: nic.local }, msg("No rule translates what comes from {0}", networkText(ip, bits, "inet")), {
				advice: msg("Guests with a local interface reach the host, but not the Internet."),
				...translating(ip, bits),
			});
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** RFC 1918, and the shared space of RFC 6598. */
function isPrivate({ a }: Ip): boolean {
	const word = a >>> 0;
	return word >>> 24 === 10 || word >>> 20 === 0xac1 || word >>> 16 === 0xc0a8 || word >>> 22 === 0x191;
}

/** Whether a rule's source may be an address of a network. */
function meets({ address }: EndpointMatch, ip: Ip, bits: number): boolean {
	return address.kind !== "network" || inNetwork(ip, address.address, Math.min(bits, address.bits));
}
