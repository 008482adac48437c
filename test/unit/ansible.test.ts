/** What `export ansible` writes, played by Ansible itself: with a command that answers as it is told, and against three simulated hosts. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { builtOnce } from "../built.ts";
import { type Answering, startAnswering } from "../openbsd-host/answering.ts";
import { buildMain, canIsolate, installHost, type SimulatedHost } from "../openbsd-host/install.ts";
import { hasPasswords, type Sshd, sshdMissing, startSshd } from "../openbsd-host/sshd.ts";
import { shareOf } from "../share.ts";
import { buildCommand } from "./command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const without =
	spawnSync("ansible-playbook", ["--version"], { stdio: "ignore" }).status === 0
		? undefined
		: "no Ansible here: node scripts/setup-system.mjs";
const why =
	without ??
	sshdMissing ??
	(hasPasswords ? (canIsolate() ? undefined : "no mounts of one's own here") : "needs root, to be root on the host");

interface Ended {
	readonly status: number | null;
	readonly output: string;
}

/** Runs a program of Ansible's, or ours, as somebody whose home is a folder of the test. */
function command(home: string, cwd: string, program: string, ...args: string[]): Promise<Ended> {
	const env = {
		PATH: process.env.PATH ?? "",
		HOME: home,
		LC_ALL: "C.UTF-8",
		ANSIBLE_NOCOLOR: "1",
		ANSIBLE_LOCALHOST_WARNING: "0",
		ANSIBLE_RETRY_FILES_ENABLED: "0",
	};
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (text) => {
				output += text;
			});
		child.on("error", reject);
		child.on("close", (status) => resolve({ status, output }));
	});
}

/** `hv1 changed failed`, of what Ansible tells at its end. */
function recap(output: string): readonly string[] {
	return [...output.matchAll(/^(\w+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=0\s+failed=(\d+)/gm)].map(
		([, name, changed, failed]) => `${name} ${changed === "0" ? "unchanged" : "changed"}${failed === "0" ? "" : " failed"}`,
	);
}

describe.skipIf(without !== undefined)(`the collection${without === undefined ? "" : ` (${without})`}`, { timeout: 120_000 }, () => {
	const folder = mkdtempSync(join(tmpdir(), "ansible-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const at = (name: string) => join(folder, name);
	beforeAll(() => {
		mkdirSync(at("home"));
		cpSync(join(root, "ansible"), at("collections/ansible_collections/openbsd_vnet/hosts"), { recursive: true });
		// It answers what lies in a file that is called by the host and the verb, and notes what it was asked.
		writeFileSync(
			at("answer"),
			`#!/bin/sh
for host; do :; done
echo "$*" >>calls
[ -f "$host.$1" ] || { echo "openbsd-vnet: $host is not there" >&2; exit 4; }
cat "$host.$1"
`,
			{ mode: 0o755 },
		);
		const play = {
			hosts: "all",
			gather_facts: false,
			serial: "{{ batch }}",
			vars: { openbsd_vnet_command: ["./answer"], openbsd_vnet_remove: ["/etc/pf.old"] },
			roles: ["openbsd_vnet.hosts.deploy"],
		};
		writeFileSync(at("play.yml"), JSON.stringify([play]));
	});
	const play = async (batch: number, answers: Readonly<Record<string, object>>, hosts: readonly string[], ...args: string[]) => {
		for (const [name, answer] of Object.entries(answers)) writeFileSync(at(name), JSON.stringify({ simulated: false, ...answer }));
		const ended = await command(
			at("home"),
			folder,
			"ansible-playbook",
			"-i",
			`${hosts.join(",")},`,
			"-e",
			`batch=${batch}`,
			"play.yml",
			...args,
		);
		const calls = existsSync(at("calls")) ? readFileSync(at("calls"), "utf8").split("\n").slice(0, -1).sort() : [];
		for (const name of ["calls", ...Object.keys(answers)]) rmSync(at(name), { force: true });
		return { ...ended, calls };
	};

	test("one host of a batch fails: those that were changed roll back, and no other batch begins", async () => {
		const deployed = { result: "deployed", id: "20260101T000000-00000001", differs: [] };
		const lost = { result: "failed", id: "x", step: "verify", message: "no line", end: "watchdog", seconds: 60 };
		const answers = {
			"hv0.deploy": { result: "unchanged" },
			"hv1.deploy": deployed,
			"hv1.rollback": { ...deployed, id: "20260101T000000-00000002" },
			"hv2.deploy": lost,
			"hv3.deploy": { result: "unchanged" },
		};
		const { status, output, calls } = await play(3, answers, ["hv1", "hv2", "hv3", "hv4"]);
		expect(status).not.toBe(0);
		expect(calls).toEqual([
			"deploy --json --remove /etc/pf.old --auto-confirm -- hv1",
			"deploy --json --remove /etc/pf.old --auto-confirm -- hv2",
			"deploy --json --remove /etc/pf.old --auto-confirm -- hv3",
			"rollback --json --to 20260101T000000-00000001 --auto-confirm -- hv1",
		]);
		expect(recap(output)).toEqual(["hv1 changed failed", "hv2 unchanged failed", "hv3 unchanged failed"]);
		expect(output).toContain("verify: no line; the host rolls back by itself, within 60 s");
		expect(output).toContain("as before, because another host of the batch failed: hv2");
	});

	test("each end of a deployment is told as what it is, and a host that differs afterwards is a warning", async () => {
		const differs = [{ area: "rules", subject: "pf", expected: "1 rule", found: "2 rules" }];
		const failed = (end: string) => ({ result: "failed", id: "x", step: "keep", message: "said", end, seconds: 9 });
		const ends: Readonly<Record<string, readonly [answer: object, said: string, what: string]>> = {
			a: [{ result: "unchanged" }, "", "unchanged"],
			b: [{ result: "deployed", id: "x", differs }, "rules pf: expected 1 rule, found 2 rules", "changed"],
			c: [{ result: "tests-failed", tests: "3 failed" }, "policy tests fail, nothing was changed\\n3 failed", "unchanged"],
			d: [{ result: "rehearsal-failed", message: "why {{ 1 + 1 }}" }, "the way back does not work: why {{ 1 + 1 }}", "unchanged"],
			e: [{ result: "drifted", paths: ["/etc/pf.conf"] }, "changed by others on the host: /etc/pf.conf", "unchanged"],
			f: [{ result: "rejected", complaints: [{ path: "/etc/pf.conf", line: 2, text: "bad" }] }, "/etc/pf.conf:2: bad", "unchanged"],
			g: [failed("restored"), "keep: said; the host rolled back", "unchanged"],
			h: [failed("incomplete"), "the host rolled back, and not all is as before", "changed"],
			i: [failed("undecided"), "whether the host kept it is not known", "changed"],
		};
		const answers = Object.fromEntries(Object.entries(ends).map(([name, [answer]]) => [`${name}.deploy`, answer]));
		const hosts = [...Object.keys(ends), "gone"];
		// The others have nothing to roll back with: that they try is in the test before.
		const { output } = await play(hosts.length, answers, hosts);
		const tasks = output.slice(
			output.indexOf("TASK [openbsd_vnet.hosts.deploy : Deploy,"),
			output.indexOf("TASK [openbsd_vnet.hosts.deploy : Roll"),
		);
		for (const [name, [, said, what]] of Object.entries(ends)) {
			const failure = `fatal: [${name}]: FAILED! => {"changed": ${what === "changed"}`;
			expect(tasks, name).toContain(name === "a" ? "ok: [a]" : name === "b" ? "changed: [b]" : failure);
			expect(tasks, name).toContain(said);
		}
		expect(tasks).toContain('"msg": "openbsd-vnet: gone is not there"');
	});

	test("in check mode nothing but the plan is asked for, which the difference shows; what would stop it fails", async () => {
		const change = {
			path: "/etc/pf.conf",
			differs: ["content"],
			mode: "600",
			removed: false,
			diff: "--- a\n+++ b\n-block\n+pass {{ 1 }}\n",
		};
		const plan = { changes: [change], drifted: [], refused: [] };
		const answers = {
			"hv1.plan": plan,
			"hv2.plan": { ...plan, changes: [] },
			"hv3.plan": { ...plan, drifted: ["/etc/pf.conf"] },
		};
		const { output, calls } = await play(1, answers, ["hv1", "hv2", "hv3", "hv4"], "--check", "--diff");
		expect(calls).toEqual(["hv1", "hv2", "hv3"].map((name) => `plan --json --remove /etc/pf.old -- ${name}`));
		expect(recap(output)).toEqual(["hv1 changed", "hv2 unchanged", "hv3 changed failed"]);
		expect(output).toContain("-block\n+pass {{ 1 }}\n");
		expect(output).toContain("changed by others on the host: /etc/pf.conf");
	});

	test("ansible-galaxy builds it, in the version of our package", async () => {
		const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
		const { status, output } = await command(at("home"), root, "ansible-galaxy", "collection", "build", "--output-path", folder, "ansible");
		expect(status, output).toBe(0);
		expect(readdirSync(folder)).toContain(`openbsd_vnet-hosts-${version}.tar.gz`);
	});
});

const oldFiles = {
	"/etc/pf.conf": 'block all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0\n",
	"/etc/hostname.em1": "up\n",
};
const newFiles = {
	...oldFiles,
	"/etc/pf.conf": 'block log all # {{ 1 + 1 }}\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0 proto tcp to port 443\n",
	"/etc/hostname.veb0": "add em1\nup\n",
};
const names = ["hv1", "hv2", "hv3"] as const;

/** A play takes as long as a hundred other tests: each day one of them. */
const played = shareOf(["works", "lost"], 2);
const testOf = (play: string): typeof test | (() => void) => (played.includes(play) ? test : () => undefined);

describe.skipIf(why !== undefined)(
	`export ansible, and three hosts behind sshd${why === undefined ? "" : ` (${why})`}`,
	{ timeout: 300_000 },
	() => {
		// Short: the sockets that ssh makes below it may have 107 letters.
		const folder = mkdtempSync(join(tmpdir(), "ansible-"));
		chmodSync(folder, 0o755);
		const work = join(folder, "work");
		/** A folder's name is data as well. */
		const rootOf = (name: string) => (name === "hv3" ? `hv3 {{ lookup('pipe', 'touch ${folder}/pwned') }}` : name);
		/** Once it is there, hv2 is lost: each connection to it ends at once. */
		const lost = join(folder, "lost");
		const running: Sshd[] = [];
		let hosts: Record<(typeof names)[number], SimulatedHost>;
		let main: string;
		let launcher: string;
		let answering: Answering;

		function write(name: string, files: Readonly<Record<string, string>>): void {
			rmSync(join(work, rootOf(name)), { recursive: true, force: true });
			for (const [path, text] of Object.entries(files)) {
				mkdirSync(dirname(join(work, rootOf(name), path)), { recursive: true });
				writeFileSync(join(work, rootOf(name), path), text);
			}
		}

		const exported = () => command(folder, work, process.execPath, launcher, "export", "ansible");
		const variables = () =>
			JSON.stringify({ openbsd_vnet_command: [process.execPath, launcher], openbsd_vnet_no_rehearsal: "a test", openbsd_vnet_batch: 3 });
		const play = (...args: string[]) =>
			command(folder, work, "ansible-playbook", "-i", "ansible/inventory.yml", "-e", variables(), "ansible/playbook.yml", ...args);

		const filesOf = (host: SimulatedHost) =>
			Object.fromEntries(Object.keys(newFiles).flatMap((path) => (host.read(path) === undefined ? [] : [[path, host.read(path)]])));
		const rules = (host: SimulatedHost) => host.state().pf.anchors[""]?.[0]?.text;

		beforeAll(async () => {
			main = await builtOnce("main.cjs", buildMain);
			answering = await startAnswering(main, join(folder, "answers"));
			launcher = await buildCommand();
			const enter = (name: string) => join(folder, name, "enter");
			const losing = join(folder, "losing");
			writeFileSync(
				losing,
				`#!/bin/sh
[ ! -e ${lost} ] || { kill -9 $PPID; exit 255; }
case $2 in *activate*) [ ! -e ${lost}.soon ] || { : >${lost}; setsid ${enter("hv2")} "$@" </dev/null >/dev/null 2>&1 & kill -9 $PPID; exit 255; } ;; esac
exec ${enter("hv2")} "$@"
`,
				{ mode: 0o755 },
			);
			for (const name of names) running.push(await startSshd({ enter: name === "hv2" ? losing : enter(name) }));
			const entry = (name: string, index: number, more = "") =>
				`Host ${name}\n HostName 127.0.0.1\n Port ${running[index]?.port}\n IdentityFile ${running[index]?.identity}\n${more}`;
			mkdirSync(join(folder, ".ssh"), { mode: 0o700 });
			writeFileSync(
				join(folder, ".ssh", "config"),
				`${entry("hv1", 0, " User root\n")}${entry("two", 1)}${entry("hv3", 2, " User root\n ProxyJump hv1\n")}Host *\n IdentityAgent none\n UserKnownHostsFile ${folder}/known_hosts\n`,
			);
			writeFileSync(join(folder, "known_hosts"), running.map(({ knownHosts }) => knownHosts).join(""));
			mkdirSync(work);
		}, 120_000);
		afterAll(async () => {
			for (const sshd of running) await sshd.stop();
			await answering.end();
			rmSync(folder, { recursive: true, force: true });
		});
		beforeEach(async () => {
			for (const path of [join(work, "ansible"), lost, `${lost}.soon`]) rmSync(path, { recursive: true, force: true });
			const list = [
				{ name: "hv1", root: "hv1", ssh: "hv1" },
				{ name: "hv2", root: "hv2", ssh: "op@two" },
				{ name: "hv3", root: rootOf("hv3"), ssh: "hv3" },
				{ name: "unreached", root: "unreached" },
			];
			writeFileSync(join(work, "openbsd-vnet.json"), JSON.stringify({ hosts: list }));
			const made = await Promise.all(
				names.map(async (name) => {
					rmSync(join(folder, name), { recursive: true, force: true });
					const host = await installHost({ root: join(folder, name), files: oldFiles, main, answering });
					for (const path of Object.keys(oldFiles)) chmodSync(join(host.root, path), path.includes("hostname") ? 0o640 : 0o600);
					await host.run("OPENBSD_HOST_UID=0 pfctl -f /etc/pf.conf");
					if (name !== "hv2") host.change(({ user }) => Object.assign(user, { name: "root", uid: 0 }));
					write(name, newFiles);
					return [name, host] as const;
				}),
			);
			hosts = Object.fromEntries(made) as typeof hosts;
			expect(await exported()).toEqual({
				status: 0,
				output: "ansible/inventory.yml\nansible/playbook.yml\nansible/collections/ansible_collections/openbsd_vnet/hosts\n",
			});
		}, 60_000);

		testOf("works")("all hosts get their files, with permissions and rules; a second time nothing changes", async () => {
			const changed = names.map((name) => `${name} changed`);
			const planned = await play("--check", "--diff");
			expect(recap(planned.output), planned.output).toEqual(changed);
			expect(planned.output).toContain("-block all\n+block log all # {{ 1 + 1 }}\n");
			for (const name of names) expect(filesOf(hosts[name])).toEqual(oldFiles);
			const first = await play();
			expect(first.status, first.output).toBe(0);
			expect(recap(first.output)).toEqual(changed);
			for (const name of names) {
				expect(filesOf(hosts[name])).toEqual(newFiles);
				expect(rules(hosts[name])).toBe("block drop log all");
			}
			const second = await play();
			expect(recap(second.output)).toEqual(names.map((name) => `${name} unchanged`));
			expect(existsSync(join(folder, "pwned"))).toBe(false);
		});

		testOf("lost")("a host that is lost in the middle rolls back by itself, and those of its batch that were changed", async () => {
			writeFileSync(`${lost}.soon`, "");
			mkdirSync(join(work, "ansible", "host_vars"));
			writeFileSync(join(work, "ansible", "host_vars", "hv2.yml"), "openbsd_vnet_timeout: 20\n");
			const { status, output } = await play();
			expect(status).not.toBe(0);
			expect(recap(output), output).toEqual(["hv1 changed failed", "hv2 unchanged failed", "hv3 changed failed"]);
			expect(output).toContain("the host rolls back by itself, within ");
			for (const name of ["hv1", "hv3"] as const)
				expect([name, filesOf(hosts[name]), rules(hosts[name])]).toEqual([name, oldFiles, "block drop all"]);
			await expect
				.poll(() => [filesOf(hosts.hv2), rules(hosts.hv2)], { timeout: 120_000, interval: 500 })
				.toEqual([oldFiles, "block drop all"]);
			await expect
				.poll(() => readdirSync(join(hosts.hv2.root, "var/backups/openbsd-vnet")).includes("lock"), { timeout: 120_000, interval: 500 })
				.toBe(false);
		});

		test("a file of somebody else is not written over, and a name that Ansible would read as a pattern is refused", async () => {
			writeFileSync(join(work, "ansible", "playbook.yml"), "- hosts: all\n");
			expect(await exported()).toEqual({ status: 2, output: expect.stringContaining("was not written by this command") });
			rmSync(join(work, "ansible"), { recursive: true });
			const list = join(work, "openbsd-vnet.json");
			writeFileSync(list, JSON.stringify({ hosts: [{ name: "hv[1:3]", root: "hv1", ssh: "hv1" }] }));
			expect(await exported()).toEqual({ status: 2, output: expect.stringContaining("Ansible cannot have a host called 'hv[1:3]'") });
			expect(existsSync(join(work, "ansible"))).toBe(false);
		});
	},
);
