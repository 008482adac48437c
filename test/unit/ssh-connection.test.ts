/** Connections to a real sshd: every way in, every state of its key, and every way to lose it. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type Connection,
	ConnectionError,
	type ConnectOptions,
	connect,
	type LocalSide,
	type LogEvent,
	localSide,
	noPrompts,
	openSession,
	type Prompts,
	run,
	runAsRoot,
	sh,
} from "@openbsd-vnet/remote";
import ssh2 from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { hasPasswords, makeKey, passphrase, type Sshd, sshdMissing, startSshd } from "../openbsd-host/sshd.ts";
import { shareOf } from "../share.ts";

// Not a limit: a machine with more to do than this may be slow.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-ssh-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let homes = 0;

interface Home {
	readonly local: LocalSide;
	readonly knownHosts: string;
}

/** What connections of the tests that run go over. */
let transport: "built-in" | "system" = "built-in";

const sshProgram = ["/usr/bin/ssh", "/usr/local/bin/ssh"].find((path) => existsSync(path));
const system = sshProgram === undefined ? undefined : { program: sshProgram, shares: true };

/** A list of revoked keys that names none, in a form that only ssh(1) reads: with it, connections go over that. */
function emptyRevocationList(): string {
	const file = join(folder, "krl");
	if (!existsSync(file)) execFileSync("ssh-keygen", ["-q", "-k", "-f", file, "/dev/null"]);
	return file;
}

/** A user's home with ~/.ssh/config and ~/.ssh/known_hosts, and nothing of the machine's. */
function home(config: string, knownHosts = "", environment: Readonly<Record<string, string>> = {}): Home {
	const at = join(folder, `home${homes++}`);
	mkdirSync(join(at, ".ssh"), { recursive: true });
	const file = join(at, ".ssh", "known_hosts");
	const beyond = transport === "system" ? `Host *\n RevokedHostKeys ${emptyRevocationList()}\n` : "";
	writeFileSync(join(at, ".ssh", "config"), `GlobalKnownHostsFile none\nUserKnownHostsFile ${file}\n${config}${beyond}`);
	if (knownHosts !== "") writeFileSync(file, knownHosts);
	return {
		local: {
			...localSide(),
			home: at,
			user: "nobody",
			environment: transport === "system" ? { PATH: process.env.PATH, ...environment } : environment,
			ssh: transport === "system" ? system : undefined,
		},
		knownHosts: file,
	};
}

/** How long a connection may take on a machine that is busy with other tests, in ms: less than a test, so that its end says where. */
const PATIENCE = 25_000;

const open: Connection[] = [];
afterEach(() => {
	for (const connection of open.splice(0)) connection.close();
});

async function reach(at: Home, options: Partial<ConnectOptions> = {}, name = "hv1"): Promise<Connection> {
	const connection = await connect(name, {
		local: at.local,
		prompts: noPrompts,
		configFiles: [join(at.local.home, ".ssh", "config")],
		timeout: PATIENCE,
		...options,
	});
	open.push(connection);
	return connection;
}

async function fault(attempt: Promise<unknown>): Promise<ConnectionError> {
	const error = await attempt.then(
		() => undefined,
		(why: unknown) => why,
	);
	if (!(error instanceof ConnectionError)) throw new Error(`no ConnectionError, but ${String(error)}`);
	return error;
}

const host = ({ port, user }: Sshd, more = "") =>
	`Host hv1\n HostName 127.0.0.1\n Port ${port}\n User ${user}\n IdentityAgent none\n ${more}\n`;
const withKey = (sshd: Sshd, more = "") => host(sshd, `IdentityFile ${sshd.identity}\n ${more}`);

function portOf(address: ReturnType<Server["address"]>): number {
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}

/** A port in between, that can be cut, or that stops to pass anything on. */
async function between(port: number) {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		const onward = dial(port, "127.0.0.1");
		for (const each of [socket, onward]) {
			sockets.add(each);
			each.on("error", () => undefined);
		}
		socket.pipe(onward).pipe(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		port: portOf(server.address()),
		cut: () => {
			for (const socket of sockets) socket.destroy();
			sockets.clear();
		},
		hold: () => {
			for (const socket of sockets) socket.unpipe().pause();
		},
		close: () => {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
}

test("messages call a host as openbsd-vnet.json does, whatever its address", async () => {
	const { text } = await fault(reach(home("Host hv1\n ProxyCommand nc %h %p\n"), { calledAs: "the lab" }));
	expect(text.args).toContain("the lab");
	expect(text.args).not.toContain("hv1");
});

/** What connections go over: one of the two each day, where there are two. */
const clients = ["built-in", ...(system === undefined ? [] : ["system" as const])] as const;

describe.skipIf(sshdMissing !== undefined).each(shareOf(clients, clients.length))(
	`a real sshd, over the %s client${sshdMissing === undefined ? "" : ` (${sshdMissing})`}`,
	(kind) => {
		let sshd: Sshd;
		beforeAll(async () => {
			transport = kind;
			sshd = await startSshd();
		});
		afterAll(() => {
			transport = "built-in";
		});
		afterAll(() => sshd.stop());

		const greets = async (connection: Connection) =>
			expect(await run(connection, sh`echo ${"it's me"}`)).toMatchObject({ status: 0, stdout: "it's me\n" });

		describe("ways in", () => {
			test("a key without a passphrase: nothing is asked", async () => {
				await greets(await reach(home(withKey(sshd), sshd.knownHosts)));
			});

			test("a key with one: asked until it is right, and only because the host takes the key", async () => {
				const asked: unknown[] = [];
				const prompts: Prompts = {
					...noPrompts,
					passphrase: async (question) => {
						asked.push(question);
						return question.attempt === 1 ? "wrong" : passphrase;
					},
				};
				const other = makeKey(folder, `not-accepted${homes++}`, { lock: "secret" });
				const keys = `IdentityFile ${other}\n IdentityFile ${sshd.lockedIdentity}`;
				await greets(await reach(home(host(sshd, keys), sshd.knownHosts), { prompts }));
				expect(asked).toEqual([
					{ file: sshd.lockedIdentity, attempt: 1 },
					{ file: sshd.lockedIdentity, attempt: 2 },
				]);
			});

			test("a key with one, whose public half is not beside it", async () => {
				const alone = join(folder, "alone");
				writeFileSync(alone, readFileSync(sshd.lockedIdentity), { mode: 0o600 });
				const prompts = { ...noPrompts, passphrase: async () => passphrase };
				await greets(await reach(home(host(sshd, `IdentityFile ${alone}`), sshd.knownHosts), { prompts }));
			});

			test("no passphrase, no way in", async () => {
				const at = home(host(sshd, `IdentityFile ${sshd.lockedIdentity}`), sshd.knownHosts);
				expect(await fault(reach(at))).toMatchObject({ fault: "denied", message: `hv1 does not let ${sshd.user} in: it takes publickey` });
			});

			test("a key that it does not know", async () => {
				const stranger = makeKey(folder, `stranger${homes++}`, { type: "ecdsa" });
				expect(await fault(reach(home(host(sshd, `IdentityFile ${stranger}`), sshd.knownHosts)))).toMatchObject({ fault: "denied" });
			});

			test.skipIf(spawnSync("ssh-agent", ["-h"]).error !== undefined)("ssh-agent, with only the public half on disk", async () => {
				const socket = join(folder, "agent");
				const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
				try {
					await expect.poll(() => existsSync(socket), { timeout: 10_000 }).toBe(true);
					const noise = makeKey(folder, `noise${homes++}`);
					execFileSync("ssh-add", ["-q", noise, sshd.identity], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
					const named = join(folder, "named");
					writeFileSync(`${named}.pub`, readFileSync(`${sshd.identity}.pub`));
					const at = (more: string) => home(host(sshd, more).replace("IdentityAgent none", ""), sshd.knownHosts, { SSH_AUTH_SOCK: socket });
					await greets(await reach(at("")));
					await greets(await reach(at(`IdentitiesOnly yes\n IdentityFile ${named}`)));
					expect(await fault(reach(at(`IdentitiesOnly yes\n IdentityFile ${noise}`)))).toMatchObject({ fault: "denied" });
				} finally {
					agent.kill();
				}
			});

			test("an agent that is gone does not hide the keys of files", async () => {
				const at = home(withKey(sshd).replace("IdentityAgent none", "IdentityAgent /nowhere/agent"), sshd.knownHosts);
				await greets(await reach(at));
			});

			describe.skipIf(!hasPasswords)("with passwords (needs root, for a user of its own)", () => {
				let asking: Sshd;
				let plain: Sshd;
				beforeAll(async () => {
					asking = await startSshd({ methods: ["publickey", "keyboard-interactive"] });
					plain = await startSshd({ methods: ["publickey", "password"] });
				});
				afterAll(async () => {
					await asking.stop();
					await plain.stop();
				});

				test("a password, asked again when it was wrong", async () => {
					const prompts: Prompts = { ...noPrompts, password: async ({ attempt }) => (attempt === 1 ? "wrong" : plain.password) };
					await greets(await reach(home(host(plain), plain.knownHosts), { prompts }));
				});

				test("a wrong password is denied after three", async () => {
					const attempts: number[] = [];
					const prompts: Prompts = {
						...noPrompts,
						password: async ({ attempt }) => {
							attempts.push(attempt);
							return "wrong";
						},
					};
					expect(await fault(reach(home(host(plain), plain.knownHosts), { prompts }))).toMatchObject({ fault: "denied" });
					expect(attempts).toEqual([1, 2, 3]);
				});

				test("who does not answer has cancelled", async () => {
					expect(await fault(reach(home(host(plain), plain.knownHosts)))).toMatchObject({ fault: "cancelled" });
				});

				test("a key comes before a password", async () => {
					const prompts: Prompts = { ...noPrompts, password: async () => Promise.reject(new Error("asked")) };
					await greets(await reach(home(withKey(plain), plain.knownHosts), { prompts }));
				});

				test("keyboard-interactive: its questions are put", async () => {
					const prompts: Prompts = {
						...noPrompts,
						answers: async ({ questions }) => {
							expect(questions).toMatchObject([{ text: expect.stringContaining("Password"), echo: false }]);
							return [asking.password];
						},
					};
					await greets(await reach(home(host(asking), asking.knownHosts), { prompts }));
				});
			});
		});

		describe("its key", () => {
			const stranger = () =>
				readFileSync(`${makeKey(folder, `host${homes++}`)}.pub`, "utf8")
					.split(" ")
					.slice(0, 2)
					.join(" ");
			const at = (line: string) => `[127.0.0.1]:${sshd.port} ${line}\n`;

			test("known by a hashed name", async () => {
				const { local, knownHosts } = home(withKey(sshd), sshd.knownHosts);
				execFileSync("ssh-keygen", ["-q", "-H", "-f", knownHosts], { stdio: "ignore" });
				expect(readFileSync(knownHosts, "utf8")).toMatch(/^\|1\|/);
				await greets(await reach({ local, knownHosts }));
			});

			test("unknown: shown, and known from then on when it was accepted", async () => {
				const asked: unknown[] = [];
				const prompts: Prompts = {
					...noPrompts,
					acceptHostKey: async (question) => {
						asked.push(question);
						return true;
					},
				};
				const where = home(withKey(sshd));
				await greets(await reach(where, { prompts }));
				const [, shown] = execFileSync("ssh-keygen", ["-lf", `${sshd.hostKey}.pub`], { encoding: "utf8" }).split(" ");
				expect(asked).toEqual([
					{
						name: "hv1",
						host: "127.0.0.1",
						port: sshd.port,
						type: "ssh-ed25519",
						fingerprint: shown,
						file: where.knownHosts,
						authority: false,
					},
				]);
				expect(readFileSync(where.knownHosts, "utf8")).toBe(sshd.knownHosts);
				if (kind === "built-in") expect(statSync(where.knownHosts).mode & 0o777).toBe(0o600);
				await greets(await reach(where));
			});

			test("unknown and not accepted: no way in, and nothing is written", async () => {
				const where = home(withKey(sshd));
				expect(await fault(reach(where))).toMatchObject({ fault: "host-key-unknown" });
				expect(existsSync(where.knownHosts)).toBe(false);
				expect(sshd.log()).not.toMatch(/Failed .* nobody/);
			});

			const yes: Prompts = { ...noPrompts, acceptHostKey: async () => true };

			test("changed: refused with the line, and nobody is asked", async () => {
				const where = home(withKey(sshd), `# mine\n${at(stranger())}`);
				const error = await fault(reach(where, { prompts: yes }));
				expect(error.fault).toBe("host-key-changed");
				expect(error.message).toContain(`${where.knownHosts}:2`);
				expect(readFileSync(where.knownHosts, "utf8")).toMatch(/^# mine\n[^\n]+\n$/);
			});

			test("of another type than the one that is known: refused as well", async () => {
				const rsa = readFileSync(`${makeKey(folder, `host-rsa${homes++}`, { type: "rsa" })}.pub`, "utf8")
					.split(" ")
					.slice(0, 2)
					.join(" ");
				expect(await fault(reach(home(withKey(sshd), at(rsa)), { prompts: yes }))).toMatchObject({ fault: "host-key-changed" });
			});

			test("one of several", async () => {
				await greets(await reach(home(withKey(sshd), at(stranger()) + sshd.knownHosts)));
			});

			test("revoked: refused, known or not", async () => {
				const revoked = `@revoked * ${sshd.knownHosts.split(" ").slice(1).join(" ")}`;
				expect(await fault(reach(home(withKey(sshd), sshd.knownHosts + revoked), { prompts: yes }))).toMatchObject({
					fault: "host-key-revoked",
				});
				expect(await fault(reach(home(withKey(sshd), revoked), { prompts: yes }))).toMatchObject({ fault: "host-key-revoked" });
			});

			test("unknown: refused or taken without a question, as StrictHostKeyChecking says", async () => {
				const strict = home(withKey(sshd, "StrictHostKeyChecking yes"));
				expect(await fault(reach(strict, { prompts: yes }))).toMatchObject({ fault: "host-key-unknown" });
				const lenient = home(withKey(sshd, "StrictHostKeyChecking accept-new"));
				await greets(await reach(lenient));
				expect(readFileSync(lenient.knownHosts, "utf8")).toBe(sshd.knownHosts);
			});

			test("in a file of revoked keys, or where that cannot be read: refused, although it is known", async () => {
				const file = join(folder, "revoked");
				writeFileSync(file, "");
				const at = home(withKey(sshd, `RevokedHostKeys ${file}`), sshd.knownHosts);
				await greets(await reach(at));
				writeFileSync(file, sshd.knownHosts.split(" ").slice(1).join(" "));
				expect(await fault(reach(at))).toMatchObject({ fault: "host-key-revoked", message: expect.stringContaining(file) });
				writeFileSync(file, "SSHKRL\n\0");
				expect(await fault(reach(at))).toMatchObject({ fault: kind === "system" ? "host-key-revoked" : "unsupported" });
				rmSync(file);
				expect(await fault(reach(at))).toMatchObject({ fault: "host-key-revoked", message: expect.stringContaining("cannot be read") });
			});

			test("of a host with two: the one that is known is asked for", async () => {
				const rsa = makeKey(folder, `second${homes++}`, { type: "rsa" });
				const two = await startSshd({ config: `HostKey ${rsa}\n` });
				try {
					const line = readFileSync(`${rsa}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
					const known = `[127.0.0.1]:${two.port} ${line}\n`;
					await greets(await reach(home(withKey(two), known)));
					// Known, and too short all the same.
					expect(await fault(reach(home(withKey(two, "RequiredRSASize 16384"), known)))).toMatchObject({
						fault: kind === "system" ? "unreachable" : "unsupported",
					});
				} finally {
					await two.stop();
				}
			});
		});

		describe("through another host", () => {
			let gate: Sshd;
			beforeAll(async () => {
				gate = await startSshd();
			});
			afterAll(() => gate.stop());

			const config = (jump: string) =>
				`${withKey(sshd, `ProxyJump ${jump}`)}Host gate\n HostName 127.0.0.1\n Port ${gate.port}\n User ${gate.user}\n IdentityAgent none\n IdentityFile ${gate.identity}\n`;

			test("ProxyJump, each with its own key and its own line in known_hosts", async () => {
				await greets(await reach(home(config("gate"), gate.knownHosts + sshd.knownHosts)));
				expect(gate.log()).toContain(`Accepted publickey for ${gate.user}`);
			});

			test("a gate whose key changed lets nobody through", async () => {
				const changed = gate.knownHosts.replace(/ssh-ed25519 .*/, sshd.knownHosts.split(" ").slice(1).join(" ").trim());
				expect(await fault(reach(home(config("gate"), changed + sshd.knownHosts)))).toMatchObject({ fault: "host-key-changed" });
			});

			test("a host that the gate does not reach", async () => {
				const dead = config("gate").replace(`Port ${sshd.port}`, "Port 1");
				const error = await fault(reach(home(dead, gate.knownHosts)));
				expect(error).toMatchObject({
					fault: "unreachable",
					message: kind === "system" ? expect.stringMatching(/^hv1/) : expect.stringMatching(/^gate does not reach 127\.0\.0\.1 port 1: /),
				});
			});

			test("gates that lead through each other", async () => {
				const circle = `${config("gate")} ProxyJump hv1\n`;
				expect(await fault(reach(home(circle, gate.knownHosts)))).toMatchObject({ fault: "unsupported" });
			});
		});

		describe("what goes wrong", () => {
			test("a connection that dies in the middle of a command", async () => {
				const line = await between(sshd.port);
				const at = home(
					withKey(sshd).replace(`Port ${sshd.port}`, `Port ${line.port}`),
					sshd.knownHosts.replace(`:${sshd.port}`, `:${line.port}`),
				);
				const connection = await reach(at);
				const running = fault(run(connection, sh`sleep 60`));
				line.cut();
				expect(await running).toMatchObject({ fault: "lost" });
				expect(connection.isOpen()).toBe(false);
				expect(await fault(run(connection, sh`true`))).toMatchObject({ fault: "lost" });
				line.close();
			});

			test("a host that takes the connection and says nothing", async () => {
				const silent = createServer(() => undefined);
				await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
				const port = portOf(silent.address());
				const error = await fault(reach(home(withKey(sshd).replace(`Port ${sshd.port}`, `Port ${port}`)), { timeout: 200 }));
				expect(error).toMatchObject({ fault: "timed-out", message: "hv1 did not answer within 0.2 s" });
				silent.close();
			});

			test("the time does not run while the user thinks", async () => {
				const prompts: Prompts = { ...noPrompts, acceptHostKey: () => new Promise((resolve) => setTimeout(() => resolve(true), 3000)) };
				await greets(await reach(home(withKey(sshd)), { prompts, timeout: 2500 }));
			});

			test("a line that goes dead while a command runs", async () => {
				const line = await between(sshd.port);
				const at = home(
					withKey(sshd).replace(`Port ${sshd.port}`, `Port ${line.port}`),
					sshd.knownHosts.replace(`:${sshd.port}`, `:${line.port}`),
				);
				const connection = await reach(at);
				line.hold();
				expect(await fault(run(connection, sh`true`, { milliseconds: 200 }))).toMatchObject({ fault: "timed-out" });
				line.close();
			});

			test("nobody there", async () => {
				expect(await fault(reach(home(withKey(sshd).replace(`Port ${sshd.port}`, "Port 1"))))).toMatchObject({ fault: "unreachable" });
			});

			test("cancelled before, while connecting, and while a command runs", async () => {
				const at = home(withKey(sshd), sshd.knownHosts);
				expect(await fault(reach(at, { signal: AbortSignal.abort() }))).toMatchObject({ fault: "cancelled" });
				const stop = new AbortController();
				const attempt = fault(reach(at, { signal: stop.signal }));
				stop.abort();
				expect(await attempt).toMatchObject({ fault: "cancelled" });
				const connection = await reach(at);
				const stopRun = new AbortController();
				const running = fault(run(connection, sh`sleep 60`, { signal: stopRun.signal }));
				stopRun.abort();
				expect(await running).toMatchObject({ fault: "cancelled" });
				// The connection itself is still of use.
				await greets(connection);
			});

			test("what ssh_config asks for and is not done here", async () => {
				const without = (more: string) => {
					const at = home(withKey(sshd, more));
					return { ...at, local: { ...at.local, ssh: undefined } };
				};
				expect(await fault(reach(without("ProxyCommand nc %h %p")))).toMatchObject({ fault: "unsupported" });
				expect(await fault(reach(without("Ciphers none-of-ours")))).toMatchObject({
					fault: "unsupported",
					message: "Ciphers of ssh_config leaves none that is known here, for hv1: none-of-ours",
				});
			});

			test.runIf(kind === "system")("a configuration that ssh refuses, in its words", async () => {
				const error = await fault(reach(home(withKey(sshd, "Ciphers none-of-ours"))));
				expect(error).toMatchObject({ fault: "unsupported", message: expect.stringContaining("Bad SSH2 cipher spec 'none-of-ours'") });
			});

			test("the algorithms that ssh_config allows, all of which the library has", async () => {
				const all = "Ciphers *\n MACs *\n KexAlgorithms *\n HostKeyAlgorithms *\n PubkeyAcceptedAlgorithms *";
				// ssh(1) takes `*` only of those that a sign adds or removes.
				if (kind === "built-in") await greets(await reach(home(withKey(sshd, all), sshd.knownHosts)));
				const few = "Ciphers aes256-ctr\n MACs hmac-sha2-512\n KexAlgorithms ecdh-sha2-nistp384\n AddressFamily inet";
				await greets(await reach(home(withKey(sshd, few), sshd.knownHosts)));
				// The test's keys are of another type.
				expect(await fault(reach(home(withKey(sshd, "PubkeyAcceptedAlgorithms ecdsa-*"), sshd.knownHosts)))).toMatchObject({
					fault: "denied",
				});
				expect(await fault(reach(home(withKey(sshd, "PubkeyAuthentication no"), sshd.knownHosts)))).toMatchObject({ fault: "denied" });
			});
		});

		describe("commands", () => {
			let connection: Connection;
			const events: LogEvent[] = [];
			beforeAll(async () => {
				const at = home(withKey(sshd), sshd.knownHosts);
				connection = await connect("hv1", {
					local: at.local,
					prompts: noPrompts,
					configFiles: [join(at.local.home, ".ssh", "config")],
					timeout: PATIENCE,
					log: (event) => events.push(event),
				});
			});
			afterAll(() => connection.close());

			test("status, both outputs, and what they read", async () => {
				expect(await run(connection, sh`cat; echo oops >&2; exit 3`, { input: "in\0put" })).toEqual({
					status: 3,
					signal: undefined,
					stdout: "in\0put",
					stderr: "oops\n",
					cut: false,
				});
			});

			test("what it leaves running, with all that it was given, is not waited for", async () => {
				const begin = performance.now();
				const { stdout } = await run(connection, sh`sleep 60 & echo $!; exit 3`);
				process.kill(Number(stdout));
				expect(performance.now() - begin).toBeLessThan(30_000);
			});

			test("a signal", async () => {
				const told = kind === "system" ? { status: 137, signal: undefined } : { status: null, signal: "SIGKILL" };
				expect(await run(connection, sh`kill -KILL $$`)).toMatchObject(told);
			});

			test("no more output than allowed", async () => {
				const { stdout, cut } = await run(connection, sh`yes`, { limit: 1000 });
				expect(stdout).toHaveLength(1000);
				expect(cut).toBe(true);
			});

			test.each([
				"$(reboot)",
				"`id`",
				"it's",
				'a "b"',
				"two\nlines",
				"--help",
				"; id",
				"&& id",
				"| id",
				"> /tmp/x",
				"\\",
				"*",
				"~root",
				"é\u{1f600}",
			])("a name is data: %j", async (name) => {
				expect(await run(connection, sh`printf %s ${name}`)).toMatchObject({ status: 0, stdout: name, stderr: "" });
			});

			test("several at the same time", async () => {
				const words = Array.from({ length: 8 }, (_, i) => `word${i}`);
				const results = await Promise.all(words.map((word) => run(connection, sh`echo ${word}`)));
				expect(results.map(({ stdout }) => stdout)).toEqual(words.map((word) => `${word}\n`));
			});

			test("are logged with how they ended", async () => {
				await run(connection, sh`kill -KILL $$`);
				await run(connection, sh`printf %s ${"--help"}`);
				expect(events).toContainEqual({ kind: "command", name: "hv1", text: "kill -KILL $$" });
				expect(events).toContainEqual(expect.objectContaining({ kind: "ended", text: "printf %s --help", status: 0, bytes: 6 }));
			});

			test("doas that refuses says what to allow", async () => {
				const bin = join(folder, "bin");
				mkdirSync(bin, { recursive: true });
				writeFileSync(join(bin, "doas"), "#!/bin/sh\necho 'doas: Authentication required' >&2\nexit 1\n", { mode: 0o755 });
				const refusing = await startSshd({ config: `SetEnv PATH=${bin}:/usr/bin:/bin\n` });
				try {
					const error = await fault(runAsRoot(await reach(home(withKey(refusing), refusing.knownHosts)), ["pfctl", "-a", "*", "-sr"]));
					expect(error).toMatchObject({ fault: "not-allowed" });
					expect(error.message).toContain(`permit nopass ${refusing.user} as root cmd pfctl args -a "*" -sr`);
				} finally {
					await refusing.stop();
				}
			});
		});

		describe("a session", () => {
			const session = (at: Home, more: Partial<Parameters<typeof openSession>[1]> = {}) =>
				openSession("hv1", { local: at.local, prompts: noPrompts, configFiles: [join(at.local.home, ".ssh", "config")], ...more });

			test("connects when it is needed, once for all who ask, and closes when idle", async () => {
				const events: LogEvent[] = [];
				const kept = session(home(withKey(sshd), sshd.knownHosts), { idle: 50, log: (event) => events.push(event) });
				expect(kept.isConnected()).toBe(false);
				await Promise.all([1, 2, 3].map(() => kept.with(greets)));
				expect(events.filter(({ kind }) => kind === "connecting")).toHaveLength(1);
				await expect.poll(() => kept.isConnected()).toBe(false);
				await kept.with(greets);
				expect(events.filter(({ kind }) => kind === "connecting")).toHaveLength(2);
				kept.close();
			});

			test("connects again, once, for what may be repeated; not for what changes the host", async () => {
				const line = await between(sshd.port);
				const at = home(
					withKey(sshd).replace(`Port ${sshd.port}`, `Port ${line.port}`),
					sshd.knownHosts.replace(`:${sshd.port}`, `:${line.port}`),
				);
				const kept = session(at);
				let uses = 0;
				const cutFirst = async (connection: Connection) => {
					const running = run(connection, sh`sleep 0.2; echo done`);
					if (uses++ === 0) line.cut();
					return await running;
				};
				expect(await kept.with(cutFirst, undefined, true)).toMatchObject({ stdout: "done\n" });
				uses = 0;
				expect(await fault(kept.with(cutFirst))).toMatchObject({ fault: "lost" });
				expect(uses).toBe(1);
				kept.close();
				line.close();
			});

			test("asks for a passphrase once, however often it connects", async () => {
				let asked = 0;
				const prompts: Prompts = {
					...noPrompts,
					passphrase: async () => {
						asked++;
						return passphrase;
					},
				};
				const kept = session(home(host(sshd, `IdentityFile ${sshd.lockedIdentity}`), sshd.knownHosts), { prompts });
				const first = await kept.with(async (connection) => connection);
				first.close();
				await kept.with(greets);
				expect(asked).toBe(1);
				kept.close();
			});
		});
	},
);

describe.skipIf(sshdMissing !== undefined || system === undefined)("what only the system's ssh can do is done by it", () => {
	let sshd: Sshd;
	beforeAll(async () => {
		sshd = await startSshd();
	});
	afterAll(() => sshd.stop());

	/** Of a machine that has ssh(1). */
	const withSsh = (config: string, knownHosts: string, more: Partial<LocalSide> = {}): Home => {
		const at = home(config, knownHosts, { PATH: process.env.PATH ?? "" });
		return { ...at, local: { ...at.local, ssh: system, ...more } };
	};
	const greets = async (connection: Connection) => {
		expect(await run(connection, sh`echo ${"it's me"}`)).toMatchObject({ status: 0, stdout: "it's me\n" });
		return connection.transport.kind === "system" ? connection.transport.why.template : connection.transport.kind;
	};
	/** A program that joins its input and output to a port: what nc does. */
	const joined = () => {
		const file = join(folder, "join.cjs");
		writeFileSync(file, "const s=require('net').connect(process.argv[3],process.argv[2]);process.stdin.pipe(s);s.pipe(process.stdout)");
		return `${process.execPath} ${file}`;
	};

	test("all else is the built-in client's, by the configuration as ssh -G reads it", async () => {
		const match = `Match exec "test %n = hv1"\n${host(sshd, `IdentityFile ${sshd.identity}`)}`.replace("Host hv1\n", "");
		const connection = await reach(withSsh(match, sshd.knownHosts));
		expect(connection.target).toMatchObject({ port: sshd.port, user: sshd.user });
		expect(await greets(connection)).toBe("built-in");
	});

	test("ProxyCommand", async () => {
		const at = withSsh(withKey(sshd, `ProxyCommand ${joined()} %h %p`), sshd.knownHosts);
		expect(await greets(await reach(at))).toBe("{0} of ssh_config");
	});

	test("a name that a shell would read is never given to it", async () => {
		const made = join(folder, "made");
		const config = `Host *\n HostName 127.0.0.1\n ProxyCommand ${joined()} %n 1\nMatch exec "true %n"\n User nobody\n`;
		for (const name of [`$(touch\${IFS}${made})`, `;touch\${IFS}${made};`, `a\`touch\${IFS}${made}\``])
			expect(await fault(reach(withSsh(config, ""), {}, name))).toMatchObject({ fault: "unsupported" });
		expect(existsSync(made)).toBe(false);
	});

	describe("certificates", () => {
		let trusting: Sshd;
		let certified: string;
		const authority = () => join(folder, "authority");
		beforeAll(async () => {
			makeKey(folder, "authority");
			certified = makeKey(folder, "certified");
			trusting = await startSshd({ config: `TrustedUserCAKeys ${authority()}.pub\n` });
			execFileSync("ssh-keygen", ["-q", "-s", authority(), "-I", "me", "-n", trusting.user, `${certified}.pub`], { stdio: "ignore" });
		});
		afterAll(() => trusting.stop());

		test("of a key, beside it", async () => {
			expect(await greets(await reach(withSsh(host(trusting, `IdentityFile ${certified}`), trusting.knownHosts)))).toBe(
				"a certificate: {0}",
			);
		});

		test("that an agent has", async () => {
			const socket = join(folder, "agent-cert");
			const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
			try {
				await expect.poll(() => existsSync(socket), { timeout: 10_000 }).toBe(true);
				execFileSync("ssh-add", ["-q", certified], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
				const at = withSsh(
					host(trusting, "IdentityFile none").replace("IdentityAgent none", `IdentityAgent ${socket}`),
					trusting.knownHosts,
				);
				expect(await greets(await reach(at))).toBe("the agent has a key of type {0}");
			} finally {
				agent.kill();
			}
		});

		test("of the host's key, by an authority that known_hosts has", async () => {
			const key = makeKey(folder, "certified-host");
			execFileSync("ssh-keygen", ["-q", "-s", authority(), "-I", "hv1", "-h", "-n", "127.0.0.1", `${key}.pub`], { stdio: "ignore" });
			const shown = await startSshd({ hostKey: key, config: `HostCertificate ${key}-cert.pub\n` });
			try {
				const known = `@cert-authority [127.0.0.1]:${shown.port} ${readFileSync(`${authority()}.pub`, "utf8")}`;
				expect(await greets(await reach(withSsh(withKey(shown), known)))).toBe("an authority vouches for the host's key: {0}, line {1}");
			} finally {
				await shown.stop();
			}
		});
	});

	test("a host whose algorithms the built-in client has not", async () => {
		const modern = await startSshd({ config: "KexAlgorithms sntrup761x25519-sha512@openssh.com\n" });
		try {
			const at = withSsh(withKey(modern), modern.knownHosts);
			expect(await greets(await reach(at))).toBe("{0} takes none of the algorithms that the built-in client has");
			expect(await fault(reach({ ...at, local: { ...at.local, ssh: undefined } }))).toMatchObject({ fault: "unreachable" });
		} finally {
			await modern.stop();
		}
	});

	test("where processes share no connection, each command has its own, and unknown keys are not asked about", async () => {
		const single = { program: system?.program ?? "", shares: false };
		const config = withKey(sshd, `ProxyCommand ${joined()} %h %p`);
		const connection = await reach(withSsh(config, sshd.knownHosts, { ssh: single }));
		expect(connection.transport).toMatchObject({ shared: false });
		await greets(connection);
		expect(await run(connection, sh`cat; echo oops >&2; exit 3`, { input: "in" })).toMatchObject({
			status: 3,
			stdout: "in",
			stderr: "oops\n",
		});
		const asked: Prompts = { ...noPrompts, acceptHostKey: async () => true };
		const unknown = withSsh(config, "", { ssh: single });
		expect(await fault(reach(unknown, { prompts: asked }))).toMatchObject({ fault: "host-key-unknown" });
		expect(existsSync(unknown.knownHosts)).toBe(false);
	});

	describe("a program in its place, for a key in hardware, which this machine has not", () => {
		const pretending = (asks: string, version = "OpenSSH_9.9p1"): Partial<LocalSide> => {
			const program = join(folder, `ssh${homes++}`);
			const script = `#!/bin/sh\ncase " $* " in *" -V "*) echo ${version} >&2; exit;; *" -G "*) exit 1;; esac\n${asks}\necho 'op@hv1: Permission denied (publickey).' >&2\nexit 255\n`;
			writeFileSync(program, script, { mode: 0o755 });
			return { ssh: { program, shares: true } };
		};
		const inHardware = () => {
			const file = join(folder, `id_sk${homes++}`);
			writeFileSync(`${file}.pub`, "sk-ssh-ed25519@openssh.com AAAA\n");
			return `Host hv1\n IdentityAgent none\n User op\n HostName hv1\n IdentityFile ${file}\n`;
		};

		test("its PIN is asked, and its touch is told", async () => {
			const told: string[] = [];
			const asked: unknown[] = [];
			const prompts: Prompts = {
				...noPrompts,
				tell: (text) => told.push(text),
				answers: async ({ questions }) => {
					asked.push(questions);
					return ["1234"];
				},
			};
			const asks = `pin=$("$SSH_ASKPASS" "Enter PIN for ED25519-SK key $HOME: ")
SSH_ASKPASS_PROMPT=none "$SSH_ASKPASS" "Confirm user presence for key ED25519-SK $pin" &
sleep 0.2; kill $!`;
			expect(await fault(reach(withSsh(inHardware(), "", pretending(asks)), { prompts }))).toMatchObject({ fault: "denied" });
			expect(asked).toEqual([[{ text: expect.stringMatching(/^Enter PIN for ED25519-SK key /), echo: false }]]);
			expect(told).toEqual(["Confirm user presence for key ED25519-SK 1234"]);
		});

		test("a host that asks for a passphrase in ssh's words gets none of a key, where ssh does not say who asks", async () => {
			const asked: string[] = [];
			const prompts: Prompts = {
				...noPrompts,
				passphrase: async () => {
					asked.push("passphrase");
					return "secret";
				},
				answers: async () => {
					asked.push("answers");
					return undefined;
				},
			};
			const asks = `"$SSH_ASKPASS" "Enter passphrase for key '/home/me/.ssh/id': " >&2`;
			const old = withSsh(inHardware(), "", pretending(asks, "OpenSSH_8.4p1"));
			expect(await fault(reach(old, { prompts }))).toMatchObject({ fault: "cancelled" });
			const now = withSsh(inHardware(), "", pretending(`"$SSH_ASKPASS" "(op@hv1) Enter passphrase for key '/home/me/.ssh/id': " >&2`));
			expect(await fault(reach(now, { prompts }))).toMatchObject({ fault: "cancelled" });
			expect(asked).toEqual(["answers", "answers"]);
		});
	});
});

describe("an SSH server of ours (ssh2's), for what sshd does with PAM only", () => {
	test("keyboard-interactive with several questions and an instruction", async () => {
		const hostKey = makeKey(folder, "ours");
		const server = new ssh2.Server({ hostKeys: [readFileSync(hostKey)] }, (client) => {
			client.on("error", () => undefined);
			client.on("authentication", (context) => {
				if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
				context.prompt(
					[
						{ prompt: "Card: ", echo: true },
						{ prompt: "Code: ", echo: false },
					],
					"Hello",
					"Two things",
					(answers) => (answers.join() === "7,secret" ? context.accept() : context.reject(["keyboard-interactive"])),
				);
			});
			client.on("ready", () => undefined);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const port = portOf(server.address());
		const [type, base64] = readFileSync(`${hostKey}.pub`, "utf8").split(" ");
		const at = home(`Host hv1\n HostName 127.0.0.1\n Port ${port}\n IdentityAgent none\n`, `[127.0.0.1]:${port} ${type} ${base64}\n`);
		const asked: unknown[] = [];
		const connection = await reach(at, {
			prompts: {
				...noPrompts,
				answers: async (question) => {
					asked.push(question);
					return ["7", "secret"];
				},
			},
		});
		expect(asked).toEqual([
			{
				user: "nobody",
				host: "hv1",
				title: "Hello",
				instructions: "Two things",
				questions: [
					{ text: "Card: ", echo: true },
					{ text: "Code: ", echo: false },
				],
			},
		]);
		connection.close();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	});
});
