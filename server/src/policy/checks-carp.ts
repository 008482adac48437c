/** What hosts that stand in for each other need of pf: the packets of carp(4) and pfsync(4), and rules where pf sees what is for them. */

import { isGroup } from "../host/filter.ts";
import { replaced, textOf } from "../host/fixes.ts";
import type { InterfaceConfig } from "../host/interfaces.ts";
import { comesUp, seenOn } from "../host/model.ts";
import { driverOf } from "../hostname/names.ts";
import { parseIp4 } from "../pf/names/address.ts";
import type { Family, Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { type Intervals, single } from "./intervals.ts";
import { wordOf } from "./ipv4-numbers.ts";
import { besideBlock, type PacketCheck, type PacketHost, spotText, warning } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";

/** The numbers of protocols(5), and the groups that their packets are for (ip_carp.h, if_pfsync.h). */
const CARP = { number: 112, name: "carp", group: group(18) };
const PFSYNC = { number: 240, name: "pfsync", group: group(240) };

function group(last: number): Intervals {
	return single(wordOf({ a: (224 << 24) | last, b: 0, c: 0, d: 0 }));
}

export const carpChecks = {
	"host/rule-on-carp": {
		alone: true,
		...warning(
			[
				"A rule on a carp interface",
				"Packets for an address of carp(4) meet pf on the interface below it, and so do those that leave: a rule on the carp interface matches none, and one that excepts it excepts nothing.",
				"Name the interface that `carpdev` names.",
			],
			function* ({ host, filter }, report) {
				const told = new Set<string>();
				for (const { rule } of filter.rules) {
					yield;
					for (const { words, name, negated } of namedIn(rule)) {
						if (driverOf(name) !== "carp" || isGroup(name)) continue;
						const place = filter.pf.place(rule);
						const key = `${place.file} ${place.span.start} ${name}`;
						if (told.has(key)) continue;
						told.add(key);
						const below = seenOn(host.links, name);
						const device = below === name ? undefined : below;
						report(
							place,
							negated
								? msg("`{0} ! {1}` excepts nothing: pf sees no packet on {1}", words, name)
								: msg("Nothing matches `{0} {1}`: pf sees no packet on {1}", words, name),
							{
								advice:
									device === undefined ? msg("Name the interface that carp runs on.") : msg("Name {0}, on which {1} runs.", device, name),
								...(device === undefined || negated
									? {}
									: quickFix(msg("Name {0}", device), namedOnce(textOf(host, place.file), place, name, device))),
							},
						);
					}
				}
			},
		),
	},

	"host/carp-blocked": warning(
		[
			"Advertisements of CARP that pf blocks",
			"Hosts that share an address tell each other by advertisements which of them has it. Where they are blocked in, a host takes the address whoever has it; where they are blocked out, no other host knows who has it. Packets get lost between hosts that have the same address.",
			"Pass `proto carp` on the interface that carp runs on, in both directions.",
		],
		function* (around, report) {
			if (callsOpenAnchors(around.filter.pf.ruleset)) return;
			for (const config of around.host.configs) {
				const { parent } = config;
				if (config.family !== "carp" || parent === undefined || config.down !== undefined) continue;
				const families = [...new Set(config.addresses.map(({ family }) => family))];
				// What one host alone is told may come in by the state of what was sent to it.
				const directions = config.peer === undefined ? (["out", "in"] as const) : (["out"] as const);
				yield* tellBlocked(around, config, { ...CARP, parent, families, directions }, report, (spot) =>
					spot.direction === "out"
						? msg("{0} tells no other host that it has its addresses: advertisements are blocked `{1}`", config.name, spotText(spot))
						: msg("{0} takes its addresses whoever has them: advertisements are blocked `{1}`", config.name, spotText(spot)),
				);
			}
		},
	),

	"host/pfsync-blocked": warning(
		[
			"States of pfsync that pf blocks",
			"Hosts that stand in for each other tell each other their states. Blocked, those connections end when the other host takes over.",
			"Pass `proto pfsync` on the interface of `syncdev`, in both directions.",
		],
		function* (around, report) {
			if (callsOpenAnchors(around.filter.pf.ruleset)) return;
			for (const config of around.host.configs) {
				const { parent } = config;
				if (config.family !== "pfsync" || parent === undefined || !comesUp(config)) continue;
				const directions = config.peer === undefined ? (["out", "in"] as const) : (["out"] as const);
				yield* tellBlocked(around, config, { ...PFSYNC, parent, families: ["inet"], directions }, report, (spot) =>
					spot.direction === "out"
						? msg("{0} tells nobody of its states: they are blocked `{1}`", config.name, spotText(spot))
						: msg("{0} hears of no states: they are blocked `{1}`", config.name, spotText(spot)),
				);
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

/** The interfaces that a rule asks for. */
function namedIn(rule: Rule): readonly { readonly words: string; readonly name: string; readonly negated: boolean }[] {
	return [
		{ words: "on", name: rule.interface, negated: rule.interfaceNegated },
		{ words: "received-on", name: rule.receivedOn, negated: rule.receivedOnNegated },
	];
}

/** Another interface in the place of one that a statement names once, and names the other nowhere. */
function namedOnce(text: string, { file, span: at }: Place, name: string, other: string): ReturnType<typeof replaced> | undefined {
	const statement = text.slice(at.start, at.end);
	const found = [...statement.matchAll(/[A-Za-z]+\d+/g)].filter(([word]) => word === name || word === other);
	const [only] = found;
	if (found.length !== 1 || only?.[0] !== name) return undefined;
	return replaced({ file, span: span(at.start + only.index, at.start + only.index + name.length) }, other);
}

interface Multicast {
	readonly number: number;
	readonly name: string;
	readonly group: Intervals;
	/** The interface that it runs on, where the file names it. */
	readonly parent: NonNullable<InterfaceConfig["parent"]>;
	readonly families: readonly Family[];
	readonly directions: readonly Spot["direction"][];
}

/** Tells of the first rule that surely blocks packets which hosts send each other on an interface. */
function* tellBlocked(
	{ host, filter, passages }: PacketHost,
	config: InterfaceConfig,
	{ number, name, group, parent, families, directions }: Multicast,
	report: Parameters<PacketCheck["run"]>[1],
	text: (spot: Spot) => Message,
): Generator<undefined, void, void> {
	const peer = config.peer === undefined ? undefined : parseIp4(config.peer.value);
	// A name is looked up on the host.
	if (config.peer !== undefined && peer === undefined) return;
	for (const family of families) {
		for (const direction of directions) {
			yield;
			const spot: Spot = { interface: parent.value, direction };
			const destination = peer === undefined ? group : single(wordOf(peer));
			const traffic: Traffic = { family, protocol: "other", number: single(number), ...(family === "inet" ? { destination } : {}) };
			const block = passages.admits(spot, traffic) ? undefined : passages.decider(spot, traffic);
			if (block === undefined) continue;
			const rule = `pass${block.quick ? " quick" : ""} on ${parent.value} proto ${name} keep state (no-sync)`;
			report(filter.pf.place(block), text(spot), {
				advice: msg("Add `{0}`.", rule),
				...quickFix(fixTitle.add(rule), besideBlock({ filter, host }, block, [rule])),
				related: [related(parent, msg("The interface that {0} runs on", config.name))],
			});
			return;
		}
	}
}
