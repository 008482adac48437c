/** Causes of syntax errors by their signs: quotes, braces, commas, backslashes, comments. */
import { msg } from "../../text/message.ts";
import { removedWord } from "../words/vocabulary.ts";
import { type Cause, type Fault, isWordOfRules, openBraces, STATEMENTS } from "./fault.ts";

/** Signs that look like another, and what is meant. */
const LOOKALIKES: Readonly<Record<string, string>> = {
	"\u201c": '"',
	"\u201d": '"',
	"\u201e": '"',
	"\u00ab": '"',
	"\u00bb": '"',
	"\u2018": '"',
	"\u2019": '"',
	"\u00a0": " ",
	"\u3000": " ",
	"\u200b": "",
	"\ufeff": "",
	"\uff0c": ",",
	"\uff1b": "",
	"\uff5b": "{",
	"\uff5d": "}",
};
const LOOKALIKE = new RegExp(`[${Object.keys(LOOKALIKES).join("")}]`, "g");

/** The `{` of a block below the line of its anchor, and the `}` that is left of such a block. */
export const OPENED_BELOW = msg("syntax error: `{` stands in a line of its own");
export const CLOSES_NOTHING = msg("syntax error: this `}` closes nothing");
export const TEMPLATE_MARK = msg("syntax error: a mark of a template");

/** Where a template has something put in, be it a list's second brace or the sign behind the first. */
const isTemplateMark = ({ line, rest }: Fault): boolean => /^(?:\{[{%]|<%)/.test(rest) || (/\{$/.test(line) && /^[{%]/.test(rest));

export const signCauses: readonly Cause[] = [
	(fault) =>
		isTemplateMark(fault)
			? { message: TEMPLATE_MARK, advice: msg("pfctl reads what is made of the template: check that file.") }
			: undefined,
	(fault) => {
		const whole = fault.line + fault.rest;
		const [sign] = whole.match(LOOKALIKE) ?? [];
		if (sign === undefined) return undefined;
		const edits = [...whole.matchAll(LOOKALIKE)].map(
			({ index, 0: one }) => [index - fault.line.length, index + 1 - fault.line.length, LOOKALIKES[one] ?? ""] as const,
		);
		const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
		const meant = LOOKALIKES[sign] ?? "";
		return {
			message: meant === '"' ? msg("syntax error: typographic quotes") : msg("syntax error: the character {0} looks like another", code),
			advice:
				meant === '"'
					? msg("pfctl knows the plain quotes of programs alone.")
					: msg("pfctl takes it for a part of a word: write a plain character."),
			fixes: fault.fix(msg("Write plain characters"), ...edits),
		};
	},
	(fault) => {
		const { text, start } = fault.around;
		const joint = /\\[ \t]+\n[ \t]*$/.exec(text.slice(0, start));
		if (joint === null) return undefined;
		const from = joint.index + 1 - start;
		const to = joint.index + joint[0].indexOf("\n") - start;
		return {
			message: msg("syntax error: a blank behind the `\\` above"),
			advice: msg("Only a `\\` at the very end of a line joins it to the next one."),
			fixes: fault.fix(msg("Remove the blank"), [from, to, ""]),
		};
	},
	(fault) => {
		const at = fault.found.startsWith(";")
			? 0
			: fault.line.endsWith(";")
				? -1
				: /;[ \t]*$/.test(fault.line)
					? fault.line.trimEnd().length - 1 - fault.line.length
					: undefined;
		if (at === undefined) return undefined;
		const comment = fault.line.slice(0, fault.line.length + at).trim() === "";
		const isEnd = fault.rest.slice(at + 1).trim() === "";
		return {
			message: msg("syntax error: pf.conf has no `;`"),
			advice: msg("A statement ends with its line, and a comment begins with `#`."),
			fixes: fault.fix(comment ? msg("Write `{0}`", "#") : msg("Remove the `;`"), [at, at + 1, comment ? "#" : isEnd ? "" : "\n"]),
		};
	},
	(fault) => {
		if (!/^\/\/|^\/\*/.test(fault.rest)) return undefined;
		return {
			message: msg("syntax error: a comment begins with `#`"),
			advice: msg("It ends with its line."),
			fixes: fault.rest.startsWith("//") ? fault.fix(msg("Write `{0}`", "#"), [0, 2, "#"]) : [],
		};
	},
	(fault) => {
		if (fault.found !== "{" || fault.line.trim() !== "" || !/^\s*anchor\b[^{]*\n/.test(lineBefore(fault))) return undefined;
		const gap = fault.around.text.slice(0, fault.around.start).length - fault.around.text.slice(0, fault.around.start).trimEnd().length;
		return {
			message: OPENED_BELOW,
			advice: msg("Write it at the end of the line of its anchor."),
			fixes: fault.fix(msg("Join the lines"), [-gap, 0, " "]),
		};
	},
	(fault) => {
		// `pass in`, and in the next line `on em0`
		const above = lineBefore(fault);
		if (fault.line.trim() !== "" || STATEMENTS.has(fault.found) || !isWordOfRules(fault.found)) return undefined;
		// Rules of older releases begin with `scrub`, or with `no nat`.
		if (fault.found === "no" || removedWord(fault.found) !== undefined) return undefined;
		if (!/^\s*(?:pass|block|match)\b[^#\\]*\n$/.test(above) || openBraces(above) !== 0) return undefined;
		const gap = fault.around.start - fault.around.text.slice(0, fault.around.start).trimEnd().length;
		return {
			message: msg("syntax error: a rule goes on in the next line only behind `\\`"),
			advice: msg("Put a `\\` at the end of the line above."),
			fixes: fault.fix(msg("Join the lines"), [-gap, -gap, " \\"]),
		};
	},
	(fault) => {
		// `web = { 22 80 }`
		if (fault.found !== "{" || !/^\s*[A-Za-z_]\w*\s*=\s*$/.test(fault.line)) return undefined;
		const close = fault.rest.indexOf("}");
		return {
			message: msg("syntax error: the list of a macro stands in quotes"),
			advice: msg("Write it as in: {0}", 'web = "{ 80 443 }"'),
			fixes: close < 0 ? [] : fault.fix(msg("Write it in quotes"), [0, 0, '"'], [close + 1, close + 1, '"']),
		};
	},
	(fault) => {
		const open = openBraces(fault.before);
		const isNext = fault.line.trim() === "" && (STATEMENTS.has(fault.found) || fault.found === "set" || fault.found === "");
		if (open <= 0 || !(isNext || fault.found === "" || (fault.isLineEnd && !fault.takes("\n") && /\{[^{}]*$/.test(fault.line)))) {
			if (open <= 0 || !/^[a-z0-9-]+$/.test(fault.found) || fault.takes(fault.found) || !fault.takes("}") || !isWordOfRules(fault.found))
				return undefined;
			return {
				message: msg("syntax error: `}` is missing before `{0}`", fault.found),
				advice: msg("The list in braces is not closed."),
				fixes: fault.fix(msg("Add `{0}`", "}"), [0, 0, "} "]),
			};
		}
		const trimmed = fault.before.replace(/(?:\s|#[^\n]*(?=\n|$))+$/, "");
		const at = trimmed.length - fault.before.length;
		const isBlock = /\banchor\b[^\n]*\{[^{}\n]*\n/.test(fault.before);
		return {
			message:
				fault.found === "" || fault.isLineEnd
					? msg("syntax error: `}` is missing")
					: msg("syntax error: `}` is missing before `{0}`", fault.found),
			advice: isBlock ? msg("The block of an anchor ends with `}` in a line of its own.") : msg("The list in braces is not closed."),
			fixes: fault.fix(msg("Add `{0}`", "}"), isBlock ? [at, at, "\n}"] : [at, at, " }"]),
		};
	},
	(fault) => {
		if (fault.found !== "}" || openBraces(fault.before) > 0) {
			if (fault.found !== "}" || !/,\s*$/.test(fault.before)) return undefined;
			const comma = fault.before.trimEnd().length - 1 - fault.before.length;
			return {
				message: msg("syntax error: a comma before `}`"),
				advice: msg("Commas stand between the items of a list."),
				fixes: fault.fix(msg("Remove the comma"), [comma, comma + 1, ""]),
			};
		}
		return {
			message: CLOSES_NOTHING,
			advice: msg("No `{` is open here."),
			fixes: fault.fix(msg("Remove `{0}`", "}"), [0, 1, ""]),
		};
	},
];

function lineBefore({ around: { text, start } }: Fault): string {
	return `${text.slice(0, start).trimEnd().split("\n").at(-1) ?? ""}\n`;
}
