/** Rules of guests that pass what is blocked elsewhere on every way. */

import { statementOf } from "../host/filter.ts";
import { lineBelow, wordsAt } from "../host/fixes.ts";
import type { Plug } from "../host/model.ts";
import { type Endpoint, type Path, pathsBetween } from "../host/paths.ts";
import type { Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { tapName } from "./interfaces.ts";
import { ICMP, ICMP6, TCP, UDP } from "./packet.ts";
import { activePlugs, type PacketCheck, type PacketHost, spotOf, spotText, warning } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";
import { DIM, type Dimension } from "./space.ts";

/** How many other rules of one cause are told. */
const MOST_RELATED = 4;
/** How many rules of one guest are looked for that get nothing through. */
const MOST_STOPPED = 20;

export const guestRuleChecks = {
	"host/guest-rule-blocked": warning(
		[
			"A guest's rule for packets that never get there",
			"What the rule passes on the guest's tap is blocked at another place on each of its ways, such as the port to the network outside; or no way of such packets leads over the tap.",
			"Pass the packets on the other places too, or write the rule where they are seen.",
		],
		function* (around, report) {
			const { filter, passages } = around;
			if (callsOpenAnchors(filter.pf.ruleset)) return;
			// A list is written for its sum: a statement is told of where none of its rules is of use.
			const statements = new Map<string, Stopped>();
			const useful = new Set<string>();
			const known: KnownWays = new Map();
			const told = new Map<Plug["guest"] | undefined, number>();
			for (const { rule } of filter.rules) {
				if (rule.action !== "pass" || rule.anchor !== undefined) continue;
				const key = statementOf(filter, rule);
				if (useful.has(key)) continue;
				const plugs = plugsOf(around, rule);
				const [plug] = plugs;
				const before = told.get(plug?.guest) ?? 0;
				// So many rules of one guest say enough; what the rest of the statement does is not known.
				if (plug === undefined || before > MOST_STOPPED) {
					useful.add(key);
					continue;
				}
				yield;
				const stop = stopOfAll(around, rule, plugs, known);
				if (stop === undefined) useful.add(key);
				else {
					if (!statements.has(key)) statements.set(key, { rule, plug, stop });
					told.set(plug.guest, before + 1);
				}
			}
			// What stops several rules of a guest is told once.
			const causes = new Map<string, Stopped[]>();
			for (const [key, stopped] of statements) {
				if (useful.has(key)) continue;
				const { plug, stop } = stopped;
				const cause = `${plug.guest.name.value} ${stop === "no way" ? stop : spotText(stop.spot)}`;
				causes.set(cause, [...(causes.get(cause) ?? []), stopped]);
			}
			for (const [first, ...others] of causes.values()) {
				if (first === undefined) continue;
				const { rule, stop, plug } = first;
				const name = plug.guest.name.value;
				const block = stop === "no way" ? undefined : passages.decider(stop.spot, stop.traffic);
				const places = [
					...(block === undefined ? [] : [related(filter.pf.place(block), msg("The rule that blocks it"))]),
					...others.slice(0, MOST_RELATED).map((other) => related(filter.pf.place(other.rule), msg("The same is so of this rule"))),
				];
				if (stop === "no way") {
					report(filter.pf.place(rule), msg('No packet for "{0}" comes by here: pf does not see them on its tap', name), {
						advice: msg("What the host routes to guests of a bridge is seen on its vether alone."),
						related: places,
					});
				} else {
					report(filter.pf.place(rule), msg('What this passes for "{0}" is blocked `{1}`', name, spotText(stop.spot)), {
						advice: msg("Pass it there too."),
						...passedThere(around, rule, stop.spot),
						related: places,
					});
				}
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

/** The statement of a rule for another place of the way, below it. */
function passedThere({ host, filter }: PacketHost, rule: Rule, { interface: name, direction }: Spot) {
	const place = filter.pf.place(rule);
	const text = wordsAt(host, place);
	const found = /^pass[ \t]+(?:in|out)[ \t]+((?:log[ \t]+)?(?:quick[ \t]+)?)on[ \t]+(?:\{[^}]*\}|\S+)[ \t]+(.*\bto[ \t].*)$/.exec(text);
	if (found === null || name.startsWith("tap(")) return {};
	const [, before = "", after = ""] = found;
	const line = `pass ${direction} ${before}on ${name} ${after.replace(/\bto any\b/, "to ! (self)")}`;
	return quickFix(fixTitle.add(line), lineBelow(host, place, line));
}

/** A rule that no packet of any guest gets to the end by. */
interface Stopped {
	readonly rule: Rule;
	/** The first of its guests. */
	readonly plug: Plug;
	readonly stop: Stop | "no way";
}

/** The guests' interfaces that a rule with a direction is about, and about nothing else. */
function plugsOf({ filter }: PacketHost, { direction, interface: name, interfaceNegated }: Rule): readonly Plug[] {
	return direction === undefined || interfaceNegated ? [] : activePlugs({ plugs: filter.plugs(name) });
}

/** Where the packets of a rule are stopped; undefined where some packet of some guest may get through. */
function stopOfAll(around: PacketHost, rule: Rule, plugs: readonly Plug[], known: KnownWays): Stopped["stop"] | undefined {
	const kinds = kindsOf(rule);
	if (kinds.length === 0) return undefined;
	if (wayThrough.get(rule)?.every(({ spot, version }) => around.passages.version(spot) === version) === true) return undefined;
	let found: Stopped["stop"] | undefined;
	for (const plug of plugs) {
		const stop = stopOf(around, rule, waysOver(around, rule.direction, plug, known), kinds);
		if (stop === undefined) return undefined;
		found ??= stop;
	}
	return found;
}

/** The places of a way that some packets of a rule got through, with what was so there: after an edit elsewhere they still do. */
const wayThrough = new WeakMap<Rule, readonly { readonly spot: Spot; readonly version: object }[]>();

/** What is left of a way beside the guest's tap: the places with what translation leaves alone there. */
type GuestWay = readonly { readonly spot: Spot; readonly dimensions: readonly Dimension[] }[];
type KnownWays = Map<string, readonly GuestWay[]>;

/** The ways that lead over a guest's tap in a direction, where pf filters there. */
function waysOver({ host }: PacketHost, direction: Rule["direction"], plug: Plug, known: KnownWays): readonly GuestWay[] {
	const tap = tapName(plug);
	const key = `${direction} ${tap}`;
	const before = known.get(key);
	if (before !== undefined) return before;
	const name = plug.guest.name.value;
	const own: Endpoint = { kind: "guest", name, index: plug.nic.index };
	const others: Endpoint[] = host.vm.guests.flatMap(({ name: { value }, disabled }) =>
		value === name || disabled !== undefined ? [] : [{ kind: "guest", name: value }],
	);
	const ends: readonly Endpoint[] = [{ kind: "outside" }, { kind: "host" }, ...others];
	const paths = ends.flatMap((end) => (direction === "out" ? pathsBetween(host, end, own) : pathsBetween(host, own, end)));
	const found = paths.flatMap((path): GuestWay[] => {
		const spots = path.steps.flatMap((step) => spotOf(step) ?? []);
		const at = spots.findIndex((spot) => spot.interface === tap);
		if (at < 0) return [];
		const rest = direction === "out" ? spots.slice(0, at) : spots.slice(at + 1);
		return [rest.map((spot) => ({ spot, dimensions: dimensionsAt(path, spot, direction) }))];
	});
	known.set(key, found);
	return found;
}

/** Where the packets of a rule are stopped. */
interface Stop {
	readonly spot: Spot;
	readonly traffic: Traffic;
}

/** The packets of a rule by family and protocol, but for those that find addresses and neighbours: they have ways of their own. */
function kindsOf({ family, protocol, source, destination }: Rule): readonly Pick<Traffic, "family" | "protocol">[] {
	const families = family === undefined ? (["inet", "inet6"] as const) : [family];
	const dhcp = [source.port, destination.port].some((port) => port?.op === "=" && [67, 68, 546, 547].includes(port.low));
	if (protocol === ICMP6 || (protocol === UDP && dhcp)) return [];
	return families.flatMap((one) => {
		const icmp = one === "inet" ? ICMP : ICMP6;
		const protocols =
			protocol === 0
				? ([TCP, UDP, icmp, "other"] as const)
				: protocol === TCP || protocol === UDP
					? ([protocol] as const)
					: protocol === ICMP
						? ([ICMP] as const)
						: (["other"] as const);
		return protocols.map((each) => ({ family: one, protocol: each }));
	});
}

const ENDS: readonly Dimension[] = [DIM.source, DIM.destination, DIM.sourcePort, DIM.destinationPort, DIM.protocol, DIM.icmp];
/** Before the host's stack, translation may give another destination. */
const INWARD: readonly Dimension[] = [DIM.source, DIM.sourcePort, DIM.protocol];

/** Where on every way over the guest's tap the packets of a rule are stopped; undefined where some may get through. */
function stopOf(
	{ passages }: PacketHost,
	rule: Rule,
	ways: readonly GuestWay[],
	kinds: readonly Pick<Traffic, "family" | "protocol">[],
): Stop | "no way" | undefined {
	let found: Stop | undefined;
	for (const way of ways) {
		const stop = way.flatMap(({ spot, dimensions }) => {
			const traffics = kinds.map((kind): Traffic => ({ ...kind, within: { rule, dimensions } }));
			const [traffic] = traffics;
			return traffic === undefined || traffics.some((one) => passages.admits(spot, one)) ? [] : [{ spot, traffic }];
		})[0];
		if (stop === undefined) {
			wayThrough.set(
				rule,
				way.map(({ spot }) => ({ spot, version: passages.version(spot) })),
			);
			return undefined;
		}
		found ??= stop;
	}
	return found ?? (rule.direction === "out" ? "no way" : undefined);
}

/** What a guest sends may be for the host, so that the way out behind it stops nothing. */
function dimensionsAt({ kind }: Path, spot: Spot, toward: Rule["direction"]): readonly Dimension[] {
	return kind === "routed" && toward === "out" && spot.direction === "in" ? INWARD : ENDS;
}
