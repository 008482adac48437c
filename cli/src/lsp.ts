import { serveStdio } from "@openbsd-vnet/server/stdio";
import { disk } from "./disk.ts";
import { translationsFor } from "./translations.ts";

/** The language of messages on this machine, for clients that do not say theirs. */
function ownLocale(): string | undefined {
	const { LC_ALL, LC_MESSAGES, LANG } = process.env;
	return LC_ALL || LC_MESSAGES || LANG;
}

/** The language server on standard input and output; the process lives as long as the client's connection. */
export function serve(): void {
	serveStdio(disk, (locale) => translationsFor(locale ?? ownLocale()));
}
