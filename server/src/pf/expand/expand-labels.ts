/** Variables in labels and tags: expand_label() of parse.y. */

import { byteLength } from "../../text/bytes.ts";
import { formatIp } from "../names/address.ts";
import type { ResolvedHost } from "../names/hosts.ts";
import { type Family, isAny, type NumberMatch } from "../rules.ts";
import type { Combination, Draft } from "./draft.ts";
import type { Expansion } from "./expansion.ts";

/** The size of a label, a tag or a queue's name with its NUL. */
export const LABEL_SIZE = 64;

/** expand_label(): `$if` and its like; `$nr` is filled in when all rules are known. @param name the rule's interface */
export function expandText(text: string, draft: Draft, each: Combination, name: string, around: Expansion): string {
	return text.includes("$") ? withVariables(text, draft, each, name, around) : text;
}

function withVariables(text: string, draft: Draft, each: Combination, name: string, around: Expansion): string {
	let result = text;
	const replace = (variable: string, value: () => string): void => {
		if (!result.includes(variable)) return;
		result = result.replaceAll(variable, () => value());
		if (byteLength(result) >= LABEL_SIZE) around.abort("pfctl: expand_label: label too long");
	};
	replace("$if", () => name || "any");
	replace("$srcaddr", () => labelAddress(each.source, draft.family));
	replace("$dstaddr", () => labelAddress(each.destination, draft.family));
	replace("$srcport", () => labelPort(each.sourcePort));
	replace("$dstport", () => labelPort(each.destinationPort));
	replace("$proto", () => around.system.protocols.name(each.protocol) ?? String(each.protocol));
	return result;
}

function labelAddress({ match, negated }: ResolvedHost, family: Family | undefined): string {
	let text = "?";
	switch (match.kind) {
		case "dynamic":
			text = `(${match.interface})`;
			break;
		case "table":
			text = `<${match.name}>`;
			break;
		case "no-route":
		case "urpf-failed":
			text = match.kind;
			break;
		case "unresolved":
			text = match.name;
			break;
		case "network":
			if (family === undefined || isAny(match)) text = "any";
			else text = formatIp(match.address, family) + (match.bits < (family === "inet" ? 32 : 128) ? `/${match.bits}` : "");
	}
	return negated ? `! ${text}` : text;
}

function labelPort(port: NumberMatch | undefined): string {
	if (port === undefined) return "";
	switch (port.op) {
		case "><":
		case "<>":
			return `${port.low}${port.op}${port.high}`;
		case "=":
			return String(port.low);
		case ":":
			return "";
		default:
			return `${port.op}${port.low}`;
	}
}
