/** textDocument/hover: what a word means, and what the name under the cursor stands for on this host. */

import { type Hover, MarkupKind } from "vscode-languageserver-types";
import type { Host } from "../host/model.ts";
import { tellsVlansApart, vlanRanges } from "../host/veb-vlans.ts";
import { driverOf, isTap } from "../hostname/names.ts";
import { ICMP_TYPES, ICMP6_TYPES } from "../pf/names/icmp.ts";
import { openbsdProtocols } from "../pf/names/protocols.ts";
import { openbsdServices, parseServices } from "../pf/names/services.ts";
import { languageOf, languages, nameKinds } from "../project/languages.ts";
import type { SourceFile } from "../project/source-file.ts";
import { SERVICES_FILE } from "../text/host-paths.ts";
import type { OutlineNode, SymbolUse, SyntaxToken } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import { contains, type Span, span } from "../text/span.ts";
import { memorySize } from "../vm/check.ts";
import { diskCommands } from "../vm/disks.ts";
import { addressRange, prefixOfMask } from "./addresses.ts";
import { anchorBodies, anchorPaths } from "./anchors.ts";
import { code, entryMarkdown } from "./entry-text.ts";
import { inert, liveTapText } from "./live-text.ts";
import { localize, type Session, translated } from "./session.ts";
import { definitionsOf, symbolAt, tokenAt } from "./symbols.ts";

/** Longer texts of files and lists of rules are cut. */
const MAX_LINES = 20;
const MAX_LENGTH = 1000;

export function hover(session: Session, file: SourceFile, offset: number): Hover | null {
	const token = tokenUnder(session, file, offset);
	if (token === undefined) return null;
	const parts = [...wordParts(session, file, token), ...symbolParts(session, file, token), ...valueParts(session, file, token)];
	parts.push(...expandedParts(session, file, token));
	if (parts.length === 0) return null;
	return { contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n") }, range: file.lines.range(token.span) };
}

/** The token at an offset; in the value of a macro, the word there where it is one of the host's interfaces or an address. */
function tokenUnder(session: Session, file: SourceFile, offset: number): SyntaxToken | undefined {
	const token = symbolAt(session.files, file, offset) ?? tokenAt(file, offset);
	if (token?.kind !== "string" || token.symbol !== undefined || token.entry !== undefined) return token;
	const { start, end } = token.span;
	const from = offset - (/[\w.:/]*$/.exec(file.text.slice(start, offset))?.[0].length ?? 0);
	const word = /^[\w.:/]*/.exec(file.text.slice(from, end))?.[0] ?? "";
	if (!/[.:]/.test(word) || addressRange(word) === undefined) return token;
	return { span: span(from, from + word.length), kind: "address", value: "address" };
}

function wordParts(session: Session, file: SourceFile, { entry }: SyntaxToken): readonly string[] {
	return entry === undefined ? [] : [entryMarkdown(session, file.parsed.language, entry, file.parsed.context.release)];
}

function symbolParts(session: Session, file: SourceFile, { symbol, span: at }: SyntaxToken): readonly string[] {
	const title = symbol && nameKinds[symbol.kind].title;
	if (symbol === undefined || title === undefined) return [];
	const { kind, name } = symbol;
	const parts = [`**${localize(session, title(name))}**`];
	const facts = file.parsed.symbolFacts?.(kind, name, at.start);
	const id = file.parsed.language;
	if (facts?.value !== undefined) parts.push(code(id, cut(facts.value)));
	if (facts?.expansion !== undefined && facts.expansion !== facts.value) {
		parts.push(localize(session, msg("Expands to:")), code(id, cut(facts.expansion)));
	}
	if (facts?.notes !== undefined && facts.notes.length > 0) {
		parts.push(facts.notes.map((note) => (typeof note === "string" ? `\`${note}\`` : localize(session, note))).join(", "));
	}
	const value = facts?.expansion ?? facts?.value;
	if (kind === "macro" && value !== undefined) parts.push(...meaningParts(session, file, value));
	if (kind === "interface") parts.push(...interfaceParts(session, file, name), ...liveParts(session, file, name));
	else if (kind === "anchor") parts.push(...anchorParts(session, file, name));
	else if (kind === "interface-group") parts.push(...groupParts(session, file, name), ...definitionParts(session, file, symbol));
	else if (kind === "file") {
		const text = session.files.hostText(file, name);
		if (text === undefined) parts.push(localize(session, msg("Not among the files of this host that are open or in this folder.")));
	} else if (facts === undefined) parts.push(...definitionParts(session, file, symbol));
	return parts;
}

/** The interfaces and guests of a group, by the files of the host. */
function groupParts(session: Session, file: SourceFile, name: string): readonly string[] {
	const { configs, vm } = session.files.hostModel(file);
	const known = file.parsed.context.host?.interfaces ?? [];
	const interfaces = [
		...configs.filter((one) => driverOf(one.name) === name || one.groups.some(({ value }) => value === name)).map((one) => one.name),
		...known.filter(({ groups }) => groups.includes(name)).map((one) => one.name),
	];
	const guests = vm.guests.filter(({ interfaces: nics }) =>
		nics.some(({ group, switch: plugged }) => {
			// A guest's interface is in its own group and in that of its switch (vmd/priv.c, vm_priv_ifconfig()).
			const common = vm.switches.find((one) => one.name.value === plugged?.value)?.group;
			return group?.value === name || common?.value === name || name === "tap";
		}),
	);
	const lines = [
		...(name === "egress" ? [localize(session, msg("The interfaces of the default routes."))] : []),
		...listed(session, msg("Interfaces"), interfaces),
		...listed(
			session,
			msg("Guests"),
			guests.map((guest) => guest.name.value),
		),
	];
	return lines.length === 0 ? [] : [lines.join("\n")];
}

/** A line of a list: its title and names, nothing without names. */
function listed(session: Session, title: Message, names: readonly string[]): readonly string[] {
	const shown = [...new Set(names)].slice(0, MAX_LINES).map((one) => `\`${one}\``);
	return shown.length === 0 ? [] : [`- ${localize(session, title)}: ${shown.join(", ")}`];
}

/** What a macro of one word stands for. */
function meaningParts(session: Session, file: SourceFile, value: string): readonly string[] {
	if (!/^[\w.:/]+$/.test(value)) return [];
	if (/^[A-Za-z]+[0-9]+$/.test(value)) return session.files.hostModel(file).links.has(value) ? interfaceParts(session, file, value) : [];
	return /[.:]/.test(value) ? addressParts(session, file, value) : [];
}

/** Where the rules of an anchor are: the file that is loaded into it, or all that a star calls. */
function anchorParts(session: Session, file: SourceFile, name: string): readonly string[] {
	const paths = anchorPaths(session.files, file, name);
	const bodies = paths.flatMap((path) => anchorBodies(session.files, file, path));
	const [only] = bodies;
	if (bodies.length > 1 || paths.some((path) => path.endsWith("*"))) {
		const lines = bodies.slice(0, MAX_LINES).map(({ place, file: own }) => `- \`${place.path}\`: \`${own.path}\``);
		return lines.length === 0 ? [] : [localize(session, msg("Anchors:")), lines.join("\n")];
	}
	if (only === undefined || !only.loaded) return [];
	return [localize(session, msg("In {0}:", `\`${only.file.path}\``)), code(only.file.parsed.language, cut(only.file.text.trimEnd()))];
}

/** The text that defines a name, where it is not the place of the cursor itself. */
function definitionParts(session: Session, file: SourceFile, { kind, name, use }: SymbolUse): readonly string[] {
	const [first] = use === "refer" ? definitionsOf(session.files, file, kind, name) : [];
	if (first === undefined) return [];
	const from = first.file;
	const statement = from.parsed.statements(first.span).find((one) => contains(one, first.span.start));
	if (statement === undefined) return [];
	const place = from === file ? [] : [localize(session, msg("In {0}:", `\`${from.path}\``))];
	const outer = outlineNodeAt(from.parsed.outline(), first.span)?.span ?? statement;
	return [...place, code(from.parsed.language, cut(from.text.slice(outer.start, outer.end)))];
}

/** Whose a tap is on the running host. */
function liveParts(session: Session, file: SourceFile, name: string): readonly string[] {
	const live = session.files.live(file);
	if (live === undefined || !isTap(name)) return [];
	const { use, more } = liveTapText(session, live, name);
	return [`${inert(use)}  \n${inert(more)}`];
}

/** What the files of the host make of an interface: its family, addresses, members, switches and guests, and its own file. */
function interfaceParts(session: Session, file: SourceFile, name: string): readonly string[] {
	const host = session.files.hostModel(file);
	const known = file.parsed.context.host?.interfaces?.find((one) => one.name === name);
	const link = host.links.get(name);
	const segments = host.segments.filter((one) => one.link.name === name);
	const config = link?.config;
	const addresses = [
		...(config?.addresses ?? []).map(({ text, bits }) => (bits === undefined ? text : `${text}/${bits}`)),
		...(known?.addresses ?? []).map(({ address, prefixLength }) => (prefixLength === undefined ? address : `${address}/${prefixLength}`)),
	];
	const plugs = [...segments.flatMap((one) => one.plugs), ...(link?.pinnedBy ?? [])];
	const facts: readonly (readonly [title: Message, names: readonly string[]])[] = [
		[msg("Driver"), [driverOf(name)]],
		[msg("Addresses"), addresses],
		[msg("Groups"), [...(config?.groups ?? []).map(({ value }) => value), ...(known?.groups ?? [])]],
		[msg("Members"), (config?.members ?? []).map(({ value }) => value)],
		[msg("Member of"), (link?.memberOf ?? []).map(({ of }) => of.name)],
		[msg("VLANs"), vlansOf(host, name)],
		[msg("Parent"), config?.parent === undefined ? [] : [config.parent.value]],
		[msg("On top of it"), (link?.children ?? []).map((child) => child.name)],
		[msg("Switches"), (link?.switches ?? []).map((one) => one.name.value)],
		[msg("Guests"), plugs.map(({ guest }) => guest.name.value)],
	];
	const lines = facts.flatMap(([title, names]) => listed(session, title, names));
	const text = config === undefined ? undefined : session.files.hostText(file, config.path);
	if (isTap(name) && link?.pinnedBy.length !== 1 && host.vm.guests.length > 0 && plugs.length === 0)
		lines.push(localize(session, msg("No guest of vm.conf pins it: which one has it follows from the order in which guests start.")));
	if (config === undefined || text === undefined) return [lines.join("\n")];
	return [
		lines.join("\n"),
		localize(session, msg("Set up by {0}:", `\`${config.path}\``)),
		code(languageOf(config.path) ?? "", cut(text.trimEnd())),
	];
}

/** The VLANs of a veb with who is in each, or of a port of it, in the words of hostname files. */
function vlansOf({ segments, links }: Host, name: string): readonly string[] {
	const apart = segments.flatMap(({ link, vlan, ports, plugs }) => {
		const taps = plugs.map(({ guest, nic }) => nic.tap?.value ?? guest.name.value);
		return link.name === name && vlan !== undefined
			? [`${vlan}: ${[...new Set([...ports.map(({ value }) => value), ...taps])].join(" ")}`]
			: [];
	});
	const veb = links
		.get(name)
		?.memberOf.map(({ of }) => of.veb)
		.find((found) => found?.ports.has(name) === true);
	const port = veb !== undefined && tellsVlansApart(veb) ? veb.ports.get(name) : undefined;
	if (port === undefined) return apart;
	const untagged = port.untagged === "none" ? "-untagged" : `untagged ${port.untagged}`;
	return [...apart, untagged, ...(port.tagged.size === 0 ? [] : [`tagged ${vlanRanges(port.tagged)}`])];
}

/** The innermost node of an outline around a place. */
function outlineNodeAt(nodes: readonly OutlineNode[], at: Span): OutlineNode | undefined {
	const around = nodes.find((node) => contains(node.span, at.start) && node.span.end >= at.end);
	if (around === undefined) return undefined;
	const inner = outlineNodeAt(around.children, at);
	return around.kind === "section" ? inner : (inner ?? around);
}

function valueParts(session: Session, file: SourceFile, { kind, span: at, value, symbol }: SyntaxToken): readonly string[] {
	const text = file.text.slice(at.start, at.end).replace(/^["']|["']$/g, "");
	if (kind === "port" || value === "port" || symbol?.kind === "service") return portParts(session, file, text);
	if (value === "protocol") return protocolParts(session, text);
	if (value === "icmp-type" || value === "icmp6-type") return icmpParts(session, text, value === "icmp-type" ? ICMP_TYPES : ICMP6_TYPES);
	if (value === "size") return sizeParts(session, text);
	if (value === "path") return diskParts(session, file, at, text);
	if (value === "number") return vlanParts(session, file, at, text);
	if (kind === "address" || value === "address" || value === "network") return addressParts(session, file, wholeAddress(file, at, text));
	return [];
}

function portParts(session: Session, file: SourceFile, text: string): readonly string[] {
	const own = file.parsed.context.host?.services ?? session.files.hostText(file, SERVICES_FILE);
	const services = own === undefined ? openbsdServices() : parseServices(own);
	if (/^\d+$/.test(text)) {
		const port = Number(text);
		const names = [...new Set([services.name(port, "tcp"), services.name(port, "udp")])].filter((name) => name !== undefined);
		return names.length === 0 ? [] : [localize(session, msg("Port {0}: {1}", String(port), names.join(", ")))];
	}
	const port = services.port(text);
	return port === undefined ? [] : [localize(session, msg("Service `{0}`: port {1}", text, String(port)))];
}

/** An address with its mask, which are words of their own to pfctl. */
function wholeAddress({ text: all }: SourceFile, { start, end }: Span, text: string): string {
	const before = /[\w.:]+\/$/.exec(all.slice(Math.max(0, start - 64), start))?.[0] ?? "";
	const after = /^\/\d+/.exec(all.slice(end, end + 5))?.[0] ?? "";
	return before + text + after;
}

function icmpParts(session: Session, text: string, types: typeof ICMP_TYPES): readonly string[] {
	const found = types.find(({ name, type }) => name === text || String(type) === text);
	return found === undefined
		? []
		: [localize(session, msg("ICMP type {0}, `{1}`: {2}", String(found.type), found.name, translated(session, found.meaning)))];
}

function protocolParts(session: Session, text: string): readonly string[] {
	const protocols = openbsdProtocols();
	const number = /^\d+$/.test(text) ? Number(text) : protocols.number(text);
	const name = number === undefined ? undefined : protocols.name(number);
	return number === undefined || name === undefined ? [] : [localize(session, msg("Protocol `{0}`: number {1}", name, String(number)))];
}

/** A guest's memory as vmd takes it: whole megabytes (vm.conf(5), memory). */
function sizeParts(session: Session, text: string): readonly string[] {
	const size = memorySize(text);
	return "complaint" in size ? [] : [localize(session, msg("{0} megabytes", String(size.bytes / 1024 ** 2)))];
}

/** A guest's disk, and how it is made. */
function diskParts(session: Session, file: SourceFile, at: Span, text: string): readonly string[] {
	const disk = session.files
		.hostModel(file)
		.vm.guests.flatMap(({ disks }) => disks)
		.find((one) => one.file === file.path && one.span.start <= at.start && at.end <= one.span.end);
	if (disk === undefined || text === "") return [];
	const commands = diskCommands(disk.value, disk.format?.value).map((words) => words.join(" "));
	return [
		localize(session, msg("A disk image. This makes it on the host, as root; vmctl takes its options first:")),
		code("sh", commands.join("\n")),
	];
}

/** The number of a VLAN, with who else has it. */
function vlanParts(session: Session, file: SourceFile, at: Span, text: string): readonly string[] {
	const word = file.parsed.expected(at.start).argument?.entry.name;
	if (word !== "vnetid" && word !== "vlan") return [];
	const { configs } = session.files.hostModel(file);
	const own = configs.find(({ path }) => path === file.path);
	if (own === undefined || (own.family !== "vlan" && own.family !== "svlan")) return [];
	const parent = own.parent?.value;
	const others = configs.filter((one) => one !== own && one.vnetid?.value === text && one.family === own.family).map(({ name }) => name);
	return [
		parent === undefined ? localize(session, msg("VLAN {0}", text)) : localize(session, msg("VLAN {0} of {1}", text, parent)),
		...listed(session, msg("Also of"), others),
	];
}

function addressParts(session: Session, file: SourceFile, text: string): readonly string[] {
	const prefix = prefixOfMask(text);
	if (prefix !== undefined) return [localize(session, msg("Netmask of a /{0}: {1} addresses", String(prefix), String(2 ** (32 - prefix))))];
	const range = addressRange(text);
	if (range === undefined) return [];
	const { first, last, count, netmask, family, bits } = range;
	const parts: string[] = [];
	if (count > 1n) {
		const shown = count > 1n << 32n ? `2^${(family === "inet" ? 32 : 128) - bits}` : String(count);
		parts.push(localize(session, msg("`{0}` to `{1}`: {2} addresses", first, last, shown)));
		if (netmask !== undefined) parts.push(localize(session, msg("Netmask `{0}`", netmask)));
	}
	const owners = addressOwners(session, file, range);
	if (owners.length > 0) parts.push([localize(session, msg("On this host:")), ...owners].join("\n"));
	if (parts.length === 0) parts.push(localize(session, family === "inet" ? msg("One IPv4 address") : msg("One IPv6 address")));
	return parts;
}

/** The interfaces that have an address of a range, by the files of the host and by what is known of it. */
function addressOwners(session: Session, file: SourceFile, range: NonNullable<ReturnType<typeof addressRange>>): readonly string[] {
	const host = session.files.hostModel(file);
	const configured = host.configs.flatMap(({ name, addresses }) => addresses.map(({ text }) => ({ name, address: text })));
	const known = (file.parsed.context.host?.interfaces ?? []).flatMap(({ name, addresses }) =>
		addresses.map(({ address }) => ({ name, address })),
	);
	// What dhcpd(8) gives to a guest, by the guest's MAC address.
	const leased = (host.dhcpd.value?.hosts ?? []).flatMap(({ name, ethernet, addresses }) => {
		const mac = ethernet?.text.toLowerCase();
		const guest = host.vm.guests.find(({ interfaces }) =>
			interfaces.some(({ lladdr }) => lladdr?.value.toLowerCase() === mac && mac !== undefined),
		);
		return addresses.map(({ text }) => ({ name: guest?.name.value ?? name.text, address: text }));
	});
	const owners = [...configured, ...known, ...leased]
		.filter(({ address }) => range.has(address))
		.map(({ name, address }) => `- \`${name}\`: \`${address}\``);
	return [...new Set(owners)].slice(0, MAX_LINES);
}

/** The rules that pfctl makes of the statement that starts at the cursor, or the commands that netstart runs for it. */
function expandedParts(session: Session, file: SourceFile, { kind, span: at }: SyntaxToken): readonly string[] {
	const statement = file.parsed.statements(at).find(({ start }) => start === at.start);
	// A rule in the block of an anchor is a part of that statement.
	if (statement === undefined && kind !== "action") return [];
	const lines = (file.parsed.expanded?.(statement ?? at) ?? []).filter(
		({ source }) => statement !== undefined || source?.span.start === at.start,
	);
	if (lines.length === 0) return [];
	const texts = lines.map(({ text }) => (statement === undefined ? text.trim() : text));
	const runs = languages.get(file.parsed.language)?.expandsTo === "commands";
	const rules = new Set(lines.map(({ source }) => source?.span.start)).size > 1 ? 1 : texts.length;
	const title = runs ? msg("netstart runs:") : rules === 1 ? msg("Loaded as:") : msg("Loaded as {0} rules:", String(rules));
	return [localize(session, title), code(runs ? "sh" : file.parsed.language, cut(texts.join("\n")))];
}

function cut(text: string): string {
	const lines = text.split("\n");
	const short = lines.length <= MAX_LINES ? text : [...lines.slice(0, MAX_LINES), "…"].join("\n");
	if (short.length <= MAX_LENGTH) return short;
	return `${short.slice(0, Math.max(short.lastIndexOf(" ", MAX_LENGTH), MAX_LENGTH / 2))} …`;
}
