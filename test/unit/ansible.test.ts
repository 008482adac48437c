/** What `export ansible` writes, played by Ansible itself against three simulated hosts behind real sshds. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { builtOnce } from "../built.ts";
import { type Answering, startAnswering } from "../openbsd-host/answering.ts";
import { buildMain, canIsolate, installHost, type SimulatedHost } from "../openbsd-host/install.ts";
import { hasPasswords, type Sshd, sshdMissing, startSshd } from "../openbsd-host/sshd.ts";
import { nightly, shareOf } from "../share.ts";
import { buildCommand } from "./command.ts";

const withDoas = () => spawnSync("ansible-doc", ["-t", "become", "community.general.doas"], { stdio: "ignore" }).status === 0;
const why =
	sshdMissing ??
	(hasPasswords ? (canIsolate() ? undefined : "no mounts of one's own here") : "needs root, to be root on the host") ??
	(withDoas() ? undefined : "no Ansible with community.general here: node scripts/setup-system.mjs");

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

/** A play takes Ansible as long as a hundred other tests: each day the one that works is played on one host, and one more. */
const worked = shareOf(names, names.length);
const played = shareOf(["again", "refused", "bad", "failing"], 4);
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
		const config = join(folder, "ssh_config");
		const running: Sshd[] = [];
		let hosts: Record<(typeof names)[number], SimulatedHost>;
		let main: string;
		let launcher: string;
		let answering: Answering;

		const env = () => ({
			PATH: process.env.PATH ?? "",
			HOME: folder,
			LC_ALL: "C.UTF-8",
			ANSIBLE_SSH_ARGS: `-F ${config} -o ControlMaster=auto -o ControlPersist=5s`,
			// The sshd of the test has no sftp.
			ANSIBLE_SSH_TRANSFER_METHOD: "piped",
			// Half of the time of the test.
			ANSIBLE_PIPELINING: "1",
			ANSIBLE_NOCOLOR: "1",
			ANSIBLE_LOCALHOST_WARNING: "0",
			ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
		});

		function write(name: string, files: Readonly<Record<string, string>>): void {
			rmSync(join(work, rootOf(name)), { recursive: true, force: true });
			for (const [path, text] of Object.entries(files)) {
				mkdirSync(dirname(join(work, rootOf(name), path)), { recursive: true });
				writeFileSync(join(work, rootOf(name), path), text);
			}
		}

		function command(program: string, ...args: string[]): Promise<{ readonly status: number | null; readonly output: string }> {
			return new Promise((resolve) => {
				const child = spawn(program, args, { cwd: work, env: env(), stdio: ["ignore", "pipe", "pipe"] });
				let output = "";
				for (const stream of [child.stdout, child.stderr])
					stream.on("data", (text) => {
						output += text;
					});
				child.on("close", (status) => resolve({ status, output }));
			});
		}
		const exported = () => command(process.execPath, launcher, "export", "ansible", "-F", config);
		const play = (...args: string[]) => command("ansible-playbook", "-i", "ansible/inventory.yml", "ansible/playbook.yml", ...args);
		/** `hv1 changed=4 failed=0`, of what Ansible tells at its end. */
		const recap = (output: string) =>
			[...output.matchAll(/^(\w+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=0\s+failed=(\d+)/gm)].map(
				([, name, changed, failed]) => `${name} ${changed === "0" ? "unchanged" : "changed"}${failed === "0" ? "" : " failed"}`,
			);

		const filesOf = (host: SimulatedHost) =>
			Object.fromEntries(Object.keys(newFiles).flatMap((path) => (host.read(path) === undefined ? [] : [[path, host.read(path)]])));
		const rules = (host: SimulatedHost) => host.state().pf.anchors[""]?.[0]?.text;

		beforeAll(async () => {
			main = await builtOnce("main.cjs", buildMain);
			answering = await startAnswering(main, join(folder, "answers"));
			launcher = await buildCommand();
			for (const name of names) running.push(await startSshd({ enter: join(folder, name, "enter") }));
			const entry = (name: string, index: number, more = "") =>
				`Host ${name}\n HostName 127.0.0.1\n Port ${running[index]?.port}\n IdentityFile ${running[index]?.identity}\n${more}`;
			writeFileSync(
				config,
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
			rmSync(join(work, "ansible"), { recursive: true, force: true });
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
					// By which Ansible becomes root: docs/fleets.md has the line of doas.conf.
					else host.change(({ doas }) => doas.push("/bin/sh"));
					write(name, newFiles);
					return [name, host] as const;
				}),
			);
			hosts = Object.fromEntries(made) as typeof hosts;
			expect(await exported()).toEqual({ status: 0, output: "ansible/inventory.yml\nansible/playbook.yml\n" });
		}, 60_000);

		test("all hosts get their files, with permissions and rules; a second time nothing changes", async () => {
			if (nightly) expect(await play("--syntax-check")).toMatchObject({ status: 0 });
			const first = await play("--limit", worked.join(","));
			expect(first.status, first.output).toBe(0);
			expect(recap(first.output)).toEqual(worked.map((name) => `${name} changed`));
			for (const host of worked.map((name) => hosts[name])) {
				expect(filesOf(host)).toEqual(newFiles);
				expect(statSync(join(host.root, "etc/hostname.veb0")).mode & 0o777).toBe(0o640);
				expect(rules(host)).toBe("block drop log all");
				expect(host.state().interfaces.find(({ name }) => name === "veb0")?.members).toEqual(["em1"]);
				// Interfaces come before the rules for them, and only what has changed is activated.
				expect(
					host
						.calls()
						.filter((call) => /^(netstart|pfctl -f|vmctl|sysctl|rcctl)/.test(call))
						.slice(-2),
				).toEqual(["netstart veb0", "pfctl -f /etc/pf.conf"]);
			}
			expect(existsSync(join(folder, "pwned"))).toBe(false);
			if (!played.includes("again")) return;
			// To look is to become root as well, and changes nothing.
			const asked = () => worked.map((name) => hosts[name].calls().filter((call) => !call.startsWith("doas -n /bin/sh")));
			const before = asked();
			const second = await play("--limit", worked.join(","));
			expect(second.status, second.output).toBe(0);
			expect(recap(second.output)).toEqual(worked.map((name) => `${name} unchanged`));
			expect(asked()).toEqual(before);
		});

		testOf("refused")(
			"rules that pfctl refuses: nothing is activated, what was copied before is taken back, and the fleet stops there",
			async () => {
				write("hv2", { ...newFiles, "/etc/pf.conf": "block all\npass on on em0\n" });
				const { status, output } = await play();
				expect(status).not.toBe(0);
				expect(output).toContain(":2: syntax error");
				expect(output).toContain("The old files are back: nothing was activated. No host after this one is changed");
				expect(recap(output).slice(0, 2)).toEqual(["hv1 changed", "hv2 changed failed"]);
				expect(filesOf(hosts.hv1)).toEqual(newFiles);
				for (const host of [hosts.hv2, hosts.hv3]) {
					expect(filesOf(host)).toEqual(oldFiles);
					expect(rules(host)).toBe("block drop all");
					expect(host.calls().filter((call) => /^(netstart|pfctl -f)/.test(call))).toEqual(["pfctl -f /etc/pf.conf"]);
				}
			},
		);

		testOf("bad")("only the ruleset is new, and bad: nothing takes the place of a file", async () => {
			write("hv1", { ...oldFiles, "/etc/pf.conf": "pas\n" });
			await exported();
			const etc = () => readdirSync(join(hosts.hv1.root, "etc"), { recursive: true, encoding: "utf8" }).sort();
			const before = etc();
			const { status, output } = await play();
			expect(status).not.toBe(0);
			expect(recap(output)).toEqual(["hv1 unchanged failed"]);
			// Ansible makes its backup before it validates.
			expect(etc().filter((name) => !/^pf\.conf\..*~$/.test(name))).toEqual(before);
			expect(filesOf(hosts.hv1)).toEqual(oldFiles);
			expect(filesOf(hosts.hv2)).toEqual(oldFiles);
		});

		testOf("failing")("an activation that fails: the old files are back, and active", async () => {
			hosts.hv1.change(({ faults }) =>
				Object.assign(faults, { netstart: { status: 1, stderr: "ifconfig: veb0: SIOCBRDGADD: Device busy\n" } }),
			);
			chmodSync(join(hosts.hv1.root, "etc/pf.conf"), 0o640);
			const { status, output } = await play();
			expect(status).not.toBe(0);
			expect(output).toContain("The old files are back, and were activated");
			expect(filesOf(hosts.hv1)).toEqual(oldFiles);
			expect(statSync(join(hosts.hv1.root, "etc/pf.conf")).mode & 0o777).toBe(0o640);
			expect(hosts.hv1.calls().at(-1)).toBe("pfctl -f /etc/pf.conf");
			expect(rules(hosts.hv1)).toBe("block drop all");
			expect([filesOf(hosts.hv2), filesOf(hosts.hv3)]).toEqual([oldFiles, oldFiles]);
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
