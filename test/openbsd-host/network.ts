/** netstart and sysctl over the simulated state. */
import { isCloned, netstart as library } from "@openbsd-vnet/server";
import { configure } from "./ifconfig.ts";
import { fail, getopt, type Machine, ok, type Program } from "./program.ts";
import { route, setDefaultRoutes } from "./routes.ts";

/**
 * `sh /etc/netstart [-n] [IF ...]`: makes what is cloned first, and then configures one after the other, at boot in its own
 * order. It is content whatever becomes of its commands. Of lines that begin with `!` only those run that set routes: others
 * would run on another machine.
 */
export const netstart: Program = (machine, args) => {
	if (machine.uid !== 0) return fail("netstart: need root privileges");
	const parsed = getopt(args, "n");
	if (parsed === undefined) return fail("usage: netstart [-n] [interface ...]");
	const dry = parsed.options.length > 0;
	const files = machine.hostnameFiles;
	const all = machine.list(files.replace(/[^/]*$/, "")).flatMap((name) => /^hostname\.([A-Za-z]+[0-9]+)$/.exec(name)?.[1] ?? []);
	const names = parsed.rest.length > 0 ? parsed.rest : [...all].sort(library.startOrder);
	const printed: string[] = [];
	const complaints: string[] = [];
	for (const name of [...names].filter((each) => all.includes(each) && isCloned(each)).sort()) {
		printed.push(`{ ifconfig ${name} || ifconfig ${name} create; }`);
		if (!dry) create(machine, name);
	}
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
		if (dry || !create(machine, name)) continue;
		for (const command of commands) complaints.push(...run(machine, shellWords(command)));
	}
	// Its last step is that of the default routes, whatever became of the interfaces.
	if (!dry) setDefaultRoutes(machine);
	return {
		status: 0,
		stdout: dry ? printed.map((line) => `${line}\n`).join("") : "",
		stderr: complaints.map((line) => `${line}\n`).join(""),
	};
};

/** Whether the interface is there, or can be made. */
function create(machine: Machine, name: string): boolean {
	return machine.state.interfaces.some((each) => each.name === name) || configure(machine, name, ["create"]).status === 0;
}

function run(machine: Machine, [program, name, ...words]: readonly string[]): readonly string[] {
	const answer =
		program === "ifconfig" && name !== undefined && words.length > 0
			? configure(machine, name, words)
			: program === "route" && name !== undefined
				? route(machine, [name, ...words])
				: ok();
	return (answer.stderr ?? "").split("\n").filter((line) => line !== "");
}

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
	let [stdout, stderr] = ["", ""];
	for (const each of names) {
		const [name = "", value] = each.split("=", 2);
		const before = state.sysctl[name];
		if (before === undefined) stderr += `sysctl: ${unknownPart(name, Object.keys(state.sysctl))} in ${name} is invalid\n`;
		else if (value === undefined) stdout += bare ? `${before}\n` : `${name}=${before}\n`;
		else if (uid !== 0) stderr += `sysctl: ${name}: Operation not permitted\n`;
		else if (/^\d+$/.test(before) && !/^\d+$/.test(value)) stderr += `sysctl: ${name}: value is invalid: ${value}\n`;
		else {
			state.sysctl[name] = value;
			stdout += `${name}: ${before} -> ${value}\n`;
		}
	}
	// The status is 0 whatever it could not do (sbin/sysctl/sysctl.c, parse()).
	return { stdout, stderr, status: 0 };
};

/** The first part of a name that no other name has there. */
function unknownPart(name: string, known: readonly string[]): string {
	const parts = name.split(".");
	const at = parts.findIndex((_, i) => !known.some((other) => other.startsWith(parts.slice(0, i + 1).join("."))));
	return `${["top", "second", "third", "fourth"][at] ?? "fifth"} level name ${parts[at] ?? name}`;
}
