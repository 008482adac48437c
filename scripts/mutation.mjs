// `npm run mutation -- [ROOM|FILE ...]`: changes the code in many small ways and asks the tests whether they see it.
// docs/testing.md says how to read the answer.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";
import { cache, out, root } from "./lib/repository.mjs";
import { sandbox } from "./lib/sandbox.mjs";
import { about } from "./mutation/about.mjs";
import { chooseMutants } from "./mutation/mutants.mjs";
import { rooms } from "./mutation/rooms.mjs";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		sample: { type: "string" },
		seed: { type: "string", default: "1" },
		slow: { type: "string", default: "1000" },
		patience: { type: "string", default: "3000" },
		own: { type: "boolean", default: false },
		only: { type: "string", multiple: true, default: [] },
		without: { type: "string", multiple: true, default: [] },
		alone: { type: "boolean", default: false },
		each: { type: "boolean", default: false },
		fresh: { type: "boolean", default: false },
	},
});

/** The files whose path begins with one of these. */
function filesOf(folder, beginnings) {
	const tops = new Set(beginnings.map((path) => path.split("/", 2).join("/")));
	return [...tops]
		.flatMap((top) => readdirSync(join(folder, top), { recursive: true }).map((path) => join(top, path)))
		.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts") && beginnings.some((start) => path.startsWith(start)))
		.sort();
}

const isTest = (path) => path.endsWith(".test.ts");
/** Helpers of tests are no part of what is tested. */
const isHelper = (path) => /(?:fixture|testing)\.ts$/.test(path);

/** The files of rooms one by one, each with the tests that are about it. */
function* eachFile() {
	for (const name of positionals)
		for (const file of filesOf(root, rooms[name]?.files ?? [name]).filter((path) => !isTest(path) && !isHelper(path))) {
			const own = about[file];
			if (own === undefined) throw new Error(`scripts/mutation/about.mjs does not say which tests are about ${file}`);
			const tests = own.tests.map((test) => `${dirname(file)}/${test}.test.ts`);
			yield { name: file, files: [file], tests, patience: own.patience };
		}
}

/** What was asked for: rooms, or files with the tests of the smallest room that has them. */
function targets() {
	if (values.each) return [...eachFile()];
	if (positionals.length === 0) return Object.entries(rooms).map(([name, room]) => ({ name, ...room }));
	return positionals.map((name) => {
		if (rooms[name] !== undefined) return { name, ...rooms[name] };
		const [, room] =
			Object.entries(rooms)
				.filter(([, { files }]) => files.some((start) => name.startsWith(start)))
				.sort(([, a], [, b]) => b.files[0].length - a.files[0].length)[0] ?? [];
		if (room === undefined || !existsSync(join(root, name)))
			throw new Error(`${name} is neither a room (${Object.keys(rooms).join(", ")}) nor a file in one`);
		return { name, files: [name], tests: room.tests };
	});
}

const hash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);

const ENTRY = "mutation.test.ts";

/** So long a property is tried, in milliseconds: the first values kill nearly all that the rest would. */
const PROPERTY_LIMIT = 1_000;

/** One room from the choice of its mutants to what became of each. */
class Run {
	#copy;
	#state;
	#vitest;
	#results = new Map();
	#originals;
	#everything;
	#known;
	#plan;
	#taken = 0;
	/** Tests that cannot run twice in a process, or fail before anything is mutated. */
	unfit = new Map();

	constructor(copy, room) {
		this.#copy = copy;
		this.#state = join(dirname(copy), `state-${hash(room.name)}`);
		this.room = room;
		this.patience = room.patience ?? Number(values.patience);
		this.near = new Set(room.files.map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
	}

	async run() {
		const copy = this.#copy;
		mkdirSync(this.#state, { recursive: true });
		const sources = filesOf(copy, this.room.files).filter((path) => !isTest(path) && !isHelper(path));
		this.tests = filesOf(copy, this.room.tests).filter(
			(path) =>
				isTest(path) &&
				(values.only.length === 0 || values.only.includes(path)) &&
				!values.without.includes(path) &&
				(!values.own || this.#isOwn(path)),
		);
		this.#originals = new Map(sources.map((path) => [path, readFileSync(join(copy, path), "utf8")]));
		const { total, files, mutants } = await chooseMutants(
			copy,
			sources,
			Number(values.sample ?? (values.each ? Number.POSITIVE_INFINITY : 400)),
			Number(values.seed),
		);
		this.total = total;
		this.mutants = mutants;
		this.#everything = hashOfAll(copy, this.tests, this.patience);
		this.#remember();
		const open = mutants.filter(({ id }) => !this.#results.has(id));
		console.log(
			`${this.room.name}: ${mutants.length} of ${total} mutants (seed ${values.seed}), ${mutants.length - open.length} known from before`,
		);
		try {
			for (const { name, content } of files) writeFileSync(join(copy, name), content);
			if (open.length > 0) await this.#all(open);
		} finally {
			await this.#vitest?.close();
			for (const [path, text] of this.#originals) writeFileSync(join(copy, path), text);
		}
		return this.#results;
	}

	async #all(open) {
		// Restarts where a mutant hung or spoiled the process; each time at least one mutant is done with.
		for (let left = open; left.length > 0; left = open.filter(({ id }) => !this.#results.has(id))) {
			const before = this.#results.size;
			await this.#worker(
				{
					...this.#known,
					near: [...this.near],
					mutants: left,
					slow: Number(values.slow),
					patience: this.patience,
					unfit: [...this.unfit.keys()],
				},
				this.tests,
			);
			if (this.#known === undefined)
				throw new Error(`The tests do not even run: ${this.#vitest.state.getUnhandledErrors().map(String).join("\n")}`);
			if (this.#results.size === before && ++this.#idle > 3) break;
		}
		// What runs while files load is decided before any test; only a process that loads them with the mutant shows it.
		const alone = open.filter(({ id }) => this.#results.get(id)?.state === "lives" && this.#isForAlone(id));
		if (alone.length > 0) console.log(`${this.room.name}: ${alone.length} of them each in a process of its own`);
		for (const [index, mutant] of alone.entries()) {
			await this.#alone(mutant);
			if (index % 20 === 19) console.log(`  ${index + 1} of ${alone.length}`);
		}
	}

	#isOwn(test) {
		return [...this.near].some((folder) => test.startsWith(folder));
	}

	#isForAlone(id) {
		return values.alone || this.#known.static[id] !== undefined;
	}

	#isReached(id) {
		return this.#known.static[id] !== undefined || Object.values(this.#known.known).some(({ hits }) => hits[id] !== undefined);
	}

	/** Loads the room's own test files with one mutant in the code. */
	async #alone({ id, file }) {
		const known = this.#known;
		const own = this.tests.filter((path) => this.#isOwn(path));
		const stem = file.replace(/\.ts$/, "");
		const quick = Object.entries(known.known)
			.filter(([name, { ms }]) => ms <= Number(values.slow) && own.includes(fileOf(name)))
			.sort(([x, a], [y, b]) => Number(y.startsWith(stem)) - Number(x.startsWith(stem)) || a.ms - b.ms);
		const hits = (known.static[id] ?? 0) + Object.values(known.known).reduce((sum, test) => sum + (test.hits[id] ?? 0), 0);
		await this.#worker({ known: known.known, alone: { id, tests: cheapest(quick, this.patience), hits } }, own);
	}

	#idle = 0;

	/** Runs the tests in a process of their own by a plan, reads what it answers, and ends it where it hangs. */
	async #worker(plan, tests) {
		this.#plan = plan;
		this.#taken = 0;
		writeFileSync(join(this.#state, "plan.json"), JSON.stringify(plan));
		for (const name of ["answers.jsonl", "at.json"]) rmSync(join(this.#state, name), { force: true });
		const entry = join(this.#copy, ENTRY);
		writeFileSync(
			entry,
			`import { describe } from "vitest";\nimport fc from "fast-check";\nfc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: ${PROPERTY_LIMIT} });\n${tests
				.map((path) => `describe(${JSON.stringify(path)}, async () => {\n\tawait import(${JSON.stringify(`./${path}`)});\n});\n`)
				.join("")}`,
		);
		const vitest = await this.#start();
		let seen = "";
		let since = Date.now();
		const watch = setInterval(() => {
			this.take();
			const text = read(join(this.#state, "at.json"));
			if (text !== seen) {
				seen = text;
				since = Date.now();
				return;
			}
			const { pid, mutant, limit } = parse(text) ?? {};
			if (pid === undefined || Date.now() - since < 15_000 + limit) return;
			since = Date.now();
			if (mutant !== undefined) this.#results.set(mutant, { state: "killed", by: "(out of time)" });
			this.end();
		}, 500);
		try {
			await vitest.runTestSpecifications([vitest.getRootProject().createSpecification(entry)]);
		} finally {
			clearInterval(watch);
		}
		this.take();
	}

	/** Takes what the process has answered since, and writes what is settled where the next run finds it. */
	take() {
		const text = read(join(this.#state, "answers.jsonl"));
		const end = text.lastIndexOf("\n") + 1;
		const lines = text.slice(this.#taken, end).split("\n");
		this.#taken = end;
		this.#known ??= parse(read(join(this.#state, "known.json")));
		for (const line of lines) {
			const answer = parse(line);
			if (answer?.id !== undefined) this.#take(answer.id, answer.killed);
			const test = answer?.unfit ?? answer?.failing;
			if (test !== undefined) this.unfit.set(test, answer.why);
		}
	}

	#take(id, by) {
		const result = by !== undefined ? { state: "killed", by } : { state: this.#isReached(id) ? "lives" : "uncovered" };
		this.#results.set(id, result);
		if (result.state === "lives" && this.#plan.alone === undefined && this.#isForAlone(id)) return;
		const mutant = this.mutants.find((each) => each.id === id);
		appendFileSync(this.#cache(), `${JSON.stringify({ key: identity(mutant), ...result, ground: this.#ground(mutant, result) })}\n`);
	}

	/** Ends the process that runs the tests, wherever it is. */
	end() {
		const { pid } = parse(read(join(this.#state, "at.json"))) ?? {};
		if (pid === undefined) return;
		try {
			process.kill(pid, "SIGKILL");
		} catch {
			// It has ended by itself.
		}
	}

	async #start() {
		process.env.MUTATION_STATE = this.#state;
		// The tests that are a share of long ones are the same each time.
		process.env.OPENBSD_VNET_SEED ??= "1";
		if (this.#vitest !== undefined) {
			this.#vitest.invalidateFile(join(this.#copy, ENTRY));
			return this.#vitest;
		}
		this.#vitest = await createVitest("test", {
			root: this.#copy,
			config: join(this.#copy, "vitest.config.mts"),
			watch: false,
			include: [ENTRY],
			runner: join(root, "scripts", "mutation", "runner.mjs"),
			reporters: [{}],
			pool: "forks",
			// Frames of code with mutants in it are larger: what is nested as deep as it may be needs more of a stack.
			execArgv: ["--stack-size=3900"],
			maxWorkers: 1,
			fileParallelism: false,
			maxConcurrency: 1,
			silent: true,
			dangerouslyIgnoreUnhandledErrors: true,
		});
		return this.#vitest;
	}

	#cache() {
		return join(cache, "mutation", `${hash(this.room.name)}.json`);
	}

	/** What a result stands on: a kill on the file and the test's file, everything else on all code and tests. */
	#ground({ file }, { state, by }) {
		if (state !== "killed" || by.startsWith("(")) return this.#everything;
		return hash(this.#originals.get(file) + read(join(this.#copy, fileOf(by))));
	}

	/** The results of earlier runs, also of one that was stopped, whose ground is the same. */
	#remember() {
		const kept = new Map(
			(values.fresh ? "" : read(this.#cache())).split("\n").flatMap((line) => {
				const result = parse(line);
				return result === undefined ? [] : [[result.key, { line, ...result }]];
			}),
		);
		const lines = [];
		for (const mutant of this.mutants) {
			const { line, state, by, ground } = kept.get(identity(mutant)) ?? {};
			if (line === undefined || ground !== this.#ground(mutant, { state, by })) continue;
			this.#results.set(mutant.id, { state, by });
			lines.push(`${line}\n`);
		}
		mkdirSync(dirname(this.#cache()), { recursive: true });
		writeFileSync(this.#cache(), lines.join(""));
	}
}

/** The file of a test, by the test's name. */
const fileOf = (name) => name.split(" > ", 1)[0];

/** The names of the quickest tests that take no more than so many milliseconds together. */
function cheapest(tests, budget) {
	let spent = 0;
	const names = [];
	for (const [name, { ms }] of tests) {
		spent += ms;
		if (spent <= budget) names.push(name);
	}
	return names;
}

const identity = ({ file, line, column, name, original, replacement }) => JSON.stringify([file, line, column, name, original, replacement]);

function read(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const short = (text) => {
	const line = text.replace(/\s+/g, " ");
	return line.length > 90 ? `${line.slice(0, 87)}...` : line;
};

/** What became of a room's mutants, for a person. */
function describeRun(run, results) {
	const by = (state) => run.mutants.filter(({ id }) => (results.get(id)?.state ?? "uncovered") === state);
	const living = [...by("lives"), ...by("uncovered")].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
	const killed = killedOf(run, results);
	const lines = [
		"| room | mutants | tried | killed | lives | no test comes by | score |",
		"|---|---|---|---|---|---|---|",
		`| ${run.room.name} | ${run.total} | ${run.mutants.length} | ${killed} | ${by("lives").length} | ${by("uncovered").length} | ${percent(killed, run.mutants.length)} |`,
		"",
		...living.map(
			(mutant) =>
				`${mutant.file}:${mutant.line}:${mutant.column} ${mutant.name}${results.get(mutant.id)?.state === "uncovered" ? " (no test comes by)" : ""}: ${short(mutant.original)} -> ${short(mutant.replacement)}`,
		),
	];
	if (run.unfit.size > 0)
		lines.push(
			"",
			"Tests that were left out, for they fail here or cannot run twice in a process:",
			...[...run.unfit].map(([name, why]) => `${name}: ${short(why)}`),
		);
	return lines.join("\n");
}

/** All that a mutant may depend on: the code, the tests, and what was asked of this command. */
function hashOfAll(copy, tests, patience) {
	const whole = createHash("sha256").update(JSON.stringify([tests, patience, values.slow, values.alone]));
	for (const path of filesOf(copy, ["cli/src/", "remote/src/", "server/src/"])) whole.update(path).update(readFileSync(join(copy, path)));
	return whole.digest("hex").slice(0, 16);
}

/** How many of a run's mutants are killed. */
const killedOf = ({ mutants }, results) => mutants.filter(({ id }) => results.get(id)?.state === "killed").length;

const percent = (killed, all) => `${((100 * killed) / Math.max(1, all)).toFixed(1)} %`;

/** The scores of several files, the highest first, and that of all together. */
function scoresText(scores) {
	const sum = (key) => scores.reduce((all, score) => all + score[key], 0);
	const rows = scores.toSorted((x, y) => y.killed * x.mutants - x.killed * y.mutants || (x.name < y.name ? -1 : 1));
	return [
		"| file | mutants | killed | score |",
		"|---|---|---|---|",
		...rows.map(({ name, mutants, killed }) => `| \`${basename(name)}\` | ${mutants} | ${killed} | ${percent(killed, mutants)} |`),
		"",
		`${sum("killed")} of ${sum("mutants")}: ${percent(sum("killed"), sum("mutants"))}`,
	].join("\n");
}

let current;
const { copy, remove } = sandbox();
for (const signal of ["SIGINT", "SIGTERM"])
	process.once(signal, () => {
		current?.take();
		current?.end();
		remove();
		process.exit(1);
	});
try {
	const scores = [];
	for (const room of targets()) {
		const begin = performance.now();
		const run = new Run(copy, room);
		current = run;
		const results = await run.run();
		const text = describeRun(run, results);
		mkdirSync(join(out, "mutation"), { recursive: true });
		writeFileSync(join(out, "mutation", `${room.name.replace(/[^\w.]+/g, "-")}.md`), `${text}\n`);
		console.log(`${text}\n${Math.round((performance.now() - begin) / 1000)} s`);
		scores.push({ name: room.name, mutants: run.mutants.length, killed: killedOf(run, results) });
	}
	if (values.each) {
		const text = scoresText(scores);
		writeFileSync(join(out, "mutation", `${positionals.join("-").replace(/[^\w.-]+/g, "-")}-each.md`), `${text}\n`);
		console.log(text);
	}
	// Vitest takes what mutants break for a failure of this process.
	process.exitCode = 0;
} finally {
	remove();
}
