import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { serveStdio } from "@openbsd-vnet/server/stdio";
import { disk } from "./disk.ts";
import { ownLocale, translationsFor } from "./translations.ts";

/** So many bytes a plan may have. */
const MOST = 64 * 1024 * 1024;

/** The language server on standard input and output; the process lives as long as the client's connection. */
export function serve(): void {
	// The collector that the server calls in pauses. A program that is started without `--expose-gc` gets at it only so.
	setFlagsFromString("--expose-gc");
	globalThis.gc = runInNewContext("gc");
	serveStdio(disk, { translationsFor: (locale) => translationsFor(locale ?? ownLocale()), makePlan });
}

/** What `openbsd-vnet plan` says of a host: in a process of its own, for the folder of an editor is another than ours. */
function makePlan(folder: string, host: string): Promise<string> {
	const [, command = ""] = process.argv;
	const cwd = fileURLToPath(folder);
	return new Promise((resolve) => {
		execFile(process.execPath, [command, "plan", "--", host], { cwd, maxBuffer: MOST }, (error, stdout, stderr) =>
			resolve(stdout + stderr || (error?.message ?? "")),
		);
	});
}
