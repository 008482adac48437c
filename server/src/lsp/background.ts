/** Work that nobody waits for. */
import type { Background } from "../features/documents.ts";

/** Long work begins this many milliseconds after the last keystroke. */
const QUIET = 300;

/** Timers of the platform; the package is compiled without the types of Node and the DOM. */
declare function setTimeout(run: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Starts work once nothing has been changed for a while, and lets requests in after each portion. */
export function backgroundWork(): Background {
	const timers = new Map<string, unknown>();
	return (key, work) => {
		const again = (delay: number): void => {
			timers.set(
				key,
				setTimeout(() => {
					if (work()) again(0);
					else timers.delete(key);
				}, delay),
			);
		};
		clearTimeout(timers.get(key));
		again(QUIET);
	};
}

/** Calls `run` so many milliseconds after the last call of what it returns. */
export function delayed(run: () => void, milliseconds: number): () => void {
	let timer: unknown;
	return () => {
		clearTimeout(timer);
		timer = setTimeout(run, milliseconds);
	};
}

/** Whether it resolves within so many milliseconds. */
export function inTime(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve(false), milliseconds);
		work.then(() => resolve(true), reject).finally(() => clearTimeout(timer));
	});
}
