// `npm run check`: lint, types, and the unit tests that what was changed since main can have broken, in half a minute.
// Tests that take long are left to `npm test`; which ones, it says.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createVitest } from "vitest/node";
import { out, root, unitReports } from "./lib/repository.mjs";

/** So much time tests may take, in milliseconds of one worker, by what they took in the last `npm test`. */
const BUDGET = 20_000;
/** What a file is taken for that no report knows. */
const UNKNOWN = 1_000;
/** Tests of whole hosts take minutes, whatever was changed. */
const long = /^test\/unit\/(ansible|deploy|host-program|validate|ssh-connection|openbsd-host|memory|editors|neovim)/;

/** Where this branch left the main one; the last commit where there is no other. */
function base() {
	for (const branch of ["origin/main", "main"]) {
		try {
			return execFileSync("git", ["merge-base", "HEAD", branch], {
				cwd: root,
				encoding: "utf8",
				stdio: ["ignore", "pipe", "ignore"],
			}).trim();
		} catch {
			// There is no such branch.
		}
	}
	return "HEAD";
}

/** The files that differ from a commit, new ones included, relative to the repository. */
function changedSince(commit) {
	const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0").slice(0, -1);
	return [...git("diff", "-z", "--name-only", commit), ...git("ls-files", "-z", "--others", "--exclude-standard")];
}

/** What each test file took when all were run last, in milliseconds. @returns {Map<string, number>} */
function durations() {
	const reports = unitReports.map((file) => join(out, file)).filter((path) => existsSync(path));
	const testResults = reports.flatMap((path) => JSON.parse(readFileSync(path, "utf8")).testResults);
	return new Map(testResults.map(({ name, startTime, endTime }) => [relative(root, name), endTime - startTime]));
}

/** Runs an npm script with its output; answers whether it succeeded. */
function npm(script) {
	return new Promise((resolve) => {
		const child = spawn("npm", ["run", "-s", script], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
		child.on("error", () => resolve(false));
		child.on("close", (status) => resolve(status === 0));
	});
}

async function testChanged() {
	const changed = changedSince(base());
	const vitest = await createVitest("test", { watch: false, related: changed.map((path) => join(root, path)), passWithNoTests: true });
	await vitest.standalone();
	const took = durations();
	const specifications = await vitest.getRelevantTestSpecifications();
	const tests = specifications.map((specification) => {
		const path = relative(root, specification.moduleId);
		const isNear = changed.some((each) => dirname(each) === dirname(path));
		return { specification, path, isNear, time: took.get(path) ?? UNKNOWN };
	});
	// Those beside a change see it first; then as many others as there is time for.
	tests.sort((a, b) => Number(b.isNear) - Number(a.isNear) || a.time - b.time);
	let left = BUDGET;
	const chosen = tests.filter(({ path, time }) => {
		if (long.test(path) || time > left) return false;
		left -= time;
		return true;
	});
	const others = tests.filter((each) => !chosen.includes(each)).map(({ path }) => path);
	if (chosen.length > 0) await vitest.runTestSpecifications(chosen.map(({ specification }) => specification));
	await vitest.close();
	console.log(`${chosen.length} test files of ${tests.length} that ${changed.length} changed files can concern`);
	if (others.length > 0) console.log(`Left to npm test: ${others.join(" ")}`);
	return chosen.length === 0 || (vitest.state.getFailedFilepaths().length === 0 && vitest.state.getUnhandledErrors().length === 0);
}

const begin = performance.now();
const [isClean, hasTypes] = await Promise.all([npm("lint"), npm("types")]);
const isRight = await testChanged();
for (const [what, isGood] of Object.entries({ lint: isClean, types: hasTypes, tests: isRight }))
	if (!isGood) console.error(`Failed: ${what}`);
console.log(`After ${Math.round((performance.now() - begin) / 1000)} s`);
process.exitCode = isClean && hasTypes && isRight && !process.exitCode ? 0 : 1;
