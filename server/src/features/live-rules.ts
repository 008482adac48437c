/** The rules and limiters that the files of a host make, beside those that the host has loaded, with what it counts for each. */
import type { InlayHint } from "vscode-languageserver-types";
import type { PfFacts } from "../host/filter.ts";
import { loadedRulesOf } from "../host/loaded-rules.ts";
import type { SourceFile } from "../project/source-file.ts";
import { definitionsIn } from "../project/tokens.ts";
import type { CountedLimiter, CountedRule, RuleCounters } from "../protocol.ts";
import { msg } from "../text/message.ts";
import { overlaps, type Span } from "../text/span.ts";
import { localize, type Session } from "./session.ts";

interface Counted {
	readonly end: number;
	readonly rules: CountedRule[];
}

/** Behind each statement whose rules the host counts, in a word or two; all of it in the tooltip. */
export function counterHints(session: Session, file: SourceFile, within: Span): InlayHint[] {
	const counters = session.files.counters(file);
	const { pf } = session.files.hostModel(file);
	if (counters === undefined || pf === undefined) return [];
	const statements = new Map<number, Counted>();
	for (const [rule, counted] of loadedRulesOf(pf, counters.rules)) {
		const place = pf.place(rule);
		if (place.file !== file.path || !overlaps(place.span, within)) continue;
		const known = statements.get(place.span.start);
		if (known === undefined) statements.set(place.span.start, { end: place.span.end, rules: [counted] });
		else known.rules.push(counted);
	}
	const ofRules = [...statements.values()].map(({ end, rules }) => ({
		position: file.lines.position(end),
		paddingLeft: true,
		...counterText(session, rules, counters.taken),
	}));
	return [...ofRules, ...limiterHints(session, file, pf, counters)];
}

/** Behind each limiter that the file defines and the host counts: the host knows it by its number. */
function limiterHints(session: Session, file: SourceFile, { ruleset }: PfFacts, { limiters, taken }: RuleCounters): InlayHint[] {
	if (limiters.length === 0) return [];
	const defined = ruleset.definitions.flatMap((definition) => (definition.kind === "limiter" ? [definition.limiter] : []));
	return definitionsIn(file).flatMap(({ span: at, symbol }) => {
		const own = defined.find(({ kind, name }) => symbol?.kind === `${kind}-limiter` && symbol.name === name);
		const counted = own && limiters.find(({ kind, id }) => kind === own.kind && id === own.id);
		if (symbol?.use !== "define" || counted === undefined) return [];
		const { inUse, most } = counted;
		const label = counted.kind === "state" ? msg("{0} of {1} states", inUse, most) : msg("{0} of {1} sources", inUse, most);
		return [
			{
				position: file.lines.position(at.end),
				paddingLeft: true,
				label: localize(session, label),
				tooltip: limiterText(session, counted, taken),
			},
		];
	});
}

function limiterText(session: Session, counted: CountedLimiter, taken: string): string {
	const { kind, inUse, most, admitted, overLimit, overRate, overSources } = counted;
	return kind === "state"
		? localize(
				session,
				msg(
					"states {0} of {1}, admitted {2}, over the limit {3}, over the rate {4} (as of {5})",
					inUse,
					most,
					admitted,
					overLimit,
					overRate,
					taken,
				),
			)
		: localize(
				session,
				msg(
					"sources {0} of {1}, admitted {2}, sources too many {3}, over the limit {4}, over the rate {5} (as of {6})",
					inUse,
					most,
					admitted,
					overSources,
					overLimit,
					overRate,
					taken,
				),
			);
}

function counterText(session: Session, rules: readonly CountedRule[], taken: string): Pick<InlayHint, "label" | "tooltip"> {
	const sum = (of: (rule: CountedRule) => number): string => String(rules.reduce((total, rule) => total + of(rule), 0));
	const evaluations = sum((rule) => rule.evaluations);
	const packets = sum((rule) => rule.packets);
	const history = pastText(session, rules);
	if (packets === "0") {
		const days = rules.map(({ past }) => past?.daysWithout ?? 0).reduce((least, each) => Math.min(least, each));
		const never = localize(session, msg("never matched since the ruleset was loaded; evaluations {0} (as of {1})", evaluations, taken));
		return {
			label: localize(session, days > 1 ? msg("no packets in {0} days", days) : msg("no packets")),
			tooltip: [never, ...history].join("\n"),
		};
	}
	const [bytes, states] = [sum((rule) => rule.bytes), sum((rule) => rule.states)];
	const counted = msg("packets {0}, bytes {1}, states {2}, evaluations {3} (as of {4})", packets, bytes, states, evaluations, taken);
	return {
		label: packets === "1" ? localize(session, msg("1 packet")) : localize(session, msg("{0} packets", packets)),
		tooltip: [localize(session, counted), ...history].join("\n"),
	};
}

/** What earlier readings show of the rules of a statement, where they show one thing of all. */
function pastText(session: Session, rules: readonly CountedRule[]): readonly string[] {
	const [first] = rules;
	const { past } = first ?? {};
	if (past === undefined || !rules.every((rule) => rule.past?.since === past.since && rule.past.last === past.last)) return [];
	const { since, last } = past;
	return [
		localize(session, last === undefined ? msg("counting since {0}", since) : msg("counting since {0}; last counted {1}", since, last)),
	];
}
