/** What editors/ has for other editors. Emacs is run with its package; skipped where there is none with eglot. EMACS names another. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installCommand, repository } from "./editor-command.ts";
import { languageOfPath, paths } from "./editor-paths.ts";

const emacsProgram = process.env.EMACS ?? "emacs";
const emacsPackage = join(repository, "editors/emacs/openbsd-vnet.el");

const languageIds = ["openbsd-pf", "openbsd-vm", "openbsd-hostname", "openbsd-pftest"] as const;

function read(path: string): string {
	return readFileSync(join(repository, "editors", path), "utf8");
}

test("Kate is told of each language by the server's name for it", () => {
	const { servers } = JSON.parse(read("kate/lsp-client.json"));
	expect(Object.keys(servers)).toEqual(languageIds);
	for (const [name, { highlightingModeRegex }] of Object.entries<{ highlightingModeRegex: string }>(servers)) {
		expect(name).toMatch(new RegExp(highlightingModeRegex));
		expect(read(`kate/${name}.xml`)).toContain(`<language name="${name}"`);
	}
});

test("Helix and Sublime are told of each language by the server's name for it", () => {
	const names = [...read("helix/languages.toml").matchAll(/^name = "(.+)"$/gm)].map(([, name]) => name);
	expect(names).toEqual(languageIds);
	// Sublime's client takes a scope without its first part for the language.
	const { selector } = JSON.parse(read("sublime/LSP.sublime-settings")).clients["openbsd-vnet"];
	expect(selector.split(" | ")).toEqual(languageIds.map((id) => `source.${id}`));
	for (const id of languageIds) expect(read(`sublime/${id}.sublime-syntax`)).toContain(`scope: source.${id}\n`);
});

test("agents of the command line are told of languages that the server serves", () => {
	const { lspServers } = JSON.parse(readFileSync(join(repository, ".github/lsp.json"), "utf8"));
	const { command, args, fileExtensions } = lspServers["openbsd-vnet"];
	expect([command, ...args]).toEqual(["npx", "openbsd-vnet", "lsp", "--stdio"]);
	for (const [ending, id] of Object.entries(fileExtensions)) {
		expect(ending).toMatch(/^\.\w+$/);
		// What other files have this ending too, the server tells by the name.
		if (id !== "openbsd") expect(languageOfPath(`etc/${ending === ".pftest" ? "a" : "hostname"}${ending}`)).toBe(id);
	}
});

/** What KDE's own program makes of files, which is seldom there. */
const hasHighlighter = spawnSync("kate-syntax-highlighter", ["--version"]).status === 0;

describe.skipIf(!hasHighlighter)("Kate's highlighting (needs kate-syntax-highlighter)", () => {
	test.each([
		// pfctl goes on with a comment that ends in a backslash, the others do not.
		["openbsd-pf", "pf.conf", "# c \\\nd\npass\n", /d<\/span>\npass/],
		["openbsd-vm", "vm.conf", "# c \\\nvm\n", /<\/span>\nvm/],
		["openbsd-hostname", "hostname.em0", "# c\nup\n", /<\/span>\nup/],
		["openbsd-pftest", "a.pftest", "# c\noutside\n", /<\/span>\noutside/],
	])("%s has its name, and colours comments as the host reads them", (id, name, text, colours) => {
		const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-kate-"));
		try {
			const syntax = join(folder, "org.kde.syntax-highlighting/syntax");
			mkdirSync(syntax, { recursive: true });
			writeFileSync(join(syntax, `${id}.xml`), read(`kate/${id}.xml`));
			writeFileSync(join(folder, name), text);
			const env = { ...process.env, XDG_DATA_HOME: folder, QT_QPA_PLATFORM: "offscreen" };
			const { stdout } = spawnSync("kate-syntax-highlighter", [join(folder, name)], { env, encoding: "utf8" });
			expect(stdout).toContain(`Definition (${id})`);
			expect(stdout).toMatch(colours);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});

/** Byte-compiles the package, with what it warns of as errors; the package manager has eglot where Emacs does not. */
const compile = "(progn (require 'package) (package-initialize) (setq byte-compile-error-on-warn t))";

describe.skipIf(
	spawnSync(emacsProgram, ["--batch", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"]).status !== 0,
)("Emacs (needs emacs with eglot)", () => {
	let host: string;
	let env: NodeJS.ProcessEnv;

	beforeAll(async () => {
		host = mkdtempSync(join(tmpdir(), "openbsd-vnet-emacs-"));
		env = await installCommand(host);
	}, 120_000);

	afterAll(() => rmSync(host, { recursive: true, force: true }));

	function emacs(script: string, more: Readonly<Record<string, string>>): readonly Record<string, unknown>[] {
		const { stdout, stderr } = spawnSync(emacsProgram, ["--batch", "-l", join(repository, "test/emacs", script)], {
			cwd: host,
			encoding: "utf8",
			env: { ...env, PACKAGE: emacsPackage, ...more },
		});
		const answers = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
		expect(answers.length, stderr).toBeGreaterThan(0);
		return answers;
	}

	test("the package compiles without a warning", () => {
		const copy = join(host, "openbsd-vnet.el");
		copyFileSync(emacsPackage, copy);
		const args = ["--batch", "--eval", compile, "-f", "batch-byte-compile", copy];
		const { status, stderr } = spawnSync(emacsProgram, args, { cwd: host, env, encoding: "utf8" });
		expect(status, stderr).toBe(0);
	});

	test("a file gets the mode of its language", () => {
		const modes = emacs("modes.el", { FILES: paths.map((path) => `/${path}`).join("\n") }).map(({ mode }) => mode);
		expect(modes).toEqual(
			paths.map((path) => {
				const language = languageOfPath(path);
				return language === undefined ? null : `${language}-mode`;
			}),
		);
	});

	test("diagnostics, hover, completion, what is made of a file", { timeout: 120_000 }, () => {
		const files = {
			"etc/vm.conf": 'switch "lan" {\n\tinterface em0\n}\n',
			"etc/hostname.bridge0": "descripton lan\nadd em1\n",
			"etc/pf.vm/web.conf": "pass on $x\n",
			"etc/policy.pftest": "outside web01 tcp 80\n",
			"etc/pf.conf": "block\npass in form any\npass out on em0 inet nat-to (em0)\n",
		};
		mkdirSync(join(host, "etc/pf.vm"), { recursive: true });
		for (const [path, text] of Object.entries(files)) writeFileSync(join(host, path), text);
		const FILES = Object.keys(files)
			.map((path) => join(host, path))
			.join("\n");
		const answers = emacs("lsp.el", { FILES, HOVER: "3 24" });
		expect(answers.slice(0, 5).map(({ mode, diagnostics }) => [mode, JSON.stringify(diagnostics)])).toEqual([
			["openbsd-vm-mode", expect.stringContaining("invalid switch interface")],
			["openbsd-hostname-mode", expect.stringContaining("descripton")],
			["openbsd-pf-mode", expect.stringContaining("macro 'x' not defined")],
			["openbsd-pftest-mode", expect.anything()],
			["openbsd-pf-mode", expect.stringContaining("syntax error")],
		]);
		expect(answers[5]?.hover).toContain("https://man.openbsd.org/pf.conf.5#nat-to");
		expect(answers[6]?.completion).toContain("nat-to");
		expect(answers[7]).toEqual({
			expanded: expect.stringContaining("pass out on em0 inet all flags S/SA nat-to (em0)"),
			origin: 3,
			file: join(host, "etc/pf.conf"),
		});
	});
});
