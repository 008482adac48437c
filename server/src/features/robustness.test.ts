/** Whatever is typed, in whatever state the file is: no request throws, and what is kept equals what is made afresh. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../../test/share.ts";
import { Documents } from "../project/documents.ts";
import { languages } from "../project/languages.ts";
import { memoryWorkspace } from "../workspace.ts";
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from "./call-hierarchy.ts";
import { codeActions } from "./code-actions.ts";
import { codeLenses, resolveCodeLens } from "./code-lens.ts";
import { completion } from "./completion.ts";
import { definition } from "./definition.ts";
import { diagnostics } from "./diagnostics.ts";
import { documentHighlight } from "./document-highlight.ts";
import { documentLinks } from "./document-links.ts";
import { documentSymbols, workspaceSymbols } from "./document-symbols.ts";
import { expanded } from "./expanded.ts";
import { foldingRanges } from "./folding-ranges.ts";
import { formatting, onTypeFormatting } from "./formatting.ts";
import { hover } from "./hover.ts";
import { inlayHints } from "./inlay-hints.ts";
import { linkedEditing } from "./linked-editing.ts";
import { references } from "./references.ts";
import { Refusal } from "./refusal.ts";
import { prepareRename, rename } from "./rename.ts";
import { selectionRange } from "./selection-ranges.ts";
import { semanticTokens, updatedTokens } from "./semantic-tokens.ts";
import type { Session } from "./session.ts";
import { signatureHelp } from "./signature-help.ts";
import { ableClient } from "./testing.ts";
import { TokenSequence } from "./token-sequence.ts";

const paths = {
	"openbsd-pf": "/etc/pf.conf",
	"openbsd-vm": "/etc/vm.conf",
	"openbsd-hostname": "/etc/hostname.veb0",
	"openbsd-pftest": "/etc/policy.pftest",
} as const;

/** Words of all languages, signs, and anything else. */
const piece = fc.oneof(
	{ weight: 4, arbitrary: fc.constantFrom(...[...languages.values()].flatMap(({ vocabulary }) => vocabulary.map(({ name }) => name))) },
	{
		weight: 4,
		arbitrary: fc.constantFrom(
			" ",
			"\n",
			"\t",
			"{",
			"}",
			"(",
			")",
			'"',
			"'",
			"#",
			"=",
			"$",
			"$a",
			"a",
			"<a>",
			"\\\n",
			",",
			"1",
			"em0",
			"10.0.0.0/8",
			"!",
		),
	},
	{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3 }) },
);
const texts = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(" "));

function opened(id: keyof typeof paths, text: string): { documents: Documents; session: Session; uri: string } {
	const documents = new Documents(memoryWorkspace({}, []));
	const uri = `file:///host${paths[id]}`;
	documents.open(uri, id, 1, text);
	return { documents, uri, session: { files: documents, settings: {}, client: ableClient } };
}

const tabs = { tabSize: 8, insertSpaces: false };

for (const id of languages.keys()) {
	test(`${id}: no request throws, and all places are inside of the text`, () => {
		fc.assert(
			fc.property(texts, fc.nat(), (text, place) => {
				const { documents, session, uri } = opened(id, text);
				const file = documents.file(uri);
				if (file === undefined) throw new Error("not opened");
				const offset = place % (text.length + 1);
				const within = { start: offset, end: Math.min(text.length, offset + 10) };
				const answers: unknown[] = [
					completion(session, file, offset),
					hover(session, file, offset),
					signatureHelp(session, file, offset),
					definition(session, file, offset),
					references(session, file, offset, true),
					documentHighlight(session, file, offset),
					linkedEditing(session, file, offset),
					documentSymbols(session, file),
					workspaceSymbols(session, "a"),
					foldingRanges(file),
					selectionRange(file, offset),
					documentLinks(session, file),
					codeActions(session, file, within),
					inlayHints(session, file, within),
					codeLenses(session, file).map((lens) => resolveCodeLens(session, lens)),
					formatting(session, file, tabs),
					onTypeFormatting(session, file, offset, "\n", tabs),
					onTypeFormatting(session, file, offset, "}", tabs),
					diagnostics(session, file),
					(prepareCallHierarchy(session, file, offset) ?? []).map((item) => [incomingCalls(session, item), outgoingCalls(session, item)]),
				];
				const lines = [...JSON.stringify(answers).matchAll(/"line":(-?\d+)/g)].map(([, line]) => Number(line));
				expect(Math.min(0, ...lines)).toBe(0);
				expect(Math.max(0, ...lines)).toBeLessThanOrEqual(file.lines.count);
				for (const { target } of expanded(session, file)?.links ?? []) expect(target.range.end.line).toBeLessThan(file.lines.count);
				try {
					prepareRename(session, file, offset);
					rename(session, file, offset, "b1");
				} catch (error) {
					// A refusal is an answer for a person.
					expect(error).toBeInstanceOf(Refusal);
				}
			}),
			{ numRuns: runs(300, 5) },
		);
	});

	test(`${id}: tokens kept over edits are those of the text read afresh`, () => {
		const change = fc.record({ start: fc.nat(), length: fc.nat(12), text: piece });
		fc.assert(
			fc.property(texts, fc.array(change, { minLength: 1, maxLength: 6 }), (text, changes) => {
				const { documents, uri } = opened(id, text);
				let file = documents.file(uri);
				if (file === undefined) throw new Error("not opened");
				let held = { file, data: TokenSequence.of(semanticTokens(file)) };
				for (const [i, { start, length, text: inserted }] of changes.entries()) {
					const from = start % (file.text.length + 1);
					const range = file.lines.range({ start: from, end: Math.min(file.text.length, from + length) });
					documents.change(uri, i + 2, [{ range, text: inserted }]);
					file = documents.file(uri) ?? file;
					const { data, edits } = updatedTokens(held, file);
					const patched = [...held.data.numbers()];
					for (const edit of edits) patched.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
					expect(patched).toEqual([...data.numbers()]);
					expect(patched).toEqual([...semanticTokens(opened(id, file.text).documents.file(uri) ?? file)]);
					held = { file, data };
				}
			}),
			{ numRuns: runs(300, 5) },
		);
	});
}
