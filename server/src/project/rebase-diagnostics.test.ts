import { expect, test } from "vitest";
import { PfFile } from "../pf/editor/file.ts";
import { msg } from "../text/message.ts";
import { memoryWorkspace } from "../workspace.ts";
import { Documents } from "./documents.ts";
import { rebaseDiagnostics } from "./rebase-diagnostics.ts";

const path = "/etc/pf.conf";

test("what stands outside of a change moves with the text, with its fixes and what is related to it", () => {
	const text = "block\npass in\npass out\n";
	const before = PfFile.parse(text, { path });
	const at = (word: string, of = text) => ({ start: of.indexOf(word), end: of.indexOf(word) + word.length });
	const diagnostics = ["block", "pass in", "pass out"].map((word) => ({
		code: "policy/rule-redundant",
		severity: "hint" as const,
		span: at(word),
		message: msg("{0}", word),
		related: [
			{ span: at("pass out"), message: msg("{0}", "there") },
			{ file: "/etc/other", span: at("pass out"), message: msg("{0}", "elsewhere") },
		],
		fixes: [
			{ title: msg("{0}", "one"), edits: [{ span: at(word), text: "" }] },
			{ title: msg("{0}", "two"), edits: [{ span: at("pass in"), text: "" }] },
		],
	}));
	const after = before.edit([{ span: { start: 6, end: 6 }, text: "match " }]);
	const moved = rebaseDiagnostics(diagnostics, before, after, path);
	expect(moved.map(({ span }) => after.text.slice(span.start, span.end))).toEqual(["block", "pass out"]);
	expect(moved[1]?.related?.map(({ span }) => span.start)).toEqual([after.text.indexOf("pass out"), text.indexOf("pass out")]);
	expect(moved[1]?.fixes?.map(({ edits }) => edits.map(({ span }) => span.start))).toEqual([[after.text.indexOf("pass out")]]);
	expect(rebaseDiagnostics(diagnostics, before, PfFile.parse("pass\n", { path }), path)).toEqual([]);
});

test("of a host with many rules, what shows across files is recomputed in the background", () => {
	const rules = Array.from({ length: 1200 }, (_, i) => `pass in proto tcp to 10.${i >> 8}.${i & 255}.1 port 80\n`).join("");
	const text = `block\n${rules}pass in on bridge0\n`;
	const uri = "file:///h/etc/pf.conf";
	const waiting = new Map<string, () => boolean>();
	const documents = new Documents(
		memoryWorkspace({}, []),
		() => undefined,
		(key, work) => waiting.set(key, work),
	);
	documents.open(uri, "openbsd-pf", 1, text);
	const reported = () => {
		const file = documents.file(uri);
		const found = file === undefined ? [] : documents.hostDiagnostics(file);
		return found.filter(({ code }) => code === "host/rule-on-bridge").map(({ span }) => file?.text.slice(span.start, span.end));
	};
	const inBackground = (): void => {
		for (const [key, work] of waiting) {
			// The model is made in portions.
			for (let more = key.endsWith(" model"); more; more = work());
		}
	};
	expect(reported()).toEqual([]);
	inBackground();
	expect(reported().length).toBe(1);
	const [first] = reported();
	const start = { line: 1, character: 0 };
	documents.change(uri, 2, [{ range: { start, end: start }, text: "pass out on bridge1\n" }]);
	expect(reported()).toEqual([first]);
	inBackground();
	expect(reported().length).toBe(2);
});
