/** The fixes of a host's files that need nobody's judgement, applied until none is left: `check --fix`. */
import type { Range, WorkspaceEdit } from "vscode-languageserver-types";
import { Lines } from "../project/lines.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { Translations } from "../text/message.ts";
import { type Span, span } from "../text/span.ts";
import type { Workspace } from "../workspace.ts";
import { analysed, documentsOf, filesByHost, plainSession } from "./check.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { expanded } from "./expanded.ts";
import { localize, type Session } from "./session.ts";
import { fixesOf } from "./spelling.ts";
import { toHostEdit } from "./workspace-edit.ts";

/** A fix that was applied. */
export interface AppliedFix {
	readonly uri: string;
	/** Where the fault stood when it was mended: fixes before it may have moved it. */
	readonly range: Range;
	readonly code: string;
	/** What was done, in the reader's language. */
	readonly title: string;
}

export interface FixedFiles {
	readonly applied: readonly AppliedFix[];
	/** The texts of the files that changed, by URI. */
	readonly texts: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
}

/** Each fix may uncover another; files that need more rounds than this are left to a second call. */
const MOST_ROUNDS = 20;

/**
 * Applies preferred fixes: of errors, for which a program refuses the file, and those of other faults that change nothing of what
 * the host's programs make of the files. Left to people is a fix that creates a file, touches one that is not named, or brings
 * a new error.
 * @param uris files in one of the languages
 */
export async function fixFiles(workspace: Workspace, uris: readonly string[], translations?: Translations): Promise<FixedFiles> {
	const applied: AppliedFix[] = [];
	const texts = new Map<string, { before: string; after: string }>();
	for (const own of filesByHost(uris)) {
		const changed = new Map<string, string>();
		const attempts: Attempts = { refused: new Set(), left: MOST_ATTEMPTS };
		let before = await stateOf(workspace, own, changed, translations);
		for (let round = 0; round < MOST_ROUNDS; round++) {
			const step = await nextStep(workspace, before, changed, translations, attempts);
			if (step === undefined) break;
			applied.push(...step.fixes.map(({ told: done }) => done));
			for (const [uri, text] of step.texts) changed.set(uri, text);
			before = step.state;
		}
		for (const [uri, after] of changed) texts.set(uri, { before: (await workspace.read(uri)) ?? "", after });
	}
	return { applied, texts };
}

/** What is known of a host's files at a moment. */
interface State {
	readonly own: readonly string[];
	readonly session: Session;
	readonly files: readonly SourceFile[];
	/** How often each error is told. */
	readonly errors: ReadonlyMap<string, number>;
}

async function stateOf(
	workspace: Workspace,
	own: readonly string[],
	changed: ReadonlyMap<string, string>,
	translations: Translations | undefined,
): Promise<State> {
	const documents = await documentsOf({ ...workspace, read: async (uri) => changed.get(uri) ?? (await workspace.read(uri)) }, own);
	const files: SourceFile[] = [];
	for (const uri of own) {
		const file = await analysed(documents, uri);
		if (file !== undefined) files.push(file);
	}
	const session = plainSession(documents, translations);
	const errors = new Map<string, number>();
	for (const file of files) {
		for (const { code, severity } of reportedDiagnostics(session, file)) {
			const key = `${code} ${file.uri}`;
			if (severity === "error") errors.set(key, (errors.get(key) ?? 0) + 1);
		}
	}
	return { own, session, files, errors };
}

/** A fix that may be applied. */
interface Candidate {
	readonly code: string;
	/** An error for which a program of the host refuses the file. */
	readonly isError: boolean;
	readonly edit: WorkspaceEdit;
	readonly told: AppliedFix;
}

interface Step {
	readonly fixes: readonly Candidate[];
	readonly texts: ReadonlyMap<string, string>;
	readonly state: State;
}

/** Fixes that did harm, so that none is tried twice, and how many attempts are left: each looks at the whole host. */
interface Attempts {
	readonly refused: Set<string>;
	left: number;
}

const MOST_ATTEMPTS = 200;

/** Applies as many fixes as do not meet, of errors first. */
async function nextStep(
	workspace: Workspace,
	before: State,
	changed: ReadonlyMap<string, string>,
	translations: Translations | undefined,
	attempts: Attempts,
): Promise<Step | undefined> {
	const candidates = candidatesOf(before).filter((one) => !attempts.refused.has(keyOf(one)));
	const tried = async (fixes: readonly Candidate[]): Promise<Step | undefined> => {
		const texts = textsAfter(before, fixes);
		if (texts === undefined || attempts.left-- <= 0) return undefined;
		const state = await stateOf(workspace, before.own, new Map([...changed, ...texts]), translations);
		if (isBetter(before, state, fixes)) return { fixes, texts, state };
		const [first, ...more] = fixes;
		if (first === undefined || more.length === 0) {
			for (const one of fixes) attempts.refused.add(keyOf(one));
			return undefined;
		}
		// Which of them does harm is found by halves.
		const half = fixes.length >> 1;
		return (await tried(fixes.slice(0, half))) ?? (await tried(fixes.slice(half)));
	};
	const [errors, others] = [true, false].map((isError) => candidates.filter((one) => one.isError === isError));
	return (await tried(apart(before, errors ?? []))) ?? (await tried(apart(before, others ?? [])));
}

function keyOf({ edit }: Candidate): string {
	return JSON.stringify(editsOf(edit));
}

function candidatesOf({ own, session, files }: State): readonly Candidate[] {
	const named = new Set(own);
	return files.flatMap((file) =>
		reportedDiagnostics(session, file).flatMap((diagnostic): Candidate[] => {
			const fix = preferredFix(session, file, diagnostic);
			const edit = fix && toHostEdit(session, file, fix.edits);
			if (fix === undefined || edit === undefined || editedUris(edit).some((uri) => !named.has(uri))) return [];
			const { code, severity } = diagnostic;
			const range = file.lines.range(diagnostic.span);
			return [
				{
					code,
					isError: severity === "error" && !isAcross(code),
					edit,
					told: { uri: file.uri, range, code, title: localize(session, fix.title) },
				},
			];
		}),
	);
}

function preferredFix(session: Session, file: SourceFile, diagnostic: Diagnostic) {
	return fixesOf(session, file, diagnostic).find(({ preferred }) => preferred === true);
}

function editsOf({ documentChanges = [] }: WorkspaceEdit) {
	return documentChanges.flatMap((change) =>
		"edits" in change ? change.edits.flatMap((edit) => ("newText" in edit ? [{ uri: change.textDocument.uri, ...edit }] : [])) : [],
	);
}

function editedUris(edit: WorkspaceEdit): readonly string[] {
	return editsOf(edit).map(({ uri }) => uri);
}

/** Fixes that touch no place twice, the first of those that do. */
function apart(state: State, candidates: readonly Candidate[]): readonly Candidate[] {
	const taken = new Map<string, Span[]>();
	return candidates.filter(({ edit }) => {
		const places = editsOf(edit).flatMap(({ uri, range }) => {
			const file = state.files.find((one) => one.uri === uri);
			return file === undefined ? [] : [{ uri, at: file.lines.span(range) }];
		});
		if (places.some(({ uri, at }) => taken.get(uri)?.some((other) => at.start <= other.end && other.start <= at.end))) return false;
		for (const { uri, at } of places) taken.set(uri, [...(taken.get(uri) ?? []), at]);
		return true;
	});
}

/** The texts that fixes change; undefined where nothing would be another. */
function textsAfter({ files }: State, fixes: readonly Candidate[]): ReadonlyMap<string, string> | undefined {
	const edits = fixes.flatMap(({ edit }) => editsOf(edit));
	const texts = new Map<string, string>();
	for (const uri of new Set(edits.map((edit) => edit.uri))) {
		const text = files.find((file) => file.uri === uri)?.text;
		if (text === undefined) return undefined;
		const lines = new Lines(text);
		const placed = edits.filter((edit) => edit.uri === uri).map(({ range, newText }) => ({ ...lines.span(range), newText }));
		let after = text;
		for (const { start, end, newText } of placed.sort((a, b) => b.start - a.start))
			after = after.slice(0, start) + newText + after.slice(end);
		if (after !== text) texts.set(uri, after);
	}
	return texts.size === 0 ? undefined : texts;
}

/** Whether fixes brought no error, each error that they were for is gone, and the rest is as it was. */
function isBetter(before: State, after: State, fixes: readonly Candidate[]): boolean {
	const errors = fixes.filter(({ isError }) => isError);
	const wanted = new Map<string, number>();
	for (const { code, told: at } of errors) wanted.set(`${code} ${at.uri}`, (wanted.get(`${code} ${at.uri}`) ?? 0) + 1);
	for (const [key, count] of wanted) if ((after.errors.get(key) ?? 0) > (before.errors.get(key) ?? 0) - count) return false;
	for (const [key, count] of after.errors) {
		// What files that were refused do together is only known once they are read.
		if (count > (before.errors.get(key) ?? 0) && !(errors.length > 0 && isAcross(key))) return false;
	}
	return errors.length === fixes.length || (errors.length === 0 && meansTheSame(before, after));
}

/** Of what the files of a host show together: what to do about it is for people to say. */
function isAcross(code: string): boolean {
	return /^(host|pftest|policy)\//.test(code);
}

/** Whether the host's programs make the same of the files, statement by statement; unknown is no. */
function meansTheSame(before: State, after: State): boolean {
	return before.files.every((file) => {
		const now = after.files.find(({ uri }) => uri === file.uri);
		if (now === undefined) return false;
		if (now.text === file.text) return true;
		const [was, is] = [expanded(before.session, file), expanded(after.session, now)];
		if (was === null || is === null || was.cutOff !== undefined || was.text !== is.text) return false;
		const whole = (one: SourceFile): number => one.parsed.statements(span(0, one.text.length)).length;
		return whole(file) === whole(now);
	});
}
