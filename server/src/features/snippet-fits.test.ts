/** Snippets take the names of the host where exactly one fits, and keep their defaults where none or several do. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how placeholders of snippets are written
import { describe, expect, it } from "vitest";
import { CompletionItemKind } from "vscode-languageserver-types";
import { insertedText, withDefaults } from "../text/snippet.ts";
import { completion } from "./completion.ts";
import { open } from "./testing.ts";

const uplink = "//- /etc/hostname.ix0\ninet 203.0.113.10/24\n";
const lan = "//- /etc/hostname.ix1\nup\n";
const vlan = "//- /etc/hostname.vlan7\nvnetid 7\nparent ix1\nup\n";
const bridged = `${uplink}${lan}//- /etc/hostname.veb3\nlink1\nadd ix1\nup\n`;
const port = "//- /etc/hostname.vport2\ninet 10.7.0.1/24\nup\n";
const routed = `${uplink}${port}//- /etc/hostname.veb4\nlink1\nadd vport2\nup\n`;
const vm = (bridge: string): string =>
	`//- /etc/vm.conf\nswitch "dmz" {\n\tinterface ${bridge}\n\tgroup dmz\n}\nvm "mail" {\n\tdisk "/m.img"\n\tinterface tap5 {\n\t\tswitch "dmz"\n\t\tlladdr fe:e1:bb:00:00:07\n\t}\n}\n`;
const dhcpd =
	"//- /etc/dhcpd.conf\nsubnet 10.7.0.0 netmask 255.255.255.0 {\n\thost mail {\n\t\thardware ethernet fe:e1:bb:00:00:07;\n\t\tfixed-address 10.7.0.9;\n\t}\n}\n";

/** Two guests, of which the second's lease may be another, or none. */
const pair = (bridge: string, second = "10.7.0.8"): string =>
	`${vm(bridge)}vm "list" {\n\tdisk "/l.img"\n\tinterface tap6 {\n\t\tswitch "dmz"\n\t\tlladdr fe:e1:bb:00:00:08\n\t}\n}\n${dhcpd.replace(
		/}\n$/,
		second === "" ? "}\n" : `\thost list {\n\t\thardware ethernet fe:e1:bb:00:00:08;\n\t\tfixed-address ${second};\n\t}\n}\n`,
	)}`;
const gateway = port.replace("inet", "lladdr fe:e1:bb:00:00:fe\ninet");

const table: Readonly<Record<string, { host: string; file: string; prefix: string; has: readonly string[] }>> = {
	"an empty host: the defaults": { host: "", file: "/etc/pf.conf", prefix: "pattern-bridged", has: ['lan = "em1"', "pass out on em0"] },
	"the uplink, the LAN and the group of the switch": {
		host: bridged + vm("veb3"),
		file: "/etc/pf.conf",
		prefix: "pattern-bridged",
		has: ['lan = "ix1"', "pass out on ix0", "pass in on dmz inet"],
	},
	"two ports to the LAN: which one is not known": {
		host: `${bridged}//- /etc/hostname.ix2\nup\n`,
		file: "/etc/pf.conf",
		prefix: "pattern-bridged",
		has: ['lan = "em1"', "pass out on ix0"],
	},
	"the VLAN, and not its parent": {
		host: uplink + lan + vlan,
		file: "/etc/hostname.veb0",
		prefix: "pattern-bridged-vlan",
		has: ["add vlan7"],
	},
	"the trunk of a VLAN": { host: uplink + lan, file: "/etc/hostname.vlan7", prefix: "vlan", has: ["parent ix1"] },
	"the veb that no switch stands on": { host: bridged, file: "/etc/vm.conf", prefix: "pattern-bridged", has: ["\tinterface veb3"] },
	"not a veb of another pattern": { host: bridged, file: "/etc/vm.conf", prefix: "pattern-routed-nat", has: ["\tinterface veb1"] },
	"the host's port that stands alone": { host: port, file: "/etc/hostname.veb4", prefix: "pattern-routed-nat", has: ["add vport2"] },
	"a bridge takes no vport": { host: port, file: "/etc/hostname.bridge4", prefix: "pattern-routed-nat-vether", has: ["add vether0"] },
	"the gateway, its address and its network": {
		host: routed + vm("veb4"),
		file: "/etc/pf.conf",
		prefix: "pattern-routed-nat",
		has: [
			'guests = "10.7.0.0/24"',
			"pass in on vport2 inet from $guests to any",
			"pass in quick on dmz inet proto udp from any port 68 to { 255.255.255.255 10.7.0.1 } port 67 no state",
		],
	},
	"an anchor file's own guest, with its tap and its lease": {
		host: routed + vm("veb4") + dhcpd,
		file: "/etc/pf.vm/mail.conf",
		prefix: "guest-anchor",
		has: ["# mail: a service for everybody, and what it reaches itself", 'tap = "tap5"', 'ip  = "10.7.0.9"'],
	},
	"an anchor file of a guest that is not there: the defaults": {
		host: routed + vm("veb4") + dhcpd,
		file: "/etc/pf.vm/web01.conf",
		prefix: "guest-anchor",
		has: ['tap = "tap3"', 'ip  = "10.50.0.20"', "pass in on $tap inet from $ip to ! 10.7.0.0/24"],
	},
	"a neighbour's lease, which the service is for": {
		host: routed + pair("veb4"),
		file: "/etc/pf.vm/list.conf",
		prefix: "guest-anchor-neighbour",
		has: ['tap = "tap6"', 'ip  = "10.7.0.8"', "pass out on $tap inet proto tcp from 10.7.0.9 to $ip port 3306"],
	},
	"a neighbour that is asked": {
		host: routed + pair("veb4"),
		file: "/etc/pf.vm/mail.conf",
		prefix: "guest-anchor-vether",
		has: ["pass in on $tap inet proto tcp from $ip to 10.7.0.8 port 3306"],
	},
	"no neighbour without a lease": {
		host: routed + pair("veb4", ""),
		file: "/etc/pf.vm/mail.conf",
		prefix: "guest-anchor",
		has: ["pass in on $tap inet proto tcp from $ip to 10.50.0.30 port 3306"],
	},
	"both guests' anchors, and the first one's port": {
		host: routed + pair("veb4"),
		file: "/etc/pf.conf",
		prefix: "pattern-microsegmentation",
		has: [
			"pass in on $wan inet proto tcp to ($wan) port { 80 443 } rdr-to 10.7.0.9",
			'load anchor "vm/mail" from "/etc/pf.vm/mail.conf"',
			'load anchor "vm/list" from "/etc/pf.vm/list.conf"',
		],
	},
	"the one guest behind the host, to which a port is forwarded": {
		host: routed + vm("veb4") + dhcpd,
		file: "/etc/pf.conf",
		prefix: "rdr",
		has: ["pass in on egress inet proto tcp to (egress) port 443 rdr-to 10.7.0.9"],
	},
	"which of two guests a port is forwarded to is not known": {
		host: routed + pair("veb4"),
		file: "/etc/pf.conf",
		prefix: "rdr",
		has: ["pass in on egress inet proto tcp to (egress) port 443 rdr-to 10.50.0.20"],
	},
	"the rule of the one guest: its tap and its lease": {
		host: routed + vm("veb4") + dhcpd,
		file: "/etc/pf.conf",
		prefix: "pass-to-guest",
		has: ["pass out on tap5 inet proto tcp from any to 10.7.0.9 port { 80 443 }"],
	},
	"a veb's guests: taps, MAC addresses and leases, and those of the host's port": {
		host: uplink + gateway + pair("veb4"),
		file: "/etc/hostname.veb4",
		prefix: "pattern-microsegmentation",
		has: [
			"add vport2",
			"add tap6",
			"add tap5",
			"static vport2 fe:e1:bb:00:00:fe",
			"static tap6 fe:e1:bb:00:00:08",
			"-learn tap5",
			"rule pass in on tap5 src fe:e1:bb:00:00:07 arp sha fe:e1:bb:00:00:07 spa 10.7.0.9",
			"rule pass in on tap6 src fe:e1:bb:00:00:08 arp sha fe:e1:bb:00:00:08 spa 10.7.0.8",
		],
	},
	"a bridge's guests, whose frames get their names": {
		host: uplink + pair("bridge4"),
		file: "/etc/hostname.bridge4",
		prefix: "pattern-microsegmentation-vether",
		has: [
			"rule pass in on tap5 src fe:e1:bb:00:00:07 tag mail",
			"rule pass in on tap6 src fe:e1:bb:00:00:08 tag list",
			"rule pass in on tap6 src fe:e1:bb:00:00:08 arp sha fe:e1:bb:00:00:08 spa 10.7.0.8",
		],
	},
	"one guest on a veb: the defaults, which go together": {
		host: uplink + gateway + vm("veb4"),
		file: "/etc/hostname.veb4",
		prefix: "pattern-microsegmentation",
		has: ["add tap2", "add tap3", "static tap3 fe:e1:bb:d1:00:01"],
	},
	"guests of another bridge: the defaults": {
		host: uplink + pair("bridge4"),
		file: "/etc/hostname.bridge5",
		prefix: "pattern-microsegmentation-vether",
		has: ["add tap3", "rule pass in on tap3 src fe:e1:bb:d1:00:01 tag web01"],
	},
	"the guest of a tap": { host: vm("veb4"), file: "/etc/hostname.tap5", prefix: "tap", has: ["# mail (vm.conf pins it)"] },
};

describe("a snippet is offered with", () => {
	it.each(Object.entries(table))("%s", async (_, { host, file: path, prefix, has }) => {
		const { session, file, offset } = await open(`${host}//- ${path}\n|`);
		const item = completion(session, file, offset).items.find(({ label, kind }) => label === prefix && kind === CompletionItemKind.Snippet);
		const lines = insertedText(item?.textEdit?.newText ?? "").split("\n");
		for (const line of has) expect(lines).toContain(line);
	});

	it("a free tap and MAC address beside another guest", async () => {
		const { session, file, offset } = await open(`${bridged}${vm("veb3")}|`);
		const item = completion(session, file, offset).items.find(({ label }) => label === "vm-pinned");
		const text = insertedText(item?.textEdit?.newText ?? "");
		expect(text).toContain('switch "dmz"');
		expect(text).not.toMatch(/tap5|fe:e1:bb:00:00:07|tap3/);
	});

	it("two of each for two guests", async () => {
		const { session, file, offset } = await open(`${routed}${vm("veb4")}|`);
		const item = completion(session, file, offset).items.find(({ label }) => label === "pattern-microsegmentation");
		const text = insertedText(item?.textEdit?.newText ?? "");
		for (const pattern of [/interface (tap\d+)/g, /lladdr (\S+)/g]) {
			const names = [...text.matchAll(pattern)].map(([, name]) => name);
			expect(new Set([...names, "tap5", "fe:e1:bb:00:00:07"]).size).toBe(4);
		}
	});
});

it.each([
	["${1:a} $1 ${2:b}", "${1:x} $1 ${2:b}"],
	["\\${1:a}", "\\${1:a}"],
	["${1|a,x,b|}", "${1|x,a,b|}"],
	["${1|a,b|}", "${1|x,a,b|}"],
	["${1:{ a \\}} c", "${1:x} c"],
])("a default is replaced: %s", (body, text) => {
	expect(withDefaults(body, new Map([[1, "x"]]))).toBe(text);
});

it("a default is data: what it is made of starts no placeholder", () => {
	const body = withDefaults("${1:a}", new Map([[1, "${2:b}\\"]]));
	expect(insertedText(body)).toBe("${2:b}\\");
});
