/** The place of the cursor in a file with rules, as a host names it. */
import { window } from "vscode";
import type { KnownHost } from "./liveHosts.ts";

export interface RulePlace {
	/** The path on the host. */
	readonly path: string;
	/** From 0. */
	readonly line: number;
}

/** Undefined where the cursor is in no file of the host with rules. */
export function ruleAtCursor({ etc }: KnownHost): RulePlace | undefined {
	const editor = window.activeTextEditor;
	if (etc === undefined || editor?.document.languageId !== "openbsd-pf") return undefined;
	const uri = editor.document.uri.toString();
	return uri.startsWith(`${etc}/`)
		? { path: `/etc${decodeURIComponent(uri.slice(etc.length))}`, line: editor.selection.active.line }
		: undefined;
}
