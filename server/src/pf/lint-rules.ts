/** Checks of single rules, and of rules against each other. */
import { say } from "../text/message.ts";
import type { Span } from "../text/span.ts";
import { inNetwork } from "./address.ts";
import {
	eachStatement,
	focus,
	hint,
	information,
	isSweeping,
	type LintFile,
	type PfCheck,
	rulesetsOf,
	rulesOf,
	warning,
} from "./lint-check.ts";
import { printAddress } from "./print.ts";
import { IPPROTO } from "./protocols.ts";
import type { EndMatch, Pool, Rule } from "./rules.ts";

/** Answers to icmp and icmp6 queries, as pf files them (sys/net/pf.c, pf_icmp_mapping). */
const ANSWERS = { [IPPROTO.icmp]: [0, 9, 14, 16, 18, 34, 36], [IPPROTO.icmp6]: [129, 140, 200] } as const;

function isAnswer({ protocol, icmpType }: Rule): boolean {
	const types: readonly number[] = protocol === IPPROTO.icmp || protocol === IPPROTO.icmp6 ? ANSWERS[protocol] : [];
	return types.includes(icmpType);
}

/** Words of the file that stand side by side, the first of them at the index. */
function wordsAt(file: LintFile, marks: ReturnType<LintFile["marks"]>, index: number, ...wanted: readonly string[]): Span | undefined {
	const found = wanted.map((_, offset) => marks[index + offset]);
	const first = found[0];
	const last = found.at(-1);
	if (first === undefined || last === undefined) return undefined;
	const same = found.every((mark, offset) => mark !== undefined && file.text.slice(mark.span.start, mark.span.end) === wanted[offset]);
	return same ? { start: first.span.start, end: last.span.end } : undefined;
}

/** The words with the blank before them, so that nothing is left where they stood. */
function removal(file: LintFile, { start, end }: Span): Span {
	let from = start;
	while (from > 0 && (file.text[from - 1] === " " || file.text[from - 1] === "\t")) from--;
	return { start: from, end };
}

/** Pairs of rules of one statement that differ by a negation each: what a list of negated elements expands to. */
function negatedTwice(file: LintFile, what: (rule: Rule) => string | undefined): Rule[] {
	const first = new Map<number, string>();
	const found: Rule[] = [];
	for (const rule of rulesOf(file)) {
		const text = what(rule);
		if (text === undefined || found.some(({ statement }) => statement === rule.statement)) continue;
		const known = first.get(rule.statement);
		if (known === undefined) first.set(rule.statement, text);
		else if (known !== text) found.push(rule);
	}
	return found;
}

function negatedEnd({ address, negated }: EndMatch, { family }: Rule): string | undefined {
	return negated ? `${family} ${printAddress(address, family ?? "inet6")}` : undefined;
}

const LOOPBACK = { a: 127 << 24, b: 0, c: 0, d: 0 };

function isLoopback({ address }: Pool, { family, afTo }: Rule): boolean {
	if (address.kind !== "network") return false;
	const { a, b, c, d } = address.address;
	return (afTo ?? family) === "inet6" ? (a | b | c) === 0 && d === 1 : inNetwork(address.address, LOOPBACK, 8);
}

export const ruleChecks = {
	"pf/redundant-keep-state": hint(
		["`keep state` without options", "Pass rules keep state anyway.", "Leave it out.", "pass out proto tcp keep state\n"],
		(file, report) => {
			const marks = file.marks();
			for (const [index, mark] of marks.entries()) {
				if (mark.entry?.name !== "keep") continue;
				const words = wordsAt(file, marks, index, "keep", "state");
				if (words === undefined || /^\s*\(/.test(file.text.slice(words.end))) continue;
				report(words, say("Pass rules keep state anyway"), {
					tags: ["unnecessary"],
					fixes: [{ title: say("Remove `keep state`"), edits: [{ span: removal(file, words), text: "" }], preferred: true }],
				});
			}
		},
	),

	"pf/redundant-flags": hint(
		[
			"`flags S/SA` on a rule that keeps state",
			"It is the default of such rules.",
			"Leave it out.",
			"pass in proto tcp to port www flags S/SA\n",
		],
		(file, report) => {
			const stateless = new Set([...rulesOf(file)].filter(({ state }) => state === "none").map(({ statement }) => statement));
			const places = [...rulesOf(file)].filter(({ statement }) => !stateless.has(statement)).map((rule) => file.place(rule)?.span);
			const marks = file.marks();
			for (const [index, mark] of marks.entries()) {
				if (mark.entry?.name !== "flags") continue;
				const next = marks[index + 1]?.span;
				if (next === undefined || !/^S\s*\/\s*SA\b/.test(file.text.slice(next.start))) continue;
				if (!places.some((span) => span !== undefined && span.start <= mark.span.start && mark.span.end <= span.end)) continue;
				const words = { start: mark.span.start, end: next.start + (/^S\s*\/\s*SA/.exec(file.text.slice(next.start))?.[0].length ?? 0) };
				report(words, say("`flags S/SA` is the default of rules that keep state"), {
					tags: ["unnecessary"],
					fixes: [{ title: say("Remove `flags S/SA`"), edits: [{ span: removal(file, words), text: "" }], preferred: true }],
				});
			}
		},
	),

	"pf/deprecated-spelling": hint(
		[
			"A spelling that pfctl accepts for old files",
			"It may be refused by a later release.",
			"Use today's spelling.",
			"queue main on em0 bandwidth 9M\nqueue q parent main bandwidth 9M default\npass queue q\n",
		],
		(file, report) => {
			for (const { span, entry } of file.marks()) {
				if (entry?.deprecated === undefined || entry.removed !== undefined) continue;
				report(span, say("`{0}` is written `{1}` today", entry.name, entry.deprecated), {
					tags: ["deprecated"],
					fixes: [{ title: say("Write `{0}`", entry.deprecated), edits: [{ span, text: entry.deprecated }], preferred: true }],
				});
			}
		},
	),

	"pf/negated-list": warning(
		[
			"A list of negated addresses",
			"Each element becomes a rule of its own, and what one of them leaves out the next one matches: together they match every address.",
			"Put the addresses into a table and negate the table.",
			"block in from { ! 10.0.0.0/8 ! 172.16.0.0/12 }\n",
		],
		(file, report) => {
			for (const [words, end] of [
				[["from"], (rule: Rule) => negatedEnd(rule.source, rule)],
				[["to"], (rule: Rule) => negatedEnd(rule.destination, rule)],
			] as const) {
				for (const rule of negatedTwice(file, end)) {
					const span = focus(file, rule, words);
					if (span === undefined) continue;
					report(span, say("This list of negated addresses matches every address"), {
						advice: say("Each element becomes a rule of its own. Negate a table instead: `! <table>`."),
					});
				}
			}
		},
	),

	"pf/negated-interfaces": warning(
		[
			"A list of negated interfaces",
			"Each element becomes a rule of its own: together they match every interface.",
			"Give the interfaces a group and negate the group, or pass them first with quick.",
			"block on { ! em0 ! em1 }\n",
		],
		(file, report) => {
			for (const rule of negatedTwice(file, (one) => (one.interfaceNegated ? one.interface : undefined))) {
				const span = focus(file, rule, ["on"]);
				if (span === undefined) continue;
				report(span, say("This list of negated interfaces matches every interface"), {
					advice: say("Each element becomes a rule of its own. Use an interface group, or pass these first with `quick`."),
				});
			}
		},
	),

	"pf/state-of-reply": warning(
		[
			"A rule that keeps state for ICMP replies",
			"pf makes no state of a reply: such a rule never matches one, and replies of known queries pass by their state.",
			"Leave the reply out, or write `no state`.",
			"pass in inet proto icmp icmp-type echorep\n",
		],
		(file, report) =>
			eachStatement(
				file,
				(rule) => rule.state !== "none" && !rule.stateOptions.sloppy && isAnswer(rule),
				["icmp-type", "icmp6-type"],
				(span) =>
					report(span, say("A rule that keeps state never matches an ICMP reply"), {
						advice: say("Replies pass by the state of their query. Remove this, or add `no state`."),
					}),
				true,
			),
	),

	"pf/synproxy-out": warning(
		[
			"`synproxy state` on outgoing connections",
			"The proxy answers incoming SYN packets only; elsewhere the rule merely modulates.",
			"Add `in`, or use `modulate state`.",
			"pass out proto tcp synproxy state\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ state, direction }) => state === "synproxy" && direction !== "in",
				["synproxy"],
				(span) =>
					report(span, say("`synproxy state` acts on incoming packets only"), { advice: say("Add `in`, or use `modulate state`.") }),
				true,
			),
	),

	"pf/modulate-any-flags": warning(
		[
			"Modulated or proxied states from the middle of connections",
			"With `flags any` such a state can begin within a connection, whose sequence numbers it then breaks; the ends may flood each other with ACKs.",
			"Leave `flags any` out.",
			"pass out proto tcp flags any modulate state\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ state, flagSet, protocol }) =>
					(state === "modulate" || state === "synproxy") && flagSet === 0 && (protocol === 0 || protocol === IPPROTO.tcp),
				["flags"],
				(span) =>
					report(span, say("With `flags any`, modulated connections can break"), {
						advice: say("Leave `flags any` out: the default is `S/SA`."),
					}),
				true,
			),
	),

	"pf/translate-any-flags": warning(
		[
			"Translation from the middle of connections",
			"With `flags any` a state can begin within a connection that was not translated before; it stalls.",
			"Leave `flags any` out.",
			"pass out on egress inet proto tcp flags any nat-to (egress)\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ action, state, flagSet, protocol, nat, rdr }) =>
					action === "pass" && state === "keep" && flagSet === 0 && protocol === IPPROTO.tcp && (nat !== undefined || rdr !== undefined),
				["flags"],
				(span) =>
					report(span, say("A connection that is translated from its middle on stalls"), {
						advice: say("Leave `flags any` out: the default is `S/SA`."),
					}),
				true,
			),
	),

	"pf/received-on-in": warning(
		[
			"`received-on` in a rule for incoming packets",
			"A packet on its way in was received on the interface that it comes in on: `on` says the same.",
			"Write `on`, or make it a rule for `out`.",
			"pass in on em0 received-on em1\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ direction, receivedOn }) => direction === "in" && receivedOn !== "",
				["received-on"],
				(span) =>
					report(span, say("A packet on its way in was received on its own interface"), { advice: say("Use `on`, or a rule for `out`.") }),
				true,
			),
	),

	"pf/empty-range": warning(
		["A range of ports without a port", "`><` leaves out both ends.", "Use `:`, which includes them.", "pass proto tcp to port 80 >< 81\n"],
		(file, report) =>
			eachStatement(
				file,
				({ source, destination }) => [source.port, destination.port].some((port) => port?.op === "><" && port.high - port.low < 2),
				["port"],
				(span) => report(span, say("No port is between these two"), { advice: say("`><` leaves out both ends; `:` includes them.") }),
			),
	),

	"pf/nat-without-family": warning(
		[
			"`nat-to` an interface, for both families",
			"A packet of a family that the interface has no address of cannot be translated, and is dropped.",
			"Add `inet`.",
			"match out on egress nat-to (egress)\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ family, nat, afTo }) => family === undefined && afTo === undefined && nat?.address.kind === "dynamic",
				["nat-to", "binat-to"],
				(span) =>
					report(span, say("IPv6 packets are dropped here where the interface has no IPv6 address"), {
						advice: say("Add `inet` to the rule."),
					}),
			),
	),

	"pf/rdr-to-loopback": information(
		[
			"A redirection to the loopback address",
			"Daemons that listen there only can then be reached from outside.",
			"Redirect to another address of the host, or use `divert-to`, unless that is wanted.",
			"pass in on egress inet proto tcp to port smtp rdr-to 127.0.0.1 port spamd\n",
		],
		(file, report) =>
			eachStatement(
				file,
				(rule) => rule.rdr !== undefined && rule.direction !== "out" && isLoopback(rule.rdr, rule),
				["rdr-to"],
				(span) => report(span, say("Daemons that listen on the loopback address only can be reached through this")),
				true,
			),
	),

	"pf/no-df-without-random-id": information(
		[
			"`no-df` without `random-id`",
			"Some systems send packets that must not be fragmented with the identification 0; once they may be, their fragments cannot be told apart.",
			"Add `random-id`.",
			"match in all scrub (no-df)\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ scrub }) => scrub?.noDf === true && !scrub.randomId,
				["no-df"],
				(span) =>
					report(span, say("`no-df` can mix up fragments without `random-id`"), {
						fixes: [
							{ title: say("Add `random-id`"), edits: [{ span: { start: span.end, end: span.end }, text: " random-id" }], preferred: true },
						],
					}),
			),
	),

	"pf/log-all-stateless": hint(
		["`log (all)` without state", "Without state every packet is logged anyway.", "Write `log`.", "block log (all)\n"],
		(file, report) =>
			eachStatement(
				file,
				({ log, action, state }) => log?.all === true && (action === "block" || (action === "pass" && state === "none")),
				["log"],
				(span) => report(span, say("Every packet is logged anyway where no state is kept"), { tags: ["unnecessary"] }),
			),
	),

	"pf/user-without-self": information(
		[
			"`user` or `group` for any address",
			"For forwarded packets pf may take the owner of a local socket that listens on the same port.",
			"Combine it with `self`: `to self` on the way in, `from self` on the way out.",
			"pass in proto tcp to port www user www\n",
		],
		(file, report) =>
			eachStatement(
				file,
				({ user, group, source, destination }) =>
					(user !== undefined || group !== undefined) &&
					source.address.kind === "network" &&
					source.address.bits === 0 &&
					destination.address.kind === "network" &&
					destination.address.bits === 0,
				["user", "group"],
				(span) =>
					report(span, say("This can match forwarded packets by their port alone"), {
						advice: say("Combine it with `self` as source or destination."),
					}),
			),
	),

	"pf/no-default-block": information(
		[
			"No rule that blocks by default",
			"Packets that no rule matches pass.",
			"Begin with `block return log` or `block drop`.",
			"pass in on egress proto tcp to port ssh\n",
		],
		(file, report) => {
			const { main } = file.ruleset;
			const [first] = main.rules;
			// An anchor's file leaves the default to the ruleset that calls it.
			if (!file.path.endsWith("/pf.conf")) return;
			if (first === undefined || main.rules.some((rule) => rule.action === "block" && isSweeping(rule) && rule.direction !== "out")) return;
			if (main.rules.some((rule) => rule.action === "block" && rule.direction === "in" && rule.protocol === 0)) return;
			if (!main.rules.some((rule) => rule.action === "pass" && rule.anchor === undefined)) return;
			const span = focus(file, first, []);
			if (span !== undefined) report(span, say("Packets that no rule matches pass"), { advice: say("Begin the rules with `block`.") });
		},
	),

	"pf/loopback-blocked": warning(
		[
			"Loopback traffic is blocked",
			"Services of the host reach each other over lo0; a block of all stops that too.",
			"Add `set skip on lo`.",
			"block all\npass out on egress\n",
		],
		(file, report) => {
			const { main, options } = file.ruleset;
			if (options.skip.some((name) => name === "lo" || name === "lo0")) return;
			const block = main.rules.find((rule) => rule.action === "block" && isSweeping(rule));
			const covers = (rule: Rule) =>
				rule.action === "pass" && (rule.interface === "lo" || rule.interface === "lo0" || (rule.interface === "" && isSweeping(rule)));
			if (block === undefined || main.rules.some(covers) || main.rules.some((rule) => rule.anchor !== undefined)) return;
			const span = focus(file, block, ["block"]);
			if (span !== undefined) {
				report(span, say("This blocks the host's own traffic over lo0"), {
					advice: say("Add `set skip on lo`."),
					fixes: [
						{
							title: say("Add `set skip on lo`"),
							edits: [{ span: { start: span.start, end: span.start }, text: "set skip on lo\n" }],
							preferred: true,
						},
					],
				});
			}
		},
	),

	"pf/neighbour-discovery-blocked": warning(
		[
			"IPv6 without neighbour discovery",
			"IPv6 finds the link-layer addresses of its neighbours by ICMP6; where that is blocked, nothing else of IPv6 works.",
			"Pass `inet6 proto icmp6`, at least `neighbrsol` and `neighbradv`.",
			"block all\npass out inet6 proto tcp\n",
		],
		(file, report) => {
			const { rules } = file.ruleset.main;
			const block = rules.find((rule) => rule.action === "block" && isSweeping(rule) && rule.family !== "inet");
			const six = rules.find(
				(rule) => rule.action === "pass" && rule.family === "inet6" && rule.protocol !== 0 && rule.protocol !== IPPROTO.icmp6,
			);
			const discovery = rulesetsOf(file.ruleset).some((list) =>
				list.rules.some(
					(rule) =>
						rule.action === "pass" &&
						rule.anchor === undefined &&
						rule.family !== "inet" &&
						(rule.protocol === 0 || rule.protocol === IPPROTO.icmp6),
				),
			);
			if (block === undefined || six === undefined || discovery) return;
			const span = focus(file, six, ["inet6"]);
			if (span !== undefined) {
				report(span, say("IPv6 does not work while neighbour discovery is blocked"), {
					advice: say("Add `pass inet6 proto icmp6 icmp6-type { neighbrsol neighbradv }`."),
				});
			}
		},
	),
} as const satisfies Readonly<Record<string, PfCheck>>;
