/** What IPv6 needs before anything else: neighbours that are found, and routers that are heard. */

import type { InterfaceConfig } from "../host/interfaces.ts";
import { PfFile } from "../pf/editor/file.ts";
import { ruleChecks } from "../pf/lint/lint-rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import type { DiagnosticRule } from "../text/diagnostic.ts";
import { PF_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import { single } from "./intervals.ts";
import { ICMP6 } from "./packet.ts";
import { besideBlock, type PacketCheck } from "./packet-check.ts";
import type { Spot, Traffic } from "./passage.ts";

const icmp6 = (type: number): Traffic => ({ family: "inet6", protocol: ICMP6, icmp: single(type) });
const ROUTER_SOLICITATION = icmp6(133);
const ROUTER_ADVERTISEMENT = icmp6(134);
const SOLICITATION = icmp6(135);

/** Interfaces that find no neighbours: they have one peer, or none. */
const WITHOUT_NEIGHBOURS: ReadonlySet<string> = new Set("enc gif gre lo mpe pflog pflow pfsync ppp pppoe sec tun umb wg".split(" "));

const CODE = "pf/neighbour-discovery-blocked";

export const neighbourChecks = {
	/** What one file shows alone, pf's own check of it tells; this is what the host's interfaces show. */
	[CODE]: {
		...described(ruleChecks[CODE]),
		*run({ host, filter, passages }, report) {
			const main = host.source.files.get(PF_CONF)?.parsed;
			if (main instanceof PfFile && main.diagnostics().some(({ code }) => code === CODE)) return;
			for (const config of host.configs) {
				const asks = config.autoconf.inet6;
				const place = asks ?? config.addresses.find(({ family }) => family === "inet6");
				if (place === undefined || WITHOUT_NEIGHBOURS.has(config.family) || isPort(host.links.get(config.name)?.memberOf ?? [], config))
					continue;
				yield;
				const spot = (direction: Spot["direction"]): Spot => ({ interface: config.name, direction });
				const unheard =
					asks !== undefined && !passages.admits(spot("in"), ROUTER_ADVERTISEMENT) && !passages.admits(spot("out"), ROUTER_SOLICITATION);
				const direction = !passages.admits(spot("in"), SOLICITATION)
					? "in"
					: !passages.admits(spot("out"), SOLICITATION)
						? "out"
						: undefined;
				if (!unheard && direction === undefined) continue;
				const block =
					direction === undefined ? passages.decider(spot("in"), ROUTER_ADVERTISEMENT) : passages.decider(spot(direction), SOLICITATION);
				if (block === undefined) continue;
				const types = asks === undefined ? "neighbrsol neighbradv" : "neighbrsol neighbradv routersol routeradv";
				const rule = `pass${block.quick ? " quick" : ""} on ${config.name} inet6 proto icmp6 icmp6-type { ${types} }`;
				report(
					filter.pf.place(block),
					direction === undefined
						? msg("{0} hears no router: its advertisements are blocked, so IPv6 gets no address", config.name)
						: msg("IPv6 does not work on {0}: neighbour discovery is blocked", config.name),
					{
						advice: msg("Add `{0}`.", rule),
						...quickFix(fixTitle.add(rule), besideBlock({ filter, host }, block, [rule])),
						related: [related(place, msg("IPv6 is asked for here"))],
					},
				);
			}
		},
	},
} satisfies Readonly<Record<string, PacketCheck>>;

/** The words of pf's own check: the fault is the same. */
function described({ severity, title, why, remedy }: DiagnosticRule): DiagnosticRule {
	return { severity, title, why, remedy };
}

/** On a veb, a port has no addresses; on a bridge it has neighbours as anywhere. */
function isPort(memberOf: readonly { readonly of: InterfaceConfig }[], { family }: InterfaceConfig): boolean {
	return family !== "vport" && memberOf.some(({ of }) => of.family === "veb");
}
