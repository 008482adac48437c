import { expect, test } from "vitest";
import { isVlan, isVlanWord } from "./vlans.ts";

test("0 and 4095 are no VLANs", () => {
	expect([0, 1, 4094, 4095].filter(isVlan)).toEqual([1, 4094]);
});

test("words that set VLANs, and those that take them back", () => {
	expect(["untagged", "-tagged", "pvlan-isolated", "vlandev", "tag"].filter(isVlanWord)).toEqual(["untagged", "-tagged", "pvlan-isolated"]);
});
