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
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { PathError } from "./path-error.ts";
import { plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

interface PatternCall extends HostChoice {
	readonly name: string;
	readonly answers: Readonly<Record<string, string>>;
	readonly write: boolean;
}

/** Runs the command. Which options there are depends on the pattern, and on the host. */
export async function runPattern([first, ...others]: readonly string[], { stdout, stderr }: CommandOutput): Promise<ExitStatus> {
	const [name, args] = first === "--json" ? [others[0], ["--json", ...others.slice(1)]] : [first, others];
	if (name === undefined) {
		stdout.write(first === "--json" ? jsonOf("pattern", { patterns: listed() }) : patternList());
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
		} else if (option === "write" || option === "help" || option === "json") flags.add(option);
		else {
			const given = value ?? rest.shift();
			if (given === undefined) throw new UsageError(tell("{0} needs a value", `--${option}`));
			answers[option] = given;
		}
	}
	const { host, ...own } = answers;
	const json = flags.has("json");
	const [folder, ...more] = folders;
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "pattern"));
	const call = { name, folder, host, answers: own, write: flags.has("write") };
	if (flags.has("help")) {
		const questions = await questionsFor(call);
		stdout.write(json ? jsonOf("pattern", { pattern: name, questions }) : questionsText(questions));
		return exitStatus.done;
	}
	const { files, unmet } = await pattern(call);
	if (json) stdout.write(jsonOf("pattern", { pattern: name, files, written: call.write, unmet }));
	else {
		// A diff is for patch(1) too.
		stdout.writeExact(files.map(({ path, isNew, diff }) => `--- ${isNew ? "/dev/null" : `a${path}`}\n+++ b${path}\n${diff}`).join(""));
		for (const { test, message } of unmet)
			stderr.write(`openbsd-vnet: ${tell("not met on this host: {0}", plain(`${test}: ${message}`))}\n`);
	}
	return unmet.length === 0 ? exitStatus.done : exitStatus.found;
}

/** The patterns, a line each. */
function patternList(): string {
	const width = Math.max(...Object.keys(patterns).map((name) => name.length));
	return listed()
		.map(({ name, title, detail }) => `${name.padEnd(width)}  ${tell("{0}: {1}", title, detail)}\n`)
		.join("");
}

function listed(): Extract<Outputs["pattern"], { patterns: unknown }>["patterns"] {
	return Object.entries(patterns).map(([name, { title, detail }]) => ({ name, title: translated(title), detail: translated(detail) }));
}

/**
 * Applies a pattern.
 * @returns what changes, and the promises that the host's other rules break
 * @throws PathError where an answer is wrong or missing, one line for each, and where there is no such host
 */
async function pattern({
	name,
	answers,
	write,
	...choice
}: PatternCall): Promise<Pick<Extract<Outputs["pattern"], { files: unknown }>, "files" | "unmet">> {
	const wanted = known(name);
	const host = await hostFolder(choice);
	const source = await sourceOf(host);
	const { files } = source;
	const { files: made, problems, unmet } = applyPattern(source, wanted, answers);
	if (problems.length > 0) throw new PathError(...problems.map(({ question, message }) => `--${question}: ${translated(message)}`));
	const changed: { path: string; isNew: boolean; diff: string; text: string }[] = [];
	for (const [path, text] of made) {
		const uri = uriOnHost(host, path);
		if (uri === undefined) throw new PathError(tell("{0} has no place in {1}", path, fileURLToPath(host.root)));
		const before = files.get(path)?.text;
		changed.push({ path, isNew: before === undefined, diff: unifiedDiff(before ?? "", text), text });
		if (write) {
			await mkdir(dirname(fileURLToPath(uri)), { recursive: true });
			await writeFile(fileURLToPath(uri), text);
		}
	}
	return { files: changed, unmet: unmet.map(({ test, message }) => ({ test, message: translated(message) })) };
}

type Questions = Extract<Outputs["pattern"], { questions: unknown }>["questions"];

/** What a pattern asks for, with what is taken where there is no answer. */
async function questionsFor({ name, answers: given, ...choice }: PatternCall): Promise<Questions> {
	const source = await sourceOf(await hostFolder(choice));
	const { answers } = applyPattern(source, known(name), given);
	return questionsOf(source, known(name), answers).map(({ id, title, standard, fixed, example, hint }) => {
		const value = fixed ?? standard;
		return {
			id,
			title: translated(title),
			...(value === undefined ? {} : { standard: value }),
			...(example === undefined ? {} : { example }),
			...(hint === undefined ? {} : { hint: translated(hint) }),
		};
	});
}

function questionsText(questions: Questions): string {
	return questions
		.map(({ id, title, standard, example, hint }) => {
			const otherwise =
				standard !== undefined
					? tell("'{0}' where not given", standard)
					: hint === undefined
						? tell("must be given")
						: tell("must be given: {0}", hint);
			return `--${id}\n\t${plain(title)}\n\t${example === undefined ? plain(otherwise) : tell("{0} (as in {1})", plain(otherwise), plain(example))}\n`;
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
