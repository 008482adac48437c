/** What people put into their CI, run by the shell without the services: the action's script, the recipes of docs/ci.md, the hooks. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildCommand } from "./command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
/** The words of the shell that call it. */
let command = "";
/** How people call it, and what stands for that here. */
const published = `npx --yes openbsd-vnet@${version}`;

const files: Readonly<Record<string, string>> = {
	"openbsd-vnet.json": '{ "hosts": [{ "name": "hv1", "root": "hosts/hv1" }] }\n',
	"hosts/hv1/etc/hostname.em0": "inet 192.0.2.1/24\n",
	"hosts/hv1/etc/pf.conf": "set skip on lo\nblock\npass in on em0 proto tcp to (em0) port 22\n",
	"hosts/hv1/etc/mygate": "192.0.2.254\n",
	"hosts/hv1/etc/policy.pftest": "outside host tcp 22 pass\n",
};

let folder = "";
let base = "";
const git = (...args: string[]): string =>
	execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" }).trim();

beforeAll(async () => {
	command = `${process.execPath} ${await buildCommand()}`;
	folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-"));
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(folder, path, ".."), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	git("init", "-q");
	git("add", ".");
	git("commit", "-qm", "before");
	base = git("rev-parse", "HEAD");
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shell(script: string, environment: Readonly<Record<string, string>> = {}) {
	const env = { PATH: process.env.PATH, HOME: folder, ...environment };
	return spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8", env });
}

describe("the GitHub Action", () => {
	function act(environment: Readonly<Record<string, string>> = {}) {
		const runner = mkdtempSync(join(folder, ".runner-"));
		const at = (name: string): string => join(runner, name);
		for (const name of ["output", "summary"]) writeFileSync(at(name), "");
		const { status, stdout } = shell(`sh ${join(root, "scripts/ci/github-action.sh")}`, {
			OPENBSD_VNET: command,
			PATHS: "",
			FAIL_ON: "error",
			BASE: "",
			RUNNER_TEMP: runner,
			GITHUB_OUTPUT: at("output"),
			GITHUB_STEP_SUMMARY: at("summary"),
			...environment,
		});
		const text = (name: string): string => readFileSync(at(name), "utf8");
		const sarif = JSON.parse(text("openbsd-vnet.sarif"));
		return { status, stdout, sarif, output: text("output"), summary: text("summary"), at };
	}

	test("on a host without faults: it passes, and says what was looked at", () => {
		const { status, sarif, output, summary } = act();
		expect(summary).toMatch(/^3 files checked, no problems\n1 passed, 0 failed\n/m);
		expect(output).toMatch(/^sarif=\/.*\.sarif\n$/);
		expect(sarif.runs[0].results).toEqual([]);
		expect(status).toBe(0);
	});

	test("on a pull request: faults, failing tests, and the connections that it opens", () => {
		const path = join(folder, "hosts/hv1/etc/pf.conf");
		writeFileSync(path, "set skip on lo\nblock\npass in on em0 proto tcp to (em0) port { 25 443 }\npass in onn em1\n");
		const { status, stdout, sarif, output, summary, at } = act({ BASE: base, PATHS: "hosts/hv1" });
		writeFileSync(path, files["hosts/hv1/etc/pf.conf"] ?? "");
		expect(stdout).toMatch(/^::error file=hosts\/hv1\/etc\/pf\.conf,line=4,/m);
		expect(sarif.runs[0].results.length).toBeGreaterThan(0);
		expect(summary).toMatch(/^0 passed, 1 failed$/m);
		expect(summary).toMatch(/^\| becomes possible \| outside \| host \| tcp 25 \|/m);
		expect(output).toContain(`changes=${at("openbsd-vnet-changes.md")}\n`);
		expect(status).toBe(1);
	});

	test("its inputs and outputs are those of the script, and its version is ours", () => {
		const { inputs, outputs, runs } = parse(read("action.yml"));
		expect(Object.keys(inputs)).toEqual(["paths", "fail-on", "version"]);
		expect(Object.keys(outputs)).toEqual(["sarif", "changes"]);
		expect(inputs.version.default).toBe(version);
		expect(Object.keys(runs.steps[0].env)).toEqual(["PATHS", "FAIL_ON", "OPENBSD_VNET", "BASE"]);
	});
});

describe("the recipes of docs/ci.md", () => {
	const recipes = [...read("docs/ci.md").matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => parse(text));
	const [github, gitlab, woodpecker, hooks, drift] = recipes;

	test.each([
		["GitLab", gitlab.hosts.script],
		["Woodpecker", woodpecker.steps[0].commands],
	])("%s", (_, lines: readonly string[]) => {
		for (const line of lines) {
			expect(line).toContain(published);
			const { status, stderr } = shell(line.replace(published, command));
			expect([status, stderr]).toEqual([0, ""]);
		}
	});

	test("GitLab reads the report that is written", () => {
		const line = gitlab.hosts.script.find((each: string) => each.endsWith(`>${gitlab.hosts.artifacts.reports.junit}`));
		expect(shell(line.replace(published, command)).status).toBe(0);
		expect(readFileSync(join(folder, gitlab.hosts.artifacts.reports.junit), "utf8")).toMatch(/^<\?xml/);
	});

	test("the drift of hosts is asked for, and what is written is uploaded", () => {
		const steps: readonly { readonly run?: string; readonly with?: { readonly sarif_file?: string } }[] = drift.jobs.drift.steps;
		const line = steps.find(({ run }) => run?.includes(published))?.run ?? "";
		expect(line.endsWith(`>${steps.at(-1)?.with?.sarif_file}`)).toBe(true);
		// No host here says how it is reached.
		const { status, stderr } = shell(line.replace(published, command));
		expect([status, stderr]).toEqual([2, expect.stringContaining("does not say of any host how it is reached")]);
	});

	test("GitHub uses outputs that the action has, pre-commit hooks that there are", () => {
		const outputs = [...JSON.stringify(github).matchAll(/steps\.vnet\.outputs\.(\w+)/g)].map(([, name]) => name);
		expect(outputs).toEqual(["sarif", "changes"]);
		const ids = parse(read(".pre-commit-hooks.yaml")).map(({ id }: { id: string }) => id);
		expect(hooks.repos[0].hooks.map(({ id }: { id: string }) => id)).toEqual(ids);
		expect(hooks.repos[0].rev).toBe(`v${version}`);
	});
});

describe("the hooks for pre-commit", () => {
	interface Hook {
		readonly id: string;
		readonly entry: string;
		readonly files: string;
		readonly pass_filenames?: boolean;
	}
	const hooks: readonly Hook[] = parse(read(".pre-commit-hooks.yaml"));

	test.each(hooks.map((hook) => [hook.id, hook] as const))(
		"%s runs, and is called for the files of hosts alone",
		(_, { entry, files: wanted, pass_filenames }) => {
			expect(entry).toContain(published);
			const pattern = new RegExp(wanted);
			const named = Object.keys(files).filter((path) => pattern.test(path));
			expect(named).toContain("hosts/hv1/etc/pf.conf");
			expect(pattern.test("README.md")).toBe(false);
			const { status, stderr } = shell(`${entry.replace(published, command)} ${pass_filenames === false ? "" : named.join(" ")}`);
			expect([status, stderr]).toEqual([0, ""]);
		},
	);
});
