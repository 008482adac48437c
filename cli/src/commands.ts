/** The commands, in the order in which they are shown. What a command needs is loaded when it runs: the others start faster. */
import { type Command, type CommandOption, command, didYouMean, listed, UsageError } from "./arguments.ts";
import { exitStatus, exitTexts } from "./exit-status.ts";
import { ownTranslations, tell } from "./translations.ts";

const json = { type: "boolean", help: "the answer as JSON" } as const satisfies CommandOption;
const asJson = { type: "boolean", help: "short for --format json" } as const satisfies CommandOption;
const host = {
	type: "string",
	value: "HOST",
	help: "the host of openbsd-vnet.json, in place of a folder",
} as const satisfies CommandOption;
const folder = {
	type: "string",
	value: "FOLDER",
	help: "that of the host: one that holds its etc, or its files themselves (.)",
} as const satisfies CommandOption;
const release = {
	type: "string",
	value: "RELEASE",
	help: "the release of OpenBSD to read files for, such as 7.9",
} as const satisfies CommandOption;
const sshConfig = {
	type: "string",
	short: "F",
	value: "SSH_CONFIG",
	help: "the file to read as ssh_config, in place of the user's and the system's",
} as const satisfies CommandOption;
const remove = {
	type: "string",
	multiple: true,
	value: "PATH",
	help: "a file of the host to take away, where it is not here; may be given more than once",
} as const satisfies CommandOption;
const interrupt = {
	type: "boolean",
	help: "also what interrupts the network: interfaces that are recreated, or change their routing domain or parent",
} as const;

const change = {
	"auto-confirm": { type: "boolean", help: "confirm without asking, once a new connection shows that the host is still reached" },
	"over-drift": { type: "boolean", help: "also where somebody has changed files on the host since they were deployed" },
	interrupt,
	timeout: { type: "string", value: "SECONDS", help: "after so many seconds without confirmation the host rolls back (120)" },
} as const;

/** What behind a command's operands stands for a host. */
const HOST = 'HOST is a name of openbsd-vnet.json that has an "ssh".';

export const commands: Readonly<Record<string, Command>> = {
	check: command({
		summary: "reports what is wrong in the files of hosts",
		operands: "[PATH...]",
		options: {
			format: { type: "string", choices: ["text", "json", "sarif", "github"], help: "how it is printed" },
			"fail-on": {
				type: "string",
				choices: ["error", "warning", "information", "hint", "none"],
				help: "the least that makes the exit status 1",
			},
			release,
			json: asJson,
			quiet: { type: "boolean", short: "q", help: "print errors alone, and no summary" },
			fix: {
				type: "boolean",
				help: "mend what needs no judgement: what a program refuses a file for, where it is clear what was meant, and words that change nothing",
			},
			"dry-run": { type: "boolean", help: "print what --fix would change as a diff, and change nothing" },
			watch: { type: "boolean", short: "w", help: "check again after each change, until Ctrl-C" },
			"max-warnings": { type: "string", value: "NUMBER", help: "more warnings than that make the exit status 1" },
			as: {
				type: "string",
				value: "KIND",
				help: "what the one file given is, whatever its name: pf, vm, pftest, or hostname:em0 for /etc/hostname.em0",
			},
		},
		about: [
			"Checks the pf.conf with its anchors, vm.conf, hostname.if and policy tests under the paths, all files of a host together.",
			"Without a path: of the hosts that openbsd-vnet.json names, here or above, or else of the folder that one is in.",
			"With --as, a path may be - for standard input.",
		],
		examples: [
			["check", "all hosts of openbsd-vnet.json, or the files in this folder"],
			["check --format github --fail-on warning hosts/", "in CI"],
			["check --as pf - </etc/pf.conf", "a text by itself"],
			["check --fix --dry-run hosts/hv1", "what would be mended; without --dry-run it is"],
			["check --watch", "beside an editor"],
		],
		exit: [
			[exitStatus.found, "something was found at the level of --fail-on, or too many warnings; with --dry-run, something would be mended"],
		],
		run: async ({ values, operands }, output) => await (await import("./check.ts")).runCheck(values, operands, output),
	}),
	test: command({
		summary: "runs policy tests: who may reach whom",
		operands: "[PATH...]",
		options: { format: { type: "string", choices: ["text", "tap", "junit", "json"], help: "how it is printed" }, json: asJson },
		about: [
			"Runs the policy tests (*.pftest) under the paths: whether the rules let through what they should, and nothing else.",
			"Without a path: as check.",
		],
		examples: [["test --format junit hosts/hv1 >report.xml", "for a CI service"]],
		exit: [[exitStatus.found, "a test failed or cannot be decided"]],
		run: async ({ values, operands }, output) => await (await import("./test.ts")).runTest(values, operands, output),
	}),
	expand: command({
		summary: "prints the ruleset that pfctl would load, or the commands that netstart would run",
		operands: "FILE",
		options: { release, json },
		about: ["On a terminal, what would act on it is escaped."],
		examples: [["expand hosts/hv1/etc/pf.conf", "as pfctl -nvf prints it"]],
		exit: [[exitStatus.found, "the host's program refuses the file, or the ruleset is too large"]],
		run: async ({ values, operands }, output) => await (await import("./expand.ts")).runExpand(values, operands, output),
	}),
	netstart: command({
		summary: "prints the commands that netstart would run for a hostname.if",
		operands: "FILE",
		options: { release, json },
		about: ["As 'sh /etc/netstart -n' does.", "The interface is that of the file's name."],
		examples: [["netstart hosts/hv1/etc/hostname.em0", "what em0 is given when the host starts"]],
		exit: [[exitStatus.found, "ifconfig or netstart would refuse a line"]],
		run: async ({ values, operands }, output) => await (await import("./expand.ts")).runNetstart(values, operands, output),
	}),
	trace: command({
		summary: "says what pf does to a connection, place by place and rule by rule",
		operands: "FROM TO PROTOCOL [PORT]",
		options: { folder, host, release, json },
		about: ["FROM and TO are outside, host, the name of a guest or an address; PROTOCOL is tcp, udp, icmp or a number."],
		examples: [["trace outside web01 tcp 443 --folder hosts/hv1", "whether web01 is reached, and which rules decide"]],
		exit: [[exitStatus.found, "the connection is not made, or that depends"]],
		run: async ({ values, operands }, output) => await (await import("./questions.ts")).runTrace(values, operands, output),
	}),
	reach: command({
		summary: "lists who reaches whom by which services",
		operands: "[FOLDER]",
		options: { host, release, json },
		about: ["Covers outside, host and guests, with every service that the rules tell apart."],
		examples: [["reach hosts/hv1", "every pair of ends of hv1"]],
		run: async ({ values, operands }, output) => await (await import("./questions.ts")).runReach(values, operands, output),
	}),
	exposure: command({
		summary: "lists what the outside may reach, and says whether that is all",
		operands: "[FOLDER]",
		options: { host, release, json },
		about: [
			"All packets that pf lets past where it first meets what comes from outside, by the rule that does, and whom some of them get to.",
			"A rule for one address only is among them, which reach does not ask about.",
		],
		examples: [["exposure hosts/hv1", "what anybody outside may reach on hv1"]],
		run: async ({ values, operands }, output) => await (await import("./exposure.ts")).runExposure(values, operands, output),
	}),
	report: command({
		summary: "writes what a host's files say about its network, to be handed on",
		operands: "[FOLDER]",
		options: {
			host,
			guest: { type: "string", value: "NAME", help: "only what concerns one guest" },
			format: { type: "string", choices: ["markdown", "html", "json"], help: "how it is written" },
			release,
			json: asJson,
		},
		about: [
			"The picture (in HTML), all that pf lets in from outside, who reaches whom, the policy tests with their results, errors and warnings, and the files with their digests.",
		],
		examples: [["report --format html hosts/hv1 >hv1.html", "a page that needs nothing else"]],
		run: async ({ values, operands }, output) => await (await import("./report.ts")).runReport(values, operands, output),
	}),
	upgrade: command({
		summary: "says what another release of OpenBSD makes of a host's files",
		operands: "[PATH]",
		options: {
			from: {
				type: "string",
				value: "RELEASE",
				help: "the release that the host runs; without it, that of openbsd-vnet.json, or the one before",
			},
			to: { type: "string", value: "RELEASE", help: "the release to go to; without it, the newest that is published" },
			host,
			format: { type: "string", choices: ["text", "json", "sarif", "markdown"], help: "how it is printed" },
			json: asJson,
		},
		about: [
			"Reads the same files for both releases: what will be refused, what will mean something else, what is printed otherwise and what is no longer needed, each with its fix where there is one; and which rules and which connections are others.",
			"PATH is a host's folder; without it, all hosts of openbsd-vnet.json, or the one that you are in.",
		],
		examples: [["upgrade --from 7.7 --to 7.9 hosts/hv1", "before sysupgrade"]],
		exit: [[exitStatus.found, "something will be refused or will mean something else, or another connection is possible"]],
		run: async ({ values, operands }, output) => await (await import("./upgrade.ts")).runUpgrade(values, operands, output),
	}),
	topology: command({
		summary: "draws a host's interfaces, switches and guests",
		operands: "[FOLDER]",
		options: {
			svg: { type: "boolean", help: "as the picture that the editor shows, in place of words" },
			theme: { type: "string", choices: ["light", "dark"], help: "the colours of the picture" },
			host,
			json,
		},
		about: ["Each part with what is wrong about it, what it is connected with, and whether pf filters packets there."],
		examples: [
			["topology hosts/hv1", "the parts of hv1"],
			["topology --svg hosts/hv1 >hv1.svg", "a picture for documentation"],
		],
		run: async ({ values, operands }, output) => await (await import("./topology.ts")).runTopology(values, operands, output),
	}),
	diff: command({
		summary: "says which connections and packets a change of files treats differently",
		operands: "[BEFORE AFTER | FOLDER]",
		options: {
			since: { type: "string", value: "REVISION", help: "compare with what Git has at that revision, in place of two folders" },
			running: { type: "boolean", help: "compare with the files that the running host has, in place of two folders" },
			pair: {
				type: "boolean",
				help: "BEFORE and AFTER stand in for each other: the addresses that only one of them has for itself count as the same",
			},
			host,
			format: { type: "string", choices: ["text", "markdown", "json"], help: "how it is printed" },
			json: asJson,
		},
		about: [
			"BEFORE and AFTER are folders of a host, or of two hosts.",
			"With --since or --running and without a folder or --host: the hosts of openbsd-vnet.json.",
		],
		examples: [
			["diff --since main hosts/hv1", "what the branch changes"],
			["diff --since origin/main --format markdown --host hv1", "for a comment on a pull request"],
			["diff --running --host hv1", "what a deployment would change"],
			["diff --pair gw1 gw2", "what gw2 does differently from gw1, when it takes over"],
		],
		exit: [[exitStatus.found, "a connection or a packet is treated otherwise, or that is not known"]],
		run: async ({ values, operands }, output) => await (await import("./questions.ts")).runDiff(values, operands, output),
	}),
	explain: command({
		summary: "says what the code of a diagnostic means",
		operands: "CODE",
		options: { json },
		about: ["What it is, why it is told, and what to do about it."],
		examples: [["explain pf/syntax", "as docs/diagnostics.md has it"]],
		run: async ({ values, operands }, output) => (await import("./explain.ts")).runExplain(values, operands, output),
	}),
	fmt: command({
		summary: "formats files as the editor does",
		operands: "[PATH...]",
		options: { check: { type: "boolean", help: "change nothing, and name the files that would be" }, json },
		about: ["Without a path: as check.", "Names the files that it changes."],
		examples: [["fmt --check hosts/", "in CI"]],
		exit: [[exitStatus.found, "with --check, a file is not formatted"]],
		run: async ({ values, operands }, output) => await (await import("./fmt.ts")).runFormat(values, operands, output),
	}),
	pattern: {
		summary: "writes the files of a network, from a few answers",
		operands: "[NAME [--ANSWER VALUE]... [--write] [--host HOST | FOLDER]]",
		options: {
			write: { type: "boolean", help: "change the files, in place of printing what would change" },
			host,
			json,
		},
		about: [
			"Prints what a pattern would change in the files of a host, as diff -u does.",
			"Without a name it lists the patterns; pattern NAME --help prints what that one asks for.",
			"FOLDER is that of the host (.).",
			"What the pattern promises is written as policy tests.",
		],
		examples: [
			["pattern", "the patterns"],
			["pattern routed --guests web01,db01 --uplink em0 hosts/hv1", "what it would change"],
		],
		exit: [[exitStatus.found, "the host's own rules break one of its promises"]],
		run: async (args, output) => await (await import("./pattern.ts")).runPattern(args, output),
	},
	taps: command({
		summary: "asks a host by SSH which tap is which guest's",
		operands: "HOST",
		options: { json, config: sshConfig },
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"Needs no root there.",
			"A host whose key is not known is asked about on a terminal, and refused without one.",
		],
		examples: [["taps hv1", "the guests of hv1 with their taps"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).taps(args, output),
	}),
	verify: command({
		summary: "holds a running host against its files",
		operands: "HOST",
		options: { json },
		about: [
			"Looks at guests and taps, members, addresses, routes, settings, daemons, loaded rules and leases, each with what to do where it differs.",
			HOST,
		],
		examples: [["verify hv1", "what differs"]],
		exit: [[exitStatus.found, "something differs"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).verify(args, output),
	}),
	states: command({
		summary: "lists the states of a host's pf, and says what a change of the rules means for them",
		operands: "HOST",
		options: {
			json,
			guest: { type: "string", value: "GUEST", help: "only those of this guest" },
			rule: { type: "string", value: "FILE:LINE", help: "only those that the rule on this line has made" },
			address: { type: "string", value: "ADDRESS", help: "only those from or to this address" },
			sort: { type: "string", choices: ["age", "bytes", "packets", "rate"], help: "most first" },
			rates: { type: "boolean", help: "read them twice, two seconds apart, and tell the rate of each" },
			against: { ...folder, help: "say of each whether it would still be made with the files of this folder" },
			end: { type: "boolean", help: "end those that would no longer be made with them, and no others, after asking" },
			yes: { type: "boolean", help: "end them without asking" },
			config: sshConfig,
		},
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"A state is a connection that pf lets through without asking the rules again: a change of the rules does not end it.",
			"Needs root there, or lines of doas.conf, which it tells.",
			"What cannot be known for certain is told as unknown, and never ended.",
		],
		examples: [
			["states hv1 --guest web01 --sort bytes", "who talks to web01, and how much"],
			["states hv1 --against hosts/hv1", "what the rules of this folder would no longer let begin"],
		],
		exit: [[exitStatus.found, "with --against, some would no longer be made"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).states(args, output),
	}),
	tables: command({
		summary: "lists the tables of a host's pf beside its files, and changes or keeps one",
		operands: "HOST",
		options: {
			json,
			table: { type: "string", value: "NAME[@ANCHOR]", help: "only this one, with all that differs" },
			add: { type: "string", value: "ADDRESS", help: "add an address or network to it on the host, after asking" },
			delete: { type: "string", value: "ADDRESS", help: "take one out of it on the host, after asking" },
			keep: { type: "boolean", help: "write what only the host has into a file of its folder that the table then reads, after showing it" },
			yes: { type: "boolean", help: "change it without asking" },
			config: sshConfig,
		},
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"Tells what loading the rules again, or a restart, would forget: '+' stands before what only the host has, '-' before what only the files have.",
			"Needs root there, or lines of doas.conf, which it tells.",
		],
		examples: [
			["tables hv1", "what was added by hand, by rules or by programs"],
			["tables hv1 --table bruteforce --keep", "into /etc/pf.table.bruteforce of the folder, to be deployed"],
		],
		exit: [[exitStatus.found, "the host has addresses that no file has"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).tables(args, output),
	}),
	counters: command({
		summary: "lists what a host's pf counts for its rules, since when, and when each counted last",
		operands: "HOST",
		options: {
			json,
			never: { type: "string", value: "DAYS", help: "only rules that are known to have counted no packet for so many days" },
			config: sshConfig,
		},
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"pf keeps no times, and forgets its counters when its rules are loaded or the host is booted. Each call is a reading, which is remembered: for each rule, by its anchor and its text, since when it counts, why it began again from zero, and when a reading last found more packets.",
			"The readings lie in ~/.local/state/openbsd-vnet ($XDG_STATE_HOME), on Windows in %LOCALAPPDATA%. Run it from cron(8) to have them.",
			"Needs root there, or lines of doas.conf, which it tells.",
		],
		examples: [
			["counters hv1", "each rule with its counters and their past"],
			["counters hv1 --never 30", "what no packet has matched for a month"],
		],
		exit: [[exitStatus.found, "with --never, there are such rules"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).counters(args, output),
	}),
	rates: command({
		summary: "tells what goes through a host's interfaces now, and what its guests take",
		operands: "HOST",
		options: {
			json,
			seconds: { type: "string", value: "SECONDS", help: "how long apart the two readings are, 1 to 8; without it, 5" },
			config: sshConfig,
		},
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"Packets and bits a second of each interface, with the guest whose tap it is; for each guest the share of one processor, and memory. What netstat, ps and vmctl tell is read twice, in one process and one round trip. An interface whose counters began again in between is left out.",
			"Needs no root there.",
		],
		examples: [["rates hv1", "what is going on within five seconds"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).rates(args, output),
	}),
	log: command({
		summary: "shows what pf logs on a host as it comes, with the line of each rule",
		operands: "HOST",
		options: {
			json,
			guest: { type: "string", value: "NAME", help: "only packets of this guest" },
			address: { type: "string", value: "ADDRESS", help: "only those with this address at either end" },
			interface: { type: "string", value: "INTERFACE", help: "only those on this interface" },
			action: { type: "string", choices: ["any", "pass", "block", "match"], help: "only those that were passed, blocked or matched" },
			rule: { type: "string", value: "FILE:LINE", help: "only those that a rule of this line has logged" },
			count: { type: "string", value: "NUMBER", help: "end after so many" },
			config: sshConfig,
		},
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"Follows tcpdump on pflog0 until Ctrl-C. Only rules with `log` are in it. A line of the files is named where the loaded rule is certain and theirs. A thousand packets a second are shown, of more it is said how many were left out.",
			"Needs root there, or two lines in doas.conf: without the one for pfctl, which rules log is not known. With --json each packet is a document on a line of its own.",
		],
		examples: [
			["log hv1 --guest web01", "what happens to web01's packets"],
			["log hv1 --action block --count 10 --json", "the next ten that are blocked"],
		],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).log(args, output),
	}),
	disks: command({
		summary: "lists, and makes, the disks of guests that a host does not have",
		operands: "HOST",
		options: { json, create: { type: "string", value: "SIZE", help: "make them, such as 20G; never over something that is there" } },
		about: ["Lists the disks of vm.conf that are missing, with the commands that make them.", HOST],
		examples: [["disks hv1 --create 20G", "makes what is missing"]],
		exit: [[exitStatus.found, "some are missing still"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).disks(args, output),
	}),
	validate: command({
		summary: "lets the programs of a host check its files there",
		operands: "HOST",
		options: { json },
		about: ["Changes nothing.", HOST],
		examples: [["validate hv1", "what pfctl, vmd and netstart of hv1 say"]],
		exit: [[exitStatus.found, "a program refuses a file"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).validate(args, output),
	}),
	plan: command({
		summary: "shows what deploying would change, run and disturb",
		operands: "HOST",
		options: {
			json,
			remove,
			interrupt,
			states: { type: "boolean", help: "also count the host's present connections that would no longer begin with the new rules" },
		},
		about: [HOST],
		examples: [["plan hv1", "before deploy hv1"]],
		exit: [[exitStatus.found, "deploying would do something"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).plan(args, output),
	}),
	deploy: command({
		summary: "puts the files of a host in place, with a way back",
		operands: "HOST...",
		options: {
			json,
			...change,
			remove,
			"no-tests": { type: "boolean", help: "also where a policy test fails" },
			"restart-guests": { type: "boolean", help: "restart guests whose settings change" },
			"end-states": {
				type: "boolean",
				help: "once the change is confirmed, end the connections that would no longer begin with the new rules, and no others; shown before",
			},
			"create-disks": { type: "string", value: "SIZE", help: "first make the guests' disks that the host does not have, such as 20G" },
			"no-rehearsal": {
				type: "string",
				value: "REASON",
				help: "do not rehearse the way back first, where this host, its release or our program there has not been tried; it remembers why",
			},
			rehearse: {
				type: "boolean",
				help: "only load the host's own rules with one that does nothing, and wait until the host rolls back by itself",
			},
		},
		about: [
			"Changes nothing where a policy test (*.pftest) beside the files fails.",
			"The host rolls back by itself unless the change is confirmed over a new connection in time.",
			"Of several hosts, those come last that have addresses by carp(4) which the others would take over. The next one is begun only when the one before is done and could still take over.",
			HOST,
		],
		examples: [
			["deploy hv1", "asks before it changes, and before it confirms"],
			["deploy gw1 gw2", "first to the one that stands in"],
			["deploy hv1 --rehearse", "tries the way back"],
		],
		exit: [
			[exitStatus.found, "nothing was changed"],
			[exitStatus.rolledBack, exitTexts[exitStatus.rolledBack]],
			[exitStatus.differs, exitTexts[exitStatus.differs]],
		],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).deploy(args, output),
	}),
	rollback: command({
		summary: "deploys what was there before a deployment",
		operands: "HOST",
		options: {
			json,
			...change,
			to: { type: "string", value: "DEPLOYMENT", help: "the one before which it was so; the latest that was confirmed where not given" },
		},
		about: [HOST],
		examples: [["rollback hv1", "takes the latest deployment back"]],
		exit: [
			[exitStatus.found, "nothing was changed"],
			[exitStatus.rolledBack, exitTexts[exitStatus.rolledBack]],
			[exitStatus.differs, exitTexts[exitStatus.differs]],
		],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).rollback(args, output),
	}),
	pull: command({
		summary: "brings the files of a running host into a folder, and later what was changed there",
		operands: "HOST [FOLDER]",
		options: {
			json,
			secrets: { type: "boolean", help: "also new files that hold keys or passwords" },
			"dry-run": { type: "boolean", help: "say what would be written, and change nothing" },
			config: sshConfig,
		},
		about: [
			"HOST is a name of openbsd-vnet.json, a name of ssh_config, or [user@]host[:port].",
			"A host that openbsd-vnet.json does not name is added to it, with FOLDER, or one of its own name.",
			"Later it brings what others changed on the host since the files were pulled or deployed; what both sides changed is marked as git marks it, and nothing that is here alone is touched.",
		],
		examples: [
			["pull root@hv1", "the files of hv1 into hv1/etc"],
			["pull hv1", "later, or after deploy has said that files were changed there"],
		],
		exit: [[exitStatus.found, "something is left to decide: both sides changed the same lines, or one side lacks the file"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).pull(args, output),
	}),
	drift: command({
		summary: "says which files of hosts are not as they are here, and who changed them",
		operands: "[HOST...]",
		options: { format: { type: "string", choices: ["text", "json", "sarif"], help: "how it is printed" }, json: asJson },
		about: [HOST, "Without one, all of them are asked, 16 at once."],
		examples: [["drift --format sarif >drift.sarif", "every night, in CI"]],
		exit: [[exitStatus.found, "a file differs"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).drift(args, output),
	}),
	history: command({
		summary: "lists what was deployed to a host, and by whom",
		operands: "HOST [DEPLOYMENT]",
		options: { json },
		about: ["With a deployment: how its commands ended, and what it changed.", HOST],
		examples: [["history hv1", "the deployments of hv1"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).history(args, output),
	}),
	host: command({
		summary: "tries a host's connection; installs its program, removes what it keeps",
		operands: "check|install|version|prune|uninstall HOST",
		options: { json, keep: { type: "string", value: "NUMBER", help: "for prune: so many deployments stay (20)" } },
		about: [
			"check connects, and tells as whom, over what, and which release of OpenBSD answers. install puts this version's program in place of the host's; a deployment does so, too, where the host's is older. prune removes what earlier deployments keep: the files as they were, with their secrets. uninstall removes the program, and all that it keeps.",
			HOST,
		],
		examples: [
			["host check hv1", "whether it is reached: by the built-in client, or by the system's ssh, and why"],
			["host version hv1", "the version there, and whether it is this one"],
			["host prune --keep 5 hv1", "keeps the latest five deployments"],
		],
		exit: [[exitStatus.found, "version: the host has none, or another one"]],
		asksHost: true,
		run: async (args, output) => await (await import("./host-commands.ts")).hostProgramOf(args, output),
	}),
	"host-program": command({
		summary: "prints the program that a user who is not root deploys by",
		operands: "",
		options: {},
		about: ["How it is installed stands in its first lines."],
		examples: [["host-program >openbsd-vnet-host", "to install on a host"]],
		run: async (_, { stdout }) => {
			const { hostProgram } = await import("@openbsd-vnet/remote/host-program");
			stdout.write(hostProgram);
			return exitStatus.done;
		},
	}),
	export: command({
		summary: "writes an inventory, a playbook and a collection for Ansible",
		operands: "ansible [DIR]",
		options: { json, config: sshConfig },
		about: [
			'For the hosts of openbsd-vnet.json that have an "ssh", into a folder (ansible): each is deployed as by deploy, batch after batch.',
		],
		examples: [["export ansible", "writes ansible/"]],
		run: async (args, output) => await (await import("./host-commands.ts")).exportFor(args, output),
	}),
	lsp: command({
		summary: "serves editors by the Language Server Protocol",
		operands: "",
		options: { stdio: { type: "boolean", help: "over standard input and output; must be given" } },
		about: ["Editors start it: docs/editors.md says how."],
		examples: [["lsp --stdio", "as an editor calls it"]],
		run: async ({ values }) => {
			if (values.stdio !== true) throw new UsageError(tell("lsp speaks over standard input and output only: add --stdio"));
			const { serve } = await import("./lsp.ts");
			serve();
			return exitStatus.done;
		},
	}),
	mcp: command({
		summary: "answers agents by the Model Context Protocol",
		operands: "",
		options: {},
		about: [
			"Over standard input and output, with the answers of check, test, expand, trace, reach, diff, explain and plan.",
			"It changes nothing, and reads no file outside of the folder that it is started in. docs/agents.md says how agents start it.",
		],
		examples: [["mcp", "as an agent calls it"]],
		run: async ({ operands }) => {
			if (operands.length > 0) throw new UsageError(tell("mcp takes nothing"));
			(await import("./mcp.ts")).serveAgents(commands);
			return exitStatus.done;
		},
	}),
	completion: command({
		summary: "prints what makes a shell complete this command's arguments",
		operands: "bash|zsh|fish",
		options: {},
		about: ["Load it in the shell's start-up file."],
		examples: [
			["completion bash", 'in ~/.bashrc: eval "$(openbsd-vnet completion bash)"'],
			["completion fish", "in config.fish: openbsd-vnet completion fish | source"],
		],
		run: async ({ operands }, { stdout }) => {
			const { completions } = await import("./completion.ts");
			const [shell, ...more] = operands;
			const script = shell !== undefined && Object.hasOwn(completions, shell) ? completions[shell] : undefined;
			if (script === undefined || more.length > 0) {
				throw new UsageError(
					`${tell("completion is for {0}", listed(Object.keys(completions)))}${didYouMean(shell ?? "", Object.keys(completions))}`,
				);
			}
			stdout.writeExact(script(commands, ownTranslations()));
			return exitStatus.done;
		},
	}),
};

/** A command by its name; undefined where there is none. */
export function commandNamed(name: string | undefined): Command | undefined {
	return name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
}
