import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("docs/command.md and its recorded session are what the command prints now", () => {
	execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", "cli"], { cwd: root });
	const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/session.mjs"), "--check"], { encoding: "utf8" });
	expect([stderr, status]).toEqual(["", 0]);
}, 120_000);
