// pf.conf: reading, checking and expanding rulesets of five kinds of rules in turn. Usage: node scripts/bench/pf.mjs
import { PfFile, pfctl } from "../../server/dist/index.js";

const kinds = [
	(i) => `pass in on em0 proto tcp to 10.${(i >> 8) & 255}.${i & 255}.1 port { 80 443 }`,
	(i) => `block in quick on $ext from <bad> to 192.0.2.${i & 255}`,
	(i) => `match out on em0 inet from 10.${i & 255}.0.0/16 to any nat-to 203.0.113.1`,
	(i) => `pass out inet6 proto tcp from 2001:db8::${(i & 0xffff).toString(16)} to any label "six${i}"`,
	(i) => `pass in proto { tcp udp } from any to 10.0.${i & 255}.7 port 53`,
];

export function ruleset(count) {
	const lines = ['ext = "em0"', "table <bad> persist"];
	for (let i = 0; i < count; i++) lines.push(kinds[i % kinds.length](i));
	return `${lines.join("\n")}\n`;
}

function time(work) {
	const start = performance.now();
	work();
	return performance.now() - start;
}

console.log("rules    KB  dry run, first (ms)  dry run, warm (ms)  file with diagnostics (ms)  JSON.parse of that size (ms)");
for (const count of [100, 1000, 10_000, 50_000]) {
	const text = ruleset(count);
	const json = JSON.stringify(text.split("\n"));
	const first = time(() => pfctl.dryRun(text));
	const warm = Math.min(...Array.from({ length: 3 }, () => time(() => pfctl.dryRun(text))));
	const file = time(() => PfFile.parse(text, { path: "/etc/pf.conf" }).diagnostics());
	const parsed = time(() => JSON.parse(json));
	const cells = [count, text.length / 1024, first, warm, file, parsed];
	console.log(cells.map((cell, i) => cell.toFixed(i < 2 ? 0 : 1).padStart([5, 5, 20, 19, 27, 29][i])).join(" "));
}
