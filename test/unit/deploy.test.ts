/** Deployments to a simulated host behind a real sshd: what they do, and what stops them. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Connection,
	type DeployResult,
	deploy,
	deployments as deploymentsOn,
	filesBefore,
	makePlan,
	newDeploymentId,
	type RootRunner,
	runHostProgram,
	validate,
	type WantedFile,
} from "@openbsd-vnet/remote";
import { msg, render } from "@openbsd-vnet/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { placesMissing } from "../openbsd-host/places.ts";
import { inTurns } from "../share.ts";
import {
	apply,
	backups,
	type Deployments,
	filesOf,
	newFiles,
	oldFiles,
	openDeployments,
	passTime,
	planned,
	reboot,
	rulesOf,
	settled,
	wanted,
} from "./deployments.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** What takes longest: each has its turn every third day. */
const inTurn = inTurns((name: string, run: () => Promise<void>) => test(name, run), 3);

describe
	.skipIf(placesMissing !== undefined)
	.concurrent(`deploy to a simulated host behind sshd${placesMissing === undefined ? "" : ` (${placesMissing})`}`, () => {
		let deployments: Deployments;
		beforeAll(async () => {
			deployments = await openDeployments("deploy");
		});
		afterAll(() => deployments.end());

		test("a good deployment: files, permissions and rules are the new ones, and nothing else is left", async () => {
			const at = await deployments.place("op");
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
			const [latest] = await deploymentsOn(connection);
			const before = await filesBefore(connection, latest?.id ?? "");
			connection.close();
			expect(await apply(at, before)).toMatchObject({ kind: "deployed" });
			expect(filesOf(at)).toEqual(oldFiles);
			expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop all");
			await settled(at);
		});

		inTurn("files that somebody changed on the host since stop it", async () => {
			const at = await deployments.place();
			expect(await apply(at, wanted(newFiles))).toMatchObject({ kind: "deployed" });
			at.host.write("/etc/pf.conf", "pass all\n");
			expect(await apply(at, wanted(oldFiles))).toEqual({ kind: "drifted", paths: ["/etc/pf.conf"] });
			expect(at.host.read("/etc/pf.conf")).toBe("pass all\n");
			expect(await apply(at, wanted(oldFiles), { overDrift: true })).toMatchObject({ kind: "deployed" });
		});

		test("a change of interfaces that are there: as after a start where it is kept, as before where it is not", async () => {
			const peer = "3J0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8mF0RkU=";
			const key = "wgkey mF0RkWkJ0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8= wgport 51820\n";
			const before = {
				...oldFiles,
				"/etc/hostname.veb0": "add vport0\nadd em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nup\n",
				"/etc/hostname.vport0": "inet 10.9.0.1/24\ninet alias 10.9.0.9/32\ngroup lan\n!route add 10.8.0.0/16 10.9.0.254\n",
				"/etc/hostname.wg0": `${key}wgpeer ${peer} wgaip 10.7.0.2/32\n`,
			};
			const after = {
				...before,
				"/etc/hostname.veb0": "add vport0\nadd em1\nrule pass in on em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nlink1\nup\n",
				"/etc/hostname.vport0": "inet 10.9.0.2/24\ndescription lan\n!route add 10.8.0.0/16 10.9.0.254\n",
				"/etc/hostname.wg0": key,
			};
			const started = async (files: Readonly<Record<string, string>>) => {
				const at = await deployments.place("root", files);
				await at.host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart");
				return at;
			};
			const shown = async ({ host }: Awaited<ReturnType<typeof started>>) => {
				const { stdout } = await host.run("ifconfig -A; route -n show");
				return stdout
					.replace(/index \d+/g, "index N")
					.replace(/lladdr .*/g, "lladdr M")
					.split("\n")
					.sort();
			};
			const at = await started(before);
			const old = await shown(at);
			const back = await apply(at, wanted(after), { confirm: async () => false });
			expect(back, JSON.stringify(back)).toMatchObject({ kind: "failed", step: { id: "confirm" }, end: "restored", declined: true });
			expect(await shown(at)).toEqual(old);
			const kept = await apply(at, wanted(after));
			expect(kept, JSON.stringify(kept)).toMatchObject({ kind: "deployed", differs: [] });
			expect(await shown(at)).toEqual(await shown(await started(after)));
			await settled(at);
		});

		inTurn("what a colleague changed in a file that we did not change is seen, and not overwritten", async () => {
			const at = await deployments.place();
			expect(await apply(at, wanted({ ...oldFiles, "/etc/pf.conf": newFiles["/etc/pf.conf"] ?? "" }))).toMatchObject({ kind: "deployed" });
			at.host.write("/etc/hostname.em1", "up\ndescription theirs\n");
			expect(await apply(at, wanted(newFiles))).toEqual({ kind: "drifted", paths: ["/etc/hostname.em1"] });
			expect(at.host.read("/etc/hostname.em1")).toBe("up\ndescription theirs\n");
			await settled(at);
		});

		inTurn("files that the host's programs refuse stop it, at their lines, before anything is changed", async () => {
			const at = await deployments.place();
			const bad = { ...newFiles, "/etc/pf.vm/web01.conf": "pass\npass on on em0\n", "/etc/vm.conf": 'vm "a" {\n\tmemory x\n}\n' };
			const result = await apply(at, wanted(bad));
			expect(result).toMatchObject({
				kind: "rejected",
				complaints: expect.arrayContaining([
					expect.objectContaining({ path: "/etc/pf.vm/web01.conf", line: 2, text: msg("{0}", "syntax error"), program: "pfctl -nf" }),
					expect.objectContaining({ path: "/etc/vm.conf", program: "vmd -nf" }),
				]),
			});
			expect(filesOf(at)).toEqual(oldFiles);
			await settled(at);
			const connection = await at.reach();
			expect(await validate(connection, runHostProgram, wanted(bad))).toMatchObject([
				{ path: "/etc/pf.vm/web01.conf", line: 2 },
				{ text: msg("{0}", "pfctl: load anchors") },
				{ text: msg("{0}", "vmd: invalid memory size: x: Invalid argument") },
				{ path: "/etc/vm.conf", line: 2 },
			]);
			expect(await validate(connection, runHostProgram, wanted(newFiles))).toEqual([]);
			connection.close();
			expect(filesOf(at)).toEqual(oldFiles);
		});

		inTurn("a second deployment at the same time is refused; one whose watchdog died is taken over", async () => {
			const at = await deployments.place();
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
			await at.host.run(`ln -s 20200101T000000-deadbeef /var/backups/openbsd-vnet/lock`);
			expect(await apply(at, wanted(oldFiles))).toMatchObject({ kind: "deployed" });
			await settled(at);
		});

		inTurn("programs that know one path for their file find the new one there for as long as they read it", async () => {
			const vm = (memory: string) => `vm "web01" {\n\tdisable\n\tmemory ${memory}\n\tdisk "/var/web01.img"\n}\n`;
			const dhcpd = (range: string) => `subnet 10.0.0.0 netmask 255.255.255.0 {\n\trange ${range};\n}\n`;
			const files = {
				...oldFiles,
				"/etc/vm.conf": vm("512M"),
				"/etc/dhcpd.conf": dhcpd("10.0.0.10 10.0.0.20"),
				"/etc/sysctl.conf": "net.inet.ip.forwarding=0\n",
			};
			const at = await deployments.place("root", files);
			at.host.write("/var/web01.img", "");
			await at.host.run("export OPENBSD_HOST_UID=0; vmctl reload");
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

		inTurn("daemons that rc.conf.local enables from now on are started with it, and stopped where all rolls back", async () => {
			const at = await deployments.place("op");
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

		inTurn("a restart of vmd: guests that ran are waited for", async () => {
			const vm = (memory: string) => `vm "web01" {\n\tmemory ${memory}\n\tdisk "/var/web01.img"\n}\n`;
			const at = await deployments.place("op", { ...oldFiles, "/etc/vm.conf": vm("512M") });
			at.host.write("/var/web01.img", "");
			await at.host.run("export OPENBSD_HOST_UID=0; vmctl reload");
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
			const at = await deployments.place("op");
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
				"The openbsd-vnet-host of hv1 is of another version: 'openbsd-vnet host install hv1' installs this one where this user may",
			);
			rmSync(program);
			await expect(planned(at, wanted(newFiles))).rejects.toThrow(
				"'openbsd-vnet host-program', or OpenBSD: Show Host Program in the editor",
			);
		});

		inTurn("nothing is asked of doas but the host program", async () => {
			const at = await deployments.place("op");
			expect(await apply(at, wanted(newFiles))).toMatchObject({ kind: "deployed" });
			const asked = at.host.calls().filter((call) => call.startsWith("doas "));
			expect(asked.length).toBeGreaterThan(10);
			expect(asked.filter((call) => !call.startsWith("doas -n openbsd-vnet-host 3 "))).toEqual([]);
		});

		test("a file that root has not listed on the host is refused to who is not root", async () => {
			const at = await deployments.place("op");
			const files: readonly WantedFile[] = [{ path: "/etc/ntpd.conf", text: "servers pool.ntp.org\n", listed: true }];
			await expect(planned(at, files)).rejects.toThrow("root can list it in /etc/openbsd-vnet.allow");
			at.host.write("/etc/openbsd-vnet.allow", "/etc/ntpd.conf\n");
			expect(await apply(at, files)).toMatchObject({ kind: "deployed" });
			expect(at.host.read("/etc/ntpd.conf")).toBe("servers pool.ntp.org\n");
		});

		inTurn("rules that are not those of the files: a load that pfctl calls good is not taken for one", async () => {
			const at = await deployments.place();
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

		inTurn("a way back that does not work is told as such", async () => {
			const at = await deployments.place();
			const result = await apply(at, wanted(newFiles), {
				confirm: async () => {
					at.host.change(({ faults }) => {
						faults.pfctl = { status: 1, stderr: "pfctl: DIOCADDRULE: Device busy\n" };
					});
					const [id = ""] = readdirSync(join(at.host.root, backups)).filter((name) => name !== "lock");
					const program = join(at.host.root, backups, id, "program");
					writeFileSync(program, readFileSync(program, "utf8").replace(/^back_for=.*/m, "back_for=1"));
					return false;
				},
			});
			expect(result).toMatchObject({
				kind: "failed",
				step: { id: "confirm" },
				end: "incomplete",
				differs: expect.arrayContaining(["- block drop all"]),
			});
			expect(filesOf(at)).toEqual(oldFiles);
			await settled(at);
		});

		test("an interface that netstart cannot configure stops it, though netstart is content", async () => {
			const at = await deployments.place();
			const result = await apply(at, wanted({ ...oldFiles, "/etc/hostname.em7": "up\n" }));
			expect(result).toMatchObject({ kind: "failed", step: { id: "activate sh /etc/netstart em7" }, end: "restored" });
			await settled(at);
		});

		inTurn("somebody changes a file between the backup and the confirmation: theirs stays", async () => {
			const at = await deployments.place();
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
			const at = await deployments.place();
			await at.host.run("ln -s /root/x /etc/hostname.veb0");
			await expect(planned(at, wanted(newFiles))).rejects.toThrow(
				"/etc/hostname.veb0 on hv1 is reached by a symbolic link: it is not touched",
			);
			await expect(planned(at, [{ path: "/etc/master.passwd", text: "" }])).rejects.toThrow(
				"/etc/master.passwd is not a file that is deployed",
			);
			await expect(planned(at, [{ path: "/etc/pf.d/../passwd", text: "" }])).rejects.toThrow("is not a file that is deployed");
		});

		test("rules that shut us out are told beforehand", async () => {
			const at = await deployments.place();
			const plan = await planned(at, wanted({ ...oldFiles, "/etc/pf.conf": "block all\n" }));
			expect(plan.survival).toEqual({ kind: "blocked", rule: "block drop all" });
		});

		test.each([
			["the old connection lives on, as its state does", false, "restored"],
			["no connection is left", true, "watchdog"],
		] as const)("rules that shut us out are deployed all the same: the host comes back; %s", async (_, ends, end) => {
			const at = await deployments.place();
			const before = rulesOf(at);
			let old: Connection | undefined;
			// What pf would do: the simulated one filters nothing.
			const connect = async () => {
				if (rulesOf(at)[""]?.some(({ text }) => text.startsWith("pass")) === false && rulesOf(at)[""]?.length === 1) {
					if (ends) old?.close();
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
			const at = await deployments.place();
			expect(await apply(at, wanted(newFiles), { confirm: async () => false })).toMatchObject({
				kind: "failed",
				step: { id: "confirm" },
				end: "restored",
			});
			expect(filesOf(at)).toEqual(oldFiles);
			expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop all");
			await settled(at);
		});

		inTurn("the undoing is refused: it is not told as done, and the watchdog does it", async () => {
			const at = await deployments.place();
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

		inTurn("confirmed too late: the host has rolled back, and says so", async () => {
			const at = await deployments.place();
			const result = await apply(at, wanted(newFiles), {
				confirm: async () => {
					passTime(at);
					await settled(at, { connected: true });
					return true;
				},
			});
			expect(result).toMatchObject({ kind: "failed", step: { id: "keep" } });
			expect(filesOf(at)).toEqual(oldFiles);
		});

		inTurn("a reboot before the confirmation: the host comes up as it was, without a moment of the new", async () => {
			const at = await deployments.place();
			at.host.write("/etc/rc.securelevel", "echo mine >/root/mine\n");
			await at.host.run("export OPENBSD_HOST_UID=0; sh /etc/netstart");
			const [before, interfaces] = [rulesOf(at), at.host.state().interfaces];
			const result = await apply(at, wanted(newFiles), {
				confirm: async () => {
					// What is active is new, and what a reboot would read is old.
					expect(rulesOf(at)[""]?.[0]?.text).toBe("block drop log all");
					expect(filesOf(at)).toEqual(oldFiles);
					await reboot(at);
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
	});
