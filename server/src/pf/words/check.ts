/** What pfctl rejects, by kind. Its messages are in messages.ts, in its own words. */
import { describe } from "../../text/check.ts";
import type { DiagnosticCatalog } from "../../text/diagnostic.ts";
import { type Message, msg } from "../../text/message.ts";

export type PfErrorCode =
	| "pf/syntax"
	| "pf/unknown-macro"
	| "pf/macro-name"
	| "pf/host"
	| "pf/unknown-name"
	| "pf/range"
	| "pf/too-long"
	| "pf/redefined"
	| "pf/combination"
	| "pf/no-rule"
	| "pf/pool"
	| "pf/table"
	| "pf/queue"
	| "pf/limiter"
	| "pf/anchor"
	| "pf/file"
	| "pf/endless-include"
	| "pf/option"
	| "pf/unlisted-port";

/** What to do about an error, said behind pfctl's own words. */
export const PF_ADVICE: Readonly<Record<PfErrorCode, Message>> = {
	"pf/syntax": msg("pfctl understood the statement up to here; look at this word and at the one before it."),
	"pf/unknown-macro": msg("Define the macro above its first use; an anchor's file has macros of its own."),
	"pf/macro-name": msg("Use letters, digits and underscores."),
	"pf/host": msg(
		"Write an address, a network, or the name of an interface of this host; in parentheses an interface is looked up at run time.",
	),
	"pf/unknown-name": msg("Check the spelling, or write the number."),
	"pf/range": msg("Write a value within the range."),
	"pf/too-long": msg("Choose a shorter name."),
	"pf/redefined": msg("Keep one of the two."),
	"pf/combination": msg("Remove one of the parts that do not go together, or name the protocol or family that it needs."),
	"pf/no-rule": msg("No combination of the lists is possible; the messages before this one say why, or the families do not agree."),
	"pf/pool": msg("Give addresses of one family that suit the rule, and a pool type that allows them."),
	"pf/table": msg("Tables hold addresses and networks only."),
	"pf/queue": msg("Define the queue before it is used, with a bandwidth, an interface for a root queue and one default."),
	"pf/limiter": msg("Define the limiter above the rules that name it, with its number, and with all the limits that its kind needs."),
	"pf/anchor": msg("Give the anchor a plain name of its own."),
	"pf/file": msg("pfctl opens exactly this path; it does not know wildcards."),
	"pf/endless-include": msg("A file that includes itself, directly or through others, is opened again and again."),
	"pf/option": msg("Write one of the values that pf.conf(5) lists."),
	"pf/unlisted-port": msg("OpenBSD's own services(5) has no such name: pfctl refuses the ruleset unless the host's /etc/services has it."),
};

const { error, information } = describe;

export const PF_ERRORS = {
	"pf/syntax": error("Syntax error", "pfctl loads nothing of a file that has one.", "Write the statement as pf.conf(5) has it."),
	"pf/unknown-macro": error("Macro not defined", "pfctl stops at the line and loads nothing.", "Define it above its first use."),
	"pf/macro-name": error("Bad name of a macro", "A macro's name has no blanks.", "Rename it."),
	"pf/host": error(
		"Address not understood",
		"The name is not an interface, a group, an address or a host that resolves, so the whole ruleset is refused.",
		"Write an address, or the interface in parentheses.",
	),
	"pf/unknown-name": error(
		"Unknown port, protocol, user, type or flag",
		"The name is in none of the host's lists.",
		"Correct it, or write the number.",
	),
	"pf/range": error("Value out of range", "pfctl refuses the number.", "Write a value within the range."),
	"pf/too-long": error("Name too long", "The kernel has room for fewer characters.", "Shorten it."),
	"pf/redefined": error("Given twice", "An option may stand once in a rule.", "Keep one."),
	"pf/combination": error(
		"Parts that do not go together",
		"What the rule asks for cannot be true of any packet, or pf cannot do it.",
		"Remove one part or name the protocol.",
	),
	"pf/no-rule": error(
		"A statement that makes no rule",
		"All combinations of its lists were refused or impossible.",
		"Make the families agree.",
	),
	"pf/pool": error(
		"Bad translation or routing addresses",
		"The pool cannot be used with this rule.",
		"Use addresses of one family and a pool type that allows several.",
	),
	"pf/table": error("Bad table", "A table holds addresses and networks, and knows const, persist and counters.", "Correct its definition."),
	"pf/queue": error("Bad queue", "The queues do not make a tree that the kernel can use.", "Define parents first, and one default."),
	"pf/limiter": error(
		"Bad limiter",
		"The limiter lacks something that it needs, or a rule names one that is not defined.",
		"Define it above the rules, with `id` and `limit`, of sources with `entries` too.",
	),
	"pf/anchor": error("Bad anchor", "The name cannot be used in this place.", "Use a plain name."),
	"pf/file": error("A file that cannot be read", "pfctl opens the path literally and fails where it is not there.", "Correct the path."),
	"pf/endless-include": error(
		"A file that includes itself",
		"Directly or through others it names itself: pfctl opens it until it has too many open files, and loads nothing.",
		"Remove the include that leads back.",
	),
	"pf/include-elsewhere": information(
		"An included file that is not in this folder",
		"The host may have it: what it defines is not known here, so nothing is said of names that may be its.",
		"Keep the file beside the others, so that the ruleset can be read as a whole.",
	),
	"pf/unlisted-port": information(
		"A port by a name that OpenBSD's list does not have",
		"pfctl refuses the ruleset unless the host's own /etc/services has the name; that file is not in this folder.",
		"Write the number, or keep /etc/services beside the others.",
	),
	"pf/option": error("Unknown value of an option", "pfctl knows a fixed list of values.", "Write one of them."),
} satisfies DiagnosticCatalog;
