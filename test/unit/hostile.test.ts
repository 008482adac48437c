import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { checkFiles, expandFile, isConfigurationFile, isPolicyTestFile, testFiles } from "../../server/src/features/check.ts";
import { routes } from "../../server/src/lsp/server.ts";
import { able, started, type TestClient } from "../../server/src/lsp/testing.ts";
import { memoryWorkspace } from "../../server/src/workspace.ts";
import { nightly } from "../share.ts";
import { effort, type HostileEdit, hostileEdit, hostileHost, hostileWrite } from "./hostile.ts";
import { languageOf } from "./hosts.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
const MINUTE = 60_000;

const unhandled: unknown[] = [];
const keep = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
	unhandled.length = 0;
	process.on("unhandledRejection", keep);
});
afterEach(async () => {
	vi.useRealTimers();
	await new Promise((resolve) => setImmediate(resolve));
	process.off("unhandledRejection", keep);
	expect(unhandled).toEqual([]);
});

const onDisk = (files: ReadonlyMap<string, string>, root: string): Record<string, string> =>
	Object.fromEntries([...files].map(([path, text]) => [root + path, text]));

test(
	"check, expand and test answer whatever the files say",
	async () => {
		await fc.assert(
			fc.asyncProperty(hostileHost, async (files) => {
				const workspace = memoryWorkspace(onDisk(files, "file:///host"), ["file:///host"]);
				const uris = [...files.keys()].map((path) => `file:///host${path}`);
				const checked = await checkFiles(workspace, uris.filter(isConfigurationFile));
				expect([...checked.keys()]).toEqual(uris.filter(isConfigurationFile));
				for (const uri of uris) await expandFile(workspace, uri);
				await testFiles(workspace, uris.filter(isPolicyTestFile));
			}),
			effort(20, 3),
		);
	},
	10 * MINUTE,
);

/** What an editor asks about a file that it shows. */
const shown = ["diagnostic", "semanticTokens", "documentSymbol", "foldingRange", "documentLink", "codeLens", "inlayHint"] as const;
const whole = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };

/** Lets all come to its end that the server does by itself. */
async function quiet(client: TestClient): Promise<void> {
	do {
		await client.settled();
		await vi.advanceTimersByTimeAsync(1000);
		await client.settled();
	} while (vi.getTimerCount() > 0);
}

/** Waits for an answer or an error; a request that lets others in between waits for a timer, and the timers here stand still. */
async function answered(asked: Promise<unknown>): Promise<void> {
	let isOver = false;
	const over = (): void => {
		isOver = true;
	};
	asked.then(over, over);
	while (!isOver) await vi.advanceTimersByTimeAsync(1);
}

async function answersOf(client: TestClient, uris: readonly string[]): Promise<readonly unknown[]> {
	for (const uri of uris) await client.ask("textDocument/diagnostic", { textDocument: { uri } });
	await quiet(client);
	const answers: unknown[] = [];
	for (const uri of uris) {
		for (const name of shown) {
			const answer = await client.ask<object>(routes[name].method, { textDocument: { uri }, range: whole });
			answers.push({ uri, name, answer: { ...answer, resultId: undefined } });
		}
	}
	return answers;
}

test(
	"the server answers whatever is typed, as one that never saw anything else",
	async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const disk: Record<string, string> = {};
		const capabilities = { ...able, workspace: { ...able.workspace, didChangeWatchedFiles: {} } };
		const client = await started({ files: disk, folders: [], capabilities });
		const methods = Object.values(routes).map(({ method }) => method);
		let round = 0;
		let before: number | undefined;
		/** Hosts are looked at one after the other: what is kept of one that is gone is a leak. */
		const heap = (): number => {
			collect();
			return process.memoryUsage().heapUsed;
		};
		const asking = fc.record({ method: fc.constantFrom(...methods), line: fc.nat(40), character: fc.nat(60), nonsense: fc.jsonValue() });
		const step = fc.oneof({ weight: 6, arbitrary: hostileEdit }, { weight: 1, arbitrary: hostileWrite }, { weight: 2, arbitrary: asking });
		await fc.assert(
			fc.asyncProperty(
				hostileHost,
				fc.array(fc.boolean(), { minLength: 1 }),
				fc.array(step, { maxLength: 30 }),
				async (files, opened, steps) => {
					const root = `file:///host${++round}`;
					for (const uri of Object.keys(disk)) delete disk[uri];
					Object.assign(disk, onDisk(files, root));
					await client.tell("workspace/didChangeWorkspaceFolders", { event: { added: [{ uri: root, name: root }], removed: [] } });
					const texts = new Map(
						[...files].filter(([path], index) => languageOf(path) !== undefined && opened[index % opened.length] === true),
					);
					const paths = [...texts.keys()];
					const uris = paths.map((path) => root + path);
					for (const [path, text] of texts) await client.open(root + path, languageOf(path) ?? "", text);
					// An editor asks about what it shows; sometimes somebody types before it does.
					if (opened.length % 3 > 0) for (const uri of uris) await client.ask("textDocument/diagnostic", { textDocument: { uri } });
					for (const [index, one] of steps.entries()) {
						if ("file" in one) await typed(client, root, texts, one, index + 2);
						else if ("path" in one) {
							const uri = root + one.path;
							if (one.written === undefined) delete disk[uri];
							else disk[uri] = one.written;
							await client.tell("workspace/didChangeWatchedFiles", { changes: [{ uri, type: one.written === undefined ? 3 : 2 }] });
						} else {
							const textDocument = { uri: uris[one.line % uris.length] ?? root };
							const position = { line: one.line, character: one.character };
							const params = {
								textDocument,
								position,
								range: { start: position, end: position },
								uri: textDocument.uri,
								etc: `${root}/etc`,
							};
							// Whether it is an answer or an error: the next one is answered.
							await answered(client.ask(one.method, params));
							if (typeof one.nonsense === "object" && one.nonsense !== null) await answered(client.ask(one.method, one.nonsense));
						}
					}
					const answers = await answersOf(client, uris);

					Object.assign(disk, onDisk(texts, root));
					const fresh = await started({ files: disk, folders: [root], capabilities });
					for (const [path, text] of texts) await fresh.open(root + path, languageOf(path) ?? "", text);
					expect(answers).toEqual(await answersOf(fresh, uris));
					fresh.dispose();

					for (const uri of uris) await client.close(uri);
					await client.tell("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri: root, name: root }] } });
					await quiet(client);
					client.heard.length = 0;
					if (round === 20) before = heap();
				},
			),
			effort(25, 7),
		);
		if (before !== undefined) expect(heap() - before).toBeLessThan(50_000_000);
		client.dispose();
	},
	20 * MINUTE,
);

/** Changes a file as an editor does, and `texts` with it. */
async function typed(client: TestClient, root: string, texts: Map<string, string>, edit: HostileEdit, version: number): Promise<void> {
	const paths = [...texts.keys()];
	const path = paths[edit.file % Math.max(1, paths.length)];
	if (path === undefined) return;
	const editor = TextDocument.create(path, "", version, texts.get(path) ?? "");
	const start = edit.start % (editor.getText().length + 1);
	const range = { start: editor.positionAt(start), end: editor.positionAt(start + edit.length) };
	const contentChanges = [{ range, text: edit.text }];
	TextDocument.update(editor, contentChanges, version);
	texts.set(path, editor.getText());
	await client.tell("textDocument/didChange", { textDocument: { uri: root + path, version }, contentChanges });
}

test("the night's run is longer", () => {
	expect(effort(1, 1).numRuns).toBe(nightly ? Number.MAX_SAFE_INTEGER : 1);
});
