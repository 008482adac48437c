import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { familyKeys } from "./families.ts";
import { hostnameVocabulary, type OptionName, optionWords, wordsOf } from "./vocabulary.ts";

const key = `${"A".repeat(43)}=`;

const every = "but";
const withMedia = "em iwm umb etherip pair trunk vether";
const bridges = "bridge tpmr veb";
const switches = "bridge veb";
const learning = "bpe bridge nvgre veb vxlan";
const keyed = "egre eoip erspan gre mgre nvgre svlan veb vlan vxlan";
const withParent = "bpe nvgre pfsync rport svlan vlan vxlan";
const priorities = "bpe egre eoip erspan etherip gif gre mgre mpe mpip mpw nvgre svlan veb vlan vxlan";
const tunnels = "egre eoip erspan etherip gif gre mgre nvgre vxlan";
const routed = "egre eoip erspan etherip gif gre mgre mpe mpip mpw nvgre vxlan";
const flows = "egre eoip gre mgre nvgre";
const labelled = "mpe mpip mpw";
const ecn = "gif gre mgre";

/** The release whose ifconfig is asked: one that has all of the words. */
const release = "7.9";

/**
 * For each word the families on which a line with it is accepted (or all `but` some), and such a line. On the others it is
 * refused. A word without a row does not compile. A veb has em1 as its port.
 */
const table: Readonly<Record<Exclude<OptionName, "inet" | "inet6">, readonly [on: string, line: string]>> = {
	up: ["but egre eoip mgre nvgre svlan vlan vxlan", "up"],
	down: [every, "down"],
	arp: [every, "arp"],
	"-arp": [every, "-arp"],
	debug: [every, "debug"],
	"-debug": [every, "-debug"],
	staticarp: [every, "staticarp"],
	"-staticarp": [every, "-staticarp"],
	mtu: ["but bridge tpmr veb", "mtu 1400"],
	metric: [every, "metric 5"],
	priority: [every, "priority 5"],
	llprio: [every, "llprio 5"],
	group: [every, "group guests"],
	"-group": [every, "group guests\n-group guests"],
	description: [every, "description lan"],
	descr: [every, "descr lan"],
	"-description": [every, "-description"],
	"-descr": [every, "-descr"],
	rtlabel: [every, "rtlabel lan"],
	"-rtlabel": [every, "-rtlabel"],
	rdomain: [every, "rdomain 5"],
	"-rdomain": [every, "-rdomain"],
	lladdr: ["but umb bridge enc gif gre lo mgre mpe mpip pflog pflow pfsync ppp pppoe rport sec tpmr tun veb wg", "lladdr random"],
	link0: [every, "link0"],
	"-link0": [every, "-link0"],
	link1: [every, "link1"],
	"-link1": [every, "-link1"],
	link2: [every, "link2"],
	"-link2": [every, "-link2"],
	monitor: [every, "monitor"],
	"-monitor": [every, "-monitor"],
	mpls: [every, "mpls"],
	"-mpls": [every, "-mpls"],
	wol: [every, "wol"],
	"-wol": [every, "-wol"],
	tcplro: [every, "tcplro"],
	"-tcplro": [every, "-tcplro"],
	hwfeatures: [every, "hwfeatures a"],
	create: ["but em iwm umb", "destroy\ncreate"],
	destroy: ["but em iwm umb", "destroy"],
	media: [withMedia, "media autoselect"],
	mediaopt: [withMedia, "mediaopt full-duplex"],
	"-mediaopt": [withMedia, "-mediaopt full-duplex"],
	mode: [withMedia, "mode autoselect"],
	"-mode": [withMedia, "-mode"],
	instance: [withMedia, "media autoselect instance 1"],
	inst: [withMedia, "media autoselect inst 1"],
	transceiver: [every, "transceiver a"],
	sff: [every, "sff a"],
	sffdump: [every, "sffdump"],
	"-inet": [every, "-inet"],
	"-inet6": [every, "-inet6"],
	alias: ["but bridge svlan tpmr veb vlan", "alias 10.0.0.1"],
	"-alias": ["but bridge svlan tpmr veb vlan", "inet 10.0.0.1\n-alias 10.0.0.1"],
	delete: ["but bridge svlan tpmr veb vlan", "inet 10.0.0.1\ndelete 10.0.0.1"],
	autoconf: [every, "autoconf"],
	"-autoconf": [every, "-autoconf"],
	netmask: ["but bridge svlan tpmr veb vlan", "10.0.0.1 netmask 255.255.255.0"],
	prefixlen: ["but bridge svlan tpmr veb vlan", "10.0.0.1 prefixlen 24"],
	broadcast: ["but bridge svlan tpmr veb vlan", "10.0.0.1 broadcast 10.0.0.255"],
	ipdst: [every, "ipdst 192.0.2.1"],
	anycast: ["but bridge svlan tpmr veb vlan", "inet6 fd00::1 64 anycast"],
	"-anycast": ["but bridge svlan tpmr veb vlan", "inet6 fd00::1 64 -anycast"],
	tentative: ["but bridge svlan tpmr veb vlan", "inet6 fd00::1 64 tentative"],
	"-tentative": ["but bridge svlan tpmr veb vlan", "inet6 fd00::1 64 -tentative"],
	pltime: ["but bridge svlan tpmr veb vlan", "inet6 fd00::1 64 pltime 3600"],
	vltime: ["but bridge svlan tpmr veb vlan", "inet6 fd00::1 64 pltime 3600 vltime 3600"],
	eui64: ["but bridge enc pflog pfsync svlan tpmr veb vlan wg", "inet6 fd00:: 64 eui64"],
	temporary: [every, "inet6 autoconf temporary"],
	"-temporary": [every, "inet6 autoconf -temporary"],
	soii: [every, "soii"],
	"-soii": [every, "-soii"],
	add: [bridges, "add em1"],
	del: [bridges, "add em1 del em1"],
	addspan: [switches, "addspan em1"],
	delspan: [switches, "del em1\naddspan em1\ndelspan em1"],
	addlocal: ["bridge", "addlocal vether0"],
	discover: [switches, "discover em1"],
	"-discover": [switches, "-discover em1"],
	learn: [switches, "learn em1"],
	"-learn": [switches, "-learn em1"],
	blocknonip: [switches, "blocknonip em1"],
	"-blocknonip": [switches, "-blocknonip em1"],
	stp: ["bridge", "stp em1"],
	"-stp": [switches, "-stp em1"],
	edge: ["bridge", "edge em1"],
	"-edge": [switches, "-edge em1"],
	autoedge: [switches, "autoedge em1"],
	"-autoedge": [switches, "-autoedge em1"],
	ptp: ["bridge", "ptp em1"],
	"-ptp": [switches, "-ptp em1"],
	autoptp: [switches, "autoptp em1"],
	"-autoptp": [switches, "-autoptp em1"],
	protected: [switches, "protected em1 1,2"],
	"-protected": [switches, "-protected em1"],
	untagged: ["veb", "untagged em1 10"],
	"-untagged": ["veb", "-untagged em1"],
	tagged: ["veb", "tagged em1 10,20-30"],
	"-tagged": ["veb", "-tagged em1"],
	pvlan: ["veb", "pvlan 30"],
	"-pvlan": ["veb", "pvlan 30\n-pvlan 30"],
	"pvlan-isolated": ["veb", "pvlan 30\npvlan-isolated 30 31"],
	"-pvlan-isolated": ["veb", "pvlan 30\npvlan-isolated 30 31\n-pvlan-isolated 30 31"],
	"pvlan-community": ["veb", "pvlan 30\npvlan-community 30 31"],
	"-pvlan-community": ["veb", "pvlan 30\npvlan-community 30 31\n-pvlan-community 30 31"],
	locked: [switches, "-learn em1\n-discover em1\nlocked em1"],
	"-locked": [switches, "-locked em1"],
	pvptags: [switches, "pvptags em1"],
	"-pvptags": [switches, "-pvptags em1"],
	flush: [learning, "flush"],
	flushall: [learning, "flushall"],
	static: [switches, "static em1 0:1:2:3:4:5"],
	deladdr: [learning, "!true\ndeladdr 0:1:2:3:4:5"],
	endpoint: ["nvgre vxlan", "tunnel 192.0.2.9 239.0.0.1\nendpoint 192.0.2.1 0:1:2:3:4:5"],
	"-endpoint": [learning, "!true\n-endpoint 0:1:2:3:4:5"],
	maxaddr: [learning, "maxaddr 1400"],
	timeout: [learning, "timeout 1400"],
	addr: [learning, "addr"],
	hellotime: ["bridge", "proto stp hellotime 2"],
	fwddelay: ["bridge", "fwddelay 5"],
	maxage: ["bridge", "maxage 20"],
	holdcnt: ["bridge", "holdcnt 5"],
	spanpriority: ["bridge", "spanpriority 5"],
	proto: ["bridge", "proto rstp"],
	ifpriority: ["bridge", "stp em1\nifpriority em1 5"],
	ifcost: ["bridge", "stp em1\nifcost em1 5"],
	"-ifcost": ["bridge", "stp em1\n-ifcost em1"],
	rule: [switches, "rule pass in on em1 src 0:1:2:3:4:5 arp request sha 0:1:2:3:4:5 spa 10.0.0.1"],
	rules: [bridges, "rules em1"],
	rulefile: [every, "rulefile a"],
	flushrule: [switches, "flushrule em1"],
	vnetid: [`bpe ${keyed}`, "vnetid 5"],
	"-vnetid": [keyed, "-vnetid"],
	vlan: [`bpe ${keyed}`, "vlan 5"],
	"-vlan": [keyed, "-vlan"],
	parent: [withParent, "parent em1"],
	"-parent": [withParent, "-parent"],
	vlandev: [withParent, "vlandev em1"],
	"-vlandev": [withParent, "-vlandev"],
	txprio: [priorities, "txprio packet"],
	rxprio: [priorities, "rxprio packet"],
	tunnel: [tunnels, "tunnel 192.0.2.1 192.0.2.1"],
	tunneladdr: [tunnels, "tunneladdr 192.0.2.1"],
	"-tunnel": [tunnels, "-tunnel"],
	tunneldomain: [routed, "tunneldomain 5"],
	"-tunneldomain": [routed, "-tunneldomain"],
	tunnelttl: ["egre eoip erspan etherip gif gre mgre mpip nvgre vxlan", "tunnelttl copy"],
	tunneldf: [`${tunnels} sec`, "tunneldf"],
	"-tunneldf": [`${tunnels} sec`, "-tunneldf"],
	tunnelecn: [ecn, "tunnelecn"],
	"-tunnelecn": [ecn, "-tunnelecn"],
	vnetflowid: [flows, "vnetid 5 vnetflowid"],
	"-vnetflowid": [flows, "vnetid 5 -vnetflowid"],
	keepalive: ["eoip gre", "keepalive 5 5"],
	"-keepalive": ["eoip gre", "-keepalive"],
	trunkport: ["aggr trunk", "trunkport em1"],
	"-trunkport": ["aggr trunk", "trunkport em1 -trunkport em1"],
	trunkproto: ["trunk", "trunkproto failover"],
	lacpmode: ["aggr", "trunkproto lacp lacpmode active"],
	lacptimeout: ["aggr", "trunkproto lacp lacptimeout fast"],
	vhid: ["carp", "vhid 5"],
	carpdev: ["carp", "carpdev em1"],
	pass: ["carp", `pass ${key}`],
	advbase: ["carp", "advbase 5"],
	advskew: ["carp", "advskew 5"],
	carppeer: ["carp", "carppeer 192.0.2.1"],
	"-carppeer": ["carp", "-carppeer"],
	state: ["carp", "state master"],
	carpnodes: ["carp", "carpnodes 1:0,2:100"],
	balancing: ["carp", "balancing none"],
	syncdev: ["pfsync", "syncdev em1"],
	"-syncdev": ["pfsync", "-syncdev"],
	syncif: ["pfsync", "syncif em1"],
	"-syncif": ["pfsync", "-syncif"],
	syncpeer: ["pfsync", "syncpeer 192.0.2.1"],
	"-syncpeer": ["pfsync", "-syncpeer"],
	maxupd: ["pfsync", "maxupd 5"],
	defer: ["pfsync", "defer"],
	"-defer": ["pfsync", "-defer"],
	flowsrc: ["pflow", "flowsrc 192.0.2.1"],
	"-flowsrc": ["pflow", "-flowsrc"],
	flowdst: ["pflow", "flowdst 10.0.0.1:9995"],
	"-flowdst": ["pflow", "-flowdst"],
	pflowproto: ["pflow", "pflowproto 5"],
	pppoedev: [every, "pppoedev em1"],
	pppoesvc: [every, `pppoesvc ${key}`],
	"-pppoesvc": [every, "-pppoesvc"],
	pppoeac: [every, `pppoeac ${key}`],
	"-pppoeac": [every, "-pppoeac"],
	authproto: ["pppoe", "authproto pap"],
	authname: ["pppoe", "authproto pap authname me"],
	authkey: ["pppoe", "authproto pap authkey secret"],
	peerproto: ["pppoe", "peerproto pap"],
	peername: ["pppoe", "peerproto pap peername me"],
	peerkey: ["pppoe", "peerproto pap peerkey secret"],
	peerflag: ["pppoe", "peerproto pap peerflag callin"],
	"-peerflag": ["pppoe", "peerproto pap -peerflag callin"],
	wgkey: ["wg", `wgkey ${key}`],
	wgport: ["wg", "wgport 5"],
	wgrtable: ["wg", "wgrtable 5"],
	wgpeer: ["wg", `wgpeer ${key}`],
	"-wgpeer": ["wg", `-wgpeer ${key}`],
	"-wgpeerall": ["wg", "-wgpeerall"],
	wgendpoint: ["wg", `wgpeer ${key} wgendpoint 192.0.2.1 51820`],
	wgaip: ["wg", `wgpeer ${key} wgaip 10.0.0.0/24`],
	wgpka: ["wg", `wgpeer ${key} wgpka 25`],
	wgpsk: ["wg", `wgpeer ${key} wgpsk ${key}`],
	"-wgpsk": ["wg", `wgpeer ${key} -wgpsk`],
	wgdescription: ["wg", `wgpeer ${key} wgdescription home`],
	wgdescr: ["wg", `wgpeer ${key} wgdescr home`],
	"-wgdescription": ["wg", `wgpeer ${key} -wgdescription`],
	"-wgdescr": ["wg", `wgpeer ${key} -wgdescr`],
	patch: ["pair", "patch pair1"],
	"-patch": ["pair", "-patch"],
	mplslabel: [labelled, "mplslabel 5"],
	"-mplslabel": [labelled, "-mplslabel"],
	pwecw: ["mpip mpw", "pwecw"],
	"-pwecw": ["mpip mpw", "-pwecw"],
	pwefat: ["mpip mpw", "pwefat"],
	"-pwefat": ["mpip mpw", "-pwefat"],
	pweneighbor: ["mpip mpw", "pweneighbor 16 192.0.2.1"],
	"-pweneighbor": ["mpip mpw", "-pweneighbor"],
	nwid: ["iwm", "nwid home"],
	"-nwid": ["iwm", "-nwid"],
	join: ["iwm", "join home"],
	"-join": ["iwm", `-join ${key}`],
	joinlist: [every, "joinlist a"],
	"-joinlist": ["iwm", "-joinlist"],
	bssid: ["iwm", "bssid 0:1:2:3:4:5"],
	"-bssid": ["iwm", "-bssid"],
	nwkey: ["iwm", "nwkey abcde"],
	"-nwkey": ["iwm", "-nwkey"],
	wpa: ["iwm", "wpa"],
	"-wpa": ["iwm", "-wpa"],
	wpakey: ["iwm", 'nwid home wpakey "long enough"'],
	"-wpakey": ["iwm", "-wpakey"],
	wpaakms: ["iwm", "wpaakms psk,802.1x"],
	wpaciphers: ["iwm", "wpaciphers ccmp"],
	wpagroupcipher: ["iwm", "wpagroupcipher ccmp"],
	wpaprotos: ["iwm", "wpaprotos wpa2"],
	chan: ["iwm", "chan 5"],
	"-chan": ["iwm", "-chan"],
	scan: [every, "scan a"],
	nwflag: ["iwm", "nwflag hidenwid"],
	"-nwflag": ["iwm", "-nwflag hidenwid"],
	powersave: ["iwm", "powersave 5"],
	"-powersave": ["iwm", "-powersave"],
	pin: ["umb", `pin ${key}`],
	chgpin: ["umb", `chgpin ${key} ${key}`],
	puk: ["umb", `puk ${key} ${key}`],
	apn: ["umb", `apn ${key}`],
	"-apn": ["umb", "-apn"],
	class: ["umb", "class a"],
	"-class": ["umb", "-class"],
	roaming: ["umb", "roaming"],
	"-roaming": ["umb", "-roaming"],
};

describe.each(Object.entries(table))("%s", (name, [on, line]) => {
	const families = on.startsWith("but") ? familyKeys.filter((family) => !on.split(" ").includes(family)) : on.split(" ");

	test("is accepted in its place", () => {
		for (const family of families) {
			const whole = family === "veb" || family === "bridge" ? `add em1\n${line}` : line;
			expect(check(`${family}0`, whole, { release }).messages, `${family}0: ${whole}`).toEqual([]);
		}
	});

	test("is refused out of it", () => {
		const foreign = familyKeys.filter((family) => !families.includes(family));
		for (const family of foreign) expect(check(`${family}0`, line, { release }).accepted, `${family}0: ${line}`).toBe(false);
		const { args = [] } = wordsOf(release).word(name) ?? {};
		const wrong = args.length > 0 && args[0]?.optional !== true ? name : `${name} nonsense and more`;
		expect(check(`${families[0]}0`, wrong, { release }).accepted, wrong).toBe(false);
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

describe("what the ifconfig of a release knows", () => {
	test.each([
		["veb0", "add em1\nuntagged em1 10\nup", "7.8", ["untagged: bad value"]],
		["veb0", "add em1\n-untagged em1\npvlan 30", "7.8", ["-untagged: bad value", "pvlan: bad value"]],
		["veb0", "add em1\nuntagged em1 10\nup", "7.9", []],
		["veb0", "vnetid 10\nadd em1", "7.8", ["SIOCSVNETID: Inappropriate ioctl for device"]],
		["veb0", "txprio 3", "7.8", ["SIOCSTXHPRIO: Inappropriate ioctl for device"]],
		["veb0", "static em1 fe:e1:ba:d0:00:01@10", "7.8", ["Invalid address: fe:e1:ba:d0:00:01@10"]],
		["veb0", "static em1 fe:e1:ba:d0:00:01", "7.8", []],
		["trunk0", "trunkproto lacp\ntrunkport em0", "7.8", []],
		["trunk0", "trunkproto lacp\ntrunkport em0", "7.9", ["trunk0: SIOCSTRUNK: Protocol not supported"]],
		["trunk0", "trunkproto lacp lacpmode active", "7.9", ["trunk0: SIOCSTRUNK: Protocol not supported"]],
		["aggr0", "trunkproto lacp lacpmode active", "7.9", []],
		["trunk0", "trunkproto default", "7.4", []],
		["iwm0", "wpaakms sha256-psk", "7.8", ["wpaakms: unknown akm: sha256-psk"]],
		["iwm0", "wpaakms psk,sha256-psk", "7.9", []],
		["iwm0", "nwflag uapsd", "7.9", ["Invalid nwflag: uapsd"]],
		["iwm0", "nwflag uapsd", "8.0", []],
		["sec0", "tunneldf", "7.6", ["SIOCSLIFPHYDF: Inappropriate ioctl for device"]],
		["sec0", "tunneldf", "7.7", []],
		["erspan0", "tunnel 192.0.2.1 192.0.2.2\nvnetid 7\nup", "7.8", []],
		["erspan0", "vnetid 1024", "7.8", ["SIOCSVNETID: Invalid argument"]],
		["vxlan0", "endpoint 192.0.2.1 fe:e1:ba:d0:00:01", "7.4", ["endpoint: bad value"]],
	] as const)("%s: %j of %s", (name, text, of, messages) => {
		expect(check(name, text, { release: of }).messages).toEqual(messages);
	});
});
