// `npm run test:nightly`: the unit tests with everything of which `npm test` runs a share, for up to two hours.
import { spawn } from "node:child_process";
import { root } from "./lib/repository.mjs";

const child = spawn("npx", ["vitest", "run", ...process.argv.slice(2)], {
	cwd: root,
	stdio: "inherit",
	env: { ...process.env, OPENBSD_VNET_NIGHTLY: "1" },
	shell: process.platform === "win32",
});
child.on("close", (status) => {
	process.exitCode = status ?? 1;
});
