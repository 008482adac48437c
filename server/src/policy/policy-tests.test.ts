import { describe, expect, it } from "vitest";
import { hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { PfTestFile } from "../pftest/file.ts";
import { render } from "../text/message.ts";
import { type Files, guest, lan, pf, plug, routed, sourcesOf } from "./checks-fixture.ts";
import { ip } from "./fixture.ts";
import { givenAddresses, isPolicyTests, policyTestDiagnostics, runPolicyTests } from "./policy-tests.ts";

const PATH = "/etc/pf.pftest";

/** The host with two guests behind it, web01 and db01, and its tests. */
function hostWith(lines: readonly string[], ...more: readonly Files[]) {
	const two: Files = {
		...routed(),
		"vm.conf": [...lan("bridge0"), ...guest("web01", plug), ...guest("db01", plug)],
		"hostname.em0": ["inet 203.0.113.5/24"],
	};
	const files = sourcesOf(Object.assign({}, two, ...more));
	const facts = pfFacts(files);
	return {
		host: hostBuilder()({ name: "hv1", files, ...(facts && { pf: facts }) }),
		file: PfTestFile.parse(`${lines.join("\n")}\n`, { path: PATH }),
		files,
	};
}

const results = (rules: readonly string[], lines: readonly string[], ...more: readonly Files[]) => {
	const { host, file, files } = hostWith(lines, pf(...rules), ...more);
	return runPolicyTests(host, file).map(({ name, result, failures }) => [
		name,
		result,
		failures.map(({ message, rule, place }) => [
			render(message, {}),
			rule,
			place && files.get(place.file)?.text.slice(place.span.start, place.span.end),
		]),
	]);
};
const said = (rules: readonly string[], lines: readonly string[], ...more: readonly Files[]) => {
	const { host, file, files } = hostWith(lines, pf(...rules), ...more);
	return policyTestDiagnostics(host, file).map(({ code, severity, span, message, related = [] }) => [
		code,
		severity,
		file.text.slice(span.start, span.end),
		render(message, {}),
		related.map((one) => `${render(one.message, {})}: ${files.get(one.file ?? "")?.text.slice(one.span.start, one.span.end)}`),
	]);
};
const WEB = "address web01 10.50.0.20";
const ALL = "block drop all";
const OPEN = "pass all flags S/SA";

/** Two lists of so many make 90,000 rules. */
const MANY = `{ ${Array.from({ length: 300 }, (_, index) => index + 1).join(" ")} }`;

describe("a test", () => {
	type Failures = readonly (readonly [message: string, rule: string | undefined, words: string | undefined])[];
	const stopped = (what: string, end = "web01"): Failures => [[`outside does not reach ${end} by ${what}`, ALL, "block"]];
	const web = ["block", "pass in on em0 inet proto tcp to 10.50.0.20 port 80", "pass out on vether0"];
	const maybe: Failures = [
		["Whether outside reaches web01 by tcp 80 depends on the probability", `${OPEN} probability 50%`, "pass probability 50%"],
	];
	it.each<[rules: readonly string[], line: string, result: string, failures: Failures, more?: Files]>([
		[["pass"], "outside   web01 tcp 80 pass", "passed", []],
		[["pass"], "outside web01 tcp 80 block", "failed", [["outside reaches web01 by tcp 80", OPEN, "pass"]]],
		[["pass"], "web01 host udp 53 pass", "passed", []],
		[["pass"], "web01 host icmp pass", "passed", []],
		[["pass"], "any guest host any pass", "passed", []],
		[["pass"], "outside nobody tcp 80 pass", "undecided", []],
		[["pass"], "nobody host tcp 80 block", "undecided", []],
		[["pass"], "any guest any guest tcp 22 pass", "passed", []],
		[["pass"], "web01 web01 tcp 22 block", "passed", []],
		[["block"], "outside web01 tcp 80 pass", "failed", stopped("tcp 80")],
		[["block"], "outside web01 tcp 80 block", "passed", []],
		[["block"], "outside 10.50.0.20 tcp 80 pass", "failed", stopped("tcp 80", "10.50.0.20")],
		[
			["block"],
			"any guest host icmp pass",
			"failed",
			[
				["web01 does not reach host by icmp", ALL, "block"],
				["db01 does not reach host by icmp", ALL, "block"],
			],
		],
		[web, "outside web01 tcp 80 pass", "passed", []],
		[web, "outside web01 tcp 81 pass", "failed", stopped("tcp 81")],
		[web, "outside web01 tcp 80:83 pass", "failed", stopped("tcp 81:83")],
		[web, "outside web01 udp 80 pass", "failed", stopped("udp 80")],
		[
			web,
			"outside web01 tcp 70:90 block",
			"failed",
			[["outside reaches web01 by tcp 80", "pass out on vether0 all flags S/SA", "pass out on vether0"]],
		],
		[web, "outside web01 tcp 1 3 5 7 9 pass", "failed", [...stopped("tcp 1"), ...stopped("tcp 3"), ...stopped("tcp 5")]],
		[["block", "pass probability 50%"], "outside web01 tcp 80 pass", "undecided", maybe],
		[["block", "pass probability 50%"], "outside web01 tcp 80 block", "undecided", maybe],
		[
			["block", "pass probability 50%", "block proto tcp to port 81"],
			"outside web01 tcp 80 81 pass",
			"failed",
			[["outside does not reach web01 by tcp 81", "block drop proto tcp from any to any port = 81", "block proto tcp to port 81"]],
		],
		[
			["pass"],
			"outside web01 tcp 80 pass",
			"failed",
			[["outside does not reach web01: the host forwards nothing", OPEN, "pass"]],
			{ "sysctl.conf": ["net.inet.ip.forwarding=0"] },
		],
		[
			['pass proto tcp os "OpenBSD" probability 50%', "block out on em0"],
			"outside web01 tcp 80 pass",
			"undecided",
			[
				[
					"Whether outside reaches web01 by tcp 80 depends on the os, probability",
					'pass proto tcp from any os "OpenBSD" to any flags S/SA probability 50%',
					'pass proto tcp os "OpenBSD" probability 50%',
				],
			],
		],
		[
			["pass no state", "block out on em0"],
			"outside web01 tcp 80 pass",
			"failed",
			[["outside reaches web01 by tcp 80, but the answer does not come back", "block drop out on em0 all", "block out on em0"]],
		],
		[
			["pass"],
			"2001:db8::1 2001:db8::2 tcp 80 pass",
			"failed",
			[["There is no way from 2001:db8::1 to 2001:db8::2", undefined, undefined]],
		],
		[
			["block", "pass probability 50%"],
			"outside web01 tcp 1 3 5 7 pass",
			"undecided",
			["1", "3", "5"].map((port) => [
				`Whether outside reaches web01 by tcp ${port} depends on the probability`,
				`${OPEN} probability 50%`,
				"pass probability 50%",
			]),
		],
		[
			["block", "pass probability 50%", "block proto tcp to port 9"],
			"outside web01 tcp 1 3 5 7 9 pass",
			"failed",
			[["outside does not reach web01 by tcp 9", "block drop proto tcp from any to any port = 9", "block proto tcp to port 9"]],
		],
		[
			["block", "pass proto tcp to port 9 probability 50%"],
			"outside web01 tcp 1 3 9 11 pass",
			"failed",
			[...stopped("tcp 1"), ...stopped("tcp 3"), ...stopped("tcp 11")],
		],
		[["pass", "block proto tcp from any port 20"], "outside web01 tcp 80 pass", "passed", []],
		[
			["pass"],
			"outside host tcp 22 pass",
			"undecided",
			[["These files show no way between outside and host", undefined, undefined]],
			{ "hostname.em0": undefined },
		],
		[
			["pass", `block in proto tcp from any port ${MANY} to any port ${MANY}`],
			"outside host tcp 22 pass",
			"undecided",
			[["Whether outside reaches host by tcp 22 is not known: rules are left out, because they are too many", undefined, undefined]],
		],
		[[], "outside host tcp 22 pass", "passed", [], { "pf.conf": undefined }],
		[
			["block", "pass proto tcp from any port 20"],
			"outside web01 tcp 80 block",
			"failed",
			[
				[
					"outside reaches web01 by tcp 80 from port 20",
					"pass proto tcp from any port = 20 to any flags S/SA",
					"pass proto tcp from any port 20",
				],
			],
		],
	])("%j: %s: %s", (rules, line, result, failures, more = {}) => {
		expect(results(rules, [WEB, line, "# no test", "no test"], more)).toEqual([[line.replace(/ +/g, " "), result, failures]]);
	});
});

it("knows all addresses that lines give a guest", () => {
	const { file } = hostWith(["address web01 10.50.0.20 2001:db8::20", "address db01 10.50.0.21", WEB, "address web01 10.50.0.256"]);
	const [four, six] = [{ family: "inet", address: ip("10.50.0.20") } as const, { family: "inet6", address: ip("2001:db8::20") } as const];
	expect(givenAddresses(file)).toEqual(
		new Map([
			["web01", [four, six, four]],
			["db01", [{ family: "inet", address: ip("10.50.0.21") }]],
		]),
	);
	const rules = ["block", "pass in on em0 inet proto tcp to 10.50.0.21 port 80", "pass out on vether0 inet to 10.50.0.21"];
	const line = "outside web01 tcp 80 pass";
	const result = (...addresses: readonly string[]) => results(rules, [...addresses, line]).map(([, one]) => one);
	expect(result("address web01 10.50.0.20")).toEqual(["failed"]);
	expect(result("address web01 10.50.0.21")).toEqual(["passed"]);
	expect(result("address web01 10.50.0.20 10.50.0.21")).toEqual(["passed"]);
	expect(result("address web01 10.50.0.20", "address web01 10.50.0.21")).toEqual(["passed"]);
	expect(result("address db01 10.50.0.21")).toEqual(["failed"]);
});

it("tells addresses of IPv6 apart that begin and end alike", () => {
	const six: Files = { "hostname.vether0": ["inet 10.50.0.1/24", "inet6 2001:db8:1::1 64", "inet6 alias 2001:db8:2::1 64"] };
	const lines = ["address web01 2001:db8:1::20 2001:db8:2::20", "web01 host tcp 22 block"];
	const result = (...blocked: readonly string[]) =>
		results([...blocked.map((from) => `block in quick inet6 from ${from}`), "pass"], lines, six).map(([, one]) => one);
	expect(result("2001:db8:1::20", "2001:db8:2::20")).toEqual(["passed"]);
	expect(result("2001:db8:1::20")).toEqual(["failed"]);
	expect(result("2001:db8:2::20")).toEqual(["failed"]);
});

describe("between guests that no way connects", () => {
	const vmConf = (...nics: readonly string[]): Files => ({
		"vm.conf": [
			...lan("bridge0"),
			'switch "far" {',
			"\tinterface bridge1",
			"}",
			...guest("web01", plug),
			...guest("db01", nics[0] ?? "").toSpliced(2, 1, ...nics.map((nic) => `\tinterface ${nic}`)),
		],
	});
	const [far, both] = [vmConf('{ switch "far" }'), vmConf('{ switch "far" }', plug)];
	it.each<[what: string, files: Files, result: string]>([
		["nothing passes where one is on a switch of guests alone", { ...far, "hostname.bridge1": ["up"] }, "passed"],
		[
			"something may where that has a port to elsewhere",
			{ ...far, "hostname.bridge1": ["add em1", "up"], "hostname.em1": ["up"] },
			"undecided",
		],
		["something may where a command is run for it", { ...far, "hostname.bridge1": ["up", "!ifconfig bridge1 add em1"] }, "undecided"],
		["nothing passes where its other ports are those of guests too", { ...far, "hostname.bridge1": ["add tap5", "up"] }, "passed"],
		["something may where nothing tells of it", far, "undecided"],
		["something may where it is not plugged in anywhere", vmConf(""), "undecided"],
		[
			"something may where one of its interfaces is not plugged in",
			{ ...vmConf('{ switch "far" }', ""), "hostname.bridge1": ["up"] },
			"undecided",
		],
		["what the rules pass is passed where it is on both", { ...both, "hostname.bridge1": ["up"] }, "failed"],
	])("%s", (_, files, result) => {
		expect(results(["pass"], ["web01 db01 tcp 80 block"], files).map(([, one]) => one)).toEqual([result]);
	});
});

it("a guest that is alone is not known to be cut off from the outside, and each of several guests is looked at", () => {
	const vm: Files = {
		"vm.conf": [
			...lan("bridge0"),
			...["far", "near"].flatMap((name, index) => [`switch "${name}" {`, `\tinterface bridge${index + 1}`, "}"]),
			...guest("web01", plug),
			...guest("db01", '{ switch "far" }'),
			...guest("app01", '{ switch "near" }'),
		],
		"hostname.bridge1": ["up"],
		"hostname.bridge2": ["add em1", "up"],
		"hostname.em1": ["up"],
	};
	const lines = ["db01 outside tcp 80 block", "db01 app01 tcp 80 block", "app01 web01 tcp 80 block"];
	expect(results(["pass"], lines, vm).map(([, one]) => one)).toEqual(["undecided", "passed", "undecided"]);
});

it("an address that is none makes no test that passes", () => {
	expect(results(["block"], ["10.50.0.256 web01 tcp 80 pass", "web01 1::2::3 tcp 80 pass"])).toEqual([]);
});

describe("what the host makes of tests", () => {
	const unknown = ["pftest/unknown-guest", "error", "nobody", "vm.conf has no guest nobody", []];
	const fails = (line: string, message: string, ...related: readonly string[]) => ["pftest/fails", "error", line, message, related];
	it.each<[why: string, rules: readonly string[], lines: readonly string[], told: readonly unknown[], more?: Files]>([
		["all holds", ["pass"], [WEB, "outside web01 tcp 80 pass"], []],
		[
			"one rule decides on all ports",
			["block"],
			[WEB, "outside web01 tcp 80 81 pass"],
			[fails("outside web01 tcp 80 81 pass", "outside does not reach web01 by tcp 80", `Decides: ${ALL}: block`)],
		],
		[
			"two rules decide",
			["block", "block proto tcp to port 81"],
			[WEB, "outside web01 tcp 80 81 82 pass"],
			[
				fails(
					"outside web01 tcp 80 81 82 pass",
					"outside does not reach web01 by tcp 80",
					`Decides: ${ALL}: block`,
					"Decides: block drop proto tcp from any to any port = 81: block proto tcp to port 81",
				),
			],
		],
		[
			"no rule decides",
			["pass"],
			["2001:db8::1 2001:db8::2 tcp pass"],
			[fails("2001:db8::1 2001:db8::2 tcp pass", "There is no way from 2001:db8::1 to 2001:db8::2")],
		],
		[
			"it depends",
			["block", "pass probability 50%"],
			[WEB, "outside web01 tcp 80 pass"],
			[
				[
					"pftest/depends",
					"warning",
					"outside web01 tcp 80 pass",
					"Whether outside reaches web01 by tcp 80 depends on the probability",
					[`Decides: ${OPEN} probability 50%: pass probability 50%`],
				],
			],
		],
		[
			"guests that are not there",
			["block"],
			["address nobody 10.0.0.1", "nobody host tcp pass", "host nobody tcp pass"],
			[unknown, unknown, unknown],
		],
		["without vm.conf", ["block"], ["nobody host tcp pass", "address nobody 10.0.0.1"], [], { "vm.conf": undefined }],
		[
			"without pf.conf",
			["block"],
			["nobody host tcp pass", "web01 host tcp pass", "web01 host tcp block"],
			[unknown],
			{ "pf.conf": undefined },
		],
	])("%s", (_, rules, lines, told, more = {}) => {
		expect(said(rules, lines, more)).toEqual(told);
	});

	it("knows a file of tests from others", () => {
		expect(isPolicyTests(hostWith([]).file)).toBe(true);
		expect(isPolicyTests({})).toBe(false);
	});
});
