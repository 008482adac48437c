/**
 * How much goes through a host's interfaces, and how much of the processor and memory its guests take: two readings of what the kernel
 * counts, some seconds apart, in one process on the host and one round trip. Anybody may read it.
 *
 * netstat's columns are told by their headings (usr.bin/netstat/if.c), and ps prints a process's time in hundredths of a second
 * (bin/ps/print.c, cputime()). A counter that is smaller in the second reading has begun again: its rate is not known.
 */
import { randomBytes } from "node:crypto";
import type { RunOnHost } from "./live.ts";
import { liveAnswerLimit, liveCommands, markedScript, readSection } from "./live-script.ts";
import { type LiveState, readLiveState } from "./live-state.ts";
import { sh } from "./shell-words.ts";

/** More would come near to the time that a command is given on the host. */
export const MOST_RATE_SECONDS = 8;

/** What goes one way, in a second. */
export interface Rate {
	readonly packets: number;
	readonly bits: number;
}

export interface InterfaceRate {
	readonly name: string;
	/** The guest whose tap it is. */
	readonly guest?: string;
	/** What the host gets by it; by a tap, what its guest sends. */
	readonly in: Rate;
	readonly out: Rate;
}

export interface GuestLoad {
	readonly name: string;
	/** Of one processor, in percent: of two that are busy, 200. Undefined where its process was not the same in both readings. */
	readonly cpu?: number;
	/** What it takes of the host's memory, as vmctl prints it. */
	readonly memory?: string;
}

export interface LiveRates {
	/** How long the readings are apart. */
	readonly seconds: number;
	/** Of the second reading. */
	readonly live: LiveState;
	/** In the order of ifconfig; those of which both readings tell. */
	readonly interfaces: readonly InterfaceRate[];
	/** Guests that have a process. */
	readonly guests: readonly GuestLoad[];
}

/** What was counted at one time: by interface, and hundredths of a second by process. */
interface Counted {
	readonly interfaces: ReadonlyMap<string, Readonly<Record<Column, number>>>;
	readonly processes: ReadonlyMap<number, number>;
}

const columns = ["Ipkts", "Opkts", "Ibytes", "Obytes"] as const;
type Column = (typeof columns)[number];

/**
 * Reads twice what a host counts.
 * @param seconds between the readings, 1 to {@link MOST_RATE_SECONDS}
 */
export async function askRates(run: RunOnHost, seconds: number, signal?: AbortSignal): Promise<LiveRates> {
	const marker = randomBytes(16).toString("hex");
	const counted = "netstat -in; netstat -ibn; ps -axo pid,cputime";
	const twice = sh`sh -c ${`${counted}; sleep ${seconds}; echo ${marker} again; ${counted}`}`;
	const { stdout } = await run(markedScript(marker, { counted: twice, ...liveCommands }), {
		milliseconds: 45_000 + seconds * 1000,
		limit: liveAnswerLimit,
		...(signal === undefined ? {} : { signal }),
	});
	return readRates(stdout, marker, seconds);
}

/** Reads the answer to the script of {@link askRates}. Whatever a host prints is an answer, if one that tells nothing. */
export function readRates(answer: string, marker: string, seconds: number): LiveRates {
	const live = readLiveState(answer, marker);
	const { lines } = readSection(answer, marker, "counted");
	const between = lines.indexOf(`${marker} again`);
	const before = readCounted(between === -1 ? [] : lines.slice(0, between));
	const after = readCounted(between === -1 ? [] : lines.slice(between + 1));
	const guestOf = new Map(live.taps.flatMap(({ name, use }) => (use.kind === "guest" ? [[name, use.name] as const] : [])));
	return {
		seconds,
		live,
		interfaces: live.interfaces.flatMap(({ name }) => {
			const [old, now] = [before.interfaces.get(name), after.interfaces.get(name)];
			if (old === undefined || now === undefined || !columns.every((column) => now[column] >= old[column])) return [];
			const perSecond = (column: Column): number => (now[column] - old[column]) / seconds;
			const guest = guestOf.get(name);
			return [
				{
					name,
					...(guest === undefined ? {} : { guest }),
					in: { packets: perSecond("Ipkts"), bits: 8 * perSecond("Ibytes") },
					out: { packets: perSecond("Opkts"), bits: 8 * perSecond("Obytes") },
				},
			];
		}),
		guests: live.guests.flatMap(({ name, pid, memory }) => {
			if (pid === undefined) return [];
			const [old, now] = [before.processes.get(pid), after.processes.get(pid)];
			const cpu = old === undefined || now === undefined || now < old ? undefined : (now - old) / seconds;
			return [{ name, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }];
		}),
	};
}

function readCounted(lines: readonly string[]): Counted {
	const found = new Map<string, Partial<Record<Column, number>>>();
	const processes = new Map<number, number>();
	let headings: readonly string[] = [];
	for (const line of lines) {
		const words = line.trim().split(/\s+/);
		if (words[0] === "Name" || words[0] === "PID") headings = words;
		else if (headings[0] === "PID") readProcess(words, processes);
		else if (headings[0] === "Name") readInterfaceRow(words, headings, found);
	}
	const interfaces = new Map<string, Readonly<Record<Column, number>>>();
	for (const [name, { Ipkts, Opkts, Ibytes, Obytes }] of found)
		if (Ipkts !== undefined && Opkts !== undefined && Ibytes !== undefined && Obytes !== undefined)
			interfaces.set(name, { Ipkts, Opkts, Ibytes, Obytes });
	return { interfaces, processes };
}

function readProcess([pid = "", time = "", ...more]: readonly string[], processes: Map<number, number>): void {
	const [, minutes, seconds, hundredths] = /^(\d{1,9}):(\d\d)\.(\d\d)$/.exec(time) ?? [];
	if (more.length > 0 || !/^\d{1,9}$/.test(pid) || minutes === undefined) return;
	processes.set(Number(pid), Number(minutes) * 6000 + Number(seconds) * 100 + Number(hundredths));
}

/** The row of an interface itself, among those of its addresses; one without a link-layer address has a word less. */
function readInterfaceRow(
	words: readonly string[],
	headings: readonly string[],
	found: Map<string, Partial<Record<Column, number>>>,
): void {
	const behind = headings.length - headings.indexOf("Address") - 1;
	if (words[2] !== "<Link>" || !headings.includes("Address") || words.length < 3 + behind || words.length > 4 + behind) return;
	// One that is down has a star.
	const name = (words[0] ?? "").replace(/\*$/, "");
	const row: Partial<Record<Column, number>> = { ...found.get(name) };
	for (const column of columns) {
		const place = headings.indexOf(column);
		if (place === -1) continue;
		const word = words[words.length - headings.length + place] ?? "";
		const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
		// Two rows of one name are of names that netstat has cut: neither is known.
		row[column] = row[column] === undefined && Number.isSafeInteger(value) ? value : Number.NaN;
	}
	found.set(name, row);
}
