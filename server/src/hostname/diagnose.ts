/** All that a hostname file shows: what ifconfig would refuse, and what netstart makes into something else. */

import { newestRelease } from "../releases/releases.ts";
import { type Details, fixTitle, quickFix, sortByPlace } from "../text/check.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { FileContext } from "../text/language.ts";
import { type Message, msg, render } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import { olderThan } from "../text/release.ts";
import { type Span, span } from "../text/span.ts";
import type { Release } from "../text/vocabulary.ts";
import type { CheckedCommand } from "./check.ts";
import { type HostnameCode, hostnameDiagnostics } from "./diagnostics.ts";
import { familyOf } from "./families.ts";
import { withFix } from "./fixes.ts";
import type { IfconfigComplaint } from "./ifconfig.ts";
import { placeOf } from "./lexer.ts";
import type { IfconfigText } from "./messages.ts";
import { driverOf, isInterfaceName, isLladdrName } from "./names.ts";
import { type Run, sourceOf } from "./netstart.ts";
import { VLANS } from "./vlans.ts";
import { type GoneWord, goneWords, type HostnameWord, wordOf, wordsOf } from "./vocabulary.ts";

function made(code: HostnameCode, at: Span, message: Message, details: Details = {}): Diagnostic {
	return { code, severity: hostnameDiagnostics[code].severity, span: at, message, ...details };
}

/** Diagnostics in the order of the text. */
export function diagnose(
	name: string,
	text: string,
	result: Run,
	checked: readonly CheckedCommand[],
	context: FileContext,
): readonly Diagnostic[] {
	const found: Diagnostic[] = [...fileName(name, text, context), ...lines(result, text)];
	const byStart = new Map(result.lines.map((line) => [line.span.start, line]));
	for (const one of checked) {
		const columns = inColumns(one, byStart);
		if (columns !== undefined) found.push(columns);
		else
			for (const complaint of one.complaints)
				if (complaint.beside !== true && !isGivenByKernel(complaint, name)) found.push(ofComplaint(complaint, one, name, context));
		found.push(...advice(one, name));
	}
	found.push(...domains(checked), ...replacedAddresses(result), ...broadcasts(result), ...classfulMasks(name, result));
	sortByPlace(found);
	return found.map((one) => withFix(text, one, { name, isThere: (path) => context.readFile?.(path) !== undefined }));
}

const NO_LINK_LOCAL: IfconfigText = "could not determine link local address";

/**
 * `inet6 eui64` asks for a link-local address, which most interfaces have as soon as ifconfig has attached inet6 to them
 * (sys/netinet6/in6_ifattach.c); pppoe(4) shows it alone on a line.
 */
function isGivenByKernel({ message }: IfconfigComplaint, name: string): boolean {
	return render(message) === NO_LINK_LOCAL && !/^(?:wg|bridge|enc|pflog|pfsync)\d/.test(name);
}

/** A file that netstart passes over. */
function fileName(name: string, text: string, { path, release = newestRelease }: FileContext): Diagnostic[] {
	const first = span(0, Math.max(0, text.search(/\n|$/)));
	if (!isInterfaceName(name)) {
		return [
			made("hostname/file-name", first, msg("netstart does not read {0}", path), {
				advice: msg("The name must be hostname. with an interface's letters and number."),
			}),
		];
	}
	const { since } = familyOf(name);
	if (since !== undefined && olderThan(release, since)) {
		return [made("hostname/newer-interface", first, msg("{0} came with OpenBSD {1}; {2} has no such interface", name, since, release))];
	}
	if (!isLladdrName(name) || name === name.toLowerCase()) return [];
	return [
		made("hostname/file-name", first, msg("netstart finds no interface for {0}", path), {
			advice: msg("Write the MAC address in lower case."),
		}),
	];
}

function lines({ lines: all }: Run, text: string): Diagnostic[] {
	const found: Diagnostic[] = [];
	for (const { words, span: at, fate } of all) {
		const [first] = words;
		const place = first === undefined ? undefined : placeOf(first);
		if (first === undefined || place === undefined) continue;
		const whole = span(place.start, at.end);
		if (fate.kind === "dropped") {
			const fixes = [{ title: msg("End the line"), edits: [{ span: span(text.length, text.length), text: "\n" }], preferred: true }];
			found.push(
				made("hostname/missing-newline", whole, msg("netstart drops the last line: it has no newline"), {
					advice: msg("End the file with a newline."),
					fixes,
				}),
			);
		} else if (fate.kind === "ignored" && ["inet", "inet6", "dest"].includes(first.text)) {
			const reason =
				first.text === "dest" ? msg("It needs one address, and a line with an address before it.") : msg("It needs an address.");
			found.push(made("hostname/ignored", whole, msg("netstart ignores this line"), { advice: reason }));
		} else if (first.text === "dhcp" && fate.kind === "command") {
			const rest = words[1] === undefined ? undefined : placeOf(words[1]);
			if (rest !== undefined && !words[1]?.text.startsWith("#")) {
				found.push(
					made("hostname/dropped-words", span(rest.start, at.end), msg("netstart drops what follows dhcp"), { tags: ["unnecessary"] }),
				);
			}
		}
	}
	return found;
}

/** Words of ifconfig by which a line takes addresses away, or may. */
const REMOVING: ReadonlySet<string> = new Set(["delete", "-alias", "-inet", "rdomain", "destroy"]);

/**
 * `inet` without `alias` takes the interface's first address away before it adds its own (ifconfig.c, clearaddr; in.c,
 * SIOCDIFADDR). IPv6 keeps what is there.
 */
function replacedAddresses({ lines: all }: Run): Diagnostic[] {
	const found: Diagnostic[] = [];
	let addresses: { readonly text: string; readonly at: Span }[] = [];
	let gone = 0;
	for (const { words, fate } of all) {
		const [first, second, third] = words;
		if (fate.kind !== "command" || first === undefined) continue;
		if (first.text.startsWith("!") || words.some(({ text }) => REMOVING.has(text))) {
			addresses = [];
			gone = 0;
		}
		const alias = second?.text === "alias";
		const address = alias ? third : second;
		const at = address && placeOf(address);
		if (first.text !== "inet" || address === undefined || at === undefined || !/^[0-9]/.test(address.text)) continue;
		const host = address.text.replace(/\/.*$/, "");
		const before = addresses[gone];
		if (!alias && before !== undefined && before.text !== host) {
			found.push(
				made("hostname/address-replaced", at, msg("{0} replaces {1}: without `alias`, only one of them stays", host, before.text), {
					advice: msg("ifconfig takes the first address away before it adds this one."),
					related: [{ span: before.at, message: msg("The address that is lost") }],
					...quickFix(fixTitle.write(`inet alias ${address.text}`), { span: span(at.start, at.start), text: "alias " }),
				}),
			);
		}
		if (!alias && before !== undefined) gone++;
		addresses.push({ text: host, at });
	}
	return found;
}

/** An IPv4 address as a number; undefined for any other word. */
function wordOfAddress(text: string | undefined): number | undefined {
	const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
		.exec(text ?? "")
		?.slice(1)
		.map(Number);
	return octets?.every((octet) => octet <= 255) === true ? octets.reduce((word, octet) => word * 256 + octet, 0) : undefined;
}

function textOfAddress(word: number): string {
	return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join(".");
}

/** Interfaces whose mask nobody asks for: they have one neighbour, at the other end. */
const POINT_TO_POINT = /^(?:gif|gre|tun|pppoe|ppp|pppx|lo|mpip|sec|umb)\d/;

/** Addresses without a mask, of classes whose networks nobody has as a whole (in.c, in_ifinit). */
function classfulMasks(name: string, { lines: all }: Run): Diagnostic[] {
	const found: Diagnostic[] = [];
	if (POINT_TO_POINT.test(name)) return found;
	for (const [index, { words, fate }] of all.entries()) {
		if (fate.kind !== "command" || words[0]?.text !== "inet") continue;
		const [address, mask] = words.slice(words[1]?.text === "alias" ? 2 : 1);
		const own = wordOfAddress(address?.text);
		const at = address && placeOf(address);
		// The end of a point-to-point link follows on its own line.
		if (own === undefined || at === undefined || mask !== undefined || all[index + 1]?.words[0]?.text === "dest") continue;
		const bits = own < 2 ** 31 ? 8 : 16;
		if (own >= 192 * 2 ** 24 || own < 2 ** 24) continue;
		const network = `${textOfAddress(bits === 8 ? (own & 0xff000000) >>> 0 : (own & 0xffff0000) >>> 0)}/${bits}`;
		found.push(
			made("hostname/classful-mask", at, msg("Without a netmask, {0} is in the network {1}", textOfAddress(own), network), {
				advice: msg("Write the mask behind it."),
			}),
		);
	}
	return found;
}

/** Broadcast addresses that are not the last of their network; that of all networks is one for any. */
function broadcasts({ lines: all }: Run): Diagnostic[] {
	const found: Diagnostic[] = [];
	for (const { words, fate } of all) {
		if (fate.kind !== "command" || words[0]?.text !== "inet") continue;
		const [address, mask, broadcast] = words.slice(words[1]?.text === "alias" ? 2 : 1);
		const at = broadcast && placeOf(broadcast);
		const own = wordOfAddress(address?.text);
		const bits = wordOfAddress(mask?.text);
		const written = wordOfAddress(broadcast?.text);
		if (at === undefined || own === undefined || bits === undefined || written === undefined || written === 0xffffffff) continue;
		const last = (own | ~bits) >>> 0;
		// A network of one or two addresses has none.
		if (last === written || ~bits >>> 0 < 2) continue;
		const right = textOfAddress(last);
		found.push(
			made("hostname/broadcast", at, msg("{0} is not the broadcast address of this network: that is {1}", textOfAddress(written), right), {
				...quickFix(msg("Write {0}", right), { span: at, text: right }),
			}),
		);
	}
	return found;
}

/** Options and comments that stand where netstart expects the netmask or the broadcast address. */
function inColumns({ command, complaints }: CheckedCommand, byStart: ReadonlyMap<number, Run["lines"][number]>): Diagnostic | undefined {
	if (complaints.length === 0) return undefined;
	const line = byStart.get(command.line.start);
	const [first, ...rest] = line?.words ?? [];
	if (first?.text !== "inet" && first?.text !== "inet6") return undefined;
	const plain = rest[0]?.text === "alias" ? rest.slice(1) : rest;
	const asked = first.text === "inet" ? [plain[1], plain[2]] : [plain[1]];
	const wrong = asked.find((word) => word !== undefined && (word.text.startsWith("#") || wordOf(word.text) !== undefined));
	const at = wrong === undefined ? undefined : placeOf(wrong);
	const following = plain[wrong === plain[1] ? 2 : 3];
	if (wrong === undefined || at === undefined) return undefined;
	const [complaint] = complaints;
	if (complaint === undefined) return undefined;
	const { message } = complaint;
	if (wrong.text.startsWith("#")) {
		const end = line?.span.end ?? at.end;
		const before = at.start - 1;
		return made("hostname/columns", span(at.start, end), message, {
			advice: msg("netstart takes the comment for the netmask or the broadcast address: write it on a line of its own."),
			...quickFix(msg("Delete the comment"), { span: span(before, end), text: "" }),
		});
	}
	const mask = wrong.text === "netmask" || wrong.text === "prefixlen" || wrong.text === "broadcast";
	const next = following === undefined ? undefined : placeOf(following);
	return made("hostname/columns", at, message, {
		advice: mask
			? msg("netstart writes {0} itself: write the value alone.", wrong.text)
			: msg("netstart takes this word for the netmask or the broadcast address: write options on a line of their own."),
		...(mask && next !== undefined ? quickFix(msg("Delete {0}", wrong.text), { span: span(at.start, next.start), text: "" }) : {}),
		...(mask || line === undefined
			? {}
			: quickFix(msg("Put the options on a line of their own"), { span: span(at.start - 1, at.start), text: "\n" })),
	});
}

function ofComplaint(complaint: IfconfigComplaint, { command, shell }: CheckedCommand, name: string, context: FileContext): Diagnostic {
	const { code, message, text, option } = complaint;
	const at = complaint.span ?? sourceOf(command);
	const more = helpFor(complaint, at, name, context);
	if (code === "hostname/unknown-word" && goneWords.some((word) => word.ours && word.name === text)) {
		return made("hostname/removed-word", at, message, more);
	}
	const { release = newestRelease } = context;
	const newer = code === "hostname/unknown-word" ? ofOtherRelease(text, release)?.since : undefined;
	if (newer !== undefined) {
		return made("hostname/newer-word", at, message, {
			advice: msg("`{0}` came with OpenBSD {1}; the ifconfig of {2} does not know it.", text, newer, release),
		});
	}
	if (code === "hostname/unclosed-quote" || shell.unexpected !== undefined) {
		return made(code, at, message, {
			severity: "error",
			advice: msg("The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes."),
		});
	}
	if (code === "hostname/family" && option !== undefined) {
		return made(code, at, message, {
			advice: msg("{0} has no {1}.", familyOf(name).known ? driverOf(name) : name, option === "inet" ? "addresses" : text || option),
			...more,
		});
	}
	return made(code, at, message, more);
}

function helpFor(
	{ code, text, option, span: place }: IfconfigComplaint,
	at: Span,
	name: string,
	{ host, release: told }: FileContext,
): Details {
	if (place === undefined) return {};
	const release = told ?? newestRelease;
	// What one release does is no certain fault of a host that may run another.
	const isAssumed = told === undefined;
	const { key } = familyOf(name);
	const choose = (candidates: readonly string[], otherwise: Details = {}): Details => {
		const best = nearest(text, candidates);
		return best === undefined || best === text
			? otherwise
			: { advice: msg("Did you mean {0}?", best), ...quickFix(msg("Write {0}", best), { span: at, text: best }) };
	};
	switch (code) {
		case "hostname/unknown-word": {
			const known = goneWords.find((word) => word.name === text);
			if (known !== undefined) return insteadOf(known, at);
			return choose(
				wordsOf(release)
					.options.filter(({ families }) => families.includes(key))
					.map((word) => word.name),
			);
		}
		case "hostname/value": {
			const described = option === undefined ? undefined : wordsOf(release).word(option);
			const choices = described?.args.flatMap((one) => one.choices ?? []) ?? [];
			// Beside the words of a number or an address there are all the others.
			const open = described?.args.some(({ rule }) => rule?.kind === "number" || rule?.kind === "lladdr" || rule?.kind === "vlan") === true;
			const words = choices.length === 0 || open ? undefined : msg("One of {0}.", choices.join(", "));
			const advice = rangeOf(described, choices) ?? words;
			return choose(choices, advice === undefined ? {} : { advice });
		}
		case "hostname/trunk-lacp":
			if (isAssumed)
				return {
					severity: "warning",
					advice: msg("From OpenBSD {0} on, aggr(4) alone speaks LACP. It needs its own name in the files that name this one.", "7.9"),
				};
			return { advice: msg("aggr(4) speaks LACP. It needs its own name in the files that name this one.") };
		case "hostname/kernel-panic":
			if (isAssumed) return { severity: "warning", advice: msg("OpenBSD {0} crashes here: write it below the first `add`.", "7.9") };
			return { advice: msg("Write it below the first `add`.") };
		case "hostname/interface":
			return choose(host?.interfaces?.map((one) => one.name) ?? []);
		default:
			return {};
	}
}

function insteadOf({ name, instead, until, ours }: GoneWord, at: Span): Details {
	const advice =
		until !== undefined
			? msg("OpenBSD {0} removed {1}: write {2}.", until, name, instead)
			: ours
				? msg("{0} is gone: write {1}.", name, instead)
				: msg("OpenBSD has {0} for it.", instead);
	return { advice, ...quickFix(msg("Write {0}", instead), { span: at, text: instead }) };
}

/** The numbers that a word takes, with the words that stand for some; undefined where it takes several, or nearly any. */
function rangeOf(described: HostnameWord | undefined, words: readonly string[]): Message | undefined {
	const vlan = described?.args.map(({ rule }) => rule).find((rule) => rule?.kind === "vlan");
	if (vlan?.kind === "vlan") {
		return vlan.set === true
			? msg("VLANs from {0} to {1}, with commas between them and ranges such as {2}; or {3}.", ...VLANS, "20-30", words.join(", "))
			: msg("A number from {0} to {1}, or {2}.", ...VLANS, words.join(", "));
	}
	const limits = described?.args.flatMap(({ rule }) => (rule?.kind === "number" ? [rule] : [])) ?? [];
	const [first] = limits;
	if (first === undefined || limits.length > 1 || first.max > 2 ** 31) return undefined;
	return words.length === 0
		? msg("A number from {0} to {1}.", first.min, first.max)
		: msg("A number from {0} to {1}, or {2}.", first.min, first.max, words.join(", "));
}

/** What ifconfig accepts, and what one should know all the same. */
function advice({ shell, command, understood, complaints }: CheckedCommand, name: string): Diagnostic[] {
	const found: Diagnostic[] = [];
	const { key, known } = familyOf(name);
	const isTold = command.shell || complaints.some((one) => one.code === "hostname/shell");
	if (!isTold && shell.redirection !== undefined) {
		found.push(
			made("hostname/shell", shell.redirection, msg("The shell takes this for the name of a file: ifconfig does not get it"), {
				advice: msg("Put the text into double quotes."),
			}),
		);
	} else if (!isTold && shell.operator !== undefined) {
		found.push(made("hostname/shell", shell.operator, msg("The shell ends the command here")));
	}
	for (const one of understood) {
		const at = one.word.span;
		if (one.kind !== "option" || at === undefined) continue;
		const { entry } = one;
		if (entry.name === "delete" && ["bridge", "veb", "tpmr"].includes(key)) {
			found.push(
				made("hostname/family", at, msg("delete removes an address, not a member"), {
					advice: msg("Write {0}.", "del"),
					...quickFix(msg("Write {0}", "del"), { span: at, text: "del" }),
				}),
			);
		} else if (entry.deprecated !== undefined) {
			found.push(
				made("hostname/deprecated", at, msg("{0} is the old spelling of {1}", entry.name, entry.deprecated), {
					tags: ["deprecated"],
					...quickFix(msg("Write {0}", entry.deprecated), { span: at, text: entry.deprecated }),
				}),
			);
		} else if (known && entry.refusal === undefined && entry.group === "pppoe option" && !entry.families.includes(key)) {
			found.push(made("hostname/silent", at, msg("{0} has no effect on {1}", entry.name, name), { tags: ["unnecessary"] }));
		}
	}
	return found;
}

/** The entry of a word that ifconfig has in another release alone. */
function ofOtherRelease(text: string, release: Release): HostnameWord | undefined {
	return wordsOf(release).word(text) === undefined ? wordOf(text) : undefined;
}

/** `rdomain` removes the addresses that were set before it. */
function domains(checked: readonly CheckedCommand[]): Diagnostic[] {
	const found: Diagnostic[] = [];
	let addressed = false;
	for (const { command, understood } of checked) {
		if (command.shell) continue;
		for (const one of understood) {
			if (one.kind === "option" && one.entry.name === "rdomain" && addressed && one.word.span !== undefined) {
				found.push(
					made("hostname/rdomain-after-address", one.word.span, msg("rdomain removes the addresses that are set above"), {
						advice: msg("Write it before them."),
					}),
				);
			}
		}
		addressed ||= understood.some(({ kind }) => kind === "address");
	}
	return found;
}
