/** What a connection asks on a terminal. Where there is none, nothing is accepted: a host's key is never trusted in silence. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { noPrompts, type Prompts } from "@openbsd-vnet/remote";
import { plain, stderr } from "./terminal.ts";
import { tell } from "./translations.ts";

/** Questions on standard error, answers from standard input, where both are a terminal. */
export function terminalPrompts(): Prompts {
	if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return noPrompts;
	return {
		async acceptHostKey({ name, host, port, type, fingerprint, file }) {
			const answer = await ask(
				[
					`${tell("The key of {0} ({1} port {2}) is not known: {3}", plain(name), plain(host), port, plain(type))}\n${plain(fingerprint)}\n`,
					tell("Is this the host's?"),
					...(file === undefined ? [] : [` ${tell("It is added to {0}.", plain(file))}`]),
					` ${tell("Type yes to accept it:")} `,
				].join(""),
				true,
			);
			return answer === "yes";
		},
		passphrase: async ({ file }) => await ask(`${tell("Passphrase of {0}:", plain(file))} `, false),
		password: async ({ user, host }) => await ask(`${tell("Password of {0} on {1}:", plain(user), plain(host))} `, false),
		async answers({ title, instructions, questions }) {
			for (const text of [title, instructions]) if (text !== "") stderr.write(`${plain(text)}\n`);
			const given: string[] = [];
			for (const { text, echo } of questions) {
				const answer = await ask(plain(text), echo);
				if (answer === undefined) return undefined;
				given.push(answer);
			}
			return given;
		},
		tell: (text) => stderr.write(`${plain(text)}\n`),
	};
}

/** Puts a question; undefined where there is no answer. */
function ask(question: string, echo: boolean): Promise<string | undefined> {
	stderr.write(question);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: process.stdin, output: echo ? process.stderr : silent, terminal: true });
	return new Promise((resolve) => {
		lines.once("line", (line) => {
			resolve(line);
			lines.close();
			if (!echo) stderr.write("\n");
		});
		lines.once("SIGINT", () => lines.close());
		lines.once("close", () => resolve(undefined));
	});
}

/** Whether the answer to a question is yes. */
export async function confirm(question: string): Promise<boolean> {
	return /^y(es)?$/i.test((await ask(question, true))?.trim() ?? "");
}

export interface Decision {
	/** The question, with the seconds that are left. */
	readonly question: (left: number) => string;
	readonly seconds: number;
	/** Waits longer, from now. */
	readonly extend: () => Promise<void>;
}

/** Asks while a clock runs: `y` keeps, `e` gives as much time once more, anything else rolls back, as does the end of the time. */
export function decide({ question, seconds, extend }: Decision): Promise<boolean> {
	const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
	let end = Date.now() + seconds * 1000;
	let open = true;
	const show = () => {
		// The host may grant more time after the decision. A closed interface that prompts reads on: the command would never end.
		if (!open) return;
		const left = Math.ceil((end - Date.now()) / 1000);
		if (left <= 0) lines.close();
		lines.setPrompt(question(left));
		// What is typed already stays.
		if (left > 0) lines.prompt(true);
	};
	return new Promise((resolve) => {
		const clock = setInterval(show, 1000);
		const extended = () => {
			end = Date.now() + seconds * 1000;
			show();
		};
		const notExtended = (error: unknown) => {
			stderr.write(`${plain(error instanceof Error ? error.message : String(error))}\n`);
			show();
		};
		lines.on("line", (line) => {
			if (/^e(xtend)?$/i.test(line.trim())) {
				extend().then(extended, notExtended);
				return;
			}
			resolve(/^y(es)?$/i.test(line.trim()));
			lines.close();
		});
		lines.once("SIGINT", () => lines.close());
		lines.once("close", () => {
			open = false;
			clearInterval(clock);
			stderr.write("\n");
			resolve(false);
		});
		show();
	});
}
