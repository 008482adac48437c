/** A machine for tests of pf: its interfaces, names and files. */
import type { HostInterface } from "../../text/language.ts";
import type { DryRunOptions } from "./dryrun.ts";

const UP = 0x43;
const LOOPBACK = 0x49;
const POINT_TO_POINT = 0x51;

const INTERFACES: readonly HostInterface[] = [
	{
		name: "lo0",
		index: 1,
		flags: LOOPBACK,
		groups: ["lo"],
		addresses: [
			{ family: "inet6", address: "::1", prefixLength: 128, scopeId: 0 },
			{ family: "inet6", address: "fe80::1", prefixLength: 64, scopeId: 1 },
			{ family: "inet", address: "127.0.0.1", netmask: "255.0.0.0", broadcast: null, peer: null },
		],
	},
	{
		name: "em0",
		index: 2,
		flags: UP,
		groups: ["egress"],
		addresses: [
			{ family: "inet", address: "192.0.2.2", netmask: "255.255.255.0", broadcast: "192.0.2.255", peer: null },
			{ family: "inet", address: "192.0.2.3", netmask: "255.255.255.255", broadcast: "192.0.2.3", peer: null },
			{ family: "inet6", address: "fe80::2", prefixLength: 64, scopeId: 2 },
			{ family: "inet6", address: "2001:db8::2", prefixLength: 64, scopeId: 0 },
		],
	},
	{
		name: "em1",
		index: 3,
		flags: UP,
		groups: [],
		addresses: [{ family: "inet", address: "10.0.0.1", netmask: "255.255.255.0", broadcast: "10.0.0.255", peer: null }],
	},
	{
		name: "tun0",
		index: 4,
		flags: POINT_TO_POINT,
		groups: ["tun"],
		addresses: [{ family: "inet", address: "10.9.0.1", netmask: "255.255.255.255", broadcast: null, peer: "10.9.0.2" }],
	},
];

export const FILES: ReadonlyMap<string, string> = new Map([
	["/etc/empty.conf", ""],
	["/etc/pass.conf", "pass out\n"],
	["/etc/typo.conf", "block\npass in form any\n"],
	["/etc/circle.conf", 'include "/etc/circle.conf"\n'],
	["/etc/addresses", "10.0.0.0/8 !10.1.0.0/16 # all but one\n2001:db8::1\n"],
	["/etc/names", "10.0.0.1\nnosuchhost\n"],
	["/etc/weighed", "10.0.0.1 weight 65535 10.0.0.2 weight 1\n"],
	["/etc/heavy", "10.0.0.1 weight 65536\n"],
	["/etc/pf.os", "16384:64:1:64:M*,N,N,S,N,W3,N,N,T:OpenBSD:3.0-3.4::OpenBSD 3.0\n"],
]);

/** What is known of the machine; everything else is known not to be there. */
export const MACHINE: DryRunOptions = {
	interfaces: INTERFACES,
	users: { root: 0, www: 67 },
	groups: { wheel: 0, www: 67 },
	readFile: (path) => FILES.get(path),
};
