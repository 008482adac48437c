/** `openbsd-vnet` as one file, built from the sources, and how it is run: in a process of its own, or in one that runs many. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { outputSchemas } from "../../cli/src/output-schemas.ts";
import { hostProgramText } from "../../scripts/lib/host-program.mjs";
import { builtOnce } from "../built.ts";

/** One command of its arguments; with a channel to who started it, one after the other as it is told. */
const program = `
import { main } from "./cli/src/main.ts";
if (process.send === undefined) process.exitCode = await main(process.argv.slice(2), process);
else {
	let said;
	for (const name of ["stdout", "stderr"])
		process[name].write = (text) => {
			said[name] += text;
			return true;
		};
	process.on("message", async ({ args, cwd, home }) => {
		said = { stdout: "", stderr: "" };
		process.chdir(cwd);
		process.env.HOME = home;
		const status = await main(args, process);
		process.send({ status, ...said });
	});
}`;

/** Builds the command, in parts that it loads as it needs them: most are its starts. @returns its path */
export async function buildCommand(): Promise<string> {
	const root = fileURLToPath(new URL("../..", import.meta.url));
	const folder = await builtOnce("command", async (outdir) => {
		await build({
			stdin: { contents: program, resolveDir: root },
			outdir: join(outdir, "cli/dist"),
			entryNames: "openbsd-vnet",
			outExtension: { ".js": ".mjs" },
			bundle: true,
			splitting: true,
			platform: "node",
			format: "esm",
			// ssh2 is a package of CommonJS.
			banner: {
				js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
			},
			conditions: ["source"],
			external: ["*.node", "cpu-features"],
			plugins: [hostProgramText],
			logLevel: "error",
		});
		// Where it looks for its version, and what `export ansible` copies.
		for (const name of ["package.json", "ansible"]) cpSync(join(root, name), join(outdir, name), { recursive: true });
	});
	return join(folder, "cli/dist/openbsd-vnet.mjs");
}

export interface Started {
	readonly child: ChildProcess;
	/** What it has said so far. */
	readonly said: { readonly stdout: string; readonly stderr: string };
	/** Its exit status. */
	readonly ended: Promise<number | null>;
}

export interface Ran {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** @param environment what it has of its environment beside the test's own */
export function startCommand(
	launcher: string,
	args: readonly string[],
	cwd: string,
	home: string,
	environment: Readonly<Record<string, string>> = {},
): Started {
	const env = { ...process.env, HOME: home, ...environment };
	const child = spawn(process.execPath, [launcher, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
	const said = { stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"] as const)
		child[name].setEncoding("utf8").on("data", (text: string) => {
			said[name] += text;
		});
	const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
	return { child, said, ended };
}

/** So many processes run commands at the same time: of more, each would do no more than start. */
const MOST = 4;

interface Pool {
	/** Those that have run a command and wait for the next. */
	readonly idle: ChildProcess[];
	busy: number;
	/** Lets who waits for a process go on. */
	readonly waiting: (() => void)[];
}

/** By the file that they run. */
const pools = new Map<string, Pool>();

/** Runs a command to its end, in a process that has run others before: Node takes longer to start than most commands. */
export async function runCommand(launcher: string, args: readonly string[], cwd: string, home: string): Promise<Ran> {
	const pool = pools.get(launcher) ?? { idle: [], busy: 0, waiting: [] };
	pools.set(launcher, pool);
	if (pool.busy === MOST) await new Promise<void>((resolve) => pool.waiting.push(resolve));
	else pool.busy++;
	const ran = await runIn(pool, launcher, { args, cwd, home }).finally(() => {
		const next = pool.waiting.shift();
		if (next === undefined) pool.busy--;
		else next();
	});
	holdsSchema(args, ran);
	return ran;
}

function runIn(
	pool: Pool,
	launcher: string,
	what: { readonly args: readonly string[]; readonly cwd: string; readonly home: string },
): Promise<Ran> {
	const child = pool.idle.pop() ?? spawn(process.execPath, [launcher], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
	return new Promise((resolve, reject) => {
		const ended = (status: number | null) => reject(new Error(`openbsd-vnet ${what.args.join(" ")} ended its process with ${status}`));
		child.once("error", reject);
		child.once("exit", ended);
		child.once("message", (ran: Ran) => {
			child.removeAllListeners();
			pool.idle.push(child);
			resolve(ran);
		});
		child.send(what);
	});
}

/** @throws where a command has printed JSON that its schema does not have */
function holdsSchema(args: readonly string[], { stdout }: Ran): void {
	const schema = Object.entries(outputSchemas).find(([name]) => name === args[0])?.[1];
	if (!args.includes("--json") || stdout === "") return;
	// What prints as it goes has a document on each line.
	for (const document of args[0] === "log" ? stdout.trimEnd().split("\n") : [stdout]) schema?.parse(JSON.parse(document));
}

/** Ends the processes that wait for a command. */
export async function endCommands(launcher: string): Promise<void> {
	const { idle = [] } = pools.get(launcher) ?? {};
	pools.delete(launcher);
	await Promise.all(
		idle.map(async (child) => {
			const gone = once(child, "exit");
			child.disconnect();
			await gone;
		}),
	);
}
