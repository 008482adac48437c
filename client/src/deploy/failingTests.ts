import { folderWithFiles } from "@openbsd-vnet/server";
import { RelativePattern, Uri, workspace } from "vscode";
import type { DeployContext } from "./context.ts";

/** The policy tests of a host that do not pass. */
export async function failingTests({ server }: Pick<DeployContext, "server">, etc: string): Promise<readonly string[]> {
	const folder = Uri.parse(folderWithFiles(etc).root);
	// Tests are looked for where VS Code searches: not on a running host.
	if (workspace.getWorkspaceFolder(folder) === undefined) return [];
	const files = await workspace.findFiles(new RelativePattern(folder, "**/*.pftest"));
	const failed: string[] = [];
	for (const uri of files) {
		const results = (await server.request("policyTests", { uri: uri.toString(), run: true })) ?? [];
		failed.push(...results.filter(({ result }) => result !== "passed").map(({ name }) => name));
	}
	return failed;
}
