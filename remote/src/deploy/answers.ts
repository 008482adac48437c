/** What the host program answers to the questions of a check (host-program/30-check.sh). */

/** What a command printed, standard output and error together, and how it ended. */
export interface ProgramAnswer {
	readonly output: string;
	readonly status: number;
}

/**
 * The path of the folder and the answers, from what the program printed; undefined where it did not come to its end.
 * @param marker a word that no output has: it parts the answers
 */
export function readAnswers(
	stdout: string,
	count: number,
	marker: string,
): { readonly folder: string; readonly answers: readonly ProgramAnswer[] } | undefined {
	const [first = "", ...rest] = stdout.split(`${marker} `);
	const [folder, ...heads] = rest.map((part) => part.slice(0, part.indexOf("\n")));
	const outputs = rest.map((part) => part.slice(part.indexOf("\n") + 1));
	if (first !== "" || folder === undefined || heads.length !== count) return undefined;
	// The output of a command stands before its status, with a newline that the script adds.
	return { folder, answers: heads.map((status, i) => ({ output: (outputs[i] ?? "").replace(/\n$/, ""), status: Number(status) })) };
}
