import { describe, expect, it, test } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { filesOf } from "../host/fixture.ts";
import { type Host, hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { parseIp } from "../pf/names/address.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { readEnd } from "./endpoints.ts";
import { flowText } from "./services.ts";
import { createTracer, type Trace } from "./trace.ts";

type Files = Parameters<typeof pfFacts>[0];

function build(files: Files): Host {
	const pf = pfFacts(files);
	return hostBuilder()({ name: "hv1", files, ...(pf && { pf }) });
}

const exampleHost = (name: Parameters<typeof readHost>[0]): Host =>
	build(new Map([...readHost(name)].map(([path, text]) => [path, { text }])));

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1 };

/** `outside web01 tcp 80`. */
function ask(host: Host, question: string): Trace {
	const [from = "", to = "", protocol = "", port] = question.split(" ");
	const ends = [readEnd(from, host), readEnd(to, host)] as const;
	if (ends[0] === undefined || ends[1] === undefined) throw new Error(question);
	const service = { protocol: PROTOCOLS[protocol] ?? 0, ...(port === undefined ? {} : { port: Number(port) }) };
	return createTracer(host).trace({ from: ends[0], to: ends[1], service });
}

/** The ways, each as its places with `!` where the packet is blocked, `=` where a state lets it pass, `( )` where pf does not filter. */
function told({ answer, ways }: Trace): string[] {
	const steps = (list: Trace["ways"][number]["steps"]): string =>
		list
			.map(({ direction, interface: name, by, outcome }) => {
				const place = `${direction} ${name}`;
				return by === "untested" ? `(${place})` : by === "state" ? `=${place}` : outcome?.verdict === "block" ? `!${place}` : place;
			})
			.join(" ");
	return [
		answer,
		...ways.map(({ result, steps: there, answer: back }) => `${result}: ${steps(there)}${back.length === 0 ? "" : ` < ${steps(back)}`}`),
	];
}

/** A router: em0 to the outside, and a LAN behind em1, which is a port of the bridge or veb that the host is in by `gateway`. */
const withLan = (bridge: string, gateway: string, ...rules: readonly string[]): Host =>
	build(
		filesOf(
			`//- /etc/hostname.em0\ninet autoconf\n//- /etc/hostname.em1\nup\n//- /etc/hostname.${bridge}\nadd ${gateway}\nadd em1\nup\n//- /etc/hostname.${gateway}\ninet 10.1.0.1/24\nup\n//- /etc/sysctl.conf\nnet.inet.ip.forwarding=1\n//- /etc/pf.conf\n${rules.join("\n")}\n`,
		),
	);

test("each pair of addresses has one way, though a guest has several and the host has them in both families", () => {
	const host = build(
		filesOf(
			'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "db01" {\n\tdisk "/x"\n\tinterface tap1 { switch "lan" }\n}\n//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\ninet 10.50.0.1/24\n//- /etc/hostname.em0\ninet 203.0.113.5/24\ninet6 2001:db8::5 64\n//- /etc/mygate\n203.0.113.1\n//- /etc/sysctl.conf\nnet.inet.ip.forwarding=1\n//- /etc/pf.conf\nmatch in on em0 inet proto tcp to any port 8080 rdr-to 10.50.0.20 port 80\npass\n',
		),
	);
	const given = new Map([["db01", ["10.50.0.20", "10.50.0.21"].flatMap((text) => parseIp(text) ?? [])]]);
	const { ways } = createTracer(host, given).trace({
		from: { kind: "outside" },
		to: { kind: "guest", name: "db01" },
		service: { protocol: 6, port: 8080 },
	});
	expect(ways.map(({ steps }) => steps[0] && flowText(steps[0].packet))).toEqual([
		"tcp 198.51.100.77 port 49160 → 10.50.0.20 port 8080",
		"tcp 198.51.100.77 port 49160 → 203.0.113.5 port 8080",
		"tcp 198.51.100.77 port 49160 → 10.50.0.21 port 8080",
	]);
});

test("a rule that blocks what another one redirects stops it on a bridge too", () => {
	const host = build(
		filesOf(
			'//- /etc/vm.conf\nswitch "lan" {\n\tinterface bridge0\n}\nvm "db01" {\n\tdisk "/x"\n\tinterface tap1 { switch "lan" }\n}\n//- /etc/hostname.bridge0\nadd em1\nup\n//- /etc/hostname.em1\nup\n//- /etc/pf.conf\nblock\nmatch in on em1 inet proto tcp to any port 80 rdr-to 10.50.0.99\n',
		),
	);
	expect(told(ask(host, "outside db01 tcp 80"))).toEqual(["no", "blocked: !in em1"]);
});

test.each([
	["bridge0", "vether0"],
	["veb0", "vport0"],
])("a machine of the LAN behind %s has a way by %s", (bridge, gateway) => {
	const host = withLan(
		bridge,
		gateway,
		"block",
		"match out on egress inet from 10.1.0.0/24 nat-to (egress)",
		"pass out",
		`pass in on ${gateway}`,
	);
	expect(told(ask(host, "10.1.0.50 outside tcp 443")).slice(0, 2)).toEqual([
		"yes",
		`passes: (in em1) in ${gateway} out em0 < =in em0 =out ${gateway} (out em1)`,
	]);
	expect(ask(host, "10.1.0.50 host tcp 22").answer).toBe("yes");
	expect(ask(host, "outside 10.1.0.50 tcp 22").answer).toBe("no");
	expect(ask(withLan(bridge, gateway, "pass"), "outside 10.1.0.50 tcp 22").answer).toBe("yes");
});

type Case = readonly [question: string, answer: string, ways: readonly string[]];
const examples: readonly (readonly ["corrected" | "corrected-bridge", readonly Case[]])[] = [
	[
		"corrected",
		[
			[
				"outside web01 tcp 80",
				"yes",
				["passes: in em0 out vport0 out tap3 < =in tap3 =in vport0 =out em0", "passes: in vlan10 out tap1 < =in tap1 =out vlan10"],
			],
			["outside web01 tcp 22", "no", ["blocked: !in em0", "blocked: in vlan10 !out tap1"]],
			["10.10.0.7 web01 tcp 22", "yes", ["passes: in vlan10 out tap1 < =in tap1 =out vlan10"]],
			["web01 db01 tcp 3306", "yes", ["passes: in tap3 out tap2 < =in tap2 =out tap3"]],
			["web01 db01 tcp 22", "no", ["blocked: !in tap3"]],
			["db01 web01 tcp 80", "no", ["blocked: !in tap2"]],
			["db01 outside tcp 443", "yes", ["passes: in tap2 in vport0 out em0 < =in em0 =out vport0 =out tap2"]],
			["db01 outside icmp", "yes", ["passes: in tap2 in vport0 out em0 < =in em0 =out vport0 =out tap2"]],
			["db01 host tcp 22", "no", ["blocked: in tap2 !in vport0"]],
			["outside host tcp 22", "yes", ["passes: in em0 < =out em0"]],
			["outside host tcp 23", "no", ["blocked: !in em0"]],
			["host web01 tcp 80", "yes", ["passes: out vport0 out tap3 < =in tap3 =in vport0"]],
		],
	],
	[
		"corrected-bridge",
		[
			["outside web01 tcp 80", "yes", ["passes: in em0 out vether0 (out tap3) < (in tap3) =in vether0 =out em0"]],
			["web01 db01 tcp 3306", "yes", ["passes: in tap3 out tap2 < =in tap2 =out tap3"]],
			// The bridge's rule tags the frames of the guest.
			["db01 outside tcp 443", "yes", ["passes: (in tap2) in vether0 out em0 < =in em0 =out vether0 (out tap2)"]],
			["db01 host tcp 22", "no", ["blocked: (in tap2) !in vether0"]],
		],
	],
];

describe.each(examples)("%s", (name, cases) => {
	const host = exampleHost(name);
	test.each(cases)("%s: %s", (question, answer, ways) => {
		const [found, ...rest] = told(ask(host, question));
		expect(found).toBe(answer);
		for (const way of ways) expect(rest).toContain(way);
	});
});

const files = (pf: string, more = ""): Files =>
	filesOf(`//- /etc/vm.conf
switch "s" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface tap1 { switch "s" }
}
vm "b" {
	disk "/b"
	interface { switch "s" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.0.0.1/24
//- /etc/hostname.em0
inet 203.0.113.5/24
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
//- /etc/dhcpd.conf
${more}
//- /etc/pf.conf
${pf}`);

describe("what matters on the way", () => {
	const cases: readonly (readonly [name: string, pf: string, question: string, expected: readonly string[]])[] = [
		[
			"a floating state of the first place satisfies the second of the same direction",
			"block\npass in on em0\npass out on vport0\n",
			"outside a tcp 80",
			["yes", "passes: in em0 out vport0 =out tap1 < =in tap1 =in vport0 =out em0"],
		],
		[
			"a state that is bound to its interface does not",
			"set state-policy if-bound\nblock\npass in on em0\npass out on vport0\n",
			"outside a tcp 80",
			["no", "blocked: in em0 out vport0 !out tap1"],
		],
		[
			"without state, the answer needs rules of its own",
			"block\npass in on em0 no state\npass out on vport0 no state\npass out on tap1 no state\n",
			"outside a udp 53",
			["one way", "no answer: in em0 out vport0 out tap1 < !in tap1"],
		],
		[
			"no rule, no state: and all passes",
			"match in on em0\n",
			"outside a udp 53",
			["yes", "passes: in em0 out vport0 out tap1 < in tap1 in vport0 out em0"],
		],
		[
			"a skipped interface",
			"set skip on em0\nblock\n",
			"outside host tcp 22",
			["yes", "passes: in em0 < out em0", "passes: in em0 < out em0"],
		],
		[
			"what is not known makes the answer depend on it",
			"block\npass in on em0 probability 50%\n",
			"outside host tcp 22",
			["depends", "blocked: !in em0", "passes: in em0 < =out em0", "blocked: !in em0"],
		],
		[
			"a tap without a number may be any that no guest pins",
			"block\npass in on em0\npass out on vport0 no state\npass out on tap7\n",
			"outside b tcp 80",
			["depends", "blocked: in em0 out vport0 !out tap(b:0)", "passes: in em0 out vport0 out tap(b:0) < =in tap(b:0) =in vport0 =out em0"],
		],
		[
			"a redirection changes where the packet goes",
			"block\nmatch in on em0 proto tcp to port 8080 rdr-to 10.0.0.254 port 80\npass proto tcp to 10.0.0.254 port 80\n",
			"outside a tcp 8080",
			[
				"yes",
				"passes: in em0 out vport0 =out tap1 < =in tap1 =in vport0 =out em0",
				"passes: in em0 out vport0 =out tap1 < =in tap1 =in vport0 =out em0",
			],
		],
		[
			"received-on is the interface that the packet came in by",
			"block\npass in on em0\npass out received-on em0\n",
			"outside a tcp 80",
			["yes", "passes: in em0 out vport0 =out tap1 < =in tap1 =in vport0 =out em0"],
		],
	];
	test.each(cases)("%s", (_, pf, question, expected) => {
		const found = told(ask(build(files(pf)), question));
		if (expected[0] === "depends") {
			expect(found[0]).toBe("depends");
			for (const way of expected.slice(1)) expect(found).toContain(way);
		} else expect(found).toEqual(expected);
	});

	test("the host forwards only where sysctl.conf says so", () => {
		const off = new Map(
			[...files("pass\n")].map(([path, file]) => [path, path === "/etc/sysctl.conf" ? { text: "net.inet.ip.forwarding=0\n" } : file]),
		);
		expect(told(ask(build(off), "outside a tcp 80"))).toEqual(["no", "not forwarded: in em0"]);
	});

	test("a guest's address is the one that dhcpd gives it", () => {
		const dhcp = "host a { hardware ethernet 0a:00:00:00:00:01; fixed-address 10.0.0.20; }";
		const vm = new Map(files("block\npass to 10.0.0.20\n", dhcp));
		const text = vm.get("/etc/vm.conf")?.text.replace('tap1 { switch "s" }', 'tap1 { switch "s" lladdr 0a:00:00:00:00:01 }') ?? "";
		expect(told(ask(build(vm.set("/etc/vm.conf", { text })), "outside a tcp 80"))[0]).toBe("yes");
	});
});

test("the rules that matched, and those that missed by one thing", () => {
	const host = build(
		files(
			"block\npass out on em0 proto udp\npass in on em0 proto tcp to port 443\npass in on em0 proto udp to port 80\nmatch in on em0 proto tcp\n",
		),
	);
	const tracer = createTracer(host);
	const [way] = tracer.trace({ from: { kind: "outside" }, to: { kind: "host" }, service: { protocol: 6, port: 80 } }).ways;
	const [step] = way?.steps ?? [];
	if (step === undefined) throw new Error("no step");
	const { matched, missed } = tracer.explain(step);
	expect(matched.map(({ rule }) => printRule(rule))).toEqual(["block drop all", "match in on em0 proto tcp all"]);
	expect(missed.map(({ rule, failed }) => `${failed}: ${printRule(rule)}`)).toEqual([
		"destination port: pass in on em0 proto tcp from any to any port = 443 flags S/SA",
		"protocol: pass in on em0 proto udp from any to any port = 80",
	]);
});

describe("addresses that hosts share by carp(4)", () => {
	const pair = (device: string, ...rules: readonly string[]): Host =>
		build(
			filesOf(
				`//- /etc/hostname.em0\ninet 192.0.2.2/24\n//- /etc/hostname.carp0\ninet 192.0.2.1 255.255.255.0 192.0.2.255 vhid 1 carpdev em0 pass secret\n//- /etc/hostname.${device}\nup\n//- /etc/hostname.carp1\ninet 10.0.0.1 255.255.255.0 10.0.0.255 vhid 2 carpdev ${device} pass secret\n//- /etc/mygate\n192.0.2.254\n//- /etc/sysctl.conf\nnet.inet.ip.forwarding=1\n//- /etc/pf.conf\n${rules.join("\n")}\n`,
			),
		);

	it("are met by pf on the interface below, also where that has no address of its own", () => {
		const host = pair("em1", "block", "pass in on em1 from 10.0.0.0/24", "pass out on em0");
		expect(told(ask(host, "10.0.0.7 outside tcp 443"))).toEqual(["yes", "passes: in em1 out em0 < =in em0 =out em1"]);
		expect(told(ask(host, "outside 192.0.2.1 tcp 22"))).toEqual(["no", "blocked: !in em0"]);
	});

	it("are met on no carp interface, whatever rules pass there", () => {
		const host = pair("em1", "block", "pass on { carp0 carp1 }", "pass out on em0");
		expect(told(ask(host, "10.0.0.7 outside tcp 443"))).toEqual(["no", "blocked: !in em1"]);
		expect(told(ask(host, "outside 192.0.2.1 tcp 22"))).toEqual(["no", "blocked: !in em0"]);
	});

	it("are a gateway of guests where they are on the host's port among them", () => {
		const files = filesOf(
			'//- /etc/vm.conf\nswitch "lan" {\n\tinterface veb0\n}\nvm "web01" {\n\tdisk "/web01"\n\tinterface tap1 { switch "lan" }\n}\n//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\nup\n//- /etc/hostname.carp0\ninet 10.50.0.1 255.255.255.0 10.50.0.255 vhid 1 carpdev vport0 pass secret\n//- /etc/hostname.em0\ninet autoconf\n//- /etc/sysctl.conf\nnet.inet.ip.forwarding=1\n//- /etc/pf.conf\nblock\npass in on vport0 from 10.50.0.0/24\npass out on em0\n',
		);
		expect(told(ask(build(files), "web01 outside tcp 443"))).toEqual([
			"yes",
			"passes: (in tap1) in vport0 out em0 < =in em0 =out vport0 (out tap1)",
		]);
	});
});
