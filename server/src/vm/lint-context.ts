/** What the checks of vm.conf are given, and what they share. */
import { type Check, checksOf, type Report } from "../text/check.ts";
import type { Place } from "../text/place.ts";
import type { Span } from "../text/span.ts";
import { vmErrors } from "./diagnostics.ts";
import type { VmFile } from "./file.ts";
import type { Plug, VmConfig, VmGuest } from "./model.ts";

/** What a check is given. */
export interface LintContext {
	readonly file: VmFile;
	readonly config: VmConfig;
	/** The guests that vmd keeps, by name. */
	readonly guests: ReadonlyMap<string, VmGuest>;
	/** All interfaces of all guests, and those of guests that start by themselves. */
	readonly plugs: readonly Plug[];
	readonly activePlugs: readonly Plug[];
}

/** A place in the file or in one that it includes; where a value is not known, nothing is said of it. */
export type VmPlace = Place & { readonly known?: false };

export type VmCheck = Check<(context: LintContext, report: Report<VmPlace>) => void>;

export const { error, warning, information } = checksOf<VmCheck["run"]>();

/** Asks whether a statement that vmd refuses has a name in its text, understood or not; beside the one that defines it. */
export function searchBroken({ nodes, starts, text }: VmFile): (name: string, definition: Span) => boolean {
	const broken = nodes.flatMap(({ complaints, length }, i) => {
		const start = starts[i] ?? 0;
		const isRefused = complaints.some(({ code }) => vmErrors[code].severity === "error");
		return isRefused ? [{ start, end: start + length, words: text.slice(start, start + length) }] : [];
	});
	return (name, definition) =>
		broken.some(({ start, end, words }) => !(start <= definition.start && definition.start < end) && words.includes(name));
}

/** The text of a name as it is written in the file: quoted where it was. */
export function rewritten(file: VmFile, at: Span, name: string): string {
	const quote = file.text[at.start];
	return quote === '"' || quote === "'" ? `${quote}${name}${quote}` : name;
}

/** Groups by a key, in order; only groups with more than one. */
export function repeated<T>(values: Iterable<T>, key: (value: T) => string | undefined): readonly (readonly [T, T, ...T[]])[] {
	const groups = new Map<string, T[]>();
	for (const value of values) {
		const name = key(value);
		if (name === undefined) continue;
		const group = groups.get(name);
		if (group === undefined) groups.set(name, [value]);
		else group.push(value);
	}
	return [...groups.values()].filter((group): group is [T, T, ...T[]] => group.length > 1);
}
