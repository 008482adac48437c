/** Switches, guests and their interfaces in vm.conf, written beside what is there. */

import type { Host } from "../host/model.ts";
import { VM_CONF } from "../text/host-paths.ts";
import type { Place } from "../text/place.ts";
import { registered, type VmGuest, type VmInterface, type VmSwitch } from "../vm/model.ts";
import { type Draft, withLines } from "./draft.ts";

/** A group has at most 15 characters, and does not end in a digit (priv.c, priv_validgroup). */
export function groupNamed(name: string): string {
	const word = name.replace(/[^A-Za-z0-9_.-]/g, "_");
	return /\d$/.test(word) ? `${word.slice(0, 14)}_` : word.slice(0, 15).replace(/\d+$/, "") || "guests";
}

export function switchNamed(host: Host, name: string): VmSwitch | undefined {
	return host.vm.switches.find((one) => one.name.value === name && one.disabled === undefined);
}

export function guestNamed(host: Host, name: string): VmGuest | undefined {
	return registered(host.vm).get(name);
}

/** A guest's interface in a switch. */
export function plugIn(host: Host, guest: string, switchName: string): VmInterface | undefined {
	return guestNamed(host, guest)?.interfaces.find((nic) => nic.switch?.value === switchName);
}

function append(draft: Draft, lines: readonly string[]): void {
	const text = draft.text(VM_CONF) ?? "";
	draft.write(VM_CONF, withLines(text === "" ? "" : withLines(text, ""), ...lines));
}

/** Defines a switch; of one that is there, only a group is added where it has none. */
export function ensureSwitch(draft: Draft, name: string, bridge: string, group: string): void {
	const known = switchNamed(draft.host, name);
	if (known === undefined) append(draft, [`switch "${name}" {`, `\tinterface ${bridge}`, "\tlocked lladdr", `\tgroup ${group}`, "}"]);
	else if (known.group === undefined) addOption(draft, known, `group ${group}`);
}

export function ensureGuest(draft: Draft, name: string, { memory, disk }: { readonly memory: string; readonly disk: string }): void {
	if (guestNamed(draft.host, name) === undefined) append(draft, [`vm "${name}" {`, `\tmemory ${memory}`, `\tdisk "${disk}"`, "}"]);
}

/** Gives a guest an interface in a switch, where it has none there. */
export function ensurePlug(draft: Draft, guest: string, switchName: string, lladdr: string): void {
	const known = guestNamed(draft.host, guest);
	const nic = plugIn(draft.host, guest, switchName);
	if (known === undefined) return;
	if (nic === undefined) {
		addBlock(draft, { file: known.file, span: known.body }, ["interface {", `\tswitch "${switchName}"`, `\tlladdr ${lladdr}`, "}"]);
	} else ensureLladdr(draft, nic, lladdr);
}

function ensureLladdr(draft: Draft, nic: VmInterface, lladdr: string): void {
	if (nic.lladdr === undefined) addOption(draft, nic, `lladdr ${lladdr}`);
}

/** Gives an interface of a guest a tap that stays the same from start to start. */
export function ensureTap(draft: Draft, nic: VmInterface, tap: string): void {
	if (nic.tap !== undefined) return;
	const text = draft.text(nic.file) ?? "";
	const word = text.indexOf("interface", nic.span.start) + "interface".length;
	draft.write(nic.file, `${text.slice(0, word)} ${tap}${text.slice(word)}`);
}

export function ensureGroup(draft: Draft, nic: VmInterface, group: string): void {
	if (nic.group === undefined) addOption(draft, nic, `group ${group}`);
}

/** Adds an option to the block of a switch or of an interface; a block that stands on one line stays there. */
function addOption(draft: Draft, { file, span }: Place, option: string): void {
	const text = draft.text(file) ?? "";
	const whole = text.slice(span.start, span.end);
	const brace = whole.lastIndexOf("}");
	if (brace < 0) {
		const [, head = "interface", rest = ""] = /^(interface(?:\s+[a-z]+\d+)?)\s*([\s\S]*)$/.exec(whole) ?? [];
		const options = [...rest.split(",").map((one) => one.trim()), option].filter(Boolean).join(" ");
		draft.write(file, `${text.slice(0, span.start)}${head} { ${options} }${text.slice(span.end)}`);
	} else if (!whole.includes("\n")) {
		draft.write(file, `${text.slice(0, span.start)}${whole.slice(0, brace).trimEnd()} ${option} }${text.slice(span.end)}`);
	} else addBlock(draft, { file, span }, [option]);
}

/** Adds lines before the closing brace of a block, indented as the block's inside. */
function addBlock(draft: Draft, { file, span }: Place, lines: readonly string[]): void {
	const text = draft.text(file) ?? "";
	const brace = text.lastIndexOf("}", span.end - 1);
	const start = text.lastIndexOf("\n", brace) + 1;
	const before = text.slice(start, brace);
	const alone = before.trim() === "";
	const indent = alone ? before : (/^\s*/.exec(before)?.[0] ?? "");
	const added = lines.map((line) => `${indent}\t${line}\n`).join("");
	draft.write(
		file,
		alone ? text.slice(0, start) + added + text.slice(start) : `${text.slice(0, brace).trimEnd()}\n${added}${indent}${text.slice(brace)}`,
	);
}

/** A MAC address that nothing on the host has: of this host, by its name, and unicast. */
export function freeLladdr(host: Host, from = 1): string {
	const taken = new Set([
		...host.vm.guests.flatMap(({ interfaces }) => interfaces.map(({ lladdr }) => lladdr?.value.toLowerCase())),
		...host.configs.map(({ lladdr }) => lladdr?.value),
	]);
	// FNV-1a: hosts on one network get different addresses.
	let hash = 0x811c9dc5;
	for (const character of host.source.name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
	const octet = (value: number): string => (value & 0xff).toString(16).padStart(2, "0");
	for (let unit = from; ; unit++) {
		const lladdr = `fe:e1:bb:${octet(hash)}:${octet(unit >> 8)}:${octet(unit)}`;
		if (!taken.has(lladdr)) return lladdr;
	}
}
