/** The protocol's requests: each is answered by its file in features/. */
import {
	CallHierarchyIncomingCallsRequest,
	CallHierarchyOutgoingCallsRequest,
	CallHierarchyPrepareRequest,
	CodeActionRequest,
	CodeActionResolveRequest,
	CodeLensRequest,
	CodeLensResolveRequest,
	CompletionRequest,
	CompletionResolveRequest,
	DocumentFormattingRequest,
	DocumentHighlightRequest,
	DocumentLinkRequest,
	DocumentOnTypeFormattingRequest,
	DocumentRangeFormattingRequest,
	DocumentSymbolRequest,
	FoldingRangeRequest,
	HoverRequest,
	InlayHintRequest,
	LinkedEditingRangeRequest,
	type Position,
	PrepareRenameRequest,
	type Range,
	ReferencesRequest,
	RenameRequest,
	SelectionRangeRequest,
	SignatureHelpRequest,
	WorkspaceSymbolRequest,
} from "vscode-languageserver";
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from "../features/call-hierarchy.ts";
import { codeActions, fileOfAction, resolveCodeAction } from "../features/code-actions.ts";
import { codeLenses, resolveCodeLens } from "../features/code-lens.ts";
import { completion, resolveCompletion } from "../features/completion.ts";
import { documentHighlight } from "../features/document-highlight.ts";
import { documentLinks } from "../features/document-links.ts";
import { documentSymbols, workspaceSymbols } from "../features/document-symbols.ts";
import { foldingRanges } from "../features/folding-ranges.ts";
import { formatting, onTypeFormatting } from "../features/formatting.ts";
import { hover } from "../features/hover.ts";
import { inlayHints } from "../features/inlay-hints.ts";
import { linkedEditing } from "../features/linked-editing.ts";
import { references } from "../features/references.ts";
import { prepareRename, rename } from "../features/rename.ts";
import { selectionRange } from "../features/selection-ranges.ts";
import { localize } from "../features/session.ts";
import { signatureHelp } from "../features/signature-help.ts";
import type { SourceFile } from "../project/source-file.ts";
import { msg } from "../text/message.ts";
import { inTime } from "./background.ts";
import { aboutDocument, documentRoute, type Route, route } from "./route.ts";

/** So many milliseconds a completion waits for the other files of a host that is being read for the first time. */
const COMPLETION_PATIENCE = 30;

const at = (file: SourceFile, position: Position) => file.lines.offset(position);
const within = (file: SourceFile, range: Range) => file.lines.span(range);
/** The answer needs the other files of the host. */
const host = { loaded: true };

export const requests = {
	completion: route(CompletionRequest.type, async (state, params, token) => {
		const { documents } = state;
		// The first answer must not wait for a file system; the client asks again at the next letter, and gets the other files' names.
		const { uri } = params.textDocument;
		const isIncomplete = documents.isOpen(uri) && !(await inTime(documents.whenLoaded(uri), COMPLETION_PATIENCE));
		return aboutDocument(state, params.textDocument, token, null, (file, session) => ({
			...completion(session, file, at(file, params.position)),
			isIncomplete,
		}));
	}),
	completionResolve: route(CompletionResolveRequest.type, (state, item) => resolveCompletion(state.session(), item)),
	hover: documentRoute(HoverRequest.type, null, (file, session, { position }) => hover(session, file, at(file, position)), host),
	signatureHelp: documentRoute(SignatureHelpRequest.type, null, (file, session, { position }) =>
		signatureHelp(session, file, at(file, position)),
	),

	references: documentRoute(
		ReferencesRequest.type,
		[],
		(file, session, { position, context }) => references(session, file, at(file, position), context.includeDeclaration),
		host,
	),
	documentHighlight: documentRoute(DocumentHighlightRequest.type, [], (file, session, { position }) =>
		documentHighlight(session, file, at(file, position)),
	),
	documentSymbol: documentRoute(DocumentSymbolRequest.type, [], (file, session) => documentSymbols(session, file)),
	workspaceSymbol: route(WorkspaceSymbolRequest.type, async (state, { query }) => {
		await state.whenDiscovered();
		return workspaceSymbols(state.session(), query);
	}),
	documentLink: documentRoute(DocumentLinkRequest.type, [], (file, session) => documentLinks(session, file), host),
	callHierarchy: documentRoute(
		CallHierarchyPrepareRequest.type,
		null,
		(file, session, { position }) => prepareCallHierarchy(session, file, at(file, position)),
		host,
	),
	incomingCalls: route(CallHierarchyIncomingCallsRequest.type, (state, { item }) => incomingCalls(state.session(), item)),
	outgoingCalls: route(CallHierarchyOutgoingCallsRequest.type, (state, { item }) => outgoingCalls(state.session(), item)),

	prepareRename: documentRoute(
		PrepareRenameRequest.type,
		null,
		(file, session, { position }) => prepareRename(session, file, at(file, position)),
		host,
	),
	rename: documentRoute(
		RenameRequest.type,
		null,
		(file, session, { position, newName }) => rename(session, file, at(file, position), newName),
		host,
	),
	linkedEditing: documentRoute(
		LinkedEditingRangeRequest.type,
		null,
		(file, session, { position }) => linkedEditing(session, file, at(file, position)),
		host,
	),
	codeAction: documentRoute(
		CodeActionRequest.type,
		[],
		(file, session, { range, context }) => codeActions(session, file, within(file, range), context.only),
		host,
	),
	codeActionResolve: route(CodeActionResolveRequest.type, async (state, action) => {
		const uri = fileOfAction(action);
		if (uri !== undefined) await state.documents.whenAnalysed(uri);
		const resolved = resolveCodeAction(state.session(), action);
		if (resolved.edit === undefined) {
			const text = localize(state.session(), msg("The files have changed since: '{0}' is not needed any more.", action.title));
			state.background.start("Telling of a fix", () => state.connection.window.showInformationMessage(text));
		}
		return resolved;
	}),
	formatting: documentRoute(DocumentFormattingRequest.type, [], (file, session, { options }) => formatting(session, file, options)),
	rangeFormatting: documentRoute(DocumentRangeFormattingRequest.type, [], (file, session, { options, range }) =>
		formatting(session, file, options, within(file, range)),
	),
	onTypeFormatting: documentRoute(DocumentOnTypeFormattingRequest.type, [], (file, session, { position, ch, options }) =>
		onTypeFormatting(session, file, at(file, position), ch, options),
	),

	foldingRange: documentRoute(FoldingRangeRequest.type, [], (file) => foldingRanges(file)),
	selectionRange: documentRoute(SelectionRangeRequest.type, [], (file, _, { positions }) =>
		positions.map((position) => selectionRange(file, at(file, position))),
	),
	inlayHint: documentRoute(InlayHintRequest.type, [], (file, session, { range }) => inlayHints(session, file, within(file, range)), host),
	codeLens: documentRoute(CodeLensRequest.type, [], (file, session) => codeLenses(session, file), host),
	codeLensResolve: route(CodeLensResolveRequest.type, (state, lens) => resolveCodeLens(state.session(), lens)),
} satisfies Record<string, Route>;
