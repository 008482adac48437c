/** The built command, as people and CI run it. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildCommand, endCommands, runCommand, startCommand } from "../../test/unit/command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const launcher = join(root, "cli/bin/openbsd-vnet.js");
let host: string;
let command: string;

const GUEST = (name: string) => `switch "lan" {\n\tinterface veb0\n}\n\nvm "web" {\n\tdisk "/w.img"\n\tinterface { switch "${name}" }\n}\n`;

beforeAll(async () => {
	execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", "cli"], { cwd: root });
	host = mkdtempSync(join(tmpdir(), "openbsd-vnet-cli-"));
	command = await buildCommand();
	for (const folder of ["good/etc", "bad/etc", "empty", "bad/node_modules/etc"]) mkdirSync(join(host, folder), { recursive: true });
	writeFileSync(join(host, "good/etc/vm.conf"), GUEST("lan"));
	writeFileSync(join(host, "bad/etc/vm.conf"), GUEST("wan").replace("\tinterface veb0", "\tinterface em0"));
	writeFileSync(join(host, "bad/node_modules/etc/vm.conf"), "nonsense\n");
	writeFileSync(join(host, "bad/notes.txt"), "nothing of ours\n");
}, 120_000);

afterAll(async () => {
	await endCommands(command);
	rmSync(host, { recursive: true, force: true });
});

/** Most are asked of one process: Node takes longer to start than a command to answer. */
const run = (...args: string[]) => runCommand(command, args, host, host);

test("as it is installed: its status and its two outputs", () => {
	const ran = (...args: string[]) => {
		const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], { cwd: host, encoding: "utf8" });
		return { status, stdout, stderr };
	};
	expect(ran("check", "good")).toEqual({ status: 0, stdout: "1 file checked, no problems\n", stderr: "" });
	expect(ran("check", "bad")).toMatchObject({ status: 1, stdout: expect.stringContaining("bad/etc/vm.conf:2:12: error: "), stderr: "" });
	expect(ran("check", "nowhere")).toEqual({ status: 2, stdout: "", stderr: "openbsd-vnet: nowhere: no such file or folder\n" });
});

test("a host without faults: status 0, and what was looked at", async () => {
	expect(await run("check", "good", "--fail-on", "warning")).toEqual({ status: 0, stdout: "1 file checked, no problems\n", stderr: "" });
	expect(await run("check", "good", "--quiet")).toEqual({ status: 0, stdout: "", stderr: "" });
});

describe("openbsd-vnet.json", () => {
	const list = (hosts: readonly object[]) => writeFileSync(join(host, "openbsd-vnet.json"), JSON.stringify({ hosts }));
	afterEach(() => rmSync(join(host, "openbsd-vnet.json"), { force: true }));

	test("without a path, the hosts that it names are checked", async () => {
		list([{ name: "hv1", root: "bad" }]);
		const { status, stdout } = await run("check");
		expect(stdout).toMatch(/^bad\/etc\/vm\.conf:2:12: error: /m);
		expect(stdout).not.toContain("good");
		expect(status).toBe(1);
	});

	test("files are read for the release that it gives", async () => {
		mkdirSync(join(host, "old/etc"), { recursive: true });
		writeFileSync(join(host, "old/etc/vm.conf"), 'vm "a" {\n\tdisk "/a.img"\n\tsev\n}\n');
		const newest = await run("check", "old");
		list([{ name: "old", root: "old", release: "7.5" }]);
		const old = await run("check", "old");
		const asked = await run("check", "--release", "7.6", "old");
		expect([newest.stdout, old.stdout, asked.stdout].map((text) => text.includes("vm/newer-word"))).toEqual([false, true, false]);
		expect((await run("check", "--release", "seven", "old")).stderr).toContain("a release is one such as 7.9, not 'seven'");
	});

	test("its faults are told", async () => {
		list([
			{ name: "hv1", root: "../elsewhere" },
			{ name: "hv2", root: "good", release: 7 },
		]);
		const { status, stderr } = await run("check", "good");
		expect(stderr).toContain('the root of "hv1" must be a folder of the workspace');
		expect(stderr).toContain('"release" of "hv2" must be a release');
		expect(status).toBe(2);
	});
});

describe("pattern", { timeout: 60_000 }, () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(host, "pattern-"));
		mkdirSync(join(folder, "etc"));
		writeFileSync(join(folder, "etc/hostname.em0"), "inet autoconf\n");
	});

	test("prints what would change, and changes nothing", async () => {
		const { status, stdout, stderr } = await run("pattern", "routed", folder, "--guests", "web01", "--uplink=em0");
		expect([status, stderr]).toEqual([0, ""]);
		expect(stdout).toContain("--- /dev/null\n+++ b/etc/vm.conf\n@@ -0,0 +1,");
		expect(stdout).toContain("+match out on em0 inet from 10.50.0.0/24 to any nat-to (em0)\n");
		expect(existsSync(join(folder, "etc/vm.conf"))).toBe(false);
	});

	test("with --write, changes it, and has nothing to do a second time", async () => {
		const written = await run("pattern", "routed", folder, "--guests", "web01", "--write");
		expect(written.status).toBe(0);
		expect(readFileSync(join(folder, "etc/vm.conf"), "utf8")).toContain('vm "web01" {');
		expect(await run("pattern", "routed", join(folder, "etc"), "--guests", "web01", "--write")).toEqual({
			status: 0,
			stdout: "",
			stderr: "",
		});
		expect(await run("check", "--fail-on", "hint", "--quiet", folder)).toEqual({ status: 0, stdout: "", stderr: "" });
		const policy = await run("pattern", "microsegment", folder, "--allow", "web01: 80");
		expect(policy.stdout).toContain("--- a/etc/pf.conf\n+++ b/etc/pf.conf\n");
		expect(policy.stdout).toContain('+load anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n');
	});

	test("a host of openbsd-vnet.json, by its name", async () => {
		writeFileSync(join(host, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv7", root: "good" }] }));
		const there = await run("pattern", "guest", "--host", "hv7", "--name", "app");
		const nowhere = await run("pattern", "guest", "--host", "hv8", "--name", "app");
		rmSync(join(host, "openbsd-vnet.json"));
		expect(there.stdout).toContain('+vm "app" {\n');
		expect(nowhere.stderr).toBe("openbsd-vnet: no host 'hv8' in openbsd-vnet.json, which has hv7\n");
	});

	test("lists the patterns, and what one asks for", async () => {
		expect((await run("pattern")).stdout).toMatch(/^bridged +Guests on the LAN.*\nvlan /);
		const { stdout } = await run("pattern", "routed", "--help", folder);
		expect(stdout).toContain("--uplink\n\tWhich interface leads to the outside?\n\t'em0' where not given (as in em0)\n");
		expect(stdout).toMatch(/--guests\n.*\n\tmust be given/);
	});

	test.each<readonly [message: RegExp, args: readonly string[]]>([
		[/^openbsd-vnet: --uplink: 'uplink' needs an answer\nopenbsd-vnet: --guests: 'guests' needs an answer\n$/, ["bridged"]],
		[/--network: x is not an IPv4 network/, ["routed", "--network", "x"]],
		[/no pattern 'nat'; there are bridged, /, ["nat"]],
		[/no pattern 'bridgd'; .*; did you mean 'bridged'\?/, ["bridgd"]],
		[/--network needs a value/, ["routed", "--network"]],
		[/--colour: This pattern does not ask for 'colour'/, ["routed", "--guests=a", "--colour=red"]],
		[/unknown option '-w'/, ["routed", "-w"]],
		[/nowhere: no such folder/, ["routed", "nowhere"]],
	])("says what is wrong: %s", async (message, args) => {
		const { status, stderr, stdout } = await run("pattern", ...args);
		expect([status, stdout]).toEqual([2, ""]);
		expect(stderr).toMatch(message);
	});
});

test("faults: status 1, each on a line with its place and code", async () => {
	const { status, stdout, stderr } = await run("check", "bad");
	expect(stdout).toMatch(/^bad\/etc\/vm\.conf:2:12: error: .+ \[vm\/switch-interface\]$/m);
	expect(stdout).toContain("\n            interface em0\n                      ^~~\n");
	expect(stdout).toMatch(/^1 file checked: \d+ errors?.* in 1 file$/m);
	expect(stdout).not.toContain("node_modules");
	expect(stderr).toBe("");
	expect(status).toBe(1);
});

describe("check --fix", () => {
	const text = "set skip on lo\nblock\npass in onn em0\n";
	beforeEach(() => {
		mkdirSync(join(host, "fix/etc"), { recursive: true });
		writeFileSync(join(host, "fix/etc/pf.conf"), text);
	});
	const now = () => readFileSync(join(host, "fix/etc/pf.conf"), "utf8");

	test("mends files, says so, and checks what they are then", async () => {
		expect(await run("check", "--fix", "fix")).toEqual({
			status: 0,
			stdout: "1 file checked, no problems\n",
			stderr: "fix/etc/pf.conf:3:9: fixed: Change it to `on` [pf/syntax]\n",
		});
		expect(now()).toBe(text.replace("onn", "on"));
		expect(await run("check", "--fix", "--dry-run", "fix")).toEqual({ status: 0, stdout: "", stderr: "" });
	});

	test("--dry-run prints what it would do as a diff, and does nothing", async () => {
		const { status, stdout, stderr } = await run("check", "--fix", "--dry-run", "fix");
		expect(stdout).toMatch(/^--- fix\/etc\/pf\.conf\n\+\+\+ fix\/etc\/pf\.conf\n@@ .*\n-pass in onn em0\n\+pass in on em0\n$/s);
		expect([status, stderr]).toEqual([1, "fix/etc/pf.conf:3:9: would be fixed: Change it to `on` [pf/syntax]\n"]);
		expect(now()).toBe(text);
	});
});

test("check --watch checks again after a change, and ends cleanly by Ctrl-C", async () => {
	mkdirSync(join(host, "watched/etc"), { recursive: true });
	writeFileSync(join(host, "watched/etc/vm.conf"), GUEST("lan"));
	const { child, said, ended } = startCommand(command, ["check", "--watch", "watched"], host, host);
	const until = async (text: string): Promise<void> => {
		while (!said.stdout.includes(text)) await once(child.stdout ?? child, "data");
	};
	await until("1 file checked, no problems\n");
	writeFileSync(join(host, "watched/etc/vm.conf"), GUEST("wan"));
	await until("1 file checked: ");
	child.kill("SIGINT");
	expect(await ended).toBe(0);
	expect(said.stderr).toMatch(/^(Waiting for changes; Ctrl-C ends\.\n)+$/);
});

test("netstart prints what it runs for an interface, and takes no other files", async () => {
	mkdirSync(join(host, "net/etc"), { recursive: true });
	writeFileSync(join(host, "net/etc/hostname.em0"), "inet 192.0.2.1/24\nup\n");
	expect(await run("netstart", "net/etc/hostname.em0")).toEqual({
		status: 0,
		stdout: "ifconfig em0 inet 192.0.2.1/24\nifconfig em0 up\n",
		stderr: "",
	});
	expect(await run("netstart", "good/etc/vm.conf")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("netstart reads hostname.if"),
	});
});

test("--fail-on decides at which level the status is 1", async () => {
	const levels = ["error", "warning", "information", "hint", "none"];
	const statuses = await Promise.all(levels.map(async (level) => (await run("check", "bad", "--fail-on", level)).status));
	expect(statuses).toEqual([1, 1, 1, 1, 0]);
});

test("json: only files with diagnostics, with the fields that the issue names", async () => {
	const { status, stdout } = await run("check", "--format", "json", "good", "bad");
	const reports: { file: string; diagnostics: Record<string, unknown>[] }[] = JSON.parse(stdout);
	expect(reports.map(({ file }) => file)).toEqual(["bad/etc/vm.conf"]);
	const found = reports[0]?.diagnostics.find(({ code }) => code === "vm/switch-interface");
	expect(found).toMatchObject({
		severity: "error",
		code: "vm/switch-interface",
		message: expect.any(String),
		range: { start: { line: 1, character: 11 }, end: { line: 1, character: 14 } },
	});
	expect(status).toBe(1);
	expect(JSON.parse((await run("check", "--format=json", "good")).stdout)).toEqual([]);
});

test("sarif: a log of version 2.1.0 whose results refer to their rules", async () => {
	const { stdout } = await run("check", "--format", "sarif", "bad");
	const log = JSON.parse(stdout);
	expect(log.version).toBe("2.1.0");
	const [{ results, tool }] = log.runs;
	expect(results.length).toBeGreaterThan(0);
	for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
	expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("bad/etc/vm.conf");
});

test("upgrade in each format: what the next release refuses is told, with status 1; where nothing changes, status 0", async () => {
	const host = fileURLToPath(new URL("../../examples/upgrade", import.meta.url));
	const upgrade = async (...args: readonly string[]) => await run("upgrade", "--from", "7.7", "--to", "7.9", ...args, host);
	const { status, stdout: text } = await upgrade();
	expect(status).toBe(1);
	expect(text).toMatch(/^ {2}\/etc\/pf\.conf:3: .*`rate` is a reserved word since OpenBSD 7\.9.*\n {6}fix: Write it in quotes$/m);
	expect(text).toMatch(/^ {2}\+ |^ {2}- /m);
	const [{ results, tool }] = JSON.parse((await upgrade("--format", "sarif")).stdout).runs;
	for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
	expect(new Set(results.map(({ level }: { level: string }) => level))).toEqual(new Set(["error", "warning", "note"]));
	expect((await upgrade("--format", "markdown")).stdout).toMatch(/^\|.*\/etc\/hostname\.trunk0:1 \|/m);
	expect((await run("upgrade", "--from", "7.9", "--to", "7.9", host)).status).toBe(0);
});

test("github: workflow commands", async () => {
	const { stdout } = await run("check", "--format", "github", "bad");
	expect(stdout).toMatch(/^::error file=bad\/etc\/vm\.conf,line=2,endLine=2,col=12,endColumn=15,title=vm\/switch-interface::/m);
});

describe("what cannot run has status 2, and says why on standard error", () => {
	const cases: readonly (readonly [why: RegExp, ...args: string[]])[] = [
		[/no command given/],
		[/unknown command 'chek'; did you mean 'check'\?/, "chek"],
		[/unknown option '--formt'.*; did you mean '--format'\?/, "check", "--formt", "json"],
		[/--as is for one file/, "check", "--as", "pf", "good", "bad"],
		[/--as is pf, vm, pftest or hostname:em0, not 'pff'; did you mean 'pf'\?/, "check", "--as", "pff", "-"],
		[/--fix is for files in their place/, "check", "--fix", "--as", "pf", "-"],
		[/--watch changes nothing/, "check", "--watch", "--fix", "good"],
		[/--max-warnings is a number, not 'few'/, "check", "--max-warnings", "few", "good"],
		[/help is for one command, not 'chek'; did you mean 'check'\?/, "help", "chek"],
		[/completion is for bash, zsh or fish; did you mean 'fish'\?/, "completion", "fis"],
		[/host takes check, .*; did you mean 'install'\?/, "host", "instal", "hv1"],
		[/--format is text, json, sarif or github, not 'xml'/, "check", "--format", "xml", "good"],
		[/--fail-on is error, .* not 'never'/, "check", "--fail-on", "never", "good"],
		[/--colour/, "check", "--colour", "good"],
		[/nowhere: no such file or folder/, "check", "nowhere"],
		[/notes\.txt: not a file that OpenBSD would read/, "check", "bad/notes.txt"],
		[/add --stdio/, "lsp"],
		[/expand takes one file/, "expand"],
		[/nothing to expand/, "expand", "good/etc/vm.conf"],
	];
	for (const [why, ...args] of cases) {
		test(args.join(" ") || "without arguments", async () => {
			const { status, stdout, stderr } = await run(...args);
			expect(stderr).toMatch(why);
			expect(stdout).toBe("");
			expect(status).toBe(2);
		});
	}

	test.skipIf(process.getuid?.() === 0)("a folder that may not be read", async () => {
		mkdirSync(join(host, "secret"));
		chmodSync(join(host, "secret"), 0);
		const { status, stderr } = await run("check", "secret");
		expect(stderr).toMatch(/secret: permission denied/);
		expect(status).toBe(2);
	});
});

test("a folder without such files is said to be one, and is no fault", async () => {
	const { status, stderr } = await run("check", "empty");
	expect(stderr).toMatch(/no pf\.conf, vm\.conf or hostname\.if files/);
	expect(status).toBe(0);
});

test("hosts that share an address are held against each other, wherever the folder of both is given", async () => {
	for (const [name, last, pass] of [
		["gw1", 2, "one"],
		["gw2", 3, "other"],
	] as const) {
		mkdirSync(join(host, `pair/${name}/etc`), { recursive: true });
		writeFileSync(join(host, `pair/${name}/etc/hostname.em0`), `inet 192.0.2.${last}/24\n`);
		const line = `inet 192.0.2.1 255.255.255.0 192.0.2.255 vhid 1 carpdev em0 advskew ${last} pass ${pass}\n`;
		writeFileSync(join(host, `pair/${name}/etc/hostname.carp0`), line);
	}
	const { stdout } = await run("check", "pair");
	for (const [own, other] of [
		["gw1", "gw2"],
		["gw2", "gw1"],
	])
		expect(stdout).toContain(
			`pair/${own}/etc/hostname.carp0:1:76: warning: Both hosts take 192.0.2.1: carp0 of ${other} has another password.`,
		);
	expect((await run("check", "pair/gw1")).stdout).toBe("2 files checked, no problems\n");
});

test("expand prints what it has of a ruleset that is too large, says that it is not all, and fails", async () => {
	mkdirSync(join(host, "large/etc"), { recursive: true });
	const ports = `{ ${Array.from({ length: 300 }, (_, index) => index + 1).join(" ")} }`;
	writeFileSync(join(host, "large/etc/pf.conf"), `block\npass proto tcp from any port ${ports} to any port ${ports}\npass out\n`);
	expect(await run("expand", "large/etc/pf.conf")).toEqual({
		status: 1,
		stdout: "block drop all\npass out all flags S/SA\n",
		stderr: "openbsd-vnet: large/etc/pf.conf: The ruleset is cut off: its lists make more rules than are looked at\n",
	});
});

test.each([
	["a syntax error", { "pf.conf": "block\npass in proto tcp to port\npass out\n" }, /^openbsd-vnet: refused\/etc\/pf\.conf:2: /],
	[
		"anchors loaded by a pattern",
		{ "pf.conf": 'block\nanchor "vm/*"\nload anchor "vm/*" from "/etc/pf.vm/*.conf"\n', "pf.vm/web.conf": "pass\n" },
		/^openbsd-vnet: refused\/etc\/pf\.conf:3: pfctl opens \/etc\/pf\.vm\/\*\.conf as the name of one file/,
	],
])("expand of a file that pfctl refuses says why, and fails: %s", async (_, files, said) => {
	rmSync(join(host, "refused"), { recursive: true, force: true });
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(host, "refused/etc", name)), { recursive: true });
		writeFileSync(join(host, "refused/etc", name), text);
	}
	const { status, stdout, stderr } = await run("expand", "refused/etc/pf.conf");
	expect(status).toBe(1);
	expect(stdout).toMatch(/^block drop all\n/);
	expect(stderr).toMatch(said);
});

test("--version and --help", async () => {
	const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	for (const option of ["--version", "-V"]) {
		expect(await run(option)).toMatchObject({ status: 0, stdout: `${version}\n` });
	}
	const help = await run("--help");
	expect(help.stdout).toMatch(/^usage: openbsd-vnet COMMAND/);
	expect(help.status).toBe(0);
});

describe("test", () => {
	const policy = "web host tcp 22 block\nhost web tcp 22 pass\n";
	const files: Readonly<Record<string, string>> = {
		"vm.conf": GUEST("lan").replace("interface { switch", "interface tap0 { switch"),
		"hostname.veb0": "link1\nadd vport0\nup\n",
		"hostname.vport0": "inet 10.0.0.1/24\n",
		"pf.conf": "block\npass out on vport0\n",
		"policy.pftest": policy,
	};

	beforeAll(() => {
		mkdirSync(join(host, "tested/etc"), { recursive: true });
		for (const [name, text] of Object.entries(files)) writeFileSync(join(host, "tested/etc", name), text);
	});

	test("passes, and says so", async () => {
		expect(await run("test", "tested")).toEqual({ status: 0, stdout: "2 passed, 0 failed\n", stderr: "" });
	});

	test("names what fails with the rule that decides, in each format", async () => {
		writeFileSync(join(host, "tested/etc/policy.pftest"), policy.replace("22 pass", "22 block"));
		const [text, tap, junit, json] = await Promise.all(
			["text", "tap", "junit", "json"].map((format) => run("test", "--format", format, "tested")),
		);
		expect([text, tap, junit, json].map((ran) => ran?.status)).toEqual([1, 1, 1, 1]);
		expect(text?.stdout).toBe(
			"tested/etc/policy.pftest:2: failed: host web tcp 22 block\n    host reaches web by tcp 22: pass out on vport0 all flags S/SA (/etc/pf.conf:2)\n1 passed, 1 failed\n",
		);
		expect(tap?.stdout).toContain("TAP version 14\n1..2\nok 1 - web host tcp 22 block\nnot ok 2 - host web tcp 22 block\n");
		expect(junit?.stdout).toContain('<testsuite name="tested/etc/policy.pftest" tests="2" failures="1" errors="0">');
		expect(JSON.parse(json?.stdout ?? "")).toMatchObject([
			{ file: "tested/etc/policy.pftest", tests: [{ result: "passed" }, { result: "failed", line: 1 }] },
		]);
	});

	test("a pipeline that tests nothing does not look as if all were well", async () => {
		const { status, stderr } = await run("test", "good");
		expect(status).toBe(2);
		expect(stderr).toContain("no policy tests");
	});
});

test.each([
	["of its environment, where the client does not say", { LC_ALL: "", LC_MESSAGES: "", LANG: "zh_CN.UTF-8" }, undefined, "内存"],
	["of the client, whatever its environment", { LC_ALL: "C" }, "zh-CN", "内存"],
	["English, which is not translated", { LC_ALL: "zh_CN.UTF-8" }, "en-GB", "Memory"],
])("the language server speaks the language %s", async (_, environment, locale, says) => {
	const child = spawn(process.execPath, [launcher, "lsp", "--stdio"], { env: { ...process.env, ...environment } });
	const send = (message: object) => {
		const body = JSON.stringify({ jsonrpc: "2.0", ...message });
		child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
	};
	const uri = "file:///nowhere/etc/vm.conf";
	send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {}, locale } });
	send({ method: "initialized", params: {} });
	send({
		method: "textDocument/didOpen",
		params: { textDocument: { uri, languageId: "openbsd-vm", version: 1, text: GUEST("lan").replace("disk", "memory 1G\n\tdisk") } },
	});
	send({ id: 2, method: "textDocument/hover", params: { textDocument: { uri }, position: { line: 5, character: 3 } } });
	let answers = "";
	let asked = false;
	child.stdout.setEncoding("utf8").on("data", (text) => {
		answers += text;
		// A server that is told to exit does not wait for its answers.
		if (asked || !answers.includes('"id":2')) return;
		asked = true;
		send({ id: 3, method: "shutdown" });
		send({ method: "exit" });
	});
	await new Promise((resolve) => child.on("close", resolve));
	expect(answers).toContain(says);
});
