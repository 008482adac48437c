/** sysctl.conf(5): what rc(8) and sysctl(8) make of it, which changed between releases (etc/rc, sysctl_conf; sbin/sysctl/sysctl.c 1.268, main and parse). */
import { hasChange, newestRelease } from "../releases/releases.ts";
import { isKnownTo } from "../text/release.ts";
import { type Span, span } from "../text/span.ts";
import type { Release } from "../text/vocabulary.ts";
import { type SignificantLine, significantLines, words } from "./lines.ts";
import { sysctlNames } from "./sysctl-names.ts";

/** One `name=value` of sysctl.conf(5). */
export interface SysctlSetting {
	readonly name: string;
	/** What stands behind `=`, as text; undefined where there is no `=`. */
	readonly value: string | undefined;
	readonly span: Span;
}

export interface SysctlFault {
	/** In the words of sysctl(8), with its name in front. */
	readonly message: string;
	readonly span: Span;
}

export interface SysctlRead {
	/** The words that sysctl is given, in order: those without `=` are only printed. */
	readonly words: readonly SysctlSetting[];
	readonly faults: readonly SysctlFault[];
	/** Words behind the first one of a line, where that alone is read. */
	readonly unread: readonly SignificantLine[];
	/** Lines with something on them whose blanks in front make sysctl take them for empty. */
	readonly emptied: readonly SignificantLine[];
}

/** Reads sysctl.conf as the release does: up to 7.6 each word is set, since then the first of each line that has no blank in front. */
export function readSysctlFile(text: string, release: Release = newestRelease): SysctlRead {
	const byLine = hasChange(release, "sysctl/read-by-line");
	const given: SysctlSetting[] = [];
	const unread: SignificantLine[] = [];
	const emptied: SignificantLine[] = [];
	const faults: SysctlFault[] = [];
	const give = (word: SignificantLine): void => {
		const setting = settingOf(word);
		given.push(setting);
		const message = complaint(setting, release);
		if (message !== undefined) faults.push({ message, span: word.span });
	};
	if (!byLine) for (const word of [...significantLines(text)].flatMap(words)) give(word);
	let start = 0;
	for (const raw of byLine ? text.split("\n") : []) {
		const at = start;
		start += raw.length + 1;
		if (/^[ \t]/.test(raw)) {
			// sysctl cuts the line at its first blank, and then looks up the empty name.
			faults.push({ message: unknownLevel("top", "", ""), span: span(at, at + raw.length) });
			const [line] = significantLines(raw);
			if (line !== undefined) emptied.push({ text: line.text, span: span(at + line.span.start, at + line.span.end) });
			continue;
		}
		const [first, ...rest] = [...significantLines(raw)].flatMap(words);
		if (first === undefined) continue;
		give(moved(first, at));
		unread.push(...rest.map((word) => moved(word, at)));
	}
	return { words: given, faults, unread, emptied };
}

function moved({ text, span: own }: SignificantLine, by: number): SignificantLine {
	return { text, span: span(own.start + by, own.end + by) };
}

function settingOf({ text, span: at }: SignificantLine): SysctlSetting {
	const sign = text.indexOf("=");
	return sign < 0 ? { name: text, value: undefined, span: at } : { name: text.slice(0, sign), value: text.slice(sign + 1), span: at };
}

/** The words that sysctl is given. */
export function readSysctl(text: string, release: Release = newestRelease): readonly SysctlSetting[] {
	return readSysctlFile(text, release).words;
}

/** Every word of the file, as people mean them. */
export function wordsOfSysctl(text: string): readonly SysctlSetting[] {
	return [...significantLines(text)].flatMap(words).map(settingOf);
}

/** The setting that is in force after the file was read: the last one of that name. */
export function sysctlSetting(settings: readonly SysctlSetting[], name: string): SysctlSetting | undefined {
	return settings.findLast((setting) => setting.name === name && setting.value !== undefined);
}

const TOP_LEVELS = new Set("kern vm fs net debug hw machdep user ddb vfs".split(" "));
const LEVELS = ["top", "second", "third", "fourth", "fifth"] as const;

function unknownLevel(level: (typeof LEVELS)[number], part: string, name: string): string {
	return `sysctl: ${level} level name ${part} in ${name} is invalid`;
}

/** Names whose value is a number, with the largest that the kernel takes. */
const numbers: ReadonlyMap<string, number> = new Map([
	["net.inet.ip.forwarding", 2],
	["net.inet6.ip6.forwarding", 2],
	["net.inet.ip.mforwarding", 1],
	["net.inet6.ip6.mforwarding", 1],
]);

/** What sysctl says to a word, as far as that follows from the release alone. */
function complaint({ name, value }: SysctlSetting, release: Release): string | undefined {
	const parts = name.split(".");
	const [top = ""] = parts;
	if (!TOP_LEVELS.has(top)) return unknownLevel("top", top, name);
	const known = sysctlNames.find((one) => one.name === name);
	if (known?.level !== undefined && !isKnownTo(release, known)) {
		if (known.level === "variables") return `sysctl: ${name}: no variables defined for this protocol`;
		const level = LEVELS[known.level - 1];
		if (level !== undefined) return unknownLevel(level, parts[known.level - 1] ?? "", name);
	}
	const most = numbers.get(name);
	if (most === undefined || value === undefined || value === "") return undefined;
	if (!/^[-+]?\d+$/.test(value)) return `sysctl: ${name}: value is invalid: ${value}`;
	return Number(value) < 0 || Number(value) > most ? `sysctl: ${name}: Invalid argument` : undefined;
}

export interface SysctlResult {
	/** Whether sysctl has nothing to complain of. */
	readonly accepted: boolean;
	readonly stderr: readonly string[];
	/** What is set, as `name=value`, in order. */
	readonly settings: readonly string[];
}

/** What a starting host of a release makes of sysctl.conf. */
export function dryRun(text: string, { release = newestRelease }: { readonly release?: Release } = {}): SysctlResult {
	const { words: given, faults } = readSysctlFile(text, release);
	const refused = new Set(faults.map(({ span: at }) => at.start));
	const settings = given.flatMap(({ name, value, span: at }) =>
		value === undefined || value === "" || refused.has(at.start) || !name.includes(".") ? [] : [`${name}=${value}`],
	);
	return { accepted: faults.length === 0, stderr: faults.map(({ message }) => message), settings };
}
