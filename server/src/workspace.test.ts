/** A workspace in memory, and which files are not read. */
import { expect, test } from "vitest";
import { render } from "./text/message.ts";
import { maximumFileSize, memoryWorkspace, notReadMessage, whyNotRead } from "./workspace.ts";

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

test.each([
	["folder", "/x is not read: it is a folder"],
	["special", "/x is not read: it is a device, a pipe or a socket"],
	["large", "/x is not read: it is larger than 16 MB"],
	["denied", "/x is not read: you have no permission"],
] as const)("what is not read is said (%s)", (reason, text) => {
	expect(render(notReadMessage("/x", reason))).toBe(text);
});
