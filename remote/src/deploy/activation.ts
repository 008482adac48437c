/** The commands that make changed files take effect, in the order in which they run: interfaces, what is filtered on them, the guests. */
import {
	DHCPD_CONF,
	filesOfRulesets,
	hostnamePath,
	type Limiter,
	type Message,
	MYGATE,
	msg,
	PF_CONF,
	PfFile,
	pathsOfRulesets,
	RC_CONF_LOCAL,
	rcVariable,
	readMygate,
	readRcConf,
	readSysctl,
	SYSCTL_CONF,
	VM_CONF,
} from "@openbsd-vnet/server";
import { type InterfacesPlan, planInterfaces } from "../interfaces/plan.ts";
import type { LiveRoute } from "../live-routes.ts";
import type { LiveState } from "../live-state.ts";
import type { HostFile } from "./files.ts";
import type { FileChange } from "./plan.ts";

/** A command that makes a change take effect. */
export interface Activation {
	readonly kind:
		| "sysctl"
		/** Starts interfaces, {@link subject}, from their files. */
		| "interface"
		/** Destroys an interface: its file is taken away, or it is recreated. */
		| "interface-gone"
		/** Changes or deletes a default route: the verb, family, destination and gateway. */
		| "route"
		| "rules"
		/** Takes the rules of an anchor, {@link subject}, that no ruleset loads any more: loading others leaves them. */
		| "anchor-gone"
		/** Takes a table that no ruleset has any more, {@link subject}, with its anchor behind it: one that persists would stay. */
		| "table-gone"
		/** Lets a daemon, {@link subject}, read its file again; or starts it. */
		| "service";
	readonly subject: string;
	/** As one would type it once the files are in their places. */
	readonly words: readonly [string, ...string[]];
	readonly why: Message;
	readonly disturbs: Message;
	/** What netstart reads of interfaces that are there, in place of their whole files. */
	readonly lines?: readonly { readonly name: string; readonly lines: string }[];
	/** Commands among them that no file has: they take away what no file has any more, and put back what would go with it. */
	readonly beside?: readonly string[];
}

/** Daemons that are told of their files, and started where rc.conf.local enables them from now on. */
const daemons = { vmd: VM_CONF, dhcpd: DHCPD_CONF } as const;

type Daemon = keyof typeof daemons;

/** How vmd takes a vm.conf that has changed. */
export type GuestsBy = "reload" | "restart";

export interface Circumstances {
	readonly live: LiveState;
	/** Anchors whose rules come from files: before, and with the changed files. */
	readonly anchors: { readonly before: readonly string[]; readonly after: readonly string[] };
	readonly guestsBy: GuestsBy;
	/** The text of /etc/rc.conf.local, before and after. */
	readonly rc: { readonly before: string; readonly after: string };
	/** The texts of all files, by their paths, before and after. */
	readonly files: { readonly before: ReadonlyMap<string, string>; readonly after: ReadonlyMap<string, string> };
	/** Undefined where the host did not show them. */
	readonly routes: readonly LiveRoute[] | undefined;
	/** Whether what interrupts the network was agreed to. */
	readonly interrupt: boolean;
}

/** The commands that changed files need. */
export function activationsOf(changes: readonly FileChange[], circumstances: Circumstances): readonly Activation[] {
	const { live, anchors, guestsBy, rc } = circumstances;
	const content = changes.filter(({ differs }) => differs.includes("content"));
	const of = (role: FileChange["role"]) => content.filter((change) => change.role === role);
	return [
		...of("sysctl").flatMap(({ before, text }) => sysctls(before, text ?? "")),
		...interfaces(networkOf(changes, circumstances), circumstances),
		...(content.some(({ path }) => path === MYGATE) ? defaultRoutes(circumstances) : []),
		...(content.some(isOfRules(circumstances)) ? [...rules(anchors), ...tablesGone(circumstances.files)] : []),
		...(live.vmd.kind === "absent" ? service("vmd", content, rc, []) : of("vm").length > 0 ? guests(live, guestsBy) : []),
		...service("dhcpd", content, rc, content.some(({ path }) => path === daemons.dhcpd) ? [dhcpd] : []),
	];
}

/** Whether pfctl reads a file with /etc/pf.conf: also one that has another name and is named by a ruleset, now or from now on. */
export function isOfRules({ files }: Pick<Circumstances, "files">): (change: FileChange) => boolean {
	const [before, after] = [pathsOfRulesets(files.before), pathsOfRulesets(files.after)];
	return ({ path, role }) => role === "pf" || before.has(path) || after.has(path);
}

/** Starts a daemon that rc.conf.local has not enabled before, and restarts one that has new flags; else what it is told. */
function service(
	daemon: Daemon,
	content: readonly FileChange[],
	{ before, after }: Circumstances["rc"],
	told: readonly Activation[],
): readonly Activation[] {
	if (!content.some(({ path }) => path === RC_CONF_LOCAL)) return told;
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
			why: msg("{0} has changed", RC_CONF_LOCAL),
			disturbs:
				how === "restart"
					? dhcpd.disturbs
					: daemon === "vmd"
						? msg("guests that are not disabled are started")
						: msg("addresses are given where it is told to. Where dhcpd runs already it is left as it is"),
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
	const starts = isChanged(RC_CONF_LOCAL) && flagsOf("vmd", rc.before) === undefined && flagsOf("vmd", rc.after) !== undefined;
	if (live.vmd.kind === "absent" && isChanged(daemons.vmd) && !starts)
		notes.push(msg("vmd does not run there, so no guest starts: 'rcctl enable vmd' and 'rcctl start vmd' start it"));
	if (live.vmd.kind === "absent" && starts)
		notes.push(msg("this starts vmd for the first time: 'vmctl log verbose' there lets it say more in /var/log/daemon"));
	for (const { path, before, text } of changes)
		if (path === PF_CONF && before.kind === "file" && text !== undefined)
			for (const { name, id } of otherwiseTracked(before.text, text))
				notes.push(
					msg(
						'the kernel refuses the rules ("Device busy") while it tracks sources of the limiter "{0}": its mask or its table differs. Give it another id than {1}, or load the rules without it first',
						name,
						id,
					),
				);
	for (const { role, before, text } of changes) {
		if (role !== "sysctl") continue;
		const wanted = settingsIn(text ?? "");
		for (const name of settingsIn(before.kind === "file" ? before.text : "").keys())
			if (!wanted.has(name) && atStart[name] === undefined)
				notes.push(msg("{0} stays as it is until the host starts: no line sets it any more", name));
	}
	if (isChanged(RC_CONF_LOCAL))
		notes.push(
			msg(
				"of {0} only this takes effect now: vmd or dhcpd that it enables. All else does when the host starts, or by rcctl",
				RC_CONF_LOCAL,
			),
		);
	return notes;
}

/**
 * Source limiters that keep their id and track sources in another way: the kernel does not join two ways while it tracks any
 * (pf_ioctl.c, pf_sourcelim_check).
 */
function otherwiseTracked(before: string, after: string): readonly Limiter[] {
	const limitersIn = (text: string): readonly Limiter[] =>
		PfFile.parse(text, { path: PF_CONF }).ruleset.definitions.flatMap((one) =>
			one.kind === "limiter" && one.limiter.kind === "source" ? [one.limiter] : [],
		);
	const old = new Map(limitersIn(before).map((one) => [one.id, one]));
	return limitersIn(after).filter((one) => {
		const loaded = old.get(one.id);
		if (loaded === undefined) return false;
		return loaded.inetMask !== one.inetMask || loaded.inet6Mask !== one.inet6Mask || loaded.table?.name !== one.table?.name;
	});
}

/** What a kernel starts with, of the settings that hosts of guests change (seen on OpenBSD 7.6-current). */
const atStart: Readonly<Record<string, string>> = {
	"net.inet.ip.forwarding": "0",
	"net.inet6.ip6.forwarding": "0",
	"net.inet.ip.mforwarding": "0",
	"net.inet6.ip6.mforwarding": "0",
	"net.inet.ip.multipath": "0",
	"net.inet6.ip6.multipath": "0",
	"net.inet.ip.redirect": "1",
	"net.inet6.ip6.redirect": "1",
	"net.inet.ip.sourceroute": "0",
	"net.inet.gre.allow": "0",
	"net.inet.etherip.allow": "0",
	"net.inet.carp.allow": "1",
	"net.inet.carp.preempt": "0",
};

/** The settings of sysctl.conf(5), as rc(8) would hand them to sysctl(8). */
function settingsIn(text: string): ReadonlyMap<string, string> {
	return new Map(
		readSysctl(text).flatMap(({ name, value }) =>
			value === undefined || !/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name) ? [] : [[name, value] as const],
		),
	);
}

/** Those that are new, and those that no line sets any more, where it is known what a start gives them. */
function sysctls(before: HostFile, text: string): readonly Activation[] {
	const path = SYSCTL_CONF;
	const [old, wanted] = [settingsIn(before.kind === "file" ? before.text : ""), settingsIn(text)];
	const set = (name: string, value: string, why: Message): Activation => ({
		kind: "sysctl",
		subject: name,
		words: ["sysctl", `${name}=${value}`],
		why,
		disturbs: msg("{0} holds for the whole host at once", name),
	});
	return [
		...[...old.keys()].flatMap((name) => {
			const value = wanted.has(name) ? undefined : atStart[name];
			return value === undefined ? [] : [set(name, value, msg("{0} does not set it any more: that is what a kernel starts with", path))];
		}),
		...[...wanted].flatMap(([name, value]) => (old.get(name) === value ? [] : [set(name, value, msg("{0} has changed", path))])),
	];
}

/** What the hostname files that change mean for the interfaces. */
export function networkOf(changes: readonly FileChange[], { live, files, routes, interrupt }: Circumstances): InterfacesPlan {
	const changed = changes.filter(({ role, differs }) => role === "hostname" && differs.includes("content")).map(({ path }) => path);
	return planInterfaces(changed, { ...files, live: live.interfaces, routes, interrupt, release: live.system?.reads });
}

/**
 * One call of netstart does all: nothing is taken away without what follows, and no connection of ours is needed in between.
 * Lines of the first interface take away, lines of the last put routes and members back.
 */
function interfaces(plan: InterfacesPlan, { files }: Circumstances): readonly Activation[] {
	const { takeAway, destroy, start, join, routesGone, routesBack } = plan;
	const isMadeAgain = (name: string) => start.some((each) => each.name === name);
	const before = [
		...routesGone.map((route) => `route -qn delete -${route.family} ${route.destination} ${route.gateway}`),
		...takeAway.map(({ name, words }) => `ifconfig ${name} ${words.join(" ")}`),
	];
	const behind = [
		...join.map(({ name, member }) => `ifconfig ${name} add ${member}`),
		...routesBack.map((route) => `route -qn add -${route.family} ${route.destination} ${route.gateway}`),
	];
	const gone = destroy.map(
		(name): Activation => ({
			kind: "interface-gone",
			subject: name,
			words: ["ifconfig", name, "destroy"],
			why: isMadeAgain(name) ? msg("{0} is created again", name) : msg("{0} is removed", hostnamePath(name)),
			disturbs: msg("{0} goes down, and whatever is reached by it", name),
		}),
	);
	if (start.length === 0) return gone;
	const commands = (all: readonly string[]) => all.map((command) => `!${command}\n`).join("");
	const lines = start.map(({ name, lines: own, isNew }, i) => {
		const [first, last] = [i === 0 ? commands(before) : "", i === start.length - 1 ? commands(behind) : ""];
		return { name, lines: `${first}${own}${own.endsWith("\n") || last === "" ? "" : "\n"}${last}`, isWhole: isNew && first + last === "" };
	});
	return [
		...gone,
		{
			kind: "interface",
			subject: start.map(({ name }) => name).join(" "),
			words: ["sh", "/etc/netstart", ...start.map(({ name }) => name)],
			why: whyStarted(start, files.before),
			disturbs: disturbedBy(plan),
			lines: lines.filter(({ isWhole }) => !isWhole).map(({ name, lines: text }) => ({ name, lines: text })),
			beside: [...before, ...behind],
		},
	];
}

function disturbedBy({ start, takeAway }: InterfacesPlan): Message {
	const made = start.filter(({ isNew }) => isNew).map(({ name }) => name);
	if (made.length === start.length && takeAway.length === 0) return msg("nothing that is there: it makes {0}", made.join(", "));
	return takeAway.length === 0
		? msg("only the lines run that an interface does not follow yet: what is in place stays")
		: msg(
				"what no file has any more goes, and only the lines run that an interface does not follow yet: an address that is set again goes for a moment",
			);
}

/** Interfaces whose own files are as they were are started for what they stand on. */
function whyStarted(start: InterfacesPlan["start"], before: ReadonlyMap<string, string>): Message {
	const isOld = ({ name, lines, isNew }: (typeof start)[number]) => isNew && before.get(hostnamePath(name)) === lines;
	const with_ = start.filter(isOld).map(({ name }) => name);
	return with_.length === 0 ? msg("their files have changed") : msg("files have changed, and {0} belongs to them", with_.join(", "));
}

function defaultRoute(verb: "delete" | "change", family: "inet" | "inet6", gateway: string): Activation {
	return {
		kind: "route",
		subject: [verb, family, "default", gateway].join(" "),
		words: ["route", "-qn", verb, `-${family}`, "default", gateway],
		why: msg("{0} has changed", MYGATE),
		disturbs: msg("what leaves the networks of the host goes another way from now on"),
	};
}

/** The default routes, as netstart sets them: of each family the first gateway. */
function defaultRoutes({ files }: Circumstances): readonly Activation[] {
	const gateways = (texts: ReadonlyMap<string, string>) =>
		new Map(
			readMygate(texts.get(MYGATE) ?? "")
				.toReversed()
				.flatMap((line) => (line.kind === "gateway" ? [[line.family, line.address] as const] : [])),
		);
	const [before, after] = [gateways(files.before), gateways(files.after)];
	return (["inet", "inet6"] as const).flatMap((family): readonly Activation[] => {
		const [old, wanted] = [before.get(family), after.get(family)];
		if (old === wanted) return [];
		if (wanted !== undefined) return [defaultRoute("change", family, wanted)];
		return old === undefined ? [] : [defaultRoute("delete", family, old)];
	});
}

function rules({ before, after }: Circumstances["anchors"]): readonly Activation[] {
	const gone = before.filter((anchor) => !after.includes(anchor));
	return [
		{
			kind: "rules",
			subject: PF_CONF,
			words: ["pfctl", "-f", PF_CONF],
			why: msg("the ruleset, or a file that it loads, has changed"),
			disturbs: msg("new connections are judged by the new rules; states that are there stay"),
		},
		...gone.map(
			(anchor): Activation => ({
				kind: "anchor-gone",
				subject: anchor,
				words: ["pfctl", "-a", anchor, "-F", "rules"],
				why: msg("no ruleset loads the anchor {0} any more, and its rules would stay", anchor),
				disturbs: msg("new connections are judged without the rules of {0}", anchor),
			}),
		),
	];
}

/** Tables that persist stay where the rules that are loaded do not have them. */
function tablesGone({ before, after }: Circumstances["files"]): readonly Activation[] {
	const stay = persistentTables(after);
	return [...persistentTables(before)].flatMap(([subject, { name, anchor }]): readonly Activation[] =>
		stay.has(subject)
			? []
			: [
					{
						kind: "table-gone",
						subject,
						words: ["pfctl", ...(anchor === "" ? [] : ["-a", anchor]), "-t", name, "-T", "kill"],
						why: msg("no ruleset has the table {0} any more, and it would stay", name),
						disturbs: msg("the addresses that it has are forgotten, those that were added by hand too"),
					},
				],
	);
}

/** By what the host program calls them: the name, and the anchor behind it. */
function persistentTables(texts: ReadonlyMap<string, string>): ReadonlyMap<string, { readonly name: string; readonly anchor: string }> {
	const readFile = (path: string) => texts.get(path);
	const places = [[PF_CONF, [""]] as const, ...filesOfRulesets(texts).anchors];
	return new Map(
		places.flatMap(([path, anchors]) => {
			const { tables } = PfFile.parse(texts.get(path) ?? "", { path, readFile }).ruleset.main;
			const names = tables.filter(({ persist, statement }) => persist && statement >= 0).map(({ name }) => name);
			return [...anchors].flatMap((anchor) => names.map((name) => [anchor === "" ? name : `${name} ${anchor}`, { name, anchor }] as const));
		}),
	);
}

function guests({ guests: all }: LiveState, by: GuestsBy): readonly Activation[] {
	const named = (state: "running" | "stopped") => all.filter((guest) => guest.state === state).map(({ name }) => name);
	const why = msg("{0} has changed", VM_CONF);
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
						? msg("guests that are not disabled are started")
						: msg("all guests are shut down, and started where they are not disabled: {0}", running.join(", ")),
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
					? msg("guests that run go on as they are; guests that are new and not disabled are started")
					: msg(
							"guests that run go on as they are; stopped guests are forgotten, read again, and started where they are not disabled: {0}",
							starting.join(", "),
						),
		},
	];
}

const dhcpd: Activation = {
	kind: "service",
	subject: "dhcpd",
	words: ["rcctl", "restart", "dhcpd"],
	why: msg("{0} has changed", DHCPD_CONF),
	disturbs: msg("leases stay; no addresses are given for a moment. Where dhcpd does not run it is not started"),
};
