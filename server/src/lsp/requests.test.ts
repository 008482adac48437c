import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CancellationTokenSource, HoverRequest, LSPErrorCodes } from "vscode-languageserver";
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { readHost } from "../../../test/unit/hosts.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { documentRoute } from "./route.ts";
import { routes } from "./server.ts";
import { ServerState } from "./state.ts";
import { ROOT, started, type TestClient } from "./testing.ts";

/** A whole host, on which every request has something to say. */
const host = readHost("corrected");
const etc = `${ROOT}/etc`;
const files = Object.fromEntries([...host].map(([path, text]) => [`${ROOT}${path}`, text]));
const pf = `${etc}/pf.conf`;
const vm = `${etc}/vm.conf`;
const tests = `${etc}/policy.pftest`;

/** A file of a host of its own, in which an editor has something to mend. */
const untidy = "file:///untidy/etc/vm.conf";
files[untidy] = 'vm "a" {\ndisk "/a"\ninterface { switch "s" }\n}\n';

/** Where a text stands in a file, so many characters behind its start. */
function at(uri: string, text: string, behind = 1): { textDocument: { uri: string }; position: { line: number; character: number } } {
	const before = (files[uri] ?? "").slice(0, (files[uri] ?? "").indexOf(text) + behind).split("\n");
	return { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
}

const nowhere = "file:///nowhere/etc/pf.conf";

/** The whole of a file. */
const all = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
const textDocument = { uri: pf };
const options = { tabSize: 8, insertSpaces: false };
const pattern = { etc, pattern: "guest", answers: {} };

interface Case {
	/** What is asked; a function where it needs the answer to another request. */
	readonly params: object | ((client: TestClient) => Promise<object>);
	/** What is answered, as far as it shows that it is the answer to this question. */
	readonly answer: unknown;
	/** What is answered for a document that is not known; absent where the request is about none. */
	readonly unknown?: unknown;
}

/** The edit that indents a line. */
const indent = (line: number): unknown => ({
	range: { start: { line, character: 0 }, end: { line, character: 0 } },
	newText: "\t",
});
const some = (what: object): unknown => expect.arrayContaining([expect.objectContaining(what)]);
const resultId = expect.any(String);

/** A request without a case does not compile. */
const cases: Readonly<Record<keyof typeof routes, Case>> = {
	completion: {
		params: at(pf, "proto tcp", 6),
		answer: expect.objectContaining({ isIncomplete: false, items: some({ label: "udp" }) }),
		unknown: null,
	},
	completionResolve: {
		params: async (client) => {
			const { items } = await client.ask<{ items: { label: string }[] }>("textDocument/completion", at(pf, "proto tcp", 6));
			return items.find(({ label }) => label === "udp") ?? {};
		},
		answer: expect.objectContaining({ label: "udp" }),
	},
	hover: { params: at(pf, "nat-to"), answer: { contents: expect.anything(), range: expect.anything() }, unknown: null },
	signatureHelp: {
		params: at(vm, "memory 1G", "memory ".length),
		answer: expect.objectContaining({ signatures: expect.anything() }),
		unknown: null,
	},
	definition: { params: at(pf, "$wan", 2), answer: some({ uri: pf }), unknown: [] },
	references: {
		params: { ...at(pf, "wan "), context: { includeDeclaration: true } },
		answer: some({ uri: pf }),
		unknown: [],
	},
	documentHighlight: { params: at(pf, "wan "), answer: some({ range: expect.anything() }), unknown: [] },
	documentSymbol: { params: { textDocument }, answer: some({ name: "wan" }), unknown: [] },
	workspaceSymbol: { params: { query: "web01" }, answer: some({ name: "web01" }) },
	documentLink: { params: { textDocument }, answer: some({ target: `${etc}/pf.vm/web01.conf` }), unknown: [] },
	callHierarchy: { params: at(pf, '"vm/web01"', 2), answer: some({ name: "vm/web01" }), unknown: null },
	incomingCalls: { params: calls, answer: some({ from: expect.anything() }) },
	outgoingCalls: {
		params: async (client) => {
			const [call] = await client.ask<{ from: object }[]>("callHierarchy/incomingCalls", await calls(client));
			return { item: call?.from };
		},
		answer: some({ to: expect.objectContaining({ name: "vm/db01" }) }),
	},
	prepareRename: { params: at(pf, "wan "), answer: expect.objectContaining({ placeholder: "wan" }), unknown: null },
	rename: {
		params: { ...at(pf, "wan "), newName: "outside" },
		answer: { changes: { [pf]: some({ newText: "outside" }) } },
		unknown: null,
	},
	linkedEditing: { params: at(pf, "wan "), answer: expect.objectContaining({ ranges: expect.anything() }), unknown: null },
	codeAction: {
		params: { textDocument: { uri: untidy }, range: all, context: { diagnostics: [] } },
		answer: some({ kind: "quickfix" }),
		unknown: [],
	},
	codeActionResolve: {
		params: async (client) => {
			const [fix] = await client.ask<{ title: string; diagnostics: { code: string; range: { start: object } }[] }[]>(
				"textDocument/codeAction",
				{ textDocument: { uri: untidy }, range: all, context: { diagnostics: [], only: ["quickfix"] } },
			);
			const [finding] = fix?.diagnostics ?? [];
			return { title: fix?.title, data: { uri: untidy, code: finding?.code, at: finding?.range.start } };
		},
		answer: expect.objectContaining({ edit: { changes: { [untidy]: some({ newText: expect.any(String) }) } } }),
	},
	formatting: { params: { textDocument: { uri: untidy }, options }, answer: [indent(1), indent(2)], unknown: [] },
	rangeFormatting: {
		params: { textDocument: { uri: untidy }, options, range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } } },
		answer: [indent(1)],
		unknown: [],
	},
	onTypeFormatting: { params: { ...at(untidy, "}\n}"), ch: "}", options }, answer: [indent(2)], unknown: [] },
	foldingRange: { params: { textDocument }, answer: some({ startLine: expect.any(Number) }), unknown: [] },
	selectionRange: {
		params: { textDocument, positions: [at(pf, "nat-to").position] },
		answer: [expect.objectContaining({ parent: expect.anything() })],
		unknown: [],
	},
	inlayHint: { params: { textDocument, range: all }, answer: some({ label: expect.anything() }), unknown: [] },
	codeLens: { params: { textDocument }, answer: some({ range: expect.anything() }), unknown: [] },
	codeLensResolve: {
		params: async (client) =>
			(await client.ask<{ command?: object }[]>("textDocument/codeLens", { textDocument })).find(({ command }) => command === undefined) ??
			{},
		answer: expect.objectContaining({ command: expect.objectContaining({ title: expect.any(String) }) }),
	},
	semanticTokens: { params: { textDocument }, answer: { resultId, data: expect.arrayContaining([1]) }, unknown: { data: [] } },
	semanticTokensDelta: {
		params: async (client) => ({
			textDocument,
			previousResultId: (await client.ask<{ resultId: string }>("textDocument/semanticTokens/full", { textDocument })).resultId,
		}),
		answer: { resultId, edits: [] },
		unknown: { data: [] },
	},
	semanticTokensRange: { params: { textDocument, range: all }, answer: { data: expect.arrayContaining([1]) }, unknown: { data: [] } },
	diagnostic: { params: { textDocument }, answer: { kind: "full", resultId, items: [] }, unknown: { kind: "full", items: [] } },
	workspaceDiagnostic: {
		params: { previousResultIds: [{ uri: nowhere, value: "9" }] },
		answer: {
			items: expect.arrayContaining([
				{ kind: "full", resultId, uri: untidy, version: 1, items: some({ code: "vm/unknown-switch" }) },
				{ kind: "full", uri: nowhere, version: null, items: [] },
			]),
		},
	},

	textDocumentContent: {
		params: { uri: `openbsd-vnet:pf.conf?${encodeURIComponent(pf)}` },
		answer: { text: expect.stringContaining("nat-to (em0)") },
		unknown: { text: "# Nothing to show for this file.\n" },
	},
	release: { params: { uri: pf }, answer: expect.objectContaining({ by: "newest", known: true }), unknown: null },
	hosts: { params: {}, answer: some({ name: "host", etc }) },
	checkHosts: { params: {}, answer: expect.any(Number) },
	hostFiles: { params: { uri: pf }, answer: [...host.keys()].map((path) => `${ROOT}${path}`), unknown: [] },
	patterns: { params: {}, answer: some({ name: "guest" }) },
	patternQuestion: { params: pattern, answer: expect.objectContaining({ id: expect.any(String) }) },
	patternCheck: { params: { ...pattern, id: "nonsense", answer: "" }, answer: expect.stringContaining("nonsense") },
	patternEdits: { params: pattern, answer: { files: [], problems: [expect.any(String)], unmet: [], disks: [] } },
	liveEdits: { params: { etc }, answer: [] },
	madeLinks: {
		params: { uri: pf },
		// Those of its own rules, and of an anchor's that it loads.
		answer: some({ target: expect.objectContaining({ uri: `${ROOT}/etc/pf.vm/web01.conf` }) }),
		unknown: null,
	},
	ruleset: { params: { etc }, answer: { text: expect.stringContaining("block drop log all") } },
	upgrade: { params: { etc, from: "7.7", to: "7.9" }, answer: expect.objectContaining({ markdown: expect.stringContaining("### ") }) },
	topology: { params: { etc }, answer: expect.objectContaining({ name: "host", nodes: some({ id: "link:tap3" }) }) },
	topologyPaths: { params: { etc, from: "guest:web01", to: "outside" }, answer: expect.objectContaining({ from: "web01", to: "outside" }) },
	trace: {
		params: { uri: pf, from: "outside", to: "web01", protocol: "tcp", port: 80 },
		answer: expect.objectContaining({ text: "outside reaches web01 by tcp 80" }),
		unknown: null,
	},
	traceEnds: {
		params: { uri: vm, position: at(vm, 'vm "db01"', 4).position },
		answer: { ends: expect.arrayContaining([expect.objectContaining({ name: "web01" })]), suggested: { from: "db01" } },
		unknown: null,
	},
	policyTests: { params: { uri: tests, run: true }, answer: some({ result: "passed" }), unknown: null },
	matrix: { params: { uri: pf }, answer: expect.objectContaining({ host: "host", ends: expect.arrayContaining(["db01"]) }), unknown: null },
	difference: {
		params: { uri: pf, before: [{ uri: pf, text: "block\n" }] },
		answer: some({ kind: "opens", to: "host" }),
		unknown: null,
	},
	partners: { params: { uri: pf }, answer: [], unknown: null },
	exposure: {
		params: { uri: pf },
		answer: { host: expect.any(String), markdown: expect.stringContaining("| packets | to | decided by |") },
		unknown: null,
	},
	packetChanges: {
		params: { uri: pf, before: [{ uri: pf, text: "block\n" }] },
		answer: expect.objectContaining({ isWhole: true, changes: some({ before: "block drop" }) }),
		unknown: null,
	},
};

async function calls(client: TestClient): Promise<object> {
	const [item] = await client.ask<object[]>("textDocument/prepareCallHierarchy", at(pf, '"vm/web01"', 2));
	return { item };
}

let client: TestClient;
beforeAll(async () => {
	client = await started({ files });
	await client.open(pf, "openbsd-pf", files[pf] ?? "");
	await client.open(vm, "openbsd-vm", files[vm] ?? "");
	await client.open(untidy, "openbsd-vm", files[untidy] ?? "");
	await client.ask("textDocument/diagnostic", { textDocument });
});
afterAll(() => client.dispose());

const table = Object.entries(routes).map(([name, { method }]) => ({ method, ...cases[name as keyof typeof routes] }));
const paramsOf = ({ params }: Case): object | Promise<object> => (typeof params === "function" ? params(client) : params);

describe("every method is answered", () => {
	test.each(table)("$method", async (one) => {
		expect(await client.ask(one.method, await paramsOf(one))).toEqual(one.answer);
	});

	test("under one name", () => {
		expect(new Set(table.map(({ method }) => method)).size).toBe(table.length);
	});
});

describe("a document that is not known has no answer", () => {
	test.each(table.filter(({ unknown }) => unknown !== undefined))("$method", async (one) => {
		const params = { ...(await paramsOf(one)), textDocument: { uri: nowhere }, uri: nowhere };
		expect(await client.ask(one.method, params)).toEqual(one.unknown);
	});
});

describe("a request that is cancelled before it is looked at is answered so", () => {
	// Those without parameters are answered in no time.
	const cancellable = table.filter(({ method }) => !["openbsdVnet/hosts", "openbsdVnet/patterns"].includes(method));
	test.each(cancellable)("$method", async (one) => {
		const params = await paramsOf(one);
		const cancel = new CancellationTokenSource();
		let answer: Promise<unknown> = Promise.resolve();
		await client.together(async () => {
			answer = client.ask(one.method, params, cancel.token);
			cancel.cancel();
			// What is written after it is written behind it.
			await client.tell("$/setTrace", { value: "off" });
		});
		await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
	});
});

describe("a request that is cancelled", () => {
	/** A workspace that lists nothing before it is let to. */
	function slow(): { readonly workspace: Workspace; readonly asked: Promise<void>; readonly go: () => void } {
		let [go, heard] = [() => {}, () => {}];
		const held = new Promise<void>((resolve) => (go = resolve));
		const asked = new Promise<void>((resolve) => (heard = resolve));
		const sound = memoryWorkspace(files, [ROOT]);
		const list = async (uri: string) => {
			heard();
			await held;
			return await sound.list(uri);
		};
		return { workspace: { ...sound, list }, asked, go: () => go() };
	}

	test.each(["textDocument/hover", "textDocument/diagnostic", "openbsdVnet/trace", "workspace/symbol", "openbsdVnet/topology"])(
		"while the files of its host are read: %s",
		async (method) => {
			const { workspace, asked, go } = slow();
			const waiting = await started({ workspace });
			await waiting.open(pf, "openbsd-pf", files[pf] ?? "");
			const cancel = new CancellationTokenSource();
			const one = table.find((each) => each.method === method);
			const answer = waiting.ask(method, one?.params, cancel.token);
			await asked;
			cancel.cancel();
			await waiting.settled();
			go();
			await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
			waiting.dispose();
		},
	);

	test("is not computed", async () => {
		const { workspace, asked, go } = slow();
		const connection = createConnection(new StreamMessageReader(new PassThrough()), new StreamMessageWriter(new PassThrough()));
		let serve: ((params: object, token: object) => Promise<unknown>) | undefined;
		vi.spyOn(connection, "onRequest").mockImplementation((...given: unknown[]) => {
			serve = given[1] as typeof serve;
			return { dispose() {} };
		});
		const state = new ServerState(connection, workspace);
		state.documents.open(pf, "openbsd-pf", 1, "pass\n");
		const make = vi.fn(() => null);
		documentRoute(HoverRequest.type, null, make, { loaded: true }).serve(state);
		const cancel = new CancellationTokenSource();
		const answer = serve?.({ textDocument }, cancel.token);
		await asked;
		cancel.cancel();
		go();
		await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
		await expect(serve?.({ textDocument }, cancel.token)).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
		expect(make).not.toHaveBeenCalled();
		await serve?.({ textDocument }, new CancellationTokenSource().token);
		expect(make).toHaveBeenCalledOnce();
		connection.dispose();
	});
});

test("a fix that is not needed any more is told as that", async () => {
	const heard = client.hears("window/showMessageRequest");
	await client.ask("codeAction/resolve", { title: "Mend it", data: { uri: untidy, code: "vm/none", at: { line: 0, character: 0 } } });
	expect((await heard).params).toMatchObject({ message: "The files have changed since: 'Mend it' is not needed any more." });
});
