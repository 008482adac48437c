/** Sets of snippets that go together: each makes a host of one of the patterns out of an empty folder. */
import { hostnameSnippets } from "../../server/src/hostname/snippets.ts";
import { pfSnippets } from "../../server/src/pf/snippets.ts";
import { insertedChoices, insertedText, type Snippet } from "../../server/src/text/snippet.ts";
import { vmSnippets } from "../../server/src/vm/snippets.ts";

/** A host of snippets. */
export interface SnippetSet {
	/** The prefix of the snippet for each file; of a choice, the word that is taken instead of the first. */
	readonly snippets: Readonly<Record<string, string | readonly [prefix: string, choice: string]>>;
	/** What the host has beside them: no snippet is for these files. */
	readonly beside: Readonly<Record<string, string>>;
	readonly tests: readonly string[];
}

const uplink = { "/etc/hostname.em0": "inet autoconf\n", "/etc/rc.conf.local": "vmd_flags=\n" };

function lease(name: string, lladdr: string, address: string): string {
	return `\thost ${name} {\n\t\thardware ethernet ${lladdr};\n\t\tfixed-address ${address};\n\t}\n`;
}

function routed(gateway: string, ...leases: readonly string[]): Readonly<Record<string, string>> {
	return {
		...uplink,
		"/etc/rc.conf.local": `vmd_flags=\ndhcpd_flags=${gateway}\n`,
		"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
		"/etc/dhcpd.conf": `subnet 10.50.0.0 netmask 255.255.255.0 {\n\toption routers 10.50.0.1;\n\toption domain-name-servers 9.9.9.9;\n\trange 10.50.0.100 10.50.0.199;\n${leases.join("")}}\n`,
	};
}

const web01 = lease("web01", "fe:e1:bb:d1:00:01", "10.50.0.20");
const db01 = lease("db01", "fe:e1:bb:d1:00:02", "10.50.0.30");

const onTheLan = ["web01 outside tcp pass", "outside web01 tcp 22 80 443 pass", "outside web01 tcp 3306 block", "outside host tcp 22 pass"];
const behindTheHost = [
	"db01 outside tcp pass",
	"db01 outside udp 53 pass",
	"db01 host any block",
	"outside db01 any block",
	"outside host tcp 22 pass",
];
const apart = [
	"outside web01 tcp 80 443 pass",
	"outside web01 tcp 8080 block",
	"outside db01 any block",
	"web01 db01 tcp 3306 pass",
	"web01 db01 tcp 22 block",
	"db01 web01 any block",
	"any guest host any block",
	"any guest outside tcp pass",
	"outside host tcp 22 pass",
];

const lan = { "/etc/hostname.em1": "member", "/etc/pf.conf": "pattern-bridged" };
const vlan = { "/etc/hostname.em1": "member", "/etc/hostname.vlan10": "vlan", "/etc/pf.conf": "pattern-bridged-vlan" };
const taps = { "/etc/hostname.tap2": "tap", "/etc/hostname.tap3": "tap" };

const onVeb: SnippetSet = {
	snippets: {
		...taps,
		"/etc/hostname.vport0": "vport",
		"/etc/hostname.veb1": "pattern-microsegmentation",
		"/etc/vm.conf": "pattern-microsegmentation",
		"/etc/pf.conf": "pattern-microsegmentation",
		"/etc/pf.vm/web01.conf": "guest-anchor",
		"/etc/pf.vm/db01.conf": "guest-anchor-neighbour",
	},
	beside: routed("vport0", web01, db01),
	tests: apart,
};

const onVether: SnippetSet = {
	snippets: {
		...taps,
		"/etc/hostname.vether0": "vport",
		"/etc/hostname.bridge1": "pattern-microsegmentation-vether",
		"/etc/vm.conf": ["pattern-microsegmentation", "bridge1"],
		"/etc/pf.conf": "pattern-microsegmentation-vether",
		"/etc/pf.vm/web01.conf": "guest-anchor-vether",
		"/etc/pf.vm/db01.conf": "guest-anchor-neighbour-vether",
	},
	beside: routed("vether0", web01, db01),
	tests: apart,
};

export const sets: Readonly<Record<string, SnippetSet>> = {
	"bridged guests": {
		snippets: { ...lan, "/etc/hostname.veb0": "pattern-bridged", "/etc/vm.conf": "pattern-bridged" },
		beside: uplink,
		tests: onTheLan,
	},
	"bridged guests, on a bridge": {
		snippets: { ...lan, "/etc/hostname.bridge0": "bridge-lan", "/etc/vm.conf": ["pattern-bridged", "bridge0"] },
		beside: uplink,
		tests: onTheLan,
	},
	"guests on one VLAN": {
		snippets: { ...vlan, "/etc/hostname.veb0": "pattern-bridged-vlan", "/etc/vm.conf": "pattern-bridged-vlan" },
		beside: uplink,
		tests: onTheLan,
	},
	"guests on one VLAN, on a bridge": {
		snippets: { ...vlan, "/etc/hostname.bridge0": "bridge-vlan", "/etc/vm.conf": ["pattern-bridged-vlan", "bridge0"] },
		beside: uplink,
		tests: onTheLan,
	},
	"guests in VLANs of one veb": {
		snippets: {
			"/etc/hostname.em1": "member",
			"/etc/hostname.tap1": "tap",
			"/etc/hostname.tap2": "tap",
			"/etc/hostname.veb0": "pattern-vlans",
			"/etc/vm.conf": "pattern-vlans",
			"/etc/pf.conf": "pattern-vlans",
		},
		beside: {
			"/etc/hostname.em0": "inet autoconf\n",
			"/etc/hostname.vport10": "lladdr fe:e1:bb:d1:00:fe\ninet 10.50.10.1/24\nup\n",
			"/etc/hostname.vport20": "lladdr fe:e1:bb:d1:00:ff\ninet 10.50.20.1/24\nup\n",
			"/etc/rc.conf.local": "vmd_flags=\ndhcpd_flags=vport10 vport20\n",
			"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
			"/etc/dhcpd.conf": [10, 20]
				.map(
					(vlan) =>
						`subnet 10.50.${vlan}.0 netmask 255.255.255.0 {\n\toption routers 10.50.${vlan}.1;\n\toption domain-name-servers 9.9.9.9;\n\trange 10.50.${vlan}.100 10.50.${vlan}.199;\n}\n`,
				)
				.join(""),
		},
		tests: [
			"web01 outside tcp pass",
			"db01 outside tcp pass",
			"any guest host any block",
			"outside web01 any block",
			"outside db01 any block",
			"web01 db01 any block",
			"db01 web01 any block",
			"outside host tcp 22 pass",
		],
	},
	"routed guests": {
		snippets: {
			"/etc/hostname.vport0": "vport",
			"/etc/hostname.veb1": "pattern-routed-nat",
			"/etc/vm.conf": "pattern-routed-nat",
			"/etc/pf.conf": "pattern-routed-nat",
		},
		beside: routed("vport0", db01),
		tests: behindTheHost,
	},
	"routed guests on bridge and vether": {
		snippets: {
			"/etc/hostname.vether0": "vport",
			"/etc/hostname.bridge1": "pattern-routed-nat-vether",
			"/etc/vm.conf": ["pattern-routed-nat", "bridge1"],
			"/etc/pf.conf": "pattern-routed-nat-vether",
		},
		beside: routed("vether0", db01),
		tests: behindTheHost,
	},
	"micro-segmentation": onVeb,
	"micro-segmentation on bridge and vether": onVether,
};

export function snippetFor(path: string, prefix: string): Snippet {
	const list = path === "/etc/vm.conf" ? vmSnippets : path.startsWith("/etc/hostname.") ? hostnameSnippets : pfSnippets;
	const found = list.find(({ prefixes }) => prefixes.includes(prefix));
	if (found === undefined) throw new Error(`${path}: no snippet ${prefix}`);
	return found;
}

/** What a snippet makes of a file. */
export function textFor(path: string, of: string | readonly [string, string]): string {
	if (typeof of === "string") return insertedText(snippetFor(path, of).body.join("\n"));
	const [prefix, word] = of;
	const found = insertedChoices(snippetFor(path, prefix).body.join("\n")).find(({ choice }) => choice === word);
	if (found === undefined) throw new Error(`${path}: ${prefix} has no choice ${word}`);
	return found.text;
}
