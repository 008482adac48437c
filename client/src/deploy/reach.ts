import type { Connection } from "@openbsd-vnet/remote";
import type { Host } from "../hosts/liveHosts.ts";

/** Makes a new connection to a host, for whoever closes it. */
export type ReachHost = (host: Host, signal?: AbortSignal) => Promise<Connection>;
