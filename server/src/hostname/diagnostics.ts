import { describe } from "../text/check.ts";
import type { DiagnosticCatalog } from "../text/diagnostic.ts";

const { error, warning, information } = describe;

/** What ifconfig refuses: the rest of that line has no effect, or only a part of it. */
const refused = {
	"hostname/unknown-word": error(
		"A word that ifconfig does not know",
		"ifconfig takes such a word for an address, and gives up on the line where it isn't one.",
		"Correct the word.",
	),
	"hostname/removed-word": warning(
		"A word of an older release",
		"ifconfig no longer knows it: it takes it for an address, and gives the line up.",
		"Write what took its place.",
	),
	"hostname/newer-word": error(
		"A word of a newer release",
		"The host's ifconfig does not know it: it takes it for an address, and gives the line up.",
		"Upgrade the host, or leave the word out.",
	),
	"hostname/newer-interface": warning(
		"An interface of a newer release",
		"The host's kernel cannot make it.",
		"Upgrade the host, or use another kind of interface.",
	),
	"hostname/missing-argument": error("A missing argument", "ifconfig gives the line up.", "Add what the word needs."),
	"hostname/value": error("A value that is refused", "ifconfig or the driver refuses it.", "Write a value in range."),
	"hostname/family": error(
		"A word that this kind of interface does not have",
		"The driver refuses it.",
		"Move the line to the file of the interface that it is meant for.",
	),
	"hostname/interface": error(
		"An interface that cannot stand here",
		"The host has no such interface, or it is of a kind that cannot be used here.",
		"Name another interface, or create that one with a hostname file.",
	),
	"hostname/no-interface": error("The host has no such interface", "netstart cannot set it up.", "Rename the file."),
	"hostname/order": error(
		"Something has to come before",
		"ifconfig works through a file line by line and through a line word by word.",
		"Write the words in the order in which they depend on each other.",
	),
	"hostname/kernel-panic": error(
		"A line that crashes the kernel",
		"The kernel of OpenBSD 7.9 looks for the ports of a veb that has none, and panics: at each start again, before anybody can log in.",
		"Write the line below the first `add`.",
	),
	"hostname/trunk-lacp": error(
		"A trunk that is to speak LACP",
		"Since OpenBSD 7.9, trunk(4) has no LACP: the ports share the traffic one after the other, and the other side takes none of it.",
		"Use aggr(4), which speaks nothing else: the same ports in hostname.aggr0, and its name in the other files.",
	),
	"hostname/rule": error(
		"A filter rule that is not one",
		"ifconfig refuses it.",
		"Write `rule block|pass [in|out] on INTERFACE` and what to match.",
	),
	"hostname/unclosed-quote": error(
		"A quote is not closed",
		"The shell gives the whole of netstart up: this interface and all after it stay without configuration.",
		"Close the quote, or put a text with an apostrophe into double quotes.",
	),
	"hostname/missing-newline": error(
		"The last line has no newline",
		"netstart reads whole lines only, so it drops this one without a word.",
		"End the file with a newline.",
	),
} as const;

/** What netstart makes into something else than was meant, or ignores. */
const misread = {
	"hostname/columns": error(
		"Words in the columns of an inet line",
		"netstart takes the word after the address for the netmask, and the next for the broadcast address, whatever they are.",
		"Write address and mask, or `ADDRESS/LENGTH` alone, and options on lines of their own.",
	),
	"hostname/ignored": warning("A line that netstart ignores", "It has no effect.", "Complete the line or delete it."),
	"hostname/dropped-words": warning(
		"Words that netstart drops",
		"`dhcp` takes no options.",
		"Use `inet autoconf`, and dhcpleased.conf(5) for options.",
	),
	"hostname/file-name": warning(
		"A file that netstart skips",
		"It reads `hostname.` with an interface's letters and number, or a MAC address in lower case.",
		"Rename the file.",
	),
	"hostname/shell": warning(
		"A sign that the shell interprets",
		"netstart gives each line to the shell: what follows is a command of its own, and what stands behind `<` or `>` the name of a file. It is an error where no name follows: the shell gives up the whole of netstart.",
		"Quote it, or begin the line with `!` where a command is meant.",
	),
	"hostname/no-effect": warning("Nothing to remove", "What the line removes is not there.", "Delete the line."),
} as const;

const advised = {
	"hostname/deprecated": information("An old spelling", "It still works; a later release may drop it.", "Write what took its place."),
	"hostname/broadcast": warning(
		"A broadcast address of another network",
		"ifconfig takes any. What the host sends to all, such as DHCP and NetBIOS, goes to an address that nobody listens on.",
		"Write the last address of the network, or leave it out: ifconfig finds it.",
	),
	"hostname/classful-mask": warning(
		"An address without its netmask",
		"Without one, the kernel takes the mask of the address's class: 255.0.0.0 up to 127.255.255.255, and 255.255.0.0 up to 191.255.255.255. What stands in the rest of that network is looked for on this interface.",
		"Write the mask, or `ADDRESS/LENGTH`.",
	),
	"hostname/address-replaced": warning(
		"A second address that takes the place of the first",
		"Without `alias`, ifconfig removes the interface's first IPv4 address before it adds the new one.",
		"Write `inet alias` for each address after the first.",
	),
	"hostname/silent": warning(
		"A word without effect",
		"This kind of interface ignores it, and ifconfig does not say so.",
		"Delete it, or move it to the interface that it is meant for.",
	),
	"hostname/rdomain-after-address": warning(
		"A routing domain after an address",
		"Changing the routing domain removes the interface's addresses.",
		"Write `rdomain` before the addresses.",
	),
} as const;

/** Every code of this room. */
export const hostnameDiagnostics = { ...refused, ...misread, ...advised } as const satisfies DiagnosticCatalog;

export type HostnameCode = keyof typeof hostnameDiagnostics;
