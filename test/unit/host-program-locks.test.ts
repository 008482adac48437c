/** The host program's lock, whose a deployment is, and what ends it when its watchdog does not. */
import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inputOf } from "../../remote/src/deploy/input.ts";
import { canIsolate, type SimulatedHost } from "../openbsd-host/install.ts";
import { runJobs } from "../openbsd-host/jobs.ts";
import { inTurns, shareOf } from "../share.ts";
import { until } from "./deployments.ts";
import { ask, backups, digest, endWatchdogs, id, oldFiles, openProgramHosts, type ProgramHosts, planOf } from "./program-hosts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const inTurn = inTurns((name: string, run: () => Promise<void>) => test(name, run), 3);

const other = "20260102T000000-0123abcd";
const oldRules = oldFiles["/etc/pf.conf"] ?? "";

describe.skipIf(!canIsolate()).concurrent("the host program's deployments", () => {
	let hosts: ProgramHosts;
	beforeAll(async () => {
		hosts = await openProgramHosts();
	});
	afterAll(() => hosts.end());

	/** A deployment of other rules, as far as a step. */
	async function upTo(host: SimulatedHost, last: string, { user, name = id }: { user?: string; name?: string } = {}): Promise<void> {
		const { lines, texts } = planOf([{ path: "/etc/pf.conf", before: oldRules, after: "pass\n" }], ["run 0 rules"]);
		const input = inputOf(lines, [...texts, { name: "run/etc/pf.conf", text: "pass\n" }]);
		const as = user === undefined ? {} : { user };
		for (const step of ["lock 600", "stage", "backup", "write", "arm 600", "activate 0"]) {
			const [verb, ...args] = step.split(" ");
			expect(await ask(host, [verb, name, ...args].join(" "), { ...as, input }), step).toMatchObject({ status: 0 });
			if (verb === last) return;
		}
	}
	const rules = (host: SimulatedHost) => host.state().pf.anchors[""]?.map(({ text }) => text);
	// A mark leads nowhere.
	const isLocked = (host: SimulatedHost) => readdirSync(join(host.root, backups)).includes("lock");
	const outcome = (host: SimulatedHost) => ask(host, `outcome ${id}`);

	inTurn("who is refused the lock has taken nothing away", async () => {
		const host = await hosts.make();
		await upTo(host, "write");
		const kept = readdirSync(join(host.root, "var/db/openbsd-vnet/base"));
		expect(kept).toEqual([digest("pass\n")]);
		expect(await ask(host, `lock ${other} 60`, { user: "op" })).toMatchObject({ status: 75, stdout: `${id} root\n` });
		expect(readdirSync(join(host.root, "var/db/openbsd-vnet/base"))).toEqual(kept);
		expect(existsSync(join(host.root, backups, other))).toBe(false);
		expect(await ask(host, `keep ${id}`)).toMatchObject({ status: 0, stderr: "" });
		expect(readdirSync(join(host.root, "var/db/openbsd-vnet/base"))).toEqual(kept);
	});

	inTurn("what others changed is not noted while a deployment is under way", async () => {
		const host = await hosts.make();
		await upTo(host, "write");
		const input = inputOf([`seen ${digest("theirs\n")} /etc/pf.conf`], [{ name: digest("theirs\n"), text: "theirs\n" }]);
		expect(await ask(host, "note", { input })).toMatchObject({ status: 75 });
		await ask(host, `undo ${id}`);
		expect(await ask(host, "note", { input })).toMatchObject({ status: 0 });
		expect(isLocked(host)).toBe(false);
	});

	inTurn("nobody but root goes on with a deployment of somebody else; anybody who may deploy takes it back", async () => {
		const host = await hosts.make();
		await upTo(host, "write");
		for (const step of [`stage ${id}`, `arm ${id} 60`, `activate ${id} 0`, `keep ${id}`, `extend ${id} 60`])
			expect(await ask(host, step, { user: "op" }), step).toMatchObject({
				status: 64,
				stderr: expect.stringContaining(`${id} is a deployment of root`),
			});
		expect(await ask(host, `undo ${id}`, { user: "op" })).toMatchObject({ status: 0, stdout: "restored\n" });
	});

	inTurn("root may go on with anybody's", async () => {
		const host = await hosts.make();
		await upTo(host, "write", { user: "op" });
		expect(await ask(host, `keep ${id}`)).toMatchObject({ status: 0 });
	});

	test.each(shareOf(["lock", "arm", "extend"], 3))("no host waits for more than a day (%s)", async (verb) => {
		const host = await hosts.make();
		if (verb !== "lock") await upTo(host, "write");
		expect(await ask(host, `${verb} ${id} 86401`)).toMatchObject({ status: 64 });
		expect(await ask(host, `${verb} ${id} 86400`)).toMatchObject({ status: 0 });
	});

	inTurn("a watchdog that is killed is started again by the job of at(1), and rolls back", async () => {
		const host = await hosts.make();
		await upTo(host, "activate");
		expect(rules(host)).toEqual(["pass all flags S/SA"]);
		endWatchdogs(host);
		writeFileSync(join(host.root, backups, id, "deadline"), "0\n");
		await runJobs(host);
		await until(() => !isLocked(host));
		expect((await outcome(host)).stdout).toBe("restored\n");
		expect(rules(host)).toContain("block drop all");
		// It has taken its job with it.
		expect(readdirSync(join(host.root, "var/cron/atjobs"))).toEqual([]);
	});

	inTurn("where neither of them lives, more time and the confirmation are refused", async () => {
		const host = await hosts.make();
		await upTo(host, "activate");
		endWatchdogs(host);
		expect(await ask(host, `extend ${id} 600`)).toMatchObject({ status: 0 });
		await host.run("rm /var/cron/atjobs/*");
		for (const step of [`extend ${id} 600`, `keep ${id}`])
			expect(await ask(host, step), step).toMatchObject({ status: 1, stderr: expect.stringContaining("neither the watchdog nor its job") });
		expect(await ask(host, `undo ${id}`)).toMatchObject({ stdout: "restored\n" });
	});

	inTurn("where cron does not run, it is said that the watchdog is alone", async () => {
		const host = await hosts.make();
		host.change((state) => {
			state.services = state.services.filter((name) => name !== "cron");
		});
		await upTo(host, "arm");
		expect(await ask(host, `verify-armed ${id}`)).toMatchObject({ status: 0, stdout: expect.stringContaining("the watchdog alone") });
	});

	inTurn("pfctl that fails for a moment on the way back is asked again", async () => {
		const host = await hosts.make();
		await upTo(host, "activate");
		const real = join(host.bin, "pfctl");
		renameSync(real, `${real}.real`);
		const script = `#!/bin/sh\ncase "$*" in '-f /etc/pf.conf') printf x >>/root/tried; read -r tried </root/tried; [ \${#tried} -gt 2 ] || { echo 'pfctl: DIOCXCOMMIT: Device busy' >&2; exit 1; } ;; esac\nexec ${real}.real "$@"\n`;
		writeFileSync(real, script, { mode: 0o755 });
		expect(await ask(host, `undo ${id}`)).toMatchObject({ status: 0, stdout: "restored\n" });
		expect(rules(host)).toContain("block drop all");
	});

	inTurn("what cannot come back is said line by line, and the lock is free then", async () => {
		const host = await hosts.make();
		const { lines, texts } = planOf(
			[{ path: "/etc/sysctl.conf", before: oldFiles["/etc/sysctl.conf"] ?? "", after: "" }],
			["run 0 sysctl net.inet.ip.forwarding=1"],
		);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		await ask(host, `backup ${id}`);
		await ask(host, `write ${id}`);
		await ask(host, `activate ${id} 0`);
		const real = join(host.bin, "sysctl");
		renameSync(real, `${real}.real`);
		writeFileSync(real, `#!/bin/sh\ncase "$1" in *=*) exit 0 ;; esac\nexec ${real}.real "$@"\n`, { mode: 0o755 });
		expect(await ask(host, `undo ${id}`)).toMatchObject({
			status: 0,
			stdout: "incomplete\n- sysctl net.inet.ip.forwarding 0\n+ sysctl net.inet.ip.forwarding 1\n",
		});
		expect(isLocked(host)).toBe(false);
	});

	inTurn("a daemon that dies at once after rcctl's ok is told as what failed, with its own words", async () => {
		const host = await hosts.make();
		host.change((state) => {
			state.vmd = "absent";
			state.services = state.services.filter((name) => name !== "vmd");
		});
		host.write("/var/log/daemon", 'Nov 30 05:25:00 obsd vmd[77853]: bridge "bridge0" does not exist\n');
		const text = 'switch "lan" {\n\tinterface bridge0\n}\n';
		const { lines, texts } = planOf(
			[
				{ path: "/etc/vm.conf", before: oldFiles["/etc/vm.conf"] ?? "", after: text },
				{ path: "/etc/rc.conf.local", after: "vmd_flags=\n" },
			],
			["run 0 service start vmd"],
		);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		for (const step of ["backup", "write"]) expect(await ask(host, `${step} ${id}`)).toMatchObject({ status: 0 });
		expect(await ask(host, `activate ${id} 0`)).toMatchObject({
			status: 1,
			stderr: expect.stringMatching(/vmd has ended again\n.*vmd\[77853\]: bridge "bridge0" does not exist/s),
		});
		expect(await ask(host, `undo ${id}`)).toMatchObject({ stdout: "restored\n" });
	});

	inTurn("a restart of vmd shuts its guests down one by one, and takes the time for it", async () => {
		const host = await hosts.make();
		host.write("/etc/rc.conf.local", "vmd_flags=\n");
		await host.run("export OPENBSD_HOST_UID=0; vmctl start web01");
		const before = oldFiles["/etc/vm.conf"] ?? "";
		const { lines, texts } = planOf([{ path: "/etc/vm.conf", before, after: before.replace("512M", "1G") }], ["run 0 service restart vmd"]);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		for (const step of ["backup", "write", "arm 60"]) {
			const [verb, ...args] = step.split(" ");
			expect(await ask(host, [verb, id, ...args].join(" "))).toMatchObject({ status: 0 });
		}
		const deadline = () => Number(readFileSync(join(host.root, backups, id, "deadline"), "utf8").split(" ")[0]);
		const armed = deadline();
		const from = host.calls().length;
		expect(await ask(host, `activate ${id} 0`)).toMatchObject({ status: 0 });
		const told = host
			.calls()
			.slice(from)
			.filter((call) => /^(vmctl stop|rcctl restart)/.test(call));
		expect(told).toEqual(["vmctl stop -w web01", "rcctl restart vmd"]);
		expect(deadline()).toBeGreaterThan(armed + 50);
		await ask(host, `undo ${id}`);
	});

	inTurn("a file that takes no other in its place is refused before anything is changed", async () => {
		const host = await hosts.make();
		// As chflags(1) schg does: no other name, and nothing in its place.
		const script = `#!/bin/sh\ncase "$1" in /etc/pf.conf) echo "ln: $1: Operation not permitted" >&2; exit 1 ;; esac\nexec /bin/ln "$@"\n`;
		writeFileSync(join(host.bin, "ln"), script, { mode: 0o755 });
		const { lines, texts } = planOf([{ path: "/etc/pf.conf", before: oldRules, after: "pass\n" }], []);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		expect(await ask(host, `backup ${id}`)).toMatchObject({
			status: 1,
			stderr: expect.stringContaining("/etc/pf.conf cannot be replaced"),
		});
		await ask(host, `undo ${id}`);
		// The watchdog may be taking it away as well.
		await until(() => readdirSync(join(host.root, backups)).length === 0);
	});

	inTurn("files that cannot be put in their places all roll back, and the next deployment has the lock", async () => {
		const host = await hosts.make();
		const { lines, texts } = planOf(
			[
				{ path: "/etc/hostname.em1", before: "up\n", after: "down\n" },
				{ path: "/etc/pf.conf", before: oldRules, after: "pass\n" },
				{ path: "/etc/pf.d/new.conf", after: "pass\n" },
			],
			[],
		);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		for (const step of ["backup", "write"]) expect(await ask(host, `${step} ${id}`)).toMatchObject({ status: 0 });
		const program = join(host.root, backups, id, "program");
		writeFileSync(program, readFileSync(program, "utf8").replace(/^forward_for=60$/m, "forward_for=0"));
		writeFileSync(join(host.bin, "mv"), `#!/bin/sh\ncase "$*" in *' /etc/pf.conf') exit 1 ;; esac\nexec /bin/mv "$@"\n`, { mode: 0o755 });
		expect(await ask(host, `keep ${id}`)).toMatchObject({ status: 1 });
		await until(() => !isLocked(host));
		expect((await outcome(host)).stdout).toMatch(/^restored\n/);
		expect([host.read("/etc/hostname.em1"), host.read("/etc/pf.conf"), host.read("/etc/pf.d/new.conf")]).toEqual([
			"up\n",
			oldRules,
			undefined,
		]);
	});

	inTurn("a line for a reboot goes through a symbolic link, which stays one", async () => {
		const host = await hosts.make();
		host.write("/etc/site/securelevel", "echo theirs\n");
		symlinkSync("/etc/site/securelevel", join(host.root, "etc/rc.securelevel"));
		await ask(host, `lock ${id} 60`);
		expect(host.read("/etc/site/securelevel")).toMatch(/^sh \S+\/program settle \S+ boot # .*\necho theirs\n$/);
		await ask(host, `undo ${id}`);
		expect(host.read("/etc/site/securelevel")).toBe("echo theirs\n");
		expect((await host.run("readlink /etc/rc.securelevel")).stdout).toBe("/etc/site/securelevel\n");
	});
});
