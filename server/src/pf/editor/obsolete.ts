/** Statements of older releases in today's words: translation until OpenBSD 4.6, normalisation until 4.5. */

/**
 * What a statement of an older release is written as today; undefined where that takes more than other words. A rule with `no`
 * is such: it made exceptions from the rules below it, which took the first that matched.
 */
export function modernised(statement: string): string | undefined {
	const line = statement.replace(/\\\r?\n\s*/g, " ").trim();
	return translation(line) ?? anchorCall(line) ?? scrub(line);
}

function joined(...nodes: readonly (string | undefined)[]): string {
	return nodes
		.map((node) => node?.trim() ?? "")
		.filter(Boolean)
		.join(" ");
}

function translation(statement: string): string | undefined {
	const found = /^(nat|rdr|binat)((?:\s+pass)?)((?:\s+log(?:\s*\([^)]*\))?)?)(\s.*?)->\s*(.+)$/.exec(statement);
	if (found === null) return undefined;
	const [, kind, pass = "", log, rest = "", target] = found;
	const direction = kind === "nat" ? "out" : kind === "rdr" ? "in" : "";
	// With `pass`, no other rule was asked.
	const action = pass === "" ? joined("match", direction, log) : joined("pass", direction, log, "quick");
	return joined(action, rest, `${kind}-to`, target);
}

function anchorCall(statement: string): string | undefined {
	const found = /^(?:nat|rdr|binat)-anchor\s+(.+)$/.exec(statement);
	return found === null ? undefined : `anchor ${found[1]?.trim()}`;
}

function scrub(statement: string): string | undefined {
	const found = /^scrub\s+(in|out)\b(.*)$/.exec(statement);
	if (found === null) return undefined;
	const [, direction, text = ""] = found;
	const kept: string[] = [];
	let rest = text;
	// Fragments are put together unless `set reassemble no` is given: there is no such option any more.
	rest = rest.replace(/\s+fragment\s+(reassemble|crop|drop-ovl)\b/g, "");
	for (const option of [/\s+no-df\b/, /\s+random-id\b/, /\s+min-ttl\s+\d+/, /\s+max-mss\s+\d+/, /\s+reassemble\s+tcp\b/]) {
		const one = option.exec(rest)?.[0];
		if (one === undefined) continue;
		kept.push(one.trim().replace(/\s+/g, " "));
		rest = rest.replace(option, "");
	}
	if (/\b(set-tos|no-sync|allow)\b/.test(rest)) return undefined;
	return kept.length === 0 ? "set reassemble yes" : joined("match", direction, rest, `scrub (${kept.join(" ")})`);
}
