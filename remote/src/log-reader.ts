/**
 * Reads what `tcpdump -n -e -v -ttt -i pflog0` prints, as it comes: a packet on each line (usr.sbin/tcpdump/print-pflog.c), with
 * further lines of some protocols below it, which begin with a blank. Lines that are none of these are counted, and left out.
 */
import { endOfState, type Family, type Ip, parseIp } from "@openbsd-vnet/server";

/** A longer line is cut: what counts stands at its beginning. */
const LONGEST_LINE = 1000;

/** Where a packet comes from or goes to. */
export interface LoggedEnd {
	readonly address: Ip;
	readonly family: Family;
	/** Of TCP and UDP. */
	readonly port?: number;
}

/** An end as states have theirs. */
export function loggedEndText({ address, family, port = 0 }: LoggedEnd): string {
	return endOfState({ address, port, rdomain: 0 }, family);
}

/** A packet that pf has logged. */
export interface LoggedPacket {
	/** `Dec 01 10:43:18.123456`, by the host's clock. */
	readonly time: string;
	/** The number of the rule that has logged it in the main ruleset, or of the anchor's call there; absent for pf's default rule. */
	readonly rule?: number;
	/** The last name of the anchor that the rule is in, of which pf keeps 15 characters, and its number there. */
	readonly anchor?: { readonly name: string; readonly rule?: number };
	/** `match`, or why it was dropped. */
	readonly reason: string;
	/** Who has loaded the rule, as pfctl says of it too. */
	readonly inserted?: string;
	readonly action: string;
	readonly direction: "in" | "out";
	readonly interface: string;
	/** By its name, or as tcpdump has it; absent where that is not told, as of a fragment. */
	readonly protocol?: string;
	/** Absent where tcpdump shows none. */
	readonly source?: LoggedEnd;
	readonly destination?: LoggedEnd;
	/** The packet in tcpdump's words. */
	readonly text: string;
}

const LINE =
	/^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\.\d{6}) rule (def|\d{1,10})(?:\.(\S{1,64})\.(def|\d{1,10}))?\/\(([a-z][a-z -]{0,30}|unkn \d{1,3})\) (?:\[(uid \d{1,10}), (pid \d{1,10})\] )?(pass|block|match|scrub|nat|binat|rdr) (in|out) on ([a-z][a-z0-9]{0,15}): (?:\[uid \d{1,10}, pid \d{1,10}\] )?([^\n]*)$/;

/** Reads a line; undefined where it is no packet. */
export function readLoggedPacket(line: string): LoggedPacket | undefined {
	const found = LINE.exec(line);
	if (found === null) return undefined;
	const [, time = "", rule = "", name, own = "", reason = "", uid, pid, action = "", direction, on = "", text = ""] = found;
	return {
		time,
		...(rule === "def" ? {} : { rule: Number(rule) }),
		...(name === undefined ? {} : { anchor: { name, ...(own === "def" ? {} : { rule: Number(own) }) } }),
		reason,
		...(uid === undefined || pid === undefined ? {} : { inserted: `${uid} ${pid}` }),
		action,
		direction: direction === "out" ? "out" : "in",
		interface: on,
		...ends(text),
		text,
	};
}

type Ends = Pick<LoggedPacket, "protocol" | "source" | "destination">;

/** From where to where, and by what (print-ip.c, print-tcp.c, print-udp.c, print-icmp.c). */
function ends(text: string): Ends {
	const [, word, from = "", to = "", rest = ""] =
		/^(?:([a-z][a-z0-9-]{1,8}) )?(\S+) > ([^\s:]\S*?)(?::(?= |$)| )([^\n]*)$/.exec(text) ?? [];
	const [source, destination] = [endOf(from), endOf(to)];
	if (source === undefined || destination === undefined || source.family !== destination.family) return {};
	const protocol = word ?? protocolOf(rest.trimStart(), source, destination);
	return { source, destination, ...(protocol === undefined ? {} : { protocol }) };
}

function protocolOf(rest: string, { port }: LoggedEnd, destination: LoggedEnd): string | undefined {
	if (port !== undefined && destination.port !== undefined) return /^(?:[SFRPWE]+|\.) /.test(rest) ? "tcp" : "udp";
	return /^(icmp6?):/.exec(rest)?.[1] ?? /^ip-proto-(\d{1,3})\b/.exec(rest)?.[1];
}

/** `192.0.2.1`, `192.0.2.1.443`, `2001:db8::1.443`. */
function endOf(word: string): LoggedEnd | undefined {
	const own = parseIp(word);
	if (own !== undefined) return { address: own.address, family: own.family };
	const dot = word.lastIndexOf(".");
	const port = word.slice(dot + 1);
	const found = dot < 0 || !/^\d{1,5}$/.test(port) || Number(port) > 65535 ? undefined : parseIp(word.slice(0, dot));
	return found === undefined ? undefined : { address: found.address, family: found.family, port: Number(port) };
}

/** Takes the output piece by piece, and reads so many lines until it is refilled: a flood costs no more than these. */
export class LogReader {
	readonly #packet: (packet: LoggedPacket) => void;
	readonly #most: number;
	#left: number;
	/** The beginning of a line whose end has not come yet. */
	#rest = "";
	#unread = 0;
	#skipped = 0;

	/** @param packet is told of each @param most lines are read between two refills */
	constructor(packet: (packet: LoggedPacket) => void, most = Number.POSITIVE_INFINITY) {
		this.#packet = packet;
		this.#most = most;
		this.#left = most;
	}

	/** How many lines were not understood. */
	get unread(): number {
		return this.#unread;
	}

	/** How many lines came when no more were read. */
	get skipped(): number {
		return this.#skipped;
	}

	/** Reads again as many lines as at first. */
	refill(): void {
		this.#left = this.#most;
	}

	/** Takes what follows for the output of another process. */
	restart(): void {
		this.#rest = "";
	}

	take(chunk: Buffer): void {
		const text = this.#rest + chunk.toString("latin1");
		let begin = 0;
		for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", begin)) {
			this.#line(text, begin, end);
			begin = end + 1;
		}
		// Of an endless line as much is kept as is read of it.
		this.#rest = text.slice(begin, begin + LONGEST_LINE);
	}

	#line(text: string, begin: number, end: number): void {
		const first = text.charCodeAt(begin);
		if (begin === end || first === BLANK || first === TAB) return;
		if (this.#left <= 0) {
			this.#skipped++;
			return;
		}
		this.#left--;
		const packet = readLoggedPacket(text.slice(begin, Math.min(end, begin + LONGEST_LINE)));
		if (packet === undefined) this.#unread++;
		else this.#packet(packet);
	}
}

const BLANK = 32;
const TAB = 9;
