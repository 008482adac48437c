/**
 * Verifies a running host against its files: what each of them promises, what is there, and what to do where they differ.
 * What the host did not tell is unknown, never wrong.
 */
import {
	type Host,
	type HostFacts,
	hostBuilder,
	type Message,
	type ModelFile,
	msg,
	PfFile,
	pfFacts,
	rcVariable,
	rulesetText,
	servedInterfaces,
	sysctlSetting,
	type WatchPlace,
	watchPlaces,
} from "@openbsd-vnet/server";
import { missingRules } from "../deploy/loaded-rules.ts";
import type { Asked, RunOnHost } from "../live.ts";
import type { LiveInterface } from "../live-interfaces.ts";
import type { LiveState } from "../live-state.ts";
import { sh } from "../shell-words.ts";
import { isNear, verifyAddresses, verifyGuests, verifyInterfaces, verifyMembers, verifyRoutes } from "./network.ts";
import { forwarding, type Observed, observe } from "./observe.ts";
import type { Verified } from "./verified.ts";

export interface Verification {
	readonly live: LiveState;
	readonly simulated: boolean;
	readonly results: readonly Verified[];
	/** Where its packets can be watched. */
	readonly places: readonly WatchPlace[];
}

/**
 * Asks a host, and holds its files against it.
 * @param name what the host is called
 * @param files its files by their paths
 * @param askRules asks for the rules that are loaded, which root alone may see
 */
export async function verifyHost(
	run: RunOnHost,
	name: string,
	files: ReadonlyMap<string, ModelFile>,
	askRules: () => Promise<Asked<string>>,
	signal?: AbortSignal,
): Promise<Verification> {
	const build = hostBuilder();
	const observed = await observe(run, build({ name, files }), askRules, signal);
	const { live } = observed;
	const { system, taps } = live;
	// The programs of its own release have read them.
	const host = build({ name, files, ...(system?.reads === undefined ? {} : { release: system.reads }) });
	const used = taps.flatMap(({ name: tap, use }) => (use.kind === "guest" ? [{ name: tap, guest: use.name }] : []));
	return { live, simulated: system?.simulated === true, results: compare(host, observed), places: watchPlaces(host, used) };
}

/** What the files promise, held against what was observed. */
function compare(host: Host, observed: Observed): readonly Verified[] {
	return [
		...verifyServices(host, observed),
		...verifyGuests(host, observed.live),
		...verifyMembers(host, observed.live),
		...verifyAddresses(host, observed.live),
		...verifyInterfaces(host, observed.live),
		...verifyRoutes(host, observed.live, observed.routes),
		...verifySettings(host, observed),
		...verifyRules(host, observed),
		...verifyLeases(host, observed),
	];
}

function isEnabled({ rc }: Host, daemon: string): boolean {
	const flags = rcVariable(rc.value ?? [], `${daemon}_flags`);
	return flags !== undefined && flags.value !== "NO";
}

function verifyServices(host: Host, { running }: Observed): readonly Verified[] {
	return ["vmd", "dhcpd"].flatMap((name): readonly Verified[] => {
		if (!isEnabled(host, name)) return [];
		const one = { area: "services", subject: name, expected: msg("running") } as const;
		const runs = running.get(name);
		if (runs === undefined) return [{ ...one, verdict: "unknown", found: msg("not shown") }];
		if (runs) return [{ ...one, verdict: "ok", found: msg("running") }];
		const advice = msg("Start it, and look at /var/log/daemon where it ends at once");
		return [{ ...one, verdict: "differs", found: msg("not running"), advice, command: sh`rcctl start ${name}` }];
	});
}

/** sysctl.conf as it is in force, and forwarding where guests are routed: a file counts from the next boot on only. */
function verifySettings({ sysctl }: Host, { sysctls }: Observed): readonly Verified[] {
	const names = new Set((sysctl.value ?? []).map(({ name }) => name));
	return [...names].flatMap((name): readonly Verified[] => {
		const value = sysctlSetting(sysctl.value ?? [], name)?.value;
		if (value === undefined) return [];
		const one = { area: "settings", subject: name, expected: msg("{0}", value) } as const;
		const now = sysctls.get(name);
		if (now === undefined) return [{ ...one, verdict: "unknown", found: msg("not shown") }];
		if (now === value) return [{ ...one, verdict: "ok", found: msg("{0}", now) }];
		const known = name === forwarding.inet || name === forwarding.inet6;
		const advice = known ? msg("Set it now: until then nothing passes between interfaces") : msg("Set it now");
		return [{ ...one, verdict: "differs", found: msg("{0}", now), advice, command: sh`sysctl ${name}=${value}` }];
	});
}

/** pfctl puts in the addresses of interfaces when it loads: the files are read with those that the host has. */
function factsOf({ interfaces }: LiveState): HostFacts {
	return { interfaces: interfaces.map(interfaceFacts) };
}

/** Bits of the flags that pfctl looks at (sys/net/if.h). */
const flagBits: Readonly<Record<string, number>> = { UP: 0x1, BROADCAST: 0x2, LOOPBACK: 0x8, POINTOPOINT: 0x10, RUNNING: 0x40 };

function interfaceFacts({ name, flags, groups, addresses }: LiveInterface): NonNullable<HostFacts["interfaces"]>[number] {
	return {
		name,
		groups,
		flags: flags.reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0),
		addresses: addresses.map(({ family, address, prefix }) => ({
			family,
			address,
			...(prefix === undefined ? {} : { prefixLength: prefix }),
		})),
	};
}

function verifyRules({ source }: Host, { rules, live }: Observed): readonly Verified[] {
	const facts = factsOf(live);
	const { release } = source;
	const readFile = (path: string) => source.files.get(path)?.text;
	const files = new Map(
		[...source.files].map(([path, { text, ...rest }]): [string, ModelFile] =>
			path.startsWith("/etc/pf.")
				? [
						path,
						{ ...rest, text, parsed: PfFile.parse(text, { path, readFile, host: facts, ...(release === undefined ? {} : { release }) }) },
					]
				: [path, { ...rest, text }],
		),
	);
	const read = pfFacts(files);
	if (read === undefined) return [];
	const common = { area: "rules", subject: "pf.conf" } as const;
	const { ruleset, loads, incomplete } = read;
	const count = ruleset.main.rules.length;
	const expected = msg("{0} rules", count);
	if (incomplete) return [{ ...common, verdict: "unknown", expected, found: msg("the files have errors: check them first") }];
	if (rules.kind !== "answered") {
		const refused = rules.kind === "refused" ? msg("Permit it in /etc/doas.conf: {0}", rules.allow) : msg("{0}", rules.message);
		return [{ ...common, verdict: "unknown", expected, found: msg("not shown: pfctl needs root"), advice: refused }];
	}
	const load = { advice: msg("Load the ruleset"), command: sh`pfctl -f /etc/pf.conf` };
	const missing = missingRules(rulesetText(read), rules.value);
	const extra = missingRules(rules.value, rulesetText(read));
	const main: Verified =
		missing.length > 0
			? { ...common, verdict: "differs", expected, found: notLoaded(missing), ...load }
			: extra.length > 0
				? { ...common, verdict: "differs", expected, found: inNoFile(extra), ...load }
				: { ...common, verdict: "ok", expected, found: msg("all loaded, and no others") };
	const anchors = loads.map(({ anchor }): Verified => {
		const path = anchor.value.replace(/^\/+/, "");
		const own = ruleset.anchors.get(path)?.rules ?? [];
		const one = { area: "rules", subject: path, expected: msg("{0} rules", own.length) } as const;
		const lost = missingRules(rulesetText({ ...read, ruleset: { ...ruleset, main: { ...ruleset.main, rules: own } } }), rules.value);
		return lost.length === 0
			? { ...one, verdict: "ok", found: msg("loaded") }
			: { ...one, verdict: "differs", found: notLoaded(lost), ...load };
	});
	return [main, ...anchors];
}

function notLoaded([first = "", ...others]: readonly string[]): Message {
	return others.length === 0 ? msg("not loaded: {0}", first) : msg("not loaded: {0}, and {1} more", first, others.length);
}

function inNoFile([first = "", ...others]: readonly string[]): Message {
	return others.length === 0
		? msg("loaded, and in no file: {0}", first)
		: msg("loaded, and in no file: {0}, and {1} more", first, others.length);
}

/** Guests whose MAC address is known have a lease on the networks that dhcpd serves; fixed addresses are in no list of leases. */
function verifyLeases(host: Host, { leases, live, running }: Observed): readonly Verified[] {
	const served = new Set(servedInterfaces(host.rc.value ?? []).map(({ name }) => name));
	if (!isEnabled(host, "dhcpd") || running.get("dhcpd") !== true) return [];
	return host.segments.flatMap(({ gateways, plugs }) => {
		const gateway = gateways.find(({ name }) => served.size === 0 || served.has(name));
		if (gateway === undefined) return [];
		return plugs.flatMap(({ guest, nic }): readonly Verified[] => {
			const lladdr = nic.lladdr?.value.toLowerCase();
			const runs = live.guests.some(({ name, state }) => name === guest.name.value && state === "running");
			if (lladdr === undefined || !runs) return [];
			if (host.dhcpd.value?.hosts.some(({ ethernet, addresses }) => ethernet?.text.toLowerCase() === lladdr && addresses.length > 0))
				return [];
			const one = { area: "leases", subject: guest.name.value, expected: msg("a lease on {0}", gateway.name) } as const;
			if (leases === undefined) return [{ ...one, verdict: "unknown", found: msg("not shown") }];
			const own = leases.find(({ ethernet, address }) => ethernet === lladdr && isNear(gateway.config, address));
			if (own !== undefined) return [{ ...one, verdict: "ok", found: msg("{0}", own.address) }];
			const advice = msg("Look at what dhcpd gets: a request that is missing here was blocked on the guest's tap");
			return [{ ...one, verdict: "differs", found: msg("none"), advice, command: sh`tcpdump -ni ${gateway.name} port 67 or port 68` }];
		});
	});
}
