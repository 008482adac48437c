// The simulated OpenBSD host (test/openbsd-host) behind its own SSH server on a port of 127.0.0.1, with what a client
// needs to reach it: an ssh_config, a key, and its host key in a known_hosts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { hostProgramText } from "./host-program.mjs";
import { out, root } from "./repository.mjs";

/** The name that the ssh_config gives it. */
export const simulatedAddress = "simulated";

/** Whether this machine can run the host's commands in mounts of their own: Linux with user namespaces, or root. */
export function canSimulate() {
	return (
		process.platform === "linux" && spawnSync("unshare", ["--user", "--map-root-user", "--mount", "true"], { stdio: "ignore" }).status === 0
	);
}

/** The simulated host's own code, as one module beside the program that its stand-ins are. */
export async function bundled(folder = join(out, "openbsd-host")) {
	const common = {
		absWorkingDir: root,
		bundle: true,
		platform: "node",
		target: "node20",
		conditions: ["source"],
		logLevel: "error",
		plugins: [hostProgramText],
	};
	await Promise.all([
		build({
			...common,
			entryPoints: ["test/openbsd-host/main.ts"],
			outfile: join(folder, "main.cjs"),
			format: "cjs",
			external: ["*.node", "cpu-features"],
		}),
		build({
			...common,
			entryPoints: ["test/openbsd-host/simulate.ts"],
			outfile: join(folder, "simulate.mjs"),
			format: "esm",
			// Not our own packages: `npm start` comes before anything of them is built.
			external: ["esbuild", "ssh2", "ssh-config", "node-diff3", "cpu-features"],
		}),
	]);
	const code = await import(pathToFileURL(join(folder, "simulate.mjs")).href);
	return { ...code, main: join(folder, "main.cjs") };
}

/**
 * Writes what a client needs to reach a server.
 * @param {string} home @param {{ port: number, hostKey: string, clientKey: string }} server
 * @returns {Promise<string>} the path of the ssh_config
 */
export async function writeSshConfig(home, server) {
	const ssh = join(home, ".ssh");
	await mkdir(ssh, { recursive: true, mode: 0o700 });
	const [key, known, config] = ["simulated_key", "simulated_known_hosts", "config"].map((name) => join(ssh, name));
	await writeFile(key, server.clientKey, { mode: 0o600 });
	await writeFile(known, `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
	await writeFile(
		config,
		`Host ${simulatedAddress}\n\tHostName 127.0.0.1\n\tPort ${server.port}\n\tUser op\n\tIdentityFile ${key}\n\tIdentitiesOnly yes\n\tUserKnownHostsFile ${known}\n`,
	);
	return config;
}

/**
 * Starts it with the files of a folder, its interfaces configured, its guests running and its rules loaded.
 * @param {string} home an absolute folder below which everything is written; `home/.ssh/config` is the ssh_config
 * @param {string} files a folder with an `etc`
 * @returns {Promise<{ root: string, config: string, change: (edit: (state: import("../../test/openbsd-host/state.ts").SimulatedState) => void) => void, close: () => Promise<void> }>}
 */
export async function startSimulatedHost(home, files) {
	const { simulate, startAnswering, main } = await bundled();
	const answering = await startAnswering(main, join(home, "simulated-answers"));
	const { host, server } = await simulate({ root: join(home, "simulated-host"), copy: files, main, answering });
	const config = await writeSshConfig(home, server);
	await makeDisks(host.root);
	return {
		root: host.root,
		config,
		change: host.change,
		close: async () => {
			await server.close();
			await answering.end();
			await rm(host.root, { recursive: true, force: true });
		},
	};
}

/**
 * Starts it where this machine can, for somebody who may be root there, as who makes disks must.
 * @param {string} home @param {string} files as for `startSimulatedHost`
 * @param {import("./processes.mjs").Cleanup} cleanup ends it
 */
export async function simulateOwnHost(home, files, cleanup) {
	if (!canSimulate()) return undefined;
	const host = await startSimulatedHost(home, files);
	cleanup.add(host.close);
	host.change((state) => {
		state.doas = ["*"];
	});
	return host;
}

/** Writes the files of a host as its installer leaves them. @param {string} home @returns {Promise<string>} the folder with its `etc` */
export async function installedHost(home) {
	const folder = join(home, "installed");
	const etc = join(folder, "etc");
	await mkdir(etc, { recursive: true });
	await writeFile(join(etc, "hostname.em0"), "inet autoconf\n");
	await writeFile(join(etc, "pf.conf"), "set skip on lo\nblock return\npass\n");
	return folder;
}

/** What vm.conf names must be there for a deployment. @param {string} host */
async function makeDisks(host) {
	const file = join(host, "etc/vm.conf");
	const vm = existsSync(file) ? await readFile(file, "utf8") : "";
	for (const [, path = ""] of vm.matchAll(/^\s*(?:disk|boot|cdrom)\s+"?(\/[^"\s]+)/gm)) {
		await mkdir(dirname(join(host, path)), { recursive: true });
		await writeFile(join(host, path), "");
	}
}

/**
 * Makes a workspace with the example hosts, of which the corrected one is reached by SSH.
 * @param {string} workspace @param {Record<string, unknown>} [settings]
 */
export async function copyExamples(workspace, settings) {
	await cp(join(root, "examples"), workspace, { recursive: true });
	const hosts = [{ name: "corrected", root: "corrected", ssh: simulatedAddress }];
	await writeFile(join(workspace, "openbsd-vnet.json"), `${JSON.stringify({ hosts }, undefined, "\t")}\n`);
	if (settings === undefined) return;
	await mkdir(join(workspace, ".vscode"), { recursive: true });
	await writeFile(join(workspace, ".vscode", "settings.json"), `${JSON.stringify(settings, undefined, "\t")}\n`);
}
