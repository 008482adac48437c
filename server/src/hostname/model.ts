/** What a hostname.if(5) file makes of its interface, as netstart(8) and ifconfig(8) read it. */
import { hasChange, newestRelease } from "../releases/releases.ts";
import type { Place, Placed } from "../text/place.ts";
import { type Span, span } from "../text/span.ts";
import type { Release } from "../text/vocabulary.ts";
import { type CheckedCommand, readCommands } from "./check.ts";
import { driverOf, interfaceOfPath } from "./names.ts";
import { readAsNetstart, sourceOf } from "./netstart.ts";
import { optionsIn, type SignedOption } from "./options.ts";
import { maskBits } from "./settings.ts";
import type { ShellWord } from "./shell.ts";
import type { VebState } from "./veb.ts";
import { wordOf } from "./vocabulary.ts";

export interface HostnameAddress extends Place {
	readonly family: "inet" | "inet6";
	/** As written, without its prefix length. */
	readonly text: string;
	/** Length of the network; undefined where the mask cannot be read. */
	readonly bits?: number;
	readonly alias: boolean;
}

export interface HostnameModel {
	readonly path: string;
	/** The name of the interface, such as `veb0`. */
	readonly name: string;
	/** The driver's name. */
	readonly family: string;
	readonly addresses: readonly HostnameAddress[];
	/** The words that ask for an address from outside (`inet autoconf`, `dhcp`). */
	readonly autoconf: { readonly inet?: Place; readonly inet6?: Place };
	/** Members of a bridge or ports of a veb (`add`), and ports that get a copy of all frames (`addspan`). */
	readonly members: readonly Placed<string>[];
	readonly spans: readonly Placed<string>[];
	readonly trunkports: readonly Placed<string>[];
	/** The interface below: of `parent`, `carpdev`, `pppoedev` or `syncdev`. */
	readonly parent?: Placed<string>;
	/** The one host that carp(4) or pfsync(4) speaks to, instead of all. */
	readonly peer?: Placed<string>;
	readonly carp: CarpSettings;
	readonly vnetid?: Placed<string>;
	readonly patch?: Placed<string>;
	readonly groups: readonly Placed<string>[];
	readonly rdomain?: Placed<number>;
	/** The routing domain of a tunnel's own packets. */
	readonly tunnelDomain?: Placed<number>;
	/** In lower case. */
	readonly lladdr?: Placed<string>;
	readonly description?: Place;
	readonly up?: Place;
	readonly down?: Place;
	/** The link flags that are set: `link0`, `link1`, `link2`. */
	readonly links: ReadonlyMap<string, Place>;
	/** What a bridge or veb is told of a port's MAC address: `static PORT MAC`, `rule ... on PORT src MAC arp spa IP`. */
	readonly bindings: readonly PortBinding[];
	/** The VLANs of a veb; undefined where the release's know none. */
	readonly veb?: VebState;
	/** The last word that puts a port into VLANs (`untagged`, `tagged`), by the port. */
	readonly vlanWords: ReadonlyMap<string, Place>;
	/** Domains of ports whose frames do not get to each other (`protected`), by the port. */
	readonly domains: ReadonlyMap<string, ReadonlySet<number>>;
	/** What only the shell knows: commands after `!`, and those of netstart's with a variable or a command in them. */
	readonly commands: readonly Placed<string>[];
	/** Keys and passwords, with their words. */
	readonly secrets: readonly Placed<string>[];
}

/** What carp(4) has to have in common with that of other hosts, and what decides which of them leads. */
export interface CarpSettings {
	readonly vhid?: Placed<number>;
	/** Several groups in the place of one. */
	readonly carpnodes?: Place;
	/** The password itself: to be compared, and shown to nobody. */
	readonly pass?: Placed<string>;
	/** Seconds, and 256ths of one, between advertisements. */
	readonly advbase?: Placed<number>;
	readonly advskew?: Placed<number>;
}

export interface PortBinding {
	readonly word: "static" | "rule";
	readonly port: Placed<string>;
	/** In lower case, without the VLAN that may stand behind it. */
	readonly ethernet?: Placed<string>;
	/** That VLAN; without, it is the untagged one of the port. */
	readonly vlan?: number;
	/** The IPv4 address that ARP may speak for. */
	readonly address?: Placed<string>;
	/** What else a rule says. */
	readonly rule?: {
		readonly action: string;
		/** `in/out` where none is written. */
		readonly direction: string;
		/** Whether it is about some of the frames alone: ARP, or those to an address. */
		readonly partial: boolean;
		readonly tag?: string;
	};
}

type Draft = { -readonly [K in keyof HostnameModel]: HostnameModel[K] } & {
	addresses: HostnameAddress[];
	autoconf: { inet?: Place; inet6?: Place };
	members: Placed<string>[];
	spans: Placed<string>[];
	trunkports: Placed<string>[];
	groups: Placed<string>[];
	links: Map<string, Place>;
	bindings: PortBinding[];
	vlanWords: Map<string, Place>;
	domains: Map<string, ReadonlySet<number>>;
	commands: Placed<string>[];
	secrets: Placed<string>[];
};

/**
 * Reads a hostname file. What follows a word that ifconfig refuses counts as well: it is meant, and the refusal is shown.
 *
 * @param path the file's path on the host
 * @param release whose ifconfig reads it; where it isn't known the newest's, but for what the file itself shows to be older
 */
export function readHostname(path: string, text: string, release?: Release): HostnameModel {
	const name = interfaceOfPath(path) ?? "";
	const model: Draft = {
		path,
		name,
		family: driverOf(name),
		addresses: [],
		autoconf: {},
		carp: {},
		members: [],
		spans: [],
		trunkports: [],
		groups: [],
		links: new Map(),
		bindings: [],
		vlanWords: new Map(),
		domains: new Map(),
		commands: [],
		secrets: [],
	};
	// The last line counts without its newline as well, as in diagnostics.
	const read = readAsNetstart(name, text.endsWith("\n") ? text : `${text}\n`);
	const { checked, veb } = readCommands(name, read, release ?? newestRelease);
	for (const one of checked) take(model, one, text);
	// link0 lets tags through before 7.9 alone: a file that has it, and no word of VLANs, was written for such a release.
	const isOlder = release === undefined && model.links.has("link0") && model.vlanWords.size === 0 && model.vnetid === undefined;
	if (model.family === "veb" && !isOlder && hasChange(release ?? newestRelease, "hostname/vlans-of-veb")) model.veb = veb;
	return model;
}

function take(model: Draft, checked: CheckedCommand, source: string): void {
	const { command, shell, understood, unreached } = checked;
	const known = shell.commands.every((words, index) => words.every(({ open }) => !open) && (index === 0 || isOwn(words, model)));
	if (command.shell || !known) model.commands.push({ file: model.path, span: sourceOf(command), value: command.text });
	if (command.shell) return;
	const options = optionsIn([...understood, ...unreached]);
	for (const option of options) takeOption(model, option, options);
	takeAddress(model, checked, options, source);
}

function isOwn([program, target]: readonly ShellWord[], { name }: Draft): boolean {
	return program?.text === "ifconfig" && target?.text === name;
}

function takeAddress(model: Draft, { shell, command }: CheckedCommand, options: readonly SignedOption[], source: string): void {
	const has = (...words: readonly string[]): boolean => options.some(({ word }) => words.includes(word));
	const family = has("inet6") ? "inet6" : "inet";
	const [word = unknownAddress(shell.commands[0] ?? [])] = options.find((one) => one.word === "address")?.args ?? [];
	// A bare word may be an option that is not known, or is still being written.
	if (word === undefined || has("delete") || (!has("inet", "inet6") && !/^[0-9.]+(\/|$)/.test(word.text))) return;
	const at = word.span ?? sourceOf(command);
	const [text = "", length] = word.open ? [source.slice(at.start, at.end)] : word.text.split("/");
	const mask = options.find((one) => one.word === "netmask" || one.word === "prefixlen")?.args[0]?.text;
	const bits = maskBits(family, length ?? mask);
	model.addresses.push({
		file: model.path,
		span: span(at.start, at.end - (length === undefined ? 0 : length.length + 1)),
		family,
		text,
		alias: has("alias"),
		...(bits === undefined ? {} : { bits }),
	});
}

/** The word in the place of the address that only the shell knows: `ifconfig IF inet [alias] WORD`. */
function unknownAddress([, , family, ...rest]: readonly ShellWord[]): ShellWord | undefined {
	const word = rest[0]?.text === "alias" ? rest[1] : rest[0];
	return (family?.text === "inet" || family?.text === "inet6") && word?.open === true ? word : undefined;
}

function takeOption(model: Draft, { word, name, args }: SignedOption, options: readonly SignedOption[]): void {
	const { path: file } = model;
	if (name === undefined) return;
	takeSecrets(model, name, args);
	const place: Place = { file, span: name.span ?? span(0, 0) };
	const [argument] = args.filter(({ open }) => !open);
	const named: Placed<string> | undefined = argument && { file, span: argument.span ?? place.span, value: argument.text };
	switch (word) {
		case "up":
		case "down":
		case "description":
			model[word] = place;
			return;
		case "link0":
		case "link1":
		case "link2":
			model.links.set(word, place);
			return;
		case "-link0":
		case "-link1":
		case "-link2":
			model.links.delete(word.slice(1));
			return;
		case "autoconf":
			model.autoconf[options.some((one) => one.word === "inet6") ? "inet6" : "inet"] = place;
			return;
		case "untagged":
		case "-untagged":
		case "tagged":
		case "-tagged":
			if (named !== undefined) model.vlanWords.set(named.value, place);
			return;
		case "protected":
			if (named !== undefined) model.domains.set(named.value, new Set((args[1]?.text ?? "").split(",").map(Number)));
			return;
		case "-protected":
			if (named !== undefined) model.domains.delete(named.value);
			return;
		case "static":
			if (named !== undefined) model.bindings.push({ word: "static", port: named, ...ethernetAt(file, args[1]) });
			return;
		case "rule":
			takeRule(model, args);
			return;
	}
	if (named !== undefined) takeNamed(model, word, named);
}

function takeNamed(model: Draft, word: string, named: Placed<string>): void {
	switch (word) {
		case "add":
			model.members.push(named);
			break;
		case "addspan":
			model.spans.push(named);
			break;
		case "trunkport":
			model.trunkports.push(named);
			break;
		case "parent":
		case "carpdev":
		case "pppoedev":
		case "syncdev":
		case "syncif":
			model.parent = named;
			break;
		case "carppeer":
		case "syncpeer":
			model.peer = named;
			break;
		case "vhid":
		case "advbase":
		case "advskew":
			model.carp = { ...model.carp, [word]: { ...named, value: Number(named.value) } };
			break;
		case "pass":
		case "carpnodes":
			model.carp = { ...model.carp, [word]: named };
			break;
		case "vnetid":
			model.vnetid = named;
			break;
		case "patch":
			model.patch = named;
			break;
		case "group":
			model.groups.push(named);
			break;
		case "lladdr":
			model.lladdr = { ...named, value: named.value.toLowerCase() };
			break;
		case "rdomain":
			model.rdomain = { ...named, value: Number(named.value) };
			break;
		case "tunneldomain":
			model.tunnelDomain = { ...named, value: Number(named.value) };
			break;
	}
}

function ethernetAt(file: string, word: ShellWord | undefined): Pick<PortBinding, "ethernet" | "vlan"> {
	const at = word?.span;
	if (word === undefined || at === undefined) return {};
	const [value = "", vlan] = word.text.toLowerCase().split("@");
	return { ethernet: { file, span: at, value }, ...(vlan === undefined ? {} : { vlan: Number(vlan) }) };
}

/** `rule block|pass [in|out] on PORT [src MAC] [arp ... spa IP]`: the rest of the line (brconfig.c, bridge_rule). */
function takeRule({ path: file, bindings }: Draft, words: readonly ShellWord[]): void {
	const after = (name: string): ShellWord | undefined => words[words.findIndex(({ text }) => text === name) + 1 || words.length];
	const placed = (word: ShellWord | undefined): Placed<string> | undefined => word?.span && { file, span: word.span, value: word.text };
	const port = placed(after("on"));
	if (port === undefined) return;
	const address = placed(after("spa"));
	const tag = after("tag")?.text;
	const [action = "", direction = "on"] = words.map(({ text }) => text);
	const partial = words.some(({ text }) => text === "dst" || text === "arp" || text === "rarp");
	bindings.push({
		word: "rule",
		port,
		...ethernetAt(file, after("src")),
		...(address === undefined ? {} : { address }),
		rule: { action, direction: direction === "on" ? "in/out" : direction, partial, ...(tag === undefined ? {} : { tag }) },
	});
}

/** Takes what nobody else may read, from the first to the last of a word's arguments. */
function takeSecrets({ path: file, secrets }: Draft, { text }: ShellWord, args: readonly ShellWord[]): void {
	const spans = args.flatMap(({ span: at }, index): readonly Span[] =>
		at !== undefined && wordOf(text)?.args[index]?.secret === true ? [at] : [],
	);
	const [first] = spans;
	const last = spans.at(-1);
	if (first !== undefined && last !== undefined) secrets.push({ file, span: span(first.start, last.end), value: text });
}
