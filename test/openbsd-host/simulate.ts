/** A simulated host in one go: installed, configured by its own files, its guests started, its rules loaded, served by SSH. */
import { rehearsedFile, simulatedVersion, wayBackKey } from "@openbsd-vnet/remote";
import { type EmbeddedServer, serveEmbedded } from "./embedded.ts";
import { type InstallOptions, installHost, type SimulatedHost } from "./install.ts";

export interface Simulation {
	readonly host: SimulatedHost;
	readonly server: EmbeddedServer;
}

/** What a host does when it starts, in its order. */
const boot = ["sh /etc/netstart", "sysctl net.inet.ip.forwarding=1", "pfctl -f /etc/pf.conf", "vmctl reload"];

export async function simulate(options: InstallOptions): Promise<Simulation> {
	const host = await installHost(options);
	for (const command of boot) await host.run(`OPENBSD_HOST_UID=0; export OPENBSD_HOST_UID; ${command}`);
	rememberRehearsal(host);
	return { host, server: await serveEmbedded(host) };
}

/** Lets a host remember that the way back was rehearsed there. */
export function rememberRehearsal(host: SimulatedHost): void {
	const { release } = host.state();
	const key = wayBackKey(`OpenBSD ${release} ${simulatedVersion} amd64\n`);
	host.write(rehearsedFile, `works ${key} 2026-01-02T03:04:05Z root\n`);
}

export { startAnswering } from "./answering.ts";
export { serveEmbedded } from "./embedded.ts";
export { installHost } from "./install.ts";
export { freshState, populate } from "./state.ts";
