/** What ifconfig(8) says to one command: its own reading of the words (ifconfig.c, main) and the drivers' answers. */

import { hasChange } from "../releases/releases.ts";
import { byteLength } from "../text/bytes.ts";
import { etherAton, etherNtoa } from "../text/ether.ts";
import { msg } from "../text/message.ts";
import type { ProgramMessage } from "../text/program-message.ts";
import { type Bridge, bridgeWord, newBridge } from "./bridge.ts";
import { bridgeRuleFault, bridgeRuleParts, type RulePart } from "./bridge-rule.ts";
import type { HostnameCode } from "./diagnostics.ts";
import { carriesEthernet, type DriverFamily, familyOf } from "./families.ts";
import { filled, type IfconfigText, type KernelText } from "./messages.ts";
import { driverOf } from "./names.ts";
import type { ShellWord } from "./shell.ts";
import {
	addressFamily,
	errnoOf,
	hasInterfaceIndex,
	inetAton,
	isContiguous,
	isInet6,
	isMediaOption,
	isMedium,
	numberFault,
	type Resolve,
	ruleFault,
	wepFault,
} from "./values.ts";
import { isPortWord, newVeb, type SwitchFault, type Veb, vebWord, vlanFault } from "./veb.ts";
import { VLANS } from "./vlans.ts";
import { type HostnameWord, type ReleaseWords, wordOf } from "./vocabulary.ts";

/** One complaint, in ifconfig's words; without a place where netstart has put the word in, or the whole command is meant. */
export interface IfconfigComplaint extends ProgramMessage {
	readonly code: HostnameCode;
	/** The word of ifconfig that is refused, or to which the argument belongs. */
	readonly option?: string;
	/** The text of the offending word. */
	readonly text: string;
	/** A line that comes beside another, which says what is wrong, or with what is right. */
	readonly beside?: true;
}

/** A word that the walk has understood: for tokens and for what may follow. */
export type Understood =
	| { readonly kind: "option"; readonly word: ShellWord; readonly entry: HostnameWord }
	| { readonly kind: "argument"; readonly word: ShellWord; readonly entry: HostnameWord; readonly index: number }
	| { readonly kind: "address"; readonly word: ShellWord }
	| { readonly kind: "rule"; readonly word: ShellWord; readonly part: RulePart };

/** What an interface has become by the commands before. */
export interface InterfaceState {
	readonly name: string;
	/** The words of the whole file. */
	readonly words: ReadonlySet<string>;
	readonly family: DriverFamily;
	/** Whether the interface exists; a cloned one has been made by netstart. */
	readonly exists: boolean;
	/** Whether a `destroy` above has removed it; the next command makes it again. */
	removed: boolean;
	readonly addresses: Set<string>;
	readonly groups: Set<string>;
	parent: boolean;
	/** Whether it has an end of its tunnel. */
	tunnel: boolean;
	/** Where it sends frames to: one other end, all of a group, or those that are learned or named; undefined where that is not known. */
	peers: "none" | "one" | "group" | "endpoints" | undefined;
	/** The number of its network, where it has one that is written. */
	vnetid: number | undefined;
	/** Whether a part of the number tells flows apart. */
	flows: boolean;
	up: boolean;
	nwid: boolean;
	trunkproto: string;
	/** The ports of a trunk; undefined where a command of the shell may have changed them. */
	trunkports: Set<string> | undefined;
	/** The protocol of a bridge's spanning tree. */
	proto: string;
	authproto: boolean;
	peerproto: boolean;
	/** What a veb has become. */
	readonly veb: Veb;
	/** What a bridge has become. */
	readonly bridge: Bridge;
}

/** A command of the shell may have made anything of the interface. */
export function openToShell(state: InterfaceState): void {
	state.veb.open = true;
	state.bridge.open = true;
	state.tunnel = true;
	state.peers = undefined;
	state.trunkports = undefined;
	state.flows = false;
	state.vnetid ??= 0;
}

export interface IfconfigContext {
	/** What the ifconfig of the host's release knows. */
	readonly words: ReleaseWords;
	/** The interfaces of the host; undefined where they are not known. */
	readonly interfaces: ReadonlySet<string> | undefined;
	readonly resolve: Resolve;
}

/** @param words those of the whole file: whose members or tunnel it never sets, others may */
export function newInterface(name: string, { interfaces }: IfconfigContext, words: ReadonlySet<string> = new Set()): InterfaceState {
	const family = familyOf(name);
	const elsewhere = ["bridge", "veb"].includes(family.key) && !["add", "addlocal", "addspan"].some((word) => words.has(word));
	return {
		name,
		words,
		family,
		exists: interfaces === undefined || family.cloned || interfaces.has(name),
		addresses: new Set(),
		groups: new Set(["all", driverOf(name)]),
		removed: false,
		parent: false,
		tunnel: false,
		peers: words.has("tunnel") || words.has("tunneladdr") ? "none" : undefined,
		vnetid: undefined,
		flows: false,
		up: false,
		nwid: false,
		trunkproto: family.key === "aggr" ? "lacp" : "roundrobin",
		trunkports: new Set(),
		proto: "rstp",
		authproto: false,
		peerproto: false,
		veb: newVeb(elsewhere),
		bridge: newBridge(elsewhere),
	};
}

/** The drivers that refuse to be up without an end of their tunnel (if_vxlan.c and if_gre.c, the functions that end in _up). */
const withTunnel: ReadonlySet<string> = new Set(["vxlan", "mgre", "egre", "nvgre", "eoip"]);

/** The drivers that get no link-local address with inet6 (sys/netinet6/in6_ifattach.c). */
const withoutLinkLocal: ReadonlySet<string> = new Set(["wg", "bridge", "enc", "pflog", "pfsync"]);

/** The largest number of a network beside which a gre(4) tells flows apart, and the most keepalives that it counts (if_gre.c). */
const MAX_VNETID_WITH_FLOWS = 0xffffff;
const MAX_KEEPALIVES = 256;

class Stop extends Error {}

/** How ifconfig reads the words of one command. */
export interface IfconfigReading {
	readonly complaints: readonly IfconfigComplaint[];
	readonly understood: readonly Understood[];
	/** The words behind the one at which ifconfig gives up: what they would mean. */
	readonly unreached: readonly Understood[];
	/** What a further word would be: an argument of an option, or a word of a layer 2 rule; a new option or address without. */
	readonly next?: { readonly entry: HostnameWord; readonly index: number } | { readonly rule: readonly string[] };
}

/** The words after `ifconfig IF`, one after the other. `state` takes what they change. */
export function ifconfig(words: readonly ShellWord[], state: InterfaceState, around: IfconfigContext): IfconfigReading {
	const walk = new Walk(words, state, around);
	walk.run();
	const { complaints, understood, unreached, next } = walk;
	return { complaints, understood, unreached, ...(next === undefined ? {} : { next }) };
}

/** Options whose argument is an interface, and what the driver says of one that does not exist or carries no Ethernet. */
const interfaceArguments: Readonly<
	Record<string, { readonly missing: IfconfigText; readonly foreign?: IfconfigText; readonly warns?: true }>
> = {
	parent: {
		missing: "{if}: {0}: SIOCSIFPARENT: Invalid argument",
		foreign: "{if}: {0}: SIOCSIFPARENT: Protocol not supported",
		warns: true,
	},
	trunkport: { missing: "{if} {0}: SIOCSTRUNKPORT: Invalid argument", foreign: "{if} {0}: SIOCSTRUNKPORT: Protocol not supported" },
	"-trunkport": { missing: "{if}: {0}: SIOCSTRUNKDELPORT: Invalid argument" },
	carpdev: { missing: "{if}: SIOCSVH: Invalid argument" },
	syncdev: { missing: "{if}: SIOCSETPFSYNC: Device not configured" },
	syncif: { missing: "{if}: SIOCSETPFSYNC: Device not configured" },
	pppoedev: { missing: "PPPOESETPARMS: Device not configured" },
	patch: { missing: "patch {0}: No such file or directory" },
	addlocal: { missing: "{if}: ioctl SIOCBRDGADDL {0}: No such file or directory" },
	add: { missing: "{if}: {0}: No such file or directory", foreign: "{if}: {0}: Invalid argument" },
};

const switchMembers: typeof interfaceArguments = {
	add: { missing: "{if}: {0}: Invalid argument", foreign: "{if}: {0}: Protocol not supported" },
};

/** The smallest and largest MTU of a driver (SIOCSIFMTU of sys/net); 46 bytes is what every Ethernet driver asks for. */
const mtuLimits: Readonly<Record<string, readonly [number, number]>> = {
	tun: [46, 16384],
	tap: [46, 16384],
	gif: [1280, 8192],
	wg: [1, 9000],
	pppoe: [0, 2048],
	trunk: [46, 1500],
	gre: [576, 2 ** 31 - 1],
	mgre: [576, 2 ** 31 - 1],
	egre: [576, 2 ** 31 - 1],
	lo: [0, 2 ** 31 - 1],
};

const vnetids: Readonly<Record<string, readonly [number, number]>> = {
	vlan: VLANS,
	svlan: VLANS,
	veb: VLANS,
	erspan: [0, 1023],
	vxlan: [0, 0xffffff],
	nvgre: [0, 0xffffff],
	bpe: [0, 0xffffff],
	eoip: [0, 0xffff],
	gre: [0, 0xffffffff],
	mgre: [0, 0xffffffff],
	egre: [0, 0xffffffff],
};

/** Limits of bridges and their spanning tree (sys/net/bridgestp.c), and of learning switches (if_etherbridge.c). */
const driverLimits: Readonly<Record<string, readonly [number, number]>> = {
	hellotime: [1, 2],
	fwddelay: [4, 30],
	maxage: [6, 40],
	holdcnt: [1, 10],
	spanpriority: [0, 61440],
	// In ticks it is an int (bridgectl.c).
	timeout: [0, 21474836],
};
/** The longest that ifconfig copies of an address with a port (ifconfig.c, pflow_addr()). */
const flowLength = 263;
const learningLimits: Readonly<Record<string, readonly [number, number]>> = { maxaddr: [1, 4096], timeout: [8, 3600] };

class Walk {
	readonly complaints: IfconfigComplaint[] = [];
	readonly understood: Understood[] = [];
	readonly unreached: Understood[] = [];
	next: IfconfigReading["next"];
	#refused = false;
	readonly #words: readonly ShellWord[];
	readonly #state: InterfaceState;
	readonly #around: IfconfigContext;
	#inet6 = false;
	#positions = 0;
	/** `alias` 1, plain 0, `-alias` and `delete` -1. */
	#alias = 0;
	/** Of an IPv6 address; each is without end where it is not said. */
	readonly #lifetimes: { pltime?: number; vltime?: number } = {};
	#address: ShellWord | undefined;
	#peer = false;
	#network: "nwid" | "join" | undefined;
	readonly #media = new Set<string>();

	constructor(words: readonly ShellWord[], state: InterfaceState, around: IfconfigContext) {
		this.#words = words;
		this.#state = state;
		this.#around = around;
	}

	run(): void {
		const words = this.#words;
		const state = this.#state;
		let i = 0;
		const first = words[0];
		if (first !== undefined && (first.text === "inet" || first.text === "inet6")) {
			this.#inet6 = first.text === "inet6";
			const entry = wordOf(first.text);
			if (entry !== undefined) this.#take({ kind: "option", word: first, entry });
			i = 1;
		}
		if (!state.exists && i < words.length) {
			this.#judge(() => this.#fail("hostname/no-interface", "{if}: SIOCGIFFLAGS: Device not configured", [], undefined));
		}
		if (state.removed && words[i]?.text !== "destroy") {
			Object.assign(state, newInterface(state.name, this.#around, state.words));
			// It is made again by its name, whatever is done with it (ifconfig.c, getinfo()).
			if (words[i]?.text === "create") i++;
		}
		while (i < words.length) {
			const word = words[i];
			if (word === undefined) break;
			// What a variable or a command gives is not known, nor is what stands behind it.
			if (word.open) {
				openToShell(state);
				return;
			}
			if (word.text === "rule") {
				this.#rule(word, words.slice(i + 1));
				return;
			}
			this.next = undefined;
			const entry = word.text === "inet" || word.text === "inet6" ? undefined : this.#around.words.word(word.text);
			if (entry === undefined) {
				this.#judge(() => this.#position(word));
				i++;
				continue;
			}
			this.#take({ kind: "option", word, entry });
			i++;
			let count = entry.args.length;
			const given = words.length - i;
			if (given < count) this.next = { entry, index: given };
			if (entry.args[0]?.optional === true) {
				const next = words[i];
				if (next === undefined || (!next.open && this.#isCommand(next.text))) count = 0;
			}
			const args = words.slice(i, i + count);
			for (const [index, argument] of args.entries()) this.#take({ kind: "argument", word: argument, entry, index });
			this.#judge(() => {
				if (args.length < count) {
					const wanted = count === 1 ? "'{0}' requires argument" : "'{0}' requires 2 arguments";
					this.#fail("hostname/missing-argument", wanted, [word.text], word, word.text);
				}
				this.#option(word, entry, args);
			});
			i += count;
		}
		this.#judge(() => this.#finish());
	}

	#take(understood: Understood): void {
		(this.#refused ? this.unreached : this.understood).push(understood);
	}

	/** Does what ifconfig does, unless it has given up at a word before. */
	#judge(act: () => void): void {
		if (this.#refused) return;
		try {
			act();
		} catch (error) {
			if (!(error instanceof Stop)) throw error;
			this.#refused = true;
		}
	}

	/** Whether a word is in ifconfig's table: an optional argument is none of these. */
	#isCommand(text: string): boolean {
		return !["inet", "inet6", "rule"].includes(text) && this.#around.words.word(text) !== undefined;
	}

	/** Words that are no command: first the address, then the other end's. */
	#position(word: ShellWord): void {
		if (this.#positions >= 2) this.#fail("hostname/unknown-word", "{0}: bad value", [word.text], word);
		this.understood.push({ kind: "address", word });
		this.#positions++;
		this.#takeAddress(word, this.#positions === 1, "hostname/unknown-word");
		if (this.#positions === 1) this.#address = word;
	}

	#takeAddress(word: ShellWord, main: boolean, code: HostnameCode): void {
		if (word.open) return;
		const { text } = word;
		const slash = main ? text.indexOf("/") : -1;
		const [host, length] = slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
		if (this.#inet6) {
			if (length !== undefined) this.#prefix(word, length, 128);
			if (!isInet6(host) && (inetAton(host) !== undefined || this.#around.resolve(host) === false)) {
				this.#fail(code, "{0}: no address associated with name", [host], word);
			}
			return;
		}
		const network = length !== undefined && /^\d{1,3}(\.\d{1,3}){0,3}$/.test(host) && numberFault(length, 0, 32) === undefined;
		if (network && inetAton(host.replace(/(^|\.)0+(?=\d)/g, "$1")) !== undefined) return;
		if (inetAton(text) === undefined && (length !== undefined || isInet6(text) || this.#around.resolve(text) === false)) {
			this.#fail(code, "{0}: bad value", [text], word);
		}
	}

	#prefix(word: ShellWord, length: string, most: number): void {
		const fault = numberFault(length, 0, most);
		if (fault !== undefined) this.#fail("hostname/value", "prefix {0}: {1}", [length, fault], word, "prefixlen");
	}

	#rule(word: ShellWord, rest: readonly ShellWord[]): void {
		const entry = wordOf("rule");
		if (entry === undefined) return;
		const texts = rest.map(({ text }) => text);
		this.next = { rule: texts };
		this.#take({ kind: "option", word, entry });
		for (const [index, part] of bridgeRuleParts(texts).entries()) {
			const own = rest[index];
			if (own !== undefined && !own.open) this.#take({ kind: "rule", word: own, part });
		}
		if (rest.every(({ open }) => !open)) this.#judge(() => this.#judgeRule(word, entry, rest));
	}

	#judgeRule(word: ShellWord, entry: HostnameWord, rest: readonly ShellWord[]): void {
		const fault = bridgeRuleFault(rest.map(({ text }) => text));
		if (fault !== undefined) {
			const at = rest[fault.index] ?? word;
			this.#warn("hostname/rule", fault.form, fault.args, at, "rule");
			if (fault.behind !== undefined) this.#beside("hostname/rule", fault.behind, fault.rule, at, "rule");
			throw new Stop();
		}
		if (!entry.families.includes(this.#state.family.key)) this.#refuse(word, entry, rest);
		const on = rest.findIndex(({ text }) => text === "on") + 1;
		this.#ofSwitch(word, entry, rest.slice(on));
	}

	#option(word: ShellWord, entry: HostnameWord, args: readonly ShellWord[]): void {
		const values = args.map(({ text }) => text);
		const known = args.every(({ open }) => !open);
		for (const [index, argument] of args.entries()) {
			const rule = entry.args[index]?.rule;
			if (rule === undefined || rule.kind === "vlan" || argument.open) continue;
			const fault = ruleFault(rule, argument.text, this.#around.resolve);
			if (fault === undefined) continue;
			if (rule.kind === "number" && rule.warns) this.#warn("hostname/value", rule.form, fault, argument, word.text);
			else this.#fail("hostname/value", rule.form, fault, argument, word.text);
		}
		if (known) this.#own(word, entry, args, values);
		else if (["bridge", "veb"].includes(this.#state.family.key)) openToShell(this.#state);
		if (!entry.families.includes(this.#state.family.key)) {
			// A few options only show something where they have no argument, on every family.
			if (entry.refusal !== undefined && !(args.length === 0 && ["media", "chan"].includes(entry.name))) this.#refuse(word, entry, args);
			return;
		}
		if (known) this.#driver(word, entry, args, values);
	}

	#refuse(word: ShellWord, entry: HostnameWord, args: readonly ShellWord[]): void {
		const { key } = this.#state.family;
		const texts = args.map(({ text }) => text);
		let form = entry.refusal;
		if (!this.#state.family.known || form === undefined) return;
		// A bridge keeps flags that it does not know, and does nothing with them.
		if (key === "bridge" && /^-?(?:locked|pvptags)$/.test(entry.name)) {
			this.#ofSwitch(word, entry, args);
			return;
		}
		if (entry.name === "static" && texts[1]?.includes("@") === true) form = "{if} static {0} {1}: Inappropriate ioctl for device";
		if (entry.name === "deladdr" && texts[0]?.includes("@") === true) form = "{if} deladdr {0}: Inappropriate ioctl for device";
		if (key === "veb" && form === "{if}: ioctl SIOCBRDGGIFFLGS {0}: Inappropriate ioctl for device") {
			this.#ofSwitch(word, entry, args);
			form = "{if}: ioctl SIOCBRDGSIFFLGS {0}: Invalid argument";
		}
		form = addressRefusal(entry.name, this.#state) ?? form;
		if (form.startsWith("{if}") && form !== "{if}: {0}: SIOCSIFPARENT: Inappropriate ioctl for device")
			this.#fail("hostname/family", form, texts, word, entry.name);
		else this.#warn("hostname/family", form, texts, word, entry.name);
	}

	/** What ifconfig itself checks beside the vocabulary's rules. */
	#own(word: ShellWord, entry: HostnameWord, args: readonly ShellWord[], values: readonly string[]): void {
		const state = this.#state;
		const [argument] = args;
		const [value = "", second = ""] = values;
		const bad = (form: IfconfigText, args: readonly string[], at = argument ?? word, code: HostnameCode = "hostname/value"): never =>
			this.#fail(code, form, args, at, entry.name);
		const fault = vlanFault(
			entry.name,
			values,
			entry.args.some(({ rule }) => rule?.kind === "lladdr" && rule.vlan !== undefined),
		);
		if (fault !== undefined) this.#fail(fault.code, fault.form, fault.args, args[fault.at ?? 0] ?? word, entry.name);
		switch (entry.name) {
			case "group":
				if (value === "") bad("setifgroup: group name empty", []);
				if (value.length > 15) bad("setifgroup: group name too long", []);
				if (/[0-9]$/.test(value)) bad("setifgroup: group names may not end in a digit", []);
				state.groups.add(value);
				break;
			case "-group":
				if (value.length > 15) bad("unsetifgroup: group name too long", []);
				if (!state.groups.delete(value)) bad("{0}: SIOCDIFGROUP: No such file or directory", [value], argument, "hostname/no-effect");
				break;
			case "description":
			case "descr":
				if (byteLength(value) > 63) this.#warn("hostname/value", "SIOCSIFDESCR: File name too long", [], argument, entry.name);
				break;
			case "rtlabel":
				if (value.length > 31) this.#warn("hostname/value", "SIOCSIFRTLABEL: File name too long", [], argument, entry.name);
				break;
			case "netmask":
				this.#netmask(argument ?? word, value);
				break;
			case "prefixlen":
				this.#prefix(argument ?? word, value, this.#inet6 ? 128 : 32);
				break;
			case "broadcast":
				this.#takeAddress(argument ?? word, false, "hostname/value");
				break;
			case "ipdst":
				if (inetAton(value) === undefined && this.#around.resolve(value) === false) bad("{0}: bad value", [value]);
				break;
			case "alias":
			case "-alias":
			case "delete":
				this.#alias = entry.name === "alias" ? 1 : -1;
				break;
			case "pltime":
			case "vltime":
				this.#lifetimes[entry.name] = Number(value);
				if (!this.#inet6) bad("{0} not allowed for this address family", [entry.name], word, "hostname/order");
				break;
			case "eui64":
			case "temporary":
			case "-temporary":
				if (!this.#inet6) bad("{0} not allowed for this address family", [entry.name.replace(/^-/, "")], word, "hostname/order");
				if (entry.name !== "eui64") break;
				if (this.#address !== undefined && hasInterfaceIndex(this.#address.text))
					bad("interface index is already filled", [], word, "hostname/order");
				if (this.#address === undefined || !this.#hasLinkLocal()) bad("could not determine link local address", [], word, "hostname/order");
				break;
			case "tunnel":
				if (
					isInet6(value) !== isInet6(second) &&
					(isInet6(value) || inetAton(host(value)) !== undefined) &&
					(isInet6(second) || inetAton(host(second)) !== undefined)
				) {
					bad("source and destination address families do not match", [], args[1]);
				}
				break;
			case "media":
			case "mode":
			case "mediaopt":
			case "-mediaopt":
			case "instance":
			case "inst":
				this.#medium(word, entry, argument, value);
				break;
			default:
				this.#ofItsKind(word, entry, args, values);
		}
	}

	/** The same of words that one kind of interface has. */
	#ofItsKind(word: ShellWord, entry: HostnameWord, args: readonly ShellWord[], values: readonly string[]): void {
		const state = this.#state;
		const [argument] = args;
		const [value = "", second = ""] = values;
		const bad = (form: IfconfigText, args: readonly string[], at = argument ?? word, code: HostnameCode = "hostname/value"): never =>
			this.#fail(code, form, args, at, entry.name);
		switch (entry.name) {
			case "protected":
				for (const part of second.split(",").filter((one) => one !== "")) {
					const fault = numberFault(part, 1, 31);
					if (fault !== undefined) bad("protected domain {0} is: {1}: {2}", [part, fault, errnoOf(fault)], args[1]);
				}
				break;
			case "addlocal":
				if (!value.startsWith("vether")) bad("only vether can be local interface", [], argument, "hostname/interface");
				break;
			case "endpoint":
			case "-endpoint": {
				if (entry.name === "endpoint" && addressFamily(value, this.#around.resolve) === undefined)
					bad("{if} endpoint {0}: no address associated with name", [value]);
				const address = entry.name === "endpoint" ? second : value;
				if (etherAton(address) === undefined) bad("{if} {0} {1}: invalid Ethernet address", [entry.name, values.join(" ")], args.at(-1));
				break;
			}
			case "bssid":
				if (etherAton(value) === undefined) this.#warn("hostname/value", "malformed BSSID: {0}", [value], argument, entry.name);
				break;
			case "carpnodes":
				for (const node of value.split(",").filter((one) => one !== "")) {
					const [, vhid = "", skew = ""] = /^\s*\+?(\d+):\s*\+?(\d+)/.exec(node) ?? [];
					if (skew === "") bad("non parsable arg: {0}", [node]);
					if (Number(vhid) > 255) bad("vhid {0}: value too large", [vhid]);
					if (Number(skew) >= 255) bad("advskew {0}: value too large", [skew]);
				}
				break;
			case "flowdst":
				if (byteLength(value) >= flowLength) bad("{0} bad value", [value]);
				break;
			case "nwid":
			case "join":
				if (this.#network !== undefined) {
					if (this.#network === entry.name) bad("{0} may not be specified twice", [entry.name], word, "hostname/order");
					bad("nwid and join may not be used at the same time", [], word, "hostname/order");
				}
				this.#network = entry.name;
				if (value.length > 32 && !value.startsWith("0x")) this.#warn("hostname/value", "strings too long", [], argument, entry.name);
				break;
			case "nwkey": {
				const fault = wepFault(value);
				if (fault !== undefined) this.#warn("hostname/value", fault, [], argument, entry.name);
				break;
			}
			case "wpakey":
				if (this.#network === undefined) {
					this.#beside("hostname/order", "no nwid or join command, guessing nwid to use", [], word, entry.name);
					if (state.family.key !== "iwm" && state.family.known)
						bad("{if}: SIOCG80211NWID: Inappropriate ioctl for device", [], word, "hostname/family");
				}
				if (value.startsWith("0x")) {
					if (!/^0x[0-9a-fA-F]{64}$/.test(value)) bad("wpakey: invalid pre-shared key", []);
				} else {
					if (value.length < 8 || value.length > 63) bad("wpakey: passphrase must be between 8 and 63 characters", []);
					if (this.#network === undefined && !state.nwid && state.family.key === "iwm")
						bad("wpakey: nwid not set", [], word, "hostname/order");
				}
				break;
			case "wgpeer":
			case "-wgpeer":
				this.#peer = true;
				break;
			case "wgaip":
			case "wgpka":
			case "wgpsk":
			case "wgendpoint":
			case "wgdescr":
			case "wgdescription":
			case "-wgdescr":
			case "-wgdescription":
			case "-wgpsk":
				if (!this.#peer) bad("{0}: wgpeer not set", [entry.name.replace(/^-/, "").replace("description", "descr")], word, "hostname/order");
				break;
			default:
				break;
		}
	}

	#medium(word: ShellWord, entry: HostnameWord, argument: ShellWord | undefined, value: string): void {
		const { family } = this.#state;
		if (!entry.families.includes(family.key) || argument === undefined) return;
		const name = entry.name === "inst" ? "instance" : entry.name;
		const wireless = family.key === "iwm";
		const type = wireless ? "IEEE802.11" : "Ethernet";
		const bad = (form: IfconfigText, args: readonly string[], at: ShellWord = argument, code: HostnameCode = "hostname/value"): never =>
			this.#fail(code, form, args, at, entry.name);
		if (this.#media.has(name)) bad("only one `{0}' command may be issued", [name], word, "hostname/order");
		if (name === "media" && this.#media.has("mode")) bad("may not issue `media' after `mode' commands", [], word, "hostname/order");
		if (name === "media" && this.#media.has("mediaopt")) bad("may not issue `media' after `mediaopt' commands", [], word, "hostname/order");
		if (name === "instance" && !this.#media.has("media")) bad("must specify `media' before `instance'", [], word, "hostname/order");
		if (name === "-mediaopt" && this.#media.has("media")) bad("may not issue both `media' and `-mediaopt'", [], word, "hostname/order");
		this.#media.add(name);
		if (name === "media" && !isMedium(value, wireless)) bad("unknown {0} media subtype: {1}", [type, value]);
		const modes = wireless ? (entry.args[0]?.choices ?? []) : ["auto", "autoselect"];
		if (name === "mode" && !modes.includes(value.toLowerCase())) bad("unknown {0} media mode: {1}", [type, value]);
		if (name.endsWith("mediaopt")) {
			const wrong = value.split(",").find((option) => option !== "" && !isMediaOption(option, wireless));
			if (wrong !== undefined) bad("unknown {0} media option: {1}", [type, wrong]);
		}
	}

	#netmask(word: ShellWord, value: string): void {
		if (this.#inet6) {
			this.#takeAddress(word, false, "hostname/value");
			return;
		}
		const mask = inetAton(value);
		if (mask === undefined) {
			if (this.#around.resolve(value) === false) this.#fail("hostname/value", "{0}: bad value", [value], word, "netmask");
		} else if (!isContiguous(mask)) this.#fail("hostname/value", "{0}: non-contiguous mask", [value], word, "netmask");
	}

	/** What the interface's driver answers. */
	#driver(word: ShellWord, entry: HostnameWord, args: readonly ShellWord[], values: readonly string[]): void {
		const state = this.#state;
		const { key } = state.family;
		const [argument = word] = args;
		const [value = ""] = values;
		const out = (limits: readonly [number, number] | undefined): boolean =>
			limits !== undefined && numberFault(value, limits[0], limits[1]) !== undefined;
		if ((key === "veb" || key === "bridge") && this.#ofSwitch(word, entry, args)) return;
		switch (entry.name) {
			case "up":
				this.#bringUp(word);
				break;
			case "down":
				state.up = false;
				break;
			case "lladdr":
				if (((etherAton(value)?.[0] ?? 0) & 1) === 1)
					this.#warn("hostname/value", "SIOCSIFLLADDR: Invalid argument", [], argument, "lladdr");
				break;
			case "llprio":
				if (out([0, 7])) this.#warn("hostname/value", "SIOCSIFLLPRIO: Invalid argument", [], argument, "llprio");
				break;
			case "mtu":
				if (out(mtuLimits[key] ?? [46, 65536])) this.#warn("hostname/value", "SIOCSIFMTU: Invalid argument", [], argument, "mtu");
				break;
			case "vnetid":
			case "vlan": {
				// ifconfig has a word for any, which no driver takes.
				const most = state.flows ? MAX_VNETID_WITH_FLOWS : undefined;
				if (value === "any" || out(vnetids[key]) || out(most && [0, most]))
					this.#warn("hostname/value", "SIOCSVNETID: Invalid argument", [], argument, entry.name);
				else state.vnetid = Number(value);
				break;
			}
			case "-vnetid":
			case "-vlan":
				state.vnetid = undefined;
				state.flows = false;
				break;
			case "vnetflowid":
			case "-vnetflowid":
				this.#setFlows(word, entry.name === "vnetflowid");
				break;
			case "keepalive":
				if (Number(values[1]) > MAX_KEEPALIVES)
					this.#warn("hostname/value", "SIOCSETKALIVE: Invalid argument", [], args[1] ?? argument, entry.name);
				break;
			case "parent":
			case "vlandev":
				if (state.up && state.parent) this.#warn("hostname/order", "{if}: {0}: SIOCSIFPARENT: Device busy", [value], argument, entry.name);
				else if (this.#checkInterface(argument, interfaceArguments.parent, entry.name)) state.parent = true;
				break;
			case "-parent":
			case "-vlandev":
				state.parent = false;
				break;
			case "tunnel":
			case "tunneladdr":
				state.tunnel = true;
				state.peers = entry.name === "tunneladdr" ? "endpoints" : isOfGroup(values[1] ?? "") ? "group" : "one";
				state.veb.statics.clear();
				break;
			case "-tunnel":
				state.tunnel = false;
				state.peers = "none";
				break;
			case "endpoint": {
				const refusal = addressRefusal(entry.name, state);
				if (refusal !== undefined) this.#fail("hostname/order", refusal, values, word, entry.name);
				state.veb.statics.set(`${etherNtoa(etherAton(values[1] ?? "") ?? [])}@`, "");
				break;
			}
			case "deladdr":
			case "-endpoint": {
				// Its table of addresses is a veb's.
				const fault =
					state.peers === undefined ? undefined : vebWord(state.veb, entry.name, values, { panics: false, isThere: () => true });
				this.#failBy(fault, word, args, entry.name);
				break;
			}
			case "trunkport":
				if (this.#checkInterface(argument, interfaceArguments.trunkport, entry.name)) state.trunkports?.add(value);
				break;
			case "-trunkport":
				if (!this.#checkInterface(argument, interfaceArguments["-trunkport"], entry.name)) break;
				if (state.trunkports?.delete(value) === false) {
					const form =
						key === "aggr" ? "{if}: {0}: SIOCSTRUNKDELPORT: Invalid argument" : "{if}: {0}: SIOCSTRUNKDELPORT: No such file or directory";
					this.#fail("hostname/no-effect", form, [value], argument, entry.name);
				}
				break;
			case "patch":
				if (value === state.name) this.#warn("hostname/interface", "SIOCSIFPAIR: Invalid argument", [], argument, "patch");
				else if (this.#checkInterface(argument, interfaceArguments.patch, "patch") && !/^pair\d/.test(value))
					this.#warn("hostname/interface", "SIOCSIFPAIR: Operation not supported by device", [], argument, "patch");
				break;
			case "trunkproto":
				this.#takeTrunkProtocol(value, argument);
				break;
			case "proto":
				state.proto = value;
				break;
			case "hellotime":
				if (state.proto !== "stp") this.#fail("hostname/order", "{if}: Operation not permitted", [], word, entry.name);
				else if (out(driverLimits.hellotime)) this.#fail("hostname/value", "{if}: Invalid argument", [], argument, entry.name);
				break;
			case "lacpmode":
			case "lacptimeout":
				if (state.trunkproto !== "lacp") this.#fail("hostname/order", "Invalid option for trunk: {if}", [], word, entry.name);
				break;
			case "authproto":
				state.authproto = value !== "none";
				break;
			case "peerproto":
				state.peerproto = value !== "none";
				break;
			case "authname":
			case "authkey":
				if (!state.authproto) this.#fail("hostname/order", "unspecified protocol", [], word, entry.name);
				break;
			case "peername":
			case "peerkey":
			case "peerflag":
			case "-peerflag":
				if (!state.peerproto) this.#fail("hostname/order", "unspecified protocol", [], word, entry.name);
				break;
			case "nwid":
				state.nwid = true;
				break;
			case "create":
				this.#fail("hostname/no-effect", "{if}: SIOCIFCREATE: File exists", [], word, entry.name);
				break;
			case "destroy":
				state.removed = true;
				if (!state.family.cloned) this.#fail("hostname/family", "{if}: SIOCIFDESTROY: Invalid argument", [], word, entry.name);
				break;
			default: {
				const limits = (key === "bridge" ? driverLimits : learningLimits)[entry.name];
				if (limits !== undefined && out(limits)) this.#fail("hostname/value", "{if}: Invalid argument", [], argument, entry.name);
				if (entry.args[0]?.type === "interface") {
					const onSwitch = key === "bridge" ? undefined : switchMembers[entry.name];
					const member = key === "bridge" ? "{if}: {0}: No such file or directory" : "{if}: {0}: Invalid argument";
					this.#checkInterface(argument, onSwitch ?? interfaceArguments[entry.name] ?? { missing: member }, entry.name);
				}
			}
		}
	}

	/** What a bridge or a veb makes of a word about its ports and VLANs. @returns whether nothing more is to be said of the word */
	#ofSwitch(word: ShellWord, entry: HostnameWord, args: readonly ShellWord[]): boolean {
		const { family, veb, bridge } = this.#state;
		const { words, interfaces } = this.#around;
		const [argument = word] = args;
		if (args.some(({ open }) => open)) return true;
		if (/^add(?:span|local)?$/.test(entry.name)) {
			const name = entry.name === "addlocal" ? entry.name : "add";
			const rule = (family.key === "bridge" ? undefined : switchMembers[name]) ?? interfaceArguments[name];
			if (rule !== undefined && !this.#checkInterface(argument, rule, entry.name)) return true;
		}
		const values = args.map(({ text }) => text);
		const isThere = (name: string) => interfaces?.has(name) ?? /^[A-Za-z]+[0-9]+$/.test(name);
		const panics = hasChange(words.release, "hostname/pvlan-panic");
		const fault =
			family.key === "bridge" ? bridgeWord(bridge, entry.name, values, isThere) : vebWord(veb, entry.name, values, { panics, isThere });
		this.#failBy(fault, word, args, entry.name);
		const [value = ""] = values;
		// A veb knows tags of one layer alone.
		if (entry.name === "txprio" && value === "payload")
			this.#warn("hostname/value", "SIOCSTXHPRIO: Invalid argument", [], argument, entry.name);
		if (entry.name === "rxprio" && value === "payload")
			this.#warn("hostname/value", "SIOCSRXHPRIO: Invalid argument", [], argument, entry.name);
		return isPortWord(entry.name) || (family.key === "bridge" && entry.args[0]?.type === "interface");
	}

	#failBy(fault: SwitchFault | undefined, word: ShellWord, args: readonly ShellWord[], option: string): void {
		if (fault !== undefined) this.#fail(fault.code, fault.form, fault.args, args[fault.at ?? -1] ?? word, option);
	}

	/** A part of the number of the network tells flows apart, or all of it is the number (sys/net/if_gre.c, gre_set_vnetflowid()). */
	#setFlows(word: ShellWord, wanted: boolean): void {
		const state = this.#state;
		if (!["gre", "mgre", "egre"].includes(state.family.key)) return;
		if (state.vnetid === undefined) this.#warn("hostname/order", "SIOCSVNETFLOWID: Can't assign requested address", [], word, "vnetid");
		else if (wanted && state.vnetid > MAX_VNETID_WITH_FLOWS)
			this.#warn("hostname/value", "SIOCSVNETFLOWID: Result too large", [], word, "vnetid");
		else state.flows = wanted;
	}

	/** Whether the interface has a link-local address once inet6 is attached to it (sys/netinet6/in6_ifattach.c). */
	#hasLinkLocal(): boolean {
		const { family, addresses } = this.#state;
		return !withoutLinkLocal.has(family.key) || [...addresses].some((address) => /^fe[89ab]/i.test(address));
	}

	/** Whether an interface can stand here; says so where it cannot. Of an unknown host, only its family is judged. */
	#checkInterface(word: ShellWord, rule: (typeof interfaceArguments)[string] | undefined, option: string): boolean {
		if (rule === undefined || word.open) return true;
		const { interfaces } = this.#around;
		const { text } = word;
		const family = familyOf(text);
		const missing = interfaces === undefined ? !/^[A-Za-z]+[0-9]+$/.test(text) : !interfaces.has(text);
		const foreign = rule.foreign !== undefined && family.known && !carriesEthernet(family) && !missing;
		if (!missing && !foreign) return true;
		const form = (foreign ? rule.foreign : undefined) ?? rule.missing;
		if (rule.warns) this.#warn("hostname/interface", form, [text], word, option);
		else this.#fail("hostname/interface", form, [text], word, option);
		return false;
	}

	#needParent(word: ShellWord, form: IfconfigText): void {
		if (!this.#state.parent) this.#fail("hostname/order", form, [], word, "parent");
	}

	#bringUp(word: ShellWord): void {
		const { family, tunnel } = this.#state;
		if (family.key === "vlan" || family.key === "svlan") this.#needParent(word, "{if}: SIOCSIFFLAGS: Device not configured");
		if (withTunnel.has(family.key) && !tunnel)
			this.#fail("hostname/order", "{if}: SIOCSIFFLAGS: Destination address required", [], word, "tunnel");
		this.#state.up = true;
		this.#state.veb.learned = true;
		this.#state.bridge.learned = true;
	}

	#takeTrunkProtocol(value: string, argument: ShellWord): void {
		const { key } = this.#state.family;
		if (key === "trunk" && value === "lacp" && hasChange(this.#around.words.release, "hostname/lacp-by-aggr-alone"))
			this.#fail("hostname/trunk-lacp", "{if}: SIOCSTRUNK: Protocol not supported", [], argument, "trunkproto");
		if (key === "aggr" && value !== "lacp")
			this.#fail("hostname/value", "{if}: SIOCSTRUNK: Protocol not supported", [], argument, "trunkproto");
		this.#state.trunkproto = value;
	}

	/** The address is set last, after all options (ifconfig.c, end of main). */
	#finish(): void {
		const state = this.#state;
		const word = this.#address;
		const { pltime = Number.POSITIVE_INFINITY, vltime = Number.POSITIVE_INFINITY } = this.#lifetimes;
		if (this.#alias >= 0 && word !== undefined && pltime > vltime)
			this.#fail("hostname/value", "SIOCAIFADDR: Invalid argument", [], word, "vltime");
		if (this.#alias < 0) {
			const removed = word === undefined ? [...state.addresses][0] : word.text;
			if (removed === undefined || !state.addresses.delete(removed)) {
				this.#fail("hostname/no-effect", "SIOCDIFADDR: Can't assign requested address", [], word);
			}
			return;
		}
		if (word === undefined) return;
		const { key } = state.family;
		if (["bridge", "veb", "tpmr"].includes(key))
			this.#fail("hostname/family", "SIOCAIFADDR: Inappropriate ioctl for device", [], word, "inet");
		if (key === "vlan" || key === "svlan") this.#needParent(word, "SIOCAIFADDR: Device not configured");
		state.addresses.add(word.text.replace(/\/.*/, ""));
		state.up = true;
	}

	#warn(code: HostnameCode, form: IfconfigText | KernelText, args: readonly string[], word: ShellWord | undefined, option?: string): void {
		const message = msg("{0}", filled(form, this.#state.name, args));
		this.complaints.push({ code, message, span: word?.span, text: word?.text ?? "", ...(option === undefined ? {} : { option }) });
	}

	/** Notes a line that is printed beside what is told of the word, or of a word that works. */
	#beside(code: HostnameCode, form: IfconfigText, args: readonly string[], word: ShellWord, option: string): void {
		const message = msg("{0}", filled(form, this.#state.name, args));
		this.complaints.push({ code, message, span: word.span, text: word.text, option, beside: true });
	}

	#fail(code: HostnameCode, form: IfconfigText | KernelText, args: readonly string[], word: ShellWord | undefined, option?: string): never {
		this.#warn(code, form, args, word, option);
		throw new Stop();
	}
}

/** What the driver says of an address behind a port or an endpoint that it can't have (*_add_addr() of vxlan, nvgre, bpe and veb, bridgectl.c). */
function addressRefusal(word: string, { family: { key }, peers }: InterfaceState): IfconfigText | undefined {
	const isEndpoint = word === "endpoint";
	if (!isEndpoint && word !== "static") return undefined;
	const saying = (errno: typeof NO_FAMILY | "Protocol not available" | "Protocol not supported"): IfconfigText =>
		isEndpoint ? `{if} endpoint {0} {1}: ${errno}` : `{if}: {1}: ${errno}`;
	switch (key) {
		case "bridge":
			return isEndpoint ? "{if} endpoint {0} {1}: No such process" : undefined;
		case "veb":
			return isEndpoint ? saying(NO_FAMILY) : undefined;
		case "bpe":
			return saying(NO_FAMILY);
		case "vxlan":
			if (peers === "none") return saying("Protocol not available");
			if (peers === "one") return saying("Protocol not supported");
			return isEndpoint || peers === undefined ? undefined : saying(NO_FAMILY);
		case "nvgre":
			if (isEndpoint) return peers === "none" ? saying(NO_FAMILY) : undefined;
			if (peers === undefined) return undefined;
			return peers === "none" ? "{if}: {1}: Can't assign requested address" : saying(NO_FAMILY);
		default:
			return undefined;
	}
}

const NO_FAMILY = "Address family not supported by protocol family";

/** Whether an address is one of a group of hosts. */
function isOfGroup(text: string): boolean {
	const value = inetAton(text);
	return value === undefined ? /^ff/i.test(text) : value >>> 28 === 14;
}

function host(text: string): string {
	return text.replace(/:[^:]*$/, "");
}
