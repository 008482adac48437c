/** The server of the Model Context Protocol for the editor's agents: `openbsd-vnet mcp`, which the extension carries, in each folder of the workspace. */
import * as vscode from "vscode";
import { Disposable, EventEmitter, type ExtensionContext, l10n, Uri, workspace } from "vscode";

/** The name of the provider in the manifest. */
const PROVIDER = "openbsdVnet";

/** How a server is started; VS Code has it since 1.101, its types are of the oldest that we support. */
interface ServerDefinition {
	cwd?: Uri;
}

type MakeDefinition = new (
	label: string,
	command: string,
	args: string[],
	env: Record<string, string>,
	version: string,
) => ServerDefinition;

interface Provider {
	readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
	readonly provideMcpServerDefinitions: () => ServerDefinition[];
}

/**
 * The servers that are offered: none but where a folder is open, for agents read no file outside of theirs.
 * @param script what is started, by the Node of the extension host
 */
export function serverDefinitions(make: MakeDefinition, script: string, version: string): ServerDefinition[] {
	const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
	return folders.map(({ name, uri }) => {
		const label = folders.length === 1 ? l10n.t("OpenBSD VM Networking") : l10n.t("OpenBSD VM Networking in {0}", name);
		const definition = new make(label, process.execPath, [script], { ELECTRON_RUN_AS_NODE: "1" }, version);
		definition.cwd = uri;
		return definition;
	});
}

/** The program that the extension carries. */
export function serverScript(extensionUri: Uri): string {
	return Uri.joinPath(extensionUri, "dist", "agents", "agents.js").fsPath;
}

/** Registers the server, where this VS Code knows of such. */
export function registerMcpServer({ extension, extensionUri }: ExtensionContext): Disposable {
	const models: object | undefined = vscode.lm;
	const register: unknown = models && Reflect.get(models, "registerMcpServerDefinitionProvider");
	const make: unknown = Reflect.get(vscode, "McpStdioServerDefinition");
	if (!isRegister(register) || !isMaker(make)) return Disposable.from();
	const changed = new EventEmitter<void>();
	const { version } = extension.packageJSON;
	const script = serverScript(extensionUri);
	return Disposable.from(
		changed,
		workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
		register(PROVIDER, {
			onDidChangeMcpServerDefinitions: changed.event,
			provideMcpServerDefinitions: () => serverDefinitions(make, script, version),
		}),
	);
}

function isRegister(value: unknown): value is (id: string, provider: Provider) => Disposable {
	return typeof value === "function";
}

function isMaker(value: unknown): value is MakeDefinition {
	return typeof value === "function";
}
