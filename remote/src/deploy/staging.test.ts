import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fixed, type ShellCommand, sh } from "../shell-words.ts";
import { readAnswers, stage, stagingScript } from "./staging.ts";

/** OpenBSD's sh is a ksh. */
const shells = ["sh", "mksh"].filter((shell) => spawnSync(shell, ["-c", "true"]).status === 0);

describe.each(shells)("a folder of %s", (shell) => {
	let parent: string;
	beforeEach(() => {
		parent = mkdtempSync(join(tmpdir(), "openbsd-vnet-staging-"));
	});
	afterEach(() => rmSync(parent, { recursive: true, force: true }));

	const script = (commands: readonly ShellCommand[]) =>
		`{\ntrap '' HUP PIPE\n${stagingScript(parent, [{ name: "one", text: "in @here@\n" }], commands, "MARK", "@here@").text}\n} </dev/null\n`;

	test("has the texts, is private, and is gone when the commands have ended", () => {
		const commands = [sh`cat ${stage}/one`, sh`ls -ld ${stage}; exit 3`, fixed("printf x; printf y >&2"), fixed("pwd")];
		const { stdout, stderr, status } = spawnSync(shell, ["-s"], { input: script(commands), encoding: "utf8" });
		expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
		const read = readAnswers(stdout, commands.length, "MARK");
		expect(read?.folder).toMatch(/openbsd-vnet\.\w{10}$/);
		expect(read?.answers).toEqual([
			{ output: `in ${read?.folder}\n`, status: 0 },
			{ output: expect.stringMatching(/^drwx------/), status: 3 },
			{ output: "xy", status: 0 },
			{ output: "/\n", status: 0 },
		]);
		expect(readdirSync(parent)).toEqual([]);
	});

	test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("is gone after %s", async (signal) => {
		const child = spawn(shell, ["-s"], { stdio: ["pipe", "ignore", "ignore"] });
		child.stdin.end(script([fixed("sleep 0.5")]));
		await expect.poll(() => readdirSync(parent), { interval: 10 }).toHaveLength(1);
		expect(statSync(join(parent, readdirSync(parent)[0] ?? "")).mode & 0o777).toBe(0o700);
		const ended = new Promise((resolve) => child.on("exit", resolve));
		await new Promise((resolve) => setTimeout(resolve, 100));
		child.kill(signal);
		await ended;
		expect(readdirSync(parent)).toEqual([]);
	});

	test("answers that were cut are none", () => {
		const { stdout } = spawnSync(shell, ["-s"], { input: script([fixed("echo a"), fixed("echo b")]), encoding: "utf8" });
		expect(readAnswers(stdout.slice(0, stdout.lastIndexOf("MARK")), 2, "MARK")).toBeUndefined();
		expect(readAnswers("", 2, "MARK")).toBeUndefined();
	});
});
