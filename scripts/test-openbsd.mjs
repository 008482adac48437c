// `npm run test:openbsd -- HOST --yes`: the whole life of a host, on a real OpenBSD that is there for nothing else.
//
//	--yes		it may be changed, rebooted, and its network interrupted
//	-F FILE		the ssh_config that names HOST, as root
//	--interfaces IF1,IF2	two that nobody needs; found where not given
//	--only TEXT	changes whose names hold it
//	--no-reboot	do not hold each change against a start of the machine with its files
//
// After each deployment the running state is compared with that of a start with the same files, after each way back with that of before.
// What is said about the host is what its own ifconfig, route, pfctl, sysctl and rcctl print. At the end its files are as they were.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./lib/repository.mjs";
import { changes } from "./openbsd/changes.mjs";
import { differences, ScratchHost } from "./openbsd/scratch-host.mjs";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		yes: { type: "boolean" },
		config: { type: "string", short: "F" },
		interfaces: { type: "string" },
		only: { type: "string" },
		"no-reboot": { type: "boolean" },
	},
});
const [name] = positionals;
if (name === undefined) {
	console.error("usage: npm run test:openbsd -- HOST --yes [-F SSH_CONFIG] [--interfaces IF1,IF2] [--only TEXT] [--no-reboot]");
	process.exit(2);
}
const host = new ScratchHost(name, values.config, (text) => console.log(`    ${text}`));
const system = await host.must("uname -srm");
if (!system.startsWith("OpenBSD ")) throw new Error(`${name} runs ${system.trim()}, not OpenBSD`);
console.log(`${name}: ${system.trim()}`);
if (values.yes !== true) {
	console.error(`This changes the files of ${name}, reboots it and interrupts its network, again and again. Where nobody needs it: --yes`);
	process.exit(2);
}
const [first, second] = values.interfaces?.split(",") ?? (await spareInterfaces());
if (first === undefined || second === undefined) throw new Error("it takes two interfaces that nobody needs: --interfaces IF1,IF2");
console.log(`spare interfaces: ${first}, ${second}`);

const saved = "/var/backups/openbsd-vnet-life.tgz";
await host.must(`tar czpf ${saved} -C / etc`);
const work = await mkdtemp(join(tmpdir(), "openbsd-vnet-life-"));
await writeFile(join(work, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "scratch", root: "scratch", ssh: name }] }));
// The command reads the ssh_config of its home.
const home = join(work, "home");
if (values.config !== undefined) {
	await mkdir(join(home, ".ssh"), { recursive: true, mode: 0o700 });
	await copyFile(values.config, join(home, ".ssh", "config"));
}
/** The files that are there and that no change is about, by their names below /etc. */
const given = await managedFiles();

let [passed, failed] = [0, 0];
try {
	for (const change of changes.filter((one) => one.name.includes(values.only ?? ""))) {
		const faults = await trial(change);
		if (faults.length === 0) passed++;
		else failed++;
		console.log(`${faults.length === 0 ? "ok" : "NOT OK"}  ${change.name}`);
		for (const fault of faults) console.log(`    ${fault}`);
	}
} finally {
	await host.run(`rm -f /etc/hostname.* && tar xzpf ${saved} -C / && rm -f ${saved}`);
	if (values["no-reboot"] !== true) await host.reboot();
	await rm(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, on ${system.trim()}`);
process.exitCode = failed === 0 ? 0 : 1;

/** What is wrong with what becomes of a change. */
async function trial({ before, after, becomes = "deployed", interrupts = false }) {
	const faults = [];
	await write({ ...given, ...named(before) });
	// Also the way to the files of before is a deployment, with those taken away that the last change has left.
	const left = (await host.must("cd /etc && ls -d hostname.* pf.vm/* dhcpd.conf rc.conf.local sysctl.conf vm.conf 2>/dev/null || true"))
		.split("\n")
		.filter(Boolean);
	const gone = left.filter((path) => given[path] === undefined && named(before)[path] === undefined);
	const prepared = await deploy(["--interrupt", ...gone.flatMap((path) => ["--remove", `/etc/${path}`])]);
	if (prepared.status > 1) return [`the files of before were not deployed: ${prepared.told}`];
	const was = await host.state();

	const changed = named(after);
	await write({ ...given, ...named(before), ...changed });
	const taken = Object.entries(changed).flatMap(([path, text]) => (text === null ? ["--remove", `/etc/${path}`] : []));
	const { status, told } = await deploy([...(interrupts ? ["--interrupt"] : []), ...taken, "--timeout", "30"]);
	const is = await host.state();
	const expected = { deployed: 0, refused: 1, back: 3 }[becomes];
	if (status !== expected) faults.push(`status ${status}, not ${expected}: ${told}`);
	if (status !== 0) {
		const differ = differences(was, is);
		if (differ.length > 0) faults.push("not as before:", ...differ);
	} else if (values["no-reboot"] !== true) {
		await host.reboot();
		const differ = differences(await host.state(), is);
		if (differ.length > 0) faults.push("not as after a start with these files:", ...differ);
	}
	return faults;
}

/** The files of a change, with the interfaces of this machine. @returns {Record<string, string | null>} */
function named(files) {
	const own = (text) => text.replaceAll("IF1", first).replaceAll("IF2", second);
	return Object.fromEntries(Object.entries(files).map(([path, text]) => [own(path), text === null ? null : own(text)]));
}

/** Makes the local folder hold these files alone. */
async function write(files) {
	await rm(join(work, "scratch"), { recursive: true, force: true });
	for (const [path, text] of Object.entries(files)) {
		if (text === null) continue;
		const at = join(work, "scratch", "etc", path);
		await mkdir(dirname(at), { recursive: true });
		await writeFile(at, text);
	}
}

/** Runs `openbsd-vnet deploy`. @returns {Promise<{ status: number, told: string }>} its last lines */
async function deploy(args) {
	const command = join(root, "cli", "bin", "openbsd-vnet.js");
	const child = spawn(process.execPath, [command, "deploy", "scratch", "--auto-confirm", "--over-drift", ...args], {
		cwd: work,
		env: { ...process.env, ...(values.config === undefined ? {} : { HOME: home }) },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let told = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text) => {
			told += text;
		});
	}
	const [status] = await once(child, "close");
	return { status, told: told.trim().split("\n").slice(-3).join(" / ") };
}

/** Interfaces of the machine that have no address and no file. @returns {Promise<string[]>} */
async function spareInterfaces() {
	const text = await host.must("ifconfig -a; echo ==; cd /etc && ls -d hostname.* || true");
	const [shown = "", files = ""] = text.split("==\n");
	const found = shown.split(/\n(?=\S)/).filter((one) => /^[a-z]+\d+: .*\n\s+lladdr /.test(one) && !/\n\s+inet6? (?!fe80)/.test(one));
	const cloned = /^(?:vether|vport|veb|bridge|tap|carp|trunk|aggr|vlan|vxlan|wg|gif|gre|pair|lo|pflog|enc)\d/;
	return found.map((one) => one.slice(0, one.indexOf(":"))).filter((one) => !cloned.test(one) && !files.includes(`hostname.${one}\n`));
}

/** Texts of the managed files that are there. @returns {Promise<Record<string, string>>} */
async function managedFiles() {
	const list = (
		await host.must("cd /etc && ls -d hostname.* pf.conf vm.conf sysctl.conf rc.conf.local mygate dhcpd.conf 2>/dev/null || true")
	).split("\n");
	const files = {};
	for (const path of list.filter(Boolean)) files[path] = await host.must(`cat /etc/${path}`);
	return files;
}
