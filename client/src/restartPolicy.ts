/** What to do when the language server dies: start it again, unless it keeps dying. */
import type { CloseAction, ErrorAction } from "vscode-languageclient";

const maximumRestarts = 4;
const windowMilliseconds = 3 * 60 * 1000;

// The values of vscode-languageclient's enums, named here because the library itself is loaded later.
const restart: CloseAction.Restart = 2;
const doNotRestart: CloseAction.DoNotRestart = 1;
const carryOn: ErrorAction.Continue = 1;

export interface Closed {
	readonly action: CloseAction;
	readonly restarts: boolean;
	/** How often the server has died within the window. */
	readonly count: number;
}

export interface RestartPolicy {
	/** A message could not be written or read. The process lives: a dead one is told by `closed`. */
	readonly failed: () => { readonly action: ErrorAction; readonly handled: boolean };
	/** The connection is gone; `now` in milliseconds. */
	readonly closed: (now: number) => Closed;
}

/** Restarts at most four times in three minutes: a server that dies on every start must not keep the machine busy. */
export function restartPolicy(): RestartPolicy {
	let times: readonly number[] = [];
	return {
		failed: () => ({ action: carryOn, handled: true }),
		closed(now) {
			times = [...times.filter((time) => now - time <= windowMilliseconds), now];
			const restarts = times.length <= maximumRestarts;
			return { action: restarts ? restart : doNotRestart, restarts, count: times.length };
		},
	};
}
