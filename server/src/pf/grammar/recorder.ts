/** How the parser tells of the words that it reads. */
import type { Token } from "./tokens.ts";

/** What the recorder is told of words and of what could stand at the cursor. */
export interface Recorder {
	word(token: Token, start: number, end: number): void;
	/** Says more of the word just read. @param behind it stands behind a mistake: nothing follows from what it names */
	role(role: WordRole, name?: string, behind?: boolean): void;
	comment(start: number, end: number): void;
	/** The parser would take this token where the text ends. */
	expect?(token: Token, what: WordRole | undefined): void;
}

/** What a word that is no keyword stands for. */
export type WordRole =
	| "macro-definition"
	| "macro-use"
	| "table-definition"
	| "table"
	| "anchor"
	| "anchor-load"
	| "file"
	| "queue-definition"
	| "queue"
	| "parent-queue"
	| "tag-set"
	| "tag"
	| "label"
	| "state-limiter-definition"
	| "source-limiter-definition"
	| "state-limiter"
	| "source-limiter"
	| "interface"
	| "address"
	| "protocol"
	| "port"
	| "user"
	| "group"
	| "icmp-type"
	| "icmp6-type"
	| "icmp-code"
	| "flags"
	| "os"
	| "tos"
	| "number"
	| "value"
	| "option-value"
	| "syncookies-option"
	| "table-option"
	| "timeout"
	| "limit"
	| "bandwidth"
	| "log-interface";
