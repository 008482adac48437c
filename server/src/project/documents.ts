/** All hosts and their files, as editors and features ask for them. */
import type { TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { discoverHosts } from "../host/discover.ts";
import { decoded, etcOf, folderOf, type HostFolder, hostPlace, isView } from "../host/folder.ts";
import { readInterface } from "../host/interfaces.ts";
import type { LiveHost } from "../host/live.ts";
import type { Host as Model } from "../host/model.ts";
import { isHostnamePath } from "../hostname/names.ts";
import type { FileRelease, LiveFacts, RuleCounters } from "../protocol.ts";
import { newestRelease, RELEASES } from "../releases/releases.ts";
import { isBeyondKnown } from "../releases/running.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { Language, TextChange } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import type { Workspace } from "../workspace.ts";
import type { Files } from "./files.ts";
import { type Background, HostAnalysis } from "./host-analysis.ts";
import { HostDocuments } from "./host-documents.ts";
import { HostRecords } from "./host-records.ts";
import { languageOf, languages } from "./languages.ts";
import { Lines } from "./lines.ts";
import { isCarpPath, OtherHosts } from "./other-hosts.ts";
import { RecentSearches } from "./recent-searches.ts";
import { throwFirst } from "./settled.ts";
import type { SourceFile } from "./source-file.ts";

/** One host. */
interface Host {
	readonly documents: HostDocuments;
	readonly analysis: HostAnalysis;
	readonly others: OtherHosts;
}

export class Documents implements Files {
	readonly #workspace: Workspace;
	readonly #records: HostRecords;
	readonly #hosts = new Map<string, Host>();
	/** What the editor has open, by URI. */
	readonly #open = new Map<string, SourceFile>();
	readonly #changed: (files: readonly SourceFile[]) => void;
	readonly #languages: ReadonlyMap<string, Language>;
	readonly #background: Background;
	readonly #deadRuleSearches = new RecentSearches();
	readonly #packetSearches = new RecentSearches();

	/**
	 * @param changed told which files have another meaning than before, after each change
	 * @param background for what takes too long to wait for; without it, that is done by `whenAnalysed` alone
	 * @param served the languages by their ids
	 */
	constructor(
		workspace: Workspace,
		changed: (files: readonly SourceFile[]) => void = () => undefined,
		background: Background = () => undefined,
		served: ReadonlyMap<string, Language> = languages,
	) {
		this.#workspace = workspace;
		this.#records = new HostRecords(workspace);
		this.#changed = changed;
		this.#background = background;
		this.#languages = served;
	}

	// ── What the features ask ──────────────────────────────────────────────────────────────────────────────────────

	file(uri: string): SourceFile | undefined {
		const open = this.#open.get(uri);
		if (open !== undefined) return open;
		const { host, path } = hostPlace(uri);
		return this.#hosts.get(host)?.documents.files.get(path);
	}

	onSameHost({ identity: { host } }: SourceFile, path: string): SourceFile | undefined {
		return this.#hosts.get(host)?.documents.files.get(path);
	}

	hostOf({ identity: { host } }: SourceFile): readonly SourceFile[] {
		const files = [...(this.#hosts.get(host)?.documents.files.values() ?? [])];
		return files.sort((a, b) => (a.path < b.path ? -1 : 1));
	}

	/** The files of the host whose /etc a folder stands for, in the order of their paths. */
	onHost(etc: string): readonly SourceFile[] {
		const [id] = [...this.#hosts].find(([one]) => etcOf(folderOf(one)) === etc) ?? [];
		const [first] = (id === undefined ? undefined : this.#hosts.get(id))?.documents.files.values() ?? [];
		return first === undefined ? [] : this.hostOf(first);
	}

	all(): readonly SourceFile[] {
		return [...this.#hosts.values()].flatMap(({ documents }) => [...documents.files.values()]);
	}

	hostText({ identity: { host } }: SourceFile, path: string): string | undefined {
		return this.#hosts.get(host)?.documents.text(path);
	}

	hostModel({ identity: { host } }: SourceFile): Model {
		const { analysis } = this.#host(host);
		return (analysis.shown() ?? analysis.model()).host;
	}

	hostDiagnostics(file: SourceFile): readonly Diagnostic[] {
		return this.#host(file.identity.host).analysis.diagnostics(file, this.live(file), this.counters(file));
	}

	/** The release that a file is read for, and what says so. */
	release({ identity: { host } }: SourceFile): FileRelease {
		const { release = newestRelease, by } = this.#records.releaseOf(host);
		return { release, by, known: !isBeyondKnown(release), all: RELEASES.map(({ name }) => name) };
	}

	live({ identity: { host } }: SourceFile): LiveHost | undefined {
		return this.#records.live(host)?.host;
	}

	counters({ identity: { host } }: SourceFile): RuleCounters | undefined {
		return this.#records.live(host)?.counters;
	}

	hostPaths({ identity: { host } }: SourceFile): readonly string[] {
		return this.#hosts.get(host)?.documents.paths ?? [];
	}

	// ── What the editor tells ──────────────────────────────────────────────────────────────────────────────────────

	/**
	 * Takes a document in; false where its language is none of ours. The other files of its host follow (`whenLoaded`).
	 * @param languageId `openbsd` where its name tells the language, for editors that cannot
	 */
	open(uri: string, languageId: string, version: number, text: string): boolean {
		const language = this.#languages.get(languageId === "openbsd" ? (languageOf(decoded(uri)) ?? "") : languageId);
		if (language === undefined) return false;
		const { host, path } = hostPlace(uri);
		this.#host(host).documents.take(uri, path, language, version, text);
		this.#lookForOthers([uri]);
		return true;
	}

	/** Applies the protocol's changes, each to the text that the one before it left. */
	change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
		const file = this.#open.get(uri);
		if (file === undefined) return;
		this.#host(file.identity.host).documents.edit(file, version, asTextChanges(file, changes));
		this.#lookForOthers([uri]);
	}

	/** From now on the file is what it is on disk. */
	async close(uri: string): Promise<void> {
		const file = this.#open.get(uri);
		if (file === undefined) return;
		this.#open.delete(uri);
		await this.#host(file.identity.host).documents.refresh(file.path);
		this.#lookForOthers([uri]);
	}

	/** Another value after every change of something that the diagnostics of a file can depend on beside its text. */
	revision({ identity: { host } }: SourceFile): unknown {
		return this.#host(host).analysis.shown();
	}

	isOpen(uri: string): boolean {
		return this.#open.has(uri);
	}

	/** Reads again what the editor says has changed on disk. */
	async changedOnDisk(uris: readonly string[]): Promise<void> {
		const read = uris.map(async (uri) => {
			const { host, path } = hostPlace(uri);
			const documents = this.#hosts.get(host)?.documents;
			if (documents !== undefined && !documents.isOpenAt(path)) await documents.refresh(path);
		});
		throwFirst(await Promise.allSettled(read));
		this.#lookForOthers(uris);
	}

	/** The workspace with what is open in place of what is on disk. */
	asOpen(): Workspace {
		const workspace = this.#workspace;
		return { ...workspace, read: async (uri) => (this.isOpen(uri) ? this.file(uri)?.text : undefined) ?? (await workspace.read(uri)) };
	}

	/** Reads every file for another release. */
	setRelease(release: Release | undefined): void {
		if (release === this.#records.release) return;
		this.#records.release = release;
		for (const { documents } of this.#hosts.values()) documents.rereadAll();
	}

	/** Takes what running hosts have said, instead of what was known before. */
	setLive(hosts: readonly LiveFacts[]): void {
		const before = new Map([...this.#hosts.keys()].map((id) => [id, this.#records.releaseOf(id).release]));
		this.#records.setLive(hosts);
		for (const [id, { analysis, documents }] of this.#hosts) {
			if (this.#records.releaseOf(id).release !== before.get(id)) documents.rereadAll();
			else analysis.renew();
		}
		this.#changed(this.all().filter(({ version }) => version !== null));
	}

	/** Resolves once the files beside a document have been read, and those that it includes. */
	async whenLoaded(uri: string): Promise<void> {
		const { documents, analysis, others } = this.#hostAt(uri);
		await documents.whenLoaded();
		await documents.fetchMissing(() => this.file(uri)?.parsed);
		const carp = [...documents.files.values()].filter(({ path }) => isCarpPath(path));
		if (await others.find(carp.map(({ path, text }) => readInterface(path, text, this.#records.releaseOf(documents.id).release))))
			analysis.stale();
	}

	/** Resolves once all has been read that the diagnostics of a document depend on. */
	async whenSettled(uri: string): Promise<void> {
		await this.whenLoaded(uri);
		await this.#hostAt(uri).documents.fetchMissing(() => this.file(uri)?.parsed.diagnostics());
	}

	/** Resolves once everything is known that the files of a host show, also what takes long to find. */
	async whenAnalysed(uri: string): Promise<void> {
		await this.whenSettled(uri);
		this.#hostAt(uri).analysis.finish();
	}

	/**
	 * Finds the hosts in the workspace's folders, and reads them.
	 * @param done told how many of them have been read
	 */
	async discover(done: (read: number, all: number) => void = () => undefined): Promise<void> {
		const { hosts } = await discoverHosts(this.#workspace);
		for (const [read, found] of hosts.entries()) {
			done(read, hosts.length);
			const { documents } = this.#host(hostPlace(`${etcOf(found)}/pf.conf`).host);
			await documents.whenLoaded();
			await documents.fetchMissing(() => undefined);
		}
	}

	/** Drops the hosts of a folder that is not open any more, but for those with open files. */
	forgetFolder(folder: string): void {
		for (const [id, { documents }] of this.#hosts) {
			const open = [...documents.files.values()].some(({ uri }) => this.#open.has(uri));
			if (!open && etcOf(folderOf(id)).startsWith(`${folder}/`)) this.#hosts.delete(id);
		}
	}

	/** The hosts of the workspace, and beside them those of open files. */
	async hosts(): Promise<readonly HostFolder[]> {
		const { hosts } = await discoverHosts(this.#workspace);
		const found = new Map(hosts.map((host) => [etcOf(host), host]));
		for (const [id, { documents }] of this.#hosts) {
			const folder = folderOf(id);
			const isOpen = documents.open.some(({ uri }) => uri.includes("/") && !isView(uri));
			if (isOpen && !found.has(etcOf(folder))) found.set(etcOf(folder), folder);
		}
		return [...found.values()];
	}

	/** The model of the host whose /etc is that folder, once all its files are read; with no file, of an empty one. */
	async hostAt(etc: string, { reread = false } = {}): Promise<{ readonly id: string; readonly host: Model }> {
		const { host: id } = hostPlace(`${etc}/pf.conf`);
		// What was written a moment ago may not have been told yet.
		if (reread) this.#host(id).documents.reload();
		await this.whenLoaded(`${etc}/pf.conf`);
		return { id, host: this.#host(id).analysis.model().host };
	}

	/** Resolves once all has been read that the diagnostics of a host's files depend on. */
	async whenHostSettled(etc: string): Promise<void> {
		const { id } = await this.hostAt(etc);
		const { documents } = this.#host(id);
		await documents.fetchMissing(() => [...documents.files.values()].map(({ parsed }) => parsed.diagnostics()));
	}

	/** Takes what openbsd-vnet.json says of hosts: the release that each runs, and its network's limits. */
	async readHostLists(): Promise<void> {
		await this.#records.readLists();
		for (const { documents } of this.#hosts.values()) documents.rereadAll();
	}

	#host(id: string): Host {
		const known = this.#hosts.get(id);
		if (known !== undefined) return known;
		const release = () => this.#records.releaseOf(id).release;
		const documents = new HostDocuments(id, {
			workspace: this.#workspace,
			open: this.#open,
			languages: this.#languages,
			release,
			changed: (files) => {
				analysis.stale();
				this.#changed(files);
			},
		});
		const analysis = new HostAnalysis(documents, {
			background: this.#background,
			folder: () => this.#records.folder(id),
			release,
			others: () => others.found,
			found: this.#changed,
			deadRuleSearches: this.#deadRuleSearches,
			packetSearches: this.#packetSearches,
		});
		const others = new OtherHosts(this.asOpen(), etcOf(folderOf(id)));
		const host = { documents, analysis, others };
		this.#hosts.set(id, host);
		return host;
	}

	/** Files of interfaces have changed: hosts may share other addresses with each other now. */
	#lookForOthers(uris: readonly string[]): void {
		if (!uris.some((uri) => isHostnamePath(hostPlace(uri).path))) return;
		for (const { documents, others } of this.#hosts.values()) {
			if (!documents.paths.some(isCarpPath)) continue;
			others.stale();
			this.#changed(documents.open);
		}
	}

	#hostAt(uri: string): Host {
		return this.#host(hostPlace(this.file(uri)?.uri ?? uri).host);
	}
}

/** The protocol's changes as offsets, each in the text that the one before it left. */
function asTextChanges(file: SourceFile, changes: readonly TextDocumentContentChangeEvent[]): readonly TextChange[] {
	let lines = file.lines;
	const result: TextChange[] = [];
	for (const [i, change] of changes.entries()) {
		const span = "range" in change ? lines.span(change.range) : { start: 0, end: lines.text.length };
		result.push({ span, text: change.text });
		// The file's own lines go on to the edited file.
		if (i + 1 < changes.length) lines = (i === 0 ? new Lines(lines.text) : lines).edited([{ span, text: change.text }]);
	}
	return result;
}
