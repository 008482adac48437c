#!/usr/bin/env node
// The command in a clone of the repository; the npm package has its own (scripts/package-npm.mjs).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../dist/main.js", import.meta.url);
if (!existsSync(built)) {
	process.stderr.write("openbsd-vnet: building it, once...\n");
	const root = fileURLToPath(new URL("../..", import.meta.url));
	const { status } = spawnSync("npm", ["run", "-s", "types"], { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
	if (status !== 0) process.exit(2);
}
const { main } = await import(built.href);
process.exitCode = await main(process.argv.slice(2), process);
