/** What the host makes of a file, each line with the place that it comes from. */

import type { SourceFile } from "../project/source-file.ts";
import type { Expanded, ExpandedLink } from "../protocol.ts";
import { PF_CONF } from "../text/host-paths.ts";
import { localize, type Session } from "./session.ts";

/**
 * What the host makes of a file as a document: behind the rules of a pf.conf those of the files that it loads into anchors, each
 * announced as pfctl does. Null for a file that the host reads as it is.
 */
export function expandedDocument(session: Session, file: SourceFile): Expanded | null {
	const own = expanded(session, file);
	if (own === null || file.path !== PF_CONF) return own;
	let { text } = own;
	const links = [...own.links];
	for (const { anchor, path } of session.files.hostModel(file).pf?.loads ?? []) {
		const loaded = session.files.onSameHost(file, path.value);
		const made = loaded === undefined ? null : expanded(session, loaded);
		if (made === null) continue;
		text += `\n# Loading anchor ${anchor.value} from ${path.value}\n`;
		const above = text.split("\n").length - 1;
		links.push(...made.links.map(({ line, target }) => ({ line: line + above, target })));
		text += made.text;
	}
	return { ...own, text, links };
}

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
