/** What the package exports, asked about files in memory: each question has an answer, and none about what is no file of ours. */
import { expect, test } from "vitest";
import { createLanguageService, trace } from "./library.ts";
import { memoryWorkspace } from "./workspace.ts";

const PF = 'wan = "em0"\nset skip on lo\nblock all\npass in on $wan proto tcp to port 80\n';
const start = { line: 0, character: 0 };
const macro = { line: 3, character: 13 };
const uri = "file:///h/etc/pf.conf";

test("answers about a file that was opened", async () => {
	const service = createLanguageService(memoryWorkspace({}));
	service.open(uri, `${PF}pas\n`);
	expect((await service.diagnostics(uri)).map(({ severity }) => severity)).toContain(1);
	service.open(uri, PF);
	expect((await service.hover(uri, macro))?.contents).toBeDefined();
	expect(await service.references(uri, macro)).toHaveLength(2);
	expect(await service.highlights(uri, macro)).toHaveLength(2);
	expect(await service.definition(uri, macro)).toHaveLength(1);
	expect((await service.completion(uri, { line: 4, character: 0 })).length).toBeGreaterThan(5);
	expect((await service.symbols(uri)).length).toBeGreaterThan(0);
	expect(await service.rename(uri, macro, "outside")).not.toBeNull();
	expect(await service.format(uri, { tabSize: 8, insertSpaces: false })).toBeInstanceOf(Array);
	expect(await service.codeActions(uri, { start, end: start })).toBeInstanceOf(Array);
	await service.signatureHelp(uri, macro);
	expect((await service.expanded(uri))?.text).toContain("pass in on em0");
	expect(await service.reachability(uri)).not.toBeNull();
	const before = new Map([[uri, "pass all\n"]]);
	expect(await service.changes(uri, before)).not.toBeNull();
	expect(await service.packetChanges(uri, before)).not.toBeNull();
	expect((await service.topology("file:///h/etc")).nodes).toBeInstanceOf(Array);
	await service.close(uri);
	await service.changed([uri]);
});

test("answers nothing about a file in none of the languages", async () => {
	const service = createLanguageService(memoryWorkspace({}));
	const other = "file:///h/etc/motd";
	service.open(other, "welcome\n");
	expect(await service.diagnostics(other)).toEqual([]);
	expect(await service.hover(other, start)).toBeNull();
	expect(await service.policyTests(other)).toBeNull();
});

test("traces a connection through files alone", async () => {
	const files = { "/etc/pf.conf": PF, "/etc/hostname.em0": "inet 192.0.2.1/24\n" };
	expect(await trace(files, { from: "outside", to: "host", protocol: "tcp", port: 80 })).not.toBeNull();
	expect(await trace({}, { from: "outside", to: "host", protocol: "tcp", port: 80 })).toBeNull();
});
