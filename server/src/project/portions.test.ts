import { describe, expect, test } from "vitest";
import { reportedDiagnostics } from "../features/diagnostics.ts";
import { ableClient } from "../features/testing.ts";
import { memoryWorkspace } from "../workspace.ts";
import { Documents } from "./documents.ts";

const PORTS = `{ ${Array.from({ length: 100 }, (_, i) => i + 1).join(" ")} }`;
/** A short text of 10,000 rules on a veb, where nothing comes in. */
const LARGE = `block\npass in on veb9 proto tcp from any port ${PORTS} to any port ${PORTS}\n`;
const PF = "file:///h/etc/pf.conf";

/** A server whose work in the background is done by hand. */
async function opened(text: string) {
	const work = new Map<string, () => boolean>();
	const workspace = memoryWorkspace({ "file:///h/etc/hostname.em0": "inet 203.0.113.5/24\n" }, ["file:///h"]);
	const documents = new Documents(workspace, undefined, (key, portion) => work.set(key, portion));
	documents.open(PF, "openbsd-pf", 1, text);
	await documents.whenLoaded(PF);
	const codes = () => {
		const file = documents.file(PF);
		const found = file === undefined ? [] : reportedDiagnostics({ files: documents, settings: {}, client: ableClient }, file);
		return found.map(({ code }) => code).filter((code) => code.startsWith("host/rule-in"));
	};
	return { documents, work, codes };
}

describe("of a short text with very many rules, nobody waits for the model", () => {
	test("it is made in portions, and known at their end", async () => {
		const { work, codes } = await opened(LARGE);
		expect(codes()).toEqual([]);
		const making = work.get("file:///h model");
		let portions = 1;
		while (making?.() === true) portions++;
		expect(portions).toBeGreaterThan(3);
		expect(codes()).toEqual(["host/rule-in-on-veb"]);
	});

	test("an edit ends what was begun", async () => {
		const { documents, work, codes } = await opened(LARGE);
		codes();
		expect(work.get("file:///h model")?.()).toBe(true);
		const start = { line: 1, character: LARGE.split("\n")[1]?.indexOf("veb9") ?? 0 };
		documents.change(PF, 2, [{ range: { start, end: { line: 1, character: start.character + 4 } }, text: "em0" }]);
		codes();
		const making = work.get("file:///h model");
		while (making?.() === true);
		expect(codes()).toEqual([]);
	});

	test("who needs it has it at once", async () => {
		const { documents, codes } = await opened(LARGE);
		codes();
		await documents.hostAt("file:///h/etc");
		expect(codes()).toEqual(["host/rule-in-on-veb"]);
	});
});
