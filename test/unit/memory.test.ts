/** What the server costs the machine: the figure that its issue asks for, measured on the process that VS Code starts. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { serverFlags } from "../../client/src/serverFlags.ts";
import { buildCommand } from "./command.ts";

/** The bench's own files, which have no types. */
const samples: Record<"rulesOf" | "guestsOf", (lines: number) => string> = await import(
	new URL("../../scripts/bench/lib/samples.mjs", import.meta.url).href
);

const MOST_MB = 80;
/** A pause, and what the server does in the background before it. */
const PATIENCE = 60_000;

/** The memory that a process has of its own, in MB; Node's program, which all of its processes share, is not in it. */
function ownMemory(pid: number | undefined): number {
	return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
}

test.skipIf(process.platform !== "linux")(
	`with 50 files open the server has no more than ${MOST_MB} MB of its own in a pause (read from Linux's /proc)`,
	async () => {
		const folder = mkdtempSync(join(tmpdir(), "vnet-memory-"));
		const child = spawn(process.execPath, [...serverFlags, await buildCommand(), "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
		const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
		try {
			connection.onRequest(() => null);
			connection.listen();
			await connection.sendRequest("initialize", { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: {} });
			await connection.sendNotification("initialized", {});
			let tokens = 0;
			for (let i = 0; i < 50; i++) {
				const [name, languageId, text] =
					i % 2 === 0 ? ["pf", "openbsd-pf", samples.rulesOf(200)] : ["vm", "openbsd-vm", samples.guestsOf(200)];
				const textDocument = { uri: pathToFileURL(join(folder, `h${i}/etc/${name}.conf`)).href };
				await connection.sendNotification("textDocument/didOpen", { textDocument: { ...textDocument, languageId, version: 1, text } });
				for (const request of ["diagnostic", "documentSymbol", "foldingRange"])
					await connection.sendRequest(`textDocument/${request}`, { textDocument });
				const { data } = await connection.sendRequest<{ data: readonly number[] }>("textDocument/semanticTokens/full", { textDocument });
				tokens += data.length / 5;
			}
			expect(tokens).toBeGreaterThan(50_000);
			const end = Date.now() + PATIENCE;
			while (ownMemory(child.pid) >= MOST_MB && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 500));
			expect(ownMemory(child.pid)).toBeLessThan(MOST_MB);
		} finally {
			connection.dispose();
			child.kill();
			rmSync(folder, { recursive: true, force: true });
		}
	},
);
