/** pfctl: checks through our own library, loads into the simulated state, shows what is loaded. */
import { type Anchor, formatIp, type Limiter, pfctl as library, printRule, readRuleset, type Table } from "@openbsd-vnet/server";
import { rules } from "./print.ts";
import { fail, getopt, type Machine, ok, type Program, type Result } from "./program.ts";
import { type LoadedRule, releaseOf, type SimulatedState } from "./state.ts";

const usage =
	"usage: pfctl [-deghNnPqrvz] [-a anchor] [-D macro=value] [-F modifier]\n\t[-f file] [-i interface] [-K key] [-k key] [-L statefile]\n\t[-o level] [-p device] [-S statefile] [-s modifier [-R id]]\n\t[-t table -T command [address ...]] [-V rdomain] [-x level]";

const shown = [
	"queue",
	"rules",
	"Anchors",
	"Sources",
	"states",
	"info",
	"Interfaces",
	"labels",
	"timeouts",
	"memory",
	"Tables",
	"osfp",
	"Stlimiters",
	"Srclimiters",
	"all",
];

export const pfctl: Program = (machine, args) => {
	const parsed = getopt(args, "a:dD:eqf:F:ghi:k:K:L:Nno:Pp:R:rS:s:t:T:vV:x:z");
	if (parsed === undefined) return fail(usage);
	const { options, rest } = parsed;
	const has = (letter: string): boolean => options.some(([each]) => each === letter);
	const value = (letter: string): string | undefined => options.findLast(([each]) => each === letter)?.[1];
	const anchorWord = value("a") ?? "";
	if (value("a") === "") return fail("pfctl: anchor name must not be empty");
	const anchor = anchorWord.replace(/\/?\*$/, "");
	const file = value("f");
	if (machine.uid !== 0 && !has("n")) return fail("pfctl: /dev/pf: Permission denied");
	const table = value("t");
	if (table !== undefined) return tableCommand(machine, anchor, table, value("T") ?? "", rest);
	if (rest.length > 0) return fail(`pfctl: unknown command line argument: ${rest[0]} ...\n${usage}`);
	let stdout = "";
	const show = value("s");
	if (show !== undefined && !has("n")) {
		const what = shown.find((each) => each.startsWith(show));
		if (what === undefined) return fail(`pfctl: Unknown show modifier '${show}'\n${usage}`);
		const verbose = Math.min(2, options.filter(([letter]) => letter === "v").length) as 0 | 1 | 2;
		const how = { verbose, recurse: anchorWord.endsWith("*"), wildcard: anchorWord.endsWith("/*") };
		stdout += shows(machine, what, anchor, how);
	}
	const kills = options.flatMap(([letter, each]) => (letter === "k" ? [each] : []));
	if (kills[0] === "id" && !has("n")) return killById(machine, kills[1]);
	if (file !== undefined) {
		const macros = Object.fromEntries(options.filter(([letter]) => letter === "D").map(([, macro]) => macro.split("=", 2)));
		const loaded = load(machine, file, anchor, macros, !has("n"), has("v"));
		return { ...loaded, stdout: stdout + (loaded.stdout ?? "") };
	}
	if (has("e") && !has("n")) {
		if (machine.state.pf.enabled) return fail("pfctl: pf already enabled", 1, stdout);
		machine.state.pf.enabled = true;
		return ok(stdout, "pf enabled\n");
	}
	if (has("d") && !has("n")) {
		if (!machine.state.pf.enabled) return fail("pfctl: pf not enabled", 1, stdout);
		machine.state.pf.enabled = false;
		return ok(stdout, "pf disabled\n");
	}
	const flush = value("F");
	if (flush !== undefined && !has("n")) {
		if ("rules".startsWith(flush) || flush === "all") {
			// An anchor without rules is none (sys/net/pf_ruleset.c, pf_remove_if_empty_ruleset()).
			if (anchor === "") machine.state.pf.anchors[anchor] = [];
			else delete machine.state.pf.anchors[anchor];
		}
		if ("states".startsWith(flush) || flush === "all") machine.state.pf.states = [];
		return ok(stdout, "rules cleared\n");
	}
	return options.length === 0 ? fail(usage) : ok(stdout);
};

function shows({ state }: Machine, what: string, anchor: string, how: Parameters<typeof rules>[2]): string {
	const { pf } = state;
	switch (what) {
		case "rules":
			return rules(state, anchor, how);
		case "Anchors": {
			const paths = new Set(
				Object.keys(pf.anchors).flatMap((path) => path.split("/").map((_, i, parts) => parts.slice(0, i + 1).join("/"))),
			);
			const below = anchor === "" ? "" : `${anchor}/`;
			return [...paths]
				.filter((path) => path !== "" && path.startsWith(below) && (how.verbose > 0 || !/(^|\/)_/.test(path)))
				.sort()
				.map((path) => `  ${path}\n`)
				.join("");
		}
		case "states":
			return pf.states.map((state) => stateText(state, how.verbose)).join("");
		case "Tables":
			return tablesText(pf, anchor, how);
		case "Stlimiters":
			return limiterTable(pf.limiters ?? [], "state");
		case "Srclimiters":
			return limiterTable(pf.limiters ?? [], "source");
		case "info":
			return infoText(pf);
		default:
			return "";
	}
}

/** Why pf drops packets, in the kernel's order (net/pfvar.h, PFRES_NAMES); `match` counts rules. */
const REASONS = [
	...["match", "bad-offset", "fragment", "short", "normalize", "memory", "bad-timestamp", "congestion", "ip-option", "proto-cksum"],
	...["state-mismatch", "state-insert", "state-limit", "src-limit", "synproxy", "translate", "no-route"],
];

/** Status and counters (sbin/pfctl/pfctl_parser.c, print_status()). */
function infoText({ enabled, states, drops = {} }: SimulatedState["pf"]): string {
	const number = (name: string, value: number, rate: string): string =>
		`  ${name.padEnd(25)} ${String(value).padStart(14)} ${rate.padStart(14)}\n`;
	const rate = (value: number): string => `${(value / 274_329).toFixed(1)}/s`;
	return [
		`Status: ${enabled ? "Enabled" : "Disabled"} for 3 days 04:12:09            Debug: err\n\n`,
		"State Table                          Total             Rate\n",
		number("current entries", states.length, ""),
		number("half-open tcp", 0, ""),
		...["searches", "inserts", "removals"].map((name) => number(name, 18, rate(18))),
		"Counters\n",
		...REASONS.map((name) => number(name, drops[name] ?? 0, rate(drops[name] ?? 0))),
	].join("");
}

/** Tables (sbin/pfctl/pfctl_table.c, print_table() and print_tstats()); with all of an anchor's, those of anchors below stand first. */
function tablesText({ tables, tableFlags = {}, anchors }: SimulatedState["pf"], anchor: string, how: Parameters<typeof rules>[2]): string {
	const all = Object.keys(tables).map((key) => {
		const colon = key.indexOf(":");
		return { key, path: colon < 0 ? "" : key.slice(0, colon), name: key.slice(colon + 1) };
	});
	const isAsked = (path: string): boolean => path === anchor || (how.recurse && (anchor === "" || path.startsWith(`${anchor}/`)));
	const names = (path: string, name: string): boolean => (anchors[path] ?? []).some(({ text }) => text.includes(`<${name}>`));
	const shown = all
		.filter(({ path }) => isAsked(path))
		.sort((a, b) => (a.path < b.path ? 1 : a.path > b.path ? -1 : a.name < b.name ? -1 : 1));
	return shown
		.map(({ key, path, name }) => {
			const said = path !== "" && (how.recurse || how.verbose > 0) ? `${name}@${path}` : name;
			if (how.verbose === 0) return `${said}\n`;
			const { constant = false, persist = false, counters = false } = tableFlags[key] ?? {};
			const below =
				path === "" && Object.keys(anchors).some((other) => other !== "" && names(other, name) && tables[`${other}:${name}`] === undefined);
			const flags = `${constant ? "c" : "-"}${persist ? "p" : "-"}a-${names(path, name) ? "r" : "-"}${below ? "h" : "-"}${counters ? "C" : "-"}`;
			const head = `${flags}\t${said}\n`;
			if (how.verbose === 1) return head;
			const two = (one: string, first: number, other: string, second: number): string =>
				`[ ${one}: ${String(first).padEnd(18)} ${other}: ${String(second).padEnd(18)} ]\n`;
			const counted = ["In/Block", "In/Match", "In/Pass", "In/XPass", "Out/Block", "Out/Match", "Out/Pass", "Out/XPass"];
			return [
				head,
				`\tAddresses:   ${tables[key]?.length ?? 0}\n`,
				"\tCleared:     Tue Dec  1 03:50:11 2026\n",
				`\tReferences:  ${two("Anchors", 0, "Rules", names(path, name) ? 1 : 0)}`,
				`\tEvaluations: ${two("NoMatch", 0, "Match", 0)}`,
				...counted.map((word) => `\t${`${word}:`.padEnd(12)} ${two("Packets", 0, "Bytes", 0)}`),
			].join("");
		})
		.join("");
}

/** A state (sbin/pfctl/pf_print_state.c, print_state()): one `v` shows sequence numbers and counters, a second what identifies it. */
function stateText(state: string, verbose: 0 | 1 | 2): string {
	const lines = state.split("\n");
	const shown = verbose === 0 ? lines.slice(0, 1) : verbose === 1 ? lines.filter((line) => !line.startsWith("   id: ")) : lines;
	return shown.map((line) => `${line}\n`).join("");
}

/** `-k id -k ID[/CREATORID]` (sbin/pfctl/pfctl.c, pfctl_id_kill_states()): without the creator, that of this host is meant. */
function killById({ state }: Machine, given: string | undefined): Result {
	if (given === undefined || given === "") return fail(`pfctl: no id specified\n${usage}`);
	const [, id, creator] = /^([0-9a-f]{1,16})(?:\/([0-9a-f]{1,8}))?/i.exec(given) ?? [];
	if (id === undefined) return fail(`pfctl: wrong id format specified\n${usage}`);
	if (Number.parseInt(id, 16) === 0) return fail(`pfctl: cannot kill id 0\n${usage}`);
	const line = `   id: ${id.padStart(16, "0")} creatorid: ${(creator ?? hostId).padStart(8, "0")}`;
	const left = state.pf.states.filter((one) => !one.split("\n").includes(line));
	const killed = state.pf.states.length - left.length;
	state.pf.states = left;
	return ok("", `killed ${killed} states\n`);
}

/** What this host marks its states with. */
const hostId = "0f00ba12";

/** The limiters of a kind, of which nothing has been counted yet. */
function limiterTable(all: readonly Limiter[], kind: Limiter["kind"]): string {
	const state = kind === "state";
	const row = (...words: readonly (string | number)[]): string => `${words.join(" ")}\n`;
	const head = state
		? row("ID USE/LIMIT RATE/SECS ADMIT HARDLIM RATELIM")
		: row("ID USE/ADDRS LIMIT RATE/SECS ADMIT ADDRLIM HARDLIM RATELIM");
	const rows = all
		.filter((one) => one.kind === kind)
		.map(({ id, limit, entries, rate }) => {
			const shown = `${rate?.limit ?? "nil"}/${rate?.seconds ?? "nil"}`;
			return state ? row(id, `0/${limit}`, shown, 0, 0, 0) : row(id, `0/${entries}`, limit, shown, 0, 0, 0, 0);
		});
	return head + rows.join("");
}

function load(
	{ state, readFile }: Machine,
	file: string,
	anchor: string,
	macros: Record<string, string>,
	really: boolean,
	verbose: boolean,
): Result {
	const text = file === "-" ? readFile("/dev/stdin") : readFile(file);
	if (text === undefined)
		return fail(
			`pfctl: cannot open the main config file!: No such file or directory\npfctl: Syntax error in config file: pf rules not loaded`,
		);
	const interfaces = state.interfaces.map(({ name, groups, addresses }) => ({ name, groups, addresses: addresses.map(addressOf) }));
	const release = releaseOf(state);
	const { accepted, stdout, stderr } = library.dryRun(text, { fileName: file, anchor, macros, readFile, interfaces, release });
	// The dry run is that of `pfctl -v`, which also tells which anchors it loads.
	const said = stderr.filter((line) => verbose || !line.startsWith("Loading anchor "));
	const complaints = [...said, ...(accepted || !really ? [] : ["pfctl: Syntax error in config file: pf rules not loaded"])];
	if (accepted && really) {
		// The states of rules that are gone know none any more (sys/net/pf_ioctl.c, pf_rm_rule()).
		const isGone = (state: string): boolean => anchor === "" || state.includes(", anchor ");
		state.pf.states = state.pf.states.map((one) => (isGone(one) ? one.replace(/, (?:anchor|rule) \d+/g, "") : one));
		const machine = library.systemOf({ readFile, interfaces, release });
		// What the main ruleset sets holds for the files that it loads.
		const { ruleset } = readRuleset({ fileName: file, text, system: machine, anchor, macros: new Map(Object.entries(macros)) });
		state.pf.anchors[anchor] = loadedRules(ruleset.main, anchor);
		const limiters = ruleset.definitions.flatMap((definition) => (definition.kind === "limiter" ? [definition.limiter] : []));
		if (anchor === "") state.pf.limiters = limiters.toSorted((one, other) => one.id - other.id);
		for (const [path, each] of ruleset.anchors) state.pf.anchors[path] = loadedRules(each, path);
		loadTables(state.pf, [...ruleset.anchors.values(), { ...ruleset.main, path: anchor }]);
	}
	return { status: accepted ? 0 : 1, stdout: verbose ? stdout : "", stderr: complaints.map((line) => `${line}\n`).join("") };
}

/**
 * As a kernel of 7.6 was seen to do: a table with addresses or a file gets these in place of what it held, another keeps what it holds;
 * what is no longer defined goes, unless it is persistent or a rule names it.
 */
function loadTables(pf: SimulatedState["pf"], loaded: readonly Anchor[]): void {
	pf.tableFlags ??= {};
	const flags = pf.tableFlags;
	for (const { path, rules: all, tables } of loaded) {
		const keyOf = (name: string): string => (path === "" ? name : `${path}:${name}`);
		const named = new Set(all.flatMap((rule) => [...printRule(rule).matchAll(/<([^<>\s]+)>/g)].map(([, name = ""]) => keyOf(name))));
		const defined = new Map(tables.map((table) => [keyOf(table.name), table]));
		for (const key of Object.keys(pf.tables)) {
			const isOwn = path === "" ? !key.includes(":") : key.startsWith(`${path}:`);
			if (!isOwn || defined.has(key) || named.has(key) || flags[key]?.persist !== false) continue;
			delete pf.tables[key];
			delete flags[key];
		}
		for (const key of named) {
			pf.tables[key] ??= [];
			flags[key] ??= { constant: false, persist: false, counters: false };
		}
		for (const [key, { constant, persist, counters, initialised, entries }] of defined) {
			flags[key] = { constant, persist, counters };
			pf.tables[key] = initialised ? entries.map(entryText) : (pf.tables[key] ?? []);
		}
	}
}

function entryText({ family, address, bits, negated }: Table["entries"][number]): string {
	const mask = bits === (family === "inet" ? 32 : 128) ? "" : `/${bits}`;
	return `${negated ? "!" : ""}${formatIp(address, family)}${mask}`;
}

function loadedRules({ rules: all }: Anchor, path: string): LoadedRule[] {
	const within = (below: string): string => (path === "" ? below : below === "" ? path : `${path}/${below}`);
	return all.map((rule) => ({
		text: printRule(rule),
		...(rule.anchor === undefined
			? {}
			: { call: { path: within(rule.anchor.path), wildcard: rule.anchor.wildcard, unnamed: /(^|\/)_[^/]*$/.test(rule.anchor.path) } }),
	}));
}

function addressOf(address: string): { readonly family: "inet" | "inet6"; readonly address: string; readonly prefixLength: number } {
	const [ip = "", bits = "32"] = address.split("/");
	return { family: ip.includes(":") ? "inet6" : "inet", address: ip, prefixLength: Number(bits) };
}

function tableCommand({ state: { pf } }: Machine, anchor: string, table: string, command: string, addresses: readonly string[]): Result {
	const key = anchor === "" ? table : `${anchor}:${table}`;
	const entries = pf.tables[key];
	const verb = ["add", "delete", "flush", "kill", "replace", "show", "test"].find((each) => command !== "" && each.startsWith(command));
	if (verb === undefined) return fail(`pfctl: Unknown table command '${command}'`);
	if (entries === undefined && verb !== "add" && verb !== "replace") return fail("pfctl: Table does not exist", 255);
	const before = entries ?? [];
	if (pf.tableFlags?.[key]?.constant === true && verb !== "show" && verb !== "test") return fail("pfctl: Operation not permitted", 255);
	// One that a command makes stays.
	if (entries === undefined) pf.tableFlags = { ...pf.tableFlags, [key]: { constant: false, persist: true, counters: false } };
	switch (verb) {
		case "show":
			return ok(before.map((entry) => (entry.startsWith("!") ? `  ${entry}\n` : `   ${entry}\n`)).join(""));
		case "add": {
			const added = addresses.filter((address) => !before.includes(address));
			pf.tables[key] = [...before, ...added];
			return ok("", `${entries === undefined ? "1 table created.\n" : ""}${added.length}/${addresses.length} addresses added.\n`);
		}
		case "delete": {
			pf.tables[key] = before.filter((entry) => !addresses.includes(entry));
			return ok("", `${addresses.filter((address) => before.includes(address)).length}/${addresses.length} addresses deleted.\n`);
		}
		case "flush":
			pf.tables[key] = [];
			return ok("", `${before.length} addresses deleted.\n`);
		case "kill":
			delete pf.tables[key];
			return ok("", "1 table deleted.\n");
		case "replace":
			pf.tables[key] = [...addresses];
			return ok("", `${addresses.length} addresses added.\n`);
		default:
			return {
				status: addresses.every((address) => before.includes(address)) ? 0 : 2,
				stderr: `${addresses.filter((address) => before.includes(address)).length}/${addresses.length} addresses match.\n`,
			};
	}
}
