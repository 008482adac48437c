/** A workspace in memory, and which files are not read. */
import { expect, test } from "vitest";
import { maximumFileSize, memoryWorkspace, whyNotRead } from "./workspace.ts";

test("a workspace in memory has its texts, and the folders that they make", async () => {
	const workspace = memoryWorkspace({
		"file:///h/etc/pf.conf": "pass\n",
		"file:///h/etc/pf.d/a": "",
		"file:///h/x": "",
		"file:///hh/y": "",
	});
	expect(workspace.folders).toEqual(["file:///"]);
	expect(await workspace.read("file:///h/etc/pf.conf")).toBe("pass\n");
	expect(await workspace.read("file:///h/etc")).toBeUndefined();
	const h = [
		{ name: "etc", type: "folder" },
		{ name: "x", type: "file" },
	];
	expect(await workspace.list("file:///h")).toEqual(h);
	expect(await workspace.list("file:///h/")).toEqual(h);
	expect(await workspace.list("file:///none")).toEqual([]);
});

test.each([
	["file", 0, undefined],
	["file", maximumFileSize, undefined],
	["file", maximumFileSize + 1, "large"],
	["folder", 0, "folder"],
	["special", 0, "special"],
] as const)("a %s of %i bytes is not read because: %s", (type, size, why) => {
	expect(whyNotRead({ type, size })).toBe(why);
});
