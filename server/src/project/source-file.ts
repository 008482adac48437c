/** One version of one file, as the features see it. */
import type { FileContext, Language, ParsedFile, TextChange } from "../text/language.ts";
import { Lines } from "./lines.ts";

/** What stays the same of a file while its text changes. */
export interface FileIdentity {
	readonly uri: string;
	/** The host that it belongs to (`HostPlace.host`). */
	readonly host: string;
	/** Its path there. */
	readonly path: string;
	readonly language: Language;
}

/** A version that nobody has asked for yet: files that name each other ask for its text while one of them is read. */
interface Unread {
	readonly text: string;
	readonly context: FileContext;
}

/**
 * A text as its language reads it: a line that ends in CR LF ends in a blank and a newline, and each word keeps its place. That
 * the programs of OpenBSD take the CR for a part of the line is told once, of the file (`line-ends.ts`).
 */
export function asRead(text: string): string {
	return text.includes("\r\n") ? text.replace(/\\\r\n/g, " \\\n").replace(/\r\n/g, " \n") : text;
}

/** One version of a file. It is read and its lines are counted when somebody asks. */
export class SourceFile {
	readonly identity: FileIdentity;
	/** The editor's version, null for a file that is not open. */
	readonly version: number | null;
	/** What it is, or what it will be read from; never both, for one text in memory is enough. */
	#content: { readonly parsed: ParsedFile } | Unread;
	/** The text where its language reads another one (`asRead`). */
	readonly #written: string | undefined;
	#lines: Lines | undefined;

	private constructor(
		identity: FileIdentity,
		version: number | null,
		content: { readonly parsed: ParsedFile } | Unread,
		written: string | undefined,
	) {
		this.identity = identity;
		this.version = version;
		this.#content = content;
		this.#written = written;
	}

	static of(identity: FileIdentity, version: number | null, text: string, context: FileContext): SourceFile {
		const read = asRead(text);
		return new SourceFile(identity, version, { text: read, context }, read === text ? undefined : text);
	}

	get uri(): string {
		return this.identity.uri;
	}

	get path(): string {
		return this.identity.path;
	}

	get parsed(): ParsedFile {
		const content = this.#content;
		if ("parsed" in content) return content.parsed;
		const parsed = this.identity.language.parse(content.text, content.context);
		this.#content = { parsed };
		return parsed;
	}

	/** What it is read with. */
	get context(): FileContext {
		return "parsed" in this.#content ? this.#content.parsed.context : this.#content.context;
	}

	/** Whether lines end in CR LF. */
	get hasCrLf(): boolean {
		return this.#written !== undefined;
	}

	get text(): string {
		if (this.#written !== undefined) return this.#written;
		// One long text in memory is enough.
		if (this.#lines !== undefined) return this.#lines.text;
		return "parsed" in this.#content ? this.#content.parsed.text : this.#content.text;
	}

	get lines(): Lines {
		this.#lines ??= new Lines(this.text);
		return this.#lines;
	}

	/** The file after changes of its text, of what it is read with, or both. */
	edited(version: number | null, changes: readonly TextChange[], context: FileContext): SourceFile {
		if (!("parsed" in this.#content) && changes.length === 0) return SourceFile.of(this.identity, version, this.text, context);
		if (this.#written !== undefined || changes.some(({ text }) => text.includes("\r")))
			return SourceFile.of(this.identity, version, this.lines.edited(changes).text, context);
		const lines = this.#lines?.edited(changes);
		let content: { readonly parsed: ParsedFile } | Unread;
		try {
			// The edit is done at once: a chain of versions that nobody has read would keep all of them in memory.
			content = { parsed: this.parsed.edit(changes, context) };
		} catch {
			// Whatever a reader stumbles over, the text stays the editor's; who asks about it is told.
			content = { text: (lines ?? this.lines.edited(changes)).text, context };
		}
		const file = new SourceFile(this.identity, version, content, undefined);
		file.#lines = lines;
		return file;
	}
}
