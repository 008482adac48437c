import { extensions, LanguageModelTextPart, lm } from "vscode";
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
});
