/** Addresses of translation and routing: collapse_redirspec(), apply_redirspec() and binat's checks of parse.y. */

import type { ResolvedHost } from "../names/hosts.ts";
import {
	type AddressMatch,
	type Family,
	NAT_PORTS,
	type NumberMatch,
	type Pool,
	type Table,
	type TableEntry,
	type TableItem,
} from "../rules.ts";
import type { PoolSpec } from "../syntax.ts";
import { type MessageArguments, type PfMessage, saying } from "../words/messages.ts";
import type { Draft } from "./draft.ts";
import type { Expansion } from "./expansion.ts";

const NO_KEY = [0, 0, 0, 0] as const;

/** DYNIF_MULTIADDR of parse.y. */
function isMulti(match: AddressMatch): boolean {
	return match.kind === "dynamic" && !(match.noAlias && /\d$/.test(match.interface));
}

interface PoolResult {
	readonly match: AddressMatch | undefined;
	readonly failed: boolean;
}

const NO_POOL: PoolResult = { match: undefined, failed: false };
const FAILED_POOL: PoolResult = { match: undefined, failed: true };

/** collapse_redirspec(): several addresses become a table, and the rule takes the family of its translation. */
export function poolOf(spec: PoolSpec, draft: Draft, routing: boolean, around: Expansion): PoolResult {
	if (spec.hosts.length === 0) return NO_POOL;
	const fail = <M extends PfMessage>(message: M, ...args: MessageArguments<M>): PoolResult => {
		around.refuse(message, ...args);
		return FAILED_POOL;
	};
	if (draft.options.afTo) draft.target = spec.family;
	let family: Family | undefined;
	const chosen: ResolvedHost[] = [];
	for (const host of spec.hosts) {
		if (routing && host.match.kind === "dynamic" && !(host.match.part === "peer" && !host.match.noAlias))
			return fail("route spec requires :peer with dynamic interface addresses");
		if (spec.family !== undefined && draft.family === undefined && family === undefined)
			family = draft.target === "inet6" ? "inet" : draft.target === "inet" ? "inet6" : spec.family;
		if (host.family !== undefined && draft.target === undefined) {
			if (draft.family !== undefined && draft.family !== host.family) continue;
			if (draft.family === undefined && family !== undefined && family !== host.family)
				return fail(
					routing
						? "routing spec contains addresses with different address families"
						: "translation spec contains addresses with different address families",
				);
		} else if (host.family !== undefined && spec.family !== undefined && spec.family !== host.family)
			return fail("translation spec contains addresses that don't match target address family");
		// Every OpenBSD has both 127.0.0.1 and ::1 on lo0.
		if (draft.family === undefined && draft.target === undefined && spec.family === undefined && hasBothFamilies(host.match))
			return fail(
				routing
					? "routing spec contains addresses with different address families"
					: "translation spec contains addresses with different address families",
			);
		if (draft.family === undefined && family === undefined) family = host.family;
		const [first] = chosen;
		if (first !== undefined) {
			if (
				spec.kind !== "none" &&
				spec.kind !== "round-robin" &&
				spec.kind !== "random" &&
				spec.kind !== "least-states" &&
				spec.kind !== "source-hash"
			)
				return fail("pool type is not valid for multiple translation or routing addresses");
			if (chosen.length === 1 && !inTable(first, around)) return FAILED_POOL;
			if (!inTable(host, around)) return FAILED_POOL;
		}
		chosen.push(host);
	}
	draft.family ??= family;
	const [first] = chosen;
	if (first === undefined) return fail(routing ? "af mismatch in routing spec" : "af mismatch in translation spec");
	if (chosen.length === 1) return { match: first.match, failed: false };
	const name = `__automatic_${around.nextTable()}`;
	around.automaticTable(automaticTable(name, chosen));
	return { match: { kind: "table", name }, failed: false };
}

/** Whether a name stands for addresses of both families on every host. */
function hasBothFamilies(match: AddressMatch): boolean {
	return match.kind === "unresolved" && /^(?:lo|lo0|self)(?::0|:network)*$/.test(match.name);
}

/** append_addr_host(): only addresses fit into a table. */
function inTable(host: ResolvedHost, around: Expansion): boolean {
	if (host.match.kind === "unresolved") return true;
	if (host.family !== undefined && host.match.kind === "network" && host.match.bits <= (host.family === "inet" ? 32 : 128)) return true;
	around.complain(saying("pfctl: failed to add host: Invalid argument"));
	return false;
}

function automaticTable(name: string, hosts: readonly ResolvedHost[]): Table {
	const entries: TableEntry[] = [];
	const items: TableItem[] = [];
	for (const host of hosts) {
		items.push({ match: host.match, family: host.family, negated: false });
		if (host.match.kind === "network" && host.family !== undefined)
			entries.push({ family: host.family, address: host.match.address, bits: host.match.bits, negated: false, weight: host.weight });
	}
	return {
		name,
		anchor: "",
		statement: -1,
		words: { start: 0, end: 0 },
		constant: true,
		persist: false,
		counters: false,
		initialised: true,
		sources: [{ kind: "addresses", items }],
		entries,
		incomplete: hosts.some((host) => host.match.kind === "unresolved"),
	};
}

interface FinishedPool {
	readonly pool: Pool | undefined;
	readonly failed: boolean;
}

const UNPOOLED: FinishedPool = { pool: undefined, failed: false };

/** apply_redirspec(): ports and the kind of the pool. */
export function finishPool(
	match: AddressMatch | undefined,
	spec: PoolSpec,
	redirects: boolean,
	port: NumberMatch | undefined,
	around: Expansion,
): FinishedPool {
	const { low, high } = spec.ports;
	let ports: readonly [number, number];
	if (redirects) {
		if (spec.ports.kind === "star") ports = [low, (low + (port === undefined ? 0 : port.high - port.low)) & 0xffff];
		else if (spec.ports.kind === "range" && low > high) return poolFailed(around, "invalid rdr-to port range");
		else ports = [low, high];
	} else if (low === 0 && high === 0) ports = NAT_PORTS;
	else ports = [low, high === 0 ? low : high];
	let { kind } = spec;
	if (kind === "none" && match !== undefined && (match.kind === "table" || isMulti(match))) kind = "round-robin";
	if (kind === "none" || kind === "bitmask") {
		if (spec.hosts.some((host) => host.match.kind === "table")) return poolFailed(around, "tables are not supported by pool type");
		const alias = spec.hosts.find((host) => isMulti(host.match));
		if (alias?.match.kind === "dynamic") return poolFailed(around, "interface ({0}) is not supported by pool type", alias.match.interface);
	}
	if (spec.staticPort) {
		if (redirects) return poolFailed(around, "the 'static-port' option is only valid with nat rules");
		if (ports[0] !== NAT_PORTS[0] && ports[1] !== NAT_PORTS[1])
			return poolFailed(around, "the 'static-port' option can't be used when specifying a port range");
		ports = [0, 0];
	}
	if (match === undefined) return UNPOOLED;
	return { pool: { address: match, kind, sticky: spec.sticky, key: spec.key ?? NO_KEY, ports }, failed: false };
}

function poolFailed<M extends PfMessage>(around: Expansion, message: M, ...args: MessageArguments<M>): FinishedPool {
	around.refuse(message, ...args);
	return { pool: undefined, failed: true };
}

/** How many errors a binat-to rule has; they are reported. */
export function binatErrors(
	draft: Draft,
	written: Family | undefined,
	source: ResolvedHost,
	sourceMatch: AddressMatch,
	target: AddressMatch | undefined,
	around: Expansion,
): number {
	let errors = 0;
	const report = <M extends PfMessage>(message: M, ...args: MessageArguments<M>): void => {
		around.refuse(message, ...args);
		errors++;
	};
	const addressed = (match: AddressMatch | undefined): boolean =>
		match === undefined || match.kind === "network" || match.kind === "dynamic" || match.kind === "unresolved";
	if (source.match.kind === "table") report("invalid use of table <{0}> as the source address of a binat-to rule", source.match.name);
	else if (source.match.kind === "dynamic" && isMulti(source.match))
		report("invalid use of interface ({0}) as the source address of a binat-to rule", source.match.interface);
	else if (!addressed(sourceMatch) || !addressed(target)) report("binat-to requires a specified source and redirect address");
	if (isMulti(sourceMatch) || (target !== undefined && isMulti(target)))
		report("dynamic interfaces must be used with :0 in a binat-to rule");
	// A pool that could not be used counts as an address without a mask, and so does a table of a short name (struct pf_addr_wrap).
	const noMask = (match: AddressMatch | undefined): boolean => {
		switch (match?.kind) {
			case "network":
			case "dynamic":
				return match.bits === 0;
			case "table":
				return match.name.length <= 16;
			case "range":
			case "unresolved":
				return false;
			default:
				return true;
		}
	};
	if (written !== undefined && (noMask(sourceMatch) || noMask(target)))
		report("source and redir addresess must have a matching network mask in binat-rule");
	if (target?.kind === "table") report("tables cannot be used as the redirect address of a binat-to rule");
	if (draft.direction !== undefined) report("binat-to cannot be specified with a direction");
	return errors;
}
