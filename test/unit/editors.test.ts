/** The lines of docs/editors.md. Those for Emacs are run as they stand there; skipped where there is no Emacs with eglot. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { languageOf } from "../../server/src/features/language-of.ts";
import { root } from "./textmate.ts";

const repository = fileURLToPath(root);
const page = readFileSync(new URL("docs/editors.md", root), "utf8");

/** The block of that language under a heading. */
function lines(heading: string, language: string): string {
	const [, section = ""] = page.split(`\n## ${heading}\n`);
	return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section)?.[1] ?? "";
}

test("Kate is told of each language by the server's name for it", () => {
	const { servers } = JSON.parse(lines("Kate", "json"));
	expect(Object.keys(servers)).toEqual(["openbsd-pf", "openbsd-vm", "openbsd-hostname"]);
	for (const [name, { highlightingModeRegex }] of Object.entries<{ highlightingModeRegex: string }>(servers))
		expect(name).toMatch(new RegExp(highlightingModeRegex));
});

test("Kate's highlighting has that name, and colours comments as pfctl reads them", () => {
	const definition = lines("Kate", "xml");
	expect(definition).toContain('<language name="openbsd-pf"');
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-kate-"));
	try {
		const syntax = join(folder, "org.kde.syntax-highlighting/syntax");
		mkdirSync(syntax, { recursive: true });
		writeFileSync(join(syntax, "openbsd-pf.xml"), definition);
		writeFileSync(join(folder, "pf.conf"), "# c \\\nd\npass\n");
		const env = { ...process.env, XDG_DATA_HOME: folder, QT_QPA_PLATFORM: "offscreen" };
		const { stdout, error } = spawnSync("kate-syntax-highlighter", [join(folder, "pf.conf")], { env, encoding: "utf8" });
		// KDE's own program is seldom there.
		if (error !== undefined) return;
		expect(stdout).toContain("Definition (openbsd-pf)");
		expect(stdout).toMatch(/>d<\/span>\npass/);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

const paths = [
	"/h/etc/pf.conf",
	"/h/pf.conf",
	"/h/etc/pf.vm/web.conf",
	"/h/pf.anchors/web.conf",
	"/h/etc/pf.web",
	"/h/etc/vm.conf",
	"/h/etc/hostname.em0",
	"/h/etc/hostname.vlan10",
	"/h/etc/dhcpd.conf",
	"/h/etc/hostname.em0.bak",
] as const;

describe.skipIf(spawnSync("emacs", ["--batch", "--eval", "(progn (require 'package) (package-initialize) (require 'eglot))"]).status !== 0)(
	"Emacs (needs emacs with eglot)",
	() => {
		let host: string;

		beforeAll(() => {
			execFileSync(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), "-b", "cli"], { cwd: repository });
			host = mkdtempSync(join(tmpdir(), "openbsd-vnet-emacs-"));
			mkdirSync(join(host, "etc/pf.vm"), { recursive: true });
			mkdirSync(join(host, "bin"));
			writeFileSync(join(host, "config.el"), lines("Emacs (eglot)", "elisp"));
			const launcher = join(repository, "cli/bin/openbsd-vnet.js");
			writeFileSync(join(host, "bin/openbsd-vnet"), `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
			chmodSync(join(host, "bin/openbsd-vnet"), 0o755);
		}, 120_000);

		afterAll(() => rmSync(host, { recursive: true, force: true }));

		function emacs(script: string, env: Readonly<Record<string, string>>): readonly Record<string, unknown>[] {
			const { stdout, stderr } = spawnSync("emacs", ["--batch", "-l", join(repository, "test/emacs", script)], {
				cwd: host,
				encoding: "utf8",
				env: {
					...process.env,
					HOME: host,
					LC_ALL: "C.UTF-8",
					PATH: `${join(host, "bin")}${delimiter}${process.env.PATH ?? ""}`,
					CONFIG: join(host, "config.el"),
					...env,
				},
			});
			const answers = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
			expect(answers.length, stderr).toBeGreaterThan(0);
			return answers;
		}

		test("a file gets the mode of its language", () => {
			const modes = emacs("modes.el", { FILES: paths.join("\n") }).map(({ mode }) => mode);
			expect(modes).toEqual(
				paths.map((path) => {
					const language = languageOf(path);
					return language === undefined ? null : `${language}-mode`;
				}),
			);
		});

		test("diagnostics, hover, completion", { timeout: 120_000 }, () => {
			const files = {
				"etc/vm.conf": 'switch "lan" {\n\tinterface em0\n}\n',
				"etc/hostname.bridge0": "descripton lan\nadd em1\n",
				"etc/pf.vm/web.conf": "pass on $x\n",
				"etc/pf.conf": "block\npass in form any\npass out on em0 inet nat-to (em0)\n",
			};
			for (const [path, text] of Object.entries(files)) writeFileSync(join(host, path), text);
			const FILES = Object.keys(files)
				.map((path) => join(host, path))
				.join("\n");
			const answers = emacs("lsp.el", { FILES, HOVER: "3 24" });
			expect(answers.slice(0, 4).map(({ mode, diagnostics }) => [mode, JSON.stringify(diagnostics)])).toEqual([
				["openbsd-vm-mode", expect.stringContaining("invalid switch interface")],
				["openbsd-hostname-mode", expect.stringContaining("descripton")],
				["openbsd-pf-mode", expect.stringContaining("macro 'x' not defined")],
				["openbsd-pf-mode", expect.stringContaining("syntax error")],
			]);
			expect(answers[4]?.hover).toContain("https://man.openbsd.org/pf.conf.5#nat-to");
			expect(answers[5]?.completion).toContain("nat-to");
		});
	},
);
