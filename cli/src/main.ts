/** The command line: which command, with which options. */
import { type Command, type Output, parsed, UsageError } from "./arguments.ts";
import { check } from "./check.ts";
import { PathError } from "./disk.ts";
import { expand } from "./expand.ts";
import { formats } from "./formats.ts";
import { hostCommands } from "./host-commands.ts";
import { pattern, patternHelp, patternList } from "./pattern.ts";
import { type Level, levels } from "./report.ts";
import { plain, printer, type Stream } from "./terminal.ts";
import { test, testFormats } from "./test.ts";
import { version } from "./version.ts";

/** The commands in the order in which the usage shows them. */
const commands: Readonly<Record<string, Command>> = {
	check: {
		calls: [`check [--format text|json|sarif|github] [--fail-on LEVEL] [PATH...]`],
		help: `check   reports what is wrong in the pf.conf, vm.conf and hostname.if files under the paths;
        without a path, of the hosts that openbsd-vnet.json names, here or above`,
		run: runCheck,
	},
	test: {
		calls: [`test [--format text|tap|junit|json] [PATH...]`],
		help: `test    runs the policy tests (*.pftest) under the paths: whether the rules let through what they should, and
        nothing else. The exit status is 1 where one fails or cannot be decided`,
		run: runTest,
	},
	expand: {
		calls: [`expand FILE`],
		help: `expand  prints the ruleset that pfctl would load, or the commands that netstart would run; on a terminal, what
        would act on it is escaped`,
		run: runExpand,
	},
	pattern: {
		calls: [`pattern [NAME [--help | --ANSWER VALUE ... [--write] [--host HOST | FOLDER]]]`],
		help: `pattern prints what a pattern would change in the files of a host; with --write, changes them. Without a
        name it lists the patterns, with --help what a pattern asks for. FOLDER is that of the host (.).
        What it promises is written as policy tests; the exit status is 1 where the host's own rules stand
        against one of them`,
		run: runPattern,
	},
	taps: {
		calls: [`taps [--json] [-F SSH_CONFIG] HOST`],
		help: `taps    asks a host by SSH which tap is which guest's: HOST is a name of openbsd-vnet.json, a name of
        ssh_config, or [user@]host[:port]. Needs no root there. A host whose key is not known is asked
        about on a terminal, and refused without one`,
		run: hostCommands.taps,
	},
	verify: {
		calls: [`verify HOST [--json]`],
		help: `verify  holds a running host against its files: guests and taps, members, addresses, routes, settings, daemons,
        loaded rules and leases, each with what to do where it differs. The exit status is 1 where one does`,
		run: hostCommands.verify,
	},
	disks: {
		calls: [`disks HOST [--create SIZE] [--json]`],
		help: `disks   lists the disks of vm.conf that the host does not have, with the commands that make them; with --create,
        makes them, and never over something that is there. The exit status is 1 where some are missing still`,
		run: hostCommands.disks,
	},
	validate: {
		calls: [`validate HOST [--json]`],
		help: `validate lets the programs of a host check its files there, without changing anything`,
		run: hostCommands.validate,
	},
	plan: {
		calls: [`plan HOST [--remove PATH]... [--json]`],
		help: `plan    shows what deploying them would change, run and disturb. The exit status is 1 where it would do something`,
		run: hostCommands.plan,
	},
	deploy: {
		calls: [
			`deploy HOST [--auto-confirm] [--over-drift] [--no-tests] [--restart-guests]
                               [--remove PATH]... [--create-disks SIZE] [--timeout SECONDS] [--json]`,
			`deploy HOST --rehearse [--timeout SECONDS] [--json]`,
		],
		help: `deploy  puts them in place, unless a policy test (*.pftest) beside them fails; the host goes back by itself unless
        the change is confirmed over a new connection in time (120 s). The exit status is 0 where they are in
        place, 1 where nothing was changed, 3 where the host went back. --remove takes a file of the host away that
        is not here, --create-disks makes the guests' disks that the host does not have. With --rehearse it only loads the host's own rules with one that does nothing, and waits
        until the host has gone back by itself`,
		run: hostCommands.deploy,
	},
	rollback: {
		calls: [`rollback HOST [--to DEPLOYMENT] [--auto-confirm] [--over-drift] [--timeout SECONDS] [--json]`],
		help: `rollback deploys what was there before a deployment, the latest one that was confirmed`,
		run: hostCommands.rollback,
	},
	merge: {
		calls: [`merge HOST [--json]`],
		help: `merge   brings what others changed on the host since it was deployed into the files here; what both changed is
        marked as git marks it. The exit status is 1 where there is such`,
		run: hostCommands.merge,
	},
	history: {
		calls: [`history HOST [DEPLOYMENT] [--json]`],
		help: `history lists what was deployed and by whom, or shows how the commands of one deployment ended and what it changed
        HOST is a host of openbsd-vnet.json that has an "ssh"`,
		run: hostCommands.history,
	},
	"host-program": {
		calls: [`host-program`],
		help: `host-program prints the program that a user who is not root deploys by, with how it is installed`,
		run: printHostProgram,
	},
	export: {
		calls: [`export ansible [-F SSH_CONFIG] [DIR]`],
		help: `export  writes an inventory and a playbook for Ansible into a folder (ansible), for the hosts of openbsd-vnet.json
        that have an "ssh"`,
		run: hostCommands.export,
	},
	lsp: {
		calls: [`lsp --stdio`],
		help: `lsp     serves editors by the Language Server Protocol`,
		run: runLsp,
	},
};

const footer = `LEVEL is error (the default), warning, information, hint or none.
Exit status: 0 nothing at that level, 1 something, 2 it could not run.
`;

/** How commands are called, a line each. */
function synopsis(shown: readonly Command[], ...more: readonly string[]): string {
	return `usage: ${[...shown.flatMap(({ calls }) => calls), ...more].map((call) => `openbsd-vnet ${call}`).join("\n       ")}\n`;
}

function usage(): string {
	const all = Object.values(commands);
	return `${synopsis(all, "--version | --help")}\n${all.map(({ help }) => `${help}\n`).join("")}\n${footer}`;
}

/** How a command is called; of none that there is, how all are. */
function reminder(name: string | undefined): string {
	const command = commandOf(name);
	return `${command === undefined ? synopsis(Object.values(commands), "--version | --help") : synopsis([command])}'openbsd-vnet --help' says what each does\n`;
}

/** Where the command prints, and what nothing but `printer` writes to. */
export interface Streams {
	readonly stdout: Stream;
	readonly stderr: Stream;
}

/**
 * Runs a command.
 * @param args as after the program's name
 * @param streams those of the process, but for tests
 * @returns the exit status
 */
export async function main(args: readonly string[], streams: Streams): Promise<number> {
	const output = { stdout: printer(streams.stdout), stderr: printer(streams.stderr) };
	try {
		return await run(args, output);
	} catch (error) {
		if (error instanceof UsageError) output.stderr.write(`openbsd-vnet: ${plain(error.message)}\n${reminder(args[0])}`);
		else if (error instanceof PathError) output.stderr.write(error.lines.map((line) => `openbsd-vnet: ${plain(line)}\n`).join(""));
		else output.stderr.write(`openbsd-vnet: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		return 2;
	}
}

async function run([name, ...args]: readonly string[], output: Output): Promise<number> {
	const command = commandOf(name);
	if (command !== undefined) return await command.run(args, output);
	switch (name) {
		case "--version":
			output.stdout.write(`${version}\n`);
			return 0;
		case "--help":
		case "-h":
			output.stdout.write(usage());
			return 0;
		case undefined:
			throw new UsageError("no command given");
		default:
			throw new UsageError(`unknown command '${name}'`);
	}
}

function commandOf(name: string | undefined): Command | undefined {
	return name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
}

async function runCheck(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { format: { type: "string" }, "fail-on": { type: "string" } });
	const { format = "text", "fail-on": failOn = "error" } = values;
	if (!isFormat(format)) throw new UsageError(`--format is text, json, sarif or github, not '${format}'`);
	if (!isLevel(failOn)) throw new UsageError(`--fail-on is ${levels.join(", ")} or none, not '${failOn}'`);
	const { output, failed, files } = await check(positionals, format, failOn);
	stdout.write(output);
	if (files === 0) stderr.write("openbsd-vnet: no pf.conf, vm.conf or hostname.if files there\n");
	return failed ? 1 : 0;
}

async function runTest(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { format: { type: "string" } });
	const { format = "text" } = values;
	if (!Object.hasOwn(testFormats, format)) throw new UsageError(`--format is text, tap, junit or json, not '${format}'`);
	const { output, failed, tests } = await test(positionals, format as keyof typeof testFormats);
	if (tests === 0) {
		// A pipeline that tests nothing should not look as if all were well.
		stderr.write("openbsd-vnet: no policy tests (*.pftest) there\n");
		return 2;
	}
	stdout.write(output);
	return failed ? 1 : 0;
}

async function runExpand(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
	const { positionals } = parsed(args, {});
	const [path, ...more] = positionals;
	if (path === undefined || more.length > 0) throw new UsageError("expand takes one file");
	const { text, cutOff, refused } = await expand(path);
	// For pfctl, by a pipe or a file.
	stdout.writeExact(text);
	const why = [...(cutOff === undefined ? [] : [`${path}: ${cutOff}`]), ...refused];
	for (const line of why) stderr.write(`openbsd-vnet: ${plain(line)}\n`);
	return why.length === 0 ? 0 : 1;
}

async function runPattern([name, ...args]: readonly string[], { stdout, stderr }: Output): Promise<number> {
	if (name === undefined) {
		stdout.write(patternList());
		return 0;
	}
	const answers: Record<string, string> = {};
	const flags = new Set<string>();
	const folders: string[] = [];
	const rest = [...args];
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		const [, option, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
		if (option === undefined) {
			if (word.startsWith("-")) throw new UsageError(`unknown option '${word}'`);
			folders.push(word);
		} else if (option === "write" || option === "help") flags.add(option);
		else {
			const given = value ?? rest.shift();
			if (given === undefined) throw new UsageError(`--${option} needs a value`);
			answers[option] = given;
		}
	}
	const { host, ...others } = answers;
	const [folder = ".", ...more] = folders;
	if (more.length > 0 || (host !== undefined && folders.length > 0)) throw new UsageError("pattern takes one folder, or --host");
	const call = { name, folder, ...(host === undefined ? {} : { host }), answers: others, write: flags.has("write") };
	if (flags.has("help")) {
		stdout.write(await patternHelp(call));
		return 0;
	}
	const { output, unmet } = await pattern(call);
	// A diff is for patch(1) too.
	stdout.writeExact(output);
	for (const promise of unmet) stderr.write(`openbsd-vnet: not met on this host: ${plain(promise)}\n`);
	return unmet.length === 0 ? 0 : 1;
}

async function printHostProgram(_args: readonly string[], { stdout }: Output): Promise<number> {
	// The package's other parts load ssh2.
	const { hostProgram } = await import("@openbsd-vnet/remote/host-program");
	stdout.write(hostProgram);
	return 0;
}

async function runLsp(args: readonly string[]): Promise<number> {
	const { values } = parsed(args, { stdio: { type: "boolean" } });
	if (values.stdio !== true) throw new UsageError("lsp speaks over standard input and output only: add --stdio");
	// Loaded here only: the other commands start faster without the protocol's library.
	const { serve } = await import("./lsp.ts");
	serve();
	return 0;
}

function isFormat(name: string): name is keyof typeof formats {
	return Object.hasOwn(formats, name);
}

function isLevel(name: string): name is Level | "none" {
	return name === "none" || levels.some((level) => level === name);
}
