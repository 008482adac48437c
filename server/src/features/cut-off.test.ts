import { describe, expect, test } from "vitest";
import { evaluate } from "../policy/evaluate-text.ts";
import { memoryWorkspace } from "../workspace.ts";
import { testFiles } from "./check.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { expanded } from "./expanded.ts";
import { changedConnections, matrixView, policyTests, traceView } from "./policy-view.ts";
import { open } from "./testing.ts";

const PORTS = `{ ${Array.from({ length: 300 }, (_, i) => i + 1).join(" ")} }`;
/** 90,000 rules. */
const LARGE = `block in proto tcp from any port ${PORTS} to any port ${PORTS}\n`;

const host = (pf: string): string => `//- /etc/hostname.em0
inet 203.0.113.5/24
//- /etc/hostname.vport0
inet 10.0.0.1/24
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/vm.conf
switch "s" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface tap1 { switch "s" }
}
//- /etc/sysctl.conf
net.inet.ip.forwarding=1
//- /etc/policy.pftest
outside host tcp 22 pass
outside host tcp 22 block
//- /etc/pf.conf
|${pf}`;

const RULES = `block\npass in on em0 proto tcp to port 22\n${LARGE}pass on em0 proto tcp to port 22\nblock in proto udp\n`;

describe("nothing answers as if a ruleset that is cut off were whole", () => {
	test("the trace does not know", async () => {
		const { session, file } = await open(host(RULES));
		expect(traceView(session, file, { from: "outside", to: "host", protocol: "tcp", port: 22 })).toMatchObject({
			answer: "depends",
			text: "Whether outside reaches host by tcp 22 is not known: rules are left out, because they are too many",
			ways: [],
		});
	});

	test("policy tests are undecided, in the editor, the Test Explorer and the command line", async () => {
		const { session, file } = await open(host(RULES));
		const tests = session.files.onSameHost(file, "/etc/policy.pftest");
		if (tests === undefined) throw new Error("no tests");
		const reason = expect.stringContaining("rules are left out, because they are too many");
		expect(policyTests(session, tests, true)).toMatchObject([
			{ result: "undecided", reasons: [{ text: reason, location: null }] },
			{ result: "undecided", reasons: [{ text: reason, location: null }] },
		]);
		expect(reportedDiagnostics(session, tests).map(({ code }) => code)).toEqual(["pftest/depends", "pftest/depends"]);
		const workspace = memoryWorkspace({
			"file:///etc/pf.conf": RULES,
			"file:///etc/hostname.em0": "inet 203.0.113.5/24\n",
			"file:///etc/p.pftest": "outside host tcp 22 pass\n",
		});
		expect(await testFiles(workspace, ["file:///etc/p.pftest"])).toMatchObject([{ tests: [{ result: "undecided", reasons: [reason] }] }]);
	});

	test("the matrix says why it has no answers", async () => {
		const { session, file } = await open(host(RULES));
		const { cells, note } = matrixView(session, file);
		expect(new Set(cells.flat(2).map(({ answer }) => answer))).toEqual(new Set(["depends"]));
		expect(note).toBe("Rules are left out, because they are too many");
	});

	test.each([
		[RULES, "pass\n"],
		["pass\n", RULES],
		[RULES, `pass\n${RULES}`],
	])("which connections change is not known", async (now, before) => {
		const { session, file } = await open(host(now));
		expect(changedConnections(session, file, new Map([["/etc/pf.conf", before]]))).toMatchObject([
			{ kind: "uncertain", from: "any", to: "any", reason: "Rules are left out, because they are too many" },
		]);
	});

	test("no rule is called dead, and none missing", async () => {
		const { session, file, documents } = await open(host(RULES));
		await documents.whenAnalysed(file.uri);
		expect(reportedDiagnostics(session, file).map(({ code }) => code)).toEqual(["pf/statement-too-large"]);
	});

	test("what is expanded says that it is not all", async () => {
		const { session, file } = await open(host(RULES));
		const { text = "", cutOff } = expanded(session, file) ?? {};
		expect(text.split("\n")).toHaveLength(5);
		expect(cutOff).toBe("The ruleset is cut off: its lists make more rules than are looked at");
		const whole = await open(host("block\n"));
		expect(expanded(whole.session, whole.file)).not.toHaveProperty("cutOff");
	});

	test("what is evaluated depends on what is left out", () => {
		const packets = ["in em0 tcp 198.51.100.7 4000 203.0.113.5 22 S - -", "in em0 udp 198.51.100.7 4000 203.0.113.5 53 - - -"];
		const leftOut = "rules that are left out, because they are too many";
		expect(evaluate(RULES, packets)).toMatchObject([
			{ verdict: "pass", dependsOn: [leftOut] },
			{ verdict: "block", dependsOn: [leftOut] },
		]);
		const whole = evaluate("block\npass in proto tcp probability 50%\n", packets);
		expect(whole.map(({ dependsOn }) => dependsOn.length)).toEqual([1, 0]);
		expect(whole.flatMap(({ dependsOn }) => dependsOn)).not.toContain(leftOut);
		const uncertain = evaluate(`pass in proto tcp probability 50%\n${LARGE}`, packets.slice(0, 1));
		expect(uncertain.map(({ dependsOn }) => dependsOn[0])).toEqual([leftOut]);
		const loads = { readFile: () => LARGE };
		expect(evaluate('anchor a\nload anchor a from "/etc/a"\n', packets.slice(0, 1), loads)).toMatchObject([{ dependsOn: [leftOut] }]);
	});

	test("a file that is loaded counts", async () => {
		const { session, file } = await open(`//- /etc/pf.a.conf\n${LARGE}${host('block\nanchor a\nload anchor a from "/etc/pf.a.conf"\n')}`);
		expect(matrixView(session, file).note).toBe("Rules are left out, because they are too many");
	});
});
