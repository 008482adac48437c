// `npm run test:nodes`: what the packed npm package does on each release of Node that it promises. The releases come from the npm
// registry (the package `node`), into out/nodes/.
//
//	node scripts/test-nodes.mjs [MAJOR...]		20, 22 and 24 without
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { out, root } from "./lib/repository.mjs";

const PROMISED = ["20", "22", "24"];
const majors = process.argv.length > 2 ? process.argv.slice(2) : PROMISED;
const windows = process.platform === "win32";

const failed = [];
for (const major of majors) {
	const folder = join(out, "nodes", major);
	const node = join(folder, "node_modules", "node", "bin", windows ? "node.exe" : "node");
	if (!existsSync(node)) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
		execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-save", `node@${major}`], {
			cwd: folder,
			stdio: "inherit",
			shell: windows,
		});
	}
	console.log(`\n== Node ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`);
	const env = { ...process.env, OPENBSD_VNET_NODE: node };
	const { status } = spawnSync("npx", ["vitest", "run", "test/unit/npm-package.test.ts"], {
		cwd: root,
		stdio: "inherit",
		env,
		shell: windows,
	});
	if (status !== 0) failed.push(major);
}
console.log(failed.length === 0 ? `\nThe package works on Node ${majors.join(", ")}.` : `\nFailed on Node ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
