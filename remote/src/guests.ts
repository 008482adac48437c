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
	const isDenied = /: (Permission denied|Operation not permitted)$/m.test(own.stdout + own.stderr);
	const result = isDenied && user !== "root" ? await run(sh`doas -n ${command}`, options) : own;
	// What stop was refused it tells on standard output, with status 0 (usr.sbin/vmctl/vmctl.c, vm_stop()).
	const said = [result.stderr, result.stdout].map((text) => text.trim()).find((text) => text !== "") ?? "";
	if (result.status === 0 && / failed: |: vm not found$/m.test(said)) return { kind: "failed", message: said };
	const answer = readRootAnswer(result, user, ["vmctl"]);
	return answer.kind === "answered" ? { kind: "answered", value: said } : answer;
}

/** The line for ssh(1) that opens a guest's console in a terminal; undefined where the name is none of a guest. */
export function consoleLine(guest: string): string | undefined {
	if (!isGuestName(guest)) return undefined;
	return loginLine(sh`if [ -w /var/run/vmd.sock ]; then exec vmctl console ${guest}; fi; exec doas vmctl console ${guest}`);
}
