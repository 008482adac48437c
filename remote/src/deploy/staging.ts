/** A private folder of the host in which commands look at files, and which is gone when they have ended. */
import { fixed, type ShellCommand, sh } from "../shell-words.ts";
import { writeText } from "./write-text.ts";

/** The folder, as one word for sh(1) in commands that run beside it. */
export const stage: ShellCommand = fixed('"$stage"');

/** What a command printed, standard output and error together, and how it ended. */
export interface Answer {
	readonly output: string;
	readonly status: number;
}

/** A text that is written to a file of the folder; in it `folderWord` stands for the folder. */
export interface StagedText {
	readonly name: string;
	readonly text: string;
}

/**
 * A script that makes a folder which only root may enter, writes texts there, runs commands in their order, and removes the
 * folder, also where it is told to end or where nobody listens any more.
 * @param parent the folder to make it in
 * @param marker a word that no output has: it parts the answers
 * @param folderWord stands for the folder in the texts
 */
export function stagingScript(
	parent: string,
	texts: readonly StagedText[],
	commands: readonly ShellCommand[],
	marker: string,
	folderWord: string,
): ShellCommand {
	const writes = texts.map(({ name, text }) => writeText(sh`${stage}/${name}`, text, { word: folderWord, value: "$stage" }));
	const lines = [
		sh`stage=$(mktemp -d ${parent}/openbsd-vnet.XXXXXXXXXX) || exit 1`,
		fixed(`trap 'rm -rf "$stage"' EXIT`),
		fixed("trap 'exit 1' HUP INT TERM"),
		fixed("cd / || exit 1"),
		sh`printf '%s %s\\n' ${marker} ${stage}`,
		...writes.map((write) => sh`{ ${write}\n} || exit 1`),
		...commands.map((command) => sh`( ${command}\n) 2>&1\nstatus=$?\nprintf '\\n%s %s\\n' ${marker} "$status"`),
		fixed("exit 0"),
	];
	return fixed(lines.map(({ text }) => text).join("\n"));
}

/** The folder's path and the answers of the commands, from what the script printed; undefined where it did not come to its end. */
export function readAnswers(
	stdout: string,
	count: number,
	marker: string,
): { readonly folder: string; readonly answers: readonly Answer[] } | undefined {
	const [first = "", ...rest] = stdout.split(`${marker} `);
	const [folder, ...heads] = rest.map((part) => part.slice(0, part.indexOf("\n")));
	const outputs = rest.map((part) => part.slice(part.indexOf("\n") + 1));
	if (first !== "" || folder === undefined || heads.length !== count) return undefined;
	// The output of a command stands before its status, with a newline that the script adds.
	return { folder, answers: heads.map((status, i) => ({ output: (outputs[i] ?? "").replace(/\n$/, ""), status: Number(status) })) };
}
