/** The host program as it is installed on a host, for users who are not root: which one it is, and how it gets there and goes. */
import { createHash } from "node:crypto";
import { msg } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { type RunResult, run, runAsRoot } from "../run.ts";
import { sh } from "../shell-words.ts";
import { hostProgram, programInterface, programName, programVersion } from "./program/program.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";

/** Where root installs it: doas(1) looks there. */
export const programPath = `/usr/local/sbin/${programName}`;

/** The digest of our own. */
export const programDigest = createHash("sha256").update(hostProgram).digest("hex");

/** Which program a host has, beside ours. `none`: root's deployments need no other than ours, which goes with them. */
export interface InstalledProgram {
	readonly kind: "none" | "current" | "older" | "newer";
	/** Its version; of one that cannot tell it, the number of its interface. Empty where there is none. */
	readonly version: string;
}

/** @throws ConnectionError where doas does not permit it */
export async function installedProgram(connection: Connection): Promise<InstalledProgram> {
	const { stdout, stderr } = await ask(connection, "version");
	const [, number = "", version = "", digest = ""] = /^(\d+) ([\d.]+) ([0-9a-f]*)$/m.exec(stdout) ?? [];
	if (number !== "") {
		if (digest === programDigest) return { kind: "current", version };
		const isNewer = Number(number) > Number(programInterface) || isLater(version, programVersion);
		return { kind: isNewer ? "newer" : "older", version };
	}
	const old = /: this one has interface (\d+)/.exec(stderr)?.[1];
	return old === undefined ? { kind: "none", version: "" } : { kind: "older", version: old };
}

/** Asks the one that is installed, whatever its interface. */
async function ask(connection: Connection, verb: string): Promise<RunResult> {
	if (connection.target.user !== "root") return await runAsRoot(connection, [programName, verb], { rule: [programName] });
	return await run(connection, sh`[ ! -x ${programPath} ] || exec ${programPath} ${verb}`);
}

function isLater(version: string, than: string): boolean {
	const [a, b] = [version, than].map((each) => each.split(".").map(Number));
	const at = a?.findIndex((number, i) => number !== b?.[i]) ?? -1;
	return at !== -1 && (a?.[at] ?? 0) > (b?.[at] ?? 0);
}

/**
 * Installs ours in place of what is there, whole or not at all.
 * @throws ConnectionError where this user may not, with what root can do
 */
export async function installProgram(connection: Connection): Promise<void> {
	const { user, name } = connection.target;
	const script = sh`umask 022; mkdir -p /usr/local/sbin; new=$(mktemp ${`${programPath}.XXXXXXXXXX`}) || exit 1
if cat >"$new" && [ "$(sha256 -q "$new")" = ${programDigest} ] && chmod 755 "$new" && mv -f "$new" ${programPath}; then exit 0; fi
rm -f "$new"; exit 1`;
	const options = { input: hostProgram };
	if (user === "root") {
		expectSuccess(await run(connection, script, options), name);
		return;
	}
	// Where root has listed its path, the program takes the next one itself; else it takes a user who may be root altogether.
	const ways = [sh`doas -n ${programName} install ${programDigest}`, sh`doas -n sh -c ${script.text}`];
	for (const way of ways) if ((await run(connection, way, options)).status === 0) return;
	throw new ConnectionError(
		"not-allowed",
		msg(
			"{0} may not install {1} on {2}. Root installs what 'openbsd-vnet host-program' prints as {3}, or lists that path in /etc/openbsd-vnet.allow there: the next ones then come with deployments",
			user,
			programName,
			name,
			programPath,
		),
	);
}

/**
 * Brings an older program of the host up to ours, as a deployment does before it plans.
 * @returns what it found; the same with `current` where it was brought up
 */
export async function refreshProgram(connection: Connection): Promise<InstalledProgram> {
	const found = await installedProgram(connection);
	if (found.kind !== "older") return found;
	try {
		await installProgram(connection);
		return { kind: "current", version: programVersion };
	} catch (error) {
		if (error instanceof ConnectionError && error.fault === "not-allowed") return found;
		throw error;
	}
}

/** Removes all deployments but the last ones that were confirmed, with what they have kept: of this user, of all for root. */
export async function pruneDeployments(connection: Connection, keep: number, root: RootRunner = runHostProgram): Promise<void> {
	expectSuccess(await root(connection, { verb: "prune", args: [keep] }), connection.target.name);
}

/**
 * Takes away the program and all that it keeps. Nothing can be rolled back to after that.
 * @throws ConnectionError where a deployment is under way, or where this user may not
 */
export async function uninstallProgram(connection: Connection): Promise<void> {
	const { user, name } = connection.target;
	if (user === "root") {
		expectSuccess(await runHostProgram(connection, { verb: "uninstall" }), name);
		expectSuccess(await run(connection, sh`rm -f ${programPath}`), name);
		return;
	}
	const words = sh`unset DOAS_USER; exec ${programName} ${programInterface} uninstall`;
	expectSuccess(await runAsRoot(connection, ["sh", "-c", words.text]), name);
}
