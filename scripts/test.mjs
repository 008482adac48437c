// `npm test`: everything from a fresh clone, in lanes side by side; docs/testing.md says what runs where. The last lines name
// what could not run here; the very last is "N passed, N failed", and how many were skipped.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, constants, setPriority } from "node:os";
import { join } from "node:path";
import { out, root, unitReports } from "./lib/repository.mjs";

const node = process.execPath;
const shared = join(root, "..", "shared");

const noShared = () =>
	existsSync(join(shared, "tools", "conformance.mjs")) ? undefined : "needs the folder ../shared beside the repository";
const notRoot = () => (process.getuid?.() === 0 ? undefined : "some are missing: install what it names above, or run it as root");
/** Asked late: the packages that it stands on are installed first, as is a browser. */
async function noBrowser() {
	const { findChromium } = await import("./lib/chromium.mjs");
	return findChromium() === undefined ? "needs Chromium: apt-get install chromium, or CHROMIUM=/path/to/one" : undefined;
}

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {[command: string, ...args: string[]]} run
 * @property {RegExp} [counts] its first group is how many passed, its second how many failed; without, the step counts as one
 * @property {string} [report] the file of what Vitest counts instead
 * @property {() => string | undefined | Promise<string | undefined>} [missing] why it cannot run here, and what would make it run
 * @property {() => string | undefined} [excuse] why it may fail here
 * @property {boolean} [needed] whether nothing that follows says anything without it
 */

/** Before all others. @type {Step[]} */
const first = [
	{ name: "packages", run: ["npm", "install", "--no-save", "--no-audit", "--no-fund"], needed: true },
	{ name: "system parts", run: [node, "scripts/setup-system.mjs"], excuse: notRoot },
];

/** @type {Step[]} */
const types = [{ name: "types", run: ["npm", "run", "-s", "types"], needed: true }];

/**
 * Unit tests, in two runs side by side: each worker loads and compiles all that its tests use, so that those which compute have
 * few, and those which wait have enough for the processors to be busy meanwhile.
 * @param {string} name @param {string} file of unitReports @param {string} project @param {number} workers @returns {Step}
 */
const unitTests = (name, file, project, workers) => ({
	name,
	run: [
		...["npx", "vitest", "run", `--project=${project}`, `--maxWorkers=${workers}`],
		...["--reporter=default", "--reporter=json", `--outputFile.json=${join(out, file)}`],
	],
	report: join(out, file),
});

/** What needs no editor. @type {Step[][]} */
const units = [
	[unitTests("unit tests that wait for hosts", unitReports[0], "waiting", availableParallelism() + 1)],
	[unitTests("unit tests", unitReports[1], "!waiting", availableParallelism())],
];

/** What never waits: when the unit tests do so no longer, side by side. @type {Step[][]} */
const texts = [
	[{ name: "conformance", run: [node, "scripts/conformance.mjs"], missing: noShared }],
	[
		{ name: "translations", run: ["npm", "run", "-s", "test:l10n"] },
		{ name: "grammars", run: ["npm", "run", "-s", "test:grammar"] },
	],
	[{ name: "format and lint", run: ["npm", "run", "-s", "lint"] }],
];

const results = /(\d+) passed, (\d+) failed/;
const extensionHost = "scripts/run-extension-host.mjs";

/** What VS Code is given: the bundles as they are packaged, and the tests beside them. @type {Step[]} */
const bundles = [
	{ name: "package", run: [node, "scripts/package.mjs"] },
	{ name: "bundles of the tests", run: [node, "scripts/bundle.mjs", "--only-tests"] },
];
/** @type {Step[]} */
const vscode = [{ name: "the browser VS Code", run: [node, "scripts/setup-vscode.mjs"], missing: noBrowser }];

/** VS Codes at the same time, each of which waits for itself most of the time; what is short has one lane. @type {Step[][]} */
const editors = [
	[{ name: "integration in the extension host", run: [node, extensionHost], counts: results, missing: noBrowser }],
	[
		{
			name: "the packaged extension under a person's hands",
			run: [node, "scripts/run-gui.mjs"],
			counts: results,
			missing: noBrowser,
		},
	],
	[
		{ name: "web views", run: [node, "scripts/run-web-views.mjs"], counts: results, missing: noBrowser },
		{ name: "integration in the web extension host", run: [node, extensionHost, "--web"], counts: results, missing: noBrowser },
	],
];

const begin = performance.now();
const secondsSince = (time) => Math.round((performance.now() - time) / 1000);
let [passed, failed, skipped] = [0, 0, 0];
/** What could not run here, each with what would make it run. @type {string[]} */
const notRun = [];
let isOver = false;

/** Runs a command, and returns its output when it has ended. */
function run([command, ...args], priority) {
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: root,
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
		});
		if (child.pid !== undefined) setPriority(child.pid, priority);
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding("utf8").on("data", (chunk) => {
				output += chunk;
			});
		child.on("error", (error) => resolve({ status: 1, output: String(error) }));
		child.on("close", (status) => resolve({ status: status ?? 1, output }));
	});
}

/** Runs steps one after the other; each shows its output in one piece when it has ended. @param {Step[]} steps */
async function lane(steps, priority = constants.priority.PRIORITY_NORMAL) {
	for (const step of steps) {
		if (isOver) return;
		const { name, needed = false } = step;
		const missing = await step.missing?.();
		if (missing !== undefined) {
			skipped++;
			notRun.push(`${name}: ${missing}`);
			continue;
		}
		console.log(`-- ${name} begins`);
		const time = performance.now();
		const { status, output } = await run(step.run, priority);
		const excuse = status === 0 ? undefined : step.excuse?.();
		const how = status === 0 ? "done" : excuse !== undefined ? "not done" : "failed";
		console.log(`\n== ${name}\n${output.trimEnd()}\n== ${name}: ${how} after ${secondsSince(time)} s\n`);
		if (excuse !== undefined) {
			skipped++;
			notRun.push(`${name}: ${excuse}`);
		} else count(step, status, output);
		if (needed && status !== 0) isOver = true;
	}
}

/** What happens without an editor. Who uses one has no patience; this has. */
async function withoutEditor() {
	const { PRIORITY_BELOW_NORMAL } = constants.priority;
	await lane(types, PRIORITY_BELOW_NORMAL);
	await Promise.all(units.map((steps) => lane(steps, PRIORITY_BELOW_NORMAL)));
	await Promise.all(texts.map((steps) => lane(steps, PRIORITY_BELOW_NORMAL)));
}

/** What happens in VS Code, once it is there and what it is given. */
async function inEditors() {
	await Promise.all([lane(bundles), lane(vscode)]);
	await Promise.all(editors.map((steps) => lane(steps)));
}

/** Adds a step's result to those of all. @param {Step} step @param {number} status @param {string} output */
function count({ counts, report }, status, output) {
	const match = counts?.exec(output);
	const [good, bad] = report !== undefined ? countUnitTests(report) : match ? [Number(match[1]), Number(match[2])] : [0, 0];
	if (good + bad === 0) {
		if (status === 0) passed++;
		else failed++;
		return;
	}
	passed += good;
	failed += bad;
	if (status !== 0 && bad === 0) failed++;
}

/** How many unit tests passed and failed; those that were skipped are noted by the group that says why. @param {string} report */
function countUnitTests(report) {
	if (!existsSync(report)) return [0, 0];
	const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
	/** @type {Map<string, number>} */
	const groups = new Map();
	for (const { assertionResults } of testResults)
		for (const { status, ancestorTitles, title } of assertionResults)
			if (status !== "passed" && status !== "failed") {
				const group = ancestorTitles[0] ?? title;
				groups.set(group, (groups.get(group) ?? 0) + 1);
			}
	for (const [group, number] of groups) {
		skipped += number;
		notRun.push(`${number} unit ${number === 1 ? "test" : "tests"}: ${group}`);
	}
	return [numPassedTests, numFailedTests];
}

for (const file of unitReports) rmSync(join(out, file), { force: true });
await lane(first);
if (!isOver) await Promise.all([withoutEditor(), inEditors()]);
console.log(`After ${secondsSince(begin)} s.`);
for (const each of notRun) console.log(`Not run: ${each}`);
console.log(`\n${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 ? 0 : 1;
