/** What a vm.conf configures, as plain data: for the model of the host, and for the checks of this room. */
import { type Span, shifted } from "../text/span.ts";
import type { VmFile } from "./file.ts";
import type { Part } from "./statement.ts";
import type { Disk, GuestStatement, Nic, Permission, SwitchStatement } from "./syntax.ts";

/** A place in the configuration: a path on the host, and offsets in that file. */
export interface Place {
	readonly file: string;
	readonly span: Span;
}

/** Something that a file says, and where. */
export interface Placed<T> extends Place {
	readonly value: T;
	/** False where a macro in it has no value that is known; `value` is then a part of the text. */
	readonly known?: false;
}

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

/** A vm.conf with all that it includes. */
export interface VmConfig {
	readonly switches: readonly VmSwitch[];
	readonly guests: readonly VmGuest[];
	readonly localPrefix?: Placed<string>;
	readonly localInet6?: Place & { readonly prefix?: string };
	readonly staggered?: Place & { readonly parallel: Placed<number>; readonly delay: number };
	readonly socketOwner?: Placed<string>;
	readonly includes: readonly (Placed<string> & { readonly known: boolean })[];
	/** False where an included file is not known: then a name may be defined there. */
	readonly complete: boolean;
}

type Draft = { -readonly [K in keyof VmConfig]: VmConfig[K] } & {
	switches: VmSwitch[];
	guests: VmGuest[];
	includes: (Placed<string> & { known: boolean })[];
};

export function vmConfig({ parts, context }: VmFile): VmConfig {
	const config: Draft = { switches: [], guests: [], includes: [], complete: true };
	collect(config, parts, context.path);
	return config;
}

function collect(config: Draft, parts: readonly Part[], file: string): void {
	let start = 0;
	for (const { statement, length, included } of parts) {
		const at = (span: Span): Place => ({ file, span: shifted(span, start) });
		switch (statement.kind) {
			case "switch":
				config.switches.push(switchOf(statement, at));
				break;
			case "guest":
				config.guests.push(guestOf(statement, at));
				break;
			case "include":
				config.includes.push({ ...at(statement.path.span), value: statement.path.text, known: included !== undefined });
				if (included === undefined) config.complete = false;
				else collect(config, included.parts, included.path);
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

type At = (span: Span) => Place;

function optional<K extends string, F, T>(key: K, from: F | undefined, make: (from: F) => T): { [P in K]?: T } {
	return from === undefined ? {} : ({ [key]: make(from) } as { [P in K]?: T });
}

const textAt =
	(at: At) =>
	({ text, span, known = true }: { text: string; span: Span; known?: boolean }): Placed<string> => ({
		...at(span),
		value: text,
		...(known ? {} : { known: false as const }),
	});
const numberAt =
	(at: At) =>
	({ value, span }: { value: bigint; span: Span }): Placed<number> => ({ ...at(span), value: Number(value) });
const spanAt =
	(at: At) =>
	(span: Span): Span =>
		at(span).span;

function switchOf(statement: SwitchStatement, at: At): VmSwitch {
	return {
		...at(statement.span),
		name: textAt(at)(statement.name),
		body: at(statement.body).span,
		...optional("interface", statement.interface, textAt(at)),
		...optional("group", statement.group, textAt(at)),
		...optional("rdomain", statement.rdomain, numberAt(at)),
		...optional("locked", statement.locked, spanAt(at)),
		...optional("disabled", statement.disabled, spanAt(at)),
		up: statement.up,
	};
}

function guestOf(guest: GuestStatement, at: At): VmGuest {
	return {
		...at(guest.span),
		statement: guest,
		name: textAt(at)(guest.name),
		body: at(guest.body).span,
		...optional("parent", guest.parent, textAt(at)),
		...optional("memory", guest.memory, ({ bytes, requested, span }) => ({ ...at(span), value: bytes, requested })),
		disks: guest.disks.map((disk) => diskOf(disk, at)),
		interfaces: guest.nics.map((nic, index) => interfaceOf(nic, index, at)),
		interfaceCount: Math.max(guest.nics.length, guest.interfaces?.count ?? 0),
		...optional("cdrom", guest.cdrom, textAt(at)),
		...optional("boot", guest.boot, textAt(at)),
		...optional("bootDevice", guest.bootDevice, ({ name, span }) => ({ ...at(span), value: name })),
		...optional("owner", guest.owner, textAt(at)),
		...optional("allow", guest.allow, ({ span, permissions, owner }) => ({
			...at(span),
			permissions,
			...optional("owner", owner, textAt(at)),
		})),
		...optional("sev", guest.sev, spanAt(at)),
		...optional("disabled", guest.disabled, spanAt(at)),
	};
}

function diskOf({ path, format }: Disk, at: At): VmGuest["disks"][number] {
	return { ...textAt(at)(path), ...optional("format", format, ({ name, span }) => ({ ...at(span), value: name })) };
}

function interfaceOf(nic: Nic, index: number, at: At): VmInterface {
	const pinned = nic.name !== undefined && nic.name.text !== "tap" ? nic.name : undefined;
	return {
		...at(nic.span),
		index,
		...optional("tap", pinned, textAt(at)),
		...optional("name", nic.name, textAt(at)),
		...optional("switch", nic.switch, textAt(at)),
		...optional("group", nic.group, textAt(at)),
		...optional("lladdr", nic.lladdr, ({ address, span }) => ({ ...at(span), value: address })),
		...optional("rdomain", nic.rdomain, numberAt(at)),
		...optional("locked", nic.locked, spanAt(at)),
		...optional("local", nic.local, spanAt(at)),
		up: nic.up,
	};
}
