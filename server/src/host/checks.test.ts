import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Diagnostic } from "../text/diagnostic.ts";
import { tellings } from "./checks.testing.ts";
import { checkHost, type HostCode, hostChecks, type ruleChecks } from "./checks.ts";
import type { anchorChecks } from "./checks-anchors.ts";
import type { guestChecks } from "./checks-guests.ts";
import type { loadChecks } from "./checks-load.ts";
import type { vebChecks } from "./checks-veb.ts";
import { filesOf, hostOf, textsOf, told } from "./fixture.ts";
import { type HostSource, hostBuilder, type ModelFile } from "./model.ts";

/** The files of a host in one text: each starts with a line `//- PATH`. */
type Files = string;

const vm = (body: string): Files => `//- /etc/vm.conf\n${body}`;
const file = (name: string, ...lines: string[]): Files => `//- /etc/${name}\n${lines.map((line) => `${line}\n`).join("")}`;
const hostname = (name: string, ...lines: string[]): Files => file(`hostname.${name}`, ...lines);
const lan = (bridge = "veb0", ...options: string[]): string =>
	`switch "lan" {\n\tinterface ${bridge}\n${options.map((option) => `\t${option}\n`).join("")}}\n`;
const guest = (name: string, nic: string, ...options: string[]): string =>
	`vm "${name}" {\n\tdisk "/${name}"\n\tinterface ${nic}\n${options.map((option) => `\t${option}\n`).join("")}}\n`;
const plug = '{ switch "lan" }';
const em0 = hostname("em0", "inet 192.0.2.2 255.255.255.0");
/** Guests behind vport0 in veb0, with the way out over em0. */
const routed = (...gateway: string[]): Files =>
	vm(lan() + guest("a", plug)) +
	hostname("veb0", "add vport0", "up") +
	hostname("vport0", ...(gateway.length > 0 ? gateway : ["inet 10.50.0.1 255.255.255.0"])) +
	em0;
const dhcpd = (...lines: string[]): Files => file("dhcpd.conf", "subnet 10.50.0.0 netmask 255.255.255.0 {", ...lines, "}");

/** For each check the words at fault, a host with the fault and one without. */
const table: Readonly<
	Record<
		Exclude<
			HostCode,
			| keyof typeof ruleChecks
			| keyof typeof guestChecks
			| keyof typeof anchorChecks
			| keyof typeof vebChecks
			| keyof typeof loadChecks
			| "host/sysctl-conf-elsewhere"
		>,
		readonly [words: string, fault: Files, without: Files, more?: Partial<HostSource>]
	>
> = {
	"host/file-not-read": [
		"",
		file("sysctl.conf", "net.inet.ip.forwarding=1"),
		hostname("em0", "up"),
		{ notRead: new Map([["/etc/hostname.em0", "special"]]) },
	],
	"host/wireless-member": [
		"iwx0",
		hostname("iwx0", "join home wpakey 12345678", "up") + hostname("bridge0", "add iwx0", "up"),
		hostname("athn0", "media autoselect mediaopt hostap", "nwid home", "up") + hostname("bridge0", "add athn0", "up"),
	],
	"host/dhcpd-two-networks": [
		"10.51.0.0",
		routed("inet 10.50.0.1 255.255.255.0", "inet alias 10.51.0.1 255.255.255.0") +
			file("rc.conf.local", "dhcpd_flags=vport0") +
			dhcpd("range 10.50.0.5 10.50.0.9;", "}", "subnet 10.51.0.0 netmask 255.255.255.0 {", "range 10.51.0.5 10.51.0.9;"),
		routed("inet 10.50.0.1 255.255.255.0", "inet alias 10.51.0.1 255.255.255.0") +
			file("rc.conf.local", "dhcpd_flags=vport0") +
			file(
				"dhcpd.conf",
				"shared-network lan {",
				"subnet 10.50.0.0 netmask 255.255.255.0 { range 10.50.0.5 10.50.0.9; }",
				"subnet 10.51.0.0 netmask 255.255.255.0 { range 10.51.0.5 10.51.0.9; }",
				"}",
			),
	],
	"host/dhcpd-rdomains": [
		"em1",
		hostname("vport0", "inet 10.50.0.1/24") +
			hostname("em1", "rdomain 2", "inet 10.51.0.1/24") +
			file("rc.conf.local", 'dhcpd_flags="vport0 em1"'),
		hostname("vport0", "rdomain 2", "inet 10.50.0.1/24") +
			hostname("em1", "rdomain 2", "inet 10.51.0.1/24") +
			file("rc.conf.local", 'dhcpd_flags="vport0 em1"'),
	],
	"host/local-without-rad": [
		"local inet6",
		vm(`local inet6\n${guest("a", "").replace("interface", "local interface")}`) + file("rc.conf.local", "vmd_flags="),
		vm(`local inet6\n${guest("a", "").replace("interface", "local interface")}`) + file("rc.conf.local", "vmd_flags=", "rad_flags="),
	],
	"host/switch-without-file": [
		"veb0",
		vm(lan() + guest("a", plug)) + em0,
		vm(lan() + guest("a", plug)) + em0 + hostname("veb0", "add em0", "up"),
	],
	"host/switch-rdomain": [
		"1",
		vm(lan()) + hostname("veb0", "rdomain 1", "up"),
		vm(lan("veb0", "rdomain 1")) + hostname("veb0", "rdomain 1", "up"),
	],
	"host/switch-down": ['"lan"', vm(lan("veb0", "down")) + hostname("veb0", "up"), vm(lan()) + hostname("veb0", "up")],
	"host/guest-lladdr": [
		"02:00:00:00:00:01",
		vm(lan() + guest("a", '{ switch "lan" lladdr 02:00:00:00:00:01 }')) +
			hostname("veb0", "add vport0", "up") +
			hostname("vport0", "lladdr 02:00:00:00:00:01"),
		vm(lan() + guest("a", '{ switch "lan" lladdr 02:00:00:00:00:01 }')) +
			hostname("veb0", "add vport0", "up") +
			hostname("vport0", "lladdr 02:00:00:00:00:02"),
	],
	"host/description-replaced": [
		"description",
		vm(lan()) + hostname("veb0", 'description "guests"', "up"),
		vm(lan()) + hostname("veb0", "up"),
	],
	"host/tap-added-early": [
		"tap3",
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("veb0", "add tap3", "up"),
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("veb0", "add tap3", "up") + hostname("tap3", "# a"),
	],
	"host/tap-without-guest": [
		"",
		vm(lan() + guest("a", plug)) + hostname("tap3", "# a"),
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("tap3", "# a"),
	],
	"host/tap-in-other-segment": [
		"tap3",
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("veb0", "up") + hostname("veb1", "add tap3", "up") + hostname("tap3", "# a"),
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("veb0", "add tap3", "up") + hostname("tap3", "# a"),
	],
	"host/isolated-segment": [
		'"lan"',
		vm(lan() + guest("a", plug)) + hostname("veb0", "up"),
		vm(lan() + guest("a", plug)) + hostname("veb0", "add em1", "up") + hostname("em1", "up"),
	],
	"host/gateway-without-address": ["", routed("up"), routed()],
	"host/local-without-forwarding": [
		"local",
		vm('vm "a" {\n\tdisk "/a"\n\tlocal interface\n}\n') + file("sysctl.conf"),
		vm('vm "a" {\n\tdisk "/a"\n\tlocal interface\n}\n') + file("sysctl.conf", "net.inet.ip.forwarding=1"),
	],
	"host/unpinned-tap-in-file": [
		"interface",
		vm(guest("a", "tap0") + guest("b", "")) + hostname("tap0", "# a"),
		vm(guest("a", "tap0") + guest("b", "tap1")) + hostname("tap0", "# a") + hostname("tap1", "# b"),
	],
	"host/locked-random-lladdr": [
		'"lan"',
		vm(lan("veb0", "locked lladdr") + guest("a", plug)) + hostname("veb0", "up") + dhcpd("host a { fixed-address 10.50.0.9; }"),
		vm(lan("veb0", "locked lladdr") + guest("a", '{ switch "lan" lladdr 02:00:00:00:00:01 }')) +
			hostname("veb0", "up") +
			dhcpd("host a { fixed-address 10.50.0.9; }"),
	],
	"host/include-missing": [
		'"/etc/vm.d/b.conf"',
		vm('include "/etc/vm.d/a.conf"\ninclude "/etc/vm.d/b.conf"\n') + file("vm.d/a.conf", "# a"),
		vm('include "/etc/vm.d/a.conf"\n') + file("vm.d/a.conf", "# a"),
	],
	"host/file-not-included": ["", vm("") + file("vm.d/a.conf", "# a"), vm('include "/etc/vm.d/a.conf"\n') + file("vm.d/a.conf", "# a")],
	"host/many-guests": [
		'"lan"',
		vm(lan() + guest("a", plug) + guest("b", plug)) + hostname("veb0", "add em1", "up") + hostname("em1", "up"),
		vm(lan() + guest("a", plug)) + hostname("veb0", "add em1", "up") + hostname("em1", "up"),
		{ portMacLimit: 2 },
	],
	"host/switch-interface-is-port": [
		"veb1",
		hostname("veb0", "add veb1", "up") + hostname("veb1", "up"),
		hostname("veb0", "up") + hostname("veb1", "up"),
	],
	"host/tap-with-address": [
		"10.0.0.1",
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("veb0", "up") + hostname("tap3", "inet 10.0.0.1 255.255.255.0"),
		vm(lan() + guest("a", `tap3 ${plug}`)) + hostname("veb0", "up") + hostname("tap3", "# a"),
	],

	"host/missing-member": [
		"vlan10",
		hostname("bridge0", "add vlan10", "up") + hostname("em1", "up"),
		hostname("bridge0", "add vlan10", "up") + hostname("vlan10", "vnetid 10", "parent em1", "up") + hostname("em1", "up"),
	],
	"host/lower-down": ["em1", hostname("bridge0", "add em1", "up") + em0, hostname("bridge0", "add em1", "up") + hostname("em1", "up")],
	"host/two-bridges": [
		"em1",
		hostname("bridge0", "add em1") + hostname("bridge1", "add em1") + hostname("em1", "up"),
		hostname("bridge0", "add em1") + hostname("bridge1", "add em2") + hostname("em1", "up") + hostname("em2", "up"),
	],
	"host/trunk-and-bridge": [
		"em1",
		hostname("trunk0", "trunkport em1", "up") + hostname("bridge0", "add em1", "up") + hostname("em1", "up"),
		hostname("trunk0", "trunkport em1", "up") + hostname("bridge0", "add trunk0", "up") + hostname("em1", "up"),
	],
	"host/rc-conf-elsewhere": [
		"httpd_enable=YES",
		em0 + file("rc.conf.local", "httpd_enable=YES", "pf_enable=YES"),
		em0 + file("rc.conf.local", "httpd_flags=", "multicast=YES"),
	],
	"host/trunk-port-address": [
		"192.0.2.2",
		em0 + hostname("trunk0", "trunkproto failover trunkport em0", "up"),
		em0 + hostname("trunk0", "trunkproto failover trunkport em1", "up") + hostname("em1", "up"),
	],
	"host/veb-port-address": [
		"192.0.2.2",
		em0 + hostname("veb0", "add em0", "up"),
		em0 + hostname("veb0", "add em1", "up") + hostname("em1", "up"),
	],
	"host/vether-in-veb": [
		"vether0",
		hostname("veb0", "add vether0", "up") + hostname("vether0", "up"),
		hostname("veb0", "add vport0", "up") + hostname("vport0", "up"),
	],
	"host/vport-in-bridge": [
		"vport0",
		hostname("bridge0", "add vport0", "up") + hostname("vport0", "up"),
		hostname("bridge0", "add vether0", "up") + hostname("vether0", "up"),
	],
	"host/port-without-bridge": [
		"",
		hostname("vport0", "up") + hostname("veb0", "add em1", "up") + hostname("em1", "up"),
		hostname("veb0", "add vport0", "up") + hostname("vport0", "up"),
	],
	"host/address-without-up": [
		"10.50.0.1",
		hostname("vport0", "inet 10.50.0.1 255.255.255.0"),
		hostname("vport0", "inet 10.50.0.1 255.255.255.0", "up"),
	],
	"host/same-vlan": [
		"10",
		hostname("vlan1", "vnetid 10 parent em1", "up") + hostname("vlan2", "vnetid 10 parent em1", "up"),
		hostname("vlan1", "vnetid 10 parent em1", "up") + hostname("vlan2", "vnetid 20 parent em1", "up"),
	],
	"host/vlan-and-parent": [
		"em1",
		hostname("bridge0", "add em1", "up") + hostname("em1", "up") + hostname("vlan10", "vnetid 10", "parent em1", "up"),
		hostname("bridge0", "add vlan10", "up") + hostname("em1", "up") + hostname("vlan10", "vnetid 10", "parent em1", "up"),
	],
	"host/tag-taken": [
		"em1",
		vm(lan() + guest("a", plug)) +
			hostname("veb0", "link0", "add em1", "up") +
			hostname("em1", "up") +
			hostname("vlan10", "vnetid 10", "parent em1", "inet 10.0.0.1/24"),
		vm(lan() + guest("a", plug)) +
			hostname("veb0", "link0", "add em1", "up") +
			hostname("em1", "up") +
			hostname("vlan10", "vnetid 10", "parent em2", "inet 10.0.0.1/24"),
	],
	"host/veb-drops-tags": [
		"vport1",
		hostname("veb0", "add vport1", "up") + hostname("vport1", "up") + hostname("vlan10", "vnetid 10", "parent vport1", "up"),
		hostname("veb0", "link0", "add vport1", "up") + hostname("vport1", "up") + hostname("vlan10", "vnetid 10", "parent vport1", "up"),
	],
	"host/overlapping-networks": [
		"192.0.2.66",
		em0 + hostname("em1", "inet 192.0.2.66 255.255.255.192"),
		em0 + hostname("em1", "rdomain 1", "inet 192.0.2.66 255.255.255.192"),
	],
	"host/same-address": ["192.0.2.2", em0 + hostname("em1", "inet 192.0.2.2/32"), em0 + hostname("em1", "inet 192.0.2.3/32")],
	"host/tunnel-domain": [
		"5",
		hostname("gif0", "tunneldomain 5", "up") + hostname("wg0", "rdomain 5", "up"),
		hostname("gif0", "tunneldomain 5", "up") + hostname("em1", "rdomain 5", "up"),
	],
	"host/mygate-ignored": ["192.0.2.1", hostname("em0", "inet autoconf") + file("mygate", "192.0.2.1"), em0 + file("mygate", "192.0.2.1")],
	"host/mygate-unreachable": ["198.51.100.1", em0 + file("mygate", "198.51.100.1"), em0 + file("mygate", "192.0.2.1")],
	"host/self-parent": ["bridge0", hostname("bridge0", "add bridge0"), hostname("bridge0", "add em0") + em0],
	"host/patch-without-peer": [
		"pair1",
		hostname("pair0", "patch pair1", "up"),
		hostname("pair0", "patch pair1", "up") + hostname("pair1", "patch pair0", "up"),
	],

	"host/vmd-off": [
		"",
		vm(guest("a", "")) + file("rc.conf.local", "dhcpd_flags=em0"),
		vm(guest("a", "")) + file("rc.conf.local", "vmd_flags="),
	],
	"host/dhcpd-on-bridge": [
		"veb0",
		routed() + file("rc.conf.local", "dhcpd_flags=veb0"),
		routed() + file("rc.conf.local", "dhcpd_flags=vport0"),
	],
	"host/dhcpd-without-address": ["em1", em0 + file("rc.conf.local", "dhcpd_flags=em1"), em0 + file("rc.conf.local", "dhcpd_flags=em0")],
	"host/dhcpd-without-subnet": [
		"em0",
		em0 + file("rc.conf.local", "dhcpd_flags=em0") + dhcpd(),
		routed() + file("rc.conf.local", "dhcpd_flags=vport0") + dhcpd(),
	],
	"host/dhcpd-off": [
		"10.50.0.0",
		routed() + file("rc.conf.local", "vmd_flags=") + dhcpd(),
		routed() + file("rc.conf.local", "dhcpd_flags=-l /var/db/leases vport0") + dhcpd(),
	],
	"host/dhcp-range": ["10.51.0.9", dhcpd("range 10.50.0.5 10.51.0.9;"), dhcpd("range 10.50.0.5 10.50.0.9;")],
	"host/dhcp-fixed-in-range": [
		"10.50.0.7",
		dhcpd("range 10.50.0.5 10.50.0.9;", "host a { fixed-address 10.50.0.7; }"),
		dhcpd("range 10.50.0.5 10.50.0.9;", "host a { fixed-address 10.50.0.70; }"),
	],
	"host/dhcp-overlapping-ranges": [
		"range 10.50.0.9 10.50.0.20;",
		dhcpd("range 10.50.0.5 10.50.0.9;", "range 10.50.0.9 10.50.0.20;"),
		dhcpd("range 10.50.0.5 10.50.0.9;", "range 10.50.0.10 10.50.0.20;"),
	],
	"host/dhcp-gateway-in-range": [
		"range 10.50.0.1 10.50.0.9;",
		routed() + dhcpd("range 10.50.0.1 10.50.0.9;"),
		routed() + dhcpd("range 10.50.0.2 10.50.0.9;"),
	],
	"host/dhcp-routers": ["10.50.0.254", routed() + dhcpd("option routers 10.50.0.254;"), routed() + dhcpd("option routers 10.50.0.1;")],
	"host/dhcp-no-router": [
		"10.50.0.0",
		routed() + dhcpd("range 10.50.0.5 10.50.0.9;") + file("sysctl.conf", "net.inet.ip.forwarding=1"),
		routed() + dhcpd("range 10.50.0.5 10.50.0.9;\n\toption routers 10.50.0.1;") + file("sysctl.conf", "net.inet.ip.forwarding=1"),
	],
	"host/dhcp-unknown-ethernet": [
		"02:00:00:00:00:01",
		vm(guest("a", "")) + dhcpd("host a { hardware ethernet 02:00:00:00:00:01; }"),
		vm(guest("a", "{ lladdr 02:00:00:00:00:01 }")) + dhcpd("host a { hardware ethernet 2:0:0:0:0:1; }"),
	],
	"host/forwarding-off": [
		"net.inet.ip.forwarding=0",
		routed() + file("sysctl.conf", "net.inet.ip.forwarding=0"),
		routed() + file("sysctl.conf", "net.inet.ip.forwarding=1"),
	],
	"host/forwarding6-off": [
		"",
		routed("inet6 fd00::1 64") + file("sysctl.conf", "net.inet.ip.forwarding=1"),
		routed("inet6 fd00::1 64") + file("sysctl.conf", "net.inet6.ip6.forwarding=1"),
	],
	"host/sysctl-words": [
		"net.inet.ip.forwarding",
		file("sysctl.conf", "net.inet.ip.forwarding = 1"),
		file("sysctl.conf", "net.inet.ip.forwarding=1"),
	],
	"host/sysctl-line": [
		"net.inet.ip.forwarding=1",
		file("sysctl.conf", "  net.inet.ip.forwarding=1"),
		file("sysctl.conf", "net.inet.ip.forwarding=1"),
	],
	"host/sysctl-name": [
		"net.inet.ip.forwading",
		file("sysctl.conf", "net.inet.ip.forwading=1"),
		file("sysctl.conf", "net.inet.ip.forwarding=1", "kern.seminfo.semmni=100"),
	],
	"host/dhcp-wrong-segment": [
		"10.51.0.9",
		routed().replace('{ switch "lan" }', '{ switch "lan" lladdr 02:00:00:00:00:01 }') +
			dhcpd("host a { hardware ethernet 02:00:00:00:00:01; fixed-address 10.51.0.9; }"),
		routed().replace('{ switch "lan" }', '{ switch "lan" lladdr 02:00:00:00:00:01 }') +
			dhcpd("host a { hardware ethernet 02:00:00:00:00:01; fixed-address 10.50.0.9; }"),
	],
	"host/no-sysctl-conf": [
		"10.50.0.1",
		routed() + file("rc.conf.local", "vmd_flags="),
		routed() + file("rc.conf.local", "vmd_flags=") + file("sysctl.conf", "net.inet.ip.forwarding=1"),
	],
	"host/no-rc-conf-local": [
		'"a"',
		routed() + file("sysctl.conf", "net.inet.ip.forwarding=1"),
		routed() + file("sysctl.conf", "net.inet.ip.forwarding=1") + file("rc.conf.local", "vmd_flags="),
	],
	"host/no-dhcpd-conf": [
		"vport0",
		routed() + file("rc.conf.local", "vmd_flags=", "dhcpd_flags=vport0") + file("sysctl.conf", "net.inet.ip.forwarding=1"),
		routed() + file("rc.conf.local", "vmd_flags=", "dhcpd_flags=vport0") + dhcpd(),
	],
	"host/pf-off": [
		"pf=NO",
		file("rc.conf.local", "pf=NO") + file("pf.conf", "block"),
		file("rc.conf.local", "pf=YES") + file("pf.conf", "block"),
	],
	"host/file-mode": ["", "//- /etc/pf.conf 0644\nblock\n", "//- /etc/pf.conf 0600\nblock\n"],
	"host/readable-secret": [
		"hunter2",
		"//- /etc/hostname.carp0 0644\nvhid 1 carpdev em0 pass hunter2\n",
		"//- /etc/hostname.carp0 0640\nvhid 1 carpdev em0 pass hunter2\n",
	],
	"host/shadowed-hostname": ["", hostname("em0.bak", "up"), em0],
};

/** Every text that is known in another language too. */
const translated = new Set(Object.keys(JSON.parse(readFileSync(new URL("../../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8"))));

interface Found extends Diagnostic {
	readonly file: string;
	readonly words: string;
}

function find(source: HostSource): readonly Found[] {
	return [...checkHost(hostBuilder()(source))].flatMap(([path, list]) => {
		const { text } = source.files.get(path) ?? { text: "" };
		return list.map((one) => ({ ...one, file: path, words: text.slice(one.span.start, one.span.end) }));
	});
}

/** The files after the first fix of a diagnostic. */
function mended(files: ReadonlyMap<string, ModelFile>, { file: own, fixes }: Found): ReadonlyMap<string, ModelFile> {
	const result = new Map(files);
	for (const { file: path = own, span, text } of [...(fixes?.[0]?.edits ?? [])].reverse()) {
		const before = result.get(path)?.text ?? "";
		result.set(path, { text: before.slice(0, span.start) + text + before.slice(span.end) });
	}
	return result;
}

describe("no fault", () => {
	it.each([
		[
			"a shared address in the network of its interface",
			hostname("em0", "inet 10.0.0.2/24") + hostname("carp0", "vhid 1 carpdev em0 pass secret", "inet 10.0.0.1/24"),
		],
		["a link-local address on two interfaces", hostname("em0", "inet6 fe80::1/64") + hostname("em1", "inet6 fe80::1/64")],
		["an address twice on one interface", hostname("em0", "inet 10.0.0.1/24", "inet alias 10.0.0.1/24")],
	])("%s", (_, host) => {
		const found = find({ name: "hv1", files: filesOf(host) }).map(({ code }) => code);
		expect(found.filter((code) => code === "host/same-address" || code === "host/overlapping-networks")).toEqual([]);
	});
});

describe("each check", () => {
	it.each(Object.entries(table))("%s", (code, [words, fault, without, more = {}]) => {
		const files = filesOf(fault);
		const found = find({ name: "hv1", files, release: "7.7", ...more }).filter((one) => one.code === code);
		expect(found.map((one) => one.words)).toEqual([words]);
		expect(found.map(({ severity }) => severity)).toEqual([hostChecks[code as HostCode].severity]);
		expect(found.flatMap((one) => told(files, one.file, one))).toEqual(tellings[code as HostCode]);
		expect(found.flatMap(textsOf).filter((text) => !translated.has(text))).toEqual([]);
		expect(find({ name: "hv1", files: filesOf(without), release: "7.7", ...more }).map((one) => one.code)).not.toContain(code);
		const [first] = found;
		if (first?.fixes === undefined) return;
		expect(
			find({ name: "hv1", files: mended(files, first), release: "7.7", ...more }).map((one) => one.code),
			"after its fix",
		).not.toContain(code);
	});
});

test.each(Object.entries(hostChecks))("%s says what it looks for, why, and what to do", (_, { title, why, remedy }) => {
	expect([title, why, remedy].filter((text) => !translated.has(text))).toEqual([]);
});

describe("what is not known is no fault", () => {
	it.each([
		["vm.conf alone", vm(lan() + guest("a", `tap3 ${plug}`))],
		["a hostname file alone", hostname("vlan10", "vnetid 10", "parent em1", "up") + hostname("em1", "up")],
		["nothing", ""],
		[
			"a device that a file named after its MAC address sets up",
			hostname("bridge0", "add em1", "up") + file("hostname.00:11:22:33:44:55", "up"),
		],
		["what a command sets up", hostname("bridge0", "add em1", "!ifconfig em1 up", "up")],
	])("%s", (_, files) => {
		expect(find({ name: "hv1", files: filesOf(files) })).toEqual([]);
	});

	it("any text in any file does no harm", () => {
		const paths = [
			"vm.conf",
			"hostname.em0",
			"hostname.veb0",
			"hostname.tap1",
			"hostname.vport0",
			"rc.conf.local",
			"sysctl.conf",
			"mygate",
			"dhcpd.conf",
			"vm.d/a.conf",
		];
		const words = [
			..." \n\n\"'{};#=",
			"switch lan {\n interface veb0\n}\n",
			'vm "a" {\n disk "/a"\n interface tap1 { switch lan }\n}\n',
			"inet 10.0.0.1 255.255.255.0\n",
			"inet ",
			"inet6 ::1 64\n",
			"add tap1\n",
			"parent em0\n",
			"dhcpd_flags=veb0 em0\n",
			"subnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.1 10.0.0.9; }\n",
			"up\n",
		];
		const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(""));
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...paths), text), (contents) => {
				const files = new Map(Object.entries(contents).map(([name, own]) => [`/etc/${name}`, { text: own }]));
				for (const { span, file: path } of find({ name: "hv1", files })) {
					const length = files.get(path)?.text.length;
					expect(length, path).toBeDefined();
					expect(0 <= span.start && span.start <= span.end && span.end <= (length ?? 0)).toBe(true);
				}
			}),
		);
	});
});

describe("the example hosts", () => {
	const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
	const read = (name: string): HostSource => {
		const files = new Map<string, ModelFile>();
		const walk = (folder: string, path: string): void => {
			for (const entry of readdirSync(folder, { withFileTypes: true })) {
				if (entry.isDirectory()) walk(`${folder}/${entry.name}`, `${path}/${entry.name}`);
				else files.set(`${path}/${entry.name}`, { text: readFileSync(`${folder}/${entry.name}`, "utf8") });
			}
		};
		walk(`${examples}${name}/etc`, "/etc");
		return { name, files };
	};
	it.each(["corrected", "corrected-bridge"])("%s has no fault", (name) => {
		expect(existsSync(`${examples}${name}/etc/vm.conf`)).toBe(true);
		expect(find(read(name)).map(({ code, words }) => [code, words])).toEqual([]);
	});
	it("the handbook's hosts have theirs", () => {
		const codes = find(read("handbook")).map(({ code }) => code);
		expect(codes).toContain("host/lower-down");
	});
});

describe("the model", () => {
	it("keeps what did not change", () => {
		const build = hostBuilder();
		const files = filesOf(routed());
		const first = build({ name: "hv1", files });
		const second = build({ name: "hv1", files: new Map(files).set("/etc/sysctl.conf", { text: "" }) });
		expect(second.configs.find(({ name }) => name === "veb0")).toBe(first.configs.find(({ name }) => name === "veb0"));
		expect(second.vmFile).toBe(first.vmFile);
	});
	it("knows segments with their guests and gateways", () => {
		const [segment] = hostOf(routed()).segments;
		expect(segment?.plugs.map(({ guest: one }) => one.name.value)).toEqual(["a"]);
		expect(segment?.gateways.map(({ name }) => name)).toEqual(["vport0"]);
	});
});
