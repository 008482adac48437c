/** The files of a host as they were at a revision of Git. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type HostFolder, maximumFileSize, type Workspace } from "@openbsd-vnet/server";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

const run = promisify(execFile);

/**
 * The folder of a host at a revision.
 * @throws PathError where Git does not know the revision, or is not there
 */
export async function workspaceAt(host: HostFolder, revision: string): Promise<Workspace> {
	const folder = fileURLToPath(host.root);
	const git = async (...args: readonly string[]): Promise<string> =>
		(await run("git", ["-C", folder, ...args], { maxBuffer: 64 * 1024 * 1024, encoding: "utf8" })).stdout;
	let commit: string;
	try {
		commit = (await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`)).trim();
	} catch {
		throw new PathError(tell("{0}: Git does not know a revision '{1}' there", folder, revision));
	}
	/** Sizes of plain files by their paths in the folder. */
	const sizes = new Map<string, number>();
	for (const line of (await git("ls-tree", "-r", "-z", "--long", commit, "--", ".")).split("\0")) {
		const [, mode = "", size = "", path] = /^(\d+) blob \S+ +(\d+)\t(.*)$/s.exec(line) ?? [];
		if (path !== undefined && mode.startsWith("100")) sizes.set(path, Number(size));
	}
	const pathOf = (uri: string): string => decodeURIComponent(uri.slice(host.root.length + 1));
	return {
		folders: [host.root],
		read: async (uri) => {
			const path = pathOf(uri);
			return (sizes.get(path) ?? Number.POSITIVE_INFINITY) > maximumFileSize ? undefined : await git("show", `${commit}:./${path}`);
		},
		list: async (uri) => {
			const inside = pathOf(`${uri}/`);
			const names = new Map<string, "file" | "folder">();
			for (const path of sizes.keys()) {
				if (!path.startsWith(inside)) continue;
				const [name = "", ...rest] = path.slice(inside.length).split("/");
				names.set(name, rest.length > 0 ? "folder" : "file");
			}
			return [...names].map(([name, type]) => ({ name, type }));
		},
	};
}
