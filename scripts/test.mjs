// `npm test`: everything from a fresh clone. Ends with a line "N passed, N failed".
import { spawn } from "node:child_process";
import { root } from "./lib/repository.mjs";

/** Runs a command; its output is shown as it comes and returned. */
function run(command, args) {
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: root,
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", OPENBSD_VNET_ALL_FAULTS: "1" },
		});
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.on("data", (chunk) => {
				output += chunk;
				process.stdout.write(chunk);
			});
		}
		child.on("error", (error) => resolve({ status: 1, output: String(error) }));
		child.on("close", (status) => resolve({ status: status ?? 1, output }));
	});
}

const node = process.execPath;
/** Each step with its command, and how its tests are counted; a step without counts as one. */
const steps = [
	["packages", "npm", ["install", "--no-save", "--no-audit", "--no-fund"]],
	["system parts", node, ["scripts/setup-system.mjs"]],
	["format and lint", "npm", ["run", "-s", "lint"]],
	["types", "npm", ["run", "-s", "types"]],
	["unit tests", "npm", ["run", "-s", "test:unit"], /Tests\s+(?:(\d+) failed \| )?(\d+) passed/],
	["translations", "npm", ["run", "-s", "test:l10n"]],
	["grammars", "npm", ["run", "-s", "test:grammar"]],
	["conformance", node, ["scripts/conformance.mjs"]],
	["bundles", node, ["scripts/bundle.mjs", "--tests"]],
	["the browser VS Code", node, ["scripts/setup-vscode.mjs"]],
	["integration in the extension host", node, ["scripts/run-extension-host.mjs", "--activations"], /(\d+) passed, (\d+) failed/],
	["integration in the web extension host", node, ["scripts/run-extension-host.mjs", "--web"], /(\d+) passed, (\d+) failed/],
	["package", node, ["scripts/package.mjs"]],
	["the packaged extension under a person's hands", node, ["scripts/run-gui.mjs"], /(\d+) passed, (\d+) failed/],
];

let passed = 0;
let failed = 0;
for (const [name, command, args, counts] of steps) {
	console.log(`\n== ${name}`);
	const begin = performance.now();
	const { status, output } = await run(command, args);
	const match = counts?.exec(output);
	if (match) {
		const [bad, good] = name === "unit tests" ? [match[1], match[2]] : [match[2], match[1]];
		passed += Number(good ?? 0);
		failed += Number(bad ?? 0);
		if (status !== 0 && Number(bad ?? 0) === 0) failed++;
	} else if (status === 0) passed++;
	else failed++;
	console.log(`== ${name}: ${status === 0 ? "done" : "failed"} after ${Math.round((performance.now() - begin) / 1000)} s`);
	// Without packages or types nothing that follows says anything.
	if (status !== 0 && (name === "packages" || name === "types")) break;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
