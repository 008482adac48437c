// How long the command takes from its start to its end, as packed for the npm registry, in ms, beside
// programs that everybody knows. The goals: 150 ms to --version and --help, 250 ms to the verdict on a pf.conf of 100 rules, 3 s for
// 100 hosts of 1,000 rules on all cores.
// Usage: node scripts/bench/command.mjs
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { out, root } from "../lib/repository.mjs";

const ROUNDS = 5;

execFileSync(process.execPath, [join(root, "scripts", "package-npm.mjs")], { cwd: root });
const command = join(out, "npm", "bin", "openbsd-vnet.js");
const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-bench-"));

const rules = (count, net) =>
	Array.from(
		{ length: count },
		(_, i) => `pass in on em0 inet proto tcp from 10.${net}.${i >> 8}.${i & 255} to (em0) port ${1000 + i}\n`,
	).join("");
function host(name, count, net = 0) {
	const etc = join(folder, name, "etc");
	mkdirSync(etc, { recursive: true });
	writeFileSync(join(etc, "hostname.em0"), "inet 192.0.2.1/24\n");
	writeFileSync(join(etc, "pf.conf"), `set skip on lo\nblock\npass out\n${rules(count, net)}`);
}
host("one", 100);
for (let i = 0; i < 100; i++) host(join("fleet", `h${i}`), 1000, i);

function measured(name, program, args) {
	const walls = [];
	for (let round = 0; round < ROUNDS; round++) {
		const begin = performance.now();
		const { error } = spawnSync(program, args, { cwd: folder, stdio: "ignore" });
		if (error !== undefined) return undefined;
		walls.push(performance.now() - begin);
	}
	walls.sort((a, b) => a - b);
	return { name, median: walls[ROUNDS >> 1] ?? 0, least: walls[0] ?? 0 };
}

const node = process.execPath;
const rows = [
	measured("node -e 0", node, ["-e", "0"]),
	measured("npm --version", "npm", ["--version"]),
	measured("git --version", "git", ["--version"]),
	measured("openbsd-vnet --version", node, [command, "--version"]),
	measured("openbsd-vnet --help", node, [command, "--help"]),
	measured("openbsd-vnet expand, 100 rules", node, [command, "expand", "one/etc/pf.conf"]),
	measured("openbsd-vnet check, 100 rules", node, [command, "check", "one"]),
	measured(`openbsd-vnet check, 100 hosts of 1,000 rules (${availableParallelism()} cores)`, node, [command, "check", "fleet"]),
].filter((row) => row !== undefined);
const [bare] = rows;
console.log(`${"".padEnd(60)} ${"median".padStart(8)} ${"least".padStart(8)}  times node alone`);
for (const { name, median, least } of rows) {
	const ratio = (median / (bare?.median ?? 1)).toFixed(1);
	console.log(`${name.padEnd(60)} ${median.toFixed(0).padStart(8)} ${least.toFixed(0).padStart(8)}  ${ratio.padStart(6)}`);
}
rmSync(folder, { recursive: true });
