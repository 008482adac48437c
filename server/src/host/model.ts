/** One host, built from all its files. */

import { interfaceOfPath, isHostnamePath, isLladdrPath } from "../hostname/names.ts";
import { DHCPD_CONF, MYGATE, RC_CONF_LOCAL, RESOLV_CONF, SYSCTL_CONF, VM_CONF } from "../text/host-paths.ts";
import type { FileContext, HostFacts } from "../text/language.ts";
import type { Release } from "../text/vocabulary.ts";
import { vmErrors } from "../vm/diagnostics.ts";
import { VmFile } from "../vm/file.ts";
import type { VmConfig, VmInterface } from "../vm/model.ts";
import type { NotRead } from "../workspace.ts";
import { type DhcpdConfig, readDhcpd } from "./dhcpd.ts";
import type { PfFacts } from "./filter.ts";
import { type InterfaceConfig, readInterface } from "./interfaces.ts";
import type { SignificantLine } from "./lines.ts";
import { isCloned, type Link, linksOf } from "./links.ts";
import { type MygateLine, readMygate } from "./mygate.ts";
import { type RcVariable, readRcConf } from "./rc-conf.ts";
import { readResolvConf } from "./resolv-conf.ts";
import { type Segment, segmentsOf, segmentsOfNics, segmentsOfSwitches } from "./segments.ts";
import { readSysctl, type SysctlSetting } from "./sysctl.ts";

export type { Plug } from "../vm/model.ts";
export { addressedAt, addressesIn, hasAddress, isAddressed, isCloned, type Link, type Membership, seenOn } from "./links.ts";
export type { Segment } from "./segments.ts";

/** A file of the host as it is given to the model. */
export interface ModelFile {
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
	readonly files: ReadonlyMap<string, ModelFile>;
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
	/** Other hosts of the workspace that share addresses by carp(4), whoever with. */
	readonly others?: readonly OtherHost[];
}

/** What is read of a host beside the one that is looked at. */
export interface OtherHost {
	readonly name: string;
	readonly configs: readonly InterfaceConfig[];
}

export interface Host {
	readonly source: HostSource;
	readonly vm: VmConfig;
	readonly vmFile: VmFile | undefined;
	/** Of the hostname files, in netstart's order of names. */
	readonly configs: readonly InterfaceConfig[];
	readonly links: ReadonlyMap<string, Link>;
	readonly segments: readonly Segment[];
	/** By the name of the switch: where its guests are that no file puts into another VLAN. */
	readonly segmentOfSwitch: ReadonlyMap<string, Segment>;
	readonly segmentOfNic: ReadonlyMap<VmInterface, Segment>;
	readonly sysctl: Known<readonly SysctlSetting[]>;
	readonly rc: Known<readonly RcVariable[]>;
	readonly mygate: Known<readonly MygateLine[]>;
	readonly dhcpd: Known<DhcpdConfig>;
	/** The name servers of resolv.conf. */
	readonly resolvConf: Known<readonly SignificantLine[]>;
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

type Reader = (path: string, text: string, release?: Release) => InterfaceConfig;

/** Reads a hostname file once for as long as its text and the release are the same. */
function remembered(read: Reader): Reader {
	const cache = new Map<string, { readonly text: string; readonly release: Release | undefined; readonly value: InterfaceConfig }>();
	return (path, text, release) => {
		const known = cache.get(path);
		if (known?.text === text && known.release === release) return known.value;
		const value = read(path, text, release);
		cache.set(path, { text, release, value });
		return value;
	};
}

/** Builds hosts, keeping what the files that did not change have said. One for each host of a workspace. */
export function hostBuilder(): (source: HostSource) => Host {
	const readConfig = remembered(readInterface);
	let vmFile: VmFile | undefined;
	let vmSource: HostSource | undefined;
	return (source) => {
		const file = source.files.get(VM_CONF);
		const parsed = file?.parsed;
		if (parsed instanceof VmFile) vmFile = parsed;
		else if (file === undefined) vmFile = undefined;
		else {
			const readFile = (path: string): string | undefined => source.files.get(path)?.text;
			const same =
				vmFile?.text === file.text && vmFile.config.includes.every(({ value }) => vmSource?.files.get(value)?.text === readFile(value));
			if (!same) vmFile = VmFile.parse(file.text, contextOf(source, VM_CONF, readFile));
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
function asFarAsKnown({ config, nodes }: VmFile): VmConfig {
	const refused = nodes.some(({ complaints }) => complaints.some(({ code }) => vmErrors[code].severity === "error"));
	return refused && config.complete ? { ...config, complete: false } : config;
}

function build(source: HostSource, vmFile: VmFile | undefined, readConfig: Reader): Host {
	const vm = vmFile === undefined ? NO_CONFIG : asFarAsKnown(vmFile);
	const configs = [...source.files]
		.filter(([path]) => isHostnamePath(path) && interfaceOfPath(path) !== undefined)
		.map(([path, { text }]) => readConfig(path, text, source.release))
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
		segmentOfSwitch: segmentsOfSwitches(segments),
		segmentOfNic: segmentsOfNics(segments),
		sysctl: known(SYSCTL_CONF, (text) => readSysctl(text, source.release)),
		rc: known(RC_CONF_LOCAL, readRcConf),
		mygate: known(MYGATE, readMygate),
		dhcpd: known(DHCPD_CONF, readDhcpd),
		resolvConf: known(RESOLV_CONF, readResolvConf),
		pf: source.pf,
		interfacesKnown: configs.some(({ family }) => !TUNNELS.has(family)),
	};
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
