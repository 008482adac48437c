/** The files of a host while a pattern writes into them. */
import { type Host, type HostSource, hostBuilder, type ModelFile } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";

/** Texts by path, and the model of the host that they make; the model is built when somebody asks. */
export class Draft {
	readonly #source: HostSource;
	readonly #build = hostBuilder();
	readonly #written = new Map<string, string>();
	#host: Host | undefined;

	constructor(source: HostSource) {
		this.#source = source;
	}

	/** The text of a file; undefined where there is none. */
	text(path: string): string | undefined {
		return this.#written.get(path) ?? this.#source.files.get(path)?.text;
	}

	write(path: string, text: string): void {
		if (text === this.text(path)) return;
		this.#written.set(path, text);
		this.#host = undefined;
	}

	/** The host as its files have it now. */
	get host(): Host {
		this.#host ??= this.#build({ ...this.#source, files: this.#files(), ...this.#pf() });
		return this.#host;
	}

	/** What was written, by path, where it differs from what was there. */
	get changes(): ReadonlyMap<string, string> {
		return new Map([...this.#written].filter(([path, text]) => text !== this.#source.files.get(path)?.text));
	}

	#files(): ReadonlyMap<string, ModelFile> {
		const files = new Map(this.#source.files);
		for (const [path, text] of this.#written) {
			// The editor's reading of the file is that of the text before.
			const { parsed: _, ...rest } = files.get(path) ?? { text };
			files.set(path, { ...rest, text });
		}
		return files;
	}

	#pf(): Pick<HostSource, "pf"> {
		const pf = pfFacts(this.#files());
		return pf === undefined ? {} : { pf };
	}
}

/** A text with a line at its end; a last line without a newline gets one. */
export function withLines(text: string, ...lines: readonly string[]): string {
	const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
	return start + lines.map((line) => `${line}\n`).join("");
}
