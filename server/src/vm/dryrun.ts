/** The whole of vmd's reading of its configuration: what it prints, and whether it accepts. */

import { newestRelease } from "../releases/releases.ts";
import { VM_CONF } from "../text/host-paths.ts";
import type { FileContext, HostFacts } from "../text/language.ts";
import { render } from "../text/message.ts";
import { unusedMacro } from "./check.ts";
import { openSource, type Source } from "./lexer.ts";
import { Parser } from "./parser.ts";
import { Registry } from "./start.ts";
import type { ParserHost } from "./token-stream.ts";

export interface VmdOptions extends Pick<HostFacts, "users" | "groups">, Pick<FileContext, "readFile" | "release"> {
	/** The file's name in messages; `/etc/vm.conf` where it is not given. */
	readonly fileName?: string;
	/** `-D name=value`: these go before the definitions in the file. */
	readonly macros?: Readonly<Record<string, string>>;
}

export interface VmdResult {
	readonly accepted: boolean;
	/** The lines on standard error, without the final "configuration OK". */
	readonly stderr: readonly string[];
}

/** So many files vmd can have open at once: openfiles-cur of the class daemon in login.conf(5). */
const MAX_OPEN_FILES = 128;
/** So many are read at most in the place of `include` statements; the others are taken as empty. */
const MAX_INCLUDES = 1000;

/**
 * `vmd -n -f`: the verdict on a vm.conf and the messages, in vmd's words. Without `readFile` the files that it
 * includes are taken as empty; without `users` or `groups` every name is one.
 */
export function dryRun(text: string, options: VmdOptions = {}): VmdResult {
	return run(text, options, undefined);
}

/** What a starting vmd says, which is stricter: it registers the guests too (start.ts). */
export function start(text: string, options: VmdOptions = {}): VmdResult {
	return run(text, options, new Registry());
}

interface Macro {
	readonly value: string;
	readonly persist: boolean;
	used: boolean;
}

function run(text: string, options: VmdOptions, registry: Registry | undefined): VmdResult {
	const stderr: string[] = [];
	const macros = new Map<string, Macro>(
		Object.entries(options.macros ?? {}).map(([name, value]) => [name, { value, persist: true, used: false }]),
	);
	const files: Source[] = [openSource(options.fileName ?? VM_CONF, text, 1)];
	let opened = 0;
	const host: ParserHost = {
		facts: options,
		release: options.release ?? newestRelease,
		macro: (name) => {
			const macro = macros.get(name);
			if (macro !== undefined) macro.used = true;
			return macro?.value;
		},
		define: (name, value) => {
			if (macros.get(name)?.persist) return;
			// A macro that is defined again goes to the end of the list that the warnings follow.
			macros.delete(name);
			macros.set(name, { value, persist: false, used: false });
		},
		include: (path) => {
			// A file that includes itself is opened until none can be; it must end sooner here.
			if (files.length >= MAX_OPEN_FILES || files.some(({ name }) => name === path)) return false;
			const content = options.readFile === undefined || ++opened > MAX_INCLUDES ? "" : options.readFile(path);
			if (content === undefined) return false;
			const source = openSource(path, content, 0);
			files.push(source);
			parser.lexer.source = source;
			parser.lexer.pushNewline();
			return true;
		},
		pop: () => {
			if (files.length === 1) return undefined;
			files.pop();
			return files.at(-1);
		},
		...(registry === undefined ? {} : { register: (guest) => registry.register(guest) }),
	};
	const parser = new Parser(files[0] ?? openSource("", text, 1), host, { recover: false });
	grammar(parser);
	for (const { file, line, message, preface, emptyLine } of parser.complaints) {
		if (preface !== undefined) stderr.push(`vmd: ${render(preface)}`);
		stderr.push(`vmd: ${file}:${line}: ${render(message)}`);
		if (emptyLine) stderr.push("");
	}
	for (const [name, { used }] of macros) if (!used) stderr.push(`warning: ${render(unusedMacro(name))}`);
	return { accepted: parser.complaints.length === 0, stderr };
}

/** parse.y, `grammar`, with yacc's recovery: after a fault, tokens are discarded up to a newline. */
function grammar(parser: Parser): void {
	for (;;) {
		const { kind } = parser.peek();
		if (kind === "EOF") return;
		if (kind === "NEWLINE") parser.shift();
		else if (!parser.sectionStatement() || !parser.statementEnd()) {
			parser.discard();
			if (parser.peek().kind === "EOF") return;
			parser.quiet = 3;
			parser.shift();
		}
	}
}
