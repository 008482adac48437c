/** Hosts of a few lines each, and what the checks of packets say of them, for tests. */
import { type Host, hostBuilder, type ModelFile } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { render } from "../text/message.ts";
import { finished } from "../text/portions.ts";
import type { Span } from "../text/span.ts";
import { packetChecks } from "./checks.ts";
import { packetFindings } from "./packet-check.ts";

/** Lines for a file of the host; without lines, the file is not there. */
export type Files = Readonly<Record<string, readonly string[] | undefined>>;

export const guest = (name: string, nic: string): readonly string[] => [`vm "${name}" {`, `\tdisk "/${name}"`, `\tinterface ${nic}`, "}"];
export const lan = (bridge: string): readonly string[] => [`switch "lan" {`, `\tinterface ${bridge}`, "}"];
export const plug = '{ switch "lan" }';

/** A guest behind the host: on a veb by vport0, on a bridge by vether0; em0 leads outside. */
export const routed = (bridge: "veb0" | "bridge0" = "bridge0", nic = plug): Files => {
	const gateway = bridge === "veb0" ? "vport0" : "vether0";
	return {
		"vm.conf": [...lan(bridge), ...guest("db01", nic)],
		[`hostname.${bridge}`]: [...(bridge === "veb0" ? ["link1"] : []), `add ${gateway}`, "up"],
		[`hostname.${gateway}`]: ["inet 10.50.0.1 255.255.255.0", "up"],
		"hostname.em0": ["inet autoconf"],
		"sysctl.conf": ["net.inet.ip.forwarding=1"],
	};
};
/** A guest on the network behind em1, which is a port of the bridge or veb. */
export const bridged = (bridge: "veb0" | "bridge0" = "bridge0", nic = plug, port = "em1"): Files => ({
	"vm.conf": [...lan(bridge), ...guest("web01", nic)],
	[`hostname.${bridge}`]: [...(bridge === "veb0" ? ["link1"] : []), `add ${port}`, "up"],
	"hostname.em1": ["up"],
	...(port === "em1" ? {} : { [`hostname.${port}`]: ["vnetid 10", "parent em1", "up"] }),
	"hostname.em0": ["inet autoconf"],
});
export const pf = (...lines: readonly string[]): Files => ({ "pf.conf": ["set skip on lo", ...lines] });
export const SSH = "pass in on em0 proto tcp to port ssh";
export const DHCPD: Files = { "dhcpd.conf": ["subnet 10.50.0.0 netmask 255.255.255.0 {", "range 10.50.0.100 10.50.0.200;", "}"] };
/** What cannot come from outside, as people write it down. */
export const MARTIANS = "table <martians> const { 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 255.255.255.255 }";
/** An uplink with a private address. */
export const OFFICE: Files = { "hostname.em0": ["inet 192.168.1.5/24"], mygate: ["192.168.1.1"] };
export const RESOLVER: Files = {
	...OFFICE,
	"resolv.conf": ["lookup file bind", "nameserver 192.168.1.1 ; the router", "nameserver 9.9.9.9"],
};

export interface Found {
	readonly code: string;
	readonly words: string;
	readonly text: string;
	readonly advice: string | undefined;
	/** The other places, each as what is said of it and its words. */
	readonly related: readonly string[];
	readonly titles: readonly string[];
	readonly fixes: readonly string[];
}

export const sourcesOf = (files: Files): Map<string, ModelFile> =>
	new Map(
		Object.entries(files).flatMap(([name, lines]) => (lines === undefined ? [] : [[`/etc/${name}`, { text: `${lines.join("\n")}\n` }]])),
	);

export function hostOf(files: ReadonlyMap<string, ModelFile>): Host {
	const facts = pfFacts(files);
	return hostBuilder()({ name: "hv1", files, ...(facts && { pf: facts }) });
}

/** What checks say of a host, all of them or some. */
export function findIn(
	files: ReadonlyMap<string, ModelFile>,
	checks: Parameters<typeof packetFindings>[1] = packetChecks,
): readonly Found[] {
	const { found } = finished(packetFindings(hostOf(files), checks));
	const wordsAt = (path: string, { start, end }: Span): string => files.get(path)?.text.slice(start, end) ?? "";
	return [...found].flatMap(([path, list]) =>
		list.map(({ code, span, message, advice, related = [], fixes = [] }) => ({
			code,
			words: wordsAt(path, span),
			text: render(message, {}),
			advice: advice && render(advice, {}),
			related: related.map((one) => `${render(one.message, {})}: ${wordsAt(one.file ?? path, one.span)}`),
			titles: fixes.map(({ title }) => render(title, {})),
			fixes: fixes.flatMap(({ edits }) => edits.map(({ text }) => text)),
		})),
	);
}
export const mergedOf = (...parts: readonly Files[]): Map<string, ModelFile> => sourcesOf(Object.assign({}, ...parts));
export const find = (...parts: readonly Files[]): readonly Found[] => findIn(mergedOf(...parts));
export const codes = (...parts: readonly Files[]): readonly string[] => find(...parts).map(({ code }) => code);
