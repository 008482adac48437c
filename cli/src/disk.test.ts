/** What is read of a disk: plain files of a bounded size, whatever has their names. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { maximumFileSize, type NotRead } from "@openbsd-vnet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disk, findFiles } from "./disk.ts";
import { main } from "./main.ts";
import { PathError } from "./path-error.ts";

let root = "";
const at = (name: string): string => join(root, "etc", name);

beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "openbsd-vnet-"));
	mkdirSync(join(root, "etc"));
	writeFileSync(at("pf.plain"), "pass\n");
	symlinkSync("pf.plain", at("pf.link"));
	symlinkSync("/dev/zero", at("pf.device"));
	symlinkSync("nowhere", at("pf.dangling"));
	symlinkSync("pf.loop", at("pf.loop"));
	mkdirSync(at("pf.folder"));
	execFileSync("mkfifo", [at("pf.pipe")]);
	symlinkSync("pf.pipe", at("pf.piped"));
	writeFileSync(at("pf.large"), "");
	truncateSync(at("pf.large"), maximumFileSize + 1);
	writeFileSync(at("pf.most"), "");
	truncateSync(at("pf.most"), maximumFileSize);
	writeFileSync(at("pf.secret"), "pass\n");
	chmodSync(at("pf.secret"), 0);
	const names = ["device", "folder", "pipe", "piped", "large"];
	writeFileSync(at("pf.conf"), names.map((name) => `include "/etc/pf.${name}"\n`).join(""));
});
afterAll(() => rmSync(root, { recursive: true }));

const cases: readonly (readonly [name: string, read: boolean, notRead: NotRead | undefined])[] = [
	["pf.plain", true, undefined],
	["pf.link", true, undefined],
	["pf.most", true, undefined],
	["pf.device", false, "special"],
	["pf.pipe", false, "special"],
	["pf.piped", false, "special"],
	["pf.folder", false, "folder"],
	["pf.large", false, "large"],
	["pf.dangling", false, undefined],
	["pf.loop", false, undefined],
	["pf.absent", false, undefined],
];

describe("the disk", () => {
	test.each(cases)("%s is read: %s, because %s", async (name, read, notRead) => {
		const uri = pathToFileURL(at(name)).href;
		expect((await disk.read(uri)) !== undefined).toBe(read);
		expect(await disk.notRead?.(uri)).toBe(notRead);
	});

	test.skipIf(process.getuid?.() === 0)("a file that is not ours to read says so (skipped for root, who may read all)", async () => {
		expect(await disk.notRead?.(pathToFileURL(at("pf.secret")).href)).toBe("denied");
	});

	test("a file on the command line that is none is refused with the reason", async () => {
		await expect(findFiles([at("pf.pipe")])).rejects.toThrow(
			new PathError(`${at("pf.pipe")} is not read: it is a device, a pipe or a socket`),
		);
	});

	test("each is told of once, where it is named", async () => {
		let output = "";
		const stream = { write: (text: string) => (output += text) };
		expect(await main(["check", root], { stdout: stream, stderr: stream }), output).toBe(0);
		for (const [name, , notRead] of cases) {
			const lines = output.split("\n").filter((line) => line.includes(`/etc/${name} is not read`));
			expect(lines.map((line) => line.slice(0, line.indexOf(":")))).toEqual(notRead === undefined ? [] : [at("pf.conf")]);
		}
	});
});
