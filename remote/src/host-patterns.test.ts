import { expect, test } from "vitest";
import { matchesPatterns } from "./host-patterns.ts";

test.each<[patterns: string[], name: string, matches: boolean]>([
	[["hv1"], "hv1", true],
	[["HV1"], "hv1", true],
	[["hv1"], "hv10", false],
	[["hv?"], "hv1", true],
	[["hv?"], "hv", false],
	[["*"], "", true],
	[["*.example.org"], "a.b.example.org", true],
	[["*.example.org"], "example.org", false],
	[["*a*b"], "xaxxab", true],
	[["*a*b"], "xaxxabc", false],
	[["*", "!bad*"], "badly", false],
	[["!bad*"], "good", false],
	[["[127.0.0.1]:2222"], "[127.0.0.1]:2222", true],
	[["a.b"], "axb", false],
	[[""], "", true],
	[[], "x", false],
])("%j takes %s: %s", (patterns, name, matches) => expect(matchesPatterns(patterns, name)).toBe(matches));

test("many stars cost no more than pattern times name", () => {
	expect(matchesPatterns(["*a".repeat(2000)], "a".repeat(1999))).toBe(false);
});
