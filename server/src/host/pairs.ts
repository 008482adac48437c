/** Which hosts of a workspace stand in for each other: they share addresses by carp(4). */
import { inNetwork, sameIp } from "../pf/names/address.ts";
import type { ConfiguredAddress, InterfaceConfig } from "./interfaces.ts";
import type { Host, OtherHost } from "./model.ts";

/** A host that takes over addresses of another. */
export interface Partner extends OtherHost {
	/** Interfaces of both that have an address in common: the host's own, and the partner's. */
	readonly shared: readonly { readonly own: InterfaceConfig; readonly theirs: InterfaceConfig; readonly address: string }[];
	/** Whether it is the only one. */
	readonly alone: boolean;
}

/**
 * The hosts that stand in for a host. Two sites may have the same networks, each with a pair of its own: where that could be, no
 * host is taken for a partner.
 */
export function partnersOf(configs: readonly InterfaceConfig[], others: readonly OtherHost[]): readonly Partner[] {
	const found = others.flatMap((other) => {
		const shared = sharedBy(configs, other.configs);
		return shared.length === 0 ? [] : [{ ...other, shared }];
	});
	const group = [{ configs }, ...found];
	const apart = group.every((one, index) =>
		group.slice(index + 1).every((other) => areApart(one.configs, other.configs, found.length > 1)),
	);
	return apart ? found.map((one) => ({ ...one, alone: found.length === 1 })) : [];
}

/** The hosts that stand in for this one, among those that its model was told of. */
export function partnersIn({ configs, source }: Host): readonly Partner[] {
	return source.others === undefined ? [] : partnersOf(configs, source.others);
}

function isShared({ family, down, addresses }: InterfaceConfig): boolean {
	return family === "carp" && down === undefined && addresses.length > 0;
}

/** The interfaces of two hosts that have an address in common. */
export function sharedBy(own: readonly InterfaceConfig[], theirs: readonly InterfaceConfig[]): Partner["shared"] {
	return own.filter(isShared).flatMap((one) =>
		theirs.filter(isShared).flatMap((other) => {
			const common = one.addresses.find((address) => hasAddressOf(other, address));
			return common === undefined ? [] : [{ own: one, theirs: other, address: common.text }];
		}),
	);
}

/** Whether an interface has that address; false where either is a name that is looked up on the host. */
export function hasAddressOf({ addresses }: InterfaceConfig, { ip, family }: Pick<ConfiguredAddress, "ip" | "family">): boolean {
	return ip !== undefined && addresses.some((other) => other.ip !== undefined && other.family === family && sameIp(other.ip, ip));
}

/**
 * Whether two hosts that share an address can be in one network: below it, each has addresses of its own there.
 * @param shown they have to be shown to be, not only not be shown to be elsewhere
 */
function areApart(one: readonly InterfaceConfig[], other: readonly InterfaceConfig[], shown: boolean): boolean {
	return sharedBy(one, other).every(({ own, theirs }) => {
		const mine = below(own, one);
		const others = below(theirs, other);
		if (
			mine.some((address) => others.some(({ ip, family }) => hasAddressOf({ ...own, addresses: [address] }, { family, ...(ip && { ip }) })))
		)
			return false;
		const near = mine.some(({ ip, family, bits }) =>
			others.some(
				(theirs) =>
					ip !== undefined && theirs.ip !== undefined && theirs.family === family && bits !== undefined && inNetwork(theirs.ip, ip, bits),
			),
		);
		return near || (!shown && (mine.length === 0 || others.length === 0));
	});
}

/** The addresses of the interface that carp runs on. */
function below({ parent }: InterfaceConfig, configs: readonly InterfaceConfig[]): readonly ConfiguredAddress[] {
	return configs.find(({ name }) => name === parent?.value)?.addresses ?? [];
}

/** An address that each of two hosts has for itself on an interface of one name. */
export interface OwnAddresses {
	readonly interface: string;
	readonly here: string;
	readonly there: string;
}

/** The addresses by which two hosts differ that have the same interfaces otherwise: those that they share are none of them. */
export function ownAddresses(here: readonly InterfaceConfig[], there: readonly InterfaceConfig[]): readonly OwnAddresses[] {
	return here.flatMap((one) => {
		const other = there.find(({ name }) => name === one.name);
		if (other === undefined) return [];
		return (["inet", "inet6"] as const).flatMap((family) => {
			const [own, theirs] = [one, other].map(({ addresses }) =>
				addresses.filter((each) => each.family === family && each.ip !== undefined),
			);
			if (own === undefined || theirs === undefined || own.length !== theirs.length) return [];
			return own.flatMap((address, index) => {
				const counterpart = theirs[index];
				if (counterpart === undefined || address.ip === undefined || hasAddressOf(other, address)) return [];
				return [{ interface: one.name, here: address.text, there: counterpart.text }];
			});
		});
	});
}

/** A host's texts as they would be with the other one's addresses: where they name the other, they name this one then. */
export function withAddressesOf(texts: ReadonlyMap<string, string>, addresses: readonly OwnAddresses[]): ReadonlyMap<string, string> {
	const instead = new Map(addresses.flatMap(({ here, there }) => [[here, there] as const, [there, here] as const]));
	return new Map([...texts].map(([path, text]) => [path, text.replace(/[0-9A-Fa-f:.]+/g, (word) => instead.get(word) ?? word)]));
}
