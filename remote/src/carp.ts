/** What the carp(4) interfaces of a running host do: whether it has the addresses that it shares, or stands in for who has them. */
import type { LiveInterface } from "./live-interfaces.ts";

/** The names of interfaces, by what they are: one that shares the load is all that its groups are. */
export interface CarpRoles {
	readonly leads: readonly string[];
	readonly standsIn: readonly string[];
	/** Down, or without a link: it takes nothing over. */
	readonly idle: readonly string[];
}

/** Reads the states that ifconfig prints (sbin/ifconfig/ifconfig.c, carp_status()). */
export function carpRoles(interfaces: readonly LiveInterface[]): CarpRoles {
	const named = (state: string): readonly string[] =>
		interfaces.filter(({ name, other }) => /^carp\d+$/.test(name) && other.some((line) => stateIn(line) === state)).map(({ name }) => name);
	return { leads: named("MASTER"), standsIn: named("BACKUP"), idle: named("INIT") };
}

function stateIn(line: string): string | undefined {
	return /^(?:carp:|state) (MASTER|BACKUP|INIT) /.exec(line)?.[1];
}
