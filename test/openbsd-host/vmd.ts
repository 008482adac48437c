/** vmd and vmctl: guests that start, stop and take the taps that are free (usr.sbin/vmd/config.c, vmd.c; usr.sbin/vmctl). */
import { vmd as library, type VmConfig, VmFile, type VmGuest } from "@openbsd-vnet/server";
import { vmctlStatus } from "./print.ts";
import { fail, getopt, type Machine, ok, type Program, type Result } from "./program.ts";
import { addMember, newInterface, removeMember, type SimulatedGuest, type SimulatedInterface, type SimulatedState } from "./state.ts";

const CONFIG = "/etc/vm.conf";

export const vmd: Program = (machine, args) => {
	const parsed = getopt(args, "D:P:I:V:X:df:i:j:nt:vp:");
	if (parsed === undefined || parsed.rest.length > 0) return fail("usage: vmd [-dnv] [-D macro=value] [-f file]");
	const { options } = parsed;
	const path = options.find(([letter]) => letter === "f")?.[1] ?? CONFIG;
	if (!options.some(([letter]) => letter === "n")) {
		if (machine.uid !== 0) return fail("vmd: need root privileges");
		machine.state.vmd = "running";
		return loadConfig(machine, path) ? ok() : { status: 1 };
	}
	const text = machine.readFile(path);
	// vmd takes a configuration file that is missing for an empty one.
	if (text === undefined) return ok("", "configuration OK\n");
	const macros = Object.fromEntries(options.filter(([letter]) => letter === "D").map(([, value]) => value.split("=", 2)));
	const read = library.dryRun(text, { fileName: path, readFile: (name) => machine.readFile(name), macros });
	const missing = missingDisks(machine, path, text);
	const [accepted, stderr] = [read.accepted && missing.length === 0, [...missing, ...read.stderr]];
	return { status: accepted ? 0 : 1, stderr: [...stderr, ...(accepted ? ["configuration OK"] : [])].map((line) => `${line}\n`).join("") };
};

/** vmd looks for the disks as it reads its file (parse.y, parse_disk()). */
function missingDisks(machine: Machine, path: string, text: string): readonly string[] {
	const { guests } = VmFile.parse(text, { path, readFile: (name) => machine.readFile(name) }).config;
	return guests
		.flatMap(({ disks }) => disks)
		.flatMap(({ value, file, span }) => {
			if (value === "" || machine.readFile(value) !== undefined) return [];
			const line = (machine.readFile(file) ?? "").slice(0, span.start).split("\n").length;
			return [`vmd: disk ${value}: No such file or directory`, `vmd: ${file}:${line}: failed to parse disks: ${value}`];
		});
}

const commands: Readonly<Record<string, (machine: Machine, args: readonly string[]) => Result>> = {
	status: ({ state }, args) => status(state, args),
	show: ({ state }, args) => status(state, args),
	start: (machine, [name = ""]) => {
		const guest = guestOf(machine.state, name);
		// vmctl takes a name that vmd has not for one of a new guest, which root alone may start.
		if (guest === undefined)
			return fail(machine.uid === 0 ? "vmctl: could not open disk image(s)" : "vmctl: start vm command failed: Operation not permitted");
		if (!mayRun(machine, guest)) return fail("vmctl: start vm command failed: Operation not permitted");
		if (guest.pid !== undefined) return fail("vmctl: start vm command failed: Operation already in progress");
		startGuest(machine, guest);
		return ok("", `vmctl: started vm ${guest.id} successfully, tty /dev/${guest.tty}\n`);
	},
	stop: (machine, args) => {
		const { state } = machine;
		const words = args.filter((word) => !word.startsWith("-"));
		const chosen = args.includes("-a") ? state.guests.filter(({ pid }) => pid !== undefined) : [guestOf(state, words[0] ?? "")];
		// Whether it runs is asked before who may (vmd.c, vmd_dispatch_control()).
		const refusals = chosen.map((guest) =>
			guest === undefined
				? "vm not found"
				: guest.pid === undefined
					? "failed: Invalid argument"
					: mayRun(machine, guest)
						? undefined
						: "failed: Operation not permitted",
		);
		const lines = chosen.map((guest, i) => {
			const begin = `stopping vm ${guest?.name ?? words[0] ?? ""}: `;
			if (guest === undefined || refusals[i] !== undefined) return `${begin}${refusals[i]}\n`;
			stopGuest(state, guest);
			return `${begin}${args.includes("-w") ? "terminated" : "requested to shutdown"} vm ${guest.id}\n`;
		});
		return { status: refusals.every((each) => each === undefined) ? 0 : 1, stderr: lines.join("") };
	},
	pause: (machine, [name = ""]) => setState(machine, name, "paused"),
	unpause: (machine, [name = ""]) => setState(machine, name, "running"),
	reload: (machine) => {
		if (machine.uid !== 0) return fail("vmctl: command failed: Operation not permitted");
		// Guests that do not run are forgotten before the file is read (vmd.c, vmd_reload()).
		machine.state.guests = machine.state.guests.filter(({ pid }) => pid !== undefined);
		return loadConfig(machine, CONFIG) ? ok() : fail("vmctl: command failed");
	},
	load: (machine, [path = CONFIG]) => {
		if (machine.uid !== 0) return fail("vmctl: command failed: Operation not permitted");
		return loadConfig(machine, path) ? ok() : fail("vmctl: command failed");
	},
	reset: ({ state, uid }, [what = "all"]) => {
		if (uid !== 0) return fail("vmctl: command failed: Operation not permitted");
		if (what !== "switches") {
			for (const guest of state.guests) stopGuest(state, guest);
			state.guests = [];
		}
		return ok();
	},
};

export const vmctl: Program = (machine, args) => {
	const [word = "", ...rest] = args;
	// A command may be cut to where it is unique (main.c, parse()).
	const name = Object.keys(commands).find((each) => word !== "" && each.startsWith(word));
	const run = name === undefined ? undefined : commands[name];
	if (run === undefined) return fail("usage:\tvmctl [-v] command [arg ...]");
	const { vmd: daemon } = machine.state;
	if (daemon === "absent") return fail("vmctl: connect: /var/run/vmd.sock: No such file or directory");
	if (daemon === "notPermitted" && machine.uid !== 0) return fail("vmctl: connect: /var/run/vmd.sock: Permission denied");
	return run(machine, rest);
};

function status(state: SimulatedState, args: readonly string[]): Result {
	const name = args.find((word) => !word.startsWith("-"));
	const guests = name === undefined ? state.guests : state.guests.filter((guest) => guest.name === name || String(guest.id) === name);
	const { text, status } = vmctlStatus({ ...state, guests }, args.includes("-r"));
	return { status, stdout: text };
}

function guestOf(state: SimulatedState, name: string): SimulatedGuest | undefined {
	return state.guests.find((guest) => guest.name === name || String(guest.id) === name);
}

/** Whether one may start and stop a guest: root, its owner, and the group that owns it (usr.sbin/vmd/vmd.c, vm_checkperm()). */
function mayRun({ uid, state: { user } }: Machine, { owner }: SimulatedGuest): boolean {
	const [name, group] = owner.split(":");
	return uid === 0 || name === user.name || (group !== undefined && user.groups.includes(group));
}

/** One that is paused is paused once more, without a word against it; one that does not run is none. */
function setState(machine: Machine, name: string, to: "running" | "paused"): Result {
	const verb = to === "paused" ? "pause" : "unpause";
	const guest = guestOf(machine.state, name);
	if (guest !== undefined && !mayRun(machine, guest)) return fail(`vmctl: ${verb} vm command failed: Operation not permitted`);
	if (guest?.pid === undefined) return fail(`vmctl: ${verb} vm command failed: No such file or directory`);
	guest.state = to;
	return ok("", `vmctl: ${verb}d vm ${guest.id} successfully\n`);
}

/** Registers the guests of a vm.conf that are not known, and starts those that are enabled. False where it does not parse. */
function loadConfig(machine: Machine, path: string): boolean {
	const text = machine.readFile(path);
	if (text === undefined) return true;
	const readFile = (name: string): string | undefined => machine.readFile(name);
	if (!library.dryRun(text, { fileName: path, readFile }).accepted) return false;
	const config = VmFile.parse(text, { path, readFile }).config;
	for (const [index, { name, interface: on }] of config.switches.entries()) {
		const joined = machine.state.interfaces.find((each) => each.name === on?.value);
		if (joined !== undefined) joined.description = `switch${index + 1}-${name.value}`;
	}
	for (const guest of config.guests) {
		const name = guest.name.value;
		let known = guestOf(machine.state, name);
		if (known === undefined) {
			known = {
				id: freeId(machine.state),
				name,
				state: "stopped",
				cpus: 1,
				memory: guest.memory?.value ?? 512 * 1024 ** 2,
				// A group's is root's as well, until somebody of it starts the guest.
				owner: (guest.owner?.value ?? "root").replace(/^:/, "root:"),
				taps: [],
			};
			machine.state.guests.push(known);
		}
		if (known.pid === undefined && guest.disabled === undefined) startGuest(machine, known, config);
	}
	return true;
}

/** Whether vmd stays up: `vmd -n` says nothing of a bridge that is not there, of which the daemon dies. */
export function staysUp(machine: Machine): boolean {
	const text = machine.readFile(CONFIG);
	if (text === undefined) return true;
	const readFile = (name: string): string | undefined => machine.readFile(name);
	if (!library.dryRun(text, { fileName: CONFIG, readFile }).accepted) return false;
	return (configOf(machine)?.switches ?? []).every(
		({ interface: on }) => on === undefined || machine.state.interfaces.some(({ name }) => name === on.value),
	);
}

function freeId({ guests }: SimulatedState): number {
	return Math.max(0, ...guests.map(({ id }) => id)) + 1;
}

/** Starts a guest: each interface opens its pinned tap or the lowest that is free (vmm.c, opentap()). */
function startGuest(machine: Machine, guest: SimulatedGuest, config = configOf(machine)): void {
	const { state } = machine;
	const wanted: VmGuest | undefined = config?.guests.find(({ name }) => name.value === guest.name);
	guest.state = "running";
	guest.pid = 40000 + guest.id * 13;
	guest.used = Math.round(guest.memory / 3);
	guest.tty = `ttyp${guest.id}`;
	guest.taps = [];
	for (let index = 0; index < (wanted?.interfaceCount ?? 1); index++) {
		const nic = wanted?.interfaces[index];
		const tap = openTap(state, nic?.tap?.value);
		tap.description = `vm${guest.id}-if${index}-${guest.name}`.slice(0, 63);
		if (nic?.group !== undefined && !tap.groups.includes(nic.group.value)) tap.groups.push(nic.group.value);
		if (nic?.local !== undefined) tap.addresses = [`100.64.${guest.id}.${(index + 1) * 2}/31`];
		const plugged = config?.switches.find(({ name }) => name.value === nic?.switch?.value);
		// The switch's group follows the interface's own (priv.c, vm_priv_ifconfig()).
		if (plugged?.group !== undefined && !tap.groups.includes(plugged.group.value)) tap.groups.push(plugged.group.value);
		const joined = state.interfaces.find(({ name }) => name === plugged?.interface?.value);
		if (joined !== undefined && !joined.members.includes(tap.name)) addMember(joined, tap.name);
		guest.taps.push(tap.name);
	}
}

/** Stops a guest. A tap that was made for it goes; another stays, with its description. */
function stopGuest(state: SimulatedState, guest: SimulatedGuest): void {
	for (const name of guest.taps) {
		const tap = state.interfaces.find((each) => each.name === name);
		if (tap === undefined) continue;
		if (tap.transient === true) removeInterface(state, name);
		else {
			tap.flags = tap.flags.filter((flag) => flag !== "UP" && flag !== "RUNNING");
			tap.status = "no carrier";
		}
	}
	guest.state = "stopped";
	guest.taps = [];
	delete guest.pid;
	delete guest.used;
	delete guest.tty;
}

export function removeInterface(state: SimulatedState, name: string): void {
	state.interfaces = state.interfaces.filter((each) => each.name !== name);
	for (const each of state.interfaces) {
		removeMember(each, name);
		if (each.rules !== undefined) each.rules = each.rules.filter((rule) => !`${rule} `.includes(` on ${name} `));
		if (each.trunkports !== undefined) each.trunkports = each.trunkports.filter((port) => port !== name);
		// What stood on it is down, and without a parent.
		if (each.parent !== name) continue;
		delete each.parent;
		each.flags = each.flags.filter((flag) => flag !== "UP" && flag !== "RUNNING");
	}
	if (state.routes !== undefined) state.routes = state.routes.filter((route) => route.interface !== name);
}

function openTap(state: SimulatedState, pinned: string | undefined): SimulatedInterface {
	const isFree = (name: string): boolean => !state.interfaces.some((each) => each.name === name && each.status === "active");
	let name = pinned ?? "";
	for (let number = 0; name === ""; number++) if (isFree(`tap${number}`)) name = `tap${number}`;
	let tap = state.interfaces.find((each) => each.name === name);
	if (tap === undefined) {
		tap = { ...newInterface(state, name), transient: true };
		state.interfaces.push(tap);
	}
	tap.flags = [...new Set([...tap.flags, "UP", "RUNNING", "PROMISC"])];
	tap.status = "active";
	return tap;
}

function configOf(machine: Machine): VmConfig | undefined {
	const text = machine.readFile(CONFIG);
	return text === undefined ? undefined : VmFile.parse(text, { path: CONFIG, readFile: (path) => machine.readFile(path) }).config;
}
