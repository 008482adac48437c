/** Nothing that stands in a file, in its name or in a host's answer acts on a terminal, or begins a line. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pfctl } from "@openbsd-vnet/server";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { main } from "./main.ts";
import { Progress } from "./progress.ts";
import { inert, plain, printer, type Stream } from "./terminal.ts";
import { type TestReport, testFormats } from "./test.ts";

/** Control characters but for tabs and newlines, what formats or turns the direction of writing, separators of lines. */
const active = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
const hostile = "\u001b[5m\u009b31m\u0007\r\u202e\u2066\u200b\u2028\u007f";

function collecting(isTTY: boolean): { readonly stream: Stream; readonly all: () => string } {
	const pieces: string[] = [];
	return { stream: { write: (text) => pieces.push(text), isTTY }, all: () => pieces.join("") };
}

describe("a text", () => {
	test("does nothing to a terminal, in one line where it is a part of one", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(inert(text + hostile)).not.toMatch(active);
				expect(plain(`${text}\n${hostile}`)).not.toMatch(/[\n\t\r]/);
			}),
		);
		expect(inert("a\tb\nc")).toBe("a\tb\nc");
		expect(plain(`a\n\u001b[0m`)).toBe("a\\n\\u001b[0m");
	});

	test("in quotes of JSON means the same", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(JSON.parse(inert(JSON.stringify(text)))).toBe(text);
			}),
		);
	});

	test("for programs is as it is but on a terminal", () => {
		const shown = (isTTY: boolean) => {
			const { stream, all } = collecting(isTTY);
			printer(stream).writeExact(hostile);
			return all();
		};
		expect(shown(false)).toBe(hostile);
		expect(shown(true)).not.toMatch(active);
	});
});

test.each([
	["a terminal", true, {}, true],
	["no terminal", false, {}, false],
	["a terminal that is asked for none", true, { NO_COLOR: "1" }, false],
	["a terminal with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
	["a terminal that can do nothing", true, { TERM: "dumb" }, false],
	["a pipe that is asked for them", false, { FORCE_COLOR: "1" }, true],
	["a terminal whose colours are forced off", true, { FORCE_COLOR: "0" }, false],
])("colours and links: %s", (_, isTTY, environment, has) => {
	const { stream, all } = collecting(isTTY);
	printer(stream, environment).write([{ text: `a${hostile}`, style: "error", link: "https://example.org/" }, "b\n"]);
	expect(all().includes("\u001b[1;31m")).toBe(has);
	expect(all().includes("\u001b]8;;https://example.org/\u001b\\")).toBe(has);
	expect(all().replace(/^.*?a/, "a")).toContain(inert(hostile));
});

test("what is written over and over, and a screen that is cleared, are for terminals alone", () => {
	for (const isTTY of [true, false]) {
		const { stream, all } = collecting(isTTY);
		const to = printer(stream);
		to.clear();
		to.writeOver(hostile);
		expect(all()).toBe(isTTY ? `\u001b[2J\u001b[3J\u001b[H\r\u001b[K${plain(hostile)}` : "");
	}
});

test("where nobody reads any more, that is told, and other faults of a stream are none of it", () => {
	const stream = new PassThrough();
	const to = printer(stream);
	expect(to.closed.aborted).toBe(false);
	stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
	expect(to.closed.aborted).toBe(true);
	expect(() => stream.emit("error", Object.assign(new Error("no space"), { code: "ENOSPC" }))).toThrow("no space");
});

test("progress is told of long work alone, and its line is taken away", () => {
	vi.useFakeTimers({ toFake: ["performance"] });
	const { stream, all } = collecting(true);
	const progress = new Progress(printer(stream), 3, (done, total) => `${done} of ${total} hosts checked`);
	progress.step();
	expect(all()).toBe("");
	vi.advanceTimersByTime(600);
	progress.step();
	expect(all()).toBe("\r\u001b[K2 of 3 hosts checked");
	progress.step();
	progress.end();
	expect(all()).toBe("\r\u001b[K2 of 3 hosts checked\r\u001b[K");
	vi.useRealTimers();
});

test("nothing else writes to the streams of the process", () => {
	const files = readdirSync(import.meta.dirname).filter(
		(name) => name.endsWith(".ts") && !name.includes(".test.") && name !== "terminal.ts",
	);
	const direct = files.filter((name) =>
		/process\.(stdout|stderr)\.(write|end)|console\./.test(readFileSync(join(import.meta.dirname, name), "utf8")),
	);
	expect(direct).toEqual([]);
});

describe("of hostile files", () => {
	let root = "";
	const name = `host\n/etc/pf.conf:1:1: error: forged\n${hostile}`;
	const texts: Readonly<Record<string, string>> = {
		"pf.conf": `evil = "${hostile.replace("\r", "")}"\nblock\nanchor "vm/\u001b[5mblink"\npass in form ${hostile}\npass label "\u202eabc" # \u001b]0;title\u0007\ninclude "/etc/\u001b[2J"\n`,
		"vm.conf": `vm "\u001b[5m" {\n\tdisk "/\u202ex"\n\tinterface { switch "\u009b1m" }\n}\n`,
		"hostname.em0": `inet \u001b[5m\ndescription "\u202e"\n`,
		"rules.pftest": `allow tcp from "\u001b[5m" to any port 22\n\u001b[31m\n`,
	};
	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), "openbsd-vnet-"));
		mkdirSync(join(root, name, "etc"), { recursive: true });
		for (const [file, text] of Object.entries(texts)) writeFileSync(join(root, name, "etc", file), text);
	});
	afterAll(() => rmSync(root, { recursive: true }));
	// The command's own colours would hide what a file brings.
	beforeEach(() => {
		vi.stubEnv("FORCE_COLOR", "0");
	});
	afterEach(() => vi.unstubAllEnvs());

	const run = async (args: readonly string[], isTTY = true) => {
		const { stream, all } = collecting(isTTY);
		const status = await main(args, { stdout: stream, stderr: stream });
		return { all: all(), status };
	};

	test.each([
		["check", "--format", "text"],
		["check", "--format", "json"],
		["check", "--format", "sarif"],
		["check", "--format", "github"],
		["test", "--format", "text"],
		["test", "--format", "tap"],
		["test", "--format", "junit"],
		["test", "--format", "json"],
	])("%s %s %s", async (...args) => {
		const { all, status } = await run([...args, root]);
		expect(all).not.toMatch(active);
		expect([0, 1, 2]).toContain(status);
		if (args[0] === "check") expect(all.length).toBeGreaterThan(100);
		// A line of its own would be one of another file.
		expect(all).not.toMatch(/^\/etc\/pf\.conf/m);
	});

	test.each(["pf.conf", "vm.conf", "hostname.em0", "absent"])("expand %s, and what is said where that cannot be", async (file) => {
		const { all, status } = await run(["expand", join(root, name, "etc", file)]);
		expect(all).not.toMatch(active);
		expect(all).not.toMatch(/^\/etc\/pf\.conf/m);
		expect([0, 1, 2]).toContain(status);
	});

	test.each([
		["--help"],
		["pattern", "bridged", "--\u001b"],
		[`\u001b[5m\n`],
		["pattern", hostile],
		["plan", hostile],
		["export", hostile],
		["check", `\n${hostile}`],
	])("arguments: %j", async (...args) => expect((await run(args)).all).not.toMatch(active));

	test("what expand prints for pfctl is the ruleset that the file is", async () => {
		const file = join(root, "pf.conf");
		const text = 'block drop all\nanchor "vm/\u001b[5mblink"\npass all flags S/SA label "\u202eabc"\n';
		writeFileSync(file, text);
		const { all } = await run(["expand", file], false);
		expect(pfctl.dryRun(all).stdout).toBe(pfctl.dryRun(text).stdout);
		expect(all).toContain("\u001b[5mblink");
	});
});

describe("reports of tests whose names and reasons are anything", () => {
	const anything = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.constantFrom(hostile, "]]>", "<!--", "&amp;", "\ud800", "\ufffe", "# SKIP", "\n1..0", "a\\#b"),
	);
	const report = fc.array(
		fc.record({
			file: anything,
			tests: fc.array(
				fc.record({
					name: anything,
					result: fc.constantFrom("passed" as const, "failed" as const, "undecided" as const),
					line: fc.nat(),
					reasons: fc.array(anything),
				}),
			),
		}),
	);

	test("are well-formed XML, with the names as they are as far as XML can hold them", () => {
		fc.assert(
			fc.property(report, (reports: readonly TestReport[]) => {
				const names: string[] = [];
				const parser = new SaxesParser();
				parser.on("error", (error) => {
					throw error;
				});
				parser.on("opentag", ({ name, attributes }) => {
					if (name === "testcase") names.push(attributes.name ?? "");
				});
				parser.write(inert(testFormats.junit(reports))).close();
				const holds = (text: string) => text.replace(/[^\P{Cc}\t\n\r\u007f-\u009f]|\p{Cs}|[\ufffe\uffff]/gu, "\ufffd");
				expect(names).toEqual(reports.flatMap(({ tests }) => tests.map(({ name }) => holds(name))));
			}),
			{ numRuns: 300 },
		);
	});

	test("are TAP: a plan, a line for each test, and blocks of YAML", () => {
		fc.assert(
			fc.property(report, (reports: readonly TestReport[]) => {
				const all = reports.flatMap(({ tests }) => tests);
				const lines = inert(testFormats.tap(reports)).split("\n");
				expect(lines.slice(0, 2)).toEqual(["TAP version 14", `1..${all.length}`]);
				const points = lines.filter((line) => /^(not )?ok /.test(line));
				expect(points.length).toBe(all.length);
				// Every line is the head, a test or inside of a block; no name makes a directive.
				expect(lines.slice(2, -1).every((line) => /^(not )?ok \d+ - |^ {2}/.test(line))).toBe(true);
				expect(points.some((line) => /(?<!\\)(?:\\\\)*#/.test(line))).toBe(false);
			}),
			{ numRuns: 300 },
		);
	});
});
