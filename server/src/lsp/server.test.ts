import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import {
	createConnection,
	createProtocolConnection,
	type ProtocolConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from "vscode-languageserver/node";
import type { InitializationOptions } from "../protocol.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { startServer } from "./server.ts";

const open: ProtocolConnection[] = [];
afterEach(() => {
	for (const connection of open.splice(0)) connection.dispose();
});

const ROOT = "file:///host";
const uri = `${ROOT}/etc/vm.conf`;
const TEXT = 'switch "lan" {\n\tinterface veb0\n}\nvm "web" {\n\tdisk "/w.img"\n\tinterface { switch "lan" }\n}\n';

/** A client that is connected to a server over streams, as over standard input and output. */
async function client(
	capabilities: object,
	initializationOptions: InitializationOptions = {},
	workspace: Workspace = memoryWorkspace({}, [ROOT]),
): Promise<ProtocolConnection> {
	const there = new PassThrough();
	const back = new PassThrough();
	startServer(createConnection(new StreamMessageReader(there), new StreamMessageWriter(back)), workspace);
	const connection = createProtocolConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
	open.push(connection);
	connection.listen();
	await connection.sendRequest("initialize", { processId: null, rootUri: ROOT, capabilities, initializationOptions });
	await connection.sendNotification("initialized", {});
	return connection;
}

async function openText(connection: ProtocolConnection, text: string): Promise<void> {
	await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "openbsd-vm", version: 1, text } });
}

const pulling = { textDocument: { diagnostic: {} } };

test("diagnostics are pushed to a client that does not pull", async () => {
	const connection = await client({});
	const pushed = new Promise<{ uri: string; version?: number; diagnostics: { code: string }[] }>((resolve) => {
		connection.onNotification("textDocument/publishDiagnostics", resolve);
	});
	await openText(connection, TEXT.replace('"lan" }', '"wan" }'));
	const { diagnostics, version } = await pushed;
	expect(version).toBe(1);
	expect(diagnostics.map(({ code }) => code)).toContain("vm/unknown-switch");
});

test("diagnostics are pulled, and said to be unchanged where they are", async () => {
	const connection = await client(pulling);
	await openText(connection, TEXT.replace('"lan" }', '"wan" }'));
	type Report = { kind: string; resultId: string; items?: { code: string; codeDescription?: { href: string } }[] };
	const first = await connection.sendRequest<Report>("textDocument/diagnostic", { textDocument: { uri } });
	expect(first.items?.map(({ code }) => code)).toContain("vm/unknown-switch");
	const again = await connection.sendRequest<Report>("textDocument/diagnostic", {
		textDocument: { uri },
		previousResultId: first.resultId,
	});
	expect(again).toEqual({ kind: "unchanged", resultId: first.resultId });
	// A comment at the end moves no diagnostic.
	await connection.sendNotification("textDocument/didChange", {
		textDocument: { uri, version: 2 },
		contentChanges: [{ range: { start: { line: 7, character: 0 }, end: { line: 7, character: 0 } }, text: "# end\n" }],
	});
	const third = await connection.sendRequest<Report>("textDocument/diagnostic", {
		textDocument: { uri },
		previousResultId: first.resultId,
	});
	expect(third.kind).toBe("unchanged");
	await connection.sendNotification("textDocument/didChange", { textDocument: { uri, version: 3 }, contentChanges: [{ text: TEXT }] });
	const mended = await connection.sendRequest<Report>("textDocument/diagnostic", {
		textDocument: { uri },
		previousResultId: first.resultId,
	});
	expect(mended.items?.map(({ code }) => code)).not.toContain("vm/unknown-switch");
});

test("the codes of diagnostics link to their page where the client has one", async () => {
	const connection = await client(pulling, { documentation: "file:///docs" });
	await openText(connection, TEXT.replace('"lan" }', '"wan" }'));
	const { items } = await connection.sendRequest<{ items: { code: string; codeDescription?: { href: string } }[] }>(
		"textDocument/diagnostic",
		{ textDocument: { uri } },
	);
	expect(items.find(({ code }) => code === "vm/unknown-switch")?.codeDescription?.href).toBe(
		"file:///docs/diagnostics.md#vmunknown-switch",
	);
});

test("tokens after an edit are sent as the edit of those before", async () => {
	const connection = await client(pulling);
	await openText(connection, TEXT);
	const textDocument = { uri };
	const first = await connection.sendRequest<{ resultId: string; data: number[] }>("textDocument/semanticTokens/full", { textDocument });
	await connection.sendNotification("textDocument/didChange", {
		textDocument: { uri, version: 2 },
		contentChanges: [{ range: { start: { line: 1, character: 11 }, end: { line: 1, character: 15 } }, text: "bridge10" }],
	});
	const delta = await connection.sendRequest<{ edits: { start: number; deleteCount: number; data?: number[] }[] }>(
		"textDocument/semanticTokens/full/delta",
		{ textDocument, previousResultId: first.resultId },
	);
	const patched = [...first.data];
	for (const { start, deleteCount, data = [] } of delta.edits) patched.splice(start, deleteCount, ...data);
	const full = await connection.sendRequest<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument });
	expect(patched).toEqual(full.data);
	expect(patched).not.toEqual(first.data);
});

test("a request about a file that is not known is answered with nothing", async () => {
	const connection = await client(pulling);
	const at = { textDocument: { uri: "file:///nowhere/etc/vm.conf" }, position: { line: 0, character: 0 } };
	expect(await connection.sendRequest("textDocument/hover", at)).toBeNull();
	expect(await connection.sendRequest("textDocument/completion", at)).toBeNull();
	expect(await connection.sendRequest("textDocument/definition", at)).toEqual([]);
});

test("a rename that cannot be is refused with the reason", async () => {
	const connection = await client(pulling);
	await openText(connection, TEXT);
	const at = { textDocument: { uri }, position: { line: 0, character: 9 } };
	await expect(connection.sendRequest("textDocument/rename", { ...at, newName: "x".repeat(70) })).rejects.toThrow("longer than 63 bytes");
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
	const connection = await client(pulling, {}, slow);
	await openText(connection, 'switch "lan" {\n\tinterface \n}\n');
	const at = { textDocument: { uri }, position: { line: 1, character: 11 } };
	type List = { isIncomplete: boolean; items: { label: string }[] };
	const first = await connection.sendRequest<List>("textDocument/completion", at);
	expect(first.isIncomplete).toBe(true);
	expect(first.items.map(({ label }) => label)).not.toContain("veb7");
	release();
	await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
	const then = await connection.sendRequest<List>("textDocument/completion", at);
	expect(then.isIncomplete).toBe(false);
	expect(then.items.map(({ label }) => label)).toContain("veb7");
});
