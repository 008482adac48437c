/** What a vm.conf configures, as plain data: for the model of the host, and for the checks of this room. */
import type { Place, Placed } from "../text/place.ts";
import { type Span, shifted } from "../text/span.ts";
import type { VmFile } from "./file.ts";
import type { StatementNode } from "./statement.ts";
import type { Disk, GuestStatement, Nic, Permission, SwitchStatement } from "./syntax.ts";

export interface VmSwitch extends Place {
	readonly name: Placed<string>;
	readonly body: Span;
	/** `bridgeN` or `vebN`. */
	readonly interface?: Placed<string>;
	readonly group?: Placed<string>;
	readonly rdomain?: Placed<number>;
	readonly locked?: Span;
	readonly disabled?: Span;
	readonly up: boolean;
}

export interface VmInterface extends Place {
	/** From 0, as in the description that vmd gives the tap. */
	readonly index: number;
	/** The pinned `tapN`; absent where vmd takes the lowest free one. */
	readonly tap?: Placed<string>;
	/** The word after `interface`, `tap` included. */
	readonly name?: Placed<string>;
	readonly switch?: Placed<string>;
	readonly group?: Placed<string>;
	readonly lladdr?: Placed<string>;
	readonly rdomain?: Placed<number>;
	readonly locked?: Span;
	readonly local?: Span;
	readonly up: boolean;
}

export interface VmGuest extends Place {
	readonly name: Placed<string>;
	readonly body: Span;
	/** The guest that this one is an instance of. */
	readonly parent?: Placed<string>;
	/** Bytes. */
	readonly memory?: Placed<number> & { readonly requested: number };
	readonly disks: readonly (Placed<string> & { readonly format?: Placed<"raw" | "qcow2"> })[];
	/** Those that the block describes; `interfaceCount` may be higher. */
	readonly interfaces: readonly VmInterface[];
	readonly interfaceCount: number;
	readonly cdrom?: Placed<string>;
	readonly boot?: Placed<string>;
	readonly bootDevice?: Placed<"disk" | "cdrom" | "net">;
	readonly owner?: Placed<string>;
	readonly allow?: Place & { readonly permissions: readonly Permission[]; readonly owner?: Placed<string> };
	readonly sev?: Span;
	readonly disabled?: Span;
	/** The statement that it was read from. */
	readonly statement: GuestStatement;
}

/** An interface of a guest, with the guest. */
export interface Plug {
	readonly guest: VmGuest;
	readonly nic: VmInterface;
}

/** A vm.conf with all that it includes. */
export interface VmConfig {
	readonly switches: readonly VmSwitch[];
	readonly guests: readonly VmGuest[];
	readonly localPrefix?: Placed<string>;
	readonly localInet6?: Place & { readonly prefix?: string };
	readonly staggered?: Place & { readonly parallel: Placed<number>; readonly delay: number };
	readonly socketOwner?: Placed<string>;
	/** `read` is false where the file is not known. */
	readonly includes: readonly (Placed<string> & { readonly read: boolean })[];
	/** False where an included file is not known: then a name may be defined there. */
	readonly complete: boolean;
}

/** Guests that vmd keeps, by name: of those with one name, the first. */
export function registered({ guests }: VmConfig): ReadonlyMap<string, VmGuest> {
	const kept = new Map<string, VmGuest>();
	for (const guest of guests) if (!kept.has(guest.name.value)) kept.set(guest.name.value, guest);
	return kept;
}

/** The guest that this one is an instance of, where it is defined. */
export function templateOf(guest: VmGuest, guests: ReadonlyMap<string, VmGuest>): VmGuest | undefined {
	const template = guest.parent === undefined ? undefined : guests.get(guest.parent.value);
	return template === guest ? undefined : template;
}

type Draft = { -readonly [K in keyof VmConfig]: VmConfig[K] } & {
	switches: VmSwitch[];
	guests: VmGuest[];
	includes: (Placed<string> & { read: boolean })[];
};

export function vmConfig({ nodes: parts, context }: VmFile): VmConfig {
	const config: Draft = { switches: [], guests: [], includes: [], complete: true };
	collect(config, parts, context.path);
	return config;
}

function collect(config: Draft, parts: readonly StatementNode[], file: string): void {
	let start = 0;
	for (const part of parts) {
		const { statement, length, included } = part;
		const at = (span: Span): Place => ({ file, span: shifted(span, start) });
		switch (statement.kind) {
			case "switch":
				config.switches.push(switchOf(statement, at));
				break;
			case "guest":
				config.guests.push(guestOfPart(part, statement, start, at));
				break;
			case "include":
				config.includes.push({ ...at(statement.path.span), value: statement.path.text, read: included !== undefined });
				if (included === undefined) config.complete = false;
				else collect(config, included.nodes, included.path);
				break;
			case "local":
				if (statement.family === "inet6") {
					config.localInet6 = { ...at(statement.span), ...(statement.prefix === undefined ? {} : { prefix: statement.prefix.text }) };
				} else if (statement.prefix !== undefined) config.localPrefix = { ...at(statement.prefix.span), value: statement.prefix.text };
				break;
			case "socket":
				config.socketOwner = { ...at(statement.owner.span), value: statement.owner.text };
				break;
			case "staggered": {
				const parallel = { ...at(statement.parallel.span), value: Number(statement.parallel.value) };
				config.staggered = { ...at(statement.span), parallel, delay: Number(statement.delay.value) };
				break;
			}
			default:
				break;
		}
		start += length;
	}
}

const guestCache = new WeakMap<StatementNode, { readonly start: number; readonly guest: VmGuest }>();

/** The guest of a node, made again only where the node has moved. */
function guestOfPart(part: StatementNode, statement: GuestStatement, start: number, at: At): VmGuest {
	const known = guestCache.get(part);
	if (known?.start === start) return known.guest;
	const guest = guestOf(statement, at);
	guestCache.set(part, { start, guest });
	return guest;
}

type At = (span: Span) => Place;
type Filled<T> = { -readonly [K in keyof T]: T[K] };

function textAt(at: At, { text, span, known = true }: { text: string; span: Span; known?: boolean }): Placed<string> {
	const place = at(span);
	return known ? { file: place.file, span: place.span, value: text } : { file: place.file, span: place.span, value: text, known };
}

function valueAt<T>(at: At, span: Span, value: T): Placed<T> {
	const place = at(span);
	return { file: place.file, span: place.span, value };
}

function switchOf(statement: SwitchStatement, at: At): VmSwitch {
	const { file, span } = at(statement.span);
	const made: Filled<VmSwitch> = { file, span, name: textAt(at, statement.name), body: at(statement.body).span, up: statement.up };
	if (statement.interface !== undefined) made.interface = textAt(at, statement.interface);
	if (statement.group !== undefined) made.group = textAt(at, statement.group);
	if (statement.rdomain !== undefined) made.rdomain = valueAt(at, statement.rdomain.span, Number(statement.rdomain.value));
	if (statement.locked !== undefined) made.locked = at(statement.locked).span;
	if (statement.disabled !== undefined) made.disabled = at(statement.disabled).span;
	return made;
}

function guestOf(guest: GuestStatement, at: At): VmGuest {
	const { file, span } = at(guest.span);
	const made: Filled<VmGuest> = {
		file,
		span,
		statement: guest,
		name: textAt(at, guest.name),
		body: at(guest.body).span,
		disks: guest.disks.map((disk) => diskOf(disk, at)),
		interfaces: guest.nics.map((nic, index) => interfaceOf(nic, index, at)),
		interfaceCount: Math.max(guest.nics.length, guest.interfaces?.count ?? 0),
	};
	const { memory, bootDevice, owner, allow } = guest;
	if (guest.parent !== undefined) made.parent = textAt(at, guest.parent);
	if (memory !== undefined) made.memory = { ...valueAt(at, memory.span, memory.bytes), requested: memory.requested };
	if (guest.cdrom !== undefined) made.cdrom = textAt(at, guest.cdrom);
	if (guest.boot !== undefined) made.boot = textAt(at, guest.boot);
	if (bootDevice !== undefined) made.bootDevice = valueAt(at, bootDevice.span, bootDevice.name);
	if (owner !== undefined) made.owner = textAt(at, owner);
	if (allow !== undefined) {
		const permitted = { ...at(allow.span), permissions: allow.permissions };
		made.allow = allow.owner === undefined ? permitted : { ...permitted, owner: textAt(at, allow.owner) };
	}
	if (guest.sev !== undefined) made.sev = at(guest.sev).span;
	if (guest.disabled !== undefined) made.disabled = at(guest.disabled).span;
	return made;
}

function diskOf({ path, format }: Disk, at: At): VmGuest["disks"][number] {
	const made = textAt(at, path);
	return format === undefined ? made : { ...made, format: valueAt(at, format.span, format.name) };
}

function interfaceOf(nic: Nic, index: number, at: At): VmInterface {
	const { file, span } = at(nic.span);
	const made: Filled<VmInterface> = { file, span, index, up: nic.up };
	if (nic.name !== undefined) {
		made.name = textAt(at, nic.name);
		if (nic.name.text !== "tap") made.tap = made.name;
	}
	if (nic.switch !== undefined) made.switch = textAt(at, nic.switch);
	if (nic.group !== undefined) made.group = textAt(at, nic.group);
	if (nic.lladdr !== undefined) made.lladdr = valueAt(at, nic.lladdr.span, nic.lladdr.address);
	if (nic.rdomain !== undefined) made.rdomain = valueAt(at, nic.rdomain.span, Number(nic.rdomain.value));
	if (nic.locked !== undefined) made.locked = at(nic.locked).span;
	if (nic.local !== undefined) made.local = at(nic.local).span;
	return made;
}
