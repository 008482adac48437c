import { describe, expect, it } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import type { ModelFile } from "../host/model.ts";
import { exampleFiles, mendedFiles } from "../text/example.testing.ts";
import { finished } from "../text/portions.ts";
import { packetExamples } from "./checks.testing.ts";
import { type PacketCode, packetChecks } from "./checks.ts";
import { bridged, codes, DHCPD, type Files, find, findIn, guest, hostOf, lan, pf, plug, routed, SSH } from "./checks-fixture.ts";
import { packetFindings } from "./packet-check.ts";

/** What each says of the host with the fault. */
const says: Readonly<
	Record<PacketCode, readonly [words: string, text: string, advice: string, related: readonly string[], fixes: readonly string[]]>
> = {
	"host/ssh-locked-out": [
		"block all",
		"Nobody comes in by SSH: no rule passes it in on em0",
		"After loading, no new session reaches the host from any address.",
		[],
		["Add `pass in on egress inet proto tcp to (egress) port ssh`"],
	],
	"host/guest-cut-off": [
		'"lan"',
		'Nothing gets to or from "web01" here: pf blocks it `in on tap`',
		"Pass what the guest is for there, and on its way back.",
		["The rule that blocks it: block all"],
		["Let the guests here open connections to the outside"],
	],
	"host/guests-reach-host": [
		"pass in on vether0",
		"Guests behind vether0 reach every port of the host",
		"Write `to ! (self)`, and pass what they need of the host by rules of their own.",
		["The host's address there: 10.50.0.1"],
		[],
	],
	"host/guest-rule-blocked": [
		"pass out on tap3 inet proto tcp to 10.10.0.20 port 80",
		'What this passes for "web01" is blocked `in on em1`',
		"Pass it there too.",
		["The rule that blocks it: block all"],
		["Add `pass in on em1 inet proto tcp to 10.10.0.20 port 80`"],
	],
	"host/dhcp-blocked": [
		"block all",
		'"db01" gets no DHCP lease: pf blocks its requests `in on tap`',
		"Add `pass in quick on tap inet proto udp from any port 68 to any port 67 no state`.",
		[`The guest's interface: "lan"`],
		["Add `pass in quick on tap inet proto udp from any port 68 to any port 67 no state`"],
	],
	"host/bridged-dhcp-blocked": [
		"block all",
		'"web01" gets no DHCP lease: pf blocks its requests `in on tap`',
		"Add `pass in quick on tap inet proto udp from any port 68 to any port 67 no state`, `pass out quick on em1 inet proto udp from any port 68 to any port 67 no state`, `pass in quick on em1 inet proto udp from any port 67 to any port 68 no state`, `pass out quick on tap inet proto udp from any port 67 to any port 68 no state`.",
		[`The guest's interface: "lan"`],
		["Pass the guests' DHCP"],
	],
	"pf/neighbour-discovery-blocked": [
		"block all",
		"IPv6 does not work on em0: neighbour discovery is blocked",
		"Add `pass on em0 inet6 proto icmp6 icmp6-type { neighbrsol neighbradv routersol routeradv }`.",
		["IPv6 is asked for here: autoconf"],
		["Add `pass on em0 inet6 proto icmp6 icmp6-type { neighbrsol neighbradv routersol routeradv }`"],
	],
	"host/redirect-blocked": [
		"match in on egress inet proto tcp to (egress) port 80 rdr-to 10.50.0.20",
		"What is redirected to 10.50.0.20 port 80 is blocked `in on em0`",
		"Pass it there with its new address.",
		["The rule that blocks it: block all"],
		[],
	],
	"host/martians-hold-network": [
		"block in quick from <martians>",
		"Nothing comes in on vether0 from its own network 10.50.0.0/24: <martians> holds it",
		"Except it: `!10.50.0.0/24` in <martians>.",
		["The network: 10.50.0.1"],
		["Except 10.50.0.0/24 in <martians>"],
	],
	"host/martians-hold-nameserver": [
		"block out quick on em0 to <martians>",
		"The host resolves no names: <martians> holds its name server 192.168.1.1",
		"Except it: `!192.168.1.1` in <martians>.",
		["The name server: 192.168.1.1"],
		["Except 192.168.1.1 in <martians>"],
	],
	"host/martians-hold-uplink": [
		"block in quick on em0 from <martians>",
		"Neighbours on em0 open no connection to the host: <martians> holds their network 192.168.1.0/24",
		"Except it: `!192.168.1.0/24` in <martians>.",
		["The network: 192.168.1.5"],
		["Except 192.168.1.0/24 in <martians>"],
	],
	"host/translation-blocked": [
		"match out on em0 inet from 10.50.0.0/24 nat-to (em0)",
		"What is translated here is blocked `out on em0`: the rules see its new address",
		"Pass it there with its new address.",
		["Asks for the old address: pass out on em0 inet from 10.50.0.0/24"],
		[],
	],
	"host/redirect-out-to-self": [
		"pass out on em0 inet proto tcp to port 80 rdr-to 127.0.0.1 port 8080",
		"Answers to what this sends to the host itself pass lo0, which pf skips",
		"Leave lo0 out of `set skip`, and pass what is on it.",
		[],
		[],
	],
	"host/redirect-reflected": [
		"pass in on vether0 inet proto tcp to em0 port 80 rdr-to 10.50.0.20",
		"10.50.0.20 answers clients on vether0 directly, past this redirection",
		"Add `pass out on vether0 … received-on vether0 nat-to (vether0)`.",
		[],
		[],
	],
	"host/uplink-open": [
		"pass log quick on em0",
		"Everything that comes in on em0 passes",
		"Name what is to come in, or write `out`.",
		["What blocks it by default: block all"],
		[],
	],
	"host/rule-on-carp": [
		"pass in on carp0 proto tcp to port ssh",
		"Nothing matches `on carp0`: pf sees no packet on carp0",
		"Name em0, on which carp0 runs.",
		[],
		["Name em0"],
	],
	"host/carp-blocked": [
		"block",
		"carp0 takes its addresses whoever has them: advertisements are blocked `in on em0`",
		"Add `pass on em0 proto carp keep state (no-sync)`.",
		["The interface that carp0 runs on: em0"],
		["Add `pass on em0 proto carp keep state (no-sync)`"],
	],
	"host/pfsync-blocked": [
		"block",
		"pfsync0 tells nobody of its states: they are blocked `out on em2`",
		"Add `pass on em2 proto pfsync keep state (no-sync)`.",
		["The interface that pfsync0 runs on: em2"],
		["Add `pass on em2 proto pfsync keep state (no-sync)`"],
	],
	"host/own-address-blocked": [
		"antispoof quick for vether0",
		"What the host sends to its own address 10.50.0.1 is blocked on lo0",
		"Add `set skip on lo`.",
		[],
		[],
	],
	"host/antispoof-on-ports": [
		"antispoof quick for vport0",
		'This blocks what "db01" sends, `in on tap`',
		"Its address is of that network. Block the network on the interfaces that lead outside instead.",
		['The guest\'s interface: "lan"'],
		[],
	],
};

describe("each check", () => {
	it.each(Object.entries(says))("%s says what, why and what to do", (code, expected) => {
		const found = findIn(exampleFiles(packetExamples[code as PacketCode])).filter((one) => one.code === code);
		expect(found.map((one) => [one.words, one.text, one.advice, one.related, one.titles])).toEqual([expected]);
	});

	it.each(Object.entries(packetExamples))("%s is not said without the fault", (code, example) => {
		expect(findIn(mendedFiles(example) ?? new Map()).map((one) => one.code)).not.toContain(code);
	});

	it.each(Object.entries(says).filter(([, [, , , , fixes]]) => fixes.length > 0))("%s is gone by its first fix", (code) => {
		const files = exampleFiles(packetExamples[code as PacketCode]);
		const [[own, fix] = []] = [...finished(packetFindings(hostOf(files), packetChecks)).found].flatMap(([path, list]) =>
			list.filter((one) => one.code === code).map(({ fixes = [] }) => [path, fixes[0]] as const),
		);
		const mended = new Map<string, ModelFile>(files);
		for (const { file = own ?? "", span, text } of fix?.edits.toReversed() ?? []) {
			const before = mended.get(file)?.text ?? "";
			mended.set(file, { text: before.slice(0, span.start) + text + before.slice(span.end) });
		}
		expect(findIn(mended).map((one) => one.code)).not.toContain(code);
	});

	it("says nothing of the hosts that do what they promise", () => {
		for (const name of ["corrected", "corrected-bridge"] as const) {
			expect(findIn(new Map([...readHost(name)].map(([path, text]) => [path, { text }])))).toEqual([]);
		}
	});

	it("takes no name for an address", () => {
		const named = (name: string): Files => ({ ...routed(), "hostname.vether0": [`inet ${name} 255.255.255.0`], ...DHCPD });
		const said = (name: string, ...rules: readonly string[]) => codes(named(name), pf("block", ...rules));
		expect(said("10.50.0.1")).toEqual(["host/ssh-locked-out", "host/guest-cut-off"]);
		expect(said("gw.example.org")).toEqual(["host/ssh-locked-out", "host/guest-cut-off"]);
		const open = [SSH, "pass in on vether0", "pass out"];
		expect(said("10.50.0.1", ...open)).toEqual(["host/dhcp-blocked", "host/guests-reach-host"]);
		expect(said("gw.example.org", ...open)).toEqual([]);
	});

	it("says nothing where rules are missing, or interfaces are not known", () => {
		expect(codes({ ...routed(), ...pf("block all", "pass out", 'load anchor "a" from "/etc/pf.anchors/a"') })).toEqual([]);
		expect(codes(pf("block all", "pass out"))).toEqual([]);
	});

	it("is as severe as what it tells of", () => {
		expect(packetChecks["host/ssh-locked-out"].severity).toBe("error");
		expect(packetChecks["host/guest-cut-off"].severity).toBe("warning");
		expect(packetChecks["host/guests-reach-host"].severity).toBe("information");
	});

	it("says nothing of a host without rules", () => expect(codes(routed())).toEqual([]));

	it("has a description", () => {
		for (const { title, why, remedy } of Object.values(packetChecks)) expect([title, why, remedy].every(Boolean)).toBe(true);
	});
});

/** The host's address outside is written in its files. */
const FIXED: Files = { "hostname.em0": ["inet 198.51.100.2 255.255.255.0"], mygate: ["198.51.100.1"] };

/** A network outside that the host takes part in by a port of its own in a bridge or veb. */
const lanBehind = (bridge: "bridge1" | "veb1"): Files => {
	const gateway = bridge === "veb1" ? "vport1" : "vether1";
	return {
		[`hostname.${bridge}`]: [...(bridge === "veb1" ? ["link1"] : []), `add ${gateway}`, "add em1", "up"],
		[`hostname.${gateway}`]: ["inet 10.1.0.1/24"],
		"hostname.em1": ["up"],
	};
};

describe("ssh-locked-out", () => {
	it.each<[why: string, locked: boolean, rules: readonly string[], more?: Files]>([
		["no rule passes it", true, ["block", "pass out"]],
		["quick rules block it again", true, ["block in quick on em0", "pass in proto tcp to port ssh"]],
		["a block below overrides the pass", true, ["pass in proto tcp to port ssh", "block"]],
		["guests alone come in", true, ["block", "pass out", "pass in on vether0"]],
		["taps of guests alone come in", true, ["block", "pass out", "pass in on tap7"]],
		["the loopback alone comes in", true, ["block", "pass out", "pass in on lo1"]],
		["other protocols alone come in elsewhere", true, ["block", "pass out", "pass in on tun0 proto udp"]],
		["another interface only sends", true, ["block", "pass out on tun0"]],
		["only web servers are open", true, ["block", "pass out", "pass in on egress proto tcp to port { 80 443 }"]],
		["the source port is no way in", true, ["block", "pass out", "pass in on egress proto tcp from any port ssh to port 80"]],
		["it goes on to a guest", true, ["block", "pass out", "pass in on egress proto tcp to port 2222 rdr-to 10.50.0.20 port 22"]],
		["it is for a guest", true, ["block", "pass out", "pass in on egress inet proto tcp to 10.50.0.20 port 22"]],
		["without default, all is open", false, ["pass in log on egress inet proto tcp to any port smtp"]],
		["from one address", false, ["block", "pass in on egress inet proto tcp from 198.51.100.1 to port ssh"]],
		["another port", false, ["block", "pass in on egress proto tcp to (egress) port 2222"]],
		["a port forward", false, ["block", "pass in quick on em0 inet proto tcp to (em0) port 31415 rdr-to (em0) port 22"]],
		["to the loopback", false, ["block", "pass in on egress inet proto tcp to port 2222 rdr-to 127.0.0.1 port 22"]],
		[
			"from a table that is filled at run time",
			false,
			["table <admins> persist", "block", "pass in on egress proto tcp from <admins> to port ssh"],
		],
		["an anchor that a program fills", false, ["block", 'anchor "relayd/*"', "pass out"]],
		["in an anchor of the file", false, ["block", "anchor in on egress {", "pass proto tcp to port ssh", "}"]],
		["over a tunnel", false, ["block", "pass in on wg0 proto tcp to port ssh"], { "hostname.wg0": ["inet 10.9.0.1/24"] }],
		["over an interface that no file tells of", false, ["block", "pass in on tun0"]],
		["over a group that no file fills", false, ["block", "pass in on vpn"]],
		["pf does not filter", false, ["set skip on em0", "block"]],
		["a router without guests", true, ["block", "pass out"], { "vm.conf": undefined }],
		["guests on a host that forwards nothing", true, ["block", "pass out"], { "sysctl.conf": ["net.inet.ip.forwarding=0"] }],
		["guests alone, without a word on forwarding", true, ["block", "pass out"], { "sysctl.conf": undefined }],
		["neither guests nor forwarding", false, ["block", "pass out"], { "vm.conf": undefined, "sysctl.conf": ["net.inet.ip.forwarding=0"] }],
		["another interface is only matched", true, ["block", "pass out", "match in on tun0"]],
		["another interface is only blocked", true, ["block", "pass out", "block in on tun0"]],
		["a group that no file fills is only blocked", true, ["block", "pass out", "block in on vpn"]],
		["a group that no file fills only sends", true, ["block", "pass out", "pass out on vpn"]],
		["UDP alone comes in over such a group", true, ["block", "pass out", "pass in on vpn proto udp"]],
		["over another interface, in both directions", false, ["block", "pass on tun0"]],
		[
			"a wireless network that the host makes itself",
			true,
			["block", "pass out"],
			{ "hostname.athn0": ["nwid home mediaopt hostap wpakey secretsecret", "inet 10.3.0.1/24"] },
		],
		["sshd does not run", false, ["block", "pass out"], { "rc.conf.local": ["sshd_flags=NO"] }],
		["a person sits before it", false, ["block", "pass out"], { "hostname.iwm0": ["join home wpakey secretsecret", "inet autoconf"] }],
		["a machine of its own", false, ["block", "pass out"], { "vm.conf": undefined, "sysctl.conf": undefined }],
		["a description speaks of a network", true, ["block", "pass out"], { "hostname.em0": ["inet autoconf", "description to-join"] }],
		["the network's name stands behind a blank", false, ["block", "pass out"], { "hostname.iwm0": ["\tjoin home", "inet autoconf"] }],
		["no interface leads out", false, ["block", "pass out"], { "hostname.em0": undefined }],
		["by IPv6 alone", false, ["block", "pass in on em0 inet6 proto tcp to port ssh"]],
		["web servers alone come in elsewhere", true, ["block", "pass out", "pass in on tun0 proto tcp to port 80"]],
		["TCP comes in elsewhere", false, ["block", "pass in on tun0 proto tcp"]],
		["an anchor for another interface", false, ["block", "anchor in on tun0 {", "pass proto tcp to port ssh", "}"]],
		["an anchor for another interface lets nobody in", true, ["block", "pass out", "anchor in on tun0 {", "block", "}"]],
		["over a group that a file fills", false, ["block", "pass in on vpn"], { "hostname.wg0": ["group vpn", "inet 10.9.0.1/24"] }],
		[
			"a group that a file fills lets web servers alone in",
			true,
			["block", "pass out", "pass in on vpn proto tcp to port 80"],
			{ "hostname.wg0": ["group vpn", "inet 10.9.0.1/24"] },
		],
		[
			"which interface is egress is not known",
			false,
			["block", "pass in on egress"],
			{ "hostname.em0": ["inet 192.168.7.1/24"], "hostname.em1": ["inet 192.168.8.1/24"] },
		],
		["over an interface without an address", false, ["block", "pass in on em5"], { "hostname.em5": ["up"] }],
		["to the host's address", false, ["block", "pass in on em0 inet proto tcp to 198.51.100.2 port 22"], FIXED],
		["to another address than the host's", true, ["block", "pass in on em0 inet proto tcp to 198.51.100.9 port 22"], FIXED],
		["to an address that the host may be given", false, ["block", "pass in on em0 inet proto tcp to 198.51.100.9 port 22"]],
		[
			"to an address that a command may give",
			false,
			["block", "pass in on em0 inet proto tcp to 198.51.100.9 port 22"],
			{ ...FIXED, "hostname.em0": [...(FIXED["hostname.em0"] ?? []), "!/root/addresses"] },
		],
		[
			"to an address that a name may stand for",
			false,
			["block", "pass in on em0 inet proto tcp to 198.51.100.9 port 22"],
			{ ...FIXED, "hostname.em0": [...(FIXED["hostname.em0"] ?? []), "inet alias hv1.example.org"] },
		],
		[
			"an IPv6 address of the host does not stand for an IPv4 one",
			true,
			["block", "pass in on em0 inet proto tcp to 32.1.13.184 port 22"],
			{ ...FIXED, "hostname.em0": [...(FIXED["hostname.em0"] ?? []), "inet6 2001:db8::2 64"] },
		],
		[
			"an IPv6 network of guests is not an IPv4 address",
			false,
			["block", "pass in on em0 inet proto tcp to 32.1.13.184 port 22"],
			{ "hostname.vether0": ["inet 10.50.0.1 255.255.255.0", "inet6 2001:db8::1 32", "up"] },
		],
		["IPv6 becomes IPv4 on its way", false, ["block", "pass in on em0 inet6 proto tcp to port 22 af-to inet from 198.51.100.2"], FIXED],
		["all is sent on to a guest by rules that only match", false, ["match in on em0 inet rdr-to 10.50.0.20", "block inet6"]],
		[
			"to an address of the host's own in IPv6",
			false,
			["block", "pass in on em0 inet6 proto tcp to port 2222 rdr-to 2001:db8::2"],
			{ ...FIXED, "hostname.em0": [...(FIXED["hostname.em0"] ?? []), "inet6 2001:db8::2 64"] },
		],
		[
			"to a guest in IPv6",
			true,
			["block", "pass out", "pass in on em0 inet6 proto tcp to port 2222 rdr-to 2001:db8:1::2"],
			{ ...FIXED, "hostname.em0": [...(FIXED["hostname.em0"] ?? []), "inet6 2001:db8::2 64"] },
		],
		["over the LAN behind a bridge", false, ["block", "pass in on vether1"], lanBehind("bridge1")],
		["the port of a bridge alone is open", true, ["block", "pass out", "pass on em1"], lanBehind("bridge1")],
		[
			"a port of a bridge that no file sets up is open",
			false,
			["block", "pass on em1"],
			{ ...lanBehind("bridge1"), "hostname.em1": undefined },
		],
		["the port of a veb alone is open", true, ["block", "pass out", "pass on em1"], lanBehind("veb1")],
		["the host's own port of a veb alone is open", true, ["block", "pass out", "pass on vport1"], lanBehind("veb1")],
		["both ports of a veb are open", false, ["block", "pass on { em1 vport1 }"], lanBehind("veb1")],
		["to an address in the LAN", false, ["block", "pass in on em0 inet proto tcp to 10.1.0.7 port 22"], lanBehind("bridge1")],
		["the tap of a guest alone is open", true, ["block", "pass out", "pass in on tap3"]],
		["guests alone come in, beside a LAN", true, ["block", "pass out", "pass in on vether0"], lanBehind("bridge1")],
		[
			"a bridge's own address, without guests or ports outside",
			false,
			["block", "pass in on vether1"],
			{ ...lanBehind("bridge1"), "hostname.bridge1": ["add vether1", "up"] },
		],
	])("%s: %s", (_, locked, rules, more = {}) => {
		expect(codes(routed(), pf(...rules), more).includes("host/ssh-locked-out")).toBe(locked);
	});

	it.each<[where: string, fix: string, files: Files]>([
		["egress, whichever interface that is", "egress", { "hostname.em0": ["inet 192.168.7.1/24"], "hostname.em1": ["inet autoconf"] }],
		[
			"an interface where none is known to be egress",
			"em0",
			{ "hostname.em0": ["inet 192.168.7.1/24"], "hostname.em1": ["inet 192.168.8.1/24"] },
		],
	])("is mended on %s", (_, where, files) => {
		const [found] = find(routed(), files, pf("block", "pass out")).filter(({ code }) => code === "host/ssh-locked-out");
		expect(found?.fixes).toEqual([`pass in on ${where} inet proto tcp to (${where}) port ssh\n`]);
		expect(found?.text).toContain(where === "egress" ? "em1" : "em0");
	});

	it.each([
		["block all", "pass out"],
		["block quick", "pass out"],
	])("is gone by its fix, below or above `%s`", (...rules) => {
		const [found] = find(routed(), pf(...rules)).filter(({ code }) => code === "host/ssh-locked-out");
		const lines = rules.flatMap((line) =>
			line === found?.words
				? line.includes("quick")
					? [found.fixes[0]?.trim() ?? "", line]
					: [line, found.fixes[0]?.trim() ?? ""]
				: [line],
		);
		expect(lines.join()).toMatch(/pass in (quick )?on egress inet proto tcp to \(egress\) port ssh/);
		expect(codes(routed(), pf(...lines))).not.toContain("host/ssh-locked-out");
	});
});

/** How a guest is plugged in; a rule's name for its interface. */
const NICS = [
	["unpinned", plug, "tap"],
	["pinned", `tap3 ${plug}`, "tap3"],
	["by group", `{ switch "lan" group "guests" }`, "guests"],
] as const;

describe.each(NICS)("a guest, %s,", (_, nic, tap) => {
	it.each([
		["bridge0", "em1"],
		["veb0", "em1"],
		["bridge0", "vlan10"],
		["veb0", "vlan10"],
	] as const)("on %s with %s", (bridge, port) => {
		const host = bridged(bridge, nic, port);
		expect(codes(host, pf("block", SSH))).toContain("host/guest-cut-off");
		// Rules for one of the two places only let nothing through.
		expect(codes(host, pf("block", SSH, `pass on ${tap}`))).toContain("host/guest-cut-off");
		expect(codes(host, pf("block", SSH, `pass on ${port}`))).toContain("host/guest-cut-off");
		// One direction is a policy.
		expect(codes(host, pf("block", SSH, `pass in on ${tap}`, `pass out on ${port}`))).not.toContain("host/guest-cut-off");
		expect(codes(host, pf("block", SSH, `pass out on ${tap}`, `pass in on ${port}`))).not.toContain("host/guest-cut-off");
		expect(codes(host, pf("block", SSH, `pass in on ${tap} inet proto tcp from 10.10.0.20`, `pass out on ${port}`))).not.toContain(
			"host/guest-cut-off",
		);
		// The same for an address.
		const dhcp = (...rules: readonly string[]) =>
			codes(host, pf("block", SSH, `pass on { ${tap} ${port} } proto tcp`, ...rules)).includes("host/bridged-dhcp-blocked");
		const flood = bridge === "veb0" ? ["pass out on veb0 proto udp to port 67"] : [`pass out on ${port} proto udp to port 67`];
		const answers = [`pass in on ${port} proto udp to port 68`, `pass out on ${tap} proto udp to port 68`];
		const request = `pass in on ${tap} proto udp to port 67`;
		expect(dhcp()).toBe(true);
		expect(dhcp(request)).toBe(true);
		expect(dhcp(request, ...flood)).toBe(true);
		expect(dhcp(...flood, ...answers)).toBe(true);
		expect(dhcp(request, ...flood, ...answers)).toBe(false);
	});

	it.each([
		["bridge0", "vether0"],
		["veb0", "vport0"],
	] as const)("behind %s by %s", (bridge, gateway) => {
		const host = routed(bridge, nic);
		const through = bridge === "veb0" ? [`pass on ${tap}`] : [];
		expect(codes(host, pf("block", SSH))).toContain("host/guest-cut-off");
		expect(codes(host, pf("block", SSH, `pass in on ${gateway} inet from 10.60.0.0/24`, "pass out on em0", ...through))).toContain(
			"host/guest-cut-off",
		);
		expect(codes(host, pf("block", SSH, `pass in on ${gateway} inet from 10.50.0.0/24`, "pass out on em0", ...through))).not.toContain(
			"host/guest-cut-off",
		);
		// Enough of DHCP is no way.
		expect(codes(host, pf("block", SSH, ...through, "pass in proto udp from port 68 to port 67"))).toContain("host/guest-cut-off");
		const open = [`pass in on ${gateway}`, "pass out", ...through];
		expect(codes(host, pf("block", SSH, ...open))).toContain("host/guests-reach-host");
		expect(codes(host, pf("block", SSH, ...open, `block in on ${gateway} to (self)`))).not.toContain("host/guests-reach-host");
		expect(codes(host, pf("block", SSH, ...open, `block in on ${gateway} proto tcp to (self) port 22`))).not.toContain(
			"host/guests-reach-host",
		);
		expect(codes(host, pf("pass"))).toEqual([]);
		const leased = (...rules: readonly string[]) =>
			!codes(
				host,
				DHCPD,
				pf(
					"block",
					SSH,
					`pass in on ${gateway} proto tcp`,
					"pass out proto tcp",
					...(bridge === "veb0" ? [`pass in on ${tap} proto tcp`] : []),
					...rules,
				),
			).includes("host/dhcp-blocked");
		expect(leased()).toBe(false);
		expect(leased(`pass in on ${tap} proto udp from port 68 to port 67`)).toBe(bridge === "bridge0");
		expect(
			leased(
				`pass in on ${tap} proto udp from port 68 to port 67`,
				"pass out on veb0 proto udp to port 67",
				`pass out on ${tap} proto udp to port 68`,
			),
		).toBe(true);
	});
});

it("what guests share is told once", () => {
	const vm = [...lan("bridge0"), ...guest("a", plug), ...guest("b", plug), ...guest("c", plug)];
	expect(find({ ...bridged(), "vm.conf": vm }, pf("block", SSH)).map(({ text }) => text)).toEqual([
		'Nothing gets to or from "a" and 2 more here: pf blocks it `in on tap`',
	]);
});

it("an anchor of the guest's own that passes nothing is a policy", () => {
	const load = ['anchor "vm/*"', 'load anchor "vm/web01" from "/etc/pf.vm/web01.conf"'];
	const cut = (...rules: readonly string[]) =>
		codes(bridged(), pf("block", SSH, ...load), { "pf.vm/web01.conf": rules }).includes("host/guest-cut-off");
	expect(cut("# nothing yet")).toBe(false);
	expect(cut("pass in on tap9")).toBe(true);
});

it.each(Object.entries(packetChecks))(
	"%s says in sentences what is at fault, why it matters and what to write",
	(_, { title, why, remedy }) => {
		expect(title).toMatch(/\w$/);
		for (const text of [why, remedy]) expect(text).toMatch(/^[A-Z`].*[.)]$/);
	},
);

it.each([
	["block in on em0 proto tcp to port { 22 80 }", "pass in on em0"],
	["block in on em0 to 10.50.0.0/24", "pass in on em0"],
	["pass in on vether0", "pass in on em0 once"],
])("an uplink is not open by a rule that another one takes from, or that goes: %s, %s", (other, open) => {
	const own = codes({ ...routed(), ...pf("block all", open, other) });
	expect(own).not.toContain("host/uplink-open");
});
