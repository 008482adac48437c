/** What the host makes of a file, each line with the place that it comes from. */

import type { SourceFile } from "../project/source-file.ts";
import type { Expanded, ExpandedLink } from "../protocol.ts";
import { localize, type Session } from "./session.ts";

/** Null for a file that the host reads as it is. */
export function expanded(session: Session, file: SourceFile): Expanded | null {
	const made = file.parsed.expanded?.();
	if (made === undefined) return null;
	const links: ExpandedLink[] = [];
	const lines: string[] = [];
	for (const { text, source } of made) {
		const place = source === undefined ? undefined : source.file === file.path ? file : session.files.onSameHost(file, source.file);
		if (source !== undefined && place !== undefined) {
			links.push({ line: lines.length, target: { uri: place.uri, range: place.lines.range(source.span) } });
		}
		lines.push(...text.split("\n"));
	}
	const cutOff = file.parsed.cutOff?.();
	return { text: lines.length === 0 ? "" : `${lines.join("\n")}\n`, links, ...(cutOff && { cutOff: localize(session, cutOff) }) };
}
