/** Names of sysctl(8) that some releases alone have (openbsd/www, the pages of the releases). */
import type { Release } from "../text/vocabulary.ts";

export interface SysctlName {
	readonly name: string;
	readonly since?: Release;
	/** The first release without it. */
	readonly until?: Release;
	/** What took its place. */
	readonly instead?: string;
	/**
	 * Which part of the name sysctl does not know in the other releases, counted from 1, or that it knows no variables of the
	 * protocol; undefined where that is not known.
	 */
	readonly level?: number | "variables";
}

/** For divert(4) and IPv6: sysctl.c 1.268 has no list for the protocol, whose name in6.h 1.125 keeps. */
export const sysctlNames: readonly SysctlName[] = [
	{ name: "net.inet6.ip6.soiikey", until: "7.8", level: 4 },
	{ name: "net.inet6.divert.recvspace", until: "7.8", instead: "net.inet.divert.recvspace", level: "variables" },
	{ name: "net.inet6.divert.sendspace", until: "7.8", instead: "net.inet.divert.sendspace", level: "variables" },
	{ name: "fs.posix.setuid", until: "7.8" },
	{ name: "kern.audio.kbdcontrol", since: "7.7", level: 3 },
	{ name: "ddb.suspend", since: "7.8", level: 2 },
	{ name: "machdep.vmmode", since: "7.9", level: 2 },
	{ name: "hw.blockcpu", since: "7.9", level: 2 },
];
