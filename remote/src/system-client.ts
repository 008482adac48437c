/**
 * Connections over the system's ssh(1), for what the built-in client cannot do. One process of it is connected and serves the
 * others, which run a command each, at a socket in a private folder (ControlMaster of our own). It ends with its standard input and
 * the commands that run: so also where this process is killed.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Message, msg, render } from "@openbsd-vnet/server";
import { answerTo, installAskpass, QuestionReader } from "./askpass.ts";
import {
	askingIn,
	type CommandEvents,
	type Connection,
	type ConnectOptions,
	cancelled,
	KEEPALIVE,
	stopwatch,
	TIMEOUT,
	timedOut,
	unreachable,
} from "./connection.ts";
import { ConnectionError, changedKey } from "./connection-error.ts";
import { noUnlockedKeys } from "./keyring.ts";
import { loginLineTelling, sh } from "./shell-words.ts";
import type { Destination, SshTarget, SystemSsh } from "./ssh-config.ts";
import { questionsOf } from "./system-questions.ts";
import { destinationArguments, tellsQuestionsApart } from "./system-ssh.ts";

/**
 * Connects to a host.
 * @param why what the built-in client cannot do
 * @throws ConnectionError
 */
export async function connectSystem(
	ssh: SystemSsh,
	destination: Destination,
	target: SshTarget,
	why: Message,
	options: ConnectOptions,
): Promise<Connection> {
	const { log = () => undefined, signal } = options;
	const { name, user, host, port } = target;
	if (signal?.aborted === true) throw cancelled(name);
	log({ kind: "connecting", name, user, host, port });
	log({ kind: "note", name, text: `over ${ssh.program}: ${render(why)}` });
	const begin = performance.now();
	try {
		const connection = await (ssh.shares ? shared : single)({ ssh, destination, target, why, options });
		log({ kind: "connected", name, milliseconds: performance.now() - begin });
		return connection;
	} catch (error) {
		log({ kind: "closed", name, why: error instanceof Error ? error.message : String(error) });
		throw error;
	}
}

interface Attempt {
	readonly ssh: SystemSsh;
	readonly destination: Destination;
	readonly target: SshTarget;
	readonly why: Message;
	readonly options: ConnectOptions;
}

/** What each connection is told, before what the configuration says: nothing but our commands goes over it. */
function connectionArguments({ destination, target, options }: Attempt): readonly string[] {
	const settings: Readonly<Record<string, string | number>> = {
		ClearAllForwardings: "yes",
		ForwardAgent: "no",
		ForwardX11: "no",
		Tunnel: "no",
		PermitLocalCommand: "no",
		RemoteCommand: "none",
		RequestTTY: "no",
		ControlPersist: "no",
		// What is added to known_hosts is what the user has accepted.
		UpdateHostKeys: "no",
		StrictHostKeyChecking: { ask: "ask", refuse: "yes", accept: "accept-new" }[target.unknownHostKey],
		ServerAliveInterval: KEEPALIVE.milliseconds / 1000,
		ServerAliveCountMax: KEEPALIVE.times,
		LogLevel: "ERROR",
	};
	return [
		...Object.entries(settings).flatMap(([word, value]) => ["-o", `${word}=${value}`]),
		...destinationArguments(destination, options.configFiles),
	];
}

/** Its processes have no terminal, and do not get the signals of ours. */
function start(ssh: SystemSsh, args: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
	return spawn(ssh.program, args, { env: { ...environment }, stdio: "pipe", detached: process.platform !== "win32", windowsHide: true });
}

/** Ends a process with those that it has started: a question that waits, a ProxyCommand. */
function endAll(child: ChildProcess): void {
	if (process.platform === "win32" || child.pid === undefined) {
		child.kill();
		return;
	}
	try {
		process.kill(-child.pid, "SIGTERM");
	} catch {
		// It has gone.
	}
}

/** What is to go when this process ends. */
const leftovers = new Map<ChildProcess, string>();

let isCleaning = false;

function cleanUp(): void {
	for (const [child, folder] of leftovers) {
		endAll(child);
		rmSync(folder, { recursive: true, force: true });
	}
}

async function shared(attempt: Attempt): Promise<Connection> {
	const { ssh, destination, target, why, options } = attempt;
	const { local, signal, timeout = TIMEOUT, log = () => undefined } = options;
	const { name } = target;
	const mark = randomBytes(16).toString("hex");
	const folder = mkdtempSync(join(tmpdir(), "vnet-"));
	const control = join(folder, "s");
	const environment = { ...local.environment, ...installAskpass(folder, mark) };
	const isTrusted = await tellsQuestionsApart(ssh);
	// It says when it is there, and stays until its input ends.
	const stay = `echo ${mark}; exec cat`;
	const child = start(ssh, ["-M", "-S", control, ...connectionArguments(attempt), "--", destination.name, stay], environment);
	if (!isCleaning) process.once("exit", cleanUp);
	isCleaning = true;
	leftovers.set(child, folder);

	let open = false;
	let settled = false;
	let end: (why: string) => void = () => undefined;
	const ended = new Promise<string>((done) => {
		end = done;
	});
	child.stdin.on("error", () => undefined);
	const close = (): void => {
		if (open) log({ kind: "closed", name, why: "" });
		open = false;
		child.stdin.end();
		endAll(child);
	};
	return await new Promise<Connection>((resolve, reject) => {
		const settle = (then: () => void): void => {
			if (settled) return;
			settled = true;
			clock.stop();
			signal?.removeEventListener("abort", onAbort);
			then();
		};
		const fail = (error: ConnectionError): void =>
			settle(() => {
				close();
				reject(error);
			});
		const clock = stopwatch(timeout, () => fail(timedOut(name, timeout)));
		const onAbort = () => fail(cancelled(name));
		signal?.addEventListener("abort", onAbort);
		const prompts = askingIn(options.prompts, clock);
		const put = questionsOf(target, prompts, isTrusted, options.unlocked ?? noUnlockedKeys());
		const reader = new QuestionReader(mark, (asked) => {
			if (asked.isNotice) return prompts.tell(asked.text);
			put(asked.text).then(
				async (answer) => {
					if (answer.kind === "host-key-changed") return fail(changedKey(name, answer.shown, target.knownHostsFiles[0] ?? "known_hosts"));
					if (answer.kind === "host-key-unknown") return fail(notAccepted(name, answer.shown));
					if (answer.kind === "cancelled") return fail(cancelled(name));
					await answerTo(folder, asked, answer.kind === "answer" ? answer.text : undefined);
				},
				() => fail(cancelled(name)),
			);
		});
		child.stderr.setEncoding("utf8").on("data", (chunk: string) => reader.take(chunk));
		let said = "";
		child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
			if (settled) return;
			said = (said + chunk).slice(-GREETING);
			if (!said.includes(mark)) return;
			settle(() => {
				open = true;
				const exec: Connection["exec"] = (command, input, events) => {
					// Without the socket it would reconnect, and nobody would be asked: there is no way but the socket.
					const alone = ["-F", "none", "-S", control, "-o", "ProxyCommand=false", "-o", "BatchMode=yes", "-o", "LogLevel=QUIET"];
					const commandMark = randomBytes(16).toString("hex");
					const line = loginLineTelling(commandMark, command);
					const child = start(ssh, [...alone, "-T", "--", destination.name, line], local.environment);
					return runIn(child, commandMark, input, afterConnection(events, ended));
				};
				const transport = { kind: "system", why, shared: true } as const;
				resolve({ target, transport, log, ended, exec, isOpen: () => open, close });
			});
		});
		child.on("error", (error) => fail(unreachable(target, error)));
		child.on("close", () => {
			leftovers.delete(child);
			rmSync(folder, { recursive: true, force: true });
			const last = reader.text.trim();
			if (open) log({ kind: "closed", name, why: lastLine(last) });
			open = false;
			fail(whyNot(target, last));
			end(lastLine(last));
		});
	});
}

/** How much a login shell may print before our own word. */
const GREETING = 64 * 1024;

/** Where processes cannot share one: each command has a connection of its own, for which nobody can be asked. */
async function single(attempt: Attempt): Promise<Connection> {
	const { ssh, destination, target, why, options } = attempt;
	const { local, log = () => undefined, signal, timeout = TIMEOUT } = options;
	const { name, unknownHostKey } = target;
	const strict = unknownHostKey === "accept" ? "accept-new" : "yes";
	const args = ["-o", "BatchMode=yes", "-o", `StrictHostKeyChecking=${strict}`, ...connectionArguments(attempt)];
	const running = new Set<() => void>();
	let open = true;
	let end: (why: string) => void = () => undefined;
	const ended = new Promise<string>((done) => {
		end = done;
	});
	const close = (): void => {
		open = false;
		for (const stop of running) stop();
		end("");
	};
	const exec: Connection["exec"] = (command, input, events) => {
		const mark = randomBytes(16).toString("hex");
		const child = start(ssh, [...args, "-T", "--", destination.name, loginLineTelling(mark, command)], local.environment);
		const closed = () => {
			running.delete(stop);
			events.closed();
		};
		const stop = runIn(child, mark, input, { ...events, closed });
		running.add(stop);
		return stop;
	};
	return await new Promise((resolve, reject) => {
		let said = "";
		let isThere = false;
		const fail = (error: ConnectionError) => {
			clock.stop();
			signal?.removeEventListener("abort", onAbort);
			close();
			reject(error);
		};
		const clock = stopwatch(timeout, () => fail(timedOut(name, timeout)));
		const onAbort = () => fail(cancelled(name));
		signal?.addEventListener("abort", onAbort);
		exec(sh`true`, undefined, {
			output: () => undefined,
			errors: (chunk) => {
				said = (said + chunk.toString("utf8")).slice(-GREETING);
			},
			exited: () => {
				isThere = true;
			},
			closed: () => {
				if (!isThere) return fail(whyNot(target, said.trim()));
				clock.stop();
				signal?.removeEventListener("abort", onAbort);
				resolve({ target, transport: { kind: "system", why, shared: false }, log, ended, exec, isOpen: () => open, close });
			},
			failed: (reason) => fail(new ConnectionError("unreachable", msg("{0}: {1}", name, reason))),
		});
	});
}

/** What has cut a command off has cut the connection off too, most often: whether it has is known before the command's end is told. */
function afterConnection(events: CommandEvents, ended: Promise<string>): CommandEvents {
	let isTold = false;
	return {
		...events,
		exited: (status, signal) => {
			isTold = true;
			events.exited(status, signal);
		},
		closed: () => {
			if (isTold) return events.closed();
			let timer: NodeJS.Timeout | undefined;
			const late = new Promise((resolve) => {
				timer = setTimeout(resolve, CUT_OFF);
			});
			const tell = () => {
				clearTimeout(timer);
				events.closed();
			};
			Promise.race([ended, late]).then(tell, tell);
		},
	};
}

/** So long a connection may take to end behind a command that was cut off, in milliseconds. */
const CUT_OFF = 1000;

/** What a process of ssh(1) says and does is a command's. */
function runIn(
	child: ChildProcessWithoutNullStreams,
	mark: string,
	input: string | Buffer | undefined,
	{ output, errors, exited, closed, failed }: CommandEvents,
): () => void {
	const ending = new EndReader(mark, errors, exited);
	let isOver = false;
	child.stdout.on("data", output);
	child.stderr.on("data", (chunk: Buffer) => ending.take(chunk));
	child.stdin.on("error", () => undefined);
	child.on("error", (error) => {
		isOver = true;
		failed(error.message);
	});
	child.on("close", () => {
		if (isOver) return;
		ending.end();
		closed();
	});
	child.stdin.end(input);
	return () => {
		child.kill();
		// What the host still sends is not read.
		for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
	};
}

/** Takes the line that tells how a command ended out of its standard error. */
class EndReader {
	readonly #mark: Buffer;
	readonly #errors: (chunk: Buffer) => void;
	readonly #exited: (status: number) => void;
	#held = Buffer.of();
	#hasEnded = false;

	constructor(mark: string, errors: (chunk: Buffer) => void, exited: (status: number) => void) {
		this.#mark = Buffer.from(`\n${mark} `);
		this.#errors = errors;
		this.#exited = exited;
	}

	take(chunk: Buffer): void {
		if (this.#hasEnded) return this.#errors(chunk);
		this.#held = Buffer.concat([this.#held, chunk]);
		const at = this.#held.indexOf(this.#mark);
		const end = at < 0 ? -1 : this.#held.indexOf("\n", at + this.#mark.length);
		if (end < 0) return this.#pass(at < 0 ? this.#held.length - this.#begun() : at);
		const status = Number(this.#held.toString("latin1", at + this.#mark.length, end));
		const rest = this.#held.subarray(end + 1);
		this.#hasEnded = true;
		this.#pass(at);
		this.#held = Buffer.of();
		this.#exited(Number.isInteger(status) ? status : 1);
		if (rest.length > 0) this.#errors(rest);
	}

	end(): void {
		this.#pass(this.#held.length);
	}

	#pass(length: number): void {
		if (length > 0) this.#errors(this.#held.subarray(0, length));
		this.#held = this.#held.subarray(length);
	}

	/** How many bytes at the end may be the beginning of the mark. */
	#begun(): number {
		const at = this.#held.lastIndexOf(0x0a);
		const tail = at < 0 ? undefined : this.#held.subarray(at);
		return tail === undefined || tail.length >= this.#mark.length || !this.#mark.subarray(0, tail.length).equals(tail) ? 0 : tail.length;
	}
}

function lastLine(text: string): string {
	return text.slice(text.lastIndexOf("\n") + 1).trim();
}

function notAccepted(name: string, shown: string): ConnectionError {
	return new ConnectionError("host-key-unknown", msg("The key of {0} ({1}) is not known, and was not accepted", name, shown));
}

/** Why ssh(1) did not connect, by its own words. */
function whyNot(target: SshTarget, said: string): ConnectionError {
	const { name, user } = target;
	const [, shown = "?"] = /(SHA256:[A-Za-z0-9+/]+)/.exec(said) ?? [];
	if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(said)) {
		const [, line] = /^Offending \S+ key in (\S+:\d+)\s*$/m.exec(said) ?? [];
		return changedKey(name, shown, line ?? target.knownHostsFiles[0] ?? "known_hosts");
	}
	if (/revoked/i.test(said)) return new ConnectionError("host-key-revoked", msg("The key of {0} is revoked: {1}", name, lastLine(said)));
	if (/^No \S+ host key is known for /m.test(said))
		return new ConnectionError(
			"host-key-unknown",
			msg("The key of {0} is not known, and nobody could be asked: connect once with ssh", name),
		);
	if (/bad configuration option/i.test(said)) return new ConnectionError("unsupported", msg("{0}: {1}", name, said.split("\n")[0] ?? ""));
	const [, methods] = /Permission denied \(([^)\n]*)\)/.exec(said) ?? [];
	if (methods !== undefined)
		return new ConnectionError("denied", msg("{0} does not let {1} in: it takes {2}", name, user, methods.replaceAll(",", ", ")));
	const code = /Connection refused/.test(said) ? "ECONNREFUSED" : /Could not resolve hostname/.test(said) ? "ENOTFOUND" : undefined;
	return unreachable(target, Object.assign(new Error(lastLine(said) || "ssh"), { code }));
}
