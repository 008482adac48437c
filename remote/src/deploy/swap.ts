/**
 * Where a deployment keeps its things, and files that lie in their places only while a program reads them: vmd and dhcpd know
 * their configuration by one path. All is done by names, so that it needs no room on a disk that is full.
 */
import { allOf, type ShellCommand, sh } from "../shell-words.ts";
import type { FileChange } from "./plan.ts";

export interface Layout {
	readonly id: string;
	/** The folder of the deployment. */
	readonly dir: string;
	readonly lock: string;
	/** What the lock says when it is ours. */
	readonly held: string;
	/** Where the new file waits, beside its place. */
	beside(path: string): string;
}

/** A change by its number in the plan. */
export interface Numbered extends Pick<FileChange, "path" | "before"> {
	readonly i: number;
}

/** Puts the new file into its place, and notes that it is to come out again. */
export function swapIn({ dir, beside }: Layout, { path, i }: Numbered, text: string | undefined): ShellCommand {
	const [waiting, through] = [beside(path), `${beside(path)}.in`];
	const put = text === undefined ? sh`rm -f ${path}` : sh`ln -f ${waiting} ${through} && mv -f ${through} ${path}`;
	return allOf(sh`ln -sf 1 ${`${dir}/swapped.${i}`}`, put);
}

/** Puts back what was there: the very same file. */
export function swapOut({ dir, beside }: Layout, { path, before, i }: Numbered): ShellCommand {
	const [old, through] = [`${beside(path)}.old`, `${beside(path)}.back`];
	// Renaming over another name of the same file does nothing, and leaves both.
	const put = before.kind === "absent" ? sh`rm -f ${path}` : sh`ln -f ${old} ${through} && mv -f ${through} ${path} && rm -f ${through}`;
	return allOf(put, sh`rm -f ${`${dir}/swapped.${i}`}`);
}
