/** What a command is, and how its arguments are read: the usage, the shells' completions and the manual page are made from the same. */

import { parseArgs } from "node:util";
import { nearest } from "@openbsd-vnet/server/nearest";
import type { ExitStatus } from "./exit-status.ts";
import type { Printer } from "./terminal.ts";
import { tell } from "./translations.ts";

/** Where a command prints. */
export interface CommandOutput {
	readonly stdout: Printer;
	readonly stderr: Printer;
}

export interface CommandOption {
	readonly type: "string" | "boolean";
	/** A letter that stands for it behind one dash. */
	readonly short?: string;
	/** It may be given more than once. */
	readonly multiple?: boolean;
	/** What its value is called; the choices where there are such. */
	readonly value?: string;
	/** The only values that it takes, the usual one first. */
	readonly choices?: readonly string[];
	readonly help: string;
}

export type Options = Readonly<Record<string, CommandOption>>;

type Value<O extends CommandOption> = O extends { readonly type: "boolean" }
	? boolean
	: O extends { readonly choices: readonly (infer Choice)[] }
		? Choice
		: O extends { readonly multiple: true }
			? readonly string[]
			: string;

export type Values<O extends Options> = { readonly [Name in keyof O]?: Value<O[Name]> | undefined };

/** How the arguments of a command read. */
export interface Arguments<O extends Options> {
	readonly values: Values<O>;
	readonly operands: readonly string[];
}

/** A command without what is particular to its options. */
export interface Command {
	/** One line of the list of commands. */
	readonly summary: string;
	/** What stands behind the options in its synopsis, such as `[PATH...]`. */
	readonly operands: string;
	readonly options: Options;
	/** What a person should know before calling it, in sentences. */
	readonly about: readonly string[];
	readonly examples: readonly (readonly [call: string, what: string])[];
	/** What its exit status says beside what that of every command does. */
	readonly exit?: readonly (readonly [status: ExitStatus, when: string])[];
	/** It speaks with a host, which may not be reached. */
	readonly asksHost?: boolean;
	/**
	 * @param args those behind the command's name
	 * @returns the exit status
	 * @throws UsageError where the arguments make no sense
	 */
	readonly run: (args: readonly string[], output: CommandOutput) => Promise<ExitStatus>;
}

/** A call that makes no sense; the message says why. */
export class UsageError extends Error {}

/** A command whose options its table names. */
export function command<const O extends Options>(
	described: Omit<Command, "run" | "options"> & {
		readonly options: O;
		readonly run: (args: Arguments<O>, output: CommandOutput) => Promise<ExitStatus>;
	},
): Command {
	return { ...described, run: async (args, output) => await described.run(readArguments(args, described.options), output) };
}

/** @throws UsageError where the arguments are others than the options allow */
export function readArguments<const O extends Options>(args: readonly string[], options: O): Arguments<O> {
	const known = Object.entries(options);
	const config = Object.fromEntries(
		known.map(([name, { type, short, multiple }]) => [
			name,
			{ type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
		]),
	);
	let read: ReturnType<typeof parseArgs>;
	try {
		read = parseArgs({ args: [...args], options: config, allowPositionals: true });
	} catch (error) {
		throw new UsageError(whyNotParsed(error, Object.keys(options)));
	}
	for (const [name, { choices }] of known) {
		const given = read.values[name];
		if (choices === undefined || given === undefined || (typeof given === "string" && choices.includes(given))) continue;
		throw new UsageError(`${tell("--{0} is {1}, not '{2}'", name, listed(choices), String(given))}${didYouMean(String(given), choices)}`);
	}
	// What parseArgs answers has the types that the options say, and the choices were just looked at.
	return { values: read.values as Values<O>, operands: read.positionals };
}

/** @returns such as "text, json or github" */
export function listed(words: readonly string[]): string {
	return words.length < 2 ? words.join("") : tell("{0} or {1}", words.slice(0, -1).join(", "), words.at(-1) ?? "");
}

/** A question to put behind a message about a word that is none of those; empty where none is near. */
export function didYouMean(word: string, words: Iterable<string>): string {
	const near = nearest(word, words);
	return near === undefined ? "" : tell("; did you mean '{0}'?", near);
}

/** What is wrong with the options, of which `parseArgs` says it in English. */
function whyNotParsed(error: unknown, names: readonly string[]): string {
	if (!(error instanceof Error)) return String(error);
	const [, option = ""] = /'((?:-\w, )?--?[^' ]+)/.exec(error.message) ?? [];
	switch ("code" in error ? error.code : undefined) {
		case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
			return `${tell("unknown option '{0}'", option)}${didYouMean(option, option.startsWith("--") ? names.map((name) => `--${name}`) : [])}`;
		case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE":
			if (error.message.includes("does not take")) return tell("{0} takes no value", option);
			if (error.message.includes("ambiguous")) return tell("{0} needs a value; write one that begins with '-' behind '='", option);
			return tell("{0} needs a value", option);
		default:
			return error.message;
	}
}
