/** What GitHub runs: it may only read, it runs what was looked at, and what it calls is there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { releaseFaults } from "../../scripts/lib/release-faults.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };

/** What a workflow may do beside reading the repository. */
const MAY: Readonly<Record<string, readonly string[]>> = { "release.yml": ["contents: write", "id-token: write", "attestations: write"] };

test.each(workflows)("$name may read the repository, and do no more than it is for", ({ name, text }) => {
	expect(text).toMatch(/^permissions:\n {2}contents: read\n(?! )/m);
	expect(text.match(/[\w-]+: write\b/g) ?? []).toEqual(MAY[name] ?? []);
});

test.each(workflows)("$name names each action by its commit, with its release beside it", ({ text }) => {
	const uses = text.match(/uses: .*/g) ?? [];
	expect(uses.length).toBeGreaterThan(0);
	for (const use of uses) expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+(?:\.\d+\.\d+)?$/);
});

test.each(workflows)("$name runs scripts that there are, on the packages of the lock file", ({ text }) => {
	for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
	expect(text).not.toMatch(/npm install/);
});

test("every place that docs/releasing.md gives the version has it, and a tag is held against it", () => {
	expect(releaseFaults(undefined)).toEqual([]);
	expect(releaseFaults("v99.0.0")).toContainEqual(expect.stringMatching(/^the tag is v99\.0\.0, the version /));
});

test("a release publishes one build, by OIDC where there is such, and leaves out what has no account", () => {
	const { text } = workflows.find(({ name }) => name === "release.yml") ?? { text: "" };
	expect(text.match(/node scripts\/release\.mjs|npm run package\b/g)).toEqual(["node scripts/release.mjs"]);
	expect(text).toMatch(/@vscode\/vsce@\d+\.\d+\.\d+ publish --oidc .*--packagePath "out\/release\//);
	expect(text).toMatch(/npm publish --provenance .*"\.\/out\/release\//);
	expect(text).not.toMatch(/VSCE_PAT|NODE_AUTH_TOKEN|--pat\b/);
	for (const account of ["MARKETPLACE", "OVSX_PAT", "NPM"])
		expect(text).toMatch(new RegExp(`\\[ -n "\\$${account}" \\] \\|\\| .* exit 0;`));
});
