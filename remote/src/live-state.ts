/**
 * What runs on a host now: which guest has which tap, on which switch. From `vmctl status` and `ifconfig`, which anybody may
 * run: vmctl knows no tap, but vmd describes each (`vm3-if0-web01`, usr.sbin/vmd/priv.c, vm_priv_ifconfig()).
 *
 * Every answer of a host is a state: one without vmd, one whose vmd does not let us in, one without guests. Reading never fails.
 */
import { type Release, releaseOfKernel } from "@openbsd-vnet/server";
import { type GuestState, type ListedGuest, readGuests, type VmdAnswer } from "./live-guests.ts";
import { type LiveInterface, type LiveMember, readInterfaces } from "./live-interfaces.ts";
import { readSections, type Section } from "./live-script.ts";

/** What `uname -a` said. */
export interface LiveSystem {
	/** `OpenBSD`. */
	readonly system: string;
	readonly hostName: string;
	/** `7.6`. */
	readonly release: string;
	/** What its files are to be read for: the release, or the next one where it runs `-current`. */
	readonly reads?: Release;
	/** Of our own stand-ins for OpenBSD's programs (test/openbsd-host), which say so in the kernel's version. */
	readonly simulated: boolean;
}

/** A guest, as vmd lists it, or as its taps tell of it where vmd does not. */
export interface LiveGuest extends Partial<Omit<ListedGuest, "id" | "name" | "state">> {
	readonly id: number;
	readonly name: string;
	readonly state: GuestState;
	/** False where vmd did not list it: only its taps are known. */
	readonly listed: boolean;
	/** In the order of its interfaces in vm.conf. */
	readonly taps: readonly string[];
}

/** Whose a tap is. */
export type TapUse =
	| { readonly kind: "guest"; readonly id: number; readonly name: string; readonly index: number; readonly state: GuestState }
	/** Described as a guest's that does not use it now. */
	| { readonly kind: "stale"; readonly id: number; readonly name: string; readonly index: number }
	/** Without a description of vmd's; `active` where some program has it open. */
	| { readonly kind: "other"; readonly active: boolean };

export interface TapState {
	readonly name: string;
	readonly use: TapUse;
	/** The bridge, veb or tpmr that it is a member of. */
	readonly bridge?: string;
	/** The switch of vm.conf which that is. */
	readonly switch?: string;
	readonly groups: readonly string[];
	readonly lladdr?: string;
	/** The guest's address, where vmd gives it out (`local interface`): its side of the tap's /31. */
	readonly guestAddress?: string;
}

/** An interface that joins others. */
export interface LiveBridge {
	readonly name: string;
	readonly kind: "bridge" | "veb" | "tpmr";
	/** Its name in vm.conf, where vmd uses it. */
	readonly switch?: string;
	readonly up: boolean;
	readonly flags: readonly string[];
	readonly members: readonly LiveMember[];
}

export interface LiveState {
	readonly system: LiveSystem | undefined;
	readonly vmd: VmdAnswer;
	/** By their numbers. */
	readonly guests: readonly LiveGuest[];
	/** By their numbers. */
	readonly taps: readonly TapState[];
	readonly bridges: readonly LiveBridge[];
	readonly interfaces: readonly LiveInterface[];
	/** Whether the answer of ifconfig came to its end. */
	readonly complete: boolean;
	/** Lines that were not understood. */
	readonly unread: readonly string[];
}

/** The kernel's version that our stand-ins for OpenBSD's programs call themselves by. */
export const simulatedVersion = "openbsd-vnet-simulated";

/**
 * Reads the answer to {@link liveScript}.
 * @param marker the one that the script was made with
 */
export function readLiveState(answer: string, marker: string): LiveState {
	const { system, kernel, guests: guestSection, interfaces: interfaceSection } = readSections(answer, marker);
	const unread: string[] = [];
	const { vmd, guests: listed } = readGuests(guestSection, unread);
	const interfaces = readInterfaces(interfaceSection.lines, unread);
	const bridges = interfaces.flatMap((each) => bridgeOf(each) ?? []);
	const taps = readTaps(interfaces, bridges, listed);
	return {
		system: readSystem(system, kernel, unread),
		vmd,
		guests: guestsOf(listed, taps),
		taps,
		bridges,
		interfaces,
		complete: interfaceSection.status === 0,
		unread,
	};
}

function readSystem({ lines }: Section, kernel: Section, unread: string[]): LiveSystem | undefined {
	const [line, ...more] = lines;
	const [system, hostName, release, version] = line?.split(" ") ?? [];
	if (system === undefined || hostName === undefined || release === undefined) {
		unread.push(...lines);
		return undefined;
	}
	unread.push(...more);
	const reads = system === "OpenBSD" ? releaseOfKernel(release, kernel.lines[0]) : undefined;
	return { system, hostName, release, simulated: version === simulatedVersion, ...(reads === undefined ? {} : { reads }) };
}

function bridgeOf({ name, flags, members, description }: LiveInterface): LiveBridge | undefined {
	const kind = /^(bridge|veb|tpmr)\d+$/.exec(name)?.[1];
	if (kind !== "bridge" && kind !== "veb" && kind !== "tpmr") return undefined;
	const described = /^switch\d+-(.*)$/.exec(description ?? "")?.[1];
	return { name, kind, flags, members, up: flags.includes("UP"), ...(described === undefined ? {} : { switch: described }) };
}

function readTaps(
	interfaces: readonly LiveInterface[],
	bridges: readonly LiveBridge[],
	listed: readonly ListedGuest[],
): readonly TapState[] {
	const bridgeOfMember = new Map(bridges.flatMap((bridge) => bridge.members.map((member) => [member.interface, bridge] as const)));
	const byId = new Map(listed.map((guest) => [guest.id, guest]));
	return interfaces
		.filter(({ name }) => /^tap\d+$/.test(name))
		.map((tap): TapState => {
			const bridge = bridgeOfMember.get(tap.name);
			const use = useOf(tap, byId);
			const guestAddress = use.kind === "guest" ? guestAddressOf(tap) : undefined;
			return {
				name: tap.name,
				use,
				groups: tap.groups,
				...(bridge === undefined ? {} : { bridge: bridge.name }),
				...(bridge?.switch === undefined ? {} : { switch: bridge.switch }),
				...(tap.lladdr === undefined ? {} : { lladdr: tap.lladdr }),
				...(guestAddress === undefined ? {} : { guestAddress }),
			};
		})
		.sort((a, b) => numberOf(a.name) - numberOf(b.name));
}

/**
 * A description outlives its guest where the tap was there before vmd took it: it is believed while the device is open
 * (`RUNNING`, `status: active`) and vmd does not say otherwise.
 */
function useOf(tap: LiveInterface, byId: ReadonlyMap<number, ListedGuest>): TapUse {
	const active = tap.flags.includes("RUNNING") && tap.status === "active";
	const described = /^vm(\d+)-if(\d+)-(.+)$/.exec(tap.description ?? "");
	if (described === null) return { kind: "other", active };
	const [, id, index, shown = ""] = described;
	const guest = byId.get(Number(id));
	// vmd cuts a description at 63 bytes, and with it a long name (priv.c: "Description can be truncated").
	const same = guest === undefined || guest.name === shown || guest.name.startsWith(shown);
	const common = { id: Number(id), name: same ? (guest?.name ?? shown) : shown, index: Number(index) };
	const runs = guest === undefined || (guest.state !== "stopped" && guest.state !== "waiting");
	return active && same && runs ? { kind: "guest", ...common, state: guest?.state ?? "running" } : { kind: "stale", ...common };
}

/** vmd takes the lower address of a /31 of 100.64.0.0/10, and gives the guest the upper (priv.c, vm_priv_addr()). */
function guestAddressOf({ addresses }: LiveInterface): string | undefined {
	const own = addresses.find(({ family, prefix }) => family === "inet" && prefix === 31)?.address;
	const parts = own?.split(".").map(Number) ?? [];
	const last = parts.at(-1);
	return last === undefined || last % 2 !== 0 ? undefined : [...parts.slice(0, -1), last + 1].join(".");
}

/** Guests that vmd listed, and those that only taps tell of. */
function guestsOf(listed: readonly ListedGuest[], taps: readonly TapState[]): readonly LiveGuest[] {
	const uses = new Map<number, { readonly tap: string; readonly name: string; readonly index: number }[]>();
	for (const { name: tap, use } of taps) {
		if (use.kind !== "guest") continue;
		const known = uses.get(use.id);
		const entry = { tap, name: use.name, index: use.index };
		if (known === undefined) uses.set(use.id, [entry]);
		else known.push(entry);
	}
	const tapsOf = (id: number) => (uses.get(id) ?? []).sort((a, b) => a.index - b.index).map(({ tap }) => tap);
	const guests: LiveGuest[] = listed.map((guest) => ({ ...guest, listed: true, taps: tapsOf(guest.id) }));
	const ids = new Set(listed.map(({ id }) => id));
	for (const [id, [first]] of uses) {
		if (!ids.has(id) && first !== undefined) guests.push({ id, name: first.name, state: "running", listed: false, taps: tapsOf(id) });
	}
	return guests.sort((a, b) => a.id - b.id);
}

function numberOf(name: string): number {
	return Number(/\d+$/.exec(name)?.[0] ?? 0);
}
