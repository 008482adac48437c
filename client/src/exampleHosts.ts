/** "Open an Example Host...": a copy of an example in a window of its own, and the tour through it. */
import { commands, Disposable, type ExtensionContext, FileType, l10n, Uri, window, workspace } from "vscode";
import { inBackground } from "./background.ts";

/** The example that the tour leads through. */
const TOURED = "handbook";

/** Where it is kept, from one window to the next, that the tour begins there. */
const BEGINS = "exampleHosts.tour";

export function registerExampleHosts(context: ExtensionContext): Disposable {
	inBackground(beginTour(context));
	return Disposable.from(commands.registerCommand("openbsdVnet.openExample", (given?: unknown) => openExample(context, given)));
}

function examples() {
	return [
		{ name: TOURED, label: l10n.t("The handbook's host, as printed"), detail: l10n.t("With its faults: a tour leads through them") },
		{
			name: "handbook-microsegmentation",
			label: l10n.t("The handbook's host with a policy for each guest, as printed"),
			detail: l10n.t("With its faults, which take more fixes"),
		},
		{
			name: "corrected",
			label: l10n.t("The same network made to work, on veb"),
			detail: l10n.t("Nothing is wrong; its policy tests pass"),
		},
		{
			name: "corrected-bridge",
			label: l10n.t("The same network made to work, on bridge"),
			detail: l10n.t("Nothing is wrong; its policy tests pass"),
		},
		{ name: "vlans", label: l10n.t("Guests in VLANs of one veb"), detail: l10n.t("As OpenBSD 7.9 has them, behind a trunk and routed") },
		{ name: "upgrade", label: l10n.t("A host of OpenBSD 7.7"), detail: l10n.t("What later releases refuse or read otherwise") },
	];
}

/** @param given the name of an example, by a button of the tour */
async function openExample(context: ExtensionContext, given: unknown): Promise<void> {
	const all = examples();
	const chosen =
		all.find(({ name }) => name === given) ??
		(await window.showQuickPick(all, { placeHolder: l10n.t("Which host?"), matchOnDetail: true }));
	if (chosen === undefined) return;
	const folder = await copied(context, chosen.name);
	if (chosen.name === TOURED) await context.globalState.update(BEGINS, folder.toString());
	const forceNewWindow = (workspace.workspaceFolders ?? []).length > 0;
	const filesToOpen = [Uri.joinPath(folder, "etc", "pf.conf")];
	await commands.executeCommand("vscode.openFolder", folder, { forceNewWindow, filesToOpen });
}

/** A new copy: what somebody has made of the one before stays. */
async function copied({ extensionUri, globalStorageUri }: ExtensionContext, name: string): Promise<Uri> {
	const place = Uri.joinPath(globalStorageUri, "examples");
	await workspace.fs.createDirectory(place);
	const taken = new Set((await workspace.fs.readDirectory(place)).map(([each]) => each));
	let free = name;
	for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
	const target = Uri.joinPath(place, free);
	await copyFolder(Uri.joinPath(extensionUri, "examples", name), target);
	return target;
}

/** File by file: the extension may be where nothing is written, and its files then keep that. */
async function copyFolder(from: Uri, to: Uri): Promise<void> {
	await workspace.fs.createDirectory(to);
	for (const [name, type] of await workspace.fs.readDirectory(from)) {
		const [source, target] = [Uri.joinPath(from, name), Uri.joinPath(to, name)];
		if ((type & FileType.Directory) !== 0) await copyFolder(source, target);
		else await workspace.fs.writeFile(target, await workspace.fs.readFile(source));
	}
}

/** In the window of the example: the next step of the tour. */
async function beginTour({ globalState, extension }: ExtensionContext): Promise<void> {
	const folder = globalState.get<string>(BEGINS);
	if (folder === undefined || workspace.workspaceFolders?.[0]?.uri.toString() !== folder) return;
	await globalState.update(BEGINS, undefined);
	await commands.executeCommand("workbench.action.openWalkthrough", { category: `${extension.id}#tour`, step: "problems" }, true);
}
