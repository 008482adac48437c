import { isKnownTo } from "../text/release.ts";
import type { Argument, Release, VocabularyEntry } from "../text/vocabulary.ts";

/** A word of vm.conf. Words that vmd's lexer does not reserve (parse.y, lookup()) may be names without quotes. */
export interface VmWord extends VocabularyEntry {
	readonly unreserved?: true;
}

/** A word by its type: what is to be said of every word is a table of these. */
interface WordOf<Group extends string, Name extends string> {
	readonly group: Group;
	readonly name: Name;
}

type Rest = Omit<VmWord, "name" | "group" | "args" | "summary" | "manual"> & { args?: readonly Argument[]; manual?: string };

const word =
	<Group extends string>(group: Group) =>
	<Name extends string>(name: Name, summary: string, { args = [], manual = name, ...rest }: Rest = {}): VmWord & WordOf<Group, Name> => ({
		name,
		group,
		args,
		summary,
		manual: `vm.conf.5#${manual}`,
		...rest,
	});

const section = word("section");
const global = word("global option");
const inSwitch = word("switch option");
const inGuest = word("guest option");
const inInterface = word("interface option");
const permission = word("instance permission");
const device = word("boot device");
const format = word("disk format");

const groupArgument: Argument = { name: "group", type: "interface-group" };
const rdomainArgument: Argument = { name: "rdomain", type: "number" };
const ownerArgument: Argument = { name: "user:group", type: "user" };

/** What a line of the file may start with. */
export const sections = {
	vm: section(
		"vm",
		"A virtual machine, or with `instance` a copy of the settings of one defined before. Its options stand one on a line.",
		{
			form: 'vm "{name}"',
			args: [{ name: "name", type: "guest" }],
			example: 'vm "web01" {\n\tmemory 1G\n\tdisk "/var/vm/web01.img"\n\tinterface { switch "lan" }\n}',
			weight: 100,
		},
	),
	instance: section(
		"instance",
		"Makes the guest an instance: it takes what it does not set itself from the guest named before the word. Disks are not inherited.",
		{
			form: 'instance "{name}"',
			args: [{ name: "name", type: "guest" }],
			example: 'vm "base" instance "clone" {\n\tdisk "/var/vm/clone.img"\n}',
			manual: "VM_INSTANCES",
			since: "6.4",
			weight: 30,
		},
	),
	switch: section(
		"switch",
		"A virtual switch: a name for the bridge(4) or veb(4) interface that guests are plugged into. The interface itself is made by hostname.if(5).",
		{
			form: 'switch "{name}"',
			args: [{ name: "name", type: "switch" }],
			example: 'switch "lan" {\n\tinterface veb0\n}',
			manual: "switch~2",
			weight: 95,
		},
	),
	include: section("include", "Reads another file at this place. Macros defined there are known from here on.", {
		form: 'include "{file}"',
		args: [{ name: "file", type: "file" }],
		example: 'include "/etc/vm.d/web01.conf"',
		manual: "DESCRIPTION",
		weight: 40,
	}),
	local: section("local", "Settings for `local interface`: the addresses that vmd hands out on links between host and guest.", {
		example: "local prefix 10.44.0.0/16",
		since: "6.1",
		weight: 20,
	}),
	socket: section("socket", "Who may use vmd's control socket, and with it vmctl(8).", {
		example: "socket owner root:wheel",
		since: "6.4",
		weight: 15,
	}),
	staggered: section("staggered", "Starts the guests a few at a time, so that they do not all boot at once.", {
		example: "staggered start parallel 2 delay 30",
		since: "6.6",
		weight: 15,
	}),
	agentx: section("agentx", "Offers figures of the guests to an SNMP daemon over AgentX.", {
		example: 'agentx context "vmd" path "/var/agentx/master"',
		since: "7.2",
		weight: 5,
	}),
} as const satisfies Record<string, VmWord>;

/** The words of the settings that concern vmd as a whole. */
export const globals = {
	inet6: global("inet6", "Gives local interfaces an IPv6 address as well. Without `prefix` a random unique local prefix is used.", {
		example: "local inet6",
		default: "off",
		manual: "local",
		since: "6.4",
	}),
	prefix: global(
		"prefix",
		"The network that local interfaces get their subnets from. vmd needs the last 16 bits of an IPv4 prefix, so it is /16 or shorter; an IPv6 prefix is /64 or shorter.",
		{
			args: [{ name: "network", type: "network" }],
			default: "100.64.0.0/10",
			example: "local prefix 10.44.0.0/16",
			manual: "local",
		},
	),
	owner: global("owner", "The user, the group, or both (`user:group`) that own the control socket.", {
		args: [ownerArgument],
		default: "root:wheel",
		example: "socket owner :wheel",
		manual: "socket",
	}),
	start: global("start", "Part of `staggered start parallel N delay SECONDS`.", {
		example: "staggered start parallel 2 delay 30",
		manual: "staggered",
	}),
	parallel: global("parallel", "How many guests start together. With 0 none ever starts.", {
		args: [{ name: "count", type: "number", default: "2" }],
		default: "the number of CPUs",
		example: "staggered start parallel 2 delay 30",
		manual: "staggered",
	}),
	delay: global("delay", "Seconds between one batch of guests and the next.", {
		args: [{ name: "seconds", type: "seconds", default: "30" }],
		default: "30",
		example: "staggered start parallel 2 delay 30",
		manual: "staggered",
	}),
	context: global("context", "The SNMPv3 context, at most 32 characters. It can usually be left out.", {
		args: [{ name: "context", type: "string" }],
		example: 'agentx context "vmd"',
		manual: "agentx",
	}),
	path: global("path", "The socket of the AgentX master: an absolute path of at most 103 characters.", {
		args: [{ name: "path", type: "path" }],
		default: "/var/agentx/master",
		example: 'agentx path "/var/agentx/master"',
		manual: "agentx",
	}),
} as const satisfies Record<string, VmWord>;

/** Options of a `switch` block. */
export const switchOptions = {
	interface: inSwitch(
		"interface",
		"The bridge(4) or veb(4) interface behind the switch: `bridgeN` or `vebN` and nothing else. Every switch needs one.",
		{
			args: [{ name: "interface", type: "interface" }],
			example: 'switch "lan" {\n\tinterface veb0\n}',
			manual: "interface~2",
			weight: 100,
		},
	),
	rdomain: inSwitch("rdomain", "The routing domain of the switch and of the guests' interfaces in it, 0 to 255.", {
		args: [rdomainArgument],
		example: 'switch "lan" {\n\tinterface veb0\n\trdomain 1\n}',
		since: "6.2",
		manual: "rdomain~2",
		weight: 30,
	}),
	group: inSwitch(
		"group",
		"An interface group for every guest interface in this switch, for rules in pf.conf(5). At most 15 characters, no digit at the end.",
		{
			args: [groupArgument],
			example: 'switch "lan" {\n\tinterface veb0\n\tgroup guests\n}',
			since: "6.1",
			manual: "group~2",
			weight: 50,
		},
	),
	locked: inSwitch("locked", "As `locked lladdr`: drops what guests in this switch send with another MAC address than their own.", {
		example: 'switch "lan" {\n\tinterface veb0\n\tlocked lladdr\n}',
		since: "6.3",
		weight: 40,
	}),
	lladdr: inSwitch("lladdr", "Part of `locked lladdr`.", {
		example: 'switch "lan" {\n\tinterface veb0\n\tlocked lladdr\n}',
		manual: "locked",
		since: "6.3",
	}),
	enable: inSwitch("enable", "Sets the switch up when vmd starts.", {
		default: "on",
		example: 'switch "lan" {\n\tenable\n\tinterface veb0\n}',
		manual: "enable~2",
		weight: 5,
	}),
	disable: inSwitch("disable", "Leaves the switch out: for guests it does not exist.", {
		example: 'switch "lan" {\n\tdisable\n\tinterface veb0\n}',
		manual: "disable~2",
		weight: 10,
	}),
	up: inSwitch("up", "The switch forwards packets.", {
		default: "on",
		example: 'switch "lan" {\n\tinterface veb0\n\tup\n}',
		manual: "up~2",
		weight: 5,
	}),
	down: inSwitch("down", "The switch does not forward packets.", {
		example: 'switch "lan" {\n\tinterface veb0\n\tdown\n}',
		manual: "down~2",
		weight: 5,
	}),
	add: inSwitch("add", "Added a member to the switch's bridge. Members are set in hostname.if(5) since.", {
		args: [{ name: "interface", type: "interface" }],
		until: "6.3",
		deprecated: "a line `add INTERFACE` in the hostname file of the switch's interface",
		manual: "SWITCH_CONFIGURATION",
	}),
} as const satisfies Record<string, VmWord>;

/** Options of a `vm` block. */
export const guestOptions = {
	disk: inGuest("disk", "A disk image; up to four. The file must exist when vmd reads its configuration.", {
		form: 'disk "{path}"',
		args: [{ name: "path", type: "path" }],
		example: 'vm "a" {\n\tdisk "/var/vm/a.qcow2" format qcow2\n}',
		manual: "disk~2",
		weight: 100,
	}),
	format: inGuest("format", "What kind of image the disk is. Without it, the file's first bytes tell.", {
		args: [{ name: "format", type: "word", choices: ["qcow2", "raw"] }],
		default: "by the file's signature, else raw",
		example: 'vm "a" {\n\tdisk "/var/vm/a.qcow2" format qcow2\n}',
		manual: "disk~2",
		since: "6.4",
		weight: 60,
	}),
	memory: inGuest("memory", "Memory of the guest, from 1M to 128G, rounded down to whole megabytes.", {
		args: [{ name: "size", type: "size", default: "1G" }],
		default: "512M",
		example: 'vm "a" {\n\tmemory 1G\n}',
		weight: 95,
	}),
	interface: inGuest(
		"interface",
		"A network interface; up to four. `tapN` pins the host's side of it; without, vmd takes the lowest free tap(4).",
		{
			args: [{ name: "tap", type: "interface", optional: true }],
			example: 'vm "a" {\n\tinterface tap0 { switch "lan" }\n}',
			manual: "VM_CONFIGURATION",
			weight: 98,
		},
	),
	interfaces: inGuest(
		"interfaces",
		"The least number of network interfaces, 0 to 4. Those without an `interface` line of their own are in no switch.",
		{
			args: [{ name: "count", type: "number", default: "1" }],
			example: 'vm "a" {\n\tinterfaces 2\n}',
			weight: 10,
		},
	),
	local: inGuest(
		"local",
		"A `local interface`: a link between host and guest with addresses and a small DHCP server from vmd, without a switch.",
		{
			example: 'vm "a" {\n\tlocal interface\n}',
			manual: "VM_CONFIGURATION",
			since: "6.1",
			weight: 40,
		},
	),
	boot: inGuest("boot", "The kernel or BIOS image to boot, or with `device` what to boot from.", {
		form: 'boot "{path}"',
		args: [{ name: "path", type: "path" }],
		default: "the BIOS in /etc/firmware/vmm-bios",
		example: 'vm "a" {\n\tboot "/bsd.rd"\n}',
		weight: 50,
	}),
	device: inGuest("device", "Boots from the disk, the CD or as from the network.", {
		args: [{ name: "device", type: "word", choices: ["cdrom", "disk", "net"] }],
		example: 'vm "a" {\n\tboot device cdrom\n}',
		manual: "boot",
		since: "6.5",
		weight: 30,
	}),
	cdrom: inGuest("cdrom", "A CD image (ISO). vmd looks for it only when the guest starts.", {
		form: 'cdrom "{path}"',
		args: [{ name: "path", type: "path" }],
		example: 'vm "a" {\n\tcdrom "/home/vm/install77.iso"\n}',
		since: "6.3",
		manual: "cdrom~2",
		weight: 50,
	}),
	owner: inGuest("owner", "The user, the group, or both (`user:group`) that may start, stop and use the console of the guest.", {
		args: [ownerArgument],
		default: "root",
		example: 'vm "a" {\n\towner root\n}',
		since: "6.2",
		weight: 45,
	}),
	enable: inGuest("enable", "Starts the guest with vmd.", { default: "on", example: 'vm "a" {\n\tenable\n}', weight: 10 }),
	disable: inGuest("disable", "Leaves the guest stopped until `vmctl start`.", { example: 'vm "a" {\n\tdisable\n}', weight: 60 }),
	allow: inGuest("allow", "`allow instance` lists what users may set in instances of this guest.", {
		args: [{ name: "permissions", type: "word", choices: ["boot", "cdrom", "disk", "instance", "interface", "memory", "owner"] }],
		example: 'vm "a" {\n\tallow instance { memory, disk }\n}',
		since: "6.4",
		weight: 25,
	}),
	instance: inGuest("instance", "Part of `allow instance`.", {
		example: 'vm "a" {\n\tallow instance { memory, disk }\n}',
		manual: "allow",
		since: "6.4",
	}),
	sev: inGuest("sev", "Encrypts the guest's memory with AMD SEV; the host needs psp(4).", {
		example: 'vm "a" {\n\tsev\n}',
		since: "7.6",
		weight: 5,
	}),
	seves: inGuest("seves", "Encrypts the guest's memory and its registers with AMD SEV-ES.", {
		example: 'vm "a" {\n\tseves\n}',
		since: "7.8",
		manual: "sev",
		weight: 4,
	}),
	kernel: inGuest("kernel", "The kernel to boot, before `boot` took its place.", {
		args: [{ name: "path", type: "path" }],
		until: "6.1",
		deprecated: "boot",
		unreserved: true,
		manual: "boot",
	}),
	nifs: inGuest("nifs", "The number of network interfaces, before `interfaces` took its place.", {
		args: [{ name: "count", type: "number" }],
		until: "6.1",
		deprecated: "interfaces",
		unreserved: true,
		manual: "interfaces",
	}),
	cpus: inGuest("cpus", "Guests of vmd have one CPU; there is no word to change it.", {
		args: [{ name: "count", type: "number" }],
		until: "6.0",
		deprecated: "",
		unreserved: true,
		manual: "VM_CONFIGURATION",
	}),
	size: inGuest("size", "The size of a disk is set when its image is made, with `vmctl create -s`.", {
		args: [{ name: "size", type: "size" }],
		until: "6.0",
		deprecated: "",
		manual: "disk~2",
	}),
	id: inGuest("id", "A guest's number is given by vmd; it cannot be set.", {
		args: [{ name: "number", type: "number" }],
		until: "6.0",
		deprecated: "",
		manual: "VM_CONFIGURATION",
	}),
} as const satisfies Record<string, VmWord>;

/** Options of an interface of a guest, in braces or after it. */
export const interfaceOptions = {
	switch: inInterface("switch", "The switch that the interface is plugged into. vmd does not check that there is one of that name.", {
		form: 'switch "{switch}"',
		args: [{ name: "switch", type: "switch" }],
		example: 'vm "a" {\n\tinterface { switch "lan" }\n}',
		weight: 100,
	}),
	group: inInterface("group", "An interface group for the tap(4), for rules in pf.conf(5). At most 15 characters, no digit at the end.", {
		args: [groupArgument],
		example: 'vm "a" {\n\tinterface { group web }\n}',
		since: "6.1",
		weight: 70,
	}),
	lladdr: inInterface("lladdr", "The MAC address of the guest's side. Without, vmd makes one up at every start.", {
		args: [{ name: "address", type: "lladdr", optional: true }],
		default: "random",
		example: 'vm "a" {\n\tinterface { lladdr fe:e1:ba:d0:00:01 }\n}',
		manual: "VM_CONFIGURATION",
		weight: 80,
	}),
	locked: inInterface("locked", "With `lladdr`: drops what the guest sends with another MAC address than its own.", {
		example: 'vm "a" {\n\tinterface { locked lladdr }\n}',
		since: "6.3",
		manual: "VM_CONFIGURATION",
		weight: 60,
	}),
	rdomain: inInterface("rdomain", "The routing domain of the tap(4), 0 to 255. It goes before the switch's.", {
		args: [rdomainArgument],
		example: 'vm "a" {\n\tinterface { rdomain 1 }\n}',
		since: "6.2",
		weight: 30,
	}),
	up: inInterface("up", "The interface forwards packets.", { default: "on", example: 'vm "a" {\n\tinterface { up }\n}', weight: 5 }),
	down: inInterface("down", "The interface does not forward packets.", { example: 'vm "a" {\n\tinterface { down }\n}', weight: 5 }),
} as const satisfies Record<string, VmWord>;

/** What `allow instance` may list. */
export const permissions = {
	boot: permission("boot", "Users may choose the kernel or BIOS image.", {
		example: 'vm "a" {\n\tallow instance boot\n}',
		manual: "boot~2",
	}),
	memory: permission("memory", "Users may change the memory.", { example: 'vm "a" {\n\tallow instance memory\n}', manual: "memory~2" }),
	interface: permission("interface", "Users may change the network interfaces.", {
		example: 'vm "a" {\n\tallow instance interface\n}',
		manual: "interface",
	}),
	disk: permission("disk", "Users may choose disk images, but not those of this guest.", {
		example: 'vm "a" {\n\tallow instance disk\n}',
		manual: "disk~3",
	}),
	cdrom: permission("cdrom", "Users may choose the CD image.", { example: 'vm "a" {\n\tallow instance cdrom\n}', manual: "cdrom~3" }),
	instance: permission("instance", "Users may make instances of the instances.", {
		example: 'vm "a" {\n\tallow instance instance\n}',
		manual: "instance",
	}),
	owner: permission("owner", "Who may make instances; only root where it is missing.", {
		args: [ownerArgument],
		example: 'vm "a" {\n\tallow instance { owner root }\n}',
		manual: "owner~2",
	}),
} as const satisfies Record<string, VmWord>;

/** What `boot device` may name. */
export const bootDevices = {
	disk: device("disk", "Boots from the first disk image.", { example: 'vm "a" {\n\tboot device disk\n}', weight: 50 }),
	cdrom: device("cdrom", "Boots from the CD image.", { example: 'vm "a" {\n\tboot device cdrom\n}', weight: 60 }),
	net: device("net", "Boots the kernel of `boot` as if it came over the network, ready for autoinstall(8).", {
		example: 'vm "a" {\n\tboot device net\n}',
		weight: 20,
	}),
} as const satisfies Record<string, VmWord>;

/** What `disk ... format` may name; in any case of letters. */
export const diskFormats = {
	qcow2: format("qcow2", "An image that grows with its content and can build on another one.", {
		example: 'vm "a" {\n\tdisk "/var/vm/a.qcow2" format qcow2\n}',
		manual: "disk~2",
		unreserved: true,
		weight: 60,
	}),
	raw: format("raw", "An image that is the disk, byte by byte.", {
		example: 'vm "a" {\n\tdisk "/var/vm/a.img" format raw\n}',
		manual: "disk~2",
		unreserved: true,
		weight: 50,
	}),
} as const satisfies Record<string, VmWord>;

const tables = [sections, globals, switchOptions, guestOptions, interfaceOptions, permissions, bootDevices, diskFormats] as const;

type Values<T> = T extends unknown ? T[keyof T] : never;
type KeywordOf<W> = W extends WordOf<infer Group, infer Name> ? `${Group}: ${Name}` : never;
/** Every word with its group. */
export type VmKeyword = KeywordOf<Values<(typeof tables)[number]>>;

/** Every word of vm.conf, of all releases. */
export const vmVocabulary: readonly VmWord[] = tables.flatMap((table): readonly VmWord[] => Object.values(table));

const reserved: ReadonlySet<string> = new Set(vmVocabulary.filter(({ unreserved }) => !unreserved).map(({ name }) => name));

/** A key of one of the tables; those that vmd does not reserve never are a token's kind. */
export type ReservedWord =
	| keyof typeof sections
	| keyof typeof globals
	| keyof typeof switchOptions
	| keyof typeof guestOptions
	| keyof typeof interfaceOptions
	| keyof typeof bootDevices;

/** The words that only later releases reserve. */
const laterReserved: ReadonlyMap<string, Release> = new Map(
	vmVocabulary.flatMap(({ name, since, unreserved }) => (since === undefined || unreserved ? [] : [[name, since]])),
);

/** Whether the lexer of a release turns the word into a token of its own (parse.y, lookup()): as a name it needs quotes. */
export function isReserved(text: string, release: Release): text is ReservedWord {
	const since = laterReserved.get(text);
	return reserved.has(text) && (since === undefined || isKnownTo(release, { since }));
}

export const reservedWords: ReadonlySet<string> = reserved;
