/** What pf makes of a packet in the end: the verdict, and all that the rules which matched do to it. */
import { BLANK_RULE, type Family, type Pool, type Rule, type Scrub, type SetActions } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";

export interface Treatment {
	readonly verdict: "pass" | "block";
	/** `skip`: pf does nothing on the interface; `default`: no rule matched; `translation`: it could not be made; `limit`: that of a limiter is reached. */
	readonly reason: "rule" | "default" | "skip" | "translation" | "limit";
	/** The last pass or block rule that matched. */
	readonly rule: Rule | undefined;
	/** As a rule that says all of it, without the packets that it is for. */
	readonly text: string;
	/** Packets with equal keys are treated alike. */
	readonly key: string;
}

/**
 * @param matched the match rules that matched, in their order
 * @param rule the last pass or block rule that did
 * @param tag what a packet that passes is tagged with: any rule that matched may have done so; empty where none did
 */
export function treatmentOf(
	matched: readonly Rule[],
	rule: Rule | undefined,
	ended: "translation" | "limit" | "skip" | undefined,
	family: Family,
	tag: string,
): Treatment {
	if (ended === "skip") return { verdict: "pass", reason: "skip", rule: undefined, text: "skip", key: "skip" };
	const isBlock = rule?.action === "block" || ended !== undefined;
	const all = rule === undefined ? matched : [...matched, rule];
	const log = all.findLast((one) => one.log !== undefined)?.log;
	if (isBlock) {
		const text = said({
			...BLANK_RULE,
			action: "block",
			family,
			log,
			...(ended === undefined && rule && { blockReturn: rule.blockReturn }),
		});
		return { verdict: "block", reason: ended ?? "rule", rule, text, key: text };
	}
	// Of each kind the last one counts; a pool that keeps a part of the address builds on what was before.
	const built: Rule[] = [];
	let made: Rule = { ...BLANK_RULE, family, log, tag };
	for (const one of all) {
		if ([one.nat, one.rdr].some(keepsAPart) || hasRange(one.rdr)) built.push(one);
		made = {
			...made,
			set: one.set === undefined ? made.set : later(made.set, one.set),
			scrub: one.scrub === undefined ? made.scrub : together(made.scrub, one.scrub),
			rtable: one.rtable >= 0 ? one.rtable : made.rtable,
			nat: one.nat ?? made.nat,
			rdr: one.rdr ?? made.rdr,
			afTo: one.afTo ?? made.afTo,
			route: one.route ?? made.route,
			divert: one.divert ?? made.divert,
		};
	}
	if (rule !== undefined) {
		const { state, stateOptions, allowOptions, limiters } = rule;
		made = { ...made, state, stateOptions, allowOptions, limiters };
	}
	const text = said(made);
	const more = built.map((one) => `${one.destination.port?.low} ${printRule({ ...BLANK_RULE, nat: one.nat, rdr: one.rdr })}`);
	return { verdict: "pass", reason: rule === undefined ? "default" : "rule", rule, text, key: [text, ...more].join() };
}

function said(rule: Rule): string {
	return printRule(rule).replace(` ${rule.family} all`, "").replace(" flags any", "");
}

function keepsAPart(pool: Pool | undefined): boolean {
	return pool?.kind === "bitmask";
}

/** Which port of a range is taken depends on the ports that the rule asks for. */
function hasRange(pool: Pool | undefined): boolean {
	return pool !== undefined && pool.ports[1] !== 0 && pool.ports[0] !== pool.ports[1];
}

function later(set: SetActions | undefined, one: SetActions): SetActions {
	return {
		prio: one.prio ?? set?.prio,
		queue: one.queue ?? set?.queue,
		tos: one.tos ?? set?.tos,
		delay: one.delay ?? set?.delay,
	};
}

function together(scrub: Scrub | undefined, one: Scrub): Scrub {
	return {
		noDf: one.noDf || scrub?.noDf === true,
		randomId: one.randomId || scrub?.randomId === true,
		minTtl: one.minTtl || (scrub?.minTtl ?? 0),
		reassembleTcp: one.reassembleTcp || scrub?.reassembleTcp === true,
		maxMss: one.maxMss || (scrub?.maxMss ?? 0),
	};
}
