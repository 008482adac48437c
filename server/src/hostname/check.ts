/** What ifconfig(8) would say to each command that netstart(8) makes of a file. */

import { newestRelease } from "../releases/releases.ts";
import { msg, render } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";
import {
	type IfconfigComplaint,
	type IfconfigContext,
	type InterfaceState,
	ifconfig,
	newInterface,
	openToShell,
	type Understood,
} from "./ifconfig.ts";
import { filled } from "./messages.ts";
import { isInterfaceName, isLladdrName } from "./names.ts";
import { type NetstartCommand, type Run, readAsNetstart } from "./netstart.ts";
import { readShell, type ShellRead } from "./shell.ts";
import type { VebState } from "./veb.ts";
import { wordsOf } from "./vocabulary.ts";

export interface CheckOptions {
	/** The names of the host's interfaces. Where they are not given, no name is an error. */
	readonly hostInterfaces?: readonly string[];
	/** The release of the host; the newest without. */
	readonly release?: Release;
}

export interface CheckResult {
	readonly accepted: boolean;
	/** What the shell and ifconfig print, in order. */
	readonly messages: string[];
}

/** A command with what became of it. */
export interface CheckedCommand {
	readonly command: NetstartCommand;
	readonly shell: ShellRead;
	readonly complaints: readonly IfconfigComplaint[];
	readonly understood: readonly Understood[];
	/** What the words behind the one at which ifconfig gives up would mean. */
	readonly unreached: readonly Understood[];
}

/**
 * Gives each command of `hostname.NAME` to a model of ifconfig. Host names other than `localhost` do not resolve, as on a
 * host that is starting. A last line counts with or without its newline: that netstart would drop it is no fault of its words.
 */
export function check(interfaceName: string, text: string, options: CheckOptions = {}): CheckResult {
	const interfaces = options.hostInterfaces === undefined ? undefined : new Set(options.hostInterfaces);
	const checked = checkCommands(interfaceName, readAsNetstart(interfaceName, text.endsWith("\n") ? text : `${text}\n`), {
		words: wordsOf(options.release ?? newestRelease),
		interfaces,
		resolve: (name) => name === "localhost",
	});
	const complaints = checked.flatMap((each) => each.complaints);
	return { accepted: complaints.every(({ beside }) => beside === true), messages: complaints.map(({ message }) => render(message)) };
}

/** What a file says where nothing is known of the host: each interface may be there, and each name may have an address. */
export function readCommands(
	interfaceName: string,
	{ commands }: Run,
	release: Release = newestRelease,
): { readonly checked: readonly CheckedCommand[]; readonly veb: VebState } {
	const { checked, state } = walk(interfaceName, commands, anywhere(release));
	return { checked, veb: state.veb };
}

function anywhere(release: Release): IfconfigContext {
	return { words: wordsOf(release), interfaces: undefined, resolve: () => true };
}

export function checkCommands(interfaceName: string, { commands }: Run, around: IfconfigContext): readonly CheckedCommand[] {
	if (!isInterfaceName(interfaceName)) return [];
	return untilCrash(walk(interfaceName, commands, around).checked);
}

/** Nothing is read any more on a host that has crashed. */
function untilCrash(checked: readonly CheckedCommand[]): readonly CheckedCommand[] {
	const crash = checked.findIndex(({ complaints }) => complaints.some(({ code }) => code === "hostname/kernel-panic"));
	return crash < 0 ? checked : checked.slice(0, crash + 1);
}

/** What a veb has become once its hostname file was read, with what of its lines the host's release takes. */
export function vebOf(interfaceName: string, text: string, release: Release = newestRelease): VebState {
	return readCommands(interfaceName, readAsNetstart(interfaceName, text.endsWith("\n") ? text : `${text}\n`), release).veb;
}

function walk(
	interfaceName: string,
	commands: Run["commands"],
	around: IfconfigContext,
): { readonly state: InterfaceState; readonly checked: readonly CheckedCommand[] } {
	// The interface behind a MAC address is some hardware of the host.
	const name = isLladdrName(interfaceName) ? "em0" : interfaceName;
	const words = new Set(commands.flatMap(({ text }) => text.split(/[ \t"']+/)));
	const state = newInterface(name, isLladdrName(interfaceName) ? { ...around, interfaces: undefined } : around, words);
	const checked: CheckedCommand[] = [];
	for (const command of commands) {
		const shell = readShell(command, { _if: interfaceName });
		if (shell.unclosed !== undefined) {
			// The shell gives up the script.
			const message = msg("{0}", filled("no closing quote", interfaceName, []));
			const complaint = { code: "hostname/unclosed-quote", message, span: shell.unclosed, text: "" } as const;
			return { state, checked: [...checked, { command, shell, complaints: [complaint], understood: [], unreached: [] }] };
		}
		if (shell.unexpected !== undefined) {
			const { token, span } = shell.unexpected;
			const message = msg("{0}", filled("syntax error: `{0}' unexpected", interfaceName, [token]));
			const complaint = { code: "hostname/shell", message, span, text: token } as const;
			return { state, checked: [...checked, { command, shell, complaints: [complaint], understood: [], unreached: [] }] };
		}
		const complaints: IfconfigComplaint[] = [];
		const understood: Understood[] = [];
		const unreached: Understood[] = [];
		if (command.shell) {
			// What it does to the interface is not known.
			openToShell(state);
		} else {
			for (const [index, words] of shell.commands.entries()) {
				const [program, target, ...rest] = words;
				if (program?.text === "ifconfig" && target?.text === interfaceName) {
					const said = ifconfig(rest, state, around);
					// What ifconfig gets is not what was written: what it says of that would tell nobody anything.
					if (shell.redirection === undefined) complaints.push(...said.complaints);
					understood.push(...said.understood);
					unreached.push(...said.unreached);
				} else if (index > 0 && program !== undefined && around.words.word(program.text) !== undefined) {
					const message = msg("{0}", filled("{0}: not found", interfaceName, [program.text]));
					complaints.push({ code: "hostname/shell", message, span: program.span, text: program.text });
				}
			}
		}
		checked.push({ command, shell, complaints, understood, unreached });
	}
	return { state, checked };
}
