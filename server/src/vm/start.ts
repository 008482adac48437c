/**
 * What a starting vmd does with each guest of its configuration, and `vmd -n` leaves out: vm_register() and
 * vm_instance() of usr.sbin/vmd/vmd.c. vmd reads the file as root, so its permission checks all pass.
 */
import { msg } from "../text/message.ts";
import type { VmdMessage } from "./messages.ts";
import type { GuestStatement } from "./syntax.ts";

/** A guest that vmd knows: its settings after those of its template were taken over. */
interface Registered {
	readonly name: string;
	readonly nics: readonly { readonly name: string; readonly lladdr: string }[];
	readonly disks: readonly string[];
	readonly cdrom: string;
	readonly uid: number;
	readonly gid: number;
}

/** The codes of what a starting vmd refuses though `vmd -n` accepts it. */
export const startCodes = ["vm/no-device", "vm/no-disk", "vm/guest-name", "vm/unknown-template", "vm/instance"] as const;

type StartCode = (typeof startCodes)[number];

export interface StartRefusal {
	readonly code: StartCode;
	/** What vmd prints first, without a place. */
	readonly complaint?: VmdMessage;
	/** What it says at the guest. */
	readonly message: VmdMessage;
	/** The words of errno. */
	readonly reason: string;
}

/** The guests registered so far. */
export class Registry {
	readonly #guests = new Map<string, Registered>();

	/** Registers a guest as vmd does. Answers why it is refused; a second guest of a name is left out without a word. */
	register(guest: GuestStatement): StartRefusal | undefined {
		const name = guest.name.text;
		const refuse = (code: StartCode, reason: string, complaint?: VmdMessage): StartRefusal => ({
			code,
			...(complaint === undefined ? {} : { complaint }),
			message: msg('vm "{0}" failed: {1}', name, reason),
			reason,
		});
		const count = Math.max(guest.nics.length, guest.interfaces?.count ?? 0);
		const nics = Array.from({ length: count }, (_, i) => ({
			name: guest.nics[i]?.name?.text ?? "",
			lladdr: guest.nics[i]?.lladdr?.address ?? "",
		}));
		const own: Registered = {
			name,
			nics,
			disks: guest.disks.map(({ path }) => realPath(path.text)),
			cdrom: guest.cdrom?.text ?? "",
			uid: guest.owner?.uid ?? 0,
			gid: guest.owner?.gid ?? -1,
		};
		const inherited = guest.parent === undefined || guest.parent.text === "" ? own : this.#instance(own, guest, guest.parent.text, refuse);
		if ("message" in inherited) return inherited;
		if (this.#guests.has(name)) return undefined;
		if (!hasDevice(guest)) return refuse("vm/no-device", "Unknown error: 1002", msg("invalid configuration, no devices"));
		if (inherited.disks.length === 0 && inherited.cdrom === "") {
			return refuse("vm/no-disk", "Invalid argument", msg("no kernel or disk/cdrom specified"));
		}
		if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return refuse("vm/guest-name", "Invalid argument", msg("invalid VM name"));
		// A guest without an address of its own gets a random one, which is unlike any other.
		const addressed = inherited.nics.map((nic, i) => (nic.lladdr === "" ? { ...nic, lladdr: `${name}#${i}` } : nic));
		this.#guests.set(name, { ...inherited, nics: addressed });
		return undefined;
	}

	/** vm_instance(): takes over the template's settings. */
	#instance(
		own: Registered,
		guest: GuestStatement,
		parentName: string,
		refuse: (code: StartCode, reason: string, complaint?: VmdMessage) => StartRefusal,
	): Registered | StartRefusal {
		const { name } = own;
		const parent = this.#guests.get(parentName);
		if (parent === undefined) return refuse("vm/unknown-template", "Unknown error: 1007");
		if (this.#guests.has(name)) return refuse("vm/instance", "Too many processes");
		const reused = own.disks.find((disk) => parent.disks.includes(disk));
		if (reused !== undefined) return refuse("vm/instance", "Device busy", msg('vm "{0}" disk {1} cannot be reused', name, reused));
		const nics = [...own.nics, ...parent.nics.slice(own.nics.length)];
		for (const [i, nic] of nics.entries()) {
			for (const theirs of parent.nics) {
				// The comparison is the wrong way round in vmd.c: an address other than the template's is refused.
				if (nic.lladdr !== "" && nic.lladdr !== parent.nics[i]?.lladdr) {
					return refuse("vm/instance", "Device busy", msg('vm "{0}" lladdr cannot be reused', name));
				}
				if (nic.name !== "" && nic.name === theirs.name) {
					return refuse("vm/instance", "Device busy", msg('vm "{0}" {1} cannot be reused', nic.name, name));
				}
			}
		}
		if (own.uid !== 0 && own.uid !== parent.uid)
			return refuse("vm/instance", "Operation not permitted", msg('vm "{0}" user mismatch', name));
		if (own.gid !== 0 && own.gid !== parent.gid)
			return refuse("vm/instance", "Operation not permitted", msg('vm "{0}" group mismatch', name));
		if ((guest.allow?.permissions.length ?? 0) > 0) {
			return refuse("vm/instance", "Operation not permitted", msg('vm "{0}" cannot change instance permissions', name));
		}
		return {
			...own,
			nics,
			cdrom: own.cdrom === "" ? parent.cdrom : own.cdrom,
			uid: own.uid === 0 ? parent.uid : own.uid,
			gid: own.gid === 0 ? parent.gid : own.gid,
		};
	}
}

/** vmc_flags: whether the block sets anything but names, owners and permissions. */
function hasDevice(guest: GuestStatement): boolean {
	const { disks, nics, interfaces, memory, cdrom, boot } = guest;
	return disks.length > 0 || nics.length > 0 || [interfaces, memory, cdrom, boot].some((part) => part !== undefined);
}

/** realpath(3) without links: vmd runs in `/`. */
export function realPath(path: string): string {
	if (/^(\/(?![./])[^/]*)+$/.test(path)) return path;
	const parts: string[] = [];
	for (const part of path.split("/")) {
		if (part === "..") parts.pop();
		else if (part !== "" && part !== ".") parts.push(part);
	}
	return `/${parts.join("/")}`;
}
