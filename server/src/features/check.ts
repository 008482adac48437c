/** What the command line reports of files: the same diagnostics as the editor shows. */
import type { Range } from "vscode-languageserver-types";
import { hostPlace } from "../host/folder.ts";
import { isPolicyTests } from "../policy/policy-tests.ts";
import { isAddressFile } from "../project/address-list.ts";
import { Documents } from "../project/documents.ts";
import { languageOf, languages } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { Expanded } from "../protocol.ts";
import type { Diagnostic, Severity } from "../text/diagnostic.ts";
import { render, type Translations } from "../text/message.ts";
import { type NotRead, notReadMessage, type Workspace } from "../workspace.ts";
import { bounded, type LeftOutCounts } from "./bounded-diagnostics.ts";
import { diagnosticText, reportedDiagnostics, toProtocol } from "./diagnostics.ts";
import { expanded } from "./expanded.ts";
import { type TestedExpectation, testedExpectations } from "./policy-test-report.ts";
import type { Session } from "./session.ts";

export interface CheckedDiagnostic {
	readonly severity: Severity;
	readonly code: string;
	readonly message: string;
	/** Lines and characters from 0, in UTF-16 units. */
	readonly range: Range;
	/** Of one that stands for others, which are not shown: how many of each severity. */
	readonly leftOut?: LeftOutCounts;
	readonly relatedInformation?: readonly { readonly location: { readonly uri: string; readonly range: Range }; readonly message: string }[];
}

/** True for the names of files in one of the languages. */
export function isConfigurationFile(uri: string): boolean {
	return languageOf(uri) !== undefined;
}

/**
 * The diagnostics of files, by URI and host by host. Files of one host see each other.
 * @param workspace its folders are looked through for openbsd-vnet.json
 * @param uris files in one of the languages (`isConfigurationFile`); one that cannot be read is left out
 * @param translations the texts of the reader's language; English without
 * @param onHost called when a host has been checked
 */
export async function checkFiles(
	workspace: Workspace,
	uris: readonly string[],
	translations?: Translations,
	onHost?: () => void,
): Promise<ReadonlyMap<string, readonly CheckedDiagnostic[]>> {
	const checked = new Map<string, readonly CheckedDiagnostic[]>();
	const unread = new Map<string, NotRead>();
	for (const own of filesByHost(uris)) {
		const documents = await documentsOf(workspace, own);
		const session = plainSession(documents, translations);
		for (const uri of own) {
			const file = await analysed(documents, uri);
			if (file === undefined) {
				const reason = await workspace.notRead?.(uri);
				if (reason !== undefined && reason !== "folder") unread.set(uri, reason);
				const text = reason === undefined ? await workspace.read(uri) : undefined;
				if (text !== undefined && isAddressFile(hostPlace(uri).path, text)) checked.set(uri, []);
				continue;
			}
			const asChecked = (diagnostic: Diagnostic): CheckedDiagnostic => {
				const { range, relatedInformation } = toProtocol(session, file, diagnostic);
				const { severity, code } = diagnostic;
				const related = relatedInformation === undefined ? {} : { relatedInformation };
				return { severity, code, message: diagnosticText(session, diagnostic), range, ...related };
			};
			const { shown, more } = bounded(reportedDiagnostics(session, file));
			const found = shown.map(asChecked);
			checked.set(uri, more === undefined ? found : [...found, { ...asChecked(more), leftOut: more.leftOut }]);
		}
		onHost?.();
	}
	// What a file of the host has told is told once.
	const told = new Set([...checked.values()].flatMap((found) => found.filter(({ code }) => code === "host/file-not-read").flatMap(toldOf)));
	for (const [uri, reason] of unread) {
		const { path } = hostPlace(uri);
		const message = render(notReadMessage(path, reason), translations);
		if (!told.has(uri)) checked.set(uri, [{ severity: "warning", code: "host/file-not-read", message, range: START }]);
	}
	return checked;
}

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function toldOf({ relatedInformation = [] }: CheckedDiagnostic): readonly string[] {
	return relatedInformation.map(({ location }) => location.uri);
}

/** What a command prints of a file that is expanded. */
export interface ExpandedFile extends Pick<Expanded, "text" | "cutOff"> {
	/** Why the program of the host refuses the file, each with its line and its character from 0; empty where it takes it. */
	readonly refused: readonly Pick<CheckedDiagnostic, "message" | "range">[];
}

/** Faults that only the host's other files show, for which pfctl refuses the ruleset. */
const REFUSED: ReadonlySet<string> = new Set(["host/load-anchor-glob", "host/load-anchor-path"]);

/** What the host makes of a file; null where it reads the file as it is, undefined where the file cannot be read. */
export async function expandFile(workspace: Workspace, uri: string): Promise<ExpandedFile | null | undefined> {
	const documents = await documentsOf(workspace, [uri]);
	const file = await analysed(documents, uri);
	if (file === undefined) return undefined;
	const session = plainSession(documents);
	const made = expanded(session, file);
	if (made === null) return null;
	const across = documents.hostDiagnostics(file).filter(({ code }) => REFUSED.has(code));
	const refused = [...file.parsed.diagnostics(), ...across].filter(({ severity }) => severity === "error");
	return {
		...made,
		refused: refused.map((one) => ({ message: diagnosticText(session, one), range: file.lines.range(one.span) })),
	};
}

/** A file of policy tests with what became of each. */
export interface TestedFile {
	readonly uri: string;
	readonly tests: readonly TestedExpectation[];
}

/** Runs the policy tests of files (`isPolicyTestFile`), host by host; one that cannot be read is left out. */
export async function testFiles(
	workspace: Workspace,
	uris: readonly string[],
	translations?: Translations,
): Promise<readonly TestedFile[]> {
	const tested: TestedFile[] = [];
	for (const own of filesByHost(uris)) {
		const documents = await documentsOf(workspace, own);
		for (const uri of own) {
			const file = await analysed(documents, uri);
			if (file === undefined || !isPolicyTests(file.parsed)) continue;
			tested.push({ uri, tests: testedExpectations(plainSession(documents, translations), file) });
		}
	}
	return tested;
}

export function isPolicyTestFile(uri: string): boolean {
	const language = languageOf(uri);
	return language !== undefined && languages.get(language)?.holdsTests === true;
}

/** The files of each host, in the order of its first one: what a host has needed is dropped before the next one is read. */
export function filesByHost(uris: readonly string[]): Iterable<readonly string[]> {
	const hosts = new Map<string, string[]>();
	for (const uri of uris) {
		const { host } = hostPlace(uri);
		const own = hosts.get(host);
		if (own === undefined) hosts.set(host, [uri]);
		else own.push(uri);
	}
	return hosts.values();
}

/** Files of a host as an editor that has all of them open: what they show together is looked for once. */
export async function documentsOf(workspace: Workspace, uris: readonly string[]): Promise<Documents> {
	const documents = new Documents(workspace);
	await documents.readHostLists();
	for (const uri of uris) {
		const language = languageOf(uri);
		const text = language === undefined ? undefined : await workspace.read(uri);
		if (language !== undefined && text !== undefined && !isAddressFile(hostPlace(uri).path, text)) documents.open(uri, language, 0, text);
	}
	return documents;
}

/** A file that was opened, once all is known of it; undefined where it was not. */
export async function analysed(documents: Documents, uri: string): Promise<SourceFile | undefined> {
	if (!documents.isOpen(uri)) return undefined;
	await documents.whenAnalysed(uri);
	return documents.file(uri);
}

export function plainSession(files: Documents, translations?: Translations): Session {
	const client = {
		snippets: false,
		markdown: false,
		lineFoldingOnly: false,
		documentChanges: true,
		createFiles: false,
		renameFiles: false,
		hierarchicalSymbols: true,
	};
	return { files, settings: {}, client, ...(translations === undefined ? {} : { translations }) };
}
