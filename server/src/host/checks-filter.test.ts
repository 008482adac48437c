import { describe, expect, test } from "vitest";
import { exampleFiles } from "../text/example.testing.ts";
import { type HostCode, ruleChecks } from "./checks.ts";
import { hostExamples } from "./examples.testing.ts";
import { faultsOf, fixesOf } from "./fixture.ts";

/** Two guests behind the host on a veb with link1, or on a bridge; what is changed of the files goes before pf.conf. */
const guests = (kind: "veb" | "bridge", ...rules: string[]): string => {
	const port = kind === "veb" ? "vport0" : "vether0";
	return `//- /etc/vm.conf
switch "lan" {
	interface ${kind}0
}
vm "web" {
	disk "/w"
	interface tap3 { switch "lan" lladdr fe:e1:ba:d0:00:01 group web }
}
vm "db" {
	disk "/d"
	interface tap2 { switch "lan" }
}
//- /etc/hostname.${kind}0
${kind === "veb" ? "link1\n" : ""}add ${port}
up
//- /etc/hostname.${port}
inet 10.0.0.1/24
//- /etc/hostname.em0
inet 192.0.2.2/24
//- /etc/hostname.em1
up
//- /etc/dhcpd.conf
subnet 10.0.0.0 netmask 255.255.255.0 {
	host web { hardware ethernet fe:e1:ba:d0:00:01; fixed-address 10.0.0.20; }
}
//- /etc/pf.conf
set state-policy if-bound
${rules.map((rule) => `${rule}\n`).join("")}`;
};
const onVeb = (...rules: string[]): string => guests("veb", ...rules);
const onBridge = (...rules: string[]): string => guests("bridge", ...rules);
/** The second guest on a veb of its own, which takes tagged frames from a device. */
const twoVebs = (rule: string): string =>
	onVeb(rule)
		.replace('tap2 { switch "lan"', 'tap2 { switch "other"')
		.replace('vm "web"', 'switch "other" {\n\tinterface veb1\n}\nvm "web"')
		.replace("//- /etc/dhcpd", "//- /etc/hostname.veb1\nlink0\nlink1\nadd em1\nup\n//- /etc/dhcpd");
const at = (rule: string): string => `/etc/pf.conf: ${rule}`;

/** Cases beside the examples: nearly the same rules, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/rule-on-bridge": [
		[onBridge("pass out on bridge0"), at("pass out on bridge0")],
		[onBridge("pass on bridge")],
		[onBridge("pass on tap2")],
		// In a list, the other interfaces are where it works.
		[onBridge("block on { bridge0 tap2 }")],
		[onBridge("block on { bridge0 bridge1 }"), at("block on { bridge0 bridge1 }"), at("block on { bridge0 bridge1 }")],
	],
	"host/rule-in-on-veb": [[onVeb("pass in on veb0"), at("pass in on veb0")], [onVeb("pass out on veb0", "pass on veb0", "pass in on veb")]],
	"host/veb-without-link1": [
		[onVeb("pass on tap3").replace("link1", "link0"), at("pass on tap3")],
		[onVeb("pass on web").replace("link1", "link0"), at("pass on web")],
		[onVeb("pass on vport0", "pass").replace("link1", "link0")],
		[onVeb("pass on em0").replace("link1", "link0")],
		// A group that the host's own port is in counts there, and so does an interface above it.
		[onVeb("pass on lan").replace("link1", "link0").replace("inet 10.0.0.1/24", "inet 10.0.0.1/24\ngroup lan")],
		[
			onVeb("pass on lan")
				.replace("link1", "link0")
				.replace("//- /etc/dhcpd", "//- /etc/hostname.vlan2\nparent vport0\ngroup lan\n//- /etc/dhcpd"),
		],
		[onVeb("pass on lan").replace("link1", "add em1").replace("em1\nup", "em1\nup\ngroup lan"), at("pass on lan")],
		// In a list, a device of the switch is idle beside the host's own port, a guest's tap is not.
		[onVeb("pass on { vport0 em1 }").replace("link1", "add em1")],
		[onVeb("pass on { vport0 tap3 }").replace("link1", "add em1"), at("pass on { vport0 tap3 }")],
		[onVeb("pass on em1").replace("link1", "add em1"), at("pass on em1")],
		[onVeb("pass on tap3")],
		[onBridge("pass on tap3")],
	],
	"host/rule-without-hostname-file": [
		[onVeb("pass on em2"), at("em2")],
		[onVeb("pass from (em2:network)"), at("em2")],
		[onVeb("pass in received-on em2"), at("em2")],
		[onVeb('dmz = "em2"', "pass on $dmz"), at("em2")],
		[onVeb('inside = "{ em1, em2 }"', "pass on $inside"), at("em2")],
		[onVeb("pass on em2", "block on em2"), at("em2")],
		[onVeb("set skip on { lo em2 }", "pass on em2"), at("em2")],
		// No other of the driver has a file, or something tells of this one.
		[onVeb("pass on ix2", "pass on em", "pass on vlan7", "pass on tap9", "pass on em1")],
		[onVeb("pass on em2").replace("link1", "link1\nadd em2")],
		[onVeb("pass on em2").replace("inet 192.0.2.2/24", "inet 192.0.2.2/24\n!ifconfig em2 up")],
		[onVeb("pass on em2").replace("//- /etc/dhcpd", "//- /etc/hostname.vlan2\nparent em2\n//- /etc/dhcpd")],
	],
	"host/rule-on-unpinned-tap": [
		[onVeb("pass on tap9"), at("tap9")],
		[onVeb("pass on tap3", "pass on tap", "pass on em9")],
		[onVeb("pass on tap9").replace("//- /etc/dhcpd", "//- /etc/hostname.tap9\ninet 10.9.0.1/24\n//- /etc/dhcpd")],
		[onVeb("pass on tap9").replace('vm "db"', 'include "/x"\nvm "db"')],
		[onVeb("pass on { tap0 tap1 }").replace("interface tap3", "interface").replace("interface tap2", "interface")],
		[onVeb("pass on { tap0 tap2 }").replace("interface tap3", "interface"), at("tap0")],
	],
	"host/tap-address": [
		[onVeb("pass out on tap3 to (tap3)"), at("pass out on tap3 to (tap3)")],
		[onVeb("pass in on tap3 from (tap3)"), at("pass in on tap3 from (tap3)")],
		[onVeb("pass out on tap3 to (vport0)", "pass to (tap9)", "pass to 10.0.0.20")],
		[onVeb("pass to (tap3)").replace("//- /etc/dhcpd", "//- /etc/hostname.tap3\ninet 10.9.0.1/24\n//- /etc/dhcpd")],
		[onVeb("pass to (tap3)").replace('tap3 { switch "lan" lladdr', "tap3 { lladdr")],
		[onVeb("pass to (tap9)").replace("interface tap3", "interface"), at("pass to (tap9)")],
		[onVeb("pass to (tap9)").replace("interface tap3", "interface").replace('tap2 { switch "lan" }', "")],
	],
	"host/interface-without-address": [
		[onVeb("pass to (em1)"), at("pass to (em1)")],
		[onVeb("pass from (em1)"), at("pass from (em1)")],
		[onVeb("match out on em0 nat-to (em1)"), at("match out on em0 nat-to (em1)")],
		[onVeb("pass in on em0 inet proto tcp rdr-to (em1)"), at("pass in on em0 inet proto tcp rdr-to (em1)")],
		[onVeb("pass to (em0)", "pass to (em9)", "pass to (web)", "pass to (tap3)")],
		[onVeb("pass to (pppoe0)").replace("//- /etc/dhcpd", "//- /etc/hostname.pppoe0\nup\n//- /etc/dhcpd")],
		[onVeb("pass to (em1)").replace("hostname.em1\nup", "hostname.em1\n!ifconfig em1 10.9.0.1")],
	],
	"host/reversed-direction": [
		[onVeb("pass in on tap3 to 10.0.0.20"), at("pass in on tap3 to 10.0.0.20")],
		[onVeb("pass out on tap3 from 10.0.0.20"), at("pass out on tap3 from 10.0.0.20")],
		[onVeb("pass in on tap3 to (tap3)"), at("pass in on tap3 to (tap3)")],
		[onVeb("pass out on tap3 to 10.0.0.20", "pass in on tap3 from 10.0.0.20", "pass on tap3 to 10.0.0.20")],
		[onVeb("pass on tap3 from 10.0.0.20")],
		[
			onVeb("pass in on tap9 to (tap9)").replace("interface tap3", "interface").replace("interface tap2", "interface"),
			at("pass in on tap9 to (tap9)"),
		],
		[onVeb("pass in on tap3 to (em0)", "pass in on tap3 to <t>")],
		[
			onVeb(
				"pass in on tap3 to 10.0.0.21",
				"pass in on tap2 to 10.0.0.20",
				"pass in on web to 10.0.0.20",
				"pass in on tap3 to 10.0.0.0/24",
			),
		],
	],
	"host/routed-past-tap": [
		[onBridge("pass out on tap3 from 192.0.2.0/24"), at("pass out on tap3 from 192.0.2.0/24")],
		[onBridge("pass in on tap3 to 192.0.2.0/24"), at("pass in on tap3 to 192.0.2.0/24")],
		[
			onBridge(
				"pass out on tap3 from 10.0.0.0/24",
				"pass in on tap3 to 10.0.0.5",
				"pass in on tap3 to 255.255.255.255",
				"pass in on tap3 to 10.0.0.255",
			),
		],
		[
			onBridge(
				"pass out on tap3 from ! 192.0.2.0/24",
				"pass on tap3 from 192.0.2.0/24",
				"pass out on tap3 from 0.0.0.0/0",
				"pass out on em0 from 192.0.2.0/24",
			),
		],
		[onBridge("pass out on tap3 from 192.0.2.0/24").replace("add vether0", "add vether0\nadd em1")],
		[onVeb("pass out on tap3 from 192.0.2.0/24")],
		[
			onBridge("pass out on tap3 from 10.5.0.9")
				.replace("add vether0", "add vether0\nadd vether1")
				.replace("//- /etc/dhcpd", "//- /etc/hostname.vether1\ninet 10.5.0.1/24\n//- /etc/dhcpd"),
		],
		[onBridge("pass out on tap3 from 192.0.2.0/24").replace('tap3 { switch "lan" lladdr', "tap3 { lladdr")],
	],
	"host/skip-on-guest": [
		[onVeb("set skip on tap3", "pass on tap3"), "/etc/pf.conf: tap3"],
		[onVeb("set skip on { lo tap3 }", "pass on web"), "/etc/pf.conf: tap3"],
		[onVeb("set skip on vport0", "pass on vport0"), "/etc/pf.conf: vport0"],
		[onBridge("set skip on vether0", "pass on vether0"), "/etc/pf.conf: vether0"],
		[onVeb("set skip on lo0", "pass")],
		[onVeb("set skip on tap3", "pass on tap2", "pass on ! tap3")],
		[onVeb("set skip on em1", "pass on em1")],
		[onBridge("set skip on tap3", "pass").replace("vether0\n", "")],
		["//- /etc/hostname.vport0\ninet 10.0.0.1/24\n//- /etc/pf.conf\nset skip on vport0\npass on vport0\n", "/etc/pf.conf: vport0"],
		["//- /etc/hostname.vether0\ninet 10.0.0.1/24\n//- /etc/pf.conf\nset skip on vether0\npass on vether0\n", "/etc/pf.conf: vether0"],
	],
	"host/floating-states": [
		[onVeb("pass", "pass out on tap3").replace("set state-policy if-bound\n", ""), at("pass out on tap3")],
		[onVeb("pass on vport0", "block on tap3").replace("if-bound", "floating"), at("block on tap3")],
		[onVeb("pass", "pass out on tap3")],
		[onVeb("pass out on tap3").replace("if-bound", "floating")],
		[onVeb("pass no state", "block on tap3").replace("if-bound", "floating")],
		[onVeb("pass keep state (if-bound)", "block on tap3").replace("if-bound\n", "floating\n")],
		[onVeb("pass", "block on em0").replace("if-bound", "floating")],
		[onVeb("pass", "block on tap3").replace("if-bound", "floating").replace("link1\n", "")],
		[onBridge("pass", "block on tap3").replace("if-bound", "floating")],
		[onBridge("pass", "block on tap3").replace("if-bound", "floating").replace("add vether0", "link1\nadd vether0")],
		[onVeb("pass", "block on tap3").replace("if-bound", "floating").replace("add vport0\n", "")],
	],
	"host/urpf-on-port": [
		[onVeb("block in on tap3 from urpf-failed"), at("block in on tap3 from urpf-failed")],
		[onVeb("block in from urpf-failed", "block in on em0 from urpf-failed", "block in on vport0 from urpf-failed", "block in on tap3")],
	],
	"host/translation-on-port": [
		[onVeb("match out on tap3 inet nat-to 10.0.0.1"), at("match out on tap3 inet nat-to 10.0.0.1")],
		[onVeb("pass in on tap3 inet proto tcp rdr-to 10.0.0.30"), at("pass in on tap3 inet proto tcp rdr-to 10.0.0.30")],
		[
			onVeb(
				"pass in on vport0 inet proto tcp rdr-to 10.0.0.30",
				"pass in on { vport0 tap3 } inet proto udp to port 53 rdr-to 10.0.0.1",
				"match out on em0 nat-to (em0)",
				"match out inet nat-to 10.0.0.1",
				"pass on tap3",
			),
		],
		[onBridge("pass in on vether0 inet proto tcp rdr-to 10.0.0.30")],
		// A bridge's member with an address is the host's own port; in a veb it is none.
		[
			onBridge("pass in on { em1 tap3 } inet proto tcp rdr-to 10.0.0.1")
				.replace("add vether0", "add vether0\nadd em1")
				.replace("hostname.em1\nup", "hostname.em1\nup\ninet 10.0.0.3/24"),
		],
		[
			onBridge("pass in on em1 inet proto tcp rdr-to 10.0.0.1").replace("add vether0", "add vether0\nadd em1"),
			at("pass in on em1 inet proto tcp rdr-to 10.0.0.1"),
		],
		[
			onVeb("pass in on em1 inet proto tcp rdr-to 10.0.0.1")
				.replace("link1", "link1\nadd em1")
				.replace("hostname.em1\nup", "hostname.em1\nup\ninet 10.0.0.3/24"),
			at("pass in on em1 inet proto tcp rdr-to 10.0.0.1"),
		],
	],
	"host/empty-group": [
		[onVeb("pass on wob", "block on wob", "pass on wab"), at("pass on wob"), at("pass on wab")],
		[onVeb("pass on web", "pass on em0", "pass on egress", "pass on wlan", "pass on vport", "pass on tap", "pass on wg", "pass")],
		[onVeb("pass on wob").replace("inet 192.0.2.2/24", "inet 192.0.2.2/24\ngroup wob")],
		[onVeb("pass on wob").replace('vm "db"', 'include "/x"\nvm "db"')],
		[onVeb("pass on web").replace("interface tap3", "interface")],
	],
	"host/rule-on-missing-interface": [
		[onVeb("pass on vlan7", "block on vlan7", "pass on vlan8"), at("pass on vlan7"), at("pass on vlan8")],
		[onVeb("pass on carp1"), at("pass on carp1")],
		[onVeb("pass on vport0", "pass on em9", "pass on vlan", "pass on { tap9 lo1 pppoe0 wg0 tun0 enc0 pflog0 }")],
		["//- /etc/pf.conf\npass on vlan7\n"],
		// What needs it is told to go without: that is the cause.
		[onVeb("pass on vlan7").replace("add vport0", "add vport0\nadd vlan7")],
	],
	"host/synproxy-on-bridge": [
		[onBridge("pass in on tap2 proto tcp synproxy state"), at("pass in on tap2 proto tcp synproxy state")],
		[onBridge("pass on em0 proto tcp synproxy state", "pass out on tap2 proto tcp synproxy state", "pass in on tap2 proto tcp")],
		[onVeb("pass in on tap2 proto tcp synproxy state")],
	],
	"host/block-return-on-port": [
		[onBridge("block return on tap2"), at("block return on tap2")],
		[onBridge("block return-icmp in on tap2"), at("block return-icmp in on tap2")],
		[onBridge("set block-policy return", "block on tap2"), at("block on tap2")],
		[onBridge("block drop on tap2", "block return-rst on tap2 proto tcp", "block return", "block return on em0", "pass on tap2")],
		[onVeb("block return on tap2")],
		[onBridge("set block-policy return", "pass on tap2", "match on tap2")],
	],
	"host/tags-past-pf": [
		[onVeb("pass on tap3").replace("link1\nadd vport0", "link0\nlink1\nadd vport0\nadd em1"), "/etc/hostname.veb0: em1"],
		[onVeb("pass on tap3").replace("add vport0", "add vport0\nadd em1")],
		[onVeb("pass on em0").replace("link1\nadd vport0", "link0\nlink1\nadd vport0\nadd em1")],
		[onVeb("pass on tap3").replace("link1\nadd vport0", "link0\nlink1\nadd vport0\nadd vlan1")],
		[twoVebs("pass on tap3")],
		[twoVebs("pass on tap2"), "/etc/hostname.veb1: em1"],
		[onBridge("pass on tap3").replace("add vether0", "add vether0\nadd em1")],
		[
			onBridge("pass on tap3")
				.replace("add vether0", "add vether0\nadd em1")
				.replace("//- /etc/dhcpd", "//- /etc/hostname.vlan1\nvnetid 1 parent em1\n//- /etc/dhcpd"),
			"/etc/hostname.bridge0: em1",
		],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});

/** What each fix changes, in the forms that the words at fault can have. */
const fixes: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...changes: string[]])[]>>> = {
	"host/rule-on-unpinned-tap": [
		[onVeb("pass on tap9")],
		[
			onVeb('anchor "web" {', "\tpass on tap9", "}").replace("interface tap3", "interface"),
			'preferred fix Pin tap9 to "web" in vm.conf: /etc/vm.conf:6 "interface" => "interface tap9"',
		],
		[
			onVeb('anchor "web" {', "\tpass on tap9", "}").replace("interface tap3", "local interface  tap"),
			'preferred fix Pin tap9 to "web" in vm.conf: /etc/vm.conf:6 "local interface  tap" => "local interface tap9"',
		],
		[onVeb('anchor "other" {', "\tpass on tap9", "}").replace("interface tap3", "interface")],
		[onVeb('anchor "web" {', "\tpass on tap9", "}").replace("interface tap3", "interface\n\tinterface")],
	],
	"host/rule-without-hostname-file": [
		[onVeb("pass on em11", "pass on em0"), 'preferred fix Write `em1`: /etc/pf.conf:2 "em11" => "em1"'],
		[onVeb("pass on em2", "pass on em0")],
		[onVeb('dmz = "em11"', "pass on $dmz", "pass on em0"), 'preferred fix Write `em1`: /etc/pf.conf:2 "em11" => "em1"'],
		[onVeb("pass on em2", "pass on { em0 em1 }")],
	],
	"host/reversed-direction": [[onVeb("pass out on tap3 from 10.0.0.20"), 'preferred fix Write `in`: /etc/pf.conf:2 "out" => "in"']],
	"host/skip-on-guest": [
		[onVeb("set  skip  on  tap3", "pass on tap3"), 'preferred fix Remove `tap3`: /etc/pf.conf:2 "set  skip  on  tap3\\n" => ""'],
		[onVeb("set skip on {  tap3  }", "pass on tap3"), 'preferred fix Remove `tap3`: /etc/pf.conf:2 "set skip on {  tap3  }\\n" => ""'],
		[onVeb("set skip on { lo tap3 }", "pass on tap3"), 'preferred fix Remove `tap3`: /etc/pf.conf:2 " tap3" => ""'],
		[onVeb("set skip on {tap3 lo}", "pass on tap3")],
	],
	"host/floating-states": [
		[
			onVeb("pass", "block on tap3").replace("set state-policy if-bound\n", "# nothing to block\nx = 1\n"),
			'preferred fix Add `set state-policy if-bound`: /etc/pf.conf:3 "" => "set state-policy if-bound\\n"',
		],
	],
	"host/block-return-on-port": [
		[
			onBridge("block  return-icmp ( 3, 1 ) in on tap2"),
			'preferred fix Write `block drop`: /etc/pf.conf:2 "block  return-icmp ( 3, 1 )" => "block drop"',
		],
		[onBridge("set block-policy return", "block on tap2"), 'preferred fix Write `block drop`: /etc/pf.conf:3 "block" => "block drop"'],
	],
};

describe.each(Object.entries(fixes))("fixes of %s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...changes) => {
		expect(fixesOf(code as HostCode, files)).toEqual(changes);
	});
});

test("nothing is said of rules where pf.conf is not known", () => {
	for (const code of Object.keys(ruleChecks)) {
		const files = new Map(exampleFiles(hostExamples[code as HostCode]));
		files.delete("/etc/pf.conf");
		expect(faultsOf(code as HostCode, "", { files })).toEqual([]);
	}
});

test("what the host itself says that it has is there", () => {
	const facts = { interfaces: [{ name: "vlan7", groups: ["wob"], addresses: [] }] };
	const files = onVeb("pass on wob", "pass on vlan7", "pass on vlan8");
	expect(faultsOf("host/empty-group", files, { facts })).toEqual([]);
	expect(faultsOf("host/rule-on-missing-interface", files, { facts })).toEqual([at("pass on vlan8")]);
});
