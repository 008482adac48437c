/**
 * What is asked of a host for its live state: one shell script for one round trip, which needs no root.
 *
 * Each command's output stands between two lines with a marker that the host cannot know beforehand: no name or description
 * can pass for the end.
 */

import { type ShellCommand, sh } from "./shell-words.ts";

/** The commands, and how their answers are called. uname does not tell `-current`, the kernel does. Without `-A`, ifconfig shows one IPv4 address of an interface, and no peers. */
export const liveCommands = {
	system: sh`uname -a`,
	kernel: sh`sysctl -n kern.version`,
	guests: sh`vmctl status`,
	interfaces: sh`ifconfig -A`,
} as const;

export type SectionName = keyof typeof liveCommands;

/** What one command printed. */
export interface Section {
	readonly lines: readonly string[];
	/** Its exit status; undefined where the answer was cut before its end. 124 where it was stopped for the time it took. */
	readonly status: number | undefined;
}

export type Sections = Readonly<Record<SectionName, Section>>;

/**
 * How long one of the commands may take on the host, in seconds. timeout(1) is in OpenBSD since 7.0. It misses a command that ends
 * before it listens for that, and then waits all of the time: the command sleeps first, so that timeout(1) comes to that.
 */
const COMMAND_SECONDS = 10;

/** What timeout(1) exits with when it had to stop a command. */
export const TIMED_OUT = 124;

/** The most that an answer may hold, in bytes: some ten thousand interfaces. For the connection to enforce. */
export const liveAnswerLimit = 4 * 1024 * 1024;

/**
 * A script that runs commands and marks what each of them prints, for sh(1).
 * @param marker a word of letters and digits that nobody else knows, new for each call
 * @param commands by the names that their answers have; the smallest answer should come first: a cut then costs the least
 */
export function markedScript(marker: string, commands: Readonly<Record<string, ShellCommand>>): ShellCommand {
	if (!/^[0-9A-Za-z]+$/.test(marker)) throw new TypeError("a marker is of letters and digits");
	const answers = Object.entries(commands).map(
		([name, command]) =>
			sh`echo ${`${marker} begin ${name}`}; limited ${command} </dev/null 2>&1; printf '\\n%s %s\\n' ${`${marker} end ${name}`} "$?"`,
	);
	// sshd gives a command the PATH of login.conf, which a user's shell may have cut down.
	return sh`PATH="$PATH:/usr/bin:/bin:/usr/sbin:/sbin"; LC_ALL=C; export PATH LC_ALL
if command -v timeout >/dev/null 2>&1; then limited() { timeout ${COMMAND_SECONDS} sh -c 'sleep 0.01 2>/dev/null; exec "$@"' sh "$@"; }; else limited() { "$@"; }; fi
${answers.reduce((before, next) => sh`${before}\n${next}`)}
exit 0
`;
}

/** The script for the live state. @param marker as for `markedScript` */
export function liveScript(marker: string): ShellCommand {
	return markedScript(marker, liveCommands);
}

/** Takes the answer to the script apart. What stands outside of the markers, a shell's greeting say, is left out. */
export function readSections(answer: string, marker: string): Sections {
	return {
		system: readSection(answer, marker, "system"),
		kernel: readSection(answer, marker, "kernel"),
		guests: readSection(answer, marker, "guests"),
		interfaces: readSection(answer, marker, "interfaces"),
	};
}

/** What one command of a marked script printed. */
export function readSection(answer: string, marker: string, name: string): Section {
	const opening = `${marker} begin ${name}\n`;
	const begin = answer.indexOf(opening);
	if (begin === -1) return { lines: [], status: undefined };
	const start = begin + opening.length;
	const closing = `\n${marker} end ${name} `;
	const end = answer.indexOf(closing, start - 1);
	const status = end === -1 ? undefined : /^\d+/.exec(answer.slice(end + closing.length, end + closing.length + 4))?.[0];
	const lines = answer.slice(start, end === -1 ? answer.length : Math.max(start, end)).split("\n");
	if (lines.at(-1) === "") lines.pop();
	return { lines, status: status === undefined ? undefined : Number(status) };
}
