/**
 * The text of the host program: the files of `remote/host-program/`, in the order of their names. A bundle holds the text
 * itself (scripts/lib/host-program.mjs).
 */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../host-program/", import.meta.url);

/** A file of the program by its name, which begins with a number. */
export interface ProgramPart {
	readonly name: string;
	readonly text: string;
}

export const hostProgramParts: readonly ProgramPart[] = readdirSync(folder)
	.filter((name) => name.endsWith(".sh"))
	.sort()
	.map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
