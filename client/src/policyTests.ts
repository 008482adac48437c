/** Policy tests in the Test Explorer: the expectations of each .pftest file, run by the server. */

import type { PolicyTestItem } from "@openbsd-vnet/server/protocol";
import {
	type CancellationToken,
	CancellationTokenSource,
	commands,
	type Disposable,
	Disposable as Disposables,
	Location,
	l10n,
	MarkdownString,
	type TestController,
	type TestItem,
	TestMessage,
	TestRunProfileKind,
	TestRunRequest,
	tests,
	type Uri,
	workspace,
} from "vscode";
import { inBackground } from "./background.ts";
import type { LanguageServer } from "./languageServer.ts";
import { showInformation, showWarning } from "./notices.ts";
import { locationOf, rangeOf } from "./ranges.ts";

const pattern = "**/*.pftest";

/** Typing is followed after a pause of this many milliseconds. */
const pause = 300;

export function registerPolicyTests(server: LanguageServer): Disposable {
	const controller = tests.createTestController("openbsdVnet.policyTests", l10n.t("OpenBSD policy tests"));
	const explorer = new PolicyTests(controller, server);
	return Disposables.from(
		controller,
		explorer,
		commands.registerCommand("openbsdVnet.runPolicyTests", async () => {
			const became = await explorer.runAll();
			tellResults(Object.values(became));
			return became;
		}),
	);
}

class PolicyTests implements Disposable {
	readonly #controller: TestController;
	readonly #server: LanguageServer;
	readonly #listeners: Disposable;
	readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

	constructor(controller: TestController, server: LanguageServer) {
		this.#controller = controller;
		this.#server = server;
		controller.createRunProfile(
			l10n.t("Run"),
			TestRunProfileKind.Run,
			async (request, token) => {
				await this.#run(request, token);
			},
			true,
		);
		controller.resolveHandler = async (item) => {
			if (item === undefined) await this.#discover();
			else await this.#list(item);
		};
		controller.refreshHandler = () => this.#discover();
		const watcher = workspace.createFileSystemWatcher(pattern);
		this.#listeners = Disposables.from(
			watcher,
			watcher.onDidCreate((uri) => this.#file(uri)),
			watcher.onDidChange((uri) => this.#follow(uri)),
			watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
			workspace.onDidOpenTextDocument(({ uri }) => this.#follow(uri)),
			workspace.onDidChangeTextDocument(({ document }) => this.#follow(document.uri)),
		);
		for (const { uri } of workspace.textDocuments) this.#follow(uri);
	}

	dispose(): void {
		this.#listeners.dispose();
		for (const timer of this.#timers.values()) clearTimeout(timer);
	}

	async #discover(): Promise<void> {
		const found = await workspace.findFiles(pattern);
		const known = new Set(found.map(String));
		for (const [id] of this.#controller.items) if (!known.has(id)) this.#controller.items.delete(id);
		await Promise.all(found.map((uri) => this.#list(this.#file(uri))));
	}

	#file(uri: Uri): TestItem {
		const id = uri.toString();
		const known = this.#controller.items.get(id);
		if (known !== undefined) return known;
		const item = this.#controller.createTestItem(id, workspace.asRelativePath(uri), uri);
		item.canResolveChildren = true;
		this.#controller.items.add(item);
		return item;
	}

	/** Lists the expectations of an open file again, once nothing has been typed for a while. */
	#follow(uri: Uri): void {
		if (!uri.path.endsWith(".pftest")) return;
		const id = uri.toString();
		clearTimeout(this.#timers.get(id));
		this.#timers.set(
			id,
			setTimeout(() => {
				this.#timers.delete(id);
				inBackground(this.#list(this.#file(uri)));
			}, pause),
		);
	}

	async #list(file: TestItem): Promise<void> {
		const { uri } = file;
		if (uri === undefined) return;
		const listed = (await this.#server.request("policyTests", { uri: uri.toString(), run: false })) ?? [];
		file.children.replace(listed.map((one) => this.#item(uri, one)));
	}

	#item(uri: Uri, { name, range }: PolicyTestItem): TestItem {
		const item = this.#controller.createTestItem(idOf(name, range.start.line), name, uri);
		item.range = rangeOf(range);
		item.sortText = String(range.start.line).padStart(6, "0");
		return item;
	}

	/** Runs all tests, and answers what became of them by their files and names. */
	async runAll(): Promise<Readonly<Record<string, string>>> {
		const { token } = new CancellationTokenSource();
		return Object.fromEntries(await this.#run(new TestRunRequest(), token));
	}

	/** The server answers for a file as a whole: it prepares the host once. */
	async #run(request: TestRunRequest, token: CancellationToken): Promise<ReadonlyMap<string, string>> {
		const became = new Map<string, string>();
		const run = this.#controller.createTestRun(request);
		try {
			if (request.include === undefined) await this.#discover();
			const wanted = request.include ?? [...this.#controller.items].map(([, item]) => item);
			const files = new Set(wanted.map((item) => item.parent ?? item));
			for (const file of files) {
				if (token.isCancellationRequested || file.uri === undefined) break;
				await this.#list(file);
				const results = (await this.#server.request("policyTests", { uri: file.uri.toString(), run: true })) ?? [];
				for (const result of results) {
					const id = idOf(result.name, result.range.start.line);
					const item = file.children.get(id);
					const asked = wanted.includes(file) || wanted.some((one) => one.id === id && one.parent?.id === file.id);
					if (item === undefined || !asked || request.exclude?.includes(item) === true) continue;
					run.started(item);
					became.set(`${file.label}: ${result.name}`, result.result ?? "");
					if (result.result === "passed") run.passed(item);
					else if (result.result === "failed") run.failed(item, messagesOf(result, item));
					else run.errored(item, messagesOf(result, item));
				}
			}
		} finally {
			run.end();
		}
		return became;
	}
}

/** Nothing else shows that they were run where the Test Explorer is not in sight. */
function tellResults(results: readonly string[]): void {
	if (results.length === 0) {
		inBackground(showInformation(l10n.t("No policy tests: write who may reach whom into a file that ends in .pftest.")));
		return;
	}
	const passed = results.filter((result) => result === "passed").length;
	const show = l10n.t("Show Tests");
	const [told, text] =
		passed === results.length
			? [showInformation, l10n.t("Policy tests: all {0} passed.", passed)]
			: [showWarning, l10n.t("Policy tests: {0} passed, {1} did not.", passed, results.length - passed)];
	inBackground(told(text, show).then((choice) => (choice === show ? commands.executeCommand("workbench.view.testing.focus") : undefined)));
}

function idOf(name: string, line: number): string {
	return `${line} ${name}`;
}

/** Each reason stands at the rule that decides, so that it is shown there. */
function messagesOf({ reasons }: PolicyTestItem, item: TestItem): TestMessage[] {
	return reasons.map(({ text, location }) => {
		const message = new TestMessage(new MarkdownString().appendText(text));
		if (location !== null) message.location = locationOf(location);
		else if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
		return message;
	});
}
