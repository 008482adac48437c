/** The command line: which command, with which options. */
import { parseArgs } from "node:util";
import { hostProgram } from "@openbsd-vnet/remote";
import { check, type Level, levels } from "./check.ts";
import { PathError } from "./disk.ts";
import { expand } from "./expand.ts";
import { formats } from "./formats.ts";
import { pattern, patternHelp, patternList } from "./pattern.ts";
import { test, testFormats } from "./test.ts";
import { version } from "./version.ts";

const usage = `usage: openbsd-vnet check [--format text|json|sarif|github] [--fail-on LEVEL] [PATH...]
       openbsd-vnet test [--format text|tap|junit|json] [PATH...]
       openbsd-vnet expand FILE
       openbsd-vnet pattern [NAME [--help | --ANSWER VALUE ... [--write] [--host HOST | FOLDER]]]
       openbsd-vnet taps [--json] [-F SSH_CONFIG] HOST
       openbsd-vnet verify HOST [--json]
       openbsd-vnet validate HOST [--json]
       openbsd-vnet plan HOST [--remove PATH]... [--json]
       openbsd-vnet deploy HOST [--auto-confirm] [--over-drift] [--no-tests] [--restart-guests]
                               [--remove PATH]... [--timeout SECONDS] [--json]
       openbsd-vnet deploy HOST --rehearse [--timeout SECONDS] [--json]
       openbsd-vnet rollback HOST [--to DEPLOYMENT] [--auto-confirm] [--over-drift] [--timeout SECONDS] [--json]
       openbsd-vnet merge HOST [--json]
       openbsd-vnet history HOST [DEPLOYMENT] [--json]
       openbsd-vnet host-program
       openbsd-vnet export ansible [-F SSH_CONFIG] [DIR]
       openbsd-vnet lsp --stdio
       openbsd-vnet --version | --help

check   reports what is wrong in the pf.conf, vm.conf and hostname.if files under the paths;
        without a path, of the hosts that openbsd-vnet.json names, here or above
test    runs the policy tests (*.pftest) under the paths: whether the rules let through what they should, and
        nothing else. The exit status is 1 where one fails or cannot be decided
expand  prints the ruleset that pfctl would load, or the commands that netstart would run
pattern prints what a pattern would change in the files of a host; with --write, changes them. Without a
        name it lists the patterns, with --help what a pattern asks for. FOLDER is that of the host (.)
taps    asks a host by SSH which tap is which guest's: HOST is a name of openbsd-vnet.json, a name of
        ssh_config, or [user@]host[:port]. Needs no root there. A host whose key is not known is asked
        about on a terminal, and refused without one
verify  holds a running host against its files: guests and taps, members, addresses, routes, settings, daemons,
        loaded rules and leases, each with what to do where it differs. The exit status is 1 where one does
validate lets the programs of a host check its files there, without changing anything
plan    shows what deploying them would change, run and disturb. The exit status is 1 where it would do something
deploy  puts them in place, unless a policy test (*.pftest) beside them fails; the host goes back by itself unless
        the change is confirmed over a new connection in time (120 s). The exit status is 0 where they are in
        place, 1 where nothing was changed, 3 where the host went back. --remove takes a file of the host away that
        is not here. With --rehearse it only loads the host's own rules with one that does nothing, and waits
        until the host has gone back by itself
rollback deploys what was there before a deployment, the latest one that was confirmed
merge   brings what others changed on the host since it was deployed into the files here; what both changed is
        marked as git marks it. The exit status is 1 where there is such
history lists what was deployed and by whom, or shows how the commands of one deployment ended and what it changed
        HOST is a host of openbsd-vnet.json that has an "ssh"
host-program prints the program that a user who is not root deploys by, with how it is installed
export  writes an inventory and a playbook for Ansible into a folder (ansible), for the hosts of openbsd-vnet.json
        that have an "ssh"
lsp     serves editors by the Language Server Protocol

LEVEL is error (the default), warning, information, hint or none.
Exit status: 0 nothing at that level, 1 something, 2 it could not run.
`;

/** How a command is called; of none that there is, how all are. */
function synopsis(command: string | undefined): string {
	const [calls = ""] = usage.split("\n\n");
	const each = calls.replace(/^usage: /, "").split(/\n {7}(?=\S)/);
	const own = each.filter((call) => call.split(" ")[1] === command);
	return `usage: ${(own.length > 0 ? own : each).join("\n       ")}\n'openbsd-vnet --help' says what each does\n`;
}

/** Where a command prints; process, but for tests. */
export interface Output {
	readonly stdout: { write(text: string): unknown };
	readonly stderr: { write(text: string): unknown };
}

/** A call that makes no sense; the message says why. */
class UsageError extends Error {}

/**
 * Runs a command.
 * @param args as after the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], output: Output): Promise<number> {
	try {
		return await run(args, output);
	} catch (error) {
		if (error instanceof UsageError) output.stderr.write(`openbsd-vnet: ${error.message}\n${synopsis(args[0])}`);
		else if (error instanceof PathError) output.stderr.write(`openbsd-vnet: ${error.message}\n`);
		else output.stderr.write(`openbsd-vnet: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		return 2;
	}
}

async function run([command, ...args]: readonly string[], output: Output): Promise<number> {
	switch (command) {
		case "check":
			return await runCheck(args, output);
		case "test":
			return await runTest(args, output);
		case "expand":
			return await runExpand(args, output);
		case "pattern":
			return await runPattern(args, output);
		case "taps":
			return await runTaps(args, output);
		case "verify":
			return await runVerifyCommand(args, output);
		case "validate":
		case "plan":
		case "deploy":
		case "rollback":
		case "merge":
		case "history":
			return await runRemote(command, args, output);
		case "host-program":
			output.stdout.write(hostProgram);
			return 0;
		case "export":
			return await runExport(args, output);
		case "lsp":
			return await runLsp(args);
		case "--version":
			output.stdout.write(`${version}\n`);
			return 0;
		case "--help":
		case "-h":
			output.stdout.write(usage);
			return 0;
		case undefined:
			throw new UsageError("no command given");
		default:
			throw new UsageError(`unknown command '${command}'`);
	}
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
	const { text, cutOff } = await expand(path);
	stdout.write(text);
	if (cutOff === undefined) return 0;
	stderr.write(`openbsd-vnet: ${path}: ${cutOff}\n`);
	return 1;
}

async function runPattern([name, ...args]: readonly string[], { stdout }: Output): Promise<number> {
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
	stdout.write(flags.has("help") ? await patternHelp(call) : await pattern(call));
	return 0;
}

async function runTaps(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { json: { type: "boolean" }, config: { type: "string", short: "F" } });
	const [name, ...more] = positionals;
	if (name === undefined || more.length > 0) throw new UsageError("taps takes one host");
	// Loaded here only: the other commands need no SSH.
	const { ConnectionError } = await import("@openbsd-vnet/remote");
	const { onHost } = await import("./remote-host.ts");
	const { taps } = await import("./taps.ts");
	try {
		stdout.write(await onHost(name, values.config, (run) => taps(run, values.json === true)));
		return 0;
	} catch (error) {
		if (!(error instanceof ConnectionError)) throw error;
		stderr.write(`openbsd-vnet: ${error.message}\n`);
		return 2;
	}
}

async function runVerifyCommand(args: readonly string[], { stdout }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { json: { type: "boolean" } });
	const [host, ...more] = positionals;
	if (host === undefined || more.length > 0) throw new UsageError("verify takes one host of openbsd-vnet.json");
	// Loaded here only: the other commands need no SSH.
	const { runVerify } = await import("./verify.ts");
	const { output, status } = await runVerify({ host, json: values.json === true });
	stdout.write(output);
	return status;
}

async function runRemote(
	command: "validate" | "plan" | "deploy" | "rollback" | "merge" | "history",
	args: readonly string[],
	{ stdout }: Output,
): Promise<number> {
	const { values, positionals } = parsed(args, {
		json: { type: "boolean" },
		...(command === "deploy" || command === "rollback"
			? ({ "auto-confirm": { type: "boolean" }, "over-drift": { type: "boolean" }, timeout: { type: "string" } } as const)
			: {}),
		...(command === "deploy"
			? ({
					"no-tests": { type: "boolean" },
					"restart-guests": { type: "boolean" },
					rehearse: { type: "boolean" },
				} as const)
			: {}),
		...(command === "plan" || command === "deploy" ? ({ remove: { type: "string", multiple: true } } as const) : {}),
		...(command === "rollback" ? ({ to: { type: "string" } } as const) : {}),
	});
	const given: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>> = values;
	const remove = Array.isArray(given.remove) ? given.remove.map(String) : [];
	const [host, id, ...more] = positionals;
	if (host === undefined || more.length > 0 || (id !== undefined && command !== "history"))
		throw new UsageError(`${command} takes one host of openbsd-vnet.json`);
	const rehearses = given.rehearse === true;
	const others = ["auto-confirm", "over-drift", "no-tests", "restart-guests", "remove"].filter((option) => given[option] !== undefined);
	if (rehearses && others.length > 0) throw new UsageError(`--rehearse confirms and changes nothing: leave out --${others.join(", --")}`);
	const seconds = Number(given.timeout ?? (rehearses ? 15 : 120));
	if (!Number.isInteger(seconds) || seconds < 10 || seconds > 86400) throw new UsageError("--timeout is a number of seconds, 10 to 86400");
	const call = { host, json: given.json === true };
	// Loaded here only: the other commands start faster without SSH.
	const { runDeploy, runHistory, runMerge, runRehearsal, runPlan, runValidate } = await import("./deploy.ts");
	const { output, status } = await (command === "validate"
		? runValidate(call)
		: command === "plan"
			? runPlan({ ...call, remove })
			: command === "merge"
				? runMerge(call)
				: command === "history"
					? runHistory({ ...call, ...(id === undefined ? {} : { id }) })
					: rehearses
						? runRehearsal({ ...call, seconds })
						: runDeploy({
								...call,
								remove,
								seconds,
								autoConfirm: given["auto-confirm"] === true,
								overDrift: given["over-drift"] === true,
								withoutTests: given["no-tests"] === true,
								restartGuests: given["restart-guests"] === true,
								...(command === "rollback" ? { back: typeof given.to === "string" ? given.to : true } : {}),
							}));
	stdout.write(output);
	return status;
}

async function runExport(args: readonly string[], { stdout }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { config: { type: "string", short: "F" } });
	const [engine, folder = "ansible", ...more] = positionals;
	if (engine !== "ansible" || more.length > 0) throw new UsageError("export writes for ansible, into one folder");
	// Loaded here only: the other commands start faster without YAML.
	const { exportAnsible } = await import("./export.ts");
	const written = await exportAnsible(folder, values.config === undefined ? undefined : [values.config]);
	stdout.write(written.map((path) => `${path}\n`).join(""));
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

type Options = Readonly<Record<string, { readonly type: "string"; readonly short?: string } | { readonly type: "boolean" }>>;

function parsed<const O extends Options>(args: readonly string[], options: O) {
	try {
		return parseArgs({ args: [...args], options, allowPositionals: true });
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function isFormat(name: string): name is keyof typeof formats {
	return Object.hasOwn(formats, name);
}

function isLevel(name: string): name is Level | "none" {
	return name === "none" || levels.some((level) => level === name);
}
