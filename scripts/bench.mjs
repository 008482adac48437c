// Runs every bench of scripts/bench/ in turn, each in a process of its own, over the built library.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

const names = readdirSync(join(root, "scripts", "bench")).filter((name) => name.endsWith(".mjs"));
for (const name of names.sort()) {
	console.log(`\n== ${name}`);
	spawnSync(process.execPath, ["--expose-gc", join(root, "scripts", "bench", name)], { cwd: root, stdio: "inherit" });
}
