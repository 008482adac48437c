import { describe, expect, it } from "vitest";
import { faultsOf } from "./fixture.ts";
import { type InterfaceConfig, readInterface } from "./interfaces.ts";
import type { OtherHost } from "./model.ts";
import { ownAddresses, partnersOf, withAddressesOf } from "./pairs.ts";

/** Files by the names of their interfaces. */
type Files = Readonly<Record<string, string>>;

const configs = (files: Files): readonly InterfaceConfig[] =>
	Object.entries(files).map(([name, text]) => readInterface(`/etc/hostname.${name}`, `${text}\n`));

const SHARED = "inet 192.0.2.1 255.255.255.0 192.0.2.255 carpdev em0 vhid 1 pass secret";
const HERE: Files = { em0: "inet 192.0.2.2/24", carp0: SHARED };
const host = (name: string, files: Files): OtherHost => ({ name, configs: configs(files) });
const names = (own: Files, ...others: readonly OtherHost[]): readonly string[] =>
	partnersOf(configs(own), others).map(({ name, alone }) => `${name}${alone ? "" : " and others"}`);

describe("who stands in for a host", () => {
	it.each<[why: string, own: Files, others: readonly OtherHost[], partners: readonly string[]]>([
		["the host with the same address", HERE, [host("hv2", { em0: "inet 192.0.2.3/24", carp0: SHARED })], ["hv2"]],
		[
			"each of two with the same address, all in one network",
			HERE,
			[host("hv2", { em0: "inet 192.0.2.3/24", carp0: SHARED }), host("hv3", { em0: "inet 192.0.2.4/24", carp0: SHARED })],
			["hv2 and others", "hv3 and others"],
		],
		[
			"nobody, where two sites have the same networks",
			HERE,
			[
				host("hv2", { em0: "inet 192.0.2.3/24", carp0: SHARED }),
				host("there1", { em0: "inet 192.0.2.2/24", carp0: SHARED }),
				host("there2", { em0: "inet 192.0.2.3/24", carp0: SHARED }),
			],
			[],
		],
		["nobody, where the other has our own address", HERE, [host("there", { em0: "inet 192.0.2.2/24", carp0: SHARED })], []],
		["nobody, where the other is in another network below", HERE, [host("there", { em0: "inet 198.51.100.3/24", carp0: SHARED })], []],
		["one without addresses below", { em0: "up", carp0: SHARED }, [host("hv2", { em0: "up", carp0: SHARED })], ["hv2"]],
		[
			"nobody, where several have no addresses below",
			{ em0: "up", carp0: SHARED },
			[host("hv2", { em0: "up", carp0: SHARED }), host("hv3", { em0: "up", carp0: SHARED })],
			[],
		],
		["nobody for an interface that is down", HERE, [host("hv2", { em0: "inet 192.0.2.3/24", carp0: `${SHARED} down` })], []],
		[
			"nobody for an address that isn't of carp",
			{ em0: "inet 192.0.2.1/24" },
			[host("hv2", { em0: "inet 192.0.2.3/24", carp0: SHARED })],
			[],
		],
	])("%s", (_, own, others, partners) => expect(names(own, ...others)).toEqual(partners));
});

describe("what both have to have in common", () => {
	const text = (files: Files): string =>
		Object.entries(files)
			.map(([name, lines]) => `//- /etc/hostname.${name}\n${lines}\n`)
			.join("");
	const found = (code: Parameters<typeof faultsOf>[0], own: Files, theirs: Files): readonly string[] =>
		faultsOf(code, text({ ...HERE, ...own }), { others: [host("hv2", { em0: "inet 192.0.2.3/24", ...theirs })] });

	it.each<[why: string, code: Parameters<typeof faultsOf>[0], own: Files, theirs: Files, faults: readonly string[]]>([
		[
			"passwords are told apart by 19 characters",
			"host/pair-pass",
			{ carp0: `${SHARED}0123456789012a` },
			{ carp0: `${SHARED}0123456789012b` },
			[],
		],
		[
			"and no fewer",
			"host/pair-pass",
			{ carp0: `${SHARED}012345678901a` },
			{ carp0: `${SHARED}012345678901b` },
			["/etc/hostname.carp0: secret012345678901a"],
		],
		["a password here alone", "host/pair-pass", {}, { carp0: SHARED.replace(" pass secret", "") }, ["/etc/hostname.carp0: secret"]],
		[
			"a password there alone",
			"host/pair-pass",
			{ carp0: SHARED.replace(" pass secret", "") },
			{ carp0: SHARED },
			["/etc/hostname.carp0: 1"],
		],
		[
			"of other groups nothing is said but that",
			"host/pair-pass",
			{},
			{ carp0: "inet 192.0.2.1 255.255.255.0 192.0.2.255 carpdev em0 vhid 2" },
			[],
		],
		[
			"several groups on one interface share the load",
			"host/pair-vhid",
			{},
			{ carp0: `${SHARED.replace("vhid 1", "carpnodes 1:0,2:100")}` },
			[],
		],
		[
			"the order of addresses",
			"host/pair-addresses",
			{ carp0: `${SHARED}\ninet alias 192.0.2.9/32` },
			{ carp0: `inet 192.0.2.9/32\n${SHARED.replace("inet", "inet alias")}` },
			[],
		],
		["link-local addresses", "host/pair-addresses", { carp0: `${SHARED}\ninet6 fe80::1/64` }, { carp0: SHARED }, []],
		[
			"a name in place of an address",
			"host/pair-addresses",
			{ carp0: `${SHARED}\ninet alias gate 255.255.255.255` },
			{ carp0: SHARED },
			[],
		],
		["an address there alone", "host/pair-addresses", {}, { carp0: `${SHARED}\ninet6 2001:db8::1/64` }, ["/etc/hostname.carp0: 1"]],
		[
			"one tells the other alone, which tells all",
			"host/pair-peer",
			{ carp0: `${SHARED} carppeer 192.0.2.3` },
			{ carp0: SHARED },
			["/etc/hostname.carp0: 192.0.2.3"],
		],
		[
			"states go to an address that the other lacks",
			"host/pair-peer",
			{ pfsync0: "up syncdev em2 syncpeer 10.0.9.3" },
			{ carp0: SHARED, em2: "inet 10.0.9.2/30", pfsync0: "up syncdev em2 syncpeer 10.0.9.1" },
			["/etc/hostname.pfsync0: 10.0.9.3"],
		],
		[
			"states go to its address",
			"host/pair-peer",
			{ pfsync0: "up syncdev em2 syncpeer 10.0.9.2" },
			{ carp0: SHARED, em2: "inet 10.0.9.2/30", pfsync0: "up syncdev em2 syncpeer 10.0.9.1" },
			[],
		],
		[
			"which addresses the other has there isn't known",
			"host/pair-peer",
			{ pfsync0: "up syncdev em2 syncpeer 10.0.9.3" },
			{ carp0: SHARED, em2: "inet autoconf", pfsync0: "up syncdev em2" },
			[],
		],
		["more seldom than the other", "host/pair-skew", { carp0: `${SHARED} advbase 2` }, { carp0: SHARED }, []],
		[
			"as often as the other, in other words",
			"host/pair-skew",
			{ carp0: `${SHARED} advskew 0` },
			{ carp0: `${SHARED} advbase 1` },
			["/etc/hostname.carp0: 0"],
		],
		[
			"an interface of the other that a command sets up",
			"host/pair-missing",
			{ carp1: "inet 10.0.0.1 255.255.255.0 10.0.0.255 carpdev em1 vhid 2" },
			{ carp0: SHARED, carp1: "carpdev em1 vhid 2\n!ifconfig \\$if inet $(cat /root/address)" },
			[],
		],
	])("%s", (_, code, own, theirs, faults) => expect(found(code, own, theirs)).toEqual(faults));
});

describe("the addresses that each has for itself", () => {
	it.each<[why: string, own: Files, theirs: Files, addresses: readonly string[]]>([
		[
			"differ by interface and family",
			{ em0: "inet 192.0.2.2/24\ninet6 2001:db8::2/64" },
			{ em0: "inet 192.0.2.3/24\ninet6 2001:db8::3/64" },
			["em0 192.0.2.2 192.0.2.3", "em0 2001:db8::2 2001:db8::3"],
		],
		["shared ones are none of them", HERE, { em0: "inet 192.0.2.3/24", carp0: SHARED }, ["em0 192.0.2.2 192.0.2.3"]],
		["of an interface that the other lacks nothing is known", { em0: "inet 192.0.2.2/24" }, { em1: "inet 192.0.2.3/24" }, []],
		["nor where the other has more", { em0: "inet 192.0.2.2/24" }, { em0: "inet 192.0.2.3/24\ninet alias 192.0.2.4/32" }, []],
		["a name is looked up on the host", { em0: "inet gw1 255.255.255.0" }, { em0: "inet gw2 255.255.255.0" }, []],
	])("%s", (_, own, theirs, addresses) => {
		const found = ownAddresses(configs(own), configs(theirs)).map(({ interface: name, here, there }) => `${name} ${here} ${there}`);
		expect(found).toEqual(addresses);
	});

	it("stand in the other's texts the other way round, and nowhere in longer ones", () => {
		const texts = new Map([["/etc/pf.conf", "pass from 192.0.2.3 to {192.0.2.2/32,192.0.2.22}\n# 192.0.2.2:1\n"]]);
		const [text] = withAddressesOf(texts, [{ interface: "em0", here: "192.0.2.2", there: "192.0.2.3" }]).values();
		expect(text).toBe("pass from 192.0.2.2 to {192.0.2.3/32,192.0.2.22}\n# 192.0.2.2:1\n");
	});
});
