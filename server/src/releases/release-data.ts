/** A release of OpenBSD as data: what it brought that is no word of a vocabulary. */
import type { Message } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";

/** Where a change is met. */
export type ChangedPlace = "pf.conf" | "vm.conf" | "hostname.if" | "sysctl.conf" | "host";

/** What becomes of files that were written for the release before. */
export type ChangeEffect =
	/** They can say more. */
	| "accepted"
	/** Some of them are refused. */
	| "refused"
	/** Some of them mean something else. */
	| "meaning"
	/** They mean the same, and a program prints them otherwise. */
	| "printed"
	/** Something in them has become needless. */
	| "needless";

export interface ReleaseChange {
	/** By which code asks for it, such as `pf/prints-both-translations`. */
	readonly name: string;
	readonly place: ChangedPlace;
	readonly effect: ChangeEffect;
	/** What somebody should know who runs the release, in one sentence. */
	readonly summary: Message;
	/** The first release without it. */
	readonly until?: Release;
}

export interface ReleaseData {
	readonly name: Release;
	/** The day on which it was published, as `2025-04-28`; undefined where it is not known. */
	readonly published: string | undefined;
	readonly changes: readonly ReleaseChange[];
}
