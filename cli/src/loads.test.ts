/** What a command loads: SSH and YAML only where it needs them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { main } from "./main.ts";

const loaded = vi.hoisted((): string[] => []);
vi.mock("ssh2", async (original) => {
	loaded.push("ssh2");
	return await original();
});
vi.mock("yaml", async (original) => {
	loaded.push("yaml");
	return await original();
});

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-loads-"));
	writeFileSync(join(folder, "pf.conf"), "pass\n");
	writeFileSync(join(folder, "a.pftest"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

const quiet = { stdout: { write: () => true }, stderr: { write: () => true } };

// What is loaded stays loaded: what loads most is asked last.
describe("a command", { shuffle: false }, () => {
	test.each([
		[["--version"], 0],
		[["--help"], 0],
		[["check"], 0],
		[["expand", "pf.conf"], 0],
		[["test"], 2],
		[["pattern"], 0],
		[["host-program"], 0],
		[["lsp"], 2],
		[["deploy"], 2],
	])("%j loads neither", async (args, status) => {
		const [command = "", file] = args;
		const path = command === "check" || command === "test" ? [folder] : file === undefined ? [] : [join(folder, file)];
		expect(await main([command, ...path], quiet)).toBe(status);
		expect(loaded).toEqual([]);
	});

	test("what serves editors loads neither", async () => {
		await import("./lsp.ts");
		expect(loaded).toEqual([]);
	});

	test("what speaks with a host loads ssh2, and what writes for Ansible YAML", async () => {
		await import("./deploy.ts");
		expect(loaded).toEqual(["ssh2"]);
		await import("./export.ts");
		expect(loaded).toEqual(["ssh2", "yaml"]);
	});
});
