/** The options of states: what pfrule's action of parse.y makes of the list behind `keep state`. */

import { NO_STATE_OPTIONS, type StateOptions, type TimeoutName } from "../rules.ts";
import type { StateItem } from "../syntax.ts";
import type { MessageArguments, PfMessage } from "../words/messages.ts";
import type { Draft } from "./draft.ts";
import type { Expansion } from "./expansion.ts";

const THRESHOLD_MAX = 4294967;

/** States of rules without options where `set state-policy if-bound` stands. */
export const IF_BOUND: StateOptions = { ...NO_STATE_OPTIONS, ifBound: true };

/** Timeouts by the kernel's numbers (sys/net/pfvar.h). */
const numbered = (
	"tcp.first tcp.opening tcp.established tcp.closing tcp.finwait tcp.closed udp.first udp.single udp.multiple icmp.first icmp.error " +
	"other.first other.single other.multiple frag interval adaptive.start adaptive.end src.track tcp.tsdiff"
).split(" ");

/** The name that pfctl says of a timeout: it takes the kernel's number for a place in its own list, which has tcp.tsdiff earlier. */
function saidOf(name: TimeoutName): string {
	const number = numbered.indexOf(name);
	return number === 6 ? "tcp.tsdiff" : (numbered[number > 6 ? number - 1 : number] ?? name);
}

/** Puts the options of a list that is not empty into the draft; false where an error was reported. */
export function stateOptions(draft: Draft, items: readonly StateItem[], around: Expansion): boolean {
	const result: { -readonly [K in keyof StateOptions]: StateOptions[K] } = { ...NO_STATE_OPTIONS };
	const timeouts: Partial<Record<TimeoutName, number>> = {};
	let track: "plain" | "global" | "rule" | undefined;
	let tracked = false;
	let perRule = false;
	let locked = false;
	let adaptive = false;
	const refused = <M extends PfMessage>(message: M, ...args: MessageArguments<M>): false => {
		around.refuse(message, ...args);
		return false;
	};
	for (const item of items) {
		switch (item.kind) {
			case "max":
				if (result.max) return refused("state option 'max' multiple definitions");
				result.max = item.value;
				break;
			case "no-sync":
				if (result.noSync) return refused("state option 'sync' multiple definitions");
				result.noSync = true;
				break;
			case "source-track":
				if (track !== undefined) return refused("state option 'source-track' multiple definitions");
				track = item.value;
				tracked = true;
				break;
			case "max-src-states":
				if (result.maxSrcStates) return refused("state option 'max-src-states' multiple definitions");
				if (item.value === 0) return refused("'max-src-states' must be > 0");
				result.maxSrcStates = item.value;
				tracked = true;
				break;
			case "overload":
				if (result.overload !== undefined) return refused("multiple 'overload' table definitions");
				result.overload = item;
				break;
			case "max-src-conn":
				if (result.maxSrcConn) return refused("state option 'max-src-conn' multiple definitions");
				if (item.value === 0) return refused("'max-src-conn' must be > 0");
				result.maxSrcConn = item.value;
				tracked = perRule = true;
				break;
			case "max-src-conn-rate":
				if (result.maxSrcConnRate !== undefined) return refused("state option 'max-src-conn-rate' multiple definitions");
				if (item.rate.limit === 0 || item.rate.seconds === 0) return refused("'max-src-conn-rate' values must be > 0");
				if (item.rate.limit > THRESHOLD_MAX) return refused("'max-src-conn-rate' maximum rate must be < {0}", THRESHOLD_MAX);
				result.maxSrcConnRate = item.rate;
				tracked = perRule = true;
				break;
			case "max-src-nodes":
				if (result.maxSrcNodes) return refused("state option 'max-src-nodes' multiple definitions");
				if (item.value === 0) return refused("'max-src-nodes' must be > 0");
				result.maxSrcNodes = item.value;
				tracked = perRule = true;
				break;
			case "state-lock":
				if (locked) return refused("state locking option: multiple definitions");
				locked = true;
				if (item.ifBound) result.ifBound = true;
				break;
			case "sloppy":
				if (result.sloppy) return refused("state sloppy option: multiple definitions");
				result.sloppy = true;
				break;
			case "pflow":
				if (result.pflow) return refused("state pflow option: multiple definitions");
				result.pflow = true;
				break;
			case "timeout":
				if (item.name === "adaptive.start" || item.name === "adaptive.end") adaptive = true;
				if (timeouts[item.name]) return refused("state timeout {0} multiple definitions", saidOf(item.name));
				timeouts[item.name] = item.seconds;
		}
	}
	if (!adaptive && result.max) {
		timeouts["adaptive.start"] = Math.floor(result.max / 10) * 6;
		timeouts["adaptive.end"] = Math.floor(result.max / 10) * 12;
	}
	if (tracked) {
		if (track === "global" && result.maxSrcNodes) return refused("'{0}' is incompatible with 'source-track global'", "max-src-nodes");
		if (track === "global" && result.maxSrcConn) return refused("'{0}' is incompatible with 'source-track global'", "max-src-conn");
		if (track === "global" && result.maxSrcConnRate?.seconds)
			return refused("'{0}' is incompatible with 'source-track global'", "max-src-conn-rate");
		const seconds = result.maxSrcConnRate?.seconds ?? 0;
		if ((timeouts["src.track"] ?? 0) < seconds) timeouts["src.track"] = seconds;
		result.sourceTrack = perRule || track === "rule" ? "rule" : "global";
	}
	if (draft.state !== "none" && !locked && around.defaultIfBound) result.ifBound = true;
	result.timeouts = timeouts;
	draft.stateOptions = result;
	return true;
}
