/** A connection to a host, whoever makes it: the client that is built in, or the system's ssh. */
import { type Message, msg } from "@openbsd-vnet/server";
import { ConnectionError } from "./connection-error.ts";
import type { Log } from "./connection-log.ts";
import type { UnlockedKeys } from "./keyring.ts";
import type { Prompts } from "./prompts.ts";
import type { ShellCommand } from "./shell-words.ts";
import type { LocalSide, SshTarget } from "./ssh-config.ts";

export interface ConnectOptions {
	/** What the user calls the host, in messages too; the destination by default. */
	readonly calledAs?: string;
	readonly local: LocalSide;
	readonly prompts: Prompts;
	readonly log?: Log;
	readonly signal?: AbortSignal;
	/** How long a host may take to be connected, in milliseconds, without the time in which the user thinks. 15 s. */
	readonly timeout?: number;
	/** The configuration files of ssh; the user's and the system's by default. */
	readonly configFiles?: readonly string[];
	/** Keeps the keys that were unlocked, over several connections. */
	readonly unlocked?: UnlockedKeys;
}

/** What a connection goes over. */
export type Transport =
	| { readonly kind: "built-in" }
	| {
			readonly kind: "system";
			/** What the built-in client cannot do of that which is asked for. */
			readonly why: Message;
			/** Whether one connection serves all commands; else each has its own. */
			readonly shared: boolean;
	  };

/** What a command tells while it runs. */
export interface CommandEvents {
	output(chunk: Buffer): void;
	errors(chunk: Buffer): void;
	/** It has ended; what it has left running may still write. */
	exited(status: number | null, signal?: string): void;
	/** Nothing more comes. */
	closed(): void;
	/** It could not be started. */
	failed(why: string): void;
}

export interface Connection {
	readonly target: SshTarget;
	readonly transport: Transport;
	readonly log: Log;
	/** Resolves with the reason when the connection has ended. */
	readonly ended: Promise<string>;
	/**
	 * Runs a command by sh(1), whatever the user's own shell is.
	 * @returns what stops it
	 */
	exec(command: ShellCommand, input: string | Buffer | undefined, events: CommandEvents): () => void;
	isOpen(): boolean;
	close(): void;
}

export const TIMEOUT = 15_000;
/** A connection that does not answer this often, this many times, has died. */
export const KEEPALIVE = { milliseconds: 10_000, times: 3 };

/** A time that does not run while the user is asked. */
export interface Stopwatch {
	pause(): void;
	resume(): void;
	stop(): void;
}

export function stopwatch(milliseconds: number, over: () => void): Stopwatch {
	let left = milliseconds;
	let begin = performance.now();
	let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(over, left);
	let stopped = false;
	let asked = 0;
	return {
		pause() {
			if (asked++ > 0 || stopped) return;
			clearTimeout(timer);
			left -= performance.now() - begin;
		},
		resume() {
			if (--asked > 0 || stopped) return;
			begin = performance.now();
			timer = setTimeout(over, Math.max(0, left));
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
}

/** Prompts that stop the clock while they are open. */
export function askingIn(prompts: Prompts, clock: Stopwatch): Prompts {
	const paused = async <T>(ask: () => Promise<T>): Promise<T> => {
		clock.pause();
		try {
			return await ask();
		} finally {
			clock.resume();
		}
	};
	return {
		acceptHostKey: (question) => paused(() => prompts.acceptHostKey(question)),
		passphrase: (question) => paused(() => prompts.passphrase(question)),
		password: (question) => paused(() => prompts.password(question)),
		answers: (question) => paused(() => prompts.answers(question)),
		tell: prompts.tell,
	};
}

/** Ends a wait when the time is over or the signal comes; what is settled first counts. */
export function limited(
	signal: AbortSignal | undefined,
	milliseconds: number,
	name: string,
	reject: (error: ConnectionError) => void,
): (then: () => void) => void {
	let settled = false;
	const settle = (then: () => void) => {
		if (settled) return;
		settled = true;
		clearTimeout(timer);
		signal?.removeEventListener("abort", onAbort);
		then();
	};
	const onAbort = () => settle(() => reject(cancelled(name)));
	const timer = setTimeout(() => settle(() => reject(timedOut(name, milliseconds))), milliseconds);
	if (signal?.aborted === true) onAbort();
	else signal?.addEventListener("abort", onAbort);
	return settle;
}

export function cancelled(name: string): ConnectionError {
	return new ConnectionError("cancelled", msg("{0}: cancelled", name));
}

/** In words for those errors that people meet; else in the system's. */
export function unreachable({ name, host, port }: SshTarget, error: Error & { readonly code?: unknown }): ConnectionError {
	const text = (): Message => {
		switch (error.code) {
			case "ECONNREFUSED":
				return msg("{0} takes no connections at {1} port {2}: does sshd listen there?", name, host, port);
			case "ENOTFOUND":
			case "EAI_AGAIN":
				return msg('No address is known for {0}: say it with HostName in ssh_config, or as the host\'s "ssh" in openbsd-vnet.json', host);
			default:
				return msg("{0}: {1}", name, error.message);
		}
	};
	return new ConnectionError("unreachable", text());
}

export function timedOut(name: string, milliseconds: number): ConnectionError {
	return new ConnectionError("timed-out", msg("{0} did not answer within {1} s", name, milliseconds / 1000));
}

export function lost(name: string, why: string): ConnectionError {
	return new ConnectionError(
		"lost",
		why === "" ? msg("The connection to {0} was lost", name) : msg("The connection to {0} was lost: {1}", name, why),
	);
}
