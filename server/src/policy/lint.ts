/** Rules that no packet can make decide, as diagnostics of the files that they stand in. */
import type { Rule, Ruleset } from "../pf/rules.ts";
import type { Diagnostic, DiagnosticCatalog, Related } from "../text/diagnostic.ts";
import type { HostInterface } from "../text/language.ts";
import { type Message, say } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { type Finding, findDeadRules } from "./dead.ts";

export const policyDiagnostics = {
	"policy/rule-shadowed": {
		severity: "warning",
		title: "A rule that never decides, since quick rules before it do",
		why: "Every packet that it matches is decided otherwise by a quick rule above it.",
		remedy: "Move it above them, or remove it.",
		example: "block in quick proto tcp\npass in proto tcp to port www\n",
	},
	"policy/rule-overridden": {
		severity: "warning",
		title: "A rule that later rules override",
		why: "The last matching rule wins, and every packet that it matches is decided otherwise by one below it.",
		remedy: "Move it below them, or make it quick.",
		example: "pass in proto tcp to port www\nblock in\n",
	},
	"policy/rule-redundant": {
		severity: "hint",
		title: "A rule that changes nothing",
		why: "Other rules decide every packet that it matches, and in the same way.",
		remedy: "Remove it.",
		example: "pass in proto tcp to port www\npass in\n",
	},
	"policy/rule-impossible": {
		severity: "warning",
		title: "A rule that no packet can match",
		why: "What it asks for contradicts itself, the calls of its anchor, or what rules before it make of packets; or pf does nothing on its interface.",
		remedy: "Correct or remove it.",
		example: "set skip on lo\nblock in on lo0\n",
	},
} as const satisfies DiagnosticCatalog;

type Dead = Exclude<Finding, { readonly kind: "live" | "undecided" }>;

/** What is needed beside the rules: where the statement stands that a rule came from. */
export interface RulePlaces {
	readonly ruleset: Ruleset;
	place(rule: Rule): Place | undefined;
}

/** How many of the rules responsible are told. */
const MOST_RELATED = 5;

/**
 * The statements of which every rule is dead, by file and in the order of the text. A statement that expands to some
 * rules that are dead and others that are not is left alone: lists are written for their sum.
 */
export function lintPolicy(
	{ ruleset, place }: RulePlaces,
	interfaces: readonly HostInterface[] | undefined,
): ReadonlyMap<string, readonly Diagnostic[]> {
	const statements = new Map<number, { readonly rule: Rule; readonly finding: Finding }[]>();
	for (const found of findDeadRules(ruleset, interfaces)) {
		const own = statements.get(found.rule.statement);
		if (own === undefined) statements.set(found.rule.statement, [found]);
		else own.push(found);
	}
	const byFile = new Map<string, Diagnostic[]>();
	for (const found of statements.values()) {
		const dead = found.map(({ finding }) => finding).filter(isDead);
		const [first] = found;
		if (first === undefined || dead.length < found.length) continue;
		const at = place(first.rule);
		if (at === undefined) continue;
		const list = byFile.get(at.file) ?? [];
		byFile.set(at.file, list);
		list.push(diagnosticOf(first.rule, dead, at, place));
	}
	for (const list of byFile.values()) list.sort((x, y) => x.span.start - y.span.start);
	return byFile;
}

function isDead(finding: Finding): finding is Dead {
	return finding.kind !== "live" && finding.kind !== "undecided";
}

function diagnosticOf(rule: Rule, dead: readonly Dead[], at: Place, place: RulePlaces["place"]): Diagnostic {
	const by = new Set(dead.flatMap((finding) => (finding.kind === "impossible" ? [] : finding.by)));
	const code = codeOf(rule, dead, by);
	const [message, advice] = textsOf(code);
	const related: Related[] = [];
	const told = new Set<number>();
	for (const other of by) {
		const there = place(other);
		if (there === undefined || told.has(other.statement) || related.length >= MOST_RELATED) continue;
		told.add(other.statement);
		related.push({ file: there.file, span: there.span, message: say("Decides instead") });
	}
	return { code, severity: policyDiagnostics[code].severity, span: at.span, message, advice, related, tags: ["unnecessary"] };
}

function codeOf(rule: Rule, dead: readonly Dead[], by: ReadonlySet<Rule>): keyof typeof policyDiagnostics {
	if (by.size === 0) return "policy/rule-impossible";
	if (rule.action !== "match" && [...by].every(({ action }) => action === rule.action)) return "policy/rule-redundant";
	return dead.some(({ kind }) => kind === "overridden") ? "policy/rule-overridden" : "policy/rule-shadowed";
}

function textsOf(code: keyof typeof policyDiagnostics): readonly [Message, Message] {
	switch (code) {
		case "policy/rule-impossible":
			return [say("No packet can match this rule"), say("Correct or remove it.")];
		case "policy/rule-redundant":
			return [say("This rule changes nothing: others decide the same of all its packets"), say("Remove it.")];
		case "policy/rule-overridden":
			return [
				say("This rule never decides: rules below it override it"),
				say("The last matching rule wins: move it below them, or make it quick."),
			];
		case "policy/rule-shadowed":
			return [say("This rule never decides: quick rules above it do"), say("Move it above them, or remove it.")];
	}
}
