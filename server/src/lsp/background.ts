/** Work that nobody waits for: it is started here alone, and its failure is logged, never thrown. */
import type { RemoteConsole } from "vscode-languageserver";

/** Long work begins this many milliseconds after the last keystroke. */
export const QUIET = 300;

/** Timers of the platform; the package is compiled without the types of Node and the DOM. */
declare function setTimeout(run: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

export class BackgroundWork {
	readonly #console: Pick<RemoteConsole, "error">;
	readonly #timers = new Map<string, unknown>();

	constructor(console: Pick<RemoteConsole, "error">) {
		this.#console = console;
	}

	/** Starts work; `what` names it in the log. */
	start(what: string, work: () => unknown): void {
		new Promise((resolve) => resolve(work())).catch((error: unknown) => this.#failed(what, error));
	}

	/** Starts work after so many milliseconds, unless work of the same name is announced again before. */
	startLater(what: string, milliseconds: number, work: () => unknown): void {
		clearTimeout(this.#timers.get(what));
		const run = () => {
			this.#timers.delete(what);
			this.start(what, work);
		};
		this.#timers.set(what, setTimeout(run, milliseconds));
	}

	/** Does not start the work that was announced by this name. */
	cancel(what: string): void {
		clearTimeout(this.#timers.get(what));
		this.#timers.delete(what);
	}

	/** Starts work once nothing has been changed for a while, and calls it until it answers false; requests are let in after each portion. */
	startInPortions(what: string, work: () => boolean): void {
		const again = (): void => {
			const more = work();
			// Work of the same name that was announced meanwhile takes its place.
			if (more && !this.#timers.has(what)) this.startLater(what, 0, again);
		};
		this.startLater(what, QUIET, again);
	}

	/** Resolves to what work makes; undefined where it fails. */
	async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
		try {
			return await work();
		} catch (error) {
			this.#failed(what, error);
			return undefined;
		}
	}

	#failed(what: string, error: unknown): void {
		const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
		try {
			this.#console.error(`${what} failed: ${reason}`);
		} catch {
			// The connection is closed: nobody reads the log.
		}
	}
}

/** Whether it resolves within so many milliseconds. */
export async function inTime(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
	let timer: unknown;
	const late = new Promise<false>((resolve) => {
		timer = setTimeout(() => resolve(false), milliseconds);
	});
	try {
		return await Promise.race([work.then(() => true), late]);
	} finally {
		clearTimeout(timer);
	}
}

/** Resolves once what has come in meanwhile was served. */
export function turn(): Promise<void> {
	return new Promise((resolve) => setTimeout(() => resolve(), 0));
}
