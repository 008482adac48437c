/** Waits for what VS Code tells by an event. */
import type { Event } from "vscode";

/** Whether something happens within a time, in milliseconds. */
export function happens<T>(event: Event<T>, isIt: (told: T) => boolean, milliseconds: number): Promise<boolean> {
	return new Promise((resolve) => {
		const listener = event((told) => {
			if (isIt(told)) done(true);
		});
		const timer = setTimeout(() => done(false), milliseconds);
		const done = (happened: boolean) => {
			clearTimeout(timer);
			listener.dispose();
			resolve(happened);
		};
	});
}
