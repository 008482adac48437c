/** `openbsd-vnet pattern`: the files of a network from a few answers, shown as a diff or written. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
	applyPattern,
	filesOfHost,
	type HostFolder,
	type HostSource,
	isPattern,
	type PatternName,
	patterns,
	questionsOf,
	unifiedDiff,
	uriOnHost,
} from "@openbsd-vnet/server";
import { type CommandOutput, didYouMean, UsageError } from "./arguments.ts";
import { disk } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { type HostChoice, hostFolder } from "./host-folder.ts";
import { PathError } from "./path-error.ts";
import { plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

interface PatternCall extends HostChoice {
	readonly name: string;
	readonly answers: Readonly<Record<string, string>>;
	readonly write: boolean;
}

/** Runs the command. Which options there are depends on the pattern, and on the host. */
export async function runPattern([name, ...args]: readonly string[], { stdout, stderr }: CommandOutput): Promise<ExitStatus> {
	if (name === undefined) {
		stdout.write(patternList());
		return exitStatus.done;
	}
	const answers: Record<string, string> = {};
	const flags = new Set<string>();
	const folders: string[] = [];
	const rest = [...args];
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		const [, option, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
		if (option === undefined) {
			if (word.startsWith("-") && word !== "-h") throw new UsageError(tell("unknown option '{0}'", word));
			if (word === "-h") flags.add("help");
			else folders.push(word);
		} else if (option === "write" || option === "help") flags.add(option);
		else {
			const given = value ?? rest.shift();
			if (given === undefined) throw new UsageError(tell("{0} needs a value", `--${option}`));
			answers[option] = given;
		}
	}
	const { host, ...others } = answers;
	const [folder, ...more] = folders;
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "pattern"));
	const call = { name, folder, host, answers: others, write: flags.has("write") };
	if (flags.has("help")) {
		stdout.write(await patternHelp(call));
		return exitStatus.done;
	}
	const { output, unmet } = await pattern(call);
	// A diff is for patch(1) too.
	stdout.writeExact(output);
	for (const promise of unmet) stderr.write(`openbsd-vnet: ${tell("not met on this host: {0}", plain(promise))}\n`);
	return unmet.length === 0 ? exitStatus.done : exitStatus.found;
}

/** The patterns, a line each. */
function patternList(): string {
	const width = Math.max(...Object.keys(patterns).map((name) => name.length));
	return Object.entries(patterns)
		.map(([name, { title, detail }]) => `${name.padEnd(width)}  ${tell("{0}: {1}", translated(title), translated(detail))}\n`)
		.join("");
}

/**
 * Applies a pattern.
 * @returns what changes, as `diff -u` prints it, and the promises that the host's other rules stand against
 * @throws PathError where an answer is wrong or missing, one line for each, and where there is no such host
 */
async function pattern({
	name,
	answers,
	write,
	...choice
}: PatternCall): Promise<{ readonly output: string; readonly unmet: readonly string[] }> {
	const wanted = known(name);
	const host = await hostFolder(choice);
	const source = await sourceOf(host);
	const { files } = source;
	const { files: made, problems, unmet } = applyPattern(source, wanted, answers);
	if (problems.length > 0) throw new PathError(...problems.map(({ question, message }) => `--${question}: ${translated(message)}`));
	let output = "";
	for (const [path, text] of made) {
		const uri = uriOnHost(host, path);
		if (uri === undefined) throw new PathError(tell("{0} has no place in {1}", path, fileURLToPath(host.root)));
		const before = files.get(path)?.text;
		output += `--- ${before === undefined ? "/dev/null" : `a${path}`}\n+++ b${path}\n${unifiedDiff(before ?? "", text)}`;
		if (write) {
			await mkdir(dirname(fileURLToPath(uri)), { recursive: true });
			await writeFile(fileURLToPath(uri), text);
		}
	}
	return { output, unmet: unmet.map(({ test, message }) => `${test}: ${translated(message)}`) };
}

/** What a pattern asks for, with what is taken where there is no answer. */
async function patternHelp({ name, answers: given, ...choice }: PatternCall): Promise<string> {
	const source = await sourceOf(await hostFolder(choice));
	const { answers } = applyPattern(source, known(name), given);
	return questionsOf(source, known(name), answers)
		.map(({ id, title, standard, fixed, example, hint }) => {
			const value = fixed ?? standard;
			const otherwise =
				value !== undefined
					? tell("'{0}' where not given", value)
					: hint === undefined
						? tell("must be given")
						: tell("must be given: {0}", translated(hint));
			return `--${id}\n\t${plain(translated(title))}\n\t${example === undefined ? plain(otherwise) : tell("{0} (as in {1})", plain(otherwise), plain(example))}\n`;
		})
		.join("");
}

function known(name: string): PatternName {
	if (isPattern(name)) return name;
	throw new PathError(
		`${tell("no pattern '{0}'; there are {1}", name, Object.keys(patterns).join(", "))}${didYouMean(name, Object.keys(patterns))}`,
	);
}

async function sourceOf(host: HostFolder): Promise<HostSource> {
	const { name, release } = host;
	return { name, files: await filesOfHost(disk, host), ...(release === undefined ? {} : { release }) };
}
