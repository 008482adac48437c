/** Follows what pf logs on a running host: each packet with the rule that logged it, that rule's line in the files, and whose it is. */
import { guestsOfStates, type Host, loadedRulesOf, parseIp, type Rule, sameIp } from "@openbsd-vnet/server";
import { ConnectionError } from "./connection-error.ts";
import { type Asked, askLiveState, type RunOnHost } from "./live.ts";
import {
	loggedRuleFinder,
	logs,
	logsOthers,
	type NumberedRule,
	packetLogCommand,
	pfInfoCommand,
	type RootAnswer,
	readDropCounts,
	readNumberedRules,
	readRootAnswer,
	ruleCountersCommand,
} from "./live-rules.ts";
import type { LiveState } from "./live-state.ts";
import { type LoggedPacket, LogReader } from "./log-reader.ts";
import { type Files, modelOf, placesOf } from "./state-rows.ts";

/** A packet with what else is known of it. */
export interface LogRow {
	readonly packet: LoggedPacket;
	/** The guests that have one of its addresses, or its tap. */
	readonly guests: readonly string[];
	/** The loaded rule that logged it, where that is certain. */
	readonly rule?: NumberedRule;
	/** Where the files have that rule: the path on the host, and the lines of its statement, from 0. */
	readonly place?: { readonly path: string; readonly line: number; readonly lastLine: number };
}

export interface LogQuestion {
	/** What the host is called. */
	readonly name: string;
	/** Its files, as far as they are here. */
	readonly files?: Files;
	/** Only packets of this guest, with this address at either end, on this interface, with this action, by a rule of this line. */
	readonly guest?: string;
	readonly address?: string;
	readonly interface?: string;
	readonly action?: string;
	readonly rule?: { readonly path: string; readonly line: number };
}

/** What is known before the first packet. */
export interface LogBegin {
	readonly live: LiveState;
	/** Why which rule logs is not known. */
	readonly refused?: Exclude<RootAnswer, { readonly kind: "answered" }>;
	/** Rules that block and log nothing: what they drop is not among the packets. None where others have it logged (`log (matches)`). */
	readonly silent: readonly NumberedRule[];
	/** Of the rule that is asked about: `absent` where nothing on its line is loaded as it is written, `silent` where that logs nothing. */
	readonly asked?: "absent" | "silent" | "logs";
	/** The line for /etc/doas.conf without which it is not known what pf drops beside its rules. */
	readonly dropsAllow?: string;
}

/** What became of all packets that the host told of. */
export interface LogCounts {
	/** Those that were asked about, and of them those that were too many to be handed on. */
	readonly wanted: number;
	readonly leftOut: number;
	/** Lines that were not understood. */
	readonly unread: number;
	/** Lines that came faster than they are read. */
	readonly skipped: number;
}

/** What is to be told beside the packets; 0 is nothing. */
export interface LogGaps {
	/** Since it was told of last. */
	readonly leftOut: number;
	readonly skipped: number;
	/** In all, each time that these are twice as many: of a host that speaks otherwise, few are told. */
	readonly unread: number;
}

export interface LogEvents {
	begin(begin: LogBegin): void;
	/** How many packets pf has dropped since it was told of last, by reason, beside what its rules block: limits and states need no `log` for it. */
	drops(counts: ReadonlyMap<string, number>): void;
	/** Packets in their order, some five times a second at most; none where only the counts have changed. */
	rows(rows: readonly LogRow[], counts: LogCounts, gaps: LogGaps): void;
}

/** So many packets are handed on at once, and so long is waited for more, in milliseconds: a thousand in a second. */
const MOST_AT_ONCE = 200;
const PAUSE = 200;
/** So many lines are read in that time: 20,000 in a second. */
const MOST_READ = 4000;
/** The rules are read again after so long, in milliseconds; where they were the same, after twice as long, up to the most. */
const BETWEEN_READINGS = 5000;
const MOST_BETWEEN_READINGS = 60_000;
/** So long is between two readings of what is dropped beside rules, in milliseconds. */
const BETWEEN_DROPS = 10_000;
/** What timeout(1) says where the time is over, and how long that takes at the least, in milliseconds. */
const TIME_IS_OVER = 124;
const LEAST_TIME = 60_000;

/**
 * Follows the log until `signal` is given, over one command that is begun again every five minutes.
 * @param user who we are on the host, for the line of doas.conf
 */
export async function followLog(
	run: RunOnHost,
	user: string,
	question: LogQuestion,
	events: LogEvents,
	signal: AbortSignal,
): Promise<Asked<LogCounts>> {
	const live = await askLiveState(run, signal);
	const { name, files } = question;
	const host = files && modelOf(name, files, live);
	const askRules = async (): Promise<RootAnswer> =>
		readRootAnswer(await run(ruleCountersCommand.command, { limit: RULES_LIMIT, signal }), user, ruleCountersCommand.words);
	const [answer, drops] = await Promise.all([askRules(), DropWatch.begin(run, user, signal)]);
	// By which rule a packet was logged is not known then.
	if (question.rule !== undefined && answer.kind !== "answered") return answer;
	const loaded = answer.kind === "answered" ? readNumberedRules(answer.text) : [];
	const matcher = new RuleMatcher(host, loaded);
	const isLogged = loaded.some(logsOthers) ? () => true : logs;
	const silent = loaded.filter((rule) => rule.text.startsWith("block ") && !isLogged(rule));
	const asked = question.rule && matcher.at(question.rule);
	events.begin({
		live,
		silent,
		...(answer.kind === "answered" ? {} : { refused: answer }),
		...(drops.allow === undefined ? {} : { dropsAllow: drops.allow }),
		...(asked && { asked: asked.length === 0 ? "absent" : asked.some(isLogged) ? "logs" : "silent" }),
	});

	const wants = filterOf(question);
	const guestsOf = guestsOfStates(host, placesOf(live));
	let waiting: LogRow[] = [];
	let [wanted, leftOut] = [0, 0];
	let known = loaded;
	let [readAt, pause] = [performance.now(), BETWEEN_READINGS];
	let reading: Promise<void> | undefined;
	const readAgain = (): void => {
		// Other rules were loaded since; or the host speaks of rules that it does not tell.
		if (answer.kind !== "answered" || reading !== undefined || performance.now() - readAt < pause) return;
		readAt = performance.now();
		reading = askRules()
			.then((now) => {
				if (now.kind !== "answered") return;
				const rules = readNumberedRules(now.text);
				pause = isSame(rules, known) ? Math.min(2 * pause, MOST_BETWEEN_READINGS) : BETWEEN_READINGS;
				known = rules;
				matcher.take(rules);
			})
			.catch(() => undefined)
			.finally(() => {
				reading = undefined;
			});
	};
	const reader = new LogReader((packet) => {
		const { rule, place, isKnown } = matcher.of(packet);
		if (!isKnown) readAgain();
		const guests = guestsOf(endsOf(packet));
		const row: LogRow = { packet, guests, ...(rule && { rule }), ...(place && { place }) };
		if (!wants(row)) return;
		wanted++;
		if (waiting.length < MOST_AT_ONCE) waiting.push(row);
		else leftOut++;
	}, MOST_READ);
	const counts = (): LogCounts => ({ wanted, leftOut, unread: reader.unread, skipped: reader.skipped });
	let told = counts();
	const flush = (): void => {
		reader.refill();
		const rows = waiting;
		waiting = [];
		const now = counts();
		const hasDoubled = now.unread > 0 && now.unread >= 2 * told.unread;
		const gaps = { leftOut: now.leftOut - told.leftOut, skipped: now.skipped - told.skipped, unread: hasDoubled ? now.unread : 0 };
		told = { ...now, unread: hasDoubled ? now.unread : told.unread };
		if (rows.length > 0 || gaps.skipped > 0 || hasDoubled) events.rows(rows, now, gaps);
	};
	const timer = setInterval(flush, PAUSE);
	const dropTimer = setInterval(() => drops.read((counts) => events.drops(counts)), BETWEEN_DROPS);
	try {
		while (!signal.aborted) {
			const outputTo = () => {
				reader.restart();
				return (chunk: Buffer) => reader.take(chunk);
			};
			const begun = performance.now();
			const options = { milliseconds: 400_000, limit: Number.MAX_SAFE_INTEGER, signal, outputTo };
			const result = await run(packetLogCommand.command, options);
			// One that ends at once would be begun again and again.
			if (result.status === TIME_IS_OVER && performance.now() - begun >= LEAST_TIME) continue;
			const ended = readRootAnswer(result, user, packetLogCommand.words);
			return ended.kind === "answered" ? { kind: "failed", message: "tcpdump ended" } : ended;
		}
	} catch (error) {
		if (!signal.aborted || !(error instanceof ConnectionError)) throw error;
	} finally {
		clearInterval(timer);
		clearInterval(dropTimer);
		flush();
	}
	return { kind: "answered", value: counts() };
}

function isSame(rules: readonly NumberedRule[], others: readonly NumberedRule[]): boolean {
	const key = ({ anchor, number, text, inserted }: NumberedRule): string => `${anchor}\n${number}\n${text}\n${inserted}`;
	return rules.length === others.length && rules.every((rule, i) => others[i] !== undefined && key(rule) === key(others[i]));
}

const RULES_LIMIT = 32 * 1024 * 1024;

/** Packets without addresses are told by their interface alone. */
function endsOf({ interface: on, source, destination }: LoggedPacket): Parameters<ReturnType<typeof guestsOfStates>>[0] {
	const none = { address: { a: 0, b: 0, c: 0, d: 0 } };
	return { interface: on, family: source?.family ?? "inet", source: source ?? none, destination: destination ?? none };
}

function filterOf({ guest, address, interface: on, action, rule }: LogQuestion): (row: LogRow) => boolean {
	const asked = address === undefined ? undefined : parseIp(address);
	return ({ packet, guests, place }) => {
		if (on !== undefined && packet.interface !== on) return false;
		if (action !== undefined && packet.action !== action) return false;
		if (guest !== undefined && !guests.includes(guest)) return false;
		if (rule !== undefined && !(place !== undefined && isAt(place, rule))) return false;
		if (asked === undefined) return true;
		const isAsked = (end: LoggedPacket["source"]): boolean =>
			end !== undefined && end.family === asked.family && sameIp(end.address, asked.address);
		return isAsked(packet.source) || isAsked(packet.destination);
	};
}

function isAt(place: NonNullable<LogRow["place"]>, { path, line }: NonNullable<LogQuestion["rule"]>): boolean {
	return place.path === path && line >= place.line && line <= place.lastLine;
}

/** What pf drops beside what its rules block, one reading after the other. */
class DropWatch {
	/** The line for /etc/doas.conf where it may not be asked. */
	readonly allow: string | undefined;
	readonly #ask: (() => Promise<RootAnswer>) | undefined;
	#counts: ReadonlyMap<string, number>;
	#isReading = false;

	private constructor(first: RootAnswer, ask: () => Promise<RootAnswer>) {
		this.allow = first.kind === "refused" ? first.allow : undefined;
		// What was refused or failed once is not asked again.
		this.#ask = first.kind === "answered" ? ask : undefined;
		this.#counts = readDropCounts(first.kind === "answered" ? first.text : "");
	}

	static async begin(run: RunOnHost, user: string, signal: AbortSignal): Promise<DropWatch> {
		const ask = async (): Promise<RootAnswer> => readRootAnswer(await run(pfInfoCommand.command, { signal }), user, pfInfoCommand.words);
		return new DropWatch(await ask(), ask);
	}

	/** @param tell is given what was dropped since the reading before, where there is some */
	read(tell: (counts: ReadonlyMap<string, number>) => void): void {
		if (this.#ask === undefined || this.#isReading) return;
		this.#isReading = true;
		this.#ask()
			.then((answer) => {
				if (answer.kind !== "answered") return;
				const counts = readDropCounts(answer.text);
				// Fewer than before: they were cleared in between.
				const risen = [...counts].flatMap(([reason, count]) => {
					const more = count - (this.#counts.get(reason) ?? 0);
					return more > 0 ? [[reason, more] as const] : [];
				});
				this.#counts = counts;
				if (risen.length > 0) tell(new Map(risen));
			})
			.catch(() => undefined)
			.finally(() => {
				this.#isReading = false;
			});
	}
}

/** Finds the rules of packets among those that are loaded, and their lines in the files. */
class RuleMatcher {
	readonly #host: Host | undefined;
	#find: ReturnType<typeof loggedRuleFinder>;
	#own: ReadonlyMap<NumberedRule, Rule>;
	readonly #places = new Map<Rule, LogRow["place"]>();

	constructor(host: Host | undefined, loaded: readonly NumberedRule[]) {
		this.#host = host;
		this.#find = loggedRuleFinder(loaded);
		this.#own = this.#ownOf(loaded);
	}

	/** Takes other rules for those that are loaded. */
	take(loaded: readonly NumberedRule[]): void {
		this.#find = loggedRuleFinder(loaded);
		this.#own = this.#ownOf(loaded);
	}

	/** @returns with `isKnown` false where the packet speaks of rules that are not those that were read */
	of(packet: LoggedPacket): Pick<LogRow, "rule" | "place"> & { readonly isKnown: boolean } {
		const [rule, ...more] = this.#find(packet);
		if (rule === undefined || more.length > 0) return { isKnown: packet.rule === undefined || more.length > 0 };
		const own = this.#own.get(rule);
		const place = own && this.#placeOf(own);
		return { rule, isKnown: true, ...(place && { place }) };
	}

	/** The loaded rules that a line of the files makes. */
	at(asked: NonNullable<LogQuestion["rule"]>): readonly NumberedRule[] {
		return [...this.#own].flatMap(([rule, own]) => {
			const place = this.#placeOf(own);
			return place !== undefined && isAt(place, asked) ? [rule] : [];
		});
	}

	#ownOf(loaded: readonly NumberedRule[]): ReadonlyMap<NumberedRule, Rule> {
		const pf = this.#host?.pf;
		return new Map(pf === undefined ? [] : loadedRulesOf(pf, loaded).map(([own, rule]) => [rule, own] as const));
	}

	#placeOf(rule: Rule): LogRow["place"] {
		const known = this.#places.get(rule);
		if (known !== undefined) return known;
		const at = this.#host?.pf?.place(rule);
		const text = at && this.#host?.source.files.get(at.file)?.text;
		const lineOf = (offset: number): number => (text ?? "").slice(0, offset).split("\n").length - 1;
		const place =
			at === undefined || text === undefined ? undefined : { path: at.file, line: lineOf(at.span.start), lastLine: lineOf(at.span.end) };
		this.#places.set(rule, place);
		return place;
	}
}
