// Runs ../shared/tools/conformance.mjs over the built library with our minimums; says so where that folder is absent.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

const tool = join(root, "..", "shared", "tools", "conformance.mjs");
if (!existsSync(tool)) {
	console.log("Conformance is skipped: ../shared is absent");
} else {
	const minimums = JSON.parse(readFileSync(join(root, "scripts", "conformance-minimums.json"), "utf8"));
	const args = Object.entries(minimums).flatMap(([name, percent]) => ["--min", `${name}=${percent}`]);
	process.exitCode = spawnSync(process.execPath, [tool, ...args], { cwd: root, stdio: "inherit" }).status ?? 1;
}
