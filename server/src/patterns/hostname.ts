/** Lines of hostname.if files. */
import { hostnamePath, readInterface } from "../host/interface-config.ts";
import { linesOf } from "../text/line-diff.ts";
import { type Draft, withLines } from "./draft.ts";

/** A line as its words, without its comment: how lines are compared. */
function words(line: string): string {
	return line
		.replace(/(^|\s)#.*/, "")
		.trim()
		.split(/\s+/)
		.join(" ");
}

/**
 * Makes a hostname file have lines. Those that are missing go before its `up`, or to its end; a file that is not there
 * is made, with the comment as its first line.
 */
export function ensureLines(draft: Draft, name: string, comment: string, lines: readonly string[]): void {
	const text = draft.text(hostnamePath(name));
	if (text === undefined) {
		draft.write(hostnamePath(name), withLines("", `# ${comment}`, ...lines));
		return;
	}
	const there = linesOf(text);
	const known = new Set(there.map(words));
	const missing = lines.filter((line) => !line.startsWith("#") && !known.has(words(line)));
	if (missing.length === 0) return;
	// A comment goes along with the line that it stands above.
	const added = lines.filter((line, i) => missing.includes(line) || (line.startsWith("#") && missing.includes(lines[i + 1] ?? "")));
	const up = there.findIndex((line) => words(line) === "up");
	if (up < 0 || added.includes("up")) draft.write(hostnamePath(name), withLines(text, ...added));
	else draft.write(hostnamePath(name), [...there.slice(0, up), ...added.map((line) => `${line}\n`), ...there.slice(up)].join(""));
}

/** Makes sure that an interface of the machine is brought up; one with an address is. */
export function ensureUp(draft: Draft, name: string, comment: string): void {
	const text = draft.text(hostnamePath(name));
	if (text !== undefined) {
		const { up, addresses, autoconf } = readInterface(hostnamePath(name), text);
		if (up !== undefined || addresses.length > 0 || autoconf.inet !== undefined || autoconf.inet6 !== undefined) return;
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
	draft.write(
		hostnamePath(name),
		linesOf(text)
			.filter((line) => words(line) !== `add ${member}`)
			.join(""),
	);
}

/** What an uplink without a file of its own gets its address from: DHCP, or an address that is written down. */
export function ensureUplink(draft: Draft, name: string, address: string): void {
	if (address === "elsewhere" || draft.text(hostnamePath(name)) !== undefined) return;
	draft.write(
		hostnamePath(name),
		withLines("", "# the way to the outside", address === "autoconf" ? "inet autoconf" : `inet ${address}`, "up"),
	);
}
