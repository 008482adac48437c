/** `openbsd-vnet trace`, `reach` and `diff`: what pf does to packets on a host. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type ChangedConnection,
	createLanguageService,
	filesOfHost,
	type HostFolder,
	type LanguageService,
	type MatrixView,
	pathOnHost,
	type TraceView,
	uriOnHost,
	type Workspace,
} from "@openbsd-vnet/server";
import { type Output, UsageError } from "./arguments.ts";
import { disk } from "./disk.ts";
import { workspaceAt } from "./git.ts";
import { type HostChoice, hostFolder } from "./host-folder.ts";
import { diskWithHosts } from "./hosts.ts";
import { PathError } from "./path-error.ts";
import { type Piece, plain, type Style } from "./terminal.ts";
import { ownTranslations } from "./translations.ts";

interface Asked extends HostChoice {
	readonly json?: boolean | undefined;
}

interface OneHost {
	readonly host: HostFolder;
	readonly service: LanguageService;
	/** The URI of its pf.conf. */
	readonly pf: string;
}

async function oneHost(choice: HostChoice): Promise<OneHost> {
	const host = await hostFolder(choice);
	const workspace = await diskWithHosts([fileURLToPath(host.root)]);
	const translations = ownTranslations();
	const service = createLanguageService(workspace, translations === undefined ? {} : { translations });
	return { host, service, pf: pfOf(host) };
}

function pfOf(host: HostFolder): string {
	const uri = uriOnHost(host, "/etc/pf.conf");
	if (uri === undefined) throw new PathError(`${fileURLToPath(host.root)} has no place for /etc/pf.conf`);
	return uri;
}

/** @throws PathError where nothing can be said without a pf.conf */
async function needsRules(pf: string): Promise<void> {
	if ((await disk.read(pf)) === undefined) throw new PathError(`${fileURLToPath(pf)}: no such file: a host without it has no rules`);
}

/** Runs `trace`. The exit status is 0 where the connection is made, 1 where it is not, or where that depends. */
export async function runTrace(asked: Asked, operands: readonly string[], { stdout }: Output): Promise<number> {
	const [from, to, protocol, port, ...more] = operands;
	if (from === undefined || to === undefined || protocol === undefined || more.length > 0) {
		throw new UsageError("trace takes from where, to where, a protocol, and a port: trace outside web01 tcp 443");
	}
	const { host, service, pf } = await oneHost(asked);
	await needsRules(pf);
	const view = await service.trace(pf, { from, to, protocol, ...(port === undefined ? {} : { port: portOf(port) }) });
	if (view === null) {
		const ends = (await service.reachability(pf))?.ends ?? [];
		throw new PathError(
			`'${from}', '${to}' or '${protocol}' is not known here; ends are ${ends.join(", ")} and addresses, protocols tcp, udp, icmp or a number`,
		);
	}
	stdout.write(asked.json === true ? jsonOf(view) : traced(host, view));
	return view.answer === "yes" ? 0 : 1;
}

function portOf(port: string): number {
	const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
	if (!(number <= 65535)) throw new UsageError(`a port is a number up to 65535, not '${port}'`);
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
export async function runReach(asked: Asked, operands: readonly string[], { stdout }: Output): Promise<number> {
	const [folder, ...more] = operands;
	if (more.length > 0) throw new UsageError("reach takes one folder");
	const { service, pf } = await oneHost({ ...asked, folder });
	await needsRules(pf);
	const view = await service.reachability(pf);
	if (view === null) throw new PathError(`${fileURLToPath(pf)}: cannot be read`);
	stdout.write(asked.json === true ? jsonOf(view) : matrixText(view));
	return 0;
}

/** Each pair of ends with the services between them: a table of ends and services is too wide for a terminal. */
function matrixText({ ends, services, cells, note }: MatrixView): readonly Piece[] {
	if (note !== "") return [plain(note), "\n"];
	const width = Math.max(0, ...ends.map((end) => plain(end).length));
	const pieces: Piece[] = [];
	for (const [row, from] of ends.entries()) {
		for (const [column, to] of ends.entries()) {
			const answers = cells[row]?.[column] ?? [];
			if (answers.length === 0) continue;
			const of = (...wanted: readonly string[]): string =>
				services.filter((_, index) => wanted.includes(answers[index]?.answer ?? "")).join(", ");
			const [reached, perhaps] = [of("yes"), of("depends", "one way")];
			pieces.push(`${plain(from).padEnd(width)} → ${plain(to).padEnd(width)}  `);
			if (reached === "" && perhaps === "") pieces.push({ text: "nothing", style: "faint" });
			else pieces.push({ text: reached, style: "information" });
			if (perhaps !== "") pieces.push({ text: `${reached === "" ? "" : "; "}it depends: ${perhaps}`, style: "warning" });
			pieces.push("\n");
		}
	}
	return pieces;
}

/** Runs `diff`. The exit status is 1 where a connection is treated otherwise, as that of diff(1). */
export async function runDiff(
	{
		since,
		format = "text",
		...asked
	}: Asked & { readonly since?: string | undefined; readonly format?: "text" | "markdown" | "json" | undefined },
	operands: readonly string[],
	{ stdout }: Output,
): Promise<number> {
	const [before, after, ...more] = since === undefined ? operands : [undefined, ...operands];
	if (more.length > 0 || (since === undefined && (before === undefined || after === undefined))) {
		throw new UsageError("diff takes two folders of a host, or --since a revision and one folder");
	}
	const { host, service, pf } = await oneHost({ host: asked.host, folder: after });
	const earlier =
		since === undefined ? await textsOf(disk, await hostFolder({ folder: before })) : await textsOf(await workspaceAt(host, since), host);
	const now = await filesOfHost(disk, host);
	const texts = new Map<string, string | null>([...now.keys()].map((path) => [path, null]));
	for (const [path, text] of earlier) texts.set(path, text);
	await needsRules(pf);
	const byUri = new Map<string, string | null>();
	for (const [path, text] of texts) {
		const uri = uriOnHost(host, path);
		if (uri !== undefined) byUri.set(uri, text);
	}
	const changes = (await service.changes(pf, byUri)) ?? [];
	stdout.write(format === "json" ? jsonOf(changes) : format === "markdown" ? markdown(host, changes) : changesText(host, changes));
	return changes.length === 0 ? 0 : 1;
}

async function textsOf(workspace: Workspace, host: HostFolder): Promise<ReadonlyMap<string, string>> {
	return new Map([...(await filesOfHost(workspace, host))].map(([path, { text }]) => [path, text]));
}

const KINDS: Readonly<Record<ChangedConnection["kind"], readonly [sign: string, what: string, style: Style]>> = {
	opens: ["+", "becomes possible", "warning"],
	closes: ["-", "is no longer possible", "information"],
	uncertain: ["?", "is no longer certain", "hint"],
};

/** What the comparison looks at: other connections may change too. */
const LOOKED_AT = "Looked at are outside, host, guests and the networks that rules name, with every service that the rules tell apart.";

function changesText(host: HostFolder, changes: readonly ChangedConnection[]): readonly Piece[] {
	const pieces: Piece[] = [];
	for (const { kind, from, to, service, rule, reason, location } of changes) {
		const [sign, what, style] = KINDS[kind];
		pieces.push({ text: `${sign} ${plain(from)} → ${plain(to)}, ${plain(service)}: ${what}`, style }, "\n");
		if (reason !== undefined) pieces.push(`    ${plain(reason)}\n`);
		if (rule !== "") pieces.push(`    ${plain(rule)}  `, { text: placeOf(host, location), style: "faint" }, "\n");
	}
	if (changes.length === 0) pieces.push("No connection is treated otherwise.\n");
	return [...pieces, { text: LOOKED_AT, style: "faint" }, "\n"];
}

/** For a comment on a pull request. */
function markdown(host: HostFolder, changes: readonly ChangedConnection[]): string {
	const cell = (text: string): string => plain(text).replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");
	const rows = changes.map(({ kind, from, to, service, rule, reason, location }) => {
		const why =
			reason ?? (rule === "" ? "" : `\`${plain(rule).replaceAll("`", "'").replaceAll("|", "\\|")}\` ${cell(placeOf(host, location))}`);
		return `| ${KINDS[kind][1]} | ${cell(from)} | ${cell(to)} | ${cell(service)} | ${why} |\n`;
	});
	const table = `| | from | to | service | decided by |\n|---|---|---|---|---|\n${rows.join("")}`;
	return `### ${cell(host.name)}\n\n${changes.length === 0 ? "No connection is treated otherwise.\n" : table}\n${LOOKED_AT}\n`;
}

function placeOf(host: HostFolder, location: ChangedConnection["location"]): string {
	if (location === null) return "";
	return `${plain(pathOnHost(host, location.uri) ?? basename(location.uri))}:${location.range.start.line + 1}`;
}

function jsonOf(value: unknown): string {
	return `${JSON.stringify(value, undefined, "\t")}\n`;
}
