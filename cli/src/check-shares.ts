/** Checks many hosts on all cores: each thread takes one host after the other from those that are left. */
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { createLanguageService, type Workspace } from "@openbsd-vnet/server";
import { type CheckedDiagnostic, filesByHost } from "@openbsd-vnet/server/features";

/** What a thread is started with. */
export interface CheckShare {
	readonly folders: readonly string[];
	readonly translations: Readonly<Record<string, string>> | undefined;
}

export type CheckedShare = ReadonlyMap<string, readonly CheckedDiagnostic[]>;

/** So many bytes are worth a thread, which takes a fifth of a second to begin. */
const SHARE = 400_000;

/** So many hosts a thread has before it, so that it does not wait for this one, which checks too. */
const AHEAD = 2;

/** `checkFiles` for files on disk. */
export async function checkInShares(
	workspace: Workspace,
	uris: readonly string[],
	translations: CheckShare["translations"],
	onHost: () => void,
): Promise<CheckedShare> {
	const hosts = await Promise.all([...filesByHost(uris)].map(async (own) => ({ own, size: await sizeOf(own) })));
	const size = hosts.reduce((sum, host) => sum + host.size, 0);
	const threads = Math.min(availableParallelism(), hosts.length, Math.floor(size / SHARE)) - 1;
	const service = createLanguageService(workspace, translations && { translations });
	if (threads < 1) return await service.checkFiles(uris, onHost);
	// The smallest are taken last: no thread has long to go on alone.
	const left = hosts.sort((a, b) => a.size - b.size).map(({ own }) => own);
	const checked = new Map<string, readonly CheckedDiagnostic[]>();
	const take = (found: CheckedShare): void => {
		for (const [uri, diagnostics] of found) checked.set(uri, diagnostics);
		onHost();
	};
	const share = { folders: workspace.folders, translations };
	const here = async (): Promise<void> => {
		for (let own = left.pop(); own !== undefined; own = left.pop()) take(await service.checkFiles(own));
	};
	await Promise.all([...Array.from({ length: threads }, () => inThread(share, () => left.pop(), take)), here()]);
	return checked;
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

/** Gives a thread hosts until none is left. */
function inThread(share: CheckShare, next: () => readonly string[] | undefined, take: (found: CheckedShare) => void): Promise<void> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL("./check-worker.js", import.meta.url), { workerData: share });
		let waiting = 0;
		const give = (): void => {
			while (waiting < AHEAD) {
				const own = next();
				if (own === undefined) break;
				waiting++;
				worker.postMessage(own);
			}
			if (waiting > 0) return;
			resolve();
			worker.postMessage(null);
		};
		worker.on("message", (found: CheckedShare) => {
			waiting--;
			take(found);
			give();
		});
		worker.once("error", reject);
		worker.once("exit", (status) => reject(new Error(`a thread of check has ended with status ${status}`)));
		worker.once("online", give);
	});
}
