/** ifconfig, netstart and sysctl over the simulated state: what the products' files and checks ask of them, no more. */
import { netstart as library } from "@openbsd-vnet/server";
import { ifconfigList } from "./print.ts";
import { fail, getopt, type Machine, ok, type Program, type Result } from "./program.ts";
import { newInterface, type SimulatedInterface } from "./state.ts";
import { removeInterface } from "./vmd.ts";

export const ifconfig: Program = (machine, args) => {
	const { state } = machine;
	const [first, ...rest] = args;
	if (first === undefined || first === "-a" || first === "-A") return ok(ifconfigList(state));
	if (rest.length === 0) {
		const text = ifconfigList(state, first);
		return text === undefined ? fail(`${first}: no such interface`) : ok(text);
	}
	if (machine.uid !== 0) return fail(`ifconfig: SIOCSIFFLAGS: Operation not permitted`);
	return configure(machine, first, rest);
};

/** Takes an interface's words in turn. Words that are not known are let be: the dry run is who refuses. */
function configure({ state }: Machine, name: string, words: readonly string[]): Result {
	let to = state.interfaces.find((each) => each.name === name);
	if (words[0] === "create") {
		if (to !== undefined) return fail("ifconfig: SIOCIFCREATE: File exists");
		to = newInterface(state, name);
		state.interfaces.push(to);
		return words.length === 1 ? ok() : configure({ state } as Machine, name, words.slice(1));
	}
	if (to === undefined) {
		// ifconfig makes a cloned interface that it is told something about.
		if (!/^(bridge|veb|tpmr|vport|vether|tap|vlan|wg|lo|gif|gre|carp|trunk|pair)\d+$/.test(name))
			return fail(`ifconfig: ${name}: no such interface`);
		to = newInterface(state, name);
		state.interfaces.push(to);
	}
	if (words[0] === "destroy") {
		removeInterface(state, name);
		return ok();
	}
	for (let i = 0; i < words.length; i++) i += take(to, words, i);
	return ok();
}

/** @returns how many words after the first it took */
function take(to: SimulatedInterface, words: readonly string[], at: number): number {
	const [word = "", value = ""] = words.slice(at, at + 2);
	const flag = /^(-?)(link[012]|debug)$/.exec(word);
	if (flag !== null) {
		setFlag(to, (flag[2] ?? "").toUpperCase(), flag[1] === "");
		return 0;
	}
	switch (word) {
		case "up":
		case "down":
			setFlag(to, "UP", word === "up");
			if (!to.name.startsWith("tap")) setFlag(to, "RUNNING", word === "up");
			return 0;
		case "add":
			if (!to.members.includes(value)) to.members.push(value);
			return 1;
		case "del":
			to.members = to.members.filter((member) => member !== value);
			return 1;
		case "description":
		case "descr":
			to.description = value;
			return 1;
		case "-description":
		case "-descr":
			delete to.description;
			return 0;
		case "group":
			if (!to.groups.includes(value)) to.groups.push(value);
			return 1;
		case "-group":
			to.groups = to.groups.filter((group) => group !== value);
			return 1;
		case "mtu":
			to.mtu = Number(value);
			return 1;
		case "rdomain":
			to.rdomain = Number(value);
			return 1;
		case "lladdr":
			to.lladdr = value;
			return 1;
		case "inet":
		case "inet6":
			return 1 + takeAddress(to, words.slice(at + 1));
		default:
			return 0;
	}
}

function takeAddress(to: SimulatedInterface, words: readonly string[]): number {
	const [first = "", ...rest] = words[0] === "alias" ? words.slice(1) : words;
	const [address = "", length] = first.split("/");
	const mask = rest[0] === "netmask" || rest[0] === "prefixlen" ? rest[1] : undefined;
	const bits = length ?? (mask === undefined ? (address.includes(":") ? "64" : "24") : mask.includes(".") ? bitsOf(mask) : mask);
	if (/^[0-9a-f:.]+$/i.test(address))
		to.addresses = [...to.addresses.filter((each) => !each.startsWith(`${address}/`)), `${address}/${bits}`];
	return (words[0] === "alias" ? 1 : 0) + (mask === undefined ? 0 : 2);
}

function bitsOf(mask: string): string {
	const bits = mask
		.split(".")
		.map((part) => Number(part).toString(2).padStart(8, "0"))
		.join("");
	return String(bits.replace(/0+$/, "").length);
}

function setFlag(to: SimulatedInterface, flag: string, on: boolean): void {
	to.flags = on ? [...new Set([...to.flags, flag])] : to.flags.filter((each) => each !== flag);
}

/** Pseudo interfaces come first, those that stand on others last (etc/netstart). */
const lastKinds = /^(trunk|aggr|svlan|vlan|carp|pppoe|tun|tap|gif|etherip|gre|egre|nvgre|eoip|vxlan|wg|pflow)$/;

/** `sh /etc/netstart [-n] [IF ...]`. Lines that begin with `!` are only noted: here they would run on another machine. */
export const netstart: Program = (machine, args) => {
	if (machine.uid !== 0) return fail("netstart: need root privileges");
	const parsed = getopt(args, "n");
	if (parsed === undefined) return fail("usage: netstart [-n] [interface ...]");
	const dry = parsed.options.length > 0;
	const named = parsed.rest.length > 0;
	const files = machine.hostnameFiles;
	const all = machine.list(files.replace(/[^/]*$/, "")).flatMap((name) => /^hostname\.([A-Za-z]+[0-9]+)$/.exec(name)?.[1] ?? []);
	const last = (name: string): number => (lastKinds.test(name.replace(/\d+$/, "")) ? 1 : 0);
	const names = named ? parsed.rest : all.sort((a, b) => last(a) - last(b) || (a < b ? -1 : 1));
	const printed: string[] = [];
	const complaints: string[] = [];
	for (const name of names) {
		const text = machine.readFile(`${files}${name}`);
		if (text === undefined) {
			complaints.push(`netstart: ${files}${name}: No such file or directory.`);
			continue;
		}
		const lladdr = machine.state.interfaces.find((each) => each.name === name)?.lladdr;
		if (lladdr !== undefined && machine.readFile(`${files}${lladdr}`) !== undefined) {
			complaints.push(`netstart: ${files}${name}: ${files}${lladdr} overrides`);
			continue;
		}
		const commands = library.dryRun(name, text);
		printed.push(`{ ifconfig ${name} || ifconfig ${name} create; }`, ...commands);
		if (dry) continue;
		for (const command of commands) {
			const words = shellWords(command);
			if (words[0] === "ifconfig" && words[1] !== undefined && words.length > 2) {
				const { stderr } = configure(machine, words[1], words.slice(2));
				if (stderr) complaints.push(stderr.trimEnd());
			}
		}
	}
	// Its last step is that of the default routes, whatever became of the interfaces.
	return {
		status: 0,
		stdout: dry ? printed.map((line) => `${line}\n`).join("") : "",
		stderr: complaints.map((line) => `${line}\n`).join(""),
	};
};

/** Words with their quotes taken off; a comment ends them. */
function shellWords(text: string): readonly string[] {
	const words: string[] = [];
	for (const [whole] of text.matchAll(/(?:"(?:\\.|[^"])*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
		if (whole.startsWith("#")) break;
		words.push(
			whole.replace(
				/"((?:\\.|[^"])*)"|'([^']*)'|\\(.)/g,
				(_, double?: string, single?: string, plain?: string) => double ?? single ?? plain ?? "",
			),
		);
	}
	return words;
}

export const sysctl: Program = ({ state, uid }, args) => {
	const parsed = getopt(args, "Aanq");
	if (parsed === undefined) return fail("usage: sysctl [-Aan] [name[=value] ...]");
	const bare = parsed.options.some(([letter]) => letter === "n");
	const names = parsed.rest.length > 0 ? parsed.rest : Object.keys(state.sysctl);
	let stdout = "";
	for (const each of names) {
		const [name = "", value] = each.split("=", 2);
		const before = state.sysctl[name];
		if (before === undefined) return fail(`sysctl: second level name ${name.split(".")[1] ?? name} in ${name} is invalid`, 1, stdout);
		if (value === undefined) stdout += bare ? `${before}\n` : `${name}=${before}\n`;
		else if (uid !== 0) return fail(`sysctl: ${name}: Operation not permitted`, 1, stdout);
		else {
			state.sysctl[name] = value;
			stdout += `${name}: ${before} -> ${value}\n`;
		}
	}
	return ok(stdout);
};
