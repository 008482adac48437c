/**
 * The simulated host behind an SSH server in this process (ssh2's): to try everything without an OpenBSD machine.
 * It listens on the loopback interface only, and lets nobody in but the bearer of its key.
 */
import { spawn } from "node:child_process";
import { timingSafeEqual } from "node:crypto";
import { createRequire } from "node:module";
import type { AuthContext, Connection, ParsedKey, ServerChannel } from "ssh2";
import type { SimulatedHost } from "./install.ts";

// ssh2 is CommonJS, and names what it exports only when it runs.
const { Server, utils } = createRequire(import.meta.url)("ssh2") as typeof import("ssh2");

/** What its host key and its greeting are told apart by from a real host's. */
const simulatedIdent = "openbsd-vnet-simulated-host";

export interface EmbeddedServer {
	readonly port: number;
	/** Its host key as known_hosts has it: `ssh-ed25519 AAAA...`. */
	readonly hostKey: string;
	/** The key that it lets in, as an OpenSSH private key. */
	readonly clientKey: string;
	/** How many commands were run. */
	commands(): number;
	close(): Promise<void>;
}

/** A pair of keys that can be read: ssh2 cuts the zero bytes off that one public key in 256 begins with. */
function makeKeys() {
	for (;;) {
		const pair = utils.generateKeyPairSync("ed25519");
		if (![pair.private, pair.public].some((key) => utils.parseKey(key) instanceof Error)) return pair;
	}
}

/** Serves a simulated host on a port that the system picks. */
export async function serveEmbedded(host: SimulatedHost): Promise<EmbeddedServer> {
	const [hostPair, clientPair] = [makeKeys(), makeKeys()];
	const allowed = utils.parseKey(clientPair.public);
	if (allowed instanceof Error) throw allowed;
	const connections = new Set<Connection>();
	let commands = 0;
	const server = new Server({ hostKeys: [hostPair.private], ident: simulatedIdent }, (connection, { ip, port: from }) => {
		connections.add(connection);
		connection.on("close", () => connections.delete(connection));
		// A client that goes away in the middle is no fault of ours.
		connection.on("error", () => undefined);
		connection.on("authentication", (context) => authenticate(context, allowed));
		connection.on("session", (accept) => {
			accept().on("exec", (acceptCommand, _reject, { command }) => {
				commands++;
				run(host, acceptCommand(), command, `${ip} ${from} ${addressOf(host)} 22`);
			});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	const { port } = server.address() as { readonly port: number };
	return {
		port,
		hostKey: hostPair.public.split(" ").slice(0, 2).join(" "),
		clientKey: clientPair.private,
		commands: () => commands,
		close: () =>
			new Promise((resolve) => {
				for (const connection of connections) connection.end();
				server.close(() => resolve());
			}),
	};
}

function authenticate(context: AuthContext, allowed: ParsedKey): void {
	if (context.method !== "publickey" || context.key.algo !== allowed.type || !same(context.key.data, allowed.getPublicSSH())) {
		context.reject(["publickey"]);
		return;
	}
	const { blob, signature, hashAlgo } = context;
	// Without a signature the client only asks whether this key would do.
	if (blob === undefined || signature === undefined || allowed.verify(blob, signature, hashAlgo) === true) context.accept();
	else context.reject(["publickey"]);
}

function same(a: Buffer, b: Buffer): boolean {
	return a.length === b.length && timingSafeEqual(a, b);
}

/** The address that one would come to. */
function addressOf(host: SimulatedHost): string {
	const addresses = host.state().interfaces.find(({ name }) => name === "em0")?.addresses ?? [];
	return addresses[0]?.replace(/\/.*/, "") ?? "127.0.0.1";
}

/** @param ends `$SSH_CONNECTION`: where the command comes from, and to which address of the host */
function run(host: SimulatedHost, channel: ServerChannel, command: string, ends: string): void {
	const child = spawn(host.enter, ["-c", command], { stdio: "pipe", env: { ...process.env, SSH_CONNECTION: ends } });
	channel.pipe(child.stdin);
	child.stdin.on("error", () => undefined);
	child.stdout.pipe(channel, { end: false });
	child.stderr.pipe(channel.stderr, { end: false });
	child.on("error", (error) => {
		channel.stderr.write(`${error.message}\n`);
		channel.exit(127);
		channel.end();
	});
	// As sshd: the status when the command ends, and the end of its output when nobody has it open any more.
	child.on("exit", (status) => channel.exit(status ?? 1));
	child.on("close", () => channel.end());
	channel.on("close", () => child.kill("SIGTERM"));
}
