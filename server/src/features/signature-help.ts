/** textDocument/signatureHelp: which argument of an option stands at the cursor. */
import { MarkupKind, type SignatureHelp } from "vscode-languageserver-types";
import type { SourceFile } from "../project/source-file.ts";
import type { VocabularyEntry } from "../text/vocabulary.ts";
import { argumentUsage, usage, valueTypeText } from "./entry-text.ts";
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
function parameterLabel({ name, args, form }: VocabularyEntry, index: number): [number, number] {
	const argument = args[index];
	if (argument === undefined) return [0, name.length];
	if (form === undefined) {
		const before = [name, ...args.slice(0, index).map(argumentUsage)].join(" ").length + 1;
		return [before, before + argumentUsage(argument).length];
	}
	const at = form.indexOf(`{${argument.name}}`);
	// The braces around the arguments before are not shown.
	const start = at - 2 * (form.slice(0, Math.max(0, at)).match(/\{[^{}]+\}/g)?.length ?? 0);
	return at < 0 ? [0, name.length] : [start, start + argument.name.length];
}
