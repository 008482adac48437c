import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commands } from "./commands.ts";
import { main } from "./main.ts";
import { columnsOf } from "./terminal.ts";
import { translationsFor } from "./translations.ts";

test.each([
	["zh-CN", true],
	["zh-cn", true],
	["zh_CN.UTF-8", true],
	["zh-Hans-SG", true],
	["zh", true],
	["zh-TW", false],
	["zh_HK.UTF-8", false],
	["zh-Hant", false],
	["en-GB", false],
	["C.UTF-8", false],
	["", false],
	[undefined, false],
] as const)("texts for %s", (locale, chinese) => {
	expect(translationsFor(locale)?.Anchors).toBe(chinese ? "锚点" : undefined);
});

async function said(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
	let [out, err] = ["", ""];
	const status = await main(args, { stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) } });
	return { status, out, err };
}

describe("in Chinese", () => {
	let folder: string;
	beforeEach(() => {
		vi.stubEnv("LC_ALL", "zh_CN.UTF-8");
		folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-chinese-"));
		writeFileSync(join(folder, "pf.conf"), "pass in onn em0\n");
		writeFileSync(join(folder, "a.pftest"), "pass tcp from outside to host port 22\n");
	});
	afterEach(() => {
		vi.unstubAllEnvs();
		rmSync(folder, { recursive: true });
	});

	test.each(Object.keys(commands))("help %s has no English sentence, and lines that fit a terminal", async (name) => {
		const { out } = await said("help", name);
		for (const line of out.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(100);
		const prose = out.split("\n").filter((line) => !/^(用法| {2}openbsd-vnet | {20})/.test(line));
		for (const line of prose) expect(line.replaceAll(/“[^”]*”/g, "")).not.toMatch(/\b(the|is|are|of|and|what|which|without)\b /);
	});

	test("the list of commands, faults of a call and the last line are told so", async () => {
		expect((await said("help")).out).toMatch(/^用法：openbsd-vnet COMMAND[\s\S]*\n {2}check +报告主机文件中的错误\n/);
		expect(await said("chek")).toEqual({
			status: 2,
			out: "",
			err: "openbsd-vnet: 未知的命令“chek”；是否想写“check”？\n“openbsd-vnet help”列出所有命令\n",
		});
		expect((await said("check", "--formt", "json")).err).toMatch(/^openbsd-vnet: 未知的选项“--formt”；是否想写“--format”？\n/);
		expect((await said("check", join(folder, "none"))).err).toMatch(/: 没有这样的文件或文件夹/);
		const { out } = await said("check", join(folder, "pf.conf"));
		expect(out).toMatch(/pf\.conf:1:9: 错误：/);
		expect(out).toMatch(/\n已检查 1 个文件：1 个文件中有 .*\d 个错误/);
	});

	test("what programs read has the names that it has in English", async () => {
		const names = async (...args: string[]): Promise<unknown> =>
			JSON.parse((await said(...args)).out, (key, value) => (key === "message" || key === "reasons" ? "" : value));
		const chinese = [await names("check", "--json", folder), await names("test", "--json", folder)];
		vi.stubEnv("LC_ALL", "C");
		expect([await names("check", "--json", folder), await names("test", "--json", folder)]).toEqual(chinese);
	});
});
