import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as vscode from "vscode";
import { extensions, Uri, workspace } from "vscode";
import { serverDefinitions, serverScript } from "../../../client/src/mcpServer.ts";
import { deepStrictEqual, ok, strictEqual } from "../assert.ts";
import { extensionId } from "../editor.ts";

/** What a definition says of the program that is started. */
interface Definition {
	readonly command: string;
	readonly args: string[];
	readonly env: Record<string, string>;
	readonly cwd?: Uri;
	readonly version: string;
}

class Made implements Definition {
	readonly command: string;
	readonly args: string[];
	readonly env: Record<string, string>;
	readonly version: string;
	declare readonly cwd?: Uri;

	constructor(_label: string, command: string, args: string[], env: Record<string, string>, version: string) {
		this.command = command;
		this.args = args;
		this.env = env;
		this.version = version;
	}
}

describe("the server for agents that the extension carries", () => {
	const extension = extensions.getExtension(extensionId);
	const { version } = extension?.packageJSON ?? {};
	const script = serverScript(extension?.extensionUri ?? Uri.file("/"));
	const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");

	it("is offered for each folder", () => {
		const make = Reflect.get(vscode, "McpStdioServerDefinition") ?? Made;
		const offered: readonly object[] = serverDefinitions(make, script, version);
		const told = offered.map((one) =>
			["command", "args", "version"].map((key) => Reflect.get(one, key)).concat(String(Reflect.get(one, "cwd"))),
		);
		deepStrictEqual(
			told,
			folders.map(({ uri }) => [process.execPath, [script], version, String(uri)]),
		);
	});

	it("answers when it is started so", async () => {
		const [definition] = serverDefinitions(Made, script, version);
		if (!(definition instanceof Made)) throw new Error("No folder is open");
		const { command, args, env, cwd } = definition;
		const server = spawn(command, args, { cwd: cwd?.fsPath, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
		const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
		const ask = async (id: number, method: string, params: object): Promise<object> => {
			server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
			return JSON.parse((await lines.next()).value).result;
		};
		try {
			const begun = await ask(1, "initialize", {
				protocolVersion: "2025-06-18",
				capabilities: {},
				clientInfo: { name: "test", version: "1" },
			});
			deepStrictEqual(Reflect.get(begun, "serverInfo"), { name: "openbsd-vnet", version });
			server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
			const answered = await ask(2, "tools/call", { name: "explain", arguments: { code: "pf/syntax" } });
			strictEqual(Reflect.get(answered, "isError"), false);
			ok(JSON.stringify(answered).includes("pf/syntax (error)"));
		} finally {
			server.kill();
		}
	});
});
