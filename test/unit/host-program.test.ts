/** The host program on a simulated host, asked by itself: what it refuses, and what it leaves. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inputOf } from "../../remote/src/deploy/input.ts";
import { canIsolate, type SimulatedHost } from "../openbsd-host/install.ts";
import { until } from "./deployments.ts";
import {
	ask,
	backups,
	digest,
	endWatchdogs,
	type HostPlan,
	id,
	oldFiles,
	openProgramHosts,
	type ProgramHosts,
	planOf,
} from "./program-hosts.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

describe.skipIf(!canIsolate()).concurrent("the host program", () => {
	let hosts: ProgramHosts;
	beforeAll(async () => {
		hosts = await openProgramHosts();
	});
	afterAll(() => hosts.end());
	const hostWith = () => hosts.make();

	async function deployAll(host: SimulatedHost, name: string, plan: HostPlan, user?: string): Promise<void> {
		const as = user === undefined ? {} : { user };
		const steps = [
			`lock ${name} 60`,
			`stage ${name}`,
			`backup ${name}`,
			`write ${name}`,
			`arm ${name} 60`,
			`verify-armed ${name}`,
			`keep ${name}`,
		];
		for (const step of steps)
			expect(await ask(host, step, { ...as, input: inputOf(plan.lines, plan.texts) }), step).toMatchObject({ status: 0, stderr: "" });
	}

	test("a path that a shell would read as another is refused", async () => {
		const host = await hostWith();
		await ask(host, `lock ${id} 60`, { user: "op" });
		// As a pattern it is /etc/pf.conf, as a path none that may be deployed.
		for (const path of ["/[e]tc/pf.conf", "/etc/pf.con[f]", "/etc/../etc/pf.conf", "/etc/pf.d/../master.passwd"]) {
			const { lines, texts } = planOf([{ path, after: "x\n" }], []);
			expect(await ask(host, `stage ${id}`, { user: "op", input: inputOf(lines, texts) }), path).toMatchObject({
				status: 64,
				stderr: expect.stringContaining("may not be deployed by op"),
			});
		}
	});

	test("what root deployed is not shown to whom may not deploy it", async () => {
		const host = await hostWith();
		const secret = "psk secret\n";
		await deployAll(
			host,
			id,
			planOf(
				[
					{ path: "/etc/iked.conf", after: secret },
					{ path: "/etc/pf.conf", before: oldFiles["/etc/pf.conf"] ?? "", after: "pass\n" },
				],
				[],
			),
		);
		const read = (path: string, user?: string) => ask(host, `fetch MARK ${path}`, user === undefined ? {} : { user });
		for (const path of [`/${backups}/${id}/new/0`, `/var/db/openbsd-vnet/base/${digest(secret)}`]) {
			expect((await read(path)).stdout).toContain(secret);
			expect(await read(path, "op")).toMatchObject({ status: 64, stdout: expect.not.stringContaining(secret) });
		}
		for (const path of [`/${backups}/${id}/new/1`, `/var/db/openbsd-vnet/base/${digest("pass\n")}`])
			expect((await read(path, "op")).stdout).toContain("\npass\n");
		host.write("/etc/openbsd-vnet.allow", "/etc/iked.conf\n");
		expect((await read(`/${backups}/${id}/new/0`, "op")).stdout).toContain(secret);
	});

	test("files are read in the order in which they are asked for, and not sent where they have the digest that is told", async () => {
		const host = await hostWith();
		const [pf = "", vm = ""] = [oldFiles["/etc/pf.conf"], oldFiles["/etc/vm.conf"]];
		host.write("/etc/pf.empty", "");
		host.write("/etc/pf.unended", "pass");
		host.write("/etc/pf.long", "192.0.2.1\n".repeat(100_000));
		symlinkSync("/etc/pf.conf", join(host.root, "etc/pf.link"));
		mkdirSync(join(host.root, "etc/pf.folder"));
		// Backwards, one of them twice.
		const asked = [
			`/etc/vm.conf=${digest(vm)}`,
			`/etc/pf.unended=${digest("pass")}`,
			"/etc/pf.unended",
			`/etc/pf.link=${digest(pf)}`,
			"/etc/pf.gone",
			"/etc/pf.folder",
			`/etc/pf.empty=${digest("")}`,
			`/etc/pf.conf=${digest(`${pf}\n`)}`,
			"/var/db/openbsd-vnet/deployed",
		];
		const { stdout, stderr } = await ask(host, `fetch MARK ${asked.join(" ")}`, { user: "op" });
		expect(stderr).toBe("");
		const [read = "", others = ""] = stdout.split("MARK others\n");
		const sections = [...read.matchAll(/MARK begin (\d)\n((?:same )?-rw-r--r--.*? \d+ .*? (\/\S+)\n)?([\s\S]*?)\nMARK end \1\n/g)];
		const said = sections.map(([, n = "", line = "", path = "", text]) => [Number(n), line.startsWith("same"), path, text]);
		expect(said.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
			[0, true, "/etc/vm.conf", ""],
			[1, true, "/etc/pf.unended", ""],
			[2, false, "/etc/pf.unended", "pass"],
			[3, false, "", "link\n"],
			[4, false, "", "absent\n"],
			[5, false, "", "other\n"],
			[6, true, "/etc/pf.empty", ""],
			[7, false, "/etc/pf.conf", pf],
			[8, false, "", "absent\n"],
		]);
		expect(others.split("\n").filter((path) => path.startsWith("/etc/pf."))).toEqual([
			"/etc/pf.conf",
			"/etc/pf.empty",
			"/etc/pf.link",
			"/etc/pf.unended",
			"/etc/pf.vm/old.conf",
		]);
	});

	test("a folder that others than root may write is not trusted on the way to a file", async () => {
		const host = await hostWith();
		mkdirSync(join(host.root, "etc/pf.loose"));
		chmodSync(join(host.root, "etc/pf.loose"), 0o777);
		expect((await ask(host, "fetch MARK /etc/pf.loose/a.conf", { user: "op" })).stdout).toContain("MARK begin 0\nloose\n");
		await ask(host, `lock ${id} 60`, { user: "op" });
		const { lines, texts } = planOf([{ path: "/etc/pf.loose/a.conf", after: "pass\n" }], []);
		expect(await ask(host, `stage ${id}`, { user: "op", input: inputOf(lines, texts) })).toMatchObject({ status: 0 });
		expect(await ask(host, `backup ${id}`, { user: "op" })).toMatchObject({
			status: 1,
			stderr: expect.stringContaining("others than root may write /etc/pf.loose"),
		});
	});

	test("no step is done without those that it stands on, and a plan is not another's after the backup", async () => {
		const host = await hostWith();
		await ask(host, `lock ${id} 60`);
		const { lines, texts } = planOf([{ path: "/etc/pf.conf", before: oldFiles["/etc/pf.conf"] ?? "", after: "pass\n" }], ["run 0 rules"]);
		const input = inputOf(lines, [...texts, { name: "run/etc/pf.conf", text: "pass\n" }]);
		expect(await ask(host, `stage ${id}`, { input })).toMatchObject({ status: 0 });
		for (const step of ["write", "arm", "activate", "keep"]) expect(await ask(host, `${step} ${id} 0`), step).toMatchObject({ status: 64 });
		expect(await ask(host, `backup ${id}`)).toMatchObject({ status: 0 });
		expect(await ask(host, `stage ${id}`, { input })).toMatchObject({ status: 64 });
		expect(await ask(host, `undo ${id}`)).toMatchObject({ status: 0, stdout: "restored\n" });
		expect(host.read("/etc/pf.conf")).toBe(oldFiles["/etc/pf.conf"]);
	});

	// daemon(3) closes what a process was given as input, output and errors, and no descriptor beside; a `!command` may close none.
	test.each([
		["rcctl", "start dhcpd", "service start dhcpd", ""],
		["rcctl", "start dhcpd", "service start dhcpd", "</dev/null >/dev/null 2>&1"],
		["netstart", "veb9", "interface veb9", ""],
	])("a daemon that %s %s leaves holds nothing of ours, and nobody up", async (program, _, run, closed) => {
		const host = await hostWith();
		const real = join(host.bin, program);
		renameSync(real, `${real}.real`);
		writeFileSync(real, `#!/bin/sh\n[ "$1" = check ] || { sleep 100 ${closed} & echo $! >>/root/daemons; }\nexec ${real}.real "$@"\n`, {
			mode: 0o755,
		});
		const held = () =>
			(host.read("/root/daemons") ?? "")
				.trim()
				.split("\n")
				.flatMap((pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => ({ fd, open: readlinkSync(`/proc/${pid}/fd/${fd}`) })))
				// The machine's own lie above those of shells.
				.filter(({ fd, open }) => Number(fd) < 10 && !/^\/dev\/null$|\/run\/(printed|said|complaints)\b|\/log$/.test(open));
		const files =
			program === "netstart"
				? [{ path: "/etc/hostname.veb9", before: "up\n", after: "up debug\n" }]
				: [{ path: "/etc/rc.conf.local", after: "dhcpd_flags=\n" }];
		const { lines, texts } = planOf(files, [`run 0 ${run}`]);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		await ask(host, `backup ${id}`);
		await ask(host, `write ${id}`);
		expect(await ask(host, `activate ${id} 0`)).toMatchObject({ status: 0 });
		expect(held()).toEqual([]);
		expect(await ask(host, `undo ${id}`)).toMatchObject({ status: 0, stdout: "restored\n" });
		expect(held()).toEqual([]);
	});

	// timeout(1) of OpenBSD listens only from some time after its fork: then it waits all of its time for what has ended already.
	test("rules are loaded at once, and back, where timeout(1) would miss the end of pfctl", async () => {
		const host = await hostWith();
		writeFileSync(join(host.bin, "timeout"), "#!/bin/sh\nexit 124\n", { mode: 0o755 });
		const { lines, texts } = planOf([{ path: "/etc/pf.conf", before: oldFiles["/etc/pf.conf"] ?? "", after: "pass\n" }], ["run 0 rules"]);
		const input = inputOf(lines, [...texts, { name: "run/etc/pf.conf", text: "pass\n" }]);
		await ask(host, `lock ${id} 60`);
		for (const step of [`stage ${id}`, `backup ${id}`, `write ${id}`, `activate ${id} 0`])
			expect(await ask(host, step, { input }), step).toMatchObject({ status: 0 });
		expect(await ask(host, `undo ${id}`)).toMatchObject({ status: 0, stdout: "restored\n" });
	});

	test("tables that no ruleset has any more are forgotten, those of anchors too, and one that is gone already is no fault", async () => {
		const host = await hostWith();
		host.change(({ pf }) => Object.assign(pf.tables, { old: ["10.0.0.0/8"], "vm/web:old": [], kept: ["10.0.0.1"] }));
		const gone = ["old", "old vm/web", "absent"].map((subject, i) => `run ${i} table-gone ${subject}`);
		const { lines, texts } = planOf([{ path: "/etc/pf.conf", before: oldFiles["/etc/pf.conf"] ?? "", after: "pass\n" }], gone);
		await ask(host, `lock ${id} 60`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		for (const step of ["backup", "write"]) expect(await ask(host, `${step} ${id}`)).toMatchObject({ status: 0 });
		for (const i of gone.keys()) expect(await ask(host, `activate ${id} ${i}`)).toMatchObject({ status: 0 });
		expect(Object.keys(host.state().pf.tables)).toEqual(["kept"]);
		expect(await ask(host, `undo ${id}`)).toMatchObject({ status: 0 });
	});

	test("what rolls back leaves no folder that was made for it", async () => {
		const host = await hostWith();
		await ask(host, `lock ${id} 60`);
		const { lines, texts } = planOf([{ path: "/etc/pf.new/a/b/x.conf", after: "pass\n" }], []);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		await ask(host, `backup ${id}`);
		expect(await ask(host, `write ${id}`)).toMatchObject({ status: 0, stderr: "" });
		expect(statSync(join(host.root, "etc/pf.new/a")).mode & 0o777).toBe(0o755);
		expect(await ask(host, `undo ${id}`)).toMatchObject({ stdout: "restored\n" });
		expect(readdirSync(join(host.root, "etc")).filter((name) => name.startsWith("pf."))).toEqual(["pf.conf", "pf.vm"]);
	});

	test("the line for a reboot comes before what others have there, whatever that is", async () => {
		const host = await hostWith();
		const before = "exit 0 # without an end";
		host.write("/etc/rc.securelevel", before);
		await ask(host, `lock ${id} 60`);
		expect(host.read("/etc/rc.securelevel")).toMatch(/^sh \S+\/program settle \S+ boot # .*\nexit 0 # without an end$/);
		await ask(host, `undo ${id}`);
		expect(host.read("/etc/rc.securelevel")?.trimEnd()).toBe(before);
	});

	test("a clock that is set back gives no time", async () => {
		const host = await hostWith();
		await ask(host, `lock ${id} 60`);
		const now = Math.floor(Date.now() / 1000);
		writeFileSync(join(host.root, backups, id, "deadline"), `${now + 7260} ${now + 7200}\n`);
		await until(() => !existsSync(join(host.root, backups, id)));
	});

	test("a lock whose program was lost with the power is taken over", async () => {
		const host = await hostWith();
		const other = "20260101T000000-ffffffff";
		await ask(host, `lock ${other} 60`);
		endWatchdogs(host);
		writeFileSync(join(host.root, backups, other, "program"), "");
		expect(await ask(host, `lock ${id} 60`)).toMatchObject({ status: 0 });
		expect(host.read("/etc/rc.securelevel")).not.toContain(other);
	});

	test("a text that is not what it is called is not taken for what others changed", async () => {
		const host = await hostWith();
		const input = (text: string) => inputOf([`seen ${digest("theirs\n")} /etc/pf.conf`], [{ name: digest("theirs\n"), text }]);
		expect(await ask(host, "note", { user: "op", input: input("others\n") })).toMatchObject({ status: 64 });
		expect(await ask(host, "note", { user: "op", input: input("theirs\n") })).toMatchObject({ status: 0 });
		expect(readdirSync(join(host.root, "var/db/openbsd-vnet")).sort()).toEqual(["base", "deployed"]);
	});
});
