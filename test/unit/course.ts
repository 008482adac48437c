/** The course of docs/handbook.md: the files that one types, the fixes and patterns that one takes, and the host that comes of it. */
import { readFileSync } from "node:fs";
import { reportedDiagnostics } from "../../server/src/features/diagnostics.ts";
import { open } from "../../server/src/features/testing.ts";
import type { Answers } from "../../server/src/patterns/pattern.ts";
import { applyPattern, isPattern, type PatternName } from "../../server/src/patterns/patterns.ts";
import { sourceOf } from "../../server/src/patterns/testing.ts";
import type { Diagnostic, Fix } from "../../server/src/text/diagnostic.ts";
import { render } from "../../server/src/text/message.ts";
import { languageOf, readHost } from "./hosts.ts";
import { root } from "./textmate.ts";

/** The files of a host by their paths. */
export type Texts = ReadonlyMap<string, string>;
export type Found = readonly [file: string, diagnostic: Diagnostic];

/** What is said of all files of a host. */
export async function found(texts: Texts): Promise<readonly Found[]> {
	// The first is opened, and others than those in our languages cannot be.
	const ordered = [...texts].sort(([one], [other]) => Number(languageOf(one) === undefined) - Number(languageOf(other) === undefined));
	const { session, documents } = await open(ordered.map(([path, text]) => `//- ${path}\n${text}`).join(""));
	return [...texts.keys()].flatMap((path) => {
		const file = documents.file(`file:///host${path}`);
		return file === undefined ? [] : reportedDiagnostics(session, file).map((one) => [path, one] as const);
	});
}

/** The files after a fix of a finding in one of them. */
export function taken(texts: Texts, path: string, { edits }: Fix): Texts {
	const after = new Map(texts);
	for (const { file = path, span, text } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
		const before = after.get(file) ?? "";
		after.set(file, before.slice(0, span.start) + text + before.slice(span.end));
	}
	return after;
}

/** Takes the first fix of each finding with a code, one after the other. */
export async function fixed(texts: Texts, wanted: readonly string[]): Promise<Texts> {
	let now = texts;
	for (let left = 30; left > 0; left--) {
		const [path, one] = (await found(now)).find(([, { code, fixes = [] }]) => wanted.includes(code) && fixes.length > 0) ?? [];
		const [fix] = one?.fixes ?? [];
		if (path === undefined || fix === undefined) return now;
		now = taken(now, path, fix);
	}
	throw new Error("fixes without an end");
}

/** Reads a command of the document: `openbsd-vnet pattern NAME --question answer ... --write FOLDER`. */
export function patternOf(command: string): { readonly name: PatternName; readonly answers: Answers } {
	const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
	const [, , name = "", ...rest] = words;
	const answers: Record<string, string> = {};
	for (let i = 0; rest[i]?.startsWith("--") === true && rest[i] !== "--write"; i += 2) answers[rest[i]?.slice(2) ?? ""] = rest[i + 1] ?? "";
	if (!isPattern(name)) throw new Error(`no pattern: ${command}`);
	return { name, answers };
}

/** The files after a command of the document. */
export function patterned(texts: Texts, command: string): Texts {
	const { name, answers } = patternOf(command);
	const applied = applyPattern(sourceOf(new Map([...texts].map(([path, text]) => [path, { text }]))), name, answers);
	const problems = applied.problems.map(({ message }) => render(message));
	if (problems.length > 0) throw new Error(`${command}: ${problems.join("; ")}`);
	return new Map([...texts, ...applied.files]);
}

const page = readHost("handbook");
const policies = readHost("handbook-microsegmentation");
const [firstGuest = "", secondGuest = ""] = (page.get("/etc/vm.conf") ?? "").split(/\n(?=## )/);

function filesOf(host: Texts, ...paths: readonly string[]): readonly (readonly [string, string])[] {
	return paths.map((path) => [path, host.get(path) ?? ""]);
}

/** A section of the page, over the host of an earlier one. */
export interface Step {
	readonly after?: string;
	readonly typed: (before: Texts) => Texts;
	/** Whose fixes are taken before each pattern is run. */
	readonly fixes: readonly string[];
	/** What is left to a person. */
	readonly byHand?: (after: Texts) => Texts;
	/** What is still said then. */
	readonly stays?: readonly string[];
}

/** The sections of the document that change files, in their order. */
export const steps: readonly Step[] = [
	{
		// The installer has written the uplink's file.
		typed: () =>
			new Map([["/etc/hostname.em0", "inet autoconf\n"], ...filesOf(page, "/etc/hostname.bridge0"), ["/etc/vm.conf", `${firstGuest}\n`]]),
		fixes: ["host/lower-down"],
	},
	{
		after: "1",
		typed: (before) => new Map([...before, ...filesOf(page, "/etc/hostname.vlan10")]),
		fixes: ["hostname/deprecated"],
	},
	{
		after: "1",
		typed: (before) =>
			new Map([
				...before,
				...filesOf(page, "/etc/hostname.vether0", "/etc/hostname.bridge1", "/etc/pf.conf", "/etc/sysctl.conf"),
				["/etc/vm.conf", `${before.get("/etc/vm.conf") ?? ""}\n${secondGuest}`],
			]),
		fixes: [],
	},
	{
		after: "3",
		typed(before) {
			const files = new Map([...before, ...filesOf(policies, "/etc/pf.conf", "/etc/pf.vm/web01.conf", "/etc/pf.vm/db01.conf")]);
			files.delete("/etc/hostname.bridge0");
			files.set("/etc/hostname.em1", "inet 10.10.0.1/24\n");
			const moved = (before.get("/etc/vm.conf") ?? "").replace(/switch "lan" \{[^}]*\}\n/, "").replace('switch "lan"', 'switch "isolated"');
			return files.set("/etc/vm.conf", moved);
		},
		fixes: [
			"host/load-anchor-glob",
			"host/anchor-before-block",
			"host/rule-on-unpinned-tap",
			"host/reversed-direction",
			"host/tap-address",
		],
		byHand(after) {
			const own = after.get("/etc/pf.vm/web01.conf") ?? "";
			return new Map(after).set("/etc/pf.vm/web01.conf", own.replace(/^(intf = |pass out on \$intf ).*\n/gm, ""));
		},
		stays: ["vm/tap-without-device"],
	},
];

/** A section of the document by its number. */
export function sectionOf(document: string, number: string): string {
	return document.split(/^## /m).find((section) => section.startsWith(`${number}. `)) ?? "";
}

/** The codes that the table of a section has. */
export function told(section: string): readonly string[] {
	return [...section.matchAll(/^\| `([a-z]+\/[a-z-]+)` \|/gm)].map(([, code = ""]) => code).sort();
}

/** The patterns that a section runs. */
export function commands(section: string): readonly string[] {
	return section.match(/^openbsd-vnet pattern .*$/gm) ?? [];
}

export const english = readFileSync(new URL("docs/handbook.md", root), "utf8");
export const chinese = readFileSync(new URL("docs/handbook.zh-cn.md", root), "utf8");

const hosts = new Map<string, Promise<Texts>>();

/** The host at the end of a section, made once. */
export function hostAt(number: string): Promise<Texts> {
	const known = hosts.get(number) ?? courseTo(number);
	hosts.set(number, known);
	return known;
}

export function stepAt(number: string): Step {
	const step = steps[Number(number) - 1];
	if (step === undefined) throw new Error(`no section ${number}`);
	return step;
}

/** The host of a section when its files are typed, and nothing is mended yet. */
export async function typedAt(number: string): Promise<Texts> {
	const { after, typed } = stepAt(number);
	return typed(after === undefined ? new Map() : await hostAt(after));
}

async function courseTo(number: string): Promise<Texts> {
	const { fixes, byHand } = stepAt(number);
	let texts = await typedAt(number);
	for (const command of commands(sectionOf(english, number))) texts = patterned(await fixed(texts, fixes), command);
	return byHand?.(texts) ?? texts;
}
