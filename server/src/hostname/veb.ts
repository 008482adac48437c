/**
 * The VLANs of a veb(4), as its hostname file makes them word by word (sbin/ifconfig/brconfig.c 1.45, sys/net/if_veb.c 1.68):
 * what ifconfig and the driver refuse, and what the ports have become.
 */
import { etherAton, etherNtoa } from "../text/ether.ts";
import { familyOf } from "./families.ts";
import type { IfconfigText, KernelText } from "./messages.ts";
import { numberFault } from "./values.ts";
import { VLANS } from "./vlans.ts";

/** The VLAN of a port's untagged frames; with `passthrough`, tags are no concern of the port. */
export type UntaggedVlan = number | "none" | "passthrough";

export interface VebPort {
	readonly untagged: UntaggedVlan;
	/** VLANs whose tagged frames the port takes. */
	readonly tagged: ReadonlySet<number>;
	readonly learn: boolean;
	readonly discover: boolean;
	readonly locked: boolean;
	readonly pvptags: boolean;
}

export interface PrivateVlan {
	readonly primary: number;
	readonly kind: "primary" | "isolated" | "community";
}

/** What a veb has become by the words before. */
export interface VebState {
	readonly ports: ReadonlyMap<string, VebPort>;
	/** Whether a command of the shell may have added ports. */
	readonly open: boolean;
	/** Whether its file adds none: whoever does may do so before. */
	readonly elsewhere: boolean;
	/** The untagged VLAN of ports that are added from here on, those of guests too. */
	readonly untagged: number | "none";
	/** By their own number, primary ones too. */
	readonly pvlans: ReadonlyMap<number, PrivateVlan>;
}

/** The same while words still change it. */
export interface Veb extends VebState {
	readonly ports: Map<string, VebPort>;
	readonly pvlans: Map<number, PrivateVlan>;
	/** The ports behind which addresses are that were set by hand, by address and VLAN. */
	readonly statics: Map<string, string>;
	/** Whether it may have learned addresses: it has been up. */
	learned: boolean;
	open: boolean;
	untagged: number | "none";
}

/** @param elsewhere whether the file adds no port */
export function newVeb(elsewhere: boolean): Veb {
	return { ports: new Map(), open: false, elsewhere, untagged: 1, pvlans: new Map(), statics: new Map(), learned: false };
}

/** Why a word of a switch is refused. `at` is the argument that it is about; the word itself without. */
export interface SwitchFault {
	readonly form: IfconfigText | KernelText;
	readonly args: readonly string[];
	readonly at?: number;
	readonly code: "hostname/value" | "hostname/order" | "hostname/interface" | "hostname/no-effect" | "hostname/kernel-panic";
}

/** What ifconfig itself finds wrong with VLANs, on any interface. */
export function vlanFault(word: string, [first = "", second = ""]: readonly string[], withVlans: boolean): SwitchFault | undefined {
	switch (word) {
		case "untagged": {
			if (["default", "none", "passthrough", "passthru"].includes(second)) return undefined;
			const fault = numberFault(second, ...VLANS);
			return fault && { form: "{if} untagged {0}: {1} is {2}", args: [first, second, fault], at: 1, code: "hostname/value" };
		}
		case "tagged": {
			const read = vlanSet(second);
			return "fault" in read
				? { form: "{if} tagged {0}: {1} is {2}", args: [first, read.text, read.fault], at: 1, code: "hostname/value" }
				: undefined;
		}
		case "static":
		case "deladdr": {
			const value = word === "static" ? second : first;
			const sign = value.indexOf("@");
			if (sign < 0 || !withVlans) return undefined;
			const [lladdr, vid] = [value.slice(0, sign), value.slice(sign + 1)];
			const at = word === "static" ? 1 : 0;
			if (etherAton(lladdr) === undefined) return { form: "Invalid address: {0}", args: [lladdr], at, code: "hostname/value" };
			const fault = numberFault(vid, ...VLANS);
			return fault && { form: "Invalid vid {0}: {1}", args: [vid, fault], at, code: "hostname/value" };
		}
		default:
			return undefined;
	}
}

type VlanSet =
	| { readonly operation: "add" | "remove" | "replace"; readonly vlans: ReadonlySet<number> }
	| { readonly text: string; readonly fault: string };

/** The argument of `tagged`: `all`, `none`, or numbers and ranges with commas, behind a sign that says what becomes of them. */
function vlanSet(text: string): VlanSet {
	const vlans = new Set<number>();
	const fill = (from: number, to: number) => {
		for (let vid = from; vid <= to; vid++) vlans.add(vid);
	};
	if (text === "all") fill(...VLANS);
	if (text === "all" || text === "none") return { operation: "replace", vlans };
	const sign = /^[-+=]/.exec(text)?.[0] ?? "";
	for (const part of text.slice(sign.length).split(",")) {
		const dash = part.indexOf("-");
		const from = dash < 0 ? part : part.slice(0, dash);
		const fault = numberFault(from, ...VLANS);
		if (fault !== undefined) return { text: from, fault };
		if (dash < 0) {
			vlans.add(Number(from));
			continue;
		}
		const to = part.slice(dash + 1);
		const least = Number(from) + 1;
		// strtonum(3) takes no number where the least one is above the largest.
		const wrong = least > VLANS[1] ? "invalid" : numberFault(to, least, VLANS[1]);
		if (wrong !== undefined) return { text: to, fault: wrong };
		fill(Number(from), Number(to));
	}
	return { operation: sign === "-" ? "remove" : sign === "=" ? "replace" : "add", vlans };
}

/** Changes the veb as a word says. @param panics whether the kernel looks for ports where there are none @param isThere whether the host may have an interface @returns why its driver refuses */
export function vebWord(
	veb: Veb,
	word: string,
	values: readonly string[],
	{ panics, isThere }: { readonly panics: boolean; readonly isThere: (name: string) => boolean },
): SwitchFault | undefined {
	const [first = ""] = values;
	const isKnown = !isThere(first) || !(veb.open || veb.elsewhere);
	switch (word) {
		case "add":
			if (!veb.ports.has(first)) veb.ports.set(first, { ...fresh, untagged: veb.untagged });
			return undefined;
		case "del":
			if (!veb.ports.delete(first) && isKnown)
				return refused("{if}: {0}: Invalid argument", values, isThere(first) ? "hostname/no-effect" : "hostname/interface");
			for (const [key, port] of veb.statics) if (port === first) veb.statics.delete(key);
			return undefined;
		case "flushall":
			veb.statics.clear();
			return undefined;
		case "deladdr":
			if (isForgotten(veb, first) || first.includes("@")) return undefined;
			return refused("{if}: {0}: No such process", values, "hostname/no-effect");
		case "-endpoint":
			return isForgotten(veb, first) ? undefined : refused("{if} -endpoint {0}: No such process", values, "hostname/no-effect");
		case "vnetid":
		case "vlan":
			if (numberFault(first, ...VLANS) === undefined) veb.untagged = Number(first);
			return undefined;
		case "-vnetid":
		case "-vlan":
			veb.untagged = "none";
			return undefined;
		case "pvlan":
			if (veb.pvlans.has(Number(first))) return refused("{if} pvlan {0}: Device busy", values);
			veb.pvlans.set(Number(first), { primary: Number(first), kind: "primary" });
			return undefined;
		case "-pvlan":
			if (veb.pvlans.get(Number(first))?.kind !== "primary") return refused("{if} -pvlan {0}: No such process", values);
			if ([...veb.pvlans].some(([vid, { primary }]) => primary === Number(first) && vid !== primary))
				return refused("{if} -pvlan {0}: Device busy", values);
			veb.pvlans.delete(Number(first));
			return undefined;
		case "pvlan-isolated":
		case "pvlan-community":
			return secondaryAdded(veb, word, values, panics);
		case "-pvlan-isolated":
		case "-pvlan-community":
			return secondaryRemoved(veb, word, values, panics);
		default:
			return portWord(veb, word, values, !veb.ports.has(first) && isKnown);
	}
}

const fresh: VebPort = { untagged: 1, tagged: new Set(), learn: true, discover: true, locked: false, pvptags: false };

/** Whether a word is about a port or an address: whatever the veb says to it is found here. */
export function isPortWord(word: string): boolean {
	return /^(?:add|addspan|del|static|deladdr|-endpoint|flushall|rules?|flushrule|-?(?:untagged|tagged|protected|learn|discover|locked|pvptags|blocknonip))$/.test(
		word,
	);
}

/** The words whose first argument is a port. Of one that the shell may have added, its settings are not known. */
function portWord(veb: Veb, word: string, values: readonly string[], isMissing: boolean): SwitchFault | undefined {
	const [name = "", value = ""] = values;
	const port = veb.ports.get(name);
	const become = (changes: Partial<VebPort>): undefined => {
		if (port !== undefined) veb.ports.set(name, { ...port, ...changes });
	};
	switch (word) {
		case "untagged": {
			if (isMissing) return refused("{if} untagged {0} {1}: No such process", values);
			const untagged = untaggedVlan(veb, value);
			// A vport hands packets to the network stack, where no tag would tell them apart.
			if (typeof untagged !== "number" && isVport(name))
				return refused("{if} untagged {0} {1}: Operation not supported", values, "hostname/value");
			return become({ untagged });
		}
		case "-untagged":
			if (isMissing) return refused("{if} -untagged {0}: No such process", values);
			if (isVport(name)) return refused("{if} -untagged {0}: Operation not supported", values, "hostname/value");
			return become({ untagged: "none" });
		case "tagged": {
			if (isMissing) return refused("{if} tagged {0} {1}: No such process", values);
			const read = vlanSet(value);
			return "fault" in read ? undefined : become({ tagged: changedSet(port?.tagged ?? fresh.tagged, read) });
		}
		case "-tagged":
			return isMissing ? refused("{if} -tagged {0}: No such process", values) : become({ tagged: fresh.tagged });
		case "protected":
			return isMissing ? refused("{if}: {1}: No such process", values) : undefined;
		case "-protected":
			return isMissing ? refused("{if}: 0: No such process", values) : undefined;
		case "static":
			if (isMissing) return refused(value.includes("@") ? "{if} static {0} {1}: No such process" : "{if}: {1}: No such process", values);
			// Without a VLAN behind it, the address is one of the untagged VLAN.
			if (port !== undefined && !value.includes("@") && typeof port.untagged !== "number")
				return refused("{if}: {1}: Can't assign requested address", values);
			return staticAddress(veb, name, value);
		case "rule":
			return isMissing ? refused("{if}: No such process", values) : undefined;
		case "rules":
			return isMissing ? refused("ioctl(SIOCBRDGGRL): No such process", values) : undefined;
		case "flushrule":
			return isMissing ? refused("{if}: {0}: No such process", values) : undefined;
		case "stp":
		case "-stp":
		case "edge":
		case "-edge":
		case "autoedge":
		case "-autoedge":
		case "ptp":
		case "-ptp":
		case "autoptp":
		case "-autoptp":
			return isMissing ? refused("{if}: ioctl SIOCBRDGGIFFLGS {0}: No such process", values) : undefined;
		case "learn":
		case "-learn":
		case "discover":
		case "-discover":
		case "locked":
		case "-locked":
		case "pvptags":
		case "-pvptags":
		case "blocknonip":
		case "-blocknonip": {
			if (isMissing) return refused("{if}: ioctl SIOCBRDGGIFFLGS {0}: No such process", values);
			const flag = word.replace(/^-/, "");
			const changed = { ...port, ...(flag === "blocknonip" ? {} : { [flag]: !word.startsWith("-") }) };
			// A locked port neither learns nor gets frames for unknown addresses.
			if (changed.locked === true && (changed.learn === true || changed.discover === true))
				return refused("{if}: ioctl SIOCBRDGSIFFLGS {0}: Invalid argument", values);
			return become(changed);
		}
		default:
			return undefined;
	}
}

/** Behind which port an address is is said once, and of one host alone (sys/net/if_etherbridge.c, etherbridge_add_addr). */
function staticAddress(veb: Veb, name: string, value: string): SwitchFault | undefined {
	const [address = "", vid = veb.ports.get(name)?.untagged ?? "?"] = value.split("@");
	const key = `${canonical(address)}@${vid}`;
	if (!value.includes("@")) {
		if (isNoHost(address)) return { form: "{if}: {1}: Can't assign requested address", args: [name, value], at: 1, code: "hostname/value" };
		if (veb.statics.has(key)) return { form: "{if}: {1}: Address already in use", args: [name, value], at: 1, code: "hostname/order" };
	}
	veb.statics.set(key, name);
	return undefined;
}

/** Whether a MAC address is that of several hosts, or of none. */
function isNoHost(address: string): boolean {
	const bytes = etherAton(address) ?? [];
	return ((bytes[0] ?? 0) & 1) === 1 || bytes.every((byte) => byte === 0);
}

function canonical(address: string): string {
	return etherNtoa(etherAton(address) ?? []);
}

/** Forgets an address. @returns whether it was set by hand, or may have been learned */
function isForgotten(veb: Veb, value: string): boolean {
	const [address = "", vid] = value.split("@");
	const found = [...veb.statics.keys()].filter(
		(key) => key.startsWith(`${canonical(address)}@`) && (vid === undefined || key.endsWith(`@${vid}`)),
	);
	for (const key of found) veb.statics.delete(key);
	return found.length > 0 || veb.learned || veb.open || veb.elsewhere;
}

function untaggedVlan(veb: VebState, value: string): UntaggedVlan {
	if (value === "default") return veb.untagged;
	if (value === "none") return "none";
	return /^passthr/.test(value) ? "passthrough" : Number(value);
}

function changedSet(before: ReadonlySet<number>, { operation, vlans }: Exclude<VlanSet, { fault: string }>): ReadonlySet<number> {
	if (operation === "replace") return vlans;
	return operation === "add" ? new Set([...before, ...vlans]) : new Set([...before].filter((vid) => !vlans.has(vid)));
}

function isVport(name: string): boolean {
	return familyOf(name).key === "vport";
}

function refused(form: IfconfigText, args: readonly string[], code: SwitchFault["code"] = "hostname/order"): SwitchFault {
	return { form, args, at: 0, code };
}

const PANIC: SwitchFault = { form: "kernel panic: {if} has no port yet", args: [], code: "hostname/kernel-panic" };

/** Whether a port has the VLAN, tagged or not. */
function isUsed({ ports }: VebState, vid: number): boolean {
	return [...ports.values()].some(({ untagged, tagged }) => untagged === vid || tagged.has(vid));
}

function secondaryAdded(
	veb: Veb,
	word: "pvlan-isolated" | "pvlan-community",
	values: readonly string[],
	panics: boolean,
): SwitchFault | undefined {
	const [primary = 0, vid = 0] = values.map(Number);
	const kind = word === "pvlan-isolated" ? "isolated" : "community";
	if (veb.pvlans.has(vid)) return refused(`{if} ${word} {0} {1}: Device busy`, values);
	if (veb.pvlans.get(primary)?.kind !== "primary") return refused(`{if} ${word} {0} {1}: Network is unreachable`, values);
	if (panics && veb.ports.size === 0 && !veb.open) return PANIC;
	if (isUsed(veb, vid)) return refused(`{if} ${word} {0} {1}: Address already in use`, values);
	if (kind === "isolated" && [...veb.pvlans.values()].some((other) => other.primary === primary && other.kind === kind))
		return refused("{if} pvlan-isolated {0} {1}: Can't assign requested address", values);
	veb.pvlans.set(vid, { primary, kind });
	return undefined;
}

function secondaryRemoved(
	veb: Veb,
	word: "-pvlan-isolated" | "-pvlan-community",
	values: readonly string[],
	panics: boolean,
): SwitchFault | undefined {
	const [primary = 0, vid = 0] = values.map(Number);
	const known = veb.pvlans.get(vid);
	const kind = word === "-pvlan-isolated" ? "isolated" : "community";
	if (known?.kind !== kind || known.primary !== primary) return refused(`{if} ${word} {0} {1}: No such process`, values);
	if (panics && veb.ports.size === 0 && !veb.open) return PANIC;
	if (isUsed(veb, vid)) return refused(`{if} ${word} {0} {1}: Device busy`, values);
	veb.pvlans.delete(vid);
	return undefined;
}
