import { newestRelease } from "../releases/releases.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { edited } from "../text/edited-text.ts";
import type { ExpandedLine, Expected, FileContext, OutlineNode, ParsedFile, SyntaxToken, TextChange } from "../text/language.ts";
import { overlaps, type Span, span } from "../text/span.ts";
import { type CheckedCommand, checkCommands } from "./check.ts";
import { diagnose } from "./diagnose.ts";
import { expectedAt } from "./expected.ts";
import { familyOf } from "./families.ts";
import { placeOf } from "./lexer.ts";
import { hostnameOf, isInterfaceName } from "./names.ts";
import { type Run, readAsNetstart, sourceOf } from "./netstart.ts";
import { tokensOf } from "./tokens.ts";
import { wordsOf } from "./vocabulary.ts";

/** A hostname.if file as the editor has it: an immutable value. These files are short, so each is read as a whole. */
export class HostnameFile implements ParsedFile {
	readonly language = "openbsd-hostname";
	readonly context: FileContext;
	readonly text: string;
	/** What follows `hostname.` in the file's name. */
	readonly interfaceName: string;
	#run: Run | undefined;
	#checked: readonly CheckedCommand[] | undefined;
	#tokens: readonly SyntaxToken[] | undefined;
	#diagnostics: readonly Diagnostic[] | undefined;

	private constructor(text: string, context: FileContext) {
		this.text = text;
		this.context = context;
		this.interfaceName = hostnameOf(context.path) ?? "";
	}

	static parse(text: string, context: FileContext): HostnameFile {
		return new HostnameFile(text, context);
	}

	edit(changes: readonly TextChange[], context: FileContext = this.context): HostnameFile {
		return new HostnameFile(edited(this.text, changes), context);
	}

	get #commands(): Run {
		this.#run ??= readAsNetstart(this.interfaceName, this.text);
		return this.#run;
	}

	/** The commands as ifconfig sees them; a last line that netstart drops is judged like the others. */
	get #judged(): readonly CheckedCommand[] {
		if (this.#checked === undefined) {
			const { host, readFile } = this.context;
			const names = host?.interfaces?.map(({ name }) => name);
			const hosts = readFile?.("/etc/hosts");
			const known = new Set(["localhost", ...(hosts ?? "").split(/\s+/)]);
			const complete = this.text.endsWith("\n") ? this.#commands : readAsNetstart(this.interfaceName, `${this.text}\n`);
			this.#checked = checkCommands(this.interfaceName, complete, {
				words: wordsOf(this.context.release ?? newestRelease),
				interfaces: names === undefined ? undefined : new Set(familyOf(this.interfaceName).cloned ? [...names, this.interfaceName] : names),
				// A name with a dot may be in the DNS; any other must stand in hosts(5).
				resolve: (name) => (known.has(name) ? true : name.includes(".") && /^[A-Za-z]/.test(name) ? undefined : false),
			});
		}
		return this.#checked;
	}

	diagnostics(): readonly Diagnostic[] {
		this.#diagnostics ??= diagnose(this.interfaceName, this.text, this.#commands, this.#judged, this.context);
		return this.#diagnostics;
	}

	tokens(within: Span = span(0, this.text.length)): readonly SyntaxToken[] {
		this.#tokens ??= tokensOf(this.#commands, this.#judged);
		return this.#tokens.filter((token) => overlaps(token.span, within));
	}

	expected(offset: number): Expected {
		const at = Math.max(0, Math.min(offset, this.text.length));
		return expectedAt(this.interfaceName, this.text, at, this.context.release);
	}

	outline(): readonly OutlineNode[] {
		return this.#commands.lines.flatMap(({ words, span: at, fate }) => {
			const [first, ...rest] = words;
			const nameSpan = first === undefined ? undefined : placeOf(first);
			if (first === undefined || nameSpan === undefined || fate.kind === "blank") return [];
			const detail = rest.map(({ text }) => text).join(" ");
			return [
				{
					name: first.text,
					...(detail === "" ? {} : { details: [detail] }),
					kind: first.text.startsWith("!") ? ("command" as const) : ("option" as const),
					span: span(nameSpan.start, at.end),
					nameSpan,
					children: [],
				},
			];
		});
	}

	statements(within: Span = span(0, this.text.length)): readonly Span[] {
		return this.#commands.lines.flatMap(({ words, span: at, fate }) => {
			const start = words[0] === undefined ? undefined : placeOf(words[0])?.start;
			if (start === undefined || fate.kind === "blank") return [];
			const whole = span(start, at.end);
			return overlaps(whole, within) || whole.start === within.start ? [whole] : [];
		});
	}

	/** What `sh /etc/netstart -n` prints for the file. */
	expanded(within?: Span): readonly ExpandedLine[] {
		if (!isInterfaceName(this.interfaceName)) return [];
		return this.#commands.commands
			.filter((command) => within === undefined || overlaps(command.line, within))
			.map((command) => ({ text: command.text, source: { file: this.context.path, span: sourceOf(command) } }));
	}
}
