/** What a hostname.if(5) file configures, as far as the model of the host needs it. */

import { maskBits } from "../hostname/settings.ts";
import { wordOf } from "../hostname/vocabulary.ts";
import { parseIp } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";
import type { Place, Placed } from "../text/place.ts";
import { span } from "../text/span.ts";
import { type Line, significantWords } from "./lines.ts";

export interface ConfiguredAddress extends Place {
	readonly family: "inet" | "inet6";
	/** As written, without its prefix length. */
	readonly text: string;
	/** Undefined where it is a name that is resolved on the host. */
	readonly ip?: Ip;
	/** Length of the network; undefined where the mask cannot be read. */
	readonly bits?: number;
	readonly alias: boolean;
}

export interface InterfaceConfig {
	readonly path: string;
	/** The name of the interface, such as `veb0`. */
	readonly name: string;
	readonly family: string;
	readonly addresses: readonly ConfiguredAddress[];
	/** The words that ask for an address from outside (`inet autoconf`, `dhcp`). */
	readonly autoconf: { readonly inet?: Place; readonly inet6?: Place };
	/** Members of a bridge or ports of a veb (`add`), and ports that get a copy of all frames (`addspan`). */
	readonly members: readonly Placed<string>[];
	readonly spans: readonly Placed<string>[];
	readonly trunkports: readonly Placed<string>[];
	readonly parent?: Placed<string>;
	readonly vnetid?: Placed<string>;
	readonly patch?: Placed<string>;
	readonly groups: readonly Placed<string>[];
	readonly rdomain?: Placed<number>;
	readonly lladdr?: Placed<string>;
	readonly description?: Place;
	readonly up?: Place;
	readonly down?: Place;
	/** The link flags that are set: `link0`, `link1`, `link2`. */
	readonly links: ReadonlyMap<string, Place>;
	/** What a bridge or veb is told of a port's MAC address: `static PORT MAC`, `rule ... on PORT src MAC arp spa IP`. */
	readonly bindings: readonly PortBinding[];
	/** Commands after `!`. */
	readonly commands: readonly Placed<string>[];
	/** Keys and passwords, with their words. */
	readonly secrets: readonly Placed<string>[];
}

export interface PortBinding {
	readonly word: "static" | "rule";
	readonly port: Placed<string>;
	/** In lower case. */
	readonly ethernet?: Placed<string>;
	/** The IPv4 address that ARP may speak for. */
	readonly address?: Placed<string>;
}

type Filled<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Filled<InterfaceConfig> & {
	addresses: ConfiguredAddress[];
	autoconf: { inet?: Place; inet6?: Place };
	members: Placed<string>[];
	spans: Placed<string>[];
	trunkports: Placed<string>[];
	groups: Placed<string>[];
	links: Map<string, Place>;
	bindings: PortBinding[];
	commands: Placed<string>[];
	secrets: Placed<string>[];
};

/** How many words follow a word of ifconfig(8). */
function argumentsOf(word: string): number {
	return wordOf(word)?.args.filter(({ optional }) => optional !== true).length ?? 0;
}

/** The name of the interface that a path is the hostname file of, as netstart(8) takes it: letters and then digits. */
export function interfaceOfPath(path: string): string | undefined {
	return /(?:^|\/)hostname\.([A-Za-z]+[0-9]+)$/.exec(path)?.[1];
}

/** The path of an interface's hostname file on its host. */
export function hostnamePath(name: string): string {
	return `/etc/hostname.${name}`;
}

/** The letters of an interface's name. */
export function familyOf(name: string): string {
	return name.replace(/[0-9]+$/, "");
}

/** Whether a name is that of a tap, which vmd plugs a guest in by. */
export function isTap(name: string): boolean {
	return /^tap\d+$/.test(name);
}

/** Reads a hostname file. `path` is its path on the host. */
export function readInterface(path: string, text: string): InterfaceConfig {
	const name = interfaceOfPath(path) ?? "";
	const config: Draft = {
		path,
		name,
		family: familyOf(name),
		addresses: [],
		autoconf: {},
		members: [],
		spans: [],
		trunkports: [],
		groups: [],
		links: new Map(),
		bindings: [],
		commands: [],
		secrets: [],
	};
	for (const words of significantWords(text)) {
		const [first] = words;
		if (first === undefined) continue;
		if (first.text.startsWith("!")) {
			const last = words.at(-1) ?? first;
			const place = span(first.span.start, last.span.end);
			config.commands.push({ file: path, span: place, value: text.slice(place.start + 1, place.end) });
		} else if (first.text === "dhcp") config.autoconf.inet = { file: path, span: first.span };
		else if (first.text === "inet" || first.text === "inet6") addressLine(config, first.text, words.slice(1));
		else if (first.text !== "dest") optionLine(config, words);
	}
	return config;
}

/** `inet [alias] ADDRESS [MASK [BROADCAST [options]]]`: netstart takes the columns by their place (parse_hn_line). */
function addressLine(config: Draft, family: "inet" | "inet6", words: readonly Line[]): void {
	const alias = words[0]?.text === "alias";
	const [address, mask, third, ...rest] = alias ? words.slice(1) : words;
	if (address === undefined) return;
	if (address.text === "autoconf") {
		config.autoconf[family] = { file: config.path, span: address.span };
		optionLine(
			config,
			[mask, third, ...rest].filter((word) => word !== undefined),
		);
		return;
	}
	const [host = "", length] = address.text.split("/");
	const parsed = parseIp(host);
	const bits = maskBits(family, length ?? mask?.text);
	config.addresses.push({
		file: config.path,
		span: span(address.span.start, address.span.end - (length === undefined ? 0 : length.length + 1)),
		family,
		text: host,
		alias,
		...(parsed === undefined || parsed.family !== family ? {} : { ip: parsed.address }),
		...(bits === undefined ? {} : { bits }),
	});
	optionLine(config, family === "inet" ? rest : [third, ...rest].filter((word) => word !== undefined));
}

function optionLine(config: Draft, words: readonly Line[]): void {
	const { path } = config;
	for (let i = 0; i < words.length; i++) {
		const word = words[i];
		if (word === undefined) return;
		const place: Place = { file: path, span: word.span };
		const argument = words[i + 1];
		const named = argument === undefined ? undefined : { file: path, span: argument.span, value: argument.text };
		switch (word.text) {
			case "rule":
				layer2Rule(config, words.slice(i + 1));
				return;
			case "static":
				if (named !== undefined) config.bindings.push({ word: "static", port: named, ...ethernetAt(path, words[i + 2]) });
				i += 2;
				break;
			case "up":
			case "down":
				config[word.text] = place;
				break;
			case "link0":
			case "link1":
			case "link2":
				config.links.set(word.text, place);
				break;
			case "-link0":
			case "-link1":
			case "-link2":
				config.links.delete(word.text.slice(1));
				break;
			case "description":
			case "descr":
				config.description = place;
				i++;
				break;
			default:
				if (named === undefined) break;
				takeSecrets(config, word.text, words.slice(i + 1));
				if (takeNamed(config, word.text, named)) i++;
				else i += argumentsOf(word.text);
		}
	}
}

function ethernetAt(file: string, word: Line | undefined): Pick<PortBinding, "ethernet"> {
	return word === undefined ? {} : { ethernet: { file, span: word.span, value: word.text.toLowerCase() } };
}

/** `rule block|pass [in|out] on PORT [src MAC] [arp ... spa IP]`: the rest of the line (brconfig.c, bridge_rule). */
function layer2Rule(config: Draft, words: readonly Line[]): void {
	const after = (word: string): Line | undefined => words[words.findIndex(({ text }) => text === word) + 1 || words.length];
	const port = after("on");
	if (port === undefined) return;
	const address = after("spa");
	config.bindings.push({
		word: "rule",
		port: { file: config.path, span: port.span, value: port.text },
		...ethernetAt(config.path, after("src")),
		...(address === undefined ? {} : { address: { file: config.path, span: address.span, value: address.text } }),
	});
}

/** Takes what nobody else may read, from the first to the last of a word's arguments. */
function takeSecrets(config: Draft, word: string, given: readonly Line[]): void {
	const secrets = given.filter((_, index) => wordOf(word)?.args[index]?.secret === true);
	const [first] = secrets;
	const last = secrets.at(-1);
	if (first === undefined || last === undefined) return;
	config.secrets.push({ file: config.path, span: span(first.span.start, last.span.end), value: word });
}

/** Takes a word with one argument; false where it is none that matters here. */
function takeNamed(config: Draft, word: string, named: Placed<string>): boolean {
	switch (word) {
		case "add":
			config.members.push(named);
			return true;
		case "addspan":
			config.spans.push(named);
			return true;
		case "trunkport":
			config.trunkports.push(named);
			return true;
		case "parent":
		case "vlandev":
		case "carpdev":
		case "pppoedev":
			config.parent = named;
			return true;
		case "vnetid":
		case "vlan":
			config.vnetid = named;
			return true;
		case "patch":
			config.patch = named;
			return true;
		case "group":
			config.groups.push(named);
			return true;
		case "lladdr":
			config.lladdr = { ...named, value: named.value.toLowerCase() };
			return true;
		case "rdomain":
			config.rdomain = { ...named, value: Number(named.value) };
			return true;
		default:
			return false;
	}
}
