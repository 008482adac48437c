/** `openbsd-vnet` as one file, built from the sources, and how it is run. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { hostProgramText } from "../../scripts/lib/host-program.mjs";

/** Builds the command into a folder. @returns its path */
export async function buildCommand(folder: string): Promise<string> {
	const launcher = join(folder, "cli", "dist", "openbsd-vnet.mjs");
	await build({
		stdin: {
			contents: 'import { main } from "./cli/src/main.ts"; process.exitCode = await main(process.argv.slice(2), process);',
			resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
		},
		outfile: launcher,
		bundle: true,
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
	// Where the command looks for its version.
	writeFileSync(join(folder, "package.json"), '{ "version": "0.0.0" }\n');
	return launcher;
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

export async function runCommand(launcher: string, args: readonly string[], cwd: string, home: string): Promise<Ran> {
	const { said, ended } = startCommand(launcher, args, cwd, home);
	const status = await ended;
	return { status, ...said };
}
