/** Lines of hostname.if files. */

import { readInterface } from "../host/interfaces.ts";
import { hasAddress } from "../host/model.ts";
import { hostnamePath } from "../hostname/names.ts";
import { type Setting, settingsOf } from "../hostname/settings.ts";
import type { Release } from "../text/vocabulary.ts";
import { type Draft, withLines } from "./draft.ts";

/** What a line sets, as text that is the same for all lines that set the same. */
function meaningOf({ span: _, ...setting }: Setting): string {
	return JSON.stringify(setting);
}

function meaningsOf(name: string, text: string, release: Release | undefined): readonly string[] {
	return settingsOf(name, text, release).flatMap(({ settings }) => settings.map(meaningOf));
}

/**
 * Makes a hostname file have lines. Those of which it lacks a setting go before its `up`, or to its end; a file that is not
 * there is made, with the comment as its first line.
 */
export function ensureLines(draft: Draft, name: string, comment: string, lines: readonly string[]): void {
	const text = draft.text(hostnamePath(name));
	if (text === undefined) {
		draft.write(hostnamePath(name), withLines("", `# ${comment}`, ...lines));
		return;
	}
	const ended = withLines(text);
	const { release } = draft.host.source;
	const known = new Set(meaningsOf(name, ended, release));
	const missing = lines.filter((line) => !line.startsWith("#") && !meaningsOf(name, `${line}\n`, release).every((one) => known.has(one)));
	if (missing.length === 0) return;
	// A comment goes along with the line that it stands above.
	const added = lines.filter((line, i) => missing.includes(line) || (line.startsWith("#") && missing.includes(lines[i + 1] ?? "")));
	const up = settingsOf(name, ended, draft.host.source.release).find(({ settings }) =>
		settings.some((one) => one.kind === "word" && one.word === "up"),
	);
	const at = up === undefined || added.includes("up") ? ended.length : up.start;
	draft.write(hostnamePath(name), withLines(ended.slice(0, at), ...added) + ended.slice(at));
}

/** Makes sure that an interface of the machine is brought up; one with an address is. */
export function ensureUp(draft: Draft, name: string, comment: string): void {
	const text = draft.text(hostnamePath(name));
	if (text !== undefined) {
		const config = readInterface(hostnamePath(name), text, draft.host.source.release);
		if (config.up !== undefined || hasAddress(config)) return;
	}
	ensureLines(draft, name, comment, ["up"]);
}

/** Makes sure that an interface exists when netstart(8) gets to those that name it. */
export function ensureFile(draft: Draft, name: string, comment: string): void {
	if (draft.text(hostnamePath(name)) === undefined) draft.write(hostnamePath(name), `# ${comment}\n`);
}

/** Takes a member out of a bridge or veb. */
export function removeMember(draft: Draft, name: string, member: string): void {
	const text = draft.text(hostnamePath(name));
	if (text === undefined) return;
	const ended = withLines(text);
	const added = settingsOf(name, ended, draft.host.source.release).filter(
		({ settings: [one, ...others] }) => others.length === 0 && one?.kind === "word" && one.word === "add" && one.args[0] === member,
	);
	const without = added.reduceRight((rest, { start, source }) => rest.slice(0, start) + rest.slice(start + source.length), ended);
	draft.write(hostnamePath(name), without);
}

/** What an uplink without a file of its own gets its address from: DHCP, or an address that is written down. */
export function ensureUplink(draft: Draft, name: string, address: string): void {
	if (address === "elsewhere" || draft.text(hostnamePath(name)) !== undefined) return;
	draft.write(
		hostnamePath(name),
		withLines("", "# the way to the outside", address === "autoconf" ? "inet autoconf" : `inet ${address}`, "up"),
	);
}
