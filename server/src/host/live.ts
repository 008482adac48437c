/** What a running host says of its taps, as the editor uses it. It is read by remote/, and comes to the server as data. */
import type { ParsedFile, SyntaxToken } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import { type Span, span } from "../text/span.ts";

export interface LiveTap {
	readonly name: string;
	/** Whose it is now; absent where no guest uses it. */
	readonly guest?: string;
	/** Which of the guest's interfaces it is, from 0. */
	readonly index?: number;
	/** The guest's state, in vmctl's word. */
	readonly state?: string;
	/** The bridge or veb that it is a member of. */
	readonly bridge?: string;
	/** The switch of vm.conf that this is. */
	readonly switch?: string;
}

export interface LiveHost {
	/** What the host is called in the editor. */
	readonly name: string;
	/** When it said so, as people read it: `14:03:12`. */
	readonly taken: string;
	/** True for our own stand-ins for OpenBSD's programs. */
	readonly simulated: boolean;
	readonly taps: readonly LiveTap[];
}

/** The rules that a host counts, by the paths of their anchors. */
export interface RuleCounters {
	/** When they were read, as people read it. */
	readonly taken: string;
	/** In the order in which they are loaded; the main ruleset's anchor is empty. */
	readonly rules: readonly CountedRule[];
	/** The limiters that it has loaded; none where its rules name none, or it does not let us read them. */
	readonly limiters: readonly CountedLimiter[];
	/** A rule that has not counted for so many days is told; absent where nobody wants to know. */
	readonly tellAfterDays?: number;
}

export interface CountedLimiter {
	readonly kind: "state" | "source";
	readonly id: number;
	/** States that it holds now; of a source limiter, sources. */
	readonly inUse: number;
	readonly most: number;
	/** States that it let in. */
	readonly admitted: number;
	/** States that it did not: for its limit, its rate, and of a source limiter for more sources than it has room for. */
	readonly overLimit: number;
	readonly overRate: number;
	/** 0 of a limiter of states. */
	readonly overSources: number;
}

export interface CountedRule {
	/** The path of its anchor; empty for the main ruleset. */
	readonly anchor: string;
	/** As pfctl prints it. */
	readonly text: string;
	readonly evaluations: number;
	readonly packets: number;
	readonly bytes: number;
	readonly states: number;
	/** Which process has loaded it, in pfctl's words: `uid 0 pid 51234`. */
	readonly inserted?: string;
	/** What earlier readings show of its counters, where there were some. */
	readonly past?: RulePast;
}

/** Since when a rule counts, in words for people. */
export interface RulePast {
	/** It has counted without a break since then at the latest. */
	readonly since: string;
	/** When a reading last found more packets; absent where none did. */
	readonly last?: string;
	/** For how many whole days it has not counted; absent where it has counted since it began. */
	readonly daysWithout?: number;
}

/** A guest's state, which is given in vmctl's word, for people. */
export function guestStateText(state: string): Message {
	switch (state) {
		case "running":
			return msg("running");
		case "paused":
			return msg("paused");
		case "stopping":
			return msg("stopping");
		case "waiting":
			return msg("waiting");
		case "stopped":
			return msg("stopped");
		default:
			return msg("state unknown");
	}
}

/** A tap's name in a file. */
export interface TapMention {
	readonly tap: string;
	readonly span: Span;
}

/** Where a file names taps: as interfaces, and in the values of macros. */
export function* tapMentions({ parsed, within }: { readonly parsed: ParsedFile; readonly within?: Span }): Generator<TapMention> {
	let before: SyntaxToken | undefined;
	for (const token of parsed.tokens(within)) {
		if (token.symbol?.kind === "interface" || isMacroValue(parsed, token, before)) {
			const text = parsed.text.slice(token.span.start, token.span.end);
			for (const { index, 0: tap } of text.matchAll(/\btap\d+\b/g)) {
				const start = token.span.start + index;
				yield { tap, span: span(start, start + tap.length) };
			}
		}
		before = token;
	}
}

/** The text behind the `=` of a macro. */
function isMacroValue({ text }: ParsedFile, { kind, symbol }: SyntaxToken, before: SyntaxToken | undefined): boolean {
	if (symbol !== undefined || (kind !== "string" && kind !== "name")) return false;
	return before?.kind === "operator" && text.slice(before.span.start, before.span.end) === "=";
}

/** The taps of a guest now, in the order of its interfaces. */
export function tapsOfGuest({ taps }: LiveHost, guest: string): readonly LiveTap[] {
	return taps.filter((tap) => tap.guest === guest).sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
}
