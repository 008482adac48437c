/** What a command is, and how it reads its arguments. */
import { parseArgs } from "node:util";
import type { Printer } from "./terminal.ts";

/** Where a command prints. */
export interface Output {
	readonly stdout: Printer;
	readonly stderr: Printer;
}

export interface Command {
	/** How it is called, behind the program's name: a synopsis each, which may have more lines. */
	readonly calls: readonly string[];
	/** What it does, with its name before that. */
	readonly help: string;
	/**
	 * @param args those behind the command's name
	 * @returns the exit status
	 */
	readonly run: (args: readonly string[], output: Output) => Promise<number>;
}

/** A call that makes no sense; the message says why. */
export class UsageError extends Error {}

type Options = Readonly<
	Record<string, { readonly type: "string"; readonly short?: string; readonly multiple?: boolean } | { readonly type: "boolean" }>
>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>>;

/** @throws UsageError where the arguments are others than the options allow */
export function parsed<const O extends Options>(args: readonly string[], options: O): Parsed<O> {
	try {
		return parseArgs({ args: [...args], options, allowPositionals: true });
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}
