/**
 * How ssh(1) asks what only the user knows, where it has no terminal: it runs a program (SSH_ASKPASS) and reads its answer. Ours
 * writes the question on ssh's standard error, between marks that only this process knows, and waits for the answer in a fifo of a
 * private folder: no secret is in a file, an argument or the environment.
 */
import { closeSync, constants, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A question of ssh(1)'s. */
export interface Asked {
	/** The process that waits for the answer. */
	readonly id: string;
	/** Whether nothing is to be answered: it waits for something else, such as a touch of the key. */
	readonly isNotice: boolean;
	readonly text: string;
}

const script = `#!/bin/sh
umask 077
fifo="\${0%/*}/$$"
mkfifo "$fifo" || exit 1
printf '\\n%s ask %s %s\\n%s\\n%s end\\n' "$OPENBSD_VNET_ASK" "$$" "\${SSH_ASKPASS_PROMPT:-text}" "$1" "$OPENBSD_VNET_ASK" >&2
IFS= read -r answer < "$fifo"
rm -f "$fifo"
case $answer in
y*) printf '%s\\n' "\${answer#y}" ;;
*) exit 1 ;;
esac
`;

/**
 * Puts the program into a folder.
 * @returns what ssh(1)'s environment is to have
 */
export function installAskpass(folder: string, mark: string): Readonly<Record<string, string>> {
	const program = join(folder, "ask");
	writeFileSync(program, script, { mode: 0o700 });
	// A release before 8.4 asks so only where there is a DISPLAY.
	return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force", OPENBSD_VNET_ASK: mark, DISPLAY: process.env.DISPLAY ?? ":0" };
}

/** The most that is kept of what ssh(1) says; a question is shorter. */
const LIMIT = 64 * 1024;

/** Takes the questions out of ssh's standard error. */
export class QuestionReader {
	readonly #mark: string;
	readonly #asked: (question: Asked) => void;
	#text = "";

	constructor(mark: string, asked: (question: Asked) => void) {
		this.#mark = mark;
		this.#asked = asked;
	}

	/** What it said beside questions, the last of it. */
	get text(): string {
		return this.#text;
	}

	take(chunk: string): void {
		this.#text += chunk;
		for (;;) {
			const begin = this.#text.indexOf(`\n${this.#mark} ask `);
			const end = begin < 0 ? -1 : this.#text.indexOf(`\n${this.#mark} end\n`, begin);
			if (end < 0) break;
			const [, id, kind, text] = /^\n\S+ ask (\d+) (\w+)\n(.*)$/s.exec(this.#text.slice(begin, end)) ?? [];
			this.#text = this.#text.slice(0, begin) + this.#text.slice(end + this.#mark.length + " end\n\n".length);
			if (id !== undefined) this.#asked({ id, isNotice: kind === "none", text: text ?? "" });
		}
		this.#text = this.#text.slice(-LIMIT);
	}
}

/** How long a program that has asked may take to wait for its answer. */
const PATIENCE = 5000;
const PAUSE = 20;

/** Answers a question; undefined where the user does not. */
export async function answerTo(folder: string, { id }: Asked, answer: string | undefined): Promise<void> {
	const end = performance.now() + PATIENCE;
	while (performance.now() < end) {
		try {
			// Without waiting for a reader: one that has gone never comes.
			const fifo = openSync(join(folder, id), constants.O_WRONLY | constants.O_NONBLOCK);
			try {
				writeSync(fifo, answer === undefined ? "n\n" : `y${answer}\n`);
			} finally {
				closeSync(fifo);
			}
			return;
		} catch {
			await new Promise((resolve) => setTimeout(resolve, PAUSE));
		}
	}
}
