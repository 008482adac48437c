/**
 * Every feature of the product as a function of a workspace: what editors, commands and agents stand on that do not speak the
 * Language Server Protocol. Positions and answers are the protocol's.
 */
import type {
	CodeAction,
	CompletionItem,
	Definition,
	Diagnostic,
	DocumentHighlight,
	DocumentSymbol,
	FormattingOptions,
	Hover,
	Location,
	Position,
	Range,
	SignatureHelp,
	SymbolInformation,
	TextEdit,
	WorkspaceEdit,
} from "vscode-languageserver-types";
import { type CheckedDiagnostic, checkFiles, type ExpandedFile, expandFile, type TestedFile, testFiles } from "./features/check.ts";
import { codeActions } from "./features/code-actions.ts";
import { completion } from "./features/completion.ts";
import { definition } from "./features/definition.ts";
import { reportedDiagnostics, toProtocol } from "./features/diagnostics.ts";
import { documentHighlight } from "./features/document-highlight.ts";
import { documentSymbols } from "./features/document-symbols.ts";
import { expanded } from "./features/expanded.ts";
import { exposure } from "./features/exposure.ts";
import { type FixedFiles, fixFiles } from "./features/fix-files.ts";
import { formatting } from "./features/formatting.ts";
import { hover } from "./features/hover.ts";
import { packetChanges } from "./features/packet-changes.ts";
import { changedConnections, matrixView, policyTests, traceView } from "./features/policy-view.ts";
import { references } from "./features/references.ts";
import { rename } from "./features/rename.ts";
import type { ClientAbilities, Session } from "./features/session.ts";
import { signatureHelp } from "./features/signature-help.ts";
import { topologyPicture } from "./features/topology.ts";
import { upgradeOf } from "./features/upgrade.ts";
import { type HostFolder, hostPlace } from "./host/folder.ts";
import { Documents } from "./project/documents.ts";
import { languageOf } from "./project/languages.ts";
import type { SourceFile } from "./project/source-file.ts";
import type {
	ChangedConnection,
	Expanded,
	ExposureView,
	MatrixView,
	PacketChanges,
	PolicyTestItem,
	ServerSettings,
	TopologyPicture,
	TraceParams,
	TraceView,
	UpgradeView,
} from "./protocol.ts";
import type { LanguageId } from "./text/language.ts";
import type { Translations } from "./text/message.ts";
import type { Release } from "./text/vocabulary.ts";
import type { Workspace } from "./workspace.ts";

export interface LanguageServiceOptions {
	readonly settings?: ServerSettings;
	/** Texts in the reader's language; English without. */
	readonly translations?: Translations;
	/** What the reader of the answers can take; without, plain text and no snippets. */
	readonly client?: Partial<ClientAbilities>;
}

/**
 * Answers about files by their URIs: those that were opened, and others of the same hosts, which are read from the workspace.
 * About a file that is in none of the languages or that cannot be read, the answers are empty.
 */
export interface LanguageService {
	/** Takes a text for what the file is from now on; its language follows from its name where none is given. */
	open(uri: string, text: string, language?: LanguageId): void;
	/** From now on the file is what the workspace has. */
	close(uri: string): Promise<void>;
	/** Reads again what has changed in the workspace. */
	changed(uris: readonly string[]): Promise<void>;

	/** What is wrong in a file, also as the host's other files show it, once all of it has been found. */
	diagnostics(uri: string): Promise<readonly Diagnostic[]>;
	completion(uri: string, position: Position): Promise<readonly CompletionItem[]>;
	hover(uri: string, position: Position): Promise<Hover | null>;
	signatureHelp(uri: string, position: Position): Promise<SignatureHelp | null>;
	definition(uri: string, position: Position): Promise<Definition>;
	references(uri: string, position: Position): Promise<readonly Location[]>;
	highlights(uri: string, position: Position): Promise<readonly DocumentHighlight[]>;
	symbols(uri: string): Promise<readonly (DocumentSymbol | SymbolInformation)[]>;
	/** Fixes and refactorings at a range. */
	codeActions(uri: string, range: Range): Promise<readonly CodeAction[]>;
	/** @throws Refusal where the name cannot be changed, or not to that one */
	rename(uri: string, position: Position, name: string): Promise<WorkspaceEdit | null>;
	format(uri: string, options: FormattingOptions): Promise<readonly TextEdit[]>;

	/** The ruleset that pfctl would load, or the commands that netstart would run. */
	expanded(uri: string): Promise<Expanded | null>;
	/** What becomes of a connection on the host of a file, place by place and rule by rule; null where an end is not understood. */
	trace(uri: string, question: Omit<TraceParams, "uri">): Promise<TraceView | null>;
	/** Who reaches whom on the host of a file. */
	reachability(uri: string): Promise<MatrixView | null>;
	/** The connections that the host treats otherwise than with these texts before, by URI; null for a file that was not there. */
	changes(uri: string, before: ReadonlyMap<string, string | null>): Promise<readonly ChangedConnection[] | null>;
	/** What pf does otherwise with packets than with these texts before; null where nothing is known of the file. */
	packetChanges(uri: string, before: ReadonlyMap<string, string | null>): Promise<PacketChanges | null>;
	/** What the outside may reach on the host of a file; null where the host has no rules. */
	exposure(uri: string): Promise<ExposureView | null>;
	/** The picture of a host: its interfaces, switches and guests, with what is wrong where. @param etc the folder that stands for its /etc */
	topology(etc: string): Promise<TopologyPicture>;
	/** What becomes of the policy tests of a file. */
	policyTests(uri: string): Promise<readonly PolicyTestItem[] | null>;

	/**
	 * What is wrong in many files as the workspace has them, by URI and host by host, with what could not be read.
	 * @param onHost called when a host has been checked
	 */
	checkFiles(uris: readonly string[], onHost?: () => void): Promise<ReadonlyMap<string, readonly CheckedDiagnostic[]>>;
	/** What becomes of the policy tests of such files; one that cannot be read is left out. */
	testFiles(uris: readonly string[]): Promise<readonly TestedFile[]>;
	/** Such files with the fixes that need no judgement. */
	fixFiles(uris: readonly string[]): Promise<FixedFiles>;
	/** What the host makes of one, and why its program refuses it; null where it reads the file as it is, undefined where it cannot be read. */
	expandFile(uri: string): Promise<ExpandedFile | null | undefined>;
	/** What another release makes of a host's files; null where there are none. @param from the host's own release where it is left out */
	upgrade(host: HostFolder, releases: { readonly from: Release | undefined; readonly to: Release }): Promise<UpgradeView | null>;
}

const PLAIN: ClientAbilities = {
	snippets: false,
	markdown: false,
	lineFoldingOnly: false,
	documentChanges: true,
	createFiles: false,
	renameFiles: false,
	hierarchicalSymbols: true,
};

/** @param workspace reads the files that are not open; its folders are looked through for openbsd-vnet.json */
export function createLanguageService(workspace: Workspace, options: LanguageServiceOptions = {}): LanguageService {
	const { settings = {}, translations, client } = options;
	const documents = new Documents(workspace);
	const session: Session = {
		files: documents,
		settings,
		client: { ...PLAIN, ...client },
		...(translations === undefined ? {} : { translations }),
	};
	let lists: Promise<void> | undefined;

	/** Answers about a file, once the others of its host have been read. */
	async function about<T>(uri: string, none: T, answer: (file: SourceFile) => T, settled = documents.whenLoaded): Promise<T> {
		lists ??= documents.readHostLists();
		await lists;
		await settled.call(documents, uri);
		const file = documents.file(uri);
		return file === undefined ? none : answer(file);
	}
	const at = (file: SourceFile, position: Position): number => file.lines.offset(position);
	const { whenSettled, whenAnalysed } = documents;

	return {
		open(uri, text, language = languageOf(uri)) {
			if (language !== undefined) documents.open(uri, language, 0, text);
		},
		close: (uri) => documents.close(uri),
		changed: (uris) => documents.changedOnDisk(uris),

		diagnostics: (uri) =>
			about<readonly Diagnostic[]>(
				uri,
				[],
				(file) => reportedDiagnostics(session, file).map((one) => toProtocol(session, file, one)),
				whenAnalysed,
			),
		completion: (uri, position) =>
			about<readonly CompletionItem[]>(uri, [], (file) => completion(session, file, at(file, position)).items, whenSettled),
		hover: (uri, position) => about(uri, null, (file) => hover(session, file, at(file, position)), whenSettled),
		signatureHelp: (uri, position) => about(uri, null, (file) => signatureHelp(session, file, at(file, position))),
		definition: (uri, position) => about<Definition>(uri, [], (file) => definition(session, file, at(file, position)), whenSettled),
		references: (uri, position) =>
			about<readonly Location[]>(uri, [], (file) => references(session, file, at(file, position), true), whenSettled),
		highlights: (uri, position) =>
			about<readonly DocumentHighlight[]>(uri, [], (file) => documentHighlight(session, file, at(file, position))),
		symbols: (uri) => about<readonly (DocumentSymbol | SymbolInformation)[]>(uri, [], (file) => documentSymbols(session, file)),
		codeActions: (uri, range) =>
			about<readonly CodeAction[]>(uri, [], (file) => codeActions(session, file, file.lines.span(range), undefined), whenAnalysed),
		rename: (uri, position, name) => about(uri, null, (file) => rename(session, file, at(file, position), name), whenSettled),
		format: (uri, how) => about<readonly TextEdit[]>(uri, [], (file) => formatting(session, file, how)),

		expanded: (uri) => about(uri, null, (file) => expanded(session, file), whenSettled),
		trace: (uri, question) => about(uri, null, (file) => traceView(session, file, question), whenSettled),
		reachability: (uri) => about(uri, null, (file) => matrixView(session, file), whenSettled),
		changes: (uri, before) => about(uri, null, (file) => changedConnections(session, file, textsByPath(before)), whenSettled),
		exposure: (uri) => about(uri, null, (file) => exposure(session, file) ?? null, whenSettled),
		packetChanges: (uri, before) => about(uri, null, (file) => packetChanges(session, file, textsByPath(before)), whenSettled),
		topology: async (etc) => {
			lists ??= documents.readHostLists();
			await lists;
			await documents.whenHostSettled(etc);
			const { id, host } = await documents.hostAt(etc);
			return topologyPicture(session, id, host);
		},
		policyTests: (uri) => about(uri, null, (file) => policyTests(session, file, true), whenSettled),

		checkFiles: (uris, onHost) => checkFiles(workspace, uris, translations, onHost),
		testFiles: (uris) => testFiles(workspace, uris, translations),
		fixFiles: (uris) => fixFiles(workspace, uris, translations),
		expandFile: (uri) => expandFile(workspace, uri),
		upgrade: (host, releases) => upgradeOf(workspace, host, releases, translations),
	};
}

function textsByPath(texts: ReadonlyMap<string, string | null>): ReadonlyMap<string, string | null> {
	return new Map([...texts].map(([uri, text]) => [hostPlace(uri).path, text]));
}
