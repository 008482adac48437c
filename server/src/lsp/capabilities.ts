/** What the server offers, and what it can expect of the editor. docs/protocol.md lists every method, with the reasons for those left out. */
import { type ClientCapabilities, MarkupKind, type ServerCapabilities, TextDocumentSyncKind } from "vscode-languageserver";
import { codeActionKinds } from "../features/code-actions.ts";
import { diagnosticSource } from "../features/diagnostics.ts";
import { tokenModifiers, tokenTypes } from "../features/semantic-tokens.ts";
import type { ClientAbilities } from "../features/session.ts";
import { type InitializationOptions, madeScheme } from "../protocol.ts";

/**
 * Signs after which the list opens by itself: the start of a macro, a table, a name, and the places between words. Behind
 * a brace a line may end, and Enter would take a choice instead.
 */
const triggers = ["$", "<", '"', "(", ":", " ", "/"];

/**
 * Whether the client pulls diagnostics. One that cannot be told to pull again would never see what shows later or follows from
 * other files: to that one, they are pushed.
 */
export function pullsDiagnostics({ textDocument, workspace }: ClientCapabilities): boolean {
	return textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true;
}

/** @param options those of our own client */
export function capabilities(client: ClientCapabilities, options: InitializationOptions = {}): ServerCapabilities {
	return {
		positionEncoding: "utf-16",
		textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
		completionProvider: { triggerCharacters: triggers, resolveProvider: true },
		signatureHelpProvider: { triggerCharacters: [" ", "(", ",", "/"] },
		hoverProvider: true,
		definitionProvider: true,
		referencesProvider: true,
		documentHighlightProvider: true,
		renameProvider: client.textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
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
		semanticTokensProvider: {
			legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
			full: { delta: true },
			range: true,
		},
		...(pullsDiagnostics(client)
			? {
					diagnosticProvider: {
						identifier: diagnosticSource,
						interFileDependencies: true,
						workspaceDiagnostics: options.publishesClosedFiles !== true,
						workDoneProgress: true,
					},
				}
			: {}),
		workspace: {
			workspaceFolders: { supported: true, changeNotifications: true },
			textDocumentContent: { schemes: [madeScheme] },
		},
	};
}

export function clientAbilities({ textDocument, workspace }: ClientCapabilities): ClientAbilities {
	const documentation = textDocument?.completion?.completionItem?.documentationFormat ?? [];
	const { codeAction } = textDocument ?? {};
	return {
		snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
		insertReplace: textDocument?.completion?.completionItem?.insertReplaceSupport === true,
		markdown: documentation.includes(MarkupKind.Markdown),
		lineFoldingOnly: textDocument?.foldingRange?.lineFoldingOnly === true,
		documentChanges: workspace?.workspaceEdit?.documentChanges === true,
		createFiles:
			workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.resourceOperations?.includes("create") === true,
		lateEdits: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes("edit") === true,
		renameFiles: workspace?.workspaceEdit?.resourceOperations?.includes("rename") === true,
		snippetEdits: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.snippetEditSupport === true,
		changeAnnotations: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.changeAnnotationSupport !== undefined,
		hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
	};
}
