/** What dhcpd keeps in /var/db/dhcpd.leases (usr.sbin/dhcpd/db.c, write_lease()). Fixed addresses are not in it. */

export interface LiveLease {
	readonly address: string;
	/** In lower case. */
	readonly ethernet: string;
}

/** Reads leases. The file grows at its end: of an address, the last entry counts. */
export function readLeases(text: string): readonly LiveLease[] {
	const leases = new Map<string, LiveLease>();
	for (const [, address = "", body = ""] of text.matchAll(/^lease ([0-9.]+) \{([^}]*)\}/gm)) {
		const ethernet = /^\s*hardware ethernet ([0-9A-Fa-f:]+);/m.exec(body)?.[1]?.toLowerCase();
		if (ethernet === undefined || /^\s*abandoned;/m.test(body)) leases.delete(address);
		else leases.set(address, { address, ethernet });
	}
	return [...leases.values()];
}
