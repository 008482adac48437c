/** What is said of the files of a host, and how it is read from what programs print. */
import { type Message, msg, type Span } from "@openbsd-vnet/server";

/** What a program of the host, or our own reading, says of a file. */
export interface HostComplaint {
	/** The path on the host that the file is for; undefined where it is about none. */
	readonly path: string | undefined;
	/** Counted from 1. */
	readonly line: number | undefined;
	/** What it is about in the line, where our own reading of the file tells: from 1, in UTF-16 units; the end is not part of it. */
	readonly columns?: { readonly start: number; readonly end: number };
	/** In the program's own words, which are not translated, or in ours. */
	readonly text: Message;
	/** A second sentence of ours: what to do. */
	readonly advice?: Message;
	/** Who says so: `pfctl -nf`, or {@link ourselves}. */
	readonly program: string;
	/** Files with errors are not deployed. */
	readonly severity: "error" | "warning" | "information";
}

/** The program of complaints that are our own. */
export const ourselves = "openbsd-vnet";

/** A place of a text, as complaints have it. */
export function placeIn(text: string, { start, end }: Span): Pick<HostComplaint, "line" | "columns"> {
	const before = text.slice(0, start);
	const lineStart = before.lastIndexOf("\n") + 1;
	const newline = text.indexOf("\n", start);
	const lineEnd = newline === -1 ? text.length : newline;
	return {
		line: before.split("\n").length,
		columns: { start: start - lineStart + 1, end: Math.min(end, lineEnd) - lineStart + 1 },
	};
}

const placed = /^(?:\w+: )?(\/[^:\s]+)(?::| line )(\d+): (.*)$/;

/** The lines that have a place; all where none has. dhcpd shows the file's line and a mark below the word after each of them. */
export function placedLines(output: string): string {
	const lines = output.split("\n").filter((line) => placed.test(line));
	return lines.length > 0 ? lines.join("\n") : output;
}

/**
 * Reads what a program printed: `FILE:LINE: TEXT` with or without the program's name before it, or dhcpd's `FILE line LINE: TEXT`.
 * A line without a place explains the next one that has one, as pfctl and vmd print them.
 * @param path the file that it was given
 */
export function complaintsIn(output: string, program: string, path: string, status: number): readonly HostComplaint[] {
	const severity = status === 0 ? "warning" : "error";
	const complaints: HostComplaint[] = [];
	let waiting: Message[] = [];
	const lines = output.split("\n").filter((line) => line.trim() !== "" && line !== "configuration OK");
	for (const line of lines) {
		const [, file, number, text] = placed.exec(line) ?? [];
		if (file === undefined || number === undefined || text === undefined) {
			waiting.push(msg("{0}", line));
			continue;
		}
		const at = { path: file, line: Number(number), program, severity } as const;
		complaints.push(...[...waiting, msg("{0}", text)].map((each) => ({ ...at, text: each })));
		waiting = [];
	}
	complaints.push(...waiting.map((text) => ({ path, line: undefined, text, program, severity }) as const));
	if (status !== 0 && complaints.length === 0)
		complaints.push({ path, line: undefined, text: msg("{0} ended with status {1}", program, status), program, severity });
	return complaints;
}

/** Each complaint once: pfctl reads an anchor's file with the ruleset that loads it, and by itself. */
export function withoutRepetitions(complaints: readonly HostComplaint[]): readonly HostComplaint[] {
	const told = new Set<string>();
	return complaints.filter(({ path, line, text }) => {
		const key = JSON.stringify([path, line, text]);
		return !told.has(key) && told.add(key);
	});
}
