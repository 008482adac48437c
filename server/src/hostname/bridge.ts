/**
 * The members of a bridge(4), as its hostname file makes them word by word (sys/net/if_bridge.c, bridge_findbif();
 * sys/net/bridgectl.c; sys/net/bridgestp.c): what the driver refuses of one that isn't there.
 */
import { etherAton, etherNtoa } from "../text/ether.ts";
import type { IfconfigText } from "./messages.ts";
import type { SwitchFault } from "./veb.ts";

/** What a bridge has become by the words before. */
export interface Bridge {
	/** Its members, and whether each runs the spanning tree protocol. */
	readonly members: Map<string, boolean>;
	/** Interfaces that get a copy of all frames. */
	readonly spans: Set<string>;
	/** Addresses set by hand, and the members behind which they are. */
	readonly statics: Map<string, string>;
	/** Whether it may have learned addresses: it has been up. */
	learned: boolean;
	/** Whether others may have added members: commands of the shell, or who else where the file adds none. */
	open: boolean;
}

/** @param open whether the file adds none */
export function newBridge(open: boolean): Bridge {
	return { members: new Map(), spans: new Set(), statics: new Map(), learned: false, open };
}

const ABSENT = "No such file or directory";
const APART = "No such process";
type Errno = typeof ABSENT | typeof APART;

/** How a word says that its first argument is no member. */
const forms: Readonly<Record<string, (errno: Errno) => IfconfigText>> = {
	del: (errno) => `{if}: {0}: ${errno}`,
	delspan: (errno) => `{if}: {0}: ${errno}`,
	flushrule: (errno) => `{if}: {0}: ${errno}`,
	static: (errno) => `{if}: {1}: ${errno}`,
	protected: (errno) => `{if}: {1}: ${errno}`,
	"-protected": (errno) => `{if}: 0: ${errno}`,
	ifcost: (errno) => `{if}: {1}: ${errno}`,
	ifpriority: (errno) => `{if}: {1}: ${errno}`,
	"-ifcost": (errno) => `{if}: ${errno}`,
	rule: (errno) => `{if}: ${errno}`,
	rules: (errno) => `ioctl(SIOCBRDGGRL): ${errno}`,
};
const ofFlag = (errno: Errno): IfconfigText => `{if}: ioctl SIOCBRDGGIFFLGS {0}: ${errno}`;
const FLAG = /^-?(?:discover|learn|blocknonip|stp|edge|autoedge|ptp|autoptp|locked|pvptags)$/;

/** The largest values of the spanning tree (sys/net/bridgestp.h); a cost beyond an int is a negative one, which is none too many. */
const MAX_COST = 200_000_000;
const MAX_PRIORITY = 240;

/** Changes the bridge as a word says. @param isThere whether the host may have an interface @returns why its driver refuses */
export function bridgeWord(
	bridge: Bridge,
	word: string,
	values: readonly string[],
	isThere: (name: string) => boolean,
): SwitchFault | undefined {
	const [first = "", second = ""] = values;
	switch (word) {
		case "add":
		case "addlocal":
			if (!bridge.members.has(first)) bridge.members.set(first, false);
			return undefined;
		case "addspan":
			bridge.spans.add(first);
			return undefined;
		case "flushall":
			bridge.statics.clear();
			return undefined;
		case "deladdr":
		case "-endpoint": {
			const form: IfconfigText = word === "deladdr" ? `{if}: {0}: ${ABSENT}` : `{if} -endpoint {0}: ${ABSENT}`;
			if (bridge.statics.delete(etherNtoa(etherAton(first) ?? [])) || bridge.learned || bridge.open) return undefined;
			return { form, args: values, at: 0, code: "hostname/no-effect" };
		}
	}
	const form = forms[word] ?? (FLAG.test(word) ? ofFlag : undefined);
	if (form === undefined) return undefined;
	const isMember = word === "delspan" ? bridge.spans.delete(first) : bridge.members.has(first);
	if (!isMember) {
		if (bridge.open && isThere(first)) return undefined;
		if (!isThere(first)) return { form: form(ABSENT), args: values, at: 0, code: "hostname/interface" };
		return { form: form(APART), args: values, at: 0, code: word.startsWith("del") ? "hostname/no-effect" : "hostname/order" };
	}
	switch (word) {
		case "del":
			bridge.members.delete(first);
			for (const [address, member] of bridge.statics) if (member === first) bridge.statics.delete(address);
			return undefined;
		case "stp":
		case "-stp":
			bridge.members.set(first, word === "stp");
			return undefined;
		case "static":
			bridge.statics.set(etherNtoa(etherAton(second) ?? []), first);
			return undefined;
		case "ifcost":
		case "ifpriority":
		case "-ifcost":
			if (bridge.members.get(first) === false)
				return {
					form: word === "-ifcost" ? "{if}: Invalid argument" : "{if}: {1}: Invalid argument",
					args: values,
					at: 0,
					code: "hostname/order",
				};
			return isTooMuch(word, Number(second))
				? { form: "{if}: {1}: Invalid argument", args: values, at: 1, code: "hostname/value" }
				: undefined;
		default:
			return undefined;
	}
}

function isTooMuch(word: string, value: number): boolean {
	return word === "ifcost" ? value > MAX_COST && value < 2 ** 31 : word === "ifpriority" && value > MAX_PRIORITY;
}
