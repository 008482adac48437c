/** How the parser tells of the words that it reads. */
import type { WordUse } from "../words/roles.ts";
import type { Token } from "./tokens.ts";

/** What the recorder is told of words and of what could stand at the cursor. */
export interface Recorder {
	/** A token is taken. @param use what the production says of it; undefined for signs, and for words that no production took */
	word(token: Token, start: number, end: number, use: WordUse | undefined): void;
	/** Says more of the word just read. @param behind it stands behind a mistake: nothing follows from what it names */
	role(use: WordUse, name: string | undefined, behind: boolean): void;
	comment(start: number, end: number): void;
	/**
	 * The parser would take this token where the text ends. @param argument which argument of the option it would be, from 0
	 * @param behind a mistake stands before
	 */
	expect?(token: Token, use: WordUse | undefined, argument: number, behind: boolean): void;
	/** The word just read goes on with the arguments of the option before it. */
	joins?(): void;
}
