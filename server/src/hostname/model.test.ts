import { describe, expect, test } from "vitest";
import { type HostnameModel, readHostname } from "./model.ts";
import { optionWords } from "./vocabulary.ts";

const secretsOf = (text: string) =>
	readHostname("/etc/hostname.em0", text).secrets.map(({ value, span }) => `${value}: ${text.slice(span.start, span.end)}`);

describe("secrets", () => {
	test("of each word are the arguments that the vocabulary calls so", () => {
		for (const { name, args } of optionWords) {
			const words = args.map((_, index) => `word${index}`);
			const secret = words.filter((_, index) => args[index]?.secret === true);
			expect(secretsOf([name, ...words, "up"].join(" ")), name).toEqual(secret.length === 0 ? [] : [`${name}: ${secret.join(" ")}`]);
		}
	});

	test.each([
		["nwid home wpakey 'long pass phrase'\n", ["wpakey: 'long pass phrase'"]],
		["join home wpakey one12345\njoin work wpakey two12345\n", ["wpakey: one12345", "wpakey: two12345"]],
		["inet 10.0.0.1 255.0.0.0 NONE vhid 1 pass hunter2\n", ["pass: hunter2"]],
		["puk 12345678\n", ["puk: 12345678"]],
		["# pin 1234\nup # pin 1234\n", []],
		["pin\n", []],
		["join \\\nhome wpakey \\\none12345\n", ["wpakey: one12345"]],
	])("of %j", (text, found) => {
		expect(secretsOf(text)).toEqual(found);
	});
});

/** The parts of a model that are not empty, in a line. */
function shown({ addresses, autoconf, members, bindings, links, commands, ...model }: HostnameModel): string {
	const words = [
		...addresses.map(({ family, text, bits = "?", alias }) => `${family} ${text}/${bits}${alias ? " alias" : ""}`),
		...Object.keys(autoconf).map((family) => `${family} autoconf`),
		...members.map(({ value }) => `add ${value}`),
		...model.spans.map(({ value }) => `addspan ${value}`),
		...model.trunkports.map(({ value }) => `trunkport ${value}`),
		...(["parent", "vnetid", "patch", "rdomain", "lladdr"] as const).flatMap((word) =>
			model[word] === undefined ? [] : [`${word} ${model[word].value}`],
		),
		...model.groups.map(({ value }) => `group ${value}`),
		...(["description", "up", "down"] as const).filter((word) => model[word] !== undefined),
		...links.keys(),
		...bindings.map(({ word, port, ethernet, address }) => [word, port.value, ethernet?.value, address?.value].join(" ")),
		...commands.map(({ value }) => `!${value}`),
	];
	return words.join(", ");
}

test.each([
	["veb0", "add em1\nadd em2 link1 up\n", "add em1, add em2, up, link1"],
	["veb0", "add \\\nem6\nup", "add em6, up"],
	["veb0", 'add "em6" # add em7\n', "add em6"],
	["veb0", "link0 -link0 addspan em3 down\n", "addspan em3, down"],
	["veb0", "static em1 0:1:2:3:4:aB\n", "static em1 0:1:2:3:4:ab "],
	["bridge0", "rule pass in on em1 src 0:1:2:3:4:5 arp spa 10.0.0.2\n", "rule em1 0:1:2:3:4:5 10.0.0.2"],
	["em0", "inet 10.0.0.1 255.255.255.0 NONE description 'a b' group x\n", "inet 10.0.0.1/24, group x, description"],
	["em0", "inet alias 10.0.0.2/32\n10.1.0.1/16\n", "inet 10.0.0.2/32 alias, inet 10.1.0.1/16"],
	["em0", "inet6 2001:db8::1 48\ninet6 alias 2001:db8::2\n", "inet6 2001:db8::1/48, inet6 2001:db8::2/64 alias"],
	["em0", "dhcp\ninet6 autoconf\n", "inet autoconf, inet6 autoconf"],
	["vlan7", "vlandev em0 vlan 7 rdomain 3 lladdr 0:A:0:0:0:1\n", "parent em0, vnetid 7, rdomain 3, lladdr 0:a:0:0:0:1"],
	["carp0", "inet 10.0.0.1 255.255.255.0 NONE carpdev em0\n", "inet 10.0.0.1/24, parent em0"],
	["trunk0", "trunkport em0 trunkport em1\n", "trunkport em0, trunkport em1"],
	["pair1", "patch pair0\n", "patch pair0"],
	// A file that somebody writes in: the words that ifconfig does not know take nothing from the others.
	["veb0", "mt\nadd em1 frobnicate 1 2 add em2\n", "add em1, add em2"],
	// What stands below a line that crashes one release is meant as well.
	["veb0", "pvlan 30\npvlan-isolated 30 31\nadd em1\nup\n", "add em1, up"],
	// Only the shell knows.
	["em0", "!ifconfig em1 up # $if\n", "!ifconfig em1 up # em0"],
	["em0", "inet $addr 255.255.255.0\n", "inet $addr/?, !ifconfig em0 inet $addr netmask 255.255.255.0"],
	["em0", "up; ifconfig em1 up\n", "up, !ifconfig em0 up; ifconfig em1 up"],
	["veb0", "add $(cat /etc/port)\n", "!ifconfig veb0 add $(cat /etc/port)"],
])("hostname.%s: %j", (name, text, model) => {
	expect(shown(readHostname(`/etc/hostname.${name}`, text))).toBe(model);
});

test.each([
	["veb0", "add \\\nem6\n", "em6"],
	["em0", "up\ninet \\\n10.0.0.1/24\n", "10.0.0.1"],
])("the places are those in the file: hostname.%s: %j", (name, text, place) => {
	const { members, addresses } = readHostname(`/etc/hostname.${name}`, text);
	expect([...members, ...addresses].map(({ span }) => text.slice(span.start, span.end))).toEqual([place]);
});
