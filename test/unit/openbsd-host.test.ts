/** The simulated host itself: what its programs print is what OpenBSD's print, and what one changes another shows. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { askLiveState, askRuleCounters, connect, liveScript, localSide, noPrompts, readLiveState, run } from "@openbsd-vnet/remote";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { builtOnce } from "../built.ts";
import { type Answering, startAnswering } from "../openbsd-host/answering.ts";
import { serveEmbedded } from "../openbsd-host/embedded.ts";
import { buildMain, canIsolate, installHost, type SimulatedHost } from "../openbsd-host/install.ts";
import { endProcessesOf, killOnHost } from "../openbsd-host/processes.ts";
import { freshState, populate } from "../openbsd-host/state.ts";
import { shareOf } from "../share.ts";

const vmConf = `switch "lan" {
	interface veb0
}
vm "web01" {
	memory 1G
	disk "/var/vm/web01.img"
	interface { switch "lan" }
}
vm "db01" {
	memory 2G
	disk "/var/vm/db01.img"
	interface tap3 { switch "lan" group db }
}
`;

const pfConf = `table <admins> { 203.0.113.7 }
block all
pass out on em0
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
`;

const ways = [
	["a Node for each call", false],
	["one thread for all calls", true],
] as const;
// Each test goes on with the host as those before it leave it.
describe.skipIf(!canIsolate()).each(shareOf(ways, 2))("a simulated host with %s (needs user namespaces)", (_, inThread) => {
	describe("in order", { shuffle: false }, () => {
		const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-host-"));
		let host: SimulatedHost;
		let answering: Answering | undefined;

		beforeAll(async () => {
			const main = await builtOnce("main.cjs", buildMain);
			if (inThread) answering = await startAnswering(main, join(folder, "answers"));
			host = await installHost({
				root: join(folder, "hv1"),
				files: {
					"/etc/vm.conf": vmConf,
					"/etc/pf.conf": pfConf,
					"/etc/pf.vm/web01.conf": "pass out on tap0 proto tcp to 10.0.0.20 port 80\n",
					"/etc/hostname.veb0": "link1\nadd em1\nup\n",
					"/etc/hostname.em1": "up\n",
				},
				main,
				answering,
			});
			host.change(({ doas }) => doas.push("sh"));
		}, 60_000);
		afterAll(async () => {
			await answering?.end();
			rmSync(folder, { recursive: true, force: true });
		});

		const live = async () => readLiveState((await host.run(liveScript("aa11").text)).stdout, "aa11");

		test("starts without guests and without taps", async () => {
			expect(await live()).toMatchObject({
				system: { system: "OpenBSD", release: "7.6", simulated: true },
				vmd: { kind: "answered" },
				guests: [],
				taps: [],
				complete: true,
				unread: [],
			});
		});

		test("netstart makes what the hostname files say", async () => {
			expect(await host.run("doas -n sh /etc/netstart")).toEqual({ status: 0, stdout: "", stderr: "" });
			expect((await host.run("ifconfig veb0")).stdout).toBe(
				[
					"veb0: flags=a843<UP,BROADCAST,RUNNING,SIMPLEX,LINK1,MULTICAST>",
					"\tindex 4 llprio 3",
					"\tgroups: veb",
					"\tem1 flags=3<LEARNING,DISCOVER>",
					"\t\tport 1 ifpriority 0 ifcost 0",
					"\tAddresses (max cache: 100, timeout: 240):",
					"",
				].join("\n"),
			);
		});

		test("vmctl reload starts the guests, with their taps on their switches", async () => {
			expect((await host.run("doas -n vmctl reload")).status).toBe(0);
			const state = await live();
			expect(state.taps).toMatchObject([
				{ name: "tap0", use: { kind: "guest", name: "web01", state: "running" }, bridge: "veb0", switch: "lan" },
				{ name: "tap3", use: { kind: "guest", name: "db01" }, groups: ["tap", "db"] },
			]);
			expect((await host.run("vmctl status")).stdout).toBe(
				[
					"   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME",
					"    1 40013     1    1.0G    341M   ttyp1         root  running web01",
					"    2 40026     1    2.0G    683M   ttyp2         root  running db01",
					"",
				].join("\n"),
			);
		});

		test("a guest that is started again takes the lowest free tap", async () => {
			await host.run("doas -n vmctl stop web01; doas -n vmctl stop db01; doas -n vmctl start db01; doas -n vmctl start web01");
			expect((await live()).guests.map(({ name, taps }) => [name, taps])).toEqual([
				["web01", ["tap0"]],
				["db01", ["tap3"]],
			]);
			expect((await host.run("doas -n vmctl pause 1")).stderr).toBe("vmctl: paused vm 1 successfully\n");
			expect((await live()).guests[0]?.state).toBe("paused");
			expect((await host.run("doas -n vmctl pause 1")).status).toBe(0);
		});

		test("a guest of root's is not another's to stop, and one that is stopped is not stopped", async () => {
			expect(await host.run("vmctl stop db01")).toMatchObject({ status: 1, stderr: "stopping vm db01: failed: Operation not permitted\n" });
			expect(await host.run("vmctl stop nosuch")).toMatchObject({ status: 1, stderr: "stopping vm nosuch: vm not found\n" });
			await host.run("doas -n vmctl stop db01");
			expect(await host.run("doas -n vmctl stop db01")).toMatchObject({
				status: 1,
				stderr: "stopping vm db01: failed: Invalid argument\n",
			});
			await host.run("doas -n vmctl start db01");
		});

		test("pfctl checks without root, in the library's words", async () => {
			host.write("/etc/broken.conf", "block all\npas in\n");
			expect(await host.run("pfctl -nf /etc/pf.conf")).toEqual({ status: 0, stdout: "", stderr: "" });
			expect(await host.run("pfctl -nf /etc/broken.conf")).toEqual({ status: 1, stdout: "", stderr: "/etc/broken.conf:2: syntax error\n" });
			expect(await host.run("pfctl -sr")).toEqual({ status: 1, stdout: "", stderr: "pfctl: /dev/pf: Permission denied\n" });
		});

		test("pfctl loads, with its anchors, and shows what is loaded", async () => {
			expect((await host.run("doas -n pfctl -f /etc/pf.conf")).status).toBe(0);
			expect((await host.run("doas -n pfctl -sr")).stdout).toBe('block drop all\npass out on em0 all flags S/SA\nanchor "vm/*" all\n');
			expect((await host.run("doas -n pfctl -a vm/web01 -sr")).stdout).toBe(
				"pass out on tap0 inet proto tcp from any to 10.0.0.20 port = 80 flags S/SA\n",
			);
			expect((await host.run("doas -n pfctl -s Anchors")).stdout).toBe("  vm\n  vm/web01\n");
			expect((await host.run("doas -n pfctl -a '*' -sr")).stdout).toBe(
				[
					"block drop all",
					"pass out on em0 all flags S/SA",
					'anchor "vm/*" all {',
					'  anchor "web01" all {',
					"    pass out on tap0 inet proto tcp from any to 10.0.0.20 port = 80 flags S/SA",
					"  }",
					"}",
					"",
				].join("\n"),
			);
			expect((await host.run("doas -n pfctl -vvsr")).stdout.split("\n").slice(0, 2)).toEqual([
				"@0 block drop all",
				"  [ Evaluations: 0         Packets: 0         Bytes: 0           States: 0     ]",
			]);
		});

		test("a ruleset with an error leaves the loaded one", async () => {
			expect(await host.run("doas -n pfctl -f /etc/broken.conf")).toMatchObject({
				status: 1,
				stderr: "/etc/broken.conf:2: syntax error\npfctl: Syntax error in config file: pf rules not loaded\n",
			});
			expect((await host.run("doas -n pfctl -sr")).stdout).toContain("pass out on em0");
		});

		test("limiters, on a host of 7.9 alone", async () => {
			host.write(
				"/etc/limits.conf",
				"state limiter dns id 3 limit 500 rate 9/10\nsource limiter web id 3 entries 40 limit 9\npass state limiter dns source limiter web\n",
			);
			expect((await host.run("doas -n pfctl -f /etc/limits.conf")).stderr).toContain(":1: syntax error");
			host.change((state) => {
				state.release = "7.9";
			});
			expect(await host.run("doas -n pfctl -f /etc/limits.conf")).toEqual({ status: 0, stdout: "", stderr: "" });
			const counted = { admitted: 0, overLimit: 0, overRate: 0, overSources: 0, id: 3, inUse: 0 };
			expect(await askRuleCounters((command) => host.run(command.text), "op")).toMatchObject({
				kind: "answered",
				value: {
					limiters: [
						{ ...counted, kind: "state", most: 500 },
						{ ...counted, kind: "source", most: 40 },
					],
				},
			});
			host.change((state) => {
				state.release = "7.6";
			});
			await host.run("doas -n pfctl -f /etc/pf.conf");
		});

		test("tables", async () => {
			expect((await host.run("doas -n pfctl -t admins -T add 192.0.2.1")).stderr).toBe("1/1 addresses added.\n");
			expect((await host.run("doas -n pfctl -t admins -T show")).stdout).toContain("   192.0.2.1\n");
		});

		test("vmd checks, and wants the disks", async () => {
			expect((await host.run("vmd -n")).stderr).toMatch(/^vmd: disk \/var\/vm\/web01\.img: No such file or directory\n/);
			for (const name of ["web01", "db01"]) host.write(`/var/vm/${name}.img`, "");
			expect((await host.run("vmd -n")).stderr).toBe("configuration OK\n");
			host.write("/etc/odd.conf", "vm x {\n\tmemory y\n}\n");
			expect(await host.run("vmd -n -f /etc/odd.conf")).toMatchObject({ status: 1, stderr: expect.stringContaining("/etc/odd.conf:2:") });
		});

		test("doas lets through what it is told to", async () => {
			host.change((state) => {
				state.doas = ["vmctl"];
			});
			expect(await host.run("doas -n pfctl -sr")).toEqual({ status: 1, stdout: "", stderr: "doas: Operation not permitted\n" });
			expect((await host.run("doas -n vmctl status")).status).toBe(0);
		});

		test("writes only below its own root", async () => {
			await host.run("echo yes >/etc/made-by-a-test; echo yes >/var/made-by-a-test");
			expect([host.read("/etc/made-by-a-test"), host.read("/var/made-by-a-test")]).toEqual(["yes\n", "yes\n"]);
		});

		test.each(["absent", "notPermitted"] as const)("vmd %s", async (kind) => {
			host.change((state) => {
				state.vmd = kind;
			});
			expect((await live()).vmd).toEqual({ kind });
		});

		test("notes what it is asked", () => {
			expect(host.calls()).toContain("pfctl -nf /etc/pf.conf");
		});

		test("reads what its caller has: standard input, the folder that it is in, what a link leads to", async () => {
			host.write("/etc/linked.conf", "pas\n");
			await host.run("ln -sf /etc/linked.conf /etc/link.conf");
			expect((await host.run("echo pas | pfctl -nf -")).stderr).toContain(":1: syntax error");
			expect((await host.run("cd /etc && pfctl -nf broken.conf")).stderr).toBe("broken.conf:2: syntax error\n");
			expect((await host.run("pfctl -nf /etc/link.conf")).stderr).toContain(":1: syntax error");
			expect((await host.run("printf 'a b\\nc' | sha256 -q")).stdout.trim()).toBe(createHash("sha256").update("a b\nc").digest("hex"));
		});

		test("timeout makes a group of processes, but not where it leads a session", async () => {
			expect(await host.run("timeout 5 echo yes")).toEqual({ status: 0, stdout: "yes\n", stderr: "" });
			expect(await host.run("setsid -w timeout -f 5 echo yes")).toEqual({ status: 0, stdout: "yes\n", stderr: "" });
			const refused = await host.run("setsid -w timeout 5 echo yes");
			expect(refused).toEqual({ status: 1, stdout: "", stderr: "timeout: setpgid: Operation not permitted\n" });
		});

		test("takes words as they are, and ends as the command that doas runs", async () => {
			host.change((state) => {
				state.doas = ["sh", "none"];
			});
			expect(await host.run("doas -n sh -c 'echo \"$@\"; exit 7' - 'a  b' '' '$(c)'")).toEqual({
				status: 7,
				stdout: "a  b  $(c)\n",
				stderr: "",
			});
			expect(await host.run("doas -n none")).toEqual({ status: 1, stdout: "", stderr: "doas: none: command not found\n" });
			expect((await host.run("pfctl -t 'a\nb' -T show")).status).toBe(1);
			expect(host.calls()).toContain("doas -n none");
		});

		test("a program takes the time that its fault says, and others answer meanwhile", async () => {
			host.change(({ faults }) => Object.assign(faults, { rcctl: { status: 3, stderr: "busy\n", seconds: 1 } }));
			const begin = performance.now();
			const slow = host.run("rcctl ls on");
			expect((await host.run("uname -r")).stdout).toBe("7.6\n");
			expect(await slow).toEqual({ status: 3, stdout: "", stderr: "busy\n" });
			expect(performance.now() - begin).toBeGreaterThan(1000);
		});
	});
});

describe.skipIf(!canIsolate())("who asks a host's thread (needs user namespaces)", () => {
	async function hostWithThread() {
		const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-host-"));
		const main = await builtOnce("main.cjs", buildMain);
		const answering = await startAnswering(main, join(folder, "answers"));
		const host = await installHost({ root: join(folder, "hv1"), main, answering });
		onTestFinished(async () => {
			await endProcessesOf([host.root]);
			await answering.end();
			rmSync(folder, { recursive: true, force: true });
		});
		return { host, answering };
	}
	const waiting = ({ folder }: Answering) => readdirSync(folder).filter((name) => /^\d+$/.test(name));

	test("does not wait for one that has ended", async () => {
		const { host, answering } = await hostWithThread();
		host.change(({ faults }) => Object.assign(faults, { route: { status: 0, seconds: 3600 } }));
		const asked = promisify(execFile)(host.enter, ["-c", "route -n show"]).catch((error: unknown) => error);
		await vi.waitUntil(() => waiting(answering).length === 1, { timeout: 60_000 });
		await answering.end();
		expect(await asked).toMatchObject({ code: 125, stdout: "", stderr: "" });
	});

	test("is answered although another's answer could not be given", async () => {
		const { host, answering } = await hostWithThread();
		host.change(({ faults }) => Object.assign(faults, { route: { status: 3, stderr: "no route\n", seconds: 0.3 } }));
		const asked = host.run("route -n show");
		await vi.waitUntil(() => waiting(answering).length === 1, { timeout: 60_000 });
		// In the place of its answer.
		symlinkSync("/nowhere/answer", join(answering.folder, `${waiting(answering)[0]}.stderr`));
		expect(await asked).toEqual({ status: 125, stdout: "", stderr: "" });
		expect(await host.run("uname -r")).toMatchObject({ status: 0, stdout: "7.6\n" });
	});

	test("a process that has got the number of one of a host's is not ended for it", async () => {
		const { host } = await hostWithThread();
		const other = spawn("sleep", ["3600"], { stdio: "ignore", detached: true });
		const ended = once(other, "exit");
		await once(other, "spawn");
		killOnHost(host.root, other.pid ?? 0);
		other.kill("SIGTERM");
		expect(await ended).toEqual([null, "SIGTERM"]);
	});
});

describe.skipIf(!canIsolate())("behind its own SSH server (needs user namespaces)", () => {
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-embedded-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test("tells of 500 guests in one round trip, with a hostile name as data", { timeout: 60_000 }, async () => {
		const state = freshState();
		populate(state, 500);
		const hostile = state.interfaces.find(({ name }) => name === "tap7");
		if (hostile !== undefined) hostile.description = "vm8-if0-$(touch /etc/pwned)";
		const host = await installHost({ root: join(folder, "hv"), state });
		const server = await serveEmbedded(host);
		try {
			const key = join(folder, "key");
			const known = join(folder, "known_hosts");
			const config = join(folder, "config");
			writeFileSync(key, server.clientKey, { mode: 0o600 });
			writeFileSync(known, `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
			writeFileSync(
				config,
				`Host hv\nHostName 127.0.0.1\nPort ${server.port}\nUser op\nIdentityFile ${key}\nUserKnownHostsFile ${known}\n`,
			);
			const connection = await connect("hv", { local: { ...localSide(), home: folder }, prompts: noPrompts, configFiles: [config] });
			const live = await askLiveState((command, options) => run(connection, command, options));
			expect(server.commands()).toBe(1);
			expect(live.guests).toHaveLength(500);
			expect(live.taps.filter(({ use }) => use.kind === "guest")).toHaveLength(499);
			expect(live.taps.find(({ name }) => name === "tap7")?.use).toMatchObject({ kind: "stale", name: "$(touch /etc/pwned)" });
			expect(host.read("/etc/pwned")).toBeUndefined();
			host.change((now) => {
				now.doas = [];
			});
			const refused = await askRuleCounters((command, options) => run(connection, command, options), "op");
			expect(refused).toEqual({ kind: "refused", allow: 'permit nopass op as root cmd pfctl args -a "*" -v -s rules' });
			connection.close();
		} finally {
			await server.close();
		}
	});
});

test("the bundle that npm start makes of it needs nothing of ours that is not built yet", () => {
	const root = fileURLToPath(new URL("../..", import.meta.url));
	// Below the repository, in which its packages are found.
	mkdirSync(join(root, "out"), { recursive: true });
	const folder = mkdtempSync(join(root, "out", "openbsd-host-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const code = `import('./scripts/lib/simulated-host.mjs').then(({ bundled }) => bundled(${JSON.stringify(folder)}))`;
	execFileSync(process.execPath, ["-e", code], { cwd: root });
	const text = readFileSync(join(folder, "simulate.mjs"), "utf8");
	const imported = new Set([...text.matchAll(/\bfrom "([^"]+)";$/gm)].map(([, name]) => name));
	expect([...imported].filter((name) => name?.startsWith("@openbsd-vnet/"))).toEqual([]);
	expect(imported).toContain("esbuild");
}, 60_000);
