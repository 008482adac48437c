/** What the hosts of the workspace have said of themselves: asked when somebody wants to know, kept until asked again. */

import {
	type Asked,
	actOnGuest,
	askAnchors,
	askBoot,
	askLiveState,
	askLoadedRules,
	askRuleCounters,
	type Connection,
	type CounterReading,
	daysWithout,
	type GuestAction,
	type LiveState,
	type LoadedCounters,
	type RuleWithPast,
	type RunOnHost,
	type Verification,
	verifyHost,
	type WayBack,
} from "@openbsd-vnet/remote";
import {
	type CountedRule,
	type LiveFacts,
	LiveNotification,
	type RuleCounters,
	type RulePast,
	settingsSection,
} from "@openbsd-vnet/server/protocol";
import {
	CancellationError,
	type CancellationToken,
	type Disposable,
	EventEmitter,
	env,
	type LogOutputChannel,
	l10n,
	workspace,
} from "vscode";
import { inBackground } from "../background.ts";
import type { LanguageServer } from "../languageServer.ts";

/** Reaches hosts by SSH. */
export interface Connector extends Disposable {
	/** A way to run commands on the host at an address; connects at the first command. */
	runner(host: KnownHost): RunOnHost;
	/** A connection of its own, for whoever closes it. */
	connect(host: KnownHost, signal?: AbortSignal): Promise<Connection>;
	/** Adds what the rules of a host have counted to what is remembered of it. */
	remember(host: KnownHost, reading: CounterReading): Promise<readonly RuleWithPast[]>;
	/** Who we are on the host. */
	user(host: KnownHost): string | Promise<string>;
}

/** A host that can be asked. */
export interface KnownHost {
	readonly name: string;
	/** Where it is reached: `host`, `user@host`, or a name of ssh_config. */
	readonly address: string;
	/** The folder that stands for its /etc, where the workspace has one. */
	readonly etc?: string;
	/** Files below /etc that are deployed beside those of the network. */
	readonly deploy?: readonly string[];
}

/** What is known of a host. */
export interface Known {
	readonly host: KnownHost;
	readonly asking: boolean;
	readonly answer?: { readonly state: LiveState; readonly taken: Date };
	readonly counters?: RuleCounters;
	readonly anchors?: Asked<readonly string[]>;
	/** The last rehearsal of the way back, or "never"; what a deployment has asked. */
	readonly wayBack?: WayBack | "never";
	/** Why the last question was not answered, for people. */
	readonly trouble?: string;
}

export class LiveHosts implements Disposable {
	readonly #server: LanguageServer;
	readonly #connector: Connector;
	readonly #log: LogOutputChannel;
	readonly #known = new Map<string, Known>();
	readonly #changed = new EventEmitter<void>();
	readonly #listeners: readonly Disposable[];
	#listed: Promise<readonly KnownHost[]> | undefined;
	#timer: ReturnType<typeof setInterval> | undefined;

	constructor(server: LanguageServer, connector: Connector, log: LogOutputChannel) {
		this.#server = server;
		this.#connector = connector;
		this.#log = log;
		const lists = workspace.createFileSystemWatcher("**/openbsd-vnet.json");
		const forget = () => this.#forgetList();
		this.#listeners = [
			lists,
			lists.onDidChange(forget),
			lists.onDidCreate(forget),
			lists.onDidDelete(forget),
			workspace.onDidChangeWorkspaceFolders(forget),
			workspace.onDidChangeConfiguration((event) => {
				if (event.affectsConfiguration(`${settingsSection}.live`)) {
					forget();
					this.#followSetting();
				}
			}),
			// A server that was started again knows nothing.
			server.onDidChange(() => {
				if (server.state !== "running") return;
				this.#tellServer();
				forget();
			}),
		];
		this.#followSetting();
	}

	/** Fires when something is known that was not, or is being asked for. */
	readonly onDidChange = this.#changed.event;

	/** The hosts of openbsd-vnet.json that say how they are reached, and those of the settings. */
	async list(): Promise<readonly KnownHost[]> {
		const listed = this.#listed ?? this.#readList();
		this.#listed = listed;
		try {
			return await listed;
		} catch (error) {
			// The server was ended in the middle: once it runs again, it is asked again.
			if (this.#listed === listed) this.#listed = undefined;
			this.#log.debug("The hosts of the workspace are not known yet", error);
			return [];
		}
	}

	known(host: KnownHost): Known {
		return this.#known.get(keyOf(host)) ?? { host, asking: false };
	}

	all(): readonly Known[] {
		return [...this.#known.values()];
	}

	/** Asks a host for its guests, taps and switches. */
	async refresh(host: KnownHost, token?: CancellationToken): Promise<LiveState | undefined> {
		const state = await this.#ask(host, token, (run, signal) => askLiveState(run, signal));
		if (state !== undefined) this.tellState(host, state);
		return state;
	}

	/** Remembers what a host has told of itself, whoever asked it. */
	tellState(host: KnownHost, state: LiveState): void {
		const { anchors: _, ...before } = this.known(host);
		this.#put({ ...before, answer: { state, taken: new Date() } });
		this.#tellServer();
	}

	/** Remembers what a host has told of its last rehearsal. */
	tellWayBack(host: KnownHost, wayBack: WayBack | undefined): void {
		this.#put({ ...this.known(host), wayBack: wayBack ?? "never" });
	}

	/** Asks a host something else; undefined where it does not answer, which `known` then tells. */
	async ask<T>(
		host: KnownHost,
		token: CancellationToken,
		question: (run: RunOnHost, signal: AbortSignal) => Promise<T>,
	): Promise<T | undefined> {
		return await this.#ask(host, token, question);
	}

	/** Who we are on a host. */
	async user(host: KnownHost): Promise<string> {
		return await this.#connector.user(host);
	}

	/** Holds a host against its files. */
	async verify(
		host: KnownHost,
		files: ReadonlyMap<string, { readonly text: string }>,
		token?: CancellationToken,
	): Promise<Verification | undefined> {
		const found = await this.#ask(host, token, async (run, signal) =>
			verifyHost(run, host.name, files, async () => askLoadedRules(run, await this.#connector.user(host), signal), signal),
		);
		if (found !== undefined) this.tellState(host, found.live);
		return found;
	}

	/** Asks for the rules that are loaded. */
	async rules(host: KnownHost, token?: CancellationToken): Promise<Asked<string> | undefined> {
		return await this.#ask(host, token, async (run, signal) => askLoadedRules(run, await this.#connector.user(host), signal));
	}

	/** Asks for the anchors that are loaded. */
	async anchors(host: KnownHost): Promise<Asked<readonly string[]> | undefined> {
		const { anchors: before } = this.known(host);
		if (before !== undefined) return before;
		const anchors = await this.#ask(host, undefined, async (run, signal) => askAnchors(run, await this.#connector.user(host), signal));
		if (anchors !== undefined) this.#known.set(keyOf(host), { ...this.known(host), anchors });
		return anchors;
	}

	/** Asks for the counters of all rules, which the editor then shows behind them. */
	async counters(host: KnownHost, token?: CancellationToken): Promise<Asked<LoadedCounters> | undefined> {
		let boot: string | undefined;
		const asked = await this.#ask(host, token, async (run, signal) => {
			const answer = await askRuleCounters(run, await this.#connector.user(host), signal);
			if (answer.kind === "answered") boot = await askBoot(run, signal);
			return answer;
		});
		if (asked?.kind !== "answered") return asked;
		const { rules, limiters } = asked.value;
		const taken = new Date();
		const counters: RuleCounters = {
			taken: timeText(taken),
			rules: await this.#withPast(host, { at: taken.getTime(), rules, ...(boot === undefined ? {} : { boot }) }),
			limiters,
			tellAfterDays: workspace.getConfiguration(settingsSection).get<number>("live.neverCountedDays") ?? 0,
		};
		this.#put({ ...this.known(host), counters });
		this.#tellServer();
		return asked;
	}

	/** Rules with what earlier readings show of them; without, where our own folder cannot be written. */
	async #withPast(host: KnownHost, reading: CounterReading): Promise<readonly CountedRule[]> {
		try {
			const remembered = await this.#connector.remember(host, reading);
			return remembered.map((rule) => ({ ...withoutPast(rule), past: pastOf(rule, reading.at) }));
		} catch (error) {
			this.#log.warn(`${host.name}: ${error instanceof Error ? error.message : String(error)}`);
			return reading.rules;
		}
	}

	/** Does something to a guest. */
	async act(host: KnownHost, guest: string, action: GuestAction, token?: CancellationToken): Promise<Asked<string> | undefined> {
		return await this.#ask(host, token, async (run, signal) => actOnGuest(run, guest, action, await this.#connector.user(host), signal));
	}

	/** Shows the counters of no host any more. */
	hideCounters(): void {
		for (const { counters: _, ...known } of this.all()) this.#put(known);
		this.#tellServer();
	}

	dispose(): void {
		clearInterval(this.#timer);
		for (const listener of this.#listeners) listener.dispose();
		this.#changed.dispose();
	}

	/** Lets something follow a host, for as long as it likes: the view does not wait for it. */
	async follow<T>(host: KnownHost, question: (run: RunOnHost) => Promise<T>): Promise<T> {
		return await question(this.#connector.runner(host));
	}

	/** Runs a question; its failure is logged and kept. A cancelled one leaves no trace. */
	async #ask<T>(
		host: KnownHost,
		token: CancellationToken | undefined,
		question: (run: RunOnHost, signal: AbortSignal) => Promise<T>,
	): Promise<T | undefined> {
		const { trouble: _, ...before } = this.known(host);
		this.#put({ ...before, asking: true });
		const controller = new AbortController();
		const listener = token?.onCancellationRequested(() => controller.abort());
		try {
			const answer = await question(this.#connector.runner(host), controller.signal);
			this.#put({ ...this.known(host), asking: false });
			return answer;
		} catch (error) {
			const cancelled = controller.signal.aborted || error instanceof CancellationError;
			const trouble = error instanceof Error ? error.message : String(error);
			if (!cancelled) this.#log.error(`${host.name}: ${trouble}`);
			this.#put({ ...this.known(host), asking: false, ...(cancelled ? {} : { trouble }) });
			return undefined;
		} finally {
			listener?.dispose();
		}
	}

	#put(known: Known): void {
		this.#known.set(keyOf(known.host), known);
		this.#changed.fire();
	}

	#forgetList(): void {
		this.#listed = undefined;
		this.#changed.fire();
	}

	async #readList(): Promise<readonly KnownHost[]> {
		const items = await this.#server.request("hosts", {});
		const extra = workspace.getConfiguration(settingsSection).get<Readonly<Record<string, unknown>>>("live.hosts") ?? {};
		const hosts = new Map<string, KnownHost>();
		for (const item of items) {
			const address = addressOf(extra[item.name]) ?? item.ssh;
			if (address !== undefined) hosts.set(item.name, { name: item.name, address, etc: item.etc, deploy: item.deploy ?? [] });
		}
		for (const [name, value] of Object.entries(extra)) {
			const address = addressOf(value);
			if (address !== undefined && !hosts.has(name)) hosts.set(name, { name, address });
		}
		return [...hosts.values()];
	}

	#tellServer(): void {
		const hosts = this.all().flatMap(({ host, answer, counters }): readonly LiveFacts[] =>
			host.etc === undefined || answer === undefined
				? []
				: [
						{
							etc: host.etc,
							host: liveHost(host, answer.state, answer.taken),
							...(answer.state.system?.reads === undefined ? {} : { release: answer.state.system.reads }),
							...(counters === undefined ? {} : { counters }),
						},
					],
		);
		this.#server.notify(LiveNotification, { hosts });
	}

	/** Asks again those that have answered, every so many seconds, where the setting says so. */
	#followSetting(): void {
		clearInterval(this.#timer);
		const seconds = workspace.getConfiguration(settingsSection).get<number>("live.autoRefresh") ?? 0;
		if (!(seconds > 0)) return;
		this.#timer = setInterval(() => {
			for (const { host, answer, asking } of this.all()) if (answer !== undefined && !asking) inBackground(this.refresh(host));
		}, Math.max(5, seconds) * 1000);
	}
}

function keyOf({ name, address }: KnownHost): string {
	return `${name}\n${address}`;
}

/** Not a word that ssh would take for an option, nor more than one word. */
function addressOf(value: unknown): string | undefined {
	return typeof value === "string" && /^[^\s-]\S*$/.test(value) ? value : undefined;
}

/** A time as the reader writes it. */
export function timeText(time: Date): string {
	return time.toLocaleTimeString(env.language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

/** A day and time as the reader writes it. */
function dayText(time: number): string {
	return new Date(time).toLocaleString(env.language, { dateStyle: "medium", timeStyle: "short", hour12: false });
}

function withoutPast({ since: _, start: __, readings: ___, last: ____, ...rule }: RuleWithPast): CountedRule {
	return rule;
}

function pastOf(rule: RuleWithPast, at: number): RulePast {
	const days = daysWithout(rule, at);
	return {
		since: dayText(rule.since.by),
		...(rule.last === undefined ? {} : { last: dayText(rule.last.by) }),
		...(days === undefined ? {} : { daysWithout: days }),
	};
}

/** How long ago something was, for people. */
export function ageText(taken: Date, now: Date = new Date()): string {
	const seconds = Math.max(0, Math.round((now.getTime() - taken.getTime()) / 1000));
	if (seconds < 60) return l10n.t("{0} s ago", seconds);
	return seconds < 3600 ? l10n.t("{0} min ago", Math.round(seconds / 60)) : l10n.t("{0} h ago", Math.round(seconds / 3600));
}

function liveHost({ name }: KnownHost, { system, taps }: LiveState, taken: Date): LiveFacts["host"] {
	return {
		name,
		taken: timeText(taken),
		simulated: system?.simulated === true,
		taps: taps.map(({ name: tap, use, bridge, switch: on }) => ({
			name: tap,
			...(use.kind === "guest" ? { guest: use.name, index: use.index, state: use.state } : {}),
			...(bridge === undefined ? {} : { bridge }),
			...(on === undefined ? {} : { switch: on }),
		})),
	};
}
