import { describe, expect, test } from "vitest";
import { render } from "../text/message.ts";
import { checkHost, type HostCode } from "./checks.ts";
import { faultsOf, filesOf } from "./fixture.ts";
import { hostBuilder } from "./model.ts";

/** What is said of the number of guests of a host, by the switch that it is said of. */
function ofManyGuests(fixture: string, limit: { readonly portMacLimit?: number } = {}): readonly string[] {
	const host = hostBuilder()({ name: "hv1", files: filesOf(fixture), ...limit });
	const { text = "" } = host.source.files.get("/etc/vm.conf") ?? {};
	return [...checkHost(host).values()]
		.flat()
		.flatMap(({ code, span, message }) => (code === "host/many-guests" ? [`${text.slice(span.start, span.end)}: ${render(message)}`] : []));
}

const guests = (name: string, count: number): string =>
	Array.from({ length: count }, (_, i) => `vm "${name}${i}" {\n\tdisk "/${name}${i}"\n\tinterface { switch "${name}" }\n}\n`).join("");
const lan = (count: number): string =>
	`//- /etc/vm.conf\nswitch "lan" {\n\tinterface bridge0\n}\n${guests("lan", count)}//- /etc/hostname.bridge0\nadd em1\nup\n//- /etc/hostname.em1\nup\n`;
const vlans = `//- /etc/vm.conf
switch "a" {
	interface veb0
}
switch "b" {
	interface veb1
}
${guests("a", 40)}${guests("b", 40)}//- /etc/hostname.veb0
add vlan10
up
//- /etc/hostname.veb1
add vlan20
up
//- /etc/hostname.vlan10
parent em1 vnetid 10
up
//- /etc/hostname.vlan20
parent em1 vnetid 20
up
//- /etc/hostname.em1
up
`;
const routed = `//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\n${guests("lan", 90)}//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\ninet 10.0.0.1/24\n`;

describe("guests whose MAC addresses one physical port shows", () => {
	test.each<readonly [string, string, { readonly portMacLimit?: number }, readonly string[]]>([
		["as many as most networks allow", lan(63), {}, []],
		["more than that", lan(64), {}, ['"lan": 64 guests show 65 MAC addresses on em1: many networks allow fewer on one port']],
		["as many as this network allows", lan(70), { portMacLimit: 100 }, []],
		["more than this network allows", lan(2), { portMacLimit: 2 }, ['"lan": 2 guests show 3 MAC addresses on em1, where 2 are allowed']],
		["on two VLANs of one trunk", vlans, {}, ['"a": 80 guests show 81 MAC addresses on em1: many networks allow fewer on one port']],
		["routed, which show none", routed, {}, []],
	])("%s", (_, fixture, limit, expected) => {
		expect(ofManyGuests(fixture, limit)).toEqual(expected);
	});
});

/** vm.conf with the switch `lan` on veb0. */
const vm = (guest: string, ...options: string[]): string =>
	`//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n${options.map((option) => `\t${option}\n`).join("")}}\n${guest}`;
const guest = (nic: string, ...options: string[]): string =>
	`vm "a" {\n\tdisk "/a"\n${options.map((option) => `\t${option}\n`).join("")}\t${nic}\n}\n`;
const plugged = guest('interface { switch "lan" }');
const pinned = guest('interface tap3 { switch "lan" }');
/** Hostname files, each as `name: line; line`. */
const hostname = (...files: string[]): string =>
	files
		.map((file) => {
			const [name = "", text = ""] = file.split(": ");
			return `//- /etc/hostname.${name}\n${text.split("; ").join("\n")}\n`;
		})
		.join("");

/** Cases beside the ones of the tables of all checks: nearly the same host, with the fault or without it. */
const cases: Readonly<Partial<Record<HostCode, readonly (readonly [host: string, ...found: string[]])[]>>> = {
	"host/switch-without-file": [
		// A tunnel's file alone is no host: which interfaces there are is not known.
		[`//- /etc/hostname.wg0\nup\n//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\n`],
		[vm(plugged)],
		[vm(plugged) + hostname("em0: up"), "/etc/vm.conf: veb0"],
		[vm(plugged, "disable") + hostname("em0: up")],
	],
	"host/switch-rdomain": [
		[vm("", "rdomain 2") + hostname("veb0: rdomain 1"), "/etc/hostname.veb0: 1"],
		[vm("", "rdomain 1") + hostname("veb0: rdomain 1")],
		[vm("") + hostname("veb0: rdomain 0")],
		[vm("", "rdomain 1", "disable") + hostname("veb0: rdomain 2")],
		[vm("", "rdomain 1") + hostname("veb0: up")],
	],
	"host/switch-down": [[vm("", "down") + hostname("veb0: link1")], [vm("", "down", "up") + hostname("veb0: up")]],
	"host/guest-lladdr": [
		[
			vm(guest('interface { switch "lan" lladdr 2:0:0:0:0:1 }')) + hostname("veb0: add vport0", "vport0: lladdr 02:00:00:00:00:01"),
			"/etc/vm.conf: 2:0:0:0:0:1",
		],
		[vm(guest('interface { switch "lan" lladdr 2:0:0:0:0:1 }')) + hostname("veb0: up", "vport0: lladdr 02:00:00:00:00:01")],
		[vm(plugged) + hostname("veb0: add vport0", "vport0: up")],
	],
	"host/description-replaced": [
		[vm("") + hostname("veb0: descr lan; up"), "/etc/hostname.veb0: descr"],
		[vm(pinned) + hostname("tap3: description a"), "/etc/hostname.tap3: description"],
		[vm(pinned) + hostname("em0: description a")],
	],
	"host/tap-without-guest": [
		[`${vm(pinned)}${hostname("tap3: # a", "tap4: # b")}`, "/etc/hostname.tap4: "],
		[vm(plugged) + hostname("tap4: inet 10.0.0.1/24")],
		[`//- /etc/vm.conf\ninclude "/x"\n${hostname("tap4: # b")}`],
		[hostname("tap4: # b")],
		[vm(plugged) + hostname("em0: up")],
	],
	"host/tap-in-other-segment": [
		[vm(pinned) + hostname("veb1: add tap3"), "/etc/hostname.veb1: tap3"],
		[vm(pinned) + hostname("veb0: add tap3")],
		[vm(plugged) + hostname("veb1: add tap3")],
	],
	"host/isolated-segment": [
		[vm(plugged) + hostname("veb0: add tap9"), '/etc/vm.conf: "lan"'],
		[vm(plugged) + hostname("veb0: add vport0", "vport0: up"), '/etc/vm.conf: "lan"'],
		[vm(plugged) + hostname("veb0: add vport0", "vport0: inet 10.0.0.1/24")],
		[vm(plugged) + hostname("veb0: add pair0")],
		[vm(plugged)],
		[vm(guest('interface { switch "lan" }', "disable")) + hostname("veb0: up")],
		[vm("") + hostname("veb0: up")],
	],
	"host/gateway-without-address": [
		[vm(plugged) + hostname("veb0: add vport0; add vport1", "vport0: up", "vport1: inet 10.0.0.1/24")],
		[vm(plugged) + hostname("veb0: add vport0; add em1", "vport0: up")],
		[vm(plugged) + hostname("veb0: add vport0", "vport0: inet autoconf")],
		[vm(guest('interface { switch "lan" }', "disable")) + hostname("veb0: add vport0", "vport0: up")],
		[vm(plugged) + hostname("veb0: add vport0; add tap9", "vport0: up", "tap9: # a"), "/etc/hostname.vport0: "],
	],
	"host/local-without-forwarding": [
		[`${vm(guest("local interface"))}//- /etc/sysctl.conf\nnet.inet.ip.forwarding=2\n`, "/etc/vm.conf: local"],
		[`${vm(guest("local interface"))}//- /etc/sysctl.conf\nnet.inet.ip.forwarding=0\nnet.inet.ip.forwarding=1\n`],
		[`${vm(guest("local interface"))}//- /etc/sysctl.conf\nnet.inet.ip.forwarding=1\nnet.inet.ip.forwarding\n`],
		[vm(guest("local interface"))],
		[`${vm(plugged)}//- /etc/sysctl.conf\n`],
	],
	"host/unpinned-tap-in-file": [
		[vm(guest('interface { switch "lan" }', "disable")) + hostname("tap3: # a")],
		[vm(plugged) + hostname("em0: up")],
		[vm(plugged) + hostname("tap3: # a"), "/etc/vm.conf: interface"],
		[vm(guest('interface tap { switch "lan" }')) + hostname("tap3: # a"), "/etc/vm.conf: tap"],
	],
	"host/locked-random-lladdr": [
		[`${vm(guest('interface { switch "lan" locked lladdr }'))}//- /etc/dhcpd.conf\nhost a { }\n`, '/etc/vm.conf: "lan"'],
		[`${vm(plugged, "locked lladdr")}//- /etc/dhcpd.conf\nhost b { }\n`],
		[`${vm(plugged)}//- /etc/dhcpd.conf\nhost a { }\n`],
		[`${vm(guest('interface { switch "lan" }', "disable"), "locked lladdr")}//- /etc/dhcpd.conf\nhost a { }\n`],
	],
	"host/include-missing": [
		['//- /etc/vm.conf\ninclude "/etc/vm.d/a.conf"\n'],
		['//- /etc/vm.conf\ninclude "a.conf"\n//- /etc/b.conf\n'],
		['//- /etc/vm.conf\ninclude "/etc/a.conf"\n//- /etc/pf.conf\nblock\n', '/etc/vm.conf: "/etc/a.conf"'],
		['//- /etc/vm.conf\ninclude "/home/a.conf"\n//- /etc/vm.d/b.conf\n'],
		['//- /etc/vm.conf\ninclude "/etc/vm.conf"\n//- /etc/pf.conf\nblock\n'],
	],
	"host/file-not-included": [
		["//- /etc/vm.conf\n//- /etc/vm.d/a.conf\n", "/etc/vm.d/a.conf: "],
		["//- /etc/vm.conf\n//- /etc/vms.d/a.conf\n", "/etc/vms.d/a.conf: "],
		["//- /etc/vm.conf\n//- /etc/vm.d/a.bak\n"],
		["//- /etc/vm.conf\n//- /etc/pf.d/a.conf\nblock\n"],
		['//- /etc/vm.conf\ninclude "/etc/guests/a.conf"\n//- /etc/guests/a.conf\n//- /etc/guests/b.conf\n', "/etc/guests/b.conf: "],
		['//- /etc/vm.conf\ninclude "/etc/a.conf"\n//- /etc/a.conf\n//- /etc/b.conf\n'],
		["//- /etc/vm.d/a.conf\n"],
		['//- /etc/vm.conf\ninclude "/x"\n//- /etc/vm.d/a.conf\n'],
	],
	"host/switch-interface-is-port": [
		[hostname("bridge0: add bridge1", "bridge1: up"), "/etc/hostname.bridge0: bridge1"],
		[hostname("bridge0: add veb1")],
		[hostname("bridge0: add vether0", "vether0: up")],
	],
	"host/tap-with-address": [
		[vm(pinned) + hostname("tap3: inet6 fd00::1 64"), "/etc/hostname.tap3: fd00::1"],
		[vm(plugged) + hostname("tap3: inet 10.0.0.1/24")],
		[vm(guest("interface tap3")) + hostname("tap3: inet 10.0.0.1/24")],
		[vm(pinned) + hostname("tap3: # a")],
	],
};

describe.each(Object.entries(cases))("%s", (code, rows) => {
	test.each(rows.map((row, index) => [index, ...row] as const))("%#: %s", (_, files, ...found) => {
		expect(faultsOf(code as HostCode, files)).toEqual(found);
	});
});
