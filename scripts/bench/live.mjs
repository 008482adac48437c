// How long reading the live state of a host takes, for several numbers of guests; and asking one for it by SSH, over loopback,
// from the start of the connection to the state (on Linux with user namespaces). And what following pf's log takes of a core, where the
// host logs 10,000 packets in a second, with the longest time that nothing else could run. The goal: 30 % at most.
// Usage, after `npx tsc -b`: node scripts/bench/live.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { askLiveState, connect, followLog, localSide, noPrompts, run } from "../../remote/dist/index.js";
import { readLiveState } from "../../remote/dist/live-state.js";
import { root } from "../lib/repository.mjs";
import { bundled, canSimulate, simulatedAddress, writeSshConfig } from "../lib/simulated-host.mjs";

const ROUNDS = 200;
/** Packets that are logged in a second, and how long. */
const RATE = 10_000;
const SECONDS = 10;
const MARKER = "0f1e2d3c4b5a6978";

/** What vmctl and ifconfig print of guests with a tap each, on switches of fifty. */
function answerOf(count) {
	const guests = Array.from({ length: count }, (_, i) => i + 1);
	const list = guests
		.map((id) => `${String(id).padStart(5)} ${50000 + id}     1    1.0G    312M   ttyp${id}         root  running guest${id}\n`)
		.join("");
	const taps = guests.map(
		(id) =>
			`tap${id - 1}: flags=8943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST> mtu 1500\n\tlladdr fe:e1:ba:d2:31:05\n\tdescription: vm${id}-if0-guest${id}\n\tindex ${id + 9} priority 0 llprio 3\n\tgroups: tap\n\tstatus: active\n`,
	);
	const switches = guests
		.filter((id) => id % 50 === 1)
		.map((first, n) => {
			const members = Array.from({ length: 50 }, (_, i) => first + i - 1).map(
				(tap) => `\ttap${tap} flags=3<LEARNING,DISCOVER>\n\t\tport ${tap + 10} ifpriority 0 ifcost 0\n`,
			);
			return `veb${n}: flags=a843<UP,BROADCAST,RUNNING,SIMPLEX,LINK1,MULTICAST>\n\tdescription: switch${n + 1}-lan${n}\n\tindex 6 llprio 3\n\tgroups: veb\n${members.join("")}`;
		});
	const header = "   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME\n";
	const section = (name, text) => `${MARKER} begin ${name}\n${text}\n${MARKER} end ${name} 0\n`;
	return (
		section("system", "OpenBSD hv1.example.org 7.6 GENERIC.MP#332 amd64\n") +
		section("guests", header + list) +
		section("interfaces", switches.join("") + taps.join(""))
	);
}

const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(2);

const rows = [];
for (const count of [5, 50, 500, 5000]) {
	const answer = answerOf(count);
	const times = [];
	for (let round = 0; round < ROUNDS; round++) {
		const begin = performance.now();
		const { taps } = readLiveState(answer, MARKER);
		times.push(performance.now() - begin);
		if (taps.filter(({ use }) => use.kind === "guest").length !== count) throw new Error("the state is wrong");
	}
	times.sort((a, b) => a - b);
	rows.push({ guests: count, KB: Math.round(answer.length / 1024), "median (ms)": at(times, 0.5), "p99 (ms)": at(times, 0.99) });
}
console.table(rows);

if (canSimulate()) {
	const { installHost, serveEmbedded, freshState, populate, main } = await bundled();
	const home = await mkdtemp(join(tmpdir(), "openbsd-vnet-bench-"));
	const asked = [];
	for (const count of [5, 500]) {
		const state = freshState();
		populate(state, count);
		const server = await serveEmbedded(await installHost({ root: join(home, `hv${count}`), state, main }));
		const config = await writeSshConfig(home, server);
		const times = { connect: [], ask: [], whole: [] };
		for (let round = 0; round < 20; round++) {
			const begin = performance.now();
			const connection = await connect(simulatedAddress, { local: localSide(), prompts: noPrompts, configFiles: [config] });
			const connected = performance.now();
			const { taps } = await askLiveState((command, options) => run(connection, command, options));
			const end = performance.now();
			if (taps.length !== count) throw new Error("the state is wrong");
			connection.close();
			times.connect.push(connected - begin);
			times.ask.push(end - connected);
			times.whole.push(end - begin);
		}
		await server.close();
		const median = (list) =>
			at(
				list.sort((a, b) => a - b),
				0.5,
			);
		asked.push({
			guests: count,
			"connect (ms)": median(times.connect),
			"ask and read (ms)": median(times.ask),
			"whole (ms)": median(times.whole),
		});
	}
	await rm(home, { recursive: true, force: true });
	console.table(asked);
	await followed();
}

/** Follows the log of a host that logs `RATE` packets in a second; it and what feeds it are a process of their own. */
async function followed() {
	const home = await mkdtemp(join(tmpdir(), "openbsd-vnet-bench-"));
	const files = join(root, "examples", "corrected");
	const library = new URL("../lib/simulated-host.mjs", import.meta.url).href;
	const serving = `
		const { appendFileSync } = require("node:fs");
		import(${JSON.stringify(library)}).then(async ({ startSimulatedHost }) => {
			const host = await startSimulatedHost(${JSON.stringify(home)}, ${JSON.stringify(files)});
			host.change((state) => { state.doas.push("timeout"); });
			let number = 0;
			const lineOf = () => {
				const n = number++;
				const [head, from, to] = n % 2 === 0 ? ["block in on em0", "198.51.100." + (n % 250) + "." + (1024 + n % 60000), "203.0.113.10.22"] : ["pass out on em0", "203.0.113.10.40000", "192.0.2." + (n % 250) + ".443"];
				return "Dec 01 10:43:18." + String(n % 1000000).padStart(6, "0") + " rule 0/(match) [uid 0, pid 51234] " + head + ": " + from + " > " + to + ": S [tcp sum ok] 1:1(0) win 65535 <mss 1460,nop,nop,sackOK> (DF) (ttl 64, id 1, len 60)\\n";
			};
			process.on("message", async (message) => {
				if (message === "end") { await host.close(); process.exit(); }
				appendFileSync(host.root + "/simulated/pflog", Array.from({ length: message }, lineOf).join(""));
			});
			process.send("ready");
		});`;
	const server = spawn(process.execPath, ["-e", serving], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
	await once(server, "message");
	const local = localSide();
	const connection = await connect(simulatedAddress, { local, prompts: noPrompts, configFiles: [join(home, ".ssh", "config")] });
	const own = new Map([["/etc/pf.conf", { text: await readFile(join(files, "etc/pf.conf"), "utf8") }]]);
	const ended = new AbortController();
	let [shown, placed] = [0, 0];
	let counts;
	const events = {
		begin: () => undefined,
		rows: (rows, now) => {
			shown += rows.length;
			placed += rows.filter(({ place }) => place !== undefined).length;
			counts = now;
		},
	};
	const asked = followLog((...what) => run(connection, ...what), "op", { name: "hv1", files: own }, events, ended.signal);
	// Until the first packet, what is logged is not told yet.
	while (shown === 0) {
		server.send(1);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	const [before, begin, pauses] = [process.cpuUsage(), performance.now(), monitorEventLoopDelay({ resolution: 5 })];
	const already = counts.wanted + counts.skipped;
	pauses.enable();
	for (let i = 0; i < SECONDS * 10; i++) {
		server.send(RATE / 10);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	const seconds = (performance.now() - begin) / 1000;
	const { user, system } = process.cpuUsage(before);
	pauses.disable();
	ended.abort();
	await asked;
	connection.close();
	server.send("end");
	await once(server, "exit");
	await rm(home, { recursive: true, force: true });
	if (placed !== shown) throw new Error("the lines of the rules are wrong");
	const read = counts.wanted + counts.skipped - already;
	console.log(
		`pf's log: ${Math.round(read / seconds)} packets in a second over SSH: ${((user + system) / 1e4 / seconds).toFixed(1)} % of a core, ` +
			`no pause over ${(pauses.max / 1e6).toFixed(0)} ms; ${shown} shown, ${counts.leftOut} left out, ${counts.skipped} not read`,
	);
}
