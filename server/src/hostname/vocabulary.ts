/** The words of ifconfig(8) that stand in hostname.if(5) files (sbin/ifconfig/ifconfig.c, cmds[]; brconfig.c). */
import type { Argument, Release, ValueType, VocabularyEntry } from "../text/vocabulary.ts";
import { familyKeys } from "./families.ts";
import { messages } from "./messages.ts";

/** What ifconfig itself asks of a value, before it speaks to the kernel. */
export type ValueRule =
	/** strtonum(3); `form` has the value as `{0}` and the reason as `{1}`. `also` lists words that stand for numbers. */
	| {
			readonly kind: "number";
			readonly min: number;
			readonly max: number;
			readonly form: string;
			readonly also?: readonly string[];
			readonly warns?: true;
	  }
	/** One of a few words, or a list of them with commas. */
	| { readonly kind: "choice"; readonly choices: readonly string[]; readonly form: string; readonly list?: true }
	| { readonly kind: "lladdr"; readonly form: string; readonly also?: readonly string[] }
	/** An address or a host's name; `port` where `:PORT` may follow. */
	| { readonly kind: "address"; readonly form: string; readonly port?: true; readonly family?: "inet" }
	| { readonly kind: "key"; readonly form: string }
	| { readonly kind: "prefix"; readonly form: string };

export interface HostnameArgument extends Argument {
	readonly rule?: ValueRule;
}

export interface HostnameWord extends VocabularyEntry {
	readonly args: readonly HostnameArgument[];
	/** The families (families.ts) whose drivers take it. */
	readonly families: readonly string[];
	/** What ifconfig says where the family does not take it: `{if}` is the interface, `{0}` and `{1}` are the arguments. */
	readonly refusal?: string;
	/** What the word is a second spelling of. */
	readonly means?: string;
}

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
const tunnels = of("egre eoip etherip gif gre mgre nvgre vxlan");
const keyed = of("egre eoip gre mgre nvgre svlan vlan vxlan");
const withParent = of("bpe nvgre pfsync rport svlan vlan vxlan");
const priorities = of("bpe egre eoip etherip gif gre mgre mpe mpip mpw nvgre svlan vlan vxlan");
const routed = of("egre eoip etherip gif gre mgre mpe mpip mpw nvgre vxlan");
const wires = of("mpip mpw");
const trunks = of("aggr trunk");
const withMedia = of("em iwm umb etherip pair trunk vether");

const arg = (name: string, type: ValueType, rule?: ValueRule, more: Partial<Argument> = {}): HostnameArgument => ({
	name,
	type,
	...(rule?.kind === "choice" ? { choices: rule.choices } : {}),
	...more,
	...(rule === undefined ? {} : { rule }),
});
const number = (name: string, min: number, max: number, form: string, also?: readonly string[]): HostnameArgument =>
	arg(
		name,
		"number",
		{ kind: "number", min, max, form, ...(also === undefined ? {} : { also }) },
		also === undefined ? {} : { choices: also },
	);
const choice = (name: string, choices: string, form: string, list?: true): HostnameArgument =>
	arg(name, "word", { kind: "choice", choices: choices.split(" "), form, ...(list === undefined ? {} : { list }) });
const text = (name: string): HostnameArgument => arg(name, "string");
const iface = (name = "interface"): HostnameArgument => arg(name, "interface");
const lladdr = (form: string, also?: readonly string[]): HostnameArgument =>
	arg("lladdr", "lladdr", { kind: "lladdr", form, ...(also === undefined ? {} : { also }) }, also === undefined ? {} : { choices: also });
const address = (name: string, form: string, more: { port?: true; family?: "inet" } = {}): HostnameArgument =>
	arg(name, "address", { kind: "address", form, ...more });
const key = (form: string): HostnameArgument => arg("key", "string", { kind: "key", form });

interface Rest extends Partial<Pick<HostnameWord, "default" | "example" | "deprecated" | "means" | "since" | "weight" | "refusal">> {
	readonly args?: readonly HostnameArgument[];
}

/** Words that ifconfig takes and its manual does not list: their links go to the section. */
const unlisted: ReadonlySet<string> = new Set(
	of("inst sff sffdump ipdst addlocal vlan -vlan vlandev -vlandev tunnelecn -tunnelecn syncif -syncif"),
);

/** @param manual the section of ifconfig(8) */
const word =
	(group: string, manual: string) =>
	(name: string, families: readonly string[], summary: string, { args = [], ...rest }: Rest = {}): HostnameWord => ({
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

const pair = (
	make: ReturnType<typeof word>,
	name: string,
	families: readonly string[],
	summary: string,
	undone: string,
	rest: Rest = {},
): readonly HostnameWord[] => {
	const { args: _, example: __, weight, ...off } = rest;
	return [
		make(name, families, summary, rest),
		make(`-${name}`, families, undone, { ...off, ...(weight === undefined ? {} : { weight: Math.floor(weight / 3) }) }),
	];
};

const refused = (refusal: string) => ({ refusal });
const plain = { refusal: messages.noSwitch };
const member = { refusal: messages.noMember };
const memberFlag = { refusal: messages.noMemberFlag };
const carp = refused(messages.noCarp);
const sync = refused(messages.noPfsync);
const flow = refused(messages.noPflow);
const wg = refused(messages.noWg);
const ppp = refused(messages.noPpp);
const umb = refused(messages.noUmb);
const wpa = refused(messages.noWpaParameters);

const options: readonly HostnameWord[] = [
	general("up", all, "Brings the interface up. An address or `autoconf` does that too.", { weight: 100, example: "up" }),
	general("down", all, "Takes the interface down.", { weight: 30 }),
	...pair(general, "arp", all, "Uses ARP to find the addresses of neighbours.", "Does without ARP.", { default: "on" }),
	...pair(general, "debug", all, "Makes the driver tell more in the kernel's log.", "Ends the driver's debug output."),
	...pair(general, "staticarp", all, "Answers ARP requests, but sends none: all neighbours must be entered by hand.", "Uses ARP as usual."),
	general("mtu", but("bridge", "tpmr", "veb"), "The largest packet that the interface carries, in bytes.", {
		args: [number("bytes", 0, INT_MAX, messages.mtu)],
		example: "mtu 1400",
		weight: 70,
		...refused(messages.noMtu),
	}),
	general("metric", all, "A cost that routing daemons may read.", { args: [number("metric", 0, INT_MAX, messages.metric)] }),
	general("priority", all, "Added to the priority of routes through the interface: lower ones win.", {
		args: [number("priority", 0, 15, messages.priority)],
	}),
	general("llprio", all, "The queueing priority of ARP and the like, 0 to 7.", { args: [number("priority", 0, 255, messages.llprio)] }),
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
			args: [number("rdomain", 0, 255, messages.rdomain)],
			example: "rdomain 1",
			weight: 40,
		},
	),
	general(
		"lladdr",
		of("em iwm aggr bpe carp egre eoip etherip mpw nvgre pair svlan tap trunk vether vlan vport vxlan"),
		"Sets the MAC address, or a random one.",
		{
			args: [lladdr(messages.lladdr, ["random"])],
			example: "lladdr fe:e1:ba:d0:00:01",
			weight: 40,
			refusal: messages.noLladdr,
		},
	),
	...[0, 1, 2].flatMap((n) =>
		pair(general, `link${n}`, all, linkSummary(n), `Clears the driver's flag link${n}.`, { weight: n === 1 ? 45 : 25 }),
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
		refusal: messages.noCreate,
	}),
	general("destroy", but("em", "iwm", "umb"), "Removes the interface.", { refusal: messages.noDestroy }),
	general("media", withMedia, "Chooses the medium, such as `autoselect` or `1000baseT`.", {
		args: [arg("type", "word", undefined, { optional: true, default: "autoselect" })],
		example: "media 1000baseT mediaopt full-duplex",
		...refused(messages.noMedia),
	}),
	general("mediaopt", withMedia, "Sets options of the medium, such as `full-duplex`.", {
		args: [arg("options", "word")],
		...refused(messages.noMedia),
	}),
	general("-mediaopt", withMedia, "Clears options of the medium.", { args: [arg("options", "word")], ...refused(messages.noMedia) }),
	general("mode", withMedia, "Fixes the wireless mode.", {
		args: [arg("mode", "word", undefined, { choices: of("autoselect auto 11a 11b 11g 11n 11ac turbo") })],
		...refused(messages.noMedia),
	}),
	general("-mode", withMedia, "Lets the driver choose the wireless mode.", refused(messages.noMedia)),
	general("instance", withMedia, "Chooses among several media of one kind; `media` goes before it.", {
		args: [number("number", 0, 255, messages.mediaInstance)],
	}),
	general("inst", withMedia, "A short spelling of `instance`.", {
		args: [number("number", 0, 255, messages.mediaInstance)],
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
		args: [number("seconds", 0, 1000000, messages.pltime)],
	}),
	inAddress("vltime", addressed, "For how long the IPv6 address is valid.", {
		args: [number("seconds", 0, 1000000, messages.vltime)],
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
		refusal: messages.noLocalMember,
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
			["ptp", of("bridge"), "The member is a link between two bridges.", "The member is no link between two bridges."],
			[
				"autoptp",
				switches,
				"Finds out whether the member is a link between two bridges.",
				"Does not find out whether the member is a link between two bridges.",
			],
		] as const
	).flatMap(([name, families, on, off]) => [
		inBridge(name, families, on, { args: [iface()], ...memberFlag }),
		inBridge(`-${name}`, switches, off, { args: [iface()], ...memberFlag }),
	]),
	inBridge("protected", switches, "Members that share a number do not reach each other.", {
		args: [iface(), arg("domains", "number")],
		example: "protected em1 1",
		weight: 35,
		refusal: messages.noMemberValue,
	}),
	inBridge("-protected", switches, "Takes a member out of all protected groups.", { args: [iface()], refusal: messages.noUnprotected }),
	inBridge("flush", learning, "Forgets the addresses that were learned.", plain),
	inBridge("flushall", learning, "Forgets all addresses, those set by hand too.", plain),
	inBridge("static", learning, "Says behind which member a MAC address is.", {
		args: [iface(), lladdr(messages.staticLladdr)],
		refusal: messages.noMemberValue,
	}),
	inBridge("deladdr", learning, "Forgets one address.", { args: [lladdr(messages.deletedLladdr)], ...member }),
	inBridge("endpoint", of("bpe nvgre vxlan"), "Says behind which endpoint of the tunnel a MAC address is.", {
		since: "7.5",
		args: [arg("address", "address"), arg("lladdr", "lladdr")],
		refusal: messages.noEndpoint,
	}),
	inBridge("-endpoint", learning, "Forgets what `endpoint` said.", {
		since: "7.5",
		args: [arg("lladdr", "lladdr")],
		refusal: messages.noEndpointRemoval,
	}),
	inBridge("maxaddr", learning, "How many addresses are kept.", { args: [number("count", 0, UINT_MAX, messages.maxaddr)], ...plain }),
	inBridge("timeout", learning, "After how many seconds an address is forgotten; veb takes 8 to 3600.", {
		args: [number("seconds", 0, UINT_MAX, messages.timeout)],
		default: "240",
		...plain,
	}),
	inBridge("addr", learning, "Shows the addresses that were learned.", plain),
	inBridge("hellotime", of("bridge"), "Seconds between spanning tree messages, 1 to 2.", {
		args: [number("seconds", 0, 255, messages.hellotime)],
		...plain,
	}),
	inBridge("fwddelay", of("bridge"), "Seconds before a member forwards frames, 4 to 30.", {
		args: [number("seconds", 0, 255, messages.fwddelay)],
		...plain,
	}),
	inBridge("maxage", of("bridge"), "For how many seconds a spanning tree message counts, 6 to 40.", {
		args: [number("seconds", 0, 255, messages.maxage)],
		...plain,
	}),
	inBridge("holdcnt", of("bridge"), "How many spanning tree messages go out at once, 1 to 10.", {
		args: [number("count", 0, 255, messages.holdcnt)],
		...plain,
	}),
	inBridge("spanpriority", of("bridge"), "The bridge's priority in the spanning tree, 0 to 61440.", {
		args: [number("priority", 0, 65535, messages.spanpriority)],
		...plain,
	}),
	inBridge("proto", of("bridge"), "The version of the spanning tree protocol.", {
		args: [choice("version", "rstp stp", messages.proto)],
		default: "rstp",
		...plain,
	}),
	inBridge("ifpriority", of("bridge"), "A member's priority in the spanning tree.", {
		args: [iface(), number("priority", 0, 255, messages.ifpriority)],
		refusal: messages.noMemberValue,
	}),
	inBridge("ifcost", of("bridge"), "A member's cost in the spanning tree.", {
		args: [iface(), number("cost", 0, UINT_MAX, messages.ifcost)],
		refusal: messages.noMemberValue,
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
	inBridge("rules", bridges, "Shows the filter rules of a member.", { args: [iface()], refusal: messages.noRules }),
	inBridge("rulefile", all, "Reads filter rules from a file.", { args: [arg("file", "file")] }),
	inBridge("flushrule", switches, "Removes the filter rules of a member.", { args: [iface()], ...member }),

	inVlan("vnetid", [...keyed, "bpe"], "The number of the virtual network: 1 to 4094 for VLANs.", {
		args: [number("id", 0, Number.MAX_SAFE_INTEGER, messages.vnetid, ["any"])],
		example: "vnetid 10 parent em1",
		weight: 80,
		...refused(messages.noVnetid),
	}),
	inVlan("-vnetid", keyed, "Removes the number of the virtual network.", refused(messages.noVnetidRemoval)),
	inVlan("vlan", [...keyed, "bpe"], "The old spelling of `vnetid`.", {
		args: [number("id", 0, Number.MAX_SAFE_INTEGER, messages.vnetid, ["any"])],
		deprecated: "vnetid",
		...refused(messages.noVnetid),
	}),
	inVlan("-vlan", keyed, "The old spelling of `-vnetid`.", { deprecated: "-vnetid", ...refused(messages.noVnetidRemoval) }),
	inVlan("parent", withParent, "The interface underneath. A VLAN needs it before it goes up or gets an address.", {
		args: [iface()],
		example: "vnetid 10 parent em1",
		weight: 80,
		refusal: messages.noParent,
	}),
	inVlan("-parent", withParent, "Parts the interface from the one underneath.", refused(messages.noParentRemoval)),
	inVlan("vlandev", withParent, "The old spelling of `parent`.", {
		args: [iface()],
		deprecated: "parent",
		refusal: messages.noParent,
	}),
	inVlan("-vlandev", withParent, "The old spelling of `-parent`.", { deprecated: "-parent", ...refused(messages.noParentRemoval) }),
	inVlan("txprio", priorities, "The priority written on packets that go out.", {
		args: [number("priority", 0, 7, messages.txprio, ["packet", "payload"])],
		...refused(messages.noTxprio),
	}),
	inVlan("rxprio", priorities, "The priority given to packets that come in.", {
		args: [number("priority", 0, 7, messages.rxprio, ["packet", "payload", "outer"])],
		...refused(messages.noRxprio),
	}),

	inTunnel("tunnel", tunnels, "The two ends of the tunnel.", {
		args: [address("source", messages.addressString, { port: true }), address("destination", messages.addressString, { port: true })],
		example: "tunnel 192.0.2.1 198.51.100.1",
		weight: 80,
		...refused(messages.noTunnel),
	}),
	inTunnel("tunneladdr", tunnels, "This end of a tunnel with many others.", {
		args: [address("source", messages.tunneladdr, { port: true })],
		refusal: messages.noTunneladdr,
	}),
	inTunnel("-tunnel", tunnels, "Removes the ends of the tunnel.", refused(messages.noTunnelRemoval)),
	...pair(
		inTunnel,
		"tunneldomain",
		routed,
		"The routing table that the tunnel's own packets use.",
		"Uses routing table 0 for the tunnel's packets.",
		{
			args: [number("rtable", 0, 255, messages.rdomain)],
			...refused(messages.noTunneldomain),
		},
	),
	inTunnel("tunnelttl", of("egre eoip etherip gif gre mgre mpip nvgre vxlan"), "The time to live of the tunnel's packets.", {
		args: [number("ttl", 0, 255, messages.tunnelttl, ["copy"])],
		...refused(messages.noTunnelttl),
	}),
	...pair(
		inTunnel,
		"tunneldf",
		tunnels,
		"Forbids to fragment the tunnel's packets.",
		"Lets the tunnel's packets be fragmented.",
		refused(messages.noTunneldf),
	),
	...pair(
		inTunnel,
		"tunnelecn",
		of("gif gre mgre"),
		"Copies the bits for congestion between inner and outer packets.",
		"Does not copy the bits for congestion.",
		refused(messages.noTunnelecn),
	),
	...pair(
		inTunnel,
		"vnetflowid",
		of("egre eoip gre mgre nvgre"),
		"Uses a part of the key to tell flows apart.",
		"Uses the whole key as number of the network.",
		refused(messages.noVnetflowid),
	),
	...pair(
		inTunnel,
		"keepalive",
		of("eoip gre"),
		"Sends a packet every so many seconds; after so many without an answer the tunnel is down.",
		"Sends no keepalives.",
		{
			args: [number("seconds", 1, 3600, messages.keepalivePeriod), number("count", 2, 600, messages.keepaliveCount)],
			example: "keepalive 10 3",
			...refused(messages.noKeepalive),
		},
	),

	inTrunk("trunkport", trunks, "Makes an interface a port.", {
		args: [iface()],
		example: "trunkport em0 trunkport em1",
		weight: 90,
		refusal: messages.noTrunkport,
	}),
	inTrunk("-trunkport", trunks, "Takes a port out.", { args: [iface()], refusal: messages.noTrunkportRemoval }),
	inTrunk("trunkproto", trunks, "How the ports share the traffic.", {
		args: [choice("protocol", "failover lacp loadbalance roundrobin broadcast none", messages.trunkproto)],
		example: "trunkproto lacp",
		weight: 80,
		...refused(messages.noTrunk),
	}),
	inTrunk("lacpmode", trunks, "Whether LACP speaks first.", {
		args: [choice("mode", "active passive", messages.lacpmode)],
		...refused(messages.noLacp),
	}),
	inTrunk("lacptimeout", trunks, "How soon LACP gives a silent port up.", {
		args: [choice("speed", "slow fast", messages.lacptimeout)],
		...refused(messages.noLacp),
	}),

	inCarp("vhid", of("carp"), "The number of the group of hosts that share the address.", {
		args: [number("vhid", 1, 255, messages.vhid)],
		weight: 90,
		example: "vhid 1 carpdev em0 pass secret",
		...carp,
	}),
	inCarp("carpdev", of("carp"), "The interface on which carp runs.", { args: [iface()], weight: 80, ...carp }),
	inCarp("pass", of("carp"), "The secret that the hosts share.", { args: [text("secret")], weight: 70, ...carp }),
	inCarp("advbase", of("carp"), "Seconds between advertisements.", { args: [number("seconds", 0, 254, messages.advbase)], ...carp }),
	inCarp("advskew", of("carp"), "Delays the advertisements: the host with the lowest value leads.", {
		args: [number("skew", 0, 254, messages.advskew)],
		weight: 60,
		...carp,
	}),
	inCarp("carppeer", of("carp"), "Sends advertisements to one host.", {
		args: [address("address", messages.addressString, { family: "inet" })],
		...carp,
	}),
	inCarp("-carppeer", of("carp"), "Sends advertisements to all hosts.", carp),
	inCarp("state", of("carp"), "Forces the state.", {
		args: [arg("state", "word", undefined, { choices: ["master", "backup", "init"] })],
		...carp,
	}),
	inCarp("carpnodes", of("carp"), "Several groups with their skews, `vhid:skew` with commas.", { args: [arg("nodes", "word")], ...carp }),
	inCarp("balancing", of("carp"), "Shares the load among the hosts.", {
		args: [choice("mode", "none ip ip-stealth ip-unicast", messages.balancing)],
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
		args: [address("address", messages.addressString, { family: "inet" })],
		...sync,
	}),
	inSync("-syncpeer", of("pfsync"), "Sends states to all hosts.", sync),
	inSync("maxupd", of("pfsync"), "How many updates of a state are gathered.", {
		args: [number("count", 0, 255, messages.maxupd)],
		...sync,
	}),
	...pair(inSync, "defer", of("pfsync"), "Holds a connection's first packet until the peer knows the state.", "Holds no packets.", sync),

	inFlow("flowsrc", of("pflow"), "The address that exports come from.", {
		args: [address("address", messages.addressString, { port: true })],
		...flow,
	}),
	inFlow("-flowsrc", of("pflow"), "Removes the source address.", flow),
	inFlow("flowdst", of("pflow"), "The collector, as address and port.", {
		args: [address("address", messages.addressString, { port: true })],
		...flow,
	}),
	inFlow("-flowdst", of("pflow"), "Removes the collector.", flow),
	inFlow("pflowproto", of("pflow"), "The version of the export format.", {
		args: [choice("version", "5 10", messages.pflowproto)],
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
		args: [choice("protocol", "pap chap none", messages.pppproto)],
		weight: 80,
		...ppp,
	}),
	inPpp("authname", of("pppoe"), "This host's name for the provider; `authproto` goes before it.", {
		args: [text("name")],
		weight: 75,
		...ppp,
	}),
	inPpp("authkey", of("pppoe"), "This host's secret for the provider; `authproto` goes before it.", {
		args: [text("secret")],
		weight: 75,
		...ppp,
	}),
	inPpp("peerproto", of("pppoe"), "How the peer proves who it is.", {
		args: [choice("protocol", "pap chap none", messages.pppproto)],
		...ppp,
	}),
	inPpp("peername", of("pppoe"), "The peer's name; `peerproto` goes before it.", { args: [text("name")], ...ppp }),
	inPpp("peerkey", of("pppoe"), "The peer's secret; `peerproto` goes before it.", { args: [text("secret")], ...ppp }),
	inPpp("peerflag", of("pppoe"), "When the peer has to prove who it is.", {
		args: [choice("flag", "callin norechallenge", messages.pppflag)],
		...ppp,
	}),
	inPpp("-peerflag", of("pppoe"), "Clears a flag of `peerflag`.", {
		args: [choice("flag", "callin norechallenge", messages.pppflag)],
		...ppp,
	}),

	inWg("wgkey", of("wg"), "The interface's private key.", { args: [key(messages.wgkey)], weight: 90, ...wg }),
	inWg("wgport", of("wg"), "The UDP port to listen on.", {
		args: [number("port", 0, 65535, messages.wgport)],
		weight: 85,
		example: "wgport 51820",
		...wg,
	}),
	inWg("wgrtable", of("wg"), "The routing table that the tunnel's own packets use.", {
		args: [number("rtable", 0, 255, messages.wgrtable)],
		...wg,
	}),
	inWg("wgpeer", of("wg"), "Chooses a peer by its public key; the words for peers that follow belong to it.", {
		args: [key(messages.wgpeer)],
		weight: 80,
		...wg,
	}),
	inWg("-wgpeer", of("wg"), "Removes a peer.", { args: [key(messages.wgpeer)], ...wg }),
	inWg("-wgpeerall", of("wg"), "Removes all peers.", wg),
	inWg("wgendpoint", of("wg"), "The peer's address and port.", {
		args: [address("address", messages.wgendpoint), arg("port", "port")],
		weight: 70,
		...wg,
	}),
	inWg("wgaip", of("wg"), "A network whose addresses the peer may use.", {
		args: [arg("network", "network", { kind: "prefix", form: messages.wgaip })],
		weight: 75,
		...wg,
	}),
	inWg("wgpka", of("wg"), "Seconds between packets that keep the peer's way open.", {
		args: [number("seconds", 0, 43200, messages.wgpka)],
		...wg,
	}),
	inWg("wgpsk", of("wg"), "A second, shared key for the peer.", { args: [key(messages.wgpsk)], ...wg }),
	inWg("-wgpsk", of("wg"), "Removes the shared key.", wg),
	inWg("wgdescription", of("wg"), "A text beside the peer.", { args: [text("text")], since: "7.4", ...wg }),
	inWg("wgdescr", of("wg"), "A short spelling of `wgdescription`.", { args: [text("text")], means: "wgdescription", since: "7.4", ...wg }),
	inWg("-wgdescription", of("wg"), "Removes the peer's text.", { since: "7.4", ...wg }),
	inWg("-wgdescr", of("wg"), "A short spelling of `-wgdescription`.", { means: "-wgdescription", since: "7.4", ...wg }),

	inPair("patch", of("pair"), "Connects this interface with another pair(4) interface, as by a cable.", {
		args: [iface()],
		example: "patch pair1",
		weight: 90,
		...refused(messages.noPair),
	}),
	inPair("-patch", of("pair"), "Parts the two interfaces.", refused(messages.noPair)),

	inMpls("mplslabel", of("mpe mpip mpw"), "The MPLS label.", {
		args: [number("label", 0, 1048575, messages.mplslabel)],
		...refused(messages.noMplslabel),
	}),
	inMpls("-mplslabel", of("mpe mpip mpw"), "Removes the MPLS label.", refused(messages.noMplslabelRemoval)),
	...pair(inMpls, "pwecw", wires, "Sends a control word with the frames.", "Sends no control word.", refused(messages.noPwecw)),
	...pair(
		inMpls,
		"pwefat",
		wires,
		"Sends a label for the flow with the frames.",
		"Sends no label for the flow.",
		refused(messages.noPwefat),
	),
	inMpls("pweneighbor", wires, "The label and address of the other end.", {
		args: [number("label", 16, 1048575, messages.pweneighborLabel), address("address", messages.pweneighborAddress)],
		...refused(messages.noPweneighbor),
	}),
	inMpls("-pweneighbor", wires, "Removes the other end.", refused(messages.noPweneighborRemoval)),

	inWireless("nwid", wireless, "The name of the wireless network.", {
		args: [text("name")],
		weight: 90,
		example: 'nwid home wpakey "long pass phrase"',
		...refused(messages.noNwid),
	}),
	inWireless("-nwid", wireless, "Takes any wireless network.", refused(messages.noNwid)),
	inWireless("join", wireless, "A network to join when it is in reach; the key that follows belongs to it.", {
		args: [text("name")],
		weight: 85,
		...refused(messages.noJoin),
	}),
	inWireless("-join", wireless, "Forgets a network.", { args: [text("name")], ...refused(messages.noJoin) }),
	inWireless("joinlist", all, "Shows the networks to join.", { args: [arg("list", "word", undefined, { optional: true })] }),
	inWireless("-joinlist", wireless, "Forgets all networks.", refused(messages.noJoin)),
	inWireless("bssid", wireless, "The MAC address of the access point.", { args: [arg("lladdr", "lladdr")], ...refused(messages.noBssid) }),
	inWireless("-bssid", wireless, "Takes any access point.", refused(messages.noBssid)),
	...pair(inWireless, "nwkey", wireless, "A WEP key. WEP protects nothing.", "Uses no WEP.", {
		args: [text("key")],
		...refused(messages.noNwkey),
	}),
	...pair(inWireless, "wpa", wireless, "Uses WPA.", "Uses no WPA.", refused(messages.noWpa)),
	inWireless("wpakey", wireless, "The pass phrase, 8 to 63 characters, or the key as `0x` and 64 hexadecimal digits.", {
		args: [text("key")],
		weight: 85,
		...refused(messages.noWpakey),
	}),
	inWireless("-wpakey", wireless, "Removes the key.", refused(messages.noWpakey)),
	inWireless("wpaakms", wireless, "How WPA agrees on keys.", {
		args: [choice("methods", "psk 802.1x", messages.wpaakms, true)],
		...wpa,
	}),
	inWireless("wpaciphers", wireless, "The ciphers between two stations.", {
		args: [choice("ciphers", "ccmp tkip", messages.wpaciphers, true)],
		...wpa,
	}),
	inWireless("wpagroupcipher", wireless, "The cipher for broadcasts.", {
		args: [choice("cipher", "ccmp tkip wep40 wep104", messages.wpagroupcipher)],
		...wpa,
	}),
	inWireless("wpaprotos", wireless, "The versions of WPA.", {
		args: [choice("versions", "wpa2 wpa1", messages.wpaprotos, true)],
		...wpa,
	}),
	inWireless("chan", wireless, "The channel.", {
		args: [arg("channel", "number", { kind: "number", min: 1, max: 256, form: messages.chan, warns: true }, { optional: true })],
		...refused(messages.noChan),
	}),
	inWireless("-chan", wireless, "Takes any channel.", refused(messages.noChan)),
	inWireless("scan", all, "Looks for wireless networks and shows them.", { args: [arg("list", "word", undefined, { optional: true })] }),
	inWireless("nwflag", wireless, "Sets a flag of the wireless interface.", {
		args: [choice("flag", "hidenwid nobridge stayauth nomimo", messages.nwflag)],
		...refused(messages.noNwflag),
	}),
	inWireless("-nwflag", wireless, "Clears a flag of the wireless interface.", {
		args: [choice("flag", "hidenwid nobridge stayauth nomimo", messages.nwflag)],
		...refused(messages.noNwflag),
	}),
	inWireless("powersave", wireless, "Saves power at the cost of delay.", {
		args: [arg("milliseconds", "number", { kind: "number", min: 0, max: INT_MAX, form: messages.powersave }, { optional: true })],
		...refused(messages.noPowersave),
	}),
	inWireless("-powersave", wireless, "Saves no power.", refused(messages.noPowersave)),

	inUmb("pin", of("umb"), "The PIN of the SIM card.", { args: [text("pin")], ...umb }),
	inUmb("chgpin", of("umb"), "Changes the PIN.", { args: [text("old"), text("new")], ...umb }),
	inUmb("puk", of("umb"), "Unblocks the SIM card.", { args: [text("puk"), text("new pin")], ...umb }),
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
		...line("dhcp", all, "The old spelling of `inet autoconf`; netstart drops what follows on the line.", { deprecated: "inet autoconf" }),
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

const byName = new Map(options.map((entry) => [entry.name, entry]));

/** A word that ifconfig no longer has, or that another system's has, with what OpenBSD's has instead. */
export interface GoneWord {
	readonly name: string;
	readonly instead: string;
	/** The first release without it, where it was OpenBSD's own. */
	readonly removed?: Release;
	/** Whether an older OpenBSD had it. */
	readonly ours: boolean;
}

const gone = (name: string, instead: string, removed?: Release): GoneWord => ({ name, instead, ours: true, ...(removed && { removed }) });
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

export const optionWords = options;
