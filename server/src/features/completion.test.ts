import { describe, expect, test } from "vitest";
import { CompletionItemKind } from "vscode-languageserver-types";
import type { Release } from "../text/vocabulary.ts";
import { completion, resolveCompletion } from "./completion.ts";
import { open } from "./testing.ts";

interface Case {
	readonly at: string;
	readonly has?: readonly string[];
	readonly hasNot?: readonly string[];
	/** The text after the item was taken. */
	readonly taken?: readonly [item: string, text: string];
}

const vm = (text: string): string => `//- /etc/vm.conf\n${text}`;
const host = (text: string): string =>
	`${vm(text)}//- /etc/hostname.veb0\nadd vport0\n//- /etc/hostname.em0\ninet autoconf\n//- /etc/pf.conf\n\n`;

const pf = (text: string): string => `${LAN}//- /etc/pf.conf\n${text}`;
/** A host with guests in a switch, groups, taps and anchors. */
const LAN = `//- /etc/hostname.em0
inet autoconf
group wan
//- /etc/hostname.veb0
add vport0
//- /etc/vm.conf
switch "lan" {
	interface veb0
	group guests
}
vm "web01" {
	disk "/var/vm/web01.img"
	interface tap3 { switch "lan" group web }
}
//- /etc/pf.d/more.conf
table <more> persist
net6 = "fd00::/64"
`;

const cases: Readonly<Record<string, Case>> = {
	"pf: an empty line": { at: pf("pass\n\n|\n\npass\n"), has: ["pass", "block", "table", "set"], hasNot: ["in", "max", "$a"] },
	"pf: interfaces and groups of the host": {
		at: pf("pass in on |"),
		has: ["em0", "veb0", "tap3", "wan", "guests", "web", "egress", "any"],
		hasNot: ["lan", "web01", "all", "proto"],
	},
	"pf: addresses, with tables, also of included files, and macros": {
		at: pf('include "/etc/pf.d/more.conf"\ntable <own> { 10/8 }\npass from |'),
		has: ["any", "self", "no-route", "<own>", "<more>", "$net6", "em0", "egress"],
		hasNot: ["proto", "lan"],
	},
	"pf: a table by its bracket": { at: pf("table <own> { 10/8 }\npass to <o|"), taken: ["<own>", "table <own> { 10/8 }\npass to <own>"] },
	"pf: what tables cannot hold": { at: pf("table <own> { | }"), has: ["self", "em0"], hasNot: ["<own>", "no-route", "urpf-failed"] },
	"pf: behind an interface's colon": {
		at: pf("pass from em0:n|"),
		has: ["network", "broadcast", "peer", "0"],
		hasNot: ["em0"],
		taken: ["network", "pass from em0:network"],
	},
	"pf: an IPv6 address is no interface": { at: pf("pass from fe80:|"), hasNot: ["network"] },
	"pf: services": { at: pf("pass proto tcp to port { ssh, | }"), has: ["www", "https"], hasNot: ["any", "route"] },
	"pf: protocols": { at: pf("pass proto |"), has: ["tcp", "icmp6", "{ }"], hasNot: ["any", "ip"] },
	"pf: icmp types by family": { at: pf("pass inet6 proto icmp6 icmp6-type |"), has: ["neighbrsol"], hasNot: ["althost"] },
	"pf: icmp codes by type": { at: pf("pass inet proto icmp icmp-type unreach code |"), has: ["needfrag"], hasNot: ["transit"] },
	"pf: codes of an answer": { at: pf("block return-icmp(|"), has: ["host-unr"], hasNot: ["transit"] },
	"pf: systems": { at: pf("block proto tcp from any os |"), has: ["OpenBSD", "unknown"] },
	"pf: options in parentheses": { at: pf("block log (|"), has: ["all", "matches", "user", "to"], hasNot: ["from", "max"] },
	"pf: state options": { at: pf("pass keep state (max 100, |"), has: ["max-src-conn", "tcp.established"], hasNot: ["log", "keep"] },
	"pf: fields that are set": { at: pf("match set (|"), has: ["prio", "queue", "tos", "delay"], hasNot: ["tag"] },
	"pf: queues": { at: pf("queue main on em0 bandwidth 9M\npass set queue |"), has: ["main"], hasNot: ["lan", "web01"] },
	"pf: tags that are set": { at: pf("match tag LAN\npass tagged |"), has: ["LAN"] },
	"pf: an option's values": { at: pf("set debug |"), has: ["debug", "notice"] },
	"pf: an option with its joining word": {
		at: pf("set s|"),
		// biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's placeholder
		taken: ["skip", "set skip on ${1:interface}"],
	},
	"pf: anchors that are loaded": {
		at: pf('load anchor "vm/web01" from "/etc/pf.vm/web01.conf"\nanchor |'),
		has: ["vm/web01", "in", "quick"],
		taken: ["vm/web01", 'load anchor "vm/web01" from "/etc/pf.vm/web01.conf"\nanchor "vm/web01"'],
	},
	"pf: a block of an anchor": { at: pf('anchor "a" |'), has: ["{ }", "in"] },
	"pf: a line of an anchor's block": {
		at: pf('anchor "a" {\n\t|\n}\n'),
		has: ["pass", "anchor", "table"],
		hasNot: ["set", "load", "queue"],
	},
	"pf: files in quotes": {
		at: pf('load anchor "a" from "/etc/|"'),
		has: ["/etc/pf.d/more.conf"],
		hasNot: ["/etc/pf.conf", "$net6"],
		taken: ["/etc/pf.d/more.conf", 'load anchor "a" from "/etc/pf.d/more.conf"'],
	},
	"pf: files with their quotes": { at: pf("include |"), taken: ["/etc/pf.d/more.conf", 'include "/etc/pf.d/more.conf"'] },
	"pf: in a macro's value, what its use takes": {
		at: pf('ports = "{ ssh, | }"\npass proto tcp to port $ports\n'),
		has: ["www"],
		hasNot: ["em0", "tcp"],
	},
	"pf: in the value of a macro that nothing uses yet": { at: pf('ext = "|"'), has: ["em0", "ssh"], hasNot: ["$ext"] },
	"pf: a macro in the value of another": { at: pf('a = "em0"\nb = $|'), has: ["$a"], hasNot: ["any"] },
	"pf: a macro that stands for options": { at: pf('log_it = "log (all)"\npass in |'), has: ["$log_it", "quick"] },
	"pf: in a label": { at: pf('pass label "web-$i|"'), has: ["$if", "$nr"], taken: ["$if", 'pass label "web-$if"'] },
	"pf: the rest of the word": { at: pf("pass in on em0 pro|to tcp"), taken: ["proto", "pass in on em0 proto tcp"] },
	"pf: before a word": { at: pf("pass in |proto tcp"), has: ["on", "quick"], taken: ["quick", "pass in quickproto tcp"] },
	"pf: behind a broken statement": { at: pf("pass form any\nfoo bar\npass in on |"), has: ["em0"] },
	"pf: behind a list without its end": { at: pf("pass from { 10.0.0.1\npass in on |\npass\n"), has: ["em0"], hasNot: ["pass"] },
	"pf: behind a string without its end": { at: pf('pass label "oops\npass in on |\n'), has: ["em0"] },
	"pf: behind a broken line of a block": { at: pf('anchor "a" {\n\tpass form\n\tpass in on |\n}\n'), has: ["em0"] },
	"pf: on the second line of a statement": { at: pf("pass in \\\n\ton |"), has: ["em0"] },
	"pf: a comment": { at: pf("pass # in on |"), hasNot: ["em0", "proto"] },
	"pf: snippets where a statement begins": { at: pf("pass\n|"), has: ["pass-in", "rdr", "pattern-routed-nat", "set-limit"] },
	"pf: no snippet behind a word": { at: pf("pass keep sta|"), has: ["state"], hasNot: ["set-state-policy", "rdr"] },
	"pf: in the block of an anchor, snippets of rules alone": {
		at: pf('anchor "a" {\n\tp|\n}\n'),
		has: ["pass-in"],
		hasNot: ["set-limit", "queues"],
	},
	"pf: no snippet in a list that goes on": { at: pf("pass from { 10.0.0.1\n|"), hasNot: ["pass-in", "set-limit"] },
	"pf: nothing right behind a string": { at: pf('wan = "em0"|'), hasNot: ["$wan", "pass"] },
	"vm: memory sizes": { at: vm('vm "a" {\n\tmemory |\n}\n'), has: ["1G", "512M"] },
	"hostname: an interface that has no file of its own": {
		at: "//- /etc/hostname.vlan10\nvlandev |\n//- /etc/hostname.bridge0\nadd em1\n",
		has: ["em1", "bridge0"],
		hasNot: ["vlan10"],
	},
	"vm: snippets of the block alone": { at: vm('vm "a" {\n\t|\n}\n'), has: ["disk"], hasNot: ["vm", "switch-locked"] },
	"vm: nothing right behind a string": { at: vm('vm "a" {\n\tdisk "/a.img"|\n}\n'), hasNot: ["format", "memory"] },
	"hostname: snippets of the interface's family": {
		at: "//- /etc/hostname.veb0\n|",
		has: ["pattern-bridged", "protected"],
		hasNot: ["wifi", "pppoe", "carp", "wg"],
	},
	"vm: taps for a guest's interface": { at: host('vm "a" {\n\tinterface |\n}\n'), has: ["tap0", "switch"], hasNot: ["em0", "veb0"] },
	"vm: what a switch may stand on": { at: host('switch "a" {\n\tinterface |\n}\n'), has: ["veb0"], hasNot: ["em0", "tap0"] },
	"vm: switches of an included file": {
		at: vm(
			'include "/etc/vm.d/a.conf"\nvm "a" {\n\tinterface { switch "|" }\n}\n//- /etc/vm.d/a.conf\nswitch "dmz" {\n\tinterface veb0\n}\n',
		),
		has: ["dmz"],
		hasNot: ["a"],
	},
	"vm: files to include": {
		at: vm('include "|"\n//- /etc/vm.d/a.conf\n//- /etc/pf.conf\n'),
		has: ["/etc/vm.d/a.conf"],
		hasNot: ["/etc/vm.conf", "/etc/pf.conf"],
	},
	"vm: no macros in quotes": { at: vm('a = "1"\nvm "b" {\n\tdisk "|"\n}\n'), hasNot: ["$a", "/etc/vm.conf"] },
	"vm: in a macro's value, what its use takes": {
		at: vm('net = "|"\nswitch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch $net }\n}\n'),
		has: ["lan"],
		hasNot: ["a", "$net"],
	},
	"vm: behind a block without its end": { at: vm('switch "a" {\n\tinterface veb0\n\nvm "b" {\n\t|\n}\n'), has: ["memory"] },
	"hostname: an interface is not its own member": {
		at: "//- /etc/hostname.veb0\nadd |\n//- /etc/hostname.em0\nup\n",
		has: ["em0"],
		hasNot: ["veb0"],
	},
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's placeholder
	"hostname: a number that has a word too": { at: "//- /etc/hostname.vlan1\nvnet|\n", taken: ["vnetid", "vnetid ${1:id}\n"] },
	"hostname: a netmask by its place": { at: "//- /etc/hostname.em0\ninet 10.0.0.1 |\n", has: ["255.255.255.0"], hasNot: ["mtu"] },
	"hostname: a medium": { at: "//- /etc/hostname.em0\nmedia |\n", has: ["autoselect", "1000baseT"] },
	"hostname: a rule of a bridge": { at: "//- /etc/hostname.veb0\nrule pass |\n", has: ["in", "out", "on"], hasNot: ["up", "tag"] },
	"hostname: an interface in a rule": {
		at: "//- /etc/hostname.veb0\nrule pass in on |\n//- /etc/hostname.tap3\nup\n",
		has: ["tap3"],
		hasNot: ["tag"],
	},
	"hostname: tags of pf.conf in a rule": {
		at: "//- /etc/hostname.veb0\nrule pass in on tap3 tag |\n//- /etc/pf.conf\nmatch tag web01\n",
		has: ["web01"],
	},
	"pf: tags that a bridge sets": {
		at: "//- /etc/pf.conf\npass tagged |\n//- /etc/hostname.bridge0\nrule pass in on tap3 tag web01\n",
		has: ["web01"],
	},
	"hostname: an empty line": { at: "//- /etc/hostname.veb0\n|\n", has: ["add", "up", "link1"], hasNot: ["nwid", "parent"] },
	"hostname: an interface of the host": {
		at: "//- /etc/hostname.em0\nup\n//- /etc/hostname.veb0\nadd |\n",
		has: ["em0"],
		hasNot: ["up", "egress"],
	},
	"hostname: an option with one of a few words": { at: "//- /etc/hostname.trunk0\ntrunkproto |\n", has: ["loadbalance", "failover"] },
	"hostname: before a word": { at: "//- /etc/hostname.em0\nmtu 1500 |up\n", has: ["down"], taken: ["down", "mtu 1500 downup\n"] },
	"hostname: behind a broken line": { at: '//- /etc/hostname.em0\nfoo "bar\n|\n', has: ["inet", "up"] },
	"an empty file": { at: vm("|"), has: ["vm", "switch", "include", "staggered"], hasNot: ["memory", "disk"] },
	"an empty line behind a guest": { at: vm('vm "a" {\n}\n|\n'), has: ["vm", "switch"], hasNot: ["memory"] },
	"inside a guest": { at: vm('vm "a" {\n\t|\n}\n'), has: ["memory", "disk", "interface"], hasNot: ["switch", "socket"] },
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's placeholder
	"a word's start": { at: vm('vm "a" {\n\tmem|\n}\n'), has: ["memory"], taken: ["memory", 'vm "a" {\n\tmemory ${1:1G}\n}\n'] },
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's placeholder
	"a word with a form of its own": { at: vm("sw|\n"), has: ["switch"], taken: ["switch", 'switch "${1:name}"\n'] },
	"inside an interface": { at: vm('vm "a" {\n\tinterface { | }\n}\n'), has: ["switch", "lladdr", "group"], hasNot: ["memory"] },
	"switches in quotes": {
		at: vm('switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "|" }\n}\n'),
		has: ["lan"],
		taken: ["lan", 'switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tinterface { switch "lan" }\n}\n'],
	},
	"interfaces of the host's files": { at: host('switch "a" {\n\tinterface |\n}\n'), has: ["veb0"] },
	"macros by their sign": {
		at: vm('mem1 = "1G"\nvm "a" {\n\tmemory $|\n}\n'),
		has: ["$mem1"],
		taken: ["$mem1", 'mem1 = "1G"\nvm "a" {\n\tmemory $mem1\n}\n'],
	},
	"a broken file": { at: vm('vm "b" {\n\tmemory memory memory\n\tfoo\n}\n}\nvm "a" {\n\t|\n}\n'), has: ["memory", "disk"] },
	"a comment": { at: vm("# me|\n"), hasNot: ["vm", "memory"] },
};

describe("completion", () => {
	for (const [name, { at, has = [], hasNot = [], taken }] of Object.entries(cases)) {
		test(name, async () => {
			const { session, file, offset } = await open(at);
			const { items } = completion(session, file, offset);
			const labels = items.map(({ label }) => label);
			expect(labels).toEqual(expect.arrayContaining([...has]));
			expect(labels.filter((label) => hasNot.includes(label))).toEqual([]);
			if (taken === undefined) return;
			const edit = items.find(({ label }) => label === taken[0])?.textEdit;
			if (edit === undefined || !("range" in edit)) throw new Error(`${taken[0]} is not offered with an edit`);
			const { start, end } = file.lines.span(edit.range);
			expect(file.text.slice(0, start) + edit.newText + file.text.slice(end)).toBe(taken[1]);
		});
	}

	test.each([
		["pass proto |", "tcp", "udp", "icmp", "tcpmux"],
		["pass proto tcp to port |", "ssh", "https", "tcpmux"],
		["|", "pass", "block", "queue"],
		["pass in on |", "em0", "egress", "any", "carp"],
	])("in %s the most used come first", async (at, ...wanted) => {
		const { session, file, offset } = await open(pf(at));
		const sorted = completion(session, file, offset).items.toSorted((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
		const order = sorted.map(({ label }) => label).filter((label) => wanted.includes(label));
		expect(order).toEqual(wanted.filter((label) => order.includes(label)));
	});

	test("in the middle of a word, an editor that can is given both ranges", async () => {
		const { session, file, offset } = await open(pf("pass in on em0 pro|to tcp"));
		const both = { ...session, client: { ...session.client, insertReplace: true } };
		const edit = completion(both, file, offset).items.find(({ label }) => label === "proto")?.textEdit;
		expect(edit).toMatchObject({ insert: { end: { character: 18 } }, replace: { end: { character: 20 } } });
	});

	test("a choice that a release brought says which", async () => {
		const { session, file, offset } = await open("//- /etc/hostname.iwm0\nwpaakms |\n");
		const { items } = completion(session, file, offset);
		expect(items.map(({ label, detail }) => [label, detail])).toEqual(
			expect.arrayContaining([
				["psk", undefined],
				["sha256-psk", "Since OpenBSD 7.9."],
			]),
		);
	});

	test("a choice that a release takes away says which, and is offered no longer there", async () => {
		const lacp = async (release: Release, name: string) => {
			const { documents, session, file, offset } = await open(`//- /etc/hostname.${name}\ntrunkproto |\n`);
			documents.setRelease(release);
			return completion(session, documents.file(file.uri) ?? file, offset).items.flatMap(({ label, detail }) =>
				label === "lacp" ? [detail] : [],
			);
		};
		expect(await lacp("7.8", "trunk0")).toEqual(["Gone since OpenBSD 7.9."]);
		expect(await lacp("7.9", "trunk0")).toEqual([]);
		expect(await lacp("7.8", "aggr0")).toEqual([undefined]);
	});

	test("the most used words come first", async () => {
		const { session, file, offset } = await open(vm('vm "a" {\n\t|\n}\n'));
		const sorted = completion(session, file, offset).items.toSorted((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
		const order = sorted.map(({ label }) => label);
		expect(order.indexOf("disk")).toBeLessThan(order.indexOf("sev"));
	});

	test("documentation is made when it is asked for", async () => {
		const { session, file, offset } = await open(vm('vm "a" {\n\tmem|\n}\n'));
		const item = completion(session, file, offset).items.find(({ label }) => label === "memory");
		expect(item?.documentation).toBeUndefined();
		const resolved = item && resolveCompletion(session, item);
		expect(JSON.stringify(resolved?.documentation)).toContain("https://man.openbsd.org/vm.conf.5#memory");
	});

	test.each([pf("|"), vm("|"), "//- /etc/hostname.em0\n|"])("no snippet is found by a text with a blank: %s", async (at) => {
		const { session, file, offset } = await open(at);
		const { items } = completion(session, file, offset);
		const snippets = items.filter(({ kind }) => kind === CompletionItemKind.Snippet);
		expect(snippets.length).toBeGreaterThan(5);
		expect(snippets.filter(({ label, filterText = label }) => /\s/.test(filterText))).toEqual([]);
	});

	test("without snippets, words are inserted alone", async () => {
		const client = {
			snippets: false,
			markdown: false,
			lineFoldingOnly: false,
			documentChanges: true,
			createFiles: false,
			renameFiles: false,
			hierarchicalSymbols: false,
		};
		const { session, file, offset } = await open(vm('vm "a" {\n\tmem|\n}\n'), { client });
		const item = completion(session, file, offset).items.find(({ label }) => label === "memory");
		expect(item?.textEdit?.newText).toBe("memory");
		expect(item?.insertTextFormat).toBeUndefined();
	});
});

describe("what fits comes first", () => {
	const MACROS = 'wan = "em0"\nweb = "{ 80 443 }"\nnet = "10.0.0.0/24"\nboth = "$wan $web"\n';
	async function order(fixture: string, ...of: readonly string[]): Promise<readonly string[]> {
		const { session, file, offset } = await open(fixture);
		const { items } = completion(session, file, offset);
		const sorted = [...items].sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
		return sorted.map(({ label }) => label).filter((label) => of.includes(label));
	}

	test.each([
		["pass proto tcp to port |", ["$web", "$wan", "$net"]],
		["pass from |", ["$net", "$wan", "$web"]],
		["pass in on |", ["$wan", "$web", "$net"]],
	])("macros by their values: %s", async (text, [best, ...others]) => {
		const found = await order(`//- /etc/pf.conf\n${MACROS}${text}\n`, "$both", "$web", "$wan", "$net");
		expect(found).toHaveLength(4);
		// One that is not known to be something else stays among the names.
		expect(found.indexOf("$both")).toBeLessThan(found.length - 1);
		for (const other of others) expect(found.indexOf(best ?? "")).toBeLessThan(found.indexOf(other));
	});

	test("the other end of a policy test", async () => {
		const guests = '//- /etc/vm.conf\nvm "db01" {\n\tdisk "/a"\n}\nvm "web01" {\n\tdisk "/b"\n}\n';
		expect(await order(`${guests}//- /etc/policy.pftest\ndb01 |\n`, "db01", "web01", "host")).toEqual(["web01", "host", "db01"]);
	});

	test("a stable address behind lladdr, which nothing else has", async () => {
		const text = (more: string) => `//- /etc/vm.conf\nvm "a" {\n\tdisk "/a"\n\tinterface {\n\t\tlladdr |\n\t}\n}\n${more}`;
		const first = async (more = "") => {
			const { session, file, offset } = await open(text(more));
			const [best] = [...completion(session, file, offset).items].sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
			return best?.label;
		};
		const address = await first();
		expect(address).toMatch(/^fe:e1:bb:..:00:01$/);
		expect(await first(`vm "b" {\n\tdisk "/b"\n\tinterface { lladdr ${address} }\n}\n`)).toMatch(/:02$/);
	});

	test("what a veb or bridge gets first, where nothing is there yet", async () => {
		expect(await order("//- /etc/hostname.veb0\nadd |\n", "vport0", "tap0", "em0")).toEqual(["vport0"]);
		expect(await order("//- /etc/hostname.bridge0\nadd |\n", "vether0", "vport0")).toEqual(["vether0"]);
	});
});
