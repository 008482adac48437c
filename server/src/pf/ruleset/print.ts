/**
 * The expanded ruleset in pfctl's own spelling, byte for byte (pfctl_parser.c, pf_print_state.c, pfctl.c): what
 * `pfctl -o none -nvf FILE` prints.
 */

import { hasChange, newestRelease } from "../../releases/releases.ts";
import type { Release } from "../../text/vocabulary.ts";
import { KEYWORDS } from "../grammar/tokens.ts";
import { formatIp } from "../names/address.ts";
import { icmpCodeName, icmpTypeName } from "../names/icmp.ts";
import { IPPROTO, openbsdProtocols } from "../names/protocols.ts";
import type { System } from "../names/system.ts";
import {
	type AddressMatch,
	type Anchor,
	type Bandwidth,
	type BlockReturn,
	type Definition,
	type EndpointMatch,
	type Family,
	type Ip,
	isAny,
	type Limiter,
	type LimiterUse,
	type LogOption,
	NAT_PORTS,
	NO_STATE_OPTIONS,
	type NumberMatch,
	type Pool,
	type Queue,
	type Rule,
	type Ruleset,
	type Scrub,
	type ServiceCurve,
	type SetActions,
	type SetOption,
	type StateOptions,
	type Table,
	TCP_FLAGS,
	TIMEOUTS,
	UNKNOWN_ID,
} from "../rules.ts";

/** Of the machine: whose pfctl prints, and its names of protocols. */
export type Printing = Pick<System, "protocols" | "release">;

const NEWEST: Printing = { protocols: openbsdProtocols(), release: newestRelease };

/** The pfctl of a release, with OpenBSD's own names of protocols. */
export function printingOf(release: Release = newestRelease): Printing {
	return release === newestRelease ? NEWEST : { ...NEWEST, release };
}

/** A line of the output with what it came from; undefined for lines such as a closing brace. */
export interface OutputLine {
	readonly text: string;
	readonly origin: Pick<Rule, "statement" | "words"> | undefined;
}

/** The whole output: what is echoed while reading, then queues, then rules with their anchors' blocks. */
export function rulesetLines(ruleset: Ruleset, system: Printing = NEWEST): OutputLine[] {
	const lines: OutputLine[] = [];
	for (const definition of ruleset.definitions)
		lines.push({ text: printDefinition(definition), origin: definition.kind === "table" ? definition.table : undefined });
	for (const queue of ruleset.queues) lines.push({ text: printQueue(queue), origin: queue });
	anchorLines(ruleset.main, 0, system, new Set(), lines);
	return lines;
}

/** `rulesetLines` as one text, each line ended by a newline. */
export function printRuleset(ruleset: Ruleset, system: Printing = NEWEST): string {
	let text = "";
	for (const line of rulesetLines(ruleset, system)) text += `${line.text}\n`;
	return text;
}

/**
 * pfctl empties a ruleset as it prints it: a block that several expanded calls share is printed at the first of them only
 * (pfctl_load_ruleset() in pfctl.c).
 */
function anchorLines(anchor: Anchor, depth: number, system: Printing, printed: Set<Anchor>, lines: OutputLine[]): void {
	const indent = "  ".repeat(depth);
	printed.add(anchor);
	for (const rule of anchor.rules) {
		const block = rule.anchor?.block;
		const opens = block !== undefined && block.rules.length > 0 && !printed.has(block);
		lines.push({ text: indent + printRule(rule, system) + (opens ? " {" : ""), origin: rule });
		if (!opens) continue;
		anchorLines(block, depth + 1, system, printed, lines);
		lines.push({ text: `${indent}}`, origin: undefined });
	}
}

export function printDefinition(definition: Definition): string {
	switch (definition.kind) {
		case "macro":
			return `${definition.name} = "${definition.value}"`;
		case "option":
			return printOption(definition.option);
		case "table":
			return printTable(definition.table);
		case "limiter":
			return printLimiter(definition.limiter);
		case "note":
			return definition.text;
	}
}

export function printOption(option: SetOption): string {
	switch (option.kind) {
		case "block-policy":
		case "state-policy":
		case "optimization":
			return `set ${option.kind} ${option.value}`;
		case "debug":
			return `set debug ${option.level}`;
		case "fingerprints":
			return `set fingerprints "${option.path}"`;
		case "hostid":
			return `set hostid 0x${hex(option.value, 8)}`;
		case "limit":
			return `set limit ${option.name} ${option.value | 0}`;
		case "loginterface":
			return `set loginterface ${option.interface}`;
		case "reassemble":
			return `set reassemble ${option.on ? "yes" : "no"} ${option.noDf ? "no-df" : ""}`;
		case "skip":
			return option.interfaces.length === 0 ? "set skip on none" : `set skip on { ${option.interfaces.join(" ")} }`;
		case "syncookies":
			return `set syncookies ${option.mode}${option.marks ? ` (start ${option.marks.start}%, end ${option.marks.end}%)` : ""}`;
		case "timeout":
			return `set timeout ${option.name} ${option.seconds | 0}`;
	}
}

export function printTable(table: Table): string {
	let text = `table <${table.name}>`;
	if (table.constant) text += " const";
	if (table.persist) text += " persist";
	if (table.counters) text += " counters";
	let open = false;
	for (const source of table.sources) {
		if (source.kind === "file") {
			text += `${open ? " }" : ""} file "${source.path}"`;
			open = false;
			continue;
		}
		if (!open) text += " {";
		open = true;
		for (const item of source.items) {
			text += `${item.negated ? " !" : " "}${printAddress(item.match, item.family)}`;
			if (item.interface) text += `@${item.interface}`;
		}
	}
	if (open) text += " }";
	return table.initialised && table.sources.length === 0 ? `${text} { }` : text;
}

export function printLimiter({ kind, name, id, limit, rate, entries, inetMask, inet6Mask, table }: Limiter): string {
	let text = `${kind} limiter ${printName(name)} id ${id}`;
	if (kind === "source") text += ` entries ${entries}`;
	text += ` limit ${limit}`;
	if (rate) text += ` rate ${rate.limit}/${rate.seconds}`;
	if (kind === "source" && inetMask < 32) text += ` inet mask ${inetMask}`;
	if (kind === "source" && inet6Mask < 128) text += ` inet6 mask ${inet6Mask}`;
	if (table) text += ` table <${table.name}> above ${table.above}${table.below > 0 ? ` below ${table.below}` : ""}`;
	return text;
}

/** A name as pfctl reads it again: in quotes where it is not one plain word. */
function printName(name: string): string {
	return /^[A-Za-z_][A-Za-z0-9._-]*$/.test(name) && !KEYWORDS.has(name) ? name : `"${name}"`;
}

function printLimiterUse({ kind, name, action }: LimiterUse): string {
	return ` ${kind} limiter ${printName(name)}${action === "no-match" ? " (no-match)" : ""}`;
}

export function printQueue(queue: Queue): string {
	let text = `queue ${queue.name}`;
	if (queue.parent) text += ` parent ${queue.parent}`;
	else if (queue.interface) text += ` on ${queue.interface}`;
	if (queue.flow) {
		text += ` flows ${queue.flow.flows}`;
		if (queue.flow.quantum > 0) text += ` quantum ${queue.flow.quantum}`;
		if (queue.flow.interval > 0) text += ` interval ${queue.flow.interval}ms`;
		if (queue.flow.target > 0) text += ` target ${queue.flow.target}ms`;
	}
	if (queue.bandwidth.rate.absolute || queue.bandwidth.burst.absolute)
		text += printCurve(" bandwidth ", queue.bandwidth) + printCurve(", min ", queue.min) + printCurve(", max ", queue.max);
	if (queue.default) text += " default";
	if (queue.limit) text += ` qlimit ${queue.limit}`;
	return text;
}

function printCurve(prefix: string, curve: ServiceCurve): string {
	const rate = printBandwidth(prefix, curve.rate);
	return curve.time ? `${rate} burst ${printBandwidth("", curve.burst)} for ${curve.time}ms` : rate;
}

/** The unit of bits alone is a blank, and that of 1000G (print_bwspec() runs off its list) a NUL. */
function printBandwidth(prefix: string, bandwidth: Bandwidth): string {
	if (bandwidth.percent) return `${prefix}${bandwidth.percent}%`;
	if (!bandwidth.absolute) return "";
	let rate = BigInt(Math.trunc(bandwidth.absolute));
	let unit = 0;
	while (rate >= 1000n && unit <= 3 && rate % 1000n === 0n) {
		rate /= 1000n;
		unit++;
	}
	return `${prefix}${rate}${" KMG\0"[unit]}`;
}

/** An address as a rule shows it; `family` is the rule's, of the table's entry, or the one translated to. */
export function printAddress(address: AddressMatch, family: Family | undefined): string {
	switch (address.kind) {
		case "network":
			return isAny(address) ? "any" : printIp(address.address, family) + printBits(address.bits, family);
		case "range":
			return `${printIp(address.first, family)} - ${printIp(address.last, family)}`;
		case "table":
			return `<${address.name}>`;
		case "dynamic": {
			const part = address.part === "address" ? "" : `:${address.part}`;
			return `(${address.interface}${part}${address.noAlias ? ":0" : ""})${printBits(address.bits, family)}`;
		}
		case "unresolved":
			return address.name;
		case "no-route":
		case "urpf-failed":
			return address.kind;
		case "route-label":
			return `route "${address.label}"`;
	}
}

function printIp(ip: Ip, family: Family | undefined): string {
	return family === undefined ? "?" : formatIp(ip, family);
}

function printBits(bits: number, family: Family | undefined): string {
	return bits < (family === "inet" ? 32 : 128) ? `/${bits}` : "";
}

function hex(value: number, digits: number): string {
	return (value >>> 0).toString(16).padStart(digits, "0");
}

function printNumber(match: NumberMatch, low: string = String(match.low)): string {
	switch (match.op) {
		case ":":
			return ` ${low}:${match.high}`;
		case "><":
		case "<>":
			return ` ${low} ${match.op} ${match.high}`;
		default:
			return ` ${match.op} ${low}`;
	}
}

function printId(match: NumberMatch): string {
	const unknown = match.low === UNKNOWN_ID && (match.op === "=" || match.op === "!=");
	return printNumber(match, unknown ? "unknown" : undefined);
}

function printEnd(end: EndpointMatch, family: Family | undefined): string {
	const address = printAddress(end.address, family);
	const text = end.negated ? `! ${address}` : address;
	return end.port ? `${text} port${printNumber(end.port)}` : text;
}

function isBare(end: EndpointMatch): boolean {
	return !end.negated && end.port === undefined && isAny(end.address);
}

/** One rule, without the brace of an anchor's block and without a newline. */
export function printRule(rule: Rule, system: Printing = NEWEST): string {
	let text = rule.anchor ? printCall(rule.anchor.name) : rule.action;
	if (rule.action === "block") text += printReturn(rule.blockReturn, rule.family);
	if (rule.direction) text += ` ${rule.direction}`;
	if (rule.log) text += printLog(rule.log);
	if (rule.quick) text += " quick";
	const not = rule.interfaceNegated ? "! " : "";
	if (rule.interface) text += ` on ${not}${rule.interface}`;
	if (rule.rdomain >= 0) text += ` on ${not}rdomain ${rule.rdomain}`;
	if (rule.family) text += ` ${rule.family}`;
	if (rule.protocol) text += ` proto ${system.protocols.name(rule.protocol) ?? rule.protocol}`;
	if (!rule.os && isBare(rule.source) && isBare(rule.destination)) text += " all";
	else {
		text += ` from ${printEnd(rule.source, rule.family)}`;
		if (rule.os) text += ` os "${rule.os}"`;
		text += ` to ${printEnd(rule.destination, rule.family)}`;
	}
	if (rule.receivedOn) text += ` ${rule.receivedOnNegated ? "!" : ""}received-on ${rule.receivedOn}`;
	if (rule.user) text += ` user${printId(rule.user)}`;
	if (rule.group) text += ` group${printId(rule.group)}`;
	text += printFlags(rule);
	if (rule.icmpType >= 0) text += printIcmp(rule);
	if (rule.tos) text += ` tos 0x${hex(rule.tos, 2)}`;
	if (rule.prio >= 0) text += ` prio ${rule.prio}`;
	if (rule.maxPacketRate) text += ` max-pkt-rate ${rule.maxPacketRate.limit}/${rule.maxPacketRate.seconds}`;
	if (rule.set) text += printSet(rule.set);
	text += printState(rule);
	if (rule.fragment) text += " fragment";
	if (rule.scrub) text += printScrub(rule.scrub);
	if (rule.allowOptions) text += " allow-opts";
	if (rule.label) text += ` label "${rule.label}"`;
	if (rule.once) text += " once";
	if (rule.tag) text += ` tag ${rule.tag}`;
	if (rule.tagged) text += `${rule.taggedNegated ? " !" : ""} tagged ${rule.tagged}`;
	if (rule.rtable !== -1) text += ` rtable ${rule.rtable >>> 0}`;
	return text + printDivert(rule) + printTranslation(rule, system);
}

/** Blocks without a name have one that starts with `_`, which is not shown. */
function printCall(name: string): string {
	return name.charAt(name.lastIndexOf("/") + 1) === "_" ? "anchor" : `anchor "${name}"`;
}

function printReturn(answer: BlockReturn, family: Family | undefined): string {
	switch (answer.kind) {
		case "drop":
		case "return":
			return ` ${answer.kind}`;
		case "rst":
			return answer.ttl ? ` return-rst(ttl ${answer.ttl})` : " return-rst";
		case "icmp": {
			const four = icmpCodeName(answer.icmp >> 8, answer.icmp & 255, "inet") ?? answer.icmp & 255;
			const six = icmpCodeName(answer.icmp6 >> 8, answer.icmp6 & 255, "inet6") ?? answer.icmp6 & 255;
			if (family === "inet") return ` return-icmp(${four})`;
			return family === "inet6" ? ` return-icmp6(${six})` : ` return-icmp(${four}, ${six})`;
		}
	}
}

function printLog(log: LogOption): string {
	const words = [];
	if (log.all) words.push("all");
	if (log.matches) words.push("matches");
	if (log.user) words.push("user");
	if (log.interface) words.push(`to pflog${log.interface}`);
	return words.length === 0 ? " log" : ` log (${words.join(", ")})`;
}

function printFlags(rule: Rule): string {
	if (rule.flags || rule.flagSet) return flagWords(rule.flags, rule.flagSet);
	const any =
		rule.action !== "block" &&
		(rule.protocol === 0 || rule.protocol === IPPROTO.tcp) &&
		!rule.fragment &&
		rule.anchor === undefined &&
		rule.state !== "none";
	return any ? " flags any" : "";
}

const printedFlags = new Map<number, string>();

/** Nearly all rules of a ruleset have the same flags, so their text is made once. */
function flagWords(flags: number, flagSet: number): string {
	const both = (flags << TCP_FLAGS.length) | flagSet;
	let text = printedFlags.get(both);
	if (text === undefined) {
		text = ` flags ${flagLetters(flags)}/${flagLetters(flagSet)}`;
		printedFlags.set(both, text);
	}
	return text;
}

function flagLetters(bits: number): string {
	let text = "";
	for (let i = 0; i < TCP_FLAGS.length; i++) if (bits & (1 << i)) text += TCP_FLAGS[i];
	return text;
}

function printIcmp(rule: Rule): string {
	const type = icmpTypeName(rule.icmpType, rule.family) ?? rule.icmpType;
	const text = ` ${rule.family === "inet6" ? "icmp6-type" : "icmp-type"} ${type}`;
	if (rule.icmpCode < 0) return text;
	return `${text} code ${icmpCodeName(rule.icmpType, rule.icmpCode, rule.family) ?? rule.icmpCode}`;
}

function printSet(set: SetActions): string {
	const words = [];
	if (set.prio) words.push(set.prio[0] === set.prio[1] ? `prio ${set.prio[0]}` : `prio(${set.prio[0]}, ${set.prio[1]})`);
	if (set.queue) words.push(set.queue[1] ? `queue(${set.queue[0]}, ${set.queue[1]})` : `queue ${set.queue[0]}`);
	if (set.tos !== undefined) words.push(`tos 0x${hex(set.tos, 2)}`);
	if (set.delay !== undefined) words.push(`delay ${set.delay}`);
	return words.length === 0 ? "" : ` set (${words.join(", ")})`;
}

function printState(rule: Rule): string {
	const options = stateWords(rule.stateOptions);
	let text = "";
	if (rule.state === "none") {
		if (rule.action === "pass" && !rule.anchor) text = " no state";
	} else if (rule.state !== "keep" || options.length > 0) text = ` ${rule.state} state`;
	if (rule.probability) text += ` probability ${printProbability(rule.probability)}%`;
	if (options.length > 0) text += ` (${options.join(", ")})`;
	for (const use of rule.limiters) text += printLimiterUse(use);
	return text;
}

const NO_WORDS: readonly string[] = [];

function stateWords(options: StateOptions): readonly string[] {
	if (options === NO_STATE_OPTIONS) return NO_WORDS;
	const words: string[] = [];
	if (options.max) words.push(`max ${options.max}`);
	if (options.noSync) words.push("no-sync");
	if (options.sourceTrack) words.push(`source-track ${options.sourceTrack}`);
	if (options.maxSrcStates) words.push(`max-src-states ${options.maxSrcStates}`);
	if (options.maxSrcConn) words.push(`max-src-conn ${options.maxSrcConn}`);
	if (options.maxSrcConnRate) words.push(`max-src-conn-rate ${options.maxSrcConnRate.limit}/${options.maxSrcConnRate.seconds}`);
	if (options.maxSrcNodes) words.push(`max-src-nodes ${options.maxSrcNodes}`);
	if (options.overload) {
		const flush = { none: "", rule: " flush", global: " flush global" }[options.overload.flush];
		words.push(`overload <${options.overload.table}>${flush}`);
	}
	if (options.ifBound) words.push("if-bound");
	if (options.sloppy) words.push("sloppy");
	if (options.pflow) words.push("pflow");
	for (const name of TIMEOUTS) {
		const value = options.timeouts[name];
		if (value) words.push(`${name} ${value >>> 0}`);
	}
	return words;
}

/** Percent with up to six decimals, rounded as printf("%f") rounds: to the nearest, exact halves to even. */
function printProbability(probability: number): string {
	const scaled = BigInt(probability) * 100_000_000n;
	const whole = scaled >> 32n;
	const rest = scaled & 0xffffffffn;
	const half = 0x80000000n;
	const millionths = Number(rest > half || (rest === half && whole % 2n === 1n) ? whole + 1n : whole);
	const decimals = String(millionths % 1_000_000)
		.padStart(6, "0")
		.replace(/0+$/, "");
	return `${Math.floor(millionths / 1_000_000)}${decimals && `.${decimals}`}`;
}

function printScrub(scrub: Scrub): string {
	const words = [];
	if (scrub.noDf) words.push("no-df");
	if (scrub.randomId) words.push("random-id");
	if (scrub.minTtl) words.push(`min-ttl ${scrub.minTtl}`);
	if (scrub.reassembleTcp) words.push("reassemble tcp");
	if (scrub.maxMss) words.push(`max-mss ${scrub.maxMss}`);
	return words.length === 0 ? "" : ` scrub (${words.join(" ")})`;
}

function printDivert(rule: Rule): string {
	switch (rule.divert?.kind) {
		case "to":
			return ` divert-to ${printIp(rule.divert.address, rule.family)} port ${rule.divert.port}`;
		case "reply":
			return " divert-reply";
		case "packet":
			return ` divert-packet port ${rule.divert.port}`;
		default:
			return "";
	}
}

function printTranslation(rule: Rule, { release }: Printing): string {
	let text = "";
	if (!rule.anchor) {
		const family = rule.afTo ?? rule.family;
		if (rule.nat) {
			text = `${rule.afTo ? ` af-to ${rule.afTo} from ` : " nat-to "}${printPool(rule.nat, family, "nat")}`;
			if (rule.afTo && rule.rdr) text += ` to ${printPool(rule.rdr, family, "rdr")}`;
			// Of a rule that changes both ends older ones printed nat-to alone.
			else if (rule.rdr && hasChange(release, "pf/prints-both-translations")) text += ` rdr-to ${printPool(rule.rdr, rule.family, "rdr")}`;
		} else if (rule.rdr) text = ` rdr-to ${printPool(rule.rdr, rule.family, "rdr")}`;
	}
	if (rule.route) text += ` ${rule.route.kind} ${printPool(rule.route.pool, rule.family, "route")}`;
	return text;
}

/** A pool after `nat-to`, `rdr-to`, `route-to` and the like. */
function printPool(pool: Pool, family: Family | undefined, use: "nat" | "rdr" | "route"): string {
	const [low, high] = pool.ports;
	let text = printAddress(pool.address, family);
	if (use === "nat" && (low !== NAT_PORTS[0] || high !== NAT_PORTS[1]) && (low !== 0 || high !== 0))
		text += low === high ? ` port ${low}` : ` port ${low}:${high}`;
	if (use === "rdr" && low) text += high && high !== low ? ` port ${low}:${high}` : ` port ${low}`;
	if (pool.kind === "source-hash") text += ` source-hash 0x${pool.key.map((word) => hex(word, 8)).join("")}`;
	else if (pool.kind !== "none") text += ` ${pool.kind}`;
	if (pool.sticky) text += " sticky-address";
	return use === "nat" && low === 0 && high === 0 ? `${text} static-port` : text;
}
