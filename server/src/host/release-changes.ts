/** Where the files of a host show what a release has changed; what a parser or a check tells of a release is found by comparing. */

import { vebOf } from "../hostname/check.ts";
import { driverOf } from "../hostname/names.ts";
import { allSettings, type WordSetting } from "../hostname/settings.ts";
import { PfFile } from "../pf/editor/file.ts";
import type { ChangeName } from "../releases/releases.ts";
import { quickFix } from "../text/check.ts";
import type { Fix } from "../text/diagnostic.ts";
import type { SyntaxToken } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import { lineBelow, textOf, withoutLine } from "./fixes.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import type { Host } from "./model.ts";
import { servedInterfaces } from "./rc-conf.ts";
import { untaggedOf } from "./veb-vlans.ts";

/** A place where a change is met. */
export interface Met {
	readonly at: Place;
	/** What it means there, where the change's own sentence says too little. */
	readonly advice?: Message;
	readonly fixes?: readonly Fix[];
}

/** A host with the files that the model has no use for, by their paths. */
export interface Upgraded {
	readonly host: Host;
	readonly texts: ReadonlyMap<string, string>;
}

type Finder = (upgraded: Upgraded) => readonly Met[];

/** Files beside those of the model that an upgrade may concern. */
export const upgradeFiles: readonly string[] = ["/etc/rc.local", "/etc/rc.shutdown", "/etc/ssh/sshd_config"];

/** What a release's own ifconfig, sysctl or pfctl is told by: diagnostics that one release has and the other has not. */
const BY_DIAGNOSTICS: Finder = () => [];

/** Where the files of a host show a change, by its name. */
export function placesOfChange(name: string, upgraded: Upgraded): readonly Met[] {
	const finders: Readonly<Record<string, Finder | undefined>> = changes;
	return finders[name]?.(upgraded) ?? [];
}

const VMCTL_SEND = /\bvmctl[ \t]+(?:send|receive)\b/;

/** A release's change without a row does not compile. */
const changes: Readonly<Record<ChangeName, Finder>> = {
	"sysctl/read-by-line": BY_DIAGNOSTICS,
	"host/names-of-sysctl": BY_DIAGNOSTICS,
	"hostname/vlans-of-veb": BY_DIAGNOSTICS,
	"hostname/pvlan-panic": BY_DIAGNOSTICS,
	"hostname/lacp-by-aggr-alone": BY_DIAGNOSTICS,

	"pf/prints-both-translations": ({ host }) =>
		[...host.source.files].flatMap(([file, { parsed }]) => {
			if (!(parsed instanceof PfFile)) return [];
			return parsed.statements().flatMap((statement) => {
				const names = new Set(parsed.tokens(statement).flatMap(({ entry }) => entry?.name ?? []));
				return names.has("nat-to") && names.has("rdr-to") ? [{ at: { file, span: statement } }] : [];
			});
		}),
	"pf/limits-at-their-line": ({ host }) => wordsOfPf(host, /^limit$/),
	"pf/divert-minds-the-rdomain": ({ host }) =>
		host.configs.some(({ rdomain }) => (rdomain?.value ?? 0) > 0) ? wordsOfPf(host, /^divert-packet$/) : [],
	"pf/no-forwarding-from-zero": ({ host }) => addressesOfPf(host, /^0\.0\.0\.0$/),

	"host/no-vmctl-send": ({ host, texts }) => {
		const commands = host.configs.flatMap((config) => config.commands.filter(({ value }) => VMCTL_SEND.test(value)));
		const advice = msg("Stop the guest and start it again.");
		return [...linesWith(texts, VMCTL_SEND), ...commands.map((at) => ({ at }))].map((met) => ({ ...met, advice }));
	},
	"host/dhcpd-serves-its-rdomain": ({ host }) =>
		servedInterfaces(host.rc.value ?? []).flatMap(({ name, span: at }) => {
			const domain = host.configs.find((config) => config.name === name)?.rdomain?.value ?? 0;
			const advice = msg("{0} is in routing domain {1}: start dhcpd there, by `route -T {1} exec`.", name, domain);
			return domain === 0 ? [] : [{ at: { file: host.rc.path, span: at }, advice }];
		}),
	"hostname/vports-reach-each-other": ({ host }) =>
		vebs(host).flatMap((veb) => {
			const { members } = veb;
			const vports = members.filter(({ value }) => driverOf(value) === "vport");
			const second = vports.find(({ value }, i) => vports.slice(0, i).some((first) => meet(veb, first.value, value)));
			const last = members.at(-1);
			if (second === undefined || last === undefined) return [];
			const lines = vports.map(({ value }) => `protected ${value} 1`).join("\n");
			const advice = msg("`protected` keeps them apart.");
			return [{ at: second, advice, ...quickFix(msg("Keep them apart by `protected`"), lineBelow(host, last, lines)) }];
		}),
	"hostname/veb-drops-tags": ({ host }) =>
		vebs(host).flatMap((veb) => {
			const at = veb.links.get("link0");
			const last = veb.members.at(-1);
			if (at === undefined || last === undefined) return [];
			const lines = veb.members.map(({ value }) => `tagged ${value} all`).join("\n");
			return [{ at, ...quickFix(msg("Write `tagged` for each port"), withoutLine(host, at, /^link0$/), lineBelow(host, last, lines)) }];
		}),
	"hostname/untagging-is-read": ({ host }) =>
		words(host, "-tagged").map(({ config, setting: { span: at, args } }) => {
			const place = { file: config.path, span: at ?? span(0, 0) };
			const [port = ""] = args;
			return { at: place, ...quickFix(msg("Write `{0}`", `tagged ${port} none`), { ...place, text: `tagged ${port} none` }) };
		}),
	"hostname/prints-ranges-of-communities": ({ host }) =>
		vebs(host).flatMap(({ name, path }) => {
			const text = textOf(host, path);
			const communities = [...vebOf(name, text, "7.9").pvlans].filter(([, { kind }]) => kind === "community").map(([vid]) => vid);
			if (!communities.some((vid) => communities.includes(vid + 1))) return [];
			const first = words(host, "pvlan-community").find(({ config }) => config.name === name);
			return [{ at: { file: path, span: first?.setting.span ?? span(0, 0) } }];
		}),
	"hostname/pppoe-needs-no-parent-mtu": ({ host }) => {
		const large = words(host, "mtu").filter(({ config, setting }) => config.family === "pppoe" && Number(setting.args[0]) > 1492);
		const parents = large.flatMap(({ config: { name } }) =>
			words(host, "pppoedev").flatMap(({ config, setting }) => (config.name === name ? (setting.args[0] ?? []) : [])),
		);
		return words(host, "mtu").flatMap(({ config, setting }) => {
			if (!parents.includes(config.name) || Number(setting.args[0]) !== 1508) return [];
			const at = { file: config.path, span: setting.span ?? span(0, 0) };
			return [{ at, ...quickFix(msg("Remove this line"), withoutLine(host, at, /^mtu[ \t]+1508$/)) }];
		});
	},

	"host/certificates-need-principals": ({ texts }) => linesWith(texts, /^[ \t]*TrustedUserCAKeys[ \t=]+(?!none\b)\S.*/i),
	"host/no-subsystem-in-match": ({ texts }) =>
		inMatch(texts, /^[ \t]*Subsystem\b.*/i).map((met) => {
			const text = texts.get(met.at.file) ?? "";
			const first = /^[ \t]*Match\b/im.exec(text)?.index ?? 0;
			const start = text.lastIndexOf("\n", met.at.span.start - 1) + 1;
			const newline = text.indexOf("\n", met.at.span.end);
			const edits = [
				{ file: met.at.file, span: span(first, first), text: `${text.slice(met.at.span.start, met.at.span.end)}\n` },
				{ file: met.at.file, span: span(start, newline < 0 ? text.length : newline + 1), text: "" },
			];
			return { ...met, fixes: [{ title: msg("Move it above the first `Match`"), edits }] };
		}),
	"host/forwarding-covers-tunnels": ({ texts }) => {
		const tunnels = linesWith(texts, /^[ \t]*PermitTunnel[ \t=]+(?!no\b)\S.*/i);
		return linesWith(texts, /^[ \t]*DisableForwarding[ \t=]+yes\b.*/i).length === 0 ? [] : tunnels;
	},
};

function vebs({ configs }: Host): readonly InterfaceConfig[] {
	return configs.filter(({ family }) => family === "veb");
}

/** Whether two ports of a veb have a VLAN in common, and no protected domain. */
function meet({ veb, domains }: InterfaceConfig, first: string, second: string): boolean {
	const own = domains.get(first);
	if (own !== undefined && [...(domains.get(second) ?? [])].some((domain) => own.has(domain))) return false;
	if (veb === undefined) return true;
	const vlansOf = (port: string) => new Set([untaggedOf(veb, port), ...(veb.ports.get(port)?.tagged ?? [])]);
	const vlans = vlansOf(first);
	return [...vlansOf(second)].some((vlan) => vlan !== undefined && vlans.has(vlan));
}

/** The settings of hostname files by a word of ifconfig. */
function words({ source, configs }: Host, word: string): readonly { readonly config: InterfaceConfig; readonly setting: WordSetting }[] {
	return configs.flatMap((config) =>
		allSettings(config.name, source.files.get(config.path)?.text ?? "", "7.9").flatMap((setting) =>
			setting.kind === "word" && setting.word === word ? [{ config, setting }] : [],
		),
	);
}

function wordsOfPf(host: Host, name: RegExp): readonly Met[] {
	return tokensOfPf(host, ({ entry }) => entry !== undefined && name.test(entry.name));
}

function addressesOfPf(host: Host, address: RegExp): readonly Met[] {
	return tokensOfPf(host, ({ kind }, text) => kind === "address" && address.test(text));
}

function tokensOfPf({ source }: Host, wanted: (token: SyntaxToken, text: string) => boolean): readonly Met[] {
	return [...source.files].flatMap(([file, { parsed }]) => {
		if (!(parsed instanceof PfFile)) return [];
		const tokens = parsed.tokens().filter((token) => wanted(token, parsed.text.slice(token.span.start, token.span.end)));
		return tokens.map(({ span: at }) => ({ at: { file, span: at } }));
	});
}

/** The lines of the files beside the model that match, without those that are comments. */
function linesWith(texts: ReadonlyMap<string, string>, line: RegExp): readonly Met[] {
	return [...texts].flatMap(([file, text]) =>
		[...text.matchAll(/^.*$/gm)].flatMap(({ index, 0: whole }) => {
			const found = /^[ \t]*#/.test(whole) ? null : line.exec(whole);
			if (found === null) return [];
			const start = index + found.index + (found[0].length - found[0].trimStart().length);
			return [{ at: { file, span: span(start, index + found.index + found[0].trimEnd().length) } }];
		}),
	);
}

/** Those of the lines that stand behind a `Match` of sshd_config, which reaches to the next one or the end. */
function inMatch(texts: ReadonlyMap<string, string>, line: RegExp): readonly Met[] {
	return linesWith(texts, line).filter(({ at: { file, span: at } }) => {
		const matches = [...(texts.get(file) ?? "").slice(0, at.start).matchAll(/^[ \t]*Match[ \t]+(.*)$/gim)];
		const last = matches.at(-1)?.[1];
		return last !== undefined && !/^all\b/i.test(last);
	});
}
