/** What is made from the table of commands: the usage, and what shells complete. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "./commands.ts";
import { completions } from "./completion.ts";
import { exitStatus } from "./exit-status.ts";
import { main } from "./main.ts";
import { manualPage } from "./manual.ts";

async function said(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
	let [out, err] = ["", ""];
	const status = await main(args, { stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) } });
	return { status, out, err };
}

const names = Object.keys(commands);

test("the list has every command, and lines that fit a terminal", async () => {
	const { status, out } = await said("help");
	expect(status).toBe(0);
	for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} +\\w`, "m"));
	expect(out).toBe((await said("--help")).out);
	expect(out).toBe((await said("-h")).out);
	for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

describe.each(names)("%s", (name) => {
	const asksHost = commands[name]?.asksHost === true;

	test("answers --help, -h and help alike, before it looks at anything else", async () => {
		const { status, out, err } = await said("help", name);
		expect([status, err]).toEqual([0, ""]);
		for (const flag of ["--help", "-h"]) expect(await said(name, flag)).toEqual({ status, out, err });
		for (const option of Object.keys(commands[name]?.options ?? {})) expect(out).toContain(`--${option}`);
		expect(out).toMatch(/^Exit status:\n {2}0 {2}all is well$/m);
		for (const status of asksHost ? [0, 2, 4, 5] : [0, 2, 5]) expect(out).toMatch(new RegExp(`^  ${status}  \\w`, "m"));
		for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
	});

	test("is called in its examples with options that it has", () => {
		const { examples, options } = commands[name] ?? { examples: [], options: {} };
		expect(examples.length).toBeGreaterThan(0);
		for (const [call] of examples) {
			expect(call.split(" ")[0]).toBe(name);
			const written = [...call.matchAll(/ --([a-z-]+)/g)].map(([, option = ""]) => option);
			if (name !== "pattern") expect(Object.keys(options)).toEqual(expect.arrayContaining(written));
		}
	});
});

/** Whether a program is on this machine. */
function has(program: string): boolean {
	return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

describe("the manual page", () => {
	const page = manualPage(commands, new Date("2026-11-30T12:00:00Z"));

	test("has every command and option", () => {
		for (const [name, { options }] of Object.entries(commands)) {
			expect(page).toMatch(new RegExp(`^\\.It Cm ${name}( |$)`, "m"));
			for (const option of Object.keys(options)) expect(page).toMatch(new RegExp(`^\\.It (Fl \\w , )?Fl -${option}( |$)`, "m"));
		}
		expect(page).toMatch(/^\.Dd November 30, 2026\n/);
	});

	test("has every exit status", () => {
		for (const status of Object.values(exitStatus)) expect(page).toMatch(new RegExp(`^\\.It ${status}\n\\w`, "m"));
	});

	test.skipIf(!has("mandoc"))("is one to mandoc, where there is mandoc", () => {
		const { stdout, stderr } = spawnSync("mandoc", ["-T", "lint", "-W", "warning"], { input: page, encoding: "utf8" });
		expect(stdout + stderr).toBe("");
	});
});

describe("completion", () => {
	const script = (shell: string): string => completions[shell]?.(commands) ?? "";

	test.skipIf(!has("bash")).each([
		["openbsd-vnet ch", "check"],
		["openbsd-vnet check --fo", "--format"],
		["openbsd-vnet check --format s", "sarif"],
		["openbsd-vnet test --format s", ""],
		["openbsd-vnet help roll", "rollback"],
		["openbsd-vnet deploy --re", "--rehearse --remove --restart-guests"],
	])("by bash, where there is one: %s", (line, expected) => {
		const words = line.split(" ");
		const asked = `${script("bash")}\nCOMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; _openbsd_vnet; echo "\${COMPREPLY[*]}"`;
		const found = execFileSync("bash", ["--norc", "-c", asked], { encoding: "utf8" }).trim();
		expect(found.split(" ").sort().join(" ")).toBe(expected.split(" ").sort().join(" "));
	});

	test.each(["zsh", "fish"].filter(has).map((shell) => [shell] as const))("is a script that %s reads", (shell) => {
		const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-completion-"));
		writeFileSync(join(folder, shell), script(shell));
		const read = spawnSync(shell, ["-n", join(folder, shell)], { encoding: "utf8" });
		rmSync(folder, { recursive: true });
		expect([read.status, read.stderr]).toEqual([0, ""]);
	});

	test.each(Object.keys(completions))("for %s has every command and option", (shell) => {
		const text = script(shell);
		for (const [name, { options }] of Object.entries(commands)) {
			expect(text).toContain(name);
			for (const option of Object.keys(options)) expect(text).toContain(shell === "fish" ? `-l ${option}` : `--${option}`);
		}
	});
});
