/** The command line: which command, with which arguments. */

import { type CommandOutput, didYouMean, UsageError } from "./arguments.ts";
import { commandNamed, commands } from "./commands.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { PathError, UnreachedError } from "./path-error.ts";
import { plain, printer, type Stream } from "./terminal.ts";
import { ownTranslations, tell } from "./translations.ts";
import { help, synopsis, usage } from "./usage.ts";
import { version } from "./version.ts";

/** Where the command prints, and what nothing but `printer` writes to. */
export interface Streams {
	readonly stdout: Stream;
	readonly stderr: Stream;
}

/**
 * Runs a command.
 * @param args as after the program's name
 * @param streams those of the process, but for tests
 */
export async function main(args: readonly string[], streams: Streams): Promise<ExitStatus> {
	const output = { stdout: printer(streams.stdout), stderr: printer(streams.stderr) };
	try {
		return await run(args, output);
	} catch (error) {
		if (error instanceof UsageError) {
			output.stderr.write(`openbsd-vnet: ${plain(error.message)}\n${reminder(args[0])}`);
			return exitStatus.notRun;
		}
		if (error instanceof PathError) {
			output.stderr.write(error.lines.map((line) => `openbsd-vnet: ${plain(line)}\n`).join(""));
			return error instanceof UnreachedError ? exitStatus.unreached : exitStatus.notRun;
		}
		output.stderr.write(`openbsd-vnet: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		return exitStatus.fault;
	}
}

async function run([name, ...args]: readonly string[], output: CommandOutput): Promise<ExitStatus> {
	const command = commandNamed(name);
	if (name !== undefined && command !== undefined) {
		// A pattern's questions depend on the host, so it answers for itself.
		if (asksForHelp(args) && !(name === "pattern" && args.length > 1)) {
			output.stdout.write(help(name, command, ownTranslations()));
			return exitStatus.done;
		}
		return await command.run(args, output);
	}
	switch (name) {
		case "--version":
		case "-V":
			output.stdout.write(`${version}\n`);
			return exitStatus.done;
		case "--help":
		case "-h":
			output.stdout.write(usage(commands, ownTranslations()));
			return exitStatus.done;
		case "help":
			output.stdout.write(helpFor(args));
			return exitStatus.done;
		case undefined:
			throw new UsageError(tell("no command given"));
		default:
			throw new UsageError(`${tell("unknown command '{0}'", name)}${didYouMean(name, [...Object.keys(commands), "help"])}`);
	}
}

/** Whether `--help` or `-h` stands before `--`. */
function asksForHelp(args: readonly string[]): boolean {
	const end = args.indexOf("--");
	return args.slice(0, end < 0 ? args.length : end).some((word) => word === "--help" || word === "-h");
}

function helpFor([name, ...more]: readonly string[]): string {
	if (name === undefined) return usage(commands, ownTranslations());
	const command = commandNamed(name);
	if (command === undefined || more.length > 0) {
		throw new UsageError(
			`${tell("help is for one command, not '{0}'", [name, ...more].join(" "))}${didYouMean(name, Object.keys(commands))}`,
		);
	}
	return help(name, command, ownTranslations());
}

/** How a command is called; of none that there is, which there are. */
function reminder(name: string | undefined): string {
	const command = commandNamed(name);
	if (name === undefined || command === undefined) return `${tell("'openbsd-vnet help' lists the commands")}\n`;
	return `${synopsis(name, command, ownTranslations())}${tell("'openbsd-vnet help {0}' says more", name)}\n`;
}
