/** Rules of pf.conf, written where they take effect. */

import { isGlob } from "../host/pf-facts.ts";
import { PfFile } from "../pf/editor/file.ts";
import { matchesEverything } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { PF_CONF } from "../text/host-paths.ts";
import { type Draft, withLines } from "./draft.ts";

function parsed(draft: Draft): PfFile {
	return PfFile.parse(draft.text(PF_CONF) ?? "", { path: PF_CONF, readFile: (path) => draft.text(path) });
}

/** Statements as their words, to find one again however it is spaced. */
function words(line: string): string {
	return line.replace(/#.*/, "").trim().split(/\s+/).join(" ");
}

/** Whether the ruleset has a line, or all rules that it would make. */
function has(draft: Draft, line: string): boolean {
	if ((draft.text(PF_CONF) ?? "").split("\n").some((one) => words(one) === words(line))) return true;
	const before = parsed(draft).ruleset.main.rules.map((rule) => printRule(rule));
	// Read behind the others, it is made with their options and macros.
	const text = withLines(draft.text(PF_CONF) ?? "", line);
	const after = PfFile.parse(text, { path: PF_CONF, readFile: (path) => draft.text(path) }).ruleset.main.rules;
	const made = after.slice(before.length).map((rule) => printRule(rule));
	return made.length > 0 && made.every((rule) => before.includes(rule));
}

/** Puts paragraphs before an offset, with the comment lines that stand above what is there. */
function insertBefore(draft: Draft, offset: number, lines: readonly string[]): void {
	const text = draft.text(PF_CONF) ?? "";
	let at = text.lastIndexOf("\n", offset - 1) + 1;
	while (at > 0) {
		const above = text.lastIndexOf("\n", at - 2) + 1;
		if (!text.slice(above, at).startsWith("#")) break;
		at = above;
	}
	draft.write(PF_CONF, `${text.slice(0, at)}${lines.map((line) => `${line}\n`).join("")}${text.slice(at)}`);
}

/** Where a rule begins that stands in pf.conf itself. */
function startOf(file: PfFile, rule: PfFile["ruleset"]["main"]["rules"][number] | undefined): number | undefined {
	return rule === undefined ? undefined : file.place(rule)?.span.start;
}

/**
 * What every ruleset for guests stands on: states for each interface, and a default block with what the host itself
 * needs. Of a ruleset that has a default block, nothing but the state policy is touched.
 */
export function ensureFoundation(draft: Draft): void {
	const text = draft.text(PF_CONF);
	if (text === undefined || text.trim() === "") {
		draft.write(PF_CONF, withLines("", "set skip on lo", "set block-policy drop", STATES, "set state-policy if-bound", "", ...DEFAULTS));
		return;
	}
	ensureOption(draft, "state-policy", [STATES, "set state-policy if-bound"], ({ ruleset }) => ruleset.options.statePolicy === "if-bound");
	const { rules } = parsed(draft).ruleset.main;
	if (rules.some((rule) => rule.action === "block" && rule.direction === undefined && matchesEverything(rule))) return;
	ensureOption(draft, "skip", ["set skip on lo"], ({ skipped }) => skipped.some(({ name }) => name === "lo" || name === "lo0"));
	const file = parsed(draft);
	const first = startOf(file, file.ruleset.main.rules[0]);
	if (first === undefined) draft.write(PF_CONF, withLines(draft.text(PF_CONF) ?? "", "", ...DEFAULTS));
	else insertBefore(draft, first, [...DEFAULTS, ""]);
}

const STATES = "# A packet to a guest passes more than one interface: each needs its own state.";
const DEFAULTS = [
	"block log all",
	"",
	"# The host itself",
	"pass out on egress",
	"pass in on egress inet proto tcp to (egress) port 22",
] as const;

/** Sets an option: in the place of a setting with another value, below the other options, or above the rules. */
function ensureOption(draft: Draft, name: string, lines: readonly string[], isSet: (file: PfFile) => boolean): void {
	const text = draft.text(PF_CONF) ?? "";
	const file = parsed(draft);
	if (isSet(file)) return;
	const options = file.statements().filter(({ start, end }) => /^set\b/.test(text.slice(start, end)));
	const other = name === "skip" ? undefined : options.find(({ start, end }) => text.slice(start, end).split(/\s+/)[1] === name);
	const last = options.at(-1);
	const first = startOf(file, file.ruleset.main.rules[0]);
	if (other !== undefined) draft.write(PF_CONF, text.slice(0, other.start) + (lines.at(-1) ?? "") + text.slice(other.end));
	else if (last !== undefined) {
		const after = text.indexOf("\n", last.end);
		const end = after < 0 ? text.length : after + 1;
		draft.write(PF_CONF, withLines(text.slice(0, end), ...lines) + text.slice(end));
	} else if (first !== undefined) insertBefore(draft, first, [...lines, ""]);
	else draft.write(PF_CONF, withLines(text, ...lines));
}

/** A translation, before the rules that see its result. */
export function ensureMatch(draft: Draft, comment: string, line: string): void {
	if (has(draft, line)) return;
	const file = parsed(draft);
	const filter = file.ruleset.main.rules.find(({ action, anchor }) => action !== "match" && anchor === undefined);
	insertBefore(draft, startOf(file, filter) ?? (draft.text(PF_CONF) ?? "").length, [`# ${comment}`, line, ""]);
}

/** Rules at the end, before the anchors of guests, which have the last word. A comment line belongs to the rules below it. */
export function ensureRules(draft: Draft, lines: readonly string[]): void {
	const missing = new Set(lines.filter((line) => !line.startsWith("#") && !has(draft, line)));
	if (missing.size === 0) return;
	const added: string[] = [];
	let comments: string[] = [];
	for (const line of lines) {
		if (line.startsWith("#")) comments.push(line);
		else if (missing.has(line)) {
			added.push(...comments, line);
			comments = [];
		} else comments = [];
	}
	const text = draft.text(PF_CONF) ?? "";
	const at = anchorsStart(draft);
	if (at === undefined) draft.write(PF_CONF, withLines(text, "", ...added));
	else insertBefore(draft, at, [...(/(^|\n)\n$/.test(text.slice(0, at)) ? [] : [""]), ...added, ""]);
}

/** Where the paragraph begins that calls the guests' anchors, below the default block; nowhere where that is below the call. */
function anchorsStart(draft: Draft): number | undefined {
	const text = draft.text(PF_CONF) ?? "";
	const file = parsed(draft);
	const { rules } = file.ruleset.main;
	const caller = callOf(file);
	const call = startOf(file, caller);
	if (caller === undefined || call === undefined) return undefined;
	const block = rules.findLast((rule) => rule.action === "block" && matchesEverything(rule));
	if (block !== undefined && rules.indexOf(block) > rules.indexOf(caller)) return undefined;
	const floor = block === undefined ? 0 : text.indexOf("\n", file.place(block)?.span.end ?? 0) + 1;
	let at = text.lastIndexOf("\n", call - 1) + 1;
	while (at > floor) {
		const above = text.lastIndexOf("\n", at - 2) + 1;
		if (text.slice(above, at).trim() === "") break;
		at = above;
	}
	return at;
}

function callOf(file: PfFile) {
	return file.ruleset.main.rules.find(({ anchor }) => anchor !== undefined && anchor.path === "vm" && anchor.wildcard);
}

/** A guest's anchor: what is blocked for it first, and the file that its rules are loaded from. */
export interface GuestAnchor {
	readonly guest: string;
	readonly blocks: readonly string[];
}

/** The file of a guest's rules. */
export function anchorFile(guest: string): string {
	return `/etc/pf.vm/${guest}.conf`;
}

/**
 * Takes out what keeps the anchors of guests from their work: a call above the default block, which takes back what they
 * pass, and a load of files by a pattern of names, which pfctl does not know.
 */
export function clearAnchorsWay(draft: Draft): void {
	for (;;) {
		const file = parsed(draft);
		const { rules } = file.ruleset.main;
		const call = callOf(file);
		const isOverruled =
			call !== undefined && rules.slice(rules.indexOf(call)).some((rule) => rule.action === "block" && matchesEverything(rule));
		const place = isOverruled
			? file.place(call)?.span
			: file.loads.find(({ name, file: path }) => name.startsWith("vm/") && isGlob(path))?.fileSpan;
		if (place === undefined) return;
		const text = draft.text(PF_CONF) ?? "";
		const start = text.lastIndexOf("\n", place.start - 1) + 1;
		const newline = text.indexOf("\n", place.end);
		draft.write(PF_CONF, text.slice(0, start) + (newline < 0 ? "" : text.slice(newline + 1)));
	}
}

/** Calls the anchors of guests below everything else, after a block for each of the guests. */
export function ensureAnchors(draft: Draft, anchors: readonly GuestAnchor[]): void {
	if (callOf(parsed(draft)) === undefined) {
		draft.write(
			PF_CONF,
			withLines(
				draft.text(PF_CONF) ?? "",
				"",
				"# Nothing for these guests but what the anchor of each passes: the last matching rule wins.",
				'anchor "vm/*"',
			),
		);
	}
	for (const { guest, blocks } of anchors) {
		const missing = blocks.filter((line) => !has(draft, line));
		const text = draft.text(PF_CONF) ?? "";
		const call = startOf(parsed(draft), callOf(parsed(draft))) ?? text.length;
		draft.write(PF_CONF, text.slice(0, call) + missing.map((line) => `${line}\n`).join("") + text.slice(call));
		ensureLoad(draft, guest);
	}
}

function ensureLoad(draft: Draft, guest: string): void {
	const file = parsed(draft);
	if (file.loads.some(({ name }) => name.replace(/^\//, "") === `vm/${guest}`)) return;
	const text = draft.text(PF_CONF) ?? "";
	const loads = file.loads.filter(({ name }) => name.startsWith("vm/"));
	const call = callOf(file);
	const last = loads.at(-1)?.fileSpan.end ?? (call && file.place(call)?.span.end) ?? text.length;
	const newline = text.indexOf("\n", last);
	const end = newline < 0 ? text.length : newline + 1;
	draft.write(PF_CONF, withLines(text.slice(0, end), `load anchor "vm/${guest}" from "${anchorFile(guest)}"`) + text.slice(end));
}
