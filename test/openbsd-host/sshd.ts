/**
 * A real OpenSSH sshd on a loopback port, with keys of its own, for tests. As root it runs in mounts of its own, in which there
 * is a user `op` with a password; without root its user is the one who runs it, and there are no passwords.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { killIfThere, listProcesses, type Process } from "./processes.ts";

export interface SshdOptions {
	/** Which ways of authentication it has; keys alone by default. The others need root. */
	readonly methods?: readonly ("publickey" | "password" | "keyboard-interactive")[];
	/** What runs each command, such as a simulated host's `enter`: it is called with `-c COMMAND`. */
	readonly enter?: string;
	/** More lines of sshd_config(5). */
	readonly config?: string;
	/** The host's key; a new one by default. */
	readonly hostKey?: string;
	/** The keys that it lets in; new ones by default. */
	readonly keys?: ClientKeys;
}

/** A user's key, as files without and with a passphrase. */
export interface ClientKeys {
	/** A private key; its public half is beside it. */
	readonly identity: string;
	/** The same with the passphrase `open sesame`. */
	readonly lockedIdentity: string;
}

export interface Sshd extends ClientKeys {
	/** Its process, of which each connection's is a child. */
	readonly pid: number;
	readonly host: string;
	readonly port: number;
	/** Who may log in. */
	readonly user: string;
	readonly password: string;
	/** The file of the host's private key; its public one has `.pub`. */
	readonly hostKey: string;
	/** The line that known_hosts has of it. */
	readonly knownHosts: string;
	/** What it logged. */
	log(): string;
	stop(): Promise<void>;
}

export const passphrase = "open sesame";

/** crypt(3) of the password, which is the passphrase too. */
const passwordHash = "$6$openbsdvnet$ZGxHlWFbyMj28KCrXznup4FrnnxIC.0vd9GEO2j.vEthA.OWzyiDgwdu28cPhuFdt.YTzImE77ySjGFz8Pw/7/";

const sshdProgram = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/libexec/sshd"].find((path) => existsSync(path));

/** Why no sshd can be started here; undefined where one can. */
export const sshdMissing: string | undefined =
	sshdProgram === undefined ? "no OpenSSH server here: apt-get install openssh-server" : undefined;

/** Whether users with passwords can be had. */
export const hasPasswords = process.getuid?.() === 0;

/** A passphrase is stretched in so many rounds: many by default, which ssh2 takes seconds for. */
const rounds = ["-a", "1"];

/** Makes a key; its file is returned, the public half is beside it. */
export function makeKey(folder: string, name: string, { type = "ed25519", lock = "" }: { type?: string; lock?: string } = {}): string {
	const file = join(folder, name);
	execFileSync("ssh-keygen", ["-q", ...rounds, "-t", type, "-N", lock, "-C", name, "-f", file], { stdio: "ignore" });
	return file;
}

/** Makes the keys of a user. */
export function makeClientKeys(folder: string): ClientKeys {
	const identity = makeKey(folder, "id");
	const lockedIdentity = join(folder, "id_locked");
	writeFileSync(lockedIdentity, readFileSync(identity), { mode: 0o600 });
	writeFileSync(`${lockedIdentity}.pub`, readFileSync(`${identity}.pub`));
	execFileSync("ssh-keygen", ["-q", ...rounds, "-p", "-P", "", "-N", passphrase, "-f", lockedIdentity], { stdio: "ignore" });
	return { identity, lockedIdentity };
}

/** @throws Error where it does not start, with what it said */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
	if (sshdProgram === undefined) throw new Error(sshdMissing);
	const { hostKey, methods = ["publickey"] } = options;
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-sshd-"));
	// sshd reads authorized_keys as the user.
	chmodSync(folder, 0o755);
	const keys = options.keys ?? makeClientKeys(folder);
	const key = hostKey ?? makeKey(folder, "host");
	writeFileSync(join(folder, "authorized_keys"), readFileSync(`${keys.identity}.pub`));
	if (hasPasswords) makeMachine(folder);
	const { child, port, log } = await listening(sshdProgram, folder, { ...options, methods }, key);
	const [type, base64] = readFileSync(`${key}.pub`, "utf8").split(" ");
	/** Whether a process runs for one of its connections: also one that has outlived it. */
	const isOurs = ({ parent, environment }: Process): boolean =>
		parent === child.pid || new RegExp(`(^|\0)SSH_CONNECTION=\\S+ \\d+ \\S+ ${port}\0`).test(environment);
	return {
		...keys,
		pid: child.pid ?? 0,
		host: "127.0.0.1",
		port,
		user: hasPasswords ? "op" : userInfo().username,
		password: passphrase,
		hostKey: key,
		knownHosts: `[127.0.0.1]:${port} ${type} ${base64}\n`,
		log,
		stop: async () => {
			const all = existsSync("/proc/self") ? listProcesses() : [];
			await ended(child);
			for (const each of all) if (isOurs(each)) killIfThere(each.pid);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

interface Listening {
	readonly child: ChildProcess;
	readonly port: number;
	log(): string;
}

/** How long it may take to listen, in ms. */
const PATIENCE = 25_000;

/** Starts it on a port that is free: another one where somebody was faster to take it. */
async function listening(program: string, folder: string, options: SshdOptions, key: string, tries = 5): Promise<Listening> {
	const port = await freePort();
	writeFileSync(join(folder, "sshd_config"), configOf(folder, port, options, key));
	const command = [program, "-D", "-e", "-f", join(folder, "sshd_config")];
	const child = hasPasswords ? inMounts(folder, command) : spawn(program, command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	const failed = await new Promise<Error | undefined>((resolve) => {
		child.stderr?.on("data", (chunk: Buffer) => {
			said += chunk;
			if (said.includes("Server listening")) resolve(undefined);
		});
		child.on("error", resolve);
		setTimeout(() => resolve(new Error(`sshd does not listen after ${PATIENCE} ms: ${said}`)), PATIENCE).unref();
		child.on("exit", (code) => resolve(new Error(`sshd ended with ${code}: ${said}`)));
	});
	if (failed === undefined) return { child, port, log: () => said };
	if (tries > 1 && said.includes("Address already in use")) return await listening(program, folder, options, key, tries - 1);
	throw failed;
}

function configOf(folder: string, port: number, { methods = [], enter, config = "" }: SshdOptions, key: string): string {
	const has = (method: string) => (methods.some((each) => each === method) ? "yes" : "no");
	return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${key}
PidFile ${folder}/pid
AuthorizedKeysFile ${folder}/authorized_keys
StrictModes no
PermitRootLogin yes
UsePAM ${has("keyboard-interactive")}
PubkeyAuthentication ${has("publickey")}
PasswordAuthentication ${has("password")}
KbdInteractiveAuthentication ${has("keyboard-interactive")}
MaxStartups 100
PrintMotd no
${enter === undefined ? "" : `ForceCommand exec ${enter} -c "$SSH_ORIGINAL_COMMAND"\n`}${config}`;
}

/** The files of /etc that it is to have, with its user, so that nothing of the machine changes. */
function makeMachine(folder: string): void {
	const home = join(folder, "home");
	mkdirSync(home);
	// Root has a plain shell in an empty home: what the machine's own root has in its files is not run.
	const others = readFileSync("/etc/passwd", "utf8").replace(/^root:.*$/m, `root:x:0:0::${home}:/bin/sh`);
	// With root's own number: so the user may write what the simulated host has, and is told to be somebody else by it.
	writeFileSync(join(folder, "passwd"), `${others}op:x:0:0::${home}:/bin/sh\n`);
	writeFileSync(join(folder, "shadow"), `op:${passwordHash}:19000:0:99999:7:::\n${readFileSync("/etc/shadow", "utf8")}`, { mode: 0o600 });
	mkdirSync(join(folder, "pam.d"));
	writeFileSync(
		join(folder, "pam.d", "sshd"),
		"auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n",
	);
}

function inMounts(folder: string, command: readonly string[]): ChildProcess {
	const script = `set -e
[ -d /run/sshd ] || { mount -t tmpfs tmpfs /run; mkdir /run/sshd; }
for file in passwd shadow pam.d; do [ ! -e "/etc/$file" ] || mount --bind "$0/$file" "/etc/$file"; done
exec "$@"`;
	return spawn("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, folder, ...command], {
		stdio: ["ignore", "ignore", "pipe"],
	});
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.removeAllListeners("exit");
	const gone = once(child, "exit");
	child.kill("SIGTERM");
	await gone;
}

async function freePort(): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.on("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
		});
	});
}
