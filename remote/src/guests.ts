/** What vmctl(8) does to a guest, and its console. */
import type { Asked, RunOnHost } from "./live.ts";
import { readRootAnswer } from "./live-rules.ts";
import { loginLine, sh } from "./shell-words.ts";

/** vmctl's words for what is done to a guest; `kill` ends it at once, as `stop -f` does. */
const words = {
	start: ["start"],
	stop: ["stop"],
	kill: ["stop", "-f"],
	pause: ["pause"],
	resume: ["unpause"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type GuestAction = keyof typeof words;

/** A name that vmd gives a guest, and that no program takes for an option. */
function isGuestName(name: string): boolean {
	return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name);
}

/**
 * Does something to a guest: as ourselves, which its owner may in the group wheel, else by doas(1). Answers what vmctl said.
 * @param user who we are on the host, for the line of doas.conf
 */
export async function actOnGuest(
	run: RunOnHost,
	guest: string,
	action: GuestAction,
	user: string,
	signal?: AbortSignal,
): Promise<Asked<string>> {
	if (!isGuestName(guest)) return { kind: "failed", message: `${guest}: no name of a guest` };
	const command = ["vmctl", ...words[action], guest] as const;
	const options = { milliseconds: 60_000, ...(signal === undefined ? {} : { signal }) };
	const own = await run(sh`${command}`, options);
	const isDenied = /: (Permission denied|Operation not permitted)$/m.test(own.stderr);
	const result = isDenied && user !== "root" ? await run(sh`doas -n ${command}`, options) : own;
	const answer = readRootAnswer(result, user, ["vmctl"]);
	// What it did it tells on standard error (usr.sbin/vmctl/vmctl.c).
	return answer.kind === "answered" ? { kind: "answered", value: result.stderr.trim() } : answer;
}

/**
 * The line for ssh(1) that opens a guest's console in a terminal; undefined where the name is none of a guest. A console is a
 * terminal of whoever started the guest, which others of the group wheel may not open, though vmd tells them of it.
 */
export function consoleLine(guest: string): string | undefined {
	if (!isGuestName(guest)) return undefined;
	return loginLine(
		sh`at=/dev/$(vmctl status ${guest} 2>/dev/null | awk 'NR == 2 { print $6 }'); [ -c "$at" ] || at=/var/run/vmd.sock; if [ -r "$at" ] && [ -w "$at" ]; then exec vmctl console ${guest}; fi; exec doas vmctl console ${guest}`,
	);
}
