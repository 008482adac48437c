/** `openbsd-vnet` and its deployments to a simulated host behind a real sshd, as a person or a job runs them. */
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { programName } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Place, placesMissing } from "../openbsd-host/places.ts";
import { processesOf } from "../openbsd-host/processes.ts";
import { inTurns, shareOf } from "../share.ts";
import { buildCommand, endCommands, runCommand, startCommand } from "./command.ts";
import {
	backups,
	type Deployments,
	filesOf,
	newFiles,
	oldFiles,
	openDeployments,
	passTime,
	rulesOf,
	settled,
	steps,
	until,
} from "./deployments.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** What takes longest: each has its turn every third day. */
const inTurn = inTurns((name: string, run: () => Promise<void>) => test(name, run), 3);

describe
	.skipIf(placesMissing !== undefined)
	.concurrent(`openbsd-vnet and a simulated host behind sshd${placesMissing === undefined ? "" : ` (${placesMissing})`}`, () => {
		let deployments: Deployments;
		let folder: string;
		let launcher: string;
		let work: string;
		beforeAll(async () => {
			deployments = await openDeployments("command");
			folder = deployments.folder;
			launcher = await buildCommand();
			work = join(folder, "work");
			for (const [path, text] of Object.entries(newFiles)) {
				mkdirSync(dirname(join(work, "hv1", path)), { recursive: true });
				writeFileSync(join(work, "hv1", path), text);
			}
			writeFileSync(join(work, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1" }] }));
		});
		afterAll(async () => {
			await endCommands(launcher);
			await deployments.end();
		});

		const start = ({ home }: Place, args: readonly string[], cwd = work, environment: Readonly<Record<string, string>> = {}) =>
			startCommand(launcher, args, cwd, home, environment);
		const command = ({ home }: Place, ...args: string[]) => runCommand(launcher, args, work, home);

		/** Ends the command by itself, when it has said a text and had a moment to begin with what it says. */
		function killedAt(text: string): Readonly<Record<string, string>> {
			const code = `
				const write = process.stderr.write;
				process.stderr.write = function (said, ...more) {
					if (String(said).includes(${JSON.stringify(text)})) setTimeout(() => process.kill(process.pid, "SIGKILL"), 20);
					return write.call(this, said, ...more);
				};`;
			return { NODE_OPTIONS: `--import=data:text/javascript;base64,${Buffer.from(code).toString("base64")}` };
		}

		test("validate, plan, deploy, plan, rollback: with their statuses", async () => {
			const at = await deployments.place();
			expect(await command(at, "validate", "hv1")).toEqual({ status: 0, stdout: "", stderr: "" });
			const plan = await command(at, "plan", "hv1");
			expect(plan).toMatchObject({ status: 1, stderr: "" });
			expect(plan.stdout).toContain("-block all\n+block log all\n");
			expect(plan.stdout).toContain("  pfctl -f /etc/pf.conf\n    because the ruleset, or a file that it loads, has changed\n");
			expect(filesOf(at)).toEqual(oldFiles);
			const differs = await command(at, "verify", "hv1");
			expect(differs).toMatchObject({ status: 1, stderr: "" });
			expect(differs.stdout).toContain("    Load the ruleset: pfctl -f /etc/pf.conf\n");
			const changes = await command(at, "diff", "--running");
			expect(changes).toMatchObject({ status: 1, stdout: expect.stringMatching(/^- host → outside, tcp 1:442: is no longer possible$/m) });
			const deployed = await command(at, "deploy", "hv1", "--auto-confirm", "--json");
			expect(deployed).toMatchObject({ status: 0, stderr: "" });
			expect(JSON.parse(deployed.stdout)).toMatchObject({ host: "hv1", result: "deployed" });
			expect(filesOf(at)).toEqual(newFiles);
			const same = await command(at, "diff", "--running", "--host", "hv1");
			expect(same).toMatchObject({ status: 0, stdout: expect.stringContaining("\npf treats every packet as before.\n") });
			expect(await command(at, "plan", "hv1")).toEqual({ status: 0, stdout: "hv1: nothing to do\n", stderr: "" });
			const verified = await command(at, "verify", "hv1");
			expect(verified).toMatchObject({ status: 0, stderr: "" });
			expect(verified.stdout).toMatch(/^ok +rules +pf\.conf +all loaded, and no others$/m);
			expect(verified.stdout).toMatch(/^hv1 \(simulated host\): \d+ as the files say, 0 not, 0 unknown$/m);
			const { id } = JSON.parse(deployed.stdout);
			const machine = [
				["validate", "hv1"],
				["plan", "hv1"],
				["verify", "hv1"],
				["disks", "hv1"],
				["taps", "hv1"],
				["pull", "hv1"],
				["drift", "hv1"],
				["history", "hv1"],
				["history", "hv1", id],
				["host", "version", "hv1"],
				["host", "check", "hv1"],
			];
			for (const words of machine) expect((await command(at, ...words, "--json")).stdout).toMatch(/^[{[]/);
			expect((await command(at, "host", "check", "hv1")).stdout).toMatch(/^hv1: OpenBSD \d\.\d, as root\n\tover the built-in client\n$/);
			const history = await command(at, "history", "hv1");
			expect(history).toEqual({
				status: 0,
				stdout: expect.stringMatching(new RegExp(`^${id} root\\nhv1: the way back works, as of .*\\n$`)),
				stderr: "",
			});
			const changed = await command(at, "history", "hv1", id);
			expect(changed.stdout).toMatch(/^\S+Z interface veb0: status 0\n\S+Z rules: status 0\n/);
			expect(changed.stdout).toContain("--- a/etc/pf.conf\n+++ b/etc/pf.conf\n");
			expect(changed.stdout).toContain("-block all\n+block log all\n");
			expect(changed.stdout).toContain("--- /dev/null\n+++ b/etc/hostname.veb0\n");
			at.host.write("/etc/pf.conf", "pass all\n");
			expect(await command(at, "rollback", "hv1", "--auto-confirm")).toMatchObject({
				status: 1,
				stdout: expect.stringContaining("--over-drift overwrites them"),
			});
			expect(at.host.read("/etc/pf.conf")).toBe("pass all\n");
			expect(await command(at, "rollback", "hv1", "--auto-confirm", "--over-drift", "--json")).toMatchObject({ status: 0 });
			expect(filesOf(at)).toEqual(oldFiles);
			expect((await command(at, "history", "hv1")).stdout.match(/^\d\S+ root$/gm)).toHaveLength(2);
			at.host.write("/etc/pf.conf", "pass\n");
			expect(await command(at, "deploy", "hv1", "--auto-confirm", "--json")).toMatchObject({ status: 1 });
			expect(at.host.read("/etc/pf.conf")).toBe("pass\n");
			await settled(at);
		});

		inTurn("what stays as it was until the host starts is told, with a status of its own", async () => {
			const at = await deployments.place();
			const own = join(folder, "stays");
			const file = join(own, "hv1", "etc", "hostname.em1");
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(join(own, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1" }] }));
			const deploy = async (text: string, ...more: string[]) => {
				writeFileSync(file, text);
				const { status, stdout } = await runCommand(launcher, ["deploy", "hv1", "--auto-confirm", "--json", ...more], own, at.home);
				return { status, ...JSON.parse(stdout) };
			};
			expect(await deploy("rdomain 1\nup\n")).toMatchObject({
				status: 6,
				result: "deployed",
				differs: [{ subject: "em1", expected: expect.stringContaining("1") }],
			});
			expect(await deploy("rdomain 2\nup\n", "--interrupt")).toMatchObject({ status: 0, result: "deployed", differs: [] });
			await settled(at);
		});

		inTurn("disks that are not there are listed with what makes them, and made", async () => {
			const at = await deployments.place();
			const own = join(folder, "disks");
			cpSync(work, own, { recursive: true });
			writeFileSync(join(own, "hv1/etc/vm.conf"), 'vm "new" {\n\tdisk "/var/vm/new.qcow2"\n}\n');
			const disks = (...args: string[]) => runCommand(launcher, ["disks", "hv1", ...args], own, at.home);
			expect(await disks()).toEqual({
				status: 1,
				stdout: "/var/vm/new.qcow2 is not there: install -d -o root -g wheel /var/vm && vmctl create -s 20G /var/vm/new.qcow2\n",
				stderr: "",
			});
			expect((await runCommand(launcher, ["validate", "hv1"], own, at.home)).stdout).toContain("vmctl create -s 20G /var/vm/new.qcow2");
			expect(await disks("--create", "8G")).toMatchObject({ status: 0, stdout: expect.stringContaining("/var/vm/new.qcow2: made") });
			expect(at.host.read("/var/vm/new.qcow2")).toBe("");
			at.host.write("/var/vm/new.qcow2", "content");
			expect(await disks("--create", "8G")).toMatchObject({ status: 0, stdout: "/var/vm/new.qcow2: there already\n" });
			expect(at.host.read("/var/vm/new.qcow2")).toBe("content");
			expect(await disks()).toEqual({ status: 0, stdout: "", stderr: "" });
			await settled(at);
		});

		inTurn("a policy test that fails stops a deployment, unless it is told not to run them", async () => {
			const at = await deployments.place();
			const own = join(folder, "tested");
			cpSync(work, own, { recursive: true });
			writeFileSync(join(own, "hv1", "etc", "net.pftest"), "outside host tcp 22 pass\n");
			const run = (...args: string[]) => runCommand(launcher, args, own, at.home);
			const refused = await run("deploy", "hv1", "--auto-confirm");
			expect(refused.status, JSON.stringify(refused)).toBe(1);
			expect(refused.stdout).toContain("net.pftest:1: ");
			expect(refused.stdout).toContain("hv1: nothing was changed");
			expect(filesOf(at)).toEqual(oldFiles);
			expect(await run("deploy", "hv1", "--auto-confirm", "--no-tests")).toMatchObject({ status: 0 });
			expect(filesOf(at)).toEqual(newFiles);
			await settled(at);
		});

		test.each(shareOf(steps, 6))("killed as it begins to $id: the host rolls back, or has it all", async ({ id, what }) => {
			const at = await deployments.place(id.length % 2 === 0 ? "root" : "op");
			const { said, ended } = start(at, ["deploy", "hv1", "--auto-confirm"], work, killedAt(`] ${render(what)}\n`));
			expect(await ended).toBeNull();
			expect(said.stderr).toContain(`] ${render(what)}\n`);
			await settled(at, { meanwhile: () => passTime(at) });
			// Nothing waits for the confirmation here: the last step may have begun before it was seen.
			const kept = (id === "confirm" || id === "keep") && at.host.read("/etc/pf.conf") === newFiles["/etc/pf.conf"];
			expect(filesOf(at)).toEqual(kept ? newFiles : oldFiles);
			expect(rulesOf(at)[""]?.[0]?.text).toBe(kept ? "block drop log all" : "block drop all");
		});

		test("a plan tells which connections become possible, and which stop", async () => {
			const files = { "/etc/hostname.em0": "inet 203.0.113.10/24\n", "/etc/pf.conf": "block all\npass in on em0 proto tcp to port 22\n" };
			const at = await deployments.place("root", files);
			const own = join(folder, "connections");
			cpSync(work, own, { recursive: true });
			rmSync(join(own, "hv1"), { recursive: true });
			mkdirSync(join(own, "hv1/etc"), { recursive: true });
			for (const [path, text] of Object.entries(files)) writeFileSync(join(own, "hv1", path), text.replace("22", "443"));
			const said = await runCommand(launcher, ["plan", "hv1"], own, at.home);
			expect(said.status).toBe(1);
			expect(said.stdout).toMatch(
				/ {2}outside -> host, tcp 22: stops, by: block drop all\n {4}such as in em0 tcp \S+ port \d+ → 203\.0\.113\.10 port 22\n/,
			);
			expect(said.stdout).toContain(
				"  outside -> host, tcp 443: becomes possible, by: pass in on em0 proto tcp from any to any port = 443",
			);
		});

		inTurn("files that are listed go along, and files that are only there are removed where that is said", async () => {
			const at = await deployments.place();
			const own = join(folder, "listed");
			cpSync(work, own, { recursive: true });
			writeFileSync(
				join(own, "openbsd-vnet.json"),
				JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1", deploy: ["/etc/ntpd.conf"] }] }),
			);
			writeFileSync(join(own, "hv1/etc/ntpd.conf"), "servers pool.ntp.org\n");
			at.host.write("/etc/hostname.veb9", "up\n");
			await at.host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart veb9");
			const run = (...args: string[]) => runCommand(launcher, args, own, at.home);
			expect(await run("plan", "hv1", "--remove", "/etc/pf.conf")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("is among the files here"),
			});
			const plan = await run("plan", "hv1", "--remove", "/etc/hostname.veb9");
			expect(plan.stdout).toContain("--- a/etc/hostname.veb9\n+++ /dev/null\n");
			expect(plan.stdout).toContain("  ifconfig veb9 destroy\n");
			expect(await run("deploy", "hv1", "--remove", "/etc/hostname.veb9", "--auto-confirm")).toMatchObject({ status: 0 });
			expect([at.host.read("/etc/hostname.veb9"), at.host.read("/etc/ntpd.conf")]).toEqual([undefined, "servers pool.ntp.org\n"]);
			expect(at.host.state().interfaces.map(({ name }) => name)).not.toContain("veb9");
			expect(await run("rollback", "hv1", "--auto-confirm")).toMatchObject({ status: 0 });
			expect([at.host.read("/etc/hostname.veb9"), at.host.read("/etc/ntpd.conf")]).toEqual(["up\n", undefined]);
			await settled(at);
		});

		inTurn("what others changed on the host is merged into the files here, and then deployed with them", async () => {
			const at = await deployments.place();
			const own = join(folder, "own");
			cpSync(work, own, { recursive: true });
			const cli = (...args: string[]) => runCommand(launcher, args, own, at.home);
			const file = join(own, "hv1/etc/pf.conf");
			const [deployed, ours] = [
				newFiles["/etc/pf.conf"] ?? "",
				readFileSync(file, "utf8").replace("set skip on lo\n", "set skip on { lo }\n"),
			];
			expect(await cli("deploy", "hv1", "--auto-confirm")).toMatchObject({ status: 0 });
			expect(await cli("pull", "hv1")).toMatchObject({ status: 0, stdout: "hv1: nothing new for hv1\n" });
			at.host.write("/etc/pf.conf", `${deployed}pass in proto tcp to port 22\n`);
			writeFileSync(file, ours);
			const refused = await cli("deploy", "hv1", "--auto-confirm");
			expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining("'openbsd-vnet pull hv1' brings them together") });
			expect(await cli("pull", "hv1", "--dry-run")).toMatchObject({
				status: 0,
				stdout: "/etc/pf.conf: merged\nhv1: 1 file would be written into hv1\n",
			});
			expect(readFileSync(file, "utf8")).toBe(ours);
			expect(await cli("pull", "hv1")).toMatchObject({ status: 0, stdout: "/etc/pf.conf: merged\nhv1: 1 file written into hv1\n" });
			expect(readFileSync(file, "utf8")).toBe(`${ours}pass in proto tcp to port 22\n`);
			expect(await cli("deploy", "hv1", "--auto-confirm")).toMatchObject({ status: 0 });
			expect(at.host.read("/etc/pf.conf")).toBe(`${ours}pass in proto tcp to port 22\n`);
			// The same line on both sides.
			at.host.write("/etc/pf.conf", ours.replace("block log all", "block return all"));
			writeFileSync(file, `${ours.replace("block log all", "block all")}pass in proto tcp to port 22\n`);
			expect(await cli("pull", "hv1")).toMatchObject({
				status: 1,
				stdout: expect.stringContaining("/etc/pf.conf: merged, with conflicts: 1\n"),
			});
			expect(readFileSync(file, "utf8")).toContain(
				"<<<<<<< here\nblock all\n||||||| deployed\nblock log all\n=======\nblock return all\n>>>>>>> hv1\n",
			);
			await settled(at);
			// A folder that stands for the host's /etc itself.
			const bare = join(folder, "bare");
			cpSync(join(own, "hv1/etc"), join(bare, "hv1"), { recursive: true });
			writeFileSync(join(bare, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", mount: "/etc", ssh: "hv1" }] }));
			at.host.write("/etc/pf.conf", `${ours}pass\n`);
			writeFileSync(join(bare, "hv1/pf.conf"), `# Ours.\n${ours}`);
			const said = await runCommand(launcher, ["pull", "hv1"], bare, at.home);
			expect(said.status, JSON.stringify(said)).toBe(0);
			expect(readFileSync(join(bare, "hv1/pf.conf"), "utf8")).toContain("# Ours.\n");
			expect(readFileSync(join(bare, "hv1/pf.conf"), "utf8")).toContain("\npass\n");
		});

		inTurn("the files of a running host are pulled into an empty folder, and drift tells who changed which since", async () => {
			const at = await deployments.place();
			const own = join(folder, "pulled");
			mkdirSync(own);
			at.host.write("/etc/hostname.wg0", "wgkey c2VjcmV0 wgport 51820\n");
			const cli = (...args: string[]) => runCommand(launcher, args, own, at.home);
			const brought = await cli("pull", "hv1", "hosts/one");
			expect(brought, JSON.stringify(brought)).toEqual({
				status: 0,
				stderr: "",
				stdout: [
					"/etc/hostname.em1: new",
					"/etc/pf.conf: new",
					"/etc/pf.vm/web01.conf: new",
					"/etc/hostname.wg0: not taken, because it holds a key or a password: --secrets brings it",
					"openbsd-vnet.json names one now",
					`one: 3 files written into ${join("hosts", "one")}`,
					"",
				].join("\n"),
			});
			expect(JSON.parse(readFileSync(join(own, "openbsd-vnet.json"), "utf8"))).toEqual({
				hosts: [{ name: "one", root: "hosts/one", ssh: "hv1" }],
			});
			const file = (path: string) => join(own, "hosts/one/etc", path);
			expect(readFileSync(file("pf.conf"), "utf8")).toBe(oldFiles["/etc/pf.conf"]);
			expect(statSync(file("pf.conf")).mode & 0o777).toBe(0o600);
			expect(await cli("drift")).toEqual({ status: 0, stderr: "", stdout: "1 host: 1 as here, 0 not, 0 not asked\n" });
			// What the pull has noted is the base of what follows.
			writeFileSync(file("pf.conf"), `# Ours.\n${oldFiles["/etc/pf.conf"]}`);
			at.host.write("/etc/pf.conf", `${oldFiles["/etc/pf.conf"]}pass\n`);
			at.host.write("/etc/hostname.em1", "up\ndescription theirs\n");
			const drift = await cli("drift");
			expect(drift).toEqual({
				status: 1,
				stderr: "",
				stdout: [
					"one: /etc/hostname.em1: changed there",
					"one: /etc/pf.conf: changed on both sides",
					"1 host: 0 as here, 1 not, 0 not asked",
					"",
				].join("\n"),
			});
			const { runs } = JSON.parse((await cli("drift", "--format", "sarif")).stdout);
			expect(runs[0].results).toMatchObject([
				{ ruleId: "drift/changed-there", locations: [{ physicalLocation: { artifactLocation: { uri: "hosts/one/etc/hostname.em1" } } }] },
				{ ruleId: "drift/changed-both" },
			]);
			expect(await cli("pull", "one")).toMatchObject({ status: 0, stdout: expect.stringContaining("/etc/pf.conf: merged\n") });
			expect(readFileSync(file("pf.conf"), "utf8")).toBe(`# Ours.\n${oldFiles["/etc/pf.conf"]}pass\n`);
			expect(readFileSync(file("hostname.em1"), "utf8")).toBe("up\ndescription theirs\n");
			// A host that cannot be asked does not keep the others from being told.
			writeFileSync(
				join(own, "openbsd-vnet.json"),
				JSON.stringify({
					hosts: [
						{ name: "one", root: "hosts/one", ssh: "hv1" },
						{ name: "two", root: "hosts/two", ssh: "nobody.invalid" },
					],
				}),
			);
			const both = await cli("drift");
			expect(both).toMatchObject({
				status: 4,
				stdout: expect.stringMatching(/^one: \/etc\/pf\.conf: changed here, and not deployed\ntwo: not asked: /),
			});
			const unasked = await cli("drift", "two", "--format", "sarif");
			expect(JSON.parse(unasked.stdout).runs[0].results).toMatchObject([
				{ ruleId: "drift/not-asked", locations: [{ physicalLocation: { artifactLocation: { uri: "openbsd-vnet.json" } } }] },
			]);
			expect(await cli("drift", "three")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("names no host 'three', but one, two"),
			});
			await settled(at);
		});

		test("a rehearsal: the host rolls back by itself, to what it had", async () => {
			const at = await deployments.place();
			const before = rulesOf(at);
			const seen: string[] = [];
			// Each state of the host is renamed into place.
			const states = watch(join(at.host.root, "simulated"), () => seen.push(...(rulesOf(at)[""] ?? []).map(({ text }) => text)));
			const said = await command(at, "deploy", "hv1", "--rehearse", "--timeout", "10", "--json");
			expect(said.status, JSON.stringify(said)).toBe(0);
			states.close();
			expect(JSON.parse(said.stdout)).toEqual({ host: "hv1", rehearsal: "works" });
			expect(seen).toContain('match all label "openbsd-vnet rehearsal"');
			expect(rulesOf(at)).toEqual(before);
			expect(filesOf(at)).toEqual(oldFiles);
			await settled(at);
		});

		inTurn(
			"the first deployment rehearses the way back, once, unless that is declined with a reason, and the host remembers it",
			async () => {
				const at = await deployments.place();
				at.host.write("/var/db/openbsd-vnet/rehearsed", "");
				const first = await command(at, "deploy", "hv1", "--auto-confirm");
				expect(first, JSON.stringify(first)).toMatchObject({ status: 0, stderr: expect.stringContaining("it is rehearsed first, once") });
				expect((await command(at, "history", "hv1")).stdout).toMatch(/^hv1: the way back works, as of \S+ by root$/m);
				const again = await command(at, "rollback", "hv1", "--auto-confirm");
				expect(again, JSON.stringify(again)).toMatchObject({ status: 0, stderr: expect.not.stringContaining("rehearsed first") });
				at.host.write("/var/db/openbsd-vnet/rehearsed", `works ${"0".repeat(64)} 2026-01-02T03:04:05Z root\n`);
				expect((await command(at, "history", "hv1")).stdout).toContain("before its release or our program there changed");
				const declined = await command(at, "deploy", "hv1", "--auto-confirm", "--no-rehearsal", "console at hand");
				expect(declined, JSON.stringify(declined)).toMatchObject({ status: 0, stderr: expect.not.stringContaining("rehearsed first") });
				expect((await command(at, "history", "hv1")).stdout).toContain("hv1: a rehearsal was declined (console at hand), as of ");
				await settled(at);
			},
		);

		inTurn("a rehearsal: a watchdog that does not fire is told", async () => {
			const at = await deployments.place("op");
			const before = rulesOf(at);
			const program = join(at.host.bin, programName);
			writeFileSync(program, readFileSync(program, "utf8").replace("\nis_over() {\n", "$&\treturn 1\n"), { mode: 0o755 });
			const said = await command(at, "deploy", "hv1", "--rehearse", "--timeout", "10", "--json");
			expect(said.status, JSON.stringify(said)).toBe(1);
			expect(JSON.parse(said.stdout)).toMatchObject({ rehearsal: "fails" });
			expect(rulesOf(at)).toEqual(before);
			await settled(at);
		});

		inTurn("on a terminal: it counts down, gives more time, and keeps the change when told to", async () => {
			const at = await deployments.place();
			const line = `${process.execPath} ${launcher} deploy hv1 --timeout 100`;
			const child = spawn("script", ["-qec", line, "/dev/null"], { cwd: work, env: { ...process.env, HOME: at.home, TERM: "xterm" } });
			let said = "";
			child.stdout.setEncoding("utf8").on("data", (text: string) => {
				said += text;
			});
			const says = (pattern: RegExp) =>
				new Promise<void>((resolve) => {
					const look = () => {
						if (pattern.test(said)) resolve();
					};
					look();
					child.stdout.on("data", look);
					child.on("close", () => resolve());
				});
			const deadline = () => {
				const id = readdirSync(join(at.host.root, backups)).find((name) => name !== "lock") ?? "";
				return Number(at.host.read(join(backups, id, "deadline"))?.split(" ")[0]);
			};
			await says(/It rolls back in \d+ s\./);
			const first = deadline();
			child.stdin.write("e\r");
			await until(() => deadline() > first);
			child.stdin.write("y\r");
			const status = await new Promise((resolve) => child.on("close", resolve));
			expect(status, said).toBe(0);
			expect(filesOf(at)).toEqual(newFiles);
			await settled(at);
		});

		inTurn("states: which rule made them, which would no longer be made, and those alone are ended", async () => {
			const at = await deployments.place("op");
			const state = (id: number, to: number, made = "") =>
				[
					`all tcp 203.0.113.10:400${id} -> 192.0.2.1:${to}       ESTABLISHED:ESTABLISHED`,
					"   [2496001 + 65535]  [1 + 16384]",
					`   age 00:0${id}:00, expires in 23:59:59, ${id}:1 pkts, 4${id}:40 bytes${made}`,
					`   id: 000000000000000${id} creatorid: 0f00ba12`,
				].join("\n");
			// The rule of vm/web01 made the first two; that of the others is no longer loaded.
			const made = ", anchor 1, rule 0";
			at.host.change(({ pf }) => {
				pf.states = [state(1, 443, made), state(2, 80, made), state(3, 80), state(4, 443)];
			});
			const listed = await command(at, "states", "hv1", "--json", "--sort", "age");
			expect(listed).toMatchObject({ status: 0, stderr: "" });
			const all: { readonly states: readonly { readonly id: string; readonly rule: unknown }[] } = JSON.parse(listed.stdout);
			expect(all.states.map(({ id }) => id.slice(15, 16))).toEqual(["4", "3", "2", "1"]);
			expect(all.states.map(({ rule }) => rule)).toEqual([
				null,
				null,
				...[2, 1].map(() => ({ anchor: "vm/web01", number: 0, text: "pass out on em0 all flags S/SA" })),
			]);
			const held = await command(at, "states", "hv1", "--against", "hv1");
			expect(held).toMatchObject({ status: 1, stderr: "" });
			expect(held.stdout).toContain(
				"# hv1 (simulated host): 4 of 4 states\n# with these files 1 would still be made, 2 no longer, 1 unknown\n",
			);
			expect(held.stdout).toContain("# unknown, 1: where their first packets came is not known, and interfaces differ\n");
			expect(held.stdout).toMatch(/^REFUSED +- +out +tcp +203\.0\.113\.10:4002 +192\.0\.2\.1:80 .* block drop log all$/m);
			const ended = await command(at, "states", "hv1", "--against", "hv1", "--end", "--yes", "--json");
			expect(ended).toMatchObject({ status: 0, stderr: "" });
			expect(JSON.parse(ended.stdout)).toMatchObject({ ended: 2 });
			expect(at.host.state().pf.states).toEqual([state(1, 443, made), state(4, 443)]);
			at.host.change((host) => {
				host.doas = [];
			});
			expect(await command(at, "states", "hv1")).toMatchObject({
				status: 4,
				stderr: expect.stringContaining("at the end of /etc/doas.conf: permit nopass op as root cmd pfctl args -vv -s states"),
			});
		});

		inTurn("a plan counts the connections that would no longer begin, and a deployment ends those alone once it is confirmed", async () => {
			const at = await deployments.place("op");
			const state = (id: number, opening: string) =>
				[
					`${opening}       ESTABLISHED:ESTABLISHED`,
					`   age 00:0${id}:00, expires in 23:59:59, ${id}:1 pkts, 4${id}:40 bytes`,
					`   id: 000000000000000${id} creatorid: 0f00ba12`,
				].join("\n");
			const stays = state(1, "all tcp 203.0.113.10:4001 -> 192.0.2.1:443");
			const goes = state(2, "all tcp 203.0.113.10:4002 -> 192.0.2.1:80");
			// From where we come, to the port that we came to: no rule of these files lets it in.
			const ours = state(3, `em0 tcp 192.0.2.9:${at.sshd.port} <- 127.0.0.1:4003`);
			at.host.change(({ pf }) => {
				pf.states = [stays, goes, ours];
			});
			const plan = await command(at, "plan", "hv1", "--states");
			expect(plan).toMatchObject({ status: 1, stderr: "" });
			expect(plan.stdout).toContain("Of 3 present connections 1 would no longer begin with the new rules; of 1 that is not known.\n");
			expect(plan.stdout).toMatch(/^REFUSED .* 203\.0\.113\.10:4002 +192\.0\.2\.1:80 .* block drop log all$/m);
			expect(plan.stdout).toContain("The connection that we come by is one more of them: it is not ended.\n");
			const { states } = JSON.parse((await command(at, "plan", "hv1", "--states", "--json")).stdout);
			expect(states).toMatchObject({ total: 3, refusesOurs: true, refused: [{ id: "0000000000000002/0f00ba12", to: "192.0.2.1:80" }] });
			const deployed = await command(at, "deploy", "hv1", "--auto-confirm", "--end-states", "--json");
			expect(JSON.parse(deployed.stdout)).toMatchObject({ result: "deployed", states: { ended: 1 } });
			expect(at.host.state().pf.states.map((one) => one.split("\n")[0])).toEqual([stays, ours].map((one) => one.split("\n")[0]));
			await settled(at);
		});

		inTurn("two hosts: first the one that stands in; one that could not take over keeps the other from being begun", async () => {
			const CARP = "vhid 1 carpdev em0 pass secret\n";
			const files = { ...oldFiles, "/etc/hostname.carp0": CARP };
			const [first, second] = await Promise.all([deployments.place("root", files), deployments.place("root", files)]);
			for (const [{ host }, state] of [
				[first, "MASTER"],
				[second, "BACKUP"],
			] as const)
				host.change(({ interfaces }) => {
					const carp = { state, vhid: 1, advskew: 0 };
					const index = interfaces.length + 1;
					const flags = ["UP", "BROADCAST", "RUNNING", "SIMPLEX", "MULTICAST"];

					interfaces.push({ name: "carp0", index, flags, mtu: 1500, groups: ["carp"], addresses: [], members: [], parent: "em0", carp });
				});
			for (const name of [".ssh/config", ".ssh/known_hosts"])
				appendFileSync(join(first.home, name), readFileSync(join(second.home, name), "utf8").replace("Host hv1", "Host gw2"));
			const pair = join(folder, "pair");
			const write = (name: string, path: string, text: string) => {
				mkdirSync(dirname(join(pair, name, path)), { recursive: true });
				writeFileSync(join(pair, name, path), text);
			};
			const hosts = ["hv1", "gw2"].map((name) => ({ name, root: name, ssh: name }));
			mkdirSync(pair);
			writeFileSync(join(pair, "openbsd-vnet.json"), JSON.stringify({ hosts }));
			for (const { name } of hosts)
				for (const [path, text] of Object.entries({ ...files, "/etc/pf.conf": newFiles["/etc/pf.conf"] ?? "" })) write(name, path, text);
			const run = (...args: string[]) => runCommand(launcher, args, pair, first.home);

			const plan = await run("plan", "hv1");
			expect(plan.stdout).toContain("hv1 has the addresses of carp0 now: where another host stands in for it, deploy to that one first");
			expect((await run("plan", "gw2")).stdout).not.toContain("has the addresses");
			const both = await run("deploy", "hv1", "gw2", "--auto-confirm", "--json");
			expect(both).toMatchObject({ status: 0, stderr: "In this order, the hosts that stand in first: gw2, hv1\n" });
			expect(JSON.parse(both.stdout)).toMatchObject([
				{ host: "gw2", result: "deployed" },
				{ host: "hv1", result: "deployed" },
			]);

			write("gw2", "/etc/hostname.carp0", `${CARP}down\n`);
			write("hv1", "/etc/pf.conf", oldFiles["/etc/pf.conf"] ?? "");
			const idle = await run("deploy", "hv1", "gw2", "--auto-confirm");
			expect(idle).toMatchObject({
				status: 1,
				stderr: expect.stringContaining("gw2 could not take over: carp0 is in the state INIT\nNot begun: hv1\n"),
			});
			expect(first.host.read("/etc/pf.conf")).toBe(newFiles["/etc/pf.conf"]);

			write("gw2", "/etc/pf.conf", "pas\n");
			const refused = await run("deploy", "hv1", "gw2", "--auto-confirm", "--no-tests");
			expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("Not begun: hv1\n") });
			expect(first.host.read("/etc/pf.conf")).toBe(newFiles["/etc/pf.conf"]);
			await Promise.all([settled(first), settled(second)]);
		});

		inTurn("counters: since when, when last, and what has begun again", async () => {
			const at = await deployments.place("op", oldFiles);
			const count = (...packets: readonly number[]) =>
				at.host.change(({ pf }) => {
					for (const [i, rule] of (pf.anchors[""] ?? []).entries()) rule.counters = [9, packets[i] ?? 0, 60, 0, 0];
				});
			const ask = async (...words: string[]) => await command(at, "counters", "hv1", ...words);
			count(0, 4);
			const first = JSON.parse((await ask("--json")).stdout).rules;
			expect(first[0]).toMatchObject({ rule: "block drop all", packets: 0, start: "first", readings: 1, daysWithout: 0 });
			// The files here have another.
			expect(first[0].place).toBeUndefined();
			expect(first[1].place).toMatchObject({ file: "/etc/pf.conf" });
			expect(first[0].last).toBeUndefined();
			count(0, 6);
			const second = JSON.parse((await ask("--json")).stdout).rules;
			expect(second[0]).toMatchObject({ since: first[0].since, readings: 2 });
			expect(second[1]).toMatchObject({ since: first[1].since, packets: 6, last: { after: first[1].since.by } });
			count(0, 1);
			const table = await ask();
			expect(table).toMatchObject({ status: 0, stderr: "" });
			expect(table.stdout).toMatch(/^0 +60 +9 +\S+ \S+Z +cleared +- +- +block drop all$/m);
			expect(table.stdout).toMatch(/^1 +60 +9 +\S+ \S+Z +cleared +\S+ \S+Z +\/etc\/pf\.conf:\d+ +\S.*$/m);
			// Nothing is known of so long a time.
			expect(await ask("--never", "1")).toMatchObject({
				status: 0,
				stdout: "# hv1: rules that are known to have counted no packet for 1 or more days: 0\n",
			});
			at.host.change((host) => {
				host.doas = [];
			});
			expect(await ask()).toMatchObject({ status: 4, stderr: expect.stringContaining("permit nopass op as root cmd pfctl args") });
		});

		test("rates: what goes through interfaces, and what guests take, in one process and without root", async () => {
			const at = await deployments.place("op", oldFiles);
			at.host.change((host) => {
				host.doas = [];
				const [first] = host.interfaces;
				if (first !== undefined) Object.assign(first, { traffic: [10, 1000, 20, 4000] });
			});
			const { status, stdout, stderr } = await command(at, "rates", "hv1", "--seconds", "1", "--json");
			expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
			const { interfaces, seconds } = JSON.parse(stdout);
			expect(seconds).toBe(1);
			expect(interfaces[0]).toMatchObject({
				in: { packetsPerSecond: 10, bitsPerSecond: 8000 },
				out: { packetsPerSecond: 20, bitsPerSecond: 32_000 },
			});
		});

		test("log: what pf logs as it comes, with the line of the rule where that is certain; it ends on the host too", async () => {
			const at = await deployments.place("op", newFiles);
			at.host.change((host) => {
				host.doas.push("timeout");
			});
			const inserted = "[uid 0, pid 51234]";
			const log = join(at.host.root, "simulated/pflog");
			const packet = (rule: string, packets: string) => `Dec 01 10:43:18.123456 rule ${rule}: ${packets}\n`;
			writeFileSync(log, packet("0/(match) block in on em0", "192.0.2.8 > 192.0.2.1: icmp: logged before"));
			const { said, ended } = start(at, ["log", "hv1", "--count", "4"], work);
			const follows = () => processesOf(at.host.root).some(({ command }) => command.includes("tcpdump"));
			await until(() => follows() && said.stderr.includes("Ctrl-C"));
			// Where the log ends, its stand-in looks once.
			await setTimeout(500);
			appendFileSync(
				log,
				packet(
					`0/(match) ${inserted} block in on em0`,
					"192.0.2.9.4000 > 192.0.2.1.22: S [tcp sum ok] 1:1(0) win 1 (ttl 64, id 1, len 60)",
				) +
					packet(`1.web01.0/(match) ${inserted} pass out on em0`, "192.0.2.1.4000 > 192.0.2.9.443: S 1:1(0) win 1") +
					"\u001b[2J nobody knows\n" +
					packet("0/(match) [uid 0, pid 7] block in on em0", "192.0.2.9 > 192.0.2.1: icmp: echo request") +
					packet("1.\u001b]0;x\u0007.0/(match) block in on em0", "[|ip] \u001b[2J\r"),
			);
			expect(await ended).toBe(0);
			const lines = said.stdout.split("\n");
			expect(lines[0]).toMatch(
				/^Dec 01 10:43:18\.123456 block in {2}em0 {5}tcp {3}192\.0\.2\.9:4000 > 192\.0\.2\.1:22 \/etc\/pf\.conf:2 block drop log all$/,
			);
			expect(lines[1]).toMatch(
				/ pass {2}out em0 .* 192\.0\.2\.1:4000 > 192\.0\.2\.9:443 \/etc\/pf\.vm\/web01\.conf:1 pass out on em0 proto tcp from any to any port = 443 flags S\/SA$/,
			);
			// Of an earlier load nothing is claimed.
			expect(lines[2]).toMatch(/ icmp {2}192\.0\.2\.9 > 192\.0\.2\.1 rule 0$/);
			// Nothing of it does anything to a terminal.
			expect(lines[3]).toContain("[|ip] \\u001b[2J\\u000d");
			expect(lines[3]).toMatch(/ rule 1\.\\u001b\]0;x\\u0007\.0$/);
			expect(said.stderr).toContain("# lines that were not understood: 1");
			// It may ask what is dropped beside the rules, and nothing was.
			expect(said.stderr).not.toContain("beside the rules");
			expect(lines).toHaveLength(5);
			// It is gone with the next packet.
			appendFileSync(log, packet("0/(match) block in on em0", "192.0.2.9 > 192.0.2.1: icmp: more"));
			await settled(at);
			// As behind `| head`: it ends when nobody reads it any more.
			const unread = start(at, ["log", "hv1"], work);
			await until(() => follows() && unread.said.stderr.includes("Ctrl-C"));
			unread.child.stdout?.destroy();
			await setTimeout(500);
			for (let isOver = false; !isOver; ) {
				appendFileSync(log, packet("0/(match) block in on em0", "192.0.2.9 > 192.0.2.1: icmp: more"));
				isOver = await Promise.race([unread.ended.then(() => true), setTimeout(300, false)]);
			}
			expect([await unread.ended, unread.said.stderr]).toEqual([0, expect.not.stringContaining("EPIPE")]);
			appendFileSync(log, packet("0/(match) block in on em0", "192.0.2.9 > 192.0.2.1: icmp: more"));
			await settled(at);
			// A rule whose packets never come is no reason to wait for them.
			for (const [line, why] of [
				["/etc/pf.conf:1", "no rule of this line is loaded on hv1 as it is written"],
				["/etc/pf.vm/web01.conf:1", "the rule of this line logs nothing: it has no `log`"],
			] as const)
				expect(await command(at, "log", "hv1", "--rule", line)).toEqual({
					status: 2,
					stdout: "",
					stderr: `openbsd-vnet: ${line}: ${why}\n`,
				});
			at.host.change((host) => {
				host.doas = [];
			});
			const refused = await command(at, "log", "hv1");
			expect(refused).toMatchObject({
				status: 4,
				stderr: expect.stringContaining("permit nopass op as root cmd timeout args -f 300 tcpdump -l -n -e -v -ttt -i pflog0"),
			});
		});

		inTurn("tables: what only the host has, what a reload forgets, what keeps it, and one address added and taken out", async () => {
			const rules = "table <seen> persist\ntable <bad> { 192.0.2.66 }\nblock in from <bad>\nblock in from <seen>\n";
			const at = await deployments.place("op", { ...oldFiles, "/etc/pf.conf": `${rules}${oldFiles["/etc/pf.conf"]}` });
			at.host.change(({ pf }) => {
				Object.assign(pf.tables, {
					seen: ["203.0.113.5", "203.0.113.6"],
					bad: ["192.0.2.66", "!198.51.100.7"],
					"guests/db:spam": ["2001:db8::1"],
				});
			});
			// A folder of its own, for what is written into it.
			const own = join(at.home, "tables");
			mkdirSync(join(own, "hv1/etc"), { recursive: true });
			writeFileSync(join(own, "hv1/etc/pf.conf"), `${rules}block all\n`);
			writeFileSync(join(own, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1" }] }));
			const ask = (...words: string[]) => runCommand(launcher, ["tables", "hv1", ...words], own, at.home);
			const listed = await ask();
			expect(listed).toMatchObject({ status: 1, stderr: "" });
			expect(listed.stdout).toMatch(/^bad +- +2 +1 +1 +0 +0\/0 +as in the files$/m);
			expect(listed.stdout).toMatch(/^seen +persist +2 +0 +2 +0 +0\/0 +stays$/m);
			expect(listed.stdout).toContain(
				"+ <bad> !198.51.100.7\n+ <seen> 203.0.113.5\n+ <seen> 203.0.113.6\n+ <spam@guests/db> 2001:db8::1\n",
			);
			expect(listed.stdout).toContain("# hv1: tables: 3; addresses in no file: 4, of which loading the rules forgets 1, a restart all\n");
			const kept = await ask("--table", "seen", "--keep", "--yes", "--json");
			expect(kept).toMatchObject({ status: 0, stderr: "" });
			expect(readFileSync(join(own, "hv1/etc/pf.table.seen"), "utf8")).toBe("203.0.113.5\n203.0.113.6\n");
			expect(readFileSync(join(own, "hv1/etc/pf.conf"), "utf8")).toContain('table <seen> persist file "/etc/pf.table.seen"\n');
			const after = JSON.parse((await ask("--json", "--table", "seen")).stdout);
			expect(after.tables[0]).toMatchObject({ onReload: "replaces", onlyLoaded: [], onlyInFiles: [] });
			const changed = [
				["--add", "198.51.100.0/24", true],
				["--add", "198.51.100.9/24", false],
				["--delete", "203.0.113.5", true],
			] as const;
			for (const [option, address, isChanged] of changed)
				expect(JSON.parse((await ask("--table", "seen", option, address, "--yes", "--json")).stdout)).toMatchObject({ changed: isChanged });
			expect(at.host.state().pf.tables).toMatchObject({ seen: ["203.0.113.6", "198.51.100.0/24"] });
			expect(await ask("--table", "nosuch", "--add", "192.0.2.1", "--yes")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("neither hv1 nor its files have a table <nosuch>"),
			});
			at.host.change((host) => {
				host.doas = [];
			});
			expect(await ask()).toMatchObject({
				status: 4,
				stderr: expect.stringContaining('permit nopass op as root cmd pfctl args -a "*" -vv -s Tables'),
			});
		});

		test("what it cannot do has status 2, and 4 where there is no connection, and says why", async () => {
			const at = await deployments.place();
			expect(await command(at, "plan", "hv2")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("names no host 'hv2', but hv1"),
			});
			const nowhere = await runCommand(launcher, ["plan", "hv1"], "/", at.home);
			expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('{ "hosts": [{ "name": "hv1",')]);
			expect(await command(at, "deploy", "hv1", "--rehearse", "--remove", "/etc/pf.conf")).toMatchObject({
				status: 2,
				stderr: expect.stringMatching(
					/leave out --remove\nusage: openbsd-vnet deploy [\s\S]* HOST\.\.\.\n'openbsd-vnet help deploy' says more\n$/,
				),
			});
			expect(await command(at, "deploy", "hv1")).toMatchObject({ status: 2, stderr: expect.stringContaining("nobody can confirm") });
			expect(await command(at, "rollback", "hv1", "--auto-confirm")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("nothing was deployed to hv1"),
			});
			writeFileSync(join(at.home, ".ssh", "known_hosts"), "");
			expect(await command(at, "plan", "hv1")).toMatchObject({
				status: 4,
				stderr: expect.stringContaining("is not known, and was not accepted"),
			});
			for (const [from, to, says] of [
				[/Port \d+/, "Port 1", "takes no connections at 127.0.0.1 port 1: does sshd listen there?"],
				[/HostName .*/, "HostName nowhere.invalid", "No address is known for nowhere.invalid: say it with HostName"],
			] as const) {
				const config = join(at.home, ".ssh", "config");
				writeFileSync(config, readFileSync(config, "utf8").replace(from, to));
				expect(await command(at, "plan", "hv1")).toMatchObject({ status: 4, stderr: expect.stringContaining(says) });
			}
		});
	});
