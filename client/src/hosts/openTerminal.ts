import { window } from "vscode";
import type { KnownHost } from "./liveHosts.ts";

/** Opens a terminal on a host, by the user's own ssh. @param line what runs there, for whatever login shell; without, that shell */
export function openTerminal({ address }: KnownHost, name: string, line?: string): void {
	// The address is one word and no option (liveHosts.ts).
	const shellArgs = line === undefined ? ["--", address] : ["-t", "--", address, line];
	window.createTerminal({ name, shellPath: "ssh", shellArgs }).show();
}
