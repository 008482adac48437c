/**
 * A real OpenSSH sshd on a loopback port, with keys of its own, for tests. As root it runs in mounts of its own, in which there
 * is a user `op` with a password; without root its user is the one who runs it, and there are no passwords.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

export interface SshdOptions {
	/** Which ways of authentication it has; keys alone by default. The others need root. */
	readonly methods?: readonly ("publickey" | "password" | "keyboard-interactive")[];
	/** What runs each command, such as a simulated host's `enter`: it is called with `-c COMMAND`. */
	readonly enter?: string;
	/** More lines of sshd_config(5). */
	readonly config?: string;
	/** The host's key; a new one by default. */
	readonly hostKey?: string;
}

export interface Sshd {
	readonly host: string;
	readonly port: number;
	/** Who may log in. */
	readonly user: string;
	readonly password: string;
	/** A private key that it lets in. */
	readonly identity: string;
	/** The same with the passphrase `open sesame`. */
	readonly lockedIdentity: string;
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

/** Makes a key; its file is returned, the public half is beside it. */
export function makeKey(folder: string, name: string, { type = "ed25519", lock = "" }: { type?: string; lock?: string } = {}): string {
	const file = join(folder, name);
	execFileSync("ssh-keygen", ["-q", "-t", type, "-N", lock, "-C", name, "-f", file], { stdio: "ignore" });
	return file;
}

/** @throws Error where it does not start, with what it said */
export async function startSshd({ methods = ["publickey"], enter, config = "", hostKey }: SshdOptions = {}): Promise<Sshd> {
	if (sshdProgram === undefined) throw new Error(sshdMissing);
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-sshd-"));
	// sshd reads authorized_keys as the user.
	chmodSync(folder, 0o755);
	const identity = makeKey(folder, "id");
	const lockedIdentity = join(folder, "id_locked");
	writeFileSync(lockedIdentity, readFileSync(identity), { mode: 0o600 });
	writeFileSync(`${lockedIdentity}.pub`, readFileSync(`${identity}.pub`));
	execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", passphrase, "-f", lockedIdentity], { stdio: "ignore" });
	const key = hostKey ?? makeKey(folder, "host");
	writeFileSync(join(folder, "authorized_keys"), readFileSync(`${identity}.pub`));
	const port = await freePort();
	const has = (method: string) => methods.some((each) => each === method);
	const user = hasPasswords ? "op" : userInfo().username;
	writeFileSync(
		join(folder, "sshd_config"),
		`ListenAddress 127.0.0.1
Port ${port}
HostKey ${key}
PidFile ${folder}/pid
AuthorizedKeysFile ${folder}/authorized_keys
StrictModes no
PermitRootLogin yes
UsePAM ${has("keyboard-interactive") ? "yes" : "no"}
PubkeyAuthentication ${has("publickey") ? "yes" : "no"}
PasswordAuthentication ${has("password") ? "yes" : "no"}
KbdInteractiveAuthentication ${has("keyboard-interactive") ? "yes" : "no"}
MaxStartups 100
PrintMotd no
${enter === undefined ? "" : `ForceCommand exec ${enter} -c "$SSH_ORIGINAL_COMMAND"\n`}${config}`,
	);
	const command = [sshdProgram, "-D", "-e", "-f", join(folder, "sshd_config")];
	const child = hasPasswords
		? inMounts(folder, command)
		: spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	await new Promise<void>((resolve, reject) => {
		child.stderr?.on("data", (chunk: Buffer) => {
			said += chunk;
			if (said.includes("Server listening")) resolve();
		});
		child.on("error", reject);
		child.on("exit", (code) => reject(new Error(`sshd ended with ${code}: ${said}`)));
	});
	const [type, base64] = readFileSync(`${key}.pub`, "utf8").split(" ");
	return {
		host: "127.0.0.1",
		port,
		user,
		password: passphrase,
		identity,
		lockedIdentity,
		hostKey: key,
		knownHosts: `[127.0.0.1]:${port} ${type} ${base64}\n`,
		log: () => said,
		stop: async () => {
			await ended(child);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Starts it where /etc has its user, so that nothing of the machine changes. */
function inMounts(folder: string, command: readonly string[]): ChildProcess {
	const home = join(folder, "home");
	mkdirSync(home);
	// With root's own number: so the user may write what the simulated host has, and is told to be somebody else by it.
	writeFileSync(join(folder, "passwd"), `${readFileSync("/etc/passwd", "utf8")}op:x:0:0::${home}:/bin/sh\n`);
	writeFileSync(join(folder, "shadow"), `op:${passwordHash}:19000:0:99999:7:::\n${readFileSync("/etc/shadow", "utf8")}`, { mode: 0o600 });
	mkdirSync(join(folder, "pam.d"));
	writeFileSync(
		join(folder, "pam.d", "sshd"),
		"auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n",
	);
	mkdirSync("/run/sshd", { recursive: true });
	const script = `set -e
for file in passwd shadow pam.d; do [ ! -e "/etc/$file" ] || mount --bind "$0/$file" "/etc/$file"; done
exec "$@"`;
	return spawn("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, folder, ...command], {
		stdio: ["ignore", "ignore", "pipe"],
	});
}

/** Ends it with the connections that it serves. */
function ended(child: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		if (child.exitCode !== null || child.signalCode !== null) return resolve();
		child.removeAllListeners("exit");
		child.on("exit", () => resolve());
		child.kill("SIGTERM");
	});
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
