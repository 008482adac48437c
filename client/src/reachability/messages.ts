/** What the extension and the page of who reaches whom say to each other. */
import type { ChangedConnection, FileLocation, MatrixView } from "@openbsd-vnet/server/protocol";

/** What the page shows. */
export type ReachabilityPage = { readonly texts: Readonly<Record<ReachabilityText, string>> } & (
	| { readonly kind: "matrix"; readonly matrix: MatrixView }
	| { readonly kind: "difference"; readonly changes: readonly ChangedConnection[] }
);

/** Texts of the page in the reader's language. */
export type ReachabilityText = "filter" | "blocked" | "from" | "nothing" | "opens" | "closes" | "uncertain" | "more";

/** What a person asks for on the page. */
export type FromPage =
	| { readonly type: "reveal"; readonly place: FileLocation }
	| { readonly type: "save"; readonly format: "csv" | "markdown" };
