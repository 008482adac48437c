import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ServerCapabilities } from "vscode-languageserver";
import { capabilities } from "./capabilities.ts";
import { ExpandedRequest, ListFolderRequest, ReadFileRequest, StatusNotification } from "./protocol.ts";
import { serverVersion } from "./version.ts";

const page = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

/** Whether the page says that a method is served. */
const said = new Map<string, string>();
for (const [, methods = "", served = ""] of page.matchAll(/^\| (`[^|]+`) \| ([^|]+?) \|/gm)) {
	for (const [, method = ""] of methods.matchAll(/`([^`]+)`/g)) said.set(method, served);
}

const full = capabilities({ textDocument: { diagnostic: {}, rename: { prepareSupport: true } } });

/** The capability that announces a method. */
const announced: Readonly<Record<string, (server: ServerCapabilities) => unknown>> = {
	"textDocument/didChange": ({ textDocumentSync: sync }) => typeof sync === "object" && sync.change,
	"textDocument/didSave": ({ textDocumentSync: sync }) => typeof sync === "object" && sync.save,
	"textDocument/willSave": ({ textDocumentSync: sync }) => typeof sync === "object" && sync.willSave,
	"notebookDocument/*": ({ notebookDocumentSync }) => notebookDocumentSync,
	"textDocument/diagnostic": ({ diagnosticProvider }) => diagnosticProvider,
	"workspace/diagnostic": ({ diagnosticProvider }) => diagnosticProvider?.workspaceDiagnostics,
	"textDocument/completion": ({ completionProvider }) => completionProvider,
	"completionItem/resolve": ({ completionProvider }) => completionProvider?.resolveProvider,
	"textDocument/hover": ({ hoverProvider }) => hoverProvider,
	"textDocument/signatureHelp": ({ signatureHelpProvider }) => signatureHelpProvider,
	"textDocument/definition": ({ definitionProvider }) => definitionProvider,
	"textDocument/declaration": ({ declarationProvider }) => declarationProvider,
	"textDocument/typeDefinition": ({ typeDefinitionProvider }) => typeDefinitionProvider,
	"textDocument/implementation": ({ implementationProvider }) => implementationProvider,
	"textDocument/references": ({ referencesProvider }) => referencesProvider,
	"textDocument/documentHighlight": ({ documentHighlightProvider }) => documentHighlightProvider,
	"textDocument/rename": ({ renameProvider }) => renameProvider,
	"textDocument/prepareRename": ({ renameProvider }) => typeof renameProvider === "object" && renameProvider.prepareProvider,
	"textDocument/linkedEditingRange": ({ linkedEditingRangeProvider }) => linkedEditingRangeProvider,
	"textDocument/documentSymbol": ({ documentSymbolProvider }) => documentSymbolProvider,
	"workspace/symbol": ({ workspaceSymbolProvider }) => workspaceSymbolProvider,
	"workspaceSymbol/resolve": ({ workspaceSymbolProvider: provider }) => typeof provider === "object" && provider.resolveProvider,
	"textDocument/foldingRange": ({ foldingRangeProvider }) => foldingRangeProvider,
	"textDocument/selectionRange": ({ selectionRangeProvider }) => selectionRangeProvider,
	"textDocument/semanticTokens/full": ({ semanticTokensProvider }) => semanticTokensProvider?.full,
	"textDocument/semanticTokens/range": ({ semanticTokensProvider }) => semanticTokensProvider?.range,
	"textDocument/documentLink": ({ documentLinkProvider }) => documentLinkProvider,
	"documentLink/resolve": ({ documentLinkProvider }) => documentLinkProvider?.resolveProvider,
	"textDocument/codeAction": ({ codeActionProvider }) => codeActionProvider,
	"codeAction/resolve": ({ codeActionProvider }) => typeof codeActionProvider === "object" && codeActionProvider.resolveProvider,
	"textDocument/codeLens": ({ codeLensProvider }) => codeLensProvider,
	"codeLens/resolve": ({ codeLensProvider }) => codeLensProvider?.resolveProvider,
	"textDocument/inlayHint": ({ inlayHintProvider }) => inlayHintProvider,
	"inlayHint/resolve": ({ inlayHintProvider }) => typeof inlayHintProvider === "object" && inlayHintProvider.resolveProvider,
	"textDocument/formatting": ({ documentFormattingProvider }) => documentFormattingProvider,
	"textDocument/rangeFormatting": ({ documentRangeFormattingProvider }) => documentRangeFormattingProvider,
	"textDocument/onTypeFormatting": ({ documentOnTypeFormattingProvider }) => documentOnTypeFormattingProvider,
	"textDocument/prepareCallHierarchy": ({ callHierarchyProvider }) => callHierarchyProvider,
	"textDocument/prepareTypeHierarchy": ({ typeHierarchyProvider }) => typeHierarchyProvider,
	"textDocument/documentColor": ({ colorProvider }) => colorProvider,
	"textDocument/inlineValue": ({ inlineValueProvider }) => inlineValueProvider,
	"textDocument/inlineCompletion": ({ inlineCompletionProvider }) => inlineCompletionProvider,
	"textDocument/moniker": ({ monikerProvider }) => monikerProvider,
	"workspace/executeCommand": ({ executeCommandProvider }) => executeCommandProvider,
	"workspace/didChangeWorkspaceFolders": ({ workspace }) => workspace?.workspaceFolders?.supported,
	"workspace/willRenameFiles": ({ workspace }) => workspace?.fileOperations?.willRename,
	"workspace/didRenameFiles": ({ workspace }) => workspace?.fileOperations?.didRename,
	"workspace/textDocumentContent": ({ workspace }) => workspace?.textDocumentContent,
};

describe("docs/protocol.md agrees with what the server announces", () => {
	for (const [method, of] of Object.entries(announced)) {
		test(method, () => {
			expect(said.get(method)).toBe((of(full) ?? false) === false ? "no" : "yes");
		});
	}

	test("every method of our own is described", () => {
		for (const { method } of [ExpandedRequest, StatusNotification, ReadFileRequest, ListFolderRequest])
			expect(page).toContain(`\`${method}\``);
	});
});

test("diagnostics are announced to clients that pull, and pushed to the others", () => {
	expect(full.diagnosticProvider).toMatchObject({ interFileDependencies: true });
	expect(capabilities({}).diagnosticProvider).toBeUndefined();
});

test("the server's version is the package's", () => {
	const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
	expect(serverVersion).toBe(version);
});
