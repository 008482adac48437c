/** textDocument/signatureHelp: which argument of an option stands at the cursor. */
import { MarkupKind, type SignatureHelp } from "vscode-languageserver";
import type { VocabularyEntry } from "../text/vocabulary.ts";
import { argumentUsage, usage, valueTypeText } from "./entry-text.ts";
import type { SourceFile } from "./files.ts";
import { type Session, translated } from "./session.ts";

export function signatureHelp(session: Session, file: SourceFile, offset: number): SignatureHelp | null {
	const { argument } = file.parsed.expected(offset);
	if (argument === undefined || argument.entry.args.length === 0) return null;
	const { entry, index } = argument;
	const parameters = entry.args.map((one, i) => ({
		label: parameterLabel(entry, i),
		documentation: one.choices === undefined ? valueTypeText(session, one.type) : one.choices.join(", "),
	}));
	const documentation = { kind: MarkupKind.Markdown, value: translated(session, entry.summary) };
	const activeParameter = Math.min(index, entry.args.length - 1);
	return { signatures: [{ label: usage(entry), documentation, parameters, activeParameter }], activeSignature: 0, activeParameter };
}

/** Where an argument stands in the usage line. */
function parameterLabel(entry: VocabularyEntry, index: number): [number, number] {
	const label = usage(entry);
	let at = entry.name.length;
	for (const [i, argument] of entry.args.entries()) {
		const text = entry.form === undefined ? argumentUsage(argument) : argument.name;
		const start = label.indexOf(text, at);
		if (start < 0) break;
		if (i === index) return [start, start + text.length];
		at = start + text.length;
	}
	return [0, entry.name.length];
}
