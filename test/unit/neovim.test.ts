/** Another editor: Neovim without a screen, over standard input and output. Skipped where there is no nvim. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./textmate.ts";

const nvim = spawnSync("nvim", ["--version"]).status === 0;
const repository = fileURLToPath(root);

interface Case {
	readonly name: string;
	readonly path: string;
	readonly language: string;
	readonly text: string;
	/** Part of a diagnostic's message, and its line from 0. */
	readonly diagnostic: readonly [line: number, message: string];
	readonly hover: readonly [line: number, character: number, says: string];
	readonly completion: readonly [line: number, character: number, label: string];
}

const cases: readonly Case[] = [
	{
		name: "vm.conf",
		path: "etc/vm.conf",
		language: "openbsd-vm",
		text: 'switch "lan" {\n\tinterface em0\n}\nvm "web" {\n\tmemory 1G\n\tdisk "/w.img"\n\t\n}\n',
		diagnostic: [1, "invalid switch interface"],
		hover: [4, 2, "https://man.openbsd.org/vm.conf.5#memory"],
		completion: [6, 1, "interface"],
	},
	{
		name: "pf.conf",
		path: "etc/pf.conf",
		language: "openbsd-pf",
		text: "block\npass in form any\npass out on em0 inet nat-to (em0)\n\n",
		diagnostic: [1, "syntax error"],
		hover: [2, 23, "https://man.openbsd.org/pf.conf.5#nat-to"],
		completion: [3, 0, "match"],
	},
	{
		name: "hostname.bridge0",
		path: "etc/hostname.bridge0",
		language: "openbsd-hostname",
		text: "descripton lan\nadd em1\n\n",
		diagnostic: [0, "descripton"],
		hover: [1, 1, "https://man.openbsd.org/ifconfig.8#add"],
		completion: [2, 0, "addspan"],
	},
];

describe.skipIf(!nvim)("Neovim (needs nvim)", () => {
	let host: string;

	beforeAll(() => {
		execFileSync(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), "-b", "cli"], { cwd: repository });
		host = mkdtempSync(join(tmpdir(), "openbsd-vnet-nvim-"));
		mkdirSync(join(host, "etc"));
	}, 120_000);

	afterAll(() => rmSync(host, { recursive: true, force: true }));

	test.each(cases)(
		"$name: diagnostics, hover, completion",
		{ timeout: 60_000 },
		({ path, language, text, diagnostic, hover, completion }) => {
			writeFileSync(join(host, path), text);
			const { stdout, stderr } = spawnSync(
				"nvim",
				["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${join(repository, "test/neovim/lsp.lua")}`],
				{
					cwd: host,
					stdio: ["ignore", "pipe", "pipe"],
					encoding: "utf8",
					env: {
						...process.env,
						// Neovim keeps logs and state in the home folder.
						HOME: host,
						XDG_STATE_HOME: host,
						XDG_CACHE_HOME: host,
						FILE: join(host, path),
						LANGUAGE: language,
						NODE: process.execPath,
						LAUNCHER: join(repository, "cli/bin/openbsd-vnet.js"),
						ROOT: host,
						QUESTIONS: `hover ${hover[0]} ${hover[1]}\ncompletion ${completion[0]} ${completion[1]}\n`,
					},
				},
			);
			const answers = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
			expect(answers.length, stderr).toBe(3);
			const [{ diagnostics }, hovered, completed] = answers;
			expect(diagnostics).toContainEqual({ line: diagnostic[0], message: expect.stringContaining(diagnostic[1]), source: "openbsd-vnet" });
			expect(hovered.hover).toContain(hover[2]);
			expect(completed.completion).toContain(completion[2]);
		},
	);
});
