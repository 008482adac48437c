/**
 * Notifications. VS Code makes links of `[label](command:...)` in them, which run a command of the editor when clicked: what comes from
 * files and hosts must make none. Modal dialogs show their text as it is, and are shown by VS Code's own functions.
 */
import { type CancellationToken, ProgressLocation, window } from "vscode";
import { withoutLinks } from "./withoutLinks.ts";

export function showError<T extends string>(message: string, ...items: readonly T[]): Thenable<T | undefined> {
	return window.showErrorMessage(withoutLinks(message), ...items);
}

export function showWarning<T extends string>(message: string, ...items: readonly T[]): Thenable<T | undefined> {
	return window.showWarningMessage(withoutLinks(message), ...items);
}

export function showInformation<T extends string>(message: string, ...items: readonly T[]): Thenable<T | undefined> {
	return window.showInformationMessage(withoutLinks(message), ...items);
}

/** Shows that something is under way, which the user can end. @param task reports what it does, and how much of the whole that was in percent */
export function showProgress<T>(
	title: string,
	task: (report: (message: string, increment: number) => void, token: CancellationToken) => Promise<T>,
): Thenable<T> {
	return window.withProgress(
		{ location: ProgressLocation.Notification, cancellable: true, title: withoutLinks(title) },
		(progress, token) => task((message, increment) => progress.report({ message: withoutLinks(message), increment }), token),
	);
}
