/**
 * A thread that answers the calls of the programs of simulated hosts. A stand-in writes its call to a file, tells the name of
 * its own pipe in ours, and waits there for the answer (install.ts).
 */
import { execFileSync } from "node:child_process";
import {
	closeSync,
	constants,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { Socket } from "node:net";
import { basename, join } from "node:path";
import { Worker } from "node:worker_threads";
import { answerTo, type Outcome } from "./answer.ts";
import { type Starter, startStarter } from "./starter.ts";

export interface Answering {
	/** Where calls and answers lie. */
	readonly folder: string;
	/** The pipe that calls come by; gone once nobody answers. */
	readonly calls: string;
	/** What runs commands on hosts. */
	readonly starter: Starter;
	end(): Promise<void>;
}

/**
 * Starts a thread. It ends with the process at the latest.
 * @param main main.ts as one file
 * @param folder a folder that is made for it; whoever calls removes it
 */
export async function startAnswering(main: string, folder: string): Promise<Answering> {
	mkdirSync(folder, { recursive: true });
	const calls = join(folder, "calls");
	execFileSync("mkfifo", [calls]);
	// The pipe is closed once, by its socket: Node's own list of a thread's files would close its number again, which by then may
	// be a file of another thread.
	const thread = new Worker(main, { workerData: calls, trackUnmanagedFds: false });
	await new Promise<void>((resolve, reject) => {
		thread.once("message", () => resolve());
		thread.once("error", reject);
	});
	thread.unref();
	const starter = startStarter();
	return {
		folder,
		calls,
		starter,
		end: async () => {
			rmSync(calls, { force: true });
			await Promise.all([thread.terminate(), starter.end()]);
			// Whoever still waits has no answer.
			for (const name of existsSync(folder) ? readdirSync(folder) : []) if (/^\d+$/.test(name)) reply(join(folder, name), unanswered);
		},
	};
}

/** A call that has no answer ends as a command that cannot be run. */
const unanswered = "answer 125 0 0";

/** Answers the calls that come by a pipe, one after the other, for as long as the thread lives. */
export function serveCalls(calls: string, ready: () => void): void {
	const input = new Socket({ fd: openSync(calls, constants.O_RDWR | constants.O_NONBLOCK), readable: true, writable: false });
	let unread = "";
	input.setEncoding("utf8").on("data", (text: string) => {
		const lines = (unread + text).split("\n");
		unread = lines.pop() ?? "";
		for (const pipe of lines) answerCall(pipe);
	});
	ready();
}

/** The pipes of those whose answers lie in files: they go once the caller has gone. */
const answered = new Set<string>();

function forgetAnswers(): void {
	for (const pipe of answered) {
		if (existsSync(`/proc/${basename(pipe)}`)) continue;
		answered.delete(pipe);
		for (const stream of ["stdout", "stderr"]) rmSync(`${pipe}.${stream}`, { force: true });
	}
}

function answerCall(pipe: string): void {
	const outcome = outcomeOf(pipe);
	if (outcome === "own process") return reply(pipe, "own process");
	if ("runAsRoot" in outcome) return reply(pipe, `run ${outcome.skipped} ${outcome.user}`);
	const { status, stdout = "", stderr = "", after = 0 } = outcome.answer;
	const give = () => {
		try {
			forgetAnswers();
			if (stdout !== "" || stderr !== "") answered.add(pipe);
			if (stdout !== "") writeFileSync(`${pipe}.stdout`, stdout);
			if (stderr !== "") writeFileSync(`${pipe}.stderr`, stderr);
			reply(pipe, `answer ${status} ${Number(stdout !== "")} ${Number(stderr !== "")}`);
		} catch {
			// The disk is full, or the folder has gone: others are answered all the same.
			reply(pipe, unanswered);
		}
	};
	if (after > 0) setTimeout(give, after * 1000);
	else give();
}

function outcomeOf(pipe: string): Outcome {
	try {
		const [caller = "", uid, isolated, hostnameFiles, cwd = "/", root = "", name = "", ...args] = readFileSync(`${pipe}.call`, "utf8")
			.split("\0")
			.slice(0, -1);
		rmSync(`${pipe}.call`);
		return answerTo({
			root,
			name,
			args,
			cwd,
			asRoot: uid === "0",
			hostnameFiles: hostnameFiles === "" ? undefined : hostnameFiles,
			isolated: isolated === "1",
			caller,
		});
	} catch (error) {
		return { answer: { status: 1, stderr: `${error instanceof Error ? error.stack : error}\n` } };
	}
}

/** Tells a caller; one that was killed meanwhile is not there to listen. */
function reply(pipe: string, line: string): void {
	const to = openedFor(pipe, line);
	if (to === undefined) return;
	// It goes first: what the caller runs next may make its own, by the same number.
	rmSync(pipe, { force: true });
	try {
		writeSync(to, `${line}\n`);
	} catch {
		// It was killed just now.
	} finally {
		closeSync(to);
	}
}

/** A caller's pipe; undefined where nobody reads it any more, or where it is tried again as there is no room for it now. */
function openedFor(pipe: string, line: string): number | undefined {
	try {
		return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
	} catch (error) {
		if (isSystemError(error) && (error.code === "ENXIO" || error.code === "ENOENT")) rmSync(pipe, { force: true });
		else setTimeout(() => reply(pipe, line), 100);
		return undefined;
	}
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "code" in error;
