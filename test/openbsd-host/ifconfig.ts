/**
 * ifconfig over the simulated state, as strict as the kernel: what is in place already is refused, repeated or silent as each
 * driver has it (sys/net/if_veb.c, if_bridge.c, if_trunk.c, if_vlan.c), and addresses go before they are set (ifconfig.c, main).
 */
import { isCloned, netstart as library } from "@openbsd-vnet/server";
import { ifconfigList } from "./print.ts";
import { fail, type Machine, ok, type Program, type Result } from "./program.ts";
import { dropRoutes } from "./routes.ts";
import {
	addMember,
	newInterface,
	releaseOf,
	removeMember,
	type SimulatedInterface,
	type SimulatedPeer,
	type SimulatedState,
} from "./state.ts";
import { removeInterface } from "./vmd.ts";

export const ifconfig: Program = (machine, args) => {
	const { state } = machine;
	const [first, ...rest] = args;
	if (first === undefined || first === "-a") return ok(ifconfigList(state));
	if (first === "-A") return ok(ifconfigList(state, { all: true }));
	if (rest.length === 0) {
		const text = ifconfigList(state, { name: first });
		return text === undefined ? fail(`${first}: no such interface`) : ok(text);
	}
	if (machine.uid !== 0) return fail(`ifconfig: SIOCSIFFLAGS: Operation not permitted`);
	return configure(machine, first, rest);
};

/** Words about ports of a veb that count in their order. */
const ofFlags = /^-?(learn|discover|blocknonip|locked|pvptags)$/;
const ofPorts = /^-?(untagged|tagged|pvlan|pvlan-isolated|pvlan-community|protected|learn|discover|locked|pvptags|blocknonip)$/;

/** What ends a command where it stands. */
class Refused extends Error {}

function refuse(text: string): never {
	throw new Refused(`ifconfig: ${text}`);
}

/** Gives an interface words, one after the other. Those that the simulated hosts do not know are let be: the dry run is who refuses. */
export function configure(machine: Pick<Machine, "state">, name: string, words: readonly string[]): Result {
	const { state } = machine;
	const warnings: string[] = [];
	try {
		if (words[0] === "destroy") destroy(state, name);
		else {
			const made = words[0] === "create";
			if (made && find(state, name) !== undefined) refuse(`${name}: SIOCIFCREATE: File exists`);
			const to = find(state, name) ?? make(state, name);
			new Telling(state, to, warnings).all(made ? words.slice(1) : words);
		}
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		return fail([...warnings, error.message].join("\n"));
	}
	return { status: 0, stderr: warnings.map((line) => `${line}\n`).join("") };
}

function find({ interfaces }: SimulatedState, name: string): SimulatedInterface | undefined {
	return interfaces.find((each) => each.name === name);
}

/** ifconfig makes a cloned interface that it is told something about. */
function make(state: SimulatedState, name: string): SimulatedInterface {
	if (!isCloned(name)) refuse(`${name}: SIOCGIFFLAGS: Device not configured`);
	const made = newInterface(state, name);
	state.interfaces.push(made);
	return made;
}

function destroy(state: SimulatedState, name: string): void {
	const gone = find(state, name);
	if (gone === undefined) refuse(`${name}: SIOCIFDESTROY: Device not configured`);
	if (!isCloned(name)) refuse(`${name}: SIOCIFDESTROY: Invalid argument`);
	if (isLoopbackOfDomain(gone)) {
		if (domainOf(gone) === 0) refuse(`${name}: SIOCIFDESTROY: Operation not permitted`);
		if (state.interfaces.some((each) => each !== gone && domainOf(each) === domainOf(gone))) refuse(`${name}: SIOCIFDESTROY: Device busy`);
	}
	removeInterface(state, name);
}

function domainOf({ rdomain = 0 }: SimulatedInterface): number {
	return rdomain;
}

/** The loopback that a routing domain needs: that of its number (sys/net/if_loop.c, loop_clone_destroy()). */
function isLoopbackOfDomain(one: SimulatedInterface): boolean {
	return one.name === `lo${domainOf(one)}`;
}

/** Words that a driver refuses while the interface runs. */
const refusedWhileRunning: Readonly<Record<string, readonly string[]>> = {
	vlan: ["parent"],
	svlan: ["parent"],
	vxlan: ["parent", "vnetid", "tunnel", "tunneladdr", "tunneldomain"],
	egre: ["vnetid", "tunnel", "tunneldomain"],
	nvgre: ["parent", "vnetid", "tunnel"],
	eoip: ["vnetid", "tunnel"],
	mgre: ["vnetid", "tunneladdr", "tunneldomain"],
};

class Telling {
	readonly #state: SimulatedState;
	readonly #to: SimulatedInterface;
	readonly #kind: string;
	readonly #warnings: string[];
	#family: "inet" | "inet6" = "inet";
	#address: string | undefined;
	#mask: string | undefined;
	#alias: "set" | "add" | "delete" = "set";
	#peer: SimulatedPeer | undefined;
	#isPeerNew = false;

	constructor(state: SimulatedState, to: SimulatedInterface, warnings: string[]) {
		this.#state = state;
		this.#to = to;
		this.#kind = to.name.replace(/\d+$/, "");
		this.#warnings = warnings;
	}

	all(words: readonly string[]): void {
		const [first] = words;
		let i = 0;
		if (first === "inet" || first === "inet6") {
			this.#family = first;
			i = 1;
		}
		while (i < words.length) {
			const word = words[i++] ?? "";
			if (word === "rule") {
				this.#rule(words.slice(i));
				return;
			}
			const entry = library.wordOf(word);
			if (entry === undefined || word === "inet" || word === "inet6") {
				this.#address ??= word;
				continue;
			}
			const next = words[i];
			const isBare = entry.args[0]?.optional === true && (next === undefined || library.wordOf(next) !== undefined);
			const count = isBare ? 0 : entry.args.length;
			this.#word(word, words.slice(i, i + count));
			i += count;
		}
		this.#setAddress();
	}

	#flag(flag: string, on: boolean): void {
		this.#to.flags = on ? [...new Set([...this.#to.flags, flag])] : this.#to.flags.filter((each) => each !== flag);
	}

	#word(word: string, [value = "", second = ""]: readonly string[]): void {
		const to = this.#to;
		if (ofFlags.test(word) && !to.members.includes(value)) refuse(`${to.name}: ioctl SIOCBRDGGIFFLGS ${value}: No such process`);
		if (ofPorts.test(word) || (this.#kind === "veb" && /^-?vnetid$/.test(word))) this.#tell(word, value, second);
		const link = /^(-?)(link[012]|debug)$/.exec(word);
		if (link !== null) {
			this.#flag((link[2] ?? "").toUpperCase(), link[1] === "");
			return;
		}
		const busy = (refusedWhileRunning[this.#kind] ?? []).includes(word.replace(/^-/, "")) && to.flags.includes("RUNNING");
		switch (word) {
			case "up":
			case "down":
				this.#setUp(word === "up");
				break;
			case "eui64":
				if (to.addresses.some((each) => each.startsWith("fe80:"))) break;
				if (this.#isPortWithoutAddress()) refuse("could not determine link local address");
				to.addresses.push(linkLocal(to));
				break;
			case "-inet6":
				to.addresses = to.addresses.filter((each) => !each.includes(":"));
				break;
			case "add":
				this.#addMember(value);
				break;
			case "del":
				if (!to.members.includes(value))
					refuse(`${to.name}: ${value}: ${this.#kind === "bridge" ? "No such process" : "Invalid argument"}`);
				removeMember(to, value);
				to.rules = (to.rules ?? []).filter((rule) => !isOn(rule, value));
				break;
			case "flushrule":
				if (!to.members.includes(value)) refuse(`${to.name}: ${value}: No such process`);
				to.rules = (to.rules ?? []).filter((rule) => !isOn(rule, value));
				break;
			case "description":
			case "descr":
				to.description = value;
				break;
			case "-description":
			case "-descr":
				delete to.description;
				break;
			case "group":
				if (!to.groups.includes(value)) to.groups.push(value);
				break;
			case "-group":
				to.groups = to.groups.filter((group) => group !== value);
				break;
			case "mtu":
				if (this.#holder()?.trunkports !== undefined && (to.mtu !== Number(value) || this.#holder()?.name.startsWith("trunk") === true))
					this.#warn(`SIOCSIFMTU: ${this.#holder()?.name.startsWith("trunk") === true ? "Invalid argument" : "Device busy"}`);
				else to.mtu = Number(value);
				break;
			case "rdomain":
			case "-rdomain":
				this.#setDomain(word === "rdomain" ? Number(value) : 0);
				break;
			case "lladdr":
				to.lladdr = value;
				break;
			case "autoconf":
			case "-autoconf":
				this.#flag(this.#family === "inet" ? "AUTOCONF4" : "AUTOCONF6", word === "autoconf");
				if (word === "autoconf") this.#setUp(true);
				break;
			case "trunkproto":
				to.trunkproto = value;
				break;
			case "trunkport":
				this.#addPort(value);
				break;
			case "-trunkport":
				if (!(to.trunkports ?? []).includes(value)) refuse(`${to.name}: ${value}: SIOCSTRUNKDELPORT: Invalid argument`);
				to.trunkports = (to.trunkports ?? []).filter((port) => port !== value);
				break;
			case "parent":
			case "vlandev":
				if (to.parent === value) break;
				if (busy || (word === "vlandev" && to.flags.includes("RUNNING"))) this.#warn(`${to.name}: ${value}: SIOCSIFPARENT: Device busy`);
				else if (find(this.#state, value) === undefined) this.#warn(`${to.name}: ${value}: SIOCSIFPARENT: Invalid argument`);
				else to.parent = value;
				break;
			case "vnetid":
			case "vlan":
				if (this.#kind === "veb") break;
				if (busy && to.vnetid !== value) this.#warn("SIOCSVNETID: Device busy");
				else to.vnetid = value;
				break;
			case "tunnel":
				if (busy) this.#warn("SIOCSLIFPHYADDR: Device busy");
				else to.tunnel = `${value} --> ${second}`;
				break;
			case "tunneladdr":
				if (busy) this.#warn(`tunneladdr ${value}: Device busy`);
				else to.tunnel = value;
				break;
			case "tunneldomain":
			case "-tunneldomain":
				// Of a domain that no interface is in there is no table (sys/net/if_gre.c, gre_tunnel_ioctl(); if_vxlan.c, vxlan_set_rdomain()).
				if (busy) this.#warn("SIOCSLIFPHYRTABLE: Device busy");
				else if (word === "tunneldomain" && this.#state.interfaces.every((each) => domainOf(each) !== Number(value)))
					this.#warn(`SIOCSLIFPHYRTABLE: ${this.#kind === "vxlan" ? "Can't assign requested address" : "Invalid argument"}`);
				else if (word === "tunneldomain") to.tunneldomain = value;
				else delete to.tunneldomain;
				break;
			case "patch":
				to.patch = value;
				break;
			case "wgport":
				to.wgport = value;
				break;
			case "wgpeer":
				this.#peer = (to.peers ?? []).find(({ key }) => key === value);
				this.#isPeerNew = this.#peer === undefined;
				if (this.#peer === undefined) {
					this.#peer = { key: value, networks: [] };
					to.peers = [...(to.peers ?? []), this.#peer];
				}
				break;
			case "-wgpeer":
				to.peers = (to.peers ?? []).filter(({ key }) => key !== value);
				break;
			case "wgaip":
				// The networks that are told are all that it has (WG_PEER_REPLACE_AIPS).
				if (!this.#isPeerNew && this.#peer !== undefined) this.#peer.networks = [];
				this.#isPeerNew = true;
				this.#peer?.networks.push(value);
				break;
			case "wgpsk":
				if (this.#peer !== undefined) this.#peer.hasPsk = true;
				break;
			case "wgpka":
				if (this.#peer !== undefined) this.#peer.keepalive = Number(value);
				break;
			case "wgdescr":
			case "wgdescription":
				if (this.#peer !== undefined) this.#peer.description = value;
				break;
			case "netmask":
			case "prefixlen":
				this.#mask = value;
				break;
			case "alias":
				this.#alias = "add";
				break;
			case "delete":
			case "-alias":
				this.#alias = "delete";
				break;
		}
	}

	/** What is said of ports and VLANs stands in its order; what the release's ifconfig refuses of it is refused. */
	#tell(...words: readonly string[]): void {
		const to = this.#to;
		const told = [...(to.told ?? []), words.filter((word) => word !== "").join(" ")];
		const [refusal] = library.check(to.name, `${told.join("\n")}\n`, { release: releaseOf(this.#state) }).messages;
		if (refusal !== undefined) refuse(refusal.replace(/^ifconfig: /, ""));
		to.told = told;
	}

	#warn(text: string): void {
		this.#warnings.push(`ifconfig: ${text}`);
	}

	#setUp(up: boolean): void {
		const to = this.#to;
		// Whom it hears decides which it is after that (ip_carp.c, carp_setrun).
		if (to.carp !== undefined && (!up || to.carp.state === "INIT")) to.carp.state = up ? "BACKUP" : "INIT";
		if (up && /^s?vlan$/.test(this.#kind) && to.parent === undefined) refuse(`${to.name}: SIOCSIFFLAGS: Device not configured`);
		if (up && this.#kind === "vxlan") {
			if (to.tunnel === undefined) refuse(`${to.name}: SIOCSIFFLAGS: Destination address required`);
			// Its socket is bound to its own end of the tunnel.
			const [own = ""] = to.tunnel.split(" ");
			if (!this.#state.interfaces.some(({ addresses }) => addresses.some((each) => each.split("/")[0] === own)))
				refuse(`${to.name}: SIOCSIFFLAGS: Can't assign requested address`);
		}
		this.#flag("UP", up);
		if (this.#kind !== "tap") this.#flag("RUNNING", up);
	}

	/** A bridge is silent of a member that it has (EEXIST); a veb and a tpmr are not (EBUSY, ether_brport_isset()). */
	#addMember(member: string): void {
		const { name, members } = this.#to;
		const isBridge = this.#kind === "bridge";
		if (find(this.#state, member) === undefined)
			refuse(`${name}: ${member}: ${isBridge ? "No such file or directory" : "Invalid argument"}`);
		if (isBridge && members.includes(member)) return;
		if (this.#isTaken(member)) refuse(`${name}: ${member}: Device busy`);
		addMember(this.#to, member);
		const port = find(this.#state, member);
		if (port !== undefined) port.flags = [...new Set([...port.flags, "PROMISC"])];
	}

	#addPort(port: string): void {
		const to = this.#to;
		if (find(this.#state, port) === undefined) refuse(`${to.name} ${port}: SIOCSTRUNKPORT: Invalid argument`);
		if (this.#isTaken(port)) refuse(`${to.name} ${port}: SIOCSTRUNKPORT: Device busy`);
		to.trunkports = [...(to.trunkports ?? []), port];
	}

	/** Whether something has it as a member or a port. */
	#isTaken(name: string): boolean {
		return this.#state.interfaces.some(({ members, trunkports }) => members.includes(name) || trunkports?.includes(name) === true);
	}

	/** Whose member or port it is. */
	#holder(): SimulatedInterface | undefined {
		const { name } = this.#to;
		return this.#state.interfaces.find(({ members, trunkports }) => members.includes(name) || trunkports?.includes(name) === true);
	}

	#isPortWithoutAddress(): boolean {
		return this.#kind !== "vport" && /^(veb|tpmr)\d/.test(this.#holder()?.name ?? "");
	}

	#rule(words: readonly string[]): void {
		const to = this.#to;
		const port = words[words.indexOf("on") + 1] ?? "";
		if (!to.members.includes(port)) {
			this.#warn(`${to.name}: No such ${this.#kind === "bridge" ? "file or directory" : "process"}`);
			return;
		}
		// A rule that is there already is there once more.
		to.rules = [...(to.rules ?? []), shownRule(words)];
	}

	/**
	 * Another routing domain: no address stays. A new one gets the loopback of its number, which no other domain may have
	 * (sys/net/if.c, if_createrdomain(), if_setrdomain()). What is refused is told, and the words behind it are taken all the same.
	 */
	#setDomain(domain: number): void {
		const [to, state] = [this.#to, this.#state];
		if (domainOf(to) === domain) return;
		const own = find(state, `lo${domain}`);
		if (isLoopbackOfDomain(to)) return this.#warn("SIOCSIFRDOMAIN: Operation not permitted");
		if (own !== undefined && own !== to && domainOf(own) !== domain) return this.#warn("SIOCSIFRDOMAIN: Invalid argument");
		if (own === undefined) state.interfaces.push({ ...newInterface(state, `lo${domain}`), rdomain: domain });
		for (const address of to.addresses) dropRoutes(this.#state, to.name, address);
		to.addresses = [];
		if (domain === 0) delete to.rdomain;
		else to.rdomain = domain;
	}

	/** The address is set last: the first IPv4 address goes before, with what is routed by it. */
	#setAddress(): void {
		const to = this.#to;
		const [address, length] = this.#address?.split("/") ?? [];
		if (address === undefined || !/^[0-9a-f:.]+$/i.test(address)) {
			if (this.#address !== undefined) refuse(`${this.#address}: bad value`);
			return;
		}
		if (/^(bridge|veb|tpmr)$/.test(this.#kind)) refuse("SIOCAIFADDR: Inappropriate ioctl for device");
		if (/^s?vlan$/.test(this.#kind) && to.parent === undefined) refuse("SIOCAIFADDR: Device not configured");
		const isSame = (each: string) => each.startsWith(`${address}/`);
		const lose = (each: string | undefined) => {
			if (each === undefined) return;
			to.addresses = to.addresses.filter((one) => one !== each);
			dropRoutes(this.#state, to.name, each);
		};
		if (this.#alias === "delete") {
			if (!to.addresses.some(isSame)) refuse("SIOCDIFADDR: Can't assign requested address");
			lose(to.addresses.find(isSame));
			return;
		}
		if (this.#alias === "set" && this.#family === "inet") lose(to.addresses.find((each) => !each.includes(":")));
		// A port of these takes none (SIOCSIFADDR), of IPv6 no first one; what it had before it has still.
		const hasInet6 = to.addresses.some((each) => each.includes(":"));
		if (this.#isPortWithoutAddress() && (this.#family === "inet" || !hasInet6)) refuse("SIOCAIFADDR: Device busy");
		const bits =
			length ??
			(this.#mask === undefined ? (address.includes(":") ? "64" : "24") : /[.x]/.test(this.#mask) ? bitsOf(this.#mask) : this.#mask);
		const isFirst = address.includes(":") && !to.addresses.some((each) => each.startsWith("fe80:"));
		const own = isFirst && !address.startsWith("fe80:") ? [linkLocal(to)] : [];
		to.addresses = [...to.addresses.filter((each) => !isSame(each)), ...own, `${address}/${bits}`];
		this.#setUp(true);
	}
}

function linkLocal({ index }: SimulatedInterface): string {
	return `fe80::${index.toString(16)}/64`;
}

function isOn(rule: string, port: string): boolean {
	return `${rule} `.includes(` on ${port} `);
}

/** brconfig.c, bridge_showrule(). */
function shownRule([action = "", ...rest]: readonly string[]): string {
	return [
		action,
		...(rest[0] === "on" ? ["in/out"] : []),
		...rest.map((word) => (/^[0-9a-f:]{11,17}$/i.test(word) ? word.toLowerCase() : word)),
	].join(" ");
}

/** Of a mask as 255.255.255.0, or as ifconfig shows it: 0xffffff00. */
function bitsOf(mask: string): string {
	const value = mask.startsWith("0x") ? BigInt(mask) : mask.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
	return String(value.toString(2).replace(/0+$/, "").length);
}
