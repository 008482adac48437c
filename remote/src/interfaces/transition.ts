/**
 * What brings a running interface to what its file says from now on, as if the host had started with it. netstart takes nothing
 * away, says `Device busy` for what is in place already, and sets addresses again with the loss of their routes: so what the file
 * no longer has is taken away first, and only those lines are run whose settings the interface has not.
 */
import { type Message, msg, netstart, type Release } from "@openbsd-vnet/server";
import type { LiveInterface } from "../live-interfaces.ts";
import { detailsOf, has, type InterfaceDetails } from "./running.ts";
import { isVlanWord, missingVlans, vlanLines, wantedVlans } from "./veb-vlans.ts";

type Setting = netstart.Setting;
type Word = Extract<Setting, { kind: "word" }>;

export interface Transition {
	/** What takes away, as words of `ifconfig IF`. */
	readonly takeAway: readonly (readonly string[])[];
	/** The lines of the file that netstart is to run; empty where there is nothing to set. */
	readonly lines: string;
	/** Whether addresses go for a moment, and with them the routes by them. */
	readonly losesRoutes: boolean;
	/** What it interrupts, where there is no other way. */
	readonly interrupts: readonly Message[];
	/** What stays as it was, though a start of the host would change it: only an interface that is recreated loses it. */
	readonly stays: readonly Setting[];
}

/**
 * @param before the text that the interface was configured by; empty where there was none
 * @param after the text that holds from now on; empty where the file is taken away
 * @param isThere whether the host has an interface, or will have: a member that it had not before is not waited for
 * @param release that of the host, where it is known
 * @param returning ports that have left it by then, and come again without what was said of them
 */
export function transitionOf(
	live: LiveInterface,
	before: string,
	after: string,
	isThere: (name: string) => boolean = () => true,
	release?: Release,
	returning: ReadonlySet<string> = new Set(),
): Transition {
	const { name } = live;
	const vlans = wantedVlans(name, after, release);
	const isJudged = (each: Setting): boolean => vlans === undefined || !isVlanWord(each);
	const lines = netstart.settingsOf(name, after, release).flatMap((line): readonly netstart.SettingLine[] => {
		const settings = line.settings.filter(isJudged);
		return settings.length === 0 && line.settings.length > 0 ? [] : [{ ...line, settings }];
	});
	const wanted = lines.flatMap(({ settings }) => settings);
	const had = netstart.allSettings(name, before, release).filter(isJudged);
	const details = detailsOf(live);
	const keys = new Set(wanted.map(keyOf));
	const returns = (each: Setting): boolean => {
		const port = portOf(each);
		return port !== undefined && returning.has(port);
	};
	const dropped = had.filter((each) => !keys.has(keyOf(each)) && !returns(each) && isLeft(live, details, each));
	const members = new Set(dropped.flatMap((each) => (each.kind === "word" && each.word === "add" ? [each.args[0]] : [])));
	const takeAway: (readonly string[])[] = [];
	const stays: Setting[] = [];
	for (const each of dropped) {
		// With a member go its rules, and what was said of it.
		if (each.kind === "rule" || (each.kind === "word" && each.word !== "add" && members.has(each.args[0]))) continue;
		const words = inverseOf(each, live);
		if (words === undefined) stays.push(each);
		// A locked port neither learns nor is discovered: it is unlocked first.
		else if (words[0] === "-locked") takeAway.unshift(words);
		else if (words.length > 0) takeAway.push(words);
	}
	const remadePeers = peersToRemake(details, had, wanted);
	for (const key of remadePeers) takeAway.push(["-wgpeer", key]);
	const flushed = portsToFlush(details, had, wanted);
	for (const port of flushed)
		if (!members.has(port) && details.rules.some((rule) => rule.port === port)) takeAway.push(["flushrule", port]);
	const change = busy(
		live,
		details,
		wanted,
		takeAway.flatMap(([word = ""]) => word),
	);
	// A driver that has to be down for what follows is told so first.
	takeAway.unshift(...change.before);
	takeAway.push(...change.takeAway);
	// With its routing domain go all addresses of an interface.
	if (takeAway.some(([word]) => word === "-rdomain"))
		takeAway.splice(0, takeAway.length, ...takeAway.filter(([, , last]) => last !== "delete"));
	// With the last line of inet6 goes the link-local address that came with the first.
	if (usesInet6(before) && !usesInet6(after) && live.addresses.some(({ family }) => family === "inet6")) takeAway.push(["-inet6"]);
	const old = new Set(netstart.settingsOf(name, before, release).map(({ source }) => source));
	const now = change.live;
	const nowDetails = detailsOf(now);
	const known = new Set(had.map(keyOf));
	const isSet = (each: Setting): boolean | undefined => {
		if (known.has(keyOf(each)) && isOfAnAbsent(each, isThere)) return undefined;
		const isFlushed = (each.kind === "rule" && flushed.has(each.port)) || (each.kind === "peer" && remadePeers.has(each.key));
		return isFlushed || returns(each) ? false : has(now, nowDetails, each);
	};
	const isNeeded = ({ source, settings, complete }: netstart.SettingLine): boolean => {
		const answers = settings.map(isSet);
		if (answers.includes(false)) return true;
		return (!complete || settings.length === 0 || answers.includes(undefined)) && !old.has(source);
	};
	// A first address takes the one away that is there: then all go, and come in the order of the file.
	const resets = lines.some(
		(line) => isNeeded(line) && line.settings.some((each) => each.kind === "address" && each.family === "inet" && !each.alias),
	);
	const hasIpv4 = (line: netstart.SettingLine): boolean => line.settings.some((each) => each.kind === "address" && each.family === "inet");
	if (resets)
		for (const each of wanted)
			if (each.kind === "address" && each.family === "inet" && has(now, nowDetails, { ...each, bits: undefined }) === true)
				takeAway.push(["inet", each.address, "delete"]);
	const needed = lines.filter((line) => isNeeded(line) || (resets && hasIpv4(line)));
	const text = needed
		.map((line) =>
			without(
				line,
				line.settings.filter((each) => refusesTwice(each) && isSet(each) === true),
			),
		)
		.join("");
	const up = change.wasDown && wanted.some(bringsUp) && !needed.some(({ settings }) => settings.some(bringsUp)) ? "up\n" : "";
	if (had.some(bringsUp) && !wanted.some(bringsUp) && live.flags.includes("UP")) takeAway.push(["down"]);
	const vlansNow = vlans === undefined ? { before: "", after: "" } : vlanLines(now, vlans, isThere);
	return {
		takeAway,
		lines: vlansNow.before + text + vlansNow.after + up,
		losesRoutes: change.interrupts.length > 0 || takeAway.some(([, , last]) => last === "delete"),
		interrupts: change.interrupts,
		stays,
	};
}

function usesInet6(text: string): boolean {
	return /^\s*inet6\s/m.test(text);
}

/** Whether an interface may still have what a setting made: an address with another mask, a peer with other networks too. */
function isLeft(live: LiveInterface, details: InterfaceDetails, setting: Setting): boolean {
	if (setting.kind === "peer") return details.peers.some(({ key }) => key === setting.key);
	return has(live, details, setting.kind === "address" ? { ...setting, bits: undefined } : setting) !== false;
}

/** What of an interface a setting decides: two settings of one key are two values of one thing. */
export function keyOf(setting: Setting): string {
	switch (setting.kind) {
		case "address":
			return `address ${setting.family} ${setting.address.toLowerCase()}`;
		case "peer":
			return `peer ${setting.key}`;
		case "rule":
			return `rule ${setting.text}`;
		case "command":
			return `command ${setting.text}`;
		case "word": {
			const word = setting.word.replace(/^-/, "");
			if (word === "autoconf") return `${word} ${setting.family}`;
			return isOfMany(setting) ? `${word} ${setting.args[0] ?? ""}` : word;
		}
	}
}

const single = new Set(["parent", "carpdev", "syncdev", "pppoedev", "patch"]);

/** Whether an interface can have several of a word. */
function isOfMany({ word }: Word): boolean {
	if (/^-?(group|static|join|endpoint)$/.test(word)) return true;
	const name = word.replace(/^-/, "");
	return netstart.wordOf(word)?.args[0]?.type === "interface" && !single.has(name);
}

/** Words of ifconfig that take a setting away; none are needed where it goes with another; undefined where there are none. */
function inverseOf(setting: Setting, live: LiveInterface): readonly string[] | undefined {
	switch (setting.kind) {
		case "address":
			return [setting.family, setting.address, "delete"];
		case "peer":
			return ["-wgpeer", setting.key];
		case "rule":
		case "command":
			return undefined;
		case "word":
			return inverseOfWord(setting, live);
	}
}

function inverseOfWord({ word, args, family }: Word, live: LiveInterface): readonly string[] | undefined {
	const [value = "", second = ""] = args;
	switch (word) {
		case "add":
			return ["del", value];
		case "addspan":
			return ["delspan", value];
		case "static":
			return ["deladdr", second];
		case "group":
			return ["-group", value];
		case "autoconf":
			return [family, "-autoconf"];
		// It is told to go down where nothing of the file brings it up any more.
		case "up":
		case "down":
			return [];
		case "mtu": {
			const usual = netstart.usualMtu(netstart.familyOf(live.name));
			return usual === undefined ? undefined : ["mtu", String(usual)];
		}
		// They take what is under them from the interface, which has nothing in its place then.
		case "parent":
		case "vnetid":
		case "tunnel":
			return undefined;
	}
	if (/^-(link[012]|debug)$/.test(word)) return [];
	const opposite = word.startsWith("-") ? word.slice(1) : `-${word}`;
	const entry = netstart.wordOf(opposite);
	if (entry === undefined || (word.startsWith("-") && entry.args[0]?.type !== "interface")) return undefined;
	return [opposite, ...args.slice(0, entry.args.length)];
}

/** Ports whose rules are others than the file's: all of them are set again, for they are asked in their order. */
function portsToFlush({ rules }: InterfaceDetails, had: readonly Setting[], wanted: readonly Setting[]): ReadonlySet<string> {
	const of = (settings: readonly Setting[], port: string) =>
		settings.flatMap((each) => (each.kind === "rule" && each.port === port ? [each.text] : [])).join("\n");
	const ports = new Set([...had, ...wanted].flatMap((each) => (each.kind === "rule" ? [each.port] : [])));
	return new Set(
		[...ports].filter(
			(port) =>
				rules
					.filter((rule) => rule.port === port)
					.map(({ text }) => text)
					.join("\n") !== of(wanted, port),
		),
	);
}

/** Peers that have what their line had said and says no more: a line takes nothing of it away, so they are recreated. */
function peersToRemake({ peers }: InterfaceDetails, had: readonly Setting[], wanted: readonly Setting[]): ReadonlySet<string> {
	const saidOf = (settings: readonly Setting[], key: string) =>
		settings.flatMap((each) =>
			each.kind === "peer" && each.key === key ? each.words.map(([word]) => (word === "wgdescription" ? "wgdescr" : word)) : [],
		);
	const isWanted = (key: string) => wanted.some((each) => each.kind === "peer" && each.key === key);
	return new Set(
		peers.flatMap(({ key, shown }) => {
			const [said, says] = [saidOf(had, key), saidOf(wanted, key)];
			return isWanted(key) && said.some((word) => shown.has(word) && !says.includes(word)) ? [key] : [];
		}),
	);
}

/** Words that a driver refuses while the interface runs (sys/net: IFF_RUNNING). */
const refusedWhileRunning: Readonly<Record<string, readonly string[]>> = {
	vlan: ["parent"],
	svlan: ["parent"],
	bpe: ["parent", "vnetid"],
	vxlan: ["parent", "vnetid", "tunnel", "tunneladdr", "tunneldomain"],
	nvgre: ["parent", "vnetid", "tunnel"],
	egre: ["vnetid", "tunnel", "tunneldomain"],
	eoip: ["vnetid", "tunnel"],
	mgre: ["vnetid", "tunneladdr", "tunneldomain"],
};

interface Busy {
	/** Before all else. */
	readonly before: readonly (readonly string[])[];
	readonly takeAway: readonly (readonly string[])[];
	readonly interrupts: readonly Message[];
	/** How the interface is after that. */
	readonly live: LiveInterface;
	readonly wasDown: boolean;
}

/** What has to go first, so that a driver takes what the file says. @param gone the words that take away what it says no more */
function busy(live: LiveInterface, details: InterfaceDetails, wanted: readonly Setting[], gone: readonly string[]): Busy {
	const { name } = live;
	const before: (readonly string[])[] = [];
	const takeAway: (readonly string[])[] = [];
	const interrupts: Message[] = [];
	let now = live;
	let wasDown = false;
	const words = wanted.filter((each) => each.kind === "word");
	const differs = (each: Word): boolean => has(live, details, each) === false;
	const rdomain = words.find((each) => each.word === "rdomain");
	if (gone.includes("-rdomain") || (rdomain !== undefined && differs(rdomain))) {
		interrupts.push(msg("{0} changes its routing domain: the kernel takes all its addresses away, and with them what goes by it", name));
		now = { ...now, addresses: [] };
	}
	const refused = refusedWhileRunning[netstart.familyOf(name).key] ?? [];
	const first =
		words.find((each) => refused.includes(each.word) && differs(each))?.word ?? refused.find((word) => gone.includes(`-${word}`));
	if (first !== undefined && live.flags.includes("RUNNING")) {
		interrupts.push(msg("{0} goes down for a moment: its {1} changes", name, first));
		before.push(["down"]);
		wasDown = true;
		now = { ...now, flags: now.flags.filter((flag) => flag !== "UP" && flag !== "RUNNING") };
	}
	const [port] = words.filter((each) => each.word === "trunkport").map(({ args }) => args[0]);
	const master = details.trunkPorts.find((each) => each.master)?.name;
	if (port !== undefined && master !== undefined && port !== master && details.trunkProto === "failover") {
		interrupts.push(msg("all ports of {0} are taken out and put in again: {1} is to be the first", name, port));
		takeAway.push(...details.trunkPorts.map((each) => ["-trunkport", each.name]));
		now = { ...now, other: now.other.filter((line) => !/^[a-z]+\d+ port\b/.test(line)) };
	}
	return { before, takeAway, interrupts, live: now, wasDown };
}

/** Whether a setting is about an interface that the host does not have: a tap whose guest does not run, say. */
function isOfAnAbsent(each: Setting, isThere: (name: string) => boolean): boolean {
	const port = portOf(each);
	return port !== undefined && !isThere(port);
}

/** The other interface that a setting is about. */
function portOf(each: Setting): string | undefined {
	if (each.kind === "rule") return each.port;
	return each.kind === "word" && netstart.wordOf(each.word)?.args[0]?.type === "interface" ? (each.args[0] ?? "") : undefined;
}

function bringsUp(each: Setting): boolean {
	return each.kind === "address" || (each.kind === "word" && (each.word === "up" || each.word === "autoconf"));
}

/** Whether ifconfig gives up a whole line for a setting that is there already: `Device busy`. */
function refusesTwice(each: Setting): boolean {
	return each.kind === "word" && /^(add|addspan|trunkport|parent|tunnel|tunneladdr)$/.test(each.word);
}

/** A line without some of its settings. */
function without({ source, start }: netstart.SettingLine, settings: readonly Setting[]): string {
	const spans = settings.flatMap(({ span }) => span ?? []).sort((a, b) => b.start - a.start);
	return spans.reduce((line, span) => line.slice(0, span.start - start) + line.slice(span.end - start), source);
}

/** What a file sets and an interface has not, as far as ifconfig shows. */
export function missingOf(live: LiveInterface, text: string, release?: Release): readonly Setting[] {
	const details = detailsOf(live);
	const vlans = wantedVlans(live.name, text, release);
	const wanted = netstart.allSettings(live.name, text, release).filter((each) => vlans === undefined || !isVlanWord(each));
	const others = portsToFlush(details, [], wanted);
	return [
		...wanted.filter((each) => (each.kind === "rule" ? others.has(each.port) : has(live, details, each) === false)),
		...(vlans === undefined ? [] : missingVlans(live, vlans)),
	];
}

/**
 * What an interface does not have that its file says, and what it still has that the file before had said: in the words of the
 * file, but for keys and passwords. Empty where it is as if it had been started with the file, as far as ifconfig shows.
 */
export function faultsOf(
	live: LiveInterface,
	before: string,
	after: string,
	isThere: (name: string) => boolean,
	release?: Release,
): { readonly missing: readonly string[]; readonly left: readonly string[] } {
	const wanted = netstart.allSettings(live.name, after, release);
	const known = new Set(netstart.allSettings(live.name, before, release).map(keyOf));
	const missing = missingOf(live, after, release).filter((each) => !(known.has(keyOf(each)) && isOfAnAbsent(each, isThere)));
	return {
		missing: missing.map(shownSetting),
		left: transitionOf(live, before, after, undefined, release)
			.takeAway.filter(
				([, address = "", verb]) => verb !== "delete" || !wanted.some((each) => each.kind === "address" && each.address === address),
			)
			.map((words) => words.join(" ")),
	};
}

/** A setting in the words of the file, without keys and passwords. */
export function shownSetting(setting: Setting): string {
	switch (setting.kind) {
		case "address":
			return `${setting.family} ${setting.address}${setting.bits === undefined ? "" : `/${setting.bits}`}`;
		case "peer":
			return `wgpeer ${setting.key}`;
		case "rule":
			return `rule ${setting.text}`;
		case "command":
			return `!${setting.text}`;
		case "word": {
			const isSecret = netstart.wordOf(setting.word)?.args.some(({ secret }) => secret === true) === true;
			return [setting.word, ...(isSecret ? [] : setting.args)].join(" ");
		}
	}
}
