/** `openbsd-vnet fmt`: files as the editor formats them. */

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createLanguageService, type LanguageService } from "@openbsd-vnet/server";
import type { CommandOutput } from "./arguments.ts";
import { disk, findFiles } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { diskWithHosts, placesToCheck } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { Progress } from "./progress.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

/** As OpenBSD writes its files. */
const TABS = { tabSize: 8, insertSpaces: false };

/** Runs the command: names each file that is formatted, or would be. */
export async function runFormat(
	{ check = false, json = false }: { readonly check?: boolean | undefined; readonly json?: boolean | undefined },
	paths: readonly string[],
	{ stdout, stderr }: CommandOutput,
): Promise<ExitStatus> {
	const places = await placesToCheck(paths);
	const service = createLanguageService(await diskWithHosts(places));
	const files: string[] = [];
	const found = await findFiles(places);
	const progress = new Progress(stderr, found.length, (done, total) => tell("{0} of {1} files formatted", done, total));
	for (const { path, uri } of found) {
		progress.step();
		const text = await disk.read(uri);
		if (text === undefined) continue;
		const formatted = await formattedText(service, uri, text);
		if (formatted === text) continue;
		files.push(path);
		progress.end();
		if (!json) stdout.write(`${plain(path)}\n`);
		if (!check) await writeFile(fileURLToPath(uri), formatted);
	}
	progress.end();
	if (json) stdout.write(jsonOf("fmt", { files, written: !check }));
	return check && files.length > 0 ? exitStatus.found : exitStatus.done;
}

async function formattedText(service: LanguageService, uri: string, text: string): Promise<string> {
	service.open(uri, text);
	const starts = [0];
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	const offset = ({ line, character }: { readonly line: number; readonly character: number }): number =>
		(starts[line] ?? text.length) + character;
	const edits = [...(await service.format(uri, TABS))].sort((a, b) => offset(b.range.start) - offset(a.range.start));
	let formatted = text;
	for (const { range, newText } of edits)
		formatted = formatted.slice(0, offset(range.start)) + newText + formatted.slice(offset(range.end));
	return formatted;
}
