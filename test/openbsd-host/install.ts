/**
 * Makes a simulated host in a folder: its files, its state, and stand-ins for OpenBSD's programs in `bin/`.
 *
 *	ROOT/etc/...        its files
 *	ROOT/bin/           vmctl, ifconfig, pfctl, vmd, dhcpd, rcctl, doas, sysctl, uname, id, sha256,
 *	                    and the host program of openbsd-vnet
 *	ROOT/enter          `enter -c COMMAND`: runs a command on the host, as its sshd would
 *	ROOT/simulated/     its state, which tests change
 *
 * A command runs in mounts of its own, in which `/etc`, `/root` and `/var` are the host's: nothing that it writes there
 * reaches the machine that it runs on. That needs Linux with user namespaces, or root.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostProgram, programName } from "@openbsd-vnet/remote";
import { build } from "esbuild";
import { hostProgramText } from "../../scripts/lib/host-program.mjs";
import type { Answering } from "./answering.ts";
import { jobPrograms } from "./jobs.ts";
import { whatRuns } from "./processes.ts";
import { known } from "./services.ts";
import { type Ended, startStarter } from "./starter.ts";
import { freshState, type SimulatedState } from "./state.ts";
import { callsFile, readState, stateFolder, writeState } from "./store.ts";

const programs = [
	"dhcpd",
	"doas",
	"id",
	"ifconfig",
	"netstart",
	"netstat",
	"pfctl",
	"ps",
	"rcctl",
	"route",
	"sha256",
	"sysctl",
	"tcpdump",
	"timeout",
	"uname",
	"vmctl",
	"vmd",
];

/**
 * What is sh on the host, where the machine has it: OpenBSD's sh is a ksh. lksh is the one of mksh's two that is nearer to it, and
 * starts four times as fast.
 */
const ksh = ["/bin/lksh", "/bin/mksh"].find((path) => existsSync(path));

/** What reads the stand-ins. */
export const shell = ksh ?? "/bin/sh";

/** Its printf: lksh would take the machine's before its own, and mksh has none. */
export const printf = ksh === "/bin/lksh" ? "builtin printf" : "printf";

/** Its read, which a ksh has look up every five seconds. */
const read = ksh === undefined ? "read -r" : "read -r -t 5";

/** What a command on a host may take, in milliseconds, before it is told what it waits for. */
const PATIENCE = 60_000;

/** The folders of the machine that the host has its own of. */
const own = ["etc", "root", "var"];

/** What programs of the machine itself need of its /etc. */
const borrowed = ["group", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "nsswitch.conf", "passwd"];

/** Which of several programs one is: links, too many to copy. */
const alternatives = "etc/alternatives";

export interface SimulatedHost {
	readonly root: string;
	/** The folder of the stand-ins, for a PATH. */
	readonly bin: string;
	/** The command that runs a command on the host: `enter -c COMMAND`. */
	readonly enter: string;
	state(): SimulatedState;
	/** Changes the state between two commands. */
	change(edit: (state: SimulatedState) => void): void;
	/** The text of a file of the host; undefined where there is none. */
	read(path: string): string | undefined;
	write(path: string, text: string): void;
	/** What the programs have been called with since the start, a line each. */
	calls(): readonly string[];
	/** Runs a command on it, to its end. */
	run(command: string): Promise<Ended>;
}

export interface InstallOptions {
	/** An empty folder, or one that is to be made. It must not be below /etc, /root or /var. */
	readonly root: string;
	readonly state?: SimulatedState;
	/** Files by their paths on the host. */
	readonly files?: Readonly<Record<string, string>>;
	/** A folder whose files are the host's, such as examples/corrected. */
	readonly copy?: string;
	/** main.ts as one file; built where it is not given. */
	readonly main?: string;
	/** What answers its programs' calls, and starts commands. Without, each call and each command starts a Node. */
	readonly answering?: Answering | undefined;
}

/** Whether this machine can run commands in mounts of their own. */
export function canIsolate(): boolean {
	return spawnSync("unshare", ["--user", "--map-root-user", "--mount", "true"], { stdio: "ignore" }).status === 0;
}

export async function installHost({
	root: at,
	state = freshState(),
	files = {},
	copy,
	main,
	answering,
}: InstallOptions): Promise<SimulatedHost> {
	for (const folder of [...own, "bin", stateFolder, "var/db", "var/tmp", "var/run", "var/backups", "root/.ssh"])
		mkdirSync(join(at, folder), { recursive: true });
	const root = realpathSync(at);
	for (const name of borrowed)
		if (existsSync(`/etc/${name}`)) cpSync(`/etc/${name}`, join(root, "etc", name), { recursive: true, verbatimSymlinks: true });
	mkdirSync(join(root, alternatives), { recursive: true });
	if (copy !== undefined) cpSync(join(copy, "etc"), join(root, "etc"), { recursive: true });
	// OpenBSD's name for root's group.
	appendFileSync(join(root, "etc", "group"), "wheel:*:0:root\n");
	const program = main ?? (await buildMain(join(root, stateFolder, "main.cjs")));
	writeState(root, state);
	writeFileSync(callsFile(root), "");
	for (const name of programs) executable(join(root, "bin", name), standIn(root, name, program, answering));
	for (const [name, text] of Object.entries(jobPrograms(root))) executable(join(root, "bin", name), text);
	// As root has installed it.
	executable(join(root, "bin", programName), hostProgram);
	// The host's disk is not all of this machine's, on which others write at the same time.
	executable(join(root, "bin", "sync"), `#!${shell}\nexec ${toolAt("sync")} -f /var\n`);
	// netstart(8) names its files in the script itself: a copy of it with another folder's name reads that folder's.
	writeFileSync(
		join(root, "etc", "netstart"),
		`HOSTNAME_FILES=/etc/hostname.\nexport HOSTNAME_FILES\nexec ${quoted(join(root, "bin", "netstart"))} "$@"\n`,
	);
	mkdirSync(join(root, "etc/rc.d"), { recursive: true });
	for (const name of known) executable(join(root, "etc/rc.d", name), "#!/bin/ksh\n");
	writeFileSync(join(root, stateFolder, "mounts"), mounts(root));
	executable(join(root, "enter"), enter(root));
	const host: SimulatedHost = {
		root,
		bin: join(root, "bin"),
		enter: join(root, "enter"),
		state: () => readState(root),
		change: (edit) => {
			const changed = readState(root);
			edit(changed);
			writeState(root, changed);
		},
		read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
		write: (path, text) => {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text);
		},
		calls: () => readFileSync(callsFile(root), "utf8").split("\n").slice(0, -1),
		run: async (command) => {
			// A test that hangs tells where.
			const overdue = setTimeout(() => console.warn(`${command}: still runs\n${whatRuns(root)}`), PATIENCE);
			const starter = answering?.starter ?? startStarter();
			try {
				return await starter.run(join(root, "enter"), ["-c", command]);
			} finally {
				clearTimeout(overdue);
				if (answering === undefined) await starter.end();
			}
		},
	};
	for (const [path, text] of Object.entries(files)) host.write(path, text);
	return host;
}

/** Bundles main.ts with the library that its checks answer through. */
export async function buildMain(outfile: string): Promise<string> {
	await build({
		entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
		outfile,
		bundle: true,
		platform: "node",
		format: "cjs",
		target: "node20",
		conditions: ["source"],
		external: ["*.node", "cpu-features"],
		plugins: [hostProgramText],
		logLevel: "error",
	});
	return outfile;
}

/**
 * A script that answers as a program of the host. What lies ready is given by the shell itself, the rest by the thread that
 * answers (answering.ts): Node takes longer to start than a host to answer. It does so alone what the thread cannot.
 */
function standIn(root: string, name: string, main: string, answering: Answering | undefined): string {
	const quick = ({ ifconfig: "-A", vmctl: "status", uname: "-a" } as Readonly<Record<string, string>>)[name];
	const answer = quoted(join(root, stateFolder, `quick.${name}`));
	return `#!${shell}
${name === "ps" ? ownProcesses : ""}${printf} '%s\\n' "${name}\${*:+ $*}" >>${quoted(callsFile(root))}
${name === "vmctl" ? createsDisks : ""}${name === "tcpdump" ? tellsOfPackets(root) : ""}${name === "timeout" ? timeLimit : ""}${quick === undefined ? "" : `if [ "$*" = "${quick}" ] && [ -f ${answer} ]; then exec cat ${answer}; fi\n`}${answering === undefined ? "" : askThread(root, name, answering)}exec ${quoted(process.execPath)} ${quoted(main)} ${quoted(root)} ${name} "$@"
`;
}

/** Of the host's own processes, such as its watchdog, the machine knows; of guests' alone we do. */
const ownProcesses = `[ "$*" = "-axo pid,cputime" ] || exec ${toolAt("ps")} "$@"
`;

/** `vmctl create`, which writes a file: options before the path, and nothing over what is there (usr.sbin/vmctl/main.c, ctl_create()). */
const createsDisks = `if [ "\${1-}" = create ]; then
	[ "\${2-}" = -s ] && [ $# -eq 4 ] || { echo 'usage: vmctl [-v] create [-b base | -i disk] [-s size] disk' >&2; exit 1; }
	[ ! -e "\${4#*:}" ] || { echo "vmctl: \${4#*:}: File exists" >&2; exit 1; }
	: >"\${4#*:}" && echo 'vmctl: imagefile created' >&2
	exit
fi
`;

/** The packets that pf logs on the simulated host, a line each. */
const pfLog = (root: string): string => join(root, stateFolder, "pflog");

/**
 * tcpdump on pflog0: what is logged from now on. It hears that nobody listens any more when it has something to tell, and no sooner
 * (usr.sbin/tcpdump/tcpdump.c).
 */
const tellsOfPackets = (
	root: string,
): string => `[ "\${OPENBSD_HOST_UID-}" = 0 ] || [ "$(id -u)" = 0 ] || { echo 'tcpdump: Failed to open bpf device for pflog0: Permission denied' >&2; exit 1; }
[ "$*" = "-l -n -e -v -ttt -i pflog0" ] || { echo 'usage: tcpdump [-AadefILlNnOopqStvXx] [-i interface]' >&2; exit 1; }
echo 'tcpdump: WARNING: snaplen raised from 116 to 160' >&2
echo 'tcpdump: listening on pflog0, link-type PFLOG' >&2
log=${quoted(pfLog(root))}
[ -e "$log" ] || : >"$log"
told=$(${toolAt("wc")} -l <"$log")
while :; do
	lines=$(${toolAt("wc")} -l <"$log")
	[ "$lines" -le "$told" ] || { ${toolAt("tail")} -n +"$((told + 1))" "$log" | ${toolAt("head")} -n "$((lines - told))" || exit; }
	told=$lines
	${toolAt("sleep")} 0.1
done
`;

/**
 * timeout(1), which is there since OpenBSD 7.0. Without -f it makes a group of processes, which is refused to what leads a session, as
 * seen of what sshd starts; GNU's older releases know -f as --foreground alone.
 */
const timeLimit = `if [ "\${1-}" = -f ]; then
	shift
	set -- --foreground "$@"
else
	# Its process, parent, group and session (proc(5)).
	${read} pid name state parent group session rest </proc/$$/stat
	[ "$session" != $$ ] || { echo 'timeout: setpgid: Operation not permitted' >&2; exit 1; }
fi
exec ${toolAt("timeout")} "$@"
`;

function askThread(root: string, name: string, { folder, calls }: Answering): string {
	return `
pipe=${quoted(folder)}/$$
if [ -p ${quoted(calls)} ] && ${toolAt("mkfifo")} "$pipe" 2>/dev/null; then
	# Open for both, so that neither side waits for the other to open it.
	exec 9<>"$pipe"
	${printf} '%s\\0' $$ "\${OPENBSD_HOST_UID-}" "\${OPENBSD_HOST_ISOLATED-}" "\${HOSTNAME_FILES-}" "$PWD" ${quoted(root)} ${name} "$@" >"$pipe.call"
	# Open for both: who was to read may have ended.
	echo "$pipe" 1<>${quoted(calls)}
	until ${read} how number stdout stderr <&9; do
		# Nobody answers any more where the thread has ended, or all of its process.
		[ -p ${quoted(calls)} ] && [ -d /proc/${process.pid} ] || exit 125
	done
	exec 9>&-
	case $how in
	answer)
		[ "$stdout" = 0 ] || ${toolAt("cat")} "$pipe.stdout"
		[ "$stderr" = 0 ] || ${toolAt("cat")} "$pipe.stderr" >&2
		exit "$number"
		;;
	run)
		shift "$number"
		command -v -- "$1" >/dev/null || { echo "doas: $1: command not found" >&2; exit 1; }
		export OPENBSD_HOST_UID=0 DOAS_USER="$stdout"
		exec "$@"
		;;
	esac
fi
`;
}

/** Where a program of this machine is: a PATH of the host's does not change what its stand-ins run. */
function toolAt(name: string): string {
	return ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find(existsSync) ?? name;
}

/** What is mounted over the machine's own, as fstab(5) has it: one mount(8) for all of it. */
function mounts(root: string): string {
	const pairs = own.map((folder): [string, string] => [join(root, folder), `/${folder}`]);
	if (existsSync(`/${alternatives}`)) pairs.unshift([`/${alternatives}`, join(root, alternatives)]);
	if (ksh !== undefined) pairs.push([ksh, realpathSync("/bin/sh")]);
	return pairs.map((paths) => `${paths.map((path) => path.replaceAll(/\s/g, octal)).join(" ")} none rbind 0 0\n`).join("");
}

const octal = (letter: string) => `\\${letter.charCodeAt(0).toString(8).padStart(3, "0")}`;

/** Nothing of the machine's own environment is the host's. */
function enter(root: string): string {
	const path = `${quoted(join(root, "bin"))}:/usr/bin:/bin:/usr/sbin:/sbin`;
	const inside = `mount -a -T ${quoted(join(root, stateFolder, "mounts"))} || exit 125; cd /; exec /bin/sh "$@"`;
	return `#!${shell}
exec env -i \${SSH_CONNECTION:+"SSH_CONNECTION=$SSH_CONNECTION"} PATH=${path} HOME=/root OPENBSD_HOST_ISOLATED=1 \\
	unshare --user --map-root-user --mount ${shell} -c ${quoted(inside)} sh "$@"
`;
}

function executable(path: string, text: string): void {
	writeFileSync(path, text);
	chmodSync(path, 0o755);
}

function quoted(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
