import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { reportedDiagnostics } from "../features/diagnostics.ts";
import { ableClient } from "../features/testing.ts";
import { folderOf, hostPlace, uriOnHost } from "../host/folder.ts";
import { pfLanguage } from "../pf/language.ts";
import type { Language } from "../text/language.ts";
import { memoryWorkspace } from "../workspace.ts";
import { Documents } from "./documents.ts";
import { languageOf } from "./languages.ts";

const ROOT = "file:///work/hv1";

function sessionOf(files: Documents) {
	return { files, settings: {}, client: ableClient };
}

describe("where a file belongs", () => {
	const cases: readonly (readonly [uri: string, host: string, path: string])[] = [
		["file:///work/hv1/etc/pf.conf", "file:///work/hv1", "/etc/pf.conf"],
		["file:///work/hv1/etc/pf.vm/web01.conf", "file:///work/hv1", "/etc/pf.vm/web01.conf"],
		["file:///etc/hostname.em0", "file://", "/etc/hostname.em0"],
		["file:///work/a/pf.conf", "file:///work/a#etc", "/etc/pf.conf"],
		["file:///work/a/pf.vm/web01.conf", "file:///work/a#etc", "/etc/pf.vm/web01.conf"],
		["file:///w/etc/hostname.00%3A1b%3A21%3Aab%3Acd%3Aef", "file:///w", "/etc/hostname.00:1b:21:ab:cd:ef"],
	];
	for (const [uri, host, path] of cases) {
		test(uri, () => {
			expect(hostPlace(uri)).toEqual({ host, path });
			expect(uriOnHost(folderOf(host), path)).toBe(uri);
		});
	}

	test("a document without a folder is a host of its own", () => {
		expect(hostPlace("untitled:Untitled-1")).toEqual({ host: "untitled:Untitled-1#etc", path: "/etc/untitled:Untitled-1" });
	});

	test("a view of a file stands for itself, under the file's name", async () => {
		const view = "git:/work/hv1/etc/hostname.em0?HEAD";
		expect(hostPlace(view)).toEqual({ host: `${view}#etc`, path: "/etc/hostname.em0" });
		const documents = new Documents(memoryWorkspace({ "file:///work/hv1/etc/hostname.em0": "up\n" }, ["file:///work/hv1"]));
		documents.open(view, "openbsd-hostname", 1, "down\n");
		await documents.whenLoaded(view);
		expect((await documents.hosts()).map(({ root }) => root)).toEqual(["file:///work/hv1"]);
		expect(documents.file(view)?.text).toBe("down\n");
		expect(documents.file("file:///work/hv1/etc/hostname.em0")?.text).not.toBe("down\n");
	});

	test("a path that no folder stands for has no URI", () => {
		expect(uriOnHost(folderOf("file:///work/a#etc"), "/var/db/x")).toBeUndefined();
		expect(uriOnHost(folderOf("file:///work/a"), "relative")).toBeUndefined();
	});

	test("no URI throws", () => {
		fc.assert(fc.property(fc.string(), (text) => typeof hostPlace(text).path === "string"));
	});
});

test("a file that a ruleset names is read with it, whatever it is called", async () => {
	const texts = {
		"/etc/pf.conf": 'include "/etc/rules/common"\nload anchor "web" from "/etc/rules/web"\n',
		"/etc/rules/common": "table <office> persist\n",
		"/etc/rules/web": 'load anchor "inner" from "/etc/rules/inner"\n',
		"/etc/rules/inner": "pass\n",
		"/etc/rules/other": "pass\n",
	};
	const onDisk = Object.fromEntries(Object.entries(texts).map(([path, text]) => [ROOT + path, text]));
	const documents = new Documents(memoryWorkspace(onDisk, [ROOT]));
	documents.open(`${ROOT}/etc/pf.conf`, "openbsd-pf", 1, texts["/etc/pf.conf"]);
	await documents.whenSettled(`${ROOT}/etc/pf.conf`);
	const main = documents.file(`${ROOT}/etc/pf.conf`);
	expect(main && documents.hostOf(main).map(({ path, parsed }) => `${path} ${parsed.language}`)).toEqual(
		["/etc/pf.conf", "/etc/rules/common", "/etc/rules/inner", "/etc/rules/web"].map((path) => `${path} openbsd-pf`),
	);
});

describe("a file whose name tells no language is in that of the files that name it now", () => {
	const PF = "/etc/pf.conf";
	const VM = "/etc/vm.conf";
	const GATE = "/etc/mygate";
	const OTHER = "/etc/other";
	const DISK = { [PF]: "block\n", [VM]: "\n", [GATE]: "10.0.0.1\n", [OTHER]: `include "${GATE}"\n` };
	const includes = (path: string) => `include "${path}"\n`;
	const loads = (path: string) => `load anchor "a" from "${path}"\n`;
	/** A text that is typed, written to the disk, or opened as some language; null closes the file, or has it go from the disk. */
	type Step = readonly [how: "typed" | "disk" | "pf" | "vm" | "hostname", path: string, text: string | null];
	const cases: readonly (readonly [name: string, steps: readonly Step[], expected: Readonly<Record<string, "pf" | "vm">>])[] = [
		[
			"included later",
			[
				["pf", PF, "block\n"],
				["typed", PF, includes(GATE)],
			],
			{ [GATE]: "pf" },
		],
		[
			"loaded into an anchor later",
			[
				["pf", PF, "block\n"],
				["typed", PF, loads(GATE)],
			],
			{ [GATE]: "pf" },
		],
		[
			"included by vm.conf later",
			[
				["vm", VM, "\n"],
				["typed", VM, includes(GATE)],
			],
			{ [GATE]: "vm" },
		],
		[
			"named by a file that is not open",
			[
				["vm", VM, "\n"],
				["disk", PF, includes(GATE)],
			],
			{ [GATE]: "pf" },
		],
		[
			"named by what is only named later itself",
			[
				["pf", PF, "block\n"],
				["typed", PF, loads(OTHER)],
			],
			{ [OTHER]: "pf", [GATE]: "pf" },
		],
		[
			"named no longer",
			[
				["pf", PF, includes(GATE)],
				["typed", PF, "block\n"],
			],
			{},
		],
		[
			"loaded no longer",
			[
				["pf", PF, loads(GATE)],
				["typed", PF, "block\n"],
			],
			{},
		],
		[
			"named no longer by vm.conf",
			[
				["vm", VM, includes(GATE)],
				["typed", VM, "\n"],
			],
			{},
		],
		[
			"named by what is named no longer",
			[
				["pf", PF, includes(OTHER)],
				["typed", PF, "block\n"],
			],
			{},
		],
		[
			"named by a file that goes",
			[
				["vm", VM, "\n"],
				["disk", PF, includes(GATE)],
				["disk", PF, null],
			],
			{},
		],
		[
			"named by itself alone",
			[
				["pf", PF, includes(OTHER)],
				["disk", OTHER, includes(OTHER)],
				["typed", PF, "block\n"],
			],
			{},
		],
		[
			"named by each other alone",
			[
				["pf", PF, includes(OTHER)],
				["disk", GATE, includes(OTHER)],
				["typed", PF, "block\n"],
			],
			{},
		],
		[
			"named by a file of another language now",
			[
				["pf", PF, includes(GATE)],
				["vm", VM, includes(GATE)],
				["typed", PF, "block\n"],
			],
			{ [GATE]: "vm" },
		],
		[
			"named by files of two languages",
			[
				["vm", VM, includes(GATE)],
				["pf", PF, "block\n"],
				["typed", PF, includes(GATE)],
			],
			{ [GATE]: "pf" },
		],
		[
			"named through what two languages name",
			[
				["vm", VM, includes(OTHER)],
				["pf", PF, includes(OTHER)],
				["typed", PF, "block\n"],
			],
			{ [OTHER]: "vm", [GATE]: "vm" },
		],
		[
			"open as another language",
			[
				["hostname", GATE, "up\n"],
				["pf", PF, "block\n"],
				["typed", PF, includes(GATE)],
			],
			{},
		],
		[
			"open as another language, and closed",
			[
				["hostname", GATE, "up\n"],
				["pf", PF, includes(GATE)],
				["hostname", GATE, null],
			],
			{ [GATE]: "pf" },
		],
		[
			"open as pf.conf, and closed",
			[
				["pf", PF, "block\n"],
				["pf", GATE, "pass\n"],
				["pf", GATE, null],
			],
			{},
		],
		[
			"open as pf.conf, naming another, and closed",
			[
				["pf", PF, "block\n"],
				["pf", GATE, includes(OTHER)],
				["pf", GATE, null],
			],
			{},
		],
		[
			"written after it was named",
			[
				["disk", GATE, null],
				["pf", PF, includes(GATE)],
				["disk", GATE, "pass\n"],
			],
			{ [GATE]: "pf" },
		],
		[
			"written after it was named no longer",
			[
				["pf", PF, includes(GATE)],
				["typed", PF, "block\n"],
				["disk", GATE, "pass\n"],
			],
			{},
		],
		["a table's file", [["pf", PF, `table <t> file "${GATE}"\n`]], {}],
		[
			"a ruleset elsewhere, named no longer",
			[
				["pf", PF, includes("/etc/old/pf.conf")],
				["typed", PF, "block\n"],
			],
			{},
		],
		[
			"a ruleset elsewhere, closed",
			[
				["pf", PF, "block\n"],
				["pf", "/etc/old/pf.conf", "pass\n"],
				["pf", "/etc/old/pf.conf", null],
			],
			{},
		],
		[
			"a ruleset elsewhere that changes",
			[
				["pf", PF, "block\n"],
				["disk", "/etc/old/pf.conf", "pass\n"],
			],
			{},
		],
		[
			"a ruleset elsewhere that vm.conf names",
			[
				["vm", VM, "\n"],
				["typed", VM, includes("/etc/old/pf.conf")],
			],
			{ "/etc/old/pf.conf": "pf" },
		],
	];

	/** The files of the host with their languages and texts. */
	async function filesOf(documents: Documents): Promise<readonly string[]> {
		await documents.whenSettled(`${ROOT}${PF}`);
		return documents.onHost(`${ROOT}/etc`).map(({ path, parsed, text }) => `${path} ${parsed.language} ${text}`);
	}

	for (const [name, steps, expected] of cases) {
		test(name, async () => {
			const disk: Record<string, string> = {};
			for (const [path, text] of Object.entries({ ...DISK, "/etc/old/pf.conf": "pass\n" })) disk[ROOT + path] = text;
			const documents = new Documents(memoryWorkspace(disk, [ROOT]));
			const open = new Map<string, readonly [language: string, text: string]>();
			for (const [index, [how, path, text]] of steps.entries()) {
				const uri = ROOT + path;
				const language = open.get(path)?.[0] ?? `openbsd-${how}`;
				if (how === "disk") {
					if (text === null) delete disk[uri];
					else disk[uri] = text;
					await documents.changedOnDisk([uri]);
				} else if (text === null) {
					open.delete(path);
					await documents.close(uri);
				} else {
					open.set(path, [language, text]);
					if (how === "typed") documents.change(uri, index + 2, [{ text }]);
					else documents.open(uri, language, 1, text);
				}
				await filesOf(documents);
			}
			const fresh = new Documents(memoryWorkspace(disk, [ROOT]));
			for (const [path, [language, text]] of open) fresh.open(ROOT + path, language, 1, text);
			expect(await filesOf(documents)).toEqual(await filesOf(fresh));
			const taken = documents.onHost(`${ROOT}/etc`).filter(({ path, version }) => version === null && path !== PF && path !== VM);
			expect(Object.fromEntries(taken.map(({ path, parsed }) => [path, parsed.language.slice("openbsd-".length)]))).toEqual(expected);
		});
	}
});

test("of files elsewhere, only those are known that a file names", async () => {
	const main = `${ROOT}/etc/pf.conf`;
	const loads = (...names: string[]) =>
		`anchor "*"\n${names.map((name) => `load anchor ${name} from "/etc/rules/${name}.conf"\n`).join("")}`;
	const disk = Object.fromEntries(["rules/a.conf", "rules/b.conf", "motd", "hosts"].map((name) => [`${ROOT}/etc/${name}`, "# nothing\n"]));
	const documents = new Documents(memoryWorkspace(disk, [ROOT]));
	const known = async (): Promise<readonly string[]> => {
		await documents.whenSettled(main);
		const file = documents.file(main);
		return file === undefined ? [] : documents.hostPaths(file);
	};
	documents.open(main, "openbsd-pf", 1, loads("a", "b"));
	expect(await known()).toEqual(["/etc/hosts", "/etc/pf.conf", "/etc/rules/a.conf", "/etc/rules/b.conf"]);
	documents.change(main, 2, [{ text: loads("a") }]);
	await documents.changedOnDisk([`${ROOT}/etc/motd`]);
	expect(await known()).toEqual(["/etc/hosts", "/etc/pf.conf", "/etc/rules/a.conf"]);
	documents.change(main, 3, [{ text: loads("b", "a") }]);
	expect(await known()).toEqual(["/etc/hosts", "/etc/pf.conf", "/etc/rules/a.conf", "/etc/rules/b.conf"]);
});

test("the language of a file by its name", () => {
	const names = ["pf.conf", "etc/pf.guests", "pf.vm/a.conf", "vm.conf", "vm.d/a.conf", "hostname.em0", "hostname.00:1b:21:ab:cd:ef"];
	expect(names.map((name) => languageOf(`/x/${name}`)?.slice("openbsd-".length))).toEqual([
		"pf",
		"pf",
		"pf",
		"vm",
		"vm",
		"hostname",
		"hostname",
	]);
	const others = ["nginx.conf", "pf.conf.orig", "hostname.em", "vm.conf.d/a.conf", "etc/pf.os", "mypf.conf"];
	expect(others.map((name) => languageOf(`/x/${name}`))).toEqual(others.map(() => undefined));
});

describe("the files of a host", () => {
	const uri = `${ROOT}/etc/vm.conf`;
	const included = `${ROOT}/etc/vm.d/sizes.conf`;
	const TEXT = 'include "/etc/vm.d/sizes.conf"\nvm "a" {\n\tmemory $big\n\tdisk "/a"\n}\n';

	async function codes(documents: Documents): Promise<readonly string[]> {
		await documents.whenSettled(uri);
		const file = documents.file(uri);
		return file === undefined ? [] : reportedDiagnostics(sessionOf(documents), file).map(({ code }) => code);
	}

	test("what a file includes is read from the disk, and again when it changes there", async () => {
		const disk: Record<string, string> = { [included]: 'big = "1G"\n' };
		const told: string[] = [];
		const documents = new Documents(memoryWorkspace(disk, [ROOT]), (files) => told.push(...files.map((file) => file.path)));
		documents.open(uri, "openbsd-vm", 1, TEXT);
		expect(await codes(documents)).not.toContain("vm/unknown-macro");
		told.length = 0;
		disk[included] = 'small = "1G"\n';
		await documents.changedOnDisk([included]);
		expect(told).toContain("/etc/vm.conf");
		expect(await codes(documents)).toContain("vm/unknown-macro");
	});

	test("an open file counts before the disk, until it is closed", async () => {
		const documents = new Documents(memoryWorkspace({ [included]: 'big = "1G"\n' }, [ROOT]));
		documents.open(uri, "openbsd-vm", 1, TEXT);
		documents.open(included, "openbsd-vm", 1, "\n");
		expect(await codes(documents)).toContain("vm/unknown-macro");
		documents.change(included, 2, [{ text: 'big = "2G"\n' }]);
		expect(await codes(documents)).not.toContain("vm/unknown-macro");
		documents.change(included, 3, [{ text: "" }]);
		await documents.close(included);
		expect(await codes(documents)).not.toContain("vm/unknown-macro");
	});

	test("a change in one file changes what the host shows in another", async () => {
		const disk = { [`${ROOT}/etc/hostname.veb0`]: "add em0\nup\n", [`${ROOT}/etc/hostname.em0`]: "up\n" };
		const documents = new Documents(memoryWorkspace(disk, [ROOT]));
		const switches = (name: string) => `switch "lan" {\n\tinterface ${name}\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n`;
		documents.open(uri, "openbsd-vm", 1, switches("veb0"));
		expect(await codes(documents)).not.toContain("host/switch-without-file");
		documents.change(uri, 2, [{ text: switches("veb1") }]);
		expect(await codes(documents)).toContain("host/switch-without-file");
	});

	test("openbsd-vnet.json names the release of a host", async () => {
		const list = JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", release: "7.4" }] });
		const documents = new Documents(memoryWorkspace({ "file:///work/openbsd-vnet.json": list }, ["file:///work"]));
		documents.open(uri, "openbsd-vm", 1, "\n");
		expect(documents.file(uri)?.parsed.context.release).toBeUndefined();
		await documents.readHostLists();
		expect(documents.file(uri)?.parsed.context.release).toBe("7.4");
	});
});

test("a row of changes gives the text that the editor has", async () => {
	const change = fc.record({ start: fc.nat(), length: fc.nat(8), text: fc.constantFrom("", "a", "\n", 'vm "x" {', "}\n", "é", "\r\n") });
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), async (rows) => {
			const uri = `${ROOT}/etc/vm.conf`;
			const documents = new Documents(memoryWorkspace({}, []));
			const editor = TextDocument.create(uri, "openbsd-vm", 1, 'vm "a" {\n\tdisk "/a"\n}\n');
			documents.open(uri, "openbsd-vm", 1, editor.getText());
			for (const [i, row] of rows.entries()) {
				const changes = row.map(({ start: at, length, text }) => {
					const whole = editor.getText().length;
					const start = at % (whole + 1);
					const range = { start: editor.positionAt(start), end: editor.positionAt(Math.min(whole, start + length)) };
					TextDocument.update(editor, [{ range, text }], i + 2);
					return { range, text };
				});
				documents.change(uri, i + 2, changes);
			}
			expect(documents.file(uri)?.text).toBe(editor.getText());
		}),
	);
});

test("a reader that fails is told of to who asks, and leaves the text what the editor has", () => {
	const failing: Language = {
		...pfLanguage,
		parse: (text, context) => {
			if (text.includes("boom")) throw new Error("boom");
			return pfLanguage.parse(text, context);
		},
	};
	const uri = `${ROOT}/etc/pf.conf`;
	const documents = new Documents(memoryWorkspace({}), undefined, undefined, new Map([[failing.id, failing]]));
	documents.open(uri, failing.id, 1, "pass\nboom\n");
	expect(() => documents.file(uri)?.parsed).toThrow("boom");
	const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } };
	documents.change(uri, 2, [{ range, text: "z" }]);
	expect(documents.file(uri)?.text).toBe("pass\nzoom\n");
	expect(documents.file(uri)?.parsed.diagnostics()).toHaveLength(1);
	documents.change(uri, 3, [{ range, text: "b" }]);
	documents.change(uri, 4, [{ range, text: "" }]);
	expect(documents.file(uri)).toMatchObject({ version: 4, text: "pass\noom\n" });
});

test("what a file was before an edit is not kept", async () => {
	setFlagsFromString("--expose-gc");
	const collect = runInNewContext("gc") as () => void;
	const uri = "file:///h/etc/pf.conf";
	const documents = new Documents(memoryWorkspace({}, []));
	documents.open(uri, "openbsd-pf", 1, "block\npass out\n");
	const earlier: WeakRef<object>[] = [];
	for (let version = 2; version < 22; version++) {
		const file = documents.file(uri);
		if (file !== undefined) earlier.push(new WeakRef(file));
		const start = { line: 1, character: 0 };
		documents.change(uri, version, [{ range: { start, end: start }, text: "pass in\n" }]);
		file?.parsed.diagnostics();
	}
	// What was made in this task is not collected before it has ended.
	await new Promise((resolve) => setTimeout(resolve, 0));
	collect();
	expect(earlier.filter((one) => one.deref() !== undefined).length).toBeLessThan(3);
});
