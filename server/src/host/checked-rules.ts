/** Rules as several checks go through them. */

import { formatIp, inNetwork } from "../pf/names/address.ts";
import type { Ip, Rule } from "../pf/rules.ts";
import type { Details } from "../text/check.ts";
import { fixTitle, quickFix } from "../text/check.ts";
import type { Message } from "../text/message.ts";
import type { Plug, VmInterface } from "../vm/model.ts";
import type { HostCheck } from "./check.ts";
import { type Filter, filterOf, fixedAddress, type Located } from "./filter.ts";
import { macrosOf, nameIn, renamedIn, replacedIn } from "./fixes.ts";
import type { Host, Segment } from "./model.ts";

/** Runs a check over each rule that has an interface of its own; a statement is reported once. */
export function eachRule(
	run: (filter: Filter, located: Located, report: (message: Message, details?: Details) => void) => void,
): HostCheck["run"] {
	return (host, report) => {
		const filter = filterOf(host);
		if (filter === undefined) return;
		const told = new Set<string>();
		let rule: Rule;
		const tell = (message: Message, details?: Details): void => {
			const at = filter.pf.place(rule);
			const key = `${at.file} ${at.span.start} ${message.template} ${message.args.join(" ")}`;
			if (told.has(key)) return;
			told.add(key);
			report(at, message, details);
		};
		for (const located of filter.rules) {
			({ rule } = located);
			run(filter, located, tell);
		}
	};
}

/** Runs a check over each name that rules have for an interface, told at the first of them. */
export function eachName(
	run: (filter: Filter, name: string, report: (message: Message, details?: Details) => void) => void,
): HostCheck["run"] {
	return (host, report) => {
		const filter = filterOf(host);
		if (filter === undefined) return;
		const told = new Set<string>();
		for (const { rule } of filter.rules) {
			if (told.has(rule.interface)) continue;
			told.add(rule.interface);
			run(filter, rule.interface, (message, details) => report(filter.pf.place(rule), message, details));
		}
	};
}

/** Runs a check over each name that the rules of a file have for an interface, told once for each file: at the name where its rule has it. */
export function eachNameOfFile(
	run: (filter: Filter, located: Located, report: (message: Message, details?: Details) => void) => void,
): HostCheck["run"] {
	return (host, report) => {
		const filter = filterOf(host);
		if (filter === undefined) return;
		const told = new Set<string>();
		for (const located of filter.rules) {
			const { interface: name } = located.rule;
			const place = filter.pf.place(located.rule);
			const key = `${place.file} ${name}`;
			if (told.has(key)) continue;
			run(filter, located, (message, details) => {
				told.add(key);
				report(nameIn(host, place, name) ?? place, message, details);
			});
		}
	};
}

export const plugSegment = ({ host }: Filter, { nic }: Plug): Segment | undefined => host.segmentOfNic.get(nic);

/** The fixed address of a guest in place of what a rule has. */
export function withAddress(host: Host, rule: Rule, plugs: readonly Plug[], wrong: string) {
	const [plug, ...others] = plugs;
	const fixed = plug === undefined || others.length > 0 ? undefined : fixedAddress(host, plug);
	const place = host.pf?.place(rule);
	if (fixed === undefined || place === undefined) return {};
	const text = formatIp(fixed.ip, "inet");
	const names = [wrong, ...macrosOf(host, place.file, wrong).map((name) => `\\$${name}`)];
	const own = replacedIn(host, place, new RegExp(`\\((?:${names.join("|")})\\)`), text);
	return quickFix(
		fixTitle.write(text),
		own ?? (/\d$/.test(wrong) && wrong.includes(".") ? renamedIn(host, place, wrong, text) : undefined),
	);
}

export function isBroadcast({ a }: Ip): boolean {
	return a === -1 || a >>> 28 === 0xe;
}

/** Whether a network and that of a configured address have addresses in common. */
export function near(ip: Ip, bits: number, network: { readonly ip?: Ip; readonly bits?: number; readonly family: string }): boolean {
	if (network.family !== "inet" || network.ip === undefined || network.bits === undefined) return network.family === "inet";
	return inNetwork(ip, network.ip, Math.min(bits, network.bits));
}

/** Whether a guest's interface is one that some of the rules are about; each rule is looked at once. */
export function namedBy({ rules, plugs }: Filter, wanted: (rule: Rule) => boolean): (nic: VmInterface) => boolean {
	const names = new Set(rules.filter(({ rule }) => wanted(rule)).map(({ rule }) => rule.interface));
	if (names.has("")) return () => true;
	const named = new Set([...names].flatMap((name) => plugs(name).map(({ nic }) => nic)));
	return (nic) => named.has(nic);
}
