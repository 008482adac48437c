/** Rules of guests that pass what is blocked elsewhere on every way. */
import { seen } from "../host/check.ts";
import type { Plug } from "../host/model.ts";
import { type Endpoint, type Path, pathsBetween } from "../host/paths.ts";
import type { Rule } from "../pf/rules.ts";
import { say } from "../text/message.ts";
import { callsOpenAnchors } from "./anchors.ts";
import { tapName } from "./interfaces.ts";
import { ICMP, ICMP6, TCP, UDP } from "./packet.ts";
import { type PacketCheck, type PacketHost, spotOf, spotText, warning } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";
import { DIM, type Dimension } from "./space.ts";

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
			const statements = new Map<string, Stopped[]>();
			const useful = new Set<string>();
			for (const { rule } of filter.rules) {
				if (rule.action !== "pass" || rule.anchor !== undefined) continue;
				const place = filter.pf.place(rule);
				const key = `${place.span.start} ${place.file}`;
				if (useful.has(key)) continue;
				yield;
				const stopped = stoppedRule(around, rule);
				if (stopped === undefined) useful.add(key);
				else statements.set(key, [...(statements.get(key) ?? []), stopped]);
			}
			for (const [key, [first]] of statements) {
				if (first === undefined || useful.has(key)) continue;
				const { rule, stop, plug } = first;
				const name = plug.guest.name.value;
				if (stop === "no way") {
					report(filter.pf.place(rule), say('No packet for "{0}" comes by here: pf does not see them on its tap', name), {
						advice: say("What the host routes to guests of a bridge is seen on its vether alone."),
					});
					continue;
				}
				const block = passages.decider(stop.spot, stop.traffic);
				report(filter.pf.place(rule), say('What this passes for "{0}" is blocked `{1}`', name, spotText(stop.spot)), {
					advice: say("Pass it there too."),
					...(block === undefined ? {} : { related: [seen(filter.pf.place(block), say("The rule that blocks it"))] }),
				});
			}
		},
	),
} satisfies Readonly<Record<string, PacketCheck>>;

/** A rule that no packet of any guest gets to the end by. */
interface Stopped {
	readonly rule: Rule;
	/** The first of its guests. */
	readonly plug: Plug;
	readonly stop: Stop | "no way";
}

/** Undefined for a rule that is not about guests alone, or by which some packet may get through. */
function stoppedRule(around: PacketHost, rule: Rule): Stopped | undefined {
	if (rule.direction === undefined || rule.interface === "" || rule.interfaceNegated) return undefined;
	const plugs = around.filter.plugs(rule.interface).filter(({ guest }) => guest.disabled === undefined);
	const kinds = kindsOf(rule);
	const [first] = plugs;
	if (first === undefined || kinds.length === 0) return undefined;
	const stops = plugs.map((plug) => stopOf(around, rule, plug, kinds));
	const [stop] = stops;
	return stop === undefined || stops.includes(undefined) ? undefined : { rule, plug: first, stop };
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
/** Before the host's stack, translation may give another destination; behind it, another source. */
const INWARD: readonly Dimension[] = [DIM.source, DIM.sourcePort, DIM.protocol];
const OUTWARD: readonly Dimension[] = [DIM.destination, DIM.destinationPort, DIM.protocol];

/** Where on every way over the guest's tap the packets of a rule are stopped; undefined where some may get through. */
function stopOf(
	around: PacketHost,
	rule: Rule,
	plug: Plug,
	kinds: readonly Pick<Traffic, "family" | "protocol">[],
): Stop | "no way" | undefined {
	const { host, passages } = around;
	const name = plug.guest.name.value;
	const own: Endpoint = { kind: "guest", name, index: plug.nic.index };
	const others: Endpoint[] = host.vm.guests.flatMap(({ name: { value }, disabled }) =>
		value === name || disabled !== undefined ? [] : [{ kind: "guest", name: value }],
	);
	let found: Stop | undefined;
	for (const end of [{ kind: "outside" } as const, { kind: "host" } as const, ...others]) {
		for (const path of rule.direction === "out" ? pathsBetween(host, end, own) : pathsBetween(host, own, end)) {
			const steps = path.steps.flatMap((step) => spotOf(step) ?? []);
			const at = steps.findIndex(({ interface: one, direction }) => one === tapName(plug) && direction === rule.direction);
			if (at < 0) continue;
			const rest = rule.direction === "out" ? steps.slice(0, at) : steps.slice(at + 1);
			const stop = rest.flatMap((spot) => {
				const dimensions = dimensionsAt(path, spot, rule.direction);
				const traffics = kinds.map((kind): Traffic => ({ ...kind, within: { rule, dimensions } }));
				const [traffic] = traffics;
				return traffic === undefined || traffics.some((one) => passages.admits(spot, one)) ? [] : [{ spot, traffic }];
			})[0];
			if (stop === undefined) return undefined;
			found ??= stop;
		}
	}
	return found ?? (rule.direction === "out" ? "no way" : undefined);
}

function dimensionsAt({ kind }: Path, spot: Spot, toward: Rule["direction"]): readonly Dimension[] {
	if (kind === "bridged") return ENDS;
	if (toward === "out") return spot.direction === "in" ? INWARD : ENDS;
	return spot.direction === "in" ? ENDS : OUTWARD;
}
