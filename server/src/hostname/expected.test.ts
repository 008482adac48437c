import { expect, test } from "vitest";
import type { Expectation } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import { familyOf } from "./families.ts";
import { HostnameFile } from "./file.ts";
import { type HostnameWord, lineWords, wordsOf } from "./vocabulary.ts";

function shown(one: Expectation): string {
	switch (one.kind) {
		case "keyword":
			return one.entry.name;
		case "symbol":
			return `<${one.of}>`;
		case "value":
			return `<${one.type}>${one.choices === undefined ? "" : ` ${one.choices.join(" ")}`}`;
		case "punctuation":
			return one.text;
	}
}

/**
 * A list as a person reads it. LINE are the words that a line of the interface may start with, OPTIONS those that
 * may stand behind others.
 */
function listed(name: string, expectations: readonly Expectation[], release: Release): string {
	const { key } = familyOf(name);
	const namesOf = (words: readonly HostnameWord[]): string =>
		words.flatMap((word) => (word.families.includes(key) ? [word.name] : [])).join();
	const sets = new Map([
		[namesOf([...wordsOf(release).options, ...lineWords]), "LINE"],
		[namesOf(wordsOf(release).options.filter((word) => word.name !== "inet" && word.name !== "inet6")), "OPTIONS"],
	]);
	const words = expectations.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : []));
	const others = expectations.flatMap((one) => (one.kind === "keyword" ? [] : [shown(one)]));
	return [...(words.length === 0 ? [] : [sets.get(words.join()) ?? words.join(" ")]), ...others].join(", ");
}

/** `|` is the cursor; `replaced` what a completion takes the place of, `argument` the word and the number of its argument. */
const cases: readonly (readonly [input: string, list: string, replaced: string, argument: string, release?: Release])[] = [
	["em0: |", "LINE, <address>", "", ""],
	["em0: m|", "LINE, <address>", "m", ""],
	["em0: mt|u 1400", "LINE, <address>", "mtu", ""],
	["em0: mtu |", "<number>", "", "mtu 0"],
	["em0: mtu 1|4", "<number>", "14", "mtu 0"],
	["em0: mtu 1400 |", "OPTIONS, <address>", "", ""],
	["em0: mtu 1400 |up", "OPTIONS, <address>", "", ""],
	["em0: inet |", "alias autoconf, <address>", "", "inet 0"],
	["em0: inet6 |", "alias autoconf, <address>", "", "inet6 0"],
	["em0: inet alias |", "<address>", "", "inet 0"],
	["em0: inet6 alias |", "<address>", "", "inet6 0"],
	[
		"em0: inet 10.0.0.1 |",
		"<netmask> 255.255.255.0 255.255.255.128 255.255.255.192 255.255.255.252 255.255.255.255 255.255.0.0 255.0.0.0",
		"",
		"inet 1",
	],
	[
		"em0: inet alias 10.0.0.1 |",
		"<netmask> 255.255.255.0 255.255.255.128 255.255.255.192 255.255.255.252 255.255.255.255 255.255.0.0 255.0.0.0",
		"",
		"inet 1",
	],
	["em0: inet 10.0.0.1 255.0.0.0 |", "<address> NONE", "", "inet 2"],
	["em0: inet alias 10.0.0.1 255.0.0.0 |", "<address> NONE", "", "inet 2"],
	["em0: inet 10.0.0.1 255.0.0.0 NONE |", "OPTIONS, <address>", "", ""],
	["em0: inet 10.0.0.1 255.0.0.0 NONE mtu |", "<number>", "", "mtu 0"],
	["em0: inet6 fd00::1 |", "<prefix-length> 64 128 56 48", "", "inet6 1"],
	["em0: inet6 alias fd00::1 |", "<prefix-length> 64 128 56 48", "", "inet6 1"],
	["em0: inet6 fd00::1 64 |", "OPTIONS, <address>", "", ""],
	["em0: inet6 fd00::1 64 pltime |", "<number>", "", "pltime 0"],
	["em0: inet autoconf |", "OPTIONS, <address>", "", ""],
	["em0: inet6 autoconf |", "OPTIONS, <address>", "", ""],
	["em0: inet autoconf mtu |", "<number>", "", "mtu 0"],
	["em0: dest |", "<address>", "", "dest 0"],
	["em0: dest 10.0.0.2 |", "", "", ""],
	["em0: dhcp |", "", "", ""],
	["em0: #|", "", "", ""],
	["em0: # up |", "", "", ""],
	["em0: up # |", "", "", ""],
	["em0: up#|", "LINE, <address>", "up#", ""],
	["em0: !|", "", "", ""],
	["em0: \t!route |", "", "", ""],
	["em0: up ! |", "OPTIONS, <address>", "", ""],
	["em0: up\n|", "LINE, <address>", "", ""],
	["em0: up\nmtu |\ndown", "<number>", "", "mtu 0"],
	[
		"em0: media |",
		"OPTIONS, <word> autoselect 10baseT 100baseTX 1000baseT 1000baseSX 1000baseLX 2500baseT 5000baseT 10GbaseT 10GbaseSR 10GbaseLR 25GbaseSR",
		"",
		"media 0",
	],
	["em0: media 10baseT |", "OPTIONS, <address>", "", ""],
	["em0: mediaopt |", "<word> full-duplex half-duplex rxpause txpause", "", "mediaopt 0"],
	["em0: -mediaopt |", "<word> full-duplex half-duplex rxpause txpause", "", "-mediaopt 0"],
	["iwm0: media |", "OPTIONS, <word> autoselect", "", "media 0"],
	["iwm0: mediaopt |", "<word> full-duplex half-duplex adhoc hostap ibss ibss-master monitor turbo", "", "mediaopt 0"],
	["iwm0: mode |", "<word> autoselect auto 11a 11b 11g 11n 11ac turbo", "", "mode 0"],
	["em0: scan |", "OPTIONS, <word>", "", "scan 0"],
	["em0: scan mtu |", "<number>", "", "mtu 0"],
	["iwm0: chan |", "OPTIONS, <number>", "", "chan 0"],
	["iwm0: chan mtu |", "<number>", "", "mtu 0"],
	["iwm0: chan 1 |", "OPTIONS, <address>", "", ""],
	["em0: hwfeatures up |", "OPTIONS, <address>", "", ""],
	["em0: group |", "<interface-group>", "", "group 0"],
	["em0: rulefile |", "<file>", "", "rulefile 0"],
	["em0: lladdr |", "<lladdr> random", "", "lladdr 0"],
	["em0: description |", "<string>", "", "description 0"],
	["bridge0: |", "LINE, <address>", "", ""],
	["bridge0: add |", "<interface>", "", "add 0"],
	["bridge0: static |", "<interface>", "", "static 0"],
	["bridge0: static em1 |", "<lladdr>", "", "static 1"],
	["bridge0: protected em1 |", "<number>", "", "protected 1"],
	["bridge0: rule |", "<word> pass block", "", ""],
	["bridge0: rule pass |", "<word> in out in/out on", "", ""],
	["bridge0: rule pass in |", "<word> on", "", ""],
	["bridge0: rule pass on |", "<interface>", "", ""],
	["bridge0: rule pass in on em1 |", "<word> src dst tag arp rarp", "", ""],
	["bridge0: rule pass in on em1 src |", "<lladdr>", "", ""],
	["bridge0: rule pass in on em1 src 0:1:2:3:4:5 |", "<word> dst tag arp rarp", "", ""],
	["bridge0: rule pass in on em1 arp |", "<word> src dst tag rarp request reply sha spa tha tpa", "", ""],
	["bridge0: rule pass in on em1 rarp request sha |", "<lladdr>", "", ""],
	["bridge0: rule pass in on em1 arp spa |", "<address>", "", ""],
	["bridge0: rule pass in on em1 tag |", "<tag>", "", ""],
	["bridge0: rule pass in on em1 tag a |", "<word> src dst arp rarp", "", ""],
	["bridge0: rule pass in on on|", "<interface>", "on", ""],
	["veb0: up |", "OPTIONS, <address>", "", ""],
	["vxlan0: tunnel |", "<address>", "", "tunnel 0"],
	["vxlan0: tunnel 192.0.2.1 |", "<address>", "", "tunnel 1"],
	["vxlan0: tunnel 192.0.2.1 192.0.2.2 vnetid |", "<number> any", "", "vnetid 0"],
	["trunk0: trunkproto |", "<word> failover lacp loadbalance roundrobin broadcast none default", "", "trunkproto 0", "7.8"],
	["trunk0: trunkproto |", "<word> failover loadbalance roundrobin broadcast none default", "", "trunkproto 0", "7.9"],
	["aggr0: trunkproto |", "<word> lacp", "", "trunkproto 0"],
	["veb0: untagged em1 |", "<word> default none passthrough passthru", "", "untagged 1", "7.9"],
	["veb0: untagged em1 |", "OPTIONS, <address>", "", "", "7.8"],
	["veb0: tagged em1 |", "<word> all none", "", "tagged 1", "7.9"],
	["veb0: pvlan-isolated 30 |", "<number>", "", "pvlan-isolated 1", "7.9"],
	["iwm0: wpaakms |", "<word> psk 802.1x", "", "wpaakms 0", "7.8"],
	["iwm0: wpaakms |", "<word> psk 802.1x sha256-psk", "", "wpaakms 0", "7.9"],
	["wg0: wgpeer a wgendpoint |", "<address>", "", "wgendpoint 0"],
	["wg0: wgpeer a wgendpoint 192.0.2.1 |", "<port>", "", "wgendpoint 1"],
	["wg0: wgaip |", "<network>", "", "wgaip 0"],
	["em0: xyzzy |", "OPTIONS, <address>", "", ""],
	["em0:  |", "LINE, <address>", "", ""],
	["em0: xyz 1 2 mtu |", "<number>", "", "mtu 0"],
	// Lines that a backslash joins are one.
	["bridge0: add \\\n|", "<interface>", "", "add 0"],
	["bridge0: add \\\nem|6 up", "<interface>", "em6", "add 0"],
	["em0: mtu 1400 \\\n|", "OPTIONS, <address>", "", ""],
	["em0: up\\\n|", "LINE, <address>", "up\\\n", ""],
	["em0: # up \\\n |", "", "", ""],
	// Inside a quotation stands text.
	['em0: description "the |guests"', "", "", ""],
	["em0: description the\\\\ |", "OPTIONS, <address>", "", ""],
	['em0: description "the guests" |', "OPTIONS, <address>", "", ""],
	["em0: description 'a # b' mtu |", "<number>", "", "mtu 0"],
	["em0: up ; mtu |", "", "", ""],
	["em0: up ; ifconfig em0 mtu |", "<number>", "", "mtu 0"],
];

test.each(cases.map((row) => ({ row })))("hostname.$row.0 of $row.4", ({ row: [input, list, replaced, argument, release = "7.7"] }) => {
	const [, name = "", marked = ""] = /^(\w+): ([\s\S]*)$/.exec(input) ?? [];
	const file = HostnameFile.parse(marked.replace("|", ""), { path: `/etc/hostname.${name}`, release });
	const found = file.expected(marked.indexOf("|"));
	expect(listed(name, found.expectations, release)).toBe(list);
	expect(file.text.slice(found.replace.start, found.replace.end)).toBe(replaced);
	expect(found.argument === undefined ? "" : `${found.argument.entry.name} ${found.argument.index}`).toBe(argument);
});
