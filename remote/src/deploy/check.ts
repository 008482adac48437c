/** Lets the host's own programs check files before they are its files. */
import { type Message, say } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { allInOrder, fixed, type ShellCommand, sh } from "../shell-words.ts";
import type { WantedFile } from "./files.ts";
import { expectSuccess, type RootRunner } from "./root.ts";
import { type Staged, withOwnPaths, withStagedPaths } from "./staged-paths.ts";

/** What a program of the host said of a file. */
export interface HostComplaint {
	/** The path on the host that the file is for; undefined where the program named none. */
	readonly path: string | undefined;
	/** Counted from 1. */
	readonly line: number | undefined;
	/** What it is about in the line, where our own reading of the file tells: from 1, in UTF-16 units; the end is not part of it. */
	readonly columns?: { readonly start: number; readonly end: number };
	/** In the program's own words, which are not translated, or in ours. */
	readonly text: Message;
	/** Who says so: `pfctl -nf`, or `openbsd-vnet` where it is we. */
	readonly program: string;
	/** Files with errors are not deployed. */
	readonly severity: "error" | "warning" | "information";
}

/**
 * Checks files that lie in a folder of the host by their numbers.
 * Copies that name each other there are made for it, so that no file of the running system is read in place of a new one.
 */
export async function checkStaged(
	connection: Connection,
	root: RootRunner,
	staged: string,
	files: readonly WantedFile[],
): Promise<readonly HostComplaint[]> {
	const places = files.map(({ path, text }, i) => ({ path, text, place: `${staged}/check.${i}` }));
	const copies = places.flatMap(({ text, place }) =>
		text === undefined ? [] : [sh`printf '%s' ${withStagedPaths(text, places)} >${place} || exit 1`],
	);
	const checks = places.flatMap(({ path, text, place }) => (text === undefined ? [] : checkOf(path, place)));
	const result = await root(connection, allInOrder(...copies, ...checks, sh`rm -f ${places.map(({ place }) => place)}`));
	const output = expectSuccess(result, connection.target.name);
	return complaintsOf(output, places);
}

/**
 * Checks files without deploying them. Nothing of the host is changed, and nothing stays there.
 * @throws ConnectionError
 */
export async function validate(connection: Connection, root: RootRunner, files: readonly WantedFile[]): Promise<readonly HostComplaint[]> {
	const made = expectSuccess(await root(connection, fixed("mktemp -d /tmp/openbsd-vnet.XXXXXXXXXX")), connection.target.name).trim();
	try {
		return await checkStaged(connection, root, made, files);
	} finally {
		if (connection.isOpen() && /^\/tmp\/openbsd-vnet\.\w+$/.test(made)) await root(connection, sh`rm -rf ${made}`);
	}
}

/** Anchors' files are read with the ruleset that loads them. */
function checkOf(path: string, place: string): readonly ShellCommand[] {
	const check = (program: string, command: ShellCommand) => sh`echo ${`== ${program}`}; ${command} 2>&1; echo "== $?"`;
	if (path === "/etc/pf.conf") return [check("pfctl -nf", sh`pfctl -nf ${place}`)];
	if (path === "/etc/vm.conf") return [check("vmd -nf", sh`vmd -n -f ${place}`)];
	return [];
}

function complaintsOf(output: string, places: readonly Staged[]): readonly HostComplaint[] {
	const complaints: HostComplaint[] = [];
	let program = "";
	let said: string[] = [];
	for (const line of output.split("\n")) {
		const mark = /^== (.*)$/.exec(line)?.[1];
		if (mark === undefined) said.push(line);
		else if (/^\d+$/.test(mark)) {
			if (mark !== "0") complaints.push(...said.filter((each) => each !== "").map((each) => complaint(each, program, places)));
		} else {
			program = mark;
			said = [];
		}
	}
	return complaints;
}

/** `FILE:LINE: TEXT`, with the program's name before it in vmd's messages. */
function complaint(line: string, program: string, places: readonly Staged[]): HostComplaint {
	const shown = withOwnPaths(line, places);
	const [, file, number, text] = /^(?:\w+: )?(\/[^:\s]+):(\d+): (.*)$/.exec(shown) ?? [];
	return file === undefined || number === undefined || text === undefined
		? { path: undefined, line: undefined, text: say("{0}", shown), program, severity: "error" }
		: { path: file, line: Number(number), text: say("{0}", text), program, severity: "error" };
}
