/** The usage, made from the table of commands, in the language of the translations that it is given. */
import type { Translations } from "@openbsd-vnet/server/message";
import type { Command, CommandOption } from "./arguments.ts";
import { type ExitStatus, exitStatus, exitTexts } from "./exit-status.ts";
import { columnsOf } from "./terminal.ts";
import { inLanguage } from "./translations.ts";

type Commands = Readonly<Record<string, Command>>;

const PROGRAM = "openbsd-vnet";
const WIDTH = 100;

/** How every command can end, and those that ask a host. */
const ALWAYS: readonly ExitStatus[] = [exitStatus.done, exitStatus.notRun, exitStatus.fault];
const OF_HOSTS: readonly ExitStatus[] = [exitStatus.unreached];

/** The words of the usage beside those of the table. */
export const usageTexts = {
	usage: "usage:",
	about: "The networking of virtual machines on OpenBSD: vm.conf, pf.conf with anchors, hostname.if.",
	more: "'openbsd-vnet help COMMAND' says how one is called, with examples.",
	options: "Options:",
	examples: "Examples:",
	exit: "Exit status:",
} as const;

/** What stands before a call: a colon of Chinese has its blank in itself. */
function usageLabel(translations: Translations | undefined): string {
	const text = inLanguage(usageTexts.usage, translations);
	return text.endsWith(":") ? `${text} ` : text;
}

/** How a command is called, on as few lines as fit. */
export function synopsis(name: string, { options, operands }: Command, translations?: Translations): string {
	const usage = usageLabel(translations);
	const words = [...Object.entries(options).map(([option, described]) => `[${optionText(option, described)}]`), ...operands.split(" ")];
	const lines = [`${usage}${PROGRAM} ${name}`];
	for (const word of words.filter((one) => one !== "")) {
		const line = `${lines.at(-1)} ${word}`;
		if (columnsOf(line) <= WIDTH) lines[lines.length - 1] = line;
		else lines.push(`${" ".repeat(PROGRAM.length + columnsOf(usage))} ${word}`);
	}
	return `${lines.join("\n")}\n`;
}

/** What all commands are for. */
export function usage(commands: Commands, translations?: Translations): string {
	const width = widest(Object.keys(commands));
	const of = (text: string): string => inLanguage(text, translations);
	const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${of(summary)}\n`);
	const before = usageLabel(translations);
	const beside = " ".repeat(columnsOf(before));
	return `${before}${PROGRAM} COMMAND [ARGUMENT...]
${beside}${PROGRAM} help [COMMAND]
${beside}${PROGRAM} --version | -V

${of(usageTexts.about)}

${list.join("")}
${of(usageTexts.more)}
`;
}

/** What a person should know of a command. */
export function help(name: string, command: Command, translations?: Translations): string {
	const of = (text: string): string => inLanguage(text, translations);
	const options = Object.entries(command.options).map(
		([option, described]) => [optionText(option, described), optionHelp(described, translations)] as const,
	);
	const width = widest(options.map(([text]) => text));
	const sections = [
		synopsis(name, command, translations),
		`${filled(aboutText(command, translations))}\n`,
		options.length === 0
			? ""
			: `${of(usageTexts.options)}\n${options.map(([text, what]) => `  ${text.padEnd(width)}  ${filled(what, width + 4)}\n`).join("")}`,
		`${of(usageTexts.examples)}\n${command.examples.map(([call, what]) => `  ${PROGRAM} ${call}\n      ${of(what)}\n`).join("")}`,
		`${of(usageTexts.exit)}\n${exits(command)
			.map(([status, when]) => `  ${status}  ${filled(of(when), 5)}\n`)
			.join("")}`,
	];
	return sections.filter((section) => section !== "").join("\n");
}

/** What a command is for, and what a person should know before calling it, in whole sentences. */
export function aboutText({ summary, about }: Command, translations?: Translations): string {
	const first = capital(inLanguage(summary, translations));
	const sentences = [
		translations?.[summary] === undefined ? `${first}.` : `${first}。`,
		...about.map((text) => inLanguage(text, translations)),
	];
	// Chinese has no blank behind its full stop.
	return sentences.join(" ").replaceAll("。 ", "。");
}

/** All exit statuses of a command, in their order. */
export function exits({ exit = [], asksHost = false }: Command): readonly (readonly [status: ExitStatus, when: string])[] {
	const common = [...ALWAYS, ...(asksHost ? OF_HOSTS : [])].map((status) => [status, exitTexts[status]] as const);
	return [...common, ...exit].sort(([a], [b]) => a - b);
}

/** An option as it is written, such as `-F, --config SSH_CONFIG`. */
export function optionText(name: string, { type, short, value, choices }: CommandOption): string {
	const takes = type === "boolean" ? "" : ` ${value ?? (choices === undefined ? "VALUE" : choices.join("|"))}`;
	return `${short === undefined ? "" : `-${short}, `}--${name}${takes}`;
}

/** What an option does, with its usual value. */
export function optionHelp({ help: what, choices: [usual] = [] }: CommandOption, translations?: Translations): string {
	const text = inLanguage(what, translations);
	return usual === undefined ? text : `${text} (${usual})`;
}

/** What stays on one line: a word, or a sign of a script without blanks, with the punctuation that belongs to it. */
const WHOLE = /[（“《]*(?:[\u2e80-\u9fff\uf900-\ufaff]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”（《]+)[，。；：、！？）”》…]*|\S/gu;

/** Words on lines that fit, all but the first indented. */
function filled(text: string, indent = 0): string {
	const lines = [""];
	for (const word of text.split(/\s+/)) {
		for (const [index, whole] of (word.match(WHOLE) ?? []).entries()) {
			const last = lines.at(-1) ?? "";
			const between = index === 0 && last !== "" ? " " : "";
			if (last === "" || indent + columnsOf(last) + between.length + columnsOf(whole) <= WIDTH)
				lines[lines.length - 1] = `${last}${between}${whole}`;
			else lines.push(whole);
		}
	}
	return lines.join(`\n${" ".repeat(indent)}`);
}

function widest(words: readonly string[]): number {
	return Math.max(0, ...words.map((word) => word.length));
}

function capital(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
