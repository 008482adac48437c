import { describe, expect, test } from "vitest";
import { render } from "../text/message.ts";
import { checkHost } from "./checks.ts";
import { filesOf } from "./fixture.ts";
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
