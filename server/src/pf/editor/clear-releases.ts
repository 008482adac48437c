/** Causes of syntax errors by the release: words that it reserves, and statements that it does not know yet. */
import { msg } from "../../text/message.ts";
import { olderThan } from "../../text/release.ts";
import { LIMITER_KINDS } from "../rules.ts";
import { reservedSince } from "../words/vocabulary.ts";
import type { Cause, Fault } from "./fault.ts";

const LIMITER = new RegExp(`(?:^|\\s)((?:${LIMITER_KINDS.join("|")})[ \\t]+limiter)(?![\\w.-])`);

/** Whether a name may stand at the fault: at the start of a statement, that of a macro that is defined there. */
function takesName({ around: { expected }, rest }: Fault): boolean {
	if (expected.some((one) => one.kind === "value" && one.type === "macro")) return /^[\w-]+[ \t]*=/.test(rest);
	return expected.some(({ kind }) => kind === "value" || kind === "symbol");
}

export const releaseCauses: readonly Cause[] = [
	(fault) => {
		const { found } = fault;
		const since = reservedSince(found);
		if (since === undefined || olderThan(fault.around.release, since) || !takesName(fault)) return undefined;
		return {
			message: msg("syntax error: `{0}` is a reserved word since OpenBSD {1}", found, since),
			advice: msg("As a name it needs quotes; another name needs none, before and after."),
			fixes: fault.fix(msg("Write it in quotes"), [0, found.length, `"${found}"`]),
		};
	},
	(fault) => {
		const { line, rest, around } = fault;
		const limiter = LIMITER.exec(line + rest.slice(0, 40));
		const since = reservedSince("limiter");
		if (limiter === null || since === undefined || !olderThan(around.release, since)) return undefined;
		const [whole, words = ""] = limiter;
		const from = limiter.index + whole.length - words.length;
		// The words at fault are among these two.
		if (line.length < from || line.length > from + words.length) return undefined;
		return {
			message: msg("syntax error: `{0}` came with OpenBSD {1}", words.replace(/\s+/, " "), since),
			advice: msg("The pfctl of {0} does not know it, and refuses the whole file.", around.release),
		};
	},
];
