// How long a host's states take: to read what `pfctl -ss -vv` prints of them, and to hold each against another ruleset.
// Usage, after `npx tsc -b`: node scripts/bench/states.mjs
import { StateReader } from "../../remote/dist/index.js";
import { hostBuilder, judgeOfStates, pfFacts } from "../../server/dist/index.js";

const STATES = 100_000;
const GUESTS = 200;
const EACH = 50;

/** Rules of two kinds: each guest's on its tap, or none about an interface. */
function rulesOf(onTaps) {
	const lines = ["block all", "pass out on em0"];
	for (let guest = 0; guest < GUESTS; guest++)
		for (let rule = 0; rule < EACH; rule++)
			lines.push(`pass in ${onTaps ? `on tap${guest} ` : ""}proto tcp from 10.${rule}.0.0/16 to 172.16.0.${guest + 1} port ${8000 + rule}`);
	return `${lines.join("\n")}\n`;
}

/** Half of the states know the rule that made them. */
function answerOf() {
	const lines = [];
	for (let i = 0; i < STATES; i++) {
		const from = `10.${i % 60}.${(i >> 8) & 255}.${i & 255}:${1024 + (i % 60_000)}`;
		const to = `172.16.0.${1 + ((i * 7) % GUESTS)}:${8000 + ((i * 13) % 60)}`;
		lines.push(
			`all tcp ${to} <- ${from}       ESTABLISHED:ESTABLISHED`,
			"   [2496001 + 65535] wscale 6  [1 + 16384] wscale 7",
			`   age 01:02:03, expires in 23:59:59, ${i}:${i} pkts, ${i * 40}:${i * 90} bytes${i % 2 === 0 ? ", rule 3" : ""}`,
			`   id: ${(i + 1).toString(16).padStart(16, "0")} creatorid: 0f00ba12`,
		);
	}
	return Buffer.from(`${lines.join("\n")}\n`);
}

const seconds = (work) => {
	const before = process.cpuUsage();
	const value = work();
	const { user, system } = process.cpuUsage(before);
	return { value, seconds: (user + system) / 1e6 };
};

const answer = answerOf();
const read = seconds(() => {
	const reader = new StateReader();
	for (let at = 0; at < answer.length; at += 32_768) reader.take(answer.subarray(at, at + 32_768));
	return reader.end();
});
if (read.value.states.length !== STATES || read.value.unread !== 0) throw new Error("the states are wrong");
console.log(`${STATES} states, ${(answer.length / 1e6).toFixed(1)} MB: read in ${read.seconds.toFixed(2)} s of the processor`);

const interfaces = [
	{ name: "lo0", flags: 8, groups: ["lo"], addresses: [] },
	{ name: "em0", flags: 2, groups: ["egress"], addresses: [{ family: "inet", address: "203.0.113.10", prefixLength: 24 }] },
	...Array.from({ length: GUESTS }, (_, i) => ({ name: `tap${i}`, flags: 2, groups: ["tap"], addresses: [] })),
];
const rows = [];
for (const onTaps of [false, true]) {
	const files = new Map([["/etc/pf.conf", { text: rulesOf(onTaps) }]]);
	const host = hostBuilder()({ name: "hv1", files, pf: pfFacts(files), facts: { interfaces } });
	const times = [];
	const counts = { made: 0, refused: 0, unknown: 0 };
	for (let round = 0; round < 3; round++) {
		const { seconds: time } = seconds(() => {
			const judge = judgeOfStates(host);
			for (const state of read.value.states) {
				const tap = state.rule === undefined ? "" : `tap${(state.destination.address.a & 255) - 1}`;
				const { kind } = judge(state, { interface: tap, negated: false });
				if (round === 0) counts[kind]++;
			}
		});
		times.push(time);
	}
	rows.push({ "10,000 rules": onTaps ? "on taps" : "on no interface", ...counts, "best of 3 (s)": Math.min(...times).toFixed(2) });
}
console.table(rows);
