/** Gives memory back to the system once nobody asks for anything: V8 by itself keeps what it has had for hours. */
import type { ConnectionOptions } from "vscode-languageserver";

/** How long nothing was asked before, in milliseconds: what runs in the background has come to its end by then. */
const PAUSE = 10_000;

/** The timers that all places where the server runs have. */
declare function setTimeout(run: () => void, milliseconds: number): { unref(): void };
declare function clearTimeout(timer: { unref(): void } | undefined): void;

/**
 * Options of a connection whose process collects its garbage in every pause between messages: twice, for the memory of what the
 * first collection frees goes back with the second.
 * @param globals where the process has its collector, if it has one to call
 */
export function collectingInPauses(globals: { readonly gc?: () => void } = globalThis as { gc?: () => void }): ConnectionOptions {
	let pause: { unref(): void } | undefined;
	const collect = (): void => {
		globals.gc?.();
		globals.gc?.();
	};
	return {
		messageStrategy: {
			handleMessage(message, next) {
				clearTimeout(pause);
				pause = setTimeout(collect, PAUSE);
				pause.unref();
				return next(message);
			},
		},
	};
}
