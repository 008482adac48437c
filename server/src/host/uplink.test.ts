import { describe, expect, it } from "vitest";
import { filesOf } from "./fixture.ts";
import { hostBuilder } from "./model.ts";
import { outsides } from "./paths.ts";
import { pfFacts } from "./pf-facts.ts";
import { missingUplink } from "./uplink.ts";

const vether = "//- /etc/hostname.vether0\ninet 10.50.0.1/24\n//- /etc/hostname.bridge1\nadd vether0\nup\n";
const guest = '//- /etc/vm.conf\nswitch "lan" {\n\tinterface bridge1\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n';
const routed = vether + guest;
const pf = (...lines: readonly string[]): string => `//- /etc/pf.conf\n${lines.map((line) => `${line}\n`).join("")}`;
const NAT = "match out on em0 inet from 10.50.0.0/24 nat-to (em0)";

function hostOf(text: string) {
	const files = filesOf(text);
	const facts = pfFacts(files);
	return hostBuilder()({ name: "hv1", files, ...(facts === undefined ? {} : { pf: facts }) });
}

describe("the way outside of a host without a file for it", () => {
	it.each<[why: string, host: string, found: string | undefined, assumed: readonly string[]]>([
		["translation names it", routed + pf(NAT), "em0", ["em0"]],
		["by a macro", routed + pf('wan = "em0"', "match out on $wan inet from 10.50.0.0/24 nat-to ($wan)"), "em0", ["em0"]],
		["a rule for packets out names it", routed + pf("pass out on ix0"), "ix0", ["ix0"]],
		["translation before other rules", routed + pf("pass out on ix0", NAT), "em0", ["em0"]],
		["a rule for packets in says nothing of it", routed + pf("pass in on em0"), undefined, []],
		[
			"the next of the machine's devices, which nothing takes for it",
			`${routed + pf("pass out on egress")}//- /etc/hostname.em0\nup\n`,
			"em1",
			[],
		],
		["no device is known", routed + pf("pass out on egress"), undefined, []],
		["devices of two drivers", `${routed + pf("pass")}//- /etc/hostname.em0\nup\n//- /etc/hostname.ix0\nup\n`, undefined, []],
		["another has an address", `${routed + pf(NAT)}//- /etc/hostname.em1\ninet 192.0.2.2/24\n`, undefined, ["em1"]],
		["another asks for one", `${routed + pf(NAT)}//- /etc/hostname.em1\ninet autoconf\n`, undefined, ["em1"]],
		["a command may give one", `${routed + pf(NAT)}//- /etc/hostname.em1\n!dhclient em1\n`, undefined, []],
		["it is a port of the guests' bridge", routed.replace("add vether0", "add vether0\nadd em0") + pf(NAT), undefined, []],
		["it has a file without an address", `${routed + pf(NAT)}//- /etc/hostname.em0\nup\n`, "em1", []],
		["no interface is known at all", guest + pf(NAT), undefined, []],
		["tunnels alone are no host", `//- /etc/hostname.wg0\nup\n${pf(NAT)}`, undefined, []],
	])("%s", (_, text, found, assumed) => {
		const host = hostOf(text);
		expect(missingUplink(host)?.name).toBe(found);
		expect(outsides(host).map(({ name }) => name)).toEqual(assumed);
	});
});
