import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merge } from "./merge.ts";

const base = "set skip on lo\nblock all\npass out\n";

describe("changes of both sides", () => {
	test.each<[string, string, string, string, number]>([
		["only ours", base, "block all\npass out\n", "block all\npass out\n", 0],
		["only theirs", "set skip on lo\nblock all\npass out\npass in\n", base, "set skip on lo\nblock all\npass out\npass in\n", 0],
		[
			"both, apart",
			"set skip on { lo vether0 }\nblock all\npass out\n",
			`${base}pass in\n`,
			"set skip on { lo vether0 }\nblock all\npass out\npass in\n",
			0,
		],
		["both the same", `${base}pass in\n`, `${base}pass in\n`, `${base}pass in\n`, 0],
		[
			"both, at odds",
			"set skip on lo\nblock log all\npass out\n",
			"set skip on lo\nblock return all\npass out\n",
			"set skip on lo\n<<<<<<< here\nblock return all\n||||||| deployed\nblock all\n=======\nblock log all\n>>>>>>> hv1\npass out\n",
			1,
		],
		["a last line without its end", base, base.trimEnd(), base.trimEnd(), 0],
	])("%s", (_, theirs, ours, text, conflicts) => {
		expect(merge(base, theirs, ours, "hv1")).toEqual({ text, conflicts });
	});

	test("a side that changed nothing leaves the other as it is, whatever it is", () => {
		const file = fc
			.array(fc.constantFrom("pass", "block all", "", "# it's", "constructor", "__proto__"), { maxLength: 8 })
			.map((lines) => lines.join("\n"));
		fc.assert(
			fc.property(file, file, (from, to) => {
				expect(merge(from, from, to, "hv1")).toEqual({ text: to, conflicts: 0 });
				expect(merge(from, to, from, "hv1")).toEqual({ text: to, conflicts: 0 });
			}),
		);
	});
});
