/** Follows what pf logs on a running host: each packet with the rule that logged it, that rule's line in the files, and whose it is. */
import { guestsOfStates, type Host, loadedRulesOf, parseIp, type Rule, sameIp } from "@openbsd-vnet/server";
import { ConnectionError } from "./connection-error.ts";
import { type Asked, askLiveState, type RunOnHost } from "./live.ts";
import {
	loggedRuleFinder,
	type NumberedRule,
	packetLogCommand,
	type RootAnswer,
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
	/** Where the files have that rule: the path on the host, and the line, from 0. */
	readonly place?: { readonly path: string; readonly line: number };
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
	/** Rules that block and log nothing: what they drop is not among the packets. */
	readonly silent: readonly NumberedRule[];
}

/** What became of all packets that the host told of. */
export interface LogCounts {
	/** Those that were asked about, and of them those that were too many to be handed on. */
	readonly wanted: number;
	readonly leftOut: number;
	/** Lines that were not understood. */
	readonly unread: number;
}

export interface LogEvents {
	begin(begin: LogBegin): void;
	/** Packets in their order, some five times a second at most. */
	rows(rows: readonly LogRow[], counts: LogCounts): void;
}

/** So many packets are handed on at once, and so long is waited for more, in milliseconds: a thousand in a second. */
const MOST_AT_ONCE = 200;
const PAUSE = 200;
/** The rules are not read more often, in milliseconds. */
const BETWEEN_READINGS = 5000;
/** What timeout(1) says where the time is over. */
const TIME_IS_OVER = 124;

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
	const answer = await askRules();
	const loaded = answer.kind === "answered" ? readNumberedRules(answer.text) : [];
	const matcher = new RuleMatcher(host, loaded);
	const silent = loaded.filter(({ text }) => /^block (?!.*\blog\b)/.test(text));
	events.begin({ live, silent, ...(answer.kind === "answered" ? {} : { refused: answer }) });

	const wants = filterOf(question);
	const guestsOf = guestsOfStates(host, placesOf(live));
	let waiting: LogRow[] = [];
	let [wanted, leftOut, unread] = [0, 0, 0];
	let reread: number | undefined = performance.now();
	let reading: Promise<void> | undefined;
	const readAgain = (): void => {
		// Other rules were loaded since.
		if (answer.kind !== "answered" || reading !== undefined || performance.now() - (reread ?? 0) < BETWEEN_READINGS) return;
		reread = performance.now();
		reading = askRules()
			.then((now) => {
				if (now.kind === "answered") matcher.take(readNumberedRules(now.text));
			})
			.catch(() => undefined)
			.finally(() => {
				reading = undefined;
			});
	};
	const take = (packet: LoggedPacket): void => {
		const { rule, place, isKnown } = matcher.of(packet);
		if (!isKnown) readAgain();
		const guests = guestsOf(endsOf(packet));
		const row: LogRow = { packet, guests, ...(rule && { rule }), ...(place && { place }) };
		if (!wants(row)) return;
		wanted++;
		if (waiting.length < MOST_AT_ONCE) waiting.push(row);
		else leftOut++;
	};
	const flush = (): void => {
		const rows = waiting;
		waiting = [];
		if (rows.length > 0) events.rows(rows, { wanted, leftOut, unread });
	};
	const timer = setInterval(flush, PAUSE);
	try {
		while (!signal.aborted) {
			let before = unread;
			const outputTo = () => {
				const reader = new LogReader(take);
				before = unread;
				return (chunk: Buffer) => {
					reader.take(chunk);
					unread = before + reader.unread;
				};
			};
			const options = { milliseconds: 400_000, limit: Number.MAX_SAFE_INTEGER, signal, outputTo };
			const result = await run(packetLogCommand.command, options);
			const ended = readRootAnswer(result, user, packetLogCommand.words);
			if (result.status !== TIME_IS_OVER) return ended.kind === "answered" ? { kind: "failed", message: "tcpdump ended" } : ended;
		}
	} catch (error) {
		if (!signal.aborted || !(error instanceof ConnectionError)) throw error;
	} finally {
		clearInterval(timer);
		flush();
	}
	return { kind: "answered", value: { wanted, leftOut, unread } };
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
		if (rule !== undefined && (place?.path !== rule.path || place.line !== rule.line)) return false;
		if (asked === undefined) return true;
		const isAsked = (end: LoggedPacket["source"]): boolean =>
			end !== undefined && end.family === asked.family && sameIp(end.address, asked.address);
		return isAsked(packet.source) || isAsked(packet.destination);
	};
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

	#ownOf(loaded: readonly NumberedRule[]): ReadonlyMap<NumberedRule, Rule> {
		const pf = this.#host?.pf;
		return new Map(pf === undefined ? [] : loadedRulesOf(pf, loaded).map(([own, rule]) => [rule, own] as const));
	}

	#placeOf(rule: Rule): LogRow["place"] {
		const known = this.#places.get(rule);
		if (known !== undefined) return known;
		const at = this.#host?.pf?.place(rule);
		const text = at && this.#host?.source.files.get(at.file)?.text;
		const place =
			at === undefined || text === undefined ? undefined : { path: at.file, line: text.slice(0, at.span.start).split("\n").length - 1 };
		this.#places.set(rule, place);
		return place;
	}
}
