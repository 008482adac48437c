/**
 * What is wrong with a file in none of the languages, such as sysctl.conf: editors ask nothing about it, so it is told in one
 * of the host's files that they do ask about.
 */

import type { Diagnostic } from "../text/diagnostic.ts";
import { PF_CONF, VM_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";

type ByFile = ReadonlyMap<string, readonly Diagnostic[]>;

/** Where it is told if the diagnostic names no place of its own there. */
const MAIN_FILES = [VM_CONF, PF_CONF];

/**
 * The diagnostics of other files, by the path of the file that they are told in.
 * @param files the texts of the host's files in the languages, by path
 */
export function redirectDiagnostics(diagnostics: ByFile, files: ReadonlyMap<string, { readonly text: string }>): ByFile {
	const found = new Map<string, Diagnostic[]>();
	for (const [path, list] of diagnostics) {
		if (files.has(path)) continue;
		for (const diagnostic of list) {
			const related = diagnostic.related ?? [];
			const place = related.find(({ file }) => file !== undefined && files.has(file));
			const target = place?.file ?? MAIN_FILES.find((main) => files.has(main));
			if (target === undefined) continue;
			const text = files.get(target)?.text ?? "";
			const firstLine = span(0, Math.max(0, text.search(/\n|$/)));
			const others = related.filter((one) => one !== place);
			found.set(target, [
				...(found.get(target) ?? []),
				{
					...diagnostic,
					span: place?.span ?? firstLine,
					related: [{ file: path, span: diagnostic.span, message: msg("In {0}", path) }, ...others],
					...(diagnostic.fixes && {
						fixes: diagnostic.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, file: edit.file ?? path })) })),
					}),
				},
			]);
		}
	}
	return found;
}
