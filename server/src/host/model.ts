/** One host, built from all its files. */
import { familyOf } from "../hostname/families.ts";
import { driverOf, interfaceOfPath, isLladdrPath } from "../hostname/names.ts";
import type { FileContext, HostFacts } from "../text/language.ts";
import type { Place, Placed } from "../text/place.ts";
import type { Release } from "../text/vocabulary.ts";
import { vmDiagnostics } from "../vm/diagnostics.ts";
import { VmFile } from "../vm/file.ts";
import { registered, type VmConfig, type VmGuest, type VmInterface, type VmSwitch } from "../vm/model.ts";
import type { NotRead } from "../workspace.ts";
import { type DhcpdConfig, readDhcpd } from "./dhcpd.ts";
import type { PfFacts } from "./filter.ts";
import { type InterfaceConfig, readInterface } from "./interfaces.ts";
import type { Line } from "./lines.ts";
import { type MygateLine, readMygate } from "./mygate.ts";
import { type RcVariable, readRcConf } from "./rc-conf.ts";
import { readResolvConf } from "./resolv-conf.ts";
import { readSysctl, type SysctlSetting } from "./sysctl.ts";

/** A file of the host as it is given to the model. */
export interface SourceFile {
	readonly text: string;
	/** Permission bits and owner, where the file system tells them. */
	readonly mode?: number;
	readonly uid?: number;
	readonly gid?: number;
	/** The file as the editor has it parsed, so that it is not parsed again. */
	readonly parsed?: unknown;
}

/** What the model is built from. */
export interface HostSource {
	readonly name: string;
	/** The files by their paths on the host, such as `/etc/vm.conf`. */
	readonly files: ReadonlyMap<string, SourceFile>;
	readonly release?: Release;
	readonly facts?: HostFacts;
	/** pf.conf with all that it includes and loads, expanded. */
	readonly pf?: PfFacts;
	/** What is in a folder that a missing file was looked for in, by the folder's path. */
	readonly names?: ReadonlyMap<string, readonly string[]>;
	/** Files that are there and are not read, with the reason. */
	readonly notRead?: ReadonlyMap<string, NotRead>;
	/** How many MAC addresses the network allows on one physical port, where that is limited. */
	readonly portMacLimit?: number;
}

/** An interface of a guest, with what it is plugged into. */
export interface Plug {
	readonly guest: VmGuest;
	readonly nic: VmInterface;
}

/** An interface of the host: of a hostname file, a member or parent of one, a switch of vm.conf, or a pinned tap. */
export interface Link {
	readonly name: string;
	readonly family: string;
	readonly config?: InterfaceConfig;
	/** Where it is a member: each `add` of a bridge or veb. */
	readonly memberOf: readonly Membership[];
	/** The trunk or aggr that it is a port of. */
	readonly trunkOf: readonly Membership[];
	/** The vlan and other interfaces on top of it. */
	readonly children: readonly InterfaceConfig[];
	/** The switches of vm.conf that stand on it. */
	readonly switches: readonly VmSwitch[];
	/** Guests' interfaces that pin it, on a tap. */
	readonly pinnedBy: readonly Plug[];
}

export interface Membership {
	/** The bridge, veb, trunk or aggr. */
	readonly of: InterfaceConfig;
	readonly at: Place;
}

/** What is connected by a bridge or a veb. */
export interface Segment {
	/** The bridge or veb. */
	readonly link: Link;
	readonly kind: "bridge" | "veb" | "tpmr";
	/** Members by the hostname file. */
	readonly ports: readonly Placed<string>[];
	/** Interfaces of guests that vmd plugs in. */
	readonly plugs: readonly Plug[];
	/** The host's own ports with an address: vport or vether, or on a bridge any member. */
	readonly gateways: readonly Link[];
	/** Ports that lead out of the host: physical, vlan, trunk and aggr interfaces. */
	readonly uplinks: readonly Link[];
}

export interface Host {
	readonly source: HostSource;
	readonly vm: VmConfig;
	readonly vmFile: VmFile | undefined;
	/** Of the hostname files, in netstart's order of names. */
	readonly configs: readonly InterfaceConfig[];
	readonly links: ReadonlyMap<string, Link>;
	readonly segments: readonly Segment[];
	/** By the name of the switch. */
	readonly segmentOfSwitch: ReadonlyMap<string, Segment>;
	readonly sysctl: Known<readonly SysctlSetting[]>;
	readonly rc: Known<readonly RcVariable[]>;
	readonly mygate: Known<readonly MygateLine[]>;
	readonly dhcpd: Known<DhcpdConfig>;
	/** The name servers of resolv.conf. */
	readonly resolvConf: Known<readonly Line[]>;
	/** pf.conf with its anchors, where it was given. */
	readonly pf: PfFacts | undefined;
	/** False where the folder has no hostname file but those of tunnels: then which interfaces the host has is not known. */
	readonly interfacesKnown: boolean;
}

/** A file that may not be there; without it, nothing is said about what it would hold. */
export interface Known<T> {
	readonly path: string;
	readonly value: T | undefined;
}

const NO_CONFIG: VmConfig = { switches: [], guests: [], includes: [], complete: true };

/** Whether an interface is made by software, by `ifconfig create`; all others are devices of the machine. */
export function isCloned(name: string): boolean {
	return familyOf(name).cloned;
}

/** Reads a file's text once for as long as the text is the same. */
function remembered<T extends object>(read: (path: string, text: string) => T): (path: string, text: string) => T {
	const cache = new Map<string, { readonly text: string; readonly value: T }>();
	return (path, text) => {
		const known = cache.get(path);
		if (known?.text === text) return known.value;
		const value = read(path, text);
		cache.set(path, { text, value });
		return value;
	};
}

/** Builds hosts, keeping what the files that did not change have said. One for each host of a workspace. */
export function hostBuilder(): (source: HostSource) => Host {
	const readConfig = remembered(readInterface);
	let vmFile: VmFile | undefined;
	let vmSource: HostSource | undefined;
	return (source) => {
		const file = source.files.get("/etc/vm.conf");
		const parsed = file?.parsed;
		if (parsed instanceof VmFile) vmFile = parsed;
		else if (file === undefined) vmFile = undefined;
		else {
			const readFile = (path: string): string | undefined => source.files.get(path)?.text;
			const same =
				vmFile?.text === file.text && vmFile.config.includes.every(({ value }) => vmSource?.files.get(value)?.text === readFile(value));
			if (!same) vmFile = VmFile.parse(file.text, contextOf(source, "/etc/vm.conf", readFile));
		}
		vmSource = source;
		return build(source, vmFile, readConfig);
	};
}

function contextOf(source: HostSource, path: string, readFile: (path: string) => string | undefined): FileContext {
	const { release, facts } = source;
	return { path, readFile, ...(release === undefined ? {} : { release }), ...(facts === undefined ? {} : { host: facts }) };
}

/** A statement that vmd refuses may be meant to define what nothing else defines. */
function asFarAsKnown({ config, parts }: VmFile): VmConfig {
	const refused = parts.some(({ reports }) => reports.some(({ code }) => vmDiagnostics[code].severity === "error"));
	return refused && config.complete ? { ...config, complete: false } : config;
}

function build(source: HostSource, vmFile: VmFile | undefined, readConfig: typeof readInterface): Host {
	const vm = vmFile === undefined ? NO_CONFIG : asFarAsKnown(vmFile);
	const configs = [...source.files]
		.filter(([path]) => path.startsWith("/etc/hostname.") && interfaceOfPath(path) !== undefined)
		.map(([path, { text }]) => readConfig(path, text))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	const known = <T>(path: string, read: (text: string) => T): Known<T> => {
		const file = source.files.get(path);
		return { path, value: file === undefined ? undefined : read(file.text) };
	};
	const links = linksOf(configs, vm);
	const segments = segmentsOf(links, vm);
	return {
		source,
		vm,
		vmFile,
		configs,
		links,
		segments,
		segmentOfSwitch: new Map(segments.flatMap((segment) => segment.link.switches.map(({ name }) => [name.value, segment] as const))),
		sysctl: known("/etc/sysctl.conf", (text) => readSysctl(text, source.release)),
		rc: known("/etc/rc.conf.local", readRcConf),
		mygate: known("/etc/mygate", readMygate),
		dhcpd: known("/etc/dhcpd.conf", readDhcpd),
		resolvConf: known("/etc/resolv.conf", readResolvConf),
		pf: source.pf,
		interfacesKnown: configs.some(({ family }) => !TUNNELS.has(family)),
	};
}

function linksOf(configs: readonly InterfaceConfig[], vm: VmConfig): ReadonlyMap<string, Link> {
	type Draft = { -readonly [K in keyof Link]: Link[K] } & {
		memberOf: Membership[];
		trunkOf: Membership[];
		children: InterfaceConfig[];
		switches: VmSwitch[];
		pinnedBy: Plug[];
	};
	const links = new Map<string, Draft>();
	const link = (name: string): Draft => {
		let found = links.get(name);
		if (found === undefined) {
			found = { name, family: driverOf(name), memberOf: [], trunkOf: [], children: [], switches: [], pinnedBy: [] };
			links.set(name, found);
		}
		return found;
	};
	for (const config of configs) {
		link(config.name).config = config;
		for (const member of [...config.members, ...config.spans]) link(member.value).memberOf.push({ of: config, at: member });
		for (const port of config.trunkports) link(port.value).trunkOf.push({ of: config, at: port });
		if (config.parent !== undefined) link(config.parent.value).children.push(config);
	}
	for (const one of vm.switches)
		if (one.interface !== undefined && one.disabled === undefined) link(one.interface.value).switches.push(one);
	for (const guest of registered(vm).values()) {
		for (const nic of guest.interfaces) if (nic.tap !== undefined) link(nic.tap.value).pinnedBy.push({ guest, nic });
	}
	return links;
}

function segmentsOf(links: ReadonlyMap<string, Link>, vm: VmConfig): readonly Segment[] {
	const switches = new Map<string, VmSwitch>();
	for (const one of vm.switches) if (one.disabled === undefined && !switches.has(one.name.value)) switches.set(one.name.value, one);
	const plugged = new Map<string, Plug[]>();
	for (const guest of registered(vm).values()) {
		for (const nic of guest.interfaces) {
			const bridge = switches.get(nic.switch?.value ?? "")?.interface?.value;
			if (bridge === undefined) continue;
			const list = plugged.get(bridge);
			if (list === undefined) plugged.set(bridge, [{ guest, nic }]);
			else list.push({ guest, nic });
		}
	}
	const segments: Segment[] = [];
	for (const link of links.values()) {
		const { family } = link;
		if (family !== "bridge" && family !== "veb" && family !== "tpmr") continue;
		const ports = link.config?.members ?? [];
		const members = ports.flatMap(({ value }) => links.get(value) ?? []);
		segments.push({
			link,
			kind: family,
			ports,
			plugs: plugged.get(link.name) ?? [],
			gateways: members.filter(
				({ family: kind, config }) => (kind === "vport" || kind === "vether" || family === "bridge") && hasAddress(config),
			),
			uplinks: members.filter(({ name, family: kind }) => !isCloned(name) || ["vlan", "svlan", "trunk", "aggr"].includes(kind)),
		});
	}
	return segments;
}

/** Whether an interface gets an address, of its own or from outside. */
export function hasAddress(config: InterfaceConfig | undefined): boolean {
	return config !== undefined && (config.addresses.length > 0 || config.autoconf.inet !== undefined || config.autoconf.inet6 !== undefined);
}

/** Families of tunnels: each goes over another interface, so their files alone are not those of a whole host. */
const TUNNELS: ReadonlySet<string> = new Set(["gif", "gre", "pflow", "pfsync", "sec", "tun", "vxlan", "wg"]);

/** Families whose drivers leave an interface down when it gets an address (SIOCSIFADDR in if_veb.c, if_aggr.c, if_vxlan.c, if_gre.c). */
const DOWN_WITH_ADDRESS: ReadonlySet<string> = new Set(["aggr", "egre", "eoip", "mgre", "nvgre", "vport", "vxlan"]);

/** Whether a hostname file brings its interface up: by the word, by an address that its driver takes for it, or by asking for one. */
export function comesUp({ up, addresses, autoconf, family }: InterfaceConfig): boolean {
	if (up !== undefined || autoconf.inet !== undefined || autoconf.inet6 !== undefined) return true;
	return addresses.length > 0 && !DOWN_WITH_ADDRESS.has(family);
}

/**
 * Whether the files set an interface up in a way that this model does not follow: by a command after `!`, or, for a
 * device of the machine, by a hostname file that is named after its MAC address.
 */
export function isSetElsewhere({ configs, source }: Host, name: string): boolean {
	const mentioned = configs.some(({ commands, name: own }) =>
		commands.some(({ value }) => value.split(/[^A-Za-z0-9]+/).includes(name) || (own === name && /\$\{?_?if\b/.test(value))),
	);
	return mentioned || (!isCloned(name) && [...source.files.keys()].some(isLladdrPath));
}

/** Whether a host's interface of that name is made by its files, or cannot be told from them. */
export function mayExist(host: Host, name: string): boolean {
	if (isSetElsewhere(host, name)) return true;
	const link = host.links.get(name);
	if (link?.config !== undefined || (link?.pinnedBy.length ?? 0) > 0) return true;
	if (host.source.facts?.interfaces?.some((known) => known.name === name)) return true;
	return !isCloned(name) || ["lo0", "enc0", "pflog0"].includes(name);
}
