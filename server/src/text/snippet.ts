/** Pieces of a file that are inserted whole, with places to fill in. */
import type { Message } from "./message.ts";

export interface Snippet {
	readonly title: Message;
	readonly detail: Message;
	/** The words by which it is found while one types. */
	readonly prefixes: readonly [string, ...string[]];
	/** The word of the language that must be able to stand where the snippet is inserted. */
	readonly needs: string;
	/** Its lines, with placeholders as the Language Server Protocol writes them: `${1:default}`, `${1|one,other|}`, `$1`. */
	readonly body: readonly string[];
	/** What the host may have for a placeholder, by its number: its name takes the default's place. */
	readonly fits?: Readonly<Record<number, Fit>>;
}

/** Something of a host that a placeholder stands for. */
export type Fit =
	/** An interface with an address, by which the host reaches the outside. */
	| "uplink"
	/** An interface of the machine without an address: to guests' LAN, or the trunk of VLANs. */
	| "lan"
	| "trunk"
	/** A vlan(4) without an address. */
	| "vlan"
	/** The bridge or veb that a new switch may stand on: any, with a port to the outside, or without. */
	| "bridge"
	| "lan-bridge"
	| "routed-bridge"
	/** The port of the host that a new bridge or veb may take. */
	| "own-port"
	/** The host's port to its routed guests, its address, and their network. */
	| "gateway"
	| "gateway-address"
	| "network"
	/** The MAC address of that port. */
	| "own-port-lladdr"
	/** A switch; the group that its taps are in, on the LAN or on a routed network. */
	| "switch"
	| "lan-guests"
	| "routed-guests"
	/** The guest that an anchor file is named after, its tap, and the address of its lease. */
	| "anchor-guest"
	| "anchor-tap"
	| "anchor-address"
	/** The lease of the one other guest on its switch. */
	| "neighbour-address"
	/** The guest whose tap a hostname file makes. */
	| "port-guest"
	/** The one guest behind the host: its tap, and the address of its lease. */
	| "guest-tap"
	| "guest-address"
	/** The two guests of a network, in the order of vm.conf: that of the bridge or veb which a file makes, or the one behind the host. */
	| `${"first" | "second"}-${"guest" | "tap" | "lladdr" | "address"}`
	/** What no guest of vm.conf has, where one has the like; and one more of it. */
	| `${"" | "next-"}free-${"tap" | "lladdr"}`;

/** A snippet's text with other defaults: of a choice, the first word. */
export function withDefaults(body: string, defaults: ReadonlyMap<number, string>): string {
	return body.replace(
		/(?<!\\)\$\{(\d+)(?::((?:[^}\\]|\\.)*)\}|\|([^|]*)\|\})/g,
		(whole, number: string, _, choices: string | undefined) => {
			const found = defaults.get(Number(number));
			if (found === undefined) return whole;
			if (choices === undefined) return `\${${number}:${found.replace(/[\\$}]/g, "\\$&")}}`;
			return `\${${number}|${[found, ...choices.split(",").filter((choice) => choice !== found)].join(",")}|}`;
		},
	);
}

/**
 * What VS Code inserts for a snippet when every placeholder keeps its default and every choice its first word.
 * Syntax: https://code.visualstudio.com/docs/editor/userdefinedsnippets#_snippet-syntax
 */
export function insertedText(body: string): string {
	const defaults = new Map<string, string>();
	// A number may be used before the place that gives it a default.
	expand(body, defaults);
	return expand(body, defaults);
}

function expand(body: string, defaults: Map<string, string>): string {
	let at = 0;

	function until(stop: "}" | undefined): string {
		let text = "";
		while (at < body.length) {
			const char = body[at];
			if (char === stop) break;
			if (char === "\\" && /[\\$}]/.test(body[at + 1] ?? "")) {
				text += body[at + 1];
				at += 2;
			} else if (char === "$") {
				text += placeholder();
			} else {
				text += char;
				at++;
			}
		}
		return text;
	}

	function placeholder(): string {
		const [start, brace, number] = /^\$(\{?)(\d+)/.exec(body.slice(at)) ?? [];
		if (start === undefined || number === undefined) throw new Error(`not a placeholder: ${body.slice(at, at + 20)}`);
		at += start.length;
		if (brace === "") return defaults.get(number) ?? "";
		const kind = body[at++];
		if (kind === "}") return defaults.get(number) ?? "";
		let value: string;
		if (kind === "|") {
			const end = body.indexOf("|}", at);
			value = body.slice(at, end).split(",")[0] ?? "";
			at = end + 1;
		} else {
			value = until("}");
		}
		at++;
		defaults.set(number, value);
		return value;
	}

	return until(undefined);
}

/** The words of the choices in a snippet, each with the text that VS Code inserts for it. */
export function insertedChoices(body: string): readonly { readonly choice: string; readonly text: string }[] {
	return [...body.matchAll(/\$\{(\d+)\|([^|]*)\|\}/g)].flatMap(([whole, number, words]) =>
		(words ?? "").split(",").map((choice) => ({ choice, text: insertedText(body.replace(whole, `\${${number}|${choice}|}`)) })),
	);
}
