/** How ksh reads a command that netstart gives to `eval`: words, quotes, comments, operators. */
import { type Span, span } from "../text/span.ts";
import { type Mapped, placeOf } from "./lexer.ts";

export interface ShellWord {
	readonly text: string;
	/** Where it stands in the file; undefined where netstart has put it in. */
	readonly span: Span | undefined;
	/** Whether its value is known only when it runs: a command substitution or a variable. */
	readonly open: boolean;
}

export interface ShellRead {
	/** The simple commands, in order. */
	readonly commands: readonly (readonly ShellWord[])[];
	/** The first operator that parts commands. */
	readonly operator?: Span;
	/** The first word that names a file to read or to write, with its sign: `<key`. No command gets it. */
	readonly redirection?: Span;
	/** What stands where the name of such a file has to, as ksh calls it: it gives up the whole script. */
	readonly unexpected?: { readonly token: string; readonly span: Span };
	/** The comment at the end. */
	readonly comment?: Span;
	/** A quote without its end: ksh gives up the whole script. */
	readonly unclosed?: Span;
}

/** A redirection, with the number of what it redirects. */
const REDIRECTION = /^\d{0,2}(?:<<-?|<>|<&|<|>>|>\||>&|>)/;

/** Reads a command; `variables` are those that netstart has set. */
export function readShell(command: Mapped, variables: Readonly<Record<string, string>> = {}): ShellRead {
	const { text } = command;
	const commands: ShellWord[][] = [[]];
	let operator: Span | undefined;
	let redirection: Span | undefined;
	/** Where a sign stands whose file is still to come. */
	let sign: number | undefined;
	let i = 0;
	const place = (start: number, end: number): Span | undefined =>
		placeOf({ text: text.slice(start, end), at: command.at.slice(start, end) });
	const done = (more: Pick<ShellRead, "comment" | "unclosed" | "unexpected"> = {}): ShellRead => ({
		commands: commands.filter((words) => words.length > 0),
		...(operator === undefined ? {} : { operator }),
		...(redirection === undefined ? {} : { redirection }),
		...(sign === undefined || more.unclosed !== undefined ? {} : lacking(sign, "newline")),
		...more,
	});
	const lacking = (at: number, token: string): Pick<ShellRead, "unexpected"> => ({
		unexpected: { token, span: place(at, at + 1) ?? span(0, 0) },
	});
	while (i < text.length) {
		const c = text.charAt(i);
		if (/[ \t]/.test(c)) {
			i++;
			continue;
		}
		if (c === "#") {
			const end = text.indexOf("\n", i);
			const at = place(i, end < 0 ? text.length : end);
			if (end < 0) return done(at === undefined ? {} : { comment: at });
			i = end;
			continue;
		}
		const redirects = REDIRECTION.exec(text.slice(i, i + 16))?.[0];
		if (redirects !== undefined && (sign === undefined || c === "<" || c === ">")) {
			const at = i + redirects.search(/[<>]/);
			if (sign !== undefined) return done(lacking(sign, text.slice(at, i + redirects.length)));
			sign = at;
			i += redirects.length;
			continue;
		}
		if (/[;&|()\n]/.test(c)) {
			if (sign !== undefined) return done(lacking(sign, c === "\n" ? "newline" : c));
			operator ??= place(i, i + 1);
			commands.push([]);
			i++;
			continue;
		}
		const start = i;
		let value = "";
		let known = true;
		let quoted = false;
		while (i < text.length && !/[ \t\n;&|()<>]/.test(text.charAt(i))) {
			const here = text.charAt(i);
			if (here === "\\") {
				value += text.charAt(i + 1);
				quoted = true;
				i += 2;
			} else if (here === "'" || here === '"') {
				const end = closing(text, i);
				if (end < 0) return done({ unclosed: place(i, text.length) ?? span(0, 0) });
				const inner = text.slice(i + 1, end);
				quoted = true;
				if (here === "'") value += inner;
				else if (/[$`]/.test(inner.replace(/\\[\s\S]/g, ""))) known = false;
				else value += inner.replace(/\\([$`"\\])/g, "$1").replace(/\\\n/g, "");
				i = end + 1;
			} else if (here === "$" || here === "`") {
				const simple = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(text.slice(i, i + 256));
				if (simple === null) {
					const end = substitution(text, i);
					if (end === i + 1 && here === "$") value += "$";
					else known = false;
					i = end;
				} else {
					const set = variables[simple[1] ?? simple[2] ?? ""];
					if (set === undefined) known = false;
					else value += set;
					i += simple[0].length;
				}
			} else {
				value += here;
				i++;
			}
		}
		i = Math.min(i, text.length);
		if (sign !== undefined) {
			redirection ??= place(sign, i) ?? span(0, 0);
			sign = undefined;
		} else if (value !== "" || quoted || !known) commands.at(-1)?.push({ text: value, span: place(start, i), open: !known });
	}
	return done();
}

/** Where a quote that opens at `from` ends; -1 where it does not. */
function closing(text: string, from: number): number {
	const quote = text.charAt(from);
	for (let i = from + 1; i < text.length; i++) {
		if (text.charAt(i) === quote) return i;
		if (quote === '"' && text.charAt(i) === "\\") i++;
	}
	return -1;
}

/** The end of `$(...)`, `${...}`, `$1` or a command in backquotes. */
function substitution(text: string, from: number): number {
	if (text.charAt(from) === "`") {
		const end = text.indexOf("`", from + 1);
		return end < 0 ? text.length : end + 1;
	}
	const open = text.charAt(from + 1);
	if (open !== "(" && open !== "{") return /[\w@*#?!-]/.test(open) ? from + 2 : from + 1;
	const close = open === "(" ? ")" : "}";
	let depth = 0;
	for (let i = from + 1; i < text.length; i++) {
		if (text.charAt(i) === open) depth++;
		else if (text.charAt(i) === close && --depth === 0) return i + 1;
	}
	return text.length;
}
