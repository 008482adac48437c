/** An SSH connection to a host: through the hosts in between, with its key checked, within a time, and to be cancelled. */
import type { Duplex } from "node:stream";
import { type Message, msg } from "@openbsd-vnet/server";
import ssh2, {
	type Algorithms,
	type CipherAlgorithm,
	type Client,
	type ConnectConfig,
	type KexAlgorithm,
	type MacAlgorithm,
	type ServerHostKeyAlgorithm,
} from "ssh2";
import { type AlgorithmList, algorithmLists, chosenAlgorithms, wordOf } from "./algorithms.ts";
import { authentication } from "./authentication.ts";
import { ConnectionError } from "./connection-error.ts";
import type { Log } from "./connection-log.ts";
import { keyring, type UnlockedKeys } from "./keyring.ts";
import {
	entriesOf,
	fingerprint,
	type HostKeyEntry,
	isRevoked,
	judgeHostKey,
	keyType,
	knownHostsLine,
	readKnownHosts,
	rsaBits,
} from "./known-hosts.ts";
import { noPrompts, type Prompts } from "./prompts.ts";
import { type LocalSide, readDestination, resolveTarget, type SshTarget } from "./ssh-config.ts";

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

export interface Connection {
	readonly target: SshTarget;
	readonly client: Client;
	readonly log: Log;
	/** Resolves with the reason when the connection has ended. */
	readonly ended: Promise<string>;
	isOpen(): boolean;
	close(): void;
}

const TIMEOUT = 15_000;
const MAX_JUMPS = 8;
/** A connection that does not answer this often, this many times, has died. */
const KEEPALIVE = { keepaliveInterval: 10_000, keepaliveCountMax: 3 };

/**
 * Connects to a host by the name that the user gives: `[user@]host[:port]`, or a Host of ssh_config.
 * @throws ConnectionError
 */
export async function connect(destination: string, options: ConnectOptions): Promise<Connection> {
	const target = targetOf(destination, options);
	return await connectThrough({ ...target, name: options.calledAs ?? target.name }, options, 0);
}

/**
 * What a name stands for, by the user's ssh_config.
 * @throws ConnectionError where it is none
 */
export function targetOf(destination: string, { local, configFiles }: Pick<ConnectOptions, "local" | "configFiles">): SshTarget {
	const read = readDestination(destination);
	if (read === undefined) throw new ConnectionError("unsupported", msg("'{0}' is not a host: write [user@]host[:port]", destination));
	return resolveTarget(read, local, configFiles);
}

async function connectThrough(target: SshTarget, options: ConnectOptions, depth: number): Promise<Connection> {
	const [unsupported] = target.unsupported;
	if (unsupported !== undefined) {
		throw new ConnectionError(
			"unsupported",
			unsupported === "ProxyCommand"
				? msg("{0} of ssh_config is not supported here, for {1}; use ProxyJump", unsupported, target.name)
				: msg("{0} of ssh_config is not supported here, for {1}: write for that host alone what it is to have", unsupported, target.name),
		);
	}
	const empty = algorithmLists.find(
		(list) => list !== "pubkeyacceptedalgorithms" && chosenAlgorithms(list, target.algorithms[list]).length === 0,
	);
	if (empty !== undefined) {
		throw new ConnectionError(
			"unsupported",
			msg("{0} of ssh_config leaves none that is known here, for {1}: {2}", wordOf(empty), target.name, target.algorithms[empty] ?? ""),
		);
	}
	const last = target.jumps.at(-1);
	if (last === undefined) return await connectOne(target, options);
	if (depth >= MAX_JUMPS) throw new ConnectionError("unsupported", msg("{0}: the hosts of ProxyJump lead through each other", target.name));
	const before = target.jumps.slice(0, -1);
	const jump = targetOf(last, options);
	// As ssh(1) does: those before it in the list take the place of its own.
	const gate = await connectThrough(before.length > 0 ? { ...jump, jumps: before } : jump, options, depth + 1);
	try {
		const tunnel = await forward(gate, target, options);
		const connection = await connectOne(target, options, { gate, tunnel });
		const close = () => gate.close();
		connection.ended.then(close, close);
		return connection;
	} catch (error) {
		gate.close();
		throw error;
	}
}

function forward(gate: Connection, { host, port }: SshTarget, { signal, timeout = TIMEOUT }: ConnectOptions): Promise<Duplex> {
	return new Promise((resolve, reject) => {
		const settle = limited(signal, timeout, gate.target.name, reject);
		gate.ended.then((why) => settle(() => reject(lost(gate.target.name, why))), reject);
		gate.client.forwardOut("127.0.0.1", 0, host, port, (error, channel) =>
			settle(() =>
				error === undefined
					? resolve(channel)
					: reject(
							new ConnectionError("unreachable", msg("{0} does not reach {1} port {2}: {3}", gate.target.name, host, port, error.message)),
						),
			),
		);
	});
}

interface Tunnel {
	readonly gate: Connection;
	readonly tunnel: Duplex;
}

function connectOne(target: SshTarget, options: ConnectOptions, through?: Tunnel): Promise<Connection> {
	const { local, signal, timeout = TIMEOUT, log = () => undefined } = options;
	const prompts = target.batch ? noPrompts : options.prompts;
	const { name, host, port, user } = target;
	const begin = performance.now();
	log({ kind: "connecting", name, user, host, port, ...(through === undefined ? {} : { through: through.gate.target.name }) });
	const client = new ssh2.Client();
	const known = target.knownHostsFiles.flatMap((file) => readKnownHosts(local.read(file) ?? "", file));

	return new Promise<Connection>((resolve, reject) => {
		let open = true;
		let settled = false;
		let end: (why: string) => void = () => undefined;
		const ended = new Promise<string>((done) => {
			end = done;
		});
		const clock = stopwatch(timeout, () => fail(timedOut(name, timeout)));
		const onAbort = () => fail(cancelled(name));
		function fail(error: Error): void {
			if (settled) return;
			settled = true;
			clock.stop();
			signal?.removeEventListener("abort", onAbort);
			log({ kind: "closed", name, why: error.message });
			open = false;
			client.destroy();
			through?.tunnel.destroy();
			reject(error);
		}
		if (signal?.aborted === true) return fail(cancelled(name));
		signal?.addEventListener("abort", onAbort);
		const asking = askingIn(prompts, clock);
		const note = (text: string) => log({ kind: "note", name, text });
		const whyRefused = (key: Buffer) => refusalOf(key, target, { local, prompts: asking, log }, known);
		const keys = keyring(target, local, asking, options.unlocked ?? new Map(), note);

		let why = "";
		client.on("error", (error) => {
			// ssh2 goes on to the next key after a trouble with one.
			if (error.level === "agent") return note(error.message);
			why = error.message;
			fail(unreachable(target, error));
		});
		client.on("close", () => {
			open = false;
			fail(lost(name, why));
			end(why);
		});
		client.on("ready", () => {
			settled = true;
			clock.stop();
			signal?.removeEventListener("abort", onAbort);
			log({ kind: "connected", name, milliseconds: performance.now() - begin });
			const close = () => {
				if (open) log({ kind: "closed", name, why: "" });
				open = false;
				client.end();
			};
			resolve({ target, client, log, ended, isOpen: () => open, close });
		});

		client.connect({
			...(through === undefined ? { host, port, ...localEnd(target) } : { sock: through.tunnel as never }),
			username: user,
			readyTimeout: 0,
			...KEEPALIVE,
			algorithms: algorithmsOf(target, entriesOf(known, ...knownAs(target))),
			hostVerifier: (key: Buffer, verify: (accepted: boolean) => void): void => {
				whyRefused(key).then(
					(refusal) => {
						if (settled) return;
						if (refusal !== undefined) return fail(refusal);
						makeKnown(key, target, local, known);
						verify(true);
					},
					() => fail(cancelled(name)),
				);
			},
			authHandler: authentication(
				target,
				keys,
				asking,
				(method) => log({ kind: "authenticating", name, method }),
				(reason, allowed) =>
					fail(
						reason === "cancelled"
							? cancelled(name)
							: new ConnectionError("denied", msg("{0} does not let {1} in: it takes {2}", name, user, allowed.join(", "))),
					),
			),
		});
	});
}

/** Where the connection comes from, and to which kind of address it goes. */
function localEnd({ addressFamily, bindAddress }: SshTarget): ConnectConfig {
	return {
		...(addressFamily === "inet" ? { forceIPv4: true } : {}),
		...(addressFamily === "inet6" ? { forceIPv6: true } : {}),
		...(bindAddress === undefined ? {} : { localAddress: bindAddress }),
	};
}

/** What is offered to the host. Types of keys that it is known by come first, so that it shows one of those. */
function algorithmsOf({ algorithms }: SshTarget, entries: readonly HostKeyEntry[]): Algorithms {
	const types = new Set(entries.filter(({ mark }) => mark === undefined).map(({ type }) => type));
	const isKnown = (algorithm: string) => types.has(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
	const chosen = (list: AlgorithmList) => [...chosenAlgorithms(list, algorithms[list])];
	const hostKeys = chosen("hostkeyalgorithms");
	return {
		// Those that nobody has set stay the library's, which knows what this machine does well.
		...(algorithms.ciphers === undefined ? {} : { cipher: chosen("ciphers") as CipherAlgorithm[] }),
		...(algorithms.macs === undefined ? {} : { hmac: chosen("macs") as MacAlgorithm[] }),
		...(algorithms.kexalgorithms === undefined ? {} : { kex: chosen("kexalgorithms") as KexAlgorithm[] }),
		serverHostKey: [...hostKeys.filter(isKnown), ...hostKeys.filter((each) => !isKnown(each))] as ServerHostKeyAlgorithm[],
	};
}

/** What a host is known by, and at which port: ssh(1) looks an alias up without the port. */
function knownAs({ host, port, hostKeyAlias }: SshTarget): [name: string, port: number] {
	return hostKeyAlias === undefined ? [host, port] : [hostKeyAlias, 22];
}

/** Why the key that a host shows is refused; undefined where it is taken, by the user where nobody knew it. */
async function refusalOf(
	key: Buffer,
	target: SshTarget,
	{ local, prompts, log }: Required<Pick<ConnectOptions, "local" | "prompts" | "log">>,
	known: readonly HostKeyEntry[],
): Promise<ConnectionError | undefined> {
	const { name, host, port, unknownHostKey, requiredRsaSize } = target;
	const verdict = judgeHostKey(known, ...knownAs(target), key);
	const shown = { type: keyType(key), fingerprint: fingerprint(key) };
	log({ kind: "host-key", name, ...shown, verdict: verdict.kind });
	const bits = rsaBits(key);
	if (bits !== undefined && bits < requiredRsaSize)
		return new ConnectionError(
			"unsupported",
			msg(
				"The key of {0} ({1}) has {2} bits, and must have {3}: RequiredRSASize of ssh_config",
				name,
				shown.fingerprint,
				bits,
				requiredRsaSize,
			),
		);
	const revoked = revokedByFile(target, local, key, shown.fingerprint);
	if (revoked !== undefined) return revoked;
	switch (verdict.kind) {
		case "known":
			return undefined;
		case "revoked":
			return new ConnectionError(
				"host-key-revoked",
				msg("The key of {0} ({1}) is revoked in {2}, line {3}", name, shown.fingerprint, verdict.entry.file, verdict.entry.line),
			);
		case "changed":
			return changed(target, shown.fingerprint, verdict.entries);
		case "unknown": {
			const [file] = target.knownHostsFiles;
			const question = { name, host, port, ...shown, file, authority: verdict.authority !== undefined };
			if (!(unknownHostKey === "ask" ? await prompts.acceptHostKey(question) : unknownHostKey === "accept"))
				return new ConnectionError(
					"host-key-unknown",
					msg("The key of {0} ({1}) is not known, and was not accepted", name, shown.fingerprint),
				);
			return undefined;
		}
	}
}

/** Notes a key that was taken and that no file had. */
function makeKnown(key: Buffer, target: SshTarget, local: LocalSide, known: readonly HostKeyEntry[]): void {
	const [file] = target.knownHostsFiles;
	if (file !== undefined && judgeHostKey(known, ...knownAs(target), key).kind === "unknown")
		local.addLine(file, knownHostsLine(...knownAs(target), key, target.hashKnownHosts));
}

/** Why a key is refused by RevokedHostKeys, as ssh_config(5) has it: also where that file cannot be read. */
function revokedByFile(
	{ name, revokedHostKeys: file }: SshTarget,
	local: LocalSide,
	key: Buffer,
	shown: string,
): ConnectionError | undefined {
	if (file === undefined) return undefined;
	const text = local.read(file);
	if (text === undefined)
		return new ConnectionError("host-key-revoked", msg("{0}: RevokedHostKeys of ssh_config names {1}, which cannot be read", name, file));
	const revoked = isRevoked(text, key);
	if (revoked === undefined)
		return new ConnectionError(
			"unsupported",
			msg("{0}: RevokedHostKeys of ssh_config names {1}, a list in a form that is not read here: write one key on each line", name, file),
		);
	return revoked ? new ConnectionError("host-key-revoked", msg("The key of {0} ({1}) is revoked in {2}", name, shown, file)) : undefined;
}

function changed({ name }: SshTarget, shown: string, entries: readonly HostKeyEntry[]): ConnectionError {
	const lines = entries.map(({ file, line }) => `${file}:${line}`).join(", ");
	return new ConnectionError(
		"host-key-changed",
		msg(
			"The key of {0} has changed: it shows {1}, but {2} says otherwise. Somebody may stand between you and the host. If the host has a new key, remove that line",
			name,
			shown,
			lines,
		),
	);
}

/** A time that does not run while the user is asked. */
interface Stopwatch {
	pause(): void;
	resume(): void;
	stop(): void;
}

function stopwatch(milliseconds: number, over: () => void): Stopwatch {
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
function askingIn(prompts: Prompts, clock: Stopwatch): Prompts {
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

function cancelled(name: string): ConnectionError {
	return new ConnectionError("cancelled", msg("{0}: cancelled", name));
}

/** In words for those errors that people meet; else in the system's. */
function unreachable({ name, host, port }: SshTarget, error: Error & { readonly code?: unknown }): ConnectionError {
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

function timedOut(name: string, milliseconds: number): ConnectionError {
	return new ConnectionError("timed-out", msg("{0} did not answer within {1} s", name, milliseconds / 1000));
}

export function lost(name: string, why: string): ConnectionError {
	return new ConnectionError(
		"lost",
		why === "" ? msg("The connection to {0} was lost", name) : msg("The connection to {0} was lost: {1}", name, why),
	);
}

/** Uses a connection and closes it, whatever becomes of its use. */
export async function withConnection<T>(reach: () => Promise<Connection>, use: (connection: Connection) => Promise<T>): Promise<T> {
	const connection = await reach();
	try {
		return await use(connection);
	} finally {
		connection.close();
	}
}
