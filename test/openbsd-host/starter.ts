/**
 * A small process that starts others for a large one: to start a program, a process is copied first with the tables of all its
 * memory, which takes a process of tests ten times as long as one that has loaded nothing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Ended {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Starter {
	/** Runs a program to its end: until nobody has its output open any more. */
	run(command: string, args: readonly string[]): Promise<Ended>;
	end(): Promise<void>;
}

/** What the small process is. It ends with who started it. */
const program = `const { spawn } = require("node:child_process");
process.on("message", ({ number, command, args }) => {
	const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
	const said = { stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => { said[name] += text; });
	child.on("error", (error) => process.send({ number, error: String(error) }));
	child.on("close", (status) => process.send({ number, ended: { status, ...said } }));
});
process.on("disconnect", () => process.exit());`;

type Answer = { readonly number: number; readonly ended?: Ended; readonly error?: string };

export function startStarter(): Starter {
	const child: ChildProcess = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
	child.unref();
	child.channel?.unref();
	const waiting = new Map<number, (answer: Answer) => void>();
	let count = 0;
	child.on("message", (answer: Answer) => {
		waiting.get(answer.number)?.(answer);
		waiting.delete(answer.number);
		if (waiting.size === 0) child.channel?.unref();
	});
	child.on("exit", () => {
		for (const [number, give] of waiting) give({ number, error: "The process that starts others has ended" });
		waiting.clear();
	});
	return {
		run: (command, args) =>
			new Promise((resolve, reject) => {
				const number = count++;
				waiting.set(number, ({ ended, error }) => (ended === undefined ? reject(new Error(error)) : resolve(ended)));
				child.channel?.ref();
				child.send({ number, command, args });
			}),
		end: async () => {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const gone = once(child, "exit");
			child.ref();
			child.disconnect();
			await gone;
		},
	};
}
