import { afterEach, expect, test } from "vitest";
import type { InitializationOptions } from "../protocol.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { able, connected, ROOT, started, type TestClient } from "./testing.ts";

const open: TestClient[] = [];
afterEach(() => {
	for (const client of open.splice(0)) client.dispose();
});

const uri = `${ROOT}/etc/vm.conf`;
const TEXT = 'switch "lan" {\n\tinterface veb0\n}\nvm "web" {\n\tdisk "/w.img"\n\tinterface { switch "lan" }\n}\n';

async function client(options: InitializationOptions = {}, workspace: Workspace = memoryWorkspace({}, [ROOT])): Promise<TestClient> {
	const one = await started({ options, workspace });
	open.push(one);
	return one;
}

test("diagnostics are pulled, and said to be unchanged where they are", async () => {
	const connection = await client();
	await connection.open(uri, "openbsd-vm", TEXT.replace('"lan" }', '"wan" }'));
	type Report = { kind: string; resultId: string; items?: { code: string; codeDescription?: { href: string } }[] };
	const first = await connection.ask<Report>("textDocument/diagnostic", { textDocument: { uri } });
	expect(first.items?.map(({ code }) => code)).toContain("vm/unknown-switch");
	const again = await connection.ask<Report>("textDocument/diagnostic", {
		textDocument: { uri },
		previousResultId: first.resultId,
	});
	expect(again).toEqual({ kind: "unchanged", resultId: first.resultId });
	// A comment at the end moves no diagnostic.
	await connection.tell("textDocument/didChange", {
		textDocument: { uri, version: 2 },
		contentChanges: [{ range: { start: { line: 7, character: 0 }, end: { line: 7, character: 0 } }, text: "# end\n" }],
	});
	const third = await connection.ask<Report>("textDocument/diagnostic", {
		textDocument: { uri },
		previousResultId: first.resultId,
	});
	expect(third.kind).toBe("unchanged");
	await connection.tell("textDocument/didChange", { textDocument: { uri, version: 3 }, contentChanges: [{ text: TEXT }] });
	const mended = await connection.ask<Report>("textDocument/diagnostic", {
		textDocument: { uri },
		previousResultId: first.resultId,
	});
	expect(mended.items?.map(({ code }) => code)).not.toContain("vm/unknown-switch");
});

test("the codes of diagnostics link to their page where the client has one", async () => {
	const connection = await client({ documentation: "file:///docs" });
	await connection.open(uri, "openbsd-vm", TEXT.replace('"lan" }', '"wan" }'));
	const { items } = await connection.ask<{ items: { code: string; codeDescription?: { href: string } }[] }>("textDocument/diagnostic", {
		textDocument: { uri },
	});
	expect(items.find(({ code }) => code === "vm/unknown-switch")?.codeDescription?.href).toBe(
		"file:///docs/diagnostics.md#vmunknown-switch",
	);
});

test("tokens after an edit are sent as the edit of those before", async () => {
	const connection = await client();
	await connection.open(uri, "openbsd-vm", TEXT);
	const textDocument = { uri };
	const first = await connection.ask<{ resultId: string; data: number[] }>("textDocument/semanticTokens/full", { textDocument });
	await connection.tell("textDocument/didChange", {
		textDocument: { uri, version: 2 },
		contentChanges: [{ range: { start: { line: 1, character: 11 }, end: { line: 1, character: 15 } }, text: "bridge10" }],
	});
	const delta = await connection.ask<{ edits: { start: number; deleteCount: number; data?: number[] }[] }>(
		"textDocument/semanticTokens/full/delta",
		{ textDocument, previousResultId: first.resultId },
	);
	const patched = [...first.data];
	for (const { start, deleteCount, data = [] } of delta.edits) patched.splice(start, deleteCount, ...data);
	const full = await connection.ask<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument });
	expect(patched).toEqual(full.data);
	expect(patched).not.toEqual(first.data);
});

test("a rename that cannot be is refused with the reason", async () => {
	const connection = await client();
	await connection.open(uri, "openbsd-vm", TEXT);
	const at = { textDocument: { uri }, position: { line: 0, character: 9 } };
	await expect(connection.ask("textDocument/rename", { ...at, newName: "x".repeat(70) })).rejects.toThrow("longer than 63 bytes");
});

test("a completion does not wait for a slow file system; asked again, it has the names of the other files", async () => {
	let release: () => void = () => undefined;
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	const files = memoryWorkspace({ [`${ROOT}/etc/hostname.veb7`]: "up\n" }, [ROOT]);
	const slow: Workspace = {
		folders: files.folders,
		read: async (of) => {
			if (of.includes("/etc/")) await released;
			return await files.read(of);
		},
		list: files.list,
	};
	const connection = await client({}, slow);
	await connection.open(uri, "openbsd-vm", 'switch "lan" {\n\tinterface \n}\n');
	const at = { textDocument: { uri }, position: { line: 1, character: 11 } };
	type List = { isIncomplete: boolean; items: { label: string }[] };
	const first = await connection.ask<List>("textDocument/completion", at);
	expect(first.isIncomplete).toBe(true);
	expect(first.items.map(({ label }) => label)).not.toContain("veb7");
	release();
	await connection.ask("textDocument/diagnostic", { textDocument: { uri } });
	const then = await connection.ask<List>("textDocument/completion", at);
	expect(then.isIncomplete).toBe(false);
	expect(then.items.map(({ label }) => label)).toContain("veb7");
});

test("initialize says what runs; messages are in the language that the client brings, or in that of its locale", async () => {
	const { serverVersion } = await import("../version.ts");
	for (const [initializationOptions, word] of [
		[undefined, "of the locale"],
		[{ translations: { 'switch "{0}" not found': "brought" } }, "brought"],
	] as const) {
		const one = connected({
			means: { translationsFor: (locale) => (locale === "zh-CN" ? { 'switch "{0}" not found': "of the locale" } : undefined) },
		});
		open.push(one);
		const given = {
			processId: null,
			rootUri: ROOT,
			capabilities: able,
			locale: "zh-CN",
			...(initializationOptions && { initializationOptions }),
		};
		expect(await one.ask("initialize", given)).toMatchObject({
			serverInfo: { name: "openbsd-vnet", version: serverVersion },
			capabilities: { hoverProvider: true },
		});
		await one.tell("initialized", {});
		await one.open(uri, "openbsd-vm", TEXT.replace('"lan" }', '"wan" }'));
		const { items } = await one.ask<{ items: { message: string }[] }>("textDocument/diagnostic", { textDocument: { uri } });
		expect(items.map(({ message }) => message).join()).toContain(word);
	}
});
