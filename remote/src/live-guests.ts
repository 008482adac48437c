/** What `vmctl status` prints (usr.sbin/vmctl/vmctl.c, print_vm_info()). */
import { type Section, TIMED_OUT } from "./live-script.ts";

/** vmctl's words, in vm_state(). */
export type GuestState = "running" | "paused" | "stopping" | "waiting" | "stopped" | "unknown";

/** A guest as vmd lists it. */
export interface ListedGuest {
	/** vmd's number for it, which its taps' descriptions begin with. */
	readonly id: number;
	readonly name: string;
	readonly state: GuestState;
	readonly pid?: number;
	readonly cpus: number;
	/** As vmctl prints sizes: `1.0G`. */
	readonly maxMemory: string;
	/** Undefined while it does not run. */
	readonly memory?: string;
	/** Undefined while it does not run. */
	readonly tty?: string;
	/** `user` or `user:group`, cut at 15 characters by vmctl. */
	readonly owner: string;
}

/** Whether vmd answered, and if not, why. */
export type VmdAnswer =
	| { readonly kind: "answered" }
	/** It does not run, or is not installed. */
	| { readonly kind: "absent" }
	/** The user may not open its socket, which is root's and wheel's unless vm.conf says `socket owner`. */
	| { readonly kind: "notPermitted" }
	| { readonly kind: "timedOut" }
	/** The answer was cut, or says something that vmctl is not known to say. */
	| { readonly kind: "failed"; readonly message: string };

export interface GuestList {
	readonly vmd: VmdAnswer;
	readonly guests: readonly ListedGuest[];
}

const states: ReadonlySet<string> = new Set<GuestState>(["running", "paused", "stopping", "waiting", "stopped", "unknown"]);
const isState = (word: string): word is GuestState => states.has(word);

/**
 * Reads what `vmctl status` printed.
 * @param unread gets the lines that are neither a guest nor an answer that is known
 */
export function readGuests({ lines, status }: Section, unread: string[]): GuestList {
	const guests: ListedGuest[] = [];
	const messages: string[] = [];
	let listed = false;
	for (const line of lines) {
		if (/^\s*ID\s+PID\s+VCPUS\s/.test(line)) listed = true;
		else if (line.startsWith("vmctl: ")) messages.push(line);
		else if (line.trim() !== "") {
			const guest = listed ? readGuest(line) : undefined;
			if (guest !== undefined) guests.push(guest);
			else if (listed) unread.push(line);
			else messages.push(line);
		}
	}
	return { vmd: answer(listed, messages, status), guests };
}

/** The exit status is 1 where there is no guest, below a header: that is an answer. */
function answer(listed: boolean, messages: readonly string[], status: number | undefined): VmdAnswer {
	const message = messages.join("; ");
	if (/\bPermission denied\b/.test(message)) return { kind: "notPermitted" };
	if (status === 127 || /connect: .*(No such file or directory|Connection refused)/.test(message)) return { kind: "absent" };
	if (status === TIMED_OUT) return { kind: "timedOut" };
	if (listed && status !== undefined && message === "") return { kind: "answered" };
	return { kind: "failed", message: message || (status === undefined ? "the answer was cut" : `vmctl exited with ${status}`) };
}

/** Columns may be wider than their headings; no value holds a blank. */
function readGuest(line: string): ListedGuest | undefined {
	const [id = "", pid = "", cpus = "", maxMemory = "", memory = "", tty = "", owner = "", state = "", name, ...more] = line
		.trim()
		.split(/\s+/);
	if (name === undefined || more.length > 0 || !/^\d+$/.test(id) || !/^\d+$/.test(cpus) || !isState(state)) return undefined;
	return {
		id: Number(id),
		name,
		state,
		cpus: Number(cpus),
		maxMemory,
		owner,
		...(/^\d+$/.test(pid) ? { pid: Number(pid) } : {}),
		...(memory === "-" ? {} : { memory }),
		...(tty === "-" ? {} : { tty }),
	};
}
