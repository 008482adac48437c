/** The smaller programs: rcctl, uname, id, sha256. */
import { createHash } from "node:crypto";
import { simulatedVersion } from "@openbsd-vnet/remote";
import { rcVariable, readRcConf } from "@openbsd-vnet/server";
import { fail, getopt, ok, type Program } from "./program.ts";
import { staysUp, vmctl, vmd } from "./vmd.ts";

/** What it has scripts of in /etc/rc.d. */
export const known = ["cron", "dhcpd", "ntpd", "pf", "pflogd", "sshd", "unbound", "vmd"];

export const rcctl: Program = (machine, args) => {
	const { state, uid } = machine;
	const [action = "", ...names] = args.filter((word) => !/^-[df]+$/.test(word));
	if (action === "ls") {
		if (uid !== 0 && /^(failed|rogue|started|stopped)$/.test(names[0] ?? "")) return fail(`rcctl: "ls ${names[0]}" needs root privileges`);
		const which: Readonly<Record<string, readonly string[]>> = { all: known, on: state.services, started: state.services };
		const listed = which[names[0] ?? ""];
		return listed === undefined
			? fail("usage: rcctl ls all|failed|off|on|rogue|started|stopped")
			: ok(listed.map((name) => `${name}\n`).join(""));
	}
	if (!/^(get|getdef|set|check|reload|restart|start|stop|enable|disable|order|configtest)$/.test(action))
		return fail("usage: rcctl get|getdef|set service | daemon [variable [arguments]]");
	const unknown = names.find((name) => !known.includes(name));
	if (names.length === 0 || (unknown !== undefined && action !== "set")) return fail(`rcctl: service ${unknown ?? ""} does not exist`, 2);
	if (action === "get")
		return ok(names.map((name) => `${name}_class=daemon\n${name}_flags=${state.services.includes(name) ? "" : "NO"}\n`).join(""));
	if (action === "check") {
		const runs = names.every((name) => state.services.includes(name));
		return { status: runs ? 0 : 1, stdout: names.map((name) => `${name}(${state.services.includes(name) ? "ok" : "failed"})\n`).join("") };
	}
	if (action === "configtest" && names.includes("vmd")) return vmd(machine, ["-n"]);
	if (uid !== 0)
		return fail(
			/^(start|stop|restart|reload)$/.test(action) ? `/etc/rc.d/${names[0]}: need root privileges` : "rcctl: need root privileges",
		);
	if (action === "start" || action === "restart") {
		const flags = readRcConf(machine.readFile("/etc/rc.conf.local") ?? "");
		const off = names.find((name) => !state.services.includes(name) && (rcVariable(flags, `${name}_flags`)?.value ?? "NO") === "NO");
		if (off !== undefined) return fail(`/etc/rc.d/${off}: need -f to force ${action} since ${off}_flags=NO`);
	}
	if (action === "start" || action === "restart") state.services = [...new Set([...state.services, ...names])];
	if (action === "stop") state.services = state.services.filter((name) => !names.includes(name));
	if (names.includes("vmd") && (action === "start" || action === "restart")) {
		// What vmd ran ends with it.
		if (action === "restart") vmctl(machine, ["reset"]);
		if (state.vmd !== "running" || action === "restart") vmd(machine, []);
		// rcctl says ok of one that dies at once all the same.
		if (!staysUp(machine)) {
			state.vmd = "absent";
			state.services = state.services.filter((name) => name !== "vmd");
		}
	}
	if (names.includes("vmd") && action === "stop") state.vmd = "absent";
	return ok(/^(start|stop|restart|reload)$/.test(action) ? names.map((name) => `${name}(ok)\n`).join("") : "");
};

export const uname: Program = ({ state }, args) => {
	const parsed = getopt(args, "amnprsv");
	if (parsed === undefined || parsed.rest.length > 0) return fail("usage: uname [-amnprsv]");
	const asked = new Set(parsed.options.map(([letter]) => letter));
	const all = asked.has("a");
	const parts = [
		["s", "OpenBSD"],
		["n", state.hostName],
		["r", state.release],
		["v", simulatedVersion],
		["m", "amd64"],
	] as const;
	const words = parts.filter(([letter]) => all || asked.has(letter) || (asked.size === 0 && letter === "s")).map(([, word]) => word);
	return ok(`${[...words, ...(asked.has("p") && !all ? ["amd64"] : [])].join(" ")}\n`);
};

export const id: Program = ({ state, uid }, args) => {
	const { name, groups } = state.user;
	const user = uid === 0 ? "root" : name;
	if (args.includes("-un")) return ok(`${user}\n`);
	if (args.includes("-Gn")) return ok(`${(uid === 0 ? ["wheel"] : groups).join(" ")}\n`);
	return ok(args.some((word) => /^-[ug]$/.test(word)) ? `${uid}\n` : `uid=${uid}(${user}) gid=${uid}(${user})\n`);
};

/** sha256(1) of OpenBSD, which other systems lack: `-q` prints only the digest. */
export const sha256: Program = ({ readFile }, args) => {
	const parsed = getopt(args, "bcqr");
	if (parsed === undefined) return fail("usage: sha256 [-bcpqrtx] [file ...]");
	const quiet = parsed.options.some(([letter]) => letter === "q");
	const lines: string[] = [];
	const complaints: string[] = [];
	for (const path of parsed.rest.length > 0 ? parsed.rest : ["/dev/stdin"]) {
		const text = readFile(path);
		const digest = createHash("sha256")
			.update(text ?? "")
			.digest("hex");
		if (text === undefined) complaints.push(`sha256: ${path}: No such file or directory\n`);
		else lines.push(quiet || parsed.rest.length === 0 ? `${digest}\n` : `SHA256 (${path}) = ${digest}\n`);
	}
	return { status: complaints.length > 0 ? 1 : 0, stdout: lines.join(""), stderr: complaints.join("") };
};

/** `dhcpd -n -c FILE`: of all that dhcpd refuses, a statement without its semicolon (usr.sbin/dhcpd/parse.c, parse_semi()). */
export const dhcpd: Program = ({ readFile }, args) => {
	const parsed = getopt(args, "A:C:L:c:dfl:nuY:y:");
	if (parsed === undefined || !parsed.options.some(([letter]) => letter === "n")) return fail("usage: dhcpd [-dfn] [-c config-file]");
	const path = parsed.options.findLast(([letter]) => letter === "c")?.[1] ?? "/etc/dhcpd.conf";
	const text = readFile(path);
	if (text === undefined) return fail(`Can't open ${path}: No such file or directory`);
	const complaints: string[] = [];
	let open = false;
	for (const [number, line] of text.split("\n").entries()) {
		for (const { 0: token, index } of line.replace(/#.*/, "").matchAll(/[;{}]|[^\s;{}]+/g)) {
			if (token === "}" && open) complaints.push(`${path} line ${number + 1}: semicolon expected.`, line, `${" ".repeat(index)}^`);
			open = !/[;{}]/.test(token);
		}
	}
	return complaints.length === 0 ? ok() : fail([...complaints, "Configuration file errors encountered"].join("\n"));
};
