import * as vscode from "vscode";
import { extensions, LanguageModelTextPart, lm, Uri, workspace } from "vscode";
import { serverDefinitions } from "../../../client/src/mcpServer.ts";
import { deepStrictEqual, ok, strictEqual } from "../assert.ts";
import { extensionId, readyApi } from "../editor.ts";

async function ask(name: string, input: object): Promise<string> {
	const { content } = await lm.invokeTool(name, { input, toolInvocationToken: undefined });
	return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
}

/** What an answer that there is none says. */
async function refusal(name: string, input: object): Promise<string> {
	try {
		return `answered: ${await ask(name, input)}`;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

describe("agents", () => {
	before(readyApi);
	const flow = { from: "outside", to: "web01", protocol: "tcp" };

	it("are given the tools that the manifest describes", () => {
		const described: { name: string }[] = extensions.getExtension(extensionId)?.packageJSON.contributes.languageModelTools;
		strictEqual(described.length, 2);
		for (const { name } of described) ok(lm.tools.some((tool) => tool.name === name));
	});

	it("are told what pf does to a connection", async () => {
		const { answer, ways } = JSON.parse(await ask("openbsd-vnet_trace", { ...flow, host: "corrected", port: 443 }));
		strictEqual(answer, "yes");
		ok(ways[0].steps.length > 0);
		strictEqual(JSON.parse(await ask("openbsd-vnet_trace", { ...flow, host: "corrected", port: 3306 })).answer, "no");
	});

	it("are told who reaches whom", async () => {
		const { ends } = JSON.parse(await ask("openbsd-vnet_reach", { host: "corrected" }));
		deepStrictEqual(ends.slice(0, 4), ["outside", "host", "web01", "db01"]);
	});

	it("are told what to ask where it is not clear", async () => {
		ok((await refusal("openbsd-vnet_reach", {})).includes("corrected"));
		ok((await refusal("openbsd-vnet_trace", { ...flow, host: "corrected", to: "nobody" })).includes("web01"));
	});

	it("are offered the command's server for each folder, where this VS Code knows of such", () => {
		const make = Reflect.get(vscode, "McpStdioServerDefinition");
		const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
		if (make === undefined) return;
		const { version } = extensions.getExtension(extensionId)?.packageJSON ?? {};
		deepStrictEqual(
			serverDefinitions(make, version).map((one) => [Reflect.get(one, "command"), Reflect.get(one, "args"), String(one.cwd)]),
			folders.map(({ uri }) => ["npx", ["--yes", `openbsd-vnet@${version}`, "mcp"], String(Uri.from(uri))]),
		);
	});
});
