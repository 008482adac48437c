/** A ruleset with its anchors called, as one list of lines. */
import type { Rule, Ruleset } from "../pf/rules.ts";
import { anchorCalls } from "./anchors.ts";

/** Calls nested deeper than this are not followed; the kernel stops at 64. */
const MAX_DEPTH = 16;
/**
 * Anchors that call others many times over make no more lines than this. Each is compared with all of those around it: so many are what
 * a search through them can cope with in half a minute.
 */
const MAX_LINES = 50_000;

/** A ruleset with its anchors called, as one list. */
export interface Program {
	readonly lines: readonly ProgramLine[];
	/** False where anchors are nested too deep, call each other, or make too many lines. */
	readonly complete: boolean;
}

export interface ProgramLine {
	readonly kind: "rule" | "call";
	readonly rule: Rule;
	readonly path: string;
	/** Of a call: the line after the anchor's last rule; 0 of a rule. */
	readonly end: number;
	/** The call that leads here; -1 in the main ruleset. */
	readonly call: number;
	/** Where the evaluation ends if this rule is the last that matched: after its own anchor in a quick call. */
	readonly scope: number;
	/** A match of it ends the evaluation before anything after `scope` is asked. */
	readonly final: "quick" | "at scope" | "perhaps" | "no";
}

export function programOf(ruleset: Ruleset): Program {
	const lines: (Omit<ProgramLine, "end" | "scope"> & { end: number; scope: number })[] = [];
	const called = anchorCalls(ruleset);
	let complete = true;
	const add = (rules: readonly Rule[], path: string, call: number, quickCall: boolean, depth: number): void => {
		const own: number[] = [];
		const nested = quickCall && rules.some((rule) => rule.anchor !== undefined);
		for (const rule of rules) {
			const index = lines.length;
			if (index >= MAX_LINES) complete = false;
			if (!complete) return;
			if (rule.anchor === undefined) {
				const final = rule.quick ? "quick" : quickCall && rule.action !== "match" ? (nested ? "perhaps" : "at scope") : "no";
				lines.push({ kind: "rule", rule, path, end: 0, call, scope: 0, final });
				if (quickCall) own.push(index);
				continue;
			}
			for (const anchor of called(rule)) {
				if (depth >= MAX_DEPTH || lines.length >= MAX_LINES) complete = false;
				if (!complete) return;
				const at = lines.length;
				const line = { kind: "call" as const, rule, path, end: 0, call, scope: 0, final: "no" as const };
				lines.push(line);
				add(anchor.rules, anchor.path, at, rule.quick, depth + 1);
				line.end = lines.length;
			}
		}
		for (const index of own) {
			(lines[index] as { scope: number }).scope = lines.length;
		}
	};
	add(ruleset.main.rules, "", -1, false, 0);
	for (const line of lines) if (line.scope === 0) line.scope = lines.length;
	return { lines, complete };
}
