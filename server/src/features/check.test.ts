import { describe, expect, test } from "vitest";
import { memoryWorkspace } from "../workspace.ts";
import { checkFiles, expandFile, isConfigurationFile, isPolicyTestFile, testFiles } from "./check.ts";

const ETC = "file:///host/etc/";
const workspace = memoryWorkspace(
	{
		[`${ETC}pf.conf`]: "block\npass on $wan\n",
		[`${ETC}hostname.vlan10`]: "vnetid 10 parent em1\nup\n",
		[`${ETC}hostname.em1`]: "description em1\n",
		[`${ETC}vm.conf`]: 'vm "a" {\n\tdisk "/a"\n\tmemory 1GB\n}\n',
		[`${ETC}policy.pftest`]: "outside host tcp 22 pass\nnobody host any block\noutside host tcp\n",
		"file:///host/README": "block\n",
	},
	["file:///host"],
);

test.each([
	[`${ETC}pf.conf`, true, false],
	[`${ETC}policy.pftest`, true, true],
	["file:///host/README", false, false],
])("%s: in one of the languages %s, policy tests %s", (uri, configuration, tests) => {
	expect([isConfigurationFile(uri), isPolicyTestFile(uri)]).toEqual([configuration, tests]);
});

describe("files that are checked", () => {
	test("have their diagnostics in the order that was asked for, with codes, words and places", async () => {
		const found = await checkFiles(workspace, [`${ETC}vm.conf`, `${ETC}pf.conf`, `${ETC}missing`, "file:///host/README"]);
		expect([...found.keys()]).toEqual([`${ETC}vm.conf`, `${ETC}pf.conf`]);
		const [memory] = found.get(`${ETC}vm.conf`) ?? [];
		expect(memory).toEqual({
			severity: "error",
			code: "vm/memory",
			message:
				"invalid memory size: 1GB: Invalid argument. Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G.",
			range: { start: { line: 2, character: 8 }, end: { line: 2, character: 11 } },
		});
		expect(found.get(`${ETC}pf.conf`)?.map(({ code }) => code)).toContain("pf/unknown-macro");
	});

	test("see the other files of their host, and say where these have a part in it", async () => {
		const found = await checkFiles(workspace, [`${ETC}hostname.vlan10`, `${ETC}hostname.em1`]);
		const down = [...found.values()].flat().find(({ code }) => code === "host/lower-down");
		expect(down?.relatedInformation?.map(({ location }) => location.uri)).toEqual([`${ETC}hostname.em1`]);
	});
});

describe("a file that is expanded", () => {
	test.each([
		[`${ETC}hostname.em1`, "ifconfig em1 description em1\n"],
		[`${ETC}missing`, undefined],
		["file:///host/README", undefined],
	])("%s", async (uri, text) => {
		expect((await expandFile(workspace, uri))?.text).toBe(text);
	});
	test("that is read as it is, is none", async () => {
		expect(await expandFile(workspace, `${ETC}vm.conf`)).toBeNull();
	});
});

test("policy tests that are run say line by line what became of each", async () => {
	const [file, ...more] = await testFiles(workspace, [`${ETC}policy.pftest`, `${ETC}vm.conf`, `${ETC}missing.pftest`]);
	expect(more).toEqual([]);
	expect(file?.uri).toBe(`${ETC}policy.pftest`);
	expect(file?.tests).toEqual([
		expect.objectContaining({ line: 0, name: "outside host tcp 22 pass" }),
		{ line: 1, name: "nobody host any block", result: "undecided", reasons: [] },
		{ line: 2, name: "outside host tcp", result: "failed", reasons: ["Write what is expected: pass or block."] },
	]);
	// Where all of vm.conf is understood, a guest that it does not have is none.
	const whole = memoryWorkspace({ [`${ETC}vm.conf`]: 'vm "a" {\n\tdisk "/a"\n}\n', [`${ETC}policy.pftest`]: "nobody host any block\n" }, [
		"file:///host",
	]);
	expect((await testFiles(whole, [`${ETC}policy.pftest`]))[0]?.tests).toEqual([
		{ line: 0, name: "nobody host any block", result: "failed", reasons: ["vm.conf has no guest nobody"] },
	]);
});
