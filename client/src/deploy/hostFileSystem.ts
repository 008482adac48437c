/**
 * The files of a running host as files of the editor: read over one connection, kept until they are asked for again, and saved by a
 * deployment of the one that is saved.
 */
import { type Plan, pullOf, roleOf, withConnection } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import {
	Disposable,
	EventEmitter,
	type FileChangeEvent,
	FileChangeType,
	FilePermission,
	type FileStat,
	FileSystemError,
	type FileSystemProvider,
	FileType,
	l10n,
	StatusBarAlignment,
	TabInputText,
	TextDocumentSaveReason,
	Uri,
	window,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showError, showInformation, showProgress } from "../notices.ts";
import { withoutIcons } from "../withoutIcons.ts";
import type { PlanApplier } from "./applyPlan.ts";
import { type DeployContext, reasonOf } from "./context.ts";
import { planText } from "./deployHost.ts";
import { hostFileScheme } from "./hostFileScheme.ts";
import { planFor, showPlan } from "./showPlan.ts";

interface HeldFile {
	readonly text: string;
	/** When we learned of this text, in milliseconds. */
	readonly since: number;
}

/** What was read of a host. */
interface Held {
	readonly host: KnownHost;
	readonly files: Map<string, HeldFile>;
}

/** How long a host that did not answer is not asked again, in milliseconds: an editor asks for many files at once. */
const PAUSE = 5000;

export class HostFileSystem implements FileSystemProvider, Disposable {
	readonly #context: DeployContext;
	readonly #applier: PlanApplier;
	readonly #held = new Map<string, Promise<Held>>();
	readonly #editable = new Set<string>();
	/** What VS Code saves by itself, by address: no plan is shown for that. */
	readonly #unasked = new Set<string>();
	readonly #changed = new EventEmitter<FileChangeEvent[]>();
	readonly #registered: Disposable;
	readonly onDidChangeFile = this.#changed.event;

	constructor(context: DeployContext, applier: PlanApplier) {
		this.#context = context;
		this.#applier = applier;
		const whose = window.createStatusBarItem("openbsdVnet.fileOfHost", StatusBarAlignment.Right, 200);
		whose.name = l10n.t("Host of the File");
		const show = () => {
			const uri = window.activeTextEditor?.document.uri;
			if (uri?.scheme !== hostFileScheme) return whose.hide();
			whose.text = `$(server) ${withoutIcons(uri.authority)}`;
			whose.tooltip = l10n.t("This is a file of the running host {0}", uri.authority);
			whose.show();
		};
		show();
		this.#registered = Disposable.from(
			whose,
			window.onDidChangeActiveTextEditor(show),
			workspace.registerFileSystemProvider(hostFileScheme, this, { isCaseSensitive: true }),
			workspace.onWillSaveTextDocument(({ document: { uri }, reason }) => {
				if (uri.scheme !== hostFileScheme) return;
				if (reason === TextDocumentSaveReason.Manual) this.#unasked.delete(uri.toString());
				else this.#unasked.add(uri.toString());
			}),
		);
	}

	/** Where a host's file is. */
	static uriOf({ name }: KnownHost, path: string): Uri {
		return Uri.from({ scheme: hostFileScheme, authority: name, path });
	}

	/** Reads a host's files again. Undefined where it does not answer, which the user is told. */
	async read(host: KnownHost): Promise<readonly string[]> {
		const key = host.name.toLowerCase();
		const before = await this.#held.get(key)?.catch(() => undefined);
		this.#held.delete(key);
		const { files } = await this.#of(HostFileSystem.uriOf(host, "/"));
		const changed = [...new Set([...(before?.files.keys() ?? []), ...files.keys()])].filter(
			(path) => before !== undefined && before.files.get(path)?.text !== files.get(path)?.text,
		);
		this.#tell(host, changed);
		return [...files.keys()];
	}

	/** Lets a host's files be edited. */
	async makeEditable({ authority }: Uri): Promise<void> {
		this.#editable.add(authority.toLowerCase());
		const { host, files } = await this.#of(Uri.from({ scheme: hostFileScheme, authority, path: "/" }));
		this.#tell(host, [...files.keys()]);
	}

	watch(): Disposable {
		return new Disposable(() => undefined);
	}

	async stat(uri: Uri): Promise<FileStat> {
		const { files } = await this.#of(uri);
		const file = files.get(uri.path);
		if (file !== undefined)
			return {
				type: FileType.File,
				ctime: 0,
				mtime: file.since,
				size: Buffer.byteLength(file.text),
				...(this.#editable.has(uri.authority.toLowerCase()) ? {} : { permissions: FilePermission.Readonly }),
			};
		if (!isFolder(files, uri.path)) throw FileSystemError.FileNotFound(uri);
		return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
	}

	async readDirectory(uri: Uri): Promise<[string, FileType][]> {
		const { files } = await this.#of(uri);
		if (!isFolder(files, uri.path)) throw FileSystemError.FileNotFound(uri);
		const below = folderPath(uri.path);
		const found = new Map<string, FileType>();
		for (const path of files.keys()) {
			if (!path.startsWith(below)) continue;
			const [name = "", ...more] = path.slice(below.length).split("/");
			found.set(name, more.length > 0 ? FileType.Directory : FileType.File);
		}
		return [...found];
	}

	async readFile(uri: Uri): Promise<Uint8Array> {
		const file = (await this.#of(uri)).files.get(uri.path);
		if (file === undefined) throw FileSystemError.FileNotFound(uri);
		return new TextEncoder().encode(file.text);
	}

	/** Deploys a file: the plan is shown, and is carried out by the user. What is not deployed is not saved. */
	async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
		if (this.#unasked.has(uri.toString()))
			throw FileSystemError.NoPermissions(l10n.t("A host's files are saved when you save them, and not by themselves."));
		if (!this.#editable.has(uri.authority.toLowerCase())) throw FileSystemError.NoPermissions(uri);
		const held = await this.#of(uri);
		const { host, files } = held;
		const text = new TextDecoder().decode(content);
		const { path } = uri;
		const etc = HostFileSystem.uriOf(host, "/etc").toString();
		const known = files.get(path)?.text;
		let isSame = false;
		let why: string | undefined;
		const context: DeployContext = {
			...this.#context,
			reach: async (...given) => {
				try {
					return await this.#context.reach(...given);
				} catch (error) {
					why = reasonOf(error);
					throw error;
				}
			},
		};
		const plan = await showPlan(context, { ...host, etc }, etc, false, async (connection) => {
			const found = await planFor(connection, [{ path, text, ...(roleOf(path) === undefined ? { listed: true } : {}) }]);
			const before = found.changes[0]?.before;
			const there = before?.kind === "file" ? before.text : undefined;
			if (found.changes.length > 0 && there !== known) {
				why = l10n.t("{0} was changed on {1} since it was read: compare the two, and save again.", path, host.name);
				if (there === undefined) files.delete(path);
				else files.set(path, { text: there, since: Date.now() });
				throw new Error(why);
			}
			// What the editor shows is what the host has: nobody's change is overwritten. Other files are not concerned.
			const own: Plan = { ...found, drifted: [], others: [] };
			const told = await planText(context, etc, own, l10n.t("Plan for {0}", host.name));
			isSame = own.changes.length === 0;
			return { plan: own, text: told };
		});
		if (plan === undefined && !isSame) throw FileSystemError.Unavailable(why ?? l10n.t("{0}: nothing was changed there", host.name));
		if (plan !== undefined && !(await this.#carriedOut(plan, path, host)))
			throw FileSystemError.Unavailable(
				l10n.t("{0} was not deployed: {1} has what it had, and the editor keeps your text.", path, host.name),
			);
		files.set(path, { text, since: Date.now() });
	}

	createDirectory(uri: Uri): never {
		throw FileSystemError.NoPermissions(uri);
	}

	delete(uri: Uri): never {
		throw FileSystemError.NoPermissions(uri);
	}

	rename(uri: Uri): never {
		throw FileSystemError.NoPermissions(uri);
	}

	dispose(): void {
		this.#registered.dispose();
		this.#changed.dispose();
	}

	/** Waits until the plan that is shown was carried out, was closed, or is given up. */
	async #carriedOut(plan: Uri, path: string, host: KnownHost): Promise<boolean> {
		const title = l10n.t("Saving {0}: deploy the plan for {1} that is shown, or cancel", path, host.name);
		return await showProgress(title, async (_, token) => {
			const isPlan = (uri: Uri) => uri.toString() === plan.toString();
			let parts = Disposable.from();
			const decided = new Promise<boolean>((resolve) => {
				parts = Disposable.from(
					this.#applier.onDidApply(({ uri, result }) => {
						if (isPlan(uri) && result !== undefined) resolve(result.kind === "deployed");
					}),
					window.tabGroups.onDidChangeTabs(({ closed }) => {
						// While it is carried out, the host decides.
						if (this.#applier.isBusy) return;
						if (closed.some(({ input }) => input instanceof TabInputText && isPlan(input.uri))) resolve(false);
					}),
					token.onCancellationRequested(() => {
						// One that is under way is told to roll back, and says how it ended.
						if (!this.#applier.cancel()) resolve(false);
					}),
				);
			});
			try {
				return await decided;
			} finally {
				parts.dispose();
			}
		});
	}

	#tell(host: KnownHost, paths: readonly string[]): void {
		if (paths.length > 0)
			this.#changed.fire(paths.map((path) => ({ type: FileChangeType.Changed, uri: HostFileSystem.uriOf(host, path) })));
	}

	/** @throws FileSystemError where the host does not answer */
	#of({ authority }: Uri): Promise<Held> {
		const key = authority.toLowerCase();
		const known = this.#held.get(key);
		if (known !== undefined) return known;
		const asked = this.#ask(key);
		this.#held.set(key, asked);
		asked.catch(() => {
			setTimeout(() => {
				if (this.#held.get(key) === asked) this.#held.delete(key);
			}, PAUSE);
		});
		return asked;
	}

	async #ask(key: string): Promise<Held> {
		const { hosts, reach, log } = this.#context;
		const host = (await hosts.list()).find(({ name }) => name.toLowerCase() === key);
		if (host === undefined) throw FileSystemError.Unavailable(l10n.t("openbsd-vnet.json names no host {0} that is reached by SSH.", key));
		try {
			const pull = await withConnection(
				() => reach(host),
				(connection) => pullOf(connection, { deployed: [], listed: host.deploy ?? [], read: async () => undefined }, { secrets: true }),
			);
			for (const { path, why } of pull.left) log.info(`${host.name}: ${path} is left out: ${render(why)}`);
			const since = Date.now();
			return { host, files: new Map(pull.files.map(({ path, text }) => [path, { text, since }])) };
		} catch (error) {
			const why = reasonOf(error);
			log.error(`${host.name}: ${why}`);
			throw FileSystemError.Unavailable(l10n.t("{0}: {1}", host.name, why));
		}
	}
}

function folderPath(path: string): string {
	return path.endsWith("/") ? path : `${path}/`;
}

function isFolder(files: ReadonlyMap<string, HeldFile>, path: string): boolean {
	return path === "/" || path === "/etc" || [...files.keys()].some((each) => each.startsWith(folderPath(path)));
}

/** "Open Host Files...": which file of a host is opened. */
export async function openHostFile(system: HostFileSystem, host: KnownHost, given: string | undefined): Promise<Uri | undefined> {
	const title = l10n.t("Reading the files of {0}", host.name);
	const paths = await showProgress(title, () => system.read(host)).then(
		(read) => read,
		(error: unknown) => {
			inBackground(showError(error instanceof Error ? error.message : String(error)));
			return undefined;
		},
	);
	if (paths === undefined) return undefined;
	if (paths.length === 0) {
		inBackground(showInformation(l10n.t("{0} has no files that are managed here.", host.name)));
		return undefined;
	}
	const path = given ?? (await window.showQuickPick(paths, { title: host.name, placeHolder: l10n.t("Which file? It opens read-only.") }));
	if (path === undefined) return undefined;
	const uri = HostFileSystem.uriOf(host, path);
	await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
	return uri;
}
