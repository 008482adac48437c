import { describe } from "../text/check.ts";
import type { DiagnosticCatalog } from "../text/diagnostic.ts";

const { error } = describe;

/** What `vmd -n` rejects: vmd then starts no guest at all. */
const rejected = {
	"vm/syntax-error": error("Syntax error", "vmd's parser gives up the statement.", "Write what the advice lists."),
	"vm/unterminated-string": error("A quote is not closed", "vmd reads to the end of the file for the closing quote.", "Close the quote."),
	"vm/string-too-long": error("A string of more than 8,000 characters", "vmd's lexer has room for no more.", "Shorten it."),
	"vm/invalid-number": error("A number that does not fit 64 bits", "vmd's lexer refuses it.", "Write a smaller number."),
	"vm/unknown-macro": error("A macro that is not defined before its use", "vmd gives up the line.", "Define the macro above."),
	"vm/macro-name": error("A macro's name with a blank in it", "vmd refuses such a name.", "Use letters, digits and underscores."),
	"vm/include": error(
		"An included file that cannot be opened",
		"vmd rejects the configuration; a file that includes itself is opened until no more files can be.",
		"Create the file or correct its path, and include no file in itself.",
	),
	"vm/included-faults": error("Faults in an included file", "A fault in an included file counts for the whole.", "Correct that file."),
	"vm/missing-interface": error("A switch without an interface", "vmd needs the bridge or veb behind the switch.", "Add `interface veb0`."),
	"vm/switch-interface": error(
		"A switch on something else than bridge or veb",
		"vmd adds taps to bridge(4) and veb(4) only.",
		"Use `bridgeN` or `vebN`.",
	),
	"vm/interface-name": error(
		"A guest's interface that is not a tap",
		"The host's side of a guest's interface is a tap(4).",
		"Write `tap`, `tapN` or nothing.",
	),
	"vm/group-name": error(
		"An interface group that cannot exist",
		"A group has at most 15 characters and no digit at its end.",
		"Choose another name.",
	),
	"vm/rdomain": error("A routing domain out of range", "Routing domains go from 0 to 255.", "Choose one of these."),
	"vm/lladdr": error("No MAC address", "vmd wants six hexadecimal numbers with colons.", "Write one such as `fe:e1:ba:d0:00:01`."),
	"vm/name-too-long": error("A name that is too long", "Names have at most 63 bytes.", "Shorten it."),
	"vm/memory": error(
		"A memory size that vmd refuses",
		"Memory is from 1M to 128G, with one unit letter.",
		"Write a size such as `512M` or `1G`.",
	),
	"vm/path": error(
		"A path that cannot be",
		"vmd looks for the file when it reads its configuration.",
		"Name the file with its absolute path.",
	),
	"vm/disk-format": error("An unknown image format", "vmd knows `raw` and `qcow2`.", "Use one of them, or leave `format` out."),
	"vm/too-many": error("More devices than a guest can have", "A guest has at most four disks and four interfaces.", "Remove some."),
	"vm/given-twice": error("An option that may be given once", "vmd refuses the second.", "Remove one."),
	"vm/unknown-user": error(
		"A user that the host does not have",
		"vmd looks users up when it reads its configuration.",
		"Name a user of the host.",
	),
	"vm/unknown-group": error(
		"A group that the host does not have",
		"vmd looks groups up when it reads its configuration.",
		"Name a group of the host.",
	),
	"vm/local-prefix": error(
		"A network that cannot serve local interfaces",
		"vmd needs /16 or shorter for IPv4, /64 or shorter for IPv6, and no host bits.",
		"Write such a network.",
	),
	"vm/agentx": error("A bad setting of AgentX", "The context has at most 32 bytes; the path is absolute, of at most 103.", "Correct it."),
} as const;

/** What `vmd -n` accepts and a starting vmd refuses: it exits, and no guest runs. */
const refused = {
	"vm/no-disk": error(
		"A guest with neither disk nor CD",
		"vmd exits at start, even where the guest has a kernel to boot.",
		"Add a `disk` or a `cdrom`.",
	),
	"vm/no-device": error("A guest without any device", "vmd exits at start.", "Add a disk and an interface, or delete the block."),
	"vm/guest-name": error(
		"A guest's name that vmd refuses",
		"Names are letters, digits, `.`, `-` and `_`, with a letter or digit first.",
		"Rename the guest.",
	),
	"vm/unknown-template": error(
		"An instance of a guest that is not defined before it",
		"vmd exits at start.",
		"Move the template's block up, or correct the name.",
	),
	"vm/instance": error("An instance that its template does not permit", "vmd exits at start.", "See the advice."),
} as const;

const ofOtherReleases = {
	"vm/newer-word": error(
		"A word of a newer release",
		"The host's vmd reports a syntax error, and loads nothing of the file.",
		"Upgrade the host, or leave the word out.",
	),
	"vm/removed-word": error(
		"A word of an older release",
		"The host's vmd reports a syntax error, and loads nothing of the file.",
		"Write what took its place.",
	),
} as const;

/** What vmd refuses: at its check, at its start, or where it is of another release. What it accepts and still goes wrong is in `lint.ts`. */
export const vmErrors = { ...rejected, ...refused, ...ofOtherReleases } as const satisfies DiagnosticCatalog;

export type VmErrorCode = keyof typeof vmErrors;
