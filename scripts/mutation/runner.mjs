// Vitest's runner in the worker: runs the tests once as they are, then again for each mutant, in the same process.
//
// A mutant is code behind a switch (`globalThis.__stryker__.activeMutant`), so nothing is reloaded for it. What the
// tests keep in memory could hide a mutant or betray one that is gone: each kill is proved by the same test passing again
// without the mutant, and the plan's "alone" runs one mutant in a process of its own.
import { setMaxListeners } from "node:events";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestRunner } from "vitest";
import { getFn, getHooks } from "vitest/suite";

const folder = process.env.MUTATION_STATE;
const plan = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
/** What the code with mutants in it looks at and counts in. */
const coverage = { static: {}, perTest: {} };
const ns = { mutantCoverage: coverage };
globalThis.__stryker__ = ns;

const say = (answer) => appendFileSync(join(folder, "answers.jsonl"), `${JSON.stringify(answer)}\n`);
/** Tells the parent that this process lives, and what to blame where it hangs. */
const at = (mutant, limit) => writeFileSync(join(folder, "at.json"), JSON.stringify({ pid: process.pid, mutant, limit }));

/** The time in which all test files are to be loaded, and each of their tests to have run once, in milliseconds. */
const LOADING = 600_000;

/** The time that a test gets with a mutant in it, in milliseconds; other processes take their share of it. */
const patience = (ms) => 5_000 + 20 * ms;

/** Those of the process: a test may have put others in their place. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

function within(limit, promise) {
	return new Promise((resolve, reject) => {
		const timer = startTimer(() => reject(new Error("out of time")), limit);
		promise.then(resolve, reject).finally(() => stopTimer(timer));
	});
}

/** Runs a test again, with the hooks around it. */
async function again(test) {
	const suites = [];
	for (let suite = test.suite ?? test.file; suite !== undefined; suite = suite.suite ?? (suite === test.file ? undefined : test.file))
		suites.unshift(suite);
	const after = [];
	for (const suite of suites) {
		for (const hook of getHooks(suite).beforeEach) {
			const clean = await hook(test.context, suite);
			if (typeof clean === "function") after.unshift(clean);
		}
	}
	try {
		await getFn(test)();
	} finally {
		for (const clean of after) await clean();
		for (const suite of suites.reverse()) for (const hook of getHooks(suite).afterEach) await hook(test.context, suite);
	}
}

function activate({ id }, hits) {
	ns.hitCount = 0;
	ns.hitLimit = 1_000 + 50 * hits;
	ns.activeMutant = id;
}

function rest() {
	ns.activeMutant = undefined;
	ns.hitCount = undefined;
}

/** Whether a test is of the room itself. */
const isOwn = (name) => plan.near.some((folder) => name.startsWith(folder));

export default class MutationRunner extends TestRunner {
	/** Each test that ran, by a name that is the same in every process. */
	#tests = new Map();
	#found = false;
	#later = [];

	constructor(config) {
		super(config);
		at(plan.alone?.id, LOADING);
		// Each run of a test listens to the same signal.
		setMaxListeners(0);
		if (plan.alone !== undefined) {
			activate(plan.alone, plan.alone.hits);
			ns.mutantCoverage = { static: {}, perTest: {} };
		}
	}

	/** What a suite made for its tests stays until all mutants have met them. */
	async onBeforeRunSuite(suite) {
		await super.onBeforeRunSuite(suite);
		// A file that could not be loaded has none.
		const hooks = getHooks(suite)?.afterAll.splice(0) ?? [];
		this.#later.push(...hooks.map((hook) => () => hook(suite)));
	}

	async runTask(test) {
		const name = this.#name(test);
		if (plan.known !== undefined && plan.alone === undefined) return;
		if (plan.alone !== undefined) {
			if (this.#found || !(plan.alone.tests?.includes(name) ?? true)) return;
			const { ms } = plan.known[name] ?? { ms: 1_000 };
			at(plan.alone.id, patience(ms));
			try {
				await within(patience(ms), getFn(test)());
			} catch {
				this.#found = true;
				say({ id: plan.alone.id, killed: name });
			}
			return;
		}
		at(undefined, LOADING);
		ns.currentTestId = name;
		const begin = process.cpuUsage();
		let failed = false;
		try {
			await getFn(test)();
		} catch (error) {
			failed = true;
			say({ failing: name, why: String(error).slice(0, 300) });
		} finally {
			ns.currentTestId = undefined;
		}
		if (!failed) this.#tests.get(name).ms = process.cpuUsage(begin).user / 1_000;
	}

	// oxlint-disable-next-line typescript/no-misused-promises -- vitest waits for it, which its class does not say
	async onAfterRunFiles(files) {
		if (plan.alone !== undefined) {
			// A file that cannot even be read has killed the mutant.
			if (!this.#found) say({ id: plan.alone.id, killed: broken(files) ? "(loading)" : undefined });
		} else {
			if (plan.known === undefined) this.#report();
			await this.#killAll();
		}
		for (const end of this.#later.reverse()) await end();
		super.onAfterRunFiles();
	}

	#name(test) {
		const words = [];
		for (let task = test; task !== undefined && task !== test.file; task = task.suite) words.unshift(task.name);
		let name = words.join(" > ");
		while (this.#tests.has(name)) name += " again";
		this.#tests.set(name, { test });
		return name;
	}

	/** Tells the parent which tests there are, how long each took, and how often it came by each mutant. */
	#report() {
		const known = {};
		for (const [name, { ms }] of this.#tests) if (ms !== undefined) known[name] = { ms, hits: coverage.perTest[name] ?? {} };
		plan.known = known;
		plan.static = coverage.static;
		writeFileSync(join(folder, "known.json"), JSON.stringify({ known, static: coverage.static }));
	}

	async #killAll() {
		// Counting is over.
		ns.currentTestId = undefined;
		let first = true;
		const unfit = new Set(plan.unfit);
		const proved = new Set();
		const byTime = Object.entries(plan.known)
			.filter(([, { ms }]) => ms <= plan.slow)
			.sort(([a, { ms }], [b, other]) => Number(isOwn(b)) - Number(isOwn(a)) || ms - other.ms);
		// The tests of the file's own name know it best.
		const orderFor = (file) => {
			const stem = file.replace(/\.ts$/, "");
			const [own, others] = [true, false].map((wanted) => byTime.filter(([name]) => name.startsWith(stem) === wanted));
			return [...own, ...others];
		};
		const orders = new Map([...new Set(plan.mutants.map(({ file }) => file))].map((file) => [file, orderFor(file)]));
		for (const mutant of plan.mutants) {
			let killer;
			let spent = 0;
			for (const [name, { ms, hits }] of orders.get(mutant.file)) {
				const { test } = this.#tests.get(name) ?? {};
				if (hits[mutant.id] === undefined || unfit.has(name) || test === undefined) continue;
				if (!proved.has(name)) {
					at(undefined, patience(ms));
					try {
						await within(patience(ms), again(test));
						proved.add(name);
					} catch (error) {
						unfit.add(name);
						say({ unfit: name, why: String(error).slice(0, 300) });
						continue;
					}
				}
				spent += ms;
				if (spent > plan.patience) break;
				at(mutant.id, patience(ms));
				activate(mutant, hits[mutant.id]);
				try {
					await within(patience(ms), again(test));
				} catch {
					killer = name;
				}
				rest();
				if (killer === undefined) continue;
				at(undefined, patience(ms));
				try {
					await within(patience(ms), again(test));
				} catch {
					// The test fails without the mutant too: this process remembers a mutant, the last one or one before.
					if (first) say({ id: mutant.id, killed: killer });
					process.kill(process.pid, "SIGKILL");
				}
				break;
			}
			say({ id: mutant.id, killed: killer });
			first = false;
		}
		say({ done: true });
	}
}

function broken(tasks) {
	return tasks.some((task) => task.result?.state === "fail" || broken(task.tasks ?? []));
}
