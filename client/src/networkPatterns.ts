/** "Insert Network Pattern...": asks the questions of a pattern, and writes all its files as one edit to look at first. */

import type { HostItem, PatternFile, PatternParams, PatternQuestion } from "@openbsd-vnet/server/protocol";
import { commands, type Disposable, l10n, QuickInputButtons, type QuickPickItem, Uri, type WorkspaceEdit, window, workspace } from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { isOurs } from "./languages.ts";
import type { NextSteps } from "./nextSteps.ts";
import { showError, showInformation, showWarning } from "./notices.ts";
import { askForPreview, editOfFiles } from "./previewedEdit.ts";
import { hostOfEditor } from "./whichHost.ts";

/** Answers that a keybinding, a task or a test gives beforehand; what is missing is asked. */
export type PatternArguments = Partial<PatternParams>;

export function registerNetworkPatterns(server: LanguageServer, nextSteps: NextSteps): Disposable {
	return commands.registerCommand("openbsdVnet.insertPattern", (given?: PatternArguments) => insert(server, nextSteps, given ?? {}));
}

async function insert(server: LanguageServer, nextSteps: NextSteps, given: PatternArguments): Promise<boolean> {
	const etc = given.etc ?? (await pickHost(server));
	const pattern = etc === undefined ? undefined : (given.pattern ?? (await pickPattern(server)));
	if (etc === undefined || pattern === undefined) return false;
	const answers = await ask(server, { etc, pattern, answers: given.answers ?? {} });
	if (answers === undefined) return false;
	const { files, problems, unmet, disks } = await server.request("patternEdits", { etc, pattern, answers });
	if (problems.length > 0) {
		inBackground(showError(problems.join("\n")));
		return false;
	}
	if (files.length === 0) {
		inBackground(showInformation(l10n.t("Nothing to do: the host's files have all of this pattern.")));
		return false;
	}
	const applied = (await savedFirst(files)) && (await workspace.applyEdit(editOf(files), { isRefactoring: true }));
	if (applied) {
		// The rules say most of what was written; what is done next is said beside them.
		const { uri } = files.find((file) => file.uri.endsWith("/pf.conf")) ?? files[0] ?? {};
		if (uri !== undefined) await window.showTextDocument(Uri.parse(uri), { preview: true });
		inBackground(nextSteps.tell(files, disks));
	}
	if (applied && unmet.length > 0) {
		const text = l10n.t("The host's own rules break what the pattern promises: {0}", unmet.join("; "));
		const show = l10n.t("Show Problems");
		inBackground(
			showWarning(text, show).then((choice) => (choice === show ? commands.executeCommand("workbench.actions.view.problems") : undefined)),
		);
	}
	return applied;
}

/** The host of the file that is open, the only one, or one that is picked. A folder without files can become a host. */
async function pickHost(server: LanguageServer): Promise<string | undefined> {
	const hosts = await server.request("hosts", {});
	const own = hostOfEditor(hosts);
	const folders = (workspace.workspaceFolders ?? []).map(({ name, uri }): HostItem => ({ name, etc: `${uri.toString()}/etc` }));
	const choices = hosts.length > 0 ? [...hosts].sort((a, b) => Number(b === own) - Number(a === own)) : folders;
	if (choices.length === 0) {
		inBackground(showError(l10n.t("Open a folder first: a pattern writes the files of a host.")));
		return undefined;
	}
	if (choices.length === 1) return choices[0]?.etc;
	const items = choices.map(({ name, etc }) => ({ label: name, description: workspace.asRelativePath(Uri.parse(etc)), etc }));
	return (await window.showQuickPick(items, { placeHolder: l10n.t("Which host?") }))?.etc;
}

async function pickPattern(server: LanguageServer): Promise<string | undefined> {
	const patterns = await server.request("patterns", {});
	const items = patterns.map(({ name, title, detail }) => ({ label: title, detail, name }));
	return (await window.showQuickPick(items, { placeHolder: l10n.t("Which network?"), matchOnDetail: true }))?.name;
}

/** Asks until nothing is open; undefined where the person gives up. Going back forgets the last answer. */
async function ask(server: LanguageServer, given: PatternParams): Promise<PatternParams["answers"] | undefined> {
	const asked: string[] = [];
	let params = given;
	for (;;) {
		const question = await server.request("patternQuestion", params);
		if (question === null) return params.answers;
		const check = (answer: string) => server.request("patternCheck", { ...params, id: question.id, answer });
		const answer = await answerTo(question, asked.length, check);
		if (answer === undefined) return undefined;
		if (answer === back) {
			const last = asked.pop();
			params = { ...params, answers: Object.fromEntries(Object.entries(params.answers).filter(([id]) => id !== last)) };
		} else {
			asked.push(question.id);
			params = { ...params, answers: { ...params.answers, [question.id]: answer } };
		}
	}
}

const back = Symbol("back");

interface AnswerItem extends QuickPickItem {
	readonly value: string;
	/** Why it cannot be taken. */
	readonly problem: string | undefined;
}

/** One question: the choices, and on top of them what is typed, with what is wrong about it. */
function answerTo(
	{ title, placeholder, choices, open, standard, example, left }: PatternQuestion,
	step: number,
	check: (answer: string) => Promise<string | null>,
): Promise<string | typeof back | undefined> {
	const input = window.createQuickPick<AnswerItem>();
	const usual = standard === "" ? [] : [{ value: standard, detail: "" }];
	// Where nothing is offered, the example is: Enter takes what one sees.
	const examples = choices.length === 0 && standard === "" && example !== "" ? [{ value: example, detail: l10n.t("for example") }] : [];
	const offered = [...(choices.some(({ value }) => value === standard) ? [] : usual), ...choices, ...examples];
	const item = (value: string, detail: string, problem?: string): AnswerItem => ({
		label: value === "" ? detail : value,
		...(value === "" ? {} : { description: detail }),
		...(problem === undefined ? {} : { detail: `$(error) ${problem}` }),
		value,
		problem,
		alwaysShow: problem !== undefined,
	});
	const standing = offered.map(({ value, detail }) => item(value, detail));
	input.title = title;
	input.step = step + 1;
	input.totalSteps = step + left;
	input.placeholder = placeholder;
	input.ignoreFocusOut = true;
	input.items = standing;
	// Without a usual answer the first one is active: an empty list would let Enter take nothing.
	const usually = standing.filter(({ value }) => value === standard);
	if (usually.length > 0) input.activeItems = usually;
	input.buttons = step > 0 ? [QuickInputButtons.Back] : [];
	let checks = 0;
	return new Promise((resolve) => {
		const settle = (answer: string | typeof back | undefined) => {
			resolve(answer);
			input.dispose();
		};
		input.onDidChangeValue(async (typed) => {
			const value = typed.trim();
			const mine = ++checks;
			if (!open || value === "" || standing.some((choice) => choice.value === value)) {
				input.items = standing;
				return;
			}
			const problem = await check(value);
			// Answers may come in another order than the keystrokes.
			if (mine === checks) input.items = [{ ...item(value, "", problem ?? undefined), alwaysShow: true }, ...standing];
		});
		input.onDidAccept(async () => {
			const [picked] = input.selectedItems;
			const value = picked?.value ?? input.value.trim();
			const problem = await check(value);
			if (problem === null) settle(value);
			else input.items = [{ ...item(value, "", problem), alwaysShow: true }, ...standing.filter((one) => one.value !== value)];
		});
		input.onDidTriggerButton(() => settle(back));
		input.onDidHide(() => settle(undefined));
		input.show();
	});
}

/** The server reads sysctl.conf and its like from disk: an edit of what is not saved would miss its place. */
async function savedFirst(files: readonly PatternFile[]): Promise<boolean> {
	const touched = new Set(files.map(({ uri }) => Uri.parse(uri).toString()));
	for (const document of workspace.textDocuments) {
		if (!document.isDirty || isOurs(document) || !touched.has(document.uri.toString())) continue;
		inBackground(showError(l10n.t("Save {0} first: the pattern changes it.", workspace.asRelativePath(document.uri))));
		return false;
	}
	return true;
}

/** One edit of all files that opens the refactoring preview. */
function editOf(files: readonly PatternFile[]): WorkspaceEdit {
	const edit = editOfFiles(files, l10n.t("Network pattern"));
	const [first] = files;
	if (first !== undefined) askForPreview(edit, Uri.parse(first.uri));
	return edit;
}
