/** Protocol wiring only: each request is answered by its file in features/. */
import {
	type CancellationToken,
	type Connection,
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	type DocumentDiagnosticReport,
	DocumentDiagnosticReportKind,
	type InitializeParams,
	type InitializeResult,
	LSPErrorCodes,
	type Position,
	type Range,
	ResponseError,
	type SemanticTokens,
	type TextDocumentIdentifier,
} from "vscode-languageserver";
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from "../features/call-hierarchy.ts";
import { codeActions } from "../features/code-actions.ts";
import { codeLenses, resolveCodeLens } from "../features/code-lens.ts";
import { completion, resolveCompletion } from "../features/completion.ts";
import { definition } from "../features/definition.ts";
import { diagnostics } from "../features/diagnostics.ts";
import { documentHighlight } from "../features/document-highlight.ts";
import { documentLinks } from "../features/document-links.ts";
import { documentSymbols, workspaceSymbols } from "../features/document-symbols.ts";
import { Documents } from "../features/documents.ts";
import { expanded } from "../features/expanded.ts";
import type { SourceFile } from "../features/files.ts";
import { foldingRanges } from "../features/folding-ranges.ts";
import { formatting, onTypeFormatting } from "../features/formatting.ts";
import { hover } from "../features/hover.ts";
import { inlayHints } from "../features/inlay-hints.ts";
import { linkedEditing } from "../features/linked-editing.ts";
import { rulesetText } from "../features/live-rules.ts";
import { patternCheck, patternEdits, patternItems, patternQuestion } from "../features/network-patterns.ts";
import { changedConnections, matrixView, policyTests, traceEnds, traceView } from "../features/policy-view.ts";
import { references } from "../features/references.ts";
import { prepareRename, rename } from "../features/rename.ts";
import { selectionRange } from "../features/selection-ranges.ts";
import { semanticTokens, semanticTokensIn, type TokenSnapshot, type TokenUse, updatedTokens } from "../features/semantic-tokens.ts";
import type { Session } from "../features/session.ts";
import { signatureHelp } from "../features/signature-help.ts";
import { TokenSequence } from "../features/token-sequence.ts";
import { topologyPaths, topologyPicture } from "../features/topology.ts";
import { hostListName } from "../host/discover.ts";
import { etcOf, folderOf, hostPlace, uriOnHost } from "../host/folder.ts";
import { liveEdits } from "../host/live-drift.ts";
import {
	DifferenceRequest,
	type ExpandedParams,
	ExpandedRequest,
	HostFilesRequest,
	type HostItem,
	HostsRequest,
	type InitializationOptions,
	LiveEditsRequest,
	type LiveFacts,
	LiveNotification,
	MatrixRequest,
	PatternCheckRequest,
	PatternEditsRequest,
	type PatternParams,
	PatternQuestionRequest,
	PatternsRequest,
	PolicyTestsRequest,
	RulesetRequest,
	type ServerSettings,
	type ServerStatus,
	StatusNotification,
	settingsSection,
	type TopologyParams,
	TopologyPathsRequest,
	type TopologyPicture,
	TopologyRequest,
	TraceEndsRequest,
	type TraceParams,
	TraceRequest,
} from "../protocol.ts";
import type { Translations } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";
import { serverName, serverVersion } from "../version.ts";
import type { Workspace } from "../workspace.ts";
import { capabilities, clientAbilities } from "./capabilities.ts";

/** A push follows the last of a row of keystrokes after this many milliseconds; clients that pull decide themselves. */
const PUSH_DELAY = 100;

/** So many milliseconds a completion waits for the other files of a host that is being read for the first time. */
const COMPLETION_PATIENCE = 30;

/** Long work begins this many milliseconds after the last keystroke. */
const QUIET = 300;

const NEWEST_RELEASE = "7.7";

/** Files that can tell something about a host. */
const watched = ["**/pf.conf", "**/vm.conf", "**/hostname.*", "**/pf.*/**", "**/etc/*", `**/${hostListName}`];

/** Timers of the platform; the package is compiled without the types of Node and the DOM. */
declare function setTimeout(run: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Whether it resolves within so many milliseconds. */
function inTime(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve(false), milliseconds);
		work.then(() => resolve(true), reject).finally(() => clearTimeout(timer));
	});
}

/** The texts of a locale as `initialize` names it, such as `zh-CN`; none for English, or where they are not there. */
export type TranslationsFor = (locale: string | undefined) => Translations | undefined;

/**
 * Serves the languages over `connection`.
 * @param outside reads files that are not open; its folders are replaced by those that the client opens
 * @param translationsFor finds texts for a client that brings none of its own
 */
export function startServer(connection: Connection, outside: Workspace, translationsFor: TranslationsFor = () => undefined): void {
	let folders: readonly string[] = [];
	const workspace: Workspace = {
		get folders() {
			return folders;
		},
		read: (uri) => outside.read(uri),
		list: (uri) => outside.list(uri),
	};
	let client: InitializeParams["capabilities"] = {};
	let options: InitializationOptions = {};
	let translations: Translations | undefined;
	let settings: ServerSettings = {};
	const documents = new Documents(workspace, meaningChanged, inBackground);
	const tokens = new Map<string, TokenSnapshot & { readonly id: string }>();
	let tokenIds = 0;
	let discovered: Promise<void> | undefined;

	function session(): Session {
		return {
			files: documents,
			settings,
			client: clientAbilities(client),
			...(translations === undefined ? {} : { translations }),
			...(options.documentation === undefined ? {} : { documentation: options.documentation }),
		};
	}

	// ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────────

	connection.onInitialize((params): InitializeResult => {
		client = params.capabilities;
		options = (params.initializationOptions as InitializationOptions | undefined) ?? {};
		translations = options.translations ?? translationsFor(params.locale);
		folders = (params.workspaceFolders ?? []).map(({ uri }) => uri.replace(/\/$/, ""));
		return { capabilities: capabilities(client), serverInfo: { name: serverName, version: serverVersion } };
	});

	connection.onInitialized(async () => {
		if (client.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
			await connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
		}
		if (client.workspace?.workspaceFolders === true) followFolders();
		if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
			const watchers = watched.map((globPattern) => ({ globPattern }));
			await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
		}
		await documents.readHostLists();
		await readSettings();
		tellStatus();
	});

	function followFolders(): void {
		connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
			const gone = new Set(removed.map(({ uri }) => uri.replace(/\/$/, "")));
			folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri.replace(/\/$/, ""))];
			discovered = undefined;
			void documents.readHostLists();
		});
	}

	connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
		await readSettings(pushed);
		tellStatus();
	});

	async function readSettings(pushed?: unknown): Promise<void> {
		const own = (pushed as Record<string, unknown> | null | undefined)?.[settingsSection];
		const pulled = client.workspace?.configuration === true ? await connection.workspace.getConfiguration(settingsSection) : own;
		settings = (pulled as ServerSettings | null | undefined) ?? settings;
		const { release = "newest" } = settings;
		documents.setRelease(/^\d+\.\d+$/.test(release) ? (release as Release) : undefined);
		refreshDiagnostics();
		refreshHints();
	}

	function refreshHints(): void {
		if (client.workspace?.inlayHint?.refreshSupport === true) void connection.languages.inlayHint.refresh();
		if (client.workspace?.codeLens?.refreshSupport === true) void connection.sendRequest("workspace/codeLens/refresh");
	}

	function tellStatus(): void {
		const { release = "newest" } = settings;
		const status: ServerStatus = { version: serverVersion, release: release === "newest" ? NEWEST_RELEASE : release };
		void connection.sendNotification(StatusNotification.method, status);
	}

	// ── Documents ──────────────────────────────────────────────────────────────────────────────────────────────────

	connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
		// A file that got another language is closed and opened by the client; one that we do not serve is not kept.
		documents.open(uri, languageId, version, text);
	});
	connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
		documents.change(uri, version, contentChanges),
	);
	connection.onDidCloseTextDocument(async ({ textDocument: { uri } }) => {
		tokens.delete(uri);
		if (!pulls()) void connection.sendDiagnostics({ uri, diagnostics: [] });
		await documents.close(uri);
	});
	connection.onDidChangeWatchedFiles(async ({ changes }) => {
		if (changes.some(({ uri }) => uri.endsWith(`/${hostListName}`))) await documents.readHostLists();
		await documents.changedOnDisk(changes.map(({ uri }) => uri));
	});

	// ── Work that nobody waits for ─────────────────────────────────────────────────────────────────────────────────

	const background = new Map<string, unknown>();

	/** Starts once nothing has been changed for a while, and lets requests in after each portion. */
	function inBackground(key: string, work: () => boolean): void {
		const again = (delay: number): void => {
			background.set(
				key,
				setTimeout(() => {
					if (work()) again(0);
					else background.delete(key);
				}, delay),
			);
		};
		clearTimeout(background.get(key));
		again(QUIET);
	}

	// ── Diagnostics: pulled where the client can, pushed where not ─────────────────────────────────────────────────

	const pending = new Set<string>();
	let timer: unknown;

	function pulls(): boolean {
		return client.textDocument?.diagnostic !== undefined;
	}

	/** Told of every file that has another meaning now; only those are reported anew. */
	function meaningChanged(files: readonly SourceFile[]): void {
		const open = files.filter(({ version }) => version !== null);
		if (open.length === 0) return;
		if (pulls()) {
			// The client pulls a file that it changed itself; it cannot know of those that follow from another file.
			if (open.length > 1 || files.length > 1) refreshDiagnostics();
			return;
		}
		for (const { uri } of open) pending.add(uri);
		clearTimeout(timer);
		timer = setTimeout(() => {
			const uris = [...pending];
			pending.clear();
			for (const uri of uris) void push(uri);
		}, PUSH_DELAY);
	}

	async function push(uri: string): Promise<void> {
		if (!documents.isOpen(uri)) return;
		await documents.whenSettled(uri);
		const file = documents.file(uri);
		if (file === undefined || file.version === null) return;
		await connection.sendDiagnostics({ uri, version: file.version, diagnostics: diagnostics(session(), file) });
	}

	function refreshDiagnostics(): void {
		if (!pulls()) {
			meaningChanged(documents.all());
			return;
		}
		if (client.workspace?.diagnostics?.refreshSupport === true) connection.languages.diagnostics.refresh();
	}

	/** The last answer for each file: one that stays the same is not sent again. */
	const reports = new Map<
		string,
		{
			readonly id: string;
			readonly file: SourceFile;
			readonly revision: unknown;
			readonly settings: ServerSettings;
			readonly items: string;
		}
	>();
	let reportIds = 0;

	connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }): Promise<DocumentDiagnosticReport> => {
		await documents.whenSettled(uri);
		const file = documents.file(uri);
		if (file === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
		const last = reports.get(uri);
		const held = last !== undefined && last.id === previousResultId;
		const revision = documents.revision(file);
		if (held && last.file === file && last.revision === revision && last.settings === settings)
			return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: last.id };
		const items = diagnostics(session(), file);
		const text = JSON.stringify(items);
		const id = held && last.items === text ? last.id : String(++reportIds);
		reports.set(uri, { id, file, revision, settings, items: text });
		if (held && last.id === id) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
		return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
	});

	// ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────────

	/** Answers for a document; `none` where it is not known. With `loaded`, the rest of its host is read before. */
	async function answer<T>(
		{ textDocument: { uri } }: { readonly textDocument: TextDocumentIdentifier },
		token: CancellationToken,
		none: T,
		make: (file: SourceFile, session: Session) => T,
		{ loaded = false } = {},
	): Promise<T> {
		if (loaded && documents.isOpen(uri)) await documents.whenLoaded(uri);
		const file = documents.file(uri);
		if (file === undefined) return none;
		if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "");
		return make(file, session());
	}

	const at = (file: SourceFile, position: Position) => file.lines.offset(position);
	const within = (file: SourceFile, range: Range) => file.lines.span(range);
	const host = { loaded: true };

	connection.onCompletion(async (params, token) => {
		// The first answer must not wait for a file system; the client asks again at the next letter, and gets the other files' names.
		const { uri } = params.textDocument;
		const isIncomplete = documents.isOpen(uri) && !(await inTime(documents.whenLoaded(uri), COMPLETION_PATIENCE));
		return answer(params, token, null, (file, session) => ({ ...completion(session, file, at(file, params.position)), isIncomplete }));
	});
	connection.onCompletionResolve((item) => resolveCompletion(session(), item));
	connection.onHover((params, token) =>
		answer(params, token, null, (file, session) => hover(session, file, at(file, params.position)), host),
	);
	connection.onDefinition((params, token) =>
		answer(params, token, [], (file, session) => definition(session, file, at(file, params.position)), host),
	);
	connection.onReferences((params, token) =>
		answer(
			params,
			token,
			[],
			(file, session) => references(session, file, at(file, params.position), params.context.includeDeclaration),
			host,
		),
	);
	connection.onDocumentHighlight((params, token) =>
		answer(params, token, [], (file, session) => documentHighlight(session, file, at(file, params.position))),
	);
	connection.onPrepareRename((params, token) =>
		answer(params, token, null, (file, session) => prepareRename(session, file, at(file, params.position)), host),
	);
	connection.onRenameRequest((params, token) =>
		answer(params, token, null, (file, session) => rename(session, file, at(file, params.position), params.newName), host),
	);
	connection.languages.onLinkedEditingRange((params, token) =>
		answer(params, token, null, (file, session) => linkedEditing(session, file, at(file, params.position)), host),
	);
	connection.onDocumentSymbol((params, token) => answer(params, token, [], (file, session) => documentSymbols(session, file)));
	connection.onWorkspaceSymbol(async ({ query }) => {
		discovered ??= documents.discover();
		await discovered;
		return workspaceSymbols(session(), query);
	});
	connection.onFoldingRanges((params, token) => answer(params, token, [], (file) => foldingRanges(file)));
	connection.onSelectionRanges((params, token) =>
		answer(params, token, [], (file) => params.positions.map((position) => selectionRange(file, at(file, position)))),
	);
	connection.onDocumentLinks((params, token) => answer(params, token, [], (file, session) => documentLinks(session, file), host));
	connection.onCodeAction((params, token) =>
		answer(params, token, [], (file, session) => codeActions(session, file, within(file, params.range), params.context.only), host),
	);

	connection.onSignatureHelp((params, token) =>
		answer(params, token, null, (file, session) => signatureHelp(session, file, at(file, params.position))),
	);
	connection.languages.inlayHint.on((params, token) =>
		answer(params, token, [], (file, session) => inlayHints(session, file, within(file, params.range)), host),
	);
	connection.onCodeLens((params, token) => answer(params, token, [], (file, session) => codeLenses(session, file), host));
	connection.onCodeLensResolve((lens) => resolveCodeLens(session(), lens));
	connection.onDocumentFormatting((params, token) =>
		answer(params, token, [], (file, session) => formatting(session, file, params.options)),
	);
	connection.onDocumentRangeFormatting((params, token) =>
		answer(params, token, [], (file, session) => formatting(session, file, params.options, within(file, params.range))),
	);
	connection.onDocumentOnTypeFormatting((params, token) =>
		answer(params, token, [], (file, session) => onTypeFormatting(session, file, at(file, params.position), params.ch, params.options)),
	);
	connection.languages.callHierarchy.onPrepare((params, token) =>
		answer(params, token, null, (file, session) => prepareCallHierarchy(session, file, at(file, params.position)), host),
	);
	connection.languages.callHierarchy.onIncomingCalls(({ item }) => incomingCalls(session(), item));
	connection.languages.callHierarchy.onOutgoingCalls(({ item }) => outgoingCalls(session(), item));
	connection.onRequest(ExpandedRequest.method, ({ uri }: ExpandedParams, token: CancellationToken) =>
		answer({ textDocument: { uri } }, token, null, (file, session) => expanded(session, file), host),
	);

	connection.onRequest(HostsRequest.method, async (): Promise<readonly HostItem[]> => {
		const hosts = await documents.hosts();
		return hosts.map((host) => ({
			name: host.name,
			etc: etcOf(host),
			...(host.ssh === undefined ? {} : { ssh: host.ssh }),
			...(host.deploy === undefined ? {} : { deploy: host.deploy }),
		}));
	});
	connection.onRequest(PatternsRequest.method, () => patternItems(session()));
	connection.onRequest(PatternQuestionRequest.method, async (params: PatternParams) =>
		patternQuestion(session(), (await documents.hostAt(params.etc)).host, params),
	);
	connection.onRequest(PatternCheckRequest.method, async ({ id, answer, ...params }: PatternParams & { id: string; answer: string }) =>
		patternCheck(session(), (await documents.hostAt(params.etc)).host, params, id, answer),
	);
	connection.onRequest(PatternEditsRequest.method, async (params: PatternParams) => {
		const { id, host } = await documents.hostAt(params.etc, { reread: true });
		return patternEdits(session(), id, host, params);
	});

	// ── Running hosts ──────────────────────────────────────────────────────────────────────────────────────────────

	connection.onNotification(LiveNotification.method, ({ hosts }: { readonly hosts: readonly LiveFacts[] }) => {
		documents.setLive(hosts);
		if (pulls()) refreshDiagnostics();
		refreshHints();
	});
	connection.onRequest(LiveEditsRequest.method, async ({ etc }: { readonly etc: string }) => {
		await documents.whenLoaded(`${etc}/pf.conf`);
		const [first] = documents.onHost(etc);
		const live = first === undefined ? undefined : documents.live(first);
		if (first === undefined || live === undefined) return [];
		const model = documents.hostModel(first);
		return documents.onHost(etc).flatMap((file) => {
			const edits = liveEdits(model, live, file).map(({ span, text }) => ({ range: file.lines.range(span), newText: text }));
			return edits.length === 0 ? [] : [{ uri: file.uri, edits }];
		});
	});
	connection.onRequest(RulesetRequest.method, async ({ etc }: { readonly etc: string }) => {
		await documents.whenSettled(`${etc}/pf.conf`);
		const [first] = documents.onHost(etc);
		const pf = first === undefined ? undefined : documents.hostModel(first).pf;
		return pf === undefined ? null : { text: rulesetText(pf) };
	});

	connection.onRequest(TopologyRequest.method, async ({ etc }: TopologyParams): Promise<TopologyPicture> => {
		await documents.whenHostSettled(etc);
		const { id, host } = await documents.hostAt(etc);
		return topologyPicture(session(), id, host);
	});
	connection.onRequest(TopologyPathsRequest.method, async ({ etc, from, to }: TopologyParams & { from: string; to: string }) =>
		topologyPaths((await documents.hostAt(etc)).host, from, to),
	);
	// ── What pf does ───────────────────────────────────────────────────────────────────────────────────────────────

	/** Answers about the host of a file, open or not, once all its files have been read. */
	async function onHost<T>(uri: string, make: (file: SourceFile, session: Session) => T): Promise<T | null> {
		await documents.whenSettled(uri);
		const file = documents.file(uri);
		return file === undefined ? null : make(file, session());
	}

	connection.onRequest(TraceRequest.method, ({ uri, ...flow }: TraceParams) =>
		onHost(uri, (file, session) => traceView(session, file, flow)),
	);
	connection.onRequest(TraceEndsRequest.method, ({ uri, position }: { uri: string; position?: Position }) =>
		onHost(uri, (file, session) => traceEnds(session, file, position && at(file, position))),
	);
	connection.onRequest(PolicyTestsRequest.method, ({ uri, run }: { uri: string; run: boolean }) =>
		onHost(uri, (file, session) => policyTests(session, file, run)),
	);
	connection.onRequest(MatrixRequest.method, ({ uri }: { uri: string }) => onHost(uri, (file, session) => matrixView(session, file)));
	connection.onRequest(
		DifferenceRequest.method,
		({ uri, before }: { uri: string; before: readonly { readonly uri: string; readonly text: string | null }[] }) =>
			onHost(uri, (file, session) => changedConnections(session, file, new Map(before.map((one) => [hostPlace(one.uri).path, one.text])))),
	);
	connection.onRequest(HostFilesRequest.method, async ({ uri }: { uri: string }) => {
		const paths = await onHost(uri, (file) =>
			documents.hostPaths(file).flatMap((path) => uriOnHost(folderOf(file.identity.host), path) ?? []),
		);
		return paths ?? [];
	});

	const noTokens: SemanticTokens = { data: [] };
	const use = (): TokenUse => ({ grammars: options.hasGrammars === true });
	const keep = (file: SourceFile, data: TokenSequence): string => {
		const id = String(++tokenIds);
		tokens.set(file.uri, { id, file, data });
		return id;
	};
	connection.languages.semanticTokens.on((params, token) =>
		answer(params, token, noTokens, (file) => {
			const data = semanticTokens(file, undefined, use());
			return { resultId: keep(file, TokenSequence.of(data)), data: [...data] };
		}),
	);
	connection.languages.semanticTokens.onDelta((params, token) =>
		answer<SemanticTokens | { resultId: string; edits: { start: number; deleteCount: number; data?: number[] }[] }>(
			params,
			token,
			noTokens,
			(file) => {
				const before = tokens.get(file.uri);
				if (before === undefined || before.id !== params.previousResultId) {
					const data = semanticTokens(file, undefined, use());
					return { resultId: keep(file, TokenSequence.of(data)), data: [...data] };
				}
				const { data, edits } = updatedTokens(before, file, use());
				return { resultId: keep(file, data), edits };
			},
		),
	);
	connection.languages.semanticTokens.onRange((params, token) =>
		answer(params, token, noTokens, (file) => ({ data: [...semanticTokensIn(file, within(file, params.range), use())] })),
	);

	connection.listen();
}
