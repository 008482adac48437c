/** The course of docs/handbook.md, run: what the page has one type, what is said of it, and what makes it work. */
import { describe, expect, test } from "vitest";
import { testFiles } from "../../server/src/features/check.ts";
import { memoryWorkspace } from "../../server/src/workspace.ts";
import { chinese, commands, english, type Found, found, hostAt, sectionOf, stepAt, steps, type Texts, told, typedAt } from "./course.ts";

function codes(list: readonly Found[]): readonly string[] {
	return [...new Set(list.flatMap(([, { code, severity }]) => (severity === "hint" ? [] : [code])))].sort();
}

async function failures(texts: Texts): Promise<readonly string[]> {
	const workspace = memoryWorkspace(Object.fromEntries([...texts].map(([path, text]) => [`file:///hv1${path}`, text])), ["file:///hv1"]);
	const tested = await testFiles(workspace, ["file:///hv1/etc/policy.pftest"]);
	expect(tested.flatMap(({ tests }) => tests).length).toBeGreaterThan(3);
	return tested.flatMap(({ tests }) => tests.filter(({ result }) => result !== "passed").map(({ name }) => name));
}

describe.each(steps.map((_, i) => String(i + 1)))("section %s of the page", (number) => {
	const section = sectionOf(english, number);

	test("what is said of its files is what the document says", async () => {
		expect(codes(await found(await typedAt(number)))).toEqual(told(section));
	});

	test("with the fixes and the patterns, nothing else is found and every policy test passes", async () => {
		expect(commands(section).length).toBeGreaterThan(0);
		const host = await hostAt(number);
		expect(codes(await found(host))).toEqual(stepAt(number).stays ?? []);
		expect(await failures(host)).toEqual([]);
	});

	test("the Chinese document says the same", () => {
		expect(told(sectionOf(chinese, number))).toEqual(told(section));
		expect(commands(sectionOf(chinese, number))).toEqual(commands(section));
	});
});

test("at the end, the page's own policy holds", async () => {
	const lines = [
		"outside web01 tcp 80 443 pass",
		"10.10.0.7 web01 tcp 22 pass",
		"outside web01 tcp 22 block",
		"web01 db01 tcp 3306 pass",
		"web01 db01 tcp 22 block",
		"outside db01 any block",
	];
	const end = new Map([...(await hostAt("4")), ["/etc/policy.pftest", lines.map((line) => `${line}\n`).join("")]]);
	expect(await failures(end)).toEqual([]);
});
