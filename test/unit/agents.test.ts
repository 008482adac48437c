/** What agents are answered, asked by the protocol's own client. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCommand } from "./command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const client = new Client({ name: "test", version: "1" });
let folder = "";

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-"));
	cpSync(join(root, "examples/corrected"), join(folder, "corrected"), { recursive: true });
	await client.connect(
		new StdioClientTransport({
			command: process.execPath,
			args: [await buildCommand(), "mcp"],
			cwd: folder,
			stderr: "inherit",
		}),
	);
}, 120_000);
afterAll(async () => {
	await client.close();
	rmSync(folder, { recursive: true });
});

async function ask(name: string, given: Record<string, unknown>): Promise<{ readonly text: string; readonly isError: boolean }> {
	const { content, isError = false } = await client.callTool({ name, arguments: given });
	const [first] = Array.isArray(content) ? content : [];
	return { text: first?.type === "text" ? first.text : "", isError: isError === true };
}

test("every tool only reads, and is told of in docs/agents.md", async () => {
	const { tools } = await client.listTools();
	const told = [...readFileSync(join(root, "docs/agents.md"), "utf8").matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
	expect(tools.map(({ name }) => name)).toEqual(told);
	for (const { annotations, description } of tools) {
		expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
		expect(description?.length).toBeGreaterThan(20);
	}
});

describe("an answer is that of the command", () => {
	test.each<[name: string, given: Record<string, unknown>, says: RegExp]>([
		["check", { paths: ["corrected"] }, /^\[\]\n$/],
		["check", {}, /^\[\]\n$/],
		["test", { paths: ["corrected"] }, /"result": "passed"/],
		["expand", { file: "corrected/etc/pf.conf" }, /^block /m],
		["trace", { from: "outside", to: "web01", protocol: "tcp", port: 80, folder: "corrected" }, /"answer": "yes"/],
		["reach", { folder: "corrected" }, /"ends": \[/],
		["explain", { code: "pf/syntax" }, /^pf\/syntax \(error\)/],
	])("%s %j", async (name, given, says) => {
		const { text, isError } = await ask(name, given);
		expect(text).toMatch(says);
		expect(isError).toBe(false);
	});
});

describe("what cannot be answered says why", () => {
	test.each<[name: string, given: Record<string, unknown>, why: RegExp]>([
		["check", { paths: ["/etc"] }, /^\/etc is outside of /],
		["expand", { file: "corrected/../../../etc/pf.conf" }, /is outside of/],
		["reach", { folder: ".." }, /is outside of/],
		["explain", { code: "pf/sintax" }, /did you mean 'pf\/syntax'/],
		["trace", { from: "outside", to: "nobody", protocol: "tcp", folder: "corrected" }, /ends are outside, host, web01, db01/],
		["diff", { since: "main", folder: "corrected" }, /Git does not know a revision 'main'/],
		["plan", { host: "--help" }, /no host '--help'|openbsd-vnet\.json/],
	])("%s %j", async (name, given, why) => {
		const { text, isError } = await ask(name, given);
		expect(text).toMatch(why);
		expect(isError).toBe(true);
	});
});
