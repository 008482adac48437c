/** The usage, made from the table of commands. */
import type { Command, Option } from "./arguments.ts";
import { type ExitStatus, exitStatus, exitTexts } from "./exit-status.ts";

type Commands = Readonly<Record<string, Command>>;

const PROGRAM = "openbsd-vnet";
const WIDTH = 100;

/** How every command can end, and those that ask a host. */
const ALWAYS: readonly ExitStatus[] = [exitStatus.done, exitStatus.notRun, exitStatus.fault];
const OF_HOSTS: readonly ExitStatus[] = [exitStatus.unreached];

/** How a command is called, on as few lines as fit. */
export function synopsis(name: string, { options, operands }: Command): string {
	const words = [...Object.entries(options).map(([option, described]) => `[${optionText(option, described)}]`), ...operands.split(" ")];
	const lines = [`usage: ${PROGRAM} ${name}`];
	for (const word of words.filter((one) => one !== "")) {
		const line = `${lines.at(-1)} ${word}`;
		if (line.length <= WIDTH) lines[lines.length - 1] = line;
		else lines.push(`${" ".repeat(PROGRAM.length + 7)} ${word}`);
	}
	return `${lines.join("\n")}\n`;
}

/** What all commands are for. */
export function usage(commands: Commands): string {
	const width = widest(Object.keys(commands));
	const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`);
	return `usage: ${PROGRAM} COMMAND [ARGUMENT...]
       ${PROGRAM} help [COMMAND]
       ${PROGRAM} --version

The networking of virtual machines on OpenBSD: vm.conf, pf.conf with anchors, hostname.if.

${list.join("")}
'${PROGRAM} help COMMAND' says how one is called, with examples.
`;
}

/** What a person should know of a command. */
export function help(name: string, command: Command): string {
	const options = Object.entries(command.options).map(
		([option, described]) => [optionText(option, described), optionHelp(described)] as const,
	);
	const width = widest(options.map(([text]) => text));
	const sections = [
		synopsis(name, command),
		`${filled(`${capital(command.summary)}. ${command.about}`)}\n`,
		options.length === 0
			? ""
			: `Options:\n${options.map(([text, what]) => `  ${text.padEnd(width)}  ${filled(what, width + 4)}\n`).join("")}`,
		`Examples:\n${command.examples.map(([call, what]) => `  ${PROGRAM} ${call}\n      ${what}\n`).join("")}`,
		`Exit status:\n${exits(command)
			.map(([status, when]) => `  ${status}  ${filled(when, 5)}\n`)
			.join("")}`,
	];
	return sections.filter((section) => section !== "").join("\n");
}

/** All exit statuses of a command, in their order. */
export function exits({ exit = [], asksHost = false }: Command): readonly (readonly [status: ExitStatus, when: string])[] {
	const common = [...ALWAYS, ...(asksHost ? OF_HOSTS : [])].map((status) => [status, exitTexts[status]] as const);
	return [...common, ...exit].sort(([a], [b]) => a - b);
}

/** An option as it is written, such as `-F, --config SSH_CONFIG`. */
export function optionText(name: string, { type, short, value, choices }: Option): string {
	const takes = type === "boolean" ? "" : ` ${value ?? (choices === undefined ? "VALUE" : choices.join("|"))}`;
	return `${short === undefined ? "" : `-${short}, `}--${name}${takes}`;
}

/** What an option does, with its usual value. */
export function optionHelp({ help: what, choices: [usual] = [] }: Option): string {
	return usual === undefined ? what : `${what} (${usual})`;
}

/** Words on lines that fit, all but the first indented. */
function filled(text: string, indent = 0): string {
	const lines = [""];
	for (const word of text.split(/\s+/)) {
		const last = lines.at(-1) ?? "";
		if (last === "") lines[lines.length - 1] = word;
		else if (indent + last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines.join(`\n${" ".repeat(indent)}`);
}

function widest(words: readonly string[]): number {
	return Math.max(0, ...words.map((word) => word.length));
}

function capital(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
