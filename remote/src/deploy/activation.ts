/** The commands that make changed files take effect, in the order in which they run: interfaces, what is filtered on them, the guests. */
import { isCloned, type Message, rcVariable, readRcConf, readSysctl, say } from "@openbsd-vnet/server";
import type { LiveState } from "../live-state.ts";
import type { HostFile } from "./files.ts";
import type { FileChange } from "./plan.ts";

/** A command that makes a change take effect. */
export interface Activation {
	readonly kind:
		| "sysctl"
		/** Configures an interface, {@link subject}, from its file. */
		| "interface"
		/** Takes an interface away whose file is taken away. */
		| "interface-gone"
		| "rules"
		/** Takes the rules of an anchor, {@link subject}, that no ruleset loads any more: loading others leaves them. */
		| "anchor-gone"
		/** Lets a daemon, {@link subject}, read its file again; or starts it. */
		| "service";
	readonly subject: string;
	/** As one would type it once the files are in their places. */
	readonly words: readonly [string, ...string[]];
	readonly why: Message;
	readonly disturbs: Message;
}

/** Daemons that are told of their files, and started where rc.conf.local enables them from now on. */
const daemons = { vmd: "/etc/vm.conf", dhcpd: "/etc/dhcpd.conf" } as const;

type Daemon = keyof typeof daemons;

const rcConf = "/etc/rc.conf.local";

/** How vmd takes a vm.conf that has changed. */
export type GuestsBy = "reload" | "restart";

export interface Circumstances {
	readonly live: LiveState;
	/** Anchors whose rules come from files: before, and with the changed files. */
	readonly anchors: { readonly before: readonly string[]; readonly after: readonly string[] };
	readonly guestsBy: GuestsBy;
	/** The text of /etc/rc.conf.local, before and after. */
	readonly rc: { readonly before: string; readonly after: string };
}

/** The commands that changed files need. */
export function activationsOf(changes: readonly FileChange[], { live, anchors, guestsBy, rc }: Circumstances): readonly Activation[] {
	const content = changes.filter(({ differs }) => differs.includes("content"));
	const of = (role: FileChange["role"]) => content.filter((change) => change.role === role);
	return [
		...of("sysctl").flatMap(({ before, text }) => sysctls(before, text ?? "")),
		...of("hostname").flatMap(interfaces),
		...(of("pf").length > 0 ? rules(anchors) : []),
		...(live.vmd.kind === "absent" ? service("vmd", content, rc, []) : of("vm").length > 0 ? guests(live, guestsBy) : []),
		...service("dhcpd", content, rc, content.some(({ path }) => path === daemons.dhcpd) ? [dhcpd] : []),
	];
}

/** Starts a daemon that rc.conf.local has not enabled before, and lets one that has new flags begin anew; else what it is told. */
function service(
	daemon: Daemon,
	content: readonly FileChange[],
	{ before, after }: Circumstances["rc"],
	told: readonly Activation[],
): readonly Activation[] {
	if (!content.some(({ path }) => path === rcConf)) return told;
	const [old, wanted] = [flagsOf(daemon, before), flagsOf(daemon, after)];
	if (wanted === undefined || wanted === old) return told;
	const how = old === undefined ? "start" : "restart";
	// One that does not run is not restarted.
	if (how === "restart" && daemon === "vmd") return told;
	return [
		{
			kind: "service",
			subject: daemon,
			words: ["rcctl", how, daemon],
			why: say("{0} has changed", rcConf),
			disturbs:
				how === "restart"
					? dhcpd.disturbs
					: daemon === "vmd"
						? say("guests that are not disabled are started")
						: say("addresses are given where it is told to. Where dhcpd runs already it is left as it is"),
		},
	];
}

/** The flags that rc.conf.local gives a daemon; undefined where it does not enable it. */
function flagsOf(daemon: Daemon, text: string): string | undefined {
	const flags = rcVariable(readRcConf(text), `${daemon}_flags`)?.value;
	return flags === "NO" ? undefined : flags;
}

/** What a plan leaves to be done by hand. */
export function notesOf(changes: readonly FileChange[], { live, rc }: Pick<Circumstances, "live" | "rc">): readonly Message[] {
	const isChanged = (path: string) => changes.some((change) => change.path === path && change.differs.includes("content"));
	const notes: Message[] = [];
	const starts = isChanged(rcConf) && flagsOf("vmd", rc.before) === undefined && flagsOf("vmd", rc.after) !== undefined;
	if (live.vmd.kind === "absent" && isChanged(daemons.vmd) && !starts)
		notes.push(say("vmd does not run there, so no guest starts: 'rcctl enable vmd' and 'rcctl start vmd' start it"));
	if (live.vmd.kind === "absent" && starts)
		notes.push(say("this starts vmd for the first time: 'vmctl log verbose' there lets it say more in /var/log/daemon"));
	if (isChanged(rcConf))
		notes.push(
			say("of {0} only this takes effect now: vmd or dhcpd that it enables. All else does when the host starts, or by rcctl", rcConf),
		);
	return notes;
}

/** The settings of sysctl.conf(5) that are new, as rc(8) would hand them to sysctl(8). */
function sysctls(before: HostFile, text: string): readonly Activation[] {
	const settings = (of: string) =>
		new Map(
			readSysctl(of).flatMap(({ name, value }) =>
				value === undefined || !/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name) ? [] : [[name, value] as const],
			),
		);
	const old = settings(before.kind === "file" ? before.text : "");
	return [...settings(text)].flatMap(([name, value]): readonly Activation[] =>
		old.get(name) === value
			? []
			: [
					{
						kind: "sysctl",
						subject: name,
						words: ["sysctl", `${name}=${value}`],
						why: say("{0} has changed", "/etc/sysctl.conf"),
						disturbs: say("{0} holds for the whole host at once", name),
					},
				],
	);
}

function interfaces({ path, text }: FileChange): readonly Activation[] {
	const name = /^\/etc\/hostname\.([A-Za-z]+[0-9]+)$/.exec(path)?.[1];
	if (name === undefined) return [];
	if (text !== undefined)
		return [
			{
				kind: "interface",
				subject: name,
				words: ["sh", "/etc/netstart", name],
				why: say("{0} has changed", path),
				disturbs: say(
					"{0} is configured anew. Addresses, members and routes that the file no longer names stay until they are removed by hand",
					name,
				),
			},
		];
	if (!isCloned(name)) return [];
	return [
		{
			kind: "interface-gone",
			subject: name,
			words: ["ifconfig", name, "destroy"],
			why: say("{0} is taken away", path),
			disturbs: say("{0} goes down, and whatever is reached by it", name),
		},
	];
}

function rules({ before, after }: Circumstances["anchors"]): readonly Activation[] {
	const gone = before.filter((anchor) => !after.includes(anchor));
	return [
		{
			kind: "rules",
			subject: "/etc/pf.conf",
			words: ["pfctl", "-f", "/etc/pf.conf"],
			why: say("the ruleset, or a file that it loads, has changed"),
			disturbs: say("new connections are judged by the new rules; states that are there stay"),
		},
		...gone.map(
			(anchor): Activation => ({
				kind: "anchor-gone",
				subject: anchor,
				words: ["pfctl", "-a", anchor, "-F", "rules"],
				why: say("no ruleset loads the anchor {0} any more, and its rules would stay", anchor),
				disturbs: say("new connections are judged without the rules of {0}", anchor),
			}),
		),
	];
}

function guests({ guests: all }: LiveState, by: GuestsBy): readonly Activation[] {
	const named = (state: "running" | "stopped") => all.filter((guest) => guest.state === state).map(({ name }) => name);
	const why = say("{0} has changed", "/etc/vm.conf");
	if (by === "restart") {
		const running = named("running");
		return [
			{
				kind: "service",
				subject: "vmd",
				words: ["rcctl", "restart", "vmd"],
				why,
				disturbs:
					running.length === 0
						? say("guests that are not disabled are started")
						: say("all guests are shut down, and started where they are not disabled: {0}", running.join(", ")),
			},
		];
	}
	const starting = named("stopped");
	return [
		{
			kind: "service",
			subject: "vmd",
			words: ["vmctl", "reload"],
			why,
			disturbs:
				starting.length === 0
					? say("guests that run go on as they are; guests that are new and not disabled are started")
					: say(
							"guests that run go on as they are; stopped guests are forgotten, read anew, and started where they are not disabled: {0}",
							starting.join(", "),
						),
		},
	];
}

const dhcpd: Activation = {
	kind: "service",
	subject: "dhcpd",
	words: ["rcctl", "restart", "dhcpd"],
	why: say("{0} has changed", "/etc/dhcpd.conf"),
	disturbs: say("leases stay; no addresses are given for a moment. Where dhcpd does not run it is not started"),
};
