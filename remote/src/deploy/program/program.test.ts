import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runs } from "../../../../test/share.ts";
import { readAnswers } from "../answers.ts";
import { inputOf } from "../input.ts";
import { hostProgram, programInterface, programName, programVersion, REFUSED } from "./program.ts";
import { hostProgramParts } from "./text.ts";

/** OpenBSD's sh is a ksh; what other systems have must do as well. */
const shells = ["sh", "mksh", "oksh"].filter((shell) => spawnSync(shell, ["-c", "true"]).status === 0);

/** Functions of the program, without its start. */
const functions = hostProgramParts
	.slice(0, -1)
	.map(({ text }) => text)
	.join("\n");

/** Where a line of the program stands: its file, and the line there. */
function placeOf(line: number): string {
	let before = 0;
	for (const { name, text } of hostProgramParts) {
		const lines = text.split("\n").length;
		if (line <= before + lines) return `${name}:${line - before}`;
		before += lines;
	}
	return `${line}`;
}

const isThere = (command: string) => spawnSync(command, ["--version"]).error === undefined;

test.skipIf(!isThere("shellcheck"))("ShellCheck has nothing to say of it", () => {
	const { stdout } = spawnSync("shellcheck", ["-s", "sh", "-f", "gcc", "-"], { input: hostProgram, encoding: "utf8" });
	expect(stdout.replace(/^-:(\d+)/gm, (_, line: string) => placeOf(Number(line)))).toBe("");
});

test.each(["sh", "mksh", "ksh93", "oksh", "bash"].filter((shell) => spawnSync(shell, ["-c", "true"]).error === undefined))(
	"%s can read all of it",
	(shell) => {
		expect(spawnSync(shell, ["-n"], { input: hostProgram, encoding: "utf8" })).toMatchObject({ status: 0 });
	},
);

describe.each(shells)("%s reads the host program", (shell) => {
	let folder: string;
	let program: string;
	/** Instead of the machine's own /var/tmp. */
	let staging: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-program-"));
		program = join(folder, programName);
		staging = join(folder, "staging");
		mkdirSync(staging);
		writeFileSync(program, hostProgram.replace("parent=/var/tmp\n", `parent=${staging}\n`));
		// A vmd that takes its time, and one that says what it was given.
		writeFileSync(join(folder, "vmd"), "#!/bin/sh\nsleep 0.5\n", { mode: 0o755 });
		writeFileSync(join(folder, "dhcpd"), '#!/bin/sh\npwd; ls -ld "$' + '{3%/*}"; cat "$3"; exit 3\n', { mode: 0o755 });
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	const env = (user?: string) => ({ PATH: `${folder}:${process.env.PATH}`, ...(user === undefined ? {} : { DOAS_USER: user }) });
	const ask = (args: readonly string[], { input = "", user }: { input?: string; user?: string } = {}) =>
		spawnSync(shell, [program, programInterface, ...args], { input, encoding: "utf8", env: env(user) });
	const stages = () => readdirSync(staging);

	describe("texts arrive as they are", () => {
		const arrive = (texts: readonly string[]): readonly string[] => {
			const script = `${functions}\nplace() { echo "$PWD/file$1"; }\ntake_input "$PWD/input"\nunpack "$PWD/input" place p || exit 1\n`;
			const input = inputOf(
				["something to do"],
				texts.map((text, i) => ({ name: String(i), text })),
			);
			expect(spawnSync(shell, ["-c", script], { cwd: folder, input, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
			return texts.map((_, i) => readFileSync(join(folder, `file${i}`), "utf8"));
		};

		test.each([
			["nothing", ""],
			["lines", "a\nb\n"],
			["a last line without an end", "a\nb"],
			["only an empty line", "\n"],
			["lines that look like the input's own", "--\nend\ntext 1 0 x\n--"],
			["what a shell would read", "$(date) `date` $HOME \\ \\\\ \\n 'a' \"b\" \x24{x}\n\\\nEOF\n* ~ !\n\t x \n"],
			["the same in the last line", "$(date) `date` $HOME \\ 'a' \"b\" -n \\"],
			["a file that is longer than arguments may be", `${"0123456789".repeat(20)}\n`.repeat(5000)],
		])("%s", (_, text) => {
			expect(arrive(["before\n", text, "after"])).toEqual(["before\n", text, "after"]);
		});

		test("any texts", () => {
			const text = fc.string({ unit: fc.constantFrom(..."ab \t\n\n\\$`'\"(){}<>&|;#!*~%-é\u{1f600}") });
			fc.assert(
				fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
					expect(arrive(texts)).toEqual(texts);
				}),
				{ numRuns: runs(60, 3) },
			);
		});

		test("a line that was cut runs nothing", () => {
			const input = inputOf(["ifconfig"], [{ name: "a", text: "x\n" }]);
			expect(ask(["check", "MARK"], { input: input.slice(0, -1) })).toMatchObject({ status: 0 });
			expect(ask(["check", "MARK"], { input: input.slice(0, -4) })).toMatchObject({ status: REFUSED });
			expect(stages()).toEqual([]);
		});
	});

	test("a check has a folder of its own, private, which is gone when it has ended", () => {
		const input = inputOf(["dhcp one", "nothing", "exists /no/such"], [{ name: "one", text: "in /folder-MARK/one\n" }]);
		const { stdout, stderr, status } = ask(["check", "MARK"], { input });
		expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
		const read = readAnswers(stdout, 3, "MARK");
		expect(read?.folder.slice(0, staging.length)).toBe(staging);
		expect(read?.folder.slice(staging.length)).toMatch(/^\/openbsd-vnet\.\d+\.\w{10}\/files$/);
		expect(read?.answers).toEqual([
			{ output: expect.stringMatching(/^\/\ndrwx------.*\nin \S+\/staging\/openbsd-vnet\.\d+\.\w{10}\/files\/one\n$/), status: 3 },
			{ output: "", status: 0 },
			{ output: "", status: 1 },
		]);
		expect(stages()).toEqual([]);
		expect(readAnswers(stdout.slice(0, stdout.lastIndexOf("MARK")), 3, "MARK")).toBeUndefined();
	});

	test("a program that waits for DNS is ended, and the next ones are not asked", () => {
		writeFileSync(join(folder, "pfctl"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
		const slow = join(folder, "slow");
		writeFileSync(slow, hostProgram.replace("parent=/var/tmp\n", `parent=${staging}\n`).replace(/^judge_for=.*$/m, "judge_for=1"));
		const input = inputOf(["pf one", "anchor one a", "dhcp one", "nothing"], [{ name: "one", text: "pass to a.example\n" }]);
		const { stdout } = spawnSync(shell, [slow, programInterface, "check", "MARK"], { input, encoding: "utf8", env: env() });
		expect(readAnswers(stdout, 4, "MARK")?.answers.map(({ status }) => status)).toEqual([124, 125, 125, 0]);
		rmSync(join(folder, "pfctl"));
	});

	test.each(["netstart", "commands", "input"])("a text of a check that is called %s is not what is run", (name) => {
		const ran = join(folder, "ran");
		const input = inputOf(["netstart em0", "commands"], [{ name, text: `touch ${ran}\n` }]);
		expect(ask(["check", "MARK"], { input, user: "op" })).toMatchObject({ status: 0, stderr: "" });
		expect(existsSync(ran)).toBe(false);
	});

	test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("its folder is gone after %s", async (signal) => {
		const child = spawn(shell, [program, programInterface, "check", "MARK"], { stdio: ["pipe", "ignore", "ignore"], env: env() });
		child.stdin.end(inputOf(["vm one"], [{ name: "one", text: "" }]));
		await expect.poll(stages, { interval: 10 }).toHaveLength(1);
		expect(statSync(join(staging, stages()[0] ?? "")).mode & 0o777).toBe(0o700);
		const ended = new Promise((resolve) => child.on("exit", resolve));
		await new Promise((resolve) => setTimeout(resolve, 100));
		child.kill(signal);
		await ended;
		expect(stages()).toEqual([]);
	});

	test("what counts the time of a program ends with it, also where a signal to it is missed", () => {
		const missed = 'kill() { if [ "$1" = -0 ]; then command kill "$@"; fi; }';
		const { status } = spawnSync(shell, ["-c", `${functions}\n${missed}\nlimited 60 true\nwait`], { timeout: 20_000 });
		expect(status).toBe(0);
	});

	test("what one has left that was killed goes with the next, and nothing of one that runs", () => {
		const dead = spawnSync("true").pid;
		const [left, busy] = [dead, process.pid].map((pid) => `openbsd-vnet.${pid}.0123456789`);
		for (const name of [left, busy, "openbsd-vnet.other"]) mkdirSync(join(staging, name ?? ""));
		expect(ask(["check", "MARK"], { input: inputOf(["nothing"], []) })).toMatchObject({ status: 0 });
		expect(stages().sort()).toEqual([busy, "openbsd-vnet.other"].sort());
		for (const name of stages()) rmSync(join(staging, name), { recursive: true });
	});

	const id = "20260101T000000-0123abcd";
	test.each<[string, readonly string[]]>([
		["a path that is not below /etc", ["fetch", "MARK", "/root/.ssh/id_ed25519"]],
		["a path that leads out of /etc", ["fetch", "MARK", "/etc/pf.d/../../root/x"]],
		["a path with what a shell would read", ["fetch", "MARK", "/etc/pf.$(id)"]],
		["a file of /etc that root has not listed", ["fetch", "MARK", "/etc/master.passwd"]],
		["a digest that is none", ["fetch", "MARK", "/etc/pf.conf=$(id)"]],
		["a path that is none but for its digest", ["fetch", "MARK", `/root/x=${"a".repeat(64)}`]],
		["a file beside those that are kept", ["fetch", "MARK", `/var/backups/openbsd-vnet/${id}/old/../../../x`]],
		["a text that is none", ["fetch", "MARK", "/var/db/openbsd-vnet/base/../deployed"]],
		["what is not a deployment", ["manifest", "../../etc"]],
		["a deployment that names a folder", ["undo", `${id}/..`]],
		["what is no number", ["lock", id, "1;id"]],
		["an anchor that is an option", ["rules", "-F"]],
		["what is no verb", ["sh", id]],
		["no verb", []],
	])("it refuses %s", (_, args) => {
		expect(ask(args, { user: "op" })).toMatchObject({ status: REFUSED, stdout: expect.not.stringContaining("root:") });
	});

	test.each<[string, string]>([
		["what is no part of a plan", "sh -c id"],
		["a file that may not be deployed", `change 0 absent - put 644 ${"a".repeat(64)} /etc/doas.conf`],
		["permissions that are none", `change 0 absent - put 4755 ${"a".repeat(64)} /etc/pf.conf`],
		["a command that is none", "run 0 sh id"],
		["a daemon that is none of ours", "run 0 service restart sshd"],
		["a setting that is an option", "run 0 sysctl -w=1"],
		["an interface that is an option", "run 0 interface-gone -a"],
		["an anchor that is all", "run 0 anchor-gone *"],
	])("a plan does not hold %s", (_, line) => {
		const script = `${functions}\njudge_plan "$PWD/plan"\n`;
		writeFileSync(join(folder, "plan"), `run 0 rules\n${line}\n`);
		expect(spawnSync(shell, ["-c", script], { cwd: folder, encoding: "utf8", env: env("op") })).toMatchObject({
			status: REFUSED,
			stderr: expect.stringContaining("openbsd-vnet-host: "),
		});
		writeFileSync(join(folder, "plan"), `run 0 rules\nchange 0 absent - put 600 ${"a".repeat(64)} /etc/pf.conf\nanchor before a b\n`);
		expect(spawnSync(shell, ["-c", script], { cwd: folder, encoding: "utf8", env: env("op") })).toMatchObject({ status: 0, stderr: "" });
	});

	test("who logs in as root may deploy any file of /etc, others those that root has listed", () => {
		const script = `${functions}\nallow=$PWD/allow\nmay_deploy "$1"`;
		const may = (path: string, user?: string) => spawnSync(shell, ["-c", script, "-", path], { cwd: folder, env: env(user) }).status === 0;
		writeFileSync(join(folder, "allow"), "/etc/ntpd.conf\n");
		expect([may("/etc/ntpd.conf"), may("/etc/other.conf"), may("/root/x")]).toEqual([true, true, false]);
		expect([may("/etc/ntpd.conf", "op"), may("/etc/other.conf", "op"), may("/etc/ntpdXconf", "op")]).toEqual([true, false, false]);
		expect(["/etc/pf.conf", "/etc/pf.vm/a.conf", "/etc/hostname.vport0", "/etc/vm.conf"].map((path) => may(path, "op"))).not.toContain(
			false,
		);
	});

	test("its version is that of its package, and it tells it whatever it is asked with", () => {
		const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
		expect([programVersion, hostProgram.match(/^version=(.*)$/m)?.[1]]).toEqual([version, version]);
		expect(spawnSync(shell, [program, "version"], { encoding: "utf8" }).stdout).toMatch(`${programInterface} ${programVersion} `);
	});

	test("a program of another interface says so", () => {
		expect(spawnSync(shell, [program, "0", "history"], { encoding: "utf8" })).toMatchObject({
			status: REFUSED,
			stderr: expect.stringContaining("install the one that belongs to your openbsd-vnet"),
		});
		expect(hostProgram).toContain(`\ninterface=${programInterface}\n`);
	});
});
