/** Deployments to a simulated host behind a real sshd, with every step made to fail in turn. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type Connection,
	connect,
	type DeployOptions,
	type DeployResult,
	deploy,
	deployments,
	filesBefore,
	localSide,
	makePlan,
	newDeploymentId,
	noPrompts,
	type RootRunner,
	runHostProgram,
	stepsOf,
	validate,
	type WantedFile,
} from "@openbsd-vnet/remote";
import { render, say } from "@openbsd-vnet/server";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildMain, canIsolate, installHost, type SimulatedHost } from "../openbsd-host/install.ts";
import { hasPasswords, type Sshd, sshdMissing, startSshd } from "../openbsd-host/sshd.ts";
import { freshState } from "../openbsd-host/state.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const why =
	sshdMissing ?? (hasPasswords ? (canIsolate() ? undefined : "no mounts of one's own here") : "needs root, to be root on the host");

const root = fileURLToPath(new URL("../..", import.meta.url));

const oldFiles: Readonly<Record<string, string>> = {
	"/etc/pf.conf": 'set skip on lo\nblock all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0\n",
	"/etc/hostname.em1": "up\n",
};
const newFiles: Readonly<Record<string, string>> = {
	...oldFiles,
	"/etc/pf.conf": 'set skip on lo\nblock log all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0 proto tcp to port 443 # it's \\ $(new)\n",
	"/etc/hostname.veb0": "add em1\nup\n",
};
const wanted = (files: Readonly<Record<string, string>>): readonly WantedFile[] =>
	Object.entries(files).map(([path, text]) => ({ path, text }));
const everyPath = Object.keys(newFiles);

// All points are minutes long: npm test sets it.
const faults = process.env.OPENBSD_VNET_ALL_FAULTS === "1";
/** What is done to each step, beside the client that is killed. */
const kinds = ["midway", "cut", "fail", "full", "reboot"] as const;
const steps = stepsOf({
	host: "hv1",
	activations: [{ words: ["sh", "/etc/netstart", "veb0"] }, { words: ["pfctl", "-f", "/etc/pf.conf"] }],
} as never);
const ids = steps.map(({ id }) => id);

describe.skipIf(why !== undefined)(`deploy to a simulated host behind sshd${why === undefined ? "" : ` (${why})`}`, () => {
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-deploy-"));
	chmodSync(folder, 0o755);
	let main: string;
	let hosts = 0;
	const running: Sshd[] = [];
	beforeAll(async () => {
		main = await buildMain(join(folder, "main.cjs"));
	});
	afterAll(async () => {
		for (const sshd of running) await sshd.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	interface Place {
		readonly host: SimulatedHost;
		/** The home of who comes: its .ssh/config knows the host as hv1. */
		readonly home: string;
		reach(): Promise<Connection>;
	}

	/** A host, to which we come as root, or as somebody whom doas lets be root. */
	async function place(as: "root" | "op" = "root", files = oldFiles, prepare: (root: string) => void = () => undefined): Promise<Place> {
		const number = hosts++;
		prepare(join(folder, `hv${number}`));
		const host = await installHost({ root: join(folder, `hv${number}`), files, main });
		for (const path of Object.keys(files)) chmodSync(join(host.root, path), path.includes("/hostname.") ? 0o640 : 0o600);
		host.run("OPENBSD_HOST_UID=0 pfctl -f /etc/pf.conf");
		if (as === "root") host.change(({ user }) => Object.assign(user, { name: "root", uid: 0 }));
		const sshd = await startSshd({ enter: host.enter });
		running.push(sshd);
		const home = join(folder, `home${number}`);
		mkdirSync(join(home, ".ssh"), { recursive: true });
		const config = join(home, ".ssh", "config");
		writeFileSync(
			config,
			`Host hv1\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${as}\n IdentityAgent none\n IdentityFile ${sshd.identity}\n`,
		);
		writeFileSync(join(home, ".ssh", "known_hosts"), sshd.knownHosts);
		return { host, home, reach: () => connect("hv1", { local: { ...localSide(), home }, prompts: noPrompts, configFiles: [config] }) };
	}

	async function planned({ reach }: Place, files: readonly WantedFile[]) {
		const connection = await reach();
		try {
			return await makePlan(connection, files);
		} finally {
			connection.close();
		}
	}

	async function apply(at: Place, files: readonly WantedFile[], options: Partial<DeployOptions> = {}): Promise<DeployResult> {
		return await deploy(await planned(at, files), newDeploymentId(new Date()), {
			connect: at.reach,
			confirm: async () => true,
			...options,
		});
	}

	const filesOf = ({ host }: Place) =>
		Object.fromEntries(everyPath.flatMap((path) => (host.read(path) === undefined ? [] : [[path, host.read(path)]])));
	const rulesOf = ({ host }: Place) => host.state().pf.anchors;
	const backups = "var/backups/openbsd-vnet";
	/** The processes of a host, by their numbers here. */
	function processes(host: SimulatedHost, part = ""): readonly string[] {
		return readdirSync("/proc").filter((name) => {
			try {
				const of = (file: string) => readFileSync(join("/proc", name, file), "utf8");
				return /^\d+$/.test(name) && of("cmdline").includes(part) && of("environ").includes(`PATH=${host.root}/bin:`);
			} catch {
				// It has ended, or is not ours to look at.
				return false;
			}
		});
	}
	/** What a mark of a deployment says. */
	function markOf(host: SimulatedHost, id: string, name: string): string | undefined {
		try {
			return readlinkSync(join(host.root, backups, id, name));
		} catch {
			return undefined;
		}
	}
	/** What a deployment must not leave. */
	function leftovers({ host }: Place): readonly string[] {
		const at = join(host.root, backups);
		const inside = existsSync(at) ? readdirSync(at, { recursive: true, encoding: "utf8" }) : [];
		const etc = readdirSync(join(host.root, "etc"), { recursive: true, encoding: "utf8" });
		// What was deployed is kept for the history.
		const isConfirmed = (path: string) => markOf(host, path.replace(/\/.*/, ""), "outcome") === "confirmed";
		return [
			...processes(host, "\0watchdog\0"),
			...inside.filter(
				(path) => path === "lock" || /\/(stale|settling|busy|run)$/.test(path) || (/\/new(\/|$)/.test(path) && !isConfirmed(path)),
			),
			...etc.filter((path) => /\.\d{8}T\d{6}-/.test(path) || path === "rc.securelevel"),
		];
	}
	/** Lets the watchdog's time be over. */
	function passTime({ host }: Place): void {
		const at = join(host.root, backups);
		for (const name of existsSync(at) ? readdirSync(at) : []) {
			const deadline = join(at, name, "deadline");
			if (name !== "lock" && existsSync(deadline) && readFileSync(deadline, "utf8") !== "0\n") writeFileSync(deadline, "0\n");
		}
	}
	async function settled(at: Place, meanwhile: () => void = () => undefined): Promise<void> {
		// expect.poll does not know its test among concurrent ones.
		for (let i = 0; i < 300 && leftovers(at).length > 0; i++) {
			meanwhile();
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		expect(leftovers(at)).toEqual([]);
	}

	test("a good deployment: files, permissions and rules are the new ones, and nothing else is left", async () => {
		const at = await place("op");
		at.host.write("/etc/hostname.em0", "inet autoconf\n");
		const plan = await planned(at, wanted(newFiles));
		expect(plan.changes.map(({ path }) => path)).toEqual(["/etc/pf.conf", "/etc/pf.vm/web01.conf", "/etc/hostname.veb0"]);
		expect(plan.changes[0]?.diff).toContain("-block all\n+block log all\n");
		expect(plan.unchanged).toEqual(["/etc/hostname.em1"]);
		expect(plan.others).toEqual(["/etc/hostname.em0"]);
		expect(plan.drifted).toEqual([]);
		expect(plan.activations.map(({ words }) => words.join(" "))).toEqual(["sh /etc/netstart veb0", "pfctl -f /etc/pf.conf"]);
		expect(plan.survival).toEqual({ kind: "survives", rule: "(skip)" });
		expect(await deploy(plan, newDeploymentId(new Date()), { connect: at.reach, confirm: async () => true })).toMatchObject({
			kind: "deployed",
		});
		expect(filesOf(at)).toEqual(newFiles);
		expect(statSync(join(at.host.root, "etc/pf.vm/web01.conf")).mode & 0o777).toBe(0o600);
		expect(statSync(join(at.host.root, "etc/hostname.veb0")).mode & 0o777).toBe(0o640);
		expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop log all");
		expect(rulesOf(at)["vm/web01"]?.[0]?.text).toContain("port = 443");
		expect(at.host.state().interfaces.find(({ name }) => name === "veb0")?.members).toEqual(["em1"]);
		await settled(at);

		// Once more: nothing differs, so nothing runs.
		const calls = at.host.calls().length;
		expect(await apply(at, wanted(newFiles))).toEqual({ kind: "unchanged" });
		expect(
			at.host
				.calls()
				.slice(calls)
				.filter((call) => /^(pfctl|netstart|vmctl reload)/.test(call)),
		).toEqual([]);

		// And back.
		const connection = await at.reach();
		const [latest] = await deployments(connection);
		const before = await filesBefore(connection, latest?.id ?? "");
		connection.close();
		expect(await apply(at, before)).toMatchObject({ kind: "deployed" });
		expect(filesOf(at)).toEqual(oldFiles);
		expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop all");
		await settled(at);
	});

	test("files that somebody changed on the host since stop it", async () => {
		const at = await place();
		expect(await apply(at, wanted(newFiles))).toMatchObject({ kind: "deployed" });
		at.host.write("/etc/pf.conf", "pass all\n");
		expect(await apply(at, wanted(oldFiles))).toEqual({ kind: "drifted", paths: ["/etc/pf.conf"] });
		expect(at.host.read("/etc/pf.conf")).toBe("pass all\n");
		expect(await apply(at, wanted(oldFiles), { overDrift: true })).toMatchObject({ kind: "deployed" });
	});

	test("files that the host's programs refuse stop it, at their lines, before anything is changed", async () => {
		const at = await place();
		const bad = { ...newFiles, "/etc/pf.vm/web01.conf": "pass\npass on on em0\n", "/etc/vm.conf": 'vm "a" {\n\tmemory x\n}\n' };
		const result = await apply(at, wanted(bad));
		expect(result).toMatchObject({
			kind: "rejected",
			complaints: expect.arrayContaining([
				expect.objectContaining({ path: "/etc/pf.vm/web01.conf", line: 2, text: say("{0}", "syntax error"), program: "pfctl -nf" }),
				expect.objectContaining({ path: "/etc/vm.conf", program: "vmd -nf" }),
			]),
		});
		expect(filesOf(at)).toEqual(oldFiles);
		await settled(at);
		const connection = await at.reach();
		expect(await validate(connection, runHostProgram, wanted(bad))).toMatchObject([
			{ path: "/etc/pf.vm/web01.conf", line: 2 },
			{ text: say("{0}", "pfctl: load anchors") },
			{ text: say("{0}", "vmd: invalid memory size: x: Invalid argument") },
			{ path: "/etc/vm.conf", line: 2 },
		]);
		expect(await validate(connection, runHostProgram, wanted(newFiles))).toEqual([]);
		connection.close();
		expect(filesOf(at)).toEqual(oldFiles);
	});

	test("a second deployment at the same time is refused; one whose watchdog died is taken over", async () => {
		const at = await place();
		let second: DeployResult | undefined;
		const first = await apply(at, wanted(newFiles), {
			confirm: async () => {
				second = await apply(at, wanted({ ...oldFiles, "/etc/hostname.em1": "down\n" }));
				return true;
			},
		});
		expect(first).toMatchObject({ kind: "deployed" });
		expect(second).toMatchObject({ kind: "failed", step: { id: "lock" }, end: "untouched" });
		await settled(at);
		at.host.run(`ln -s 20200101T000000-deadbeef /var/backups/openbsd-vnet/lock`);
		expect(await apply(at, wanted(oldFiles))).toMatchObject({ kind: "deployed" });
		await settled(at);
	});

	test("programs that know one path for their file find the new one there for as long as they read it", async () => {
		const vm = (memory: string) => `vm "web01" {\n\tdisable\n\tmemory ${memory}\n\tdisk "/var/web01.img"\n}\n`;
		const dhcpd = (range: string) => `subnet 10.0.0.0 netmask 255.255.255.0 {\n\trange ${range};\n}\n`;
		const files = {
			...oldFiles,
			"/etc/vm.conf": vm("512M"),
			"/etc/dhcpd.conf": dhcpd("10.0.0.10 10.0.0.20"),
			"/etc/sysctl.conf": "net.inet.ip.forwarding=0\n",
		};
		const at = await place("root", files);
		at.host.write("/var/web01.img", "");
		at.host.run("export OPENBSD_HOST_UID=0; vmctl reload");
		at.host.change(({ services }) => services.push("dhcpd"));
		const inode = () => statSync(join(at.host.root, "etc/vm.conf")).ino;
		const before = inode();
		const other = {
			...oldFiles,
			"/etc/vm.conf": vm("1G"),
			"/etc/dhcpd.conf": dhcpd("10.0.0.10 10.0.0.90"),
			"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
			"/etc/pf.conf": "block all\npass in proto tcp to port 22\n",
		};
		const memory = () => at.host.state().guests.map((guest) => guest.memory / 1024 ** 2);
		const forwarding = () => at.host.state().sysctl["net.inet.ip.forwarding"];
		const plan = await planned(at, wanted(other));
		expect(plan.activations.map(({ words }) => words.join(" "))).toEqual([
			"sysctl net.inet.ip.forwarding=1",
			"pfctl -f /etc/pf.conf",
			"pfctl -a vm/web01 -F rules",
			"vmctl reload",
			"rcctl restart dhcpd",
		]);
		const result = await apply(at, wanted(other), {
			confirm: async () => {
				expect([memory(), forwarding(), Object.keys(rulesOf(at))]).toEqual([[1024], "1", [""]]);
				expect([at.host.read("/etc/vm.conf"), inode()]).toEqual([vm("512M"), before]);
				return false;
			},
		});
		expect(result, JSON.stringify(result)).toMatchObject({ kind: "failed", end: "restored" });
		expect([memory(), forwarding(), Object.keys(rulesOf(at))]).toEqual([[512], "0", ["", "vm/web01"]]);
		await settled(at);
		expect(await apply(at, wanted(other))).toMatchObject({ kind: "deployed" });
		expect([memory(), at.host.read("/etc/vm.conf"), at.host.read("/etc/sysctl.conf")]).toEqual([
			[1024],
			vm("1G"),
			"net.inet.ip.forwarding=1\n",
		]);
		expect(at.host.calls()).toContain("rcctl restart dhcpd");
		await settled(at);
	});

	test("daemons that rc.conf.local enables from now on are started with it, and stopped where all goes back", async () => {
		const at = await place("op");
		at.host.write("/var/web01.img", "");
		at.host.change((state) => {
			state.vmd = "absent";
			state.services = state.services.filter((name) => name !== "vmd");
		});
		const vm = { "/etc/vm.conf": 'vm "web01" {\n\tmemory 512M\n\tdisk "/var/web01.img"\n}\n' };
		const alone = await planned(at, wanted({ ...oldFiles, ...vm }));
		expect([alone.activations, alone.notes.map((note) => render(note))]).toEqual([
			[],
			["vmd does not run there, so no guest starts: 'rcctl enable vmd' and 'rcctl start vmd' start it"],
		]);
		const files = wanted({
			...oldFiles,
			...vm,
			"/etc/dhcpd.conf": "subnet 10.0.0.0 netmask 255.255.255.0 {\n\trange 10.0.0.10 10.0.0.20;\n}\n",
			"/etc/rc.conf.local": "dhcpd_flags=em1\nvmd_flags=\n",
		});
		const plan = await planned(at, files);
		expect(plan.activations.map(({ words }) => words.join(" "))).toEqual(["rcctl start vmd", "rcctl start dhcpd"]);
		const runs = () => at.host.state().services.filter((name) => name === "vmd" || name === "dhcpd");
		const back = await apply(at, files, {
			confirm: async () => {
				expect([runs(), at.host.read("/etc/rc.conf.local")]).toEqual([["vmd", "dhcpd"], undefined]);
				return false;
			},
		});
		expect(back, JSON.stringify(back)).toMatchObject({ kind: "failed", end: "restored" });
		expect([runs(), at.host.state().vmd]).toEqual([[], "absent"]);
		await settled(at);
		expect(await apply(at, files)).toMatchObject({ kind: "deployed" });
		expect([runs(), at.host.state().vmd]).toEqual([["vmd", "dhcpd"], "running"]);
		// New flags of one that runs are read by it.
		const other = files.map(({ path, text }) => ({ path, text: path === "/etc/rc.conf.local" ? "dhcpd_flags=em0\nvmd_flags=\n" : text }));
		expect((await planned(at, other)).activations.map(({ words }) => words.join(" "))).toEqual(["rcctl restart dhcpd"]);
		expect(await apply(at, other)).toMatchObject({ kind: "deployed" });
		await settled(at);
	});

	test("a restart of vmd: guests that ran are waited for", async () => {
		const vm = (memory: string) => `vm "web01" {\n\tmemory ${memory}\n\tdisk "/var/web01.img"\n}\n`;
		const at = await place("op", { ...oldFiles, "/etc/vm.conf": vm("512M") });
		at.host.write("/var/web01.img", "");
		at.host.run("export OPENBSD_HOST_UID=0; vmctl reload");
		const guest = () => at.host.state().guests.find(({ name }) => name === "web01");
		expect(guest()).toMatchObject({ state: "running" });
		const files = wanted({ ...oldFiles, "/etc/vm.conf": vm("1G") });
		const connection = await at.reach();
		const plan = await makePlan(connection, files, { guestsBy: "restart" });
		connection.close();
		expect(plan.activations.map(({ words }) => words.join(" "))).toEqual(["rcctl restart vmd"]);
		const setState = (state: "running" | "stopped") =>
			at.host.change(({ guests }) => {
				for (const each of guests) each.state = state;
			});
		let late = false;
		const root: RootRunner = async (on, request, options) => {
			const result = await runHostProgram(on, request, options);
			if (request.verb === "activate") {
				setState("stopped");
				setTimeout(() => {
					late = true;
					setState("running");
				}, 2500);
			}
			return result;
		};
		const result = await deploy(plan, newDeploymentId(new Date()), {
			connect: at.reach,
			root,
			confirm: async () => {
				expect(late).toBe(true);
				return true;
			},
		});
		expect(result, JSON.stringify(result)).toMatchObject({ kind: "deployed" });
		expect(at.host.calls()).toContain("rcctl restart vmd");
		expect(guest()?.memory).toBe(1024 ** 3);
		await settled(at);
	});

	test("who may not run the host program is told what doas.conf needs, and who has none how it is installed", async () => {
		const at = await place("op");
		at.host.change((state) => {
			state.doas = ["pfctl"];
		});
		await expect(planned(at, wanted(newFiles))).rejects.toThrow("permit nopass op as root cmd openbsd-vnet-host");
		at.host.change((state) => {
			state.doas = ["openbsd-vnet-host"];
		});
		const program = join(at.host.bin, "openbsd-vnet-host");
		const text = readFileSync(program, "utf8");
		writeFileSync(program, text.replace(/^interface=.*/m, "interface=0"));
		await expect(planned(at, wanted(newFiles))).rejects.toThrow(
			"The openbsd-vnet-host of hv1 is of another version: install the one that 'openbsd-vnet host-program'",
		);
		rmSync(program);
		await expect(planned(at, wanted(newFiles))).rejects.toThrow("'openbsd-vnet host-program', or OpenBSD: Show Host Program in the editor");
	});

	test("nothing is asked of doas but the host program", async () => {
		const at = await place("op");
		expect(await apply(at, wanted(newFiles))).toMatchObject({ kind: "deployed" });
		const asked = at.host.calls().filter((call) => call.startsWith("doas "));
		expect(asked.length).toBeGreaterThan(10);
		expect(asked.filter((call) => !call.startsWith("doas -n openbsd-vnet-host 1 "))).toEqual([]);
	});

	test("a file that root has not listed on the host is refused to who is not root", async () => {
		const at = await place("op");
		const files: readonly WantedFile[] = [{ path: "/etc/ntpd.conf", text: "servers pool.ntp.org\n", listed: true }];
		await expect(planned(at, files)).rejects.toThrow("root can list it in /etc/openbsd-vnet.allow");
		at.host.write("/etc/openbsd-vnet.allow", "/etc/ntpd.conf\n");
		expect(await apply(at, files)).toMatchObject({ kind: "deployed" });
		expect(at.host.read("/etc/ntpd.conf")).toBe("servers pool.ntp.org\n");
	});

	test("rules that are not those of the files: a load that pfctl calls good is not taken for one", async () => {
		const at = await place();
		const root: RootRunner = async (connection, request, options) => {
			const result = await runHostProgram(connection, request, options);
			if (request.verb === "activate" && at.host.calls().at(-1)?.startsWith("pfctl -v -f") === true)
				at.host.change(({ pf }) => pf.anchors[""]?.splice(0, 1));
			return result;
		};
		const result = await apply(at, wanted(newFiles), { root });
		expect(result).toMatchObject({ kind: "failed", step: { id: "verify" }, end: "restored" });
		expect(result.kind === "failed" && render(result.message)).toContain("block drop log all is not there");
		expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop all");
		await settled(at);
	});

	test("a way back that does not work is told as such", async () => {
		const at = await place();
		const result = await apply(at, wanted(newFiles), {
			confirm: async () => {
				at.host.change(({ faults }) => {
					faults.pfctl = { status: 1, stderr: "pfctl: DIOCADDRULE: Device busy\n" };
				});
				return false;
			},
		});
		expect(result).toMatchObject({ kind: "failed", step: { id: "confirm" }, end: "incomplete" });
		expect(filesOf(at)).toEqual(oldFiles);
		await settled(at);
	});

	test("an interface that netstart cannot configure stops it, though netstart is content", async () => {
		const at = await place();
		const result = await apply(at, wanted({ ...oldFiles, "/etc/hostname.em7": "up\n" }));
		expect(result).toMatchObject({ kind: "failed", step: { id: "activate sh /etc/netstart em7" }, end: "restored" });
		await settled(at);
	});

	test("somebody changes a file between the backup and the confirmation: theirs stays", async () => {
		const at = await place();
		const result = await apply(at, wanted(newFiles), {
			confirm: async () => {
				at.host.write("/etc/pf.conf", "pass all\n");
				return true;
			},
		});
		expect(result).toMatchObject({ kind: "failed", step: { id: "keep" } });
		expect(at.host.read("/etc/pf.conf")).toBe("pass all\n");
		await settled(at);
	});

	test("a symbolic link is not followed, and no other file is touched", async () => {
		const at = await place();
		at.host.run("ln -s /root/x /etc/hostname.veb0");
		await expect(planned(at, wanted(newFiles))).rejects.toThrow(
			"/etc/hostname.veb0 on hv1 is reached by a symbolic link: it is not touched",
		);
		await expect(planned(at, [{ path: "/etc/master.passwd", text: "" }])).rejects.toThrow(
			"/etc/master.passwd is not a file that is deployed",
		);
		await expect(planned(at, [{ path: "/etc/pf.d/../passwd", text: "" }])).rejects.toThrow("is not a file that is deployed");
	});

	test("rules that shut us out are told beforehand", async () => {
		const at = await place();
		const plan = await planned(at, wanted({ ...oldFiles, "/etc/pf.conf": "block all\n" }));
		expect(plan.survival).toEqual({ kind: "blocked", rule: "block drop all" });
	});

	test.each([
		["the old connection lives on, as its state does", false, "restored"],
		["no connection is left", true, "watchdog"],
	] as const)("rules that shut us out are deployed all the same: the host comes back; %s", async (_, ends, end) => {
		const at = await place();
		const before = rulesOf(at);
		let old: Connection | undefined;
		// What pf would do: the simulated one filters nothing.
		const connect = async () => {
			if (rulesOf(at)[""]?.some(({ text }) => text.startsWith("pass")) === false && rulesOf(at)[""]?.length === 1) {
				if (ends) old?.client.destroy();
				throw new Error("hv1 did not answer within 20 s");
			}
			old = await at.reach();
			return old;
		};
		const result = await apply(at, wanted({ ...oldFiles, "/etc/pf.conf": "block all\n" }), { connect });
		expect(result, JSON.stringify(result)).toMatchObject({ kind: "failed", step: { id: "reconnect" }, end });
		passTime(at);
		await settled(at);
		expect([filesOf(at), rulesOf(at)]).toEqual([oldFiles, before]);
	});

	test("not confirmed: back at once", async () => {
		const at = await place();
		expect(await apply(at, wanted(newFiles), { confirm: async () => false })).toMatchObject({
			kind: "failed",
			step: { id: "confirm" },
			end: "restored",
		});
		expect(filesOf(at)).toEqual(oldFiles);
		expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop all");
		await settled(at);
	});

	test("the undoing is refused: it is not told as done, and the watchdog does it", async () => {
		const at = await place();
		let confirmed = false;
		const root: RootRunner = async (connection, request, options) =>
			confirmed
				? { status: 1, signal: undefined, stdout: "", stderr: "doas: not permitted", cut: false }
				: runHostProgram(connection, request, options);
		const confirm = async () => {
			confirmed = true;
			return false;
		};
		expect(await apply(at, wanted(newFiles), { root, confirm })).toMatchObject({ step: { id: "confirm" }, end: "watchdog" });
		passTime(at);
		await settled(at);
		expect(filesOf(at)).toEqual(oldFiles);
	});

	test("confirmed too late: the host has gone back, and says so", async () => {
		const at = await place();
		const result = await apply(at, wanted(newFiles), {
			confirm: async () => {
				passTime(at);
				await settled(at);
				return true;
			},
		});
		expect(result).toMatchObject({ kind: "failed", step: { id: "keep" } });
		expect(filesOf(at)).toEqual(oldFiles);
	});

	/** As rc(8) starts a host: what it ran before is gone, and its files say how it is (etc/rc, by the order of what we stand on). */
	function reboot({ host }: Place): void {
		for (const pid of processes(host)) process.kill(Number(pid), "SIGKILL");
		host.change((state) => {
			const { interfaces, pf, sysctl } = freshState();
			Object.assign(state, { interfaces, pf, sysctl });
		});
		host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart; pfctl -f /etc/pf.conf; [ ! -f /etc/rc.securelevel ] || sh /etc/rc.securelevel");
	}

	test("a reboot before the confirmation: the host comes up as it was, without a moment of the new", async () => {
		const at = await place();
		at.host.write("/etc/rc.securelevel", "echo mine >/root/mine\n");
		at.host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart");
		const [before, interfaces] = [rulesOf(at), at.host.state().interfaces];
		const result = await apply(at, wanted(newFiles), {
			confirm: async () => {
				// What is active is new, and what a reboot would read is old.
				expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop log all");
				expect(filesOf(at)).toEqual(oldFiles);
				reboot(at);
				expect(filesOf(at)).toEqual(oldFiles);
				expect(rulesOf(at)).toEqual(before);
				return true;
			},
		});
		expect(result).toMatchObject({ kind: "failed", step: { id: "keep" } });
		expect(rulesOf(at)).toEqual(before);
		expect(at.host.state().interfaces).toEqual(interfaces);
		expect(at.host.read("/etc/rc.securelevel")).toBe("echo mine >/root/mine\n");
		rmSync(join(at.host.root, "etc/rc.securelevel"));
		await settled(at);
	});

	describe("openbsd-vnet", () => {
		const launcher = join(folder, "cli", "dist", "openbsd-vnet.mjs");
		const work = join(folder, "work");
		beforeAll(async () => {
			await build({
				stdin: {
					contents: 'import { main } from "./cli/src/main.ts"; process.exitCode = await main(process.argv.slice(2), process);',
					resolveDir: root,
				},
				outfile: launcher,
				bundle: true,
				platform: "node",
				format: "esm",
				// ssh2 is a package of CommonJS.
				banner: {
					js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
				},
				conditions: ["source"],
				external: ["*.node", "cpu-features"],
				logLevel: "error",
			});
			// Where the command looks for its version.
			writeFileSync(join(folder, "cli", "package.json"), '{ "version": "0.0.0" }\n');
			for (const [path, text] of Object.entries(newFiles)) {
				mkdirSync(dirname(join(work, "hv1", path)), { recursive: true });
				writeFileSync(join(work, "hv1", path), text);
			}
			writeFileSync(join(work, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1" }] }));
		});

		function start({ home }: Place, args: readonly string[], cwd = work) {
			const env = { ...process.env, HOME: home };
			const child = spawn(process.execPath, [launcher, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
			const said = { stdout: "", stderr: "" };
			child.stdout.on("data", (text) => {
				said.stdout += text;
			});
			child.stderr.on("data", (text) => {
				said.stderr += text;
			});
			const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
			return { child, said, ended };
		}
		async function command(at: Place, ...args: string[]) {
			const { said, ended } = start(at, args);
			const status = await ended;
			return { status, ...said };
		}

		test("validate, plan, deploy, plan, rollback: with their statuses", async () => {
			const at = await place();
			expect(await command(at, "validate", "hv1")).toEqual({ status: 0, stdout: "", stderr: "" });
			const plan = await command(at, "plan", "hv1");
			expect(plan).toMatchObject({ status: 1, stderr: "" });
			expect(plan.stdout).toContain("-block all\n+block log all\n");
			expect(plan.stdout).toContain("  pfctl -f /etc/pf.conf\n    because the ruleset, or a file that it loads, has changed\n");
			expect(filesOf(at)).toEqual(oldFiles);
			const deployed = await command(at, "deploy", "hv1", "--auto-confirm", "--json");
			expect(deployed).toMatchObject({ status: 0, stderr: "" });
			expect(JSON.parse(deployed.stdout)).toMatchObject({ host: "hv1", result: "deployed" });
			expect(filesOf(at)).toEqual(newFiles);
			expect(await command(at, "plan", "hv1")).toEqual({ status: 0, stdout: "hv1: nothing to do\n", stderr: "" });
			const { id } = JSON.parse(deployed.stdout);
			const history = await command(at, "history", "hv1");
			expect(history).toEqual({ status: 0, stdout: `${id} root\n`, stderr: "" });
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
			expect((await command(at, "history", "hv1")).stdout.split("\n")).toHaveLength(3);
			at.host.write("/etc/pf.conf", "pass\n");
			expect(await command(at, "deploy", "hv1", "--auto-confirm", "--json")).toMatchObject({ status: 1 });
			expect(at.host.read("/etc/pf.conf")).toBe("pass\n");
			await settled(at);
		});

		test("a policy test that fails stops a deployment, unless it is told not to run them", async () => {
			const at = await place();
			const file = join(work, "hv1", "etc", "net.pftest");
			writeFileSync(file, "outside host tcp 22 pass\n");
			try {
				const refused = await command(at, "deploy", "hv1", "--auto-confirm");
				expect(refused.status, JSON.stringify(refused)).toBe(1);
				expect(refused.stdout).toContain("net.pftest:1: ");
				expect(refused.stdout).toContain("hv1: nothing was changed");
				expect(filesOf(at)).toEqual(oldFiles);
				expect(await command(at, "deploy", "hv1", "--auto-confirm", "--no-tests")).toMatchObject({ status: 0 });
				expect(filesOf(at)).toEqual(newFiles);
				await settled(at);
			} finally {
				rmSync(file);
			}
		});

		test.concurrent.each(faults ? steps : steps.filter(({ id }) => ["backup", "write", "verify"].includes(id) || id.includes("pfctl")))(
			"killed as it begins to $id: the host goes back, or has it all",
			async ({ id, what }) => {
				const at = await place(id.length % 2 === 0 ? "root" : "op");
				const { child, said, ended } = start(at, ["deploy", "hv1", "--auto-confirm"]);
				for (let i = 0; i < 6000 && !said.stderr.includes(`] ${render(what)}\n`); i++)
					await new Promise((resolve) => setTimeout(resolve, 10));
				expect(said.stderr).toContain(`] ${render(what)}\n`);
				child.kill("SIGKILL");
				await ended;
				await new Promise((resolve) => setTimeout(resolve, 1000));
				await settled(at, () => passTime(at));
				// Nothing waits for the confirmation here: the last step may have begun before it was seen.
				const kept = (id === "confirm" || id === "keep") && at.host.read("/etc/pf.conf") === newFiles["/etc/pf.conf"];
				expect(filesOf(at)).toEqual(kept ? newFiles : oldFiles);
				expect(rulesOf(at)[""]?.[0]?.text).toBe(kept ? "block drop log all" : "block drop all");
			},
		);

		test("a plan tells which connections become possible, and which stop", async () => {
			const files = { "/etc/hostname.em0": "inet 203.0.113.10/24\n", "/etc/pf.conf": "block all\npass in on em0 proto tcp to port 22\n" };
			const at = await place("root", files);
			const own = join(folder, "connections");
			cpSync(work, own, { recursive: true });
			rmSync(join(own, "hv1"), { recursive: true });
			mkdirSync(join(own, "hv1/etc"), { recursive: true });
			for (const [path, text] of Object.entries(files)) writeFileSync(join(own, "hv1", path), text.replace("22", "443"));
			const { said, ended } = start(at, ["plan", "hv1"], own);
			expect(await ended).toBe(1);
			expect(said.stdout).toMatch(
				/ {2}outside -> host, tcp 22: stops, by: block drop all\n {4}such as in em0 tcp \S+ port \d+ → 203\.0\.113\.10 port 22\n/,
			);
			expect(said.stdout).toContain(
				"  outside -> host, tcp 443: becomes possible, by: pass in on em0 proto tcp from any to any port = 443",
			);
		});

		test("files that are listed go along, and files that are only there are removed where that is said", async () => {
			const at = await place();
			const own = join(folder, "listed");
			cpSync(work, own, { recursive: true });
			writeFileSync(
				join(own, "openbsd-vnet.json"),
				JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1", deploy: ["/etc/ntpd.conf"] }] }),
			);
			writeFileSync(join(own, "hv1/etc/ntpd.conf"), "servers pool.ntp.org\n");
			at.host.write("/etc/hostname.veb9", "up\n");
			at.host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart veb9");
			const run = async (...args: string[]) => {
				const { said, ended } = start(at, args, own);
				return { status: await ended, ...said };
			};
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

		test("what others changed on the host is merged into the files here, and then deployed with them", async () => {
			const at = await place();
			const own = join(folder, "own");
			cpSync(work, own, { recursive: true });
			const cli = async (...args: string[]) => {
				const { said, ended } = start(at, args, own);
				return { status: await ended, ...said };
			};
			const file = join(own, "hv1/etc/pf.conf");
			const [deployed, ours] = [
				newFiles["/etc/pf.conf"] ?? "",
				readFileSync(file, "utf8").replace("set skip on lo\n", "set skip on { lo }\n"),
			];
			expect(await cli("deploy", "hv1", "--auto-confirm")).toMatchObject({ status: 0 });
			expect(await cli("merge", "hv1")).toMatchObject({ status: 0, stdout: "hv1: nothing was changed there since it was deployed\n" });
			at.host.write("/etc/pf.conf", `${deployed}pass in proto tcp to port 22\n`);
			writeFileSync(file, ours);
			const refused = await cli("deploy", "hv1", "--auto-confirm");
			expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining("'openbsd-vnet merge hv1' brings them together") });
			expect(await cli("merge", "hv1")).toMatchObject({ status: 0, stdout: "/etc/pf.conf: merged\n" });
			expect(readFileSync(file, "utf8")).toBe(`${ours}pass in proto tcp to port 22\n`);
			expect(await cli("deploy", "hv1", "--auto-confirm")).toMatchObject({ status: 0 });
			expect(at.host.read("/etc/pf.conf")).toBe(`${ours}pass in proto tcp to port 22\n`);
			// The same line on both sides.
			at.host.write("/etc/pf.conf", ours.replace("block log all", "block return all"));
			writeFileSync(file, `${ours.replace("block log all", "block all")}pass in proto tcp to port 22\n`);
			expect(await cli("merge", "hv1")).toMatchObject({ status: 1, stdout: "/etc/pf.conf: merged, with conflicts: 1\n" });
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
			const { said, ended } = start(at, ["merge", "hv1"], bare);
			expect(await ended, JSON.stringify(said)).toBe(0);
			expect(readFileSync(join(bare, "hv1/pf.conf"), "utf8")).toContain("# Ours.\n");
			expect(readFileSync(join(bare, "hv1/pf.conf"), "utf8")).toContain("\npass\n");
		});

		test("a rehearsal: the host goes back by itself, to what it had", async () => {
			const at = await place();
			const before = rulesOf(at);
			const seen: string[] = [];
			const { child, said, ended } = start(at, ["deploy", "hv1", "--rehearse", "--timeout", "10", "--json"]);
			while (child.exitCode === null) {
				seen.push(...(rulesOf(at)[""] ?? []).map(({ text }) => text));
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
			expect(await ended, JSON.stringify(said)).toBe(0);
			expect(JSON.parse(said.stdout)).toEqual({ host: "hv1", rehearsal: "works" });
			expect(seen).toContain('match all label "openbsd-vnet rehearsal"');
			expect(rulesOf(at)).toEqual(before);
			expect(filesOf(at)).toEqual(oldFiles);
			await settled(at);
			// A watchdog that does not fire is what it is there to find.
			const lame = start(at, ["deploy", "hv1", "--rehearse", "--timeout", "10", "--json"]);
			await expect.poll(() => processes(at.host, "\0watchdog\0").length, { timeout: 30_000 }).toBe(1);
			while (lame.child.exitCode === null) {
				at.host.run("for d in /var/backups/openbsd-vnet/*-*; do echo 9999999999 >$d/deadline; done");
				await new Promise((resolve) => setTimeout(resolve, 500));
			}
			expect(await lame.ended).toBe(1);
			expect(JSON.parse(lame.said.stdout)).toMatchObject({ rehearsal: "fails" });
			expect(rulesOf(at)).toEqual(before);
		});

		test("on a terminal: it counts down, gives more time, and keeps the change when told to", async () => {
			const at = await place();
			const line = `${process.execPath} ${launcher} deploy hv1 --timeout 100`;
			const child = spawn("script", ["-qec", line, "/dev/null"], { cwd: work, env: { ...process.env, HOME: at.home, TERM: "xterm" } });
			let said = "";
			child.stdout.on("data", (text) => {
				said += text;
			});
			const deadline = () => Number(at.host.run("cat /var/backups/openbsd-vnet/*-*/deadline").stdout.split(" ")[0]);
			await expect.poll(() => said, { timeout: 60_000 }).toContain("It goes back in 98 s.");
			const first = deadline();
			child.stdin.write("e\r");
			await expect.poll(deadline, { timeout: 10_000 }).toBeGreaterThan(first);
			child.stdin.write("y\r");
			const status = await new Promise((resolve) => child.on("close", resolve));
			expect(status, said).toBe(0);
			expect(filesOf(at)).toEqual(newFiles);
			await settled(at);
		});

		test("what it cannot do has status 2, and says why", async () => {
			const at = await place();
			expect(await command(at, "plan", "hv2")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("names no host 'hv2', but hv1"),
			});
			const nowhere = start(at, ["plan", "hv1"], "/");
			expect([await nowhere.ended, nowhere.said.stderr]).toEqual([2, expect.stringContaining('{ "hosts": [{ "name": "hv1",')]);
			expect(await command(at, "deploy", "hv1", "--rehearse", "--remove", "/etc/pf.conf")).toMatchObject({
				status: 2,
				stderr: expect.stringMatching(/leave out --remove\nusage: openbsd-vnet deploy HOST [\s\S]*--help' says what each does\n$/),
			});
			expect(await command(at, "deploy", "hv1")).toMatchObject({ status: 2, stderr: expect.stringContaining("nobody can confirm") });
			expect(await command(at, "rollback", "hv1", "--auto-confirm")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("nothing was deployed to hv1"),
			});
			writeFileSync(join(at.home, ".ssh", "known_hosts"), "");
			expect(await command(at, "plan", "hv1")).toMatchObject({
				status: 2,
				stderr: expect.stringContaining("is not known, and was not accepted"),
			});
			for (const [from, to, says] of [
				[/Port \d+/, "Port 1", "takes no connections at 127.0.0.1 port 1: does sshd listen there?"],
				[/HostName .*/, "HostName nowhere.invalid", "No address is known for nowhere.invalid: say it with HostName"],
			] as const) {
				const config = join(at.home, ".ssh", "config");
				writeFileSync(config, readFileSync(config, "utf8").replace(from, to));
				expect(await command(at, "plan", "hv1")).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
			}
		});
	});

	describe.skipIf(!faults)(
		`${(kinds.length + 1) * ids.length} points: ${kinds.length} faults at each of ${ids.length} steps, and above the client killed at each (OPENBSD_VNET_ALL_FAULTS=1)`,
		() => {
			/** Runs a deployment with a fault at a step; then the time passes. */
			async function withFault(id: string, kind: (typeof kinds)[number]): Promise<void> {
				const at = await place(kind === "cut" || kind === "fail" ? "op" : "root", oldFiles, kind === "full" ? mountDisks : undefined);
				const before = rulesOf(at);
				let current = "";
				const open: Connection[] = [];
				const cut = () => {
					for (const connection of open) connection.client.destroy();
				};
				const root: RootRunner = async (connection, request, options) => {
					if (current !== id) return await runHostProgram(connection, request, options);
					// What comes after is the undoing.
					current = "";
					if (kind === "fail") return { status: 1, signal: undefined, stdout: "", stderr: "disk full", cut: false };
					const result = runHostProgram(connection, request, options);
					if (kind === "midway") setTimeout(cut, 30);
					return await result;
				};
				const result = await apply(at, wanted(newFiles), {
					root,
					connect: async () => {
						if (current === "gone") throw new Error("no network");
						const connection = await at.reach();
						open.push(connection);
						return connection;
					},
					onStep: (step) => {
						current = step.id;
						if (step.id !== id) return;
						if (kind === "full") fill(at.host.root);
						if (kind === "cut" || kind === "reboot") cut();
						if (kind === "reboot") reboot(at);
						if (kind === "cut" || (id === "reconnect" && kind !== "full")) current = "gone";
					},
					confirm: async () => {
						if (current === "confirm" && kind === "midway") cut();
						return !(id === "confirm") || kind === "full";
					},
				});
				const onFullDisk = filesOf(at);
				if (kind === "full") for (const disk of disks) rmSync(join(at.host.root, disk, "fill"));
				// A step that goes on without us may set the watchdog's time once more.
				await settled(at, () => passTime(at));
				const files = filesOf(at);
				if (kind === "full") expect(files).toEqual(onFullDisk);
				if (result.kind === "deployed") expect(files).toEqual(newFiles);
				else if (id === "keep" && kind === "midway") expect([newFiles, oldFiles]).toContainEqual(files);
				else expect(files).toEqual(oldFiles);
				if (JSON.stringify(files) === JSON.stringify(oldFiles)) expect(rulesOf(at)).toEqual(before);
				if (kind === "full")
					expect(result.kind, JSON.stringify(result)).toBe(ids.indexOf(id) <= ids.indexOf("arm") ? "failed" : "deployed");
				else if (kind !== "midway") expect(result, JSON.stringify(result)).toMatchObject({ kind: "failed", step: { id } });
			}

			/** The host's disks are small ones of its own, to be filled. */
			const disks = ["etc", "var"];
			function mountDisks(root: string): void {
				for (const disk of disks) {
					mkdirSync(join(root, disk), { recursive: true });
					execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=755", "tmpfs", join(root, disk)]);
					mounted.push(join(root, disk));
				}
			}
			const mounted: string[] = [];
			afterAll(() => {
				for (const each of mounted) execFileSync("umount", ["-l", each]);
			});
			function fill(root: string): void {
				for (const disk of disks) spawnSync("dd", ["if=/dev/zero", `of=${join(root, disk, "fill")}`, "bs=4k"], { stdio: "ignore" });
			}
			for (const kind of kinds) {
				test.concurrent.each(ids)(`${kind}: %s`, (id) => withFault(id, kind));
			}
		},
	);
});
