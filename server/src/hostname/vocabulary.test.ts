import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { familyKeys } from "./families.ts";
import { hostnameVocabulary, optionWords } from "./vocabulary.ts";

const key = `${"A".repeat(43)}=`;

/** Lines that a word needs before it, or arguments that its type does not tell. */
const lines: Readonly<Record<string, string>> = {
	"-group": "group guests\n-group guests",
	delete: "inet 10.0.0.1\ndelete 10.0.0.1",
	"-alias": "inet 10.0.0.1\n-alias 10.0.0.1",
	rtlabel: "rtlabel lan",
	maxage: "maxage 20",
	nwid: "nwid home",
	join: "join home",
	alias: "alias 10.0.0.1",
	netmask: "10.0.0.1 netmask 255.255.255.0",
	prefixlen: "10.0.0.1 prefixlen 24",
	broadcast: "10.0.0.1 broadcast 10.0.0.255",
	anycast: "inet6 fd00::1 64 anycast",
	"-anycast": "inet6 fd00::1 64 -anycast",
	tentative: "inet6 fd00::1 64 tentative",
	"-tentative": "inet6 fd00::1 64 -tentative",
	pltime: "inet6 fd00::1 64 pltime 3600",
	vltime: "inet6 fd00::1 64 vltime 3600",
	eui64: "inet6 fd00:: 64 eui64",
	temporary: "inet6 autoconf temporary",
	"-temporary": "inet6 autoconf -temporary",
	rule: "rule pass in on em1 src 0:1:2:3:4:5 arp request sha 0:1:2:3:4:5 spa 10.0.0.1",
	addlocal: "addlocal vether0",
	instance: "media autoselect instance 1",
	inst: "media autoselect inst 1",
	media: "media autoselect",
	mediaopt: "mediaopt full-duplex",
	"-mediaopt": "-mediaopt full-duplex",
	protected: "protected em1 1,2",
	carpnodes: "carpnodes 1:0,2:100",
	flowdst: "flowdst 10.0.0.1:9995",
	patch: "patch pair1",
	hellotime: "hellotime 2",
	lacpmode: "trunkproto lacp lacpmode active",
	lacptimeout: "trunkproto lacp lacptimeout fast",
	authname: "authproto pap authname me",
	authkey: "authproto pap authkey secret",
	peername: "peerproto pap peername me",
	peerkey: "peerproto pap peerkey secret",
	peerflag: "peerproto pap peerflag callin",
	"-peerflag": "peerproto pap -peerflag callin",
	wgendpoint: `wgpeer ${key} wgendpoint 192.0.2.1 51820`,
	wgaip: `wgpeer ${key} wgaip 10.0.0.0/24`,
	wgpka: `wgpeer ${key} wgpka 25`,
	wgpsk: `wgpeer ${key} wgpsk ${key}`,
	"-wgpsk": `wgpeer ${key} -wgpsk`,
	wgdescription: `wgpeer ${key} wgdescription home`,
	wgdescr: `wgpeer ${key} wgdescr home`,
	"-wgdescription": `wgpeer ${key} -wgdescription`,
	"-wgdescr": `wgpeer ${key} -wgdescr`,
	wpakey: 'nwid home wpakey "long enough"',
	wpaakms: "wpaakms psk,802.1x",
};

/** A family on which the line is accepted, where the first that has the word is not it. */
const families: Readonly<Record<string, string>> = {
	mode: "iwm",
	trunkproto: "trunk",
	lacpmode: "trunk",
	lacptimeout: "trunk",
	"-joinlist": "iwm",
};

function accepted(name: string): readonly [string, string] {
	const word = optionWords.find((one) => one.name === name);
	const family = families[name] ?? word?.families[0] ?? "em";
	const sample = (type: string, choices: readonly string[] | undefined, min: number | undefined): string => {
		if (choices !== undefined) return choices[0] ?? "";
		const values: Readonly<Record<string, string>> = {
			interface: "em1",
			lladdr: "0:1:2:3:4:5",
			address: "192.0.2.1",
			"interface-group": "guests",
		};
		return (
			values[type] ??
			(min === undefined ? (type === "string" ? key : "a") : String(Math.max(min, ["maxaddr", "timeout", "mtu"].includes(name) ? 1400 : 5)))
		);
	};
	const args = word?.args.map(({ type, choices, rule }) => sample(type, choices, rule?.kind === "number" ? rule.min : undefined)) ?? [];
	return [family, lines[name] ?? [name, ...args].join(" ")];
}

describe.each(optionWords.filter(({ name }) => name !== "inet" && name !== "inet6"))("$name", ({ name, args, families: has, refusal }) => {
	const [family, line] = accepted(name);

	test(`is accepted on ${family}0`, () => {
		expect(check(`${family}0`, line).messages, line).toEqual([]);
	});

	test("is refused where it is wrong", () => {
		const missing = args.length > 0 && args[0]?.optional !== true;
		const foreign = familyKeys.find((one) => !has.includes(one) && one !== "pflog");
		const wrong = missing ? name : `${name} nonsense and more`;
		expect(check(`${family}0`, wrong).accepted, wrong).toBe(false);
		if (foreign !== undefined && refusal !== undefined) expect(check(`${foreign}0`, line).accepted, `${foreign}: ${line}`).toBe(false);
	});
});

test.each([
	["em0", "mtu 20", "SIOCSIFMTU: Invalid argument"],
	["vlan1", "vnetid 4095", "SIOCSVNETID: Invalid argument"],
	["vlan1", "vnetid 1\nup", "vlan1: SIOCSIFFLAGS: Device not configured"],
	["veb0", "timeout 0", "veb0: Invalid argument"],
	["em0", "description it's", "no closing quote"],
	["em0", "up; down", "down: not found"],
	["bridge0", "delete em1", "em1: bad value"],
	["pair0", "patch pair0", "SIOCSIFPAIR: Invalid argument"],
	["trunk0", "lacpmode active", "Invalid option for trunk: trunk0"],
	["iwm0", "nwid a join b", "nwid and join may not be used at the same time"],
	["iwm0", "nwid a wpakey short", "wpakey: passphrase must be between 8 and 63 characters"],
	["tun0", "inet 10.0.0.1/33", "10.0.0.1/33: bad value"],
	["em0", "inet6 fd00::1/129", "prefix 129: too large"],
])("%s: %s", (name, text, message) => {
	expect(check(name, text).messages).toEqual([message]);
});

test("without a host, no name of an interface is an error", () => {
	expect(check("bridge0", "add em7\nadd tap9").accepted).toBe(true);
	expect(check("bridge0", "add em7", { hostInterfaces: ["bridge0", "em0"] }).messages).toEqual(["bridge0: em7: No such file or directory"]);
});

test.each([
	["mtu", "mtu"],
	["-description", "description"],
	["wgpeer", "wgpeer"],
	["vlandev", "VLAN"],
	["nwid", "nwid"],
])("%s: its place in ifconfig(8) is #%s", (name, anchor) => {
	expect(optionWords.find((one) => one.name === name)?.manual).toBe(`ifconfig.8#${anchor}`);
});

test("each word is described once", () => {
	const names = hostnameVocabulary.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	for (const { summary } of hostnameVocabulary) expect(summary).toMatch(/\.$/);
});
