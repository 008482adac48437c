import { describe, expect, test } from "vitest";
import { memoryWorkspace } from "../workspace.ts";
import { bounded, mostDiagnostics } from "./bounded-diagnostics.ts";
import { checkFiles } from "./check.ts";
import { diagnostics } from "./diagnostics.ts";
import { open } from "./testing.ts";

const wrong = (count: number): string => "pass in form any\n".repeat(count);

describe("a file with very many faults", () => {
	test("has all of its diagnostics up to the bound, and one more that counts the others beyond it", async () => {
		const { documents, session, file } = await open(`block\n${wrong(mostDiagnostics)}`);
		expect(diagnostics(session, file).length).toBe(mostDiagnostics);
		const change = async (version: number, text: string) => {
			const place = { line: 1, character: 0 };
			documents.change(file.uri, version, [{ range: { start: place, end: place }, text }]);
			await documents.whenSettled(file.uri);
			return diagnostics(session, documents.file(file.uri) ?? file);
		};
		const more = await change(2, wrong(7));
		expect(more.length).toBe(mostDiagnostics + 1);
		expect(more.at(-1)).toMatchObject({ code: "file/more-diagnostics", severity: 1, message: "And 7 more, which are not shown" });
		expect(more.at(-1)?.range.start.line).toBe(mostDiagnostics + 1);
		documents.change(file.uri, 3, [{ range: { start: { line: 1, character: 0 }, end: { line: 8, character: 0 } }, text: "" }]);
		await documents.whenSettled(file.uri);
		expect(diagnostics(session, documents.file(file.uri) ?? file).map(({ code }) => code)).not.toContain("file/more-diagnostics");
	});

	test("shows errors before what is less severe, and the command line counts all of them", async () => {
		// A warning for each rule, and one error behind all of them.
		const text = `block\n${"pass in on em0 from any to any port 80\n".repeat(3)}${'pass quick tagged "x"\n'.repeat(1500)}pass in form any\n`;
		const checked = await checkFiles(memoryWorkspace({ "file:///host/etc/pf.conf": text }), ["file:///host/etc/pf.conf"]);
		const found = checked.get("file:///host/etc/pf.conf") ?? [];
		expect(found.length).toBe(mostDiagnostics + 1);
		expect(found.some(({ severity, code }) => severity === "error" && code === "pf/syntax")).toBe(true);
		const { leftOut, severity } = found.at(-1) ?? {};
		expect(severity).not.toBe("error");
		expect(leftOut?.error).toBe(0);
	});

	test.each([
		[0, 0, 999, 999, 0],
		[0, 0, 1001, 1000, 1],
		[1001, 5, 0, 1000, 6],
		[999, 5, 5, 1000, 9],
	])("%s errors, %s warnings and %s hints: %s are shown, %s not", (errors, warnings, hints, shown, more) => {
		const of = (count: number, severity: "error" | "warning" | "hint") =>
			Array.from({ length: count }, () => ({ code: "x", severity, span: { start: 0, end: 0 }, message: { template: "x", args: [] } }));
		const result = bounded([...of(hints, "hint"), ...of(warnings, "warning"), ...of(errors, "error")]);
		expect(result.shown.length).toBe(shown);
		expect(Object.values(result.more?.leftOut ?? {}).reduce((sum, count) => sum + count, 0)).toBe(more);
	});
});

test("very many comments that switch diagnostics off cost no more than as many others", async () => {
	const seconds = async (comment: string) => {
		const before = process.cpuUsage();
		const { session, file } = await open(`${`# ${comment}\n`.repeat(20_000)}${wrong(2000)}`);
		diagnostics(session, file);
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1e6;
	};
	await seconds("warming up");
	expect(await seconds("vnet-ignore: pf/syntax")).toBeLessThan(10 * (await seconds("of no importance xx")) + 1);
});
