// What the files that nobody has open cost in a very large repository: hosts beside one that is open, and files of others. The server is
// a process of its own; its times are those of its own thread on the processor, so that what else the machine does is not counted.
// Usage, after `npx tsc -b`: node scripts/bench/closed-files.mjs [hosts] [other files]
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { root } from "../lib/repository.mjs";
import { percentile } from "./lib/percentile.mjs";

const HOSTS = Number(process.argv[2] ?? 200);
const OTHERS = Number(process.argv[3] ?? 2000);
/** All is told once nothing was for so many milliseconds of the server's own time, or of the clock where it rests. */
const SILENCE = 3000;

/** A host of five files, with a guest that nothing reaches. @param {number} i */
function filesOfHost(i) {
	const net = `10.${i >> 8}.${i & 255}`;
	return {
		"pf.conf": `set skip on lo\nmatch out on em0 inet from ${net}.0/24 nat-to (em0)\nblock log all\npass out on em0\npass in on em0 inet proto tcp to (em0) port 22\npass in on vport0 inet from ${net}.0/24 to ! (self)\n`,
		"vm.conf": `switch "lan" {\n\tinterface veb0\n}\nvm "web${i}" {\n\tmemory 1G\n\tdisk "/var/vm/web${i}.img"\n\tinterface tap1 { switch "lan" }\n}\nvm "db${i}" {\n\tmemory 1G\n\tdisk "/var/vm/db${i}.img"\n\tinterface tap2 { switch "wan" }\n}\n`,
		"hostname.em0": `inet 192.0.2.${(i % 250) + 1}/24\n`,
		"hostname.veb0": "add vport0\nup\n",
		"hostname.vport0": `inet ${net}.1/24\nup\n`,
	};
}

const folder = mkdtempSync(join(tmpdir(), "vnet-bench-"));
const write = (path, text) => {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), text);
};
for (let i = 0; i < HOSTS; i++) for (const [name, text] of Object.entries(filesOfHost(i))) write(`hosts/h${i}/etc/${name}`, text);
for (let i = 0; i < OTHERS; i++) write(`roles/r${i % 100}/files/f${i}.conf`, `# ${i}\nkey = value\n`);

/** Milliseconds that the server's thread has been on the processor. */
function onProcessor({ pid }) {
	return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

/** Opens one file under a setting, and types in it until all is told. @param {string} scope of the setting diagnostics.scope */
async function measured(scope) {
	const child = spawn(process.execPath, [join(root, "cli/bin/openbsd-vnet.js"), "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
	const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
	const settings = { diagnostics: { scope } };
	connection.onRequest("workspace/configuration", ({ items }) => items.map(() => settings));
	connection.onRequest("client/registerCapability", () => null);
	connection.onRequest("workspace/diagnostic/refresh", () => null);
	const findings = new Map();
	let last = performance.now();
	connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
		findings.set(uri, diagnostics.length);
		last = performance.now();
	});
	connection.listen();
	const at = pathToFileURL(folder).href;
	const capabilities = {
		textDocument: { diagnostic: {} },
		workspace: { configuration: true, diagnostics: { refreshSupport: true } },
	};
	const workspaceFolders = [{ uri: at, name: "bench" }];
	await connection.sendRequest("initialize", { processId: process.pid, rootUri: at, workspaceFolders, capabilities });
	await connection.sendNotification("initialized", {});
	const uri = `${at}/hosts/h0/etc/pf.conf`;
	const text = filesOfHost(0)["pf.conf"];
	const textDocument = { uri };
	const begin = onProcessor(child);
	await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "openbsd-pf", version: 1, text } });
	const position = { line: 6, character: 0 };
	/** What the server's thread did from a keystroke to the choices behind it. */
	const pauses = [];
	const waits = [];
	let typed = false;
	for (let version = 2; version < 40 || performance.now() - last < SILENCE; version++) {
		const [own, start] = [onProcessor(child), performance.now()];
		typed = !typed;
		const range = typed ? { start: position, end: position } : { start: position, end: { line: 6, character: 1 } };
		await connection.sendNotification("textDocument/didChange", {
			textDocument: { uri, version },
			contentChanges: [{ range, text: typed ? "p" : "" }],
		});
		await connection.sendRequest("textDocument/completion", { textDocument, position: { line: 6, character: typed ? 1 : 0 } });
		pauses.push(onProcessor(child) - own);
		waits.push(performance.now() - start);
		await new Promise((resolve) => setTimeout(resolve, 60));
	}
	const result = {
		"files with findings": [...findings.values()].filter((count) => count > 0).length,
		"processor (ms)": Math.round(onProcessor(child) - begin),
		"keystroke, median (ms)": percentile(pauses, 0.5).toFixed(1),
		"longest pause (ms)": Math.max(...pauses).toFixed(0),
		"by the clock, p99 (ms)": percentile(waits, 0.99).toFixed(0),
		"memory (MB)": Math.round(Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1000),
	};
	connection.dispose();
	child.kill();
	return result;
}

try {
	console.log(`${HOSTS} hosts of 5 files, ${OTHERS} other files; somebody types in one of them`);
	console.table({ "hosts of open files": await measured("openHosts"), "all hosts": await measured("allHosts") });
} finally {
	rmSync(folder, { recursive: true, force: true });
}
