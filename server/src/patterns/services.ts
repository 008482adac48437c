/** sysctl.conf, rc.conf.local and dhcpd.conf. */

import { readDhcpd, servedNetwork } from "../host/dhcpd.ts";
import { rcVariable, readRcConf } from "../host/rc-conf.ts";
import { readSysctl, sysctlSetting } from "../host/sysctl.ts";
import { formatIp, inNetwork, parseIp4 } from "../pf/names/address.ts";
import { DHCPD_CONF, RC_CONF_LOCAL, SYSCTL_CONF } from "../text/host-paths.ts";
import type { Span } from "../text/span.ts";
import { type Draft, withLines } from "./draft.ts";
import type { AnsweredNetwork } from "./values.ts";

function replaced(text: string, { start, end }: Span, by: string): string {
	return text.slice(0, start) + by + text.slice(end);
}

export function ensureForwarding(draft: Draft): void {
	const text = draft.text(SYSCTL_CONF) ?? "";
	const name = "net.inet.ip.forwarding";
	const setting = sysctlSetting(readSysctl(text), name);
	if (setting === undefined) draft.write(SYSCTL_CONF, withLines(text, `${name}=1`));
	else if (setting.value !== "1") draft.write(SYSCTL_CONF, replaced(text, setting.span, `${name}=1`));
}

/** Makes rc(8) start vmd. */
export function ensureVmd(draft: Draft): void {
	const text = draft.text(RC_CONF_LOCAL) ?? "";
	const flags = rcVariable(readRcConf(text), "vmd_flags");
	if (flags === undefined) draft.write(RC_CONF_LOCAL, withLines(text, "vmd_flags="));
	else if (flags.value === "NO") draft.write(RC_CONF_LOCAL, replaced(text, flags.valueSpan, ""));
}

/** Makes rc(8) start dhcpd on an interface, beside those that it serves already. */
export function ensureDhcpd(draft: Draft, name: string): void {
	const text = draft.text(RC_CONF_LOCAL) ?? "";
	const flags = rcVariable(readRcConf(text), "dhcpd_flags");
	if (flags === undefined) draft.write(RC_CONF_LOCAL, withLines(text, `dhcpd_flags=${name}`));
	else if (flags.value === "NO" || flags.value === "") draft.write(RC_CONF_LOCAL, replaced(text, flags.valueSpan, name));
	else if (!flags.value.split(/\s+/).includes(name)) draft.write(RC_CONF_LOCAL, replaced(text, flags.valueSpan, `${flags.value} ${name}`));
}

/** Whether dhcpd.conf has a subnet with an address in it. */
export function isServed(draft: Draft, network: AnsweredNetwork): boolean {
	return subnetOf(draft, network) !== undefined;
}

function subnetOf(draft: Draft, network: AnsweredNetwork) {
	return readDhcpd(draft.text(DHCPD_CONF) ?? "").subnets.find((subnet) => {
		const served = servedNetwork(subnet);
		return served !== undefined && inNetwork(network.base, served.ip, served.bits);
	});
}

/** Makes dhcpd serve a network: addresses of its upper half are given out, those below are for guests by their MAC address. */
export function ensureSubnet(draft: Draft, network: AnsweredNetwork, resolver: string): void {
	if (isServed(draft, network)) return;
	const text = draft.text(DHCPD_CONF);
	const { first, last } = network.range;
	draft.write(
		DHCPD_CONF,
		withLines(
			text === undefined ? "" : withLines(text, ""),
			`subnet ${formatIp(network.base, "inet")} netmask ${network.mask} {`,
			`\toption routers ${network.gateway};`,
			`\toption domain-name-servers ${resolver};`,
			`\trange ${first} ${last};`,
			"}",
		),
	);
}

/** Gives a guest its address; nothing where its MAC address has one already. */
export function ensureLease(draft: Draft, network: AnsweredNetwork, guest: string, lladdr: string, address: string): void {
	const text = draft.text(DHCPD_CONF) ?? "";
	const { hosts } = readDhcpd(text);
	if (hosts.some(({ ethernet }) => ethernet?.text.toLowerCase() === lladdr)) return;
	const subnet = subnetOf(draft, network);
	if (subnet === undefined) return;
	const taken = new Set(hosts.map(({ name }) => name.text));
	let name = guest;
	for (let i = 2; taken.has(name); i++) name = `${guest}-${i}`;
	const block = `\n\thost ${name} {\n\t\thardware ethernet ${lladdr};\n\t\tfixed-address ${address};\n\t}\n`;
	const brace = text.lastIndexOf("}", subnet.span.end);
	draft.write(DHCPD_CONF, text.slice(0, brace) + block + text.slice(brace));
}

/** The address that dhcpd.conf gives to a MAC address. */
export function leaseOf(draft: Draft, lladdr: string): string | undefined {
	const { hosts } = readDhcpd(draft.text(DHCPD_CONF) ?? "");
	return hosts.find(({ ethernet }) => ethernet?.text.toLowerCase() === lladdr)?.addresses[0]?.text;
}

/** The lowest address for guests that nobody has, outside of what dhcpd gives out. */
export function freeAddress(draft: Draft, network: AnsweredNetwork, taken: ReadonlySet<string>): string | undefined {
	const { hosts, subnets } = readDhcpd(draft.text(DHCPD_CONF) ?? "");
	const fixed = new Set(hosts.flatMap(({ addresses }) => addresses.map(({ text }) => text)));
	const ranges = subnets.flatMap((subnet) =>
		subnet.ranges.flatMap(({ from, to }) => {
			const low = parseIp4(from.text);
			const high = parseIp4(to.text);
			return low === undefined || high === undefined ? [] : [{ low: low.a >>> 0, high: high.a >>> 0 }];
		}),
	);
	for (const address of network.guestAddresses()) {
		const word = (parseIp4(address)?.a ?? 0) >>> 0;
		if (!fixed.has(address) && !taken.has(address) && !ranges.some(({ low, high }) => low <= word && word <= high)) return address;
	}
	return undefined;
}
