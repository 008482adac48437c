/** Rules against foreign packets that stop the host's own, or those of its guests. */

import { isAntispoof } from "../host/filter.ts";
import { type PathStep, pathsBetween } from "../host/paths.ts";
import { formatIp } from "../pf/names/address.ts";
import { matchesAllOfFamily, matchesAllThere, type Rule } from "../pf/rules.ts";
import { related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { networkOfGuests } from "./checks-reach.ts";
import { single } from "./intervals.ts";
import { wordOf } from "./ipv4-numbers.ts";
import { TCP } from "./packet.ts";
import { activePlugs, anything, information, type PacketCheck, spotOf, spotText, warning } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";

const LOOPBACK = single(wordOf({ a: (127 << 24) | 1, b: 0, c: 0, d: 0 }));
const lo0 = (direction: Spot["direction"]): Spot => ({ interface: "lo0", direction });

export const ownPacketChecks = {
	"host/uplink-open": warning(
		[
			"A rule that lets everything in from outside, past the default block",
			"It passes all that comes in on the interface that leads outside, to the host and to the networks behind it: what is blocked by default, and what is passed there by rules of its own, has no effect.",
			"Name in it what is to come in, or `out`.",
		],
		function* ({ host, filter, passages, egress }, report) {
			const block = filter.rules.find(({ rule }) => rule.action === "block" && rule.direction !== "out" && matchesAllOfFamily(rule))?.rule;
			// A host with one network has no other to protect from it.
			const networks = host.configs.filter(({ addresses, autoconf }) => addresses.length > 0 || autoconf.inet !== undefined);
			if (block === undefined || networks.length < 2) return;
			for (const name of egress) {
				yield;
				const spot: Spot = { interface: name, direction: "in" };
				const traffic: Traffic = { family: "inet", protocol: TCP };
				// Where other rules block some of it, not everything passes.
				if (passages.blocks(spot, traffic)) continue;
				let open: Rule | undefined;
				for (const { certain, rule } of passages.passing(spot, traffic))
					if (certain && rule !== undefined && rule.interface !== "" && !rule.once && matchesAllThere(rule)) open = rule;
				if (open === undefined) continue;
				report(filter.pf.place(open), msg("Everything that comes in on {0} passes", name), {
					advice: msg("Name what is to come in, or write `out`."),
					related: [related(filter.pf.place(block), msg("What blocks it by default"))],
				});
			}
		},
	),

	"host/own-address-blocked": information(
		[
			"The host's packets to its own address are blocked",
			"What the host sends to one of its own addresses crosses lo0, with that address as its source: `antispoof` blocks it there, and so does any rule about that network that names no interface. It depends on whether programs of the host use that address, such as a resolver that resolv.conf names by it.",
			"Write `set skip on lo`, or pass what is on lo0 with `quick` above it.",
		],
		function* ({ host, filter, passages }, report) {
			const told = new Set<Rule>();
			for (const { addresses } of host.configs)
				for (const { ip, family } of addresses) {
					if (ip === undefined || family !== "inet" || ip.a >>> 24 === 127) continue;
					yield;
					// Where all of lo0 is blocked, another check tells of it.
					const plain: Traffic = { family: "inet", protocol: TCP, source: LOOPBACK, destination: LOOPBACK };
					const own: Traffic = { family: "inet", protocol: TCP, source: single(wordOf(ip)), destination: single(wordOf(ip)) };
					for (const spot of [lo0("out"), lo0("in")]) {
						if (!passages.admits(spot, plain) || passages.admits(spot, own)) continue;
						const block = passages.decider(spot, own);
						if (block === undefined || told.has(block)) continue;
						told.add(block);
						report(filter.pf.place(block), msg("What the host sends to its own address {0} is blocked on lo0", formatIp(ip, "inet")), {
							advice: msg("Add `set skip on lo`."),
						});
					}
				}
		},
	),

	"host/antispoof-on-ports": warning(
		[
			"`antispoof` that blocks guests on their own ports",
			"It blocks the network of an interface wherever else it comes in. On a bridge or veb, what comes in on a guest's tap has an address of that network: there nothing is forged.",
			"Block the network on the interfaces that lead outside, by a rule of its own, in the place of `antispoof`.",
		],
		function* ({ host, filter, passages }, report) {
			const told = new Set<string>();
			for (const segment of host.segments) {
				const source = networkOfGuests(segment);
				if (source === undefined) continue;
				for (const plug of activePlugs(segment)) {
					const guest = { kind: "guest", name: plug.guest.name.value, index: plug.nic.index } as const;
					const others = activePlugs(segment).filter(({ guest: one }) => one !== plug.guest);
					const ends = [{ kind: "host" } as const, ...others.map(({ guest: { name } }) => ({ kind: "guest", name: name.value }) as const)];
					for (const end of ends)
						for (const { steps } of pathsBetween(host, guest, end)) {
							yield;
							// What a guest sends comes in on its own tap first.
							const spot = spotOf(steps[0] as PathStep);
							if (spot === undefined || passages.admits(spot, ...anything({ source }).filter(({ family }) => family === "inet"))) continue;
							const block = passages.decider(spot, { family: "inet", protocol: TCP, source });
							if (block === undefined || !isAntispoof(host, filter.pf.place(block))) continue;
							const place = filter.pf.place(block);
							const key = `${place.file} ${place.span.start}`;
							if (told.has(key)) continue;
							told.add(key);
							report(place, msg('This blocks what "{0}" sends, `{1}`', plug.guest.name.value, spotText(spot)), {
								advice: msg("Its address is of that network. Block the network on the interfaces that lead outside instead."),
								related: [related(plug.nic.switch ?? plug.guest.name, msg("The guest's interface"))],
							});
						}
				}
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;
