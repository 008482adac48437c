/** Files that are not there, in a folder that has the host's other files: what they would switch on is off. */

import { fixTitle, quickFix, related } from "../text/check.ts";
import { DHCPD_CONF, MYGATE, MYNAME, RC_CONF_LOCAL, SYSCTL_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import { type HostCheck, information, warning } from "./check.ts";
import { filterOf } from "./filter.ts";
import { lineAtEnd } from "./fixes.ts";
import type { Host } from "./model.ts";
import { rcVariable, servedInterfaces } from "./rc-conf.ts";

/** Files beside those of interfaces, guests and rules. */
const OTHERS = [RC_CONF_LOCAL, SYSCTL_CONF, MYGATE, MYNAME, DHCPD_CONF];

/** Whether a file is missing among the host's own: interfaces, and one at least of the others that rc(8) reads. */
function isMissing({ source: { files }, interfacesKnown }: Host, path: string): boolean {
	return interfacesKnown && !files.has(path) && OTHERS.some((other) => other !== path && files.has(other));
}

export const absenceChecks = {
	"host/no-sysctl-conf": warning(
		[
			"Guests behind the host, and no sysctl.conf",
			"The kernel forwards nothing unless sysctl.conf sets net.inet.ip.forwarding=1, and a new system has no such file. The folder has the host's other files, and not this one.",
			"Write `net.inet.ip.forwarding=1` into /etc/sysctl.conf.",
		],
		(host, report) => {
			if (!isMissing(host, host.sysctl.path)) return;
			const filter = filterOf(host);
			const translation = filter?.rules.find(({ rule }) => rule.nat !== undefined && rule.afTo === undefined);
			const [gateway] = host.segments
				.filter(({ plugs, uplinks }) => plugs.length > 0 && uplinks.length === 0)
				.flatMap(({ gateways }) => gateways.flatMap(({ config }) => config?.addresses.filter(({ family }) => family === "inet") ?? []));
			if (gateway === undefined) return;
			const place = translation && filter ? filter.pf.place(translation.rule) : gateway;
			report(place, msg("The host does not forward: there is no {0}", host.sysctl.path), {
				advice: msg("Without net.inet.ip.forwarding=1, packets end at the host."),
				...quickFix(fixTitle.write("net.inet.ip.forwarding=1"), lineAtEnd(host, host.sysctl.path, "net.inet.ip.forwarding=1")),
				...(place === gateway ? {} : { related: [related(gateway, msg("The guests' gateway"))] }),
			});
		},
	),

	"host/sysctl-conf-elsewhere": information(
		[
			"Translation, and no sysctl.conf",
			"The kernel forwards nothing unless sysctl.conf sets net.inet.ip.forwarding=1. The folder has the host's other files, and not this one, which the host may have: it depends on that.",
			"Keep sysctl.conf beside the others, or write `net.inet.ip.forwarding=1` into it.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined || !isMissing(host, host.sysctl.path)) return;
			if (host.segments.some(({ plugs, uplinks, gateways }) => plugs.length > 0 && uplinks.length === 0 && gateways.length > 0)) return;
			const translation = filter.rules.find(({ rule }) => rule.nat !== undefined && rule.afTo === undefined);
			if (translation === undefined) return;
			report(
				filter.pf.place(translation.rule),
				msg("{0} is not in this folder: whether the host forwards is not known", host.sysctl.path),
				{
					advice: msg("Without net.inet.ip.forwarding=1, packets end at the host."),
				},
			);
		},
	),

	"host/no-rc-conf-local": information(
		[
			"Guests, and no rc.conf.local",
			"vmd is off unless rc.conf.local sets vmd_flags. The folder has the host's other files, and not this one; if the host has none either, no guest starts at boot.",
			"Run `rcctl enable vmd` on the host, or write `vmd_flags=` into /etc/rc.conf.local.",
		],
		(host, report) => {
			const [guest] = host.vm.guests;
			if (guest === undefined || !isMissing(host, host.rc.path)) return;
			report(guest.name, msg("Nothing enables vmd: there is no {0}", host.rc.path), {
				advice: msg("No guest starts at boot."),
				...quickFix(msg("Enable vmd"), lineAtEnd(host, host.rc.path, "vmd_flags=")),
			});
		},
	),

	"host/no-dhcpd-conf": warning(
		[
			"dhcpd without its file",
			"dhcpd exits where it cannot read /etc/dhcpd.conf. The folder has the host's other files, and not this one.",
			"Write /etc/dhcpd.conf with the subnet of each interface that dhcpd serves.",
		],
		(host, report) => {
			const flags = rcVariable(host.rc.value ?? [], "dhcpd_flags");
			if (flags === undefined || flags.value === "NO" || /(?:^|\s)-c/.test(flags.value) || !isMissing(host, host.dhcpd.path)) return;
			const [served] = servedInterfaces(host.rc.value ?? []);
			report(
				{ file: host.rc.path, span: served?.span ?? span(flags.span.start, flags.span.end) },
				msg("dhcpd does not start: there is no {0}", host.dhcpd.path),
			);
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;
