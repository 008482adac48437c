/** A host in memory: it answers the host program's requests and the commands of a deployment as the real one prints them. */
import type { Connection } from "../connection.ts";
import type { RunResult } from "../run.ts";
import { loginLine } from "../shell-words.ts";
import { digest } from "./files.ts";
import type { RootRequest, RootRunner } from "./root.ts";

/** A file of the host; or what is in its place. */
export type Lies =
	| { readonly text: string; readonly permissions?: string; readonly owner?: number; readonly group?: number }
	| "link"
	| "loose"
	| "drwxr-xr-x 2 0 0";

export interface HostInMemory {
	readonly files: Map<string, Lies>;
	/** The texts that were deployed last, by path; null where the file was taken away. */
	readonly deployed: Map<string, string | null>;
	/** The record of what was deployed, where it is another than {@link deployed} makes; null where there is none. */
	record: string | null | undefined;
	/** What the answer to a question of a check is, by the question; otherwise nothing, with status 0. */
	readonly said: Map<string, { readonly output: string; readonly status: number }>;
	/** What `vmctl status` and `ifconfig` print, and the status of the first. */
	guests: string;
	guestStatus: number;
	interfaces: string;
	/** `$SSH_CONNECTION`. */
	ends: string;
	readonly sysctls: Map<string, string>;
	/** What the program answers to a verb; otherwise it says nothing and is content. */
	readonly answers: Map<string, Partial<RunResult> | ((request: RootRequest) => Partial<RunResult>)>;
	/** The requests so far, in their order. */
	readonly asked: RootRequest[];
	/** The commands that ran without the program, and what they read. */
	readonly ran: string[];
	readonly inputs: string[];
	/** What a command answers, where it is another than the host's. */
	command: ((command: string) => { readonly output: string; readonly errors: string; readonly status: number }) | undefined;
	readonly root: RootRunner;
	connect(): Connection;
	/** How many connections are open. */
	open(): number;
}

export const guestHeader = "   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME";

/** A line of `vmctl status`. */
export function guestLine(id: number, name: string, state: "running" | "stopped"): string {
	return state === "running"
		? `    ${id} 4821${id}     1    1.0G    312M   ttyp${id}         root  running ${name}`
		: `    ${id}     -     1    1.0G       -       -         root  stopped ${name}`;
}

export function hostInMemory(name = "hv1", user = "root"): HostInMemory {
	let open = 0;
	const host: HostInMemory = {
		files: new Map(),
		deployed: new Map(),
		record: undefined,
		said: new Map(),
		guests: guestHeader,
		guestStatus: 0,
		interfaces:
			"em0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n\tgroups: egress\n\tinet 203.0.113.10 netmask 0xffffff00",
		ends: "198.51.100.7 50000 203.0.113.10 22",
		sysctls: new Map(),
		answers: new Map(),
		asked: [],
		ran: [],
		inputs: [],
		command: undefined,
		root: async (_connection, request) => {
			host.asked.push(request);
			const given = host.answers.get(request.verb);
			const answer = typeof given === "function" ? given(request) : (given ?? usual(host, request));
			return { status: 0, signal: undefined, stdout: "", stderr: "", cut: false, ...answer };
		},
		connect: () => {
			let isOpen = true;
			open++;
			return {
				target: {
					name,
					user,
					host: name,
					port: 22,
					identityFiles: [],
					identitiesOnly: false,
					agent: undefined,
					jumps: [],
					hostKeyAlias: undefined,
					knownHostsFiles: [],
					hashKnownHosts: false,
					revokedHostKeys: undefined,
					requiredRsaSize: 1024,
					unknownHostKey: "ask",
					certificateFiles: [],
					usesTokens: false,
					authentications: ["publickey"],
					otherAuthentications: [],
					batch: false,
					algorithms: {},
					addressFamily: undefined,
					bindAddress: undefined,
					unsupported: [],
				},
				transport: { kind: "built-in" },
				exec: execOn(host),
				log: () => undefined,
				ended: new Promise(() => undefined),
				isOpen: () => isOpen,
				close: () => {
					if (isOpen) open--;
					isOpen = false;
				},
			};
		},
		open: () => open,
	};
	return host;
}

/** Runs commands as `run` asks for them. */
function execOn(host: HostInMemory): Connection["exec"] {
	return (shellCommand, input, events) => {
		const command = loginLine(shellCommand);
		host.ran.push(command);
		if (typeof input === "string") host.inputs.push(input);
		const { output, errors, status } = host.command?.(command) ?? { errors: "", ...answerOf(host, command) };
		events.output(Buffer.from(output));
		events.errors(Buffer.from(errors));
		events.exited(status);
		events.closed();
		return () => undefined;
	};
}

function answerOf(host: HostInMemory, command: string): { readonly output: string; readonly status: number } {
	const marker = /([0-9a-f]{32}) begin system/.exec(command)?.[1];
	if (marker !== undefined) {
		const section = (name: string, output: string, status: number): string =>
			`${marker} begin ${name}\n${output}\n\n${marker} end ${name} ${status}\n`;
		const system = section("system", "OpenBSD hv1 7.8 GENERIC.MP#1 amd64", 0);
		return { output: system + section("guests", host.guests, host.guestStatus) + section("interfaces", host.interfaces, 0), status: 0 };
	}
	if (command.includes("SSH_CONNECTION")) return { output: `${host.ends}\n`, status: 0 };
	const sysctl = /sysctl -n '?([\w.]+)/.exec(command)?.[1];
	const value = sysctl === undefined ? undefined : host.sysctls.get(sysctl);
	return value === undefined ? { output: "", status: 1 } : { output: `${value}\n`, status: 0 };
}

/** What the program prints for the verbs that read. */
function usual(host: HostInMemory, { verb, args = [], input = "" }: RootRequest): Partial<RunResult> {
	if (verb === "fetch") return { stdout: fetched(host, args.map(String)) };
	if (verb === "check") return { stdout: checked(host, String(args[0]), input) };
	return {};
}

/** The folder is /tmp/folder. MARKER stands for the word that no output has. */
function checked({ said, interfaces }: HostInMemory, marker: string, input: string): string {
	const lines = input.slice(0, input.indexOf("\n--\n")).split("\n");
	const answers = lines
		.filter((line) => !line.startsWith("text "))
		.map((question) => {
			const { output, status } = said.get(question) ?? { output: question === "ifconfig" ? `${interfaces}\n` : "", status: 0 };
			return `${output.replaceAll("MARKER", marker)}\n${marker} ${status}\n`;
		});
	return `${marker} /tmp/folder\n${answers.join("")}`;
}

function fetched({ files, deployed, record: written }: HostInMemory, [marker = "", ...paths]: readonly string[]): string {
	const record =
		written !== undefined ? written : [...deployed].map(([path, text]) => (text === null ? "" : `${digest(text)} ${path}\n`)).join("");
	const lying = new Map<string, Lies>(files);
	if (record !== null) lying.set("/var/db/openbsd-vnet/deployed", { text: record });
	for (const text of deployed.values()) if (text !== null) lying.set(`/var/db/openbsd-vnet/base/${digest(text)}`, { text });
	const said = paths.map((asked, i) => {
		const [path = "", expected] = asked.split("=");
		const file = lying.get(path);
		const listed = (lies: Exclude<Lies, string>) => {
			const line = `${lies.permissions ?? "-rw-r--r--"} 1 ${lies.owner ?? 0} ${lies.group ?? 0}`;
			return digest(lies.text) === expected ? `same ${line}\n` : `${line}\n${lies.text}`;
		};
		const what = file === undefined ? "absent" : typeof file === "string" ? file : listed(file);
		return `${marker} begin ${i}\n${what}\n${marker} end ${i}\n`;
	});
	return `${said.join("")}${marker} others\n${[...files.keys()].map((path) => `${path}\n`).join("")}${marker} done\n`;
}
