/** A state of pf: a connection that it lets through without asking the rules again. */
import type { Host } from "../host/model.ts";
import { formatIp } from "../pf/names/address.ts";
import type { Family, Ip } from "../pf/rules.ts";
import { endsOf } from "./endpoints.ts";
import { networkOf } from "./interfaces.ts";

/** One end of a connection. */
export interface StateEnd {
	readonly address: Ip;
	/** 0 where the protocol has none. Of ICMP, one end has the identifier, and the other the type. */
	readonly port: number;
	/** The routing domain. */
	readonly rdomain: number;
}

/** A state as `pfctl -ss -vv` shows it (sbin/pfctl/pf_print_state.c, print_state()). */
export interface PfState {
	/** The interface that it is bound to; `all` for one that floats. */
	readonly interface: string;
	/** That of the first packet, as it came to pf. */
	readonly direction: "in" | "out";
	/** That of the first packet before pf translated it, as all that follows. */
	readonly family: Family;
	readonly protocol: number;
	readonly source: StateEnd;
	readonly destination: StateEnd;
	/** What translation has made of an end, where it did. */
	readonly translated?: { readonly family: Family; readonly source: StateEnd; readonly destination: StateEnd };
	/** Where `route-to` or `reply-to` sends it. */
	readonly gateway?: Ip;
	/** How far each side is: `ESTABLISHED:ESTABLISHED`, `MULTIPLE:SINGLE`, `0:0`. */
	readonly progress: string;
	/** Seconds since it was made, and until it expires. */
	readonly age: number;
	readonly expires: number;
	/** From who opened the connection, and back. */
	readonly packets: readonly [there: number, back: number];
	readonly bytes: readonly [there: number, back: number];
	/** The number of the rule that made it in its ruleset; absent where that is no longer loaded. */
	readonly rule?: number;
	/** The number of the anchor's call that the rule is below, in the ruleset that has the call; absent in the main ruleset. */
	readonly anchor?: number;
	/** `sloppy`, `pflow`, `source-track`, `sticky-address`. */
	readonly flags: readonly string[];
	/** As `pfctl -k id -k` takes it. */
	readonly id: string;
}

/** What tells whose a state is, or a packet. */
export interface StateEnds extends Pick<PfState, "interface" | "family"> {
	readonly source: Pick<StateEnd, "address">;
	readonly destination: Pick<StateEnd, "address">;
	readonly translated?: {
		readonly family: Family;
		readonly source: Pick<StateEnd, "address">;
		readonly destination: Pick<StateEnd, "address">;
	};
}

/** An end as pfctl prints it. */
export function endOfState({ address, port, rdomain }: StateEnd, family: Family): string {
	const host = formatIp(address, family);
	const at = port === 0 ? "" : family === "inet" ? `:${port}` : `[${port}]`;
	return `${rdomain === 0 ? "" : `(${rdomain}) `}${host}${at}`;
}

/** From where to where, before translation. */
export function waysOfState({ source, destination, family }: PfState): { readonly from: string; readonly to: string } {
	return { from: endOfState(source, family), to: endOfState(destination, family) };
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6" };

/** What tables of states show of one. */
export interface StateWords {
	/** `in em0`; without an interface where the state floats. */
	readonly way: string;
	readonly protocol: string;
	/** With what translation makes of it, in parentheses. */
	readonly from: string;
	readonly to: string;
	/** `00:01:30`. */
	readonly age: string;
	/** There and back together. */
	readonly packets: string;
	readonly bytes: string;
}

export function stateWords(state: PfState): StateWords {
	const { interface: name, direction, protocol, family, translated, age, packets, bytes } = state;
	const endText = (side: "source" | "destination"): string => {
		const before = endOfState(state[side], family);
		const now = translated === undefined ? before : endOfState(translated[side], translated.family);
		return before === now ? before : `${before} (${now})`;
	};
	const two = (value: number): string => String(value).padStart(2, "0");
	return {
		way: `${direction}${name === "all" ? "" : ` ${name}`}`,
		protocol: PROTOCOLS[protocol] ?? String(protocol),
		from: endText("source"),
		to: endText("destination"),
		age: `${two(Math.floor(age / 3600))}:${two(Math.floor(age / 60) % 60)}:${two(age % 60)}`,
		packets: String(packets[0] + packets[1]),
		bytes: String(bytes[0] + bytes[1]),
	};
}

/** What is known of a guest's place beside the files: its taps, and the addresses that vmd gives out. */
export interface GuestPlace {
	readonly guest: string;
	readonly tap: string;
	readonly address?: string;
}

/**
 * Makes what tells whose a state is: the guests that have an address of it, as the files or the host tell, or the tap that it is bound to.
 * @param host undefined where no files are known
 */
export function guestsOfStates(host: Host | undefined, places: readonly GuestPlace[]): (state: StateEnds) => readonly string[] {
	const byAddress = new Map<string, string>();
	const byTap = new Map<string, string>();
	if (host?.pf !== undefined) {
		const ends = endsOf(host, host.pf.ruleset, networkOf(host).interfaces);
		for (const guest of ends.guests)
			for (const { address, family, supposed } of ends.of({ kind: "guest", name: guest }))
				if (!supposed) byAddress.set(formatIp(address, family), guest);
	}
	for (const { guest, tap, address } of places) {
		byTap.set(tap, guest);
		if (address !== undefined) byAddress.set(address, guest);
	}
	const known = new Map<string, readonly string[]>();
	return ({ interface: bound, source, destination, family, translated }) => {
		const ends = [
			[source, family],
			[destination, family],
			...(translated === undefined
				? []
				: ([
						[translated.source, translated.family],
						[translated.destination, translated.family],
					] as const)),
		] as const;
		const found = [byTap.get(bound), ...ends.map(([{ address }, of]) => byAddress.get(formatIp(address, of)))];
		const names = [...new Set(found.filter((name) => name !== undefined))].sort();
		const key = names.join("\n");
		const same = known.get(key) ?? names;
		known.set(key, same);
		return same;
	};
}
