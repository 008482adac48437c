/**
 * What OpenBSD's programs print of a simulated host's state, byte for byte: usr.sbin/vmctl/vmctl.c (print_vm_info()),
 * sbin/ifconfig/ifconfig.c (status()), brconfig.c (bridge_list()), sbin/pfctl/pfctl.c (pfctl_show_rules()).
 */
import { simulatedVersion } from "@openbsd-vnet/remote";
import { type netstart, vlanRanges } from "@openbsd-vnet/server";
import { flagBits, type LoadedRule, madeOf, type SimulatedInterface, type SimulatedPeer, type SimulatedState } from "./state.ts";

/** `uname -a`. */
export function systemLine({ hostName, release }: SimulatedState): string {
	return `OpenBSD ${hostName} ${release} ${simulatedVersion} amd64\n`;
}

/** `vmctl status`; it exits with 1 where it has listed no guest. */
export function vmctlStatus({ guests }: SimulatedState, runningOnly = false): { readonly text: string; readonly status: number } {
	const row = (...[id, pid, cpus, max, used, tty, owner, state, name]: readonly (string | number)[]): string =>
		`${pad(id, 5)} ${pad(pid, 5)} ${pad(cpus, 5)} ${pad(max, 7)} ${pad(used, 7)} ${pad(tty, 7)} ${pad(owner, 12)} ${pad(state, 8)} ${name}\n`;
	const runs = ({ pid }: { readonly pid?: number }): boolean => pid !== undefined;
	const shown = [...guests.filter(runs), ...(runningOnly ? [] : guests.filter((guest) => !runs(guest)))];
	const rows = shown.map(({ id, pid, cpus, memory, used, tty, owner, state, name }) =>
		row(id, pid ?? "-", cpus, scaled(memory), used === undefined ? "-" : scaled(used), tty ?? "-", owner.slice(0, 15), state, name),
	);
	return {
		text: row("ID", "PID", "VCPUS", "MAXMEM", "CURMEM", "TTY", "OWNER", "STATE", "NAME") + rows.join(""),
		status: rows.length === 0 ? 1 : 0,
	};
}

function pad(value: string | number | undefined, width: number): string {
	return String(value).padStart(width);
}

/** lib/libutil/fmt_scaled.c, for sizes from 1K. */
function scaled(bytes: number): string {
	let unit = 0;
	let value = bytes;
	while (value >= 1024 && unit < 6) {
		value /= 1024;
		unit++;
	}
	const tenths = Math.round(value * 10);
	return unit === 0 || tenths >= 1000 ? `${Math.round(value)}${"BKMGTPE"[unit]}` : `${(tenths / 10).toFixed(1)}${"BKMGTPE"[unit]}`;
}

interface Shown {
	/** Whether it was asked for by its name. */
	readonly named: boolean;
	/** `-A`. Without, and without a name, one IPv4 address is shown, and no peers (ifconfig.c, printif() and wg_status()). */
	readonly all: boolean;
}

/** One interface, with a bridge's members. `trunks` has the trunk of each port. */
function ifconfigOf(state: SimulatedState, each: SimulatedInterface, { named, all }: Shown, trunks: ReadonlyMap<string, string>): string {
	const { value, names } = flagBits(each.flags);
	const kind = each.name.replace(/\d+$/, "");
	const whole = named || all;
	const joins = kind === "bridge" || kind === "veb" || kind === "tpmr";
	const { veb, domains } = madeOf(each, state);
	let text = `${each.name}: flags=${value.toString(16)}<${names.join(",")}>`;
	if (each.rdomain) text += ` rdomain ${each.rdomain}`;
	if (each.mtu) text += ` mtu ${each.mtu}`;
	text += "\n";
	if (each.lladdr !== undefined) text += `\tlladdr ${each.lladdr}\n`;
	if (each.description !== undefined && each.description !== "") text += `\tdescription: ${each.description}\n`;
	text += `\tindex ${each.index}${joins ? "" : " priority 0"} llprio 3\n`;
	if (veb !== undefined) text += `\tencap: vnetid ${veb.untagged} txprio packet rxprio outer\n`;
	if (each.patch !== undefined) text += `\tpatch: ${each.patch}\n`;
	if (kind !== "carp" && (each.vnetid !== undefined || each.parent !== undefined || kind === "vlan"))
		text += `\tencap: vnetid ${each.vnetid ?? "none"} parent ${each.parent ?? "none"} txprio packet rxprio outer\n`;
	if (each.carp !== undefined) {
		const { state, vhid, advskew } = each.carp;
		text += `\tcarp: ${state} carpdev ${each.parent ?? "none"} vhid ${vhid} advbase 1 advskew ${advskew}\n`;
	}
	if (each.wgport !== undefined) text += `\twgport ${each.wgport}\n`;
	for (const peer of whole ? (each.peers ?? []) : []) text += peerText(peer);
	const trunk = trunks.get(each.name);
	if (each.trunkproto !== undefined) text += `\ttrunk: trunkproto ${each.trunkproto}\n`;
	for (const [i, port] of (each.trunkports ?? []).entries()) text += `\t\t${port} port ${i === 0 ? "master,active" : "active"}\n`;
	if (trunk !== undefined) text += `\ttrunk: trunkdev ${trunk}\n`;
	if (each.groups.length > 0) text += `\tgroups: ${each.groups.join(" ")}\n`;
	if (/^(em|ix|igc|bge|re)$/.test(kind)) text += "\tmedia: Ethernet autoselect (1000baseT full-duplex)\n";
	if (each.status !== undefined) text += `\tstatus: ${each.status}\n`;
	const port = kind === "vxlan" ? ":4789" : "";
	if (each.tunnel !== undefined) {
		const domain = each.tunneldomain === undefined ? "" : ` rdomain ${each.tunneldomain}`;
		text += `\ttunnel: inet ${each.tunnel.replace(/(?= |$)/, port)} ttl 64 nodf${domain}\n`;
	}
	const [primary] = each.addresses.filter((address) => !address.includes(":"));
	for (const address of each.addresses.filter((one) => whole || one.includes(":") || one === primary))
		text += `\t${addressText(address, each.name)}\n`;
	if (kind === "bridge") text += "\tpriority 32768 hellotime 2 fwddelay 15 maxage 20 holdcnt 6 proto rstp\n";
	if (kind === "bridge" && whole) text += "\tdesignated: id 00:00:00:00:00:00 priority 0\n";
	text += pvlans(veb);
	for (const [i, member] of each.members.entries()) {
		const blocksOthers = (each.told ?? []).findLast((line) => new RegExp(`^-?blocknonip ${member}$`).test(line))?.startsWith("b") === true;
		text += memberText(member, i + 1, { ...veb?.ports.get(member), blocksOthers }, domains.get(member));
		for (const rule of (each.rules ?? []).filter((one) => `${one} `.includes(` on ${member} `))) text += `\t${rule}\n`;
	}
	if (joins && kind !== "tpmr" && whole) text += "\tAddresses (max cache: 100, timeout: 240):\n";
	return text;
}

/** A peer of wg(4), in the order of ifconfig.c, wg_status(). */
function peerText({ key, networks, hasPsk = false, keepalive = 0, description }: SimulatedPeer): string {
	const said = [
		...(description === undefined ? [] : [`wgdescr: ${description}`]),
		...(hasPsk ? ["wgpsk (present)"] : []),
		...(keepalive === 0 ? [] : [`wgpka ${keepalive} (sec)`]),
		"tx: 0, rx: 0",
		...networks.map((network) => `wgaip ${network}`),
	];
	return `\twgpeer ${key}\n${said.map((line) => `\t\t${line}\n`).join("")}`;
}

/** Flags of ports by their bits (sys/net/if_bridge.h). */
const portFlags = [
	["LEARNING", 0x1],
	["DISCOVER", 0x2],
	["BLOCKNONIP", 0x4],
	["LOCKED", 0x2000],
	["PVPTAGS", 0x4000],
] as const;

/** A port of a bridge or veb: since vebs know VLANs with those of the port (brconfig.c, bridge_list() and bridge_vidmap()). */
function memberText(
	name: string,
	number: number,
	port: Partial<netstart.VebPort> & { readonly blocksOthers: boolean },
	domains: ReadonlySet<number> | undefined,
): string {
	const { learn = true, discover = true, blocksOthers, locked = false, pvptags = false, untagged, tagged } = port;
	const set = portFlags.filter((_, i) => [learn, discover, blocksOthers, locked, pvptags][i]);
	const bits = set.reduce((sum, [, bit]) => sum | bit, 0);
	const vlan = untagged === undefined ? "" : untagged === "none" ? " -untagged" : ` untagged ${untagged}`;
	const apart = domains === undefined ? "" : ` protected ${[...domains].join(",")}`;
	const list =
		tagged === undefined || (tagged.size === 0 && name.startsWith("vport")) ? "" : `\t\ttagged: ${vlanRanges(tagged) || "none"}\n`;
	return `\t${name} flags=${bits.toString(16)}<${set.map(([flag]) => flag).join(",")}>\n\t\tport ${number} ifpriority 0 ifcost 0${vlan}${apart}\n${list}`;
}

/** brconfig.c, bridge_pvlans(). */
function pvlans(veb: netstart.VebState | undefined): string {
	const all = [...(veb?.pvlans ?? [])];
	return all
		.filter(([, { kind }]) => kind === "primary")
		.map(([primary]) => {
			const of = (kind: "isolated" | "community"): string =>
				all.flatMap(([vlan, one]) => (one.primary === primary && one.kind === kind ? [vlan] : [])).join(",");
			return `\tpvlan ${primary} isolated ${of("isolated") || "none"}${of("community") === "" ? "" : ` community ${of("community")}`}\n`;
		})
		.join("");
}

function addressText(address: string, name: string): string {
	const [ip = "", bits = "32"] = address.split("/");
	const length = Number(bits);
	if (ip.includes(":")) return `inet6 ${ip}${ip.startsWith("fe80") ? `%${name}` : ""} prefixlen ${length}`;
	const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
	const number = ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
	const broadcast = (number | ~mask) >>> 0;
	const dotted = [24, 16, 8, 0].map((shift) => (broadcast >>> shift) & 255).join(".");
	return `inet ${ip} netmask 0x${mask.toString(16).padStart(8, "0")}${length < 31 && !name.startsWith("lo") ? ` broadcast ${dotted}` : ""}`;
}

/** All interfaces, or those of a name or a group; undefined where there is none. */
export function ifconfigList(
	state: SimulatedState,
	{ name, all = false }: { readonly name?: string; readonly all?: boolean } = {},
): string | undefined {
	const { interfaces } = state;
	const trunks = new Map(interfaces.flatMap((trunk) => (trunk.trunkports ?? []).map((port) => [port, trunk.name] as const)));
	if (name === undefined) return interfaces.map((each) => ifconfigOf(state, each, { named: false, all }, trunks)).join("");
	const found = interfaces.filter((each) => each.name === name || (!/\d$/.test(name) && each.groups.includes(name)));
	return found.length === 0 ? undefined : found.map((each) => ifconfigOf(state, each, { named: true, all }, trunks)).join("");
}

export interface ShowRules {
	/** `-v` and `-vv`. */
	readonly verbose: 0 | 1 | 2;
	/** `-a 'X/*'`: everything below it too. */
	readonly recurse: boolean;
	/** Whether `X` itself is asked for by its children. */
	readonly wildcard: boolean;
}

/** `pfctl -s rules` of an anchor. */
export function rules({ pf }: SimulatedState, path: string, how: ShowRules, depth = 0): string {
	const indent = how.verbose === 0 ? "  ".repeat(depth) : "";
	const children = (of: string): string[] => {
		const below = Object.keys(pf.anchors).filter((each) => each !== "" && each.startsWith(of === "" ? "" : `${of}/`));
		const names = below.map((each) => each.slice(of === "" ? 0 : of.length + 1).split("/")[0] ?? "");
		return [...new Set(names)].sort();
	};
	let text = "";
	for (const [number, rule] of (pf.anchors[path] ?? []).entries()) {
		const opens = rule.call !== undefined && (rule.call.unnamed || how.recurse);
		text += `${indent}${how.verbose === 2 ? `@${number} ` : ""}${rule.text}${opens ? " {" : ""}\n${counters(rule, how)}`;
		if (rule.call !== undefined && opens)
			text += `${rules({ pf } as SimulatedState, rule.call.path, { ...how, wildcard: rule.call.wildcard }, depth + 1)}${indent}}\n`;
	}
	if (how.wildcard && how.recurse) {
		for (const name of children(path)) {
			const below = rules({ pf } as SimulatedState, path === "" ? name : `${path}/${name}`, { ...how, wildcard: false }, depth + 1);
			text += `${indent}anchor "${name}" all {\n${below}${indent}}\n`;
		}
	}
	return text;
}

function counters({ counters = [0, 0, 0, 0, 0] }: LoadedRule, { verbose }: ShowRules): string {
	if (verbose === 0) return "";
	const [evaluations, packets, bytes, states, creations] = counters.map(String);
	return (
		`  [ Evaluations: ${evaluations?.padEnd(8)}  Packets: ${packets?.padEnd(8)}  Bytes: ${bytes?.padEnd(10)}  States: ${states?.padEnd(6)}]\n` +
		`  [ Inserted: uid 0 pid 51234 State Creations: ${creations?.padEnd(6)}]\n`
	);
}
