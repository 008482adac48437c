import { serveStdio } from "@openbsd-vnet/server/stdio";
import { disk } from "./disk.ts";

/** The language server on standard input and output; the process lives as long as the client's connection. */
export function serve(): void {
	serveStdio(disk);
}
