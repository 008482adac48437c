/** The plugin of editors/neovim, in Neovim without a screen. Skipped where there is none; NVIM names another than that of the path. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installCommand, repository } from "./editor-command.ts";
import { languageOfPath, paths } from "./editor-paths.ts";

const nvim = process.env.NVIM ?? "nvim";
const isThere = spawnSync(nvim, ["--version"]).status === 0;

interface Case {
	readonly name: string;
	readonly path: string;
	readonly filetype: string;
	readonly text: string;
	/** Part of a diagnostic's message, and its line from 0. */
	readonly diagnostic: readonly [line: number, message: string];
	readonly hover: readonly [line: number, character: number, says: string];
	readonly completion: readonly [line: number, character: number, label: string];
	/** Part of what the host makes of it, and the line that its last line comes from. */
	readonly expanded?: readonly [says: string, line: number];
	/** What the lenses say whose commands the plugin knows. */
	readonly lenses?: readonly string[];
}

const cases: readonly Case[] = [
	{
		name: "vm.conf",
		path: "etc/vm.conf",
		filetype: "openbsd-vm",
		text: 'switch "lan" {\n\tinterface em0\n}\nvm "web" {\n\tmemory 1G\n\tdisk "/w.img"\n\t\n}\n',
		diagnostic: [1, "invalid switch interface"],
		hover: [4, 2, "https://man.openbsd.org/vm.conf.5#memory"],
		completion: [6, 1, "interface"],
	},
	{
		name: "pf.conf",
		path: "etc/pf.conf",
		filetype: "pf",
		text: "block\npass in form any\npass out on em0 inet nat-to (em0)\n\n",
		diagnostic: [1, "syntax error"],
		hover: [2, 23, "https://man.openbsd.org/pf.conf.5#nat-to"],
		completion: [3, 0, "match"],
		expanded: ["block drop all\npass out on em0 inet all flags S/SA nat-to (em0)", 2],
	},
	{
		name: "an anchor's file",
		path: "etc/pf.web",
		filetype: "pf",
		text: 'm = "em1"\npass on $m proto tcp to port { 80 443 }\npass form any\n\n',
		diagnostic: [2, "syntax error"],
		hover: [1, 12, "https://man.openbsd.org/pf.conf.5#proto"],
		completion: [3, 0, "match"],
		lenses: ["1 reference: line 2"],
	},
	{
		name: "hostname.bridge0",
		path: "etc/hostname.bridge0",
		filetype: "openbsd-hostname",
		text: "descripton lan\nadd em1\n\n",
		diagnostic: [0, "descripton"],
		hover: [1, 1, "https://man.openbsd.org/ifconfig.8#add"],
		completion: [2, 0, "addspan"],
		expanded: ["ifconfig bridge0 add em1", 1],
	},
];

/** Vim calls pf.conf pf. */
function vimTypeOf(path: string): string | null {
	const language = languageOfPath(path);
	return language === "openbsd-pf" ? "pf" : (language ?? null);
}

describe.skipIf(!isThere)("Neovim (needs nvim)", () => {
	let host: string;
	let env: NodeJS.ProcessEnv;

	beforeAll(async () => {
		host = mkdtempSync(join(tmpdir(), "openbsd-vnet-nvim-"));
		env = await installCommand(host);
		// A port on which nobody listens.
		writeFileSync(join(host, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: ".", ssh: "127.0.0.1" }] }));
		mkdirSync(join(host, ".ssh"));
		writeFileSync(join(host, ".ssh/config"), "Host 127.0.0.1\n\tPort 1\n");
	}, 120_000);

	afterAll(() => rmSync(host, { recursive: true, force: true }));

	/** The lines of JSON that a script prints. */
	function answers(script: string, more: Readonly<Record<string, string>>): readonly Record<string, unknown>[] {
		const plugin = `set runtimepath^=${join(repository, "editors/neovim")}`;
		const { stdout, stderr } = spawnSync(
			nvim,
			["--clean", "--headless", "-n", "--cmd", plugin, "-c", `luafile ${join(repository, "test/neovim", script)}`, "-c", "cquit!"],
			{ cwd: host, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", env: { ...env, ...more } },
		);
		const lines = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
		expect(lines.length, stderr).toBeGreaterThan(0);
		return lines;
	}

	test("a file gets the type of its language", () => {
		const types = answers("filetypes.lua", { FILES: paths.map((path) => join(host, path)).join("\n") });
		expect(types.map(({ filetype }) => filetype)).toEqual(paths.map((path) => vimTypeOf(path)));
	});

	test.each(cases)(
		"$name: diagnostics, hover, completion, what is made of it",
		{ timeout: 60_000 },
		({ path, filetype, text, diagnostic, hover, completion, expanded, lenses }) => {
			mkdirSync(dirname(join(host, path)), { recursive: true });
			writeFileSync(join(host, path), text);
			const asked = [
				`hover ${hover[0]} ${hover[1]}`,
				`completion ${completion[0]} ${completion[1]}`,
				...(lenses ? ["lens"] : []),
				...(expanded ? ["plan hv1", "expand"] : []),
			];
			const [opened, hovered, completed, ...more] = answers("lsp.lua", { FILE: join(host, path), QUESTIONS: asked.join("\n") });
			expect(opened).toMatchObject({ filetype, commentstring: "# %s" });
			expect(opened?.diagnostics).toContainEqual({
				line: diagnostic[0],
				message: expect.stringContaining(diagnostic[1]),
				source: "openbsd-vnet",
			});
			expect(hovered?.hover).toContain(hover[2]);
			expect(completed?.completion).toContain(completion[2]);
			if (lenses !== undefined) expect(more).toEqual([{ lenses }]);
			if (expanded === undefined) return;
			const [planned, made] = more;
			// No host answers here: what the command says of that is the text.
			expect(planned).toEqual({ plan: expect.stringMatching(/^openbsd-vnet: .*127\.0\.0\.1/) });
			expect(made).toEqual({ expanded: expect.stringContaining(expanded[0]), origin: expanded[1], back: true });
		},
	);
});
