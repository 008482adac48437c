/** The files of a workspace that are a host's. */
import { filesOfHost, type HostFolder, uriOnHost, type Workspace } from "@openbsd-vnet/server";
import { roleOf, type WantedFile } from "./files.ts";

/** The files of a host's folder that are deployed: those of the network, and those that openbsd-vnet.json lists, where they are there. */
export async function wantedFilesOf(workspace: Workspace, host: HostFolder): Promise<readonly (WantedFile & { readonly text: string })[]> {
	const found = [...(await filesOfHost(workspace, host))].map(([path, { text }]) => ({ path, text }));
	const known = found.filter(({ path }) => roleOf(path) !== undefined);
	const listed = await Promise.all(
		(host.deploy ?? [])
			.filter((path) => !known.some((each) => each.path === path))
			.map(async (path) => ({ path, text: await workspace.read(uriOnHost(host, path) ?? ""), listed: true })),
	);
	// One that is not here is not taken away there.
	const present = listed.flatMap(({ text, ...file }) => (text === undefined ? [] : [{ ...file, text }]));
	return [...known, ...present].sort((a, b) => (a.path < b.path ? -1 : 1));
}
