/** What vmd accepts and that still goes wrong, as far as vm.conf alone shows it; and what a start would refuse. */
import type { Diagnostic, Fix, Related } from "../text/diagnostic.ts";
import type { Mark } from "../text/language.ts";
import { type Message, say } from "../text/message.ts";
import type { Place, Placed } from "../text/place.ts";
import { type Span, shifted, span } from "../text/span.ts";
import { type VmCode, vmDiagnostics } from "./diagnostics.ts";
import type { VmFile } from "./file.ts";
import { lintGuests } from "./lint-guests.ts";
import { lintNetwork } from "./lint-network.ts";
import { lintStart } from "./lint-start.ts";
import { registered, type VmConfig, type VmGuest, type VmInterface } from "./model.ts";
import type { Part } from "./statement.ts";

interface More {
	readonly advice?: Message;
	readonly related?: readonly Related[];
	readonly fixes?: readonly Fix[];
	readonly tags?: NonNullable<Diagnostic["tags"]>;
}

/** An interface of a guest. */
export interface Plug {
	readonly guest: VmGuest;
	readonly nic: VmInterface;
}

/** What a check is given. */
export interface LintContext {
	readonly file: VmFile;
	readonly config: VmConfig;
	/** The guests that vmd keeps, by name. */
	readonly guests: ReadonlyMap<string, VmGuest>;
	/** All interfaces of all guests, and those of guests that start by themselves. */
	readonly plugs: readonly Plug[];
	readonly activePlugs: readonly Plug[];
	/** Reports at a place; places in included files are left to those files, and of a value that is not known nothing is said. */
	report(code: VmCode, at: Place & { readonly known?: false }, message: Message, more?: More): void;
}

export type Check = (context: LintContext) => void;

export function lint(file: VmFile): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	const report: LintContext["report"] = (code, at, message, more = {}) => {
		if (at.file !== file.context.path || at.known === false) return;
		found.push({ code, severity: vmDiagnostics[code].severity, span: at.span, message, ...more });
	};
	const { config } = file;
	const guests = registered(config);
	const plugs = config.guests.flatMap((guest) => guest.interfaces.map((nic) => ({ guest, nic })));
	const activePlugs = plugs.filter(({ guest }) => guest.disabled === undefined && guests.get(guest.name.value) === guest);
	const context = { file, config, guests, plugs, activePlugs, report };
	for (const check of [lintText, ...lintStart, ...lintNetwork, ...lintGuests]) check(context);
	return found;
}

/** Another place that explains a diagnostic. */
export function seen(at: Place, message: Message): Related {
	return { file: at.file, span: at.span, message };
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

/** Macros and comments. */
function lintText({ file, report }: LintContext): void {
	const used = new Set<string>();
	const defined = new Map<string, Placed<string>>();
	const { path } = file.context;
	for (const [i, { statement, uses, included }] of file.parts.entries()) {
		const start = file.starts[i] ?? 0;
		for (const name of uses.keys()) used.add(name);
		for (const part of included?.parts ?? []) for (const name of part.uses.keys()) used.add(name);
		if (statement.kind === "macro") {
			const { name } = statement;
			defined.set(name.text, { file: path, span: shifted(name.span, start), value: name.text });
		}
	}
	if (file.config.complete && !/\.d\/[^/]*$/.test(path)) {
		for (const [name, at] of defined) {
			if (!used.has(name)) report("vm/unused-macro", at, say("macro '{0}' not used", name), { tags: ["unnecessary"] });
		}
	}
	for (const [i, part] of file.parts.entries()) {
		const start = file.starts[i] ?? 0;
		for (const { span: relative, macro } of wordFaults(part, file.text, start)) {
			const place = { file: path, span: shifted(relative, start) };
			if (macro === undefined)
				report("vm/joined-comment", place, say("This line is part of the comment above: a backslash joins the two."));
			else {
				report("vm/macro-in-quotes", place, say("{0} is not expanded inside quotes", macro), {
					advice: say("Write the macro outside of them, as in {0}.", `${macro} "..."`),
				});
			}
		}
	}
}

interface WordFault {
	/** Relative to the part. */
	readonly span: Span;
	/** `$name` inside quotes; absent for a line that a comment swallows. */
	readonly macro?: string;
}

const wordFaultCache = new WeakMap<Part["marks"], readonly WordFault[]>();
const NO_FAULTS: readonly WordFault[] = [];

/** The words of a part that mean something else than they seem to: looked for once for each version of it. */
function wordFaults({ marks, length }: Part, text: string, start: number): readonly WordFault[] {
	const known = wordFaultCache.get(marks);
	if (known !== undefined) return known;
	const own = text.slice(start, start + length);
	const found = /[$\\]/.test(own) ? marks.flatMap((mark) => wordFault(mark, own)) : NO_FAULTS;
	wordFaultCache.set(marks, found);
	return found;
}

function wordFault({ span: at, role }: Mark, text: string): readonly WordFault[] {
	const word = text.slice(at.start, at.end);
	if (role === "comment") {
		const newline = word.indexOf("\n");
		return newline < 0 ? NO_FAULTS : [{ span: span(at.start + newline + 1, at.end) }];
	}
	if (role !== "string" && role !== "name") return NO_FAULTS;
	const dollar = /\$[A-Za-z0-9_]+/.exec(word);
	// A name's mark leaves its quotes out.
	const quoted = [text[at.start], text[at.start - 1]].some((character) => character === '"' || character === "'");
	if (dollar === null || !quoted) return NO_FAULTS;
	const start = at.start + dollar.index;
	return [{ span: span(start, start + dollar[0].length), macro: dollar[0] }];
}
