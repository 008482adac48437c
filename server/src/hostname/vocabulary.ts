/** The words of ifconfig(8) that stand in hostname.if(5) files (sbin/ifconfig/ifconfig.c, cmds[]; brconfig.c). */
import { isKnownTo } from "../text/release.ts";
import type { Argument, Release, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { familyKeys } from "./families.ts";
import type { IfconfigText } from "./messages.ts";
import { VLANS } from "./vlans.ts";

/** What ifconfig itself asks of a value, before it speaks to the kernel. */
export type ValueRule =
	/** strtonum(3); `form` has the value as `{0}` and the reason as `{1}`. `also` lists words that stand for numbers. */
	| {
			readonly kind: "number";
			readonly min: number;
			readonly max: number;
			readonly form: IfconfigText;
			readonly also?: readonly string[];
			readonly warns?: true;
	  }
	/** One of a few words, or a list of them with commas. `since` has the words that came later. */
	| {
			readonly kind: "choice";
			readonly choices: readonly string[];
			readonly form: IfconfigText;
			readonly list?: true;
			readonly since?: Readonly<Record<string, Release>>;
	  }
	/** `vlan` is the first release that takes a VLAN behind an `@`; veb.ts reads it. */
	| { readonly kind: "lladdr"; readonly form: IfconfigText; readonly also?: readonly string[]; readonly vlan?: Release }
	/** A VLAN, or a set of them with commas and ranges, or one of a few words; veb.ts reads it. */
	| { readonly kind: "vlan"; readonly set?: true }
	/** An address or a host's name; `port` where `:PORT` may follow. */
	| { readonly kind: "address"; readonly form: IfconfigText; readonly port?: true; readonly brackets?: true; readonly family?: "inet" }
	| { readonly kind: "key"; readonly form: IfconfigText }
	| { readonly kind: "prefix"; readonly form: IfconfigText };

export interface HostnameArgument extends Argument {
	readonly rule?: ValueRule;
	/** A key or password, which others must not read. */
	readonly secret?: true;
}

export interface HostnameWord extends VocabularyEntry {
	readonly args: readonly HostnameArgument[];
	/** The families (families.ts) whose drivers take it. */
	readonly families: readonly string[];
	/** Those of them that take it only from a release on. */
	readonly familiesSince?: Readonly<Record<string, Release>>;
	/** What ifconfig says where the family does not take it: `{if}` is the interface, `{0}` and `{1}` are the arguments. */
	readonly refusal?: IfconfigText;
	/** What the word is a second spelling of. */
	readonly means?: string;
}

const NO_IOCTL = "Inappropriate ioctl for device";
const INT_MAX = 2 ** 31 - 1;
const UINT_MAX = 2 ** 32 - 1;

const all = familyKeys;
const but = (...others: readonly string[]) => all.filter((key) => !others.includes(key));
const of = (names: string) => names.split(" ");
const bridges = of("bridge veb tpmr");
const switches = of("bridge veb");
const addressed = but("bridge", "veb", "tpmr", "pflog");
const wireless = of("iwm");
const learning = of("bpe bridge nvgre veb vxlan");
const tunnels = of("egre eoip erspan etherip gif gre mgre nvgre vxlan");
const keyed = of("egre eoip erspan gre mgre nvgre svlan vlan vxlan");
/** A veb has VLANs of its own. */
const onVeb = { familiesSince: { veb: "7.9" } } as const;
const withParent = of("bpe nvgre pfsync rport svlan vlan vxlan");
const priorities = of("bpe egre eoip erspan etherip gif gre mgre mpe mpip mpw nvgre svlan vlan vxlan");
const routed = of("egre eoip erspan etherip gif gre mgre mpe mpip mpw nvgre vxlan");
const wires = of("mpip mpw");
const trunks = of("aggr trunk");
const withMedia = of("em iwm umb etherip pair trunk vether");

const arg = (name: string, type: ValueType, rule?: ValueRule, more: Partial<Argument> = {}): HostnameArgument => ({
	name,
	type,
	...(rule?.kind === "choice" ? { choices: rule.choices, ...(rule.since && { choicesSince: rule.since }) } : {}),
	...more,
	...(rule === undefined ? {} : { rule }),
});
const number = (name: string, min: number, max: number, form: IfconfigText, also?: readonly string[]): HostnameArgument =>
	arg(
		name,
		"number",
		{ kind: "number", min, max, form, ...(also === undefined ? {} : { also }) },
		also === undefined ? {} : { choices: also },
	);
const choice = (
	name: string,
	choices: string,
	form: IfconfigText,
	more: { list?: true; since?: Readonly<Record<string, Release>> } = {},
): HostnameArgument => arg(name, "word", { kind: "choice", choices: choices.split(" "), form, ...more });
const vlan = (name: string, choices: string, set?: true): HostnameArgument =>
	arg(name, "word", { kind: "vlan", ...(set === undefined ? {} : { set }) }, { choices: choices.split(" ") });
const text = (name: string): HostnameArgument => arg(name, "string");
const secret = (argument: HostnameArgument): HostnameArgument => ({ ...argument, secret: true });
const iface = (name = "interface"): HostnameArgument => arg(name, "interface");
const lladdr = (form: IfconfigText, more: { also?: readonly string[]; vlan?: Release } = {}): HostnameArgument =>
	arg("lladdr", "lladdr", { kind: "lladdr", form, ...more }, more.also === undefined ? {} : { choices: more.also });
const address = (name: string, form: IfconfigText, more: { port?: true; brackets?: true; family?: "inet" } = {}): HostnameArgument =>
	arg(name, "address", { kind: "address", form, ...more });
const key = (form: IfconfigText): HostnameArgument => arg("key", "string", { kind: "key", form });

interface Rest
	extends Partial<Pick<HostnameWord, "default" | "example" | "deprecated" | "means" | "since" | "weight" | "refusal" | "familiesSince">> {
	readonly args?: readonly HostnameArgument[];
}

/** Words that ifconfig takes and its manual does not list: their links go to the section. */
const unlisted: ReadonlySet<string> = new Set(
	of("inst sff sffdump ipdst addlocal vlan -vlan vlandev -vlandev tunnelecn -tunnelecn syncif -syncif"),
);

/** @param manual the section of ifconfig(8) */
const word =
	(group: string, manual: string) =>
	<Name extends string>(
		name: Name,
		families: readonly string[],
		summary: string,
		{ args = [], ...rest }: Rest = {},
	): HostnameWord & { readonly name: Name } => ({
		name,
		group,
		args,
		families,
		summary,
		manual: `ifconfig.8#${unlisted.has(name) ? manual : name.replace(/^-/, "")}`,
		...rest,
	});

const general = word("interface option", "DESCRIPTION");
const inAddress = word("address option", "DESCRIPTION");
const inBridge = word("bridge option", "BRIDGE");
const inWireless = word("wireless option", "IEEE_802.11_(WIRELESS_DEVICES)");
const inTunnel = word("tunnel option", "TUNNEL");
const inCarp = word("carp option", "CARP");
const inSync = word("pfsync option", "PFSYNC");
const inFlow = word("pflow option", "PFLOW");
const inTrunk = word("trunk option", "TRUNK_(LINK_AGGREGATION)");
const inPpp = word("pppoe option", "PPPOE");
const inWg = word("wg option", "WIREGUARD");
const inVlan = word("vlan option", "VLAN");
const inMpls = word("mpls option", "MPLS");
const inUmb = word("umb option", "UMB");
const inPair = word("pair option", "PAIR");

const pair = <Name extends string>(
	make: ReturnType<typeof word>,
	name: Name,
	families: readonly string[],
	summary: string,
	undone: string,
	rest: Rest = {},
) => {
	const { args: _, example: __, weight, ...off } = rest;
	return [
		make(name, families, summary, rest),
		make(`-${name}` as const, families, undone, { ...off, ...(weight === undefined ? {} : { weight: Math.floor(weight / 3) }) }),
	];
};

const ioctl = <Name extends string>(name: Name) => ({ refusal: `${name}: ${NO_IOCTL}` as const });
const named = <Name extends string>(name: Name) => ({ refusal: `{if}: ${name}: ${NO_IOCTL}` as const });
const plain = { refusal: `{if}: ${NO_IOCTL}` } as const;
const member = { refusal: `{if}: {0}: ${NO_IOCTL}` } as const;
const memberFlag = { refusal: `{if}: ioctl SIOCBRDGGIFFLGS {0}: ${NO_IOCTL}` } as const;
const carp = named("SIOCGVH");
const sync = named("SIOCGETPFSYNC");
const flow = named("SIOCSETPFLOW");
const wg = named("SIOCSWG");
const ppp = named("SIOCGSPPPPARAMS(SPPPIOGXAUTH)");
const umb = named("SIOCGUMBPARAM");
const wpa = named("SIOCG80211WPAPARMS");

const options = [
	general("up", all, "Brings the interface up. An address or `autoconf` does that too.", { weight: 100, example: "up" }),
	general("down", all, "Takes the interface down.", { weight: 30 }),
	...pair(general, "arp", all, "Uses ARP to find the addresses of neighbours.", "Does without ARP.", { default: "on" }),
	...pair(general, "debug", all, "Makes the driver tell more in the kernel's log.", "Ends the driver's debug output."),
	...pair(general, "staticarp", all, "Answers ARP requests, but sends none: all neighbours must be entered by hand.", "Uses ARP as usual."),
	general("mtu", but("bridge", "tpmr", "veb"), "The largest packet that the interface carries, in bytes.", {
		args: [number("bytes", 0, INT_MAX, "mtu {0}: {1}")],
		example: "mtu 1400",
		weight: 70,
		...ioctl("SIOCSIFMTU"),
	}),
	general("metric", all, "A cost that routing daemons may read.", { args: [number("metric", 0, INT_MAX, "metric {0}: {1}")] }),
	general("priority", all, "Added to the priority of routes through the interface: lower ones win.", {
		args: [number("priority", 0, 15, "priority {0}: {1}")],
	}),
	general("llprio", all, "The queueing priority of ARP and the like, 0 to 7.", { args: [number("priority", 0, 255, "llprio {0}: {1}")] }),
	general("group", all, "Puts the interface into a group, which pf.conf can name instead of the interface.", {
		args: [arg("group", "interface-group")],
		example: "group guests",
		weight: 60,
	}),
	general("-group", all, "Takes the interface out of a group.", { args: [arg("group", "interface-group")] }),
	general(
		"description",
		all,
		"A text that ifconfig shows beside the interface, at most 63 characters. vmd(8) overwrites it on its taps and switches.",
		{
			args: [text("text")],
			example: 'description "guests"',
			weight: 60,
		},
	),
	general("descr", all, "A short spelling of `description`.", { args: [text("text")], means: "description" }),
	general("-description", all, "Removes the description."),
	general("-descr", all, "A short spelling of `-description`.", { means: "-description" }),
	...pair(general, "rtlabel", all, "Marks the interface's routes with a label, which pf.conf can match.", "Removes the route label.", {
		args: [text("label")],
	}),
	...pair(
		general,
		"rdomain",
		all,
		"Puts the interface into a routing domain. Its addresses are removed, so this goes before them.",
		"Puts the interface back into routing domain 0.",
		{
			args: [number("rdomain", 0, 255, "rdomain {0}: {1}")],
			example: "rdomain 1",
			weight: 40,
		},
	),
	general(
		"lladdr",
		of("em iwm aggr bpe carp egre eoip erspan etherip mpw nvgre pair svlan tap trunk vether vlan vport vxlan"),
		"Sets the MAC address, or a random one.",
		{
			args: [lladdr("malformed link-level address", { also: ["random"] })],
			example: "lladdr fe:e1:ba:d0:00:01",
			weight: 40,
			refusal: "SIOCSIFLLADDR: Operation not supported by device",
		},
	),
	...([0, 1, 2] as const).flatMap((n) =>
		pair(general, `link${n}` as const, all, linkSummary(n), `Clears the driver's flag link${n}.`, { weight: n === 1 ? 45 : 25 }),
	),
	...pair(
		general,
		"monitor",
		all,
		"Only listens: packets that arrive are shown to bpf(4) and go no further.",
		"Processes packets that arrive.",
	),
	...pair(general, "mpls", all, "Lets MPLS packets in.", "Refuses MPLS packets."),
	...pair(general, "wol", all, "Wakes the machine on a magic packet.", "Does not wake the machine."),
	...pair(general, "tcplro", all, "Lets the hardware join TCP segments that arrive.", "Leaves TCP segments as they arrive.", {
		since: "7.4",
	}),
	general("hwfeatures", all, "Shows what the hardware can do.", { args: [arg("feature", "word", undefined, { optional: true })] }),
	general("create", but("em", "iwm", "umb"), "Makes the interface; netstart has done so before it reads the file.", {
		refusal: "{if}: SIOCIFCREATE: Invalid argument",
	}),
	general("destroy", but("em", "iwm", "umb"), "Removes the interface.", { refusal: "{if}: SIOCIFDESTROY: Invalid argument" }),
	general("media", withMedia, "Chooses the medium, such as `autoselect` or `1000baseT`.", {
		args: [arg("type", "word", undefined, { optional: true, default: "autoselect" })],
		example: "media 1000baseT mediaopt full-duplex",
		...named("SIOCGIFMEDIA"),
	}),
	general("mediaopt", withMedia, "Sets options of the medium, such as `full-duplex`.", {
		args: [arg("options", "word")],
		...named("SIOCGIFMEDIA"),
	}),
	general("-mediaopt", withMedia, "Clears options of the medium.", { args: [arg("options", "word")], ...named("SIOCGIFMEDIA") }),
	general("mode", withMedia, "Fixes the wireless mode.", {
		args: [arg("mode", "word", undefined, { choices: of("autoselect auto 11a 11b 11g 11n 11ac turbo") })],
		...named("SIOCGIFMEDIA"),
	}),
	general("-mode", withMedia, "Lets the driver choose the wireless mode.", named("SIOCGIFMEDIA")),
	general("instance", withMedia, "Chooses among several media of one kind; `media` goes before it.", {
		args: [number("number", 0, 255, "media instance {0}: {1}")],
	}),
	general("inst", withMedia, "A short spelling of `instance`.", {
		args: [number("number", 0, 255, "media instance {0}: {1}")],
		means: "instance",
	}),
	general("transceiver", all, "Shows what a plugged module says of itself.", {
		args: [arg("module", "word", undefined, { optional: true })],
	}),
	general("sff", all, "A short spelling of `transceiver`.", {
		args: [arg("module", "word", undefined, { optional: true })],
		means: "transceiver",
	}),
	general("sffdump", all, "Shows the memory of a plugged module."),

	inAddress(
		"inet",
		all,
		"The words after it are an IPv4 address. In a hostname file they have their place: address, netmask, broadcast address or `NONE`, then options.",
		{
			example: "inet 10.50.0.1 255.255.255.0",
			weight: 95,
		},
	),
	inAddress("inet6", all, "The words after it are an IPv6 address and its prefix length.", { example: "inet6 2001:db8::1 64", weight: 85 }),
	inAddress("-inet", all, "Removes all IPv4 addresses."),
	inAddress("-inet6", all, "Switches IPv6 off on the interface."),
	inAddress("alias", addressed, "Adds the address to those that are there.", {
		example: "inet alias 10.50.0.2 255.255.255.255",
		weight: 60,
	}),
	inAddress("-alias", all, "Removes the address that follows.", { deprecated: "delete" }),
	inAddress("delete", all, "Removes an address, never a member of a bridge: that is `del`."),
	...pair(
		inAddress,
		"autoconf",
		all,
		"Gets addresses by itself: by DHCP after `inet`, by router advertisements after `inet6`.",
		"Ends automatic addresses.",
		{ weight: 80 },
	),
	inAddress("netmask", addressed, "The network mask. netstart writes this word itself before the mask of an `inet` line.", {
		args: [arg("mask", "netmask")],
	}),
	inAddress("prefixlen", addressed, "The length of the network's prefix. netstart writes this word itself on an `inet6` line.", {
		args: [arg("length", "prefix-length")],
	}),
	inAddress("broadcast", addressed, "The broadcast address. netstart writes this word itself on an `inet` line.", {
		args: [arg("address", "address")],
	}),
	inAddress("ipdst", addressed, "The address of the other end, for IPv4.", { args: [arg("address", "address")] }),
	...pair(inAddress, "anycast", addressed, "Marks the IPv6 address as one that several hosts have.", "Undoes `anycast`."),
	...pair(inAddress, "tentative", addressed, "Marks the IPv6 address as not yet checked for duplicates.", "Undoes `tentative`."),
	inAddress("pltime", addressed, "For how long the IPv6 address is preferred.", {
		args: [number("seconds", 0, 1000000, "invalid pltime {0}: {1}")],
	}),
	inAddress("vltime", addressed, "For how long the IPv6 address is valid.", {
		args: [number("seconds", 0, 1000000, "invalid vltime {0}: {1}")],
	}),
	inAddress("eui64", addressed, "Fills the lower half of the IPv6 address from the link local address."),
	...pair(inAddress, "temporary", all, "Uses temporary IPv6 addresses that change.", "Uses no temporary addresses."),
	...pair(inAddress, "soii", all, "Makes IPv6 addresses that do not show the MAC address.", "Makes IPv6 addresses of the MAC address.", {
		default: "on",
	}),

	inBridge("add", bridges, "Makes an interface a member.", { args: [iface()], example: "add em1", weight: 100, ...member }),
	inBridge("del", bridges, "Takes a member out.", { args: [iface()], example: "del em1", weight: 40, ...member }),
	inBridge("addspan", switches, "Sends a copy of all frames to an interface.", { args: [iface()], ...member }),
	inBridge("delspan", switches, "Ends the copies to an interface.", { args: [iface()], ...member }),
	inBridge("addlocal", of("bridge"), "Adds a vether(4) interface as the bridge's local port.", {
		args: [iface()],
		refusal: `{if}: ioctl SIOCBRDGADDL {0}: ${NO_IOCTL}`,
	}),
	...(
		[
			[
				"discover",
				switches,
				"Sends frames for unknown addresses to the member.",
				"Sends the member only frames for addresses that were seen behind it.",
			],
			["learn", switches, "Learns the addresses behind the member.", "Learns no addresses behind the member."],
			["blocknonip", switches, "Lets only IP and ARP through the member.", "Lets all protocols through the member."],
			["stp", of("bridge"), "Runs the spanning tree protocol on the member.", "Runs no spanning tree on the member."],
			["edge", of("bridge"), "The member leads to no other bridge.", "The member may lead to other bridges."],
			[
				"autoedge",
				switches,
				"Finds out whether the member leads to other bridges.",
				"Does not find out whether the member leads to other bridges.",
			],
			["ptp", of("bridge"), "The member is a link between two bridges.", "The member is not a link between two bridges."],
			[
				"autoptp",
				switches,
				"Finds out whether the member is a link between two bridges.",
				"Does not find out whether the member is a link between two bridges.",
			],
		] as const
	).flatMap(([name, families, on, off]) => [
		inBridge(name, families, on, { args: [iface()], ...memberFlag }),
		inBridge(`-${name}` as const, switches, off, { args: [iface()], ...memberFlag }),
	]),
	inBridge("protected", switches, "Members that share a number do not reach each other.", {
		args: [iface(), arg("domains", "number")],
		example: "protected em1 1",
		weight: 35,
		refusal: `{if}: {1}: ${NO_IOCTL}`,
	}),
	inBridge("-protected", switches, "Takes a member out of all protected groups.", { args: [iface()], refusal: `{if}: 0: ${NO_IOCTL}` }),
	inBridge(
		"untagged",
		of("veb"),
		"The VLAN of the frames that have no tag on the port: 1 without. `passthrough` leaves them to the host's network stack.",
		{
			args: [iface("port"), vlan("vlan", "default none passthrough passthru")],
			example: "untagged em1 10",
			weight: 55,
			since: "7.9",
			refusal: `{if} untagged {0} {1}: ${NO_IOCTL}`,
		},
	),
	inBridge("-untagged", of("veb"), "Drops frames that have no tag on the port.", {
		args: [iface("port")],
		example: "-untagged em1",
		weight: 30,
		since: "7.9",
		refusal: `{if} -untagged {0}: ${NO_IOCTL}`,
	}),
	inBridge(
		"tagged",
		of("veb"),
		"The VLANs whose tagged frames the port takes: `10,20-30` adds, `-10` takes away, `=10` leaves that alone.",
		{
			args: [iface("port"), vlan("vlans", "all none", true)],
			example: "tagged em1 10,20-30",
			weight: 55,
			since: "7.9",
			refusal: `{if} tagged {0} {1}: ${NO_IOCTL}`,
		},
	),
	inBridge(
		"-tagged",
		of("veb"),
		"Takes no tagged frames on the port. The ifconfig of 7.9 reads it wrongly: `tagged PORT none` says the same.",
		{
			args: [iface("port")],
			since: "7.9",
			refusal: `{if} -tagged {0}: ${NO_IOCTL}`,
		},
	),
	inBridge("pvlan", of("veb"), "Makes a VLAN the primary one of a private VLAN, whose secondary VLANs are kept apart.", {
		args: [number("primary", ...VLANS, "primary vid: {1}")],
		example: "pvlan 30",
		weight: 20,
		since: "7.9",
		refusal: `{if} pvlan {0}: ${NO_IOCTL}`,
	}),
	inBridge("-pvlan", of("veb"), "Ends a private VLAN, once it has no secondary VLANs.", {
		args: [number("primary", ...VLANS, "primary vid: {1}")],
		since: "7.9",
		refusal: `{if} -pvlan {0}: ${NO_IOCTL}`,
	}),
	...(["isolated", "community"] as const).flatMap((kind) => [
		inBridge(
			`pvlan-${kind}` as const,
			of("veb"),
			kind === "isolated"
				? "A secondary VLAN whose ports reach only those of the primary VLAN; `pvlan` goes before it."
				: "A secondary VLAN whose ports reach one another and those of the primary VLAN; `pvlan` goes before it.",
			{
				args: [number("primary", ...VLANS, "primary vid: {1}"), number("secondary", ...VLANS, "secondary vid: {1}")],
				example: `pvlan-${kind} 30 31`,
				weight: 15,
				since: "7.9",
				refusal: `{if} pvlan-${kind} {0} {1}: ${NO_IOCTL}` as const,
			},
		),
		inBridge(`-pvlan-${kind}` as const, of("veb"), "Takes a secondary VLAN out of its private VLAN.", {
			args: [number("primary", ...VLANS, "primary vid: {1}"), number("secondary", ...VLANS, "secondary vid: {1}")],
			since: "7.9",
			refusal: `{if} -pvlan-${kind} {0} {1}: ${NO_IOCTL}` as const,
		}),
	]),
	inBridge(
		"locked",
		of("veb"),
		"Lets only addresses that were entered by hand send through the port; `-learn` and `-discover` go before it.",
		{ args: [iface("port")], example: "locked em1", weight: 20, since: "7.9", ...memberFlag },
	),
	inBridge("-locked", of("veb"), "Lets any address send through the port.", { args: [iface("port")], since: "7.9", ...memberFlag }),
	inBridge("pvptags", of("veb"), "Takes and sends frames of private VLANs with the tag of the primary VLAN, for switches that know none.", {
		args: [iface("port")],
		since: "7.9",
		...memberFlag,
	}),
	inBridge("-pvptags", of("veb"), "Takes and sends frames of private VLANs with the tags of their own VLANs.", {
		args: [iface("port")],
		since: "7.9",
		...memberFlag,
	}),
	inBridge("flush", learning, "Forgets the addresses that were learned.", plain),
	inBridge("flushall", learning, "Forgets all addresses, those set by hand too.", plain),
	inBridge("static", switches, "Says behind which member a MAC address is. A veb takes `MAC@VLAN` too, from OpenBSD 7.9 on.", {
		args: [iface(), lladdr("Invalid address: {0}", { vlan: "7.9" })],
		refusal: `{if}: {1}: ${NO_IOCTL}`,
	}),
	inBridge("deladdr", learning, "Forgets one address.", {
		args: [lladdr("Invalid address: {0}: Undefined error: 0", { vlan: "7.9" })],
		...member,
	}),
	inBridge("endpoint", of("nvgre vxlan"), "Says behind which endpoint of the tunnel a MAC address is.", {
		since: "7.5",
		args: [arg("address", "address"), arg("lladdr", "lladdr")],
		refusal: `{if} endpoint {0} {1}: ${NO_IOCTL}`,
	}),
	inBridge("-endpoint", learning, "Forgets what `endpoint` said.", {
		since: "7.7",
		args: [arg("lladdr", "lladdr")],
		refusal: `{if} -endpoint {0}: ${NO_IOCTL}`,
	}),
	inBridge("maxaddr", learning, "How many addresses are kept.", { args: [number("count", 0, UINT_MAX, "maxaddr {0} is: {1}")], ...plain }),
	inBridge("timeout", learning, "After how many seconds an address is forgotten; veb takes 8 to 3600.", {
		args: [number("seconds", 0, UINT_MAX, "timeout {0} is: {1}: {2}")],
		default: "240",
		...plain,
	}),
	inBridge("addr", learning, "Shows the addresses that were learned.", plain),
	inBridge("hellotime", of("bridge"), "Seconds between spanning tree messages, 1 to 2.", {
		args: [number("seconds", 0, 255, "hellotime {0} is: {1}")],
		...plain,
	}),
	inBridge("fwddelay", of("bridge"), "Seconds before a member forwards frames, 4 to 30.", {
		args: [number("seconds", 0, 255, "fwddelay {0} is: {1}")],
		...plain,
	}),
	inBridge("maxage", of("bridge"), "For how many seconds a spanning tree message counts, 6 to 40.", {
		args: [number("seconds", 0, 255, "maxage {0} is: {1}")],
		...plain,
	}),
	inBridge("holdcnt", of("bridge"), "How many spanning tree messages go out at once, 1 to 10.", {
		args: [number("count", 0, 255, "holdcnt {0} is: {1}: {2}")],
		...plain,
	}),
	inBridge("spanpriority", of("bridge"), "The bridge's priority in the spanning tree, 0 to 61440.", {
		args: [number("priority", 0, 65535, "spanpriority {0} is: {1}")],
		...plain,
	}),
	inBridge("proto", of("bridge"), "The version of the spanning tree protocol.", {
		args: [choice("version", "rstp stp", "invalid arg for proto: {0}")],
		default: "rstp",
		...plain,
	}),
	inBridge("ifpriority", of("bridge"), "A member's priority in the spanning tree.", {
		args: [iface(), number("priority", 0, 255, "ifpriority {0} is: {1}")],
		refusal: `{if}: {1}: ${NO_IOCTL}`,
	}),
	inBridge("ifcost", of("bridge"), "A member's cost in the spanning tree.", {
		args: [iface(), number("cost", 0, UINT_MAX, "ifcost {0} is: {1}")],
		refusal: `{if}: {1}: ${NO_IOCTL}`,
	}),
	inBridge("-ifcost", of("bridge"), "Takes a member's cost from the speed of its link.", { args: [iface()], ...plain }),
	inBridge(
		"rule",
		switches,
		"A filter rule of the link layer for one member; it takes the rest of the line, and the first rule that matches decides.",
		{
			example: "rule pass in on em1 src 00:11:22:33:44:55 tag web01",
			weight: 30,
			...plain,
		},
	),
	inBridge("rules", bridges, "Shows the filter rules of a member.", { args: [iface()], refusal: `ioctl(SIOCBRDGGRL): ${NO_IOCTL}` }),
	inBridge("rulefile", all, "Reads filter rules from a file.", { args: [arg("file", "file")] }),
	inBridge("flushrule", switches, "Removes the filter rules of a member.", { args: [iface()], ...member }),

	inVlan(
		"vnetid",
		[...keyed, "bpe", "veb"],
		"The number of the virtual network: 1 to 4094 for VLANs. On a veb, the untagged VLAN of ports added below.",
		{
			...onVeb,
			args: [number("id", 0, Number.MAX_SAFE_INTEGER, "vnetid {0}: {1}", ["any"])],
			example: "vnetid 10 parent em1",
			weight: 80,
			...ioctl("SIOCSVNETID"),
		},
	),
	inVlan("-vnetid", [...keyed, "veb"], "Removes the number of the virtual network. On a veb, ports added below have no untagged VLAN.", {
		...onVeb,
		...ioctl("SIOCDVNETID"),
	}),
	inVlan("vlan", [...keyed, "bpe", "veb"], "The old spelling of `vnetid`.", {
		...onVeb,
		args: [number("id", 0, Number.MAX_SAFE_INTEGER, "vnetid {0}: {1}", ["any"])],
		deprecated: "vnetid",
		...ioctl("SIOCSVNETID"),
	}),
	inVlan("-vlan", [...keyed, "veb"], "The old spelling of `-vnetid`.", { ...onVeb, deprecated: "-vnetid", ...ioctl("SIOCDVNETID") }),
	inVlan("parent", withParent, "The interface underneath. A VLAN needs it before it goes up or gets an address.", {
		args: [iface()],
		example: "vnetid 10 parent em1",
		weight: 80,
		refusal: `{if}: {0}: SIOCSIFPARENT: ${NO_IOCTL}`,
	}),
	inVlan("-parent", withParent, "Parts the interface from the one underneath.", ioctl("SIOCDIFPARENT")),
	inVlan("vlandev", withParent, "The old spelling of `parent`.", {
		args: [iface()],
		deprecated: "parent",
		refusal: `{if}: {0}: SIOCSIFPARENT: ${NO_IOCTL}`,
	}),
	inVlan("-vlandev", withParent, "The old spelling of `-parent`.", { deprecated: "-parent", ...ioctl("SIOCDIFPARENT") }),
	inVlan("txprio", [...priorities, "veb"], "The priority written on packets that go out.", {
		...onVeb,
		args: [number("priority", 0, 7, "tx prio {0}: {1}", ["packet", "payload"])],
		...ioctl("SIOCSTXHPRIO"),
	}),
	inVlan("rxprio", [...priorities, "veb"], "The priority given to packets that come in.", {
		...onVeb,
		args: [number("priority", 0, 7, "rx prio {0}: {1}", ["packet", "payload", "outer"])],
		...ioctl("SIOCSRXHPRIO"),
	}),

	inTunnel("tunnel", tunnels, "The two ends of the tunnel.", {
		args: [
			address("source", "error in parsing address string: {1}", { port: true }),
			address("destination", "error in parsing address string: {1}", { port: true }),
		],
		example: "tunnel 192.0.2.1 198.51.100.1",
		weight: 80,
		...ioctl("SIOCSLIFPHYADDR"),
	}),
	inTunnel("tunneladdr", tunnels, "This end of a tunnel with many others.", {
		args: [address("source", "tunneladdr {0}: {1}", { port: true })],
		refusal: `tunneladdr {0}: ${NO_IOCTL}`,
	}),
	inTunnel("-tunnel", tunnels, "Removes the ends of the tunnel.", ioctl("SIOCDIFPHYADDR")),
	...pair(
		inTunnel,
		"tunneldomain",
		routed,
		"The routing table that the tunnel's own packets use.",
		"Uses routing table 0 for the tunnel's packets.",
		{
			args: [number("rtable", 0, 255, "rdomain {0}: {1}")],
			...ioctl("SIOCSLIFPHYRTABLE"),
		},
	),
	inTunnel("tunnelttl", of("egre eoip erspan etherip gif gre mgre mpip nvgre vxlan"), "The time to live of the tunnel's packets.", {
		args: [number("ttl", 0, 255, "tunnelttl {0}: {1}", ["copy"])],
		...ioctl("SIOCSLIFPHYTTL"),
	}),
	...pair(
		inTunnel,
		"tunneldf",
		[...tunnels, "sec"],
		"Forbids to fragment the tunnel's packets.",
		"Lets the tunnel's packets be fragmented.",
		{ familiesSince: { sec: "7.7" }, ...ioctl("SIOCSLIFPHYDF") },
	),
	...pair(
		inTunnel,
		"tunnelecn",
		of("gif gre mgre"),
		"Copies the bits for congestion between inner and outer packets.",
		"Does not copy the bits for congestion.",
		ioctl("SIOCSLIFPHYECN"),
	),
	...pair(
		inTunnel,
		"vnetflowid",
		of("egre eoip gre mgre nvgre"),
		"Uses a part of the key to tell flows apart.",
		"Uses the whole key as number of the network.",
		ioctl("SIOCSVNETFLOWID"),
	),
	...pair(
		inTunnel,
		"keepalive",
		of("eoip gre"),
		"Sends a packet every so many seconds; after so many without an answer the tunnel is down.",
		"Sends no keepalives.",
		{
			args: [number("seconds", 1, 3600, "keepalive period {0}: {1}"), number("count", 2, 600, "keepalive count {0}: {1}")],
			example: "keepalive 10 3",
			...ioctl("SIOCSETKALIVE"),
		},
	),

	inTrunk("trunkport", trunks, "Makes an interface a port.", {
		args: [iface()],
		example: "trunkport em0 trunkport em1",
		weight: 90,
		refusal: `{if} {0}: SIOCSTRUNKPORT: ${NO_IOCTL}`,
	}),
	inTrunk("-trunkport", trunks, "Takes a port out.", { args: [iface()], refusal: `{if}: {0}: SIOCSTRUNKDELPORT: ${NO_IOCTL}` }),
	inTrunk("trunkproto", trunks, "How the ports share the traffic. From OpenBSD 7.9 on, `lacp` is for aggr(4) alone.", {
		args: [choice("protocol", "failover lacp loadbalance roundrobin broadcast none default", "Invalid trunk protocol: {0}")],
		example: "trunkproto lacp",
		weight: 80,
		...named("SIOCSTRUNK"),
	}),
	inTrunk("lacpmode", trunks, "Whether LACP speaks first.", {
		args: [choice("mode", "active passive", "Invalid lacpmode option for trunk: {if}")],
		...named("SIOCGTRUNK"),
	}),
	inTrunk("lacptimeout", trunks, "How soon LACP gives a silent port up.", {
		args: [choice("speed", "slow fast", "Invalid lacptimeout option for trunk: {if}")],
		...named("SIOCGTRUNK"),
	}),

	inCarp("vhid", of("carp"), "The number of the group of hosts that share the address.", {
		args: [number("vhid", 1, 255, "vhid {0}: {1}")],
		weight: 90,
		example: "vhid 1 carpdev em0 pass secret",
		...carp,
	}),
	inCarp("carpdev", of("carp"), "The interface on which carp runs.", { args: [iface()], weight: 80, ...carp }),
	inCarp("pass", of("carp"), "The secret that the hosts share.", { args: [secret(text("secret"))], weight: 70, ...carp }),
	inCarp("advbase", of("carp"), "Seconds between advertisements.", { args: [number("seconds", 0, 254, "advbase {0}: {1}")], ...carp }),
	inCarp("advskew", of("carp"), "Delays the advertisements: the host with the lowest value leads.", {
		args: [number("skew", 0, 254, "advskew {0}: {1}")],
		weight: 60,
		...carp,
	}),
	inCarp("carppeer", of("carp"), "Sends advertisements to one host.", {
		args: [address("address", "error in parsing address string: {1}", { family: "inet" })],
		...carp,
	}),
	inCarp("-carppeer", of("carp"), "Sends advertisements to all hosts.", carp),
	inCarp("state", of("carp"), "Forces the state.", {
		args: [arg("state", "word", undefined, { choices: ["master", "backup", "init"] })],
		...carp,
	}),
	inCarp("carpnodes", of("carp"), "Several groups with their skews, `vhid:skew` with commas.", { args: [arg("nodes", "word")], ...carp }),
	inCarp("balancing", of("carp"), "Shares the load among the hosts.", {
		args: [choice("mode", "none ip ip-stealth ip-unicast", "balancing {0}: unknown mode")],
		...carp,
	}),

	inSync("syncdev", of("pfsync"), "The interface over which states are sent.", {
		args: [iface()],
		weight: 90,
		example: "syncdev em2",
		...sync,
	}),
	inSync("-syncdev", of("pfsync"), "Sends no states.", sync),
	inSync("syncif", of("pfsync"), "An old spelling of `syncdev`.", { args: [iface()], deprecated: "syncdev", ...sync }),
	inSync("-syncif", of("pfsync"), "An old spelling of `-syncdev`.", { deprecated: "-syncdev", ...sync }),
	inSync("syncpeer", of("pfsync"), "Sends states to one host.", {
		args: [address("address", "error in parsing address string: {1}", { family: "inet" })],
		...sync,
	}),
	inSync("-syncpeer", of("pfsync"), "Sends states to all hosts.", sync),
	inSync("maxupd", of("pfsync"), "How many updates of a state are gathered.", {
		args: [number("count", 0, 255, "maxupd {0}: {1}")],
		...sync,
	}),
	...pair(inSync, "defer", of("pfsync"), "Holds a connection's first packet until the peer knows the state.", "Holds no packets.", sync),

	inFlow("flowsrc", of("pflow"), "The address that exports come from.", {
		args: [address("address", "error in parsing address string: {1}", { brackets: true })],
		...flow,
	}),
	inFlow("-flowsrc", of("pflow"), "Removes the source address.", flow),
	inFlow("flowdst", of("pflow"), "The collector, as address and port.", {
		args: [address("address", "error in parsing address string: {1}", { brackets: true })],
		...flow,
	}),
	inFlow("-flowdst", of("pflow"), "Removes the collector.", flow),
	inFlow("pflowproto", of("pflow"), "The version of the export format.", {
		args: [choice("version", "5 10", "Invalid pflow protocol: {0}")],
		...flow,
	}),

	inPpp("pppoedev", of("pppoe"), "The Ethernet interface that leads to the provider.", {
		args: [iface()],
		weight: 90,
		example: "pppoedev em0",
	}),
	...pair(inPpp, "pppoesvc", of("pppoe"), "The service to ask for.", "Asks for any service.", { args: [text("service")] }),
	...pair(inPpp, "pppoeac", of("pppoe"), "The access concentrator to ask for.", "Asks for any access concentrator.", {
		args: [text("name")],
	}),
	inPpp("authproto", of("pppoe"), "How this host proves who it is.", {
		args: [choice("protocol", "pap chap none", "setpppproto")],
		weight: 80,
		...ppp,
	}),
	inPpp("authname", of("pppoe"), "This host's name for the provider; `authproto` goes before it.", {
		args: [text("name")],
		weight: 75,
		...ppp,
	}),
	inPpp("authkey", of("pppoe"), "This host's secret for the provider; `authproto` goes before it.", {
		args: [secret(text("secret"))],
		weight: 75,
		...ppp,
	}),
	inPpp("peerproto", of("pppoe"), "How the peer proves who it is.", { args: [choice("protocol", "pap chap none", "setpppproto")], ...ppp }),
	inPpp("peername", of("pppoe"), "The peer's name; `peerproto` goes before it.", { args: [text("name")], ...ppp }),
	inPpp("peerkey", of("pppoe"), "The peer's secret; `peerproto` goes before it.", { args: [secret(text("secret"))], ...ppp }),
	inPpp("peerflag", of("pppoe"), "When the peer has to prove who it is.", {
		args: [choice("flag", "callin norechallenge", "setppppeerflags")],
		...ppp,
	}),
	inPpp("-peerflag", of("pppoe"), "Clears a flag of `peerflag`.", {
		args: [choice("flag", "callin norechallenge", "setppppeerflags")],
		...ppp,
	}),

	inWg("wgkey", of("wg"), "The interface's private key.", { args: [secret(key("wgkey (key): {1}"))], weight: 90, ...wg }),
	inWg("wgport", of("wg"), "The UDP port to listen on.", {
		args: [number("port", 0, 65535, "wgport: {0}, {1}")],
		weight: 85,
		example: "wgport 51820",
		...wg,
	}),
	inWg("wgrtable", of("wg"), "The routing table that the tunnel's own packets use.", {
		args: [number("rtable", 0, 255, "wgrtable {0}: {1}")],
		...wg,
	}),
	inWg("wgpeer", of("wg"), "Chooses a peer by its public key; the words for peers that follow belong to it.", {
		args: [key("wgpeer (key): {1}")],
		weight: 80,
		...wg,
	}),
	inWg("-wgpeer", of("wg"), "Removes a peer.", { args: [key("wgpeer (key): {1}")], ...wg }),
	inWg("-wgpeerall", of("wg"), "Removes all peers.", wg),
	inWg("wgendpoint", of("wg"), "The peer's address and port.", {
		args: [address("address", "{1}"), arg("port", "port")],
		weight: 70,
		...wg,
	}),
	inWg("wgaip", of("wg"), "A network whose addresses the peer may use.", {
		args: [arg("network", "network", { kind: "prefix", form: "wgaip: bad address" })],
		weight: 75,
		...wg,
	}),
	inWg("wgpka", of("wg"), "Seconds between packets that keep the peer's way open.", {
		args: [number("seconds", 0, 43200, "wgpka: {0}, {1}")],
		...wg,
	}),
	inWg("wgpsk", of("wg"), "A second, shared key for the peer.", { args: [secret(key("wgpsk (key): {1}"))], ...wg }),
	inWg("-wgpsk", of("wg"), "Removes the shared key.", wg),
	inWg("wgdescription", of("wg"), "A text beside the peer.", { args: [text("text")], since: "7.4", ...wg }),
	inWg("wgdescr", of("wg"), "A short spelling of `wgdescription`.", { args: [text("text")], means: "wgdescription", since: "7.4", ...wg }),
	inWg("-wgdescription", of("wg"), "Removes the peer's text.", { since: "7.4", ...wg }),
	inWg("-wgdescr", of("wg"), "A short spelling of `-wgdescription`.", { means: "-wgdescription", since: "7.4", ...wg }),

	inPair("patch", of("pair"), "Connects this interface with another pair(4) interface, as by a cable.", {
		args: [iface()],
		example: "patch pair1",
		weight: 90,
		...ioctl("SIOCSIFPAIR"),
	}),
	inPair("-patch", of("pair"), "Parts the two interfaces.", ioctl("SIOCSIFPAIR")),

	inMpls("mplslabel", of("mpe mpip mpw"), "The MPLS label.", {
		args: [number("label", 0, 1048575, "mpls label {0} is {1}")],
		...ioctl("SIOCSETLABEL"),
	}),
	inMpls("-mplslabel", of("mpe mpip mpw"), "Removes the MPLS label.", ioctl("-mplslabel")),
	...pair(inMpls, "pwecw", wires, "Sends a control word with the frames.", "Sends no control word.", ioctl("pwecw")),
	inMpls("pwefat", wires, "Sends a label for the flow with the frames.", ioctl("pwefat")),
	inMpls("-pwefat", wires, "Sends no label for the flow.", ioctl("-pwefat")),
	inMpls("pweneighbor", wires, "The label and address of the other end.", {
		args: [number("label", 16, 1048575, "pweneighbor: invalid label: {1}"), address("address", "pweneighbor {0}: {1}")],
		...ioctl("pweneighbor"),
	}),
	inMpls("-pweneighbor", wires, "Removes the other end.", ioctl("-pweneighbor")),

	inWireless("nwid", wireless, "The name of the wireless network.", {
		args: [text("name")],
		weight: 90,
		example: 'nwid home wpakey "long pass phrase"',
		...ioctl("SIOCS80211NWID"),
	}),
	inWireless("-nwid", wireless, "Takes any wireless network.", ioctl("SIOCS80211NWID")),
	inWireless("join", wireless, "A network to join when it is in reach; the key that follows belongs to it.", {
		args: [text("name")],
		weight: 85,
		...named("SIOCS80211JOIN"),
	}),
	inWireless("-join", wireless, "Forgets a network.", { args: [text("name")], ...named("SIOCS80211JOIN") }),
	inWireless("joinlist", all, "Shows the networks to join.", { args: [arg("list", "word", undefined, { optional: true })] }),
	inWireless("-joinlist", wireless, "Forgets all networks.", named("SIOCS80211JOIN")),
	inWireless("bssid", wireless, "The MAC address of the access point.", { args: [arg("lladdr", "lladdr")], ...named("SIOCS80211BSSID") }),
	inWireless("-bssid", wireless, "Takes any access point.", named("SIOCS80211BSSID")),
	...pair(inWireless, "nwkey", wireless, "A WEP key. WEP protects nothing.", "Uses no WEP.", {
		args: [secret(text("key"))],
		...named("SIOCS80211NWKEY"),
	}),
	...pair(inWireless, "wpa", wireless, "Uses WPA.", "Uses no WPA.", named("SIOCS80211WPAPARMS")),
	inWireless("wpakey", wireless, "The pass phrase, 8 to 63 characters, or the key as `0x` and 64 hexadecimal digits.", {
		args: [secret(text("key"))],
		weight: 85,
		...named("SIOCS80211WPAPSK"),
	}),
	inWireless("-wpakey", wireless, "Removes the key.", named("SIOCS80211WPAPSK")),
	inWireless("wpaakms", wireless, "How WPA agrees on keys.", {
		args: [choice("methods", "psk 802.1x sha256-psk", "wpaakms: unknown akm: {0}", { list: true, since: { "sha256-psk": "7.9" } })],
		...wpa,
	}),
	inWireless("wpaciphers", wireless, "The ciphers between two stations.", {
		args: [choice("ciphers", "ccmp tkip", "wpaciphers: unknown cipher: {0}", { list: true })],
		...wpa,
	}),
	inWireless("wpagroupcipher", wireless, "The cipher for broadcasts.", {
		args: [choice("cipher", "ccmp tkip wep40 wep104", "wpagroupcipher: unknown cipher: {0}")],
		...wpa,
	}),
	inWireless("wpaprotos", wireless, "The versions of WPA.", {
		args: [choice("versions", "wpa2 wpa1", "wpaprotos: unknown protocol: {0}", { list: true })],
		...wpa,
	}),
	inWireless("chan", wireless, "The channel.", {
		args: [
			arg("channel", "number", { kind: "number", min: 1, max: 256, form: "invalid channel {0}: {1}", warns: true }, { optional: true }),
		],
		...named("SIOCS80211CHANNEL"),
	}),
	inWireless("-chan", wireless, "Takes any channel.", named("SIOCS80211CHANNEL")),
	inWireless("scan", all, "Looks for wireless networks and shows them.", { args: [arg("list", "word", undefined, { optional: true })] }),
	inWireless("nwflag", wireless, "Sets a flag of the wireless interface.", {
		args: [choice("flag", "hidenwid nobridge stayauth nomimo uapsd", "Invalid nwflag: {0}", { since: { uapsd: "8.0" } })],
		...named("SIOCG80211FLAGS"),
	}),
	inWireless("-nwflag", wireless, "Clears a flag of the wireless interface.", {
		args: [choice("flag", "hidenwid nobridge stayauth nomimo uapsd", "Invalid nwflag: {0}", { since: { uapsd: "8.0" } })],
		...named("SIOCG80211FLAGS"),
	}),
	inWireless("powersave", wireless, "Saves power at the cost of delay.", {
		args: [arg("milliseconds", "number", { kind: "number", min: 0, max: INT_MAX, form: "powersave {0}: {1}" }, { optional: true })],
		...named("SIOCG80211POWER"),
	}),
	inWireless("-powersave", wireless, "Saves no power.", named("SIOCG80211POWER")),

	inUmb("pin", of("umb"), "The PIN of the SIM card.", { args: [secret(text("pin"))], ...umb }),
	inUmb("chgpin", of("umb"), "Changes the PIN.", { args: [secret(text("old")), secret(text("new"))], ...umb }),
	inUmb("puk", of("umb"), "Unblocks the SIM card.", { args: [secret(text("puk")), secret(text("new pin"))], ...umb }),
	...pair(inUmb, "apn", of("umb"), "The provider's access point.", "Removes the access point.", { args: [text("name")], ...umb }),
	inUmb("class", of("umb"), "The radio classes to prefer.", { args: [arg("classes", "word", undefined, { optional: true })], ...umb }),
	inUmb("-class", of("umb"), "Takes any radio class.", umb),
	...pair(inUmb, "roaming", of("umb"), "Lets the device use other providers' networks.", "Stays in the provider's own network.", umb),
];

function linkSummary(n: number): string {
	const uses = [
		"A flag of the driver. On veb: let VLAN tags pass; on bridge: drop multicast of IP.",
		"A flag of the driver. On veb: show packets between guests to pf; on bridge: drop multicast of other protocols.",
		"A flag of the driver. On bridge: pass packets through IPsec.",
	];
	return uses[n] ?? "";
}

const line = word("line", "DESCRIPTION");

/** Words that netstart itself reads at the start of a line. */
export const lineWords: readonly HostnameWord[] = [
	{
		...line("dhcp", all, "Short for `inet autoconf`; netstart drops what follows on the line."),
		manual: "hostname.if.5",
	},
	{
		...line("dest", addressed, "The address of the other end for the address in the line before.", {
			args: [arg("address", "address")],
			example: "dest 10.9.0.2",
		}),
		manual: "hostname.if.5",
	},
	{
		...line("!", all, "Runs a command of the shell. `$if` is the interface's name.", {
			args: [arg("command", "command")],
			example: "!route add 198.51.100.0/24 192.0.2.1",
			weight: 30,
		}),
		manual: "hostname.if.5",
	},
];

/** Every word of the language. */
export const hostnameVocabulary: readonly HostnameWord[] = [...options, ...lineWords];

const byName = new Map<string, HostnameWord>(options.map((entry) => [entry.name, entry]));

/** The words of the ifconfig of one release. */
export interface ReleaseWords {
	readonly release: Release;
	readonly options: readonly HostnameWord[];
	/** The entry of a word, as that release takes it. */
	word(name: string): HostnameWord | undefined;
}

const byRelease = new Map<Release, ReleaseWords>();

/** What the ifconfig of a release knows: its words, with the families and the arguments that it takes. */
export function wordsOf(release: Release): ReleaseWords {
	const known = byRelease.get(release);
	if (known !== undefined) return known;
	const own = options.flatMap((entry) => (isKnownTo(release, entry) ? [ofRelease(release, entry)] : []));
	const named = new Map(own.map((entry) => [entry.name, entry]));
	const made: ReleaseWords = { release, options: own, word: (name) => named.get(name) };
	byRelease.set(release, made);
	return made;
}

function ofRelease(release: Release, entry: HostnameWord): HostnameWord {
	const later = (names: Readonly<Record<string, Release>> | undefined, name: string): boolean => {
		const since = names?.[name];
		return since !== undefined && !isKnownTo(release, { since });
	};
	const families = entry.families.filter((family) => !later(entry.familiesSince, family));
	const args = entry.args.map((argument) => {
		const { rule } = argument;
		if (rule?.kind === "lladdr" && rule.vlan !== undefined && !isKnownTo(release, { since: rule.vlan })) {
			const { vlan: _, ...plainRule } = rule;
			return { ...argument, rule: plainRule };
		}
		if (rule?.kind !== "choice" || rule.since === undefined) return argument;
		const choices = rule.choices.filter((name) => !later(rule.since, name));
		return { ...argument, choices, rule: { ...rule, choices } };
	});
	const same = families.length === entry.families.length && args.every((argument, i) => argument === entry.args[i]);
	return same ? entry : { ...entry, families, args };
}

/** A word that ifconfig no longer has, or that another system's has, with what OpenBSD's has instead. */
export interface GoneWord {
	readonly name: string;
	readonly instead: string;
	/** The first release without it, where it was OpenBSD's own. */
	readonly until?: Release;
	/** Whether an older OpenBSD had it. */
	readonly ours: boolean;
}

const gone = (name: string, instead: string, until?: Release): GoneWord => ({ name, instead, ours: true, ...(until && { until }) });
const foreign = (name: string, instead: string): GoneWord => ({ name, instead, ours: false });

/** Words that people still write (sbin/ifconfig/ifconfig.c and etc/netstart, their history). */
export const goneWords: readonly GoneWord[] = [
	gone("tcprecvoffload", "tcplro", "7.4"),
	gone("-tcprecvoffload", "-tcplro", "7.4"),
	gone("rtsol", "inet6 autoconf"),
	gone("autoconfprivacy", "temporary"),
	gone("-autoconfprivacy", "-temporary"),
	gone("giftunnel", "tunnel"),
	gone("deletetunnel", "-tunnel"),
	gone("vlanprio", "txprio"),
	foreign("addm", "add"),
	foreign("delm", "del"),
	foreign("deletem", "del"),
	foreign("span", "addspan"),
	foreign("DHCP", "inet autoconf"),
];

/** The entry of a word of ifconfig. */
export function wordOf(name: string): HostnameWord | undefined {
	return byName.get(name);
}

export const optionWords: readonly HostnameWord[] = options;

/** Every word of ifconfig: what is to be said of each is a table of these. */
export type OptionName = (typeof options)[number]["name"];
