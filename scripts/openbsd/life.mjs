// The life of a scratch machine: its files here, what the product does with them, and what becomes of the machine.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, deploy, localSide, makePlan, newDeploymentId, noPrompts, withConnection } from "@openbsd-vnet/remote";
import { root } from "../lib/repository.mjs";
import { differences } from "./scratch-host.mjs";

/** The files that a life may make, by their names below /etc, as a shell's patterns. */
const managed = "hostname.* pf.conf pf.vm/* vm.conf sysctl.conf rc.conf.local mygate dhcpd.conf";

/** Files by their names below /etc; null stands for one that is taken away. @typedef {Record<string, string | null>} Files */

export class Life {
	#config;
	#home;
	/** States of the machine as it had started with files, by these. */
	#booted = new Map();

	/** @param {import("./scratch-host.mjs").ScratchHost} host @param {readonly [string, string]} spare interfaces that nobody needs */
	constructor(host, spare, config) {
		this.host = host;
		this.spare = spare;
		this.#config = config;
		/** The files that are there and that no change is about. @type {Files} */
		this.given = {};
	}

	async begin() {
		this.work = await mkdtemp(join(tmpdir(), "openbsd-vnet-life-"));
		const hosts = [{ name: "scratch", root: "scratch", ssh: this.host.name }];
		await writeFile(join(this.work, "openbsd-vnet.json"), JSON.stringify({ hosts }));
		// The command reads the ssh_config of its home.
		if (this.#config !== undefined) {
			this.#home = join(this.work, "home");
			await mkdir(join(this.#home, ".ssh"), { recursive: true, mode: 0o700 });
			await copyFile(this.#config, join(this.#home, ".ssh", "config"));
		}
		for (const path of await this.#there()) this.given[path] = await this.host.must(`cat /etc/${path}`);
	}

	async end() {
		await rm(this.work, { recursive: true, force: true });
	}

	async #there() {
		return (await this.host.must(`cd /etc && ls -d ${managed} 2>/dev/null || true`)).split("\n").filter(Boolean);
	}

	/** Files in the names of this machine's interfaces. @returns {Files} */
	named(files) {
		const own = (text) => text.replaceAll("IF1", this.spare[0]).replaceAll("IF2", this.spare[1]);
		return Object.fromEntries(Object.entries(files).map(([path, text]) => [own(path), text === null ? null : own(text)]));
	}

	/** The given files with others in their places; `NAME+` has what comes behind a given one. @param {Files[]} layers */
	with(...layers) {
		const all = Object.assign({}, this.given, ...layers.map((each) => this.named(each)));
		for (const path of Object.keys(all).filter((each) => each.endsWith("+"))) {
			const name = path.slice(0, -1);
			all[name] = `${all[name] ?? ""}${all[path]}`;
			delete all[path];
		}
		return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== null));
	}

	/** Makes the local folder hold these files alone. */
	async write(files) {
		await rm(join(this.work, "scratch"), { recursive: true, force: true });
		for (const [path, text] of Object.entries(files)) {
			const at = join(this.work, "scratch", "etc", path);
			await mkdir(dirname(at), { recursive: true });
			await writeFile(at, text);
		}
	}

	/** A file of the local folder. */
	async local(path) {
		return await readFile(join(this.work, "scratch", "etc", path), "utf8");
	}

	/** Starts the command. @param {(text: string) => void} [onText] what it says, as it comes */
	start(args, onText = () => undefined) {
		const child = spawn(process.execPath, [join(root, "cli", "bin", "openbsd-vnet.js"), ...args], {
			cwd: this.work,
			env: { ...process.env, ...(this.#home === undefined ? {} : { HOME: this.#home }) },
			stdio: ["ignore", "pipe", "pipe"],
		});
		for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", onText);
		return child;
	}

	/** Runs the command. @returns {Promise<{ status: number | null, told: string }>} */
	async run(args) {
		let told = "";
		const child = this.start(args, (text) => {
			told += text;
		});
		const [status] = await once(child, "close");
		return { status, told };
	}

	/** Deploys files in the place of all that the machine has. */
	async become(files, args = []) {
		await this.write(files);
		const gone = (await this.#there()).filter((path) => files[path] === undefined).flatMap((path) => ["--remove", `/etc/${path}`]);
		return await this.run(["deploy", "scratch", "--auto-confirm", "--over-drift", ...gone, ...args]);
	}

	/**
	 * Deploys files, and lets the host roll back: what the confirmation would have asked is answered by `decide`.
	 * @param {() => Promise<void>} decide done while the host waits; nothing is kept
	 */
	async andBack(files, decide = async () => undefined, { interrupt = true, seconds = 120 } = {}) {
		const gone = (await this.#there()).filter((path) => files[path] === undefined);
		const wanted = [
			...Object.entries(files).map(([path, text]) => ({ path: `/etc/${path}`, text })),
			...gone.map((path) => ({ path: `/etc/${path}`, text: undefined, listed: true })),
		];
		const options = { local: localSide(), prompts: noPrompts, ...(this.#config === undefined ? {} : { configFiles: [this.#config] }) };
		const reach = () => connect(this.host.name, options);
		const plan = await withConnection(reach, (connection) => makePlan(connection, wanted, { interrupt }));
		const confirm = async () => {
			await decide();
			return false;
		};
		return await deploy(plan, newDeploymentId(new Date()), { connect: reach, confirm, overDrift: true, seconds });
	}

	/** Restarts the machine with the files that it has, which are known. @returns what runs then */
	async booted(files) {
		await this.host.reboot();
		const state = await this.host.state();
		this.#booted.set(keyOf(files), state);
		return state;
	}

	/** What differs from the last start with these files; nothing where there was none. */
	asBooted(files, state) {
		const known = this.#booted.get(keyOf(files));
		return known === undefined ? [] : differences(known, state);
	}

	/** Waits until no deployment is under way. @param {number} seconds at most */
	async settled(seconds) {
		await this.host.must(
			`n=0; while [ -L /var/backups/openbsd-vnet/lock ] && [ $n -lt ${seconds} ]; do sleep 1; n=$((n + 1)); done; [ ! -L /var/backups/openbsd-vnet/lock ]`,
		);
	}
}

function keyOf(files) {
	return JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}
