/** When lines of two versions of a ruleset are the same. */
import { type AddressMatch, BLANK_RULE, type Rule } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { dynamicOf, type EveryTable, type Interfaces, type KnownTable } from "./network.ts";
import type { ProgramLine } from "./program.ts";

/** What the lines of one version stand among. */
export interface LineSurroundings {
	readonly interfaces: Interfaces;
	readonly tables: EveryTable;
	/** The same for both versions. */
	readonly contents: Contents;
}

/**
 * What makes a line what it is: lines with equal keys match the same packets, and do the same with them.
 *
 * @param names all interfaces, where those of the lines that are compared are not the same
 */
export function lineKey({ kind, final, path, rule }: ProgramLine, around: LineSurroundings, names: readonly string[] | undefined): string {
	// Blocks without a name are numbered, so one that comes before others renames them.
	const place = path.replace(/(^|\/)_\d+(?=$|\/)/g, "$1_");
	// A label counts, and does nothing; it may hold the rule's number.
	const printed = printRule(rule).replace(` label "${rule.label}"`, "");
	const network = names && networkIn(rule, around.interfaces, names);
	return `${kind} ${final} ${place} ${printed} ${tablesIn(rule, path, around)} ${network}`;
}

function addressesIn({ source, destination, nat, rdr, route }: Rule): readonly AddressMatch[] {
	return [source.address, destination.address, nat?.address, rdr?.address, route?.pool.address].filter((one) => one !== undefined);
}

/** What the tables of a rule hold, each as a number that stands for the same entries. */
export function tablesIn(rule: Rule, path: string, { tables, contents }: LineSurroundings): string {
	return addressesIn(rule)
		.flatMap((address) => (address.kind === "table" ? [contents.of(tables(path, address.name))] : []))
		.join();
}

/** Numbers that stand for what tables hold: equal ones for the same entries. */
export class Contents {
	readonly #ofSet = new WeakMap<KnownTable["set"], number>();
	readonly #ofText = new Map<string, number>();

	of({ set, incomplete }: KnownTable): string {
		const number = this.#ofSet.get(set) ?? this.#numberOf(set);
		this.#ofSet.set(set, number);
		return `${incomplete} ${number}`;
	}

	#numberOf({ networks }: KnownTable["set"]): number {
		const text = JSON.stringify(networks.map(({ family, address, bits, negated }) => [family, address, bits, negated]));
		const number = this.#ofText.get(text) ?? this.#ofText.size;
		this.#ofText.set(text, number);
		return number;
	}
}

/** What the interfaces are by which a rule asks. */
function networkIn(rule: Rule, interfaces: Interfaces, names: readonly string[]): string {
	const dynamic = addressesIn(rule).map((address) => (address.kind === "unresolved" ? dynamicOf(address.name) : address));
	const groups = [rule.interface, rule.receivedOn].filter((name) => name !== "");
	return JSON.stringify([
		dynamic.map((one) => one?.kind === "dynamic" && interfaces.addresses(one)),
		groups.map((group) => names.map((name) => interfaces.matches(group, name))),
	]);
}

/** The addresses that rules translate and route to, as they are; the last rule of each kind counts. @param rules the last one first */
export function poolsOf(rules: readonly { readonly rule: Rule; readonly path: string }[], around: LineSurroundings): string {
	const kinds = [({ nat }: Rule) => nat, ({ rdr }: Rule) => rdr, ({ route }: Rule) => route?.pool] as const;
	return kinds
		.map((poolOf) => {
			for (const { rule, path } of rules) {
				const address = poolOf(rule)?.address;
				if (address === undefined) continue;
				if (address.kind === "table") return around.contents.of(around.tables(path, address.name));
				const dynamic = address.kind === "unresolved" ? dynamicOf(address.name) : address;
				return dynamic?.kind === "dynamic" ? JSON.stringify(around.interfaces.addresses(dynamic)) : "";
			}
			return "";
		})
		.join(";");
}

/** What a rule asks for, without what it does. */
export function criteriaOf(rule: Rule): string {
	const asked: Rule = {
		...BLANK_RULE,
		direction: rule.direction,
		interface: rule.interface,
		interfaceNegated: rule.interfaceNegated,
		rdomain: rule.rdomain,
		family: rule.family,
		protocol: rule.protocol,
		source: rule.source,
		os: rule.os,
		destination: rule.destination,
		receivedOn: rule.receivedOn,
		receivedOnNegated: rule.receivedOnNegated,
		user: rule.user,
		group: rule.group,
		flags: rule.flags,
		flagSet: rule.flagSet,
		icmpType: rule.icmpType,
		icmpCode: rule.icmpCode,
		tos: rule.tos,
		prio: rule.prio,
		maxPacketRate: rule.maxPacketRate,
		limiters: rule.limiters,
		probability: rule.probability,
		fragment: rule.fragment,
		once: rule.once,
		tagged: rule.tagged,
		taggedNegated: rule.taggedNegated,
	};
	return printRule(asked);
}
