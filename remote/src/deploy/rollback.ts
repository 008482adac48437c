/** Rolls back to what was there before a deployment that was confirmed: a deployment of its own, with the same safety. */
import { msg } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { fetchFiles } from "./fetch.ts";
import type { WantedFile } from "./files.ts";
import { isDeploymentId, keptFiles } from "./requests.ts";
import { expectSuccess, type RootRunner, runHostProgram } from "./root.ts";
import { hideSecrets } from "./secrets.ts";

export interface Deployment {
	readonly id: string;
	/** Who deployed. */
	readonly user: string;
}

/** The deployments that were confirmed, the latest first. */
export async function deployments(connection: Connection, root: RootRunner = runHostProgram): Promise<readonly Deployment[]> {
	const said = expectSuccess(await root(connection, { verb: "history" }), connection.target.name);
	return said
		.split("\n")
		.flatMap((line) => {
			const [id = "", user = ""] = line.split(" ");
			return isDeploymentId(id) ? [{ id, user }] : [];
		})
		.reverse();
}

/** What a deployment did to a file. */
export interface DeployedChange {
	readonly path: string;
	/** Undefined where the file was not there. */
	readonly before: string | undefined;
	/** Undefined where the file was taken away. */
	readonly after: string | undefined;
}

/**
 * What a deployment changed.
 * @throws ConnectionError where there is no such deployment
 */
export async function changesOf(connection: Connection, id: string, root: RootRunner = runHostProgram): Promise<readonly DeployedChange[]> {
	const changed = await changedFiles(connection, id, root);
	const kept = changed.flatMap(({ before, after }) => [before, after]);
	const { files } = await fetchFiles(connection, root, kept);
	const textOf = (path: string) => {
		const file = files.get(path);
		return file?.kind === "file" ? file.text : undefined;
	};
	return changed.map(({ path, before, after }) => ({ path, before: textOf(before), after: textOf(after) }));
}

/**
 * The files that a deployment changed: their paths, and where their texts are kept.
 * @throws ConnectionError where there is no such deployment
 */
export async function changedFiles(connection: Connection, id: string, root: RootRunner = runHostProgram) {
	if (!isDeploymentId(id)) throw new ConnectionError("unsupported", msg("'{0}' is not a deployment", id));
	const manifest = expectSuccess(await root(connection, { verb: "manifest", args: [id] }), connection.target.name);
	return manifest.split("\n").flatMap((line) => {
		const [, number, path] = /^(\d+) (?:file|absent) (\/.+)$/.exec(line) ?? [];
		return number === undefined || path === undefined ? [] : [{ path, ...keptFiles(id, Number(number)) }];
	});
}

/** How the commands of a deployment ended, as the host has noted it. */
export async function logOf(connection: Connection, id: string, root: RootRunner = runHostProgram): Promise<string> {
	if (!isDeploymentId(id)) throw new ConnectionError("unsupported", msg("'{0}' is not a deployment", id));
	const log = expectSuccess(await root(connection, { verb: "log", args: [id] }), connection.target.name);
	return hideSecrets([log]).join("");
}

/**
 * The files as they were before a deployment.
 * @throws ConnectionError where there is no such deployment
 */
export async function filesBefore(connection: Connection, id: string, root: RootRunner = runHostProgram): Promise<readonly WantedFile[]> {
	return (await changesOf(connection, id, root)).map(({ path, before }) => ({ path, text: before, listed: true }));
}
