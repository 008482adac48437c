/** The search for a host's dead rules, done in portions so that no keystroke waits for it. */
import type { PfFacts } from "../host/filter.ts";
import { isNoRuleset } from "../pf/editor/consequences.ts";
import type { Rule, Ruleset } from "../pf/rules.ts";
import { callsOpenAnchors } from "../policy/anchors.ts";
import { type RuleFinding, type Searched, searchDeadRules } from "../policy/dead.ts";
import type { Finding } from "../policy/decide.ts";
import { lintPolicy } from "../policy/lint.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { ParsedFile } from "../text/language.ts";
import { overlaps } from "../text/span.ts";
import { PortionedSearch } from "./portioned-search.ts";
import { RecentSearches } from "./recent-searches.ts";

const NOT_DEAD: Finding = { kind: "undecided" };

/** Constant tables without addresses, of which `pf/empty-table` tells: nothing matches them. */
function emptyTables({ main, anchors }: Ruleset): ReadonlySet<string> {
	const tables = [main, ...anchors.values()].flatMap((anchor) => anchor.tables);
	return new Set(
		tables.flatMap(({ name, constant, incomplete, entries }) => (constant && !incomplete && entries.length === 0 ? [name] : [])),
	);
}

function asksFor({ source, destination }: Rule, tables: ReadonlySet<string>): boolean {
	return [source, destination].some(({ address, negated }) => !negated && address.kind === "table" && tables.has(address.name));
}

/** What the checks of single rules say of rules that match nothing. */
const NEVER_MATCHING: ReadonlySet<string> = new Set(["pf/state-of-reply", "pf/empty-range", "pf/received-on-in"]);

export class DeadRules {
	readonly #search: PortionedSearch<Searched>;
	#facts: PfFacts | undefined;
	#findings: readonly RuleFinding[] = [];
	/** What the last search that came to its end has found. */
	#earlier: Searched | undefined;

	/** @param recent of all hosts */
	constructor(recent = new RecentSearches()) {
		this.#search = new PortionedSearch((searched) => {
			this.#findings = searched.findings;
			this.#earlier = searched;
			recent.add(this);
		});
	}

	/** Forgets all but what is told. */
	clear(): void {
		this.#earlier = undefined;
		// Nobody is told which packet a rule decides that is not dead.
		this.#findings = this.#findings.map((found) => (found.finding.kind === "live" ? { ...found, finding: NOT_DEAD } : found));
	}

	/** Takes the rules as they are now; true where the search goes on, by `advance`. */
	take(facts: PfFacts | undefined): boolean {
		if (facts !== this.#facts) {
			this.#facts = facts;
			this.#findings = [];
			// What decides in the place of a rule may be among those that are left out.
			const known = facts !== undefined && facts.ruleset.cutOff !== true;
			this.#search.start(known ? searchDeadRules(facts.ruleset, undefined, this.#earlier) : undefined);
		}
		return this.#search.goesOn;
	}

	/** Does a portion of the search; true where there is more to do. */
	advance(): boolean {
		return this.#search.advance();
	}

	/**
	 * What is found, by file; nothing while the search goes on.
	 * @param reported what the checks of the host have said: what they explain is not said twice
	 * @param file the files that the rules stand in
	 */
	diagnostics(
		reported: ReadonlyMap<string, readonly Diagnostic[]>,
		file: (path: string) => Pick<ParsedFile, "text" | "diagnostics"> | undefined,
	): ReadonlyMap<string, readonly Diagnostic[]> {
		const facts = this.#facts;
		if (facts === undefined) return new Map();
		// A rule that is missing can only make others dead, but for what it would make of packets that then match nothing.
		const missing = facts.incomplete === true || callsOpenAnchors(facts.ruleset);
		const empty = emptyTables(facts.ruleset);
		const findings = this.#findings.filter(({ rule, finding }) => finding.kind !== "impossible" || !(missing || asksFor(rule, empty)));
		const blocks = new Set<string>();
		for (const [path, list] of reported)
			for (const { code, related = [] } of list)
				if (code === "host/anchor-before-block") for (const block of related) blocks.add(`${block.span.start} ${block.file ?? path}`);
		const found = lintPolicy(findings, {
			text: (path) => file(path)?.text,
			place: (rule) => {
				const place = facts.place(rule);
				return place.span.end === 0 ? undefined : place;
			},
			explained: (by) =>
				by.every((rule) => {
					const at = facts.place(rule);
					return blocks.has(`${at.span.start} ${at.file}`);
				}),
			skip: facts.ruleset.options.skip,
			neverMatches: ({ file: path, span }) =>
				file(path)
					?.diagnostics()
					.some((one) => NEVER_MATCHING.has(one.code) && overlaps(one.span, span)) === true,
		});
		// A text with some rules in it, a page about pf say, is no ruleset that could be loaded.
		return new Map([...found].filter(([path]) => file(path)?.diagnostics().some(isNoRuleset) !== true));
	}
}
