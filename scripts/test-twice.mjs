// `npm run test:twice`: the unit tests in two runs at the same time, each in an order of its own by the number of the day. A test
// that relies on another, or on being run alone, fails here. Arguments go to both runs; OPENBSD_VNET_SEED repeats their orders.
import { spawn } from "node:child_process";
import { root } from "./lib/repository.mjs";
import { seed } from "./lib/share.mjs";

/** @param {number} order chooses the order of files and of the tests in each @returns {Promise<boolean>} whether all passed */
function run(order) {
	const shuffled = ["--sequence.shuffle.files", "--sequence.shuffle.tests", `--sequence.seed=${order}`];
	const child = spawn("npx", ["vitest", "run", ...shuffled, ...process.argv.slice(2)], {
		cwd: root,
		stdio: ["ignore", "pipe", "pipe"],
		shell: process.platform === "win32",
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			output += text;
		});
	return new Promise((resolve) => {
		child.on("error", () => resolve(false));
		child.on("close", (status) => {
			console.log(`\n== in the order of ${order}\n${output.trimEnd()}`);
			resolve(status === 0);
		});
	});
}

const passed = await Promise.all([run(seed), run(seed + 1)]);
process.exitCode = passed.every(Boolean) ? 0 : 1;
