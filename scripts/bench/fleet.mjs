// How long the command takes to hold hosts against their files, and to pull one, in ms: all of them are the simulated host, behind one
// SSH server in a process of its own, which answers more slowly than hosts do. The goal: 10 s for the drift of 100 hosts.
// Usage: node scripts/bench/fleet.mjs
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { out, root } from "../lib/repository.mjs";
import { simulatedAddress } from "../lib/simulated-host.mjs";

const ROUNDS = 3;
const HOSTS = 100;

execFileSync(process.execPath, [join(root, "scripts", "package-npm.mjs")], { cwd: root });
const command = join(out, "npm", "bin", "openbsd-vnet.js");
const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-bench-"));
const files = join(root, "examples", "corrected");

// The command is waited for, so the host answers in a thread of its own.
const serving = `
	const { parentPort, workerData } = require("node:worker_threads");
	import(workerData.library).then(async ({ startSimulatedHost }) => {
		const host = await startSimulatedHost(workerData.home, workerData.files);
		parentPort.postMessage("ready");
		parentPort.once("message", async () => { await host.close(); process.exit(); });
	});`;
const library = new URL("../lib/simulated-host.mjs", import.meta.url).href;
const server = new Worker(serving, { eval: true, workerData: { library, home: folder, files } });
await new Promise((ready, failed) => server.once("message", ready).once("error", failed));

const fleet = join(folder, "fleet");
const hosts = Array.from({ length: HOSTS }, (_, i) => ({ name: `h${i}`, root: `h${i}`, ssh: simulatedAddress }));
mkdirSync(fleet);
for (const { name } of hosts) cpSync(files, join(fleet, name), { recursive: true });
writeFileSync(join(fleet, "openbsd-vnet.json"), JSON.stringify({ hosts }));

function measured(name, args, prepare = () => undefined) {
	const walls = [];
	for (let round = 0; round < ROUNDS; round++) {
		prepare();
		const begin = performance.now();
		const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
			cwd: fleet,
			env: { ...process.env, HOME: folder },
			encoding: "utf8",
		});
		if (status !== 0) throw new Error(`${name}: status ${status}: ${stderr}`);
		walls.push(performance.now() - begin);
	}
	walls.sort((a, b) => a - b);
	console.log(`${name.padEnd(60)} ${(walls[ROUNDS >> 1] ?? 0).toFixed(0).padStart(8)} ${(walls[0] ?? 0).toFixed(0).padStart(8)}`);
}

console.log(`${"".padEnd(60)} ${"median".padStart(8)} ${"least".padStart(8)}`);
measured("pull of one host into an empty folder", ["pull", simulatedAddress, join(folder, "pulled", "hv1")], () =>
	rmSync(join(folder, "pulled"), { recursive: true, force: true }),
);
measured("drift of one host", ["drift", "h0"]);
measured(`drift of ${HOSTS} hosts, 16 at once (${availableParallelism()} cores)`, ["drift"]);
server.postMessage("end");
await new Promise((ended) => server.once("exit", ended));
rmSync(folder, { recursive: true, force: true });
