// Makes the VSIX: bundles for production, then vsce without the packages (they are in the bundles).
import { spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

/** The largest package that is still small enough to install over a slow line. */
const MAX_BYTES = 2 * 1024 * 1024;

mkdirSync(join(root, "out"), { recursive: true });
const target = join(root, "out", "openbsd-vnet.vsix");
const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
const { status } = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--out", target], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
const { size } = statSync(target);
console.log(`${target}: ${Math.round(size / 1024)} KB`);
if (size > MAX_BYTES) {
	console.error("The package is over 2 MB");
	process.exitCode = 1;
}
