import { parseIp4 } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";
import { type Span, span } from "../text/span.ts";

/** A value of dhcpd.conf with its place. */
export interface DhcpdValue {
	readonly text: string;
	readonly span: Span;
}

export interface DhcpdRange {
	readonly from: DhcpdValue;
	/** The same as `from` where the range is a single address. */
	readonly to: DhcpdValue;
	readonly span: Span;
}

export interface DhcpdSubnet {
	readonly network: DhcpdValue;
	readonly netmask: DhcpdValue;
	readonly ranges: readonly DhcpdRange[];
	/** `option routers`, of the subnet itself or inherited from what encloses it. */
	readonly routers: readonly DhcpdValue[];
	/** `option domain-name-servers`, in the same way. */
	readonly nameservers: readonly DhcpdValue[];
	/** The name of the shared network that it is declared in. */
	readonly shared: DhcpdValue | undefined;
	readonly span: Span;
}

/** The network that a subnet serves; undefined where its address or its mask is none. */
export function servedNetwork({ network, netmask }: DhcpdSubnet): { readonly ip: Ip; readonly bits: number } | undefined {
	const ip = parseIp4(network.text);
	const mask = parseIp4(netmask.text);
	return ip && mask && { ip, bits: Math.clz32(~mask.a) };
}

export interface DhcpdHost {
	readonly name: DhcpdValue;
	readonly ethernet: DhcpdValue | undefined;
	readonly addresses: readonly DhcpdValue[];
	readonly span: Span;
}

export interface DhcpdConfig {
	readonly subnets: readonly DhcpdSubnet[];
	readonly hosts: readonly DhcpdHost[];
}

/** A statement that ends in `;`, or a declaration with a block. */
interface Statement {
	readonly words: readonly DhcpdValue[];
	readonly block: readonly Statement[] | undefined;
	readonly span: Span;
}

/**
 * Reads the parts of dhcpd.conf(5) that concern the guests' segments: subnets, ranges, routers and fixed hosts, whatever
 * group or shared-network they are in. Anything else is passed over, and a broken statement ends at the next `;` or brace.
 */
export function readDhcpd(text: string): DhcpdConfig {
	const subnets: DhcpdSubnet[] = [];
	const hosts: DhcpdHost[] = [];
	// A list of work instead of recursion: the depth of a file's braces is not bounded.
	const open: (Options & { readonly statements: readonly Statement[] })[] = [
		{ statements: statementsOf(text), routers: [], nameservers: [], shared: undefined },
	];
	for (let scope = open.shift(); scope !== undefined; scope = open.shift()) {
		const options = optionsOf(scope.statements, scope);
		for (const { words, block, span: place } of scope.statements) {
			if (block === undefined) continue;
			const [keyword, name, , netmask] = words;
			if (keyword?.text === "subnet" && name !== undefined && netmask !== undefined) {
				subnets.push({ network: name, netmask, ranges: rangesOf(block), ...optionsOf(block, options), span: place });
			} else if (keyword?.text === "host" && name !== undefined) {
				hosts.push({
					name,
					ethernet: argumentsOf(block, "hardware", "ethernet")?.[0],
					addresses: argumentsOf(block, "fixed-address") ?? [],
					span: place,
				});
			}
			open.push({ statements: block, ...options, ...(keyword?.text === "shared-network" ? { shared: name } : {}) });
		}
	}
	return { subnets, hosts };
}

function argumentsOf(block: readonly Statement[], ...keywords: readonly string[]): readonly DhcpdValue[] | undefined {
	return block.find(({ words }) => keywords.every((keyword, index) => words[index]?.text === keyword))?.words.slice(keywords.length);
}

/** What a scope tells those who ask, where it or what encloses it says so. */
type Options = Pick<DhcpdSubnet, "routers" | "nameservers" | "shared">;

function optionsOf(block: readonly Statement[], outer: Options): Options {
	return {
		routers: argumentsOf(block, "option", "routers") ?? outer.routers,
		nameservers: argumentsOf(block, "option", "domain-name-servers") ?? outer.nameservers,
		shared: outer.shared,
	};
}

function rangesOf(block: readonly Statement[]): readonly DhcpdRange[] {
	return block.flatMap(({ words, span: place }) => {
		if (words[0]?.text !== "range") return [];
		const [from, to] = words.slice(words[1]?.text === "dynamic-bootp" ? 2 : 1);
		return from === undefined ? [] : [{ from, to: to ?? from, span: place }];
	});
}

/** The statements of the whole file as a tree. A brace without its partner closes or is closed at the end of the file. */
function statementsOf(text: string): readonly Statement[] {
	type Level = { readonly statements: Statement[]; words: DhcpdValue[] };
	const top: Level = { statements: [], words: [] };
	const levels: Level[] = [];
	let level = top;
	const finish = (end: number, block?: readonly Statement[]): void => {
		const start = level.words[0]?.span.start ?? end;
		if (level.words.length > 0) level.statements.push({ words: level.words, block, span: span(start, end) });
		level.words = [];
	};
	const close = (end: number): void => {
		finish(end);
		const block = level.statements;
		level = levels.pop() ?? top;
		finish(end, block);
	};
	for (const match of text.matchAll(/#[^\n]*|"(?:[^"\\\n]|\\.)*"?|[{};]|[^\s{};,#"]+/g)) {
		const [token] = match;
		const end = match.index + token.length;
		if (token.startsWith("#")) continue;
		if (token === ";") finish(end);
		else if (token === "{") {
			levels.push(level);
			level = { statements: [], words: [] };
		} else if (token === "}") {
			if (levels.length > 0) close(end);
		} else level.words.push({ text: token.startsWith('"') ? token.replace(/^"|"$/g, "") : token, span: span(match.index, end) });
	}
	while (levels.length > 0) close(text.length);
	finish(text.length);
	return top.statements;
}
