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
import { freshState } from "../openbsd-host/state.ts";

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
const newFiles: Readonly<Record<string, string>> = {
	"/etc/pf.conf": 'block log all\nanchor "vm/*"\nload anchor "vm/new" from "/etc/pf.d/guests/new.conf"\n',
	"/etc/pf.d/guests/new.conf": "pass out on em0\n",
	"/etc/pf.vm/old.conf": "pass out on em1\n",
	"/etc/hostname.em1": "up\n",
	"/etc/hostname.veb0": "add em1\nup\n",
	"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
	"/etc/vm.conf": 'vm "web01" {\n\tdisable\n\tmemory 1G\n\tdisk "/var/web01.img"\n}\n',
};
const everyPath = [...new Set([...Object.keys(oldFiles), ...Object.keys(newFiles)])];
const changed = everyPath.filter((path) => oldFiles[path] !== newFiles[path]);
/** What makes the new files active: commands of each kind. */
const runs = [
	"sysctl net.inet.ip.forwarding=1",
	"interface veb0",
	"interface-gone veb9",
	"rules",
	"anchor-gone vm/old",
	"service reload vmd",
];

// All points are many minutes long: npm test sets it.
const everywhere = process.env.OPENBSD_VNET_ALL_FAULTS === "1";

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
			const number = name !== "lock" && existsSync(pid) ? readFileSync(pid, "utf8").trim() : "";
			// With what it runs, where it leads a session.
			if (number !== "") spawnSync("kill", ["-9", "--", number, `-${number}`]);
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

	test("a clock that is set back gives no time", async () => {
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

	describe("ended at any command that it runs", () => {
		/** Programs of the host that it runs, beside those that the simulated host stands in for. */
		const tools =
			"awk cat chmod chown cmp cp date dd grep ln ls mkdir mktemp mv nohup ps readlink rm rmdir sed sh sleep sync tail wc".split(" ");
		const standIns = ["ifconfig", "netstart", "pfctl", "rcctl", "sha256", "sysctl", "vmctl"];
		const steps = ["stage", "backup", "write", "arm 86400", "verify-armed", ...runs.map((_, n) => `activate ${n}`), "keep", "undo"];
		const plan = planOf(
			changed.map((path) => {
				const [before, after] = [oldFiles[path], newFiles[path]];
				return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
			}),
			[...runs.map((run, n) => `run ${n} ${run}`), "anchor before vm/old", "anchor after vm/new"],
		);
		const staged = ["/etc/pf.conf", "/etc/pf.d/guests/new.conf"].map((path) => ({
			name: `run${path}`,
			text: (newFiles[path] ?? "").replace('"/etc/pf.d', `"/${backups}/${id}/run/etc/pf.d`),
		}));
		const input = inputOf(plan.lines, [...plan.texts, ...staged]);
		const words = (step: string) => step.replace(/^\S+/, (verb) => `${verb} ${id}`);

		/** A folder for PATH in which the command that is started as the one of number $END_AT ends all, or fails. */
		function putShims({ root, bin }: SimulatedHost): void {
			mkdirSync(join(root, "simulated/shims"));
			const count = join(root, "simulated/count");
			for (const name of [...tools, ...standIns]) {
				const real = standIns.includes(name) ? join(bin, name) : ["/usr/bin", "/bin"].map((at) => join(at, name)).find(existsSync);
				const text = `#!/bin/sh
n=$(/usr/bin/wc -c <${count})
printf x >>${count}
[ "$n" -eq "$END_AT" ] || exec ${real} "$@"
case $END_BY in
fail) exit 1 ;;
power) kill -9 -$(/bin/cat /${backups}/${id}/pid) ;;
esac
kill -9 0
`;
				writeFileSync(join(root, "simulated/shims", name), text, { mode: 0o755 });
			}
		}

		/** Asks it for a step, which the command of a number ends. @returns how many commands were begun */
		function endedAt({ root, enter }: SimulatedHost, step: string, by: string, at: number): number {
			const count = join(root, "simulated/count");
			writeFileSync(count, "");
			writeFileSync(join(root, "root/input"), input);
			const run = `OPENBSD_HOST_UID=0 END_AT=${at} END_BY=${by} PATH=${root}/simulated/shims:$PATH ${programName} ${programInterface} ${words(step)} </root/input`;
			// In a session of its own: what ends it ends nothing else.
			spawnSync("setsid", ["-w", enter, "-c", run], { stdio: "ignore" });
			return statSync(count).size;
		}

		/** As rc(8) starts a host. */
		function reboot(host: SimulatedHost): void {
			host.change((state) => {
				const { interfaces, pf, sysctl } = freshState();
				Object.assign(state, { interfaces, pf, sysctl, guests: [] });
			});
			host.run(
				"export OPENBSD_HOST_UID=0; sysctl $(cat /etc/sysctl.conf); sh /etc/netstart; pfctl -f /etc/pf.conf; [ ! -f /etc/rc.securelevel ] || sh /etc/rc.securelevel; vmctl reload",
			);
		}

		/** What is on the host, and what is active there; and what a deployment must not leave. */
		function seen(host: SimulatedHost): string {
			const { pf, sysctl, interfaces, guests } = host.state();
			const here = (path: string) => readdirSync(join(host.root, path), { recursive: true, encoding: "utf8" });
			const etc = here("etc").filter(
				(path) => /\.\d{8}T\d{6}-|rc\.securelevel/.test(path) || (path === "pf.d" && here("etc/pf.d").length < 2),
			);
			return JSON.stringify({
				files: everyPath.map((path) => host.read(path)),
				rules: Object.entries(pf.anchors)
					.map(([name, rules]) => [name, ...rules.map(({ text }) => text)].join("\n"))
					.sort(),
				forwarding: sysctl["net.inet.ip.forwarding"],
				interfaces: interfaces.map(({ name, members }) => [name, ...members].join(" ")).sort(),
				memory: guests.map((guest) => guest.memory),
				left: [...etc, ...here(backups).filter((path) => /^lock$|\/(settling|busy|run|input)$/.test(path))],
			});
		}

		/** It looks after what others have ended, too. */
		async function watchdogEnded({ root }: SimulatedHost): Promise<void> {
			const pid = join(root, backups, id, "pid");
			for (let i = 0; i < 100 && existsSync(pid) && existsSync(`/proc/${readFileSync(pid, "utf8").trim()}`); i++)
				await new Promise((resolve) => setTimeout(resolve, 100));
		}

		/** A deployment that finds the lock of one that nobody ends any more takes it over. */
		function takeOver(host: SimulatedHost): void {
			const other = "20260102T000000-0123abcd";
			expect(ask(host, `lock ${other} 60`)).toMatchObject({ status: 0 });
			expect(ask(host, `undo ${other}`)).toMatchObject({ status: 0 });
			spawnSync("rm", ["-rf", join(host.root, backups, other)]);
		}

		/** Which of its commands are tried of each step: the first, and each so many after it. All of them are an hour's work. */
		const tried = everywhere ? { power: [0, 5], kill: [1, 7], fail: [2, 7] } : { power: [3, 40] };

		test.for(Object.entries(tried))(
			"by %s: all is as before, or all is new",
			{ timeout: 3_600_000 },
			async ([by, [first = 0, stride = 1]]) => {
				const host = await hostWith();
				const copy = `${host.root}.copy`;
				mkdirSync(join(host.root, backups), { recursive: true });
				const before = seen(host);
				let after = "";
				putShims(host);
				ask(host, `lock ${id} 86400`);
				endWatchdogs(host);
				const found: { readonly point: string; readonly now: string }[] = [];
				for (const step of steps) {
					spawnSync("rm", ["-rf", copy]);
					spawnSync("cp", ["-a", host.root, copy]);
					const restore = () => {
						endWatchdogs(host);
						spawnSync("rm", ["-rf", host.root]);
						spawnSync("cp", ["-a", copy, host.root]);
						host.run(
							`OPENBSD_HOST_UID=0 setsid nohup sh /${backups}/${id}/program watchdog ${id} >/dev/null 2>&1 </dev/null & echo $! >/${backups}/${id}/pid`,
						);
					};
					// What fails on the way back is not gone back from.
					for (let at = first; by !== "fail" || step !== "undo"; at += stride) {
						restore();
						if (endedAt(host, step, by, at) <= at) break;
						if (by === "power") {
							reboot(host);
							if (readdirSync(join(host.root, backups)).includes("lock")) takeOver(host);
						} else {
							// Who asks is told that it failed, and has it taken back; of one that was killed the time is over.
							if (by === "fail") ask(host, `undo ${id}`);
							else host.run(`OPENBSD_HOST_UID=0 sh /${backups}/${id}/program settle ${id}`);
							await watchdogEnded(host);
						}
						found.push({ point: `${step}, command ${at}`, now: seen(host) });
					}
					restore();
					if (step === "undo") continue;
					expect(ask(host, words(step), { input }), step).toMatchObject({ status: 0 });
					if (step !== "keep") continue;
					after = seen(host);
					restore();
				}
				endWatchdogs(host);
				console.info(`ended by ${by} at ${found.length} commands`);
				expect(found.filter(({ now }) => now !== before && now !== after)).toEqual([]);
				expect(found.some(({ now }) => now === after)).toBe(true);
			},
		);
	});
});
