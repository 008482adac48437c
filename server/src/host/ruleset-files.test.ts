import { describe, expect, test } from "vitest";
import { filesOfRulesets } from "./ruleset-files.ts";

describe("the files of a ruleset", () => {
	test("are those that it loads, and what these load, each with its anchors; and what is included", () => {
		const { anchors, others } = filesOfRulesets(
			new Map([
				[
					"/etc/pf.conf",
					'include "/etc/pf.inc"\ntable <t> file "/etc/pf.t"\nanchor a\nload anchor a from "/etc/pf.a"\nload anchor b from "/etc/pf.a"\n',
				],
				["/etc/pf.a", 'anchor c\nload anchor c from "/etc/pf.c"\n'],
				["/etc/pf.inc", "pass\n"],
			]),
		);
		expect([...anchors].map(([path, names]) => [path, [...names]])).toEqual([
			["/etc/pf.a", ["a", "b"]],
			["/etc/pf.c", ["a/c", "b/c"]],
		]);
		expect([...others].sort()).toEqual(["/etc/pf.inc", "/etc/pf.t"]);
	});

	test("are none without a ruleset, and end where files load each other", () => {
		expect(filesOfRulesets(new Map()).anchors.size).toBe(0);
		const { anchors } = filesOfRulesets(
			new Map([
				["/etc/pf.conf", 'load anchor a from "/etc/pf.a"\n'],
				["/etc/pf.a", 'load anchor a from "/etc/pf.a"\n'],
			]),
		);
		expect(anchors.get("/etc/pf.a")?.size).toBe(1000);
	});
});
