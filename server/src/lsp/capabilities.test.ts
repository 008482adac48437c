import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ServerCapabilities } from "vscode-languageserver";
import * as protocol from "vscode-languageserver";
import * as ours from "../protocol.ts";
import { serverVersion } from "../version.ts";
import { capabilities } from "./capabilities.ts";
import { ownRoutes } from "./custom.ts";

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");

/** Whether the page says that a method is served. */
const said = new Map<string, string>();
for (const [, methods = "", served = ""] of page.matchAll(/^\| (`[^|]+`) \| ([^|]+?) \|/gm)) {
	for (const [, method = ""] of methods.matchAll(/`([^`]+)`/g)) said.set(method, served);
}

const full = capabilities({
	workspace: { diagnostics: { refreshSupport: true } },
	textDocument: { diagnostic: {}, rename: { prepareSupport: true } },
});

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

/** The methods that a module's types of requests and notifications name. */
function methodsIn(module: object): readonly string[] {
	const found = new Set<string>();
	const look = (value: unknown) => {
		if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
		const method = Reflect.get(value, "method");
		if (typeof method === "string") found.add(method);
	};
	for (const value of Object.values(module)) {
		look(value);
		// A namespace holds its type.
		if (value !== null && (typeof value === "object" || typeof value === "function")) for (const inner of Object.values(value)) look(inner);
	}
	return [...found];
}

describe("docs/protocol.md agrees with what the server announces", () => {
	for (const [method, of] of Object.entries(announced)) {
		test(method, () => {
			expect(said.get(method)).toBe((of(full) ?? false) === false ? "no" : "yes");
		});
	}

	test("every method of our own is described", () => {
		const own = [...methodsIn(ours), ...methodsIn(ownRoutes)].filter((method) => method.startsWith("openbsdVnet/"));
		expect(own.length).toBeGreaterThan(10);
		expect(own.filter((method) => !page.includes(`\`${method}\``))).toEqual([]);
	});

	test("every method of the protocol is listed", () => {
		// What registers for several methods is none itself; those of notebooks stand in one row; the library has a placeholder.
		const groups = /^(method|textDocument\/semanticTokens|notebookDocument\/.*)$/;
		const all = methodsIn(protocol).filter((method) => !groups.test(method));
		expect(all.length).toBeGreaterThan(80);
		expect(all.filter((method) => !said.has(method))).toEqual([]);
	});
});

test("diagnostics are announced to clients that pull, and pushed to the others", () => {
	expect(full.diagnosticProvider).toMatchObject({ interFileDependencies: true });
	expect(capabilities({}).diagnosticProvider).toBeUndefined();
});

test("the server's version is the package's", () => {
	const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
	expect(serverVersion).toBe(version);
});
