import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each<readonly [name: string, candidates: readonly string[], found: string | undefined]>([
	["egerss", ["egress", "em0"], "egress"],
	["egres", ["egress"], "egress"],
	["egresss", ["egress"], "egress"],
	["egriss", ["egress"], "egress"],
	["em", ["em0", "vio0"], "em0"],
	["em", ["vio0"], undefined],
	["ab", ["cd"], undefined],
	["abc", ["acb"], "acb"],
	["abc", ["xyc"], undefined],
	["abcd", ["xycd"], "xycd"],
	["abcd", ["xyzd"], undefined],
	["abcdefghi", ["abcxyzghi"], "abcxyzghi"],
	["abcdefghi", ["abcwxyzhi"], undefined],
	["web", ["web"], "web"],
	["webb", ["wxbb", "web"], "wxbb"],
	["webb", ["wxyb", "web"], "web"],
	["", ["a"], "a"],
	["", ["ab"], undefined],
	["web", [], undefined],
])("of %j in %j is %j", (name, candidates, found) => expect(nearest(name, candidates)).toBe(found));

test("no more letters may differ than are said to", () => {
	expect(nearest("http", ["htpp"], 1)).toBe("htpp");
	expect(nearest("http", ["htxx"], 1)).toBeUndefined();
	expect(nearest("http", ["htxx"], 2)).toBe("htxx");
});
