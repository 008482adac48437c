/** The client that is built in: the library ssh2, with host keys judged by ourselves before anything is told to the host. */
import type { Duplex } from "node:stream";
import { msg } from "@openbsd-vnet/server";
import ssh2, {
	type Algorithms,
	type CipherAlgorithm,
	type Client,
	type ConnectConfig,
	type KexAlgorithm,
	type MacAlgorithm,
	type ServerHostKeyAlgorithm,
} from "ssh2";
import { type AlgorithmList, chosenAlgorithms } from "./algorithms.ts";
import { authentication } from "./authentication.ts";
import {
	askingIn,
	type CommandEvents,
	type Connection,
	type ConnectOptions,
	cancelled,
	KEEPALIVE,
	limited,
	lost,
	stopwatch,
	TIMEOUT,
	timedOut,
	unreachable,
} from "./connection.ts";
import { BeyondBuiltIn, ConnectionError, changedKey } from "./connection-error.ts";
import { keyring, noUnlockedKeys } from "./keyring.ts";
import {
	entriesOf,
	fingerprint,
	type HostKeyEntry,
	isRevoked,
	judgeHostKey,
	keyType,
	knownAs,
	knownHostKeys,
	knownHostsLine,
	rsaBits,
} from "./known-hosts.ts";
import { noPrompts } from "./prompts.ts";
import { loginLine, type ShellCommand } from "./shell-words.ts";
import type { LocalSide, SshTarget } from "./ssh-config.ts";

/** A connection that others can be made through. */
interface Ssh2Connection extends Connection {
	readonly client: Client;
}

/**
 * Connects through the hosts of a way to its last one.
 * @throws ConnectionError, {@link BeyondBuiltIn} where another client may do better
 */
export async function connectBuiltIn(way: readonly SshTarget[], options: ConnectOptions): Promise<Connection> {
	let gate: Ssh2Connection | undefined;
	for (const target of way) gate = await connectBehind(gate, target, options);
	if (gate === undefined) throw new Error("a way without hosts");
	return gate;
}

async function connectBehind(gate: Ssh2Connection | undefined, target: SshTarget, options: ConnectOptions): Promise<Ssh2Connection> {
	if (gate === undefined) return await connectOne(target, options);
	try {
		const connection = await connectOne(target, options, { gate, tunnel: await forward(gate, target, options) });
		const close = () => gate.close();
		connection.ended.then(close, close);
		return connection;
	} catch (error) {
		gate.close();
		throw error;
	}
}

function forward(gate: Ssh2Connection, { host, port }: SshTarget, { signal, timeout = TIMEOUT }: ConnectOptions): Promise<Duplex> {
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
	readonly gate: Ssh2Connection;
	readonly tunnel: Duplex;
}

function connectOne(target: SshTarget, options: ConnectOptions, through?: Tunnel): Promise<Ssh2Connection> {
	const { local, signal, timeout = TIMEOUT, log = () => undefined } = options;
	const prompts = target.batch ? noPrompts : options.prompts;
	const { name, host, port, user } = target;
	const begin = performance.now();
	log({ kind: "connecting", name, user, host, port, ...(through === undefined ? {} : { through: through.gate.target.name }) });
	const client = new ssh2.Client();
	const known = knownHostKeys(target, local);

	return new Promise<Ssh2Connection>((resolve, reject) => {
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
		const keys = keyring(target, local, asking, options.unlocked ?? noUnlockedKeys(), note);

		let why = "";
		client.on("error", (error) => {
			// ssh2 goes on to the next key after a trouble with one.
			if (error.level === "agent") return note(error.message);
			why = error.message;
			const text = unreachable(target, error).text;
			// ssh2's words where the host takes none of the algorithms that it has.
			fail(
				/^Handshake failed: no matching /.test(error.message)
					? new BeyondBuiltIn("unreachable", text, msg("{0} takes none of the algorithms that the built-in client has", name))
					: new ConnectionError("unreachable", text),
			);
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
			const exec: Connection["exec"] = (command, input, events) => execOver(client, command, input, events);
			resolve({ target, transport: { kind: "built-in" }, client, log, ended, exec, isOpen: () => open, close });
		});

		client.connect({
			...(through === undefined ? { host, port, ...localEnd(target) } : { sock: through.tunnel as never }),
			username: user,
			readyTimeout: 0,
			keepaliveInterval: KEEPALIVE.milliseconds,
			keepaliveCountMax: KEEPALIVE.times,
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
				(reason, allowed) => {
					if (reason === "cancelled") return fail(cancelled(name));
					const text = msg("{0} does not let {1} in: it takes {2}", name, user, allowed.join(", "));
					fail(
						reason === "denied"
							? new ConnectionError("denied", text)
							: new BeyondBuiltIn("denied", text, msg("{0} lets in by {1}", name, reason.beyond)),
					);
				},
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
			return changedKey(name, shown.fingerprint, verdict.entries.map(({ file, line }) => `${file}:${line}`).join(", "));
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

function execOver(client: Client, command: ShellCommand, input: string | Buffer | undefined, events: CommandEvents): () => void {
	let isStopped = false;
	let stop: () => void = () => undefined;
	client.exec(loginLine(command), (error, channel) => {
		if (error !== undefined) return events.failed(error.message);
		stop = () => channel.destroy();
		if (isStopped) return stop();
		channel.on("data", events.output);
		channel.stderr.on("data", events.errors);
		channel.on("error", () => undefined);
		channel.on("exit", (status: number | null, signal?: string) => events.exited(status, signal));
		channel.on("close", events.closed);
		channel.end(input);
	});
	return () => {
		isStopped = true;
		stop();
	};
}
