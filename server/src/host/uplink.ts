/** The way outside of a host whose files have none: the interface that its rules name for it, or the next of its devices. */

import { driverOf, hostnamePath } from "../hostname/names.ts";
import type { Rule } from "../pf/rules.ts";
import type { Fix } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import { filterOf, isGroup } from "./filter.ts";
import { type Host, hasAddress, isCloned, isSetElsewhere, type Link } from "./model.ts";
import { isOfGuestsAlone } from "./segments.ts";

/** An interface without a hostname file that has to be the way outside. */
export interface MissingUplink {
	readonly name: string;
	/** The rule that names it; without, it is only the next number of the machine's devices. */
	readonly rule?: Rule;
}

const known = new WeakMap<Host, MissingUplink | "none">();

/** What leads outside where no hostname file does; undefined where one does, or where that cannot be told. */
export function missingUplink(host: Host): MissingUplink | undefined {
	const before = known.get(host) ?? findUplink(host) ?? "none";
	known.set(host, before);
	return before === "none" ? undefined : before;
}

/** The interface that is taken for the way outside: what comes in there is from outside, and it is given an address. */
export function assumedUplink(host: Host): Link | undefined {
	const missing = missingUplink(host);
	if (missing?.rule === undefined) return undefined;
	const { name } = missing;
	const none = { memberOf: [], trunkOf: [], children: [], switches: [], pinnedBy: [] };
	return host.links.get(name) ?? { name, family: driverOf(name), ...none };
}

/** Writes the hostname file of an uplink that gets its address from outside. */
export function uplinkFile(name: string): Fix {
	const file = hostnamePath(name);
	return {
		title: msg("Create {0}, with an address from outside", file),
		edits: [{ file, span: span(0, 0), text: "inet autoconf\n" }],
		preferred: true,
	};
}

function findUplink(host: Host): MissingUplink | undefined {
	const { configs, interfacesKnown, source } = host;
	// An address, a command or what the host itself told may be the way outside.
	const addressed = configs.filter((config) => hasAddress(config) && !leadsToGuests(host, config.name));
	if (
		!interfacesKnown ||
		addressed.length > 0 ||
		configs.some(({ commands }) => commands.length > 0) ||
		source.facts?.interfaces !== undefined
	)
		return undefined;
	const rules = filterOf(host)?.rules.map(({ rule }) => rule) ?? [];
	const free = (name: string): boolean => {
		const link = host.links.get(name);
		const stands = link !== undefined && [link.memberOf, link.trunkOf, link.children].some(({ length }) => length > 0);
		return name !== "" && !isGroup(name) && !isCloned(name) && link?.config === undefined && !stands && !isSetElsewhere(host, name);
	};
	const named = [...new Set(rules.filter(({ nat }) => nat !== undefined).map((rule) => rule.interface))].filter(free);
	const [name] = named.length > 0 ? named : [...new Set(rules.filter(isOutward).map((rule) => rule.interface))].filter(free);
	const rule = name === undefined ? undefined : rules.find((one) => one.interface === name);
	if (name !== undefined && rule !== undefined) return { name, rule };
	const drivers = [...host.links.keys()].filter((one) => !isCloned(one) && !isGroup(one)).map(driverOf);
	const [driver] = drivers;
	if (driver === undefined || drivers.some((other) => other !== driver)) return undefined;
	for (let number = 0; ; number++) if (!host.links.has(`${driver}${number}`)) return { name: `${driver}${number}` };
}

const isOutward = ({ direction, action }: Rule): boolean => direction === "out" && action !== "block";

/** Whether an interface leads to guests and nowhere else. */
function leadsToGuests({ segments }: Host, name: string): boolean {
	return segments.some((segment) => isOfGuestsAlone(segment) && segment.gateways.some((one) => one.name === name));
}
