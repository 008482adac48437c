import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDhcpd } from "./dhcpd.ts";
import { readMygate } from "./mygate.ts";
import { rcVariable, readRcConf } from "./rc-conf.ts";
import { readResolvConf } from "./resolv-conf.ts";
import { readSysctl, sysctlSetting } from "./sysctl.ts";

describe("sysctl.conf", () => {
	test("every word is a setting, the last of a name is in force, comments are not read", () => {
		const text = "# forwarding\nnet.inet.ip.forwarding=0 kern.maxproc=4096\nnet.inet.ip.forwarding=1\t# on\n#net.inet6.ip6.forwarding=1\n";
		const settings = readSysctl(text, "7.6");
		expect(settings.map(({ name, value }) => [name, value])).toEqual([
			["net.inet.ip.forwarding", "0"],
			["kern.maxproc", "4096"],
			["net.inet.ip.forwarding", "1"],
		]);
		const forwarding = sysctlSetting(settings, "net.inet.ip.forwarding");
		expect(forwarding?.value).toBe("1");
		expect(text.slice(forwarding?.span.start, forwarding?.span.end)).toBe("net.inet.ip.forwarding=1");
		expect(sysctlSetting(settings, "net.inet6.ip6.forwarding")).toBeUndefined();
	});
	test("blanks around = make words that set nothing", () => {
		expect(sysctlSetting(readSysctl("net.inet.ip.forwarding = 1\n"), "net.inet.ip.forwarding")).toBeUndefined();
	});
});

test("rc.conf.local: blanks around =, quotes, comments, lower-cased names, the last assignment wins", () => {
	const text = 'vmd_flags=NO\nVMD_FLAGS = "-v"  # verbose\ndhcpd_flags=vether0\n#pf=NO\n=x\n';
	const variables = readRcConf(text);
	expect(rcVariable(variables, "vmd_flags")?.value).toBe("-v");
	expect(rcVariable(variables, "pf")).toBeUndefined();
	const dhcpd = rcVariable(variables, "dhcpd_flags");
	expect(text.slice(dhcpd?.valueSpan.start, dhcpd?.valueSpan.end)).toBe("vether0");
	expect(variables).toHaveLength(3);
});

test("mygate: families by the colon, commands after !", () => {
	expect(readMygate("# uplink\n203.0.113.1\nfe80::1%em0 # v6\n!route add 10/8 192.0.2.1\n")).toMatchObject([
		{ kind: "gateway", family: "inet", address: "203.0.113.1" },
		{ kind: "gateway", family: "inet6", address: "fe80::1%em0" },
		{ kind: "command", command: "route add 10/8 192.0.2.1" },
	]);
});

test("resolv.conf: its name servers, each on a line", () => {
	const text =
		"# resolvd\nsearch example.net\nnameserver 192.0.2.53 # the router\nnameserver\nnameserver 2001:db8::53 ; six\n;nameserver 9.9.9.9\n";
	expect(readResolvConf(text).map((server) => [server.text, text.slice(server.span.start, server.span.end)])).toEqual([
		["192.0.2.53", "192.0.2.53"],
		["2001:db8::53", "2001:db8::53"],
	]);
});

describe("dhcpd.conf", () => {
	const text = `option domain-name "example.net; {";
option routers 192.0.2.1;
option domain-name-servers 192.0.2.53;
shared-network guests {
	subnet 10.50.0.0 netmask 255.255.255.0 {
		option routers 10.50.0.1; # vport0
		range 10.50.0.100 10.50.0.199;
		range dynamic-bootp 10.50.0.210;
		host web01 { hardware ethernet fe:e1:bb:d1:00:01; fixed-address 10.50.0.20, 10.50.0.21; }
	}
	subnet 10.51.0.0 netmask 255.255.255.0 { option domain-name-servers 9.9.9.9, 149.112.112.112; }
}
`;
	test("subnets, ranges, routers and hosts, in whatever encloses them", () => {
		const { subnets, hosts } = readDhcpd(text);
		expect(subnets.map((subnet) => [subnet.network.text, subnet.netmask.text, subnet.routers.map((router) => router.text)])).toEqual([
			["10.50.0.0", "255.255.255.0", ["10.50.0.1"]],
			["10.51.0.0", "255.255.255.0", ["192.0.2.1"]],
		]);
		expect(subnets.map(({ nameservers }) => nameservers.map(({ text: server }) => server))).toEqual([
			["192.0.2.53"],
			["9.9.9.9", "149.112.112.112"],
		]);
		expect(subnets[0]?.ranges.map(({ from, to }) => [from.text, to.text])).toEqual([
			["10.50.0.100", "10.50.0.199"],
			["10.50.0.210", "10.50.0.210"],
		]);
		expect(hosts.map((host) => [host.name.text, host.ethernet?.text, host.addresses.map((address) => address.text)])).toEqual([
			["web01", "fe:e1:bb:d1:00:01", ["10.50.0.20", "10.50.0.21"]],
		]);
		const ethernet = hosts[0]?.ethernet;
		expect(text.slice(ethernet?.span.start, ethernet?.span.end)).toBe("fe:e1:bb:d1:00:01");
	});
	test("braces without partners lose nothing that stands before them", () => {
		expect(readDhcpd("} } subnet 10.0.0.0 netmask 255.0.0.0 { range 10.0.0.5").subnets[0]?.ranges[0]?.from.text).toBe("10.0.0.5");
	});
});

test("no reader throws, and every span lies in the text", () => {
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom(..."{};,#\"'= \n\t!a1.:\\", "subnet ", "host ", "range ") }), (text) => {
			const { subnets, hosts } = readDhcpd(text);
			const spans = [...readSysctl(text), ...readRcConf(text), ...readMygate(text), ...readResolvConf(text), ...subnets, ...hosts].map(
				(item) => item.span,
			);
			for (const { start, end } of spans) expect(0 <= start && start <= end && end <= text.length).toBe(true);
		}),
	);
	expect(readDhcpd("{".repeat(100_000)).subnets).toEqual([]);
});
