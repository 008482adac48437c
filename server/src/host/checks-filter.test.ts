import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseIp4 } from "../pf/address.ts";
import {
	type AddressMatch,
	ANY_END,
	type Anchor,
	BLANK_RULE,
	type EndMatch,
	type Options,
	type Pool,
	type Rule,
	type Ruleset,
} from "../pf/rules.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { tellings } from "./checks.testing.ts";
import { checkHost, ruleChecks } from "./checks.ts";
import type { PfFacts } from "./filter.ts";
import { filesOf, textsOf, told } from "./fixture.ts";
import { hostBuilder } from "./model.ts";

/** A line of pf.conf, or of the anchor before it, and the rule that it becomes. */
type Line = readonly [text: string, rule: Partial<Rule>, anchor?: string];

interface Rules {
	readonly lines: readonly Line[];
	readonly loads?: readonly (readonly [anchor: string, path: string])[];
	readonly skip?: readonly string[];
	readonly statePolicy?: Options["statePolicy"];
}

const match = (text: string): AddressMatch => {
	const dynamic = /^\((.*)\)$/.exec(text)?.[1];
	if (dynamic !== undefined) return { kind: "dynamic", interface: dynamic, part: "address", noAlias: false, bits: 32 };
	if (text === "urpf-failed") return { kind: "urpf-failed" };
	const [address = "", bits = "32"] = text.split("/");
	return { kind: "network", address: parseIp4(address) ?? { a: 0, b: 0, c: 0, d: 0 }, bits: Number(bits) };
};
const end = (text: string, port?: number): EndMatch => ({
	address: match(text),
	negated: false,
	port: port === undefined ? undefined : { op: "=", low: port, high: 0 },
});
const port = (number: number): EndMatch => ({ ...ANY_END, port: { op: "=", low: number, high: 0 } });
const pool: Pool = { address: match("(em0)"), kind: "none", sticky: false, key: [0, 0, 0, 0], ports: [50001, 65535] };
const call = (name: string): Partial<Rule> => ({
	anchor: { name, path: name.replace(/\/?\*$/, ""), wildcard: name.endsWith("*"), block: undefined },
});

/** pf.conf with its rules, as the pf room would give them. */
function pfOf({ lines, loads = [], skip = [], statePolicy = "if-bound" }: Rules): { readonly text: string; readonly pf: PfFacts } {
	const texts = [
		...lines.map(([text]) => text),
		...loads.map(([anchor, path]) => `load anchor "${anchor}" from "${path}"`),
		...skip.map((name) => `set skip on ${name}`),
	];
	const text = texts.map((line) => `${line}\n`).join("");
	const at = (words: string, from = 0) => ({
		file: "/etc/pf.conf",
		span: { start: text.indexOf(words, from), end: text.indexOf(words, from) + words.length },
	});
	const rules = lines.map(([, rule], statement): Rule => ({ ...BLANK_RULE, statement, ...rule }));
	const anchors = new Map<string, Anchor>();
	for (const [i, [, , path]] of lines.entries()) {
		const rule = rules[i];
		if (path !== undefined && rule !== undefined)
			anchors.set(path, { path, tables: [], rules: [...(anchors.get(path)?.rules ?? []), rule] });
	}
	const ruleset: Ruleset = {
		definitions: [],
		options: { skip, blockPolicy: "drop", statePolicy, reassemble: true },
		queues: [],
		main: { path: "", tables: [], rules: rules.filter((_, i) => lines[i]?.[2] === undefined) },
		anchors,
	};
	return {
		text,
		pf: {
			ruleset,
			place: ({ statement }) => at(lines[statement]?.[0] ?? ""),
			loads: loads.map(([anchor, path]) => {
				const start = text.indexOf(`load anchor "${anchor}"`);
				return { anchor: { ...at(anchor, start), value: anchor }, path: { ...at(path, start), value: path } };
			}),
			skipped: skip.map((name) => ({ ...at(name, text.indexOf(`set skip on ${name}`)), value: name })),
		},
	};
}

const vmConf = `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
switch "old" {
	interface bridge0
	group oldies
}
vm "web01" {
	disk "/web01"
	interface tap3 { switch "lan" lladdr 02:00:00:00:00:01 group web }
}
vm "db01" {
	disk "/db01"
	interface tap2 { switch "old" lladdr 02:00:00:00:00:02 }
}
`;
const host = (veb = "link1\nadd vport0\n"): string => `${vmConf}//- /etc/hostname.veb0
${veb}up
//- /etc/hostname.vport0
inet 10.50.0.1 255.255.255.0
//- /etc/hostname.bridge0
add vether0
up
//- /etc/hostname.vether0
inet 10.60.0.1 255.255.255.0
//- /etc/hostname.em0
inet 192.0.2.2 255.255.255.0
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
//- /etc/dhcpd.conf
subnet 10.50.0.0 netmask 255.255.255.0 {
	host web01 { hardware ethernet 02:00:00:00:00:01; fixed-address 10.50.0.20; }
}
//- /etc/pf.vm/web01.conf
# web01
`;
const nat: Line = ["match out on em0 from any nat-to (em0)", { action: "match", direction: "out", interface: "em0", nat: pool }];
const ssh: Line = [
	"pass in on em0 proto tcp to port 22",
	{ direction: "in", interface: "em0", protocol: 6, destination: port(22), state: "keep" },
];
const blockAll: Line = ["block all", { action: "block" }];
const dhcp: Line = [
	"pass in quick on tap proto udp to port 67",
	{ direction: "in", interface: "tap", protocol: 17, destination: port(67), quick: true },
];
const base: readonly Line[] = [nat, blockAll, ssh, dhcp];
const web = (text: string, rule: Partial<Rule>): Line => [text, rule, "vm/web01"];
const web01 = ["vm/web01", "/etc/pf.vm/web01.conf"] as const;
const onTap: Line = ["pass out on tap3", { direction: "out", interface: "tap3" }];

/** For each check the words at fault, rules with the fault and rules without; the host's files where they differ. */
const table: Readonly<
	Record<keyof typeof ruleChecks, readonly [words: string, fault: Rules, without: Rules, files?: string, mended?: string]>
> = {
	"host/rule-on-bridge": [
		"pass in on bridge0",
		{ lines: [...base, ["pass in on bridge0", { interface: "bridge0", direction: "in" }]] },
		{ lines: [...base, ["pass in on tap2", { interface: "tap2", direction: "in" }]] },
	],
	"host/rule-in-on-veb": [
		"pass in on veb0",
		{ lines: [...base, ["pass in on veb0", { interface: "veb0", direction: "in" }]] },
		{ lines: [...base, ["pass out on veb0", { interface: "veb0", direction: "out" }]] },
	],
	"host/veb-without-link1": [
		"pass out on tap3",
		{ lines: [nat, blockAll, ssh, onTap] },
		{ lines: [nat, blockAll, ssh, onTap] },
		host("add vport0\n"),
		host(),
	],
	"host/rule-on-unpinned-tap": [
		"pass out on tap9",
		{ lines: [...base, ["pass out on tap9", { interface: "tap9", direction: "out" }]] },
		{ lines: [...base, onTap] },
	],
	"host/anchor-of-other-guest": [
		"pass out on tap2",
		{ lines: [...base, web("pass out on tap2", { interface: "tap2", direction: "out" }), ['anchor "vm/*"', call("vm/*")]] },
		{ lines: [...base, web("pass out on tap3", { interface: "tap3", direction: "out" }), ['anchor "vm/*"', call("vm/*")]] },
	],
	"host/tap-address": [
		"pass out on tap3 to (tap3)",
		{ lines: [...base, ["pass out on tap3 to (tap3)", { interface: "tap3", direction: "out", destination: end("(tap3)") }]] },
		{ lines: [...base, ["pass out on tap3 to 10.50.0.20", { interface: "tap3", direction: "out", destination: end("10.50.0.20") }]] },
	],
	"host/reversed-direction": [
		"pass in on tap3 to 10.50.0.20",
		{ lines: [...base, ["pass in on tap3 to 10.50.0.20", { interface: "tap3", direction: "in", destination: end("10.50.0.20") }]] },
		{ lines: [...base, ["pass in on tap3 from 10.50.0.20", { interface: "tap3", direction: "in", source: end("10.50.0.20") }]] },
	],
	"host/routed-past-tap": [
		"pass out on tap2 from 192.0.2.0/24",
		{ lines: [...base, ["pass out on tap2 from 192.0.2.0/24", { interface: "tap2", direction: "out", source: end("192.0.2.0/24") }]] },
		{ lines: [...base, ["pass out on tap2 from 10.60.0.9", { interface: "tap2", direction: "out", source: end("10.60.0.9") }]] },
	],
	"host/anchor-before-block": [
		'anchor "vm/*"',
		{
			lines: [nat, ['anchor "vm/*"', call("vm/*")], web("pass out on tap3", { interface: "tap3", direction: "out" }), blockAll, ssh, dhcp],
		},
		{
			lines: [nat, blockAll, ['anchor "vm/*"', call("vm/*")], web("pass out on tap3", { interface: "tap3", direction: "out" }), ssh, dhcp],
		},
	],
	"host/load-anchor-glob": [
		"/etc/pf.vm/*.conf",
		{ lines: base, loads: [["vm/*", "/etc/pf.vm/*.conf"]] },
		{ lines: [...base, ['anchor "vm/*"', call("vm/*")]], loads: [web01] },
	],
	"host/load-anchor-path": [
		"/etc/pf.vm/db01.conf",
		{ lines: base, loads: [["vm/db01", "/etc/pf.vm/db01.conf"]] },
		{ lines: base, loads: [web01] },
	],
	"host/anchor-not-called": [
		"vm/web01",
		{ lines: [...base, ['anchor "other/*"', call("other/*")]], loads: [web01] },
		{ lines: [...base, ['anchor "vm/*"', call("vm/*")]], loads: [web01] },
	],
	"host/anchor-empty": [
		'anchor "vm/*"',
		{ lines: [...base, ['anchor "vm/*"', call("vm/*")]] },
		{ lines: [...base, ['anchor "vm/*"', call("vm/*")]], loads: [web01] },
	],
	"host/skip-on-guest": ["tap3", { lines: base, skip: ["tap3"] }, { lines: base, skip: ["lo"] }],
	"host/floating-states": [
		"pass out on tap3",
		{
			lines: [nat, blockAll, ssh, ["pass out on vport0", { interface: "vport0", direction: "out", state: "keep" }], onTap],
			statePolicy: "floating",
		},
		{ lines: [nat, blockAll, ssh, ["pass out on vport0", { interface: "vport0", direction: "out", state: "keep" }], onTap] },
	],
	"host/nat-without-forwarding": [nat[0], { lines: base }, { lines: base }, host().replace("forwarding=1", "forwarding=0"), host()],
	"host/no-nat": [
		"10.50.0.1",
		{
			lines: [
				["match out on em0 from 10.60.0.0/24 nat-to (em0)", { action: "match", direction: "out", source: end("10.60.0.0/24"), nat: pool }],
				blockAll,
				ssh,
				dhcp,
			],
		},
		{ lines: base },
	],
	"host/urpf-on-port": [
		"block in on tap3 from urpf-failed",
		{
			lines: [
				...base,
				["block in on tap3 from urpf-failed", { action: "block", interface: "tap3", direction: "in", source: end("urpf-failed") }],
			],
		},
		{
			lines: [
				...base,
				["block in on em0 from urpf-failed", { action: "block", interface: "em0", direction: "in", source: end("urpf-failed") }],
			],
		},
	],
	"host/translation-on-port": [
		"pass in on tap3 rdr-to",
		{ lines: [...base, ["pass in on tap3 rdr-to", { interface: "tap3", direction: "in", rdr: pool }]] },
		{ lines: [...base, ["pass in on vport0 rdr-to", { interface: "vport0", direction: "in", rdr: pool }]] },
	],
	"host/empty-group": [
		"pass in on wob",
		{ lines: [...base, ["pass in on wob", { interface: "wob", direction: "in" }]] },
		{
			lines: [
				...base,
				["pass in on web", { interface: "web", direction: "in" }],
				["pass in on oldies", { interface: "oldies", direction: "in" }],
			],
		},
	],
	"host/rule-on-missing-interface": [
		"pass in on vlan7",
		{ lines: [...base, ["pass in on vlan7", { interface: "vlan7", direction: "in" }]] },
		{ lines: [...base, ["pass in on vether0", { interface: "vether0", direction: "in" }]] },
	],
	"host/guest-without-policy": [
		'"old"',
		{ lines: [nat, ["block in on tap3", { action: "block", interface: "tap3", direction: "in" }]] },
		{ lines: base },
	],
	"host/anchor-file-not-loaded": ["", { lines: base, loads: [["vm/db01", "/etc/pf.vm/db01.conf"]] }, { lines: base, loads: [web01] }],
	"host/address-outside-segment": [
		"pass in on tap3 from 10.51.0.20",
		{ lines: [...base, ["pass in on tap3 from 10.51.0.20", { interface: "tap3", direction: "in", source: end("10.51.0.20") }]] },
		{ lines: [...base, ["pass in on tap3 from 10.50.0.20", { interface: "tap3", direction: "in", source: end("10.50.0.20") }]] },
	],
	"host/anchor-address-differs": [
		"pass in on tap3 from 10.50.0.21",
		{
			lines: [
				...base,
				web("pass in on tap3 from 10.50.0.21", { interface: "tap3", direction: "in", source: end("10.50.0.21") }),
				['anchor "vm/*"', call("vm/*")],
			],
		},
		{
			lines: [
				...base,
				web("pass in on tap3 from 10.50.0.20", { interface: "tap3", direction: "in", source: end("10.50.0.20") }),
				['anchor "vm/*"', call("vm/*")],
			],
		},
	],
	"host/interface-without-address": [
		"pass to (em1)",
		{ lines: [...base, ["pass to (em1)", { destination: end("(em1)") }]] },
		{ lines: [...base, ["pass to (em1)", { destination: end("(em1)") }]] },
		`${host()}//- /etc/hostname.em1\nup\n`,
		`${host()}//- /etc/hostname.em1\ninet 192.0.2.1/24\n`,
	],
	"host/block-return-on-port": [
		"block return on tap2",
		{ lines: [...base, ["block return on tap2", { action: "block", interface: "tap2", blockReturn: { kind: "return" } }]] },
		{ lines: [...base, ["block drop on tap2", { action: "block", interface: "tap2" }]] },
	],
	"host/tags-past-pf": [
		"em1",
		{ lines: [...base, onTap] },
		{ lines: [...base, onTap] },
		`${host("link0\nlink1\nadd vport0\nadd em1\n")}//- /etc/hostname.em1\nup\n`,
		`${host("link1\nadd vport0\nadd em1\n")}//- /etc/hostname.em1\nup\n`,
	],
};

/** Every text that is known in another language too. */
const translated = new Set(Object.keys(JSON.parse(readFileSync(new URL("../../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8"))));

function find(rules: Rules, files = host()): readonly (Diagnostic & { readonly told: readonly string[]; readonly words: string })[] {
	const { text, pf } = pfOf(rules);
	const all = new Map(filesOf(files)).set("/etc/pf.conf", { text });
	return [...checkHost(hostBuilder()({ name: "hv1", files: all, pf }))].flatMap(([path, list]) =>
		list.map((one) => ({ ...one, told: told(all, path, one), words: (all.get(path)?.text ?? "").slice(one.span.start, one.span.end) })),
	);
}

describe("each check of rules", () => {
	it.each(Object.entries(table))("%s", (code, [words, fault, without, files = host(), mended = host()]) => {
		const found = find(fault, files).filter((one) => one.code === code);
		expect(found.map((one) => one.words)).toEqual([words]);
		expect(found.flatMap((one) => one.told)).toEqual(tellings[code as keyof typeof ruleChecks]);
		expect(found.flatMap(textsOf).filter((text) => !translated.has(text))).toEqual([]);
		expect(found[0]?.severity).toBe(ruleChecks[code as keyof typeof ruleChecks].severity);
		expect(find(without, mended).map((one) => one.code)).not.toContain(code);
	});

	it("a guest's interface that no rule names may be skipped", () => {
		const codes = find({ lines: base.slice(0, 3), skip: ["tap3"] }).map(({ code }) => code);
		expect(codes).not.toContain("host/skip-on-guest");
	});

	it("the host that they start from has no fault", () => {
		expect(find({ lines: base }).filter(({ code }) => Object.hasOwn(ruleChecks, code))).toEqual([]);
	});

	it("nothing is said of rules where pf.conf is not known", () => {
		const found = [...checkHost(hostBuilder()({ name: "hv1", files: filesOf(host()) })).values()].flat();
		expect(found.filter(({ code }) => Object.hasOwn(ruleChecks, code))).toEqual([]);
	});
});
