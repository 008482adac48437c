/** The shape of what a verification finds. */
import type { Message } from "@openbsd-vnet/server";
import type { ShellCommand } from "../shell-words.ts";

export type Area = "guests" | "members" | "addresses" | "interfaces" | "routes" | "settings" | "services" | "rules" | "leases";

/** One promise of the files, held against the running host. */
export interface Verified {
	readonly area: Area;
	/** What it is about: a guest, an interface, a network, a setting, a daemon, an anchor. */
	readonly subject: string;
	/** Unknown where the host did not tell. */
	readonly verdict: "ok" | "differs" | "unknown";
	readonly expected: Message;
	readonly found: Message;
	/** What to do, and the command for root on the host that does it. */
	readonly advice?: Message;
	readonly command?: ShellCommand;
}
