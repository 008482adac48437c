/** Redirections whose packets get nowhere. */

import { fixedAddress, statementOf } from "../host/filter.ts";
import type { Host } from "../host/model.ts";
import { formatIp, inNetwork } from "../pf/names/address.ts";
import { type EndpointMatch, type Family, type Ip, isAny, isUnrestricted, type Pool, type Rule } from "../pf/rules.ts";
import { printAddress } from "../pf/ruleset/print.ts";
import { related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { isDefaultBlock } from "./fate.ts";
import { tapName } from "./interfaces.ts";
import { single } from "./intervals.ts";
import { wordOf } from "./ipv4-numbers.ts";
import { TCP, UDP } from "./packet.ts";
import { type PacketCheck, type PacketHost, spotText, warning } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";

export const redirectChecks = {
	"host/redirect-blocked": {
		alone: true,
		...warning(
			[
				"A redirection that nothing passes",
				"`rdr-to` only changes where a packet goes; the rules behind it see the new address and port, and so do those of the interface that it leaves by. Blocked there, it never arrives.",
				"Pass the redirected packets: with `pass` in the place of `match`, or by a rule for the new address and port; and out to where they go.",
			],
			function* (around, report) {
				if (callsOpenAnchors(around.filter.pf.ruleset)) return;
				// A list of ports is one statement, and told once.
				const told = new Set<string>();
				for (const { rule } of around.filter.rules) {
					const target = targetOf(rule);
					const statement = statementOf(around.filter, rule);
					if (target === undefined || told.has(statement)) continue;
					yield;
					const stop = stoppedAt(around, rule, target);
					if (stop === undefined) continue;
					const block = around.passages.decider(stop.spot, stop.traffic);
					if (block === undefined) continue;
					told.add(statement);
					const port = target.port === undefined ? "" : ` port ${target.port}`;
					report(
						around.filter.pf.place(rule),
						msg("What is redirected to {0} is blocked `{1}`", `${formatIp(target.address, "inet")}${port}`, spotText(stop.spot)),
						{
							advice: msg("Pass it there with its new address."),
							related: [related(around.filter.pf.place(block), msg("The rule that blocks it"))],
						},
					);
				}
			},
		),
	},
	"host/translation-blocked": {
		alone: true,
		...warning(
			[
				"A translation that nothing passes",
				"`match` with `nat-to` only changes where a packet comes from; the rules behind it see the new address. Those that ask for the old one on the way out never match, and the packets are blocked.",
				"Pass what leaves with its new address, or leave the source out of the rule.",
			],
			function* ({ host, filter }, report) {
				const { ruleset } = filter.pf;
				const rules = filter.rules.map(({ rule }) => rule);
				if (callsOpenAnchors(ruleset) || !rules.some((rule) => isDefaultBlock(rule) && rule.direction !== "in")) return;
				const told = new Set<string>();
				for (const nat of rules) {
					const statement = statementOf(filter, nat);
					if (told.has(statement) || !isTranslated(nat) || mayKeepAddress(host, nat)) continue;
					yield;
					const family = nat.family as Family;
					const source = printAddress(nat.source.address, family);
					const passes = rules.filter(
						(rule) =>
							rule.action === "pass" &&
							rule.anchor === undefined &&
							rule.direction !== "in" &&
							(rule.family ?? family) === family &&
							mayBeOn(rule, nat.interface),
					);
					const isOld = (rule: Rule): boolean =>
						rule.nat === undefined && !rule.source.negated && printAddress(rule.source.address, family) === source;
					const [first] = passes;
					if (first === undefined || !passes.every(isOld)) continue;
					told.add(statement);
					report(
						filter.pf.place(nat),
						msg("What is translated here is blocked `out on {0}`: the rules see its new address", nat.interface),
						{
							advice: msg("Pass it there with its new address."),
							related: [related(filter.pf.place(first), msg("Asks for the old address"))],
						},
					);
				}
			},
		),
	},
	"host/redirect-out-to-self": {
		alone: true,
		...warning(
			[
				"A redirection to the host itself on the way out, where pf skips lo0",
				"The packet turns back to the host over lo0, and so does the answer. Where pf skips lo0 it never sees the answer, and the program that asked gets it from another address than it asked.",
				"Leave lo0 out of `set skip` and pass what is on it, or use `divert-to` on what comes in.",
			],
			function* ({ host, filter }, report) {
				const { ruleset } = filter.pf;
				if (!ruleset.options.skip.some((name) => name === "lo" || name === "lo0")) return;
				const own = ownAddresses(host);
				const told = new Set<string>();
				for (const { rule } of filter.rules) {
					const { rdr, direction, route, family } = rule;
					if (rdr === undefined || direction !== "out" || route !== undefined || family === "inet6") continue;
					yield;
					const { address } = rdr;
					const isOwn =
						(address.kind === "dynamic" && address.part === "address") ||
						(address.kind === "network" && address.bits === 32 && (address.address.a >>> 24 === 127 || own.has(address.address.a)));
					const statement = statementOf(filter, rule);
					if (!isOwn || told.has(statement)) continue;
					told.add(statement);
					report(filter.pf.place(rule), msg("Answers to what this sends to the host itself pass lo0, which pf skips"), {
						advice: msg("Leave lo0 out of `set skip`, and pass what is on it."),
					});
				}
			},
		),
	},

	"host/redirect-reflected": warning(
		[
			"A redirection back to where packets come from",
			"The server sees its neighbour's own address and answers it directly: pf never sees the answer and cannot turn it back, and the client gets it from an address that it did not ask.",
			"Translate the source as well, by `nat-to` on the way out on the same interface, put the server into a network of its own, or let names resolve to its own address there.",
		],
		function* (around, report) {
			const { host, filter, network } = around;
			const told = new Set<string>();
			const own = ownAddresses(host);
			for (const { rule } of filter.rules) {
				const target = targetOf(rule);
				const statement = statementOf(filter, rule);
				// The host itself turns its answers back.
				if (target === undefined || own.has(target.address.a) || rule.interfaceNegated || rule.route !== undefined || told.has(statement))
					continue;
				yield;
				const back = host.configs.find(
					({ name, addresses }) =>
						network.matches(rule.interface, name) === true &&
						addresses.some(
							({ ip, bits, family }) =>
								family === "inet" &&
								ip !== undefined &&
								bits !== undefined &&
								inNetwork(target.address, ip, bits) &&
								comesFrom(rule, name, ip, bits),
						),
				);
				if (back === undefined) continue;
				const turned = filter.rules.some(
					({ rule: { nat, direction, interface: on, interfaceNegated } }) =>
						nat !== undefined && direction !== "in" && (on === "" || (network.matches(on, back.name) !== false) !== interfaceNegated),
				);
				if (turned || callsOpenAnchors(filter.pf.ruleset)) continue;
				told.add(statement);
				report(
					filter.pf.place(rule),
					msg("{0} answers clients on {1} directly, past this redirection", formatIp(target.address, "inet"), back.name),
					{
						advice: msg("Add `pass out on {0} … received-on {0} nat-to ({0})`.", back.name),
					},
				);
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

/** Whether a rule translates all that leaves an interface from a network, and does nothing else. */
function isTranslated(rule: Rule): boolean {
	const { source, destination } = rule;
	if (rule.direction !== "out" || rule.nat === undefined) return false;
	if (rule.interface === "" || rule.interfaceNegated || rule.receivedOn !== "" || rule.tagged !== "" || rule.protocol !== 0) return false;
	if (!isUnrestricted(destination) || source.negated || rule.probability !== 0) return false;
	return networkOf(source) !== undefined || (source.address.kind === "network" && !isAny(source.address));
}

/** The interface whose network an end asks for. */
function networkOf({ address }: EndpointMatch): string | undefined {
	if (address.kind === "dynamic") return address.part === "network" ? address.interface : undefined;
	return address.kind === "unresolved" && address.name.endsWith(":network") ? address.name.slice(0, -":network".length) : undefined;
}

/** Whether what a rule translates may be in the network that it came from still: the rule names the same interface, or an address there. */
function mayKeepAddress({ configs }: Host, { nat, interface: on, source }: Rule): boolean {
	const { address: from } = source;
	const { address: to } = nat as Pool;
	const name = to.kind === "dynamic" ? to.interface : to.kind === "unresolved" ? to.name.replace(/:0$/, "") : undefined;
	const own = networkOf(source);
	if (own !== undefined) return own === name || own === on || name === undefined;
	if (from.kind !== "network") return true;
	if (to.kind === "network") return inNetwork(to.address, from.address, from.bits);
	return (
		name === undefined ||
		configs.some(
			(config) => config.name === name && config.addresses.some(({ ip }) => ip !== undefined && inNetwork(ip, from.address, from.bits)),
		)
	);
}

/** Whether a rule may be asked on an interface: two names of interfaces are two, what a group is isn't known here. */
function mayBeOn({ interface: name, interfaceNegated }: Rule, on: string): boolean {
	return interfaceNegated || name === on || !/\d$/.test(name) || !/\d$/.test(on);
}

/** The IPv4 addresses of the host's interfaces, as numbers. */
function ownAddresses({ configs }: Host): ReadonlySet<number> {
	return new Set(configs.flatMap(({ addresses }) => addresses.flatMap(({ ip, family }) => (family === "inet" && ip ? [ip.a] : []))));
}

/** Whether a rule is about what comes from the network of an interface: by that name, as a part of it, or as anything. */
function comesFrom({ source: { address, negated } }: Rule, name: string, ip: Ip, bits: number): boolean {
	if (negated) return false;
	if (address.kind === "dynamic") return address.part === "network" && address.interface === name;
	if (address.kind === "unresolved") return address.name === `${name}:network`;
	return isAny(address) || (address.kind === "network" && address.bits >= bits && inNetwork(address.address, ip, bits));
}

/** Where a rule redirects IPv4 to. */
interface Target {
	readonly address: Ip;
	readonly protocol: typeof TCP | typeof UDP;
	/** Undefined where there are several, or any. */
	readonly port: number | undefined;
}

function targetOf({ rdr, direction, protocol, destination, family }: Rule): Target | undefined {
	if (rdr?.address.kind !== "network" || rdr.address.bits !== 32 || family === "inet6" || direction === "out") return undefined;
	if (protocol !== 0 && protocol !== TCP && protocol !== UDP) return undefined;
	const [low, high] = rdr.ports;
	const asked = destination.port?.op === "=" ? destination.port.low : undefined;
	const port = low === 0 ? asked : high === 0 || high === low ? low : undefined;
	return { address: rdr.address.address, protocol: protocol === UDP ? UDP : TCP, port };
}

/** Where all that a rule redirects is blocked; undefined where some of it may arrive. */
function stoppedAt({ host, filter, network, entries, passages }: PacketHost, rule: Rule, { address, protocol, port }: Target) {
	const own = entries.filter((name) => rule.interface === "" || (network.matches(rule.interface, name) === true) !== rule.interfaceNegated);
	const inward: Traffic = { family: "inet", protocol, within: { rule } };
	const [first] = own;
	if (first === undefined) return undefined;
	if (own.every((name) => !passages.admits({ interface: name, direction: "in" }, inward))) {
		const spot: Spot = { interface: first, direction: "in" };
		return passages.reaches(spot, inward) ? { spot, traffic: inward } : undefined;
	}
	const outward: Traffic = {
		family: "inet",
		protocol,
		destination: single(wordOf(address)),
		...(port !== undefined && { destinationPort: single(port) }),
	};
	const behind = host.configs.filter(({ addresses }) =>
		addresses.some(
			({ ip, bits, family }) =>
				family === "inet" && ip !== undefined && bits !== undefined && ip.a !== address.a && inNetwork(address, ip, bits),
		),
	);
	const [exit, ...others] = behind;
	if (exit === undefined || others.length > 0 || own.includes(exit.name)) return undefined;
	const spots: Spot[] = [{ interface: exit.name, direction: "out" }];
	// A floating state that was made on the vport lets the packet past the tap.
	const segment = host.segments.find(
		({ kind, gateways, link }) =>
			kind === "veb" && link.config?.links.has("link1") === true && gateways.some(({ config }) => config === exit),
	);
	const plug = segment?.plugs.find((one) => fixedAddress(host, one)?.ip.a === address.a);
	if (plug !== undefined && filter.pf.ruleset.options.statePolicy === "if-bound")
		spots.push({ interface: tapName(plug), direction: "out" });
	const spot = spots.find((one) => !passages.admits(one, outward));
	return spot && { spot, traffic: outward };
}
