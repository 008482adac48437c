/** What a pattern is: questions about the network that is wanted, and the files that the answers make. */
import type { Host } from "../host/model.ts";
import type { Message } from "../text/message.ts";
import type { Draft } from "./draft.ts";

/** By the questions' ids. Lists are written with commas. */
export type Answers = Readonly<Record<string, string>>;

export interface Choice {
	readonly value: string;
	/** What it is, beside the value itself. */
	readonly detail?: Message;
}

export interface Question {
	/** The key of its answer, and the option of the command line. */
	readonly id: string;
	readonly title: Message;
	/** What to write where it is no choice: in words, or as an example. */
	readonly hint?: Message;
	readonly example?: string;
	/** What is likely meant, the first one most. */
	readonly choices: readonly Choice[];
	/** Whether anything but a choice can be answered. */
	readonly open: boolean;
	/** Taken where there is no answer; without one the question must be answered. */
	readonly standard?: string;
	/** The answer that the host's files give already: such a question is not put to people. */
	readonly fixed?: string;
	/** What is wrong with an answer. */
	readonly check: (answer: string) => Message | undefined;
}

export interface Pattern {
	readonly title: Message;
	readonly detail: Message;
	/** The questions in their order, with the answers that were given so far; later ones may depend on earlier ones. */
	readonly questions: (host: Host, answers: Answers) => readonly Question[];
	/** Writes the files. Every question has an answer, and no answer is wrong by itself. */
	readonly write: (draft: Draft, answers: Answers) => void;
	/** What holds once they are written, as lines of policy tests. */
	readonly promises: (draft: Draft, answers: Answers) => readonly string[];
}
