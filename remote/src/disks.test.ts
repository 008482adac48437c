// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell writes parameters so
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { disksOf, isDiskSize, makeDisks, missingDisks } from "./disks.ts";
import type { RunOnHost } from "./live.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-disks-"));
	for (const [name, script] of [
		["vmctl", 'echo "vmctl $*" >>"$CALLS"; for last; do :; done; : >"${last#*:}"'],
		["install", 'echo "install $*" >>"$CALLS"; for last; do :; done; mkdir -p "$last"'],
		["id", "echo 0"],
	] as const) {
		writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
		chmodSync(join(folder, name), 0o755);
	}
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command in a shell whose programs write down how they are called. */
const run: RunOnHost = async ({ text }) => {
	const env = { PATH: `${folder}:/usr/bin:/bin`, CALLS: join(folder, "calls") };
	const { status, stdout, stderr } = spawnSync("sh", ["-c", text], { encoding: "utf8", env });
	return { status, stdout, stderr };
};
const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").split("\n").slice(0, -1) : []);

test("the disks of a vm.conf, each once, with the format that it names", () => {
	const text =
		'vm "a" {\n\tdisk "/var/vm/a.img"\n\tdisk "/var/vm/b.img" format qcow2\n}\nvm "b" {\n\tdisk "/var/vm/a.img"\n\tdisk $unknown\n}\n';
	expect(disksOf(new Map([["/etc/vm.conf", { text }]]))).toEqual([
		{ path: "/var/vm/a.img", format: undefined },
		{ path: "/var/vm/b.img", format: "qcow2" },
	]);
	expect(disksOf(new Map())).toEqual([]);
});

test("a disk that is not there is made, with its folder, options first; what is there is left alone", async () => {
	const there = join(folder, "there.img");
	writeFileSync(there, "content");
	const made = join(folder, "new folder", "it's.img");
	const disks = [
		{ path: there, format: undefined },
		{ path: made, format: "qcow2" as const },
	];
	expect(await makeDisks(run, disks, "20G")).toEqual([
		{ path: there, result: "there", message: "" },
		{ path: made, result: "made", message: "" },
	]);
	expect(readFileSync(there, "utf8")).toBe("content");
	expect(existsSync(made)).toBe(true);
	expect(calls()).toEqual([`install -d -o root -g wheel ${join(folder, "new folder")}`, `vmctl create -s 20G qcow2:${made}`]);
});

test("which of them are not there is asked without making any", async () => {
	writeFileSync(join(folder, "there.img"), "");
	const disks = ["there.img", "not $(there).img"].map((name) => ({ path: join(folder, name), format: undefined }));
	expect(await missingDisks(run, disks)).toEqual([disks[1]]);
	expect(calls()).toEqual([]);
});

test("what the host's programs refuse is told", async () => {
	writeFileSync(join(folder, "vmctl"), "#!/bin/sh\necho 'vmctl: no space' >&2\nexit 1\n");
	expect(await makeDisks(run, [{ path: join(folder, "x.img"), format: undefined }], "1T")).toEqual([
		{ path: join(folder, "x.img"), result: "failed", message: "vmctl: no space" },
	]);
});

test("where no guest has a disk, none is made and the host isn't asked", async () => {
	const nobody: RunOnHost = () => Promise.reject(new Error("asked"));
	expect(await makeDisks(nobody, [], "20G")).toEqual([]);
});

test.each(["20G", "512m", "1T"])("%s is a size", (size) => expect(isDiskSize(size)).toBe(true));
test.each(["", "20", "0G", "20G; reboot", "-1G", "1e9G"])("'%s' is none", async (size) => {
	expect(isDiskSize(size)).toBe(false);
	await expect(makeDisks(run, [], size)).rejects.toThrow("a size is");
});
