/** textDocument/inlayHint: values of macros, names of ports, how many rules a line becomes and what the host counts of them, and whose a tap is now. */
import { type InlayHint, InlayHintKind } from "vscode-languageserver-types";
import { tapMentions } from "../host/live.ts";
import { openbsdServices } from "../pf/names/services.ts";
import { languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { Commands } from "../protocol.ts";
import { msg } from "../text/message.ts";
import type { Span } from "../text/span.ts";
import { counterHints } from "./live-rules.ts";
import { liveTapText } from "./live-text.ts";
import { localize, type Session } from "./session.ts";

/** Longer values are cut: a hint is read at a glance. */
const MAX_LENGTH = 32;

export function inlayHints(session: Session, file: SourceFile, within: Span): InlayHint[] {
	const {
		macroValues = true,
		serviceNames = true,
		ruleCounts = true,
		liveTaps = true,
		counters = true,
	} = session.settings.inlayHints ?? {};
	const hints: InlayHint[] = [];
	// A name behind a number would break columns.
	const hasServices = serviceNames && file.parsed.cells === undefined;
	if (macroValues || hasServices) {
		for (const { span, kind, symbol } of file.parsed.tokens(within)) {
			if (macroValues && symbol?.kind === "macro" && symbol.use === "refer") {
				const facts = file.parsed.symbolFacts?.("macro", symbol.name, span.start);
				const value = facts?.expansion ?? facts?.value;
				if (value !== undefined) hints.push(hint(file, span.end, ` = ${cut(value)}`, value));
			} else if (hasServices && kind === "port") {
				const text = file.text.slice(span.start, span.end);
				const name = /^\d+$/.test(text) ? serviceName(Number(text)) : undefined;
				if (name !== undefined) hints.push(hint(file, span.end, ` ${name}`));
			}
		}
	}
	const live = liveTaps ? session.files.live(file) : undefined;
	if (live !== undefined) {
		for (const { tap, span } of tapMentions({ parsed: file.parsed, within })) {
			const { use, more } = liveTapText(session, live, tap);
			// Behind a macro's value, not in it.
			hints.push(hint(file, file.text[span.end] === '"' ? span.end + 1 : span.end, ` ${use}`, more));
		}
	}
	if (ruleCounts) {
		const title = localize(session, msg("Show Expanded Ruleset"));
		const command = { title, command: Commands.showExpanded, arguments: [file.uri] };
		for (const [end, count] of expandedCounts(file, within)) {
			const value = `→ ${localize(session, msg("{0} rules", String(count)))}`;
			hints.push({
				position: file.lines.position(end),
				label: [{ value, tooltip: title, command }],
				kind: InlayHintKind.Type,
				paddingLeft: true,
			});
		}
	}
	if (counters) hints.push(...counterHints(session, file, within));
	return hints;
}

/** The statements that become more than one line, by their end. */
export function expandedCounts(file: SourceFile, within: Span): ReadonlyMap<number, number> {
	const counts = new Map<number, number>();
	if (languages.get(file.parsed.language)?.expandsTo !== "rules") return counts;
	for (const { source } of file.parsed.expanded?.(within) ?? []) {
		if (source?.file !== file.path) continue;
		counts.set(source.span.end, (counts.get(source.span.end) ?? 0) + 1);
	}
	return new Map([...counts].filter(([, count]) => count > 1));
}

function serviceName(port: number): string | undefined {
	return openbsdServices().name(port, "tcp") ?? openbsdServices().name(port, "udp");
}

function hint(file: SourceFile, offset: number, label: string, tooltip?: string): InlayHint {
	const whole = tooltip === undefined || label.endsWith(tooltip) ? {} : { tooltip };
	return { position: file.lines.position(offset), label, kind: InlayHintKind.Type, ...whole };
}

function cut(value: string): string {
	const line = value.replace(/\s+/g, " ").trim();
	return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH - 1)}…`;
}
