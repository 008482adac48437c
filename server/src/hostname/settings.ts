/**
 * What a hostname file sets, one thing after the other, as ifconfig takes its words: to be held against what an interface has,
 * and against what another text of the file set.
 */
import { newestRelease } from "../releases/releases.ts";
import { type Span, span } from "../text/span.ts";
import type { Release } from "../text/vocabulary.ts";
import { type CheckedCommand, readCommands } from "./check.ts";
import { isInterfaceName } from "./names.ts";
import { readAsNetstart } from "./netstart.ts";
import { optionsIn, type SignedOption } from "./options.ts";
import { inetAton } from "./values.ts";

/** An address, or its loss by another word. */
export interface AddressSetting {
	readonly kind: "address";
	readonly family: "inet" | "inet6";
	readonly address: string;
	/** Undefined where the mask is that of the address's class, or cannot be read. */
	readonly bits: number | undefined;
	/** Whether it stands beside others: without, ifconfig takes the first IPv4 address away before. */
	readonly alias: boolean;
	readonly span: Span | undefined;
}

/** A word of ifconfig with its arguments. */
export interface WordSetting {
	readonly kind: "word";
	/** By its usual spelling. */
	readonly word: string;
	readonly args: readonly string[];
	/** The family that the command was for. */
	readonly family: "inet" | "inet6";
	readonly span: Span | undefined;
}

/** A peer of wg(4): its key, and the words that follow with their arguments. */
export interface PeerSetting {
	readonly kind: "peer";
	readonly key: string;
	readonly words: readonly (readonly [word: string, ...args: string[]])[];
	readonly span: Span | undefined;
}

/** A layer 2 rule of a port, in the words in which ifconfig shows it. */
export interface RuleSetting {
	readonly kind: "rule";
	readonly port: string;
	readonly text: string;
	readonly span: Span | undefined;
}

/** A command of the shell. */
export interface CommandSetting {
	readonly kind: "command";
	readonly text: string;
	readonly span: Span | undefined;
}

export type Setting = AddressSetting | WordSetting | PeerSetting | RuleSetting | CommandSetting;

/** A command that netstart makes, with what it sets. */
export interface SettingLine {
	/** Its lines in the file, each with its newline. */
	readonly source: string;
	/** Where they begin. */
	readonly start: number;
	readonly settings: readonly Setting[];
	/** Whether all of its words were understood: none is a variable's, and ifconfig refuses none. */
	readonly complete: boolean;
}

/** The commands of a hostname file with what they set. Names of hosts are known, as are all interfaces. */
export function settingsOf(interfaceName: string, text: string, release: Release = newestRelease): readonly SettingLine[] {
	if (!isInterfaceName(interfaceName)) return [];
	const read = readAsNetstart(interfaceName, text);
	const { checked } = readCommands(interfaceName, read, release);
	return checked.map((each, index) => {
		const lines = read.lines.filter(({ fate }) => (fate.kind === "command" || fate.kind === "destination") && fate.index === index);
		return {
			source: lines.map(({ span: at }) => `${text.slice(at.start, at.end)}\n`).join(""),
			start: lines[0]?.span.start ?? 0,
			settings: settingsIn(each),
			complete: each.complaints.every(({ beside }) => beside === true) && each.shell.commands.flat().every(({ open }) => !open),
		};
	});
}

/** All that a hostname file sets. */
export function allSettings(interfaceName: string, text: string, release?: Release): readonly Setting[] {
	return settingsOf(interfaceName, text, release).flatMap(({ settings }) => settings);
}

/** Words that say more of the address of their command. */
const ofAddress = new Set(
	"netmask prefixlen broadcast alias ipdst pltime vltime eui64 anycast -anycast tentative -tentative temporary -temporary".split(" "),
);

/** Words that say more of the peer before them. */
const ofPeer = /^-?wg(aip|endpoint|pka|psk|descr|description)$/;

function settingsIn({ command, understood }: CheckedCommand): readonly Setting[] {
	if (command.shell) return [{ kind: "command", text: command.text, span: command.line }];
	const words = optionsIn(understood).map(settable);
	const family = words.some(({ word }) => word === "inet6") ? "inet6" : "inet";
	const settings: Setting[] = [];
	let mask: string | undefined;
	let address: { readonly text: string; readonly span: Span | undefined } | undefined;
	for (const { word, args, at } of words) {
		if (word === "netmask" || word === "prefixlen") mask = args[0];
		if (word === "address") address ??= { text: args[0] ?? "", span: at };
		if (/^(address|inet6?|delete|-alias)$/.test(word) || ofAddress.has(word)) continue;
		const last = settings.at(-1);
		if (ofPeer.test(word) && last?.kind === "peer") {
			settings[settings.length - 1] = { ...last, words: [...last.words, [word, ...args]], span: joinedSpan(last.span, at) };
		} else if (word === "wgpeer") settings.push({ kind: "peer", key: args[0] ?? "", words: [], span: at });
		else if (word === "rule") settings.push({ kind: "rule", port: args[args.indexOf("on") + 1] ?? "", text: ruleText(args), span: at });
		else settings.push({ kind: "word", word, args, family, span: at });
	}
	// Of one that goes, or whose host part the interface makes, nothing is to be there in these words.
	const taken = words.some(({ word }) => word === "delete" || word === "-alias" || word === "eui64");
	if (address !== undefined && !taken) {
		const alias = words.some(({ word }) => word === "alias");
		settings.push(addressSetting(family, address.text, { mask, alias, span: address.span }));
	}
	return settings;
}

interface Settable {
	readonly word: string;
	readonly args: readonly string[];
	readonly at: Span | undefined;
}

function settable({ word, name, args }: SignedOption): Settable {
	return {
		word,
		args: args.map(({ text }) => text),
		at: args.reduce((at, argument) => joinedSpan(at, argument.span), name?.span ?? args[0]?.span),
	};
}

function joinedSpan(one: Span | undefined, other: Span | undefined): Span | undefined {
	if (one === undefined || other === undefined) return undefined;
	return span(Math.min(one.start, other.start), Math.max(one.end, other.end));
}

function addressSetting(
	family: "inet" | "inet6",
	text: string,
	{ mask, ...more }: { readonly mask: string | undefined } & Pick<AddressSetting, "alias" | "span">,
): AddressSetting {
	const [address = "", length] = text.split("/");
	return { kind: "address", family, address, bits: maskBits(family, length ?? mask), ...more };
}

/** The length of a mask, as it is written in hostname files; an IPv6 address without one has 64 bits. */
export function maskBits(family: "inet" | "inet6", text: string | undefined): number | undefined {
	if (text === undefined) return family === "inet" ? undefined : 64;
	if (/^\d{1,3}$/.test(text)) return Number(text) <= (family === "inet" ? 32 : 128) ? Number(text) : undefined;
	const mask = inetAton(text);
	if (mask === undefined || family !== "inet") return undefined;
	const bits = Math.clz32(~mask);
	return bits === 32 || mask << bits === 0 ? bits : undefined;
}

/** A layer 2 rule as bridge_showrule() of ifconfig prints it: with its direction, and whole bytes in MAC addresses. */
export function ruleText(words: readonly string[]): string {
	const [action = "", direction = ""] = words;
	const rest = direction === "on" ? words.slice(1) : words.slice(2);
	const shown = rest.map((word) => (/^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/.test(word) ? wholeBytes(word) : word));
	return [action, direction === "on" ? "in/out" : direction, ...shown].join(" ");
}

function wholeBytes(lladdr: string): string {
	return lladdr
		.split(":")
		.map((byte) => byte.toLowerCase().padStart(2, "0"))
		.join(":");
}
