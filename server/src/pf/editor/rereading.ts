/** How statements of pf.conf are read again behind an edit: in windows of the text, with what they set and what they may make noted. */
import type { EditedText } from "../../text/edited-text.ts";
import type { Edit, Rereading } from "../../text/statements.ts";
import { differences, type Environment, type Write } from "../grammar/environment.ts";
import type { System } from "../names/system.ts";
import { type StatementNode, StatementReader } from "./statement-node.ts";

/** So much of the text behind an edit is read at first; more where the statements there do not end within. */
const WINDOW = 4096;

/** What it goes on from. */
export interface RereadingStart {
	readonly path: string;
	readonly system: System;
	/** The text after the edit. */
	readonly text: EditedText;
	readonly edit: Edit;
	/** That before the first node that is read again; it is carried on. */
	readonly environment: Environment;
	/** The number of the first node that is read. */
	readonly statement: number;
	/** How many rules those may make. */
	readonly room: number;
}

export class PfRereading implements Rereading<StatementNode> {
	readonly #start: RereadingStart;
	readonly #environment: Environment;
	/** How far behind the edit the window reaches. */
	readonly #reach: number;
	#room: number;
	#statement: number;
	#reader: StatementReader | undefined;
	/** Where the window ends. */
	#end = 0;
	/** What nodes wrote since old and new last stood at the same place, and what they left different. */
	#gone: Write[] = [];
	#made: Write[] = [];
	readonly #changed = new Set<string>();
	/** What has read the last node. */
	last: StatementReader | undefined;
	/** Whether the window was too short: what was read is not what the text says. */
	cut = false;

	/** @param times how many windows before it were too short */
	constructor(start: RereadingStart, times: number) {
		this.#start = start;
		this.#environment = start.environment;
		this.#reach = WINDOW * 16 ** times;
		this.#room = start.room;
		this.#statement = start.statement;
	}

	drop(node: StatementNode): void {
		this.#gone.push(...node.dependencies.writes);
	}

	isSettled(): boolean {
		for (const write of [...this.#gone, ...this.#made]) settle(this.#changed, write);
		for (const key of differences(this.#gone, this.#made)) this.#changed.add(key);
		this.#gone = [];
		this.#made = [];
		return this.#changed.size === 0;
	}

	keep(node: StatementNode): StatementNode | undefined {
		const { reads, writes } = node.dependencies;
		if (reads.some((key) => this.#changed.has(key))) return undefined;
		this.#environment.apply(writes);
		for (const write of writes) settle(this.#changed, write);
		this.#room -= node.made;
		this.#reader = undefined;
		return node;
	}

	read(at: number): StatementNode | undefined {
		const { path, system, text, edit } = this.#start;
		if (this.#reader === undefined) {
			this.#end = Math.min(text.length, Math.max(at, edit.to + edit.delta) + this.#reach);
			this.#reader = new StatementReader(path, text.slice(at, this.#end), system, this.#environment, this.#statement);
			this.last = this.#reader;
		}
		const node = this.#reader.next(this.#room);
		// The end of the window is no end of the file.
		this.cut = this.#end < text.length && (node === undefined || node.open);
		if (node === undefined || this.cut) return undefined;
		this.#statement = node.statement + 1;
		this.#made.push(...node.dependencies.writes);
		this.#room -= node.made;
		return node;
	}
}

/** What is rewritten is what it was; a counter goes on from where it differs. */
function settle(changed: Set<string>, [key, value]: Write): void {
	if (typeof value !== "number") changed.delete(key);
}
