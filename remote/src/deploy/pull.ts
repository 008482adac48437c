/** Brings the files of a running host into a folder, and later what was changed there. */
import { filesOfRulesets, type Message, msg, SERVICES_FILE } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { baseFile, type Fetched, fetchFiles } from "./fetch.ts";
import { type HostFile, isEtcPath, roleOf, type WantedFile } from "./files.ts";
import { merge, type Seen } from "./merge.ts";
import { type RootRunner, runHostProgram } from "./root.ts";
import { hasSecrets } from "./secrets.ts";
import { standingKind } from "./standing.ts";

/** A file that a pull writes here. */
export interface PulledFile {
	readonly path: string;
	readonly text: string;
	/** The permission bits that the host's file has. */
	readonly mode: number;
	readonly what: "new" | "updated" | "merged";
	/** How many places both sides changed, which are marked as git marks them. */
	readonly conflicts: number;
}

/** A file that a pull leaves as it is here. */
export interface LeftFile {
	readonly path: string;
	/** Whether somebody has to decide what becomes of it. */
	readonly open: boolean;
	/** Whether it is left for what it holds alone, and the option `secrets` brings it. */
	readonly secret: boolean;
	readonly why: Message;
}

export interface Pull {
	readonly files: readonly PulledFile[];
	readonly left: readonly LeftFile[];
	/** What the host is to remember as seen, once the files are written here. */
	readonly seen: readonly Seen[];
	/** Files whose kind is not one of those that are always deployed: the host's `deploy` is to list them. */
	readonly listed: readonly string[];
}

/** The folder of a host. */
export interface HostFiles {
	/** Its files that are deployed. */
	readonly deployed: readonly WantedFile[];
	/** Paths of further files that are deployed, whether they are here or not. */
	readonly listed: readonly string[];
	/** The text of any file; undefined where it is not here. */
	read(path: string): Promise<string | undefined>;
}

export interface PullOptions {
	/** Also brings files that are not here yet and hold keys or passwords. */
	readonly secrets: boolean;
	readonly root?: RootRunner;
}

/** Files of OpenBSD's own, which are on every host. */
const OF_THE_SYSTEM = new Set(["/etc/pf.os", SERVICES_FILE, "/etc/protocols", "/etc/hosts"]);

/**
 * Works out what a pull writes. Changes nothing, and takes three round trips; four where the host refuses files to the user.
 * @throws ConnectionError
 */
export async function pullOf(connection: Connection, here: HostFiles, { secrets, root = runHostProgram }: PullOptions): Promise<Pull> {
	const texts = new Map(here.deployed.map(({ path, text }) => [path, text]));
	const first = await fetchFiles(connection, root, [...texts.keys()], texts);
	const bothChanged = here.deployed.filter(
		({ path, text }) => standingKind(text, first.files.get(path) ?? { kind: "absent" }, first.deployed.get(path)) === "changed-both",
	);
	const bases = bothChanged.map(({ path }) => baseFile(first.deployed.get(path) ?? ""));
	const managed = [...new Set([...first.others, ...first.deployed.keys()])].filter(
		(path) => !texts.has(path) && isEtcPath(path) && roleOf(path) !== undefined,
	);
	const second: Pick<Fetched, "files"> =
		managed.length + bases.length === 0 ? { files: new Map() } : await fetchFiles(connection, root, [...managed, ...bases]);
	const found = new Map<string, HostFile>([...first.files, ...managed.map((path) => [path, second.files.get(path) ?? absent] as const)]);
	const { named, refused } = await furtherFiles(connection, root, found, [...first.deployed.keys(), ...here.listed]);
	for (const [path, file] of named) found.set(path, file);

	const files: PulledFile[] = [];
	const left: LeftFile[] = refused.map((path) => ({
		path,
		open: false,
		secret: false,
		why: msg("{0} may not read it there: root lists it in {1}", connection.target.user, "/etc/openbsd-vnet.allow"),
	}));
	const seen: Seen[] = [];
	for (const [path, there] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const ours = texts.get(path) ?? (await here.read(path));
		const kind = standingKind(ours, there, first.deployed.get(path));
		const leave = (open: boolean, why: Message, secret = false) => left.push({ path, open, secret, why });
		if (there.kind === "other") {
			leave(false, msg("it is not a plain file there, or is reached by a link, or lies in a folder that others than root may write"));
			continue;
		}
		if (there.kind === "absent") {
			if (kind === "gone-there") leave(true, msg("it is gone there: take it away here too, or deploy it again"));
			continue;
		}
		const write = (text: string, what: PulledFile["what"], conflicts = 0) => {
			files.push({ path, text, mode: there.mode, what, conflicts });
			seen.push({ path, text: there.text });
		};
		if (there.text.includes("\u{fffd}")) leave(false, msg("it is not a text in UTF-8 there"));
		else if (kind === "same") seen.push({ path, text: there.text });
		else if (ours === undefined) {
			if (!secrets && hasSecrets(there.text)) leave(false, msg("it holds a key or a password"), true);
			else write(there.text, "new");
		} else if (kind === "changed-there") write(there.text, "updated");
		else if (kind === "changed-both") {
			const base = second.files.get(baseFile(first.deployed.get(path) ?? ""));
			const { text, conflicts } = merge(base?.kind === "file" ? base.text : "", there.text, ours, connection.target.name);
			write(text, "merged", conflicts);
		} else if (kind === "differs")
			leave(true, msg("it is different there, and nothing tells which is newer: move yours away and pull again, or deploy it"));
	}
	const listed = seen.map(({ path }) => path).filter((path) => roleOf(path) === undefined && !texts.has(path));
	return { files, left, seen, listed };
}

const absent: HostFile = { kind: "absent" };

/** The files that the rulesets of a host name, and those that are known, beside those that were read. */
async function furtherFiles(
	connection: Connection,
	root: RootRunner,
	found: ReadonlyMap<string, HostFile>,
	known: readonly string[],
): Promise<{ readonly named: ReadonlyMap<string, HostFile>; readonly refused: readonly string[] }> {
	const texts = new Map([...found].flatMap(([path, file]) => (file.kind === "file" ? [[path, file.text] as const] : [])));
	const { anchors, others } = filesOfRulesets(texts);
	const missing = [...new Set([...anchors.keys(), ...others, ...known])].filter(
		(path) => !found.has(path) && isEtcPath(path) && !OF_THE_SYSTEM.has(path),
	);
	if (missing.length === 0) return { named: new Map(), refused: [] };
	const ask = async (paths: readonly string[]) => {
		const { files } = await fetchFiles(connection, root, paths);
		return new Map([...files].filter(([, { kind }]) => kind !== "absent"));
	};
	try {
		return { named: await ask(missing), refused: [] };
	} catch (error) {
		// A user who is not root reads what root has listed; the others are asked for without the rest.
		if (!(error instanceof ConnectionError) || error.fault !== "failed") throw error;
		const allowed = missing.filter((path) => roleOf(path) !== undefined);
		return {
			named: allowed.length === 0 ? new Map() : await ask(allowed),
			refused: missing.filter((path) => roleOf(path) === undefined),
		};
	}
}
