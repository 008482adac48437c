/** Snippets take the names of the host where exactly one fits, and keep their defaults where none or several do. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how placeholders of snippets are written
import { describe, expect, it } from "vitest";
import { CompletionItemKind } from "vscode-languageserver";
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
