/** Redirections whose packets get nowhere. */

import { fixedAddress, statementOf } from "../host/filter.ts";
import { formatIp, inNetwork } from "../pf/names/address.ts";
import type { Ip, Rule } from "../pf/rules.ts";
import { related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { tapName } from "./interfaces.ts";
import { single } from "./intervals.ts";
import { interfacesOf } from "./network.ts";
import { TCP, UDP } from "./packet.ts";
import { type PacketCheck, type PacketHost, spotText, warning } from "./packet-check.ts";
import { type Spot, type Traffic, wordOf } from "./passage.ts";

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
} satisfies Readonly<Record<string, PacketCheck>>;

/** Where a rule redirects IPv4 to. */
interface Target {
	readonly address: Ip;
	readonly protocol: typeof TCP | typeof UDP;
	/** Undefined where there are several, or any. */
	readonly port: number | undefined;
}

function targetOf({ rdr, afTo, direction, protocol, destination, family }: Rule): Target | undefined {
	if (rdr?.address.kind !== "network" || rdr.address.bits !== 32 || afTo !== undefined || family === "inet6" || direction === "out")
		return undefined;
	if (protocol !== 0 && protocol !== TCP && protocol !== UDP) return undefined;
	const [low, high] = rdr.ports;
	const asked = destination.port?.op === "=" ? destination.port.low : undefined;
	const port = low === 0 ? asked : high === 0 || high === low ? low : undefined;
	return { address: rdr.address.address, protocol: protocol === UDP ? UDP : TCP, port };
}

/** Where all that a rule redirects is blocked; undefined where some of it may arrive. */
function stoppedAt({ host, filter, interfaces, entries, passages }: PacketHost, rule: Rule, { address, protocol, port }: Target) {
	const network = interfacesOf(interfaces);
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
