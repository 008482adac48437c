/** The names and words that may stand for a symbol or a value: what completion lists beside keywords. */

import { interfaceOfPath } from "../hostname/names.ts";
import { openbsdServices, parseServices } from "../pf/names/services.ts";
import { isNameKind, isReservedWord, languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { definitionsIn } from "../project/tokens.ts";
import { SERVICES_FILE } from "../text/host-paths.ts";
import type { SymbolKind, ValueType } from "../text/vocabulary.ts";
import { type Session, translated } from "./session.ts";
import { scopeOf } from "./symbols.ts";

export interface NameCandidate {
	readonly name: string;
	/** As the defining text writes it, quotes included, where that differs. */
	readonly written?: string;
	readonly detail?: string;
	readonly kind: SymbolKind | "value";
	/** True for what every host may have, beside what this one is known to have. */
	readonly common?: true;
	/** How often real files have it, 0 to 100; 0 without. */
	readonly weight?: number;
}

/** The services that are used most, the first ones most. */
const SERVICES = (
	"ssh www https domain ntp smtp bootps bootpc http submission submissions smtps imap imaps pop3 pop3s auth ftp isakmp ipsec-nat-t " +
	"tftp snmp syslog ldap ldaps kerberos mysql postgresql rsync telnet sunrpc nfsd bgp"
).split(" ");
function weightIn(list: readonly string[], name: string): { readonly weight?: number } {
	const at = list.indexOf(name);
	return at < 0 ? {} : { weight: 100 - at };
}

/** The group that every host has for the way out (sys/net/if.c); `all` is no name in pf.conf. */
const KERNEL_GROUPS = ["egress"];
/** Drivers' names are groups as well; these are the ones that rules are written for. */
const DRIVER_GROUPS = ["lo", "tap", "vether", "vport", "bridge", "veb", "vlan", "wg", "carp", "pppoe"];

/** What the value of a macro looks like. */
export type ValueShape = "port" | "address" | "interface";

/** Undefined for a value that may be anything, such as one that names other macros. */
export function shapeOf(value: string): ValueShape | undefined {
	const words = value
		.replace(/[{}",]/g, " ")
		.split(/\s+/)
		.filter(Boolean);
	const all = (test: (word: string) => boolean): boolean => words.length > 0 && words.every(test);
	if (all((word) => /^[<>=!]*\d+(?:(?::|<>|><)\d+)?$/.test(word) || openbsdServices().names.has(word))) return "port";
	if (all((word) => /^!?(?:<.*>|[\da-f.]*[.:][\da-f.:]*(?:\/\d+)?|\d+\/\d+|any|self)$/i.test(word))) return "address";
	return all((word) => /^!?\(?[a-z]+\d+(?::\w+)?\)?$/.test(word) || KERNEL_GROUPS.includes(word) || DRIVER_GROUPS.includes(word))
		? "interface"
		: undefined;
}

/** The names of a kind that are known where `file` stands, without repetitions, in the order of their definitions. */
export function namesOf(session: Session, file: SourceFile, kind: SymbolKind): readonly NameCandidate[] {
	const found = new Map<string, NameCandidate>();
	// No interface is its own member or parent.
	const own = kind === "interface" ? interfaceOfPath(file.path) : undefined;
	const add = (candidate: NameCandidate) => {
		if (candidate.name !== own && !found.has(candidate.name)) found.set(candidate.name, candidate);
	};
	if (kind === "interface") {
		for (const path of session.files.hostPaths(file)) {
			const name = interfaceOfPath(path);
			if (name !== undefined) add({ name, kind, detail: path });
		}
	}
	for (const other of scopeOf(session.files, file, kind)) {
		for (const { span, symbol } of definitionsIn(other, kind)) {
			if (symbol === undefined || symbol.name === "") continue;
			const text = other.text.slice(span.start, span.end);
			const detail = other !== file ? other.path : kind === "table" ? startOf(other, span.end) : factOf(other, kind, symbol.name);
			const written = text.includes('"') ? { written: text } : {};
			add({ name: symbol.name, kind, ...written, ...(detail === undefined ? {} : { detail }) });
		}
	}
	if (kind === "interface") for (const name of session.files.hostModel(file).links.keys()) add({ name, kind });
	for (const more of knownEverywhere(session, file, kind)) add(more);
	return [...found.values()];
}

/** Longer details are of no use in a list. */
const MAX_DETAIL = 60;

function factOf({ parsed }: SourceFile, kind: SymbolKind, name: string): string | undefined {
	const value = parsed.symbolFacts?.(kind, name)?.value;
	return value === undefined || value.length <= MAX_DETAIL ? value : `${value.slice(0, MAX_DETAIL)}…`;
}

/** How the contents of a table begin: all of them may be very many. */
function startOf({ text }: SourceFile, from: number): string | undefined {
	const [line = ""] = text.slice(from, from + MAX_DETAIL).split("\n", 1);
	return line.replace(/^["']?>\s*/, "") || undefined;
}

function knownEverywhere(session: Session, file: SourceFile, kind: SymbolKind): readonly NameCandidate[] {
	const { host } = file.parsed.context;
	switch (kind) {
		case "interface":
			return (host?.interfaces ?? []).map(({ name }) => ({ name, kind }));
		case "interface-group":
			return [
				...[...(host?.interfaces ?? []).flatMap(({ groups }) => groups), ...KERNEL_GROUPS].map((name) => ({ name, kind })),
				...DRIVER_GROUPS.map((name) => ({ name, kind, common: true as const })),
			];
		case "user":
			return Object.keys(host?.users ?? { root: 0, operator: 2, daemon: 1, nobody: 32767 }).map((name) => ({ name, kind }));
		case "group":
			return Object.keys(host?.groups ?? { wheel: 0, operator: 5 }).map((name) => ({ name, kind }));
		case "service":
			return services(session, file);
		case "file":
			// What is in another language of ours is neither included nor loaded here.
			return session.files.hostPaths(file).flatMap((name): NameCandidate[] => {
				const language = session.files.onSameHost(file, name)?.parsed.language;
				if (name === file.path || (language !== undefined && language !== file.parsed.language)) return [];
				return [{ name, written: `"${name}"`, kind, ...(language === undefined ? {} : { weight: 100 }) }];
			});
		default:
			return [];
	}
}

/** The words that a value of a type may be; none for values that nobody can list. */
export function valuesOf(session: Session, file: SourceFile, type: ValueType): readonly NameCandidate[] {
	switch (type) {
		case "port":
		case "service":
			return services(session, file);
		case "path":
			return namesOf(session, file, "file").filter(({ name }) => session.files.onSameHost(file, name) === undefined);
		default:
			if (isNameKind(type)) return namesOf(session, file, type);
			return (languages.get(file.parsed.language)?.values?.(type) ?? []).map(({ detail, meaning, ...word }) => ({
				...word,
				kind: "value",
				...(detail === undefined ? {} : { detail: meaning === undefined ? detail : `${detail}: ${translated(session, meaning)}` }),
			}));
	}
}

function services(session: Session, file: SourceFile): readonly NameCandidate[] {
	const text = file.parsed.context.host?.services ?? session.files.hostText(file, SERVICES_FILE);
	const { names } = text === undefined ? openbsdServices() : parseServices(text);
	return [...names].flatMap(([name, port]) =>
		isReservedWord(file.parsed, name) ? [] : [{ name, kind: "service", detail: String(port), ...weightIn(SERVICES, name) }],
	);
}
