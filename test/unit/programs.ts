/** OpenBSD's own programs, as the library plays them, over a file of a host. */
import { type LanguageId, netstart, pfctl, type Release, vmd } from "../../server/src/index.ts";

type ReadFile = (path: string) => string | undefined;

/** What the program of a language says to a file; nothing where it takes it. */
export const complaints: Partial<
	Record<LanguageId, (path: string, text: string, readFile: ReadFile, release?: Release) => readonly string[]>
> = {
	"openbsd-vm": (path, text, readFile) => vmd.dryRun(text, { fileName: path, readFile }).stderr,
	"openbsd-pf": (path, text, readFile) => {
		const { accepted, stderr } = pfctl.dryRun(text, { fileName: path, readFile });
		// pfctl -v also tells which anchors it loads.
		return accepted ? [] : stderr;
	},
	"openbsd-hostname": (path, text, _, release) =>
		netstart.check(path.replace(/^.*hostname\./, ""), text, release === undefined ? {} : { release }).messages,
};
