/** Waits for changes of files, by the file system's own events. */
import { type FSWatcher, fstatSync, statSync, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { isSkipped } from "./disk.ts";
import { hostListAbove, hostListFile } from "./hosts.ts";

/** An editor writes a file in several steps. */
const SETTLED = 50;

/**
 * Does something now and after each change at or under some places, until it is told to end. What changes while it is done is looked at
 * once more.
 * @param places files and folders
 */
export async function whileWatching(places: readonly string[], signal: AbortSignal, act: () => Promise<void>): Promise<void> {
	let wake = () => {};
	let changed = true;
	const notice = (): void => {
		changed = true;
		wake();
	};
	const watchers: FSWatcher[] = [];
	const failures: Error[] = [];
	try {
		for (const { path, only } of await watchedFolders(places)) {
			const watcher = watch(path, { recursive: only === undefined }, (_, name) => {
				if (name === null || (only === undefined ? !isSkipped(name) && !isOwnOutput(join(path, name)) : only.has(name))) notice();
			});
			watcher.on("error", (error) => {
				failures.push(error);
				wake();
			});
			watchers.push(watcher);
		}
		signal.addEventListener("abort", () => wake());
		while (!signal.aborted && failures.length === 0) {
			if (changed) {
				changed = false;
				await act();
			} else {
				await new Promise<void>((resolve) => {
					wake = resolve;
					if (changed || signal.aborted || failures.length > 0) resolve();
				});
				await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : SETTLED));
			}
		}
	} finally {
		for (const watcher of watchers) watcher.close();
	}
	const [failure] = failures;
	if (failure !== undefined) throw failure;
}

/** Whether a file is what this process prints into: it changes with each round. */
function isOwnOutput(path: string): boolean {
	const at = statSync(path, { throwIfNoEntry: false });
	return at !== undefined && [1, 2].map((fd) => fstatSync(fd)).some(({ dev, ino }) => dev === at.dev && ino === at.ino);
}

/** A folder, whole or but for files of some names: an editor may put a new file in the place of the one that was named. */
interface Watched {
	readonly path: string;
	readonly only?: Set<string>;
}

async function watchedFolders(places: readonly string[]): Promise<readonly Watched[]> {
	const folders = new Set<string>();
	const files = new Map<string, Set<string>>();
	const addFile = (path: string): void => {
		const own = files.get(dirname(path)) ?? new Set();
		files.set(dirname(path), own.add(basename(path)));
	};
	for (const place of places) {
		if ((await stat(place)).isDirectory()) folders.add(place);
		else addFile(place);
		const list = await hostListAbove(place);
		if (list !== undefined) addFile(hostListFile(list));
	}
	const inside = (path: string, folder: string): boolean => path !== folder && (folder === "." || path.startsWith(`${folder}${sep}`));
	const whole = [...folders].filter((path) => ![...folders].some((other) => inside(path, other)));
	return [...whole.map((path) => ({ path })), ...[...files].map(([path, only]) => ({ path, only }))];
}
