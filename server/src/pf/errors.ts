/** What pfctl would say of a part of a file, as diagnostics of its words. */
import type { Diagnostic } from "../text/diagnostic.ts";
import { type Message, say } from "../text/message.ts";
import { span } from "../text/span.ts";
import { PF_ADVICE } from "./check.ts";
import { fixesOfError } from "./error-fixes.ts";
import { MESSAGES, type PfMessage, worded } from "./messages.ts";
import type { Complaint, Output } from "./output.ts";
import { removedWord } from "./vocabulary.ts";

/** A diagnostic whose places are behind the part's start. */
export interface PartDiagnostic extends Diagnostic {
	/** The macro in whose value the mistake is: its definition is another part's. */
	readonly macro?: string;
}

/** What is reported already, or better, by another message. */
const CONSEQUENCES: ReadonlySet<PfMessage> = new Set([
	"pfctl: pushfile: {0}: No such file or directory",
	"skipping rule due to errors",
	"could not parse host specification",
	"pfctl: invalid state timeouts optimization",
	"pfctl: Bad timeout name.",
	"pfctl: Bad pool name.",
	"warning: synproxy used for inbound rules only, ignored for outbound",
]);

/** The errors of one statement. @param source the part's text */
export function errorsOf({ output }: { readonly output: Output }, source: string): readonly PartDiagnostic[] {
	const diagnostics: PartDiagnostic[] = [];
	const seen = new Set<string>();
	for (const complaint of output.complaints) {
		const { said, start, end } = complaint;
		const code = MESSAGES[said.message];
		if (CONSEQUENCES.has(said.message) || (code === "pf/no-rule" && diagnostics.length > 0)) continue;
		if (code === "pf/syntax" && diagnostics.at(-1)?.code === "pf/unknown-macro") continue;
		if (said.message === "failed to include file {0}" && diagnostics.at(-1)?.code === "pf/endless-include") continue;
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
export function errorOf({ said, start, end, warning, macro }: Complaint, advice: Message | undefined): PartDiagnostic {
	const code = MESSAGES[said.message];
	return {
		code,
		severity: warning ? "warning" : "error",
		span: span(start, Math.max(end, start)),
		message: say("{0}", worded(said).replace(/^pfctl: /, "")),
		advice: advice ?? PF_ADVICE[code],
		...(macro !== undefined && { macro }),
	};
}

/** What to write instead of a word of an older release: the word at fault, or those that its line starts with. */
function adviceOnRemoved({ start, end }: Complaint, source: string): Message | undefined {
	const from = source.lastIndexOf("\n", start - 1) + 1;
	const [first = "", second = ""] = source
		.slice(from, from + 40)
		.trimStart()
		.split(/\s+/, 2);
	const known = removedWord(source.slice(start, end)) ?? removedWord(`${first} ${second}`) ?? removedWord(first);
	return known && say("OpenBSD {0} removed {1}. Write it as in: {2}", known.removed, known.name, known.instead);
}
