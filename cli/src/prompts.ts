/** What a connection asks on a terminal. Where there is none, nothing is accepted: a host's key is never trusted in silence. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { noPrompts, type Prompts } from "@openbsd-vnet/remote";

/** Questions on standard error, answers from standard input, where both are a terminal. */
export function terminalPrompts(): Prompts {
	if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return noPrompts;
	return {
		async acceptHostKey({ name, host, port, type, fingerprint, file }) {
			const where = file === undefined ? "" : ` It is added to ${file}.`;
			const answer = await ask(
				`The key of ${name} (${host} port ${port}) is not known: ${type}\n${fingerprint}\nIs this the host's?${where} Type yes to accept it: `,
				true,
			);
			return answer === "yes";
		},
		passphrase: async ({ file }) => await ask(`Passphrase of ${file}: `, false),
		password: async ({ user, host }) => await ask(`Password of ${user} on ${plain(host)}: `, false),
		async answers({ title, instructions, questions }) {
			for (const text of [title, instructions]) if (text !== "") process.stderr.write(`${plain(text)}\n`);
			const given: string[] = [];
			for (const { text, echo } of questions) {
				const answer = await ask(plain(text), echo);
				if (answer === undefined) return undefined;
				given.push(answer);
			}
			return given;
		},
	};
}

/** Puts a question; undefined where there is no answer. */
export function ask(question: string, echo: boolean): Promise<string | undefined> {
	process.stderr.write(question);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: process.stdin, output: echo ? process.stderr : silent, terminal: true });
	return new Promise((resolve) => {
		lines.once("line", (line) => {
			resolve(line);
			lines.close();
			if (!echo) process.stderr.write("\n");
		});
		lines.once("SIGINT", () => lines.close());
		lines.once("close", () => resolve(undefined));
	});
}

/** A text of a host that does nothing to a terminal. */
export function plain(text: string): string {
	return text.replace(/\p{Cc}|\p{Cf}/gu, "?");
}
