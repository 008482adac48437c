/** Causes of syntax errors by the word that a statement begins with, and by words of older releases and of other systems. */
import { type Message, msg } from "../../text/message.ts";
import { nearest } from "../../text/nearest.ts";
import { pfWord, removedWord } from "../words/vocabulary.ts";
import { type Cause, RANK, STATEMENTS } from "./fault.ts";

/** What other firewalls call it. */
const SYNONYMS: Readonly<Record<string, string>> = {
	allow: "pass",
	accept: "pass",
	permit: "pass",
	deny: "block",
	drop: "block drop",
	reject: "block return",
	return: "block return",
};
const LIMITS = msg("It is of the pf of FreeBSD and macOS; here, `queue` and `set delay` hold packets back.");
/** Words of older pf that need nothing in their place, and of other systems' pf. */
const ELSEWHERE: Readonly<Record<string, Message>> = {
	"require-order": msg("Statements may stand in any order since OpenBSD 4.7: remove the line."),
	"scrub-anchor": msg("It is of the pf of FreeBSD and macOS; here, rules with `scrub` stand in plain anchors."),
	"dummynet-anchor": LIMITS,
	dummynet: LIMITS,
	dnpipe: LIMITS,
	dnqueue: LIMITS,
	ether: msg("It is of the pf of FreeBSD; here, bridges and veb(4) filter Ethernet frames."),
};

/** The templates of what is told of words of other dialects, and of lines that are no statements. */
export const ELSEWHERE_WORD = "syntax error: OpenBSD's pf has no `{0}`";
export const REMOVED_WORD = "syntax error: OpenBSD {1} removed `{0}`";
export const NO_STATEMENT = "syntax error: no statement begins with `{0}`";

export const statementCauses: readonly Cause[] = [
	(fault) => {
		const word = ELSEWHERE[fault.found] === undefined ? fault.first : fault.found;
		const advice = ELSEWHERE[word];
		if (advice === undefined || (word === fault.first && fault.line.trim() !== word && fault.line.trim() !== "")) return undefined;
		const at = word === fault.found ? 0 : fault.before.lastIndexOf(word) - fault.before.length;
		return {
			message: msg("syntax error: OpenBSD's pf has no `{0}`", word),
			advice,
			fixes: word === "scrub-anchor" ? fault.fix(msg("Write `{0}`", "anchor"), [at, at + word.length, "anchor"]) : [],
		};
	},
	(fault) => {
		const two = `${fault.first} ${fault.found}`;
		const known =
			removedWord(fault.found) ??
			removedWord(two) ??
			removedWord(/^\s*(\S+\s+\S+)/.exec(fault.before + fault.rest)?.[1] ?? "") ??
			removedWord(fault.first);
		if (known === undefined) return undefined;
		return { message: msg("syntax error: OpenBSD {1} removed `{0}`", known.name, known.until) };
	},
	(fault) => {
		const gate = /\b(route-to|reply-to|dup-to)\s*\(\s*(\S+)\s+$/.exec(fault.before);
		if (gate === null) return undefined;
		const [whole, word = ""] = gate;
		const close = /^([^\s()]+)\s*\)/.exec(fault.rest);
		const today = `${word} ${close?.[1]}`;
		const behind = fault.rest.slice(close?.[0].length ?? 0).replace(/\s*(?:#.*)?$/, "");
		const end = (close?.[0].length ?? 0) + behind.length;
		const next = /^\s*(\S+)/.exec(behind)?.[1] ?? "";
		// It stood before the addresses; today it stands behind them.
		const edits: readonly (readonly [from: number, to: number, text: string])[] =
			close !== null && RANK.has(next)
				? [
						[-whole.length, close[0].length + (/^\s*/.exec(behind)?.[0].length ?? 0), ""],
						[end, end, ` ${today}`],
					]
				: [[-whole.length, close?.[0].length ?? 0, today]];
		return {
			message: msg("syntax error: {0} takes the address alone since OpenBSD 6.9", word),
			advice: msg("The route to the address tells the interface."),
			fixes: close === null || /[{\\]/.test(behind) ? [] : fault.fix(msg("Write `{0}`", today), ...edits),
		};
	},
	(fault) => {
		if (!/^->?/.test(fault.found) || !fault.rest.startsWith("->")) return undefined;
		const to = /^\s*(?:pass|match|block)\s+out\b/.test(fault.before) ? "nat-to" : "rdr-to";
		return {
			message: msg("syntax error: `->` is of pf before OpenBSD 4.7"),
			advice: msg("Write `nat-to` or `rdr-to`."),
			fixes: fault.fix(msg("Write `{0}`", to), [0, 2, to]),
		};
	},
	(fault) => {
		if (fault.found.startsWith("-") && fault.line.trim() === "")
			return {
				message: msg("syntax error: no statement begins with `-`"),
				advice: msg("This is not a rule of pf: rules begin with `pass`, `block` or `match`."),
			};
		return undefined;
	},
	(fault) => {
		const lower = fault.found.toLowerCase();
		if (lower !== fault.found && fault.takes(lower))
			return {
				message: msg("syntax error: `{0}` in capital letters", fault.found),
				advice: msg("The words of pf.conf are in lower case."),
				fixes: fault.fix(msg("Write `{0}`", lower), [0, fault.found.length, lower]),
			};
		const { first } = fault;
		const small = first.toLowerCase();
		if (small === first || !STATEMENTS.has(small) || fault.line.trim() !== first) return undefined;
		const at = fault.before.lastIndexOf(first) - fault.before.length;
		return {
			message: msg("syntax error: `{0}` in capital letters", first),
			advice: msg("The words of pf.conf are in lower case."),
			fixes: fault.fix(msg("Write `{0}`", small), [at, at + first.length, small]),
		};
	},
	(fault) => {
		const wrong = fault.line.trim() === "" ? fault.found : fault.line.trim() === fault.first ? fault.first : "";
		const right = SYNONYMS[wrong];
		if (right === undefined) return undefined;
		const at = fault.line.trim() === "" ? 0 : fault.before.lastIndexOf(wrong) - fault.before.length;
		return {
			message: msg("syntax error: pf has no rule `{0}`", wrong),
			advice: msg("Write `{0}`.", right),
			fixes: fault.fix(msg("Write `{0}`", right), [at, at + wrong.length, right]),
		};
	},
	(fault) => {
		// `skip on lo`, `block-policy drop`
		const word = fault.line.trim() === "" ? fault.found : fault.line.trim() === fault.first ? fault.first : "";
		if (pfWord("set option", word) === undefined || STATEMENTS.has(word)) return undefined;
		const at = fault.line.trim() === "" ? 0 : fault.before.lastIndexOf(word) - fault.before.length;
		return {
			message: msg("syntax error: `set` is missing before `{0}`", word),
			advice: msg("Options begin with `set`."),
			fixes: fault.fix(msg("Add `{0}`", "set"), [at, at, "set "]),
		};
	},
	(fault) => {
		// `set block policy drop`
		const words = /^(\S+)[ \t]+(\S+)/.exec(fault.rest);
		const name = words === null ? "" : `${words[1]}-${words[2]}`;
		if (words === null || !fault.takes(name)) return undefined;
		return {
			message: msg("syntax error: `{0}` is one word", name),
			advice: msg("Write it with `-`."),
			fixes: fault.fix(msg("Write `{0}`", name), [0, words[0].length, name]),
		};
	},
	(fault) => {
		if (fault.found !== "=" || !/^\s*set\b/.test(fault.line)) return undefined;
		return {
			message: msg("syntax error: an option has no `=`"),
			advice: msg("Its value stands behind its name."),
			fixes: fault.fix(msg("Remove `{0}`", "="), [fault.line.endsWith(" ") ? -1 : 0, 1, ""]),
		};
	},
	(fault) => {
		const name = /^\s*([A-Za-z_][\w-]*)\s*$/.exec(fault.line)?.[1];
		if (name === undefined || STATEMENTS.has(name)) return undefined;
		if (/^["']/.test(fault.found))
			return {
				message: msg("syntax error: `=` is missing behind `{0}`", name),
				advice: msg("A macro is defined as in: {0}", 'wan = "em0"'),
				fixes: fault.fix(msg("Add `{0}`", "="), [0, 0, "= "]),
			};
		if (fault.rest.startsWith(":="))
			return {
				message: msg("syntax error: a macro is defined with `=`"),
				advice: msg("A macro is defined as in: {0}", 'wan = "em0"'),
				fixes: fault.fix(msg("Write `{0}`", "="), [0, 2, "="]),
			};
		const meant = nearest(name, STATEMENTS);
		return {
			message:
				meant === undefined
					? msg("syntax error: no statement begins with `{0}`", name)
					: msg("syntax error: no statement begins with `{0}`: did you mean `{1}`?", name, meant),
			advice: msg("Statements begin with {0}, or with the name of a macro and `=`.", "`pass`, `block`, `match`, `anchor`, `table`, `set`"),
		};
	},
];
