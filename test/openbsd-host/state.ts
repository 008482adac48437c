/** The state of a simulated host, as it lies in a file: what its kernel and vmd would know. Tests change it between commands. */

import { hostnamePath, type InterfaceConfig, type Limiter, type Release, readInterface } from "@openbsd-vnet/server";

export type GuestState = "running" | "paused" | "stopping" | "waiting" | "stopped";

export interface SimulatedGuest {
	readonly id: number;
	readonly name: string;
	state: GuestState;
	pid?: number;
	readonly cpus: number;
	/** Bytes. */
	readonly memory: number;
	/** Bytes. */
	used?: number;
	tty?: string;
	/** What its process has taken of the processor, in seconds, and what comes to that before ps prints it. */
	cpuSeconds?: number;
	cpuMore?: number;
	readonly owner: string;
	/** The taps that it uses, in the order of its interfaces. */
	taps: string[];
}

export interface SimulatedInterface {
	readonly name: string;
	/** `UP`, `RUNNING` ... in any order. */
	flags: string[];
	index: number;
	mtu?: number;
	rdomain?: number;
	lladdr?: string;
	description?: string;
	groups: string[];
	status?: string;
	/** `10.0.0.1/24`, `fe80::1/64`. */
	addresses: string[];
	members: string[];
	/** What a bridge or veb was told of its ports and VLANs, as lines of its hostname file. */
	told?: string[];
	/** Layer 2 rules as brconfig.c shows them, in the order in which they came. */
	rules?: string[];
	/** Ports of a trunk or an aggr, the master first. */
	trunkports?: string[];
	trunkproto?: string;
	parent?: string;
	vnetid?: string;
	/** `A --> B`, or its own end alone. */
	tunnel?: string;
	/** The routing domain of what goes through it, where it is another than 0. */
	tunneldomain?: string;
	patch?: string;
	/** Which of the hosts that share its addresses this one is. */
	carp?: { state: "INIT" | "BACKUP" | "MASTER"; vhid: number; advskew: number };
	wgport?: string;
	peers?: SimulatedPeer[];
	/** What it counts: packets and bytes in, packets and bytes out. */
	counters?: [number, number, number, number];
	/** What comes to that before netstat prints it. */
	traffic?: readonly [number, number, number, number];
	/** Whether it goes when the program that opened it ends: a tap that vmd made. */
	transient?: boolean;
}

/** A peer of wg(4). */
export interface SimulatedPeer {
	key: string;
	networks: string[];
	hasPsk?: boolean;
	/** Seconds; none where it is 0. */
	keepalive?: number;
	description?: string;
}

/** A rule as pf has it loaded. */
export interface LoadedRule {
	/** As pfctl prints it. */
	readonly text: string;
	/** The anchor that it calls. */
	readonly call?: { readonly path: string; readonly wildcard: boolean; readonly unnamed: boolean };
	/** Evaluations, packets, bytes, states, states created. */
	counters?: readonly [number, number, number, number, number];
}

export interface SimulatedState {
	hostName: string;
	release: string;
	/** Who runs the commands. */
	user: { name: string; uid: number; groups: string[] };
	/** The commands that doas lets the user run without a password; `*` for all. */
	doas: string[];
	vmd: "running" | "absent" | "hangs" | "notPermitted";
	guests: SimulatedGuest[];
	interfaces: SimulatedInterface[];
	pf: {
		enabled: boolean;
		/** The rules of each anchor by its path; the main ruleset's is empty. */
		anchors: Record<string, LoadedRule[]>;
		/** Tables by name, those of anchors with the path before it (`vm/web01/<t>` is `vm/web01:t`). */
		tables: Record<string, string[]>;
		/** How each is, where it is known; else a rule or a test has made it. */
		tableFlags?: Record<string, { constant: boolean; persist: boolean; counters: boolean }>;
		/** The limiters of the main ruleset, in the order of their numbers. */
		limiters?: readonly Limiter[];
		/** As `pfctl -ss -vv` prints them: the lines of each, joined. */
		states: string[];
		/** How many packets were dropped for a reason of `pfctl -s info`. */
		drops?: Record<string, number>;
	};
	sysctl: Record<string, string>;
	/** Static routes; where there are none yet, the default route is that of mygate, or of DHCP. */
	routes?: { destination: string; gateway: string; interface: string }[];
	/** Services that rcctl says run. */
	services: string[];
	/** A program that fails whatever it is asked, or waits: for tests of what goes wrong. */
	faults: Record<string, { readonly status: number; readonly stderr?: string; readonly seconds?: number }>;
}

const order = [
	"UP",
	"BROADCAST",
	"DEBUG",
	"LOOPBACK",
	"POINTOPOINT",
	"STATICARP",
	"RUNNING",
	"NOARP",
	"PROMISC",
	"ALLMULTI",
	"OACTIVE",
	"SIMPLEX",
	"LINK0",
	"LINK1",
	"LINK2",
	"MULTICAST",
	"AUTOCONF6",
	"AUTOCONF4",
] as const;

/** Flags by their bits (sys/net/if.h), for printing. */
export function flagBits(flags: readonly string[]): { readonly value: number; readonly names: readonly string[] } {
	const names = order.filter((name) => flags.includes(name));
	return {
		names,
		value: names.reduce((sum, name) => sum + 2 ** (name === "AUTOCONF6" ? 21 : name === "AUTOCONF4" ? 23 : order.indexOf(name)), 0),
	};
}

/** The release that the host's programs answer as. */
export function releaseOf({ release }: SimulatedState): Release {
	return release as Release;
}

/** Puts a port into a bridge or veb. */
export function addMember(to: SimulatedInterface, port: string): void {
	to.members.push(port);
	to.told = [...(to.told ?? []), `add ${port}`];
}

/** Takes a port out, and all that was said of it. */
export function removeMember(from: SimulatedInterface, port: string): void {
	from.members = from.members.filter((member) => member !== port);
	from.told = (from.told ?? []).filter((line) => line.split(" ")[1] !== port);
}

/** What the words about its ports have made of a bridge or veb, as its hostname file would. */
export function madeOf({ name, told = [] }: SimulatedInterface, state: SimulatedState): InterfaceConfig {
	return readInterface(hostnamePath(name), told.map((line) => `${line}\n`).join(""), releaseOf(state));
}

/** An interface as its driver makes it. */
export function newInterface(state: SimulatedState, name: string): SimulatedInterface {
	const kind = name.replace(/\d+$/, "");
	const index = Math.max(0, ...state.interfaces.map((each) => each.index)) + 1;
	const common = { name, index, groups: [kind], addresses: [], members: [] };
	switch (kind) {
		case "lo":
			return { ...common, flags: ["LOOPBACK", "MULTICAST"], mtu: 32768 };
		case "bridge":
			return { ...common, flags: [], mtu: 1500 };
		case "wg":
			return { ...common, flags: ["NOARP", "MULTICAST"], mtu: 1420 };
		case "gif":
			return { ...common, flags: ["POINTOPOINT", "MULTICAST"], mtu: 1280 };
		case "trunk":
		case "aggr":
			return {
				...common,
				flags: ["BROADCAST", "SIMPLEX", "MULTICAST"],
				mtu: 1500,
				lladdr: lladdr(0xba, index),
				trunkproto: kind === "aggr" ? "lacp" : "roundrobin",
				trunkports: [],
			};
		case "veb":
		case "tpmr":
			return { ...common, flags: ["BROADCAST", "SIMPLEX", "MULTICAST"] };
		case "tap":
			return {
				...common,
				flags: ["BROADCAST", "SIMPLEX", "MULTICAST"],
				mtu: 1500,
				lladdr: lladdr(0xba, index),
				status: "no carrier",
			};
		default:
			return {
				...common,
				// Only cloned interfaces are in a group of their kind (sys/net/if.c, if_clone_create()).
				groups: /^(vether|vport|vlan|wg|trunk|carp|gif|gre|pppoe|enc|pflog|tun|svlan|aggr|vxlan|rport|pair)$/.test(kind) ? [kind] : [],
				flags: ["BROADCAST", "SIMPLEX", "MULTICAST"],
				mtu: 1500,
				lladdr: lladdr(0xba, index),
			};
	}
}

function lladdr(third: number, index: number): string {
	const hex = (value: number): string => (value & 255).toString(16).padStart(2, "0");
	return `fe:e1:${hex(third)}:${hex(0xd0 + index)}:${hex(index >> 8)}:${hex(index)}`;
}

/** A host as a fresh installation is, without guests. */
export function freshState(hostName = "hv1.example.org"): SimulatedState {
	const state: SimulatedState = {
		hostName,
		release: "7.6",
		user: { name: "op", uid: 1000, groups: ["op", "wheel"] },
		doas: ["pfctl", "vmctl", "openbsd-vnet-host"],
		vmd: "running",
		guests: [],
		interfaces: [],
		pf: { enabled: true, anchors: { "": [] }, tables: {}, states: [] },
		sysctl: {
			"kern.boottime": "Mon Nov 30 05:20:10 2026",
			"kern.version": "OpenBSD 7.6",
			"net.inet.ip.forwarding": "0",
			"net.inet6.ip6.forwarding": "0",
		},
		services: ["cron", "pflogd", "sshd", "vmd"],
		faults: {},
	};
	for (const [name, addresses] of [
		["lo0", ["127.0.0.1/8", "::1/128"]],
		["em0", ["203.0.113.10/24"]],
		["em1", []],
	] as const) {
		const made = newInterface(state, name);
		made.flags.push("UP", "RUNNING");
		made.addresses = [...addresses];
		if (name !== "lo0") made.status = "active";
		if (name === "em0") made.groups = ["egress"];
		state.interfaces.push(made);
	}
	return state;
}

/** Adds running guests with a tap each, on switches of fifty. */
export function populate(state: SimulatedState, guests: number): void {
	for (let id = 1; id <= guests; id++) {
		const number = Math.floor((id - 1) / 50);
		let bridge = state.interfaces.find(({ name }) => name === `veb${number}`);
		if (bridge === undefined) {
			bridge = { ...newInterface(state, `veb${number}`), description: `switch${number + 1}-lan${number}` };
			bridge.flags.push("UP", "RUNNING", "LINK1");
			state.interfaces.push(bridge);
		}
		const tap = { ...newInterface(state, `tap${id - 1}`), description: `vm${id}-if0-guest${id}`, status: "active", transient: true };
		tap.flags.push("UP", "RUNNING", "PROMISC");
		state.interfaces.push(tap);
		addMember(bridge, tap.name);
		state.guests.push({
			id,
			name: `guest${id}`,
			state: "running",
			pid: 40000 + id,
			cpus: 1,
			memory: 1024 ** 3,
			used: 300 * 1024 ** 2,
			tty: `ttyp${id}`,
			owner: "root",
			taps: [tap.name],
		});
	}
}
