import type { Diagnostic } from "../text/diagnostic.ts";
import { type HostCheck, runChecks } from "./check.ts";
import { absenceChecks } from "./checks-absence.ts";
import { anchorChecks } from "./checks-anchors.ts";
import { filterChecks } from "./checks-filter.ts";
import { guestChecks } from "./checks-guests.ts";
import { interfaceChecks } from "./checks-interfaces.ts";
import { loadChecks } from "./checks-load.ts";
import { pairChecks } from "./checks-pairs.ts";
import { policyChecks } from "./checks-policies.ts";
import { reachChecks } from "./checks-reach.ts";
import { serviceChecks } from "./checks-services.ts";
import { switchChecks } from "./checks-switches.ts";
import { vebChecks } from "./checks-veb.ts";
import { vlanChecks } from "./checks-vlans.ts";
import type { Host } from "./model.ts";

/** The checks that ask pf's rules. */
export const ruleChecks = { ...filterChecks, ...policyChecks, ...reachChecks };

/** Every check over the files of a host, by its code: the catalogue of this room. */
export const hostChecks = {
	...switchChecks,
	...interfaceChecks,
	...vlanChecks,
	...vebChecks,
	...guestChecks,
	...serviceChecks,
	...ruleChecks,
	...anchorChecks,
	...absenceChecks,
	...loadChecks,
	...pairChecks,
} satisfies Readonly<Record<string, HostCheck>>;

export type HostCode = keyof typeof hostChecks;

/** What only shows across the files of a host, by the path of the file that it stands in. */
export function checkHost(host: Host): ReadonlyMap<string, readonly Diagnostic[]> {
	return runChecks(host, hostChecks);
}
