import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markedScript, readSection } from "./live-script.ts";
import { sh } from "./shell-words.ts";

describe.skipIf(process.platform === "win32")("a script of marked commands", () => {
	let folder = "";
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "live-script-"));
		// OpenBSD's misses a command that has ended before it waits: one that sleeps lets it come to that.
		writeFileSync(join(folder, "timeout"), `#!/bin/sh\nshift\n"$@"\nended=$?\n[ -e ${folder}/slept ] || exit 124\nexit "$ended"\n`, {
			mode: 0o755,
		});
		writeFileSync(join(folder, "sleep"), `#!/bin/sh\n: >${folder}/slept\n`, { mode: 0o755 });
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test("tells how each command ended, though timeout(1) can miss that", () => {
		const { text } = markedScript("MARK", { said: sh`echo ${"two words"}`, failed: sh`cat /no/such/file` });
		const { stdout } = spawnSync("/bin/sh", ["-c", text], { encoding: "utf8", env: { PATH: `${folder}:/usr/bin:/bin` } });
		expect(readSection(stdout, "MARK", "said")).toEqual({ lines: ["two words"], status: 0 });
		expect(readSection(stdout, "MARK", "failed")).toMatchObject({ status: 1 });
	});
});
