/** Changes that a deployment does not make: it could neither start nor compare what they are about. */
import { hostnamePath, msg } from "@openbsd-vnet/server";
import type { LiveState } from "../live-state.ts";
import { type HostComplaint, ourselves } from "./complaint.ts";
import type { FileChange } from "./plan.ts";

const byMac = /^\/etc\/hostname\.((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i;

/** Hostname files that netstart(8) takes for the interface with a MAC address, in the place of one by its name. */
export function refusedChanges(changes: readonly FileChange[], { interfaces }: Pick<LiveState, "interfaces">): readonly HostComplaint[] {
	return changes.flatMap(({ path, differs }): readonly HostComplaint[] => {
		const mac = byMac.exec(path)?.[1]?.toLowerCase();
		if (mac === undefined || !differs.includes("content")) return [];
		const [own, ...others] = interfaces.filter(({ lladdr }) => lladdr === mac);
		return [
			{
				path,
				line: undefined,
				text: msg("hostname files that name their interface by a MAC address are not deployed"),
				advice:
					own === undefined || others.length > 0
						? msg("Name the file by the interface.")
						: msg("The interface with this address is {0}: name the file {1}.", own.name, hostnamePath(own.name)),
				program: ourselves,
				severity: "error",
			},
		];
	});
}
