/** The files of a host as they are in the workspace, and where each is here. */
import { roleOf, type WantedFile } from "@openbsd-vnet/remote";
import { FileType, Uri, workspace } from "vscode";
import type { Host } from "../hosts/liveHosts.ts";

/** Folders of /etc are looked into so deep. */
const MAX_DEPTH = 3;

/** The files below a host's /etc that are deployed, those that openbsd-vnet.json lists among them, as they are in open editors, else on disk. */
export async function wantedFiles({ etc = "", deploy = [] }: Pick<Host, "etc" | "deploy">): Promise<readonly WantedFile[]> {
	const wanted: WantedFile[] = [];
	const walk = async (folder: Uri, path: string, depth: number): Promise<void> => {
		for (const [name, type] of await workspace.fs.readDirectory(folder)) {
			const uri = Uri.joinPath(folder, name);
			const at = `${path}/${name}`;
			if ((type & FileType.Directory) !== 0) {
				if (depth < MAX_DEPTH) await walk(uri, at, depth + 1);
			} else if (roleOf(at) !== undefined || deploy.includes(at))
				wanted.push({ path: at, text: await textOf(uri), listed: deploy.includes(at) });
		}
	};
	await walk(Uri.parse(etc), "/etc", 0);
	return wanted.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where a path of the host is in the workspace. */
export function uriOf(etc: string, path: string): Uri {
	return Uri.joinPath(Uri.parse(etc), path.replace(/^\/etc\//, ""));
}

/** Saves what is edited of a host: what is deployed is what the files hold. */
export async function saveFiles(etc: string): Promise<boolean> {
	const folder = `${Uri.parse(etc).toString()}/`;
	const edited = workspace.textDocuments.filter(({ uri, isDirty }) => isDirty && uri.toString().startsWith(folder));
	return (await Promise.all(edited.map((document) => document.save()))).every((saved) => saved);
}

async function textOf(uri: Uri): Promise<string> {
	const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
	return open?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(uri));
}
