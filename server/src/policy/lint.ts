/** Rules that no packet can make decide, as diagnostics of the files that they stand in. */

import { BLANK_RULE, type Rule } from "../pf/rules.ts";
import { describe } from "../text/check.ts";
import type { Diagnostic, DiagnosticCatalog, Fix, Related } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { type Span, span } from "../text/span.ts";
import type { RuleFinding } from "./dead.ts";
import type { Finding } from "./decide.ts";
import { isDefaultBlock, isException } from "./fate.ts";

export const policyDiagnostics = {
	"policy/rule-shadowed": describe.warning(
		"A rule that never decides, since quick rules before it do",
		"Every packet that it matches is decided otherwise by a quick rule above it.",
		"Move it above them, or remove it.",
	),
	"policy/rule-overridden": describe.warning(
		"A rule that later rules override",
		"The last matching rule wins, and every packet that it matches is decided otherwise by one below it.",
		"Move it below them, or make it quick.",
	),
	"policy/rule-redundant": describe.hint(
		"A rule that changes nothing",
		"Other rules decide every packet that it matches, and in the same way.",
		"Remove it.",
	),
	"policy/rule-generalised": {
		...describe.hint(
			"A rule that a more general one makes needless",
			"Without it, the more general rule decides the same of all its packets.",
			"Remove it, or keep it for those who read the file. Told only where the settings give it a severity.",
		),
		optional: true,
	},
	"policy/rule-impossible": describe.warning(
		"A rule that no packet can match",
		"What it asks for contradicts itself, the calls of its anchor, or what rules before it make of packets; or pf does nothing on its interface.",
		"Correct or remove it.",
	),
} as const satisfies DiagnosticCatalog;

export type PolicyCode = keyof typeof policyDiagnostics;

type Dead = Exclude<Finding, { readonly kind: "live" | "undecided" }>;

/** What is needed beside the findings: where the statement stands that a rule came from, and the texts for the fixes. */
export interface RulePlaces {
	readonly place: (rule: Rule) => Place | undefined;
	/** The text of a file of the host; no fixes are offered for one that is not known. */
	readonly text?: (file: string) => string | undefined;
	/** Whether another diagnostic tells already that this rule of an anchor is overridden by those. */
	readonly explained?: (by: readonly Rule[]) => boolean;
	/** Whether another diagnostic tells already why the statement matches nothing. */
	readonly neverMatches?: (at: Place) => boolean;
	/** The interfaces and groups of `set skip`. */
	readonly skip?: readonly string[];
}

/** How many of the rules responsible are told. */
const MOST_RELATED = 5;

/** A statement with what is found about each of its rules. */
interface Statement {
	readonly at: Place;
	readonly found: [RuleFinding, ...RuleFinding[]];
}

/**
 * The statements of which every rule is dead, by file and in the order of the text. A statement that expands to some
 * rules that are dead and others that are not is left alone: lists are written for their sum.
 */
export function lintPolicy(findings: readonly RuleFinding[], places: RulePlaces): ReadonlyMap<string, readonly Diagnostic[]> {
	const decided = new Map(findings.map(({ rule, finding }) => [rule, finding]));
	const deciding = deciders(findings, decided);
	const statements = new Map<string, Statement>();
	for (const found of findings) {
		const at = places.place(found.rule);
		if (at === undefined) continue;
		const key = keyOf(at);
		const own = statements.get(key);
		if (own === undefined) statements.set(key, { at, found: [found] });
		else own.found.push(found);
	}
	const byFile = new Map<string, Diagnostic[]>();
	const openers = told(statements.values(), decided, deciding);
	for (const { at, found } of statements.values()) {
		if (!found.some(isOfNote)) continue;
		const [first] = found;
		const opened = openersFor(found, openers, deciding);
		if (opened.size > 0) {
			const list = byFile.get(at.file) ?? [];
			byFile.set(at.file, list);
			list.push(openedBlock(opened, at, places, !isDefaultBlock(first.rule)));
			continue;
		}
		const passes = passedFor(found);
		if (passes.size > 0) {
			const list = byFile.get(at.file) ?? [];
			byFile.set(at.file, list);
			list.push(idleBlock(passes, at, places));
			continue;
		}
		const dead = found.map(({ finding }) => finding).filter(isDead);
		const general = found.flatMap((one) => one.general ?? []);
		if (general.length === found.length) {
			const list = byFile.get(at.file) ?? [];
			byFile.set(at.file, list);
			list.push(diagnosticOf("policy/rule-generalised", new Set(general), at, places));
			continue;
		}
		if (dead.length < found.length || found.some(lastsThroughItsTag)) continue;
		const by = deciding(found);
		// What a block that is opened again makes needless has its cause there.
		if (by.size > 0 && [...by].every((rule) => openers.has(rule)) && first.rule.action === "pass" && !losesEffect(found, by)) continue;
		if (first.anchor !== "" && by.size > 0 && places.explained?.([...by]) === true) continue;
		if (by.size === 0 && places.neverMatches?.(at) === true) continue;
		const list = byFile.get(at.file) ?? [];
		byFile.set(at.file, list);
		const lost = losesEffect(found, by);
		list.push(
			diagnosticOf(codeOf(first.rule, dead, by, lost), by, at, places, {
				why: impossibility(first.rule, places),
				lost: lost ? first.rule : undefined,
			}),
		);
	}
	for (const list of byFile.values()) list.sort((x, y) => x.span.start - y.span.start);
	return byFile;
}

function keyOf({ file, span }: Place): string {
	return `${span.start} ${span.end} ${file}`;
}

/** Whether anything but that it is needed has been found of a rule; of most, nothing has. */
function isOfNote({ finding, general, openedBy, passedBelow }: RuleFinding): boolean {
	return isDead(finding) || general !== undefined || openedBy !== undefined || passedBelow !== undefined;
}

function isDead(finding: Finding): finding is Dead {
	return finding.kind !== "live" && finding.kind !== "undecided";
}

/** A rule tags what it matches whether or not it decides in the end (sys/net/pf.c, pf_match_rule). */
function lastsThroughItsTag({ rule, finding }: RuleFinding): boolean {
	return rule.tag !== "" && finding.kind === "overridden";
}

/** The rules that decide in the place of dead ones: where one of those is dead itself, the ones that decide in its place. */
type Deciders = (found: readonly RuleFinding[]) => ReadonlySet<Rule>;

function deciders(findings: readonly RuleFinding[], decided: ReadonlyMap<Rule, Finding>): Deciders {
	const known = new Map<Finding, ReadonlySet<Rule>>();
	// Most are overridden by a later rule, which is known by then: a thousand equal rules make a chain of a thousand.
	for (const { finding } of [...findings].reverse()) if (isDead(finding)) known.set(finding, decidingFor(finding, decided, known));
	return (found) => united(found.map(({ finding }) => known.get(finding) ?? NOBODY));
}

function decidingFor(dead: Dead, decided: ReadonlyMap<Rule, Finding>, known: ReadonlyMap<Finding, ReadonlySet<Rule>>): ReadonlySet<Rule> {
	const found: ReadonlySet<Rule>[] = [];
	const live = new Set<Rule>();
	const seen = new Set<Finding>([dead]);
	const open: Dead[] = [dead];
	for (let finding = open.pop(); finding !== undefined; finding = open.pop()) {
		const before = known.get(finding);
		if (before !== undefined) {
			found.push(before);
			continue;
		}
		if (finding.kind === "impossible") continue;
		for (const rule of finding.by) {
			const own = decided.get(rule);
			if (own === undefined || !isDead(own)) live.add(rule);
			else if (!seen.has(own)) {
				seen.add(own);
				open.push(own);
			}
		}
	}
	return united(live.size === 0 ? found : [live, ...found]);
}

/** All of several sets; where they are one and the same, that one. */
function united(sets: readonly ReadonlySet<Rule>[]): ReadonlySet<Rule> {
	const [first, ...others] = new Set(sets);
	if (first === undefined) return NOBODY;
	return others.length === 0 ? first : new Set([first, ...others].flatMap((set) => [...set]));
}

const NOBODY: ReadonlySet<Rule> = new Set();

/** What is told of a rule that may go; the fix that removes it is the last one. */
type Removable = Diagnostic & Required<Pick<Diagnostic, "fixes">>;

/** What one finding has to say beside its code. */
interface Details {
	readonly why?: Message | undefined;
	/** The rule with an effect that is lost. */
	readonly lost?: Rule | undefined;
}

function diagnosticOf(code: PolicyCode, by: ReadonlySet<Rule>, at: Place, places: RulePlaces, { why, lost }: Details = {}): Removable {
	const others = new Map<string, Place>();
	for (const other of by) {
		const there = places.place(other);
		if (there !== undefined && keyOf(there) !== keyOf(at)) others.set(keyOf(there), there);
	}
	const related = [...others.values()].slice(0, MOST_RELATED).map(
		({ file, span }): Related => ({
			file,
			span,
			message: code === "policy/rule-generalised" ? msg("The more general rule") : msg("Decides instead"),
		}),
	);
	const text = places.text?.(at.file);
	const [message, advice] = textsOf(code, why, lost, lineOf(at, [...others.values()], text));
	const possible = text === undefined ? [] : fixesOf(code, at, text, [...others.values()]);
	// What the author meant to count is not removed for them.
	const fixes = lost === undefined ? possible : possible.slice(0, -1);
	return { code, severity: policyDiagnostics[code].severity, span: at.span, message, advice, related, tags: ["unnecessary"], fixes };
}

/** The rules below that pass what a statement is to block, where others block the rest of it. */
function passedFor(found: readonly RuleFinding[]): ReadonlySet<Rule> {
	if (!found.every(({ passedBelow, finding }) => passedBelow !== undefined || isDead(finding))) return NOBODY;
	return new Set(found.flatMap(({ passedBelow = [] }) => passedBelow));
}

/** A block that was to stop certain addresses and does not. */
function idleBlock(by: ReadonlySet<Rule>, at: Place, places: RulePlaces): Diagnostic {
	const { tags: _, fixes, ...made } = diagnosticOf("policy/rule-overridden", by, at, places);
	return {
		...made,
		message: msg("This block has no effect: what is below passes its addresses, and the rest is blocked above"),
		advice: msg("The last matching rule wins: move it below them, or make it quick."),
		fixes: fixes.slice(0, -1),
	};
}

/** The rules below that pass every connection which a statement would block; none where it stops one. */
function openersFor(found: Statement["found"], openers: ReadonlySet<Rule>, deciding: Deciders): ReadonlySet<Rule> {
	const [first] = found;
	// Whatever else its list names, the first of its rules is about all of it.
	if (isDefaultBlock(first.rule)) return new Set(first.openedBy?.filter((rule) => openers.has(rule)));
	const opened = found.flatMap(({ openedBy = [] }) => openedBy);
	if (opened.length === 0 || !found.every(({ openedBy, finding }) => openedBy !== undefined || finding.kind === "overridden"))
		return NOBODY;
	return new Set([...opened, ...deciding(found)]);
}

/** A block that rules below open for every connection, told of by the first word that matters: the block. */
function openedBlock(by: ReadonlySet<Rule>, at: Place, places: RulePlaces, special: boolean): Diagnostic {
	const { tags: _, fixes, ...made } = diagnosticOf("policy/rule-overridden", by, at, places);
	return {
		...made,
		message: msg("This block stops no connection: what is below passes every one"),
		advice: special
			? msg("The last matching rule wins: move it below them, or make it quick.")
			: msg("The last matching rule wins: put the general rule above the block's exceptions, or remove it."),
		// What it was to stop is not removed for them.
		fixes: special ? fixes.slice(0, -1) : [],
	};
}

/** The rules that open blocks again without being meant to: exceptions stand between, which they make needless. */
function told(statements: Iterable<Statement>, decided: ReadonlyMap<Rule, Finding>, deciding: Deciders): ReadonlySet<Rule> {
	const openers = new Set<Rule>();
	const needless = new Set<Rule>();
	const isAlive = (rule: Rule): boolean => decided.get(rule)?.kind === "live";
	for (const { found } of statements) {
		const [{ rule: own, openedBy = [] }] = found;
		if (isDefaultBlock(own)) for (const rule of openedBy.filter(isAlive)) openers.add(rule);
		if (found.every(({ rule, finding }) => rule.action === "pass" && isDead(finding)))
			for (const rule of deciding(found)) needless.add(rule);
	}
	return new Set([...openers].filter((rule) => needless.has(rule)));
}

/** Whether rules do something beside deciding that none of those does which decide in their place. */
function losesEffect(found: readonly RuleFinding[], by: ReadonlySet<Rule>): boolean {
	const kept = new Set([...by].map(effectsOf));
	// Where another rule decides, a match stays without effect; where none does, something else stands in its way.
	return found.some(({ rule }) => (by.size === 0 || rule.action !== "match") && effectsOf(rule) !== PLAIN && !kept.has(effectsOf(rule)));
}

/** What a rule does with packets beside passing or blocking them. */
function effectsOf({ nat, rdr, afTo, route, set, tag, divert, rtable, log, stateOptions, limiters }: Rule): string {
	const { max, maxSrcStates, maxSrcConn, maxSrcConnRate, maxSrcNodes, overload } = stateOptions;
	const limits = [max, maxSrcStates, maxSrcConn, maxSrcConnRate, maxSrcNodes, overload];
	return JSON.stringify([nat, rdr, afTo, route, set, tag, divert, rtable, log, limits, limiters]);
}

const PLAIN = effectsOf(BLANK_RULE);

function codeOf(rule: Rule, dead: readonly Dead[], by: ReadonlySet<Rule>, lost: boolean): PolicyCode {
	if (by.size === 0) return "policy/rule-impossible";
	if (!lost && rule.action !== "match" && meantAlike(rule, by)) return "policy/rule-redundant";
	return dead.some(({ kind }) => kind === "overridden") ? "policy/rule-overridden" : "policy/rule-shadowed";
}

/**
 * Whether the rules that decide instead decide alike. Two do not count as alike: quick blocks, whose authors want no pass to
 * count beside them, and passes of certain addresses, which are exceptions to a block.
 */
function meantAlike(rule: Rule, by: ReadonlySet<Rule>): boolean {
	const isMeant = (other: Rule): boolean =>
		rule.action === "pass" ? other.action === "block" && other.quick : other.action === "pass" && isException(other, rule);
	const others = [...by].filter((other) => !isMeant(other));
	return others.length > 0 && others.every((other) => other.action === rule.action);
}

/** Why no packet matches a rule, where that can be seen from it alone. */
function impossibility({ fragment, interface: name, interfaceNegated }: Rule, { skip = [] }: RulePlaces): Message | undefined {
	if (fragment) return msg("Fragments are put together before the rules are asked, unless `set reassemble no` is given.");
	const skipped = skip.find((one) => one === name || (name.startsWith(one) && /^\d+$/.test(name.slice(one.length))));
	return skipped === undefined || interfaceNegated
		? undefined
		: msg("`set skip on {0}` lets everything pass on {1} before any rule.", skipped, name);
}

/** The line of the one rule of the same file that decides instead. */
function lineOf({ file }: Place, others: readonly Place[], text: string | undefined): number | undefined {
	const [only, ...more] = others;
	if (only === undefined || more.length > 0 || only.file !== file || text === undefined) return undefined;
	return text.slice(0, only.span.start).split("\n").length;
}

/** @param line that of the one rule that decides instead, where there is one */
function textsOf(
	code: PolicyCode,
	why: Message | undefined,
	lost: Rule | undefined,
	line: number | undefined,
): readonly [Message, Message] {
	const translates = lost?.nat !== undefined || lost?.rdr !== undefined;
	switch (code) {
		case "policy/rule-impossible":
			return [msg("No packet can match this rule"), why ?? msg("Correct or remove it.")];
		case "policy/rule-redundant":
			return [msg("This rule changes nothing: others decide the same of all its packets"), msg("Remove it.")];
		case "policy/rule-generalised":
			return [
				msg("Without this rule, a more general one would decide the same"),
				msg("Remove it, or keep it for those who read the file."),
			];
		case "policy/rule-overridden":
			return [
				line === undefined
					? translates
						? msg("This translation never happens: rules below it override it")
						: msg("This rule never decides: rules below it override it")
					: translates
						? msg("This translation never happens, because line {0} overrides it", line)
						: msg("This rule never decides, because line {0} overrides it", line),
				msg("The last matching rule wins: move it below them, or make it quick."),
			];
		case "policy/rule-shadowed":
			return [
				line === undefined
					? translates
						? msg("This translation never happens: quick rules above it decide")
						: msg("This rule never decides: quick rules above it do")
					: translates
						? msg("This translation never happens, because line {0} is quick and decides", line)
						: msg("This rule never decides, because line {0} is quick and does", line),
				msg("Move it above them, or remove it."),
			];
	}
}

/** What makes the rule decide, as far as the statements stand in one file; and its removal, which changes no decision. */
function fixesOf(code: PolicyCode, at: Place, text: string, by: readonly Place[]): readonly Fix[] {
	const own = wholeLines(text, at.span);
	const remove: Fix = { title: msg("Remove this rule"), edits: [{ span: own, text: "" }], preferred: code === "policy/rule-redundant" };
	const here = by.every(({ file }) => file === at.file) ? by.map(({ span }) => wholeLines(text, span)) : [];
	const moved = text.slice(own.start, own.end);
	if (code === "policy/rule-overridden") {
		const fixes: Fix[] = [];
		const last = here.reduce((end, lines) => Math.max(end, lines.end), 0);
		// An anchor may be called again below. A last line without a newline cannot be followed by another.
		if (last > own.end && text[last - 1] === "\n") {
			const edits = [
				{ span: own, text: "" },
				{ span: span(last, last), text: moved },
			];
			fixes.push({ title: msg("Move this rule below those that override it"), edits });
		}
		const quick = quickPlace(text.slice(at.span.start, at.span.end));
		if (quick !== undefined) {
			const place = at.span.start + quick;
			fixes.push({ title: msg("Make this rule quick"), edits: [{ span: span(place, place), text: " quick" }] });
		}
		return [...fixes, remove];
	}
	if (code === "policy/rule-shadowed") {
		const first = here.reduce((start, lines) => Math.min(start, lines.start), own.start);
		// A macro must stay behind its definition.
		if (first < own.start && moved.endsWith("\n") && !(moved.includes("$") && text.slice(first, own.start).includes("="))) {
			const edits = [
				{ span: span(first, first), text: moved },
				{ span: own, text: "" },
			];
			return [{ title: msg("Move this rule above those that decide instead"), edits }, remove];
		}
	}
	return [remove];
}

/** The lines of a statement with the newline behind them: nothing else stands there but a comment (parse.y ends each by a newline). */
function wholeLines(text: string, { start, end }: Span): Span {
	const newline = text.indexOf("\n", end);
	return span(text.lastIndexOf("\n", start - 1) + 1, newline < 0 ? text.length : newline + 1);
}

/** Where `quick` is written in a rule: behind its action and direction. Undefined where macros hide those. */
function quickPlace(statement: string): number | undefined {
	const found =
		/^(?:pass(?:\s+(?:in|out)\b)?|block(?:\s+(?:drop|return))?\s+(?:in|out)\b|antispoof)(?=\s*$|\s+(?!(?:quick|in|out|log)\b))/.exec(
			statement,
		);
	return found?.[0].length;
}
