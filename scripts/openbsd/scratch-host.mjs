// A scratch machine with OpenBSD, reached by the system's own ssh as root: what the product says of it is held against this.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

/** The longest that a machine may take to come up again, in ms: an emulated one takes half a minute. */
const BOOT = 300_000;

/** What tells two moments apart that are alike: counters, ages, what is made up at random or elected. */
const PASSING = [
	[/index \d+/g, "index N"],
	[/\blladdr [0-9a-f:]{17}/g, "lladdr M"],
	[/fe80::[0-9a-f:]+/g, "fe80::M"],
	[/\bflags=[0-9a-f]+/g, "flags"],
	[/\b(MASTER|BACKUP|INIT)\b/g, "ELECTED"],
	[/\bport \d+ ifpriority/g, "port N ifpriority"],
	[/ \d+ +\d+( +(?:-|\d+) +\d+ +\S+)$/g, " N$1"],
	// Networks of an interface show the MAC address that was made up for it.
	[/ (?:[0-9a-f]{2}:){5}[0-9a-f]{2} /g, " M "],
	[/__automatic_[0-9a-f]+_\d+/g, "__automatic"],
	[/(actor system pri \S+ mac) [0-9a-f:]{17}/g, "$1 M"],
	// Keys of LACP are numbers of interfaces.
	[/,(?:[0-9a-f]{2}:){5}[0-9a-f]{2},[0-9A-F]{4},/g, ",M,K,"],
	[/\bkey 0x[0-9a-f]+/g, "key K"],
	[/(lacp (?:actor|partner) state).*/g, "$1"],
	// Routes by an interface of carp(4) are up while it is elected.
	[/ U(\w+ .* carp\d+)$/g, " $1"],
];
/** Counters, learned addresses, routes that the kernel makes as packets pass, what waits for a neighbour. */
const LEFT_OUT =
	/^\s+(?:Addresses|[0-9a-f]{2}(?::[0-9a-f]{2}){5} )|\bage \d|status:|last handshake|wgrxbytes|tx: \d|rx: \d|timeout|lacp partner|^\S+ +\S+ +U\w*[cDM]\w* |^\s*$/;

/** A machine that is restarted doesn't end its connections. */
const ALIVE = ["-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"];

export class ScratchHost {
	#ssh;
	#log;

	/** @param {string} name a name of ssh_config @param {string | undefined} config its file @param {(text: string) => void} log */
	constructor(name, config, log = () => undefined) {
		this.name = name;
		this.#ssh = [...(config === undefined ? [] : ["-F", config]), "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", ...ALIVE, name];
		this.#log = log;
	}

	/** Runs a script there. @returns {Promise<{ status: number | null, stdout: string, stderr: string }>} */
	async run(script) {
		// By sh(1), whatever the login shell is.
		const child = spawn("ssh", [...this.#ssh, `exec /bin/sh -c 'eval "$(cat)" </dev/null'`], { stdio: ["pipe", "pipe", "pipe"] });
		let [stdout, stderr] = ["", ""];
		child.stdout.setEncoding("utf8").on("data", (text) => {
			stdout += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text) => {
			stderr += text;
		});
		child.stdin.on("error", () => undefined);
		child.stdin.end(script);
		const [status] = await once(child, "close");
		return { status, stdout, stderr };
	}

	/** As `run`, where another status than 0 ends the test. */
	async must(script) {
		const { status, stdout, stderr } = await this.run(script);
		if (status !== 0) throw new Error(`${this.name}: ${script}: status ${status}: ${stderr.trim()}`);
		return stdout;
	}

	/** What runs: interfaces, routes, rules, settings, daemons and guests, a line each, without what is another at each look. */
	async state() {
		const parts = [
			"ifconfig -A",
			"for table in $({ echo 0; ifconfig -A | sed -n 's/^[a-z].* rdomain \\([0-9]*\\).*/\\1/p'; } | sort -u); do echo table $table; route -T $table -n show; done",
			"pfctl -s rules",
			"pfctl -a '*' -s rules",
			"pfctl -s Tables 2>/dev/null | while read table; do echo $table; pfctl -t $table -T show; done",
			"sysctl net.inet.ip net.inet6.ip6 net.inet.carp | grep -v -E 'ifq|arpq|soiikey|dad_pending'",
			// rc.d(8) notes there what it has started; `rcctl ls started` asks every script, which takes an emulated machine a minute.
			"ls /var/run/rc.d",
			"vmctl status 2>/dev/null | sed 's/^ *[0-9]* *[-0-9]*//'",
		];
		const text = await this.must(parts.map((part) => `echo '== ${part.replaceAll("'", "")}'; ${part} || true`).join("; "));
		return text.split("\n").flatMap((line) => {
			if (LEFT_OUT.test(line)) return [];
			return [PASSING.reduce((shown, [what, instead]) => shown.replace(what, instead), line.trimEnd())];
		});
	}

	/** Restarts the machine, and waits until it lets one in again. */
	async reboot() {
		this.#log("reboot");
		const before = await this.must("sysctl -n kern.boottime");
		await this.run("nohup sh -c 'sleep 1; reboot' </dev/null >/dev/null 2>&1 &");
		const end = Date.now() + BOOT;
		for (;;) {
			await setTimeout(3000);
			const { status, stdout } = await this.run("sysctl -n kern.boottime");
			if (status === 0 && stdout !== before) break;
			if (Date.now() > end) throw new Error(`${this.name} did not come up again`);
		}
		// Daemons are started after sshd.
		await setTimeout(5000);
	}
}

/** The lines that one state has and the other has not, as diff marks them. @param {readonly string[]} before @param {readonly string[]} after */
export function differences(before, after) {
	const counts = new Map();
	for (const line of before) counts.set(line, (counts.get(line) ?? 0) - 1);
	for (const line of after) counts.set(line, (counts.get(line) ?? 0) + 1);
	return [...counts].flatMap(([line, count]) => Array.from({ length: Math.abs(count) }, () => `${count < 0 ? "-" : "+"} ${line}`));
}
