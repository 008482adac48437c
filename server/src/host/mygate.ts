import type { Span } from "../text/span.ts";
import { significantLines } from "./lines.ts";

/** A line of mygate(5): a default gateway, or a command after `!`. */
export type MygateLine =
	| { readonly kind: "gateway"; readonly family: "inet" | "inet6"; readonly address: string; readonly span: Span }
	| { readonly kind: "command"; readonly command: string; readonly span: Span };

/** Reads mygate as netstart(8) does: a colon makes it IPv6 (etc/netstart, defaultroute). */
export function readMygate(text: string): readonly MygateLine[] {
	return [...significantLines(text)].map(({ text: line, span }) =>
		line.startsWith("!")
			? { kind: "command", command: line.slice(1), span }
			: { kind: "gateway", family: line.includes(":") ? "inet6" : "inet", address: line, span },
	);
}
