import type { DiagnosticCatalog, DiagnosticRule, Severity } from "../text/diagnostic.ts";

const rule =
	(severity: Severity) =>
	(title: string, why: string, remedy: string, example?: string): DiagnosticRule => ({
		severity,
		title,
		why,
		remedy,
		...(example === undefined ? {} : { example }),
	});
const error = rule("error");
const warning = rule("warning");
const information = rule("information");

/** What `vmd -n` rejects: vmd then starts no guest at all. */
const rejected = {
	"vm/syntax-error": error(
		"Syntax error",
		"vmd's parser gives up the statement.",
		"Write what the advice lists.",
		'vm "a" {\n\tmemory\n}\n',
	),
	"vm/unterminated-string": error(
		"A quote is not closed",
		"vmd reads to the end of the file for the closing quote.",
		"Close the quote.",
		'vm "a {\n',
	),
	"vm/string-too-long": error("A string of more than 8,000 characters", "vmd's lexer has room for no more.", "Shorten it."),
	"vm/invalid-number": error("A number that does not fit 64 bits", "vmd's lexer refuses it.", "Write a smaller number."),
	"vm/unknown-macro": error(
		"A macro that is not defined before its use",
		"vmd gives up the line.",
		"Define the macro above.",
		'vm "a" {\n\tmemory $size\n}\n',
	),
	"vm/macro-name": error(
		"A macro's name with a blank in it",
		"vmd refuses such a name.",
		"Use letters, digits and underscores.",
		'"a b" = "x"\n',
	),
	"vm/include": error(
		"An included file that cannot be opened",
		"vmd rejects the configuration; a file that includes itself is opened until no more files can be.",
		"Create the file or correct its path, and include no file in itself.",
	),
	"vm/included-faults": error("Faults in an included file", "A fault in an included file counts for the whole.", "Correct that file."),
	"vm/missing-interface": error(
		"A switch without an interface",
		"vmd needs the bridge or veb behind the switch.",
		"Add `interface veb0`.",
		'switch "a" {\n\tup\n}\n',
	),
	"vm/switch-interface": error(
		"A switch on something else than bridge or veb",
		"vmd adds taps to bridge(4) and veb(4) only.",
		"Use `bridgeN` or `vebN`.",
		'switch "a" {\n\tinterface em0\n}\n',
	),
	"vm/interface-name": error(
		"A guest's interface that is not a tap",
		"The host's side of a guest's interface is a tap(4).",
		"Write `tap`, `tapN` or nothing.",
		'vm "a" {\n\tinterface em0\n}\n',
	),
	"vm/group-name": error(
		"An interface group that cannot exist",
		"A group has at most 15 characters and no digit at its end.",
		"Choose another name.",
		'switch "a" {\n\tinterface veb0\n\tgroup web1\n}\n',
	),
	"vm/rdomain": error(
		"A routing domain out of range",
		"Routing domains go from 0 to 255.",
		"Choose one of these.",
		'switch "a" {\n\tinterface veb0\n\trdomain 256\n}\n',
	),
	"vm/lladdr": error(
		"No MAC address",
		"vmd wants six hexadecimal numbers with colons.",
		"Write one such as `fe:e1:ba:d0:00:01`.",
		'vm "a" {\n\tinterface { lladdr 1:2:3 }\n}\n',
	),
	"vm/name-too-long": error("A name that is too long", "Names have at most 63 bytes.", "Shorten it."),
	"vm/memory": error(
		"A memory size that vmd refuses",
		"Memory is from 1M to 128G, with one unit letter.",
		"Write a size such as `512M` or `1G`.",
		'vm "a" {\n\tmemory 1GB\n}\n',
	),
	"vm/path": error(
		"A path that cannot be",
		"vmd looks for the file when it reads its configuration.",
		"Name the file with its absolute path.",
		'vm "a" {\n\tdisk ""\n}\n',
	),
	"vm/disk-format": error(
		"An unknown image format",
		"vmd knows `raw` and `qcow2`.",
		"Use one of them, or leave `format` out.",
		'vm "a" {\n\tdisk "/a" format vmdk\n}\n',
	),
	"vm/too-many": error(
		"More devices than a guest can have",
		"A guest has at most four disks and four interfaces.",
		"Remove some.",
		'vm "a" {\n\tinterfaces 5\n}\n',
	),
	"vm/given-twice": error(
		"An option that may be given once",
		"vmd refuses the second.",
		"Remove one.",
		'vm "a" {\n\tmemory 1G\n\tmemory 2G\n}\n',
	),
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
		"local prefix 10.0.0.0/24\n",
	),
	"vm/agentx": error(
		"A bad setting of AgentX",
		"The context has at most 32 bytes; the path is absolute, of at most 103.",
		"Correct it.",
		'agentx path "master"\n',
	),
} as const;

/** What `vmd -n` accepts and a starting vmd refuses: it exits, and no guest runs. */
const refused = {
	"vm/no-disk": error(
		"A guest with neither disk nor CD",
		"vmd exits at start, even where the guest has a kernel to boot.",
		"Add a `disk` or a `cdrom`.",
		'vm "a" {\n\tmemory 1G\n}\n',
	),
	"vm/no-device": error(
		"A guest without any device",
		"vmd exits at start.",
		"Add a disk and an interface, or delete the block.",
		'vm "a" {\n\tdisable\n}\n',
	),
	"vm/guest-name": error(
		"A guest's name that vmd refuses",
		"Names are letters, digits, `.`, `-` and `_`, with a letter or digit first.",
		"Rename the guest.",
		'vm "a b" {\n\tdisk "/a"\n}\n',
	),
	"vm/unknown-template": error(
		"An instance of a guest that is not defined before it",
		"vmd exits at start.",
		"Move the template's block up, or correct the name.",
		'vm "base" instance "a" {\n\tdisk "/a"\n}\n',
	),
	"vm/instance": error(
		"An instance that its template does not permit",
		"vmd exits at start.",
		"See the advice.",
		'vm "a" {\n\tdisk "/a"\n}\nvm "a" instance "b" {\n\tdisk "/a"\n}\n',
	),
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
		'vm "a" {\n\tkernel "/bsd.rd"\n\tdisk "/a"\n}\n',
	),
} as const;

/** What vmd accepts, at its check and at its start, and that still goes wrong. */
const accepted = {
	"vm/unknown-switch": error(
		"A switch that is not defined",
		"vmd does not look: the guest's interface is in no switch, and vmd's log says so when the guest runs.",
		"Define the switch or correct its name.",
		'switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lam" }\n}\n',
	),
	"vm/disabled-switch": error(
		"A guest in a disabled switch",
		"A disabled switch does not exist for guests.",
		"Enable the switch or use another.",
		'switch "lan" {\n\tdisable\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n',
	),
	"vm/duplicate-guest": warning(
		"Two guests of one name",
		"vmd keeps the first and drops the second without a word.",
		"Rename or delete one.",
		'vm "a" {\n\tdisk "/a"\n}\nvm "a" {\n\tdisk "/b"\n}\n',
	),
	"vm/duplicate-switch": warning(
		"Two switches of one name",
		"Guests always get the first.",
		"Rename or delete one.",
		'switch "a" {\n\tinterface veb0\n}\nswitch "a" {\n\tinterface veb1\n}\n',
	),
	"vm/shared-bridge": warning(
		"One interface behind two switches",
		"Guests of both switches are in one network, and the later block's settings win.",
		"Give each switch an interface of its own.",
		'switch "a" {\n\tinterface veb0\n}\nswitch "b" {\n\tinterface veb0\n}\n',
	),
	"vm/unused-switch": information(
		"A switch that no guest uses",
		"It is of use to guests that `vmctl start -n` starts, and to no other.",
		"Use it or delete it.",
		'switch "a" {\n\tinterface veb0\n}\nvm "b" {\n\tdisk "/b"\n}\n',
	),
	"vm/numeric-name": warning(
		"A guest's name of digits",
		"vmctl(8) takes a number for a guest's id, so the guest cannot be named on its command line.",
		"Begin the name with a letter.",
		'vm "42" {\n\tdisk "/a"\n}\n',
	),
	"vm/memory-rounded": information(
		"Memory that is not whole megabytes",
		"vmd rounds it down.",
		"Write whole megabytes.",
		'vm "a" {\n\tdisk "/a"\n\tmemory 1048577\n}\n',
	),
	"vm/host-memory": warning(
		"More memory than the host has",
		"The guests that start by themselves need more memory than the host has.",
		"Give them less, or disable some.",
	),
	"vm/shared-tap": error(
		"One tap for two interfaces",
		"A tap(4) can be opened once: the second guest does not start.",
		"Pin another tap.",
		'vm "a" {\n\tdisk "/a"\n\tinterface tap0\n}\nvm "b" {\n\tdisk "/b"\n\tinterface tap0\n}\n',
	),
	"vm/tap-without-device": information(
		"A tap without a device node",
		"A new system has /dev/tap0 to /dev/tap3 only.",
		"Make the node: `cd /dev && sh MAKEDEV tapN`.",
		'vm "a" {\n\tdisk "/a"\n\tinterface tap7\n}\n',
	),
	"vm/tap-taken": warning(
		"A pinned tap that another guest may take",
		"An interface without a pinned tap takes the lowest free one, which may be that of a guest that starts later.",
		"Pin every interface, or pin high numbers.",
		'vm "a" {\n\tdisk "/a"\n\tinterface\n}\nvm "b" {\n\tdisk "/b"\n\tinterface tap0\n}\n',
	),
	"vm/leading-zero": error(
		"A unit with a leading zero",
		"vmd reads the number, but no interface has such a name.",
		"Leave the zero out.",
		'vm "a" {\n\tdisk "/a"\n\tinterface tap01\n}\n',
	),
	"vm/shared-lladdr": error(
		"One MAC address twice in a switch",
		"The switch sends frames for it to the one that spoke last.",
		"Change one.",
		'switch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" lladdr 02:00:00:00:00:01 }\n}\nvm "b" {\n\tdisk "/b"\n\tinterface { switch "s" lladdr 02:00:00:00:00:01 }\n}\n',
	),
	"vm/multicast-lladdr": warning(
		"A multicast MAC address",
		"No frame may come from such an address; bridges do not learn it.",
		"Clear the lowest bit of the first octet.",
		'vm "a" {\n\tdisk "/a"\n\tinterface { lladdr 01:00:00:00:00:01 }\n}\n',
	),
	"vm/instance-lladdr": warning(
		"An instance with its template's MAC address",
		"An inherited interface has the template's address, random or not, and both are in one switch.",
		"Give the instance an `interface` of its own, without lladdr.",
		'switch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" }\n}\nvm "a" instance "b" {\n\tdisk "/b"\n}\n',
	),
	"vm/rdomain-differs": warning(
		"An interface in another routing domain than its switch",
		"The interface's own domain goes before the switch's; on veb, pf sees the veb's.",
		"Use one domain for both.",
		'switch "s" {\n\tinterface veb0\n\trdomain 1\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" rdomain 2 }\n}\n',
	),
	"vm/relative-path": warning(
		"A relative path",
		"vmd looks from its own working directory.",
		"Write the absolute path.",
		'vm "a" {\n\tdisk "a.img"\n}\n',
	),
	"vm/format-differs": warning(
		"A format that does not fit the file's name",
		"The format that is written goes before the file's signature: a qcow2 image read as raw shows the guest garbage.",
		"Leave `format` out, and vmd looks into the file.",
		'vm "a" {\n\tdisk "/a.qcow2" format raw\n}\n',
	),
	"vm/shared-disk": warning(
		"One disk image for two guests",
		"An image can be opened by one guest only: the second does not start.",
		"Copy the image, or derive one with `vmctl create -b`.",
		'vm "a" {\n\tdisk "/x"\n}\nvm "b" {\n\tdisk "/x"\n}\n',
	),
	"vm/allow-without-owner": information(
		"A template for root alone",
		"Without `owner`, only root may make instances, and root may set everything anyway.",
		"Add `owner` to the list.",
		'vm "a" {\n\tdisk "/a"\n\tallow instance { memory }\n}\n',
	),
	"vm/not-permitted": warning(
		"An instance that sets what its template does not allow",
		"vmd permits it in vm.conf, which root reads, but no user could set it with vmctl.",
		"Add the word to the template's `allow instance`.",
		'vm "a" {\n\tdisk "/a"\n\tallow instance { disk, owner root }\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\tmemory 1G\n}\n',
	),
	"vm/boot-device": warning(
		"Nothing to boot from",
		"The boot device has no image.",
		"Add the `cdrom`, `disk` or `boot` that it means.",
		'vm "a" {\n\tdisk "/a"\n\tboot device cdrom\n}\n',
	),
	"vm/local-and-switch": warning(
		"A local interface in a switch",
		"The tap gets an address of its own and is plugged into a bridge too.",
		"Remove `local` or `switch`.",
		'switch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tlocal interface { switch "s" }\n}\n',
	),
	"vm/no-parallel": error(
		"No guest is ever started",
		"vmd starts none where the number of parallel starts is below 1.",
		"Write 1 or more.",
		"staggered start parallel 0 delay 30\n",
	),
	"vm/unused-macro": warning("A macro that is not used", "vmd warns of it.", "Use it or delete it.", 'a = "x"\n'),
	"vm/macro-in-quotes": warning(
		"A macro's name inside quotes",
		"Macros are not expanded there: the dollar sign stays.",
		'Write it outside of the quotes: `$name "rest"`.',
		'dir = "/var/vm"\nvm "a" {\n\tdisk "$dir/a.img"\n\tcdrom $dir\n}\n',
	),
	"vm/long-description": information(
		"A name too long for the tap's description",
		"vmd writes `vmN-ifM-NAME` on the tap and cuts it at 63 characters, so a tool that reads it sees another name.",
		"Shorten the name.",
		`vm "${"a".repeat(57)}" {\n\tdisk "/a"\n\tinterface\n}\n`,
	),
	"vm/disabled-template": information(
		"An instance of a disabled guest",
		"The instance starts by itself while the guest that it is made from stays stopped. That is fine for a template, and a surprise otherwise.",
		"Nothing, or enable the guest.",
		'vm "a" {\n\tdisable\n\tdisk "/a"\n}\nvm "a" instance "b" {\n\tdisk "/b"\n}\n',
	),
	"vm/joined-comment": warning(
		"A comment that swallows the next line",
		"A backslash at the end of a line joins the next one, in comments too.",
		"Remove the backslash.",
		'# see \\\nx = "1"\n',
	),
} as const;

/** Every code of this room. */
export const vmDiagnostics = { ...rejected, ...refused, ...ofOtherReleases, ...accepted } as const satisfies DiagnosticCatalog;

export type VmCode = keyof typeof vmDiagnostics;
