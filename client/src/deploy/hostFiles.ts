/** The files of a host as they are in the workspace, and where each is here. */
import { type WantedFile, wantedFilesOf } from "@openbsd-vnet/remote";
import type { Workspace } from "@openbsd-vnet/server";
import { FileType, l10n, Range, type TextDocument, Uri, WorkspaceEdit, workspace } from "vscode";
import { happens } from "../events.ts";
import { readFile } from "../files.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";

/** The files below a host's /etc that are deployed, as they are in open editors, else on disk. */
export async function wantedFiles({
	name,
	etc = "",
	deploy = [],
}: Pick<KnownHost, "name" | "etc" | "deploy">): Promise<readonly WantedFile[]> {
	return await wantedFilesOf(editors, { name, root: etc, mount: "/etc", deploy });
}

/** The same by their paths. */
export async function textsOf(host: Pick<KnownHost, "name" | "etc" | "deploy">): Promise<ReadonlyMap<string, { readonly text: string }>> {
	const files = await wantedFiles(host);
	return new Map(files.flatMap(({ path, text }) => (text === undefined ? [] : [[path, { text }] as const])));
}

/** Where a path of the host is in the workspace. */
export function uriOf(etc: string, path: string): Uri {
	return Uri.joinPath(Uri.parse(etc), path.replace(/^\/etc\//, ""));
}

/** Saves what is edited of a host: what is deployed is what the files hold. */
export async function saveFiles(etc: string): Promise<boolean> {
	const folder = `${Uri.parse(etc).toString()}/`;
	const edited = workspace.textDocuments.filter(({ uri, isDirty }) => isDirty && uri.toString().startsWith(folder));
	return (await Promise.all(edited.map(save))).every((saved) => saved);
}

/** While extensions still prepare a save that has begun, such as one of files.autoSave, VS Code refuses another: that one counts as well. */
async function save(document: TextDocument): Promise<boolean> {
	const begun = happens(workspace.onDidSaveTextDocument, (saved) => saved === document, BEGUN_SAVE);
	return (await document.save()) || ((await begun) && !document.isDirty) || (await document.save());
}

/** How long a save that has begun may take: extensions have 1.75 s for it, and the disk is written then. In milliseconds. */
const BEGUN_SAVE = 5000;

/** The text of a file as it is in an open editor, else on disk; undefined where it is not there. */
export async function readHere(uri: Uri): Promise<string | undefined> {
	const open = openDocument(uri);
	if (open !== undefined) return open.getText();
	const answer = await readFile(uri);
	return typeof answer === "string" ? answer : undefined;
}

/** Writes a file that `readHere` has read: in its editor where it is open, which else would hold another text than the disk. */
export async function writeHere(uri: Uri, text: string): Promise<void> {
	const open = openDocument(uri);
	if (open === undefined) return await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
	const edit = new WorkspaceEdit();
	edit.replace(uri, new Range(0, 0, open.lineCount, 0), text);
	if (!(await workspace.applyEdit(edit)) || !(await save(open)))
		throw new Error(l10n.t("{0} could not be saved.", workspace.asRelativePath(uri)));
}

function openDocument(uri: Uri): TextDocument | undefined {
	return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

const editors: Workspace = {
	folders: [],
	read: (uri) => readHere(Uri.parse(uri)),
	list: async (uri) => {
		const entries = await quietly(async () => await workspace.fs.readDirectory(Uri.parse(uri)));
		return (entries ?? []).map(([name, type]) => ({ name, type: (type & FileType.Directory) !== 0 ? "folder" : "file" }));
	},
};

/** What is not there is no fault here. */
async function quietly<T>(read: () => Promise<T>): Promise<T | undefined> {
	try {
		return await read();
	} catch {
		return undefined;
	}
}
