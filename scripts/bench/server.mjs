// The language server as an editor has it: a process of its own, asked over its standard input, and how much memory it has.
// Usage, after `npx tsc -b`: node scripts/bench/server.mjs [lines]. With the flags that Node itself was given, as VS Code gives its server some
// (client/src/serverFlags.ts): node --expose-gc --max-semi-space-size=4 scripts/bench/server.mjs
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { root } from "../lib/repository.mjs";
import { percentile } from "./lib/percentile.mjs";
import { guestsOf, rulesOf } from "./lib/samples.mjs";

const flags = process.execArgv;
const SIZE = Number(process.argv[2] ?? 10_000);
const ROUNDS = 100;
const WARM = 20;
/** How many files a workspace has, each of so many lines. */
const FILES = 50;
const LINES = 200;

/** A server with a connection to it. */
async function started(folder) {
	const program = [join(root, "cli/bin/openbsd-vnet.js"), "lsp", "--stdio"];
	const child = spawn(process.execPath, [...flags, ...program], { stdio: ["pipe", "pipe", "inherit"] });
	const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
	connection.onRequest("workspace/configuration", ({ items }) => items.map(() => ({})));
	connection.onRequest("client/registerCapability", () => null);
	connection.onRequest("workspace/diagnostic/refresh", () => null);
	connection.listen();
	const uri = pathToFileURL(folder).href;
	const capabilities = {
		textDocument: {
			diagnostic: {},
			semanticTokens: { requests: { full: { delta: true } }, tokenTypes: [], tokenModifiers: [], formats: ["relative"] },
		},
		workspace: { configuration: true, diagnostics: { refreshSupport: true } },
	};
	await connection.sendRequest("initialize", {
		processId: process.pid,
		rootUri: uri,
		workspaceFolders: [{ uri, name: "bench" }],
		capabilities,
	});
	await connection.sendNotification("initialized", {});
	return { child, connection };
}

/** The memory of a process, in MB: with and without what it shares with others, which is Node's program. */
function memoryOf({ pid }) {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const [resident, own] = ["VmRSS", "RssAnon"].map((field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1000);
	return `${own?.toFixed(0)} MB of its own (${resident?.toFixed(0)} resident)`;
}

async function latencies(folder) {
	const { child, connection } = await started(folder);
	const uri = pathToFileURL(join(folder, "etc/pf.conf")).href;
	const text = rulesOf(SIZE);
	const lines = text.split("\n");
	const middle = Math.floor(lines.length / 2);
	const line = lines.findIndex((one, index) => index > middle && one.includes("$ext_if inet proto tcp"));
	const position = (word) => ({ line, character: (lines[line] ?? "").indexOf(word) + word.length });
	await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "openbsd-pf", version: 1, text } });
	const textDocument = { uri };
	const requests = {
		diagnostics: () => connection.sendRequest("textDocument/diagnostic", { textDocument }),
		completion: () => connection.sendRequest("textDocument/completion", { textDocument, position: position("proto ") }),
		hover: () => connection.sendRequest("textDocument/hover", { textDocument, position: position("$ext") }),
		definition: () => connection.sendRequest("textDocument/definition", { textDocument, position: position("$ext") }),
	};
	let version = 2;
	let typed = false;
	const keystroke = () => {
		const at = position("port { 22");
		typed = !typed;
		const range = typed ? { start: at, end: at } : { start: at, end: { line, character: at.character + 1 } };
		return connection.sendNotification("textDocument/didChange", {
			textDocument: { uri, version: version++ },
			contentChanges: [{ range, text: typed ? "2" : "" }],
		});
	};
	const times = {};
	for (const [name, ask] of Object.entries(requests)) {
		const own = [];
		for (let round = -WARM; round < ROUNDS; round++) {
			const start = performance.now();
			await keystroke();
			await ask();
			if (round >= 0) own.push(performance.now() - start);
			// As fast as somebody types, so that what the server does in between is in the way as it would be.
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		times[name] = { "median (ms)": percentile(own, 0.5).toFixed(1), "p99 (ms)": percentile(own, 0.99).toFixed(1) };
	}
	const memory = memoryOf(child);
	connection.dispose();
	child.kill();
	return { times, memory };
}

async function memoryOfWorkspace(folder) {
	const { child, connection } = await started(folder);
	const empty = memoryOf(child);
	for (let i = 0; i < FILES; i++) {
		const [path, languageId, text] =
			i % 2 === 0 ? [`h${i}/etc/pf.conf`, "openbsd-pf", rulesOf(LINES)] : [`h${i}/etc/vm.conf`, "openbsd-vm", guestsOf(LINES)];
		const textDocument = { uri: pathToFileURL(join(folder, path)).href };
		await connection.sendNotification("textDocument/didOpen", { textDocument: { ...textDocument, languageId, version: 1, text } });
		for (const request of ["diagnostic", "semanticTokens/full", "documentSymbol", "foldingRange"])
			await connection.sendRequest(`textDocument/${request}`, { textDocument });
	}
	// What is done in the background comes first.
	await new Promise((resolve) => setTimeout(resolve, 2000));
	const busy = memoryOf(child);
	await new Promise((resolve) => setTimeout(resolve, 20_000));
	const paused = memoryOf(child);
	connection.dispose();
	child.kill();
	return { empty, busy, paused };
}

const folder = mkdtempSync(join(tmpdir(), "vnet-bench-"));
try {
	await mkdir(join(folder, "etc"));
	writeFileSync(join(folder, "etc/pf.conf"), "");
	const { times, memory } = await latencies(folder);
	console.log(`A keystroke and an answer over the protocol, pf.conf of ${SIZE} lines (memory: ${memory})`);
	console.table(times);
	rmSync(join(folder, "etc"), { recursive: true });
	const { empty, busy, paused } = await memoryOfWorkspace(folder);
	console.log(`Memory of the server with no file: ${empty}; with ${FILES} files of ${LINES} lines: ${busy}; 20 s later: ${paused}`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
