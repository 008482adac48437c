/** Anchors of guests, and translation: what is meant for one guest or network and reaches another. */

import { formatIp, inNetwork, parseIp4 } from "../pf/names/address.ts";
import { type Ip, isAny, type Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import type { TextEdit } from "../text/diagnostic.ts";
import { MYGATE } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import type { VmGuest } from "../vm/model.ts";
import { error, type HostCheck, warning } from "./check.ts";
import { filterOf, fixedAddress, isAntispoof, isGroup, singleHost } from "./filter.ts";
import { macrosOf, replaced, replacedIn } from "./fixes.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import type { Host } from "./model.ts";
import { outsides } from "./paths.ts";

/** The last part of a path, without `.conf`. */
function baseOf(path: string): string {
	return (path.split("/").at(-1) ?? "").replace(/\.conf$/, "");
}

const guestsByName = (host: Host): ReadonlyMap<string, VmGuest> => new Map(host.vm.guests.map((guest) => [guest.name.value, guest]));

/** What `load anchor` names, with the guest that the anchor is called after. */
function loadsOf(host: Host) {
	const guests = guestsByName(host);
	return (host.pf?.loads ?? []).map((load) => ({
		...load,
		name: load.anchor.value.replace(/^\//, ""),
		guest: guests.get(baseOf(load.anchor.value)),
	}));
}

/** The range of dhcpd.conf that an address is in. */
function rangeOf(host: Host, { a }: Ip): string | undefined {
	const word = a >>> 0;
	for (const { ranges } of host.dhcpd.value?.subnets ?? []) {
		for (const { from, to } of ranges) {
			const low = parseIp4(from.text);
			const high = parseIp4(to.text);
			if (low !== undefined && high !== undefined && low.a >>> 0 <= word && word <= high.a >>> 0) return `${from.text} ${to.text}`;
		}
	}
	return undefined;
}

export const anchorChecks = {
	"host/endless-load": error(
		[
			"A file that loads itself into an anchor",
			"pfctl loads it again and again, each time deeper, until the anchor's name is too long; then it loads nothing at all.",
			"Remove the `load anchor` that leads back.",
		],
		(host, report) => {
			for (const { path } of host.pf?.endless ?? []) {
				report(path, msg("{0}", "anchor name is longer than 1023"), {
					advice: msg("{0} is being loaded already: pfctl would load it again and again, each time into an anchor below.", path.value),
				});
			}
		},
	),

	"host/anchor-loaded-twice": error(
		[
			"An anchor that is loaded twice",
			"The second file takes the place of the first, whose rules are lost.",
			"Load each file into an anchor of its own.",
		],
		(host, report) => {
			const first = new Map<string, ReturnType<typeof loadsOf>[number]>();
			for (const load of loadsOf(host)) {
				const before = first.get(load.name);
				if (before === undefined) first.set(load.name, load);
				else
					report(load.anchor, msg('anchor "{0}" is loaded above: what {1} put there is lost', load.name, before.path.value), {
						related: [related(before.anchor, msg("Loaded first"))],
					});
			}
		},
	),

	"host/anchor-file-of-other-guest": error(
		["A guest's anchor from the file of another", "The guest gets the policy of the other one.", "Write the guest's own file."],
		(host, report) => {
			const guests = guestsByName(host);
			for (const { guest, path } of loadsOf(host)) {
				const other = guests.get(baseOf(path.value));
				if (guest === undefined || other === undefined || other === guest) continue;
				const own = path.value.replace(/[^/]+$/, `${guest.name.value}.conf`);
				report(
					path,
					msg('{0} is the file of "{1}", in the anchor of "{2}"', path.value, other.name.value, guest.name.value),
					host.source.files.has(own) ? quickFix(fixTitle.write(own), replaced(path, own)) : {},
				);
			}
		},
	),

	"host/anchor-without-guest": warning(
		[
			"An anchor of a guest that does not exist",
			"vm.conf has no guest of that name: its rules stay open for whoever gets its tap or its address.",
			"Correct the name, or delete the anchor and its file.",
		],
		(host, report) => {
			if (!host.vm.complete) return;
			const loads = loadsOf(host);
			const folders = new Set(loads.filter(({ guest }) => guest !== undefined).map(({ name }) => name.slice(0, name.lastIndexOf("/") + 1)));
			for (const { anchor, name, guest } of loads) {
				if (guest !== undefined || name.includes("*") || !folders.has(name.slice(0, name.lastIndexOf("/") + 1))) continue;
				report(anchor, msg('vm.conf has no guest "{0}"', baseOf(name)));
			}
		},
	),

	"host/anchor-address-dynamic": warning(
		[
			"A guest's rule for an address that dhcpd gives to anybody",
			"The address is of a range: the guest has another one tomorrow, and another guest has this one.",
			"Give the guest a fixed address below its MAC address.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			const guests = guestsByName(host);
			const told = new Set<string>();
			for (const { rule, anchor } of filter.rules) {
				const guest = guests.get(baseOf(anchor));
				if (guest === undefined || rule.direction === undefined) continue;
				const own = singleHost(rule.direction === "in" ? rule.source : rule.destination);
				const range = own === undefined ? undefined : rangeOf(host, own);
				const fixed = guest.interfaces.some((nic) => fixedAddress(host, { guest, nic })?.ip.a === own?.a);
				if (own === undefined || range === undefined || fixed || told.has(guest.name.value)) continue;
				told.add(guest.name.value);
				const text = formatIp(own, "inet");
				report(filter.pf.place(rule), msg("{0} is in a range of dhcpd.conf: it is not always the address of {1}", text, guest.name.value), {
					advice: msg("Add `host {0}` with `hardware ethernet` and `fixed-address` to dhcpd.conf.", guest.name.value),
				});
			}
		},
	),

	"host/rdr-to-dynamic": warning(
		[
			"A port that is forwarded to an address of a range",
			"dhcpd gives the address to whoever asks: the port leads to another guest tomorrow.",
			"Give the guest a fixed address.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			for (const { rule } of filter.rules) {
				const address = rule.rdr?.address;
				if (address?.kind !== "network" || address.bits !== 32 || rule.afTo !== undefined) continue;
				const range = rangeOf(host, address.address);
				if (range === undefined) continue;
				report(filter.pf.place(rule), msg("{0} is in a range of dhcpd.conf, {1}", formatIp(address.address, "inet"), range));
			}
		},
	),

	"host/nat-other-network": warning(
		[
			"Translation of a network that the host does not have",
			"No interface of the host is in the network: the rule translates nothing, and the guests' own network goes out untranslated.",
			"Write the guests' network.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const known = host.configs.flatMap(({ addresses }) => addresses).filter(({ family, ip }) => family === "inet" && ip !== undefined);
			const open = host.source.files.has(MYGATE) && host.configs.some(({ commands }) => commands.length > 0);
			if (filter === undefined || known.length === 0 || open || !host.segments.some(({ gateways }) => gateways.length > 0)) return;
			for (const { rule } of filter.rules) {
				const { nat, source } = rule;
				if (nat === undefined || rule.afTo !== undefined || source.negated || source.address.kind !== "network" || rule.family === "inet6")
					continue;
				const { address, bits } = source.address;
				if (known.some(({ ip, bits: own = 32 }) => ip !== undefined && inNetwork(ip, address, Math.min(bits, own)))) continue;
				report(filter.pf.place(rule), msg("No interface of the host is in {0}", `${formatIp(address, "inet")}/${bits}`));
			}
		},
	),

	"host/nat-on-inner-interface": warning(
		[
			"Translation on an interface that leads to guests, or to the translated network itself",
			"Packets to the outside leave by another interface, untranslated.",
			"Write the interface to the outside.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			const out = outsides(host);
			const inner = new Set(
				host.segments.flatMap(({ gateways, uplinks, plugs }) =>
					uplinks.length === 0 && plugs.length > 0 ? gateways.map(({ name }) => name) : [],
				),
			);
			for (const { rule } of filter.rules) {
				if (
					rule.nat === undefined ||
					rule.rdr !== undefined ||
					rule.afTo !== undefined ||
					isGroup(rule.interface) ||
					rule.direction === "in"
				)
					continue;
				const { address, negated } = rule.source;
				if (address.kind !== "network" || address.bits === 0 || negated) continue;
				const others = out.filter(({ name }) => name !== rule.interface).map(({ name }) => name);
				if (others.length === 0) continue;
				if (inner.has(rule.interface)) {
					report(filter.pf.place(rule), msg("{0} leads to guests; packets to the outside leave by {1}", rule.interface, others.join(", ")));
				} else if (leadsBack(host, rule) && !filter.rules.some(({ rule: other }) => other !== rule && translatesSame(other, rule))) {
					report(
						filter.pf.place(rule),
						msg("{0} leads to this network itself; packets to the outside leave by {1}, untranslated", rule.interface, others.join(", ")),
					);
				}
			}
		},
	),

	"host/nat-address-at-load": warning(
		[
			"The address that an interface has when pf is loaded",
			"The interface gets its address from outside: at boot it may have none, so that pfctl refuses the ruleset, and later another one, which the rule does not know.",
			"Write the name in parentheses: `(em0)`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			for (const { rule } of filter.rules) {
				const { source, destination, nat, rdr } = rule;
				for (const address of [source.address, destination.address, nat?.address, rdr?.address]) {
					if (address?.kind !== "unresolved") continue;
					const [, name = "", part = ""] = /^(\w+)(:network)?$/.exec(address.name) ?? [];
					const config = host.links.get(name)?.config;
					const from = config && fromOutside(config, rule.family);
					// antispoof has no other way to name an interface.
					if (from === undefined || isAntispoof(host, filter.pf.place(rule))) continue;
					report(filter.pf.place(rule), msg("{0} gets its address from outside, and this is the one that it has at load", name), {
						advice: msg("Write `({0})`.", `${name}${part}`),
						...quickFix(fixTitle.write(`(${name}${part})`), atRunTime(host, filter.pf.place(rule), address.name)),
						related: [related(from, msg("Its address"))],
					});
				}
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** Where an interface gets all its addresses of a rule's family from outside. */
function fromOutside({ autoconf, addresses }: InterfaceConfig, family: Rule["family"]): Place | undefined {
	const families = family === undefined ? (["inet", "inet6"] as const) : [family];
	const own = addresses.filter((address) => families.some((one) => one === address.family));
	return own.length > 0 ? undefined : families.map((one) => autoconf[one]).find((place) => place !== undefined);
}

/** `em0` → `(em0)`, where it stands alone; `$wan` → `($wan)`. */
function atRunTime(host: Host, place: Place, name: string): TextEdit | undefined {
	const [bare = "", part = ""] = name.split(/(?=:network)/);
	const words = [bare, ...macrosOf(host, place.file, bare).map((macro) => `\\$${macro}`)].map((word) => `${word}${part}`);
	const whole = macrosOf(host, place.file, name).map((macro) => `\\$${macro}`);
	return replacedIn(host, place, new RegExp(`(?<=\\b(?:nat-to|rdr-to|from|to)\\s+)(${[...words, ...whole].join("|")})(?![\\w:])`), "($1)");
}

/** Whether a rule translates what comes from the network of its own interface, wherever it goes. */
function leadsBack(host: Host, { interface: name, source: { address }, destination }: Rule): boolean {
	if (address.kind !== "network" || !isAny(destination.address) || destination.negated) return false;
	const own = host.links.get(name)?.config?.addresses ?? [];
	return own.some(
		({ ip, bits, family }) =>
			family === "inet" && ip !== undefined && bits !== undefined && bits <= address.bits && inNetwork(address.address, ip, bits),
	);
}

/** Whether another rule translates, on another interface, what comes from the same addresses. */
function translatesSame({ nat, interface: name, source }: Rule, rule: Rule): boolean {
	if (nat === undefined || name === rule.interface) return false;
	const [own, other] = [rule.source.address, source.address];
	return (
		own.kind !== "network" ||
		other.kind !== "network" ||
		source.negated ||
		inNetwork(own.address, other.address, Math.min(own.bits, other.bits))
	);
}
