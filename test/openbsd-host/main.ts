/**
 * The program that all stand-ins are: `main.cjs ROOT PROGRAM [ARGUMENT ...]`. The small shell scripts that install.ts writes
 * into the host's bin/ start it, or ask the thread in which it answers the calls of many (answering.ts).
 */
import { spawnSync } from "node:child_process";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { answerTo } from "./answer.ts";
import { serveCalls } from "./answering.ts";

function runOnce(root: string, name: string, args: readonly string[]): void {
	const { OPENBSD_HOST_UID, OPENBSD_HOST_ISOLATED, HOSTNAME_FILES } = process.env;
	const outcome = answerTo({
		root,
		name,
		args,
		cwd: process.cwd(),
		asRoot: OPENBSD_HOST_UID === "0",
		hostnameFiles: HOSTNAME_FILES,
		isolated: OPENBSD_HOST_ISOLATED === "1",
	});
	if (outcome === "own process") return;
	if ("runAsRoot" in outcome) {
		const [command = "", ...rest] = outcome.runAsRoot;
		const env = { ...process.env, OPENBSD_HOST_UID: "0", DOAS_USER: outcome.user };
		const { status } = spawnSync(command, rest, { stdio: "inherit", env });
		if (status === null) process.stderr.write(`doas: ${command}: command not found\n`);
		process.exitCode = status ?? 1;
		return;
	}
	const { status, stdout = "", stderr = "", after = 0 } = outcome.answer;
	if (after > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, after * 1000);
	process.stdout.write(stdout);
	process.stderr.write(stderr);
	process.exitCode = status;
}

const [root, name, ...args] = process.argv.slice(2);
if (!isMainThread) serveCalls(workerData, () => parentPort?.postMessage("ready"));
else if (root !== undefined && name !== undefined) runOnce(root, name, args);
