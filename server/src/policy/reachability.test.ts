import { describe, expect, it, test } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { type Host, hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { type Files, hostOf, pf, routed, sourcesOf } from "./checks-fixture.ts";
import { endText } from "./endpoints.ts";
import { inWords, reachability, reachabilityDifference } from "./reachability.ts";
import { atomsOf, atomText, distinctionsOf, type ServiceClass, serviceClasses } from "./services.ts";

const nameOf = ({ named, protocol }: ServiceClass): string => (named === undefined ? `other ${protocol}` : atomText(named));

/** The corrected example, with texts replaced in its files. */
function host(...edits: readonly (readonly [path: string, from: string, to: string])[]): Host {
	const files = new Map([...readHost("corrected")].map(([path, text]) => [path, { text }]));
	for (const [path, from, to] of edits) {
		const text = files.get(path)?.text ?? "";
		expect(text).toContain(from);
		files.set(path, { text: text.replace(from, to) });
	}
	const pf = pfFacts(files);
	return hostBuilder()({ name: "hv1", files, ...(pf && { pf }) });
}

test("the matrix of the corrected example", () => {
	const { ends, services, cells } = reachability(host());
	const lines = ends.flatMap((from, row) =>
		ends.flatMap((to, column) => {
			const open = (cells[row]?.[column] ?? []).flatMap(({ answer }, index) => {
				const service = services[index];
				return service === undefined || answer === "no" ? [] : [`${nameOf(service)}${answer === "yes" ? "" : ` (${answer})`}`];
			});
			return row === column ? [] : [`${endText(from)} -> ${endText(to)}: ${open.join(", ") || "-"}`];
		}),
	);
	expect(services.map(nameOf)).toEqual([
		"tcp 22",
		"tcp 80",
		"tcp 443",
		"tcp 3306",
		"udp 67",
		"udp 68",
		"icmp",
		"other 6",
		"other 17",
		"other 0",
	]);
	expect(lines).toEqual([
		"outside -> host: tcp 22",
		"outside -> web01: tcp 80, tcp 443",
		"outside -> db01: -",
		"host -> outside: tcp 22, tcp 80, tcp 443, tcp 3306, udp 67, udp 68, icmp, other 6, other 17, other 0",
		"host -> web01: tcp 80, tcp 443",
		"host -> db01: -",
		"web01 -> outside: tcp 22, tcp 80, tcp 443, tcp 3306, udp 67, udp 68, icmp, other 6, other 17, other 0",
		"web01 -> host: -",
		"web01 -> db01: tcp 3306",
		"db01 -> outside: tcp 22, tcp 80, tcp 443, tcp 3306, udp 67, udp 68, icmp, other 6, other 17, other 0",
		"db01 -> host: -",
		"db01 -> web01: -",
	]);
});

test("every field names the rule that decides", () => {
	const { ends, services, cells } = reachability(host());
	const at = (from: string, to: string, service: string) =>
		cells[ends.findIndex((end) => endText(end) === from)]?.[ends.findIndex((end) => endText(end) === to)]?.[
			services.findIndex((one) => nameOf(one) === service)
		];
	const rule = (from: string, to: string, service: string): string => {
		const found = at(from, to, service)?.rule;
		return found === undefined ? "" : printRule(found);
	};
	expect(rule("web01", "db01", "tcp 3306")).toBe(
		"pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port = 3306 flags S/SA keep state (if-bound)",
	);
	expect(rule("db01", "web01", "tcp 80")).toBe("block drop log all");
});

describe("the difference between two versions", () => {
	const told = (before: Host, after: Host): string[] =>
		reachabilityDifference(before, after).map(
			({ kind, from, to, service, decidedAfter }) =>
				`${kind}: ${endText(from)} -> ${endText(to)} ${atomText(service)} by ${decidedAfter?.outcome?.rule === undefined ? "-" : printRule(decidedAfter.outcome.rule)}`,
		);

	test("nothing, where nothing has changed", () => expect(told(host(), host())).toEqual([]));

	test("a port is opened for everybody", () => {
		const after = host(["/etc/pf.vm/web01.conf", "to $lan_ip port { 80 443 }", "to $lan_ip port { 80 443 8080 }"]);
		const found = told(host(), after);
		expect(found).toContain(
			"opens: outside -> web01 tcp 8080 by pass out on tap1 inet proto tcp from any to 10.10.0.20 port = 8080 flags S/SA keep state (if-bound)",
		);
		expect(found.filter((line) => !line.includes("-> web01 tcp 8080"))).toEqual([]);
	});

	test("a rule is gone", () => {
		const after = host(["/etc/pf.vm/db01.conf", "pass out on $isol inet proto tcp from 10.50.0.20 to $isol_ip port 3306\n", ""]);
		expect(told(host(), after)).toEqual(["closes: web01 -> db01 tcp 3306 by block drop log all"]);
	});

	test("ports that change alike are told together", () => {
		const after = host([
			"/etc/pf.vm/db01.conf",
			"pass out on $isol inet proto tcp from 10.50.0.20 to $isol_ip port 3306",
			"pass out on $isol inet proto tcp from 10.50.0.20 to $isol_ip port 3306:3310",
		]);
		const web = host(["/etc/pf.vm/web01.conf", "to 10.50.0.30 port 3306", "to 10.50.0.30 port 3000:4000"]);
		expect(told(host(), web)).toEqual([]);
		expect(
			told(
				web,
				host(
					["/etc/pf.vm/web01.conf", "to 10.50.0.30 port 3306", "to 10.50.0.30 port 3000:4000"],
					["/etc/pf.vm/db01.conf", "to $isol_ip port 3306", "to $isol_ip port 3306:3310"],
				),
			),
		).toEqual([
			"opens: web01 -> db01 tcp 3307:3310 by pass out on tap2 inet proto tcp from 10.50.0.20 to 10.50.0.30 port 3306:3310 flags S/SA keep state (if-bound)",
		]);
		expect(told(host(), after)).toEqual([]);
	});

	test("the same where a network that a rule names matters only", () => {
		const after = host(["/etc/pf.vm/web01.conf", "from 10.10.0.0/24 to $lan_ip port 22", "from 10.10.0.0/24 to $lan_ip port { 22 2222 }"]);
		expect(told(host(), after)).toEqual([
			"opens: 10.10.0.7 -> web01 tcp 2222 by pass out on tap1 inet proto tcp from 10.10.0.0/24 to 10.10.0.20 port = 2222 flags S/SA keep state (if-bound)",
		]);
	});
});

test("packets stand for all ports that no rule tells apart", () => {
	const { pf } = host();
	if (pf === undefined) throw new Error("no rules");
	const distinctions = distinctionsOf([pf.ruleset]);
	const atoms = atomsOf({ protocol: 6, ports: [] }, distinctions, false);
	expect(atoms.map(atomText)).toEqual([
		"tcp 1:21",
		"tcp 22",
		"tcp 23:79",
		"tcp 80",
		"tcp 81:442",
		"tcp 443",
		"tcp 444:3305",
		"tcp 3306",
		"tcp 3307:65535",
	]);
	expect(atomsOf({ protocol: 6, ports: [[80, 90]] }, distinctions, false).map(atomText)).toEqual(["tcp 80", "tcp 81:90"]);
	expect(atomsOf({ protocol: 17, ports: [[67, 67]] }, distinctions, true).length).toBeGreaterThan(2);
});

/** A host with an address of each family outside, and nothing else. */
const ALONE: Files = { "hostname.em0": ["inet 203.0.113.5 255.255.255.0", "inet6 2001:db8::5 64"], mygate: ["203.0.113.1"] };

describe("a change in words", () => {
	const inWordsOf = (before: Files, after: Files, base = ALONE) => {
		const made = (files: Files) => hostOf(sourcesOf({ ...base, ...files }));
		return reachabilityDifference(made(before), made(after)).map(inWords);
	};
	const told = (before: Files, after: Files, base = ALONE): readonly string[] =>
		inWordsOf(before, after, base).map(({ kind, from, to, service }) => `${kind}: ${from} -> ${to} ${service}`);
	const rules = (...lines: readonly string[]): Files => pf("block", ...lines);
	const DNS = "pass in on em0 inet proto udp to port 53";

	it.each<[why: string, before: Files, after: Files, told: readonly string[]]>([
		["nothing", rules(DNS), rules(DNS), []],
		["what is passed now", rules(), rules(DNS), ["opens: outside -> host udp 53"]],
		["what was passed before", rules(DNS), rules(), ["closes: outside -> host udp 53"]],
		[
			"the family that is passed now beside the other",
			rules(DNS),
			rules("pass in on em0 proto udp to port 53"),
			["opens: outside -> host inet6 udp 53"],
		],
		[
			"and the one that is not any more",
			rules("pass in on em0 proto udp to port 53"),
			rules(DNS),
			["closes: outside -> host inet6 udp 53"],
		],
		[
			"one in the place of the other",
			rules(DNS),
			rules(DNS.replace("inet", "inet6")),
			["closes: outside -> host inet udp 53", "opens: outside -> host inet6 udp 53"],
		],
		["what is passed now by chance", rules(), rules(`${DNS} probability 50%`), ["uncertain: outside -> host udp 53"]],
		["what was passed before by chance", rules(`${DNS} probability 50%`), rules(), ["uncertain: outside -> host udp 53"]],
		["what arrives now, though no answer comes back", rules(), rules(`${DNS} no state`), ["opens: outside -> host udp 53"]],
		["what arrived before, though no answer came back", rules(`${DNS} no state`), rules(), ["closes: outside -> host udp 53"]],
		["the answer comes back now", rules(`${DNS} no state`), rules(DNS), ["opens: outside -> host udp 53"]],
		["the answer came back before", rules(DNS), rules(`${DNS} no state`), ["closes: outside -> host udp 53"]],
		["a host without rules passed it", {}, pf("block in proto tcp to port 22"), ["closes: outside -> host tcp 22"]],
		[
			"ports that other rules tell apart",
			rules("block in proto tcp to port 1500"),
			rules("block in proto tcp to port 1500", "pass in on em0 inet proto tcp to port 1000:2000"),
			["opens: outside -> host tcp 1000:2000"],
		],
		[
			"neither ports with others between, nor other protocols, are joined",
			rules(),
			rules("pass in on em0 inet proto { tcp udp } to port { 80 82 }"),
			["opens: outside -> host tcp 80", "opens: outside -> host tcp 82", "opens: outside -> host udp 80", "opens: outside -> host udp 82"],
		],
		[
			"neighbours that change otherwise are told apart",
			rules("pass in on em0 inet proto udp to port 80"),
			rules("pass in on em0 inet proto udp to port 81", "pass in on em0 inet proto udp to port 82 no state"),
			["closes: outside -> host udp 80", "opens: outside -> host udp 81", "opens: outside -> host udp 82"],
		],
		[
			"nor neighbours of which one could be reached one way",
			rules("pass in on em0 inet proto udp to port 81 no state"),
			rules("pass in on em0 inet proto udp to port { 80 81 }"),
			["opens: outside -> host udp 80", "opens: outside -> host udp 81"],
		],
		[
			"nor those of another family",
			rules("pass in on em0 inet proto udp to port 81"),
			rules("pass in on em0 inet proto udp to port 80", "pass in on em0 proto udp to port 81"),
			["opens: outside -> host udp 80", "opens: outside -> host inet6 udp 81"],
		],
		[
			"nor those of another protocol",
			rules(),
			rules("pass in on em0 inet proto tcp to port 80", "pass in on em0 inet proto udp to port 81"),
			["opens: outside -> host tcp 80", "opens: outside -> host udp 81"],
		],
		[
			"nor those from one port alone",
			rules(),
			rules("pass in on em0 inet proto udp to port 68", "pass in on em0 inet proto udp from any port 53 to port 69"),
			["opens: outside -> host udp 68", "opens: outside -> host udp 69 from port 53"],
		],
		[
			"one source port that changes otherwise than all",
			rules("pass in on em0 inet proto udp to port 70", "block in on em0 inet proto udp from any port 53"),
			rules("pass in on em0 inet proto udp from any port 53 to port 70"),
			["closes: outside -> host udp 70", "opens: outside -> host udp 70 from port 53"],
		],
		[
			"one source port of another protocol than all",
			rules(),
			rules("pass in on em0 inet proto tcp to port 70", "pass in on em0 inet proto udp from any port 53 to port 70"),
			["opens: outside -> host tcp 70", "opens: outside -> host udp 70 from port 53"],
		],
		[
			"one source port to more ports than all",
			rules(),
			rules("pass in on em0 inet proto udp to port 70", "pass in on em0 inet proto udp from any port 53 to port 70:71"),
			["opens: outside -> host udp 70", "opens: outside -> host udp 71 from port 53"],
		],
		[
			"one source port",
			rules(),
			rules("pass in on em0 inet proto udp from any port 53"),
			["opens: outside -> host udp 1:65535 from port 53"],
		],
		[
			"each of two source ports",
			rules(),
			rules("pass in on em0 inet proto udp from any port { 53 67 }"),
			["opens: outside -> host udp 1:65535 from port 53", "opens: outside -> host udp 1:65535 from port 67"],
		],
		[
			"a LAN behind the host, to the host",
			{ ...rules("pass out on em0"), "hostname.em1": ["inet 192.0.2.1/24"], "sysctl.conf": ["net.inet.ip.forwarding=1"] },
			{
				...rules("pass in on em1 inet proto udp from 192.0.2.0/24 to port 53", "pass out on em0"),
				"hostname.em1": ["inet 192.0.2.1/24"],
				"sysctl.conf": ["net.inet.ip.forwarding=1"],
			},
			["opens: 192.0.2.7 -> host udp 53"],
		],
		[
			"one source port says nothing new where all change",
			rules("block in on em0 inet proto udp from any port 53"),
			rules("block in on em0 inet proto udp from any port 53", "pass in on em0 inet proto udp"),
			["opens: outside -> host udp 1:65535"],
		],
		[
			"one source port says something where all others change elsewhere",
			rules("pass in on em0 inet proto udp to port 99"),
			rules("pass in on em0 inet proto udp to port 70", "pass in on em0 inet proto udp from any port 53 to port 69:71"),
			["opens: outside -> host udp 70", "closes: outside -> host udp 99", "opens: outside -> host udp 69:71 from port 53"],
		],
		[
			"an address of each network that rules name, the wider ones first",
			rules(),
			rules(
				"pass in on em0 inet proto tcp from 192.0.2.9 to port 23",
				"pass in on em0 inet6 proto tcp from 2001:db8:6::1 to port 25",
				"pass in on em0 inet6 proto tcp from 2001:db8:5::/48 to port 24",
				"anchor a {",
				"pass in on em0 inet proto tcp from 198.51.100.0/24 to port 22",
				"}",
				"table <t> { 192.0.2.128/25 }",
				"pass in on em0 inet proto tcp from <t> to port 27",
			),
			[
				"opens: 198.51.100.7 -> host tcp 22",
				"opens: 192.0.2.135 -> host tcp 27",
				"opens: 192.0.2.9 -> host tcp 23",
				"opens: 2001:db8:5::7 -> host tcp 24",
				"opens: 2001:db8:6::1 -> host tcp 25",
			],
		],
		["not of everything", rules(), rules("pass in on em0 inet proto tcp from 0.0.0.0/0 to port 28"), ["opens: outside -> host tcp 28"]],
		["not of the host's own", rules(), rules("pass in on em0 inet proto tcp from 203.0.113.5 to port 26"), []],
		[
			"not of one that the host has after the change",
			rules("pass in on em0 inet proto tcp from 203.0.113.6 to port 26"),
			{ ...rules(), "hostname.em0": ["inet 203.0.113.6 255.255.255.0"] },
			[],
		],
		[
			"not to the outside, from where it is",
			rules(),
			rules("pass in on em0 inet proto tcp from 198.51.100.0/24 to port 22", "pass out on em0 inet proto tcp to port 80"),
			["opens: host -> outside tcp 80", "opens: 198.51.100.7 -> host tcp 22"],
		],
	])("%s", (_, before, after, expected) => {
		expect(told(before, after)).toEqual(expected);
	});

	it("names the rule that decides now, and a packet of it", () => {
		expect(inWordsOf(rules(), rules(DNS))).toMatchObject([
			{
				example: "in em0 udp 198.51.100.77 port 49160 → 203.0.113.5 port 53",
				rule: "pass in on em0 inet proto udp from any to any port = 53",
			},
		]);
		expect(inWordsOf(rules(DNS), rules())).toMatchObject([{ rule: "block drop all" }]);
		expect(inWordsOf(rules(DNS), rules(`${DNS} no state`))).toMatchObject([
			{ example: "out em0 udp 203.0.113.5 port 53 → 198.51.100.77 port 49160", rule: "block drop all" },
		]);
		expect(inWordsOf(rules(DNS), {})).toContainEqual({
			kind: "opens",
			from: "outside",
			to: "host",
			service: "icmp",
			example: "in em0 icmp 198.51.100.77 → 203.0.113.5",
			rule: "",
		});
	});

	it("looks at no more than 32 networks", () => {
		const many = Array.from({ length: 40 }, (_, index) => `pass in on em0 inet proto tcp from 10.0.${39 - index}.0/24 to port 22`);
		const from = inWordsOf(rules(), rules("pass in on em0 inet proto tcp from 10.9.0.0/16 to port 22", ...many)).map(
			(change) => change.from,
		);
		expect(from).toEqual(["10.9.0.7", ...Array.from({ length: 31 }, (_, index) => `10.0.${index}.7`)]);
	});

	it("has no example where pf filters nowhere", () => {
		const forwarding = (value: string): Files => ({ "sysctl.conf": [`net.inet.ip.forwarding=${value}`] });
		const found = inWordsOf(forwarding("0"), forwarding("1"), routed()).filter(({ service }) => service === "icmp");
		expect(found).toEqual([
			{ kind: "opens", from: "outside", to: "db01", service: "icmp", example: "", rule: "" },
			{ kind: "opens", from: "db01", to: "outside", service: "icmp", example: "", rule: "" },
		]);
	});
});

test("a matrix has the services that are asked for, or none where no rule names any", () => {
	const bare = hostOf(sourcesOf(ALONE));
	expect(reachability(bare).services).toEqual([]);
	expect(reachability(bare).cells).toEqual([
		[[], []],
		[[], []],
	]);
	const services = serviceClasses(atomsOf({ protocol: 6, ports: [[22, 22]] }, distinctionsOf([]), false), distinctionsOf([]), 1).slice(
		0,
		1,
	);
	const { cells } = reachability(hostOf(sourcesOf({ ...ALONE, ...pf("block", "pass in on em0 proto tcp to port 22") })), services);
	expect(cells.map((row) => row.map((cell) => cell.map(({ answer }) => answer)))).toEqual([
		[[], ["yes"]],
		[["no"], []],
	]);
});

describe("a matrix understates nothing", () => {
	/** What the outside reaches on a host with these rules. */
	const reached = (...rules: readonly string[]): Record<string, string> => {
		const { services, cells } = reachability(hostOf(sourcesOf({ ...ALONE, ...pf(...rules) })));
		return Object.fromEntries(services.map((service, index) => [nameOf(service), cells[0]?.[1]?.[index]?.answer ?? ""]));
	};
	const nothing = { icmp: "no", "other 6": "no", "other 17": "no", "other 0": "no" };

	it.each([
		["what no rule names is open too", ["pass"], { icmp: "yes", "other 6": "yes", "other 17": "yes", "other 0": "yes" }],
		["of ports that rules name, the others stay", ["block", "pass in proto tcp to port 22"], { "tcp 22": "yes", ...nothing }],
		[
			"a range that no name fits is among the others",
			["block", "pass in proto tcp to port 22", "pass in proto tcp to port 30000:65535"],
			{ "tcp 22": "yes", ...nothing, "other 6": "depends" },
		],
		[
			"a port inside a named range that differs",
			["block", "pass in proto udp to port 5000:5010", "block in proto udp to port 5005"],
			{ "udp 5000:5010": "depends", ...nothing },
		],
		["another protocol that a rule passes", ["block", "pass in proto esp"], { ...nothing, "other 0": "depends" }],
	])("%s", (_, rules, expected) => expect(reached(...rules)).toEqual(expected));
});

test("a field whose packets are decided by several rules names none", () => {
	const rulesOf = (...rules: readonly string[]) => {
		const { services, cells } = reachability(hostOf(sourcesOf({ ...ALONE, ...pf(...rules) })));
		const at = services.findIndex(({ named, protocol }) => named === undefined && protocol === 17);
		const rule = cells[0]?.[1]?.[at]?.rule;
		return rule && printRule(rule);
	};
	expect(rulesOf("block")).toBe("block drop all");
	expect(rulesOf("block", "block in proto udp to port 99")).toBeUndefined();
});

test("services that are too many to be looked at are no certain answer", () => {
	const rules = Array.from({ length: 30 }, (_, index) => `pass in proto tcp to port ${100 + 2 * index}`);
	const { pf: facts } = hostOf(sourcesOf({ ...ALONE, ...pf("block", ...rules) }));
	const distinctions = distinctionsOf(facts === undefined ? [] : [facts.ruleset]);
	const [others, udp] = serviceClasses([], distinctions, 10);
	expect([others?.atoms.length, others?.isWhole, udp?.isWhole]).toEqual([10, false, true]);
});
