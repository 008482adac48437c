/** What takes away an error of pfctl, where its message tells enough for it. */
import type { Fix } from "../../text/diagnostic.ts";
import { msg } from "../../text/message.ts";
import { span } from "../../text/span.ts";
import type { PfctlComplaint } from "../grammar/output.ts";
import { MESSAGES, type PfMessage } from "../words/messages.ts";
import { modernised } from "./obsolete.ts";

/** @param source the text of the node that the complaint is about */
export function fixesOfError(
	{ message: { template: message }, span: { start, end }, macro, meant }: PfctlComplaint,
	source: string,
): readonly Fix[] {
	if (macro !== undefined) return [];
	if (meant?.endsWith(source.slice(start, end)) === true)
		return [{ title: msg("Write `{0}`", meant), edits: [{ span: span(start, end), text: meant }], preferred: true }];
	switch (MESSAGES[message]) {
		case "pf/syntax":
			return source[start] === "\n" ? withoutCommaAtEnd(source, start) : todaysWords(source, start);
		case "pf/combination":
			return combinations(message, source.slice(start, end), start);
		case "pf/pool":
			return message === "translation spec contains addresses with different address families"
				? added(
						"inet",
						/\b(proto|from|to|port|tag|tagged|label|received-on|user|group|nat-to|rdr-to|binat-to)\b/,
						source.slice(start, end),
						start,
					)
				: [];
		case "pf/macro-name":
			return underscores(source, start);
		default:
			return [];
	}
}

function todaysWords(source: string, at: number): readonly Fix[] {
	const start = source.lastIndexOf("\n", at - 1) + 1;
	const indent = /^[ \t]*/.exec(source.slice(start))?.[0].length ?? 0;
	// To the end of the line, with those that a backslash joins to it; a comment behind stays.
	const line = /^(?:[^\\\n#]|\\\r?\n|\\.)*/.exec(source.slice(start + indent))?.[0].trimEnd() ?? "";
	const today = modernised(line);
	if (today === undefined) return [];
	const from = start + indent;
	return [{ title: msg("Write it for today's pf"), edits: [{ span: span(from, from + line.length), text: today }], preferred: true }];
}

/** In a list over several lines, pfctl wants the next item behind a comma in the same line. */
function withoutCommaAtEnd(source: string, at: number): readonly Fix[] {
	const comma = source.slice(0, at).trimEnd().length - 1;
	if (source[comma] !== "," || source.slice(comma, at).includes("\n")) return [];
	const edits = [{ span: span(comma, comma + 1), text: "" }];
	return [{ title: msg("Remove the comma at the end of the line"), edits, preferred: true }];
}

/** The words before the first of others in a rule. */
function added(words: string, before: RegExp, rule: string, start: number): readonly Fix[] {
	const place = before.exec(rule)?.index;
	if (place === undefined) return [];
	const at = start + place;
	return [{ title: msg("Add `{0}`", words), edits: [{ span: span(at, at), text: `${words} ` }], preferred: true }];
}

/** Adds the protocol or the family that a rule needs. */
function combinations(message: PfMessage, rule: string, start: number): readonly Fix[] {
	const add = (words: string, before: RegExp) => added(words, before, rule, start);
	if (message === "must indicate address family with icmp-type/code") {
		return add(/\bproto\s+(icmp6|ipv6-icmp)\b|\bicmp6-type\b/.test(rule) ? "inet6" : "inet", /\bproto\b/);
	}
	if (message === "keep state is great, but only for pass rules") {
		const found = /\s+((?:keep|modulate|synproxy)\s+state)(\s*\([^)]*\))?/.exec(rule);
		if (found === null) return [];
		const words = span(start + found.index, start + found.index + found[0].length);
		return [{ title: msg("Remove `{0}`", found[1] ?? ""), edits: [{ span: words, text: "" }], preferred: true }];
	}
	if (/\bproto\b/.test(rule)) return [];
	const ends = /\b(from|to|port|user|group|flags|os)\b/;
	if (/^(port|user|group) only applies to tcp\/udp$/.test(message)) {
		const both = add("proto { tcp udp }", ends).map(({ title, edits }) => ({ title, edits }));
		return [...add("proto tcp", ends), ...both];
	}
	return /^(os only applies|flags only apply|OS fingerprinting only \w+) to tcp$/.test(message) ? add("proto tcp", ends) : [];
}

/** `"my net" = ...` → `my_net = ...` */
function underscores(source: string, at: number): readonly Fix[] {
	const start = source.lastIndexOf("\n", at - 1) + 1;
	const found = /"([^"\n]+)"\s*=/.exec(source.slice(start));
	const name = found?.[1]?.trim().replace(/[^A-Za-z0-9_]+/g, "_");
	if (found === null || name === undefined || !/^[A-Za-z_]/.test(name)) return [];
	const from = start + found.index;
	const edits = [{ span: span(from, from + (found[1]?.length ?? 0) + 2), text: name }];
	return [{ title: msg("Write `{0}`", name), edits, preferred: true }];
}
