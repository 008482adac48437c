import { expect, test } from "vitest";
import { policyTests } from "../../server/src/features/policy-view.ts";
import { open } from "../../server/src/features/testing.ts";
import { render } from "../../server/src/text/message.ts";
import type { Texts } from "./course.ts";
import { leftOver, nextFix, openedHost, openedHosts } from "./opened-hosts.ts";

async function results(texts: Texts): Promise<readonly string[]> {
	const { session, documents } = await open([...texts].map(([path, text]) => `//- ${path}\n${text}`).join(""));
	const file = documents.file("file:///host/etc/policy.pftest");
	return file === undefined ? [] : (policyTests(session, file, true) ?? []).map(({ name, result }) => `${result}: ${name}`);
}

test.each(["handbook", "handbook-microsegmentation"] as const)(
	"%s: fixes lead to a network that works",
	async (name) => {
		let texts = openedHost(name);
		const course: string[] = [];
		for (let next = await nextFix(texts); next !== undefined; next = await nextFix(texts)) {
			const { path, finding, fix, after } = next;
			course.push(`${path} ${finding.severity} ${finding.code}: ${render(finding.message)}: ${render(fix.title)}`);
			expect(course.length, course.join("\n")).toBeLessThanOrEqual(openedHosts[name].most);
			texts = after;
		}
		const left = await leftOver(texts);
		expect(left.map(([file, { code, message }]) => `${file} ${code}: ${render(message)}`)).toEqual([]);
		expect((await results(texts)).filter((line) => !line.startsWith("passed"))).toEqual([]);
	},
	120_000,
);
