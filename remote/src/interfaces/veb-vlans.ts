/**
 * The VLANs of a running veb, and what brings them to those of its file. Their words count in the order of the file, and some
 * change what later ones mean: so it is the outcome that is compared, port by port.
 */
import { hostnamePath, netstart, type Release, readInterface, vlanRanges } from "@openbsd-vnet/server";
import type { LiveInterface, LiveMember } from "../live-interfaces.ts";

type Setting = netstart.Setting;
type Word = Extract<Setting, { kind: "word" }>;
type Port = netstart.VebPort;

/** What a hostname file makes of the VLANs of its veb; undefined where it is none, or where the release is not known or knows none. */
export function wantedVlans(name: string, text: string, release: Release | undefined): netstart.VebState | undefined {
	return release === undefined ? undefined : readInterface(hostnamePath(name), text, release).veb;
}

/** Whether a setting is one of those that are compared by their outcome. */
export function isVlanWord(setting: Setting): setting is Word {
	return setting.kind === "word" && netstart.isVlanWord(setting.word);
}

/** What a running veb has not of what it shall have, in the words of hostname files. What ifconfig does not show is not missed. */
export function missingVlans(live: LiveInterface, wanted: netstart.VebState): readonly Word[] {
	const members = new Map(live.members.map((member) => [member.interface, member]));
	return [
		...vnetidWords(live, wanted),
		...pvlanChange(live, wanted).added,
		...[...wanted.ports].flatMap(([name, port]) => portWords(name, port, members.get(name))),
	];
}

/** The words for ports of which the veb has another state; all of those of a port that is not known. */
function portWords(name: string, port: Port, live: LiveMember | undefined): readonly Word[] {
	if (live?.untagged === undefined) return [];
	const tagged = vlanRanges(port.tagged);
	return [
		...(live.untagged === String(port.untagged) ? [] : [untaggedWord(name, port)]),
		...(live.tagged === undefined || live.tagged === tagged ? [] : [word("tagged", name, tagged === "" ? "none" : `=${tagged}`)]),
	];
}

const untaggedWord = (name: string, { untagged }: Port): Word =>
	untagged === "none" ? word("-untagged", name) : word("untagged", name, String(untagged));

function word(name: string, ...args: readonly string[]): Word {
	return { kind: "word", word: name, args, family: "inet", span: undefined };
}

function vnetidWords({ other }: LiveInterface, { untagged }: netstart.VebState): readonly Word[] {
	const shown = other.map((line) => /^encap: vnetid (\S+)/.exec(line)?.[1]).find((found) => found !== undefined);
	if (shown === undefined || shown === String(untagged)) return [];
	return [untagged === "none" ? word("-vnetid") : word("vnetid", String(untagged))];
}

/** The private VLANs that are to come and to go, each as the word that brings it. */
function pvlanChange(
	live: LiveInterface,
	{ pvlans }: netstart.VebState,
): { readonly added: readonly Word[]; readonly gone: readonly Word[] } {
	const shown = live.other.flatMap(pvlanWords);
	const wanted = [...pvlans]
		.sort(([, one], [, other]) => Number(other.kind === "primary") - Number(one.kind === "primary"))
		.map(([vlan, { primary, kind }]) => (kind === "primary" ? word("pvlan", `${vlan}`) : word(`pvlan-${kind}`, `${primary}`, `${vlan}`)));
	const has = (all: readonly Word[], one: Word): boolean => all.some((each) => textOf(each) === textOf(one));
	return { added: wanted.filter((one) => !has(shown, one)), gone: shown.filter((one) => !has(wanted, one)).reverse() };
}

/** `pvlan 30 isolated 31 community 32,33`, as the words of hostname files. */
function pvlanWords(line: string): readonly Word[] {
	const [, primary = "", isolated = "", communities = ""] = /^pvlan (\d+) isolated (\S+)(?: community (\S+))?/.exec(line) ?? [];
	if (primary === "") return [];
	return [
		word("pvlan", primary),
		...(isolated === "none" ? [] : [word("pvlan-isolated", primary, isolated)]),
		...vlansIn(communities).map((vlan) => word("pvlan-community", primary, `${vlan}`)),
	];
}

/** The VLANs of a list as ifconfig prints it. */
function vlansIn(list: string): readonly number[] {
	return list.split(",").flatMap((part) => {
		const [first = Number.NaN, last = first] = part.split("-").map(Number);
		return netstart.isVlan(first) && netstart.isVlan(last) ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
	});
}

const textOf = ({ word: name, args }: Word): string => [name, ...args].join(" ");

export interface VlanLines {
	/** Before what else is new in the file: what has to go. */
	readonly before: string;
	/** After it, when all ports are there. */
	readonly after: string;
}

/**
 * Lines for netstart that bring the VLANs of a running veb to those of its file. Ports of a private VLAN that comes or goes leave
 * their VLANs for a moment: the kernel changes none that is in use.
 *
 * @param isThere whether the host has a port, or will have
 */
export function vlanLines(live: LiveInterface, wanted: netstart.VebState, isThere: (name: string) => boolean): VlanLines {
	const { added, gone } = pvlanChange(live, wanted);
	const changing = new Set([...added, ...gone].map(({ args }) => Number(args.at(-1))));
	const isIn = ({ untagged, tagged }: LiveMember): boolean =>
		changing.has(Number(untagged)) || vlansIn(tagged ?? "").some((vlan) => changing.has(vlan));
	const moved = live.members.filter(isIn);
	const members = new Map(
		live.members.map((member) => [member.interface, moved.includes(member) ? { ...member, untagged: "", tagged: "" } : member]),
	);
	const leave = moved.flatMap(({ interface: port }) => [
		// A vport is always in some VLAN.
		/^vport/.test(port) ? word("untagged", port, "default") : word("-untagged", port),
		word("tagged", port, "none"),
	]);
	const ports = [...wanted.ports].flatMap(([port, state]) => {
		const now = members.get(port);
		if (now !== undefined) return portWords(port, state, now);
		return isThere(port)
			? [untaggedWord(port, state), ...(state.tagged.size === 0 ? [] : [word("tagged", port, vlanRanges(state.tagged))])]
			: [];
	});
	const lines = (words: readonly Word[]): string => words.map((one) => `${textOf(one)}\n`).join("");
	const removed = gone.map(({ word: name, args }) => word(`-${name}`, ...args));
	return { before: lines([...leave, ...removed]), after: lines([...added, ...vnetidWords(live, wanted), ...ports]) };
}
