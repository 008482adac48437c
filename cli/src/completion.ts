/** Scripts by which shells complete the command's arguments, made from the table of commands. */
import type { Translations } from "@openbsd-vnet/server/message";
import type { Command } from "./arguments.ts";
import { inLanguage } from "./translations.ts";

type Commands = Readonly<Record<string, Command>>;

/** By the shells' names. What a shell shows beside a word is in the language of the translations. */
export const completions: Readonly<Record<string, (commands: Commands, translations?: Translations) => string>> = { bash, zsh, fish };

/** What the shells say of `help` and `--help`. */
export const completionTexts = { help: "how a command is called", flag: "how it is called" } as const;

/** A word for a shell, whatever is in it. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

function flagsOf({ options }: Command): readonly string[] {
	return [
		...Object.entries(options).flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]),
		"--help",
	];
}

function namesOf(commands: Commands): readonly string[] {
	return [...Object.keys(commands), "help"];
}

function bash(commands: Commands): string {
	const flags = Object.entries(commands).map(([name, command]) => `\t${name}) words=${quoted(flagsOf(command).join(" "))} ;;\n`);
	const values = Object.entries(commands).flatMap(([name, { options }]) =>
		Object.entries(options).flatMap(([option, { choices }]) =>
			choices === undefined
				? []
				: [`\t"${name} --${option}") COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$word")); return ;;\n`],
		),
	);
	return `# openbsd-vnet: completion for bash
_openbsd_vnet() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W ${quoted([...namesOf(commands), "--help", "--version"].join(" "))} -- "$word"))
		return
	fi
	if [ "\${COMP_WORDS[1]}" = help ]; then
		COMPREPLY=($(compgen -W ${quoted(Object.keys(commands).join(" "))} -- "$word"))
		return
	fi
	case "\${COMP_WORDS[1]} $before" in
${values.join("")}	esac
	case "\${COMP_WORDS[1]}" in
${flags.join("")}	esac
	case "$word" in
	-*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
	esac
}
complete -o default -F _openbsd_vnet openbsd-vnet
`;
}

function zsh(commands: Commands, translations?: Translations): string {
	const of = (text: string): string => inLanguage(text, translations);
	const list = Object.entries(commands).map(([name, { summary }]) => `\t\t${quoted(`${name}:${of(summary).replaceAll(":", "\\:")}`)}\n`);
	const cases = Object.entries(commands).map(([name, { options }]) => {
		const specs = Object.entries(options).map(([option, { type, help, choices, value, multiple }]) => {
			const text = of(help).replace(/[[\]:]/g, "\\$&");
			const takes = type === "boolean" ? "" : `:${value ?? option}:${choices === undefined ? "_default" : `(${choices.join(" ")})`}`;
			return ` ${quoted(`${multiple === true ? "*" : ""}--${option}[${text}]${takes}`)}`;
		});
		return `\t\t${name}) _arguments${specs.join("")} ${quoted(`--help[${of(completionTexts.flag)}]`)} '*:file:_files' ;;\n`;
	});
	return `#compdef openbsd-vnet
# openbsd-vnet: completion for zsh
_openbsd_vnet() {
	local -a commands
	commands=(
${list.join("")}		${quoted(`help:${of(completionTexts.help)}`)}
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		return
	fi
	local name=$words[2]
	shift words
	(( CURRENT-- ))
	case $name in
		help) _describe command commands ;;
${cases.join("")}	esac
}
compdef _openbsd_vnet openbsd-vnet
`;
}

function fish(commands: Commands, translations?: Translations): string {
	const of = (text: string): string => inLanguage(text, translations);
	const lines = ["# openbsd-vnet: completion for fish"];
	const first = "__fish_use_subcommand";
	for (const [name, { summary, options }] of Object.entries(commands)) {
		lines.push(`complete -c openbsd-vnet -n ${first} -f -a ${name} -d ${quoted(of(summary))}`);
		const behind = quoted(`__fish_seen_subcommand_from ${name}`);
		for (const [option, { type, short, help, choices }] of Object.entries(options)) {
			const takes = type === "boolean" ? "" : choices === undefined ? " -r" : ` -x -a ${quoted(choices.join(" "))}`;
			const letter = short === undefined ? "" : ` -s ${short}`;
			lines.push(`complete -c openbsd-vnet -n ${behind} -l ${option}${letter}${takes} -d ${quoted(of(help))}`);
		}
	}
	lines.push(`complete -c openbsd-vnet -n ${first} -f -a help -d ${quoted(of(completionTexts.help))}`);
	lines.push(`complete -c openbsd-vnet -n '__fish_seen_subcommand_from help' -f -a ${quoted(Object.keys(commands).join(" "))}`);
	return lines.map((line) => `${line}\n`).join("");
}
