/** Checks many hosts on all cores: each thread takes its share of them. */
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Release, Workspace } from "@openbsd-vnet/server";
import { type CheckedDiagnostic, checkFiles, filesByHost } from "@openbsd-vnet/server/features";

/** What a thread is given. */
export interface CheckShare {
	readonly folders: readonly string[];
	readonly release: Release | undefined;
	readonly uris: readonly string[];
	readonly translations: Readonly<Record<string, string>> | undefined;
}

type Checked = ReadonlyMap<string, readonly CheckedDiagnostic[]>;

/** So many bytes are worth a thread, which takes a fifth of a second to begin. */
const SHARE = 400_000;

/** `checkFiles` for files on disk. */
export async function checkInShares(
	workspace: Workspace,
	uris: readonly string[],
	translations: CheckShare["translations"],
	onHost: () => void,
): Promise<Checked> {
	const hosts = await Promise.all([...filesByHost(uris)].map(async (own) => ({ own, size: await sizeOf(own) })));
	const size = hosts.reduce((sum, host) => sum + host.size, 0);
	const count = Math.min(availableParallelism(), hosts.length, Math.floor(size / SHARE));
	if (count < 2) return await checkFiles(workspace, uris, translations, onHost);
	const shares = Array.from({ length: count }, () => ({ size: 0, uris: [] as string[] }));
	// The largest first, each to who has the least.
	for (const host of hosts.sort((a, b) => b.size - a.size)) {
		const least = shares.reduce((a, b) => (b.size < a.size ? b : a));
		least.size += host.size;
		least.uris.push(...host.own);
	}
	const found = await Promise.all(
		shares.map((share) => inThread({ folders: workspace.folders, release: workspace.release, uris: share.uris, translations }, onHost)),
	);
	return new Map(found.flatMap((one) => [...one]));
}

async function sizeOf(uris: readonly string[]): Promise<number> {
	const sizes = uris.map((uri) =>
		stat(fileURLToPath(uri)).then(
			({ size }) => size,
			() => 0,
		),
	);
	return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** What a thread posts: that a host is done, and at the end what it has found. */
export type ThreadMessage = "host" | Checked;

function inThread(share: CheckShare, onHost: () => void): Promise<Checked> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL("./check-worker.js", import.meta.url), { workerData: share });
		worker.on("message", (message: ThreadMessage) => (message === "host" ? onHost() : resolve(message))).once("error", reject);
		worker.once("exit", (status) => reject(new Error(`a thread of check has ended with status ${status}`)));
	});
}
