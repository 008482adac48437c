/** Changes of a hostname file that take away what is reported, for faults whose place tells enough for it. */
import type { Diagnostic, Fix, TextEdit } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import { type Span, span } from "../text/span.ts";
import type { HostnameCode } from "./diagnostics.ts";
import { hostnamePath } from "./names.ts";

/** What a fix may have to know beside the text. */
interface About {
	/** The interface of the file. */
	readonly name: string;
	/** Whether the host has a file. */
	readonly isThere: (path: string) => boolean;
}

type Mend = (text: string, at: Span, about: About) => Fix | undefined;

/** The diagnostic with its fix, where it has none of its own and there is one. */
export function withFix(text: string, diagnostic: Diagnostic, about: About): Diagnostic {
	if (diagnostic.fixes !== undefined) return diagnostic;
	const fix = mends[diagnostic.code as HostnameCode]?.(text, diagnostic.span, about);
	return fix === undefined ? diagnostic : { ...diagnostic, fixes: [fix] };
}

function fix(title: Message, ...edits: readonly TextEdit[]): Fix {
	return { title, edits, preferred: true };
}

/** The line of an offset without its newline, and with it. */
function lineAt(text: string, offset: number): { readonly inner: Span; readonly whole: Span } {
	const start = text.lastIndexOf("\n", offset - 1) + 1;
	const newline = text.indexOf("\n", offset);
	const end = newline < 0 ? text.length : newline;
	return { inner: span(start, end), whole: span(start, newline < 0 ? end : end + 1) };
}

const removeLine = (text: string, { start }: Span): Fix => fix(msg("Remove this line"), { span: lineAt(text, start).whole, text: "" });

/** Puts the text of a description into double quotes. */
function quoted(text: string, offset: number): Fix | undefined {
	const { inner } = lineAt(text, offset);
	const found = /^(\s*descr(?:iption)?[ \t]+)([^"`$\\]*?)[ \t]*$/.exec(text.slice(inner.start, inner.end));
	const [, word = "", value = ""] = found ?? [];
	if (value === "") return undefined;
	const start = inner.start + word.length;
	return fix(msg("Put the text into double quotes"), { span: span(start, start + value.length), text: `"${value.replace(/^'|'$/g, "")}"` });
}

const mends: Partial<Readonly<Record<HostnameCode, Mend>>> = {
	"hostname/ignored": removeLine,
	"hostname/no-effect": removeLine,

	"hostname/dropped-words"(text, { start, end }) {
		const from = text.slice(0, start).trimEnd().length;
		return fix(msg("Remove `{0}`", text.slice(start, end)), { span: span(from, end), text: "" });
	},

	"hostname/silent"(text, at) {
		const { inner } = lineAt(text, at.start);
		const words = /^\S+(?:[ \t]+\S+)?/.exec(text.slice(at.start, inner.end))?.[0] ?? "";
		const alone = text.slice(inner.start, inner.end).trim() === words;
		if (alone) return removeLine(text, at);
		const from = text.slice(inner.start, at.start).trimEnd().length + inner.start;
		return fix(msg("Remove `{0}`", words), { span: span(from, at.start + words.length), text: "" });
	},

	"hostname/rdomain-after-address"(text, { start }) {
		const { inner, whole } = lineAt(text, start);
		const line = text.slice(inner.start, inner.end).trim();
		const address = /^[ \t]*(?:inet6?|dhcp)\b/m.exec(text)?.index;
		if (!/^rdomain\s+\d+$/.test(line) || address === undefined || address >= inner.start) return undefined;
		return fix(msg("Move it above the addresses"), { span: span(address, address), text: `${line}\n` }, { span: whole, text: "" });
	},

	// Others may name the interface, so nobody but the reader can decide on it.
	"hostname/trunk-lacp"(text, { start }, { name, isThere }) {
		const numbers = Array.from({ length: 16 }, (_, i) => `aggr${i}`);
		const own = `aggr${/\d+$/.exec(name)?.[0] ?? "0"}`;
		const free = [own, ...numbers].find((one) => !isThere(hostnamePath(one)));
		const { inner, whole } = lineAt(text, start);
		const line = text.slice(inner.start, inner.end);
		const rest = line.replace(/(?:^|(?<=[ \t]))trunkproto[ \t]+lacp(?:[ \t]+|$)/, "").trim();
		if (free === undefined || rest.includes("trunkproto")) return undefined;
		const moved = text.slice(0, whole.start) + (rest === "" ? "" : `${rest}\n`) + text.slice(whole.end);
		return {
			title: msg("Write it as {0}, in a file of its own", free),
			edits: [
				{ file: hostnamePath(free), span: span(0, 0), text: moved },
				{ span: span(0, text.length), text: "" },
			],
		};
	},

	"hostname/kernel-panic"(text, { start }) {
		const { inner, whole } = lineAt(text, start);
		const line = text.slice(inner.start, inner.end).trim();
		const port = /^[ \t]*add[ \t].*\n/m.exec(text);
		if (!line.startsWith(text.slice(start, inner.end).trim()) || port === null || port.index < whole.end) return undefined;
		const below = port.index + port[0].length;
		return fix(msg("Move it below the first `add`"), { span: span(below, below), text: `${line}\n` }, { span: whole, text: "" });
	},

	"hostname/unclosed-quote": (text, { start }) => quoted(text, start),

	"hostname/shell"(text, at) {
		const description = quoted(text, at.start);
		// The shell complains of the word behind the sign that ended the command.
		const sign = text[at.start] === ";" ? at.start : text.slice(0, at.start).trimEnd().length - 1;
		if (description !== undefined || text[sign] !== ";") return description;
		const behind = /^[ \t]*/.exec(text.slice(sign + 1))?.[0].length ?? 0;
		const before = text.slice(0, sign).trimEnd().length;
		return fix(msg("Put it on a line of its own"), { span: span(before, sign + 1 + behind), text: "\n" });
	},
};
