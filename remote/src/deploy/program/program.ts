/**
 * The program that does on a host what is done there as root. It is one script for sh(1): installed, it is all that doas(1) must
 * permit; to whoever logs in as root it is given as it is.
 *
 * All of its state lies in one folder of its own; marks are symbolic links, which are made at once or not at all, and for which
 * even a full disk has room:
 *
 *	/var/backups/openbsd-vnet/lock        leads nowhere: `deployment:ID` of the one that holds it
 *	/var/backups/openbsd-vnet/ID/
 *		program                           this program, as it was when the deployment began: its end needs nobody but the host
 *		plan                              what changes and what runs, in lines (requests.ts)
 *		pid, beat, deadline, log          of the watchdog, and how commands ended; the deadline is in seconds since 1970,
 *		                                  with when it was set
 *		user                              who deploys
 *		new/N, old/N                      the files by their numbers; kept where it was confirmed
 *		manifest                          a line for each: N, whether it was there before, its path
 *		run/                              what is made active before it is confirmed: rulesets that name each other there, hostname files, netstart
 *		sysctl.NAME, interface.NAME, absent.NAME, ran.DAEMON, rules
 *		                                  what was active before
 *		complete                          from here on there is something to roll back to
 *		began.N, swapped.N, made.N        commands, files in their places, folders: what is to be undone
 *		busy -> PID                       a step changes something: what is decided waits for its end
 *		decided -> confirm | restore      made by whoever ends the deployment: the one who can make it
 *		settling -> PID                   it is being ended
 *		outcome -> confirmed | restored | incomplete
 *
 * Until it is confirmed the files in /etc are the old ones: a host that restarts is the host that it was.
 */
import { hostProgramParts } from "./text.ts";

/** What it is called by, on the host and in doas.conf(5): doas looks for it where only root installs. */
export const programName = "openbsd-vnet-host";

/** The number of its interface: verbs and what they take. It stands in its text as well, and a program of another is refused. */
export const programInterface = "3";

/** Its version, which it tells as well: that of the package that it comes with. */
export const programVersion = "0.1.0";

/** Its text. */
export const hostProgram = hostProgramParts.map(({ text }) => text).join("\n");

/** The lock is held by somebody else. */
export const LOCKED = 75;
/** The watchdog was faster. */
export const TOO_LATE = 76;
/** Somebody changed a file on the host meanwhile. */
export const CHANGED = 77;
/** It does not do that. */
export const REFUSED = 64;
