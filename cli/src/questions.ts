/** `openbsd-vnet trace`, `reach` and `diff`: what pf does to packets on a host. */

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type ChangedConnection,
	createLanguageService,
	filesOfHost,
	type HostFolder,
	type InterfaceConfig,
	interfaceOfPath,
	type LanguageService,
	type MatrixView,
	type OwnAddresses,
	ownAddresses,
	type PacketChanges,
	PF_CONF,
	packetChangesEnd,
	packetChangesMarkdown,
	pathOnHost,
	readInterface,
	type TraceView,
	uriOnHost,
	type Workspace,
	withAddressesOf,
} from "@openbsd-vnet/server";
import { type Block, markdown, type Words } from "@openbsd-vnet/server/features";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { disk } from "./disk.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { workspaceAt } from "./git.ts";
import { type HostChoice, hostFolder } from "./host-folder.ts";
import { diskWithHosts, hostListAbove } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { Progress } from "./progress.ts";
import { releaseOf } from "./release.ts";
import { columnsOf, type Piece, padded, plain, type Style } from "./terminal.ts";
import { ownTranslations, tell, translated } from "./translations.ts";

export interface Asked extends HostChoice {
	readonly json?: boolean | undefined;
	readonly release?: string | undefined;
}

/** What answers about a host, and the URI of its pf.conf. */
export async function asked(host: HostFolder, release?: string): Promise<{ readonly service: LanguageService; readonly pf: string }> {
	const pf = uriOnHost(host, PF_CONF);
	if (pf === undefined) throw new PathError(tell("{0} has no place for /etc/pf.conf", fileURLToPath(host.root)));
	const translations = ownTranslations();
	const workspace = await diskWithHosts([fileURLToPath(host.root)], releaseOf(release));
	return { service: createLanguageService(workspace, translations === undefined ? {} : { translations }), pf };
}

/** @throws PathError where nothing can be said without a pf.conf */
export async function needsRules(pf: string): Promise<void> {
	if ((await disk.read(pf)) === undefined)
		throw new PathError(tell("{0}: no such file: a host without it has no rules", fileURLToPath(pf)));
}

/** What is said of a pf.conf that is there, and of which there is no answer. */
export function noRules(pf: string): PathError {
	return new PathError(tell("{0}: cannot be read", fileURLToPath(pf)));
}

/** Runs `trace`. The exit status is 0 where the connection is made, 1 where it is not, or where that depends. */
export async function runTrace(
	{ json, release, ...choice }: Asked,
	operands: readonly string[],
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	const [from, to, protocol, port, ...more] = operands;
	if (from === undefined || to === undefined || protocol === undefined || more.length > 0) {
		throw new UsageError(tell("trace takes from where, to where, a protocol, and a port: trace outside web01 tcp 443"));
	}
	const host = await hostFolder(choice);
	const { service, pf } = await asked(host, release);
	await needsRules(pf);
	const view = await service.trace(pf, { from, to, protocol, ...(port === undefined ? {} : { port: portOf(port) }) });
	if (view === null) {
		const ends = (await service.reachability(pf))?.ends ?? [];
		throw new PathError(
			tell(
				"'{0}', '{1}' or '{2}' is not known here; ends are {3} and addresses, protocols tcp, udp, icmp or a number",
				from,
				to,
				protocol,
				ends.join(", "),
			),
		);
	}
	stdout.write(json === true ? jsonOf("trace", view) : traced(host, view));
	return view.answer === "yes" ? exitStatus.done : exitStatus.found;
}

function portOf(port: string): number {
	const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
	if (!(number <= 65535)) throw new UsageError(tell("a port is a number up to 65535, not '{0}'", port));
	return number;
}

const VERDICTS: Readonly<Record<TraceView["ways"][number]["steps"][number]["verdict"], Style>> = {
	pass: "information",
	block: "error",
	untested: "faint",
};

function traced(host: HostFolder, { answer, text, ways, notes }: TraceView): readonly Piece[] {
	const pieces: Piece[] = [{ text: plain(text), style: answer === "yes" ? "information" : "error" }, "\n"];
	for (const { label, steps } of ways) {
		pieces.push("\n", { text: plain(label), style: "strong" }, "\n");
		for (const step of steps) {
			pieces.push("  ", { text: plain(step.label), style: VERDICTS[step.verdict] }, `  ${plain(step.detail)}\n`);
			for (const rule of step.rules.filter(({ role }) => role === "decides")) {
				pieces.push(`      ${plain(rule.text)}  `, { text: placeOf(host, rule.location), style: "faint" }, "\n");
			}
			for (const rule of step.rules.filter(({ role }) => step.verdict === "block" && role === "misses")) {
				pieces.push({ text: `      ${plain(rule.text)}  ${placeOf(host, rule.location)}: ${plain(rule.detail)}`, style: "faint" }, "\n");
			}
		}
	}
	for (const note of notes) pieces.push("\n", plain(note), "\n");
	return pieces;
}

/** Runs `reach`. */
export async function runReach(
	{ json, release, host }: Asked,
	operands: readonly string[],
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	const [folder, ...more] = operands;
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "reach"));
	const { service, pf } = await asked(await hostFolder({ host, folder }), release);
	await needsRules(pf);
	const view = await service.reachability(pf);
	if (view === null) throw noRules(pf);
	stdout.write(json === true ? jsonOf("reach", view) : matrixText(view));
	return exitStatus.done;
}

/** What gets from one end to another. */
export interface Pair {
	readonly from: string;
	readonly to: string;
	/** All services do. */
	readonly all: boolean;
	readonly reached: readonly string[];
	/** Those of which it depends, or whose answers do not come back. */
	readonly perhaps: readonly string[];
}

export function pairsOf({ ends, services, cells }: MatrixView): readonly Pair[] {
	return ends.flatMap((from, row) =>
		ends.flatMap((to, column): readonly Pair[] => {
			const answers = cells[row]?.[column] ?? [];
			if (answers.length === 0) return [];
			const of = (...wanted: readonly string[]) => services.filter((_, index) => wanted.includes(answers[index]?.answer ?? ""));
			return [{ from, to, all: answers.every(({ answer }) => answer === "yes"), reached: of("yes"), perhaps: of("depends", "one way") }];
		}),
	);
}

/** Each pair of ends with the services between them: a table of ends and services is too wide for a terminal. */
function matrixText(view: MatrixView): readonly Piece[] {
	if (view.note !== "") return [plain(view.note), "\n"];
	const width = Math.max(0, ...view.ends.map((end) => columnsOf(plain(end))));
	return pairsOf(view).flatMap(({ from, to, all, reached, perhaps }): readonly Piece[] => [
		`${padded(plain(from), width)} → ${padded(plain(to), width)}  `,
		...(reached.length === 0 && perhaps.length === 0 ? [{ text: tell("nothing"), style: "faint" as const }] : []),
		...(reached.length === 0 ? [] : [{ text: all ? tell("everything") : reached.join(", "), style: "information" as const }]),
		...(perhaps.length === 0
			? []
			: [{ text: `${reached.length === 0 ? "" : "; "}${tell("it depends: {0}", perhaps.join(", "))}`, style: "warning" as const }]),
		"\n",
	]);
}

interface DiffOptions extends Asked {
	readonly since?: string | undefined;
	readonly running?: boolean | undefined;
	readonly pair?: boolean | undefined;
	readonly format?: keyof typeof differenceFormats | undefined;
}

/** A host, and the connections that it treats otherwise than before. */
interface Difference {
	readonly host: HostFolder;
	readonly changes: readonly ChangedConnection[];
	readonly packets: PacketChanges;
	/** The addresses that count as the same. */
	readonly alike: readonly OwnAddresses[];
}

/** Runs `diff`. The exit status is 1 where a connection or a packet is treated otherwise, or that is not known, as that of diff(1). */
export async function runDiff(
	{ since, running = false, pair = false, json = false, format = json ? "json" : "text", host }: DiffOptions,
	operands: readonly string[],
	{ stdout, stderr }: CommandOutput,
): Promise<ExitStatus> {
	const [first, second, ...more] = operands;
	const isOfOne = since !== undefined || running;
	const most = !isOfOne ? 2 : host === undefined && !running ? 1 : 0;
	if (more.length > 0 || operands.length > most || (!isOfOne && second === undefined))
		throw new UsageError(tell("diff takes two folders of a host, or --since a revision and at most one folder, or --running and --host"));
	if (since !== undefined && running) throw new UsageError(tell("give --since or --running: one comparison at a time"));
	if (pair && isOfOne) throw new UsageError(tell("--pair is for the folders of two hosts"));
	const found: Difference[] = [];
	if (isOfOne) {
		const { textsOfRunning } = running ? await import("./running-files.ts") : {};
		const hosts = (await hostsOf({ host, folder: first })).filter(({ ssh }) => !running || host !== undefined || ssh !== undefined);
		const progress = new Progress(stderr, hosts.length, (done, total) => tell("{0} of {1} hosts compared", done, total));
		for (const one of hosts) {
			const earlier = textsOfRunning === undefined ? await textsOf(await workspaceAt(one, since ?? ""), one) : await textsOfRunning(one);
			found.push(await differenceOf(one, earlier));
			progress.step();
		}
		progress.end();
	} else {
		const [before, after] = [await hostFolder({ folder: first }), await hostFolder({ folder: second })];
		const earlier = await textsOf(disk, before);
		const alike = pair ? ownAddresses(interfacesOf(earlier), interfacesOf(await textsOf(disk, after))) : [];
		found.push(await differenceOf(after, withAddressesOf(earlier, alike), alike));
	}
	stdout.write(differenceFormats[format](found));
	const isSame = found.every(({ changes, packets }) => changes.length === 0 && packets.changes.length === 0 && packets.isWhole);
	return isSame ? exitStatus.done : exitStatus.found;
}

function interfacesOf(texts: ReadonlyMap<string, string>): readonly InterfaceConfig[] {
	return [...texts].flatMap(([path, text]) => (interfaceOfPath(path) === undefined ? [] : [readInterface(path, text)]));
}

/** The one host that is chosen; without a choice those of openbsd-vnet.json, or else the one that is here. */
async function hostsOf(choice: HostChoice): Promise<readonly HostFolder[]> {
	const all = choice.host === undefined && choice.folder === undefined ? (await hostListAbove("."))?.hosts : undefined;
	return all ?? [await hostFolder(choice)];
}

async function differenceOf(
	host: HostFolder,
	earlier: ReadonlyMap<string, string>,
	alike: readonly OwnAddresses[] = [],
): Promise<Difference> {
	const { service, pf } = await asked(host);
	await needsRules(pf);
	const texts = new Map<string, string | null>();
	for (const path of [...(await filesOfHost(disk, host)).keys(), ...earlier.keys()]) {
		const uri = uriOnHost(host, path);
		if (uri !== undefined) texts.set(uri, earlier.get(path) ?? null);
	}
	const packets = (await service.packetChanges(pf, texts)) ?? { changes: [], isWhole: false, gone: [], come: [] };
	return { host, changes: (await service.changes(pf, texts)) ?? [], packets, alike };
}

async function textsOf(workspace: Workspace, host: HostFolder): Promise<ReadonlyMap<string, string>> {
	return new Map([...(await filesOfHost(workspace, host))].map(([path, { text }]) => [path, text]));
}

const KINDS: Readonly<Record<ChangedConnection["kind"], readonly [sign: string, what: () => string, style: Style]>> = {
	opens: ["+", () => tell("becomes possible"), "warning"],
	closes: ["-", () => tell("is no longer possible"), "information"],
	uncertain: ["?", () => tell("is no longer certain"), "hint"],
};

/** What the comparison looks at: other connections may change too. */
const lookedAt = (): string =>
	tell("Covers outside, host, guests and the networks that rules name, with every service that the rules tell apart.");

const differenceFormats: Readonly<Record<"text" | "markdown" | "json", (found: readonly Difference[]) => string | readonly Piece[]>> = {
	text: (found) => [...found.flatMap((one) => changesText(one, found.length > 1)), { text: lookedAt(), style: "faint" }, "\n"],
	markdown: (found) => `${found.map(differenceMarkdown).join("\n")}\n${lookedAt()}\n`,
	json: (found) =>
		jsonOf(
			"diff",
			found.map(({ host, changes, packets, alike }) => ({ host: host.name, changes, packets, ...(alike.length === 0 ? {} : { alike }) })),
		),
};

function alikeText({ alike }: Difference): string | undefined {
	if (alike.length === 0) return undefined;
	const pairs = alike.map((one) => `${one.interface} ${one.here} = ${one.there}`);
	return tell("Counts as the same: {0}", pairs.map(plain).join(", "));
}

function changesText(difference: Difference, named: boolean): readonly Piece[] {
	const { host, changes, packets } = difference;
	const pieces: Piece[] = named ? [{ text: plain(host.name), style: "strong" }, "\n"] : [];
	const alike = alikeText(difference);
	if (alike !== undefined) pieces.push({ text: alike, style: "faint" }, "\n");
	for (const { kind, from, to, service, rule, reason, location } of changes) {
		const [sign, what, style] = KINDS[kind];
		pieces.push({ text: `${sign} ${tell("{0}: {1}", `${plain(from)} → ${plain(to)}, ${plain(service)}`, what())}`, style }, "\n");
		if (reason !== undefined) pieces.push(`    ${plain(reason)}\n`);
		if (rule !== "") pieces.push(`    ${plain(rule)}  `, { text: placeOf(host, location), style: "faint" }, "\n");
	}
	return [...pieces, ...(changes.length === 0 ? [`${none()}\n`] : []), ...packetsText(host, packets)];
}

/** What becomes of packets, before and after. */
function packetsText(host: HostFolder, found: PacketChanges): readonly Piece[] {
	const { changes, gone, come } = found;
	const pieces: Piece[] = [];
	for (const { before, after, packets, others, example, rule, depends, location } of changes) {
		pieces.push({ text: `${plain(before)} → ${plain(after)}`, style: kindOfPackets(before, after) }, "\n");
		for (const text of packets) pieces.push(`    ${plain(text)}\n`);
		if (others > 0) pieces.push({ text: `    ${tell("and {0} more", others)}`, style: "faint" }, "\n");
		pieces.push({ text: `    ${tell("such as {0}", plain(example))}`, style: "faint" }, "\n");
		if (rule !== "") pieces.push(`    ${plain(rule)}  `, { text: placeOf(host, location), style: "faint" }, "\n");
		for (const one of depends)
			pieces.push({ text: `    ${tell("depends on whether this rule matches: {0}", plain(one))}`, style: "faint" }, "\n");
	}
	for (const line of gone) pieces.push(`- ${plain(line)}\n`);
	for (const line of come) pieces.push(`+ ${plain(line)}\n`);
	return [...pieces, `${translated(packetChangesEnd(found))}\n`];
}

function kindOfPackets(before: string, after: string): Style {
	if (before.startsWith("block")) return after.startsWith("block") ? "hint" : "warning";
	return "information";
}

const none = (): string => tell("No connection is treated otherwise.");

/** For a comment on a pull request. */
function differenceMarkdown(difference: Difference): string {
	const { host, changes, packets } = difference;
	const rows = changes.map(({ kind, from, to, service, rule, reason, location }): readonly (readonly Words[])[] => {
		const decided = rule === "" ? [] : [{ code: rule }, placeOf(host, location)];
		return [[KINDS[kind][1]()], [from], [to], [service], reason === undefined ? decided : [reason]];
	});
	const head = ["", tell("from"), tell("to"), tell("service"), tell("decided by")];
	const list: Block = changes.length === 0 ? { kind: "paragraph", text: none() } : { kind: "table", head, rows };
	const alike = alikeText(difference);
	const counts: readonly Block[] = alike === undefined ? [] : [{ kind: "paragraph", text: alike }];
	return `${markdown([{ kind: "heading", level: 3, text: host.name }, ...counts, list], plain)}\n${packetChangesMarkdown(packets, translated, plain)}\n`;
}

export function placeOf(host: HostFolder, location: ChangedConnection["location"]): string {
	if (location === null) return "";
	return `${plain(pathOnHost(host, location.uri) ?? basename(location.uri))}:${location.range.start.line + 1}`;
}
