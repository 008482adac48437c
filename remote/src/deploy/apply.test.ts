/** How a deployment goes and ends, over a host in memory. What the host program does then is shown by test/unit/deploy.test.ts. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test, vi } from "vitest";
import { ConnectionError } from "../connection-error.ts";
import { type DeployOptions, type DeployResult, deploy, newDeploymentId, stepsOf } from "./apply.ts";
import { digest, type WantedFile } from "./files.ts";
import { makePlan, type Plan } from "./plan.ts";
import { refusedChanges } from "./refused.ts";
import { deployRequests, isDeploymentId } from "./requests.ts";
import type { RootRequest } from "./root.ts";
import { guestHeader, guestLine, type HostInMemory, hostInMemory } from "./testing.ts";

const id = "20260102T030405-0123abcd";

const ruleset: WantedFile = { path: "/etc/pf.conf", text: "pass\n" };
const settings: WantedFile = { path: "/etc/sysctl.conf", text: "net.inet.ip.forwarding=1\n" };

async function planFor(host: HostInMemory, ...wanted: readonly WantedFile[]): Promise<Plan> {
	const plan = await makePlan(host.connect(), wanted, { root: host.root });
	host.asked.length = 0;
	return plan;
}

/** Deploys, and says which steps were told of. */
async function run(
	host: HostInMemory,
	plan: Plan,
	more: Partial<DeployOptions> = {},
): Promise<{ readonly result: DeployResult; readonly steps: readonly string[] }> {
	const steps: string[] = [];
	const result = await deploy(plan, id, {
		connect: async () => host.connect(),
		confirm: async () => true,
		onStep: (step, index, count) => {
			steps.push(`${index + 1}/${count} ${step.id}`);
		},
		root: host.root,
		...more,
	});
	return { result, steps };
}

const verbs = (host: HostInMemory): readonly string[] =>
	host.asked.map(({ verb, args = [] }) => [verb, ...(verb === "fetch" || verb === "check" ? [] : args)].join(" "));

const ending = (result: DeployResult): string =>
	result.kind === "failed" ? `${result.step.id}: ${render(result.message)}; ${result.end}` : result.kind;

describe("a deployment", () => {
	test("takes its steps in their order, and asks for nothing else", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset, settings);
		host.sysctls.set("net.inet.ip.forwarding", "1");
		const open = host.open();
		const { result, steps } = await run(host, plan);
		expect(result).toMatchObject({ kind: "deployed", id });
		expect(steps).toEqual([
			"1/13 lock",
			"2/13 stage",
			"3/13 check",
			"4/13 backup",
			"5/13 write",
			"6/13 arm",
			"7/13 verify-armed",
			"8/13 activate sysctl net.inet.ip.forwarding=1",
			"9/13 activate pfctl -f /etc/pf.conf",
			"10/13 reconnect",
			"11/13 verify",
			"12/13 confirm",
			"13/13 keep",
		]);
		expect(verbs(host)).toEqual([
			`lock ${id} 120`,
			`stage ${id}`,
			"fetch",
			"check",
			`backup ${id}`,
			`write ${id}`,
			`arm ${id} 120`,
			`verify-armed ${id}`,
			`activate ${id} 0`,
			`activate ${id} 1`,
			"rules",
			`keep ${id}`,
			"rules",
		]);
		expect(host.open()).toBe(open);
	});

	test("tells what each step does, and which leave the host changed", async () => {
		const steps = stepsOf(await planFor(hostInMemory(), ruleset));
		expect(steps.map(({ what, changes }) => `${changes ? "! " : ""}${render(what)}`)).toEqual([
			"take the lock and start the watchdog",
			"bring the files to the host",
			"let the host's own programs check them",
			"back up the files that change",
			"write the files beside their places",
			"arm the watchdog",
			"see that the watchdog is armed",
			"! run pfctl -f /etc/pf.conf",
			"! make a new connection",
			"! check what is running",
			"! wait for the confirmation",
			"! put the files in their places, for good",
		]);
	});

	test("says what is not as after a start with the new files", async () => {
		const host = hostInMemory();
		host.files.set("/etc/hostname.em0", { text: "inet 203.0.113.10/24\ngroup lan\n" });
		host.answers.set("rules", { stdout: "pass all flags S/SA\n" });
		const plan = await planFor(host, ruleset);
		const { result } = await run(host, plan);
		expect(
			result.kind === "deployed" && result.differs?.map(({ subject, expected, found }) => [subject, render(expected), render(found)]),
		).toEqual([["em0", "group lan", "not set"]]);
	});

	test("needs nobody who is told of its steps", async () => {
		const host = hostInMemory();
		host.answers.set("rules", { stdout: "pass all flags S/SA\n" });
		const plan = await planFor(host, ruleset);
		expect(await deploy(plan, id, { connect: async () => host.connect(), confirm: async () => true, root: host.root })).toEqual({
			kind: "deployed",
			id,
			differs: [],
		});
		expect(host.asked.find(({ verb }) => verb === "check")?.args).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), id]);
	});

	test("of nothing connects to nothing", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "pass\n" });
		const plan = await planFor(host, ruleset);
		expect((await run(host, plan, { connect: () => Promise.reject(new Error("not asked for")) })).result).toEqual({ kind: "unchanged" });
	});

	test("stops before a file that somebody changed, unless it is told to go over it", async () => {
		const host = hostInMemory();
		host.deployed.set("/etc/pf.conf", "block\n");
		const plan = await planFor(host, ruleset);
		expect((await run(host, plan)).result).toEqual({ kind: "drifted", paths: ["/etc/pf.conf"] });
		expect(host.asked).toEqual([]);
		expect((await run(host, plan, { overDrift: true })).result).toMatchObject({ kind: "deployed" });
	});

	test("stops before a file that names its interface by a MAC address, and says by which name it can be deployed", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, { path: "/etc/hostname.fe:e1:ba:d3:00:03", text: "up\n" });
		const { result } = await run(host, plan);
		expect(result.kind === "rejected" && result.complaints.map(({ text, advice }) => [render(text), advice && render(advice)])).toEqual([
			["hostname files that name their interface by a MAC address are not deployed", "Name the file by the interface."],
		]);
		const em3 = { name: "em3", flags: [], groups: [], addresses: [], members: [], other: [], lladdr: "fe:e1:ba:d3:00:03" };
		expect(refusedChanges(plan.changes, { interfaces: [em3] }).map(({ advice }) => advice && render(advice))).toEqual([
			"The interface with this address is em3: name the file /etc/hostname.em3.",
		]);
		expect(host.asked.filter(({ verb }) => verb === "lock")).toEqual([]);
	});

	test("ends where a program of the host refuses a file, and goes on over its warnings", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		const check =
			(output: string, status: number) =>
			({ args: [marker] = [] }: RootRequest) => ({
				stdout: `${marker} /tmp/f\n\n${marker} 0\n${output}\n${marker} ${status}\n`,
			});
		host.answers.set("check", check("/tmp/f/file.0:1: syntax error", 1));
		const { result } = await run(host, plan);
		expect(result).toMatchObject({
			kind: "rejected",
			complaints: [{ path: "/etc/pf.conf", line: 1, severity: "error", program: "pfctl -nf" }],
		});
		expect(verbs(host).at(-1)).toBe(`undo ${id}`);
		host.answers.set("check", check("/tmp/f/file.0:1: a warning", 0));
		expect((await run(host, plan)).result).toMatchObject({ kind: "deployed" });
	});

	test("waits as long as it is told, and longer where the user asks for more; what comes before the first change has its own time", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		await run(host, plan, {
			seconds: 30,
			confirm: async (extend) => {
				await extend(45);
				return true;
			},
		});
		expect(verbs(host).filter((verb) => /^(lock|arm|extend)/.test(verb))).toEqual([`lock ${id} 120`, `arm ${id} 30`, `extend ${id} 45`]);
	});
});

describe("a deployment that fails", () => {
	/** The host answers a verb with a status and words. */
	const fails = (host: HostInMemory, verb: string, status: number, stderr = "", stdout = "") =>
		host.answers.set(verb, { status, stderr, stdout });

	test.each([
		["lock", 1, "cannot", "", "lock: hv1: cannot; untouched"],
		[
			"lock",
			75,
			"",
			"20260101T000000-00000000 alice",
			"lock: another deployment is under way on hv1: 20260101T000000-00000000 alice. It ends when it is confirmed, or by itself when its time is over; untouched",
		],
		["write", 77, "", "/etc/pf.conf", "write: somebody changed /etc/pf.conf on hv1 since this was planned: plan it again; untouched"],
		["arm", 76, "", "", "arm: the time was over: hv1 has rolled back; untouched"],
		["verify-armed", 1, "", "said on stdout", "verify-armed: hv1: said on stdout; untouched"],
		["stage", 3, "", "", "stage: hv1: exit status 3; untouched"],
	])("at %s with status %i", async (verb, status, stderr, stdout, end) => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		fails(host, verb, status, stderr, stdout);
		const { result } = await run(host, plan);
		expect(ending(result)).toBe(end);
		expect(result).toMatchObject({ id, seconds: 120 });
		expect(verbs(host).at(-1)).toBe(`undo ${id}`);
	});

	test.each([
		["restored", 0, "restored"],
		["incomplete", 0, "incomplete"],
		["", 0, "trying"],
		["restored", 1, "watchdog"],
		["incomplete", 1, "watchdog"],
		["confirmed", 1, "watchdog"],
	])("after the change, where the way back prints %j with status %i: %s", async (outcome, status, end) => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		fails(host, "activate", 1, "no");
		host.answers.set("undo", { status, stdout: `${outcome}\n` });
		expect(ending((await run(host, plan)).result)).toBe(`activate pfctl -f /etc/pf.conf: hv1: no; ${end}`);
	});

	test("before anything changed is untouched, also where the host says that it rolled back", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		fails(host, "arm", 1, "no");
		host.answers.set("undo", { stdout: "restored\n" });
		expect(ending((await run(host, plan)).result)).toBe("arm: hv1: no; untouched");
	});

	test("is deployed where the host had confirmed it after all", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		fails(host, "keep", 1, "no answer");
		host.answers.set("undo", { stdout: "confirmed\n" });
		expect((await run(host, plan)).result).toMatchObject({ kind: "deployed", id });
	});

	test.each([
		["keep", "undecided"],
		["activate", "watchdog"],
		["arm", "untouched"],
	])("at %s, where the way back cannot be asked for: %s", async (verb, end) => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		fails(host, verb, 1, "no");
		host.answers.set("undo", () => {
			throw new ConnectionError("timed-out", { template: "no", args: [] });
		});
		expect((await run(host, plan)).result).toMatchObject({ kind: "failed", end });
	});

	test.each([
		["keep", "undecided"],
		["activate", "watchdog"],
		["arm", "untouched"],
	])("at %s, with the line: %s", async (verb, end) => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		const connections: ReturnType<HostInMemory["connect"]>[] = [];
		host.answers.set(verb, () => {
			for (const connection of connections) connection.close();
			throw new ConnectionError("lost", { template: "the line", args: [] });
		});
		const { result } = await run(host, plan, {
			connect: async () => {
				const made = host.connect();
				connections.push(made);
				return made;
			},
		});
		expect(result).toMatchObject({ kind: "failed", message: { template: "the line" }, end });
		expect(verbs(host)).not.toContain(`undo ${id}`);
	});

	test("where nobody can connect is untouched, with its first step", async () => {
		const plan = await planFor(hostInMemory(), ruleset);
		const host = hostInMemory();
		const { result, steps } = await run(host, plan, { connect: () => Promise.reject(new Error("no way")) });
		expect(ending(result)).toBe("lock: no way; untouched");
		expect(steps).toEqual([]);
	});

	test("where no new connection can be made rolls back", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		host.answers.set("undo", { stdout: "restored" });
		let connections = 0;
		const { result } = await run(host, plan, {
			connect: async () => {
				if (++connections > 1) throw new ConnectionError("unreachable", { template: "locked out", args: [] });
				return host.connect();
			},
		});
		expect(ending(result)).toBe("reconnect: locked out; restored");
	});

	test("where it is not confirmed rolls back", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		host.answers.set("undo", { stdout: "restored" });
		expect(ending((await run(host, plan, { confirm: async () => false })).result)).toBe("confirm: the change was not confirmed; restored");
		expect(verbs(host)).not.toContain(`keep ${id}`);
		expect((await run(host, plan, { confirm: async () => false })).result).toMatchObject({ declined: true });
		expect((await run(host, plan, { confirm: () => Promise.reject(new Error("the line")) })).result).toMatchObject({ declined: false });
	});

	test("where it is cancelled rolls back: before it began to nothing, later by the way back", async () => {
		const host = hostInMemory();
		const plan = await planFor(host, ruleset);
		const cancel = new AbortController();
		cancel.abort(new Error("cancelled"));
		expect(ending((await run(host, plan, { signal: cancel.signal })).result)).toBe("lock: cancelled; untouched");
		expect(host.asked).toEqual([]);
		host.answers.set("undo", { stdout: "restored" });
		const later = new AbortController();
		const { result } = await run(host, plan, {
			signal: later.signal,
			onStep: ({ id: step }) => (step === "verify" ? later.abort(new Error("enough")) : undefined),
		});
		expect(ending(result)).toBe("verify: enough; restored");
	});
});

describe("what is looked at before the confirmation", () => {
	async function verified(host: HostInMemory, wanted: readonly WantedFile[], after: () => void = () => undefined): Promise<string> {
		const plan = await planFor(host, ...wanted);
		after();
		host.answers.set("undo", { stdout: "restored" });
		return ending((await run(host, plan)).result);
	}

	test("rules that pfctl said to load and that are not there", async () => {
		const host = hostInMemory();
		host.answers.set("activate", { stdout: "pass all flags S/SA\nblock drop all\n" });
		host.answers.set("rules", { stdout: "pass all flags S/SA\n" });
		expect(await verified(host, [ruleset])).toBe(
			"verify: the rules on hv1 are not those that were loaded: block drop all is not there; restored",
		);
		host.answers.set("rules", { stdout: "pass all flags S/SA\nblock drop all\n" });
		expect(await verified(host, [ruleset])).toBe("deployed");
		host.answers.set("rules", { status: 1, stderr: "pfctl: no" });
		expect(await verified(host, [ruleset])).toBe("verify: hv1: pfctl: no; restored");
	});

	test("anchors that are empty, although their files have rules", async () => {
		const wanted = [
			{ path: "/etc/pf.conf", text: 'load anchor a from "/etc/pf.a"\nload anchor b from "/etc/pf.b"\nload anchor c from "/etc/pf.c"\n' },
			{ path: "/etc/pf.a", text: "pass\n" },
			{ path: "/etc/pf.b", text: "block\n" },
			{ path: "/etc/pf.c", text: "# none\n" },
		];
		const host = hostInMemory();
		host.answers.set("loaded", ({ args = [] }) => ({
			stdout: args.map((anchor) => `anchor ${anchor}\n${anchor === "a" ? "pass all\n" : ""}`).join(""),
		}));
		expect(await verified(host, wanted)).toBe("verify: the anchor b on hv1 is empty; restored");
		expect(host.asked.find(({ verb }) => verb === "loaded")?.args).toEqual(["a", "b"]);
		host.answers.set("loaded", { stdout: "anchor a\npass all\nanchor b\nblock all\n" });
		expect(await verified(host, wanted)).toBe("deployed");
	});

	test("settings that are not as they were set", async () => {
		const host = hostInMemory();
		host.sysctls.set("net.inet.ip.forwarding", "0");
		expect(await verified(host, [settings])).toBe("verify: net.inet.ip.forwarding is 0 on hv1; restored");
		host.sysctls.delete("net.inet.ip.forwarding");
		expect(await verified(host, [settings])).toBe("verify: hv1: exit status 1; restored");
	});

	const em0 = "em0: flags=8843<UP> mtu 1500\n\tinet 203.0.113.10 netmask 0xffffff00\nem1: flags=8843<UP>\nem2: flags=8843<UP>";
	const veb0 = "veb0: flags=a843<UP>\n\tgroups: veb\n\tem1 flags=3<LEARNING,DISCOVER>\n\t\tport 2 ifpriority 0 ifcost 0";
	test.each([
		[
			"an interface that is not there",
			[{ path: "/etc/hostname.veb0", text: "up\n" }],
			em0,
			"activate sh /etc/netstart veb0: veb0 is not there on hv1; restored",
		],
		[
			"an interface without a member",
			[{ path: "/etc/hostname.veb0", text: "add em1\nadd em2\nup\n" }],
			`${em0}\n${veb0}`,
			"activate sh /etc/netstart veb0: veb0 on hv1 does not have what its file says: add em2; restored",
		],
		["an interface with its members", [{ path: "/etc/hostname.veb0", text: "add em1\nup\n" }], `${em0}\n${veb0}`, "deployed"],
		[
			"an interface that is taken away and still there",
			[{ path: "/etc/hostname.veb0", text: undefined }],
			`${em0}\n${veb0}`,
			"verify: veb0 is still there on hv1; restored",
		],
		["an interface that is taken away", [{ path: "/etc/hostname.veb0", text: undefined }], em0, "deployed"],
		[
			"a loopback that is taken away, and that the kernel has made for a routing domain",
			[{ path: "/etc/hostname.lo7", text: undefined }],
			`${em0}\nlo7: flags=8008<LOOPBACK,MULTICAST> rdomain 7 mtu 32768\npair7: flags=8843<UP> rdomain 7 mtu 1500`,
			"deployed",
		],
		[
			"a loopback that is taken away and still there, with its address",
			[{ path: "/etc/hostname.lo7", text: undefined }],
			`${em0}\nlo7: flags=8049<UP,LOOPBACK> rdomain 7 mtu 32768\n\tinet 10.70.0.1 netmask 0xffffffff\npair7: flags=8843<UP> rdomain 7 mtu 1500`,
			"verify: lo7 is still there on hv1; restored",
		],
		[
			"interfaces with the members of their own files",
			[
				{ path: "/etc/hostname.vport0", text: "up\n" },
				{ path: "/etc/hostname.veb0", text: "add em1\nup\n" },
			],
			`${em0}\n${veb0}\nvport0: flags=8843<UP>`,
			"deployed",
		],
	])("%s", async (_, wanted, interfaces, end) => {
		const host = hostInMemory();
		for (const { path, text } of wanted) if (text === undefined) host.files.set(path, { text: "up\n" });
		expect(await verified(host, wanted, () => Object.assign(host, { interfaces }))).toBe(end);
	});

	const vm: WantedFile = { path: "/etc/vm.conf", text: "" };
	const running = [guestHeader, guestLine(1, "web", "running"), guestLine(2, "db", "running"), guestLine(3, "x", "stopped")].join("\n");
	const stopped = [guestHeader, guestLine(1, "web", "stopped")].join("\n");
	test("guests that ran before and do not run, and vmd that does not", async () => {
		const host = hostInMemory();
		host.guests = running;
		expect(await verified(host, [vm], () => Object.assign(host, { guests: stopped }))).toBe(
			"verify: guests that ran before do not run: web, db; restored",
		);
		host.guests = running;
		expect(await verified(host, [vm])).toBe("deployed");
		host.guests = guestHeader;
		expect(await verified(host, [vm], () => Object.assign(host, { guests: "", guestStatus: 127 }))).toBe(
			"verify: vmd does not run on hv1; restored",
		);
		const other = hostInMemory();
		Object.assign(other, { guests: "", guestStatus: 127 });
		expect(await verified(other, [ruleset])).toBe("deployed");
		expect(await verified(other, [{ path: "/etc/dhcpd.conf", text: "" }])).toBe("deployed");
	});

	test("guests are waited for after a restart of vmd, which starts one after the other", async () => {
		vi.useFakeTimers();
		try {
			const host = hostInMemory();
			host.guests = running;
			const plan = await makePlan(host.connect(), [vm], { root: host.root, guestsBy: "restart" });
			host.answers.set("undo", { stdout: "restored" });
			const states = [stopped, stopped, running];
			host.guests = stopped;
			let asked = 0;
			const connect = async () => {
				const made = host.connect();
				const exec: typeof made.exec = (...args) => {
					host.guests = states[asked++] ?? running;
					return made.exec(...args);
				};
				return { ...made, exec };
			};
			const ended = run(host, plan, { connect });
			await vi.advanceTimersByTimeAsync(10_000);
			expect(ending((await ended).result)).toBe("deployed");
			expect(asked).toBeGreaterThanOrEqual(3);

			states.fill(stopped);
			const never = run(host, plan, { connect: async () => host.connect() });
			host.guests = stopped;
			await vi.advanceTimersByTimeAsync(59_000);
			expect(host.asked.some(({ verb }) => verb === "undo")).toBe(false);
			await vi.advanceTimersByTimeAsync(5_000);
			expect(ending((await never).result)).toBe("verify: guests that ran before do not run: web, db; restored");
		} finally {
			vi.useRealTimers();
		}
	});
});

describe("what the host program is asked for", () => {
	test("loads a changed file that has a name of its own from where it lies, though pf.conf stays as it is", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: 'block\nload anchor w from "/etc/web.conf"\n', permissions: "-rw-------" });
		host.files.set("/etc/web.conf", { text: "pass\n" });
		const plan = await planFor(host, { path: "/etc/web.conf", text: "block\n", listed: true });
		expect(plan.survival.kind).toBe("blocked");
		const { input = "" } = deployRequests(id, plan, 60).stage;
		expect(input).toContain("run 0 rules");
		expect(input).toContain("text 1 0 run/etc/web.conf");
		expect(input).toContain(`load anchor w from "/var/backups/openbsd-vnet/${id}/run/etc/web.conf"`);
	});

	test("a plan in lines with its texts, and the rulesets as they name each other meanwhile", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: 'load anchor a from "/etc/pf.a"\n', permissions: "-rw-------" });
		host.files.set("/etc/pf.a", { text: "pass\n" });
		host.files.set("/etc/hostname.vport0", { text: "up\n" });
		host.interfaces += "\nvport0: flags=8843<UP>";
		const plan = await planFor(
			host,
			{ path: "/etc/pf.conf", text: 'load anchor b from "/etc/pf.a"\n' },
			{ path: "/etc/hostname.vport0", text: undefined },
			{ path: "/etc/sysctl.conf", text: "a.b=1\n" },
			{ path: "/etc/rc.conf.local", text: "dhcpd_flags=\n" },
		);
		const { input } = deployRequests(id, plan, 60).stage;
		const put = (n: number, before: string, mode: string, text: string, path: string) =>
			`change ${n} ${before === "" ? "absent -" : `file ${digest(before)}`} put ${mode} ${digest(text)} ${path}`;
		expect(input?.split("\n")).toEqual([
			"text 1 0 new/0",
			"text 1 0 new/2",
			"text 1 0 new/3",
			"text 1 0 run/etc/pf.conf",
			"text 1 0 run/etc/pf.a",
			put(0, 'load anchor a from "/etc/pf.a"\n', "600", 'load anchor b from "/etc/pf.a"\n', "/etc/pf.conf"),
			`change 1 file ${digest("up\n")} remove 640 - /etc/hostname.vport0`,
			put(2, "", "644", "a.b=1\n", "/etc/sysctl.conf"),
			put(3, "", "644", "dhcpd_flags=\n", "/etc/rc.conf.local"),
			"run 0 sysctl a.b=1",
			"run 1 interface-gone vport0",
			"run 2 rules",
			"run 3 anchor-gone a",
			"run 4 service start dhcpd",
			"anchor before a",
			"anchor after b",
			"--",
			'load anchor b from "/etc/pf.a"',
			"a.b=1",
			"dhcpd_flags=",
			`load anchor b from "/var/backups/openbsd-vnet/${id}/run/etc/pf.a"`,
			"pass",
			"end",
			"",
		]);
		const settingsOnly = deployRequests(id, await planFor(host, settings), 60).stage.input;
		expect(settingsOnly).not.toContain("run/etc");
	});

	test("each request by its verb, its deployment and its number", async () => {
		const made = deployRequests(id, await planFor(hostInMemory(), ruleset), 60);
		const { lock, backup, write, arm, verifyArmed, keep, undo, outcome } = made;
		expect(
			[lock, backup, write, arm, verifyArmed, keep, undo, outcome, made.activate(3), made.extend(9)].map(({ verb, args = [] }) =>
				[verb, ...args].join(" "),
			),
		).toEqual([
			`lock ${id} 120`,
			`backup ${id}`,
			`write ${id}`,
			`arm ${id} 60`,
			`verify-armed ${id}`,
			`keep ${id}`,
			`undo ${id}`,
			`outcome ${id}`,
			`activate ${id} 3`,
			`extend ${id} 9`,
		]);
		expect(() => deployRequests("../x", { ...({} as Plan) }, 60)).toThrow(new TypeError("not the name of a deployment"));
	});

	test.each([
		[id, true],
		[`x${id}`, false],
		[`${id}0`, false],
		["20260102T030405-0123ABCD", false],
		["20260102030405-0123abcd", false],
		["", false],
	])("%j is the name of a deployment: %s", (name, is) => {
		expect(isDeploymentId(name)).toBe(is);
	});

	test("a deployment is called by its time, and by a word that makes it the only one", () => {
		const now = new Date("2026-01-02T03:04:05.678Z");
		const [one, two] = [newDeploymentId(now), newDeploymentId(now)];
		expect(one).toMatch(/^20260102T030405-[0-9a-f]{8}$/);
		expect(one).not.toBe(two);
	});
});
