/** `openbsd-vnet test`: policy tests, for people and for machines. */

import { isPolicyTestFile, type TestedExpectation } from "@openbsd-vnet/server/features";
import type { CommandOutput } from "./arguments.ts";
import { findFiles } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { diskWithHosts, placesToCheck } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { ownService } from "./service.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

export interface TestReport {
	readonly file: string;
	readonly tests: readonly TestedExpectation[];
}

export const testFormats: Readonly<Record<"text" | "tap" | "junit" | "json", (reports: readonly TestReport[]) => string>> = {
	text,
	tap,
	junit,
	json: (reports) => jsonOf("test", reports),
};

/**
 * Runs the policy tests under paths.
 * @returns the text for standard output, whether a test failed or could not be decided, and how many there are
 * @throws PathError where a path cannot be read
 */
export async function test(
	places: readonly string[],
	format: keyof typeof testFormats,
): Promise<{ readonly output: string; readonly failed: boolean; readonly tests: number }> {
	const found = (await findFiles(places)).filter(({ uri }) => isPolicyTestFile(uri));
	const uris = found.map(({ uri }) => uri);
	const tested = new Map((await ownService(await diskWithHosts(places)).testFiles(uris)).map(({ uri, tests }) => [uri, tests]));
	const reports = found.map(({ path, uri }): TestReport => ({ file: path, tests: tested.get(uri) ?? [] }));
	const all = reports.flatMap(({ tests }) => tests);
	return { output: testFormats[format](reports), failed: all.some(({ result }) => result !== "passed"), tests: all.length };
}

interface TestOptions {
	readonly format?: keyof typeof testFormats | undefined;
	readonly json?: boolean | undefined;
}

/** Runs the command. */
export async function runTest(
	{ json = false, format = json ? "json" : "text" }: TestOptions,
	paths: readonly string[],
	{ stdout, stderr }: CommandOutput,
): Promise<ExitStatus> {
	const { output, failed, tests } = await test(await placesToCheck(paths), format);
	if (tests === 0) {
		// A pipeline that tests nothing should not look as if all were well.
		stderr.write(`openbsd-vnet: ${tell("no policy tests (*.pftest) there")}\n`);
		return exitStatus.notRun;
	}
	stdout.write(output);
	return failed ? exitStatus.found : exitStatus.done;
}

/** What is not as expected, one line each as compilers write them, and the sum. */
function text(reports: readonly TestReport[]): string {
	const lines: string[] = [];
	for (const { file, tests } of reports) {
		for (const { name, result, line, reasons } of tests) {
			if (result === "passed") continue;
			lines.push(
				`${plain(file)}:${line + 1}: ${result === "failed" ? tell("failed: {0}", plain(name)) : tell("undecided: {0}", plain(name))}`,
				...reasons.map((reason) => `    ${plain(reason)}`),
			);
		}
	}
	const all = reports.flatMap(({ tests }) => tests);
	const count = (wanted: TestedExpectation["result"]): number => all.filter(({ result }) => result === wanted).length;
	const undecided = count("undecided");
	lines.push(
		undecided === 0
			? tell("{0} passed, {1} failed", count("passed"), count("failed"))
			: tell("{0} passed, {1} failed, {2} undecided", count("passed"), count("failed"), undecided),
	);
	return lines.map((line) => `${line}\n`).join("");
}

/** The Test Anything Protocol, version 14. */
function tap(reports: readonly TestReport[]): string {
	const all = reports.flatMap(({ file, tests }) => tests.map((one) => ({ file, ...one })));
	const lines = ["TAP version 14", `1..${all.length}`];
	for (const [index, { file, name, result, line, reasons }] of all.entries()) {
		lines.push(`${result === "passed" ? "ok" : "not ok"} ${index + 1} - ${plain(name.replace(/[\\#]/g, "\\$&"))}`);
		if (result === "passed") continue;
		lines.push("  ---", `  result: ${result}`, `  at: ${JSON.stringify(`${file}:${line + 1}`)}`, "  reasons:");
		lines.push(...reasons.map((reason) => `    - ${JSON.stringify(reason)}`), "  ...");
	}
	return lines.map((line) => `${line}\n`).join("");
}

/** JUnit's XML, as CI services read it: a suite for each file. */
function junit(reports: readonly TestReport[]): string {
	const lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"];
	for (const { file, tests } of reports) {
		const count = (wanted: TestedExpectation["result"]): number => tests.filter(({ result }) => result === wanted).length;
		lines.push(
			`\t<testsuite name="${escaped(file)}" tests="${tests.length}" failures="${count("failed")}" errors="${count("undecided")}">`,
		);
		for (const { name, result, line, reasons } of tests) {
			const attributes = `classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}" line="${line + 1}"`;
			if (result === "passed") lines.push(`\t\t<testcase ${attributes}/>`);
			else {
				const kind = result === "failed" ? "failure" : "error";
				lines.push(
					`\t\t<testcase ${attributes}>`,
					`\t\t\t<${kind} message="${escaped(reasons[0] ?? "")}">${escaped(reasons.join("\n"))}</${kind}>`,
					"\t\t</testcase>",
				);
			}
		}
		lines.push("\t</testsuite>");
	}
	lines.push("</testsuites>");
	return lines.map((line) => `${line}\n`).join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** No character of XML 1.0, not even as a reference: most control characters, halves of surrogate pairs, and two more. */
const NO_XML = /[^\P{Cc}\t\n\r\u007f-\u009f]|\p{Cs}|[\ufffe\uffff]/gu;

/** A value of an attribute or an element: well-formed whatever it holds, and the same but for what no XML can hold. */
function escaped(value: string): string {
	return value
		.replace(NO_XML, "\ufffd")
		.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `&#${sign.codePointAt(0) ?? 0xfffd};`);
}
