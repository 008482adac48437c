/** Guests, members, addresses and routes: what vm.conf and hostname.if promise of the network. */
import {
	formatIp,
	type Host,
	type InterfaceConfig,
	inNetwork,
	type Message,
	masked,
	msg,
	parseIp,
	type VmInterface,
} from "@openbsd-vnet/server";
import { missingOf, shownSetting } from "../interfaces/transition.ts";
import type { LiveInterface } from "../live-interfaces.ts";
import type { LiveRoute } from "../live-routes.ts";
import type { LiveState, TapState } from "../live-state.ts";
import { sh } from "../shell-words.ts";
import type { Verified } from "./verified.ts";

const nothing = msg("nothing");

/** Each guest that starts with vmd runs, with its taps in their switches. */
export function verifyGuests({ vm, segmentOfNic }: Host, { guests, taps, vmd, complete }: LiveState): readonly Verified[] {
	return vm.guests.flatMap((guest): readonly Verified[] => {
		const name = guest.name.value;
		const live = guests.find((one) => one.name === name);
		if (guest.disabled !== undefined && live?.state !== "running") return [];
		const common = { area: "guests", subject: name, expected: msg("running") } as const;
		if (live === undefined && vmd.kind !== "answered") return [{ ...common, verdict: "unknown", found: msg("vmd did not tell") }];
		if (live?.state !== "running") {
			const found = live === undefined ? msg("vmd does not know it") : msg("{0}", live.state);
			const advice = live === undefined ? msg("Load vm.conf again") : msg("Start it");
			const command = live === undefined ? sh`vmctl reload` : sh`vmctl start ${name}`;
			return [{ ...common, verdict: "differs", found, advice, command }];
		}
		const own = taps.filter(({ use }) => use.kind === "guest" && use.name === name);
		return [
			{ ...common, verdict: "ok", found: msg("running") },
			...guest.interfaces.flatMap((nic) => {
				const bridge = segmentOfNic.get(nic)?.link.name;
				return bridge === undefined
					? []
					: [
							verifyPlug(
								name,
								nic,
								bridge,
								own.find(({ use }) => use.kind === "guest" && use.index === nic.index),
								complete,
							),
						];
			}),
		];
	});
}

/** A guest's interface is on the tap that vm.conf pins, in the bridge of its switch. */
function verifyPlug(guest: string, nic: VmInterface, bridge: string, tap: TapState | undefined, complete: boolean): Verified {
	const pinned = nic.tap?.value;
	const common = {
		area: "guests",
		subject: `${guest} if${nic.index}`,
		expected: pinned === undefined ? msg("a tap in {0}", bridge) : msg("{0} in {1}", pinned, bridge),
	} as const;
	const restart = { advice: msg("Stop the guest and start it again: a running one keeps its tap and its switch") };
	if (tap === undefined && !complete) return { ...common, verdict: "unknown", found: msg("not shown") };
	if (tap === undefined) return { ...common, verdict: "differs", found: msg("no tap of its own"), ...restart };
	const found = tap.bridge === undefined ? msg("{0} in no bridge", tap.name) : msg("{0} in {1}", tap.name, tap.bridge);
	const right = tap.bridge === bridge && (pinned === undefined || pinned === tap.name);
	return right ? { ...common, verdict: "ok", found } : { ...common, verdict: "differs", found, ...restart };
}

/** Each bridge and veb has the members that its file adds, and no others but guests' taps. */
export function verifyMembers({ segments }: Host, { bridges, taps, complete }: LiveState): readonly Verified[] {
	const links = [...new Set(segments.map(({ link }) => link))];
	return links.flatMap(({ name, config }): readonly Verified[] => {
		if (config === undefined) return [];
		const wanted = [...new Set(config.members.map(({ value }) => value))];
		const live = bridges.find((bridge) => bridge.name === name);
		const common = { area: "members", subject: name } as const;
		const start = { advice: msg("Configure it as at boot"), command: sh`sh /etc/netstart ${name}` };
		const all = wanted.length === 0 ? nothing : msg("{0}", wanted.join(" "));
		if (live === undefined && !complete) return [{ ...common, verdict: "unknown", expected: all, found: msg("not shown") }];
		if (live === undefined) return [{ ...common, verdict: "differs", expected: all, found: msg("there is no {0}", name), ...start }];
		const members = live.members.map((member) => member.interface);
		const guests = new Set(taps.flatMap((tap) => (tap.use.kind === "guest" ? [tap.name] : [])));
		const verdicts = wanted.map((port): Verified => {
			const there = members.includes(port);
			const one = { ...common, expected: msg("{0}", port), found: there ? msg("{0}", port) : msg("not a member") };
			return there ? { ...one, verdict: "ok" } : { ...one, verdict: "differs", ...start };
		});
		const others = members.filter((member) => !wanted.includes(member) && !guests.has(member));
		return [
			...verdicts,
			...others.map(
				(member): Verified => ({
					...common,
					verdict: "differs",
					expected: all,
					found: msg("{0}, which no file adds", member),
					advice: msg("Remove it, or add it in hostname.{0}", name),
					command: sh`ifconfig ${name} del ${member}`,
				}),
			),
		];
	});
}

/** Each interface that a file configures is there, up, and has its addresses. */
export function verifyAddresses({ configs }: Host, { interfaces, complete }: LiveState): readonly Verified[] {
	return configs.flatMap((config): readonly Verified[] => {
		const live = interfaces.find(({ name }) => name === config.name);
		const common = { area: "addresses", subject: config.name } as const;
		const start = { advice: msg("Configure it as at boot"), command: sh`sh /etc/netstart ${config.name}` };
		if (live === undefined) {
			const absent = { ...common, expected: msg("there"), found: msg("not there") };
			return [complete ? { ...absent, verdict: "differs", ...start } : { ...absent, verdict: "unknown" }];
		}
		const wanted = config.addresses.flatMap(({ family, text, bits }) =>
			parseIp(text) === undefined ? [] : [{ family, text, bits, shown: bits === undefined ? text : `${text}/${bits}` }],
		);
		const verdicts = wanted.map(({ family, text, bits, shown }): Verified => {
			const found = live.addresses.find((one) => one.family === family && sameAddress(one.address, text));
			const right = found !== undefined && (bits === undefined || found.prefix === undefined || found.prefix === bits);
			const one = { ...common, expected: msg("{0}", shown), found: addressesOf(live) };
			return right ? { ...one, verdict: "ok" } : { ...one, verdict: "differs", ...start };
		});
		return [...verdicts, ...fromOutside(config, live), ...verifyUp(config, live)];
	});
}

/** Each interface has the other things that its file sets and ifconfig shows: rules, flags, groups, peers, what is under it. */
export function verifyInterfaces({ configs, source }: Host, { interfaces }: LiveState): readonly Verified[] {
	return configs.flatMap(({ name, path }): readonly Verified[] => {
		const live = interfaces.find((each) => each.name === name);
		const text = source.files.get(path)?.text;
		if (live === undefined || text === undefined) return [];
		const missing = missingOf(live, text, source.release).filter(
			(each) => each.kind !== "address" && !(each.kind === "word" && /^(add|up|down|autoconf)$/.test(each.word)),
		);
		const start = { advice: msg("Deploy it: run by netstart alone, it may be refused or repeated"), found: msg("not set") };
		return missing.map((each) => ({
			area: "interfaces",
			subject: name,
			verdict: "differs",
			expected: msg("{0}", shownSetting(each)),
			...start,
		}));
	});
}

function fromOutside({ name, autoconf }: InterfaceConfig, live: LiveInterface): readonly Verified[] {
	if (autoconf.inet === undefined) return [];
	const there = live.addresses.some(({ family }) => family === "inet");
	const one = { area: "addresses", subject: name, expected: msg("an address by DHCP"), found: addressesOf(live) } as const;
	return [
		there ? { ...one, verdict: "ok" } : { ...one, verdict: "differs", advice: msg("Look at what dhcpleased says in /var/log/daemon") },
	];
}

function verifyUp(config: InterfaceConfig, live: LiveInterface): readonly Verified[] {
	if (config.up === undefined || config.down !== undefined) return [];
	const up = live.flags.includes("UP");
	const one = { area: "addresses", subject: config.name, expected: msg("up"), found: up ? msg("up") : msg("down") } as const;
	return [
		up ? { ...one, verdict: "ok" } : { ...one, verdict: "differs", advice: msg("Set it up"), command: sh`ifconfig ${config.name} up` },
	];
}

function addressesOf({ addresses }: LiveInterface): Message {
	const shown = addresses.map(({ address, prefix }) => (prefix === undefined ? address : `${address}/${prefix}`));
	return shown.length === 0 ? msg("no address") : msg("{0}", shown.join(" "));
}

function sameAddress(one: string, other: string): boolean {
	const [a, b] = [parseIp(one), parseIp(other)];
	return a !== undefined && b !== undefined && a.family === b.family && formatIp(a.address, a.family) === formatIp(b.address, b.family);
}

/** Each network of an interface has its route, and mygate's gateways are the default ones. */
export function verifyRoutes(
	{ configs, mygate }: Host,
	{ interfaces, complete }: LiveState,
	routes: readonly LiveRoute[] | undefined,
): readonly Verified[] {
	// That an interface is not there is told of the interface.
	const isAbsent = (name: string) => complete && !interfaces.some((one) => one.name === name);
	const networks = configs.flatMap(({ name, addresses, rdomain }) =>
		addresses.flatMap(({ family, ip, bits }) =>
			// Other routing tables than the first are not shown.
			rdomain !== undefined || isAbsent(name) || family !== "inet" || ip === undefined || bits === undefined || bits >= 31
				? []
				: [{ name, network: `${formatIp(masked(ip, bits), "inet")}/${bits}` }],
		),
	);
	const gateways = (mygate.value ?? []).flatMap((line) => (line.kind === "gateway" && parseIp(line.address) !== undefined ? [line] : []));
	return [
		...networks.map(({ name, network }): Verified => {
			const one = { area: "routes", subject: network, expected: msg("by {0}", name) } as const;
			if (routes === undefined) return { ...one, verdict: "unknown", found: msg("not shown") };
			const found = routes.filter(({ destination }) => destination === network);
			const shown = found.length === 0 ? msg("no route") : msg("by {0}", found.map((route) => route.interface).join(" "));
			if (found.some((route) => route.interface === name)) return { ...one, verdict: "ok", found: shown };
			return { ...one, verdict: "differs", found: shown, advice: msg("Configure it as at boot"), command: sh`sh /etc/netstart ${name}` };
		}),
		...gateways.map(({ family, address }): Verified => {
			const one = { area: "routes", subject: "default", expected: msg("by {0}", address) } as const;
			if (routes === undefined) return { ...one, verdict: "unknown", found: msg("not shown") };
			const found = routes.filter(
				({ destination, gateway }) => destination === "default" && gateway.includes(":") === (family === "inet6"),
			);
			const shown = found.length === 0 ? msg("no route") : msg("by {0}", found.map(({ gateway }) => gateway).join(" "));
			if (found.some(({ gateway }) => sameAddress(gateway, address))) return { ...one, verdict: "ok", found: shown };
			const flag = family === "inet6" ? "-inet6" : "-inet";
			return {
				...one,
				verdict: "differs",
				found: shown,
				advice: msg("Set the route"),
				command: sh`route -qn add ${flag} default ${address}`,
			};
		}),
	];
}

/** Whether an address is in the network of one of an interface's addresses. */
export function isNear(config: InterfaceConfig | undefined, address: string): boolean {
	const parsed = parseIp(address);
	return (config?.addresses ?? []).some(
		({ ip, bits, family }) =>
			parsed?.family === family && ip !== undefined && bits !== undefined && inNetwork(parsed.address, masked(ip, bits), bits),
	);
}
