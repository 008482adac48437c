/**
 * Reads what `pfctl -ss -vv` prints, as it comes: a host may have a hundred thousand states. Two to four lines for each
 * (sbin/pfctl/pf_print_state.c, print_state()); what is none of them is counted, and left out.
 */
import { type Family, type Ip, type PfState, parseIp, protocolNumber, type StateEnd } from "@openbsd-vnet/server";

/** No more states are kept; pf's own limit is 100,000 unless pf.conf says otherwise. */
const MOST_STATES = 250_000;
/** A longer line is none of pfctl's. */
const LONGEST_LINE = 1000;

/** What the answer held. */
export interface ReadStates {
	readonly states: readonly PfState[];
	/** States beyond those that are kept. */
	readonly leftOut: number;
	/** Lines that were not understood. */
	readonly unread: number;
}

type Growing = { -readonly [Key in keyof PfState]: PfState[Key] };

/** Takes the answer piece by piece. */
export class StateReader {
	readonly #states: PfState[] = [];
	/** The state whose lines are read. */
	#current: Growing | undefined;
	/** The beginning of a line whose end has not come yet. */
	#rest = "";
	#leftOut = 0;
	#unread = 0;
	/** Equal words once: each piece of a text keeps all of it in memory. */
	readonly #words = new Map<string, string>();
	readonly #most: number;

	/** @param most so many states are kept */
	constructor(most = MOST_STATES) {
		this.#most = most;
	}

	take(chunk: Buffer): void {
		const text = this.#rest + chunk.toString("latin1");
		let begin = 0;
		for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", begin)) {
			this.#line(text.slice(begin, end));
			begin = end + 1;
		}
		// Of an endless line as much is kept as shows that it is too long.
		this.#rest = text.slice(begin, begin + LONGEST_LINE + 1);
	}

	/** What was read, once the answer is at its end. */
	end(): ReadStates {
		if (this.#rest !== "") this.#line(this.#rest);
		this.#rest = "";
		this.#finish();
		return { states: this.#states, leftOut: this.#leftOut, unread: this.#unread };
	}

	#line(line: string): void {
		if (line === "") return;
		const isUnderstood = line.length <= LONGEST_LINE && (line.startsWith("   ") ? this.#detail(line) : this.#opening(line));
		if (!isUnderstood) this.#unread++;
	}

	#opening(line: string): boolean {
		this.#finish();
		const state = readOpening(line.split(" ").filter((word) => word !== ""));
		if (state === undefined) return false;
		this.#current = { ...state, interface: this.#word(state.interface), progress: this.#word(state.progress) };
		return true;
	}

	#detail(line: string): boolean {
		const state = this.#current;
		if (state === undefined) return false;
		const id = /^ {3}id: ([0-9a-f]{16}) creatorid: ([0-9a-f]{8})/.exec(line);
		if (id !== null) {
			// Joined from numbers, so that it holds no piece of the text.
			state.id = `${hex(id[1]?.slice(0, 8))}${hex(id[1]?.slice(8))}/${hex(id[2])}`;
			return true;
		}
		if (line.startsWith("   [")) return true;
		const found =
			/^ {3}age (\d{2,}):(\d\d):(\d\d), expires in (\d{2,}):(\d\d):(\d\d), (\d+):(\d+) pkts, (\d+):(\d+) bytes((?:, [a-z][a-z0-9 -]*)*)$/.exec(
				line,
			);
		if (found === null) return false;
		const numbers = found.slice(1, 11).map(Number);
		const at = (index: number): number => numbers[index] ?? 0;
		state.age = at(0) * 3600 + at(1) * 60 + at(2);
		state.expires = at(3) * 3600 + at(4) * 60 + at(5);
		state.packets = [at(6), at(7)];
		state.bytes = [at(8), at(9)];
		const flags: string[] = [];
		for (const item of (found[11] ?? "").split(", ").slice(1)) {
			const [, name, number] = /^(anchor|rule) (\d{1,10})$/.exec(item) ?? [];
			if (name === "rule") state.rule = Number(number);
			else if (name === "anchor") state.anchor = Number(number);
			else flags.push(this.#word(item));
		}
		state.flags = flags.length === 0 ? NONE : flags;
		return true;
	}

	/** One without its identification cannot be told from others, nor ended. */
	#finish(): void {
		const state = this.#current;
		this.#current = undefined;
		if (state === undefined) return;
		if (state.id === "") this.#unread++;
		else if (this.#states.length < this.#most) this.#states.push(state);
		else this.#leftOut++;
	}

	#word(word: string): string {
		const known = this.#words.get(word);
		if (known !== undefined) return known;
		// A host that makes up words is not given memory for them.
		if (this.#words.size < 10_000) this.#words.set(word, word);
		return word;
	}
}

const NONE: readonly string[] = [];

/** Eight hexadecimal digits. */
function hex(digits: string | undefined): string {
	return Number.parseInt(digits ?? "0", 16)
		.toString(16)
		.padStart(8, "0");
}

interface Host {
	readonly family: Family;
	readonly end: StateEnd;
}

/** The ends of a state as they are printed: before translation stands in parentheses. */
interface Side {
	readonly after: Host;
	readonly before: Host;
	readonly gateway?: Ip;
}

/** The first line of a state, in words. */
function readOpening([name, protocolWord, ...words]: readonly string[]): PfState | undefined {
	const protocol = protocolNumber(protocolWord ?? "");
	const arrow = words.findIndex((word) => word === "->" || word === "<-");
	// `<BAD STATE LEVELS 8:9>` is of more words than one.
	const bad = words.indexOf("<BAD");
	const end = bad < 0 ? words.length - 1 : bad;
	const progress = words.slice(end).join(" ");
	if (name === undefined || protocol === undefined || arrow < 0 || end <= arrow) return undefined;
	if (!/^[A-Za-z][A-Za-z0-9_.]{0,15}$/.test(name)) return undefined;
	if (!/^(?:[A-Z0-9_]{1,16}:[A-Z0-9_]{1,16}|<BAD STATE LEVELS \d+:\d+>)$/.test(progress)) return undefined;
	const isOut = words[arrow] === "->";
	const left = readSide(words.slice(0, arrow));
	const right = readSide(words.slice(arrow + 1, end));
	if (left === undefined || right === undefined) return undefined;
	// af-to takes incoming packets alone, and is shown with the source on the left all the same.
	const isTurned = left.before.family !== left.after.family;
	const [source, destination] = isOut ? [left, right] : [right, left];
	const { family } = source.before;
	if (destination.before.family !== family || destination.after.family !== source.after.family) return undefined;
	const gateway = left.gateway ?? right.gateway;
	const isTranslated = source.before !== source.after || destination.before !== destination.after;
	return {
		interface: name,
		direction: isOut && !isTurned ? "out" : "in",
		family,
		protocol,
		source: source.before.end,
		destination: destination.before.end,
		...(isTranslated ? { translated: { family: source.after.family, source: source.after.end, destination: destination.after.end } } : {}),
		...(gateway === undefined ? {} : { gateway }),
		progress,
		age: 0,
		expires: 0,
		packets: NOTHING,
		bytes: NOTHING,
		flags: NONE,
		id: "",
	};
}

const NOTHING: readonly [number, number] = [0, 0];

/** `[(1)] 10.0.0.1:80 [([(2)] 10.0.0.2:80)] [{10.0.0.3}]`. */
function readSide(words: readonly string[]): Side | undefined {
	let at = 0;
	const rdomain = (): number => {
		const found = /^\((\d{1,5})\)$/.exec(words[at] ?? "");
		if (found === null) return 0;
		at++;
		return Number(found[1]);
	};
	const outer = rdomain();
	const after = readHost(words[at++] ?? "", outer);
	if (after === undefined) return undefined;
	let before = after;
	if (words[at]?.startsWith("(") === true) {
		const inner = /^\(\((\d{1,5})\)$/.exec(words[at] ?? "");
		if (inner !== null) at++;
		const word = words[at++] ?? "";
		if (!word.endsWith(")")) return undefined;
		const read = readHost(word.slice(inner === null ? 1 : 0, -1), Number(inner?.[1] ?? 0));
		if (read === undefined) return undefined;
		before = read;
	}
	const gatewayWord = words[at];
	if (gatewayWord === undefined) return { after, before };
	const gateway = parseIp(/^\{(.*)\}$/.exec(gatewayWord)?.[1] ?? "");
	return gateway === undefined || at + 1 < words.length ? undefined : { after, before, gateway: gateway.address };
}

/** `10.0.0.1:80`, `fe80::1[80]`; without a port where that is 0. */
function readHost(text: string, rdomain: number): Host | undefined {
	const [, v4, port4, v6, port6] = /^(?:(\d+\.\d+\.\d+\.\d+)(?::(\d{1,5}))?|([0-9a-f:.]+)(?:\[(\d{1,5})\])?)$/.exec(text) ?? [];
	const parsed = parseIp(v4 ?? v6 ?? "");
	if (parsed === undefined) return undefined;
	const port = Number(port4 ?? port6 ?? 0);
	return port > 65535 ? undefined : { family: parsed.family, end: { address: parsed.address, port, rdomain } };
}
