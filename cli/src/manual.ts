/** The manual page, in the language of mdoc(7), made from the table of commands. */
import type { Command } from "./arguments.ts";
import { exitTexts } from "./exit-status.ts";
import { aboutText, optionHelp } from "./usage.ts";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** @param date of the page */
export function manualPage(commands: Readonly<Record<string, Command>>, date: Date): string {
	const day = `${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
	const sections = Object.entries(commands).map(([name, command]) => section(name, command));
	return `.Dd ${day}
.Dt OPENBSD-VNET 1
.Os
.Sh NAME
.Nm openbsd-vnet
.Nd the networking of virtual machines on OpenBSD
.Sh SYNOPSIS
.Nm
.Ar command
.Op Ar argument ...
.Nm
.Cm help
.Op Ar command
.Nm
.Fl -version | V
.Sh DESCRIPTION
.Nm
reads
.Xr vm.conf 5 ,
.Xr pf.conf 5
with its anchors, and
.Xr hostname.if 5
as
.Xr vmd 8 ,
.Xr pfctl 8
and
.Xr netstart 8
read them, and all files of a host together.
.Pp
The commands are as follows:
.Bl -tag -width Ds
${sections.join("")}.El
.Sh ENVIRONMENT
.Bl -tag -width "NO_COLOR, FORCE_COLOR"
.It Ev NO_COLOR , FORCE_COLOR
Whether there are colours, whatever standard output is.
.It Ev LC_ALL , LC_MESSAGES , LANG
The language of messages: English or Simplified Chinese.
.El
.Sh FILES
.Bl -tag -width "openbsd-vnet.json"
.It Pa openbsd-vnet.json
The hosts of a folder, in it or above: their names, folders, releases, and how they are reached by
.Xr ssh 1 .
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
${statuses()}.El
.Pp
What a command says more exactly stands there.
.Sh SEE ALSO
.Xr hostname.if 5 ,
.Xr pf.conf 5 ,
.Xr vm.conf 5 ,
.Xr netstart 8 ,
.Xr pfctl 8 ,
.Xr vmd 8
`;
}

function section(name: string, command: Command): string {
	const options = Object.entries(command.options).map(([option, described]) => {
		const { type, short, value, choices } = described;
		const letter = short === undefined ? "" : `Fl ${short} , `;
		const takes = type === "boolean" ? "" : ` Ns = Ns Ar ${argument(value ?? choices?.join("|") ?? "value")}`;
		return `.It ${letter}Fl -${option}${takes}\n${line(`${capital(optionHelp(described))}.`)}`;
	});
	const { exit = [] } = command;
	return [
		`.It Cm ${name}${command.operands === "" ? "" : ` ${argument(command.operands)}`}\n`,
		line(aboutText(command)),
		options.length === 0 ? "" : `.Bl -tag -width Ds\n${options.join("")}.El\n`,
		exit.map(([status, when]) => `.Pp\n${line(`The exit status is ${status} where ${when}.`)}`).join(""),
		".Pp\nFor example:\n",
		`.Bd -literal -offset indent\n${command.examples.map(([call]) => line(`openbsd-vnet ${call}`)).join("")}.Ed\n`,
	].join("");
}

/** All exit statuses. */
function statuses(): string {
	return Object.entries(exitTexts)
		.map(([status, when]) => `.It ${status}\n${line(`${capital(when)}.`)}`)
		.join("");
}

/** A text that roff takes for words, each sentence on a line of its own. */
function line(text: string): string {
	const sentences = text.replaceAll("\\", "\\e").replace(/\. (?=[A-Z])/g, ".\n");
	return `${sentences.replace(/^(?=[.'])/gm, "\\&")}\n`;
}

/** A text as one argument of a macro. */
function argument(text: string): string {
	return `"${text.replaceAll("\\", "\\e").replaceAll('"', '""')}"`;
}

function capital(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
