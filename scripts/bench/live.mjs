// How long reading the live state of a host takes, for several numbers of guests; and asking one for it by SSH, over loopback,
// from the start of the connection to the state (on Linux with user namespaces).
// Usage, after `npx tsc -b`: node scripts/bench/live.mjs
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askLiveState, connect, localSide, noPrompts, run } from "../../remote/dist/index.js";
import { readLiveState } from "../../remote/dist/live-state.js";
import { bundled, canSimulate, simulatedAddress, writeSshConfig } from "../lib/simulated-host.mjs";

const ROUNDS = 200;
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
}
