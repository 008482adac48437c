/** The files of one host: those that are open, those on disk, and which of them reads which. */
import { folderOf } from "../host/folder.ts";
import type { FileContext, Language, TextChange } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import type { Workspace } from "../workspace.ts";
import { isAddressFile } from "./address-list.ts";
import { HostDisk } from "./host-disk.ts";
import { isLookedFor, namedFiles, ownLanguageOf } from "./host-files.ts";
import { throwFirst } from "./settled.ts";
import { asRead, SourceFile } from "./source-file.ts";

/** What a host's files need of the project. */
export interface Around {
	readonly workspace: Workspace;
	/** The documents of the editor, of all hosts, by their URIs. */
	readonly open: Map<string, SourceFile>;
	readonly languages: ReadonlyMap<string, Language>;
	/** The release that the host's files are read for; undefined for the newest. */
	readonly release: () => Release | undefined;
	/** Told of files that mean something else now, those among them that are open, whatever they are. */
	readonly changed: (files: readonly SourceFile[]) => void;
}

export class HostDocuments {
	readonly id: string;
	readonly disk: HostDisk;
	readonly #around: Around;
	/** Files in our languages, by path. */
	readonly #files = new Map<string, SourceFile>();
	/** The paths of those that are there because others name them. */
	readonly #named = new Set<string>();
	/** The paths that each file has read, by its own path. */
	readonly #reads = new Map<string, Set<string>>();
	/** Files that are named by files of two languages, as the second reads them. */
	readonly #readings = new WeakMap<SourceFile, SourceFile>();
	/** Whether what the files name now has been read and taken in. */
	#isSettled = false;
	#loaded: Promise<void> | undefined;

	/** @param id `HostPlace.host` */
	constructor(id: string, around: Around) {
		this.id = id;
		this.disk = new HostDisk(around.workspace, folderOf(id));
		this.#around = around;
	}

	get files(): ReadonlyMap<string, SourceFile> {
		return this.#files;
	}

	/** Those that the editor has. */
	get open(): readonly SourceFile[] {
		return [...this.#files.values()].filter(({ version }) => version !== null);
	}

	/** The paths that are known to exist. */
	get paths(): readonly string[] {
		const onDisk = [...this.disk.texts].flatMap(([path, text]) => (text === undefined ? [] : [path]));
		return [...new Set([...onDisk, ...this.#files.keys()])].sort();
	}

	isOpenAt(path: string): boolean {
		const file = this.#files.get(path);
		return file !== undefined && this.#around.open.has(file.uri);
	}

	/** The text of a file, as the editor has it or else the disk; undefined where it is not there or not known. */
	text(path: string): string | undefined {
		const file = this.#files.get(path);
		return file !== undefined && this.#around.open.has(file.uri) ? file.text : this.disk.texts.get(path);
	}

	/** Takes a document of the editor for the file. */
	take(uri: string, path: string, language: Language, version: number, text: string): void {
		this.#reads.delete(path);
		const file = SourceFile.of({ uri, host: this.id, path, language }, version, text, this.#context(path));
		this.#put(file);
		this.#tell([file, ...this.#reread(new Set([path]))]);
	}

	/** Applies the editor's changes to a file. */
	edit(file: SourceFile, version: number, changes: readonly TextChange[]): void {
		const edited = file.edited(version, changes, file.context);
		this.#put(edited);
		this.#tell([edited, ...this.#reread(new Set([file.path]))]);
	}

	/** Reads every file again, as for another release. */
	rereadAll(): void {
		this.#tell([...this.#files.values()].map((file) => this.#reopened(file)));
	}

	/** Takes a file as it is on disk now. */
	async refresh(path: string): Promise<void> {
		const uri = this.disk.uri(path);
		if (uri === undefined) return;
		const text = await this.disk.read(path, uri);
		if (this.isOpenAt(path)) return;
		this.disk.note(path, text);
		if (this.disk.knowsBeside(path)) await this.disk.listBeside(path);
		const changed = this.#takeFromDisk(path, uri, text);
		this.#tell([...changed, ...this.#reread(new Set([path]))]);
	}

	/** Resolves once the host's own files have been read; what failed is tried again by the next who asks. */
	async whenLoaded(): Promise<void> {
		const loaded = this.#loaded ?? this.#load();
		this.#loaded = loaded;
		try {
			await loaded;
		} catch (error) {
			if (this.#loaded === loaded) this.#loaded = undefined;
			throw error;
		}
	}

	/** Has the host's own files read again by who asks for them next. */
	reload(): void {
		this.#loaded = this.#load();
	}

	/** Reads the files that `ask` makes a parser ask for and that nobody has looked for yet. */
	async fetchMissing(ask: () => unknown): Promise<void> {
		const { missing } = this.disk;
		for (;;) {
			this.#settle();
			ask();
			if (missing.size === 0) return;
			const paths = [...missing];
			missing.clear();
			await this.#readAll(paths);
		}
	}

	#tell(files: readonly SourceFile[]): void {
		this.#isSettled = false;
		this.#around.changed([...new Set([...files, ...this.open])]);
	}

	#put(file: SourceFile): void {
		this.#files.set(file.path, file);
		if (file.version !== null) this.#around.open.set(file.uri, file);
	}

	#drop(path: string): void {
		this.#files.delete(path);
		this.#reads.delete(path);
	}

	/** What a file is read with. A new value, with a new `readFile`, tells the parser that something it read has changed. */
	#context(path: string): FileContext {
		const readFile = (wanted: string): string | undefined => {
			const reads = this.#reads.get(path) ?? new Set();
			this.#reads.set(path, reads.add(wanted));
			if (!this.disk.texts.has(wanted) && !this.isOpenAt(wanted)) this.disk.missing.add(wanted);
			const text = this.text(wanted);
			return text === undefined ? undefined : asRead(text);
		};
		const release = this.#around.release();
		return { path, readFile, ...(release === undefined ? {} : { release }) };
	}

	#reopened(file: SourceFile): SourceFile {
		const again = file.edited(file.version, [], this.#context(file.path));
		this.#put(again);
		return again;
	}

	/** Reads again the files that have read one of `paths`, and those that have read them in turn. */
	#reread(paths: ReadonlySet<string>): readonly SourceFile[] {
		const again: SourceFile[] = [];
		for (const [path, reads] of this.#reads) {
			const file = this.#files.get(path);
			if (file === undefined || paths.has(path) || ![...paths].some((changed) => reads.has(changed))) continue;
			again.push(this.#reopened(file));
		}
		return again;
	}

	#takeFromDisk(path: string, uri: string, text: string | undefined): readonly SourceFile[] {
		const before = this.#files.get(path);
		// As which language it was open says nothing of it any more.
		const id = ownLanguageOf(path) ?? (before?.version === null ? before.identity.language.id : undefined);
		const language = id === undefined ? undefined : this.#around.languages.get(id);
		if (text === undefined || language === undefined || isAddressFile(path, text)) {
			this.#drop(path);
			return [];
		}
		const file = SourceFile.of({ uri: before?.uri ?? uri, host: this.id, path, language }, null, text, this.#context(path));
		this.#put(file);
		return [file];
	}

	/** Takes in what the files name now, whatever it is called, and drops what nothing names any more. */
	#settle(): void {
		if (this.#isSettled) return;
		const own = [...this.#files.values()].filter(({ path }) => !this.#named.has(path) || this.isOpenAt(path));
		let known = true;
		const names = new Set<string>();
		const named = namedFiles(own, (path, id) => {
			names.add(path);
			if (this.isOpenAt(path)) return undefined;
			if (!this.disk.texts.has(path)) {
				this.disk.missing.add(path);
				known = false;
			}
			const language = ownLanguageOf(path) === undefined ? this.#around.languages.get(id) : undefined;
			return language && this.#namedFile(path, language);
		});
		const taken = new Map<string, SourceFile>();
		// What files of several languages name is in the first of them.
		for (const id of this.#around.languages.keys())
			for (const file of named) if (file.identity.language.id === id && !taken.has(file.path)) taken.set(file.path, file);
		const gone = [...this.#named].filter((path) => !taken.has(path) && !this.isOpenAt(path));
		for (const path of gone) this.#drop(path);
		const changed = [...taken.values()].filter((file) => this.#files.get(file.path) !== file);
		for (const file of changed) this.#put(file);
		this.#named.clear();
		for (const path of taken.keys()) this.#named.add(path);
		const forgotten = this.disk.forget(names, this.#reads.values());
		if (gone.length + changed.length > 0 || forgotten) this.#tell(changed);
		this.#isSettled = known;
	}

	/** A file that another one names, as it is on disk, in that one's language. */
	#namedFile(path: string, language: Language): SourceFile | undefined {
		const known = this.#files.get(path);
		if (known?.identity.language === language) return known;
		const other = known && this.#readings.get(known);
		if (other?.identity.language === language) return other;
		const text = this.disk.texts.get(path);
		const uri = known?.uri ?? this.disk.uri(path);
		if (text === undefined || uri === undefined) return undefined;
		const file = SourceFile.of({ uri, host: this.id, path, language }, null, text, this.#context(path));
		if (known !== undefined) this.#readings.set(known, file);
		return file;
	}

	async #load(): Promise<void> {
		await this.#readAll(await this.disk.own());
	}

	async #readAll(paths: readonly string[]): Promise<void> {
		const taken: SourceFile[] = [];
		const read = new Set<string>();
		const results = await Promise.allSettled(
			paths.map(async (path) => {
				if (this.isOpenAt(path)) return;
				const uri = this.disk.uri(path);
				const [text, stat] = uri === undefined ? [] : await Promise.all([this.disk.read(path, uri), this.disk.stat(uri)]);
				if (this.isOpenAt(path)) return;
				this.disk.note(path, text);
				if (text === undefined && !isLookedFor(path)) await this.disk.listBeside(path);
				if (text !== undefined && stat !== undefined) this.disk.stats.set(path, stat);
				if (text === undefined || uri === undefined) return;
				read.add(path);
				taken.push(...this.#takeFromDisk(path, uri, text));
			}),
		);
		// What is not there makes no difference.
		if (read.size > 0) this.#tell([...taken, ...this.#reread(read)]);
		// What could not be read is asked for again.
		for (const [index, path] of paths.entries()) if (results[index]?.status === "rejected") this.disk.missing.add(path);
		throwFirst(results);
	}
}
