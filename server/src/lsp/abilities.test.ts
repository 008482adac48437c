/** What the server offers, all of it, and what it takes from what a client says of itself. */

import { describe, expect, test } from "vitest";
import type { ClientCapabilities } from "vscode-languageserver";
import { codeActionKinds } from "../features/code-actions.ts";
import { tokenModifiers, tokenTypes } from "../features/semantic-tokens.ts";
import { capabilities, clientAbilities, pullsDiagnostics } from "./capabilities.ts";

test("what is offered to a client that says nothing of itself", () => {
	expect(capabilities({})).toEqual({
		positionEncoding: "utf-16",
		textDocumentSync: { openClose: true, change: 2 },
		completionProvider: { triggerCharacters: ["$", "<", '"', "(", ":", " ", "/"], resolveProvider: true },
		signatureHelpProvider: { triggerCharacters: [" ", "(", ",", "/"] },
		hoverProvider: true,
		definitionProvider: true,
		referencesProvider: true,
		documentHighlightProvider: true,
		renameProvider: true,
		linkedEditingRangeProvider: true,
		documentSymbolProvider: true,
		workspaceSymbolProvider: true,
		foldingRangeProvider: true,
		selectionRangeProvider: true,
		documentLinkProvider: {},
		inlayHintProvider: {},
		codeLensProvider: { resolveProvider: true },
		documentFormattingProvider: true,
		documentRangeFormattingProvider: true,
		documentOnTypeFormattingProvider: { firstTriggerCharacter: "}", moreTriggerCharacter: ["\n"] },
		callHierarchyProvider: true,
		codeActionProvider: { codeActionKinds, resolveProvider: true },
		semanticTokensProvider: { legend: { tokenTypes, tokenModifiers }, full: { delta: true }, range: true },
		workspace: {
			workspaceFolders: { supported: true, changeNotifications: true },
			textDocumentContent: { schemes: ["openbsd-vnet"] },
		},
	});
});

test.each<[ClientCapabilities, unknown]>([
	[{ textDocument: { rename: { prepareSupport: true } } }, { prepareProvider: true }],
	[{ textDocument: { rename: { prepareSupport: false } } }, true],
	[{ textDocument: { rename: {} } }, true],
])("a client with %j is offered to rename by %j", (client, offered) => {
	expect(capabilities(client).renameProvider).toEqual(offered);
});

test.each<[ClientCapabilities, boolean]>([
	[{}, false],
	[{ textDocument: {} }, false],
	[{ textDocument: { diagnostic: {} } }, false],
	[{ textDocument: { diagnostic: {} }, workspace: {} }, false],
	[{ textDocument: { diagnostic: {} }, workspace: { diagnostics: {} } }, false],
	[{ workspace: { diagnostics: { refreshSupport: true } } }, false],
	[{ textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } }, true],
])("a client with %j pulls diagnostics: %s", (client, pulls) => {
	expect(pullsDiagnostics(client)).toBe(pulls);
	expect(capabilities(client).diagnosticProvider).toEqual(
		pulls ? { identifier: "openbsd-vnet", interFileDependencies: true, workspaceDiagnostics: true, workDoneProgress: true } : undefined,
	);
	const ours = capabilities(client, { publishesClosedFiles: true });
	expect(ours.diagnosticProvider?.workspaceDiagnostics).toBe(pulls ? false : undefined);
});

describe("a client can do what it says, and nothing else", () => {
	const none = {
		snippets: false,
		insertReplace: false,
		markdown: false,
		lineFoldingOnly: false,
		documentChanges: false,
		createFiles: false,
		lateEdits: false,
		renameFiles: false,
		snippetEdits: false,
		changeAnnotations: false,
		hierarchicalSymbols: false,
	};
	const item = (completionItem: object): ClientCapabilities => ({ textDocument: { completion: { completionItem } } });
	const action = (codeAction: object): ClientCapabilities => ({ textDocument: { codeAction } });
	const edit = (workspaceEdit: object): ClientCapabilities => ({ workspace: { workspaceEdit } });
	test.each<[ClientCapabilities, Partial<typeof none>]>([
		[{}, {}],
		[{ textDocument: {}, workspace: {} }, {}],
		[{ textDocument: { completion: {}, foldingRange: {}, documentSymbol: {} }, workspace: { workspaceEdit: {} } }, {}],
		[item({}), {}],
		[item({ snippetSupport: true }), { snippets: true }],
		[item({ insertReplaceSupport: true }), { insertReplace: true }],
		[item({ documentationFormat: ["plaintext", "markdown"] }), { markdown: true }],
		[item({ documentationFormat: ["plaintext"] }), {}],
		[item({ snippetSupport: false, insertReplaceSupport: false }), {}],
		[{ textDocument: { foldingRange: { lineFoldingOnly: true } } }, { lineFoldingOnly: true }],
		[{ textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } } }, { hierarchicalSymbols: true }],
		[action({ dataSupport: true, resolveSupport: { properties: ["edit"] } }), { lateEdits: true }],
		[action({ dataSupport: true, resolveSupport: { properties: ["command"] } }), {}],
		[action({ dataSupport: true }), {}],
		[action({ resolveSupport: { properties: ["edit"] } }), {}],
		[edit({ documentChanges: true }), { documentChanges: true }],
		[edit({ documentChanges: true, resourceOperations: ["delete"] }), { documentChanges: true }],
		[edit({ documentChanges: true, resourceOperations: ["create"] }), { documentChanges: true, createFiles: true }],
		[edit({ documentChanges: true, snippetEditSupport: true }), { documentChanges: true, snippetEdits: true }],
		[edit({ documentChanges: true, changeAnnotationSupport: {} }), { documentChanges: true, changeAnnotations: true }],
		[edit({ snippetEditSupport: true, changeAnnotationSupport: {} }), {}],
		[edit({ resourceOperations: ["create"] }), {}],
		[edit({ resourceOperations: ["rename"] }), { renameFiles: true }],
	])("%j", (client, abilities) => {
		expect(clientAbilities(client)).toEqual({ ...none, ...abilities });
	});
});
