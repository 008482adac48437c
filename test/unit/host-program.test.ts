/** The host program on a simulated host, asked by itself: what it refuses, and what is left where it is ended in the middle. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { inputOf, type NamedText } from "../../remote/src/deploy/input.ts";
import { programInterface, programName } from "../../remote/src/deploy/program/program.ts";
import { buildMain, canIsolate, installHost, type SimulatedHost } from "../openbsd-host/install.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const id = "20260101T000000-0123abcd";
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

const oldFiles: Readonly<Record<string, string>> = {
	"/etc/pf.conf": 'block all\nanchor "vm/*"\nload anchor "vm/old" from "/etc/pf.vm/old.conf"\n',
	"/etc/pf.vm/old.conf": "pass out on em1\n",
	"/etc/hostname.em1": "up\n",
	"/etc/hostname.veb9": "up\n",
	"/etc/sysctl.conf": "net.inet.ip.forwarding=0\n",
	"/etc/vm.conf": 'vm "web01" {\n\tdisable\n\tmemory 512M\n\tdisk "/var/web01.img"\n}\n',
};
function planOf(changes: readonly { readonly path: string; readonly before?: string; readonly after?: string }[], more: readonly string[]) {
	const lines = changes.map(({ path, before, after }, i) =>
		[
			"change",
			i,
			before === undefined ? "absent -" : `file ${digest(before)}`,
			after === undefined ? "remove 644 -" : `put 644 ${digest(after)}`,
			path,
		].join(" "),
	);
	const texts = changes.flatMap(({ after }, i): readonly NamedText[] => (after === undefined ? [] : [{ name: `new/${i}`, text: after }]));
	return { lines: [...lines, ...more], texts };
}

describe.skipIf(!canIsolate())("the host program", () => {
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-program-"));
	let main: string;
	let hosts = 0;
	const installed: SimulatedHost[] = [];
	beforeAll(async () => {
		main = await buildMain(join(folder, "main.cjs"));
	});
	afterEach(() => {
		for (const host of installed.splice(0)) endWatchdogs(host);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	const backups = "var/backups/openbsd-vnet";
	function endWatchdogs({ root }: SimulatedHost): void {
		const at = join(root, backups);
		for (const name of existsSync(at) ? readdirSync(at) : []) {
			const pid = join(at, name, "pid");
			if (name !== "lock" && existsSync(pid)) spawnSync("kill", ["-9", readFileSync(pid, "utf8").trim()]);
		}
	}

	async function hostWith(files: Readonly<Record<string, string>> = oldFiles): Promise<SimulatedHost> {
		const host = await installHost({ root: join(folder, `hv${hosts++}`), files, main });
		for (const path of Object.keys(files)) chmodSync(join(host.root, path), path.includes("/hostname.") ? 0o640 : 0o644);
		host.write("/var/web01.img", "");
		host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart; pfctl -f /etc/pf.conf; vmctl reload; sysctl net.inet.ip.forwarding=0");
		installed.push(host);
		return host;
	}

	interface Asking {
		readonly user?: string;
		readonly input?: string;
	}

	/** Asks it as doas would for a user, or as root. */
	function ask(host: SimulatedHost, words: string, { user, input = "" }: Asking = {}) {
		writeFileSync(join(host.root, "root/input"), input);
		const as = user === undefined ? "" : `DOAS_USER=${user} `;
		return host.run(`OPENBSD_HOST_UID=0 ${as}${programName} ${programInterface} ${words} </root/input`);
	}

	function deployAll(host: SimulatedHost, name: string, plan: ReturnType<typeof planOf>, user?: string): void {
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
			expect(ask(host, step, { ...as, input: inputOf(plan.lines, plan.texts) }), step).toMatchObject({ status: 0, stderr: "" });
	}

	test("a path that a shell would read as another is refused", async () => {
		const host = await hostWith();
		ask(host, `lock ${id} 60`, { user: "op" });
		// As a pattern it is /etc/pf.conf, as a path none that may be deployed.
		for (const path of ["/[e]tc/pf.conf", "/etc/pf.con[f]", "/etc/../etc/pf.conf", "/etc/pf.d/../master.passwd"]) {
			const { lines, texts } = planOf([{ path, after: "x\n" }], []);
			expect(ask(host, `stage ${id}`, { user: "op", input: inputOf(lines, texts) }), path).toMatchObject({
				status: 64,
				stderr: expect.stringContaining("may not be deployed by op"),
			});
		}
	});

	test("what root deployed is not shown to whom may not deploy it", async () => {
		const host = await hostWith();
		const secret = "psk secret\n";
		deployAll(
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
			expect(read(path).stdout).toContain(secret);
			expect(read(path, "op")).toMatchObject({ status: 64, stdout: expect.not.stringContaining(secret) });
		}
		for (const path of [`/${backups}/${id}/new/1`, `/var/db/openbsd-vnet/base/${digest("pass\n")}`])
			expect(read(path, "op").stdout).toContain("\npass\n");
		host.write("/etc/openbsd-vnet.allow", "/etc/iked.conf\n");
		expect(read(`/${backups}/${id}/new/0`, "op").stdout).toContain(secret);
	});

	test("a folder that others than root may write is not trusted on the way to a file", async () => {
		const host = await hostWith();
		mkdirSync(join(host.root, "etc/pf.loose"));
		chmodSync(join(host.root, "etc/pf.loose"), 0o777);
		expect(ask(host, "fetch MARK /etc/pf.loose/a.conf", { user: "op" }).stdout).toContain("MARK begin 0\nloose\n");
		ask(host, `lock ${id} 60`, { user: "op" });
		const { lines, texts } = planOf([{ path: "/etc/pf.loose/a.conf", after: "pass\n" }], []);
		expect(ask(host, `stage ${id}`, { user: "op", input: inputOf(lines, texts) })).toMatchObject({ status: 0 });
		expect(ask(host, `backup ${id}`, { user: "op" })).toMatchObject({
			status: 1,
			stderr: expect.stringContaining("others than root may write /etc/pf.loose"),
		});
	});

	test("no step is done without those that it stands on, and a plan is not another's after the backup", async () => {
		const host = await hostWith();
		ask(host, `lock ${id} 60`);
		const { lines, texts } = planOf([{ path: "/etc/pf.conf", before: oldFiles["/etc/pf.conf"] ?? "", after: "pass\n" }], ["run 0 rules"]);
		const input = inputOf(lines, [...texts, { name: "run/etc/pf.conf", text: "pass\n" }]);
		expect(ask(host, `stage ${id}`, { input })).toMatchObject({ status: 0 });
		for (const step of ["write", "arm", "activate", "keep"]) expect(ask(host, `${step} ${id} 0`), step).toMatchObject({ status: 64 });
		expect(ask(host, `backup ${id}`)).toMatchObject({ status: 0 });
		expect(ask(host, `stage ${id}`, { input })).toMatchObject({ status: 64 });
		expect(ask(host, `undo ${id}`)).toMatchObject({ status: 0, stdout: "restored\n" });
		expect(host.read("/etc/pf.conf")).toBe(oldFiles["/etc/pf.conf"]);
	});

	test("what goes back leaves no folder that was made for it", async () => {
		const host = await hostWith();
		ask(host, `lock ${id} 60`);
		const { lines, texts } = planOf([{ path: "/etc/pf.new/a/b/x.conf", after: "pass\n" }], []);
		ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		ask(host, `backup ${id}`);
		expect(ask(host, `write ${id}`)).toMatchObject({ status: 0, stderr: "" });
		expect(statSync(join(host.root, "etc/pf.new/a")).mode & 0o777).toBe(0o755);
		expect(ask(host, `undo ${id}`)).toMatchObject({ stdout: "restored\n" });
		expect(readdirSync(join(host.root, "etc")).filter((name) => name.startsWith("pf."))).toEqual(["pf.conf", "pf.vm"]);
	});

	test("the line for a reboot comes before what others have there, whatever that is", async () => {
		const host = await hostWith();
		const before = "exit 0 # without an end";
		host.write("/etc/rc.securelevel", before);
		ask(host, `lock ${id} 60`);
		expect(host.read("/etc/rc.securelevel")).toMatch(/^sh \S+\/program settle \S+ boot # .*\nexit 0 # without an end$/);
		ask(host, `undo ${id}`);
		expect(host.read("/etc/rc.securelevel")?.trimEnd()).toBe(before);
	});

	test("a clock that is set back gives no more time", async () => {
		const host = await hostWith();
		ask(host, `lock ${id} 60`);
		const now = Math.floor(Date.now() / 1000);
		writeFileSync(join(host.root, backups, id, "deadline"), `${now + 7260} ${now + 7200}\n`);
		await expect.poll(() => existsSync(join(host.root, backups, id)), { timeout: 10_000 }).toBe(false);
	});

	test("a lock whose program was lost with the power is taken over", async () => {
		const host = await hostWith();
		const other = "20260101T000000-ffffffff";
		ask(host, `lock ${other} 60`);
		endWatchdogs(host);
		writeFileSync(join(host.root, backups, other, "program"), "");
		expect(ask(host, `lock ${id} 60`)).toMatchObject({ status: 0 });
		expect(host.read("/etc/rc.securelevel")).not.toContain(other);
	});

	test("a text that is not what it is called is not taken for what others changed", async () => {
		const host = await hostWith();
		const input = (text: string) => inputOf([`seen ${digest("theirs\n")} /etc/pf.conf`], [{ name: digest("theirs\n"), text }]);
		expect(ask(host, "note", { user: "op", input: input("others\n") })).toMatchObject({ status: 64 });
		expect(ask(host, "note", { user: "op", input: input("theirs\n") })).toMatchObject({ status: 0 });
		expect(readdirSync(join(host.root, "var/db/openbsd-vnet")).sort()).toEqual(["base", "deployed"]);
	});
});
