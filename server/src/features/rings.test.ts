/** Files that name themselves, or each other in a ring: every reader that follows names comes to an end, and says what is wrong. */
import { describe, expect, test } from "vitest";
import { dryRun as pfctl } from "../pf/ruleset/dryrun.ts";
import { dryRun as vmd } from "../vm/dryrun.ts";
import { memoryWorkspace } from "../workspace.ts";
import { anchorPaths } from "./anchors.ts";
import { checkFiles, expandFile, isConfigurationFile } from "./check.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { open } from "./testing.ts";

const ROOT = "file:///host";
const endless = "failed to include file";
const tooLong = "anchor name is longer than 1023";

interface Ring {
	readonly name: string;
	/** The host's files; all of them are open. */
	readonly files: Readonly<Record<string, string>>;
	/** What is told, as `path: code: words`. */
	readonly told: readonly string[];
	/** The start of the message. */
	readonly message: string;
}

const rings: readonly Ring[] = [
	{
		name: "pf.conf includes itself",
		files: { "/etc/pf.conf": 'include "/etc/pf.conf"\npass\n' },
		told: ['/etc/pf.conf: pf/endless-include: "/etc/pf.conf"'],
		message: "Too many open files",
	},
	{
		name: "pf.conf includes itself in a block",
		files: { "/etc/pf.conf": 'anchor "a" {\n\tinclude "/etc/pf.conf"\n}\n' },
		told: ['/etc/pf.conf: pf/endless-include: "/etc/pf.conf"'],
		message: "Too many open files",
	},
	{
		name: "pf.conf includes itself by way of another file",
		files: { "/etc/pf.conf": 'include "/etc/pf.more"\n', "/etc/pf.more": 'pass\ninclude "/etc/pf.conf"\n' },
		told: ['/etc/pf.conf: pf/endless-include: "/etc/pf.more"', '/etc/pf.more: pf/endless-include: "/etc/pf.conf"'],
		message: "Too many open files",
	},
	{
		name: "a file that pf.conf includes includes itself",
		files: { "/etc/pf.conf": 'include "/etc/pf.more"\n', "/etc/pf.more": 'include "/etc/pf.more"\n' },
		told: ['/etc/pf.conf: pf/endless-include: "/etc/pf.more"', '/etc/pf.more: pf/endless-include: "/etc/pf.more"'],
		message: "Too many open files",
	},
	{
		name: "pf.conf loads itself into an anchor",
		files: { "/etc/pf.conf": 'anchor "a"\nload anchor "a" from "/etc/pf.conf"\n' },
		told: ['/etc/pf.conf: host/endless-load: "/etc/pf.conf"'],
		message: tooLong,
	},
	{
		name: "anchors' files load each other",
		files: {
			"/etc/pf.conf": 'anchor "a"\nload anchor "a" from "/etc/pf.a"\n',
			"/etc/pf.a": 'anchor "b"\nload anchor "b" from "/etc/pf.b"\n',
			"/etc/pf.b": 'anchor "c"\nload anchor "c" from "/etc/pf.a"\n',
		},
		told: ['/etc/pf.b: host/endless-load: "/etc/pf.a"'],
		message: tooLong,
	},
	{
		name: "vm.conf includes itself",
		files: { "/etc/vm.conf": 'include "/etc/vm.conf"\n' },
		told: ['/etc/vm.conf: vm/include: "/etc/vm.conf"'],
		message: endless,
	},
	{
		name: "vm.conf includes itself by way of another file",
		files: { "/etc/vm.conf": 'include "/etc/vm.d/a"\n', "/etc/vm.d/a": 'include "/etc/vm.conf"\n' },
		told: ['/etc/vm.conf: vm/included-faults: "/etc/vm.d/a"', '/etc/vm.d/a: vm/included-faults: "/etc/vm.conf"'],
		message: "has faults of its own",
	},
];

/** The words of a ring's faults, told by `tell`. */
function words(files: Ring["files"], path: string, start: number, end: number): string {
	return (files[path] ?? "").slice(start, end);
}

describe("a ring is told of where it closes", () => {
	test.each(rings)(
		"$name: in an editor, whichever file is open, with all of them open, and after an edit",
		async ({ files, told, message }) => {
			const fixture = Object.entries(files)
				.map(([path, text]) => `//- ${path}\n${text}`)
				.join("");
			const { documents, session } = await open(fixture);
			for (const [path, text] of Object.entries(files))
				documents.open(ROOT + path, path.includes("vm") ? "openbsd-vm" : "openbsd-pf", 1, text);
			const diagnostics = async () => {
				const found: string[] = [];
				for (const path of Object.keys(files)) {
					await documents.whenSettled(ROOT + path);
					const file = documents.file(ROOT + path);
					if (file === undefined) continue;
					for (const { code, span } of reportedDiagnostics(session, file))
						found.push(`${path}: ${code}: ${words({ [path]: file.text }, path, span.start, span.end)}`);
				}
				return found.filter((line) => /endless|\/include|included/.test(line)).sort();
			};
			expect(await diagnostics()).toEqual(told);
			for (const path of Object.keys(files)) {
				const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
				documents.change(ROOT + path, 2, [{ range, text: "# \n" }]);
			}
			expect(await diagnostics()).toEqual(told);
			// Without the ring nothing is told of it.
			for (const path of Object.keys(files)) documents.change(ROOT + path, 3, [{ text: "\n" }]);
			expect(await diagnostics()).toEqual([]);
			expect(message).not.toBe("");
		},
	);

	test.each(rings)("$name: on the command line", async ({ files, told, message }) => {
		const workspace = memoryWorkspace(Object.fromEntries(Object.entries(files).map(([path, text]) => [ROOT + path, text])), [ROOT]);
		const [path = ""] = Object.keys(files);
		const checked = await checkFiles(
			workspace,
			told.map((line) => ROOT + line.slice(0, line.indexOf(":"))),
		);
		for (const line of told) {
			const [file = "", code] = line.split(": ");
			// By its name alone, a file of a folder such as vm.d is in no language.
			if (!isConfigurationFile(ROOT + file)) continue;
			expect(checked.get(ROOT + file)?.find((one) => one.code === code)?.message).toContain(message);
		}
		expect(await expandFile(workspace, ROOT + path)).not.toBeUndefined();
	});
});

test("pfctl says that it has too many open files, and that the name of an anchor is too long", () => {
	const files: Readonly<Record<string, string>> = { A: 'include "B"\n', B: '\ninclude "A"\n', C: 'anchor "c"\nload anchor "c" from "C"\n' };
	const run = (name: string) => pfctl(files[name] ?? "", { fileName: name, readFile: (path) => files[path] });
	expect(run("A")).toMatchObject({
		accepted: false,
		stderr: ["pfctl: pushfile: A: Too many open files", "B:2: failed to include file A"],
	});
	expect(run("C")).toMatchObject({ accepted: false });
	expect(run("C").stderr.slice(-2)).toEqual(["C:2: anchor name is longer than 1023", "pfctl: load anchors"]);
});

test("pfctl loads the anchors that an anchor's file loads, and vmd refuses a file that includes itself", () => {
	const files: Readonly<Record<string, string>> = { a: 'anchor "b"\nload anchor "b" from "b"\n', b: "pass\n" };
	const { accepted, stderr } = pfctl('anchor "a"\nload anchor "a" from "a"\n', { readFile: (path) => files[path] });
	expect([accepted, stderr]).toEqual([true, ["Loading anchor a from a", "Loading anchor a/b from b"]]);
	const text = 'include "/etc/vm.conf"\n';
	expect(vmd(text, { readFile: () => text })).toMatchObject({
		accepted: false,
		stderr: ["vmd: /etc/vm.conf:1: failed to include file /etc/vm.conf"],
	});
});

test("files may be nested as deep as pfctl has files to open", () => {
	const run = (depth: number) =>
		pfctl('include "1"\n', { readFile: (path) => (Number(path) < depth ? `include "${Number(path) + 1}"\n` : "pass\n") });
	expect(run(100)).toMatchObject({ accepted: true, stderr: [] });
	expect(run(130)).toMatchObject({ accepted: false });
});

test("an anchor of a loaded file has its rules in the policy, and files that all load each other have an end", async () => {
	const names = Array.from({ length: 4 }, (_, i) => `/etc/pf.${i}`);
	const every = names.map((name, i) => `anchor "${i}"\nload anchor "${i}" from "${name}"\ninclude "${name}"\n`).join("");
	const { documents, file } = await open(["/etc/pf.conf", ...names].map((path) => `//- ${path}\n${every}`).join(""));
	expect(anchorPaths(documents, file, "x").length).toBeGreaterThan(0);
	expect(documents.hostModel(file).pf?.endless?.length).toBeGreaterThan(0);
});
