import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { serveStdio } from "@openbsd-vnet/server/stdio";
import { disk } from "./disk.ts";
import { ownLocale, translationsFor } from "./translations.ts";

/** The language server on standard input and output; the process lives as long as the client's connection. */
export function serve(): void {
	// The collector that the server calls in pauses. A program that is started without `--expose-gc` gets at it only so.
	setFlagsFromString("--expose-gc");
	globalThis.gc = runInNewContext("gc");
	serveStdio(disk, (locale) => translationsFor(locale ?? ownLocale()));
}
