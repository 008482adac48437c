/** What the extension and the page of who reaches whom say to each other. */
import type { ChangedConnection, FileLocation, PackedMatrix, PacketChanges, TraceParams } from "@openbsd-vnet/server/protocol";

/** What the page shows. */
export type ReachabilityPage = { readonly texts: Readonly<Record<ReachabilityText, string>> } & (
	| { readonly kind: "matrix"; readonly matrix: PackedMatrix }
	| {
			readonly kind: "difference";
			readonly host: string;
			readonly changes: readonly ChangedConnection[];
			/** Null where nothing is known of the host's rules. */
			readonly packets: PacketChanges | null;
	  }
);

/** Texts of the page in the reader's language. */
export type ReachabilityText =
	| "title"
	| "change"
	| "tools"
	| "filter"
	| "service"
	| "blocked"
	| "from"
	| "nothing"
	| "everything"
	| "none"
	| "opens"
	| "closes"
	| "uncertain"
	| "packets"
	| "becomes"
	| "where"
	| "more"
	| "ifMatches"
	| "asBefore"
	| "noOther"
	| "notKnown"
	| "legend"
	| "yes"
	| "no"
	| "oneWay"
	| "depends"
	| "noMatch"
	| "trace"
	| "pair"
	| "what"
	| "rule"
	| "example";

/** What a person asks for on the page. */
export type FromPage =
	| { readonly type: "reveal"; readonly place: FileLocation }
	| ({ readonly type: "trace" } & Omit<TraceParams, "uri">)
	| { readonly type: "save"; readonly format: "csv" | "markdown" };
