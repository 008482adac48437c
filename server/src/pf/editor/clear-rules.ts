/** Causes of syntax errors within a rule: the order of its parts, lists without braces, signs and words that are left out. */
import { msg } from "../../text/message.ts";
import { pfWord } from "../words/vocabulary.ts";
import { type Cause, type Clear, type Fault, isWordOfRules, ORDER, openBraces, RANK } from "./fault.ts";

const MOST = 99;
/** A part of a rule before its addresses, with its value. */
const PART = /^\s*(?:in|out|log(?:\s*\([^()]*\))?|quick|inet6?|(?:on|proto)\s+(?:!\s*)?(?:\{[^{}\n]*\}|[^\s{}]+))(?=\s|$)/;

export const ruleCauses: readonly Cause[] = [
	(fault) => {
		// `from !{ ... }`
		if (fault.found !== "{" || !/!\s*$/.test(fault.before)) return undefined;
		return {
			message: msg("syntax error: `!` stands before single addresses, not before a list"),
			advice: msg("Put the addresses into a table, and negate the table: `! <table>`."),
		};
	},
	(fault) => {
		const negation = /\bnot\s+$/.exec(fault.line);
		if (negation === null) return undefined;
		return {
			message: msg("syntax error: pf writes `!` for not"),
			advice: msg("Write it before the address or the interface."),
			fixes: fault.fix(msg("Write `{0}`", "!"), [-negation[0].length, 0, "! "]),
		};
	},
	(fault) => {
		// `port 22, 80`, `proto tcp and udp`, `set skip on lo0 em1`
		const before =
			/(?:^|[\s{])(on|port|proto|user|group|icmp-type|icmp6-type|from|to)\s+((?:[^\s{},]+(?:\s*,\s*|\s+(?:and|or)\s+))*[^\s{},]+)(\s*)$/.exec(
				fault.line,
			);
		const behind = /^(?:(?:,\s*|(?:and|or)\s+)?[^\s{},"#]+)+(?=[\s,]|$)/.exec(fault.rest);
		const list = /^(?:\s*(?:,|\b(?:and|or)\b)\s*|\s*)([^\s{},"#]+)/.exec(fault.rest)?.[1] ?? "";
		if (before === null || behind === null) return undefined;
		const joins = /^(?:,|and\b|or\b)/.test(fault.rest);
		if (!joins && (isWordOfRules(fault.found) || fault.isLineEnd || before[1] === "from" || before[1] === "to")) return undefined;
		if (list === "" || openBraces(fault.before) > 0 || isWordOfRules(fault.found.toLowerCase())) return undefined;
		// A word that is nearly one of those that may stand here is no further value.
		if (!joins && fault.meant !== undefined) return undefined;
		const items: string[] = [before[2] ?? ""];
		let to = 0;
		for (let rest = fault.rest; ; rest = fault.rest.slice(to)) {
			const item = (joins ? /^\s*(?:,|\b(?:and|or)\b)\s*([^\s{},"#]+)/ : /^\s*([^\s{},"#]+)/).exec(rest);
			if (item === null || isWordOfRules(item[1] ?? "")) break;
			items.push(item[1] ?? "");
			to += item[0].length;
		}
		const from = -((before[2] ?? "").length + (before[3] ?? "").length);
		const text = `{ ${items.join(", ").replace(/\s+(?:and|or)\s+/g, ", ")} }`;
		return {
			message: msg("syntax error: several values behind `{0}` stand in braces", before[1] ?? ""),
			advice: msg("Write a list: `{0}`.", `${before[1]} ${text}`),
			fixes: fault.fix(msg("Write `{0}`", text), [from, to, text]),
		};
	},
	(fault) => {
		// `rdr-to $web`, and `web = ""`
		const macro = fault.isLineEnd ? /\$\w+[ \t]*$/.exec(fault.line)?.[0].trim() : undefined;
		if (macro === undefined) return undefined;
		return {
			message: msg("syntax error: the value of `{0}` is not enough here", macro),
			advice: msg("It may be empty, or more has to follow it."),
		};
	},
	(fault) => {
		// `overload bad`, `table bad persist`
		if (!fault.takes("<") || !/^[A-Za-z_][\w-]*$/.test(fault.found)) return undefined;
		if (!/\b(?:overload|table)\s+$/.test(fault.line)) return undefined;
		return {
			message: msg("syntax error: the name of a table stands in `<` and `>`"),
			advice: msg("Write `<{0}>`.", fault.found),
			fixes: fault.fix(msg("Write `{0}`", `<${fault.found}>`), [0, fault.found.length, `<${fault.found}>`]),
		};
	},
	(fault) => {
		// `keep state max-src-conn 5`
		if (pfWord("state option", fault.found) === undefined || !/\bstate\s+$/.test(fault.line)) return undefined;
		const options = fault.rest.replace(/\s*#.*$/, "").trimEnd();
		return {
			message: msg("syntax error: the options of a state stand in parentheses"),
			advice: msg("Write `{0}`.", `keep state (${options})`),
			fixes: fault.fix(msg("Write `{0}`", `(${options})`), [0, options.length, `(${options})`]),
		};
	},
	(fault) => {
		const slip = /\bflags\s+([A-Z]+)\\([A-Z]+)\s*$/.exec(fault.line);
		if (slip === null) return undefined;
		const at = fault.line.lastIndexOf("\\") - fault.line.length;
		return {
			message: msg("syntax error: the flags are parted by `/`"),
			advice: msg("Write `flags {0}`.", `${slip[1]}/${slip[2]}`),
			fixes: fault.fix(msg("Write `{0}`", "/"), [at, at + 1, "/"]),
		};
	},
	(fault) => {
		// `include /etc/more`
		const path = /^\/[^\s"#]*/.exec(fault.rest)?.[0];
		if (path === undefined || !/^\s*(?:include|load\s+anchor\s+\S+(?:\s+from)?|.*\bfile)\s+$/.test(fault.line)) return undefined;
		const from = /^\s*load\b/.test(fault.line) && !/\bfrom\s+$/.test(fault.line) ? "from " : "";
		return {
			message: msg("syntax error: a path stands in quotes"),
			advice: msg("Write `{0}`.", `${from}"${path}"`),
			fixes: fault.fix(msg("Write `{0}`", `${from}"${path}"`), [0, path.length, `${from}"${path}"`]),
		};
	},
	(fault) => {
		// `anchor "a" { pass }`
		if (!/\banchor\b.*\{\s*$/.test(fault.line) || fault.isLineEnd) return undefined;
		return {
			message: msg("syntax error: the rules of a block begin in the line below its `{`"),
			advice: msg("Each rule of an anchor's block has a line of its own, and so has the `}`."),
		};
	},
	(fault) => {
		// `pass in 10.0.0.1 to any`, `pass in any`
		if (!fault.takes("from") || isWordOfRules(fault.found) || fault.isLineEnd || !/^[$<(!\w]/.test(fault.found)) return undefined;
		if (fault.found === "any" && !/^any\s+(?:port|to)\b/.test(fault.rest))
			return {
				message: msg("syntax error: a rule for all packets says `all`"),
				advice: msg("Write `all`, or nothing, or `from ... to ...`."),
				fixes: fault.fix(msg("Write `{0}`", "all"), [0, 3, "all"]),
			};
		if (!/^(?:[$<(!]|\d|any$)/.test(fault.found)) return undefined;
		return {
			message: msg("syntax error: `from` is missing before `{0}`", /^\S+/.exec(fault.rest)?.[0] ?? fault.found),
			advice: msg("Addresses stand behind `from` and `to`."),
			fixes: fault.fix(msg("Add `{0}`", "from"), [0, 0, "from "]),
		};
	},
	(fault) => {
		if (fault.found !== "port" || !fault.takes("from")) return undefined;
		return {
			message: msg("syntax error: `port` stands behind `from` or `to`"),
			advice: msg("Write `to port`."),
			fixes: fault.fix(msg("Write `{0}`", "to port"), [0, 0, "to "]),
		};
	},
	(fault) => {
		if ((fault.found !== "from" && fault.found !== "to") || fault.last !== "all") return undefined;
		const all = /all\s+$/.exec(fault.before)?.[0] ?? "";
		return {
			message: msg("syntax error: `all` and `{0}` exclude each other", fault.found),
			advice: msg("`all` stands for `from any to any`."),
			fixes: fault.fix(msg("Remove `{0}`", "all"), [-all.length, 0, ""]),
		};
	},
	outOfOrder,
];

/** A part of a rule that stands behind one which it should stand before. */
function outOfOrder(fault: Fault): Clear | undefined {
	const rank = RANK.get(fault.found);
	if (rank === undefined || !/^\s*(?:pass|block|match|anchor)\b/.test(fault.before)) return undefined;
	let later: { readonly word: string; readonly at: number } | undefined;
	for (const { 0: word, index } of fault.before.matchAll(/"[^"]*"|[^\s{}(),"]+/g)) {
		if ((RANK.get(word) ?? -1) <= rank) continue;
		later = { word, at: index };
		break;
	}
	if (later === undefined) return undefined;
	// All that stands behind it and belongs before it goes with it.
	let length = 0;
	for (let rest = fault.rest; ; rest = fault.rest.slice(length)) {
		const [part = ""] = PART.exec(rest) ?? [];
		const word = part.trim().split(/[\s!{]/, 1)[0] ?? "";
		if (part === "" || (RANK.get(word) ?? MOST) >= (RANK.get(later.word) ?? 0)) break;
		length += part.length;
	}
	const gap = /[ \t]*$/.exec(fault.before)?.[0].length ?? 0;
	const to = later.at - fault.before.length;
	return {
		message: msg("syntax error: `{0}` belongs before `{1}`", fault.found, later.word),
		advice: msg("The parts of a rule have an order: {0}.", ORDER.map((word) => `\`${word}\``).join(", ")),
		fixes: length === 0 ? [] : fault.fix(msg("Move it there"), [to, to, `${fault.rest.slice(0, length)} `], [-gap, length, ""]),
	};
}
