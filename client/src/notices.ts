/**
 * Notifications. VS Code makes links of `[label](command:...)` in them, which run a command of the editor when clicked: what comes from
 * files and hosts must make none. Modal dialogs show their text as it is, and are shown by VS Code's own functions.
 */
import { window } from "vscode";
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
