/** What a vm.conf says. Spans are relative to the statement that they are in. */
import type { Span } from "../text/span.ts";

/** A name, path or other string; its words joined and its macros expanded. */
export interface Value {
	readonly text: string;
	readonly span: Span;
	/** False where a macro in it has no value that is known: then nothing is said about the text. */
	readonly known: boolean;
}

export interface NumberValue {
	readonly value: bigint;
	readonly span: Span;
	readonly known: boolean;
}

export interface Owner {
	/** As it is written: `user`, `:group`, `user:group` or a user's number. */
	readonly text: string;
	readonly uid: number;
	/** -1 where no group is given. */
	readonly gid: number;
	readonly span: Span;
}

export interface Disk {
	readonly path: Value;
	readonly format?: { readonly name: "raw" | "qcow2"; readonly span: Span };
	readonly span: Span;
}

export interface Memory {
	/** Rounded down to whole megabytes. */
	readonly bytes: number;
	/** As the file says it, before it is rounded. */
	readonly requested: number;
	readonly span: Span;
}

/** An interface of a guest. */
export interface Nic {
	/** The whole statement. */
	readonly span: Span;
	/** The word `interface`. */
	readonly word: Span;
	readonly local?: Span;
	/** `tap`, or the pinned `tapN`. */
	readonly name?: Value;
	readonly switch?: Value;
	readonly group?: Value;
	/** Undefined where vmd picks one. */
	readonly lladdr?: { readonly address: string; readonly span: Span };
	readonly locked?: Span;
	readonly rdomain?: NumberValue;
	readonly up: boolean;
}

export type Permission = "boot" | "memory" | "interface" | "disk" | "cdrom" | "instance";

interface Common {
	/** From the first word to the last, relative to the statement's start. */
	readonly span: Span;
	/** False where the statement has a syntax error. */
	readonly complete: boolean;
}

export interface MacroStatement extends Common {
	readonly kind: "macro";
	readonly name: Value;
	readonly value: Value;
}

export interface IncludeStatement extends Common {
	readonly kind: "include";
	readonly path: Value;
}

export interface LocalStatement extends Common {
	readonly kind: "local";
	readonly family: "inet" | "inet6";
	readonly prefix?: Value;
}

export interface SocketStatement extends Common {
	readonly kind: "socket";
	readonly owner: Owner;
}

export interface AgentxStatement extends Common {
	readonly kind: "agentx";
	readonly context?: Value;
	readonly path?: Value;
}

export interface StaggeredStatement extends Common {
	readonly kind: "staggered";
	readonly parallel: NumberValue;
	readonly delay: NumberValue;
}

export interface SwitchStatement extends Common {
	readonly kind: "switch";
	readonly name: Value;
	/** The braces and what is between them. */
	readonly body: Span;
	readonly interface?: Value;
	readonly group?: Value;
	readonly rdomain?: NumberValue;
	readonly locked?: Span;
	/** The word `disable`, where the last of `enable` and `disable` is that. */
	readonly disabled?: Span;
	readonly up: boolean;
}

export interface GuestStatement extends Common {
	readonly kind: "guest";
	readonly name: Value;
	/** The guest that this is an instance of. */
	readonly parent?: Value;
	readonly body: Span;
	readonly disks: readonly Disk[];
	readonly nics: readonly Nic[];
	/** The number after `interfaces`. */
	readonly interfaces?: { readonly count: number; readonly span: Span };
	readonly memory?: Memory;
	readonly cdrom?: Value;
	readonly boot?: Value;
	readonly bootDevice?: { readonly name: "disk" | "cdrom" | "net"; readonly span: Span };
	readonly owner?: Owner;
	readonly allow?: { readonly span: Span; readonly permissions: readonly Permission[]; readonly owner?: Owner };
	readonly sev?: Span;
	readonly disabled?: Span;
}

/** A statement that could not be understood, or comments and empty lines between statements. */
export interface OtherStatement extends Common {
	readonly kind: "broken" | "blank";
}

export type Statement =
	| MacroStatement
	| IncludeStatement
	| LocalStatement
	| SocketStatement
	| AgentxStatement
	| StaggeredStatement
	| SwitchStatement
	| GuestStatement
	| OtherStatement;
