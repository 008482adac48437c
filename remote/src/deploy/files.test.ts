/** Which files may be deployed, and where they lie for the time being. */
import { memoryWorkspace } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import { readAnswers } from "./answers.ts";
import { isEtcPath, modeOf, roleOf } from "./files.ts";
import { inputOf } from "./input.ts";
import { missingRules } from "./loaded-rules.ts";
import { withOwnPaths, withStagedPaths } from "./staged-paths.ts";
import { wantedFilesOf } from "./wanted-files.ts";

test.each([
	["/etc/pf.conf", "pf"],
	["/etc/pf.os", "pf"],
	["/etc/pf.anchors/web.conf", "pf"],
	["/etc/pf", undefined],
	["/usr/etc/pf.conf", undefined],
	["/etc/pf.x y", undefined],
	["/etc/pf./../passwd", undefined],
	["/etc/pf.a/..", undefined],
	["/etc/pf.a//b", undefined],
	["/etc/vm.conf", "vm"],
	["/etc/vm.confx", undefined],
	["/etc/hostname.em0", "hostname"],
	["/etc/hostname.vlan100", "hostname"],
	["/etc/hostname.00:11:22:aa:bb:cc", "hostname"],
	["/etc/hostname.00:11:22:aa:bb", undefined],
	["/etc/hostname.00:11:22:aa:bb:cg", undefined],
	["/etc/hostname.em", undefined],
	["/etc/hostname.0em", undefined],
	["/etc/hostname.em0.orig", undefined],
	["/etc/x/hostname.em0", undefined],
	["/etc/sysctl.conf", "sysctl"],
	["/etc/dhcpd.conf", "other"],
	["/etc/rc.conf.local", "other"],
	["/etc/rc.conf", undefined],
	["/etc/passwd", undefined],
	["etc/pf.conf", undefined],
])("%s is %s", (path, role) => {
	expect(roleOf(path)).toBe(role);
});

test.each([
	["/etc/a", true],
	["/etc/a/b.c_d:e@f+g-h", true],
	["/etc/..a", true],
	["/etc/a/.", false],
	["/etc/./a", false],
	["/etc/", false],
	["/etc", false],
	["/etc/a/", false],
	["/etc/a'b", false],
	["/etc/a\nb", false],
	["x/etc/a", false],
])("%j is a plain path below /etc: %s", (path, is) => {
	expect(isEtcPath(path)).toBe(is);
});

describe("the files of a host's folder", () => {
	const texts = {
		"file:///h/etc/vm.conf": "vm",
		"file:///h/etc/pf.conf": "pf",
		"file:///h/etc/motd": "hello",
		"file:///h/etc/passwd": "no",
		"file:///h/etc/mygate": "192.0.2.1",
	};
	const host = { name: "h", root: "file:///h", mount: "/" } as const;
	const paths = async (deploy?: readonly string[]) =>
		(await wantedFilesOf(memoryWorkspace(texts), { ...host, ...(deploy === undefined ? {} : { deploy }) })).map(
			({ path, text, listed }) => `${path} ${text}${listed === true ? " listed" : ""}`,
		);

	test("are those of the network, and those that openbsd-vnet.json lists, where they are there", async () => {
		expect(await paths()).toEqual(["/etc/mygate 192.0.2.1", "/etc/pf.conf pf", "/etc/vm.conf vm"]);
		expect(await paths(["/etc/motd", "/etc/pf.conf", "/etc/none"])).toEqual([
			"/etc/motd hello listed",
			"/etc/mygate 192.0.2.1",
			"/etc/pf.conf pf",
			"/etc/vm.conf vm",
		]);
	});
});

test("a new file is shut where it tells of rules or keys", () => {
	expect(["/etc/pf.x", "/etc/hostname.em0", "/etc/vm.conf", "/etc/motd"].map((path) => modeOf(path))).toEqual([0o600, 0o640, 0o644, 0o644]);
});

describe("the input of the host program", () => {
	test.each([
		[[], [], "--\nend\n"],
		[["a b"], [], "a b\n--\nend\n"],
		[[], [{ name: "x", text: "1\n2\n" }], "text 2 0 x\n--\n1\n2\nend\n"],
		[["a"], [{ name: "x", text: "1\n2" }], "text 1 1 x\na\n--\n1\n2\nend\n"],
		[
			[],
			[
				{ name: "x", text: "" },
				{ name: "y", text: "\n" },
			],
			"text 0 0 x\ntext 1 0 y\n--\n\nend\n",
		],
		[[], [{ name: "x", text: "a\0b\0" }], "text 0 1 x\n--\na\u{fffd}b\u{fffd}\nend\n"],
	])("of %j and %j", (lines, texts, input) => {
		expect(inputOf(lines, texts)).toBe(input);
	});

	test("has no line that is two", () => {
		expect(() => inputOf(["a", "b\nc"], [])).toThrow(new TypeError("more than one line: b\nc"));
	});
});

describe("the answers of a check", () => {
	test("are the folder, and what each command printed with its status", () => {
		expect(readAnswers("M /tmp/f\nout\n\nM 0\n\nM 1\nx\ny\nM 127\n", 3, "M")).toEqual({
			folder: "/tmp/f",
			answers: [
				{ output: "out\n", status: 0 },
				{ output: "", status: 1 },
				{ output: "x\ny", status: 127 },
			],
		});
		expect(readAnswers("M /tmp/f\n", 0, "M")).toEqual({ folder: "/tmp/f", answers: [] });
	});

	test.each([
		["", 0],
		["said before\nM /tmp/f\n", 0],
		["M /tmp/f\nout\nM 0\n", 2],
		["M /tmp/f\nout\nM 0\nM 0\n", 1],
	])("%j are none of %i commands", (stdout, count) => {
		expect(readAnswers(stdout, count, "M")).toBeUndefined();
	});
});

describe("rules that are not loaded", () => {
	test.each([
		["pass all\nblock all\n", "  block all\npass all\n", []],
		["pass all\nblock all\nblock all\n", "pass all\n", ["block all"]],
		["pass from <__automatic_1a_0> to any\n", "pass from <__automatic_ff_12> to any\n", []],
		["pass from <__automatic_1a_0> to <b>\n", "pass from <__automatic_1a_0> to <c>\n", ["pass from <__automatic> to <b>"]],
		["no pass\n", "", []],
		["match in all\npassing\nset skip on lo\nanchor a\n}\n", "", ["match in all"]],
	])("said %j, loaded %j", (said, loaded, missing) => {
		expect(missingRules(said, loaded)).toEqual(missing);
	});
});

describe("paths of files that lie elsewhere", () => {
	const files = [
		{ path: "/etc/pf.a", place: "/tmp/f/file.1" },
		{ path: "/etc/pf.ab", place: "/tmp/f/file.10" },
	];
	test.each([
		['load anchor a from "/etc/pf.a"\n', 'load anchor a from "/tmp/f/file.1"\n'],
		["include /etc/pf.ab#x /etc/pf.a", "include /tmp/f/file.10#x /tmp/f/file.1"],
		["/etc/pf.abc x/etc/pf.a ./etc/pf.a /etc/pf.a/b", "/etc/pf.abc x/etc/pf.a ./etc/pf.a /etc/pf.a/b"],
	])("%j becomes %j", (text, staged) => {
		expect(withStagedPaths(text, files)).toBe(staged);
	});

	test.each([
		["/tmp/f/file.1:3: syntax error", "/etc/pf.a:3: syntax error"],
		["/tmp/f/file.10:3 /tmp/f/file.1", "/etc/pf.ab:3 /etc/pf.a"],
		["/tmp/f/fileX1 /tmp/f/file.1_ /tmp/f/file.100", "/tmp/f/fileX1 /tmp/f/file.1_ /tmp/f/file.100"],
	])("%j is told as %j", (said, own) => {
		expect(withOwnPaths(said, files)).toBe(own);
	});

	test("a path with what a replacement would read stays as it is", () => {
		expect(withOwnPaths("/tmp/f/x", [{ path: "/etc/$&", place: "/tmp/f/x" }])).toBe("/etc/$&");
	});
});
