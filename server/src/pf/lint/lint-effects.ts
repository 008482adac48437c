/** Checks of what pfctl takes without a word, and that has another effect than it looks, or none. */
import { msg } from "../../text/message.ts";
import { type Span, shifted, span } from "../../text/span.ts";
import { formatIp, hostAddress, parseIp, sameIp } from "../names/address.ts";
import { IPPROTO } from "../names/protocols.ts";
import { focus, type LintStatement, type PfCheck, warning } from "./lint-check.ts";
import { fix } from "./lint-fixes.ts";

/** A network by its looks: it ends in a zero, with a mask behind it. Of IPv4, one of 24 bits or more leaves nothing else out. */
const NETWORK = /(?<![\w.:])([\d.]+\.0(?!\/(?:2[4-9]|3[0-2])(?!\d))|[\da-fA-F:]+::)\/(\d{1,3})(?!\w)/g;
/** A comment that goes on in the next line, and what would be a statement there. */
const SWALLOWED = /\\\n[ \t]*(?:pass|block|match|anchor|antispoof|set|table|load|include|queue)\s/;

/** What stands beside addresses in the value of a macro that is made of them. */
const BESIDE_ADDRESSES = /^(?:from|to|any|self|\S*[\d$<:]\S*)$/;

/** Whether pf reads an address there: labels, names, files and comments are what they are, and a macro is what its value looks like. */
function isAddress({ text, tokens }: LintStatement, offset: number): boolean {
	const token = tokens.find(({ span: one }) => one.start <= offset && offset < one.end);
	if (token === undefined || tokens[0]?.symbol?.kind !== "macro") return token?.kind === "address";
	return (
		token.value === "word" &&
		text
			.slice(token.span.start, token.span.end)
			.split(/["\s,{}!]+/)
			.every((word) => word === "" || BESIDE_ADDRESSES.test(word))
	);
}

export const effectChecks = {
	"pf/network-host-bits": warning.statement(
		[
			"A network that is larger than it looks",
			"pf compares as many bits as the mask has, and leaves out the rest: `172.16.0.0/8` is all of 172.0.0.0/8, and `8.8.8.0/12` begins at 8.0.0.0.",
			"Write the network as pf takes it, or the mask that was meant.",
		],
		"wide network",
		(statement, report) => {
			for (const { 0: words, 1: host = "", 2: mask = "", index } of statement.text.matchAll(NETWORK)) {
				const bits = Number(mask);
				const written = parseIp(host);
				const read = hostAddress(host, bits);
				if (written === undefined || read === undefined || sameIp(written.address, read.address)) continue;
				const at = span(index, index + words.length);
				if (!isAddress(statement, at.start)) continue;
				const network = `${formatIp(read.address, read.family)}/${bits}`;
				report(at, msg("This is the network {0}", network), {
					advice: msg("The mask leaves the rest out. Write the network so, or another mask."),
					fixes: fix(msg("Write `{0}`", network), [{ span: at, text: network }], false),
				});
			}
		},
	),

	"pf/comment-goes-on": warning.statement(
		[
			"A comment that takes the next line with it",
			"A backslash at the end joins lines in comments too: what stands in the next one is never read.",
			"Take the backslash away, or write `#` before the next line as well.",
		],
		"joined line",
		(statement, report) => {
			for (const { kind, span: own } of statement.tokens) {
				if (kind !== "comment") continue;
				const found = SWALLOWED.exec(statement.text.slice(own.start, own.end));
				if (found === null) continue;
				const at = own.start + found.index;
				report({ start: own.start, end: at + 1 }, msg("This comment goes on: the next line is part of it"), {
					advice: msg("A backslash at the end joins the lines."),
					fixes: fix(msg("Remove the backslash"), [{ span: span(at, at + 1), text: "" }], false),
				});
			}
		},
	),

	"pf/nat-in-to-self": warning.rule(
		[
			"Translation to the host's own address on the way in",
			"The answers come to that address, and the host takes them for its own: nobody gets them.",
			"Translate on the way out.",
		],
		{
			about: "translation",
			applies: ({ direction, afTo, route, nat }) =>
				direction === "in" &&
				afTo === undefined &&
				route === undefined &&
				nat?.address.kind === "dynamic" &&
				nat.address.part === "address",
			words: ["nat-to"],
			withNext: true,
			tell: ({ span: at }, report) =>
				report(at, msg("Answers to what this translates end at the host itself"), {
					advice: msg("Translate on the way out."),
				}),
		},
	),

	"pf/source-limit-not-tcp": warning.statement(
		[
			"Limits of connections for something else than TCP",
			"`max-src-conn` and `max-src-conn-rate` count handshakes that were completed, which TCP alone has: no source ever comes over them, and `overload` never fills its table.",
			"Use `max-src-states`, or a source limiter.",
		],
		"state options",
		(statement, report) => {
			let told: Span | undefined;
			const { rules } = statement;
			for (const { words, protocol, stateOptions } of rules) {
				const limited = stateOptions.maxSrcConn > 0 || stateOptions.maxSrcConnRate !== undefined;
				if (!limited || protocol === 0 || protocol === IPPROTO.tcp || words === told) continue;
				told = words;
				if (rules.some((other) => other.words === words && (other.protocol === 0 || other.protocol === IPPROTO.tcp))) continue;
				report(
					focus(statement, words, ["max-src-conn", "max-src-conn-rate"]),
					msg("Only connections of TCP are counted: this limit is never reached"),
					{
						advice: msg("Use `max-src-states`, or a source limiter."),
					},
				);
			}
		},
	),

	"pf/queue-with-children": warning.file(
		[
			"Packets for a queue that has queues below it",
			"Only queues without others below them hold packets: what a rule sends to another one goes to the default queue.",
			"Name one of the queues below it.",
		],
		(file, report) => {
			const filled = (name: string): boolean => file.count("parent queue", name) > 0;
			for (const statement of file.having("fills", filled)) {
				for (const { words, set } of new Map(statement.rules.map((rule) => [rule.words, rule])).values()) {
					const queue = set?.queue?.find((name) => name !== undefined && filled(name));
					if (queue === undefined) continue;
					report(
						shifted(focus(statement, words, ["queue"], true), statement.at),
						msg('The queue "{0}" has others below it: its packets go to the default queue', queue),
						{
							advice: msg("Name one of the queues below it."),
						},
					);
				}
			}
		},
	),
} as const satisfies Readonly<Record<string, PfCheck>>;
