/**
 * Runs once around all unit tests. They have a home and a folder for temporary files of their own; it is a fault where
 * anything is left there, or a process that was started.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { runFolder } from "../scripts/lib/temporary.mjs";
import { listProcesses, type Process } from "./openbsd-host/processes.ts";
import { nightly, seed } from "./share.ts";

/** What a developer's environment may say to the programs that tests start. */
const foreign = /^(SSH_|GIT_|XDG_|ANSIBLE_|NPM_CONFIG_|npm_config_|BASH_ENV$|ENV$|EDITOR$|VISUAL$|LC_|LANG$|LANGUAGE$)/;

/** What a process that ends by itself may take for it, in milliseconds. */
const PATIENCE = 10_000;

export default function setup(): () => Promise<void> {
	const folder = runFolder("tests");
	// sshd reads keys as another user.
	chmodSync(folder, 0o755);
	const [home, temporary, builds] = [join(folder, "home"), join(folder, "tmp"), join(folder, "builds")];
	for (const each of [home, temporary, builds]) mkdirSync(each);
	const before = { ...process.env };
	for (const name of Object.keys(process.env)) if (foreign.test(name)) delete process.env[name];
	Object.assign(process.env, { HOME: home, TMPDIR: temporary, OPENBSD_VNET_BUILDS: builds, OPENBSD_VNET_SEED: String(seed) });
	console.info(`${nightly ? "All tests" : "A share of the long tests"}, OPENBSD_VNET_SEED=${seed}`);
	return async () => {
		const left = process.env.MUTATION_STATE === undefined ? await processesLeft(folder) : [];
		const files = readdirSync(temporary);
		rmSync(folder, { recursive: true, force: true });
		// Whoever runs tests more than once in a process starts afresh.
		for (const name of Object.keys(process.env)) delete process.env[name];
		Object.assign(process.env, before);
		const said = [
			...left.map(({ pid, command }) => `process ${pid}: ${command.replaceAll("\0", " ")}`),
			...files.map((file) => `file: ${file}`),
		];
		// A mutant may leave what it likes (scripts/mutation.mjs).
		if (said.length > 0 && process.env.MUTATION_STATE === undefined) throw new Error(`Tests have left behind:\n${said.join("\n")}`);
	};
}

/** The processes that were started by tests and have not ended: they have the folder in their environment. */
async function processesLeft(folder: string): Promise<readonly Process[]> {
	if (!existsSync("/proc/self/environ")) return [];
	const until = performance.now() + PATIENCE;
	for (;;) {
		const left = listProcesses().filter(
			({ environment, parent, command }) => environment.includes(`${folder}/`) && !(parent === process.pid && /esbuild/.test(command)),
		);
		if (left.length === 0 || performance.now() > until) return left;
		await setTimeout(200);
	}
}
