/** The state of the server: what is open, what stands beside it on disk, and which file reads which. */
import type { TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { checksInTurn } from "../host/check.ts";
import { hostChecks } from "../host/checks.ts";
import { discoverHosts, hostListName, readHostList } from "../host/discover.ts";
import { decoded, etcOf, folderOf, type HostFolder, hostPlace, isView, uriOnHost } from "../host/folder.ts";
import type { LiveHost } from "../host/live.ts";
import { driftDiagnostics } from "../host/live-drift.ts";
import { type HostSource, hostBuilder, type Host as Model, type SourceFile as SourceFileOfHost } from "../host/model.ts";
import { pfFactsReader } from "../host/pf-facts.ts";
import type { Ruleset } from "../pf/rules.ts";
import { isPolicyTests, policyTestDiagnostics } from "../policy/policy-tests.ts";
import type { FileRelease, LiveFacts, RuleCounters } from "../protocol.ts";
import { newestRelease, RELEASES } from "../releases/releases.ts";
import { isBeyondKnown } from "../releases/running.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { FileContext, Language, TextChange } from "../text/language.ts";
import { finished } from "../text/portions.ts";
import type { Release } from "../text/vocabulary.ts";
import type { NotRead, Workspace } from "../workspace.ts";
import { isAddressFile } from "./address-list.ts";
import { DeadRules } from "./dead-rules.ts";
import type { Files } from "./files.ts";
import { isLookedFor, isSearched, namedFiles, ownLanguageOf } from "./host-files.ts";
import { languageOf } from "./language-of.ts";
import { languages } from "./languages.ts";
import { Lines } from "./lines.ts";
import { movedDiagnostics } from "./moved-diagnostics.ts";
import { PacketChecks } from "./packet-checks.ts";
import { RecentSearches } from "./recent-searches.ts";
import { retold } from "./retold-diagnostics.ts";
import { asRead, SourceFile } from "./source-file.ts";

/** One host: its files by path. */
interface Host {
	readonly id: string;
	/** Files in our languages. */
	readonly files: Map<string, SourceFile>;
	/** The paths of those that are there because others name them. */
	readonly named: Set<string>;
	/** Whether what the files name now has been read and taken in. */
	settled: boolean;
	/** Every text that was read from disk; undefined for a path that is known not to be there. */
	readonly disk: Map<string, string | undefined>;
	/** The paths of those that are known because a file names or reads them. */
	readonly beside: Set<string>;
	/** The paths that each file has read, by its own path. */
	readonly reads: Map<string, Set<string>>;
	/** Paths that were asked for and that nobody has looked for yet. */
	readonly missing: Set<string>;
	/** What is in the folders that paths which are not there were looked for in. */
	readonly names: Map<string, readonly string[]>;
	/** Why paths that are there are not read. */
	readonly notRead: Map<string, NotRead>;
	/** Permission bits and owner by path, where the workspace tells them. */
	readonly stats: Map<string, FileStat>;
	readonly build: (source: HostSource) => Model;
	/** What the files make together; undefined after a change of one that it is built from. */
	model: HostModel | undefined;
	/** The model while it is made in the background. */
	modelling: Generator<number, HostModel, void> | undefined;
	/** The model that was built last, for a host of many rules while a new one is made. */
	last: HostModel | undefined;
	readonly readRules: ReturnType<typeof pfFactsReader>;
	readonly deadRules: DeadRules;
	readonly packetChecks: PacketChecks;
	loaded: Promise<void> | undefined;
}

interface HostModel {
	readonly host: Model;
	/** The files that it was built from. */
	readonly files: ReadonlyMap<string, SourceFile>;
	/** How many rules it has. */
	readonly rules: number;
	readonly diagnostics: ByFile;
	/** Rules that decide nothing; undefined while the search for them goes on. */
	deadRules: ByFile | undefined;
	/** What becomes of packets; undefined while the search for it goes on. */
	packets: ByFile | undefined;
	/** What is wrong with files in none of the languages, by the file that it is told in. */
	retold: ByFile | undefined;
	/** What the host makes of files of policy tests. */
	readonly tests: Map<object, readonly Diagnostic[]>;
}

/** So many characters make the files of a host large: nobody is to wait for its model, neither at first nor at a keystroke. */
const LARGE = 30_000;

/** A rule that lists make counts as so many characters. */
const RULE = 30;
/** So many rules are gone through in a portion of making a model: some 20 ms. */
const PORTION = 100_000;

function isLarge({ files, disk, last }: Host): boolean {
	let length = (last?.rules ?? 0) * RULE;
	// What is not open is not read for it.
	for (const file of files.values()) length += file.version === null ? (disk.get(file.path)?.length ?? 0) : file.text.length;
	if (length > LARGE) return true;
	for (const file of files.values()) if (file.version !== null) length += (file.parsed.made ?? 0) * RULE;
	return length > LARGE;
}

function rulesIn({ main, anchors }: Ruleset): number {
	let count = main.rules.length;
	for (const { rules } of anchors.values()) count += rules.length;
	return count;
}

type ByFile = ReadonlyMap<string, readonly Diagnostic[]>;

/** Calls `work` again and again while nothing else is to be done, until it answers false; later work of the same key replaces it. */
export type Background = (key: string, work: () => boolean) => void;

type FileStat = NonNullable<Awaited<ReturnType<NonNullable<Workspace["stat"]>>>>;

export class Documents implements Files {
	readonly #workspace: Workspace;
	readonly #hosts = new Map<string, Host>();
	readonly #byUri = new Map<string, SourceFile>();
	readonly #changed: (files: readonly SourceFile[]) => void;
	readonly #languages: ReadonlyMap<string, Language>;
	readonly #background: Background;
	readonly #searches = new RecentSearches();
	readonly #packetSearches = new RecentSearches();
	/** Files that are named by files of two languages, as the second reads them. */
	readonly #readings = new WeakMap<SourceFile, SourceFile>();
	#release: Release | undefined;
	/** The hosts of openbsd-vnet.json by the URI of their /etc. */
	#listed: ReadonlyMap<string, HostFolder> = new Map();
	/** What running hosts have said, by the URI of their /etc. */
	#live: ReadonlyMap<string, LiveFacts> = new Map();

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
		this.#changed = changed;
		this.#background = background;
		this.#languages = served;
	}

	// ── What the features ask ──────────────────────────────────────────────────────────────────────────────────────

	file(uri: string): SourceFile | undefined {
		const open = this.#byUri.get(uri);
		if (open !== undefined) return open;
		const { host, path } = hostPlace(uri);
		return this.#hosts.get(host)?.files.get(path);
	}

	onSameHost({ identity: { host } }: SourceFile, path: string): SourceFile | undefined {
		return this.#hosts.get(host)?.files.get(path);
	}

	hostOf({ identity: { host } }: SourceFile): readonly SourceFile[] {
		const files = [...(this.#hosts.get(host)?.files.values() ?? [])];
		return files.sort((a, b) => (a.path < b.path ? -1 : 1));
	}

	/** The files of the host whose /etc a folder stands for, in the order of their paths. */
	onHost(etc: string): readonly SourceFile[] {
		const [first] = [...this.#hosts.values()].find(({ id }) => etcOf(folderOf(id)) === etc)?.files.values() ?? [];
		return first === undefined ? [] : this.hostOf(first);
	}

	all(): readonly SourceFile[] {
		return [...this.#hosts.values()].flatMap(({ files }) => [...files.values()]);
	}

	hostText({ identity: { host } }: SourceFile, path: string): string | undefined {
		return this.#text(this.#hosts.get(host), path);
	}

	hostModel({ identity: { host } }: SourceFile): Model {
		const known = this.#host(host);
		return (this.#shown(known) ?? this.#model(known)).host;
	}

	hostDiagnostics(file: SourceFile): readonly Diagnostic[] {
		const known = this.#host(file.identity.host);
		const shown = this.#shown(known);
		// What shows across files follows when it is known.
		if (shown === undefined && !isPolicyTests(file.parsed)) return [];
		const model = shown ?? this.#model(known);
		if (isPolicyTests(file.parsed)) {
			const found = model.tests.get(file.parsed) ?? policyTestDiagnostics(model.host, file.parsed);
			model.tests.set(file.parsed, found);
			return found;
		}
		const before = model.files.get(file.path)?.parsed ?? file.parsed;
		model.retold ??= retold(model.diagnostics, model.files);
		const across = [...(model.diagnostics.get(file.path) ?? []), ...(model.retold.get(file.path) ?? [])];
		const own = movedDiagnostics(across, before, file.parsed, file.path);
		const dead = movedDiagnostics(this.#deadRules(known, model)?.get(file.path) ?? [], before, file.parsed, file.path);
		const packets = movedDiagnostics(this.#packets(known, model)?.get(file.path) ?? [], before, file.parsed, file.path);
		const live = this.live(file);
		const drift = live === undefined ? [] : driftDiagnostics(model.host, live, file);
		return dead.length + packets.length + drift.length === 0 ? own : [...own, ...dead, ...packets, ...drift];
	}

	/** The release that a file is read for, and what says so. */
	release({ identity: { host: id } }: SourceFile): FileRelease {
		const { release = newestRelease, by } = this.#releaseOf({ id });
		return { release, by, known: !isBeyondKnown(release), all: RELEASES.map(({ name }) => name) };
	}

	live({ identity: { host } }: SourceFile): LiveHost | undefined {
		return this.#live.get(etcOf(folderOf(host)))?.host;
	}

	counters({ identity: { host } }: SourceFile): RuleCounters | undefined {
		return this.#live.get(etcOf(folderOf(host)))?.counters;
	}

	hostPaths({ identity: { host } }: SourceFile): readonly string[] {
		const known = this.#hosts.get(host);
		if (known === undefined) return [];
		const onDisk = [...known.disk].flatMap(([path, text]) => (text === undefined ? [] : [path]));
		return [...new Set([...onDisk, ...known.files.keys()])].sort();
	}

	// ── What the editor tells ──────────────────────────────────────────────────────────────────────────────────────

	/**
	 * Takes a document in; false where its language is none of ours. The other files of its host follow (`whenLoaded`).
	 * @param languageId `openbsd` where its name tells the language, for editors that cannot
	 */
	open(uri: string, languageId: string, version: number, text: string): boolean {
		const language = this.#languages.get(languageId === "openbsd" ? (languageOf(decoded(uri)) ?? "") : languageId);
		if (language === undefined) return false;
		const { host: id, path } = hostPlace(uri);
		const host = this.#host(id);
		host.reads.delete(path);
		const file = SourceFile.of({ uri, host: id, path, language }, version, text, this.#context(host, path));
		this.#put(host, file);
		this.#tell(host, [file, ...this.#reread(host, new Set([path]))]);
		return true;
	}

	/** Applies the protocol's changes, each to the text that the one before it left. */
	change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
		const file = this.#byUri.get(uri);
		if (file === undefined) return;
		const host = this.#host(file.identity.host);
		const edited = file.edited(version, asTextChanges(file, changes), file.context);
		this.#put(host, edited);
		this.#tell(host, [edited, ...this.#reread(host, new Set([file.path]))]);
	}

	/** From now on the file is what it is on disk. */
	async close(uri: string): Promise<void> {
		const file = this.#byUri.get(uri);
		if (file === undefined) return;
		this.#byUri.delete(uri);
		await this.#refresh(this.#host(file.identity.host), file.path);
	}

	/** Another value after every change of something that the diagnostics of a file can depend on beside its text. */
	revision({ identity: { host } }: SourceFile): unknown {
		return this.#shown(this.#host(host));
	}

	isOpen(uri: string): boolean {
		return this.#byUri.has(uri);
	}

	/** Reads again what the editor says has changed on disk. */
	async changedOnDisk(uris: readonly string[]): Promise<void> {
		const read = uris.map(async (uri) => {
			const { host: id, path } = hostPlace(uri);
			const host = this.#hosts.get(id);
			if (host !== undefined && !this.#isOpenAt(host, path)) await this.#refresh(host, path);
		});
		throwFirst(await Promise.allSettled(read));
	}

	/** Reads every file for another release. */
	setRelease(release: Release | undefined): void {
		if (release === this.#release) return;
		this.#release = release;
		for (const host of this.#hosts.values()) this.#rereadAll(host);
	}

	/** Takes what running hosts have said, instead of what was known before. */
	setLive(hosts: readonly LiveFacts[]): void {
		const before = new Map([...this.#hosts.values()].map((host) => [host, this.#releaseOf(host).release]));
		this.#live = new Map(hosts.map((facts) => [facts.etc, facts]));
		for (const host of this.#hosts.values()) {
			if (this.#releaseOf(host).release !== before.get(host)) this.#rereadAll(host);
			// The model itself is the same; a new value tells that what follows from it is not.
			else if (host.model !== undefined) host.model = { ...host.model };
		}
		this.#changed(this.all().filter(({ version }) => version !== null));
	}

	/** Resolves once the files beside a document have been read, and those that it includes. */
	async whenLoaded(uri: string): Promise<void> {
		const host = this.#hostAt(uri);
		await this.#whenLoaded(host);
		await this.#fetchMissing(host, () => this.file(uri)?.parsed);
	}

	/** Resolves once all has been read that the diagnostics of a document depend on. */
	async whenSettled(uri: string): Promise<void> {
		await this.whenLoaded(uri);
		await this.#fetchMissing(this.#hostAt(uri), () => this.file(uri)?.parsed.diagnostics());
	}

	/** Resolves once everything is known that the files of a host show, also what takes long to find. */
	async whenAnalysed(uri: string): Promise<void> {
		await this.whenSettled(uri);
		const host = this.#hostAt(uri);
		if (this.#deadRules(host, this.#model(host)) === undefined) while (host.deadRules.advance());
		if (this.#packets(host, this.#model(host)) === undefined) while (host.packetChecks.advance());
	}

	/**
	 * Finds the hosts in the workspace's folders, and reads them.
	 * @param done told how many of them have been read
	 */
	async discover(done: (read: number, all: number) => void = () => undefined): Promise<void> {
		const { hosts } = await discoverHosts(this.#workspace);
		for (const [read, found] of hosts.entries()) {
			done(read, hosts.length);
			const host = this.#host(hostPlace(`${etcOf(found)}/pf.conf`).host);
			await this.#whenLoaded(host);
			await this.#fetchMissing(host, () => undefined);
		}
	}

	/** Drops the hosts of a folder that is not open any more, but for those with open files. */
	forgetFolder(folder: string): void {
		for (const [id, host] of this.#hosts) {
			const open = [...host.files.values()].some(({ uri }) => this.#byUri.has(uri));
			if (!open && etcOf(folderOf(id)).startsWith(`${folder}/`)) this.#hosts.delete(id);
		}
	}

	/** The hosts of the workspace, and beside them those of open files. */
	async hosts(): Promise<readonly HostFolder[]> {
		const { hosts } = await discoverHosts(this.#workspace);
		const found = new Map(hosts.map((host) => [etcOf(host), host]));
		for (const { id, files } of this.#hosts.values()) {
			const folder = folderOf(id);
			const open = [...files.values()].some(({ version, uri }) => version !== null && uri.includes("/") && !isView(uri));
			if (open && !found.has(etcOf(folder))) found.set(etcOf(folder), folder);
		}
		return [...found.values()];
	}

	/** The model of the host whose /etc is that folder, once all its files are read; with no file, of an empty one. */
	async hostAt(etc: string, { reread = false } = {}): Promise<{ readonly id: string; readonly host: Model }> {
		const { host: id } = hostPlace(`${etc}/pf.conf`);
		const host = this.#host(id);
		// What was written a moment ago may not have been told yet.
		if (reread) host.loaded = this.#load(host);
		await this.whenLoaded(`${etc}/pf.conf`);
		return { id, host: this.#model(this.#host(id)).host };
	}

	/** Resolves once all has been read that the diagnostics of a host's files depend on. */
	async whenHostSettled(etc: string): Promise<void> {
		const { id } = await this.hostAt(etc);
		const host = this.#host(id);
		await this.#fetchMissing(host, () => [...host.files.values()].map(({ parsed }) => parsed.diagnostics()));
	}

	/** Takes what openbsd-vnet.json says of hosts: the release that each runs, and its network's limits. */
	async readHostLists(): Promise<void> {
		const listed = new Map<string, HostFolder>();
		for (const folder of this.#workspace.folders) {
			const text = await this.#workspace.read(`${folder}/${hostListName}`);
			for (const host of text === undefined ? [] : readHostList(text, folder, [])) listed.set(etcOf(host), host);
		}
		this.#listed = listed;
		for (const host of this.#hosts.values()) this.#rereadAll(host);
	}

	// ── Inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

	#host(id: string): Host {
		const known = this.#hosts.get(id);
		if (known !== undefined) return known;
		const host: Host = {
			id,
			files: new Map(),
			named: new Set(),
			settled: false,
			disk: new Map(),
			beside: new Set(),
			reads: new Map(),
			missing: new Set(),
			names: new Map(),
			notRead: new Map(),
			stats: new Map(),
			build: hostBuilder(),
			model: undefined,
			modelling: undefined,
			last: undefined,
			readRules: pfFactsReader(),
			deadRules: new DeadRules(this.#searches),
			packetChecks: new PacketChecks(this.#packetSearches),
			loaded: undefined,
		};
		this.#hosts.set(id, host);
		return host;
	}

	#model(host: Host): NonNullable<Host["model"]> {
		if (host.model !== undefined) return host.model;
		return finished(host.modelling ?? this.#modelling(host));
	}

	/** Makes the model, with a pause behind each step that takes long where there are many rules: it gives how many there are. */
	*#modelling(host: Host): Generator<number, HostModel, void> {
		try {
			const files = new Map<string, SourceFileOfHost>();
			for (const [path, text] of host.disk) if (text !== undefined) files.set(path, { text: asRead(text), ...host.stats.get(path) });
			for (const { path, parsed } of host.files.values()) files.set(path, { text: parsed.text, parsed, ...host.stats.get(path) });
			const { name, portMacLimit } = this.#listed.get(etcOf(folderOf(host.id))) ?? folderOf(host.id);
			const limits = portMacLimit === undefined ? {} : { portMacLimit };
			const pf = host.readRules(files);
			const rules = pf === undefined ? 0 : rulesIn(pf.ruleset);
			yield rules;
			const notRead = new Map(host.notRead);
			const model = host.build({
				name,
				files,
				...limits,
				...this.#readFor(host),
				...(pf && { pf }),
				...(host.names.size > 0 && { names: new Map(host.names) }),
				...(notRead.size > 0 && { notRead }),
			});
			const read = new Map(host.files);
			const checks = checksInTurn(model, hostChecks);
			let checked = checks.next();
			for (; checked.done !== true; checked = checks.next()) yield rules;
			host.model = {
				host: model,
				files: read,
				rules,
				diagnostics: checked.value,
				deadRules: undefined,
				packets: undefined,
				retold: undefined,
				tests: new Map(),
			};
			host.last = host.model;
			return host.model;
		} finally {
			host.modelling = undefined;
		}
	}

	/** The model; of a large host the one before the last change, and none at first, while the new one is made. */
	#shown(host: Host): HostModel | undefined {
		if (host.model !== undefined || !isLarge(host)) return this.#model(host);
		this.#background(`${host.id} model`, () => {
			if (host.model === undefined && this.#isMaking(host)) return true;
			this.#changed([...host.files.values()].filter(({ version }) => version !== null));
			return false;
		});
		return host.last;
	}

	/** Does a portion of making the model; true where there is more to do. */
	#isMaking(host: Host): boolean {
		host.modelling ??= this.#modelling(host);
		for (let work = 0; work < PORTION; ) {
			const { done, value } = host.modelling.next();
			if (done === true) return false;
			work += value + 1;
		}
		return true;
	}

	/** Rules that decide nothing; undefined while the search for them goes on, after which their files are told of. */
	#deadRules(host: Host, model: HostModel): ByFile | undefined {
		if (model !== host.model) return model.deadRules;
		if (host.deadRules.take(model.host.pf)) {
			this.#goOn(host, host.id, () => host.deadRules.advance());
			return undefined;
		}
		model.deadRules ??= host.deadRules.diagnostics(model.diagnostics, (path) => host.files.get(path)?.parsed);
		return model.deadRules;
	}

	/** What becomes of packets; undefined while the search for it goes on, after which the files are told of. */
	#packets(host: Host, model: HostModel): ByFile | undefined {
		if (model !== host.model) return model.packets;
		if (host.packetChecks.take(model.host)) {
			this.#goOn(host, `${host.id} packets`, () => host.packetChecks.advance());
			return undefined;
		}
		model.packets ??= host.packetChecks.found;
		return model.packets;
	}

	/** Goes on with a search in the background; the files are told of at its end. */
	#goOn(host: Host, key: string, advance: () => boolean): void {
		this.#background(key, () => {
			const more = advance();
			if (!more && host.model !== undefined) host.model = { ...host.model };
			if (!more) this.#changed([...host.files.values()].filter(({ version }) => version !== null));
			return more;
		});
	}

	/** Tells of files that mean something else now. The model is built from all of them. */
	#tell(host: Host, files: readonly SourceFile[]): void {
		host.settled = false;
		host.model = undefined;
		host.modelling = undefined;
		this.#changed([...new Set([...files, ...[...host.files.values()].filter(({ version }) => version !== null)])]);
	}

	#hostAt(uri: string): Host {
		return this.#host(hostPlace(this.file(uri)?.uri ?? uri).host);
	}

	#put(host: Host, file: SourceFile): void {
		host.files.set(file.path, file);
		if (file.version !== null) this.#byUri.set(file.uri, file);
	}

	#isOpenAt(host: Host, path: string): boolean {
		const file = host.files.get(path);
		return file !== undefined && this.#byUri.has(file.uri);
	}

	#text(host: Host | undefined, path: string): string | undefined {
		if (host === undefined) return undefined;
		const file = host.files.get(path);
		return file !== undefined && this.#byUri.has(file.uri) ? file.text : host.disk.get(path);
	}

	/** What a file is read with. A new value, with a new `readFile`, tells the parser that something it read has changed. */
	#context(host: Host, path: string): FileContext {
		const read = (wanted: string): string | undefined => {
			const reads = host.reads.get(path) ?? new Set();
			host.reads.set(path, reads.add(wanted));
			if (!host.disk.has(wanted) && !this.#isOpenAt(host, wanted)) host.missing.add(wanted);
			const text = this.#text(host, wanted);
			return text === undefined ? undefined : asRead(text);
		};
		return { path, readFile: read, ...this.#readFor(host) };
	}

	#readFor(host: Host): { readonly release?: Release } {
		const { release } = this.#releaseOf(host);
		return release === undefined ? {} : { release };
	}

	/** What the running host says goes before what is written down of it, and that before the setting. */
	#releaseOf({ id }: Pick<Host, "id">): { readonly release?: Release; readonly by: FileRelease["by"] } {
		const asked = this.#workspace.release;
		if (asked !== undefined) return { release: asked, by: "setting" };
		const etc = etcOf(folderOf(id));
		const live = this.#live.get(etc)?.release;
		if (live !== undefined) return { release: live, by: "host" };
		const listed = this.#listed.get(etc)?.release;
		if (listed !== undefined) return { release: listed, by: "list" };
		return this.#release === undefined ? { by: "newest" } : { release: this.#release, by: "setting" };
	}

	#rereadAll(host: Host): void {
		this.#tell(
			host,
			[...host.files.values()].map((file) => this.#reopened(host, file)),
		);
	}

	#reopened(host: Host, file: SourceFile): SourceFile {
		const again = file.edited(file.version, [], this.#context(host, file.path));
		this.#put(host, again);
		return again;
	}

	/** Reads again the files that have read one of `paths`, and those that have read them in turn. */
	#reread(host: Host, paths: ReadonlySet<string>): readonly SourceFile[] {
		const again: SourceFile[] = [];
		for (const [path, reads] of host.reads) {
			const file = host.files.get(path);
			if (file === undefined || paths.has(path) || ![...paths].some((changed) => reads.has(changed))) continue;
			again.push(this.#reopened(host, file));
		}
		return again;
	}

	/** The text of a file on disk; of one that is not read, the reason is noted. */
	async #read(host: Host, path: string, uri: string): Promise<string | undefined> {
		const text = await this.#workspace.read(uri);
		const reason = text === undefined ? await this.#workspace.notRead?.(uri) : undefined;
		if (reason === undefined) host.notRead.delete(path);
		else host.notRead.set(path, reason);
		return text;
	}

	/** The file as it is on disk now. */
	async #refresh(host: Host, path: string): Promise<void> {
		const uri = uriOnHost(folderOf(host.id), path);
		if (uri === undefined) return;
		const text = await this.#read(host, path, uri);
		if (this.#isOpenAt(host, path)) return;
		this.#note(host, path, text);
		if (host.names.has(folderOfPath(path))) await this.#listBeside(host, path);
		const changed = this.#takeFromDisk(host, path, uri, text);
		this.#tell(host, [...changed, ...this.#reread(host, new Set([path]))]);
	}

	#note(host: Host, path: string, text: string | undefined): void {
		host.disk.set(path, text);
		if (!isLookedFor(path)) host.beside.add(path);
	}

	/** Forgets what was read from disk for a file that neither names nor reads it any more; answers whether that was anything. */
	#forget(host: Host, names: ReadonlySet<string>): boolean {
		const unnamed = [...host.beside].filter((path) => !names.has(path));
		if (unnamed.length === 0) return false;
		const read = new Set([...host.reads.values()].flatMap((paths) => [...paths]));
		let gone = false;
		for (const path of unnamed) {
			if (read.has(path)) continue;
			gone ||= host.disk.get(path) !== undefined || host.notRead.has(path);
			host.beside.delete(path);
			host.disk.delete(path);
			host.notRead.delete(path);
			host.stats.delete(path);
		}
		return gone;
	}

	/** Notes what is in the folder of a path: a name there may be the one that is meant. */
	async #listBeside(host: Host, path: string): Promise<void> {
		const uri = uriOnHost(folderOf(host.id), path);
		if (uri === undefined) return;
		const list = await this.#workspace.list(uri.slice(0, uri.lastIndexOf("/")));
		host.names.set(
			folderOfPath(path),
			list.flatMap(({ name, type }) => (type === "file" ? [name] : [])),
		);
	}

	#takeFromDisk(host: Host, path: string, uri: string, text: string | undefined): readonly SourceFile[] {
		const before = host.files.get(path);
		// As which language it was open says nothing of it any more.
		const id = ownLanguageOf(path) ?? (before?.version === null ? before.identity.language.id : undefined);
		const language = id === undefined ? undefined : this.#languages.get(id);
		if (text === undefined || language === undefined || isAddressFile(path, text)) {
			host.files.delete(path);
			host.reads.delete(path);
			return [];
		}
		const file = SourceFile.of({ uri: before?.uri ?? uri, host: host.id, path, language }, null, text, this.#context(host, path));
		this.#put(host, file);
		return [file];
	}

	/** Takes in what the files of a host name now, whatever it is called, and drops what nothing names any more. */
	#settle(host: Host): void {
		if (host.settled) return;
		const own = [...host.files.values()].filter(({ path }) => !host.named.has(path) || this.#isOpenAt(host, path));
		let known = true;
		const names = new Set<string>();
		const named = namedFiles(own, (path, id) => {
			names.add(path);
			if (this.#isOpenAt(host, path)) return undefined;
			if (!host.disk.has(path)) {
				host.missing.add(path);
				known = false;
			}
			const language = ownLanguageOf(path) === undefined ? this.#languages.get(id) : undefined;
			return language && this.#named(host, path, language);
		});
		const taken = new Map<string, SourceFile>();
		// What files of several languages name is in the first of them.
		for (const id of this.#languages.keys())
			for (const file of named) if (file.identity.language.id === id && !taken.has(file.path)) taken.set(file.path, file);
		const gone = [...host.named].filter((path) => !taken.has(path) && !this.#isOpenAt(host, path));
		for (const path of gone) {
			host.files.delete(path);
			host.reads.delete(path);
		}
		const changed = [...taken.values()].filter((file) => host.files.get(file.path) !== file);
		for (const file of changed) this.#put(host, file);
		host.named.clear();
		for (const path of taken.keys()) host.named.add(path);
		const forgotten = this.#forget(host, names);
		if (gone.length + changed.length > 0 || forgotten) this.#tell(host, changed);
		host.settled = known;
	}

	/** A file that another one names, as it is on disk, in that one's language. */
	#named(host: Host, path: string, language: Language): SourceFile | undefined {
		const known = host.files.get(path);
		if (known?.identity.language === language) return known;
		const other = known && this.#readings.get(known);
		if (other?.identity.language === language) return other;
		const text = host.disk.get(path);
		const uri = known?.uri ?? uriOnHost(folderOf(host.id), path);
		if (text === undefined || uri === undefined) return undefined;
		const file = SourceFile.of({ uri, host: host.id, path, language }, null, text, this.#context(host, path));
		if (known !== undefined) this.#readings.set(known, file);
		return file;
	}

	/** Resolves once the host's files have been read; what failed is tried again by the next who asks. */
	async #whenLoaded(host: Host): Promise<void> {
		const loaded = host.loaded ?? this.#load(host);
		host.loaded = loaded;
		try {
			await loaded;
		} catch (error) {
			if (host.loaded === loaded) host.loaded = undefined;
			throw error;
		}
	}

	async #load(host: Host): Promise<void> {
		const root = etcOf(folderOf(host.id));
		const wanted: string[] = [];
		const walk = async (folder: string, path: string): Promise<void> => {
			for (const { name, type } of await this.#workspace.list(folder)) {
				const at = `${path}/${name}`;
				if (type === "folder") {
					if (isSearched(`${at}/`)) await walk(`${folder}/${encodeURIComponent(name)}`, at);
				} else if (isLookedFor(at)) wanted.push(at);
			}
		};
		await walk(root, "/etc");
		await this.#readAll(host, wanted);
	}

	/** Reads the files that `ask` makes a parser ask for and that nobody has looked for yet. */
	async #fetchMissing(host: Host, ask: () => unknown): Promise<void> {
		for (;;) {
			this.#settle(host);
			ask();
			if (host.missing.size === 0) return;
			const missing = [...host.missing];
			host.missing.clear();
			await this.#readAll(host, missing);
		}
	}

	async #readAll(host: Host, paths: readonly string[]): Promise<void> {
		const taken: SourceFile[] = [];
		const read = new Set<string>();
		const results = await Promise.allSettled(
			paths.map(async (path) => {
				if (this.#isOpenAt(host, path)) return;
				const uri = uriOnHost(folderOf(host.id), path);
				const [text, stat] = uri === undefined ? [] : await Promise.all([this.#read(host, path, uri), this.#workspace.stat?.(uri)]);
				if (this.#isOpenAt(host, path)) return;
				this.#note(host, path, text);
				if (text === undefined && !isLookedFor(path)) await this.#listBeside(host, path);
				if (text !== undefined && stat !== undefined) host.stats.set(path, stat);
				if (text === undefined || uri === undefined) return;
				read.add(path);
				taken.push(...this.#takeFromDisk(host, path, uri, text));
			}),
		);
		// What is not there makes no difference.
		if (read.size > 0) this.#tell(host, [...taken, ...this.#reread(host, read)]);
		// What could not be read is asked for again.
		for (const [index, path] of paths.entries()) if (results[index]?.status === "rejected") host.missing.add(path);
		throwFirst(results);
	}
}

function folderOfPath(path: string): string {
	return path.slice(0, path.lastIndexOf("/"));
}

/** Throws why one has failed, once all have ended. */
function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
	for (const result of results) if (result.status === "rejected") throw result.reason;
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
