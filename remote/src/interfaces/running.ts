/**
 * What an interface has, as `ifconfig -A` shows it (sbin/ifconfig/ifconfig.c, status(); brconfig.c, bridge_rules()), held
 * against what a hostname file sets.
 */
import { formatIp, type netstart, parseIp } from "@openbsd-vnet/server";
import type { LiveInterface } from "../live-interfaces.ts";

type Setting = netstart.Setting;

/** What only some kinds of interfaces show. */
export interface InterfaceDetails {
	/** Layer 2 rules, in their order. */
	readonly rules: readonly { readonly port: string; readonly text: string }[];
	readonly spans: readonly string[];
	/** Ports of a trunk or an aggr. */
	readonly trunkPorts: readonly { readonly name: string; readonly master: boolean }[];
	readonly trunkProto: string | undefined;
	readonly parent: string | undefined;
	readonly vnetid: string | undefined;
	/** `A --> B`. */
	readonly tunnel: string | undefined;
	/** Its own end, where it has no other: `tunneladdr`. */
	readonly tunnelAddress: string | undefined;
	/** The routing domain of what goes through it; undefined without a tunnel. */
	readonly tunnelDomain: string | undefined;
	readonly patch: string | undefined;
	readonly wgPort: string | undefined;
	/** Peers with the networks that they may speak for, and what else is shown of them by its word; of a shared key, that there is one. */
	readonly peers: readonly { readonly key: string; readonly networks: readonly string[]; readonly shown: ReadonlyMap<string, string> }[];
}

/** Reads what LiveInterface leaves as lines. */
export function detailsOf({ other, members }: LiveInterface): InterfaceDetails {
	const value = (pattern: RegExp): string | undefined => other.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
	const peers: { key: string; networks: string[]; shown: Map<string, string> }[] = [];
	for (const line of other) {
		const [word = "", argument = ""] = line.split(" ");
		if (word === "wgpeer") peers.push({ key: argument, networks: [], shown: new Map() });
		else if (word === "wgaip") peers.at(-1)?.networks.push(argument);
		else if (/^wg(psk|pka|descr:)$/.test(word)) peers.at(-1)?.shown.set(word.replace(":", ""), argument);
	}
	return {
		rules: other.flatMap((text) => {
			const port = /^(?:block|pass) (?:in|out|in\/out) on (\S+)/.exec(text)?.[1];
			return port === undefined ? [] : [{ port, text }];
		}),
		spans: members.filter(({ flags }) => flags.includes("SPAN")).map(({ interface: name }) => name),
		trunkPorts: other.flatMap((line) => {
			const [, name, flags = ""] = /^([a-z]+\d+) port(?: (.*))?$/.exec(line) ?? [];
			return name === undefined ? [] : [{ name, master: flags.split(",").includes("master") }];
		}),
		trunkProto: value(/^trunk: trunkproto (\S+)/),
		parent: value(/^encap:.* parent (\S+)/),
		vnetid: value(/^encap: vnetid ([^\s+]+)/),
		tunnel: value(/^tunnel: inet6? (\S+ --> \S+)/),
		tunnelAddress: value(/^tunnel: inet6? (\S+)(?! -->)(?: |$)/),
		tunnelDomain: value(/^tunnel: .* rdomain (\d+)/) ?? (other.some((line) => line.startsWith("tunnel: ")) ? "0" : undefined),
		patch: value(/^patch: (\S+)/),
		wgPort: value(/^wgport (\S+)/),
		peers,
	};
}

/** The port that vxlan(4) has where none is said; ifconfig shows it behind its own end. */
const VXLAN_PORT = ":4789";

/** Undefined where the file has names, which are asked for at a start. @param other none of a tunnel to many */
function hasTunnel(interfaceName: string, shown: string | undefined, own: string, other?: string): boolean | undefined {
	const isPlain = [own, ...(other === undefined ? [] : [other])].every((end) => parseIp(end.replace(/^([^:]+):\d+$/, "$1")) !== undefined);
	if (!isPlain) return undefined;
	const usual = interfaceName.startsWith("vxlan") && parseIp(own) !== undefined ? VXLAN_PORT : "";
	return shown === `${own}${usual}${other === undefined ? "" : ` --> ${other}`}`;
}

/** Whether an interface has what a file sets; undefined where ifconfig does not show it. */
export function has(live: LiveInterface, details: InterfaceDetails, setting: Setting): boolean | undefined {
	switch (setting.kind) {
		case "address":
			return hasAddress(live, setting);
		case "rule":
			return details.rules.some(({ text }) => text === setting.text);
		case "peer":
			return hasPeer(details, setting);
		case "command":
			return undefined;
		case "word":
			return hasWord(live, details, setting);
	}
}

function hasAddress({ addresses }: LiveInterface, { family, address, bits }: netstart.AddressSetting): boolean | undefined {
	// A name is resolved on the host.
	if (parseIp(address) === undefined) return undefined;
	return addresses.some(
		(each) =>
			each.family === family &&
			sameAddress(each.address, address) &&
			(bits === undefined || each.prefix === undefined || each.prefix === bits),
	);
}

/** Keys of peers are not shown: of one that is there with its networks and times nothing more is known. */
function hasPeer({ peers }: InterfaceDetails, { key, words }: Extract<Setting, { kind: "peer" }>): false | undefined {
	const there = peers.find((peer) => peer.key === key);
	if (there === undefined) return false;
	const value = (word: string) => words.findLast(([each]) => each === word)?.[1];
	const seconds = value("wgpka");
	if (value("wgpsk") !== undefined && !there.shown.has("wgpsk")) return false;
	if (seconds !== undefined && Number(seconds) !== Number(there.shown.get("wgpka") ?? 0)) return false;
	const wanted = words.flatMap(([word, network = ""]) => (word === "wgaip" ? [network.includes("/") ? network : undefined] : []));
	if (wanted.includes(undefined)) return undefined;
	const same =
		wanted.length === there.networks.length && wanted.every((network) => network !== undefined && there.networks.includes(network));
	return same ? undefined : false;
}

function hasWord(
	live: LiveInterface,
	details: InterfaceDetails,
	{ word, args: [value = "", second = ""], family }: Extract<Setting, { kind: "word" }>,
): boolean | undefined {
	const { flags } = live;
	switch (word) {
		case "up":
			return flags.includes("UP");
		case "down":
			return !flags.includes("UP");
		case "link0":
		case "link1":
		case "link2":
		case "debug":
			return flags.includes(word.toUpperCase());
		case "-link0":
		case "-link1":
		case "-link2":
		case "-debug":
			return !flags.includes(word.slice(1).toUpperCase());
		case "autoconf":
			return flags.includes(family === "inet" ? "AUTOCONF4" : "AUTOCONF6");
		case "group":
			return live.groups.includes(value);
		case "description":
			// vmd describes the bridge of a switch, and taps (usr.sbin/vmd/priv.c).
			return live.description === value || /^(switch\d+|vm\d+-if\d+)-/.test(live.description ?? "");
		case "mtu":
			return live.mtu === undefined ? undefined : live.mtu === Number(value);
		case "rdomain":
			return (live.rdomain ?? 0) === Number(value);
		case "lladdr":
			return value === "random" ? undefined : live.lladdr === value.toLowerCase();
		case "protected": {
			const member = live.members.find((one) => one.interface === value);
			return member === undefined ? false : sameList(member.protected ?? "", second);
		}
		case "-protected":
			return live.members.find((one) => one.interface === value)?.protected === undefined;
		case "learn":
		case "discover":
		case "blocknonip":
		case "locked":
		case "pvptags":
			return hasFlag(live, value, word);
		case "-learn":
		case "-discover":
		case "-blocknonip":
		case "-locked":
		case "-pvptags": {
			const shown = hasFlag(live, value, word.slice(1));
			return shown === undefined ? undefined : !shown;
		}
		case "add":
			return live.members.some((member) => member.interface === value);
		case "addspan":
			return details.spans.includes(value);
		case "trunkport":
			return details.trunkPorts.some(({ name }) => name === value);
		case "trunkproto":
			return details.trunkProto === undefined ? undefined : details.trunkProto === value;
		case "parent":
			return details.parent === undefined ? undefined : details.parent === value;
		case "vnetid":
			return details.vnetid === undefined ? undefined : details.vnetid === value;
		case "tunnel":
			return hasTunnel(live.name, details.tunnel, value, second);
		case "tunneladdr":
			return hasTunnel(live.name, details.tunnelAddress, value);
		case "tunneldomain":
			return details.tunnelDomain === undefined ? undefined : details.tunnelDomain === value;
		case "patch":
			return details.patch === value;
		case "wgport":
			return details.wgPort === value;
		default:
			return undefined;
	}
}

/** Whether a port of a bridge or veb has a flag (sys/net/if_bridge.h, IFBIFBITS); undefined where it is no port. */
function hasFlag({ members }: LiveInterface, port: string, word: string): boolean | undefined {
	return members.find((member) => member.interface === port)?.flags.includes(word === "learn" ? "LEARNING" : word.toUpperCase());
}

function sameList(one: string, other: string): boolean {
	const sorted = (list: string): string =>
		list
			.split(",")
			.map(Number)
			.sort((a, b) => a - b)
			.join();
	return sorted(one) === sorted(other);
}

/** Whether two texts are one address. */
export function sameAddress(one: string, other: string): boolean {
	const [a, b] = [parseIp(one), parseIp(other)];
	return a !== undefined && b !== undefined && a.family === b.family && formatIp(a.address, a.family) === formatIp(b.address, b.family);
}
