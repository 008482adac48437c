import type { Release } from "../../text/vocabulary.ts";
import type { Fingerprints } from "./fingerprints.ts";
import type { HostNames } from "./hosts.ts";
import type { Protocols } from "./protocols.ts";
import type { Services } from "./services.ts";

/** What pfctl asks of the machine that it runs on. */
export interface System {
	/** The release of OpenBSD that it runs. */
	readonly release: Release;
	readonly names: HostNames;
	readonly services: Services;
	readonly protocols: Protocols;
	readonly fingerprints: Fingerprints;
	readonly users: Readonly<Record<string, number>> | undefined;
	readonly groups: Readonly<Record<string, number>> | undefined;
	/** The text of a file; `missing` where it is known not to be there, `unknown` where nothing is known of it. */
	readonly file: (path: string) => { readonly text: string } | "missing" | "unknown";
	/** Whether a port name that no list has is an error: the host's own list decides, OpenBSD's does not. */
	readonly strictServices: boolean;
}
