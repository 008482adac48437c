/** Checks of single rules, and of rules against each other. */
import { type Message, msg } from "../../text/message.ts";
import { type Span, shifted } from "../../text/span.ts";
import { inNetwork } from "../names/address.ts";
import { isAnswer } from "../names/icmp.ts";
import { IPPROTO } from "../names/protocols.ts";
import { type EndpointMatch, isAny, isUnrestricted, matchesAllOfFamily, NO_STATE_OPTIONS, type Pool, type Rule } from "../rules.ts";
import { printAddress } from "../ruleset/print.ts";
import { type FactKind, isOneWay, isRedirected, isTranslated, translatesBoth } from "./facts.ts";
import { focus, hint, information, isWithin, type LintStatement, type PfCheck, warning } from "./lint-check.ts";
import { familyPlace, fix, insertion, lineAbove, placed, removal } from "./lint-fixes.ts";
import { inclusiveRange, negatedTable, receivedElsewhere, toSelf, withoutAll, withoutFlags, withoutReplies } from "./lint-rule-fixes.ts";

/** Words that stand side by side, the first of them at the index. */
function wordsAt({ tokens, text }: LintStatement, index: number, ...wanted: readonly string[]): Span | undefined {
	const found = wanted.map((_, offset) => tokens[index + offset]);
	const first = found[0];
	const last = found.at(-1);
	if (first === undefined || last === undefined) return undefined;
	const same = found.every((token, offset) => token !== undefined && text.slice(token.span.start, token.span.end) === wanted[offset]);
	return same ? { start: first.span.start, end: last.span.end } : undefined;
}

/**
 * Rules as written that expand to two which differ by a negation each, and in nothing of `rest`: what a list of negated elements
 * does. Those of `antispoof` have a source each, so together they do not match everything.
 */
function negatedTwice({ rules }: LintStatement, what: (rule: Rule) => string | undefined, rest: (rule: Rule) => string): Span[] {
	const first = new Map<Span, Map<string, string>>();
	const found = new Set<Span>();
	for (const rule of rules) {
		const text = what(rule);
		if (text === undefined) continue;
		const others = first.get(rule.words) ?? new Map<string, string>();
		first.set(rule.words, others);
		const key = rest(rule);
		const known = others.get(key);
		if (known === undefined) others.set(key, text);
		else if (known !== text) found.add(rule.words);
	}
	return [...found];
}

function endText({ address, negated }: EndpointMatch, { family }: Rule): string {
	return `${negated} ${printAddress(address, family ?? "inet6")}`;
}

function negatedEnd(end: EndpointMatch, rule: Rule): string | undefined {
	return end.negated ? `${rule.family} ${endText(end, rule)}` : undefined;
}

const LOOPBACK = { a: 127 << 24, b: 0, c: 0, d: 0 };

function isLoopback({ address }: Pool, { family, afTo }: Rule): boolean {
	if (address.kind !== "network") return false;
	const { a, b, c, d } = address.address;
	return (afTo ?? family) === "inet6" ? (a | b | c) === 0 && d === 1 : inNetwork(address.address, LOOPBACK, 8);
}

/** Ports of base's daemons that serve others from there: ftp-proxy(8), and spamd(8) with its port for those it is to wait for. */
const FOR_OTHERS: ReadonlySet<number> = new Set([8021, 8025, 8026]);

function isForOthers({ ports: [first, last] }: Pool): boolean {
	return FOR_OTHERS.has(first) && (last === 0 || last === first);
}

const PLAIN_STATE = JSON.stringify(NO_STATE_OPTIONS);

function hasStateOptions({ stateOptions }: Rule): boolean {
	return JSON.stringify(stateOptions) !== PLAIN_STATE;
}

function isEmptyRange(port: EndpointMatch["port"]): boolean {
	return port?.op === "><" && port.high - port.low < 2;
}

export const ruleChecks = {
	"pf/redundant-keep-state": hint.statement(
		["`keep state` without options", "Pass rules keep state anyway.", "Leave it out."],
		"keep",
		(statement, report) => {
			for (const [index, token] of statement.tokens.entries()) {
				if (token.entry?.name !== "keep") continue;
				const words = wordsAt(statement, index, "keep", "state");
				if (words === undefined || /^(?:\s|\\\n)*\(/.test(statement.text.slice(words.end))) continue;
				const own = statement.rules.filter((rule) => rule.words.start <= words.start && words.end <= rule.words.end);
				// pfctl refuses it on a block rule, in its own words.
				if (own.length === 0) continue;
				// A macro behind it may hold the options, and their parentheses.
				if (/^(?:\s|\\\n)*\$/.test(statement.text.slice(words.end)) && own.some(hasStateOptions)) continue;
				report(words, msg("Pass rules keep state anyway"), {
					tags: ["unnecessary"],
					fixes: [{ title: msg("Remove `keep state`"), edits: [removal(statement, words)], preferred: true }],
				});
			}
		},
	),

	"pf/redundant-flags": hint.statement(
		["`flags S/SA` on a rule that keeps state", "It is the default of such rules.", "Leave it out."],
		"flags",
		(statement, report) => {
			const { tokens, text, rules } = statement;
			for (const [index, token] of tokens.entries()) {
				if (token.entry?.name !== "flags") continue;
				const next = tokens[index + 1]?.span;
				const value = next && /^S\s*\/\s*SA\b/.exec(text.slice(next.start, next.start + 40))?.[0];
				if (next === undefined || value === undefined) continue;
				const own = rules.filter(({ words }) => words.start <= token.span.start && token.span.end <= words.end);
				if (own.length === 0 || own.some(({ state }) => state === "none")) continue;
				const words = { start: token.span.start, end: next.start + value.length };
				report(words, msg("`flags S/SA` is the default of rules that keep state"), {
					tags: ["unnecessary"],
					fixes: [{ title: msg("Remove `flags S/SA`"), edits: [removal(statement, words)], preferred: true }],
				});
			}
		},
	),

	"pf/deprecated-spelling": hint.statement(
		["A spelling that pfctl accepts for old files", "It may be refused by a later release.", "Use today's spelling."],
		"deprecated word",
		(statement, report) => {
			// A queue of altq is told of as what it is.
			if (/^\s*altq\b/.test(statement.text)) return;
			for (const [index, { span, entry }] of statement.tokens.entries()) {
				if (entry?.deprecated === undefined || entry.until !== undefined) continue;
				// A macro before it may hold the word that makes it today's spelling.
				if (statement.tokens[index - 1]?.symbol?.kind === "macro") continue;
				report(span, msg("`{0}` is written `{1}` today", entry.name, entry.deprecated), {
					tags: ["deprecated"],
					fixes: [{ title: msg("Write `{0}`", entry.deprecated), edits: [{ span, text: entry.deprecated }], preferred: true }],
				});
			}
		},
	),

	"pf/negated-list": warning.statement(
		[
			"A list of negated addresses",
			"Each element becomes a rule of its own, and what one of them leaves out the next one matches: together they match every address.",
			"Put the addresses into a table and negate the table.",
		],
		"negated address",
		(statement, report) => {
			for (const [words, end, other] of [
				[["from"], (rule: Rule) => rule.source, (rule: Rule) => rule.destination],
				[["to"], (rule: Rule) => rule.destination, (rule: Rule) => rule.source],
			] as const) {
				const negated = negatedTwice(
					statement,
					(rule) => negatedEnd(end(rule), rule),
					(rule) => endText(other(rule), rule),
				);
				for (const rule of negated) {
					report(focus(statement, rule, words), msg("This list of negated addresses matches every address"), {
						advice: msg("Each element becomes a rule of its own. Negate a table instead: `! <table>`."),
						fixes: negatedTable(statement, rule, words[0]),
					});
				}
			}
		},
	),

	"pf/negated-interfaces": warning.statement(
		[
			"A list of negated interfaces",
			"Each element becomes a rule of its own: together they match every interface.",
			"Give the interfaces a group and negate the group, or pass them first with quick.",
		],
		"negated interface",
		(statement, report) => {
			const negated = negatedTwice(
				statement,
				(rule) => (rule.interfaceNegated ? rule.interface : undefined),
				(rule) => `${endText(rule.source, rule)} ${endText(rule.destination, rule)}`,
			);
			for (const rule of negated) {
				report(focus(statement, rule, ["on"]), msg("This list of negated interfaces matches every interface"), {
					advice: msg("Each element becomes a rule of its own. Use an interface group, or pass these first with `quick`."),
				});
			}
		},
	),

	"pf/state-of-reply": warning.rule(
		[
			"A rule that keeps state for ICMP replies",
			"pf makes no state of a reply: such a rule never matches one, and replies of known queries pass by their state.",
			"Leave the reply out, or write `no state`.",
		],
		{
			about: "ICMP type",
			applies: (rule) => rule.state !== "none" && !rule.stateOptions.sloppy && isAnswer(rule),
			words: ["icmp-type", "icmp6-type"],
			withNext: true,
			tell: ({ span, rule, statement }, report) =>
				report(span, msg("A rule that keeps state never matches an ICMP reply"), {
					advice: msg("Replies pass by the state of their query. Remove this, or add `no state`."),
					fixes: withoutReplies(statement, rule),
				}),
		},
	),

	"pf/synproxy-out": warning.rule(
		[
			"`synproxy state` on outgoing connections",
			"The proxy answers incoming SYN packets only; elsewhere the rule merely modulates.",
			"Add `in`, or use `modulate state`.",
		],
		{
			about: "state of connections",
			applies: ({ state, direction }) => state === "synproxy" && direction !== "in",
			words: ["synproxy"],
			withNext: true,
			tell: ({ span, rule, statement }, report) => {
				if (isWithin(statement, rule, ({ direction }) => direction === "in")) return;
				report(span, msg("`synproxy state` acts on incoming packets only"), {
					advice: msg("Add `in`, or use `modulate state`."),
					fixes: statement.text.startsWith("synproxy", span.start)
						? fix(msg("Write `{0}`", "modulate state"), [
								{ span: { start: span.start, end: span.start + "synproxy".length }, text: "modulate" },
							])
						: [],
				});
			},
		},
	),

	"pf/modulate-any-flags": warning.rule(
		[
			"Modulated or proxied states from the middle of connections",
			"With `flags any` such a state can begin within a connection, whose sequence numbers it then breaks; the ends may flood each other with ACKs.",
			"Leave `flags any` out.",
		],
		{
			about: "state of connections",
			applies: ({ state, flagSet, protocol }) =>
				(state === "modulate" || state === "synproxy") && flagSet === 0 && (protocol === 0 || protocol === IPPROTO.tcp),
			words: ["flags"],
			withNext: true,
			tell: ({ span, statement }, report) =>
				report(span, msg("With `flags any`, modulated connections can break"), {
					advice: msg("Leave `flags any` out: the default is `S/SA`."),
					fixes: withoutFlags(statement, span),
				}),
		},
	),

	"pf/translate-any-flags": warning.rule(
		[
			"Translation from the middle of connections",
			"With `flags any` a state can begin within a connection that was not translated before; it stalls.",
			"Leave `flags any` out.",
		],
		{
			about: "translation",
			applies: ({ action, state, flagSet, protocol, nat, rdr }) =>
				action === "pass" && state === "keep" && flagSet === 0 && protocol === IPPROTO.tcp && (nat !== undefined || rdr !== undefined),
			words: ["flags"],
			withNext: true,
			tell: ({ span, statement }, report) =>
				report(span, msg("A connection that is translated from its middle on stalls"), {
					advice: msg("Leave `flags any` out: the default is `S/SA`."),
					fixes: withoutFlags(statement, span),
				}),
		},
	),

	"pf/received-on-in": warning.rule(
		[
			"`received-on` in a rule for incoming packets",
			"A packet on its way in was received on the interface that it comes in on: `on` says the same.",
			"Write `on`, or make it a rule for `out`.",
		],
		{
			about: "received-on",
			applies: ({ direction, receivedOn }) => direction === "in" && receivedOn !== "",
			words: ["received-on"],
			withNext: true,
			tell: ({ span, rule, statement }, report) =>
				report(span, msg("A packet on its way in was received on its own interface"), {
					advice: msg("Use `on`, or a rule for `out`."),
					fixes: receivedElsewhere(statement, rule, span),
				}),
		},
	),

	"pf/empty-range": warning.rule(["A range of ports without a port", "`><` leaves out both ends.", "Use `:`, which includes them."], {
		about: "ports between",
		applies: ({ source, destination }) => isEmptyRange(source.port) || isEmptyRange(destination.port),
		words: ["port"],
		tell: ({ span, rule, statement }, report) =>
			report(span, msg("No port is between these two"), {
				advice: msg("`><` leaves out both ends; `:` includes them."),
				fixes: inclusiveRange(statement, rule),
			}),
	}),

	"pf/nat-without-family": information.file(
		[
			"`nat-to` an interface, for both families",
			"A packet of a family that the interface has no address of cannot be translated, and is dropped. It depends on whether packets of both families come to the interface.",
			"Add `inet`.",
		],
		(file, report) => {
			// Where IPv6 is blocked and nothing passes it, none comes here.
			const none = file.count("sweeping block 6") > 0 && file.count("pass of IPv6") === 0 && file.count("main anchor") === 0;
			if (none && file.count("reads a file") === 0 && file.count("broken") === 0) return;
			for (const statement of file.having("translates both families")) {
				const told = new Set<Span>();
				for (const rule of statement.rules) {
					const { words, source, destination, tagged, taggedNegated } = rule;
					if (!translatesBoth(rule) || told.has(words) || isWithin(statement, rule, ({ family }) => family !== undefined)) continue;
					// A table, or a tag, holds what this file puts there; what else fills it is not known.
					const tables = [source, destination].flatMap(({ address, negated }) =>
						address.kind === "table" && !negated ? [address.name] : [],
					);
					if (tables.some((name) => file.count("table of IPv6", name) === 0)) continue;
					if (tagged !== "" && !taggedNegated && file.count("tags both families", tagged) === 0) continue;
					told.add(words);
					const at = familyPlace(statement, rule);
					const span = shifted(focus(statement, words, ["nat-to", "binat-to"]), statement.at);
					report(span, msg("IPv6 packets are dropped here where the interface has no IPv6 address"), {
						advice: msg("Add `inet` to the rule."),
						...(at !== undefined && { fixes: placed(fix(msg("Add `{0}`", "inet"), [insertion(at, " inet")]), statement.at) }),
					});
				}
			}
		},
	),

	"pf/rdr-to-loopback": information.rule(
		[
			"A redirection to the loopback address",
			"Daemons that listen there only can then be reached from outside.",
			"Redirect to another address of the host, or use `divert-to`, unless that is wanted.",
		],
		{
			about: "translation",
			applies: (rule) => rule.rdr !== undefined && rule.direction !== "out" && isLoopback(rule.rdr, rule) && !isForOthers(rule.rdr),
			words: ["rdr-to"],
			withNext: true,
			tell: ({ span }, report) => report(span, msg("Daemons that listen on the loopback address only can be reached through this")),
		},
	),

	"pf/no-df-without-random-id": information.rule(
		[
			"`no-df` without `random-id`",
			"Some systems send packets that must not be fragmented with the identification 0; once they may be, their fragments cannot be told apart.",
			"Add `random-id`.",
		],
		{
			about: "scrub",
			applies: ({ scrub }) => scrub?.noDf === true && !scrub.randomId,
			words: ["no-df"],
			tell: ({ span, statement }, report) =>
				report(span, msg("`no-df` can mix up fragments without `random-id`"), {
					// Where a macro holds the word, the whole rule is marked.
					fixes:
						statement.text.slice(span.start, span.end) === "no-df" ? fix(msg("Add `random-id`"), [insertion(span.end, " random-id")]) : [],
				}),
		},
	),

	"pf/log-all-stateless": hint.rule(["`log (all)` without state", "Without state every packet is logged anyway.", "Write `log`."], {
		about: "log",
		applies: ({ log, action, state }) => log?.all === true && (action === "block" || (action === "pass" && state === "none")),
		words: ["log"],
		tell: ({ span, rule, statement }, report) =>
			report(span, msg("Every packet is logged anyway where no state is kept"), {
				tags: ["unnecessary"],
				fixes: withoutAll(statement, rule),
			}),
	}),

	"pf/user-without-self": information.rule(
		[
			"`user` or `group` for any address",
			"For forwarded packets pf may take the owner of a local socket that listens on the same port.",
			"Combine it with `self`: `to self` on the way in, `from self` on the way out.",
		],
		{
			about: "owner",
			applies: // A packet on its way out belongs to a listening socket only by chance: by its source port.
				({ direction, user, group, source, destination }) =>
					direction !== "out" && (user !== undefined || group !== undefined) && isAny(source.address) && isAny(destination.address),
			words: ["user", "group"],
			tell: ({ span, rule, statement }, report) => {
				if (
					isWithin(
						statement,
						rule,
						({ direction, source, destination }) => direction === "out" || !isUnrestricted(source) || !isUnrestricted(destination),
					)
				)
					return;
				report(span, msg("This can match forwarded packets by their port alone"), {
					advice: msg("Combine it with `self` as source or destination."),
					fixes: toSelf(statement, rule),
				});
			},
		},
	),

	"pf/no-default-block": information.file(
		["No rule that blocks by default", "Packets that no rule matches pass.", "Begin with `block return log` or `block drop`."],
		(file, report) => {
			// An anchor's file leaves the default to the ruleset that calls it.
			if (!file.path.endsWith("/pf.conf") || file.count("default block") > 0 || file.count("main pass") === 0 || file.count("broken") > 0)
				return;
			for (const statement of file.having("main rule")) {
				const { at, rules, text, tokens } = statement;
				const words = rules[0]?.words ?? { start: tokens[0]?.span.start ?? 0, end: text.trimEnd().length };
				// No fix: what the rules leave out, SSH among it, would be shut out by one line.
				report(shifted(words, at), msg("Packets that no rule matches pass"), {
					advice: msg("Begin the rules with `block`, and pass all that is needed, your own way in by SSH first."),
				});
				return;
			}
		},
	),

	"pf/loopback-blocked": warning.file(
		[
			"Loopback traffic is blocked",
			"Services of the host reach each other over lo0; a block of all stops that too.",
			"Add `set skip on lo`.",
		],
		(file, report) => {
			if (file.count("sweeping block") === 0 || file.count("loopback pass") > 0 || file.count("main anchor") > 0) return;
			if (file.count("skip", "lo") > 0 || file.count("skip", "lo0") > 0 || file.count("broken") > 0) return;
			for (const statement of file.having("sweeping block")) {
				const block = statement.rules.find((rule) => rule.action === "block" && matchesAllOfFamily(rule));
				if (block === undefined) continue;
				const span = shifted(focus(statement, block.words, ["block"]), statement.at);
				report(span, msg("This blocks the host's own traffic over lo0"), {
					advice: msg("Add `set skip on lo`."),
					fixes: placed(fix(msg("Add `{0}`", "set skip on lo"), [lineAbove(statement, "set skip on lo")]), statement.at),
				});
				return;
			}
		},
	),

	"pf/one-way": warning.file(
		[
			"A pass without its opposite direction",
			"What a host forwards comes in by one interface and goes out by another, and each needs a rule that passes it; without state, so do the answers.",
			"Pass the other direction as well, or let the rule keep state.",
		],
		(file, report) => {
			// Rules of anchors and of other files may pass it.
			if (file.count("main anchor") > 0 || file.count("reads a file") > 0 || file.count("broken") > 0) return;
			const [outBlocked, inBlocked] = [file.count("sweeping block out") > 0, file.count("default block") > 0];
			const tell = (kind: FactKind, applies: (rule: Rule) => boolean, word: string, passed: "in" | "out", message: Message) => {
				for (const statement of file.having(kind)) {
					const rule = statement.rules.find(applies);
					if (rule === undefined) continue;
					const span = shifted(focus(statement, rule.words, [word]), statement.at);
					report(span, message, { advice: msg("Add a rule such as `pass {0}`.", passed) });
					return;
				}
			};
			if (outBlocked && file.count("pass out") === 0 && file.count("pass in") > 0) {
				tell("translated", isTranslated, "nat-to", "out", msg("No rule passes out what this translates"));
				tell("redirected", isRedirected, "rdr-to", "out", msg("No rule passes out what this sends on to another host"));
				tell("stateless in", isOneWay, "state", "out", msg("Without state, no rule passes the answers out"));
			}
			if (inBlocked && file.count("pass in") === 0 && file.count("pass out") > 0) {
				tell("redirected", isRedirected, "rdr-to", "in", msg("No rule passes in what this redirects"));
				tell("stateless out", isOneWay, "state", "in", msg("Without state, no rule passes the answers in"));
			}
		},
	),

	"pf/neighbour-discovery-blocked": warning.file(
		[
			"IPv6 without neighbour discovery",
			"IPv6 finds the link-layer addresses of its neighbours by ICMP6; where that is blocked, nothing else of IPv6 works.",
			"Pass `inet6 proto icmp6`, at least `neighbrsol` and `neighbradv`.",
		],
		(file, report) => {
			if (file.count("broken") > 0) return;
			const none = file.count("sweeping block 6") > 0 && file.count("discovery") === 0;
			// Who may ask others, and be asked by nobody, is found by those alone that it has spoken to a moment ago.
			const alone = file.count("main call") === 0 && file.count("reads a file") === 0;
			const unasked = alone && file.count("sweeping block 6 in") > 0 && file.count("discovery in") === 0;
			if (!none && !unasked) return;
			for (const statement of file.having(none ? "pass 6" : "pass 6 in")) {
				const [six] = statement.rules;
				if (six === undefined) continue;
				const span = shifted(focus(statement, six.words, ["inet6"]), statement.at);
				const discovery = "pass inet6 proto icmp6 icmp6-type { neighbrsol neighbradv }";
				const blocked = [...file.having("sweeping block 6")].at(-1)?.at ?? 0;
				report(span, msg("IPv6 does not work while neighbour discovery is blocked"), {
					advice: msg("Add `pass inet6 proto icmp6 icmp6-type { neighbrsol neighbradv }`."),
					...(blocked < statement.at && {
						fixes: placed(fix(msg("Add `{0}`", discovery), [lineAbove(statement, discovery)]), statement.at),
					}),
				});
				return;
			}
		},
	),
} as const satisfies Readonly<Record<string, PfCheck>>;
