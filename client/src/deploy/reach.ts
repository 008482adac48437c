import type { Connection } from "@openbsd-vnet/remote";
import type { KnownHost } from "../hosts/liveHosts.ts";

/** Makes a new connection to a host, for whoever closes it. */
export type ReachHost = (host: KnownHost, signal?: AbortSignal) => Promise<Connection>;
