/** What the rules of a host must let through for its guests, and for those who look after it. */
import { formatIp, inNetwork, masked, parseIp4 } from "../pf/address.ts";
import type { EndMatch, Ip, Rule } from "../pf/rules.ts";
import { say } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { error, type HostCheck, seen, warning } from "./check.ts";
import { namedBy } from "./checked-rules.ts";
import { filterOf, isSweeping, takesPort } from "./filter.ts";
import { add, fixedBy, lineBelow, lineOfPfConf, withSetting, write } from "./fixes.ts";
import type { Host, Plug } from "./model.ts";
import { rcVariable } from "./rc-conf.ts";

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
			const setting = settings.findLast(({ name, value }) => name === "net.inet.ip.forwarding" && value !== undefined);
			const translation = filter.rules.find(({ rule }) => rule.nat !== undefined && rule.afTo === undefined);
			if (setting?.value === "1" || translation === undefined) return;
			report(filter.pf.place(translation.rule), say("The host does not forward: net.inet.ip.forwarding is not 1"), {
				related: [seen({ file: host.sysctl.path, span: setting?.span ?? span(0, 0) }, say("The kernel's settings"))],
				...fixedBy(write("net.inet.ip.forwarding=1"), withSetting(host, "net.inet.ip.forwarding", "1")),
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
			for (const segment of host.segments) {
				if (segment.uplinks.length > 0 || segment.plugs.length === 0) continue;
				for (const { config } of segment.gateways) {
					for (const address of config?.addresses ?? []) {
						const { ip, bits, family } = address;
						if (ip === undefined || bits === undefined || family !== "inet" || !isPrivate(ip)) continue;
						const translated = filter.rules.some(
							({ rule }) => rule.nat !== undefined && rule.family !== "inet6" && (rule.source.negated || meets(rule.source, ip)),
						);
						if (translated) continue;
						report(address, say("No rule translates what comes from {0}", `${address.text}/${bits}`), {
							advice: say("The guests behind {0} reach the host and what knows a route back, but not the Internet.", config?.name ?? ""),
							...fixedBy(
								say("Translate what comes from {0}", networkText(ip, bits)),
								lineOfPfConf(host, FIRST_RULE, `match out on egress inet from ${networkText(ip, bits)} nat-to (egress)`),
							),
						});
					}
				}
			}
		},
	),

	"host/ssh-locked-out": error(
		[
			"No way in by SSH",
			"Everything is blocked, and no rule passes TCP port 22 in: after loading, no new session reaches the host.",
			"Add `pass in proto tcp to port 22` on the interface that you come in by.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const block = filter?.rules.find(({ rule }) => rule.action === "block" && isSweeping(rule) && rule.direction !== "out");
			if (filter === undefined || filter.pf.incomplete === true || block === undefined) return;
			// Who comes in by a console only is not locked out.
			if (rcVariable(host.rc.value ?? [], "sshd_flags")?.value === "NO") return;
			const open = filter.rules.some(
				({ rule }) =>
					rule.action === "pass" &&
					rule.anchor === undefined &&
					rule.direction !== "out" &&
					(rule.protocol === 0 || rule.protocol === 6) &&
					filter.plugs(rule.interface).length === 0 &&
					takesPort(rule.destination, 22),
			);
			const place = filter.pf.place(block.rule);
			const rule = "pass in proto tcp to port ssh";
			if (!open)
				report(
					place,
					say("No rule passes SSH in: this ruleset locks its administrator out"),
					block.rule.quick ? {} : fixedBy(add(rule), lineBelow(host, place, rule)),
				);
		},
	),

	"host/dhcp-blocked": warning(
		[
			"Guests' DHCP requests are blocked",
			"A request is a broadcast that pf tests as it comes in on the guest's tap, whatever serves it.",
			"Pass UDP to port 67 in on the taps, and its flood out on the veb.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const block = filter?.rules.find(({ rule }) => rule.action === "block" && isSweeping(rule) && rule.direction !== "out");
			if (filter === undefined || filter.pf.incomplete === true || block === undefined || host.dhcpd.value === undefined) return;
			const passed = namedBy(filter, passesDhcp);
			for (const { link, kind, plugs, gateways } of host.segments) {
				if (kind === "veb" && !link.config?.links.has("link1")) continue;
				const served = gateways.some(({ config }) =>
					config?.addresses.some(({ ip, family }) => family === "inet" && ip !== undefined && isServed(host, ip)),
				);
				const plug = plugs.find(({ guest, nic }) => guest.disabled === undefined && !passed(nic));
				if (!served || plug === undefined) continue;
				report(
					filter.pf.place(block.rule),
					say('"{0}" gets no DHCP lease: nothing passes its requests in on its tap', plug.guest.name.value),
					{
						advice: say("Add `pass in quick on TAP inet proto udp from any port 68 to any port 67 no state`."),
						...passedDhcp(host, filter.pf.place(block.rule), plug),
						related: [seen(plug.nic.switch ?? plug.guest.name, say("The guest's interface"))],
					},
				);
				return;
			}
		},
	),

	"host/guest-cut-off": warning(
		[
			"A guest that nothing gets through to",
			"Everything is blocked, and no rule passes anything on the guest's tap.",
			"Add rules for the guest, in an anchor of its own.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (
				filter === undefined ||
				filter.pf.incomplete === true ||
				!filter.rules.some(({ rule }) => rule.action === "block" && isSweeping(rule) && rule.direction === undefined)
			)
				return;
			const passed = namedBy(filter, ({ action, anchor }) => action === "pass" && anchor === undefined);
			for (const { kind, link, plugs } of host.segments) {
				if (kind !== "veb" || !link.config?.links.has("link1")) continue;
				for (const { guest, nic } of plugs) {
					if (guest.disabled !== undefined) continue;
					if (!passed(nic))
						report(nic.switch ?? guest.name, say('No rule of pf.conf passes anything to or from "{0}" here', guest.name.value));
				}
			}
		},
	),
} as const satisfies Readonly<Record<string, HostCheck>>;

function networkText(ip: Ip, bits: number): string {
	return `${formatIp(masked(ip, bits), "inet")}/${bits}`;
}

function passedDhcp(host: Host, block: Place, { nic }: Plug) {
	const name = nic.tap?.value ?? nic.group?.value;
	const rule = `pass in quick on ${name} inet proto udp from any port 68 to any port 67 no state`;
	return name === undefined ? {} : fixedBy(add(rule), lineBelow(host, block, rule));
}

/** RFC 1918, and the shared space of RFC 6598. */
function isPrivate({ a }: Ip): boolean {
	const word = a >>> 0;
	return word >>> 24 === 10 || word >>> 20 === 0xac1 || word >>> 16 === 0xc0a8 || word >>> 22 === 0x191;
}

/** Whether a rule's source may be an address. */
function meets({ address }: EndMatch, ip: Ip): boolean {
	return address.kind !== "network" || inNetwork(ip, address.address, address.bits);
}

/** Whether dhcpd.conf has a subnet for an address. */
function isServed({ dhcpd }: Host, ip: Ip): boolean {
	return (dhcpd.value?.subnets ?? []).some(({ network, netmask }) => {
		const base = parseIp4(network.text);
		const mask = parseIp4(netmask.text);
		return base !== undefined && mask !== undefined && inNetwork(ip, base, Math.clz32(~mask.a));
	});
}

/** Whether a rule passes what a guest sends to a DHCP server. */
function passesDhcp({ action, anchor, direction, protocol, destination }: Rule): boolean {
	return (
		action === "pass" && anchor === undefined && direction !== "out" && (protocol === 0 || protocol === 17) && takesPort(destination, 67)
	);
}
