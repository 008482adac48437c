/** textDocument/documentLink: files that a file names, and manual pages in its comments. */
import type { DocumentLink } from "vscode-languageserver-types";
import { folderOf, uriOnHost } from "../host/folder.ts";
import type { SourceFile } from "../project/source-file.ts";
import { eachToken } from "../project/tokens.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import { manualLink } from "./entry-text.ts";
import { localize, type Session } from "./session.ts";

/** `pf.conf(5)`, as comments cite manual pages. */
const PAGE = /\b([a-z0-9][a-z0-9._+-]*)\(([1-9][a-z]?)\)/gi;

export function documentLinks(session: Session, file: SourceFile): DocumentLink[] {
	const links: DocumentLink[] = [];
	eachToken(file, ({ kind, symbol }, from, to) => {
		if (symbol?.kind === "file") {
			const uri =
				session.files.hostText(file, symbol.name) === undefined ? undefined : uriOnHost(folderOf(file.identity.host), symbol.name);
			const target = session.files.onSameHost(file, symbol.name)?.uri ?? uri;
			if (target !== undefined) links.push({ range: file.lines.range(span(from, to)), target });
		}
		if (kind !== "comment") return;
		for (const { 0: text, 1: page, 2: section, index } of file.text.slice(from, to).matchAll(PAGE)) {
			const start = from + index;
			const { title, url } = manualLink(`${page}.${section}`, file.parsed.context.release);
			const tooltip = localize(session, msg("Open {0} on man.openbsd.org", title));
			links.push({ range: file.lines.range(span(start, start + text.length)), target: url, tooltip });
		}
	});
	return links;
}
