/** Adds a host to the workspace: tried first, then named in openbsd-vnet.json, so that its files can be pulled. */
import {
	askLiveState,
	configuredHosts,
	folderNameOf,
	type InstalledProgram,
	installedProgram,
	type LiveState,
	localSide,
	programName,
	readDestination,
	run,
	type Transport,
	withConnection,
} from "@openbsd-vnet/remote";
import { hostListName, readHostList, render, withHost } from "@openbsd-vnet/server";
import { commands, l10n, Uri, type WorkspaceFolder, window, workspace } from "vscode";
import { inBackground } from "../background.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showError, showInformation } from "../notices.ts";
import { type DeployContext, reasonOf, working } from "./context.ts";
import { readHere, writeHere } from "./hostFiles.ts";

/** What was found on a host, when it was tried. */
interface Tried {
	readonly state: LiveState;
	readonly user: string;
	readonly transport: Transport;
	/** Which program deploys there, for a user who is not root; why that is not known otherwise. */
	readonly program: InstalledProgram | string | undefined;
}

/** What a caller knows already; the user is asked for the rest, and shown what was found. */
export interface HostToAdd {
	readonly address: string;
	/** Below the workspace folder. */
	readonly folder: string;
}

/** Resolves to the host that was added, and whether its files are wanted; undefined where none was. */
export async function addHost(
	context: DeployContext,
	given?: HostToAdd,
): Promise<{ readonly host: KnownHost; readonly pulls: boolean } | undefined> {
	const within = await workspaceFolder();
	if (within === undefined) return undefined;
	const list = Uri.joinPath(within.uri, hostListName);
	const text = await readHere(list);
	const problems: string[] = [];
	const known = text === undefined ? [] : readHostList(text, within.uri.toString(), problems);
	if (problems.length > 0) {
		inBackground(showError(problems.join(" ")));
		await window.showTextDocument(list);
		return undefined;
	}
	const address = given?.address ?? (await askAddress());
	if (address === undefined) return undefined;
	const own = readDestination(address)?.name ?? address;
	const tried = await attempt(context, { name: own, address });
	if (tried === undefined) return undefined;
	const pulls = given !== undefined || (await askWhether(own, tried));
	if (pulls === undefined) return undefined;
	const root = given?.folder ?? (await askFolder(folderNameOf(address), known));
	if (root === undefined) return undefined;
	const name = root.split("/").at(-1) ?? root;
	await writeHere(list, withHost(text, { name, root, ssh: address }));
	return { host: { name, address, etc: Uri.joinPath(within.uri, root, "etc").toString(), deploy: [] }, pulls };
}

async function workspaceFolder(): Promise<WorkspaceFolder | undefined> {
	const folders = workspace.workspaceFolders ?? [];
	if (folders.length > 1) return await window.showWorkspaceFolderPick({ placeHolder: l10n.t("Where do the host's files go?") });
	if (folders.length === 0) {
		const open = l10n.t("Open Folder...");
		const text = l10n.t("Open a folder first: the host's files go there.");
		inBackground(
			showInformation(text, open).then((choice) => (choice === open ? commands.executeCommand("vscode.openFolder") : undefined)),
		);
	}
	return folders[0];
}

/** A name of ssh_config, or what the user types. */
function askAddress(): Promise<string | undefined> {
	const names = configuredHosts(localSide());
	const pick = window.createQuickPick();
	pick.title = l10n.t("Add a Host: 1 of 2");
	pick.placeholder = l10n.t("A name of ssh_config, host or user@host");
	const show = () => {
		const typed = pick.value.trim();
		const own = typed === "" || names.includes(typed) || readDestination(typed) === undefined ? [] : [{ label: typed, alwaysShow: true }];
		pick.items = [...own, ...names.map((label) => ({ label, description: l10n.t("in ssh_config") }))];
	};
	pick.onDidChangeValue(show);
	show();
	return new Promise((resolve) => {
		pick.onDidAccept(() => {
			resolve(pick.selectedItems[0]?.label);
			pick.hide();
		});
		pick.onDidHide(() => {
			resolve(undefined);
			pick.dispose();
		});
		pick.show();
	});
}

/** Connects, and looks at what is there; the user is told where that does not work. */
async function attempt(context: DeployContext, host: KnownHost): Promise<Tried | undefined> {
	return await working(context, host, l10n.t("Trying {0}", host.name), (_, signal) =>
		withConnection(
			() => context.reach(host, signal),
			async (connection): Promise<Tried> => {
				const state = await askLiveState((command, options) => run(connection, command, options), signal);
				const { target, transport } = connection;
				const { user } = target;
				const program = user === "root" ? undefined : await installedProgram(connection).catch(reasonOf);
				return { state, user, transport, program };
			},
		),
	);
}

/** Shows what was found. Resolves to whether files are pulled; undefined where the host is not added. */
async function askWhether(name: string, { state, user, transport, program }: Tried): Promise<boolean | undefined> {
	const release = state.system?.release;
	const lines = [
		release === undefined ? l10n.t("It does not say which release of OpenBSD it runs.") : l10n.t("It runs OpenBSD {0}.", release),
		...(state.system?.simulated === true ? [l10n.t("It is a simulated host.")] : []),
		...(transport.kind === "system" ? [l10n.t("It is reached over the system's ssh, for {0}.", render(transport.why, l10n.bundle))] : []),
		rightsText(user, program),
	];
	const mayPull = program === undefined || (typeof program !== "string" && program.kind !== "none");
	const pull = l10n.t("Add and Pull Its Files");
	const add = l10n.t("Add");
	const choice = await window.showInformationMessage(
		l10n.t("{0} answers", name),
		{ modal: true, detail: lines.join("\n") },
		...(mayPull ? [pull, add] : [add]),
	);
	return choice === undefined ? undefined : choice === pull;
}

function rightsText(user: string, program: Tried["program"]): string {
	if (program === undefined) return l10n.t("We log in as root, who may read and deploy all files.");
	if (typeof program === "string") return l10n.t("We log in as {0}, who may not read its files: {1}", user, program);
	if (program.kind === "none")
		return l10n.t(
			"We log in as {0}, who may not read its files: {1} is not there. OpenBSD: Show Host Program shows it, and how root installs it.",
			user,
			programName,
		);
	return l10n.t("We log in as {0}, who may read and deploy its files by {1} {2}.", user, programName, program.version);
}

/** A folder below the workspace folder that no other host has. */
async function askFolder(value: string, known: readonly { readonly name: string }[]): Promise<string | undefined> {
	const folder = await window.showInputBox({
		title: l10n.t("Add a Host: 2 of 2"),
		prompt: l10n.t("The folder for its files; its pf.conf goes into etc below that. Its last part is what the host is called here."),
		value,
		validateInput: (given) => {
			const parts = given.trim().split("/");
			if (parts.some((part) => part === "" || part === "." || part === "..")) return l10n.t("A folder below this one, such as hosts/hv1");
			const name = parts.at(-1);
			return known.some((host) => host.name === name) ? l10n.t("There is a host called {0} already", name ?? "") : undefined;
		},
	});
	return folder?.trim();
}
