/** What pfctl would say of a node of a file, as diagnostics of its words. */
import type { Diagnostic } from "../../text/diagnostic.ts";
import { type Message, msg } from "../../text/message.ts";
import { span } from "../../text/span.ts";
import { isForHostToSay, type Output, type PfctlComplaint } from "../grammar/output.ts";
import { PF_ADVICE } from "../words/check.ts";
import { MESSAGES, type PfMessage, worded } from "../words/messages.ts";
import { type PfGroup, pfWords, removedWord } from "../words/vocabulary.ts";
import { fixesOfError } from "./error-fixes.ts";

/** A diagnostic whose places are behind the node's start. */
export interface StatementDiagnostic extends Diagnostic {
	/** The macro in whose value the mistake is: its definition is another node's. */
	readonly macro?: string;
}

/** What is reported already, or better, by another message. */
const CONSEQUENCES: ReadonlySet<PfMessage> = new Set([
	"pfctl: pushfile: {0}: No such file or directory",
	"skipping rule due to errors",
	"could not parse host specification",
	"pfctl: invalid state timeouts optimization",
	'pfctl: unknown debug level "{0}"',
	"pfctl: Bad timeout name.",
	"pfctl: Bad pool name.",
	"warning: synproxy used for inbound rules only, ignored for outbound",
]);

/** What pfctl goes on to say where it has said already what is wrong with the words. */
const FOLLOWING: ReadonlySet<PfMessage> = new Set([
	"syntax error",
	"no IP address found for {0}",
	"error setting skip interface(s)",
	"error setting syncookies",
	'file "{0}" contains bad data',
	"could not parse divert address: {0}",
	"interface ({0}) is not supported by pool type",
	"pfctl: failed to add host: Invalid argument",
	"source and redir addresess must have a matching network mask in binat-rule",
	"dynamic interfaces must be used with :0 in a binat-to rule",
	"pfctl: pfctl_find_childqs: excessive matches, loop?",
]);

/** What pfctl says before it says better of the same rule. */
const BEFORE_BETTER: Readonly<Partial<Record<PfMessage, readonly PfMessage[]>>> = {
	"source and redir addresess must have a matching network mask in binat-rule": [
		"tables cannot be used as the redirect address of a binat-to rule",
	],
	"binat-to requires a specified source and redirect address": ["tables cannot be used as the redirect address of a binat-to rule"],
	"icmp-type mismatch": ["icmp-type/code only applies to icmp"],
	"route-to, reply-to and dup-to require keep state": [
		"route-to, reply-to and dup-to are not supported on match rules",
		"route-to, reply-to and dup-to are not supported on block rules",
	],
};

/** The errors of one statement. @param source the node's text */
export function errorsOf({ output }: { readonly output: Output }, source: string): readonly StatementDiagnostic[] {
	const diagnostics: StatementDiagnostic[] = [];
	const seen = new Set<string>();
	for (const complaint of output.complaints) {
		const {
			message: said,
			span: { start, end },
		} = complaint;
		const code = MESSAGES[said.template];
		if (CONSEQUENCES.has(said.template) || (code === "pf/no-rule" && diagnostics.length > 0)) continue;
		const better = BEFORE_BETTER[said.template] ?? [];
		if (output.complaints.some((other) => other.span.start === start && better.includes(other.message.template))) continue;
		const before = diagnostics.at(-1);
		if (FOLLOWING.has(said.template) && before !== undefined && !source.slice(before.span.end, start).includes("\n")) continue;
		if (said.template === "failed to include file {0}" && diagnostics.at(-1)?.code === "pf/endless-include") continue;
		const key = `${start} ${end} ${worded(said)}`;
		if (seen.has(key)) continue;
		seen.add(key);
		const fixes = fixesOfError(complaint, source);
		const diagnostic = errorOf(complaint, code === "pf/syntax" ? adviceOnRemoved(complaint, source) : undefined);
		diagnostics.push(fixes.length === 0 ? diagnostic : { ...diagnostic, fixes });
	}
	return diagnostics;
}

/** A complaint as a diagnostic, with what to do. */
export function errorOf(
	complaint: PfctlComplaint,
	advice = adviceOnMeant(complaint.meant) ?? adviceOnValue(complaint.message.template),
): StatementDiagnostic {
	const {
		message: said,
		span: { start, end },
		warning,
		macro,
	} = complaint;
	const unlisted = isForHostToSay(complaint);
	const code = unlisted ? "pf/unlisted-port" : MESSAGES[said.template];
	return {
		code,
		severity: unlisted ? "information" : warning ? "warning" : "error",
		span: span(start, Math.max(end, start)),
		message: msg("{0}", worded(said).replace(/^pfctl: /, "")),
		advice: advice ?? PF_ADVICE[code],
		...(macro !== undefined && { macro }),
	};
}

/** Where the words are that could stand in place of a value of `set`. */
const VALUES: Readonly<Partial<Record<PfMessage, PfGroup>>> = {
	"error setting debuglevel {0}": "debug",
	"unknown optimization {0}": "optimization",
	"unknown ruleset-optimization {0}": "ruleset-optimization",
	"unknown timeout {0}": "timeout",
	"unable to set limit {0} {1}": "limit",
	"illegal value for syncookies": "syncookies",
	"illegal syncookie option": "syncookies option",
	"illegal timeout name {0}": "timeout",
};

const BOTH_FAMILIES = msg("It stands for addresses of both families: write `inet` or `inet6` into the rule.");

function adviceOnValue(message: PfMessage): Message | undefined {
	if (message === "translation spec contains addresses with different address families") return BOTH_FAMILIES;
	if (message === "routing spec contains addresses with different address families") return BOTH_FAMILIES;
	const group = VALUES[message];
	const names = group && pfWords(group).map(({ name }) => `\`${name}\``);
	return names && msg("Write one of {0}.", names.join(", "));
}

function adviceOnMeant(meant: string | undefined): Message | undefined {
	return meant === undefined ? undefined : msg("It is the name of a macro: write {0}.", meant);
}

/** What to write instead of a word of an older release: the word at fault, or those that its line starts with. */
function adviceOnRemoved({ span: { start, end } }: PfctlComplaint, source: string): Message | undefined {
	const from = source.lastIndexOf("\n", start - 1) + 1;
	const [first = "", second = ""] = source
		.slice(from, from + 40)
		.trimStart()
		.split(/\s+/, 2);
	const known = removedWord(source.slice(start, end)) ?? removedWord(`${first} ${second}`) ?? removedWord(first);
	return known && msg("Write it as in: {0}", known.instead);
}
