/** `openbsd-vnet drift`: which files of hosts are not as they are here, and on which side they changed. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
	ConnectionError,
	noPrompts,
	type Standing,
	type StandingKind,
	standingsOf,
	wantedFilesOf,
	withConnection,
} from "@openbsd-vnet/remote";
import { type HostFolder, type Message, msg, render, uriOnHost } from "@openbsd-vnet/server";
import type { Done } from "./deploy.ts";
import { disk } from "./disk.ts";
import { exitStatus } from "./exit-status.ts";
import { type HostList, hostListAbove, hostListFile } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { Progress } from "./progress.ts";
import { connectTo, type ReachableHost, reachableHost } from "./remote-host.ts";
import { physical, sarifLog } from "./sarif.ts";
import { plain, stderr } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

export interface DriftCall {
	/** Names of openbsd-vnet.json; all that say how they are reached where there are none. */
	readonly hosts: readonly string[];
	readonly format: "text" | "json" | "sarif";
}

/** So many hosts are asked at once. */
const AT_ONCE = 16;

type Drifted = Exclude<StandingKind, "same" | "only-there">;

/** What each kind of drift says of a file. One that was always on the host alone is not drift. */
const texts: Readonly<Record<Drifted, Message>> = {
	"changed-here": msg("changed here, and not deployed"),
	"changed-there": msg("changed there"),
	"changed-both": msg("changed on both sides"),
	"gone-here": msg("deployed, and not here any more"),
	"gone-there": msg("gone there"),
	"only-here": msg("not there"),
	differs: msg("different there"),
	"not-read": msg("not read there: it is not a plain file, or is one that users other than root may write"),
};

/** A host as it answered; what kept it from doing so, in words. */
interface HostDrift {
	readonly host: HostFolder;
	readonly files: readonly (Standing & { readonly kind: Drifted })[];
	readonly fault?: Message;
}

/**
 * Compares the managed files of hosts with what is here. Status 1 where one differs, 4 where a host could not be asked: the others
 * are told all the same.
 */
export async function runDrift({ hosts: names, format }: DriftCall): Promise<Done> {
	const list = await hostListAbove(".");
	if (list === undefined) throw new PathError(tell("no openbsd-vnet.json is here or above: 'openbsd-vnet pull HOST' makes one"));
	const hosts = hostsOf(list, names);
	const progress = new Progress(stderr, hosts.length, (done, total) => tell("{0} of {1} hosts asked", done, total));
	const ask = async (host: ReachableHost): Promise<HostDrift> => {
		const drift = await driftOf(host, hosts.length === 1);
		progress.step();
		return drift;
	};
	const drifts = await inTurn(hosts, AT_ONCE, ask).finally(() => progress.end());
	const unreached = drifts.some(({ fault }) => fault !== undefined);
	const differs = drifts.some(({ files }) => files.length > 0);
	return {
		output: format === "sarif" ? asSarif(drifts, relative(".", hostListFile(list))) : format === "json" ? asJson(drifts) : asText(drifts),
		status: unreached ? exitStatus.unreached : differs ? exitStatus.found : exitStatus.done,
	};
}

/** @throws PathError where the list names no such host, or not how one is reached */
function hostsOf(list: HostList, names: readonly string[]): readonly ReachableHost[] {
	if (names.length > 0) return [...new Set(names)].map((name) => reachableHost(list, name));
	const reachable = list.hosts.flatMap(({ ssh, ...host }) => (ssh === undefined ? [] : [{ ...host, ssh }]));
	if (reachable.length === 0) throw new PathError(tell('openbsd-vnet.json does not say of any host how it is reached: add "ssh"'));
	return reachable;
}

/** @param alone whether questions can be put: those of several hosts at once would be mixed up */
async function driftOf(host: ReachableHost, alone: boolean): Promise<HostDrift> {
	try {
		const wanted = await wantedFilesOf(disk, host);
		const standings = await withConnection(
			() => connectTo(host.ssh, { name: host.name, ...(alone ? {} : { prompts: noPrompts }) }),
			(connection) => standingsOf(connection, wanted),
		);
		return { host, files: standings.flatMap(({ kind, ...rest }) => (kind === "same" || kind === "only-there" ? [] : [{ ...rest, kind }])) };
	} catch (error) {
		if (error instanceof ConnectionError) return { host, files: [], fault: error.text };
		throw error;
	}
}

/** The results in the order of the items, of which so many are worked on at once. */
async function inTurn<Item, Result>(
	items: readonly Item[],
	most: number,
	work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
	const results: Result[] = [];
	const queue = items.entries();
	const worker = async () => {
		for (const [i, item] of queue) results[i] = await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
	return results;
}

function asText(drifts: readonly HostDrift[]): string {
	const lines = drifts.flatMap(({ host, files, fault }) =>
		fault === undefined
			? files.map(({ path, kind }) => `${plain(host.name)}: ${plain(path)}: ${translated(texts[kind])}`)
			: [tell("{0}: not asked: {1}", plain(host.name), plain(translated(fault)))],
	);
	const asked = drifts.filter(({ fault }) => fault === undefined);
	const same = asked.filter(({ files }) => files.length === 0).length;
	const counts = [same, asked.length - same, drifts.length - asked.length];
	const summary =
		drifts.length === 1
			? tell("1 host: {0} as here, {1} not, {2} not asked", ...counts)
			: tell("{0} hosts: {1} as here, {2} not, {3} not asked", drifts.length, ...counts);
	return [...lines, summary].map((line) => `${line}\n`).join("");
}

function asJson(drifts: readonly HostDrift[]): string {
	return jsonOf(
		"drift",
		drifts.map(({ host, files, fault }) => ({ host: host.name, ...(fault === undefined ? {} : { fault: render(fault) }), files })),
	);
}

/** @param list the path of openbsd-vnet.json: GitHub refuses a log with a result that has no place in a file */
function asSarif(drifts: readonly HostDrift[], list: string): string {
	const kinds = Object.entries(texts).map(([kind, text]) => ({ id: `drift/${kind}`, shortDescription: { text: render(text) } }));
	const start = { line: 0, character: 0 };
	const at = (path: string) => [physical(path, { start, end: start })];
	const results = drifts.flatMap(({ host, files, fault }) => [
		...files.map(({ path, kind }) => ({
			ruleId: `drift/${kind}`,
			level: "warning",
			message: { text: `${path} of ${host.name}: ${render(texts[kind])}` },
			locations: at(relative(".", fileURLToPath(uriOnHost(host, path) ?? host.root))),
		})),
		...(fault === undefined
			? []
			: [{ ruleId: "drift/not-asked", level: "error", message: { text: `${host.name}: ${render(fault)}` }, locations: at(list) }]),
	]);
	return sarifLog([...kinds, { id: "drift/not-asked", shortDescription: { text: "the host could not be asked" } }], results);
}
