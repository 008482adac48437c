import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import type { RunOnHost } from "../live.ts";
import { askLoadedRules } from "../live.ts";
import { readRoutes } from "../live-routes.ts";
import { readLeases } from "./leases.ts";
import { verifyHost } from "./verify.ts";

/** A routed network behind vether0 with one guest, as files and as what the host answers. */
const files = {
	"/etc/hostname.em0": "inet 192.0.2.10/24\n",
	"/etc/hostname.vether0": "inet 10.50.0.1 255.255.255.0\nup\n",
	"/etc/hostname.bridge1": "add vether0\nup\n",
	"/etc/mygate": "192.0.2.1\n",
	"/etc/vm.conf":
		'switch "isolated" {\n\tinterface bridge1\n}\nvm "db01" {\n\tdisk "/var/vm/db01.img"\n\tinterface tap4 {\n\t\tswitch "isolated"\n\t\tlladdr fe:e1:bb:d1:00:02\n\t}\n}\n',
	"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
	"/etc/rc.conf.local": "vmd_flags=\ndhcpd_flags=vether0\n",
	"/etc/dhcpd.conf": "subnet 10.50.0.0 netmask 255.255.255.0 {\n\trange 10.50.0.128 10.50.0.200;\n}\n",
	"/etc/pf.conf": 'block all\npass in on vether0 from vether0:network\nanchor "vm/*"\nload anchor "vm/db01" from "/etc/pf.vm/db01.conf"\n',
	"/etc/pf.vm/db01.conf": "pass out on vether0 inet proto tcp to 10.50.0.20 port 3306\n",
};

const answers: Readonly<Record<string, string>> = {
	system: "OpenBSD hv1.example.org 7.6 GENERIC.MP#332 amd64",
	guests: `   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME
    1 48213     1    1.0G    312M   ttyp3         root  running db01`,
	interfaces: `em0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	groups: egress
	status: active
	inet 192.0.2.10 netmask 0xffffff00 broadcast 192.0.2.255
vether0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	groups: vether
	inet 10.50.0.1 netmask 0xffffff00 broadcast 10.50.0.255
bridge1: flags=41<UP,RUNNING> mtu 1500
	groups: bridge
	vether0 flags=3<LEARNING,DISCOVER>
		port 4 ifpriority 0 ifcost 0
	tap4 flags=3<LEARNING,DISCOVER>
		port 9 ifpriority 0 ifcost 0
tap4: flags=8943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST> mtu 1500
	description: vm1-if0-db01
	groups: tap
	status: active`,
	routes: `Routing tables

Internet:
Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface
default            192.0.2.1          UGS        0        1     -     8 em0  
10.50.0/24         10.50.0.1          UCn        1        0     -     4 vether0
192.0.2/24         192.0.2.10         UCn        1        0     -     4 em0`,
	routes6: "",
	sysctls: "net.inet.ip.forwarding=1\nnet.inet6.ip6.forwarding=0",
	vmd: "vmd(ok)",
	dhcpd: "dhcpd(ok)",
	leases:
		"lease 10.50.0.130 {\n\tstarts 1 2026/11/30 05:00:00 UTC;\n\tends 1 2026/11/30 17:00:00 UTC;\n\thardware ethernet fe:e1:bb:d1:00:02;\n}",
	rules: `block drop all
pass in on vether0 inet from 10.50.0.0/24 to any flags S/SA
anchor "vm/*" all {
  anchor "db01" all {
    pass out on vether0 inet proto tcp from any to 10.50.0.20 port = 3306 flags S/SA
  }
}`,
};

type Changes = Readonly<Record<string, string | ((text: string) => string)>>;

/** A host that answers each command so; an answer that is empty fails. */
function hostWith(changes: Changes): RunOnHost {
	const text = (name: string): string => {
		const change = changes[name];
		const usual = answers[name] ?? "";
		return typeof change === "function" ? change(usual) : (change ?? usual);
	};
	return async ({ text: script }) => {
		const marker = /echo '?([0-9a-f]{32}) begin/.exec(script)?.[1];
		if (marker === undefined) {
			const rules = text("rules");
			return rules === "refused"
				? { status: 1, stdout: "", stderr: "doas: Operation not permitted\n" }
				: { status: 0, stdout: rules, stderr: "" };
		}
		const stdout = Object.keys(answers)
			.map((name) => `${marker} begin ${name}\n${text(name)}\n\n${marker} end ${name} ${text(name) === "" ? 1 : 0}\n`)
			.join("");
		return { status: 0, stdout, stderr: "" };
	};
}

const source = (texts: Readonly<Record<string, string>>) => new Map(Object.entries(texts).map(([path, text]) => [path, { text }]));

/** What is not as the files promise: `AREA SUBJECT: EXPECTED, FOUND [COMMAND]`; unknown ones begin with `?`. */
async function troubles(changes: Changes, texts: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
	const run = hostWith(changes);
	const { results } = await verifyHost(run, "hv1", source({ ...files, ...texts }), () => askLoadedRules(run, "op"));
	return results.flatMap(({ area, subject, verdict, expected, found, command }) =>
		verdict === "ok"
			? []
			: [
					`${verdict === "unknown" ? "? " : ""}${area} ${subject}: ${render(expected)}, ${render(found)}${command === undefined ? "" : ` [${command.text}]`}`,
				],
	);
}

test("a host as its files have it is found so, in every area", async () => {
	const run = hostWith({});
	const { results } = await verifyHost(run, "hv1", source(files), () => askLoadedRules(run, "op"));
	expect(results.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
	expect([...new Set(results.map(({ area }) => area))].sort()).toEqual(
		["addresses", "guests", "leases", "members", "routes", "rules", "services", "settings"].sort(),
	);
});

describe("what differs is told, with the command that mends it", () => {
	const cases: readonly (readonly [what: string, changes: Changes, expected: readonly string[]])[] = [
		[
			"forwarding is off now, and on in the file",
			{ sysctls: "net.inet.ip.forwarding=0" },
			["settings net.inet.ip.forwarding: 1, 0 [sysctl net.inet.ip.forwarding=1]"],
		],
		["a daemon that the files enable does not run", { vmd: "vmd(failed)" }, ["services vmd: running, not running [rcctl start vmd]"]],
		[
			"a guest is stopped",
			{ guests: (text) => text.replace("running db01", "stopped db01"), interfaces: (text) => text.replace(/\ntap4: [\s\S]*$/, "") },
			[
				"guests db01: running, stopped [vmctl start db01]",
				"members bridge1: vether0, tap4, which no file adds [ifconfig bridge1 del tap4]",
			],
		],
		[
			"a guest is on another tap than the pinned one",
			{ interfaces: (text) => text.replaceAll("tap4", "tap0") },
			["guests db01 if0: tap4 in bridge1, tap0 in bridge1"],
		],
		[
			"a guest's tap is in no bridge",
			{ interfaces: (text) => text.replace(/\ttap4 flags.*\n.*\n/, "") },
			["guests db01 if0: tap4 in bridge1, tap4 in no bridge"],
		],
		[
			"a member is not there",
			{ interfaces: (text) => text.replace(/\tvether0 flags.*\n.*\n/, "") },
			["members bridge1: vether0, not a member [sh /etc/netstart bridge1]"],
		],
		[
			"a member that no file adds",
			{ interfaces: (text) => text.replace("\ttap4 flags", "\tem2 flags=3<LEARNING,DISCOVER>\n\ttap4 flags") },
			["members bridge1: vether0, em2, which no file adds [ifconfig bridge1 del em2]"],
		],
		[
			"an interface is down",
			{ interfaces: (text) => text.replace("vether0: flags=8843<UP,", "vether0: flags=8842<") },
			["addresses vether0: up, down [ifconfig vether0 up]"],
		],
		[
			"another mask than the file's",
			{ interfaces: (text) => text.replace("10.50.0.1 netmask 0xffffff00", "10.50.0.1 netmask 0xffff0000") },
			[
				"addresses vether0: 10.50.0.1/24, 10.50.0.1/16 [sh /etc/netstart vether0]",
				"rules pf.conf: 3 rules, not loaded: pass in on vether0 inet from 10.50.0.0/16 to any flags S/SA [pfctl -f /etc/pf.conf]",
			],
		],
		[
			"the route of the routed segment is not there",
			{ routes: (text) => text.replace(/\n10\.50.*/, "") },
			["routes 10.50.0.0/24: by vether0, no route [sh /etc/netstart vether0]"],
		],
		[
			"an interface is not there: its route is not missed as well",
			{ interfaces: (text) => text.replace(/em0: [\s\S]*?(?=vether0)/, ""), routes: (text) => text.replace(/\n192\.0\.2\/24.*/, "") },
			["addresses em0: there, not there [sh /etc/netstart em0]"],
		],
		[
			"the default route is another",
			{ routes: (text) => text.replace("192.0.2.1 ", "192.0.2.2 ") },
			["routes default: by 192.0.2.1, by 192.0.2.2 [route -qn add -inet default 192.0.2.1]"],
		],
		[
			"a rule is not loaded",
			{ rules: (text) => text.replace(/^pass in.*\n/m, "") },
			["rules pf.conf: 3 rules, not loaded: pass in on vether0 inet from 10.50.0.0/24 to any flags S/SA [pfctl -f /etc/pf.conf]"],
		],
		[
			"an anchor is empty",
			{ rules: (text) => text.replace(/ {4}pass.*\n/, "") },
			[
				"rules pf.conf: 3 rules, not loaded: pass out on vether0 inet proto tcp from any to 10.50.0.20 port = 3306 flags S/SA [pfctl -f /etc/pf.conf]",
				"rules vm/db01: 1 rules, not loaded: pass out on vether0 inet proto tcp from any to 10.50.0.20 port = 3306 flags S/SA [pfctl -f /etc/pf.conf]",
			],
		],
		[
			"rules that the files do not have",
			{ rules: (text) => `pass quick all flags S/SA\n${text}` },
			["rules pf.conf: 3 rules, loaded, and in no file: pass quick all flags S/SA [pfctl -f /etc/pf.conf]"],
		],
		[
			"a guest without a lease",
			{ leases: "# nothing yet" },
			["leases db01: a lease on vether0, none [tcpdump -ni vether0 port 67 or port 68]"],
		],
	];
	test.each(cases)("%s", async (_, changes, expected) => {
		expect(await troubles(changes)).toEqual(expected);
	});
});

describe("what the host does not tell is unknown", () => {
	test.each<readonly [string, Changes, readonly string[]]>([
		[
			"routes",
			{ routes: "" },
			[
				"? routes 192.0.2.0/24: by em0, not shown",
				"? routes 10.50.0.0/24: by vether0, not shown",
				"? routes default: by 192.0.2.1, not shown",
			],
		],
		["rules", { rules: "refused" }, ["? rules pf.conf: 3 rules, not shown: pfctl needs root"]],
		["settings", { sysctls: "sysctl: unknown" }, ["? settings net.inet.ip.forwarding: 1, not shown"]],
		["leases", { leases: "" }, ["? leases db01: a lease on vether0, not shown"]],
		["daemons", { vmd: "sh: rcctl: not found" }, ["? services vmd: running, not shown"]],
	])("%s", async (_, changes, expected) => {
		expect(await troubles(changes)).toEqual(expected);
	});

	test("interfaces, when ifconfig does not answer: none is said to be missing", async () => {
		const found = (await troubles({ interfaces: "" })).filter((line) => /^(?:\? )?(?:guests|members|addresses) /.test(line));
		expect(found.length).toBeGreaterThan(2);
		expect(found.filter((line) => !line.startsWith("? "))).toEqual([]);
	});

	test("a guest of a vmd that lets nobody in, and whose tap is not there", async () => {
		const changes = {
			guests: "vmctl: connect: /var/run/vmd.sock: Permission denied",
			interfaces: (text: string) => text.replace(/\ttap4 flags.*\n.*\n/, "").replace(/\ntap4: [\s\S]*$/, ""),
		};
		expect(await troubles(changes)).toEqual(["? guests db01: running, vmd did not tell"]);
	});

	test("what files say that pfctl refuses is not compared", async () => {
		expect(await troubles({}, { "/etc/pf.conf": "pass form any\n" })).toEqual([
			"? rules pf.conf: 0 rules, the files have errors: check them first",
		]);
	});
});

test("a fixed address is in no list of leases", async () => {
	const dhcpd =
		"subnet 10.50.0.0 netmask 255.255.255.0 {\n\thost db01 {\n\t\thardware ethernet FE:E1:BB:D1:00:02;\n\t\tfixed-address 10.50.0.20;\n\t}\n}\n";
	expect(await troubles({ leases: "# nothing" }, { "/etc/dhcpd.conf": dhcpd })).toEqual([]);
});

test("names out of files reach the shell as words", async () => {
	let script = "";
	const run: RunOnHost = async ({ text }) => {
		script += text;
		return { status: 0, stdout: "", stderr: "" };
	};
	await verifyHost(run, "hv1", source({ ...files, "/etc/sysctl.conf": "net.x;reboot=1\nkern.a$(id)=2\nkern.ok=1\n" }), () =>
		askLoadedRules(run, "op"),
	);
	expect(script).toContain("kern.ok");
	expect(script).not.toMatch(/reboot|\(id\)/);
});

test("networks are read with all their bytes, and lines that are no routes are left out", () => {
	const lines = [
		"Internet:",
		"224/4              127.0.0.1          URS        0        0 32768     8 lo0  ",
		"10.0.2.2           52:55:0a:00:02:02  UHLch      2       18     -     3 vio0 ",
		"fe80::%em0/64      fe80::1%em0        UCn        0        0     -     4 em0",
		"not a route",
	];
	expect(readRoutes(lines).map(({ destination, interface: name }) => `${destination} ${name}`)).toEqual([
		"224.0.0.0/4 lo0",
		"10.0.2.2 vio0",
		"fe80::/64 em0",
	]);
});

test("of an address, the last lease counts; an abandoned one is none", () => {
	const lease = (address: string, ethernet: string, more = "") => `lease ${address} {\n\thardware ethernet ${ethernet};\n${more}}\n`;
	const text =
		lease("10.0.0.5", "AA:bb:cc:00:00:01") +
		lease("10.0.0.5", "aa:bb:cc:00:00:02") +
		lease("10.0.0.6", "aa:bb:cc:00:00:03", "\tabandoned;\n");
	expect(readLeases(text)).toEqual([{ address: "10.0.0.5", ethernet: "aa:bb:cc:00:00:02" }]);
});

test("files are read as the release that the host runs reads them", async () => {
	const texts = { "/etc/pf.conf": 'rate = "8443"\nset skip on lo\npass in proto tcp to port $rate\n' };
	const rules = "pass in proto tcp from any to any port = 8443 flags S/SA\n";
	const said = async (release: string) =>
		(await troubles({ rules, system: `OpenBSD hv1.example.org ${release} GENERIC.MP#332 amd64` }, texts)).filter((text) =>
			/^(?:\? )?rules/.test(text),
		);
	expect(await said("7.6")).toEqual([]);
	expect(await said("7.9")).toEqual(["? rules pf.conf: 0 rules, the files have errors: check them first"]);
});
